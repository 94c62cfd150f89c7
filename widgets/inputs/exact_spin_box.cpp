// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/exact_spin_box.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QStyle>
#include <QStyleOptionSpinBox>
#include <QWheelEvent>

#include <algorithm>

namespace perunit {

ExactSpinBox::ExactSpinBox(QWidget *parent)
    : QAbstractSpinBox(parent)
{
    setAlignment(Qt::AlignRight);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(lineEdit(), &QLineEdit::textEdited, this, [this] { setRefusal({}); });
}

void ExactSpinBox::setName(const QString &name)
{
    setAccessibleName(name);
    lineEdit()->setAccessibleName(name);
}

void ExactSpinBox::setScale(const ParameterScale &scale)
{
    m_scale = scale;
    showValue();
    updateGeometry();
}

void ExactSpinBox::setValue(qlonglong value)
{
    // What the user is typing is not taken away by news of the value that was there before.
    if (value == m_value && lineEdit()->isModified())
        return;
    // Why something was refused stays to be read until the field is used again.
    if (value == m_value && !m_refusal.isEmpty())
        return;
    m_value = value;
    showValue();
}

void ExactSpinBox::showValue()
{
    lineEdit()->setText(m_scale.text(m_value, locale()));
    lineEdit()->setModified(false);
    setRefusal({});
}

QValidator::State ExactSpinBox::validate(QString &input, int &) const
{
    const auto value = m_scale.read(input, locale());
    return value && m_scale.refusal(*value, locale()).isEmpty() ? QValidator::Acceptable : QValidator::Intermediate;
}

void ExactSpinBox::fixup(QString &) const
{
    // Nothing is mended silently: what cannot be taken is refused in words.
}

bool ExactSpinBox::commit()
{
    if (!lineEdit()->isModified())
        return true;
    const auto value = m_scale.read(lineEdit()->text(), locale());
    if (!value) {
        setRefusal(tr("“%1” is not a value such as %2.").arg(lineEdit()->text(), m_scale.text(m_value, locale())));
        return false;
    }
    if (const QString why = m_scale.refusal(*value, locale()); !why.isEmpty()) {
        setRefusal(why);
        return false;
    }
    const bool changed = *value != m_value;
    m_value = *value;
    showValue();
    if (changed)
        emit valueEdited(m_value);
    return true;
}

void ExactSpinBox::setRefusal(const QString &why)
{
    if (m_refusal == why)
        return;
    m_refusal = why;
    setProperty("wrong", !why.isEmpty());
    update();
    emit refused(why);
}

void ExactSpinBox::stepBy(int steps)
{
    if (!commit())
        return;
    const std::int64_t next = m_scale.stepped(m_value, steps);
    if (next == m_value)
        return;
    m_value = next;
    showValue();
    lineEdit()->selectAll();
    emit valueEdited(m_value);
}

QAbstractSpinBox::StepEnabled ExactSpinBox::stepEnabled() const
{
    StepEnabled result = StepNone;
    if (m_value < m_scale.maximum())
        result |= StepUpEnabled;
    if (m_value > m_scale.minimum())
        result |= StepDownEnabled;
    return result;
}

void ExactSpinBox::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        commit();
        lineEdit()->selectAll();
        event->accept();
        return;
    case Qt::Key_Escape:
        if (lineEdit()->isModified()) {
            showValue();
            lineEdit()->selectAll();
            event->accept();
            return;
        }
        break;
    default:
        break;
    }
    QAbstractSpinBox::keyPressEvent(event);
}

void ExactSpinBox::focusOutEvent(QFocusEvent *event)
{
    QAbstractSpinBox::focusOutEvent(event);
    // A field that nobody is in must not show a value that does not hold; why it was not taken is still said.
    if (commit())
        return;
    const QString why = m_refusal;
    showValue();
    setRefusal(tr("%1 %2 stays.").arg(why, m_scale.text(m_value, locale())));
}

void ExactSpinBox::focusInEvent(QFocusEvent *event)
{
    QAbstractSpinBox::focusInEvent(event);
    if (!lineEdit()->isModified())
        setRefusal({});
}

void ExactSpinBox::wheelEvent(QWheelEvent *event)
{
    // Scrolling past a field must not change it.
    if (hasFocus())
        QAbstractSpinBox::wheelEvent(event);
    else
        event->ignore();
}

QSize ExactSpinBox::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    int width = 0;
    for (const std::int64_t value : {m_scale.sliderMinimum(), m_scale.sliderMaximum()})
        width = std::max(width, metrics.horizontalAdvance(m_scale.text(value, locale())));
    // Room for one more digit than the ends of the slider need.
    width += metrics.horizontalAdvance(QStringLiteral("0.5"));
    QStyleOptionSpinBox option;
    initStyleOption(&option);
    return style()->sizeFromContents(QStyle::CT_SpinBox, &option, {width + 8, metrics.height()}, this);
}

} // namespace perunit
