// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// A number of a lever of a scenario.
struct LeverParameter {
    std::size_t lever = 0; ///< index into the levers it was found in
    std::string leverId;
    const ParameterSpec *spec = nullptr;
    /// "routing-1.share".
    [[nodiscard]] std::string id() const { return leverId + "." + std::string(spec->name); }
};

/// The parameter named "ID.PARAMETER"; the lever's main number when only its id is given. Errors: NotFound, with what
/// there is; BadInput for texts and for levers that are switched off.
Result<LeverParameter> findParameter(const std::vector<EffectiveLever> &levers, std::string_view name);

/// All numbers of all levers that are switched on, in the order of the levers.
std::vector<LeverParameter> numericParameters(const std::vector<EffectiveLever> &levers);

/// The same levers with another value of one number.
std::vector<EffectiveLever> withNumber(std::vector<EffectiveLever> levers, const LeverParameter &parameter,
                                       std::int64_t value);

/// Decimals of the integer in which a number is kept: 6 for parts per million, 0 for whole numbers.
int decimalsOfNumber(const ParameterSpec &spec);
/// A number as in scenario files: "0.6" for a share, "120" for units.
std::string numberText(const ParameterSpec &spec, std::int64_t value);
/// Reads such a number exactly. Errors: BadInput outside its limits and for more decimals than it has.
Result<std::int64_t> parseNumber(const ParameterSpec &spec, std::string_view text);

/// The values that a number can take, in ascending order: every whole one between two limits, or those sizes of an
/// offer that can be bought, and none at all.
class ParameterRange
{
public:
    /// Every step-th value from `minimum` to at most `maximum`; 0 before them when `zero` is set.
    ParameterRange(std::int64_t minimum, std::int64_t maximum, std::int64_t step = 1, bool zero = false);
    [[nodiscard]] std::int64_t count() const { return m_count; }
    [[nodiscard]] std::int64_t value(std::int64_t index) const;
    /// Index of the value that is closest; of two equally close ones the smaller.
    [[nodiscard]] std::int64_t indexNear(std::int64_t value) const;
    /// Its part between two values, both included. Errors: BadInput when nothing is left.
    [[nodiscard]] Result<ParameterRange> within(std::int64_t lowest, std::int64_t highest) const;

private:
    std::int64_t m_minimum;
    std::int64_t m_step;
    std::int64_t m_steps; ///< values without the zero
    bool m_zero;
    std::int64_t m_count;
};

/// What a number of a lever can be: its limits, and for units what its offer sells (minimum + k × step).
ParameterRange rangeOf(const Lever &lever, const ParameterSpec &spec, const PriceBook &book);

/// Two values of a number between which an assumption may plausibly lie.
struct PlausibleRange {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

/// Where nobody said anything better. The one place for the rule: shares ± 10 points, growth ± 1 point a month, units
/// ± one step that can be bought, everything else × 0.9 and × 1.1, whole numbers that are not neutral at least ± 1;
/// within the limits of the number.
PlausibleRange plausibleRange(const Lever &lever, const ParameterSpec &spec, const PriceBook &book);

} // namespace perunit
