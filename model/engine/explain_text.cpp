// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/explain_text.h"

#include "pricing/base/decimal.h"

#include <map>
#include <vector>

namespace perunit {

namespace {

constexpr int perMillionDecimals = Femto::scale - 6;
constexpr std::size_t mostTerms = 13;

std::string termOf(const ExplainedLine &line)
{
    const std::string factor = line.share.empty() || line.share == "1" ? "" : " \u00d7 " + line.share;
    if (!line.tokens)
        return line.detail.empty() ? std::string()
                                   : (line.kind == ExplainedKind::Harness ? "charges of " : "") + line.detail + factor;
    std::string result = formatDecimal(*line.tokens, 0) + " "
                         + (line.ofPrompt ? std::string("prompt tokens") : std::string(nameOf(*line.usageClass)))
                         + " \u00d7 " + line.share;
    if (line.price)
        result += " \u00d7 " + priceText(*line.price);
    return result;
}

/// "a = b + c" over names that group the lines; empty when there is only one.
template <typename NameOf>
std::string sumBy(const Explanation &explanation, const NameOf &nameOf)
{
    std::vector<std::string> order;
    std::map<std::string, Femto> sums;
    for (const ExplainedLine &line : explanation.lines) {
        if (!line.amount)
            continue;
        const std::string name = nameOf(line);
        if (sums.try_emplace(name).second)
            order.push_back(name);
        sums[name] += *line.amount;
    }
    if (order.size() < 2 || order.size() > mostTerms)
        return {};
    std::string result;
    for (const std::string &name : order)
        result += (result.empty() ? "" : " + ") + sums[name].text() + " " + name;
    return result;
}

std::string sumText(const Explanation &explanation)
{
    const std::string byComponent = sumBy(explanation, [](const ExplainedLine &line) {
        return line.component ? std::string(componentLabels[static_cast<std::size_t>(*line.component)]) : "units";
    });
    if (!byComponent.empty())
        return byComponent;
    const std::string byMonth = sumBy(explanation, [](const ExplainedLine &line) {
        if (!line.firstMonth)
            return std::string();
        return line.firstMonth == line.lastMonth ? line.firstMonth->text()
                                                 : line.firstMonth->text() + " to " + line.lastMonth->text();
    });
    if (!byMonth.empty())
        return byMonth;
    std::string terms;
    std::size_t priced = 0;
    for (const ExplainedLine &line : explanation.lines) {
        if (!line.amount)
            continue;
        const std::string term = termOf(line);
        if (++priced <= 4 && !term.empty())
            terms += (terms.empty() ? "" : " + ") + term;
    }
    return priced > 4 || terms.empty() ? "" : terms;
}

} // namespace

std::string perMillionText(Int128 femto)
{
    return formatDecimal(femto, perMillionDecimals);
}

std::string priceText(const PriceEntry &price)
{
    if (!price.offer.empty())
        return Femto::ofUnits(price.femto).text() + " " + price.band;
    return perMillionText(price.femto) + " per million";
}

std::string countedText(const EconomicUnit &unit)
{
    switch (unit.denominator.kind) {
    case UnitDenominator::Kind::DistinctValues:
        return "distinct values of " + unit.denominator.name;
    case UnitDenominator::Kind::Requests:
        return "requests";
    default:
        return "sum of the outcome series " + unit.denominator.name;
    }
}

std::string formulaOf(const Explanation &explanation)
{
    const std::string currency = explanation.isMoney ? " " + explanation.currency : " units";
    if (!explanation.amount) {
        if (explanation.count && *explanation.count <= 0)
            return "There are no units, so that the cost of one is undefined.";
        return "Nothing in it has a price, so that its cost is unknown.";
    }
    if (explanation.lines.empty())
        return "Nothing is in it: " + explanation.amount->text() + currency + ".";
    std::string result = explanation.amount->text() + currency;
    if (explanation.cost && explanation.count)
        result += " = " + explanation.cost->text() + " \u00f7 " + formatDecimal(*explanation.count, 6) + " units";
    const std::string sum = sumText(explanation);
    if (!sum.empty())
        return result + " = " + sum;
    return explanation.isMoney ? result + " = sum of " + std::to_string(explanation.lines.size()) + " lines" : result;
}

} // namespace perunit
