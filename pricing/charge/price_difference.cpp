// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/price_difference.h"

#include "pricing/catalogue/json_value.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

struct Charged {
    Femto cost;
    bool priced = false;
    bool assumed = false;
    std::string entry;
};
using ByClass = std::map<UsageClass, Charged>;

ByClass byClass(const PricedRequest &priced, bool reasoningApart)
{
    ByClass result;
    for (const PricedLine &line : priced.lines) {
        const bool joined = line.usageClass == UsageClass::Reasoning && !reasoningApart;
        Charged &charged = result[joined ? UsageClass::Output : line.usageClass];
        charged.cost += line.cost();
        charged.priced = true;
        charged.assumed = charged.assumed || line.state == PriceState::Assumed;
        charged.entry = line.entry;
    }
    return result;
}

bool hasReasoning(const PricedRequest &priced)
{
    return std::any_of(priced.lines.begin(), priced.lines.end(),
                       [](const PricedLine &line) { return line.usageClass == UsageClass::Reasoning; });
}

/// What was left out of the very entry that the library charges: "litellm:wandb/x#batch" is the member "/wandb~1x".
std::string leftOutOf(const std::string &entry, const std::vector<CatalogueIssue> &issues)
{
    const std::size_t colon = entry.find(':');
    if (colon == std::string::npos)
        return {};
    const std::string key = entry.substr(colon + 1, entry.find_first_of("#>@", colon) - colon - 1);
    const std::string path = joinPath("", key);
    for (const CatalogueIssue &issue : issues) {
        if (issue.path == path)
            return issue.reason;
    }
    return {};
}

std::string reasonFor(const Charged *library, const Charged *stated, const ComparedBooks &books,
                      const PricedRequest &own)
{
    const std::string leftOut = library ? leftOutOf(library->entry, books.issues) : std::string();
    if (!own.match.model.found())
        return leftOut.empty() ? "only the library's own patterns find this model" : leftOut;
    if (!leftOut.empty())
        return leftOut;
    if (!stated || !stated->priced)
        return "the catalogue states no price for it";
    if (stated->assumed)
        return "the catalogue states no price for this case; taken over from " + stated->entry;
    return "the library charges by a rule of its own beside " + stated->entry;
}

} // namespace

std::vector<PriceDifference> priceDifferences(const ComparedBooks &books, const RequestToPrice &request,
                                              const PricedRequest &asItsLibrary)
{
    const PricedRequest own = priceRequest(*books.stated, request);
    const bool apart = hasReasoning(asItsLibrary) && hasReasoning(own);
    const ByClass library = byClass(asItsLibrary, apart);
    const ByClass stated = byClass(own, apart);
    std::vector<PriceDifference> result;
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const auto usageClass = static_cast<UsageClass>(i);
        const auto theirs = library.find(usageClass);
        const auto ours = stated.find(usageClass);
        const Charged *first = theirs == library.end() ? nullptr : &theirs->second;
        const Charged *second = ours == stated.end() ? nullptr : &ours->second;
        if ((!first && !second) || (first && second && first->cost == second->cost))
            continue;
        PriceDifference difference;
        difference.usageClass = usageClass;
        difference.reason = reasonFor(first, second, books, own);
        if (second)
            difference.cost = second->cost;
        if (first)
            difference.libraryCost = first->cost;
        result.push_back(std::move(difference));
    }
    return result;
}

} // namespace perunit
