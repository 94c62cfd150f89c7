// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace perunit {

/// Relative luminance of WCAG 2, from 0 (black) to 1 (white).
double relativeLuminance(const QColor &colour);
/// Contrast ratio of WCAG 2, from 1 to 21.
double contrastRatio(const QColor &a, const QColor &b);
/// `share` of `over`, the rest `under`; opaque, so that it prints as it looks.
QColor mixed(const QColor &over, const QColor &under, double share);
/// The colour, moved towards black or white (away from the background) until its contrast is at least `ratio`.
QColor withContrast(const QColor &colour, const QColor &background, double ratio);

} // namespace perunit
