// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/workspace_document.h"

#include "app/document/replace_state_command.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>
#include <utility>

namespace perunit {

namespace {

constexpr const char *windowHolder = "a Perunit window";
constexpr std::string_view viewKind = "view";
constexpr std::string_view viewName = "window";
constexpr std::string_view baselineName = "baseline";

/// Names of the files that the program makes by itself in its data folder.
constexpr QLatin1String untitledPrefix("Untitled ");
constexpr QLatin1String samplePrefix("Sample ");

QString dataFolder()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    QDir().mkpath(folder);
    return folder;
}

/// A new file in the data folder.
QString scratchPath(QLatin1String prefix)
{
    return QDir(dataFolder())
        .filePath(prefix + QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HHmmss-zzz"))
                  + QStringLiteral(".perunit"));
}

/// Whether a file was made by the program itself and has no name of its own yet.
bool isScratch(const QString &path)
{
    const QFileInfo file(path);
    return file.absolutePath() == QFileInfo(dataFolder()).absoluteFilePath()
           && (file.fileName().startsWith(untitledPrefix) || file.fileName().startsWith(samplePrefix));
}

void removeWorkspaceFile(const QString &path)
{
    for (const char *suffix : {"", "-wal", "-shm"})
        QFile::remove(path + QLatin1String(suffix));
}

} // namespace

WorkspaceDocument::WorkspaceDocument(QObject *parent)
    : QObject(parent)
    , m_progress(std::make_shared<ImportProgress>())
{
    for (JobRunner *job : {&m_ledgerJob, &m_historyJob, &m_baselineJob, &m_outcomeJob, &m_bridgeJob})
        connect(job, &JobRunner::busyChanged, this, &WorkspaceDocument::computingChanged);
    connect(&m_previewJob, &JobRunner::busyChanged, this, &WorkspaceDocument::previewingChanged);
    connect(&m_importJob, &JobRunner::busyChanged, this, &WorkspaceDocument::importingChanged);
}

WorkspaceDocument::~WorkspaceDocument() = default;

bool WorkspaceDocument::isComputing() const
{
    return m_ledgerJob.isBusy() || m_historyJob.isBusy() || m_baselineJob.isBusy() || m_outcomeJob.isBusy()
           || m_bridgeJob.isBusy();
}

QString WorkspaceDocument::displayName() const
{
    if (m_path.isEmpty())
        return {};
    if (m_untitled)
        return QFileInfo(m_path).fileName().startsWith(samplePrefix) ? tr("Sample workspace")
                                                                     : tr("Untitled workspace");
    return QFileInfo(m_path).completeBaseName();
}

Status WorkspaceDocument::open(const QString &path)
{
    return openFile(path, WorkspaceStore::Mode::OpenExisting);
}

Status WorkspaceDocument::create(const QString &path)
{
    return openFile(path, WorkspaceStore::Mode::OpenOrCreate);
}

Status WorkspaceDocument::openFile(const QString &path, WorkspaceStore::Mode mode)
{
    if (m_importJob.isBusy())
        return Error{ErrorCode::Conflict, "an import is running", fromQt(displayName()),
                     "wait until it is done, or cancel it"};
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (auto status = openStore(absolute, mode); !status)
        return status;
    m_untitled = isScratch(absolute);
    emit pathChanged();
    emit opened();
    return {};
}

Status WorkspaceDocument::createUntitled()
{
    return create(newUntitledPath());
}

QString WorkspaceDocument::newUntitledPath()
{
    return scratchPath(untitledPrefix);
}

Status WorkspaceDocument::openSample()
{
    const QString sample = sampleWorkspacePath();
    if (sample.isEmpty())
        return Error{ErrorCode::NotFound, "the sample workspace is not installed", "",
                     "build the target 'sample_workspace' or install the program"};
    // Always a fresh copy under a name of its own: the one of last time may hold somebody's work.
    const QString copy = scratchPath(samplePrefix);
    if (!QFile::copy(sample, copy))
        return Error{ErrorCode::Io, "the sample workspace cannot be copied", fromQt(copy), "check free space"};
    QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
    return open(copy);
}

