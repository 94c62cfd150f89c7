// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/csv_reader.h"
#include "model/import/text_decoder.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

struct ImportProgress;

/// Form of a file of records: encoding, dialect, header, the first rows. Delimited text and JSON look the same from
/// here on; the columns of JSON are the paths of its members ("usage.input_tokens").
struct TableShape {
    bool json = false;
    /// Written by one program, which has a convention: what it leaves open need not be asked.
    bool byConvention = false;
    bool packed = false; ///< the file is compressed or in an archive
    TextEncoding encoding = TextEncoding::Utf8;
    CsvDialect dialect;
    std::vector<std::string> header;     ///< as written; empty or repeated names made unique
    std::vector<std::string> normalised; ///< lower case, letters and digits only
    std::int64_t headerLine = 1;
    std::vector<std::vector<std::string>> sample; ///< up to 200 rows
    std::vector<std::string> warnings;
    std::int64_t fileSize = 0; ///< of all parts
    /// Paths of the other parts of a bill that comes in several files; each begins with the same header.
    std::vector<std::string> furtherParts;

    /// Index of the column with this normalised name, or -1.
    [[nodiscard]] int indexOf(std::string_view normalisedName) const;
    /// The same; of JSON also the one column whose path ends with this name ("usage.input_tokens").
    [[nodiscard]] int indexOfLeaf(std::string_view normalisedName) const;
    /// Index of the first of these normalised names that exists, or -1.
    [[nodiscard]] int firstOf(const std::vector<std::string_view> &names) const;
    /// SHA-256 of the normalised header, under which mappings are remembered.
    [[nodiscard]] std::string signature() const;
};

inline constexpr const char *notUtf8 = "the file is not UTF-8; it was read as Windows-1252";

/// Lower case, without anything but letters and digits; of "Deutsch (English)" the English name, as Azure
/// writes localised headers. Letters beyond ASCII stay.
std::string normalisedName(std::string_view name);

/// Looks at the start of a file; `encoding` is decided from the bytes when absent. Errors: those of
/// ByteSource; BadInput when there is no header.
Result<TableShape> probeTable(const std::string &path, std::stop_token stop,
                              std::optional<TextEncoding> encoding = std::nullopt);

/// The form of a ledger in several files. Errors: those of probeTable(); BadInput for a part of delimited text with
/// another header or another dialect.
Result<TableShape> probeParts(const std::string &path, const std::vector<std::string> &furtherParts,
                              std::stop_token stop, std::optional<TextEncoding> encoding = std::nullopt);

/// The form of a file as far as its first part shows it; JSON is not read to its end. Errors: as probeTable().
Result<TableShape> probeStart(const std::string &path, std::stop_token stop);

/// The same for UTF-8 text in memory; `complete` says that it is the whole file. Errors: BadInput when there is no
/// header.
Result<TableShape> shapeOfText(const std::string &text, bool complete);

/// Called for every record after the header that is not blank; `row` counts from 1.
using RecordVisitor = std::function<Status(const CsvRecord &record, std::int64_t row)>;

/// What a complete reading found out about the file itself.
struct TableFacts {
    std::string sha256;        ///< of the file's bytes
    std::string contentSha256; ///< of the unpacked bytes
    std::int64_t rows = 0;
    bool validText = true; ///< false: bytes that are no UTF-8 in a file taken for UTF-8
    std::vector<std::string> warnings;
};

/// Reads the whole file once. Errors: those of the file and of the visitor.
Result<TableFacts> scanTable(const std::string &path, const TableShape &shape, ImportProgress *progress,
                             std::stop_token stop, const RecordVisitor &visit);

} // namespace perunit
