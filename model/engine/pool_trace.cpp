// SPDX-License-Identifier: GPL-3.0-or-later
// What a pool keeps for who asks why.
#include "model/engine/pool_run.h"

namespace perunit {

void PoolRun::trace(const Stream &stream, const Row &row, int band, UsageClass usageClass, std::int64_t count,
                    Int128 share)
{
    const auto index = static_cast<std::uint32_t>(&stream - m_streams.data());
    EvaluationTrace::Spill &spill = m_traced[{index, band, usageClass}];
    spill.block = stream.block;
    spill.band = band;
    spill.usageClass = usageClass;
    ++spill.rows;
    spill.tokens += count;
    spill.shares += share * count;
    if (spill.firstRows.size() < EvaluationTrace::mostRows)
        spill.firstRows.push_back(m_workloadRows[static_cast<std::size_t>(&row - m_rows.data())]);
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
    m_evaluation.m_trace->poolMonths.push_back({m_index, month, m_fullMinutes, tokens(m_fullLoad), tokens(m_capacity)});
}

} // namespace perunit
