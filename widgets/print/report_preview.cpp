// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/print/report_preview.h"

#include "widgets/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr qreal smallestZoom = 0.5;
constexpr qreal largestZoom = 3.0;
constexpr qreal zoomStep = 1.15;
/// Wider than this a page of A4 is harder to read, not easier.
constexpr qreal comfortableWidth = 900;

} // namespace

ReportPreview::ReportPreview(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Pages of the report"));
    viewport()->setAccessibleName(accessibleName());
    viewport()->setBackgroundRole(QPalette::Window);
}

void ReportPreview::setReport(const ReportDocument &report)
{
    m_pages = std::make_unique<const ReportPages>(report);
    setAccessibleDescription(m_pages->count() == 1 ? tr("1 page") : tr("%1 pages").arg(m_pages->count()));
    updateScrollBars();
    viewport()->update();
}

void ReportPreview::clear()
{
    m_pages.reset();
    verticalScrollBar()->setRange(0, 0);
    horizontalScrollBar()->setRange(0, 0);
    viewport()->update();
}

int ReportPreview::pageCount() const
{
    return m_pages ? m_pages->count() : 0;
}

QSizeF ReportPreview::pageSize() const
{
    return m_pages ? m_pages->pageSize() : QSizeF();
}

qreal ReportPreview::scale() const
{
    const qreal fitting = std::min<qreal>(viewport()->width() - 2 * Theme::space4, comfortableWidth);
    return std::max<qreal>(fitting, 200) / pageSize().width() * m_zoom;
}

void ReportPreview::setZoom(qreal zoom)
{
    const qreal wanted = std::clamp(zoom, smallestZoom, largestZoom);
    if (!m_pages || wanted == m_zoom)
        return;
    const qreal place = verticalScrollBar()->value() / m_zoom;
    m_zoom = wanted;
    updateScrollBars();
    verticalScrollBar()->setValue(static_cast<int>(std::lround(place * m_zoom)));
    viewport()->update();
}

void ReportPreview::updateScrollBars()
{
    if (!m_pages)
        return;
    const qreal factor = scale();
    const qreal page = pageSize().height() * factor + Theme::space4;
    const int height = static_cast<int>(std::ceil(page * m_pages->count() + Theme::space4));
    const int width = static_cast<int>(std::ceil(pageSize().width() * factor + 2 * Theme::space4));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(Theme::rowHeight);
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
}

void ReportPreview::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), currentTheme().window);
    if (!m_pages)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal factor = scale();
    const QSizeF sheet = pageSize() * factor;
    const qreal left =
        std::max<qreal>(Theme::space4, (viewport()->width() - sheet.width()) / 2) - horizontalScrollBar()->value();
    for (int page = 0; page < m_pages->count(); ++page) {
        const qreal top = Theme::space4 + page * (sheet.height() + Theme::space4) - verticalScrollBar()->value();
        const QRectF place({left, top}, sheet);
        if (!place.intersects(event->rect()))
            continue;
        painter.fillRect(place, Qt::white);
        painter.save();
        painter.setClipRect(place);
        painter.translate(place.topLeft());
        painter.scale(factor, factor);
        m_pages->paintPage(painter, page);
        painter.restore();
        painter.setPen(currentTheme().border);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5));
    }
}

void ReportPreview::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
}

void ReportPreview::keyPressEvent(QKeyEvent *event)
{
    const bool control = event->modifiers() & Qt::ControlModifier;
    if (control && (event->key() == Qt::Key_Plus || event->key() == Qt::Key_Equal))
        setZoom(m_zoom * zoomStep);
    else if (control && event->key() == Qt::Key_Minus)
        setZoom(m_zoom / zoomStep);
    else if (control && event->key() == Qt::Key_0)
        setZoom(1.0);
    else if (event->key() == Qt::Key_Home)
        verticalScrollBar()->setValue(0);
    else if (event->key() == Qt::Key_End)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    else if (event->key() == Qt::Key_Space)
        verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepAdd);
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void ReportPreview::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    setZoom(event->angleDelta().y() > 0 ? m_zoom * zoomStep : m_zoom / zoomStep);
    event->accept();
}

} // namespace perunit
