// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/evaluation.h"

#include "model/engine/pool_run.h"
#include "pricing/base/decimal.h"

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

constexpr UInt128 promptFactorScale = static_cast<UInt128>(onePpm) * onePpm;
constexpr std::int64_t endless = std::numeric_limits<std::int64_t>::max();

std::size_t at(Component component)
{
    return static_cast<std::size_t>(component);
}

Error cancelled()
{
    return {ErrorCode::Cancelled, "stopped", "", ""};
}

} // namespace

std::int64_t firstPromptIn(const ContextThreshold &threshold, UInt128 factor)
{
    if (factor == 0)
        return threshold.reachedBy(0) ? 0 : endless;
    const auto scaled = static_cast<UInt128>(std::max<std::int64_t>(threshold.tokens, 0)) * promptFactorScale;
    // Inclusive: prompt × factor >= threshold. Otherwise strictly above it.
    const UInt128 first = threshold.inclusive ? (scaled + factor - 1) / factor : scaled / factor + 1;
    return first > static_cast<UInt128>(endless) ? endless : static_cast<std::int64_t>(first);
}

std::size_t Evaluation::CardKeyHash::operator()(const CardKey &key) const
{
    auto hash = static_cast<std::uint64_t>(key.micros) * 0x9e3779b97f4a7c15ULL;
    hash ^= (static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.model)) << 32 | key.regionAndTier)
            * 0xc2b2ae3d27d4eb4fULL;
    return static_cast<std::size_t>(hash ^ hash >> 29);
}

Evaluation::Evaluation(const Baseline::Impl &baseline, const LeverPlan &plan, Detail detail, CardStore &cards,
                       std::stop_token stop)
    : m_baseline(baseline)
    , m_plan(plan)
    , m_profile(plan.profile())
    , m_detail(detail)
    , m_store(cards)
    , m_stop(std::move(stop))
    , m_months(baseline.monthCount())
    , m_divisor(baseline.divisor())
{
    for (int month = 0; month < m_months; ++month)
        m_monthStarts.push_back(baseline.firstMonth().plus(month).start());
    m_hasWindows.resize(baseline.book->modelCount());
    for (std::size_t i = 0; i < m_hasWindows.size(); ++i) {
        const auto &rates = baseline.book->model({static_cast<std::int32_t>(i)}).rates;
        m_hasWindows[i] = std::any_of(rates.begin(), rates.end(), [](const Rate &rate) { return rate.daily; }) ? 1 : 0;
    }
}

Result<EvaluatedLines> Evaluation::run()
{
    const auto months = static_cast<std::size_t>(m_months);
    m_result.segments = m_profile.segments.size();
    if (keepsLines()) {
        m_result.lines.resize(months * m_result.segments);
        m_result.requests.resize(months * m_result.segments);
    }
    m_result.usage.resize(months);
    m_result.unattributed.resize(months);
    for (std::size_t segment = 0; segment < m_profile.segments.size(); ++segment) {
        if (segment % 64 == 0 && m_stop.stop_requested())
            return cancelled();
        if (auto status = priceSegment(segment); !status)
            return status.error();
    }
    for (std::size_t i = 0; i < m_plan.pools().size(); ++i) {
        auto pool = PoolRun(*this, static_cast<int>(i)).run();
        if (!pool)
            return pool.error();
        m_result.pools.push_back(std::move(*pool));
    }
    addHarness();
    finishNotes();
    return std::move(m_result);
}

Evaluation::RouteModel Evaluation::modelOf(std::size_t segment, Route route) const
{
    const Segment &recorded = m_profile.segments[segment];
    RouteModel result{recorded.model, recorded.tier, recorded.tier == ServiceTier::Provisioned};
    if (route == Route::Routed) {
        result.model = m_plan.target(segment);
        // The capacity that was paid for belongs to the recorded model; another one is paid for by use.
        if (result.covered && result.model != recorded.model) {
            result.covered = false;
            result.tier = ServiceTier::Standard;
        }
    }
    return result;
}

