// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/call_tree.h"
#include "model/import/cell_reader.h"
#include "model/import/mapping_suggestion.h"
#include "model/import/reported_usage.h"
#include "model/import/tag_text.h"
#include "model/import/trace_layouts.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// What becomes a cell of an observation; everything else may hold prompts and answers.
constexpr std::array<std::string_view, 27> observationMembers{
    "id",          "traceId",     "type",         "parentObservationId", "name",
    "startTime",   "endTime",     "model",        "providedModelName",   "usageDetails",
    "costDetails", "usage",       "totalCost",    "calculatedTotalCost", "inputUsage",
    "outputUsage", "totalUsage",  "promptTokens", "completionTokens",    "totalTokens",
    "level",       "environment", "promptName",   "promptVersion",       "sessionId",
    "traceName",   "traceTags"};
constexpr std::array<std::string_view, 4> traceMembers{"sessionId", "name", "tags", "environment"};

void addObservation(JsonRecord &record, const JsonValue &observation, const JsonValue &trace)
{
    for (const std::string_view name : observationMembers)
        addCell(record, std::string(name), observation.find(name));
    if (!trace.is(JsonValue::Kind::Object))
        return;
    for (const std::string_view name : traceMembers)
        addCell(record, "trace." + std::string(name), trace.find(name));
}

/// "projects/p/locations/europe-west1/publishers/google/models/gemini-2.5-flash" in its parts.
struct VertexPath {
    std::string region;
    std::string model;
};
std::optional<VertexPath> vertexPath(std::string_view model)
{
    const std::size_t models = model.rfind("/models/");
    if (!model.starts_with("projects/") || models == std::string_view::npos)
        return std::nullopt;
    VertexPath path;
    path.model = model.substr(models + 8);
    constexpr std::string_view locations = "/locations/";
    if (const std::size_t at = model.find(locations); at != std::string_view::npos) {
        const std::string_view rest = model.substr(at + locations.size());
        path.region = rest.substr(0, rest.find('/'));
    }
    return path;
}

class LangfuseConverter : public RecordConverter
{
public:
    LangfuseConverter(const TableShape &shape, ColumnMapping mapping)
        : m_cells(shape)
        , m_mapping(std::move(mapping))
        , m_id(m_cells.text({"id", "observationid"}))
        , m_trace(m_cells.text({"traceid"}))
        , m_parent(m_cells.text({"parentobservationid"}))
        , m_type(m_cells.text({"type"}))
        , m_start(m_cells.date({"starttime"}))
        , m_end(m_cells.date({"endtime"}))
        , m_model(m_cells.text({"model", "providedmodelname", "modelname"}))
        , m_usage(m_cells.text({"usagedetails"}))
        , m_oldUsage(m_cells.text({"usage"}))
        , m_plainInput(m_cells.text({"inputusage", "prompttokens", "inputtokens"}))
        , m_plainOutput(m_cells.text({"outputusage", "completiontokens", "outputtokens"}))
        , m_plainTotal(m_cells.text({"totalusage", "totaltokens"}))
        , m_costs(m_cells.text({"costdetails"}))
        , m_totalCost(m_cells.number({"totalcost", "calculatedtotalcost"}))
        , m_level(m_cells.text({"level"}))
        , m_environment(m_cells.text({"environment"}))
        , m_prompt(m_cells.text({"promptname"}))
        , m_session(m_cells.text({"tracesessionid", "sessionid"}))
        , m_traceName(m_cells.text({"tracename"}))
        , m_tags(m_cells.text({"tracetags", "tags"}))
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_cells.columns(); }
    void observe(const CsvRecord &record) override;
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_cells.decide(readings, currency, m_mapping);
        m_tree.close();
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::string usageConvention() const override
    {
        return "Langfuse keeps what each framework reports: where the total shows that cached, audio and reasoning "
               "tokens stand inside input and output they were taken out of input and left in output; else they stand "
               "beside. Only calls of a model that contain no other call count.";
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    [[nodiscard]] bool isCall(const CsvRecord &record) const;
    bool readUsage(const CsvRecord &record, ReportedUsage &usage, std::string &problem) const;
    bool readCost(const CsvRecord &record, std::optional<Money> &cost, RowCollector &rows);
    bool readTimes(const CsvRecord &record, RequestRow &row, RowCollector &rows) const;
    void readNames(const CsvRecord &record, RequestRow &row, RowCollector &rows) const;

    CellReader m_cells;
    ColumnMapping m_mapping;
    int m_id, m_trace, m_parent, m_type, m_start, m_end, m_model, m_usage, m_oldUsage, m_plainInput, m_plainOutput,
        m_plainTotal, m_costs, m_totalCost, m_level, m_environment, m_prompt, m_session, m_traceName, m_tags;
    CallTree m_tree;
    UnclassifiedTokens m_unclassified;
    std::int64_t m_rounded = 0;
};

