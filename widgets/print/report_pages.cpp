// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/print/report_pages.h"

#include "widgets/charts/figure_layout.h"
#include "widgets/charts/label_fit.h"
#include "widgets/print/print_piece.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

namespace perunit {

namespace {

constexpr qreal pixelsPerPoint = 96.0 / 72.0;
constexpr qreal margin = 56;
constexpr qreal footerHeight = 40;

struct Placed {
    int piece = 0;
    qreal y = 0;
};

} // namespace

struct ReportPages::Impl {
    ReportDocument document;
    QPageSize::PageSizeId paper = QPageSize::A4;
    QSizeF size;
    QVector<PrintPiece> pieces;
    QVector<QVector<Placed>> pages;

    [[nodiscard]] qreal bodyHeight() const { return size.height() - 2 * margin - footerHeight; }
    /// Height of a piece with all that must stand on the same page.
    [[nodiscard]] qreal keptHeight(qsizetype first) const;
    void paginate();
    void paintFooter(QPainter &painter, int page) const;
};

qreal ReportPages::Impl::keptHeight(qsizetype first) const
{
    qreal height = pieces[first].height;
    for (qsizetype i = first; pieces[i].keepWithNext && i + 1 < pieces.size(); ++i)
        height += pieces[i + 1].gapBefore + pieces[i + 1].height;
    return height;
}

void ReportPages::Impl::paginate()
{
    pages = {{}};
    qreal y = 0;
    for (qsizetype i = 0; i < pieces.size(); ++i) {
        const PrintPiece &piece = pieces[i];
        const qreal gap = pages.last().isEmpty() ? 0 : piece.gapBefore;
        // What does not fit on any page is not moved to the next one for its followers' sake.
        const qreal kept = std::min(keptHeight(i), bodyHeight());
        if (!pages.last().isEmpty() && y + gap + kept > bodyHeight()) {
            pages.append(QVector<Placed>());
            y = 0;
            if (piece.repeatedHeader >= 0) {
                pages.last().append({piece.repeatedHeader, 0});
                y = pieces[piece.repeatedHeader].height;
            }
        } else {
            y += gap;
        }
        pages.last().append({static_cast<int>(i), y});
        y += piece.height;
    }
}

void ReportPages::Impl::paintFooter(QPainter &painter, int page) const
{
    const Theme theme = Theme::paper();
    QFont font = drawingFont(Theme::TextRole::Caption, true);
    font.setPixelSize(10);
    const qreal width = size.width() - 2 * margin;
    const qreal top = size.height() - margin - footerHeight + 14;
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(QPointF(margin, top), QPointF(margin + width, top));
    painter.setFont(font);
    painter.setPen(theme.secondaryText);
    const QString number = QCoreApplication::translate("ReportPages", "Page %1 of %2").arg(page + 1).arg(pages.size());
    const qreal numberWidth = textSize(number, font).width();
    const QRectF box(margin, top + 6, width, footerHeight - 14);
    painter.drawText(box, Qt::AlignRight | Qt::AlignTop | Qt::TextDontClip, number);
    const QString text = wrappedAnywhere(toQt(document.footer), font, width - numberWidth - 16).join(QLatin1Char('\n'));
    painter.drawText(box, Qt::AlignLeft | Qt::AlignTop | Qt::TextDontClip, text);
}

ReportPages::ReportPages(ReportDocument document, QPageSize::PageSizeId paper)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->document = std::move(document);
    m_impl->paper = paper;
    m_impl->size = QPageSize(paper).size(QPageSize::Point) * pixelsPerPoint;
    m_impl->pieces = printPieces(m_impl->document, m_impl->size.width() - 2 * margin, m_impl->bodyHeight());
    m_impl->paginate();
}

ReportPages::~ReportPages() = default;

int ReportPages::count() const
{
    return static_cast<int>(m_impl->pages.size());
}

QSizeF ReportPages::pageSize() const
{
    return m_impl->size;
}

QPageSize::PageSizeId ReportPages::paper() const
{
    return m_impl->paper;
}

const ReportDocument &ReportPages::document() const
{
    return m_impl->document;
}

void ReportPages::paintPage(QPainter &painter, int page) const
{
    if (page < 0 || page >= count())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Placed &placed : m_impl->pages[page])
        m_impl->pieces[placed.piece].paint(painter, {margin, margin + placed.y});
    m_impl->paintFooter(painter, page);
    painter.restore();
}

} // namespace perunit
