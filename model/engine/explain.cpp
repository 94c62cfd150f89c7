// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/explain.h"

#include "model/engine/explain_levers.h"
#include "model/engine/explain_pieces.h"
#include "model/engine/explain_text.h"
#include "model/engine/unit_counts.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <numeric>

namespace perunit {

namespace {

bool counts(const EconomicUnit &unit, std::size_t component)
{
    switch (static_cast<Component>(component)) {
    case Component::Training:
        return unit.training;
    case Component::HumanReview:
        return unit.humanReview;
    case Component::Harness:
        return unit.harness;
    default:
        return unit.inference;
    }
}

/// Explains one cell.
class Explainer
{
public:
    Explainer(const Baseline &baseline, const EvaluationRequest &request, const Cell &cell, std::stop_token stop)
        : m_baseline(baseline)
        , m_impl(baseline.impl())
        , m_request(request)
        , m_cell(cell)
        , m_stop(std::move(stop))
    {}

    Result<Explanation> run()
    {
        m_result.cell = m_cell;
        m_result.currency = m_impl.currency;
        if (!m_cell.unit.empty()) {
            if (auto status = findUnit(); !status)
                return status.error();
        }
        const auto plan = LeverPlan::make(m_impl, m_request.levers, m_stop);
        if (!plan)
            return plan.error();
        EvaluationTrace trace;
        Evaluation evaluation(m_impl, *plan, Detail::Everything, *m_impl.cards, m_stop);
        evaluation.keepTrace(&trace);
        const auto lines = evaluation.run();
        if (!lines)
            return lines.error();
        if (auto status = narrow(*plan, *lines); !status)
            return status.error();
        m_result.profile = plan->sharedProfile();
        m_result.levers = TouchingLevers(m_impl, *plan, *lines, trace, m_filter).find();
        if (m_cell.figure == CellFigure::Count) {
            countUnits();
        } else {
            auto explained = ExplainedPieces(evaluation, *lines, trace, m_filter, m_stop).collect();
            if (!explained)
                return explained.error();
            m_result.lines = std::move(*explained);
            if (auto status = setAmount(*lines); !status)
                return status.error();
        }
        m_result.formula = formulaOf(m_result);
        return std::move(m_result);
    }

private:
    Status findUnit()
    {
        const auto found = std::find_if(m_request.units.begin(), m_request.units.end(),
                                        [this](const EconomicUnit &unit) { return unit.name == m_cell.unit; });
        if (found == m_request.units.end())
            return Error{ErrorCode::NotFound, "no unit is called '" + m_cell.unit + "'", "cell", ""};
        m_unit = &*found;
        if (!isSegmentScope(found->scope))
            return Error{ErrorCode::Unsupported,
                         "its scope (" + found->scope.text() + ") names single units; scenarios cannot follow it",
                         "unit " + found->name, "see the actual costs of the unit instead"};
        // Counts come from the evaluation itself.
        EvaluationRequest request = m_request;
        request.units = {*found};
        request.groupBy.clear();
        auto outcome = evaluate(m_baseline, request, m_stop);
        if (!outcome)
            return outcome.error();
        m_outcome = std::move(outcome->units.front());
        return {};
    }

    /// Which lines and charges are in the cell.
    Status narrow(const LeverPlan &plan, const EvaluatedLines &lines)
    {
        const int months = m_impl.monthCount();
        m_filter.endMonth = months;
        if (m_cell.month) {
            m_filter.firstMonth = m_cell.month->index - m_impl.firstMonth().index;
            m_filter.endMonth = m_filter.firstMonth + 1;
            if (m_filter.firstMonth < 0 || m_filter.firstMonth >= months)
                return Error{ErrorCode::NotFound, "the outcome has no month '" + m_cell.month->text() + "'", "cell",
                             ""};
        }
        for (std::size_t c = 0; c < componentCount; ++c)
            m_filter.components[c] = (!m_cell.component || static_cast<std::size_t>(*m_cell.component) == c)
                                     && (!m_unit || counts(*m_unit, c));
        const Profile &profile = plan.profile();
        m_filter.segments.assign(profile.segments.size(), 1);
        if (m_unit)
            m_filter.segments = profile.matching(m_unit->scope);
        for (const HarnessGroup &group : lines.harnessUsed->groups)
            m_filter.harness.push_back(!m_unit || (m_unit->harness && group.matches(m_unit->scope)) ? 1 : 0);
        m_filter.nobody = !m_unit || m_unit->scope.isEverything();
        for (const auto &[name, value] : m_cell.dimensions) {
            if (isUnitDimension(name))
                return Error{ErrorCode::Unsupported, "outcomes cannot be broken down by '" + name + "'", "cell",
                             "it names single units; see the distribution of a unit instead"};
            for (std::size_t s = 0; s < profile.segments.size(); ++s)
                m_filter.segments[s] = m_filter.segments[s] && profile.text(profile.segments[s], name) == value;
            for (std::size_t h = 0; h < m_filter.harness.size(); ++h)
                m_filter.harness[h] = m_filter.harness[h] && lines.harnessUsed->groups[h].text(name) == value;
            m_filter.nobody = m_filter.nobody && value.empty();
        }
        return {};
    }

