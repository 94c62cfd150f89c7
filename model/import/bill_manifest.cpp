// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_manifest.h"

#include "pricing/catalogue/json_value.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace perunit {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largestManifest = 16U << 20;

std::string textAt(const JsonValue &value, std::initializer_list<std::string_view> path)
{
    const JsonValue *at = &value;
    for (const std::string_view name : path) {
        at = at->is(JsonValue::Kind::Object) ? at->find(name) : nullptr;
        if (!at)
            return {};
    }
    return at->text;
}

std::vector<std::string> namesIn(const JsonValue &manifest)
{
    std::vector<std::string> names;
    for (const std::string_view list : {"reportKeys", "dataFiles", "blobs"}) {
        const JsonValue *entries = manifest.find(list);
        if (!entries || !entries->is(JsonValue::Kind::Array))
            continue;
        for (const JsonValue &entry : entries->items) {
            const std::string name = entry.is(JsonValue::Kind::Object) ? textAt(entry, {"blobName"}) : entry.text;
            if (!name.empty())
                names.push_back(name);
        }
    }
    return names;
}

/// The folder of a period in the name of a part: "20260701-20260801", "BILLING_PERIOD=2026-07".
std::string periodOf(const std::string &key)
{
    for (const fs::path &segment : fs::path(key).parent_path()) {
        const std::string name = segment.string();
        const bool range =
            name.size() == 17 && name[8] == '-' && name.find_first_not_of("0123456789-") == std::string::npos;
        if (range || name.starts_with("BILLING_PERIOD=") || name.starts_with("billing_period="))
            return name;
    }
    return {};
}

/// The file that a key of a bucket or container means: the longest end of the key that exists near the manifest.
fs::path locate(const fs::path &manifest, const std::string &key)
{
    std::vector<std::string> segments;
    for (const fs::path &segment : fs::path(key)) {
        const std::string name = segment.string();
        // A name that leads elsewhere is none of ours.
        if (name == "..")
            return {};
        if (!name.empty() && name != "/" && name != "s3:")
            segments.push_back(name);
    }
    std::error_code failure;
    for (std::size_t first = 0; first < segments.size(); ++first) {
        fs::path end;
        for (std::size_t i = first; i < segments.size(); ++i)
            end /= segments[i];
        fs::path folder = fs::absolute(manifest, failure).parent_path();
        for (int up = 0; up < 5 && !folder.empty(); ++up) {
            if (fs::is_regular_file(folder / end, failure))
                return folder / end;
            if (folder == folder.parent_path())
                break;
            folder = folder.parent_path();
        }
    }
    return {};
}

bool sameFile(const std::string &a, const std::string &b)
{
    std::error_code failure;
    return fs::equivalent(a, b, failure);
}

std::vector<std::string> manifestsNear(const fs::path &file)
{
    std::error_code failure;
    const fs::path folder = fs::absolute(file, failure).parent_path();
    std::vector<std::string> found;
    // Report 2.0 keeps its manifests under "metadata" beside "data".
    for (const fs::path &near :
         {folder, folder.parent_path(), folder.parent_path().parent_path() / "metadata" / folder.filename()}) {
        std::vector<std::string> here;
        for (fs::directory_iterator at(near, failure), end; !failure && at != end; at.increment(failure)) {
            if (isManifestName(at->path().string()))
                here.push_back(at->path().string());
        }
        failure.clear();
        std::sort(here.begin(), here.end());
        found.insert(found.end(), here.begin(), here.end());
    }
    return found;
}

Error missingParts(const BillManifest &manifest)
{
    return {ErrorCode::BadInput,
            "the bill has " + std::to_string(manifest.parts.size() + manifest.missing.size()) + " files, but "
                + manifest.missing.front() + " is missing",
            manifest.path, "fetch all files that the manifest names"};
}

bool isNewer(const BillManifest &a, const BillManifest &b)
{
    if (a.created != b.created)
        return a.created > b.created;
    if (a.above != b.above)
        return a.above;
    std::error_code failure;
    const auto timeOf = [&failure](const BillManifest &manifest) {
        return fs::last_write_time(manifest.parts.front(), failure);
    };
    return timeOf(a) > timeOf(b);
}

} // namespace

