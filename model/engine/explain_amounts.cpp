// SPDX-License-Identifier: GPL-3.0-or-later
// What is not tokens × price: fees, spill, fixed amounts, charges.
#include "model/engine/explain_pieces.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr Int128 femtoPerMoney = 1'000'000; ///< money parameters are 10^-9
constexpr auto requestClass = static_cast<std::size_t>(UsageClass::Request);
constexpr unsigned lookupDecimals = 12; ///< of RequestFee for lookups

bool isLookup(const RequestFee &fee)
{
    return fee.component == Component::Lookup;
}

} // namespace

ExplainedPieces::Piece ExplainedPieces::rowsPiece(std::size_t segment, int month, Component component) const
{
    const Segment &recorded = m_profile.segments[segment];
    Piece piece;
    piece.key.kind = ExplainedKind::Fee;
    piece.key.component = static_cast<int>(component);
    piece.key.usageClass = static_cast<int>(requestClass);
    piece.key.month = keyMonth(month);
    for (std::uint32_t b = recorded.firstBlock; b < recorded.endBlock; ++b) {
        const Block &block = m_profile.blocks[b];
        if (!m_baseline.looksAhead() && block.month != month)
            continue;
        piece.rows += block.end - block.first;
        piece.places.push_back({block.first, block.end});
    }
    return piece;
}

ExplainedPieces::Piece ExplainedPieces::feePiece(std::size_t segment, int month, const RequestFee &fee)
{
    const MonthPlan &plan = m_evaluation.m_plan.plan(segment, month);
    Piece piece = rowsPiece(segment, month, fee.component);
    ExplainedShare share;
    multiply(share, plan.volume, "volume", m_evaluation.m_plan.leverOf(segment, LeverKind::Volume));
    multiply(share, plan.turns, "turns", m_evaluation.m_plan.leverOf(segment, LeverKind::ConversationLength));
    const bool isReview = fee.component == Component::HumanReview;
    const Lever &lever =
        *m_evaluation.m_plan.leverOf(segment, isReview ? LeverKind::HumanReview : LeverKind::AnswerCache);
    PriceEntry price;
    price.leverId = lever.id;
    if (isReview) {
        const Month first = m_baseline.firstMonth();
        multiply(share, rampedValue(lever, "share", first.plus(month), first), "looked at by people", &lever);
        multiply(share, Wide::of(static_cast<UInt128>(lever.number("minutes"))),
                 Wide::of(static_cast<UInt128>(60 * onePpm)), "hours each", lever.id);
        price.femto = lever.number("hourly_rate") * femtoPerMoney;
    } else if (isLookup(fee)) {
        price.femto = lever.number("lookup_cost") * femtoPerMoney;
    } else {
        multiply(share, plan.answered, "answered from the answer cache", &lever);
        multiply(share, plan.answeredWrong, "of them wrong", &lever);
        price.femto = lever.number("wrong_cost") * femtoPerMoney;
    }
    divideByMonths(share, m_evaluation.m_divisor);
    piece.key.share = shareIndex(std::move(share));
    piece.key.price = internedPrice(price);
    piece.key.source = sourceIndex(lever.id, isReview        ? "people look at the answers"
                                             : isLookup(fee) ? "every request looks for an earlier answer"
                                                             : "what wrong answers of the answer cache cost");
    piece.tokens = m_lines.recorded[static_cast<std::size_t>(month) * m_lines.segments + segment];
    piece.numerator.addProduct(fee.perRequest, static_cast<UInt128>(piece.tokens));
    return piece;
}

Status ExplainedPieces::addFees(std::size_t segment, int month)
{
    if (m_lines.recorded[static_cast<std::size_t>(month) * m_lines.segments + segment] == 0)
        return {};
    const MonthPlan &plan = m_evaluation.m_plan.plan(segment, month);
    if (takes(Component::Lookup)) {
        if (auto status = addLookups(segment, month, plan); !status)
            return status;
    }
    for (const RequestFee &fee : plan.fees) {
        if (isLookup(fee) || !takes(fee.component))
            continue;
        m_open = {feePiece(segment, month, fee)};
        Wide denominator = fee.denominator;
        denominator *= static_cast<std::uint64_t>(m_evaluation.m_divisor);
        const Femto amount = m_lines.line(month, segment)[fee.component];
        if (auto status = finish(amount.units(), denominator, month); !status)
            return status;
    }
    return {};
}

