// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/models_view.h"

#include "app/document/clock.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/model_detail.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <set>
#include <tuple>

namespace perunit {

namespace {

/// Choices that leave nothing out.
constexpr const char *anything = "";

struct ModelKind {
    const char *value;
    const char *label;
    std::vector<UsageClass> classes; ///< a model of the kind states a price for one of them
};

const std::vector<ModelKind> &modelKinds()
{
    using enum UsageClass;
    static const std::vector<ModelKind> kinds{
        {"text", QT_TR_NOOP("Text"), {Output}},
        {"embedding", QT_TR_NOOP("Embeddings"), {Embedding}},
        {"audio", QT_TR_NOOP("Audio"), {AudioIn, AudioOut, AudioSeconds, Characters}},
        {"image", QT_TR_NOOP("Images"), {ImageOut, Image}},
        {"page", QT_TR_NOOP("Documents"), {Page}},
        {"request", QT_TR_NOOP("Rerankers and fees per call"), {Request}}};
    return kinds;
}

bool statesOneOf(const CatalogueModel &model, const std::vector<UsageClass> &classes)
{
    return std::any_of(model.rates.begin(), model.rates.end(), [&classes](const Rate &rate) {
        return std::any_of(classes.begin(), classes.end(), [&rate](UsageClass each) {
            return rate.prices[static_cast<std::size_t>(each)].has_value();
        });
    });
}

bool isOfKind(const CatalogueModel &model, const std::string &kind)
{
    for (const ModelKind &each : modelKinds()) {
        if (kind == each.value)
            return statesOneOf(model, each.classes) && (kind != "text" || !statesOneOf(model, {UsageClass::Embedding}));
    }
    return true;
}

/// The price that counts now, contracted; the list price is its tool tip where the two differ.
ValueCell presentCell(const RateCard &card, UsageClass usageClass)
{
    if (card.bands.empty())
        return ValueCell::unknown(ModelsView::tr("no price at present"));
    const ClassPrice &price = card.bands.front().prices[static_cast<std::size_t>(usageClass)];
    if (price.state == PriceState::Unpriced)
        return ValueCell::unknown(ModelsView::tr("the catalogue does not say"));
    ValueCell cell = priceCell(usageClass, price.femto, {});
    if (price.overlaySet >= 0) {
        cell.tone = CellTone::Favourable;
        cell.toolTip = ModelsView::tr("by contract; list price %1").arg(priceText(usageClass, price.listFemto));
    } else if (price.state == PriceState::Assumed) {
        cell.tone = CellTone::Secondary;
        cell.toolTip = ModelsView::tr("assumed: the catalogue has no price of its own for it");
    } else if (price.state == PriceState::Free) {
        cell.toolTip = ModelsView::tr("free");
    }
    return cell;
}

QString otherTiers(const PriceBook &book, ModelIndex index, Instant at)
{
    QStringList tiers;
    for (const ServiceTier tier : {ServiceTier::Batch, ServiceTier::Flex, ServiceTier::Priority, ServiceTier::Fast}) {
        if (book.hasTier(index, tier, {}, at))
            tiers << toQt(nameOf(tier));
    }
    return tiers.join(QStringLiteral(", "));
}

/// Models that requests of the ledger are priced as, by key: indexes of one book mean nothing in another.
std::set<ModelKey> usedModels(const History *history)
{
    std::set<ModelKey> used;
    if (!history)
        return used;
    for (const Baseline::Resolution &each : history->ledger->resolutions()) {
        if (each.match.model.found())
            used.insert(history->ledger->book().model(each.match.model).key);
    }
    return used;
}

} // namespace

ModelsView::ModelsView(const PageContext &context, QWidget *parent)
    : PricesView(context, parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space4);
    m_card = new Card({}, this);
    Card *card = m_card;
    auto *content = new QWidget(card);
    auto *lines = new QVBoxLayout(content);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(Theme::space2);
    lines->addWidget(buildFilters());
    m_table = new ValueTable(tr("All models"), content);
    m_table->setFilterShown(true, tr("Search models"));
    m_table->setColumns({{tr("Provider"), {}, false},
                         {tr("Model"), {}, false, ColumnWidth::Stretch},
                         {tr("Input"), tr("Per million tokens, at present"), true},
                         {tr("Cache read"), tr("Per million tokens"), true},
                         {tr("Cache write"), tr("For five minutes, per million tokens"), true},
                         {tr("Output"), tr("Per million tokens"), true},
                         {tr("Other tiers"), tr("Tiers with prices of their own"), false},
                         {tr("Context"), tr("Longest prompt in tokens"), true}});
    connect(m_table, &ValueTable::currentKeyChanged, this, &ModelsView::refreshSelected);
    lines->addWidget(m_table, 1);
    card->setContent(content);
    rows->addWidget(card, 3);
    auto *history = new Card({}, this);
    m_history = new FigureView(history);
    m_history->setLeastHeight(200);
    connect(m_history, &FigureView::exportRequested, this, [this] { window().exportFigure(m_history->figure()); });
    history->setContent(m_history);
    rows->addWidget(history, 2);

    QVBoxLayout *beside = nullptr;
    m_inspector = buildScrollingInspector(this, beside);
    m_detail = new ModelDetail(beside->parentWidget());
    beside->addWidget(m_detail);
    beside->addStretch();
}

