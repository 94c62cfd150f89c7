// SPDX-License-Identifier: GPL-3.0-or-later
// pydantic/genai-prices, the second wire format of its data (catalogue-formats.md §2).
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/genai_prices_rates.h"
#include "pricing/catalogue/name_pattern.h"
#include "pricing/catalogue/price_guards.h"
#include "pricing/catalogue/provider_names.h"

#include <map>
#include <optional>
#include <set>
#include <unordered_map>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

const JsonValue *memberOf(const JsonValue &object, std::string_view name, Kind kind)
{
    const JsonValue *value = object.is(Kind::Object) ? object.find(name) : nullptr;
    return value && value->is(kind) ? value : nullptr;
}

std::string textOf(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = memberOf(object, name, Kind::String);
    return value ? value->text : std::string();
}

std::string recogniseGenaiPrices(const JsonValue &root)
{
    if (!root.is(Kind::Array) || root.items.empty())
        return {};
    const JsonValue &first = root.items.front();
    const bool found = memberOf(first, "id", Kind::String)
                       && (memberOf(first, "api_pattern", Kind::String) || memberOf(first, "models", Kind::Array))
                       && (memberOf(first, "models", Kind::Array) || memberOf(first, "pricing_urls", Kind::Array)
                           || memberOf(first, "extractors", Kind::Array));
    return found ? "a list of providers with an api_pattern and models" : "";
}

/// {"or": [{"equals": "…"}, …]} and its like; nothing for a clause that is not known.
std::optional<NamePattern> patternOf(const JsonValue &clause)
{
    if (!clause.is(Kind::Object) || clause.names.size() != 1)
        return std::nullopt;
    static const std::map<std::string_view, NamePattern::Kind> kinds{{"equals", NamePattern::Kind::Equals},
                                                                     {"starts_with", NamePattern::Kind::StartsWith},
                                                                     {"ends_with", NamePattern::Kind::EndsWith},
                                                                     {"contains", NamePattern::Kind::Contains},
                                                                     {"regex", NamePattern::Kind::Regex},
                                                                     {"or", NamePattern::Kind::Any},
                                                                     {"and", NamePattern::Kind::All}};
    const auto kind = kinds.find(clause.names.front());
    const JsonValue &value = clause.items.front();
    if (kind == kinds.end())
        return std::nullopt;
    NamePattern pattern;
    pattern.kind = kind->second;
    if (pattern.kind == NamePattern::Kind::Any || pattern.kind == NamePattern::Kind::All) {
        if (!value.is(Kind::Array))
            return std::nullopt;
        for (const JsonValue &part : value.items) {
            auto inner = patternOf(part);
            if (!inner)
                return std::nullopt;
            pattern.parts.push_back(std::move(*inner));
        }
        return pattern;
    }
    if (!value.is(Kind::String) || value.text.empty())
        return std::nullopt;
    pattern.text = value.text;
    pattern.caseMatters = pattern.kind == NamePattern::Kind::Regex;
    if (!checkPattern(pattern))
        return std::nullopt;
    return pattern;
}

/// The exact ids in a clause: what is said name by name, not the beginnings and parts of names.
void collectIds(const NamePattern &pattern, std::vector<std::string> &ids)
{
    if (pattern.kind == NamePattern::Kind::Equals)
        ids.push_back(pattern.text);
    if (pattern.kind == NamePattern::Kind::Any) {
        for (const NamePattern &part : pattern.parts)
            collectIds(part, ids);
    }
}

std::int64_t tokensOf(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = memberOf(object, name, Kind::Number);
    const auto number = value ? parseDecimal(value->text, 0) : Result<ScaledDecimal>(Error{});
    return number && number->units > 0 && number->units < 1'000'000'000'000 ? static_cast<std::int64_t>(number->units)
                                                                            : 0;
}

class Reader
{
public:
    Reader(std::string_view fileName, const CatalogueOptions &options, CatalogueImport &result)
        : m_options(options)
        , m_result(result)
    {
        m_result.catalogue.id = "genai-prices:" + std::string(fileName);
        m_result.catalogue.name = "genai-prices " + std::string(fileName);
        m_result.catalogue.asOf = asOfDate(fileName, options.effectiveFrom);
    }

    void readProvider(const JsonValue &json, const std::string &path)
    {
        LibraryProvider provider;
        provider.id = textOf(json, "id");
        const JsonValue *models = memberOf(json, "models", Kind::Array);
        if (provider.id.empty() || !models)
            return issue(path, "no id or no models; left out");
        readClauses(json, path, provider);
        const std::string canonical = canonicalProvider(provider.id);
        const auto [owner, first] = m_ownerOf.emplace(canonical, provider.id);
        if (!first)
            issue(path, "another seller of this file, " + owner->second
                            + ", is the same one here; these models keep the seller in their names");
        const std::string before = first ? "" : provider.id + "/";
        std::set<std::string> ids;
        for (const JsonValue &model : models->items) {
            const std::string id = textOf(model, "id");
            if (!id.empty())
                ids.insert(lowered(id));
        }
        m_aliasOwner.clear();
        for (std::size_t i = 0; i < models->items.size(); ++i)
            readModel(models->items[i], joinPath(joinPath(path, "models"), std::to_string(i)), provider.id, before,
                      ids);
        if (m_options.reading == CatalogueReading::AsItsLibrary)
            m_result.catalogue.libraryProviders.push_back(std::move(provider));
    }

private:
    void issue(std::string path, std::string reason)
    {
        m_result.issues.push_back({std::move(path), std::move(reason)});
    }

