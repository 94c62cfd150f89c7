// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"

#include <QString>
#include <QVector>

namespace perunit {

/// A tick with its label; `at` is in the units of the axis.
struct AxisTick {
    double at = 0;
    QString label;
};

/// Range of a value axis.
struct ValueRange {
    double low = 0;
    double high = 1;
    [[nodiscard]] double span() const { return high - low; }
    [[nodiscard]] bool contains(double value) const { return low <= value && value <= high; }
    bool operator==(const ValueRange &) const = default;
};

/// Ticks at 1, 2 or 5 times a power of ten. Their labels come from whole numbers, so that 0.3 never reads
/// 0.30000000000000004; k, M and bn stand for large values.
struct ValueScale {
    ValueRange range; ///< widened to the ticks around the data
    QVector<AxisTick> ticks;
};

/// Scale for values from `low` to `high` with about `wanted` steps; the range always includes zero.
ValueScale valueScale(double low, double high, int wanted, ValueFormat format);
/// Scale that shows exactly `range`, with ticks inside it.
ValueScale valueScaleWithin(const ValueRange &range, int wanted, ValueFormat format);

/// One possible set of ticks of a time axis, the densest first; the caller takes the first that fits.
/// Ticks stand at month starts ("Jun 2026", "Jul", …), for short spans at days ("3 Jun 2026", "10 Jun", …).
/// `monthly`: the data stands at month starts only, where days would say more than is known.
QVector<QVector<AxisTick>> timeTickChoices(double fromSeconds, double toSeconds, bool monthly = false);

} // namespace perunit
