// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/importer.h"

#include "model/import/byte_source.h"
#include "model/import/import_run.h"
#include "model/import/ledger_format.h"
#include "model/import/mapping_suggestion.h"
#include "model/import/person_columns.h"
#include "model/import/person_token.h"
#include "model/store/workspace_store.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace perunit {

namespace {

constexpr std::string_view mappingKind = "mapping";
constexpr const char *mappedFormat = "request-log";
constexpr std::size_t previewRows = 20;
constexpr std::size_t previewFieldSize = 200;

std::string fileName(const std::string &path)
{
    return std::filesystem::path(path).filename().string();
}

std::string sourceName(const std::string &path, const ImportOptions &options)
{
    return options.name.empty() ? fileName(path) : options.name;
}

/// The mapping with which a file of this header was imported before.
Result<std::optional<ColumnMapping>> rememberedMapping(const ImportPlan &plan, const WorkspaceStore *store)
{
    if (!store)
        return std::optional<ColumnMapping>{};
    const auto known = store->document(mappingKind, plan.shape.signature());
    if (!known)
        return known.error();
    if (!*known)
        return std::optional<ColumnMapping>{};
    auto mapping = parseColumnMapping(**known);
    // One that cannot be read (any more) is forgotten: the header's own suggestion is there.
    return mapping ? std::optional<ColumnMapping>{std::move(*mapping)} : std::nullopt;
}

/// Mapped columns can only be meant for the one format that has them.
std::string wantedFormat(const ImportOptions &options, const std::optional<ColumnMapping> &remembered)
{
    if (!options.format.empty())
        return options.format;
    const bool mapped =
        options.mapping ? !options.mapping->columns.empty() : remembered && !remembered->columns.empty();
    return mapped ? mappedFormat : "";
}

Status chooseFormat(ImportPlan &plan, const std::string &wanted, const std::string &reason)
{
    plan.formats = ledgerFormats();
    int best = 0;
    for (const auto &format : plan.formats) {
        const FormatMatch match = format->match(plan.shape);
        if (match.score == 0)
            continue;
        plan.candidates.push_back({std::string(format->id()), match.why});
        if (match.score > best) {
            best = match.score;
            plan.format = format.get();
            plan.why = match.why;
        }
    }
    if (wanted.empty() || (plan.format && plan.format->id() == wanted))
        return {};
    const auto named = std::find_if(plan.formats.begin(), plan.formats.end(),
                                    [&wanted](const auto &format) { return format->id() == wanted; });
    if (named == plan.formats.end())
        return Error{ErrorCode::NotFound, "there is no format '" + wanted + "'", "",
                     "'perunit import --help' lists them"};
    plan.format = named->get();
    plan.why = reason;
    return {};
}

void chooseMapping(ImportPlan &plan, const ImportOptions &options, const std::optional<ColumnMapping> &remembered)
{
    plan.mapping = plan.format->suggest(plan.shape);
    if (options.mapping) {
        plan.mapping = *options.mapping;
        plan.chosenByUser = true;
    } else if (remembered && !remembered->columns.empty() && plan.format->id() == mappedFormat) {
        plan.mapping = *remembered;
        plan.chosenByUser = true;
        plan.remembered = true;
    }
    // The last word has who imports the file, then the mapping, then what was said for this header before.
    for (const ColumnMapping *said :
         {remembered ? &*remembered : nullptr, options.mapping ? &*options.mapping : nullptr}) {
        if (said && !said->decimalMark.empty())
            plan.answers.decimalMark = said->decimalMark;
        if (said && !said->dateOrder.empty())
            plan.answers.dateOrder = said->dateOrder;
    }
    if (!options.mapping && remembered && plan.mapping.hashed.empty())
        plan.mapping.hashed = remembered->hashed;
    if (options.hash)
        plan.mapping.hashed = *options.hash;
    if (!options.decimalMark.empty())
        plan.answers.decimalMark = options.decimalMark;
    if (!options.dateOrder.empty())
        plan.answers.dateOrder = options.dateOrder;
    plan.missing = plan.format->missing(plan.shape, plan.mapping);
}

Result<ImportPlan> makePlan(const std::string &path, const ImportOptions &options, const WorkspaceStore *store,
                            const std::stop_token &stop)
{
    ImportPlan plan;
    auto shape = probeParts(path, options.furtherParts, stop);
    if (!shape)
        return shape.error();
    plan.shape = std::move(*shape);
    auto remembered = rememberedMapping(plan, store);
    if (!remembered)
        return remembered.error();
    const char *reason = !options.format.empty() ? "chosen by the user"
                         : options.mapping       ? "a column mapping was given"
                                                 : "a file with this header was mapped before";
    if (auto status = chooseFormat(plan, wantedFormat(options, *remembered), reason); !status)
        return status.error();
    chooseMapping(plan, options, *remembered);
    if (plan.format && !plan.mapping.hashed.empty()) {
        auto hashed = hashedColumns(plan.shape, plan.mapping, plan.mapping.hashed);
        if (!hashed)
            return hashed.error();
        plan.mapping.hashed = std::move(*hashed);
        auto key = personKeyForPreview(store);
        if (!key)
            return key.error();
        plan.personKey = std::move(*key);
        plan.missing = plan.format->missing(plan.shape, plan.mapping);
    }
    plan.shape.byConvention = !plan.format || !plan.format->isAnybodysTable();
    return plan;
}

ImportPreview previewOf(const std::string &name, const ImportPlan &plan)
{
    ImportPreview preview;
    preview.file = name;
    if (plan.format)
        preview.format = plan.format->id();
    preview.why = plan.why;
    preview.candidates = plan.candidates;
    preview.header = plan.shape.header;
    for (std::size_t i = 0; i < plan.shape.sample.size() && i < previewRows; ++i) {
        std::vector<std::string> row = plan.shape.sample[i];
        row.resize(plan.shape.header.size());
        for (std::string &field : row)
            field = field.substr(0, previewFieldSize);
        preview.sample.push_back(std::move(row));
    }
    preview.headerSignature = plan.shape.signature();
    preview.mapping = plan.mapping;
    preview.mappingRemembered = plan.remembered;
    preview.missing = plan.missing;
    preview.mappingComplete = plan.missing.empty();
    return preview;
}

Error incompleteMapping(const ImportPlan &plan)
{
    std::string names;
    for (const std::string &field : plan.missing)
        names += (names.empty() ? "" : " and ") + field;
    return {ErrorCode::BadInput, "no column is mapped to " + names + "; " + plan.why, "", "map the columns"};
}

/// The source with the content of this file, packed in whatever way.
Result<std::optional<Source>> knownContent(const WorkspaceStore &store, const ImportRun &run)
{
    auto known = store.sourceWithDigest(run.contentDigest());
    // Of packed files, older workspaces know only the digest of the file.
    if (!known || known->has_value() || run.digest() == run.contentDigest())
        return known;
    return store.sourceWithDigest(run.digest());
}

/// The stored source that makes an import unnecessary: only when the file would be read the same way again, otherwise
/// the user wants to correct it.
Result<std::optional<Source>> storedSource(const WorkspaceStore &store, const ImportRun &run,
                                           const ImportOptions &options)
{
    auto known = knownContent(store, run);
    if (!known || !known->has_value())
        return known;
    const Source &source = **known;
    const bool otherFormat = !options.format.empty() && options.format != source.format;
    const bool otherHash = source.hashedColumns != run.hashed();
    auto stored = source.mapping.empty() ? Result<ColumnMapping>(ColumnMapping()) : parseColumnMapping(source.mapping);
    const bool otherAnswers = stored && ReadingAnswers{stored->decimalMark, stored->dateOrder} != run.decisions().used;
    bool otherMapping = false;
    if (options.mapping) {
        ColumnMapping wanted = *options.mapping;
        for (ColumnMapping *mapping : {&wanted, stored ? &*stored : &wanted}) {
            mapping->decimalMark.clear();
            mapping->dateOrder.clear();
            mapping->hashed.clear();
        }
        otherMapping = !stored || *stored != wanted;
    }
    if (otherFormat || otherMapping || otherAnswers || otherHash)
        return std::optional<Source>{};
    return known;
}

/// The stored source of exactly this file, found by its digest alone: converting a long ledger only to learn that it is
/// known would be in vain. Asked only where a source of this size was read with the same decisions; anything else is
/// decided after the reading.
Result<std::optional<Source>> sameFile(const WorkspaceStore &store, const std::string &path, const ImportPlan &plan,
                                       const ImportOptions &options, ImportProgress *progress,
                                       const std::stop_token &stop)
{
    const std::optional<Source> nothing;
    if (options.mapping || options.hash || !plan.mapping.hashed.empty())
        return nothing;
    const auto sources = store.sources();
    if (!sources)
        return nothing; // damaged ones keep no other file from coming in
    const auto mayBe = [&](const Source &source) {
        if (source.bytes != plan.shape.fileSize || !source.hashedColumns.empty()
            || (!options.format.empty() && options.format != source.format))
            return false;
        const auto mapping =
            source.mapping.empty() ? Result<ColumnMapping>(ColumnMapping()) : parseColumnMapping(source.mapping);
        return mapping && ReadingAnswers{mapping->decimalMark, mapping->dateOrder} == plan.answers;
    };
    if (std::none_of(sources->begin(), sources->end(), mayBe))
        return nothing;
    if (progress)
        progress->bytesTotal += plan.shape.fileSize;
    auto file = ByteSource::open(path, progress, stop);
    if (!file)
        return file.error();
    const auto digest = (*file)->digest();
    if (!digest)
        return digest.error();
    auto known = store.sourceWithDigest(*digest);
    if (!known || !known->has_value() || !mayBe(**known) || (*known)->sha256 != *digest)
        return known ? nothing : known;
    return known;
}

/// What the user said about files with this header: a mapping of columns, and answers that were needed.
std::optional<ColumnMapping> mappingToRemember(const ImportPlan &plan, const ImportOptions &options,
                                               const ReadingAnswers &answers)
{
    const bool mapped = options.mapping && !options.mapping->columns.empty();
    const bool hashing = options.hash.has_value() || !plan.mapping.hashed.empty();
    if (!mapped && !hashing && answers == ReadingAnswers())
        return std::nullopt;
    ColumnMapping mapping;
    if (mapped || plan.remembered)
        mapping = mapped ? *options.mapping : plan.mapping;
    mapping.hashed = plan.mapping.hashed;
    mapping.decimalMark = answers.decimalMark;
    mapping.dateOrder = answers.dateOrder;
    return mapping;
}

Result<Source> reactivated(WorkspaceStore &store, Source source, const ImportOptions &options)
{
    for (const std::int64_t id : options.replaces) {
        if (auto status = id == source.id ? Status() : store.setSourceActive(id, false); !status)
            return status.error();
    }
    if (source.active)
        return source;
    if (auto status = store.setSourceActive(source.id, true); !status)
        return status.error();
    source.active = true;
    return source;
}

/// What must hold before anything is stored: the source that is there already, if that is so; an error when something
/// about the file must be asked first.
Result<std::optional<Source>> checkFile(const WorkspaceStore &store, const ImportRun &run, const ImportOptions &options)
{
    auto known = storedSource(store, run, options);
    if (!known || known->has_value())
        return known;
    const auto questions = run.questions();
    if (!questions)
        return questions.error();
    if (!questions->empty())
        return openQuestions(*questions);
    return known;
}

std::string count(std::int64_t number, const char *what)
{
    return std::to_string(number) + ' ' + what + (number == 1 ? "" : "s");
}

/// Decides the role and says what follows from it.
Status chooseRole(Source &facts, const ImportOptions &options, const WorkspaceStore *store)
{
    std::vector<Source> known;
    if (store) {
        auto sources = store->sources();
        if (!sources)
            return sources.error();
        known = std::move(*sources);
    }
    if (options.role)
        facts.role = *options.role;
    else if (options.suggestRole)
        facts.role = defaultRole(facts, known);
    if (facts.isBill && facts.role == SourceRole::Usage) {
        facts.warnings.push_back(facts.tokenLines == 0 ? "no line can be priced again; all of the bill is harness cost"
                                                       : count(facts.tokenLines, "token line")
                                                             + " of the bill can be priced again and count as usage"
                                                             + "; the rest of it is harness cost");
    } else if (facts.isBill && facts.tokenLines > 0 && facts.role == SourceRole::Harness) {
        facts.warnings.push_back(count(facts.tokenLines, "token line")
                                 + " of the bill could be priced again: with the role usage they are compared with "
                                   "recorded requests, and priced where there are none");
    }
    if (facts.isBill || facts.role != SourceRole::Usage)
        return {};
    for (const Source &bill : known) {
        const bool sameTime = bill.period.from < facts.period.to && facts.period.from < bill.period.to;
        if (bill.active && bill.isBill && bill.role == SourceRole::Usage && sameTime)
            facts.warnings.push_back("'" + bill.file
                                     + "' plays usage for the same time; what it charges for the same provider is now "
                                       "compared with these requests, not added. Give it the role invoice");
    }
    return {};
}

/// Puts a converted file into the workspace. The same content read in another way takes the place of what was there:
/// both would count it twice.
Result<Source> storeFile(WorkspaceStore &store, const ImportRun &run, ConvertedFile file, const ImportOptions &options)
{
    if (auto status = chooseRole(file.facts, options, &store); !status)
        return status.error();
    const auto known = knownContent(store, run);
    if (!known)
        return known.error();
    if (known->has_value() && (*known)->active)
        file.writer->replace((*known)->id);
    auto source = file.writer->finish(std::move(file.facts));
    // Another program may have imported the same content meanwhile.
    if (!source && source.error().code == ErrorCode::Conflict) {
        auto other = knownContent(store, run);
        if (other && other->has_value() && (*other)->active)
            return std::move(**other);
    }
    return source;
}

} // namespace