void ExplainedPieces::addVerdicts(std::size_t segment, int month, const MonthPlan &plan, unsigned decimals)
{
    for (const SlicePlan &slice : plan.slices) {
        const Wide &weight = slice.of(Route::Routed).of(Serving::Whole)[static_cast<std::size_t>(Component::Other)];
        if (slice.verdictFemto == 0 || weight.isZero())
            continue;
        Piece piece = rowsPiece(segment, month, Component::Lookup);
        piece.rows = 0;
        std::vector<ExplainedLine::Rows> blocks;
        blocks.swap(piece.places);
        for (std::uint32_t b = m_profile.segments[segment].firstBlock; b < m_profile.segments[segment].endBlock; ++b) {
            const Block &block = m_profile.blocks[b];
            if (!m_baseline.looksAhead() && block.month != month)
                continue;
            const std::uint32_t from = slice.from > 0 ? m_profile.countBelow(block, slice.from) : 0;
            const std::uint32_t to =
                slice.below != endlessPrompt ? m_profile.countBelow(block, slice.below) : block.end - block.first;
            if (from >= to)
                continue;
            piece.rows += to - from;
            piece.places.push_back({block.first + from, block.first + to});
            piece.tokens +=
                m_profile.sumOfShortest(block, to)[requestClass] - m_profile.sumOfShortest(block, from)[requestClass];
        }
        if (piece.tokens == 0)
            continue;
        ExplainedShare share =
            shareOf(m_evaluation.m_plan, segment, plan, slice, Route::Routed, Serving::Whole, Component::Other, false);
        divideByMonths(share, m_evaluation.m_divisor);
        piece.key.share = shareIndex(std::move(share));
        PriceEntry price;
        price.leverId = slice.routing->id;
        price.femto = slice.verdictFemto;
        piece.key.price = internedPrice(price);
        piece.key.source = sourceIndex(slice.routing->id, "every routed call is judged");
        Wide calls;
        calls.addProduct(weight, static_cast<UInt128>(piece.tokens));
        piece.numerator.addProduct(calls, static_cast<UInt128>(slice.verdictFemto));
        piece.numerator = raised(piece.numerator, decimals);
        m_open.push_back(std::move(piece));
    }
}

Status ExplainedPieces::addLookups(std::size_t segment, int month, const MonthPlan &plan)
{
    // Lookups and verdicts are one line; lookups are over 10^12, verdicts over 10^exponent.
    m_open.clear();
    addVerdicts(segment, month, plan, lookupDecimals);
    for (const RequestFee &fee : plan.fees) {
        if (!isLookup(fee))
            continue;
        m_open.push_back(feePiece(segment, month, fee));
        m_open.back().numerator = raised(m_open.back().numerator, plan.exponent);
    }
    if (m_open.empty())
        return {};
    return finish(m_lines.line(month, segment)[Component::Lookup].units(), raised(plan.denominator, lookupDecimals),
                  month);
}

std::string ExplainedPieces::fullMinutes(const EvaluationTrace::SpillLine &line) const
{
    for (const EvaluationTrace::PoolMonth &month : m_trace.poolMonths) {
        if (month.pool == line.pool && month.month == line.month)
            return "full minutes: " + std::to_string(month.minutes) + ", which ask for " + formatDecimal(month.load, 0)
                   + " load tokens where " + formatDecimal(month.capacity, 0) + " fit into each";
    }
    return {};
}

Status ExplainedPieces::addSpill()
{
    for (const EvaluationTrace::SpillLine &line : m_trace.spillLines) {
        if (!takes(Component::Spill) || !m_filter.segments[line.segment] || line.month < m_filter.firstMonth
            || line.month >= m_filter.endMonth)
            continue;
        if (auto status = addSpillLine(line); !status)
            return status;
    }
    return {};
}

