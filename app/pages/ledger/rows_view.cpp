// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/rows_view.h"

#include "app/pages/choices.h"
#include "app/pages/ledger/provisional_note.h"
#include "app/pages/ledger/row_export.h"
#include "app/pages/ledger/row_filter_bar.h"
#include "app/pages/ledger/row_source.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/shell/file_dialogs.h"
#include "model/figures/figure_builder.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/inputs/search_field.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/long_table.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int pollMillis = 100;
constexpr int mostFields = 40;

std::size_t indexOf(RowKind kind)
{
    return static_cast<std::size_t>(kind);
}

QString grouped(std::int64_t number)
{
    return QLocale().toString(qlonglong{number});
}

SourceRole roleOf(RowKind kind)
{
    return kind == RowKind::Requests   ? SourceRole::Usage
           : kind == RowKind::Invoices ? SourceRole::Invoice
                                       : SourceRole::Harness;
}

const std::shared_ptr<const std::vector<ChargeRow>> &chargesOf(const Ledger &ledger, RowKind kind)
{
    return kind == RowKind::Invoices ? ledger.invoices : ledger.harness;
}

/// Values of the dimensions of charges, most frequent first.
ScopeValues chargeValues(const std::vector<ChargeRow> &charges)
{
    constexpr std::size_t mostValues = 500;
    ScopeValues result;
    for (const std::string &name : chargeDimensions(charges)) {
        std::map<std::string, int> counts;
        for (const ChargeRow &charge : charges)
            ++counts[chargeText(charge, name)];
        counts.erase(std::string());
        if (counts.size() > mostValues)
            continue;
        std::vector<std::pair<std::string, int>> values(counts.begin(), counts.end());
        std::stable_sort(values.begin(), values.end(),
                         [](const auto &a, const auto &b) { return a.second > b.second; });
        for (const auto &[value, count] : values)
            result[name].emplace_back(value, RowsView::tr("%1 charges").arg(count));
    }
    return result;
}

} // namespace

RowsView::RowsView(const LedgerContext &context, QWidget *parent)
    : FramedView(context, parent)
    , m_poll(new QTimer(this))
{
    buildFilled();
    buildInspector();
    m_poll->setInterval(pollMillis);
    connect(m_poll, &QTimer::timeout, this, &RowsView::showProgress);
    for (JobRunner *job : {&m_findJob, &m_exportJob})
        connect(job, &JobRunner::busyChanged, this, &RowsView::showProgress);
}

void RowsView::buildFilled()
{
    auto *outer = new QVBoxLayout(filled());
    outer->setContentsMargins(0, 0, 0, 0);
    auto *card = new Card({}, filled());
    outer->addWidget(card);
    auto *content = new QWidget(card);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    auto *head = new QHBoxLayout;
    head->setSpacing(Theme::space2);
    m_kinds = new SegmentedSwitch(tr("Kind of rows"), content);
    m_kinds->addOption(QStringLiteral("requests"), tr("Requests"), {},
                       tr("Rows of usage, at the prices of their time"));
    m_kinds->addOption(QStringLiteral("invoices"), tr("Invoices"), {}, tr("Charges that usage is tied to"));
    m_kinds->addOption(QStringLiteral("harness"), tr("Harness"), {}, tr("Charges beside the models"));
    connect(m_kinds, &SegmentedSwitch::currentChanged, this, &RowsView::kindChosen);
    m_columns = new QPushButton(themedIcon(QStringLiteral("table")), tr("Columns"), content);
    connect(m_columns, &QPushButton::clicked, this, &RowsView::showColumnMenu);
    m_export = new QPushButton(themedIcon(QStringLiteral("export")), tr("Export…"), content);
    m_export->setToolTip(tr("Writes the listed rows with these columns to a CSV file"));
    connect(m_export, &QPushButton::clicked, this, &RowsView::chooseExport);
    m_job = new JobStrip(content);
    connect(m_job, &JobStrip::cancelRequested, this, [this] {
        m_exportJob.cancel();
        showProgress();
    });
    head->addWidget(m_kinds);
    head->addStretch(1);
    head->addWidget(m_job);
    head->addWidget(m_columns);
    head->addWidget(m_export);
    rows->addLayout(head);
    m_bar = new RowFilterBar(content);
    connect(m_bar, &RowFilterBar::filterEdited, this, [this](const RowFilter &filter) {
        m_filters[indexOf(m_kind)] = filter;
        find(true);
    });
    rows->addWidget(m_bar);
    m_sums = newLabel({}, "body", content);
    m_sums->setWordWrap(true);
    m_sums->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    rows->addWidget(m_sums);
    m_list = new LongTable(tr("Rows"), content);
    connect(m_list, &LongTable::sortRequested, this, &RowsView::sortWanted);
    connect(m_list, &LongTable::currentRowChanged, this, &RowsView::showRow);
    connect(m_list, &LongTable::menuRequested, this, &RowsView::showCellMenu);
    connect(m_list, &LongTable::tooManyToCopy, this, [this](qint64 count) {
        window().showMessage(
            MessageKind::Warning,
            tr("%1 rows are too many to copy; at most %2 are.").arg(grouped(count), grouped(LongTable::mostCopied)),
            tr("Export…"), [this] { chooseExport(); });
    });
    connect(m_bar->search(), &SearchField::leaveRequested, this, [this] { m_list->view()->setFocus(); });
    rows->addWidget(m_list, 1);
    card->setContent(content);
}

