// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/request_reader.h"

#include "model/store/column_codec.h"
#include "model/store/row_columns.h"
#include "model/store/seals.h"
#include "model/store/work_pool.h"

#include <algorithm>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <cstring>
#include <map>
#include <memory>

namespace perunit {

namespace {

static_assert(rowsPerChunk == PackedNumbers::pieceRows, "a stored chunk becomes one piece of every column");

constexpr std::size_t waitingChunks = 32;
constexpr int maximumPower = 30;
constexpr std::uint64_t mostExpansion = 64;
constexpr std::size_t unpackedWhenAsked = std::size_t{1} << 20; ///< packed bytes of the texts of a dimension

Error damagedRows()
{
    return {ErrorCode::BadInput, "stored rows are damaged", "",
            "restore the workspace from a copy, or import the ledger into a new one"};
}

Error missingRows()
{
    return {ErrorCode::BadInput, "rows of the source are missing from the workspace", "",
            "restore the workspace from a copy, or import the ledger into a new one"};
}

/// A piece of a column as it lies in the file; `at` is its place in the bytes of its chunk.
struct StoredPiece {
    std::string column;
    std::int64_t n = 0;
    std::size_t at = 0;
    std::size_t size = 0;
};

/// Pieces of a chunk as they lie in the file, one behind the other.
struct StoredChunk {
    std::int64_t number = 0;
    std::vector<StoredPiece> pieces;
    std::vector<char> bytes;

    void clear()
    {
        pieces.clear();
        bytes.clear();
    }
    void add(std::string_view column, std::int64_t n, std::string_view data)
    {
        pieces.push_back({std::string(column), n, bytes.size(), data.size()});
        bytes.insert(bytes.end(), data.begin(), data.end());
    }
    [[nodiscard]] std::string_view data(const StoredPiece &piece) const
    {
        return {bytes.data() + piece.at, piece.size};
    }
};

/// A chunk unpacked. Columns without values stay without rows.
struct RequestChunk {
    PackedNumbers::Piece time;
    PackedNumbers::Piece sourceRow;
    std::array<PackedNumbers::Piece, usageClassCount> usage;
    PackedNumbers::Piece tier;
    PackedNumbers::Piece status;
    AmountColumn::Piece billed;
    std::map<std::string, PackedNumbers::Piece, std::less<>> ids;
    std::map<std::string, std::int64_t, std::less<>> largestId;
    Tally seal; ///< of the stored pieces
};

template <typename Word>
std::uint64_t largestWord(const PackedNumbers::Piece &piece)
{
    Word most = 0;
    for (std::size_t row = 0; row < piece.rows; ++row) {
        Word value = 0;
        std::memcpy(&value, piece.bytes.data() + row * sizeof(Word), sizeof(Word));
        most = std::max(most, value);
    }
    return most;
}

/// The largest number of a piece; nothing when one of them may lie below zero.
std::optional<std::int64_t> largestOf(const PackedNumbers::Piece &piece)
{
    const auto base = static_cast<std::int64_t>(piece.base);
    std::int64_t last = 0;
    if (piece.width == 0) {
        // All numbers lie between the first and the last one.
        const auto steps = static_cast<std::int64_t>(piece.rows) - 1;
        if (__builtin_mul_overflow(static_cast<std::int64_t>(piece.step), steps, &last)
            || __builtin_add_overflow(base, last, &last) || base < 0 || last < 0)
            return std::nullopt;
        return std::max(base, last);
    }
    const std::uint64_t offset = piece.width == 1   ? largestWord<std::uint8_t>(piece)
                                 : piece.width == 2 ? largestWord<std::uint16_t>(piece)
                                 : piece.width == 4 ? largestWord<std::uint32_t>(piece)
                                                    : largestWord<std::uint64_t>(piece);
    if (base < 0 || offset > static_cast<std::uint64_t>(INT64_MAX - base))
        return std::nullopt;
    return base + static_cast<std::int64_t>(offset);
}

/// Turns stored pieces into chunks, one after the other with the same working memory. Not for two threads at once.
class ChunkReading
{
public:
    /// Where the pieces get their memory from, and whether seals are checked when all is read.
    void prepare(PieceRoom &room, bool sealed)
    {
        m_unpacker.takePiecesFrom(room);
        if (sealed)
            m_unpacker.trustSeals();
    }

