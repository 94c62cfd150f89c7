// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"
#include "model/import/mangled_id.h"
#include "model/import/mapping_suggestion.h"
#include "model/import/record_ids.h"
#include "model/import/repeated_numbers.h"
#include "model/import/request_log_fields.h"
#include "model/import/tag_memory.h"
#include "model/store/row_columns.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// More of anything in one row is a mistake; below it sums of a few counts cannot overflow.
constexpr std::int64_t largestCount = 1'000'000'000'000'000;

std::int64_t plainCount(const CsvRecord &record, int column)
{
    if (column < 0)
        return 0;
    const auto value = parseWhole(record.fields[static_cast<std::size_t>(column)], NumberStyle::PointDecimal);
    return value && *value ? std::clamp<std::int64_t>(**value, 0, largestCount) : 0;
}

/// What a cell of few different texts means, remembered for the text that was seen last.
template <typename Value>
struct LastSeen {
    std::string text;
    std::optional<Value> value;

    template <typename Make>
    const Value &of(std::string_view wanted, const Make &make)
    {
        if (!value || text != wanted) {
            value = make(wanted);
            text = wanted;
        }
        return *value;
    }
};

class RequestLogConverter : public RecordConverter
{
public:
    RequestLogConverter(const TableShape &shape, ColumnMapping mapping, RequestLogFields fields, bool chosenByUser)
        : m_shape(shape)
        , m_mapping(std::move(mapping))
        , m_fields(std::move(fields))
        , m_chosenByUser(chosenByUser)
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override;
    void observe(const CsvRecord &record) override;
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override;
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    [[nodiscard]] std::unique_ptr<RecordConverter> clone() const override;
    void absorb(const RecordConverter &other) override;
    [[nodiscard]] bool needsOrder() const override { return m_seenIds.anyRepeats(); }
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::string usageConvention() const override;
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    [[nodiscard]] std::string_view field(const CsvRecord &record, int column) const
    {
        return record.fields[static_cast<std::size_t>(column)];
    }
    [[nodiscard]] const ColumnReading &reading(int column) const
    {
        return m_readings[static_cast<std::size_t>(column)];
    }
    bool readTime(const CsvRecord &record, RowCollector &rows);
    bool readCount(const CsvRecord &record, int column, std::int64_t &value, RowCollector &rows);
    bool readUsage(const CsvRecord &record, RowCollector &rows);
    bool makeDisjoint(const CsvRecord &record, RowCollector &rows);
    void readDuration(const CsvRecord &record, RowCollector &rows);
    bool readDetails(const CsvRecord &record, RowCollector &rows);
    bool readMoney(const CsvRecord &record, RowCollector &rows);
    bool isMainCurrency(std::string_view text);
    void readTexts(const CsvRecord &record, RequestBatch &batch);
    void readTags(const CsvRecord &record, RowCollector &rows);
    void setTags(KnownTags &known, RequestBatch &batch);
    [[nodiscard]] std::string_view idOf(const CsvRecord &record) const;

    const TableShape &m_shape;
    ColumnMapping m_mapping;
    RequestLogFields m_fields;
    bool m_chosenByUser;
    bool m_cacheAboveInput = false;
    bool m_reasoningAboveOutput = false;
    std::vector<std::string> m_corrections;
    std::vector<ColumnReading> m_readings;
    std::string m_currency;
    ServiceTier m_constantTier = ServiceTier::Standard;
    std::vector<std::pair<std::size_t, std::string>> m_constantTexts;
    std::int64_t m_rounded = 0;
    bool m_isClone = false;
    RecordIds m_ids;           ///< of records that are read in order
    RepeatedNumbers m_seenIds; ///< of records that are read side by side
    // What follows only saves time.
    RequestNumbers m_numbers;
    TimeReader m_time;
    LastSeen<std::pair<RequestStatus, bool>> m_status;
    LastSeen<std::optional<ServiceTier>> m_tier;
    LastSeen<bool> m_mainCurrency;
    TagMemory m_tags;
    const RequestBatch *m_batch = nullptr;
    std::size_t m_batchRows = 0;
    std::int64_t m_batchNumber = 0;
};

std::map<int, ColumnKind> RequestLogConverter::columns() const
{
    std::map<int, ColumnKind> result;
    for (const int column : m_fields.usage)
        result[column] = ColumnKind::Number;
    for (const int column :
         {m_fields.duration, m_fields.attempts, m_fields.billed, m_fields.promptTokens, m_fields.reasoning})
        result[column] = ColumnKind::Number;
    result[m_fields.time] = ColumnKind::Date;
    result[m_fields.currency] = ColumnKind::Currency;
    result.erase(-1);
    return result;
}

