// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/completeness_view.h"

#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/invoice_text.h"
#include "app/pages/source_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/charts/day_strip.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostSeries = 8;
constexpr int mostDays = 400;
constexpr int figureHeight = 220;

QString keyOf(const DaySeries &series)
{
    return QStringLiteral("%1\n%2\n%3").arg(static_cast<int>(series.role)).arg(series.source).arg(toQt(series.name));
}

QDate dateOf(Instant day)
{
    return QDate(1970, 1, 1).addDays(dayOf(day));
}

QString grouped(std::int64_t number)
{
    return QLocale().toString(qlonglong{number});
}

QString stateText(DayState state)
{
    switch (state) {
    case DayState::Full:
        return CompletenessView::tr("complete");
    case DayState::Quiet:
        return CompletenessView::tr("quiet as usual");
    case DayState::Missing:
        return CompletenessView::tr("missing");
    case DayState::Low:
        return CompletenessView::tr("below half of usual");
    case DayState::Partial:
        return CompletenessView::tr("part of a day");
    case DayState::Provisional:
        return CompletenessView::tr("may still change");
    }
    return {};
}

/// One word, for a narrow column.
QString shortState(DayState state)
{
    switch (state) {
    case DayState::Quiet:
        return CompletenessView::tr("quiet");
    case DayState::Low:
        return CompletenessView::tr("low");
    case DayState::Partial:
        return CompletenessView::tr("cut off");
    case DayState::Provisional:
        return CompletenessView::tr("may change");
    default:
        return stateText(state);
    }
}

DayMark markOf(DayState state)
{
    switch (state) {
    case DayState::Full:
        return DayMark::None;
    case DayState::Quiet:
        return DayMark::Quiet;
    case DayState::Missing:
        return DayMark::Missing;
    case DayState::Low:
        return DayMark::Low;
    case DayState::Partial:
        return DayMark::Partial;
    case DayState::Provisional:
        return DayMark::Provisional;
    }
    return DayMark::None;
}

CellTone toneOf(DayState state)
{
    switch (state) {
    case DayState::Missing:
        return CellTone::Unfavourable;
    case DayState::Low:
    case DayState::Partial:
    case DayState::Provisional:
        return CellTone::Warning;
    case DayState::Quiet:
        return CellTone::Secondary;
    case DayState::Full:
        break;
    }
    return CellTone::Normal;
}

/// What the boxes of a series show: how much there is for a day, as a number to compare.
double amountOfDay(const DaySeries &series, const SeriesDay &day)
{
    return series.isBill                        ? static_cast<double>(day.tokens)
           : series.role == SourceRole::Usage   ? static_cast<double>(day.requests)
           : series.role == SourceRole::Outcome ? static_cast<double>(day.rows)
                                                : day.money.approximate();
}

/// When the earliest row of a day begins.
Instant rowsFromOf(const DaySeries &series, Instant day)
{
    const auto found =
        std::find_if(series.days.begin(), series.days.end(), [day](const SeriesDay &each) { return each.day == day; });
    return found == series.days.end() || found->rows == 0 ? day : std::min(found->rowsFrom, day);
}

/// The last day that is complete, in words.
QString throughText(const std::optional<Instant> &until)
{
    return until ? toQt(formatDate({until->micros - microsPerDay})) : CompletenessView::tr("no day");
}

ValueCell countCell(std::int64_t count, CellTone tone)
{
    return ValueCell::ofNumber(grouped(count), static_cast<double>(count), count == 0 ? CellTone::Secondary : tone);
}

} // namespace

CompletenessView::CompletenessView(const LedgerContext &context, QWidget *parent)
    : FramedView(context, parent)
{
    buildFilled();
    buildInspector();
}

