// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "model/import/importer.h"
#include "pricing/catalogue/catalogue_file.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct ImportArguments {
    std::string workspace;
    std::string format;
    std::string mapping;
    std::string onOverlap = "ask";
    std::string decimalMark;
    std::string dateOrder;
    std::vector<std::string> files;
    bool dryRun = false;
    bool json = false;
};

std::string amountText(const CostTotal &amount)
{
    return amount ? amount->text() : "–";
}

std::string periodText(const Period &period)
{
    return period.isEmpty() ? "–" : formatInstant(period.from) + " … " + formatInstant(period.to);
}

void printSources(const std::vector<Source> &sources, bool json)
{
    if (json) {
        Json list = Json::array();
        for (const Source &source : sources)
            list.push_back(sourceJson(source));
        std::puts(Json{{"sources", list}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    std::vector<std::vector<std::string>> rows{
        {"id", "file", "format", "role", "rows", "rejected", "requests", "period", "billed", "effective", "currency"}};
    for (const Source &source : sources)
        rows.push_back(
            {std::to_string(source.id), source.file, source.format,
             std::string(sourceRoleNames[static_cast<std::size_t>(source.role)]) + (source.active ? "" : " (undone)"),
             std::to_string(source.rowsAccepted), std::to_string(source.rowsRejected), std::to_string(source.requests),
             periodText(source.period), amountText(source.billed), amountText(source.effective), source.currency});
    std::fputs(textTable(rows, {true, false, false, false, true, true, true, false, true, true, false}).c_str(),
               stdout);
    for (const Source &source : sources) {
        for (const std::string &warning : source.warnings)
            std::printf("%s: %s\n", source.file.c_str(), warning.c_str());
        std::size_t shown = 0;
        for (const RejectedRow &row : source.rejects) {
            if (++shown > 10) {
                std::printf("%s: … %lld rejected rows in all (see --json)\n", source.file.c_str(),
                            static_cast<long long>(source.rowsRejected));
                break;
            }
            std::printf("%s, line %lld%s%s: %s ('%s')\n", source.file.c_str(), static_cast<long long>(row.line),
                        row.column.empty() ? "" : ", column ", row.column.c_str(), row.reason.c_str(),
                        row.value.c_str());
        }
    }
}

bool overlaps(const Source &a, const Source &b)
{
    return a.active && b.active && a.role == b.role && a.format == b.format && a.sha256 != b.sha256
           && a.period.from < b.period.to && b.period.from < a.period.to;
}

/// Sources of the same kind whose period the new one shares: the same traffic may be there twice.
std::vector<Source> overlapping(const std::vector<Source> &sources, const Source &fresh)
{
    std::vector<Source> result;
    std::copy_if(sources.begin(), sources.end(), std::back_inserter(result),
                 [&fresh](const Source &known) { return known.id != fresh.id && overlaps(known, fresh); });
    return result;
}

Result<ImportOptions> optionsOf(const ImportArguments &arguments)
{
    ImportOptions options;
    options.format = arguments.format;
    options.decimalMark = arguments.decimalMark;
    options.dateOrder = arguments.dateOrder;
    if (!arguments.mapping.empty()) {
        auto text = readTextFile(arguments.mapping);
        if (!text)
            return text.error();
        auto mapping = parseColumnMapping(*text);
        if (!mapping)
            return mapping.error().in(fileNameOf(arguments.mapping));
        options.mapping = *mapping;
    }
    return options;
}

/// One file through preview, overlap rule and import. No source means that it was skipped on purpose. `open` tells that
/// the file waits for an answer.
Result<std::optional<Source>> importOne(WorkspaceStore *store, const std::string &file, const ImportOptions &options,
                                        const ImportArguments &arguments, bool &open)
{
    auto preview = previewImport(file, options, store, nullptr, {});
    if (!preview)
        return preview.error();
    if (!preview->mappingComplete && !preview->alreadyImported) {
        std::string missing;
        for (const std::string &field : preview->missing)
            missing += (missing.empty() ? "" : ", ") + field;
        return Error{ErrorCode::BadInput, "no column is mapped to " + missing, fileNameOf(file),
                     "give a column mapping with --mapping"};
    }
    open = !preview->questions.empty() && !preview->alreadyImported;
    if (open)
        return openQuestions(preview->questions).in(fileNameOf(file));
    if (arguments.dryRun) {
        for (const std::string &note : preview->notes)
            std::fprintf(stderr, "perunit: %s: %s\n", fileNameOf(file).c_str(), note.c_str());
    }
    auto known = store ? store->sources() : Result<std::vector<Source>>(std::vector<Source>{});
    if (!known)
        return known.error();
    Source facts = preview->facts;
    facts.active = true;
    const std::vector<Source> sharing = preview->alreadyImported ? std::vector<Source>{} : overlapping(*known, facts);
    for (const Source &other : sharing)
        std::fprintf(stderr, "perunit: %s: shares its period with '%s' (billed %s against %s)%s\n",
                     fileNameOf(file).c_str(), other.file.c_str(), amountText(facts.billed).c_str(),
                     amountText(other.billed).c_str(),
                     arguments.onOverlap == "ask" ? "; both are kept, see --on-overlap" : "");
    if (!sharing.empty() && arguments.onOverlap == "skip")
        return std::optional<Source>{};
    if (arguments.dryRun || !store)
        return std::optional<Source>{preview->facts};
    auto source = importFile(*store, file, options, nullptr, {});
    if (!source)
        return source.error();
    if (arguments.onOverlap == "replace") {
        for (const Source &other : sharing) {
            if (auto status = store->setSourceActive(other.id, false); !status)
                return status.error();
        }
    }
    const bool before = std::any_of(known->begin(), known->end(),
                                    [&source](const Source &each) { return each.active && each.id == source->id; });
    if (before)
        std::fprintf(stderr, "perunit: %s: already in the workspace, nothing was stored\n", fileNameOf(file).c_str());
    return std::optional<Source>{std::move(*source)};
}

void runImport(const ImportArguments &arguments, CommandOutcome &outcome)
{
    const auto options = optionsOf(arguments);
    if (!options)
        return fail(outcome, options.error());
    // A dry run stores nothing, not even an empty workspace.
    std::error_code ignored;
    std::unique_ptr<WorkspaceStore> store;
    if (!arguments.dryRun || std::filesystem::exists(arguments.workspace, ignored)) {
        auto session = openSession(arguments.workspace, true);
        if (!session)
            return fail(outcome, session.error());
        store = std::move(session->store);
    }
    std::vector<Source> done;
    bool waiting = false;
    bool broken = false;
    for (const std::string &file : arguments.files) {
        bool open = false;
        auto source = importOne(store.get(), file, *options, arguments, open);
        if (!source) {
            fail(outcome, source.error());
            // A file that is fine but for an answer is a command that lacks an option.
            waiting |= open;
            broken |= !open;
            continue;
        }
        if (source->has_value())
            done.push_back(std::move(**source));
    }
    printSources(done, arguments.json);
    if (waiting && !broken)
        outcome.status = ExitStatus::WrongUsage;
    const bool rejects =
        std::any_of(done.begin(), done.end(), [](const Source &source) { return source.rowsRejected > 0; });
    if (rejects && outcome.status == ExitStatus::Done)
        outcome.status = ExitStatus::DoneWithRejects;
}

/// "3=invoice": what the source is good for from now on.
Status setRole(Session &session, const std::string &assignment)
{
    const std::string id = assignment.substr(0, assignment.find('='));
    const std::string role = assignment.size() > id.size() ? assignment.substr(id.size() + 1) : std::string();
    const auto known = std::find(sourceRoleNames.begin(), sourceRoleNames.end(), role);
    if (known == sourceRoleNames.end())
        return Error{ErrorCode::BadInput, "'" + role + "' is not a role", "--role " + assignment,
                     "write it like 3=invoice; roles are usage, invoice, harness and outcome"};
    WorkspaceState next = session.state;
    const auto source = std::find_if(next.sources.begin(), next.sources.end(),
                                     [&id](const auto &each) { return std::to_string(each.first) == id; });
    if (source == next.sources.end())
        return Error{ErrorCode::NotFound, "the workspace has no source '" + id + "'", "--role " + assignment,
                     "see 'perunit sources'"};
    source->second.role = static_cast<SourceRole>(known - sourceRoleNames.begin());
    if (auto status = writeState(*session.store, session.state, next); !status)
        return status;
    session.state = next;
    return {};
}

void runSources(const std::string &workspace, const std::vector<std::string> &roles, bool json, CommandOutcome &outcome)
{
    auto session = openSession(workspace, false);
    if (!session)
        return fail(outcome, session.error());
    for (const std::string &role : roles) {
        if (auto status = setRole(*session, role); !status)
            return fail(outcome, status.error());
    }
    auto sources = session->store->sources();
    if (!sources)
        return fail(outcome, sources.error());
    printSources(*sources, json);
}

} // namespace

void addLedgerCommands(CLI::App &app, CommandOutcome &outcome)
{
    auto options = std::make_shared<ImportArguments>();
    CLI::App *importCommand = app.add_subcommand("import", "Import ledgers into a workspace");
    importCommand->add_option("-w,--workspace", options->workspace, "Workspace file; created when it does not exist")
        ->required();
    importCommand->add_option("--format", options->format, "Format id; detected when absent");
    importCommand->add_option("--mapping", options->mapping, "Column mapping as JSON, for request logs")
        ->check(CLI::ExistingFile);
    importCommand
        ->add_option(
            "--on-overlap", options->onOverlap,
            "When a source of the same kind covers the same period: replace it, skip the new file, or keep both")
        ->check(CLI::IsMember({"replace", "skip", "keep"}));
    importCommand
        ->add_option("--decimal-mark", options->decimalMark,
                     "Where a file leaves it open whether '1.234' is one thousand: its decimal mark")
        ->check(CLI::IsMember({"point", "comma"}));
    importCommand
        ->add_option("--date-order", options->dateOrder,
                     "Where a file leaves it open whether '3/8' is in March or August: what it writes first")
        ->check(CLI::IsMember({"month-first", "day-first"}));
    importCommand->add_flag("--dry-run", options->dryRun, "Read and report, store nothing");
    importCommand->add_flag("--json", options->json, "Print one JSON document");
    importCommand->add_option("FILE", options->files, "Ledger files")->required();
    importCommand->callback([options, &outcome] { runImport(*options, outcome); });

    auto workspace = std::make_shared<std::string>();
    auto roles = std::make_shared<std::vector<std::string>>();
    auto json = std::make_shared<bool>(false);
    CLI::App *sourcesCommand = app.add_subcommand("sources", "List what was imported, and what it is good for");
    sourcesCommand->add_option("-w,--workspace", *workspace, "Workspace file")->required();
    sourcesCommand->add_flag("--json", *json, "Print one JSON document");
    sourcesCommand->add_option("--role", *roles, "ID=ROLE: use a source as usage, invoice, harness or outcome");
    sourcesCommand->callback([workspace, roles, json, &outcome] { runSources(*workspace, *roles, *json, outcome); });
}

} // namespace perunit
