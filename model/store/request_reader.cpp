// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/request_reader.h"

#include "model/store/column_codec.h"
#include "model/store/row_columns.h"
#include "model/store/seals.h"
#include "model/store/work_pool.h"

#include <algorithm>
#include <atomic>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <map>

namespace perunit {

namespace {

static_assert(rowsPerChunk == PackedNumbers::pieceRows, "a stored chunk becomes one piece of every column");

constexpr std::size_t waitingChunks = 32;
constexpr int maximumPower = 30;

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

/// A chunk as it lies in the file.
struct StoredChunk {
    std::int64_t number = 0;
    std::vector<ColumnPiece> pieces;
};

/// A chunk unpacked. Columns without values stay without rows.
struct RequestChunk {
    PackedNumbers::Piece sourceRow;
    std::array<PackedNumbers::Piece, usageClassCount> usage;
    PackedNumbers::Piece tier;
    PackedNumbers::Piece status;
    AmountColumn::Piece billed;
    std::map<std::string, PackedNumbers::Piece, std::less<>> ids;
    std::map<std::string, std::int64_t, std::less<>> largestId;
};

/// Turns stored pieces into a chunk; one for each piece of work.
class ChunkReading
{
public:
    ChunkReading(std::size_t rows, std::int64_t *times)
        : m_rows(rows)
        , m_times(times)
    {}

    Status read(const StoredChunk &stored, RequestChunk &chunk)
    {
        for (const ColumnPiece &piece : stored.pieces) {
            if (auto status = take(piece, chunk); !status)
                return status;
        }
        // A column without a piece holds zeros.
        if (!m_hasTimes)
            std::fill_n(m_times, m_rows, std::int64_t{0});
        for (PackedNumbers::Piece *piece : {&chunk.sourceRow, &chunk.tier, &chunk.status}) {
            if (piece->rows == 0)
                piece->rows = static_cast<std::uint32_t>(m_rows);
        }
        partReasoning(chunk);
        return m_power >= 0 ? readAmounts(chunk) : Status();
    }

private:
    Status numbers(const ColumnPiece &piece, std::vector<std::int64_t> &to)
    {
        if (piece.n != m_rows)
            return missingRows();
        return m_unpacker.integers(piece.data, piece.n, to);
    }

    Status take(const ColumnPiece &piece, RequestChunk &chunk)
    {
        const std::string_view column = piece.column;
        const std::string_view name = column.substr(std::min<std::size_t>(2, column.size()));
        if (column == "s:billed") {
            std::vector<std::int64_t> power;
            if (auto status = m_unpacker.integers(piece.data, piece.n, power); !status)
                return status;
            if (power.size() != 1 || power[0] < 0 || power[0] > maximumPower)
                return damagedRows();
            m_power = static_cast<int>(power[0]);
            return {};
        }
        if (column.starts_with("t:"))
            return takeIds(piece, name, chunk);
        if (!column.starts_with("i:"))
            return damagedRows();
        if (name == "duration" || name == "attempts")
            return {}; // stored for the export of rows; no analysis reads them
        if (auto status = numbers(piece, name == "usage.output" ? m_output : m_values); !status)
            return status;
        if (name == "time") {
            std::copy(m_values.begin(), m_values.end(), m_times);
            m_hasTimes = true;
        } else if (name == "row") {
            chunk.sourceRow = PackedNumbers::pack(m_values.data(), m_rows);
        } else if (name == "tier") {
            return takeEnumeration(chunk.tier, static_cast<std::int64_t>(serviceTierCount) - 1);
        } else if (name == "status") {
            return takeEnumeration(chunk.status, static_cast<std::int64_t>(RequestStatus::Cancelled));
        } else if (name == "usage.reasoning") {
            m_reasoning = m_values;
        } else if (name == "billed.known") {
            m_known = m_values;
        } else if (name == "billed.high") {
            m_high = m_values;
        } else if (name == "billed.low") {
            m_low = m_values;
        } else if (name.starts_with("usage.") && name != "usage.output") {
            if (const auto usageClass = usageClassNamed(name.substr(6)))
                chunk.usage[static_cast<std::size_t>(*usageClass)] = PackedNumbers::pack(m_values.data(), m_rows);
        }
        return {};
    }

