// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/list_and_contracted.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

/// Whether a fixed price in force is for events that the list has no price for at some time of the period.
bool fixesUnlistedEvents(const PriceBook &book, ModelIndex model, Period period)
{
    std::vector<Instant> instants{period.from};
    const std::vector<Instant> changes = book.changesWithin(model, period);
    instants.insert(instants.end(), changes.begin(), changes.end());
    for (const std::int32_t index : book.overlaysOf(model)) {
        const PriceOverlay &overlay = book.overlays()[static_cast<std::size_t>(index)];
        if (overlay.kind != OverlayKind::FixedPrice || overlay.classes.empty() || isTokenClass(overlay.classes.front()))
            continue;
        const ServiceTier tier = overlay.tiers.empty() ? ServiceTier::Standard : overlay.tiers.front();
        for (const Instant at : instants) {
            const RateCard card = book.rateCard(model, tier, {}, at);
            for (const UsageClass each : overlay.classes) {
                const ClassPrice *price =
                    card.bands.empty() ? nullptr : &card.bands.front().prices[static_cast<std::size_t>(each)];
                if (price && price->overlaySet >= 0 && price->listState == PriceState::Unpriced)
                    return true;
            }
        }
    }
    return false;
}

} // namespace

std::vector<ListAndContracted> listAndContracted(const Baseline &contracted, const Baseline &list)
{
    std::map<std::pair<std::string, std::string>, ListAndContracted> byModel;
    std::map<std::pair<std::string, std::string>, const Baseline::Resolution *> atList;
    for (const Baseline::Resolution &each : list.resolutions())
        atList[{each.provider, each.recorded}] = &each;
    for (const Baseline::Resolution &each : contracted.resolutions()) {
        const ModelIndex index = each.match.model;
        const ModelKey key =
            index.found() ? contracted.book().model(index).key : ModelKey{each.provider, each.recorded};
        ListAndContracted &line = byModel[{key.provider, key.model}];
        if (line.recorded.empty()) {
            line.provider = key.provider;
            line.model = key.model;
            line.found = index.found();
            line.unlistedEvents = line.found && fixesUnlistedEvents(contracted.book(), index, contracted.period());
        }
        line.recorded.push_back(each.recorded);
        line.requests += each.requests;
        line.tokens += each.tokens;
        line.contracted += each.cost;
        line.unpricedContracted += each.unpricedTokens;
        if (const auto found = atList.find({each.provider, each.recorded}); found != atList.end()) {
            line.list += found->second->cost;
            line.unpricedList += found->second->unpricedTokens;
        }
    }
    std::vector<ListAndContracted> result;
    for (auto &[key, line] : byModel)
        result.push_back(std::move(line));
    std::stable_sort(result.begin(), result.end(), [](const ListAndContracted &a, const ListAndContracted &b) {
        return a.contracted > b.contracted;
    });
    return result;
}

} // namespace perunit
