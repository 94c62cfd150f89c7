// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perunit::sample {

/// Random numbers that are the same on every machine: integers by splitmix64, and distributions made only of
/// additions, multiplications, divisions and square roots, which IEEE 754 defines to the last bit. The
/// distributions and mathematical functions of the standard library differ between implementations.
class Random
{
public:
    /// One sequence for each stream of a seed; streams do not influence each other.
    Random(std::uint64_t seed, std::uint64_t stream);

    std::uint64_t next();
    /// In (0, 1), never one of the ends.
    double uniform();
    /// Whole number in [low, high].
    std::int64_t whole(std::int64_t low, std::int64_t high);
    /// True with this many parts per million.
    bool chance(std::int64_t ppm);
    double normal();
    /// `median` × e^(sigma × normal).
    double logNormal(double median, double sigma);
    /// The same as a whole number, kept in [low, high].
    std::int64_t wholeLogNormal(double median, double sigma, std::int64_t low, std::int64_t high);
    /// `expected` rounded up or down so that the mean stays `expected`.
    std::int64_t around(double expected);
    /// Index of one of the weights, in proportion to them; the first one when they sum to nothing.
    std::size_t pick(const std::vector<std::int64_t> &weights);

private:
    std::uint64_t m_state;
};

/// The `weight` of each item, for Random::pick().
template <typename Items>
std::vector<std::int64_t> weightsOf(const Items &items)
{
    std::vector<std::int64_t> weights;
    weights.reserve(items.size());
    for (const auto &item : items)
        weights.push_back(item.weight);
    return weights;
}

/// e^x, the same bits everywhere.
double exponential(double x);
/// ln x for x > 0, the same bits everywhere.
double logarithm(double x);

} // namespace perunit::sample
