// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/compare/goal_view.h"

#include "app/pages/page_layout.h"
#include "model/report/analysis_figures.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/flow_layout.h"
#include "widgets/inputs/typed_decimal.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

const std::string atMost = "at-most";
const std::string atLeast = "at-least";
const std::string exactly = "equal";
constexpr int valueWidth = 120;

} // namespace

GoalView::GoalView(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Goal seek"));
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    buildFields();
    // A sentence goes on in the next line where there is no more room.
    auto *question = new FlowLayout;
    question->setSpacing(Theme::space2);
    question->addWidget(newLabel(tr("Which"), "caption", this));
    question->addWidget(m_parameter);
    question->addWidget(newLabel(tr("makes the"), "caption", this));
    for (QWidget *field : std::initializer_list<QWidget *>{m_figure, m_comparison, m_value, m_unit, m_seek})
        question->addWidget(field);
    rows->addLayout(question);
    m_problem = newLabel({}, "problem", this);
    m_problem->setWordWrap(true);
    m_problem->hide();
    rows->addWidget(m_problem);
    m_answer = newLabel({}, "section", this);
    m_answer->setWordWrap(true);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_checks = newLabel({}, "caption", this);
    m_checks->setWordWrap(true);
    m_use = new QPushButton(tr("Use this value"), this);
    m_use->setToolTip(tr("Sets it in the scenario; can be undone"));
    connect(m_use, &QPushButton::clicked, this, [this] {
        if (m_result && m_result->answer)
            emit useRequested(m_result->parameter.leverId, std::string(m_result->parameter.spec->name),
                              m_result->answer->value);
    });
    auto *answer = new QHBoxLayout;
    answer->addWidget(m_answer, 1);
    answer->addWidget(m_use, 0, Qt::AlignTop);
    rows->addLayout(answer);
    rows->addWidget(m_checks);
    rows->addStretch(1);
    showAnswer();
}

void GoalView::buildFields()
{
    m_parameter = new ChoiceBox(tr("Number of a lever"), this);
    m_parameter->setMinimumContentsLength(28);
    m_figure = new ChoiceBox(tr("Figure"), this);
    m_figure->setMinimumContentsLength(16);
    m_comparison = new ChoiceBox(tr("Comparison"), this);
    m_comparison->setMinimumContentsLength(7);
    m_comparison->setItems({{atMost, tr("at most"), {}}, {atLeast, tr("at least"), {}}, {exactly, tr("exactly"), {}}});
    m_comparison->setValue(atMost);
    m_value = new QLineEdit(this);
    m_value->setAccessibleName(tr("Target"));
    m_value->setPlaceholderText(tr("Target"));
    m_value->setAlignment(Qt::AlignRight);
    m_value->setFixedWidth(valueWidth);
    m_unit = newLabel({}, "caption", this);
    m_seek = new QPushButton(tr("Seek"), this);
    m_seek->setIcon(themedIcon(QStringLiteral("search")));
    connect(m_seek, &QPushButton::clicked, this, &GoalView::seekRequested);
    connect(m_value, &QLineEdit::returnPressed, this, &GoalView::seekRequested);
    // An answer to another question must not stay.
    connect(m_value, &QLineEdit::textEdited, this, &GoalView::forget);
    for (ChoiceBox *box : {m_parameter, m_figure, m_comparison})
        connect(box, &ChoiceBox::valueEdited, this, &GoalView::forget);
}

void GoalView::forget()
{
    m_result.reset();
    setTextOrHide(m_problem, {});
    showAnswer();
}

