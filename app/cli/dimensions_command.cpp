// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "model/dimensions/dimension_rules.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace perunit {

namespace {

struct DimensionArguments {
    std::string workspace;
    std::string file;
    bool clear = false;
};

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
    command->callback([arguments, &outcome] {
        const bool changes = arguments->clear || !arguments->file.empty();
        return changes ? change(*arguments, outcome) : show(*arguments, outcome);
    });
}

} // namespace perunit
