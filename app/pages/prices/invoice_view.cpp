// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/invoice_view.h"

#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/invoice_text.h"
#include "app/shell/edit_controls.h"
#include "model/figures/figure_builder.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostLines = 14;
constexpr int mostStatementLines = 16;
constexpr int figureHeight = 250;

QString keyOf(const ReconciliationLine &line)
{
    return toQt(line.provider + "\n" + line.month.text() + "\n" + line.model);
}

QString providerText(const ReconciliationLine &line)
{
    return line.provider.empty() ? InvoiceView::tr("(none)") : toQt(line.provider);
}

ValueCell reasonCell(const ReconciliationLine &line)
{
    const auto bucket = mainBucket(line.parts);
    if (!bucket)
        return ValueCell::ofText(InvoiceView::tr("ties exactly"), CellTone::Favourable);
    const bool open = *bucket == DifferenceBucket::Unknown || *bucket == DifferenceBucket::Unpriced;
    ValueCell cell = ValueCell::ofText(bucketLabel(*bucket), open ? CellTone::Warning : CellTone::Normal);
    cell.toolTip = line.reason.empty() ? bucketMeaning(*bucket) : toQt(line.reason);
    return cell;
}

ValueRow rowOf(const ReconciliationLine &line, const std::string &currency)
{
    // One column for both: all amounts have to stand beside each other in a narrow window, too.
    ValueCell model = ValueCell::ofText(QStringLiteral("%1 · %2").arg(providerText(line), lineModelText(line)),
                                        line.model.empty() ? CellTone::Secondary : CellTone::Emphasis);
    model.toolTip = model.text;
    return {keyOf(line),
            {ValueCell::ofText(toQt(line.month.text())), model,
             !hasUsage(line) ? ValueCell::unknown(InvoiceView::tr("no usage in the ledger"))
                             : costCell(line.list, currency),
             !hasUsage(line) ? ValueCell::unknown(InvoiceView::tr("no usage in the ledger"))
                             : costCell(line.priced, currency),
             billCell(line.billed, currency, InvoiceView::tr("no charge")), signedBillCell(line.difference(), currency),
             reasonCell(line)}};
}

} // namespace

