// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/dimensions/dimension_rules.h"
#include "model/workload/workload.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// A tag as sources call it, and what it counts as.
struct TagUse {
    std::string key;            ///< as the sources write it
    std::string dimension;      ///< that it counts as: "team", "tag:env"
    std::int64_t rows = 0;      ///< requests and charges with a value of it
    std::int64_t conflicts = 0; ///< of those, rows on which another tag said something else before
    std::string example;        ///< the first conflict: "'cx' and 'support'"
    bool operator==(const TagUse &) const = default;
};

/// What happened to a workload or to charges.
struct DimensionReport {
    std::vector<TagUse> tags; ///< those that count as one in the order in which they count
    /// Rows on which two tags that mean the same had different values; the first one counts.
    std::int64_t conflicts = 0;
    std::string conflictExample; ///< "team: 'cx' and 'support'"
    bool operator==(const DimensionReport &) const = default;

    /// What a tag counts as; null for one that no row has.
    [[nodiscard]] const TagUse *tag(std::string_view key) const;
    /// The entry of a tag; made when there is none.
    TagUse &use(std::string_view key, const std::string &dimension);
};

/// A virtual dimension over a workload whose tags are in order. The workload, the rule and the rules must live as long.
class VirtualRule
{
public:
    VirtualRule(const Workload &workload, const VirtualDimension &rule, const DimensionRules &rules);
    ~VirtualRule();
    VirtualRule(const VirtualRule &) = delete;
    VirtualRule &operator=(const VirtualRule &) = delete;

    /// Place of the first case that fits a request or a charge; the number of cases when none does.
    [[nodiscard]] std::size_t caseOf(std::size_t row) const;
    [[nodiscard]] std::size_t caseOf(const ChargeRow &row) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Brings tags that mean the same together (also those that differ only in case and punctuation: the first spelling
/// stays), replaces spellings of values, fills dimensions from tags, and adds the virtual dimensions: columns of the
/// workload, ChargeRow::virtualDimensions of charges. Rows keep their order and number.
DimensionReport applyDimensions(Workload &workload, const std::vector<std::vector<ChargeRow> *> &charges,
                                const DimensionRules &rules);

} // namespace perunit
