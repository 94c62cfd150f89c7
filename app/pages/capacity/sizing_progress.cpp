// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/sizing_progress.h"

#include <algorithm>
#include <chrono>

namespace perunit {

namespace {

/// About what one row takes to be measured; only until the first stage has said what it takes here.
constexpr std::int64_t nanosecondsPerRow = 200;

std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Nine tenths of a stage in the time that it should take, the rest ever more slowly.
std::int64_t shareOf(std::int64_t elapsed, std::int64_t expected)
{
    constexpr std::int64_t most = SizingProgress::whole;
    return elapsed <= expected ? most * 9 * elapsed / (10 * expected) : most - most * expected / (10 * elapsed);
}

} // namespace

void SizingProgress::begin(std::int64_t rows, std::int64_t passes)
{
    m_passes = std::max<std::int64_t>(passes, 1);
    m_expected = std::max<std::int64_t>(rows * nanosecondsPerRow / 1000, 1);
    m_entered = now();
}

void SizingProgress::enter(Stage stage)
{
    const std::int64_t at = now();
    if (stage == Stage::Sizing)
        m_expected = std::max<std::int64_t>((at - m_entered) * m_passes, 1);
    m_entered = at;
    m_stage = stage;
}

std::int64_t SizingProgress::thousandths() const
{
    const Stage stage = m_stage;
    if (m_entered == 0)
        return 0;
    if (stage == Stage::Done)
        return whole;
    const std::int64_t measuring = whole / (1 + m_passes);
    const std::int64_t share = shareOf(std::max<std::int64_t>(now() - m_entered, 0), m_expected);
    return stage == Stage::Measuring ? share * measuring / whole : measuring + share * (whole - measuring) / whole;
}

} // namespace perunit
