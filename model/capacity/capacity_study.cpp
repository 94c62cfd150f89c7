// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/capacity_study.h"

#include "model/capacity/capacity_figures.h"
#include "model/capacity/capacity_setup.h"
#include "model/capacity/hours_of_week.h"
#include "model/engine/baseline_impl.h"
#include "model/engine/pool_traffic.h"
#include "model/engine/pool_weights.h"
#include "model/engine/wide_integer.h"
#include "model/scenario/lever_names.h"
#include "pricing/charge/price_request.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace perunit {

namespace {

/// Rows × months beyond which requests are not simulated one by one: they would not fit into memory.
constexpr std::int64_t mostSimulated = 6'000'000;
constexpr std::int64_t shapeHours = 730;
constexpr std::int64_t oneCurrency = 1'000'000'000'000'000; ///< in femto-units

std::vector<EffectiveLever> withoutPools(const std::vector<EffectiveLever> &levers)
{
    std::vector<EffectiveLever> result;
    std::copy_if(levers.begin(), levers.end(), std::back_inserter(result),
                 [](const EffectiveLever &each) { return each.lever.kind != LeverKind::Provisioned; });
    return result;
}

/// What people cost over the horizon: as much of their month as a replica at one unit of the currency an hour would
/// cost of its own, so that a replica that costs nothing has people too.
Result<Femto> peopleCost(const CapacityQuestion::Endpoint &endpoint, const CapacitySetup &setup, const PoolStudy &study)
{
    ProvisionedOffer yardstick = setup.offer;
    yardstick.terms = {setup.term};
    yardstick.terms.front().femto = oneCurrency;
    const auto horizon = study.unitCost(yardstick, setup.term.term);
    if (!horizon)
        return horizon.error();
    const auto cost =
        scaledHalfEven(endpoint.peoplePerMonth.units(), Wide::of(static_cast<UInt128>(horizon->of(1).units())),
                       Wide::of(static_cast<UInt128>(monthlyFemto(yardstick.terms.front(), shapeHours))));
    if (!cost)
        return Error{ErrorCode::Overflow, "people cost too much to be summed exactly", "endpoint", ""};
    return Femto::ofUnits(*cost);
}

/// Loads with the engine that knows what each size spills.
struct StudiedLoads {
    CapacitySetup setup;
    std::shared_ptr<PoolStudy> study;
    std::shared_ptr<const CapacityLoads> loads;
};

/// One study of a baseline.
class BaselineStudy
{
public:
    /// With `shared` loads are found there when the units of another study serve alike, and left there.
    BaselineStudy(const Baseline &baseline, const std::vector<EffectiveLever> &levers, const CapacityQuestion &question,
                  std::stop_token stop, std::vector<StudiedLoads> *shared = nullptr)
        : m_baseline(baseline)
        , m_levers(withoutPools(levers))
        , m_question(question)
        , m_stop(std::move(stop))
        , m_shared(shared)
    {}

    Result<CapacityAnswer> run()
    {
        auto setup = setUpCapacity(m_baseline.book(), m_question, unitsBegin(m_baseline));
        if (!setup)
            return setup.error();
        m_setup = std::move(*setup);
        const auto studied = studiedLoads();
        if (!studied)
            return studied.error();
        auto price = studied->study->unitCost(m_setup.offer, m_setup.term.term);
        if (!price)
            return price.error();
        CapacityMaterial material;
        material.loads = studied->loads;
        material.price = std::move(*price);
        material.costDivisor = m_baseline.impl().divisor();
        material.repeats = months();
        if (m_setup.endpoint) {
            const auto people = peopleCost(*m_question.endpoint, m_setup, *studied->study);
            if (!people)
                return people.error();
            material.price.once = *people;
        }
        if (m_setup.engineKnows(m_question)) {
            material.exactAt = [&studied, &material](std::int64_t units) {
                return studied->study->at(units, material.price);
            };
        }
        CapacityAnswer answer = figuresOf(m_question, m_setup, material);
        if (!material.failure.ok())
            return material.failure.error();
        answer.currency = m_baseline.currency();
        answer.period = m_baseline.period();
        addPictures(material, m_baseline.period(), m_question.binSeconds, answer);
        if (auto status = addSteps(answer); !status)
            return status.error();
        return answer;
    }

private:
    [[nodiscard]] std::int64_t months() const { return std::max(1, m_baseline.settings().horizonMonths); }

