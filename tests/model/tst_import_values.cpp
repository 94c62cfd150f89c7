// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/date_text.h"
#include "model/import/number_text.h"
#include "model/import/tag_text.h"

#include <QTest>

using namespace perunit;

class TestImportValues : public QObject
{
    Q_OBJECT
private slots:
    void amounts_data();
    void amounts();
    void columnsDecideTheirMarks_data();
    void columnsDecideTheirMarks();
    void fileAndDelimiterHelp();
    void mixedColumnsReadOnlyTheUnambiguous();
    void wholeNumbers_data();
    void wholeNumbers();
    void nullWords_data();
    void nullWords();
    void times_data();
    void times();
    void refusedTimes_data();
    void refusedTimes();
    void columnsDecideTheirDates();
    void roundedAmountsAreCounted();
    void readsTags_data();
    void readsTags();
};

Q_DECLARE_METATYPE(perunit::NumberStyle)
Q_DECLARE_METATYPE(perunit::DateOrder)

void TestImportValues::amounts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<NumberStyle>("style");
    QTest::addColumn<QString>("expected"); // "!" for an error
    const auto point = NumberStyle::PointDecimal;
    const auto comma = NumberStyle::CommaDecimal;
    QTest::newRow("plain") << "12.5" << point << "12.5";
    QTest::newRow("24 decimals") << "0.123456789012345678901234" << point << "0.123456789012345678901234";
    QTest::newRow("dollars, grouped, trailing blank") << "$10,000.00 " << point << "10000";
    QTest::newRow("parentheses") << "($1.76)" << point << "-1.76";
    QTest::newRow("minus sign U+2212") << QString::fromUtf8("\xE2\x88\x92"
                                                            "1.76")
                                       << point << "-1.76";
    QTest::newRow("minus behind") << "1.76-" << point << "-1.76";
    QTest::newRow("minus before the sign") << "-$5" << point << "-5";
    QTest::newRow("minus behind the sign") << "$-5" << point << "-5";
    QTest::newRow("currency code before") << "USD 1,234.50" << point << "1234.5";
    QTest::newRow("currency code behind") << "1,234.50 EUR" << point << "1234.5";
    QTest::newRow("scientific") << "1.2E+07" << point << "12000000";
    QTest::newRow("small scientific") << "4.37E-03" << point << "0.00437";
    QTest::newRow("float tail") << "0.4272621300000001" << point << "0.4272621300000001";
    QTest::newRow("german") << "1.012,30" << comma << "1012.3";
    QTest::newRow("german thousands") << "8.400.000" << comma << "8400000";
    QTest::newRow("german negative") << "-1,76" << comma << "-1.76";
    QTest::newRow("french narrow blanks") << QString::fromUtf8("1\xE2\x80\xAF"
                                                               "012,30\xC2\xA0\xE2\x82\xAC")
                                          << comma << "1012.3";
    QTest::newRow("swiss apostrophe") << "1'012.30" << point << "1012.3";
    QTest::newRow("thousands in wrong groups") << "10,00.5" << point << "!";
    QTest::newRow("letters") << "abc" << point << "!";
    QTest::newRow("two points") << "1.2.3" << point << "!";
    QTest::newRow("percent") << "5%" << point << "!";
    QTest::newRow("hexadecimal") << "0x10" << point << "!";
    QTest::newRow("lone sign") << "$" << point << "!";
    QTest::newRow("too large") << "1e30" << point << "!";
    QTest::newRow("no value") << " NULL " << point << "none";
}

void TestImportValues::amounts()
{
    QFETCH(QString, text);
    QFETCH(NumberStyle, style);
    QFETCH(QString, expected);
    std::int64_t rounded = 0;
    const auto amount = parseAmount(text.toStdString(), style, rounded);
    const QString got = !amount.ok() ? QStringLiteral("!")
                        : *amount    ? QString::fromStdString((*amount)->text())
                                     : QStringLiteral("none");
    QCOMPARE(got, expected);
    QCOMPARE(rounded, 0);
}

