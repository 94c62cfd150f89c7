// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

#include <QMainWindow>

#include <map>

class QAction;
class QLabel;
class QVBoxLayout;
class QStackedWidget;

namespace perunit {

class CheckSummary;
class CataloguePage;
class ExplainPanel;
class ImportPage;
class JobStrip;
class MessageArea;
class EditControls;
class MessageStrip;
class NavigationRail;

/// The one window: navigation rail, page, inspector, messages and running jobs. It wires the document to the pages and
/// takes files that are dropped anywhere on it.
class MainWindow : public QMainWindow, private WindowActions
{
    Q_OBJECT
public:
    explicit MainWindow(QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens the files; without any, the workspace of last time if it is still there.
    void start(const QStringList &files);

    [[nodiscard]] WorkspaceDocument &document() { return m_document; }
    [[nodiscard]] Selection &selection() { return m_selection; }
    [[nodiscard]] Page *page(PageId id) const;

    void openFiles(const QStringList &paths) override;
    void openSample() override;
    bool openWorkspace(const QString &path) override;
    void showPage(PageId page) override;
    void showView(PageId page, const QString &view) override;
    void explain(const FigureAddress &figure) override;
    void setDark(bool dark);
    /// Copies what is still good of a damaged workspace into a new file and opens that.
    void rescue(const QString &damaged, const QString &rescued);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void chooseFilesToImport() override;
    void openLedgers(const QStringList &paths);
    void askAboutBudget(const QString &path, const ReadingAnswers &said, const std::vector<ImportQuestion> &questions);
    void openCatalogues(const QStringList &paths) override;
    void showMessage(MessageKind kind, const QString &text, const QString &actionText,
                     std::function<void()> action) override;
    void showUndoable(const QString &text, MessageKind kind) override;
    void exportFigure(const Figure &figure, const std::optional<FigurePlane> &plane) override;
    [[nodiscard]] QStringList recentWorkspaces() const override;

    void buildPages();
    void buildFrame();
    void buildActions();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void connectDocument();

    bool ensureOpen();
    void newWorkspace();
    void chooseWorkspace();
    void saveAs();
    void exportReport();
    void exportOutcomes();
    void saveScenario();
    /// Saves it with everything that a colleague needs who has no ledger.
    void shareScenario();
    /// Opens scenarios where there is no ledger yet: one that carries its baseline becomes a workspace.
    void openSharedScenarios(const QStringList &paths);
    [[nodiscard]] const Scenario *selectedScenario();
    void rememberRecent();
    void reportProblem(const Error &error);
    void chooseRescue(const QString &damaged);
    [[nodiscard]] const Source *damagedSource(const Error &error) const;
    void leaveOut(std::int64_t source);
    void importFinished(const std::vector<Source> &sources);
    void pageChanged();
    void updateTitle();
    /// Says above the page that nothing can be changed, and why, as long as that is so.
    void updateReadOnly();
    void updateStatus();
    void updateJobs();

    WorkspaceDocument m_document;
    Selection m_selection;
    std::map<PageId, Page *> m_pages;
    ImportPage *m_importPage = nullptr;
    ExplainPanel *m_explainPanel = nullptr; ///< made when a figure is first explained
    JobRunner m_filesJob;                   ///< looks into dropped folders and archives
    CataloguePage *m_cataloguePage = nullptr;
    NavigationRail *m_rail = nullptr;
    QStackedWidget *m_stack = nullptr;
    QStackedWidget *m_inspectors = nullptr;
    MessageArea *m_messages = nullptr;
    JobStrip *m_job = nullptr;
    CheckSummary *m_checks = nullptr;
    QLabel *m_facts = nullptr;
    QVBoxLayout *m_middle = nullptr;
    EditControls *m_editControls = nullptr;
    MessageStrip *m_readOnly = nullptr; ///< while the workspace can only be read
    QAction *m_import = nullptr;
    QAction *m_saveScenario = nullptr;
    QAction *m_shareScenario = nullptr;
    QAction *m_dark = nullptr;
    QAction *m_showInspector = nullptr;
};

} // namespace perunit
