// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/anthropic_report.h"

#include "model/import/table_file.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The numbers of a text with "k" and "M" ("200k-1M": 200000, 1000000).
std::array<std::int64_t, 2> bounds(std::string_view text)
{
    std::array<std::int64_t, 2> result{0, 0};
    std::size_t found = 0;
    for (std::size_t i = 0; i < text.size() && found < result.size();) {
        if (!isDigit(text[i])) {
            ++i;
            continue;
        }
        std::int64_t number = 0;
        while (i < text.size() && (isDigit(text[i]) || text[i] == ',')) {
            if (text[i] != ',' && number < 1'000'000'000)
                number = number * 10 + (text[i] - '0');
            ++i;
        }
        if (i < text.size() && (text[i] == 'k' || text[i] == 'K'))
            number *= 1'000;
        else if (i < text.size() && (text[i] == 'm' || text[i] == 'M'))
            number *= 1'000'000;
        result[found++] = number;
    }
    return result;
}

} // namespace

std::string anthropicModelId(const std::string &name)
{
    if (name.find(' ') == std::string::npos)
        return name;
    std::string id = lowered(name);
    std::replace_if(
        id.begin(), id.end(), [](char c) { return c == ' ' || c == '.'; }, '-');
    // Before version 4 the version stood in front of the family.
    for (const std::string family : {"haiku", "sonnet", "opus"}) {
        const std::string start = "claude-" + family + "-3";
        if (id.compare(0, start.size(), start) != 0 || (id.size() > start.size() && id[start.size()] != '-'))
            continue;
        const std::string rest = id.substr(start.size());
        const bool minor = rest.size() >= 2 && isDigit(rest[1]) && (rest.size() == 2 || rest[2] == '-');
        id = "claude-3" + (minor ? rest.substr(0, 2) : "") + "-" + family + rest.substr(minor ? 2 : 0);
        break;
    }
    return id;
}

std::optional<UsageClass> anthropicTokenClass(std::string_view tokenType)
{
    struct Name {
        std::string_view name;
        UsageClass usageClass;
    };
    static constexpr std::array<Name, 12> names{{{"inputnocache", UsageClass::Input},
                                                 {"uncachedinputtokens", UsageClass::Input},
                                                 {"inputtokens", UsageClass::Input},
                                                 {"inputcacheread", UsageClass::CacheRead},
                                                 {"cachereadinputtokens", UsageClass::CacheRead},
                                                 {"inputcachewrite5m", UsageClass::CacheWrite5m},
                                                 {"inputcachewrite1h", UsageClass::CacheWrite1h},
                                                 {"cachecreationephemeral5minputtokens", UsageClass::CacheWrite5m},
                                                 {"cachecreationephemeral1hinputtokens", UsageClass::CacheWrite1h},
                                                 {"cachecreationinputtokens", UsageClass::CacheWrite5m},
                                                 {"output", UsageClass::Output},
                                                 {"outputtokens", UsageClass::Output}}};
    const std::string wanted = normalisedName(tokenType);
    for (const Name &each : names) {
        if (each.name == wanted)
            return each.usageClass;
    }
    return std::nullopt;
}

std::int64_t fewestRequests(std::int64_t promptTokens, std::string_view contextWindow)
{
    const auto [first, second] = bounds(contextWindow);
    std::int64_t longest = std::max(first, second);
    const bool above = second == 0 && contextWindow.find('>') != std::string_view::npos;
    if (above)
        return 1;
    if (longest == 0)
        longest = 200'000;
    return std::max<std::int64_t>(1, (promptTokens + longest - 1) / longest);
}

std::string anthropicRegion(const std::string &inferenceGeo)
{
    const std::string place = lowered(inferenceGeo);
    return place == "global" || place == "not_available" ? std::string() : place;
}

} // namespace perunit