void RowsView::buildInspector()
{
    QVBoxLayout *rows = inspectorRows();
    QWidget *content = rows->parentWidget();
    m_priceTitle = newLabel(tr("How its cost is made"), "caption", content);
    m_priceLines = new ValueTable(tr("Tokens × price"), content);
    m_priceLines->setCompact(true);
    m_priceLines->setFittingRows(mostFields);
    m_priceLines->setFixedOrder(true);
    m_priceLines->setColumns({{tr("Class"), {}, false, ColumnWidth::Stretch},
                              {tr("Count"), {}, true},
                              {tr("Price"), tr("Per million tokens, or per event"), true},
                              {tr("Cost"), tr("Count × price"), true}});
    m_rowFields = new ValueTable(tr("Values of the row"), content);
    m_rowFields->setCompact(true);
    m_rowFields->setFittingRows(mostFields);
    m_rowFields->setFixedOrder(true);
    m_rowFields->setColumns({{tr("Field"), {}, false}, {tr("Value"), {}, false, ColumnWidth::Stretch}});
    rows->addWidget(m_priceTitle);
    rows->addWidget(m_priceLines);
    rows->addWidget(m_rowFields);
    rows->addStretch();
    showRow(-1);
}

bool RowsView::isReady() const
{
    return LedgerView::isReady() && !m_findJob.isBusy() && !m_exportJob.isBusy();
}

const RowFilter &RowsView::filter() const
{
    return m_filters[indexOf(m_kind)];
}

void RowsView::show(RowKind kind, const RowFilter &filter)
{
    m_kind = kind;
    m_filters[indexOf(kind)] = filter;
    m_orders[indexOf(kind)] = {};
    m_tableOf = nullptr;
    refresh();
}

void RowsView::kindChosen()
{
    m_kind = m_kinds->current() == QLatin1String("invoices")  ? RowKind::Invoices
             : m_kinds->current() == QLatin1String("harness") ? RowKind::Harness
                                                              : RowKind::Requests;
    refresh();
}

void RowsView::refresh()
{
    const auto history = document().history();
    if (!showFilled(history != nullptr, true, tr("Computing…"), {}))
        return;
    const Ledger &ledger = history->ledger->ledger();
    m_kinds->setOptionEnabled(QStringLiteral("invoices"), ledger.invoices && !ledger.invoices->empty());
    m_kinds->setOptionEnabled(QStringLiteral("harness"), ledger.harness && !ledger.harness->empty());
    constexpr std::array<const char *, 3> ids{"requests", "invoices", "harness"};
    m_kinds->setCurrent(QLatin1String(ids[indexOf(m_kind)]));
    m_bar->setFilter(filter());
    updateTable();
}

