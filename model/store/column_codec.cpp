// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/column_codec.h"

#include <zstd.h>

#include <algorithm>
#include <array>
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

void put64(char *to, std::uint64_t value)
{
    for (int i = 0; i < 8; ++i)
        to[i] = static_cast<char>((value >> (8 * i)) & 0xff);
}

std::uint64_t get64(const char *from)
{
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i)
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

/// Smallest and greatest value, and smallest and greatest difference to the value before.
struct Ranges {
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::int64_t leastStep = 0;
    std::int64_t mostStep = 0;
};

Ranges rangesOf(const std::int64_t *values, std::size_t count)
{
    if (count == 0)
        return {};
    Ranges ranges{values[0], values[0], 0, 0};
    if (count > 1)
        ranges.leastStep = ranges.mostStep = static_cast<std::int64_t>(bits(values[1]) - bits(values[0]));
    for (std::size_t i = 1; i < count; ++i) {
        const auto step = static_cast<std::int64_t>(bits(values[i]) - bits(values[i - 1]));
        ranges.least = std::min(ranges.least, values[i]);
        ranges.most = std::max(ranges.most, values[i]);
        ranges.leastStep = std::min(ranges.leastStep, step);
        ranges.mostStep = std::max(ranges.mostStep, step);
    }
    return ranges;
}

// The loops over whole columns are written so that the compiler can use wide registers, and compiled twice: the
// processor decides at run time.
#if defined(__x86_64__)
#define PERUNIT_WIDE __attribute__((target("avx2")))
bool wideRegisters()
{
    return __builtin_cpu_supports("avx2") != 0;
}
#else
#define PERUNIT_WIDE
bool wideRegisters()
{
    return false;
}
#endif
#define PERUNIT_SHARED_LOOP inline __attribute__((always_inline))

/// Planes of the lowest bytes first; `values` may be overwritten.
template <typename Word>
PERUNIT_SHARED_LOOP void splitLoop(const Word *values, std::size_t count, unsigned width, unsigned char *planes)
{
    for (unsigned plane = 0; plane < width; ++plane) {
        unsigned char *to = planes + plane * count;
        for (std::size_t i = 0; i < count; ++i)
            to[i] = static_cast<unsigned char>(values[i] >> (8 * plane));
    }
}
PERUNIT_WIDE void splitWide(const std::uint32_t *values, std::size_t count, unsigned width, unsigned char *planes)
{
    splitLoop(values, count, width, planes);
}
void splitPlain(const std::uint32_t *values, std::size_t count, unsigned width, unsigned char *planes)
{
    splitLoop(values, count, width, planes);
}

template <unsigned width, typename Word>
PERUNIT_SHARED_LOOP void joinLoop(const unsigned char *planes, std::size_t count, Word base, Word *to)
{
    for (std::size_t i = 0; i < count; ++i) {
        Word value = 0;
        for (unsigned plane = 0; plane < width; ++plane)
            value = static_cast<Word>(value
                                      | static_cast<Word>(static_cast<Word>(planes[plane * count + i]) << (8 * plane)));
        to[i] = static_cast<Word>(value + base);
    }
}
template <unsigned width, typename Word>
PERUNIT_WIDE void joinWide(const unsigned char *planes, std::size_t count, Word base, Word *to)
{
    joinLoop<width, Word>(planes, count, base, to);
}
template <unsigned width, typename Word>
void joinPlain(const unsigned char *planes, std::size_t count, Word base, Word *to)
{
    joinLoop<width, Word>(planes, count, base, to);
}
template <unsigned width, typename Word>
void join(const unsigned char *planes, std::size_t count, Word base, Word *to)
{
    (wideRegisters() ? joinWide<width, Word> : joinPlain<width, Word>)(planes, count, base, to);
}

using JoinLoop = void (*)(const unsigned char *, std::size_t, std::uint64_t, std::uint64_t *);

void joinPlanes(const unsigned char *planes, std::size_t count, unsigned width, std::uint64_t base, std::int64_t *to)
{
    using Word = std::uint64_t;
    constexpr std::array<JoinLoop, 9> joins{join<0, Word>, join<1, Word>, join<2, Word>, join<3, Word>, join<4, Word>,
                                            join<5, Word>, join<6, Word>, join<7, Word>, join<8, Word>};
    joins[width](planes, count, base, reinterpret_cast<std::uint64_t *>(to));
}

/// Offsets of `width` bytes in place of words of `Word`.
template <unsigned width, typename Word>
void joinOffsets(const unsigned char *planes, std::size_t count, PieceRoom *room, PackedNumbers::Piece &to)
{
    to.width = sizeof(Word);
    to.step = 1;
    to.bytes = PieceBytes(count * sizeof(Word), room);
    join<width, Word>(planes, count, 0, reinterpret_cast<Word *>(to.bytes.data()));
}

} // namespace

