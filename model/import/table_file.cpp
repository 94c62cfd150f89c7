// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/table_file.h"

#include "model/import/bill_manifest.h"
#include "model/import/importer.h"
#include "model/import/json_records.h"
#include "model/import/number_text.h"
#include "pricing/base/sha256.h"

#include <algorithm>
#include <array>
#include <set>

namespace perunit {

namespace {

constexpr std::size_t probeSize = std::size_t{256} << 10;
constexpr std::size_t sampleRows = 200;

struct FileStart {
    std::string text;
    bool valid = true; ///< no bytes that are no UTF-8
};

Result<FileStart> readStart(ByteSource &source, TextEncoding encoding, std::size_t size)
{
    TextDecoder decoder(source, encoding);
    std::string text(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        auto count = decoder.read(text.data() + filled, size - filled);
        if (!count)
            return count.error();
        if (*count == 0)
            break;
        filled += *count;
    }
    text.resize(filled);
    return FileStart{std::move(text), decoder.valid()};
}

Result<TextEncoding> encodingOf(const std::string &path, const std::stop_token &stop)
{
    auto source = ByteSource::open(path, nullptr, stop);
    if (!source)
        return source.error();
    std::array<char, 4> start{};
    std::size_t filled = 0;
    while (filled < start.size()) {
        auto count = (*source)->read(start.data() + filled, start.size() - filled);
        if (!count)
            return count.error();
        if (*count == 0)
            break;
        filled += *count;
    }
    return detectEncoding({start.data(), filled});
}

/// Texts that are no table, named so that the user knows what to do.
Status refuseText(const std::string &start)
{
    const auto refuse = [](std::string what, std::string remedy) {
        return Error{ErrorCode::Unsupported, std::move(what), "", std::move(remedy)};
    };
    if (start.starts_with("version https://git-lfs.github.com/spec/"))
        return refuse("this is a Git LFS pointer, not the file itself", "run 'git lfs pull' where it came from");
    if (start.size() > 262 && start.substr(257, 5) == "ustar")
        return refuse("this is a tar archive", "unpack it and import the files in it");
    if (start.find('\0') != std::string::npos)
        return Error{ErrorCode::BadInput, "this is not a text file", "", "export the ledger as CSV"};
    const std::size_t first = start.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string::npos)
        return Error{ErrorCode::BadInput, "the file is empty", "", ""};
    if (start[first] == '<')
        return refuse("this is HTML or XML, perhaps a login page", "export the ledger as CSV");
    return {};
}

bool looksLikeData(const std::vector<std::string> &names)
{
    std::size_t numbers = 0;
    std::string buffer;
    for (const std::string &name : names) {
        if (!isNullWord(name) && plainNumber(name, NumberStyle::PointDecimal, buffer))
            ++numbers;
    }
    return numbers * 2 >= names.size();
}

void nameColumns(TableShape &shape)
{
    std::set<std::string> taken;
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        std::string &name = shape.header[i];
        name = std::string(trimmed(name));
        if (name.empty())
            name = "column " + std::to_string(i + 1);
        std::string unique = name;
        for (int copy = 2; !taken.insert(unique).second; ++copy)
            unique = name + " (" + std::to_string(copy) + ")";
        if (unique != name)
            shape.warnings.push_back("the header names '" + name + "' more than once; the later one is called '"
                                     + unique + "'");
        // A repeated name must not be found by its normalised name: the first column has it.
        shape.normalised.push_back(unique == name ? normalisedName(name) : "");
        name = unique;
    }
}

/// Exports whose header names more columns at the end than any row has: those columns are not there. A single short row
/// may as well be cut off.
void cutHeader(TableShape &shape)
{
    if (shape.sample.size() < 2)
        return;
    const std::size_t width = shape.sample.front().size();
    const bool same =
        std::all_of(shape.sample.begin(), shape.sample.end(), [width](const auto &row) { return row.size() == width; });
    if (!same || width < 2 || width >= shape.header.size())
        return;
    shape.warnings.push_back("the header names " + std::to_string(shape.header.size()) + " columns, the rows have "
                             + std::to_string(width) + "; the last ones ('" + shape.header[width]
                             + "' and behind) are taken as absent");
    shape.header.resize(width);
}

