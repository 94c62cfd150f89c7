// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/file_set.h"

#include "model/import/bill_manifest.h"
#include "model/import/byte_source.h"
#include "model/import/ledger_format.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>

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

/// Names of files, without any order among them.
struct Found {
    std::vector<std::string> files;
    std::vector<std::string> skipped;
};

Status addFile(const fs::path &path, Found &found)
{
    auto members = tablesOfArchive(path.string());
    if (!members)
        return members.error().in(path.filename().string());
    if (members->size() < 2) {
        found.files.push_back(path.string());
        return {};
    }
    for (const std::string &member : *members)
        found.files.push_back(path.string() + '/' + member);
    return {};
}

/// What files that belong together have in common: a format that comes in many files, and one way of writing it. Empty
/// for any other file.
std::string groupOf(const std::string &path, const std::vector<std::unique_ptr<LedgerFormat>> &formats,
                    const std::stop_token &stop)
{
    const auto shape = probeStart(path, stop);
    if (!shape)
        return {};
    const LedgerFormat *best = nullptr;
    int score = 0;
    for (const auto &format : formats) {
        if (const FormatMatch match = format->match(*shape); match.score > score) {
            score = match.score;
            best = format.get();
        }
    }
    if (!best || !best->comesInManyFiles())
        return {};
    // JSON may have other members in every file, a table has one header.
    return std::string(best->id()) + (shape->json ? std::string() : shape->signature());
}

void group(Found found, const fs::path &root, const std::stop_token &stop, FileSet &set)
{
    const auto formats = ledgerFormats();
    std::map<std::string, std::size_t> groups;
    for (std::string &path : found.files) {
        const std::string id = found.files.size() < 2 ? std::string() : groupOf(path, formats, stop);
        const auto known = groups.find(id);
        if (!id.empty() && known != groups.end()) {
            set.files[known->second].furtherParts.push_back(std::move(path));
            continue;
        }
        if (!id.empty())
            groups.emplace(id, set.files.size());
        LedgerFile file;
        file.name = fs::path(path).filename().string();
        file.path = std::move(path);
        set.files.push_back(std::move(file));
    }
    for (LedgerFile &file : set.files) {
        if (!file.furtherParts.empty())
            file.name = root.filename().string() + " (" + std::to_string(file.furtherParts.size() + 1) + " files)";
    }
    set.skipped = std::move(found.skipped);
}

Status addFolder(const fs::path &folder, Found &found)
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
            if (auto status = fs::is_symlink(entry, failure) ? Status() : addFolder(entry, found); !status)
                return status;
        } else if (!mayBeLedger(entry) || fs::file_size(entry, failure) == 0) {
            found.skipped.push_back(entry.string());
        } else if (auto status = addFile(entry, found); !status) {
            return status;
        }
    }
    return {};
}

} // namespace

Result<FileSet> ledgerFilesIn(const std::string &path, const std::stop_token &stop)
{
    Found found;
    std::error_code failure;
    if (!fs::is_directory(path, failure)) {
        // A manifest stands for the bill that it names; its first part brings the others.
        if (const auto manifest = readBillManifest(path); manifest && !manifest->parts.empty()) {
            if (!manifest->missing.empty())
                return Error{ErrorCode::BadInput,
                             "the manifest names " + manifest->missing.front() + ", which is missing", path,
                             "fetch all files that the manifest names"};
            found.files.push_back(manifest->parts.front());
        } else if (auto status = addFile(path, found); !status) {
            return status.error();
        }
    } else {
        if (auto status = addFolder(path, found); !status)
            return status.error();
        if (auto status = keepOneFileOfEachBill(found.files, found.skipped); !status)
            return status.error();
    }
    if (found.files.empty())
        return Error{ErrorCode::BadInput, "the folder holds no ledger", path, "choose one with CSV or JSON files"};
    FileSet set;
    group(std::move(found), fs::path(path).lexically_normal(), stop, set);
    return set;
}

} // namespace perunit
