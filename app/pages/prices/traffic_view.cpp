// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/traffic_view.h"

#include "app/document/clock.h"
#include "app/document/scenario_edits.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/model_detail.h"
#include "app/shell/edit_controls.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/choice_box.h"
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

QString summaryOf(const ModelComparison &comparison, const std::string &currency)
{
    const QString requests = counted(static_cast<std::size_t>(comparison.requests), TrafficView::tr("1 request"),
                                     TrafficView::tr("%1 requests"));
    QStringList sentences;
    if (comparison.recorded.isUnknown())
        sentences << TrafficView::tr("%1: the models that served them have no price today.").arg(requests);
    else
        sentences << TrafficView::tr("%1: %2 at today's prices on the models that served them, %3 without a prompt "
                                     "cache.")
                         .arg(requests, toQt(moneyText(comparison.recorded.cost, currency)),
                              toQt(moneyText(comparison.recordedWithoutCache.cost, currency)));
    if (const std::int64_t tokens = comparison.recorded.unpricedTokens; tokens > 0 && !comparison.recorded.isUnknown())
        sentences << TrafficView::tr("%1 tokens have no price there and are not in these amounts; in those below they "
                                     "are.")
                         .arg(toQt(countText(tokens)));
    sentences << TrafficView::tr("Token counts stay as recorded: another tokenizer may count differently.");
    return sentences.join(QLatin1Char(' '));
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
    m_scenario = changesWorkspace(
        new QPushButton(themedIcon(QStringLiteral("scenarios")), tr("Make a scenario"), beside->parentWidget()));
    m_scenario->setToolTip(tr("A scenario in which the selected model serves all of these requests"));
    connect(m_scenario, &QPushButton::clicked, this, &TrafficView::makeScenario);
    connect(m_table, &ValueTable::activated, this, &TrafficView::makeScenario);
    m_detail = new ModelDetail(beside->parentWidget());
    beside->addWidget(m_scenario);
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
    m_summary->setText(summaryOf(comparison, currency));
    m_summary->show();
    for (const ModelComparison::Candidate &candidate : comparison.candidates) {
        const CatalogueModel &model = book.model(candidate.model);
        ValueRow row;
        row.key = modelKeyText(model.key);
        row.cells = {ValueCell::ofText(toQt(model.key.provider)),
                     ValueCell::ofText(toQt(model.key.model), CellTone::Emphasis),
                     costCell(known(candidate.cost), currency, CellTone::Emphasis),
                     comparison.recorded.isUnknown() || candidate.cost.isUnknown()
                         ? ValueCell::unknown(tr("there is nothing to compare with"))
                         : costChangeCell(comparison.recorded.cost, candidate.cost.cost, currency),
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
    if (m_table->currentKey().isEmpty())
        m_table->setCurrentKey(m_table->model()->key(0));
    refreshSelected();
}

/// What routing the compared requests to the selected model makes of the months ahead is a scenario's to say.
void TrafficView::makeScenario()
{
    const QString model = m_table->currentKey();
    if (!m_scenario->isEnabled() || model.isEmpty())
        return;
    const QString shortName = model.mid(model.indexOf(QLatin1Char('/')) + 1);
    const QString name = scope().isEverything() ? tr("Everything on %1").arg(shortName)
                                                : tr("%1 on %2").arg(m_requests->currentText(), shortName);
    WorkspaceState next = document().state();
    const std::string id = addRoutingScenario(next, fromQt(name), scope(), fromQt(model));
    const QString made = toQt(next.scenarios.find(id)->name);
    document().edit(tr("New scenario"), std::move(next));
    selection().setScenario(id);
    window().showPage(PageId::Scenarios);
    window().showUndoable(tr("The scenario “%1” is made.").arg(made), MessageKind::Success);
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
    m_scenario->setVisible(index.found());
    m_detail->show(m_compared ? m_compared->book.get() : nullptr, index);
}

} // namespace perunit
