// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/choices.h"

#include <QComboBox>

namespace perunit {

/// A list to choose from that is searched by typing any part of a label, value or detail.
class ChoiceBox : public QComboBox
{
    Q_OBJECT
public:
    /// `name` is the accessible name: "Model that takes over".
    explicit ChoiceBox(const QString &name, QWidget *parent = nullptr);

    void setItems(const std::vector<ChoiceItem> &items);
    [[nodiscard]] std::string value() const { return m_value; }
    /// Shows a value without emitting. One that is not in the list is shown as it is and stays selectable.
    void setValue(const std::string &value);

signals:
    /// The user chose another value.
    void valueEdited(const std::string &value);
    /// What was typed names nothing in the list, and what holds instead; empty when the field is fine again.
    void refused(const QString &why);

protected:
    void wheelEvent(QWheelEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void choose(int index);
    void rebuild();
    void listValue();
    void showValue();
    void takeTyped();
    void setRefusal(const QString &why);
    [[nodiscard]] int indexOf(const std::string &value) const;

    std::vector<ChoiceItem> m_items;
    bool m_itemsSet = false;
    bool m_unlisted = false; ///< the first row is the value, which is not in the list
    std::string m_value;
    QString m_refusal;
};

} // namespace perunit