    Status takeIds(const ColumnPiece &piece, std::string_view name, RequestChunk &chunk)
    {
        if (auto status = numbers(piece, m_values); !status)
            return status;
        const auto [least, most] = std::minmax_element(m_values.begin(), m_values.end());
        if (m_values.empty() || *least < 0)
            return damagedRows();
        chunk.largestId.emplace(name, *most);
        chunk.ids.emplace(name, PackedNumbers::pack(m_values.data(), m_rows));
        return {};
    }

    Status takeEnumeration(PackedNumbers::Piece &piece, std::int64_t last)
    {
        if (std::any_of(m_values.begin(), m_values.end(), [last](std::int64_t v) { return v < 0 || v > last; }))
            return damagedRows();
        piece = PackedNumbers::pack(m_values.data(), m_rows);
        return {};
    }

    /// Rows are stored with reasoning inside output; prices see them apart (Usage::pricedApart).
    void partReasoning(RequestChunk &chunk)
    {
        for (std::size_t row = 0; row < m_reasoning.size(); ++row) {
            std::int64_t &reasoning = m_reasoning[row];
            reasoning = row < m_output.size() ? std::min(reasoning, m_output[row]) : 0;
            if (row < m_output.size())
                m_output[row] -= reasoning;
        }
        if (!m_output.empty())
            chunk.usage[static_cast<std::size_t>(UsageClass::Output)] = PackedNumbers::pack(m_output.data(), m_rows);
        if (!m_reasoning.empty())
            chunk.usage[static_cast<std::size_t>(UsageClass::Reasoning)] =
                PackedNumbers::pack(m_reasoning.data(), m_rows);
    }

    Status readAmounts(RequestChunk &chunk) const
    {
        if (m_known.size() != m_rows || m_high.size() != m_rows || m_low.size() != m_rows)
            return damagedRows();
        Int128 factor = 1;
        for (int i = 0; i < m_power; ++i)
            factor *= 10;
        for (std::size_t row = 0; row < m_rows; ++row) {
            const auto bits = (static_cast<UInt128>(static_cast<std::uint64_t>(m_high[row])) << 64)
                              | static_cast<std::uint64_t>(m_low[row]);
            Int128 units = 0;
            // Small multiples cannot overflow; the test costs more than the product.
            const bool small = m_high[row] == 0 && m_power <= 18;
            if (!small && __builtin_mul_overflow(static_cast<Int128>(bits), factor, &units))
                return damagedRows();
        }
        chunk.billed = {PackedNumbers::pack(m_known.data(), m_rows), PackedNumbers::pack(m_high.data(), m_rows),
                        PackedNumbers::pack(m_low.data(), m_rows), factor};
        return {};
    }

    std::size_t m_rows;
    std::int64_t *m_times;
    bool m_hasTimes = false;
    int m_power = -1;
    ColumnUnpacker m_unpacker;
    std::vector<std::int64_t> m_values;
    std::vector<std::int64_t> m_output;
    std::vector<std::int64_t> m_reasoning;
    std::vector<std::int64_t> m_known;
    std::vector<std::int64_t> m_high;
    std::vector<std::int64_t> m_low;
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
        // A piece that has vanished, or gone to another column, would be read as zeros.
        if (seal && *seal != m_seal.sum)
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
        m_columns.time.resize(m_rows);
        return {};
    }