    Result<StudiedLoads> studiedLoads()
    {
        if (m_shared) {
            const auto found = std::find_if(m_shared->begin(), m_shared->end(),
                                            [this](const auto &each) { return serveAlike(each.setup, m_setup); });
            if (found != m_shared->end())
                return *found;
        }
        auto study = studyOf(m_levers, m_setup.throughput);
        if (!study)
            return study.error();
        auto loads = std::make_shared<CapacityLoads>();
        if (auto status = fill(**study, *loads); !status)
            return status.error();
        StudiedLoads studied{m_setup, std::move(*study), std::move(loads)};
        if (m_shared)
            m_shared->push_back(studied);
        return studied;
    }

    Result<std::unique_ptr<PoolStudy>> studyOf(std::vector<EffectiveLever> levers,
                                               ProvisionedThroughput throughput) const
    {
        return PoolStudy::make(m_baseline, std::move(levers), m_setup.model, m_question.scope, m_setup.offer,
                               std::move(throughput), m_setup.term.term, m_stop);
    }

    Status fill(PoolStudy &study, CapacityLoads &loads)
    {
        TrafficWanted wanted;
        wanted.binSeconds = m_question.binSeconds;
        wanted.moneyIsLoad = m_setup.moneyIsLoad;
        wanted.requests = m_question.simulate && !m_setup.isSplit() && !m_setup.moneyIsLoad && !m_setup.endpoint
                          && m_baseline.requestCount() * months() <= mostSimulated;
        wanted.declaredOutput = m_question.declaredOutput;
        wanted.outputTokensPerSecond = m_question.outputTokensPerSecond;
        if (m_setup.isSplit())
            return fillSplit(wanted, loads);
        auto traffic = study.traffic(wanted);
        if (!traffic)
            return traffic.error();
        loads.traffic = std::move(*traffic);
        if (m_setup.endpoint)
            closeOutsideHours(*m_question.endpoint, loads.traffic);
        return loads.sort();
    }

    /// Two studies, each with the tokens and the money of one kind.
    Status fillSplit(TrafficWanted wanted, CapacityLoads &loads)
    {
        ProvisionedThroughput input = m_setup.throughput;
        input.outputWeight = 0;
        ProvisionedThroughput output = m_setup.throughput;
        output.inputWeight = output.cacheReadWeight = output.cacheWriteWeight = output.cacheWrite1hWeight = 0;
        output.outputWeight = onePpm;
        output.otherWeights.clear();
        output.inputTokensPerMinute = m_setup.throughput.outputTokensPerMinute;
        input.longPrompt = output.longPrompt = std::nullopt;
        for (const bool isOutput : {false, true}) {
            auto study = studyOf(m_levers, isOutput ? output : input);
            if (!study)
                return study.error();
            wanted.charged = {!isOutput, !isOutput, !isOutput, isOutput};
            auto traffic = (*study)->traffic(wanted);
            if (!traffic)
                return traffic.error();
            (isOutput ? loads.outputTraffic : loads.traffic) = std::move(*traffic);
        }
        return loads.sort();
    }

    /// The best size after each lever: what caches, routes and batches leave to reserve.
    Status addSteps(CapacityAnswer &answer) const
    {
        constexpr std::size_t mostSteps = 12;
        if (m_levers.empty() || m_levers.size() > mostSteps || m_setup.isSplit() || m_setup.endpoint
            || !m_question.simulate)
            return {};
        for (std::size_t count = 0; count <= m_levers.size(); ++count) {
            if (count > 0 && !m_levers[count - 1].lever.enabled)
                continue;
            auto study =
                studyOf({m_levers.begin(), m_levers.begin() + static_cast<std::ptrdiff_t>(count)}, m_setup.throughput);
            if (!study)
                return study.error();
            CapacityMaterial material;
            TrafficWanted wanted;
            wanted.binSeconds = m_question.binSeconds;
            wanted.moneyIsLoad = m_setup.moneyIsLoad;
            auto price = (*study)->unitCost();
            auto traffic = (*study)->traffic(wanted);
            if (!price || !traffic)
                return !price ? price.error() : traffic.error();
            auto loads = std::make_shared<CapacityLoads>();
            loads->traffic = std::move(*traffic);
            if (auto status = loads->sort(); !status)
                return status;
            material.price = std::move(*price);
            material.loads = loads;
            CapacityStep step;
            if (count > 0) {
                step.leverId = m_levers[count - 1].lever.id;
                step.label = nameOf(m_levers[count - 1].lever);
            }
            step.payAsYouGo = loads->curve.payAsYouGo();
            step.optimum =
                figuresAt(material, optimum(loads->curve, material.price, m_setup.grid()).units, m_setup.grid());
            answer.steps.push_back(std::move(step));
        }
        return {};
    }

