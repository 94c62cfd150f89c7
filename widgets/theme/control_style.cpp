// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/control_style.h"

#include "widgets/theme/colour_math.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/role_look.h"
#include "widgets/theme/style_painting.h"
#include "widgets/theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSlider>
#include <QStyleOption>

#include <algorithm>
#include <optional>

namespace perunit {

namespace {

constexpr int fieldPadding = 8;
constexpr int railItemHeight = 36;
constexpr int chipHeight = 24;
constexpr int compactHeight = 26;

QString roleOf(const QWidget *widget)
{
    return widget ? widget->property("role").toString() : QString();
}

int fieldHeight(const QWidget *widget)
{
    return widget && widget->property("compact").toBool() ? compactHeight : Theme::controlHeight;
}

bool isTextArea(const QObject *object)
{
    return object && (object->inherits("QPlainTextEdit") || object->inherits("QTextEdit"));
}

} // namespace

ControlStyle::ControlStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{}

void ControlStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget)
        || qobject_cast<QAbstractSpinBox *>(widget) || qobject_cast<QSlider *>(widget)
        || qobject_cast<QScrollBar *>(widget) || qobject_cast<QLineEdit *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (isTextArea(widget))
        widget->installEventFilter(this);
    if (qobject_cast<QAbstractSpinBox *>(widget) && widget->minimumHeight() == 0)
        widget->setMinimumHeight(fieldHeight(widget));
    if (qobject_cast<QHeaderView *>(widget))
        widget->setFont(Theme::font(Theme::TextRole::Caption));
    polishRole(widget);
}

bool ControlStyle::eventFilter(QObject *watched, QEvent *event)
{
    // The frame of a text area shows the focus, but Qt repaints only what is inside it.
    if ((event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) && isTextArea(watched))
        static_cast<QWidget *>(watched)->update();
    return QProxyStyle::eventFilter(watched, event);
}

int ControlStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_SliderThickness:
        return 22;
    case PM_SliderLength:
    case PM_SliderControlThickness:
        return 16;
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_IndicatorWidth:
        return roleOf(widget) == QLatin1String("switch") ? 30 : 16;
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
    case PM_ToolBarIconSize:
        return 18;
    case PM_MenuPanelWidth:
    case PM_MenuBarVMargin:
        return 1;
    case PM_MenuBarHMargin:
        return 4;
    case PM_MenuBarItemSpacing:
    case PM_MenuBarPanelWidth:
        return 0;
    case PM_ToolTipLabelFrameWidth:
        return 5;
    case PM_MenuVMargin:
        return 4;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_SplitterWidth:
        return 7;
    case PM_HeaderMarkSize:
        return 10;
    case PM_HeaderMargin:
        return fieldPadding;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ControlStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                            QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_Slider_AbsoluteSetButtons:
        return Qt::LeftButton;
    case SH_EtchDisabledText:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ScrollBar_Transient:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
        return 1;
    case SH_ToolTipLabel_Opacity:
        return 255;
    case SH_Table_GridLineColor:
        return static_cast<int>(currentTheme().grid.rgb());
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize ControlStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                     const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            const int text = button->fontMetrics.horizontalAdvance(button->text);
            const int icon = button->icon.isNull() ? 0 : button->iconSize.width() + 6;
            const int menu = button->features & QStyleOptionButton::HasMenu ? 18 : 0;
            const bool tight = roleOf(widget) == QLatin1String("link");
            result = QSize(text + icon + menu + (tight ? 4 : 2 * Theme::space3 + 2),
                           tight ? button->fontMetrics.height() + 6 : fieldHeight(widget));
        }
        break;
    case CT_LineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            result.setHeight(std::max(fieldHeight(widget), size.height()));
        break;
    case CT_ComboBox:
        result = QSize(size.width() + fieldPadding + 28, fieldHeight(widget));
        break;
    case CT_SpinBox:
        result = QSize(size.width() + fieldPadding + 22, fieldHeight(widget));
        break;
    case CT_ToolButton: {
        const QString role = roleOf(widget);
        if (role == QLatin1String("railItem"))
            result = QSize(result.width() + 24, railItemHeight);
        else if (role == QLatin1String("chipButton"))
            result = QSize(size.width() + 14, chipHeight);
        else if (role == QLatin1String("segment"))
            result = QSize(size.width() + 2 * Theme::space3, Theme::controlHeight);
        break;
    }
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
            item && item->menuItemType != QStyleOptionMenuItem::Separator)
            result = QSize(result.width() + 8, std::max(result.height(), 28));
        break;
    case CT_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            result = item->fontMetrics.size(Qt::TextShowMnemonic, item->text) + QSize(20, 9);
        break;
    case CT_ItemViewItem:
        result.setHeight(std::max(result.height(), compactHeight));
        break;
    case CT_HeaderSection:
        result.setHeight(std::max(result.height(), Theme::rowHeight));
        break;
    default:
        break;
    }
    return result;
}

