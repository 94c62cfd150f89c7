// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/units/economic_unit.h"

#include "model/scenario/json_tree.h"

#include <nlohmann/json.hpp>

#include <array>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kindNames{"distinct_values", "requests", "outcome"};

Error wrong(std::string what, std::string where, std::string remedy = {})
{
    return {ErrorCode::BadInput, std::move(what), std::move(where), std::move(remedy)};
}

Status readMoney(JsonObjectReader &reader, std::string_view key, std::optional<Money> &value)
{
    const JsonTree *tree = reader.take(key);
    if (!tree || tree->kind == JsonTree::Kind::Null)
        return {};
    const auto amount = exactDecimal(*tree, Money::scale, reader.pathOf(key));
    if (!amount)
        return amount.error();
    value = Money::ofUnits(*amount);
    return {};
}

Status readDenominator(const JsonTree *tree, UnitDenominator &denominator)
{
    if (!tree)
        return wrong("is missing", "/denominator", "say what counts as one unit");
    auto reader = JsonObjectReader::of(*tree, "/denominator");
    if (!reader)
        return reader.error();
    std::string kind;
    for (const Status &status : {reader->text("kind", kind, true), reader->text("name", denominator.name)}) {
        if (!status)
            return status;
    }
    bool known = false;
    for (std::size_t i = 0; i < kindNames.size(); ++i) {
        // Written by hand, "distinct" says enough.
        if (kindNames[i] == kind || (i == 0 && kind == "distinct")) {
            denominator.kind = static_cast<UnitDenominator::Kind>(i);
            known = true;
        }
    }
    if (!known)
        return wrong("'" + kind + "' is not a way to count units", "/denominator/kind",
                     "use distinct_values, requests or outcome");
    if (denominator.kind != UnitDenominator::Kind::Requests && denominator.name.empty())
        return wrong("is missing", "/denominator/name", "name the dimension or the outcome series");
    return reader->finish();
}

Result<EconomicUnit> readUnitTree(const JsonTree &tree)
{
    auto reader = JsonObjectReader::of(tree, "");
    if (!reader)
        return reader.error();
    EconomicUnit unit;
    for (const Status &status :
         {reader->text("name", unit.name, true), reader->flag("inference", unit.inference),
          reader->flag("training", unit.training), reader->flag("human_review", unit.humanReview),
          reader->flag("harness", unit.harness), readMoney(*reader, "value", unit.value),
          readMoney(*reader, "human_alternative", unit.humanAlternative), reader->text("note", unit.note),
          readDenominator(reader->take("denominator"), unit.denominator)}) {
        if (!status)
            return status.error();
    }
    if (const JsonTree *scope = reader->take("scope")) {
        auto read = readScope(*scope, "/scope");
        if (!read)
            return read.error();
        unit.scope = std::move(*read);
    }
    if (auto status = reader->finish(); !status)
        return status.error();
    return unit;
}

} // namespace

std::string writeUnit(const EconomicUnit &unit)
{
    Json json;
    json["name"] = unit.name;
    if (!unit.scope.isEverything())
        json["scope"] = unit.scope.conditions;
    json["inference"] = unit.inference;
    if (!unit.training)
        json["training"] = false;
    if (!unit.humanReview)
        json["human_review"] = false;
    json["harness"] = unit.harness;
    json["denominator"]["kind"] = std::string(kindNames[static_cast<std::size_t>(unit.denominator.kind)]);
    if (!unit.denominator.name.empty())
        json["denominator"]["name"] = unit.denominator.name;
    if (unit.value)
        json["value"] = unit.value->text();
    if (unit.humanAlternative)
        json["human_alternative"] = unit.humanAlternative->text();
    if (!unit.note.empty())
        json["note"] = unit.note;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<EconomicUnit> readUnit(std::string_view json, std::string_view where)
{
    const auto tree = parseJsonTree(json);
    if (!tree)
        return tree.error().in(where);
    auto unit = readUnitTree(*tree);
    if (!unit)
        return unit.error().in(where);
    return unit;
}

} // namespace perunit
