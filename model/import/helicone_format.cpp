// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"
#include "model/import/gateway_usage.h"
#include "model/import/record_ids.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr const char *noReference = "00000000-0000-0000-0000-000000000000";

/// The CSV export and the requests of the interface. Bodies of requests and responses are never read.
class HeliconeConverter : public ColumnConverter
{
public:
    HeliconeConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_time(m_cells.date({"requestcreatedat", "createdat"}))
        , m_prompt(m_cells.number({"prompttokens"}))
        , m_output(m_cells.number({"completiontokens"}))
        , m_total(m_cells.number({"totaltokens"}))
        , m_read(m_cells.number({"promptcachereadtokens"}))
        , m_written(m_cells.number({"promptcachewritetokens"}))
        , m_audioIn(m_cells.number({"promptaudiotokens"}))
        , m_audioOut(m_cells.number({"completionaudiotokens"}))
        , m_latency(m_cells.number({"latencyms", "delayms"}))
        , m_cost(m_cells.number({"costusd", "cost"}))
        , m_model(m_cells.text({"model", "responsemodel", "requestmodel"}))
        , m_provider(m_cells.text({"provider"}))
        , m_status(m_cells.text({"responsestatus", "status"}))
        , m_user(m_cells.text({"requestuserid", "userid"}))
        , m_template(m_cells.text({"promptid"}))
        , m_reference(m_cells.text({"cachereferenceid"}))
        , m_properties(m_cells.text({"requestproperties", "properties"}))
        , m_id(m_cells.text({"requestid"}))
    {}

    void observe(const CsvRecord &record) override
    {
        m_ids.see(m_cells.words(record, m_id));
        const std::int64_t cached = plainCount(record, m_read) + plainCount(record, m_written);
        if (cached == 0)
            return;
        const std::int64_t prompt = plainCount(record, m_prompt);
        m_beside |= cached > prompt || plainCount(record, m_total) == prompt + plainCount(record, m_output) + cached;
    }

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        if (m_ids.isRepeated(m_cells.words(record, m_id), record, rows))
            return {};
        RequestRow row;
        std::int64_t milliseconds = 0;
        row.provider = lowered(m_cells.words(record, m_provider));
        row.model = m_cells.words(record, m_model);
        if (!m_cells.time(record, m_time, true, row.time, rows) || !m_cells.amount(record, m_cost, row.billed, rows)
            || !m_cells.count(record, m_latency, milliseconds, rows) || !readTokens(record, row, rows))
            return {};
        row.durationMicros = std::min<std::int64_t>(milliseconds, microsPerDay) * 1000;
        row.status = statusOf(m_cells.words(record, m_status), rows);
        row.customer = m_cells.words(record, m_user);
        if (isAddress(row.customer))
            row.customer.clear();
        row.promptTemplate = m_cells.words(record, m_template);
        readProperties(record, row, rows);
        const std::string reference = m_cells.words(record, m_reference);
        if (!reference.empty() && reference != noReference)
            m_answers.take(row);
        return give(row, rows);
    }

    [[nodiscard]] int personColumn() const override { return m_user; }
    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        m_answers.finish(rows);
        m_ids.finish(rows);
        if (rows.facts().billed)
            rows.warn("costs are Helicone's estimate from its price list, not a bill");
        if (m_read < 0 && rows.facts().rowsAccepted > 0)
            rows.warn("the export does not say how many tokens were cached; all of the prompt counts as uncached");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return m_beside ? "Helicone's prompt_tokens stand beside cached tokens here: the totals say so."
                        : "Helicone's prompt_tokens contain cached tokens, except for Anthropic's models: the rest is "
                          "input.";
    }

private:
    bool readTokens(const CsvRecord &record, RequestRow &row, RowCollector &rows)
    {
        Usage &usage = row.usage;
        std::int64_t prompt = 0;
        if (!m_cells.count(record, m_prompt, prompt, rows)
            || !m_cells.count(record, m_output, usage[UsageClass::Output], rows)
            || !m_cells.count(record, m_read, usage[UsageClass::CacheRead], rows)
            || !m_cells.count(record, m_written, usage[UsageClass::CacheWrite5m], rows)
            || !m_cells.count(record, m_audioIn, usage[UsageClass::AudioIn], rows)
            || !m_cells.count(record, m_audioOut, usage[UsageClass::AudioOut], rows))
            return false;
        const bool claude = row.provider == "anthropic" || lowered(row.model).find("claude") != std::string::npos;
        const std::int64_t inside =
            (m_beside || claude ? 0 : usage[UsageClass::CacheRead] + usage[UsageClass::CacheWrite5m])
            + usage[UsageClass::AudioIn];
        usage[UsageClass::Input] = prompt - inside;
        usage[UsageClass::Output] -= usage[UsageClass::AudioOut];
        usage[UsageClass::Request] = 1;
        if (usage[UsageClass::Input] < 0 || usage[UsageClass::Output] < 0) {
            const int column = usage[UsageClass::Input] < 0 ? m_prompt : m_output;
            rows.rejectField(column, "is less than the tokens that it contains");
            return false;
        }
        moveEmbeddings("", row);
        return true;
    }

    void readProperties(const CsvRecord &record, RequestRow &row, RowCollector &rows)
    {
        for (const char *path : {"request_properties", "properties"}) {
            const JsonValue members = objectBelow(m_shape, record, path);
            for (std::size_t i = 0; i < members.names.size(); ++i)
                putProperty(members.names[i], members.items[i].text, row);
        }
        const std::string text = m_cells.words(record, m_properties);
        if (text.empty())
            return;
        const auto json = parseJson(text);
        if (!json || !json->is(JsonValue::Kind::Object)) {
            rows.count("the properties of a request are no JSON object; the row was kept without them");
            return;
        }
        for (std::size_t i = 0; i < json->names.size(); ++i) {
            if (json->items[i].is(JsonValue::Kind::String) || json->items[i].is(JsonValue::Kind::Number))
                putProperty(json->names[i], json->items[i].text, row);
        }
    }

    int m_time, m_prompt, m_output, m_total, m_read, m_written, m_audioIn, m_audioOut, m_latency, m_cost, m_model,
        m_provider, m_status, m_user, m_template, m_reference, m_properties, m_id;
    RecordIds m_ids;
    bool m_beside = false;
    CachedAnswers m_answers;
};

FormatMatch matchHelicone(const TableShape &shape)
{
    if (!hasColumns(shape, {"requestid", "prompttokens"}))
        return {};
    if (hasColumns(shape, {"createdat", "latencyms", "requestbody"}))
        return {100, "the columns request_id, latency_ms and request_body are those of Helicone's export"};
    if (hasColumns(shape, {"requestcreatedat"}) && shape.firstOf({"delayms", "targeturl", "heliconeuser"}) >= 0)
        return {100, "the fields request_created_at and delay_ms are those of Helicone's requests"};
    return {};
}

} // namespace

std::unique_ptr<LedgerFormat> heliconeFormat()
{
    return ledgerFormatOf({"helicone-requests", "Helicone requests (export, interface)", matchHelicone,
                           makeConverter<HeliconeConverter>});
}

} // namespace perunit
