// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/workspace_store.h"

#include "model/share/shared_baseline.h"

#include "model/store/ledger_reader.h"
#include "model/store/schema.h"
#include "model/store/seals.h"
#include "model/store/source_rows.h"
#include "model/store/source_writer.h"
#include "model/store/sqlite.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace perunit {

struct WorkspaceStore::Impl {
    std::string path;
    Database database;
};

namespace {

/// WAL keeps readers and one writer out of each other's way; NORMAL never loses consistency, at worst the last
/// commit before a power failure. Imports are committed with FULL (DurableCommits): an import is rare and may be
/// announced, an edit happens at every move of a slider and must not wait for the disk.
constexpr const char *connectionSettings =
    "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; "
    "PRAGMA cache_size=-65536";

/// Changes one column of a source.
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
    if (auto status = sealSource(database, id); !status)
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

bool isThere(const std::string &path)
{
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

bool isWritable(const std::string &path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return ::access(path.c_str(), W_OK) == 0 && ::access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
}

/// A connection that changes nothing, on whatever medium. Where it may, it opens the file for writing all the same:
/// only then does it clear away the journal files when it is the last to close.
Result<Database> openReadOnly(const std::string &path)
{
    if (isWritable(path)) {
        auto database = Database::open(path, Database::Access::ReadWrite);
        if (database && database->number("PRAGMA schema_version")) {
            if (auto status = database->run("PRAGMA query_only=ON"); !status)
                return status.error();
            return database;
        }
    }
    auto database = Database::open(path, Database::Access::ReadOnly);
    if (!database)
        return database.error();
    const auto readable = database->number("PRAGMA schema_version");
    if (readable || readable.error().code == ErrorCode::BadInput)
        return database;
    // A workspace on a read-only medium: without a journal beside it the file itself is complete.
    std::error_code ignored;
    const std::string journal = path + "-wal";
    if (isThere(journal) && std::filesystem::file_size(journal, ignored) > 0)
        return Error{ErrorCode::Io, "the workspace was not closed, and what it needs to be opened cannot be written",
                     "", "copy it together with the file that ends in -wal to a folder that can be written"};
    return Database::open(path, Database::Access::Immutable);
}

/// Looks at a file before the database does: that takes an empty file for a new database.
Status checkMagic(const std::string &path)
{
    constexpr std::string_view magic("SQLite format 3\0", 16);
    std::ifstream file(path, std::ios::binary);
    std::array<char, 16> start{};
    file.read(start.data(), start.size());
    const std::string_view found(start.data(), static_cast<std::size_t>(file.gcount()));
    if (found == magic)
        return {};
    if (!file.is_open())
        return Error{ErrorCode::Io, "the workspace file cannot be read", "", "check its permissions"};
    if (found.empty())
        return Error{ErrorCode::BadInput, "the file is empty, not a workspace", "",
                     "delete it or choose another name; a new workspace is made where there is no file"};
    return Error{ErrorCode::BadInput, "this is not a workspace file", "", "choose a *.perunit file"};
}

/// Makes a new workspace beside its place and then moves it there: whoever is killed meanwhile leaves no half of one.
Status createFile(const std::string &path)
{
    const std::string part = path + ".new-" + std::to_string(::getpid());
    std::remove(part.c_str());
    const auto give = [&part](Error error) -> Status {
        for (const char *suffix : {"", "-wal", "-shm", "-journal"})
            std::remove((part + suffix).c_str());
        return error;
    };
    {
        auto database = Database::open(part, Database::Access::Create);
        if (!database)
            return give(database.error());
        const DurableCommits durable(*database);
        if (auto status = createSchema(*database); !status)
            return give(status.error());
    }
    return moveToPlace(part, path);
}

Status prepareSchema(const Database &database, const std::string &path, WorkspaceStore::Mode mode)
{
    auto state = inspectSchema(database);
    if (!state)
        return state.error();
    if (state->isEmpty)
        return Error{ErrorCode::BadInput, "the workspace file is empty", "", "choose another file"};
    if (mode == WorkspaceStore::Mode::ReadOnly) {
        if (state->version < oldestReadableVersion)
            return Error{ErrorCode::Unsupported, "the workspace has an older format", "",
                         "open it once for writing, which updates it"};
        return {};
    }
    if (auto status = database.run("PRAGMA journal_mode=WAL"); !status)
        return status;
    const DurableCommits durable(database);
    return migrateSchema(database, path, state->version, workspaceSchemaVersion, workspaceMigrations());
}

Error damagedDocuments(std::string_view kind, const std::string &name)
{
    return {ErrorCode::BadInput,
            "the workspace file is damaged: "
                + (name.empty() ? "some of its documents of the kind '" + std::string(kind) + "' are missing"
                                : "its " + std::string(kind) + " '" + name + "' has changed by itself"),
            "", damagedRemedy};
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
                                     "ON CONFLICT(kind, name) DO UPDATE SET content=excluded.content, seal=0");
    if (!statement)
        return statement.error();
    return statement->bind(kind).bind(name).bind(position).bind(content).finish();
}

/// All documents of a kind, in their order, none changed and none missing.
Result<std::vector<WorkspaceStore::Document>> readDocuments(const Database &database, std::string_view kind)
{
    const auto sealed = hasSeals(database);
    if (!sealed)
        return sealed.error();
    auto statement =
        Statement::prepare(database, std::string("SELECT name, content, position, ") + (*sealed ? "seal" : "0")
                                         + " FROM documents WHERE kind=? ORDER BY position, name");
    if (!statement)
        return statement.error();
    statement->bind(kind);
    std::vector<WorkspaceStore::Document> result;
    Tally tally;
    while (true) {
        auto more = statement->step();
        if (!more)
            return more.error();
        if (!*more)
            break;
        const std::int64_t seal = statement->integer(3);
        if (*sealed && seal != sealOfDocument(kind, statement->bytes(0), statement->integer(2), statement->bytes(1)))
            return damagedDocuments(kind, statement->text(0));
        tally.add(seal);
        result.push_back({statement->text(0), statement->text(1)});
    }
    if (!*sealed)
        return result;
    const auto expected = storedTally(database, kind);
    if (!expected)
        return expected.error();
    if (*expected != tally)
        return damagedDocuments(kind, {});
    return result;
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
    if (!isThere(path)) {
        if (mode != Mode::OpenOrCreate)
            return Error{ErrorCode::NotFound, "the workspace does not exist", path, "check the path"};
        if (auto status = createFile(path); !status)
            return status.error().in(path);
    }
    if (auto status = checkMagic(path); !status)
        return status.error().in(path);
    auto database = mode == Mode::ReadOnly ? openReadOnly(path) : Database::open(path, Database::Access::ReadWrite);
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
    const auto sealed = hasSeals(m_impl->database);
    if (!sealed)
        return sealed.error().in(m_impl->path);
    // An unpacked file has one digest, and an old workspace knows no other.
    auto stored = readSources(m_impl->database, *sealed ? "sha256=?1 OR content_sha256=?1" : "sha256=?1", sha256);
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
    if (!source->facts.damage.empty()) {
        if (active)
            return Error{ErrorCode::BadInput, source->facts.damage, source->facts.file, "import the ledger again"};
        return changeOne(m_impl->database, "UPDATE sources SET active=? WHERE id=?", setAsideAsDamaged, sourceId);
    }
    if (active && !source->facts.active) {
        const Source &facts = source->facts;
        auto same = sourceWithDigest(facts.contentSha256.empty() ? facts.sha256 : facts.contentSha256);
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
    if (!source->facts.damage.empty())
        return Error{ErrorCode::BadInput, source->facts.damage, source->facts.file, "import the ledger again"};
    if (!canPlay(source->kind, role))
        return Error{ErrorCode::Conflict,
                     std::string("this source cannot have the role '")
                         + std::string(sourceRoleNames[static_cast<std::size_t>(role)]) + "'",
                     source->facts.file,
                     source->kind == RowKind::Charges    ? "billing lines are usage, an invoice or harness cost"
                     : source->kind == RowKind::Outcomes ? "an outcome series counts units"
                                                         : "requests are usage, an invoice or harness cost"};
    const auto status =
        changeOne(m_impl->database, "UPDATE sources SET role=? WHERE id=?", static_cast<std::int64_t>(role), sourceId);
    return status ? status : Status(status.error().in(m_impl->path));
}

Result<std::unique_ptr<WorkspaceStore::SourceWriter>> WorkspaceStore::beginSource(std::vector<std::int64_t> replaces)
{
    auto writer = makeSourceWriter(m_impl->database, std::move(replaces));
    if (!writer)
        return writer.error().in(m_impl->path);
    return writer;
}

Status WorkspaceStore::visitRows(std::int64_t sourceId, RowVisitor &visitor, std::stop_token stop) const
{
    auto source = sourceById(m_impl->database, sourceId);
    if (!source)
        return source.error().in(m_impl->path);
    return visitStoredRows(m_impl->database, *source, visitor, stop);
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
        auto stored = readDocuments(m_impl->database, dimensionsKind);
        if (!stored)
            return stored.error();
        DimensionRules rules;
        if (!stored->empty()) {
            auto read = parseDimensionRules(stored->front().content);
            if (!read)
                return read.error().in("dimension rules of the workspace");
            rules = std::move(*read);
        }
        if (std::none_of(sources->begin(), sources->end(),
                         [](const StoredSource &source) { return source.facts.active; })) {
            const auto shared = readDocuments(m_impl->database, sharedBaselineKind);
            if (!shared)
                return shared.error();
            if (!shared->empty()) {
                auto read = readSharedBaseline(shared->front().content);
                if (!read)
                    return read.error().in("shared baseline of the workspace");
                return ledgerOf(std::make_shared<const SharedBaseline>(std::move(*read)));
            }
        }
        return readActiveRows(m_impl->database, *sources, rules, stop);
    }();
    (void)m_impl->database.run("ROLLBACK").ok();
    if (!result)
        return result.error().in(m_impl->path);
    return result;
}

Result<std::vector<WorkspaceStore::Document>> WorkspaceStore::documents(std::string_view kind) const
{
    auto documents = readDocuments(m_impl->database, kind);
    if (!documents)
        return documents.error().in(m_impl->path);
    return documents;
}

Result<std::optional<std::string>> WorkspaceStore::document(std::string_view kind, std::string_view name) const
{
    // All of the kind, because only together do they tell that none is missing.
    const auto all = documents(kind);
    if (!all)
        return all.error();
    const auto found =
        std::find_if(all->begin(), all->end(), [name](const Document &each) { return each.name == name; });
    return found == all->end() ? std::optional<std::string>{} : std::optional<std::string>{found->content};
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
    if (auto status = sealDocuments(m_impl->database, kind); !status)
        return status.error().in(m_impl->path);
    return transaction->commit();
}

Status WorkspaceStore::removeDocument(std::string_view kind, std::string_view name)
{
    auto transaction = Transaction::begin(m_impl->database);
    if (!transaction)
        return transaction.error().in(m_impl->path);
    auto statement = Statement::prepare(m_impl->database, "DELETE FROM documents WHERE kind=? AND name=?");
    if (!statement)
        return statement.error().in(m_impl->path);
    if (auto status = statement->bind(kind).bind(name).finish(); !status)
        return status.error().in(m_impl->path);
    if (auto status = sealDocuments(m_impl->database, kind); !status)
        return status.error().in(m_impl->path);
    return transaction->commit();
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
    if (auto status = sealDocuments(m_impl->database, kind); !status)
        return status.error().in(m_impl->path);
    return transaction->commit();
}

} // namespace perunit