QRect ControlStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    if (element == SE_LineEditContents) {
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            return option->rect.adjusted(fieldPadding - 2, 1, -fieldPadding + 2, -1);
    }
    if (element == SE_HeaderLabel || element == SE_HeaderArrow) {
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            const QRect label = option->rect.adjusted(fieldPadding, 0, -fieldPadding, 0);
            if (element == SE_HeaderLabel)
                return label;
            // Beside the title, on the side where nothing is aligned: numbers keep their right edge.
            constexpr int size = 10;
            const int text = header->fontMetrics.horizontalAdvance(header->text) + 5;
            const bool right = header->textAlignment & Qt::AlignRight;
            const int x = right ? std::max(option->rect.left() + 1, label.right() - text - size)
                                : std::min(label.left() + text, option->rect.right() - size);
            return QRect(x, label.center().y() - size / 2 + 1, size, size);
        }
    }
    if (element == SE_ProgressBarGroove || element == SE_ProgressBarContents)
        return option->rect;
    return QProxyStyle::subElementRect(element, option, widget);
}

namespace {

QRect scrollBarRect(const QStyleOptionSlider *bar, QStyle::SubControl part)
{
    const bool horizontal = bar->orientation == Qt::Horizontal;
    const QRect all = bar->rect;
    const int length = horizontal ? all.width() : all.height();
    const qint64 range = static_cast<qint64>(bar->maximum) - bar->minimum;
    int handle = length;
    if (range > 0) {
        handle = static_cast<int>(static_cast<qint64>(bar->pageStep) * length / (range + bar->pageStep));
        handle = std::min(length, std::max(32, handle));
    }
    const int start = QStyle::sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle,
                                                      bar->upsideDown);
    const auto span = [&](int from, int size) {
        return horizontal ? QRect(all.x() + from, all.y(), size, all.height())
                          : QRect(all.x(), all.y() + from, all.width(), size);
    };
    switch (part) {
    case QStyle::SC_ScrollBarGroove:
        return all;
    case QStyle::SC_ScrollBarSlider:
        return span(start, handle);
    case QStyle::SC_ScrollBarSubPage:
        return span(0, start);
    case QStyle::SC_ScrollBarAddPage:
        return span(start + handle, length - start - handle);
    default:
        return {};
    }
}

} // namespace

