// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/anthropic_report.h"
#include "model/import/column_format.h"
#include "pricing/charge/usage_counts.h"

namespace perunit {

namespace {

class AnthropicUsageConverter : public ColumnConverter
{
public:
    AnthropicUsageConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping)
        , m_start(m_cells.date({"usagedateutc", "bucketstartingat"}))
        , m_model(m_cells.text({"modelversion", "model"}))
        , m_tier(m_cells.text({"usagetype", "servicetier"}))
        , m_speed(m_cells.text({"speed"}))
        , m_geo(m_cells.text({"inferencegeo"}))
        , m_window(m_cells.text({"contextwindow"}))
        , m_workspace(m_cells.text({"workspace", "workspaceid"}))
        , m_keyName(m_cells.text({"apikey", "apikeyid"}))
        , m_counts{{m_cells.number({"usageinputtokensnocache", "uncachedinputtokens"}), UsageClass::Input},
                   {m_cells.number({"usageinputtokenscacheread", "cachereadinputtokens"}), UsageClass::CacheRead},
                   {m_cells.number({"usageinputtokenscachewrite5m", "cachecreationephemeral5minputtokens"}),
                    UsageClass::CacheWrite5m},
                   {m_cells.number({"usageinputtokenscachewrite1h", "cachecreationephemeral1hinputtokens"}),
                    UsageClass::CacheWrite1h},
                   {m_cells.number({"usageoutputtokens", "outputtokens"}), UsageClass::Output},
                   {m_cells.number({"websearchcount", "servertoolusewebsearchrequests"}), UsageClass::WebSearch}}
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        RequestRow row;
        if (!m_cells.time(record, m_start, true, row.time, rows)
            || !addCounts(m_cells, record, m_counts, row.usage, rows))
            return {};
        row.provider = "anthropic";
        row.model = anthropicModelId(m_cells.words(record, m_model));
        if (row.model.empty())
            ++m_withoutModel;
        const bool fast = normalisedName(m_cells.words(record, m_speed)) == "fast";
        row.tier = fast ? ServiceTier::Fast : tierOrStandard(m_cells.words(record, m_tier), rows);
        row.region = anthropicRegion(m_cells.words(record, m_geo));
        const std::string window = m_cells.words(record, m_window);
        row.usage[UsageClass::Request] = fewestRequests(row.usage.promptTokens(), window);
        tag(row.tags, "workspace", record, m_workspace);
        tag(row.tags, m_shape.json ? "api_key_id" : "api_key_name", record, m_keyName);
        tag(row.tags, "context_window", record, m_window);
        return give(row, rows);
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (rows.facts().rowsAccepted > 0)
            rows.warn(requestsAreEstimated);
        if (m_window < 0 && rows.facts().rowsAccepted > 0)
            rows.warn("the report is not grouped by context window; prompts are taken as no longer than 200,000 "
                      "tokens");
        if (m_withoutModel > 0)
            rows.warn(std::to_string(m_withoutModel)
                      + " results name no model and cannot be priced; group the report by model");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "Anthropic counts uncached input, cache reads and cache writes apart, as they are kept here.";
    }

private:
    int m_start, m_model, m_tier, m_speed, m_geo, m_window, m_workspace, m_keyName;
    std::vector<CountColumn> m_counts;
    std::int64_t m_withoutModel = 0;
};

FormatMatch matchAnthropicUsage(const TableShape &shape)
{
    if (hasColumns(shape, {"usagedateutc", "usageinputtokensnocache"}))
        return {100, "the columns usage_date_utc and usage_input_tokens_no_cache are those of Anthropic's console"};
    if (shape.json && hasColumns(shape, {"bucketstartingat", "uncachedinputtokens"}))
        return {100, "buckets from starting_at with uncached_input_tokens are those of Anthropic's usage report"};
    return {};
}

// --- the report of Claude Code ---------------------------------------------------------------------------------------

