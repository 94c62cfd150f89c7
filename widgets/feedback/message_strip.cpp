// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/message_strip.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace perunit {

namespace {

const char *toneName(MessageKind kind)
{
    switch (kind) {
    case MessageKind::Success:
        return "favourable";
    case MessageKind::Warning:
        return "warning";
    case MessageKind::Error:
        return "unfavourable";
    case MessageKind::Info:
        break;
    }
    return "accent";
}

QString iconName(MessageKind kind)
{
    switch (kind) {
    case MessageKind::Success:
        return QStringLiteral("check-circle");
    case MessageKind::Warning:
        return QStringLiteral("warning");
    case MessageKind::Error:
        return QStringLiteral("error");
    case MessageKind::Info:
        break;
    }
    return QStringLiteral("info");
}

QColor iconColour(MessageKind kind)
{
    const Theme &theme = currentTheme();
    switch (kind) {
    case MessageKind::Success:
        return theme.favourable;
    case MessageKind::Warning:
        return theme.warning;
    case MessageKind::Error:
        return theme.unfavourable;
    case MessageKind::Info:
        break;
    }
    return theme.accent;
}

} // namespace

MessageStrip::MessageStrip(MessageKind kind, const QString &text, QWidget *parent)
    : QFrame(parent)
    , m_kind(kind)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_actions(new QHBoxLayout)
    , m_close(new QToolButton(this))
{
    setProperty("role", "strip");
    setProperty("tone", toneName(kind));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::space3, Theme::space1 + 1, Theme::space2, Theme::space1 + 1);
    row->setSpacing(Theme::space2);
    m_icon->setFixedSize(20, 28);
    m_icon->setAlignment(Qt::AlignCenter);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setFocusPolicy(Qt::NoFocus);
    m_text->setMinimumHeight(28);
    row->addWidget(m_text, 1);
    m_actions->setSpacing(Theme::space1);
    row->addLayout(m_actions);
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setIconSize({14, 14});
    m_close->setAutoRaise(true);
    m_close->setFixedSize(28, 28);
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close message"));
    row->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QToolButton::clicked, this, &MessageStrip::closed);
    setText(text);
    showIcon();
}

QString MessageStrip::text() const
{
    return m_text->text();
}

void MessageStrip::setText(const QString &text)
{
    m_text->setText(text);
    const QString kindName = m_kind == MessageKind::Success   ? tr("Done")
                             : m_kind == MessageKind::Warning ? tr("Warning")
                             : m_kind == MessageKind::Error   ? tr("Error")
                                                              : tr("Note");
    setAccessibleName(tr("%1: %2").arg(kindName, text));
}

void MessageStrip::addAction(const QString &text, std::function<void()> action, bool keepOpen)
{
    auto *button = new QPushButton(text, this);
    button->setProperty("role", "quiet");
    button->setFixedHeight(28);
    button->setAccessibleName(text);
    m_actions->addWidget(button, 0, Qt::AlignTop);
    connect(button, &QPushButton::clicked, this, [this, action = std::move(action), keepOpen] {
        // The action may lead to new messages and so to the end of this strip: it comes last.
        const std::function<void()> run = action;
        if (!keepOpen)
            emit closed();
        if (run)
            run();
    });
}

void MessageStrip::setClosable(bool closable)
{
    m_close->setVisible(closable);
}

void MessageStrip::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showIcon();
}

void MessageStrip::showIcon()
{
    m_icon->setPixmap(iconPixmap(iconName(m_kind), iconColour(m_kind), 20, devicePixelRatioF()));
}

} // namespace perunit