void TestImportValues::roundedAmountsAreCounted()
{
    std::int64_t rounded = 0;
    const auto amount = parseAmount("2.100000000000000000000000000001", NumberStyle::PointDecimal, rounded);
    QVERIFY(amount.ok());
    QCOMPARE((*amount)->text(), std::string("2.1"));
    QCOMPARE(rounded, 1);
    QVERIFY(parseAmount("2.100000000000000000000000000000", NumberStyle::PointDecimal, rounded).ok());
    QCOMPARE(rounded, 1);
}

void TestImportValues::columnsDecideTheirMarks_data()
{
    QTest::addColumn<QStringList>("values");
    QTest::addColumn<NumberStyle>("style");
    QTest::addColumn<bool>("warns");
    QTest::newRow("two marks") << QStringList{"1.234", "1.234,56"} << NumberStyle::CommaDecimal << false;
    QTest::newRow("two marks, point last") << QStringList{"1,234", "1,234.56"} << NumberStyle::PointDecimal << false;
    QTest::newRow("short group") << QStringList{"1,234", "0,5"} << NumberStyle::CommaDecimal << false;
    QTest::newRow("leading zero") << QStringList{"1,234", "0,125"} << NumberStyle::CommaDecimal << false;
    QTest::newRow("many groups") << QStringList{"8.400.000"} << NumberStyle::CommaDecimal << false;
    QTest::newRow("many groups with commas") << QStringList{"8,400,000"} << NumberStyle::PointDecimal << false;
    QTest::newRow("whole numbers") << QStringList{"12", "1234567"} << NumberStyle::PointDecimal << false;
    QTest::newRow("nothing settles it") << QStringList{"1.234", "5.678"} << NumberStyle::PointDecimal << true;
    QTest::newRow("both occur") << QStringList{"0,0043725", "4.37E-03"} << NumberStyle::PerValue << true;
    QTest::newRow("words do not count") << QStringList{"n/a", "a,b", ""} << NumberStyle::PointDecimal << false;
}

void TestImportValues::columnsDecideTheirMarks()
{
    QFETCH(QStringList, values);
    QFETCH(NumberStyle, style);
    QFETCH(bool, warns);
    NumberEvidence evidence;
    for (const QString &value : values)
        evidence.add(value.toStdString());
    const NumberDecision decision = decideNumbers(evidence, evidence, ',');
    QCOMPARE(decision.style, style);
    QCOMPARE(!decision.warning.empty(), warns);
}

void TestImportValues::fileAndDelimiterHelp()
{
    NumberEvidence unclear;
    unclear.add("1.234");
    NumberEvidence file = unclear;
    NumberEvidence other;
    other.add("18,48");
    file.add(other);
    QCOMPARE(decideNumbers(unclear, file, ',').style, NumberStyle::CommaDecimal);
    QVERIFY(decideNumbers(unclear, file, ',').warning.empty());
    const NumberDecision hinted = decideNumbers(unclear, unclear, ';');
    QCOMPARE(hinted.style, NumberStyle::CommaDecimal);
    QVERIFY(hinted.warning.find("1.234") != std::string::npos);
}

void TestImportValues::mixedColumnsReadOnlyTheUnambiguous()
{
    std::int64_t rounded = 0;
    const auto style = NumberStyle::PerValue;
    QCOMPARE((*parseAmount("0,0043725", style, rounded))->text(), std::string("0.0043725"));
    QCOMPARE((*parseAmount("4.37E-03", style, rounded))->text(), std::string("0.00437"));
    QVERIFY(!parseAmount("1.234", style, rounded).ok());
    QVERIFY(!parseAmount("1,234", style, rounded).ok());
    QCOMPARE((*parseAmount("1234", style, rounded))->text(), std::string("1234"));
}

void TestImportValues::wholeNumbers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << "5000"
                           << "5000";
    QTest::newRow("float without fraction") << "5000.0"
                                            << "5000";
    QTest::newRow("grouped") << "8,400,000"
                             << "8400000";
    QTest::newRow("scientific") << "1.2E+07"
                                << "12000000";
    QTest::newRow("negative") << "-3"
                              << "-3";
    QTest::newRow("largest") << "9223372036854775807"
                             << "9223372036854775807";
    QTest::newRow("one more") << "9223372036854775808"
                              << "!";
    QTest::newRow("fraction") << "5000.5"
                              << "!";
    QTest::newRow("empty") << ""
                           << "none";
    QTest::newRow("words") << "many"
                           << "!";
}

