// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QSizeF>
#include <QString>
#include <QStringList>

#include <optional>

namespace perunit {

/// How the labels of categories are written so that all of them can be read.
struct CategoryLabels {
    QStringList texts; ///< with line breaks where wrapped
    qreal angle = 0;   ///< 0, -45 or -90 degrees
    QFont font;
    qreal height = 0;   ///< room that they need below the axis
    qreal overhang = 0; ///< how far the first one reaches to the left of its category's centre
};

/// Breaks text into lines of at most `width`, at blanks and after "-", "/", "_", "·"; nothing when a word is wider.
std::optional<QStringList> wrapped(const QString &text, const QFont &font, qreal width);
/// As above, but a word that is wider is broken anywhere.
QStringList wrappedAnywhere(const QString &text, const QFont &font, qreal width);
/// Size of text that may hold line breaks.
QSizeF textSize(const QString &text, const QFont &font);

/// Fits one label into each slot: as it is, without repeated years, wrapped, slanted, upright, and at last upright
/// and broken. Never leaves one out and never cuts one off. `mostHeight` is the room below the axis. Text that
/// is slanted comes out of a PDF in pieces, so that paper does without.
CategoryLabels fitCategories(const QStringList &texts, const QFont &font, qreal slot, qreal mostHeight,
                             bool maySlant = true);

} // namespace perunit
