// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/sample/random.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace perunit::sample {

namespace {

constexpr std::uint64_t goldenGamma = 0x9e3779b97f4a7c15ULL;
constexpr double ln2 = 0.693147180559945309417;

std::uint64_t mixed(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

double polynomial(double x, const std::array<double, 8> &coefficients)
{
    double result = 0;
    for (const double coefficient : coefficients)
        result = result * x + coefficient;
    return result;
}

/// Quantile of the standard normal distribution (Wichura, algorithm AS 241, about 16 digits).
double normalQuantile(double p)
{
    static constexpr std::array<double, 8> a{2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                                             45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                                             133.14166789178437745, 3.387132872796366608};
    static constexpr std::array<double, 8> b{
        5226.495278852545925,  28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
    static constexpr std::array<double, 8> c{7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
                                             1.27045825245236838258,   3.64784832476320460504,   5.7694972214606914055,
                                             4.6303378461565452959,    1.42343711074968357734};
    static constexpr std::array<double, 8> d{
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
        0.68976733498510000455,    1.6763848301838038494,   2.05319162663775882187,   1.0};
    static constexpr std::array<double, 8> e{
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
        0.29656057182850489123,    1.7848265399172913358,     5.4637849111641143699,    6.6579046435011037772};
    static constexpr std::array<double, 8> f{
        2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
        0.0148753612908506148525,   0.13692988092273580531,   0.59983220655588793769,   1.0};
    const double q = p - 0.5;
    if (std::fabs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q * polynomial(r, a) / polynomial(r, b);
    }
    const double r = std::sqrt(-logarithm(q < 0 ? p : 1.0 - p));
    const double size =
        r <= 5.0 ? polynomial(r - 1.6, c) / polynomial(r - 1.6, d) : polynomial(r - 5.0, e) / polynomial(r - 5.0, f);
    return q < 0 ? -size : size;
}

} // namespace

double exponential(double x)
{
    const double halves = std::floor(x / ln2 + 0.5);
    const double rest = x - halves * ln2;
    double term = 1;
    double sum = 1;
    for (int i = 1; i <= 18; ++i) {
        term = term * rest / i;
        sum += term;
    }
    return std::ldexp(sum, static_cast<int>(halves));
}

double logarithm(double x)
{
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent); // in [0.5, 1)
    // ln m = 2 artanh((m − 1) ÷ (m + 1)), a series that converges quickly for m near one.
    const double y = (mantissa - 1) / (mantissa + 1);
    const double square = y * y;
    double power = y;
    double sum = 0;
    for (int i = 1; i <= 37; i += 2) {
        sum += power / i;
        power *= square;
    }
    return 2 * sum + exponent * ln2;
}

Random::Random(std::uint64_t seed, std::uint64_t stream)
    : m_state(mixed(seed + goldenGamma) ^ mixed(stream * goldenGamma))
{}

std::uint64_t Random::next()
{
    m_state += goldenGamma;
    return mixed(m_state);
}

double Random::uniform()
{
    return (static_cast<double>(next() >> 12) + 0.5) / 4503599627370496.0; // 2^52
}

std::int64_t Random::whole(std::int64_t low, std::int64_t high)
{
    // The remainder favours small numbers by less than one in 10^13 for the ranges used here.
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
}

bool Random::chance(std::int64_t ppm)
{
    return whole(0, 999'999) < ppm;
}

double Random::normal()
{
    return normalQuantile(uniform());
}

double Random::logNormal(double median, double sigma)
{
    return median * exponential(sigma * normal());
}

std::int64_t Random::wholeLogNormal(double median, double sigma, std::int64_t low, std::int64_t high)
{
    return std::clamp(static_cast<std::int64_t>(std::llround(logNormal(median, sigma))), low, high);
}

std::int64_t Random::around(double expected)
{
    return static_cast<std::int64_t>(expected + uniform());
}

std::size_t Random::pick(const std::vector<std::int64_t> &weights)
{
    std::int64_t sum = 0;
    for (const std::int64_t weight : weights)
        sum += weight;
    if (sum <= 0)
        return 0;
    std::int64_t left = whole(0, sum - 1);
    std::size_t index = 0;
    while (left >= weights[index])
        left -= weights[index++];
    return index;
}

} // namespace perunit::sample
