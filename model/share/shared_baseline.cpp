// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/share/shared_baseline.h"

#include "model/engine/baseline_impl.h"
#include "model/engine/lever_plan.h"
#include "model/engine/unit_counts.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <tuple>

namespace perunit {

namespace {

/// Dimensions by which persons and single units could be known again.
bool isPrivate(std::string_view dimension)
{
    return dimension == "customer" || isUnitDimension(dimension);
}

/// Written apart, as names of an enumeration.
bool isEnumeration(std::string_view dimension)
{
    return dimension == "tier" || dimension == "status";
}

const std::string *privateDimension(const Scope &scope)
{
    for (const auto &[dimension, values] : scope.conditions) {
        if (isPrivate(dimension))
            return &dimension;
    }
    return nullptr;
}

Status checkScopes(const std::vector<std::vector<EffectiveLever>> &scenarios)
{
    for (const auto &levers : scenarios) {
        for (const EffectiveLever &lever : levers) {
            if (const std::string *dimension = privateDimension(lever.lever.scope))
                return Error{ErrorCode::Conflict,
                             "lever '" + lever.lever.id + "' speaks of a " + *dimension
                                 + ", and a shared scenario names none",
                             "scope", "limit the lever to another dimension, or share without the baseline"};
        }
    }
    return {};
}

/// Prompt lengths at which the given scenarios, or prices as they are, treat requests differently.
Result<std::vector<std::int64_t>> lengthsThatMatter(const Baseline::Impl &baseline,
                                                    const std::vector<std::vector<EffectiveLever>> &scenarios,
                                                    const std::stop_token &stop)
{
    std::set<UInt128> factors{static_cast<UInt128>(powerOfTen(promptFactorDecimals).toInt128().value_or(1))};
    std::set<std::int64_t> lengths;
    for (const auto &levers : scenarios) {
        const auto plan = LeverPlan::make(baseline, levers, stop);
        if (!plan)
            return plan.error();
        for (std::size_t segment = 0; segment < plan->profile().segments.size(); ++segment) {
            for (int month = 0; month < baseline.monthCount(); ++month) {
                for (const SlicePlan &slice : plan->plan(segment, month).slices) {
                    lengths.insert({slice.from, slice.below});
                    for (const Route route : allRoutes)
                        factors.insert(slice.of(route).promptFactor);
                }
            }
        }
    }
    std::set<std::pair<std::int64_t, bool>> thresholds;
    const auto add = [&thresholds](const ContextThreshold &threshold) {
        thresholds.emplace(threshold.tokens, threshold.inclusive);
    };
    for (std::size_t i = 0; i < baseline.book->modelCount(); ++i) {
        for (const Rate &rate : baseline.book->model({static_cast<std::int32_t>(i)}).rates) {
            if (rate.context)
                add(*rate.context);
        }
    }
    for (const ProvisionedOffer *offer : baseline.book->offers()) {
        for (const ProvisionedThroughput &throughput : offer->throughput) {
            if (throughput.maximumPromptTokens > 0)
                add({throughput.maximumPromptTokens, false});
            if (throughput.longPrompt)
                add(throughput.longPrompt->from);
        }
    }
    for (const auto &[tokens, inclusive] : thresholds) {
        for (const UInt128 factor : factors) {
            if (factor > 0)
                lengths.insert(firstPromptIn({tokens, inclusive}, factor));
        }
    }
    return std::vector<std::int64_t>(lengths.begin(), lengths.end());
}

/// The step of a length, with `steps` steps between every power of two and the next.
std::int64_t stepOf(std::int64_t length, int steps)
{
    if (length <= 0 || steps == 0)
        return 0;
    const auto octave = std::bit_width(static_cast<std::uint64_t>(length)) - 1;
    const std::int64_t start = std::int64_t{1} << octave;
    return static_cast<std::int64_t>(octave) * steps
           + static_cast<std::int64_t>(static_cast<Int128>(length - start) * steps / start) + 1;
}

/// Adds requests up by everything that decides what they cost.
class Sharing
{
public:
    Sharing(const Baseline::Impl &baseline, const Profile &profile, std::vector<std::int64_t> lengths,
            std::stop_token stop)
        : m_baseline(baseline)
        , m_profile(profile)
        , m_workload(*baseline.ledger.workload)
        , m_lengths(std::move(lengths))
        , m_stop(std::move(stop))
    {}

    void addGroups(SharedBaseline &shared)
    {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < m_profile.dimensions.size(); ++i) {
            const std::string &name = m_profile.dimensions[i]->name;
            if (isPrivate(name) || isEnumeration(name))
                continue;
            shared.dimensions.push_back(name);
            places.push_back(i);
        }
        std::map<std::tuple<std::vector<std::string>, ServiceTier, RequestStatus>, std::uint32_t> known;
        for (const Segment &segment : m_profile.segments) {
            SharedBaseline::Group group;
            for (const std::size_t place : places)
                group.values.emplace_back(m_profile.dimensions[place]->dictionary.text(segment.key[place]));
            group.tier = segment.tier;
            group.status = statusOf(segment);
            const auto [found, isNew] = known.try_emplace({group.values, group.tier, group.status},
                                                          static_cast<std::uint32_t>(shared.groups.size()));
            if (isNew)
                shared.groups.push_back(std::move(group));
            m_groupOfSegment.push_back(found->second);
        }
    }