std::string Evaluation::nameOf(std::size_t segment, Route route) const
{
    if (route == Route::Stays)
        return m_profile.names[m_profile.segments[segment].resolution].model;
    const ModelKey &key = m_baseline.book->model(m_plan.target(segment)).key;
    return key.provider + "/" + key.model;
}

Instant Evaluation::pricedAt(const Block &block, int month, ModelIndex model)
{
    if (!m_baseline.looksAhead())
        return block.at;
    const Month calendar = m_baseline.firstMonth().plus(month);
    if (!model.found() || !m_hasWindows[static_cast<std::size_t>(model.value)])
        return m_monthStarts[static_cast<std::size_t>(month)];
    const auto [found, isNew] = m_pricedAt.try_emplace({model.value, month, block.at});
    if (isNew)
        found->second = firstLike(m_baseline.book->model(model), calendar.start(), block.at);
    return found->second;
}

const PricedCard *Evaluation::cardFor(ModelIndex model, ServiceTier tier, std::uint32_t region, Instant instant)
{
    const CardKey key{model.value, region << 3 | static_cast<std::uint32_t>(tier), instant.micros};
    const auto [found, isNew] = m_cards.try_emplace(key, nullptr);
    if (isNew)
        found->second = m_store.card(model, tier, m_profile.regions[region], instant, m_baseline.looksAhead());
    return found->second;
}

bool Evaluation::pooled(std::size_t segment, Route route, int month) const
{
    const int pool = m_plan.poolOf(segment, route);
    return pool >= 0 && m_plan.pools()[static_cast<std::size_t>(pool)].firstMonth <= month;
}

Status Evaluation::priceSegment(std::size_t segment)
{
    const Segment &recorded = m_profile.segments[segment];
    const bool ahead = m_baseline.looksAhead();
    std::uint32_t block = recorded.firstBlock;
    for (int month = 0; month < m_months; ++month) {
        if (ahead)
            block = recorded.firstBlock;
        const MonthPlan &plan = m_plan.plan(segment, month);
        SegmentSums sums;
        std::array<std::int64_t, usageClassCount> totals{};
        bool any = false;
        for (; block < recorded.endBlock && (ahead || m_profile.blocks[block].month == month); ++block) {
            addBlock(m_profile.blocks[block], plan, month, sums);
            for (const std::size_t usageClass : m_profile.usedClasses())
                totals[usageClass] += m_profile.blocks[block].totals[usageClass];
            any = true;
        }
        if (!any)
            continue;
        if (auto status = finishLine(segment, month, plan, sums); !status)
            return status;
        if (keepsLines())
            countUsage(segment, month, plan, totals);
    }
    return {};
}

void Evaluation::addBlock(const Block &block, const MonthPlan &plan, int month, SegmentSums &sums)
{
    const Segment &segment = m_profile.segments[block.segment];
    for (const Route route : {Route::Stays, Route::Routed}) {
        if (!plan.uses(route))
            continue;
        const RouteModel served = modelOf(block.segment, route);
        if (served.covered)
            continue;
        const Instant instant = pricedAt(block, month, served.model);
        auto &paths = sums[static_cast<std::size_t>(route)];
        const bool inPool = pooled(block.segment, route, month);
        const PricedCard *card = cardFor(served.model, served.tier, segment.region, instant);
        Serving serving = Serving::Whole;
        if (plan.batch > 0 && segment.tier == ServiceTier::Standard) {
            const PricedCard *batch = cardFor(served.model, ServiceTier::Batch, segment.region, instant);
            if (batch->ownTier) {
                serving = Serving::Standard;
                addPath(block, plan, route, *batch, false, paths[static_cast<std::size_t>(Serving::Batch)]);
            } else if (keepsLines()) {
                noteBatch(block.segment, block);
            }
        }
        addPath(block, plan, route, *card, inPool, paths[static_cast<std::size_t>(serving)]);
        if (keepsLines())
            noteWrites(block.segment, *card, plan);
    }
}

