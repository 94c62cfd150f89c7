// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/capacity_setup.h"

#include "model/engine/baseline_impl.h"
#include "model/engine/pool_weights.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace perunit {

namespace {

constexpr std::int64_t hoursPerWeek = 168;
constexpr std::int64_t secondsPerMinute = 60;
constexpr std::int64_t conventionalHours = 730;

Status checkQuestion(const CapacityQuestion &question)
{
    const auto bad = [](std::string what, std::string remedy) {
        return Error{ErrorCode::BadInput, std::move(what), "capacity", std::move(remedy)};
    };
    if (question.binSeconds < 1 || question.binSeconds > 3600 || 3600 % question.binSeconds != 0)
        return bad("bins of " + std::to_string(question.binSeconds) + " seconds do not divide an hour",
                   "use 1, 60, 300 or 3600");
    if (question.depthSeconds < 1 || question.depthSeconds > 3600)
        return bad("a bucket holds between one second and an hour", "use 1 to 60 seconds");
    if (question.units && *question.units < 0)
        return bad("a number of units is negative", "");
    if (question.units && *question.units > 1'000'000)
        return bad("more than a million units cannot be calculated", "");
    return {};
}

Result<ModelIndex> modelOf(const PriceBook &book, const std::string &text, const std::string &provider)
{
    const bool named = text.find('/') != std::string::npos;
    ModelMatch match;
    if (named) {
        const ModelKey key = modelKeyOf(text);
        match = book.resolve(key.provider, key.model);
    }
    if (!match.model.found())
        match = book.resolve(provider, text);
    if (!match.model.found())
        return Error{ErrorCode::NotFound, "the price catalogues have no model '" + text + "'", "model",
                     "write provider/model; 'perunit catalogue list' names them"};
    return match.model;
}

std::string termList(const ProvisionedOffer &offer)
{
    std::set<std::string> names;
    for (const ProvisionedTerm &term : offer.terms)
        names.insert(term.term);
    std::string list;
    for (const std::string &name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list;
}

Result<ProvisionedTerm> termOf(const ProvisionedOffer &offer, const CapacityQuestion &question, Instant at)
{
    const ProvisionedTerm *found = nullptr;
    bool known = false;
    for (const ProvisionedTerm &term : offer.terms) {
        if (!question.term.empty() && term.term != question.term)
            continue;
        known = true;
        if (!term.valid.contains(at) || (!term.priceKnown && !question.pricePerMonth))
            continue;
        if (!found
            || (question.term.empty()
                && monthlyFemto(term, conventionalHours) < monthlyFemto(*found, conventionalHours)))
            found = &term;
    }
    if (!known)
        return Error{ErrorCode::NotFound, "offer '" + offer.id + "' has no term '" + question.term + "'", "term",
                     "its terms are " + termList(offer)};
    if (!found)
        return Error{ErrorCode::Unsupported,
                     "the price of "
                         + (question.term.empty() ? std::string("every term") : "term '" + question.term + "'")
                         + " of offer '" + offer.id + "' is not public",
                     "term", "state what a unit costs in a month"};
    ProvisionedTerm term = *found;
    if (question.pricePerMonth) {
        Int128 femto = question.pricePerMonth->units();
        // A term holds up to 9,223 a month; dearer units are kept by the hour, where a month is right to 400
        // femto-units.
        term.perHour = femto > INT64_MAX;
        if (term.perHour)
            femto = divideHalfEven(femto, conventionalHours);
        if (femto > INT64_MAX || femto < 0)
            return Error{ErrorCode::Overflow, "the price of a unit is too large", "term", ""};
        term.femto = static_cast<std::int64_t>(femto);
        term.priceKnown = true;
    }
    return term;
}

/// What the user has measured or was offered in place of what the catalogue says.
void applyKnowledge(const CapacityQuestion &question, CapacitySetup &setup)
{
    ProvisionedThroughput &throughput = setup.throughput;
    if (question.tokensPerMinute > 0)
        throughput.inputTokensPerMinute = question.tokensPerMinute;
    if (question.outputTokensPerMinute > 0) {
        throughput.outputTokensPerMinute = question.outputTokensPerMinute;
        if (!setup.offer.separateOutputUnits && throughput.inputTokensPerMinute > 0) {
            // A unit that serves fewer output tokens than input tokens: what an output token weighs.
            throughput.outputWeight = static_cast<PartsPerMillion>(divideHalfEven(
                static_cast<Int128>(throughput.inputTokensPerMinute) * onePpm, question.outputTokensPerMinute));
            throughput.weightsKnown = true;
        }
    }
    if (question.outputWeight) {
        throughput.outputWeight = *question.outputWeight;
        throughput.weightsKnown = true;
    }
    if (question.minimumUnits)
        throughput.minimumUnits = *question.minimumUnits;
    if (question.stepUnits)
        throughput.stepUnits = std::max<std::int64_t>(*question.stepUnits, 1);
}

std::string whyNot(const CapacitySetup &setup)
{
    if (setup.moneyIsLoad)
        return {};
    if (setup.isSplit() && setup.throughput.inputTokensPerMinute > 0 && setup.throughput.outputTokensPerMinute > 0)
        return {};
    if (setup.isSplit())
        return "sells units for input and for output apart and does not say how many tokens each serves in a minute; "
               "state both";
    return whyNotCalculable(setup.offer, setup.throughput);
}

/// Gives a weight to classes that have none.
void weighBesides(ProvisionedThroughput &throughput, const std::vector<UsageClass> &classes, PartsPerMillion weight)
{
    for (const UsageClass usageClass : classes) {
        if (!loadWeight(throughput, usageClass))
            throughput.otherWeights.push_back({usageClass, weight});
    }
}

/// Age of the facts in days; no value when their date cannot be read.
std::optional<std::int64_t> ageOf(const std::string &checked, Instant today)
{
    const auto date = parseInstant(checked + "T00:00:00Z");
    if (!date)
        return std::nullopt;
    return (today.micros - date->micros) / (24 * microsPerHour);
}

void flagFacts(const CapacityQuestion &question, CapacitySetup &setup)
{
    const ProvisionedOffer &offer = setup.offer;
    if (question.today && !offer.checked.empty()) {
        const auto age = ageOf(offer.checked, *question.today);
        if (age && *age > factsAgeAfterDays)
            setup.flags.push_back({"old-facts", "the facts of this offer were last checked on " + offer.checked + ", "
                                                    + std::to_string(*age) + " days ago"});
    }
    if (offer.overflow == OfferOverflow::Unknown)
        setup.flags.push_back({"overflow",
                               "the source does not say what happens to requests beyond the units; they are "
                               "taken to be charged per token at list price"});
    if (!setup.throughput.note.empty())
        setup.flags.push_back({"note", setup.throughput.note});
    if (setup.isSplit())
        setup.flags.push_back({"split", "units for input and for output are sized apart; what exceeds one of them is "
                                        "charged per token of that kind"});
}

CapacitySetup endpointOf(const CapacityQuestion &question, ModelIndex model, const PriceBook &book)
{
    const CapacityQuestion::Endpoint &endpoint = *question.endpoint;
    CapacitySetup setup;
    setup.model = model;
    setup.endpoint = true;
    setup.offer.id = endpointOffer;
    setup.offer.name = "Replicas of one's own";
    setup.offer.provider = book.model(model).key.provider;
    setup.offer.unitName = "replica";
    setup.offer.overflow = OfferOverflow::ListPrice;
    setup.offer.source = "entered";
    setup.term.term = "hourly";
    setup.term.perHour = true;
    // Replicas that run part of the week cost that part of it.
    const Int128 week = static_cast<Int128>(endpoint.hoursPerDay) * endpoint.daysPerWeek;
    setup.term.femto =
        static_cast<std::int64_t>(divideHalfEven(endpoint.pricePerHour.units() * week, Int128{hoursPerWeek} * onePpm));
    setup.offer.terms = {setup.term};
    setup.throughput.model = book.model(model).key.model;
    // Output tokens are what is measured; the prompts of the traffic were part of the measurement.
    setup.throughput.inputWeight = setup.throughput.cacheReadWeight = 0;
    setup.throughput.cacheWriteWeight = setup.throughput.cacheWrite1hWeight = 0;
    setup.throughput.outputWeight = onePpm;
    weighBesides(setup.throughput, {sentClasses.begin(), sentClasses.end()}, 0);
    setup.throughput.inputTokensPerMinute = static_cast<std::int64_t>(divideHalfEven(
        static_cast<Int128>(endpoint.outputTokensPerSecond) * secondsPerMinute * endpoint.maximumUtilisation, onePpm));
    setup.throughput.minimumUnits = std::max<std::int64_t>(endpoint.minimumReplicas, 1);
    setup.throughput.stepUnits = 1;
    return setup;
}

Status checkEndpoint(const CapacityQuestion::Endpoint &endpoint)
{
    const bool possible =
        endpoint.outputTokensPerSecond > 0 && endpoint.pricePerHour.units() >= 0 && endpoint.maximumUtilisation > 0
        && endpoint.maximumUtilisation <= onePpm && endpoint.hoursPerDay >= 0 && endpoint.hoursPerDay <= 24 * onePpm
        && endpoint.daysPerWeek >= 0 && endpoint.daysPerWeek <= 7 && endpoint.firstHour >= 0 && endpoint.firstHour < 24;
    if (!possible)
        return Error{
            ErrorCode::BadInput, "the endpoint cannot exist", "endpoint",
            "state measured output tokens a second, a price an hour, a utilisation up to 1 and hours of a week"};
    const bool always = endpoint.hoursPerDay == 24 * onePpm && endpoint.daysPerWeek == 7;
    if (!always && endpoint.firstHour * onePpm + endpoint.hoursPerDay > 24 * onePpm)
        return Error{ErrorCode::BadInput, "the replicas would run beyond midnight", "endpoint",
                     "let them start earlier or run for fewer hours; hours are UTC"};
    return {};
}

} // namespace

SizeGrid CapacitySetup::grid() const
{
    return {throughput.minimumUnits, std::max<std::int64_t>(throughput.stepUnits, 1)};
}

SizeGrid CapacitySetup::outputGrid() const
{
    return {throughput.minimumOutputUnits, std::max<std::int64_t>(throughput.stepUnits, 1)};
}

bool serveAlike(const CapacitySetup &a, const CapacitySetup &b)
{
    const auto facts = [](const CapacitySetup &setup) {
        const ProvisionedThroughput &each = setup.throughput;
        return std::tuple(setup.model, setup.moneyIsLoad, setup.endpoint, setup.isSplit(), each.inputTokensPerMinute,
                          each.outputTokensPerMinute, each.inputWeight, each.cacheReadWeight, each.cacheWriteWeight,
                          each.cacheWrite1hWeight, each.outputWeight, each.maximumPromptTokens, each.longPrompt,
                          each.otherWeights);
    };
    return facts(a) == facts(b);
}

Instant unitsBegin(const Baseline &baseline)
{
    return std::max(baseline.impl().firstMonth().start(), baseline.period().from);
}

Result<CapacitySetup> setUpCapacity(const PriceBook &book, const CapacityQuestion &question, Instant at)
{
    if (auto status = checkQuestion(question); !status)
        return status.error();
    if (question.endpoint && (question.offer.empty() || question.offer == endpointOffer)) {
        if (auto status = checkEndpoint(*question.endpoint); !status)
            return status.error();
        const auto model = modelOf(book, question.model, "");
        if (!model)
            return model.error();
        return endpointOf(question, *model, book);
    }
    const ProvisionedOffer *offer = book.offer(question.offer);
    if (!offer)
        return Error{ErrorCode::NotFound, "the price catalogues have no offer '" + question.offer + "'", "offer",
                     "'perunit catalogue list --offers' names them"};
    const auto model = modelOf(book, question.model, offer->provider);
    if (!model)
        return model.error();
    CapacitySetup setup;
    setup.model = *model;
    setup.offer = *offer;
    setup.moneyIsLoad = offer->unitName.find("dollar") == 0;
    if (const ProvisionedThroughput *known = throughputFor(*offer, book, *model, at)) {
        setup.throughput = *known;
    } else if (question.tokensPerMinute > 0 || setup.moneyIsLoad) {
        setup.throughput.model = book.model(*model).key.model;
        setup.throughput.minimumUnits = 1;
        setup.throughput.minimumOutputUnits = offer->separateOutputUnits ? 1 : 0;
        setup.throughput.weightsKnown = setup.moneyIsLoad;
        setup.throughput.inputTokensPerMinute = 1;
    } else {
        return Error{ErrorCode::NotFound, "offer '" + offer->id + "' says no throughput for '" + question.model + "'",
                     "model", "choose another model or offer, or state how many tokens a unit serves in a minute"};
    }
    applyKnowledge(question, setup);
    if (setup.moneyIsLoad) // a dollar is a dollar, whatever tokens it pays for
        weighBesides(setup.throughput, {tokenClasses.begin(), tokenClasses.end()}, onePpm);
    if (const std::string why = whyNot(setup); !why.empty())
        return Error{ErrorCode::Unsupported, "offer '" + offer->id + "' " + why, "offer", ""};
    auto term = termOf(*offer, question, at);
    if (!term)
        return term.error();
    setup.term = *term;
    if (question.pricePerMonth)
        setup.offer.terms = {*term};
    flagFacts(question, setup);
    return setup;
}

} // namespace perunit
