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

QStandardItem *newItem(const QString &label, const std::string &value, const QString &detail)
{
    auto *item = new QStandardItem(label);
    item->setData(toQt(value), ValueRole);
    item->setData(QString(label + QLatin1Char(' ') + toQt(value) + QLatin1Char(' ') + detail), SearchRole);
    if (!detail.isEmpty())
        item->setToolTip(detail);
    return item;
}

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
    connect(lineEdit(), &QLineEdit::textEdited, this, [this] { setRefusal({}); });
    connect(lineEdit(), &QLineEdit::returnPressed, this, &ChoiceBox::takeTyped);
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
    // All at once: view and completer would look at every single row of a price list.
    QList<QStandardItem *> rows;
    QString longest;
    for (const ChoiceItem &item : m_items) {
        const QString label = shownLabel(item);
        rows << newItem(label, item.value, item.detail);
        if (label.size() > longest.size())
            longest = label;
    }
    list->invisibleRootItem()->appendRows(rows);
    m_unlisted = false;
    // Room for wider letters than those of the longest label.
    view()->setMinimumWidth(std::min(fontMetrics().horizontalAdvance(longest) * 11 / 10 + 40, widestPopup));
    listValue();
    showValue();
}

/// A value that is not in the list stands before it.
void ChoiceBox::listValue()
{
    auto *list = static_cast<QStandardItemModel *>(model());
    if (m_unlisted)
        list->removeRow(0);
    const bool listed =
        std::any_of(m_items.begin(), m_items.end(), [this](const ChoiceItem &item) { return item.value == m_value; });
    m_unlisted = !listed && !m_value.empty();
    if (m_unlisted)
        list->insertRow(0, newItem(toQt(m_value), m_value, tr("Not in the list")));
}

void ChoiceBox::setValue(const std::string &value)
{
    if (value == m_value)
        return;
    m_value = value;
    listValue();
    showValue();
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
    setToolTip(!m_refusal.isEmpty() ? m_refusal : index < 0 ? QString() : itemData(index, Qt::ToolTipRole).toString());
}

void ChoiceBox::choose(int index)
{
    if (index < 0)
        return;
    const std::string value = fromQt(itemData(index, ValueRole).toString());
    const bool changed = value != m_value;
    m_value = value;
    // The combo box tells of its value once more after what was typed has been refused.
    if (changed)
        setRefusal({});
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
    else if (const QString shown = indexOf(m_value) < 0 ? QString() : itemText(indexOf(m_value));
             !typed.isEmpty() && typed != shown) {
        showValue();
        setRefusal(shown.isEmpty() ? tr("“%1” is not in the list.").arg(typed)
                                   : tr("“%1” is not in the list. %2 stays.").arg(typed, shown));
    } else {
        showValue();
    }
}

/// What was typed is not taken, in words: silently going back would look like an answer.
void ChoiceBox::setRefusal(const QString &why)
{
    if (m_refusal == why)
        return;
    m_refusal = why;
    setProperty("wrong", !why.isEmpty());
    update();
    if (!why.isEmpty())
        setToolTip(why);
    emit refused(why);
}

void ChoiceBox::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // scrolling past a box must not change it
}

bool ChoiceBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == lineEdit()) {
        if (event->type() == QEvent::FocusIn && !completer()->popup()->isVisible())
            setRefusal({});
        if (event->type() == QEvent::FocusIn)
            QMetaObject::invokeMethod(lineEdit(), &QLineEdit::selectAll, Qt::QueuedConnection);
        if (event->type() == QEvent::FocusOut && !completer()->popup()->isVisible())
            takeTyped();
    }
    return QComboBox::eventFilter(watched, event);
}

} // namespace perunit
