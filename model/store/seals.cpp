// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/seals.h"

#include "model/ledger/fingerprint.h"

#include <string>
#include <vector>

namespace perunit {

namespace {

constexpr std::int64_t firstSealedVersion = 2;

std::int64_t sealOf(const Fingerprint &fingerprint)
{
    return static_cast<std::int64_t>(fingerprint.value());
}

Status writeTally(const Database &database, std::string_view kind, const Tally &tally)
{
    auto statement = Statement::prepare(database, "INSERT INTO tallies(kind, n, sum) VALUES(?,?,?) "
                                                  "ON CONFLICT(kind) DO UPDATE SET n=excluded.n, sum=excluded.sum");
    if (!statement)
        return statement.error();
    return statement->bind(kind).bind(tally.count).bind(tally.sum).finish();
}

Result<Tally> countSeals(const Database &database, const char *sql, std::string_view parameter)
{
    auto statement = Statement::prepare(database, sql);
    if (!statement)
        return statement.error();
    if (!parameter.empty())
        statement->bind(parameter);
    Tally tally;
    while (true) {
        auto more = statement->step();
        if (!more)
            return more.error();
        if (!*more)
            return tally;
        tally.add(statement->integer(0));
    }
}

Status tallySources(const Database &database)
{
    const auto tally = countSeals(database, "SELECT seal FROM sources", {});
    return tally ? writeTally(database, sourcesTally, *tally) : Status(tally.error());
}

Status writeSourceSeal(const Database &database, std::int64_t id)
{
    auto row = Statement::prepare(database, "SELECT " + std::string(sealedSourceColumns) + " FROM sources WHERE id=?");
    if (!row)
        return row.error();
    auto found = row->bind(id).step();
    if (!found)
        return found.error();
    if (!*found)
        return {};
    const std::int64_t seal = sealOfSource(*row);
    row->reset();
    auto update = Statement::prepare(database, "UPDATE sources SET seal=? WHERE id=?");
    if (!update)
        return update.error();
    return update->bind(seal).bind(id).finish();
}

Status sealPieces(const Database &database, std::int64_t id)
{
    auto pieces = Statement::prepare(database, "SELECT chunk, column, n, data FROM cols WHERE source=?");
    if (!pieces)
        return pieces.error();
    pieces->bind(id);
    Tally sum;
    while (true) {
        auto more = pieces->step();
        if (!more)
            return more.error();
        if (!*more)
            break;
        sum.add(sealOfPiece(pieces->integer(0), pieces->bytes(1), pieces->integer(2), pieces->bytes(3)));
    }
    auto update = Statement::prepare(database, "UPDATE sources SET pieces=? WHERE id=?");
    if (!update)
        return update.error();
    return update->bind(sum.sum).bind(id).finish();
}

} // namespace

std::int64_t sealOfSource(const Statement &row)
{
    Fingerprint fingerprint;
    for (int column = 0; column < sealedColumnCount; ++column) {
        if (isSealedText(column))
            fingerprint.add(row.bytes(column));
        else
            fingerprint.add(row.integer(column));
    }
    return sealOf(fingerprint);
}

std::int64_t sealOfPiece(std::int64_t chunk, std::string_view column, std::int64_t n, std::string_view data)
{
    return sealOf(Fingerprint().add(chunk).add(column).add(n).add(data));
}

std::int64_t sealOfDocument(std::string_view kind, std::string_view name, std::int64_t position,
                            std::string_view content)
{
    const std::int64_t seal = sealOf(Fingerprint().add(kind).add(name).add(position).add(content));
    return seal == 0 ? 1 : seal;
}

Status sealSource(const Database &database, std::int64_t id)
{
    if (auto status = writeSourceSeal(database, id); !status)
        return status;
    return tallySources(database);
}

Status sealDocuments(const Database &database, std::string_view kind)
{
    auto rows = Statement::prepare(database, "SELECT name, position, content FROM documents WHERE kind=? AND seal=0");
    if (!rows)
        return rows.error();
    rows->bind(kind);
    std::vector<std::pair<std::string, std::int64_t>> seals;
    while (true) {
        auto more = rows->step();
        if (!more)
            return more.error();
        if (!*more)
            break;
        seals.emplace_back(rows->text(0), sealOfDocument(kind, rows->bytes(0), rows->integer(1), rows->bytes(2)));
    }
    auto update = Statement::prepare(database, "UPDATE documents SET seal=? WHERE kind=? AND name=?");
    if (!update)
        return update.error();
    for (const auto &[name, seal] : seals) {
        if (auto status = update->bind(seal).bind(kind).bind(std::string_view(name)).finish(); !status)
            return status;
    }
    const auto tally = countSeals(database, "SELECT seal FROM documents WHERE kind=?", kind);
    return tally ? writeTally(database, kind, *tally) : Status(tally.error());
}

Status sealEverything(const Database &database)
{
    std::vector<std::int64_t> sources;
    auto ids = Statement::prepare(database, "SELECT id FROM sources");
    if (!ids)
        return ids.error();
    for (auto more = ids->step();; more = ids->step()) {
        if (!more)
            return more.error();
        if (!*more)
            break;
        sources.push_back(ids->integer(0));
    }
    for (const std::int64_t id : sources) {
        if (auto status = sealPieces(database, id); !status)
            return status;
        if (auto status = writeSourceSeal(database, id); !status)
            return status;
    }
    if (auto status = tallySources(database); !status)
        return status;
    std::vector<std::string> kinds;
    auto names = Statement::prepare(database, "SELECT DISTINCT kind FROM documents");
    if (!names)
        return names.error();
    for (auto more = names->step();; more = names->step()) {
        if (!more)
            return more.error();
        if (!*more)
            break;
        kinds.push_back(names->text(0));
    }
    for (const std::string &kind : kinds) {
        if (auto status = sealDocuments(database, kind); !status)
            return status;
    }
    return {};
}

Result<Tally> storedTally(const Database &database, std::string_view kind)
{
    auto statement = Statement::prepare(database, "SELECT n, sum FROM tallies WHERE kind=?");
    if (!statement)
        return statement.error();
    auto row = statement->bind(kind).step();
    if (!row)
        return row.error();
    return *row ? Tally{statement->integer(0), statement->integer(1)} : Tally{};
}

Result<bool> hasSeals(const Database &database)
{
    const auto version = database.number("PRAGMA user_version");
    if (!version)
        return version.error();
    if (*version >= firstSealedVersion)
        return true;
    const auto tables = database.number("SELECT count(*) FROM sqlite_schema WHERE name='tallies'");
    if (!tables)
        return tables.error();
    if (*tables > 0)
        return Error{ErrorCode::BadInput, "the workspace file is damaged (its version was changed)", "",
                     "restore it from a copy"};
    return false;
}

} // namespace perunit
