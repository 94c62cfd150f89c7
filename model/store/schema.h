// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/store/sqlite.h"

#include <functional>
#include <string>
#include <vector>

namespace perunit {

/// "PERU": marks a SQLite file as a workspace.
inline constexpr std::int64_t workspaceApplicationId = 0x50455255;
inline constexpr int workspaceSchemaVersion = 2;
/// The oldest format that can be read without bringing it up to date first.
inline constexpr int oldestReadableVersion = 1;

/// The step from schema version `from` to `from` + 1; runs inside a transaction.
struct Migration {
    int from = 0;
    std::function<Status(const Database &)> run;
};

/// All steps this program knows, in order.
const std::vector<Migration> &workspaceMigrations();

/// Makes an empty file a workspace. Errors: Io.
Status createSchema(const Database &database);
/// Says whether the file is a workspace, an empty file or something else. Errors: BadInput, Unsupported (newer).
struct SchemaState {
    bool isEmpty = false;
    int version = 0;
};
Result<SchemaState> inspectSchema(const Database &database, int newest = workspaceSchemaVersion);
/// Brings an older workspace up to date: first a copy beside it (`path` + ".v1.backup"), then all steps in one
/// transaction. Errors: Io, Unsupported when a step is missing.
Status migrateSchema(const Database &database, const std::string &path, int from, int to,
                     const std::vector<Migration> &steps);

/// Gives a complete new file its name, unless another program was faster; `part` is gone afterwards.
Status moveToPlace(const std::string &part, const std::string &target);

/// Writes a consistent copy of the database to `target` through a temporary file beside it.
Status copyDatabase(const Database &database, const std::string &target);

} // namespace perunit
