// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/csv_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace perunit {

namespace {

constexpr std::size_t pieceSize = std::size_t{256} << 10;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

std::int64_t lineBreaksIn(std::string_view text)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')))
            ++count;
    }
    return count;
}

} // namespace

TextPosition CsvRecord::position(std::size_t field) const
{
    std::size_t start = 0;
    std::string_view before;
    if (m_spans.empty()) {
        start = m_starts[field];
        before = {m_base, start};
    } else {
        const Span &span = m_spans[field];
        start = span.quoted ? span.begin - 1 : span.begin;
        before = m_raw.substr(0, start);
    }
    const std::size_t lastBreak = before.find_last_of("\r\n");
    const std::size_t lineStart = lastBreak == std::string_view::npos ? 0 : lastBreak + 1;
    return {line + lineBreaksIn(before), static_cast<std::int64_t>(start - lineStart) + 1};
}

bool CsvRecord::isBlank() const
{
    return std::all_of(fields.begin(), fields.end(),
                       [](std::string_view field) { return field.find_first_not_of(" \t") == std::string_view::npos; });
}

CsvReader::CsvReader(TextInput &input, char delimiter)
    : m_input(input)
    , m_delimiter(delimiter)
    , m_buffer(2 * pieceSize)
{}

Status CsvReader::refill()
{
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_buffer.size() - m_end < pieceSize)
        m_buffer.resize(m_buffer.size() * 2);
    auto count = m_input.read(m_buffer.data() + m_end, m_buffer.size() - m_end);
    if (!count)
        return count.error();
    m_end += *count;
    m_atEnd = *count == 0;
    return {};
}

CsvReader::Step CsvReader::parseQuoted(std::size_t &at, CsvRecord::Span &span, CsvRecord &record)
{
    span.quoted = true;
    span.begin = ++at;
    const char *data = m_buffer.data();
    while (true) {
        const void *found = at < m_end ? std::memchr(data + at, '"', m_end - at) : nullptr;
        if (!found)
            return m_atEnd ? Step::UnclosedQuote : Step::NeedMore;
        const auto quote = static_cast<std::size_t>(static_cast<const char *>(found) - data);
        if (quote + 1 == m_end && !m_atEnd)
            return Step::NeedMore;
        if (quote + 1 < m_end && data[quote + 1] == '"') {
            span.doubled = true;
            at = quote + 2;
            continue;
        }
        span.end = quote;
        at = quote + 1;
        m_innerLines += lineBreaksIn({data + span.begin, span.end - span.begin});
        break;
    }
    while (at < m_end && data[at] != m_delimiter && data[at] != '\n' && data[at] != '\r') {
        // Blanks before the delimiter do no harm; anything else means that the quotes are not what they seem.
        if (data[at] != ' ')
            record.malformed = true;
        ++at;
    }
    return Step::Complete;
}

CsvReader::Step CsvReader::parse(CsvRecord &record)
{
    record.m_spans.clear();
    record.malformed = false;
    m_innerLines = 0;
    const char *data = m_buffer.data();
    std::size_t at = m_begin;
    while (true) {
        CsvRecord::Span span;
        if (at < m_end && data[at] == '"') {
            if (const Step step = parseQuoted(at, span, record); step != Step::Complete)
                return step;
        } else {
            span.begin = at;
            while (at < m_end && data[at] != m_delimiter && data[at] != '\n' && data[at] != '\r')
                ++at;
            span.end = at;
        }
        if (at == m_end && !m_atEnd)
            return Step::NeedMore;
        record.m_spans.push_back(span);
        if (at == m_end) {
            m_next = at;
            return Step::Complete;
        }
        if (data[at] != m_delimiter)
            break;
        ++at;
    }
    m_skipLineFeed = data[at] == '\r';
    m_next = at + 1;
    return Step::Complete;
}

