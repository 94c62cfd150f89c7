// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/mix_figure.h"

#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

namespace perunit {

namespace {

std::string titleOf(const PriceVolumeMix &mix, const std::string &before, const std::string &after)
{
    const Femto change = mix.difference();
    if (change.isZero())
        return "Requests cost as much in " + after + " as in " + before;
    const MixEffect largest = largestEffect(mix.effects);
    const Femto amount = mix.effects[largest];
    return "Requests cost " + shortMoneyText(magnitude(change), mix.currency)
           + (change < Femto() ? " less in " : " more in ") + after + " than in " + before + " ("
           + changeText(mix.trafficBefore.cost.total(), mix.trafficAfter.cost.total()) + "), most of all through "
           + std::string(mixEffectLabels[static_cast<std::size_t>(largest)]) + ": "
           + signedMoneyText(amount, mix.currency);
}

void addUnpricedNote(Figure &figure, const MixTraffic &traffic, const std::string &period)
{
    if (traffic.unpricedTokens > 0)
        figure.notes.push_back(period + ": " + countText(traffic.unpricedTokens)
                               + " tokens have no price and are in no amount.");
}

} // namespace

std::string mixGroupName(const MixGroup &group)
{
    std::string name;
    for (const std::string &value : group.key)
        name += (name.empty() ? "" : " \u00b7 ") + (value.empty() ? std::string("(none)") : value);
    return name;
}

std::string mixEffectHelp(MixEffect effect)
{
    switch (effect) {
    case MixEffect::Volume:
        return "More or fewer requests, everything else as it was.";
    case MixEffect::Mix:
        return "Other shares of the groups in the requests: more of the dear ones, or fewer.";
    case MixEffect::CallsPerUnit:
        return "More or fewer requests for one unit.";
    case MixEffect::InputTokens:
        return "Longer or shorter prompts.";
    case MixEffect::OutputTokens:
        return "Longer or shorter answers, reasoning included.";
    case MixEffect::Cache:
        return "Another part of the prompts read from the cache or written to it.";
    case MixEffect::OtherUsage:
        return "Audio, images, embeddings and events of a request.";
    case MixEffect::Rate:
        return "Other prices of a token: catalogue, tier, contract, long prompts.";
    case MixEffect::New:
        return "Groups that the first period does not have.";
    case MixEffect::Ended:
        return "Groups that the second period does not have.";
    }
    return {};
}

MixEffect largestEffect(const MixEffects &effects)
{
    std::size_t largest = 0;
    for (std::size_t i = 1; i < mixEffectCount; ++i) {
        if (magnitude(effects.amounts[i]) > magnitude(effects.amounts[largest]))
            largest = i;
    }
    return static_cast<MixEffect>(largest);
}

bool isUnknown(const MixTraffic &traffic)
{
    return traffic.cost.total().isZero() && traffic.unpricedTokens > 0;
}

Figure mixWaterfall(const PriceVolumeMix &mix, const std::string &before, const std::string &after)
{
    Figure figure;
    figure.kind = FigureKind::Waterfall;
    figure.currency = mix.currency;
    figure.yTitle = mix.currency;
    figure.emptyText = "No cost is known: nothing in either period has a price.";
    if (isUnknown(mix.trafficBefore) || isUnknown(mix.trafficAfter)) {
        figure.title = "The cost of one of the periods is not known";
        return figure;
    }
    figure.title = titleOf(mix, before, after);
    figure.subtitle = dotted({"Cost of requests from " + before + " to " + after, mix.currency,
                              "at the prices of their own time", "one effect after the other"});
    FigureSeries series;
    series.name = "Cost";
    series.role = SeriesRole::Total;
    const auto add = [&](const std::string &label, Femto amount, bool change) {
        FigurePoint point = moneyPoint(static_cast<double>(figure.categories.size()), amount, mix.currency);
        if (change && amount > Femto()) {
            point.exact = "+" + point.exact;
            point.label = "+" + point.label;
        }
        series.points.push_back(std::move(point));
        figure.categories.push_back(label);
    };
    add(before, mix.trafficBefore.cost.total(), false);
    for (std::size_t i = 0; i < mixEffectCount; ++i) {
        if (mix.effects.amounts[i].isZero())
            continue;
        add(std::string(mixEffectLabels[i]), mix.effects.amounts[i], true);
        series.points.back().exact += "\n" + mixEffectHelp(static_cast<MixEffect>(i));
    }
    add(after, mix.trafficAfter.cost.total(), false);
    figure.series.push_back(std::move(series));
    figure.summary = figure.title + ".";
    addUnpricedNote(figure, mix.trafficBefore, before);
    addUnpricedNote(figure, mix.trafficAfter, after);
    return figure;
}

} // namespace perunit
