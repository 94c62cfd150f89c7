// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/main_window.h"

#include "app/document/file_kind.h"
#include "app/pages/capacity/capacity_page.h"
#include "app/pages/catalogue_page.h"
#include "app/pages/compare_page.h"
#include "app/pages/explain/explain_panel.h"
#include "app/pages/home_page.h"
#include "app/pages/import_page.h"
#include "app/pages/ledger/ledger_page.h"
#include "app/pages/prices/prices_page.h"
#include "app/pages/report_page.h"
#include "app/pages/scenarios_page.h"
#include "app/pages/units_page.h"
#include "app/shell/edit_controls.h"
#include "app/shell/navigation_rail.h"
#include "model/figures/figure_builder.h"
#include "pricing/catalogue/catalogue_file.h"
#include "widgets/feedback/check_summary.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/feedback/message_area.h"
#include "widgets/feedback/message_strip.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QDropEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <utility>

namespace perunit {

namespace {

constexpr int progressPollMilliseconds = 100;

QStringList localFiles(const QMimeData *data)
{
    QStringList paths;
    for (const QUrl &url : data->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    return paths;
}

} // namespace

MainWindow::MainWindow(QWidget *parent)
    : QMainWindow(parent)
    , m_selection(m_document)
{
    setMinimumSize(1024, 700);
    // So that a drag finds a taker wherever the pointer is; the event filter does the taking.
    setAcceptDrops(true);
    setWindowIcon(QIcon(QStringLiteral(":/perunit/icons/perunit.svg")));
    setDark(QSettings().value(QStringLiteral("dark")).toBool());
    buildFrame();
    buildPages();
    buildActions();
    m_editControls = new EditControls(this);
    connectDocument();
    // Charts, tables and text fields take drops for themselves; files are always meant for the window.
    qApp->installEventFilter(this);
    const QByteArray geometry = QSettings().value(QStringLiteral("geometry")).toByteArray();
    if (!restoreGeometry(geometry))
        resize(QSize(1440, 900).boundedTo(screen()->availableSize()));
    updateTitle();
    updateStatus();
    pageChanged();
    // Not on the first button: a focus ring at the start asks for nothing.
    m_stack->setFocus();
}

MainWindow::~MainWindow()
{
    qApp->removeEventFilter(this);
}

void MainWindow::start(const QStringList &files)
{
    if (!files.isEmpty()) {
        openFiles(files);
        return;
    }
    const QString last = QSettings().value(QStringLiteral("last")).toString();
    if (QFileInfo::exists(last))
        openWorkspace(last);
}

Page *MainWindow::page(PageId id) const
{
    return m_pages.at(id);
}

void MainWindow::setDark(bool dark)
{
    const Theme theme = dark ? Theme::darkTheme() : Theme::light();
    applyTheme(*qApp, theme);
    QSettings().setValue(QStringLiteral("dark"), dark);
    if (m_dark)
        m_dark->setChecked(dark);
}

// ---- construction -----------------------------------------------------------------------------------------

void MainWindow::buildFrame()
{
    auto *central = new QWidget(this);
    auto *rows = new QVBoxLayout(central);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(0);
    rows->addLayout(columns, 1);

    m_rail = new NavigationRail(central);
    connect(m_rail, &NavigationRail::pageWanted, this, &MainWindow::showPage);
    connect(m_rail, &NavigationRail::collapsedChanged, this,
            [](bool collapsed) { QSettings().setValue(QStringLiteral("railCollapsed"), collapsed); });
    columns->addWidget(m_rail);

    auto *middle = new QVBoxLayout;
    m_messages = new MessageArea(central);
    m_stack = new QStackedWidget(central);
    middle->setSpacing(0);
    m_middle = middle;
    middle->addWidget(m_messages);
    middle->addWidget(m_stack, 1);
    columns->addLayout(middle, 1);

    m_inspectors = new QStackedWidget(central);
    m_inspectors->setProperty("role", "inspector");
    m_inspectors->setAccessibleName(tr("Inspector"));
    m_inspectors->setFixedWidth(Theme::inspectorWidth);
    columns->addWidget(m_inspectors);

    auto *foot = new QFrame(central);
    foot->setProperty("role", "statusLine");
    auto *line = new QHBoxLayout(foot);
    line->setContentsMargins(Theme::space3, 0, Theme::space3, 0);
    line->setSpacing(Theme::space4);
    m_checks = new CheckSummary(foot);
    m_facts = new QLabel(foot);
    m_facts->setProperty("role", "caption");
    m_job = new JobStrip(foot);
    line->addWidget(m_checks);
    line->addWidget(m_facts);
    line->addStretch(1);
    line->addWidget(m_job);
    foot->setFixedHeight(Theme::controlHeight);
    rows->addWidget(foot);
    setCentralWidget(central);
}

void MainWindow::buildPages()
{
    const PageContext context{m_document, m_selection, *this};
    const auto add = [this](Page *page, const QString &icon, const QString &help) {
        m_pages[page->id()] = page;
        m_stack->addWidget(page);
        if (QWidget *inspector = page->inspector(); inspector && m_inspectors->indexOf(inspector) < 0)
            m_inspectors->addWidget(inspector);
        if (!icon.isEmpty())
            m_rail->addPage(page->id(), icon, page->title(), help);
    };
    add(new HomePage(context, m_stack), QStringLiteral("home"), tr("How much, where does it go, and is anything odd?"));
    add(new LedgerPage(context, m_stack), QStringLiteral("ledger"), tr("What was imported, and is it complete?"));
    add(new PricesPage(context, m_stack), QStringLiteral("prices"), tr("What each model costs, since when, says who"));
    add(new UnitsPage(context, m_stack), QStringLiteral("units"),
        tr("What one conversation, document or contract costs"));
    add(new ScenariosPage(context, m_stack), QStringLiteral("scenarios"), tr("What if?"));
    add(new ComparePage(context, m_stack), QStringLiteral("compare"), tr("Which scenario, and why?"));
    add(new CapacityPage(context, m_stack), QStringLiteral("capacity"),
        tr("How many units of reserved throughput, on which term?"));
    auto *report = new ReportPage(context, m_stack);
    connect(report, &ReportPage::exportWanted, this, &MainWindow::exportReport);
    add(report, QStringLiteral("report"), tr("What do I send?"));
    m_importPage = new ImportPage(context, m_stack);
    add(m_importPage, {}, {});
    m_cataloguePage = new CataloguePage(context, m_stack);
    add(m_cataloguePage, {}, {});
}

void MainWindow::buildActions()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About Perunit"), this, [this] {
        QMessageBox::about(
            this, tr("About Perunit"),
            tr("<b>Perunit %1</b><p>AI unit economics and what-if modelling, offline.</p>"
               "<p>Prices as of %2. Engine version %3.</p>"
               "<p>Free software under the GNU General Public License, version 3 or later.</p>")
                .arg(QStringLiteral(PERUNIT_VERSION), toQt(bundledCatalogue().asOf), toQt(engineVersion)));
    });
}