void Evaluation::addPath(const Block &block, const MonthPlan &plan, Route route, const PricedCard &card, bool inPool,
                         PathSums &sums) const
{
    sums.used = true;
    const auto &bands = card.card.bands;
    const UInt128 factor = plan.promptFactor[static_cast<std::size_t>(route)];
    const std::uint32_t rows = block.end - block.first;
    std::array<std::int64_t, usageClassCount> below{};
    std::uint32_t from = 0;
    for (std::size_t i = 0; i < std::max<std::size_t>(bands.size(), 1) && from < rows; ++i) {
        std::uint32_t to = rows;
        if (i + 1 < bands.size() && bands[i + 1].from)
            to = std::max(from, m_profile.countBelow(block, firstPromptIn(*bands[i + 1].from, factor)));
        if (to == from)
            continue;
        auto counts = m_profile.sumOfShortest(block, to);
        const auto upTo = counts;
        for (const std::size_t usageClass : m_profile.usedClasses())
            counts[usageClass] -= below[usageClass];
        below = upTo;
        from = to;
        const PriceBand *band = i < bands.size() ? &bands[i] : nullptr;
        addGaps(counts, plan, band, inPool, sums);
        if (!band)
            continue;
        const auto charge = [&](std::size_t usageClass, Int128 count) {
            const ClassPrice &price = band->prices[usageClass];
            if (price.state != PriceState::Unpriced)
                sums.cost[at(componentOf(usageClass))] += count * price.femto;
        };
        const std::size_t firstUnpooled = inPool ? at(Component::Other) : 0;
        if (plan.cache && !inPool) {
            const Int128 prompt = static_cast<Int128>(counts[0]) + counts[1] + counts[2] + counts[3];
            charge(static_cast<std::size_t>(UsageClass::Input), prompt);
            charge(static_cast<std::size_t>(UsageClass::CacheRead), prompt);
            charge(static_cast<std::size_t>(plan.writeClass), prompt);
        }
        for (const std::size_t usageClass : m_profile.usedClasses()) {
            if (counts[usageClass] == 0 || (plan.cache && usageClass < 4)
                || at(componentOf(usageClass)) < firstUnpooled)
                continue;
            charge(usageClass, counts[usageClass]);
        }
    }
}

void Evaluation::addGaps(const std::array<std::int64_t, usageClassCount> &counts, const MonthPlan &plan,
                         const PriceBand *band, bool inPool, PathSums &sums) const
{
    if (!keepsLines())
        return;
    const auto look = [&](std::size_t usageClass, Int128 count) {
        const PriceState state = band ? band->prices[usageClass].state : PriceState::Unpriced;
        if (state != PriceState::Unpriced && state != PriceState::Assumed)
            return;
        const Component component = componentOf(usageClass);
        if (count == 0 || (inPool && component != Component::Other))
            return;
        if (isTokenClass(static_cast<UsageClass>(usageClass))) {
            sums.gaps = true;
            (state == PriceState::Unpriced ? sums.unpriced : sums.assumed)[at(component)] += count;
        } else if (state == PriceState::Unpriced && usageClass != static_cast<std::size_t>(UsageClass::Request)) {
            // A request itself costs something only where a catalogue says so.
            sums.gaps = true;
            sums.unpricedEvents += count;
        }
    };
    if (plan.cache) {
        const Int128 prompt = static_cast<Int128>(counts[0]) + counts[1] + counts[2] + counts[3];
        look(static_cast<std::size_t>(UsageClass::Input), prompt);
        look(static_cast<std::size_t>(UsageClass::CacheRead), prompt);
        look(static_cast<std::size_t>(plan.writeClass), prompt);
    }
    for (const std::size_t usageClass : m_profile.usedClasses()) {
        if (!plan.cache || usageClass >= 4)
            look(usageClass, counts[usageClass]);
    }
}

