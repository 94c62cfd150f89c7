// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/price_unit.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

namespace perunit {

namespace {

using Words = std::vector<std::string>;

constexpr std::int64_t thousand = 1000;
constexpr std::int64_t million = 1000 * thousand;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

struct Sign {
    std::string_view sign;
    std::string_view word;
};

/// Signs that stand for words; letters beyond ASCII stay in the words they belong to.
constexpr std::array signs{Sign{"US$", " usd "},      Sign{"$", " usd "},        Sign{"\xE2\x82\xAC", " eur "},
                           Sign{"\xC2\xA3", " gbp "}, Sign{"\xC2\xA5", " yen "}, Sign{"\xE2\x82\xB9", " inr "},
                           Sign{"/", " per "}};

/// Lower-case words; "1M" becomes "1" and "m", "/" becomes "per", "$" becomes "usd".
Words wordsOf(std::string_view text)
{
    std::string spaced;
    for (std::size_t i = 0; i < text.size();) {
        const auto *sign = std::find_if(signs.begin(), signs.end(), [rest = text.substr(i)](const Sign &each) {
            return rest.starts_with(each.sign);
        });
        if (sign != signs.end()) {
            spaced += sign->word;
            i += sign->sign.size();
            continue;
        }
        const char c = text[i++];
        const bool lower = c >= 'a' && c <= 'z';
        const bool upper = c >= 'A' && c <= 'Z';
        const char before = spaced.empty() ? ' ' : spaced.back();
        if (lower || upper || isDigit(c) || static_cast<unsigned char>(c) >= 0x80) {
            // "inputPrice" and "1M" are two words each; "USDper1K" is not worth the trouble.
            const bool camel = upper && before >= 'a' && before <= 'z' && i >= 2 && text[i - 2] >= 'a';
            if (before != ' ' && (isDigit(c) != isDigit(before) || camel))
                spaced.push_back(' ');
            spaced.push_back(upper ? static_cast<char>(c + 32) : c);
        } else if ((c == ',' || c == '.') && isDigit(before) && i < text.size() && isDigit(text[i])) {
            // "1,000,000 tokens"
        } else {
            spaced.push_back(' ');
        }
    }
    Words words;
    std::string word;
    for (const char c : spaced + " ") {
        if (c != ' ') {
            word.push_back(c);
        } else if (!word.empty()) {
            words.push_back(word);
            word.clear();
        }
    }
    return words;
}

bool among(std::string_view word, std::initializer_list<std::string_view> list)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::int64_t multiplierNamed(std::string_view word)
{
    if (among(word, {"k", "thousand", "tsd", "tausend", "ktok", "ktoken", "ktokens"}))
        return thousand;
    if (among(word, {"m", "mm", "mn", "mio", "million", "millions", "millionen", "mtok", "mtoken", "mtokens"}))
        return million;
    return 0;
}

std::string_view nounNamed(std::string_view word)
{
    struct Noun {
        std::string_view noun;
        std::vector<std::string_view> words;
    };
    static const std::array<Noun, 13> nouns{
        {{"token",
          {"token", "tokens", "tok", "toks", "tkn", "tokene", "mtok", "mtoken", "mtokens", "ktok", "ktoken",
           "ktokens"}},
         {"request", {"request", "requests", "call", "calls", "anfrage", "anfragen"}},
         {"search", {"search", "searches", "query", "queries", "grounding", "suche", "suchen"}},
         {"page", {"page", "pages", "seite", "seiten"}},
         {"image", {"image", "images", "picture", "pictures", "bild", "bilder"}},
         {"hour", {"hour", "hours", "hr", "hrs", "h", "stunde", "stunden"}},
         {"minute", {"minute", "minutes", "min", "mins", "minuten"}},
         {"second", {"second", "seconds", "sec", "secs", "s", "sekunde", "sekunden"}},
         {"character", {"character", "characters", "char", "chars", "zeichen"}},
         {"session", {"session", "sessions", "container", "containers", "execution", "executions", "sitzung"}},
         {"event", {"unit", "units", "event", "events", "each"}},
         {"token hour", {"tokenhour"}},
         {"day", {"day", "days", "month", "year"}}}};
    for (const Noun &each : nouns) {
        if (std::find(each.words.begin(), each.words.end(), word) != each.words.end())
            return each.noun;
    }
    return {};
}

/// "1 m tokens", "million", "page": reads a unit from word `at` on and says after which word it ends.
std::optional<PriceUnit> unitAt(const Words &words, std::size_t at, std::size_t &end)
{
    PriceUnit unit;
    bool quantity = false;
    if (at < words.size() && isDigit(words[at].front())) {
        if (words[at].size() > 9)
            return std::nullopt;
        unit.quantity = std::stoll(words[at]);
        quantity = true;
        ++at;
    }
    if (at < words.size()) {
        if (const std::int64_t multiplier = multiplierNamed(words[at]); multiplier > 0) {
            unit.quantity *= multiplier;
            quantity = true;
            if (nounNamed(words[at]).empty())
                ++at;
        }
    }
    if (at < words.size() && !nounNamed(words[at]).empty()) {
        unit.noun = nounNamed(words[at++]);
        const std::size_t next = at < words.size() && words[at] == "per" ? at + 1 : at;
        if (unit.noun == "token" && next < words.size() && nounNamed(words[next]) == "hour") {
            unit.noun = "token hour";
            at = next + 1;
        }
    }
    end = at;
    if (unit.quantity <= 0 || (!quantity && unit.noun.empty()))
        return std::nullopt;
    return unit;
}

std::string currencyNamed(std::string_view word)
{
    if (word == "yen")
        return "?"; // the sign of two currencies
    for (const std::string_view code : {"usd", "eur", "gbp", "chf", "jpy", "cny", "inr", "cad", "aud", "sek", "nok",
                                        "dkk", "pln", "czk", "brl", "krw", "sgd"}) {
        if (word == code) {
            std::string upper(code);
            std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return static_cast<char>(c - 32); });
            return upper;
        }
    }
    return among(word, {"dollar", "dollars"}) ? "USD" : among(word, {"euro", "euros"}) ? "EUR" : "";
}

