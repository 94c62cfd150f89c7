// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

class QApplication;
class QWidget;

namespace perunit {

/// All colours and sizes of the program (shared by window and paper). No colour or size stands elsewhere.
struct Theme {
    bool dark = false;

    QColor window, surface, raised;
    QColor border, strongBorder;
    QColor text, secondaryText, disabledText;
    QColor accent, accentText;
    QColor favourable, unfavourable, warning;
    QColor baseline;
    QColor grid;
    QColor selection; ///< background of a selected row or rail item

    static constexpr int space1 = 4, space2 = 8, space3 = 12, space4 = 16, space5 = 24, space6 = 32;
    static constexpr int cornerRadius = 6;
    static constexpr int rowHeight = 28;
    static constexpr int controlHeight = 30;
    static constexpr int railWidth = 184, railCollapsedWidth = 56, inspectorWidth = 340;

    static Theme light();
    static Theme darkTheme();
    /// Light, for PDF: no translucent colours.
    static Theme paper();

    /// Colour of a series by its role; indices beyond the palette repeat with another lightness.
    [[nodiscard]] QColor seriesColour(SeriesRole role, int index) const;
    [[nodiscard]] QPalette palette() const;

    enum class TextRole { PageTitle, Section, Body, Caption, KeyFigure, Table };
    /// Noto Sans where it is installed, the system font otherwise; tables and key figures use tabular digits.
    [[nodiscard]] static QFont font(TextRole role);
};

/// The theme that the window uses at the moment; changed only by the main window.
/// Widgets read it when they polish or paint and follow QEvent::PaletteChange.
const Theme &currentTheme();
void setCurrentTheme(const Theme &theme);

/// Makes a theme the current one and gives it to every widget: style and font the first time, colours every time.
/// Nothing is laid out again.
void applyTheme(QApplication &application, const Theme &theme);

/// Sets the dynamic property "role" that says how it looks (README.md lists the roles) and polishes again.
void setRole(QWidget *widget, const char *role);
/// The same for the property "tone": "favourable", "unfavourable", "warning", "secondary", "accent" or empty.
void setTone(QWidget *widget, const char *tone);

} // namespace perunit
