// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"
#include "model/report/report_document.h"

#include <functional>
#include <memory>

class QPushButton;
class QStackedWidget;

namespace perunit {

class ReportPreview;

/// What do I send: the pages of the comparison report as they will be in the PDF.
class ReportPage : public Page
{
    Q_OBJECT
public:
    explicit ReportPage(const PageContext &context, QWidget *parent = nullptr);

    /// Whether pages are being prepared at the moment.
    [[nodiscard]] bool isBusy() const { return m_previewJob.isBusy(); }
    /// Writes the report of the present state; builds it first when it is older than the state. `done` is called on
    /// this thread.
    void write(const QString &path, std::function<void(const Status &)> done);

signals:
    /// The user wants the report as a file.
    void exportWanted();

protected:
    void refresh() override;

private:
    using Built = std::function<void(const Result<ReportDocument> &)>;
    /// Builds the report in a job: its bridges take longer than a frame.
    void build(JobRunner &job, Built done);

    QStackedWidget *m_views;
    ReportPreview *m_preview;
    QPushButton *m_export;
    JobRunner m_previewJob;
    JobRunner m_exportJob;
};

} // namespace perunit
