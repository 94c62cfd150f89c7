// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/evaluate.h"

#include "model/engine/baseline_impl.h"
#include "model/engine/unit_counts.h"
#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

namespace {

/// 1, 2 or 5 times a power of ten: the smallest such step that covers `span` in at most `bins` steps.
Int128 roundedStep(Int128 span, int bins)
{
    Int128 power = 1;
    while (true) {
        for (const int factor : {1, 2, 5}) {
            if (power * factor * bins >= span)
                return power * factor;
        }
        power *= 10;
    }
}

/// Collects the costs and counts of one unit over the rows of the baseline.
class ActualsWriter
{
public:
    ActualsWriter(const Baseline::Impl &baseline, const EconomicUnit &unit, std::stop_token stop)
        : m_baseline(baseline)
        , m_workload(*baseline.ledger.workload)
        , m_profile(*baseline.profile)
        , m_unit(unit)
        , m_stop(std::move(stop))
    {}

    Result<UnitActuals> write()
    {
        m_actuals.name = m_unit.name;
        const auto counts = countUnits(m_baseline, m_unit, m_stop);
        if (!counts)
            return counts.error();
        m_actuals.count = wholeCount((*counts)->total);
        prepare();
        if (auto status = visitRows(); !status)
            return status.error();
        addHarness();
        addOutcomeDays();
        for (std::size_t i = 0; i < m_actuals.months.size(); ++i)
            m_actuals.months[i].count = wholeCount((*counts)->months[i]);
        m_actuals.cost = m_actuals.components.total();
        writeModels();
        writeDistribution();
        explain();
        return std::move(m_actuals);
    }

private:
    static std::int64_t wholeCount(Millionths count)
    {
        return static_cast<std::int64_t>(divideHalfEven(count, onePpm));
    }

    void prepare()
    {
        const Period period = m_baseline.period;
        if (period.isEmpty())
            return;
        m_firstDay = dayOf(period.from);
        for (std::int64_t day = m_firstDay; day <= dayOf({period.to.micros - 1}); ++day)
            m_actuals.days.push_back({{day * microsPerDay}, {}, 0});
        for (int month = 0; month < m_baseline.periodMonths; ++month)
            m_actuals.months.push_back({m_baseline.firstPeriodMonth.plus(month).start(), {}, 0});
        if (m_unit.denominator.kind == UnitDenominator::Kind::DistinctValues)
            m_column = m_workload.dimension(m_unit.denominator.name);
        if (m_column) {
            m_unitCost.resize(m_column->dictionary.size());
            m_seen.resize(m_column->dictionary.size(), 0);
            m_lastDay.resize(m_column->dictionary.size(), -1);
        }
    }

    Status visitRows()
    {
        const std::vector<char> wanted = rowsMatching(m_baseline, m_unit.scope);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (i % 65536 == 0 && m_stop.stop_requested())
                return Error{ErrorCode::Cancelled, "stopped", "", ""};
            if (wanted[i])
                visitRow(m_profile.firstRow + i);
        }
        return {};
    }

    void visitRow(std::size_t row)
    {
        const Instant at{m_workload.time[row]};
        UnitActuals::Step &day = m_actuals.days[static_cast<std::size_t>(dayOf(at) - m_firstDay)];
        if (m_unit.denominator.kind == UnitDenominator::Kind::Requests)
            day.count += m_workload.count(UsageClass::Request, row);
        const std::uint32_t id = m_column ? m_column->ids[row] : 0;
        if (id != 0) {
            m_seen[id] = 1;
            if (m_lastDay[id] != dayOf(at)) {
                m_lastDay[id] = dayOf(at);
                ++day.count;
            }
        }
        if (!m_unit.inference)
            return;
        Components cost;
        m_baseline.addActual(row, cost, m_actuals.unpricedTokens);
        const Femto total = cost.total();
        m_actuals.components += cost;
        day.cost += total;
        m_actuals.months[static_cast<std::size_t>(monthOf(at).index - m_baseline.firstPeriodMonth.index)].cost += total;
        if (id != 0)
            m_unitCost[id] += total;
        const Block &block = m_profile.blocks[m_profile.blockOfRow[row - m_profile.firstRow]];
        GroupOutcome &model = m_models[m_profile.names[m_profile.segments[block.segment].resolution].model];
        model.components += cost;
        model.requests += static_cast<Millionths>(m_workload.count(UsageClass::Request, row)) * onePpm;
    }

    void addHarness()
    {
        if (!m_unit.harness)
            return;
        for (const HarnessGroup &group : m_baseline.harness.groups) {
            if (!group.matches(m_unit.scope))
                continue;
            for (std::size_t month = 0; month < group.months.size(); ++month) {
                const Femto amount = group.months[month].toFemto();
                m_actuals.components[Component::Harness] += amount;
                m_actuals.months[month].cost += amount;
                spreadOverDays(amount, static_cast<int>(month));
            }
        }
    }

