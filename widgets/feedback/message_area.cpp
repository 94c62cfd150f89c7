// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/message_area.h"

#include "widgets/theme/theme.h"

#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t mostStrips = 4;

}

MessageArea::MessageArea(QWidget *parent)
    : QWidget(parent)
    , m_rows(new QVBoxLayout(this))
{
    m_rows->setContentsMargins(Theme::space5, Theme::space3, Theme::space5, 0);
    m_rows->setSpacing(Theme::space2);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setAccessibleName(tr("Messages"));
    setVisible(false);
}

MessageStrip *MessageArea::show(MessageKind kind, const QString &text, const QString &actionText,
                                std::function<void()> action)
{
    std::vector<MessageStrip *> outdated;
    for (MessageStrip *strip : m_strips) {
        if (strip->text() == text || (kind == MessageKind::Success && strip->kind() == kind))
            outdated.push_back(strip);
    }
    for (MessageStrip *strip : outdated)
        remove(strip);
    auto *strip = new MessageStrip(kind, text, this);
    if (!actionText.isEmpty())
        strip->addAction(actionText, std::move(action));
    connect(strip, &MessageStrip::closed, this, [this, strip] { remove(strip); });
    m_strips.insert(m_strips.begin(), strip);
    m_rows->insertWidget(0, strip);
    if (m_strips.size() > mostStrips) {
        // The oldest that is no error goes; an error only when there is nothing else.
        const auto found = std::find_if(m_strips.rbegin(), std::prev(m_strips.rend()),
                                        [](const MessageStrip *each) { return each->kind() != MessageKind::Error; });
        remove(found == std::prev(m_strips.rend()) ? m_strips.back() : *found);
    }
    setVisible(true);
    return strip;
}

void MessageArea::clear()
{
    while (!m_strips.empty())
        remove(m_strips.back());
}

void MessageArea::remove(MessageStrip *strip)
{
    const auto found = std::find(m_strips.begin(), m_strips.end(), strip);
    if (found == m_strips.end())
        return;
    m_strips.erase(found);
    m_rows->removeWidget(strip);
    strip->hide();
    strip->deleteLater(); // it may be the sender
    setVisible(!m_strips.empty());
}

} // namespace perunit
