// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/row_collector.h"
#include "pricing/catalogue/json_value.h"
#include "pricing/catalogue/usage_class.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// What a name of a count ("input_cached_tokens", "completion_details.reasoning") stands for.
enum class UsagePart : std::uint8_t {
    Input,
    Output,
    Total,
    CacheRead,
    CacheWrite, ///< for how long is not said
    CacheWrite5m,
    CacheWrite1h,
    Reasoning,
    AudioIn,
    AudioOut,
    ImageIn,
    ImageOut,
    CacheReadAudio,
    WebSearch,
    Detail, ///< a known part of another count that has no price of its own
    Unknown
};
inline constexpr std::size_t usagePartCount = 16;

UsagePart usagePartNamed(std::string_view name);

/// Whether cached and other special tokens stand inside the count of input (of output) or beside it. UsuallyInside: as
/// the convention says, unless a total shows the opposite.
enum class Nesting { Unsaid, Inside, Beside, UsuallyInside };

/// Counts of one call as frameworks and gateways name them, and what they mean in disjoint classes.
class ReportedUsage
{
public:
    /// Takes a count. Of two names for one part the first that is not 0 stays. False when it is no whole number of at
    /// least 0; an empty text is no count.
    bool add(std::string_view name, std::string_view count);
    /// Takes all counts of a JSON object, objects in it included; false as above, with the name in `problem`.
    bool add(const JsonValue &object, std::string &problem, const std::string &path = {});

    [[nodiscard]] std::int64_t of(UsagePart part) const { return m_counts[index(part)].value_or(0); }
    [[nodiscard]] bool has(UsagePart part) const { return m_counts[index(part)].has_value(); }
    /// Some count is above 0.
    [[nodiscard]] bool isAny() const;
    /// Input tokens that are no text or were cached, as far as they are named.
    [[nodiscard]] std::int64_t special() const;

    /// Disjoint classes. A total decides what is inside what; else `input`; else "details" in the names mean inside,
    /// and special tokens that are more than their whole mean beside.
    [[nodiscard]] Usage disjoint(Nesting input = Nesting::Unsaid, Nesting output = Nesting::Unsaid) const;
    /// Tokens that stand in the total, or under a name that is not known, and in no class.
    [[nodiscard]] std::int64_t unclassified(Nesting input = Nesting::Unsaid, Nesting output = Nesting::Unsaid) const;
    /// Names that are not known and had a count.
    [[nodiscard]] const std::vector<std::string> &unknownNames() const { return m_unknownNames; }

private:
    struct Form {
        bool inputInside = false;
        bool outputInside = false;
    };
    static std::size_t index(UsagePart part) { return static_cast<std::size_t>(part); }
    [[nodiscard]] std::int64_t cacheWrites() const;
    [[nodiscard]] std::int64_t specialOutput() const;
    [[nodiscard]] std::int64_t sum(Form form) const;
    [[nodiscard]] bool isPossible(Form form) const;
    [[nodiscard]] Form form(Nesting input, Nesting output) const;

    std::array<std::optional<std::int64_t>, usagePartCount> m_counts;
    bool m_inputDetails = false;
    bool m_outputDetails = false;
    std::int64_t m_unknown = 0;
    std::vector<std::string> m_unknownNames;
};

/// Adds up over a file what could not be put into a class, for the remarks of its source.
class UnclassifiedTokens
{
public:
    void add(const ReportedUsage &usage, std::int64_t tokens);
    void finish(RowCollector &rows) const;

private:
    std::int64_t m_calls = 0;
    std::int64_t m_tokens = 0;
    std::vector<std::string> m_names;
};

} // namespace perunit
