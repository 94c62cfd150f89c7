// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/parameter_row.h"

#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/reset_dot.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int frameMilliseconds = 16;
constexpr int pageSteps = 10;
constexpr int narrowestField = 96; // so that the fields of a lever stand in one column

} // namespace

ParameterRow::ParameterRow(const ParameterSpec &spec, QWidget *parent)
    : QWidget(parent)
    , m_spec(spec)
    , m_value(spec.neutral)
    , m_origin(spec.neutral)
    , m_label(new QLabel(toQt(spec.label), this))
    , m_dot(new ResetDot(this))
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_field(new ExactSpinBox(this))
    , m_measured(new QLabel(this))
    , m_remark(new QLabel(this))
    , m_problem(new QLabel(this))
    , m_frame(new QTimer(this))
{
    const QString name = toQt(spec.label);
    const QString help = toQt(spec.help);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setSpacing(2);
    m_label->setToolTip(help);
    m_label->setBuddy(m_field);
    m_measured->setProperty("role", "caption");
    head->addWidget(m_label);
    // Its place is kept: a slider must not move because it was moved.
    QSizePolicy dotPolicy = m_dot->sizePolicy();
    dotPolicy.setRetainSizeWhenHidden(true);
    m_dot->setSizePolicy(dotPolicy);
    head->addWidget(m_dot);
    head->addStretch(1);
    head->addWidget(m_measured);
    rows->addLayout(head);
    auto *controls = new QHBoxLayout;
    controls->setSpacing(Theme::space2);
    m_slider->setRange(0, ParameterScale::positions);
    m_slider->setAccessibleName(tr("%1, slider").arg(name));
    m_slider->setAccessibleDescription(help);
    m_slider->setToolTip(help);
    m_slider->setFocusPolicy(Qt::StrongFocus);
    m_slider->setMinimumWidth(80);
    m_slider->installEventFilter(this);
    m_field->setName(name);
    m_field->setAccessibleDescription(help);
    m_field->setProperty("compact", true);
    m_field->setMinimumWidth(narrowestField);
    controls->addWidget(m_slider, 1);
    controls->addWidget(m_field);
    rows->addLayout(controls);
    m_remark->setProperty("role", "caption");
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setWordWrap(true);
    m_remark->hide();
    rows->addWidget(m_remark);
    m_problem->setProperty("role", "problem");
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    rows->addWidget(m_problem);
    m_frame->setSingleShot(true);
    m_frame->setInterval(frameMilliseconds);

    connectControls();
    setFocusProxy(m_field);
    setScale(ParameterScale(spec));
}

void ParameterRow::connectControls()
{
    connect(m_slider, &QSlider::actionTriggered, this, &ParameterRow::sliderMoved);
    connect(m_slider, &QSlider::sliderPressed, this, [this] { m_pressedValue = m_value; });
    connect(m_slider, &QSlider::sliderReleased, this, &ParameterRow::sliderReleased);
    connect(m_field, &ExactSpinBox::valueEdited, this, [this](qlonglong value) { take(value, false); });
    connect(m_field, &ExactSpinBox::refused, this, [this](const QString &why) {
        m_refusal = why;
        showProblem();
    });
    connect(m_dot, &QToolButton::clicked, this, [this] {
        take(m_origin, false);
        m_field->setFocus(Qt::OtherFocusReason); // the dot goes away
    });
    connect(m_frame, &QTimer::timeout, this, [this] {
        if (m_waiting) {
            m_waiting = false;
            m_frame->start();
            emit edited(m_value, true);
        }
    });
}

void ParameterRow::setScale(const ParameterScale &scale)
{
    m_scale = scale;
    m_slider->setProperty("neutralPosition", m_scale.positionOf(m_spec.neutral));
    m_field->setScale(scale);
    showMarks();
    showValue();
    updateDot();
}

void ParameterRow::setValue(std::int64_t value)
{
    // While the hand is on the slider, what comes back is older than what it says.
    if (m_slider->isSliderDown())
        return;
    m_value = value;
    showValue();
    updateDot();
}

