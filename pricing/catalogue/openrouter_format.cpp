// SPDX-License-Identifier: GPL-3.0-or-later
// OpenRouter's /api/v1/models (catalogue-formats.md §1): USD per token as decimal texts, without dates.
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/price_guards.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

constexpr std::int64_t femtoPerDollar = 1'000'000'000'000'000;
/// An image or a picture at this price or more is charged by the piece: as tokens it would be $1,000 per million.
constexpr std::int64_t perPieceFrom = femtoPerDollar / 1000;

struct PriceName {
    std::string_view name;
    UsageClass usageClass;
};

constexpr std::array priceNames{PriceName{"prompt", UsageClass::Input},
                                PriceName{"completion", UsageClass::Output},
                                PriceName{"input_cache_read", UsageClass::CacheRead},
                                PriceName{"input_cache_write", UsageClass::CacheWrite5m},
                                PriceName{"input_cache_write_1h", UsageClass::CacheWrite1h},
                                PriceName{"internal_reasoning", UsageClass::Reasoning},
                                PriceName{"audio", UsageClass::AudioIn},
                                PriceName{"audio_output", UsageClass::AudioOut},
                                PriceName{"input_audio_cache", UsageClass::CacheReadAudio},
                                PriceName{"image_token", UsageClass::ImageIn},
                                PriceName{"image", UsageClass::ImageIn},
                                PriceName{"image_output", UsageClass::ImageOut},
                                PriceName{"web_search", UsageClass::WebSearch},
                                PriceName{"request", UsageClass::Request}};

/// Surcharges: 0 says that there is none, not that the thing itself is free. Reasoning and images are then charged as
/// the tokens that they are.
constexpr std::array<std::string_view, 5> surcharges{"internal_reasoning", "image", "image_token", "web_search",
                                                     "request"};

std::string textAt(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = object.find(name);
    return value && value->is(Kind::String) ? value->text : std::string();
}

std::optional<std::int64_t> wholeAt(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = object.find(name);
    if (!value || !value->is(Kind::Number))
        return std::nullopt;
    const auto number = parseDecimal(value->text, 0);
    if (!number || number->rounded || number->units < 0 || number->units >= 1'000'000'000'000)
        return std::nullopt;
    return static_cast<std::int64_t>(number->units);
}

/// Prices that hold in one part of the day; empty: the whole day.
struct PartOfDay {
    std::optional<DailyWindow> window;
    PriceRows rows;
};

/// Reads the `pricing` of one model.
class PricingReader
{
public:
    PricingReader(std::string path, CatalogueReading reading, std::vector<CatalogueIssue> &issues)
        : m_path(std::move(path))
        , m_stated(reading == CatalogueReading::Stated)
        , m_issues(issues)
    {}

    std::vector<PartOfDay> read(const JsonValue &pricing, bool freeByName)
    {
        m_freeByName = freeByName;
        std::vector<PartOfDay> parts{{}};
        ClassPrices base{};
        readPrices(pricing, base, m_path);
        if (isEmpty(base))
            return {};
        parts.front().rows[{ServiceTier::Standard, -1}] = base;
        if (const JsonValue *overrides = pricing.find("overrides"))
            readOverrides(*overrides, base, parts);
        if (m_stated) {
            for (PartOfDay &part : parts)
                leaveOutImpossible(part.rows, m_path, m_issues);
        }
        std::erase_if(parts, [](const PartOfDay &part) { return part.rows.empty(); });
        return parts;
    }

private:
    void issue(std::string path, std::string reason) { m_issues.push_back({std::move(path), std::move(reason)}); }

    static bool isEmpty(const ClassPrices &prices)
    {
        return std::none_of(prices.begin(), prices.end(), [](const auto &price) { return price.has_value(); });
    }

    void readPrices(const JsonValue &object, ClassPrices &prices, const std::string &path)
    {
        for (std::size_t i = 0; i < object.names.size(); ++i) {
            const std::string &name = object.names[i];
            const JsonValue &value = object.items[i];
            if (value.is(Kind::Null) || name == "overrides" || name == "min_prompt_tokens" || name == "utc_start"
                || name == "utc_end")
                continue;
            const std::string place = joinPath(path, name);
            if (name == "discount") {
                if (value.text.find_first_not_of("0.") != std::string::npos)
                    issue(place, "a discount on these prices; they are taken as they are listed");
                continue;
            }
            const auto *known = std::find_if(priceNames.begin(), priceNames.end(),
                                             [&name](const PriceName &each) { return each.name == name; });
            if (known == priceNames.end())
                issue(place, "charged by something that the catalogue has no class for; left out");
            else
                readPrice(*known, value, object, prices, place);
        }
    }

