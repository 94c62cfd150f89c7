// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window does with files: new, open, save, export, recent ones.
#include "app/document/outcomes_csv.h"
#include "app/document/shared_scenario.h"
#include "app/pages/budget_questions.h"
#include "app/pages/report_page.h"
#include "app/shell/edit_controls.h"
#include "app/shell/file_dialogs.h"
#include "app/shell/main_window.h"
#include "model/scenario/scenario_file.h"
#include "model/store/rescue.h"
#include "widgets/feedback/message_area.h"
#include "widgets/feedback/message_strip.h"
#include "widgets/text/text.h"

#include <QFileInfo>
#include <QSettings>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace perunit {

namespace {

constexpr int mostRecent = 8;

} // namespace

void MainWindow::askAboutBudget(const QString &path, const ReadingAnswers &said,
                                const std::vector<ImportQuestion> &questions)
{
    auto *dialog = new BudgetQuestions(path, said, questions, this);
    connect(dialog, &BudgetQuestions::answered, this,
            [this, path](const ReadingAnswers &answers) { m_document.addBudgetFile(path, answers); });
    dialog->open();
}

bool MainWindow::ensureOpen()
{
    if (m_document.isOpen())
        return true;
    if (const Status status = m_document.createUntitled(); !status) {
        reportProblem(status.error());
        return false;
    }
    return true;
}

void MainWindow::newWorkspace()
{
    if (const Status status = m_document.createUntitled(); !status)
        reportProblem(status.error());
}

bool MainWindow::openWorkspace(const QString &path)
{
    const Status status = m_document.open(path);
    if (status)
        return true;
    // Of a file that is no workspace nothing can be saved, of one that is damaged most can.
    if (status.error().code == ErrorCode::BadInput && QFileInfo(path).isFile())
        showMessage(MessageKind::Error, errorText(status.error()), tr("Save what is still good…"),
                    [this, path] { chooseRescue(path); });
    else
        reportProblem(status.error());
    return false;
}

void MainWindow::chooseRescue(const QString &damaged)
{
    const QString path =
        askFileToSave(this, tr("Save what is still good"), tr("%1 rescued").arg(QFileInfo(damaged).completeBaseName()),
                      {{tr("Workspace"), QStringLiteral("perunit")}});
    if (!path.isEmpty())
        rescue(damaged, path);
}

void MainWindow::rescue(const QString &damaged, const QString &rescued)
{
    showMessage(MessageKind::Info, tr("Saving what is still good of %1…").arg(QFileInfo(damaged).fileName()), {}, {});
    m_filesJob.start([this, damaged, rescued](const std::stop_token &) -> JobRunner::Delivery {
        auto result = std::make_shared<Result<Rescue>>(rescueWorkspace(fromQt(damaged), fromQt(rescued)));
        return [this, result, rescued] {
            if (!*result) {
                reportProblem(result->error());
                return;
            }
            if (!openWorkspace(rescued))
                return;
            QStringList lost;
            for (const std::string &each : (**result).lost)
                lost << toQt(each);
            showMessage(lost.isEmpty() ? MessageKind::Success : MessageKind::Warning,
                        lost.isEmpty() ? tr("Everything of the workspace could be saved.")
                                       : tr("Saved, but for: %1.").arg(lost.join(QStringLiteral("; "))),
                        {}, {});
        };
    });
}

/// The source that an error is about, when it is damaged and in the figures. Nothing where two sources have the name
/// and it is not known which of them is damaged: leaving out the good one would change figures for nothing.
const Source *MainWindow::damagedSource(const Error &error) const
{
    if (error.code != ErrorCode::BadInput)
        return nullptr;
    const std::string workspace = fromQt(m_document.path()) + ", ";
    const std::string where = error.where.starts_with(workspace) ? error.where.substr(workspace.size()) : error.where;
    const Source *found = nullptr;
    for (const Source &source : m_document.sources()) {
        const bool named =
            where == source.file || where.starts_with(source.file + ",") || where.starts_with(source.file + ":");
        if (!named || (!source.active && source.damage.empty()))
            continue;
        if (found && found->damage.empty() == source.damage.empty())
            return nullptr;
        if (!found || found->damage.empty())
            found = &source;
    }
    return found;
}

/// Takes a damaged source out of the figures for good, so that the rest can be read.
void MainWindow::leaveOut(std::int64_t source)
{
    WorkspaceState next = m_document.state();
    const auto known = next.sources.find(source);
    if (known == next.sources.end())
        return;
    known->second.active = false;
    m_document.edit(tr("Leave out damaged source"), std::move(next));
}

void MainWindow::openSample()
{
    if (const Status status = m_document.openSample(); !status)
        reportProblem(status.error());
}

void MainWindow::chooseWorkspace()
{
    const QStringList paths =
        askFilesToOpen(this, tr("Open"),
                       tr("All that Perunit reads (*.perunit *.perunit-scenario *.json *.csv *.gz "
                          "*.zip *.zst);;Workspaces (*.perunit);;Scenarios (*.perunit-scenario)"));
    if (!paths.isEmpty())
        openFiles(paths);
}

void MainWindow::chooseFilesToImport()
{
    const QStringList paths = askFilesToOpen(
        this, tr("Import ledgers, outcomes and price catalogues"),
        tr("Ledgers and catalogues (*.csv *.tsv *.txt *.json *.gz *.zip *.zst *.bz2 *.xz);;All files (*)"));
    if (!paths.isEmpty())
        openFiles(paths);
}

