// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/price_unit.h"

#include <QTest>

using namespace perunit;
using enum UsageClass;

class TestPriceUnit : public QObject
{
    Q_OBJECT
private slots:
    void units_data();
    void units();
    void countsOfAClass_data();
    void countsOfAClass();
    void headers_data();
    void headers();
    void currencies_data();
    void currencies();
};

void TestPriceUnit::units_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("quantity"); // 0: no unit
    QTest::addColumn<QString>("noun");
    const auto row = [](const char *text, qint64 quantity, const char *noun) {
        QTest::newRow(text) << QString::fromUtf8(text) << quantity << noun;
    };
    row("1M tokens", 1'000'000, "token");
    row("per 1M", 1'000'000, "");
    row("USD per 1,000,000 tokens", 1'000'000, "token");
    row("$/1K tokens", 1000, "token");
    row("1k", 1000, "");
    row("per thousand", 1000, "");
    row("million tokens", 1'000'000, "token");
    row("mtok", 1'000'000, "token");
    row("/MTok", 1'000'000, "token");
    row("1 Mio. Token", 1'000'000, "token");
    row("token", 1, "token");
    row("per request", 1, "request");
    row("1000 calls", 1000, "request");
    row("1K searches", 1000, "search");
    row("page", 1, "page");
    row("pro Seite", 1, "page");
    row("hour", 1, "hour");
    row("1M characters", 1'000'000, "character");
    row("1M tokens / hour", 1'000'000, "token hour");
    row("", 0, "");
    row("furlong", 0, "");
    row("1M bananas", 0, "");
    row("0 tokens", 0, "");
}

void TestPriceUnit::units()
{
    QFETCH(QString, text);
    QFETCH(qint64, quantity);
    QFETCH(QString, noun);
    const auto unit = priceUnitIn(text.toStdString());
    QCOMPARE(unit.has_value(), quantity > 0);
    if (unit) {
        QCOMPARE(unit->quantity, quantity);
        QCOMPARE(unit->noun, noun.toStdString());
    }
}

void TestPriceUnit::countsOfAClass_data()
{
    QTest::addColumn<QString>("unit");
    QTest::addColumn<int>("usageClass");
    QTest::addColumn<qint64>("count"); // 0: does not fit
    QTest::newRow("tokens") << "1M tokens" << int(CacheRead) << qint64{1'000'000};
    QTest::newRow("bare quantity") << "1K" << int(Output) << qint64{1000};
    QTest::newRow("bare quantity of events") << "1K" << int(WebSearch) << qint64{1000};
    QTest::newRow("audio by the hour") << "hour" << int(AudioSeconds) << qint64{3600};
    QTest::newRow("audio by the minute") << "minute" << int(AudioSeconds) << qint64{60};
    QTest::newRow("audio by a bare quantity") << "1K" << int(AudioSeconds) << qint64{0};
    QTest::newRow("pages are no tokens") << "page" << int(Input) << qint64{0};
    QTest::newRow("tokens are no pages") << "1M tokens" << int(Page) << qint64{0};
    QTest::newRow("hours are no tokens") << "hour" << int(Input) << qint64{0};
    QTest::newRow("stored tokens") << "1M tokens per hour" << int(CacheStorage) << qint64{1'000'000};
    QTest::newRow("a month") << "month" << int(Request) << qint64{0};
}

void TestPriceUnit::countsOfAClass()
{
    QFETCH(QString, unit);
    QFETCH(int, usageClass);
    QFETCH(qint64, count);
    const auto known = priceUnitIn(unit.toStdString());
    QVERIFY(known.has_value());
    QCOMPARE(countPriced(*known, static_cast<UsageClass>(usageClass)).value_or(0), count);
}

void TestPriceUnit::headers_data()
{
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("what"); // tier, class and quantity, or empty when it is no price that is understood
    QTest::addColumn<QString>("currency");
    const auto row = [](const char *header, const char *what, const char *currency = "") {
        QTest::newRow(header) << QString::fromUtf8(header) << what << currency;
    };
    row("Input ($/1M tokens)", "input 1000000 token", "USD");
    row("price_per_1k_input", "input 1000");
    row("input_cost_per_token", "input 1 token");
    row("Output price per million", "output 1000000");
    row("Cached input (USD / 1M)", "cache_read 1000000", "USD");
    row("cache_read", "cache_read");
    row("Cache hits ($/MTok)", "cache_read 1000000 token", "USD");
    row("Cache write 5m ($/1M)", "cache_write_5m 1000000", "USD");
    row("5m cache writes, per MTok", "cache_write_5m 1000000 token");
    row("1h Cache Writes ($/MTok)", "cache_write_1h 1000000 token", "USD");
    row("cache_write_1h_per_1m", "cache_write_1h 1000000");
    row("Batch output ($/1M tokens)", "batch output 1000000 token", "USD");
    row("Preis pro 1 Mio. Token Eingabe (\xE2\x82\xAC)", "input 1000000 token", "EUR");
    row("Ausgabe \xE2\x82\xAC / 1K", "output 1000", "EUR");
    row("inputPricePerMTok", "input 1000000 token");
    row("Audio input per 1M tokens", "audio_in 1000000 token");
    row("Price per page", "page 1 page");
    row("USD per hour of audio", "audio_seconds 1 hour", "USD");
    row("Web search per 1K calls", "web_search 1000 request");
    row("Reasoning output ($/1M)", "reasoning 1000000", "USD");
    row("Embedding price / 1M tokens", "embedding 1000000 token");
    row("Image output ($ per 1M tokens)", "image_out 1000000 token", "USD");
    row("Max output tokens", "");
    row("Context window", "");
    row("Output speed (tokens per second)", "");
    row("Input and output", "");
}

void TestPriceUnit::headers()
{
    QFETCH(QString, header);
    QFETCH(QString, what);
    QFETCH(QString, currency);
    const PriceWords words = priceWordsIn(header.toStdString());
    std::string found;
    if (words.usageClass && words.understood) {
        found = (words.tier ? std::string(nameOf(*words.tier)) + " " : "") + std::string(nameOf(*words.usageClass));
        if (words.unit)
            found +=
                " " + std::to_string(words.unit->quantity) + (words.unit->noun.empty() ? "" : " " + words.unit->noun);
    }
    QCOMPARE(found, what.toStdString());
    QCOMPARE(words.currency, currency.toStdString());
}

void TestPriceUnit::currencies_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("code");
    QTest::newRow("dollar sign") << "$1.25"
                                 << "USD";
    QTest::newRow("euro sign") << QStringLiteral("1,25 €") << "EUR";
    QTest::newRow("code") << "CHF 3"
                          << "CHF";
    QTest::newRow("yen or yuan") << QStringLiteral("¥ 3") << "?";
    QTest::newRow("none") << "1.25"
                          << "";
}

void TestPriceUnit::currencies()
{
    QFETCH(QString, text);
    QFETCH(QString, code);
    QCOMPARE(currencyIn(text.toStdString()), code.toStdString());
}

QTEST_APPLESS_MAIN(TestPriceUnit)
#include "tst_price_unit.moc"