    void readPrice(const PriceName &name, const JsonValue &value, const JsonValue &object, ClassPrices &prices,
                   const std::string &place)
    {
        if (value.text.starts_with("-1"))
            return issue(place, "the price is not fixed: it depends on what serves the request; left without a price");
        const auto price =
            value.is(Kind::String) || value.is(Kind::Number) ? parsePriceNumber(value.text, perToken) : std::nullopt;
        if (!price)
            return issue(place, "not a number of at least 0; left without a price");
        const bool surcharge = std::find(surcharges.begin(), surcharges.end(), name.name) != surcharges.end();
        if (price->femto == 0 && surcharge)
            return;
        UsageClass usageClass = name.usageClass;
        if (name.name == "image" && value.text != textAt(object, "prompt"))
            return issue(place, "the fee of an input image, for which the catalogue has no class; left out");
        if (name.name == "image_output" && price->femto >= perPieceFrom)
            usageClass = UsageClass::Image;
        if (price->femto == 0 && m_stated && !m_freeByName)
            issue(place, "the price is 0; read as free of charge");
        prices[static_cast<std::size_t>(usageClass)] = price;
    }

    void readOverrides(const JsonValue &overrides, const ClassPrices &base, std::vector<PartOfDay> &parts)
    {
        const std::string path = joinPath(m_path, "overrides");
        if (!overrides.is(Kind::Array))
            return issue(path, "not a list; left out");
        for (std::size_t i = 0; i < overrides.items.size(); ++i) {
            const JsonValue &entry = overrides.items[i];
            const std::string place = joinPath(path, std::to_string(i));
            const auto threshold = wholeAt(entry, "min_prompt_tokens");
            const bool ofDay = entry.find("utc_start") || entry.find("utc_end");
            if (!threshold && !ofDay) {
                issue(place, "no condition that is known here; left out");
                continue;
            }
            ClassPrices prices{};
            readPrices(entry, prices, place);
            if (isEmpty(prices))
                continue;
            // What an override does not name keeps its base price, and is stated so.
            for (std::size_t each = 0; each < usageClassCount; ++each) {
                if (!prices[each])
                    prices[each] = base[each];
            }
            const PriceRow row{ServiceTier::Standard, threshold.value_or(-1)};
            if (!ofDay)
                parts.front().rows[row] = prices;
            else
                readPartsOfDay(entry, row, prices, place, parts);
        }
    }

    /// A window of UTC clock numbers, 1030 for half past ten; one that passes midnight becomes two.
    void readPartsOfDay(const JsonValue &entry, const PriceRow &row, const ClassPrices &prices,
                        const std::string &place, std::vector<PartOfDay> &parts)
    {
        const auto start = minuteAt(entry, "utc_start");
        const auto end = minuteAt(entry, "utc_end");
        if (!start || !end || *start == *end)
            return issue(place, "not a part of a day; left out");
        constexpr std::int32_t midnight = 24 * 60;
        std::vector<DailyWindow> windows;
        if (*start < *end)
            windows.push_back({0x7f, *start, *end});
        else
            windows = {{0x7f, *start, midnight}, {0x7f, 0, *end}};
        for (const DailyWindow &window : windows) {
            if (window.fromMinute == window.toMinute)
                continue;
            const auto found = std::find_if(parts.begin(), parts.end(),
                                            [&window](const PartOfDay &part) { return part.window == window; });
            PartOfDay &part = found == parts.end() ? parts.emplace_back(PartOfDay{window, {}}) : *found;
            part.rows[row] = prices;
        }
    }

    static std::optional<std::int32_t> minuteAt(const JsonValue &entry, std::string_view name)
    {
        const auto clock = wholeAt(entry, name);
        if (!clock || *clock % 100 >= 60 || *clock > 2400)
            return std::nullopt;
        return static_cast<std::int32_t>(*clock / 100 * 60 + *clock % 100);
    }

    std::string m_path;
    bool m_stated = true;
    bool m_freeByName = false;
    std::vector<CatalogueIssue> &m_issues;
};

class OpenRouterReader
{
public:
    OpenRouterReader(CatalogueImport &result, std::string_view fileName, const CatalogueOptions &options)
        : m_result(result)
        , m_options(options)
        , m_source("OpenRouter " + std::string(fileName))
    {}

