// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"

#include "model/import/json_reader.h"
#include "model/import/mapping_suggestion.h"
#include "model/import/tag_text.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

bool isMailAddress(std::string_view value)
{
    const std::size_t at = value.find('@');
    return at != std::string_view::npos && at > 0 && value.find('.', at) != std::string_view::npos
           && value.find(' ') == std::string_view::npos;
}

Money larger(const ChargeRow &row)
{
    const auto size = [](const std::optional<Money> &amount) {
        const Money value = amount.value_or(Money());
        return value < Money() ? -value : value;
    };
    return std::max(size(row.billed), size(row.effective));
}

/// Prefixes that a cloud puts before the keys that its user chose.
std::string_view ownKey(std::string_view key)
{
    for (const std::string_view prefix : {"user:", "user_"}) {
        if (key.starts_with(prefix) && key.size() > prefix.size())
            return key.substr(prefix.size());
    }
    return key;
}

} // namespace

void BillWeight::add(const ChargeRow &row, bool isModelService)
{
    // Tax follows what it is levied on.
    if (row.category == ChargeCategory::Tax)
        return;
    const Money money = larger(row);
    // Only a comparison hangs on these sums: a file of absurd amounts must not overflow them.
    Money &sum = isModelService ? m_modelMoney : m_otherMoney;
    Int128 units = 0;
    if (!__builtin_add_overflow(sum.units(), money.units(), &units))
        sum = Money::ofUnits(units);
    ++(isModelService ? m_modelRows : m_otherRows);
}

void BillWeight::absorb(const BillWeight &other)
{
    const auto addTo = [](Money &sum, Money part) {
        Int128 units = 0;
        if (!__builtin_add_overflow(sum.units(), part.units(), &units))
            sum = Money::ofUnits(units);
    };
    addTo(m_modelMoney, other.m_modelMoney);
    addTo(m_otherMoney, other.m_otherMoney);
    m_modelRows += other.m_modelRows;
    m_otherRows += other.m_otherRows;
}

void BillWeight::finish(RowCollector &rows) const
{
    Source &facts = rows.facts();
    const bool byRows = m_modelMoney == m_otherMoney;
    const bool invoice = byRows ? m_modelRows > m_otherRows : m_modelMoney > m_otherMoney;
    facts.role = invoice ? SourceRole::Invoice : SourceRole::Harness;
    const auto part = [&facts](Money money, std::int64_t count) {
        return money.text() + (facts.currency.empty() ? "" : " " + facts.currency) + " in " + std::to_string(count)
               + (count == 1 ? " row" : " rows");
    };
    if (m_modelRows > 0 && m_otherRows > 0)
        rows.warn("the file mixes charges of AI models (" + part(m_modelMoney, m_modelRows) + ") with others ("
                  + part(m_otherMoney, m_otherRows) + "); by the greater part it is "
                  + (invoice ? "an invoice" : "harness cost"));
}

TagColumns::TagColumns(const TableShape &shape, std::initializer_list<std::string_view> cells,
                       std::initializer_list<std::string_view> prefixes)
    : m_shape(shape)
{
    for (const std::string_view cell : cells) {
        if (const int column = shape.indexOf(cell); column >= 0)
            m_cells.push_back(column);
    }
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        const std::string name = lower(shape.header[i]);
        for (const std::string_view prefix : prefixes) {
            if (!name.starts_with(lower(prefix)) || name.size() == prefix.size())
                continue;
            m_columns.emplace_back(static_cast<int>(i), shape.header[i].substr(prefix.size()));
            break;
        }
    }
}

void TagColumns::read(const CsvRecord &record, ChargeRow &row, RowCollector &rows) const
{
    for (const int cell : m_cells) {
        const std::string_view text = record.fields[static_cast<std::size_t>(cell)];
        const auto tags = parseTags(jsonOfPython(text));
        if (!tags) {
            rows.count("column '" + m_shape.header[static_cast<std::size_t>(cell)]
                       + "' holds tags that are no JSON; the row was kept without them");
            continue;
        }
        for (const auto &[key, value] : *tags)
            addTag(row, key, value);
    }
    for (const auto &[column, key] : m_columns) {
        const std::string_view text = record.fields[static_cast<std::size_t>(column)];
        if (!isNullWord(text))
            addTag(row, key, trimmed(text));
    }
}

