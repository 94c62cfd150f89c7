// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/cache_gaps.h"

#include "model/engine/wide_integer.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <utility>

namespace perunit {

namespace {

constexpr std::uint32_t day = CacheGaps::longestLifetime;
constexpr std::uint32_t noFamily = 0xffffffffU;
constexpr std::size_t smallestTable = 1024;
constexpr std::size_t rowsBetweenStops = std::size_t{1} << 16;

Error cancelled()
{
    return {ErrorCode::Cancelled, "stopped", "", ""};
}

Error tooMany()
{
    return {ErrorCode::Overflow, "the prompt tokens outgrew their exact type", "",
            "choose a shorter period, or correct the token counts of the source"};
}

/// Up to `upTo` seconds gaps are told apart in steps of `step`. Every step of a coarser level is one of all finer ones.
struct Steps {
    std::uint32_t upTo;
    std::uint32_t step;
};
constexpr int coarsestLevel = 3;
constexpr std::array<std::array<Steps, 4>, coarsestLevel + 1> levels{{
    {{{day, 1}, {day, 1}, {day, 1}, {day, 1}}},
    {{{300, 1}, {3600, 10}, {day, 60}, {day, 60}}},
    {{{60, 1}, {600, 10}, {3600, 60}, {day, 900}}},
    {{{60, 30}, {300, 60}, {3600, 300}, {day, 3600}}},
}};

/// Where even the widest steps take too much, fewer requests back are looked at.
constexpr int levelOfFewLags = coarsestLevel + 1;
constexpr int levelOfOneLag = coarsestLevel + 2;
constexpr std::size_t fewLags = 8;
/// Entries that looking back costs are dearer to lose than those of narrow steps.
constexpr std::size_t entriesForLags = 4;

constexpr std::size_t lagsAt(int level)
{
    return level <= coarsestLevel ? CacheGaps::largestLag : level == levelOfFewLags ? fewLags : 1;
}

std::uint32_t stepAt(std::uint32_t seconds, int level)
{
    for (const Steps &steps : levels[static_cast<std::size_t>(std::min(level, coarsestLevel))]) {
        if (seconds <= steps.upTo)
            return steps.step;
    }
    return 1;
}

/// The shortest lifetime of a level that covers a gap: a request counts as read only when it surely is.
std::uint32_t roundedUp(std::uint32_t seconds, int level)
{
    const std::uint32_t step = stepAt(seconds, level);
    return (seconds + step - 1) / step * step;
}

/// The longest lifetime of a level within `seconds`.
std::uint32_t roundedDown(std::uint32_t seconds, int level)
{
    const std::uint32_t step = stepAt(seconds, level);
    return seconds / step * step;
}

// A key is segment, kind, lag and seconds, so that sorted keys stand in the order of the runs.
constexpr unsigned secondBits = 17;
constexpr unsigned lagBits = 5;
constexpr unsigned kindBits = 2;
constexpr std::uint64_t secondMask = (std::uint64_t{1} << secondBits) - 1;
static_assert(day <= secondMask && CacheGaps::largestLag <= (std::size_t{1} << lagBits));

std::uint64_t keyOf(std::uint32_t segment, CacheFamilyKind kind)
{
    return ((static_cast<std::uint64_t>(segment) << kindBits) | static_cast<std::uint64_t>(kind))
           << (lagBits + secondBits);
}

std::size_t placeOf(std::uint64_t key, std::size_t places)
{
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;
    return static_cast<std::size_t>((key * golden) >> (64 - std::countr_zero(places)));
}

bool addTo(std::uint64_t &sum, std::uint64_t value)
{
    return !__builtin_add_overflow(sum, value, &sum);
}

} // namespace

CacheGaps::Tally::Tally(std::size_t segments, std::int64_t parallelMicros, std::size_t entries)
    : m_parallelMicros(parallelMicros)
    , m_budget(entries)
    , m_table(smallestTable)
{
    m_result.m_known.assign(segments, 0);
    m_result.m_unknown.assign(segments, 0);
}

void CacheGaps::Tally::addTokens(std::uint32_t segment, std::uint64_t tokens, bool known)
{
    if (!addTo((known ? m_result.m_known : m_result.m_unknown)[segment], tokens))
        m_overflow = true;
}

void CacheGaps::Tally::beginFamily(CacheFamilyKind kind, std::uint64_t minimum)
{
    m_kind = kind;
    m_minimum = std::max<std::uint64_t>(minimum, 1);
    m_leftCount = 0;
    m_pending.clear();
    m_firstPending = 0;
}

void CacheGaps::Tally::add(const Arrival &arrival)
{
    if (arrival.prompt < m_minimum)
        return;
    while (m_firstPending < m_pending.size() && arrival.micros - m_pending[m_firstPending].micros > m_parallelMicros)
        m_left[m_leftCount++ % largestLag] = m_pending[m_firstPending++];
    if (m_firstPending == m_pending.size()) {
        m_pending.clear();
        m_firstPending = 0;
    }
    struct Gap {
        std::uint32_t seconds;
        std::uint64_t common;
    };
    std::array<Gap, largestLag> gaps;
    std::size_t lags = 0;
    const std::uint64_t key = keyOf(arrival.segment, m_kind);
    const auto keyAt = [&](std::size_t lag) {
        return key | (static_cast<std::uint64_t>(lag) << secondBits)
               | (m_result.m_level == 0 ? gaps[lag].seconds : m_roundedUp[gaps[lag].seconds]);
    };
    // What a request has in common with one further back is in common with all between them.
    std::uint64_t common = std::min(arrival.prompt, arrival.mostRead);
    for (const std::size_t end = std::min(m_leftCount, lagsAt(m_result.m_level)); lags < end; ++lags) {
        const Left &left = m_left[(m_leftCount - 1 - lags) % largestLag];
        const std::int64_t gap = arrival.micros - left.micros;
        common = std::min(common, left.prompt);
        if (gap > static_cast<std::int64_t>(day) * microsPerSecond || common < m_minimum)
            break;
        gaps[lags] = {
            static_cast<std::uint32_t>(std::max<std::int64_t>((gap + microsPerSecond - 1) / microsPerSecond, 1)),
            common};
        // The entries of a segment lie all over the table: fetched together they are waited for once.
        __builtin_prefetch(&m_table[placeOf(keyAt(lags), m_table.size())], 1);
    }
    // Steps can grow wider on the way.
    for (std::size_t lag = 0; lag < std::min(lags, lagsAt(m_result.m_level)); ++lag)
        put(keyAt(lag), gaps[lag].common);
    m_pending.push_back({arrival.micros, arrival.prompt});
}

void CacheGaps::Tally::put(std::uint64_t key, std::uint64_t tokens)
{
    std::size_t place = placeOf(key, m_table.size());
    while (m_table[place].key != key) {
        if (m_table[place].key == 0) {
            m_table[place].key = key;
            m_table[place].tokens = tokens;
            ++m_entries;
            while (isTooLarge())
                coarsen();
            if (m_entries * 2 > m_table.size())
                rebuild(m_table.size() * 2);
            return;
        }
        place = (place + 1) & (m_table.size() - 1);
    }
    if (!addTo(m_table[place].tokens, tokens))
        m_overflow = true;
}

void CacheGaps::Tally::rebuild(std::size_t places)
{
    std::vector<Entry> old(places);
    old.swap(m_table);
    for (const Entry &entry : old) {
        if (entry.key == 0)
            continue;
        std::size_t place = placeOf(entry.key, places);
        while (m_table[place].key != 0 && m_table[place].key != entry.key)
            place = (place + 1) & (places - 1);
        m_entries -= m_table[place].key == entry.key ? 1 : 0;
        m_table[place].key = entry.key;
        if (!addTo(m_table[place].tokens, entry.tokens))
            m_overflow = true;
    }
}

bool CacheGaps::Tally::isTooLarge() const
{
    return (m_entries > m_budget && m_result.m_level < coarsestLevel)
           || (m_entries / entriesForLags > m_budget && m_result.m_level < levelOfOneLag);
}

void CacheGaps::Tally::coarsen()
{
    ++m_result.m_level;
    m_roundedUp.resize(day + 1);
    for (std::uint32_t seconds = 0; seconds <= day; ++seconds)
        m_roundedUp[seconds] = roundedUp(seconds, m_result.m_level);
    for (Entry &entry : m_table) {
        const auto lag = (entry.key >> secondBits) & ((std::uint64_t{1} << lagBits) - 1);
        if (entry.key != 0 && lag >= lagsAt(m_result.m_level)) {
            entry = {};
            --m_entries;
        } else if (entry.key != 0)
            entry.key = (entry.key & ~secondMask) | m_roundedUp[static_cast<std::size_t>(entry.key & secondMask)];
    }
    rebuild(m_table.size());
}

Result<CacheGaps> CacheGaps::Tally::finish()
{
    std::vector<Entry> entries;
    entries.reserve(m_entries);
    std::copy_if(m_table.begin(), m_table.end(), std::back_inserter(entries),
                 [](const Entry &entry) { return entry.key != 0; });
    m_table = {};
    std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.key < b.key; });
    CacheGaps result = std::move(m_result);
    result.m_firstRun.assign(result.m_known.size() + 1, 0);
    result.m_seconds.reserve(entries.size());
    result.m_tokens.reserve(entries.size());
    std::uint64_t run = ~std::uint64_t{0};
    for (const Entry &entry : entries) {
        std::uint64_t tokens = entry.tokens;
        if (const std::uint64_t own = entry.key >> secondBits; own != run) {
            run = own;
            const auto kind = (own >> lagBits) & ((std::uint64_t{1} << kindBits) - 1);
            const auto lag = own & ((std::uint64_t{1} << lagBits) - 1);
            result.m_runs.push_back({static_cast<std::uint32_t>(result.m_seconds.size()),
                                     static_cast<CacheFamilyKind>(kind), static_cast<std::uint8_t>(lag)});
            ++result.m_firstRun[static_cast<std::size_t>(own >> (lagBits + kindBits)) + 1];
        } else if (!addTo(tokens, result.m_tokens.back())) {
            m_overflow = true;
        }
        result.m_seconds.push_back(static_cast<std::uint32_t>(entry.key & secondMask));
        result.m_tokens.push_back(tokens);
    }
    for (std::size_t i = 1; i < result.m_firstRun.size(); ++i)
        result.m_firstRun[i] += result.m_firstRun[i - 1];
    result.m_runs.push_back({static_cast<std::uint32_t>(result.m_seconds.size()), CacheFamilyKind::Session, 0});
    if (m_overflow)
        return tooMany();
    return result;
}

