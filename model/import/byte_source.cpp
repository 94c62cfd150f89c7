// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/byte_source.h"

#include "model/import/importer.h"
#include "pricing/base/sha256.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace perunit {

namespace {

constexpr std::size_t blockSize = std::size_t{256} << 10;
constexpr std::size_t peekedBytes = 512;

/// The file itself: reads, hashes, reports progress, notices a request to stop.
class HashedFile
{
public:
    HashedFile(ImportProgress *progress, std::stop_token stop)
        : m_progress(progress)
        , m_stop(std::move(stop))
    {}
    ~HashedFile()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    HashedFile(const HashedFile &) = delete;
    HashedFile &operator=(const HashedFile &) = delete;

    Status open(const std::string &path)
    {
        m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (m_descriptor < 0)
            return Error{errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                         "the file cannot be opened: " + std::string(std::strerror(errno)), "", "check the path"};
        struct stat facts {
        };
        if (::fstat(m_descriptor, &facts) != 0 || S_ISDIR(facts.st_mode))
            return Error{ErrorCode::BadInput, "this is a folder, not a file", "", "import the files in it"};
        m_size = facts.st_size;
        return {};
    }

    Result<std::size_t> read(char *to, std::size_t size)
    {
        if (m_stop.stop_requested())
            return Error{ErrorCode::Cancelled, "the import was stopped", "", ""};
        ssize_t count = 0;
        do {
            count = ::read(m_descriptor, to, size);
        } while (count < 0 && errno == EINTR);
        if (count < 0)
            return Error{ErrorCode::Io, "the file cannot be read: " + std::string(std::strerror(errno)), "", ""};
        m_hash.add({to, static_cast<std::size_t>(count)});
        if (m_progress)
            m_progress->bytesDone += count;
        return static_cast<std::size_t>(count);
    }

    Result<std::string> digest()
    {
        std::vector<char> rest(m_digest.empty() ? blockSize : 0);
        while (m_digest.empty()) {
            const auto count = read(rest.data(), rest.size());
            if (!count)
                return count.error();
            if (*count == 0)
                m_digest = m_hash.hex();
        }
        return m_digest;
    }

    /// Only before the first read: looks at the start without hashing it.
    std::string peek(std::size_t size) const
    {
        std::string start(size, '\0');
        const ssize_t count = ::pread(m_descriptor, start.data(), size, 0);
        start.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return start;
    }

