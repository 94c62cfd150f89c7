// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace perunit {

/// Draws a value with its tone, icon and in-cell bar; one faint line below each row, none between columns.
class ValueDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// A text that is cut off is said in full.
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
    /// What is said about a value on hover: its text where that is cut off in so many pixels, and its tool tip.
    [[nodiscard]] QString helpText(const QStyleOptionViewItem &option, const QModelIndex &index, int width) const;

    static constexpr int padding = 8; ///< left and right of a value
    static constexpr int iconSize = 16;
    static constexpr int shortestBar = 56; ///< room that a bar asks for, beside the text
};

} // namespace perunit
