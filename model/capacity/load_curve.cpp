// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/load_curve.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace perunit {

namespace {

/// Running sums are kept for every so many bins; the few in between are added when asked for.
constexpr std::size_t sumStride = 64;
/// Binary places of a rate beyond those of its 64-bit quotient.
constexpr unsigned fractionBits = 36;
constexpr unsigned quotientBits = 60;
/// More bins than seconds of eight years cannot be summed.
constexpr std::size_t mostBins = std::size_t{1} << 28;
constexpr Int128 unitsPerFemto = 1'000'000'000;

unsigned bitsOf(UInt128 value)
{
    const auto high = static_cast<std::uint64_t>(value >> 64);
    return high != 0 ? 128U - static_cast<unsigned>(std::countl_zero(high))
                     : 64U - static_cast<unsigned>(std::countl_zero(static_cast<std::uint64_t>(value)));
}

/// a × b / 2^bits, rounded to the nearest, for results below 2^127.
UInt128 scaledProduct(UInt128 a, UInt128 b, unsigned bits)
{
    constexpr UInt128 mask = ~std::uint64_t{0};
    const UInt128 low = (a & mask) * (b & mask);
    const UInt128 middleA = (a >> 64) * (b & mask);
    const UInt128 middleB = (a & mask) * (b >> 64);
    UInt128 carry = (low >> 64) + (middleA & mask) + (middleB & mask);
    UInt128 lower = (carry << 64) | (low & mask);
    UInt128 upper = (a >> 64) * (b >> 64) + (middleA >> 64) + (middleB >> 64) + (carry >> 64);
    if (bits == 0)
        return lower;
    const UInt128 half = bits <= 128 ? UInt128{1} << (bits - 1) : 0;
    if (half != 0 && lower + half < lower)
        ++upper;
    lower += half;
    if (bits >= 128)
        return bits == 128 ? upper : upper >> (bits - 128);
    return (upper << (128 - bits)) | (lower >> bits);
}

/// The largest of a few usual factors that all loads have: whole tokens, tenths, hundredths. Shorter numbers have fewer
/// digits to sort by.
std::uint64_t commonFactor(const std::vector<LoadBin> &bins)
{
    const auto all = [&bins](auto factor) {
        return std::all_of(bins.begin(), bins.end(), [](const LoadBin &bin) {
            return static_cast<std::uint64_t>(bin.load) % decltype(factor)::value == 0;
        });
    };
    if (all(std::integral_constant<std::uint64_t, loadPartsPerToken>{}))
        return loadPartsPerToken;
    if (all(std::integral_constant<std::uint64_t, loadPartsPerToken / 10>{}))
        return loadPartsPerToken / 10;
    if (all(std::integral_constant<std::uint64_t, loadPartsPerToken / 100>{}))
        return loadPartsPerToken / 100;
    return 1;
}

/// A load, divided by what all have in common, and where its bin stands in the list.
struct SortKey {
    std::uint64_t load = 0;
    std::uint32_t bin = 0;
};
/// Both in one number, where loads are short enough: half the memory to move.
using ShortKey = std::uint64_t;
constexpr unsigned binBits = 32;

std::uint64_t loadIn(const SortKey &key)
{
    return key.load;
}
std::uint64_t loadIn(ShortKey key)
{
    return key >> binBits;
}
std::size_t binIn(const SortKey &key)
{
    return key.bin;
}
std::size_t binIn(ShortKey key)
{
    return static_cast<std::uint32_t>(key);
}
void put(SortKey &key, std::uint64_t load, std::size_t bin)
{
    key = {load, static_cast<std::uint32_t>(bin)};
}
void put(ShortKey &key, std::uint64_t load, std::size_t bin)
{
    key = load << binBits | bin;
}

/// Largest first. By digits, because a year of minutes takes std::sort longer than everything else together.
template <typename Key>
void sortByLoad(std::vector<Key> &keys, std::uint64_t largest)
{
    constexpr unsigned digitBits = 11;
    constexpr std::size_t digits = std::size_t{1} << digitBits;
    std::vector<Key> other(keys.size());
    std::array<std::uint32_t, digits> count{};
    for (unsigned shift = 0; shift < 64 && (largest >> shift) != 0; shift += digitBits) {
        count.fill(0);
        for (const Key &key : keys)
            ++count[(loadIn(key) >> shift) & (digits - 1)];
        std::uint32_t place = 0;
        for (std::size_t digit = digits; digit-- > 0;)
            place += std::exchange(count[digit], place);
        for (const Key &key : keys)
            other[count[(loadIn(key) >> shift) & (digits - 1)]++] = key;
        keys.swap(other);
    }
}

/// Places of the bins with a load, largest load first.
template <typename Key>
std::vector<Key> sortedBins(const std::vector<LoadBin> &bins, std::size_t loaded, std::uint64_t factor,
                            std::uint64_t largest)
{
    std::vector<Key> keys(loaded);
    std::size_t next = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        if (bins[i].load != 0)
            put(keys[next++], static_cast<std::uint64_t>(bins[i].load) / factor, i);
    }
    sortByLoad(keys, largest);
    return keys;
}

} // namespace

