// SPDX-License-Identifier: GPL-3.0-or-later
// From the sums of an evaluation to its outcome lines, each rounded once.
#include "model/engine/evaluation.h"

#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

namespace {

std::size_t at(Component component)
{
    return static_cast<std::size_t>(component);
}

constexpr auto requestClass = static_cast<std::size_t>(UsageClass::Request);
constexpr unsigned lookupDecimals = 12; ///< of RequestFee for lookups
constexpr std::uint64_t hoursInWeek = 168;

bool isLookup(const RequestFee &fee)
{
    return fee.component == Component::Lookup;
}

} // namespace

Result<Int128> Evaluation::rounded(const Wide &numerator, const Wide &denominator)
{
    const auto result = Wide::dividedHalfEven(numerator, denominator).toInt128();
    if (!result)
        return Error{ErrorCode::Overflow, "an amount outgrew its exact type", "", "lower the factors of the levers"};
    return *result;
}

void Evaluation::addToLine(int month, std::size_t segment, Component component, Femto amount)
{
    m_result.total += amount;
    if (keepsLines())
        m_result.lines[static_cast<std::size_t>(month) * m_result.segments + segment][component] += amount;
}

Status Evaluation::finishLine(std::size_t segment, int month, const MonthPlan &plan)
{
    for (std::size_t component = 0; component < usageComponentCount; ++component) {
        Int128 amount = 0;
        if (plan.plain) {
            const PathSums &only = m_sums[0][0][0];
            amount = m_divisor == 1 ? only.cost[component] : divideHalfEven(only.cost[component], m_divisor);
        } else {
            Wide sum;
            forEachPath(plan, [&](const PathSums &path, const RoutePlan &route, const ComponentWeights &weights) {
                Wide part;
                part.addProduct(weights[component], static_cast<UInt128>(path.cost[component]));
                if (plan.priceMoves)
                    part *= route.priceFactor;
                sum += part;
            });
            if (sum.isZero())
                continue;
            const auto result = rounded(sum, plan.costDenominator);
            if (!result)
                return result.error();
            amount = *result;
        }
        addToLine(month, segment, static_cast<Component>(component), Femto::ofUnits(amount));
    }
    if (auto status = countRequests(segment, month, plan); !status)
        return status;
    if (auto status = addFees(segment, month, plan); !status)
        return status;
    if (!keepsLines())
        return {};
    if (auto status = judge(plan); !status)
        return status;
    if (auto status = finishGaps(segment, plan); !status)
        return status;
    return countUsage(month, plan);
}

template <typename Visit>
void Evaluation::forEachPath(const MonthPlan &plan, const Visit &visit) const
{
    for (std::size_t slice = 0; slice < plan.slices.size(); ++slice) {
        for (const Route route : allRoutes) {
            const RoutePlan &routePlan = plan.slices[slice].of(route);
            for (std::size_t serving = 0; serving < servingCount; ++serving) {
                const PathSums &path = m_sums[slice][static_cast<std::size_t>(route)][serving];
                if (path.used)
                    visit(path, routePlan, routePlan.weights[serving]);
            }
        }
    }
}

Status Evaluation::finishGaps(std::size_t segment, const MonthPlan &plan)
{
    Status failed;
    forEachPath(plan, [&](const PathSums &path, const RoutePlan &route, const ComponentWeights &weights) {
        if (!path.gaps || !failed)
            return;
        Wide unpriced;
        Wide assumed;
        for (std::size_t component = 0; component < usageComponentCount; ++component) {
            unpriced.addProduct(weights[component], static_cast<UInt128>(path.unpriced[component]) * onePpm);
            assumed.addProduct(weights[component], static_cast<UInt128>(path.assumed[component]) * onePpm);
        }
        Wide events;
        events.addProduct(weights[at(Component::Other)], static_cast<UInt128>(path.unpricedEvents) * onePpm);
        const auto tokens = rounded(unpriced, plan.denominator);
        const auto inherited = rounded(assumed, plan.denominator);
        const auto counted = rounded(events, plan.denominator);
        if (!tokens || !inherited || !counted) {
            failed = (!tokens ? tokens : !inherited ? inherited : counted).error();
            return;
        }
        if (!unpriced.isZero()) {
            m_result.unpriced[nameOf(segment, route)] += std::max<Int128>(*tokens, 1);
            m_result.unpricedOf[segment] += std::max<Int128>(*tokens, 1);
        }
        m_result.assumed += *inherited;
        m_result.unpricedEvents += *counted;
    });
    return failed;
}

Int128 Evaluation::requestsOn(std::size_t slice, Route route) const
{
    // Where batch is chosen its requests are those of the standard part once more.
    const auto &servings = m_sums[slice][static_cast<std::size_t>(route)];
    return servings[static_cast<std::size_t>(Serving::Whole)].counts[requestClass]
           + servings[static_cast<std::size_t>(Serving::Standard)].counts[requestClass];
}