void CsvReader::hand(CsvRecord &record)
{
    const char *data = m_buffer.data();
    record.m_raw = {data + m_begin, m_next - m_begin};
    record.line = m_line;
    std::size_t needed = 0;
    for (CsvRecord::Span &span : record.m_spans) {
        if (span.doubled)
            needed += span.end - span.begin;
    }
    record.m_unescaped.clear();
    record.m_unescaped.reserve(needed);
    record.fields.clear();
    for (CsvRecord::Span &span : record.m_spans) {
        std::string_view text{data + span.begin, span.end - span.begin};
        if (span.doubled) {
            const std::size_t start = record.m_unescaped.size();
            for (std::size_t i = 0; i < text.size(); ++i) {
                record.m_unescaped.push_back(text[i]);
                if (text[i] == '"')
                    ++i;
            }
            text = std::string_view(record.m_unescaped).substr(start);
        }
        record.fields.push_back(text);
        span.begin -= m_begin;
        span.end -= m_begin;
    }
}

Result<bool> CsvReader::next(CsvRecord &record)
{
    while (true) {
        // A byte order mark may stand in front of the file and, in files glued together, of any record.
        while (!m_atEnd && m_end - m_begin < 4) {
            if (auto status = refill(); !status)
                return status.error();
        }
        if (m_skipLineFeed && m_begin < m_end) {
            m_begin += m_buffer[m_begin] == '\n' ? 1 : 0;
            m_skipLineFeed = false;
            continue;
        }
        if (std::string_view(m_buffer.data() + m_begin, m_end - m_begin).starts_with(byteOrderMark)) {
            m_begin += byteOrderMark.size();
            continue;
        }
        if (m_begin == m_end && m_atEnd)
            return false;
        switch (parse(record)) {
        case Step::Complete:
            hand(record);
            m_line += 1 + m_innerLines;
            m_begin = m_next;
            return true;
        case Step::NeedMore:
            break;
        case Step::UnclosedQuote:
            return Error{ErrorCode::BadInput, "a quoted field is never closed", "line " + std::to_string(m_line),
                         "check the quotes from this line on"};
        }
        if (m_end - m_begin > maximumRecord)
            return Error{ErrorCode::BadInput, "a record is longer than 64 MiB; a quote is probably not closed",
                         "line " + std::to_string(m_line), "check the quotes from this line on"};
        if (auto status = refill(); !status)
            return status.error();
    }
}

CsvDialect detectDialect(std::string_view sample, bool complete)
{
    while (sample.starts_with(byteOrderMark))
        sample.remove_prefix(byteOrderMark.size());
    CsvDialect dialect;
    const std::string_view firstLine = sample.substr(0, sample.find_first_of("\r\n"));
    if (firstLine.size() == 5 && (firstLine.starts_with("sep=") || firstLine.starts_with("SEP="))) {
        dialect.delimiter = firstLine[4];
        dialect.separatorLine = true;
        return dialect;
    }
    // The delimiter that cuts most records into the same number of fields, and into more than one, wins.
    std::size_t bestScore = 0;
    for (const char delimiter : {',', ';', '\t', '|'}) {
        StringInput input(sample);
        CsvReader reader(input, delimiter);
        CsvRecord record;
        std::map<std::size_t, std::size_t> sizes;
        std::size_t records = 0;
        std::size_t pending = 0;
        while (records < 50) {
            auto more = reader.next(record);
            if (!more || !*more)
                break;
            if (record.isBlank())
                continue;
            // The last record of a cut sample may be half a record: it counts only when another one follows.
            if (pending > 0)
                ++sizes[pending];
            pending = record.fields.size();
            ++records;
        }
        if (pending > 0 && (complete || sizes.empty()))
            ++sizes[pending];
        std::size_t score = 0;
        for (const auto &[size, count] : sizes) {
            if (size > 1)
                score = std::max(score, count * 1000 + std::min<std::size_t>(size, 999));
        }
        if (score > bestScore) {
            bestScore = score;
            dialect.delimiter = delimiter;
        }
    }
    return dialect;
}

} // namespace perunit
