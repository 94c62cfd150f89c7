// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/csv_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace perunit {

namespace {

constexpr std::size_t blockSize = 64;
constexpr std::size_t windowSize = std::size_t{16} << 10;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// Bit i stands for byte i of a block.
struct Masks {
    std::uint64_t quotes = 0;
    std::uint64_t inside = 0; ///< an odd number of quotes up to here, itself included
    std::uint64_t delimiters = 0;
    std::uint64_t feeds = 0;
    std::uint64_t returns = 0;
};
using MaskLoop = void (*)(const char *from, std::size_t blocks, char delimiter, Masks *to);

std::uint64_t oddSoFar(std::uint64_t bits)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

void masksPortable(const char *from, std::size_t blocks, char delimiter, Masks *to)
{
    for (std::size_t block = 0; block < blocks; ++block, from += blockSize) {
        Masks masks;
        for (std::size_t i = 0; i < blockSize; ++i) {
            const std::uint64_t bit = std::uint64_t{1} << i;
            masks.quotes |= from[i] == '"' ? bit : 0;
            masks.delimiters |= from[i] == delimiter ? bit : 0;
            masks.feeds |= from[i] == '\n' ? bit : 0;
            masks.returns |= from[i] == '\r' ? bit : 0;
        }
        masks.inside = oddSoFar(masks.quotes);
        to[block] = masks;
    }
}

#if defined(__x86_64__)
inline std::uint64_t equalSse2(const char *from, char c)
{
    const __m128i wanted = _mm_set1_epi8(c);
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(from + 16 * i));
        bits |= static_cast<std::uint64_t>(static_cast<std::uint16_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted))))
                << (16 * i);
    }
    return bits;
}

void masksSse2(const char *from, std::size_t blocks, char delimiter, Masks *to)
{
    for (std::size_t block = 0; block < blocks; ++block, from += blockSize) {
        const std::uint64_t quotes = equalSse2(from, '"');
        to[block] = {quotes, oddSoFar(quotes), equalSse2(from, delimiter), equalSse2(from, '\n'),
                     equalSse2(from, '\r')};
    }
}

#define PERUNIT_AVX2 __attribute__((target("avx2,pclmul")))

PERUNIT_AVX2 inline std::uint64_t equalAvx2(__m256i low, __m256i high, char c)
{
    const __m256i wanted = _mm256_set1_epi8(c);
    const auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
    const auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
    return first | (static_cast<std::uint64_t>(second) << 32);
}

PERUNIT_AVX2 void masksAvx2(const char *from, std::size_t blocks, char delimiter, Masks *to)
{
    for (std::size_t block = 0; block < blocks; ++block, from += blockSize) {
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(from));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(from + 32));
        const std::uint64_t quotes = equalAvx2(low, high, '"');
        // A product without carries by all ones adds up all bits below: an odd number of quotes.
        const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(quotes)),
                                                     _mm_set1_epi8(static_cast<char>(0xff)), 0);
        to[block] = {quotes, static_cast<std::uint64_t>(_mm_cvtsi128_si64(product)), equalAvx2(low, high, delimiter),
                     equalAvx2(low, high, '\n'), equalAvx2(low, high, '\r')};
    }
}
#endif

MaskLoop loopOf(CsvLevel level)
{
#if defined(__x86_64__)
    if (level == CsvLevel::Avx2)
        return masksAvx2;
    if (level == CsvLevel::Sse2)
        return masksSse2;
#endif
    (void)level;
    return masksPortable;
}

} // namespace

