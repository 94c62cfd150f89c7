// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/print/report_files.h"

#include "widgets/charts/figure_painter.h"
#include "widgets/print/report_pages.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace perunit {

namespace {

constexpr qreal pixelsPerInch = 96;
constexpr int pdfResolution = 1200;
constexpr qreal figureWidth = 720;
constexpr qreal figureMargin = 24;
constexpr int pngScale = 2;

Error ioError(const QString &path, const QString &reason)
{
    return {ErrorCode::Io, "the file could not be written (" + fromQt(reason) + ")", fromQt(path),
            "choose another place or make room on the disk"};
}

/// Qt reports no write error of a PDF, so that all bytes go through memory into a file that is checked.
Status save(const QByteArray &content, const QString &path)
{
    // Putting a new file in the place of a device would take the device away.
    const QFileInfo target(path);
    if (target.exists() && !target.isFile())
        return ioError(path, QStringLiteral("there is something else than a file"));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return ioError(path, file.errorString());
    if (file.write(content) != content.size() || !file.commit())
        return ioError(path, file.errorString());
    return {};
}

QSizeF figureSize(const Figure &figure)
{
    return {figureWidth, figureHeight(figure, figureWidth - 2 * figureMargin) + 2 * figureMargin};
}

void paintOnSheet(QPainter &painter, const QSizeF &size, const Figure &figure, const std::optional<FigurePlane> &plane,
                  bool forPrint)
{
    paintFigure(painter, QRectF(QPointF(), size).adjusted(figureMargin, figureMargin, -figureMargin, -figureMargin),
                figure, Theme::paper(), forPrint, plane);
}

void describe(QPdfWriter &writer, const std::string &title)
{
    writer.setTitle(toQt(title));
    writer.setCreator(QStringLiteral("Perunit"));
    writer.setResolution(pdfResolution);
}

Error paintError(const QString &path)
{
    return ioError(path, QStringLiteral("painting did not start"));
}

} // namespace

Status writeReportPdf(const ReportDocument &document, const QString &path, QPageSize::PageSizeId paper)
{
    const ReportPages pages(document, paper);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    describe(writer, document.title);
    writer.setPageSize(QPageSize(paper));
    writer.setPageMargins(QMarginsF());
    QPainter painter;
    if (!painter.begin(&writer))
        return paintError(path);
    painter.scale(pdfResolution / pixelsPerInch, pdfResolution / pixelsPerInch);
    for (int page = 0; page < pages.count(); ++page) {
        if (page > 0)
            writer.newPage();
        pages.paintPage(painter, page);
    }
    painter.end();
    return save(buffer.data(), path);
}

Status writeFigurePdf(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane)
{
    const QSizeF size = figureSize(figure);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    describe(writer, figure.title);
    writer.setPageSize(QPageSize(size * 72.0 / pixelsPerInch, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    QPainter painter;
    if (!painter.begin(&writer))
        return paintError(path);
    painter.scale(pdfResolution / pixelsPerInch, pdfResolution / pixelsPerInch);
    paintOnSheet(painter, size, figure, plane, true);
    painter.end();
    return save(buffer.data(), path);
}

Status writeFigureSvg(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane)
{
    const QSizeF size = figureSize(figure);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(pixelsPerInch));
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(), size));
    generator.setTitle(toQt(figure.title));
    generator.setDescription(toQt(figure.summary));
    QPainter painter;
    if (!painter.begin(&generator))
        return paintError(path);
    painter.fillRect(QRectF(QPointF(), size), Theme::paper().surface);
    paintOnSheet(painter, size, figure, plane, false);
    painter.end();
    return save(buffer.data(), path);
}

Status writeFigurePng(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane)
{
    const QSizeF size = figureSize(figure);
    QImage image((size * pngScale).toSize(), QImage::Format_RGB32);
    image.fill(Theme::paper().surface);
    image.setText(QStringLiteral("Title"), toQt(figure.title));
    image.setText(QStringLiteral("Description"), toQt(figure.summary));
    QPainter painter(&image);
    painter.scale(pngScale, pngScale);
    paintOnSheet(painter, size, figure, plane, false);
    painter.end();
    constexpr qreal inchesPerMetre = 39.3701;
    image.setDotsPerMeterX(qRound(pixelsPerInch * pngScale * inchesPerMetre));
    image.setDotsPerMeterY(qRound(pixelsPerInch * pngScale * inchesPerMetre));
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        return ioError(path, QStringLiteral("the picture could not be encoded"));
    return save(buffer.data(), path);
}

} // namespace perunit
