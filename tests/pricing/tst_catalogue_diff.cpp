// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_diff.h"
#include "tests/support/catalogue_samples.h"
#include "tests/support/shared_data.h"

#include <QtTest>

using namespace perunit;

namespace {

const Instant today = *parseInstant("2026-11-21");

std::string rateText(const std::string &id, const std::string &prices, const std::string &more = {})
{
    return R"({"id":")" + id + R"(",)" + (more.empty() ? "" : more + ",") + R"("per_million_tokens":{)" + prices + "}}";
}

std::shared_ptr<const Catalogue> named(const std::string &name, const std::string &models)
{
    auto catalogue = std::make_shared<Catalogue>(*catalogueOf(catalogueText(models)));
    catalogue->name = name;
    return catalogue;
}

} // namespace

class TestCatalogueDiff : public QObject
{
    Q_OBJECT
private slots:
    void newAndGoneModels();
    void changedPrices();
    void suspicious_data();
    void suspicious();
    void sameModelUnderAnotherName();
    void onlyWhatHoldsAtTheInstant();
    void bandsOfOneThousandAreOne();
    void conflictsNameTheirSources();
    void snapshotsOfOneCatalogueAreNoConflict();
    void booksAreComparedAfterLayering();
    void newEntriesAreComparedWithWhatTheirIdMeant();
    void twoEditionsOfLiteLlm();
};

void TestCatalogueDiff::newAndGoneModels()
{
    const auto before =
        catalogueOf(catalogueText("[" + modelText("p", "old", "[" + rateText("o", R"("input":"1")") + "]") + ","
                                  + modelText("p", "both", "[" + rateText("b", R"("input":"1")") + "]") + "]"));
    const auto after =
        catalogueOf(catalogueText("[" + modelText("p", "both", "[" + rateText("b", R"("input":"1")") + "]") + ","
                                  + modelText("p", "new", "[" + rateText("n", R"("input":"1")") + "]") + "]"));
    const CatalogueDiff diff = compareCatalogues(*before, *after, today);
    QCOMPARE(diff.newModels, (std::vector<ModelKey>{{"p", "new"}}));
    QCOMPARE(diff.goneModels, (std::vector<ModelKey>{{"p", "old"}}));
    QCOMPARE(diff.sameModels, std::size_t{1});
    QVERIFY(diff.changes.empty());
}

