// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/litellm_prices.h"

#include <algorithm>
#include <charconv>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

std::string_view textOf(const JsonValue &entry, std::string_view name)
{
    const JsonValue *value = entry.find(name);
    return value && value->is(Kind::String) ? std::string_view(value->text) : std::string_view{};
}

bool removeSuffix(std::string_view &text, std::string_view suffix)
{
    if (text.size() < suffix.size() || text.substr(text.size() - suffix.size()) != suffix)
        return false;
    text.remove_suffix(suffix.size());
    return true;
}

/// Takes "_above_200k_tokens" off the end; the threshold in tokens, or -1.
std::int64_t removeThreshold(std::string_view &text)
{
    std::string_view rest = text;
    const std::size_t at = rest.rfind("_above_");
    if (!removeSuffix(rest, "k_tokens") || at == std::string_view::npos || at + 7 >= rest.size())
        return -1;
    const std::string_view digits = rest.substr(at + 7);
    std::int64_t thousands = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), thousands);
    if (failure != std::errc{} || end != digits.data() + digits.size() || thousands <= 0 || thousands > 1'000'000)
        return -1;
    text = text.substr(0, at);
    return thousands * 1000;
}

std::optional<UsageClass> classNamed(std::string_view name, std::string_view mode)
{
    using enum UsageClass;
    static const std::map<std::string_view, UsageClass> classes{
        {"input_cost_per_token", Input},
        {"output_cost_per_token", Output},
        {"cache_read_input_token_cost", CacheRead},
        {"input_cost_per_token_cache_hit", CacheRead},
        {"cache_creation_input_token_cost", CacheWrite5m},
        {"input_cost_per_audio_token", AudioIn},
        {"output_cost_per_audio_token", AudioOut},
        {"input_cost_per_image_token", ImageIn},
        {"output_cost_per_image_token", ImageOut},
        {"input_cost_per_request", Request},
        {"ocr_cost_per_page", Page},
    };
    if (const auto found = classes.find(name); found != classes.end())
        return found->second;
    if (name == "input_cost_per_query" && (mode == "rerank" || mode == "search"))
        return Request;
    if (name == "input_cost_per_second" && mode == "audio_transcription")
        return AudioSeconds;
    if (name == "output_cost_per_image" && (mode == "image_generation" || mode == "image_edit"))
        return Image;
    return std::nullopt;
}

bool isPriceLike(std::string_view name)
{
    return name.find("cost") != std::string_view::npos || name.find("multiplier") != std::string_view::npos
           || name == "tiered_pricing" || name == "provider_specific_entry" || name == "off_peak_pricing";
}

bool isZero(const JsonValue &value)
{
    return value.is(Kind::Number) && value.text.find_first_not_of("0.-eE+") == std::string::npos;
}

/// Reads the members of one object into rows.
class PriceReader
{
public:
    PriceReader(const JsonValue &entry, const std::string &path, std::vector<CatalogueIssue> &issues)
        : m_entry(entry)
        , m_path(path)
        , m_issues(issues)
        , m_mode(textOf(entry, "mode"))
    {}

    LiteLlmPrices read()
    {
        for (std::size_t i = 0; i < m_entry.names.size(); ++i)
            readMember(m_entry.names[i], m_entry.items[i], joinPath(m_path, m_entry.names[i]), -1);
        if (const JsonValue *tiers = m_entry.find("tiered_pricing"))
            readTiers(*tiers);
        if (const JsonValue *search = m_entry.find("search_context_cost_per_query"))
            readSearch(*search);
        if (m_mode == "embedding")
            copyInputToEmbedding();
        dropImageFeeBesideImageTokens();
        leaveOutImpossible(m_prices, m_path, m_issues);
        return std::move(m_prices);
    }

private:
    void issue(std::string path, std::string reason) { m_issues.push_back({std::move(path), std::move(reason)}); }

    void readMember(std::string_view name, const JsonValue &value, const std::string &path, std::int64_t threshold)
    {
        if (value.is(Kind::Null) || !isPriceLike(name) || name == "tiered_pricing"
            || name == "search_context_cost_per_query")
            return;
        const auto known = parseLiteLlmPriceName(name, m_mode);
        if (!known) {
            readUnknown(name, value, path);
            return;
        }
        const auto price = value.is(Kind::Number) ? parseLiteLlmPrice(value.text) : std::nullopt;
        if (!price) {
            issue(path, "not a number of at least 0; left without a price");
            return;
        }
        if (name == "input_cost_per_token_cache_hit" && m_entry.find("cache_read_input_token_cost"))
            return;
        if (price->femto == 0) {
            if (hasNoOutput() && (known->usageClass == UsageClass::Output || m_mode == "rerank"))
                return;
            issue(path, "the price is 0; read as free of charge");
        }
        LiteLlmRow row = known->row;
        if (threshold >= 0)
            row.second = threshold;
        m_prices[row][static_cast<std::size_t>(known->usageClass)] = price;
    }

