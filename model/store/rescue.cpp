// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/rescue.h"

#include "model/store/seals.h"
#include "model/store/workspace_store.h"

#include <filesystem>
#include <map>
#include <set>

namespace perunit {

namespace {

/// Rows of a query until there are no more, or until the database cannot go on.
class SafeRows
{
public:
    SafeRows(const Database &database, const std::string &sql)
        : m_statement(Statement::prepare(database, sql))
    {}

    bool next()
    {
        if (!m_statement)
            return false;
        const auto more = m_statement->step();
        m_broken = !more.ok();
        return more && *more;
    }
    [[nodiscard]] bool isBroken() const { return m_broken || !m_statement; }
    [[nodiscard]] const Statement &row() const { return *m_statement; }
    void bind(std::int64_t value)
    {
        if (m_statement)
            m_statement->bind(value);
    }

private:
    Result<Statement> m_statement;
    bool m_broken = false;
};

class Rescuer
{
public:
    Rescuer(const Database &from, const Database &to, bool sealed)
        : m_from(from)
        , m_to(to)
        , m_sealed(sealed)
    {}

    Status documents();
    Status sources();
    Rescue &&result() { return std::move(m_rescue); }

private:
    Status putDocument(const Statement &row);
    Status missing(std::string_view kind, std::int64_t found);
    Result<bool> pieces(const Statement &source, std::int64_t &sum);
    Status putSource(const Statement &row, std::int64_t pieces);

