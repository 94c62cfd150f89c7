// SPDX-License-Identifier: GPL-3.0-or-later
// Langfuse's default-model-prices.json (catalogue-formats.md §1 and §4).
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/langfuse_tiers.h"
#include "pricing/catalogue/name_list.h"
#include "pricing/catalogue/name_pattern.h"
#include "pricing/catalogue/price_guards.h"
#include "pricing/catalogue/provider_names.h"

#include <array>
#include <map>
#include <set>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

const JsonValue *memberOf(const JsonValue &object, std::string_view name, Kind kind)
{
    const JsonValue *value = object.is(Kind::Object) ? object.find(name) : nullptr;
    return value && value->is(kind) ? value : nullptr;
}

std::string recogniseLangfuse(const JsonValue &root)
{
    if (!root.is(Kind::Array) || root.items.empty())
        return {};
    const JsonValue &first = root.items.front();
    const bool found = memberOf(first, "modelName", Kind::String) && memberOf(first, "matchPattern", Kind::String);
    return found ? "a list of models with modelName and matchPattern" : "";
}

/// Whose model it is. The file says nothing of sellers; these are the makers of what it lists.
std::string makerOf(const std::string &modelName)
{
    struct Beginning {
        std::string_view text;
        std::string_view maker;
    };
    static constexpr std::array<Beginning, 28> beginnings{{{"gpt-", "openai"},
                                                           {"chatgpt-", "openai"},
                                                           {"o1", "openai"},
                                                           {"o3", "openai"},
                                                           {"o4", "openai"},
                                                           {"ft:", "openai"},
                                                           {"text-embedding-ada", "openai"},
                                                           {"text-embedding-3", "openai"},
                                                           {"text-ada", "openai"},
                                                           {"text-babbage", "openai"},
                                                           {"text-curie", "openai"},
                                                           {"text-davinci", "openai"},
                                                           {"babbage-", "openai"},
                                                           {"davinci-", "openai"},
                                                           {"claude-", "anthropic"},
                                                           {"gemini-", "google"},
                                                           {"gemma-", "google"},
                                                           {"chat-bison", "google"},
                                                           {"codechat-bison", "google"},
                                                           {"text-bison", "google"},
                                                           {"code-bison", "google"},
                                                           {"code-gecko", "google"},
                                                           {"text-unicorn", "google"},
                                                           {"textembedding-gecko", "google"},
                                                           {"mistral-", "mistral"},
                                                           {"deepseek-", "deepseek"},
                                                           {"grok-", "xai"},
                                                           {"command-", "cohere"}}};
    const std::string name = lowered(modelName);
    for (const Beginning &each : beginnings) {
        if (name.compare(0, each.text.size(), each.text) == 0)
            return std::string(each.maker);
    }
    return "langfuse";
}

class Reader
{
public:
    Reader(std::string_view fileName, const CatalogueOptions &options, CatalogueImport &result)
        : m_options(options)
        , m_result(result)
    {
        m_result.catalogue.id = "langfuse:" + std::string(fileName);
        m_result.catalogue.name = "Langfuse " + std::string(fileName);
        m_result.catalogue.asOf = asOfDate(fileName, options.effectiveFrom);
    }

    /// Names that stand as a model of their own are nobody's alias.
    void collectNames(const JsonValue &root)
    {
        for (const JsonValue &json : root.items) {
            if (const JsonValue *name = memberOf(json, "modelName", Kind::String))
                m_modelNames.insert(lowered(name->text));
        }
    }