    /// The chunk holds `rows` rows; `times` has room for them.
    Status read(const StoredChunk &stored, std::size_t rows, RequestChunk &chunk)
    {
        m_rows = rows;
        m_power = -1;
        m_output = m_reasoning = m_known = m_high = m_low = {};
        for (const StoredPiece &piece : stored.pieces) {
            const std::string_view data = stored.data(piece);
            chunk.seal.add(sealOfPiece(stored.number, piece.column, piece.n, data));
            if (auto status = take(piece, data, chunk); !status)
                return status;
        }
        // A column without a piece holds zeros.
        for (PackedNumbers::Piece *piece : {&chunk.time, &chunk.sourceRow, &chunk.tier, &chunk.status}) {
            if (piece->rows == 0)
                piece->rows = static_cast<std::uint32_t>(m_rows);
        }
        partReasoning(chunk);
        return m_power >= 0 ? readAmounts(chunk) : Status();
    }

private:
    Status numbers(const StoredPiece &stored, std::string_view data, PackedNumbers::Piece &to)
    {
        if (static_cast<std::size_t>(stored.n) != m_rows)
            return missingRows();
        return m_unpacker.piece(data, m_rows, to);
    }

    Status take(const StoredPiece &stored, std::string_view data, RequestChunk &chunk)
    {
        const std::string_view column = stored.column;
        const std::string_view name = column.substr(std::min<std::size_t>(2, column.size()));
        if (column == "s:billed")
            return takePower(stored, data);
        if (column.starts_with("t:"))
            return takeIds(stored, data, name, chunk);
        if (!column.starts_with("i:"))
            return damagedRows();
        if (name == "duration" || name == "attempts")
            return {}; // stored for the export of rows; no analysis reads them
        PackedNumbers::Piece *to = placeOf(name, chunk);
        if (!to)
            return {};
        if (auto status = numbers(stored, data, *to); !status)
            return status;
        if (name == "tier")
            return checkEnumeration(*to, static_cast<std::int64_t>(serviceTierCount) - 1);
        if (name == "status")
            return checkEnumeration(*to, static_cast<std::int64_t>(RequestStatus::Cancelled));
        return {};
    }

    PackedNumbers::Piece *placeOf(std::string_view name, RequestChunk &chunk)
    {
        if (name == "time")
            return &chunk.time;
        if (name == "row")
            return &chunk.sourceRow;
        if (name == "tier")
            return &chunk.tier;
        if (name == "status")
            return &chunk.status;
        if (name == "usage.reasoning")
            return &m_reasoning;
        if (name == "usage.output")
            return &m_output;
        if (name == "billed.known")
            return &m_known;
        if (name == "billed.high")
            return &m_high;
        if (name == "billed.low")
            return &m_low;
        const auto usageClass = name.starts_with("usage.") ? usageClassNamed(name.substr(6)) : std::nullopt;
        return usageClass ? &chunk.usage[static_cast<std::size_t>(*usageClass)] : nullptr;
    }

    Status takePower(const StoredPiece &stored, std::string_view data)
    {
        std::int64_t power = 0;
        if (stored.n != 1)
            return damagedRows();
        if (auto status = m_unpacker.integers(data, 1, &power); !status)
            return status;
        if (power < 0 || power > maximumPower)
            return damagedRows();
        m_power = static_cast<int>(power);
        return {};
    }

    Status takeIds(const StoredPiece &stored, std::string_view data, std::string_view name, RequestChunk &chunk)
    {
        PackedNumbers::Piece ids;
        if (auto status = numbers(stored, data, ids); !status)
            return status;
        const auto largest = largestOf(ids);
        if (!largest)
            return damagedRows();
        chunk.largestId.emplace(name, *largest);
        chunk.ids.emplace(name, std::move(ids));
        return {};
    }

    static Status checkEnumeration(const PackedNumbers::Piece &piece, std::int64_t last)
    {
        const auto largest = largestOf(piece);
        return largest && *largest <= last ? Status() : Status(damagedRows());
    }

    /// Rows are stored with reasoning inside output; prices see them apart (Usage::pricedApart).
    void partReasoning(RequestChunk &chunk)
    {
        const bool parted = m_reasoning.rows > 0 && !(m_reasoning.isConstant() && m_reasoning.base == 0);
        if (parted) {
            std::vector<std::int64_t> output(m_output.rows);
            std::vector<std::int64_t> reasoning(m_reasoning.rows);
            for (std::size_t row = 0; row < output.size(); ++row)
                output[row] = m_output.at(row);
            for (std::size_t row = 0; row < reasoning.size(); ++row) {
                reasoning[row] = row < output.size() ? std::min(m_reasoning.at(row), output[row]) : 0;
                if (row < output.size())
                    output[row] -= reasoning[row];
            }
            m_output = PackedNumbers::pack(output.data(), output.size());
            m_reasoning = PackedNumbers::pack(reasoning.data(), reasoning.size());
        }
        if (m_output.rows > 0)
            chunk.usage[static_cast<std::size_t>(UsageClass::Output)] = std::move(m_output);
        if (m_reasoning.rows > 0)
            chunk.usage[static_cast<std::size_t>(UsageClass::Reasoning)] = std::move(m_reasoning);
    }