void ParameterRow::showValue()
{
    if (!m_slider->isSliderDown())
        m_slider->setValue(m_scale.positionOf(m_value));
    m_field->setValue(m_value);
}

void ParameterRow::setOrigin(std::int64_t value, const QString &words)
{
    m_origin = value;
    m_originWords = words;
    updateDot();
}

void ParameterRow::setMeasured(const QString &text)
{
    m_measured->setText(text);
    m_measured->setVisible(!text.isEmpty());
}

void ParameterRow::setProblem(const QString &text)
{
    m_problemText = text;
    showProblem();
}

void ParameterRow::setRemark(const QString &text, const std::vector<std::int64_t> &marks)
{
    m_remark->setText(text);
    m_remark->setVisible(!text.isEmpty());
    if (m_marks != marks) {
        m_marks = marks;
        showMarks();
    }
}

void ParameterRow::setWarning(const QString &text)
{
    m_warning = text;
    showProblem();
}

void ParameterRow::setLocked(bool locked)
{
    m_slider->setEnabled(!locked);
    m_field->setEnabled(!locked);
    m_dot->setEnabled(!locked);
}

bool ParameterRow::isHeld() const
{
    return m_slider->isSliderDown();
}

void ParameterRow::showMarks()
{
    QVariantList positions;
    for (const std::int64_t mark : m_marks)
        positions << m_scale.positionOf(mark);
    m_slider->setProperty("markPositions", positions);
    m_slider->update();
}

void ParameterRow::showProblem()
{
    const QString shown = !m_refusal.isEmpty() ? m_refusal : !m_problemText.isEmpty() ? m_problemText : m_warning;
    m_problem->setText(shown);
    m_problem->setVisible(!shown.isEmpty());
    m_field->setProperty("wrong", !shown.isEmpty());
    m_field->update();
    m_field->setAccessibleDescription(shown.isEmpty() ? toQt(m_spec.help) : shown);
}

void ParameterRow::updateDot()
{
    const QString former = m_scale.text(m_origin, locale());
    m_dot->describe(toQt(m_spec.label),
                    m_originWords.isEmpty() ? former : former + QStringLiteral(", ") + m_originWords);
    m_dot->setVisible(m_value != m_origin);
}

void ParameterRow::sliderMoved(int action)
{
    std::int64_t value = m_value;
    switch (action) {
    case QSlider::SliderSingleStepAdd:
        value = m_scale.stepped(m_value, 1);
        break;
    case QSlider::SliderSingleStepSub:
        value = m_scale.stepped(m_value, -1);
        break;
    case QSlider::SliderPageStepAdd:
        value = m_scale.stepped(m_value, pageSteps);
        break;
    case QSlider::SliderPageStepSub:
        value = m_scale.stepped(m_value, -pageSteps);
        break;
    default:
        value = m_scale.valueAt(m_slider->sliderPosition());
        break;
    }
    value = std::clamp(value, m_scale.sliderMinimum(), m_scale.sliderMaximum());
    // The handle stands where the value is, also when the style moved it somewhere between two steps.
    m_slider->setSliderPosition(m_scale.positionOf(value));
    take(value, m_slider->isSliderDown());
}

void ParameterRow::sliderReleased()
{
    m_frame->stop();
    m_waiting = false;
    if (m_value != m_pressedValue || m_movedWhileHeld)
        emit edited(m_value, false);
    m_movedWhileHeld = false;
}

void ParameterRow::take(std::int64_t value, bool whileDragging)
{
    if (value == m_value)
        return;
    m_value = value;
    showValue();
    updateDot();
    if (!whileDragging) {
        emit edited(m_value, false);
        return;
    }
    m_movedWhileHeld = true;
    if (m_frame->isActive()) {
        m_waiting = true;
        return;
    }
    m_frame->start();
    emit edited(m_value, true);
}

bool ParameterRow::eventFilter(QObject *watched, QEvent *event)
{
    // Scrolling past a slider must not move it.
    if (watched == m_slider && event->type() == QEvent::Wheel && !m_slider->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace perunit
