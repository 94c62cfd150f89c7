// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analysis_input.h"

#include "app/cli/json_shapes.h"
#include "model/figures/amount_text.h"
#include "model/import/source_checks.h"
#include "model/report/comparison_report.h"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

using Json = nlohmann::ordered_json;

Result<AnalysisInput> openForAnalysis(const std::string &workspace)
{
    AnalysisInput input;
    auto session = openSession(workspace, false);
    if (!session)
        return session.error();
    input.session = std::move(*session);
    auto ledger = input.session.store->readLedger({});
    if (!ledger)
        return ledger.error();
    input.ledger = std::make_shared<const Ledger>(std::move(*ledger));
    auto baseline = Baseline::build(*input.ledger, input.session.book, input.session.state.settings, {});
    if (!baseline)
        return baseline.error();
    input.baseline = *baseline;
    const auto checks = sourceChecks(*input.session.store, {});
    if (!checks)
        return checks.error();
    std::vector<OutcomeCheck> failed;
    std::copy_if(checks->begin(), checks->end(), std::back_inserter(failed),
                 [](const OutcomeCheck &check) { return !check.ok; });
    printFailedChecks(workspace, failed);
    return input;
}

Result<EvaluationRequest> requestNamed(const AnalysisInput &input, const std::string &argument)
{
    EvaluationRequest request;
    request.units = input.session.state.units;
    request.name = "Baseline";
    auto wanted = findScenario(input.session, argument);
    if (!wanted) {
        if (argument == "baseline" && wanted.error().code == ErrorCode::NotFound)
            return request;
        return wanted.error();
    }
    request.scenarioId = argument;
    request.name = wanted->name;
    request.levers = std::move(wanted->levers);
    return request;
}

void printFailedChecks(const std::string &name, const std::vector<OutcomeCheck> &checks)
{
    for (const OutcomeCheck &check : checks)
        std::fprintf(stderr, "perunit: %s: %s: %s\n", name.c_str(), check.name.c_str(), check.detail.c_str());
}

void printUnpricedDifference(const std::string &name, std::int64_t before, std::int64_t after)
{
    if (before != after)
        std::fprintf(stderr,
                     "perunit: %s: tokens without a price change from %lld to %lld; costs of different parts of the "
                     "traffic are compared\n",
                     name.c_str(), static_cast<long long>(before), static_cast<long long>(after));
}

Status checkDimension(const Ledger &ledger, const std::string &dimension)
{
    if (ledger.workload->dimension(dimension))
        return {};
    std::string known;
    for (const DimensionColumn &column : ledger.workload->dimensions)
        known += (known.empty() ? "" : ", ") + column.name;
    return Error{ErrorCode::NotFound, "the ledger has no dimension '" + dimension + "'", "",
                 known.empty() ? "it has none" : "it has " + known};
}

Json figureJson(const std::optional<Int128> &steps, bool isMoney)
{
    if (!steps)
        return nullptr;
    return isMoney ? Json(figureText(*steps, true)) : Json(wholeCount(*steps));
}

Json figureJson(const std::optional<FigureValue> &figure)
{
    return figure ? figureJson(figure->rounded(), figure->isMoney) : Json(nullptr);
}

Json numberJson(const ParameterSpec &spec, std::int64_t value)
{
    return decimalsOfNumber(spec) == 0 ? Json(value) : Json(numberText(spec, value));
}

Json checksJson(const std::vector<OutcomeCheck> &checks)
{
    Json result = Json::array();
    for (const OutcomeCheck &check : checks)
        result.push_back({{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
    return result;
}

std::string shownNumber(const EffectiveLever &lever, const ParameterSpec &spec, std::int64_t value)
{
    Lever changed = lever.lever;
    changed.numbers[std::string(spec.name)] = value;
    return parameterText(spec, changed);
}

std::string shownFigure(const std::optional<Int128> &steps, bool isMoney)
{
    return steps ? figureText(*steps, isMoney) : std::string(unknownText);
}

std::string shownFigure(const std::optional<FigureValue> &figure)
{
    return figure ? figure->text() : std::string(unknownText);
}

} // namespace perunit
