// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/kill_number.h"

#include "model/analyses/parameter_search.h"
#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

namespace {

/// Every number of every lever is searched in both directions, so that each scan is half as dense as for one goal.
constexpr int evenParts = 16;

/// The same lever of the same scenario in another list of levers; no value when there is none.
std::optional<LeverParameter> sameIn(const std::vector<EffectiveLever> &levers, const EffectiveLever &wanted,
                                     const LeverParameter &parameter)
{
    for (std::size_t i = 0; i < levers.size(); ++i) {
        if (levers[i].setBy == wanted.setBy && levers[i].lever == wanted.lever)
            return LeverParameter{i, parameter.leverId, parameter.spec};
    }
    return std::nullopt;
}

/// Moves one number and asks who is lower.
class Turner
{
public:
    Turner(FigureResponse first, std::optional<FigureResponse> second, const KillNumbers &kept,
           const ParameterRange &range, const EvaluationProgress &progress)
        : m_first(std::move(first))
        , m_second(std::move(second))
        , m_kept(kept)
        , m_range(range)
        , m_progress(progress)
    {}

    Status fill(KillNumber &row)
    {
        ParameterSearch search(
            m_range.count(), [this](std::int64_t index) { return placeAt(m_range.value(index)); }, evenParts);
        const std::int64_t start = m_range.indexNear(row.present);
        for (const bool upwards : {false, true}) {
            KillNumber::Turn &turn = upwards ? row.up : row.down;
            turn.limit = m_range.value(upwards ? m_range.count() - 1 : 0);
            const auto crossing = search.nearest(start, upwards, true, m_range.count());
            if (!crossing)
                return crossing.error();
            if (*crossing)
                fillTurn(turn, row.present, m_range.value((*crossing)->index));
        }
        if (!search.best(start))
            row.problem = m_lastProblem;
        return {};
    }

    [[nodiscard]] int evaluations() const { return m_first.evaluations() + (m_second ? m_second->evaluations() : 0); }

private:
    Result<SearchedPlace> placeAt(std::int64_t value)
    {
        const auto first = m_first.at(value);
        if (!first)
            return first.error();
        const auto second = m_second ? m_second->at(value) : Result<FigureAt>(FigureAt{value, m_kept.second, {}, 0});
        if (!second)
            return second.error();
        if (m_progress)
            m_progress(m_kept.evaluations + evaluations());
        SearchedPlace place;
        if (!first->figure || !second->figure) {
            m_lastProblem = first->figure ? second->problem : first->problem;
            return place;
        }
        place.possible = true;
        place.meets = (compare(first->figure->exact, second->figure->exact) < 0) != m_kept.firstIsLower;
        const Int128 above = first->figure->rounded() - second->figure->rounded();
        place.gap = m_kept.firstIsLower ? -above : above;
        return place;
    }

    void fillTurn(KillNumber::Turn &turn, std::int64_t present, std::int64_t value)
    {
        turn.value = value;
        turn.first = m_first.at(value)->figure;
        turn.second = m_second ? m_second->at(value)->figure : m_kept.second;
        if (present != 0) {
            const Int128 moved = (static_cast<Int128>(value) - present) * onePpm;
            const Int128 size = present < 0 ? -static_cast<Int128>(present) : static_cast<Int128>(present);
            turn.margin = static_cast<std::int64_t>(divideHalfEven(moved, size));
        }
    }

    FigureResponse m_first;
    std::optional<FigureResponse> m_second;
    const KillNumbers &m_kept;
    const ParameterRange &m_range;
    const EvaluationProgress &m_progress;
    std::string m_lastProblem;
};

/// The smaller of both margins without its sign; moves from nothing count as the largest, no turn as none.
std::optional<std::int64_t> closeness(const KillNumber &row)
{
    std::optional<std::int64_t> result;
    for (const KillNumber::Turn *turn : {&row.down, &row.up}) {
        if (!turn->value)
            continue;
        const std::int64_t margin = turn->margin ? std::abs(*turn->margin) : INT64_MAX;
        result = std::min(result.value_or(margin), margin);
    }
    return result;
}

} // namespace

Result<KillNumbers> killNumbers(const Baseline &baseline, const EvaluationRequest &first,
                                const EvaluationRequest &second, const OutcomeFigure &figure,
                                const EvaluationProgress &progress, std::stop_token stop)
{
    KillNumbers result;
    result.figure = figure;
    const auto figureA = figureOf(baseline, first, figure, stop, &result.firstRemarks);
    if (!figureA)
        return figureA.error().in("scenario '" + first.name + "'");
    const auto figureB = figureOf(baseline, second, figure, stop, &result.secondRemarks);
    if (!figureB)
        return figureB.error().in("scenario '" + second.name + "'");
    result.first = *figureA;
    result.second = *figureB;
    result.firstIsLower = compare(figureA->exact, figureB->exact) < 0;
    result.evaluations = 2;
    for (const LeverParameter &parameter : numericParameters(first.levers)) {
        const EffectiveLever &lever = first.levers[parameter.lever];
        KillNumber row;
        row.parameter = parameter;
        row.leverLabel = leverSpec(lever.lever.kind).label;
        row.present = lever.lever.number(parameter.spec->name);
        auto moved = FigureResponse::make(baseline, first, parameter, figure, stop);
        if (!moved)
            return moved.error();
        std::optional<FigureResponse> movedToo;
        if (const auto same = sameIn(second.levers, lever, parameter)) {
            auto response = FigureResponse::make(baseline, second, *same, figure, stop);
            if (!response)
                return response.error();
            movedToo = std::move(*response);
            row.inBoth = true;
        }
        const ParameterRange range = rangeOf(lever.lever, *parameter.spec, baseline.book());
        Turner turner(std::move(*moved), std::move(movedToo), result, range, progress);
        if (auto status = turner.fill(row); !status)
            return status.error();
        result.evaluations += turner.evaluations();
        result.rows.push_back(std::move(row));
    }
    std::stable_sort(result.rows.begin(), result.rows.end(), [](const KillNumber &a, const KillNumber &b) {
        const auto left = closeness(a);
        const auto right = closeness(b);
        return left && (!right || *left < *right);
    });
    return result;
}

} // namespace perunit
