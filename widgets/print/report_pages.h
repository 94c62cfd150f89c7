// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/report/report_document.h"

#include <QPageSize>
#include <QSizeF>

#include <memory>

class QPainter;

namespace perunit {

/// A report cut into pages. The preview in the window and the PDF paint the same pages.
/// All lengths are in 1/96 inch; scale the painter for other devices. Needs a QApplication.
class ReportPages
{
public:
    explicit ReportPages(ReportDocument document, QPageSize::PageSizeId paper = QPageSize::A4);
    ~ReportPages();
    ReportPages(const ReportPages &) = delete;
    ReportPages &operator=(const ReportPages &) = delete;

    [[nodiscard]] int count() const;
    /// Size of the sheet, margins included.
    [[nodiscard]] QSizeF pageSize() const;
    [[nodiscard]] QPageSize::PageSizeId paper() const;
    [[nodiscard]] const ReportDocument &document() const;
    /// Paints page `page` (from 0) with the corner of the sheet at the origin of the painter. Leaves the ground
    /// as it is: paper is white.
    void paintPage(QPainter &painter, int page) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace perunit