    /// False when there are more rows than that.
    Result<bool> addRows(SharedBaseline &shared, std::size_t mostRows)
    {
        // Group, what prices hold, length, day or minute, whether requests are counted and use anything.
        using Key = std::tuple<std::uint32_t, std::int64_t, std::size_t, std::int64_t, std::int64_t, int>;
        std::map<Key, std::size_t> known;
        shared.rows.clear();
        for (std::size_t row = m_profile.firstRow; row < m_profile.endRow; ++row) {
            if (row % 65536 == 0 && m_stop.stop_requested())
                return Error{ErrorCode::Cancelled, "stopped", "", ""};
            const Block &block = m_profile.blocks[m_profile.blockOfRow[row - m_profile.firstRow]];
            const std::int64_t time = m_workload.time[row];
            const std::int64_t length = m_workload.promptTokens(row);
            const auto cell = std::upper_bound(m_lengths.begin(), m_lengths.end(), length) - m_lengths.begin();
            const std::int64_t span = shared.precision.minutes ? minuteOf(time)
                                      : shared.precision.days  ? dayOf({time})
                                                               : 0;
            const std::uint32_t group = m_groupOfSegment[block.segment];
            const Key key{
                group, block.at.micros, static_cast<std::size_t>(cell), stepOf(length, shared.precision.stepsPerDouble),
                span,  natureOf(row)};
            const auto [found, isNew] = known.try_emplace(key, shared.rows.size());
            if (isNew) {
                if (shared.rows.size() == mostRows)
                    return false;
                const std::int64_t minute = minuteOf(time) * microsPerMinute;
                shared.rows.push_back({group, {std::max(minute, m_baseline.period.from.micros)}, {}, std::nullopt});
            }
            SharedBaseline::Row &sum = shared.rows[found->second];
            for (const std::size_t usageClass : m_profile.usedClasses())
                sum.usage.counts[usageClass] += m_workload.usage[usageClass][row];
            if (const auto recorded = m_workload.recorded.at(row))
                sum.recorded = sum.recorded.value_or(Money()) + *recorded;
        }
        return true;
    }

    Status addGaps(SharedBaseline &shared)
    {
        const auto gaps = m_baseline.cacheGaps(m_stop);
        if (!gaps)
            return gaps.error();
        // Gaps are known by the segments of the baseline, which has the same ones in the same order.
        std::vector<std::vector<std::uint32_t>> segments(shared.groups.size());
        for (std::uint32_t s = 0; s < m_groupOfSegment.size(); ++s)
            segments[m_groupOfSegment[s]].push_back(s);
        for (const auto &each : segments)
            shared.gaps.push_back((*gaps)->factsOf(each));
        shared.gapLevel = (*gaps)->factsLevel();
        return {};
    }

private:
    [[nodiscard]] RequestStatus statusOf(const Segment &segment) const
    {
        const std::string text = m_profile.text(segment, "status");
        const auto found = std::find(requestStatusNames.begin(), requestStatusNames.end(), text);
        return found == requestStatusNames.end() ? RequestStatus::Ok
                                                 : static_cast<RequestStatus>(found - requestStatusNames.begin());
    }

    /// Rows of a kind that outcomes speak of apart: not counted, several requests at once, nothing used.
    [[nodiscard]] int natureOf(std::size_t row) const
    {
        const std::int64_t requests = m_workload.count(UsageClass::Request, row);
        bool used = false;
        for (const std::size_t usageClass : m_profile.usedClasses())
            used = used
                   || (usageClass != static_cast<std::size_t>(UsageClass::Request)
                       && m_workload.usage[usageClass][row] != 0);
        return (requests == 0 ? 1 : 0) + (used ? 0 : 2);
    }

