// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/wide_integer.h"

#include <gmpxx.h>

#include <QTest>

#include <random>

using namespace perunit;

namespace {

/// A value of up to `limbs` 64-bit limbs, built in both kinds of integers from the same limbs. Limbs of all
/// ones and all zeros occur often: they are where carries and quotient guesses go wrong.
struct Pair {
    Wide wide;
    mpz_class big;
};

Pair randomPair(std::mt19937_64 &engine, int limbs)
{
    Pair result;
    for (int i = 0; i < limbs; ++i) {
        std::uint64_t limb = engine();
        if (engine() % 4 == 0)
            limb = ~std::uint64_t{0};
        else if (engine() % 4 == 0)
            limb = engine() % 3;
        Wide next = Wide::of(limb);
        next.addProduct(result.wide, UInt128{1} << 64);
        result.wide = next;
        result.big = (result.big << 64) + mpz_class(static_cast<unsigned long>(limb));
    }
    return result;
}

mpz_class bigOf(Wide value)
{
    std::string digits;
    while (!value.isZero())
        digits.insert(digits.begin(), static_cast<char>('0' + value.divideBy(std::uint64_t{10})));
    return mpz_class(digits.empty() ? "0" : digits);
}

mpz_class halfEven(const mpz_class &numerator, const mpz_class &denominator)
{
    mpz_class quotient = numerator / denominator;
    const mpz_class twice = 2 * (numerator - quotient * denominator);
    if (twice > denominator || (twice == denominator && mpz_odd_p(quotient.get_mpz_t())))
        ++quotient;
    return quotient;
}

} // namespace

class TestWideInteger : public QObject
{
    Q_OBJECT
private slots:
    void agreesWithGmp();
    void roundsTiesToEven();
    void marksOverflow();
};

void TestWideInteger::agreesWithGmp()
{
    std::mt19937_64 engine(7);
    for (int i = 0; i < 20000; ++i) {
        const Pair a = randomPair(engine, static_cast<int>(engine() % 6));
        Pair b = randomPair(engine, static_cast<int>(1 + engine() % 4));
        if (b.wide.isZero())
            b = {Wide::of(1), 1};
        QCOMPARE(bigOf(a.wide), a.big);
        QCOMPARE(a.wide.bitLength(), a.big == 0 ? std::size_t{0} : mpz_sizeinbase(a.big.get_mpz_t(), 2));
        QCOMPARE(a.wide < b.wide, a.big < b.big);
        QCOMPARE(a.wide == b.wide, a.big == b.big);

        Wide sum = a.wide;
        sum += b.wide;
        QCOMPARE(bigOf(sum), a.big + b.big);
        sum -= b.wide;
        QVERIFY(sum == a.wide);

        Wide product = a.wide;
        const auto factor = static_cast<UInt128>(engine()) << 64 | engine();
        product.addProduct(b.wide, factor);
        const mpz_class bigFactor = (mpz_class(static_cast<unsigned long>(factor >> 64)) << 64)
                                    + mpz_class(static_cast<unsigned long>(factor & ~std::uint64_t{0}));
        QCOMPARE(bigOf(product), a.big + b.big * bigFactor);
        Wide scaled = a.wide;
        const std::uint64_t small = engine() >> (engine() % 64);
        scaled *= small;
        QCOMPARE(bigOf(scaled), a.big * mpz_class(static_cast<unsigned long>(small)));

        Wide quotient = a.wide;
        const Wide rest = quotient.divideBy(b.wide);
        QCOMPARE(bigOf(quotient), a.big / b.big);
        QCOMPARE(bigOf(rest), a.big % b.big);
        QCOMPARE(bigOf(Wide::dividedHalfEven(a.wide, b.wide)), halfEven(a.big, b.big));
        QVERIFY(!product.overflowed());
    }
}

void TestWideInteger::roundsTiesToEven()
{
    const auto rounded = [](std::uint64_t a, std::uint64_t b) {
        return static_cast<std::int64_t>(*Wide::dividedHalfEven(Wide::of(a), Wide::of(b)).toInt128());
    };
    QCOMPARE(rounded(5, 10), 0);
    QCOMPARE(rounded(15, 10), 2);
    QCOMPARE(rounded(25, 10), 2);
    QCOMPARE(rounded(26, 10), 3);
    QCOMPARE(rounded(0, 10), 0);
    const Wide hundred = powerOfTen(2);
    QVERIFY(hundred == Wide::of(100));
    QVERIFY(Wide::dividedHalfEven(powerOfTen(60), powerOfTen(60)) == Wide::of(1));
}

void TestWideInteger::marksOverflow()
{
    Wide value = Wide::of(1);
    for (int i = 0; i < 767; ++i)
        value *= 2;
    QVERIFY(!value.overflowed());
    QCOMPARE(value.bitLength(), std::size_t{768});
    QVERIFY(!value.toInt128());
    Wide doubled = value;
    doubled *= 2;
    QVERIFY(doubled.overflowed());
    Wide added = value;
    added += value;
    QVERIFY(added.overflowed());
    Wide product;
    product.addProduct(value, 4);
    QVERIFY(product.overflowed());
    // Once wrong, never right again.
    product.divideBy(powerOfTen(100));
    QVERIFY(!product.toInt128());
    QVERIFY(!Wide::of(UInt128{1} << 127).toInt128());
    QVERIFY(Wide::of((UInt128{1} << 127) - 1).toInt128());
}

QTEST_APPLESS_MAIN(TestWideInteger)
#include "tst_wide_integer.moc"
