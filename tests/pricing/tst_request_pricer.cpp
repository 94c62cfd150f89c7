// SPDX-License-Identifier: GPL-3.0-or-later
// RequestPricer remembers; whatever it remembers must be what priceRequest() works out afresh.
#include "pricing/charge/request_pricer.h"
#include "tests/support/catalogue_samples.h"

#include <QTest>

#include <random>

using namespace perunit;

namespace {

bool same(const PricedRequest &a, const PricedRequest &b)
{
    const auto sameLine = [](const PricedLine &x, const PricedLine &y) {
        return x.usageClass == y.usageClass && x.count == y.count && x.femtoEach == y.femtoEach && x.state == y.state
               && x.entry == y.entry;
    };
    return a.match.model == b.match.model && a.match.rule == b.match.rule && a.match.detail == b.match.detail
           && a.match.region == b.match.region && a.model == b.model && a.provider == b.provider
           && a.unpriced == b.unpriced && a.cost == b.cost
           && std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end(), sameLine);
}

RequestToPrice requestOf(const char *model, const char *at, std::int64_t input,
                         ServiceTier tier = ServiceTier::Standard, const char *region = "")
{
    RequestToPrice request;
    request.provider = "openai";
    request.model = model;
    request.region = region;
    request.at = *parseInstant(at);
    request.tier = tier;
    request.usage[UsageClass::Input] = input;
    return request;
}

} // namespace

class TestRequestPricer : public QObject
{
    Q_OBJECT
private slots:
    void conditionsAreToldApart_data();
    void conditionsAreToldApart();
    void agreesOnTheBundledCatalogue();
};

void TestRequestPricer::conditionsAreToldApart_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("at");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<QString>("tier");
    QTest::addColumn<QString>("region");
    QTest::addColumn<QString>("cost");
    const auto row = [](const char *name, const char *model, const char *at, qint64 input, const char *tier,
                        const char *region, const char *cost) {
        QTest::newRow(name) << model << at << input << tier << region << cost;
    };
    row("before the change", "a", "2026-05-31T23:59:59Z", 1'000'000, "standard", "", "10");
    row("from the change", "a", "2026-06-01T00:00:00Z", 1'000'000, "standard", "", "5");
    row("before the first price", "a", "2024-12-31", 1'000'000, "standard", "", "0");
    row("alias", "a-latest", "2026-06-01", 1'000'000, "standard", "", "5");
    row("batch", "a", "2026-06-01", 1'000'000, "batch", "", "2.5");
    row("region", "a", "2026-06-01", 1'000'000, "standard", "eu", "5.5");
    row("short prompt", "long", "2026-06-01", 200'000, "standard", "", "0.2");
    row("long prompt", "long", "2026-06-01", 200'001, "standard", "", "0.400002");
    row("outside the window", "peak", "2026-06-01T00:59:59Z", 1'000'000, "standard", "", "1");
    row("inside the window", "peak", "2026-06-01T01:00:00Z", 1'000'000, "standard", "", "2");
    row("after the window", "peak", "2026-06-01T04:00:00Z", 1'000'000, "standard", "", "1");
    row("weekend", "peak", "2026-06-06T02:00:00Z", 1'000'000, "standard", "", "1");
    row("last instant of a year", "turn", "2025-12-31T23:59:59Z", 1'000'000, "standard", "", "1");
    row("first instant of a year", "turn", "2026-01-01T00:00:00Z", 1'000'000, "standard", "", "2");
    row("unknown", "nobody", "2026-06-01", 1'000'000, "standard", "", "0");
}

void TestRequestPricer::conditionsAreToldApart()
{
    QFETCH(QString, model);
    QFETCH(QString, at);
    QFETCH(qint64, input);
    QFETCH(QString, tier);
    QFETCH(QString, region);
    QFETCH(QString, cost);
    static const PriceBook book = bookOf(
        "["
        + modelText(
            "openai", "a",
            R"([{"id":"a1","valid_from":"2025-01-01","valid_to":"2026-06-01","per_million_tokens":{"input":"10"}},
            {"id":"a2","valid_from":"2026-06-01","per_million_tokens":{"input":"5"}},
            {"id":"a3","valid_from":"2026-06-01","tier":"batch","per_million_tokens":{"input":"2.5"}},
            {"id":"a4","valid_from":"2026-06-01","region":"eu","per_million_tokens":{"input":"5.5"}}])",
            R"(["a-latest"])")
        + "," + modelText("openai", "long", R"([{"id":"l1","per_million_tokens":{"input":"1"}},
            {"id":"l2","context":{"gt":200000},"per_million_tokens":{"input":"2"}}])")
        + "," + modelText("openai", "peak", R"([{"id":"p1","per_million_tokens":{"input":"1"}},
            {"id":"p2","daily_utc":{"weekdays":[1,2,3,4,5],"from":"01:00","to":"04:00"},"per_million_tokens":{"input":"2"}}])")
        + "," + modelText("openai", "turn", R"([{"id":"t1","valid_to":"2026-01-01","per_million_tokens":{"input":"1"}},
            {"id":"t2","valid_from":"2026-01-01","per_million_tokens":{"input":"2"}}])")
        + "]");
    // One pricer sees all rows in turn, and each twice.
    static RequestPricer pricer(book);
    const RequestToPrice request =
        requestOf(qPrintable(model), qPrintable(at), input, *serviceTierNamed(tier.toStdString()), qPrintable(region));
    for (int time = 0; time < 2; ++time) {
        const PricedRequest priced = pricer.price(request);
        QCOMPARE(priced.cost.text(), cost.toStdString());
        QVERIFY(same(priced, priceRequest(book, request)));
    }
}

void TestRequestPricer::agreesOnTheBundledCatalogue()
{
    const PriceBook book({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    RequestPricer pricer(book);
    std::mt19937 random(7); // the same requests in every run
    const auto below = [&random](std::size_t count) {
        return static_cast<std::size_t>(random()) % count;
    };
    const std::array<const char *, 4> regions{"", "eu", "us", "global"};
    for (int i = 0; i < 20'000; ++i) {
        const CatalogueModel &model = book.model({static_cast<std::int32_t>(below(book.modelCount()))});
        RequestToPrice request;
        request.provider = below(5) == 0 ? "" : model.key.provider;
        request.model = model.key.model + (below(10) == 0 ? "-20260101" : "");
        request.region = regions[below(regions.size())];
        request.tier = static_cast<ServiceTier>(below(serviceTierCount));
        request.at = {parseInstant("2024-01-01")->micros
                      + static_cast<std::int64_t>(below(3 * 365 * 24)) * microsPerHour};
        for (int classes = 0; classes < 4; ++classes)
            request.usage.counts[below(usageClassCount)] = static_cast<std::int64_t>(below(400'000));
        QVERIFY2(same(pricer.price(request), priceRequest(book, request)), request.model.c_str());
    }
}

QTEST_APPLESS_MAIN(TestRequestPricer)
#include "tst_request_pricer.moc"
