// SPDX-License-Identifier: GPL-3.0-or-later
// Mappings of price sheets: their JSON, what a header suggests, and what tells a sheet from a ledger.
#include "model/import/ledger_format.h"
#include "model/import/mapping_suggestion.h"
#include "model/import/number_text.h"
#include "model/import/price_sheet.h"
#include "model/import/price_unit.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace perunit {

namespace {

struct FieldNames {
    std::string_view field;
    std::vector<std::string_view> names; ///< normalised, the most telling first
};

const std::vector<FieldNames> &fieldNames()
{
    static const std::vector<FieldNames> table{
        {"provider",
         {"provider", "vendor", "seller", "supplier", "publisher", "maker", "company", "anbieter", "hersteller"}},
        {"model", {"modelid", "model", "modelname", "apiname", "modell", "deployment"}},
        {"display_name", {"displayname", "modelname", "name", "title"}},
        {"class",
         {"class", "usageclass", "meter", "metername", "tokentype", "usagetype", "pricetype", "direction", "component",
          "billingitem", "dimension"}},
        {"price",
         {"price", "unitprice", "listprice", "rate", "cost", "unitcost", "preis", "einzelpreis", "listenpreis",
          "amount"}},
        {"unit", {"unit", "per", "unitofmeasure", "uom", "priceunit", "pricingunit", "billingunit", "einheit"}},
        {"currency", {"currency", "currencycode", "pricecurrency", "w\xC3\xA4hrung", "waehrung"}},
        {"valid_from",
         {"validfrom", "effectivefrom", "effectivedate", "effectivestartdate", "startdate", "fromdate", "from", "since",
          "g\xC3\xBCltigab", "gueltigab", "ab"}},
        {"valid_to",
         {"validto", "effectiveto", "todate", "enddate", "effectiveenddate", "validuntil", "until", "to", "expires",
          "g\xC3\xBCltigbis", "gueltigbis", "bis"}},
        {"tier", {"servicetier", "tier", "processing", "mode"}},
        {"region", {"region", "location", "geography"}},
        {"threshold",
         {"threshold", "contextthreshold", "promptthreshold", "promptabove", "abovetokens", "minprompttokens",
          "contextabove", "promptlongerthan"}},
        {"source", {"source", "sourceurl", "reference", "url", "quelle"}},
        {"checked", {"checked", "checkedon", "asof", "retrieved", "lastchecked", "stand"}},
        {"note", {"note", "notes", "comment", "comments", "remark", "remarks", "bemerkung"}},
    };
    return table;
}

bool isField(std::string_view name)
{
    const auto &fields = fieldNames();
    return std::any_of(fields.begin(), fields.end(), [name](const FieldNames &each) { return each.field == name; });
}

/// "input", "price", or "batch:input".
bool isPriceField(std::string_view name)
{
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos)
        return name == "price" || usageClassNamed(name);
    return serviceTierNamed(name.substr(0, colon)) && usageClassNamed(name.substr(colon + 1));
}

Error badMapping(std::string what)
{
    return {ErrorCode::BadInput, std::move(what), "",
            R"(write {"columns": {"model": "Model", "input": "Input price", …}, "units": {"*": "1M tokens"}})"};
}

Result<std::map<std::string, std::string>> textMap(const nlohmann::json &json, const std::string &key)
{
    std::map<std::string, std::string> result;
    if (!json.contains(key))
        return result;
    if (!json[key].is_object())
        return badMapping("'" + key + "' is not an object");
    for (const auto &[name, value] : json[key].items()) {
        if (!value.is_string())
            return badMapping("'" + key + "." + name + "' is not a text");
        result[name] = value.get<std::string>();
    }
    return result;
}

Status checkFields(const PriceSheetMapping &mapping)
{
    for (const auto &[field, column] : mapping.columns) {
        if (!isField(field) && !isPriceField(field))
            return badMapping("'columns." + field + "' is no field of a price sheet");
    }
    for (const auto &[field, value] : mapping.constants) {
        if (!isField(field) || field == "class" || field == "price")
            return badMapping("'constants." + field
                              + "' is no field of a price sheet that can be the same for every row");
    }
    for (const auto &[field, unit] : mapping.units) {
        if (field != "*" && !isPriceField(field))
            return badMapping("'units." + field + "' is no price; use a usage class, 'price', or '*' for all");
        if (!priceUnitIn(unit))
            return badMapping("'" + unit
                              + "' is not a unit that is known, such as '1M tokens', '1K', 'page' or 'hour'");
    }
    return {};
}

