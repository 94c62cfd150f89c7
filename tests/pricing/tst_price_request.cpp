// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/price_request.h"
#include "tests/support/catalogue_samples.h"

#include <QTest>

using namespace perunit;
using enum UsageClass;

namespace {

RequestToPrice requestFor(const char *provider, const char *model, const Usage &usage, const char *at = "2026-09-01")
{
    RequestToPrice request;
    request.provider = provider;
    request.model = model;
    request.at = *parseInstant(at);
    request.usage = usage;
    return request;
}

Usage usageOf(std::initializer_list<std::pair<UsageClass, std::int64_t>> counts)
{
    Usage usage;
    for (const auto &[usageClass, count] : counts)
        usage[usageClass] = count;
    return usage;
}

const PriceBook &bundledBook()
{
    static const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    return book;
}

} // namespace

class TestPriceRequest : public QObject
{
    Q_OBJECT
private slots:
    void goldenVectors_data();
    void goldenVectors();
    void bandIsACliffOnAllPromptTokens_data();
    void bandIsACliffOnAllPromptTokens();
    void priceOfItsOwnTime();
    void peakHours_data();
    void peakHours();
    void unknownModelIsNeverFree();
    void unpricedClassIsListed();
    void linesAddUpAndNameTheirRates();
    void requestFee();
    void provisionedIsCovered();
    void regionOfTheNameDecides();
};

void TestPriceRequest::goldenVectors_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QList<int>>("counts"); // input, cache_read, cache_write_5m, cache_write_1h, output
    QTest::addColumn<QString>("cost");
    QTest::newRow("Anthropic with a cache write")
        << "anthropic"
        << "claude-sonnet-4-20250514" << QList<int>{3, 0, 12304, 0, 550} << "0.054399";
    QTest::newRow("50,000 in and 15,000 out at 5/25")
        << "anthropic"
        << "claude-opus-4-5" << QList<int>{50000, 0, 0, 0, 15000} << "0.625";
    QTest::newRow("both lifetimes of the cache")
        << "anthropic"
        << "claude-opus-4-6" << QList<int>{3000, 7000, 15000, 5000, 1500} << "0.19975";
    QTest::newRow("cached prompt of OpenAI") << "openai"
                                             << "gpt-4o-2024-08-06" << QList<int>{325, 1024, 0, 0, 10} << "0.0021925";
    QTest::newRow("dated snapshot with its own price") << "openai"
                                                       << "gpt-4o-2024-05-13" << QList<int>{1000000, 0, 0, 0, 0} << "5";
    QTest::newRow("letter case") << "openai"
                                 << "GPT-4o-Mini" << QList<int>{10000, 0, 0, 0, 1000} << "0.0021";
    QTest::newRow("one token is exact to the femto-unit") << "openai"
                                                          << "gpt-5-nano" << QList<int>{0, 1, 0, 0, 0} << "0.000000005";
    QTest::newRow("nine digits of tokens") << "openai"
                                           << "o1-pro" << QList<int>{999999999, 0, 0, 0, 999999999} << "749999.99925";
}

void TestPriceRequest::goldenVectors()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QFETCH(QList<int>, counts);
    QFETCH(QString, cost);
    const Usage usage = usageOf({{Input, counts[0]},
                                 {CacheRead, counts[1]},
                                 {CacheWrite5m, counts[2]},
                                 {CacheWrite1h, counts[3]},
                                 {Output, counts[4]}});
    const PricedRequest priced =
        priceRequest(bundledBook(), requestFor(provider.toStdString().c_str(), model.toStdString().c_str(), usage));
    QVERIFY(priced.unpriced.empty());
    QCOMPARE(QString::fromStdString(priced.cost.text()), cost);
    for (const PricedLine &line : priced.lines)
        QVERIFY(line.state == PriceState::Priced);
}

void TestPriceRequest::bandIsACliffOnAllPromptTokens_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("input");
    QTest::addColumn<int>("cached");
    QTest::addColumn<QString>("cost");
    QTest::newRow("above: not yet at the threshold") << "above" << 200000 << 0 << "0.2";
    QTest::newRow("above: one more token changes all of them") << "above" << 200001 << 0 << "0.400002";
    QTest::newRow("above: cached tokens count") << "above" << 1 << 200000 << "0.040002";
    QTest::newRow("from: at the threshold") << "from" << 200000 << 0 << "0.4";
    QTest::newRow("from: below the threshold") << "from" << 199999 << 0 << "0.199999";
}

