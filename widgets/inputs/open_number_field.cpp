// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/open_number_field.h"

#include "widgets/theme/theme.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

OpenNumberField::OpenNumberField(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_line(new QLineEdit(this))
    , m_problem(new QLabel(this))
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(2);
    m_title->setProperty("role", "caption");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setBuddy(m_line);
    m_problem->setProperty("role", "problem");
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_line->setAlignment(Qt::AlignRight);
    m_line->installEventFilter(this);
    rows->addWidget(m_title);
    rows->addWidget(m_line);
    rows->addWidget(m_problem);
    rows->addStretch(1);
    setName(name);
    connect(m_line, &QLineEdit::editingFinished, this, &OpenNumberField::take);
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        // Who mends what is wrong sees at once that it is mended.
        if (m_refusal.isEmpty())
            return;
        m_refusal.clear();
        showProblem();
    });
}

void OpenNumberField::setName(const QString &name)
{
    m_name = name;
    m_line->setAccessibleName(name);
    setNeeded(m_needed);
}

void OpenNumberField::setScale(const ParameterScale &scale)
{
    m_scale = scale;
    if (!m_line->isModified())
        showValue();
}

void OpenNumberField::setHelp(const QString &help)
{
    setToolTip(help);
    m_line->setAccessibleDescription(help);
}

void OpenNumberField::setOtherwise(const QString &text)
{
    m_otherwise = text;
    m_line->setPlaceholderText(text);
}

void OpenNumberField::setNeeded(bool needed)
{
    m_needed = needed;
    m_title->setText(needed ? tr("%1 – needed").arg(m_name) : m_name);
    setTone(m_title, needed ? "warning" : "");
}

void OpenNumberField::setValue(std::optional<std::int64_t> value)
{
    if (value == m_value && (m_line->isModified() || !m_refusal.isEmpty()))
        return;
    m_value = value;
    m_refusal.clear();
    showValue();
    showProblem();
}

void OpenNumberField::setProblem(const QString &problem)
{
    m_together = problem;
    showProblem();
}

QString OpenNumberField::problem() const
{
    return m_refusal.isEmpty() ? m_together : m_refusal;
}

void OpenNumberField::forgetTyping()
{
    m_refusal.clear();
    showValue();
    showProblem();
}

void OpenNumberField::showValue()
{
    m_line->setText(m_value ? m_scale.numberText(*m_value, locale()) : QString());
    m_line->setModified(false);
}

QString OpenNumberField::example() const
{
    if (m_value)
        return m_scale.numberText(*m_value, locale());
    return m_scale.read(m_otherwise, locale()) ? m_otherwise : m_scale.numberText(m_scale.sliderMaximum(), locale());
}

QString OpenNumberField::whatHolds() const
{
    if (m_value)
        return tr("Until then %1 holds.").arg(m_scale.text(*m_value, locale()));
    if (m_needed)
        return tr("Until then nothing is computed.");
    return tr("Until then, or when the field is empty, this holds: %1.").arg(m_otherwise);
}

void OpenNumberField::take()
{
    if (!m_line->isModified())
        return;
    const QString typed = m_line->text().trimmed();
    std::optional<std::int64_t> value;
    if (!typed.isEmpty()) {
        value = m_scale.read(typed, locale());
        const QString why = !value ? tr("“%1” cannot be taken: write a number such as %2.").arg(typed, example())
                                   : m_scale.refusal(*value, locale());
        if (!why.isEmpty()) {
            m_refusal = why + QLatin1Char(' ') + whatHolds();
            showProblem();
            return;
        }
    }
    const bool changed = value != m_value;
    m_value = value;
    m_refusal.clear();
    showValue();
    showProblem();
    if (changed)
        emit edited();
}

void OpenNumberField::showProblem()
{
    const QString text = problem();
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    // The layouts around the field ask for heights without a width.
    m_problem->setFixedHeight(text.isEmpty() ? 0 : m_problem->heightForWidth(std::max(width(), 1)));
    m_line->setProperty("wrong", !text.isEmpty());
    m_line->update();
}

bool OpenNumberField::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape && m_line->isModified()) {
        forgetTyping();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void OpenNumberField::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (!problem().isEmpty())
        m_problem->setFixedHeight(m_problem->heightForWidth(width()));
}

} // namespace perunit
