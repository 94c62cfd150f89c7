// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/evaluate.h"

#include "model/engine/evaluation.h"
#include "model/scenario/lever_names.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>

namespace perunit {

namespace {

constexpr std::size_t mostShapleyLevers = 10;

/// What one bar of the bridge stands for: a lever that comes, goes or changes. Levers of one kind that take
/// each other's place (one leaves requests that the other one takes) are one change, because no request can
/// be in the hands of both or of neither in between.
struct Change {
    std::string id;
    LeverKind kind = LeverKind::Routing;
    std::vector<EffectiveLever> before;
    std::vector<EffectiveLever> after;
};

/// Levers of both sides, and the changes that lead from one to the other, in pipeline order.
struct Difference {
    std::vector<EffectiveLever> common;
    std::vector<Change> changes;
};

bool sameEffect(const EffectiveLever &a, const EffectiveLever &b)
{
    const auto effect = [](const EffectiveLever &lever) {
        return std::tie(lever.lever.kind, lever.lever.scope.conditions, lever.lever.numbers, lever.lever.texts,
                        lever.lever.start, lever.lever.rampMonths, lever.layer);
    };
    return effect(a) == effect(b);
}

std::vector<EffectiveLever> enabledLevers(const EvaluationRequest &request)
{
    std::vector<EffectiveLever> result;
    std::copy_if(request.levers.begin(), request.levers.end(), std::back_inserter(result),
                 [](const EffectiveLever &lever) { return lever.lever.enabled; });
    return result;
}

bool takesPlaceOf(const Change &a, const Change &b)
{
    const auto meet = [](const std::vector<EffectiveLever> &one, const std::vector<EffectiveLever> &other) {
        return std::any_of(one.begin(), one.end(), [&other](const EffectiveLever &x) {
            return std::any_of(other.begin(), other.end(),
                               [&x](const EffectiveLever &y) { return compete(x.lever, y.lever); });
        });
    };
    return a.kind == b.kind && (meet(a.before, b.after) || meet(a.after, b.before));
}

void absorb(Change &change, Change &other)
{
    change.id += " + " + other.id;
    change.before.insert(change.before.end(), other.before.begin(), other.before.end());
    change.after.insert(change.after.end(), other.after.begin(), other.after.end());
}

void joinReplacements(std::vector<Change> &changes)
{
    for (std::size_t i = 0; i < changes.size(); ++i) {
        // An absorbed change may reach further, so look again from the start.
        for (std::size_t j = i + 1; j < changes.size();) {
            if (takesPlaceOf(changes[i], changes[j])) {
                absorb(changes[i], changes[j]);
                changes.erase(changes.begin() + static_cast<std::ptrdiff_t>(j));
                j = i + 1;
            } else {
                ++j;
            }
        }
    }
}

Difference differenceOf(const EvaluationRequest &from, const EvaluationRequest &to)
{
    Difference result;
    std::vector<EffectiveLever> before = enabledLevers(from);
    for (EffectiveLever &lever : enabledLevers(to)) {
        const auto known = std::find_if(before.begin(), before.end(), [&lever](const EffectiveLever &old) {
            return old.lever.id == lever.lever.id && old.lever.kind == lever.lever.kind;
        });
        if (known == before.end()) {
            result.changes.push_back({lever.lever.id, lever.lever.kind, {}, {lever}});
        } else {
            if (sameEffect(*known, lever))
                result.common.push_back(lever);
            else
                result.changes.push_back({lever.lever.id, lever.lever.kind, {*known}, {lever}});
            before.erase(known);
        }
    }
    for (EffectiveLever &lever : before)
        result.changes.push_back({lever.lever.id, lever.lever.kind, {lever}, {}});
    std::sort(result.changes.begin(), result.changes.end(),
              [](const Change &a, const Change &b) { return std::tie(a.kind, a.id) < std::tie(b.kind, b.id); });
    joinReplacements(result.changes);
    return result;
}

/// Totals for every subset of changes, by bit pattern; 0 is the start, all bits the end.
class Totals
{
public:
    Totals(const Baseline::Impl &baseline, const Difference &difference, std::stop_token stop)
        : m_baseline(baseline)
        , m_difference(difference)
        , m_stop(std::move(stop))
        , m_known(std::size_t{1} << difference.changes.size())
    {}