    /// Its kind, with what tells it from the others of the kind.
    [[nodiscard]] std::string nameOf(const Lever &lever) const
    {
        std::vector<const Scope *> ofKind;
        for (const EffectiveLever &other : m_levers) {
            if (other.lever.kind == lever.kind)
                ofKind.push_back(&other.lever.scope);
        }
        const std::string values = distinction(lever.scope, ofKind);
        return std::string(leverSpec(lever.kind).label) + (values.empty() ? "" : ": " + values);
    }

    const Baseline &m_baseline;
    std::vector<EffectiveLever> m_levers;
    const CapacityQuestion &m_question;
    std::stop_token m_stop;
    std::vector<StudiedLoads> *m_shared;
    CapacitySetup m_setup;
};

/// Load parts and cost of one request of a shape.
struct ShapeRequest {
    Int128 load = 0; ///< parts
    Int128 outputLoad = 0;
    Int128 cost = 0; ///< in 10^-24
    Int128 outputCost = 0;
    bool tooLong = false;
    std::int64_t unpriced = 0;
    std::vector<BesideUnits> beside;
};

bool isGenerated(UsageClass usageClass)
{
    return usageClass == UsageClass::Output || usageClass == UsageClass::Reasoning;
}

std::int64_t promptOf(const Usage &usage)
{
    std::int64_t prompt = 0;
    for (const UsageClass usageClass : sentClasses)
        prompt += usage[usageClass];
    return prompt;
}

void addShapeLoad(const Usage &usage, const CapacitySetup &setup, bool isLong, ShapeRequest &result)
{
    const Int128 part = loadPartsPerToken / onePpm;
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const auto usageClass = static_cast<UsageClass>(i);
        const auto weight = loadWeight(setup.throughput, usageClass, isLong);
        if (!weight)
            continue;
        if (!isGenerated(usageClass))
            result.load += part * *weight * usage[usageClass];
        else if (setup.isSplit())
            result.outputLoad += Int128{loadPartsPerToken} * usage[usageClass];
        else
            result.outputLoad += part * *weight * usage[usageClass];
    }
}

void addShapeCost(const PricedRequest &priced, const Usage &usage, const CapacitySetup &setup, ShapeRequest &result)
{
    const auto beside = [&](UsageClass usageClass, Int128 cost) {
        if (loadWeight(setup.throughput, usageClass))
            return false;
        result.beside.push_back({usageClass, cost});
        return true;
    };
    for (const PricedLine &line : priced.lines) {
        const Int128 cost = Money::of(line.cost()).units();
        if (beside(line.usageClass, cost))
            continue;
        result.cost += cost;
        if (isGenerated(line.usageClass))
            result.outputCost += cost;
    }
    for (const UsageClass usageClass : priced.unpriced) {
        if (isTokenClass(usageClass) && !beside(usageClass, 0))
            result.unpriced += usage[usageClass];
    }
}

ShapeRequest shapeRequest(const PriceBook &book, const TrafficShape &shape, const CapacitySetup &setup)
{
    const ProvisionedThroughput &throughput = setup.throughput;
    const std::int64_t prompt = promptOf(shape.usage);
    ShapeRequest result;
    result.tooLong = throughput.maximumPromptTokens > 0 && prompt > throughput.maximumPromptTokens;
    addShapeLoad(shape.usage, setup, throughput.longPrompt && throughput.longPrompt->from.reachedBy(prompt), result);
    const ModelKey &key = book.model(setup.model).key;
    RequestToPrice request;
    request.provider = key.provider;
    request.model = key.model;
    request.region = shape.region.empty() ? setup.offer.region : shape.region;
    request.at = shape.at;
    request.usage = shape.usage;
    addShapeCost(priceRequest(book, request), shape.usage, setup, result);
    return result;
}

/// What the requests of a month cost when one of them costs so much.
Int128 costOfMonth(const TrafficShape &shape, Int128 costOfOne)
{
    return divideHalfEven(costOfOne * static_cast<Int128>(shape.perMinute), onePpm) * shapeHours * 60;
}

