// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/anthropic_report.h"
#include "model/import/column_format.h"

namespace perunit {

namespace {

/// The console's cost export and the cost report of the Admin API: the first in dollars rounded to cents, the second in
/// cents with decimals.
class AnthropicCostConverter : public ColumnConverter
{
public:
    AnthropicCostConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_inCents(shape.indexOf("costusd") < 0)
        , m_start(m_cells.date({"usagedateutc", "bucketstartingat"}))
        , m_end(m_cells.date({"bucketendingat"}))
        , m_cost(m_cells.number({"costusd", "amount"}))
        , m_list(m_cells.number({"listpriceusd"}))
        , m_currencyColumn(m_cells.currency({"currency"}))
        , m_model(m_cells.text({"model"}))
        , m_description(m_cells.text({"description"}))
        , m_tokenType(m_cells.text({"tokentype"}))
        , m_costType(m_cells.text({"costtype"}))
        , m_tier(m_cells.text({"usagetype", "servicetier"}))
        , m_speed(m_cells.text({"speed"}))
        , m_geo(m_cells.text({"inferencegeo"}))
        , m_window(m_cells.text({"contextwindow"}))
        , m_workspace(m_cells.text({"workspace", "workspaceid"}))
        , m_keyName(m_cells.text({"apikey"}))
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        ChargeRow row;
        if (!m_cells.time(record, m_start, true, row.period.from, rows)
            || !m_cells.amount(record, m_cost, row.billed, rows) || !m_cells.amount(record, m_list, row.list, rows)
            || !m_cells.sameCurrency(record, m_currencyColumn, rows))
            return {};
        if (!row.billed) {
            rows.rejectField(m_cost, "is empty");
            return {};
        }
        if (m_inCents) {
            if (row.billed->units() % 100 != 0)
                rows.count("amounts in cents with more than 22 decimals were rounded");
            row.billed = fromCents(row.billed);
        }
        // The console writes days, or hours with a time.
        const bool hour = m_cells.raw(record, m_start).find(':') != std::string_view::npos;
        row.period.to = {row.period.from.micros + (hour ? microsPerDay / 24 : microsPerDay)};
        if (!m_cells.time(record, m_end, false, row.period.to, rows))
            return {};
        if (row.period.to < row.period.from) {
            rows.rejectField(m_end, "lies before the start of the period");
            return {};
        }
        describe(record, row, rows);
        return give(row, rows);
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Invoice;
        m_cells.finish(rows);
        if (m_displayNames)
            rows.warn("the console names models for people; the names are read as ids of the interface (\""
                      + m_displayNames->first + "\" is " + m_displayNames->second + ")");
        if (!m_inCents)
            rows.warn("the console rounds every line to a cent; its total differs from the cost report of the Admin "
                      "API");
        if (m_withoutModel > 0)
            rows.warn(std::to_string(m_withoutModel)
                      + " token lines name no model; group the report by description to tie them to models");
    }

private:
    void describe(const CsvRecord &record, ChargeRow &row, RowCollector &rows);

    bool m_inCents;
    int m_start, m_end, m_cost, m_list, m_currencyColumn, m_model, m_description, m_tokenType, m_costType, m_tier,
        m_speed, m_geo, m_window, m_workspace, m_keyName;
    std::optional<std::pair<std::string, std::string>> m_displayNames;
    std::int64_t m_withoutModel = 0;
};

void AnthropicCostConverter::describe(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    row.provider = "anthropic";
    row.service = "Claude API";
    row.serviceCategory = "AI and Machine Learning";
    row.effective = row.billed;
    const std::string name = m_cells.words(record, m_model);
    row.model = anthropicModelId(name);
    if (!m_displayNames && row.model != name)
        m_displayNames.emplace(name, row.model);
    const std::string tokenType = m_cells.words(record, m_tokenType);
    const std::string costType = m_cells.words(record, m_costType);
    row.description = m_cells.words(record, m_description);
    if (row.description.empty())
        row.description = name + (name.empty() ? "" : ", ") + (tokenType.empty() ? costType : tokenType);
    row.sku = tokenType.empty() ? costType : tokenType;
    const std::string type = normalisedName(costType);
    if (type == "websearch")
        row.tokenClass = UsageClass::WebSearch;
    else if (type == "codeexecution")
        row.tokenClass = UsageClass::CodeExecution;
    else
        row.tokenClass = anthropicTokenClass(tokenType);
    if (!row.tokenClass && !tokenType.empty())
        rows.count("the token type '" + quotable(tokenType) + "' is not known; its lines stay plain charges");
    else if (!row.tokenClass && !costType.empty() && type != "token" && type != "tokens")
        rows.count("the cost type '" + quotable(costType) + "' is not known; its lines stay plain charges");
    if (row.model.empty() && (!tokenType.empty() || type == "token" || type == "tokens" || type.empty()))
        ++m_withoutModel;
    if (*row.billed < Money()) {
        row.correction = !row.model.empty();
        row.category = row.correction ? ChargeCategory::Usage : ChargeCategory::Credit;
    }
    const bool fast = normalisedName(m_cells.words(record, m_speed)) == "fast";
    const ServiceTier tier = fast ? ServiceTier::Fast : tierOrStandard(m_cells.words(record, m_tier), rows);
    if (tier != ServiceTier::Standard)
        row.pricingCategory = nameOf(tier);
    row.region = anthropicRegion(m_cells.words(record, m_geo));
    tag(row.tags, "workspace", record, m_workspace);
    tag(row.tags, "api_key_name", record, m_keyName);
    tag(row.tags, "context_window", record, m_window);
}

FormatMatch matchAnthropicCost(const TableShape &shape)
{
    if (hasColumns(shape, {"usagedateutc", "costusd", "tokentype"}))
        return {100, "the columns usage_date_utc, token_type and cost_usd are those of Anthropic's console"};
    if (shape.json && hasColumns(shape, {"bucketstartingat", "amount"}))
        return {100, "buckets from starting_at with amounts are those of Anthropic's cost report"};
    return {};
}

} // namespace

std::unique_ptr<LedgerFormat> anthropicCostFormat()
{
    return ledgerFormatOf({"anthropic-costs", "Anthropic costs (console export, Admin API)", matchAnthropicCost,
                           makeConverter<AnthropicCostConverter>});
}

} // namespace perunit
