// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/style_painting.h"

#include <QPaintDevice>
#include <QPixmap>

#include <algorithm>

namespace perunit {

void paintBox(QPainter &painter, const QRectF &rectangle, qreal radius, const QColor &fill, const QColor &border,
              qreal borderWidth)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(border.isValid() ? QPen(border, borderWidth) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const qreal inset = border.isValid() ? borderWidth / 2 : 0;
    const qreal inner = std::max(0.0, radius - inset);
    painter.drawRoundedRect(rectangle.adjusted(inset, inset, -inset, -inset), inner, inner);
    painter.restore();
}

void paintChevron(QPainter &painter, const QRectF &rectangle, Qt::ArrowType direction, const QColor &colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rectangle.center());
    switch (direction) {
    case Qt::UpArrow:
        painter.rotate(180);
        break;
    case Qt::LeftArrow:
        painter.rotate(90);
        break;
    case Qt::RightArrow:
        painter.rotate(-90);
        break;
    default:
        break;
    }
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const qreal reach = std::min({3.5, rectangle.width() / 2 - 1, rectangle.height() - 2});
    const QPointF points[] = {{-reach, -reach / 2}, {0, reach / 2}, {reach, -reach / 2}};
    painter.drawPolyline(points, 3);
    painter.restore();
}

void paintTintedIcon(QPainter &painter, const QRect &rectangle, const QIcon &icon, const QColor &colour)
{
    const qreal scale = painter.device()->devicePixelRatioF();
    QPixmap picture = icon.pixmap(rectangle.size(), scale);
    if (picture.isNull())
        return;
    QPainter tint(&picture);
    tint.setCompositionMode(QPainter::CompositionMode_SourceIn);
    tint.fillRect(QRect(QPoint(), picture.size()), colour);
    tint.end();
    painter.drawPixmap(rectangle.topLeft(), picture);
}

} // namespace perunit
