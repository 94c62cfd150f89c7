// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace perunit {

/// One connection to one database file; closed by the destructor.
class Database
{
public:
    enum class Access { Create, ReadWrite, ReadOnly, Immutable };

    static Result<Database> open(const std::string &path, Access access);
    ~Database();
    Database(Database &&other) noexcept;
    Database &operator=(Database &&other) noexcept;

    /// Runs statements without parameters and results.
    Status run(const char *sql) const;
    /// First column of the first row as a number; 0 when there is none.
    [[nodiscard]] Result<std::int64_t> number(const char *sql) const;
    /// What the last call failed with, for people.
    [[nodiscard]] Error error() const;
    [[nodiscard]] sqlite3 *handle() const { return m_handle; }

private:
    explicit Database(sqlite3 *handle)
        : m_handle(handle)
    {}
    sqlite3 *m_handle = nullptr;
};

/// A prepared statement. Parameters are bound in order, columns read by index.
class Statement
{
public:
    static Result<Statement> prepare(const Database &database, std::string_view sql);
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;

    Statement &bind(std::int64_t value);
    Statement &bind(std::string_view text);
    Statement &bindBlob(std::string_view bytes);
    Statement &bindNull();

    /// True while there is a row.
    Result<bool> step();
    /// Steps a statement that yields no rows and makes it ready for the next run.
    Status finish();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool isNull(int column) const;
    /// Text or blob; the view lives until the next step.
    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }

private:
    Statement(const Database &database, sqlite3_stmt *handle)
        : m_database(&database)
        , m_handle(handle)
    {}
    const Database *m_database;
    sqlite3_stmt *m_handle;
    int m_bound = 0;
    int m_failure = 0;
};

/// While it lives, a commit is on the disk when it returns. Without it the last commits before a power failure may be
/// lost, never half of one.
class DurableCommits
{
public:
    explicit DurableCommits(const Database &database)
        : m_database(database)
    {
        (void)m_database.run("PRAGMA synchronous=FULL").ok();
    }
    ~DurableCommits() { (void)m_database.run("PRAGMA synchronous=NORMAL").ok(); }
    DurableCommits(const DurableCommits &) = delete;
    DurableCommits &operator=(const DurableCommits &) = delete;

private:
    const Database &m_database;
};

/// Begins writing at once, so that a second writer is told now and not half-way; rolls back unless committed.
class Transaction
{
public:
    static Result<Transaction> begin(const Database &database);
    ~Transaction();
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    Status commit();

private:
    explicit Transaction(const Database &database)
        : m_database(&database)
    {}
    const Database *m_database;
};

} // namespace perunit