bool LangfuseConverter::isCall(const CsvRecord &record) const
{
    const std::string type = normalisedName(m_cells.words(record, m_type));
    return type.empty() || type == "generation" || type == "embedding";
}

bool LangfuseConverter::readUsage(const CsvRecord &record, ReportedUsage &usage, std::string &problem) const
{
    for (const int column : {m_usage, m_oldUsage}) {
        const std::string text = m_cells.words(record, column);
        if (text.empty())
            continue;
        const auto json = parseJson(text);
        if (!json || !json->is(JsonValue::Kind::Object)) {
            problem = "is no JSON object of token counts";
            return false;
        }
        if (!usage.add(*json, problem))
            return false;
        if (usage.isAny())
            return true;
    }
    for (const auto &[column, name] :
         {std::pair{m_plainInput, "input"}, std::pair{m_plainOutput, "output"}, std::pair{m_plainTotal, "total"}}) {
        if (!usage.add(name, m_cells.words(record, column))) {
            problem = "is not a whole number of at least 0";
            return false;
        }
    }
    return true;
}

void LangfuseConverter::observe(const CsvRecord &record)
{
    ReportedUsage usage;
    std::string problem;
    const bool tokens = readUsage(record, usage, problem) && usage.isAny();
    const std::string_view costs = m_cells.raw(record, m_costs);
    const bool cost = costs.find_first_of("123456789") != std::string_view::npos;
    m_tree.see(m_cells.raw(record, m_trace), m_cells.raw(record, m_id), m_cells.raw(record, m_parent),
               isCall(record) && (tokens || cost));
}

/// The cost that Langfuse worked out from its own price list, or that the application reported.
bool LangfuseConverter::readCost(const CsvRecord &record, std::optional<Money> &cost, RowCollector &rows)
{
    const std::string text = m_cells.words(record, m_costs);
    const auto json = text.empty() ? Result<JsonValue>(JsonValue()) : parseJson(text);
    if (!json || !(json->is(JsonValue::Kind::Object) || json->is(JsonValue::Kind::Null))) {
        rows.rejectField(m_costs, "is no JSON object of costs");
        return false;
    }
    std::optional<Money> sum;
    for (std::size_t i = 0; i < json->names.size(); ++i) {
        const auto part = parseAmount(json->items[i].text, NumberStyle::PointDecimal, m_rounded);
        if (!part) {
            rows.rejectField(m_costs, "the cost '" + json->names[i] + "' is not a number");
            return false;
        }
        if (*part && json->names[i] == "total") {
            cost = **part;
            return true;
        }
        if (*part)
            sum = sum.value_or(Money()) + **part;
    }
    cost = sum;
    if (cost)
        return true;
    if (!m_cells.amount(record, m_totalCost, cost, rows))
        return false;
    // Langfuse writes 0 for a model whose price it does not know.
    if (cost && cost->units() == 0)
        cost.reset();
    return true;
}

bool LangfuseConverter::readTimes(const CsvRecord &record, RequestRow &row, RowCollector &rows) const
{
    Instant end;
    if (!m_cells.time(record, m_start, true, row.time, rows) || !m_cells.time(record, m_end, false, end, rows))
        return false;
    row.durationMicros = std::max<std::int64_t>(0, end.micros == 0 ? 0 : end.micros - row.time.micros);
    return true;
}

void LangfuseConverter::readNames(const CsvRecord &record, RequestRow &row, RowCollector &rows) const
{
    row.model = m_cells.words(record, m_model);
    if (const auto path = vertexPath(row.model)) {
        rows.count("the model is a path of Google Vertex AI; its last part was taken as the model");
        row.provider = "google";
        row.region = path->region;
        row.model = path->model;
    }
    if (row.model.empty())
        rows.count("the call names no model, so it stays unpriced");
    const std::string environment = m_cells.words(record, m_environment);
    row.environment = environment == "default" ? std::string() : environment;
    row.promptTemplate = m_cells.words(record, m_prompt);
    row.feature = m_cells.words(record, m_traceName);
    row.session = m_cells.words(record, m_session);
    if (row.session.empty()) {
        row.session = m_cells.words(record, m_trace);
        rows.count("the trace belongs to no session; the trace itself was taken as the conversation");
    }
    if (normalisedName(m_cells.words(record, m_level)) == "error")
        row.status = RequestStatus::Error;
    const auto tags = parseJson(m_cells.words(record, m_tags));
    if (!tags || !tags->is(JsonValue::Kind::Array))
        return;
    for (const JsonValue &tag : tags->items) {
        // "team:search" names its own key; a bare word is one of possibly several labels.
        const std::size_t colon = tag.text.find(':');
        if (!tag.is(JsonValue::Kind::String) || tag.text.empty())
            continue;
        const bool named = colon != std::string::npos && colon > 0 && colon + 1 < tag.text.size();
        const std::string key = named ? tag.text.substr(0, colon) : "tag " + tag.text;
        const std::string value = named ? tag.text.substr(colon + 1) : "yes";
        if (isSensitiveColumn(normalisedName(key)))
            continue;
        fillDimension(row, dimensionOfTag(key), value);
        row.tags.emplace_back(key, value);
    }
}

