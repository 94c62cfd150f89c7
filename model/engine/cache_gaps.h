// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/gap_store.h"
#include "model/engine/profile.h"
#include "model/workload/workload.h"
#include "pricing/base/int128.h"
#include "pricing/base/result.h"
#include "pricing/money/money.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace perunit {

/// What requests have in common that may share the beginning of their prompts.
enum class CacheFamilyKind : std::uint8_t {
    Session,        ///< one conversation: a request goes on where the one before it ended
    PromptTemplate, ///< the same template: what is common is at most the shorter prompt
    Segment         ///< nothing but the same dimensions; again at most the shorter prompt
};

/// What a prompt cache can achieve, from the gaps between the requests that share a beginning. Rules: README, "Prompt
/// cache: what gaps allow". Immutable; safe to share between threads.
class CacheGaps
{
public:
    /// How many requests back one may read from when those between were not kept.
    static constexpr std::size_t largestLag = GapPrecision::mostLags;
    /// Longest lifetime that is looked at, in seconds. Whoever asks for more gets what this one allows.
    static constexpr int longestLifetime = GapPrecision::longest;
    /// What keeps memory small; results do not depend on `rowsAtATime`.
    struct Limits {
        /// Gaps are kept to the second up to so many entries, then to wider steps; with six times as many fewer
        /// requests back are looked at.
        std::size_t entries = std::size_t{1} << 20;
        std::size_t rowsAtATime = std::size_t{1} << 20; ///< sorted by family in one go
    };

    /// One request of a family.
    struct Arrival {
        std::int64_t micros = 0;                    ///< when it arrived
        std::uint64_t prompt = 0;                   ///< tokens that it leaves in the cache
        std::uint64_t mostRead = ~std::uint64_t{0}; ///< tokens it could read at most, where that is known
        std::uint32_t segment = 0;
    };

    /// What a lifetime lets be read.
    struct Share {
        PartsPerMillion share = 0; ///< read ÷ all prompt tokens, rounded once half to even
        UInt128 promptTokens = 0;  ///< text prompt tokens of the segments: uncached, read and written
        UInt128 readTokens = 0;    ///< of them read, when all requests are kept at their share; rounded half to even
        UInt128 unknownTokens = 0; ///< of them in rows that stand for no or several requests: never read, so that the
                                   ///< share is too low by at most these
        bool upperBound = false;   ///< some of it is read in families of which nobody knows what they really share
        int lifetime = 0; ///< seconds that were looked up: at most what was asked for, less where gaps are kept
                          ///< to wider steps
    };

    class Tally;

    /// What is known of some segments together, to be written down: gaps in the widest steps that lose no lags.
    struct Facts {
        struct Gap {
            CacheFamilyKind kind = CacheFamilyKind::Session;
            std::uint8_t lag = 0;
            std::uint32_t seconds = 0;
            std::uint64_t tokens = 0; ///< that gaps of the step up to so many seconds let be read
        };
        std::uint64_t known = 0;
        std::uint64_t unknown = 0;
        std::vector<Gap> gaps; ///< by kind, lag and seconds
    };
    [[nodiscard]] Facts factsOf(const std::vector<std::uint32_t> &segments) const;
    /// GapPrecision::level of those facts.
    [[nodiscard]] int factsLevel() const;
    /// From facts by segment.
    static CacheGaps fromFacts(const std::vector<Facts> &bySegment, int level);

    /// From the requests of a period; the book knows the shortest prompt that each model keeps. Fails when it is
    /// stopped or a count outgrows 64 bits.
    static Result<CacheGaps> build(const Profile &profile, const Workload &workload, const PriceBook &book,
                                   const std::stop_token &stop, const Limits &limits = defaultLimits());

    /// Share of the prompt tokens of some segments (indexes into Profile::segments) that a lifetime of `seconds` from
    /// the last use lets be read, when every request is kept with probability `kept` (0 to onePpm) and there are
    /// `volume` times as many families of conversations (0 or more): sessions do not become denser by that, what
    /// templates and segments share does.
    [[nodiscard]] Share achievable(const std::vector<std::uint32_t> &segments, int seconds,
                                   PartsPerMillion kept = onePpm, PartsPerMillion volume = onePpm) const;
    /// Seconds between the lifetimes that are told apart around `seconds`; 1 unless the ledger has very many gaps.
    [[nodiscard]] int resolution(int seconds) const;
    /// How many requests back are looked at: `largestLag` unless the ledger has very many segments.
    [[nodiscard]] std::size_t lags() const;
    /// Bytes in memory.
    [[nodiscard]] std::size_t memory() const;

    static constexpr Limits defaultLimits() { return {}; }

private:
    /// Tokens by lag that a lifetime lets be read.
    using ByLag = std::array<UInt128, largestLag>;
    /// The gaps of one kind and lag of a segment: entries from `first` up to that of the next run.
    struct Run {
        std::uint32_t first = 0;
        CacheFamilyKind kind = CacheFamilyKind::Session;
        std::uint8_t lag = 0; ///< 0: the request just before
    };
    [[nodiscard]] std::uint64_t tokensWithin(std::size_t run, std::uint32_t seconds) const;

    std::vector<std::uint64_t> m_known;    ///< prompt tokens of rows that are one request each, by segment
    std::vector<std::uint64_t> m_unknown;  ///< prompt tokens of all other rows, by segment
    std::vector<std::uint32_t> m_firstRun; ///< by segment; one more than segments
    std::vector<Run> m_runs;               ///< by segment, kind and lag; one more than there are
    std::vector<std::uint32_t> m_seconds;  ///< rising within a run
    std::vector<std::uint64_t> m_tokens;   ///< that gaps of up to so many seconds let be read
    GapPrecision m_precision;
};

/// Adds families up, request by request; what CacheGaps::build does for a ledger.
class CacheGaps::Tally
{
public:
    /// `parallelMicros`: a request cannot read what another wrote so shortly before it or less; -1 where equal times do
    /// not mean at once, because the source rounds them.
    explicit Tally(std::size_t segments, std::int64_t parallelMicros = 0,
                   std::size_t entries = defaultLimits().entries);

    /// Prompt tokens of a row that is one request, or (`known` is false) of one that is none or several.
    void addTokens(std::uint32_t segment, std::uint64_t tokens, bool known);
    /// Requests from here on have nothing in common with those before. The cache keeps and reads prefixes of at least
    /// `minimum` tokens.
    void beginFamily(CacheFamilyKind kind, std::uint64_t minimum = 0);
    /// The next request of the family, in order of time. One with a prompt below the minimum leaves no trace.
    void add(const Arrival &arrival);
    /// Hands the result over; fails when a count has outgrown 64 bits.
    Result<CacheGaps> finish();

private:
    /// What a request left in the cache.
    struct Left {
        std::int64_t micros = 0;
        std::uint64_t prompt = 0;
    };

    CacheGaps m_result;
    std::int64_t m_parallelMicros;
    GapStore m_store;
    CacheFamilyKind m_kind = CacheFamilyKind::Session;
    std::uint64_t m_minimum = 1;
    std::array<Left, largestLag> m_left; ///< of the last requests that can be read, in a ring
    std::size_t m_leftCount = 0;         ///< how many there have been
    std::vector<Left> m_pending;         ///< of those that are too recent
    std::size_t m_firstPending = 0;
    std::array<GapStore::Gap, largestLag> m_gaps; ///< of the request that is being added
    bool m_overflow = false;
};

} // namespace perunit
