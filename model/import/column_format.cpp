// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"

#include "model/import/mapping_suggestion.h"
#include "model/import/tag_text.h"

#include <algorithm>

namespace perunit {

namespace {

class DescribedFormat : public LedgerFormat
{
public:
    explicit DescribedFormat(const ColumnFormat &format)
        : m_format(format)
    {}
    [[nodiscard]] std::string_view id() const override { return m_format.id; }
    [[nodiscard]] bool comesInManyFiles() const override { return m_format.comesInManyFiles; }
    [[nodiscard]] std::string_view label() const override { return m_format.label; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override { return m_format.match(shape); }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file has not the columns of this format: " + std::string(label()),
                         "", "choose another format"};
        return m_format.converter(shape, mapping);
    }

private:
    ColumnFormat m_format;
};

bool looksLikeNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

void put(JsonValue &object, std::string_view path, JsonValue value)
{
    const auto dot = path.find('.');
    const std::string name(path.substr(0, dot));
    if (dot == std::string_view::npos) {
        object.names.push_back(name);
        object.items.push_back(std::move(value));
        return;
    }
    auto at = std::find(object.names.begin(), object.names.end(), name);
    if (at == object.names.end()) {
        object.names.push_back(name);
        object.items.emplace_back().kind = JsonValue::Kind::Object;
        at = std::prev(object.names.end());
    }
    JsonValue &inner = object.items[static_cast<std::size_t>(at - object.names.begin())];
    if (inner.is(JsonValue::Kind::Object))
        put(inner, path.substr(dot + 1), std::move(value));
}

} // namespace

ColumnConverter::ColumnConverter(const TableShape &shape, ColumnMapping mapping, std::string currency)
    : m_shape(shape)
    , m_mapping(std::move(mapping))
    , m_cells(shape)
    , m_currency(std::move(currency))
{}

void ColumnConverter::decide(const std::map<int, ColumnReading> &readings, const std::string &currency)
{
    ColumnMapping mapping = m_mapping;
    if (!m_currency.empty())
        mapping.constants.emplace("currency", m_currency);
    m_cells.decide(readings, currency, mapping);
}

std::int64_t ColumnConverter::plainCount(const CsvRecord &record, int column) const
{
    const auto value = parseWhole(m_cells.raw(record, column), plainStyle());
    return value && *value ? std::clamp<std::int64_t>(**value, 0, 1'000'000'000'000'000) : 0;
}

void ColumnConverter::tag(Tags &tags, const char *name, const CsvRecord &record, int column) const
{
    std::string value = m_cells.words(record, column);
    if (!value.empty() && !isAddress(value))
        tags.emplace_back(name, std::move(value));
}

std::unique_ptr<LedgerFormat> ledgerFormatOf(const ColumnFormat &format)
{
    return std::make_unique<DescribedFormat>(format);
}

bool hasColumns(const TableShape &shape, std::initializer_list<std::string_view> names)
{
    return std::all_of(names.begin(), names.end(),
                       [&shape](std::string_view name) { return shape.indexOf(name) >= 0; });
}

bool addCounts(const CellReader &cells, const CsvRecord &record, const std::vector<CountColumn> &columns, Usage &usage,
               RowCollector &rows)
{
    for (const CountColumn &each : columns) {
        std::int64_t count = 0;
        if (!cells.count(record, each.column, count, rows))
            return false;
        usage[each.usageClass] += count;
    }
    return true;
}

ServiceTier tierOrStandard(const std::string &word, RowCollector &rows)
{
    const std::string name = normalisedName(word);
    if (name == "fast")
        return ServiceTier::Fast;
    // What Anthropic serves beyond a commitment of priority is billed as any other request.
    if (name == "priorityondemand")
        return ServiceTier::Standard;
    if (name == "flexdiscount")
        return ServiceTier::Flex;
    const auto tier = tierFromText(word);
    if (!tier)
        rows.count("the service tier '" + quotable(word) + "' is not known and was taken as standard");
    return tier.value_or(ServiceTier::Standard);
}

void putReasoning(std::int64_t reasoning, Usage &usage, RowCollector &rows)
{
    const std::int64_t output = usage[UsageClass::Output];
    if (reasoning > output)
        rows.count("there are more reasoning tokens than output tokens; only as many as there is output are kept");
    usage.reasoning = std::min(reasoning, output);
}

std::string quotable(std::string_view text)
{
    std::size_t size = std::min<std::size_t>(text.size(), 60);
    while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return std::string(text.substr(0, size));
}

bool isAddress(std::string_view text)
{
    const auto at = text.find('@');
    return at != std::string_view::npos && text.find('.', at) != std::string_view::npos;
}

std::optional<Money> fromCents(const std::optional<Money> &cents)
{
    return cents ? std::optional(Money::ofUnits(divideHalfEven(cents->units(), 100))) : std::nullopt;
}

std::optional<Money> timesCount(Money price, std::int64_t count)
{
    Int128 units = 0;
    if (__builtin_mul_overflow(price.units(), static_cast<Int128>(count), &units))
        return std::nullopt;
    return Money::ofUnits(units);
}

JsonValue objectBelow(const TableShape &shape, const CsvRecord &record, std::string_view path)
{
    JsonValue object;
    object.kind = JsonValue::Kind::Object;
    const std::string start = std::string(path) + '.';
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        if (record.fields[i].empty() || shape.header[i].compare(0, start.size(), start) != 0)
            continue;
        JsonValue value;
        value.text = std::string(record.fields[i]);
        value.kind = looksLikeNumber(value.text) ? JsonValue::Kind::Number : JsonValue::Kind::String;
        put(object, std::string_view(shape.header[i]).substr(start.size()), std::move(value));
    }
    return object;
}

void putProperty(const std::string &name, const std::string &value, RequestRow &row)
{
    const std::string folded = normalisedName(name);
    if (value.empty() || folded.empty() || isSensitiveColumn(folded) || isAddress(value))
        return;
    const auto among = [&folded](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), folded) != names.end();
    };
    std::string *field = among({"session", "sessionid", "conversation", "conversationid", "threadid",
                                "heliconesessionid", "heliconepropertysession"})
                             ? &row.session
                         : among({"document", "documentid", "contractid", "caseid"}) ? &row.document
                         : among({"prompttemplate", "prompttemplateid", "promptid", "heliconepromptid"})
                             ? &row.promptTemplate
                         : among({"customer", "customerid", "tenant", "tenantid"}) ? &row.customer
                         : among({"team", "teamid"})                               ? &row.team
                                                                                   : nullptr;
    if (field) {
        if (field->empty())
            *field = value;
        return;
    }
    const std::string_view dimension = dimensionOfTag(name);
    if (!dimension.empty() && dimension != "model")
        fillDimension(row, dimension, value);
    else
        row.tags.emplace_back(name, value);
}

} // namespace perunit