/// One record is a person's day, with a list of models in one cell. Who it is stays out.
class ClaudeCodeReportConverter : public ColumnConverter
{
public:
    ClaudeCodeReportConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_date(m_cells.date({"date"}))
        , m_models(m_cells.text({"modelbreakdown"}))
        , m_customer(m_cells.text({"customertype"}))
        , m_subscription(m_cells.text({"subscriptiontype"}))
        , m_terminal(m_cells.text({"terminaltype"}))
        , m_keyName(m_cells.text({"actorapikeyname"}))
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        Instant day;
        if (!m_cells.time(record, m_date, true, day, rows))
            return {};
        const std::string text = m_cells.words(record, m_models);
        const auto list = parseJson(text.empty() ? "[]" : text);
        if (!list || !list->is(JsonValue::Kind::Array)) {
            rows.rejectField(m_models, "is no list of models");
            return {};
        }
        std::vector<RequestRow> models;
        for (const JsonValue &each : list->items) {
            auto row = readModel(each, day, record, rows);
            if (!row) {
                rows.reject(m_models, row.error().where, row.error().what);
                return {};
            }
            models.push_back(std::move(*row));
        }
        if (models.empty())
            rows.acceptEmpty();
        for (RequestRow &row : models) {
            if (auto status = give(row, rows); !status)
                return status;
        }
        return {};
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (rows.facts().rowsAccepted > 0) {
            rows.warn(requestsAreEstimated);
            rows.warn("costs are Anthropic's estimate, not a bill");
        }
        if (!m_covered.isZero())
            rows.warn("usage worth " + m_covered.text()
                      + " USD is covered by subscriptions; it is no billed cost, and their fee is not in this report");
        if (m_written > 0)
            rows.warn("the report does not say how long written tokens live; they are taken as five minutes");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "Anthropic counts uncached input, cache reads and cache writes apart, as they are kept here.";
    }

private:
    Result<RequestRow> readModel(const JsonValue &json, Instant day, const CsvRecord &record, RowCollector &rows);

    int m_date, m_models, m_customer, m_subscription, m_terminal, m_keyName;
    Money m_covered;
    std::int64_t m_written = 0;
};

Result<RequestRow> ClaudeCodeReportConverter::readModel(const JsonValue &json, Instant day, const CsvRecord &record,
                                                        RowCollector &rows)
{
    UsageCounts counts(json, "");
    RequestRow row;
    row.time = day;
    row.provider = "anthropic";
    if (const JsonValue *model = json.find("model"); model && model->is(JsonValue::Kind::String))
        row.model = anthropicModelId(model->text);
    row.usage[UsageClass::Input] = counts.count({"tokens", "input"});
    row.usage[UsageClass::Output] = counts.count({"tokens", "output"});
    row.usage[UsageClass::CacheRead] = counts.count({"tokens", "cache_read"});
    row.usage[UsageClass::CacheWrite5m] = counts.count({"tokens", "cache_creation"});
    if (counts.error())
        return Error{ErrorCode::BadInput, counts.error()->what, counts.error()->where, ""};
    m_written += row.usage[UsageClass::CacheWrite5m];
    row.usage[UsageClass::Request] = fewestRequests(row.usage.promptTokens(), "");
    const JsonValue *cost = json.find("estimated_cost");
    const JsonValue *amount = cost ? cost->find("amount") : nullptr;
    if (amount && !amount->is(JsonValue::Kind::Null)) {
        const JsonValue *currency = cost->find("currency");
        if (currency && upperCase(currency->text) != m_cells.mainCurrency())
            return Error{ErrorCode::BadInput, "is in another currency than " + m_cells.mainCurrency(), currency->text,
                         ""};
        std::int64_t rounded = 0;
        const auto cents = parseAmount(amount->text, NumberStyle::PointDecimal, rounded);
        if (!cents)
            return Error{ErrorCode::BadInput, "estimated_cost.amount " + cents.error().what, amount->text, ""};
        row.billed = fromCents(*cents);
    }
    const std::string customer = m_cells.words(record, m_customer);
    if (customer == "subscription" && row.billed) {
        m_covered += *row.billed;
        row.billed.reset();
    }
    row.tags.emplace_back("tool", "Claude Code");
    tag(row.tags, "customer_type", record, m_customer);
    tag(row.tags, "subscription_type", record, m_subscription);
    tag(row.tags, "terminal_type", record, m_terminal);
    tag(row.tags, "api_key_name", record, m_keyName);
    if (row.model.empty())
        rows.count("a model of the breakdown has no name and cannot be priced");
    return row;
}

FormatMatch matchClaudeCodeReport(const TableShape &shape)
{
    if (!shape.json || !hasColumns(shape, {"date", "modelbreakdown", "customertype"}))
        return {};
    return {100, "model_breakdown and customer_type are those of Anthropic's report on Claude Code"};
}

} // namespace

std::unique_ptr<LedgerFormat> anthropicUsageFormat()
{
    return ledgerFormatOf({"anthropic-usage", "Anthropic usage (console export, Admin API)", matchAnthropicUsage,
                           makeConverter<AnthropicUsageConverter>});
}

std::unique_ptr<LedgerFormat> claudeCodeReportFormat()
{
    return ledgerFormatOf({"claude-code-report", "Anthropic report on Claude Code (Admin API)", matchClaudeCodeReport,
                           makeConverter<ClaudeCodeReportConverter>});
}

} // namespace perunit
