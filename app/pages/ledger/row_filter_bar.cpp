// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/row_filter_bar.h"

#include "app/pages/page_layout.h"
#include "widgets/inputs/flow_layout.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/inputs/search_field.h"
#include "widgets/inputs/typed_decimal.h"
#include "widgets/inputs/value_set_edit.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace perunit {

namespace {

constexpr int searchWidth = 220;
constexpr int sourceWidth = 150;
constexpr int dateLetters = 11;
constexpr int amountLetters = 8;

void setWrong(QLineEdit *field, bool wrong)
{
    field->setProperty("wrong", wrong);
    field->style()->unpolish(field);
    field->style()->polish(field);
}

/// The start of a typed day; no value when the field is empty or holds no day.
std::optional<Instant> dayIn(const QLineEdit *field, bool &wrong)
{
    const std::string text = fromQt(field->text().trimmed());
    if (text.empty())
        return std::nullopt;
    const auto parsed = parseInstant(text);
    wrong = !parsed;
    return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<Money> amountIn(const QLineEdit *field, bool &wrong)
{
    if (field->text().trimmed().isEmpty())
        return std::nullopt;
    const auto parsed = parseDecimal(plainDecimal(field->text().trimmed(), field->locale()), Money::scale);
    wrong = !parsed;
    return parsed ? std::optional(Money::ofUnits(parsed->units)) : std::nullopt;
}

QString dayText(Instant at)
{
    return toQt(at.micros % microsPerDay == 0 ? formatDate(at) : formatInstant(at));
}

} // namespace

RowFilterBar::RowFilterBar(QWidget *parent)
    : QWidget(parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    rows->addWidget(buildFields());
    m_scope = new ScopeEdit(this);
    m_scope->setAccessibleName(tr("Dimensions"));
    rows->addWidget(m_scope);
    m_problem = newLabel({}, "problem", this);
    m_problem->hide();
    rows->addWidget(m_problem);
    connect(m_scope, &ScopeEdit::scopeEdited, this, [this](const Scope &scope) {
        RowFilter next = m_filter;
        next.scope = scope;
        change(std::move(next));
    });
    show();
}

QLineEdit *RowFilterBar::newField(const QString &name, const QString &placeholder, int letters)
{
    auto *field = new QLineEdit(this);
    field->setAccessibleName(name);
    field->setToolTip(name);
    field->setPlaceholderText(placeholder);
    field->setFixedWidth(fontMetrics().horizontalAdvance(QLatin1Char('0')) * letters + Theme::space5);
    return field;
}

QWidget *RowFilterBar::buildFields()
{
    auto *fields = new QWidget(this);
    auto *flow = new FlowLayout(fields);
    m_text = new SearchField(tr("Search all texts"), fields);
    m_text->setFixedWidth(searchWidth);
    m_from = newField(tr("First day (UTC)"), tr("from day"), dateLetters);
    m_to = newField(tr("Last day (UTC), included"), tr("to day"), dateLetters);
    m_least = newField(tr("Least cost, included"), tr("cost from"), amountLetters);
    m_most = newField(tr("Highest cost, included"), tr("cost to"), amountLetters);
    m_sources = new ValueSetEdit(tr("Sources"), tr("every source"), fields);
    m_sources->setFixedWidth(sourceWidth);
    m_unpriced = new QCheckBox(tr("Only without price"), fields);
    m_unpriced->setMinimumHeight(Theme::controlHeight);
    m_clear = new QPushButton(themedIcon(QStringLiteral("clear")), tr("Clear"), fields);
    m_clear->setProperty("role", "quiet");
    m_clear->setToolTip(tr("Shows all rows again"));
    for (QWidget *each :
         std::initializer_list<QWidget *>{m_text, m_from, m_to, m_least, m_most, m_sources, m_unpriced, m_clear})
        flow->addWidget(each);
    connect(m_text, &SearchField::searchChanged, this, [this](const QString &text) {
        RowFilter next = m_filter;
        next.text = fromQt(text);
        change(std::move(next));
    });
    for (QLineEdit *day : {m_from, m_to})
        connect(day, &QLineEdit::editingFinished, this, &RowFilterBar::takeDays);
    for (QLineEdit *amount : {m_least, m_most})
        connect(amount, &QLineEdit::editingFinished, this, &RowFilterBar::takeCosts);
    connect(m_sources, &ValueSetEdit::valuesEdited, this, [this](const std::vector<std::string> &values) {
        RowFilter next = m_filter;
        next.sources.clear();
        for (const std::string &value : values)
            next.sources.push_back(std::stoll(value));
        change(std::move(next));
    });
    connect(m_unpriced, &QCheckBox::clicked, this, [this](bool only) {
        RowFilter next = m_filter;
        next.onlyUnpriced = only;
        change(std::move(next));
    });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        setFilter({});
        emit filterEdited(m_filter);
    });
    return fields;
}

