// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_page.h"

#include "app/pages/compared_scenarios.h"
#include "app/pages/page_layout.h"
#include "app/report/scenario_report.h"
#include "app/shell/edit_controls.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/print/report_files.h"
#include "widgets/print/report_preview.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace perunit {

ReportPage::ReportPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Report, tr("Report"), parent)
    , m_views(new QStackedWidget(this))
    , m_preview(new ReportPreview(this))
    , m_export(new QPushButton(themedIcon(QStringLiteral("export")), tr("Export PDF…"), this))
{
    const PageFrame frame = buildPageFrame(this, title());
    m_export->setProperty("role", "primary");
    connect(m_export, &QPushButton::clicked, this, &ReportPage::exportWanted);
    frame.controls->addWidget(m_export);
    auto *none = new EmptyState(QStringLiteral("report"), tr("A report needs a ledger."), this);
    none->setHint(tr("Import one, make scenarios, and the pages appear here as they will be printed."));
    connect(changesWorkspace(none->addButton(tr("Import files…"), QStringLiteral("import"))), &QPushButton::clicked,
            this, [this] { window().chooseFilesToImport(); });
    m_views->addWidget(none);
    m_views->addWidget(m_preview);
    m_views->addWidget(new EmptyState(QStringLiteral("report"), tr("The pages are being laid out…"), this));
    frame.rows->addWidget(m_views, 1);

    connect(&document(), &WorkspaceDocument::opened, this, [this] {
        // Pages of the workspace before must not appear in this one.
        m_previewJob.cancel();
        m_exportJob.cancel();
        m_preview->clear();
        invalidate();
    });
    connect(&document(), &WorkspaceDocument::outcomesChanged, this, &ReportPage::invalidate);
    connect(&document(), &WorkspaceDocument::pathChanged, this, &ReportPage::invalidate);
    connect(&selection(), &Selection::comparedChanged, this, &ReportPage::invalidate);
    connect(&selection(), &Selection::unitChanged, this, &ReportPage::invalidate);
}

void ReportPage::refresh()
{
    const auto outcomes = document().outcomes();
    const bool computing = !outcomes && document().isComputing();
    // Lines of bills are usage without a number of requests.
    const auto used = outcomes ? outcomes->baseline->rows() : std::pair<std::size_t, std::size_t>{};
    const bool filled = used.first != used.second && !comparedScenarios(*outcomes, selection()).empty();
    const bool shown = filled && m_preview->pageCount() > 0;
    m_views->setCurrentIndex(shown ? 1 : filled || computing ? 2 : 0);
    m_export->setEnabled(filled);
    if (!filled) {
        m_previewJob.cancel();
        return;
    }
    build(m_previewJob, [this](const Result<ReportDocument> &report) {
        if (report) {
            m_preview->setReport(*report);
            m_views->setCurrentIndex(1);
        } else if (report.error().code != ErrorCode::Cancelled) {
            window().showMessage(MessageKind::Error, errorText(report.error()));
        }
    });
}

void ReportPage::build(JobRunner &job, Built done)
{
    const auto outcomes = document().outcomes();
    job.start([name = fromQt(document().displayName()), outcomes, unit = selection().unitName(),
               compared = comparedScenarios(*outcomes, selection()),
               done = std::move(done)](const std::stop_token &stop) -> JobRunner::Delivery {
        auto report =
            std::make_shared<Result<ReportDocument>>(scenarioReport(name, outcomes->baseline, compared, unit, stop));
        return [report, done] {
            done(*report);
        };
    });
}

void ReportPage::write(const QString &path, std::function<void(const Status &)> done)
{
    const auto outcomes = document().outcomes();
    if (!outcomes || comparedScenarios(*outcomes, selection()).empty()) {
        done(Error{ErrorCode::NotFound, "there is nothing to report yet", "",
                   "import a ledger, and choose a reference that can be computed"});
        return;
    }
    // A job of its own: a preview that is asked for meanwhile must not cancel the file.
    build(m_exportJob, [path, done = std::move(done)](const Result<ReportDocument> &report) {
        // On this thread: charts are laid out by Qt, which allows that nowhere else.
        done(report ? writeReportPdf(*report, path) : Status(report.error()));
    });
}

} // namespace perunit
