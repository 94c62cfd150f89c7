// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/packed_numbers.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace perunit {

namespace {

std::uint64_t bits(std::int64_t value)
{
    return static_cast<std::uint64_t>(value);
}

std::uint8_t widthOf(std::uint64_t range)
{
    if (range == 0)
        return 0;
    if (range <= 0xff)
        return 1;
    if (range <= 0xffff)
        return 2;
    return range <= 0xffffffff ? 4 : 8;
}

template <typename Word>
PieceBytes offsets(const std::int64_t *values, std::size_t count, std::uint64_t base, PieceRoom *room)
{
    PieceBytes bytes(count * sizeof(Word), room);
    std::uint8_t *out = bytes.data();
    for (std::size_t i = 0; i < count; ++i) {
        const auto word = static_cast<Word>(bits(values[i]) - base);
        std::memcpy(out + i * sizeof(Word), &word, sizeof(Word));
    }
    return bytes;
}

template <typename Word>
void widen(const std::uint8_t *from, std::size_t count, std::uint64_t base, std::uint64_t step, std::int64_t *to)
{
    for (std::size_t i = 0; i < count; ++i) {
        Word word = 0;
        std::memcpy(&word, from + i * sizeof(Word), sizeof(Word));
        to[i] = static_cast<std::int64_t>(base + step * word);
    }
}

/// Offsets that are multiples of something large enough, as 32-bit multiples of it. False when there is none.
bool storeMultiples(PackedNumbers::Piece &piece, const std::int64_t *values, std::size_t count, std::uint64_t range,
                    PieceRoom *room)
{
    constexpr std::size_t sample = 64;
    std::uint64_t step = range;
    for (std::size_t i = 0; i < std::min(count, sample); ++i)
        step = std::gcd(step, bits(values[i]) - piece.base);
    if (range / step > 0xffffffff)
        return false;
    // Exact division without dividing: shift by the twos, then times the inverse of the odd rest modulo 2^64. What is
    // no multiple gives more than the largest one.
    const int twos = std::countr_zero(step);
    const std::uint64_t odd = step >> twos;
    std::uint64_t inverse = odd;
    for (int i = 0; i < 5; ++i)
        inverse *= 2 - odd * inverse;
    const std::uint64_t lost = (std::uint64_t{1} << twos) - 1;
    const std::uint64_t most = range / step;
    PieceBytes bytes(count * sizeof(std::uint32_t), room);
    std::uint8_t *out = bytes.data();
    bool exact = true;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t offset = bits(values[i]) - piece.base;
        const std::uint64_t multiple = (offset >> twos) * inverse;
        exact = exact && (offset & lost) == 0 && multiple <= most;
        const auto word = static_cast<std::uint32_t>(multiple);
        std::memcpy(out + i * sizeof(word), &word, sizeof(word));
    }
    if (!exact)
        return false;
    piece.bytes = std::move(bytes);
    piece.step = step;
    piece.width = sizeof(std::uint32_t);
    return true;
}

template <typename Word>
Word wordAt(const std::uint8_t *from, std::size_t row)
{
    Word word = 0;
    std::memcpy(&word, from + row * sizeof(Word), sizeof(Word));
    return word;
}

template <typename Word>
std::size_t countOfOtherWords(const PackedNumbers::Piece &piece, std::int64_t value)
{
    const std::uint8_t *from = piece.bytes.data();
    const std::uint64_t offset = bits(value) - piece.base;
    if (piece.step == 1) {
        const auto word = static_cast<Word>(offset);
        if (word != offset)
            return piece.rows;
        std::size_t others = 0;
        for (std::size_t row = 0; row < piece.rows; ++row)
            others += wordAt<Word>(from, row) != word ? 1 : 0;
        return others;
    }
    std::size_t others = 0;
    for (std::size_t row = 0; row < piece.rows; ++row)
        others += piece.step * wordAt<Word>(from, row) != offset ? 1 : 0;
    return others;
}

std::size_t countOfOthersIn(const PackedNumbers::Piece &piece, std::int64_t value)
{
    if (piece.isConstant())
        return piece.at(0) == value ? 0 : piece.rows;
    switch (piece.width) {
    case 1:
        return countOfOtherWords<std::uint8_t>(piece, value);
    case 2:
        return countOfOtherWords<std::uint16_t>(piece, value);
    case 4:
        return countOfOtherWords<std::uint32_t>(piece, value);
    default: {
        std::size_t others = 0;
        for (std::size_t row = 0; row < piece.rows; ++row)
            others += piece.at(row) != value ? 1 : 0;
        return others;
    }
    }
}

/// Offsets are to the smallest number, so their order is that of the numbers.
template <typename Word>
bool wordsNeverFall(const PackedNumbers::Piece &piece)
{
    const std::uint8_t *from = piece.bytes.data();
    unsigned falls = 0;
    for (std::size_t row = 1; row < piece.rows; ++row)
        falls |= wordAt<Word>(from, row) < wordAt<Word>(from, row - 1) ? 1U : 0U;
    return falls == 0;
}

bool neverFallsIn(const PackedNumbers::Piece &piece)
{
    switch (piece.width) {
    case 1:
        return wordsNeverFall<std::uint8_t>(piece);
    case 2:
        return wordsNeverFall<std::uint16_t>(piece);
    case 4:
        return wordsNeverFall<std::uint32_t>(piece);
    case 8:
        return wordsNeverFall<std::uint64_t>(piece);
    default:
        for (std::size_t row = 1; row < piece.rows; ++row) {
            if (piece.at(row) < piece.at(row - 1))
                return false;
        }
        return true;
    }
}

