// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/file_set.h"

#include "model/import/byte_source.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace perunit {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 11> ledgerEndings{".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson",
                                                         ".gz",  ".zst", ".bz2", ".xz",   ".zip"};

bool mayBeLedger(const fs::path &path)
{
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return std::find(ledgerEndings.begin(), ledgerEndings.end(), ending) != ledgerEndings.end();
}

bool isHidden(const fs::path &path)
{
    return path.filename().string().starts_with('.') || path.filename() == "__MACOSX";
}

Status addFile(const fs::path &path, FileSet &set)
{
    auto members = tablesOfArchive(path.string());
    if (!members)
        return members.error().in(path.filename().string());
    if (members->size() < 2) {
        set.files.push_back(path.string());
        return {};
    }
    for (const std::string &member : *members)
        set.files.push_back(path.string() + '/' + member);
    return {};
}

Status addFolder(const fs::path &folder, FileSet &set)
{
    std::error_code failure;
    std::vector<fs::path> entries;
    for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
        entries.push_back(at->path());
    if (failure)
        return Error{ErrorCode::Io, "the folder cannot be read: " + failure.message(), folder.string(), ""};
    std::sort(entries.begin(), entries.end());
    for (const fs::path &entry : entries) {
        if (isHidden(entry))
            continue;
        if (fs::is_directory(entry, failure)) {
            // A link could lead in a circle.
            if (auto status = fs::is_symlink(entry, failure) ? Status() : addFolder(entry, set); !status)
                return status;
        } else if (!mayBeLedger(entry)) {
            set.skipped.push_back(entry.string());
        } else if (auto status = addFile(entry, set); !status) {
            return status;
        }
    }
    return {};
}

} // namespace

Result<FileSet> ledgerFilesIn(const std::string &path)
{
    FileSet set;
    std::error_code failure;
    if (!fs::is_directory(path, failure)) {
        if (auto status = addFile(path, set); !status)
            return status.error();
        return set;
    }
    if (auto status = addFolder(path, set); !status)
        return status.error();
    if (set.files.empty())
        return Error{ErrorCode::BadInput, "the folder holds no ledger", path, "choose one with CSV or JSON files"};
    return set;
}

} // namespace perunit
