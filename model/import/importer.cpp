// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/importer.h"

#include "model/import/ledger_format.h"
#include "model/import/mapping_suggestion.h"
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

bool isRagged(const CsvRecord &record, const TableShape &shape)
{
    return record.fields.size() < shape.header.size()
           || !std::all_of(record.fields.begin() + static_cast<std::ptrdiff_t>(shape.header.size()),
                           record.fields.end(), [](std::string_view field) { return field.empty(); });
}

/// What the first reading collects about the columns.
struct Evidence {
    std::map<int, NumberEvidence> numbers;
    std::map<int, DateEvidence> dates;
    std::map<std::string, std::int64_t> currencies;
    std::string firstCurrency;

    void add(const std::map<int, ColumnKind> &columns, const CsvRecord &record, bool json)
    {
        for (const auto &[column, kind] : columns) {
            const std::string_view text = record.fields[static_cast<std::size_t>(column)];
            // A number of JSON has a decimal point, whatever it looks like.
            if (kind == ColumnKind::Number && !(json && text.find(',') == std::string_view::npos))
                numbers[column].add(text, record.line);
            else if (kind == ColumnKind::Date)
                dates[column].add(text, record.line);
            else if (kind == ColumnKind::Currency && !isNullWord(text)
                     && (currencies.size() < 1000 || currencies.contains(std::string(text))))
                addCurrency(trimmed(text));
        }
    }

    void addCurrency(std::string_view text)
    {
        std::string code(text);
        std::transform(code.begin(), code.end(), code.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        if (firstCurrency.empty())
            firstCurrency = code;
        ++currencies[code];
    }

    [[nodiscard]] std::string mainCurrency() const
    {
        std::string result = firstCurrency;
        std::int64_t most = result.empty() ? 0 : currencies.at(result);
        for (const auto &[code, rows] : currencies) {
            if (rows > most) {
                most = rows;
                result = code;
            }
        }
        return result;
    }
};

/// Tables that anybody may have made, in any country: what they leave open is asked. Bills and traces are written by
/// one program, which has a convention.
bool isAnybodysTable(std::string_view format)
{
    return format == mappedFormat || format == "outcome-series" || format == "outcome-events";
}

/// What a bill leaves open is read as such bills are written everywhere: with a decimal point and the month first.
void readByConvention(const TableShape &shape, ColumnDecisions &decisions)
{
    const auto warn = [&](const OpenColumn &open, const std::string &text) {
        decisions.warnings.push_back("column '" + shape.header[static_cast<std::size_t>(open.column)] + "' " + text);
    };
    for (const OpenColumn &open : decisions.openNumbers)
        warn(open, "does not say whether '" + open.example
                       + "' has a decimal mark or a thousands mark; it was read with a decimal point");
    for (const OpenColumn &open : decisions.openDates)
        warn(open, "does not say whether the month or the day comes first in '" + open.example
                       + "'; the month was taken first");
    decisions.openNumbers.clear();
    decisions.openDates.clear();
}

/// Both readings of one file.
class ImportRun
{
public:
    ImportRun(const std::string &path, std::string name, Plan &plan, ImportProgress *progress, std::stop_token stop)
        : m_path(path)
        , m_name(std::move(name))
        , m_plan(plan)
        , m_progress(progress)
        , m_stop(std::move(stop))
    {
        if (m_progress) {
            m_progress->bytesDone = 0;
            m_progress->rows = 0;
            m_progress->bytesTotal = 2 * plan.shape.fileSize;
        }
    }

