// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_diff.h"

#include "pricing/catalogue/layering.h"
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>

namespace perunit {

namespace {

/// Under which conditions a price is stated, apart from its dates.
struct PriceKey {
    ServiceTier tier = ServiceTier::Standard;
    std::string region;
    /// Thousands of tokens from which on it holds; 0: from the first. Thresholds are quoted in thousands, and whether
    /// the last token is included makes no other band of it.
    std::int64_t band = 0;
    std::tuple<int, int, int> daily{-1, 0, 0}; ///< weekdays, from, to; -1: the whole day
    std::size_t usageClass = 0;
    auto operator<=>(const PriceKey &) const = default;
};

struct StatedPrice {
    std::int64_t femto = 0;
    const Rate *rate = nullptr;
};

using StatedPrices = std::map<PriceKey, StatedPrice>;

bool counts(const Rate &rate, Instant at)
{
    return rate.status != RateStatus::Announced && rate.status != RateStatus::Cancelled && rate.valid.contains(at);
}

/// What a model's rates say at an instant; of two rates for one case the later one, as when a request is priced.
StatedPrices statedBy(const CatalogueModel &model, Instant at)
{
    StatedPrices result;
    for (const Rate &rate : model.rates) {
        if (!counts(rate, at))
            continue;
        PriceKey key;
        key.tier = rate.tier;
        key.region = foldedRegion(rate.region);
        if (rate.context)
            key.band = (rate.context->tokens + 500) / 1000;
        if (rate.daily)
            key.daily = {rate.daily->weekdays, rate.daily->fromMinute, rate.daily->toMinute};
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (!rate.prices[i])
                continue;
            key.usageClass = i;
            StatedPrice &known = result[key];
            if (!known.rate || rate.valid.from >= known.rate->valid.from)
                known = {rate.prices[i]->femto, &rate};
        }
    }
    return result;
}

std::string nameKey(std::string_view provider, std::string_view model)
{
    return canonicalProvider(provider) + "\n" + lowered(model);
}

/// Models by id, then by alias.
class ModelTable
{
public:
    explicit ModelTable(const std::vector<const CatalogueModel *> &models)
    {
        for (const CatalogueModel *model : models)
            m_byName.emplace(nameKey(model->key.provider, model->key.model), model);
        for (const CatalogueModel *model : models) {
            for (const std::string &alias : model->aliases)
                m_byName.emplace(nameKey(model->key.provider, alias), model);
        }
    }

    /// The same model: by its id, else by one of its aliases.
    [[nodiscard]] const CatalogueModel *sameAs(const CatalogueModel &model) const
    {
        if (const CatalogueModel *found = named(model.key.provider, model.key.model))
            return found;
        for (const std::string &alias : model.aliases) {
            if (const CatalogueModel *found = named(model.key.provider, alias))
                return found;
        }
        return nullptr;
    }

private:
    [[nodiscard]] const CatalogueModel *named(std::string_view provider, std::string_view model) const
    {
        const auto found = m_byName.find(nameKey(provider, model));
        return found == m_byName.end() ? nullptr : found->second;
    }

