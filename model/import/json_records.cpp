// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/json_records.h"

#include "model/import/importer.h"
#include "model/import/trace_layouts.h"
#include "pricing/base/sha256.h"

#include <algorithm>
#include <unordered_map>

namespace perunit {

namespace {

constexpr int deepestLevel = 6;
constexpr std::size_t maximumColumns = 3000;
constexpr std::size_t sampleRows = 200;

bool isListOfObjects(const JsonValue &value)
{
    return value.is(JsonValue::Kind::Array) && !value.items.empty()
           && std::all_of(value.items.begin(), value.items.end(),
                          [](const JsonValue &item) { return item.is(JsonValue::Kind::Object); });
}

void flatten(const std::string &path, const JsonValue &value, int level, JsonRecord &record)
{
    switch (value.kind) {
    case JsonValue::Kind::Null:
        return;
    case JsonValue::Kind::Boolean:
        record.addText(path, value.boolean ? "true" : "false");
        return;
    case JsonValue::Kind::Number:
    case JsonValue::Kind::String:
        record.addText(path, value.text);
        return;
    case JsonValue::Kind::Array:
        record.addText(path, writeJson(value));
        return;
    case JsonValue::Kind::Object:
        break;
    }
    if (level == deepestLevel) {
        record.addText(path, writeJson(value));
        return;
    }
    for (std::size_t i = 0; i < value.items.size(); ++i)
        flatten(path.empty() ? value.names[i] : path + '.' + value.names[i], value.items[i], level + 1, record);
}

bool isWrapper(const JsonUnit &unit)
{
    return unit.value.is(JsonValue::Kind::Object) && wrappedList(unit.value) >= 0;
}

/// A document on one line: what JsonReader does with one that stands alone.
Status expandWrapper(const JsonUnit &unit, const JsonRecordSink &sink)
{
    const auto list = static_cast<std::size_t>(wrappedList(unit.value));
    JsonUnit inner;
    inner.line = unit.line;
    inner.envelope.kind = JsonValue::Kind::Object;
    for (std::size_t i = 0; i < list; ++i) {
        inner.envelope.names.push_back(unit.value.names[i]);
        inner.envelope.items.push_back(unit.value.items[i]);
    }
    for (const JsonValue &item : unit.value.items[list].items) {
        inner.value = item;
        if (auto status = expandUnit(inner, sink); !status)
            return status;
    }
    return {};
}

/// {"group": [{…}, …], …}: lists under names and nothing else.
bool isGroupedLists(const JsonUnit &unit)
{
    return unit.value.is(JsonValue::Kind::Object) && !unit.value.items.empty()
           && std::all_of(unit.value.items.begin(), unit.value.items.end(), isListOfObjects);
}

Status expandGroupedLists(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonUnit inner;
    inner.line = unit.line;
    for (const JsonValue &list : unit.value.items) {
        for (const JsonValue &item : list.items) {
            inner.value = item;
            if (auto status = expandUnit(inner, sink); !status)
                return status;
        }
    }
    return {};
}

/// {"start_time": …, "results": [{…}, …]}: a bucket of time with one record a result, as usage reports of providers are
/// written. A bucket without results is no record.
bool isBucket(const JsonUnit &unit)
{
    const JsonValue *results = unit.value.is(JsonValue::Kind::Object) ? unit.value.find("results") : nullptr;
    return results && results->is(JsonValue::Kind::Array)
           && (unit.value.find("start_time") || unit.value.find("starting_at"));
}

Status expandBucket(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonRecord common;
    const JsonValue *results = nullptr;
    for (std::size_t i = 0; i < unit.value.items.size(); ++i) {
        if (unit.value.names[i] == "results")
            results = &unit.value.items[i];
        else
            common.add("bucket." + unit.value.names[i], unit.value.items[i]);
    }
    if (!results)
        return {};
    for (const JsonValue &result : results->items) {
        JsonRecord record = common;
        record.add("", result);
        if (auto status = sink(record); !status)
            return status;
    }
    return {};
}

bool isObject(const JsonUnit &unit)
{
    return unit.value.is(JsonValue::Kind::Object);
}

Status expandObject(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonRecord record;
    record.add("", unit.value);
    record.add("", unit.envelope);
    return sink(record);
}

/// Everything that reading a JSON file needs to stay alive.
struct OpenJson {
    std::unique_ptr<ByteSource> source;
    std::unique_ptr<TextDecoder> decoder;
    std::unique_ptr<JsonReader> reader;
};

Result<OpenJson> openJson(const std::string &path, TextEncoding encoding, ImportProgress *progress,
                          const std::stop_token &stop)
{
    auto source = ByteSource::open(path, progress, stop);
    if (!source)
        return source.error();
    OpenJson open;
    open.source = std::move(*source);
    open.decoder = std::make_unique<TextDecoder>(*open.source, encoding);
    open.reader = std::make_unique<JsonReader>(*open.decoder);
    return open;
}

using ColumnIndex = std::unordered_map<std::string, std::size_t>;

/// Collects the columns of all records, in the order in which they first occur.
class HeaderCollector
{
public:
    explicit HeaderCollector(TableShape &shape)
        : m_shape(shape)
    {}