/// A table lists one history; another one, or another kind, needs another table.
void RowsView::updateTable()
{
    const auto history = document().history();
    const void *wanted = m_kind == RowKind::Requests
                             ? static_cast<const void *>(history->ledger.get())
                             : static_cast<const void *>(chargesOf(history->ledger->ledger(), m_kind).get());
    if (m_tableOf == wanted && m_table) {
        // The same rows, but what is known about their days may be new.
        showSums();
        return;
    }
    m_findJob.cancel();
    m_table = makeTable();
    m_tableOf = m_table ? wanted : nullptr;
    // Numbers of rows mean nothing in another table.
    m_found.reset();
    m_shown.reset();
    m_list->setEmptyText(m_table ? QString() : tr("Computing the cost of every request…"));
    m_list->setContents({}, nullptr, false);
    showRow(-1);
    updateChoices();
    if (m_table) {
        loadColumns();
        find(true);
    } else {
        showSums();
    }
}

std::shared_ptr<const RowTable> RowsView::makeTable()
{
    std::map<std::int64_t, std::string> names;
    for (const Source &source : document().sources())
        names[source.id] = source.file;
    if (m_kind == RowKind::Requests) {
        const auto costs = facts().costs();
        if (!costs)
            return nullptr;
        return requestTable(costs, std::move(names));
    }
    const Ledger &ledger = document().history()->ledger->ledger();
    const auto &charges = chargesOf(ledger, m_kind);
    return charges ? chargeTable(charges, ledger.currency, std::move(names)) : nullptr;
}

void RowsView::updateChoices()
{
    std::vector<ChoiceItem> sources;
    if (m_kind == RowKind::Requests) {
        // Of dimensions with very many values there is no list, but rows without one can still be asked for.
        ScopeValues values = scopeValues(document());
        for (const DimensionColumn &column : document().history()->ledger->ledger().workload->dimensions)
            values[column.name];
        m_bar->setValues(std::move(values));
        for (const Source &source : document().sources()) {
            if (source.active && source.role == SourceRole::Usage)
                sources.push_back({std::to_string(source.id), toQt(source.file), {}});
        }
        m_bar->setUnpricedText(tr("Only without price"));
    } else {
        const auto &charges = chargesOf(document().history()->ledger->ledger(), m_kind);
        m_bar->setValues(charges ? chargeValues(*charges) : ScopeValues{});
        for (const Source &source : document().sources()) {
            // A bill that plays usage has lines of every kind.
            const bool everywhere = source.isBill && source.role == SourceRole::Usage;
            if (source.active && (source.role == roleOf(m_kind) || everywhere))
                sources.push_back({std::to_string(source.id), toQt(source.file), {}});
        }
        m_bar->setUnpricedText(tr("Only without amount"));
    }
    m_bar->setSources(sources);
}

// ---- finding and sorting ----------------------------------------------------------------------------------

/// Looks for the rows of the filter, or only brings those that were found into another order.
void RowsView::find(bool again)
{
    if (!m_table)
        return;
    if (again)
        m_found.reset();
    auto progress = std::make_shared<RowProgress>();
    m_findProgress = progress;
    const Order order = m_orders[indexOf(m_kind)];
    const auto field = m_table->fieldNamed(order.field);
    m_findJob.start([this, table = m_table, filter = filter(), found = m_found, order, field,
                     progress](const std::stop_token &stop) -> JobRunner::Delivery {
        Arranged arranged{table, found, nullptr, std::nullopt};
        if (!found) {
            auto filtered = table->filter(filter, progress.get(), stop);
            if (filtered)
                arranged.found = std::make_shared<const FilteredRows>(std::move(*filtered));
            else
                arranged.problem = filtered.error();
        }
        if (arranged.found) {
            arranged.rows = std::shared_ptr<const RowSelection>(arranged.found, &arranged.found->rows);
            if (field) {
                auto sorted = table->sorted(arranged.found->rows, *field, order.falling, progress.get(), stop);
                if (sorted)
                    arranged.rows = std::make_shared<const RowSelection>(std::move(*sorted));
                else
                    arranged.problem = sorted.error();
            }
        }
        return [this, arranged] {
            take(arranged);
        };
    });
    showSums();
}

