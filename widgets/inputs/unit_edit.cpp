// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/unit_edit.h"

#include "pricing/base/decimal.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/inputs/typed_decimal.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

const QString distinctId = QStringLiteral("distinct");
const QString requestsId = QStringLiteral("requests");
const QString outcomeId = QStringLiteral("outcome");
constexpr int amountWidth = 150;
constexpr int noteHeight = 56;

QString idOf(UnitDenominator::Kind kind)
{
    switch (kind) {
    case UnitDenominator::Kind::Requests:
        return requestsId;
    case UnitDenominator::Kind::Outcome:
        return outcomeId;
    case UnitDenominator::Kind::DistinctValues:
        break;
    }
    return distinctId;
}

} // namespace

UnitEdit::UnitEdit(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Economic unit"));
    buildFields();
    setUnit({});
}

void UnitEdit::buildFields()
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    m_rows = rows;

    m_name = new QLineEdit(this);
    m_name->setPlaceholderText(tr("conversation, document, contract…"));
    addField(tr("One unit is called"), m_name);
    m_scope = new ScopeEdit(this);
    addField(tr("Counts requests of"), m_scope);
    m_inference = new QCheckBox(tr("Inference: tokens and events"), this);
    m_harness = new QCheckBox(tr("Harness: databases, hosting, logs…"), this);
    auto *components = new QWidget(this);
    auto *column = new QVBoxLayout(components);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space1);
    column->addWidget(m_inference);
    column->addWidget(m_harness);
    addField(tr("Its cost includes"), components);
    buildDenominator();
    m_value = newAmount(&m_valueCurrency, tr("Earned per unit"),
                        tr("What one unit earns; leave empty when it is not known."));
    m_human = newAmount(&m_humanCurrency, tr("Cost per unit without AI"),
                        tr("What a person would cost for the same; leave empty when it is not known."));
    m_note = new QPlainTextEdit(this);
    m_note->setFixedHeight(noteHeight);
    m_note->setTabChangesFocus(true);
    m_note->viewport()->setAutoFillBackground(false); // the frame fills its rounded corners
    m_note->setAcceptDrops(false);                    // files are meant for the window
    addField(tr("Note"), m_note);
    m_problem = new QLabel(this);
    m_problem->setProperty("role", "problem");
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    rows->addWidget(m_problem);
    rows->addStretch(1);

    connect(m_name, &QLineEdit::textEdited, this, &UnitEdit::changed);
    connect(m_value, &QLineEdit::textEdited, this, &UnitEdit::changed);
    connect(m_human, &QLineEdit::textEdited, this, &UnitEdit::changed);
    connect(m_note, &QPlainTextEdit::textChanged, this, &UnitEdit::changed);
    connect(m_inference, &QCheckBox::toggled, this, &UnitEdit::changed);
    connect(m_harness, &QCheckBox::toggled, this, &UnitEdit::changed);
    connect(m_scope, &ScopeEdit::scopeEdited, this, &UnitEdit::changed);
    connect(m_counted, &ChoiceBox::valueEdited, this, &UnitEdit::changed);
    connect(m_kind, &SegmentedSwitch::currentChanged, this, [this] {
        showDenominator();
        changed();
    });
}

void UnitEdit::addField(const QString &label, QWidget *field)
{
    auto *title = new QLabel(label, this);
    title->setBuddy(field);
    if (field->accessibleName().isEmpty() || field == m_scope)
        field->setAccessibleName(label);
    auto *row = new QVBoxLayout;
    row->setSpacing(Theme::space1);
    row->addWidget(title);
    row->addWidget(field);
    m_rows->addLayout(row);
}