std::uint64_t CacheGaps::tokensWithin(std::size_t run, std::uint32_t seconds) const
{
    const auto first = m_seconds.begin() + m_runs[run].first;
    const auto end = m_seconds.begin() + m_runs[run + 1].first;
    const auto after = std::upper_bound(first, end, seconds);
    return after == first ? 0 : m_tokens[static_cast<std::size_t>(after - m_seconds.begin()) - 1];
}

int CacheGaps::resolution(int seconds) const
{
    return static_cast<int>(stepAt(static_cast<std::uint32_t>(std::clamp(seconds, 1, longestLifetime)), m_level));
}

std::size_t CacheGaps::lags() const
{
    return lagsAt(m_level);
}

std::size_t CacheGaps::memory() const
{
    return sizeof(*this) + (m_known.capacity() + m_unknown.capacity() + m_tokens.capacity()) * sizeof(std::uint64_t)
           + (m_firstRun.capacity() + m_seconds.capacity()) * sizeof(std::uint32_t) + m_runs.capacity() * sizeof(Run);
}

namespace {

/// Probabilities are whole millionths of millionths: kept requests × volume.
constexpr std::uint64_t wholeProbability = static_cast<std::uint64_t>(onePpm) * static_cast<std::uint64_t>(onePpm);

/// Σ p (1 - p)^lag × tokens of that lag, times wholeProbability^largestLag.
VeryWide expectedTokens(const std::array<UInt128, CacheGaps::largestLag> &tokens, std::uint64_t probability)
{
    VeryWide sum;
    VeryWide scale = VeryWide::of(1);
    for (std::size_t lag = tokens.size(); lag-- > 0;) {
        sum *= wholeProbability - probability;
        sum.addProduct(scale, tokens[lag]);
        scale *= wholeProbability;
    }
    sum *= probability;
    return sum;
}

UInt128 toUnsigned(const VeryWide &value)
{
    // Never more than the prompt tokens of all segments, which fit.
    return static_cast<UInt128>(value.toInt128().value_or(0));
}

} // namespace