    [[nodiscard]] std::int64_t size() const { return m_size; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    ImportProgress *m_progress;
    std::stop_token m_stop;
    int m_descriptor = -1;
    std::int64_t m_size = 0;
    Sha256 m_hash;
    std::string m_digest;
};

class PlainSource : public ByteSource
{
public:
    explicit PlainSource(std::unique_ptr<HashedFile> file)
        : m_file(std::move(file))
    {}
    Result<std::size_t> read(char *to, std::size_t size) override { return m_file->read(to, size); }
    Result<std::string> digest() override { return m_file->digest(); }
    [[nodiscard]] std::int64_t fileSize() const override { return m_file->size(); }

private:
    std::unique_ptr<HashedFile> m_file;
};

struct ArchiveCloser {
    void operator()(struct archive *handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<struct archive, ArchiveCloser>;

Error archiveError(struct archive *handle)
{
    const char *text = archive_error_string(handle);
    return {ErrorCode::BadInput, "the compressed file is damaged: " + std::string(text ? text : "unknown reason"), "",
            "fetch or export the file again"};
}

ArchiveHandle newArchive()
{
    ArchiveHandle handle(archive_read_new());
    archive_read_support_filter_gzip(handle.get());
    archive_read_support_filter_bzip2(handle.get());
    archive_read_support_filter_xz(handle.get());
    archive_read_support_filter_zstd(handle.get());
    archive_read_support_format_zip(handle.get());
    archive_read_support_format_raw(handle.get());
    archive_read_support_format_empty(handle.get());
    return handle;
}

/// Unpacks through libarchive what another source reads: a file, or a member of an archive that is packed once more.
class ArchiveSource : public ByteSource
{
public:
    explicit ArchiveSource(std::unique_ptr<ByteSource> packed)
        : m_packed(std::move(packed))
        , m_block(blockSize)
        , m_archive(newArchive())
    {}

    /// `member` is the member to read; empty: the first one. `alone`: the member is what is imported, so that its own
    /// bytes are its content.
    Status start(const std::string &member, bool alone, std::vector<std::string> warnings)
    {
        m_warnings = std::move(warnings);
        m_memberAlone = alone;
        if (archive_read_open(m_archive.get(), this, nullptr, &ArchiveSource::readBlock, nullptr) != ARCHIVE_OK)
            return failure();
        while (true) {
            archive_entry *entry = nullptr;
            const int outcome = archive_read_next_header(m_archive.get(), &entry);
            if (outcome == ARCHIVE_EOF)
                return Error{ErrorCode::BadInput,
                             member.empty() ? "the archive is empty" : "the archive has no member '" + member + "'", "",
                             "check the path"};
            if (outcome < ARCHIVE_WARN)
                return failure();
            const char *name = archive_entry_pathname(entry);
            if (member.empty() || (name && member == name))
                return {};
        }
    }

    Result<std::size_t> read(char *to, std::size_t size) override
    {
        if (!m_peeked.empty()) {
            const std::size_t count = std::min(size, m_peeked.size());
            std::copy_n(m_peeked.begin(), count, to);
            m_peeked.erase(0, count);
            return count;
        }
        const la_ssize_t count = archive_read_data(m_archive.get(), to, size);
        if (count < 0)
            return failure();
        m_content.add({to, static_cast<std::size_t>(count)});
        return static_cast<std::size_t>(count);
    }
    /// The first bytes, which are read all the same. Only before the first read.
    Result<std::string> peek(std::size_t size)
    {
        std::string start(size, '\0');
        std::size_t filled = 0;
        while (filled < size) {
            const auto count = read(start.data() + filled, size - filled);
            if (!count)
                return count.error();
            if (*count == 0)
                break;
            filled += *count;
        }
        start.resize(filled);
        m_peeked = start;
        return start;
    }
    Result<std::string> digest() override { return m_memberAlone ? contentDigest() : m_packed->digest(); }
    Result<std::string> contentDigest() override
    {
        std::vector<char> rest(m_contentDigest.empty() ? blockSize : 0);
        while (m_contentDigest.empty()) {
            const auto count = read(rest.data(), rest.size());
            if (!count)
                return count.error();
            if (*count == 0)
                m_contentDigest = m_content.hex();
        }
        return m_contentDigest;
    }
    [[nodiscard]] bool isPacked() const override { return true; }
    [[nodiscard]] std::int64_t fileSize() const override { return m_packed->fileSize(); }

private:
    Error failure() { return m_readError.what.empty() ? archiveError(m_archive.get()) : m_readError; }

    static la_ssize_t readBlock(struct archive *handle, void *context, const void **block)
    {
        auto *self = static_cast<ArchiveSource *>(context);
        const auto count = self->m_packed->read(self->m_block.data(), self->m_block.size());
        if (!count) {
            self->m_readError = count.error();
            archive_set_error(handle, EIO, "%s", count.error().what.c_str());
            return ARCHIVE_FATAL;
        }
        *block = self->m_block.data();
        return static_cast<la_ssize_t>(*count);
    }

    std::unique_ptr<ByteSource> m_packed;
    std::vector<char> m_block;
    std::string m_peeked; ///< read, and still to be handed out
    Error m_readError;
    Sha256 m_content;
    std::string m_contentDigest;
    bool m_memberAlone = false;
    ArchiveHandle m_archive;
};

bool endsWith(std::string text, std::string_view end)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    return text.ends_with(end);
}

/// A manifest tells about the tables beside it and is none.
bool isTextMember(std::string name)
{
    // What is packed once more is what it is without.
    for (const std::string_view packed : {".gz", ".bz2", ".xz", ".zst"}) {
        if (endsWith(name, packed))
            name.resize(name.size() - packed.size());
    }
    if (endsWith(name, "manifest.json"))
        return false;
    return endsWith(name, ".csv") || endsWith(name, ".tsv") || endsWith(name, ".txt") || endsWith(name, ".json")
           || endsWith(name, ".jsonl") || endsWith(name, ".ndjson");
}

std::string listed(const std::vector<std::string> &names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < 8; ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > 8)
        text += ", … (" + std::to_string(names.size()) + " in all)";
    return text;
}

struct ZipChoice {
    std::string member;
    std::vector<std::string> warnings;
};

struct ArchiveMembers {
    std::vector<std::string> texts;
    std::vector<std::string> others;
};

Result<ArchiveMembers> membersOf(const std::string &path)
{
    const ArchiveHandle handle = newArchive();
    if (archive_read_open_filename(handle.get(), path.c_str(), blockSize) != ARCHIVE_OK)
        return archiveError(handle.get());
    ArchiveMembers members;
    archive_entry *entry = nullptr;
    int outcome = ARCHIVE_OK;
    while ((outcome = archive_read_next_header(handle.get(), &entry)) >= ARCHIVE_WARN && outcome != ARCHIVE_EOF) {
        const char *name = archive_entry_pathname(entry);
        const std::string member = name ? name : "";
        if (member.empty() || member.ends_with('/') || member.starts_with("__MACOSX/"))
            continue;
        if (member == "[Content_Types].xml")
            return Error{ErrorCode::Unsupported, "this is an Office document, not a delimited text", "",
                         "open it there and save the sheet as CSV"};
        (isTextMember(member) ? members.texts : members.others).push_back(member);
    }
    if (outcome < ARCHIVE_WARN)
        return archiveError(handle.get());
    if (members.texts.empty() && members.others.size() == 1)
        members.texts.swap(members.others);
    return members;
}

/// A zip may hold one ledger and things beside it. Several ledgers are refused here: reading the first one only
/// would silently lose the others.
Result<ZipChoice> chooseMember(const std::string &path, const std::string &wanted)
{
    if (!wanted.empty())
        return ZipChoice{wanted, {}};
    const auto members = membersOf(path);
    if (!members)
        return members.error();
    if (members->texts.empty())
        return Error{ErrorCode::BadInput, "the archive holds no CSV or JSON file: " + listed(members->others), "",
                     "unpack it and import the right file"};
    if (members->texts.size() > 1)
        return Error{ErrorCode::BadInput, "the archive holds several files: " + listed(members->texts), "",
                     "name one of them behind the archive: " + path + '/' + members->texts.front()};
    ZipChoice choice{members->texts.front(), {}};
    if (!members->others.empty())
        choice.warnings.push_back("read '" + choice.member + "' of the archive; not read: " + listed(members->others));
    return choice;
}

/// "bills.zip/may.csv": the file on the disk and the member in it.
struct FilePlace {
    std::string file;
    std::string member;
};

FilePlace placeOf(const std::string &path)
{
    struct stat facts {
    };
    if (::stat(path.c_str(), &facts) == 0)
        return {path, {}};
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        std::string file = path.substr(0, slash);
        if (::stat(file.c_str(), &facts) == 0 && S_ISREG(facts.st_mode))
            return {std::move(file), path.substr(slash + 1)};
    }
    return {path, {}};
}

bool isZip(std::string_view start)
{
    return start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06");
}

bool startsWith(std::string_view text, std::initializer_list<int> magic)
{
    if (text.size() < magic.size())
        return false;
    std::size_t i = 0;
    return std::all_of(magic.begin(), magic.end(),
                       [&](int byte) { return static_cast<unsigned char>(text[i++]) == byte; });
}

/// Files whose first bytes say that they are no delimited text; the answer names them.
Status refuseForeign(std::string_view start)
{
    const auto refuse = [](const char *what, const char *remedy) {
        return Error{ErrorCode::Unsupported, what, "", remedy};
    };
    if (start.starts_with("PAR1"))
        return refuse("this is a Parquet file", "export it as CSV");
    if (start.starts_with("Obj\x01"))
        return refuse("this is an Avro file", "export it as CSV");
    if (start.starts_with("SQLite format 3"))
        return refuse("this is a SQLite database", "open it if it is a workspace, or export a table as CSV");
    if (startsWith(start, {0xD0, 0xCF, 0x11, 0xE0}))
        return refuse("this is an old Office document", "open it there and save the sheet as CSV");
    if (start.starts_with("%PDF"))
        return refuse("this is a PDF file", "ask for the bill as CSV");
    if (start.starts_with("7z\xBC\xAF") || start.starts_with("Rar!"))
        return refuse("this archive format cannot be read", "unpack it");
    return {};
}

bool isCompressed(std::string_view start)
{
    return startsWith(start, {0x1F, 0x8B}) || startsWith(start, {0x28, 0xB5, 0x2F, 0xFD}) || start.starts_with("BZh")
           || startsWith(start, {0xFD, '7', 'z', 'X', 'Z', 0});
}

/// The member itself, or what is packed in it once more.
Result<std::unique_ptr<ByteSource>> unpackedMember(std::unique_ptr<ArchiveSource> member, const std::string &name,
                                                   bool alone)
{
    const auto start = member->peek(peekedBytes);
    if (!start)
        return start.error();
    if (auto status = refuseForeign(*start); !status)
        return status.error();
    if (isZip(*start))
        return Error{ErrorCode::Unsupported, "the archive holds another archive: " + name, "",
                     "unpack it and import what is in it"};
    if (!isCompressed(*start))
        return std::unique_ptr<ByteSource>(std::move(member));
    auto warnings = member->warnings();
    auto inner = std::make_unique<ArchiveSource>(std::move(member));
    if (auto status = inner->start({}, alone, std::move(warnings)); !status)
        return status.error();
    return std::unique_ptr<ByteSource>(std::move(inner));
}

} // namespace

