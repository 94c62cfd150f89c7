// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"
#include "model/import/gateway_usage.h"
#include "model/import/json_reader.h"
#include "model/import/record_ids.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>

namespace perunit {

namespace {

/// Rows of LiteLLM_SpendLogs (CSV of the table, JSON of the interface), its standard log records, and the log of the
/// proxy: one row a call. What is kept of the metadata is the usage and the names of key and team.
class LiteLlmLogConverter : public ColumnConverter
{
public:
    LiteLlmLogConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_start(m_cells.date({"starttime", "timestamp"}))
        , m_end(m_cells.date({"endtime"}))
        , m_cost(m_cells.number({"spend", "responsecost"}))
        , m_prompt(m_cells.number({"prompttokens"}))
        , m_completion(m_cells.number({"completiontokens"}))
        , m_model(m_cells.text({"model"}))
        , m_provider(m_cells.text({"customllmprovider"}))
        , m_call(m_cells.text({"calltype"}))
        , m_metadata(m_cells.text({"metadata"}))
        , m_hit(m_cells.text({"cachehit"}))
        , m_requestTags(m_cells.text({"requesttags"}))
        , m_team(m_cells.text({"teamid", "metadatauserapikeyteamid"}))
        , m_teamName(m_cells.text({"metadatauserapikeyteamalias"}))
        , m_customer(m_cells.text({"enduser"}))
        , m_session(m_cells.text({"sessionid", "metadatasessionid"}))
        , m_status(m_cells.text({"status", "metadatastatus"}))
        , m_keyAlias(m_cells.text({"metadatauserapikeyalias", "apikeyalias"}))
        , m_group(m_cells.text({"modelgroup"}))
        , m_agent(m_cells.text({"agentid"}))
        , m_organization(m_cells.text({"organizationid"}))
        , m_id(m_cells.text({"requestid"}))
    {}

    void observe(const CsvRecord &record) override { m_ids.see(idOf(record)); }

    Status convert(const CsvRecord &record, RowCollector &rows) override;

    [[nodiscard]] int personColumn() const override { return m_customer; }
    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        m_answers.finish(rows);
        m_ids.finish(rows);
        if (rows.facts().billed)
            rows.warn("costs are LiteLLM's estimate from its price list, not a bill");
        if (m_withoutDetails > 0)
            rows.warn(std::to_string(m_withoutDetails)
                      + " calls do not say how many tokens were cached; all of their prompt counts as uncached");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "LiteLLM's prompt_tokens contain tokens read from and written to the provider's cache: the rest is "
               "input.";
    }

private:
    /// An answer of the gateway's own cache may carry the id of the call that it repeats.
    std::string idOf(const CsvRecord &record) const
    {
        return normalisedName(m_cells.words(record, m_hit)) == "true" ? std::string() : m_cells.words(record, m_id);
    }
    bool readUsage(const CsvRecord &record, const JsonValue &metadata, RequestRow &row, RowCollector &rows);
    bool readTimes(const CsvRecord &record, RequestRow &row, RowCollector &rows);
    void describe(const CsvRecord &record, const JsonValue &metadata, RequestRow &row, RowCollector &rows);
    void readTags(const CsvRecord &record, RequestRow &row, RowCollector &rows);