Status WorkspaceDocument::saveAs(const QString &path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (absolute == m_path)
        return {};
    if (m_importJob.isBusy())
        return Error{ErrorCode::Conflict, "an import is running", fromQt(displayName()),
                     "wait until it is done, or cancel it"};
    auto lock = WorkspaceLock::acquire(fromQt(absolute), windowHolder, std::chrono::milliseconds(0));
    if (!lock)
        return lock.error();
    if (auto status = m_store->copyTo(fromQt(absolute)); !status)
        return status;
    auto store = WorkspaceStore::open(fromQt(absolute), WorkspaceStore::Mode::OpenExisting);
    if (!store)
        return store.error();
    const QString old = std::exchange(m_path, absolute);
    m_store = std::move(*store);
    m_lock = std::move(*lock);
    m_readOnlyReason.clear();
    // A job that still waits to read the old file would find it gone.
    if (m_ledgerJob.isBusy())
        loadLedger();
    if (std::exchange(m_untitled, isScratch(absolute)))
        removeWorkspaceFile(old);
    emit pathChanged();
    // What could only be read before can be changed now.
    emit stateChanged();
    return {};
}

void WorkspaceDocument::close()
{
    for (JobRunner *job : {&m_ledgerJob, &m_historyJob, &m_baselineJob, &m_outcomeJob, &m_bridgeJob, &m_previewJob,
                           &m_importJob, &m_catalogueJob})
        job->cancel();
    m_store.reset();
    m_lock.reset();
    m_readOnlyReason.clear();
    m_sourceChecks.clear();
    m_path.clear();
    m_state = {};
    m_saved = {};
    m_waitingImports.clear();
    m_dimensionValues.reset();
    m_sources.clear();
    m_isShared = false;
    m_book.reset();
    m_knownBooks.clear();
    m_ledger.reset();
    m_baseline.reset();
    m_history.reset();
    m_historyProblem.reset();
    m_outcomes.reset();
    m_bridge.reset();
    m_bridgeFrom.clear();
    m_bridgeTo.clear();
    m_undo.clear();
}

Status WorkspaceDocument::openStore(const QString &path, WorkspaceStore::Mode mode)
{
    // The workspace that is open already stays ours while it is opened anew.
    const std::string file = fromQt(path);
    const bool ours = m_lock && m_lock->isFor(file);
    auto lock = ours ? Result<WorkspaceLock>(Error{})
                     : WorkspaceLock::acquire(file, windowHolder, std::chrono::milliseconds(0));
    const bool writable = ours || lock.ok();
    if (!writable && !QFileInfo::exists(path))
        return lock.error();
    auto store = WorkspaceStore::open(file, writable ? mode : WorkspaceStore::Mode::ReadOnly);
    if (!store)
        return store.error();
    auto state = readState(**store);
    if (!state)
        return state.error().in(fromQt(path));
    auto sources = (*store)->sources();
    if (!sources)
        return sources.error();
    const auto shared = (*store)->documents(sharedBaselineKind);
    if (!shared)
        return shared.error();
    auto kept = ours ? std::exchange(m_lock, std::nullopt) : std::nullopt;
    close();
    if (ours)
        m_lock = std::move(kept);
    else if (lock)
        m_lock = std::move(*lock);
    else
        m_readOnlyReason = toQt(lock.error().what);
    m_store = std::move(*store);
    m_path = path;
    m_state = std::move(*state);
    m_saved = m_state;
    m_sources = std::move(*sources);
    m_isShared = !shared->empty();
    m_book = bookOf(m_state);
    loadLedger();
    return {};
}

void WorkspaceDocument::edit(const QString &text, WorkspaceState next, const QString &mergeKey)
{
    if (next == m_state || refuseEdit())
        return;
    if (!m_store) {
        if (auto status = createUntitled(); !status) {
            emit problemFound(status.error());
            return;
        }
    }
    m_undo.push(new ReplaceStateCommand(this, text, m_state, std::move(next), mergeKey));
}

