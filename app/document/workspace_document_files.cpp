// SPDX-License-Identifier: GPL-3.0-or-later
// What comes into a workspace from files: ledgers, price catalogues, scenarios.
#include "app/document/clock.h"
#include "app/document/replace_state_command.h"
#include "app/document/request_cost.h"
#include "app/document/workspace_document.h"

#include "app/document/shared_scenario.h"
#include "model/import/budget_file.h"
#include "model/scenario/scenario_file.h"
#include "widgets/text/text.h"

#include <QFileInfo>

namespace perunit {

namespace {

/// What is there already; nothing where it cannot be read, which every other step says.
std::vector<Source> sourcesOf(const WorkspaceStore *store)
{
    auto sources = store ? store->sources() : Result<std::vector<Source>>(std::vector<Source>{});
    return sources ? std::move(*sources) : std::vector<Source>{};
}

} // namespace

void WorkspaceDocument::preview(const QStringList &paths, const std::map<QString, ImportOptions> &options)
{
    m_previewJob.start([this, paths, options, progress = m_progress, book = m_book,
                        workspace = fromQt(m_path)](const std::stop_token &stop) -> JobRunner::Delivery {
        auto previews = std::make_shared<std::vector<Result<ImportPreview>>>();
        std::unique_ptr<WorkspaceStore> store;
        if (!workspace.empty()) {
            if (auto opened = WorkspaceStore::open(workspace, WorkspaceStore::Mode::ReadOnly); opened)
                store = std::move(*opened);
        }
        auto overlaps = std::make_shared<std::vector<std::vector<Overlap>>>();
        for (const QString &path : paths) {
            const auto chosen = options.find(path);
            const ImportOptions wanted = chosen == options.end() ? ImportOptions{} : chosen->second;
            previews->push_back(previewImport(fromQt(path), wanted, store.get(), progress.get(), stop));
            const auto &preview = previews->back();
            if (preview && !wanted.role)
                previews->back()->facts.role = defaultRole(preview->facts, sourcesOf(store.get()));
            const bool usage = preview && preview->facts.role == SourceRole::Usage;
            auto found = preview && store ? findOverlaps(*store, fromQt(path), wanted, *preview,
                                                         usage && book ? costInFigures(book) : RequestCost(), stop)
                                          : Result<std::vector<Overlap>>(std::vector<Overlap>{});
            // Without knowing what is counted twice, nothing is imported.
            if (!found)
                previews->back() = found.error();
            overlaps->push_back(found ? std::move(*found) : std::vector<Overlap>{});
        }
        return [this, previews, overlaps] {
            emit overlapsFound(*overlaps);
            emit previewsReady(std::move(*previews));
        };
    });
}

void WorkspaceDocument::import(std::vector<FileToImport> files)
{
    if (refuseEdit())
        return;
    if (m_importJob.isBusy())
        m_waitingImports.push_back(std::move(files));
    else
        startImport(std::move(files));
}

void WorkspaceDocument::startImport(std::vector<FileToImport> files)
{
    m_progress->bytesDone = 0;
    m_progress->bytesTotal = 0;
    m_progress->rows = 0;
    m_importJob.start([this, files = std::move(files), progress = m_progress,
                       path = fromQt(m_path)](const std::stop_token &stop) -> JobRunner::Delivery {
        auto done = std::make_shared<std::vector<Source>>();
        auto failures = std::make_shared<std::vector<Error>>();
        auto store = WorkspaceStore::open(path, WorkspaceStore::Mode::OpenExisting);
        if (!store) {
            failures->push_back(store.error());
        } else {
            for (const FileToImport &file : files) {
                auto source = importFile(**store, fromQt(file.path), file.options, progress.get(), stop);
                for (Overlap overlap : source ? file.overlaps : std::vector<Overlap>{}) {
                    overlap.fresh.sourceId = source->id;
                    if (auto status = rememberOverlap(**store, overlap); !status)
                        failures->push_back(status.error());
                }
                if (source)
                    done->push_back(std::move(*source));
                else
                    failures->push_back(source.error());
                if (stop.stop_requested())
                    break;
            }
        }
        return [this, done, failures] {
            finishImport(std::move(*done));
            for (const Error &failure : *failures) {
                if (failure.code != ErrorCode::Cancelled)
                    emit problemFound(failure);
            }
            if (!m_waitingImports.empty()) {
                auto next = std::move(m_waitingImports.front());
                m_waitingImports.pop_front();
                startImport(std::move(next));
            }
        };
    });
}

namespace {

/// What was said of the columns of a price sheet before, the latest first.
std::optional<PriceSheetMapping> rememberedMapping(const WorkspaceState &state, const PriceSheetLook &look)
{
    for (auto known = state.catalogues.rbegin(); known != state.catalogues.rend(); ++known) {
        if (known->mapping.empty())
            continue;
        if (auto mapping = parsePriceSheetMapping(known->mapping); mapping && fitsHeader(*mapping, look.header))
            return std::move(*mapping);
    }
    return std::nullopt;
}

/// Nothing for JSON and for what is no table: reading it says why.
std::shared_ptr<const PriceSheetLook> lookAtSheet(const WorkspaceState &state, const std::string &text,
                                                  std::optional<PriceSheetMapping> &mapping)
{
    if (looksLikeJson(text))
        return nullptr;
    auto look = lookAtPriceSheet(text, mapping);
    if (look && !mapping) {
        mapping = rememberedMapping(state, *look);
        if (mapping)
            look = lookAtPriceSheet(text, mapping);
    }
    return look ? std::make_shared<const PriceSheetLook>(std::move(*look)) : nullptr;
}

} // namespace

void WorkspaceDocument::previewCatalogue(const QString &path, Instant effectiveFrom, SuspiciousPrices suspicious,
                                         const std::optional<PriceSheetMapping> &mapping)
{
    m_catalogueJob.start([this, path, effectiveFrom, suspicious, mapping, state = m_state,
                          ledger = m_ledger](const std::stop_token &stop) -> JobRunner::Delivery {
        auto used = mapping;
        auto text = readTextFile(fromQt(path));
        const auto look = text ? lookAtSheet(state, *text, used) : nullptr;
        auto catalogue = text ? readAddedCatalogueText(std::move(*text), fileNameOf(fromQt(path)), effectiveFrom,
                                                       used ? writePriceSheetMapping(*used) : std::string())
                              : Result<AddedCatalogue>(text.error());
        auto preview = std::make_shared<const Result<CataloguePreview>>(
            catalogue ? perunit::previewCatalogue(state, std::move(*catalogue), suspicious, ledger.get(),
                                                  startOfToday(), stop)
                      : Result<CataloguePreview>(catalogue.error()));
        return [this, path, look, preview, state] {
            if (*preview) {
                WorkspaceState accepted = state;
                putCatalogue(accepted, (**preview).catalogue);
                rememberBook(accepted, (**preview).book);
            }
            if (look)
                emit priceSheetSeen(path, look);
            emit cataloguePreviewed(path, preview);
        };
    });
}

void WorkspaceDocument::addCatalogue(const AddedCatalogue &catalogue)
{
    WorkspaceState next = m_state;
    putCatalogue(next, catalogue);
    edit(tr("Add prices %1").arg(toQt(catalogue.file)), std::move(next));
}

void WorkspaceDocument::addScenarioFiles(const QStringList &paths)
{
    if (refuseEdit())
        return;
    for (const QString &path : paths) {
        auto file = readScenarioAt(fromQt(path));
        if (!file) {
            emit problemFound(file.error());
            continue;
        }
        WorkspaceState next = m_state;
        const std::string id = addScenarioChain(next, std::move(file->chain));
        edit(tr("Open scenario %1").arg(QFileInfo(path).completeBaseName()), std::move(next));
        emit scenarioAdded(id);
        const ScenarioOrigin &origin = file->origin;
        const bool otherLedger = m_ledger && !origin.ledgerDigest.empty() && origin.ledgerDigest != m_ledger->digest;
        const bool otherPrices =
            m_book && !origin.catalogueDigest.empty() && origin.catalogueDigest != m_book->digest();
        const bool otherRules = !origin.engineVersion.empty() && origin.engineVersion != engineVersion;
        if (otherLedger || otherPrices || otherRules)
            emit scenarioMadeElsewhere(id, origin);
    }
}

void WorkspaceDocument::addBudgetFiles(const QStringList &paths)
{
    if (refuseEdit())
        return;
    for (const QString &path : paths)
        addBudgetFile(path, {});
}

void WorkspaceDocument::addBudgetFile(const QString &path, const ReadingAnswers &answers)
{
    if (refuseEdit())
        return;
    const std::string name = fileNameOf(fromQt(path));
    const auto budget = readBudgetFile(fromQt(path), answers, m_store.get(), {});
    if (budget && !budget->questions.empty()) {
        emit budgetAsked(path, answers, budget->questions);
        return;
    }
    if (!budget || budget->lines.empty()) {
        emit problemFound(budget ? Error{ErrorCode::BadInput, "the file holds no budget", name, ""}
                                 : budget.error().in(name));
        return;
    }
    WorkspaceState next = m_state;
    std::erase_if(next.budgets, [&name](const auto &each) { return each.name == name; });
    next.budgets.push_back({name, writeBudget(budget->lines)});
    edit(tr("Import budget %1").arg(toQt(name)), std::move(next));
    if (m_store) {
        if (auto status = rememberAnswers(*m_store, fromQt(path), *budget); !status)
            emit problemFound(status.error().in("how the budget is written is not remembered"));
    }
    emit budgetAdded(toQt(name), static_cast<int>(budget->lines.size()), static_cast<int>(budget->rejects.size()));
    // A line that is missing makes a budget wrong: the reason of the first shows what to mend in the table.
    if (!budget->rejects.empty()) {
        const RejectedRow &first = budget->rejects.front();
        emit problemFound({ErrorCode::BadInput, first.reason, name + ", line " + std::to_string(first.line),
                           "correct the line and drop the file again: it replaces this budget"});
    }
}

void WorkspaceDocument::cancelImport()
{
    // The job still delivers: files that were committed before the cancel are sources like any other.
    m_importJob.requestStop();
}

void WorkspaceDocument::finishImport(std::vector<Source> done)
{
    reloadSources();
    WorkspaceState before = m_state;
    WorkspaceState after = m_state;
    QStringList names;
    for (const Source &source : done) {
        before.sources.try_emplace(source.id, SourceSetting{false, source.role});
        after.sources[source.id] = {true, source.role};
        names << toQt(source.file);
    }
    // A file that is read in another way takes the place of its earlier reading.
    for (const Source &source : m_sources) {
        if (const auto known = after.sources.find(source.id); known != after.sources.end() && !source.active)
            known->second.active = false;
    }
    if (!(before == after)) {
        m_state = before;
        m_saved.sources = before.sources;
        m_undo.push(
            new ReplaceStateCommand(this, tr("Import %1").arg(names.join(QStringLiteral(", "))), before, after, {}));
    }
    emit imported(std::move(done));
}

} // namespace perunit