void CompletenessView::buildFilled()
{
    QVBoxLayout *column = scrollingColumn();
    auto *card = new Card(tr("Is every day there?"), filled());
    card->setSubtitle(tr("A box a day (UTC); click one for its rows"));
    auto *content = new QWidget(card);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    m_summary = newLabel({}, "body", content);
    m_summary->setWordWrap(true);
    m_strip = new DayStrip(tr("Days of each source"), content);
    connect(m_strip, &DayStrip::currentKeyChanged, this, &CompletenessView::select);
    connect(m_strip, &DayStrip::dayActivated, this, [this](const QString &key, QDate day) {
        if (const DaySeries *series = seriesOf(key))
            openDay(*series, day);
    });
    rows->addWidget(m_summary);
    rows->addWidget(m_strip);
    card->setContent(content);
    column->addWidget(card);
    auto *tableCard = new Card(tr("By source and provider"), filled());
    m_table = new ValueTable(tr("Completeness by source"), tableCard);
    m_table->setFittingRows(mostSeries);
    m_table->setColumns(
        {{tr("Source"), {}, false, ColumnWidth::Stretch},
         {tr("Role"), {}, false},
         {tr("Complete through"),
          tr("The last day that is neither cut off nor billed so recently that it may still change"), false},
         {tr("Days"), tr("From the first to the last day with rows"), true},
         {tr("Missing"), tr("Days without rows on which there usually are some"), true},
         {tr("Low"), tr("Days with less than half of what is usual on that weekday"), true},
         {tr("Rows"), {}, true},
         {tr("Cost"), tr("Usage: tokens × price; charges: effective, else billed cost"), true}});
    connect(m_table, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (!key.isEmpty())
            select(key);
    });
    tableCard->setContent(m_table);
    column->addWidget(tableCard);
    m_figureCard = new Card({}, filled());
    m_measure = new SegmentedSwitch(tr("Measure"), m_figureCard);
    m_measure->addOption(QStringLiteral("rows"), tr("Rows"));
    m_measure->addOption(QStringLiteral("requests"), tr("Requests"));
    m_measure->addOption(QStringLiteral("tokens"), tr("Tokens"));
    m_measure->addOption(QStringLiteral("money"), tr("Cost"));
    connect(m_measure, &SegmentedSwitch::currentChanged, this, &CompletenessView::showSeries);
    m_figureCard->addControl(m_measure);
    m_figure = new FigureView(m_figureCard);
    m_figure->setMinimumHeight(figureHeight);
    connect(m_figure, &FigureView::exportRequested, this, [this] { window().exportFigure(m_figure->figure()); });
    m_figureCard->setContent(m_figure);
    column->addWidget(m_figureCard);
    column->addStretch(1);
}

void CompletenessView::buildInspector()
{
    QVBoxLayout *rows = inspectorRows();
    QWidget *content = rows->parentWidget();
    m_facts = addInspectorText();
    m_listed = new SegmentedSwitch(tr("Which days"), content);
    m_listed->addOption(QStringLiteral("odd"), tr("Odd days"));
    m_listed->addOption(QStringLiteral("all"), tr("All days"));
    connect(m_listed, &SegmentedSwitch::currentChanged, this, &CompletenessView::showSeries);
    m_dayTable = new ValueTable(tr("Days"), content);
    m_dayTable->setCompact(true);
    m_dayTable->setFittingRows(mostDays);
    m_dayTable->setColumns({{tr("Day"), {}, false},
                            {tr("Rows"), {}, true},
                            {tr("Cost"), {}, true},
                            {tr("State"), {}, false, ColumnWidth::Stretch}});
    connect(m_dayTable, &ValueTable::activated, this, [this](const QString &key) {
        if (const DaySeries *series = seriesOf(m_selected))
            openDay(*series, QDate::fromString(key, Qt::ISODate));
    });
    rows->addWidget(m_listed, 0, Qt::AlignLeft);
    rows->addWidget(m_dayTable);
    rows->addStretch();
}

const DaySeries *CompletenessView::seriesOf(const QString &key) const
{
    if (!m_days)
        return nullptr;
    const auto found = std::find_if(m_days->series.begin(), m_days->series.end(),
                                    [&key](const DaySeries &series) { return keyOf(series) == key; });
    return found == m_days->series.end() ? nullptr : &*found;
}

QString CompletenessView::nameOf(const DaySeries &series) const
{
    const QString name = series.name.empty() ? tr("(no provider)") : toQt(series.name);
    for (const Source &source : document().sources()) {
        if (series.source != 0 && source.id == series.source)
            return QStringLiteral("%1 · %2").arg(toQt(source.file), name);
    }
    return name;
}

