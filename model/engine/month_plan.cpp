// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/month_plan.h"

#include "pricing/base/decimal.h"

#include <algorithm>
#include <initializer_list>
#include <set>

namespace perunit {

namespace {

/// Decimals of the product of all factors and shares of a weight; see weightsOf.
constexpr unsigned planDecimals = 90;
constexpr std::int64_t femtoPerMoney = 1'000'000; ///< money parameters are 10^-9

Wide product(std::initializer_list<PartsPerMillion> factors)
{
    Wide result = Wide::of(1);
    for (const PartsPerMillion factor : factors)
        result *= static_cast<std::uint64_t>(factor);
    return result;
}

Wide times(Wide value, std::initializer_list<PartsPerMillion> factors)
{
    for (const PartsPerMillion factor : factors)
        value *= static_cast<std::uint64_t>(factor);
    return value;
}

bool divisible(const Wide &value, std::uint64_t by)
{
    Wide copy = value;
    return copy.divideBy(by) == 0;
}

/// Shares such as 0.6 leave long runs of zeros in all weights; without them most arithmetic is 64-bit.
void takeOutCommonZeros(MonthPlan &plan)
{
    std::vector<Wide *> weights;
    for (SlicePlan &slice : plan.slices) {
        for (RoutePlan &route : slice.routes) {
            for (ComponentWeights &serving : route.weights) {
                for (Wide &weight : serving) {
                    if (!weight.isZero())
                        weights.push_back(&weight);
                }
            }
        }
    }
    constexpr std::array<std::pair<unsigned, std::uint64_t>, 3> steps{
        {{18, 1'000'000'000'000'000'000U}, {6, 1'000'000U}, {1, 10U}}};
    for (const auto &[decimals, power] : steps) {
        while (plan.exponent >= decimals
               && std::all_of(weights.begin(), weights.end(),
                              [power = power](const Wide *weight) { return divisible(*weight, power); })) {
            for (Wide *weight : weights)
                weight->divideBy(power);
            plan.exponent -= decimals;
        }
    }
}

struct PromptSplit {
    bool fresh = false;
    PartsPerMillion hit = 0;
    PartsPerMillion write = 0;
};

/// Factors that differ by slice and route.
struct RouteFactors {
    Wide share; ///< over 10^12
    PartsPerMillion tokenRatio = onePpm;
    PartsPerMillion outputRatio = onePpm;
    PartsPerMillion trimmed = onePpm;
};

/// Weights over 10^90: calls 30, share 12, serving 12, prompt 24, split 12; output fills up with ones.
ComponentWeights weightsOf(const MonthFactors &month, const RouteFactors &route, PartsPerMillion serving,
                           PartsPerMillion rerun, const PromptSplit &split)
{
    const Wide calls =
        times(route.share, {month.volume, month.kept, month.turns.turns, month.steps, month.attempts, serving, rerun});
    const Wide prompt = times(calls, {month.context, route.trimmed, route.tokenRatio, month.turns.prompt});
    ComponentWeights weights;
    const bool fresh = split.fresh;
    weights[0] = times(prompt, {fresh ? onePpm - split.hit : onePpm, fresh ? onePpm - split.write : onePpm});
    weights[1] = times(prompt, {fresh ? split.hit : onePpm, onePpm});
    weights[2] = times(prompt, {fresh ? onePpm - split.hit : onePpm, fresh ? split.write : onePpm});
    weights[3] = times(calls, {month.output, route.outputRatio, onePpm, onePpm, onePpm, onePpm});
    weights[4] = times(calls, {onePpm, onePpm, onePpm, onePpm, onePpm, onePpm});
    return weights;
}

/// Builds the plan of one month.
class Planner
{
public:
    Planner(const LeverChoice &choice, Month month, Month firstMonth, const MeasuredHits &measured)
        : m_choice(choice)
        , m_month(month)
        , m_firstMonth(firstMonth)
        , m_measured(measured)
    {}

