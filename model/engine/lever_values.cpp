// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/lever_values.h"

#include "model/engine/wide_integer.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr int maximumGrowthMonths = 180;
/// What grows a millionfold is a slip of a digit, and products must keep fitting.
constexpr PartsPerMillion largestCompoundedFactor = onePpm * onePpm;

Error tooLarge()
{
    return {ErrorCode::Overflow, "it grows beyond a million times its size", "",
            "choose a smaller growth or a later start"};
}

/// 1 + (factor - 1) × part, rounded once.
PartsPerMillion partOfTheWay(PartsPerMillion factor, Int128 numerator, Int128 denominator)
{
    return onePpm
           + static_cast<PartsPerMillion>(
               divideHalfEven(static_cast<Int128>(factor - onePpm) * numerator, denominator));
}

/// Slow, fast, slow: x²(3 - 2x) of the way at the part x of the ramp.
PartsPerMillion alongCurve(PartsPerMillion factor, int inForce, int ramp)
{
    if (inForce + 1 >= ramp)
        return factor;
    const Int128 step = inForce + 1;
    const Int128 whole = ramp;
    return partOfTheWay(factor, step * step * (3 * whole - 2 * step), whole * whole * whole);
}

PartsPerMillion afterSpike(PartsPerMillion factor, int inForce)
{
    return inForce > 60 ? onePpm : partOfTheWay(factor, 1, Int128{1} << inForce);
}

} // namespace

int monthsInForce(const Lever &lever, Month month, Month firstMonth)
{
    return month.index - lever.start.value_or(firstMonth).index;
}

std::int64_t rampedValue(const Lever &lever, std::string_view parameter, Month month, Month firstMonth)
{
    const ParameterSpec *spec = leverSpec(lever.kind).parameter(parameter);
    const std::int64_t neutral = spec ? spec->neutral : 0;
    const int inForce = monthsInForce(lever, month, firstMonth);
    if (inForce < 0)
        return neutral;
    const std::int64_t value = lever.number(parameter);
    if (inForce + 1 >= lever.rampMonths)
        return value;
    const Int128 grown = static_cast<Int128>(value - neutral) * (inForce + 1);
    return neutral + static_cast<std::int64_t>(divideHalfEven(grown, lever.rampMonths));
}

Result<PartsPerMillion> compoundedFactor(PartsPerMillion factor, PartsPerMillion growth, int months)
{
    if (months == 0 || growth == 0 || factor == 0)
        return factor;
    if (months > maximumGrowthMonths)
        return tooLarge();
    VeryWide numerator = VeryWide::of(static_cast<UInt128>(factor));
    VeryWide denominator = VeryWide::of(1);
    for (int i = 0; i < months; ++i) {
        numerator *= static_cast<std::uint64_t>(onePpm + growth);
        denominator *= static_cast<std::uint64_t>(onePpm);
    }
    const auto result = VeryWide::dividedHalfEven(numerator, denominator).toInt128();
    if (!result || *result > largestCompoundedFactor)
        return tooLarge();
    return static_cast<PartsPerMillion>(*result);
}

Result<PartsPerMillion> grownFactor(const Lever &lever, Month month, Month firstMonth)
{
    const int inForce = monthsInForce(lever, month, firstMonth);
    if (inForce < 0)
        return onePpm;
    auto factor =
        compoundedFactor(rampedValue(lever, "factor", month, firstMonth), lever.number("monthly_growth"), inForce);
    if (!factor)
        return factor.error().in("lever '" + lever.id + "', monthly_growth, " + month.text());
    return factor;
}

Result<PartsPerMillion> volumeFactor(const Lever &lever, Month month, Month firstMonth)
{
    const int inForce = monthsInForce(lever, month, firstMonth);
    if (inForce < 0)
        return onePpm;
    const std::string shape = lever.text("shape");
    const PartsPerMillion growth = lever.number("monthly_growth");
    PartsPerMillion level = rampedValue(lever, "factor", month, firstMonth);
    if (shape == "s-curve")
        level = alongCurve(lever.number("factor"), inForce, lever.rampMonths);
    else if (shape == "spike")
        level = afterSpike(lever.number("factor"), inForce);
    if (shape == "linear") {
        const Int128 grown = std::max<Int128>(0, onePpm + static_cast<Int128>(growth) * inForce);
        const Int128 result = divideHalfEven(level * grown, onePpm);
        if (result > largestCompoundedFactor)
            return tooLarge().in("lever '" + lever.id + "', monthly_growth, " + month.text());
        return static_cast<PartsPerMillion>(result);
    }
    auto factor = compoundedFactor(level, growth, inForce);
    if (!factor)
        return factor.error().in("lever '" + lever.id + "', monthly_growth, " + month.text());
    return factor;
}

TurnFactors turnFactors(const Lever &lever)
{
    const auto number = [&lever](const char *name) {
        return static_cast<Int128>(lever.number(name));
    };
    const Int128 before = number("turns_before");
    const Int128 after = number("turns_after");
    const Int128 fixed = 2 * (number("system_tokens") + number("user_tokens"));
    const Int128 history = number("user_tokens") + number("answer_tokens");
    const auto prompt = [&](Int128 turns) {
        return fixed + history * (turns - 1);
    };
    TurnFactors result;
    result.turns = static_cast<PartsPerMillion>(divideHalfEven(after * onePpm, before));
    if (prompt(before) != 0)
        result.prompt = static_cast<PartsPerMillion>(divideHalfEven(prompt(after) * onePpm, prompt(before)));
    return result;
}

RunSpread runSpread(PartsPerMillion spread)
{
    // Of a log-normal distribution: P95/P50 = exp(1.6449 s) and P50/mean = exp(-s²/2).
    constexpr double quantile95 = 1.6448536269514722;
    const double ratio = static_cast<double>(spread) / static_cast<double>(onePpm);
    const double sigma = std::log(std::max(ratio, 1.0)) / quantile95;
    const double usual = std::exp(-sigma * sigma / 2);
    return {std::llround(usual * static_cast<double>(onePpm)),
            std::llround(usual * std::max(ratio, 1.0) * static_cast<double>(onePpm))};
}

} // namespace perunit
