// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/choices.h"

#include <QComboBox>

namespace perunit {

class ValuePicker;

/// Any number of values out of a list: looks like a list to choose from, opens one with search and check boxes.
class ValueSetEdit : public QComboBox
{
    Q_OBJECT
public:
    /// `name` is the accessible name ("Models"), `everything` what no chosen value means ("every model").
    ValueSetEdit(const QString &name, const QString &everything, QWidget *parent = nullptr);

    /// Values to choose from. Chosen ones that are not among them stay and are marked with `whenUnknown`.
    void setItems(const std::vector<ChoiceItem> &items, const QString &whenUnknown);
    [[nodiscard]] const std::vector<std::string> &values() const { return m_values; }
    /// Shows values without emitting.
    void setValues(const std::vector<std::string> &values);
    /// All chosen values as text.
    [[nodiscard]] QString text() const;

    void showPopup() override;
    void hidePopup() override {}

signals:
    /// The user closed the list with other values chosen.
    void valuesEdited(const std::vector<std::string> &values);

protected:
    void wheelEvent(QWheelEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void picked(const ValuePicker &picker);
    void showText();
    [[nodiscard]] QString labelOf(const std::string &value) const;

    QString m_name;
    QString m_everything;
    QString m_whenUnknown;
    std::vector<ChoiceItem> m_items;
    std::vector<std::string> m_values;
};

} // namespace perunit
