// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Packs whole numbers: the offset to the smallest one (or the difference to the one before, whichever is
/// narrower) in byte planes, compressed and checksummed with zstd. Any 64-bit values come back as they were.
std::string packIntegers(const std::vector<std::int64_t> &values);
/// Errors: BadInput when the bytes are damaged or do not hold `count` numbers.
Result<std::vector<std::int64_t>> unpackIntegers(std::string_view bytes, std::size_t count);

/// Packs texts of any content and length.
std::string packTexts(const std::vector<std::string_view> &texts);
Result<std::vector<std::string>> unpackTexts(std::string_view bytes, std::size_t count);

/// One compressed and checksummed block of bytes.
std::string compressBytes(std::string_view bytes);
Result<std::string> decompressBytes(std::string_view bytes);

} // namespace perunit
