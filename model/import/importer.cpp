// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/importer.h"

#include "model/import/ledger_format.h"
#include "model/import/mapping_suggestion.h"
#include "model/import/parallel_import.h"
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

Instant now()
{
    using namespace std::chrono;
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
}

std::string sourceName(const std::string &path, const ImportOptions &options)
{
    return options.name.empty() ? fileName(path) : options.name;
}

/// Everything that is decided about a file before its rows are read.
struct Plan {
    TableShape shape;
    std::vector<std::unique_ptr<LedgerFormat>> formats;
    const LedgerFormat *format = nullptr;
    std::string why;
    std::vector<FormatCandidate> candidates;
    ColumnMapping mapping;
    bool chosenByUser = false;
    bool remembered = false;
    std::vector<std::string> missing;
    ReadingAnswers answers;
};

/// The mapping with which a file of this header was imported before.
Result<std::optional<ColumnMapping>> rememberedMapping(const Plan &plan, const WorkspaceStore *store)
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

Status chooseFormat(Plan &plan, const std::string &wanted, const std::string &reason)
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

void chooseMapping(Plan &plan, const ImportOptions &options, const std::optional<ColumnMapping> &remembered)
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
    if (!options.decimalMark.empty())
        plan.answers.decimalMark = options.decimalMark;
    if (!options.dateOrder.empty())
        plan.answers.dateOrder = options.dateOrder;
    plan.missing = plan.format->missing(plan.shape, plan.mapping);
}

Result<Plan> makePlan(const std::string &path, const ImportOptions &options, const WorkspaceStore *store,
                      const std::stop_token &stop)
{
    Plan plan;
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
    return plan;
}

/// The reading of one file. Delimited text whose records do not depend on each other is read once, by many threads;
/// everything else twice: first for the digest and for how columns are written, then to convert.
class ImportRun
{
public:
    ImportRun(const std::string &path, Plan &plan, const ImportOptions &options, ImportProgress *progress,
              std::stop_token stop)
        : m_path(path)
        , m_plan(plan)
        , m_options(options)
        , m_progress(progress)
        , m_stop(std::move(stop))
    {
        if (m_progress) {
            m_progress->bytesDone = 0;
            m_progress->rows = 0;
            m_progress->bytesTotal = 0;
        }
    }

    /// Decides how the file is read.
    Status start(bool mayBeParallel = true)
    {
        auto converter = makeConverter();
        if (!converter)
            return converter.error();
        m_converter = std::move(*converter);
        m_parallel = mayBeParallel && !m_plan.shape.json && m_plan.shape.furtherParts.empty() && m_converter->clone();
        expectReadings(m_parallel ? 1 : 2);
        return {};
    }
    /// The digest is known only after convert(), unless identify() was called.
    [[nodiscard]] bool isParallel() const { return m_parallel; }

    /// Finds the digest.
    Status identify()
    {
        if (!m_parallel)
            return look();
        expectReadings(1);
        auto source = ByteSource::open(m_path, m_progress, m_stop);
        if (!source)
            return source.error();
        auto content = (*source)->contentDigest();
        if (!content)
            return content.error();
        m_contentDigest = *content;
        auto digest = (*source)->digest();
        if (!digest)
            return digest.error();
        m_digest = *digest;
        return {};
    }

    /// Converts every record. `begin` may be empty: then nothing is stored.
    Result<ConvertedFile> convert(const AttemptStart &begin)
    {
        auto file = m_parallel ? convertParallel(begin) : convertSerial(begin);
        if (!file)
            return file;
        m_digest = file->digest;
        m_contentDigest = file->contentDigest;
        m_decisions = std::move(file->decisions);
        m_converter = std::move(file->converter);
        Source &source = file->facts;
        source.file = sourceName(m_path, m_options);
        source.bytes = m_plan.shape.fileSize;
        source.sha256 = m_digest;
        source.contentSha256 = m_contentDigest;
        source.format = m_plan.format->id();
        source.why = m_plan.why;
        ColumnMapping used = m_converter->mapping();
        used.decimalMark = m_decisions.used.decimalMark;
        used.dateOrder = m_decisions.used.dateOrder;
        if (used != ColumnMapping())
            source.mapping = writeColumnMapping(used);
        source.importedAt = now();
        return file;
    }

