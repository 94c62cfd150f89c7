// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"
#include "model/store/seals.h"
#include "model/store/sqlite.h"
#include "model/workload/workload.h"

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

inline constexpr std::size_t rowsPerChunk = 65536;

/// One stored piece: a column of a chunk. Names say what is inside: "i:NAME" numbers, "t:NAME" numbers of texts,
/// "d:NAME" the texts that occur first in this chunk, "s:NAME" the power of ten taken out of amounts.
struct ColumnPiece {
    std::string column;
    std::size_t n = 0;
    std::string data;
};

/// Collects rows column by column until a chunk is full. A column that holds nothing but zero or empty values
/// in a chunk is not stored.
class ColumnBuffer
{
public:
    ColumnBuffer();
    ~ColumnBuffer();
    /// Each returns the handle under which values are set.
    std::size_t addNumber(std::string name);
    std::size_t addText(std::string name);
    std::size_t addAmount(std::string name);

    /// Starts the next row; what is not set stays zero, empty or absent.
    void beginRow() { ++m_rows; }
    void setNumber(std::size_t column, std::int64_t value);
    void setText(std::size_t column, std::string_view text);
    void setAmount(std::size_t column, const std::optional<Money> &amount);

    [[nodiscard]] std::size_t rows() const { return m_rows; }
    /// Packs the rows so far and starts the next chunk.
    std::vector<ColumnPiece> flush();

private:
    struct Number;
    struct Text;
    struct Amount;
    std::size_t m_rows = 0;
    std::vector<std::unique_ptr<Number>> m_numbers;
    std::vector<std::unique_ptr<Text>> m_texts;
    std::vector<std::unique_ptr<Amount>> m_amounts;
};

/// The rows of one chunk, unpacked.
class ColumnChunk
{
public:
    [[nodiscard]] std::size_t rows() const { return m_rows; }
    /// Numbers of a column; null when all are zero.
    [[nodiscard]] const std::vector<std::int64_t> *numbers(const std::string &name) const;
    [[nodiscard]] std::int64_t number(const std::vector<std::int64_t> *column, std::size_t row) const
    {
        return column ? (*column)[row] : 0;
    }
    /// Ids of a text column, into ColumnReader::texts(); null when all are empty.
    [[nodiscard]] const std::vector<std::int64_t> *textIds(const std::string &name) const;
    /// Amounts of a column; null when there are none.
    [[nodiscard]] const std::vector<std::optional<Money>> *amounts(const std::string &name) const;

private:
    friend class ColumnReader;
    std::size_t m_rows = 0;
    std::map<std::string, std::vector<std::int64_t>, std::less<>> m_numbers;
    std::map<std::string, std::vector<std::int64_t>, std::less<>> m_ids;
    std::map<std::string, std::vector<std::optional<Money>>, std::less<>> m_amounts;
};

/// Reads the chunks of one source in order.
class ColumnReader
{
public:
    ColumnReader(const Database &database, std::int64_t sourceId);
    /// Calls `visit` per chunk. Errors: BadInput for damaged or missing pieces, Io, Cancelled, those of `visit`.
    Status read(std::stop_token stop, const std::function<Status(const ColumnChunk &)> &visit);
    /// All texts of a column seen so far; the first one is the empty text.
    [[nodiscard]] const std::vector<std::string> &texts(const std::string &name);
    /// Names of the text columns seen so far.
    [[nodiscard]] std::vector<std::string> textNames() const;
    [[nodiscard]] std::size_t rows() const { return m_total; }
    /// The sum of the seals of all pieces that were read (sealOfPiece).
    [[nodiscard]] std::int64_t seal() const { return m_seal.sum; }

private:
    Status take(ColumnChunk &chunk, std::string_view column, std::size_t n, std::string_view data);
    Status complete(ColumnChunk &chunk);

    const Database &m_database;
    std::int64_t m_sourceId;
    std::size_t m_total = 0;
    Tally m_seal;
    std::map<std::string, std::vector<std::string>, std::less<>> m_texts;
};

/// What kind of rows a source holds. Stored in files; never renumber.
enum class RowKind : std::uint8_t { None = 0, Requests = 1, Charges = 2, Outcomes = 3 };

/// Text members of the rows under their column names.
struct RequestText {
    const char *name;
    std::string RequestRow::*member;
};
const std::vector<RequestText> &requestTexts();
struct ChargeText {
    const char *name;
    std::string ChargeRow::*member;
};
const std::vector<ChargeText> &chargeTexts();

/// Tags as one text, for columns that keep them together.
std::string joinTags(const Tags &tags);
Tags splitTags(std::string_view text);

} // namespace perunit
