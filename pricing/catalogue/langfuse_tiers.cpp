// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/langfuse_tiers.h"

#include "pricing/catalogue/litellm_prices.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <map>
#include <optional>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;
using Prices = std::array<std::optional<UnitPrice>, usageClassCount>;

/// "service_tier is one of fast, priority".
struct ParameterCondition {
    std::string key;
    std::vector<std::string> values;

    [[nodiscard]] bool holdsFor(ServiceTier tier) const
    {
        const auto has = [this](std::string_view value) {
            return std::find(values.begin(), values.end(), value) != values.end();
        };
        // A request in fast mode says so in one parameter or the other, by provider.
        if (key == "speed")
            return tier == ServiceTier::Fast && has("fast");
        return key == "service_tier" && tier != ServiceTier::Standard && has(nameOf(tier));
    }
};

struct PricingTier {
    std::string name;
    bool isDefault = false;
    std::int64_t priority = 0;
    std::vector<ParameterCondition> parameters;
    std::vector<ContextThreshold> lengths;
    Prices prices;

    [[nodiscard]] bool holdsFor(ServiceTier tier, const std::optional<ContextThreshold> &band) const
    {
        const auto reached = [&band](const ContextThreshold &length) {
            return band
                   && (band->tokens > length.tokens
                       || (band->tokens == length.tokens && (length.inclusive || !band->inclusive)));
        };
        return std::all_of(parameters.begin(), parameters.end(),
                           [tier](const ParameterCondition &each) { return each.holdsFor(tier); })
               && std::all_of(lengths.begin(), lengths.end(), reached);
    }
};

std::optional<std::int64_t> wholeNumber(const JsonValue *value)
{
    if (!value || !value->is(Kind::Number))
        return std::nullopt;
    const auto number = parseDecimal(value->text, 0);
    if (!number || number->rounded || number->units < 0 || number->units > 1'000'000'000'000)
        return std::nullopt;
    return static_cast<std::int64_t>(number->units);
}

class TierReader
{
public:
    TierReader(const LangfuseRateContext &context, std::vector<CatalogueIssue> &issues)
        : m_context(context)
        , m_issues(issues)
    {}

    std::vector<Rate> read(const JsonValue &tiers, const std::string &path)
    {
        for (std::size_t i = 0; i < tiers.items.size(); ++i)
            readTier(tiers.items[i], joinPath(path, std::to_string(i)));
        std::stable_sort(m_tiers.begin(), m_tiers.end(),
                         [](const PricingTier &a, const PricingTier &b) { return a.priority < b.priority; });
        return rates();
    }

private:
    void issue(std::string path, std::string reason) { m_issues.push_back({std::move(path), std::move(reason)}); }

    void readTier(const JsonValue &json, const std::string &path)
    {
        const JsonValue *prices = json.is(Kind::Object) ? json.find("prices") : nullptr;
        if (!prices || !prices->is(Kind::Object))
            return issue(path, "no prices; left out");
        PricingTier tier;
        if (const JsonValue *name = json.find("name"); name && name->is(Kind::String))
            tier.name = name->text;
        const JsonValue *isDefault = json.find("isDefault");
        tier.isDefault = isDefault && isDefault->is(Kind::Boolean) && isDefault->boolean;
        tier.priority = wholeNumber(json.find("priority")).value_or(0);
        const JsonValue *conditions = json.find("conditions");
        for (std::size_t i = 0; !tier.isDefault && conditions && i < conditions->items.size(); ++i) {
            if (!readCondition(conditions->items[i], tier))
                return issue(joinPath(joinPath(path, "conditions"), std::to_string(i)),
                             "a condition that is not known here; this tier is left out");
        }
        // The library never takes a tier that is neither the default nor has a condition.
        if (!tier.isDefault && tier.parameters.empty() && tier.lengths.empty())
            return issue(path, "no condition says when it holds; left out");
        readPrices(*prices, joinPath(path, "prices"), tier);
        m_tiers.push_back(std::move(tier));
    }