/// `perMinute` requests a minute for a month as one bin.
PoolTraffic shapeTraffic(const TrafficShape &shape, Int128 loadOfOne, Int128 costOfOne, bool tooLong,
                         std::int64_t partsPerUnitMinute, bool moneyIsLoad)
{
    const auto perMinute = static_cast<Int128>(shape.perMinute);
    constexpr Int128 minutes = shapeHours * 60;
    PoolTraffic traffic;
    traffic.load.capacityPerUnit = partsPerUnitMinute;
    traffic.load.binCount = 1;
    LoadBin bin;
    bin.load = static_cast<std::int64_t>(divideHalfEven(loadOfOne * perMinute, onePpm));
    bin.cost = costOfMonth(shape, costOfOne);
    if (moneyIsLoad)
        bin.load = static_cast<std::int64_t>(
            divideHalfEven(divideHalfEven(costOfOne * perMinute, onePpm) * 3, Int128{10'000'000'000'000}));
    if (tooLong) {
        traffic.load.neverServedCost = bin.cost;
        traffic.load.neverServedLoad = static_cast<Int128>(bin.load) * minutes;
    } else {
        traffic.load.bins.push_back(bin);
        traffic.binStarts.push_back(0);
    }
    traffic.rows = static_cast<std::int64_t>(divideHalfEven(perMinute * minutes, onePpm));
    traffic.tooLongRows = tooLong ? traffic.rows : 0;
    return traffic;
}

} // namespace

Result<CapacityAnswer> studyCapacity(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                     const CapacityQuestion &question, std::stop_token stop)
{
    return BaselineStudy(baseline, levers, question, std::move(stop)).run();
}