void GoalView::setScenario(const EvaluationRequest &scenario, const std::vector<ChoiceItem> &figures,
                           const std::string &currency)
{
    const bool same = scenario.scenarioId == m_scenario.scenarioId
                      && std::equal(scenario.levers.begin(), scenario.levers.end(), m_scenario.levers.begin(),
                                    m_scenario.levers.end(), [](const EffectiveLever &a, const EffectiveLever &b) {
                                        return a.lever == b.lever;
                                    });
    m_scenario = scenario;
    m_currency = currency;
    m_unit->setText(toQt(currency));
    std::vector<ChoiceItem> numbers;
    for (const LeverParameter &each : numericParameters(scenario.levers)) {
        const Lever &lever = scenario.levers[each.lever].lever;
        numbers.push_back(
            {each.id(), toQt(parameterLabel(lever, *each.spec)),
             tr("now %1 · %2")
                 .arg(toQt(parameterValueText(lever, *each.spec, lever.number(each.spec->name))), toQt(lever.id))});
    }
    const auto offered = [](const std::vector<ChoiceItem> &items, const std::string &value) {
        return std::any_of(items.begin(), items.end(),
                           [&value](const ChoiceItem &item) { return item.value == value; });
    };
    m_parameter->setItems(numbers);
    if (!offered(numbers, m_parameter->value()))
        m_parameter->setValue(numbers.empty() ? std::string() : numbers.front().value);
    m_figure->setItems(figures);
    if (!offered(figures, m_figure->value()))
        m_figure->setValue(figures.empty() ? std::string() : figures.front().value);
    if (!same)
        forget();
}

std::optional<GoalSeekRequest> GoalView::request()
{
    const auto refuse = [this](const QString &why, QWidget *field) {
        setTextOrHide(m_problem, why);
        field->setFocus();
        return std::nullopt;
    };
    setTextOrHide(m_problem, {});
    if (m_parameter->value().empty())
        return refuse(tr("This scenario has no lever with a number."), m_parameter);
    const auto figure = parseOutcomeFigure(m_figure->value());
    if (!figure)
        return refuse(toQt(figure.error().text()), m_figure);
    const std::string plain = plainDecimal(m_value->text().trimmed(), locale());
    const auto target = parseDecimal(plain, Femto::scale);
    if (plain.empty() || !target)
        return refuse(tr("Type the target as an amount, such as %1.").arg(locale().toString(0.05, 'f', 2)), m_value);
    if (target->rounded)
        return refuse(tr("The target has more decimals than amounts are kept with."), m_value);
    GoalSeekRequest request;
    request.scenario = m_scenario;
    request.parameter = m_parameter->value();
    request.target.figure = *figure;
    request.target.comparison = m_comparison->value() == atLeast   ? FigureTarget::Comparison::AtLeast
                                : m_comparison->value() == exactly ? FigureTarget::Comparison::Equal
                                                                   : FigureTarget::Comparison::AtMost;
    request.target.value = target->units;
    return request;
}

void GoalView::setBusy(bool busy)
{
    m_seek->setEnabled(!busy);
}

void GoalView::setResult(const Result<GoalSeekResult> &result)
{
    m_result.reset();
    if (result)
        m_result = *result;
    setTextOrHide(m_problem,
                  result || result.error().code == ErrorCode::Cancelled ? QString() : toQt(result.error().text()));
    showAnswer();
}

void GoalView::showAnswer()
{
    setTextOrHide(m_answer, m_result ? toQt(goalSentence(*m_result, m_scenario, m_currency)) : QString());
    m_use->setVisible(m_result && m_result->answer && m_result->answer->value != m_result->present.value);
    QStringList failed;
    if (m_result) {
        for (const OutcomeCheck &check : m_result->failedChecks)
            failed << tr("Check “%1”: %2").arg(toQt(check.name), toQt(check.detail));
        const bool manyValues = m_result->metFrom && m_result->metTo && *m_result->metFrom != *m_result->metTo;
        for (const EffectiveLever &each : m_scenario.levers) {
            if (!manyValues || each.lever.id != m_result->parameter.leverId)
                continue;
            const ParameterSpec &spec = *m_result->parameter.spec;
            failed.prepend(tr("Met by all values that were looked at from %1 to %2.")
                               .arg(toQt(parameterValueText(each.lever, spec, *m_result->metFrom)),
                                    toQt(parameterValueText(each.lever, spec, *m_result->metTo))));
        }
    }
    setTextOrHide(m_checks, failed.join(QLatin1Char('\n')));
}

} // namespace perunit