bool risesEvenly(const std::int64_t *values, std::size_t count, std::uint64_t step)
{
    for (std::size_t i = 1; i < count; ++i) {
        if (bits(values[i]) - bits(values[i - 1]) != step)
            return false;
    }
    return true;
}

} // namespace

PackedNumbers::Piece PackedNumbers::pack(const std::int64_t *values, std::size_t count, PieceRoom *room)
{
    Piece piece;
    piece.rows = static_cast<std::uint32_t>(count);
    if (count == 0)
        return piece;
    std::int64_t least = values[0];
    std::int64_t most = values[0];
    for (std::size_t i = 1; i < count; ++i) {
        least = std::min(least, values[i]);
        most = std::max(most, values[i]);
    }
    piece.base = bits(least);
    piece.width = widthOf(bits(most) - bits(least));
    if (piece.width == 0)
        return piece;
    if (const std::uint64_t step = bits(values[1]) - bits(values[0]); risesEvenly(values, count, step)) {
        piece.base = bits(values[0]);
        piece.step = step;
        piece.width = 0;
        return piece;
    }
    piece.step = 1;
    if (piece.width == 1)
        piece.bytes = offsets<std::uint8_t>(values, count, piece.base, room);
    else if (piece.width == 2)
        piece.bytes = offsets<std::uint16_t>(values, count, piece.base, room);
    else if (piece.width == 4)
        piece.bytes = offsets<std::uint32_t>(values, count, piece.base, room);
    else if (!storeMultiples(piece, values, count, bits(most) - bits(least), room))
        piece.bytes = offsets<std::uint64_t>(values, count, piece.base, room);
    return piece;
}

void PackedNumbers::Piece::copyTo(std::int64_t *to) const
{
    if (width == 1) {
        widen<std::uint8_t>(bytes.data(), rows, base, step, to);
    } else if (width == 2) {
        widen<std::uint16_t>(bytes.data(), rows, base, step, to);
    } else if (width == 4) {
        widen<std::uint32_t>(bytes.data(), rows, base, step, to);
    } else if (width == 8) {
        widen<std::uint64_t>(bytes.data(), rows, base, step, to);
    } else {
        for (std::size_t row = 0; row < rows; ++row)
            to[row] = static_cast<std::int64_t>(base + step * row);
    }
}

void PackedNumbers::reopen()
{
    if (m_missing == 0)
        return;
    const Piece last = std::move(m_pieces.back());
    m_pieces.pop_back();
    m_missing = 0;
    m_open.reserve(pieceRows);
    for (std::size_t row = 0; row < last.rows; ++row)
        m_open.push_back(last.at(row));
}

void PackedNumbers::push_back(std::int64_t value)
{
    reopen();
    m_open.push_back(value);
    if (m_open.size() == pieceRows) {
        m_pieces.push_back(pack(m_open.data(), m_open.size()));
        m_open.clear();
    }
}

void PackedNumbers::extend(std::size_t rows, std::int64_t value)
{
    while (size() < rows) {
        reopen();
        if (m_open.empty() && rows - size() >= pieceRows) {
            Piece piece;
            piece.base = bits(value);
            piece.rows = pieceRows;
            m_pieces.push_back(std::move(piece));
            continue;
        }
        const std::size_t count = std::min(rows - size(), pieceRows - m_open.size());
        m_open.insert(m_open.end(), count, value);
        if (m_open.size() == pieceRows) {
            m_pieces.push_back(pack(m_open.data(), m_open.size()));
            m_open.clear();
        }
    }
}

void PackedNumbers::append(Piece piece)
{
    if (m_open.empty() && m_missing == 0) {
        m_missing = pieceRows - piece.rows;
        m_pieces.push_back(std::move(piece));
        return;
    }
    for (std::size_t row = 0; row < piece.rows; ++row)
        push_back(piece.at(row));
}

void PackedNumbers::close()
{
    if (!m_open.empty()) {
        m_missing = pieceRows - m_open.size();
        m_pieces.push_back(pack(m_open.data(), m_open.size()));
    }
    std::vector<std::int64_t>().swap(m_open);
    m_pieces.shrink_to_fit();
}

std::size_t PackedNumbers::countOfOthers(std::int64_t value) const
{
    std::size_t others = 0;
    for (const Piece &piece : m_pieces)
        others += countOfOthersIn(piece, value);
    return others + m_open.size() - static_cast<std::size_t>(std::count(m_open.begin(), m_open.end(), value));
}

bool PackedNumbers::neverFalls() const
{
    std::int64_t last = INT64_MIN;
    for (const Piece &piece : m_pieces) {
        if (piece.rows == 0)
            continue;
        if (piece.at(0) < last || !neverFallsIn(piece))
            return false;
        last = piece.at(piece.rows - std::size_t{1});
    }
    return m_open.empty() || (m_open.front() >= last && std::is_sorted(m_open.begin(), m_open.end()));
}

std::size_t PackedNumbers::memory() const
{
    std::size_t bytes = m_open.capacity() * sizeof(std::int64_t) + m_pieces.capacity() * sizeof(Piece);
    for (const Piece &piece : m_pieces)
        bytes += piece.bytes.size();
    return bytes;
}

} // namespace perunit
