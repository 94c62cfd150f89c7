// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"
#include "pricing/catalogue/provider_names.h"

#include <initializer_list>

namespace perunit {

namespace {

/// What a line item ("gpt-5-mini, cached input") says.
struct LineItem {
    std::string model;
    std::optional<UsageClass> usageClass;
    std::string tier; ///< "batch", "flex", "priority"; empty for the standard tier
};

bool has(std::string_view text, std::string_view word)
{
    return text.find(word) != std::string_view::npos;
}

std::optional<UsageClass> classOfWords(std::string_view model, std::string_view words)
{
    const bool audio = has(words, "audio");
    const bool image = has(words, "image");
    if (has(words, "output"))
        return audio ? UsageClass::AudioOut : image ? UsageClass::ImageOut : UsageClass::Output;
    if (!has(words, "input") && !has(words, "cache"))
        return std::nullopt;
    if (has(words, "cache write") || has(words, "cache creation"))
        return UsageClass::CacheWrite5m;
    if (has(words, "cache"))
        return audio ? UsageClass::CacheReadAudio : image ? UsageClass::CacheReadImage : UsageClass::CacheRead;
    if (has(model, "embedding"))
        return UsageClass::Embedding;
    return audio ? UsageClass::AudioIn : image ? UsageClass::ImageIn : UsageClass::Input;
}

/// Takes a tier out of a text and says which.
std::string takeTier(std::string &text)
{
    for (const std::string_view tier : {"batch", "flex", "priority"}) {
        const auto at = text.find(tier);
        // "batch" as a word of its own, not as a part of a name of a model.
        const bool begins = at == 0 || (at != std::string::npos && (text[at - 1] == ' ' || text[at - 1] == '('));
        if (!begins)
            continue;
        std::size_t from = at;
        std::size_t to = at + tier.size();
        while (from > 0 && (text[from - 1] == ' ' || text[from - 1] == '('))
            --from;
        while (to < text.size() && (text[to] == ')' || (from == 0 && text[to] == ' ')))
            ++to;
        text.erase(from, to - from);
        return std::string(tier);
    }
    return {};
}

/// Tools that are billed by the call ("web search tool calls", "assistants api | code interpreter"); storage is not.
std::optional<UsageClass> classOfTool(std::string_view text)
{
    if (has(text, "storage"))
        return std::nullopt;
    if (has(text, "web search"))
        return UsageClass::WebSearch;
    if (has(text, "code interpreter"))
        return UsageClass::CodeExecution;
    if (has(text, "file search"))
        return UsageClass::FileSearch;
    return std::nullopt;
}

LineItem readLineItem(const std::string &text)
{
    LineItem item;
    const auto comma = text.rfind(", ");
    if (comma == std::string::npos) {
        item.usageClass = classOfTool(lowered(text));
        return item;
    }
    std::string words = lowered(std::string_view(text).substr(comma + 2));
    std::string model = text.substr(0, comma);
    item.tier = takeTier(words);
    if (item.tier.empty())
        item.tier = takeTier(model);
    item.usageClass = classOfWords(lowered(model), words);
    if (item.usageClass || has(words, "training") || has(words, "request"))
        item.model = std::move(model);
    return item;
}

class OpenAiCostConverter : public ColumnConverter
{
public:
    OpenAiCostConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_start(m_cells.date({"bucketstarttime", "starttime", "starttimeiso"}))
        , m_end(m_cells.date({"bucketendtime", "endtime", "endtimeiso"}))
        , m_amount(m_cells.number({"amountvalue"}))
        , m_amountCurrency(m_cells.currency({"amountcurrency"}))
        , m_quantity(m_cells.number({"quantity"}))
        , m_unit(m_cells.text({"quantityunit"}))
        , m_item(m_cells.text({"lineitem"}))
        , m_object(shape.json ? m_cells.text({"object"}) : -1)
        , m_organization(m_cells.text({"organizationid"}))
        , m_project(m_cells.text({"projectname", "projectid"}))
        , m_projectId(m_cells.text({"projectid"}))
        , m_keyName(m_cells.text({"apikeyname"}))
        , m_keyId(m_cells.text({"apikeyid"}))
        , m_source(m_cells.text({"apisource"}))
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        const std::string object = m_cells.words(record, m_object);
        if (!object.empty() && object != "organization.costs.result") {
            rows.rejectField(m_object, "is no cost; import usage and costs as files of their own");
            return {};
        }
        ChargeRow row;
        row.description = m_cells.words(record, m_item);
        if (!m_cells.amount(record, m_amount, row.billed, rows))
            return {};
        // Days without any spend have a row of their own, with nothing but the day.
        if (!row.billed && row.description.empty() && m_cells.words(record, m_quantity).empty()) {
            rows.acceptEmpty();
            return {};
        }
        if (!row.billed) {
            rows.rejectField(m_amount, "is empty");
            return {};
        }
        if (!m_cells.sameCurrency(record, m_amountCurrency, rows)
            || !m_cells.time(record, m_start, true, row.period.from, rows))
            return {};
        row.period.to = {row.period.from.micros + microsPerDay};
        if (!m_cells.time(record, m_end, false, row.period.to, rows)
            || !m_cells.quantity(record, m_quantity, row.consumedQuantity, rows))
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
        if (m_item < 0)
            rows.warn("the report is not grouped by line item: its amounts name no model, and are tied to the usage "
                      "of all models together");
    }

private:
    void describe(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
    {
        row.provider = "openai";
        row.service = "OpenAI API";
        row.effective = row.billed;
        row.consumedUnit = m_cells.words(record, m_unit);
        row.account = m_cells.words(record, m_organization);
        LineItem item = readLineItem(row.description);
        row.model = item.model;
        row.sku = row.description;
        row.pricingCategory = item.tier;
        if (!item.model.empty())
            row.serviceCategory = "AI and Machine Learning";
        // Money that comes back for a model corrects its usage; any other is a credit.
        if (*row.billed < Money()) {
            row.correction = !item.model.empty();
            row.category = row.correction ? ChargeCategory::Usage : ChargeCategory::Credit;
        }
        readTokens(item, row, rows);
        const std::string project = m_cells.words(record, m_project);
        tag(row.tags, "project", record, project.empty() ? m_projectId : m_project);
        tag(row.tags, "api_key_name", record, m_keyName);
        tag(row.tags, "api_key_id", record, m_keyId);
        tag(row.tags, "api_source", record, m_source);
    }

    static void readTokens(const LineItem &item, ChargeRow &row, RowCollector &rows)
    {
        if (!row.description.empty() && item.model.empty())
            rows.count("line items that name no model are kept as charges without one");
        const bool tokens = normalisedName(row.consumedUnit) == "tokens" || row.consumedUnit.empty();
        if (!item.usageClass || (isTokenClass(*item.usageClass) && !tokens))
            return;
        row.tokenClass = item.usageClass;
        if (row.consumedQuantity.empty())
            return;
        const auto whole = parseWhole(row.consumedQuantity, NumberStyle::PointDecimal);
        if (whole && *whole) {
            row.tokens = **whole;
            return;
        }
        row.tokenClass.reset();
        rows.count("quantities that are no whole number: these lines stay plain charges");
    }

    int m_start, m_end, m_amount, m_amountCurrency, m_quantity, m_unit, m_item, m_object, m_organization, m_project,
        m_projectId, m_keyName, m_keyId, m_source;
};

FormatMatch matchOpenAiCost(const TableShape &shape)
{
    if (!hasColumns(shape, {"amountvalue"}))
        return {};
    if (shape.json && hasColumns(shape, {"bucketstarttime"}))
        return {100, "buckets of results with amount.value are those of OpenAI's Costs API"};
    if (hasColumns(shape, {"lineitem", "projectid", "starttime"}))
        return {100, "the columns amount_value, line_item and project_id are those of OpenAI's cost export"};
    return {};
}

} // namespace

std::unique_ptr<LedgerFormat> openAiCostFormat()
{
    return ledgerFormatOf({"openai-costs", "OpenAI costs (dashboard export, Costs API)", matchOpenAiCost,
                           makeConverter<OpenAiCostConverter>});
}

} // namespace perunit