Result<Int128> Evaluation::rounded(const Wide &numerator, const Wide &denominator)
{
    const auto result = Wide::dividedHalfEven(numerator, denominator).toInt128();
    if (!result)
        return Error{ErrorCode::Overflow, "an amount outgrew its exact type", "", "lower the factors of the levers"};
    return *result;
}

void Evaluation::addToLine(int month, std::size_t segment, Component component, Femto amount)
{
    m_result.total += amount;
    if (keepsLines())
        m_result.lines[static_cast<std::size_t>(month) * m_result.segments + segment][component] += amount;
}

Status Evaluation::finishLine(std::size_t segment, int month, const MonthPlan &plan, const SegmentSums &sums)
{
    const auto sumOf = [&](const auto &part, std::size_t component) {
        Wide result;
        for (const Route route : {Route::Stays, Route::Routed}) {
            for (std::size_t serving = 0; serving < servingCount; ++serving) {
                const PathSums &path = sums[static_cast<std::size_t>(route)][serving];
                if (path.used)
                    result.addProduct(plan.of(route, static_cast<Serving>(serving))[component],
                                      static_cast<UInt128>(part(path)[component]));
            }
        }
        return result;
    };
    const PathSums &plain = sums[0][0];
    for (std::size_t component = 0; component < usageComponentCount; ++component) {
        Int128 amount = 0;
        if (plan.plain) {
            amount = m_divisor == 1 ? plain.cost[component] : divideHalfEven(plain.cost[component], m_divisor);
        } else {
            const Wide sum = sumOf(
                [](const PathSums &path) -> const auto & { return path.cost; }, component);
            if (sum.isZero())
                continue;
            const auto result = rounded(sum, plan.denominator);
            if (!result)
                return result.error();
            amount = *result;
        }
        addToLine(month, segment, static_cast<Component>(component), Femto::ofUnits(amount));
    }
    for (const Route route : {Route::Stays, Route::Routed}) {
        for (std::size_t serving = 0; serving < servingCount; ++serving) {
            const PathSums &path = sums[static_cast<std::size_t>(route)][serving];
            if (!path.gaps)
                continue;
            const ComponentWeights &weights = plan.of(route, static_cast<Serving>(serving));
            Wide unpriced;
            Wide assumed;
            for (std::size_t component = 0; component < usageComponentCount; ++component) {
                unpriced.addProduct(weights[component], static_cast<UInt128>(path.unpriced[component]) * onePpm);
                assumed.addProduct(weights[component], static_cast<UInt128>(path.assumed[component]) * onePpm);
            }
            Wide events;
            events.addProduct(weights[at(Component::Other)], static_cast<UInt128>(path.unpricedEvents) * onePpm);
            const auto tokens = rounded(unpriced, plan.denominator);
            const auto inherited = rounded(assumed, plan.denominator);
            const auto counted = rounded(events, plan.denominator);
            if (!tokens || !inherited || !counted)
                return (!tokens ? tokens : !inherited ? inherited : counted).error();
            if (!unpriced.isZero())
                m_result.unpriced[nameOf(segment, route)] += std::max<Int128>(*tokens, 1);
            m_result.assumed += *inherited;
            m_result.unpricedEvents += *counted;
        }
    }
    return {};
}

