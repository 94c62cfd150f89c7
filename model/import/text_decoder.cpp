// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/text_decoder.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace perunit {

namespace {

/// Windows-1252 from 0x80 to 0x9F; the five unused positions become the replacement character.
constexpr std::array<unsigned, 32> windows1252{0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                               0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

unsigned byteAt(std::string_view text, std::size_t i)
{
    return static_cast<unsigned char>(text[i]);
}

} // namespace

std::string_view nameOf(TextEncoding encoding)
{
    switch (encoding) {
    case TextEncoding::Utf8:
        return "UTF-8";
    case TextEncoding::Windows1252:
        return "Windows-1252";
    case TextEncoding::Utf16Little:
        return "UTF-16 (little endian)";
    case TextEncoding::Utf16Big:
        return "UTF-16 (big endian)";
    }
    return "";
}

void appendUtf8(std::string &text, unsigned codePoint)
{
    const auto put = [&text](unsigned byte) {
        text.push_back(static_cast<char>(byte));
    };
    if (codePoint < 0x80) {
        put(codePoint);
    } else if (codePoint < 0x800) {
        put(0xC0 | (codePoint >> 6));
        put(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        put(0xE0 | (codePoint >> 12));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    } else {
        put(0xF0 | (codePoint >> 18));
        put(0x80 | ((codePoint >> 12) & 0x3F));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }
}

TextEncoding detectEncoding(std::string_view start)
{
    if (start.starts_with("\xFF\xFE"))
        return TextEncoding::Utf16Little;
    if (start.starts_with("\xFE\xFF"))
        return TextEncoding::Utf16Big;
    // Without a mark: a header in ASCII has a zero byte in every unit.
    if (start.size() >= 4 && start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0)
        return TextEncoding::Utf16Little;
    if (start.size() >= 4 && start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0)
        return TextEncoding::Utf16Big;
    return TextEncoding::Utf8;
}

TextDecoder::TextDecoder(ByteSource &source, TextEncoding encoding)
    : m_source(source)
    , m_encoding(encoding)
{}

void TextDecoder::validate(std::string_view bytes)
{
    std::size_t i = 0;
    while (m_valid && i < bytes.size()) {
        if (m_pending == 0) {
            while (i + 8 <= bytes.size()) {
                std::uint64_t word = 0;
                std::memcpy(&word, bytes.data() + i, 8);
                if ((word & 0x8080808080808080ULL) != 0)
                    break;
                i += 8;
            }
            if (i == bytes.size())
                break;
            const unsigned lead = byteAt(bytes, i++);
            m_lower = 0x80;
            m_upper = 0xBF;
            if (lead < 0x80)
                continue;
            if (lead >= 0xC2 && lead <= 0xDF) {
                m_pending = 1;
            } else if (lead >= 0xE0 && lead <= 0xEF) {
                m_pending = 2;
                if (lead == 0xE0)
                    m_lower = 0xA0;
                if (lead == 0xED)
                    m_upper = 0x9F;
            } else if (lead >= 0xF0 && lead <= 0xF4) {
                m_pending = 3;
                if (lead == 0xF0)
                    m_lower = 0x90;
                if (lead == 0xF4)
                    m_upper = 0x8F;
            } else {
                m_valid = false;
            }
            continue;
        }
        const unsigned next = byteAt(bytes, i++);
        m_valid = next >= m_lower && next <= m_upper;
        m_lower = 0x80;
        m_upper = 0xBF;
        --m_pending;
    }
}

Result<std::size_t> TextDecoder::read(char *to, std::size_t size)
{
    if (m_encoding != TextEncoding::Utf8)
        return convert(to, size);
    auto count = m_source.read(to, size);
    if (!count)
        return count.error();
    if (*count == 0 && m_pending > 0)
        m_valid = false;
    validate({to, *count});
    return count;
}

void TextDecoder::append16(unsigned unit)
{
    if (unit >= 0xDC00 && unit <= 0xDFFF && m_highSurrogate != 0) {
        appendUtf8(m_converted, 0x10000 + ((m_highSurrogate - 0xD800) << 10) + (unit - 0xDC00));
        m_highSurrogate = 0;
        return;
    }
    if (m_highSurrogate != 0) {
        appendUtf8(m_converted, 0xFFFD);
        m_highSurrogate = 0;
    }
    if (unit >= 0xD800 && unit <= 0xDBFF)
        m_highSurrogate = unit;
    else
        appendUtf8(m_converted, unit >= 0xDC00 && unit <= 0xDFFF ? 0xFFFD : unit);
}

Result<std::size_t> TextDecoder::convert(char *to, std::size_t size)
{
    while (m_handed == m_converted.size() && !m_atEnd) {
        m_converted.clear();
        m_handed = 0;
        std::array<char, 65536> block{};
        auto count = m_source.read(block.data(), block.size());
        if (!count)
            return count.error();
        m_atEnd = *count == 0;
        if (m_encoding == TextEncoding::Windows1252) {
            for (std::size_t i = 0; i < *count; ++i) {
                const unsigned byte = byteAt({block.data(), *count}, i);
                appendUtf8(m_converted, byte >= 0x80 && byte <= 0x9F ? windows1252[byte - 0x80] : byte);
            }
            continue;
        }
        const std::string bytes = m_oddByte + std::string(block.data(), *count);
        const std::size_t whole = bytes.size() / 2 * 2;
        const bool little = m_encoding == TextEncoding::Utf16Little;
        for (std::size_t i = 0; i < whole; i += 2) {
            const unsigned first = byteAt(bytes, i);
            const unsigned second = byteAt(bytes, i + 1);
            append16(little ? first | (second << 8) : second | (first << 8));
        }
        m_oddByte = bytes.substr(whole);
        if (m_atEnd && (m_highSurrogate != 0 || !m_oddByte.empty())) {
            appendUtf8(m_converted, 0xFFFD);
            m_highSurrogate = 0;
            m_oddByte.clear();
        }
    }
    const std::size_t count = m_converted.copy(to, size, m_handed);
    m_handed += count;
    return count;
}

} // namespace perunit
