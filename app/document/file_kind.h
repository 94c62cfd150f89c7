// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace perunit {

/// What a file that the user dropped or named is meant for.
enum class FileKind : std::uint8_t { Workspace, Scenario, Catalogue, Budget, Ledger };

/// Decided by content where the content says it (SQLite magic, "format" of a scenario, shape of a catalogue, of a
/// price sheet or of a budget), by the name otherwise. Everything else is taken as a ledger: the importer explains what
/// it can make of it.
FileKind kindOfFile(const std::string &path);

} // namespace perunit