    /// The figure itself, from the outcome lines.
    [[nodiscard]] Femto figure(const EvaluatedLines &lines) const
    {
        Components sum;
        for (int month = m_filter.firstMonth; month < m_filter.endMonth; ++month) {
            for (std::size_t s = 0; s < lines.segments; ++s) {
                if (m_filter.segments[s])
                    sum += lines.line(month, s);
            }
            if (m_filter.nobody)
                sum += lines.unattributed[static_cast<std::size_t>(month)];
            for (std::size_t h = 0; h < m_filter.harness.size(); ++h) {
                if (m_filter.harness[h])
                    sum[Component::Harness] += lines.harness[static_cast<std::size_t>(month)][h];
            }
        }
        Femto result;
        for (std::size_t c = 0; c < componentCount; ++c)
            result += m_filter.components[c] ? sum.amounts[c] : Femto();
        return result;
    }

    Status setAmount(const EvaluatedLines &lines)
    {
        const Femto cost = figure(lines);
        const bool isUnknown =
            cost.isZero() && std::any_of(m_result.lines.begin(), m_result.lines.end(), [](const ExplainedLine &line) {
                return line.kind == ExplainedKind::Unpriced;
            });
        Femto sum;
        for (const ExplainedLine &line : m_result.lines)
            sum += line.cost;
        const bool wholeUnit = m_unit && !m_cell.component && m_cell.dimensions.empty();
        if (sum != cost || (wholeUnit && cost != unitCost()))
            return Error{ErrorCode::Conflict, "the explanation is not what was evaluated", "explain",
                         "report this as a defect; the evaluation itself stands"};
        if (m_cell.figure == CellFigure::CostPerUnit) {
            m_result.cost = cost;
            m_result.count = unitCount();
            if (*m_result.count > 0)
                m_result.amount = divideLines(cost, *m_result.count);
        } else {
            m_result.amount = cost;
        }
        if (isUnknown)
            m_result.amount.reset();
        for (const ExplainedLine &line : m_result.lines)
            m_result.sum += line.amount.value_or(Femto());
        return {};
    }

    [[nodiscard]] const UnitMonth &unitMonth() const
    {
        return m_outcome.months[static_cast<std::size_t>(m_filter.firstMonth)];
    }
    [[nodiscard]] Femto unitCost() const { return m_cell.month ? unitMonth().cost : m_outcome.cost; }
    [[nodiscard]] Millionths unitCount() const { return m_cell.month ? unitMonth().count : m_outcome.count; }

    /// Divides every line by the number of units so that the parts sum to the cost of one.
    Femto divideLines(Femto cost, Millionths count)
    {
        const auto rounded = [count](Int128 amount) {
            return scaledHalfEven(amount, Wide::of(static_cast<UInt128>(onePpm)), Wide::of(static_cast<UInt128>(count)))
                .value_or(0);
        };
        const Int128 whole = rounded(cost.units());
        // Rounded down, with the rest as a fraction of the count.
        std::vector<std::pair<Int128, std::size_t>> rests;
        Int128 left = whole;
        for (std::size_t i = 0; i < m_result.lines.size(); ++i) {
            ExplainedLine &line = m_result.lines[i];
            if (!line.amount)
                continue;
            const Int128 units = line.cost.units();
            Wide product = Wide::of(static_cast<UInt128>(units < 0 ? -units : units));
            product *= static_cast<std::uint64_t>(onePpm);
            Int128 rest = product.divideBy(Wide::of(static_cast<UInt128>(count))).toInt128().value_or(0);
            Int128 part = product.toInt128().value_or(0);
            if (units < 0) {
                part = -part - (rest != 0 ? 1 : 0);
                rest = rest != 0 ? count - rest : 0;
            }
            line.amount = Femto::ofUnits(part);
            left -= part;
            rests.emplace_back(rest, i);
        }
        std::stable_sort(rests.begin(), rests.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
        for (std::size_t i = 0; left > 0 && i < rests.size(); ++i, --left)
            m_result.lines[rests[i].second].amount = *m_result.lines[rests[i].second].amount + Femto::ofUnits(1);
        return Femto::ofUnits(whole);
    }

    void countUnits()
    {
        m_result.isMoney = false;
        const auto add = [this](Month from, Month to, Millionths count) {
            ExplainedLine line;
            line.kind = ExplainedKind::Units;
            line.firstMonth = from;
            line.lastMonth = to;
            line.amount = line.cost = Femto::ofUnits(count * (Int128{1'000'000'000}));
            line.detail = "units: " + countedText(*m_unit);
            m_result.sum += *line.amount;
            m_result.lines.push_back(std::move(line));
        };
        // Units that span months count once in the total of the period itself.
        if (m_cell.month || !m_impl.looksAhead()) {
            add(m_impl.firstMonth().plus(m_filter.firstMonth), m_impl.firstMonth().plus(m_filter.endMonth - 1),
                unitCount());
        } else {
            for (const UnitMonth &month : m_outcome.months)
                add(month.month, month.month, month.count);
        }
        m_result.amount = Femto::ofUnits(unitCount() * Int128{1'000'000'000});
        m_result.count = unitCount();
    }

    const Baseline &m_baseline;
    const Baseline::Impl &m_impl;
    const EvaluationRequest &m_request;
    const Cell &m_cell;
    std::stop_token m_stop;
    CellFilter m_filter;
    const EconomicUnit *m_unit = nullptr;
    UnitOutcome m_outcome;
    Explanation m_result;
};

} // namespace

Result<Explanation> explain(const Baseline &baseline, const EvaluationRequest &request, const Cell &cell,
                            std::stop_token stop)
{
    return Explainer(baseline, request, cell, std::move(stop)).run();
}

} // namespace perunit
