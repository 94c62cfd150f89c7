// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/value_delegate.h"

#include "widgets/tables/value_table_model.h"
#include "widgets/theme/colour_math.h"
#include "widgets/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHelpEvent>
#include <QIcon>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace perunit {

namespace {

QColor colourOf(CellTone tone, bool enabled)
{
    const Theme &theme = currentTheme();
    if (!enabled)
        return theme.disabledText;
    switch (tone) {
    case CellTone::Secondary:
        return theme.secondaryText;
    case CellTone::Favourable:
        return theme.favourable;
    case CellTone::Unfavourable:
        return theme.unfavourable;
    case CellTone::Warning:
        return theme.warning;
    case CellTone::Normal:
    case CellTone::Emphasis:
        break;
    }
    return theme.text;
}

} // namespace

void ValueDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = currentTheme();
    const QWidget *widget = option.widget;
    QStyle *style = widget ? widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, widget);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme.grid);

    QRect room = option.rect.adjusted(padding, 0, -padding, -1);
    const auto tone = static_cast<CellTone>(index.data(ValueTableModel::ToneRole).toInt());
    const bool enabled = option.state & QStyle::State_Enabled;
    painter->save();
    if (const QVariant bar = index.data(ValueTableModel::BarRole); bar.isValid()) {
        const double share = std::clamp(bar.toDouble(), 0.0, 1.0);
        const QRectF place = QRectF(room).adjusted(0, 5, 0, -4);
        const qreal width = place.width() * share;
        const bool rightward = !(index.data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignRight);
        const QRectF filled(rightward ? place.left() : place.right() - width, place.top(), width, place.height());
        const QColor behind = option.state & QStyle::State_Selected ? theme.selection : theme.surface;
        painter->fillRect(filled, mixed(theme.accent, behind, theme.dark ? 0.32 : 0.2));
        room.adjust(4, 0, -4, 0);
    }
    if (const QVariant icon = index.data(Qt::DecorationRole); icon.isValid()) {
        const QRect place(room.left(), room.center().y() - iconSize / 2 + 1, iconSize, iconSize);
        icon.value<QIcon>().paint(painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
        room.adjust(iconSize + 6, 0, 0, 0);
    }
    QFont font = option.font;
    if (tone == CellTone::Emphasis)
        font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    painter->setPen(colourOf(tone, enabled));
    const QString text = index.data(Qt::DisplayRole).toString();
    const auto alignment = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
    painter->drawText(room, static_cast<int>(alignment) | Qt::TextSingleLine,
                      QFontMetrics(font).elidedText(text, Qt::ElideRight, room.width()));
    painter->restore();

    const auto *view = qobject_cast<const QAbstractItemView *>(widget);
    if (view && view->hasFocus() && (option.state & QStyle::State_HasFocus)) {
        QStyleOptionFocusRect focus;
        focus.QStyleOption::operator=(option);
        focus.rect = option.rect.adjusted(1, 1, -1, -2);
        style->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, widget);
    }
}

QSize ValueDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QFont font = option.font;
    if (static_cast<CellTone>(index.data(ValueTableModel::ToneRole).toInt()) == CellTone::Emphasis)
        font.setWeight(QFont::DemiBold);
    int width = QFontMetrics(font).horizontalAdvance(index.data(Qt::DisplayRole).toString()) + 2 * padding + 2;
    if (index.data(ValueTableModel::BarRole).isValid())
        width += shortestBar;
    if (index.data(Qt::DecorationRole).isValid())
        width += iconSize + 6;
    return {width, Theme::rowHeight};
}

QString ValueDelegate::helpText(const QStyleOptionViewItem &option, const QModelIndex &index, int width) const
{
    const QString text = index.data(Qt::DisplayRole).toString();
    const QString more = index.data(Qt::ToolTipRole).toString();
    if (sizeHint(option, index).width() - 2 <= width || more.contains(text))
        return more;
    return more.isEmpty() ? text : text + QLatin1Char('\n') + more;
}

bool ValueDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                              const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), helpText(option, index, view->visualRect(index).width()), view);
    return true;
}

} // namespace perunit