    int m_start, m_end, m_cost, m_prompt, m_completion, m_model, m_provider, m_call, m_metadata, m_hit, m_requestTags,
        m_team, m_teamName, m_customer, m_session, m_status, m_keyAlias, m_group, m_agent, m_organization, m_id;
    CachedAnswers m_answers;
    RecordIds m_ids;
    bool m_detailed = false; ///< the call that is read says how many tokens were cached
    std::int64_t m_withoutDetails = 0;
};

const JsonValue *memberOf(const JsonValue &json, std::string_view name)
{
    const JsonValue *value = json.is(JsonValue::Kind::Object) ? json.find(name) : nullptr;
    return value && !value->is(JsonValue::Kind::Null) ? value : nullptr;
}

std::string textOf(const JsonValue &json, std::string_view name)
{
    const JsonValue *value = memberOf(json, name);
    return value && value->is(JsonValue::Kind::String) ? value->text : std::string();
}

bool LiteLlmLogConverter::readTimes(const CsvRecord &record, RequestRow &row, RowCollector &rows)
{
    if (!m_cells.time(record, m_start, true, row.time, rows))
        return false;
    Instant end = row.time;
    if (!m_cells.time(record, m_end, false, end, rows))
        return false;
    row.durationMicros = std::max<std::int64_t>(0, end.micros - row.time.micros);
    return true;
}

bool LiteLlmLogConverter::readUsage(const CsvRecord &record, const JsonValue &metadata, RequestRow &row,
                                    RowCollector &rows)
{
    std::int64_t prompt = 0;
    if (!m_cells.count(record, m_prompt, prompt, rows)
        || !m_cells.count(record, m_completion, row.usage[UsageClass::Output], rows))
        return false;
    row.usage[UsageClass::Input] = prompt;
    row.usage[UsageClass::Request] = 1;
    JsonValue usage;
    if (const JsonValue *logged = memberOf(metadata, "usage_object"))
        usage = *logged;
    if (!usage.is(JsonValue::Kind::Object) || usage.names.empty())
        usage = objectBelow(m_shape, record, "metadata.usage_object");
    if (usage.names.empty())
        usage = objectBelow(m_shape, record, "usage");
    m_detailed = usage.find("prompt_tokens_details") || usage.find("cache_read_input_tokens");
    if (usage.names.empty())
        return true;
    const JsonValue *recorded = usage.find("prompt_tokens");
    if (m_prompt >= 0 && recorded && recorded->text != std::to_string(prompt))
        rows.count("prompt_tokens differ from those of the usage in the metadata, which were taken");
    return readLoggedUsage(usage, m_metadata, row, rows);
}

void LiteLlmLogConverter::readTags(const CsvRecord &record, RequestRow &row, RowCollector &rows)
{
    const std::string text = m_cells.words(record, m_requestTags);
    if (text.empty())
        return;
    const auto list = parseJson(text);
    if (!list || !list->is(JsonValue::Kind::Array)) {
        rows.count("request_tags are no list; the row was kept without them");
        return;
    }
    for (const JsonValue &item : list->items) {
        if (!item.is(JsonValue::Kind::String))
            continue;
        const auto colon = item.text.find(':');
        if (colon == std::string::npos)
            putProperty(item.text, "yes", row);
        else
            putProperty(item.text.substr(0, colon), std::string(trimmed(std::string_view(item.text).substr(colon + 1))),
                        row);
    }
}

void LiteLlmLogConverter::describe(const CsvRecord &record, const JsonValue &metadata, RequestRow &row,
                                   RowCollector &rows)
{
    std::string status = m_cells.words(record, m_status);
    if (status.empty())
        status = textOf(metadata, "status");
    row.status = statusOf(status, rows);
    row.session = m_cells.words(record, m_session);
    row.customer = m_cells.words(record, m_customer);
    if (isAddress(row.customer))
        row.customer.clear();
    row.team = textOf(metadata, "user_api_key_team_alias");
    for (const int column : {m_teamName, m_team}) {
        if (row.team.empty())
            row.team = m_cells.words(record, column);
    }
    readTags(record, row, rows);
    const std::string alias = textOf(metadata, "user_api_key_alias");
    if (!alias.empty() && !isAddress(alias))
        row.tags.emplace_back("api_key_name", alias);
    else
        tag(row.tags, "api_key_name", record, m_keyAlias);
    tag(row.tags, "model_group", record, m_group);
    tag(row.tags, "call_type", record, m_call);
    tag(row.tags, "agent_id", record, m_agent);
    tag(row.tags, "organization_id", record, m_organization);
}

Status LiteLlmLogConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    if (m_ids.isRepeated(idOf(record), record, rows))
        return {};
    RequestRow row;
    row.provider = lowered(m_cells.words(record, m_provider));
    row.model = m_cells.words(record, m_model);
    JsonValue metadata;
    if (const std::string text = m_cells.words(record, m_metadata); !text.empty()) {
        auto read = parseJson(text);
        if (!read) {
            rows.rejectField(m_metadata, "is no JSON");
            return {};
        }
        metadata = std::move(*read);
    }
    if (!readTimes(record, row, rows) || !m_cells.amount(record, m_cost, row.billed, rows)
        || !readUsage(record, metadata, row, rows))
        return {};
    moveEmbeddings(m_cells.words(record, m_call), row);
    describe(record, metadata, row, rows);
    if (normalisedName(m_cells.words(record, m_hit)) == "true")
        m_answers.take(row);
    m_withoutDetails += !m_detailed && row.usage[UsageClass::Input] > 0 ? 1 : 0;
    return give(row, rows);
}

FormatMatch matchLiteLlmLog(const TableShape &shape)
{
    if (hasColumns(shape, {"customllmprovider", "starttime"}) && shape.firstOf({"spend", "responsecost"}) >= 0)
        return {100, "the columns custom_llm_provider, startTime and spend are those of LiteLLM's logs"};
    if (shape.json && hasColumns(shape, {"requestid", "responsecost", "starttime", "usageprompttokens"}))
        return {100, "records with response_cost, startTime and usage are those of LiteLLM's proxy"};
    return {};
}

// --- tables of daily sums --------------------------------------------------------------------------------------------

