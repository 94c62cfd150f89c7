// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/model_names.h"

#include "pricing/base/instant.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

bool startsWith(std::string_view text, std::string_view beginning)
{
    return text.substr(0, beginning.size()) == beginning;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool allDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N> &list, std::string_view text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

/// "us-east-1", "ap-southeast-2", "us-gov-west-1".
bool isAwsRegion(std::string_view text)
{
    const std::size_t last = text.rfind('-');
    return last != std::string_view::npos && text.size() >= 9 && text[2] == '-' && last > 3
           && allDigits(text.substr(last + 1))
           && std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(last),
                          [](char c) { return c == '-' || (c >= 'a' && c <= 'z'); });
}

bool isCalendarDate(std::string_view year, std::string_view month, std::string_view day)
{
    if (year.size() != 4 || month.size() != 2 || day.size() != 2 || !startsWith(year, "20"))
        return false;
    const std::string text = std::string(year) + "-" + std::string(month) + "-" + std::string(day);
    return allDigits(year) && allDigits(month) && allDigits(day) && parseInstant(text).ok();
}

NameForm stripped(const NameForm &form, std::string name, const std::string &what)
{
    NameForm result = form;
    result.name = std::move(name);
    result.removed += (form.removed.empty() ? "" : ", ") + what;
    return result;
}

/// arn:aws:bedrock:REGION:ACCOUNT:foundation-model/ID or …:inference-profile/ID. Other resources are opaque.
std::optional<NameForm> withoutArn(const NameForm &form)
{
    if (!startsWith(form.name, "arn:"))
        return std::nullopt;
    std::vector<std::size_t> colons;
    for (std::size_t i = 0; i < form.name.size() && colons.size() < 5; ++i) {
        if (form.name[i] == ':')
            colons.push_back(i);
    }
    if (colons.size() < 5 || form.name.substr(colons[1] + 1, colons[2] - colons[1] - 1) != "bedrock")
        return std::nullopt;
    const std::string resource = form.name.substr(colons[4] + 1);
    for (const std::string_view kind : {"foundation-model/", "inference-profile/"}) {
        if (!startsWith(resource, kind) || (!form.provider.empty() && form.provider != "bedrock"))
            continue;
        NameForm result = stripped(form, resource.substr(kind.size()), "ARN");
        result.provider = "bedrock";
        result.region = form.name.substr(colons[2] + 1, colons[3] - colons[2] - 1);
        return result;
    }
    return std::nullopt;
}

/// [projects/P/locations/REGION/]publishers/X/models/ID and models/ID.
std::optional<NameForm> withoutResourcePath(const NameForm &form)
{
    const std::size_t publishers = form.name.find("publishers/");
    if (publishers == 0 || (publishers != std::string::npos && startsWith(form.name, "projects/"))) {
        const std::size_t models = form.name.find("/models/", publishers);
        if (models == std::string::npos || (!form.provider.empty() && form.provider != "google"))
            return std::nullopt;
        NameForm result = stripped(form, form.name.substr(models + 8), "resource path");
        result.provider = "google";
        const std::size_t location = form.name.find("/locations/");
        if (location != std::string::npos && location < publishers)
            result.region = form.name.substr(location + 11, form.name.find('/', location + 11) - location - 11);
        return result;
    }
    if (startsWith(form.name, "models/"))
        return stripped(form, form.name.substr(7), "prefix models/");
    return std::nullopt;
}

/// "openai/…", "azure/…", "bedrock/…", "vertex_ai/…": the seller's own name, or the publisher's at a cloud.
std::optional<NameForm> withoutSellerPrefix(const NameForm &form)
{
    static constexpr std::array<std::string_view, 3> clouds{"azure", "bedrock", "google"};
    static constexpr std::array<std::string_view, 5> publishers{"openai", "anthropic", "mistralai", "cohere", "xai"};
    const std::size_t slash = form.name.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == form.name.size())
        return std::nullopt;
    const std::string segment = form.name.substr(0, slash);
    if (!isKnownProvider(segment))
        return std::nullopt;
    const std::string seller = canonicalProvider(segment);
    const bool publisherAtCloud = contains(clouds, form.provider) && contains(publishers, lowered(segment));
    if (!form.provider.empty() && seller != form.provider && !publisherAtCloud)
        return std::nullopt;
    NameForm result = stripped(form, form.name.substr(slash + 1), "prefix " + segment + "/");
    if (result.provider.empty())
        result.provider = seller;
    return result;
}