Status ExplainedPieces::addSpillLine(const EvaluationTrace::SpillLine &line)
{
    const PoolPlan &pool = m_evaluation.m_plan.pools()[static_cast<std::size_t>(line.pool)];
    const Segment &segment = m_profile.segments[line.segment];
    const MonthPlan &plan = m_evaluation.m_plan.plan(line.segment, line.month);
    const std::string words = fullMinutes(line);
    m_open.clear();
    for (std::size_t i = line.first; i < line.end; ++i) {
        const EvaluationTrace::Spill &spill = m_trace.spills[i];
        Way way;
        way.block = spill.block;
        way.plan = spill.plan;
        way.slice = spill.slice;
        way.route = spill.route;
        way.serving = spill.serving;
        way.card = spill.card;
        way.served = {pool.model, ServiceTier::Standard, false};
        way.published =
            m_evaluation.cardFor(pool.model, ServiceTier::Standard, segment.region,
                                 m_evaluation.pricedAt(m_profile.blocks[spill.block], line.month, pool.model));
        const Component component = componentOf(static_cast<std::size_t>(spill.usageClass));
        const Wide &weight = way.routePlan().of(way.serving)[static_cast<std::size_t>(component)];
        if (weight.isZero())
            continue;
        const ClassPrice price = spill.band < 0 ? ClassPrice{}
                                                : way.card->card.bands[static_cast<std::size_t>(spill.band)]
                                                      .prices[static_cast<std::size_t>(spill.usageClass)];
        Piece piece;
        piece.key.kind = price.state == PriceState::Unpriced ? ExplainedKind::Unpriced : ExplainedKind::Spill;
        // A request itself costs something only where a catalogue says so.
        if (spill.usageClass == UsageClass::Request && price.state == PriceState::Unpriced)
            continue;
        piece.key.component = static_cast<int>(Component::Spill);
        piece.key.usageClass = static_cast<int>(spill.usageClass);
        piece.key.ofPrompt = way.routePlan().split && component < Component::Output;
        piece.key.name = static_cast<std::int32_t>(segment.resolution);
        piece.key.model = pool.model.value;
        piece.key.share = shareOfWay(way, component);
        piece.key.source = sourceIndex(pool.lever->lever.id, words);
        piece.key.month = keyMonth(line.month);
        if (piece.key.kind == ExplainedKind::Spill) {
            piece.key.price = priceIndex(way, spill.band, spill.usageClass);
            piece.numerator.addProduct(weight, static_cast<UInt128>(spill.shares * price.femto));
            if (plan.priceMoves)
                piece.numerator *= way.routePlan().priceFactor;
        }
        piece.tokens = spill.tokens;
        piece.spilled = spill.shares;
        piece.rows = spill.rows;
        piece.workloadRows = spill.firstRows;
        m_open.push_back(std::move(piece));
    }
    return finish(line.amount.units(), raised(plan.costDenominator, 12), line.month);
}

void ExplainedPieces::addFixed()
{
    for (const EvaluationTrace::Fixed &fixed : m_trace.fixed) {
        if (takes(fixed.component) && fixed.month >= m_filter.firstMonth && fixed.month < m_filter.endMonth)
            addFixed(fixed);
    }
}

void ExplainedPieces::addFixed(const EvaluationTrace::Fixed &fixed)
{
    Femto cost;
    for (const EvaluationTrace::Share &share : fixed.shares) {
        if (m_filter.segments[share.segment])
            cost += share.amount;
    }
    const bool nobodys = fixed.shares.empty();
    if (nobodys && m_filter.nobody)
        cost = fixed.amount;
    if (cost.isZero())
        return;
    Key key;
    std::string words;
    key.component = static_cast<int>(fixed.component);
    key.month = fixed.month;
    if (fixed.pool >= 0) {
        const PoolPlan &pool = m_evaluation.m_plan.pools()[static_cast<std::size_t>(fixed.pool)];
        key.kind = ExplainedKind::Reservation;
        key.model = pool.model.value;
        words = std::to_string(pool.units) + " units of " + pool.offer->id + ", " + pool.term + ": ";
        key.price = internedPrice(reservationPrice(pool, fixed.month));
    } else {
        key.kind = fixed.component == Component::Training ? ExplainedKind::Training : ExplainedKind::CacheStorage;
    }
    const char *const divided = fixed.pool >= 0 ? "divided by the load that is served" : "divided by requests";
    words += fixed.amount.text() + " " + m_baseline.currency + " a month, "
             + (nobodys ? "which belongs to nobody: there is no request in its scope" : divided);
    key.source = sourceIndex(fixed.lever->id, words);
    Sum &sum = m_sums[key];
    sum.cost += cost.units();
    sum.whole += fixed.amount.units();
    sum.firstMonth = sum.lastMonth = fixed.month;
}

PriceEntry ExplainedPieces::reservationPrice(const PoolPlan &pool, int month) const
{
    const Month calendar = m_baseline.firstMonth().plus(month);
    const Instant from = m_baseline.looksAhead() ? calendar.start() : m_baseline.periodMonth(month).from;
    PriceEntry entry;
    entry.offer = pool.offer->id + "/" + pool.term;
    entry.provider = pool.offer->provider;
    entry.model = pool.throughput->model;
    entry.source = pool.offer->source;
    entry.checked = pool.offer->checked;
    entry.grade = pool.offer->grade;
    entry.tier = ServiceTier::Provisioned;
    for (const ProvisionedTerm &term : pool.offer->terms) {
        if (term.term != pool.term || !term.valid.contains(from))
            continue;
        entry.femto = term.femto;
        entry.valid = term.valid;
        entry.band = term.perHour ? "for an hour" : "for a month";
    }
    return entry;
}