Result<LoadCurve> LoadCurve::make(LoadOfHorizon load)
{
    if (load.capacityPerUnit < 1 || load.neverServedCost < 0 || load.neverServedLoad < 0)
        return Error{ErrorCode::BadInput, "a unit serves less than nothing", "load curve",
                     "state how many tokens a unit serves in a minute"};
    if (load.bins.size() > mostBins)
        return Error{ErrorCode::Overflow, "there are too many bins of time", "load curve", "use longer bins"};
    Int128 total = 0;
    UInt128 cost = static_cast<UInt128>(load.neverServedCost);
    for (const LoadBin &bin : load.bins) {
        if (bin.load < 0 || bin.cost < 0)
            return Error{ErrorCode::BadInput, "a bin of time has a negative load or cost", "load curve", ""};
        cost += static_cast<UInt128>(bin.cost);
        if (bitsOf(static_cast<UInt128>(bin.cost)) > 124 || bitsOf(cost) > 125)
            return Error{ErrorCode::Overflow, "the load costs too much to be summed exactly", "load curve",
                         "use a shorter period"};
        total += bin.load;
    }
    LoadCurve curve;
    curve.m_load = total;
    curve.m_binCount = std::max(load.binCount, static_cast<std::int64_t>(load.bins.size()));
    curve.m_capacityPerUnit = load.capacityPerUnit;
    curve.m_neverServedCost = load.neverServedCost;
    curve.m_neverServedLoad = load.neverServedLoad;
    curve.sortBins(load.bins);
    curve.chooseScale();
    curve.sumUp();
    return curve;
}

void LoadCurve::sortBins(const std::vector<LoadBin> &bins)
{
    std::uint64_t largest = 0;
    std::size_t loaded = 0;
    for (const LoadBin &bin : bins) {
        if (bin.load == 0)
            m_freeCost += bin.cost;
        else
            ++loaded;
        largest = std::max(largest, static_cast<std::uint64_t>(bin.load));
    }
    if (loaded == 0)
        return;
    const std::uint64_t factor = commonFactor(bins);
    largest /= factor;
    if (largest >> (64 - binBits) == 0)
        takeOver(bins, sortedBins<ShortKey>(bins, loaded, factor, largest));
    else
        takeOver(bins, sortedBins<SortKey>(bins, loaded, factor, largest));
}

template <typename Key>
void LoadCurve::takeOver(const std::vector<LoadBin> &bins, const std::vector<Key> &keys)
{
    // Bins lie all over the list: they are fetched a little before they are needed.
    constexpr std::size_t ahead = 24;
    m_loads.resize(keys.size());
    m_costs.resize(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i + ahead < keys.size())
            __builtin_prefetch(&bins[binIn(keys[i + ahead])]);
        const LoadBin &bin = bins[binIn(keys[i])];
        m_loads[i] = bin.load;
        m_costs[i] = bin.cost;
    }
}

void LoadCurve::chooseScale()
{
    UInt128 dearest = 0;
    for (const Int128 cost : m_costs)
        dearest = std::max(dearest, static_cast<UInt128>(cost));
    const unsigned bits = bitsOf(dearest);
    m_costShift = bits > 62 ? bits - 62 : 0;
    double highest = 0;
    for (std::size_t i = 0; i < m_loads.size(); ++i) {
        const double cost = static_cast<double>(static_cast<std::int64_t>(m_costs[i] >> m_costShift));
        highest = std::max(highest, cost / static_cast<double>(m_loads[i]));
    }
    const int integerBits = highest > 0 ? std::ilogb(highest) + 2 : 0;
    m_quotientShift = static_cast<unsigned>(std::clamp(static_cast<int>(quotientBits) - integerBits, 0, 62));
    m_rateBits = m_quotientShift + fractionBits;
}

UInt128 LoadCurve::rateOf(Int128 cost, std::int64_t load) const
{
    // Quotients are guessed in floating point and mended with exact remainders: four times as fast as a division of
    // 128 bits. What is left of the remainder is worth less than 2^-fractionBits of the quotient's last place.
    const auto upper = static_cast<std::int64_t>(cost >> m_costShift);
    const auto lower = static_cast<std::int64_t>(cost - (Int128{upper} << m_costShift));
    const double inverse = 1.0 / static_cast<double>(load);
    const double scale = static_cast<double>(std::uint64_t{1} << m_quotientShift);
    auto quotient = static_cast<std::int64_t>(static_cast<double>(upper) * scale * inverse);
    Int128 rest = (Int128{upper} << m_quotientShift) - Int128{quotient} * load;
    const auto correction = static_cast<std::int64_t>(static_cast<double>(rest) * inverse);
    quotient += correction;
    rest -= Int128{correction} * load;
    while (rest < 0) {
        --quotient;
        rest += load;
    }
    while (rest >= load) {
        ++quotient;
        rest -= load;
    }
    const double lowerScale = scale / static_cast<double>(std::uint64_t{1} << m_costShift);
    const double fraction =
        (static_cast<double>(static_cast<std::int64_t>(rest)) + static_cast<double>(lower) * lowerScale) * inverse;
    return (static_cast<UInt128>(static_cast<std::uint64_t>(quotient)) << fractionBits)
           + static_cast<UInt128>(static_cast<std::uint64_t>(fraction * static_cast<double>(1ULL << fractionBits)));
}