Result<CapacityAnswer> studyCapacity(const PriceBook &book, const TrafficShape &shape, const CapacityQuestion &asked)
{
    CapacityQuestion question = asked;
    question.binSeconds = 60; // an even load is the same by the second
    auto setup = setUpCapacity(book, question, shape.at);
    if (!setup)
        return setup.error();
    if (shape.perMinute < 0 || shape.perMinute > Int128{1'000'000'000} * onePpm)
        return Error{ErrorCode::BadInput, "there are between 0 and a billion requests a minute", "rpm", ""};
    const ShapeRequest one = shapeRequest(book, shape, *setup);
    const Int128 largest = divideHalfEven((one.load + one.outputLoad) * static_cast<Int128>(shape.perMinute), onePpm);
    if (largest > INT64_MAX)
        return Error{ErrorCode::Overflow, "the shape holds more tokens a minute than can be calculated", "rpm", ""};
    const auto parts = [](std::int64_t tokensPerMinute) {
        return loadPartsPerUnit(tokensPerMinute, 60);
    };
    auto loads = std::make_shared<CapacityLoads>();
    const std::int64_t capacity =
        setup->moneyIsLoad ? loadPartsPerDollar : parts(setup->throughput.inputTokensPerMinute);
    if (setup->isSplit()) {
        loads->traffic = shapeTraffic(shape, one.load, one.cost - one.outputCost, one.tooLong, capacity, false);
        loads->outputTraffic = shapeTraffic(shape, one.outputLoad, one.outputCost, one.tooLong,
                                            parts(setup->throughput.outputTokensPerMinute), false);
    } else {
        loads->traffic =
            shapeTraffic(shape, one.load + one.outputLoad, one.cost, one.tooLong, capacity, setup->moneyIsLoad);
    }
    loads->traffic.unpricedTokens = one.unpriced;
    for (const BesideUnits &beside : one.beside)
        loads->traffic.beside.push_back({beside.usageClass, costOfMonth(shape, beside.cost)});
    if (auto status = loads->sort(); !status)
        return status.error();
    CapacityMaterial material;
    material.loads = loads;
    material.even = true;
    material.price.parts = {{monthlyFemto(setup->term, shapeHours), 1}};
    if (question.endpoint)
        material.price.once = question.endpoint->peoplePerMonth;
    CapacityAnswer answer = figuresOf(question, *setup, material);
    answer.currency = book.currency();
    addPictures(material, {}, question.binSeconds, answer);
    answer.period = {shape.at, {shape.at.micros + shapeHours * microsPerHour}};
    return answer;
}

Result<std::shared_ptr<const Baseline>> traceBaseline(const Workload &trace, std::shared_ptr<const PriceBook> book,
                                                      ModelIndex model, const std::string &region, Instant at,
                                                      std::stop_token stop)
{
    if (trace.size() == 0)
        return Error{ErrorCode::BadInput, "the trace holds no requests", "trace", ""};
    const ModelKey &key = book->model(model).key;
    const std::int64_t start = at.micros - (at.micros % microsPerMinute + microsPerMinute) % microsPerMinute;
    WorkloadBuilder builder;
    for (std::size_t row = 0; row < trace.size(); ++row) {
        RequestRow request;
        request.time = {trace.time[row] - trace.time.front() + start};
        request.provider = key.provider;
        request.model = key.model;
        request.region = region;
        request.usage = trace.usageAt(row);
        builder.add(request, 1, static_cast<std::int64_t>(row) + 1);
    }
    Ledger ledger;
    ledger.workload = builder.build();
    ledger.harness = std::make_shared<const std::vector<ChargeRow>>();
    ledger.invoices = ledger.harness;
    ledger.outcomes = std::make_shared<const std::vector<OutcomeRow>>();
    ledger.currency = book->currency();
    ledger.digest = "trace";
    BaselineSettings settings;
    settings.period = ledger.workload->period();
    return Baseline::build(ledger, std::move(book), settings, std::move(stop));
}

namespace {

/// Every offer and term; `study` answers one of them.
template <typename Study>
std::vector<OfferComparison> compareAll(const PriceBook &book, const CapacityQuestion &question, const Study &study)
{
    std::vector<OfferComparison> result;
    for (const ProvisionedOffer *offer : book.offers()) {
        std::vector<std::string> terms;
        for (const ProvisionedTerm &term : offer->terms) {
            if (std::find(terms.begin(), terms.end(), term.term) == terms.end())
                terms.push_back(term.term);
        }
        for (const std::string &term : terms) {
            CapacityQuestion one = question;
            one.offer = offer->id;
            one.term = term;
            one.simulate = false;
            // What a user knows is known of one offer.
            if (question.offer != offer->id) {
                one.tokensPerMinute = one.outputTokensPerMinute = 0;
                one.outputWeight.reset();
                one.pricePerMonth.reset();
                one.minimumUnits.reset();
                one.stepUnits.reset();
            }
            auto answer = study(one);
            if (answer)
                result.push_back({offer->id, term, std::move(*answer), {}});
            else if (answer.error().code != ErrorCode::NotFound)
                result.push_back({offer->id, term, std::nullopt, answer.error().what});
        }
    }
    if (question.endpoint) {
        CapacityQuestion one = question;
        one.offer = endpointOffer;
        one.term.clear();
        if (auto answer = study(one))
            result.push_back({std::string(endpointOffer), "hourly", std::move(*answer), {}});
    }
    std::stable_sort(result.begin(), result.end(), [](const OfferComparison &a, const OfferComparison &b) {
        if (!a.answer || !b.answer)
            return a.answer.has_value() && !b.answer.has_value();
        return a.answer->optimum.cost() < b.answer->optimum.cost();
    });
    return result;
}

} // namespace

std::vector<OfferComparison> compareOffers(const Baseline &baseline, const std::vector<EffectiveLever> &levers,
                                           const CapacityQuestion &question, std::stop_token stop)
{
    std::vector<StudiedLoads> shared;
    return compareAll(baseline.book(), question, [&](const CapacityQuestion &one) {
        return BaselineStudy(baseline, levers, one, stop, &shared).run();
    });
}

std::vector<OfferComparison> compareOffers(const PriceBook &book, const TrafficShape &shape,
                                           const CapacityQuestion &question)
{
    return compareAll(book, question, [&](const CapacityQuestion &one) { return studyCapacity(book, shape, one); });
}

ModelIndex modelForOffer(const PriceBook &book, std::string_view model, std::string_view offer)
{
    const ModelKey key = modelKeyOf(model);
    if (model.find('/') != std::string_view::npos) {
        if (const ModelMatch match = book.resolve(key.provider, key.model); match.model.found())
            return match.model;
    }
    const ProvisionedOffer *known = book.offer(offer);
    return book.resolve(known ? known->provider : "", model).model;
}

std::vector<OfferComparison> compareOffers(const Workload &trace, const std::shared_ptr<const PriceBook> &book,
                                           Instant at, const CapacityQuestion &question, std::stop_token stop)
{
    struct Served {
        Result<std::shared_ptr<const Baseline>> baseline;
        std::vector<StudiedLoads> shared;
    };
    std::map<std::pair<std::int32_t, std::string>, Served> baselines;
    return compareAll(*book, question, [&](const CapacityQuestion &one) -> Result<CapacityAnswer> {
        const ModelIndex model = modelForOffer(*book, one.model, one.offer);
        if (!model.found())
            return Error{ErrorCode::NotFound, "the offer's provider has no such model", one.model, ""};
        const ProvisionedOffer *offer = book->offer(one.offer);
        const std::string region = offer ? offer->region : std::string();
        auto known = baselines.find({model.value, region});
        if (known == baselines.end())
            known = baselines
                        .emplace(std::pair{model.value, region},
                                 Served{traceBaseline(trace, book, model, region, at, stop), {}})
                        .first;
        if (!known->second.baseline)
            return known->second.baseline.error();
        return BaselineStudy(**known->second.baseline, {}, one, stop, &known->second.shared).run();
    });
}

} // namespace perunit