void MainWindow::buildFileMenu()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(tr("&New workspace"), QKeySequence::New, this, &MainWindow::newWorkspace);
    file->addAction(tr("&Open…"), QKeySequence::Open, this, &MainWindow::chooseWorkspace);
    QMenu *recent = file->addMenu(tr("Open &recent"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] {
        recent->clear();
        for (const QString &path : recentWorkspaces())
            recent->addAction(path, this, [this, path] { openWorkspace(path); });
        recent->setToolTipsVisible(true);
    });
    file->addAction(tr("Open the &sample"), this, &MainWindow::openSample);
    file->addAction(tr("Save workspace &as…"), QKeySequence::SaveAs, this, &MainWindow::saveAs);
    file->addSeparator();
    m_import = changesWorkspace(
        file->addAction(tr("&Import…"), QKeySequence(tr("Ctrl+I")), this, &MainWindow::chooseFilesToImport));
    m_saveScenario = file->addAction(tr("Save s&cenario…"), QKeySequence::Save, this, &MainWindow::saveScenario);
    m_shareScenario = file->addAction(tr("S&hare scenario with its baseline…"), this, &MainWindow::shareScenario);
    file->addSeparator();
    file->addAction(tr("Export &report as PDF…"), QKeySequence::Print, this, &MainWindow::exportReport);
    file->addAction(tr("Export o&utcomes…"), QKeySequence(tr("Ctrl+E")), this, &MainWindow::exportOutcomes);
    file->addSeparator();
    file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
}

void MainWindow::buildEditMenu()
{
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = m_document.undoStack()->createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = m_document.undoStack()->createRedoAction(this, tr("&Redo"));
    redo->setShortcut(QKeySequence::Redo);
    edit->addActions({undo, redo});
}

