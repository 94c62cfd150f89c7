// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <string>
#include <vector>

namespace perunit {

/// What a dropped path stands for.
struct FileSet {
    std::vector<std::string> files;   ///< one ledger each, in order of their names
    std::vector<std::string> skipped; ///< files beside them that cannot be ledgers (pictures, notes)
};

/// A folder stands for the files in it and below it, a zip archive with several tables for its members
/// ("bills.zip/may.csv", which ByteSource opens), anything else for itself. Hidden files do not count. Errors: Io;
/// BadInput for a folder without any ledger.
Result<FileSet> ledgerFilesIn(const std::string &path);

} // namespace perunit