    Result<MonthPlan> make(int divisor)
    {
        if (auto status = findFactors(); !status)
            return status.error();
        for (const std::int64_t from : recordedBoundaries())
            m_plan.slices.push_back(baseSlice(from));
        closeSlices();
        divideAtShortestCachedPrompt();
        for (SlicePlan &slice : m_plan.slices)
            fillWeights(slice);
        addFees();
        m_plan.factors = m_factors;
        m_plan.volume = m_factors.volume;
        m_plan.kept = keptOf(onePpm - m_plan.slices.front().routed);
        m_plan.turns = m_factors.turns.turns;
        m_plan.plain = isPlain();
        m_plan.exponent = planDecimals;
        takeOutCommonZeros(m_plan);
        m_plan.one = powerOfTen(m_plan.exponent);
        m_plan.denominator = m_plan.one;
        m_plan.denominator *= static_cast<std::uint64_t>(divisor);
        m_plan.costDenominator = m_plan.denominator;
        if (m_plan.priceMoves)
            m_plan.costDenominator *= static_cast<std::uint64_t>(onePpm);
        return std::move(m_plan);
    }

private:
    [[nodiscard]] std::int64_t ramped(const Lever &lever, std::string_view parameter) const
    {
        return rampedValue(lever, parameter, m_month, m_firstMonth);
    }
    [[nodiscard]] const Lever *inForce(LeverKind kind) const
    {
        const Lever *lever = m_choice.of(kind);
        return lever && monthsInForce(*lever, m_month, m_firstMonth) >= 0 ? lever : nullptr;
    }

    Status findFactors()
    {
        const auto grown = [this](LeverKind kind, PartsPerMillion &into, auto factorOf) -> Status {
            const Lever *lever = inForce(kind);
            if (!lever)
                return {};
            const auto value = factorOf(*lever, m_month, m_firstMonth);
            if (!value)
                return value.error();
            into = *value;
            return {};
        };
        if (auto status = grown(LeverKind::Volume, m_factors.volume, volumeFactor); !status)
            return status;
        if (auto status = grown(LeverKind::ContextGrowth, m_factors.context, grownFactor); !status)
            return status;
        if (auto status = grown(LeverKind::OutputLength, m_factors.output, grownFactor); !status)
            return status;
        if (const Lever *cache = inForce(LeverKind::AnswerCache)) {
            m_plan.answered = ramped(*cache, "hit_share");
            m_plan.answeredWrong = cache->number("wrong_share");
            m_factors.kept = onePpm - m_plan.answered;
        }
        if (const Lever *turns = inForce(LeverKind::ConversationLength))
            m_factors.turns = turnFactors(*turns);
        if (const Lever *steps = inForce(LeverKind::AgentSteps))
            m_factors.steps = ramped(*steps, "mean");
        if (const Lever *retries = inForce(LeverKind::Retries))
            m_factors.attempts =
                onePpm
                + static_cast<PartsPerMillion>(divideHalfEven(
                    static_cast<Int128>(ramped(*retries, "retry_share")) * retries->number("charged_share"), onePpm));
        if (const Lever *batch = inForce(LeverKind::Batch)) {
            m_plan.batch = ramped(*batch, "share");
            m_factors.rerun = onePpm + batch->number("rerun_share");
        }
        if (const Lever *cache = inForce(LeverKind::PromptCache); cache && cache->text("ttl") == "1h")
            m_plan.writeClass = UsageClass::CacheWrite1h;
        return {};
    }

    /// Recorded prompt lengths at which some lever begins or ends to be in charge.
    [[nodiscard]] std::set<std::int64_t> recordedBoundaries() const
    {
        std::set<std::int64_t> result{0};
        for (const LeverChoice::Targeted &routing : m_choice.routings) {
            result.insert(routing.lever->number("prompt_from"));
            if (const std::int64_t below = routing.lever->number("prompt_below"); below > 0)
                result.insert(below);
        }
        if (const Lever *trimming = inForce(LeverKind::Trimming))
            result.insert(trimming->number("prompt_from"));
        return result;
    }

    [[nodiscard]] const LeverChoice::Targeted *routingOf(std::int64_t from) const
    {
        const LeverChoice::Targeted *result = nullptr;
        for (const LeverChoice::Targeted &each : m_choice.routings) {
            const std::int64_t below = each.lever->number("prompt_below");
            if (from < each.lever->number("prompt_from") || (below > 0 && from >= below))
                continue;
            if (!result || each.layer > result->layer)
                result = &each;
        }
        return result;
    }

    [[nodiscard]] PartsPerMillion trimmedFrom(std::int64_t from) const
    {
        const Lever *trimming = inForce(LeverKind::Trimming);
        return trimming && from >= trimming->number("prompt_from") ? ramped(*trimming, "factor") : onePpm;
    }