    std::unordered_map<std::string, const CatalogueModel *> m_byName;
};

bool isSuspicious(std::int64_t before, std::int64_t after)
{
    const Int128 low = std::min(before, after);
    const Int128 high = std::max(before, after);
    return high >= 2 * low && high != low;
}

PriceChange changeOf(const ModelKey &model, const PriceKey &key, const StatedPrice *before, const StatedPrice *after)
{
    PriceChange change;
    change.model = model;
    change.kind = !before ? PriceChangeKind::New : !after ? PriceChangeKind::Gone : PriceChangeKind::Changed;
    change.tier = key.tier;
    change.usageClass = static_cast<UsageClass>(key.usageClass);
    const Rate &rate = after ? *after->rate : *before->rate;
    change.region = rate.region;
    change.band = rate.context;
    change.daily = rate.daily;
    if (before) {
        change.beforeFemto = before->femto;
        change.beforeRate = before->rate->id;
    }
    if (after) {
        change.afterFemto = after->femto;
        change.afterRate = after->rate->id;
    }
    change.suspicious = before && after && isSuspicious(before->femto, after->femto);
    return change;
}

/// True when the two state the same.
bool addChanges(const CatalogueModel &before, const CatalogueModel &after, Instant at,
                std::vector<PriceChange> &changes)
{
    const StatedPrices old = statedBy(before, at);
    const StatedPrices next = statedBy(after, at);
    bool same = true;
    for (const auto &[key, price] : old) {
        const auto other = next.find(key);
        if (other != next.end() && other->second.femto == price.femto)
            continue;
        same = false;
        changes.push_back(changeOf(after.key, key, &price, other == next.end() ? nullptr : &other->second));
    }
    for (const auto &[key, price] : next) {
        if (old.count(key) != 0)
            continue;
        same = false;
        changes.push_back(changeOf(after.key, key, nullptr, &price));
    }
    return same;
}

std::vector<const CatalogueModel *> modelsOf(const Catalogue &catalogue)
{
    std::vector<const CatalogueModel *> result;
    for (const CatalogueModel &model : catalogue.models)
        result.push_back(&model);
    return result;
}

std::vector<const CatalogueModel *> modelsOf(const PriceBook &book)
{
    std::vector<const CatalogueModel *> result;
    for (std::size_t i = 0; i < book.modelCount(); ++i)
        result.push_back(&book.model({static_cast<std::int32_t>(i)}));
    return result;
}

/// What an id meant where no model has it: the model, and as it is charged under that id.
struct Meant {
    const CatalogueModel *model = nullptr;
    const CatalogueModel *charged = nullptr;
};

CatalogueDiff compare(const std::vector<const CatalogueModel *> &before,
                      const std::vector<const CatalogueModel *> &after, Instant at,
                      const std::function<Meant(const ModelKey &)> &meantBefore)
{
    CatalogueDiff diff;
    const ModelTable table(before);
    std::set<const CatalogueModel *> met;
    for (const CatalogueModel *model : after) {
        const CatalogueModel *same = table.sameAs(*model);
        const Meant old = same ? Meant{same, same} : meantBefore(model->key);
        if (!old.model) {
            diff.newModels.push_back(model->key);
            continue;
        }
        met.insert(old.model);
        if (addChanges(*old.charged, *model, at, diff.changes))
            ++diff.sameModels;
    }
    for (const CatalogueModel *model : before) {
        if (met.count(model) == 0)
            diff.goneModels.push_back(model->key);
    }
    std::sort(diff.newModels.begin(), diff.newModels.end());
    std::sort(diff.goneModels.begin(), diff.goneModels.end());
    std::stable_sort(diff.changes.begin(), diff.changes.end(),
                     [](const PriceChange &a, const PriceChange &b) { return a.model < b.model; });
    return diff;
}

} // namespace

CatalogueDiff compareCatalogues(const Catalogue &before, const Catalogue &after, Instant at)
{
    return compare(modelsOf(before), modelsOf(after), at, [](const ModelKey &) { return Meant{}; });
}

CatalogueDiff comparePriceBooks(const PriceBook &before, const PriceBook &after, Instant at)
{
    std::vector<std::unique_ptr<const CatalogueModel>> inPlaces;
    return compare(modelsOf(before), modelsOf(after), at, [&](const ModelKey &key) {
        const ModelMatch match = before.resolve(key.provider, key.model);
        if (!match.model.found() || match.rule != MatchRule::Pattern)
            return Meant{};
        const CatalogueModel *model = &before.model(match.model);
        if (match.region.empty())
            return Meant{model, model};
        inPlaces.push_back(std::make_unique<const CatalogueModel>(inPlace(*model, match.region)));
        return Meant{model, inPlaces.back().get()};
    });
}

std::vector<PriceConflict> priceConflicts(const std::vector<std::shared_ptr<const Catalogue>> &layers, Instant at)
{
    struct Entry {
        PriceConflict conflict;
        bool differs = false;
    };
    std::map<std::pair<ModelKey, PriceKey>, Entry> entries;
    std::vector<ModelTable> tables;
    for (const auto &layer : layers) {
        for (const CatalogueModel &model : layer->models) {
            // A model is spoken of under the id that the first layer to know it gave it.
            ModelKey key = model.key;
            for (const ModelTable &table : tables) {
                if (const CatalogueModel *known = table.sameAs(model)) {
                    key = known->key;
                    break;
                }
            }
            for (const auto &[priceKey, price] : statedBy(model, at)) {
                Entry &entry = entries[{key, priceKey}];
                PriceConflict &conflict = entry.conflict;
                conflict.model = key;
                conflict.tier = priceKey.tier;
                conflict.region = price.rate->region;
                conflict.band = price.rate->context;
                conflict.daily = price.rate->daily;
                conflict.usageClass = static_cast<UsageClass>(priceKey.usageClass);
                // Several entries of one catalogue for one model (dated snapshots) are not a conflict of sources.
                if (!conflict.statements.empty() && conflict.statements.back().catalogue == layer->name)
                    continue;
                entry.differs |= !conflict.statements.empty() && conflict.statements.front().femto != price.femto;
                conflict.statements.push_back({layer->name, price.rate->source, price.femto});
            }
        }
        tables.emplace_back(modelsOf(*layer));
    }
    std::vector<PriceConflict> result;
    for (auto &[key, entry] : entries) {
        if (entry.differs)
            result.push_back(std::move(entry.conflict));
    }
    return result;
}

} // namespace perunit
