// SPDX-License-Identifier: GPL-3.0-or-later
// LiteLLM's model_prices_and_context_window.json (catalogue-formats.md §1.1 and §3).
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/litellm_prices.h"
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/price_guards.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

/// One key of the file: a model at one door of a seller, perhaps in one region.
struct Entry {
    std::string key;
    std::string path;
    std::string provider; ///< canonical
    std::string model;
    std::string region;
    std::string source;
    std::int64_t contextWindow = 0;
    std::int64_t cacheMinimumTokens = 0;
    LiteLlmPrices prices;
    /// Which of several keys for one model speaks for it: the bare id, then the seller's own name.
    int rank = 0;
};

std::int64_t tokensAt(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = object.find(name);
    if (!value || !(value->is(Kind::Number) || value->is(Kind::String)))
        return 0;
    // Some limits are written as floats or as texts; one that cannot be read is only unknown.
    const auto number = parseDecimal(value->text, 0);
    return number && number->units > 0 && number->units < 1'000'000'000'000 ? static_cast<std::int64_t>(number->units)
                                                                            : 0;
}

/// Takes the seller and the place off the key.
void place(Entry &entry, std::string_view recordedProvider)
{
    entry.provider = canonicalProvider(recordedProvider);
    entry.model = entry.key;
    const std::size_t slash = entry.key.find('/');
    if (slash != std::string::npos) {
        const std::string segment = entry.key.substr(0, slash);
        if (lowered(segment) == lowered(recordedProvider) || canonicalProvider(segment) == entry.provider)
            entry.model = entry.key.substr(slash + 1);
    }
    const NameForm form = withoutPlace({entry.provider, entry.model, {}, {}});
    entry.model = form.name;
    entry.region = form.region;
    if (entry.model == entry.key)
        entry.rank = 0;
    else
        entry.rank = lowered(recordedProvider) == entry.provider ? 1 : 2;
}

/// Token prices times a factor; fees of calls and tools are what they are everywhere.
LiteLlmRowPrices scaled(LiteLlmRowPrices prices, PartsPerMillion factor)
{
    for (const UsageClass each : tokenClasses) {
        auto &price = prices[static_cast<std::size_t>(each)];
        if (!price || factor == onePpm)
            continue;
        const Int128 product = static_cast<Int128>(price->femto) * factor;
        const Int128 femto = divideHalfEven(product, onePpm);
        // A price that does not fit any more is none.
        price =
            femto > std::numeric_limits<std::int64_t>::max()
                ? std::nullopt
                : std::optional(UnitPrice{static_cast<std::int64_t>(femto), price->rounded || product % onePpm != 0});
    }
    return prices;
}

std::string rateId(const Entry &entry, const LiteLlmRow &row)
{
    std::string id = "litellm:" + entry.key;
    if (row.first != ServiceTier::Standard)
        id += "#" + std::string(nameOf(row.first));
    if (row.second >= 0)
        id += ">" + std::to_string(row.second);
    return id;
}

class Builder
{
public:
    Builder(CatalogueImport &result, std::string_view fileName, const CatalogueOptions &options)
        : m_result(result)
        , m_source("LiteLLM " + std::string(fileName))
        , m_from(options.effectiveFrom)
        , m_library(options.reading == CatalogueReading::AsItsLibrary)
    {}

    void add(Entry entry)
    {
        const std::string key = entry.provider + "\n" + lowered(entry.model);
        const auto [found, added] = m_groups.emplace(key, m_order.size());
        if (added)
            m_order.emplace_back();
        m_order[found->second].push_back(std::move(entry));
    }

    void build()
    {
        for (std::vector<Entry> &group : m_order)
            buildModel(group);
    }

private:
    void buildModel(std::vector<Entry> &group)
    {
        std::stable_sort(group.begin(), group.end(), [](const Entry &a, const Entry &b) { return a.rank < b.rank; });
        CatalogueModel model = modelOf(group.front(), group.front().model);
        std::map<std::string, const Entry *> byRegion;
        for (const Entry &entry : group) {
            const auto [found, first] = byRegion.emplace(entry.region, &entry);
            if (!first && found->second->prices != entry.prices) {
                m_result.issues.push_back({entry.path, "another price for the same model than " + found->second->key
                                                           + "; kept under its whole name"});
                CatalogueModel other = modelOf(entry, entry.key);
                addRates(other, entry);
                m_result.catalogue.models.push_back(std::move(other));
                continue;
            }
            // A key with a region is no alias: the region must stay visible when a recorded name is resolved.
            if (entry.region.empty() && entry.key != model.key.model)
                model.aliases.push_back(entry.key);
            if (first)
                addRates(model, entry);
        }
        m_result.catalogue.models.push_back(std::move(model));
    }

    static CatalogueModel modelOf(const Entry &entry, const std::string &id)
    {
        CatalogueModel model;
        model.key = {entry.provider, id};
        model.displayName = id;
        model.contextWindow = entry.contextWindow;
        model.cacheMinimumTokens = entry.cacheMinimumTokens;
        return model;
    }