InvoiceView::InvoiceView(const PageContext &context, QWidget *parent)
    : PricesView(context, parent)
    , m_views(new QStackedWidget(this))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_views);
    m_none = new EmptyState(QStringLiteral("ledger"), tr("No invoice is there to compare with."), m_views);
    m_none->setHint(tr("Import the bill of your provider: a FOCUS export, or any log with a cost column. On the Ledger "
                       "page its source has to be used and to have the role “invoice”."));
    connect(changesWorkspace(m_none->addButton(tr("Import files…"), QStringLiteral("import"), true)),
            &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    connect(m_none->addButton(tr("Sources and their roles"), QStringLiteral("ledger")), &QPushButton::clicked, this,
            [this] { window().showPage(PageId::Ledger); });
    m_message = new EmptyState(QStringLiteral("ledger"), {}, m_views);
    connect(changesWorkspace(m_message->addButton(tr("Import files…"), QStringLiteral("import"), true)),
            &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    m_views->addWidget(m_message);
    m_views->addWidget(m_none);
    m_views->addWidget(buildFilled());
    buildInspector();
}

QWidget *InvoiceView::buildFilled()
{
    auto *filled = new QWidget(m_views);
    auto *outer = new QVBoxLayout(filled);
    outer->setContentsMargins(0, 0, 0, 0);
    QVBoxLayout *column = buildScrollingColumn(outer);
    m_summary = newLabel({}, "body", filled);
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    m_offers = new Card(tr("Calibration on offer"), filled);
    auto *offers = new QWidget(m_offers);
    m_offerRows = new QVBoxLayout(offers);
    m_offerRows->setContentsMargins(0, 0, 0, 0);
    m_offerRows->setSpacing(Theme::space3);
    m_offers->setContent(offers);
    column->addWidget(m_offers);
    auto *picture = new Card({}, filled);
    m_figure = new FigureView(picture);
    m_figure->setLeastHeight(figureHeight);
    connect(m_figure, &FigureView::exportRequested, this, [this] { window().exportFigure(m_figure->figure()); });
    picture->setContent(m_figure);
    column->addWidget(picture);
    auto *card = new Card(tr("By provider, month and model"), filled);
    m_table = new ValueTable(tr("Usage and invoices"), card);
    m_table->setFittingRows(mostLines);
    m_table->setColumns(
        {{tr("Month"), {}, false},
         {tr("Provider and model"), tr("Charges that name no model are tied to the usage of all that no charge names"),
          false, ColumnWidth::Stretch},
         {tr("List"), tr("The usage at list prices"), true},
         {tr("Contracted"), tr("The usage at contracted prices"), true},
         {tr("Billed"), tr("On the invoices"), true},
         {tr("Difference"), tr("Billed − contracted"), true},
         {tr("Main reason"), tr("The largest part of the difference; all parts are in the inspector"), false}});
    connect(m_table, &ValueTable::currentKeyChanged, this, &InvoiceView::showLine);
    card->setContent(m_table);
    column->addWidget(card);
    column->addStretch(1);
    return filled;
}

void InvoiceView::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    m_title = newLabel({}, "section", content);
    m_title->setWordWrap(true);
    m_facts = newLabel({}, "caption", content);
    m_facts->setWordWrap(true);
    m_statement = new ValueTable(tr("From list price to invoice"), content);
    m_statement->setCompact(true);
    m_statement->setFittingRows(mostStatementLines);
    m_statement->setColumns(
        {{tr("From list price to invoice"), {}, false, ColumnWidth::Stretch}, {tr("Amount"), {}, true}});
    m_reasons = newLabel({}, "body", content);
    m_reasons->setWordWrap(true);
    m_reasons->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    rows->addWidget(m_title);
    rows->addWidget(m_facts);
    rows->addWidget(m_statement);
    rows->addWidget(m_reasons);
    rows->addStretch();
}

bool InvoiceView::isReady() const
{
    return m_history == document().history() && !m_job.isBusy() && !m_effectJob.isBusy();
}

void InvoiceView::refresh()
{
    if (m_history != document().history())
        start();
    show();
}

void InvoiceView::start()
{
    m_history = document().history();
    m_problem.reset();
    m_effectJob.cancel();
    if (!m_history) {
        m_job.cancel();
        m_tied.reset();
        return;
    }
    m_job.start([this, history = m_history](const std::stop_token &stop) -> JobRunner::Delivery {
        auto result = reconcile(*history->ledger, stop);
        if (!result)
            return [this, error = result.error()] {
                m_tied.reset();
                m_problem = error;
                show();
            };
        return [this, tied = std::make_shared<const Tied>(Tied{history, std::move(*result)})] {
            m_tied = tied;
            m_effects.clear();
            m_effectProblem.clear();
            startEffects();
            show();
        };
    });
}

/// What an offer would do is worked out with it, not estimated.
void InvoiceView::startEffects()
{
    if (m_tied->result.calibration.empty())
        return;
    m_effectJob.start(
        [this, tied = m_tied, state = document().state()](const std::stop_token &stop) -> JobRunner::Delivery {
            std::vector<Effect> effects;
            const auto failed = [this, tied](const Error &error) -> JobRunner::Delivery {
                return [this, tied, error] {
                    if (m_tied != tied || error.code == ErrorCode::Cancelled)
                        return;
                    m_effectProblem = errorText(error);
                    showOffers();
                };
            };
            for (const PriceOverlay &offer : tied->result.calibration) {
                WorkspaceState next = state;
                next.overlays.push_back(offer);
                const auto built = Baseline::build(tied->history->ledger->ledger(), priceBookFor(next), {}, stop);
                if (!built)
                    return failed(built.error());
                const auto result = reconcile(**built, stop);
                if (!result)
                    return failed(result.error());
                effects.push_back({result->priced(), result->parts()});
            }
            return [this, tied, effects] {
                if (m_tied != tied)
                    return;
                m_effects = effects;
                showOffers();
            };
        });
}