/// Most values of the column are numbers, whatever their marks.
bool holdsNumbers(const TableShape &shape, std::size_t column)
{
    std::string buffer;
    std::size_t numbers = 0;
    std::size_t others = 0;
    for (const auto &row : shape.sample) {
        if (column >= row.size() || isNullWord(row[column]))
            continue;
        const bool number = plainNumber(row[column], NumberStyle::PointDecimal, buffer).ok()
                            || plainNumber(row[column], NumberStyle::CommaDecimal, buffer).ok();
        ++(number ? numbers : others);
    }
    return numbers > 0 && numbers >= others;
}

std::string priceField(const PriceWords &words)
{
    const std::string name(nameOf(*words.usageClass));
    return words.tier && *words.tier != ServiceTier::Standard ? std::string(nameOf(*words.tier)) + ":" + name : name;
}

} // namespace

Result<PriceSheetMapping> parsePriceSheetMapping(std::string_view json)
{
    const auto document = nlohmann::json::parse(json, nullptr, false);
    if (document.is_discarded() || !document.is_object())
        return badMapping("the mapping is not a JSON object");
    for (const auto &[key, value] : document.items()) {
        if (key == "threshold_inclusive" || key == "valid_to_inclusive") {
            if (!value.is_boolean())
                return badMapping("'" + key + "' is neither true nor false");
        } else if (key != "columns" && key != "units" && key != "constants") {
            return badMapping("'" + key + "' is not part of a mapping of a price sheet");
        }
    }
    PriceSheetMapping mapping;
    for (const auto &[key, target] : {std::pair("columns", &mapping.columns), std::pair("units", &mapping.units),
                                      std::pair("constants", &mapping.constants)}) {
        auto map = textMap(document, key);
        if (!map)
            return map.error();
        *target = std::move(*map);
    }
    mapping.thresholdInclusive = document.value("threshold_inclusive", false);
    if (document.contains("valid_to_inclusive"))
        mapping.validToInclusive = document["valid_to_inclusive"].get<bool>();
    if (const Status status = checkFields(mapping); !status)
        return status.error();
    return mapping;
}

std::string writePriceSheetMapping(const PriceSheetMapping &mapping)
{
    nlohmann::ordered_json json;
    for (const auto &[key, map] : {std::pair("columns", &mapping.columns), std::pair("units", &mapping.units),
                                   std::pair("constants", &mapping.constants)}) {
        json[key] = nlohmann::ordered_json::object();
        for (const auto &[field, value] : *map)
            json[key][field] = value;
    }
    if (mapping.thresholdInclusive)
        json["threshold_inclusive"] = true;
    if (mapping.validToInclusive)
        json["valid_to_inclusive"] = *mapping.validToInclusive;
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

PriceSheetMapping suggestPriceSheetMapping(const TableShape &shape)
{
    PriceSheetMapping mapping;
    std::set<int> used;
    for (const FieldNames &entry : fieldNames()) {
        if (entry.field == "class" || entry.field == "price")
            continue;
        for (const std::string_view name : entry.names) {
            const int column = shape.indexOf(name);
            if (column < 0 || !used.insert(column).second)
                continue;
            mapping.columns[std::string(entry.field)] = shape.header[static_cast<std::size_t>(column)];
            break;
        }
    }
    bool wide = false;
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        const PriceWords words = priceWordsIn(shape.header[i]);
        // "input_tokens" and "requests" count something; "Input", "Input price" and "Input ($/1M tokens)" are prices.
        const bool counts = !words.namesPrice
                            && (normalisedName(shape.header[i]).find("token") != std::string::npos
                                || (words.usageClass && !isTokenClass(*words.usageClass)));
        if (!words.usageClass || !words.understood || counts || used.contains(static_cast<int>(i))
            || !holdsNumbers(shape, i))
            continue;
        wide |= mapping.columns.emplace(priceField(words), shape.header[i]).second;
        used.insert(static_cast<int>(i));
    }
    if (wide)
        return mapping;
    for (const FieldNames &entry : fieldNames()) {
        if (entry.field != "class" && entry.field != "price")
            continue;
        for (const std::string_view name : entry.names) {
            const int column = shape.indexOf(name);
            if (column < 0 || used.contains(column)
                || (entry.field == "price" && !holdsNumbers(shape, static_cast<std::size_t>(column))))
                continue;
            used.insert(column);
            mapping.columns[std::string(entry.field)] = shape.header[static_cast<std::size_t>(column)];
            break;
        }
    }
    // "Price (USD per 1M tokens)" beside a column that names the meter.
    for (std::size_t i = 0; i < shape.header.size() && !mapping.columns.contains("price"); ++i) {
        const PriceWords words = priceWordsIn(shape.header[i]);
        if (words.namesPrice && words.understood && !used.contains(static_cast<int>(i)) && holdsNumbers(shape, i))
            mapping.columns["price"] = shape.header[i];
    }
    return mapping;
}

