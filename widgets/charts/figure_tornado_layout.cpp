// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_layout.h"
#include "widgets/charts/label_fit.h"
#include "widgets/charts/lying_parts.h"
#include "widgets/text/text.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr qreal gap = 8;
constexpr qreal swatchSize = 10;
constexpr qreal mostNameShare = 0.36; ///< of the width, for names
constexpr qreal barShare = 0.62;      ///< of the height of a row
constexpr qreal mostRowHeight = 46;
constexpr qreal pixelsPerTick = 90;

/// Places the parts of one tornado, from the outside in.
class TornadoPlacement
{
public:
    TornadoPlacement(const Figure &figure, const FigureLayoutOptions &options)
        : m_figure(figure)
        , m_options(options)
        , m_font(drawingFont(Theme::TextRole::Caption, options.forPrint))
        , m_line(QFontMetricsF(m_font).height())
    {}

    FigureLayout run()
    {
        placeLegend();
        placePlot();
        placeLyingAxis(m_out, m_out.x, m_scale.ticks, m_options.theme, m_font, m_options.size.width());
        for (std::size_t row = 0; row < m_figure.categories.size(); ++row)
            placeRow(row);
        return m_out;
    }

private:
    void placeLegend()
    {
        qreal x = 0;
        for (std::size_t s = 0; s < m_figure.series.size(); ++s) {
            const FigureSeries &series = m_figure.series[s];
            const QString name = toQt(series.name);
            const QSizeF size = textSize(name, m_font);
            if (x > 0 && x + swatchSize + gap + size.width() > m_options.size.width()) {
                x = 0;
                m_top += m_line + 4;
            }
            m_out.swatches.append({QRectF(x, m_top + (m_line - swatchSize) / 2, swatchSize, swatchSize),
                                   colourOf(series, m_options.theme), false, isHatched(s)});
            addLevelLabel(m_out, {x + swatchSize + gap + size.width() / 2, m_top + m_line / 2}, name,
                          m_options.theme.text, m_font);
            x += swatchSize + 3 * gap + size.width();
        }
        m_top += m_line + gap;
    }

    /// Colour alone does not tell the two ends apart.
    static bool isHatched(std::size_t series) { return series % 2 == 0; }

    void placePlot()
    {
        const qreal width = m_options.size.width();
        qreal names = 0;
        for (const std::string &category : m_figure.categories)
            names = std::max(names, textSize(toQt(category), m_font).width());
        m_names = std::min(names, width * mostNameShare);
        qreal before = 0;
        qreal after = 0;
        double low = 0;
        double high = 0;
        for (const FigureSeries &series : m_figure.series) {
            for (const FigurePoint &point : series.points) {
                if (point.missing || !std::isfinite(point.y))
                    continue;
                low = std::min(low, point.y);
                high = std::max(high, point.y);
                qreal &room = point.y < 0 ? before : after;
                room = std::max(room, textSize(toQt(point.label), m_font).width() + gap);
            }
        }
        const qreal left = m_names + gap + before;
        const qreal bottom = m_line + 6;
        const qreal height = std::max<qreal>(m_options.size.height() - m_top - bottom, 20);
        const auto rows = std::max<qreal>(static_cast<qreal>(m_figure.categories.size()), 1);
        m_out.plot = QRectF(left, m_top, std::max<qreal>(width - left - after - gap, 40),
                            std::min(height, rows * mostRowHeight));
        const int wanted = std::clamp(static_cast<int>(m_out.plot.width() / pixelsPerTick), 2, 6);
        m_scale = valueScale(low, high, wanted, m_figure.format);
        m_out.x = m_scale.range;
        // Rows count downwards; the first one stands on top.
        m_out.y = {0, rows};
    }

    [[nodiscard]] qreal across(double value) const
    {
        return m_out.plot.left() + (value - m_out.x.low) / m_out.x.span() * m_out.plot.width();
    }

    void placeRow(std::size_t row)
    {
        const qreal slot = m_out.plot.height() / m_out.y.span();
        const qreal middle = m_out.plot.top() + (static_cast<qreal>(row) + 0.5) * slot;
        placeRowName(m_out, toQt(m_figure.categories[row]), m_names, slot, middle, m_options.theme.text, m_font);
        const qreal height = slot * barShare;
        for (std::size_t s = 0; s < m_figure.series.size(); ++s)
            placeBar(s, row, middle, height);
    }

    void placeBar(std::size_t s, std::size_t row, qreal middle, qreal height)
    {
        const FigureSeries &series = m_figure.series[s];
        for (std::size_t p = 0; p < series.points.size(); ++p) {
            const FigurePoint &point = series.points[p];
            if (point.missing || !std::isfinite(point.y) || point.x != static_cast<double>(row))
                continue;
            // Both ends may lie on one side: then each has its own half of the row.
            const bool split = bothOnOneSide(row);
            const qreal top = split && s > 0 ? middle : middle - height / 2;
            const QRectF box =
                QRectF(QPointF(across(0), top), QPointF(across(point.y), top + (split ? height / 2 : height)))
                    .normalized();
            m_out.bars.append({box, colourOf(series, m_options.theme), isHatched(s)});
            m_out.spots.append({static_cast<int>(s), static_cast<int>(p), box.center(), box});
            const QString text = toQt(point.label);
            const qreal width = textSize(text, m_font).width();
            // A bar without length still has an end; its label stands on the side of the other one's counterpart.
            const bool leftwards = point.y < 0 || (point.y == 0.0 && othersSide(row, s) > 0);
            addLevelLabel(m_out,
                          {leftwards ? box.left() - 4 - width / 2 : box.right() + 4 + width / 2, box.center().y()},
                          text, m_options.theme.text, m_font);
        }
    }

    [[nodiscard]] double valueOf(std::size_t series, std::size_t row) const
    {
        for (const FigurePoint &point : m_figure.series[series].points) {
            if (point.x == static_cast<double>(row) && !point.missing)
                return point.y;
        }
        return 0;
    }

    [[nodiscard]] double othersSide(std::size_t row, std::size_t series) const
    {
        double side = 0;
        for (std::size_t s = 0; s < m_figure.series.size(); ++s) {
            if (s != series)
                side += valueOf(s, row);
        }
        return side;
    }

    [[nodiscard]] bool bothOnOneSide(std::size_t row) const
    {
        return m_figure.series.size() > 1 && valueOf(0, row) * valueOf(1, row) > 0;
    }

    const Figure &m_figure;
    const FigureLayoutOptions &m_options;
    QFont m_font;
    qreal m_line;
    FigureLayout m_out;
    ValueScale m_scale;
    qreal m_top = 0;
    qreal m_names = 0; ///< width of the names
};

} // namespace

FigureLayout layOutTornado(const Figure &figure, const FigureLayoutOptions &options)
{
    return TornadoPlacement(figure, options).run();
}

} // namespace perunit