    /// Works the subset out unless it is known.
    Status need(std::size_t subset)
    {
        if (m_known[subset])
            return {};
        std::vector<EffectiveLever> levers = m_difference.common;
        for (std::size_t i = 0; i < m_difference.changes.size(); ++i) {
            const Change &change = m_difference.changes[i];
            const auto &side = (subset >> i & 1U) != 0 ? change.after : change.before;
            levers.insert(levers.end(), side.begin(), side.end());
        }
        auto plan = LeverPlan::make(m_baseline, levers, m_stop);
        if (!plan)
            return plan.error();
        if (auto status = Evaluation::sizePools(m_baseline, *plan, *m_baseline.cards, m_stop); !status)
            return status.error();
        const auto lines = Evaluation(m_baseline, *plan, Detail::TotalOnly, *m_baseline.cards, m_stop).run();
        if (!lines)
            return lines.error();
        m_known[subset] = lines->total;
        return {};
    }
    [[nodiscard]] Femto of(std::size_t subset) const { return *m_known[subset]; }

private:
    const Baseline::Impl &m_baseline;
    const Difference &m_difference;
    std::stop_token m_stop;
    std::vector<std::optional<Femto>> m_known;
};

/// Shares n! × part among the parts as whole femto-units: rounded down, the rest to the largest fractions.
std::vector<Femto> footed(const std::vector<Int128> &scaled, Int128 factorial)
{
    std::vector<Femto> parts;
    std::vector<Int128> rests;
    Int128 left = std::accumulate(scaled.begin(), scaled.end(), Int128{0}) / factorial;
    for (const Int128 value : scaled) {
        Int128 whole = value / factorial;
        if (value % factorial < 0)
            --whole;
        parts.push_back(Femto::ofUnits(whole));
        rests.push_back(value - whole * factorial);
        left -= whole;
    }
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&rests](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
    for (std::size_t i = 0; left > 0; ++i, --left)
        parts[order[i]] += Femto::ofUnits(1);
    return parts;
}

Int128 factorialOf(std::size_t n)
{
    Int128 result = 1;
    for (std::size_t i = 2; i <= n; ++i)
        result *= static_cast<Int128>(i);
    return result;
}

/// The fair share of each lever: its change averaged over all orders in which the levers can be applied.
void fillShapley(const Totals &totals, std::vector<BridgePart> &parts)
{
    const std::size_t n = parts.size();
    std::vector<Int128> scaled(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t bit = std::size_t{1} << i;
        for (std::size_t subset = 0; subset < std::size_t{1} << n; ++subset) {
            if ((subset & bit) != 0)
                continue;
            // |S|! (n-|S|-1)! of the n! orders apply exactly these levers before this one.
            const auto size = static_cast<std::size_t>(std::popcount(subset));
            scaled[i] +=
                factorialOf(size) * factorialOf(n - size - 1) * (totals.of(subset | bit) - totals.of(subset)).units();
        }
    }
    const std::vector<Femto> amounts = footed(scaled, factorialOf(n));
    for (std::size_t i = 0; i < n; ++i)
        parts[i].amount = amounts[i];
}

void fillRange(const Totals &totals, std::vector<BridgePart> &parts)
{
    const std::size_t all = (std::size_t{1} << parts.size()) - 1;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t bit = std::size_t{1} << i;
        parts[i].alone = totals.of(bit) - totals.of(0);
        parts[i].last = totals.of(all) - totals.of(all & ~bit);
        parts[i].minimum = parts[i].maximum = parts[i].alone;
        for (std::size_t subset = 0; subset <= all; ++subset) {
            if ((subset & bit) != 0)
                continue;
            const Femto change = totals.of(subset | bit) - totals.of(subset);
            parts[i].minimum = std::min(parts[i].minimum, change);
            parts[i].maximum = std::max(parts[i].maximum, change);
        }
    }
}

/// Shapley interaction index of every pair, rounded half to even.
std::vector<BridgeInteraction> interactionsOf(const Totals &totals, const std::vector<BridgePart> &parts)
{
    std::vector<BridgeInteraction> result;
    const std::size_t n = parts.size();
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            const std::size_t a = std::size_t{1} << i;
            const std::size_t b = std::size_t{1} << j;
            Int128 scaled = 0;
            for (std::size_t subset = 0; subset < std::size_t{1} << n; ++subset) {
                if ((subset & (a | b)) != 0)
                    continue;
                const auto size = static_cast<std::size_t>(std::popcount(subset));
                const Femto together =
                    totals.of(subset | a | b) - totals.of(subset | a) - totals.of(subset | b) + totals.of(subset);
                scaled += factorialOf(size) * factorialOf(n - size - 2) * together.units();
            }
            result.push_back(
                {parts[i].leverId, parts[j].leverId, Femto::ofUnits(divideHalfEven(scaled, factorialOf(n - 1)))});
        }
    }
    return result;
}

