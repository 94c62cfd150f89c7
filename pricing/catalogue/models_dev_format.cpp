// SPDX-License-Identifier: GPL-3.0-or-later
// models.dev's api.json (catalogue-formats.md §1): providers with their models, USD per million tokens, without dates.
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/price_guards.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

std::optional<UsageClass> classOfCost(std::string_view name)
{
    using enum UsageClass;
    static const std::map<std::string_view, UsageClass> classes{
        {"input", Input},         {"output", Output},       {"cache_read", CacheRead},  {"cache_write", CacheWrite5m},
        {"reasoning", Reasoning}, {"input_audio", AudioIn}, {"output_audio", AudioOut},
    };
    const auto found = classes.find(name);
    return found == classes.end() ? std::nullopt : std::optional(found->second);
}

const JsonValue *objectAt(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = object.find(name);
    return value && value->is(Kind::Object) ? value : nullptr;
}

std::string textAt(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = object.find(name);
    return value && value->is(Kind::String) ? value->text : std::string();
}

std::int64_t countAt(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = object.find(name);
    const auto number =
        value && value->is(Kind::Number) ? parseDecimal(value->text, 0) : Result<ScaledDecimal>(Error{});
    return number && number->units > 0 && number->units < 1'000'000'000'000 ? static_cast<std::int64_t>(number->units)
                                                                            : 0;
}

bool isFreeByName(std::string_view model)
{
    const std::string id = lowered(model);
    return id.ends_with("-free") || id.ends_with(":free") || id.ends_with("/free");
}

/// Models that take text in and give no tokens back.
bool isEmbedding(std::string_view id, const JsonValue &model)
{
    return lowered(id).find("embed") != std::string::npos
           || lowered(textAt(model, "family")).find("embed") != std::string::npos;
}

/// The prices of one model of the file.
class CostReader
{
public:
    CostReader(std::string id, const JsonValue &model, std::string path, CatalogueReading reading,
               std::vector<CatalogueIssue> &issues)
        : m_id(std::move(id))
        , m_model(model)
        , m_path(std::move(path))
        , m_stated(reading == CatalogueReading::Stated)
        , m_issues(issues)
        , m_issuesBefore(issues.size())
    {}

    PriceRows read()
    {
        const JsonValue *cost = m_model.find("cost");
        if (!cost || cost->is(Kind::Null)) {
            issue(m_path, "states no price; left out");
            return {};
        }
        const std::string path = joinPath(m_path, "cost");
        if (!cost->is(Kind::Object)) {
            issue(path, "not an object of prices; left out");
            return {};
        }
        readPrices(*cost, {ServiceTier::Standard, -1}, path);
        if (m_stated && isAllowance()) {
            issue(path, "0 for everything: a subscription or an allowance and not a price; left out");
            return {};
        }
        readLongPrompts(*cost, path);
        readModes();
        if (m_stated) {
            readZeros();
            leaveOutImpossible(m_rows, m_path, m_issues);
        }
        if (m_rows.empty() && m_issues.size() == m_issuesBefore)
            issue(m_path, "states no price; left out");
        return std::move(m_rows);
    }

private:
    void issue(std::string path, std::string reason) { m_issues.push_back({std::move(path), std::move(reason)}); }

    void readPrices(const JsonValue &cost, PriceRow row, const std::string &path)
    {
        for (std::size_t i = 0; i < cost.names.size(); ++i) {
            const std::string &name = cost.names[i];
            const JsonValue &value = cost.items[i];
            if (name == "tiers" || name == "context_over_200k" || name == "tier" || value.is(Kind::Null))
                continue;
            const auto usageClass = classOfCost(name);
            const auto price = value.is(Kind::Number) ? parsePriceNumber(value.text, perMillion) : std::nullopt;
            if (!usageClass)
                issue(joinPath(path, name), "charged by something that the catalogue has no class for; left out");
            else if (!price)
                issue(joinPath(path, name), "not a number of at least 0; left without a price");
            else
                m_rows[row][static_cast<std::size_t>(*usageClass)] = price;
        }
    }

