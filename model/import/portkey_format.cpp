// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"
#include "model/import/gateway_usage.h"
#include "model/import/record_ids.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>

namespace perunit {

namespace {

/// Portkey's log export: one record a request, with the fields that the user chose. Costs are in cents.
class PortkeyConverter : public ColumnConverter
{
public:
    PortkeyConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_time(m_cells.date({"createdat"}))
        , m_prompt(m_cells.number({"requnits", "requesttokens", "prompttokens"}))
        , m_output(m_cells.number({"resunits", "responsetokens", "completiontokens"}))
        , m_cost(m_cells.number({"cost"}))
        , m_currencyColumn(m_cells.currency({"costcurrency"}))
        , m_duration(m_cells.number({"responsetime"}))
        , m_model(m_cells.text({"aimodel"}))
        , m_provider(m_cells.text({"aiorg", "aiprovider"}))
        , m_success(m_cells.text({"issuccess"}))
        , m_status(m_cells.text({"responsestatuscode"}))
        , m_cache(m_cells.text({"cachestatus"}))
        , m_template(m_cells.text({"promptslug"}))
        , m_metadata(m_cells.text({"metadata"}))
        , m_mode(m_cells.text({"mode"}))
        , m_id(m_cells.text({"id"}))
    {}

    void observe(const CsvRecord &record) override { m_ids.see(m_cells.words(record, m_id)); }

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        if (m_ids.isRepeated(m_cells.words(record, m_id), record, rows))
            return {};
        RequestRow row;
        std::optional<Money> cents;
        std::string milliseconds;
        row.provider = lowered(m_cells.words(record, m_provider));
        row.model = m_cells.words(record, m_model);
        if (!m_cells.time(record, m_time, true, row.time, rows) || !m_cells.amount(record, m_cost, cents, rows)
            || !m_cells.sameCurrency(record, cents ? m_currencyColumn : -1, rows)
            || !m_cells.quantity(record, m_duration, milliseconds, rows) || !readTokens(record, row, rows))
            return {};
        row.billed = fromCents(cents);
        if (const auto time = parseDecimal(milliseconds.empty() ? "0" : milliseconds, 3); time && time->units > 0)
            row.durationMicros = static_cast<std::int64_t>(std::min<Int128>(time->units, microsPerDay));
        const std::string code = m_cells.words(record, m_status);
        row.status = statusOf(code.empty() ? m_cells.words(record, m_success) : code, rows);
        row.promptTemplate = m_cells.words(record, m_template);
        if (!readMetadata(record, row, rows))
            return {};
        tag(row.tags, "mode", record, m_mode);
        if (m_cells.words(record, m_cache).find("HIT") != std::string::npos)
            m_answers.take(row);
        m_withoutDetails += !m_detailed && row.usage[UsageClass::Input] > 0 ? 1 : 0;
        return give(row, rows);
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        m_answers.finish(rows);
        m_ids.finish(rows);
        if (rows.facts().billed)
            rows.warn("costs are Portkey's estimate, not a bill; it writes them in cents");
        if (m_withoutDetails > 0)
            rows.warn(std::to_string(m_withoutDetails)
                      + " requests do not say how many tokens were cached; all of their prompt counts as uncached");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "Portkey's request tokens are taken as uncached input; where the export holds the usage of the "
               "response, "
               "that is read as its provider counts.";
    }

private:
    bool readTokens(const CsvRecord &record, RequestRow &row, RowCollector &rows)
    {
        row.usage[UsageClass::Request] = 1;
        for (const char *path : {"response.usage", "response.body.usage"}) {
            const JsonValue usage = objectBelow(m_shape, record, path);
            m_detailed = !usage.names.empty();
            if (m_detailed)
                return readLoggedUsage(usage, -1, row, rows);
        }
        if (!m_cells.count(record, m_prompt, row.usage[UsageClass::Input], rows)
            || !m_cells.count(record, m_output, row.usage[UsageClass::Output], rows))
            return false;
        moveEmbeddings("", row);
        return true;
    }

    bool readMetadata(const CsvRecord &record, RequestRow &row, RowCollector &rows)
    {
        JsonValue members = objectBelow(m_shape, record, "metadata");
        if (const std::string text = m_cells.words(record, m_metadata); !text.empty()) {
            auto json = parseJson(text);
            if (!json || !json->is(JsonValue::Kind::Object)) {
                rows.rejectField(m_metadata, "is no JSON object");
                return false;
            }
            members = std::move(*json);
        }
        for (std::size_t i = 0; i < members.names.size(); ++i) {
            if (members.items[i].is(JsonValue::Kind::String) || members.items[i].is(JsonValue::Kind::Number))
                putProperty(members.names[i] == "_user" ? "customer" : members.names[i], members.items[i].text, row);
        }
        return true;
    }

