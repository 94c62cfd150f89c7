// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/segmented_switch.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/style_painting.h"
#include "widgets/theme/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPainter>
#include <QStandardItemModel>
#include <QToolButton>

#include <algorithm>

namespace perunit {

SegmentedSwitch::SegmentedSwitch(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
    , m_group(new QButtonGroup(this))
    , m_list(new QComboBox(this))
{
    setAccessibleName(name);
    m_list->setAccessibleName(name);
    m_list->hide();
    connect(m_list, &QComboBox::activated, this, [this](int index) {
        const QString id = m_list->itemData(index).toString();
        chosen(id);
    });
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
    m_list->addItem(button->icon(), text.isEmpty() ? toolTip : text, id);
    m_list->setItemData(m_list->count() - 1, button->toolTip(), Qt::ToolTipRole);
    updateGeometry();
    if (isVisible())
        fit();
    button->setVisible(!m_isList);
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
    m_list->clear();
    m_current.clear();
    updateGeometry();
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
    m_list->setCurrentIndex(static_cast<int>(found - m_options.begin()));
}

void SegmentedSwitch::setOptionEnabled(const QString &id, bool enabled)
{
    for (std::size_t i = 0; i < m_options.size(); ++i) {
        if (m_options[i].id != id)
            continue;
        m_options[i].button->setEnabled(enabled);
        if (auto *items = qobject_cast<QStandardItemModel *>(m_list->model()))
            items->item(static_cast<int>(i))->setEnabled(enabled);
    }
}

QSize SegmentedSwitch::sizeHint() const
{
    QSize size;
    for (const Option &option : m_options) {
        const QSize button = option.button->sizeHint();
        size = {size.width() + button.width(), std::max(size.height(), button.height())};
    }
    return size;
}

QSize SegmentedSwitch::minimumSizeHint() const
{
    return {std::min(m_list->sizeHint().width(), sizeHint().width()), sizeHint().height()};
}

/// A button with half of its word says less than a list.
void SegmentedSwitch::fit()
{
    const bool list = m_options.size() > 1 && width() < sizeHint().width();
    if (list)
        m_list->setGeometry(0, 0, std::min(width(), m_list->sizeHint().width() + Theme::space5), height());
    if (list == m_isList)
        return;
    m_isList = list;
    const bool focused = isAncestorOf(focusWidget());
    for (const Option &option : m_options)
        option.button->setVisible(!list);
    m_list->setVisible(list);
    if (focused)
        (list ? static_cast<QWidget *>(m_list) : m_group->checkedButton())->setFocus();
    update();
}

void SegmentedSwitch::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void SegmentedSwitch::chosen(const QString &id)
{
    if (id == m_current)
        return;
    setCurrent(id);
    emit currentChanged(id);
}

void SegmentedSwitch::paintEvent(QPaintEvent *)
{
    if (m_isList)
        return;
    const Theme &theme = currentTheme();
    QPainter painter(this);
    paintBox(painter, QRectF(rect()), Theme::cornerRadius, theme.surface, theme.strongBorder);
}

} // namespace perunit
