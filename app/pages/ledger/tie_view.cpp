// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/tie_view.h"

#include "app/pages/ledger/provisional_note.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/invoice_text.h"
#include "app/shell/edit_controls.h"
#include "model/figures/figure_builder.h"
#include "model/ledger/token_line.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostTies = 16;
constexpr int mostSources = 8;

QString keyOf(const ProviderTie &tie)
{
    return toQt(tie.provider + "\n" + tie.month.text());
}

QString providerText(const ProviderTie &tie)
{
    return tie.provider.empty() ? TieView::tr("(none)") : toQt(tie.provider);
}

ValueCell stateCell(const ProviderTie &tie)
{
    ValueCell cell;
    switch (tie.state) {
    case TieState::Ties:
        cell = ValueCell::ofText(TieView::tr("Ties"), CellTone::Favourable);
        cell.icon = QStringLiteral("check");
        break;
    case TieState::Explained:
        cell = ValueCell::ofText(TieView::tr("Explained"), CellTone::Normal);
        cell.icon = QStringLiteral("check");
        cell.toolTip = TieView::tr("The whole difference has named reasons");
        break;
    case TieState::Open:
        cell = ValueCell::ofText(TieView::tr("Open"), CellTone::Warning);
        cell.icon = QStringLiteral("warning");
        cell.toolTip = TieView::tr("Something has no price, no bill, no usage, or no explanation");
        break;
    }
    cell.sortNumber = static_cast<double>(tie.state);
    return cell;
}

ValueRow rowOf(const ProviderTie &tie, const std::string &currency)
{
    const auto main = mainBucket(tie.parts);
    ValueCell reason = main ? ValueCell::ofText(bucketLabel(*main), CellTone::Secondary)
                            : ValueCell::ofText(TieView::tr("ties exactly"), CellTone::Secondary);
    if (main)
        reason.toolTip = bucketMeaning(*main);
    return {keyOf(tie),
            {ValueCell::ofText(providerText(tie), CellTone::Emphasis), ValueCell::ofText(toQt(tie.month.text())),
             stateCell(tie), billCell(tie.priced, currency, TieView::tr("no usage that has a price")),
             billCell(tie.billed, currency, TieView::tr("no charge")), signedBillCell(tie.difference(), currency),
             billCell(tie.open, currency, {}), reason}};
}

} // namespace