    Status fetch(const std::stop_token &stop)
    {
        auto statement = Statement::prepare(
            m_database, "SELECT chunk, column, n, data FROM cols WHERE source=? ORDER BY chunk, column");
        if (!statement)
            return statement.error();
        statement->bind(m_sourceId);
        StoredChunk chunk;
        while (true) {
            auto more = statement->step();
            if (!more)
                return more.error();
            if (!*more || statement->integer(0) != chunk.number) {
                if (stop.stop_requested())
                    return Error{ErrorCode::Cancelled, "the reading was stopped", "", ""};
                if (m_results.size() < m_chunks.size()) {
                    if (auto status = unpackLater(std::move(chunk)); !status)
                        return status;
                }
                if (!*more)
                    return m_results.size() == m_chunks.size() ? Status() : missingRows();
                chunk = {};
                chunk.number = static_cast<std::int64_t>(m_results.size());
                if (statement->integer(0) != chunk.number || m_results.size() == m_chunks.size())
                    return missingRows();
            }
            const auto n = statement->integer(2);
            if (n < 0)
                return damagedRows();
            m_seal.add(sealOfPiece(statement->integer(0), statement->bytes(1), n, statement->bytes(3)));
            ColumnPiece piece{statement->text(1), static_cast<std::size_t>(n), std::string(statement->bytes(3))};
            if (piece.column.starts_with("d:"))
                m_texts[piece.column.substr(2)].push_back(std::move(piece));
            else
                chunk.pieces.push_back(std::move(piece));
        }
    }

    Status unpackLater(StoredChunk stored)
    {
        const std::size_t number = m_results.size();
        const std::size_t first = number * rowsPerChunk;
        const std::size_t rows = std::min(rowsPerChunk, m_rows - first);
        auto work = [this, stored = std::make_shared<StoredChunk>(std::move(stored)), number, rows,
                     times = m_columns.time.data() + first]() -> Status {
            return ChunkReading(rows, times).read(*stored, m_chunks[number]);
        };
        m_results.push_back(m_pool.give(std::move(work)));
        // Fetching is faster than unpacking: it must not pile up the whole file in memory.
        if (number >= waitingChunks)
            m_results[number - waitingChunks].wait();
        return {};
    }

    /// The texts of each column, put together beside the chunks that are still waiting.
    void startDictionaries()
    {
        for (auto &[name, pieces] : m_texts) {
            Dictionary &dictionary = m_dictionaries[name];
            m_dictionaryResults.push_back(m_pool.give(
                [&dictionary, texts = &pieces]() -> Status {
                    std::size_t count = 1;
                    for (const ColumnPiece &piece : *texts)
                        count += piece.n;
                    if (count >= Dictionary::missing)
                        return damagedRows();
                    ColumnUnpacker unpacker;
                    for (ColumnPiece &piece : *texts) {
                        const auto status = unpacker.texts(
                            piece.data, piece.n, [&dictionary](std::string_view text) { dictionary.appendNew(text); });
                        if (!status)
                            return status;
                        piece.data = {};
                    }
                    return {};
                },
                true));
        }
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
    Tally m_seal; ///< of the pieces that were fetched
    std::int64_t m_sourceId;
    std::size_t m_rows;
    RequestColumns m_columns;
    std::vector<RequestChunk> m_chunks;
    std::map<std::string, std::vector<ColumnPiece>, std::less<>> m_texts;
    std::map<std::string, Dictionary, std::less<>> m_dictionaries;
    std::vector<std::future<Status>> m_results;
    std::vector<std::future<Status>> m_dictionaryResults;
    WorkPool m_pool{WorkPool::processors()}; ///< last: its threads use what stands above
};

} // namespace

Result<RequestColumns> readRequests(const Database &database, std::int64_t sourceId, std::size_t rowCount,
                                    const std::optional<std::int64_t> &seal, const std::stop_token &stop)
{
    auto columns = RequestReading(database, sourceId, rowCount).run(seal, stop);
#ifdef __GLIBC__
    // What was fetched lies freed between what is kept: a long ledger would hold on to twice the memory.
    if (rowCount > 16 * rowsPerChunk)
        malloc_trim(0);
#endif
    return columns;
}

} // namespace perunit