CacheGaps::Share CacheGaps::achievable(const std::vector<std::uint32_t> &segments, int seconds, PartsPerMillion kept,
                                       PartsPerMillion volume) const
{
    const auto lifetime = roundedDown(static_cast<std::uint32_t>(std::clamp(seconds, 0, longestLifetime)), m_level);
    const auto probability = static_cast<std::uint64_t>(std::clamp<PartsPerMillion>(kept, 0, onePpm));
    const auto fewer = static_cast<std::uint64_t>(std::clamp<PartsPerMillion>(volume, 0, onePpm));
    // Twice as many arrivals halve the gaps: what was within two lifetimes is within one.
    const auto denser = static_cast<UInt128>(std::max<PartsPerMillion>(volume, onePpm));
    const UInt128 stretched = static_cast<UInt128>(std::max(seconds, 0)) * denser / static_cast<UInt128>(onePpm);
    const auto sharedLifetime = static_cast<std::uint32_t>(std::min<UInt128>(stretched, day));
    const std::uint64_t ofSessions = probability * static_cast<std::uint64_t>(onePpm);
    const std::uint64_t ofShared = probability * fewer;

    Share result;
    result.lifetime = static_cast<int>(lifetime);
    ByLag sessions{};
    ByLag shared{};
    for (const std::uint32_t segment : segments) {
        result.unknownTokens += m_unknown[segment];
        result.promptTokens += static_cast<UInt128>(m_known[segment]) + m_unknown[segment];
        for (std::uint32_t run = m_firstRun[segment]; run < m_firstRun[segment + 1]; ++run) {
            const bool session = m_runs[run].kind == CacheFamilyKind::Session;
            const std::size_t lag = m_runs[run].lag;
            // When all are kept, the one just before is always there.
            if (lag > 0 && (session ? ofSessions : ofShared) == wholeProbability)
                continue;
            const std::uint64_t tokens = tokensWithin(run, session ? lifetime : sharedLifetime);
            (session ? sessions : shared)[lag] += tokens;
            result.upperBound = result.upperBound || (!session && tokens > 0 && ofShared > 0);
        }
    }
    if (result.promptTokens == 0)
        return result;
    VeryWide read = expectedTokens(sessions, ofSessions);
    read += expectedTokens(shared, ofShared);
    VeryWide scale = VeryWide::of(1);
    for (std::size_t i = 0; i < largestLag; ++i)
        scale *= wholeProbability;
    result.readTokens = toUnsigned(VeryWide::dividedHalfEven(read, scale));
    VeryWide all;
    all.addProduct(scale, result.promptTokens);
    read *= static_cast<std::uint64_t>(onePpm);
    result.share = static_cast<PartsPerMillion>(toUnsigned(VeryWide::dividedHalfEven(read, all)));
    return result;
}