/// Says why nothing can be changed, and makes the controls show again what is.
bool WorkspaceDocument::refuseEdit()
{
    if (!isReadOnly())
        return false;
    emit editRefused(m_readOnlyReason);
    emit stateChanged();
    return true;
}

void WorkspaceDocument::apply(const WorkspaceState &next)
{
    const WorkspaceState before = std::exchange(m_state, next);
    saveChanges();
    const bool sourcesDiffer = before.sources != next.sources;
    const bool pricesDiffer = before.catalogues != next.catalogues || before.modelMappings != next.modelMappings
                              || before.overlays != next.overlays;
    if (sourcesDiffer)
        reloadSources();
    if (pricesDiffer) {
        m_book = bookOf(m_state);
        emit pricesChanged();
    }
    emit stateChanged();
    if (sourcesDiffer || before.dimensions != next.dimensions)
        loadLedger();
    else if (m_ledger && pricesDiffer) {
        computeHistory();
        computeBaseline();
    } else if (m_ledger) {
        if (before.units != next.units)
            computeHistory();
        if (before.settings != next.settings)
            computeBaseline();
        else if (before.scenarios != next.scenarios || before.units != next.units)
            computeOutcomes();
    }
}

std::shared_ptr<const PriceBook> WorkspaceDocument::bookOf(const WorkspaceState &state)
{
    const auto known = std::find_if(m_knownBooks.begin(), m_knownBooks.end(), [&state](const KnownBook &each) {
        return each.catalogues == state.catalogues && each.mappings == state.modelMappings
               && each.overlays == state.overlays;
    });
    if (known != m_knownBooks.end())
        return known->book;
    auto book = priceBookFor(state);
    rememberBook(state, book);
    return book;
}

void WorkspaceDocument::rememberBook(const WorkspaceState &state, std::shared_ptr<const PriceBook> book)
{
    constexpr std::size_t mostBooks = 4;
    m_knownBooks.push_front({state.catalogues, state.modelMappings, state.overlays, std::move(book)});
    if (m_knownBooks.size() > mostBooks)
        m_knownBooks.pop_back();
}

void WorkspaceDocument::saveChanges()
{
    if (!m_store)
        return;
    // Against what is in the file, so that a write that failed is made up for by the next one.
    if (auto status = writeState(*m_store, m_saved, m_state); !status)
        emit problemFound(status.error().in("the change is not saved"));
    else
        m_saved = m_state;
}

void WorkspaceDocument::reloadSources()
{
    auto sources = m_store->sources();
    if (!sources) {
        emit problemFound(sources.error());
        return;
    }
    m_sources = std::move(*sources);
    emit sourcesChanged();
}

QString WorkspaceDocument::remembered(std::string_view name) const
{
    if (!m_store)
        return {};
    const auto stored = m_store->document(viewKind, name);
    return stored && stored->has_value() ? toQt(**stored) : QString();
}

void WorkspaceDocument::remember(std::string_view name, const QString &json)
{
    if (!m_store || isReadOnly())
        return;
    if (auto status = m_store->putDocument(viewKind, name, fromQt(json)); !status)
        emit problemFound(status.error());
}

QString WorkspaceDocument::viewState() const
{
    return remembered(viewName);
}

void WorkspaceDocument::setViewState(const QString &json)
{
    remember(viewName, json);
}

QString WorkspaceDocument::rememberedBaseline() const
{
    return remembered(baselineName);
}

void WorkspaceDocument::rememberBaseline(const QString &json)
{
    remember(baselineName, json);
}

QString sampleWorkspacePath()
{
    const QDir binary(QCoreApplication::applicationDirPath());
    for (const char *relative : {"../share/perunit/sample.perunit", "share/perunit/sample.perunit"}) {
        const QString path = binary.filePath(QLatin1String(relative));
        if (QFileInfo::exists(path))
            return QFileInfo(path).canonicalFilePath();
    }
    return {};
}

} // namespace perunit
