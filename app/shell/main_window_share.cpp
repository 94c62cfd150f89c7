// SPDX-License-Identifier: GPL-3.0-or-later
// Scenarios that carry their baseline: for colleagues who do not have the ledger.
#include "app/document/shared_scenario.h"
#include "app/shell/file_dialogs.h"
#include "app/shell/main_window.h"
#include "widgets/feedback/message_area.h"
#include "widgets/text/text.h"

#include <QFile>
#include <QFileInfo>

namespace perunit {

const Scenario *MainWindow::selectedScenario()
{
    const Scenario *scenario = m_document.state().scenarios.find(m_selection.scenarioId());
    if (!scenario)
        showMessage(MessageKind::Info, tr("Select a scenario first: the baseline is the ledger itself."),
                    tr("Show scenarios"), [this] { showPage(PageId::Scenarios); });
    return scenario;
}

void MainWindow::shareScenario()
{
    const Scenario *scenario = selectedScenario();
    const auto outcomes = m_document.outcomes();
    if (!scenario || !outcomes)
        return;
    const QString path = askFileToSave(this, tr("Share scenario with its baseline"), toQt(scenario->name),
                                       {{tr("Scenario"), QStringLiteral("perunit-scenario")}});
    if (path.isEmpty())
        return;
    showMessage(MessageKind::Info, tr("Adding up the baseline for %1…").arg(QFileInfo(path).fileName()), {}, {});
    m_filesJob.start([this, path, baseline = outcomes->baseline, state = m_document.state(),
                      id = scenario->id](const std::stop_token &stop) -> JobRunner::Delivery {
        auto file = sharedScenario(state, *baseline, id, stop);
        const Status status = file ? writeTextFile(fromQt(path), writeScenarioFile(*file)) : Status(file.error());
        return [this, path, status] {
            if (!status) {
                reportProblem(status.error());
                return;
            }
            showMessage(
                MessageKind::Success,
                tr("%1 carries the baseline added up, your prices, the terms of your contracts and your units. It "
                   "names no customer and no conversation.")
                    .arg(QFileInfo(path).fileName()),
                {}, {});
        };
    });
}

void MainWindow::openSharedScenarios(const QStringList &paths)
{
    m_filesJob.start([this, paths](const std::stop_token &) -> JobRunner::Delivery {
        const auto file = paths.size() == 1 ? readScenarioAt(fromQt(paths.front())) : Result<ScenarioFile>(Error{});
        if (!file || file->profile.empty()) {
            return [this, paths] {
                if (ensureOpen())
                    m_document.addScenarioFiles(paths);
            };
        }
        const QString workspace = WorkspaceDocument::newUntitledPath();
        const auto fill = [&]() -> Status {
            auto store = WorkspaceStore::open(fromQt(workspace), WorkspaceStore::Mode::OpenOrCreate);
            return store ? takeInShared(**store, *file) : Status(store.error());
        };
        const Status status = fill();
        return [this, status, workspace, name = QFileInfo(paths.front()).fileName()] {
            if (!status) {
                for (const char *suffix : {"", "-wal", "-shm"})
                    QFile::remove(workspace + QLatin1String(suffix));
                reportProblem(status.error().in(fromQt(name)));
                return;
            }
            if (!openWorkspace(workspace))
                return;
            if (!m_document.state().scenarios.scenarios.empty())
                m_selection.setScenario(m_document.state().scenarios.scenarios.back().id);
            showPage(PageId::Scenarios);
            showMessage(MessageKind::Success,
                        tr("%1 brought its baseline along: its figures stand without the ledger, and its levers move.")
                            .arg(name),
                        {}, {});
        };
    });
}

} // namespace perunit