    /// First reading: the digest, and how the columns are written.
    Status look()
    {
        auto converter = m_plan.format->converter(m_plan.shape, m_plan.mapping, m_plan.chosenByUser);
        if (!converter)
            return converter.error();
        m_converter = std::move(*converter);
        const auto columns = m_converter->columns();
        auto facts =
            scanTable(m_path, m_plan.shape, m_progress, m_stop, [&](const CsvRecord &record, std::int64_t) -> Status {
                if (!record.malformed && !isRagged(record, m_plan.shape)) {
                    m_evidence.add(columns, record, m_plan.shape.json);
                    m_converter->observe(record);
                }
                return {};
            });
        if (!facts)
            return facts.error();
        if (!facts->validText) {
            // Some byte is no UTF-8: the file is read again from its header on, as Windows-1252.
            m_plan.shape.encoding = TextEncoding::Windows1252;
            m_plan.shape.warnings.emplace_back(notUtf8);
            return restart();
        }
        m_digest = facts->sha256;
        m_decisions = decideColumns(m_plan.shape, m_evidence.numbers, m_evidence.dates, m_plan.answers);
        if (!isAnybodysTable(m_plan.format->id()))
            readByConvention(m_plan.shape, m_decisions);
        return {};
    }

    /// What the file leaves open; reads it once more when there is anything. Errors: those of the file.
    Result<std::vector<ImportQuestion>> questions() const
    {
        return importQuestions(m_path, m_plan.shape, m_decisions.openNumbers, m_decisions.openDates, m_stop);
    }

    /// Second reading: converts every record. `writer` may be null.
    Result<Source> convert(WorkspaceStore::SourceWriter *writer)
    {
        RowCollector rows(m_plan.shape, writer);
        for (const std::string &warning : m_plan.shape.warnings)
            rows.warn(warning);
        decide(rows);
        const std::string expected = std::to_string(m_plan.shape.header.size());
        auto facts = scanTable(
            m_path, m_plan.shape, m_progress, m_stop, [&](const CsvRecord &record, std::int64_t row) -> Status {
                rows.begin(record, row);
                if (record.malformed) {
                    rows.reject(-1, "", record.problem.empty() ? "text follows a closing quote" : record.problem);
                    return {};
                }
                if (isRagged(record, m_plan.shape)) {
                    rows.reject(-1, "",
                                "the row has " + std::to_string(record.fields.size()) + " fields, the header has "
                                    + expected);
                    return {};
                }
                return m_converter->convert(record, rows);
            });
        if (!facts)
            return facts.error();
        if (facts->sha256 != m_digest)
            return Error{ErrorCode::Conflict, "the file changed while it was read", "", "import it again"};
        m_converter->finish(rows);
        rows.close();
        Source source = std::move(rows.facts());
        source.file = m_name;
        source.bytes = m_plan.shape.fileSize;
        source.sha256 = m_digest;
        source.format = m_plan.format->id();
        source.why = m_plan.why;
        ColumnMapping used = m_converter->mapping();
        used.decimalMark = m_decisions.used.decimalMark;
        used.dateOrder = m_decisions.used.dateOrder;
        if (used != ColumnMapping())
            source.mapping = writeColumnMapping(used);
        source.importedAt = now();
        return source;
    }

    [[nodiscard]] const std::string &digest() const { return m_digest; }
    [[nodiscard]] const ColumnDecisions &decisions() const { return m_decisions; }
    [[nodiscard]] const RecordConverter &converter() const { return *m_converter; }

private:
    void decide(RowCollector &rows)
    {
        for (const std::string &warning : m_decisions.warnings)
            rows.warn(warning);
        std::map<int, ColumnReading> readings;
        for (const auto &[column, style] : m_decisions.numbers)
            readings[column].number = style;
        for (const auto &[column, order] : m_decisions.dates)
            readings[column].date = order;
        m_converter->decide(readings, m_evidence.mainCurrency());
    }

    Status restart()
    {
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
        m_evidence = {};
        return look();
    }

