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

/// Names that count different things for different kinds of models.
std::optional<UsageClass> classByMode(std::string_view name, std::string_view mode)
{
    using enum UsageClass;
    if (name == "input_cost_per_query") {
        if (mode == "rerank" || mode == "search")
            return Request;
        return mode == "vector_store" ? std::optional(FileSearch) : std::nullopt;
    }
    if (name == "input_cost_per_second" || name == "output_cost_per_second") {
        if (mode == "audio_transcription" || mode == "audio_speech")
            return AudioSeconds;
        return mode == "video_generation" ? std::optional(VideoSeconds) : std::nullopt;
    }
    const bool generator = mode == "image_generation" || mode == "image_edit";
    if (name == "output_cost_per_image")
        return generator ? std::optional(Image) : std::nullopt;
    // Of a generator it is the old way to say what an image costs. Of chat models some rows mean an image and some a
    // token of one, so that it says nothing.
    if (name == "input_cost_per_image")
        return generator || mode == "embedding" ? std::optional(Image) : std::nullopt;
    return std::nullopt;
}

std::optional<UsageClass> classNamed(std::string_view name, std::string_view mode)
{
    using enum UsageClass;
    static const std::map<std::string_view, UsageClass> classes{
        {"input_cost_per_token", Input},
        {"input_cost_per_token_batch_requests", Input},
        {"output_cost_per_token", Output},
        {"output_cost_per_reasoning_token", Reasoning},
        {"cache_read_input_token_cost", CacheRead},
        {"cache_read_input_audio_token_cost", CacheReadAudio},
        {"cache_read_input_token_cost_per_audio_token", CacheReadAudio},
        {"cache_read_input_image_token_cost", CacheReadImage},
        {"input_cost_per_token_cache_hit", CacheRead},
        {"cache_creation_input_token_cost", CacheWrite5m},
        {"input_cost_per_audio_token", AudioIn},
        {"output_cost_per_audio_token", AudioOut},
        {"input_cost_per_image_token", ImageIn},
        {"output_cost_per_image_token", ImageOut},
        {"input_cost_per_request", Request},
        {"ocr_cost_per_page", Page},
        {"code_interpreter_cost_per_session", CodeExecution},
        {"file_search_cost_per_1k_calls", FileSearch},
        {"input_cost_per_character", Characters},
        {"input_cost_per_audio_per_second", AudioSeconds},
        {"input_cost_per_video_per_second", VideoSeconds},
        {"output_cost_per_video_per_second", VideoSeconds},
    };
    if (const auto found = classes.find(name); found != classes.end())
        return found->second;
    return classByMode(name, mode);
}

bool isPriceLike(std::string_view name)
{
    return name.find("cost") != std::string_view::npos || name.find("multiplier") != std::string_view::npos
           || name == "tiered_pricing" || name == "provider_specific_entry" || name == "off_peak_pricing";
}

/// Another name for what the member `first` prices; it counts where that one is absent or 0.
struct SecondName {
    std::string_view name;
    std::string_view first;
};
constexpr std::array<SecondName, 6> secondNames{
    {{"input_cost_per_token_cache_hit", "cache_read_input_token_cost"},
     {"cache_read_input_token_cost_per_audio_token", "cache_read_input_audio_token_cost"},
     {"input_cost_per_token_batch_requests", "input_cost_per_token_batches"},
     {"output_cost_per_second", "input_cost_per_second"},
     {"input_cost_per_image", "output_cost_per_image"},
     {"input_cost_per_audio_per_second", "input_cost_per_second"}}};

std::string_view firstNameFor(std::string_view name)
{
    for (const SecondName &each : secondNames) {
        if (each.name == name)
            return each.first;
    }
    return {};
}

/// Pixels of the image that a key such as "hd/1024-x-1792/dall-e-3" names; 0 when it names none.
std::int64_t pixelsIn(std::string_view key)
{
    const std::size_t cross = key.find("-x-");
    if (cross == std::string_view::npos)
        return 0;
    std::size_t start = cross;
    while (start > 0 && key[start - 1] >= '0' && key[start - 1] <= '9')
        --start;
    std::int64_t width = 0;
    std::int64_t height = 0;
    const auto left = std::from_chars(key.data() + start, key.data() + cross, width);
    const auto right = std::from_chars(key.data() + cross + 3, key.data() + key.size(), height);
    const bool both = left.ec == std::errc{} && right.ec == std::errc{};
    return both && width > 0 && height > 0 && width < 100'000 && height < 100'000 ? width * height : 0;
}