TieView::TieView(const LedgerContext &context, QWidget *parent)
    : FramedView(context, parent)
{
    connect(changesWorkspace(emptyState()->addButton(tr("Import files…"), QStringLiteral("import"), true)),
            &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    connect(emptyState()->addButton(tr("Sources and their roles"), QStringLiteral("ledger")), &QPushButton::clicked,
            this, [this] { window().showView(PageId::Ledger, QStringLiteral("sources")); });
    buildFilled();
    buildInspector();
}

void TieView::buildFilled()
{
    QVBoxLayout *column = scrollingColumn();
    m_summary = newLabel({}, "body", filled());
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    m_invoiceCard = new Card(tr("Priced usage against invoices"), filled());
    m_invoiceCard->setSubtitle(tr("By provider and month; difference = billed − priced"));
    QPushButton *detail = m_invoiceCard->addAction(tr("Reasons and calibration"), QStringLiteral("prices"));
    connect(detail, &QPushButton::clicked, this,
            [this] { window().showView(PageId::Prices, QStringLiteral("invoice")); });
    auto *content = new QWidget(m_invoiceCard);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    m_noInvoice = newLabel({}, "body", content);
    m_noInvoice->setWordWrap(true);
    m_table = new ValueTable(tr("Priced usage against invoices"), content);
    m_table->setFittingRows(mostTies);
    m_table->setColumns({{tr("Provider"), {}, false, ColumnWidth::Stretch},
                         {tr("Month"), {}, false},
                         {tr("Result"), tr("Whether the difference is explained"), false},
                         {tr("Priced"), tr("The usage at contracted prices"), true},
                         {tr("Billed"), tr("On the invoices"), true},
                         {tr("Difference"), tr("Billed − priced"), true},
                         {tr("Open"), tr("What nothing explains; amounts of different models do not cancel out"), true},
                         {tr("Main reason"), tr("The largest part of the difference"), false}});
    connect(m_table, &ValueTable::currentKeyChanged, this, &TieView::showTie);
    connect(m_table, &ValueTable::activated, this,
            [this] { window().showView(PageId::Prices, QStringLiteral("invoice")); });
    rows->addWidget(m_noInvoice);
    rows->addWidget(m_table);
    m_invoiceCard->setContent(content);
    column->addWidget(m_invoiceCard);
    m_recordedCard = new Card(tr("Priced usage against what sources recorded"), filled());
    m_recordedCard->setSubtitle(tr("Requests with a recorded cost and a price; difference = recorded − priced"));
    m_recorded = new ValueTable(tr("Recorded costs"), m_recordedCard);
    m_recorded->setFittingRows(mostSources);
    m_recorded->setColumns(
        {{tr("Source"), {}, false, ColumnWidth::Stretch},
         {tr("Rows"), tr("Requests with a recorded cost and a price"), true},
         {tr("Not recorded"), tr("Requests whose cost was not recorded"), true},
         {tr("Not priced"), tr("Recorded cost of requests that have no price here; not compared"), true},
         {tr("Priced"), tr("The same requests at our prices"), true},
         {tr("Recorded"), {}, true},
         {tr("Difference"), tr("Recorded − priced"), true},
         {tr("Share"), tr("Difference ÷ priced"), true}});
    connect(m_recorded, &ValueTable::activated, this, [this](const QString &key) {
        RowFilter filter;
        filter.sources = {key.toLongLong()};
        showRows(RowKind::Requests, filter);
    });
    m_recordedCard->setContent(m_recorded);
    column->addWidget(m_recordedCard);
    column->addStretch(1);
}

void TieView::buildInspector()
{
    QVBoxLayout *rows = inspectorRows();
    QWidget *content = rows->parentWidget();
    m_parts = new ValueTable(tr("Parts of the difference"), content);
    m_parts->setCompact(true);
    m_parts->setFixedOrder(true);
    m_parts->setFittingRows(static_cast<int>(differenceBucketCount) + 2);
    m_parts->setColumns({{tr("From priced to billed"), {}, false, ColumnWidth::Stretch}, {tr("Amount"), {}, true}});
    rows->addWidget(m_parts);
    m_reasons = addInspectorText();
    m_detail = new QPushButton(themedIcon(QStringLiteral("prices")), tr("Reasons by model"), content);
    connect(m_detail, &QPushButton::clicked, this,
            [this] { window().showView(PageId::Prices, QStringLiteral("invoice")); });
    rows->addWidget(m_detail, 0, Qt::AlignLeft);
    rows->addStretch();
}

bool TieView::isReady() const
{
    return LedgerView::isReady() && !m_job.isBusy();
}

void TieView::refresh()
{
    if (m_history != document().history()) {
        m_history = document().history();
        start();
    }
    show();
}

void TieView::start()
{
    m_job.cancel();
    m_result.reset();
    m_ties.clear();
    m_problem.reset();
    if (!m_history)
        return;
    m_job.start([this, history = m_history](const std::stop_token &stop) -> JobRunner::Delivery {
        auto result = std::make_shared<Result<Reconciliation>>(reconcile(*history->ledger, stop));
        return [this, history, result] {
            if (history != m_history)
                return;
            if (*result) {
                m_result = std::make_shared<const Reconciliation>(std::move(**result));
                m_ties = tiesByProvider(*m_result);
            } else if (result->error().code != ErrorCode::Cancelled) {
                m_problem = result->error();
            }
            show();
        };
    });
}

void TieView::show()
{
    const bool noInvoice = m_problem && m_problem->code == ErrorCode::NotFound;
    const auto recorded = m_history ? facts().recorded() : nullptr;
    const bool nothingToTie = m_history && noInvoice && recorded && recorded->empty();
    emptyState()->setHint(nothingToTie ? tr("Import the bill of your provider, such as a FOCUS export, or a log with a "
                                            "cost column; the source of the bill needs the role “invoice”.")
                                       : QString());
    if (!showFilled(m_history && (!noInvoice || recorded), !nothingToTie, tr("Computing…"),
                    tr("Nothing is there to tie the priced usage to."))) {
        showTie();
        return;
    }
    setTextOrHide(m_noInvoice,
                  noInvoice ? tr("No invoice is there to tie to. Import the bill of your provider, or give the source "
                                 "that holds it the role “invoice” under Sources.")
                  : m_problem ? errorText(*m_problem)
                  : !m_result ? tr("Tying the usage to the invoices…")
                              : QString());
    m_table->setVisible(m_result != nullptr);
    std::vector<ValueRow> rows;
    std::size_t open = 0;
    Money openAmount;
    for (const ProviderTie &tie : m_ties) {
        rows.push_back(rowOf(tie, m_result->currency));
        open += tie.state == TieState::Open ? 1 : 0;
        openAmount += tie.open;
    }
    m_table->setRows(std::move(rows));
    if (m_result && m_table->currentKey().isEmpty() && !m_ties.empty())
        m_table->setCurrentKey(keyOf(m_ties.front()));
    QString summary;
    if (m_result && open == 0)
        summary = tr("Everything billed is explained by the usage and its prices.");
    else if (m_result)
        summary = unbroken(tr("%1 of %2 provider months are open: %3 has no explanation, price, bill or usage.")
                               .arg(open)
                               .arg(m_ties.size())
                               .arg(toQt(moneyText(openAmount.toFemto(), m_result->currency))));
    std::optional<Instant> provisional;
    for (const ProviderTie &tie : m_ties) {
        const auto day = provisionalDay(tie);
        if (day && (!provisional || *day < *provisional))
            provisional = day;
    }
    if (provisional)
        summary += QLatin1Char(' ')
                   + tr("Days from %1 on may still change, and what they take part in with them.")
                         .arg(toQt(formatDate(*provisional)));
    setTextOrHide(m_summary, summary.trimmed());
    showRecorded();
    showTie();
}

void TieView::showRecorded()
{
    const auto recorded = facts().recorded();
    m_recordedCard->setVisible(recorded && !recorded->empty());
    if (!recorded)
        return;
    const std::string &currency = m_history->ledger->currency();
    const auto days = facts().completeness();
    std::vector<ValueRow> rows;
    for (const RecordedTie &tie : *recorded) {
        const auto &sources = document().sources();
        const auto source =
            std::find_if(sources.begin(), sources.end(), [&tie](const Source &each) { return each.id == tie.source; });
        const QString file = source == sources.end() ? QString::number(tie.source) : toQt(source->file);
        ValueCell unpriced = tie.rowsUnpriced > 0 ? billCell(tie.recordedUnpriced, currency, {})
                                                  : ValueCell::ofNumber(QStringLiteral("0"), 0, CellTone::Secondary);
        if (tie.rowsUnpriced > 0) {
            unpriced.tone = CellTone::Warning;
            unpriced.toolTip += QLatin1Char('\n') + tr("%1 rows").arg(toQt(countText(tie.rowsUnpriced)));
        }
        ValueCell name = ValueCell::ofText(file, CellTone::Emphasis);
        if (days)
            name.toolTip =
                provisionalNote(provisionalFrom(*days, {{INT64_MIN}, {INT64_MAX}}, [&tie](const DaySeries &series) {
                    return series.source == tie.source;
                }));
        if (!name.toolTip.isEmpty())
            name.icon = QStringLiteral("warning");
        rows.push_back(
            {QString::number(tie.source),
             {name, ValueCell::ofNumber(toQt(countText(tie.rows)), static_cast<double>(tie.rows)),
              ValueCell::ofNumber(toQt(countText(tie.rowsWithout)), static_cast<double>(tie.rowsWithout),
                                  CellTone::Secondary),
              unpriced, costCell(tie.priced, currency), billCell(tie.recorded, currency, {}),
              signedBillCell(tie.difference(), currency),
              ValueCell::ofText(toQt(changeText(tie.priced, tie.recorded.toFemto())), CellTone::Secondary)}});
    }
    m_recorded->setRows(std::move(rows));
}

const ProviderTie *TieView::selected() const
{
    const auto found =
        std::find_if(m_ties.begin(), m_ties.end(),
                     [key = m_table->currentKey()](const ProviderTie &tie) { return keyOf(tie) == key; });
    return found == m_ties.end() ? nullptr : &*found;
}

/// The first day of the month of a tie that may still change, in its usage or in what is billed for it.
std::optional<Instant> TieView::provisionalDay(const ProviderTie &tie) const
{
    const auto days = facts().completeness();
    if (!days)
        return std::nullopt;
    return provisionalFrom(*days, {tie.month.start(), tie.month.plus(1).start()}, [&tie](const DaySeries &series) {
        const bool compared = series.role == SourceRole::Usage || series.role == SourceRole::Invoice;
        return compared
               && (series.name == tie.provider || mayBill(tie.provider, series.name)
                   || mayBill(series.name, tie.provider));
    });
}

void TieView::showTie()
{
    const ProviderTie *tie = selected();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_parts, m_reasons, m_detail})
        widget->setVisible(tie != nullptr);
    if (!tie) {
        inspectorTitle()->setText(tr("No line is selected"));
        return;
    }
    inspectorTitle()->setText(QStringLiteral("%1 · %2").arg(providerText(*tie), toQt(tie->month.text())));
    const std::string &currency = m_result->currency;
    std::vector<ValueRow> rows;
    const auto add = [&rows](const QString &text, ValueCell cell, CellTone tone) {
        rows.push_back({QString::number(rows.size()), {ValueCell::ofText(text, tone), std::move(cell)}});
    };
    add(tr("Priced"), billCell(tie->priced, currency, tr("no usage that has a price")), CellTone::Emphasis);
    QStringList reasons;
    for (std::size_t i = 0; i < differenceBucketCount; ++i) {
        const auto bucket = static_cast<DifferenceBucket>(i);
        if (tie->parts[bucket].isZero())
            continue;
        add(bucketLabel(bucket), signedBillCell(tie->parts[bucket], currency), CellTone::Normal);
        reasons << tr("%1: %2").arg(bucketLabel(bucket), bucketMeaning(bucket));
    }
    add(tr("Billed"), billCell(tie->billed, currency, tr("no charge")), CellTone::Emphasis);
    m_parts->setRows(std::move(rows));
    if (!tie->openModels.empty()) {
        QStringList models;
        for (const std::string &model : tie->openModels)
            models << (model.empty() ? tr("no model named") : toQt(model));
        models.removeDuplicates();
        reasons.prepend(tr("Open: %1.").arg(models.join(QStringLiteral(", "))));
    }
    if (tie->unpricedTokens > 0)
        reasons << tr("%1 tokens have no price.").arg(toQt(countText(tie->unpricedTokens)));
    if (const QString note = provisionalNote(provisionalDay(*tie)); !note.isEmpty())
        reasons << tr("This month is %1.").arg(note);
    setTextOrHide(m_reasons, reasons.join(QStringLiteral("\n\n")));
}

} // namespace perunit
