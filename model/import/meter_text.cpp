// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/meter_text.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

namespace perunit {

namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool among(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string> wordsOf(std::string_view text, std::string_view separators)
{
    std::vector<std::string> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = text.find_first_not_of(separators, at);
        if (begin == std::string_view::npos)
            break;
        at = std::min(text.find_first_of(separators, begin), text.size());
        words.emplace_back(text.substr(begin, at - begin));
    }
    return words;
}

constexpr std::string_view meterSeparators = " -_/:(),\t";

bool isInput(std::string_view word)
{
    return among(word, {"inp", "input", "inpt", "in", "prompt", "context", "inputtokencount"});
}
bool isOutput(std::string_view word)
{
    return among(word,
                 {"outp", "output", "out", "opt", "completion", "generated", "response", "outputtokencount", "otpt"});
}
bool isCache(std::string_view word)
{
    return among(word, {"cache", "cached", "cchd", "cachd", "caching", "cd"});
}
bool isAudio(std::string_view word)
{
    return among(word, {"audio", "aud"});
}
bool isImage(std::string_view word)
{
    return among(word, {"image", "img"});
}
bool isModality(std::string_view word)
{
    return isAudio(word) || isImage(word) || among(word, {"text", "txt", "video", "multimodal", "thinking"});
}
bool isTier(std::string_view word)
{
    return among(word, {"batch", "flex", "priority", "pp", "provisioned", "provisionedthroughput", "ptu", "gsu"});
}
bool isPlace(std::string_view word)
{
    return among(word, {"glbl", "gl", "global", "dz", "dzone", "dzn", "datazone", "regnl", "rgnl", "regional"});
}
bool isTokenWord(std::string_view word)
{
    return among(word, {"token", "tokens", "inputtokencount", "outputtokencount"});
}

/// Words of modality belong to the direction behind them, elsewhere they are part of a model's name.
bool leadsToDirection(const std::vector<std::string> &words, std::size_t at)
{
    for (std::size_t i = at; i < words.size() && i < at + 4; ++i) {
        if (isInput(words[i]) || isOutput(words[i]) || isCache(words[i]))
            return true;
        if (!isModality(words[i]))
            return false;
    }
    return false;
}

bool endsModel(const std::vector<std::string> &words, std::size_t at)
{
    const std::string &word = words[at];
    if (isModality(word))
        return leadsToDirection(words, at);
    if (word == "data" && at + 1 < words.size() && words[at + 1] == "zone")
        return true;
    return isInput(word) || isOutput(word) || isCache(word) || isTier(word) || isPlace(word) || isTokenWord(word)
           || among(word,
                    {"mantle", "ft", "finetuned", "finetuning", "training", "hosting", "customization", "predictions"});
}

/// What the words of a meter say, whatever their order.
struct Said {
    bool input = false, output = false, cache = false, write = false, storage = false, oneHour = false;
    bool audio = false, image = false, embedding = false;
};

std::optional<UsageClass> classOf(const Said &said)
{
    // What is written to a cache or read from it is input, so the cache goes first.
    if (said.cache && said.storage)
        return std::nullopt;
    if (said.cache && said.write)
        return said.oneHour ? UsageClass::CacheWrite1h : UsageClass::CacheWrite5m;
    if (said.cache && !said.output)
        return said.audio   ? UsageClass::CacheReadAudio
               : said.image ? UsageClass::CacheReadImage
                            : UsageClass::CacheRead;
    if (said.output)
        return said.audio ? UsageClass::AudioOut : said.image ? UsageClass::ImageOut : UsageClass::Output;
    if (said.embedding)
        return UsageClass::Embedding;
    if (said.input)
        return said.audio ? UsageClass::AudioIn : said.image ? UsageClass::ImageIn : UsageClass::Input;
    return std::nullopt;
}

void readTier(const std::string &word, MeterReading &reading)
{
    if (word == "batch")
        reading.tier = ServiceTier::Batch;
    else if (word == "flex")
        reading.tier = ServiceTier::Flex;
    else if (word == "priority" || word == "pp")
        reading.tier = ServiceTier::Priority;
    else if (isTier(word)) {
        reading.tier = ServiceTier::Provisioned;
        reading.provisioned = true;
    }
}

void readPlace(const std::vector<std::string> &words, std::size_t at, MeterReading &reading)
{
    const std::string &word = words[at];
    if (among(word, {"glbl", "gl", "global"}))
        reading.servingScope = "global";
    else if (among(word, {"dz", "dzone", "dzn", "datazone"}) || (word == "zone" && at > 0 && words[at - 1] == "data"))
        reading.servingScope = "data_zone";
    else if (among(word, {"regnl", "rgnl", "regional"}))
        reading.servingScope = "regional";
}

/// "4.5", "3", "3-5": digits with points; nothing else.
bool isVersion(std::string_view word)
{
    return !word.empty() && isDigit(word.front())
           && std::all_of(word.begin(), word.end(), [](char c) { return isDigit(c) || c == '.'; });
}

std::string joined(const std::vector<std::string> &words)
{
    std::string result;
    for (const std::string &word : words)
        result += (result.empty() ? "" : "-") + word;
    return result;
}

/// Cuts "Claude4.5Sonnet" and "Nova2.0Lite" where letters and digits meet and where capitals begin.
std::vector<std::string> camelWords(std::string_view text)
{
    std::vector<std::string> words;
    for (const std::string &part : wordsOf(text, " -_")) {
        std::string word;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const char c = part[i];
            const char before = i > 0 ? part[i - 1] : c;
            const bool capital = c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z';
            const bool meets = isLetter(c) != isLetter(before) && (isLetter(c) || isLetter(before)) && i > 0;
            if ((capital || meets) && !word.empty()) {
                words.push_back(lower(word));
                word.clear();
            }
            word.push_back(c);
        }
        if (!word.empty())
            words.push_back(lower(word));
    }
    return words;
}

