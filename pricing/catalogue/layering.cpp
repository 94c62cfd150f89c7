// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/layering.h"

#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace perunit {

namespace {

/// Thresholds are quoted in thousands, and whether the last token is included makes no other band of it; -1: the base.
std::int64_t foldedBand(const std::optional<ContextThreshold> &context)
{
    return context ? (context->tokens + 500) / 1000 : -1;
}

/// What a price is stated for, apart from its dates.
using Meter = std::tuple<ServiceTier, std::string, std::int64_t, std::tuple<int, int, int>, std::size_t>;

Meter meterOf(const Rate &rate, std::size_t usageClass)
{
    const auto hours =
        rate.daily ? std::tuple<int, int, int>{rate.daily->weekdays, rate.daily->fromMinute, rate.daily->toMinute}
                   : std::tuple<int, int, int>{-1, 0, 0};
    return {rate.tier, foldedRegion(rate.region), foldedBand(rate.context), hours, usageClass};
}

/// What the upper catalogue says, as the lower one needs to know it.
class Statements
{
public:
    explicit Statements(const CatalogueModel &model)
    {
        for (const Rate &rate : model.rates) {
            if (!decidesPrices(rate) || rate.status == RateStatus::Announced)
                continue;
            for (std::size_t i = 0; i < usageClassCount; ++i) {
                if (rate.prices[i])
                    m_periods[meterOf(rate, i)].push_back(rate.valid);
            }
            if (rate.context)
                m_bands[foldedBand(rate.context)].push_back(&rate);
        }
    }

    /// Some rate states the price at that instant.
    [[nodiscard]] bool covers(const Rate &lower, std::size_t usageClass, Instant at) const
    {
        const auto found = m_periods.find(meterOf(lower, usageClass));
        return found != m_periods.end()
               && std::any_of(found->second.begin(), found->second.end(),
                              [at](const Period &period) { return period.contains(at); });
    }

    /// The threshold of a lower rate as the upper catalogue writes it while it speaks of that band: two ways to write
    /// one threshold would be two cliffs, the higher one without the prices of the lower one.
    [[nodiscard]] std::optional<ContextThreshold> threshold(const Rate &lower, Instant at) const
    {
        const auto found = m_bands.find(foldedBand(lower.context));
        const Rate *written = nullptr;
        for (std::size_t i = 0; found != m_bands.end() && i < found->second.size(); ++i) {
            const Rate *each = found->second[i];
            if (!each->valid.contains(at))
                continue;
            if (each->context == lower.context)
                return lower.context;
            if (!written || (each->tier == lower.tier && written->tier != lower.tier))
                written = each;
        }
        return written ? written->context : lower.context;
    }

    /// The instants inside the validity of a lower rate at which any of this may change, with its ends.
    [[nodiscard]] std::vector<Instant> edges(const Rate &lower) const
    {
        std::vector<Instant> result{lower.valid.from, lower.valid.to};
        const auto add = [&](const Period &period) {
            for (const Instant at : {period.from, period.to}) {
                if (lower.valid.from < at && at < lower.valid.to)
                    result.push_back(at);
            }
        };
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            const auto found = lower.prices[i] ? m_periods.find(meterOf(lower, i)) : m_periods.end();
            if (found != m_periods.end())
                std::for_each(found->second.begin(), found->second.end(), add);
        }
        if (const auto found = m_bands.find(foldedBand(lower.context)); lower.context && found != m_bands.end()) {
            for (const Rate *rate : found->second)
                add(rate->valid);
        }
        std::sort(result.begin(), result.end());
        result.erase(std::unique(result.begin(), result.end()), result.end());
        return result;
    }

private:
    std::map<Meter, std::vector<Period>> m_periods;
    std::map<std::int64_t, std::vector<const Rate *>> m_bands;
};

/// What is left of a rate where the upper catalogue does not state its prices.
void appendRest(const Rate &rate, const Statements &stated, std::vector<Rate> &rates)
{
    const std::size_t first = rates.size();
    const std::vector<Instant> edges = stated.edges(rate);
    for (std::size_t piece = 0; piece + 1 < edges.size(); ++piece) {
        Rate rest = rate;
        rest.valid = {edges[piece], edges[piece + 1]};
        if (rate.context)
            rest.context = stated.threshold(rate, rest.valid.from);
        bool any = false;
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (rest.prices[i] && stated.covers(rate, i, rest.valid.from))
                rest.prices[i].reset();
            any |= rest.prices[i].has_value();
        }
        if (!any)
            continue;
        // An edge of another class is none of this piece.
        if (rates.size() > first && rates.back().valid.to == rest.valid.from && rates.back().prices == rest.prices
            && rates.back().context == rest.context)
            rates.back().valid.to = rest.valid.to;
        else
            rates.push_back(std::move(rest));
    }
}

} // namespace

bool decidesPrices(const Rate &rate)
{
    return rate.status != RateStatus::Cancelled;
}

CatalogueModel laidOver(const CatalogueModel &upper, const CatalogueModel &lower)
{
    CatalogueModel result = upper;
    const Statements stated(upper);
    // Of rates that fit a request equally well the last one counts, so the upper ones come last.
    result.rates.clear();
    for (const Rate &rate : lower.rates)
        appendRest(rate, stated, result.rates);
    result.rates.insert(result.rates.end(), upper.rates.begin(), upper.rates.end());
    // The other names of a model are not those of one of its snapshots.
    const bool sameId = lowered(upper.key.model) == lowered(lower.key.model);
    for (const std::string &alias : sameId ? lower.aliases : std::vector<std::string>()) {
        if (std::find(result.aliases.begin(), result.aliases.end(), alias) == result.aliases.end()
            && lowered(alias) != lowered(upper.key.model))
            result.aliases.push_back(alias);
    }
    if (result.displayName.empty())
        result.displayName = lower.displayName;
    if (result.family.empty())
        result.family = lower.family;
    if (result.contextWindow == 0)
        result.contextWindow = lower.contextWindow;
    if (result.cacheMinimumTokens == 0)
        result.cacheMinimumTokens = lower.cacheMinimumTokens;
    return result;
}

CatalogueModel inPlace(const CatalogueModel &model, std::string_view region)
{
    const std::string place = foldedRegion(region);
    CatalogueModel there = model;
    CatalogueModel anywhere = model;
    std::erase_if(anywhere.rates, [](const Rate &rate) { return !rate.region.empty(); });
    std::erase_if(there.rates,
                  [&place](const Rate &rate) { return rate.region.empty() || foldedRegion(rate.region) != place; });
    for (Rate &rate : there.rates)
        rate.region.clear();
    return laidOver(there, anywhere);
}

} // namespace perunit
