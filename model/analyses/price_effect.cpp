// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/price_effect.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace perunit {

namespace {

struct Priced {
    ModelMatch match;
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    TrafficCost cost;
};

using ByName = std::map<std::pair<std::string, std::string>, Priced>;

Result<ByName> pricedBy(const Workload &workload, const PriceBook &book, Period period, Instant at,
                        const std::stop_token &stop)
{
    Profile::Cut cut;
    cut.period = period;
    cut.ownTime = false;
    const auto profile = Profile::build(workload, book, cut, stop);
    if (!profile)
        return profile.error();
    ByName result;
    for (const Block &block : (*profile)->blocks) {
        const Segment &segment = (*profile)->segments[block.segment];
        const RecordedName &name = (*profile)->names[segment.resolution];
        Priced &priced = result[{name.provider, name.model}];
        priced.match = name.match;
        priced.requests += block.totals[static_cast<std::size_t>(UsageClass::Request)];
        priced.tokens += tokensIn(block.totals);
        const RateCard card =
            cardFor(book, segment.model, segment.tier, (*profile)->regions[segment.region], at, block);
        priced.cost += costOfBlock(**profile, block, card);
    }
    return result;
}

Femto magnitude(const PriceEffect::Line &line)
{
    const Femto change = line.after.cost - line.before.cost;
    return change < Femto{} ? Femto{} - change : change;
}

} // namespace

bool PriceEffect::changesNothing() const
{
    return std::all_of(lines.begin(), lines.end(), [](const Line &line) {
        return line.before.cost == line.after.cost && line.before.unpricedTokens == line.after.unpricedTokens;
    });
}

Result<PriceEffect> priceEffect(const Workload &workload, const PriceBook &before, const PriceBook &after,
                                Period period, Instant at, std::stop_token stop)
{
    const auto old = pricedBy(workload, before, period, at, stop);
    if (!old)
        return old.error();
    auto next = pricedBy(workload, after, period, at, stop);
    if (!next)
        return next.error();
    PriceEffect result;
    result.currency = after.currency();
    result.period = period;
    result.at = at;
    for (const auto &[name, priced] : *old) {
        const Priced &other = (*next)[name];
        result.lines.push_back({name.first, name.second, priced.match, other.match, priced.requests, priced.tokens,
                                priced.cost, other.cost});
        result.before += priced.cost;
        result.after += other.cost;
    }
    std::stable_sort(result.lines.begin(), result.lines.end(), [](const auto &a, const auto &b) {
        return std::tuple(magnitude(b), b.tokens) < std::tuple(magnitude(a), a.tokens);
    });
    return result;
}

} // namespace perunit
