// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/fixed_amounts.h"

#include "model/engine/evaluation_trace.h"

#include "pricing/base/decimal.h"

#include <algorithm>
#include <numeric>

namespace perunit {

namespace {

constexpr Int128 femtoPerMoney = 1'000'000; ///< money parameters are 10^-9
constexpr std::int64_t conventionalHours = 730;

Error outgrown(const Lever &lever, const char *parameter)
{
    return {ErrorCode::Overflow, "the amount outgrew its exact type", "lever '" + lever.id + "', " + parameter,
            "lower it"};
}

} // namespace

std::vector<Int128> partsOf(Int128 amount, const std::vector<Wide> &weights)
{
    Wide total;
    for (const Wide &weight : weights)
        total += weight;
    if (total.isZero())
        return {};
    std::vector<Int128> parts;
    std::vector<Wide> rests;
    Int128 left = amount;
    for (const Wide &weight : weights) {
        Wide scaled;
        scaled.addProduct(weight, static_cast<UInt128>(amount));
        rests.push_back(scaled.divideBy(total));
        parts.push_back(scaled.toInt128().value_or(0));
        left -= parts.back();
    }
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&rests](std::size_t a, std::size_t b) { return rests[b] < rests[a]; });
    for (std::size_t i = 0; left > 0; ++i, --left)
        ++parts[order[i]];
    return parts;
}

FixedAmounts::FixedAmounts(Evaluation &evaluation)
    : m_evaluation(evaluation)
    , m_firstMonth(evaluation.m_baseline.firstMonth())
{}

Status FixedAmounts::add()
{
    for (const LeverPlan::Entry &entry : m_evaluation.m_plan.entries()) {
        for (int month = 0; month < m_evaluation.m_months; ++month) {
            if (auto status = addOf(entry, month); !status)
                return status;
        }
    }
    return {};
}

Status FixedAmounts::addOf(const LeverPlan::Entry &entry, int month)
{
    const bool isTraining = entry.value().kind == LeverKind::Training;
    if ((!isTraining && entry.value().kind != LeverKind::PromptCache)
        || monthsInForce(entry.value(), m_firstMonth.plus(month), m_firstMonth) < 0)
        return {};
    const auto amount = isTraining ? training(entry.value(), month) : storage(entry.value(), month);
    if (!amount)
        return amount.error();
    if (!amount->isZero() && isInCharge(entry))
        attribute(entry, month, isTraining ? Component::Training : Component::CacheStorage, *amount);
    return {};
}

bool FixedAmounts::isInCharge(const LeverPlan::Entry &entry, std::size_t segment) const
{
    return entry.matches[segment]
           && (entry.value().kind == LeverKind::Training
               || m_evaluation.m_plan.leverOf(segment, entry.value().kind) == &entry.value());
}

bool FixedAmounts::isInCharge(const LeverPlan::Entry &entry) const
{
    bool matches = false;
    for (std::size_t segment = 0; segment < entry.matches.size(); ++segment) {
        matches = matches || entry.matches[segment];
        if (isInCharge(entry, segment))
            return true;
    }
    // What speaks of no request is paid all the same; what others have taken over is not.
    return !matches;
}

Result<Femto> FixedAmounts::training(const Lever &lever, int month) const
{
    const int inForce = monthsInForce(lever, m_firstMonth.plus(month), m_firstMonth);
    const std::int64_t spread = lever.number("amortisation_months");
    // Runs of this month and of those before it that are not fully charged yet.
    const Int128 monthly = std::min<Int128>(inForce + 1, spread) * lever.number("runs_per_month");
    const Int128 once = inForce < spread ? static_cast<Int128>(lever.number("runs_at_start")) * onePpm : 0;
    Wide numerator = Wide::of(static_cast<UInt128>(monthly + once));
    numerator *= static_cast<std::uint64_t>(femtoPerMoney);
    Wide denominator = Wide::of(static_cast<UInt128>(onePpm));
    denominator *= static_cast<std::uint64_t>(spread);
    const auto amount = scaledHalfEven(lever.number("run_cost"), numerator, denominator);
    if (!amount)
        return outgrown(lever, "run_cost");
    return Femto::ofUnits(*amount);
}

Result<Femto> FixedAmounts::storage(const Lever &lever, int month) const
{
    const Month calendar = m_firstMonth.plus(month);
    const std::int64_t hours = m_evaluation.m_baseline.settings.conventionalMonth
                                   ? conventionalHours
                                   : (calendar.plus(1).start().micros - calendar.start().micros) / microsPerHour;
    const std::int64_t wholeMicros = hours * microsPerHour;
    std::int64_t micros = wholeMicros;
    if (!m_evaluation.m_baseline.looksAhead()) {
        const Period covered = m_evaluation.m_baseline.periodMonth(month);
        if (!(covered == Period{calendar.start(), calendar.plus(1).start()}))
            micros = std::min(covered.to.micros - covered.from.micros, wholeMicros);
    }
    // The price is per million tokens and hour in 10^-9: per token and hour in 10^-15.
    Wide numerator = Wide::of(static_cast<UInt128>(lever.number("stored_tokens")));
    numerator *= static_cast<std::uint64_t>(micros);
    const auto amount =
        scaledHalfEven(lever.number("storage_price"), numerator, Wide::of(static_cast<UInt128>(microsPerHour)));
    if (!amount)
        return outgrown(lever, "storage_price");
    return Femto::ofUnits(*amount);
}

void FixedAmounts::attribute(const LeverPlan::Entry &entry, int month, Component component, Femto amount)
{
    if (!m_evaluation.keepsLines()) {
        m_evaluation.m_result.total += amount;
        return;
    }
    const EvaluatedLines &lines = m_evaluation.m_result;
    std::vector<Wide> weights(lines.segments);
    for (std::size_t segment = 0; segment < lines.segments; ++segment) {
        if (isInCharge(entry, segment))
            weights[segment] = Wide::of(
                static_cast<UInt128>(lines.requests[static_cast<std::size_t>(month) * lines.segments + segment]));
    }
    const std::vector<Int128> parts = partsOf(amount.units(), weights);
    if (EvaluationTrace *trace = m_evaluation.m_trace) {
        EvaluationTrace::Fixed fixed{&entry.value(), -1, month, component, amount, {}};
        for (std::uint32_t segment = 0; segment < parts.size(); ++segment) {
            if (parts[segment] != 0)
                fixed.shares.push_back({segment, Femto::ofUnits(parts[segment])});
        }
        trace->fixed.push_back(std::move(fixed));
    }
    if (parts.empty()) {
        m_evaluation.m_result.unattributed[static_cast<std::size_t>(month)][component] += amount;
        m_evaluation.m_result.total += amount;
    }
    for (std::size_t segment = 0; segment < parts.size(); ++segment) {
        if (parts[segment] != 0)
            m_evaluation.addToLine(month, static_cast<std::uint32_t>(segment), component,
                                   Femto::ofUnits(parts[segment]));
    }
}

} // namespace perunit
