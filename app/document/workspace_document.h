// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/catalogue_preview.h"
#include "app/document/workspace_state.h"
#include "app/jobs/job_runner.h"
#include "model/import/importer.h"
#include "model/import/overlap.h"
#include "model/import/price_sheet.h"
#include "model/scenario/scenario_file.h"
#include "model/store/workspace_lock.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// What the ledger says about the past: computed once per change of ledger, prices or units.
struct History {
    std::shared_ptr<const Baseline> ledger; ///< the whole ledger at the prices of its own time
    Outcome outcome;                        ///< of the whole ledger, by every groupable dimension
    DailySpend spend;
    std::vector<UnitActuals> units; ///< in the order of the state's units
};

/// What the scenarios say: always complete, in the order of the state's scenarios.
struct ScenarioOutcomes {
    std::shared_ptr<const Baseline> baseline;
    Outcome base; ///< no levers
    struct Entry {
        std::string scenarioId;
        std::vector<EffectiveLever> levers;
        std::shared_ptr<const Outcome> outcome; ///< null when `problem` says why
        std::string problem;
        Error error = {}; ///< the same with its place: "lever 'batch-1', share"
    };
    std::vector<Entry> scenarios;
    std::vector<EconomicUnit> units; ///< for which the outcomes were computed

    [[nodiscard]] const Entry *find(std::string_view scenarioId) const;
    /// Outcome of a scenario, or of the baseline for an empty id; null when it cannot be evaluated.
    [[nodiscard]] const Outcome *outcome(std::string_view scenarioId) const;
};

/// One open workspace: file, undoable state, and results that follow it. Lives on the window's thread; all
/// work above a few milliseconds runs in jobs and arrives as a whole value with one signal per fact.
class WorkspaceDocument : public QObject
{
    Q_OBJECT
public:
    explicit WorkspaceDocument(QObject *parent = nullptr);
    ~WorkspaceDocument() override;

    /// Opens an existing workspace file. Refused while an import is running: it would be lost. On an error the
    /// workspace that is open stays open.
    Status open(const QString &path);
    /// Creates a workspace file, or opens the one that is there.
    Status create(const QString &path);
    /// A new empty workspace in the program's data folder; it is named by saveAs().
    Status createUntitled();
    /// Where a new workspace without a name goes.
    static QString newUntitledPath();
    /// A fresh copy of the sample workspace.
    Status openSample();
    Status saveAs(const QString &path);
    void close();