Status Evaluation::addFees(std::size_t segment, int month, const MonthPlan &plan)
{
    const std::int64_t requests = m_result.recorded[static_cast<std::size_t>(month) * m_result.segments + segment];
    // Verdicts are calls, over 10^exponent; lookups join them in one line.
    Wide verdicts;
    for (std::size_t i = 0; i < plan.slices.size(); ++i) {
        const SlicePlan &slice = plan.slices[i];
        if (slice.verdictFemto == 0)
            continue;
        Wide calls;
        calls.addProduct(slice.of(Route::Routed).of(Serving::Whole)[at(Component::Other)],
                         static_cast<UInt128>(requestsOn(i, Route::Routed)));
        verdicts.addProduct(calls, static_cast<UInt128>(slice.verdictFemto));
    }
    if (!verdicts.isZero() && std::none_of(plan.fees.begin(), plan.fees.end(), isLookup)) {
        const auto amount = rounded(verdicts, plan.denominator);
        if (!amount)
            return amount.error();
        addToLine(month, segment, Component::Lookup, Femto::ofUnits(*amount));
    }
    for (const RequestFee &fee : plan.fees) {
        Wide sum;
        sum.addProduct(fee.perRequest, static_cast<UInt128>(requests));
        Wide denominator = fee.denominator;
        if (isLookup(fee) && !verdicts.isZero()) {
            // Lookups are over 10^12.
            sum = raised(sum, plan.exponent);
            sum += raised(verdicts, lookupDecimals);
            denominator = raised(denominator, plan.exponent);
        }
        denominator *= static_cast<std::uint64_t>(m_divisor);
        const auto amount = rounded(sum, denominator);
        if (!amount)
            return amount.error();
        addToLine(month, segment, fee.component, Femto::ofUnits(*amount));
    }
    return {};
}

Status Evaluation::countUsage(int month, const MonthPlan &plan)
{
    std::array<Wide, usageClassCount> sums;
    std::array<Int128, usageClassCount> plainSums{};
    forEachPath(plan, [&](const PathSums &path, const RoutePlan &route, const ComponentWeights &weights) {
        if (route.split) {
            const auto prompt = static_cast<UInt128>(path.counts[0] + path.counts[1] + path.counts[2] + path.counts[3]);
            sums[0].addProduct(weights[0], prompt);
            sums[1].addProduct(weights[1], prompt);
            sums[static_cast<std::size_t>(plan.writeClass)].addProduct(weights[2], prompt);
        }
        for (const std::size_t usageClass : m_profile.usedClasses()) {
            if (plan.plain)
                plainSums[usageClass] += path.counts[usageClass];
            else if (!route.split || usageClass >= 4)
                sums[usageClass].addProduct(weights[at(componentOf(usageClass))],
                                            static_cast<UInt128>(path.counts[usageClass]));
        }
    });
    auto &usage = m_result.usage[static_cast<std::size_t>(month)];
    for (std::size_t usageClass = 0; usageClass < usageClassCount; ++usageClass) {
        if (plan.plain) {
            usage[usageClass] += divideHalfEven(plainSums[usageClass] * onePpm, m_divisor);
            continue;
        }
        if (sums[usageClass].isZero())
            continue;
        sums[usageClass] *= static_cast<std::uint64_t>(onePpm);
        const auto count = rounded(sums[usageClass], plan.denominator);
        if (!count)
            return count.error();
        usage[usageClass] += *count;
    }
    return {};
}

Status Evaluation::countRequests(std::size_t segment, int month, const MonthPlan &plan)
{
    const std::size_t place = static_cast<std::size_t>(month) * m_result.segments + segment;
    const auto recorded = static_cast<UInt128>(m_result.recorded[place]);
    Wide volume;
    volume.addProduct(Wide::of(recorded), static_cast<UInt128>(plan.volume));
    const auto volumes = rounded(volume, Wide::of(static_cast<UInt128>(m_divisor)));
    volume *= static_cast<std::uint64_t>(plan.turns);
    const auto requests = rounded(volume, Wide::of(static_cast<UInt128>(m_divisor) * onePpm));
    if (!volumes || !requests)
        return (!volumes ? volumes : requests).error();
    m_result.volumes[place] = *volumes;
    m_result.requests[place] = *requests;
    return {};
}

Status Evaluation::judge(const MonthPlan &plan)
{
    for (std::size_t i = 0; i < plan.slices.size(); ++i) {
        const SlicePlan &slice = plan.slices[i];
        if (!slice.routing)
            continue;
        const PartsPerMillion before = slice.routing->number("quality_before");
        const PartsPerMillion after = slice.routing->number("quality_after");
        if (before == 0 || after == 0)
            continue;
        const Int128 requests = std::max(requestsOn(i, Route::Stays), requestsOn(i, Route::Routed));
        // Of a million requests in the slice, this many are right; an answer cache gets some of its own wrong.
        const Int128 routed =
            static_cast<Int128>(onePpm - slice.routed) * before + static_cast<Int128>(slice.routed) * after;
        const Int128 lost = divideHalfEven(static_cast<Int128>(plan.answered) * plan.answeredWrong, onePpm);
        const Int128 right = divideHalfEven(divideHalfEven(routed, onePpm) * (onePpm - lost), onePpm);
        m_result.rightBefore += requests * before;
        m_result.rightAfter += requests * right;
        m_result.judged += requests * onePpm;
    }
    return {};
}