std::optional<ServiceTier> tierNamed(std::string_view word)
{
    if (among(word, {"batch", "batches"}))
        return ServiceTier::Batch;
    if (word == "flex")
        return ServiceTier::Flex;
    if (word == "priority")
        return ServiceTier::Priority;
    if (word == "fast")
        return ServiceTier::Fast;
    return std::nullopt;
}

/// Words that belong to a price without saying which.
bool isFiller(std::string_view word)
{
    return among(word, {"price",  "prices", "pricing",  "cost",    "costs",   "rate", "rates",  "fee",  "fees",
                        "charge", "list",   "standard", "token",   "tokens",  "per",  "for",    "of",   "the",
                        "in",     "net",    "preis",    "preise",  "kosten",  "pro",  "je",     "text", "tarif",
                        "and",    "usage",  "base",     "regular", "default", "unit", "amount", "to",   "from"});
}

/// What is priced, from the words that are left when unit, currency and tier are gone.
class ClassFinder
{
public:
    explicit ClassFinder(const Words &words)
        : m_words(words.begin(), words.end())
    {}

    std::optional<UsageClass> find()
    {
        using enum UsageClass;
        if (take({"cache", "cached", "caching", "caches"}))
            return cached();
        const bool audio = take({"audio", "speech", "transcription"});
        const bool image = take({"image", "images", "vision"});
        const bool video = take({"video"});
        if (take({"reasoning", "thinking"})) {
            take({"output", "out"});
            return Reasoning;
        }
        if (take({"embedding", "embeddings", "embed"})) {
            take({"input"});
            return Embedding;
        }
        if (take({"search", "searches", "grounding"})) {
            if (take({"file"}))
                return FileSearch;
            take({"web", "google", "internet"});
            take({"request", "requests", "query", "queries", "call", "calls"});
            return WebSearch;
        }
        if (take({"code"})) {
            take({"interpreter", "execution", "session"});
            return CodeExecution;
        }
        const bool seconds = take({"seconds", "second"});
        const bool into = take({"input", "inputs", "prompt", "prompts", "eingabe", "uncached"});
        const bool out =
            take({"output", "outputs", "completion", "completions", "generated", "generation", "ausgabe", "response"});
        if (into && out)
            return std::nullopt;
        if (audio)
            return into && !seconds ? AudioIn : out ? AudioOut : AudioSeconds;
        if (image)
            return into ? ImageIn : out ? ImageOut : Image;
        if (video)
            return VideoSeconds;
        if (into || out)
            return into ? Input : Output;
        if (take({"request", "requests", "call", "calls"}))
            return Request;
        if (take({"page", "pages", "ocr"})) {
            take({"page", "pages"});
            return Page;
        }
        if (take({"character", "characters", "chars"}))
            return Characters;
        return std::nullopt;
    }

    /// Words that nobody asked for.
    [[nodiscard]] bool understoodAll() const
    {
        return std::all_of(m_words.begin(), m_words.end(), [](const std::string &word) { return isFiller(word); });
    }

private:
    bool take(std::initializer_list<std::string_view> words)
    {
        bool found = false;
        for (const std::string_view word : words)
            found |= m_words.erase(std::string(word)) > 0;
        return found;
    }

    std::optional<UsageClass> cached()
    {
        using enum UsageClass;
        const bool write = take({"write", "writes", "written", "creation", "creating", "create", "writing"});
        const bool storage = take({"storage"});
        take({"read", "reads", "hit", "hits", "input", "inputs", "prompt", "prompts", "context"});
        if (storage)
            return write ? std::nullopt : std::optional(CacheStorage);
        if (write) {
            const bool hour = take({"1"}) && take({"h", "hour", "hr"});
            if (take({"5"}))
                take({"m", "min", "minute", "minutes"});
            return hour ? CacheWrite1h : CacheWrite5m;
        }
        if (take({"audio"}))
            return CacheReadAudio;
        if (take({"image", "images"}))
            return CacheReadImage;
        return CacheRead;
    }

