// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/model/engine_world.h"
#include "tests/model/reference_engine.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

/// Random catalogues, ledgers and levers that use every rule of the engine; each can be repeated from its seed.
namespace randomworld {

using namespace perunit;

/// A source of choices that can be repeated from its seed.
class Dice
{
public:
    explicit Dice(unsigned seed)
        : m_engine(seed)
    {}
    std::int64_t from(std::int64_t low, std::int64_t high)
    {
        return low + static_cast<std::int64_t>(m_engine() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool chance(int percent) { return from(1, 100) <= percent; }
    template <typename T>
    const T &oneOf(const std::vector<T> &values)
    {
        return values[static_cast<std::size_t>(from(0, static_cast<std::int64_t>(values.size()) - 1))];
    }

private:
    std::mt19937_64 m_engine;
};

using enum UsageClass;

/// Terms whose dates fall between the requests of a world and between the months it looks ahead to.
inline std::vector<PriceOverlay> randomOverlays(Dice &dice)
{
    std::vector<PriceOverlay> overlays;
    const std::int64_t wanted = dice.chance(60) ? dice.from(1, 4) : 0;
    for (std::int64_t i = 0; i < wanted; ++i) {
        PriceOverlay overlay;
        overlay.name = "term " + std::to_string(i);
        overlay.kind = static_cast<OverlayKind>(dice.from(0, 2));
        overlay.change = dice.from(1, 900'000);
        overlay.fixedFemto = dice.from(0, 9'000'000'000);
        if (dice.chance(60))
            overlay.models = {dice.oneOf<std::string>({"alpha", "beta", "gamma", "delta"})};
        if (dice.chance(50) || overlay.kind == OverlayKind::FixedPrice)
            overlay.classes = {dice.oneOf<UsageClass>({Input, Output, CacheRead, Reasoning, CacheWrite5m})};
        if (dice.chance(30))
            overlay.tiers = {dice.oneOf<ServiceTier>({ServiceTier::Standard, ServiceTier::Batch})};
        if (dice.chance(80))
            overlay.valid.from = {instantOf(2025, 12, 28).micros + dice.from(0, 120 * microsPerDay)};
        if (dice.chance(60))
            overlay.valid.to = {std::max(overlay.valid.from, instantOf(2025, 12, 28)).micros
                                + dice.from(1, 70 * microsPerDay)};
        overlay.enabled = dice.chance(90);
        overlays.push_back(overlay);
    }
    return overlays;
}

inline std::shared_ptr<const PriceBook> randomBook(Dice &dice, std::vector<PriceOverlay> overlays)
{
    using world::rate;
    const Instant change = instantOf(2026, 1, static_cast<int>(dice.from(2, 27)), 5, 30);
    std::vector<CatalogueModel> models;
    const Rate alphaOld = rate(
        "alpha-old", {{Input, "3"}, {CacheRead, "0.3"}, {CacheWrite5m, "3.75"}, {CacheWrite1h, "6"}, {Output, "15"}});
    const Rate alphaNew =
        rate("alpha-new",
             {{Input, "2.123457"}, {CacheRead, "0.25"}, {CacheWrite5m, "2.5"}, {Output, "12.1"}, {ImageOut, "41.3"}});
    models.push_back(world::model(
        "p", "alpha",
        {world::during(alwaysBefore, change, alphaOld), world::during(change, alwaysAfter, alphaNew),
         world::above(dice.from(500, 3000), dice.chance(50), rate("alpha-long", {{Input, "6"}, {Output, "22.5"}})),
         world::above(6000, true, rate("alpha-longer", {{Input, "9.5"}, {CacheRead, "1"}, {Output, "30"}})),
         rate("alpha-batch", {{Input, "1.5"}, {Output, "7.5"}}, ServiceTier::Batch),
         rate("alpha-priority", {{Input, "5"}, {Output, "25"}}, ServiceTier::Priority)}));
    Rate announced = rate("beta-announced", {{Input, "0.2"}, {Output, "0.9"}});
    announced.status = RateStatus::Announced;
    models.push_back(world::model("p", "beta",
                                  {rate("beta", {{Input, "0.25"},
                                                 {CacheRead, "0.03"},
                                                 {Output, "1.25"},
                                                 {WebSearch, "10000"},
                                                 {AudioIn, "7"},
                                                 {Page, "1500"}}),
                                   world::during(instantOf(2026, 4, 1), alwaysAfter, announced)}));
    Rate peak = rate("gamma-peak", {{Input, "1.1"}, {Output, "4.4"}});
    peak.daily = DailyWindow{0x1f, 8 * 60, 18 * 60 + 30};
    models.push_back(
        world::model("p", "gamma",
                     {rate("gamma", {{Input, "0.55"}, {CacheRead, "0.1"}, {Output, "2.2"}, {Reasoning, "0.9"}}), peak,
                      rate("gamma-batch", {{Input, "0.27"}, {Output, "1.1"}}, ServiceTier::Batch)}));
    models.push_back(world::model("p", "delta", {rate("delta", {{Output, "5"}})}));
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.unitName = "unit";
    offer.terms = {world::term("1-month", "0.26", false), world::term("hourly", "0.00101", true)};
    auto alpha = world::throughput("alpha", dice.from(200, 900), 2, 2);
    alpha.cacheReadWeight = dice.chance(50) ? 0 : 100'000;
    alpha.cacheWriteWeight = 1'250'000;
    alpha.cacheWrite1hWeight = 2'000'000;
    alpha.maximumPromptTokens = dice.chance(50) ? 4000 : 0;
    if (dice.chance(60))
        alpha.longPrompt = LongPromptWeights{
            {dice.from(500, 3000), dice.chance(50)}, 2'000'000, 200'000, 2'500'000, 4'000'000, 7'500'000};
    auto beta = world::throughput("beta", dice.from(200, 900));
    // Some offers weigh audio and images, some weigh them as nothing, some leave them to pay-as-you-go.
    if (dice.chance(70))
        alpha.otherWeights = {{AudioIn, dice.from(0, 6) * onePpm}, {ImageOut, 3'750'001}};
    if (dice.chance(70))
        beta.otherWeights = {{ImageIn, 1'600'000}, {AudioIn, 4 * onePpm}, {Page, 250 * onePpm}, {AudioOut, 0}};
    offer.throughput = {alpha, beta, world::throughput("gamma", 300)};
    return world::book(std::move(models), {offer}, std::move(overlays));
}

inline Period randomPeriod(Dice &dice)
{
    switch (dice.from(0, 3)) {
    case 0:
        return world::months(2026, 1, static_cast<int>(dice.from(1, 3)));
    case 1:
        return {instantOf(2026, 1, 10), instantOf(2026, 2, 20)};
    case 2:
        return {instantOf(2026, 1, 14, 7, 3), instantOf(2026, 1, 14, 9, 41, 30)};
    default:
        return {instantOf(2025, 12, 30), instantOf(2026, 1, 3)};
    }
}

inline RequestRow randomRequest(Dice &dice, Period period, const std::vector<Instant> &busyMinutes)
{
    // Some requests lie outside the period: they must not count.
    Instant at{period.from.micros + dice.from(-3'600'000'000, period.to.micros - period.from.micros + 3'600'000'000)};
    if (dice.chance(60))
        at = {dice.oneOf(busyMinutes).micros + dice.from(0, microsPerMinute - 1)};
    RequestRow row = world::request(at, dice.oneOf<std::string>({"alpha", "alpha", "beta", "gamma", "delta", "omega"}),
                                    dice.from(0, 4000), dice.from(0, 900));
    if (dice.chance(50))
        row.usage[CacheRead] = dice.from(0, 3000);
    if (dice.chance(30))
        row.usage[CacheWrite5m] = dice.from(0, 2000);
    if (dice.chance(15))
        row.usage[CacheWrite1h] = dice.from(0, 2000);
    if (dice.chance(10))
        row.usage[WebSearch] = dice.from(1, 3);
    if (dice.chance(20))
        row.usage[AudioIn] = dice.from(1, 500);
    if (dice.chance(10))
        row.usage[ImageIn] = dice.from(1, 900);
    if (dice.chance(10))
        row.usage[dice.oneOf<UsageClass>({ImageOut, AudioOut, Page})] = dice.from(1, 40);
    if (dice.chance(25))
        row.usage.reasoning = dice.from(0, row.usage[Output]);
    row.usage[Request] = dice.chance(5) ? 7 : 1;
    row.tier = dice.oneOf<ServiceTier>({ServiceTier::Standard, ServiceTier::Standard, ServiceTier::Standard,
                                        ServiceTier::Standard, ServiceTier::Batch, ServiceTier::Priority,
                                        ServiceTier::Provisioned});
    row.workload = dice.oneOf<std::string>({"chat", "review", ""});
    row.team = dice.oneOf<std::string>({"red", "blue"});
    row.environment = dice.chance(80) ? "prod" : "dev";
    row.status = dice.chance(5) ? RequestStatus::Error : RequestStatus::Ok;
    row.session = "s" + std::to_string(dice.from(1, 30));
    return row;
}

inline Scope randomScope(Dice &dice)
{
    Scope scope;
    if (dice.chance(35))
        scope.conditions["workload"] = {dice.oneOf<std::string>({"chat", "review", ""})};
    if (dice.chance(25))
        scope.conditions["team"] = {"red"};
    if (dice.chance(20))
        scope.conditions["environment"] = {"prod", "dev"};
    if (dice.chance(15))
        scope.conditions["model"] = {dice.oneOf<std::string>({"alpha", "beta"})};
    return scope;
}

inline EffectiveLever randomLever(Dice &dice, Month firstMonth, int number)
{
    const auto kind = dice.chance(20)
                          ? LeverKind::Provisioned
                          : static_cast<LeverKind>(dice.from(0, static_cast<std::int64_t>(leverKindCount) - 1));
    EffectiveLever result = world::lever("lever-" + std::to_string(number), kind, {});
    Lever &lever = result.lever;
    const auto share = [&dice] {
        return dice.chance(50) ? dice.from(0, 20) * 50'000 : dice.from(0, onePpm);
    };
    const auto cents = [&dice] {
        return dice.from(1, 5'000'000'000);
    };
    switch (kind) {
    case LeverKind::Volume:
        lever.numbers = {{"factor", dice.from(0, 3'000'000)}, {"monthly_growth", dice.from(-500'000, 200'000)}};
        lever.texts = {{"shape", dice.oneOf<std::string>({"", "compound", "linear", "s-curve", "spike"})}};
        break;
    case LeverKind::AnswerCache:
        lever.numbers = {{"hit_share", share()},
                         {"lookup_cost", dice.from(0, 90'000)},
                         {"wrong_share", share()},
                         {"wrong_cost", cents()}};
        break;
    case LeverKind::Routing:
        lever.numbers = {{"share", share()}, {"token_ratio", dice.from(800'000, 1'300'000)}};
        if (dice.chance(50))
            lever.numbers["output_ratio"] = dice.from(500'000, 1'500'000);
        if (dice.chance(30))
            lever.numbers["escalation"] = share();
        if (dice.chance(30))
            lever.numbers["verifier_cost"] = dice.from(0, 70'000);
        if (dice.chance(40))
            lever.numbers["prompt_from"] = dice.from(0, 4000);
        if (dice.chance(40))
            lever.numbers["prompt_below"] = lever.number("prompt_from") + dice.from(1, 4000);
        lever.texts = {{"to", dice.oneOf<std::string>({"p/alpha", "p/beta", "p/gamma", "p/delta"})}};
        break;
    case LeverKind::ConversationLength:
        lever.numbers = {{"turns_before", dice.from(1, 30)},
                         {"turns_after", dice.from(1, 30)},
                         {"system_tokens", dice.from(0, 2000)},
                         {"user_tokens", dice.from(0, 300)},
                         {"answer_tokens", dice.from(0, 400)}};
        break;
    case LeverKind::AgentSteps:
        lever.numbers = {{"mean", dice.from(500'000, 15'000'000)}, {"spread", dice.from(1'000'000, 30'000'000)}};
        break;
    case LeverKind::ContextGrowth:
    case LeverKind::OutputLength:
        lever.numbers = {{"factor", dice.chance(50) ? 1'600'000 : dice.from(300'000, 3'000'000)}};
        if (dice.chance(60))
            lever.numbers["monthly_growth"] = dice.from(-60'000, 80'000);
        break;
    case LeverKind::Trimming:
        lever.numbers = {{"factor", dice.from(10'000, 1'000'000)}, {"prompt_from", dice.from(0, 5000)}};
        break;
    case LeverKind::PromptCache:
        lever.numbers = {{"hit_share", share()}};
        if (dice.chance(60))
            lever.numbers["write_share"] = share();
        if (dice.chance(40))
            lever.numbers["minimum_prompt"] = dice.from(0, 5000);
        if (dice.chance(30))
            lever.numbers.insert({{"stored_tokens", dice.from(0, 5'000'000)}, {"storage_price", cents()}});
        lever.texts = {{"ttl", dice.oneOf<std::string>({"5m", "1h", ""})}};
        break;
    case LeverKind::PriceChange:
        lever.numbers = {{"factor", dice.from(0, 2'000'000)}};
        for (const char *name : {"input_price", "cache_read_price", "cache_write_price", "output_price"}) {
            if (dice.chance(30))
                lever.numbers[name] = cents();
        }
        lever.texts = {{"model", dice.oneOf<std::string>({"", "p/alpha", "p/beta", "p/delta"})}};
        break;
    case LeverKind::Batch:
        lever.numbers = {{"share", share()}};
        if (dice.chance(30))
            lever.numbers["rerun_share"] = share();
        break;
    case LeverKind::Provisioned:
        lever.texts = {{"model", dice.oneOf<std::string>({"p/alpha", "p/beta", "p/gamma"})},
                       {"offer", "offer"},
                       {"term", dice.oneOf<std::string>({"1-month", "hourly"})}};
        lever.numbers = {{"units", dice.from(1, 8) * 2}};
        break;
    case LeverKind::Retries:
        lever.numbers = {{"retry_share", dice.from(0, 2'000'000)}, {"charged_share", share()}};
        break;
    case LeverKind::EndpointSchedule:
        lever.numbers = {{"hours_per_day", dice.from(0, 24'000'000)}, {"days_per_week", dice.from(0, 7) * onePpm}};
        break;
    case LeverKind::Training:
        lever.numbers = {{"run_cost", cents()},
                         {"runs_per_month", dice.from(0, 3'000'000)},
                         {"runs_at_start", dice.from(0, 3)},
                         {"amortisation_months", dice.from(1, 6)}};
        break;
    case LeverKind::HumanReview:
        lever.numbers = {{"share", share()}, {"minutes", dice.from(0, 30'000'000)}, {"hourly_rate", cents()}};
        break;
    case LeverKind::ExchangeRate:
        lever.numbers = {{"rate", cents()}};
        lever.texts = {{"currency", "EUR"}};
        break;
    }
    lever.scope = randomScope(dice);
    if (dice.chance(40))
        lever.start = firstMonth.plus(static_cast<int>(dice.from(-2, 3)));
    if (dice.chance(40))
        lever.rampMonths = static_cast<int>(dice.from(1, 5));
    lever.enabled = dice.chance(92);
    result.layer = static_cast<int>(dice.from(0, 2));
    return result;
}

struct World {
    std::shared_ptr<const PriceBook> book;
    reference::Input input;
    std::vector<OutcomeRow> outcomes;
};

inline World randomWorld(unsigned seed)
{
    Dice dice(seed);
    World result;
    Dice terms(seed + 77'000);
    result.book = randomBook(dice, randomOverlays(terms));
    reference::Input &input = result.input;
    input.period = randomPeriod(dice);
    input.horizonMonths = static_cast<int>(dice.oneOf<std::int64_t>({0, 0, 1, 3, 7}));
    input.conventionalMonth = dice.chance(50);
    std::vector<Instant> busy;
    for (int i = 0; i < 4; ++i)
        busy.push_back({(input.period.from.micros + dice.from(0, input.period.to.micros - input.period.from.micros - 1))
                        / microsPerMinute * microsPerMinute});
    for (int i = 0; i < 70; ++i)
        input.requests.push_back(randomRequest(dice, input.period, busy));
    for (int i = 0; i < 5; ++i) {
        const Instant at{input.period.from.micros
                         + dice.from(0, input.period.to.micros - input.period.from.micros - 1)};
        ChargeRow row = world::charge(at, {at.micros + 1}, "12.345678901234567890123456");
        row.workload = dice.oneOf<std::string>({"chat", ""});
        row.team = dice.oneOf<std::string>({"red", ""});
        input.harness.push_back(row);
    }
    const Month first =
        input.horizonMonths > 0 ? monthOf({input.period.to.micros - 1}).plus(1) : monthOf(input.period.from);
    const std::int64_t wanted = dice.from(0, 9);
    for (int i = 0; static_cast<std::int64_t>(input.levers.size()) < wanted && i < 40; ++i) {
        input.levers.push_back(randomLever(dice, first, i));
        if (!checkLevers(input.levers, *result.book).empty())
            input.levers.pop_back();
    }
    return result;
}

inline Result<Outcome> evaluated(const World &world, const std::vector<RequestRow> &rows)
{
    const Ledger ledger = world::ledger(rows, world.input.harness);
    const auto baseline = Baseline::build(
        ledger, world.book,
        world::settings(world.input.period, world.input.horizonMonths, world.input.conventionalMonth), {});
    if (!baseline)
        return baseline.error();
    EvaluationRequest request;
    request.levers = world.input.levers;
    request.groupBy = {"workload", "model", "team"};
    return evaluate(**baseline, request, {});
}

/// Without the levers that only an evaluation finds out to be impossible; it must name them.
inline World possible(World world)
{
    for (auto outcome = evaluated(world, world.input.requests); !outcome;
         outcome = evaluated(world, world.input.requests)) {
        auto &levers = world.input.levers;
        const auto named = std::find_if(levers.begin(), levers.end(), [&](const EffectiveLever &each) {
            return outcome.error().where.find("'" + each.lever.id + "'") != std::string::npos;
        });
        if (outcome.error().code != ErrorCode::Unsupported || named == levers.end())
            break;
        levers.erase(named);
    }
    return world;
}

} // namespace randomworld
