// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/report/report_document.h"
#include "pricing/base/result.h"
#include "widgets/charts/figure_plane.h"

#include <QPageSize>
#include <QString>

#include <optional>

namespace perunit {

/// Writing to files: all or nothing, an older file stays until the new one is complete. Always the light theme.
/// Errors: Io with the path and the reason of the system. All need a QApplication; a display is not needed.

/// The report as PDF with text that can be searched and fonts inside.
Status writeReportPdf(const ReportDocument &document, const QString &path, QPageSize::PageSizeId paper = QPageSize::A4);
/// One figure on a page of its own size; with a plane, its lines stand over numbers.
Status writeFigurePdf(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane = {});
Status writeFigureSvg(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane = {});
/// At 192 dots per inch.
Status writeFigurePng(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane = {});

} // namespace perunit