void TestPriceRequest::bandIsACliffOnAllPromptTokens()
{
    const PriceBook book = bookOf("["
                                  + modelText("openai", "above",
                                              R"([{"id":"a","per_million_tokens":{"input":"1","cache_read":"0.1"}},
                      {"id":"b","context":{"gt":200000},"per_million_tokens":{"input":"2","cache_read":"0.2"}}])")
                                  + ","
                                  + modelText("openai", "from",
                                              R"([{"id":"c","per_million_tokens":{"input":"1"}},
                      {"id":"d","context":{"gte":200000},"per_million_tokens":{"input":"2"}}])")
                                  + "]");
    QFETCH(QString, model);
    QFETCH(int, input);
    QFETCH(int, cached);
    QFETCH(QString, cost);
    const PricedRequest priced = priceRequest(
        book, requestFor("openai", model.toStdString().c_str(), usageOf({{Input, input}, {CacheRead, cached}})));
    QCOMPARE(QString::fromStdString(priced.cost.text()), cost);
}

void TestPriceRequest::priceOfItsOwnTime()
{
    const Usage usage = usageOf({{Input, 1000000}});
    const auto costAt = [&usage](const char *at) {
        return priceRequest(bundledBook(), requestFor("openai", "o3", usage, at)).cost.text();
    };
    QCOMPARE(costAt("2025-06-09T23:59:59.999999Z"), std::string("10"));
    QCOMPARE(costAt("2025-06-10"), std::string("2"));
    // An announced rise is no fact yet, a cancelled one never was.
    const auto flash = [&usage](const char *at) {
        return priceRequest(bundledBook(), requestFor("google", "gemini-3.7-flash", usage, at)).cost.text();
    };
    QCOMPARE(flash("2027-02-01"), std::string("0.75"));
    QCOMPARE(priceRequest(bundledBook(), requestFor("anthropic", "claude-sonnet-5", usage, "2026-10-01")).cost.text(),
             std::string("2"));
}

void TestPriceRequest::peakHours_data()
{
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("cost");
    QTest::newRow("before the change") << "2026-08-16T15:59:59Z"
                                       << "0.14";
    QTest::newRow("off-peak after it") << "2026-08-16T16:00:00Z"
                                       << "0.22";
    QTest::newRow("peak on a Saturday of the first week") << "2026-08-22T01:00:00Z"
                                                          << "0.44";
    QTest::newRow("no peak on a later Saturday") << "2026-08-29T01:00:00Z"
                                                 << "0.22";
    QTest::newRow("no peak on a Sunday") << "2026-08-30T09:00:00Z"
                                         << "0.22";
    QTest::newRow("peak on a Monday") << "2026-08-31T09:59:59Z"
                                      << "0.44";
    QTest::newRow("the end is exclusive") << "2026-08-31T10:00:00Z"
                                          << "0.22";
    QTest::newRow("between the peaks") << "2026-09-08T05:59:59Z"
                                       << "0.22";
    QTest::newRow("after the next change") << "2026-09-15T05:59:59Z"
                                           << "0.15";
}

void TestPriceRequest::peakHours()
{
    QFETCH(QString, at);
    QFETCH(QString, cost);
    const PricedRequest priced =
        priceRequest(bundledBook(), requestFor("deepseek", "deepseek-v4-flash", usageOf({{Input, 1000000}}),
                                               at.toStdString().c_str()));
    QCOMPARE(QString::fromStdString(priced.cost.text()), cost);
    QVERIFY(priced.lines.front().state == PriceState::Priced);
}

void TestPriceRequest::unknownModelIsNeverFree()
{
    const PricedRequest priced =
        priceRequest(bundledBook(), requestFor("openai", "gpt-9", usageOf({{Input, 10}, {Output, 5}, {Request, 1}})));
    QVERIFY(!priced.match.model.found());
    QVERIFY(priced.lines.empty());
    QCOMPARE(priced.unpriced, (std::vector<UsageClass>{Input, Output}));
    const PricedRequest call = priceRequest(bundledBook(), requestFor("openai", "gpt-9", usageOf({{Request, 1}})));
    QCOMPARE(call.unpriced, (std::vector<UsageClass>{Request}));
}