    Status take(const JsonRecord &record)
    {
        const bool sampled = m_shape.sample.size() < sampleRows;
        std::vector<std::string> row;
        for (const auto &[path, text] : record.cells) {
            auto known = m_index.find(path);
            if (known == m_index.end()) {
                if (m_index.size() == maximumColumns) {
                    m_dropped = m_dropped.empty() ? path : m_dropped;
                    continue;
                }
                known = m_index.emplace(path, m_index.size()).first;
                m_shape.header.push_back(path);
                m_shape.normalised.push_back(normalisedName(path));
            }
            if (sampled) {
                row.resize(std::max(row.size(), known->second + 1));
                row[known->second] = text;
            }
        }
        if (sampled)
            m_shape.sample.push_back(std::move(row));
        return {};
    }

    void finish()
    {
        for (std::vector<std::string> &row : m_shape.sample)
            row.resize(m_shape.header.size());
        if (!m_dropped.empty())
            m_shape.warnings.push_back("the file has more than " + std::to_string(maximumColumns)
                                       + " different fields; '" + m_dropped
                                       + "' and all that come later were not read");
    }

private:
    TableShape &m_shape;
    ColumnIndex m_index;
    std::string m_dropped;
};

} // namespace

void JsonRecord::add(const std::string &path, const JsonValue &value)
{
    flatten(path, value, 0, *this);
}

const std::vector<JsonLayout> &jsonLayouts()
{
    static const std::vector<JsonLayout> layouts{{isBucket, expandBucket},
                                                 {isLangfuseObservation, expandLangfuseObservation},
                                                 {isLangfuseTrace, expandLangfuseTrace},
                                                 {isOtlpResource, expandOtlpResource},
                                                 {isSpan, expandSpan},
                                                 {isClaudeCodeRecord, expandClaudeCodeRecord},
                                                 {isCodexRecord, expandCodexRecord},
                                                 {isOpencodeMessage, expandOpencodeMessage},
                                                 {isMlflowRun, expandMlflowRun},
                                                 {isOpenCostSet, expandOpenCostSet},
                                                 {isWrapper, expandWrapper},
                                                 {isGroupedLists, expandGroupedLists},
                                                 {isObject, expandObject}};
    return layouts;
}

Status expandUnit(const JsonUnit &unit, const JsonRecordSink &sink)
{
    for (const JsonLayout &layout : jsonLayouts()) {
        if (layout.fits(unit))
            return layout.expand(unit, sink);
    }
    return Error{ErrorCode::BadInput, "a value of the list is no object", "line " + std::to_string(unit.line),
                 "a ledger in JSON is a list of objects"};
}

bool startsLikeJson(std::string_view start)
{
    const auto first = start.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string_view::npos)
        return false;
    if (start[first] == '{')
        return true;
    if (start[first] != '[')
        return false;
    const auto second = start.find_first_not_of(" \t\r\n", first + 1);
    return second != std::string_view::npos
           && std::string_view("{[]\"-0123456789").find(start[second]) != std::string_view::npos;
}