/// What a spreadsheet made of an id names nothing any more.
std::string_view RequestLogConverter::idOf(const CsvRecord &record) const
{
    const std::string_view id = textOf(field(record, m_fields.requestId));
    return isMangledId(id) ? std::string_view() : id;
}

void RequestLogConverter::observe(const CsvRecord &record)
{
    if (m_fields.requestId >= 0) {
        const std::string_view id = idOf(record);
        if (!m_isClone && m_chosenByUser)
            m_ids.see(id);
        else if (!m_isClone)
            m_ids.see(id, record);
        else if (!id.empty())
            m_seenIds.add(RecordIds::numberOf(id));
    }
    const auto &usage = m_fields.usage;
    if (m_mapping.inputIncludesCache && usage[0] >= 0 && !m_cacheAboveInput)
        m_cacheAboveInput = plainCount(record, usage[1]) + plainCount(record, usage[2]) + plainCount(record, usage[3])
                            > plainCount(record, usage[0]);
    if (!m_mapping.outputExcludesReasoning && m_fields.reasoning >= 0 && !m_reasoningAboveOutput)
        m_reasoningAboveOutput = plainCount(record, m_fields.reasoning)
                                 > plainCount(record, usage[static_cast<std::size_t>(UsageClass::Output)]);
}

void RequestLogConverter::decide(const std::map<int, ColumnReading> &readings, const std::string &currency)
{
    m_readings.assign(m_shape.header.size(), {});
    for (const auto &[column, decided] : readings)
        m_readings[static_cast<std::size_t>(column)] = decided;
    m_currency = currency;
    if (const auto constant = m_mapping.constants.find("currency");
        m_currency.empty() && constant != m_mapping.constants.end())
        m_currency = constant->second;
    if (const auto tier = m_mapping.constants.find("tier"); tier != m_mapping.constants.end())
        m_constantTier = tierFromText(tier->second).value_or(ServiceTier::Standard);
    RequestRow constants;
    applyConstants(m_mapping.constants, constants);
    std::size_t place = 0;
    for (const RequestText &text : requestTexts()) {
        if (const std::string &value = constants.*text.member; !value.empty())
            m_constantTexts.emplace_back(place, value);
        ++place;
    }
    // More cached tokens than input in any row: the source counts them apart.
    if (m_cacheAboveInput && !m_chosenByUser) {
        m_mapping.inputIncludesCache = false;
        m_corrections.emplace_back("some rows have more cached than input tokens: input was taken to exclude "
                                   "cached tokens");
    } else if (m_cacheAboveInput) {
        m_corrections.emplace_back("some rows have more cached than input tokens and were rejected: the source seems "
                                   "to count cached tokens apart from input (set input_includes_cache to false)");
    }
    if (m_reasoningAboveOutput && !m_chosenByUser) {
        m_mapping.outputExcludesReasoning = true;
        m_corrections.emplace_back("some rows have more reasoning than output tokens: reasoning was added to output");
    } else if (m_reasoningAboveOutput) {
        m_corrections.emplace_back("some rows have more reasoning than output tokens and were rejected: the source "
                                   "seems to count them apart (set output_excludes_reasoning to true)");
    }
}

std::unique_ptr<RecordConverter> RequestLogConverter::clone() const
{
    auto other = std::make_unique<RequestLogConverter>(m_shape, m_mapping, m_fields, m_chosenByUser);
    other->m_isClone = true;
    other->m_cacheAboveInput = m_cacheAboveInput;
    other->m_reasoningAboveOutput = m_reasoningAboveOutput;
    other->m_corrections = m_corrections;
    other->m_readings = m_readings;
    other->m_currency = m_currency;
    other->m_constantTier = m_constantTier;
    other->m_constantTexts = m_constantTexts;
    return other;
}

void RequestLogConverter::absorb(const RecordConverter &other)
{
    const auto &clone = dynamic_cast<const RequestLogConverter &>(other);
    m_cacheAboveInput |= clone.m_cacheAboveInput;
    m_reasoningAboveOutput |= clone.m_reasoningAboveOutput;
    m_rounded += clone.m_rounded;
    m_seenIds.add(clone.m_seenIds);
}

bool RequestLogConverter::readTime(const CsvRecord &record, RowCollector &rows)
{
    const auto time = m_time.read(field(record, m_fields.time), reading(m_fields.time).date);
    if (!time) {
        rows.rejectField(m_fields.time, time.error().what);
        return false;
    }
    m_numbers.time = *time;
    return rows.isPlausible(*time);
}

