// SPDX-License-Identifier: GPL-3.0-or-later
// What the classes of a request weigh in the load of a unit, and small helpers for weights that may need more than 128
// bits.
#pragma once

#include "model/engine/minute_sums.h"
#include "model/engine/wide_integer.h"
#include "pricing/catalogue/catalogue.h"

#include <cstdint>
#include <optional>
#include <type_traits>

namespace perunit {

/// What one of a class weighs; no value where the offer gives the class no weight: it stays pay-as-you-go beside the
/// units. A long prompt changes the weights of text only.
std::optional<PartsPerMillion> loadWeight(const ProvisionedThroughput &throughput, UsageClass usageClass,
                                          bool longPrompt = false);

/// One bit for each class.
using ClassSet = std::uint32_t;
constexpr ClassSet bitOf(UsageClass usageClass)
{
    return ClassSet{1} << static_cast<unsigned>(usageClass);
}
constexpr bool contains(ClassSet classes, std::size_t usageClass)
{
    return (classes >> usageClass & 1U) != 0;
}
/// The classes that units serve: text, and what the offer weighs besides.
ClassSet servedClasses(const ProvisionedThroughput &throughput);
/// The same with places; classes beside text only where the workload has them.
LoadClasses loadClassesOf(const ProvisionedThroughput &throughput, const Workload &workload);

/// Bits of a value of at least 0.
std::size_t bitsOf(Int128 value);
/// The value of a number that is known to fit into 127 bits.
UInt128 smallOf(const Wide &value);

/// A weight as the kind of number that loads are summed in.
template <typename Number>
Number weightAs(const Wide &weight)
{
    if constexpr (std::is_same_v<Number, UInt128>)
        return smallOf(weight);
    else
        return weight;
}

inline void addWeighed(UInt128 &sum, UInt128 weight, std::uint64_t count)
{
    sum += weight * count;
}
inline void addWeighed(Wide &sum, const Wide &weight, std::uint64_t count)
{
    sum.addProduct(weight, count);
}

} // namespace perunit
