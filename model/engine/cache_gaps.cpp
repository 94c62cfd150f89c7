// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/cache_gaps.h"

#include "model/engine/wide_integer.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace perunit {

namespace {

constexpr std::uint32_t noFamily = 0xffffffffU;
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

constexpr std::size_t kinds = 3;

bool addTo(std::uint64_t &sum, std::uint64_t value)
{
    return !__builtin_add_overflow(sum, value, &sum);
}

} // namespace

CacheGaps::Tally::Tally(std::size_t segments, std::int64_t parallelMicros, std::size_t entries)
    : m_parallelMicros(parallelMicros)
    , m_store(entries)
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
    std::size_t lags = 0;
    // What a request has in common with one further back is in common with all between them.
    std::uint64_t common = std::min(arrival.prompt, arrival.mostRead);
    for (const std::size_t end = std::min(m_leftCount, largestLag); lags < end; ++lags) {
        const Left &left = m_left[(m_leftCount - 1 - lags) % largestLag];
        const std::int64_t gap = arrival.micros - left.micros;
        common = std::min(common, left.prompt);
        if (gap > std::int64_t{longestLifetime} * microsPerSecond || common < m_minimum)
            break;
        const std::int64_t seconds = std::max<std::int64_t>((gap + microsPerSecond - 1) / microsPerSecond, 1);
        m_gaps[lags] = {static_cast<std::uint32_t>(seconds), common};
    }
    m_store.add(arrival.segment * kinds + static_cast<std::size_t>(m_kind), m_gaps.data(), lags);
    m_pending.push_back({arrival.micros, arrival.prompt});
}

Result<CacheGaps> CacheGaps::Tally::finish()
{
    CacheGaps result = std::move(m_result);
    result.m_precision = m_store.precision();
    const std::vector<GapStore::Entry> entries = m_store.finish();
    result.m_firstRun.assign(result.m_known.size() + 1, 0);
    result.m_seconds.reserve(entries.size());
    result.m_tokens.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const GapStore::Entry &entry = entries[i];
        std::uint64_t tokens = entry.tokens;
        if (i == 0 || entry.slot != entries[i - 1].slot || entry.lag != entries[i - 1].lag) {
            result.m_runs.push_back({static_cast<std::uint32_t>(i), static_cast<CacheFamilyKind>(entry.slot % kinds),
                                     static_cast<std::uint8_t>(entry.lag)});
            ++result.m_firstRun[static_cast<std::size_t>(entry.slot / kinds) + 1];
        } else if (!addTo(tokens, result.m_tokens.back())) {
            m_overflow = true;
        }
        result.m_seconds.push_back(entry.seconds);
        result.m_tokens.push_back(tokens);
    }
    for (std::size_t i = 1; i < result.m_firstRun.size(); ++i)
        result.m_firstRun[i] += result.m_firstRun[i - 1];
    result.m_runs.push_back({static_cast<std::uint32_t>(entries.size()), CacheFamilyKind::Session, 0});
    if (m_overflow || m_store.overflowed())
        return tooMany();
    return result;
}

int CacheGaps::factsLevel() const
{
    return std::max(m_precision.level, GapPrecision::widestSteps);
}

CacheGaps::Facts CacheGaps::factsOf(const std::vector<std::uint32_t> &segments) const
{
    const GapPrecision precision{factsLevel()};
    std::map<std::tuple<CacheFamilyKind, std::uint8_t, std::uint32_t>, std::uint64_t> sums;
    Facts facts;
    for (const std::uint32_t segment : segments) {
        facts.known += m_known[segment];
        facts.unknown += m_unknown[segment];
        for (std::uint32_t run = m_firstRun[segment]; run < m_firstRun[segment + 1]; ++run) {
            std::uint64_t before = 0;
            for (std::uint32_t i = m_runs[run].first; i < m_runs[run + 1].first; ++i) {
                sums[{m_runs[run].kind, m_runs[run].lag, precision.roundedUp(m_seconds[i])}] += m_tokens[i] - before;
                before = m_tokens[i];
            }
        }
    }
    for (const auto &[place, tokens] : sums) {
        const auto &[kind, lag, seconds] = place;
        facts.gaps.push_back({kind, lag, seconds, tokens});
    }
    return facts;
}

CacheGaps CacheGaps::fromFacts(const std::vector<Facts> &bySegment, int level)
{
    CacheGaps result;
    result.m_precision.level = level;
    for (const Facts &facts : bySegment) {
        result.m_known.push_back(facts.known);
        result.m_unknown.push_back(facts.unknown);
        result.m_firstRun.push_back(static_cast<std::uint32_t>(result.m_runs.size()));
        const Facts::Gap *before = nullptr;
        for (const Facts::Gap &gap : facts.gaps) {
            const bool sameRun = before && before->kind == gap.kind && before->lag == gap.lag;
            if (!sameRun)
                result.m_runs.push_back({static_cast<std::uint32_t>(result.m_seconds.size()), gap.kind, gap.lag});
            result.m_tokens.push_back(gap.tokens + (sameRun ? result.m_tokens.back() : 0));
            result.m_seconds.push_back(gap.seconds);
            before = &gap;
        }
    }
    result.m_firstRun.push_back(static_cast<std::uint32_t>(result.m_runs.size()));
    result.m_runs.push_back({static_cast<std::uint32_t>(result.m_seconds.size()), CacheFamilyKind::Session, 0});
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
    return static_cast<int>(m_precision.stepAt(static_cast<std::uint32_t>(std::clamp(seconds, 1, longestLifetime))));
}

std::size_t CacheGaps::lags() const
{
    return m_precision.lags();
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
    const auto lifetime = m_precision.roundedDown(static_cast<std::uint32_t>(std::clamp(seconds, 0, longestLifetime)));
    const auto probability = static_cast<std::uint64_t>(std::clamp<PartsPerMillion>(kept, 0, onePpm));
    const auto fewer = static_cast<std::uint64_t>(std::clamp<PartsPerMillion>(volume, 0, onePpm));
    // Twice as many arrivals halve the gaps: what was within two lifetimes is within one.
    const auto denser = static_cast<UInt128>(std::max<PartsPerMillion>(volume, onePpm));
    const UInt128 stretched = static_cast<UInt128>(std::max(seconds, 0)) * denser / static_cast<UInt128>(onePpm);
    const auto sharedLifetime = static_cast<std::uint32_t>(std::min<UInt128>(stretched, longestLifetime));
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
                                   const std::stop_token &stop, const Limits &limits)
{
    return FamilyWalk(profile, workload, book, limits).run(stop);
}

} // namespace perunit