    void addRates(CatalogueModel &model, const Entry &entry) const
    {
        LiteLlmRows rows = entry.prices.rows;
        if (entry.prices.fastFactor) {
            for (const auto &[row, prices] : entry.prices.rows) {
                if (row.first == ServiceTier::Standard)
                    rows.try_emplace({ServiceTier::Fast, row.second}, scaled(prices, *entry.prices.fastFactor));
            }
        }
        for (const auto &[row, prices] : rows) {
            addRate(model, entry, row, entry.region, prices);
            if (!entry.region.empty())
                continue;
            for (const auto &[place, factor] : entry.prices.uplifts)
                addRate(model, entry, row, place, scaled(prices, factor));
        }
    }

    /// The rate, and what takes its place in off-peak hours.
    void addRate(CatalogueModel &model, const Entry &entry, const LiteLlmRow &row, const std::string &region,
                 const LiteLlmRowPrices &prices) const
    {
        Rate rate;
        rate.id = rateId(entry, row);
        if (region != entry.region)
            rate.id += "@" + region;
        rate.valid = {m_from, alwaysAfter};
        rate.tier = row.first;
        rate.region = region;
        // xAI charges the upper price from the threshold on, everybody else above it.
        if (row.second >= 0)
            rate.context = ContextThreshold{row.second, entry.provider == "xai"};
        rate.prices = prices;
        rate.source = m_source;
        rate.checked = m_result.catalogue.asOf;
        rate.grade = "C";
        rate.note = entry.source;
        if (m_library)
            rate.note += std::string(rate.note.empty() ? "" : "; ") + "gaps filled as LiteLLM does";
        model.rates.push_back(rate);
        const std::string id = rate.id;
        for (std::size_t window = 0; window < entry.prices.offPeakWindows.size(); ++window) {
            rate.id = id + "#off-peak-" + std::to_string(window);
            rate.daily = entry.prices.offPeakWindows[window];
            for (std::size_t i = 0; i < usageClassCount; ++i)
                rate.prices[i] = entry.prices.offPeak[i] ? entry.prices.offPeak[i] : prices[i];
            model.rates.push_back(rate);
        }
    }

    CatalogueImport &m_result;
    std::string m_source;
    Instant m_from;
    bool m_library = false;
    std::unordered_map<std::string, std::size_t> m_groups;
    std::vector<std::vector<Entry>> m_order;
};

std::string recogniseLiteLlm(const JsonValue &root)
{
    // A log line of the same gateway has numbers and texts beside such an object.
    const bool found =
        root.is(Kind::Object)
        && std::all_of(root.items.begin(), root.items.end(),
                       [](const JsonValue &entry) { return entry.is(Kind::Object); })
        && std::any_of(root.items.begin(), root.items.end(), [](const JsonValue &entry) {
               return entry.is(Kind::Object) && entry.find("litellm_provider")
                      && std::any_of(entry.names.begin(), entry.names.end(),
                                     [](const std::string &name) { return name.find("_cost") != std::string::npos; });
           });
    return found ? "an object of models with litellm_provider and prices per token" : "";
}

Result<CatalogueImport> readLiteLlmCatalogue(const JsonValue &root, std::string_view fileName,
                                             const CatalogueOptions &options)
{
    CatalogueImport result;
    result.catalogue.id = "litellm:" + std::string(fileName);
    result.catalogue.name = "LiteLLM " + std::string(fileName);
    result.catalogue.asOf = asOfDate(fileName, options.effectiveFrom);
    Builder builder(result, fileName, options);
    std::unordered_map<std::string_view, std::size_t> last;
    for (std::size_t i = 0; i < root.names.size(); ++i) {
        const auto [found, added] = last.insert_or_assign(root.names[i], i);
        if (!added)
            result.issues.push_back({joinPath("", root.names[i]), "stands in the file twice; the last one counts"});
    }
    for (std::size_t i = 0; i < root.names.size(); ++i) {
        const std::string &key = root.names[i];
        const JsonValue &object = root.items[i];
        const std::string path = joinPath("", key);
        if (key == "sample_spec" || key == "fallback_generalizations" || last.at(key) != i)
            continue;
        const JsonValue *provider = object.is(Kind::Object) ? object.find("litellm_provider") : nullptr;
        if (!provider || !provider->is(Kind::String) || provider->text.empty()) {
            result.issues.push_back({path, "no litellm_provider says who sells this; left out"});
            continue;
        }
        if (key.find("commitment") != std::string::npos) {
            result.issues.push_back({path, "the price of a commitment, not of use; left out"});
            continue;
        }
        Entry entry;
        entry.key = key;
        entry.path = path;
        place(entry, provider->text);
        const std::size_t issuesBefore = result.issues.size();
        entry.prices = readLiteLlmPrices(object, key, path, options.reading, result.issues);
        if (entry.prices.rows.empty()) {
            if (result.issues.size() == issuesBefore)
                result.issues.push_back({path, "states no price; left out"});
            continue;
        }
        entry.contextWindow = tokensAt(object, "max_input_tokens");
        if (entry.contextWindow == 0)
            entry.contextWindow = tokensAt(object, "max_tokens");
        entry.cacheMinimumTokens = tokensAt(object, "prompt_cache_min_tokens");
        if (const JsonValue *source = object.find("source"); source && source->is(Kind::String))
            entry.source = source->text;
        builder.add(std::move(entry));
    }
    builder.build();
    if (result.catalogue.models.empty())
        return noUsablePrice(result.issues);
    return result;
}

} // namespace

CatalogueFormat liteLlmFormat()
{
    return {"litellm", "LiteLLM's model_prices_and_context_window.json", false, recogniseLiteLlm, readLiteLlmCatalogue};
}

} // namespace perunit
