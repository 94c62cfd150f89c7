// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/reset_dot.h"

#include "widgets/theme/style_painting.h"
#include "widgets/theme/theme.h"

#include <QPainter>

namespace perunit {

ResetDot::ResetDot(QWidget *parent)
    : QToolButton(parent)
{
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    hide();
}

void ResetDot::describe(const QString &what, const QString &former)
{
    setToolTip(tr("Changed. Click to go back to %1").arg(former));
    setAccessibleName(tr("Reset %1 to %2").arg(what, former));
}

QSize ResetDot::sizeHint() const
{
    return {18, 18};
}

void ResetDot::paintEvent(QPaintEvent *)
{
    const Theme &theme = currentTheme();
    QPainter painter(this);
    QRectF dot(0, 0, 8, 8);
    dot.moveCenter(QRectF(rect()).center());
    const bool active = underMouse() || isDown() || hasFocus();
    if (active)
        paintBox(painter, dot.adjusted(-3.5, -3.5, 3.5, 3.5), 8, {}, theme.accent, 1.5);
    paintBox(painter, dot, 4, isEnabled() ? theme.accent : theme.disabledText);
}

} // namespace perunit