void MainWindow::buildViewMenu()
{
    QMenu *view = menuBar()->addMenu(tr("&View"));
    int number = 1;
    for (const auto &[id, page] : m_pages) {
        if (id == PageId::Import || id == PageId::Catalogue)
            continue;
        view->addAction(page->title(), QKeySequence(QStringLiteral("Ctrl+%1").arg(number++)), this,
                        [this, id = id] { showPage(id); });
    }
    view->addSeparator();
    m_showInspector = view->addAction(tr("&Inspector"), QKeySequence(Qt::Key_F4), this, &MainWindow::pageChanged);
    m_showInspector->setCheckable(true);
    m_showInspector->setChecked(true);
    m_dark = view->addAction(tr("&Dark"));
    m_dark->setCheckable(true);
    m_dark->setChecked(currentTheme().dark);
    connect(m_dark, &QAction::toggled, this, &MainWindow::setDark);
}

void MainWindow::connectDocument()
{
    connect(&m_document, &WorkspaceDocument::pathChanged, this, [this] {
        rememberRecent();
        updateTitle();
        updateReadOnly();
    });
    connect(&m_document, &WorkspaceDocument::opened, m_messages, &MessageArea::clear);
    connect(&m_document, &WorkspaceDocument::opened, this, &MainWindow::updateStatus);
    connect(&m_document, &WorkspaceDocument::editRefused, this, [this](const QString &reason) {
        showMessage(MessageKind::Warning, tr("Nothing was changed: %1.").arg(reason), {}, {});
    });
    connect(&m_document, &WorkspaceDocument::stateChanged, this, &MainWindow::updateStatus);
    connect(&m_document, &WorkspaceDocument::outcomesChanged, this, &MainWindow::updateStatus);
    connect(&m_document, &WorkspaceDocument::historyChanged, this, &MainWindow::updateStatus);
    connect(&m_document, &WorkspaceDocument::pricesChanged, this, &MainWindow::updateStatus);
    connect(&m_document, &WorkspaceDocument::computingChanged, this, &MainWindow::updateJobs);
    connect(&m_document, &WorkspaceDocument::importingChanged, this, &MainWindow::updateJobs);
    connect(&m_document, &WorkspaceDocument::previewingChanged, this, &MainWindow::updateJobs);
    connect(&m_document, &WorkspaceDocument::problemFound, this, &MainWindow::reportProblem);
    connect(&m_document, &WorkspaceDocument::imported, this, &MainWindow::importFinished);
    connect(&m_document, &WorkspaceDocument::budgetAsked, this, &MainWindow::askAboutBudget);
    connect(&m_document, &WorkspaceDocument::budgetAdded, this, [this](const QString &file, int lines, int rejected) {
        QString text = lines == 1 ? tr("%1 is a budget; one line of it is kept.").arg(file)
                                  : tr("%1 is a budget; %L2 lines of it are kept.").arg(file).arg(lines);
        if (rejected > 0)
            text += QLatin1Char(' ')
                    + (rejected == 1 ? tr("One could not be used.") : tr("%L1 could not be used.").arg(rejected));
        showUndoable(text, rejected > 0 ? MessageKind::Warning : MessageKind::Success);
    });
    connect(&m_document, &WorkspaceDocument::scenarioAdded, this, [this](const std::string &id) {
        m_selection.setScenario(id);
        showPage(PageId::Scenarios);
    });
    connect(&m_selection, &Selection::pageChanged, this, &MainWindow::pageChanged);
    connect(&m_selection, &Selection::scenarioChanged, this, &MainWindow::updateStatus);
    connect(m_job, &JobStrip::cancelRequested, &m_document, &WorkspaceDocument::cancelImport);
    auto *poll = new QTimer(this);
    poll->setInterval(progressPollMilliseconds);
    connect(poll, &QTimer::timeout, this, &MainWindow::updateJobs);
    const auto follow = [this, poll] {
        if (m_document.isImporting() || m_document.isPreviewing())
            poll->start();
        else
            poll->stop();
    };
    connect(&m_document, &WorkspaceDocument::importingChanged, poll, follow);
    connect(&m_document, &WorkspaceDocument::previewingChanged, poll, follow);
}

// ---- files ------------------------------------------------------------------------------------------------

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    const QEvent::Type type = event->type();
    if (type != QEvent::DragEnter && type != QEvent::DragMove && type != QEvent::Drop)
        return QMainWindow::eventFilter(watched, event);
    const auto *widget = qobject_cast<const QWidget *>(watched);
    if (!widget || widget->window() != this)
        return QMainWindow::eventFilter(watched, event);
    auto *drop = static_cast<QDropEvent *>(event);
    const QStringList paths = localFiles(drop->mimeData());
    if (paths.isEmpty())
        return QMainWindow::eventFilter(watched, event);
    drop->setDropAction(Qt::CopyAction);
    drop->accept();
    if (type == QEvent::Drop)
        QTimer::singleShot(0, this, [this, paths] { openFiles(paths); });
    return true;
}