class LiteLlmDailyConverter : public ColumnConverter
{
public:
    LiteLlmDailyConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_date(m_cells.date({"date"}))
        , m_cost(m_cells.number({"spend"}))
        , m_prompt(m_cells.number({"prompttokens"}))
        , m_output(m_cells.number({"completiontokens"}))
        , m_read(m_cells.number({"cachereadinputtokens"}))
        , m_written(m_cells.number({"cachecreationinputtokens"}))
        , m_requests(m_cells.number({"apirequests"}))
        , m_failed(m_cells.number({"failedrequests"}))
        , m_model(m_cells.text({"model"}))
        , m_provider(m_cells.text({"customllmprovider"}))
        , m_group(m_cells.text({"modelgroup"}))
        , m_team(m_cells.text({"teamid"}))
        , m_customer(m_cells.text({"enduserid"}))
        , m_tag(m_cells.text({"tag"}))
        , m_organization(m_cells.text({"organizationid"}))
        , m_agent(m_cells.text({"agentid"}))
    {}

    void observe(const CsvRecord &record) override
    {
        // What is larger cannot be contained: the whole table was written by a version that counts it beside.
        m_beside |= plainCount(record, m_read) + plainCount(record, m_written) > plainCount(record, m_prompt);
    }

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        RequestRow row;
        std::int64_t prompt = 0;
        std::int64_t failed = 0;
        Usage &usage = row.usage;
        if (!m_cells.time(record, m_date, true, row.time, rows) || !m_cells.amount(record, m_cost, row.billed, rows)
            || !m_cells.count(record, m_prompt, prompt, rows)
            || !m_cells.count(record, m_output, usage[UsageClass::Output], rows)
            || !m_cells.count(record, m_read, usage[UsageClass::CacheRead], rows)
            || !m_cells.count(record, m_written, usage[UsageClass::CacheWrite5m], rows)
            || !m_cells.count(record, m_requests, usage[UsageClass::Request], rows)
            || !m_cells.count(record, m_failed, failed, rows))
            return {};
        usage[UsageClass::Input] =
            prompt - (m_beside ? 0 : usage[UsageClass::CacheRead] + usage[UsageClass::CacheWrite5m]);
        m_allRequests += usage[UsageClass::Request];
        m_failedRequests += failed;
        row.provider = lowered(m_cells.words(record, m_provider));
        row.model = m_cells.words(record, m_model);
        row.team = m_cells.words(record, m_team);
        row.customer = m_cells.words(record, m_customer);
        if (isAddress(row.customer))
            row.customer.clear();
        moveEmbeddings("", row);
        tag(row.tags, "tag", record, m_tag);
        tag(row.tags, "model_group", record, m_group);
        tag(row.tags, "organization_id", record, m_organization);
        tag(row.tags, "agent_id", record, m_agent);
        return give(row, rows);
    }

    [[nodiscard]] int personColumn() const override { return m_customer; }
    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (rows.facts().billed)
            rows.warn("costs are LiteLLM's estimate from its price list, not a bill");
        if (m_failedRequests > 0)
            rows.warn(std::to_string(m_failedRequests) + " of " + std::to_string(m_allRequests)
                      + " requests failed; daily sums do not say what they cost");
        if (m_tag >= 0)
            rows.warn("a table by tag counts a request once for each of its tags; take the table by user or team for "
                      "totals");
        rows.warn("daily sums do not tell answers from the gateway's own cache from calls of a model");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return m_beside ? "LiteLLM's prompt_tokens stand beside tokens read from and written to the provider's cache: "
                          "there are more of those than of prompt tokens. Every row stands for a day."
                        : "LiteLLM's prompt_tokens contain tokens read from and written to the provider's cache: the "
                          "rest is input. Every row stands for a day.";
    }

private:
    int m_date, m_cost, m_prompt, m_output, m_read, m_written, m_requests, m_failed, m_model, m_provider, m_group,
        m_team, m_customer, m_tag, m_organization, m_agent;
    bool m_beside = false;
    std::int64_t m_allRequests = 0;
    std::int64_t m_failedRequests = 0;
};

FormatMatch matchLiteLlmDaily(const TableShape &shape)
{
    if (!hasColumns(shape, {"date", "customllmprovider", "spend", "apirequests", "prompttokens"}))
        return {};
    return {100, "the columns custom_llm_provider, spend and api_requests are those of LiteLLM's daily tables"};
}

} // namespace

std::unique_ptr<LedgerFormat> liteLlmLogFormat()
{
    return ledgerFormatOf(
        {"litellm-log", "LiteLLM spend log, proxy log", matchLiteLlmLog, makeConverter<LiteLlmLogConverter>});
}

std::unique_ptr<LedgerFormat> liteLlmDailyFormat()
{
    return ledgerFormatOf(
        {"litellm-daily", "LiteLLM daily spend table", matchLiteLlmDaily, makeConverter<LiteLlmDailyConverter>});
}

} // namespace perunit
