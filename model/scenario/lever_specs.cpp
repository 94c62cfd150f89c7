// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/scenario/scenario.h"

#include <algorithm>
#include <utility>

namespace perunit {

namespace {

// A hundredth to a hundredfold: wide enough for any tokenizer, narrow enough to catch a slip of a digit.
constexpr std::int64_t smallestFactor = onePpm / 100;
constexpr std::int64_t largestFactor = onePpm * 100;
constexpr std::int64_t mostUnits = 1'000'000;

ParameterSpec textParameter(std::string_view name, std::string_view label, ParameterUnit unit, std::string_view help,
                            std::vector<std::string_view> choices = {})
{
    return {name, label, unit, 0, 0, 0, help, std::move(choices)};
}

LeverSpec routingSpec()
{
    return {LeverKind::Routing,
            "routing",
            "Routing",
            "Sends a share of the requests to another model and prices them there.",
            {{"share", "Share of requests", ParameterUnit::Share, 0, onePpm, 0,
              "This share of every request in scope is priced at the other model; the rest stays where it is."},
             textParameter("to", "To model", ParameterUnit::Model, "The model that serves the routed requests."),
             {"token_ratio", "Prompt tokens there", ParameterUnit::Factor, smallestFactor, largestFactor, onePpm,
              "The other model counts the same prompt as this many times the tokens."},
             {"output_ratio", "Output tokens there", ParameterUnit::Factor, smallestFactor, largestFactor, onePpm,
              "The other model answers with this many times the output tokens."}}};
}

LeverSpec contextGrowthSpec()
{
    return {LeverKind::ContextGrowth,
            "context_growth",
            "Context growth",
            "Makes prompts longer or shorter, once or a little more every month.",
            {{"factor", "Prompt length", ParameterUnit::Factor, smallestFactor, largestFactor, onePpm,
              "Prompt tokens × this factor; output stays as it is."},
             {"monthly_growth", "Growth a month", ParameterUnit::Growth, -onePpm / 2, onePpm, 0,
              "Prompt tokens × (1 + growth) once for every month since the start, compounding."}}};
}

LeverSpec promptCacheSpec()
{
    return {LeverKind::PromptCache,
            "prompt_cache",
            "Prompt cache",
            "Sets how much of the prompt is read from the provider's cache, in place of what was recorded.",
            {{"hit_share", "Prompt read from cache", ParameterUnit::Share, 0, onePpm, 0,
              "Share of prompt tokens charged at the cache read price; while both shares are 0 % the recorded split "
              "stays."},
             {"write_share", "Of the rest, written to cache", ParameterUnit::Share, 0, onePpm, 0,
              "Share of the remaining prompt tokens charged at the cache write price."},
             textParameter("ttl", "Cache lifetime", ParameterUnit::Choice,
                           "5m or 1h: which cache write price applies; 5m when nothing is chosen.", {"5m", "1h"})}};
}

LeverSpec batchSpec()
{
    return {LeverKind::Batch,
            "batch",
            "Batch",
            "Sends a share of the requests through the batch tier, where the model has a batch price.",
            {{"share", "Share of requests", ParameterUnit::Share, 0, onePpm, 0,
              "This share of every standard request in scope is priced at the batch price."}}};
}

LeverSpec provisionedSpec()
{
    return {LeverKind::Provisioned,
            "provisioned",
            "Provisioned",
            "Reserves capacity at a fixed price; what exceeds it in a minute spills to pay-as-you-go.",
            {{"units", "Units", ParameterUnit::Units, 0, mostUnits, 0,
              "Reserved units; each serves the offer's tokens per minute for one fixed price."},
             textParameter("model", "Model served", ParameterUnit::Model, "The model that the reserved units serve."),
             textParameter("offer", "Offer", ParameterUnit::OfferTerm, "What is reserved: azure-ptu-global, …"),
             textParameter("term", "Term", ParameterUnit::Choice,
                           "For how long the units are reserved; decides their price.",
                           {"hourly", "1-week", "1-month", "3-month", "1-year"})}};
}

} // namespace

const std::vector<LeverSpec> &leverSpecs()
{
    static const std::vector<LeverSpec> specs{routingSpec(), contextGrowthSpec(), promptCacheSpec(), batchSpec(),
                                              provisionedSpec()};
    return specs;
}

const LeverSpec &leverSpec(LeverKind kind)
{
    return leverSpecs()[static_cast<std::size_t>(kind)];
}

std::optional<LeverKind> leverKindNamed(std::string_view name)
{
    for (const LeverSpec &spec : leverSpecs()) {
        if (spec.name == name)
            return spec.kind;
    }
    return std::nullopt;
}

bool isNumeric(ParameterUnit unit)
{
    return unit == ParameterUnit::Share || unit == ParameterUnit::Factor || unit == ParameterUnit::Growth
           || unit == ParameterUnit::Units;
}

const ParameterSpec *LeverSpec::parameter(std::string_view parameterName) const
{
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [parameterName](const auto &spec) { return spec.name == parameterName; });
    return found == parameters.end() ? nullptr : &*found;
}

} // namespace perunit