    /// Kinds of models that generate no tokens; a zero there says so and states no price.
    [[nodiscard]] bool hasNoOutput() const
    {
        return m_mode == "embedding" || m_mode == "rerank" || m_mode == "moderation" || m_mode == "audio_transcription";
    }

    void readUnknown(std::string_view name, const JsonValue &value, const std::string &path)
    {
        if (isZero(value))
            return;
        if (name == "output_cost_per_reasoning_token") {
            const JsonValue *output = m_entry.find("output_cost_per_token");
            if (!output || output->text != value.text)
                issue(path, "reasoning tokens are priced apart from output; they are charged as output here");
            return;
        }
        issue(path, "charged by something that the catalogue has no class for; left out");
    }

    void readTiers(const JsonValue &tiers)
    {
        const std::string path = joinPath(m_path, "tiered_pricing");
        if (!tiers.is(Kind::Array))
            return issue(path, "not a list; left out");
        for (std::size_t i = 0; i < tiers.items.size(); ++i) {
            const JsonValue &tier = tiers.items[i];
            const std::string place = joinPath(path, std::to_string(i));
            const JsonValue *range = tier.is(Kind::Object) ? tier.find("range") : nullptr;
            const auto start = range && range->is(Kind::Array) && !range->items.empty()
                                   ? parseDecimal(range->items.front().text, 0)
                                   : Result<ScaledDecimal>(Error{});
            if (!start || start->units < 0 || start->units > 1'000'000'000'000) {
                issue(place, "not a range of prompt tokens; left out");
                continue;
            }
            // A range is start < n <= end: the first one is the base, the others begin just above their start.
            const auto tokens = static_cast<std::int64_t>(start->units);
            for (std::size_t j = 0; j < tier.names.size(); ++j)
                readMember(tier.names[j], tier.items[j], joinPath(place, tier.names[j]), tokens == 0 ? -1 : tokens);
        }
    }

    void readSearch(const JsonValue &search)
    {
        const std::string path = joinPath(m_path, "search_context_cost_per_query");
        std::optional<UnitPrice> price;
        for (const JsonValue &each : search.items) {
            const auto next = each.is(Kind::Number) ? parseLiteLlmPrice(each.text) : std::nullopt;
            if (!next || (price && *price != *next))
                return issue(path, "the price of a search depends on its context size; left without a price");
            price = next;
        }
        if (price)
            m_prices[{ServiceTier::Standard, -1}][static_cast<std::size_t>(UsageClass::WebSearch)] = price;
    }

    void copyInputToEmbedding()
    {
        for (auto &[row, prices] : m_prices)
            prices[static_cast<std::size_t>(UsageClass::Embedding)] =
                prices[static_cast<std::size_t>(UsageClass::Input)];
    }

    /// Where both are given they are two ways to say one charge; the tokens are exact.
    void dropImageFeeBesideImageTokens()
    {
        for (auto &[row, prices] : m_prices) {
            auto &fee = prices[static_cast<std::size_t>(UsageClass::Image)];
            if (fee && prices[static_cast<std::size_t>(UsageClass::ImageOut)]) {
                fee.reset();
                issue(joinPath(m_path, "output_cost_per_image"), "the same charge as the image tokens; left out");
            }
        }
    }

    const JsonValue &m_entry;
    const std::string &m_path;
    std::vector<CatalogueIssue> &m_issues;
    std::string m_mode;
    LiteLlmPrices m_prices;
};

} // namespace

std::optional<LiteLlmPriceName> parseLiteLlmPriceName(std::string_view name, std::string_view mode)
{
    LiteLlmPriceName result;
    if (removeSuffix(name, "_priority"))
        result.row.first = ServiceTier::Priority;
    else if (removeSuffix(name, "_flex"))
        result.row.first = ServiceTier::Flex;
    else if (removeSuffix(name, "_batches"))
        result.row.first = ServiceTier::Batch;
    result.row.second = removeThreshold(name);
    const bool oneHour = removeSuffix(name, "_above_1hr");
    const auto usageClass = classNamed(name, mode);
    if (!usageClass || (oneHour && *usageClass != UsageClass::CacheWrite5m))
        return std::nullopt;
    result.usageClass = oneHour ? UsageClass::CacheWrite1h : *usageClass;
    return result;
}

std::optional<UnitPrice> parseLiteLlmPrice(std::string_view token)
{
    return parsePriceNumber(token, perToken);
}

LiteLlmPrices readLiteLlmPrices(const JsonValue &entry, const std::string &path, std::vector<CatalogueIssue> &issues)
{
    return PriceReader(entry, path, issues).read();
}

} // namespace perunit