namespace {

/// Goes through the requests of a period family by family.
class FamilyWalk
{
public:
    FamilyWalk(const Profile &profile, const Workload &workload, const PriceBook &book, const CacheGaps::Limits &limits)
        : m_profile(profile)
        , m_workload(workload)
        , m_rowsAtATime(limits.rowsAtATime)
        , m_tally(profile.segments.size(), 0, limits.entries)
        , m_session(workload.dimension("session"))
        , m_template(workload.dimension("prompt_template"))
        , m_firstTemplate(m_session ? static_cast<std::uint32_t>(m_session->dictionary.size()) : 0)
        , m_firstSegment(m_firstTemplate + (m_template ? static_cast<std::uint32_t>(m_template->dictionary.size()) : 0))
    {
        numberCaches(book);
    }

    Result<CacheGaps> run(const std::stop_token &stop)
    {
        if (auto status = assign(stop); !status)
            return status.error();
        std::size_t first = 0;
        while (first < m_countOf.size()) {
            std::size_t end = first;
            std::size_t rows = 0;
            while (end < m_countOf.size() && (end == first || rows + m_countOf[end] <= m_rowsAtATime))
                rows += m_countOf[end++];
            if (auto status = rows > m_rowsAtATime ? walkOne(first, stop) : walkChunk(first, end, rows, stop); !status)
                return status.error();
            first = end;
        }
        return m_tally.finish();
    }

private:
    [[nodiscard]] std::size_t rows() const { return m_profile.endRow - m_profile.firstRow; }
    [[nodiscard]] std::uint32_t segmentOf(std::size_t i) const
    {
        return m_profile.blocks[m_profile.blockOfRow[i]].segment;
    }