    const Database &m_from;
    const Database &m_to;
    bool m_sealed;
    Rescue m_rescue;
};

Status Rescuer::putDocument(const Statement &row)
{
    auto insert = Statement::prepare(m_to, "INSERT INTO documents(kind, name, position, content) VALUES(?,?,?,?)");
    if (!insert)
        return insert.error();
    return insert->bind(row.bytes(0)).bind(row.bytes(1)).bind(row.integer(2)).bind(row.bytes(3)).finish();
}

/// What should be there and was not even found.
Status Rescuer::missing(std::string_view kind, std::int64_t found)
{
    if (!m_sealed)
        return {};
    // A tally that cannot be read either says nothing.
    const auto tally = storedTally(m_from, kind);
    if (tally && tally->count > found)
        m_rescue.lost.push_back(std::to_string(tally->count - found) + " of the kind '" + std::string(kind)
                                + "' cannot be found any more");
    return {};
}

Status Rescuer::documents()
{
    std::map<std::string, std::int64_t> found;
    SafeRows rows(m_from, std::string("SELECT kind, name, position, content, ") + (m_sealed ? "seal" : "0")
                              + " FROM documents");
    while (rows.next()) {
        const Statement &row = rows.row();
        const std::string what = row.text(0) + " '" + row.text(1) + "'";
        ++found[row.text(0)];
        if (m_sealed && row.integer(4) != sealOfDocument(row.bytes(0), row.bytes(1), row.integer(2), row.bytes(3))) {
            m_rescue.lost.push_back(what);
            continue;
        }
        if (auto status = putDocument(row); !status)
            return status;
        m_rescue.saved.push_back(what);
    }
    if (rows.isBroken())
        m_rescue.lost.emplace_back("documents on a damaged page");
    for (const auto &[kind, count] : found) {
        if (auto status = sealDocuments(m_to, kind); !status)
            return status;
    }
    SafeRows kinds(m_from, "SELECT kind FROM tallies");
    while (m_sealed && kinds.next()) {
        const std::string kind = kinds.row().text(0);
        if (auto status = kind == sourcesTally ? Status() : missing(kind, found[kind]); !status)
            return status;
    }
    return {};
}

/// Copies the rows of a source; false when they are not all there.
Result<bool> Rescuer::pieces(const Statement &source, std::int64_t &sum)
{
    SafeRows rows(m_from, "SELECT chunk, column, n, data FROM cols WHERE source=?");
    rows.bind(source.integer(0));
    auto insert = Statement::prepare(m_to, "INSERT INTO cols(source, chunk, column, n, data) VALUES(?,?,?,?,?)");
    if (!insert)
        return insert.error();
    Tally tally;
    while (rows.next()) {
        const Statement &row = rows.row();
        tally.add(sealOfPiece(row.integer(0), row.bytes(1), row.integer(2), row.bytes(3)));
        insert->bind(source.integer(0)).bind(row.integer(0)).bind(row.bytes(1)).bind(row.integer(2));
        if (auto status = insert->bindBlob(row.bytes(3)).finish(); !status)
            return status.error();
    }
    sum = tally.sum;
    return !rows.isBroken() && (!m_sealed || sum == source.integer(22));
}

Status Rescuer::putSource(const Statement &row, std::int64_t pieces)
{
    std::string marks = "?";
    for (int column = 1; column < sealedColumnCount; ++column)
        marks += ",?";
    auto insert =
        Statement::prepare(m_to, "INSERT INTO sources(" + std::string(sealedSourceColumns) + ") VALUES(" + marks + ")");
    if (!insert)
        return insert.error();
    for (int column = 0; column < sealedColumnCount - 1; ++column) {
        if (column == factsColumn)
            insert->bindBlob(row.bytes(column));
        else if (isSealedText(column))
            insert->bind(row.bytes(column));
        else
            insert->bind(row.integer(column));
    }
    if (auto status = insert->bind(pieces).finish(); !status)
        return status;
    return sealSource(m_to, row.integer(0));
}

Status Rescuer::sources()
{
    std::int64_t found = 0;
    SafeRows rows(m_from, "SELECT " + std::string(m_sealed ? sealedSourceColumns : unsealedSourceColumns)
                              + (m_sealed ? ", seal" : "") + " FROM sources");
    while (rows.next()) {
        const Statement &row = rows.row();
        const std::string what = "source " + std::to_string(row.integer(0)) + " '" + row.text(1) + "'";
        ++found;
        if (m_sealed && sealOfSource(row) != row.integer(23)) {
            m_rescue.lost.push_back(what);
            continue;
        }
        if (auto status = m_to.run("SAVEPOINT source"); !status)
            return status;
        std::int64_t sum = 0;
        const auto whole = pieces(row, sum);
        if (!whole)
            return whole.error();
        if (*whole) {
            if (auto status = putSource(row, sum); !status)
                return status;
        }
        (*whole ? m_rescue.saved : m_rescue.lost).push_back(what);
        if (auto status = m_to.run(*whole ? "RELEASE source" : "ROLLBACK TO source; RELEASE source"); !status)
            return status;
    }
    if (rows.isBroken())
        m_rescue.lost.emplace_back("sources on a damaged page");
    return missing(sourcesTally, found);
}

Result<Rescue> copyGood(const Database &from, const std::string &rescued)
{
    const auto sealed = hasSeals(from);
    const auto to = Database::open(rescued, Database::Access::ReadWrite);
    if (!to)
        return to.error();
    const DurableCommits durable(*to);
    auto transaction = Transaction::begin(*to);
    if (!transaction)
        return transaction.error();
    // A version that was changed is damage as well: what has a table of tallies has seals.
    Rescuer rescuer(from, *to, !sealed || *sealed);
    if (auto status = rescuer.documents(); !status)
        return status.error();
    if (auto status = rescuer.sources(); !status)
        return status.error();
    if (auto status = transaction->commit(); !status)
        return status.error();
    return rescuer.result();
}

} // namespace

Result<Rescue> rescueWorkspace(const std::string &damaged, const std::string &rescued)
{
    std::error_code ignored;
    if (std::filesystem::exists(rescued, ignored))
        return Error{ErrorCode::Conflict, "the file for what is rescued exists already", rescued,
                     "choose another name"};
    if (!std::filesystem::exists(damaged, ignored))
        return Error{ErrorCode::NotFound, "the workspace does not exist", damaged, "check the path"};
    const auto from = Database::open(damaged, Database::Access::ReadOnly);
    if (!from)
        return from.error().in(damaged);
    if (auto created = WorkspaceStore::open(rescued, WorkspaceStore::Mode::OpenOrCreate); !created)
        return created.error();
    auto rescue = copyGood(*from, rescued);
    if (rescue && !rescue->saved.empty())
        return rescue;
    for (const char *suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(rescued + suffix, ignored);
    if (!rescue)
        return rescue.error();
    return Error{ErrorCode::BadInput, "nothing in the workspace can be read any more", damaged,
                 "restore it from a copy"};
}

} // namespace perunit