namespace {

/// Hands all records of a reader to the header, until the end or the first error.
Status collectHeader(JsonReader &reader, HeaderCollector &header)
{
    JsonUnit unit;
    while (true) {
        const auto more = reader.next(unit);
        if (!more)
            return more.error();
        if (!*more)
            return {};
        if (!unit.problem.empty())
            continue;
        auto status = expandUnit(unit, [&header](const JsonRecord &record) { return header.take(record); });
        if (!status)
            return status;
    }
}

/// Hands out the records of one file; `facts` goes on counting where the file before ended.
Status scanPart(OpenJson &open, std::size_t part, const ColumnIndex &columns, ImportProgress *progress,
                const RecordVisitor &visit, TableFacts &facts)
{
    CsvRecord record;
    record.part = part;
    const auto hand = [&](const JsonRecord &cells) -> Status {
        record.fields.assign(columns.size(), {});
        for (const auto &[name, text] : cells.cells) {
            if (const auto column = columns.find(name); column != columns.end())
                record.fields[column->second] = text;
        }
        if (++facts.rows; progress && facts.rows % 4096 == 0)
            progress->rows = facts.rows;
        return visit(record, facts.rows);
    };
    JsonUnit unit;
    while (true) {
        const auto more = open.reader->next(unit);
        if (!more)
            return more.error();
        if (!*more)
            return {};
        record.line = unit.line;
        record.malformed = !unit.problem.empty();
        record.problem = unit.problem;
        if (auto status = record.malformed ? hand({}) : expandUnit(unit, hand); !status)
            return status;
    }
}

} // namespace

TableShape shapeOfJson(const std::string &start)
{
    TableShape shape;
    shape.json = true;
    shape.headerLine = 0;
    HeaderCollector header(shape);
    StringInput input(start);
    JsonReader reader(input);
    // The end of the text may cut a value: what came before it counts.
    (void)collectHeader(reader, header).ok();
    header.finish();
    return shape;
}

Result<TableShape> probeJson(const std::string &path, const std::vector<std::string> &furtherParts,
                             TextEncoding encoding, const std::stop_token &stop)
{
    TableShape shape;
    shape.json = true;
    shape.encoding = encoding;
    shape.headerLine = 0;
    shape.furtherParts = furtherParts;
    HeaderCollector header(shape);
    for (std::size_t part = 0; part <= furtherParts.size(); ++part) {
        const std::string &file = part == 0 ? path : furtherParts[part - 1];
        auto open = openJson(file, encoding, nullptr, stop);
        if (!open)
            return part == 0 ? open.error() : open.error().in(file);
        shape.fileSize += open->source->fileSize();
        const auto &warnings = open->source->warnings();
        shape.warnings.insert(shape.warnings.end(), warnings.begin(), warnings.end());
        if (auto status = collectHeader(*open->reader, header); !status)
            return part == 0 ? status.error() : status.error().in(file);
        if (open->reader->expectsMore() && part == furtherParts.size())
            shape.warnings.emplace_back("the last page says that more pages follow; the file may not be complete");
    }
    header.finish();
    if (shape.header.empty())
        return Error{ErrorCode::BadInput, "the JSON holds no records", "",
                     "an empty page or list says nothing; export a period in which something happened"};
    return shape;
}

Result<TableFacts> scanJson(const std::string &path, const TableShape &shape, ImportProgress *progress,
                            const std::stop_token &stop, const RecordVisitor &visit)
{
    ColumnIndex columns;
    for (std::size_t i = 0; i < shape.header.size(); ++i)
        columns.emplace(shape.header[i], i);
    TableFacts facts;
    for (std::size_t part = 0; part <= shape.furtherParts.size(); ++part) {
        const std::string &file = part == 0 ? path : shape.furtherParts[part - 1];
        auto open = openJson(file, shape.encoding, progress, stop);
        if (!open)
            return part == 0 ? open.error() : open.error().in(file);
        if (auto status = scanPart(*open, part, columns, progress, visit, facts); !status)
            return part == 0 ? status.error() : status.error().in(file);
        auto content = open->source->contentDigest();
        if (!content)
            return content.error();
        facts.contentSha256 = part == 0 ? *content : sha256Hex(facts.contentSha256 + *content);
        auto digest = open->source->digest();
        if (!digest)
            return digest.error();
        facts.sha256 = part == 0 ? *digest : sha256Hex(facts.sha256 + *digest);
        facts.validText = facts.validText && open->decoder->valid();
        const auto &warnings = open->source->warnings();
        facts.warnings.insert(facts.warnings.end(), warnings.begin(), warnings.end());
    }
    if (progress)
        progress->rows = facts.rows;
    return facts;
}

} // namespace perunit
