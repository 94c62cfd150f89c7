// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/traffic_view.h"

#include "app/document/clock.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/model_detail.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr const char *everyRequest = "";

/// Models that answer in text and have a price for it at the instant.
std::vector<ModelIndex> candidatesOf(const PriceBook &book, Instant at)
{
    std::vector<ModelIndex> result;
    for (std::size_t i = 0; i < book.modelCount(); ++i) {
        const ModelIndex index{static_cast<std::int32_t>(i)};
        const RateCard card = book.rateCard(index, ServiceTier::Standard, {}, at);
        if (card.bands.empty())
            continue;
        const auto stateOf = [&card](UsageClass usageClass) {
            return card.bands.front().prices[static_cast<std::size_t>(usageClass)].state;
        };
        const PriceState input = stateOf(UsageClass::Input);
        const PriceState output = stateOf(UsageClass::Output);
        // Rerankers and embeddings charge nothing for output: they answer something else.
        const bool free = output == PriceState::Free && input == PriceState::Free
                          && stateOf(UsageClass::Request) == PriceState::Unpriced;
        if (free || (output == PriceState::Priced && input != PriceState::Unpriced))
            result.push_back(index);
    }
    return result;
}

std::optional<Femto> known(const TrafficCost &cost)
{
    return cost.isUnknown() ? std::nullopt : std::optional(cost.cost);
}

} // namespace

TrafficView::TrafficView(const PageContext &context, QWidget *parent)
    : PricesView(context, parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    m_summary = newLabel({}, "body", this);
    m_summary->setWordWrap(true);
    auto *card = new Card({}, this);
    auto *content = new QWidget(card);
    auto *lines = new QVBoxLayout(content);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(Theme::space2);
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::space2);
    m_requests = new ChoiceBox(tr("Requests to compare"), content);
    m_requests->setMinimumWidth(280);
    connect(m_requests, &ChoiceBox::valueEdited, this, &TrafficView::compare);
    line->addWidget(m_requests);
    line->addStretch();
    lines->addLayout(line);
    m_table = new ValueTable(tr("Your requests on other models"), content);
    m_table->setFilterShown(true, tr("Search models"));
    m_table->setColumns(
        {{tr("Provider"), {}, false},
         {tr("Model"), {}, false, ColumnWidth::Stretch},
         {tr("Cost"), tr("Of these requests at today's prices, each with its own prompt length, tier and hour"), true},
         {tr("Difference"), tr("From the models that served them, at today's prices as well"), true},
         {tr("Without cache"), tr("The same if no token came from or went into a prompt cache"), true},
         {tr("Too long"), tr("Requests with a longer prompt than the model takes; they are priced all the same"), true},
         {tr("Unpriced"), tr("Tokens for which the model has no price; they are not in its cost"), true}});
    m_table->sortBy(2, Qt::AscendingOrder);
    connect(m_table, &ValueTable::currentKeyChanged, this, &TrafficView::refreshSelected);
    lines->addWidget(m_table, 1);
    card->setContent(content);
    rows->addWidget(m_summary);
    rows->addWidget(card, 1);
    QVBoxLayout *beside = nullptr;
    m_inspector = buildScrollingInspector(this, beside);
    m_detail = new ModelDetail(beside->parentWidget());
    beside->addWidget(m_detail);
    beside->addStretch();
}

void TrafficView::refresh()
{
    const auto history = document().history();
    const auto book = document().priceBook();
    if (m_history == history && m_book == book)
        return refreshTable();
    m_history = history;
    m_book = book;
    refreshChoices();
    compare();
}

void TrafficView::refreshChoices()
{
    std::vector<ChoiceItem> items{{everyRequest, tr("All requests"), {}}};
    const auto values = document().dimensionValues();
    for (const auto &[dimension, label] : {std::pair<const char *, QString>{"model", tr("Requests to %1")},
                                           std::pair<const char *, QString>{"workload", tr("Workload %1")}}) {
        const auto found = values ? values->find(dimension) : WorkspaceDocument::DimensionValues::const_iterator{};
        if (!values || found == values->end())
            continue;
        for (const auto &[value, requests] : found->second) {
            if (!value.empty())
                items.push_back({std::string(dimension) + "=" + value, label.arg(toQt(value)),
                                 tr("%1 requests").arg(toQt(countText(requests)))});
        }
    }
    const std::string chosen = m_requests->value();
    const bool stays =
        std::any_of(items.begin(), items.end(), [&chosen](const auto &item) { return item.value == chosen; });
    m_requests->setItems(items);
    m_requests->setValue(stays ? chosen : everyRequest);
}