QString CompletenessView::moneyOf(const DaySeries &series, Money amount) const
{
    const Baseline &ledger = *document().history()->ledger;
    const std::string &currency = series.role == SourceRole::Usage ? ledger.currency() : ledger.ledger().currency;
    return toQt(moneyText(amount.toFemto(), currency));
}

/// What has no price is unknown, never nothing.
ValueCell CompletenessView::moneyCell(const DaySeries &series, Money amount, std::int64_t unpricedTokens) const
{
    if (series.role == SourceRole::Outcome)
        return ValueCell::unknown(tr("counts have no cost"));
    const QString without = tr("%1 tokens have no price").arg(toQt(countText(unpricedTokens)));
    if (amount.isZero() && unpricedTokens > 0)
        return ValueCell::unknown(without);
    ValueCell cell = ValueCell::ofNumber(moneyOf(series, amount), amount.approximate(),
                                         unpricedTokens > 0 ? CellTone::Warning : CellTone::Normal);
    cell.exact = toQt(amount.text());
    cell.toolTip = unpricedTokens > 0 ? cell.exact + QLatin1Char('\n') + without : cell.exact;
    return cell;
}

void CompletenessView::refresh()
{
    m_days = facts().completeness();
    if (showFilled(m_days != nullptr, m_days && !m_days->series.empty(), tr("Looking at every day…"),
                   tr("The active sources hold no rows."))) {
        if (!seriesOf(m_selected))
            m_selected = keyOf(m_days->series.front());
        showSummary();
        showStrip();
        showTable();
    }
    showSeries();
}

void CompletenessView::showSummary()
{
    std::int64_t missing = 0;
    std::int64_t low = 0;
    for (const DaySeries &series : m_days->series) {
        missing += series.count(DayState::Missing);
        low += series.count(DayState::Low);
    }
    QStringList sentences;
    sentences << (missing + low == 0
                      ? tr("No day is missing.")
                      : tr("%1 missing, %2 far below what is usual on its weekday.")
                            .arg(counted(static_cast<std::size_t>(missing), tr("1 day is"), tr("%1 days are")),
                                 grouped(low)));
    if (m_days->settledUntil && *m_days->settledUntil < m_days->period.to) {
        QStringList names;
        for (const std::string &name : m_days->settledBy)
            names << (name.empty() ? tr("(no provider)") : toQt(name));
        sentences << tr("Unit costs are settled through %1; those of later days are provisional (%2).")
                         .arg(throughText(m_days->settledUntil), names.join(QStringLiteral(", ")));
    } else if (m_days->settledUntil) {
        sentences << tr("Unit costs are settled through %1, the last day.").arg(throughText(m_days->settledUntil));
    }
    if (m_days->otherCharges > 0)
        sentences
            << tr("Taxes, credits, purchases and adjustments (%1 charges, %2) say nothing about days and are left out.")
                   .arg(
                       grouped(m_days->otherCharges),
                       toQt(moneyText(m_days->otherAmount.toFemto(), document().history()->ledger->ledger().currency)));
    m_summary->setText(unbroken(sentences.join(QLatin1Char(' '))));
}

QString CompletenessView::dayText(const DaySeries &series, const SeriesDay &day) const
{
    QStringList lines{QLocale().toString(dateOf(day.day), QLocale::LongFormat), stateText(day.state)};
    const QString cost = day.money.isZero() && day.unpricedTokens > 0 ? tr("cost n/a") : moneyOf(series, day.money);
    if (series.isBill)
        lines << tr("%1 lines, %2 tokens, %3").arg(grouped(day.rows), toQt(countText(day.tokens)), cost);
    else if (series.role == SourceRole::Usage)
        lines << tr("%1 rows, %2 requests, %3").arg(grouped(day.rows), grouped(day.requests), cost);
    else if (series.role == SourceRole::Outcome)
        lines << tr("%1 rows").arg(grouped(day.rows));
    else
        lines << tr("%1 charges, %2").arg(grouped(day.rows), moneyOf(series, day.money));
    if (day.unpricedTokens > 0)
        lines << tr("%1 tokens have no price").arg(toQt(countText(day.unpricedTokens)));
    if (day.usual && series.isBill)
        lines << tr("usual: %1 tokens").arg(toQt(countText(static_cast<std::int64_t>(*day.usual))));
    else if (day.usual && series.role == SourceRole::Usage)
        lines << tr("usual: %1 requests").arg(grouped(static_cast<std::int64_t>(*day.usual)));
    else if (day.usual && series.role != SourceRole::Outcome)
        lines << tr("usual: %1").arg(moneyOf(series, Money::ofUnits(*day.usual)));
    return lines.join(QLatin1Char('\n'));
}

