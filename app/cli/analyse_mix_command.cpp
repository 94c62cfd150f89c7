// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analyse_commands.h"
#include "app/cli/analysis_input.h"
#include "app/cli/text_table.h"

#include "model/analyses/price_volume_mix.h"
#include "model/figures/amount_text.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct MixArguments {
    std::string workspace;
    std::string before;
    std::string after;
    std::string unit;
    std::vector<std::string> by{"workload", "model"};
    bool json = false;
};

/// "2026-03" or "2026-03-01..2026-03-15", where a date without a time includes its day.
Result<Period> periodOf(const std::string &text)
{
    const std::size_t dots = text.find("..");
    const std::string first = text.substr(0, dots);
    const std::string last = dots == std::string::npos ? first : text.substr(dots + 2);
    const auto edge = [&text](const std::string &part, bool end) -> Result<Instant> {
        const bool isMonth = part.size() == 7;
        const auto at = parseInstant(isMonth ? part + "-01" : part);
        if (!at)
            return Error{ErrorCode::BadInput, "'" + part + "' is neither a month nor a date", "'" + text + "'",
                         "write 2026-03 or 2026-03-01..2026-03-15"};
        if (!end)
            return *at;
        if (isMonth)
            return monthOf(*at).plus(1).start();
        return part.size() == 10 ? Instant{at->micros + microsPerDay} : *at;
    };
    const auto from = edge(first, false);
    if (!from)
        return from.error();
    const auto to = edge(last, true);
    if (!to)
        return to.error();
    const Period period{*from, *to};
    if (period.isEmpty())
        return Error{ErrorCode::BadInput, "the period ends before it begins", "'" + text + "'", ""};
    return period;
}

std::string groupName(const MixGroup &group)
{
    std::string name;
    for (const std::string &value : group.key)
        name += (name.empty() ? "" : " · ") + (value.empty() ? std::string("(none)") : value);
    return name;
}

Json trafficJson(const MixTraffic &traffic)
{
    const bool unknown = traffic.cost.total().isZero() && traffic.unpricedTokens > 0;
    return {{"cost", unknown ? Json(nullptr) : Json(traffic.cost.total().text())},
            {"requests", traffic.requests},
            {"input", traffic.input},
            {"cache_read", traffic.cacheRead},
            {"cache_write", traffic.cacheWrite},
            {"output", traffic.output},
            {"unpriced_tokens", traffic.unpricedTokens}};
}

Json effectsJson(const MixEffects &effects)
{
    Json result = Json::object();
    for (std::size_t i = 0; i < mixEffectCount; ++i)
        result[std::string(mixEffectNames[i])] = effects.amounts[i].text();
    return result;
}

Json mixJson(const PriceVolumeMix &mix)
{
    Json groups = Json::array();
    for (const MixGroup &group : mix.groups) {
        Json key = Json::object();
        for (std::size_t i = 0; i < mix.dimensions.size(); ++i)
            key[mix.dimensions[i]] = group.key[i].empty() ? Json(nullptr) : Json(group.key[i]);
        groups.push_back({{"key", key},
                          {"before", trafficJson(group.before)},
                          {"after", trafficJson(group.after)},
                          {"difference", group.effects.total().text()},
                          {"effects", effectsJson(group.effects)}});
    }
    const auto period = [](const Period &each) {
        return Json{{"from", formatInstant(each.from)}, {"to", formatInstant(each.to)}};
    };
    const bool hasUnit = !mix.unit.empty();
    return {{"currency", mix.currency},
            {"before", period(mix.before)},
            {"after", period(mix.after)},
            {"dimensions", mix.dimensions},
            {"unit", hasUnit ? Json(mix.unit) : Json(nullptr)},
            {"units_before", hasUnit ? Json(mix.unitsBefore) : Json(nullptr)},
            {"units_after", hasUnit ? Json(mix.unitsAfter) : Json(nullptr)},
            {"traffic_before", trafficJson(mix.trafficBefore)},
            {"traffic_after", trafficJson(mix.trafficAfter)},
            {"difference", mix.difference().text()},
            {"effects", effectsJson(mix.effects)},
            {"groups", groups}};
}