SourceRole defaultRole(const Source &facts, const std::vector<Source> &known)
{
    const bool recorded = std::any_of(known.begin(), known.end(), [](const Source &source) {
        return source.active && source.role == SourceRole::Usage && !source.isBill;
    });
    return facts.isBill && facts.tokenLines > 0 && !recorded ? SourceRole::Usage : facts.role;
}

Result<ImportPreview> previewImport(const std::string &path, const ImportOptions &options, const WorkspaceStore *store,
                                    ImportProgress *progress, std::stop_token stop)
{
    auto plan = makePlan(path, options, store, stop);
    if (!plan)
        return plan.error().in(fileName(path));
    if (!plan->missing.empty()) {
        ImportPreview preview = previewOf(sourceName(path, options), *plan);
        preview.facts.file = preview.file;
        preview.facts.bytes = plan->shape.fileSize;
        preview.facts.format = preview.format;
        preview.facts.warnings = plan->shape.warnings;
        return preview;
    }
    ImportRun run(path, sourceName(path, options), *plan, options, progress, stop);
    if (auto status = run.start(); !status)
        return status.error().in(fileName(path));
    auto file = run.convert({});
    if (!file)
        return file.error().in(fileName(path));
    ImportPreview preview = previewOf(sourceName(path, options), *plan);
    preview.facts = std::move(file->facts);
    if (auto status = chooseRole(preview.facts, options, store); !status)
        return status.error();
    preview.mapping = run.converter().mapping();
    preview.mapping.decimalMark = run.decisions().used.decimalMark;
    preview.mapping.dateOrder = run.decisions().used.dateOrder;
    preview.notes = run.decisions().notes;
    preview.persons = run.persons();
    auto questions = run.questions();
    if (!questions)
        return questions.error().in(fileName(path));
    preview.questions = std::move(*questions);
    preview.usageConvention = run.converter().usageConvention();
    if (store) {
        auto known = storedSource(*store, run, options);
        if (!known)
            return known.error();
        preview.alreadyImported = known->has_value() && (*known)->active;
    }
    return preview;
}