Status Evaluation::addHarness()
{
    const Lever *rate = m_baseline.harnessInOtherCurrency() ? m_plan.exchangeRate(m_baseline.ledger.currency) : nullptr;
    const Harness &harness = rate ? m_baseline.foreignHarness : m_baseline.harness;
    m_result.harnessUsed = &harness;
    m_result.harness.assign(static_cast<std::size_t>(m_months), std::vector<Femto>(harness.groups.size()));
    // Money is 10^-24, femto 10^-15.
    constexpr unsigned moneyPerFemtoDecimals = 9;
    const Month first = m_baseline.firstMonth();
    if (rate && monthsInForce(*rate, first, first) < 0)
        m_result.notes.push_back({"Currency", false,
                                  "the rate of lever '" + rate->id + "' begins in " + rate->start->text()
                                      + "; the charges in " + m_baseline.ledger.currency
                                      + " are left out of the months before"});
    for (std::size_t i = 0; i < harness.groups.size(); ++i) {
        const Lever *schedule = m_plan.harnessLever(harness.groups[i], LeverKind::EndpointSchedule);
        for (int month = 0; month < m_months; ++month) {
            Int128 units = 0;
            if (m_baseline.looksAhead()) {
                for (const Money amount : harness.groups[i].months)
                    units += amount.units();
            } else {
                units = harness.groups[i].months[static_cast<std::size_t>(month)].units();
            }
            Wide numerator = Wide::of(1);
            Wide denominator = powerOfTen(moneyPerFemtoDecimals);
            denominator *= static_cast<std::uint64_t>(m_divisor);
            if (rate && monthsInForce(*rate, first.plus(month), first) >= 0) {
                numerator *= static_cast<std::uint64_t>(rate->number("rate"));
                denominator = raised(denominator, moneyPerFemtoDecimals);
            } else if (rate) {
                continue;
            }
            if (schedule) {
                for (const char *part : {"hours_per_day", "days_per_week"})
                    numerator *= static_cast<std::uint64_t>(rampedValue(*schedule, part, first.plus(month), first));
                denominator = raised(denominator, 12);
                denominator *= hoursInWeek;
            }
            const auto amount = scaledHalfEven(units, numerator, denominator);
            if (!amount)
                return Error{ErrorCode::Overflow, "a harness charge outgrew its exact type", "", ""};
            m_result.harness[static_cast<std::size_t>(month)][i] = Femto::ofUnits(*amount);
            m_result.total += Femto::ofUnits(*amount);
        }
    }
    return {};
}

void Evaluation::noteBatch(std::size_t segment, const Block &block)
{
    const Lever *lever = m_plan.leverOf(segment, LeverKind::Batch);
    if (lever)
        m_withoutBatch[lever->id].insert(static_cast<std::size_t>(&block - m_profile.blocks.data()));
}

void Evaluation::noteWrites(std::size_t segment, const PricedCard &card, const MonthPlan &plan, const RoutePlan &route)
{
    const Lever *lever = m_plan.leverOf(segment, LeverKind::PromptCache);
    if (!lever || !route.split || lever->number("write_share") != 0)
        return;
    for (const PriceBand &band : card.card.bands) {
        const ClassPrice &write = band.prices[static_cast<std::size_t>(plan.writeClass)];
        const ClassPrice &input = band.prices[static_cast<std::size_t>(UsageClass::Input)];
        if (write.state == PriceState::Priced && write.femto > input.femto)
            m_freeWrites.insert(lever->id);
    }
}

Status Evaluation::finishNotes()
{
    if (!keepsLines())
        return {};
    for (const auto &[lever, blocks] : m_withoutBatch) {
        if (!m_withBatch.contains(lever))
            return Error{ErrorCode::Unsupported, "no model in its scope has a batch price",
                         "lever '" + lever + "', share", "choose another scope, or state the price in a catalogue"};
        std::int64_t tokens = 0;
        for (const std::size_t block : blocks)
            tokens += tokensIn(m_profile.blocks[block].totals);
        m_result.notes.push_back({"Batch prices", false,
                                  "lever '" + lever + "': " + std::to_string(tokens)
                                      + " recorded tokens in its scope are served by models without a batch price and "
                                        "stay at the standard price"});
    }
    for (const LeverPlan::Entry &entry : m_plan.entries()) {
        if (entry.value().kind != LeverKind::AgentSteps || entry.value().number("spread") == onePpm)
            continue;
        const RunSpread spread = runSpread(entry.value().number("spread"));
        m_result.agentSpreads.push_back({entry.value().id, spread.usual, spread.expensive});
    }
    for (const std::string &lever : m_freeWrites)
        m_result.notes.push_back(
            {"Cache writes", false,
             "lever '" + lever
                 + "' writes nothing to the cache, but the model charges a premium for writes: set "
                   "the share that is written"});
    for (const std::string &lever : m_plan.withoutRequests())
        m_result.notes.push_back({"Scope", false, "no request matches the scope of lever '" + lever + "'"});
    return {};
}

} // namespace perunit
