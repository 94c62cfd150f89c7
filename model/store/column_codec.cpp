// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/column_codec.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace perunit {

namespace {

constexpr int compressionLevel = 1;
constexpr std::size_t headerSize = 26;
constexpr unsigned char plainLayout = 0;
constexpr unsigned char differenceLayout = 1;

struct ContextCloser {
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};

Error damaged()
{
    return {ErrorCode::BadInput, "stored rows are damaged", "",
            "restore the workspace from a copy, or import the ledger into a new one"};
}

/// Wrapping arithmetic: differences of any two 64-bit values come back exactly.
std::uint64_t bits(std::int64_t value)
{
    return static_cast<std::uint64_t>(value);
}

unsigned widthOf(std::uint64_t range)
{
    unsigned width = 0;
    for (; range != 0; range >>= 8)
        ++width;
    return width;
}

void put64(std::string &to, std::uint64_t value)
{
    for (int i = 0; i < 8; ++i)
        to.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

std::uint64_t get64(std::string_view from)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[i])) << (8 * i);
    return value;
}

void putLength(std::string &to, std::size_t length)
{
    for (; length >= 0x80; length >>= 7)
        to.push_back(static_cast<char>((length & 0x7f) | 0x80));
    to.push_back(static_cast<char>(length));
}

bool getLength(std::string_view &from, std::size_t &length)
{
    length = 0;
    for (unsigned shift = 0; shift < 63 && !from.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(from.front());
        from.remove_prefix(1);
        length |= static_cast<std::size_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

} // namespace

std::string compressBytes(std::string_view bytes)
{
    const std::unique_ptr<ZSTD_CCtx, ContextCloser> context(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, compressionLevel);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    std::string result(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress2(context.get(), result.data(), result.size(), bytes.data(), bytes.size());
    // Only a too small target can fail, and compressBound() rules that out.
    result.resize(ZSTD_isError(size) ? 0 : size);
    return result;
}

Result<std::string> decompressBytes(std::string_view bytes)
{
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > (1ULL << 31))
        return damaged();
    const std::unique_ptr<ZSTD_DCtx, ContextCloser> context(ZSTD_createDCtx());
    std::string result(size, '\0');
    const std::size_t got =
        ZSTD_decompressDCtx(context.get(), result.data(), result.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(got) || got != size)
        return damaged();
    return result;
}

std::string packIntegers(const std::vector<std::int64_t> &values)
{
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::int64_t leastStep = 0;
    std::int64_t mostStep = 0;
    if (!values.empty()) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        least = *low;
        most = *high;
    }
    for (std::size_t i = 1; i < values.size(); ++i) {
        const auto step = static_cast<std::int64_t>(bits(values[i]) - bits(values[i - 1]));
        leastStep = i == 1 ? step : std::min(leastStep, step);
        mostStep = i == 1 ? step : std::max(mostStep, step);
    }
    const unsigned plainWidth = widthOf(bits(most) - bits(least));
    const unsigned stepWidth = widthOf(bits(mostStep) - bits(leastStep));
    const bool steps = stepWidth < plainWidth;
    const unsigned width = steps ? stepWidth : plainWidth;
    const std::uint64_t base = bits(steps ? leastStep : least);

    std::string raw;
    raw.reserve(headerSize + values.size() * width);
    raw.push_back(static_cast<char>(steps ? differenceLayout : plainLayout));
    raw.push_back(static_cast<char>(width));
    put64(raw, base);
    put64(raw, values.empty() ? 0 : bits(values.front()));
    put64(raw, values.size());
    raw.resize(headerSize + values.size() * width);
    char *planes = raw.data() + headerSize;
    std::uint64_t before = values.empty() ? 0 : bits(values.front());
    for (std::size_t i = 0; i < values.size(); ++i) {
        // The first value stands in the header: its place among the differences holds a zero.
        std::uint64_t packed = bits(values[i]) - base;
        if (steps)
            packed = i == 0 ? 0 : bits(values[i]) - before - base;
        before = bits(values[i]);
        for (unsigned plane = 0; plane < width; ++plane)
            planes[plane * values.size() + i] = static_cast<char>((packed >> (8 * plane)) & 0xff);
    }
    return compressBytes(raw);
}

Result<std::vector<std::int64_t>> unpackIntegers(std::string_view bytes, std::size_t count)
{
    const auto raw = decompressBytes(bytes);
    if (!raw)
        return raw.error();
    if (raw->size() < headerSize)
        return damaged();
    const auto layout = static_cast<unsigned char>((*raw)[0]);
    const auto width = static_cast<unsigned char>((*raw)[1]);
    if (layout > differenceLayout || width > 8 || raw->size() != headerSize + count * width
        || get64(std::string_view(*raw).substr(18)) != count)
        return damaged();
    const std::uint64_t base = get64(std::string_view(*raw).substr(2));
    const std::uint64_t first = get64(std::string_view(*raw).substr(10));
    std::vector<std::uint64_t> packed(count, 0);
    for (unsigned plane = 0; plane < width; ++plane) {
        const char *from = raw->data() + headerSize + plane * count;
        for (std::size_t i = 0; i < count; ++i)
            packed[i] |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[i])) << (8 * plane);
    }
    std::vector<std::int64_t> values(count);
    std::uint64_t value = first;
    for (std::size_t i = 0; i < count; ++i) {
        if (layout == plainLayout)
            value = packed[i] + base;
        else if (i > 0)
            value += packed[i] + base;
        values[i] = static_cast<std::int64_t>(value);
    }
    return values;
}

std::string packTexts(const std::vector<std::string_view> &texts)
{
    std::string raw;
    for (const std::string_view text : texts) {
        putLength(raw, text.size());
        raw += text;
    }
    return compressBytes(raw);
}

Result<std::vector<std::string>> unpackTexts(std::string_view bytes, std::size_t count)
{
    const auto raw = decompressBytes(bytes);
    if (!raw)
        return raw.error();
    std::string_view rest = *raw;
    std::vector<std::string> texts;
    texts.reserve(std::min(count, rest.size()));
    while (!rest.empty()) {
        std::size_t length = 0;
        if (!getLength(rest, length) || length > rest.size())
            return damaged();
        texts.emplace_back(rest.substr(0, length));
        rest.remove_prefix(length);
    }
    if (texts.size() != count)
        return damaged();
    return texts;
}

} // namespace perunit
