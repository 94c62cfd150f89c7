// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// One ledger on the disk: a file, or several that belong together.
struct LedgerFile {
    std::string path;
    std::vector<std::string> furtherParts; ///< to be read after it, as one source
    std::string name;                      ///< for people: "usage.csv", "projects (312 files)"
    bool operator==(const LedgerFile &) const = default;
};

/// What a dropped path stands for.
struct FileSet {
    std::vector<LedgerFile> files;    ///< in order of their names
    std::vector<std::string> skipped; ///< files beside them that cannot be ledgers (pictures, notes)
};

/// A folder stands for the files in it and below it, a zip archive with several tables for its members
/// ("bills.zip/may.csv", which ByteSource opens), the manifest of a cloud's bill for the first part of that bill (which
/// brings the others), anything else for itself. Of a bill in several files and versions a folder has the first part of
/// the newest version. Files of a format that writes one file a session or hour (LedgerFormat::comesInManyFiles) are
/// one ledger. Hidden files do not count. Errors: Io; BadInput for a folder without any ledger.
Result<FileSet> ledgerFilesIn(const std::string &path, const std::stop_token &stop = {});

} // namespace perunit
