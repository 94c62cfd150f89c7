// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/quality_routing.h"

#include "model/analyses/exact_fraction.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <numeric>

namespace perunit {

namespace {

/// A step along the hull of one class: more right answers for more money.
struct Edge {
    std::size_t group = 0;
    std::size_t from = 0;
    std::size_t to = 0;
    Int128 right = 0; ///< in parts per million of a request; positive
    Int128 cost = 0;  ///< femto-units; not negative
};

Int128 rightAnswersOf(const RoutingClass &group, std::size_t option)
{
    return static_cast<Int128>(group.requests) * group.options[option].accuracy;
}

/// Whether c lies on or above the straight line from a through b: b is then no corner of the lower hull.
bool isNoCorner(const RoutingClass &group, std::size_t a, std::size_t b, std::size_t c)
{
    const auto slope = [&group](std::size_t from, std::size_t to) {
        return ExactFraction{group.options[to].cost.units() - group.options[from].cost.units(),
                             rightAnswersOf(group, to) - rightAnswersOf(group, from)};
    };
    return compare(slope(b, c), slope(a, b)) <= 0;
}

/// Corners of the lower convex hull, from the cheapest option to the most accurate one.
std::vector<std::size_t> hullOf(const RoutingClass &group)
{
    std::vector<std::size_t> order(group.options.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&group](std::size_t a, std::size_t b) {
        const RoutingOption &one = group.options[a];
        const RoutingOption &other = group.options[b];
        return one.accuracy == other.accuracy ? one.cost < other.cost : one.accuracy < other.accuracy;
    });
    // Ties of cost go to the more accurate one.
    const auto cheapest = std::min_element(order.rbegin(), order.rend(), [&group](std::size_t a, std::size_t b) {
        return group.options[a].cost < group.options[b].cost;
    });
    std::vector<std::size_t> hull{*cheapest};
    for (const std::size_t option : order) {
        // Without requests nothing is right or wrong.
        if (group.requests == 0 || group.options[option].accuracy <= group.options[hull.back()].accuracy)
            continue;
        while (hull.size() > 1 && isNoCorner(group, hull[hull.size() - 2], hull.back(), option))
            hull.pop_back();
        hull.push_back(option);
    }
    return hull;
}

std::vector<Edge> edgesOf(const std::vector<RoutingClass> &classes, std::vector<RoutingChoice> &choices)
{
    std::vector<Edge> edges;
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const std::vector<std::size_t> hull = hullOf(classes[k]);
        choices.push_back({hull.front(), hull.front(), onePpm});
        for (std::size_t i = 1; i < hull.size(); ++i)
            edges.push_back({k, hull[i - 1], hull[i],
                             rightAnswersOf(classes[k], hull[i]) - rightAnswersOf(classes[k], hull[i - 1]),
                             classes[k].options[hull[i]].cost.units() - classes[k].options[hull[i - 1]].cost.units()});
    }
    // Hulls are convex, so that the edges of one class stay in their order.
    std::stable_sort(edges.begin(), edges.end(), [](const Edge &a, const Edge &b) {
        return compare({a.cost, a.right}, {b.cost, b.right}) < 0;
    });
    return edges;
}

Error tooLarge()
{
    return {ErrorCode::Overflow, "the amounts outgrow exact arithmetic", "", ""};
}

/// amount × factor ÷ (divisor × other), rounded half to even; false when it does not fit.
bool scaled(Int128 amount, Int128 factor, Int128 divisor, Int128 other, Int128 &result)
{
    std::vector<Product> products(1);
    products.front().amount = amount;
    products.front().factors.push_back(factor);
    products.front().divisors.push_back(divisor);
    products.front().divisors.push_back(other);
    return sumOfProducts(products, result);
}

