// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/explain_shares.h"

#include "pricing/base/decimal.h"

namespace perunit {

namespace {

constexpr unsigned shownDecimals = 18;

Wide wide(PartsPerMillion value)
{
    return Wide::of(static_cast<UInt128>(value));
}

/// What happens to the prompt on its way.
void multiplyPrompt(ExplainedShare &share, const LeverPlan &levers, std::size_t segment, const MonthPlan &plan,
                    const SlicePlan &slice, const RoutePlan &route, Component component)
{
    const auto lever = [&](LeverKind kind) {
        return levers.leverOf(segment, kind);
    };
    multiply(share, plan.factors.turns.prompt, "prompt of longer conversations", lever(LeverKind::ConversationLength));
    multiply(share, plan.factors.context, "context", lever(LeverKind::ContextGrowth));
    multiply(share, route.trimmed, "trimmed prompt", lever(LeverKind::Trimming));
    multiply(share, route.tokenRatio, "prompt tokens there", slice.routing);
    if (!route.split)
        return;
    const Lever *cache = lever(LeverKind::PromptCache);
    switch (component) {
    case Component::Input:
        multiply(share, onePpm - route.hit, "not read from the cache", cache);
        multiply(share, onePpm - route.written, "not written to it", cache);
        break;
    case Component::CacheRead:
        multiply(share, route.hit, "read from the cache", cache);
        break;
    default:
        multiply(share, onePpm - route.hit, "not read from the cache", cache);
        multiply(share, route.written, "written to it", cache);
        break;
    }
}

} // namespace

void multiply(ExplainedShare &share, PartsPerMillion factor, const std::string &label, const Lever *lever)
{
    if (factor != onePpm)
        multiply(share, wide(factor), wide(onePpm), label, lever ? lever->id : std::string());
}

void multiply(ExplainedShare &share, const Wide &numerator, const Wide &denominator, const std::string &label,
              const std::string &leverId)
{
    share.factors.push_back({decimalText(numerator, denominator), label, false, leverId});
    // All numerators and denominators are at most 12 factors of a million: far from the 768 bits of the type.
    share.numerator = product(share.numerator, numerator);
    share.denominator = product(share.denominator, denominator);
}

void divideByMonths(ExplainedShare &share, int months)
{
    if (months == 1)
        return;
    share.factors.push_back({std::to_string(months), "months of the baseline", true, {}});
    share.denominator *= static_cast<std::uint64_t>(months);
}

Wide product(const Wide &a, Wide b)
{
    constexpr std::uint64_t digit = std::uint64_t{1} << 60;
    std::vector<std::uint64_t> digits;
    while (!b.isZero())
        digits.push_back(b.divideBy(digit));
    Wide result;
    for (auto each = digits.rbegin(); each != digits.rend(); ++each) {
        result *= digit;
        result.addProduct(a, *each);
    }
    return result;
}

std::string decimalText(const Wide &numerator, const Wide &denominator)
{
    const auto value = Wide::dividedHalfEven(raised(numerator, shownDecimals), denominator).toInt128();
    return value ? formatDecimal(*value, shownDecimals) : std::string();
}

ExplainedShare shareOf(const LeverPlan &levers, std::size_t segment, const MonthPlan &plan, const SlicePlan &slice,
                       Route which, Serving serving, Component component, bool priced)
{
    const RoutePlan &route = slice.of(which);
    const auto lever = [&](LeverKind kind) {
        return levers.leverOf(segment, kind);
    };
    ExplainedShare share;
    multiply(share, plan.factors.volume, "volume", lever(LeverKind::Volume));
    multiply(share, plan.factors.kept, "not answered from the answer cache", lever(LeverKind::AnswerCache));
    if (which == Route::Routed) {
        multiply(share, wide(slice.routed), wide(onePpm), "routed", slice.routing->id);
    } else if (slice.routing) {
        const PartsPerMillion escalated = slice.routing->number("escalation");
        Wide stays = wide(onePpm - slice.routed);
        stays *= static_cast<std::uint64_t>(onePpm);
        stays.addProduct(wide(slice.routed), static_cast<UInt128>(escalated));
        multiply(share, stays, powerOfTen(12), escalated > 0 ? "not routed, or escalated" : "not routed",
                 slice.routing->id);
    }
    multiply(share, plan.factors.turns.turns, "turns", lever(LeverKind::ConversationLength));
    multiply(share, plan.factors.steps, "model calls", lever(LeverKind::AgentSteps));
    if (component == Component::Output) {
        multiply(share, plan.factors.output, "output length", lever(LeverKind::OutputLength));
        multiply(share, route.outputRatio, "output tokens there", slice.routing);
    } else if (component != Component::Other) {
        multiplyPrompt(share, levers, segment, plan, slice, route, component);
    }
    if (priced)
        multiply(share, static_cast<PartsPerMillion>(route.priceFactor), "price", route.priceLever);
    const Lever *batch = lever(LeverKind::Batch);
    if (serving == Serving::Standard)
        multiply(share, onePpm - plan.batch, "standard", batch);
    if (serving == Serving::Batch) {
        multiply(share, wide(plan.batch), wide(onePpm), "batch", batch ? batch->id : std::string());
        multiply(share, plan.factors.rerun, "runs of a batch", batch);
    }
    multiply(share, plan.factors.attempts, "attempts", lever(LeverKind::Retries));
    return share;
}

} // namespace perunit