struct ColumnPacker::State {
    std::unique_ptr<ZSTD_CCtx, ContextCloser> context{ZSTD_createCCtx()};
    std::string raw;
    std::string packed;
    std::vector<std::uint32_t> words;
    std::vector<std::uint64_t> wideWords;
};

ColumnPacker::ColumnPacker()
    : m_state(std::make_unique<State>())
{
    ZSTD_CCtx_setParameter(m_state->context.get(), ZSTD_c_compressionLevel, compressionLevel);
    ZSTD_CCtx_setParameter(m_state->context.get(), ZSTD_c_checksumFlag, 1);
}

ColumnPacker::~ColumnPacker() = default;
ColumnPacker::ColumnPacker(ColumnPacker &&) noexcept = default;
ColumnPacker &ColumnPacker::operator=(ColumnPacker &&) noexcept = default;

std::string ColumnPacker::bytes(std::string_view bytes)
{
    std::string &packed = m_state->packed;
    packed.resize(std::max(packed.size(), ZSTD_compressBound(bytes.size())));
    const std::size_t size =
        ZSTD_compress2(m_state->context.get(), packed.data(), packed.size(), bytes.data(), bytes.size());
    // Only a too small target can fail, and compressBound() rules that out.
    return packed.substr(0, ZSTD_isError(size) ? 0 : size);
}

std::string ColumnPacker::integers(const std::int64_t *values, std::size_t count)
{
    const Ranges ranges = rangesOf(values, count);
    const unsigned plainWidth = widthOf(bits(ranges.most) - bits(ranges.least));
    const unsigned stepWidth = widthOf(bits(ranges.mostStep) - bits(ranges.leastStep));
    const bool steps = stepWidth < plainWidth;
    const unsigned width = steps ? stepWidth : plainWidth;
    const std::uint64_t base = bits(steps ? ranges.leastStep : ranges.least);
    const std::uint64_t first = count == 0 ? 0 : bits(values[0]);

    std::string &raw = m_state->raw;
    raw.resize(headerSize + count * width);
    raw[0] = static_cast<char>(steps ? differenceLayout : plainLayout);
    raw[1] = static_cast<char>(width);
    put64(raw.data() + 2, base);
    put64(raw.data() + 10, first);
    put64(raw.data() + 18, count);
    auto *planes = reinterpret_cast<unsigned char *>(raw.data() + headerSize);
    // The first value stands in the header: its place among the differences holds a zero.
    const auto fill = [&](auto &words) {
        using Word = typename std::remove_reference_t<decltype(words)>::value_type;
        words.resize(count);
        for (std::size_t i = 0; i < count; ++i)
            words[i] = static_cast<Word>(steps ? (i == 0 ? 0 : bits(values[i]) - bits(values[i - 1]) - base)
                                               : bits(values[i]) - base);
    };
    if (width > 4) {
        fill(m_state->wideWords);
        splitLoop(m_state->wideWords.data(), count, width, planes);
    } else if (width > 0) {
        fill(m_state->words);
        (wideRegisters() ? splitWide : splitPlain)(m_state->words.data(), count, width, planes);
    }
    return bytes(raw);
}

std::string ColumnPacker::texts(const std::vector<std::string_view> &texts)
{
    std::string raw;
    for (const std::string_view text : texts) {
        putLength(raw, text.size());
        raw += text;
    }
    return bytes(raw);
}

struct ColumnUnpacker::State {
    std::unique_ptr<ZSTD_DCtx, ContextCloser> context{ZSTD_createDCtx()};
    std::string raw;
    std::vector<std::int64_t> wide;
    PieceRoom *room = nullptr;
};

ColumnUnpacker::ColumnUnpacker()
    : m_state(std::make_unique<State>())
{}

ColumnUnpacker::~ColumnUnpacker() = default;
ColumnUnpacker::ColumnUnpacker(ColumnUnpacker &&) noexcept = default;
ColumnUnpacker &ColumnUnpacker::operator=(ColumnUnpacker &&) noexcept = default;

void ColumnUnpacker::takePiecesFrom(PieceRoom &room)
{
    m_state->room = &room;
}

void ColumnUnpacker::trustSeals()
{
    // ZSTD_d_forceIgnoreChecksum; a library that does not know it goes on checking.
    (void)ZSTD_DCtx_setParameter(m_state->context.get(), ZSTD_d_experimentalParam3, 1);
}

Result<std::string_view> ColumnUnpacker::bytes(std::string_view bytes)
{
    const auto size = unpackedSize(bytes);
    if (!size)
        return damaged();
    std::string &raw = m_state->raw;
    if (raw.size() < *size)
        raw.resize(*size);
    const std::size_t got = ZSTD_decompressDCtx(m_state->context.get(), raw.data(), *size, bytes.data(), bytes.size());
    if (ZSTD_isError(got) || got != *size)
        return damaged();
    return std::string_view(raw.data(), *size);
}