    Status readAmounts(RequestChunk &chunk)
    {
        if (m_known.rows != m_rows || m_high.rows != m_rows || m_low.rows != m_rows)
            return damagedRows();
        Int128 factor = 1;
        for (int i = 0; i < m_power; ++i)
            factor *= 10;
        // Small multiples cannot overflow; the test costs more than the product.
        const bool small = m_high.isConstant() && m_high.base == 0 && m_power <= 18;
        for (std::size_t row = 0; !small && row < m_rows; ++row) {
            const auto bits = (static_cast<UInt128>(static_cast<std::uint64_t>(m_high.at(row))) << 64)
                              | static_cast<std::uint64_t>(m_low.at(row));
            Int128 units = 0;
            if (__builtin_mul_overflow(static_cast<Int128>(bits), factor, &units))
                return damagedRows();
        }
        chunk.billed = {std::move(m_known), std::move(m_high), std::move(m_low), factor};
        return {};
    }

    std::size_t m_rows = 0;
    int m_power = -1;
    ColumnUnpacker m_unpacker;
    PackedNumbers::Piece m_output;
    PackedNumbers::Piece m_reasoning;
    PackedNumbers::Piece m_known;
    PackedNumbers::Piece m_high;
    PackedNumbers::Piece m_low;
};

/// Texts of a dictionary as they lie in the file.
struct StoredTexts {
    std::int64_t chunk = 0;
    std::int64_t n = 0;
    std::string data;
};

/// While it lives, the database keeps few pages: every one of the rows is read once.
class SmallCache
{
public:
    explicit SmallCache(const Database &database)
        : m_database(database)
    {
        if (const auto before = database.number("PRAGMA cache_size"))
            m_before = *before;
        (void)m_database.run("PRAGMA cache_size=-1024").ok();
    }
    ~SmallCache()
    {
        if (m_before != 0)
            (void)m_database.run(("PRAGMA cache_size=" + std::to_string(m_before)).c_str()).ok();
    }
    SmallCache(const SmallCache &) = delete;
    SmallCache &operator=(const SmallCache &) = delete;

private:
    const Database &m_database;
    std::int64_t m_before = 0;
};

/// Reads one source: fetches here, unpacks in a pool, puts the pieces in their places at the end.
class RequestReading
{
public:
    RequestReading(const Database &database, std::int64_t sourceId, std::size_t rowCount)
        : m_database(database)
        , m_sourceId(sourceId)
        , m_rows(rowCount)
    {
        m_columns.sourceId = sourceId;
    }

    Result<RequestColumns> run(const std::optional<std::int64_t> &seal, const std::stop_token &stop)
    {
        m_isSealed = seal.has_value();
        if (auto status = makeRoom(); !status)
            return status.error();
        if (auto status = fetch(stop); !status)
            return status.error();
        startDictionaries();
        for (auto &result : m_results) {
            if (auto status = result.get(); !status)
                return status.error();
        }
        for (auto &result : m_dictionaryResults) {
            if (auto status = result.get(); !status)
                return status.error();
        }
        Tally seals = m_seal;
        for (const RequestChunk &chunk : m_chunks)
            seals.sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(seals.sum)
                                                  + static_cast<std::uint64_t>(chunk.seal.sum));
        // A piece that has vanished, or gone to another column, would be read as zeros.
        if (seal && *seal != seals.sum)
            return missingRows();
        return assemble();
    }

private:
    /// A damaged number of rows must not ask for more memory than there are chunks to fill it.
    Status makeRoom()
    {
        auto last = Statement::prepare(m_database, "SELECT coalesce(max(chunk), -1) FROM cols WHERE source=?");
        if (!last)
            return last.error();
        auto row = last->bind(m_sourceId).step();
        if (!row)
            return row.error();
        const std::int64_t chunks = last->integer(0) + 1;
        if (chunks != static_cast<std::int64_t>((m_rows + rowsPerChunk - 1) / rowsPerChunk))
            return missingRows();
        m_chunks.resize(static_cast<std::size_t>(chunks));
        return {};
    }