    [[nodiscard]] const std::string &digest() const { return m_digest; }
    /// Of the unpacked bytes.
    [[nodiscard]] const std::string &contentDigest() const { return m_contentDigest; }
    [[nodiscard]] const RecordConverter &converter() const { return *m_converter; }
    /// After convert().
    [[nodiscard]] const ColumnDecisions &decisions() const { return m_decisions; }
    /// After convert(): what the file leaves open; reads it once more when there is anything. Errors: those of the
    /// file.
    [[nodiscard]] Result<std::vector<ImportQuestion>> questions() const
    {
        return importQuestions(m_path, m_plan.shape, m_decisions.openNumbers, m_decisions.openDates, m_stop);
    }

private:
    void expectReadings(std::int64_t times)
    {
        if (m_progress)
            m_progress->bytesTotal += times * m_plan.shape.fileSize;
    }

    Result<std::unique_ptr<RecordConverter>> makeConverter() const
    {
        return m_plan.format->converter(m_plan.shape, m_plan.mapping, m_plan.chosenByUser);
    }

    Result<ConvertedFile> convertParallel(const AttemptStart &begin)
    {
        const std::string known = m_digest;
        while (true) {
            auto file = convertInParallel(m_path, m_plan.shape, [this] { return makeConverter(); }, begin, m_progress,
                                          m_stop, {m_options.threads, m_options.pieceSize, m_plan.answers});
            if (!file)
                return file;
            if (!file->validText) {
                // Reading stopped where the text turned out not to be UTF-8; the whole of it is still to come.
                if (auto status = useWindows1252(); !status)
                    return status.error();
                if (m_progress)
                    m_progress->bytesTotal = m_progress->bytesDone + m_plan.shape.fileSize;
                continue;
            }
            if (!known.empty() && file->digest != known)
                return changedWhileRead();
            return file;
        }
    }

    /// First reading: the digest, and how the columns are written.
    Status look()
    {
        m_evidence = ColumnEvidence(m_converter->columns());
        auto facts =
            scanTable(m_path, m_plan.shape, m_progress, m_stop, [&](const CsvRecord &record, std::int64_t) -> Status {
                if (!record.malformed && !isRagged(record, m_plan.shape)) {
                    m_evidence.add(record, m_plan.shape.json);
                    m_converter->observe(record);
                }
                return {};
            });
        if (!facts)
            return facts.error();
        if (!facts->validText) {
            if (auto status = useWindows1252(); !status)
                return status;
            expectReadings(1);
            auto converter = makeConverter();
            if (!converter)
                return converter.error();
            m_converter = std::move(*converter);
            return look();
        }
        m_digest = facts->sha256;
        m_contentDigest = facts->contentSha256;
        return {};
    }

    /// Second reading: converts every record.
    Result<ConvertedFile> convertSerial(const AttemptStart &begin)
    {
        if (m_digest.empty()) {
            if (auto status = look(); !status)
                return status.error();
        }
        auto visitor = begin ? begin() : Result<RowVisitor *>(nullptr);
        if (!visitor)
            return visitor.error();
        RowCollector rows(m_plan.shape, *visitor);
        ColumnDecisions decisions = m_evidence.decide(m_plan.shape, m_plan.answers);
        m_converter->decide(decisions.readings(), decisions.currency);
        auto facts = scanTable(m_path, m_plan.shape, m_progress, m_stop,
                               [&](const CsvRecord &record, std::int64_t row) -> Status {
                                   return convertRecord(record, row, m_plan.shape, *m_converter, rows);
                               });
        if (!facts)
            return facts.error();
        if (facts->sha256 != m_digest)
            return changedWhileRead();
        if (auto status = rows.flush(); !status)
            return status.error();
        m_converter->finish(rows);
        std::vector<std::string> first = m_plan.shape.warnings;
        first.insert(first.end(), decisions.warnings.begin(), decisions.warnings.end());
        rows.close(first);
        ConvertedFile file;
        file.facts = std::move(rows.facts());
        file.digest = m_digest;
        file.contentDigest = m_contentDigest;
        file.decisions = std::move(decisions);
        file.converter = std::move(m_converter);
        return file;
    }

