// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/report/report_document.h"
#include "widgets/print/report_pages.h"

#include <QAbstractScrollArea>

#include <memory>

namespace perunit {

/// The pages of a report one below the other, as they will be printed. Ctrl with the wheel, plus and minus change the
/// size; 0 fits the width again.
class ReportPreview : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit ReportPreview(QWidget *parent = nullptr);

    /// Shows another report; the place that is looked at stays.
    void setReport(const ReportDocument &report);
    /// Shows no pages.
    void clear();
    [[nodiscard]] int pageCount() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    /// Device-independent pixels a point.
    [[nodiscard]] qreal scale() const;
    [[nodiscard]] QSizeF pageSize() const;
    void setZoom(qreal zoom);
    void updateScrollBars();

    std::unique_ptr<const ReportPages> m_pages;
    qreal m_zoom = 1.0; ///< 1: the page fits a comfortable reading width
};

} // namespace perunit