void RowFilterBar::setFilter(const RowFilter &filter)
{
    m_filter = filter;
    show();
}

void RowFilterBar::setValues(ScopeValues values)
{
    for (auto &[dimension, offered] : values)
        offered.emplace(offered.begin(), std::string(), tr("rows without one"));
    m_scope->setValues(values);
}

void RowFilterBar::setSources(const std::vector<ChoiceItem> &sources)
{
    m_sources->setVisible(sources.size() > 1);
    m_sources->setItems(sources, tr("no longer used"));
}

void RowFilterBar::setUnpricedText(const QString &text)
{
    m_unpriced->setText(text);
}

void RowFilterBar::show()
{
    if (fromQt(m_text->text().trimmed()) != m_filter.text)
        m_text->setText(toQt(m_filter.text));
    m_from->setText(m_filter.period && m_filter.period->from.micros > INT64_MIN ? dayText(m_filter.period->from)
                                                                                : QString());
    // The last day is part of the period, its end is not.
    const bool wholeDays = m_filter.period && m_filter.period->to.micros % microsPerDay == 0;
    m_to->setText(m_filter.period && m_filter.period->to.micros < INT64_MAX
                      ? dayText({m_filter.period->to.micros - (wholeDays ? microsPerDay : 0)})
                      : QString());
    const auto amountText = [this](const std::optional<Money> &amount) {
        return amount ? localDecimal(amount->text(), locale()) : QString();
    };
    m_least->setText(amountText(m_filter.leastCost));
    m_most->setText(amountText(m_filter.mostCost));
    std::vector<std::string> sources;
    for (const std::int64_t id : m_filter.sources)
        sources.push_back(std::to_string(id));
    m_sources->setValues(sources);
    m_unpriced->setChecked(m_filter.onlyUnpriced);
    m_scope->setScope(m_filter.scope);
    m_clear->setVisible(!m_filter.isEverything());
    for (QLineEdit *field : {m_from, m_to, m_least, m_most})
        setWrong(field, false);
    m_problem->hide();
}

void RowFilterBar::takeDays()
{
    bool wrongFrom = false;
    bool wrongTo = false;
    const auto from = dayIn(m_from, wrongFrom);
    const auto to = dayIn(m_to, wrongTo);
    const bool backwards = from && to && *to < *from;
    setWrong(m_from, wrongFrom);
    setWrong(m_to, wrongTo || backwards);
    setTextOrHide(m_problem, wrongFrom || wrongTo ? tr("A day is written 2026-05-31.")
                             : backwards          ? tr("The last day is before the first one.")
                                                  : QString());
    if (wrongFrom || wrongTo || backwards)
        return;
    RowFilter next = m_filter;
    next.period.reset();
    if (from || to) {
        next.period = Period{from.value_or(Instant{INT64_MIN}), {INT64_MAX}};
        if (to)
            next.period->to = {to->micros + (to->micros % microsPerDay == 0 ? microsPerDay : 0)};
    }
    change(std::move(next));
}

void RowFilterBar::takeCosts()
{
    bool wrongLeast = false;
    bool wrongMost = false;
    RowFilter next = m_filter;
    next.leastCost = amountIn(m_least, wrongLeast);
    next.mostCost = amountIn(m_most, wrongMost);
    setWrong(m_least, wrongLeast);
    setWrong(m_most, wrongMost);
    setTextOrHide(m_problem, wrongLeast || wrongMost ? tr("A cost is a number, such as 0.25.") : QString());
    if (!wrongLeast && !wrongMost)
        change(std::move(next));
}

void RowFilterBar::change(RowFilter next)
{
    if (next == m_filter)
        return;
    m_filter = std::move(next);
    m_clear->setVisible(!m_filter.isEverything());
    emit filterEdited(m_filter);
}

} // namespace perunit