void Evaluation::countUsage(std::size_t segment, int month, const MonthPlan &plan,
                            const std::array<std::int64_t, usageClassCount> &totals)
{
    auto &usage = m_result.usage[static_cast<std::size_t>(month)];
    const auto expected = [&](std::size_t component, Int128 count) -> Millionths {
        if (plan.plain || plan.tokens[component] == plan.one)
            return divideHalfEven(count * onePpm, m_divisor);
        Wide sum;
        sum.addProduct(plan.tokens[component], static_cast<UInt128>(count * onePpm));
        // Token counts stay far below the range of the type, also after all factors.
        return Wide::dividedHalfEven(sum, plan.denominator).toInt128().value_or(0);
    };
    if (plan.cache) {
        const Int128 prompt = static_cast<Int128>(totals[0]) + totals[1] + totals[2] + totals[3];
        usage[0] += expected(0, prompt);
        usage[1] += expected(1, prompt);
        usage[static_cast<std::size_t>(plan.writeClass)] += expected(2, prompt);
    }
    for (const std::size_t usageClass : m_profile.usedClasses()) {
        if (!plan.cache || usageClass >= 4)
            usage[usageClass] += expected(at(componentOf(usageClass)), totals[usageClass]);
    }
    constexpr auto requestClass = static_cast<std::size_t>(UsageClass::Request);
    m_result.requests[static_cast<std::size_t>(month) * m_result.segments + segment] =
        divideHalfEven(static_cast<Int128>(totals[requestClass]) * onePpm, m_divisor);
}

void Evaluation::addHarness()
{
    const auto &groups = m_baseline.harness.groups;
    m_result.harness.assign(static_cast<std::size_t>(m_months), std::vector<Femto>(groups.size()));
    constexpr Int128 moneyPerFemto = 1'000'000'000;
    for (int month = 0; month < m_months; ++month) {
        for (std::size_t i = 0; i < groups.size(); ++i) {
            Int128 units = 0;
            if (m_baseline.looksAhead()) {
                for (const Money amount : groups[i].months)
                    units += amount.units();
            } else {
                units = groups[i].months[static_cast<std::size_t>(month)].units();
            }
            const Femto amount = Femto::ofUnits(divideHalfEven(units, moneyPerFemto * m_divisor));
            m_result.harness[static_cast<std::size_t>(month)][i] = amount;
            m_result.total += amount;
        }
    }
}

void Evaluation::noteBatch(std::size_t segment, const Block &block)
{
    const Lever *lever = m_plan.leverOf(segment, LeverKind::Batch);
    if (lever)
        m_withoutBatch[lever->id].insert(static_cast<std::size_t>(&block - m_profile.blocks.data()));
}

void Evaluation::noteWrites(std::size_t segment, const PricedCard &card, const MonthPlan &plan)
{
    const Lever *lever = m_plan.leverOf(segment, LeverKind::PromptCache);
    if (!lever || !plan.cache || lever->number("write_share") != 0)
        return;
    for (const PriceBand &band : card.card.bands) {
        const ClassPrice &write = band.prices[static_cast<std::size_t>(plan.writeClass)];
        const ClassPrice &input = band.prices[static_cast<std::size_t>(UsageClass::Input)];
        if (write.state == PriceState::Priced && write.femto > input.femto)
            m_freeWrites.insert(lever->id);
    }
}

void Evaluation::finishNotes()
{
    if (!keepsLines())
        return;
    for (const auto &[lever, blocks] : m_withoutBatch) {
        std::int64_t tokens = 0;
        for (const std::size_t block : blocks)
            tokens += tokensIn(m_profile.blocks[block].totals);
        m_result.notes.push_back({"Batch prices", false,
                                  "lever '" + lever + "': " + std::to_string(tokens)
                                      + " recorded tokens in its scope are served by models without a batch price and "
                                        "stay at the standard price"});
    }
    for (const std::string &lever : m_freeWrites)
        m_result.notes.push_back(
            {"Cache writes", false,
             "lever '" + lever
                 + "' writes nothing to the cache, but the model charges a premium for writes: set "
                   "the share that is written"});
    for (const std::string &lever : m_plan.withoutRequests())
        m_result.notes.push_back({"Scope", false, "no request matches the scope of lever '" + lever + "'"});
}

} // namespace perunit
