// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/model_comparison.h"
#include "model/analyses/quality_routing.h"

#include <algorithm>
#include <map>
#include <set>

namespace perunit {

namespace {

/// A table of accuracies by value and catalogue model.
struct AccuracyTable {
    std::vector<ModelIndex> models; ///< each once, in the order of the table
    std::map<std::string, std::map<ModelIndex, PartsPerMillion>> byValue;

    [[nodiscard]] std::map<ModelIndex, PartsPerMillion> of(const std::string &value) const
    {
        std::map<ModelIndex, PartsPerMillion> result;
        for (const std::string &name : {value, std::string("*")}) {
            if (const auto found = byValue.find(name); found != byValue.end())
                result.insert(found->second.begin(), found->second.end());
        }
        return result;
    }
};

Result<AccuracyTable> resolved(const PriceBook &book, const std::vector<ModelAccuracy> &accuracies)
{
    AccuracyTable table;
    for (const ModelAccuracy &line : accuracies) {
        const ModelKey key = modelKeyOf(line.model);
        const ModelIndex model = book.resolve(key.provider, key.model).model;
        if (!model.found())
            return Error{ErrorCode::NotFound, "the price catalogues have no model '" + line.model + "'",
                         "accuracy of '" + line.value + "'", "see 'perunit catalogue list'"};
        if (line.accuracy < 0 || line.accuracy > onePpm)
            return Error{ErrorCode::BadInput, "an accuracy must be between 0 and 1",
                         "'" + line.value + "', " + line.model, ""};
        if (!table.byValue[line.value].emplace(model, line.accuracy).second)
            return Error{ErrorCode::Conflict, "two lines say the accuracy of " + line.model, "'" + line.value + "'",
                         "keep one of them"};
        if (std::find(table.models.begin(), table.models.end(), model) == table.models.end())
            table.models.push_back(model);
    }
    return table;
}

std::string nameOf(const PriceBook &book, ModelIndex model)
{
    const ModelKey &key = book.model(model).key;
    return key.provider + "/" + key.model;
}

Instant priceInstant(const Baseline &baseline)
{
    const Instant last{baseline.period().to.micros - 1};
    return baseline.settings().horizonMonths > 0 ? monthOf(last).plus(1).start() : last;
}

/// The class of one value, of the models that can be calculated for all of its requests.
RoutingClass classOf(const PriceBook &book, const std::string &value, const ModelComparison &compared,
                     const std::map<ModelIndex, PartsPerMillion> &accuracies, std::vector<std::string> &notes)
{
    RoutingClass result;
    result.name = value;
    result.requests = compared.requests;
    for (const ModelComparison::Candidate &candidate : compared.candidates) {
        const auto accuracy = accuracies.find(candidate.model);
        if (accuracy == accuracies.end())
            continue;
        const std::string name = nameOf(book, candidate.model);
        if (candidate.cost.unpricedTokens > 0) {
            notes.push_back(name + " has no price for " + std::to_string(candidate.cost.unpricedTokens) + " tokens of '"
                            + value + "' and takes no part there");
            continue;
        }
        if (candidate.tooLong > 0)
            notes.push_back(std::to_string(candidate.tooLong) + " prompts of '" + value + "' are longer than " + name
                            + " takes; they are priced all the same");
        // What stays keeps its own region and its reserved capacity.
        const bool stays = compared.onlyModel == candidate.model && compared.recorded.unpricedTokens == 0;
        if (stays)
            result.present = result.options.size();
        result.options.push_back({name, stays ? compared.recorded.cost : candidate.cost.cost, accuracy->second});
    }
    return result;
}

} // namespace

Result<QualityRoutingProblem> qualityRoutingProblem(const Baseline &baseline, const std::string &dimension,
                                                    const std::vector<ModelAccuracy> &accuracies, std::stop_token stop)
{
    if (isUnitDimension(dimension))
        return Error{ErrorCode::BadInput, "'" + dimension + "' names single units; levers cannot be limited by it", "",
                     "use workload, feature or the like"};
    const PriceBook &book = baseline.book();
    const auto table = resolved(book, accuracies);
    if (!table)
        return table.error();
    QualityRoutingProblem problem;
    problem.dimension = dimension;
    problem.at = priceInstant(baseline);
    const auto compared = compareModelsBy(*baseline.ledger().workload, book, baseline.period(), dimension,
                                          table->models, problem.at, std::move(stop));
    if (!compared)
        return compared.error();
    for (const auto &[value, unused] : table->byValue) {
        if (value != "*" && !compared->contains(value))
            return Error{ErrorCode::NotFound, "the period has no " + dimension + " '" + value + "'",
                         "table of accuracies", "correct the name, or leave the line out"};
    }
    for (const auto &[value, comparison] : *compared) {
        RoutingClass group = classOf(book, value, comparison, table->of(value), problem.notes);
        if (group.options.empty())
            problem.leftOut.emplace_back(value, comparison.requests);
        else
            problem.classes.push_back(std::move(group));
    }
    return problem;
}

} // namespace perunit