void ExplainedPieces::addHarness()
{
    if (!takes(Component::Harness))
        return;
    const Lever *rate =
        m_baseline.harnessInOtherCurrency() ? m_evaluation.m_plan.exchangeRate(m_baseline.ledger.currency) : nullptr;
    for (std::size_t group = 0; group < m_filter.harness.size(); ++group) {
        for (int month = m_filter.firstMonth; month < m_filter.endMonth && m_filter.harness[group]; ++month)
            addHarness(month, group, rate);
    }
    for (auto &[key, sum] : m_sums) {
        if (key.kind != ExplainedKind::Harness)
            continue;
        // In the period itself a charge over several months stands in each of them.
        std::sort(sum.charges.begin(), sum.charges.end());
        sum.charges.erase(std::unique(sum.charges.begin(), sum.charges.end()), sum.charges.end());
        sum.rows = static_cast<std::int64_t>(sum.charges.size());
    }
}

ExplainedShare ExplainedPieces::harnessShare(int month, std::size_t group, const Lever *rate) const
{
    const Month first = m_baseline.firstMonth();
    ExplainedShare share;
    if (rate)
        multiply(share, Wide::of(static_cast<UInt128>(rate->number("rate"))), powerOfTen(9),
                 m_baseline.currency + " for 1 " + m_baseline.ledger.currency, rate->id);
    if (const Lever *schedule =
            m_evaluation.m_plan.harnessLever(m_lines.harnessUsed->groups[group], LeverKind::EndpointSchedule)) {
        Wide hours = Wide::of(1);
        for (const char *part : {"hours_per_day", "days_per_week"})
            hours *= static_cast<std::uint64_t>(rampedValue(*schedule, part, first.plus(month), first));
        Wide week = powerOfTen(12);
        week *= 168;
        multiply(share, hours, week, "of the hours of a week", schedule->id);
    }
    divideByMonths(share, m_evaluation.m_divisor);
    return share;
}

void ExplainedPieces::addHarness(int month, std::size_t group, const Lever *rate)
{
    const Month first = m_baseline.firstMonth();
    if (rate && monthsInForce(*rate, first.plus(month), first) < 0)
        return;
    const HarnessGroup &charges = m_lines.harnessUsed->groups[group];
    Sum counted;
    addCharges(month, group, counted);
    const Femto amount = m_lines.harness[static_cast<std::size_t>(month)][group];
    if (counted.charges.empty() && amount.isZero())
        return;
    Key key;
    key.kind = ExplainedKind::Harness;
    key.component = static_cast<int>(Component::Harness);
    key.month = keyMonth(month);
    const std::string &provider = charges.text("provider");
    const std::string &service = charges.text("service");
    key.source = sourceIndex({}, provider.empty() || service.empty() ? provider + service : provider + ", " + service);
    key.share = shareIndex(harnessShare(month, group, rate));
    const auto [found, isNew] = m_sums.try_emplace(key);
    Sum &sum = found->second;
    sum.firstMonth = isNew ? month : std::min(sum.firstMonth, month);
    sum.lastMonth = isNew ? month : std::max(sum.lastMonth, month);
    sum.cost += amount.units();
    sum.charges.insert(sum.charges.end(), counted.charges.begin(), counted.charges.end());
}

void ExplainedPieces::addCharges(int month, std::size_t group, Sum &sum)
{
    const std::vector<ChargeRow> &all = *m_baseline.ledger.harness;
    if (m_chargesOf.empty()) {
        for (std::uint32_t i = 0; i < all.size(); ++i) {
            if (amountOf(all[i]))
                m_chargesOf[harnessDimensions(all[i])].push_back(i);
        }
    }
    const Period period = m_baseline.looksAhead() ? m_baseline.period : m_baseline.periodMonth(month);
    for (const std::uint32_t index : m_chargesOf[m_lines.harnessUsed->groups[group].dimensions]) {
        const Period &charged = all[index].period;
        if (charged.isEmpty() ? period.contains(charged.from) : charged.from < period.to && period.from < charged.to)
            sum.charges.push_back(index);
    }
}

} // namespace perunit
