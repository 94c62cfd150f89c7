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
constexpr qreal mostNameShare = 0.4; ///< of the width, for names
constexpr qreal barShare = 0.62;     ///< of the height of a row
constexpr qreal mostRowHeight = 40;
constexpr qreal pixelsPerTick = 80;
constexpr int smallestFont = 8;

/// Places the parts of one waterfall whose bars lie on their side, one a row.
class LyingWaterfall
{
public:
    LyingWaterfall(const Figure &figure, const FigureLayoutOptions &options)
        : m_figure(figure)
        , m_options(options)
        , m_series(figure.series.front())
        , m_spans(waterfallSpans(m_series))
        , m_texts(waterfallTexts(m_series))
        , m_font(drawingFont(Theme::TextRole::Caption, options.forPrint))
    {}

    FigureLayout run()
    {
        m_out.lying = true;
        placeTitle();
        placePlot();
        placeLyingAxis(m_out, m_out.y, m_scale.ticks, m_options.theme, m_font, m_options.size.width());
        for (qsizetype row = 0; row < m_spans.size(); ++row)
            placeRow(row);
        return m_out;
    }

private:
    [[nodiscard]] qreal line() const { return QFontMetricsF(m_font).height(); }

    void placeTitle()
    {
        if (m_figure.yTitle.empty())
            return;
        const QString text =
            wrappedAnywhere(toQt(m_figure.yTitle), m_font, m_options.size.width()).join(QLatin1Char('\n'));
        const QSizeF size = textSize(text, m_font);
        addLevelLabel(m_out, {size.width() / 2, size.height() / 2}, text, m_options.theme.secondaryText, m_font,
                      Qt::AlignLeft);
        m_top = size.height() + 2;
    }

    /// How far to the right and to the left a row reaches, its whisker included.
    [[nodiscard]] std::pair<double, double> reachOf(qsizetype row) const
    {
        const auto [from, to] = m_spans[row];
        double low = std::min(from, to);
        double high = std::max(from, to);
        const FigurePoint &point = m_series.points[static_cast<std::size_t>(row)];
        if (point.between && !isWholeBar(m_series, static_cast<std::size_t>(row))) {
            low = std::min({low, from + point.between->first, from + point.between->second});
            high = std::max({high, from + point.between->first, from + point.between->second});
        }
        return {low, high};
    }

    void placePlot()
    {
        const QSizeF size = m_options.size;
        const auto rows = std::max<qreal>(static_cast<qreal>(m_spans.size()), 1);
        const qreal height = std::max<qreal>(size.height() - m_top - line() - 6, 20);
        // Rows that are lower than their letters would write one name over the next.
        while (m_font.pixelSize() > smallestFont && line() > height / rows)
            m_font.setPixelSize(m_font.pixelSize() - 1);
        qreal names = 0;
        qreal values = 0;
        double low = 0;
        double high = 0;
        for (qsizetype row = 0; row < m_spans.size(); ++row) {
            names = std::max(names, textSize(nameOf(row), m_font).width());
            values = std::max(values, textSize(m_texts[row], m_font).width());
            const auto [least, most] = reachOf(row);
            low = std::min(low, least);
            high = std::max(high, most);
        }
        m_names = std::min(names, size.width() * mostNameShare);
        const qreal left = m_names + gap;
        m_out.plot = QRectF(left, m_top, std::max<qreal>(size.width() - left - values - gap - 2, 40),
                            std::min(height, rows * mostRowHeight));
        const int wanted = std::clamp(static_cast<int>(m_out.plot.width() / pixelsPerTick), 2, 6);
        // Up to the last value and no further: the room beyond it belongs to the texts.
        ValueRange range{low, high > low ? high : low + 1};
        if (const auto &held = m_options.heldY; held && held->span() > 0)
            range = {std::min(low, held->low), std::max(high, held->high)};
        m_scale = valueScaleWithin(range, wanted, m_figure.format);
        // The values of a waterfall are its y, whichever way its bars go.
        m_out.y = m_scale.range;
        m_out.x = {-0.5, rows - 0.5};
    }

    [[nodiscard]] QString nameOf(qsizetype row) const
    {
        const auto index = static_cast<std::size_t>(row);
        return index < m_figure.categories.size() ? toQt(m_figure.categories[index]) : QString();
    }

    [[nodiscard]] qreal across(double value) const
    {
        return m_out.plot.left() + (value - m_out.y.low) / m_out.y.span() * m_out.plot.width();
    }

    void placeRow(qsizetype row)
    {
        const Theme &theme = m_options.theme;
        const qreal slot = m_out.plot.height() / static_cast<qreal>(m_spans.size());
        const qreal middle = m_out.plot.top() + (static_cast<qreal>(row) + 0.5) * slot;
        const qreal half = slot * barShare / 2;
        const auto [from, to] = m_spans[row];
        const auto index = static_cast<std::size_t>(row);
        placeRowName(m_out, nameOf(row), m_names, slot, middle, theme.text, m_font);
        QRectF box = QRectF(QPointF(across(from), middle - half), QPointF(across(to), middle + half)).normalized();
        // A part that is next to nothing is still to be seen.
        if (box.width() < 1)
            box.setWidth(1);
        m_out.bars.append({box, waterfallColour(m_figure, index, theme), false});
        m_out.spots.append({0, static_cast<int>(row), box.center(), box});
        const FigurePoint &point = m_series.points[index];
        if (point.between && !isWholeBar(m_series, index))
            addWhisker(middle + half / 2, from + point.between->first, from + point.between->second);
        const qreal right = std::max(box.right(), across(reachOf(row).second));
        addLevelLabel(m_out, {right + 4 + textSize(m_texts[row], m_font).width() / 2, middle}, m_texts[row], theme.text,
                      m_font);
        if (row + 1 < m_spans.size())
            m_out.inFront.append({QLineF(across(to), middle + half, across(to), middle + slot - half),
                                  theme.strongBorder, 1, Qt::SolidLine});
    }

    /// Between which ends the part may lie.
    void addWhisker(qreal y, double from, double to)
    {
        constexpr qreal capHeight = 3;
        const QColor colour = m_options.theme.text;
        m_out.inFront.append({QLineF(across(from), y, across(to), y), colour, 1, Qt::SolidLine});
        for (const qreal x : {across(from), across(to)})
            m_out.inFront.append({QLineF(x, y - capHeight, x, y + capHeight), colour, 1, Qt::SolidLine});
    }

    const Figure &m_figure;
    const FigureLayoutOptions &m_options;
    const FigureSeries &m_series;
    QVector<std::pair<double, double>> m_spans;
    QStringList m_texts;
    QFont m_font;
    FigureLayout m_out;
    ValueScale m_scale;
    qreal m_top = 0;
    qreal m_names = 0; ///< width of the names
};

} // namespace

FigureLayout layOutLyingWaterfall(const Figure &figure, const FigureLayoutOptions &options)
{
    return LyingWaterfall(figure, options).run();
}

} // namespace perunit
