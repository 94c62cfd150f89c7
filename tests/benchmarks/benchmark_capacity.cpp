// SPDX-License-Identifier: GPL-3.0-or-later
// Load curve and optimum of a year of minutes for ten models, beside a plain std::sort of the same loads in the same
// run.
#include "model/capacity/optimum.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

using namespace perunit;

namespace {

constexpr int models = 10;
constexpr int rounds = 7;
constexpr std::int64_t minutes = 366LL * 24 * 60;

LoadOfHorizon yearOf(unsigned seed)
{
    std::mt19937_64 random(seed);
    LoadOfHorizon load;
    load.capacityPerUnit = 3000 * loadPartsPerToken;
    load.binCount = minutes;
    load.bins.reserve(static_cast<std::size_t>(minutes));
    for (std::int64_t minute = 0; minute < minutes; ++minute) {
        const std::int64_t hour = minute / 60 % 24;
        const std::int64_t usual = hour >= 8 && hour < 18 ? 600'000 : 80'000;
        const auto tokens = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * usual)) + 1;
        load.bins.push_back({tokens * loadPartsPerToken, Int128{tokens} * 2'000'000'000'000'000'000});
    }
    return load;
}

double secondsOf(const std::function<void()> &work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main()
{
    std::vector<double> curves;
    std::vector<double> optima;
    std::vector<double> sorts;
    const UnitCost price{{{Int128{221} * 12 * 1'000'000'000'000'000, 1}}, {}};
    std::int64_t units = 0;
    for (int model = 0; model < models; ++model) {
        const LoadOfHorizon year = yearOf(static_cast<unsigned>(model) + 1);
        for (int round = 0; round < rounds; ++round) {
            LoadOfHorizon load = year;
            std::vector<std::int64_t> loads;
            for (const LoadBin &bin : year.bins)
                loads.push_back(bin.load);
            LoadCurve curve;
            curves.push_back(secondsOf([&] { curve = LoadCurve::make(std::move(load)).value(); }));
            optima.push_back(secondsOf([&] { units += optimum(curve, price, {15, 5}).units; }));
            sorts.push_back(secondsOf([&] { std::sort(loads.begin(), loads.end(), std::greater<>()); }));
        }
    }
    std::printf("%d models, %lld minutes each, median of %d rounds\n", models, static_cast<long long>(minutes), rounds);
    std::printf("load curve   %7.2f ms\n", median(curves) * 1e3);
    std::printf("optimum      %7.3f ms\n", median(optima) * 1e3);
    std::printf("std::sort    %7.2f ms   curve ÷ sort %.2f\n", median(sorts) * 1e3, median(curves) / median(sorts));
    std::printf("units %lld\n", static_cast<long long>(units));
    return 0;
}