Scope TrafficView::scope() const
{
    Scope scope;
    const std::string &chosen = m_requests->value();
    if (const std::size_t equals = chosen.find('='); equals != std::string::npos)
        scope.conditions[chosen.substr(0, equals)] = {chosen.substr(equals + 1)};
    return scope;
}

void TrafficView::compare()
{
    m_compared.reset();
    m_problem.clear();
    refreshTable();
    if (!m_history || !m_book)
        return;
    m_job.start([this, ledger = m_history->ledger, book = m_book,
                 scope = scope()](const std::stop_token &stop) -> JobRunner::Delivery {
        const Instant at = startOfToday();
        auto comparison = compareModels(*ledger->ledger().workload, *book, ledger->period(), scope,
                                        candidatesOf(*book, at), at, stop);
        auto compared = comparison ? std::make_shared<const Compared>(Compared{book, std::move(*comparison)}) : nullptr;
        const QString problem = comparison ? QString() : errorText(comparison.error());
        return [this, compared, problem] {
            m_compared = compared;
            m_problem = problem;
            refreshTable();
        };
    });
}

void TrafficView::refreshTable()
{
    std::vector<ValueRow> rows;
    if (!m_compared) {
        m_summary->hide();
        m_table->setEmptyText(!m_history ? tr("Import a ledger to see what its requests would cost on other models.")
                              : m_problem.isEmpty() ? tr("Pricing every request on every model…")
                                                    : m_problem);
        m_table->setRows({});
        return refreshSelected();
    }
    const ModelComparison &comparison = m_compared->comparison;
    const PriceBook &book = *m_compared->book;
    const std::string &currency = book.currency();
    m_summary->setText(
        tr("%1 requests cost %2 at today's prices on the models that served them, and would cost %3 without a prompt "
           "cache. Token counts stay as recorded: another tokenizer may count differently.")
            .arg(toQt(countText(comparison.requests)),
                 comparison.recorded.isUnknown() ? tr("an unknown amount")
                                                 : toQt(moneyText(comparison.recorded.cost, currency)),
                 toQt(moneyText(comparison.recordedWithoutCache.cost, currency))));
    m_summary->show();
    for (const ModelComparison::Candidate &candidate : comparison.candidates) {
        const CatalogueModel &model = book.model(candidate.model);
        ValueRow row;
        row.key = modelKeyText(model.key);
        row.cells = {ValueCell::ofText(toQt(model.key.provider)),
                     ValueCell::ofText(toQt(model.key.model), CellTone::Emphasis),
                     costCell(known(candidate.cost), currency, CellTone::Emphasis),
                     costChangeCell(comparison.recorded.cost, candidate.cost.cost, currency),
                     costCell(known(candidate.withoutCache), currency, CellTone::Secondary),
                     model.contextWindow == 0
                         ? ValueCell::unknown(tr("the catalogue does not say what prompts the model takes"))
                         : ValueCell::ofNumber(toQt(countText(candidate.tooLong)),
                                               static_cast<double>(candidate.tooLong),
                                               candidate.tooLong > 0 ? CellTone::Warning : CellTone::Secondary),
                     ValueCell::ofNumber(toQt(countText(candidate.cost.unpricedTokens)),
                                         static_cast<double>(candidate.cost.unpricedTokens),
                                         candidate.cost.unpricedTokens > 0 ? CellTone::Warning : CellTone::Secondary)};
        rows.push_back(std::move(row));
    }
    m_table->setEmptyText(tr("No model has a price for text."));
    m_table->setRows(std::move(rows));
    refreshSelected();
}

void TrafficView::refreshSelected()
{
    ModelIndex index;
    if (m_compared) {
        for (const ModelComparison::Candidate &candidate : m_compared->comparison.candidates) {
            if (modelKeyText(m_compared->book->model(candidate.model).key) == m_table->currentKey())
                index = candidate.model;
        }
    }
    m_detail->show(m_compared ? m_compared->book.get() : nullptr, index);
}

} // namespace perunit
