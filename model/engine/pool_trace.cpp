// SPDX-License-Identifier: GPL-3.0-or-later
// What a pool keeps for who asks why.
#include "model/engine/pool_run.h"

namespace perunit {

void PoolRun::trace(const Taking &taking, std::size_t row, UsageClass usageClass, std::int64_t count,
                    std::uint64_t share)
{
    if (count == 0)
        return;
    EvaluationTrace::Spill &spill = m_traced[{taking.stream, taking.band, usageClass}];
    spill.block = m_streams[taking.stream].block;
    spill.band = taking.band;
    spill.usageClass = usageClass;
    ++spill.rows;
    spill.tokens += count;
    spill.shares += static_cast<Int128>(share) * count;
    if (spill.firstRows.size() < EvaluationTrace::mostRows)
        spill.firstRows.push_back(static_cast<std::uint32_t>(row));
}

void PoolRun::traceMinutes(std::uint32_t first, std::uint32_t end)
{
    auto full = m_full.cbegin();
    for (std::uint32_t minute = first; minute < end; ++minute) {
        std::uint64_t share = 0;
        if (full != m_full.cend() && full->minute == minute)
            share = (full++)->share;
        const auto [firstRow, endRow] = m_minutes.minutes().rowsOf(minute);
        for (std::size_t row = firstRow; row < endRow; ++row) {
            const Cell *cell = cellOf(row);
            if (!cell)
                continue;
            const Row request = rowAt(row);
            for (std::uint32_t i = cell->firstTaking; i < cell->endTaking; ++i) {
                const Taking &taking = m_takings[i];
                const std::uint64_t unserved = taking.served ? share : wholeShare;
                if (unserved == 0)
                    continue;
                forEachCharged(m_streams[taking.stream], request.counts.data(),
                               [&](Component, UsageClass usageClass, std::int64_t count) {
                                   trace(taking, row, usageClass, count, unserved);
                               });
            }
        }
    }
}

void PoolRun::traceSpill(int month, std::size_t firstStream, std::size_t endStream, Femto amount)
{
    EvaluationTrace &trace = *m_evaluation.m_trace;
    EvaluationTrace::SpillLine line;
    line.pool = m_index;
    line.month = month;
    line.segment = m_profile.blocks[m_streams[firstStream].block].segment;
    line.amount = amount;
    line.first = trace.spills.size();
    const auto from = m_traced.lower_bound({static_cast<std::uint32_t>(firstStream), -1, UsageClass{}});
    const auto to = m_traced.lower_bound({static_cast<std::uint32_t>(endStream), -1, UsageClass{}});
    for (auto each = from; each != to; ++each) {
        // Months that repeat the loads of the month before have plans of their own.
        const Stream &stream = m_streams[std::get<0>(each->first)];
        EvaluationTrace::Spill spill = each->second;
        spill.plan = stream.plan;
        spill.slice = stream.slice;
        spill.route = stream.route;
        spill.serving = stream.serving;
        spill.card = stream.card;
        trace.spills.push_back(std::move(spill));
    }
    line.end = trace.spills.size();
    trace.spillLines.push_back(line);
}

void PoolRun::traceMonth(int month) const
{
    const auto tokens = [this](const Wide &load) {
        return Wide::dividedHalfEven(load, powerOfTen(m_decimals)).toInt128().value_or(0);
    };
    m_evaluation.m_trace->poolMonths.push_back(
        {m_index, month, static_cast<std::int64_t>(m_full.size()), tokens(m_fullLoad), tokens(m_capacity)});
}

} // namespace perunit