/// The header is the first record as wide as the table; titles above it stand in one field.
Status readHeader(TableShape &shape, const std::string &text, bool complete)
{
    StringInput input(text);
    CsvReader reader(input, shape.dialect.delimiter);
    CsvRecord record;
    bool skipSeparator = shape.dialect.separatorLine;
    std::vector<std::vector<std::string>> records;
    std::vector<std::int64_t> lines;
    while (records.size() <= sampleRows + 10) {
        auto more = reader.next(record);
        if (!more)
            break;
        if (!*more)
            break;
        if (std::exchange(skipSeparator, false) || record.isBlank())
            continue;
        records.emplace_back(record.fields.begin(), record.fields.end());
        lines.push_back(record.line);
    }
    if (records.empty())
        return Error{ErrorCode::BadInput, "no header can be read", "line 1", "check the quotes of the first lines"};
    // The last record may be cut by the end of the sample.
    if (!complete && records.size() > 1)
        records.pop_back();
    std::size_t header = 0;
    const auto filled = [](const std::vector<std::string> &row) {
        return std::count_if(row.begin(), row.end(), [](const std::string &field) { return !field.empty(); });
    };
    while (header < 10 && header + 1 < records.size() && filled(records[header]) <= 1 && records[header + 1].size() > 1)
        ++header;
    if (header > 0 && header + 1 < records.size() && records[header].size() == records[header + 1].size())
        shape.warnings.push_back("the lines above the header (line " + std::to_string(lines[header])
                                 + ") were not read");
    else
        header = 0;
    shape.header = records[header];
    shape.headerLine = lines[header];
    // ServeGen publishes windows of traffic without a header.
    if (shape.header.size() == 6 && looksLikeData(shape.header)
        && (shape.header[3].empty() || shape.header[3] == "Gamma" || shape.header[3] == "Weibull"))
        return Error{ErrorCode::Unsupported,
                     "the file holds rates of arrival per window of time (ServeGen), not requests", "",
                     "draw a trace of requests from it with ServeGen and import that"};
    if (looksLikeData(shape.header))
        return Error{ErrorCode::BadInput, "the first row holds numbers instead of column names",
                     "line " + std::to_string(shape.headerLine), "add a header row"};
    shape.sample.assign(records.begin() + static_cast<std::ptrdiff_t>(header) + 1, records.end());
    cutHeader(shape);
    return {};
}

/// The other files of a bill that comes in several; they must look like the first.
Status addParts(const std::string &path, TableShape &shape, const std::stop_token &stop,
                std::optional<TextEncoding> encoding)
{
    // Bytes that are no UTF-8 may come in any part, and are found when all of them are read.
    const auto isBytes = [](TextEncoding each) {
        return each == TextEncoding::Utf8 || each == TextEncoding::Windows1252;
    };
    const auto parts = billPartsOf(path);
    if (!parts)
        return parts.error();
    if (!parts->warning.empty())
        shape.warnings.push_back(parts->warning);
    for (const std::string &part : parts->further) {
        const auto other = probeTable(part, stop, encoding);
        if (!other)
            return other.error().in(part);
        const bool sameEncoding =
            other->encoding == shape.encoding || (isBytes(other->encoding) && isBytes(shape.encoding));
        if (other->header != shape.header || other->dialect.delimiter != shape.dialect.delimiter
            || other->headerLine != shape.headerLine || !sameEncoding)
            return Error{ErrorCode::BadInput, "this part of a bill has another header than its first part", part,
                         "export the bill again"};
        shape.furtherParts.push_back(part);
        shape.fileSize += other->fileSize;
    }
    return {};
}

} // namespace

std::string normalisedName(std::string_view name)
{
    const std::size_t open = name.rfind('(');
    if (open != std::string_view::npos && open > 0 && name.ends_with(')')) {
        const std::string_view inner = name.substr(open + 1, name.size() - open - 2);
        if (inner.size() > 5 && inner.find_first_of(" /") == std::string_view::npos)
            name = inner;
    }
    std::string result;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c >= 'A' && c <= 'Z')
            result.push_back(static_cast<char>(c + 32));
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            result.push_back(c);
        else if (static_cast<unsigned char>(c) >= 0x80 && name.substr(i, 3) != "\xE2\x82\xAC")
            result.push_back(c);
        else if (static_cast<unsigned char>(c) >= 0x80)
            i += 2;
    }
    return result;
}

int TableShape::indexOf(std::string_view normalisedName) const
{
    const auto found = std::find(normalised.begin(), normalised.end(), normalisedName);
    return found == normalised.end() ? -1 : static_cast<int>(found - normalised.begin());
}

int TableShape::indexOfLeaf(std::string_view name) const
{
    const int exact = indexOf(name);
    if (exact >= 0 || !json)
        return exact;
    int found = -1;
    for (std::size_t i = 0; i < header.size(); ++i) {
        for (std::size_t dot = header[i].find('.'); dot != std::string::npos; dot = header[i].find('.', dot + 1)) {
            if (normalisedName(std::string_view(header[i]).substr(dot + 1)) != name)
                continue;
            // Two places of one name: none of them is surely meant.
            if (found >= 0)
                return -1;
            found = static_cast<int>(i);
        }
    }
    return found;
}

int TableShape::firstOf(const std::vector<std::string_view> &names) const
{
    for (const std::string_view name : names) {
        if (const int index = indexOf(name); index >= 0)
            return index;
    }
    return -1;
}

std::string TableShape::signature() const
{
    std::string joined;
    for (const std::string &name : normalised)
        joined += name + '\x1f';
    return sha256Hex(joined);
}