    static bool readCondition(const JsonValue &json, PricingTier &tier)
    {
        if (!json.is(Kind::Object))
            return false;
        const JsonValue *op = json.find("operator");
        if (!op || !op->is(Kind::String))
            return false;
        if (const JsonValue *names = json.find("usageDetailPattern"); names && names->is(Kind::String)) {
            const auto tokens = wholeNumber(json.find("value"));
            // The sum over these names is the prompt; another sum has no band here.
            const bool prompt =
                names->text.find("input") != std::string::npos || names->text.find("prompt") != std::string::npos;
            if (!tokens || !prompt || (op->text != "gt" && op->text != "gte"))
                return false;
            tier.lengths.push_back({*tokens, op->text == "gte"});
            return true;
        }
        const JsonValue *key = json.find("key");
        const JsonValue *values = json.find("values");
        if (!key || !key->is(Kind::String) || (key->text != "service_tier" && key->text != "speed") || op->text != "in"
            || !values || !values->is(Kind::Array))
            return false;
        ParameterCondition condition{key->text, {}};
        for (const JsonValue &value : values->items) {
            if (value.is(Kind::String))
                condition.values.push_back(lowered(value.text));
        }
        tier.parameters.push_back(std::move(condition));
        return true;
    }

    void readPrices(const JsonValue &json, const std::string &path, PricingTier &tier)
    {
        for (std::size_t i = 0; i < json.names.size(); ++i) {
            const std::string &name = json.names[i];
            const std::string place = joinPath(path, name);
            const auto price = json.items[i].is(Kind::Number) ? parseLiteLlmPrice(json.items[i].text) : std::nullopt;
            const auto usageClass = langfuseClassOf(name);
            if (!price) {
                issue(place, "not a number of at least 0; left without a price");
            } else if (name == "total") {
                for (const UsageClass each : {UsageClass::Input, UsageClass::Output, UsageClass::Embedding})
                    put(tier, each, *price, place);
            } else if (!usageClass) {
                issue(place, "charged by something that the catalogue has no class for; left out");
            } else {
                put(tier, *usageClass, *price, place);
            }
        }
    }

    /// Many names mean one thing, and all of them should cost the same.
    void put(PricingTier &tier, UsageClass usageClass, UnitPrice price, const std::string &place)
    {
        auto &slot = tier.prices[static_cast<std::size_t>(usageClass)];
        if (slot && *slot != price)
            return issue(place, "another price for the same thing; the first one counts");
        slot = price;
    }

    [[nodiscard]] const PricingTier *winner(ServiceTier tier, const std::optional<ContextThreshold> &band) const
    {
        for (const PricingTier &each : m_tiers) {
            if (!each.isDefault && each.holdsFor(tier, band))
                return &each;
        }
        for (const PricingTier &each : m_tiers) {
            if (each.isDefault)
                return &each;
        }
        return nullptr;
    }

    [[nodiscard]] std::vector<std::optional<ContextThreshold>> bands() const
    {
        std::vector<std::optional<ContextThreshold>> result{std::nullopt};
        for (const PricingTier &tier : m_tiers) {
            for (const ContextThreshold &length : tier.lengths) {
                if (std::find(result.begin(), result.end(), length) == result.end())
                    result.emplace_back(length);
            }
        }
        return result;
    }

    std::vector<Rate> rates()
    {
        std::vector<Rate> result;
        const auto all = bands();
        for (const ServiceTier tier :
             {ServiceTier::Standard, ServiceTier::Batch, ServiceTier::Flex, ServiceTier::Priority, ServiceTier::Fast}) {
            const bool own =
                tier == ServiceTier::Standard || std::any_of(all.begin(), all.end(), [this, tier](const auto &band) {
                    return winner(tier, band) != winner(ServiceTier::Standard, band);
                });
            for (const auto &band : all) {
                if (const PricingTier *found = own ? winner(tier, band) : nullptr)
                    result.push_back(rateOf(*found, tier, band));
            }
        }
        return result;
    }