void InvoiceView::show()
{
    if (!m_tied) {
        showProblem();
        showLine();
        return;
    }
    m_views->setCurrentIndex(2);
    m_summary->setText(unbroken(reconciliationSummary(m_tied->result)));
    m_figure->setFigure(reconciliationWaterfall(m_tied->result));
    showOffers();
    showTable();
    showLine();
}

void InvoiceView::showProblem()
{
    const bool noInvoice = m_problem && m_problem->code == ErrorCode::NotFound;
    m_views->setCurrentIndex(noInvoice ? 1 : 0);
    if (!m_history)
        m_message->setSentence(tr("Import usage and invoices to see whether they agree."));
    else if (!m_problem || m_problem->code == ErrorCode::Cancelled)
        m_message->setSentence(tr("Tying the usage to the invoices…"));
    else
        m_message->setSentence(errorText(*m_problem));
}

void InvoiceView::showTable()
{
    std::vector<ValueRow> rows;
    for (const ReconciliationLine &line : m_tied->result.lines)
        rows.push_back(rowOf(line, m_tied->result.currency));
    m_table->setEmptyText(tr("Neither usage nor charges lie in the period."));
    m_table->setRows(std::move(rows));
    if (m_table->currentKey().isEmpty())
        m_table->setCurrentKey(m_table->model()->key(0));
}

QString InvoiceView::effectText(std::size_t index) const
{
    const std::string &currency = m_tied->result.currency;
    if (index >= m_effects.size())
        return m_effectProblem.isEmpty() ? tr("Working out what it would do…")
                                         : tr("What it would do is not known: %1").arg(m_effectProblem);
    const Effect &effect = m_effects[index];
    return tr("The usage would cost %1 instead of %2, and %3 instead of %4 would have no explanation.")
        .arg(toQt(moneyText(effect.priced, currency)), toQt(moneyText(m_tied->result.priced(), currency)),
             toQt(signedMoneyText(effect.parts[DifferenceBucket::Unknown].toFemto(), currency)),
             toQt(signedMoneyText(m_tied->result.parts()[DifferenceBucket::Unknown].toFemto(), currency)));
}

QWidget *InvoiceView::newOffer(std::size_t index)
{
    const PriceOverlay &offer = m_tied->result.calibration[index];
    auto *row = new QWidget(m_offers);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::space3);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(Theme::space1);
    auto *term = newLabel(
        tr("%1: %2, from %3, before %4")
            .arg(toQt(offer.termText()), toQt(offer.scopeText()), dayText(offer.valid.from), dayText(offer.valid.to)),
        "heading", row);
    auto *effect = newLabel(unbroken(effectText(index)), "body", row);
    auto *source = newLabel(toQt(offer.note) + QLatin1Char('.'), "caption", row);
    for (QLabel *label : {term, effect, source}) {
        label->setWordWrap(true);
        texts->addWidget(label);
    }
    auto *add = changesWorkspace(new QPushButton(tr("Add as contract term"), row));
    add->setAccessibleName(tr("Add as contract term: %1").arg(toQt(offer.name)));
    add->setToolTip(tr("Changes the prices of the workspace; can be undone"));
    // An offer belongs to the prices that it was found with: added twice it would count twice.
    add->setEnabled(document().priceBook().get() == &m_tied->history->ledger->book());
    connect(add, &QPushButton::clicked, this, [this, offer] { accept(offer); });
    line->addLayout(texts, 1);
    line->addWidget(add, 0, Qt::AlignTop);
    return row;
}

void InvoiceView::showOffers()
{
    clearLayout(m_offerRows);
    const std::size_t count = m_tied->result.calibration.size();
    m_offers->setVisible(count > 0);
    for (std::size_t i = 0; i < count; ++i)
        m_offerRows->addWidget(newOffer(i));
}

