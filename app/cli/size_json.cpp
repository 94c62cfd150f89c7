// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of `size --json` (product.md). Money, shares and parts of a unit are decimal strings, as in every command.
#include "app/cli/size_output.h"

#include "app/cli/json_shapes.h"

#include <nlohmann/json.hpp>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

/// Shares, hours, months and parts of a unit: exact decimals.
Json number(Int128 millionths)
{
    return formatDecimal(millionths, 6);
}

Json number(const std::optional<PartsPerMillion> &value)
{
    return value ? number(Int128{*value}) : Json(nullptr);
}

Json sizeJson(const SizeFigures &size)
{
    Json json{{"units", size.units},
              {"cost", size.cost().text()},
              {"fixed_cost", size.fixedCost.text()},
              {"spill_cost", size.spillCost.text()},
              {"spill_share", number(Int128{size.spillShare})},
              {"utilisation", number(Int128{size.utilisation})},
              {"can_be_bought", size.canBeBought}};
    json["bucket_spill_share"] = number(size.bucketSpillShare);
    json["bucket_spill_cost"] = size.bucketSpillCost ? Json(size.bucketSpillCost->text()) : Json(nullptr);
    return json;
}

Json pointJson(const SizeCost &point)
{
    return {{"units", point.units},
            {"cost", point.cost().text()},
            {"fixed_cost", point.fixedCost.text()},
            {"spill_cost", point.spillCost.text()}};
}

Json breakEvenJson(const BreakEvens &even)
{
    return {{"utilisation_vs_payg", number(even.utilisation)},
            {"hours_vs_hourly", number(even.hours)},
            {"months_vs_monthly", number(even.months)},
            {"hours_share_vs_hourly", number(even.hoursShare)},
            {"utilisation_vs_payg_28_days", number(even.utilisationShortMonth)},
            {"utilisation_vs_payg_31_days", number(even.utilisationLongMonth)}};
}

std::string resolutionName(int seconds)
{
    switch (seconds) {
    case 1:
        return "second";
    case 60:
        return "minute";
    case 3600:
        return "hour";
    default:
        return std::to_string(seconds) + " seconds";
    }
}

Json boundsJson(const ResolutionBounds &bounds)
{
    return {{"resolution", resolutionName(bounds.seconds)},
            {"spill_is_lower_bound", bounds.spillIsLowerBound},
            {"resolution_seconds", bounds.seconds},
            {"rows_of_several_requests", bounds.coarserRows},
            {"share_of_their_load", number(Int128{bounds.coarserShare})}};
}

Json bandsJson(const std::vector<BucketBand> &bands)
{
    Json list = Json::array();
    for (const BucketBand &band : bands) {
        Json depths = Json::array();
        for (const BucketBand::Depth &depth : band.depths)
            depths.push_back({{"seconds", depth.seconds},
                              {"spill_share", number(Int128{depth.spillShare})},
                              {"spill_cost", depth.spillCost.text()}});
        list.push_back({{"units", band.units}, {"depths", std::move(depths)}});
    }
    return list;
}

Json wasteJson(const Waste &waste)
{
    return {{"unallocated_units", waste.unallocatedUnits},
            {"unallocated", waste.unallocated.text()},
            {"idle", waste.idle.text()},
            {"uncovered_units", waste.uncoveredUnits},
            {"uncovered", waste.uncovered.text()},
            {"spilled", waste.spilled.text()}};
}

Json stressJson(const std::vector<PriceCut> &cuts)
{
    Json list = Json::array();
    for (const PriceCut &cut : cuts)
        list.push_back({{"price_cut", number(Int128{cut.cut})},
                        {"utilisation_vs_payg", number(cut.utilisation)},
                        {"payg_cost", cut.payAsYouGo.text()},
                        {"cost", cut.cost.text()},
                        {"still_pays", cut.stillPays()},
                        {"best_units", cut.bestUnits}});
    return list;
}

Json stepsJson(const std::vector<CapacityStep> &steps)
{
    Json list = Json::array();
    for (const CapacityStep &step : steps)
        list.push_back({{"lever", step.leverId},
                        {"label", step.leverId.empty() ? std::string("Before any lever") : step.label},
                        {"payg_cost", step.payAsYouGo.text()},
                        {"optimum", sizeJson(step.optimum)}});
    return list;
}

/// What the offer gives no weight and units therefore do not serve.
Json besideJson(const CapacityAnswer &answer)
{
    Json classes = Json::array();
    for (const UsageClass usageClass : answer.besideClasses)
        classes.push_back(nameOf(usageClass));
    return {{"classes", std::move(classes)},
            {"cost", answer.besideCost.text()},
            {"share", number(Int128{answer.besideShare})}};
}