    void read(const JsonValue &object, const std::string &path)
    {
        const std::string id = textAt(object, "id");
        const JsonValue *pricing = object.find("pricing");
        if (id.empty() || !pricing || !pricing->is(Kind::Object))
            return issue(path, "no id or no pricing; left out");
        if (!m_ids.insert(lowered(id)).second)
            return issue(path, "stands in the file twice; the first one counts");
        const auto valid = validity(object, path);
        if (!valid)
            return;
        const std::size_t issuesBefore = m_result.issues.size();
        const std::vector<PartOfDay> parts =
            PricingReader(joinPath(path, "pricing"), m_options.reading, m_result.issues)
                .read(*pricing, id.ends_with(":free") || id == "openrouter/free");
        if (parts.empty()) {
            if (m_result.issues.size() == issuesBefore)
                issue(path, "states no price; left out");
            return;
        }
        CatalogueModel model;
        model.key = {"openrouter", id};
        model.displayName = textAt(object, "name").empty() ? id : textAt(object, "name");
        model.contextWindow = wholeAt(object, "context_length").value_or(0);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            RateOrigin origin;
            origin.id = "openrouter:" + id + (i == 0 ? "" : "@" + std::to_string(parts[i].window->fromMinute));
            origin.valid = *valid;
            // Whatever the name of the member says, its documentation says: more tokens than this.
            origin.thresholdInclusive = false;
            origin.source = m_source;
            origin.checked = m_result.catalogue.asOf;
            const std::size_t first = model.rates.size();
            addRates(model, parts[i].rows, origin);
            for (std::size_t rate = first; rate < model.rates.size(); ++rate)
                model.rates[rate].daily = parts[i].window;
        }
        m_slugs.emplace_back(textAt(object, "canonical_slug"), m_result.catalogue.models.size());
        m_result.catalogue.models.push_back(std::move(model));
    }

    /// A canonical slug is another name of the same thing unless it names several models or is an id itself.
    void addAliases()
    {
        std::map<std::string, std::size_t> claims;
        for (const auto &[slug, model] : m_slugs)
            ++claims[lowered(slug)];
        for (const auto &[slug, model] : m_slugs) {
            if (!slug.empty() && claims[lowered(slug)] == 1 && !m_ids.contains(lowered(slug)))
                m_result.catalogue.models[model].aliases.push_back(slug);
        }
    }

private:
    void issue(std::string path, std::string reason)
    {
        m_result.issues.push_back({std::move(path), std::move(reason)});
    }

    /// A model with an expiration date has a price up to the end of that day, and none is known afterwards.
    std::optional<Period> validity(const JsonValue &object, const std::string &path)
    {
        Period valid{m_options.effectiveFrom, alwaysAfter};
        const std::string date = textAt(object, "expiration_date");
        if (date.empty())
            return valid;
        const std::string place = joinPath(path, "expiration_date");
        const auto day = parseInstant(date);
        if (!day) {
            issue(place, "not a date; the price is read as one without an end");
            return valid;
        }
        valid.to = Instant{(dayOf(*day) + 1) * microsPerDay};
        if (!valid.isEmpty())
            return valid;
        issue(place, "ends before the day from which these prices are to hold; left out");
        return std::nullopt;
    }

    CatalogueImport &m_result;
    const CatalogueOptions &m_options;
    std::string m_source;
    std::set<std::string> m_ids;
    std::vector<std::pair<std::string, std::size_t>> m_slugs;
};

std::string recogniseOpenRouter(const JsonValue &root)
{
    const JsonValue *data = root.is(Kind::Object) ? root.find("data") : nullptr;
    const bool found = data && data->is(Kind::Array)
                       && std::any_of(data->items.begin(), data->items.end(), [](const JsonValue &model) {
                              const JsonValue *pricing = model.find("pricing");
                              return model.find("id") && pricing && pricing->find("prompt");
                          });
    return found ? "a list of models with pricing.prompt" : "";
}

Result<CatalogueImport> readOpenRouter(const JsonValue &root, std::string_view fileName,
                                       const CatalogueOptions &options)
{
    CatalogueImport result;
    result.catalogue.id = "openrouter:" + std::string(fileName);
    result.catalogue.name = "OpenRouter " + std::string(fileName);
    result.catalogue.asOf = asOfDate(fileName, options.effectiveFrom);
    OpenRouterReader reader(result, fileName, options);
    const JsonValue &data = *root.find("data");
    for (std::size_t i = 0; i < data.items.size(); ++i)
        reader.read(data.items[i], joinPath("/data", std::to_string(i)));
    reader.addAliases();
    if (result.catalogue.models.empty())
        return noUsablePrice(result.issues);
    return result;
}

} // namespace

CatalogueFormat openRouterFormat()
{
    return {"openrouter", "OpenRouter's list of models", false, recogniseOpenRouter, readOpenRouter};
}

} // namespace perunit
