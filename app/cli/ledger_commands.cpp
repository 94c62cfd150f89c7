// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"
#include "app/document/request_cost.h"

#include "model/import/file_set.h"
#include "model/import/importer.h"
#include "model/import/overlap.h"
#include "pricing/catalogue/catalogue_file.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

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
    std::string role;
    std::vector<std::string> hash;
    bool noHash = false;
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
}

/// "'user' and 'user_email'".
std::string listOf(const std::vector<std::string> &names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "'" : i + 1 == names.size() ? " and '" : ", '") + names[i] + "'";
    return text;
}

/// Remarks and the first rejected rows; `to` may be null.
void printRemarks(const std::vector<Source> &sources, std::FILE *to)
{
    if (!to)
        return;
    for (const Source &source : sources) {
        if (!source.damage.empty())
            std::fprintf(to, "%s: %s\n", source.file.c_str(), source.damage.c_str());
        for (const std::string &warning : source.warnings)
            std::fprintf(to, "%s: %s\n", source.file.c_str(), warning.c_str());
        if (!source.droppedColumns.empty())
            std::fprintf(to, "%s: nothing was stored of %s, which name persons (--hash keeps them as tokens)\n",
                         source.file.c_str(), listOf(source.droppedColumns).c_str());
        if (!source.hashedColumns.empty())
            std::fprintf(to, "%s: of %s only opaque tokens were stored\n", source.file.c_str(),
                         listOf(source.hashedColumns).c_str());
        std::size_t shown = 0;
        for (const RejectedRow &row : source.rejects) {
            if (++shown > 10) {
                std::fprintf(to, "%s: … %lld rejected rows in all (see --json)\n", source.file.c_str(),
                             static_cast<long long>(source.rowsRejected));
                break;
            }
            std::fprintf(to, "%s, line %lld%s%s: %s ('%s')\n", source.file.c_str(), static_cast<long long>(row.line),
                         row.column.empty() ? "" : ", column ", row.column.c_str(), row.reason.c_str(),
                         row.value.c_str());
        }
    }
}