void LoadCurve::sumUp()
{
    Sums sums;
    m_sums.reserve(m_loads.size() / sumStride + 1);
    for (std::size_t i = 0; i < m_loads.size(); ++i) {
        if (i % sumStride == 0)
            m_sums.push_back(sums);
        sums.cost += m_costs[i];
        sums.rate += rateOf(m_costs[i], m_loads[i]);
        sums.load += m_loads[i];
    }
    m_cost = sums.cost;
    if (m_loads.size() % sumStride == 0)
        m_sums.push_back(sums);
}

LoadCurve::Sums LoadCurve::sumsOf(std::size_t bins) const
{
    if (m_sums.empty())
        return {};
    Sums sums = m_sums[bins / sumStride];
    for (std::size_t i = bins / sumStride * sumStride; i < bins; ++i) {
        sums.cost += m_costs[i];
        sums.rate += rateOf(m_costs[i], m_loads[i]);
        sums.load += m_loads[i];
    }
    return sums;
}

std::size_t LoadCurve::binsAbove(Int128 capacity) const
{
    const auto end =
        std::partition_point(m_loads.begin(), m_loads.end(), [capacity](std::int64_t load) { return load > capacity; });
    return static_cast<std::size_t>(end - m_loads.begin());
}

Femto LoadCurve::payAsYouGo() const
{
    return spillCost(0);
}

Femto LoadCurve::freeWithUnits() const
{
    return Femto::ofUnits(divideHalfEven(m_freeCost, unitsPerFemto));
}

Int128 LoadCurve::exactSpillCost(std::int64_t units) const
{
    if (units <= 0)
        return m_cost + m_freeCost + m_neverServedCost;
    const Int128 capacity = static_cast<Int128>(units) * m_capacityPerUnit;
    const Sums sums = sumsOf(binsAbove(capacity));
    const auto served = static_cast<Int128>(
        m_rateBits >= m_costShift
            ? scaledProduct(sums.rate, static_cast<UInt128>(capacity), m_rateBits - m_costShift)
            : scaledProduct(sums.rate, static_cast<UInt128>(capacity) << (m_costShift - m_rateBits), 0));
    // Rates are rounded down, so that no more is served than there is.
    return std::max<Int128>(sums.cost - served, 0) + m_neverServedCost;
}

Femto LoadCurve::spillCost(std::int64_t units) const
{
    return Femto::ofUnits(divideHalfEven(exactSpillCost(units), unitsPerFemto));
}

LoadAtSize LoadCurve::at(std::int64_t units) const
{
    const auto share = [](Int128 part, Int128 whole) -> PartsPerMillion {
        return whole == 0 ? 0 : static_cast<PartsPerMillion>(divideHalfEven(part * onePpm, whole));
    };
    LoadAtSize result;
    result.units = units;
    result.spillCost = spillCost(units);
    const Int128 capacity = static_cast<Int128>(units) * m_capacityPerUnit;
    const std::size_t above = binsAbove(capacity);
    result.servedLoad = units <= 0 ? 0 : m_load - sumsOf(above).load + static_cast<Int128>(above) * capacity;
    const Int128 everything = m_load + m_neverServedLoad;
    result.spillShare = share(everything - result.servedLoad, everything);
    result.utilisation = share(result.servedLoad, capacity * m_binCount);
    return result;
}

std::int64_t LoadCurve::quantile(PartsPerMillion share, bool onlyBusyBins) const
{
    const auto bins = onlyBusyBins ? static_cast<std::int64_t>(m_loads.size()) : m_binCount;
    if (bins == 0)
        return 0;
    const auto rank = static_cast<std::int64_t>((static_cast<Int128>(bins) * share + onePpm - 1) / onePpm);
    // The rank counts from the smallest; loads stand from the largest, empty bins after them.
    const std::int64_t place = bins - std::clamp<std::int64_t>(rank, 1, bins);
    return place < static_cast<std::int64_t>(m_loads.size()) ? m_loads[static_cast<std::size_t>(place)] : 0;
}

std::int64_t LoadCurve::mean(bool onlyBusyBins) const
{
    const auto bins = onlyBusyBins ? static_cast<std::int64_t>(m_loads.size()) : m_binCount;
    return bins == 0 ? 0 : static_cast<std::int64_t>((m_load + bins - 1) / bins);
}

} // namespace perunit
