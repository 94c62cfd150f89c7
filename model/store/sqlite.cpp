// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace perunit {

namespace {

constexpr int busyMilliseconds = 5000;

Error errorOf(int code, const char *message)
{
    const std::string detail = message ? message : "";
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::Io, "another program is writing to the workspace", "",
                "wait until it has finished, then try again"};
    case SQLITE_NOTADB:
        return {ErrorCode::BadInput, "this is not a workspace file", "", "choose a *.perunit file"};
    case SQLITE_CORRUPT:
        return {ErrorCode::BadInput, "the workspace file is damaged (" + detail + ")", "",
                "restore it from a copy, or save what is still good with 'perunit rescue'"};
    case SQLITE_FULL:
        return {ErrorCode::Io, "the disk is full; nothing was changed", "", "free some space and try again"};
    case SQLITE_READONLY:
        return {ErrorCode::Io, "the workspace cannot be written", "",
                "check the permissions of the file and its folder"};
    case SQLITE_CANTOPEN:
        return {ErrorCode::Io, "the workspace file cannot be opened", "",
                "check that the folder exists and may be written"};
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return {ErrorCode::Io, "access to the workspace file is denied", "", "check its permissions"};
    default:
        return {ErrorCode::Io, "the workspace database reports: " + detail, "", ""};
    }
}

} // namespace

Result<Database> Database::open(const std::string &path, Access access)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    std::string name = path;
    switch (access) {
    case Access::Create:
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        break;
    case Access::ReadWrite:
        flags |= SQLITE_OPEN_READWRITE;
        break;
    case Access::ReadOnly:
        flags |= SQLITE_OPEN_READONLY;
        break;
    case Access::Immutable:
        flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
        name = "file:";
        for (const char c : path) {
            if (c == '%' || c == '?' || c == '#') {
                constexpr std::string_view digits = "0123456789ABCDEF";
                const auto byte = static_cast<unsigned char>(c);
                name += {'%', digits[byte >> 4], digits[byte & 15]};
            } else {
                name += c;
            }
        }
        name += "?immutable=1";
        break;
    }
    sqlite3 *handle = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    Database database(handle);
    if (code != SQLITE_OK)
        return errorOf(code, handle ? sqlite3_errmsg(handle) : nullptr);
    sqlite3_busy_timeout(handle, busyMilliseconds);
    return database;
}

Database::~Database()
{
    if (m_handle)
        sqlite3_close_v2(m_handle);
}

Database::Database(Database &&other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
{}

Database &Database::operator=(Database &&other) noexcept
{
    std::swap(m_handle, other.m_handle);
    return *this;
}

Error Database::error() const
{
    return errorOf(sqlite3_extended_errcode(m_handle), sqlite3_errmsg(m_handle));
}

Status Database::run(const char *sql) const
{
    if (sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return error();
    return {};
}

Result<std::int64_t> Database::number(const char *sql) const
{
    auto statement = Statement::prepare(*this, sql);
    if (!statement)
        return statement.error();
    auto row = statement->step();
    if (!row)
        return row.error();
    return *row ? statement->integer(0) : std::int64_t{0};
}

Result<Statement> Statement::prepare(const Database &database, std::string_view sql)
{
    sqlite3_stmt *handle = nullptr;
    if (sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr) != SQLITE_OK)
        return database.error();
    return Statement(database, handle);
}

Statement::~Statement()
{
    sqlite3_finalize(m_handle);
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database)
    , m_handle(std::exchange(other.m_handle, nullptr))
    , m_bound(other.m_bound)
    , m_failure(other.m_failure)
{}

Statement &Statement::bind(std::int64_t value)
{
    m_failure |= sqlite3_bind_int64(m_handle, ++m_bound, value);
    return *this;
}

Statement &Statement::bind(std::string_view text)
{
    m_failure |= sqlite3_bind_text64(m_handle, ++m_bound, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT,
                                     SQLITE_UTF8);
    return *this;
}

Statement &Statement::bindBlob(std::string_view bytes)
{
    m_failure |=
        sqlite3_bind_blob64(m_handle, ++m_bound, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

Statement &Statement::bindNull()
{
    m_failure |= sqlite3_bind_null(m_handle, ++m_bound);
    return *this;
}

Result<bool> Statement::step()
{
    if (m_failure != SQLITE_OK)
        return Error{ErrorCode::Io, "a value is too large for the workspace database", "", ""};
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return m_database->error();
}

Status Statement::finish()
{
    const auto row = step();
    reset();
    if (!row)
        return row.error();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_handle);
    m_bound = 0;
    m_failure = 0;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

std::string_view Statement::bytes(int column) const
{
    const void *data = sqlite3_column_blob(m_handle, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column));
    return data ? std::string_view(static_cast<const char *>(data), size) : std::string_view();
}

Result<Transaction> Transaction::begin(const Database &database)
{
    if (auto status = database.run("BEGIN IMMEDIATE"); !status)
        return status.error();
    return Transaction(database);
}

Transaction::~Transaction()
{
    if (m_database)
        (void)m_database->run("ROLLBACK").ok();
}

Transaction::Transaction(Transaction &&other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
{}

Status Transaction::commit()
{
    if (auto status = m_database->run("COMMIT"); !status)
        return status;
    m_database = nullptr;
    return {};
}

} // namespace perunit
