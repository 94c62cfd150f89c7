// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/csv_reader.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace perunit {

/// A part of a delimited text that holds complete records only.
struct RecordPiece {
    std::vector<char> bytes; ///< room; the text is its beginning
    std::size_t size = 0;
    bool first = false; ///< begins with the header

    [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

/// Cuts a text into pieces of about the size asked for, on the borders of records; line breaks inside quotes are none.
class RecordPieces
{
public:
    static constexpr std::size_t usualSize = std::size_t{1} << 20;

    /// The first piece reaches beyond the header, which begins on line `headerLine`.
    RecordPieces(TextInput &input, char delimiter, std::int64_t headerLine, std::size_t pieceSize = usualSize);
    /// The next piece in place of what `piece` held; false at the end. Errors: those of the input; BadInput for a
    /// record longer than CsvReader::maximumRecord.
    Result<bool> next(RecordPiece &piece);
    /// The error of next() is about the record with which the piece begins.
    [[nodiscard]] bool tooLong() const { return m_tooLong; }

private:
    Status fill(RecordPiece &piece, std::size_t size);
    [[nodiscard]] bool holdsHeader(std::string_view text) const;

    TextInput &m_input;
    char m_delimiter;
    std::int64_t m_headerLine;
    std::size_t m_pieceSize;
    std::vector<char> m_rest; ///< the beginning of the next piece
    bool m_first = true;
    bool m_atEnd = false;
    bool m_tooLong = false;
};

} // namespace perunit
