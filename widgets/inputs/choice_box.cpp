// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/choice_box.h"

#include "widgets/text/text.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QEvent>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QWheelEvent>

#include <algorithm>

namespace perunit {

namespace {

enum ItemRole { ValueRole = Qt::UserRole, SearchRole };
constexpr int widestPopup = 560;

QString shownLabel(const ChoiceItem &item)
{
    return item.label.isEmpty() ? toQt(item.value) : item.label;
}

} // namespace

ChoiceBox::ChoiceBox(const QString &name, QWidget *parent)
    : QComboBox(parent)
{
    setEditable(true);
    setInsertPolicy(QComboBox::NoInsert);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(10);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(name);
    lineEdit()->setAccessibleName(name);
    lineEdit()->setPlaceholderText(tr("Choose or type to search"));
    auto *completer = new QCompleter(this);
    completer->setModel(model());
    completer->setCompletionRole(SearchRole);
    completer->setCompletionMode(QCompleter::PopupCompletion);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setMaxVisibleItems(12);
    setCompleter(completer);
    lineEdit()->installEventFilter(this);
    connect(this, &QComboBox::activated, this, &ChoiceBox::choose);
    showValue();
}

void ChoiceBox::setItems(const std::vector<ChoiceItem> &items)
{
    if (m_itemsSet && items == m_items)
        return;
    m_items = items;
    m_itemsSet = true;
    rebuild();
}

void ChoiceBox::rebuild()
{
    auto *list = static_cast<QStandardItemModel *>(model());
    list->clear();
    const auto add = [list](const QString &label, const std::string &value, const QString &detail) {
        auto *item = new QStandardItem(label);
        item->setData(toQt(value), ValueRole);
        item->setData(QString(label + QLatin1Char(' ') + toQt(value) + QLatin1Char(' ') + detail), SearchRole);
        if (!detail.isEmpty())
            item->setToolTip(detail);
        list->appendRow(item);
    };
    const bool listed =
        std::any_of(m_items.begin(), m_items.end(), [this](const ChoiceItem &item) { return item.value == m_value; });
    if (!listed && !m_value.empty())
        add(toQt(m_value), m_value, tr("Not in the list"));
    int width = 0;
    for (const ChoiceItem &item : m_items) {
        add(shownLabel(item), item.value, item.detail);
        width = std::max(width, fontMetrics().horizontalAdvance(shownLabel(item)));
    }
    view()->setMinimumWidth(std::min(width + 40, widestPopup));
    showValue();
}

void ChoiceBox::setValue(const std::string &value)
{
    if (value == m_value)
        return;
    m_value = value;
    rebuild();
}

int ChoiceBox::indexOf(const std::string &value) const
{
    return value.empty() ? findData(QString(), ValueRole) : findData(toQt(value), ValueRole);
}

void ChoiceBox::showValue()
{
    const int index = indexOf(m_value);
    setCurrentIndex(index);
    setEditText(index < 0 ? QString() : itemText(index));
    // The beginning tells more than the end where there is little room.
    lineEdit()->setCursorPosition(0);
    setToolTip(index < 0 ? QString() : itemData(index, Qt::ToolTipRole).toString());
}

void ChoiceBox::choose(int index)
{
    if (index < 0)
        return;
    const std::string value = fromQt(itemData(index, ValueRole).toString());
    const bool changed = value != m_value;
    m_value = value;
    showValue();
    if (changed)
        emit valueEdited(m_value);
}

void ChoiceBox::focusOutEvent(QFocusEvent *event)
{
    QComboBox::focusOutEvent(event);
    takeTyped();
}

void ChoiceBox::takeTyped()
{
    const QString typed = currentText().trimmed();
    const int index = findText(typed, Qt::MatchFixedString);
    const int byValue = index >= 0 ? index : findData(typed, ValueRole, Qt::MatchFixedString);
    if (byValue >= 0 && !typed.isEmpty())
        choose(byValue);
    else
        showValue(); // what was typed names nothing
}

void ChoiceBox::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // scrolling past a box must not change it
}

bool ChoiceBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == lineEdit()) {
        if (event->type() == QEvent::FocusIn)
            QMetaObject::invokeMethod(lineEdit(), &QLineEdit::selectAll, Qt::QueuedConnection);
        if (event->type() == QEvent::FocusOut && !completer()->popup()->isVisible())
            takeTyped();
    }
    return QComboBox::eventFilter(watched, event);
}

} // namespace perunit
