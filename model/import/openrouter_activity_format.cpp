// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"
#include "model/import/record_ids.h"

#include "pricing/catalogue/provider_names.h"
#include <algorithm>

namespace perunit {

namespace {

/// One row is one generation, or in the activity of the interface a day of one model and endpoint. OpenRouter bills it;
/// requests made with the user's own key are billed by the provider that served them, and only a fee by OpenRouter.
class OpenRouterConverter : public ColumnConverter
{
public:
    OpenRouterConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_time(m_cells.date({"createdat", "date"}))
        , m_cost(m_cells.number({"costtotal", "usage"}))
        , m_ownKey(m_cells.number({"byokusageinference"}))
        , m_prompt(m_cells.number({"tokensprompt", "prompttokens"}))
        , m_completion(m_cells.number({"tokenscompletion", "completiontokens"}))
        , m_reasoning(m_cells.number({"tokensreasoning", "reasoningtokens"}))
        , m_cached(m_cells.number({"tokenscached"}))
        , m_duration(m_cells.number({"generationtimems"}))
        , m_requests(m_cells.number({"requests"}))
        , m_model(m_cells.text({"modelpermaslug"}))
        , m_provider(m_cells.text({"providername"}))
        , m_variant(m_cells.text({"variant"}))
        , m_cancelled(m_cells.text({"cancelled"}))
        , m_user(m_cells.text({"user"}))
        , m_finish(m_cells.text({"finishreasonnormalized"}))
        , m_keyName(m_cells.text({"apikeyname"}))
        , m_app(m_cells.text({"appname"}))
        , m_id(m_cells.text({"generationid"}))
    {}

    void observe(const CsvRecord &record) override { m_ids.see(m_cells.words(record, m_id)); }

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        if (m_ids.isRepeated(m_cells.words(record, m_id), record, rows))
            return {};
        RequestRow row;
        std::optional<Money> ownKey;
        if (!m_cells.time(record, m_time, true, row.time, rows) || !m_cells.amount(record, m_cost, row.billed, rows)
            || !m_cells.amount(record, m_ownKey, ownKey, rows) || !readTokens(record, row, rows))
            return {};
        const std::string host = m_cells.words(record, m_provider);
        row.model = m_cells.words(record, m_model);
        const std::string variant = m_cells.words(record, m_variant);
        // A day may have requests of both kinds; it is the account's as soon as it cost the account something.
        const bool shared = m_requests >= 0 && row.billed && !row.billed->isZero();
        const bool byok = variant == "byok" || (ownKey && !ownKey->isZero() && !shared);
        row.provider = byok && !host.empty() ? lowered(host) : "openrouter";
        row.service = byok ? "OpenRouter, own key" : host;
        if (byok || (ownKey && !ownKey->isZero()))
            countOwnKey(ownKey, rows);
        const std::string finish = m_cells.words(record, m_finish);
        if (normalisedName(m_cells.words(record, m_cancelled)) == "true")
            row.status = RequestStatus::Cancelled;
        else if (finish == "error")
            row.status = RequestStatus::Error;
        const std::string user = m_cells.words(record, m_user);
        if (!isAddress(user))
            row.customer = user;
        tag(row.tags, "variant", record, m_variant);
        tag(row.tags, "finish_reason", record, m_finish);
        tag(row.tags, "api_key_name", record, m_keyName);
        tag(row.tags, "app_name", record, m_app);
        return give(row, rows);
    }

    [[nodiscard]] int personColumn() const override { return m_user; }
    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        m_ids.finish(rows);
        if (m_cached < 0 && rows.facts().rowsAccepted > 0)
            rows.warn("the activity does not say how many tokens were cached; all of the prompt counts as uncached");
        if (!m_paidElsewhere.isZero())
            rows.warn(m_paidElsewhere.text()
                      + " USD of inference was paid to the providers with the account's own keys in "
                      + std::to_string(m_ownKeyRows) + (m_ownKeyRows == 1 ? " row" : " rows")
                      + "; it is not in the billed total");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "OpenRouter's tokens_prompt contain cached tokens and tokens_completion contain reasoning; cost_total "
               "already contains the saving by the cache.";
    }

private:
    bool readTokens(const CsvRecord &record, RequestRow &row, RowCollector &rows)
    {
        std::int64_t prompt = 0;
        std::int64_t cached = 0;
        std::int64_t reasoning = 0;
        std::int64_t milliseconds = 0;
        if (!m_cells.count(record, m_prompt, prompt, rows) || !m_cells.count(record, m_cached, cached, rows)
            || !m_cells.count(record, m_completion, row.usage[UsageClass::Output], rows)
            || !m_cells.count(record, m_reasoning, reasoning, rows)
            || !m_cells.count(record, m_duration, milliseconds, rows))
            return false;
        row.usage[UsageClass::Request] = 1;
        if (!m_cells.count(record, m_requests, row.usage[UsageClass::Request], rows))
            return false;
        if (cached > prompt) {
            rows.rejectField(m_cached, "is more than tokens_prompt, which contains it");
            return false;
        }
        row.usage[UsageClass::Input] = prompt - cached;
        row.usage[UsageClass::CacheRead] = cached;
        putReasoning(reasoning, row.usage, rows);
        row.durationMicros = std::min<std::int64_t>(milliseconds, microsPerDay) * 1000;
        return true;
    }

    void countOwnKey(const std::optional<Money> &ownKey, RowCollector &rows)
    {
        ++m_ownKeyRows;
        Int128 units = 0;
        if (!__builtin_add_overflow(m_paidElsewhere.units(), ownKey.value_or(Money()).units(), &units))
            m_paidElsewhere = Money::ofUnits(units);
        if (!ownKey)
            rows.count("what the provider charged for a request with an own key is not recorded");
    }

    int m_time, m_cost, m_ownKey, m_prompt, m_completion, m_reasoning, m_cached, m_duration, m_requests, m_model,
        m_provider, m_variant, m_cancelled, m_user, m_finish, m_keyName, m_app, m_id;
    RecordIds m_ids;
    Money m_paidElsewhere;
    std::int64_t m_ownKeyRows = 0;
};

FormatMatch matchOpenRouter(const TableShape &shape)
{
    if (hasColumns(shape, {"date", "modelpermaslug", "usage", "byokusageinference", "requests"}))
        return {100, "the fields model_permaslug, usage and byok_usage_inference are those of OpenRouter's activity"};
    if (!hasColumns(shape, {"createdat", "modelpermaslug", "costtotal"}))
        return {};
    return {100, "the columns model_permaslug and cost_total are those of OpenRouter's activity export"};
}

} // namespace

std::unique_ptr<LedgerFormat> openRouterActivityFormat()
{
    return ledgerFormatOf(
        {"openrouter-activity", "OpenRouter activity export", matchOpenRouter, makeConverter<OpenRouterConverter>});
}

} // namespace perunit
