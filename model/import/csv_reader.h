// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/text_input.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Where something stands in a text file, both counted from 1; columns are bytes of the UTF-8 text.
struct TextPosition {
    std::int64_t line = 0;
    std::int64_t column = 0;
    bool operator==(const TextPosition &) const = default;
};

/// One record of a delimited file. The views live until the next record is read.
struct CsvRecord {
    std::vector<std::string_view> fields; ///< unquoted, doubled quotes made single
    std::int64_t line = 0;                ///< 1-based line on which the record starts
    std::size_t part = 0;                 ///< of a ledger in several files: in which one
    bool malformed = false;               ///< the fields cannot be trusted; `problem` says why
    std::string problem;                  ///< of a malformed record

    /// Where a field starts, its opening quote included.
    [[nodiscard]] TextPosition position(std::size_t field) const;
    /// True when no field holds anything: an empty line, or delimiters only.
    [[nodiscard]] bool isBlank() const;

private:
    friend class CsvReader;
    friend class CsvTextReader;
    struct Span {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool quoted = false;
        bool doubled = false;
    };
    std::string_view m_raw;
    std::vector<Span> m_spans;
    std::string m_unescaped;
    const char *m_base = nullptr; ///< start of the record, when CsvTextReader read it
    std::vector<std::uint32_t> m_starts;
};

/// Streaming reader of RFC 4180 text and its usual deviations: any delimiter, LF, CRLF or CR, quoted line
/// breaks, no line break at the end, a byte order mark at the start of any record. Memory is bounded by the
/// longest record, which may not exceed `maximumRecord`.
class CsvReader
{
public:
    static constexpr std::size_t maximumRecord = std::size_t{64} << 20;

    CsvReader(TextInput &input, char delimiter);
    /// Reads the next record; false at the end. Blank lines come as blank records.
    /// Errors: those of the input; BadInput when a quote is never closed.
    Result<bool> next(CsvRecord &record);
    /// Line on which the next record starts.
    [[nodiscard]] std::int64_t line() const { return m_line; }

private:
    enum class Step { Complete, NeedMore, UnclosedQuote };
    Step parse(CsvRecord &record);
    Step parseQuoted(std::size_t &at, CsvRecord::Span &span, CsvRecord &record);
    Status refill();
    void hand(CsvRecord &record);

    TextInput &m_input;
    char m_delimiter;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::size_t m_next = 0; ///< just after the record that parse() completed
    bool m_atEnd = false;
    bool m_skipLineFeed = false;
    std::int64_t m_line = 1;
    std::int64_t m_innerLines = 0;
};

/// How a delimited file is written.
struct CsvDialect {
    char delimiter = ',';
    bool separatorLine = false; ///< the first line is "sep=;" and holds no data
};

/// Decides from the first part of a file. `complete` says that the sample is the whole file.
CsvDialect detectDialect(std::string_view sample, bool complete);

} // namespace perunit
