// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/cell_reader.h"
#include "pricing/base/decimal.h"
#include "pricing/catalogue/json_value.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace perunit {

namespace {

/// Published traces count time from their start. The moment that the start stands for must be the same on every
/// computer and day: a Monday, near enough to have prices. The constant "start" of a mapping gives another one.
constexpr std::string_view defaultStart = "2024-01-01T00:00:00Z";
/// What has no times at all is laid out evenly.
constexpr std::int64_t documentSpacing = 60 * microsPerSecond;

/// One published kind of trace: lengths of requests, mostly with the time since the start.
struct TraceKind {
    std::string_view id;
    std::string_view label;
    std::vector<std::string_view> signature; ///< normalised names that all must be there
    std::string_view why;
    std::string_view time; ///< empty: the trace has none
    std::int64_t timeUnit; ///< in microseconds
    std::string_view input;
    std::string_view output;
};

const TraceKind &burstGpt()
{
    static const TraceKind kind{"burstgpt-trace",
                                "BurstGPT trace",
                                {"timestamp", "requesttokens", "responsetokens", "logtype"},
                                "the columns Request tokens, Response tokens and Log Type are those of BurstGPT",
                                "timestamp",
                                microsPerSecond,
                                "requesttokens",
                                "responsetokens"};
    return kind;
}

const TraceKind &mooncake()
{
    static const TraceKind kind{"mooncake-trace",
                                "Mooncake trace",
                                {"timestamp", "inputlength", "outputlength", "hashids"},
                                "input_length, output_length and hash_ids are those of the Mooncake traces",
                                "timestamp",
                                1000,
                                "inputlength",
                                "outputlength"};
    return kind;
}

const TraceKind &vidur()
{
    static const TraceKind kind{"vidur-trace",
                                "Vidur and Splitwise trace",
                                {"arrivedat", "numprefilltokens", "numdecodetokens"},
                                "arrived_at, num_prefill_tokens and num_decode_tokens are those of Vidur traces",
                                "arrivedat",
                                microsPerSecond,
                                "numprefilltokens",
                                "numdecodetokens"};
    return kind;
}

const TraceKind &documentLengths()
{
    static const TraceKind kind{"document-lengths",
                                "Lengths of documents without times",
                                {"numprefilltokens", "numdecodetokens"},
                                "num_prefill_tokens and num_decode_tokens without times are lengths of documents",
                                "",
                                0,
                                "numprefilltokens",
                                "numdecodetokens"};
    return kind;
}

/// How often the beginning of a prompt was sent before, from the blocks that a trace names.
class PrefixBlocks
{
public:
    /// What the request shares its beginning by: its second block. All prompts of such traces begin with the same one.
    std::string add(std::string_view blocks, std::int64_t input)
    {
        constexpr std::int64_t blockTokens = 512;
        const auto list = parseJson(blocks);
        if (!list || !list->is(JsonValue::Kind::Array))
            return {};
        std::int64_t known = 0;
        bool prefix = true;
        for (const JsonValue &block : list->items) {
            prefix = !m_seen.insert(block.text).second && prefix;
            known += prefix ? blockTokens : 0;
        }
        m_known += std::min(known, input);
        m_input += input;
        return list->items.size() > 1 ? "prefix " + list->items[1].text : std::string();
    }