    void readModel(const JsonValue &json, const std::string &path)
    {
        const JsonValue *name = memberOf(json, "modelName", Kind::String);
        const JsonValue *pattern = memberOf(json, "matchPattern", Kind::String);
        const JsonValue *tiers = memberOf(json, "pricingTiers", Kind::Array);
        if (!name || name->text.empty() || !tiers)
            return issue(path, "no modelName or no pricingTiers; left out");
        CatalogueModel model;
        model.key = {makerOf(name->text), name->text};
        if (!m_keys.insert(model.key.provider + "\n" + lowered(model.key.model)).second)
            return issue(path, "the model " + name->text + " stands in the file twice; the first one counts");
        model.displayName = name->text;
        LangfuseRateContext context;
        context.idStart = "langfuse:" + name->text;
        context.source = m_result.catalogue.name;
        context.checked = m_result.catalogue.asOf;
        context.effectiveFrom = m_options.effectiveFrom;
        context.reading = m_options.reading;
        model.rates = readLangfuseRates(*tiers, joinPath(path, "pricingTiers"), context, m_result.issues);
        if (model.rates.empty())
            return issue(path, "states no price; left out");
        const std::size_t place = m_result.catalogue.models.size();
        m_result.catalogue.models.push_back(std::move(model));
        if (pattern)
            readNames(pattern->text, joinPath(path, "matchPattern"), place);
    }

private:
    void issue(std::string path, std::string reason)
    {
        m_result.issues.push_back({std::move(path), std::move(reason)});
    }

    void readNames(const std::string &expression, const std::string &path, std::size_t place)
    {
        // The case flag of other dialects stands in front of the whole; names are compared without letter case anyway.
        const bool anyCase = expression.compare(0, 4, "(?i)") == 0;
        NamePattern pattern{NamePattern::Kind::Regex, anyCase ? expression.substr(4) : expression, !anyCase, {}};
        if (!checkPattern(pattern))
            return issue(path, "a regular expression that cannot be read; only the name itself names this model");
        const std::vector<std::string> names = namesOfExpression(pattern.text);
        if (names.empty())
            issue(path, "names more than a list of models; only the name itself is taken over");
        std::vector<std::string> atBedrock;
        for (const std::string &name : names) {
            const std::string lower = lowered(name);
            CatalogueModel &model = m_result.catalogue.models[place];
            if (lower == lowered(model.key.model) || m_modelNames.count(lower) != 0)
                continue;
            if (lower.find("anthropic.") != std::string::npos)
                atBedrock.push_back(name);
            else if (m_aliases.insert(lower).second)
                model.aliases.push_back(name);
        }
        if (m_options.reading == CatalogueReading::AsItsLibrary)
            m_result.catalogue.models[place].patterns.push_back(std::move(pattern));
        else
            addBedrock(place, atBedrock);
    }

    /// The ids that only Bedrock gives a model: the same price there, so that a ledger of Bedrock finds it.
    void addBedrock(std::size_t place, const std::vector<std::string> &names)
    {
        CatalogueModel model = m_result.catalogue.models[place];
        model.aliases.clear();
        model.key.provider = "bedrock";
        model.key.model.clear();
        for (const std::string &name : names) {
            // "us.anthropic.…" is found by its own wrapping, with the region that it names.
            if (lowered(name).compare(0, 10, "anthropic.") != 0)
                continue;
            if (model.key.model.empty())
                model.key.model = name;
            else
                model.aliases.push_back(name);
        }
        if (model.key.model.empty() || !m_keys.insert("bedrock\n" + lowered(model.key.model)).second)
            return;
        m_result.catalogue.models.push_back(std::move(model));
    }

    const CatalogueOptions &m_options;
    CatalogueImport &m_result;
    std::set<std::string> m_modelNames;
    std::set<std::string> m_keys;
    std::set<std::string> m_aliases;
};

Result<CatalogueImport> readLangfuse(const JsonValue &root, std::string_view fileName, const CatalogueOptions &options)
{
    CatalogueImport result;
    Reader reader(fileName, options, result);
    reader.collectNames(root);
    for (std::size_t i = 0; i < root.items.size(); ++i)
        reader.readModel(root.items[i], joinPath("", std::to_string(i)));
    if (result.catalogue.models.empty())
        return noUsablePrice(result.issues);
    return result;
}

} // namespace

CatalogueFormat langfuseFormat()
{
    return {"langfuse", "Langfuse's default-model-prices.json", false, recogniseLangfuse, readLangfuse};
}

} // namespace perunit