/// What the masks of blocks mean, one after the other.
struct CsvMarks::Steps {
    /// A quote is regular where a field begins (behind a delimiter, a line break, or a quote: doubled) and where one
    /// ends (before these). `valid` says which bits stand for bytes of the text.
    static void step(CsvMarks &marks, const Masks &block, std::uint64_t valid, std::uint32_t *&ends)
    {
        const std::uint64_t inside = block.inside ^ marks.m_inQuotes;
        const std::uint64_t breaks = (block.delimiters | block.feeds | block.returns) & ~inside;
        const std::uint64_t opening = block.quotes & inside;
        const std::uint64_t closing = block.quotes & ~inside;
        const std::uint64_t mayOpen = ((breaks | closing) << 1) | marks.m_mayOpen;
        const std::uint64_t afterQuote = (closing << 1) | marks.m_afterQuote;
        if (((opening & ~mayOpen) | (afterQuote & ~(breaks | opening) & valid)) != 0) {
            marks.m_irregular = true;
            return;
        }
        const std::uint64_t feeds = block.feeds & ~((block.returns << 1) | marks.m_afterReturn);
        marks.m_mayOpen = (breaks | closing) >> 63;
        marks.m_afterQuote = closing >> 63;
        marks.m_afterReturn = block.returns >> 63;
        marks.m_inQuotes = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
        const auto base = static_cast<std::uint32_t>(marks.m_at);
        for (std::uint64_t bits = (block.delimiters | feeds | block.returns) & ~inside & valid; bits != 0;
             bits &= bits - 1)
            *ends++ = base + static_cast<std::uint32_t>(__builtin_ctzll(bits));
        for (std::uint64_t bits = (feeds | block.returns) & inside & valid; bits != 0; bits &= bits - 1)
            marks.inners.push_back(base + static_cast<std::uint32_t>(__builtin_ctzll(bits)));
        marks.m_at += blockSize;
    }

    /// All blocks up to `until`; the last one of the text may be short.
    static void run(CsvMarks &marks, std::size_t until)
    {
        const std::size_t size = marks.m_text.size();
        marks.ends.resize(std::max(marks.ends.size(), marks.count + (until - marks.m_at) + blockSize));
        std::uint32_t *ends = marks.ends.data() + marks.count;
        const MaskLoop loop = loopOf(marks.m_level);
        std::array<Masks, windowSize / blockSize> masks{};
        while (marks.m_at < until && !marks.m_irregular) {
            const std::size_t whole = std::min((until - marks.m_at) / blockSize, masks.size());
            loop(marks.m_text.data() + marks.m_at, whole, marks.m_delimiter, masks.data());
            for (std::size_t i = 0; i < whole && !marks.m_irregular; ++i)
                step(marks, masks[i], ~std::uint64_t{0}, ends);
            const std::size_t rest = size - std::min(size, marks.m_at);
            if (whole > 0 || rest == 0 || rest >= blockSize)
                continue;
            std::array<char, blockSize> tail{};
            std::memcpy(tail.data(), marks.m_text.data() + marks.m_at, rest);
            loop(tail.data(), 1, marks.m_delimiter, masks.data());
            step(marks, masks[0], (std::uint64_t{1} << rest) - 1, ends);
        }
        marks.count = static_cast<std::size_t>(ends - marks.ends.data());
    }
};

CsvLevel bestCsvLevel()
{
    if (canScan(CsvLevel::Avx2))
        return CsvLevel::Avx2;
    return canScan(CsvLevel::Sse2) ? CsvLevel::Sse2 : CsvLevel::Portable;
}