Result<ImportOptions> optionsOf(const ImportArguments &arguments)
{
    ImportOptions options;
    options.format = arguments.format;
    options.decimalMark = arguments.decimalMark;
    options.dateOrder = arguments.dateOrder;
    if (!arguments.role.empty())
        options.role = static_cast<SourceRole>(std::find(sourceRoleNames.begin(), sourceRoleNames.end(), arguments.role)
                                               - sourceRoleNames.begin());
    if (!arguments.hash.empty() || arguments.noHash)
        options.hash = arguments.hash;
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

/// Where the files go. A workspace that does not exist comes into being with the first file that can be imported.
struct ImportTarget {
    Session session;
    std::optional<WritableWorkspace> workspace;

    [[nodiscard]] WorkspaceStore *store() const { return workspace ? workspace->store.get() : session.store.get(); }
    Status openForWriting()
    {
        if (workspace)
            return {};
        auto opened = perunit::openForWriting(session.path);
        if (!opened)
            return opened.error();
        workspace = std::move(*opened);
        return {};
    }
};

CostTotal sum(CostTotal a, const CostTotal &b)
{
    return a && b ? CostTotal(*a + *b) : a ? a : b;
}

/// What was found, and what each answer makes of the total of the sources concerned.
void printOverlaps(const std::vector<Overlap> &overlaps)
{
    CostTotal known;
    CostTotal fresh;
    bool ask = false;
    for (const Overlap &overlap : overlaps) {
        if (!overlap.exists())
            continue;
        std::fprintf(stderr, "perunit: %s\n", overlap.text().c_str());
        known = sum(known, overlap.known.wholeCost);
        fresh = overlap.fresh.wholeCost;
        ask = ask || overlap.needsAnswer();
    }
    if (ask && (known || fresh))
        std::fprintf(stderr, "perunit: together they cost %s with 'replace', %s with 'skip', %s with 'keep'\n",
                     amountText(fresh).c_str(), amountText(known).c_str(), amountText(sum(known, fresh)).c_str());
}

/// What to do with a file that shares its period with others.
enum class Decision { Import, Skip, Refuse };

Decision decide(std::vector<Overlap> &overlaps, const ImportArguments &arguments, ImportOptions &options)
{
    const bool ask =
        std::any_of(overlaps.begin(), overlaps.end(), [](const Overlap &each) { return each.needsAnswer(); });
    if (!ask)
        return Decision::Import;
    if (arguments.onOverlap == "skip")
        return Decision::Skip;
    if (arguments.onOverlap == "ask")
        return Decision::Refuse;
    for (Overlap &overlap : overlaps) {
        if (!overlap.needsAnswer())
            continue;
        if (arguments.onOverlap == "replace")
            options.replaces.push_back(overlap.known.sourceId);
        else
            overlap.kept = true;
    }
    return Decision::Import;
}

Result<Source> storeOne(ImportTarget &target, const std::string &file, const ImportOptions &options,
                        std::vector<Overlap> &overlaps)
{
    if (auto status = target.openForWriting(); !status)
        return status.error();
    const auto known = target.store()->sources();
    if (!known)
        return known.error();
    auto source = importFile(*target.store(), file, options, nullptr, {});
    if (!source)
        return source.error();
    const bool before = std::any_of(known->begin(), known->end(),
                                    [&source](const Source &each) { return each.active && each.id == source->id; });
    if (before)
        std::fprintf(stderr, "perunit: %s: already in the workspace, nothing was stored\n", fileNameOf(file).c_str());
    for (Overlap &overlap : overlaps) {
        overlap.fresh.sourceId = source->id;
        if (auto status = rememberOverlap(*target.store(), overlap); !status)
            return status.error();
    }
    return source;
}

/// There is nothing with which a file could overlap.
bool isEmpty(const ImportTarget &target)
{
    if (!target.store())
        return true;
    const auto sources = target.store()->sources();
    return sources && sources->empty();
}

/// One file through preview, overlap rule and import. No source means that it was skipped on purpose. `open` tells that
/// the file waits for an answer.
Result<std::optional<Source>> importOne(ImportTarget &target, const std::string &file, ImportOptions options,
                                        const ImportArguments &arguments, bool &open)
{
    std::vector<Overlap> overlaps;
    if (!arguments.dryRun && isEmpty(target)) {
        // Without other sources an import alone decides everything, and the file is read once. When it is refused, the
        // preview below says what is missing; a workspace that was made for nothing is discarded at the end.
        ImportOptions alone = options;
        alone.suggestRole = true;
        if (auto source = storeOne(target, file, alone, overlaps))
            return std::optional<Source>{std::move(*source)};
    }
    auto preview = previewImport(file, options, target.store(), nullptr, {});
    if (!preview)
        return preview.error();
    if (!preview->mappingComplete && !preview->alreadyImported)
        return Error{ErrorCode::BadInput, preview->why, fileNameOf(file),
                     "say which column is what with --mapping, or which format it is with --format"};
    open = !preview->questions.empty() && !preview->alreadyImported;
    if (open)
        return openQuestions(preview->questions).in(fileNameOf(file));
    if (!options.role) {
        const auto known =
            target.store() ? target.store()->sources() : Result<std::vector<Source>>(std::vector<Source>{});
        if (!known)
            return known.error();
        preview->facts.role = defaultRole(preview->facts, *known);
        options.role = preview->facts.role;
    }
    if (arguments.dryRun) {
        for (const std::string &note : preview->notes)
            std::fprintf(stderr, "perunit: %s: %s\n", fileNameOf(file).c_str(), note.c_str());
    }
    if (target.store()) {
        const bool usage = preview->facts.role == SourceRole::Usage;
        auto found = findOverlaps(*target.store(), file, options, *preview,
                                  usage ? costInFigures(target.session.book) : RequestCost(), {});
        if (!found)
            return found.error();
        overlaps = std::move(*found);
    }
    printOverlaps(overlaps);
    const Decision decision = decide(overlaps, arguments, options);
    if (decision == Decision::Skip) {
        std::fprintf(stderr, "perunit: %s: skipped\n", fileNameOf(file).c_str());
        return std::optional<Source>{};
    }
    if (arguments.dryRun)
        return std::optional<Source>{preview->facts};
    if (decision == Decision::Refuse)
        return Error{ErrorCode::Conflict, "not imported, because the same money might be counted twice",
                     fileNameOf(file), "say what is meant with --on-overlap replace, skip or keep"};
    auto source = storeOne(target, file, options, overlaps);
    if (!source)
        return source.error();
    return std::optional<Source>{std::move(*source)};
}

/// The ledgers that the paths stand for. What is left out of a folder is said.
std::vector<LedgerFile> ledgersIn(const std::vector<std::string> &paths, CommandOutcome &outcome)
{
    std::vector<LedgerFile> files;
    for (const std::string &path : paths) {
        auto set = ledgerFilesIn(path);
        if (!set) {
            fail(outcome, set.error());
            continue;
        }
        std::move(set->files.begin(), set->files.end(), std::back_inserter(files));
        for (const std::string &skipped : set->skipped)
            std::fprintf(stderr, "perunit: %s: left out, it is no ledger of its own\n", skipped.c_str());
    }
    return files;
}

void runImport(const ImportArguments &arguments, CommandOutcome &outcome)
{
    const auto options = optionsOf(arguments);
    if (!options)
        return fail(outcome, options.error());
    auto session = openSession(arguments.workspace, true);
    if (!session)
        return fail(outcome, session.error());
    ImportTarget target{std::move(*session), std::nullopt};
    if (!arguments.dryRun && target.session.store) {
        if (auto status = target.openForWriting(); !status)
            return fail(outcome, status.error());
    }
    std::vector<Source> done;
    bool waiting = false;
    bool broken = false;
    for (const LedgerFile &file : ledgersIn(arguments.files, outcome)) {
        ImportOptions ofFile = *options;
        ofFile.furtherParts = file.furtherParts;
        ofFile.name = file.name;
        bool open = false;
        auto source = importOne(target, file.path, std::move(ofFile), arguments, open);
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
    if (done.empty() && target.workspace)
        discard(std::move(*target.workspace));
    if (arguments.json || !done.empty())
        printSources(done, arguments.json);
    printRemarks(done, arguments.json ? nullptr : stderr);
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
    return saveSession(session, next);
}

/// "3": an import that no longer counts, or counts again.
Status setActive(Session &session, const std::string &id, bool active)
{
    WorkspaceState next = session.state;
    const auto source = std::find_if(next.sources.begin(), next.sources.end(),
                                     [&id](const auto &each) { return std::to_string(each.first) == id; });
    if (source == next.sources.end())
        return Error{ErrorCode::NotFound, "the workspace has no source '" + id + "'", active ? "--redo" : "--undo",
                     "see 'perunit sources'"};
    source->second.active = active;
    return saveSession(session, next);
}

struct SourcesArguments {
    std::string workspace;
    std::vector<std::string> roles;
    std::vector<std::string> undo;
    std::vector<std::string> redo;
    bool json = false;
};

/// Sources that may count the same money twice say so among their remarks.
void remarkOverlaps(const WorkspaceStore &store, std::vector<Source> &sources, CommandOutcome &outcome)
{
    const auto overlaps = storedOverlaps(store, {});
    if (!overlaps)
        return fail(outcome, overlaps.error());
    for (const Overlap &overlap : *overlaps) {
        if (!overlap.needsAnswer() && !overlap.kept)
            continue;
        for (Source &source : sources) {
            if (source.id == overlap.known.sourceId || source.id == overlap.fresh.sourceId)
                source.warnings.push_back(overlap.text() + (overlap.kept ? " (kept both on purpose)" : ""));
        }
    }
}

void runSources(const SourcesArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    for (const std::string &role : arguments.roles) {
        if (auto status = setRole(*session, role); !status)
            return fail(outcome, status.error());
    }
    for (const bool active : {false, true}) {
        for (const std::string &id : active ? arguments.redo : arguments.undo) {
            if (auto status = setActive(*session, id, active); !status)
                return fail(outcome, status.error());
        }
    }
    auto sources = session->store->sources();
    if (!sources)
        return fail(outcome, sources.error());
    remarkOverlaps(*session->store, *sources, outcome);
    printSources(*sources, arguments.json);
    printRemarks(*sources, arguments.json ? nullptr : stdout);
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
            "When the same money might be counted twice: replace the earlier source, skip the new file, or keep both; "
            "without an answer such a file is refused")
        ->check(CLI::IsMember({"replace", "skip", "keep"}));
    importCommand
        ->add_option("--decimal-mark", options->decimalMark,
                     "Where a file leaves it open whether '1.234' is one thousand: its decimal mark")
        ->check(CLI::IsMember({"point", "comma"}));
    importCommand
        ->add_option("--date-order", options->dateOrder,
                     "Where a file leaves it open whether '3/8' is in March or August: what it writes first")
        ->check(CLI::IsMember({"month-first", "day-first"}));
    importCommand
        ->add_option("--role", options->role,
                     "What the files are good for: usage to price, an invoice to compare with, harness cost beside the "
                     "models, or outcome counts; chosen by their content when absent. A bill that plays usage has its "
                     "token lines priced again, and the rest of it is harness cost")
        ->check(CLI::IsMember({"usage", "invoice", "harness", "outcome"}));
    CLI::Option *hash = importCommand
                            ->add_option("--hash", options->hash,
                                         "Columns of persons (or fields of the mapping) of which opaque tokens are "
                                         "kept, the same one for the same person in all files of the workspace; "
                                         "remembered for files with this header")
                            ->delimiter(',')
                            ->allow_extra_args(false)
                            ->type_name("COLUMN[,COLUMN]");
    importCommand->add_flag("--no-hash", options->noHash, "Keep no tokens of persons, whatever was said before")
        ->excludes(hash);
    importCommand->add_flag("--dry-run", options->dryRun, "Read and report, store nothing");
    importCommand->add_flag("--json", options->json, "Print one JSON document");
    importCommand->add_option("FILE", options->files, "Ledger files, and folders and archives of them")->required();
    std::string formats = "Formats:\n";
    for (const FormatCandidate &format : knownFormats())
        formats += "  " + format.format + std::string(format.format.size() < 24 ? 24 - format.format.size() : 1, ' ')
                   + format.why + '\n';
    importCommand->footer(formats);
    importCommand->callback([options, &outcome] { runImport(*options, outcome); });

    auto arguments = std::make_shared<SourcesArguments>();
    CLI::App *sourcesCommand = app.add_subcommand("sources", "List what was imported, and what it is good for");
    sourcesCommand->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    sourcesCommand->add_flag("--json", arguments->json, "Print one JSON document");
    sourcesCommand->add_option("--role", arguments->roles,
                               "ID=ROLE: use a source as usage, invoice, harness or outcome");
    sourcesCommand->add_option("--undo", arguments->undo, "ID: a source that no longer counts, also a damaged one");
    sourcesCommand->add_option("--redo", arguments->redo, "ID: a source that counts again");
    sourcesCommand->callback([arguments, &outcome] { runSources(*arguments, outcome); });
}

} // namespace perunit