QWidget *ModelsView::buildFilters()
{
    auto *filters = new QWidget(this);
    auto *line = new QHBoxLayout(filters);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::space2);
    m_provider = new ChoiceBox(tr("Provider"), filters);
    m_kind = new ChoiceBox(tr("Kind of model"), filters);
    std::vector<ChoiceItem> kinds{{anything, tr("Every kind"), {}}};
    for (const ModelKind &kind : modelKinds())
        kinds.push_back({kind.value, tr(kind.label), {}});
    m_kind->setItems(kinds);
    m_kind->setValue(anything);
    m_used = new QCheckBox(tr("Only what the ledger uses"), filters);
    line->addWidget(m_provider);
    line->addWidget(m_kind);
    line->addWidget(m_used);
    line->addStretch();
    connect(m_provider, &ChoiceBox::valueEdited, this, &ModelsView::refreshTable);
    connect(m_kind, &ChoiceBox::valueEdited, this, &ModelsView::refreshTable);
    connect(m_used, &QCheckBox::toggled, this, &ModelsView::refreshTable);
    return filters;
}

void ModelsView::refresh()
{
    const auto book = document().priceBook();
    const auto history = document().history();
    if (m_book == book && m_ledger == history && m_day == startOfToday() && m_table->shownRows() > 0)
        return;
    m_ledger = history;
    m_day = startOfToday();
    if (m_book != book) {
        m_book = book;
        std::set<std::string> providers;
        for (std::size_t i = 0; m_book && i < m_book->modelCount(); ++i)
            providers.insert(m_book->model({static_cast<std::int32_t>(i)}).key.provider);
        std::vector<ChoiceItem> items{{anything, tr("Every provider"), {}}};
        for (const std::string &provider : providers)
            items.push_back({provider, {}, {}});
        const std::string chosen = m_provider->value();
        m_provider->setItems(items);
        m_provider->setValue(providers.count(chosen) != 0 ? chosen : anything);
    }
    m_card->setSubtitle(m_book
                            ? tr("%1 per million tokens today, standard tier, short prompts; grey prices are assumed")
                                  .arg(toQt(m_book->currency()))
                            : QString());
    refreshTable();
}

void ModelsView::refreshTable()
{
    m_table->setEmptyText(m_book ? tr("No model is like that.") : tr("Open a workspace to see its prices."));
    const std::set<ModelKey> used = usedModels(document().history().get());
    const Instant at = now();
    std::vector<ValueRow> rows;
    for (std::size_t i = 0; m_book && i < m_book->modelCount(); ++i) {
        const ModelIndex index{static_cast<std::int32_t>(i)};
        const CatalogueModel &model = m_book->model(index);
        if ((!m_provider->value().empty() && model.key.provider != m_provider->value())
            || !isOfKind(model, m_kind->value()) || (m_used->isChecked() && used.count(model.key) == 0))
            continue;
        const RateCard card = m_book->rateCard(index, ServiceTier::Standard, {}, at);
        const bool embeds = statesOneOf(model, {UsageClass::Embedding});
        ValueRow row;
        row.key = modelKeyText(model.key);
        row.cells = {ValueCell::ofText(toQt(model.key.provider)),
                     ValueCell::ofText(toQt(model.key.model), CellTone::Emphasis),
                     presentCell(card, embeds ? UsageClass::Embedding : UsageClass::Input),
                     presentCell(card, UsageClass::CacheRead),
                     presentCell(card, UsageClass::CacheWrite5m),
                     presentCell(card, UsageClass::Output),
                     ValueCell::ofText(otherTiers(*m_book, index, at), CellTone::Secondary),
                     model.contextWindow == 0 ? ValueCell::unknown(tr("the catalogue does not say"))
                                              : ValueCell::ofNumber(toQt(countText(model.contextWindow)),
                                                                    static_cast<double>(model.contextWindow))};
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
    if (m_table->currentKey().isEmpty())
        m_table->setCurrentKey(mostUsed());
    if (m_table->currentKey().isEmpty())
        m_table->setCurrentKey(m_table->model()->key(0));
    refreshSelected();
}

/// The model on which the ledger spends most, which is the one that its reader knows.
QString ModelsView::mostUsed() const
{
    const auto history = document().history();
    if (!history)
        return {};
    const auto &all = history->ledger->resolutions();
    const auto most = std::max_element(all.begin(), all.end(), [](const auto &a, const auto &b) {
        return std::tuple(a.match.model.found(), a.cost) < std::tuple(b.match.model.found(), b.cost);
    });
    return most == all.end() || !most->match.model.found()
               ? QString()
               : modelKeyText(history->ledger->book().model(most->match.model).key);
}

ModelIndex ModelsView::selected() const
{
    const std::string key = fromQt(m_table->currentKey());
    for (std::size_t i = 0; m_book && i < m_book->modelCount(); ++i) {
        const ModelKey &each = m_book->model({static_cast<std::int32_t>(i)}).key;
        if (each.provider + "/" + each.model == key)
            return {static_cast<std::int32_t>(i)};
    }
    return {};
}

void ModelsView::refreshSelected()
{
    const ModelIndex index = selected();
    m_detail->show(m_book.get(), index);
    Figure figure;
    figure.emptyText = fromQt(tr("Select a model to see its prices over time."));
    m_history->setFigure(index.found() ? priceHistory(*m_book, index, startOfToday()) : figure);
}

} // namespace perunit
