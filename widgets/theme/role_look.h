// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/theme.h"

#include <QMargins>

#include <optional>

class QPainter;

namespace perunit {

/// How labels and frames look by their dynamic properties "role" and "tone" (README.md lists them). No style sheet: Qt
/// would lay out everything in the window again when the theme changes.
struct RoleLook {
    std::optional<QFont> font; ///< none: that of the window
    QColor text;               ///< invalid: that of the window
    QColor fill;               ///< invalid: none
    QColor border;             ///< invalid: none
    QMargins edges;            ///< which sides have a border, 1 each, and the room inside of it
    int radius = 0;
};

/// The look of a role and tone in a theme; an unknown role looks like the window.
RoleLook roleLook(const Theme &theme, const QString &role, const QString &tone);

/// Gives a widget the font, margins and colours of its role. Called when it is polished.
void polishRole(QWidget *widget);
/// Gives it the colours of the current theme again.
void recolourRole(QWidget *widget);
/// Paints fill and border of a widget's role; false when it has none.
bool paintRole(QPainter &painter, const QWidget *widget);

} // namespace perunit
