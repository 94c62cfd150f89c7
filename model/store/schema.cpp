// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/schema.h"

#include "model/store/seals.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace perunit {

namespace {

constexpr const char *schemaSql = R"sql(
CREATE TABLE sources(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    why TEXT NOT NULL,
    mapping TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    role INTEGER NOT NULL,
    rows_read INTEGER NOT NULL,
    rows_accepted INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL,
    rows_duplicate INTEGER NOT NULL,
    period_from INTEGER NOT NULL,
    period_to INTEGER NOT NULL,
    currency TEXT NOT NULL,
    requests INTEGER NOT NULL,
    row_kind INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    facts BLOB NOT NULL,
    active INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL DEFAULT '',
    pieces INTEGER NOT NULL DEFAULT 0,
    seal INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE cols(
    source INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    column TEXT NOT NULL,
    n INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY(source, chunk, column)
) STRICT, WITHOUT ROWID;
CREATE TABLE documents(
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,
    seal INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE tallies(
    kind TEXT PRIMARY KEY,
    n INTEGER NOT NULL,
    sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

/// Version 2: the digest of the unpacked content, and seals that find damage. The index on digests goes: a workspace
/// has some dozens of sources, and an index that does not fit its table any more hides rows.
constexpr const char *secondVersionSql = R"sql(
DROP INDEX IF EXISTS sources_by_digest;
ALTER TABLE sources ADD COLUMN content_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN pieces INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;
CREATE TABLE tallies(
    kind TEXT PRIMARY KEY,
    n INTEGER NOT NULL,
    sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

Status addSeals(const Database &database)
{
    if (auto status = database.run(secondVersionSql); !status)
        return status;
    return sealEverything(database);
}

Error systemError(const std::string &what)
{
    return {ErrorCode::Io, what + ": " + std::strerror(errno), "", "check the folder and the free space"};
}

/// A file that is complete on the disk, not only in memory.
Status flushToDisk(const std::string &path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0)
        return systemError("the copy cannot be written");
    const int outcome = ::fsync(descriptor);
    ::close(descriptor);
    if (outcome != 0)
        return systemError("the copy cannot be written");
    return {};
}

/// The name of a file is on the disk only when its folder is.
Status flushFolder(const std::string &path)
{
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    return flushToDisk(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
}

/// An existing workspace that is to be replaced may still have a journal: it must not meet the new file.
Status retireTarget(const std::string &target)
{
    if (!std::filesystem::exists(target))
        return {};
    if (auto old = Database::open(target, Database::Access::ReadWrite); old) {
        const auto version = old->number("PRAGMA schema_version");
        if (version) {
            if (auto status = old->run("PRAGMA busy_timeout=500; PRAGMA journal_mode=DELETE"); !status)
                return Error{ErrorCode::Io, "the file to be replaced is open in another program", target,
                             "close it there or choose another name"};
        }
    }
    for (const char *suffix : {"-wal", "-shm", "-journal"})
        std::remove((target + suffix).c_str());
    return {};
}

} // namespace

const std::vector<Migration> &workspaceMigrations()
{
    static const std::vector<Migration> steps{{1, addSeals}};
    return steps;
}

Status createSchema(const Database &database)
{
    if (auto status = database.run("PRAGMA page_size=16384; PRAGMA journal_mode=WAL"); !status)
        return status;
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return transaction.error();
    // Another program may have created it between the look and the lock.
    auto state = inspectSchema(database);
    if (!state)
        return state.error();
    if (!state->isEmpty)
        return {};
    const std::string marks = "PRAGMA application_id=" + std::to_string(workspaceApplicationId)
                              + "; PRAGMA user_version=" + std::to_string(workspaceSchemaVersion);
    for (const std::string &sql : {std::string(schemaSql), marks}) {
        if (auto status = database.run(sql.c_str()); !status)
            return status;
    }
    return transaction->commit();
}

Result<SchemaState> inspectSchema(const Database &database, int newest)
{
    auto application = database.number("PRAGMA application_id");
    if (!application)
        return application.error();
    auto version = database.number("PRAGMA user_version");
    if (!version)
        return version.error();
    auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    if (!tables)
        return tables.error();
    if (*application == 0 && *version == 0 && *tables == 0)
        return SchemaState{true, 0};
    if (*application != workspaceApplicationId)
        return Error{ErrorCode::BadInput, "this is a database of another program, not a workspace", "",
                     "choose a *.perunit file"};
    if (*version > newest)
        return Error{ErrorCode::Unsupported,
                     "the workspace was written by a newer version of this program (format " + std::to_string(*version)
                         + ", this program knows " + std::to_string(newest) + ")",
                     "", "install the newer version"};
    if (*version < 1)
        return Error{ErrorCode::BadInput, "the workspace file is damaged (it has no version)", "",
                     "restore it from a copy"};
    return SchemaState{false, static_cast<int>(*version)};
}

Status migrateSchema(const Database &database, const std::string &path, int from, int to,
                     const std::vector<Migration> &steps)
{
    if (from >= to)
        return {};
    if (auto status = copyDatabase(database, path + ".v" + std::to_string(from) + ".backup"); !status)
        return status.error().in("copy before the update of the workspace");
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return transaction.error();
    // Another program may have updated it while this one waited.
    auto version = database.number("PRAGMA user_version");
    if (!version)
        return version.error();
    for (int at = static_cast<int>(*version); at < to; ++at) {
        const auto step =
            std::find_if(steps.begin(), steps.end(), [at](const Migration &migration) { return migration.from == at; });
        if (step == steps.end())
            return Error{ErrorCode::Unsupported,
                         "workspaces of format " + std::to_string(at) + " can no longer be read", "",
                         "open it with an older version first"};
        if (auto status = step->run(database); !status)
            return status;
    }
    if (auto status = database.run(("PRAGMA user_version=" + std::to_string(to)).c_str()); !status)
        return status;
    return transaction->commit();
}

Status copyDatabase(const Database &database, const std::string &target)
{
    const std::string part = target + ".part-" + std::to_string(::getpid());
    std::remove(part.c_str());
    const auto give = [&part](Error error) -> Status {
        std::remove(part.c_str());
        return error;
    };
    {
        // A connection that only reads may write the copy, which is not its own file.
        const auto onlyReads = database.number("PRAGMA query_only");
        if (auto status = database.run("PRAGMA query_only=OFF"); !status || !onlyReads)
            return status ? onlyReads.error() : status.error();
        auto statement = Statement::prepare(database, "VACUUM INTO ?");
        if (!statement)
            return statement.error();
        const auto copied = statement->bind(std::string_view(part)).finish();
        if (*onlyReads != 0)
            (void)database.run("PRAGMA query_only=ON").ok();
        if (!copied)
            return give(copied.error().in(target));
    }
    if (auto status = flushToDisk(part, O_RDWR); !status)
        return give(status.error().in(target));
    if (auto status = retireTarget(target); !status)
        return give(status.error());
    if (std::rename(part.c_str(), target.c_str()) != 0)
        return give(systemError("the copy cannot be put in its place").in(target));
    return flushFolder(target);
}

Status moveToPlace(const std::string &part, const std::string &target)
{
    auto status = flushToDisk(part, O_RDWR);
    // A name that somebody else has taken meanwhile is theirs. File systems that cannot promise it are asked first.
    if (status && ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0
        && (errno == EEXIST || std::filesystem::exists(target) || std::rename(part.c_str(), target.c_str()) != 0)) {
        status =
            std::filesystem::exists(target) ? Status() : Status(systemError("the file cannot be put in its place"));
    }
    std::remove(part.c_str());
    return status ? flushFolder(target) : status;
}

} // namespace perunit