QRect ControlStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                                   const QWidget *widget) const
{
    const QRect all = option->rect;
    QRect result;
    switch (control) {
    case CC_ScrollBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            return visualRect(option->direction, all, scrollBarRect(bar, subControl));
        break;
    case CC_ComboBox:
        if (subControl == SC_ComboBoxArrow)
            result = QRect(all.right() - 25, all.top(), 26, all.height());
        else if (subControl == SC_ComboBoxEditField)
            result = all.adjusted(fieldPadding - 1, 2, -26, -2);
        else
            result = all;
        return visualRect(option->direction, all, result);
    case CC_SpinBox: {
        const int half = all.height() / 2;
        if (subControl == SC_SpinBoxUp)
            result = QRect(all.right() - 19, all.top() + 1, 18, half - 1);
        else if (subControl == SC_SpinBoxDown)
            result = QRect(all.right() - 19, all.top() + half, 18, half - 1);
        else if (subControl == SC_SpinBoxEditField)
            result = all.adjusted(fieldPadding - 2, 2, -20, -2);
        else
            result = all;
        return visualRect(option->direction, all, result);
    }
    default:
        break;
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

namespace {

std::optional<Qt::ArrowType> arrowOf(QStyle::PrimitiveElement element)
{
    switch (element) {
    case QStyle::PE_IndicatorArrowUp:
        return Qt::UpArrow;
    case QStyle::PE_IndicatorArrowDown:
        return Qt::DownArrow;
    case QStyle::PE_IndicatorArrowLeft:
        return Qt::LeftArrow;
    case QStyle::PE_IndicatorArrowRight:
        return Qt::RightArrow;
    default:
        return std::nullopt;
    }
}

/// The pill of a check box whose role is "switch".
void drawSwitch(const QStyleOption *option, QPainter *painter)
{
    const Theme &theme = currentTheme();
    const bool on = option->state & QStyle::State_On;
    const bool enabled = option->state & QStyle::State_Enabled;
    const QRectF pill(option->rect);
    const QColor track = !enabled ? theme.border : on ? theme.accent : theme.secondaryText;
    paintBox(*painter, pill, pill.height() / 2, track);
    const qreal size = pill.height() - 4;
    const qreal left = on ? pill.right() - 2 - size : pill.left() + 2;
    paintBox(*painter, QRectF(left, pill.top() + 2, size, size), size / 2, theme.surface);
}

} // namespace

void ControlStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                 const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    if (const auto direction = arrowOf(element)) {
        paintChevron(*painter, option->rect, *direction, theme.secondaryText);
        return;
    }
    switch (element) {
    case PE_PanelButtonCommand:
        drawButton(option, painter, widget);
        return;
    case PE_PanelButtonTool:
        drawToolButton(option, painter, widget);
        return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            drawField(option, painter, widget, option->state & State_HasFocus);
        return;
    case PE_FrameLineEdit:
        return; // drawn together with its panel
    case PE_IndicatorCheckBox:
        if (roleOf(widget) == QLatin1String("switch"))
            drawSwitch(option, painter);
        else
            drawCheckBox(option, painter, false);
        return;
    case PE_IndicatorItemViewItemCheck:
        drawCheckBox(option, painter, false);
        return;
    case PE_IndicatorRadioButton:
        drawCheckBox(option, painter, true);
        return;
    case PE_FrameFocusRect:
        // In an open list the selection itself shows where one is.
        if (widget && widget->inherits("QComboBoxListView"))
            return;
        paintBox(*painter, QRectF(option->rect), 3, {}, theme.accent, 1.5);
        return;
    case PE_Frame:
        if (isTextArea(widget)) {
            drawField(option, painter, widget, widget->hasFocus());
            return;
        }
        [[fallthrough]];
    case PE_FrameGroupBox:
        paintBox(*painter, QRectF(option->rect), 0, {}, theme.border);
        return;
    case PE_PanelScrollAreaCorner:
        return; // between two scroll bars is nothing
    case PE_Widget:
        paintRole(*painter, widget);
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, theme.raised);
        paintBox(*painter, QRectF(option->rect), 0, {}, theme.strongBorder);
        return;
    case PE_FrameMenu:
        paintBox(*painter, QRectF(option->rect), 0, {}, theme.strongBorder);
        return;
    case PE_PanelMenu:
        painter->fillRect(option->rect, theme.raised);
        return;
    case PE_PanelItemViewItem:
    case PE_PanelItemViewRow:
        drawItemRow(option, painter, widget);
        return;
    case PE_IndicatorHeaderArrow:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            // Points the way the values grow: up for small to large.
            const bool rising = header->sortIndicator == QStyleOptionHeader::SortDown;
            paintChevron(*painter, option->rect, rising ? Qt::UpArrow : Qt::DownArrow, theme.accent);
        }
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

QIcon ControlStyle::standardIcon(StandardPixmap icon, const QStyleOption *option, const QWidget *widget) const
{
    if (icon == SP_LineEditClearButton)
        return themedIcon(QStringLiteral("clear"));
    return QProxyStyle::standardIcon(icon, option, widget);
}

void ControlStyle::drawField(const QStyleOption *option, QPainter *painter, const QWidget *widget, bool focused) const
{
    const Theme &theme = currentTheme();
    const bool enabled = option->state & State_Enabled;
    const bool wrong = widget && widget->property("wrong").toBool();
    QColor border = option->state & State_MouseOver ? theme.secondaryText : theme.strongBorder;
    if (!enabled)
        border = theme.border;
    else if (wrong)
        border = theme.unfavourable;
    else if (focused)
        border = theme.accent;
    paintBox(*painter, QRectF(option->rect), 4, enabled ? theme.surface : theme.window, border,
             enabled && (focused || wrong) ? 2.0 : 1.0);
}

void ControlStyle::drawButton(const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    const QString role = roleOf(widget);
    const QRectF box(option->rect);
    const bool enabled = option->state & State_Enabled;
    const bool hover = enabled && (option->state & State_MouseOver);
    const bool down = option->state & (State_Sunken | State_On);
    const bool focus = option->state & State_HasFocus;
    if (role == QLatin1String("link")) {
        if (focus)
            paintBox(*painter, box, 4, {}, theme.accent, 1.5);
        return;
    }
    if (role == QLatin1String("primary")) {
        QColor fill = down    ? mixed(theme.text, theme.accent, 0.22)
                      : hover ? mixed(theme.text, theme.accent, 0.12)
                              : theme.accent;
        paintBox(*painter, box, 4, enabled ? fill : theme.border);
        // A ring inside the filled button, with a gap, is visible on both sides.
        if (focus && enabled)
            paintBox(*painter, box.adjusted(2, 2, -2, -2), 3, {}, theme.accentText, 1.5);
        return;
    }
    const double tint = down ? 0.12 : hover ? 0.06 : 0.0;
    if (role == QLatin1String("quiet")) {
        paintBox(*painter, box, 4, tint > 0 ? mixed(theme.text, theme.surface, tint) : QColor(),
                 focus ? theme.accent : QColor(), 2);
        return;
    }
    const QColor border = !enabled ? theme.border : focus ? theme.accent : theme.strongBorder;
    paintBox(*painter, box, 4, mixed(theme.text, enabled ? theme.raised : theme.window, tint), border, focus ? 2 : 1);
}

void ControlStyle::drawToolButton(const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const Theme &theme = currentTheme();
    const QString role = roleOf(widget);
    const QRectF box(option->rect);
    const bool enabled = option->state & State_Enabled;
    const bool hover = enabled && (option->state & State_MouseOver);
    const bool down = option->state & State_Sunken;
    const bool on = option->state & State_On;
    const bool focus = option->state & State_HasFocus;
    const QColor tint = down    ? mixed(theme.text, theme.surface, 0.12)
                        : hover ? mixed(theme.text, theme.surface, 0.06)
                                : QColor();
    if (role == QLatin1String("segment")) {
        if (on)
            paintBox(*painter, box.adjusted(2, 2, -2, -2), 4, theme.selection, focus ? theme.accent : theme.selection,
                     focus ? 2 : 1);
        else
            paintBox(*painter, box.adjusted(2, 2, -2, -2), 4, tint, focus ? theme.accent : QColor(), 2);
        return;
    }
    if (role == QLatin1String("chipButton")) {
        const QColor fill = mixed(theme.accent, theme.surface, theme.dark ? 0.18 : 0.09);
        paintBox(*painter, box, 4, hover || down ? mixed(theme.text, fill, 0.06) : fill,
                 focus ? theme.accent : QColor(), 2);
        return;
    }
    const QColor ring = focus ? theme.accent : QColor();
    if (on || role == QLatin1String("railItem")) {
        paintBox(*painter, box, 4, on ? theme.selection : tint, ring, 2);
        if (on && role == QLatin1String("railItem"))
            paintBox(*painter, QRectF(box.left(), box.top() + 8, 3, box.height() - 16), 1.5, theme.accent);
        return;
    }
    paintBox(*painter, box, 4, tint, ring, 2);
}

void ControlStyle::drawCheckBox(const QStyleOption *option, QPainter *painter, bool round) const
{
    const Theme &theme = currentTheme();
    const bool enabled = option->state & State_Enabled;
    const bool on = option->state & State_On;
    const bool partly = option->state & State_NoChange;
    QRectF box(0, 0, 16, 16);
    box.moveCenter(QRectF(option->rect).center());
    const qreal radius = round ? 8 : 3;
    if (!on && !partly) {
        const bool hover = enabled && (option->state & State_MouseOver);
        const bool focus = option->state & State_HasFocus;
        paintBox(*painter, box, radius, enabled ? theme.surface : theme.window,
                 !enabled         ? theme.border
                 : hover || focus ? theme.accent
                                  : theme.secondaryText,
                 focus ? 2 : 1);
        return;
    }
    paintBox(*painter, box, radius, enabled ? theme.accent : theme.disabledText);
    const QColor mark = enabled ? theme.accentText : theme.surface;
    if (round) {
        paintBox(*painter, box.adjusted(5, 5, -5, -5), 3, mark);
        return;
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(mark, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF at = box.topLeft();
    if (partly) {
        painter->drawLine(at + QPointF(4.5, 8), at + QPointF(11.5, 8));
    } else {
        const QPointF points[] = {at + QPointF(4, 8.3), at + QPointF(6.8, 11), at + QPointF(12, 5.2)};
        painter->drawPolyline(points, 3);
    }
    painter->restore();
}

void ControlStyle::drawItemRow(const QStyleOption *option, QPainter *painter, const QWidget *) const
{
    const Theme &theme = currentTheme();
    if (option->state & State_Selected)
        painter->fillRect(option->rect, theme.selection);
    else if ((option->state & State_MouseOver) && (option->state & State_Enabled))
        painter->fillRect(option->rect, mixed(theme.text, theme.surface, 0.04));
    else if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
             item && item->backgroundBrush.style() != Qt::NoBrush)
        painter->fillRect(option->rect, item->backgroundBrush);
}

} // namespace perunit
