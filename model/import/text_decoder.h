// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/byte_source.h"
#include "model/import/text_input.h"

#include <string>
#include <string_view>

namespace perunit {

/// How the bytes of a file stand for characters.
enum class TextEncoding { Utf8, Windows1252, Utf16Little, Utf16Big };

/// Name for people.
std::string_view nameOf(TextEncoding encoding);

/// Guess from the first bytes: UTF-16 by its mark or its zero bytes, else UTF-8, unless the sample is not.
TextEncoding detectEncoding(std::string_view start);

/// Turns the bytes of a source into UTF-8. Bytes that are no UTF-8 pass unchanged and are remembered:
/// the caller reads the file again as Windows-1252.
class TextDecoder : public TextInput
{
public:
    TextDecoder(ByteSource &source, TextEncoding encoding);
    Result<std::size_t> read(char *to, std::size_t size) override;
    /// Only for TextEncoding::Utf8: all bytes so far were valid.
    [[nodiscard]] bool valid() const { return m_valid; }

private:
    void validate(std::string_view bytes);
    Result<std::size_t> convert(char *to, std::size_t size);
    void append16(unsigned unit);

    ByteSource &m_source;
    TextEncoding m_encoding;
    bool m_valid = true;
    int m_pending = 0;       ///< continuation bytes that must follow
    unsigned m_lower = 0x80; ///< range of the next continuation byte
    unsigned m_upper = 0xBF;
    std::string m_converted; ///< UTF-8 not yet handed out
    std::size_t m_handed = 0;
    std::string m_oddByte; ///< half of a UTF-16 unit
    unsigned m_highSurrogate = 0;
    bool m_atEnd = false;
};

/// Appends one code point as UTF-8.
void appendUtf8(std::string &text, unsigned codePoint);

} // namespace perunit
