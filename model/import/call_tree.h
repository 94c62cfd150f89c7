// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace perunit {

/// Which spans of a trace count: calls of a model that contain no other call. Frameworks write the tokens of a call
/// once more on what surrounds it (an agent, a chain, a "generateText" around its "doGenerate"); adding both would
/// count them twice. Filled by the first reading, asked by the second, both in the order of the file; ids are kept as
/// 128-bit digests, so that memory does not grow with their length.
class CallTree
{
public:
    enum class Standing {
        Counts,
        HasCallsBelow, ///< its tokens are those of calls further down
        Repeated       ///< the same span comes again later in the file; the last one counts
    };

    /// First reading. `isCall`: a call of a model with tokens or a cost. A span without id always counts.
    void see(std::string_view trace, std::string_view id, std::string_view parent, bool isCall);
    /// Between the readings.
    void close();
    /// Second reading: of the next span.
    Standing next(std::string_view trace, std::string_view id);

private:
    struct Key {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        bool operator==(const Key &) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key &key) const { return key.low; }
    };
    struct Span {
        Key parent;
        std::int64_t last = 0;
        bool isCall = false;
        bool hasCallsBelow = false;
    };
    static Key keyOf(std::string_view trace, std::string_view id);

    std::unordered_map<Key, Span, Hash> m_spans;
    std::int64_t m_seen = 0;
    std::int64_t m_asked = 0;
};

} // namespace perunit