    Status fetch(const std::stop_token &stop)
    {
        auto statement = Statement::prepare(
            m_database, "SELECT chunk, column, n, data FROM cols WHERE source=? ORDER BY chunk, column");
        if (!statement)
            return statement.error();
        statement->bind(m_sourceId);
        auto chunk = m_spareChunks.take();
        while (true) {
            auto more = statement->step();
            if (!more)
                return more.error();
            if (!*more || statement->integer(0) != chunk->number) {
                if (stop.stop_requested())
                    return Error{ErrorCode::Cancelled, "the reading was stopped", "", ""};
                if (m_results.size() < m_chunks.size())
                    unpackLater(std::move(chunk));
                if (!*more)
                    return m_results.size() == m_chunks.size() ? Status() : missingRows();
                chunk = m_spareChunks.take();
                chunk->clear();
                chunk->number = static_cast<std::int64_t>(m_results.size());
                if (statement->integer(0) != chunk->number || m_results.size() == m_chunks.size())
                    return missingRows();
            }
            const auto n = statement->integer(2);
            if (n < 0)
                return damagedRows();
            const std::string_view column = statement->bytes(1);
            if (column.starts_with("d:"))
                m_texts[std::string(column.substr(2))].push_back({chunk->number, n, statement->text(3)});
            else
                chunk->add(column, n, statement->bytes(3));
        }
    }

    void unpackLater(std::unique_ptr<StoredChunk> stored)
    {
        const std::size_t number = m_results.size();
        const std::size_t rows = std::min(rowsPerChunk, m_rows - number * rowsPerChunk);
        auto work = [this, stored = std::move(stored), number, rows]() mutable {
            auto reading = m_spareReadings.take();
            reading->prepare(m_room, m_isSealed);
            auto status = reading->read(*stored, rows, m_chunks[number]);
            m_spareReadings.give(std::move(reading));
            m_spareChunks.give(std::move(stored));
            return status;
        };
        m_results.push_back(m_pool.give(std::move(work)));
        // Fetching is faster than unpacking: it must not pile up the whole file in memory.
        if (number >= waitingChunks)
            m_results[number - waitingChunks].wait();
    }

    /// The texts of each column, put together beside the chunks that are still waiting.
    void startDictionaries()
    {
        for (auto &[name, pieces] : m_texts) {
            Dictionary &dictionary = m_dictionaries[name];
            std::size_t bytes = 0;
            for (const StoredTexts &texts : pieces) {
                m_seal.add(sealOfPiece(texts.chunk, "d:" + name, texts.n, texts.data));
                bytes += texts.data.size();
            }
            // Nobody reads millions of names at once, and their seals already say that they are whole.
            if (m_isSealed && bytes >= unpackedWhenAsked)
                m_dictionaryResults.push_back(m_pool.give(
                    [&dictionary, texts = std::make_shared<std::vector<StoredTexts>>(std::move(pieces))] {
                        return readTextsLater(dictionary, texts);
                    },
                    true));
            else
                m_dictionaryResults.push_back(
                    m_pool.give([&dictionary, texts = &pieces] { return readTexts(dictionary, *texts); }, true));
        }
    }

    static Status readTextsLater(Dictionary &dictionary, const std::shared_ptr<std::vector<StoredTexts>> &texts)
    {
        const auto room = roomFor(*texts);
        if (!room)
            return room.error();
        dictionary.appendLater(room->count, [texts](Dictionary &to) { return readTexts(to, *texts).ok(); });
        return {};
    }

    /// How many texts there are, and their bytes.
    struct TextRoom {
        std::size_t count = 0;
        std::size_t bytes = 0;
    };
    static Result<TextRoom> roomFor(const std::vector<StoredTexts> &texts)
    {
        std::uint64_t count = 0;
        std::uint64_t bytes = 0;
        std::uint64_t packed = 0;
        for (const StoredTexts &piece : texts) {
            count += static_cast<std::uint64_t>(piece.n);
            const auto size = unpackedSize(piece.data);
            // A length takes at least a byte.
            if (!size || *size < static_cast<std::uint64_t>(piece.n) || count + 1 >= Dictionary::missing)
                return damagedRows();
            packed += piece.data.size();
            bytes += *size - static_cast<std::uint64_t>(piece.n);
        }
        // A damaged length must not ask for more memory than texts of this kind can take.
        return TextRoom{count, std::min(bytes, mostExpansion * packed)};
    }

