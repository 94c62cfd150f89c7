// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <vector>

namespace perunit {

/// Whole numbers in memory, in as few bytes as each piece of 65,536 rows needs: a piece keeps its smallest value and
/// the offsets to it in 0, 1, 2, 4 or 8 bytes; numbers that rise evenly need no bytes at all, and wide ones that are
/// multiples of something, as times in whole milliseconds are, half of them.
class PackedNumbers
{
public:
    static constexpr std::size_t pieceRows = 65536;

    /// At most pieceRows numbers.
    struct Piece {
        std::uint64_t base = 0;
        std::uint64_t step = 0; ///< times the offset; width 0: times the row
        std::uint32_t rows = 0;
        std::uint8_t width = 0; ///< bytes a row
        std::vector<std::uint8_t> bytes;

        [[nodiscard]] std::int64_t at(std::size_t row) const
        {
            const std::uint8_t *from = bytes.data();
            switch (width) {
            case 0:
                return static_cast<std::int64_t>(base + step * row);
            case 1:
                return static_cast<std::int64_t>(base + step * from[row]);
            case 2:
                return static_cast<std::int64_t>(base + step * load<std::uint16_t>(from, row));
            case 4:
                return static_cast<std::int64_t>(base + step * load<std::uint32_t>(from, row));
            default:
                return static_cast<std::int64_t>(base + step * load<std::uint64_t>(from, row));
            }
        }

        /// All numbers, to where there is room for them.
        void copyTo(std::int64_t *to) const;

        /// All numbers are the same.
        [[nodiscard]] bool isConstant() const { return width == 0 && step == 0; }

    private:
        template <typename Word>
        static std::uint64_t load(const std::uint8_t *from, std::size_t row)
        {
            Word word = 0;
            std::memcpy(&word, from + row * sizeof(Word), sizeof(Word));
            return word;
        }
    };
    /// Packs at most pieceRows numbers.
    static Piece pack(const std::int64_t *values, std::size_t count);

    [[nodiscard]] std::size_t size() const { return m_pieces.size() * pieceRows + m_open.size() - m_missing; }
    [[nodiscard]] std::int64_t at(std::size_t row) const
    {
        const std::size_t piece = row / pieceRows;
        return piece < m_pieces.size() ? m_pieces[piece].at(row % pieceRows) : m_open[row % pieceRows];
    }
    /// The packed piece that begins at a row; null when none does.
    [[nodiscard]] const Piece *pieceAt(std::size_t row) const
    {
        return row % pieceRows == 0 && row / pieceRows < m_pieces.size() ? &m_pieces[row / pieceRows] : nullptr;
    }
    void push_back(std::int64_t value);
    /// Appends `value` until there are `rows` numbers; never fewer than there are.
    void extend(std::size_t rows, std::int64_t value);
    /// Appends a packed piece; all pieces before it must be full.
    void append(Piece piece);
    /// Packs what was appended last, so that it takes no more memory than it needs.
    void close();
    /// Bytes in memory.
    [[nodiscard]] std::size_t memory() const;

private:
    void reopen();

    std::vector<Piece> m_pieces; ///< full ones, but for the last one after close()
    std::vector<std::int64_t> m_open;
    std::size_t m_missing = 0; ///< rows that the last piece is short of pieceRows
};

/// Reads packed numbers row by row, faster than by place when rows lie near each other. For one thread.
class PackedReader
{
public:
    /// Null: every number is 0.
    explicit PackedReader(const PackedNumbers *numbers)
        : m_numbers(numbers)
    {}
    std::int64_t at(std::size_t row)
    {
        if (row - m_first >= m_rows && !moveTo(row))
            return m_numbers ? m_numbers->at(row) : 0;
        return m_piece->at(row - m_first);
    }

private:
    bool moveTo(std::size_t row)
    {
        const std::size_t first = row - row % PackedNumbers::pieceRows;
        const PackedNumbers::Piece *piece = m_numbers ? m_numbers->pieceAt(first) : nullptr;
        if (!piece)
            return false;
        m_piece = piece;
        m_first = first;
        m_rows = piece->rows;
        return true;
    }

