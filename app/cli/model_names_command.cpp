// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_names_command.h"

#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct NameArguments {
    std::string workspace;
    std::string provider;
    std::string name;
    std::string target;
    bool json = false;
};

std::string keyText(const ModelKey &key)
{
    return key.provider + "/" + key.model;
}

/// What has no model first, and of that what cost most.
bool comesBefore(const Baseline::Resolution &a, const Baseline::Resolution &b)
{
    const auto rank = [](const Baseline::Resolution &each) {
        return std::tuple(each.match.model.found(), -each.recordedCost.value_or(Money()).units(), -each.tokens);
    };
    return rank(a) < rank(b);
}

Json namesJson(const Baseline &baseline, const std::vector<Baseline::Resolution> &names)
{
    Json list = Json::array();
    for (const Baseline::Resolution &each : names) {
        const bool found = each.match.model.found();
        const bool priced = found && (each.tokens == 0 || each.unpricedTokens < each.tokens);
        list.push_back({{"provider", each.provider},
                        {"recorded", each.recorded},
                        {"model", found ? Json(keyText(baseline.book().model(each.match.model).key)) : Json(nullptr)},
                        {"rule", matchName(each.match.rule)},
                        {"matched_by", each.match.detail},
                        {"requests", each.requests},
                        {"tokens", each.tokens},
                        {"cost", priced ? Json(each.cost.text()) : Json(nullptr)},
                        {"recorded_cost", each.recordedCost ? Json(each.recordedCost->text()) : Json(nullptr)},
                        {"unpriced_tokens", each.unpricedTokens}});
    }
    return {{"currency", baseline.currency()}, {"names", list}};
}

void runNames(const NameArguments &arguments, CommandOutcome &outcome)
{
    const auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const auto ledger = session->store->readLedger({});
    if (!ledger)
        return fail(outcome, ledger.error());
    const auto baseline = Baseline::build(*ledger, session->book, {}, {});
    if (!baseline)
        return fail(outcome, baseline.error());
    std::vector<Baseline::Resolution> names = (*baseline)->resolutions();
    std::stable_sort(names.begin(), names.end(), comesBefore);
    if (arguments.json) {
        std::puts(namesJson(**baseline, names).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    std::vector<std::vector<std::string>> rows{
        {"provider", "recorded", "model", "found by", "requests", "tokens", "recorded cost", "unpriced tokens"}};
    for (const Baseline::Resolution &each : names)
        rows.push_back({each.provider, each.recorded,
                        each.match.model.found() ? keyText((*baseline)->book().model(each.match.model).key) : "–",
                        each.match.detail, std::to_string(each.requests), std::to_string(each.tokens),
                        each.recordedCost ? each.recordedCost->text() : "–", std::to_string(each.unpricedTokens)});
    std::fputs(textTable(rows, {false, false, false, false, true, true, true, true}).c_str(), stdout);
}

bool isFor(const ModelMapping &mapping, const NameArguments &arguments)
{
    return mapping.provider == arguments.provider && mapping.model == arguments.name;
}

void runMap(const NameArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const std::size_t slash = arguments.target.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == arguments.target.size())
        return fail(outcome, {ErrorCode::BadInput, "the model to price it as is not provider/model", arguments.target,
                              "see 'perunit catalogue list'"});
    const ModelMatch match =
        session->book->resolve(arguments.target.substr(0, slash), arguments.target.substr(slash + 1));
    if (!match.model.found())
        return fail(outcome, {ErrorCode::NotFound, "no catalogue model has this name", arguments.target,
                              "see 'perunit catalogue list'"});
    const ModelKey key = session->book->model(match.model).key;
    WorkspaceState next = session->state;
    std::erase_if(next.modelMappings, [&arguments](const ModelMapping &each) { return isFor(each, arguments); });
    next.modelMappings.push_back({arguments.provider, arguments.name, key});
    if (auto status = saveSession(*session, next); !status)
        return fail(outcome, status.error());
    std::fprintf(stderr, "perunit: '%s' is priced as %s\n", arguments.name.c_str(), keyText(key).c_str());
}

void runUnmap(const NameArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    WorkspaceState next = session->state;
    if (std::erase_if(next.modelMappings, [&arguments](const ModelMapping &each) { return isFor(each, arguments); })
        == 0)
        return fail(outcome,
                    {ErrorCode::NotFound, "nothing was said about this name and provider", arguments.name, ""});
    if (auto status = saveSession(*session, next); !status)
        return fail(outcome, status.error());
}

} // namespace

void addModelNameCommands(CLI::App &catalogue, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<NameArguments>();
    CLI::App *names =
        catalogue.add_subcommand("names", "How the recorded model names of a workspace found their prices");
    names->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    names->add_flag("--json", arguments->json, "Print one JSON document");
    names->callback([arguments, &outcome] { runNames(*arguments, outcome); });

    CLI::App *map = catalogue.add_subcommand("map", "Say which model a recorded name means");
    map->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    map->add_option("--provider", arguments->provider, "Provider as recorded; any when absent");
    map->add_option("NAME", arguments->name, "Model name as recorded: an Azure deployment, for example")->required();
    map->add_option("MODEL", arguments->target, "provider/model whose prices it has")->required();
    map->callback([arguments, &outcome] { runMap(*arguments, outcome); });

    CLI::App *unmap = catalogue.add_subcommand("unmap", "Let a recorded name be found by itself again");
    unmap->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    unmap->add_option("--provider", arguments->provider, "Provider as it was given to map");
    unmap->add_option("NAME", arguments->name, "Model name as recorded")->required();
    unmap->callback([arguments, &outcome] { runUnmap(*arguments, outcome); });
}

} // namespace perunit
