// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/lying_parts.h"

#include "widgets/charts/label_fit.h"

#include <QFontMetricsF>

#include <algorithm>

namespace perunit {

void addLevelLabel(FigureLayout &out, QPointF centre, const QString &text, const QColor &colour, const QFont &font,
                   Qt::Alignment alignment)
{
    out.labels.append({centre, textSize(text, font), 0, text, colour, font, alignment});
}

void placeLyingAxis(FigureLayout &out, const ValueRange &values, const QVector<AxisTick> &ticks, const Theme &theme,
                    const QFont &font, qreal width)
{
    const qreal line = QFontMetricsF(font).height();
    qreal end = -1;
    for (const AxisTick &tick : ticks) {
        const qreal x = out.plot.left() + (tick.at - values.low) / values.span() * out.plot.width();
        const bool zero = tick.at == 0.0;
        (zero ? out.inFront : out.behind)
            .append({QLineF(x, out.plot.top(), x, out.plot.bottom()), zero ? theme.strongBorder : theme.grid, 1,
                     Qt::SolidLine});
        const qreal half = textSize(tick.label, font).width() / 2;
        const qreal centre = std::clamp(x, half, std::max(half, width - half));
        if (centre - half < end)
            continue;
        end = centre + half + 4;
        addLevelLabel(out, {centre, out.plot.bottom() + 4 + line / 2}, tick.label, theme.secondaryText, font);
    }
}

void placeRowName(FigureLayout &out, const QString &name, qreal room, qreal rowHeight, qreal middle,
                  const QColor &colour, const QFont &font)
{
    const QFontMetricsF metrics(font);
    const auto most = std::max<qsizetype>(static_cast<qsizetype>(rowHeight / metrics.lineSpacing()), 1);
    QString text = name;
    if (textSize(name, font).width() > room) {
        QStringList lines = wrappedAnywhere(name, font, room);
        if (lines.size() > most) {
            const QString rest = lines.mid(most - 1).join(QLatin1Char(' '));
            lines = lines.mid(0, most - 1);
            lines << metrics.elidedText(rest, Qt::ElideRight, room);
        }
        text = lines.join(QLatin1Char('\n'));
    }
    addLevelLabel(out, {room - textSize(text, font).width() / 2, middle}, text, colour, font, Qt::AlignRight);
}

} // namespace perunit