void CompletenessView::showStrip()
{
    const QDate first = dateOf(m_days->period.from);
    std::vector<DayStripRow> rows;
    for (const DaySeries &series : m_days->series) {
        DayStripRow row;
        row.key = keyOf(series);
        row.label = nameOf(series);
        row.detail = tr("%1 · to %2").arg(roleName(series.role), throughText(series.completeUntil));
        row.firstDay = static_cast<int>(first.daysTo(dateOf(series.days.front().day)));
        double largest = 0;
        for (const SeriesDay &day : series.days)
            largest = std::max(largest, amountOfDay(series, day));
        for (const SeriesDay &day : series.days)
            row.cells.push_back({largest > 0 ? static_cast<float>(amountOfDay(series, day) / largest) : 0,
                                 markOf(day.state), dayText(series, day)});
        rows.push_back(std::move(row));
    }
    m_strip->setRows(first, static_cast<int>(dayOf({m_days->period.to.micros - 1}) - dayOf(m_days->period.from) + 1),
                     std::move(rows));
    m_strip->setFixedHeight(m_strip->sizeHint().height());
    m_strip->setCurrentKey(m_selected);
}

void CompletenessView::showTable()
{
    std::vector<ValueRow> rows;
    for (const DaySeries &series : m_days->series) {
        ValueCell through = ValueCell::ofText(throughText(series.completeUntil));
        if (!series.completeUntil)
            through.tone = CellTone::Warning;
        std::int64_t unpriced = 0;
        for (const SeriesDay &day : series.days)
            unpriced += day.unpricedTokens;
        const ValueCell money = moneyCell(series, series.money, unpriced);
        rows.push_back(
            {keyOf(series),
             {ValueCell::ofText(nameOf(series), CellTone::Emphasis), ValueCell::ofText(roleName(series.role)), through,
              countCell(static_cast<std::int64_t>(series.days.size()), CellTone::Normal),
              countCell(series.count(DayState::Missing), CellTone::Unfavourable),
              countCell(series.count(DayState::Low), CellTone::Warning), countCell(series.rows, CellTone::Normal),
              money}});
    }
    m_table->setRows(std::move(rows));
    m_table->setCurrentKey(m_selected);
}

void CompletenessView::select(const QString &key)
{
    m_selected = key;
    m_strip->setCurrentKey(key);
    m_table->setCurrentKey(key);
    showSeries();
}

void CompletenessView::showSeries()
{
    const DaySeries *series = seriesOf(m_selected);
    m_listed->setVisible(series != nullptr);
    m_dayTable->setVisible(series != nullptr);
    if (!series) {
        inspectorTitle()->setText(tr("No source is selected"));
        m_facts->clear();
        return;
    }
    inspectorTitle()->setText(nameOf(*series));
    m_facts->setText(tr("%1, %2 to %3. Complete through %4.")
                         .arg(roleName(series->role), toQt(formatDate(series->days.front().day)),
                              toQt(formatDate(series->days.back().day)), throughText(series->completeUntil)));
    showDays(*series);
    showFigure(*series);
}