std::string hyphenVersion(std::string version)
{
    std::replace(version.begin(), version.end(), '.', '-');
    return version.ends_with("-0") ? version.substr(0, version.size() - 2) : version;
}

/// Claude's names changed places: "claude-3-5-sonnet", but "claude-sonnet-4-5".
std::string claudeName(const std::vector<std::string> &words)
{
    std::string family;
    std::string version;
    for (const std::string &word : words) {
        if (among(word, {"haiku", "sonnet", "opus", "fable", "instant"}) && family.empty())
            family = word;
        else if (isVersion(word) && word.size() < 5)
            version += (version.empty() ? "" : "-") + hyphenVersion(word);
        else if (word == "v")
            break;
    }
    if (family.empty() || version.empty())
        return {};
    return version.front() < '4' ? "claude-" + version + '-' + family : "claude-" + family + '-' + version;
}

/// Amazon's own models: "nova-lite", "nova-2-lite".
std::string novaName(const std::vector<std::string> &words)
{
    std::vector<std::string> parts;
    for (const std::string &word : words)
        parts.push_back(isVersion(word) ? hyphenVersion(word) : word);
    return joined(parts);
}

/// "Llama3-1-70B": the catalogue of Bedrock names the instructed ones.
std::string llamaName(const std::string &text)
{
    std::string id = lower(text);
    std::replace(id.begin(), id.end(), '.', '-');
    std::replace(id.begin(), id.end(), ' ', '-');
    if (!id.starts_with("llama") || id.size() < 7 || !isDigit(id[5]) || id.back() != 'b')
        return {};
    return "meta." + id + "-instruct";
}

/// Azure's meters carry month and day of a version. The models of 2024 have entries by full date; of later ones
/// only one version is priced at a time.
std::string withoutDay(std::string id)
{
    const std::size_t hyphen = id.rfind('-');
    if (hyphen == std::string::npos || id.size() - hyphen != 5
        || !std::all_of(id.begin() + static_cast<std::ptrdiff_t>(hyphen) + 1, id.end(), isDigit))
        return id;
    const std::string base = id.substr(0, hyphen);
    const std::string day = id.substr(hyphen + 1);
    if (base == "gpt-4o" || base == "gpt-4o-mini")
        return base + "-2024-" + day.substr(0, 2) + '-' + day.substr(2);
    return base.starts_with("gpt") || base.starts_with("o") ? base : id;
}

} // namespace

std::string catalogueModelName(std::string_view recorded)
{
    std::string text(recorded);
    if (const std::size_t edition = text.find(" (Amazon Bedrock Edition)"); edition != std::string::npos)
        text.resize(edition);
    // Full ids ("anthropic.claude-…") are what the catalogue knows.
    const std::string id = lower(text);
    const std::size_t point = id.find('.');
    if (point != std::string::npos && point > 1 && isLetter(id[point - 1]) && id.find(' ') == std::string::npos)
        return id;
    const std::vector<std::string> words = camelWords(text);
    std::string name;
    if (!words.empty() && words.front() == "claude")
        name = claudeName(words);
    else if (!words.empty() && words.front() == "nova")
        name = novaName(words);
    else if (!words.empty() && words.front() == "llama")
        name = llamaName(text);
    if (!name.empty())
        return name;
    name = joined(wordsOf(id, " _-"));
    if (name.size() > 3 && name.starts_with("gpt") && isDigit(name[3]))
        name.insert(3, "-");
    return withoutDay(std::move(name));
}