    void readClauses(const JsonValue &json, const std::string &path, LibraryProvider &provider)
    {
        for (const char *name : {"provider_match", "model_match"}) {
            const JsonValue *clause = json.find(name);
            if (!clause || clause->is(Kind::Null))
                continue;
            auto pattern = patternOf(*clause);
            if (!pattern)
                issue(joinPath(path, name), "a clause that is not known here; left out");
            (std::string_view(name) == "provider_match" ? provider.providerMatch : provider.modelMatch) =
                std::move(pattern);
        }
        if (const JsonValue *others = memberOf(json, "fallback_model_providers", Kind::Array)) {
            for (const JsonValue &other : others->items) {
                if (other.is(Kind::String))
                    provider.fallbacks.push_back(other.text);
            }
        }
    }

    void readModel(const JsonValue &json, const std::string &path, const std::string &provider,
                   const std::string &before, const std::set<std::string> &ids)
    {
        const std::string id = textOf(json, "id");
        const JsonValue *prices = json.is(Kind::Object) ? json.find("prices") : nullptr;
        if (id.empty() || !prices)
            return issue(path, "no id or no prices; left out");
        CatalogueModel model;
        model.key = {canonicalProvider(provider), before + id};
        if (!m_keys.insert(model.key.provider + "\n" + lowered(model.key.model)).second)
            return issue(path, "another model of this seller has the id " + id + "; the first one counts");
        model.displayName = textOf(json, "name").empty() ? id : textOf(json, "name");
        model.contextWindow = tokensOf(json, "context_window");
        readNames(json, path, id, ids, model);
        if (m_options.reading == CatalogueReading::AsItsLibrary)
            model.libraryProvider = provider;
        GenaiRateContext context;
        context.idStart = "genai-prices:" + provider + "/" + id;
        context.source = m_result.catalogue.name;
        context.checked = m_result.catalogue.asOf;
        context.note = textOf(json, "price_comments");
        context.effectiveFrom = m_options.effectiveFrom;
        context.reading = m_options.reading;
        model.rates = readGenaiRates(*prices, joinPath(path, "prices"), context, m_result.issues);
        if (model.rates.empty())
            return issue(path, "states no price; left out");
        m_result.catalogue.models.push_back(std::move(model));
    }

    void readNames(const JsonValue &json, const std::string &path, const std::string &id,
                   const std::set<std::string> &ids, CatalogueModel &model)
    {
        const JsonValue *clause = json.find("match");
        auto pattern = clause ? patternOf(*clause) : std::nullopt;
        if (!pattern) {
            if (clause)
                issue(joinPath(path, "match"), "a clause that is not known here; only the id names this model");
            pattern = NamePattern{NamePattern::Kind::Equals, id, false, {}};
        }
        std::vector<std::string> names;
        collectIds(*pattern, names);
        for (const std::string &name : names) {
            const std::string lower = lowered(name);
            // The id of a model is its own; what two models claim belongs to the first, as the library has it.
            if (lower == lowered(id) || ids.count(lower) != 0 || !m_aliasOwner.emplace(lower, id).second)
                continue;
            model.aliases.push_back(name);
        }
        if (m_options.reading == CatalogueReading::AsItsLibrary)
            model.patterns.push_back(std::move(*pattern));
    }

    const CatalogueOptions &m_options;
    CatalogueImport &m_result;
    std::map<std::string, std::string> m_ownerOf;              ///< canonical seller -> its first id in the file
    std::unordered_map<std::string, std::string> m_aliasOwner; ///< of the seller that is read
    std::set<std::string> m_keys;
};

Result<CatalogueImport> readGenaiPrices(const JsonValue &root, std::string_view fileName,
                                        const CatalogueOptions &options)
{
    CatalogueImport result;
    Reader reader(fileName, options, result);
    for (std::size_t i = 0; i < root.items.size(); ++i)
        reader.readProvider(root.items[i], joinPath("", std::to_string(i)));
    if (result.catalogue.models.empty())
        return noUsablePrice(result.issues);
    return result;
}

} // namespace

CatalogueFormat genaiPricesFormat()
{
    return {"genai-prices", "genai-prices (data.json, version 2)", true, recogniseGenaiPrices, readGenaiPrices};
}

} // namespace perunit