Status LangfuseConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    const auto standing = m_tree.next(m_cells.raw(record, m_trace), m_cells.raw(record, m_id));
    ReportedUsage usage;
    std::string problem;
    const bool readable = readUsage(record, usage, problem);
    if (!isCall(record)) {
        if (readable && usage.isAny())
            rows.count("the observation has tokens but is no call of a model; they were not counted");
        rows.acceptEmpty();
        return {};
    }
    if (standing == CallTree::Standing::HasCallsBelow) {
        rows.count("the generation contains other generations, whose tokens it repeats; only those count");
        rows.duplicate();
        return {};
    }
    if (standing == CallTree::Standing::Repeated) {
        rows.count("the observation comes again later in the file; the last one counts");
        rows.duplicate();
        return {};
    }
    if (!readable) {
        rows.rejectField(m_usage >= 0 ? m_usage : m_oldUsage, problem);
        return {};
    }
    RequestRow row;
    if (!readTimes(record, row, rows) || !readCost(record, row.billed, rows))
        return {};
    row.usage = usage.disjoint();
    if (normalisedName(m_cells.words(record, m_type)) == "embedding")
        std::swap(row.usage[UsageClass::Embedding], row.usage[UsageClass::Input]);
    row.usage[UsageClass::Request] = 1;
    m_unclassified.add(usage, usage.unclassified());
    readNames(record, row, rows);
    if (!usage.isAny())
        rows.count("the generation has no tokens");
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void LangfuseConverter::finish(RowCollector &rows)
{
    rows.facts().role = SourceRole::Usage;
    m_cells.finish(rows);
    if (rows.facts().billed && rows.facts().currency.empty())
        rows.facts().currency = "USD";
    if (rows.facts().billed)
        rows.warn("the costs are what Langfuse worked out from its price list, in US dollars; no provider billed them");
    if (m_rounded > 0)
        rows.warn(std::to_string(m_rounded) + " costs have more than 24 decimals and were rounded to 24");
    m_unclassified.finish(rows);
}

class LangfuseFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "langfuse"; }
    [[nodiscard]] std::string_view label() const override { return "Langfuse traces and observations"; }
    [[nodiscard]] bool comesInManyFiles() const override { return true; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        const auto has = [&shape](std::string_view name) {
            return shape.indexOf(name) >= 0;
        };
        if (!has("traceid") || !has("starttime")
            || !(has("usagedetails") || (has("parentobservationid") && has("type"))))
            return {};
        return {100, "the columns traceId and usageDetails are those of Langfuse observations"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file has not the columns traceId, startTime and usageDetails", "",
                         "export the observations of Langfuse, or choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<LangfuseConverter>(shape, mapping));
    }
};

} // namespace

/// GET /traces/{id} and the export of one trace: the trace is the object around its observations.
bool isLangfuseTrace(const JsonUnit &unit)
{
    const JsonValue *observations = memberAt(unit.value, {"observations"});
    return observations && observations->is(JsonValue::Kind::Array) && memberAt(unit.value, {"id"})
           && memberAt(unit.value, {"timestamp"});
}

Status expandLangfuseTrace(const JsonUnit &unit, const JsonRecordSink &sink)
{
    for (const JsonValue &observation : unit.value.find("observations")->items) {
        JsonRecord record;
        addObservation(record, observation, unit.value);
        if (auto status = sink(record); !status)
            return status;
    }
    return {};
}

bool isLangfuseObservation(const JsonUnit &unit)
{
    return memberAt(unit.value, {"traceId"}) && memberAt(unit.value, {"startTime"})
           && (memberAt(unit.value, {"usageDetails"}) || memberAt(unit.value, {"parentObservationId"}));
}

Status expandLangfuseObservation(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonRecord record;
    const JsonValue *trace = memberAt(unit.envelope, {"trace"});
    addObservation(record, unit.value, trace ? *trace : JsonValue());
    return sink(record);
}

std::unique_ptr<LedgerFormat> langfuseTraceFormat()
{
    return std::make_unique<LangfuseFormat>();
}

} // namespace perunit