void RowsView::take(const Arranged &arranged)
{
    if (arranged.table != m_table)
        return;
    if (arranged.problem) {
        if (arranged.problem->code != ErrorCode::Cancelled)
            window().showMessage(MessageKind::Error, errorText(*arranged.problem));
        return;
    }
    m_found = arranged.found;
    m_shown = arranged.rows;
    m_list->setEmptyText(filter().isEverything() ? tr("There are no such rows.") : tr("No row passes this filter."));
    showRowsOf(false);
    showSums();
}

void RowsView::showRowsOf(bool stay)
{
    m_fields.clear();
    std::vector<ValueColumn> columns;
    const Order &order = m_orders[indexOf(m_kind)];
    int sorted = -1;
    for (std::size_t i = 0; i < m_table->fields().size(); ++i) {
        const std::string &id = m_table->fields()[i].id;
        if (m_hidden.contains(id))
            continue;
        if (id == order.field)
            sorted = static_cast<int>(m_fields.size());
        m_fields.push_back(i);
        columns.push_back(fieldColumn(*m_table, i));
    }
    m_list->setContents(std::move(columns), std::make_shared<RowSource>(m_table, m_shown, m_fields), stay);
    m_list->setSortShown(sorted, order.falling ? Qt::DescendingOrder : Qt::AscendingOrder);
    showRow(-1);
}

void RowsView::sortWanted(int column, Qt::SortOrder order)
{
    Order next;
    if (column >= 0 && column < static_cast<int>(m_fields.size()))
        next = {m_table->fields()[m_fields[static_cast<std::size_t>(column)]].id, order == Qt::DescendingOrder};
    m_orders[indexOf(m_kind)] = next;
    find(false);
}

// ---- what is said about them ------------------------------------------------------------------------------

QStringList RowsView::sumTexts() const
{
    const RowSums &sums = m_found->sums;
    const Baseline &baseline = *document().history()->ledger;
    const std::string &recorded = baseline.ledger().currency;
    QStringList texts;
    const auto add = [&texts](const std::optional<Money> &amount, const QString &what, const std::string &currency) {
        if (amount)
            texts << what.arg(toQt(moneyText(amount->toFemto(), currency)));
    };
    if (m_kind == RowKind::Requests) {
        if (sums.requests != sums.rows)
            texts << tr("%1 requests").arg(grouped(sums.requests));
        texts << tr("%1 tokens").arg(toQt(countText(sums.tokens)));
        add(sums.priced, tr("%1 at the prices of their time"), baseline.currency());
        if (!sums.priced && sums.unpricedTokens > 0)
            texts << tr("cost n/a");
        if (sums.unpricedTokens > 0)
            texts << tr("+ %1 tokens without a price").arg(toQt(countText(sums.unpricedTokens)));
        add(sums.recorded, tr("%1 as recorded"), recorded);
    } else {
        add(sums.billed, tr("%1 billed"), recorded);
        add(sums.effective, tr("%1 effective"), recorded);
        add(sums.list, tr("%1 list"), recorded);
        add(sums.contracted, tr("%1 contracted"), recorded);
    }
    return texts;
}