bool canScan(CsvLevel level)
{
#if defined(__x86_64__)
    if (level == CsvLevel::Avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul");
    return true;
#else
    return level == CsvLevel::Portable;
#endif
}

CsvMarks::CsvMarks(std::string_view text, char delimiter, CsvLevel level)
    : m_text(text)
    , m_delimiter(delimiter)
    , m_level(canScan(level) ? level : CsvLevel::Portable)
    // Delimiters that mean something else at the same time are left to the reader that goes byte by byte.
    , m_irregular(delimiter == '"' || delimiter == '\n' || delimiter == '\r')
{}

bool CsvMarks::more(std::size_t bytes)
{
    if (m_irregular || m_at >= m_text.size())
        return false;
    // Whole blocks, and what is left when it is less than one.
    const std::size_t rest = m_text.size() - m_at;
    Steps::run(*this, m_at + (rest <= bytes ? rest : std::max(bytes / blockSize, std::size_t{1}) * blockSize));
    return true;
}

namespace {

bool isBreak(char c)
{
    return c == '\n' || c == '\r';
}

std::size_t endOfBreak(std::string_view text, std::size_t at)
{
    return at + (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1);
}

/// What endOfRecords() finds where quotes are not regular, byte by byte like CsvReader.
std::size_t endOfRecordsByBytes(std::string_view text, char delimiter)
{
    enum class State { RecordStart, FieldStart, Plain, Quoted, QuoteInQuotes, AfterQuotes };
    State state = State::RecordStart;
    std::size_t end = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        if (state == State::RecordStart && text.substr(at).starts_with(byteOrderMark)) {
            at += byteOrderMark.size();
            continue;
        }
        const char c = text[at];
        if (state == State::Quoted) {
            state = c == '"' ? State::QuoteInQuotes : State::Quoted;
        } else if (c == '"' && state == State::QuoteInQuotes) {
            state = State::Quoted;
        } else if (c == '"' && (state == State::RecordStart || state == State::FieldStart)) {
            state = State::Quoted;
        } else if (c == delimiter) {
            state = State::FieldStart;
        } else if (isBreak(c)) {
            state = State::RecordStart;
            end = endOfBreak(text, at);
            at = end;
            continue;
        } else if (state == State::QuoteInQuotes) {
            state = State::AfterQuotes;
        } else if (state == State::RecordStart || state == State::FieldStart) {
            state = State::Plain;
        }
        ++at;
    }
    return end;
}

} // namespace

std::size_t endOfRecords(std::string_view text, char delimiter, CsvLevel level)
{
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    CsvMarks marks(text, delimiter, level);
    std::size_t end = 0;
    while (marks.more(windowSize)) {
        for (std::size_t i = marks.count; i-- > 0;) {
            if (isBreak(text[marks.ends[i]])) {
                end = endOfBreak(text, marks.ends[i]);
                break;
            }
        }
        marks.count = 0;
        marks.inners.clear();
    }
    return marks.irregular() ? endOfRecordsByBytes(text, delimiter) : end;
}

struct CsvTextReader::ByBytes {
    ByBytes(std::string_view text, char delimiter)
        : input(text)
        , reader(input, delimiter)
    {}
    StringInput input;
    CsvReader reader;
};

CsvTextReader::CsvTextReader(std::string_view text, char delimiter, CsvLevel level)
    : m_text(text)
    , m_delimiter(delimiter)
    , m_marks(text, delimiter, level)
{}

CsvTextReader::~CsvTextReader() = default;

Result<bool> CsvTextReader::nextByBytes(CsvRecord &record)
{
    const std::int64_t before = m_byBytes->reader.line();
    auto more = m_byBytes->reader.next(record);
    if (!more) {
        Error error = more.error();
        error.where = "line " + std::to_string(m_line);
        return error;
    }
    const std::int64_t offset = m_line - before;
    if (*more)
        record.line += offset;
    m_line = m_byBytes->reader.line() + offset;
    return more;
}

/// Place in m_marks.ends of the record's line break; the number of ends when the text ends without one.
bool CsvTextReader::findEnd(std::size_t &last)
{
    while (true) {
        for (; m_looked < m_marks.count; ++m_looked) {
            if (isBreak(m_text[m_marks.ends[m_looked]])) {
                last = m_looked;
                return true;
            }
        }
        // What was handed out is forgotten, so that the marks stay in the cache.
        std::copy(m_marks.ends.begin() + static_cast<std::ptrdiff_t>(m_firstEnd),
                  m_marks.ends.begin() + static_cast<std::ptrdiff_t>(m_marks.count), m_marks.ends.begin());
        m_marks.count -= m_firstEnd;
        m_looked -= m_firstEnd;
        m_firstEnd = 0;
        m_marks.inners.erase(m_marks.inners.begin(), m_marks.inners.begin() + static_cast<std::ptrdiff_t>(m_inner));
        m_inner = 0;
        if (!m_marks.more(windowSize)) {
            last = m_marks.count;
            return !m_marks.irregular() && !m_marks.endsInQuotes();
        }
    }
}

