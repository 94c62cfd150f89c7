// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// What a cloud writes beside a bill in several files: AWS ("…-Manifest.json") and Azure ("_manifest.json").
struct BillManifest {
    std::string path;
    std::string bill;                 ///< which report and which period: two manifests of one bill have the same
    std::string created;              ///< sorts by time; empty when the manifest does not say
    std::vector<std::string> parts;   ///< paths of the files that exist, in order
    std::vector<std::string> missing; ///< names of those that do not
    bool above = false; ///< it stands above the folder of its parts, as the one of the newest version does
};

/// True for names that manifests have.
bool isManifestName(const std::string &path);

/// Reads a manifest and looks for its parts: in its own folder, and by the ends of their names in the folders above.
/// Nothing when the file is none.
std::optional<BillManifest> readBillManifest(const std::string &path);

/// The files that belong together with one part of a bill, found by the manifests near it.
struct BillParts {
    std::vector<std::string> further; ///< of the first part: the other ones
    std::string warning;              ///< of another part: that it is one
};

/// Errors: BadInput when a manifest names files that are missing.
Result<BillParts> billPartsOf(const std::string &path);

/// Of all files in a folder: leaves those that stand for one bill each, the first part of its newest version. What
/// belongs to it, older versions and the manifests themselves go to `skipped`. Errors: BadInput when parts of a bill
/// are missing.
Status keepOneFileOfEachBill(std::vector<std::string> &files, std::vector<std::string> &skipped);

} // namespace perunit