void InvoiceView::accept(const PriceOverlay &overlay)
{
    WorkspaceState next = document().state();
    const bool taken = std::any_of(next.overlays.begin(), next.overlays.end(),
                                   [&overlay](const PriceOverlay &each) { return each.name == overlay.name; });
    if (taken)
        return;
    next.overlays.push_back(overlay);
    document().edit(tr("Add calibration"), std::move(next));
    window().showUndoable(tr("'%1' is a contract term now.").arg(toQt(overlay.name)));
}

const ReconciliationLine *InvoiceView::selected() const
{
    if (!m_tied)
        return nullptr;
    const auto &lines = m_tied->result.lines;
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [key = m_table->currentKey()](const auto &line) { return keyOf(line) == key; });
    return found == lines.end() ? nullptr : &*found;
}

void InvoiceView::showLine()
{
    const ReconciliationLine *line = selected();
    m_statement->setVisible(line != nullptr);
    m_facts->setVisible(line != nullptr);
    m_reasons->setVisible(line != nullptr);
    if (!line) {
        m_title->setText(tr("No line is selected"));
        return;
    }
    const std::string &currency = m_tied->result.currency;
    m_title->setText(QStringLiteral("%1 · %2 · %3")
                         .arg(providerText(*line), toQt(line->month.text()),
                              line->model.empty() ? tr("no model named") : toQt(line->model)));
    QStringList facts{line->requests == 1 ? tr("1 request") : tr("%1 requests").arg(toQt(countText(line->requests))),
                      line->charges == 1 ? tr("1 charge") : tr("%1 charges").arg(toQt(countText(line->charges)))};
    if (line->unpricedTokens > 0)
        facts << tr("%1 tokens without a price").arg(toQt(countText(line->unpricedTokens)));
    m_facts->setText(facts.join(QStringLiteral(" · ")));

    const QString noUsage = !hasUsage(*line) ? tr("no usage in the ledger") : tr("nothing of it has a price");
    const auto amount = [](const std::optional<Femto> &femto) {
        return femto ? std::optional(Money::of(*femto)) : std::nullopt;
    };
    std::vector<ValueRow> rows;
    const auto add = [&rows](const QString &text, ValueCell cell, CellTone tone = CellTone::Normal) {
        rows.push_back({QString::number(rows.size()), {ValueCell::ofText(text, tone), std::move(cell)}});
    };
    add(tr("At list price"), billCell(amount(line->list), currency, noUsage), CellTone::Emphasis);
    if (line->list && line->priced && *line->list != *line->priced)
        add(tr("Your terms"), signedBillCell(Money::of(*line->priced - *line->list), currency));
    add(tr("Contracted"), billCell(amount(line->priced), currency, noUsage), CellTone::Emphasis);
    QStringList reasons;
    for (std::size_t i = 0; i < differenceBucketCount; ++i) {
        const auto bucket = static_cast<DifferenceBucket>(i);
        if (line->parts[bucket].isZero())
            continue;
        add(bucketLabel(bucket), signedBillCell(line->parts[bucket], currency));
        reasons << tr("%1: %2").arg(bucketLabel(bucket), bucketMeaning(bucket));
    }
    add(tr("Billed"), billCell(line->billed, currency, tr("no charge")), CellTone::Emphasis);
    m_statement->setRows(std::move(rows));
    if (!line->reason.empty())
        reasons.prepend(tr("Found: %1.").arg(toQt(line->reason)));
    if (!line->models.empty())
        reasons << tr("Models tied together: %1.").arg(lineModelText(*line).section(QLatin1String(": "), 1));
    if (reasons.isEmpty())
        reasons << tr("The bill is what the usage costs, to the last digit.");
    setTextOrHide(m_reasons, reasons.join(QStringLiteral("\n\n")));
}

} // namespace perunit