    const std::string &m_path;
    std::string m_name;
    Plan &m_plan;
    ImportProgress *m_progress;
    std::stop_token m_stop;
    std::unique_ptr<RecordConverter> m_converter;
    Evidence m_evidence;
    ColumnDecisions m_decisions;
    std::string m_digest;
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

/// The stored source that makes an import unnecessary: only when the file would be read the same way again, otherwise
/// the user wants to correct it.
Result<std::optional<Source>> storedSource(const WorkspaceStore &store, const std::string &digest,
                                           const ImportOptions &options, const ReadingAnswers &answers)
{
    auto known = store.sourceWithDigest(digest);
    if (!known || !known->has_value())
        return known;
    const Source &source = **known;
    const bool otherFormat = !options.format.empty() && options.format != source.format;
    auto stored = source.mapping.empty() ? Result<ColumnMapping>(ColumnMapping()) : parseColumnMapping(source.mapping);
    const bool otherAnswers = stored && ReadingAnswers{stored->decimalMark, stored->dateOrder} != answers;
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

/// Takes the active source with this content out of the figures; its id, or nothing when there is none.
Result<std::optional<std::int64_t>> deactivateContent(WorkspaceStore &store, const std::string &digest)
{
    auto known = store.sourceWithDigest(digest);
    if (!known)
        return known.error();
    if (!known->has_value() || !(*known)->active)
        return std::optional<std::int64_t>{};
    if (auto status = store.setSourceActive((*known)->id, false); !status)
        return status.error();
    return std::optional<std::int64_t>{(*known)->id};
}

Result<Source> reactivated(WorkspaceStore &store, Source source)
{
    if (source.active)
        return source;
    if (auto status = store.setSourceActive(source.id, true); !status)
        return status.error();
    source.active = true;
    return source;
}

Result<Source> storeFile(WorkspaceStore &store, ImportRun &run, const ImportOptions &options)
{
    auto writer = store.beginSource();
    if (!writer)
        return writer.error();
    auto facts = run.convert(writer->get());
    if (!facts)
        return facts.error();
    if (options.role)
        facts->role = *options.role;
    return (*writer)->finish(std::move(*facts));
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
    ImportRun run(path, sourceName(path, options), *plan, progress, stop);
    if (auto status = run.look(); !status)
        return status.error().in(fileName(path));
    auto facts = run.convert(nullptr);
    if (!facts)
        return facts.error().in(fileName(path));
    ImportPreview preview = previewOf(sourceName(path, options), *plan);
    preview.facts = std::move(*facts);
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
        auto known = storedSource(*store, run.digest(), options, run.decisions().used);
        if (!known)
            return known.error();
        preview.alreadyImported = known->has_value() && (*known)->active;
    }
    return preview;
}

Result<Source> importFile(WorkspaceStore &store, const std::string &path, const ImportOptions &options,
                          ImportProgress *progress, std::stop_token stop)
{
    auto plan = makePlan(path, options, &store, stop);
    if (!plan)
        return plan.error().in(fileName(path));
    if (!plan->missing.empty())
        return incompleteMapping(*plan).in(fileName(path));
    ImportRun run(path, sourceName(path, options), *plan, progress, stop);
    if (auto status = run.look(); !status)
        return status.error().in(fileName(path));
    auto known = storedSource(store, run.digest(), options, run.decisions().used);
    if (!known)
        return known.error();
    if (known->has_value())
        return reactivated(store, std::move(**known));
    const auto questions = run.questions();
    if (!questions)
        return questions.error().in(fileName(path));
    if (!questions->empty())
        return openQuestions(*questions).in(fileName(path));
    // The same content read in another way takes the place of what was there: both would count it twice.
    auto replaced = deactivateContent(store, run.digest());
    if (!replaced)
        return replaced.error();
    auto source = storeFile(store, run, options);
    if (!source && *replaced) {
        if (auto status = store.setSourceActive(**replaced, true); !status)
            return status.error();
    }
    if (!source) {
        // Another program may have imported the same content meanwhile.
        if (source.error().code == ErrorCode::Conflict) {
            auto other = store.sourceWithDigest(run.digest());
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