bool RequestLogConverter::readCount(const CsvRecord &record, int column, std::int64_t &value, RowCollector &rows)
{
    if (column < 0)
        return true;
    const std::string_view text = field(record, column);
    if (std::int64_t plain = 0; plainWhole(text, plain) && plain <= largestCount) {
        value = plain;
        return true;
    }
    const auto number = parseWhole(text, reading(column).number);
    if (!number) {
        rows.rejectField(column, number.error().what);
        return false;
    }
    if (!*number)
        return true;
    if (**number < 0 || **number > largestCount) {
        rows.rejectField(column, **number < 0 ? "is negative" : "is too large a number");
        return false;
    }
    value = **number;
    return true;
}

bool RequestLogConverter::readUsage(const CsvRecord &record, RowCollector &rows)
{
    Usage &usage = m_numbers.usage;
    usage = {};
    usage[UsageClass::Request] = 1;
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (m_fields.usage[i] >= 0 && !readCount(record, m_fields.usage[i], usage.counts[i], rows))
            return false;
    }
    return readCount(record, m_fields.reasoning, usage.reasoning, rows) && makeDisjoint(record, rows);
}

bool RequestLogConverter::makeDisjoint(const CsvRecord &record, RowCollector &rows)
{
    Usage &usage = m_numbers.usage;
    const std::int64_t cached =
        usage[UsageClass::CacheRead] + usage[UsageClass::CacheWrite5m] + usage[UsageClass::CacheWrite1h];
    if (m_fields.promptTokens >= 0) {
        std::int64_t prompt = 0;
        if (!readCount(record, m_fields.promptTokens, prompt, rows))
            return false;
        const std::int64_t parts = cached + usage[UsageClass::AudioIn] + usage[UsageClass::ImageIn];
        if (parts > prompt) {
            rows.rejectField(m_fields.promptTokens,
                             "is less than the cached, audio and image tokens it should contain");
            return false;
        }
        usage[UsageClass::Input] = prompt - parts;
    } else if (m_mapping.inputIncludesCache && m_fields.usage[0] >= 0) {
        if (cached > usage[UsageClass::Input]) {
            rows.rejectField(m_fields.usage[0], "is less than the cached tokens it should contain");
            return false;
        }
        usage[UsageClass::Input] -= cached;
    }
    if (m_mapping.outputExcludesReasoning) {
        usage[UsageClass::Output] += usage.reasoning;
    } else if (usage.reasoning > usage[UsageClass::Output]) {
        rows.rejectField(m_fields.reasoning, "is more than the output tokens that should contain it");
        return false;
    }
    return true;
}

void RequestLogConverter::readDuration(const CsvRecord &record, RowCollector &rows)
{
    m_numbers.durationMicros = 0;
    if (m_fields.duration < 0)
        return;
    constexpr std::int64_t microsPerMilli = 1000;
    const std::string_view text = field(record, m_fields.duration);
    if (std::int64_t millis = 0; plainWhole(text, millis) && millis <= INT64_MAX / microsPerMilli) {
        m_numbers.durationMicros = millis * microsPerMilli;
        return;
    }
    if (isNullWord(text))
        return;
    std::string buffer;
    const auto plain = plainNumber(text, reading(m_fields.duration).number, buffer);
    const auto micros = plain ? parseDecimal(*plain, 3) : Result<ScaledDecimal>(plain.error());
    if (!micros || micros->units < 0 || micros->units > INT64_MAX)
        rows.count("column '" + m_shape.header[static_cast<std::size_t>(m_fields.duration)]
                   + "' holds durations that cannot be read; they stay unknown");
    else
        m_numbers.durationMicros = static_cast<std::int64_t>(micros->units);
}

bool RequestLogConverter::readDetails(const CsvRecord &record, RowCollector &rows)
{
    readDuration(record, rows);
    m_numbers.tier = m_constantTier;
    if (m_fields.tier >= 0) {
        const auto &tier = m_tier.of(field(record, m_fields.tier), tierFromText);
        if (!tier) {
            rows.rejectField(m_fields.tier, "is not a service tier");
            return false;
        }
        m_numbers.tier = *tier;
    }
    m_numbers.status = RequestStatus::Ok;
    if (m_fields.status >= 0) {
        const std::string_view text = field(record, m_fields.status);
        const auto &[status, known] = m_status.of(text, [](std::string_view word) {
            bool isKnown = true;
            const RequestStatus found = statusFromText(word, isKnown);
            return std::pair(found, isKnown);
        });
        m_numbers.status = status;
        if (!known)
            rows.count("status '" + std::string(text.substr(0, 40)) + "' is not known and was taken as success");
    }
    std::int64_t attempts = 1;
    if (!readCount(record, m_fields.attempts, attempts, rows))
        return false;
    m_numbers.attempts = std::clamp<std::int64_t>(attempts, 1, INT32_MAX);
    if (m_fields.gatewayCacheHit >= 0) {
        const std::string hit = normalisedName(field(record, m_fields.gatewayCacheHit));
        if (hit == "true" || hit == "1" || hit == "yes" || hit == "hit")
            rows.count("requests answered by the gateway's own cache count as if the model had served them");
    }
    return true;
}

