// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/value_set_edit.h"

#include "widgets/inputs/value_picker.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QStringList>
#include <QWheelEvent>

#include <algorithm>

namespace perunit {

namespace {

/// Frame and arrow of the box.
constexpr int besideText = 44;

} // namespace

ValueSetEdit::ValueSetEdit(const QString &name, const QString &everything, QWidget *parent)
    : QComboBox(parent)
    , m_name(name)
    , m_everything(everything)
{
    setAccessibleName(name);
    // What is chosen must not widen the panel that it stands in.
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(12);
    addItem(everything);
    showText();
}

void ValueSetEdit::setItems(const std::vector<ChoiceItem> &items, const QString &whenUnknown)
{
    m_items = items;
    m_whenUnknown = whenUnknown;
    showText();
}

void ValueSetEdit::setValues(const std::vector<std::string> &values)
{
    m_values = values;
    showText();
}

QString ValueSetEdit::labelOf(const std::string &value) const
{
    const auto found =
        std::find_if(m_items.begin(), m_items.end(), [&value](const ChoiceItem &item) { return item.value == value; });
    return found == m_items.end() || found->label.isEmpty() ? toQt(value) : found->label;
}

QString ValueSetEdit::text() const
{
    QStringList labels;
    for (const std::string &value : m_values)
        labels << labelOf(value);
    return labels.isEmpty() ? m_everything : labels.join(QStringLiteral(", "));
}

void ValueSetEdit::showText()
{
    const QString whole = text();
    QString shown = whole;
    const int room = std::max(width() - besideText, 0);
    // Rather a whole name and how many more than the beginnings of two.
    if (fontMetrics().horizontalAdvance(whole) > room && m_values.size() > 1) {
        const QString more = QStringLiteral(" +%1").arg(m_values.size() - 1);
        shown = fontMetrics().elidedText(labelOf(m_values.front()), Qt::ElideMiddle,
                                         room - fontMetrics().horizontalAdvance(more))
                + more;
    } else {
        shown = fontMetrics().elidedText(whole, Qt::ElideMiddle, room);
    }
    setItemText(0, shown);
    setToolTip(m_values.empty() ? QString() : whole);
    setAccessibleDescription(whole);
}

void ValueSetEdit::showPopup()
{
    std::vector<std::pair<std::string, QString>> offered;
    // The list shows labels; they are what the user knows the values by.
    for (const ChoiceItem &item : m_items)
        offered.emplace_back(fromQt(labelOf(item.value)), item.detail);
    std::vector<std::string> chosen;
    for (const std::string &value : m_values) {
        chosen.push_back(fromQt(labelOf(value)));
        if (std::none_of(m_items.begin(), m_items.end(), [&value](const auto &item) { return item.value == value; }))
            offered.emplace_back(value, m_whenUnknown);
    }
    auto *picker = new ValuePicker(m_name, offered, chosen, this);
    connect(picker, &ValuePicker::closed, this, [this, picker](bool accepted) {
        picker->deleteLater();
        if (accepted)
            picked(*picker);
    });
    picker->openAt(this);
}

void ValueSetEdit::picked(const ValuePicker &picker)
{
    const std::vector<std::string> labels = picker.chosen();
    const auto isChosen = [this, &labels](const std::string &value) {
        return std::find(labels.begin(), labels.end(), fromQt(labelOf(value))) != labels.end();
    };
    // What was chosen before keeps its place.
    std::vector<std::string> next;
    std::copy_if(m_values.begin(), m_values.end(), std::back_inserter(next), isChosen);
    for (const ChoiceItem &item : m_items) {
        if (isChosen(item.value) && std::find(next.begin(), next.end(), item.value) == next.end())
            next.push_back(item.value);
    }
    if (next == m_values)
        return;
    m_values = next;
    showText();
    emit valuesEdited(m_values);
}

void ValueSetEdit::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // the wheel scrolls the panel
}

void ValueSetEdit::resizeEvent(QResizeEvent *event)
{
    QComboBox::resizeEvent(event);
    showText();
}

} // namespace perunit
