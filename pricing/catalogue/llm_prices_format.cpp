// SPDX-License-Identifier: GPL-3.0-or-later
// llm-prices (catalogue-formats.md §1): USD per million tokens with dates. Its published files are current-v1.json,
// which has the prices of one day, and historical-v1.json; the files of single vendors have a price_history.
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/price_guards.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

std::string textAt(const JsonValue &object, std::string_view name)
{
    const JsonValue *value = object.find(name);
    return value && value->is(Kind::String) ? value->text : std::string();
}

const JsonValue *listAt(const JsonValue &root, std::string_view name)
{
    const JsonValue *value = root.is(Kind::Object) ? root.find(name) : nullptr;
    return value && value->is(Kind::Array) && !value->items.empty() ? value : nullptr;
}

bool isPriceOf(const JsonValue &record)
{
    return record.is(Kind::Object) && record.find("id") && record.find("vendor") && record.find("input");
}

class Reader
{
public:
    Reader(CatalogueImport &result, std::string_view fileName, const CatalogueOptions &options)
        : m_result(result)
        , m_options(options)
        , m_source("llm-prices " + std::string(fileName))
        , m_from(options.effectiveFrom)
    {
        m_result.catalogue.id = "llm-prices:" + std::string(fileName);
        m_result.catalogue.name = m_source;
    }

    /// One price of one model; `record` has input, output and perhaps dates.
    void add(const std::string &vendor, const std::string &id, const std::string &name, const JsonValue &record,
             const std::string &path, bool dated)
    {
        if (!record.is(Kind::Object) || id.empty() || canonicalProvider(vendor).empty())
            return issue(path, "no price of a named model and vendor; left out");
        const auto valid = dated ? validity(record, path) : std::optional(Period{m_from, alwaysAfter});
        if (!valid)
            return;
        PriceRows rows = readPrices(record, path);
        if (rows.empty())
            return;
        CatalogueModel &model = modelOf(canonicalProvider(vendor), id, name);
        RateOrigin origin;
        origin.id = "llm-prices:" + vendor + "/" + id;
        if (valid->from != alwaysBefore && dated)
            origin.id += "@" + formatDate(valid->from);
        const auto same = [&origin](const Rate &rate) {
            return rate.id == origin.id;
        };
        if (std::any_of(model.rates.begin(), model.rates.end(), same))
            return issue(path, "another price of the same model from the same day; left out");
        origin.valid = *valid;
        origin.source = m_source;
        origin.checked = m_result.catalogue.asOf;
        addRates(model, rows, origin);
        if (dated)
            announce(model.rates.back(), path);
    }

    Result<CatalogueImport> finish()
    {
        if (m_result.catalogue.models.empty())
            return noUsablePrice(m_result.issues);
        return std::move(m_result);
    }

private:
    void issue(std::string path, std::string reason)
    {
        m_result.issues.push_back({std::move(path), std::move(reason)});
    }

    std::optional<Period> validity(const JsonValue &record, const std::string &path)
    {
        Period valid{alwaysBefore, alwaysAfter};
        for (const auto &[name, at] : {std::pair("from_date", &valid.from), std::pair("to_date", &valid.to)}) {
            const JsonValue *date = record.find(name);
            if (!date || date->is(Kind::Null))
                continue;
            const auto parsed = date->is(Kind::String) ? parseInstant(date->text) : Result<Instant>(Error{});
            if (!parsed) {
                issue(joinPath(path, name), "not a date; the price is left out");
                return std::nullopt;
            }
            *at = *parsed;
        }
        if (!valid.isEmpty())
            return valid;
        issue(path, "to_date is not after from_date; the price is left out");
        return std::nullopt;
    }

    PriceRows readPrices(const JsonValue &record, const std::string &path)
    {
        static const std::map<std::string_view, UsageClass> classes{
            {"input", UsageClass::Input}, {"output", UsageClass::Output}, {"input_cached", UsageClass::CacheRead}};
        PriceRows rows;
        for (std::size_t i = 0; i < record.names.size(); ++i) {
            const std::string &name = record.names[i];
            const JsonValue &value = record.items[i];
            const auto known = classes.find(name);
            if (value.is(Kind::Null) || (known == classes.end() && !value.is(Kind::Number)))
                continue;
            const auto price = value.is(Kind::Number) ? parsePriceNumber(value.text, perMillion) : std::nullopt;
            if (known == classes.end()) {
                issue(joinPath(path, name), "charged by something that the catalogue has no class for; left out");
            } else if (!price) {
                issue(joinPath(path, name), "not a number of at least 0; left without a price");
            } else {
                if (price->femto == 0 && m_options.reading == CatalogueReading::Stated)
                    issue(joinPath(path, name), "the price is 0; read as free of charge");
                rows[{ServiceTier::Standard, -1}][static_cast<std::size_t>(known->second)] = price;
            }
        }
        if (rows.empty())
            issue(path, "states no price; left out");
        else if (m_options.reading == CatalogueReading::Stated)
            leaveOutImpossible(rows, path, m_result.issues);
        return rows;
    }

