// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/colour_math.h"
#include "widgets/theme/control_style.h"
#include "widgets/theme/role_look.h"
#include "widgets/theme/style_painting.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QSlider>
#include <QStyleOption>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

QString roleOf(const QWidget *widget)
{
    return widget ? widget->property("role").toString() : QString();
}

void drawPushButtonLabel(const QStyleOptionButton *button, QPainter *painter, const QWidget *widget)
{
    const Theme &theme = currentTheme();
    const QString role = roleOf(widget);
    const bool enabled = button->state & QStyle::State_Enabled;
    QColor colour = theme.text;
    if (!enabled)
        colour = theme.disabledText;
    else if (role == QLatin1String("primary"))
        colour = theme.accentText;
    else if (role == QLatin1String("link"))
        colour = theme.accent;
    QRect area = button->rect;
    const bool menu = button->features & QStyleOptionButton::HasMenu;
    if (menu) {
        paintChevron(*painter, QRectF(area.right() - 24, area.top(), 16, area.height()), Qt::DownArrow, colour);
        area.adjust(0, 0, -18, 0);
    }
    const int flags = Qt::AlignVCenter | Qt::TextShowMnemonic | Qt::TextSingleLine;
    const int textWidth = button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
    const int iconWidth = button->icon.isNull() ? 0 : button->iconSize.width() + (button->text.isEmpty() ? 0 : 6);
    const bool leading = role == QLatin1String("link") || role == QLatin1String("listItem");
    int left = leading ? area.left() + (role == QLatin1String("link") ? 0 : Theme::space2)
                       : area.left() + (area.width() - textWidth - iconWidth) / 2;
    if (!leading)
        left = std::max(left, area.left() + 2);
    if (iconWidth > 0) {
        const QRect icon(left, area.top() + (area.height() - button->iconSize.height()) / 2, button->iconSize.width(),
                         button->iconSize.height());
        paintTintedIcon(*painter, QStyle::visualRect(button->direction, button->rect, icon), button->icon, colour);
    }
    painter->setPen(colour);
    const QRect text(left + iconWidth, area.top(), area.right() - left - iconWidth, area.height());
    QFont font = painter->font();
    if (role == QLatin1String("link") && (button->state & QStyle::State_MouseOver))
        font.setUnderline(true);
    painter->setFont(font);
    const QString shown =
        button->fontMetrics.elidedText(button->text, Qt::ElideRight, text.width() + 2, Qt::TextShowMnemonic);
    painter->drawText(QStyle::visualRect(button->direction, button->rect, text), flags | Qt::AlignLeft, shown);
}

/// Rail items, segments and chips: the icon takes the colour of the text.
bool drawRoleToolButtonLabel(const QStyleOptionToolButton *button, QPainter *painter, const QWidget *widget)
{
    const Theme &theme = currentTheme();
    const QString role = roleOf(widget);
    const bool rail = role == QLatin1String("railItem");
    const bool chip = role == QLatin1String("chipButton");
    if (!rail && !chip && role != QLatin1String("segment"))
        return false;
    const bool on = button->state & QStyle::State_On;
    const bool enabled = button->state & QStyle::State_Enabled;
    QColor colour = on ? theme.text : theme.secondaryText;
    if (chip)
        colour = theme.text;
    if (!enabled)
        colour = theme.disabledText;
    const bool withIcon = !button->icon.isNull() && button->toolButtonStyle != Qt::ToolButtonTextOnly;
    const bool withText = !button->text.isEmpty() && button->toolButtonStyle != Qt::ToolButtonIconOnly;
    const QSize iconSize = withIcon ? button->iconSize : QSize(0, 0);
    painter->setFont(button->font);
    const int gap = withIcon && withText ? (rail ? 12 : 6) : 0;
    const int textWidth = withText ? button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width() : 0;
    int left = button->rect.left() + (button->rect.width() - iconSize.width() - gap - textWidth) / 2;
    if (rail)
        left = button->rect.left() + 10;
    if (withIcon) {
        const QRect icon(QPoint(left, button->rect.top() + (button->rect.height() - iconSize.height()) / 2), iconSize);
        paintTintedIcon(*painter, QStyle::visualRect(button->direction, button->rect, icon), button->icon,
                        on && enabled ? theme.accent : colour);
    }
    if (withText) {
        const QRect text(left + iconSize.width() + gap, button->rect.top(),
                         button->rect.right() - left - iconSize.width() - gap, button->rect.height());
        painter->setPen(colour);
        painter->drawText(QStyle::visualRect(button->direction, button->rect, text),
                          Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic | Qt::TextSingleLine, button->text);
    }
    return true;
}