    [[nodiscard]] bool isOpen() const { return m_store != nullptr; }
    /// Why nothing can be changed, for people; empty when the workspace can be written. A workspace that another
    /// program has open for writing, or that lies where nothing can be written, is shown all the same.
    [[nodiscard]] QString readOnlyReason() const { return m_readOnlyReason; }
    [[nodiscard]] bool isReadOnly() const { return !m_readOnlyReason.isEmpty(); }
    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] QString displayName() const;

    [[nodiscard]] const WorkspaceState &state() const { return m_state; }
    [[nodiscard]] const std::vector<Source> &sources() const { return m_sources; }
    /// There are figures to show: something was imported, or a shared scenario brought its baseline along.
    [[nodiscard]] bool hasLedger() const { return !m_sources.empty() || m_isShared; }
    /// The figures are those of a shared scenario: nothing was imported.
    [[nodiscard]] bool isShared() const { return m_isShared && m_sources.empty(); }
    [[nodiscard]] std::shared_ptr<const PriceBook> priceBook() const { return m_book; }
    [[nodiscard]] std::shared_ptr<const Ledger> ledger() const { return m_ledger; }
    [[nodiscard]] std::shared_ptr<const History> history() const { return m_history; }
    /// Why there is no newer history: the ledger cannot be read, or not be priced. Told by historyChanged() as well.
    [[nodiscard]] const std::optional<Error> &historyProblem() const { return m_historyProblem; }
    [[nodiscard]] std::shared_ptr<const ScenarioOutcomes> outcomes() const { return m_outcomes; }
    [[nodiscard]] std::shared_ptr<const Bridge> bridge() const { return m_bridge; }
    /// True while any result is older than the state.
    [[nodiscard]] bool isComputing() const;
    QUndoStack *undoStack() { return &m_undo; }

    /// Replaces the state as one undoable step. Steps with the same non-empty key merge into one. Without a workspace,
    /// an untitled one is created first, so that nothing lives in memory alone.
    void edit(const QString &text, WorkspaceState next, const QString &mergeKey = {});

    /// From which to which scenario the bridge is drawn; empty ids mean the baseline.
    void setBridgePair(const std::string &from, const std::string &to);

    /// Reads files without storing anything; the previews arrive in previewsReady().
    void preview(const QStringList &paths, const std::map<QString, ImportOptions> &options);
    struct FileToImport {
        QString path;
        ImportOptions options; ///< with what it replaces
        /// What was found out about it and the sources that are there, with the user's answers; kept for later.
        std::vector<Overlap> overlaps = {};
    };
    /// Imports files one after the other; one undoable step for all of them. While an import runs, the next waits.
    void import(std::vector<FileToImport> files);
    void cancelImport();
    /// Reads a catalogue and finds out what it would change, beside the window; the newest wish wins. Prices that
    /// carry no date hold from `effectiveFrom` on. `mapping` says what the columns of a price sheet are; without it,
    /// what was said of a sheet with these columns before counts, else what its header suggests. Ends in
    /// cataloguePreviewed(), for a price sheet after priceSheetSeen().
    void previewCatalogue(const QString &path, Instant effectiveFrom, SuspiciousPrices suspicious,
                          const std::optional<PriceSheetMapping> &mapping = std::nullopt);
    /// Adds a catalogue on top of the others; one undoable step.
    void addCatalogue(const AddedCatalogue &catalogue);
    /// Adds the scenarios of files; one undoable step a file. Reports the last one through scenarioAdded().
    void addScenarioFiles(const QStringList &paths);
    /// Keeps the budgets of tables; one undoable step a file, told by budgetAdded(). What a file leaves open about its
    /// numbers and dates, and was never said of such a file, is asked by budgetAsked().
    void addBudgetFiles(const QStringList &paths);
    /// The same with what was said of one of them, which is remembered.
    void addBudgetFile(const QString &path, const ReadingAnswers &answers);
    [[nodiscard]] const ImportProgress &importProgress() const { return *m_progress; }
    [[nodiscard]] bool isImporting() const { return m_importJob.isBusy(); }
    [[nodiscard]] bool isPreviewing() const { return m_previewJob.isBusy(); }
    void cancelPreview() { m_previewJob.cancel(); }

    /// Values of every dimension of the ledger with their number of requests, largest first.
    using DimensionValues = std::map<std::string, std::vector<std::pair<std::string, std::int64_t>>>;
    [[nodiscard]] std::shared_ptr<const DimensionValues> dimensionValues() const { return m_dimensionValues; }

    /// What the window remembers about itself inside the workspace (page, selection); not undoable.
    [[nodiscard]] QString viewState() const;
    void setViewState(const QString &json);
    /// What scenarios were last looked at on, as JSON of BaselineFacts; not undoable either. Empty: nothing yet.
    [[nodiscard]] QString rememberedBaseline() const;
    void rememberBaseline(const QString &json);