    /// Text prompt tokens, cached or not: what the share of a prompt cache refers to.
    [[nodiscard]] UInt128 promptOf(std::size_t row) const
    {
        UInt128 sum = 0;
        for (const UsageClass usageClass :
             {UsageClass::Input, UsageClass::CacheRead, UsageClass::CacheWrite5m, UsageClass::CacheWrite1h})
            sum += static_cast<std::uint64_t>(m_workload.count(usageClass, row));
        return sum;
    }

    [[nodiscard]] std::uint32_t familyOf(std::size_t row, std::uint32_t segment) const
    {
        if (const std::uint32_t session = m_session ? m_session->ids[row] : 0; session != 0)
            return session;
        if (const std::uint32_t prompt = m_template ? m_template->ids[row] : 0; prompt != 0)
            return m_firstTemplate + prompt;
        return m_firstSegment + segment;
    }
    [[nodiscard]] CacheFamilyKind kindOf(std::size_t family) const
    {
        return family >= m_firstSegment    ? CacheFamilyKind::Segment
               : family >= m_firstTemplate ? CacheFamilyKind::PromptTemplate
                                           : CacheFamilyKind::Session;
    }

    /// Gives every request its family, and adds up all prompt tokens.
    Status assign(const std::stop_token &stop)
    {
        m_familyOf.assign(rows(), noFamily);
        m_countOf.assign(m_firstSegment + m_profile.segments.size(), 0);
        for (std::size_t i = 0; i < rows(); ++i) {
            if (i % rowsBetweenStops == 0 && stop.stop_requested())
                return cancelled();
            const std::size_t row = m_profile.firstRow + i;
            const UInt128 prompt = promptOf(row);
            if (prompt > std::numeric_limits<std::uint64_t>::max())
                return tooMany();
            const std::uint32_t segment = segmentOf(i);
            const bool known = m_workload.count(UsageClass::Request, row) == 1;
            m_tally.addTokens(segment, static_cast<std::uint64_t>(prompt), known);
            if (!known || prompt == 0)
                continue;
            m_familyOf[i] = familyOf(row, segment);
            ++m_countOf[m_familyOf[i]];
        }
        return {};
    }

    /// The shortest prompt that the cache of a model keeps; 0 where that is not known.
    static std::uint64_t minimumOf(const PriceBook &book, ModelIndex model)
    {
        const std::int64_t tokens = model.found() ? book.model(model).cacheMinimumTokens : 0;
        return static_cast<std::uint64_t>(std::max<std::int64_t>(tokens, 0));
    }

    /// Models do not read from each other's caches; one that no catalogue knows is told by its recorded name.
    void numberCaches(const PriceBook &book)
    {
        std::map<std::pair<std::int32_t, std::uint32_t>, std::uint32_t> known;
        for (const Segment &segment : m_profile.segments) {
            const bool found = segment.model.found();
            const std::pair key{found ? segment.model.value : -1, found ? 0 : segment.resolution};
            const auto [cache, isNew] = known.try_emplace(key, static_cast<std::uint32_t>(known.size()));
            if (isNew)
                m_minimumOf.push_back(minimumOf(book, segment.model));
            m_cacheOf.push_back(cache->second);
        }
    }