MeterReading readMeter(std::string_view name)
{
    const std::vector<std::string> recorded = wordsOf(name, meterSeparators);
    std::vector<std::string> words;
    for (const std::string &word : recorded)
        words.push_back(lower(word));
    MeterReading reading;
    Said said;
    std::vector<std::string> model;
    bool modelEnded = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string &word = words[i];
        // "Batch Gemini …" goes on with its model, "Provisioned Managed Global Unit" has none.
        if (endsModel(words, i))
            modelEnded = modelEnded || !model.empty() || word.starts_with("provisioned");
        else if (!modelEnded)
            model.push_back(recorded[i]);
        said.input |= isInput(word);
        said.output |= isOutput(word);
        said.cache |= isCache(word);
        said.write |= among(word, {"write", "writes", "creation", "wr"});
        said.storage |= word == "storage";
        said.oneHour |= among(word, {"1h", "1hr", "1hour"})
                        || (word == "1" && i + 1 < words.size() && among(words[i + 1], {"hour", "hr", "h"}));
        said.audio |= isAudio(word) && leadsToDirection(words, i);
        said.image |= isImage(word) && leadsToDirection(words, i);
        said.embedding |= word.find("embed") != std::string::npos;
        reading.isTokens |= isTokenWord(word);
        reading.fineTuned |= among(word, {"ft", "finetuned", "finetuning", "training", "hosting", "customization"});
        readTier(word, reading);
        readPlace(words, i, reading);
    }
    reading.usageClass = classOf(said);
    reading.cacheStorage = said.cache && said.storage;
    std::string text;
    for (const std::string &word : model)
        text += (text.empty() ? "" : "-") + word;
    reading.model = text.empty() ? text : catalogueModelName(text);
    return reading;
}

std::string awsRegionOf(std::string_view usageType, std::string_view &rest)
{
    struct Prefix {
        std::string_view code;
        std::string_view region;
    };
    static constexpr std::array<Prefix, 34> prefixes{{
        {"USE1", "us-east-1"},      {"USE2", "us-east-2"},      {"USW1", "us-west-1"},      {"USW2", "us-west-2"},
        {"CAN1", "ca-central-1"},   {"CAN2", "ca-west-1"},      {"CAW1", "ca-west-1"},      {"SAE1", "sa-east-1"},
        {"EU", "eu-west-1"},        {"EUW1", "eu-west-1"},      {"EUW2", "eu-west-2"},      {"EUW3", "eu-west-3"},
        {"EUC1", "eu-central-1"},   {"EUC2", "eu-central-2"},   {"EUN1", "eu-north-1"},     {"EUS1", "eu-south-1"},
        {"EUS2", "eu-south-2"},     {"APN1", "ap-northeast-1"}, {"APN2", "ap-northeast-2"}, {"APN3", "ap-northeast-3"},
        {"APS1", "ap-southeast-1"}, {"APS2", "ap-southeast-2"}, {"APS3", "ap-south-1"},     {"APS4", "ap-southeast-3"},
        {"APS5", "ap-south-2"},     {"APS6", "ap-southeast-4"}, {"APE1", "ap-east-1"},      {"MES1", "me-south-1"},
        {"MEC1", "me-central-1"},   {"AFS1", "af-south-1"},     {"ILC1", "il-central-1"},   {"UGW1", "us-gov-west-1"},
        {"UGE1", "us-gov-east-1"},  {"MXC1", "mx-central-1"},
    }};
    rest = usageType;
    const std::size_t hyphen = usageType.find('-');
    if (hyphen == std::string_view::npos)
        return {};
    const std::string_view code = usageType.substr(0, hyphen);
    const auto found =
        std::find_if(prefixes.begin(), prefixes.end(), [code](const Prefix &prefix) { return prefix.code == code; });
    if (found == prefixes.end())
        return {};
    rest = usageType.substr(hyphen + 1);
    return std::string(found->region);
}

std::int64_t unitMultiple(std::string_view unit)
{
    constexpr std::int64_t largest = 1'000'000'000'000'000;
    while (!unit.empty() && unit.front() == ' ')
        unit.remove_prefix(1);
    std::size_t at = 0;
    std::int64_t number = 0;
    while (at < unit.size() && (isDigit(unit[at]) || (unit[at] == ',' && at > 0))) {
        if (unit[at] != ',')
            number = number * 10 + (unit[at] - '0');
        if (number > largest)
            return 0;
        ++at;
    }
    if (at == 0)
        return 1;
    // "10000s" are counted one by one, says Microsoft's table.
    if (unit.substr(at) == "s")
        return 1;
    const char next = at < unit.size() ? lower(unit.substr(at, 1)).front() : ' ';
    // "1M" is a million, "1 MB" and "1 Month" are not.
    const bool alone = at + 1 >= unit.size() || !isLetter(unit[at + 1]);
    const std::int64_t factor = !alone        ? 1
                                : next == 'k' ? 1'000
                                : next == 'm' ? 1'000'000
                                : next == 'b' ? 1'000'000'000
                                              : 1;
    return number > largest / factor ? 0 : number * factor;
}

} // namespace perunit