void TestImportValues::wholeNumbers()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto number = parseWhole(text.toStdString(), NumberStyle::PointDecimal);
    QCOMPARE(!number.ok() ? QStringLiteral("!")
             : *number    ? QString::number(**number)
                          : QStringLiteral("none"),
             expected);
}

void TestImportValues::nullWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isNull");
    for (const char *word : {"", "null", "NULL", " Null ", "N/A", "n/a", "-", "None", "NaN", "   "})
        QTest::newRow(*word ? word : "nothing") << QString::fromLatin1(word) << true;
    for (const char *word : {"0", "no", "-1", "nullable", "a"})
        QTest::newRow(word) << QString::fromLatin1(word) << false;
}

void TestImportValues::nullWords()
{
    QFETCH(QString, text);
    QFETCH(bool, isNull);
    QCOMPARE(isNullWord(text.toStdString()), isNull);
}

void TestImportValues::times_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<DateOrder>("order");
    QTest::addColumn<QString>("expected");
    const auto us = DateOrder::MonthFirst;
    const auto day = DateOrder::DayFirst;
    QTest::newRow("RFC 3339") << "2026-08-03T10:00:00.25Z" << us << "2026-08-03T10:00:00.250000Z";
    QTest::newRow("offset") << "2026-08-03T08:00:00+08:00" << us << "2026-08-03T00:00:00Z";
    QTest::newRow("without seconds") << "2026-07-03 01:00" << us << "2026-07-03T01:00:00Z";
    QTest::newRow("UTC in words") << "2026-08-03 07:00:00 UTC" << us << "2026-08-03T07:00:00Z";
    QTest::newRow("date") << "2026-08-03" << us << "2026-08-03T00:00:00Z";
    QTest::newRow("month") << "2026-08" << us << "2026-08-01T00:00:00Z";
    QTest::newRow("invoice month") << "202608" << us << "2026-08-01T00:00:00Z";
    QTest::newRow("compact date") << "20260803" << us << "2026-08-03T00:00:00Z";
    QTest::newRow("compact time") << "20260803101530" << us << "2026-08-03T10:15:30Z";
    QTest::newRow("slashes, year first") << "2026/08/03 10:00" << us << "2026-08-03T10:00:00Z";
    QTest::newRow("US") << "8/3/2026" << us << "2026-08-03T00:00:00Z";
    QTest::newRow("US, two digits") << "4/1/25" << us << "2025-04-01T00:00:00Z";
    QTest::newRow("US, afternoon") << "8/3/2026 1:05 PM" << us << "2026-08-03T13:05:00Z";
    QTest::newRow("US, midnight") << "8/3/2026 12:05 AM" << us << "2026-08-03T00:05:00Z";
    QTest::newRow("day first") << "3/8/2026 10:00" << day << "2026-08-03T10:00:00Z";
    QTest::newRow("points are day first") << "03.08.2026" << us << "2026-08-03T00:00:00Z";
    QTest::newRow("month by name") << "03-Aug-2026" << us << "2026-08-03T00:00:00Z";
    QTest::newRow("month by name, US") << "Aug 3, 2026" << us << "2026-08-03T00:00:00Z";
    QTest::newRow("epoch seconds") << "1745366400" << us << "2025-04-23T00:00:00Z";
    QTest::newRow("epoch seconds, fraction") << "1745366400.5" << us << "2025-04-23T00:00:00.500000Z";
    QTest::newRow("epoch milliseconds") << "1745366400123" << us << "2025-04-23T00:00:00.123000Z";
    QTest::newRow("epoch microseconds") << "1745366400123456" << us << "2025-04-23T00:00:00.123456Z";
    QTest::newRow("epoch nanoseconds") << "1745366400123456789" << us << "2025-04-23T00:00:00.123456Z";
    QTest::newRow("only the day can be above 12") << "13/8/2026" << DateOrder::PerValue << "2026-08-13T00:00:00Z";
    QTest::newRow("same number twice") << "8/8/2026" << DateOrder::PerValue << "2026-08-08T00:00:00Z";
}