void MainWindow::openFiles(const QStringList &paths)
{
    QStringList ledgers;
    QStringList catalogues;
    QStringList scenarios;
    QStringList budgets;
    for (const QString &path : paths) {
        switch (kindOfFile(fromQt(path))) {
        case FileKind::Workspace:
            // The other files were meant for this workspace and no other.
            if (!openWorkspace(path))
                return;
            break;
        case FileKind::Scenario:
            scenarios << path;
            break;
        case FileKind::Catalogue:
            catalogues << path;
            break;
        case FileKind::Budget:
            budgets << path;
            break;
        case FileKind::Ledger:
            ledgers << path;
            break;
        }
    }
    if (!scenarios.isEmpty() && ledgers.isEmpty() && catalogues.isEmpty() && budgets.isEmpty()
        && !m_document.hasLedger()) {
        openSharedScenarios(scenarios);
        return;
    }
    if (ledgers.isEmpty() && catalogues.isEmpty() && scenarios.isEmpty() && budgets.isEmpty())
        return;
    if (!ensureOpen())
        return;
    if (!catalogues.isEmpty())
        openCatalogues(catalogues);
    if (!scenarios.isEmpty())
        m_document.addScenarioFiles(scenarios);
    if (!budgets.isEmpty())
        m_document.addBudgetFiles(budgets);
    if (!ledgers.isEmpty())
        openLedgers(ledgers);
}

void MainWindow::openLedgers(const QStringList &paths)
{
    const bool several = std::any_of(paths.begin(), paths.end(), [](const QString &path) {
        return QFileInfo(path).isDir() || path.endsWith(QLatin1String(".zip"), Qt::CaseInsensitive);
    });
    if (!several) {
        m_importPage->addFiles(paths);
        showPage(PageId::Import);
        return;
    }
    // A folder may hold thousands of files that have to be looked into.
    showMessage(MessageKind::Info, tr("Looking for ledgers in %1…").arg(QFileInfo(paths.front()).fileName()), {}, {});
    m_filesJob.start([this, paths](const std::stop_token &stop) -> JobRunner::Delivery {
        auto found = std::make_shared<FileSet>();
        auto failures = std::make_shared<std::vector<Error>>();
        for (const QString &path : paths) {
            auto set = ledgerFilesIn(fromQt(path), stop);
            if (!set) {
                failures->push_back(set.error());
                continue;
            }
            std::move(set->files.begin(), set->files.end(), std::back_inserter(found->files));
            std::move(set->skipped.begin(), set->skipped.end(), std::back_inserter(found->skipped));
        }
        return [this, found, failures] {
            m_messages->clear();
            for (const Error &failure : *failures)
                reportProblem(failure);
            if (!found->skipped.empty())
                showMessage(MessageKind::Info,
                            tr("%n file(s) cannot be ledgers and were left out, such as %1.", nullptr,
                               static_cast<int>(found->skipped.size()))
                                .arg(QFileInfo(toQt(found->skipped.front())).fileName()),
                            {}, {});
            if (found->files.empty())
                return;
            m_importPage->addLedgers(found->files);
            showPage(PageId::Import);
        };
    });
}

void MainWindow::openCatalogues(const QStringList &paths)
{
    if (!ensureOpen())
        return;
    m_cataloguePage->addFiles(paths);
    showPage(PageId::Catalogue);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    // A narrow window needs its width for pages, unless the user has said what they want.
    constexpr int wideEnough = 1360;
    m_rail->setCollapsed(QSettings().value(QStringLiteral("railCollapsed"), width() < wideEnough).toBool());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_document.isImporting()
        && QMessageBox::question(this, tr("An import is running"),
                                 tr("Nothing of a file that is not imported completely is kept. Close all the same?"))
               != QMessageBox::Yes) {
        event->ignore();
        return;
    }
    QSettings().setValue(QStringLiteral("geometry"), saveGeometry());
    event->accept();
}

// ---- what is shown ----------------------------------------------------------------------------------------

void MainWindow::showView(PageId page, const QString &view)
{
    showPage(page);
    m_pages.at(page)->showView(view);
}

void MainWindow::showPage(PageId page)
{
    m_selection.setPage(page);
}

