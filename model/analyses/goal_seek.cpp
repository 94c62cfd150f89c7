// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/goal_seek.h"

#include "model/analyses/parameter_search.h"

#include <algorithm>

namespace perunit {

namespace {

using Comparison = FigureTarget::Comparison;

/// How much a figure misses the target by; negative inside. For a target that shall be equal, the distance.
Int128 gapOf(const FigureTarget &target, const FigureValue &figure)
{
    const Int128 above = figure.rounded() - target.value;
    switch (target.comparison) {
    case Comparison::AtMost:
        return above;
    case Comparison::AtLeast:
        return -above;
    case Comparison::Equal:
        break;
    }
    return above < 0 ? -above : above;
}

class Seeker
{
public:
    Seeker(FigureResponse &response, const ParameterRange &range, const EvaluationProgress &progress,
           GoalSeekResult &result)
        : m_response(response)
        , m_range(range)
        , m_progress(progress)
        , m_result(result)
    {}

    Status run()
    {
        m_start = m_range.indexNear(m_result.present.value);
        const auto start = lookAt(m_start);
        if (!start)
            return start.error();
        if (m_result.target.comparison == Comparison::Equal)
            return runEqual(*start);
        ParameterSearch search = searchFor(m_result.target);
        const auto crossing = find(search);
        if (!crossing)
            return crossing.error();
        if (!*crossing)
            return nameBest(search);
        return answerWith(search, **crossing);
    }

private:
    Result<FigureAt> lookAt(std::int64_t index)
    {
        const int before = m_response.evaluations();
        auto at = m_response.at(m_range.value(index));
        if (at && m_progress && m_response.evaluations() != before)
            m_progress(m_response.evaluations());
        return at;
    }

    /// A search for places that meet a target; all searches share what was evaluated.
    ParameterSearch searchFor(const FigureTarget &target)
    {
        return {m_range.count(), [this, target](std::int64_t index) -> Result<SearchedPlace> {
                    const auto at = lookAt(index);
                    if (!at)
                        return at.error();
                    SearchedPlace place;
                    if (at->figure) {
                        place.possible = true;
                        place.meets = target.isMetBy(*at->figure);
                        place.gap = gapOf(target, *at->figure);
                    }
                    return place;
                }};
    }

    /// The closest place that meets the target, which may be the present one. Of two the smaller.
    Result<std::optional<ParameterSearch::Crossing>> find(ParameterSearch &search)
    {
        const auto start = search.at(m_start);
        if (!start)
            return start.error();
        if (start->possible && start->meets)
            return std::optional(ParameterSearch::Crossing{m_start, m_start});
        auto down = search.nearest(m_start, false, true, m_range.count());
        if (!down)
            return down.error();
        // Distances count in values: the steps of an offer may be unequal at its beginning.
        const std::int64_t reach = *down ? m_range.value(m_start) - m_range.value((*down)->index) : 0;
        const std::int64_t farthest =
            *down ? m_range.indexNear(m_range.value(m_start) + reach) - m_start : m_range.count();
        auto up = search.nearest(m_start, true, true, farthest);
        if (!up || !*up)
            return up ? std::move(down) : std::move(up);
        if (*down && m_range.value((*up)->index) - m_range.value(m_start) >= reach)
            return down;
        return up;
    }

    Status answerWith(ParameterSearch &search, const ParameterSearch::Crossing &crossing)
    {
        const auto answer = lookAt(crossing.index);
        if (!answer)
            return answer.error();
        m_result.reached = true;
        m_result.answer = *answer;
        if (crossing.before != crossing.index) {
            const auto justNot = lookAt(crossing.before);
            if (!justNot)
                return justNot.error();
            m_result.justNot = *justNot;
        }
        std::int64_t ends[] = {crossing.index, crossing.index};
        for (const bool upwards : {false, true}) {
            if (crossing.before != crossing.index && (crossing.before > crossing.index) == upwards)
                continue;
            const auto end = search.nearest(crossing.index, upwards, false, m_range.count());
            if (!end)
                return end.error();
            ends[upwards ? 1 : 0] = *end ? (*end)->before : upwards ? m_range.count() - 1 : 0;
        }
        m_result.metFrom = m_range.value(ends[0]);
        m_result.metTo = m_range.value(ends[1]);
        m_result.failedChecks = m_response.failedChecks(answer->value);
        return {};
    }

    Status nameBest(const ParameterSearch &search)
    {
        const auto best = search.best(m_start);
        const auto at = lookAt(best.value_or(m_start));
        if (!at)
            return at.error();
        if (!at->figure)
            return Error{ErrorCode::BadInput, at->problem, m_result.parameter.id(), ""};
        m_result.nearest = {*at};
        m_result.failedChecks = m_response.failedChecks(at->value);
        return {};
    }

    /// Between the figure above and the figure below lies the one that is wanted.
    Status runEqual(const FigureAt &start)
    {
        FigureTarget side = m_result.target;
        const bool startsBelow = start.figure && compare(start.figure->exact, {side.value, 1}) < 0;
        side.comparison = startsBelow ? Comparison::AtLeast : Comparison::AtMost;
        ParameterSearch search = searchFor(side);
        const auto crossing = find(search);
        if (!crossing)
            return crossing.error();
        if (!*crossing)
            return nameBest(search);
        const auto there = lookAt((*crossing)->index);
        const auto before = lookAt((*crossing)->before);
        if (!there || !before)
            return there ? before.error() : there.error();
        if (m_result.target.isMetBy(*there->figure)) {
            ParameterSearch exact = searchFor(m_result.target);
            return answerWith(exact, **crossing);
        }
        m_result.nearest = {*there};
        if (before->figure && before->value != there->value)
            m_result.nearest.push_back(*before);
        std::stable_sort(m_result.nearest.begin(), m_result.nearest.end(), [this](const auto &a, const auto &b) {
            return gapOf(m_result.target, *a.figure) < gapOf(m_result.target, *b.figure);
        });
        m_result.failedChecks = m_response.failedChecks(m_result.nearest.front().value);
        return {};
    }

    FigureResponse &m_response;
    const ParameterRange &m_range;
    const EvaluationProgress &m_progress;
    GoalSeekResult &m_result;
    std::int64_t m_start = 0;
};

} // namespace

Result<GoalSeekResult> goalSeek(const Baseline &baseline, const GoalSeekRequest &request,
                                const EvaluationProgress &progress, std::stop_token stop)
{
    auto parameter = findParameter(request.scenario.levers, request.parameter);
    if (!parameter)
        return parameter.error();
    GoalSeekResult result;
    result.parameter = std::move(*parameter);
    result.target = request.target;
    const Lever &lever = request.scenario.levers[result.parameter.lever].lever;
    const ParameterSpec &spec = *result.parameter.spec;
    const auto range = rangeOf(lever, spec, baseline.book())
                           .within(request.lowest.value_or(spec.minimum), request.highest.value_or(spec.maximum));
    if (!range)
        return range.error().in(result.parameter.id());
    auto response = FigureResponse::make(baseline, request.scenario, result.parameter, request.target.figure, stop);
    if (!response)
        return response.error();
    const auto present = response->at(lever.number(spec.name));
    if (!present)
        return present.error();
    result.present = *present;
    if (auto status = Seeker(*response, *range, progress, result).run(); !status)
        return status.error();
    result.evaluations = response->evaluations();
    return result;
}

} // namespace perunit