    static Error changedWhileRead()
    {
        return {ErrorCode::Conflict, "the file changed while it was read", "", "import it again"};
    }

    /// Some byte is no UTF-8: the file will be read again from its header on, as Windows-1252.
    Status useWindows1252()
    {
        m_plan.shape.encoding = TextEncoding::Windows1252;
        m_plan.shape.warnings.emplace_back(notUtf8);
        auto again = probeParts(m_path, m_plan.shape.furtherParts, m_stop, m_plan.shape.encoding);
        if (!again)
            return again.error();
        again->warnings = m_plan.shape.warnings;
        // Names with letters beyond ASCII read differently now; a mapping made from the old ones must follow.
        ColumnMapping mapping = m_plan.mapping;
        for (auto &[field, column] : mapping.columns) {
            const auto old = std::find(m_plan.shape.header.begin(), m_plan.shape.header.end(), column);
            const auto index = static_cast<std::size_t>(old - m_plan.shape.header.begin());
            if (old != m_plan.shape.header.end() && index < again->header.size())
                column = again->header[index];
        }
        m_plan.mapping = std::move(mapping);
        m_plan.shape = std::move(*again);
        return {};
    }

    const std::string &m_path;
    Plan &m_plan;
    const ImportOptions &m_options;
    ImportProgress *m_progress;
    std::stop_token m_stop;
    bool m_parallel = false;
    std::unique_ptr<RecordConverter> m_converter;
    ColumnEvidence m_evidence;
    ColumnDecisions m_decisions;
    std::string m_digest;
    std::string m_contentDigest;
};

ImportPreview previewOf(const std::string &name, const Plan &plan)
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

Error incompleteMapping(const Plan &plan)
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
                                           const ImportOptions &options, const ReadingAnswers &answers)
{
    auto known = knownContent(store, run);
    if (!known || !known->has_value())
        return known;
    const Source &source = **known;
    const bool otherFormat = !options.format.empty() && options.format != source.format;
    auto stored = source.mapping.empty() ? Result<ColumnMapping>(ColumnMapping()) : parseColumnMapping(source.mapping);
    // An answer that the file did not need is not stored.
    const auto differ = [](const std::string &used, const std::string &said) {
        return !used.empty() && !said.empty() && used != said;
    };
    const bool otherAnswers =
        stored && (differ(stored->decimalMark, answers.decimalMark) || differ(stored->dateOrder, answers.dateOrder));
    bool otherMapping = false;
    if (options.mapping) {
        ColumnMapping wanted = *options.mapping;
        for (ColumnMapping *mapping : {&wanted, stored ? &*stored : &wanted}) {
            mapping->decimalMark.clear();
            mapping->dateOrder.clear();
        }
        otherMapping = !stored || *stored != wanted;
    }
    if (otherFormat || otherMapping || otherAnswers)
        return std::optional<Source>{};
    return known;
}

