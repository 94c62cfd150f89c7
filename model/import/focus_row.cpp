// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/focus_row.h"

#include "model/import/bill_rows.h"
#include "model/import/table_file.h"

#include <nlohmann/json.hpp>

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

bool contains(std::string_view text, std::initializer_list<std::string_view> parts)
{
    return std::any_of(parts.begin(), parts.end(),
                       [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

/// What SkuPriceDetails says (FOCUS 1.5 draft and the drafts before it).
struct Details {
    std::string model;
    std::string direction;
    std::string cacheAction;
    std::string tokenType;
    bool damaged = false;
};

Details readDetails(const std::string &text)
{
    Details details;
    if (text.empty())
        return details;
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) {
        details.damaged = true;
        return details;
    }
    const auto take = [&json](const char *key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    details.model = take("ModelId");
    details.direction = normalisedName(take("TokenDirection"));
    details.cacheAction = normalisedName(take("TokenCacheAction"));
    details.tokenType = normalisedName(take("TokenType"));
    return details;
}

/// Words of a meter or a description; the order matters: "cached input" before "input".
std::optional<UsageClass> classFromWords(std::string_view words)
{
    const bool audio = contains(words, {"audio", " aud "});
    const bool image = contains(words, {"image", " img "});
    if (contains(words, {"embedding"}))
        return UsageClass::Embedding;
    if (contains(words, {"cache read", "cache-read", "cached inp", "cached-inp", "cache hit", "cchd inp"}))
        return UsageClass::CacheRead;
    if (contains(words, {"cache write", "cache-write", "cache creation"}))
        return contains(words, {"1-hour", "1 hour", "1h"}) ? UsageClass::CacheWrite1h : UsageClass::CacheWrite5m;
    if (contains(words, {"outp", "output", "completion", "generated"}))
        return audio ? UsageClass::AudioOut : image ? UsageClass::ImageOut : UsageClass::Output;
    if (contains(words, {"inp ", "inp-", "input", "prompt"}))
        return audio ? UsageClass::AudioIn : image ? UsageClass::ImageIn : UsageClass::Input;
    return std::nullopt;
}

std::optional<UsageClass> classOf(const Details &details, const std::string &words, std::string &problem)
{
    if (details.tokenType == "input")
        return UsageClass::Input;
    if (details.tokenType == "output")
        return UsageClass::Output;
    if (details.tokenType == "cacheread")
        return UsageClass::CacheRead;
    const bool oneHour = contains(words, {"1-hour", "1 hour", "1h "});
    if (details.tokenType == "cachewrite" || details.cacheAction == "write")
        return oneHour ? UsageClass::CacheWrite1h : UsageClass::CacheWrite5m;
    if (details.cacheAction == "read")
        return UsageClass::CacheRead;
    if (details.cacheAction == "other") {
        problem = "SkuPriceDetails names the cache action 'Other'; its tokens have no class and stay a plain charge";
        return std::nullopt;
    }
    if (details.direction == "input" || details.direction == "output") {
        // Modality is not part of the details; the meter's own words tell it.
        const auto spoken = classFromWords(words);
        const bool output = details.direction == "output";
        const auto fits = output ? std::array{UsageClass::AudioOut, UsageClass::ImageOut, UsageClass::Output}
                                 : std::array{UsageClass::AudioIn, UsageClass::ImageIn, UsageClass::Embedding};
        if (spoken && std::find(fits.begin(), fits.end(), *spoken) != fits.end())
            return spoken;
        // An uncached direction beats the words; without an action the words may still say "cached".
        if (!output && details.cacheAction.empty() && spoken == UsageClass::CacheRead)
            return spoken;
        return output ? UsageClass::Output : UsageClass::Input;
    }
    return classFromWords(words);
}

} // namespace

std::int64_t tokensPerUnit(std::string_view unit)
{
    const std::string text = lower(unit);
    std::size_t at = 0;
    std::int64_t factor = 0;
    while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == ',')) {
        if (text[at] != ',' && factor < 1'000'000'000'000)
            factor = factor * 10 + (text[at] - '0');
        ++at;
    }
    if (at == 0)
        factor = 1;
    std::string rest = normalisedName(std::string_view(text).substr(at));
    if (at > 0 && rest.starts_with('k')) {
        factor *= 1'000;
        rest.erase(0, 1);
    } else if (at > 0 && rest.starts_with('m')) {
        factor *= 1'000'000;
        rest.erase(0, 1);
    }
    return rest == "token" || rest == "tokens" ? factor : 0;
}

TokenReading readTokens(const TokenQuestion &question)
{
    TokenReading reading;
    const Details details = readDetails(question.skuPriceDetails);
    if (details.damaged)
        reading.problem = "SkuPriceDetails is no JSON object; the row was kept without it";
    reading.model = details.model;
    const std::int64_t factor = tokensPerUnit(question.row.consumedUnit);
    if (factor == 0 || question.row.category == ChargeCategory::Purchase)
        return reading;
    const std::string words = lower(question.meter + " " + question.row.description) + " ";
    const bool named = !details.model.empty() || !details.direction.empty() || !details.tokenType.empty();
    const bool service = contains(lower(question.row.serviceCategory), {"ai and machine learning", "machine learning"});
    if (!named && !service)
        return reading;
    const auto tokenClass = classOf(details, words, reading.problem);
    if (!tokenClass) {
        if (reading.problem.empty())
            reading.problem = "token lines that do not say which kind of token they bill stay plain charges";
        return reading;
    }
    bool rounded = false;
    const auto tokens = wholeTokens(question.row.consumedQuantity, factor, rounded);
    if (!tokens) {
        reading.problem = "token lines without a usable quantity stay plain charges";
        return reading;
    }
    if (rounded)
        reading.problem = "token quantities that are no whole number were rounded";
    reading.tokens = *tokens;
    reading.tokenClass = tokenClass;
    return reading;
}

bool isModelService(const ChargeRow &row, std::string_view subcategory, std::string_view publisher)
{
    if (row.tokenClass || normalisedName(subcategory) == "generativeai")
        return true;
    const std::string names = lower(row.provider + " | " + row.service + " | " + std::string(publisher));
    return contains(names, {"openai", "anthropic", "bedrock", "vertex ai", "generative ai", "mistral", "cohere",
                            "deepseek", "gemini", "claude", "foundry models", "groq", "together ai", "fireworks ai",
                            "openrouter", "perplexity"});
}

} // namespace perunit