void CompletenessView::showDays(const DaySeries &series)
{
    const bool all = m_listed->current() == QLatin1String("all");
    m_dayTable->setEmptyText(tr("Nothing is odd about any day."));
    std::vector<ValueRow> rows;
    for (const SeriesDay &day : series.days) {
        const bool odd = day.state != DayState::Full && day.state != DayState::Quiet;
        if (!all && !odd)
            continue;
        ValueCell state = ValueCell::ofText(shortState(day.state), toneOf(day.state));
        state.toolTip = dayText(series, day);
        const QDate date = dateOf(day.day);
        ValueCell shown = ValueCell::ofText(date.toString(Qt::ISODate));
        shown.toolTip = QLocale().toString(date, QLocale::LongFormat);
        const ValueCell money = moneyCell(series, day.money, day.unpricedTokens);
        rows.push_back({date.toString(Qt::ISODate), {shown, countCell(day.rows, CellTone::Normal), money, state}});
    }
    m_dayTable->setRows(std::move(rows));
}

void CompletenessView::showFigure(const DaySeries &series)
{
    const bool isUsage = series.role == SourceRole::Usage;
    m_measure->setOptionEnabled(QStringLiteral("requests"), isUsage && !series.isBill);
    m_measure->setOptionEnabled(QStringLiteral("tokens"), series.isBill);
    m_measure->setOptionEnabled(QStringLiteral("money"), series.role != SourceRole::Outcome);
    const bool requests = m_measure->current() == QLatin1String("requests") && isUsage && !series.isBill;
    const bool tokens = m_measure->current() == QLatin1String("tokens") && series.isBill;
    const bool money = m_measure->current() == QLatin1String("money") && series.role != SourceRole::Outcome;
    Figure figure;
    figure.kind = FigureKind::Lines;
    figure.timeAxis = true;
    const Baseline &ledger = *document().history()->ledger;
    figure.format = money ? ValueFormat::Money : ValueFormat::Count;
    figure.currency = isUsage ? ledger.currency() : ledger.ledger().currency;
    figure.title = fromQt(nameOf(series));
    figure.subtitle = fromQt(money      ? tr("Cost a day")
                             : requests ? tr("Requests a day")
                             : tokens   ? tr("Tokens a day")
                                        : tr("Rows a day"));
    FigureSeries line;
    line.name = figure.subtitle;
    line.role = SeriesRole::Actual;
    for (const SeriesDay &day : series.days) {
        FigurePoint point;
        point.x = static_cast<double>(day.day.micros / microsPerSecond);
        const std::int64_t count = requests ? day.requests : tokens ? day.tokens : day.rows;
        point.y = money ? day.money.approximate() : static_cast<double>(count);
        point.exact = money ? day.money.text() : std::to_string(count);
        line.points.push_back(std::move(point));
    }
    figure.series.push_back(std::move(line));
    const std::int64_t missing = series.count(DayState::Missing);
    if (missing > 0)
        figure.notes.push_back(
            fromQt(counted(static_cast<std::size_t>(missing), tr("1 day is missing."), tr("%1 days are missing."))));
    if (series.completeUntil && *series.completeUntil <= series.days.back().day)
        figure.marks.push_back({true, static_cast<double>(series.completeUntil->micros / microsPerSecond),
                                fromQt(tr("complete until here"))});
    figure.summary = fromQt(tr("%1: %2 days, %3 missing, complete through %4.")
                                .arg(nameOf(series))
                                .arg(series.days.size())
                                .arg(missing)
                                .arg(throughText(series.completeUntil)));
    m_figure->setFigure(figure);
}

void CompletenessView::openDay(const DaySeries &series, QDate day) const
{
    if (series.role == SourceRole::Outcome || !day.isValid())
        return;
    const std::int64_t start = QDate(1970, 1, 1).daysTo(day) * microsPerDay;
    RowFilter filter;
    // A line of a bill stands where its period begins, which may be days before.
    const Instant from = series.isBill ? rowsFromOf(series, {start}) : Instant{start};
    filter.period = Period{from, {start + microsPerDay}};
    filter.scope.conditions["provider"] = {series.name};
    if (series.source != 0)
        filter.sources = {series.source};
    else
        filter.scope.conditions["category"] = {"Usage"};
    showRows(series.role == SourceRole::Usage     ? RowKind::Requests
             : series.role == SourceRole::Invoice ? RowKind::Invoices
                                                  : RowKind::Harness,
             filter);
}

} // namespace perunit
