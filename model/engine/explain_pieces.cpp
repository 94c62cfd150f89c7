// SPDX-License-Identifier: GPL-3.0-or-later
// Usage: the same walk over blocks, routes and bands as in the evaluation, which keeps no more than sums.
#include "model/engine/explain_pieces.h"

#include "model/engine/fixed_amounts.h"
#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr std::uint32_t promptClasses = 0xf;

std::size_t at(Component component)
{
    return static_cast<std::size_t>(component);
}

} // namespace

ExplainedPieces::ExplainedPieces(Evaluation &evaluation, const EvaluatedLines &lines, const EvaluationTrace &trace,
                                 const CellFilter &filter, std::stop_token stop)
    : m_evaluation(evaluation)
    , m_baseline(evaluation.m_baseline)
    , m_profile(evaluation.m_profile)
    , m_lines(lines)
    , m_trace(trace)
    , m_filter(filter)
    , m_stop(std::move(stop))
{}

Result<std::vector<ExplainedLine>> ExplainedPieces::collect()
{
    for (std::size_t segment = 0; segment < m_profile.segments.size(); ++segment) {
        if (m_stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        if (!m_filter.segments[segment])
            continue;
        for (int month = m_filter.firstMonth; month < m_filter.endMonth; ++month) {
            if (auto status = addUsage(segment, month); !status)
                return status.error();
            if (auto status = addFees(segment, month); !status)
                return status.error();
        }
    }
    if (auto status = addSpill(); !status)
        return status.error();
    addFixed();
    addHarness();
    return finishedLines();
}

Status ExplainedPieces::addUsage(std::size_t segment, int month)
{
    const Segment &recorded = m_profile.segments[segment];
    const MonthPlan &plan = m_evaluation.m_plan.plan(segment, month);
    for (auto &pieces : m_pieces)
        pieces.clear();
    for (std::uint32_t block = recorded.firstBlock; block < recorded.endBlock; ++block) {
        if (m_baseline.looksAhead() || m_profile.blocks[block].month == month)
            addBlock(block, plan, month);
    }
    for (std::size_t component = 0; component < usageComponentCount; ++component) {
        if (!takes(static_cast<Component>(component)))
            continue;
        m_open.swap(m_pieces[component]);
        const Int128 amount = m_lines.line(month, segment).amounts[component].units();
        if (auto status = finish(amount, plan.costDenominator, month); !status)
            return status;
    }
    return {};
}

void ExplainedPieces::addBlock(std::uint32_t block, const MonthPlan &plan, int month)
{
    const Block &requests = m_profile.blocks[block];
    for (const SlicePlan &slice : plan.slices) {
        Evaluation::Span span{0, requests.end - requests.first};
        if (slice.from > 0)
            span.from = m_profile.countBelow(requests, slice.from);
        if (slice.below != endlessPrompt)
            span.to = m_profile.countBelow(requests, slice.below);
        if (span.from < span.to)
            addSlice(block, plan, slice, span, month);
    }
}

void ExplainedPieces::addSlice(std::uint32_t block, const MonthPlan &plan, const SlicePlan &slice,
                               Evaluation::Span span, int month)
{
    const Block &requests = m_profile.blocks[block];
    const Segment &segment = m_profile.segments[requests.segment];
    for (const Route route : allRoutes) {
        Way way;
        way.block = block;
        way.plan = &plan;
        way.slice = &slice;
        way.route = route;
        if (!way.routePlan().used)
            continue;
        way.served = m_evaluation.modelOf(requests.segment, way.routePlan());
        if (way.served.covered) {
            addCounts(way, span, -1, month);
            continue;
        }
        const Instant instant = m_evaluation.pricedAt(requests, month, way.served.model);
        const auto setCards = [&](Way &each, ServiceTier tier) {
            each.published = m_evaluation.cardFor(each.served.model, tier, segment.region, instant);
            each.card = m_evaluation.cardFor(each.served.model, tier, segment.region, instant, each.routePlan().price);
        };
        if (plan.batch > 0 && segment.tier == ServiceTier::Standard) {
            Way batch = way;
            batch.serving = Serving::Batch;
            setCards(batch, ServiceTier::Batch);
            batch.served.tier = ServiceTier::Batch;
            if (batch.card->ownTier) {
                way.serving = Serving::Standard;
                addBands(batch, span, month);
            }
        }
        way.inPool = m_evaluation.pooled(requests.segment, way.served.model, month);
        setCards(way, way.served.tier);
        addBands(way, span, month);
    }
}

void ExplainedPieces::addBands(const Way &way, Evaluation::Span span, int month)
{
    const Block &block = m_profile.blocks[way.block];
    const auto &bands = way.card->card.bands;
    if (bands.empty())
        return addCounts(way, span, -1, month);
    std::uint32_t from = span.from;
    for (std::size_t i = 0; i < bands.size() && from < span.to; ++i) {
        std::uint32_t to = span.to;
        if (i + 1 < bands.size() && bands[i + 1].from)
            to =
                std::clamp(m_profile.countBelow(block, firstPromptIn(*bands[i + 1].from, way.routePlan().promptFactor)),
                           from, span.to);
        if (to > from)
            addCounts(way, {from, to}, static_cast<int>(i), month);
        from = to;
    }
}

void ExplainedPieces::addCounts(const Way &way, Evaluation::Span span, int band, int month)
{
    const Block &block = m_profile.blocks[way.block];
    auto counts = m_profile.sumOfShortest(block, span.to);
    if (span.from > 0) {
        const auto below = m_profile.sumOfShortest(block, span.from);
        for (const std::size_t usageClass : m_profile.usedClasses())
            counts[usageClass] -= below[usageClass];
    }
    const bool split = way.routePlan().split && way.card;
    if (split) {
        const Int128 prompt = static_cast<Int128>(counts[0]) + counts[1] + counts[2] + counts[3];
        for (const UsageClass usageClass : {UsageClass::Input, UsageClass::CacheRead, way.plan->writeClass})
            addClass(way, span, band, usageClass, true, prompt, month);
    }
    for (const std::size_t usageClass : m_profile.usedClasses()) {
        if (!split || usageClass >= 4)
            addClass(way, span, band, static_cast<UsageClass>(usageClass), false, counts[usageClass], month);
    }
}

void ExplainedPieces::addClass(const Way &way, Evaluation::Span span, int band, UsageClass usageClass, bool ofPrompt,
                               Int128 count, int month)
{
    const Component component = componentOf(static_cast<std::size_t>(usageClass));
    const Wide &weight = way.routePlan().of(way.serving)[at(component)];
    if (count == 0 || weight.isZero() || !takes(component))
        return;
    const ClassPrice price =
        band < 0 ? ClassPrice{}
                 : way.card->card.bands[static_cast<std::size_t>(band)].prices[static_cast<std::size_t>(usageClass)];
    const bool covered = !way.card || contains(way.inPool, static_cast<std::size_t>(usageClass));
    const bool unpriced = !covered && price.state == PriceState::Unpriced;
    // A request itself costs something only where a catalogue says so.
    if (usageClass == UsageClass::Request && (unpriced || covered))
        return;
    const Block &block = m_profile.blocks[way.block];
    Piece piece;
    piece.key.kind = covered ? ExplainedKind::Covered : unpriced ? ExplainedKind::Unpriced : ExplainedKind::Usage;
    piece.key.component = static_cast<int>(component);
    piece.key.usageClass = static_cast<int>(usageClass);
    piece.key.ofPrompt = ofPrompt;
    piece.key.name = static_cast<std::int32_t>(m_profile.segments[block.segment].resolution);
    piece.key.model = way.served.model.value;
    piece.key.tier = way.served.tier;
    piece.key.share = shareOfWay(way, component);
    piece.key.month = keyMonth(month);
    if (way.inPool != 0 && covered) {
        const auto pool = static_cast<std::size_t>(m_evaluation.m_plan.poolOf(block.segment, way.served.model));
        piece.key.source = sourceIndex(m_evaluation.m_plan.pools()[pool].lever->lever.id,
                                       "served by reserved units; what they cost stands under provisioned and spill");
    } else if (covered) {
        piece.key.source = sourceIndex({}, "recorded on provisioned capacity that is paid for apart from its use");
    }
    if (!covered && !unpriced) {
        piece.key.price = priceIndex(way, band, usageClass);
        piece.numerator.addProduct(weight, static_cast<UInt128>(count * price.femto));
        if (way.plan->priceMoves)
            piece.numerator *= way.routePlan().priceFactor;
    }
    piece.tokens = count;
    piece.classes = ofPrompt ? promptClasses : bitOf(usageClass);
    piece.rows = rowsWith(way.block, span, piece.classes);
    piece.places = {{block.first + span.from, block.first + span.to}};
    m_pieces[at(component)].push_back(std::move(piece));
}

Status ExplainedPieces::finish(Int128 amount, const Wide &denominator, int month)
{
    if (!m_status)
        return m_status;
    std::vector<Wide> numerators;
    Wide sum;
    for (const Piece &piece : m_open) {
        numerators.push_back(piece.numerator);
        sum += piece.numerator;
    }
    const auto expected = Evaluation::rounded(sum, denominator);
    if (!expected)
        return expected.error();
    if (*expected != amount)
        return Error{ErrorCode::Conflict, "the explanation is not what was evaluated", "explain",
                     "report this as a defect; the evaluation itself stands"};
    const std::vector<Int128> parts = partsOf(amount, numerators);
    for (std::size_t i = 0; i < m_open.size(); ++i)
        keep(m_open[i], parts.empty() ? Int128{0} : parts[i], month);
    m_open.clear();
    return {};
}

void ExplainedPieces::keep(const Piece &piece, Int128 amount, int month)
{
    const auto [found, isNew] = m_sums.try_emplace(piece.key);
    Sum &sum = found->second;
    sum.firstMonth = isNew ? month : std::min(sum.firstMonth, month);
    sum.lastMonth = isNew ? month : std::max(sum.lastMonth, month);
    sum.cost += amount;
    sum.rows += piece.rows;
    sum.tokens += piece.tokens;
    sum.spilled += piece.spilled;
    sum.classes |= piece.classes;
    sum.places.insert(sum.places.end(), piece.places.begin(), piece.places.end());
    for (const std::uint32_t row : piece.workloadRows) {
        if (sum.workloadRows.size() < EvaluationTrace::mostRows)
            sum.workloadRows.push_back(row);
    }
}

std::int64_t ExplainedPieces::rowsWith(std::uint32_t block, Evaluation::Span span, std::uint32_t classes)
{
    const auto [found, isNew] = m_rowsWith.try_emplace({block, span.from, span.to, classes}, 0);
    if (!isNew)
        return found->second;
    const Workload &workload = *m_baseline.ledger.workload;
    const std::uint32_t first = m_profile.blocks[block].first;
    for (std::uint32_t place = first + span.from; place < first + span.to; ++place) {
        const std::size_t row = m_profile.rowAt(place);
        for (const std::size_t usageClass : m_profile.usedClasses()) {
            if ((classes >> usageClass & 1U) != 0 && workload.count(static_cast<UsageClass>(usageClass), row) != 0) {
                ++found->second;
                break;
            }
        }
    }
    return found->second;
}

int ExplainedPieces::shareOfWay(const Way &way, Component component)
{
    const auto [found, isNew] = m_shareOfWay.try_emplace({way.slice, way.route, way.serving, component}, -1);
    if (!isNew)
        return found->second;
    ExplainedShare share = shareOf(m_evaluation.m_plan, m_profile.blocks[way.block].segment, *way.plan, *way.slice,
                                   way.route, way.serving, component);
    Wide weight = way.routePlan().of(way.serving)[at(component)];
    weight *= way.routePlan().priceFactor;
    const Wide one = product(way.plan->one, Wide::of(static_cast<UInt128>(onePpm)));
    if (!(product(weight, share.denominator) == product(share.numerator, one)))
        m_status = Error{ErrorCode::Conflict, "the factors of a share are not what was evaluated", "explain",
                         "report this as a defect; the evaluation itself stands"};
    divideByMonths(share, m_evaluation.m_divisor);
    found->second = shareIndex(std::move(share));
    return found->second;
}

int ExplainedPieces::shareIndex(ExplainedShare share)
{
    std::string text;
    for (const ShareFactor &factor : share.factors)
        text += factor.value + '\t' + factor.label + '\t' + factor.leverId + (factor.divides ? "/" : "") + '\n';
    const auto [found, isNew] = m_shareOfText.try_emplace(text, static_cast<int>(m_shares.size()));
    if (isNew)
        m_shares.push_back(std::move(share));
    return found->second;
}

int ExplainedPieces::sourceIndex(const std::string &leverId, const std::string &detail)
{
    const auto [found, isNew] = m_sourceOfText.try_emplace({leverId, detail}, static_cast<int>(m_sources.size()));
    if (isNew)
        m_sources.emplace_back(leverId, detail);
    return found->second;
}

} // namespace perunit
