// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/workload/packed_numbers.h"
#include "pricing/money/money.h"

#include <optional>
#include <vector>

namespace perunit {

/// Amounts of money that rows may lack, exact to the last unit: a piece of 65,536 rows takes the largest power of ten
/// out of its amounts, so that a few decimals need a few bytes.
class AmountColumn
{
public:
    struct Piece {
        PackedNumbers::Piece known; ///< 0 or 1
        PackedNumbers::Piece high;  ///< upper 64 bits of amount / factor
        PackedNumbers::Piece low;
        Int128 factor = 1; ///< in money units

        [[nodiscard]] std::optional<Money> at(std::size_t row) const
        {
            if (known.at(row) == 0)
                return std::nullopt;
            return Money::ofUnits((static_cast<Int128>(high.at(row)) * (static_cast<Int128>(1) << 64)
                                   + static_cast<Int128>(static_cast<std::uint64_t>(low.at(row))))
                                  * factor);
        }
    };
    /// Packs at most PackedNumbers::pieceRows amounts.
    static Piece pack(const std::optional<Money> *amounts, std::size_t count);

    [[nodiscard]] std::size_t size() const
    {
        return m_pieces.size() * PackedNumbers::pieceRows + m_open.size() - m_missing;
    }
    [[nodiscard]] bool empty() const { return size() == 0; }
    /// The amount of a row; nothing when it has none or lies behind the end.
    [[nodiscard]] std::optional<Money> at(std::size_t row) const
    {
        const std::size_t piece = row / PackedNumbers::pieceRows;
        const std::size_t inside = row % PackedNumbers::pieceRows;
        if (piece < m_pieces.size())
            return inside < m_pieces[piece].known.rows ? m_pieces[piece].at(inside) : std::nullopt;
        return piece == m_pieces.size() && inside < m_open.size() ? m_open[inside] : std::nullopt;
    }
    void push_back(const std::optional<Money> &amount);
    /// Appends rows without an amount until there are `rows`.
    void extend(std::size_t rows);
    /// Appends a packed piece; all pieces before it must be full.
    void append(Piece piece);
    void close();

private:
    void reopen();

    std::vector<Piece> m_pieces;
    std::vector<std::optional<Money>> m_open;
    std::size_t m_missing = 0;
};

} // namespace perunit