void addTag(ChargeRow &row, std::string_view key, std::string_view value)
{
    key = ownKey(key);
    const std::string_view last = key.substr(key.find_last_of("/.") + 1);
    if (key.empty() || isSensitiveColumn(normalisedName(key)) || isSensitiveColumn(normalisedName(last))
        || isMailAddress(value))
        return;
    row.tags.emplace_back(key, value);
    std::string_view dimension = dimensionOfTag(key);
    if (dimension.empty())
        dimension = dimensionOfTag(last);
    fillDimension(row, dimension, std::string(value));
}

std::string jsonOfPython(std::string_view text)
{
    text = trimmed(text);
    const bool nested = text.starts_with("[{'") || text.starts_with("{'");
    if (!nested)
        return std::string(text);
    std::string json;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == '\\' && i + 1 < text.size()) {
                // Python escapes its own quote, JSON does not know that one.
                if (text[i + 1] != '\'')
                    json += c;
                json += text[++i];
            } else if (c == quote) {
                json += '"';
                quote = 0;
            } else {
                json += c == '"' ? "\\\"" : std::string(1, c);
            }
            continue;
        }
        if (c == '\'' || c == '"') {
            quote = c;
            json += '"';
            continue;
        }
        bool taken = false;
        for (const auto &[python, word] :
             {std::pair<std::string_view, std::string_view>{"None", "null"}, {"True", "true"}, {"False", "false"}}) {
            if (text.substr(i, python.size()) != python)
                continue;
            json += word;
            i += python.size() - 1;
            taken = true;
            break;
        }
        if (!taken)
            json += c;
    }
    return json;
}

NestedCell::NestedCell(const TableShape &shape, std::string_view name)
    : m_cell(shape.indexOf(normalisedName(name)))
{
    const std::string prefix = lower(name) + '.';
    for (std::size_t i = 0; shape.json && i < shape.header.size(); ++i) {
        if (lower(shape.header[i]).starts_with(prefix))
            m_members.emplace_back(static_cast<int>(i), shape.header[i].substr(prefix.size()));
    }
}

std::string NestedCell::text(const CsvRecord &record) const
{
    if (m_cell >= 0) {
        const std::string_view cell = trimmed(record.fields[static_cast<std::size_t>(m_cell)]);
        if (!isNullWord(cell))
            return std::string(cell);
    }
    JsonValue object;
    object.kind = JsonValue::Kind::Object;
    for (const auto &[column, key] : m_members) {
        const std::string_view value = record.fields[static_cast<std::size_t>(column)];
        if (value.empty())
            continue;
        JsonValue text;
        text.kind = JsonValue::Kind::String;
        text.text = value;
        object.names.push_back(key);
        object.items.push_back(std::move(text));
    }
    return object.names.empty() ? std::string() : writeJson(object);
}

std::optional<std::int64_t> wholeTokens(const std::string &quantity, std::int64_t factor, bool &rounded)
{
    constexpr int decimals = 12;
    constexpr Int128 one = 1'000'000'000'000;
    constexpr Int128 most = 1'000'000'000'000'000'000;
    const auto value = parseDecimal(quantity, decimals);
    if (quantity.empty() || !value)
        return std::nullopt;
    Int128 scaled = 0;
    if (__builtin_mul_overflow(value->units, static_cast<Int128>(factor), &scaled))
        return std::nullopt;
    const Int128 tokens = divideHalfEven(scaled, one);
    if (tokens > most || tokens < -most)
        return std::nullopt;
    rounded |= tokens * one != scaled || value->rounded;
    return static_cast<std::int64_t>(tokens);
}

void takeTokens(ChargeRow &row, UsageClass usageClass, std::int64_t factor, RowCollector &rows)
{
    if (factor == 0) {
        rows.count("lines about tokens whose unit ('" + row.consumedUnit
                   + "') does not say how many they are stay plain charges");
        return;
    }
    bool rounded = false;
    const auto tokens = wholeTokens(row.consumedQuantity, factor, rounded);
    if (!tokens) {
        rows.count("token lines without a usable quantity stay plain charges");
        return;
    }
    if (rounded)
        rows.count("token quantities that are no whole number were rounded");
    row.tokenClass = usageClass;
    row.tokens = *tokens;
    const Money money = larger(row);
    if (*tokens == 0 || money.isZero())
        return;
    // Per million tokens below a hundredth of a cent or above ten thousand: a unit was misread, or is wrong.
    constexpr Int128 perToken = 1'000'000'000'000'000'000; // 10^-6 in units of Money: 1 per million tokens
    const Int128 price = money.units() / (*tokens < 0 ? -*tokens : *tokens);
    if (price > perToken * 10'000 || price < perToken / 10'000)
        rows.count("the cost of token lines does not fit their quantity and unit: no model costs that little or that "
                   "much for a token");
}