namespace {

constexpr std::size_t copiedAtOnce = sizeof(std::uint64_t);

/// Copies a text with doubled quotes and leaves out every second one. Eight bytes at a time: in cells of JSON there is
/// a quote every few letters. May write up to eight bytes behind what it returns.
char *copyUnescaped(std::string_view text, char *to)
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = 0x8080808080808080U;
    std::size_t at = 0;
    if constexpr (std::endian::native == std::endian::little) {
        while (at + copiedAtOnce <= text.size()) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data() + at, sizeof(word));
            std::memcpy(to, &word, sizeof(word));
            const std::uint64_t differing = word ^ (ones * static_cast<unsigned char>('"'));
            const std::uint64_t quotes = (differing - ones) & ~differing & tops;
            // The lowest mark is always true; those above it need not be.
            const std::size_t before =
                quotes == 0 ? copiedAtOnce : static_cast<std::size_t>(std::countr_zero(quotes)) / 8;
            to += quotes == 0 ? before : before + 1;
            at += quotes == 0 ? before : before + 2;
        }
    }
    while (at < text.size()) {
        *to++ = text[at];
        at += text[at] == '"' ? 2 : 1;
    }
    return to;
}

} // namespace

void CsvTextReader::hand(CsvRecord &record, std::size_t last)
{
    const bool atEnd = last == m_marks.count;
    const std::size_t end = atEnd ? m_text.size() : m_marks.ends[last];
    const std::size_t fields = last - m_firstEnd + 1;
    record.m_base = m_text.data() + m_begin;
    record.m_spans.clear();
    record.m_starts.resize(fields);
    record.fields.resize(fields);
    record.m_unescaped.resize(std::max(record.m_unescaped.size(), end - m_begin + copiedAtOnce));
    char *unescaped = record.m_unescaped.data();
    std::size_t begin = m_begin;
    for (std::size_t i = 0; i < fields; ++i) {
        const std::size_t stop = i + 1 == fields ? end : m_marks.ends[m_firstEnd + i];
        std::string_view text(m_text.data() + begin, stop - begin);
        record.m_starts[i] = static_cast<std::uint32_t>(begin - m_begin);
        if (!text.empty() && text.front() == '"') {
            text = text.substr(1, text.size() - 2);
            const char *start = unescaped;
            if (text.find('"') != std::string_view::npos) {
                unescaped = copyUnescaped(text, unescaped);
                text = {start, static_cast<std::size_t>(unescaped - start)};
            }
        }
        record.fields[i] = text;
        begin = stop + 1;
    }
    record.malformed = false;
    record.line = m_line++;
    for (; m_inner < m_marks.inners.size() && m_marks.inners[m_inner] < end; ++m_inner)
        ++m_line;
    m_begin = atEnd ? end : endOfBreak(m_text, end);
    m_firstEnd = atEnd ? last : last + 1;
    m_looked = m_firstEnd;
}

Result<bool> CsvTextReader::next(CsvRecord &record)
{
    if (m_byBytes)
        return nextByBytes(record);
    while (m_text.substr(m_begin, byteOrderMark.size()) == byteOrderMark)
        m_begin += byteOrderMark.size();
    if (m_begin >= m_text.size())
        return false;
    std::size_t last = 0;
    if (findEnd(last)) {
        hand(record, last);
        return true;
    }
    m_byBytes = std::make_unique<ByBytes>(m_text.substr(m_begin), m_delimiter);
    return nextByBytes(record);
}

} // namespace perunit