void UnitEdit::buildDenominator()
{
    auto *denominator = new QWidget(this);
    auto *column = new QVBoxLayout(denominator);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space2);
    m_kind = new SegmentedSwitch(tr("How units are counted"), denominator);
    m_kind->addOption(distinctId, tr("Distinct values"), {}, tr("Every distinct value of a column is one unit"));
    m_kind->addOption(requestsId, tr("Requests"), {}, tr("Every request is one unit"));
    m_kind->addOption(outcomeId, tr("Outcomes"), {}, tr("An imported series counts them: resolved tickets a day"));
    m_counted = new ChoiceBox(tr("What is counted"), denominator);
    m_explanation = new QLabel(denominator);
    m_explanation->setProperty("role", "caption");
    m_explanation->setWordWrap(true);
    column->addWidget(m_kind);
    column->addWidget(m_counted);
    column->addWidget(m_explanation);
    addField(tr("Units are counted as"), denominator);
}

QLineEdit *UnitEdit::newAmount(QLabel **currency, const QString &label, const QString &help)
{
    auto *row = new QWidget(this);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::space2);
    auto *field = new QLineEdit(row);
    field->setAlignment(Qt::AlignRight);
    field->setMaximumWidth(amountWidth);
    field->setPlaceholderText(tr("not known"));
    field->setAccessibleName(label);
    field->setAccessibleDescription(help);
    field->setToolTip(help);
    *currency = new QLabel(row);
    (*currency)->setProperty("tone", "secondary");
    line->addWidget(field);
    line->addWidget(*currency);
    line->addStretch(1);
    addField(label, row);
    return field;
}

void UnitEdit::setChoices(const std::vector<ChoiceItem> &dimensions, const std::vector<ChoiceItem> &metrics,
                          const ScopeValues &scopeValues)
{
    m_dimensions = dimensions;
    m_metrics = metrics;
    m_scope->setValues(scopeValues);
    // Counting outcomes without any is a dead end, except where a unit already does.
    m_kind->setOptionEnabled(outcomeId, !metrics.empty() || m_unit.denominator.kind == UnitDenominator::Kind::Outcome);
    showDenominator();
}

void UnitEdit::setCurrency(const QString &code)
{
    m_valueCurrency->setText(code);
    m_humanCurrency->setText(code);
}

void UnitEdit::setTakenNames(const QStringList &names)
{
    m_taken = names;
    showProblem();
}

void UnitEdit::setUnit(const EconomicUnit &unit)
{
    // Echoes of what the user typed leave cursor and half-typed amounts alone.
    if (const auto shown = this->unit(); shown && *shown == unit && !m_fresh)
        return;
    m_fresh = false;
    m_showing = true;
    m_unit = unit;
    const auto amount = [this](const std::optional<Money> &money) {
        return money ? localDecimal(money->text(), locale()) : QString();
    };
    m_name->setText(toQt(unit.name));
    m_scope->setScope(unit.scope);
    m_inference->setChecked(unit.inference);
    m_harness->setChecked(unit.harness);
    m_kind->setOptionEnabled(outcomeId, !m_metrics.empty() || unit.denominator.kind == UnitDenominator::Kind::Outcome);
    m_kind->setCurrent(idOf(unit.denominator.kind));
    m_counted->setValue(unit.denominator.name);
    m_value->setText(amount(unit.value));
    m_human->setText(amount(unit.humanAlternative));
    m_note->setPlainText(toQt(unit.note));
    m_showing = false;
    showDenominator();
    showProblem();
}

UnitDenominator::Kind UnitEdit::kind() const
{
    if (m_kind->current() == requestsId)
        return UnitDenominator::Kind::Requests;
    return m_kind->current() == outcomeId ? UnitDenominator::Kind::Outcome : UnitDenominator::Kind::DistinctValues;
}

void UnitEdit::showDenominator()
{
    const UnitDenominator::Kind now = kind();
    const bool outcome = now == UnitDenominator::Kind::Outcome;
    m_counted->setVisible(now != UnitDenominator::Kind::Requests);
    m_counted->setItems(outcome ? m_metrics : m_dimensions);
    const std::string wanted = m_counted->value();
    const auto &items = outcome ? m_metrics : m_dimensions;
    const bool listed = std::any_of(items.begin(), items.end(), [&](const auto &each) { return each.value == wanted; });
    // A metric is no dimension: what was chosen for one kind of counting says nothing for the other.
    if (!listed && now != m_unit.denominator.kind)
        m_counted->setValue({});
    switch (now) {
    case UnitDenominator::Kind::DistinctValues:
        m_explanation->setText(tr("Cost in scope ÷ number of distinct values."));
        break;
    case UnitDenominator::Kind::Requests:
        m_explanation->setText(tr("Cost in scope ÷ number of requests."));
        break;
    case UnitDenominator::Kind::Outcome:
        m_explanation->setText(tr("Cost in scope ÷ sum of the imported series in the same period."));
        break;
    }
}