Json splitJson(const Portfolio &portfolio)
{
    Json shares = Json::array();
    for (const PortfolioShare &share : portfolio.shares)
        shares.push_back({{"model", share.model},
                          {"units", share.units},
                          {"spill_cost", share.spillCost.text()},
                          {"alone", share.alone.text()}});
    return {{"reserved", portfolio.reserved},           {"used", portfolio.used},
            {"cost", portfolio.cost().text()},          {"fixed_cost", portfolio.fixedCost.text()},
            {"spill_cost", portfolio.spillCost.text()}, {"models", std::move(shares)}};
}

} // namespace

Json capacityJson(const CapacityAnswer &answer)
{
    Json json{{"model", answer.model},
              {"offer", answer.offer},
              {"term", answer.term},
              {"raw_units", number(answer.rawUnits)},
              {"units", answer.peakUnits},
              {"minimum", answer.grid.minimum},
              {"step", answer.grid.step},
              {"currency", answer.currency},
              {"payg_cost", answer.payAsYouGo.text()},
              {"optimum", sizeJson(answer.optimum)}};
    json["at"] = answer.at ? sizeJson(*answer.at) : Json(nullptr);
    Json rules = Json::array();
    for (const SizeByRule &rule : answer.rules)
        rules.push_back({{"rule", rule.rule},
                         {"units", rule.size.units},
                         {"cost", rule.size.cost().text()},
                         {"regret", rule.regret.text()}});
    json["rules"] = std::move(rules);
    Json curve = Json::array();
    for (const SizeCost &point : answer.curve)
        curve.push_back(pointJson(point));
    json["curve"] = std::move(curve);
    json["break_even"] = breakEvenJson(answer.breakEvens);
    json["bounds"] = boundsJson(answer.bounds);
    Json flags = Json::array();
    Json ids = Json::array();
    for (const CapacityFlag &flag : answer.flags) {
        flags.push_back(flag.text);
        ids.push_back(flag.id);
    }
    json["flags"] = std::move(flags);
    json["flag_ids"] = std::move(ids);
    json["unit_name"] = answer.unitName;
    json["price_per_unit"] = answer.pricePerUnit.text();
    json["from"] = formatInstant(answer.period.from);
    json["to"] = formatInstant(answer.period.to);
    json["requests"] = answer.requests;
    json["too_long"] = {{"requests", answer.tooLongRequests}, {"share", number(Int128{answer.tooLongShare})}};
    json["unpriced_tokens"] = answer.unpricedTokens;
    json["beside_units"] = besideJson(answer);
    json["exact"] = answer.exact;
    json["bands"] = bandsJson(answer.bands);
    json["stress"] = stressJson(answer.stress);
    json["waste"] = wasteJson(answer.waste);
    json["steps"] = stepsJson(answer.steps);
    if (answer.outputOptimum)
        json["output"] = {{"raw_units", number(answer.outputRawUnits)},
                          {"units", answer.outputPeakUnits},
                          {"optimum", sizeJson(*answer.outputOptimum)}};
    if (answer.perMillionOutput)
        json["per_million_output"] = answer.perMillionOutput->text();
    json["source"] = answer.source;
    json["checked"] = answer.checked.empty() ? Json(nullptr) : Json(answer.checked);
    return json;
}

Json comparisonJson(const std::vector<OfferComparison> &comparison)
{
    Json list = Json::array();
    for (const OfferComparison &each : comparison) {
        Json json{{"offer", each.offer}, {"term", each.term}};
        if (each.answer) {
            json["payg_cost"] = each.answer->payAsYouGo.text();
            json["units"] = each.answer->peakUnits;
            json["optimum"] = sizeJson(each.answer->optimum);
            json["break_even"] = breakEvenJson(each.answer->breakEvens);
        }
        json["why_not"] = each.answer ? Json(nullptr) : Json(each.whyNot);
        list.push_back(std::move(json));
    }
    return list;
}

Json portfolioJson(const PortfolioAnswer &answer)
{
    Json json{{"currency", answer.currency}, {"payg_cost", answer.payAsYouGo.text()}, {"best", splitJson(answer.best)}};
    json["given"] = answer.given ? splitJson(*answer.given) : Json(nullptr);
    return json;
}

Json poolingJson(const PoolingAnswer &answer)
{
    Json silos = Json::array();
    for (const PoolingAnswer::Silo &silo : answer.silos)
        silos.push_back({{"key", silo.key}, {"units", silo.optimum.units}, {"cost", silo.optimum.cost().text()}});
    return {{"currency", answer.currency},
            {"silos", std::move(silos)},
            {"pooled", pointJson(answer.pooled)},
            {"saving", answer.saving.text()}};
}

} // namespace perunit