    std::set<std::string> m_words;
};

/// The class that a unit speaks of by itself: "price per page".
std::optional<UsageClass> classOfNoun(std::string_view noun)
{
    if (noun == "request")
        return UsageClass::Request;
    if (noun == "search")
        return UsageClass::WebSearch;
    if (noun == "page")
        return UsageClass::Page;
    if (noun == "image")
        return UsageClass::Image;
    if (noun == "character")
        return UsageClass::Characters;
    return std::nullopt;
}

/// Takes the first unit that follows "per" or stands in front of nothing else ("(1M tokens)") out of the words.
std::optional<PriceUnit> takeUnit(Words &words)
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool announced = among(words[i], {"per", "pro", "je"});
        // "1 h" and "5 m" say how long a cache lives: a quantity without "per" must be thousands or millions.
        const bool counted = isDigit(words[i].front()) && i + 1 < words.size() && multiplierNamed(words[i + 1]) > 0
                             && !(words[i] == "5" && words[i + 1] == "m");
        const bool named = multiplierNamed(words[i]) > 0 && words[i].size() > 1;
        if (!announced && !counted && !named)
            continue;
        std::size_t end = 0;
        const auto unit = unitAt(words, announced ? i + 1 : i, end);
        if (!unit)
            continue;
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(end));
        return unit;
    }
    return std::nullopt;
}

} // namespace

std::optional<PriceUnit> priceUnitIn(std::string_view text)
{
    Words words = wordsOf(text);
    std::erase_if(words, [](const std::string &word) {
        return !currencyNamed(word).empty() || among(word, {"per", "pro", "je", "price", "in"});
    });
    std::size_t end = 0;
    const auto unit = unitAt(words, 0, end);
    return unit && end == words.size() ? unit : std::nullopt;
}

std::optional<std::int64_t> countPriced(const PriceUnit &unit, UsageClass usageClass)
{
    using enum UsageClass;
    const bool seconds = usageClass == AudioSeconds || usageClass == VideoSeconds;
    std::int64_t each = 1;
    if (unit.noun == "hour" || unit.noun == "minute" || unit.noun == "second") {
        if (!seconds)
            return std::nullopt;
        each = unit.noun == "hour" ? 3600 : unit.noun == "minute" ? 60 : 1;
    } else if (unit.noun == "token") {
        if (!isTokenClass(usageClass))
            return std::nullopt;
    } else if (unit.noun == "token hour") {
        if (usageClass != CacheStorage)
            return std::nullopt;
    } else if (unit.noun == "day") {
        return std::nullopt;
    } else if (unit.noun == "event") {
        if (isTokenClass(usageClass) || seconds)
            return std::nullopt;
    } else if (unit.noun.empty()) {
        // "per 1" of a time or of nothing named is no unit; "per 1M" of tokens is one.
        if (seconds)
            return std::nullopt;
    } else {
        const bool fits =
            (unit.noun == "request" && (usageClass == Request || usageClass == WebSearch || usageClass == FileSearch))
            || (unit.noun == "search" && (usageClass == WebSearch || usageClass == FileSearch))
            || (unit.noun == "page" && usageClass == Page) || (unit.noun == "image" && usageClass == Image)
            || (unit.noun == "character" && usageClass == Characters)
            || (unit.noun == "session" && usageClass == CodeExecution);
        if (!fits)
            return std::nullopt;
    }
    return unit.quantity * each;
}

PriceWords priceWordsIn(std::string_view text)
{
    PriceWords result;
    Words words = wordsOf(text);
    result.unit = takeUnit(words);
    for (auto word = words.begin(); word != words.end();) {
        const std::string currency = currencyNamed(*word);
        const auto tier = tierNamed(*word);
        result.namesPrice |=
            !currency.empty()
            || among(*word, {"price", "prices", "pricing", "cost", "costs", "rate", "fee", "preis", "kosten", "tarif"});
        if (!currency.empty())
            result.currency = currency;
        if (tier && !result.tier)
            result.tier = tier;
        word = !currency.empty() || tier ? words.erase(word) : word + 1;
    }
    result.namesPrice |= result.unit.has_value();
    ClassFinder finder(words);
    result.usageClass = finder.find();
    if (!result.usageClass && result.unit)
        result.usageClass = classOfNoun(result.unit->noun);
    result.understood = finder.understoodAll();
    return result;
}

std::string currencyIn(std::string_view text)
{
    for (const std::string &word : wordsOf(text)) {
        if (const std::string code = currencyNamed(word); !code.empty())
            return code;
    }
    return {};
}

} // namespace perunit