void TestImportValues::times()
{
    QFETCH(QString, text);
    QFETCH(DateOrder, order);
    QFETCH(QString, expected);
    const auto time = parseTime(text.toStdString(), order);
    QVERIFY2(time.ok(), time.ok() ? "" : time.error().text().c_str());
    QCOMPARE(QString::fromStdString(formatInstant(*time)), expected);
}

void TestImportValues::refusedTimes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<DateOrder>("order");
    const auto us = DateOrder::MonthFirst;
    QTest::newRow("words") << "yesterday" << us;
    QTest::newRow("hour 30") << "2023-02-01T30:00:00Z" << us;
    QTest::newRow("month 13") << "13/8/2026" << us;
    QTest::newRow("February 30") << "2/30/2026" << us;
    QTest::newRow("seconds since the start of a trace") << "45" << us;
    QTest::newRow("empty") << "" << us;
    QTest::newRow("could be either") << "3/8/2026" << DateOrder::PerValue;
    QTest::newRow("13 o'clock PM") << "8/3/2026 13:05 PM" << us;
    QTest::newRow("an id") << "1.78575E+30" << us;
}

void TestImportValues::refusedTimes()
{
    QFETCH(QString, text);
    QFETCH(DateOrder, order);
    QVERIFY(!parseTime(text.toStdString(), order).ok());
}

void TestImportValues::columnsDecideTheirDates()
{
    const auto evidence = [](std::initializer_list<const char *> values) {
        DateEvidence result;
        for (const char *value : values)
            result.add(value);
        return result;
    };
    const DateEvidence none;
    QCOMPARE(decideDates(evidence({"3/8/2026", "13/8/2026"}), none).order, DateOrder::DayFirst);
    QCOMPARE(decideDates(evidence({"3/8/2026", "8/13/2026"}), none).order, DateOrder::MonthFirst);
    QCOMPARE(decideDates(evidence({"13/8/2026", "8/13/2026"}), none).order, DateOrder::PerValue);
    const DateDecision unclear = decideDates(evidence({"4/1/25"}), none);
    QCOMPARE(unclear.order, DateOrder::MonthFirst);
    QVERIFY(unclear.warning.find("4/1/25") != std::string::npos);
    const DateDecision helped = decideDates(evidence({"4/1/25"}), evidence({"4/1/25", "30/4/25"}));
    QCOMPARE(helped.order, DateOrder::DayFirst);
    QVERIFY(helped.warning.empty());
    QVERIFY(decideDates(evidence({"2026-08-03", "03.08.2026", "1745366400"}), none).warning.empty());
}

void TestImportValues::readsTags_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("object") << R"({"a": "1", " a": "2"})"
                            << "a=1; a=2";
    QTest::newRow("without braces") << R"("workload": "x","env": "prod")"
                                    << "workload=x;env=prod";
    QTest::newRow("list of pairs") << R"([{"key": "k", "value": "v"}])"
                                   << "k=v";
    QTest::newRow("numbers and flags") << R"({"n": 3, "b": true, "z": null})"
                                       << "n=3;b=true;z=";
    QTest::newRow("nested") << R"({"o": {"p": [1]}})"
                            << R"(o={"p":[1]})";
    QTest::newRow("null word") << "NULL"
                               << "";
    QTest::newRow("empty") << ""
                           << "";
    QTest::newRow("keys and addresses stay out") << R"({"api_key": "sk", "user_email": "a@b", "team": "t"})"
                                                 << "team=t";
    QTest::newRow("damaged") << "{bad_json"
                             << "!";
    QTest::newRow("other list") << "[1, 2]"
                                << "!";
}

void TestImportValues::readsTags()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto tags = parseTags(text.toStdString());
    QStringList parts;
    if (tags) {
        for (const auto &[key, value] : *tags)
            parts << QString::fromStdString(key + "=" + value);
    }
    QCOMPARE(tags ? parts.join(QLatin1Char(';')) : QStringLiteral("!"), expected);
}

QTEST_APPLESS_MAIN(TestImportValues)
#include "tst_import_values.moc"