bool RequestLogConverter::readMoney(const CsvRecord &record, RowCollector &rows)
{
    WrittenAmount &billed = m_numbers.billed;
    billed = {};
    if (m_fields.billed < 0)
        return true;
    const std::string_view text = field(record, m_fields.billed);
    const NumberStyle style = reading(m_fields.billed).number;
    if (style != NumberStyle::PointDecimal || !plainDecimal(text, billed.digits, billed.decimals)) {
        const auto amount = parseAmount(text, style, m_rounded);
        if (!amount) {
            rows.rejectField(m_fields.billed, amount.error().what);
            return false;
        }
        billed = WrittenAmount::of(*amount);
    }
    if (billed.known() && m_fields.currency >= 0 && !isMainCurrency(field(record, m_fields.currency))) {
        rows.rejectField(m_fields.currency, "is another currency than " + m_currency
                                                + ", which most rows have; import it as a file of its own");
        return false;
    }
    return true;
}

/// True also for a row that names no currency.
bool RequestLogConverter::isMainCurrency(std::string_view text)
{
    return m_mainCurrency.of(text, [this](std::string_view written) {
        std::string currency(trimmed(written));
        std::transform(currency.begin(), currency.end(), currency.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        return isNullWord(currency) || currency == m_currency;
    });
}

void RequestLogConverter::readTexts(const CsvRecord &record, RequestBatch &batch)
{
    for (const auto &[column, place] : m_fields.texts) {
        if (const std::string_view text = textOf(field(record, column)); !text.empty() && !isMangledId(text))
            batch.setText(place, batch.idOf(place, text));
    }
    for (const auto &[column, name] : m_fields.freeTags) {
        if (const std::string_view text = textOf(field(record, column)); !text.empty()) {
            const std::size_t place = batch.tagColumn(name, false);
            batch.setText(place, batch.idOf(place, text));
        }
    }
}

void RequestLogConverter::readTags(const CsvRecord &record, RowCollector &rows)
{
    RequestBatch &batch = rows.requests();
    if (m_fields.tags >= 0) {
        KnownTags &known = m_tags.of(field(record, m_fields.tags));
        if (known.readable)
            setTags(known, batch);
        else
            rows.count("tags that are no JSON object were not read");
    }
    for (const auto &[place, value] : m_constantTexts) {
        if (!batch.hasText(place))
            batch.setText(place, batch.idOf(place, value));
    }
}

void RequestLogConverter::setTags(KnownTags &known, RequestBatch &batch)
{
    if (known.batchNumber != m_batchNumber) {
        known.batchNumber = m_batchNumber;
        known.places.clear();
        for (const auto &[key, value] : known.tags) {
            const std::size_t column = batch.tagColumn(key, true);
            known.places.emplace_back(column, batch.idOf(column, value));
        }
    }
    for (const auto &[column, id] : known.places)
        batch.setText(column, id);
    for (const auto &[place, value] : known.dimensions) {
        if (!batch.hasText(place))
            batch.setText(place, batch.idOf(place, value));
    }
}

Status RequestLogConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    if (!m_isClone && m_fields.requestId >= 0 && m_ids.isRepeated(idOf(record), record, rows))
        return {};
    if (!readTime(record, rows) || !readUsage(record, rows) || !readDetails(record, rows) || !readMoney(record, rows))
        return {};
    if (auto status = rows.add(m_numbers); !status)
        return status;
    RequestBatch &batch = rows.requests();
    // What was remembered about places in a batch holds for that batch only.
    if (&batch != m_batch || batch.rows <= m_batchRows)
        ++m_batchNumber;
    m_batch = &batch;
    m_batchRows = batch.rows;
    readTexts(record, batch);
    readTags(record, rows);
    return {};
}

