// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/amount_column.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr int largestPower = 30;
constexpr std::size_t pieceRows = PackedNumbers::pieceRows;

} // namespace

AmountColumn::Piece AmountColumn::pack(const std::optional<Money> *amounts, std::size_t count)
{
    Int128 factor = 1;
    for (int i = 0; i < largestPower; ++i)
        factor *= 10;
    std::vector<std::int64_t> known(count, 0);
    std::vector<std::int64_t> high(count, 0);
    std::vector<std::int64_t> low(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
        if (!amounts[i])
            continue;
        known[i] = 1;
        while (amounts[i]->units() % factor != 0)
            factor /= 10;
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (!amounts[i])
            continue;
        const Int128 value = amounts[i]->units() / factor;
        high[i] = static_cast<std::int64_t>(value >> 64);
        low[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(value));
    }
    return {PackedNumbers::pack(known.data(), count), PackedNumbers::pack(high.data(), count),
            PackedNumbers::pack(low.data(), count), factor};
}

void AmountColumn::reopen()
{
    if (m_missing == 0)
        return;
    const Piece last = std::move(m_pieces.back());
    m_pieces.pop_back();
    m_missing = 0;
    for (std::size_t row = 0; row < last.known.rows; ++row)
        m_open.push_back(last.at(row));
}

void AmountColumn::push_back(const std::optional<Money> &amount)
{
    reopen();
    m_open.push_back(amount);
    if (m_open.size() == pieceRows) {
        m_pieces.push_back(pack(m_open.data(), m_open.size()));
        m_open.clear();
    }
}

void AmountColumn::extend(std::size_t rows)
{
    while (size() < rows) {
        reopen();
        if (m_open.empty() && rows - size() >= pieceRows) {
            Piece piece;
            piece.known.rows = pieceRows;
            m_pieces.push_back(std::move(piece));
        } else {
            push_back(std::nullopt);
        }
    }
}

void AmountColumn::append(Piece piece)
{
    if (m_open.empty() && m_missing == 0) {
        m_missing = pieceRows - piece.known.rows;
        m_pieces.push_back(std::move(piece));
        return;
    }
    for (std::size_t row = 0; row < piece.known.rows; ++row)
        push_back(piece.at(row));
}

void AmountColumn::close()
{
    if (!m_open.empty()) {
        m_missing = pieceRows - m_open.size();
        m_pieces.push_back(pack(m_open.data(), m_open.size()));
    }
    std::vector<std::optional<Money>>().swap(m_open);
}

} // namespace perunit