void MainWindow::explain(const FigureAddress &figure)
{
    if (!m_explainPanel)
        m_explainPanel = new ExplainPanel(
            m_document,
            [this](bool harness, const RowFilter &filter) {
                showPage(PageId::Ledger);
                static_cast<LedgerPage *>(m_pages.at(PageId::Ledger))
                    ->showRows(harness ? RowKind::Harness : RowKind::Requests, filter);
                activateWindow();
            },
            this);
    m_explainPanel->explain(figure);
}

void MainWindow::pageChanged()
{
    Page *shown = m_pages.at(m_selection.page());
    m_stack->setCurrentWidget(shown);
    m_rail->setCurrent(shown->id());
    QWidget *inspector = shown->inspector();
    if (inspector)
        m_inspectors->setCurrentWidget(inspector);
    const bool open = inspector && m_document.isOpen() && (!m_showInspector || m_showInspector->isChecked());
    m_inspectors->setVisible(open);
}

void MainWindow::showMessage(MessageKind kind, const QString &text, const QString &actionText,
                             std::function<void()> action)
{
    m_messages->show(kind, text, actionText, std::move(action));
}

void MainWindow::showUndoable(const QString &text, MessageKind kind)
{
    QUndoStack *stack = m_document.undoStack();
    MessageStrip *strip = m_messages->show(kind, text, tr("Undo"), [stack] { stack->undo(); });
    // After the next step, undo would take back something else than the strip says.
    connect(stack, &QUndoStack::indexChanged, strip, [strip] { emit strip->closed(); });
}

void MainWindow::reportProblem(const Error &error)
{
    if (const Source *source = m_document.isReadOnly() ? nullptr : damagedSource(error))
        showMessage(MessageKind::Error, errorText(error), tr("Leave out %1").arg(toQt(source->file)),
                    [this, id = source->id] { leaveOut(id); });
    else
        showMessage(MessageKind::Error, errorText(error), {}, {});
}

void MainWindow::importFinished(const std::vector<Source> &sources)
{
    if (sources.empty())
        return;
    std::int64_t rows = 0;
    std::int64_t rejected = 0;
    for (const Source &source : sources) {
        rows += source.rowsAccepted;
        rejected += source.rowsRejected;
    }
    QString text = tr("%L1 rows imported.").arg(rows);
    if (rejected > 0)
        text += QLatin1Char(' ') + tr("%L1 rows could not be used.").arg(rejected);
    showUndoable(text, rejected > 0 ? MessageKind::Warning : MessageKind::Success);
    showPage(rejected > 0 ? PageId::Ledger : PageId::Home);
}

void MainWindow::updateTitle()
{
    setWindowTitle(m_document.displayName());
}

void MainWindow::updateStatus()
{
    m_saveScenario->setEnabled(m_document.isOpen());
    m_shareScenario->setEnabled(m_document.outcomes() != nullptr && !m_document.state().scenarios.scenarios.empty());
    QStringList facts;
    if (const auto book = m_document.priceBook())
        facts << tr("Prices as of %1").arg(toQt(book->asOf()));
    // A row may stand for several requests.
    if (const auto history = m_document.history()) {
        const Baseline &ledger = *history->ledger;
        const std::int64_t requests = ledger.requestCount();
        const auto lines = static_cast<std::int64_t>(ledger.rows().second - ledger.rows().first);
        // Lines of bills count tokens, not requests.
        facts << (requests == 0 && lines > 0 ? tr("%1 lines of bills").arg(toQt(countText(lines)))
                                             : tr("%1 requests").arg(toQt(countText(requests))));
    }
    m_facts->setText(facts.join(QStringLiteral("  ·  ")));
    const auto outcomes = m_document.outcomes();
    const Outcome *outcome = outcomes ? outcomes->outcome(m_selection.scenarioId()) : nullptr;
    QStringList failed;
    int count = 0;
    if (outcome) {
        for (const OutcomeCheck &check : outcome->checks) {
            ++count;
            if (!check.ok)
                failed << toQt(check.name + ": " + check.detail);
        }
    }
    m_checks->setChecks(count, failed);
    pageChanged();
}

void MainWindow::updateJobs()
{
    if (m_document.isImporting() || m_document.isPreviewing()) {
        const ImportProgress &progress = m_document.importProgress();
        m_job->setCancellable(m_document.isImporting());
        m_job->showProgress(m_document.isImporting() ? tr("Importing") : tr("Reading"), progress.bytesDone,
                            progress.bytesTotal, progress.rows);
    } else if (m_document.isComputing()) {
        m_job->setCancellable(false);
        m_job->showBusy(tr("Computing"));
    } else {
        m_job->showIdle();
    }
}

} // namespace perunit
