// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/explain_pieces.h"

#include <map>
#include <set>

namespace perunit {

/// Finds the levers that touch the outcome lines of a cell, also where nothing is left of the lines.
class TouchingLevers
{
public:
    TouchingLevers(const Baseline::Impl &baseline, const LeverPlan &plan, const EvaluatedLines &lines,
                   const EvaluationTrace &trace, const CellFilter &filter);
    /// In the order of the pipeline.
    [[nodiscard]] std::vector<ExplainedLever> find();

private:
    [[nodiscard]] bool hasRows(std::size_t segment, int month) const;
    void look(std::size_t segment, int month);
    void lookAtTokens(std::size_t segment, int month, const MonthPlan &plan);
    void lookAtSlice(const SlicePlan &slice, std::size_t segment, int month);
    void lookAtHarness(int month);
    void touch(const Lever *lever, int month);
    [[nodiscard]] bool takes(Component component) const
    {
        return m_filter.components[static_cast<std::size_t>(component)];
    }

    const Baseline::Impl &m_baseline;
    const LeverPlan &m_plan;
    const EvaluatedLines &m_lines;
    const EvaluationTrace &m_trace;
    const CellFilter &m_filter;
    bool m_prompt = false; ///< some part of the prompt is in the cell
    bool m_tokens = false; ///< or anything else that requests use
    std::set<std::pair<const MonthPlan *, int>> m_seen;
    std::map<const Lever *, std::pair<int, int>> m_months;
};

/// What a lever does in a month, for people: "60 % of the requests go to openai/gpt-4.1-mini".
std::string effectOf(const Lever &lever, Month month, Month firstMonth);

} // namespace perunit
