// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/workspace_store.h"

#include "model/store/ledger_reader.h"
#include "model/store/schema.h"
#include "model/store/source_writer.h"
#include "model/store/sqlite.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace perunit {

struct WorkspaceStore::Impl {
    std::string path;
    Database database;
};

namespace {

/// WAL keeps readers and one writer out of each other's way; NORMAL never loses consistency, at worst the last
/// commit before a power failure.
constexpr const char *connectionSettings =
    "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536";

Status changeOne(const Database &database, const char *sql, std::int64_t value, std::int64_t id)
{
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return transaction.error();
    auto statement = Statement::prepare(database, sql);
    if (!statement)
        return statement.error();
    if (auto status = statement->bind(value).bind(id).finish(); !status)
        return status;
    return transaction->commit();
}

Error noSource(std::int64_t id)
{
    return {ErrorCode::NotFound, "there is no source " + std::to_string(id), "", ""};
}

Result<StoredSource> sourceById(const Database &database, std::int64_t id)
{
    auto all = readSources(database);
    if (!all)
        return all.error();
    const auto found =
        std::find_if(all->begin(), all->end(), [id](const StoredSource &source) { return source.facts.id == id; });
    if (found == all->end())
        return noSource(id);
    return std::move(*found);
}

Result<Database> openReadOnly(const std::string &path)
{
    auto database = Database::open(path, Database::Access::ReadOnly);
    if (!database)
        return database.error();
    // A workspace on a read-only medium: without a journal beside it the file itself is complete.
    std::error_code ignored;
    if (!database->number("PRAGMA schema_version") && !std::filesystem::exists(path + "-wal", ignored))
        return Database::open(path, Database::Access::Immutable);
    return database;
}

Status prepareSchema(const Database &database, const std::string &path, WorkspaceStore::Mode mode)
{
    auto state = inspectSchema(database);
    if (!state)
        return state.error();
    if (mode == WorkspaceStore::Mode::ReadOnly) {
        if (state->isEmpty)
            return Error{ErrorCode::BadInput, "the workspace file is empty", "", "choose another file"};
        if (state->version < workspaceSchemaVersion)
            return Error{ErrorCode::Unsupported, "the workspace has an older format", "",
                         "open it once for writing, which updates it"};
        return {};
    }
    if (state->isEmpty) {
        if (mode == WorkspaceStore::Mode::OpenExisting)
            return Error{ErrorCode::BadInput, "the file is empty, not a workspace", "", "choose another file"};
        return createSchema(database);
    }
    if (auto status = database.run("PRAGMA journal_mode=WAL"); !status)
        return status;
    return migrateSchema(database, path, state->version, workspaceSchemaVersion, workspaceMigrations());
}

Result<std::int64_t> nextPosition(const Database &database, std::string_view kind)
{
    auto statement = Statement::prepare(database, "SELECT coalesce(max(position), 0) + 1 FROM documents WHERE kind=?");
    if (!statement)
        return statement.error();
    auto row = statement->bind(kind).step();
    if (!row)
        return row.error();
    return statement->integer(0);
}

Status storeDocument(const Database &database, std::string_view kind, std::string_view name, std::int64_t position,
                     std::string_view content)
{
    auto statement =
        Statement::prepare(database, "INSERT INTO documents(kind, name, position, content) VALUES(?,?,?,?) "
                                     "ON CONFLICT(kind, name) DO UPDATE SET content=excluded.content");
    if (!statement)
        return statement.error();
    return statement->bind(kind).bind(name).bind(position).bind(content).finish();
}

Status removeKind(const Database &database, std::string_view kind)
{
    auto statement = Statement::prepare(database, "DELETE FROM documents WHERE kind=?");
    if (!statement)
        return statement.error();
    return statement->bind(kind).finish();
}

} // namespace

WorkspaceStore::WorkspaceStore(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}

WorkspaceStore::~WorkspaceStore() = default;

Result<std::unique_ptr<WorkspaceStore>> WorkspaceStore::open(const std::string &path, Mode mode)
{
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure))
        return Error{ErrorCode::BadInput, "this is a folder, not a workspace", path, "choose a *.perunit file"};
    if (mode != Mode::OpenOrCreate && !std::filesystem::exists(path, failure))
        return Error{ErrorCode::NotFound, "the workspace does not exist", path, "check the path"};
    auto database =
        mode == Mode::ReadOnly
            ? openReadOnly(path)
            : Database::open(path, mode == Mode::OpenOrCreate ? Database::Access::Create : Database::Access::ReadWrite);
    if (!database)
        return database.error().in(path);
    if (auto status = prepareSchema(*database, path, mode); !status)
        return status.error().in(path);
    if (auto status = database->run(connectionSettings); !status)
        return status.error().in(path);
    auto impl = std::make_unique<Impl>(Impl{path, std::move(*database)});
    return std::unique_ptr<WorkspaceStore>(new WorkspaceStore(std::move(impl)));
}

const std::string &WorkspaceStore::path() const
{
    return m_impl->path;
}

Status WorkspaceStore::copyTo(const std::string &path) const
{
    std::error_code failure;
    if (std::filesystem::equivalent(path, m_impl->path, failure))
        return Error{ErrorCode::Conflict, "a workspace cannot be copied onto itself", path, "choose another name"};
    return copyDatabase(m_impl->database, path);
}

Result<std::vector<Source>> WorkspaceStore::sources() const
{
    auto stored = readSources(m_impl->database);
    if (!stored)
        return stored.error().in(m_impl->path);
    std::vector<Source> result;
    for (StoredSource &source : *stored)
        result.push_back(std::move(source.facts));
    return result;
}

