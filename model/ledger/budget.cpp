// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ledger/budget.h"

#include "pricing/base/decimal.h"
#include "pricing/catalogue/json_value.h"

#include <nlohmann/json.hpp>

namespace perunit {

namespace {

Error wrong(std::string what, std::size_t line)
{
    return {ErrorCode::BadInput, std::move(what), "/lines/" + std::to_string(line), "import the budget again"};
}

Result<BudgetLine> readLine(const JsonValue &value, std::size_t at)
{
    const JsonValue *month = value.find("month");
    const JsonValue *amount = value.find("amount");
    const JsonValue *currency = value.find("currency");
    const JsonValue *scope = value.find("scope");
    const auto start = month ? parseInstant(month->text + "-01") : Result<Instant>(wrong("has no month", at));
    if (!start)
        return wrong("has no month", at);
    const auto number = amount ? parseDecimal(amount->text, Money::scale) : Result<ScaledDecimal>(wrong("", at));
    if (!number)
        return wrong("has no amount", at);
    BudgetLine line;
    line.month = monthOf(*start);
    line.amount = Money::ofUnits(number->units);
    line.currency = currency ? currency->text : std::string();
    for (std::size_t i = 0; scope && i < scope->names.size(); ++i)
        line.scope[scope->names[i]] = scope->items[i].text;
    return line;
}

} // namespace

std::string writeBudget(const std::vector<BudgetLine> &lines)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const BudgetLine &line : lines) {
        nlohmann::ordered_json json{{"month", budgetMonthText(line.month)}, {"amount", line.amount.text()}};
        if (!line.currency.empty())
            json["currency"] = line.currency;
        json["scope"] = nlohmann::ordered_json::object();
        for (const auto &[dimension, value] : line.scope)
            json["scope"][dimension] = value;
        list.push_back(std::move(json));
    }
    return nlohmann::ordered_json{{"lines", list}}.dump(2, ' ', false,
                                                        nlohmann::ordered_json::error_handler_t::replace);
}

Result<std::vector<BudgetLine>> readBudget(std::string_view json)
{
    const auto document = parseJson(json);
    if (!document)
        return document.error();
    const JsonValue *list = document->find("lines");
    if (!list || !list->is(JsonValue::Kind::Array))
        return Error{ErrorCode::BadInput, "the budget has no lines", "/lines", "import the budget again"};
    std::vector<BudgetLine> lines;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        auto line = readLine(list->items[i], i);
        if (!line)
            return line.error();
        lines.push_back(std::move(*line));
    }
    return lines;
}

std::string budgetMonthText(Month month)
{
    const std::string number = std::to_string(month.month());
    return std::to_string(month.year()) + (number.size() < 2 ? "-0" : "-") + number;
}

std::string budgetScopeText(const BudgetLine &line)
{
    std::string text;
    for (const auto &[dimension, value] : line.scope)
        text += (text.empty() ? "" : ", ") + dimension + " = " + value;
    return text.empty() ? "everything" : text;
}

} // namespace perunit