void MainWindow::saveAs()
{
    if (!ensureOpen())
        return;
    const QString path = askFileToSave(this, tr("Save workspace as"), m_document.displayName(),
                                       {{tr("Workspace"), QStringLiteral("perunit")}});
    if (path.isEmpty())
        return;
    if (const Status status = m_document.saveAs(path); !status)
        reportProblem(status.error());
    else
        showMessage(MessageKind::Success, tr("The workspace is saved as %1.").arg(QFileInfo(path).fileName()), {}, {});
}

void MainWindow::saveScenario()
{
    const Scenario *scenario = selectedScenario();
    if (!scenario)
        return;
    const QString path = askFileToSave(this, tr("Save scenario"), toQt(scenario->name),
                                       {{tr("Scenario"), QStringLiteral("perunit-scenario")}});
    if (path.isEmpty())
        return;
    const auto ledger = m_document.ledger();
    const ScenarioFile file = scenarioFileOf(m_document.state(), scenario->id, *m_document.priceBook(), ledger.get());
    if (const Status status = writeTextFile(fromQt(path), writeScenarioFile(file)); !status)
        reportProblem(status.error());
    else
        showMessage(MessageKind::Success, tr("The scenario is saved as %1.").arg(QFileInfo(path).fileName()), {}, {});
}

void MainWindow::updateReadOnly()
{
    delete std::exchange(m_readOnly, nullptr);
    const bool readOnly = m_document.isReadOnly();
    const QString reason = m_document.readOnlyReason();
    m_editControls->setReadOnly(readOnly ? tr("This workspace can only be read: %1.").arg(reason) : QString());
    if (!readOnly)
        return;
    m_readOnly = new MessageStrip(MessageKind::Warning, tr("This workspace can only be read: %1.").arg(reason), this);
    m_readOnly->setClosable(false);
    m_readOnly->addAction(
        tr("Save as…"), [this] { saveAs(); }, true);
    // Not from inside of the strip: it goes when the workspace opens for writing.
    m_readOnly->addAction(
        tr("Try again"), [this] { QTimer::singleShot(0, this, [this] { openWorkspace(m_document.path()); }); }, true);
    m_middle->insertWidget(0, m_readOnly);
}

QStringList MainWindow::recentWorkspaces() const
{
    QStringList result;
    for (const QString &path : QSettings().value(QStringLiteral("recent")).toStringList()) {
        if (QFileInfo::exists(path))
            result << path;
    }
    return result;
}

void MainWindow::rememberRecent()
{
    QStringList recent = QSettings().value(QStringLiteral("recent")).toStringList();
    recent.removeAll(m_document.path());
    recent.prepend(m_document.path());
    QSettings().setValue(QStringLiteral("recent"), QStringList(recent.mid(0, mostRecent)));
    QSettings().setValue(QStringLiteral("last"), m_document.path());
}

void MainWindow::exportFigure(const Figure &figure, const std::optional<FigurePlane> &plane)
{
    const QString path = askFileToSave(
        this, tr("Export chart"), toQt(figure.title),
        {{tr("PDF"), QStringLiteral("pdf")}, {tr("SVG"), QStringLiteral("svg")}, {tr("PNG"), QStringLiteral("png")}});
    if (path.isEmpty())
        return;
    if (const Status status = writeFigure(figure, path, plane); !status)
        reportProblem(status.error());
    else
        showMessage(MessageKind::Success, tr("The chart is saved as %1.").arg(QFileInfo(path).fileName()), tr("Open"),
                    [path] { openOutside(path); });
}

void MainWindow::exportReport()
{
    auto *report = static_cast<ReportPage *>(page(PageId::Report));
    const QString path =
        askFileToSave(this, tr("Export report"), m_document.displayName(), {{tr("PDF"), QStringLiteral("pdf")}});
    if (path.isEmpty())
        return;
    report->write(path, [this, path](const Status &status) {
        if (!status)
            reportProblem(status.error());
        else
            showMessage(MessageKind::Success, tr("The report is saved as %1.").arg(QFileInfo(path).fileName()),
                        tr("Open"), [path] { openOutside(path); });
    });
}

void MainWindow::exportOutcomes()
{
    const auto outcomes = m_document.outcomes();
    if (!outcomes) {
        showMessage(MessageKind::Info, tr("There is nothing to export yet: import a ledger first."), tr("Import…"),
                    [this] { chooseFilesToImport(); });
        return;
    }
    const QString path =
        askFileToSave(this, tr("Export outcomes"), m_document.displayName(), {{tr("CSV"), QStringLiteral("csv")}});
    if (path.isEmpty())
        return;
    std::vector<Outcome> all{outcomes->base};
    for (const ScenarioOutcomes::Entry &entry : outcomes->scenarios) {
        if (entry.outcome)
            all.push_back(*entry.outcome);
    }
    if (const Status status = writeTextFile(fromQt(path), outcomesAsCsv(all)); !status)
        reportProblem(status.error());
    else
        showMessage(MessageKind::Success, tr("The outcomes are saved as %1.").arg(QFileInfo(path).fileName()),
                    tr("Open"), [path] { openOutside(path); });
}

} // namespace perunit