void printMix(const PriceVolumeMix &mix)
{
    const auto span = [](const Period &period) {
        return formatInstant(period.from) + " … " + formatInstant(period.to);
    };
    std::printf("cost of requests, %s\n%s → %s\n", mix.currency.c_str(), span(mix.before).c_str(),
                span(mix.after).c_str());
    if (!mix.unit.empty())
        std::printf("%s: %lld → %lld\n", mix.unit.c_str(), static_cast<long long>(mix.unitsBefore),
                    static_cast<long long>(mix.unitsAfter));
    std::vector<std::vector<std::string>> rows{{"", "amount"}};
    rows.push_back({"before", mix.trafficBefore.cost.total().text()});
    for (std::size_t i = 0; i < mixEffectCount; ++i) {
        if (static_cast<MixEffect>(i) != MixEffect::CallsPerUnit || !mix.unit.empty())
            rows.push_back({std::string(mixEffectLabels[i]), mix.effects.amounts[i].text()});
    }
    rows.push_back({"after", mix.trafficAfter.cost.total().text()});
    std::printf("\n%s", textTable(rows, {false, true}).c_str());
    std::vector<std::vector<std::string>> groups{{"group", "before", "after", "difference", "largest effect", ""}};
    for (const MixGroup &group : mix.groups) {
        std::size_t largest = 0;
        for (std::size_t i = 1; i < mixEffectCount; ++i) {
            if (magnitude(group.effects.amounts[i]) > magnitude(group.effects.amounts[largest]))
                largest = i;
        }
        groups.push_back({groupName(group), group.before.cost.total().text(), group.after.cost.total().text(),
                          group.effects.total().text(), group.effects.amounts[largest].text(),
                          std::string(mixEffectLabels[largest])});
    }
    std::printf("\n%s", textTable(groups, {false, true, true, true, true, false}).c_str());
    for (const auto &[traffic, name] :
         {std::pair{&mix.trafficBefore, "before"}, std::pair{&mix.trafficAfter, "after"}}) {
        if (traffic->unpricedTokens > 0)
            std::fprintf(stderr, "perunit: %s: %lld tokens have no price and are in no amount\n", name,
                         static_cast<long long>(traffic->unpricedTokens));
    }
}

Status runMix(const MixArguments &arguments)
{
    const auto first = periodOf(arguments.before);
    if (!first)
        return first.error();
    const auto second = periodOf(arguments.after);
    if (!second)
        return second.error();
    const auto input = openForAnalysis(arguments.workspace);
    if (!input)
        return input.error();
    for (const std::string &dimension : arguments.by) {
        if (auto status = checkDimension(*input->ledger, dimension); !status)
            return status.error().in("--by");
    }
    const EconomicUnit *unit = arguments.unit.empty() ? nullptr : input->session.state.unit(arguments.unit);
    if (!arguments.unit.empty() && !unit)
        return Error{ErrorCode::NotFound, "the workspace has no unit '" + arguments.unit + "'", "--unit",
                     "see 'perunit unit list'"};
    std::vector<std::shared_ptr<const Baseline>> baselines;
    for (const Period &period : {*first, *second}) {
        BaselineSettings settings = input->session.state.settings;
        settings.period = period;
        settings.horizonMonths = 0;
        const auto baseline = Baseline::build(*input->ledger, input->session.book, settings, {});
        if (!baseline)
            return baseline.error();
        if ((*baseline)->rows().first == (*baseline)->rows().second)
            return Error{ErrorCode::NotFound, "the ledger has no requests in the period",
                         formatInstant(period.from) + " to " + formatInstant(period.to), "choose another period"};
        baselines.push_back(*baseline);
    }
    const auto mix = priceVolumeMix(*baselines[0], *baselines[1], arguments.by, unit, {});
    if (!mix)
        return mix.error();
    if (arguments.json)
        std::puts(mixJson(*mix).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        printMix(*mix);
    return {};
}

} // namespace

void addAnalyseMixCommand(CLI::App &analyse, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<MixArguments>();
    CLI::App *command = analyse.add_subcommand(
        "mix", "Why the cost of requests differs between two periods: volume, mix, tokens, cache share, rate");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("BEFORE", arguments->before, "First period: 2026-03 or 2026-03-01..2026-03-15")->required();
    command->add_option("AFTER", arguments->after, "Second period")->required();
    command->add_option("--unit", arguments->unit, "Count volume in this unit, over the requests in its scope");
    command->add_option("--by", arguments->by, "Dimensions of the groups; workload and model unless given");
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, &outcome] {
        if (auto status = runMix(*arguments); !status)
            fail(outcome, status.error());
    });
}

} // namespace perunit