    SlicePlan baseSlice(std::int64_t from)
    {
        SlicePlan slice;
        slice.from = from;
        PartsPerMillion tokenRatio = onePpm;
        if (const LeverChoice::Targeted *routing = routingOf(from)) {
            slice.routed = ramped(*routing->lever, "share");
            if (slice.routed > 0) {
                slice.routing = routing->lever;
                slice.routes[1].target = routing->model;
                slice.verdictFemto = static_cast<Int128>(routing->lever->number("verifier_cost")) * femtoPerMoney;
                tokenRatio = routing->lever->number("token_ratio");
            }
        }
        // Context up to 10^12, the others up to 10^8: below 2^127.
        const UInt128 recorded = static_cast<UInt128>(m_factors.context) * static_cast<UInt128>(trimmedFrom(from))
                                 * static_cast<UInt128>(m_factors.turns.prompt);
        slice.routes[0].promptFactor = recorded * static_cast<UInt128>(onePpm);
        slice.routes[1].promptFactor = recorded * static_cast<UInt128>(tokenRatio);
        return slice;
    }

    void closeSlices()
    {
        for (std::size_t i = 0; i + 1 < m_plan.slices.size(); ++i)
            m_plan.slices[i].below = m_plan.slices[i + 1].from;
        m_plan.slices.back().below = endlessPrompt;
    }

    /// Prompts are long enough for a cache as they are sent, and the routes of a request send different ones.
    void divideAtShortestCachedPrompt()
    {
        const Lever *cache = inForce(LeverKind::PromptCache);
        const std::int64_t minimum = cache ? cache->number("minimum_prompt") : 0;
        if (minimum == 0)
            return;
        std::vector<SlicePlan> divided;
        for (const SlicePlan &slice : m_plan.slices) {
            std::set<std::int64_t> starts{slice.from};
            for (const Route route : allRoutes) {
                const std::int64_t first = firstPromptIn({minimum, true}, slice.of(route).promptFactor);
                if (first > slice.from && first < slice.below && (route == Route::Stays || slice.routed > 0))
                    starts.insert(first);
            }
            for (const std::int64_t from : starts) {
                divided.push_back(slice);
                divided.back().from = from;
            }
        }
        m_plan.slices = std::move(divided);
        closeSlices();
    }

    [[nodiscard]] PromptSplit splitOf(const SlicePlan &slice, Route route, PartsPerMillion share) const
    {
        PromptSplit split;
        const Lever *cache = inForce(LeverKind::PromptCache);
        if (!cache)
            return split;
        split.write = ramped(*cache, "write_share");
        if (cache->text("mode") == "measured" && m_measured) {
            split.hit = m_measured(lifetimeOf(*cache), keptOf(share), m_factors.volume);
            split.fresh = true;
        } else {
            split.hit = ramped(*cache, "hit_share");
            split.fresh = split.hit != 0 || split.write != 0;
        }
        const std::int64_t minimum = cache->number("minimum_prompt");
        if (split.fresh && minimum > 0 && slice.from < firstPromptIn({minimum, true}, slice.of(route).promptFactor))
            split = {true, 0, 0};
        return split;
    }

    /// Of the recorded requests, those that a model with this share of them still sees.
    [[nodiscard]] PartsPerMillion keptOf(PartsPerMillion share) const
    {
        return static_cast<PartsPerMillion>(divideHalfEven(static_cast<Int128>(m_factors.kept) * share, onePpm));
    }

    void fillWeights(SlicePlan &slice)
    {
        const PartsPerMillion escalated = slice.routing ? slice.routing->number("escalation") : 0;
        // Both models are paid where a routed request is escalated.
        const PartsPerMillion stays = onePpm - slice.routed;
        Wide stayShare = product({stays, onePpm});
        stayShare += product({slice.routed, escalated});
        fillRoute(slice, Route::Stays, stays, stayShare);
        fillRoute(slice, Route::Routed, slice.routed, product({slice.routed, onePpm}));
    }

    void fillRoute(SlicePlan &slice, Route which, PartsPerMillion share, const Wide &exactShare)
    {
        RoutePlan &route = slice.routes[static_cast<std::size_t>(which)];
        route.used = !exactShare.isZero();
        if (!route.used)
            return;
        RouteFactors factors;
        factors.share = exactShare;
        factors.trimmed = trimmedFrom(slice.from);
        if (which == Route::Routed) {
            factors.tokenRatio = slice.routing->number("token_ratio");
            factors.outputRatio = slice.routing->number("output_ratio");
        }
        const PromptSplit split = splitOf(slice, which, share);
        route.split = split.fresh;
        route.hit = split.hit;
        route.written = split.write;
        route.tokenRatio = factors.tokenRatio;
        route.outputRatio = factors.outputRatio;
        route.trimmed = factors.trimmed;
        if (which == Route::Stays)
            m_plan.cacheHit = std::max(m_plan.cacheHit, split.hit);
        const std::array<std::pair<PartsPerMillion, PartsPerMillion>, servingCount> servings{
            {{onePpm, onePpm}, {onePpm - m_plan.batch, onePpm}, {m_plan.batch, m_factors.rerun}}};
        for (std::size_t i = 0; i < servingCount; ++i)
            route.weights[i] = weightsOf(m_factors, factors, servings[i].first, servings[i].second, split);
        setPrice(route, which == Route::Routed ? route.target : m_choice.recordedModel);
    }

