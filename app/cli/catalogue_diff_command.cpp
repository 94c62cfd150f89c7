// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/catalogue_diff_command.h"

#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"
#include "app/document/clock.h"
#include "model/figures/figure_builder.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <limits>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kindNames{"new", "changed", "gone"};

struct DiffArguments {
    std::string before;
    std::string after;
    std::string workspace;
    std::string at;
    bool json = false;
};

Json modelsJson(const std::vector<ModelKey> &models)
{
    Json list = Json::array();
    for (const ModelKey &key : models)
        list.push_back({{"provider", key.provider}, {"model", key.model}});
    return list;
}

Json priceOrNull(std::optional<std::int64_t> femto)
{
    return femto ? Json(pricePerMillion(*femto)) : Json(nullptr);
}

std::string conditionOf(const PriceChange &change)
{
    std::string text = change.tier == ServiceTier::Standard ? "" : std::string(nameOf(change.tier));
    const auto add = [&text](const std::string &part) {
        text += (text.empty() ? "" : ", ") + part;
    };
    if (!change.region.empty())
        add(change.region);
    if (change.band)
        add((change.band->inclusive ? ">= " : "> ") + std::to_string(change.band->tokens));
    if (change.daily)
        add(hoursText(*change.daily));
    return text;
}

/// A catalogue by its name or path: "bundled", "workspace", or a file.
Result<std::shared_ptr<const PriceBook>> bookNamed(const std::string &argument, const std::string &workspace,
                                                   const std::vector<ModelMapping> &mappings)
{
    if (argument == "bundled")
        return priceBookFor({});
    if (argument == "workspace") {
        if (workspace.empty())
            return Error{ErrorCode::BadInput, "which workspace is not said", "workspace", "name it with --workspace"};
        auto session = openSession(workspace, false);
        if (!session)
            return session.error();
        return session->book;
    }
    auto catalogue = readAddedCatalogue(argument, alwaysBefore);
    if (!catalogue)
        return catalogue.error();
    std::vector<std::shared_ptr<const Catalogue>> layers{catalogue->content};
    return std::make_shared<const PriceBook>(std::move(layers), mappings);
}

Result<std::optional<PriceEffect>> effectOn(const std::string &workspace, const PriceBook &before,
                                            const PriceBook &after, Instant at)
{
    if (workspace.empty())
        return std::optional<PriceEffect>();
    auto session = openSession(workspace, false);
    if (!session)
        return session.error();
    const auto ledger = session->store->readLedger({});
    if (!ledger)
        return ledger.error();
    if (ledger->workload->size() == 0)
        return std::optional<PriceEffect>();
    auto effect = priceEffect(*ledger->workload, before, after, ledger->workload->period(), at, {});
    if (!effect)
        return effect.error();
    return std::optional(std::move(*effect));
}

void runDiff(const DiffArguments &arguments, CommandOutcome &outcome)
{
    const auto at = arguments.at.empty() ? Result<Instant>(startOfToday()) : parseInstant(arguments.at);
    if (!at)
        return fail(outcome, at.error().in("--at"));
    std::vector<ModelMapping> mappings;
    if (!arguments.workspace.empty()) {
        auto session = openSession(arguments.workspace, false);
        if (!session)
            return fail(outcome, session.error());
        mappings = session->state.modelMappings;
    }
    const auto before = bookNamed(arguments.before, arguments.workspace, mappings);
    if (!before)
        return fail(outcome, before.error());
    const auto after = bookNamed(arguments.after, arguments.workspace, mappings);
    if (!after)
        return fail(outcome, after.error());
    if ((*before)->currency() != (*after)->currency())
        return fail(outcome,
                    {ErrorCode::Unsupported,
                     "prices in " + (*before)->currency() + " and " + (*after)->currency() + " cannot be compared", "",
                     ""});
    const CatalogueDiff diff = comparePriceBooks(**before, **after, *at);
    const auto effect = effectOn(arguments.workspace, **before, **after, *at);
    if (!effect)
        return fail(outcome, effect.error());
    if (arguments.json) {
        Json json{{"before", arguments.before},
                  {"after", arguments.after},
                  {"at", formatInstant(*at)},
                  {"currency", (*after)->currency()}};
        json.update(diffJson(diff));
        json["effect"] = *effect ? effectJson(**effect) : Json(nullptr);
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    printDiff(diff, std::numeric_limits<std::size_t>::max());
    if (*effect)
        printEffect(**effect);
}

} // namespace