/// Takes a part of an edge, rounded up to a millionth of the class.
Status split(const Edge &edge, Int128 missing, QualityRouting &result)
{
    const Int128 scaledShare = missing * onePpm;
    const auto share = static_cast<PartsPerMillion>((scaledShare + edge.right - 1) / edge.right);
    result.choices[edge.group] = {edge.from, edge.to, share};
    Int128 exact = 0;
    Int128 taken = 0;
    Int128 gap = 0;
    const Int128 roundedUp = share * edge.right - scaledShare;
    if (!scaled(edge.cost, missing, edge.right, 1, exact) || !scaled(edge.cost, share, onePpm, 1, taken)
        || !scaled(edge.cost, roundedUp, edge.right, onePpm, gap))
        return tooLarge();
    result.lowerBound = result.cost + Femto::ofUnits(exact);
    result.cost += Femto::ofUnits(taken);
    result.gap = Femto::ofUnits(gap);
    result.isOptimal = roundedUp == 0 || edge.cost == 0;
    result.rightAnswers += share * edge.right;
    return {};
}

} // namespace

PartsPerMillion QualityRouting::accuracy() const
{
    return requests == 0 ? 0 : static_cast<PartsPerMillion>(rightAnswers / (static_cast<Int128>(requests) * onePpm));
}

Result<QualityRouting> qualityRouting(const std::vector<RoutingClass> &classes, PartsPerMillion floor)
{
    QualityRouting result;
    for (const RoutingClass &group : classes) {
        if (group.options.empty())
            return Error{ErrorCode::BadInput, "no model is left for '" + group.name + "'", "",
                         "state an accuracy of a model that has prices"};
        result.requests += group.requests;
    }
    const std::vector<Edge> edges = edgesOf(classes, result.choices);
    Int128 right = 0;
    for (std::size_t k = 0; k < classes.size(); ++k) {
        right += rightAnswersOf(classes[k], result.choices[k].from);
        result.cost += classes[k].options[result.choices[k].from].cost;
    }
    const Int128 wanted = static_cast<Int128>(floor) * result.requests;
    result.rightAnswers = right * onePpm;
    result.lowerBound = result.cost;
    result.isOptimal = true;
    for (const Edge &edge : edges) {
        const Int128 missing = wanted - right;
        if (missing <= 0)
            break;
        if (missing < edge.right) {
            if (auto status = split(edge, missing, result); !status)
                return status.error();
            result.reached = true;
            return result;
        }
        right += edge.right;
        result.rightAnswers = right * onePpm;
        result.cost += Femto::ofUnits(edge.cost);
        result.lowerBound = result.cost;
        result.choices[edge.group] = {edge.to, edge.to, onePpm};
    }
    result.reached = right >= wanted;
    return result;
}

RoutingLevers routingLevers(const QualityRoutingProblem &problem, const QualityRouting &answer)
{
    RoutingLevers result;
    for (std::size_t k = 0; k < problem.classes.size(); ++k) {
        const RoutingClass &group = problem.classes[k];
        const RoutingChoice &choice = answer.choices[k];
        std::size_t to = choice.to;
        PartsPerMillion share = choice.isWhole() ? onePpm : choice.share;
        if (!choice.isWhole() && group.present == choice.to) {
            to = choice.from;
            share = onePpm - choice.share;
        } else if (!choice.isWhole() && group.present != choice.from) {
            share = onePpm;
            result.movedAsAWhole.push_back(group.name);
        }
        if (share == 0 || group.present == to)
            continue;
        EffectiveLever lever;
        lever.lever.id = "routing-" + std::to_string(result.levers.size() + 1);
        lever.lever.kind = LeverKind::Routing;
        lever.lever.scope.conditions[problem.dimension] = {group.name};
        lever.lever.numbers["share"] = share;
        lever.lever.texts["to"] = group.options[to].model;
        lever.lever.note = "accuracy " + formatDecimal(group.options[to].accuracy, 6);
        result.levers.push_back(std::move(lever));
    }
    return result;
}

} // namespace perunit