std::string_view harnessClassOf(std::string_view words)
{
    struct Class {
        std::string_view name;
        std::vector<std::string_view> parts;
    };
    // The first that fits counts: training on GPUs is training.
    static const std::vector<Class> table{
        {"training", {"train:", "training", "fine-tun", "finetun", "customization", "processing:ml"}},
        {"model hosting", {"host:ml", "serverlessinf", "hosting"}},
        {"vector database",
         {"opensearch", "amazones", "amazonaoss", "kendra", "azure ai search", "cognitive search", "pinecone", "qdrant",
          "weaviate", "milvus", "zilliz", "vector", "matching engine", "vertex ai search"}},
        {"document reading", {"textract", "document intelligence", "form recognizer", "document ai"}},
        {"guardrails", {"guardrail", "content safety", "moderation"}},
        {"web search", {"grounding", "web search", "bing search"}},
        {"speech", {"transcribe", "polly", "speech"}},
        {"observability",
         {"cloudwatch", "log analytics", "azure monitor", "application insights", "cloud logging", "cloud monitoring",
          "x-ray", "datadog", "langfuse", "langsmith", "new relic"}},
        {"data transfer",
         {"datatransfer", "data transfer", "egress", "bandwidth", "natgateway", "nat gateway", "internet out"}},
        {"gpu compute",
         {":p3", ":p4", ":p5", ":p6", ":g4", ":g5", ":g6", ":inf1", ":inf2", ":trn", "gpu", "nvidia", "a100", "h100",
          "h200", "ncads", "ndads", " nc", " nd "}},
        {"cache", {"elasticache", "redis", "memorystore", "valkey"}},
        {"orchestration",
         {"lambda", "step functions", "amazonstates", "azure functions", "logic apps", "cloud run", "cloud functions",
          "api gateway", "apigateway", "api management", "queueservice", "service bus", "pub/sub", "agentcore"}},
    };
    const std::string text = lower(words);
    for (const Class &entry : table) {
        for (const std::string_view part : entry.parts) {
            if (text.find(part) != std::string::npos)
                return entry.name;
        }
    }
    return {};
}

void BillWeight::classify(ChargeRow &row, bool isModelService, const std::string &words)
{
    if (isModelService) {
        if (row.serviceCategory.empty())
            row.serviceCategory = "AI and Machine Learning";
        return;
    }
    constexpr std::size_t mostClasses = 100'000;
    std::string_view harness;
    if (const auto known = m_classes.find(words); known != m_classes.end())
        harness = known->second;
    else {
        harness = harnessClassOf(words);
        if (m_classes.size() < mostClasses)
            m_classes.emplace(words, harness);
    }
    if (!harness.empty())
        row.tags.emplace_back("harness", harness);
    if (!row.serviceCategory.empty())
        return;
    struct Category {
        std::string_view harness;
        std::string_view name;
    };
    static constexpr std::array<Category, 12> categories{{{"training", "AI and Machine Learning"},
                                                          {"model hosting", "AI and Machine Learning"},
                                                          {"vector database", "Databases"},
                                                          {"document reading", "AI and Machine Learning"},
                                                          {"guardrails", "AI and Machine Learning"},
                                                          {"web search", "AI and Machine Learning"},
                                                          {"speech", "AI and Machine Learning"},
                                                          {"observability", "Management and Governance"},
                                                          {"data transfer", "Networking"},
                                                          {"gpu compute", "Compute"},
                                                          {"cache", "Databases"},
                                                          {"orchestration", "Integration"}}};
    row.serviceCategory = "Other";
    for (const Category &category : categories) {
        if (category.harness == harness)
            row.serviceCategory = category.name;
    }
}

std::string_view pricingCategoryOf(ServiceTier tier)
{
    switch (tier) {
    case ServiceTier::Standard:
        return {};
    case ServiceTier::Batch:
        return "Batch";
    case ServiceTier::Flex:
        return "Flex";
    case ServiceTier::Priority:
        return "Priority";
    case ServiceTier::Provisioned:
        return "Provisioned";
    case ServiceTier::Fast:
        return "Fast";
    }
    return {};
}

Period daysThrough(Instant first, Instant last)
{
    const Instant from{first.micros - ((first.micros % microsPerDay) + microsPerDay) % microsPerDay};
    const Instant to{last.micros - ((last.micros % microsPerDay) + microsPerDay) % microsPerDay + microsPerDay};
    return {from, to};
}

} // namespace perunit