    [[nodiscard]] Rate rateOf(const PricingTier &source, ServiceTier tier,
                              const std::optional<ContextThreshold> &band) const
    {
        Rate rate;
        rate.id = m_context.idStart + "#" + std::string(nameOf(tier));
        if (band)
            rate.id += ">" + std::to_string(band->tokens);
        rate.valid = {m_context.effectiveFrom, alwaysAfter};
        rate.tier = tier;
        rate.context = band;
        rate.prices = source.prices;
        rate.source = m_context.source;
        rate.checked = m_context.checked;
        rate.grade = "C";
        rate.note = "pricing tier '" + source.name + "'";
        if (m_context.reading == CatalogueReading::AsItsLibrary) {
            for (auto &price : rate.prices)
                price = price ? price : UnitPrice{};
            rate.note += "; Langfuse charges nothing for what it does not name";
        } else {
            // Reasoning at the price of output is output, in the tiers that do not name it too.
            auto &reasoning = rate.prices[static_cast<std::size_t>(UsageClass::Reasoning)];
            if (reasoning == rate.prices[static_cast<std::size_t>(UsageClass::Output)])
                reasoning.reset();
        }
        return rate;
    }

    const LangfuseRateContext &m_context;
    std::vector<CatalogueIssue> &m_issues;
    std::vector<PricingTier> m_tiers;
};

} // namespace

std::vector<Rate> readLangfuseRates(const JsonValue &tiers, const std::string &path, const LangfuseRateContext &context,
                                    std::vector<CatalogueIssue> &issues)
{
    return TierReader(context, issues).read(tiers, path);
}

std::optional<UsageClass> langfuseClassOf(std::string_view usageName)
{
    using enum UsageClass;
    static const std::map<std::string_view, UsageClass> classes{
        {"input", Input},
        {"input_tokens", Input},
        {"input_text", Input},
        {"input_text_tokens", Input},
        {"input_modality_1", Input},
        {"prompt_tokens", Input},
        {"prompt_token_count", Input},
        {"promptTokenCount", Input},
        {"input_cached_tokens", CacheRead},
        {"input_cached_text_tokens", CacheRead},
        {"input_cache_read", CacheRead},
        {"cache_read_input_tokens", CacheRead},
        {"cached_content_token_count", CacheRead},
        {"cachedContentTokenCount", CacheRead},
        {"input_cache_creation", CacheWrite5m},
        {"input_cache_creation_5m", CacheWrite5m},
        {"cache_creation_input_tokens", CacheWrite5m},
        {"cache_write_tokens", CacheWrite5m},
        {"input_cache_creation_1h", CacheWrite1h},
        {"output", Output},
        {"output_tokens", Output},
        {"output_text", Output},
        {"output_text_tokens", Output},
        {"output_modality_1", Output},
        {"completion_tokens", Output},
        {"candidates_token_count", Output},
        {"candidatesTokenCount", Output},
        {"output_reasoning", Reasoning},
        {"output_reasoning_tokens", Reasoning},
        {"reasoning_tokens", Reasoning},
        {"thoughts_token_count", Reasoning},
        {"thoughtsTokenCount", Reasoning},
        {"input_audio", AudioIn},
        {"input_audio_tokens", AudioIn},
        {"input_cached_audio_tokens", CacheReadAudio},
        {"output_audio", AudioOut},
        {"output_audio_tokens", AudioOut},
        {"input_image", ImageIn},
        {"input_image_tokens", ImageIn},
        {"output_image", ImageOut},
        {"output_image_tokens", ImageOut},
        {"web_search_queries", WebSearch},
        {"webSearchQueries", WebSearch},
        {"grounding_queries", WebSearch},
        {"groundingQueries", WebSearch},
    };
    const auto found = classes.find(usageName);
    return found == classes.end() ? std::nullopt : std::optional(found->second);
}

} // namespace perunit
