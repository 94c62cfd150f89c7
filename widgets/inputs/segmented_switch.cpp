// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/segmented_switch.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/style_painting.h"
#include "widgets/theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace perunit {

SegmentedSwitch::SegmentedSwitch(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
    , m_group(new QButtonGroup(this))
{
    setAccessibleName(name);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_group->setExclusive(true);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

void SegmentedSwitch::addOption(const QString &id, const QString &text, const QString &icon, const QString &toolTip)
{
    auto *button = new QToolButton(this);
    button->setProperty("role", "segment");
    button->setCheckable(true);
    button->setText(text);
    button->setToolTip(toolTip.isEmpty() ? text : toolTip);
    button->setAccessibleName(text.isEmpty() ? toolTip : text);
    button->setIconSize({18, 18});
    if (!icon.isEmpty())
        button->setIcon(themedIcon(icon));
    button->setToolButtonStyle(text.isEmpty()   ? Qt::ToolButtonIconOnly
                               : icon.isEmpty() ? Qt::ToolButtonTextOnly
                                                : Qt::ToolButtonTextBesideIcon);
    button->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_group->addButton(button);
    m_layout->addWidget(button);
    m_options.push_back({id, button});
    connect(button, &QToolButton::clicked, this, [this, id] { chosen(id); });
    if (m_options.size() == 1)
        setCurrent(id);
}

void SegmentedSwitch::clear()
{
    for (const Option &option : m_options) {
        option.button->hide();
        option.button->deleteLater(); // it may be the sender
    }
    m_options.clear();
    m_current.clear();
}

QString SegmentedSwitch::current() const
{
    return m_current;
}

void SegmentedSwitch::setCurrent(const QString &id)
{
    const auto found =
        std::find_if(m_options.begin(), m_options.end(), [&id](const Option &option) { return option.id == id; });
    if (found == m_options.end())
        return;
    m_current = id;
    found->button->setChecked(true);
}

void SegmentedSwitch::setOptionEnabled(const QString &id, bool enabled)
{
    for (const Option &option : m_options) {
        if (option.id == id)
            option.button->setEnabled(enabled);
    }
}

void SegmentedSwitch::chosen(const QString &id)
{
    if (id == m_current)
        return;
    m_current = id;
    emit currentChanged(id);
}

void SegmentedSwitch::paintEvent(QPaintEvent *)
{
    const Theme &theme = currentTheme();
    QPainter painter(this);
    paintBox(painter, QRectF(rect()), Theme::cornerRadius, theme.surface, theme.strongBorder);
}

} // namespace perunit