    void finish(RowCollector &rows) const
    {
        if (m_input == 0)
            return;
        const Int128 share = (Int128{m_known} * 20000 + m_input) / (Int128{2} * m_input);
        const auto hundredths = static_cast<std::int64_t>(share);
        const std::string fraction = std::to_string(hundredths % 100);
        rows.warn(
            "the trace does not say what came from a cache, so all input counts as uncached; an ideal cache of all "
            "beginnings of prompts would have held "
            + std::to_string(hundredths / 100) + '.' + (fraction.size() < 2 ? "0" : "") + fraction
            + " % of it (its hash_ids, blocks of 512 tokens); requests with the same second block count as one prompt "
              "template");
    }

private:
    std::unordered_set<std::string> m_seen;
    std::int64_t m_known = 0;
    std::int64_t m_input = 0;
};

class TraceConverter : public RecordConverter
{
public:
    TraceConverter(const TableShape &shape, const TraceKind &kind, ColumnMapping mapping, Instant start,
                   ServiceTier tier)
        : m_kind(kind)
        , m_cells(shape)
        , m_mapping(std::move(mapping))
        , m_start(start)
        , m_tier(tier)
        , m_time(kind.time.empty() ? -1 : m_cells.text({kind.time}))
        , m_input(m_cells.number({kind.input}))
        , m_output(m_cells.number({kind.output}))
        , m_total(m_cells.number({"totaltokens"}))
        , m_model(m_cells.text({"model"}))
        , m_logType(m_cells.text({"logtype"}))
        , m_session(m_cells.text({"sessionid"}))
        , m_elapsed(m_cells.text({"elapsedtime"}))
        , m_blocks(m_cells.text({"hashids"}))
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_cells.columns(); }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_cells.decide(readings, currency, m_mapping);
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::string usageConvention() const override
    {
        return "All input is taken as uncached: the trace does not say what came from a cache.";
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    bool readTime(const CsvRecord &record, RequestRow &row, RowCollector &rows) const;
    bool readTokens(const CsvRecord &record, RequestRow &row, RowCollector &rows);
    bool readMicros(const CsvRecord &record, int column, std::int64_t unit, std::int64_t &to, RowCollector &rows) const;

    const TraceKind &m_kind;
    CellReader m_cells;
    ColumnMapping m_mapping;
    Instant m_start;
    ServiceTier m_tier;
    int m_time, m_input, m_output, m_total, m_model, m_logType, m_session, m_elapsed, m_blocks;
    PrefixBlocks m_prefixes;
    std::int64_t m_documents = 0;
    bool m_unpriced = false;
};

bool TraceConverter::readMicros(const CsvRecord &record, int column, std::int64_t unit, std::int64_t &to,
                                RowCollector &rows) const
{
    constexpr Int128 longest = Int128{10} * 366 * microsPerDay;
    const auto value = parseDecimal(m_cells.words(record, column), 6);
    const bool usable = value && value->units >= 0 && value->units <= longest * 1'000'000 / unit;
    if (!usable) {
        rows.rejectField(column,
                         value ? "is no time since the start of the trace within ten years" : "is not a number");
        return false;
    }
    to = static_cast<std::int64_t>(value->units * unit / 1'000'000);
    return true;
}

bool TraceConverter::readTime(const CsvRecord &record, RequestRow &row, RowCollector &rows) const
{
    std::int64_t offset = m_documents * documentSpacing;
    if (m_time >= 0 && !readMicros(record, m_time, m_kind.timeUnit, offset, rows))
        return false;
    row.time = {m_start.micros + offset};
    return m_elapsed < 0 || m_cells.words(record, m_elapsed).empty()
           || readMicros(record, m_elapsed, microsPerSecond, row.durationMicros, rows);
}

bool TraceConverter::readTokens(const CsvRecord &record, RequestRow &row, RowCollector &rows)
{
    std::int64_t total = -1;
    for (const auto &[column, usageClass] :
         {std::pair{m_input, UsageClass::Input}, std::pair{m_output, UsageClass::Output}}) {
        if (m_cells.words(record, column).empty()) {
            rows.rejectField(column, "is empty");
            return false;
        }
        if (!m_cells.count(record, column, row.usage[usageClass], rows))
            return false;
    }
    if (!m_cells.count(record, m_total, total, rows))
        return false;
    if (total >= 0 && total != row.usage[UsageClass::Input] + row.usage[UsageClass::Output])
        rows.count("the total is not the sum of request and response tokens; the two were taken");
    row.usage[UsageClass::Request] = 1;
    return true;
}

Status TraceConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    RequestRow row;
    if (!readTokens(record, row, rows) || !readTime(record, row, rows))
        return {};
    row.tier = m_tier;
    row.model = m_cells.words(record, m_model);
    row.session = m_cells.words(record, m_session);
    row.feature = m_cells.words(record, m_logType);
    if (m_logType >= 0 && row.usage[UsageClass::Output] == 0) {
        row.status = RequestStatus::Error;
        rows.count("the request has no response tokens: it failed");
    }
    if (m_blocks >= 0)
        row.promptTemplate = m_prefixes.add(m_cells.raw(record, m_blocks), row.usage[UsageClass::Input]);
    ++m_documents;
    if (m_time < 0)
        row.document = std::to_string(m_documents);
    applyConstants(m_mapping.constants, row);
    m_unpriced |= row.model.empty();
    return rows.add(row);
}

