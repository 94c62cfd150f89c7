// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/parameter_scale.h"

#include <QWidget>

#include <cstdint>
#include <optional>

class QLabel;
class QLineEdit;

namespace perunit {

/// One exact number that may be left open: while the field is empty it shows what holds instead. What cannot be taken
/// stays where it was typed, is marked, and is not applied; what holds until it is mended is said below the field.
class OpenNumberField : public QWidget
{
    Q_OBJECT
public:
    /// `name` stands above the field and is its accessible name.
    explicit OpenNumberField(const QString &name, QWidget *parent = nullptr);

    void setName(const QString &name);
    /// How numbers are read and what may be typed.
    void setScale(const ParameterScale &scale);
    /// Tool tip and accessible description.
    void setHelp(const QString &help);
    /// What holds while the field is empty, without its unit: "221.00".
    void setOtherwise(const QString &text);
    /// Nothing can be computed while the field is empty.
    void setNeeded(bool needed);
    /// Shows a value without emitting; what is being typed stays as long as the value is the same.
    void setValue(std::optional<std::int64_t> value);
    [[nodiscard]] std::optional<std::int64_t> value() const { return m_value; }
    /// Why a value cannot be together with others; empty: it can. What was typed wrongly is said first.
    void setProblem(const QString &problem);
    /// What is said below the field; empty: nothing is wrong.
    [[nodiscard]] QString problem() const;
    /// Forgets what is being typed.
    void forgetTyping();
    [[nodiscard]] QLineEdit *line() const { return m_line; }

signals:
    /// The user stated another number, or left it open again: see value().
    void edited();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void take();
    void showValue();
    void showProblem();
    [[nodiscard]] QString whatHolds() const;
    [[nodiscard]] QString example() const;

    ParameterScale m_scale;
    QString m_name;
    QString m_otherwise;
    std::optional<std::int64_t> m_value;
    QString m_refusal;
    QString m_together;
    bool m_needed = false;
    QLabel *m_title;
    QLineEdit *m_line;
    QLabel *m_problem;
};

} // namespace perunit
