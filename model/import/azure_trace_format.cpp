// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"

namespace perunit {

namespace {

class AzureTraceConverter : public RecordConverter
{
public:
    AzureTraceConverter(const TableShape &shape, ColumnMapping mapping, ServiceTier tier)
        : m_mapping(std::move(mapping))
        , m_time(shape.indexOf("timestamp"))
        , m_input(shape.indexOf("contexttokens"))
        , m_output(shape.indexOf("generatedtokens"))
        , m_images(shape.indexOf("numimages"))
    {
        applyConstants(m_mapping.constants, m_row);
        m_row.tier = tier;
        m_row.usage[UsageClass::Request] = 1;
    }

    [[nodiscard]] std::map<int, ColumnKind> columns() const override
    {
        std::map<int, ColumnKind> kinds{
            {m_time, ColumnKind::Date}, {m_input, ColumnKind::Number}, {m_output, ColumnKind::Number}};
        if (m_images >= 0)
            kinds[m_images] = ColumnKind::Number;
        return kinds;
    }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &) override { m_readings = readings; }

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        const auto time = parseTime(record.fields[static_cast<std::size_t>(m_time)], m_readings[m_time].date);
        if (!time) {
            rows.rejectField(m_time, time.error().what);
            return {};
        }
        if (!count(record, m_input, UsageClass::Input, rows) || !count(record, m_output, UsageClass::Output, rows))
            return {};
        if (!readImages(record, rows))
            return {};
        m_row.time = *time;
        return rows.add(m_row);
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        if (const auto currency = m_mapping.constants.find("currency"); currency != m_mapping.constants.end())
            rows.facts().currency = currency->second;
        if (m_row.model.empty())
            rows.warn("the trace names no model; give one as a constant of the mapping, or it stays unpriced");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "ContextTokens are taken as uncached input: the trace does not say what came from a cache.";
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    bool count(const CsvRecord &record, int column, UsageClass usageClass, RowCollector &rows)
    {
        const auto value = parseWhole(record.fields[static_cast<std::size_t>(column)], m_readings[column].number);
        if (!value || !*value || **value < 0) {
            rows.rejectField(column, !value    ? std::string_view(value.error().what)
                                     : !*value ? "is empty"
                                               : "is negative");
            return false;
        }
        m_row.usage[usageClass] = **value;
        return true;
    }

    /// Images of a prompt are no event with a price of its own, so their number is a tag.
    bool readImages(const CsvRecord &record, RowCollector &rows)
    {
        m_row.tags.clear();
        if (m_images < 0)
            return true;
        const auto value = parseWhole(record.fields[static_cast<std::size_t>(m_images)], m_readings[m_images].number);
        if (!value || (*value && **value < 0)) {
            rows.rejectField(m_images, value ? std::string_view("is negative") : std::string_view(value.error().what));
            return false;
        }
        if (*value && **value > 0) {
            m_row.tags.emplace_back("images", std::to_string(**value));
            rows.count("the request has images; the trace does not say whether ContextTokens contains their tokens");
        }
        return true;
    }

    ColumnMapping m_mapping;
    int m_time;
    int m_input;
    int m_output;
    int m_images;
    RequestRow m_row;
    std::map<int, ColumnReading> m_readings;
};

class AzureTraceFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "azure-llm-trace"; }
    [[nodiscard]] std::string_view label() const override { return "Azure LLM inference trace"; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (shape.indexOf("timestamp") < 0 || shape.indexOf("contexttokens") < 0
            || shape.indexOf("generatedtokens") < 0)
            return {};
        return {100, "the columns TIMESTAMP, ContextTokens and GeneratedTokens are those of the Azure LLM traces"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file has not the columns TIMESTAMP, ContextTokens, GeneratedTokens",
                         "", "choose another format"};
        ServiceTier tier = ServiceTier::Standard;
        if (const auto text = mapping.constants.find("tier"); text != mapping.constants.end()) {
            const auto named = tierFromText(text->second);
            if (!named)
                return Error{ErrorCode::BadInput, "'" + text->second + "' is not a service tier", "constant 'tier'",
                             "use standard, batch, flex, priority or provisioned"};
            tier = *named;
        }
        return std::unique_ptr<RecordConverter>(std::make_unique<AzureTraceConverter>(shape, mapping, tier));
    }
};

} // namespace

std::unique_ptr<LedgerFormat> azureTraceFormat()
{
    return std::make_unique<AzureTraceFormat>();
}

} // namespace perunit