std::vector<std::string> missingForPriceSheet(const PriceSheetMapping &mapping)
{
    std::vector<std::string> missing;
    if (!mapping.columns.contains("model"))
        missing.emplace_back("a column with the model");
    const bool wide = std::any_of(mapping.columns.begin(), mapping.columns.end(),
                                  [](const auto &each) { return each.first != "price" && isPriceField(each.first); });
    if (!wide && !(mapping.columns.contains("price") && mapping.columns.contains("class")))
        missing.emplace_back(
            "a column with prices (input, output, …), or one with the price and one that says of what");
    return missing;
}

bool unitIsMissing(const PriceSheetMapping &mapping, const TableShape &shape)
{
    const auto columnOf = [&](const std::string &field) -> std::optional<std::size_t> {
        const auto found = mapping.columns.find(field);
        if (found == mapping.columns.end())
            return std::nullopt;
        const auto header = std::find(shape.header.begin(), shape.header.end(), found->second);
        return header == shape.header.end() ? std::nullopt
                                            : std::optional(static_cast<std::size_t>(header - shape.header.begin()));
    };
    const auto textIn = [](const std::vector<std::string> &row, std::optional<std::size_t> column) {
        return column && *column < row.size() ? row[*column] : std::string();
    };
    if (mapping.units.contains("*"))
        return false;
    const auto unitColumn = columnOf("unit");
    const auto meterColumn = columnOf("class");
    for (const auto &[field, header] : mapping.columns) {
        const auto column = columnOf(field);
        if (!isPriceField(field) || !column || mapping.units.contains(field) || priceWordsIn(header).unit)
            continue;
        for (const std::vector<std::string> &row : shape.sample) {
            const bool said = !textIn(row, unitColumn).empty()
                              || (field == "price" && priceWordsIn(textIn(row, meterColumn)).unit.has_value());
            // "free" and empty cells need no unit.
            if (!said && textIn(row, column).find_first_of("0123456789") != std::string::npos)
                return true;
        }
    }
    return false;
}

Result<PriceSheetLook> lookAtPriceSheet(std::string_view bytes, const std::optional<PriceSheetMapping> &mapping)
{
    const auto text = priceSheetText(bytes);
    if (!text)
        return text.error();
    if (text->find('\0') != std::string::npos)
        return Error{ErrorCode::BadInput, "this is neither a price catalogue nor a text file", "",
                     "export the sheet as CSV"};
    auto shape = shapeOfText(*text, true);
    if (!shape)
        return shape.error();
    PriceSheetLook look;
    look.mapping = mapping ? *mapping : suggestPriceSheetMapping(*shape);
    look.missing = missingForPriceSheet(look.mapping);
    look.unitMissing = unitIsMissing(look.mapping, *shape);
    look.header = std::move(shape->header);
    look.sample = std::move(shape->sample);
    return look;
}

bool fitsHeader(const PriceSheetMapping &mapping, const std::vector<std::string> &header)
{
    return std::all_of(mapping.columns.begin(), mapping.columns.end(), [&header](const auto &each) {
        return std::find(header.begin(), header.end(), each.second) != header.end();
    });
}

bool looksLikePriceSheet(std::string_view beginning)
{
    const auto text = priceSheetText(beginning);
    if (!text)
        return false;
    const std::size_t first = text->find_first_not_of(" \t\r\n");
    if (first == std::string::npos || (*text)[first] == '{' || (*text)[first] == '[' || (*text)[first] == '<'
        || text->find('\0') != std::string::npos)
        return false;
    // The last line of a beginning is cut, but a whole small file has nothing after it.
    const auto shape = shapeOfText(*text, true);
    if (!shape || shape->header.size() < 2 || !foreignReport(*shape).empty() || isKnownLedger(*shape))
        return false;
    const PriceSheetMapping mapping = suggestPriceSheetMapping(*shape);
    if (!missingForPriceSheet(mapping).empty())
        return false;
    const ColumnMapping ledger = suggestRequestMapping(*shape);
    const auto time = ledger.columns.find("time");
    const auto isDateOfPrice = [&mapping](const std::string &column) {
        return std::any_of(mapping.columns.begin(), mapping.columns.end(), [&column](const auto &each) {
            return each.second == column && (each.first == "valid_from" || each.first == "checked");
        });
    };
    if (time != ledger.columns.end() && !isDateOfPrice(time->second))
        return false;
    // Bare numbers under "input" may count something: a price says that it is one, by a word, a currency or a unit.
    return mapping.columns.contains("unit")
           || std::any_of(mapping.columns.begin(), mapping.columns.end(), [](const auto &each) {
                  return isPriceField(each.first) && priceWordsIn(each.second).namesPrice;
              });
}

} // namespace perunit