    int m_time, m_prompt, m_output, m_cost, m_currencyColumn, m_duration, m_model, m_provider, m_success, m_status,
        m_cache, m_template, m_metadata, m_mode, m_id;
    RecordIds m_ids;
    CachedAnswers m_answers;
    bool m_detailed = false; ///< the request that is read has the usage of its response
    std::int64_t m_withoutDetails = 0;
};

FormatMatch matchPortkey(const TableShape &shape)
{
    if (!hasColumns(shape, {"createdat", "aimodel"})
        || shape.firstOf({"aiorg", "aiprovider", "requnits", "resunits", "costcurrency"}) < 0)
        return {};
    return {100, "the fields ai_model and ai_org are those of Portkey's log export"};
}

// --- Vercel ----------------------------------------------------------------------------------------------------------

/// Daily sums of Vercel's AI Gateway, by whatever the report was grouped by.
class VercelGatewayConverter : public ColumnConverter
{
public:
    VercelGatewayConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_time(m_cells.date({"hour", "day", "date"}))
        , m_cost(m_cells.number({"totalcost"}))
        , m_market(m_cells.number({"marketcost"}))
        , m_prompt(m_cells.number({"inputtokens"}))
        , m_output(m_cells.number({"outputtokens"}))
        , m_read(m_cells.number({"cachedinputtokens"}))
        , m_written(m_cells.number({"cachecreationinputtokens"}))
        , m_reasoning(m_cells.number({"reasoningtokens"}))
        , m_requests(m_cells.number({"requestcount"}))
        , m_model(m_cells.text({"model"}))
        , m_provider(m_cells.text({"provider"}))
        , m_user(m_cells.text({"user"}))
        , m_tag(m_cells.text({"tag"}))
        , m_credential(m_cells.text({"credentialtype"}))
    {}

    void observe(const CsvRecord &record) override
    {
        m_beside |= plainCount(record, m_read) + plainCount(record, m_written) > plainCount(record, m_prompt);
    }

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        RequestRow row;
        if (m_time < 0) {
            rows.reject(-1, "", "has no day; fetch the report with date_part=day");
            return {};
        }
        std::optional<Money> market;
        if (!m_cells.time(record, m_time, true, row.time, rows) || !m_cells.amount(record, m_cost, row.billed, rows)
            || !m_cells.amount(record, m_market, market, rows) || !readTokens(record, row, rows))
            return {};
        row.model = m_cells.words(record, m_model);
        m_withoutModel += row.model.empty() ? 1 : 0;
        const std::string host = m_cells.words(record, m_provider);
        const bool byok = normalisedName(m_cells.words(record, m_credential)) == "byok";
        row.provider = byok && !host.empty() ? lowered(host) : "vercel";
        row.service = host;
        row.customer = m_cells.words(record, m_user);
        if (isAddress(row.customer))
            row.customer.clear();
        if (byok && market) {
            Int128 units = 0;
            if (!__builtin_add_overflow(m_ownKeys.units(), market->units(), &units))
                m_ownKeys = Money::ofUnits(units);
        }
        tag(row.tags, "tag", record, m_tag);
        tag(row.tags, "credential_type", record, m_credential);
        return give(row, rows);
    }

    [[nodiscard]] int personColumn() const override { return m_user; }
    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (m_tag >= 0)
            rows.warn(
                "a report by tag counts a request once for each of its tags; take one by model or user for totals");
        if (m_withoutModel > 0)
            rows.warn(std::to_string(m_withoutModel)
                      + " rows name no model and cannot be priced; group the report by model");
        if (!m_ownKeys.isZero())
            rows.warn("requests with own keys are worth " + m_ownKeys.text()
                      + " USD at market prices, which their providers bill; it is not in the billed total");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return m_beside ? "Vercel's input_tokens stand beside cached and written tokens: there are more of those than "
                          "of input tokens. Every row stands for a day."
                        : "Vercel's input_tokens are taken to contain cached and written tokens: the rest is input. "
                          "Every row stands for a day.";
    }

private:
    bool readTokens(const CsvRecord &record, RequestRow &row, RowCollector &rows)
    {
        Usage &usage = row.usage;
        std::int64_t prompt = 0;
        std::int64_t reasoning = 0;
        if (!m_cells.count(record, m_prompt, prompt, rows)
            || !m_cells.count(record, m_output, usage[UsageClass::Output], rows)
            || !m_cells.count(record, m_read, usage[UsageClass::CacheRead], rows)
            || !m_cells.count(record, m_written, usage[UsageClass::CacheWrite5m], rows)
            || !m_cells.count(record, m_reasoning, reasoning, rows)
            || !m_cells.count(record, m_requests, usage[UsageClass::Request], rows))
            return false;
        usage[UsageClass::Input] =
            prompt - (m_beside ? 0 : usage[UsageClass::CacheRead] + usage[UsageClass::CacheWrite5m]);
        putReasoning(reasoning, usage, rows);
        return true;
    }

    int m_time, m_cost, m_market, m_prompt, m_output, m_read, m_written, m_reasoning, m_requests, m_model, m_provider,
        m_user, m_tag, m_credential;
    bool m_beside = false;
    std::int64_t m_withoutModel = 0;
    Money m_ownKeys;
};

FormatMatch matchVercelGateway(const TableShape &shape)
{
    if (!hasColumns(shape, {"totalcost", "marketcost", "requestcount", "inputtokens"}))
        return {};
    return {100, "the fields total_cost, market_cost and request_count are those of Vercel's AI Gateway report"};
}

} // namespace

std::unique_ptr<LedgerFormat> portkeyFormat()
{
    return ledgerFormatOf({"portkey-log", "Portkey log export", matchPortkey, makeConverter<PortkeyConverter>});
}

std::unique_ptr<LedgerFormat> vercelGatewayFormat()
{
    return ledgerFormatOf(
        {"vercel-gateway", "Vercel AI Gateway report", matchVercelGateway, makeConverter<VercelGatewayConverter>});
}

} // namespace perunit
