// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QLabel;
class QLayout;
class QPushButton;
class QScrollArea;
class QVBoxLayout;
class QWidget;

namespace perunit {

/// The common frame of a page: margins of the design, title row with room for controls at its right end.
struct PageFrame {
    QVBoxLayout *rows = nullptr; ///< below the title
    QLayout *controls = nullptr; ///< right end of the title row; goes on in the next line where it is too narrow
    QLabel *title = nullptr;
    QLabel *subtitle = nullptr; ///< beside the title; hidden while empty
};

/// Builds the frame inside `page`.
PageFrame buildPageFrame(QWidget *page, const QString &title);

/// A scrolling column inside `page` for content that may be taller than the window; returns the layout to fill.
QVBoxLayout *buildScrollingColumn(QVBoxLayout *rows);

/// An inspector that scrolls, with the margins of the design; `rows` is the layout to fill.
QWidget *buildScrollingInspector(QWidget *parent, QVBoxLayout *&rows);

/// A row for buttons under the head of a card, where there are too many for the head: it goes on in the next line where
/// there is no more room.
QLayout *buildActionRow(QVBoxLayout *rows, QWidget *parent);
/// Adds a quiet button to such a row; connect its clicked().
QPushButton *addRowAction(QLayout *row, const QString &text, const QString &icon = {});

/// Sets a label's text and hides it when there is none.
void setTextOrHide(QLabel *label, const QString &text);

/// Removes and deletes everything in a layout.
void clearLayout(QVBoxLayout *layout);

/// A label in the look of a role of the theme: "caption", "section", "pageTitle".
QLabel *newLabel(const QString &text, const char *role, QWidget *parent);

} // namespace perunit