void TraceConverter::finish(RowCollector &rows)
{
    rows.facts().role = SourceRole::Usage;
    m_cells.finish(rows);
    if (m_unpriced)
        rows.warn("the trace names no model; give one as a constant of the mapping, or it stays unpriced");
    const std::string start = formatInstant(m_start);
    if (m_time >= 0)
        rows.warn("the trace has times since its start, which were counted from " + start
                  + "; give another moment as the constant 'start' of the mapping");
    else
        rows.warn("the file has no times: its documents were laid out one a minute from " + start
                  + ", so its peaks and throughput mean nothing; its costs a document do");
    if (m_time >= 0 && m_session < 0)
        rows.warn("the trace does not say which requests belong to one conversation");
    m_prefixes.finish(rows);
}

class TraceFormat : public LedgerFormat
{
public:
    explicit TraceFormat(const TraceKind &kind)
        : m_kind(kind)
    {}
    [[nodiscard]] std::string_view id() const override { return m_kind.id; }
    [[nodiscard]] std::string_view label() const override { return m_kind.label; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        const bool all = std::all_of(m_kind.signature.begin(), m_kind.signature.end(),
                                     [&shape](std::string_view name) { return shape.indexOf(name) >= 0; });
        const bool timed = shape.firstOf({"arrivedat", "timestamp", "time", "createdat"}) >= 0;
        if (!all || (m_kind.time.empty() && timed))
            return {};
        return {100, std::string(m_kind.why)};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file has not the columns of this trace", "",
                         "choose another format"};
        const auto constant = [&mapping](const char *name, std::string_view otherwise) {
            const auto found = mapping.constants.find(name);
            return found == mapping.constants.end() ? std::string(otherwise) : found->second;
        };
        const auto start = parseInstant(constant("start", defaultStart));
        if (!start)
            return start.error().in("constant 'start'");
        const auto tier = tierFromText(constant("tier", ""));
        if (!tier)
            return Error{ErrorCode::BadInput, "'" + constant("tier", "") + "' is not a service tier", "constant 'tier'",
                         "use standard, batch, flex, priority or provisioned"};
        return std::unique_ptr<RecordConverter>(
            std::make_unique<TraceConverter>(shape, m_kind, mapping, *start, *tier));
    }

private:
    const TraceKind &m_kind;
};

/// ServeGen publishes how many requests arrived per second in windows, and distributions of their lengths: a model of
/// traffic, from which requests would have to be invented.
class ArrivalRatesFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "arrival-rates"; }
    [[nodiscard]] std::string_view label() const override { return "Arrival rates (ServeGen), which hold no requests"; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        const bool windows = shape.indexOf("windowstarts") >= 0 && shape.indexOf("requestspers") >= 0;
        const bool lengths = shape.json && !shape.header.empty() && shape.header.front().ends_with(".input_tokens")
                             && std::all_of(shape.header.front().begin(), shape.header.front().end() - 13,
                                            [](char c) { return c >= '0' && c <= '9'; });
        if (!windows && !lengths)
            return {};
        return {100, "it holds rates or distributions per window of time, as ServeGen publishes them"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &, const ColumnMapping &,
                                                                     bool) const override
    {
        return Error{
            ErrorCode::Unsupported,
            "the file holds rates of arrival or distributions of lengths, not requests; importing it would mean "
            "inventing them",
            "", "draw a trace of requests from it with ServeGen and import that, or a request log"};
    }
};

} // namespace

std::unique_ptr<LedgerFormat> burstGptFormat()
{
    return std::make_unique<TraceFormat>(burstGpt());
}

std::unique_ptr<LedgerFormat> mooncakeFormat()
{
    return std::make_unique<TraceFormat>(mooncake());
}

std::unique_ptr<LedgerFormat> vidurFormat()
{
    return std::make_unique<TraceFormat>(vidur());
}

std::unique_ptr<LedgerFormat> documentLengthsFormat()
{
    return std::make_unique<TraceFormat>(documentLengths());
}

std::unique_ptr<LedgerFormat> arrivalRatesFormat()
{
    return std::make_unique<ArrivalRatesFormat>();
}

} // namespace perunit