signals:
    void opened();
    void pathChanged();
    void stateChanged();
    void sourcesChanged();
    void pricesChanged();
    void historyChanged();
    void outcomesChanged();
    void bridgeChanged();
    void computingChanged();
    /// What the files of the next previewsReady() have in common with what is there, in their order.
    void overlapsFound(const std::vector<std::vector<Overlap>> &overlaps);
    void previewsReady(std::vector<Result<ImportPreview>> previews);
    void previewingChanged(bool running);
    void importingChanged(bool running);
    void imported(std::vector<Source> sources);
    /// The columns of a price sheet and what they are taken for, also when its prices cannot be read that way.
    void priceSheetSeen(const QString &path, std::shared_ptr<const PriceSheetLook> look);
    void cataloguePreviewed(const QString &path, std::shared_ptr<const Result<CataloguePreview>> preview);
    void scenarioAdded(const std::string &id);
    /// Nothing is kept of a budget before these questions are answered; `said` is what is known so far.
    void budgetAsked(const QString &path, const perunit::ReadingAnswers &said,
                     const std::vector<perunit::ImportQuestion> &questions);
    void budgetAdded(const QString &file, int lines, int rejected);
    /// A scenario of a file was made on another ledger or on other prices than those of this workspace, or by other
    /// rules: what it said there, it need not say here.
    void scenarioMadeElsewhere(const std::string &id, const perunit::ScenarioOrigin &origin);
    void problemFound(const Error &error);
    /// Something was to be changed in a workspace that can only be read.
    void editRefused(const QString &reason);

private:
    friend class ReplaceStateCommand;
    struct LoadedLedger;

    [[nodiscard]] QString remembered(std::string_view name) const;
    void remember(std::string_view name, const QString &json);
    Status openFile(const QString &path, WorkspaceStore::Mode mode);
    Status openStore(const QString &path, WorkspaceStore::Mode mode);
    bool refuseEdit();
    void startImport(std::vector<FileToImport> files);
    void saveChanges();
    void dropOutcomes();
    void apply(const WorkspaceState &next);
    [[nodiscard]] std::shared_ptr<const PriceBook> bookOf(const WorkspaceState &state);
    void rememberBook(const WorkspaceState &state, std::shared_ptr<const PriceBook> book);
    void reloadSources();
    void loadLedger();
    void failHistory(const Error &error);
    void computeHistory();
    void computeBaseline();
    void computeOutcomes();
    void computeBridge();
    void finishImport(std::vector<Source> done);

    std::optional<WorkspaceLock> m_lock;
    QString m_readOnlyReason;
    std::unique_ptr<WorkspaceStore> m_store;
    std::vector<OutcomeCheck> m_sourceChecks; ///< of the ledger that is loaded
    QString m_path;
    bool m_untitled = false;
    WorkspaceState m_state;
    WorkspaceState m_saved; ///< what has reached the file; differs from the state only after a failed write
    std::vector<Source> m_sources;
    bool m_isShared = false; ///< the workspace holds a shared baseline
    std::shared_ptr<const PriceBook> m_book;
    /// Books of the last states, so that undo, redo and taking over a previewed catalogue need not build one.
    struct KnownBook {
        std::vector<AddedCatalogue> catalogues;
        std::vector<ModelMapping> mappings;
        std::vector<PriceOverlay> overlays;
        std::shared_ptr<const PriceBook> book;
    };
    std::deque<KnownBook> m_knownBooks;
    std::shared_ptr<const Ledger> m_ledger;
    std::shared_ptr<const DimensionValues> m_dimensionValues;
    std::shared_ptr<const Baseline> m_baseline;
    std::shared_ptr<const History> m_history;
    std::optional<Error> m_historyProblem;
    std::shared_ptr<const ScenarioOutcomes> m_outcomes;
    std::shared_ptr<const Bridge> m_bridge;
    std::string m_bridgeFrom;
    std::string m_bridgeTo;
    QUndoStack m_undo;
    std::shared_ptr<ImportProgress> m_progress;
    std::deque<std::vector<FileToImport>> m_waitingImports;

    // One runner per kind of result: a newer wish for one must not cancel another.
    JobRunner m_ledgerJob;
    JobRunner m_historyJob;
    JobRunner m_baselineJob;
    JobRunner m_outcomeJob;
    JobRunner m_bridgeJob;
    JobRunner m_previewJob;
    JobRunner m_importJob;
    JobRunner m_catalogueJob;
};

/// The sample workspace that ships with the program; empty when it is not installed.
QString sampleWorkspacePath();

} // namespace perunit
