// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/parameter_scale.h"

#include <QAbstractSpinBox>

namespace perunit {

/// A field for one exact parameter value: typed with its unit, stepped with the arrow keys. What cannot be
/// taken is refused in words and not applied.
class ExactSpinBox : public QAbstractSpinBox
{
    Q_OBJECT
    Q_PROPERTY(qlonglong value READ value WRITE setValue NOTIFY valueEdited USER true)
    Q_PROPERTY(qlonglong minimum READ minimum)
    Q_PROPERTY(qlonglong maximum READ maximum)
public:
    explicit ExactSpinBox(QWidget *parent = nullptr);

    /// Accessible name of the field and of the line inside it.
    void setName(const QString &name);
    void setScale(const ParameterScale &scale);
    [[nodiscard]] qlonglong value() const { return m_value; }
    /// Shows a value without emitting.
    void setValue(qlonglong value);
    [[nodiscard]] qlonglong minimum() const { return m_scale.minimum(); }
    [[nodiscard]] qlonglong maximum() const { return m_scale.maximum(); }

    QValidator::State validate(QString &input, int &position) const override;
    void fixup(QString &input) const override;
    void stepBy(int steps) override;
    [[nodiscard]] QSize sizeHint() const override;

signals:
    /// The user entered another value.
    void valueEdited(qlonglong value);
    /// What was typed cannot be taken, and why; empty when the field is fine again.
    void refused(const QString &why);

protected:
    [[nodiscard]] StepEnabled stepEnabled() const override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    bool commit();
    void showValue();
    void setRefusal(const QString &why);

    ParameterScale m_scale;
    qlonglong m_value = 0;
    QString m_refusal;
};

} // namespace perunit
