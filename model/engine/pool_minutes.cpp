// SPDX-License-Identifier: GPL-3.0-or-later
// The minutes of a pool: which ask for more than it serves, and what of each request is then paid for by use.
#include "model/engine/pool_run.h"

#include <algorithm>

namespace perunit {

namespace {

std::uint64_t spillShare(const Wide &load, const Wide &capacity, std::uint64_t whole)
{
    Wide excess = load;
    excess -= capacity;
    excess *= whole;
    return static_cast<std::uint64_t>(Wide::dividedHalfEven(excess, load).toInt128().value_or(Int128{whole}));
}

/// (load - capacity) / load as a whole number of 1 / whole, rounded half to even; the load is the larger one.
std::uint64_t spillShare(UInt128 load, UInt128 capacity, std::uint64_t whole)
{
    if ((load >> 86) != 0)
        return spillShare(Wide::of(load), Wide::of(capacity), whole);
    // One division for every overloaded minute: quotient and remainder from the same one.
    const UInt128 numerator = (load - capacity) * whole;
    const UInt128 quotient = numerator / load;
    const UInt128 rest = numerator - quotient * load;
    const bool up = rest > load - rest || (rest == load - rest && (quotient & 1U) != 0);
    return static_cast<std::uint64_t>(quotient) + (up ? 1 : 0);
}

const Wide &wideOf(const Wide &value)
{
    return value;
}

Wide wideOf(UInt128 value)
{
    return Wide::of(value);
}

} // namespace

Error PoolRun::cancelled()
{
    return {ErrorCode::Cancelled, "stopped", "", ""};
}

Status PoolRun::visitMinutes(int month)
{
    makeCells();
    m_shares.assign(m_cells.size() * m_classes.size(), 0);
    const auto [firstRow, endRow] = rowsOf(month);
    const auto [first, end] = m_minutes.minutes().within(firstRow, endRow);
    m_full.clear();
    m_fullLoad = {};
    m_sums.reset();
    if (m_units == 0) {
        // Without units even what weighs nothing is paid for.
        for (std::size_t c = 0; c < m_cells.size(); ++c) {
            for (std::size_t i = 0; i < m_classes.size(); ++i)
                sharesOf(c)[i] = static_cast<UInt128>(m_cells[c].counts[i]) * wholeShare;
        }
    } else {
        if (auto status = m_small ? findFullMinutes<UInt128>(first, end) : findFullMinutes<Wide>(first, end); !status)
            return status;
        if (auto status = addFullMinutes(); !status)
            return status;
    }
    if (m_evaluation.m_trace)
        traceMinutes(first, end);
    addUpStreams();
    return {};
}

void PoolRun::makeCells()
{
    m_cells.clear();
    m_takings.clear();
    m_kinds.clear();
    m_cellsOfBlock.assign(m_profile.blocks.size(), {0, 0});
    for (std::uint32_t b = 0; b < m_profile.blocks.size(); ++b) {
        const auto [firstStream, endStream] = m_streamsOfBlock[b];
        if (firstStream == endStream)
            continue;
        const Block &block = m_profile.blocks[b];
        std::vector<std::pair<std::uint32_t, std::int64_t>> cuts; // requests below a prompt length that matters
        const auto cut = [&](std::int64_t length) {
            const std::uint32_t below = m_profile.countBelow(block, length);
            if (below > 0 && below < block.end - block.first)
                cuts.emplace_back(below, length);
        };
        for (std::uint32_t s = firstStream; s < endStream; ++s) {
            const Stream &stream = m_streams[s];
            for (const std::int64_t length :
                 {stream.slice->from, stream.slice->below, stream.firstTooLong, stream.firstLong})
                cut(length);
            for (const std::int64_t length : stream.firstInBand)
                cut(length);
        }
        std::sort(cuts.begin(), cuts.end());
        cuts.erase(
            std::unique(cuts.begin(), cuts.end(), [](const auto &a, const auto &c) { return a.first == c.first; }),
            cuts.end());
        cuts.emplace_back(block.end - block.first, endlessPrompt);
        m_cellsOfBlock[b].first = static_cast<std::uint32_t>(m_cells.size());
        std::uint32_t from = 0;
        for (const auto &[to, below] : cuts) {
            addCell(b, from, to, below);
            from = to;
        }
        m_cellsOfBlock[b].second = static_cast<std::uint32_t>(m_cells.size());
    }
}

void PoolRun::addCell(std::uint32_t blockIndex, std::uint32_t from, std::uint32_t to, std::int64_t below)
{
    const Block &block = m_profile.blocks[blockIndex];
    Cell cell;
    cell.block = blockIndex;
    cell.below = below;
    cell.from = from;
    cell.to = to;
    cell.firstTaking = static_cast<std::uint32_t>(m_takings.size());
    LoadWeights weights(m_classes.weights());
    // No length that matters lies between the shortest and the longest prompt of a cell.
    const std::int64_t prompt = m_profile.promptAt(block.first + from);
    const auto [firstStream, endStream] = m_streamsOfBlock[blockIndex];
    for (std::uint32_t s = firstStream; s < endStream; ++s) {
        const Stream &stream = m_streams[s];
        if (prompt < stream.slice->from || prompt >= stream.slice->below)
            continue;
        Taking taking{s, -1, prompt < stream.firstTooLong, prompt >= stream.firstLong};
        for (std::size_t i = 0; i < stream.firstInBand.size(); ++i) {
            if (prompt >= stream.firstInBand[i])
                taking.band = static_cast<int>(i);
        }
        for (std::size_t i = 0; i < weights.size() && taking.served; ++i)
            weights[i] += stream.weighing->of(taking.isLong)[i];
        m_takings.push_back(taking);
    }
    cell.endTaking = static_cast<std::uint32_t>(m_takings.size());
    cell.kind = kindOf(weights);
    const auto upTo = m_profile.sumOfShortest(block, to);
    const auto before = from == 0 ? decltype(upTo){} : m_profile.sumOfShortest(block, from);
    for (std::size_t i = 0; i < m_classes.size(); ++i) {
        const auto usageClass = static_cast<std::size_t>(m_classes[i]);
        cell.counts[i] = upTo[usageClass] - before[usageClass];
    }
    m_cells.push_back(cell);
}

std::uint32_t PoolRun::kindOf(const LoadWeights &weights)
{
    const auto found = std::find(m_kinds.begin(), m_kinds.end(), weights);
    const auto kind = static_cast<std::uint32_t>(found - m_kinds.begin());
    if (found == m_kinds.end())
        m_kinds.push_back(weights);
    return kind;
}

const PoolRun::Cell *PoolRun::cellOf(std::size_t row) const
{
    const auto [first, end] = m_cellsOfBlock[m_profile.blockOfRow[row - m_profile.firstRow]];
    if (first == end)
        return nullptr;
    const Cell *cell = &m_cells[first];
    if (end - first > 1) {
        for (const std::int64_t prompt = m_workload.promptTokens(row); prompt >= cell->below;)
            ++cell;
    }
    return cell;
}

std::size_t PoolRun::placeOf(std::size_t row) const
{
    // Sums that are kept know it; else the prompt of the request has to be looked at.
    if (m_sums && !m_sums->entryOfRow.empty()) {
        const std::uint16_t entry = m_sums->entryOfRow[row - m_sums->firstRow];
        return entry == MinuteSums::noEntry ? m_cells.size() : entry;
    }
    const Cell *cell = cellOf(row);
    return cell ? static_cast<std::size_t>(cell - m_cells.data()) : m_cells.size();
}

PoolRun::Row PoolRun::rowAt(std::size_t row) const
{
    Row result;
    result.row = row;
    for (std::size_t i = 0; i < m_classes.size(); ++i)
        result.counts[i] = m_workload.count(m_classes[i], row);
    return result;
}

template <typename Number>
Status PoolRun::findFullMinutes(std::uint32_t first, std::uint32_t end)
{
    LoadReader reader(m_workload, m_classes);
    const std::vector<std::size_t> places = reader.places();
    std::vector<Number> weights; // by kind, then class that occurs
    for (const LoadWeights &kind : m_kinds) {
        for (const std::size_t place : places)
            weights.push_back(weightAs<Number>(kind[LoadClasses::weightOf(place)]));
    }
    const auto capacity = weightAs<Number>(m_capacity);
    const auto look = [&](std::uint32_t minute, const Number &load) {
        if (!(load > capacity))
            return;
        m_full.push_back({minute, spillShare(load, capacity, wholeShare)});
        if (m_evaluation.m_trace)
            m_fullLoad += wideOf(load);
    };
    MinuteStore::Wanted wanted{&m_profile, first, end, {}, m_classes, true};
    for (const Cell &cell : m_cells)
        wanted.kinds.push_back({cell.block, cell.below, cell.kind});
    const auto sums = m_minutes.sums(wanted, m_evaluation.m_stop);
    if (!sums)
        return sums.error();
    m_sums = *sums;
    for (std::uint32_t minute = first; minute < end; ++minute) {
        if (minute % 65536 == 0 && m_evaluation.m_stop.stop_requested())
            return cancelled();
        Number load{};
        if (*sums) {
            const std::uint32_t *counts = (*sums)->at(minute - first);
            for (const Number &weight : weights)
                addWeighed(load, weight, *counts++);
        } else {
            const auto [firstRow, endRow] = m_minutes.minutes().rowsOf(minute);
            for (std::size_t row = firstRow; row < endRow; ++row) {
                const Cell *cell = cellOf(row);
                if (!cell)
                    continue;
                const Number *weight = weights.data() + cell->kind * places.size();
                reader.forEach(row, [&](std::size_t, std::int64_t count) {
                    addWeighed(load, *weight++, static_cast<std::uint64_t>(count));
                });
            }
        }
        look(minute, load);
    }
    return {};
}

Status PoolRun::addFullMinutes()
{
    LoadReader reader(m_workload, m_classes);
    const std::vector<std::size_t> places = reader.places();
    // Side by side only for classes that occur: this is where most of the time goes.
    std::vector<UInt128> sums(m_cells.size() * places.size());
    std::size_t visited = 0;
    for (const FullMinute &full : m_full) {
        if (++visited % 4096 == 0 && m_evaluation.m_stop.stop_requested())
            return cancelled();
        const auto [firstRow, endRow] = m_minutes.minutes().rowsOf(full.minute);
        for (std::size_t row = firstRow; row < endRow; ++row) {
            const std::size_t cell = placeOf(row);
            if (cell == m_cells.size())
                continue;
            UInt128 *sum = sums.data() + cell * places.size();
            reader.forEach(row, [&](std::size_t, std::int64_t count) {
                *sum++ += static_cast<UInt128>(static_cast<std::uint64_t>(count)) * full.share;
            });
        }
    }
    const UInt128 *sum = sums.data();
    for (std::size_t c = 0; c < m_cells.size(); ++c) {
        for (const std::size_t place : places)
            sharesOf(c)[place] = *sum++;
    }
    return {};
}

void PoolRun::addUpStreams()
{
    for (std::size_t c = 0; c < m_cells.size(); ++c) {
        const Cell &cell = m_cells[c];
        const UInt128 *shares = sharesOf(c);
        ClassCounts<UInt128> everything{};
        for (std::size_t i = 0; i < m_classes.size(); ++i)
            everything[i] = static_cast<UInt128>(cell.counts[i]) * wholeShare;
        for (std::uint32_t t = cell.firstTaking; t < cell.endTaking; ++t) {
            const Taking &taking = m_takings[t];
            Stream &stream = m_streams[taking.stream];
            const LoadWeights &weights = stream.weighing->of(taking.isLong);
            for (std::size_t i = 0; i < m_classes.size(); ++i) {
                const Wide &weight = weights[LoadClasses::weightOf(i)];
                (taking.served ? stream.load : m_tooLong).addProduct(weight, static_cast<UInt128>(cell.counts[i]));
                if (taking.served)
                    stream.spilledLoad.addProduct(weight, shares[i]);
            }
            chargeUnserved(taking, taking.served ? shares : everything.data());
        }
    }
}

void PoolRun::chargeUnserved(const Taking &taking, const UInt128 *shares)
{
    Stream &stream = m_streams[taking.stream];
    const PriceBand *band = taking.band < 0 ? nullptr : &stream.card->card.bands[static_cast<std::size_t>(taking.band)];
    forEachCharged(stream, shares, [&](Component component, UsageClass usageClass, UInt128 amount) {
        const auto share = static_cast<Int128>(amount);
        const auto at = static_cast<std::size_t>(component);
        const ClassPrice price = band ? band->prices[static_cast<std::size_t>(usageClass)] : ClassPrice{};
        if (price.state != PriceState::Unpriced)
            stream.spilled[at] += share * price.femto;
        else if (isTokenClass(usageClass))
            stream.unpriced[at] += share;
        else if (usageClass != UsageClass::Request) // a call costs something only where a catalogue says so
            stream.unpricedEvents += share;
        if (price.state == PriceState::Assumed && isTokenClass(usageClass))
            stream.assumed[at] += share;
    });
}

} // namespace perunit
