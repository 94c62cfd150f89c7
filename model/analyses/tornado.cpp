// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/tornado.h"

#include <algorithm>

namespace perunit {

namespace {

/// The ranges by the full name of their numbers.
Result<std::map<std::string, PlausibleRange>> checkedRanges(const std::vector<EffectiveLever> &levers,
                                                            const std::map<std::string, PlausibleRange> &ranges)
{
    std::map<std::string, PlausibleRange> result;
    for (const auto &[name, range] : ranges) {
        const auto parameter = findParameter(levers, name);
        if (!parameter)
            return parameter.error();
        const ParameterSpec &spec = *parameter->spec;
        if (range.low > range.high || range.low < spec.minimum || range.high > spec.maximum)
            return Error{ErrorCode::BadInput,
                         "a range of " + parameter->id() + " must lie between " + numberText(spec, spec.minimum)
                             + " and " + numberText(spec, spec.maximum),
                         name, ""};
        result[parameter->id()] = range;
    }
    return result;
}

std::optional<Int128> swingOf(const TornadoRow &row, const FigureValue &present)
{
    if (!row.low.figure || !row.high.figure)
        return std::nullopt;
    const auto [least, most] = std::minmax({row.low.figure->rounded(), row.high.figure->rounded(), present.rounded()});
    return most - least;
}

} // namespace

Result<Tornado> tornado(const Baseline &baseline, const EvaluationRequest &scenario, const OutcomeFigure &figure,
                        const std::map<std::string, PlausibleRange> &ranges, const EvaluationProgress &progress,
                        std::stop_token stop)
{
    const auto known = checkedRanges(scenario.levers, ranges);
    if (!known)
        return known.error();
    Tornado result;
    result.figure = figure;
    const auto present = figureOf(baseline, scenario, figure, stop, &result.remarks);
    if (!present)
        return present.error();
    result.present = *present;
    result.evaluations = 1;
    for (const LeverParameter &parameter : numericParameters(scenario.levers)) {
        const Lever &lever = scenario.levers[parameter.lever].lever;
        TornadoRow row;
        row.parameter = parameter;
        row.leverLabel = leverSpec(lever.kind).label;
        row.present = lever.number(parameter.spec->name);
        const auto own = known->find(parameter.id());
        row.isOwnRange = own != known->end();
        const PlausibleRange range =
            row.isOwnRange ? own->second : plausibleRange(lever, *parameter.spec, baseline.book());
        auto response = FigureResponse::make(baseline, scenario, parameter, figure, stop);
        if (!response)
            return response.error();
        for (const bool high : {false, true}) {
            const auto at = response->at(high ? range.high : range.low);
            if (!at)
                return at.error();
            (high ? row.high : row.low) = *at;
            if (progress)
                progress(result.evaluations + response->evaluations());
        }
        result.evaluations += response->evaluations();
        row.swing = swingOf(row, *present);
        result.rows.push_back(std::move(row));
    }
    std::stable_sort(result.rows.begin(), result.rows.end(),
                     [](const TornadoRow &a, const TornadoRow &b) { return b.swing < a.swing; });
    return result;
}

} // namespace perunit
