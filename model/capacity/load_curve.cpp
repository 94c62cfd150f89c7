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
/// Of all bins together, so that sums and products fit.
constexpr Int128 mostCost = Int128{1} << 124;

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

/// Usual factors that all loads may have: whole tokens, tenths, hundredths. Shorter numbers have fewer digits to sort
/// by. Constants, because dividing by one known beforehand is a multiplication.
template <std::uint64_t factor>
using Factor = std::integral_constant<std::uint64_t, factor>;

template <typename Common>
bool allDivisible(const std::vector<LoadBin> &bins, Common)
{
    return std::all_of(bins.begin(), bins.end(),
                       [](const LoadBin &bin) { return static_cast<std::uint64_t>(bin.load) % Common::value == 0; });
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
template <typename Key, typename Common>
std::vector<Key> sortedBins(const std::vector<LoadBin> &bins, std::size_t loaded, std::uint64_t largest, Common)
{
    std::vector<Key> keys(loaded);
    std::size_t next = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        if (bins[i].load != 0)
            put(keys[next++], static_cast<std::uint64_t>(bins[i].load) / Common::value, i);
    }
    sortByLoad(keys, largest / Common::value);
    return keys;
}

/// The same number, near enough for a scale: the conversion of the compiler is a call for every one.
double roughly(UInt128 value)
{
    return static_cast<double>(static_cast<std::uint64_t>(value >> 64)) * 0x1p64
           + static_cast<double>(static_cast<std::uint64_t>(value));
}

/// Makes the guessed quotient the whole part of upper × 2^shift ÷ load; returns the remainder. The products may leave
/// their type, their difference does not: unsigned numbers wrap.
template <typename Rest, typename Unsigned>
std::int64_t mended(std::int64_t &quotient, std::int64_t upper, unsigned shift, std::int64_t load, double inverse)
{
    auto rest = static_cast<Rest>((static_cast<Unsigned>(upper) << shift)
                                  - static_cast<Unsigned>(quotient) * static_cast<Unsigned>(load));
    const auto correction = static_cast<std::int64_t>(static_cast<double>(rest) * inverse);
    quotient += correction;
    rest -= Rest{correction} * load;
    while (rest < 0) {
        --quotient;
        rest += load;
    }
    while (rest >= load) {
        ++quotient;
        rest -= load;
    }
    return static_cast<std::int64_t>(rest);
}

} // namespace

Result<LoadCurve> LoadCurve::make(LoadOfHorizon load)
{
    if (load.capacityPerUnit < 1 || load.neverServedCost < 0 || load.neverServedLoad < 0)
        return Error{ErrorCode::BadInput, "a unit serves less than nothing", "load curve",
                     "state how many tokens a unit serves in a minute"};
    if (load.bins.size() > mostBins)
        return Error{ErrorCode::Overflow, "there are too many bins of time", "load curve", "use longer bins"};
    LoadCurve curve;
    curve.m_binCount = std::max(load.binCount, static_cast<std::int64_t>(load.bins.size()));
    curve.m_capacityPerUnit = load.capacityPerUnit;
    curve.m_neverServedCost = load.neverServedCost;
    curve.m_neverServedLoad = load.neverServedLoad;
    curve.m_bins = std::move(load.bins);
    const auto survey = curve.survey();
    if (!survey)
        return survey.error();
    curve.m_scale = RateScale::of(*survey);
    curve.sortBins(*survey);
    return curve;
}

Result<LoadCurve::Survey> LoadCurve::survey()
{
    Survey survey;
    Int128 cost = m_neverServedCost;
    for (const LoadBin &bin : m_bins) {
        if (bin.load < 0 || bin.cost < 0)
            return Error{ErrorCode::BadInput, "a bin of time has a negative load or cost", "load curve", ""};
        if (bin.cost > mostCost - cost)
            return Error{ErrorCode::Overflow, "the load costs too much to be summed exactly", "load curve",
                         "use a shorter period"};
        cost += bin.cost;
        if (bin.load == 0) {
            m_freeCost += bin.cost;
            continue;
        }
        ++survey.loadedBins;
        m_load += bin.load;
        survey.largestLoad = std::max(survey.largestLoad, bin.load);
        survey.dearest = std::max(survey.dearest, bin.cost);
        survey.highestRate =
            std::max(survey.highestRate, roughly(static_cast<UInt128>(bin.cost)) / static_cast<double>(bin.load));
    }
    m_cost = cost - m_freeCost - m_neverServedCost;
    return survey;
}