/// The first day among the listed rows that may still change.
std::optional<Instant> RowsView::provisionalDay() const
{
    const auto days = facts().completeness();
    if (!days || m_found->rows.count == 0)
        return std::nullopt;
    const auto providers = filter().scope.conditions.find("provider");
    const auto takesPart = [&](const DaySeries &series) {
        const auto &sources = filter().sources;
        const bool ofSource = sources.empty() || series.source == 0
                              || std::find(sources.begin(), sources.end(), series.source) != sources.end();
        return series.role == roleOf(m_kind) && ofSource
               && (providers == filter().scope.conditions.end()
                   || std::find(providers->second.begin(), providers->second.end(), series.name)
                          != providers->second.end());
    };
    const Period wanted = filter().period.value_or(Period{{INT64_MIN}, {INT64_MAX}});
    if (m_kind != RowKind::Requests)
        return provisionalFrom(*days, wanted, takesPart);
    // Requests are found in order of time. A line of a bill goes on behind its own.
    const auto &time = document().history()->ledger->ledger().workload->time;
    const RowSelection &rows = m_found->rows;
    const Period found{{time[rows.row(0)]}, {time[rows.row(rows.count - 1)] + 1}};
    const auto counted =
        provisionalFrom(*days, found, [&](const DaySeries &series) { return !series.isBill && takesPart(series); });
    const auto billed =
        provisionalFrom(*days, wanted, [&](const DaySeries &series) { return series.isBill && takesPart(series); });
    return counted && billed ? std::min(*counted, *billed) : counted ? counted : billed;
}

void RowsView::showSums()
{
    m_export->setEnabled(m_found && m_found->rows.count > 0);
    if (!m_found) {
        m_sums->setText(m_table ? tr("Looking…") : tr("Computing…"));
        return;
    }
    const Ledger &ledger = document().history()->ledger->ledger();
    const std::size_t all = m_kind == RowKind::Requests ? ledger.workload->size() : chargesOf(ledger, m_kind)->size();
    const auto count = static_cast<std::int64_t>(m_found->rows.count);
    const QString rows = m_found->rows.count == all
                             ? tr("%1 rows").arg(grouped(count))
                             : tr("%1 of %2 rows").arg(grouped(count), grouped(static_cast<std::int64_t>(all)));
    QStringList texts{rows};
    texts << sumTexts();
    if (const QString note = provisionalNote(provisionalDay()); !note.isEmpty())
        texts << note;
    m_sums->setText(texts.join(QStringLiteral(" · ")));
    QStringList exact;
    const RowSums &sums = m_found->sums;
    const std::string &recorded = ledger.currency;
    const std::string &priced = document().history()->ledger->currency();
    for (const auto &[name, amount, currency] :
         {std::tuple(tr("Priced"), sums.priced, priced), std::tuple(tr("Recorded"), sums.recorded, recorded),
          std::tuple(tr("Billed"), sums.billed, recorded), std::tuple(tr("Effective"), sums.effective, recorded),
          std::tuple(tr("List"), sums.list, recorded), std::tuple(tr("Contracted"), sums.contracted, recorded)}) {
        if (amount)
            exact << QStringLiteral("%1: %2 %3").arg(name, toQt(amount->text()), toQt(currency));
    }
    m_sums->setToolTip(exact.join(QLatin1Char('\n')));
}

void RowsView::showProgress()
{
    const bool exporting = m_exportJob.isBusy();
    if (exporting || m_findJob.isBusy())
        m_poll->start();
    else
        m_poll->stop();
    m_job->setCancellable(exporting);
    if (exporting)
        m_job->showProgress(tr("Export"), m_exportProgress->done, m_exportProgress->total, m_exportProgress->done);
    else if (m_findJob.isBusy() && !m_found)
        m_job->showBusy(tr("Filter"));
    else if (m_findJob.isBusy())
        m_job->showBusy(tr("Sort"));
    else
        m_job->showIdle();
}