    static Status readTexts(Dictionary &dictionary, std::vector<StoredTexts> &texts)
    {
        const auto room = roomFor(texts);
        if (!room)
            return room.error();
        dictionary.reserve(room->count + 1, room->bytes);
        ColumnUnpacker unpacker;
        for (StoredTexts &piece : texts) {
            const auto status = unpacker.texts(piece.data, static_cast<std::size_t>(piece.n),
                                               [&dictionary](std::string_view text) { dictionary.appendNew(text); });
            if (!status)
                return status;
            piece.data = {};
        }
        return {};
    }

    void appendPiece(PackedNumbers &column, PackedNumbers::Piece piece, std::size_t number, std::size_t rows)
    {
        if (piece.rows == 0 && column.size() == 0)
            return; // no value so far
        column.extend(number * rowsPerChunk, 0);
        if (piece.rows == 0)
            column.extend(number * rowsPerChunk + rows, 0);
        else
            column.append(std::move(piece));
    }

    Result<RequestColumns> assemble()
    {
        std::map<std::string, PackedColumn<std::uint32_t>, std::less<>> ids;
        for (std::size_t number = 0; number < m_chunks.size(); ++number) {
            RequestChunk &chunk = m_chunks[number];
            const std::size_t rows = std::min(rowsPerChunk, m_rows - number * rowsPerChunk);
            for (const auto &[name, largest] : chunk.largestId) {
                if (largest >= static_cast<std::int64_t>(m_dictionaries[name].size()))
                    return damagedRows();
            }
            appendPiece(m_columns.time.numbers(), std::move(chunk.time), number, rows);
            appendPiece(m_columns.sourceRow.numbers(), std::move(chunk.sourceRow), number, rows);
            appendPiece(m_columns.tier.numbers(), std::move(chunk.tier), number, rows);
            appendPiece(m_columns.status.numbers(), std::move(chunk.status), number, rows);
            for (std::size_t i = 0; i < usageClassCount; ++i)
                appendPiece(m_columns.usage[i].numbers(), std::move(chunk.usage[i]), number, rows);
            for (auto &[name, piece] : chunk.ids)
                appendPiece(ids[name].numbers(), std::move(piece), number, rows);
            if (chunk.billed.known.rows > 0) {
                m_columns.billed.extend(number * rowsPerChunk);
                m_columns.billed.append(std::move(chunk.billed));
            }
        }
        for (auto &column : m_columns.usage) {
            if (!column.empty())
                column.resize(m_rows, 0);
        }
        // Known dimensions come first and in their usual order, tags in the order of their names.
        for (const RequestText &text : requestTexts())
            takeDimension(ids, text.name);
        while (!ids.empty())
            takeDimension(ids, ids.begin()->first);
        return std::move(m_columns);
    }

    void takeDimension(std::map<std::string, PackedColumn<std::uint32_t>, std::less<>> &ids, const std::string &name)
    {
        auto node = ids.extract(name);
        if (node.empty())
            return;
        node.mapped().resize(m_rows, 0);
        m_columns.dimensions.push_back({name, std::move(m_dictionaries[name]), std::move(node.mapped())});
    }

    const Database &m_database;
    Tally m_seal; ///< of the pieces with texts
    bool m_isSealed = false;
    PieceRoom m_room;
    std::int64_t m_sourceId;
    std::size_t m_rows;
    RequestColumns m_columns;
    std::vector<RequestChunk> m_chunks;
    std::map<std::string, std::vector<StoredTexts>, std::less<>> m_texts;
    std::map<std::string, Dictionary, std::less<>> m_dictionaries;
    std::vector<std::future<Status>> m_results;
    std::vector<std::future<Status>> m_dictionaryResults;
    Spares<StoredChunk> m_spareChunks;
    Spares<ChunkReading> m_spareReadings;
    WorkPool m_pool{WorkPool::processors()}; ///< last: its threads use what stands above
};

} // namespace

Result<RequestColumns> readRequests(const Database &database, std::int64_t sourceId, std::size_t rowCount,
                                    const std::optional<std::int64_t> &seal, const std::stop_token &stop)
{
    const SmallCache cache(database);
    auto columns = RequestReading(database, sourceId, rowCount).run(seal, stop);
#ifdef __GLIBC__
    // What was fetched lies freed between what is kept: a long ledger would hold on to twice the memory.
    if (rowCount > 16 * rowsPerChunk)
        malloc_trim(0);
#endif
    return columns;
}

} // namespace perunit