Result<std::optional<Source>> WorkspaceStore::sourceWithDigest(std::string_view sha256) const
{
    auto stored = readSources(m_impl->database, "sha256=?", sha256);
    if (!stored)
        return stored.error().in(m_impl->path);
    if (stored->empty())
        return std::optional<Source>{};
    const auto active =
        std::find_if(stored->begin(), stored->end(), [](const StoredSource &source) { return source.facts.active; });
    return std::optional<Source>{active == stored->end() ? stored->back().facts : active->facts};
}

Status WorkspaceStore::setSourceActive(std::int64_t sourceId, bool active)
{
    auto source = sourceById(m_impl->database, sourceId);
    if (!source)
        return source.error().in(m_impl->path);
    if (active && !source->facts.active) {
        auto same = sourceWithDigest(source->facts.sha256);
        if (!same)
            return same.error();
        if (*same && (*same)->active)
            return Error{ErrorCode::Conflict, "the same content is already in the workspace", source->facts.file,
                         "undo the other import first"};
    }
    const auto status = changeOne(m_impl->database, "UPDATE sources SET active=? WHERE id=?", active ? 1 : 0, sourceId);
    return status ? status : Status(status.error().in(m_impl->path));
}

Status WorkspaceStore::setSourceRole(std::int64_t sourceId, SourceRole role)
{
    auto source = sourceById(m_impl->database, sourceId);
    if (!source)
        return source.error().in(m_impl->path);
    if (!canPlay(source->kind, role))
        return Error{ErrorCode::Conflict,
                     std::string("this source cannot have the role '")
                         + std::string(sourceRoleNames[static_cast<std::size_t>(role)]) + "'",
                     source->facts.file,
                     source->kind == RowKind::Charges    ? "billing lines are an invoice or harness cost"
                     : source->kind == RowKind::Outcomes ? "an outcome series counts units"
                                                         : "requests are usage, an invoice or harness cost"};
    const auto status =
        changeOne(m_impl->database, "UPDATE sources SET role=? WHERE id=?", static_cast<std::int64_t>(role), sourceId);
    return status ? status : Status(status.error().in(m_impl->path));
}

Result<std::unique_ptr<WorkspaceStore::SourceWriter>> WorkspaceStore::beginSource()
{
    auto writer = makeSourceWriter(m_impl->database);
    if (!writer)
        return writer.error().in(m_impl->path);
    return writer;
}

Result<Ledger> WorkspaceStore::readLedger(std::stop_token stop) const
{
    // One reading transaction: an import that ends meanwhile is seen as a whole or not at all.
    if (auto status = m_impl->database.run("BEGIN"); !status)
        return status.error().in(m_impl->path);
    auto result = [&]() -> Result<Ledger> {
        auto sources = readSources(m_impl->database);
        if (!sources)
            return sources.error();
        return readActiveRows(m_impl->database, *sources, stop);
    }();
    (void)m_impl->database.run("ROLLBACK").ok();
    if (!result)
        return result.error().in(m_impl->path);
    return result;
}

Result<std::vector<WorkspaceStore::Document>> WorkspaceStore::documents(std::string_view kind) const
{
    auto statement = Statement::prepare(m_impl->database,
                                        "SELECT name, content FROM documents WHERE kind=? ORDER BY position, name");
    if (!statement)
        return statement.error().in(m_impl->path);
    statement->bind(kind);
    std::vector<Document> result;
    while (true) {
        auto more = statement->step();
        if (!more)
            return more.error().in(m_impl->path);
        if (!*more)
            return result;
        result.push_back({statement->text(0), statement->text(1)});
    }
}

Result<std::optional<std::string>> WorkspaceStore::document(std::string_view kind, std::string_view name) const
{
    auto statement = Statement::prepare(m_impl->database, "SELECT content FROM documents WHERE kind=? AND name=?");
    if (!statement)
        return statement.error().in(m_impl->path);
    auto row = statement->bind(kind).bind(name).step();
    if (!row)
        return row.error().in(m_impl->path);
    return *row ? std::optional<std::string>{statement->text(0)} : std::optional<std::string>{};
}

Status WorkspaceStore::putDocument(std::string_view kind, std::string_view name, std::string_view content)
{
    auto transaction = Transaction::begin(m_impl->database);
    if (!transaction)
        return transaction.error().in(m_impl->path);
    auto position = nextPosition(m_impl->database, kind);
    if (!position)
        return position.error().in(m_impl->path);
    if (auto status = storeDocument(m_impl->database, kind, name, *position, content); !status)
        return status.error().in(m_impl->path);
    return transaction->commit();
}

Status WorkspaceStore::removeDocument(std::string_view kind, std::string_view name)
{
    auto statement = Statement::prepare(m_impl->database, "DELETE FROM documents WHERE kind=? AND name=?");
    if (!statement)
        return statement.error().in(m_impl->path);
    return statement->bind(kind).bind(name).finish();
}

Status WorkspaceStore::replaceDocuments(std::string_view kind, const std::vector<Document> &documents)
{
    return changeDocuments(kind, [&documents](const std::vector<Document> &) { return documents; });
}

Status WorkspaceStore::changeDocuments(std::string_view kind, const DocumentChange &change)
{
    auto transaction = Transaction::begin(m_impl->database);
    if (!transaction)
        return transaction.error().in(m_impl->path);
    const auto present = documents(kind);
    if (!present)
        return present.error();
    const auto changed = change(*present);
    if (!changed)
        return changed.error().in(m_impl->path);
    if (auto status = removeKind(m_impl->database, kind); !status)
        return status.error().in(m_impl->path);
    std::int64_t position = 0;
    for (const Document &document : *changed) {
        if (auto status = storeDocument(m_impl->database, kind, document.name, ++position, document.content); !status)
            return status.error().in(m_impl->path);
    }
    return transaction->commit();
}

} // namespace perunit
