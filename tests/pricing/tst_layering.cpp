// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/layering.h"
#include "tests/support/catalogue_samples.h"

#include <QtTest>

using namespace perunit;
using enum UsageClass;

namespace {

CatalogueModel modelWith(const std::string &rates)
{
    return catalogueOf(catalogueText("[" + modelText("p", "m", "[" + rates + "]") + "]"))->models.front();
}

/// Price per million of a class in a tier at an instant and prompt length: "3", "3 assumed" or "-".
QString priceAt(const CatalogueModel &model, const char *at, UsageClass usageClass,
                ServiceTier tier = ServiceTier::Standard, const char *region = "", std::int64_t prompt = 1)
{
    auto catalogue = std::make_shared<Catalogue>();
    catalogue->models = {model};
    const PriceBook book({catalogue}, {});
    const RateCard card = book.rateCard({0}, tier, region, *parseInstant(at));
    const PriceBand *band = card.bandFor(prompt);
    const ClassPrice price = band ? band->prices[static_cast<std::size_t>(usageClass)] : ClassPrice{};
    if (price.state == PriceState::Unpriced)
        return "-";
    return QString::fromStdString(formatDecimal(static_cast<Int128>(price.femto) * 1'000'000, Femto::scale))
           + (price.state == PriceState::Assumed ? " assumed" : "");
}

} // namespace

class TestLayering : public QObject
{
    Q_OBJECT
private slots:
    void newPricesHoldFromTheirDayOn();
    void whatIsNotStatedGoesOn();
    void oneClassEndsWithoutTheOthers();
    void historyOfTheUpperOneCounts();
    void regionsAndHoursStayApart();
    void bandsThatAgreeToAThousandAreOne();
    void bandsAreWrittenAsTheUpperOneWritesThem();
    void theLowerOneComesBackAfterTheUpperOne();
    void overlappingHoursBelongToTheUpperOne();
    void snapshotsDoNotTakeTheOtherNames();
    void inPlace();
    void cancelledPricesDecideNothing();
    void announcedPricesBelowEndWhereANewOneBegins();
    void namesAndFactsAreKept();
};

void TestLayering::newPricesHoldFromTheirDayOn()
{
    const CatalogueModel model =
        laidOver(modelWith(R"({"id":"new","valid_from":"2026-11-21","per_million_tokens":{"input":"2"}})"),
                 modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}})"));
    QCOMPARE(priceAt(model, "2026-11-20T23:59:59Z", Input), QString("3"));
    QCOMPARE(priceAt(model, "2026-11-21", Input), QString("2"));
}

void TestLayering::whatIsNotStatedGoesOn()
{
    const CatalogueModel model = laidOver(
        modelWith(R"({"id":"new","valid_from":"2026-11-21","per_million_tokens":{"input":"2","output":"10"}})"),
        modelWith(R"({"id":"old","per_million_tokens":{"input":"3","output":"15","cache_read":"0.3"}},
                     {"id":"old/batch","tier":"batch","per_million_tokens":{"input":"1.5","output":"7.5"}})"));
    QCOMPARE(priceAt(model, "2026-11-21", Input), QString("2"));
    QCOMPARE(priceAt(model, "2026-11-21", CacheRead), QString("0.3"));
    QCOMPARE(priceAt(model, "2026-11-21", Input, ServiceTier::Batch), QString("1.5"));
    QCOMPARE(priceAt(model, "2026-11-21", Output, ServiceTier::Batch), QString("7.5"));
}

void TestLayering::oneClassEndsWithoutTheOthers()
{
    const CatalogueModel model = laidOver(
        modelWith(R"({"id":"a","valid_from":"2026-06-01","per_million_tokens":{"input":"2"}},
                     {"id":"b","valid_from":"2026-09-01","per_million_tokens":{"output":"9"}})"),
        modelWith(R"({"id":"old","valid_from":"2026-01-01","per_million_tokens":{"input":"3","output":"15"}})"));
    QCOMPARE(priceAt(model, "2025-12-31", Input), QString("-"));
    QCOMPARE(priceAt(model, "2026-05-31", Input), QString("3"));
    QCOMPARE(priceAt(model, "2026-06-01", Input), QString("2"));
    QCOMPARE(priceAt(model, "2026-06-01", Output), QString("15"));
    QCOMPARE(priceAt(model, "2026-08-31", Output), QString("15"));
    QCOMPARE(priceAt(model, "2026-09-01", Output), QString("9"));
    QCOMPARE(priceAt(model, "2026-09-01", Input), QString("2"));
}

void TestLayering::historyOfTheUpperOneCounts()
{
    const CatalogueModel model = laidOver(
        modelWith(R"({"id":"a","valid_from":"2026-02-01","valid_to":"2026-05-01","per_million_tokens":{"input":"4"}},
                     {"id":"b","valid_from":"2026-05-01","per_million_tokens":{"input":"2"}})"),
        modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}})"));
    QCOMPARE(priceAt(model, "2026-01-31", Input), QString("3"));
    QCOMPARE(priceAt(model, "2026-03-01", Input), QString("4"));
    QCOMPARE(priceAt(model, "2026-05-01", Input), QString("2"));
}