nlohmann::ordered_json diffJson(const CatalogueDiff &diff)
{
    Json changes = Json::array();
    for (const PriceChange &change : diff.changes)
        changes.push_back({{"provider", change.model.provider},
                           {"model", change.model.model},
                           {"kind", kindNames[static_cast<std::size_t>(change.kind)]},
                           {"tier", nameOf(change.tier)},
                           {"region", change.region.empty() ? Json(nullptr) : Json(change.region)},
                           {"prompt_above", change.band ? Json(change.band->tokens) : Json(nullptr)},
                           {"prompt_inclusive", change.band ? Json(change.band->inclusive) : Json(nullptr)},
                           {"daily_utc", dailyJson(change.daily)},
                           {"class", nameOf(change.usageClass)},
                           {"before_per_million", priceOrNull(change.beforeFemto)},
                           {"after_per_million", priceOrNull(change.afterFemto)},
                           {"before_entry", change.beforeFemto ? Json(change.beforeRate) : Json(nullptr)},
                           {"after_entry", change.afterFemto ? Json(change.afterRate) : Json(nullptr)},
                           {"suspicious", change.suspicious}});
    return {{"new", modelsJson(diff.newModels)},
            {"gone", modelsJson(diff.goneModels)},
            {"same", diff.sameModels},
            {"changes", changes}};
}

nlohmann::ordered_json effectJson(const PriceEffect &effect)
{
    const auto cost = [](const TrafficCost &each) {
        return each.isUnknown() ? Json(nullptr) : Json(each.cost.text());
    };
    Json lines = Json::array();
    for (const PriceEffect::Line &line : effect.lines)
        lines.push_back({{"provider", line.provider},
                         {"model", line.recorded},
                         {"requests", line.requests},
                         {"before", cost(line.before)},
                         {"after", cost(line.after)},
                         {"unpriced_tokens_before", line.before.unpricedTokens},
                         {"unpriced_tokens_after", line.after.unpricedTokens}});
    return {{"prices_at", formatInstant(effect.at)},
            {"from", formatInstant(effect.period.from)},
            {"to", formatInstant(effect.period.to)},
            {"currency", effect.currency},
            {"before", cost(effect.before)},
            {"after", cost(effect.after)},
            {"unpriced_tokens_before", effect.before.unpricedTokens},
            {"unpriced_tokens_after", effect.after.unpricedTokens},
            {"lines", lines}};
}

void printDiff(const CatalogueDiff &diff, std::size_t mostChanges)
{
    std::printf("%zu new models, %zu gone, %zu the same, %zu changed prices\n", diff.newModels.size(),
                diff.goneModels.size(), diff.sameModels, diff.changes.size());
    std::vector<std::vector<std::string>> rows{{"model", "when", "class", "before", "after", "per million"}};
    for (const PriceChange &change : diff.changes) {
        if (rows.size() > mostChanges)
            break;
        const auto price = [](std::optional<std::int64_t> femto) {
            return femto ? pricePerMillion(*femto) : std::string("-");
        };
        rows.push_back(
            {change.model.provider + "/" + change.model.model, conditionOf(change),
             std::string(nameOf(change.usageClass)), price(change.beforeFemto), price(change.afterFemto),
             change.suspicious ? "suspicious" : std::string(kindNames[static_cast<std::size_t>(change.kind)])});
    }
    if (rows.size() > 1)
        std::fputs(textTable(rows, {false, false, false, true, true, false}).c_str(), stdout);
    if (rows.size() <= diff.changes.size())
        std::printf("… and %zu more; 'perunit catalogue diff' lists them all\n", diff.changes.size() + 1 - rows.size());
}

void printEffect(const PriceEffect &effect)
{
    const auto text = [&effect](const TrafficCost &cost) {
        return cost.isUnknown() ? std::string("n/a") : moneyText(cost.cost, effect.currency);
    };
    std::printf("All requests of the ledger at the prices of %s: %s -> %s (%s)\n", formatDate(effect.at).c_str(),
                text(effect.before).c_str(), text(effect.after).c_str(),
                changeText(effect.before.cost, effect.after.cost).c_str());
    std::vector<std::vector<std::string>> rows{{"recorded model", "requests", "before", "after", "unpriced tokens"}};
    for (const PriceEffect::Line &line : effect.lines) {
        if (line.before.cost != line.after.cost || line.after.unpricedTokens > 0)
            rows.push_back({line.provider + "/" + line.recorded, std::to_string(line.requests), text(line.before),
                            text(line.after), std::to_string(line.after.unpricedTokens)});
    }
    if (rows.size() > 1)
        std::fputs(textTable(rows, {false, true, true, true, true}).c_str(), stdout);
}

void addCatalogueDiff(CLI::App &catalogue, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<DiffArguments>();
    CLI::App *diff =
        catalogue.add_subcommand("diff", "What two catalogues state differently, and what it makes of a bill");
    diff->add_option("A", arguments->before, "A catalogue file, 'bundled', or 'workspace'")->required();
    diff->add_option("B", arguments->after, "The same")->required();
    diff->add_option("-w,--workspace", arguments->workspace, "Also price the traffic of this workspace with both");
    diff->add_option("--at", arguments->at, "Instant whose prices are compared; today when absent");
    diff->add_flag("--json", arguments->json, "Print one JSON document");
    diff->callback([arguments, &outcome] { runDiff(*arguments, outcome); });
}

} // namespace perunit