    const PackedNumbers *m_numbers;
    const PackedNumbers::Piece *m_piece = nullptr;
    std::size_t m_first = 0;
    std::size_t m_rows = 0;
};

/// A column of numbers of type T, packed; reads like a vector.
template <typename T>
class PackedColumn
{
public:
    class Iterator
    {
    public:
        using iterator_category = std::random_access_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T *;
        using reference = T;

        Iterator() = default;
        Iterator(const PackedColumn &column, std::size_t row)
            : m_column(&column)
            , m_row(row)
        {}
        T operator*() const { return (*m_column)[m_row]; }
        T operator[](difference_type step) const { return *(*this + step); }
        Iterator &operator++() { return *this += 1; }
        Iterator operator++(int)
        {
            const Iterator before = *this;
            ++m_row;
            return before;
        }
        Iterator &operator--() { return *this += -1; }
        Iterator operator--(int)
        {
            const Iterator before = *this;
            --m_row;
            return before;
        }
        Iterator &operator+=(difference_type step)
        {
            m_row = static_cast<std::size_t>(static_cast<difference_type>(m_row) + step);
            return *this;
        }
        Iterator &operator-=(difference_type step) { return *this += -step; }
        friend Iterator operator+(Iterator at, difference_type step) { return at += step; }
        friend Iterator operator+(difference_type step, Iterator at) { return at += step; }
        friend Iterator operator-(Iterator at, difference_type step) { return at -= step; }
        friend difference_type operator-(const Iterator &a, const Iterator &b)
        {
            return static_cast<difference_type>(a.m_row) - static_cast<difference_type>(b.m_row);
        }
        friend bool operator==(const Iterator &a, const Iterator &b) { return a.m_row == b.m_row; }
        friend auto operator<=>(const Iterator &a, const Iterator &b) { return a.m_row <=> b.m_row; }

    private:
        const PackedColumn *m_column = nullptr;
        std::size_t m_row = 0;
    };
    using value_type = T;
    using const_iterator = Iterator;

    PackedColumn() = default;
    PackedColumn(std::initializer_list<T> values)
    {
        for (const T value : values)
            push_back(value);
    }

    [[nodiscard]] std::size_t size() const { return m_numbers.size(); }
    [[nodiscard]] bool empty() const { return size() == 0; }
    T operator[](std::size_t row) const { return static_cast<T>(m_numbers.at(row)); }
    [[nodiscard]] T front() const { return (*this)[0]; }
    [[nodiscard]] T back() const { return (*this)[size() - 1]; }
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size()}; }

    void push_back(T value) { m_numbers.push_back(static_cast<std::int64_t>(value)); }
    /// The same column with other values, value by value.
    template <typename Change>
    [[nodiscard]] PackedColumn changed(const Change &change) const
    {
        PackedColumn result;
        for (std::size_t row = 0; row < size(); ++row) {
            const PackedNumbers::Piece *piece = m_numbers.pieceAt(row);
            if (piece && piece->isConstant()) {
                result.resize(row + piece->rows, change((*this)[row]));
                row += piece->rows - std::size_t{1};
            } else {
                result.push_back(change((*this)[row]));
            }
        }
        result.m_numbers.close();
        return result;
    }
    /// Appends `value` until there are `rows` of them.
    void resize(std::size_t rows, T value) { m_numbers.extend(rows, static_cast<std::int64_t>(value)); }
    [[nodiscard]] const PackedNumbers &numbers() const { return m_numbers; }
    PackedNumbers &numbers() { return m_numbers; }

    friend bool operator==(const PackedColumn &a, const PackedColumn &b) { return equal(a, b); }
    friend bool operator==(const PackedColumn &a, const std::vector<T> &b) { return equal(a, b); }

private:
    template <typename Other>
    static bool equal(const PackedColumn &a, const Other &b)
    {
        if (a.size() != b.size())
            return false;
        for (std::size_t row = 0; row < a.size(); ++row) {
            if (a[row] != b[row])
                return false;
        }
        return true;
    }

    PackedNumbers m_numbers;
};

} // namespace perunit