Result<std::optional<Money>> UnitEdit::readAmount(const QLineEdit *field, const QString &name) const
{
    const QString typed = field->text().trimmed();
    if (typed.isEmpty())
        return std::optional<Money>();
    const auto decimal = parseDecimal(plainDecimal(typed, locale()), Money::scale);
    if (!decimal)
        return Error{ErrorCode::BadInput, fromQt(tr("“%1” is not an amount").arg(typed)), fromQt(name),
                     fromQt(tr("type it without currency and thousands separators"))};
    if (decimal->rounded)
        return Error{ErrorCode::BadInput, fromQt(tr("an amount has at most 24 decimals")), fromQt(name), {}};
    if (decimal->units < 0)
        return Error{ErrorCode::BadInput, fromQt(tr("an amount per unit cannot be negative")), fromQt(name), {}};
    return std::optional<Money>(Money::ofUnits(decimal->units));
}

Result<EconomicUnit> UnitEdit::unit() const
{
    EconomicUnit unit = m_unit;
    const QString name = m_name->text().trimmed();
    const std::string nameField = fromQt(tr("name"));
    if (name.isEmpty())
        return Error{ErrorCode::BadInput, fromQt(tr("the unit has no name yet")), nameField, {}};
    if (m_taken.contains(name, Qt::CaseInsensitive))
        return Error{ErrorCode::Conflict, fromQt(tr("there is already a unit called “%1”").arg(name)), nameField,
                     fromQt(tr("choose another name"))};
    if (!m_inference->isChecked() && !m_harness->isChecked())
        return Error{ErrorCode::BadInput, fromQt(tr("a unit without any cost says nothing")), fromQt(tr("cost")),
                     fromQt(tr("include inference, harness or both"))};
    unit.name = fromQt(name);
    unit.scope = m_scope->scope();
    unit.inference = m_inference->isChecked();
    unit.harness = m_harness->isChecked();
    unit.denominator.kind = kind();
    unit.denominator.name = kind() == UnitDenominator::Kind::Requests ? std::string() : m_counted->value();
    if (kind() != UnitDenominator::Kind::Requests && unit.denominator.name.empty())
        return Error{ErrorCode::BadInput, fromQt(tr("it is not said what is counted")), fromQt(tr("units")),
                     fromQt(tr("choose it from the list"))};
    const auto value = readAmount(m_value, m_value->accessibleName());
    if (!value)
        return value.error();
    const auto human = readAmount(m_human, m_human->accessibleName());
    if (!human)
        return human.error();
    unit.value = *value;
    unit.humanAlternative = *human;
    unit.note = fromQt(m_note->toPlainText());
    return unit;
}

void UnitEdit::changed()
{
    if (m_showing)
        return;
    showProblem();
    const auto now = unit();
    if (!now || *now == m_unit)
        return;
    m_unit = *now;
    emit edited(m_unit);
}

void UnitEdit::showProblem()
{
    const auto now = unit();
    const QString text = now ? QString() : errorText(now.error());
    const auto mark = [](QWidget *field, bool wrong) {
        field->setProperty("wrong", wrong);
        field->update();
    };
    mark(m_value, !readAmount(m_value, {}).ok());
    mark(m_human, !readAmount(m_human, {}).ok());
    mark(m_name, m_taken.contains(m_name->text().trimmed(), Qt::CaseInsensitive));
    m_problem->setVisible(!text.isEmpty());
    if (text == m_problem->text())
        return;
    m_problem->setText(text);
    emit problemChanged(text);
}

} // namespace perunit