void TestLayering::regionsAndHoursStayApart()
{
    const CatalogueModel model = laidOver(modelWith(R"({"id":"new","per_million_tokens":{"input":"2"}})"),
                                          modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}},
                     {"id":"eu","region":"EU","per_million_tokens":{"input":"3.3"}},
                     {"id":"peak","daily_utc":{"from":"09:00","to":"10:00"},"per_million_tokens":{"input":"6"}})"));
    QCOMPARE(priceAt(model, "2026-11-21", Input), QString("2"));
    QCOMPARE(priceAt(model, "2026-11-21", Input, ServiceTier::Standard, "eu"), QString("3.3"));
    QCOMPARE(priceAt(model, "2026-11-21T09:30:00Z", Input), QString("6"));
}

void TestLayering::bandsThatAgreeToAThousandAreOne()
{
    const CatalogueModel model = laidOver(modelWith(R"({"id":"new","per_million_tokens":{"input":"2"}},
                     {"id":"new/long","context":{"gte":272000},"per_million_tokens":{"input":"4"}})"),
                                          modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}},
                     {"id":"old/long","context":{"gt":272000},"per_million_tokens":{"input":"6"}})"));
    QCOMPARE(priceAt(model, "2026-11-21", Input, ServiceTier::Standard, "", 271'999), QString("2"));
    QCOMPARE(priceAt(model, "2026-11-21", Input, ServiceTier::Standard, "", 272'000), QString("4"));
    QCOMPARE(priceAt(model, "2026-11-21", Input, ServiceTier::Standard, "", 272'001), QString("4"));
}

void TestLayering::bandsAreWrittenAsTheUpperOneWritesThem()
{
    // The lower band keeps a class that the upper one does not know; it must not be a second cliff without the rest.
    const CatalogueModel model =
        laidOver(modelWith(R"({"id":"new","valid_from":"2026-06-01","per_million_tokens":{"input":"2","output":"8"}},
                     {"id":"new/long","valid_from":"2026-06-01","context":{"gt":199999},
                      "per_million_tokens":{"input":"4","output":"16"}})"),
                 modelWith(R"({"id":"old","per_million_tokens":{"input":"3","output":"15","cache_write_1h":"6"}},
                     {"id":"old/long","context":{"gt":200000},
                      "per_million_tokens":{"input":"6","output":"22","cache_write_1h":"12"}},
                     {"id":"old/batch","tier":"batch","per_million_tokens":{"input":"1.5"}},
                     {"id":"old/batch/long","tier":"batch","context":{"gt":200000},
                      "per_million_tokens":{"input":"3"}})"));
    const auto standard = ServiceTier::Standard;
    QCOMPARE(priceAt(model, "2026-11-21", Input, standard, "", 250'000), QString("4"));
    QCOMPARE(priceAt(model, "2026-11-21", Output, standard, "", 250'000), QString("16"));
    QCOMPARE(priceAt(model, "2026-11-21", CacheWrite1h, standard, "", 250'000), QString("12"));
    QCOMPARE(priceAt(model, "2026-11-21", CacheWrite1h, standard, "", 200'000), QString("12"));
    QCOMPARE(priceAt(model, "2026-11-21", Input, ServiceTier::Batch, "", 200'000), QString("3"));
    QCOMPARE(priceAt(model, "2026-11-21", Output, ServiceTier::Batch, "", 250'000), QString("16 assumed"));
    // Before the upper one speaks, the lower one's own threshold holds.
    QCOMPARE(priceAt(model, "2026-01-01", Input, standard, "", 200'000), QString("3"));
    QCOMPARE(priceAt(model, "2026-01-01", Input, standard, "", 200'001), QString("6"));
}

void TestLayering::theLowerOneComesBackAfterTheUpperOne()
{
    const CatalogueModel model = laidOver(
        modelWith(R"({"id":"a","valid_from":"2026-02-01","valid_to":"2026-05-01","per_million_tokens":{"input":"4"}},
                     {"id":"b","valid_from":"2026-07-01","valid_to":"2026-08-01","per_million_tokens":{"input":"5"}})"),
        modelWith(R"({"id":"old","per_million_tokens":{"input":"3","cache_read":"0.3"}},
                     {"id":"old/2","valid_from":"2026-06-01","per_million_tokens":{"input":"2"}})"));
    QCOMPARE(priceAt(model, "2026-01-31", Input), QString("3"));
    QCOMPARE(priceAt(model, "2026-02-01", Input), QString("4"));
    QCOMPARE(priceAt(model, "2026-05-01", Input), QString("3"));
    QCOMPARE(priceAt(model, "2026-06-01", Input), QString("2"));
    QCOMPARE(priceAt(model, "2026-07-01", Input), QString("5"));
    QCOMPARE(priceAt(model, "2026-08-01", Input), QString("2"));
    QCOMPARE(priceAt(model, "2026-03-01", CacheRead), QString("0.3"));
}

void TestLayering::overlappingHoursBelongToTheUpperOne()
{
    const CatalogueModel model = laidOver(
        modelWith(R"({"id":"new","daily_utc":{"from":"09:00","to":"12:00"},"per_million_tokens":{"input":"4"}})"),
        modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}},
                     {"id":"peak","daily_utc":{"from":"08:00","to":"10:00"},"per_million_tokens":{"input":"6"}})"));
    QCOMPARE(priceAt(model, "2026-11-21T08:30:00Z", Input), QString("6"));
    QCOMPARE(priceAt(model, "2026-11-21T09:30:00Z", Input), QString("4"));
    QCOMPARE(priceAt(model, "2026-11-21T12:30:00Z", Input), QString("3"));
}

void TestLayering::snapshotsDoNotTakeTheOtherNames()
{
    CatalogueModel upper = modelWith(R"({"id":"new","per_million_tokens":{"input":"2"}})");
    upper.key.model = "m-2";
    CatalogueModel lower = modelWith(R"({"id":"old","per_million_tokens":{"input":"3","output":"15"}})");
    lower.aliases = {"m-1", "m-2"};
    const CatalogueModel model = laidOver(upper, lower);
    QVERIFY(model.aliases.empty());
    QCOMPARE(priceAt(model, "2026-11-21", Output), QString("15"));
}

void TestLayering::inPlace()
{
    const CatalogueModel model =
        perunit::inPlace(modelWith(R"({"id":"any","per_million_tokens":{"input":"3","output":"15"}},
                     {"id":"us","region":"us-geo","valid_from":"2026-02-01","per_million_tokens":{"input":"3.3"}},
                     {"id":"eu","region":"eu","per_million_tokens":{"input":"3.9"}})"),
                         "US_geo");
    QCOMPARE(priceAt(model, "2026-11-21", Input), QString("3.3"));
    QCOMPARE(priceAt(model, "2026-01-21", Input), QString("3"));
    QCOMPARE(priceAt(model, "2026-11-21", Output), QString("15"));
    QCOMPARE(priceAt(model, "2026-11-21", Input, ServiceTier::Standard, "eu"), QString("3.3"));
}

void TestLayering::cancelledPricesDecideNothing()
{
    const CatalogueModel model =
        laidOver(modelWith(R"({"id":"new","status":"cancelled","per_million_tokens":{"input":"2"}})"),
                 modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}})"));
    QCOMPARE(priceAt(model, "2026-11-21", Input), QString("3"));
}

void TestLayering::announcedPricesBelowEndWhereANewOneBegins()
{
    const CatalogueModel model =
        laidOver(modelWith(R"({"id":"new","valid_from":"2026-11-21","per_million_tokens":{"input":"2"}})"),
                 modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}},
                     {"id":"soon","valid_from":"2026-12-01","status":"announced","per_million_tokens":{"input":"9"}})"));
    QVERIFY(std::none_of(model.rates.begin(), model.rates.end(), [](const Rate &rate) { return rate.id == "soon"; }));
}

void TestLayering::namesAndFactsAreKept()
{
    CatalogueModel upper = modelWith(R"({"id":"new","per_million_tokens":{"input":"2"}})");
    upper.displayName.clear();
    CatalogueModel lower = modelWith(R"({"id":"old","per_million_tokens":{"input":"3"}})");
    lower.displayName = "Model M";
    lower.contextWindow = 200'000;
    lower.aliases = {"m-1", "M"};
    const CatalogueModel model = laidOver(upper, lower);
    QCOMPARE(model.displayName, std::string("Model M"));
    QCOMPARE(model.contextWindow, std::int64_t{200'000});
    QCOMPARE(model.aliases, std::vector<std::string>{"m-1"});
}

QTEST_APPLESS_MAIN(TestLayering)
#include "tst_layering.moc"