    void setPrice(RoutePlan &route, ModelIndex model)
    {
        const LeverChoice::Targeted *chosen = nullptr;
        for (const LeverChoice::Targeted &each : m_choice.prices) {
            if (each.model.found() && each.model != model)
                continue;
            if (!chosen || each.layer > chosen->layer)
                chosen = &each;
        }
        if (!chosen || monthsInForce(*chosen->lever, m_month, m_firstMonth) < 0)
            return;
        route.priceLever = chosen->lever;
        route.priceFactor = static_cast<std::uint64_t>(ramped(*chosen->lever, "factor"));
        m_plan.priceMoves = m_plan.priceMoves || route.priceFactor != static_cast<std::uint64_t>(onePpm);
        for (const char *name : {"input_price", "cache_read_price", "cache_write_price", "output_price"}) {
            if (chosen->lever->number(name) != 0)
                route.price = chosen->lever;
        }
    }

    void addFee(Component component, std::initializer_list<std::int64_t> factors, unsigned decimals,
                std::uint64_t divisor = 1)
    {
        RequestFee fee{component, product({m_factors.volume, m_factors.turns.turns, femtoPerMoney}), {}};
        for (const std::int64_t factor : factors)
            fee.perRequest *= static_cast<std::uint64_t>(factor);
        fee.denominator = powerOfTen(12 + decimals);
        fee.denominator *= divisor;
        if (!fee.perRequest.isZero())
            m_plan.fees.push_back(fee);
    }

    void addFees()
    {
        if (const Lever *cache = inForce(LeverKind::AnswerCache)) {
            addFee(Component::Lookup, {cache->number("lookup_cost")}, 0);
            addFee(Component::WrongAnswers, {m_plan.answered, m_plan.answeredWrong, cache->number("wrong_cost")}, 12);
        }
        if (const Lever *review = inForce(LeverKind::HumanReview))
            addFee(Component::HumanReview,
                   {ramped(*review, "share"), review->number("minutes"), review->number("hourly_rate")}, 12, 60);
    }

    [[nodiscard]] bool isPlain() const
    {
        if (m_plan.slices.size() != 1 || m_plan.batch != 0 || m_plan.priceMoves || !m_plan.fees.empty())
            return false;
        const SlicePlan &slice = m_plan.slices.front();
        const RoutePlan &stays = slice.of(Route::Stays);
        return slice.routed == 0 && !stays.split && !stays.price && m_factors.volume == onePpm
               && m_factors.kept == onePpm && m_factors.turns.turns == onePpm && m_factors.turns.prompt == onePpm
               && m_factors.steps == onePpm && m_factors.attempts == onePpm && m_factors.context == onePpm
               && m_factors.output == onePpm && trimmedFrom(0) == onePpm;
    }

    const LeverChoice &m_choice;
    Month m_month;
    Month m_firstMonth;
    const MeasuredHits &m_measured;
    MonthFactors m_factors;
    MonthPlan m_plan;
};

} // namespace

std::int64_t firstPromptIn(const ContextThreshold &threshold, UInt128 factor)
{
    constexpr UInt128 scale = static_cast<UInt128>(1'000'000'000'000) * 1'000'000'000'000;
    constexpr std::int64_t longest = 100'000'000'000'000;
    if (factor == 0)
        return threshold.reachedBy(0) ? 0 : endlessPrompt;
    if (threshold.tokens > longest)
        return endlessPrompt;
    const UInt128 scaled = static_cast<UInt128>(std::max<std::int64_t>(threshold.tokens, 0)) * scale;
    // Inclusive: prompt × factor >= threshold. Otherwise strictly above it.
    const UInt128 whole = scaled / factor;
    const UInt128 first = threshold.inclusive && whole * factor == scaled ? whole : whole + 1;
    return first > static_cast<UInt128>(endlessPrompt) ? endlessPrompt : static_cast<std::int64_t>(first);
}

int lifetimeOf(const Lever &promptCache)
{
    return promptCache.text("ttl") == "1h" ? 3600 : 300;
}

Result<MonthPlan> planMonth(const LeverChoice &choice, Month month, Month firstMonth, int divisor,
                            const MeasuredHits &measured)
{
    return Planner(choice, month, firstMonth, measured).make(divisor);
}

} // namespace perunit