/// What a block of numbers begins with, and the bytes behind it.
struct ColumnUnpacker::Planes {
    bool differences = false;
    unsigned width = 0;
    std::uint64_t base = 0;
    std::uint64_t first = 0;
    const unsigned char *bytes = nullptr;

    void join(std::size_t count, std::int64_t *to) const
    {
        joinPlanes(bytes, count, width, base, to);
        if (!differences || count == 0)
            return;
        std::uint64_t value = first;
        to[0] = static_cast<std::int64_t>(value);
        for (std::size_t i = 1; i < count; ++i) {
            value += bits(to[i]);
            to[i] = static_cast<std::int64_t>(value);
        }
    }
};

Result<ColumnUnpacker::Planes> ColumnUnpacker::planes(std::string_view packed, std::size_t count)
{
    const auto raw = bytes(packed);
    if (!raw)
        return raw.error();
    if (raw->size() < headerSize)
        return damaged();
    const auto layout = static_cast<unsigned char>((*raw)[0]);
    const auto width = static_cast<unsigned char>((*raw)[1]);
    if (layout > differenceLayout || width > 8 || raw->size() != headerSize + count * width
        || get64(raw->data() + 18) != count)
        return damaged();
    return Planes{layout == differenceLayout, width, get64(raw->data() + 2), get64(raw->data() + 10),
                  reinterpret_cast<const unsigned char *>(raw->data() + headerSize)};
}

Status ColumnUnpacker::integers(std::string_view packed, std::size_t count, std::vector<std::int64_t> &to)
{
    to.resize(count);
    return integers(packed, count, to.data());
}

Status ColumnUnpacker::integers(std::string_view packed, std::size_t count, std::int64_t *to)
{
    const auto from = planes(packed, count);
    if (!from)
        return from.error();
    from->join(count, to);
    return {};
}

Status ColumnUnpacker::piece(std::string_view packed, std::size_t count, PackedNumbers::Piece &to)
{
    const auto from = planes(packed, count);
    if (!from)
        return from.error();
    if (from->differences && from->width > 0) {
        std::vector<std::int64_t> &wide = m_state->wide;
        wide.resize(count);
        from->join(count, wide.data());
        to = PackedNumbers::pack(wide.data(), count, m_state->room);
        return {};
    }
    to = {};
    to.rows = static_cast<std::uint32_t>(count);
    to.base = from->differences ? from->first : from->base;
    to.step = from->differences ? from->base : 0;
    constexpr std::array<void (*)(const unsigned char *, std::size_t, PieceRoom *, PackedNumbers::Piece &), 9> joins{
        nullptr,
        joinOffsets<1, std::uint8_t>,
        joinOffsets<2, std::uint16_t>,
        joinOffsets<3, std::uint32_t>,
        joinOffsets<4, std::uint32_t>,
        joinOffsets<5, std::uint64_t>,
        joinOffsets<6, std::uint64_t>,
        joinOffsets<7, std::uint64_t>,
        joinOffsets<8, std::uint64_t>};
    if (from->width > 0)
        joins[from->width](from->bytes, count, m_state->room, to);
    return {};
}

Status ColumnUnpacker::texts(std::string_view packed, std::size_t count,
                             const std::function<void(std::string_view)> &take)
{
    const auto raw = bytes(packed);
    if (!raw)
        return raw.error();
    std::string_view rest = *raw;
    std::size_t taken = 0;
    while (!rest.empty()) {
        std::size_t length = 0;
        if (!getLength(rest, length) || length > rest.size() || taken == count)
            return damaged();
        take(rest.substr(0, length));
        rest.remove_prefix(length);
        ++taken;
    }
    return taken == count ? Status() : Status(damaged());
}

std::optional<std::uint64_t> unpackedSize(std::string_view packed)
{
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > (1ULL << 31))
        return std::nullopt;
    return size;
}

std::string compressBytes(std::string_view bytes)
{
    return ColumnPacker().bytes(bytes);
}

Result<std::string> decompressBytes(std::string_view bytes)
{
    ColumnUnpacker unpacker;
    const auto raw = unpacker.bytes(bytes);
    if (!raw)
        return raw.error();
    return std::string(*raw);
}

std::string packIntegers(const std::vector<std::int64_t> &values)
{
    return ColumnPacker().integers(values.data(), values.size());
}

Result<std::vector<std::int64_t>> unpackIntegers(std::string_view bytes, std::size_t count)
{
    std::vector<std::int64_t> values;
    if (auto status = ColumnUnpacker().integers(bytes, count, values); !status)
        return status.error();
    return values;
}

std::string packTexts(const std::vector<std::string_view> &texts)
{
    return ColumnPacker().texts(texts);
}

Result<std::vector<std::string>> unpackTexts(std::string_view bytes, std::size_t count)
{
    std::vector<std::string> texts;
    const auto status = ColumnUnpacker().texts(bytes, count, [&](std::string_view text) { texts.emplace_back(text); });
    if (!status)
        return status.error();
    return texts;
}

} // namespace perunit