    CatalogueModel &modelOf(const std::string &seller, const std::string &id, const std::string &name)
    {
        std::vector<CatalogueModel> &models = m_result.catalogue.models;
        const auto [found, added] = m_models.emplace(std::pair(seller, lowered(id)), models.size());
        if (added) {
            models.emplace_back();
            models.back().key = {seller, id};
            models.back().displayName = name.empty() ? id : name;
        }
        return models[found->second];
    }

    /// A price that the file dates after itself was announced; nobody has been charged it yet.
    void announce(Rate &rate, const std::string &path)
    {
        const auto asOf = parseInstant(m_result.catalogue.asOf);
        if (m_options.reading != CatalogueReading::Stated || !asOf || rate.valid.from <= *asOf)
            return;
        rate.status = RateStatus::Announced;
        issue(joinPath(path, "from_date"), "begins after the date of the file; read as announced");
    }

    CatalogueImport &m_result;
    const CatalogueOptions &m_options;
    std::string m_source;
    Instant m_from;
    std::map<std::pair<std::string, std::string>, std::size_t> m_models;
};

std::string recogniseCurrent(const JsonValue &root)
{
    const JsonValue *prices = listAt(root, "prices");
    const bool found = prices && isPriceOf(prices->items.front()) && !prices->items.front().find("from_date");
    return found ? "a list of prices with vendor, id and input" : "";
}

std::string recogniseDated(const JsonValue &root)
{
    const JsonValue *prices = listAt(root, "prices");
    if (prices && isPriceOf(prices->items.front()) && prices->items.front().find("from_date"))
        return "a list of prices with vendor, id and from_date";
    const JsonValue *models = listAt(root, "models");
    const JsonValue *vendor = models ? root.find("vendor") : nullptr;
    const bool found = vendor && vendor->is(Kind::String) && models->items.front().is(Kind::Object)
                       && models->items.front().find("price_history");
    return found ? "the models of a vendor with their price_history" : "";
}

Result<CatalogueImport> readCurrent(const JsonValue &root, std::string_view fileName, const CatalogueOptions &options)
{
    CatalogueImport result;
    const std::string updated = textAt(root, "updated_at");
    result.catalogue.asOf = parseInstant(updated) ? updated : asOfDate(fileName, options.effectiveFrom);
    Reader reader(result, fileName, options);
    const JsonValue &prices = *root.find("prices");
    for (std::size_t i = 0; i < prices.items.size(); ++i) {
        const JsonValue &record = prices.items[i];
        reader.add(textAt(record, "vendor"), textAt(record, "id"), textAt(record, "name"), record,
                   joinPath("/prices", std::to_string(i)), false);
    }
    return reader.finish();
}

Result<CatalogueImport> readDated(const JsonValue &root, std::string_view fileName, const CatalogueOptions &options)
{
    CatalogueImport result;
    const std::string updated = textAt(root, "updated_at");
    result.catalogue.asOf = parseInstant(updated) ? updated : dateIn(fileName);
    Reader reader(result, fileName, options);
    if (const JsonValue *prices = listAt(root, "prices")) {
        for (std::size_t i = 0; i < prices->items.size(); ++i) {
            const JsonValue &record = prices->items[i];
            reader.add(textAt(record, "vendor"), textAt(record, "id"), textAt(record, "name"), record,
                       joinPath("/prices", std::to_string(i)), true);
        }
        return reader.finish();
    }
    const JsonValue &models = *root.find("models");
    for (std::size_t i = 0; i < models.items.size(); ++i) {
        const JsonValue &model = models.items[i];
        const std::string path = joinPath("/models", std::to_string(i));
        const JsonValue *history = listAt(model, "price_history");
        if (!history) {
            result.issues.push_back({path, "no price_history; left out"});
            continue;
        }
        for (std::size_t j = 0; j < history->items.size(); ++j)
            reader.add(textAt(root, "vendor"), textAt(model, "id"), textAt(model, "name"), history->items[j],
                       joinPath(joinPath(path, "price_history"), std::to_string(j)), true);
    }
    return reader.finish();
}

} // namespace

CatalogueFormat llmPricesFormat()
{
    return {"llm-prices", "llm-prices with its history", true, recogniseDated, readDated};
}

CatalogueFormat currentLlmPricesFormat()
{
    return {"llm-prices-current", "llm-prices of one day", false, recogniseCurrent, readCurrent};
}

} // namespace perunit