    [[nodiscard]] CacheGaps::Arrival arrival(std::size_t i) const
    {
        const std::size_t row = m_profile.firstRow + i;
        CacheGaps::Arrival result;
        result.micros = m_workload.time[row];
        result.prompt = static_cast<std::uint64_t>(promptOf(row));
        result.segment = segmentOf(i);
        return result;
    }

    /// The requests of one family, model by model.
    void walk(CacheFamilyKind kind, const CacheGaps::Arrival *first, const CacheGaps::Arrival *end)
    {
        m_caches.clear();
        for (const auto *it = first; it != end; ++it) {
            const std::uint32_t cache = m_cacheOf[it->segment];
            if (std::find(m_caches.begin(), m_caches.end(), cache) == m_caches.end())
                m_caches.push_back(cache);
        }
        for (const std::uint32_t cache : m_caches) {
            m_tally.beginFamily(kind, m_minimumOf[cache]);
            for (const auto *it = first; it != end; ++it) {
                if (m_cacheOf[it->segment] == cache)
                    m_tally.add(*it);
            }
        }
    }

    /// Families from `first` up to `end`, which have so many requests together.
    Status walkChunk(std::size_t first, std::size_t end, std::size_t count, const std::stop_token &stop)
    {
        m_chunk.resize(count);
        m_placeOf.resize(end - first);
        std::size_t place = 0;
        for (std::size_t family = first; family < end; ++family) {
            m_placeOf[family - first] = static_cast<std::uint32_t>(place);
            place += m_countOf[family];
        }
        for (std::size_t i = 0; i < rows(); ++i) {
            if (i % rowsBetweenStops == 0 && stop.stop_requested())
                return cancelled();
            const std::uint32_t family = m_familyOf[i];
            if (family >= first && family < end)
                m_chunk[m_placeOf[family - first]++] = arrival(i);
        }
        const CacheGaps::Arrival *from = m_chunk.data();
        for (std::size_t family = first; family < end; ++family) {
            const CacheGaps::Arrival *to = from + m_countOf[family];
            if (to - from > 1)
                walk(kindOf(family), from, to);
            from = to;
        }
        return {};
    }

    /// A family that is too large to be copied: once through the period for each model.
    Status walkOne(std::size_t family, const std::stop_token &stop)
    {
        std::vector<char> seen(m_profile.segments.size() + 1, 0);
        for (std::size_t i = 0; i < rows(); ++i) {
            if (m_familyOf[i] == family)
                seen[m_cacheOf[segmentOf(i)]] = 1;
        }
        for (std::uint32_t cache = 0; cache < seen.size(); ++cache) {
            if (!seen[cache])
                continue;
            m_tally.beginFamily(kindOf(family), m_minimumOf[cache]);
            for (std::size_t i = 0; i < rows(); ++i) {
                if (i % rowsBetweenStops == 0 && stop.stop_requested())
                    return cancelled();
                if (m_familyOf[i] == family && m_cacheOf[segmentOf(i)] == cache)
                    m_tally.add(arrival(i));
            }
        }
        return {};
    }

    const Profile &m_profile;
    const Workload &m_workload;
    std::size_t m_rowsAtATime;
    CacheGaps::Tally m_tally;
    const DimensionColumn *m_session;
    const DimensionColumn *m_template;
    std::uint32_t m_firstTemplate; ///< families are numbered: sessions, templates, segments
    std::uint32_t m_firstSegment;
    std::vector<std::uint32_t> m_familyOf;  ///< by row of the period
    std::vector<std::uint32_t> m_countOf;   ///< requests by family
    std::vector<std::uint32_t> m_cacheOf;   ///< by segment
    std::vector<std::uint64_t> m_minimumOf; ///< by cache
    std::vector<std::uint32_t> m_caches;
    std::vector<CacheGaps::Arrival> m_chunk;
    std::vector<std::uint32_t> m_placeOf;
};

} // namespace

Result<CacheGaps> CacheGaps::build(const Profile &profile, const Workload &workload, const PriceBook &book,
                                   std::stop_token stop, const Limits &limits)
{
    return FamilyWalk(profile, workload, book, limits).run(stop);
}

} // namespace perunit