    const Baseline::Impl &m_baseline;
    const Profile &m_profile;
    const Workload &m_workload;
    std::vector<std::int64_t> m_lengths;
    std::stop_token m_stop;
    std::vector<std::uint32_t> m_groupOfSegment;
};

void addCharges(const Baseline::Impl &baseline, SharedBaseline &shared)
{
    if (!baseline.ledger.harness)
        return;
    std::map<std::pair<std::pair<std::int64_t, std::int64_t>, std::map<std::string, std::string>>, Money> sums;
    std::size_t withoutAmount = 0;
    for (const ChargeRow &charge : *baseline.ledger.harness) {
        const auto amount = amountOf(charge);
        const bool inside = charge.period.isEmpty()
                                ? baseline.period.contains(charge.period.from)
                                : charge.period.from < baseline.period.to && baseline.period.from < charge.period.to;
        withoutAmount += amount ? 0 : 1;
        if (!amount || !inside)
            continue;
        std::map<std::string, std::string> dimensions = harnessDimensions(charge);
        std::erase_if(dimensions, [](const auto &dimension) { return isPrivate(dimension.first); });
        sums[{{charge.period.from.micros, charge.period.to.micros}, std::move(dimensions)}] += *amount;
    }
    for (const auto &[key, amount] : sums)
        shared.charges.push_back({{{key.first.first}, {key.first.second}}, key.second, amount});
    if (withoutAmount > 0)
        shared.leftOut.push_back(std::to_string(withoutAmount) + " harness charges that say no cost");
}

void addOutcomes(const Baseline::Impl &baseline, SharedBaseline &shared)
{
    if (!baseline.ledger.outcomes)
        return;
    std::map<std::pair<std::string, std::int64_t>, Money> sums;
    const Instant firstDay{dayOf(baseline.period.from) * microsPerDay};
    for (const OutcomeRow &row : *baseline.ledger.outcomes) {
        if (row.day >= firstDay && row.day < baseline.period.to)
            sums[{row.metric, row.day.micros}] += row.value;
    }
    for (const auto &[key, value] : sums)
        shared.outcomes.push_back({{key.second}, key.first, {}, value});
}

Status addUnits(const Baseline::Impl &baseline, const std::vector<EconomicUnit> &units, SharedBaseline &shared,
                const std::stop_token &stop)
{
    for (const EconomicUnit &unit : units) {
        if (const std::string *dimension = privateDimension(unit.scope)) {
            shared.leftOut.push_back("unit '" + unit.name + "', which speaks of a " + *dimension);
            continue;
        }
        const auto counts = countUnits(baseline, unit, stop);
        if (!counts)
            return counts.error();
        shared.units.push_back({unit, (*counts)->total, (*counts)->months});
    }
    return {};
}

} // namespace

Result<SharedBaseline> shareBaseline(const Baseline &baseline,
                                     const std::vector<std::vector<EffectiveLever>> &scenarios,
                                     const std::vector<EconomicUnit> &units, std::size_t mostRows, std::stop_token stop)
{
    const Baseline::Impl &impl = baseline.impl();
    if (auto status = checkScopes(scenarios); !status)
        return status.error();
    auto lengths = lengthsThatMatter(impl, scenarios, stop);
    if (!lengths)
        return lengths.error();
    // Blocks end wherever the prices of any model change, so that requests can go to every one of them.
    std::vector<ModelIndex> models;
    for (std::size_t i = 0; i < impl.book->modelCount(); ++i)
        models.push_back({static_cast<std::int32_t>(i)});
    auto profile = Profile::build(*impl.ledger.workload, *impl.book, {impl.period, true, std::move(models)}, stop);
    if (!profile)
        return profile.error();

    SharedBaseline shared;
    shared.ledgerDigest = impl.ledger.digest;
    shared.currency = impl.ledger.currency;
    shared.settings = impl.settings;
    shared.settings.period = impl.period;
    Sharing sharing(impl, **profile, std::move(*lengths), stop);
    sharing.addGroups(shared);
    const bool pools = std::any_of(scenarios.begin(), scenarios.end(), [](const auto &levers) {
        return std::any_of(levers.begin(), levers.end(), [](const EffectiveLever &lever) {
            return lever.lever.enabled && lever.lever.kind == LeverKind::Provisioned;
        });
    });
    static constexpr std::array<SharedPrecision, 5> byDay{
        {{64, true, false}, {16, true, false}, {4, true, false}, {16, false, false}, {4, false, false}}};
    static constexpr std::array<SharedPrecision, 3> byMinute{{{16, true, true}, {4, true, true}, {0, true, true}}};
    // Pools are worth a larger file; one that can still be read.
    const std::size_t most = pools ? mostRows * 10 : mostRows;
    bool fits = false;
    const auto attempt = [&](const auto &precisions) -> Status {
        for (std::size_t i = 0; i < precisions.size() && !fits; ++i) {
            shared.precision = precisions[i];
            const auto added = sharing.addRows(shared, most);
            if (!added)
                return added.error();
            fits = *added;
        }
        return {};
    };
    if (auto status = pools ? attempt(byMinute) : attempt(byDay); !status)
        return status.error();
    if (!fits)
        return Error{ErrorCode::Overflow,
                     pools ? "the minutes that provisioned levers need are too many for a file"
                           : "the ledger has too many groups of requests for a file",
                     "shared baseline", "choose a shorter period, or share the scenario without the baseline"};
    if (auto status = sharing.addGaps(shared); !status)
        return status.error();
    addCharges(impl, shared);
    addOutcomes(impl, shared);
    if (auto status = addUnits(impl, units, shared, stop); !status)
        return status.error();
    return shared;
}

} // namespace perunit