    /// Plans with a monthly fee, and whatever a preview does not charge yet, are written as 0 for everything.
    [[nodiscard]] bool isAllowance() const
    {
        const auto base = m_rows.find({ServiceTier::Standard, -1});
        return base != m_rows.end() && !isFreeByName(m_id)
               && std::all_of(base->second.begin(), base->second.end(),
                              [](const auto &price) { return !price || price->femto == 0; });
    }

    /// `tiers` says the threshold; the older member beside it has 200k in its name whatever the threshold is.
    void readLongPrompts(const JsonValue &cost, const std::string &path)
    {
        const JsonValue *tiers = cost.find("tiers");
        if (!tiers) {
            if (const JsonValue *legacy = objectAt(cost, "context_over_200k"))
                readPrices(*legacy, {ServiceTier::Standard, 200'000}, joinPath(path, "context_over_200k"));
            return;
        }
        const std::string place = joinPath(path, "tiers");
        if (!tiers->is(Kind::Array))
            return issue(place, "not a list; left out");
        for (std::size_t i = 0; i < tiers->items.size(); ++i) {
            const JsonValue &entry = tiers->items[i];
            const std::string at = joinPath(place, std::to_string(i));
            const JsonValue *tier = entry.is(Kind::Object) ? objectAt(entry, "tier") : nullptr;
            const std::int64_t size = tier && textAt(*tier, "type") == "context" ? countAt(*tier, "size") : 0;
            if (size == 0)
                issue(at, "not a tier of prompt length; left out");
            else
                readPrices(entry, {ServiceTier::Standard, size}, at);
        }
    }

    void readModes()
    {
        const JsonValue *experimental = objectAt(m_model, "experimental");
        const JsonValue *modes = experimental ? objectAt(*experimental, "modes") : nullptr;
        if (!modes)
            return;
        for (std::size_t i = 0; i < modes->names.size(); ++i) {
            const std::string path = joinPath(joinPath(joinPath(m_path, "experimental"), "modes"), modes->names[i]);
            const JsonValue *cost = modes->items[i].is(Kind::Object) ? objectAt(modes->items[i], "cost") : nullptr;
            if (!cost)
                continue;
            if (modes->names[i] == "fast")
                readPrices(*cost, {ServiceTier::Fast, -1}, joinPath(path, "cost"));
            else
                issue(path, "a mode that is no service tier here; left out");
        }
    }

    void readZeros()
    {
        using enum UsageClass;
        for (auto &[row, prices] : m_rows) {
            const auto &input = prices[static_cast<std::size_t>(Input)];
            auto &output = prices[static_cast<std::size_t>(Output)];
            // Embeddings and rerankers generate nothing; the 0 says so and states no price.
            if (input && input->femto != 0 && output && output->femto == 0) {
                output.reset();
                if (isEmbedding(m_id, m_model))
                    prices[static_cast<std::size_t>(Embedding)] = input;
            }
            for (std::size_t i = 0; i < usageClassCount; ++i) {
                if (prices[i] && prices[i]->femto == 0)
                    issue(joinPath(m_path, "cost"),
                          "the price of " + std::string(usageClassNames[i]) + " is 0; read as free of charge");
            }
        }
    }

    std::string m_id;
    const JsonValue &m_model;
    std::string m_path;
    bool m_stated = true;
    std::vector<CatalogueIssue> &m_issues;
    std::size_t m_issuesBefore = 0;
    PriceRows m_rows;
};

class ModelsDevReader
{
public:
    ModelsDevReader(CatalogueImport &result, std::string_view fileName, const CatalogueOptions &options)
        : m_result(result)
        , m_options(options)
        , m_source("models.dev " + std::string(fileName))
    {}

    void read(const std::string &door, const JsonValue &provider)
    {
        const std::string path = joinPath("", door);
        const JsonValue *models = provider.is(Kind::Object) ? objectAt(provider, "models") : nullptr;
        if (!models) {
            m_result.issues.push_back({path, "no object of models; left out"});
            return;
        }
        const std::string seller = canonicalProvider(door);
        const std::string modelsPath = joinPath(path, "models");
        for (std::size_t i = 0; i < models->names.size(); ++i)
            readModel(door, seller, models->names[i], models->items[i], joinPath(modelsPath, models->names[i]));
    }

private:
    struct Known {
        std::string door;
        PriceRows rows;
    };

    void readModel(const std::string &door, const std::string &seller, const std::string &id, const JsonValue &object,
                   const std::string &path)
    {
        if (!object.is(Kind::Object)) {
            m_result.issues.push_back({path, "not an object; left out"});
            return;
        }
        PriceRows rows = CostReader(id, object, path, m_options.reading, m_result.issues).read();
        if (rows.empty())
            return;
        CatalogueModel model;
        model.key = {seller, id};
        const auto [known, first] = m_known.emplace(seller + "\n" + lowered(id), Known{door, rows});
        if (!first) {
            if (known->second.rows == rows)
                return;
            m_result.issues.push_back({path, "another price for the same model than at " + known->second.door
                                                 + "; kept under its whole name"});
            model.key.model = door + "/" + id;
            if (!m_known.emplace(seller + "\n" + lowered(model.key.model), Known{door, rows}).second) {
                m_result.issues.push_back({path, "the name differs only in letter case from another; left out"});
                return;
            }
        }
        model.displayName = textAt(object, "name").empty() ? id : textAt(object, "name");
        model.family = textAt(object, "family");
        if (const JsonValue *limit = objectAt(object, "limit"))
            model.contextWindow = countAt(*limit, "context");
        RateOrigin origin;
        origin.id = "models.dev:" + door + "/" + id;
        origin.valid = {m_options.effectiveFrom, alwaysAfter};
        // xAI charges the upper price from the threshold on, everybody else above it.
        origin.thresholdInclusive = seller == "xai";
        origin.source = m_source;
        origin.checked = m_result.catalogue.asOf;
        addRates(model, rows, origin);
        m_result.catalogue.models.push_back(std::move(model));
    }

    CatalogueImport &m_result;
    const CatalogueOptions &m_options;
    std::string m_source;
    std::unordered_map<std::string, Known> m_known;
};

bool isModelsDevProvider(const JsonValue &provider)
{
    const JsonValue *models = provider.is(Kind::Object) ? objectAt(provider, "models") : nullptr;
    return models && std::any_of(models->items.begin(), models->items.end(), [](const JsonValue &model) {
               const JsonValue *cost = model.is(Kind::Object) ? objectAt(model, "cost") : nullptr;
               return cost && (cost->find("input") || cost->find("output"));
           });
}

std::string recogniseModelsDev(const JsonValue &root)
{
    const bool found = root.is(Kind::Object)
                       && std::all_of(root.items.begin(), root.items.end(),
                                      [](const JsonValue &provider) { return provider.is(Kind::Object); })
                       && std::any_of(root.items.begin(), root.items.end(), isModelsDevProvider);
    return found ? "an object of providers with models and their cost" : "";
}

Result<CatalogueImport> readModelsDev(const JsonValue &root, std::string_view fileName, const CatalogueOptions &options)
{
    CatalogueImport result;
    result.catalogue.id = "models.dev:" + std::string(fileName);
    result.catalogue.name = "models.dev " + std::string(fileName);
    result.catalogue.asOf = asOfDate(fileName, options.effectiveFrom);
    ModelsDevReader reader(result, fileName, options);
    // Where two doors of one seller disagree, the seller's own name speaks for the model.
    for (const bool ownName : {true, false}) {
        for (std::size_t i = 0; i < root.names.size(); ++i) {
            if ((canonicalProvider(root.names[i]) == lowered(root.names[i])) == ownName)
                reader.read(root.names[i], root.items[i]);
        }
    }
    if (result.catalogue.models.empty())
        return noUsablePrice(result.issues);
    return result;
}

} // namespace

CatalogueFormat modelsDevFormat()
{
    return {"models.dev", "models.dev's api.json", false, recogniseModelsDev, readModelsDev};
}

} // namespace perunit
