// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/empty_state.h"

#include "widgets/theme/colour_math.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace perunit {

namespace {

constexpr int iconPixels = 40;
constexpr int widestText = 520;

} // namespace

EmptyState::EmptyState(const QString &icon, const QString &sentence, QWidget *parent)
    : QWidget(parent)
    , m_iconName(icon)
    , m_icon(new QLabel(this))
    , m_sentence(new QLabel(this))
    , m_hint(new QLabel(this))
    , m_buttons(new QHBoxLayout)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(Theme::space5, Theme::space5, Theme::space5, Theme::space5);
    rows->setSpacing(Theme::space2);
    rows->addStretch(1);
    m_icon->setAlignment(Qt::AlignCenter);
    m_icon->setVisible(!icon.isEmpty());
    rows->addWidget(m_icon);
    m_hint->setProperty("role", "caption");
    for (QLabel *label : {m_sentence, m_hint}) {
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignCenter);
        label->setTextFormat(Qt::PlainText);
        label->setMaximumWidth(widestText);
        label->setMinimumWidth(120);
        label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
        auto *row = new QHBoxLayout;
        row->addStretch(1);
        row->addWidget(label, 100);
        row->addStretch(1);
        rows->addLayout(row);
    }
    m_hint->hide();
    m_buttons->setSpacing(Theme::space2);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addLayout(m_buttons);
    row->addStretch(1);
    rows->addSpacing(Theme::space1);
    rows->addLayout(row);
    rows->addStretch(1);
    setSentence(sentence);
    showIcon();
}

void EmptyState::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
    setAccessibleName(sentence);
}

void EmptyState::setProminent(bool prominent)
{
    setRole(m_sentence, prominent ? "pageTitle" : "body");
}

void EmptyState::setHint(const QString &hint)
{
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    setAccessibleDescription(hint);
}

QPushButton *EmptyState::addButton(const QString &text, const QString &icon, bool primary)
{
    auto *button = new QPushButton(text, this);
    if (primary)
        button->setProperty("role", "primary");
    if (!icon.isEmpty())
        button->setIcon(themedIcon(icon));
    button->setAccessibleName(text);
    m_buttons->addWidget(button);
    return button;
}

void EmptyState::setDropZone(bool dropZone)
{
    m_dropZone = dropZone;
    update();
}

void EmptyState::setDropActive(bool active)
{
    if (m_dropActive == active)
        return;
    m_dropActive = active;
    showIcon();
    update();
}

void EmptyState::paintEvent(QPaintEvent *)
{
    if (!m_dropZone)
        return;
    const Theme &theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(m_dropActive ? theme.accent : theme.strongBorder, m_dropActive ? 2 : 1.5);
    pen.setDashPattern({5, 4});
    painter.setPen(pen);
    painter.setBrush(m_dropActive ? mixed(theme.accent, theme.surface, 0.08) : theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), Theme::cornerRadius, Theme::cornerRadius);
}

void EmptyState::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showIcon();
}

void EmptyState::showIcon()
{
    if (m_iconName.isEmpty())
        return;
    const Theme &theme = currentTheme();
    m_icon->setPixmap(
        iconPixmap(m_iconName, m_dropActive ? theme.accent : theme.secondaryText, iconPixels, devicePixelRatioF()));
}

} // namespace perunit