bool isManifestName(const std::string &path)
{
    std::string name = fs::path(path).filename().string();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name.ends_with("manifest.json");
}

std::optional<BillManifest> readBillManifest(const std::string &path)
{
    std::error_code failure;
    if (!isManifestName(path) || fs::file_size(path, failure) > largestManifest || failure)
        return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (text.starts_with("\xEF\xBB\xBF"))
        text.erase(0, 3);
    const auto json = parseJson(text);
    if (!json || !json->is(JsonValue::Kind::Object))
        return std::nullopt;
    const std::vector<std::string> names = namesIn(*json);
    if (names.empty())
        return std::nullopt;
    BillManifest manifest;
    manifest.path = path;
    for (const std::string_view name : {"reportId", "reportName", "exportArn"})
        manifest.bill += textAt(*json, {name}) + '\n';
    manifest.bill += textAt(*json, {"exportConfig", "exportName"}) + '\n' + textAt(*json, {"exportConfig", "type"})
                     + '\n' + textAt(*json, {"exportConfig", "resourceId"}) + '\n'
                     + textAt(*json, {"runInfo", "startDate"}) + '\n' + textAt(*json, {"billingPeriod", "start"});
    const std::string period = periodOf(names.front());
    // Without any period two months of one report would look like two versions of it.
    const bool dated = !period.empty() || !textAt(*json, {"runInfo", "startDate"}).empty()
                       || !textAt(*json, {"billingPeriod", "start"}).empty();
    manifest.bill += '\n' + (dated ? period : path);
    manifest.created = textAt(*json, {"runInfo", "submittedTime"});
    for (const std::string &name : names) {
        const fs::path found = locate(path, name);
        if (found.empty())
            manifest.missing.push_back(fs::path(name).filename().string());
        else
            manifest.parts.push_back(found.string());
    }
    if (!manifest.parts.empty())
        manifest.above = !fs::equivalent(fs::absolute(path, failure).parent_path(),
                                         fs::path(manifest.parts.front()).parent_path(), failure);
    return manifest;
}

Result<BillParts> billPartsOf(const std::string &path)
{
    BillParts result;
    for (const std::string &near : manifestsNear(path)) {
        const auto manifest = readBillManifest(near);
        if (!manifest || manifest->parts.size() + manifest->missing.size() < 2)
            continue;
        const auto found = std::find_if(manifest->parts.begin(), manifest->parts.end(),
                                        [&path](const std::string &part) { return sameFile(part, path); });
        if (found == manifest->parts.end())
            continue;
        const std::size_t total = manifest->parts.size() + manifest->missing.size();
        if (found != manifest->parts.begin()) {
            result.warning = "this is one of the " + std::to_string(total)
                             + " files of a bill; import its manifest or its folder to have all of them";
            return result;
        }
        if (!manifest->missing.empty())
            return missingParts(*manifest);
        result.further.assign(manifest->parts.begin() + 1, manifest->parts.end());
        return result;
    }
    return result;
}

Status keepOneFileOfEachBill(std::vector<std::string> &files, std::vector<std::string> &skipped)
{
    std::map<std::string, std::vector<BillManifest>> bills;
    std::set<std::string> dropped;
    for (const std::string &file : files) {
        const auto manifest = readBillManifest(file);
        if (!manifest)
            continue;
        dropped.insert(file);
        // A manifest without any of its files says nothing about what is here.
        if (!manifest->parts.empty())
            bills[manifest->bill].push_back(*manifest);
    }
    const auto drop = [&](const std::string &part) {
        for (const std::string &file : files) {
            if (sameFile(file, part))
                dropped.insert(file);
        }
    };
    for (auto &[bill, manifests] : bills) {
        const BillManifest &newest = *std::min_element(manifests.begin(), manifests.end(), isNewer);
        if (!newest.missing.empty())
            return missingParts(newest);
        for (const BillManifest &manifest : manifests) {
            for (const std::string &part : manifest.parts) {
                if (!sameFile(part, newest.parts.front()))
                    drop(part);
            }
        }
    }
    std::vector<std::string> kept;
    for (std::string &file : files)
        (dropped.contains(file) ? skipped : kept).push_back(std::move(file));
    files = std::move(kept);
    return {};
}

} // namespace perunit