LoadCurve::RateScale LoadCurve::RateScale::of(const Survey &survey)
{
    RateScale scale;
    const unsigned bits = bitsOf(static_cast<UInt128>(survey.dearest));
    scale.costShift = bits > 62 ? bits - 62 : 0;
    const double highest = std::ldexp(survey.highestRate, -static_cast<int>(scale.costShift));
    const int integerBits = highest > 0 ? std::ilogb(highest) + 2 : 0;
    scale.quotientShift = static_cast<unsigned>(std::clamp(static_cast<int>(quotientBits) - integerBits, 0, 62));
    scale.upperScale = std::ldexp(1.0, static_cast<int>(scale.quotientShift));
    scale.lowerScale = std::ldexp(scale.upperScale, -static_cast<int>(scale.costShift));
    return scale;
}

void LoadCurve::sortBins(const Survey &survey)
{
    const auto sort = [this, &survey](auto common) {
        const auto largest = static_cast<std::uint64_t>(survey.largestLoad);
        if ((largest / common) >> (64 - binBits) == 0)
            takeOver(sortedBins<ShortKey>(m_bins, survey.loadedBins, largest, common));
        else
            takeOver(sortedBins<SortKey>(m_bins, survey.loadedBins, largest, common));
    };
    if (allDivisible(m_bins, Factor<loadPartsPerToken>{}))
        sort(Factor<loadPartsPerToken>{});
    else if (allDivisible(m_bins, Factor<loadPartsPerToken / 10>{}))
        sort(Factor<loadPartsPerToken / 10>{});
    else if (allDivisible(m_bins, Factor<loadPartsPerToken / 100>{}))
        sort(Factor<loadPartsPerToken / 100>{});
    else
        sort(Factor<1>{});
}

template <typename Key>
void LoadCurve::takeOver(const std::vector<Key> &keys)
{
    // Bins lie all over the list: they are fetched a little before they are needed.
    constexpr std::size_t ahead = 24;
    m_loads.resize(keys.size());
    m_order.resize(keys.size());
    m_sums.reserve(keys.size() / sumStride + 1);
    const RateScale scale = m_scale; // a copy, which the writes below cannot change
    Sums sums;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i + ahead < keys.size())
            __builtin_prefetch(&m_bins[binIn(keys[i + ahead])]);
        if (i % sumStride == 0)
            m_sums.push_back(sums);
        const std::size_t place = binIn(keys[i]);
        m_order[i] = static_cast<std::uint32_t>(place);
        m_loads[i] = m_bins[place].load;
        sums.add(m_bins[place], scale);
    }
    if (keys.size() % sumStride == 0)
        m_sums.push_back(sums);
}

UInt128 LoadCurve::RateScale::rateOf(Int128 cost, std::int64_t load) const
{
    // Quotients are guessed in floating point and mended with exact remainders: four times as fast as a division of
    // 128 bits. What is left of the remainder is worth less than 2^-fractionBits of the quotient's last place.
    const auto upper = static_cast<std::int64_t>(cost >> costShift);
    const auto lower = static_cast<std::int64_t>(cost - (Int128{upper} << costShift));
    const double inverse = 1.0 / static_cast<double>(load);
    auto quotient = static_cast<std::int64_t>(static_cast<double>(upper) * upperScale * inverse);
    // The guess is wrong by less than 2^9, so that the remainder of a usual load fits into 64 bits.
    const std::int64_t rest = load < std::int64_t{1} << 53
                                  ? mended<std::int64_t, std::uint64_t>(quotient, upper, quotientShift, load, inverse)
                                  : mended<Int128, UInt128>(quotient, upper, quotientShift, load, inverse);
    // The lower bits of a cost are worth less than a unit of the quotient only in bins that are not much smaller than
    // the largest.
    double fraction = (static_cast<double>(rest) + static_cast<double>(lower) * lowerScale) * inverse;
    const auto further = static_cast<std::int64_t>(fraction);
    fraction -= static_cast<double>(further);
    constexpr auto wholeFraction = static_cast<double>(std::int64_t{1} << fractionBits);
    return (static_cast<UInt128>(quotient + further) << fractionBits)
           + static_cast<UInt128>(static_cast<std::int64_t>(fraction * wholeFraction));
}

void LoadCurve::Sums::add(const LoadBin &bin, const RateScale &scale)
{
    cost += bin.cost;
    rate += scale.rateOf(bin.cost, bin.load);
    load += bin.load;
}

LoadCurve::Sums LoadCurve::sumsOf(std::size_t bins) const
{
    if (m_sums.empty())
        return {};
    Sums sums = m_sums[bins / sumStride];
    for (std::size_t i = bins / sumStride * sumStride; i < bins; ++i)
        sums.add(m_bins[m_order[i]], m_scale);
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
    const unsigned rateBits = m_scale.quotientShift + fractionBits;
    const auto served = static_cast<Int128>(
        rateBits >= m_scale.costShift
            ? scaledProduct(sums.rate, static_cast<UInt128>(capacity), rateBits - m_scale.costShift)
            : scaledProduct(sums.rate, static_cast<UInt128>(capacity) << (m_scale.costShift - rateBits), 0));
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
