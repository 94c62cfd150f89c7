// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/sparkline.h"

#include "widgets/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace perunit {

Sparkline::Sparkline(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void Sparkline::setValues(std::vector<double> values)
{
    m_values = std::move(values);
    update();
}

QSize Sparkline::sizeHint() const
{
    return {96, 28};
}

void Sparkline::paintEvent(QPaintEvent *)
{
    double low = 0;
    double high = 0;
    bool any = false;
    for (const double value : m_values) {
        if (!std::isfinite(value))
            continue;
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
    }
    if (!any)
        return;
    const QRectF area = QRectF(rect()).adjusted(3, 4, -5, -4);
    const double span = high - low;
    const auto point = [&](std::size_t index) {
        const double along =
            m_values.size() > 1 ? static_cast<double>(index) / static_cast<double>(m_values.size() - 1) : 1.0;
        const double up = span > 0 ? (m_values[index] - low) / span : 0.5;
        return QPointF(area.left() + along * area.width(), area.bottom() - up * area.height());
    };
    const Theme &theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath path;
    bool open = false;
    QPointF last;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        if (!std::isfinite(m_values[i])) {
            open = false; // a gap is not drawn over
            continue;
        }
        last = point(i);
        if (open)
            path.lineTo(last);
        else
            path.moveTo(last);
        open = true;
    }
    painter.setPen(QPen(theme.baseline, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    painter.drawEllipse(last, 2.75, 2.75);
}

} // namespace perunit
