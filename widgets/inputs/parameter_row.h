// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inputs/parameter_scale.h"

#include <QWidget>

#include <vector>

class QLabel;
class QSlider;
class QTimer;

namespace perunit {

class ExactSpinBox;
class ResetDot;

/// One numeric parameter of a lever: label, dot that resets it, slider, field, what was measured, problem.
class ParameterRow : public QWidget
{
    Q_OBJECT
public:
    explicit ParameterRow(const ParameterSpec &spec, QWidget *parent = nullptr);

    [[nodiscard]] const ParameterSpec &spec() const { return m_spec; }
    void setScale(const ParameterScale &scale);
    [[nodiscard]] std::int64_t value() const { return m_value; }
    /// Shows a value; a slider that the user holds stays where it is.
    void setValue(std::int64_t value);
    /// Value that the dot goes back to, with the words for its tool tip ("as in Scenario A").
    void setOrigin(std::int64_t value, const QString &words);
    /// What the ledger says: "measured 40 %". Empty: nothing.
    void setMeasured(const QString &text);
    void setProblem(const QString &text);
    /// A remark below the slider, and values that are marked on its line; none: nothing.
    void setRemark(const QString &text, const std::vector<std::int64_t> &marks = {});
    /// Something to look at that is no error: shown at the field while there is no problem.
    void setWarning(const QString &text);
    /// True: something else decides the value; it is shown and cannot be changed.
    void setLocked(bool locked);
    /// True while the hand is on the slider.
    [[nodiscard]] bool isHeld() const;

signals:
    /// The user changed the value; `whileDragging` until the slider is released.
    void edited(qint64 value, bool whileDragging);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void connectControls();
    void sliderMoved(int action);
    void sliderReleased();
    void take(std::int64_t value, bool whileDragging);
    void updateDot();
    void showValue();
    void showProblem();
    void showMarks();

    ParameterSpec m_spec;
    ParameterScale m_scale;
    std::int64_t m_value = 0;
    std::int64_t m_origin = 0;
    std::int64_t m_pressedValue = 0; ///< when the slider was taken
    bool m_movedWhileHeld = false;
    bool m_waiting = false; ///< a value of the drag waits for the next frame
    QLabel *m_label = nullptr;
    ResetDot *m_dot = nullptr;
    QSlider *m_slider = nullptr;
    ExactSpinBox *m_field = nullptr;
    QLabel *m_measured = nullptr;
    QLabel *m_remark = nullptr;
    QLabel *m_problem = nullptr;
    QTimer *m_frame = nullptr;
    QString m_originWords;
    QString m_refusal;
    QString m_problemText;
    QString m_warning;
    std::vector<std::int64_t> m_marks;
};

} // namespace perunit
