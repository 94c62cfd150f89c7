// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "model/analyses/dimension_use.h"
#include "model/dimensions/apply_dimensions.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace perunit {

namespace {

struct DimensionArguments {
    std::string workspace;
    std::string file;
    bool clear = false;
    bool json = false;
};

using Json = nlohmann::ordered_json;

void show(const DimensionArguments &arguments, CommandOutcome &outcome)
{
    const auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const auto documents = session->store->documents(dimensionsKind);
    if (!documents)
        return fail(outcome, documents.error());
    const std::string text = documents->empty() ? writeDimensionRules({}) : documents->front().content;
    std::fputs(text.c_str(), stdout);
}

Json useJson(const CaseUse &use)
{
    return {{"rows", use.rows}, {"amount", use.money.text()}};
}

/// The rules with what they make of the ledger.
Result<Json> report(const Session &session)
{
    const auto evaluated = evaluateWanted(session, {}, {}, {});
    if (!evaluated)
        return evaluated.error();
    const auto costs = RequestCosts::build(evaluated->baseline, nullptr, {});
    if (!costs)
        return costs.error();
    const auto use = dimensionUse(**costs, session.state.dimensions, nullptr, {});
    if (!use)
        return use.error();
    const DimensionReport put = evaluated->ledger->dimensions ? *evaluated->ledger->dimensions : DimensionReport();
    Json tags = Json::array();
    for (const TagUse &tag : put.tags)
        tags.push_back({{"tag", tag.key},
                        {"dimension", tag.dimension},
                        {"rows", tag.rows},
                        {"conflicts", tag.conflicts},
                        {"example", tag.example.empty() ? Json(nullptr) : Json(tag.example)}});
    Json dimensions = Json::array();
    for (std::size_t i = 0; i < use->dimensions.size(); ++i) {
        Json cases = Json::array();
        for (std::size_t j = 0; j < use->dimensions[i].cases.size(); ++j) {
            Json one = useJson(use->dimensions[i].cases[j]);
            one["value"] = use->rules.dimensions[i].cases[j].value;
            cases.push_back(std::move(one));
        }
        dimensions.push_back({{"name", use->dimensions[i].name},
                              {"cases", std::move(cases)},
                              {"otherwise", useJson(use->dimensions[i].otherwise)}});
    }
    return Json{{"rules", Json::parse(writeDimensionRules(session.state.dimensions))},
                {"currency", use->currency},
                {"tags", std::move(tags)},
                {"conflicts", put.conflicts},
                {"conflict_example", put.conflictExample.empty() ? Json(nullptr) : Json(put.conflictExample)},
                {"dimensions", std::move(dimensions)}};
}

void showReport(const DimensionArguments &arguments, CommandOutcome &outcome)
{
    const auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const auto json = report(*session);
    if (!json)
        return fail(outcome, json.error());
    std::puts(json->dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

void change(const DimensionArguments &arguments, CommandOutcome &outcome)
{
    DimensionRules rules;
    if (!arguments.file.empty()) {
        const auto text = readTextFile(arguments.file);
        if (!text)
            return fail(outcome, text.error());
        auto read = parseDimensionRules(*text);
        if (!read)
            return fail(outcome, read.error().in(fileNameOf(arguments.file)));
        rules = std::move(*read);
    }
    if (const auto session = openSession(arguments.workspace, false); !session)
        return fail(outcome, session.error());
    auto workspace = openForWriting(arguments.workspace);
    if (!workspace)
        return fail(outcome, workspace.error());
    std::vector<WorkspaceStore::Document> documents;
    if (!rules.isEmpty())
        documents.push_back({"rules", writeDimensionRules(rules)});
    if (auto status = workspace->store->replaceDocuments(dimensionsKind, documents); !status)
        return fail(outcome, status.error());
    std::fprintf(stderr, "perunit: %zu aliases of tags and %zu dimensions by rules\n", rules.tags.size(),
                 rules.dimensions.size());
}

} // namespace

void addDimensionsCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<DimensionArguments>();
    CLI::App *command = app.add_subcommand(
        "dimensions", "Names and values of tags that mean the same, and dimensions made by rules, as JSON");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    CLI::Option *file =
        command->add_option("FILE", arguments->file, "Rules to use from now on; without it, those in use are printed");
    command->add_flag("--clear", arguments->clear, "Use no rules any more")->excludes(file);
    command
        ->add_flag("--json", arguments->json,
                   "Print the rules with what they make of the ledger: tags, contradictions, what each rule catches")
        ->excludes(file);
    command->callback([arguments, &outcome] {
        if (arguments->json && !arguments->clear)
            return showReport(*arguments, outcome);
        const bool changes = arguments->clear || !arguments->file.empty();
        return changes ? change(*arguments, outcome) : show(*arguments, outcome);
    });
}

} // namespace perunit
