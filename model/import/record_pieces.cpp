// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/record_pieces.h"

#include "model/import/csv_scan.h"

#include <algorithm>

namespace perunit {

RecordPieces::RecordPieces(TextInput &input, char delimiter, std::int64_t headerLine, std::size_t pieceSize)
    : m_input(input)
    , m_delimiter(delimiter)
    , m_headerLine(headerLine)
    , m_pieceSize(std::max<std::size_t>(pieceSize, 16))
{}

Status RecordPieces::fill(RecordPiece &piece, std::size_t size)
{
    // Inputs want room for a few bytes more than one character.
    if (piece.bytes.size() < size + 16)
        piece.bytes.resize(size + 16);
    while (piece.size < size && !m_atEnd) {
        auto count = m_input.read(piece.bytes.data() + piece.size, std::max<std::size_t>(size - piece.size, 4));
        if (!count)
            return count.error();
        m_atEnd = *count == 0;
        piece.size += *count;
    }
    return {};
}

bool RecordPieces::holdsHeader(std::string_view text) const
{
    CsvTextReader reader(text, m_delimiter);
    CsvRecord record;
    while (reader.line() <= m_headerLine) {
        auto more = reader.next(record);
        if (!more || !*more)
            return false;
    }
    return true;
}

Result<bool> RecordPieces::next(RecordPiece &piece)
{
    piece.size = 0;
    piece.first = m_first;
    if (piece.bytes.size() < m_rest.size())
        piece.bytes.resize(m_rest.size());
    std::copy(m_rest.begin(), m_rest.end(), piece.bytes.begin());
    piece.size = m_rest.size();
    m_rest.clear();
    std::size_t size = std::max(m_pieceSize, piece.size + 1);
    while (true) {
        if (auto status = fill(piece, size); !status)
            return status.error();
        if (m_atEnd)
            return piece.size > 0;
        const std::size_t end = endOfRecords(piece.text(), m_delimiter);
        if (end > 0 && (!m_first || holdsHeader(piece.text().substr(0, end)))) {
            m_rest.assign(piece.bytes.begin() + static_cast<std::ptrdiff_t>(end),
                          piece.bytes.begin() + static_cast<std::ptrdiff_t>(piece.size));
            piece.size = end;
            m_first = false;
            return true;
        }
        m_tooLong = end == 0 && piece.size > CsvReader::maximumRecord;
        if (m_tooLong)
            return Error{ErrorCode::BadInput, "a record is longer than 64 MiB; a quote is probably not closed", "",
                         "check the quotes from this line on"};
        size = end > 0 ? piece.size * 2 : std::min(piece.size * 2, CsvReader::maximumRecord + 1);
    }
}

} // namespace perunit
