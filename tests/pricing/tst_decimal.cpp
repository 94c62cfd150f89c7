// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/base/decimal.h"
#include "pricing/base/instant.h"

#include <QTest>

using namespace perunit;

class TestDecimal : public QObject
{
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void showsFixedDigits();
    void readsInstants_data();
    void readsInstants();
};

void TestDecimal::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("scale");
    QTest::addColumn<QString>("back");
    QTest::addColumn<bool>("rounded");
    QTest::newRow("24 decimals of a real bill")
        << "29684.780682464855373934184" << 24 << "29684.780682464855373934184" << false;
    QTest::newRow("scientific") << "1.2E+07" << 24 << "12000000" << false;
    QTest::newRow("small scientific") << "2.5e-06" << 15 << "0.0000025" << false;
    QTest::newRow("negative") << "-0.125" << 3 << "-0.125" << false;
    QTest::newRow("tie goes to even, down") << "0.25" << 1 << "0.2" << true;
    QTest::newRow("tie goes to even, up") << "0.35" << 1 << "0.4" << true;
    QTest::newRow("just above a tie") << "0.2500001" << 1 << "0.3" << true;
    QTest::newRow("far below the last digit") << "1e-40" << 24 << "0" << true;
    QTest::newRow("half of the last digit") << "5e-25" << 24 << "0" << true;
    QTest::newRow("30 digits") << "0.123456789012345678901234567890" << 24 << "0.123456789012345678901235" << true;
    QTest::newRow("plus sign and leading zeros") << "+007.50" << 24 << "7.5" << false;
    QTest::newRow("point without digits after it") << "3." << 6 << "3" << false;
    QTest::newRow("zero") << "-0.000" << 24 << "0" << false;
}

void TestDecimal::reads()
{
    QFETCH(QString, text);
    QFETCH(int, scale);
    QFETCH(QString, back);
    QFETCH(bool, rounded);
    const auto result = parseDecimal(text.toStdString(), scale);
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(QString::fromStdString(formatDecimal(result->units, scale)), back);
    QCOMPARE(result->rounded, rounded);
}

void TestDecimal::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "-", "abc", "1,000", "1.2.3", "1e", "1e+", "1e++2", "0x10", " 1", "1 ", "$1", "1e400",
                             "999999999999999999999999999999999999999999"})
        QTest::newRow(text) << text;
}

void TestDecimal::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!parseDecimal(text.toStdString(), 24).ok());
}

void TestDecimal::showsFixedDigits()
{
    QCOMPARE(formatDecimalFixed(54399, 6, 4), std::string("0.0544"));
    QCOMPARE(formatDecimalFixed(54399, 6, 8), std::string("0.05439900"));
    QCOMPARE(formatDecimalFixed(-1500, 3, 0), std::string("-2"));
    QCOMPARE(formatDecimalFixed(12, 0, 2), std::string("12.00"));
}

void TestDecimal::readsInstants_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("back");
    QTest::newRow("date") << "2026-10-03"
                          << "2026-10-03T00:00:00Z";
    QTest::newRow("RFC 3339") << "2026-10-03T12:30:15Z"
                              << "2026-10-03T12:30:15Z";
    QTest::newRow("offset") << "2026-10-03T12:30:15+02:00"
                            << "2026-10-03T10:30:15Z";
    QTest::newRow("7 digits") << "2023-11-16 18:15:46.6805900"
                              << "2023-11-16T18:15:46.680590Z";
    QTest::newRow("no seconds") << "2023-11-13T10:00Z"
                                << "2023-11-13T10:00:00Z";
    QTest::newRow("UTC word") << "2026-08-03 07:00:00 UTC"
                              << "2026-08-03T07:00:00Z";
    QTest::newRow("before the epoch") << "1969-12-31T23:59:59.5Z"
                                      << "1969-12-31T23:59:59.500000Z";
}

void TestDecimal::readsInstants()
{
    QFETCH(QString, text);
    QFETCH(QString, back);
    const auto at = parseInstant(text.toStdString());
    QVERIFY(at.ok());
    QCOMPARE(QString::fromStdString(formatInstant(*at)), back);
    QVERIFY(!parseInstant("2026-02-30").ok());
    QVERIFY(!parseInstant("03/04/2026").ok());
}

QTEST_APPLESS_MAIN(TestDecimal)
#include "tst_decimal.moc"
