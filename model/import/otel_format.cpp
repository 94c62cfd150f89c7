// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/call_tree.h"
#include "model/import/cell_reader.h"
#include "model/import/reported_usage.h"
#include "model/import/tag_text.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <array>
#include <set>

namespace perunit {

namespace {

/// Where counts of tokens stand, the convention of today first.
constexpr std::array<std::string_view, 3> usageBeginnings{"gen_ai.usage.", "ai.usage.", "llm.token_count."};

bool isAmong(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool isCost(std::string_view name)
{
    return name == "cost" || name.ends_with("_cost");
}

/// What a span is, from its operation.
enum class Operation { Call, Embedding, Wrapper, Other, Unsaid };

class SpanConverter : public RecordConverter
{
public:
    SpanConverter(const TableShape &shape, ColumnMapping mapping);
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
        if (m_beside.empty())
            return "OpenTelemetry counts cached tokens inside input and reasoning tokens inside output; cached tokens "
                   "were "
                   "taken out of input. Only calls of a model that contain no other call count.";
        return "OpenTelemetry counts cached tokens inside input, but some spans of " + *m_beside.begin()
               + " have more cached tokens than input: there they stand beside it. Only calls of a model that contain "
                 "no "
                 "other call count.";
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    /// The first of some columns that holds anything.
    [[nodiscard]] std::string first(const CsvRecord &record, const std::vector<int> &columns) const;
    [[nodiscard]] std::vector<int> existing(std::initializer_list<std::string_view> names) const;
    [[nodiscard]] Operation operation(const CsvRecord &record) const;
    [[nodiscard]] std::string sdkOperation(const CsvRecord &record) const;
    bool readUsage(const CsvRecord &record, ReportedUsage &usage, int &badColumn) const;
    [[nodiscard]] std::string provider(const CsvRecord &record) const;
    bool readRow(const CsvRecord &record, RequestRow &row, RowCollector &rows) const;
    void readNames(const CsvRecord &record, RequestRow &row, RowCollector &rows) const;
    [[nodiscard]] bool isRepeated(const CsvRecord &record, CallTree::Standing standing, RowCollector &rows) const;

    const TableShape &m_shape;
    CellReader m_cells;
    ColumnMapping m_mapping;
    int m_trace, m_span, m_parent, m_start, m_end, m_status, m_operation, m_kind, m_name, m_sdk, m_function, m_agent;
    std::vector<int> m_models, m_providers, m_sessions, m_workloads, m_environments, m_tiers, m_errors;
    std::vector<std::pair<int, std::string>> m_usage;
    std::vector<std::pair<int, std::string_view>> m_dimensions;
    CallTree m_tree;
    UnclassifiedTokens m_unclassified;
    std::set<std::string> m_beside;          ///< providers whose spans count cached tokens beside input
    std::set<std::string> m_innerOperations; ///< of the AI SDK: "ai.generateText" when a doGenerate is in the file
};

SpanConverter::SpanConverter(const TableShape &shape, ColumnMapping mapping)
    : m_shape(shape)
    , m_cells(shape)
    , m_mapping(std::move(mapping))
    , m_trace(m_cells.text({"traceid"}))
    , m_span(m_cells.text({"spanid"}))
    , m_parent(m_cells.text({"parentspanid", "parentid"}))
    , m_start(m_cells.date({"starttime", "starttimeunixnano"}))
    , m_end(m_cells.date({"endtime", "endtimeunixnano"}))
    , m_status(m_cells.text({"status", "statuscode"}))
    , m_operation(m_cells.text({"genaioperationname"}))
    , m_kind(m_cells.text({"openinferencespankind"}))
    , m_name(m_cells.text({"name", "spanname"}))
    , m_sdk(m_cells.text({"aioperationid"}))
    , m_function(m_cells.text({"aitelemetryfunctionid"}))
    , m_agent(m_cells.text({"genaiagentname"}))
    , m_models(existing({"genairesponsemodel", "airesponsemodel", "genairequestmodel", "aimodelid", "llmmodelname",
                         "embeddingmodelname"}))
    , m_providers(existing({"genaiprovidername", "genaisystem", "aimodelprovider", "llmprovider", "llmsystem"}))
    , m_sessions(existing({"genaiconversationid", "sessionid", "langfusesessionid", "aitelemetrymetadatasessionid"}))
    , m_workloads(existing({"genaiworkflowname", "servicename"}))
    , m_environments(existing({"deploymentenvironmentname", "deploymentenvironment"}))
    , m_tiers(existing({"genaiopenairesponseservicetier", "openairesponseservicetier", "genaiopenairequestservicetier",
                        "genairequestservicetier"}))
    , m_errors(existing({"errortype"}))
{
    for (const std::string_view beginning : usageBeginnings) {
        for (std::size_t i = 0; i < shape.header.size(); ++i) {
            if (shape.header[i].starts_with(beginning))
                m_usage.emplace_back(static_cast<int>(i), shape.header[i].substr(beginning.size()));
        }
    }
    for (const std::string_view total : {"llmusagetotaltokens"}) {
        if (const int column = shape.indexOf(total); column >= 0)
            m_usage.emplace_back(column, "total");
    }
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        constexpr std::string_view metadata = "ai.telemetry.metadata.";
        const std::string &name = shape.header[i];
        const std::string_view dimension =
            dimensionOfTag(name.starts_with(metadata) ? std::string_view(name).substr(metadata.size()) : name);
        if (!dimension.empty() && dimension != "model")
            m_dimensions.emplace_back(static_cast<int>(i), dimension);
    }
}

std::vector<int> SpanConverter::existing(std::initializer_list<std::string_view> names) const
{
    std::vector<int> columns;
    for (const std::string_view name : names) {
        if (const int column = m_shape.indexOf(name); column >= 0)
            columns.push_back(column);
    }
    return columns;
}

std::string SpanConverter::first(const CsvRecord &record, const std::vector<int> &columns) const
{
    for (const int column : columns) {
        std::string text = m_cells.words(record, column);
        if (!text.empty())
            return text;
    }
    return {};
}

/// Operation of the AI SDK: "ai.generateText" around "ai.generateText.doGenerate".
std::string SpanConverter::sdkOperation(const CsvRecord &record) const
{
    const std::string operation = m_cells.words(record, m_sdk);
    if (!operation.empty())
        return operation;
    const std::string name = m_cells.words(record, m_name);
    return name.starts_with("ai.") ? name : std::string();
}

Operation SpanConverter::operation(const CsvRecord &record) const
{
    const std::string sdk = sdkOperation(record);
    if (!sdk.empty()) {
        if (sdk == "ai.toolCall")
            return Operation::Other;
        const bool inner = sdk.find(".do") != std::string::npos;
        const bool embedding = sdk.starts_with("ai.embed");
        return inner ? (embedding ? Operation::Embedding : Operation::Call) : Operation::Wrapper;
    }
    const std::string name = normalisedName(m_cells.words(record, m_operation));
    if (isAmong(name, {"chat", "textcompletion", "completion", "generatecontent", "message", "messages", "responses"}))
        return Operation::Call;
    if (isAmong(name, {"embeddings", "embedding", "embed"}))
        return Operation::Embedding;
    if (!name.empty())
        return isAmong(name, {"invokeagent", "createagent", "invokeworkflow"}) ? Operation::Wrapper : Operation::Other;
    const std::string kind = normalisedName(m_cells.words(record, m_kind));
    if (kind.empty())
        return Operation::Unsaid;
    return kind == "llm" ? Operation::Call : kind == "embedding" ? Operation::Embedding : Operation::Other;
}

bool SpanConverter::readUsage(const CsvRecord &record, ReportedUsage &usage, int &badColumn) const
{
    for (const auto &[column, name] : m_usage) {
        // The AI SDK writes the tokens of embeddings as "tokens"; a cost beside the counts is no count.
        if (isCost(name))
            continue;
        if (!usage.add(name, m_cells.words(record, column))) {
            badColumn = column;
            return false;
        }
    }
    return true;
}

std::string SpanConverter::provider(const CsvRecord &record) const
{
    const std::string recorded = first(record, m_providers);
    if (isKnownProvider(recorded))
        return canonicalProvider(recorded);
    // The AI SDK names the interface behind the provider: "openai.embedding".
    const std::string maker = recorded.substr(0, recorded.find('.'));
    return isKnownProvider(maker) ? canonicalProvider(maker) : recorded;
}

void SpanConverter::observe(const CsvRecord &record)
{
    ReportedUsage usage;
    int badColumn = -1;
    const Operation what = operation(record);
    // What surrounds calls counts where nothing below it does: agents within agents.
    const bool isCall = what != Operation::Other && readUsage(record, usage, badColumn) && usage.isAny();
    m_tree.see(m_cells.raw(record, m_trace), m_cells.raw(record, m_span), m_cells.raw(record, m_parent), isCall);
    if (!isCall)
        return;
    if (usage.has(UsagePart::Input) && usage.special() > usage.of(UsagePart::Input))
        m_beside.insert(provider(record));
    const std::string sdk = sdkOperation(record);
    if (const std::size_t inner = sdk.find(".do"); inner != std::string::npos)
        m_innerOperations.insert(sdk.substr(0, inner));
}

bool SpanConverter::readRow(const CsvRecord &record, RequestRow &row, RowCollector &rows) const
{
    Instant end;
    if (!m_cells.time(record, m_start, true, row.time, rows) || !m_cells.time(record, m_end, false, end, rows))
        return false;
    row.durationMicros = std::max<std::int64_t>(0, end.micros == 0 ? 0 : end.micros - row.time.micros);
    const std::string tier = first(record, m_tiers);
    if (const auto named = tierFromText(tier))
        row.tier = *named;
    else
        rows.count("the service tier '" + tier + "' is not known; it was taken as standard");
    const std::string status = normalisedName(m_cells.words(record, m_status));
    const std::string error = normalisedName(first(record, m_errors));
    if (status == "2" || status.ends_with("error") || !error.empty())
        row.status = error == "429" || error.find("ratelimit") != std::string::npos ? RequestStatus::RateLimited
                                                                                    : RequestStatus::Error;
    return true;
}

void SpanConverter::readNames(const CsvRecord &record, RequestRow &row, RowCollector &rows) const
{
    row.provider = provider(record);
    row.model = first(record, m_models);
    if (row.model.empty())
        rows.count("the span names no model, so it stays unpriced");
    row.session = first(record, m_sessions);
    if (row.session.empty() && m_trace >= 0 && !m_cells.words(record, m_trace).empty()) {
        row.session = m_cells.words(record, m_trace);
        rows.count("the span names no conversation; its trace was taken as one");
    }
    row.feature = m_cells.words(record, m_function);
    row.environment = first(record, m_environments);
    for (const auto &[column, dimension] : m_dimensions)
        fillDimension(row, dimension, m_cells.words(record, column));
    if (row.workload.empty())
        row.workload = first(record, m_workloads);
    if (const std::string agent = m_cells.words(record, m_agent); !agent.empty())
        row.tags.emplace_back("agent", agent);
}

/// Spans whose tokens other spans of the file count; says so.
bool SpanConverter::isRepeated(const CsvRecord &record, CallTree::Standing standing, RowCollector &rows) const
{
    if (standing == CallTree::Standing::Repeated) {
        rows.count("the span comes again later in the file; the last one counts");
        return true;
    }
    if (standing == CallTree::Standing::HasCallsBelow || m_innerOperations.contains(sdkOperation(record))) {
        rows.count("the span surrounds calls of a model and repeats their tokens; only the calls count");
        return true;
    }
    return false;
}

Status SpanConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    const auto standing = m_tree.next(m_cells.raw(record, m_trace), m_cells.raw(record, m_span));
    const Operation what = operation(record);
    ReportedUsage usage;
    int badColumn = -1;
    const bool readable = readUsage(record, usage, badColumn);
    if (readable && !usage.isAny() && what != Operation::Call && what != Operation::Embedding) {
        rows.acceptEmpty();
        return {};
    }
    if (isRepeated(record, standing, rows)) {
        rows.duplicate();
        return {};
    }
    if (what == Operation::Other) {
        rows.count("the span is no call of a model but has tokens, such as a tool that repeats them; they were not "
                   "counted");
        rows.acceptEmpty();
        return {};
    }
    if (!readable) {
        rows.rejectField(badColumn, "is not a whole number of at least 0");
        return {};
    }
    RequestRow row;
    if (!readRow(record, row, rows))
        return {};
    readNames(record, row, rows);
    if (what == Operation::Wrapper)
        rows.count("the call inside this span is not in the file; its own tokens were taken");
    const Nesting nesting = m_beside.contains(row.provider) ? Nesting::Beside : Nesting::UsuallyInside;
    row.usage = usage.disjoint(nesting, Nesting::UsuallyInside);
    m_unclassified.add(usage, usage.unclassified(nesting, Nesting::UsuallyInside));
    if (what == Operation::Embedding || sdkOperation(record).starts_with("ai.embed"))
        std::swap(row.usage[UsageClass::Embedding], row.usage[UsageClass::Input]);
    row.usage[UsageClass::Request] = 1;
    if (!usage.isAny())
        rows.count("the call has no tokens");
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void SpanConverter::finish(RowCollector &rows)
{
    rows.facts().role = SourceRole::Usage;
    m_cells.finish(rows);
    if (rows.facts().requests == 0)
        rows.warn("no span of the file is a call of a model");
    m_unclassified.finish(rows);
    const bool costs =
        std::any_of(m_usage.begin(), m_usage.end(), [](const auto &column) { return isCost(column.second); });
    if (costs)
        rows.warn("the spans carry estimates of their cost, which were not read; the catalogue prices the tokens");
}

class OtelFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "otel-genai"; }
    [[nodiscard]] std::string_view label() const override { return "OpenTelemetry spans (generative AI)"; }
    [[nodiscard]] bool comesInManyFiles() const override { return true; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (shape.indexOf("spanid") < 0 || shape.firstOf({"starttime", "starttimeunixnano"}) < 0)
            return {};
        for (const std::string &name : shape.header) {
            for (const std::string_view beginning : usageBeginnings) {
                if (name.starts_with(beginning))
                    return {100, "it has spans with '" + name + "', as OpenTelemetry writes calls of models"};
            }
        }
        if (!shape.json)
            return {};
        return {80, "it has the spans of a trace, though none with tokens"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (shape.indexOf("spanid") < 0 || shape.firstOf({"starttime", "starttimeunixnano"}) < 0)
            return Error{ErrorCode::BadInput, "the file has no spans", "", "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<SpanConverter>(shape, mapping));
    }
};

} // namespace

std::unique_ptr<LedgerFormat> otelFormat()
{
    return std::make_unique<OtelFormat>();
}

} // namespace perunit