Result<std::unique_ptr<ByteSource>> ByteSource::open(const std::string &path, ImportProgress *progress,
                                                     std::stop_token stop)
{
    const FilePlace place = placeOf(path);
    auto file = std::make_unique<HashedFile>(progress, std::move(stop));
    if (auto status = file->open(place.file); !status)
        return status.error();
    const std::string start = file->peek(peekedBytes);
    if (auto status = refuseForeign(start); !status)
        return status.error();
    const bool zip = isZip(start);
    if (!zip && !place.member.empty())
        return Error{ErrorCode::NotFound, "this is no folder and no zip archive", place.file, "check the path"};
    auto plain = std::make_unique<PlainSource>(std::move(file));
    if (!zip && !isCompressed(start))
        return std::unique_ptr<ByteSource>(std::move(plain));
    ZipChoice choice;
    if (zip) {
        auto chosen = chooseMember(place.file, place.member);
        if (!chosen)
            return chosen.error();
        choice = std::move(*chosen);
    }
    const bool alone = !place.member.empty();
    auto source = std::make_unique<ArchiveSource>(std::move(plain));
    if (auto status = source->start(choice.member, alone, std::move(choice.warnings)); !status)
        return status.error();
    if (zip)
        return unpackedMember(std::move(source), choice.member, alone);
    return std::unique_ptr<ByteSource>(std::move(source));
}

Result<std::vector<std::string>> tablesOfArchive(const std::string &path)
{
    HashedFile file(nullptr, {});
    if (auto status = file.open(path); !status)
        return status.error();
    if (!isZip(file.peek(4)))
        return std::vector<std::string>();
    auto members = membersOf(path);
    if (!members)
        return members.error();
    return std::move(members->texts);
}

} // namespace perunit