/// "eu/…" at Azure, "us-east-1/…" and "converse/…" at Bedrock, as gateways write them after the seller.
std::optional<NameForm> withoutPlacePrefix(const NameForm &form)
{
    static constexpr std::array<std::string_view, 8> azurePlaces{
        "eu", "us", "apac", "global", "global-standard", "datazone", "data-zone", "regional"};
    const std::size_t slash = form.name.find('/');
    if (slash == std::string::npos)
        return std::nullopt;
    const std::string segment = lowered(std::string_view(form.name).substr(0, slash));
    if (form.provider == "bedrock" && (segment == "converse" || segment == "invoke"))
        return stripped(form, form.name.substr(slash + 1), "prefix " + segment + "/");
    const bool place = (form.provider == "azure" && contains(azurePlaces, segment))
                       || (form.provider == "bedrock" && isAwsRegion(segment));
    if (!place)
        return std::nullopt;
    NameForm result = stripped(form, form.name.substr(slash + 1), "region prefix " + segment + "/");
    result.region = segment == "global-standard" ? "global" : segment;
    return result;
}

/// "us.anthropic.…" of a Bedrock inference profile.
std::optional<NameForm> withoutGeoPrefix(const NameForm &form)
{
    static constexpr std::array<std::string_view, 9> geos{"us",     "eu",     "apac", "jp", "au",
                                                          "global", "us-gov", "ca",   "sa"};
    static constexpr std::array<std::string_view, 14> vendors{
        "anthropic", "amazon", "meta",       "mistral",  "cohere",  "ai21", "deepseek",
        "openai",    "qwen",   "moonshotai", "moonshot", "minimax", "zai",  "nvidia"};
    const std::size_t dot = form.name.find('.');
    if (dot == std::string::npos || (form.provider != "bedrock" && !form.provider.empty()))
        return std::nullopt;
    const std::size_t second = form.name.find('.', dot + 1);
    const std::string geo = lowered(std::string_view(form.name).substr(0, dot));
    if (second == std::string::npos || !contains(geos, geo)
        || !contains(vendors, lowered(std::string_view(form.name).substr(dot + 1, second - dot - 1))))
        return std::nullopt;
    NameForm result = stripped(form, form.name.substr(dot + 1), "region prefix " + geo + ".");
    result.provider = "bedrock";
    result.region = geo;
    return result;
}

/// "-v1:0" of a Bedrock id.
std::optional<NameForm> withoutBedrockVersion(const NameForm &form)
{
    if (form.provider != "bedrock")
        return std::nullopt;
    const std::size_t at = form.name.rfind("-v");
    if (at == std::string::npos || at == 0)
        return std::nullopt;
    const std::string_view version = std::string_view(form.name).substr(at + 2);
    const std::size_t colon = version.find(':');
    if (!allDigits(version.substr(0, colon))
        || (colon != std::string_view::npos && !allDigits(version.substr(colon + 1))))
        return std::nullopt;
    return stripped(form, form.name.substr(0, at), "version " + form.name.substr(at));
}

/// "@20250929" of a Vertex id.
std::optional<NameForm> withoutAtDate(const NameForm &form)
{
    const std::size_t at = form.name.rfind('@');
    if (at == std::string::npos || at == 0 || form.name.size() != at + 9)
        return std::nullopt;
    const std::string_view date = std::string_view(form.name).substr(at + 1);
    if (!isCalendarDate(date.substr(0, 4), date.substr(4, 2), date.substr(6)))
        return std::nullopt;
    return stripped(form, form.name.substr(0, at), "dated snapshot " + form.name.substr(at));
}