void TestCatalogueDiff::changedPrices()
{
    const auto before = catalogueOf(catalogueText(
        "[" + modelText("p", "m", "[" + rateText("r", R"("input":"3","output":"15","cache_read":"0.3")") + "]") + "]"));
    const auto after = catalogueOf(catalogueText(
        "[" + modelText("p", "m", "[" + rateText("r", R"("input":"2.5","output":"15","audio_in":"40")") + "]") + "]"));
    const CatalogueDiff diff = compareCatalogues(*before, *after, today);
    QCOMPARE(diff.changes.size(), std::size_t{3});
    QCOMPARE(diff.sameModels, std::size_t{0});
    const auto changeOf = [&diff](UsageClass usageClass) {
        return *std::find_if(diff.changes.begin(), diff.changes.end(),
                             [usageClass](const PriceChange &change) { return change.usageClass == usageClass; });
    };
    const PriceChange input = changeOf(UsageClass::Input);
    QCOMPARE(input.kind, PriceChangeKind::Changed);
    QCOMPARE(*input.beforeFemto, std::int64_t{3'000'000'000});
    QCOMPARE(*input.afterFemto, std::int64_t{2'500'000'000});
    QVERIFY(!input.suspicious);
    QCOMPARE(changeOf(UsageClass::CacheRead).kind, PriceChangeKind::Gone);
    QVERIFY(!changeOf(UsageClass::CacheRead).afterFemto);
    QCOMPARE(changeOf(UsageClass::AudioIn).kind, PriceChangeKind::New);
}

void TestCatalogueDiff::suspicious_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<bool>("expected");
    QTest::newRow("doubled") << "1"
                             << "2" << true;
    QTest::newRow("just below double") << "1"
                                       << "1.999999999" << false;
    QTest::newRow("halved") << "2"
                            << "1" << true;
    QTest::newRow("just above half") << "2"
                                     << "1.000000001" << false;
    QTest::newRow("becomes free") << "2"
                                  << "0" << true;
    QTest::newRow("was free") << "0"
                              << "0.1" << true;
}

void TestCatalogueDiff::suspicious()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(bool, expected);
    const auto catalogueWith = [](const QString &price) {
        return catalogueOf(catalogueText(
            "[" + modelText("p", "m", "[" + rateText("r", R"("input":")" + price.toStdString() + R"(")") + "]") + "]"));
    };
    const CatalogueDiff diff = compareCatalogues(*catalogueWith(before), *catalogueWith(after), today);
    QCOMPARE(diff.changes.size(), std::size_t{1});
    QCOMPARE(diff.changes.front().suspicious, expected);
}

void TestCatalogueDiff::sameModelUnderAnotherName()
{
    const auto before = catalogueOf(catalogueText(
        "[" + modelText("anthropic", "claude", "[" + rateText("r", R"("input":"3")") + "]", R"(["claude-20250929"])")
        + "]"));
    const auto after = catalogueOf(catalogueText(
        "[" + modelText("Anthropic", "Claude-20250929", "[" + rateText("x", R"("input":"4")") + "]") + "]"));
    const CatalogueDiff diff = compareCatalogues(*before, *after, today);
    QVERIFY(diff.newModels.empty());
    QVERIFY(diff.goneModels.empty());
    QCOMPARE(diff.changes.size(), std::size_t{1});
    QCOMPARE(diff.changes.front().beforeRate, std::string("r"));
    QCOMPARE(diff.changes.front().afterRate, std::string("x"));
}

void TestCatalogueDiff::onlyWhatHoldsAtTheInstant()
{
    const auto before = catalogueOf(
        catalogueText("["
                      + modelText("p", "m",
                                  "[" + rateText("a", R"("input":"3")", R"("valid_to":"2026-06-01")") + ","
                                      + rateText("b", R"("input":"2")", R"("valid_from":"2026-06-01")") + "]")
                      + "]"));
    const auto after =
        catalogueOf(catalogueText("["
                                  + modelText("p", "m",
                                              "[" + rateText("c", R"("input":"2")") + ","
                                                  + rateText("d", R"("input":"9")", R"("status":"announced")") + "]")
                                  + "]"));
    QVERIFY(compareCatalogues(*before, *after, today).changes.empty());
    const CatalogueDiff earlier = compareCatalogues(*before, *after, *parseInstant("2026-05-31"));
    QCOMPARE(earlier.changes.size(), std::size_t{1});
    QCOMPARE(*earlier.changes.front().beforeFemto, std::int64_t{3'000'000'000});
}

void TestCatalogueDiff::bandsOfOneThousandAreOne()
{
    const auto banded = [](const char *threshold, const char *price) {
        return catalogueOf(catalogueText("["
                                         + modelText("p", "m",
                                                     "[" + rateText("base", R"("input":"1")") + ","
                                                         + rateText("long", std::string(R"("input":")") + price + '"',
                                                                    std::string(R"("context":{)") + threshold + "}")
                                                         + "]")
                                         + "]"));
    };
    QVERIFY(compareCatalogues(*banded(R"("gt":272000)", "2"), *banded(R"("gte":272000)", "2"), today).changes.empty());
    QVERIFY(compareCatalogues(*banded(R"("gt":271999)", "2"), *banded(R"("gte":272000)", "2"), today).changes.empty());
    QCOMPARE(compareCatalogues(*banded(R"("gt":200000)", "2"), *banded(R"("gt":272000)", "2"), today).changes.size(),
             std::size_t{2});
}

void TestCatalogueDiff::conflictsNameTheirSources()
{
    const auto one =
        named("One", "[" + modelText("p", "m", "[" + rateText("r", R"("input":"3","output":"15")") + "]") + "]");
    const auto two =
        named("Two", "[" + modelText("p", "m", "[" + rateText("s", R"("input":"3","output":"12")") + "]") + "]");
    const auto three = named("Three", "[" + modelText("p", "n", "[" + rateText("t", R"("input":"3")") + "]") + "]");
    const auto conflicts = priceConflicts({one, two, three}, today);
    QCOMPARE(conflicts.size(), std::size_t{1});
    QCOMPARE(conflicts.front().usageClass, UsageClass::Output);
    QCOMPARE(conflicts.front().statements.size(), std::size_t{2});
    QCOMPARE(conflicts.front().statements[0].catalogue, std::string("One"));
    QCOMPARE(conflicts.front().statements[0].femto, std::int64_t{15'000'000'000});
    QCOMPARE(conflicts.front().statements[1].catalogue, std::string("Two"));
    QCOMPARE(conflicts.front().statements[1].femto, std::int64_t{12'000'000'000});
}

void TestCatalogueDiff::snapshotsOfOneCatalogueAreNoConflict()
{
    const auto one =
        named("One", "[" + modelText("p", "m", "[" + rateText("r", R"("input":"3")") + "]", R"(["m-2"])") + "]");
    const auto two = named("Two", "[" + modelText("p", "m", "[" + rateText("s", R"("input":"3")") + "]") + ","
                                      + modelText("p", "m-2", "[" + rateText("t", R"("input":"5")") + "]") + "]");
    QVERIFY(priceConflicts({one, two}, today).empty());
}

void TestCatalogueDiff::booksAreComparedAfterLayering()
{
    const auto base =
        catalogueOf(catalogueText("[" + modelText("p", "m", "[" + rateText("r", R"("input":"3")") + "]") + "]"));
    const auto top = catalogueOf(catalogueText(
        "[" + modelText("p", "m", "[" + rateText("s", R"("input":"2")", R"("valid_from":"2026-12-01")") + "]") + "]"));
    const PriceBook before({base}, {});
    const PriceBook after({base, top}, {});
    QVERIFY(comparePriceBooks(before, after, today).changes.empty());
    const CatalogueDiff diff = comparePriceBooks(before, after, *parseInstant("2026-12-01"));
    QCOMPARE(diff.changes.size(), std::size_t{1});
    QCOMPARE(*diff.changes.front().afterFemto, std::int64_t{2'000'000'000});
    QVERIFY(diff.goneModels.empty());
}

void TestCatalogueDiff::newEntriesAreComparedWithWhatTheirIdMeant()
{
    const auto lower = catalogueOf(
        catalogueText("["
                      + modelText("bedrock", "anthropic.m-v1:0",
                                  "[" + rateText("any", R"("input":"3","output":"15")") + ","
                                      + rateText("us", R"("input":"3.3","output":"16.5")", R"("region":"us")") + "]")
                      + "]"));
    const auto upper = catalogueOf(catalogueText(
        "[" + modelText("bedrock", "us.anthropic.m-v1:0", "[" + rateText("dear", R"("input":"33")") + "]") + ","
        + modelText("bedrock", "anthropic.n-v1:0", "[" + rateText("n", R"("input":"1")") + "]") + "]"));
    const CatalogueDiff diff = comparePriceBooks(PriceBook({lower}, {}), PriceBook({lower, upper}, {}), today);
    QCOMPARE(diff.newModels, (std::vector<ModelKey>{{"bedrock", "anthropic.n-v1:0"}}));
    QVERIFY(diff.goneModels.empty());
    QCOMPARE(diff.changes.size(), std::size_t{1});
    QCOMPARE(diff.changes[0].model, (ModelKey{"bedrock", "us.anthropic.m-v1:0"}));
    QCOMPARE(diff.changes[0].beforeFemto, std::optional<std::int64_t>{3'300'000'000});
    QCOMPARE(diff.changes[0].afterFemto, std::optional<std::int64_t>{33'000'000'000});
    QVERIFY(diff.changes[0].suspicious);
}

void TestCatalogueDiff::twoEditionsOfLiteLlm()
{
    REQUIRE_SHARED(sharedData("catalogues/litellm_model_prices_2026-03-15.json"));
    const auto read = [](const char *file) {
        QFile content(sharedData("catalogues/") + QString::fromLatin1(file));
        if (!content.open(QIODevice::ReadOnly))
            qFatal("%s cannot be read", file);
        auto result = readCatalogue(content.readAll().toStdString(), file);
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return std::move(result->catalogue);
    };
    const Catalogue march = read("litellm_model_prices_2026-03-15.json");
    const Catalogue august = read("litellm_model_prices_2026-08-01.json");
    const CatalogueDiff diff = compareCatalogues(march, august, today);
    QVERIFY(diff.newModels.size() > 200);
    QVERIFY(diff.sameModels > 1500);
    QVERIFY(!diff.changes.empty());
    // What is new one way is gone the other way.
    const CatalogueDiff back = compareCatalogues(august, march, today);
    for (const ModelKey &key : diff.newModels)
        QVERIFY2(std::count(back.goneModels.begin(), back.goneModels.end(), key) == 1, key.model.c_str());
}

QTEST_APPLESS_MAIN(TestCatalogueDiff)
#include "tst_catalogue_diff.moc"
