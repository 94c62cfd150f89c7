// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

struct ImportProgress;

/// The bytes of a ledger file, unpacked when it is compressed (gzip, zip, zstd, bzip2, xz). Hashes what it
/// reads, so that content is known by its digest.
class ByteSource
{
public:
    /// Opens a file, or a member of a zip archive ("bills.zip/may.csv"). `progress` may be null. Errors: NotFound, Io;
    /// Unsupported for containers that hold no single delimited text (named, with what to do).
    static Result<std::unique_ptr<ByteSource>> open(const std::string &path, ImportProgress *progress,
                                                    std::stop_token stop);
    ByteSource() = default;
    virtual ~ByteSource() = default;
    ByteSource(const ByteSource &) = delete;
    ByteSource &operator=(const ByteSource &) = delete;

    /// Fills up to `size` unpacked bytes; 0 is the end. Errors: Io, BadInput (damaged archive), Cancelled.
    virtual Result<std::size_t> read(char *to, std::size_t size) = 0;
    /// SHA-256 of the file's own bytes (of a member: of its unpacked bytes), hex; reads what is left of them.
    virtual Result<std::string> digest() = 0;
    /// SHA-256 of the unpacked bytes, hex; reads what is left of them. The same ledger has the same one, packed or not.
    virtual Result<std::string> contentDigest() { return digest(); }
    /// Its bytes are not those that read() gives.
    [[nodiscard]] virtual bool isPacked() const { return false; }
    /// Size of the file as it lies on the disk.
    [[nodiscard]] virtual std::int64_t fileSize() const = 0;
    /// What the user should know about the container.
    [[nodiscard]] const std::vector<std::string> &warnings() const { return m_warnings; }

protected:
    std::vector<std::string> m_warnings;
};

/// Names of the tables in a zip archive; empty for a file that is none. Errors: BadInput for a damaged archive,
/// Unsupported for an Office document.
Result<std::vector<std::string>> tablesOfArchive(const std::string &path);

} // namespace perunit