    /// A month's harness charge is spread evenly over its days; what does not divide goes to the first ones.
    void spreadOverDays(Femto amount, int month)
    {
        const Period span = m_baseline.periodMonth(month);
        const std::int64_t first = dayOf(span.from) - m_firstDay;
        const std::int64_t days = dayOf({span.to.micros - 1}) - m_firstDay - first + 1;
        const Int128 each = amount.units() / days;
        const Int128 rest = amount.units() % days;
        const Int128 sign = rest < 0 ? -1 : 1;
        for (std::int64_t i = 0; i < days; ++i)
            m_actuals.days[static_cast<std::size_t>(first + i)].cost +=
                Femto::ofUnits(each + (i < rest * sign ? sign : 0));
    }

    void addOutcomeDays()
    {
        if (m_unit.denominator.kind != UnitDenominator::Kind::Outcome || !m_baseline.ledger.outcomes)
            return;
        std::vector<Money> days(m_actuals.days.size());
        for (const OutcomeRow &row : *m_baseline.ledger.outcomes) {
            const std::int64_t day = dayOf(row.day) - m_firstDay;
            if (row.metric == m_unit.denominator.name && day >= 0 && day < static_cast<std::int64_t>(days.size()))
                days[static_cast<std::size_t>(day)] += row.value;
        }
        constexpr Int128 one = static_cast<Int128>(1'000'000'000'000) * 1'000'000'000'000;
        for (std::size_t i = 0; i < days.size(); ++i)
            m_actuals.days[i].count = static_cast<std::int64_t>(divideHalfEven(days[i].units(), one));
    }

    void writeModels()
    {
        for (auto &[key, group] : m_models) {
            group.by = "model";
            group.key = key;
            m_actuals.byModel.push_back(std::move(group));
        }
        std::stable_sort(
            m_actuals.byModel.begin(), m_actuals.byModel.end(),
            [](const GroupOutcome &a, const GroupOutcome &b) { return a.components.total() > b.components.total(); });
    }

    void writeDistribution()
    {
        std::vector<Femto> costs;
        for (std::size_t id = 1; id < m_seen.size(); ++id) {
            if (m_seen[id])
                costs.push_back(m_unitCost[id]);
        }
        if (costs.empty() || !m_unit.inference)
            return;
        std::sort(costs.begin(), costs.end());
        // Nearest rank: the smallest cost that at least so many percent of the units do not exceed.
        const auto quantile = [&costs](std::size_t percent) {
            return costs[(costs.size() * percent + 99) / 100 - 1];
        };
        m_actuals.p50 = quantile(50);
        m_actuals.p90 = quantile(90);
        m_actuals.p99 = quantile(99);
        writeHistogram(costs, quantile(99));
    }

    void writeHistogram(const std::vector<Femto> &costs, Femto wide)
    {
        constexpr int bins = 23;
        // The long tail above P99 goes into the open bin, or a few giants would flatten everything else.
        const Int128 step = roundedStep(std::max<Int128>(wide.units(), 1), bins);
        const Int128 closed = std::min<Int128>(bins, wide.units() / step + 1);
        for (Int128 i = 1; i <= closed; ++i)
            m_actuals.histogram.push_back({Femto::ofUnits(step * i), 0});
        m_actuals.histogram.push_back({costs.back(), 0});
        for (const Femto cost : costs) {
            // Upper edges belong to their bin.
            const Int128 bin = cost.units() <= 0 ? 0 : (cost.units() - 1) / step;
            ++m_actuals.histogram[static_cast<std::size_t>(std::min(bin, closed))].count;
        }
    }

    void explain()
    {
        if (m_unit.denominator.kind == UnitDenominator::Kind::DistinctValues && !m_column)
            m_actuals.problem = "no request says a " + m_unit.denominator.name;
        else if (m_actuals.count <= 0)
            m_actuals.problem = m_unit.denominator.kind == UnitDenominator::Kind::Outcome
                                    ? "no count of " + m_unit.denominator.name + " was imported for the period"
                                    : "no request in the period is in its scope (" + m_unit.scope.text() + ")";
    }

    const Baseline::Impl &m_baseline;
    const Workload &m_workload;
    const Profile &m_profile;
    const EconomicUnit &m_unit;
    std::stop_token m_stop;
    UnitActuals m_actuals;
    std::int64_t m_firstDay = 0;
    const DimensionColumn *m_column = nullptr;
    std::vector<Femto> m_unitCost;
    std::vector<char> m_seen;
    std::vector<std::int64_t> m_lastDay;
    std::map<std::string, GroupOutcome> m_models;
};

} // namespace

Result<UnitActuals> unitActuals(const Baseline &baseline, const EconomicUnit &unit, std::stop_token stop)
{
    return ActualsWriter(baseline.impl(), unit, std::move(stop)).write();
}

} // namespace perunit