Status visitFile(const std::string &path, const ImportOptions &options, const WorkspaceStore *store,
                 RowVisitor &visitor, std::stop_token stop)
{
    auto plan = makePlan(path, options, store, stop);
    if (!plan)
        return plan.error().in(fileName(path));
    if (!plan->missing.empty())
        return incompleteMapping(*plan).in(fileName(path));
    ImportRun run(path, sourceName(path, options), *plan, options, nullptr, std::move(stop));
    if (auto status = run.start(false); !status)
        return status.error().in(fileName(path));
    const auto status = run.visit(visitor);
    return status ? status : Status(status.error().in(fileName(path)));
}

Result<Source> importFile(WorkspaceStore &store, const std::string &path, const ImportOptions &options,
                          ImportProgress *progress, std::stop_token stop)
{
    auto plan = makePlan(path, options, &store, stop);
    if (!plan)
        return plan.error().in(fileName(path));
    if (!plan->missing.empty())
        return incompleteMapping(*plan).in(fileName(path));
    if (!plan->mapping.hashed.empty()) {
        auto key = personKeyOf(store);
        if (!key)
            return key.error().in(fileName(path));
        plan->personKey = std::move(*key);
    }
    ImportRun run(path, sourceName(path, options), *plan, options, progress, stop);
    if (auto status = run.start(); !status)
        return status.error().in(fileName(path));
    if (run.isKnownBefore()) {
        auto checked = checkFile(store, run, options);
        if (!checked)
            return checked.error().in(fileName(path));
        if (checked->has_value())
            return reactivated(store, std::move(**checked), options);
    }
    if (!run.isKnownBefore()) {
        auto same = sameFile(store, path, *plan, options, progress, stop);
        if (!same)
            return same.error().in(fileName(path));
        if (same->has_value())
            return reactivated(store, std::move(**same), options);
    }
    auto file = run.convert([&store, &options] { return store.beginSource(options.replaces); });
    if (!file)
        return file.error().in(fileName(path));
    if (!run.isKnownBefore()) {
        auto checked = checkFile(store, run, options);
        if (!checked)
            return checked.error().in(fileName(path));
        if (checked->has_value())
            return reactivated(store, std::move(**checked), options);
    }
    auto source = storeFile(store, run, std::move(*file), options);
    if (!source)
        return source.error().in(fileName(path));
    if (const auto mapping = mappingToRemember(*plan, options, run.decisions().used)) {
        const auto status = store.putDocument(mappingKind, plan->shape.signature(), writeColumnMapping(*mapping));
        if (!status)
            source->warnings.push_back("the column mapping could not be remembered: " + status.error().text());
    }
    return source;
}

} // namespace perunit