/// "1.1" as 1,100,000 parts per million; nothing for what is no factor.
std::optional<PartsPerMillion> factorOf(const JsonValue &value)
{
    if (!value.is(Kind::Number))
        return std::nullopt;
    const auto number = parseDecimal(value.text, 6);
    if (!number || number->rounded || number->units <= 0 || number->units > 1000 * static_cast<Int128>(onePpm))
        return std::nullopt;
    return static_cast<PartsPerMillion>(number->units);
}

bool isZero(const JsonValue &value)
{
    return value.is(Kind::Number) && value.text.find_first_not_of("0.-eE+") == std::string::npos;
}

/// Reads the members of one object into rows.
class PriceReader
{
public:
    PriceReader(const JsonValue &entry, const std::string &key, const std::string &path, CatalogueReading reading,
                std::vector<CatalogueIssue> &issues)
        : m_entry(entry)
        , m_key(key)
        , m_path(path)
        , m_library(reading == CatalogueReading::AsItsLibrary)
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
        if (!m_library) {
            dropReasoningLikeOutput();
            leaveOutImpossible(m_prices.rows, m_path, m_issues);
        } else if (!m_prices.rows.empty()) {
            completeAsLiteLlm(m_prices);
        }
        return std::move(m_prices);
    }

private:
    void issue(std::string path, std::string reason) { m_issues.push_back({std::move(path), std::move(reason)}); }

    void readMember(std::string_view name, const JsonValue &value, const std::string &path, std::int64_t threshold)
    {
        if (value.is(Kind::Null) || !isPriceLike(name) || name == "tiered_pricing"
            || name == "search_context_cost_per_query")
            return;
        if (readFactors(name, value, path) || readPixels(name, value, path))
            return;
        if (m_library && name == "input_cost_per_request")
            return issue(path, "LiteLLM charges no fee of a call; left out");
        if (m_library && name == "input_cost_per_token_batch_requests")
            return issue(path, "LiteLLM does not know this name; left out");
        const auto known = parseLiteLlmPriceName(name, m_mode);
        if (!known)
            return readUnknown(value, path);
        const auto price = priceIn(value);
        if (!price)
            return issue(path, "not a number of at least 0; left without a price");
        const JsonValue *first = m_entry.find(firstNameFor(name));
        if (!firstNameFor(name).empty()
            && (price->femto == 0 || (first && !first->is(Kind::Null) && !isZero(*first)))) {
            if (price->femto != 0 && first->text != value.text)
                issue(path, "another price beside " + std::string(firstNameFor(name)) + "; left out");
            return;
        }
        if (price->femto == 0) {
            if (hasNoOutput() && (known->usageClass == UsageClass::Output || m_mode == "rerank"))
                return;
            issue(path, "the price is 0; read as free of charge");
        }
        LiteLlmRow row = known->row;
        if (threshold >= 0)
            row.second = threshold;
        m_prices.rows[row][static_cast<std::size_t>(known->usageClass)] = price;
    }

    /// The library also takes a number that is written as a text.
    [[nodiscard]] std::optional<UnitPrice> priceIn(const JsonValue &value) const
    {
        const bool readable = value.is(Kind::Number) || (m_library && value.is(Kind::String) && !value.text.empty());
        return readable ? parseLiteLlmPrice(value.text) : std::nullopt;
    }

    /// Members that multiply other prices, and the hours in which others hold.
    bool readFactors(std::string_view name, const JsonValue &value, const std::string &path)
    {
        static constexpr std::string_view uplift = "regional_processing_uplift_multiplier_";
        if (name == "off_peak_pricing") {
            readLiteLlmOffPeak(value, path, m_prices, m_issues);
            return true;
        }
        if (name.substr(0, uplift.size()) == uplift) {
            const auto factor = factorOf(value);
            if (factor)
                m_prices.uplifts[std::string(name.substr(uplift.size()))] = *factor;
            else
                issue(path, "not a factor; left out");
            return true;
        }
        if (name != "provider_specific_entry" || !value.is(Kind::Object))
            return false;
        for (std::size_t i = 0; i < value.names.size(); ++i) {
            const auto factor = factorOf(value.items[i]);
            if (!factor) {
                if (value.items[i].is(Kind::Number))
                    issue(joinPath(path, value.names[i]), "not a factor; left out");
            } else if (value.names[i] == "fast") {
                m_prices.fastFactor = factor;
            } else {
                m_prices.uplifts[value.names[i]] = *factor;
            }
        }
        return true;
    }

    /// A generator that is charged by the pixel, under a key that names the size: the price of one such image.
    bool readPixels(std::string_view name, const JsonValue &value, const std::string &path)
    {
        if ((name != "input_cost_per_pixel" && name != "output_cost_per_pixel") || isZero(value))
            return false;
        const std::int64_t pixels = pixelsIn(m_key);
        const auto perPixel =
            value.is(Kind::Number) ? parseDecimal(value.text, Femto::scale + 9) : Result<ScaledDecimal>(Error{});
        for (const char *other : {"output_cost_per_image", "input_cost_per_image"}) {
            const JsonValue *image = m_entry.find(other);
            if (image && !image->is(Kind::Null) && !isZero(*image))
                return true; // the same charge, said exactly
        }
        if (pixels == 0 || !perPixel || perPixel->units < 0 || perPixel->units > Int128{1'000'000'000'000'000'000}) {
            issue(path, "charged by the pixel, and the key names no size; left out");
            return true;
        }
        const Int128 units = perPixel->units * pixels;
        const auto femto = static_cast<std::int64_t>(divideHalfEven(units, 1'000'000'000));
        m_prices.rows[{ServiceTier::Standard, -1}][static_cast<std::size_t>(UsageClass::Image)] =
            UnitPrice{femto, perPixel->rounded || units % 1'000'000'000 != 0};
        return true;
    }

    /// Kinds of models that generate no tokens; a zero there says so and states no price.
    [[nodiscard]] bool hasNoOutput() const
    {
        return m_mode == "embedding" || m_mode == "rerank" || m_mode == "moderation" || m_mode == "audio_transcription";
    }

    void readUnknown(const JsonValue &value, const std::string &path)
    {
        if (!isZero(value))
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
            m_prices.ranges = true;
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
            if (next && (!price || *price == *next)) {
                price = next;
                continue;
            }
            // The library takes the middle size when a request does not say how much it searched.
            const JsonValue *medium = m_library ? search.find("search_context_size_medium") : nullptr;
            price = medium ? priceIn(*medium) : std::nullopt;
            if (!price)
                return issue(path, "the price of a search depends on its context size; left without a price");
            break;
        }
        if (price)
            m_prices.rows[{ServiceTier::Standard, -1}][static_cast<std::size_t>(UsageClass::WebSearch)] = price;
    }

    void copyInputToEmbedding()
    {
        for (auto &[row, prices] : m_prices.rows)
            prices[static_cast<std::size_t>(UsageClass::Embedding)] =
                prices[static_cast<std::size_t>(UsageClass::Input)];
    }

    /// Where both are given they are two ways to say one charge; the tokens are exact.
    void dropImageFeeBesideImageTokens()
    {
        for (auto &[row, prices] : m_prices.rows) {
            auto &fee = prices[static_cast<std::size_t>(UsageClass::Image)];
            if (fee && prices[static_cast<std::size_t>(UsageClass::ImageOut)]) {
                fee.reset();
                issue(joinPath(m_path, "output_cost_per_image"), "the same charge as the image tokens; left out");
            }
        }
    }

    /// Reasoning at the price of output is output: a tier or length with another output price charges it so too.
    void dropReasoningLikeOutput()
    {
        const auto base = m_prices.rows.find({ServiceTier::Standard, -1});
        if (base == m_prices.rows.end())
            return;
        auto &reasoning = base->second[static_cast<std::size_t>(UsageClass::Reasoning)];
        if (reasoning == base->second[static_cast<std::size_t>(UsageClass::Output)])
            reasoning.reset();
    }

    const JsonValue &m_entry;
    const std::string &m_key;
    const std::string &m_path;
    bool m_library = false;
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
    else if (removeSuffix(name, "_fast"))
        result.row.first = ServiceTier::Fast;
    else if (removeSuffix(name, "_batches") || name == "input_cost_per_token_batch_requests")
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

LiteLlmPrices readLiteLlmPrices(const JsonValue &entry, const std::string &key, const std::string &path,
                                CatalogueReading reading, std::vector<CatalogueIssue> &issues)
{
    return PriceReader(entry, key, path, reading, issues).read();
}

} // namespace perunit