void RequestLogConverter::finish(RowCollector &rows)
{
    rows.facts().role = SourceRole::Usage;
    rows.facts().currency = m_currency;
    for (const std::string &correction : m_corrections)
        rows.warn(correction);
    m_ids.finish(rows);
    warnOfMangledIds(m_shape, rows);
    if (rows.leftOutTags())
        rows.warn("there are more than " + std::to_string(RowCollector::maximumTagNames)
                  + " tag names; the later ones were not read");
    if (m_rounded > 0)
        rows.warn(std::to_string(m_rounded) + " amounts have more than 24 decimals and were rounded to 24");
    if (m_fields.billed >= 0 && m_currency.empty())
        rows.warn("no column and no constant names the currency of '"
                  + m_shape.header[static_cast<std::size_t>(m_fields.billed)] + "'; the workspace's own is taken");
    if (!m_mapping.columns.contains("model") && !m_mapping.constants.contains("model")
        && rows.facts().tokens.counts != Usage().counts)
        rows.warn("no column names the model; requests without a model stay unpriced");
}

std::string RequestLogConverter::usageConvention() const
{
    const auto column = [this](const char *name) {
        const auto found = m_mapping.columns.find(name);
        return found == m_mapping.columns.end() ? std::string() : "'" + found->second + "'";
    };
    const bool cached = m_mapping.columns.contains("cache_read") || m_mapping.columns.contains("cache_write_5m")
                        || m_mapping.columns.contains("cache_write_1h");
    if (m_fields.promptTokens >= 0)
        return column("prompt_tokens")
               + " is the whole prompt; cached, audio and image tokens are taken out of it to get uncached input.";
    if (m_fields.usage[0] < 0)
        return "No column holds input tokens.";
    if (!cached)
        return column("input") + " is taken as uncached input: no column says what came from a cache.";
    return m_mapping.inputIncludesCache
               ? column("input") + " includes cached tokens; they are taken out of it to get uncached input."
               : column("input") + " excludes cached tokens; they stand beside it.";
}

class RequestLogFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "request-log"; }
    [[nodiscard]] bool isAnybodysTable() const override { return true; }
    [[nodiscard]] std::string_view label() const override { return "Request log (any columns, mapped by name)"; }

    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (const std::string report = foreignReport(shape); !report.empty())
            return {10, "it looks like " + report + ", which is no request log; map columns by hand to read it as one"};
        const ColumnMapping mapping = suggest(shape);
        const auto quoted = [&mapping](const char *name) {
            return "'" + mapping.columns.at(name) + "'";
        };
        const auto absent = missing(shape, mapping);
        if (!absent.empty()) {
            std::string why = "no known format fits; as a request log it lacks ";
            for (std::size_t i = 0; i < absent.size(); ++i)
                why += (i ? " and " : "") + absent[i];
            return {20, why};
        }
        std::string columns = quoted("time");
        for (const char *name : {"input", "prompt_tokens", "output", "billed_cost"}) {
            if (mapping.columns.contains(name))
                columns += ", " + quoted(name);
        }
        const bool tokens = mapping.columns.contains("input") || mapping.columns.contains("output");
        return {tokens ? 80 : 60,
                "it has a time and " + std::string(tokens ? "token counts" : "a cost") + " for every row: " + columns};
    }

    [[nodiscard]] ColumnMapping suggest(const TableShape &shape) const override
    {
        return foreignReport(shape).empty() ? suggestRequestMapping(shape) : ColumnMapping();
    }

    [[nodiscard]] std::vector<std::string> missing(const TableShape &, const ColumnMapping &mapping) const override
    {
        std::vector<std::string> result;
        if (!mapping.columns.contains("time"))
            result.emplace_back("time");
        bool amount = mapping.columns.contains("prompt_tokens") || mapping.columns.contains("billed_cost");
        for (const std::string_view name : usageClassNames)
            amount |= name != nameOf(UsageClass::Request) && mapping.columns.contains(std::string(name));
        if (!amount)
            result.emplace_back("input, output or billed_cost");
        return result;
    }

    [[nodiscard]] Result<std::unique_ptr<RecordConverter>>
    converter(const TableShape &shape, const ColumnMapping &mapping, bool chosenByUser) const override
    {
        auto fields = resolveFields(shape, mapping);
        if (!fields)
            return fields.error();
        if (const auto tier = mapping.constants.find("tier"); tier != mapping.constants.end()) {
            if (!tierFromText(tier->second))
                return Error{ErrorCode::BadInput, "'" + tier->second + "' is not a service tier", "constant 'tier'",
                             "use standard, batch, flex, priority or provisioned"};
        }
        return std::unique_ptr<RecordConverter>(
            std::make_unique<RequestLogConverter>(shape, mapping, std::move(*fields), chosenByUser));
    }
};

} // namespace

std::unique_ptr<LedgerFormat> requestLogFormat()
{
    return std::make_unique<RequestLogFormat>();
}

} // namespace perunit