void drawHeaderBackground(const QRect &place, const QColor &fill, QPainter *painter)
{
    painter->fillRect(place, fill);
    painter->fillRect(QRect(place.left(), place.bottom(), place.width(), 1), currentTheme().strongBorder);
}

QStyleOptionHeader calmHeader(const QStyleOptionHeader &header)
{
    QStyleOptionHeader copy = header;
    copy.palette.setColor(QPalette::ButtonText, currentTheme().secondaryText);
    copy.state &= ~QStyle::State_On; // no bold for the columns of the selection
    return copy;
}

/// Draws what lies behind an item of a menu; the rest is drawn from the option that is returned.
QStyleOptionMenuItem drawMenuItemBackground(const QStyleOptionMenuItem &item, QPainter *painter)
{
    const Theme &theme = currentTheme();
    QStyleOptionMenuItem copy = item;
    if (item.menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(
            QRect(item.rect.left() + Theme::space2, item.rect.center().y(), item.rect.width() - 2 * Theme::space2, 1),
            theme.border);
    } else if ((item.state & QStyle::State_Selected) && (item.state & QStyle::State_Enabled)) {
        paintBox(*painter, QRectF(item.rect).adjusted(4, 0, -4, 0), 4, theme.selection);
        copy.state &= ~QStyle::State_Selected; // Fusion would draw a frame around it
    }
    return copy;
}

void drawSplitter(const QStyleOption *option, QPainter *painter)
{
    const bool sideBySide = option->state & QStyle::State_Horizontal;
    const QPoint centre = option->rect.center();
    painter->fillRect(sideBySide ? QRect(centre.x(), option->rect.top(), 1, option->rect.height())
                                 : QRect(option->rect.left(), centre.y(), option->rect.width(), 1),
                      currentTheme().border);
}

void drawMenuBarItem(const QStyleOptionMenuItem &item, QPainter *painter)
{
    const Theme &theme = currentTheme();
    painter->fillRect(item.rect, theme.surface);
    if (item.state & (QStyle::State_Selected | QStyle::State_Sunken))
        paintBox(*painter, QRectF(item.rect).adjusted(0, 1, 0, -1), 4, mixed(theme.text, theme.surface, 0.07));
    painter->setPen(item.state & QStyle::State_Enabled ? theme.text : theme.disabledText);
    painter->drawText(item.rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, item.text);
}

} // namespace

void ControlStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                               const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    switch (element) {
    case CE_PushButton: // without the separate focus rectangle: the bevel shows the focus
        drawPrimitive(PE_PanelButtonCommand, option, painter, widget);
        drawControl(CE_PushButtonLabel, option, painter, widget);
        return;
    case CE_PushButtonBevel:
        drawPrimitive(PE_PanelButtonCommand, option, painter, widget);
        return;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            drawPushButtonLabel(button, painter, widget);
            return;
        }
        break;
    case CE_ToolButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
            button && drawRoleToolButtonLabel(button, painter, widget))
            return;
        break;
    case CE_ShapedFrame:
        if (paintRole(*painter, widget))
            return;
        break;
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, currentTheme().surface);
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                          currentTheme().border);
        return;
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            drawMenuBarItem(*item, painter);
            return;
        }
        break;
    case CE_Header:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            drawWholeHeader(*header, painter, widget);
            return;
        }
        break;
    case CE_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            drawHeader(header, painter);
            return;
        }
        break;
    case CE_HeaderEmptyArea:
        drawHeaderBackground(option->rect, theme.surface, painter);
        return;
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            const QStyleOptionHeader copy = calmHeader(*header);
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    case CE_ProgressBar:
    case CE_ProgressBarContents:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option)) {
            drawProgress(bar, painter, widget);
            return;
        }
        break;
    case CE_ProgressBarGroove:
    case CE_ProgressBarLabel:
        return;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            const QStyleOptionMenuItem copy = drawMenuItemBackground(*item, painter);
            if (item->menuItemType != QStyleOptionMenuItem::Separator)
                QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    case CE_ItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option)) {
            QStyleOptionViewItem copy = *item;
            copy.palette.setColor(QPalette::HighlightedText, theme.text);
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    case CE_Splitter:
        drawSplitter(option, painter);
        return;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

/// The common style asks itself, not this one, where label and arrow stand.
void ControlStyle::drawWholeHeader(const QStyleOptionHeader &header, QPainter *painter, const QWidget *widget) const
{
    painter->save();
    painter->setClipRect(header.rect, Qt::IntersectClip);
    drawControl(CE_HeaderSection, &header, painter, widget);
    QStyleOptionHeader part = header;
    part.rect = subElementRect(SE_HeaderLabel, &header, widget);
    drawControl(CE_HeaderLabel, &part, painter, widget);
    if (header.sortIndicator != QStyleOptionHeader::None) {
        part.rect = subElementRect(SE_HeaderArrow, &header, widget);
        drawPrimitive(PE_IndicatorHeaderArrow, &part, painter, widget);
    }
    painter->restore();
}

void ControlStyle::drawHeader(const QStyleOptionHeader *option, QPainter *painter) const
{
    const Theme &theme = currentTheme();
    const bool hover = (option->state & State_MouseOver) && (option->state & State_Enabled);
    drawHeaderBackground(option->rect, hover ? mixed(theme.text, theme.surface, 0.04) : theme.surface, painter);
}

void ControlStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                      const QWidget *widget) const
{
    switch (control) {
    case CC_Slider:
        if (const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option);
            slider && slider->orientation == Qt::Horizontal) {
            drawSlider(slider, painter, widget);
            return;
        }
        break;
    case CC_ScrollBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            drawScrollBar(bar, painter, widget);
            return;
        }
        break;
    case CC_ComboBox:
        if (const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option)) {
            drawComboBox(box, painter, widget);
            return;
        }
        break;
    case CC_SpinBox:
        if (const auto *box = qstyleoption_cast<const QStyleOptionSpinBox *>(option)) {
            drawSpinBox(box, painter, widget);
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void ControlStyle::drawSlider(const QStyleOptionSlider *option, QPainter *painter, const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    const bool enabled = option->state & State_Enabled;
    const QRectF handle = subControlRect(CC_Slider, option, SC_SliderHandle, widget);
    const QRectF all(option->rect);
    constexpr qreal thickness = 4;
    const qreal half = handle.width() / 2;
    const QRectF groove(all.left() + half, all.center().y() - thickness / 2, all.width() - handle.width(), thickness);
    paintBox(*painter, groove, thickness / 2, enabled ? theme.strongBorder : theme.border);

    // The filled part starts where nothing is changed: in the middle of a factor, not at its left end.
    const QVariant neutral = widget ? widget->property("neutralPosition") : QVariant();
    qreal from = groove.left();
    if (neutral.isValid()) {
        const int span = static_cast<int>(groove.width());
        from += QStyle::sliderPositionFromValue(option->minimum, option->maximum, neutral.toInt(), span,
                                                option->upsideDown);
    } else if (option->upsideDown) {
        from = groove.right();
    }
    const qreal to = handle.center().x();
    const QRectF filled(std::min(from, to), groove.top(), std::abs(to - from), thickness);
    paintBox(*painter, filled, thickness / 2, enabled ? theme.accent : theme.disabledText);
    if (neutral.isValid() && neutral.toInt() > option->minimum) {
        painter->fillRect(QRectF(from - 0.5, groove.top() - 4, 1, thickness + 8),
                          enabled ? theme.secondaryText : theme.disabledText);
    }

    const QVariantList marks = widget ? widget->property("markPositions").toList() : QVariantList();
    for (const QVariant &mark : marks) {
        const int at = QStyle::sliderPositionFromValue(option->minimum, option->maximum, mark.toInt(),
                                                       static_cast<int>(groove.width()), option->upsideDown);
        painter->fillRect(QRectF(groove.left() + at - 1, groove.bottom() + 2, 2, 5),
                          enabled ? theme.warning : theme.disabledText);
    }

    QRectF knob(0, 0, 14, 14);
    knob.moveCenter(handle.center());
    const bool focus = option->state & State_HasFocus;
    const bool active = option->state & (State_MouseOver | State_Sunken);
    if (focus && enabled)
        paintBox(*painter, knob.adjusted(-3, -3, 3, 3), 10, {}, theme.accent, 1.5);
    const QColor edge = enabled ? theme.accent : theme.disabledText;
    paintBox(*painter, knob, 7, active && enabled ? mixed(theme.accent, theme.surface, 0.2) : theme.surface, edge, 2);
}

void ControlStyle::drawScrollBar(const QStyleOptionSlider *option, QPainter *painter, const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    if (option->maximum <= option->minimum)
        return;
    const bool hover = option->state & State_MouseOver;
    const bool held = option->state & State_Sunken;
    QRectF handle = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
    const qreal slim = hover || held ? 2 : 3;
    handle = option->orientation == Qt::Horizontal ? handle.adjusted(2, slim, -2, -slim)
                                                   : handle.adjusted(slim, 2, -slim, -2);
    const qreal radius = std::min(handle.width(), handle.height()) / 2;
    paintBox(*painter, handle, radius, held || hover ? theme.secondaryText : theme.strongBorder);
}

void ControlStyle::drawComboBox(const QStyleOptionComboBox *option, QPainter *painter, const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    const bool enabled = option->state & State_Enabled;
    // An editable box tells its own state, not whether the line inside has the focus.
    const bool focused = widget ? widget->hasFocus() || (widget->focusProxy() && widget->focusProxy()->hasFocus())
                                : static_cast<bool>(option->state & State_HasFocus);
    drawField(option, painter, widget, focused || (option->state & State_HasFocus));
    const QRect arrow = subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
    paintChevron(*painter, arrow, Qt::DownArrow, enabled ? theme.secondaryText : theme.disabledText);
}

void ControlStyle::drawSpinBox(const QStyleOptionSpinBox *option, QPainter *painter, const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    if (option->frame)
        drawField(option, painter, widget, option->state & State_HasFocus);
    if (option->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const bool enabled = option->state & State_Enabled;
    const auto arrow = [&](SubControl part, Qt::ArrowType direction, QAbstractSpinBox::StepEnabledFlag flag) {
        const QRect place = subControlRect(CC_SpinBox, option, part, widget);
        const bool possible = enabled && (option->stepEnabled & flag);
        const bool hover = possible && (option->activeSubControls & part) && (option->state & State_MouseOver);
        if (hover)
            paintBox(*painter, QRectF(place).adjusted(0, 1, 0, -1), 3, mixed(theme.text, theme.surface, 0.08));
        paintChevron(*painter, place, direction, possible ? theme.secondaryText : theme.disabledText);
    };
    arrow(SC_SpinBoxUp, Qt::UpArrow, QAbstractSpinBox::StepUpEnabled);
    arrow(SC_SpinBoxDown, Qt::DownArrow, QAbstractSpinBox::StepDownEnabled);
}

void ControlStyle::drawProgress(const QStyleOptionProgressBar *option, QPainter *painter, const QWidget *) const
{
    const Theme &theme = currentTheme();
    constexpr qreal thickness = 6;
    QRectF groove(option->rect);
    groove.setHeight(thickness);
    groove.moveCenter(QRectF(option->rect).center());
    paintBox(*painter, groove, thickness / 2, theme.border);
    QRectF filled = groove;
    if (option->maximum > option->minimum) {
        const double share = static_cast<double>(option->progress - option->minimum)
                             / static_cast<double>(option->maximum - option->minimum);
        filled.setWidth(groove.width() * std::clamp(share, 0.0, 1.0));
        if (option->direction == Qt::RightToLeft)
            filled.moveRight(groove.right());
        paintBox(*painter, filled, thickness / 2, theme.accent);
        return;
    }
    // Nothing is known about the progress: a pattern that does not pretend to be a share.
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(groove);
    painter->setPen(QPen(theme.accent, 3));
    for (qreal x = groove.left() - thickness; x < groove.right() + thickness; x += 9)
        painter->drawLine(QPointF(x, groove.bottom() + 1), QPointF(x + thickness + 2, groove.top() - 1));
    painter->restore();
}

} // namespace perunit