const Scope &scopeOf(const Change &change)
{
    return (change.after.empty() ? change.before : change.after).front().lever.scope;
}

std::string labelOf(const Change &change, const std::vector<Change> &changes)
{
    std::string label(leverSpec(change.kind).label);
    std::vector<const Scope *> ofKind;
    for (const Change &other : changes) {
        if (other.kind == change.kind)
            ofKind.push_back(&scopeOf(other));
    }
    // One alone shares everything with itself.
    if (const std::string values = distinction(scopeOf(change), ofKind); !values.empty())
        label += ": " + values;
    return change.after.empty() ? label + ", removed" : label;
}

Status evaluateSequential(Totals &totals, std::vector<BridgePart> &parts)
{
    const std::size_t n = parts.size();
    const std::size_t all = (std::size_t{1} << n) - 1;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t before = (std::size_t{1} << i) - 1;
        const std::size_t bit = std::size_t{1} << i;
        for (const std::size_t subset : {before, before | bit, bit, std::size_t{0}, all, all & ~bit}) {
            if (auto status = totals.need(subset); !status)
                return status;
        }
        BridgePart &part = parts[i];
        part.amount = totals.of(before | bit) - totals.of(before);
        part.alone = totals.of(bit) - totals.of(0);
        part.last = totals.of(all) - totals.of(all & ~bit);
        // Only the orders that were worked out are known: this one, first and last.
        part.minimum = std::min({part.amount, part.alone, part.last});
        part.maximum = std::max({part.amount, part.alone, part.last});
    }
    return {};
}

} // namespace

Result<Bridge> bridge(const Baseline &baseline, const EvaluationRequest &from, const EvaluationRequest &to,
                      BridgeMethod method, std::stop_token stop)
{
    const Difference difference = differenceOf(from, to);
    const std::size_t n = difference.changes.size();
    // One bit of a subset per lever; sequential bridges only ever look at a few of them.
    const std::size_t most = method == BridgeMethod::Shapley ? mostShapleyLevers : 20;
    if (n > most)
        return Error{ErrorCode::Unsupported,
                     std::to_string(n) + " levers differ; a bridge can explain up to " + std::to_string(most), "bridge",
                     method == BridgeMethod::Shapley ? "use the sequential bridge" : "compare closer scenarios"};
    Bridge result;
    result.from = from.name;
    result.to = to.name;
    result.method = method == BridgeMethod::Shapley ? "shapley" : "sequential";
    for (const Change &change : difference.changes)
        result.parts.push_back({change.id, labelOf(change, difference.changes), {}, {}, {}, {}, {}});

    Totals totals(baseline.impl(), difference, std::move(stop));
    const std::size_t all = (std::size_t{1} << n) - 1;
    for (const std::size_t subset : {std::size_t{0}, all}) {
        if (auto status = totals.need(subset); !status)
            return status.error();
    }
    if (method == BridgeMethod::Shapley) {
        for (std::size_t subset = 0; subset <= all; ++subset) {
            if (auto status = totals.need(subset); !status)
                return status.error();
        }
        fillShapley(totals, result.parts);
        fillRange(totals, result.parts);
        result.interactions = interactionsOf(totals, result.parts);
    } else if (auto status = evaluateSequential(totals, result.parts); !status) {
        return status.error();
    }
    result.start = totals.of(0);
    result.end = totals.of(all);
    return result;
}

} // namespace perunit
