// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/harness.h"

#include "model/engine/wide_integer.h"

#include <algorithm>

namespace perunit {

namespace {

/// amount × part / whole, rounded half to even; 0 <= part <= whole.
Int128 portion(Int128 amount, std::int64_t part, std::int64_t whole)
{
    const UInt128 magnitude = amount < 0 ? UInt128{0} - static_cast<UInt128>(amount) : static_cast<UInt128>(amount);
    Wide product = Wide::of(magnitude);
    product *= static_cast<std::uint64_t>(part);
    const Wide result = Wide::dividedHalfEven(product, Wide::of(static_cast<UInt128>(whole)));
    // The part of an amount is never larger than the amount.
    const Int128 value = result.toInt128().value_or(0);
    return amount < 0 ? -value : value;
}

} // namespace

std::map<std::string, std::string> harnessDimensions(const ChargeRow &charge)
{
    std::map<std::string, std::string> result;
    const auto put = [&result](const std::string &name, const std::string &text) {
        if (!text.empty())
            result[name] = text;
    };
    put("provider", charge.provider);
    put("service", charge.service);
    put("region", charge.region);
    put("model", charge.model);
    put("workload", charge.workload);
    put("environment", charge.environment);
    put("team", charge.team);
    put("feature", charge.feature);
    put("customer", charge.customer);
    for (const auto &[key, value] : charge.tags)
        put("tag:" + key, value);
    for (const auto &[name, value] : charge.virtualDimensions)
        put(name, value);
    return result;
}

Money amountUpTo(const ChargeRow &charge, Money amount, Instant at)
{
    if (at <= charge.period.from)
        return {};
    if (at >= charge.period.to)
        return amount;
    return Money::ofUnits(portion(amount.units(), at.micros - charge.period.from.micros,
                                  charge.period.to.micros - charge.period.from.micros));
}

bool HarnessGroup::matches(const Scope &scope) const
{
    return std::all_of(scope.conditions.begin(), scope.conditions.end(), [this](const auto &condition) {
        const auto &values = condition.second;
        return std::find(values.begin(), values.end(), text(condition.first)) != values.end();
    });
}

const std::string &HarnessGroup::text(const std::string &dimension) const
{
    static const std::string empty;
    const auto found = dimensions.find(dimension);
    return found == dimensions.end() ? empty : found->second;
}

std::optional<Money> amountOf(const ChargeRow &charge)
{
    for (const std::optional<Money> *amount : {&charge.effective, &charge.billed, &charge.contracted, &charge.list}) {
        if (amount->has_value())
            return *amount;
    }
    return std::nullopt;
}

Harness harnessOf(const std::vector<ChargeRow> &charges, const std::vector<Period> &months)
{
    Harness result;
    std::map<std::map<std::string, std::string>, std::vector<Money>> groups;
    for (const ChargeRow &charge : charges) {
        const std::optional<Money> amount = amountOf(charge);
        if (!amount) {
            ++result.withoutAmount;
            continue;
        }
        Money inside;
        bool any = false;
        std::vector<Money> *parts = nullptr;
        for (std::size_t i = 0; i < months.size(); ++i) {
            const Period &month = months[i];
            Money part;
            if (charge.period.isEmpty()) {
                if (!month.contains(charge.period.from))
                    continue;
                part = *amount;
            } else {
                if (charge.period.to <= month.from || month.to <= charge.period.from)
                    continue;
                part = amountUpTo(charge, *amount, month.to) - amountUpTo(charge, *amount, month.from);
            }
            if (!parts) {
                parts = &groups[harnessDimensions(charge)];
                parts->resize(months.size());
            }
            any = true;
            (*parts)[i] += part;
            inside += part;
        }
        result.outsideCharges += any ? 0 : 1;
        result.outsideAmount += *amount - inside;
    }
    for (auto &[dimensions, amounts] : groups)
        result.groups.push_back({dimensions, std::move(amounts)});
    return result;
}

} // namespace perunit