std::optional<NameForm> withoutOuterWrapping(const NameForm &form)
{
    using Step = std::optional<NameForm> (*)(const NameForm &);
    static constexpr std::array<Step, 7> steps{withoutArn,          withoutResourcePath, withoutPlacePrefix,
                                               withoutSellerPrefix, withoutGeoPrefix,    withoutBedrockVersion,
                                               withoutAtDate};
    for (const Step step : steps) {
        if (auto next = step(form))
            return next;
    }
    return std::nullopt;
}

} // namespace

std::vector<NameForm> nameForms(std::string_view provider, std::string_view model)
{
    std::vector<NameForm> forms{{std::string(provider), std::string(model), {}, {}}};
    // Each step shortens the name; the bound only guards against a recorded name made of wrappers.
    while (forms.size() < 8) {
        auto next = withoutOuterWrapping(forms.back());
        if (!next)
            break;
        forms.push_back(std::move(*next));
    }
    return forms;
}

std::optional<NameForm> withoutDate(const NameForm &form)
{
    const std::string_view name = form.name;
    const auto cut = [&form, name](std::size_t length) {
        return stripped(form, form.name.substr(0, name.size() - length),
                        "dated snapshot " + form.name.substr(name.size() - length));
    };
    if (name.size() > 9 && name[name.size() - 9] == '-') {
        const std::string_view date = name.substr(name.size() - 8);
        if (isCalendarDate(date.substr(0, 4), date.substr(4, 2), date.substr(6)))
            return cut(9);
    }
    if (name.size() > 11 && name[name.size() - 11] == '-') {
        const std::string_view date = name.substr(name.size() - 10);
        if (date[4] == '-' && date[7] == '-' && isCalendarDate(date.substr(0, 4), date.substr(5, 2), date.substr(8)))
            return cut(11);
    }
    return std::nullopt;
}

std::vector<NameForm> withVersionLast(const NameForm &form)
{
    const std::size_t start = form.name.find_last_of('/') + 1;
    const std::string_view name = std::string_view(form.name).substr(start);
    constexpr std::string_view maker = "claude-";
    if (!startsWith(name, maker))
        return {};
    const std::string_view rest = name.substr(maker.size());
    const std::size_t hyphen = rest.find('-');
    if (hyphen == std::string_view::npos)
        return {};
    const std::string version(rest.substr(0, hyphen));
    const std::string_view family = rest.substr(hyphen + 1);
    const std::size_t dot = version.find('.');
    const bool isVersion = allDigits(std::string_view(version).substr(0, dot))
                           && (dot == std::string::npos || allDigits(std::string_view(version).substr(dot + 1)));
    const bool isFamily =
        !family.empty() && std::all_of(family.begin(), family.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!isVersion || !isFamily)
        return {};
    std::vector<NameForm> result;
    const std::string front = form.name.substr(0, start) + std::string(maker) + std::string(family) + '-';
    const std::string what = "version " + version + " behind " + std::string(family);
    result.push_back(stripped(form, front + version, what));
    if (dot != std::string::npos)
        result.push_back(stripped(form, front + version.substr(0, dot) + '-' + version.substr(dot + 1), what));
    return result;
}

NameForm withoutPlace(NameForm form)
{
    for (const auto step : {withoutPlacePrefix, withoutGeoPrefix}) {
        if (auto next = step(form))
            form = std::move(*next);
    }
    return form;
}

std::optional<std::string> fineTuneEntry(std::string_view model)
{
    if (!startsWith(model, "ft:"))
        return std::nullopt;
    const std::size_t colon = model.find(':', 3);
    if (colon == std::string_view::npos || colon == 3)
        return std::nullopt;
    return std::string(model.substr(0, colon));
}

std::string foldedRegion(std::string_view region)
{
    std::string result;
    for (const char c : lowered(region)) {
        if (c != ' ' && c != '_' && c != '-')
            result.push_back(c);
    }
    return result;
}

} // namespace perunit