void RowsView::showRow(int row)
{
    const bool any = row >= 0 && m_table && m_shown && static_cast<std::size_t>(row) < m_shown->count;
    m_rowFields->setVisible(any);
    m_priceLines->setVisible(any && m_kind == RowKind::Requests);
    m_priceTitle->setVisible(any && m_kind == RowKind::Requests);
    if (!any) {
        inspectorTitle()->setText(tr("No row is selected"));
        return;
    }
    const std::size_t ledgerRow = m_shown->row(static_cast<std::size_t>(row));
    inspectorTitle()->setText(m_kind == RowKind::Requests ? tr("Request") : tr("Charge"));
    std::vector<ValueRow> fields;
    for (std::size_t i = 0; i < m_table->fields().size(); ++i) {
        const std::string exact = m_table->exactText(ledgerRow, i);
        const RowField &what = m_table->fields()[i];
        if (exact.empty() || (what.kind == FieldKind::Count && exact == "0"))
            continue;
        ValueCell value = fieldCell(*m_table, ledgerRow, i);
        if (what.kind == FieldKind::Money)
            value.text = toQt(exact + " " + m_table->currency(i));
        value.tone = CellTone::Normal;
        fields.push_back({toQt(what.id), {ValueCell::ofText(fieldLabel(what.id), CellTone::Secondary), value}});
    }
    m_rowFields->setRows(std::move(fields));
    if (m_kind != RowKind::Requests || !facts().costs())
        return;
    const RequestCosts &costs = *facts().costs();
    const std::string &currency = costs.baseline().currency();
    std::vector<ValueRow> lines;
    for (const RequestCosts::Line &line : costs.lines(ledgerRow)) {
        const auto price = line.price ? std::optional(static_cast<std::int64_t>(line.price->units())) : std::nullopt;
        lines.push_back(
            {toQt(nameOf(line.usageClass)),
             {ValueCell::ofText(className(line.usageClass)),
              ValueCell::ofNumber(grouped(line.count), static_cast<double>(line.count)),
              priceCell(line.usageClass, price, tr("no price is known")), costCell(line.cost(), currency)}});
    }
    m_priceLines->setRows(std::move(lines));
}

// ---- copying, files ---------------------------------------------------------------------------------------

void RowsView::showCellMenu(int row, int column, const QPoint &at)
{
    QMenu menu(this);
    menu.addAction(themedIcon(QStringLiteral("copy")), tr("Copy rows"), QKeySequence::Copy, m_list, &LongTable::copy);
    menu.addAction(tr("Copy cell"), this, [this, row, column] { m_list->copyCell(row, column); });
    const std::size_t field = m_fields[static_cast<std::size_t>(column)];
    const RowField what = m_table->fields()[field];
    const bool isDimension =
        what.kind == FieldKind::Text && what.id != "source" && what.id != "quantity" && what.id != "unit";
    if (isDimension) {
        const std::string value = m_table->value(m_shown->row(static_cast<std::size_t>(row)), field).text;
        menu.addSeparator();
        menu.addAction(value.empty() ? tr("Only rows without %1").arg(fieldLabel(what.id))
                                     : tr("Only %1: %2").arg(fieldLabel(what.id), toQt(value)),
                       this, [this, what, value] {
                           RowFilter next = filter();
                           next.scope.conditions[what.id] = {value};
                           m_filters[indexOf(m_kind)] = next;
                           m_bar->setFilter(next);
                           find(true);
                       });
    }
    menu.exec(at);
}

void RowsView::chooseExport()
{
    if (!m_found)
        return;
    const QString name = m_kind == RowKind::Requests   ? tr("requests")
                         : m_kind == RowKind::Invoices ? tr("invoice charges")
                                                       : tr("harness charges");
    const QString path = askFileToSave(this, tr("Export rows"), name, {{tr("CSV"), QStringLiteral("csv")}});
    if (!path.isEmpty())
        exportTo(path);
}

void RowsView::exportTo(const QString &path)
{
    auto progress = std::make_shared<RowProgress>();
    progress->total = static_cast<std::int64_t>(m_shown->count);
    m_exportProgress = progress;
    m_exportJob.start([this, table = m_table, rows = m_shown, fields = m_fields, path,
                       progress](const std::stop_token &stop) -> JobRunner::Delivery {
        const Status status = writeRows(*table, *rows, fields, path, *progress, stop);
        return [this, status, path, count = static_cast<std::int64_t>(rows->count)] {
            if (status)
                window().showMessage(MessageKind::Success, tr("%1 rows are in %2.").arg(grouped(count), path),
                                     tr("Open"), [path] { openOutside(path); });
            else if (status.error().code != ErrorCode::Cancelled)
                window().showMessage(MessageKind::Error, errorText(status.error()));
        };
    });
}

} // namespace perunit
