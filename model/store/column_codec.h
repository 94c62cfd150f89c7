// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include "model/workload/packed_numbers.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Packs columns one after the other with the same working memory. Not for two threads at once.
class ColumnPacker
{
public:
    ColumnPacker();
    ~ColumnPacker();
    ColumnPacker(ColumnPacker &&) noexcept;
    ColumnPacker &operator=(ColumnPacker &&) noexcept;

    /// Packs whole numbers: the offset to the smallest one (or the difference to the one before, whichever is
    /// narrower) in byte planes, compressed and checksummed with zstd. Any 64-bit values come back as they were.
    std::string integers(const std::int64_t *values, std::size_t count);
    /// Packs texts of any content and length.
    std::string texts(const std::vector<std::string_view> &texts);
    /// One compressed and checksummed block of bytes.
    std::string bytes(std::string_view bytes);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The way back. Errors of all: BadInput when the bytes are damaged or do not hold so many values.
class ColumnUnpacker
{
public:
    ColumnUnpacker();
    ~ColumnUnpacker();
    ColumnUnpacker(ColumnUnpacker &&) noexcept;
    ColumnUnpacker &operator=(ColumnUnpacker &&) noexcept;

    /// Memory of pieces comes from `room`, which must live as long as the unpacker.
    void takePiecesFrom(PieceRoom &room);
    /// The caller checks the seal of whatever is unpacked, so that the checksums inside need not be computed as well.
    void trustSeals();

    /// `count` numbers, in place of what `to` held.
    Status integers(std::string_view bytes, std::size_t count, std::vector<std::int64_t> &to);
    /// The same to where there is room for `count` numbers.
    Status integers(std::string_view bytes, std::size_t count, std::int64_t *to);
    /// The same numbers as they stay in memory: offsets that were stored to the smallest value are not widened first.
    /// At most PackedNumbers::pieceRows numbers.
    Status piece(std::string_view bytes, std::size_t count, PackedNumbers::Piece &to);
    /// Hands out the texts in order; the views live during the call.
    Status texts(std::string_view bytes, std::size_t count, const std::function<void(std::string_view)> &take);
    /// The view lives until the next call.
    Result<std::string_view> bytes(std::string_view bytes);

private:
    struct State;
    struct Planes;
    Result<Planes> planes(std::string_view packed, std::size_t count);
    std::unique_ptr<State> m_state;
};

/// Bytes that a packed block says it will take; nothing when it is damaged or says more than a block may hold.
std::optional<std::uint64_t> unpackedSize(std::string_view packed);

/// The same for single columns.
std::string packIntegers(const std::vector<std::int64_t> &values);
Result<std::vector<std::int64_t>> unpackIntegers(std::string_view bytes, std::size_t count);
std::string packTexts(const std::vector<std::string_view> &texts);
Result<std::vector<std::string>> unpackTexts(std::string_view bytes, std::size_t count);
std::string compressBytes(std::string_view bytes);
Result<std::string> decompressBytes(std::string_view bytes);

} // namespace perunit
