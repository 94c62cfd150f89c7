// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace perunit {

/// How far a study is: told by its thread, read by whoever watches.
class SizingProgress
{
public:
    enum class Stage { Measuring, Sizing, Done };
    static constexpr std::int64_t whole = 1000;

    /// A study begins: over so many rows, once to measure and `passes` times to size.
    void begin(std::int64_t rows, std::int64_t passes);
    void enter(Stage stage);

    [[nodiscard]] Stage stage() const { return m_stage; }
    /// Thousandths of the whole. Within a stage by the time that it should take: sizing by what measuring took, which
    /// goes over the same traffic. It never falls, and the end of a stage is reached only by entering the next.
    [[nodiscard]] std::int64_t thousandths() const;

private:
    std::atomic<Stage> m_stage{Stage::Measuring};
    std::atomic<std::int64_t> m_entered{0};  ///< microseconds of a steady clock; 0: not begun
    std::atomic<std::int64_t> m_expected{1}; ///< microseconds of the stage
    std::atomic<std::int64_t> m_passes{1};
};

} // namespace perunit