/// What the user said about files with this header: a mapping of columns, and answers that were needed.
std::optional<ColumnMapping> mappingToRemember(const Plan &plan, const ImportOptions &options,
                                               const ReadingAnswers &answers)
{
    const bool mapped = options.mapping && !options.mapping->columns.empty();
    if (!mapped && answers == ReadingAnswers())
        return std::nullopt;
    ColumnMapping mapping;
    if (mapped || plan.remembered)
        mapping = mapped ? *options.mapping : plan.mapping;
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

Result<Source> storeFile(WorkspaceStore &store, ImportRun &run, const ImportOptions &options,
                         std::vector<std::int64_t> replaces)
{
    std::unique_ptr<WorkspaceStore::SourceWriter> writer;
    auto file = run.convert([&]() -> Result<RowVisitor *> {
        writer.reset();
        auto made = store.beginSource(replaces);
        if (!made)
            return made.error();
        writer = std::move(*made);
        return writer.get();
    });
    if (!file)
        return file.error();
    const auto questions = run.questions();
    if (!questions)
        return questions.error();
    if (!questions->empty())
        return openQuestions(*questions);
    if (options.role)
        file->facts.role = *options.role;
    return writer->finish(std::move(file->facts));
}

/// Whether the content of a file may be there already: a source of the same size is, or one of the two is packed.
Result<bool> mayBeStored(const WorkspaceStore &store, const TableShape &shape)
{
    const auto sources = store.sources();
    if (!sources)
        return sources.error();
    return std::any_of(sources->begin(), sources->end(), [&shape](const Source &source) {
        return shape.packed || source.bytes == shape.fileSize || source.contentSha256 != source.sha256;
    });
}

} // namespace

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
    ImportRun run(path, *plan, options, progress, stop);
    if (auto status = run.start(); !status)
        return status.error().in(fileName(path));
    auto file = run.convert({});
    if (!file)
        return file.error().in(fileName(path));
    ImportPreview preview = previewOf(sourceName(path, options), *plan);
    preview.facts = std::move(file->facts);
    if (options.role)
        preview.facts.role = *options.role;
    preview.mapping = run.converter().mapping();
    preview.mapping.decimalMark = run.decisions().used.decimalMark;
    preview.mapping.dateOrder = run.decisions().used.dateOrder;
    preview.notes = run.decisions().notes;
    auto questions = run.questions();
    if (!questions)
        return questions.error().in(fileName(path));
    preview.questions = std::move(*questions);
    preview.usageConvention = run.converter().usageConvention();
    if (store) {
        auto known = storedSource(*store, run, options, plan->answers);
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
    // A visitor cannot take back what it has seen: the file is read in the way that knows everything beforehand.
    ImportRun run(path, *plan, options, nullptr, std::move(stop));
    if (auto status = run.start(false); !status)
        return status.error().in(fileName(path));
    const auto file = run.convert([&visitor]() -> Result<RowVisitor *> { return &visitor; });
    return file ? Status() : Status(file.error().in(fileName(path)));
}

Result<Source> importFile(WorkspaceStore &store, const std::string &path, const ImportOptions &options,
                          ImportProgress *progress, std::stop_token stop)
{
    auto plan = makePlan(path, options, &store, stop);
    if (!plan)
        return plan.error().in(fileName(path));
    if (!plan->missing.empty())
        return incompleteMapping(*plan).in(fileName(path));
    ImportRun run(path, *plan, options, progress, stop);
    if (auto status = run.start(); !status)
        return status.error().in(fileName(path));
    const auto mayBeThere = mayBeStored(store, plan->shape);
    if (!mayBeThere)
        return mayBeThere.error();
    std::vector<std::int64_t> replaces = options.replaces;
    if (*mayBeThere || !run.isParallel()) {
        if (auto status = run.identify(); !status)
            return status.error().in(fileName(path));
        auto stored = storedSource(store, run, options, plan->answers);
        if (!stored)
            return stored.error();
        if (stored->has_value())
            return reactivated(store, std::move(**stored), options);
        // The same content read in another way takes the place of what was there: both would count it twice.
        const auto known = knownContent(store, run);
        if (!known)
            return known.error();
        if (known->has_value() && (*known)->active)
            replaces.push_back((*known)->id);
    }
    auto source = storeFile(store, run, options, std::move(replaces));
    if (!source) {
        // Another program may have imported the same content meanwhile.
        if (source.error().code == ErrorCode::Conflict) {
            auto other = knownContent(store, run);
            if (other && other->has_value() && (*other)->active)
                return std::move(**other);
        }
        return source.error().in(fileName(path));
    }
    if (const auto mapping = mappingToRemember(*plan, options, run.decisions().used)) {
        const auto status = store.putDocument(mappingKind, plan->shape.signature(), writeColumnMapping(*mapping));
        if (!status)
            source->warnings.push_back("the column mapping could not be remembered: " + status.error().text());
    }
    return source;
}

} // namespace perunit