Result<TableShape> probeTable(const std::string &path, std::stop_token stop, std::optional<TextEncoding> encoding)
{
    const std::optional<TextEncoding> asked = encoding;
    if (!encoding) {
        const auto detected = encodingOf(path, stop);
        if (!detected)
            return detected.error();
        encoding = *detected;
    }
    auto source = ByteSource::open(path, nullptr, stop);
    if (!source)
        return source.error();
    auto start = readStart(**source, *encoding, probeSize);
    if (!start)
        return start.error();
    if (auto status = refuseText(start->text); !status)
        return status.error();
    if (!start->valid) {
        auto shape = probeTable(path, stop, TextEncoding::Windows1252);
        if (shape)
            shape->warnings.emplace_back(notUtf8);
        return shape;
    }
    if (startsLikeJson(start->text))
        return probeJson(path, {}, *encoding, std::move(stop));
    auto shape = shapeOfText(start->text, start->text.size() < probeSize);
    if (!shape)
        return shape;
    shape->encoding = *encoding;
    shape->packed = (*source)->isPacked();
    shape->fileSize = (*source)->fileSize();
    shape->warnings.insert(shape->warnings.begin(), (*source)->warnings().begin(), (*source)->warnings().end());
    if (auto status = addParts(path, *shape, stop, asked); !status)
        return status.error();
    return shape;
}

Result<TableShape> probeStart(const std::string &path, std::stop_token stop)
{
    const auto encoding = encodingOf(path, stop);
    if (!encoding)
        return encoding.error();
    auto source = ByteSource::open(path, nullptr, stop);
    if (!source)
        return source.error();
    const auto start = readStart(**source, *encoding, probeSize);
    if (!start)
        return start.error();
    return startsLikeJson(start->text) ? shapeOfJson(start->text) : probeTable(path, std::move(stop));
}

Result<TableShape> probeParts(const std::string &path, const std::vector<std::string> &furtherParts,
                              std::stop_token stop, std::optional<TextEncoding> encoding)
{
    auto shape = probeTable(path, stop, encoding);
    if (!shape || furtherParts.empty() || shape->furtherParts == furtherParts)
        return shape;
    if (shape->json)
        return probeJson(path, furtherParts, shape->encoding, std::move(stop));
    for (const std::string &part : furtherParts) {
        const auto other = probeTable(part, stop, encoding);
        if (!other)
            return other.error().in(part);
        if (other->normalised != shape->normalised || other->dialect.delimiter != shape->dialect.delimiter
            || other->headerLine != shape->headerLine)
            return Error{ErrorCode::BadInput, "the part has other columns than the first one", part,
                         "import it as a file of its own"};
        shape->fileSize += other->fileSize;
    }
    shape->furtherParts = furtherParts;
    return shape;
}

Result<TableShape> shapeOfText(const std::string &text, bool complete)
{
    TableShape shape;
    shape.dialect = detectDialect(text, complete);
    if (auto status = readHeader(shape, text, complete); !status)
        return status.error();
    nameColumns(shape);
    return shape;
}

namespace {

/// Reads one file of records; `facts` goes on counting where the file before ended.
Status scanFile(const std::string &path, std::size_t part, const TableShape &shape, ImportProgress *progress,
                std::stop_token stop, const RecordVisitor &visit, TableFacts &facts)
{
    auto source = ByteSource::open(path, progress, std::move(stop));
    if (!source)
        return source.error();
    TextDecoder decoder(**source, shape.encoding);
    CsvReader reader(decoder, shape.dialect.delimiter);
    CsvRecord record;
    record.part = part;
    while (true) {
        auto more = reader.next(record);
        if (!more)
            return more.error();
        if (!*more)
            break;
        if (record.line <= shape.headerLine || record.isBlank())
            continue;
        ++facts.rows;
        if (auto status = visit(record, facts.rows); !status)
            return status.error();
        if (progress && facts.rows % 4096 == 0)
            progress->rows = facts.rows;
    }
    auto content = (*source)->contentDigest();
    if (!content)
        return content.error();
    facts.contentSha256 = part == 0 ? *content : sha256Hex(facts.contentSha256 + *content);
    auto digest = (*source)->digest();
    if (!digest)
        return digest.error();
    facts.sha256 = part == 0 ? *digest : sha256Hex(facts.sha256 + *digest);
    facts.validText = facts.validText && decoder.valid();
    facts.warnings.insert(facts.warnings.end(), (*source)->warnings().begin(), (*source)->warnings().end());
    return {};
}

} // namespace

Result<TableFacts> scanTable(const std::string &path, const TableShape &shape, ImportProgress *progress,
                             std::stop_token stop, const RecordVisitor &visit)
{
    if (shape.json)
        return scanJson(path, shape, progress, std::move(stop), visit);
    TableFacts facts;
    for (std::size_t part = 0; part <= shape.furtherParts.size(); ++part) {
        const std::string &file = part == 0 ? path : shape.furtherParts[part - 1];
        if (auto status = scanFile(file, part, shape, progress, stop, visit, facts); !status)
            return part == 0 ? status.error() : status.error().in(file);
    }
    if (progress)
        progress->rows = facts.rows;
    return facts;
}

} // namespace perunit