void TestPriceRequest::unpricedClassIsListed()
{
    const PriceBook book = bookOf(
        "[" + modelText("openai", "m", R"([{"id":"r","per_million_tokens":{"input":"1","output":null}}])") + "]");
    const PricedRequest priced =
        priceRequest(book, requestFor("openai", "m", usageOf({{Input, 1000}, {Output, 7}, {Page, 2}})));
    QCOMPARE(priced.unpriced, (std::vector<UsageClass>{Output, Page}));
    QCOMPARE(priced.cost.text(), std::string("0.001"));
    // Outside of every validity nothing has a price.
    const PriceBook later = bookOf(
        "[" + modelText("openai", "m", R"([{"id":"r","valid_from":"2027-01-01","per_million_tokens":{"input":"1"}}])")
        + "]");
    const PricedRequest early = priceRequest(later, requestFor("openai", "m", usageOf({{Input, 1000}})));
    QVERIFY(early.match.model.found());
    QCOMPARE(early.unpriced, (std::vector<UsageClass>{Input}));
}

void TestPriceRequest::linesAddUpAndNameTheirRates()
{
    RequestToPrice request = requestFor(
        "anthropic", "claude-sonnet-4-5",
        usageOf({{Input, 90000}, {CacheRead, 100000}, {CacheWrite5m, 60000}, {Output, 5000}, {WebSearch, 3}}));
    const PricedRequest priced = priceRequest(bundledBook(), request);
    Femto sum;
    for (const PricedLine &line : priced.lines) {
        sum += line.cost();
        QCOMPARE(line.entry, std::string("anthropic/claude-sonnet-4-5/over-200k"));
    }
    QCOMPARE(sum.text(), priced.cost.text());
    QCOMPARE(priced.cost.text(), std::string("1.1925")); // 1.1625 for the tokens, 0.03 for the searches
    request.tier = ServiceTier::Batch;
    QCOMPARE(priceRequest(bundledBook(), request).cost.text(), std::string("0.61125"));
}

void TestPriceRequest::requestFee()
{
    const PriceBook book =
        bookOf("["
               + modelText("perplexity", "fee",
                           R"([{"id":"f","per_million_tokens":{"input":"1"},"per_event":{"request":"0.005"}}])")
               + "," + modelText("perplexity", "plain", R"([{"id":"p","per_million_tokens":{"input":"1"}}])") + "]");
    QCOMPARE(priceRequest(book, requestFor("perplexity", "fee", usageOf({{Input, 1000}}))).cost.text(),
             std::string("0.006"));
    QCOMPARE(priceRequest(book, requestFor("perplexity", "fee", usageOf({{Input, 1000}, {Request, 3}}))).cost.text(),
             std::string("0.016"));
    QVERIFY(priceRequest(book, requestFor("perplexity", "fee", {})).cost.isZero());
    const PricedRequest plain =
        priceRequest(book, requestFor("perplexity", "plain", usageOf({{Input, 1000}, {Request, 1}})));
    QVERIFY(plain.unpriced.empty());
    QCOMPARE(plain.lines.size(), std::size_t{1});
}

void TestPriceRequest::provisionedIsCovered()
{
    RequestToPrice request = requestFor("azure", "gpt-4.1", usageOf({{Input, 1000}, {Output, 10}}));
    request.tier = ServiceTier::Provisioned;
    const PricedRequest priced = priceRequest(bundledBook(), request);
    QVERIFY(priced.cost.isZero());
    QVERIFY(priced.unpriced.empty());
    for (const PricedLine &line : priced.lines)
        QVERIFY(line.state == PriceState::Covered);
}

void TestPriceRequest::regionOfTheNameDecides()
{
    const Usage usage = usageOf({{Input, 1000000}});
    const auto cost = [&usage](const char *model, const char *region) {
        RequestToPrice request = requestFor("bedrock", model, usage);
        request.region = region;
        return priceRequest(bundledBook(), request).cost.text();
    };
    QCOMPARE(cost("global.anthropic.claude-opus-4-8", ""), std::string("5"));
    QCOMPARE(cost("us.anthropic.claude-opus-4-8", "global"), std::string("5.5"));
    QCOMPARE(cost("anthropic.claude-opus-4-8", ""), std::string("5.5"));
    QCOMPARE(cost("anthropic.claude-opus-4-8", "Global"), std::string("5"));
    QCOMPARE(cost("anthropic.claude-opus-4-8", "us-east-1"), std::string("5.5"));
}

QTEST_APPLESS_MAIN(TestPriceRequest)
#include "tst_price_request.moc"
