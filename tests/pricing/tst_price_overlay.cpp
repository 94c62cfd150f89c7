// SPDX-License-Identifier: GPL-3.0-or-later
// Terms of contracts: what they make of list prices, when, and how they are written down.
#include "pricing/base/decimal.h"
#include "pricing/charge/price_request.h"
#include "pricing/overlay/price_overlay.h"

#include "tests/support/catalogue_samples.h"

#include <QTest>

#include <limits>
#include <random>

using namespace perunit;
using enum UsageClass;

namespace {

constexpr Instant june = {1'780'272'000'000'000}; // 2026-06-01

PriceOverlay discount(std::int64_t ppm, const std::string &name = "a")
{
    PriceOverlay overlay;
    overlay.name = name;
    overlay.change = ppm;
    return overlay;
}

PriceOverlay markup(std::int64_t ppm, const std::string &name = "m")
{
    PriceOverlay overlay = discount(ppm, name);
    overlay.kind = OverlayKind::Markup;
    return overlay;
}

PriceOverlay fixedPrice(std::int64_t femto, std::vector<UsageClass> classes, const std::string &name = "f")
{
    PriceOverlay overlay = discount(0, name);
    overlay.kind = OverlayKind::FixedPrice;
    overlay.fixedFemto = femto;
    overlay.classes = std::move(classes);
    return overlay;
}

std::string rateText(const std::string &id, const std::string &prices, const std::string &more = "")
{
    return R"({"id":")" + id + R"(","per_million_tokens":)" + prices + more + "}";
}

/// p/alpha: base and long prices, a batch tier, a search fee. p/gap: input alone. p/bare: no rate at all.
std::vector<std::shared_ptr<const Catalogue>> layers()
{
    const std::string alpha =
        modelText("p", "alpha",
                  "["
                      + rateText("base", R"({"input":"3","cache_read":"0.3","output":"15","image_in":"0"})",
                                 R"(,"per_event":{"web_search":"0.01"})")
                      + "," + rateText("long", R"({"input":"6","output":"22.5"})", R"(,"context":{"gt":1000})") + ","
                      + rateText("batch", R"({"input":"1.5","output":"7.5"})", R"(,"tier":"batch")") + "]",
                  R"(["alpha-latest"])");
    const std::string gap = modelText("p", "gap", "[" + rateText("gap", R"({"input":"2"})") + "]");
    const std::string bare = modelText("p", "bare", "[]");
    const std::string other = modelText("openai", "alpha", "[" + rateText("o", R"({"input":"1","output":"4"})") + "]");
    return {catalogueOf(catalogueText("[" + alpha + "," + gap + "," + bare + "," + other + "]"))};
}

PriceBook bookWith(std::vector<PriceOverlay> overlays)
{
    return PriceBook(layers(), {}, std::move(overlays));
}

ClassPrice priceOf(const PriceBook &book, const char *model, UsageClass usageClass,
                   ServiceTier tier = ServiceTier::Standard, Instant at = june, std::int64_t prompt = 1)
{
    const RateCard card = book.rateCard(book.resolve("p", model).model, tier, "", at);
    const PriceBand *band = card.bandFor(prompt);
    return band ? band->prices[static_cast<std::size_t>(usageClass)] : ClassPrice{};
}

constexpr std::int64_t perMillion(std::int64_t milli)
{
    return milli * 1'000'000;
}

} // namespace

class TestPriceOverlay : public QObject
{
    Q_OBJECT
private slots:
    void contracted_data();
    void contracted();
    void contractedIsRoundedOnce();
    void contractedNeverOverflows();
    void appliesOnlyWhereItSays();
    void stateOfThePrice();
    void takenOverPricesFollowTheirLender();
    void reasoningIsOutput();
    void cliffsUnderAFixedPrice();
    void fixedPriceMakesATier();
    void datesAreInstantsOfChange();
    void digestKnowsTheTerms();
    void listBookIsTheBookWithoutTerms();
    void withoutTermsListIsThePrice();
    void pricedRequestShowsBoth();
    void unknownNames();
    void writtenAndReadAgain();
    void readsSingleOnesAndLists();
    void readErrors_data();
    void readErrors();
    void putReplacesByName();
    void textsForPeople();
};

void TestPriceOverlay::contracted_data()
{
    QTest::addColumn<qint64>("list");
    QTest::addColumn<QList<qint64>>("terms"); // negative: discount, positive: markup, above 10^9: fixed
    QTest::addColumn<qint64>("expected");
    QTest::newRow("none") << qint64{7} << QList<qint64>{} << qint64{7};
    QTest::newRow("an eighth off") << qint64{3'000'000'000} << QList<qint64>{-125'000} << qint64{2'625'000'000};
    QTest::newRow("half rounds down to even") << qint64{5} << QList<qint64>{-500'000} << qint64{2};
    QTest::newRow("half rounds up to even") << qint64{15} << QList<qint64>{-100'000} << qint64{14};
    QTest::newRow("above half") << qint64{3} << QList<qint64>{-499'999} << qint64{2};
    QTest::newRow("everything off") << qint64{123} << QList<qint64>{-1'000'000} << qint64{0};
    QTest::newRow("on top") << qint64{200} << QList<qint64>{55'000} << qint64{211};
    QTest::newRow("both") << qint64{1'000'000} << QList<qint64>{-100'000, 200'000} << qint64{1'080'000};
    // Rounded at every step it would be 6, 3, 2; it is 1.375.
    QTest::newRow("rounded at the end only") << qint64{11} << QList<qint64>{-500'000, -500'000, -500'000} << qint64{1};
    QTest::newRow("a fixed price forgets what was")
        << qint64{10} << QList<qint64>{-500'000, 2'000'000'000} << qint64{2'000'000'000};
    QTest::newRow("after a fixed price") << qint64{10} << QList<qint64>{2'000'000'000, -250'000}
                                         << qint64{1'500'000'000};
    QTest::newRow("the last fixed price")
        << qint64{10} << QList<qint64>{2'000'000'000, 3'000'000'000} << qint64{3'000'000'000};
}

void TestPriceOverlay::contracted()
{
    QFETCH(qint64, list);
    QFETCH(QList<qint64>, terms);
    QFETCH(qint64, expected);
    std::vector<PriceOverlay> overlays;
    for (const qint64 term : terms)
        overlays.push_back(term < 0               ? discount(-term)
                           : term < 1'000'000'000 ? markup(term)
                                                  : fixedPrice(term, {Input}));
    std::vector<const PriceOverlay *> applied;
    for (const PriceOverlay &overlay : overlays)
        applied.push_back(&overlay);
    QCOMPARE(contractedFemto(list, applied).value_or(-1), std::int64_t{expected});
}

/// Against the same product in one division of 128 bits.
void TestPriceOverlay::contractedIsRoundedOnce()
{
    std::mt19937_64 engine(5);
    for (int i = 0; i < 20'000; ++i) {
        const auto list = static_cast<std::int64_t>(engine() % (i % 2 ? 100 : 10'000'000'000'000));
        const std::array<PriceOverlay, 3> overlays{discount(static_cast<std::int64_t>(engine() % 1'000'001)),
                                                   markup(static_cast<std::int64_t>(engine() % 3'000'001)),
                                                   discount(static_cast<std::int64_t>(engine() % 21) * 50'000)};
        Int128 product = list;
        product *= onePpm - overlays[0].change;
        product *= onePpm + overlays[1].change;
        product *= onePpm - overlays[2].change;
        const Int128 expected = divideHalfEven(product, Int128{1'000'000'000'000} * 1'000'000);
        QCOMPARE(contractedFemto(list, {&overlays[0], &overlays[1], &overlays[2]}).value_or(-1),
                 static_cast<std::int64_t>(expected));
    }
}

void TestPriceOverlay::contractedNeverOverflows()
{
    const PriceOverlay dear = markup(largestMarkup);
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    QVERIFY(!contractedFemto(most, {&dear}));
    QVERIFY(!contractedFemto(most / 200, {&dear, &dear, &dear, &dear, &dear}));
    QCOMPARE(contractedFemto(most / 200, {&dear}).value_or(-1), most / 200 * 101);
    // Nor does a term that nobody should have let in make a wrong price.
    const PriceOverlay tooMuch = discount(onePpm + 1);
    const PriceOverlay below = markup(-1);
    const PriceOverlay debt = fixedPrice(-1, {Input});
    for (const PriceOverlay *wrong : {&tooMuch, &below, &debt})
        QVERIFY(!contractedFemto(1000, {wrong}));
    // A price that cannot be is no price, and never one that another class lends.
    const PriceBook book = bookWith({fixedPrice(most / 2, {Output}), markup(largestMarkup)});
    QCOMPARE(priceOf(book, "alpha", Output).state, PriceState::Unpriced);
    QCOMPARE(priceOf(book, "alpha", Reasoning).state, PriceState::Unpriced);
    QCOMPARE(priceOf(book, "alpha", AudioOut).state, PriceState::Unpriced);
}

void TestPriceOverlay::appliesOnlyWhereItSays()
{
    const auto inputUnder = [](PriceOverlay overlay, ServiceTier tier = ServiceTier::Standard) {
        return priceOf(bookWith({std::move(overlay)}), "alpha", Input, tier).femto;
    };
    PriceOverlay overlay = discount(500'000);
    QCOMPARE(inputUnder(overlay), perMillion(1500));
    overlay.provider = "P ";
    QCOMPARE(inputUnder(overlay), perMillion(1500));
    overlay.provider = "openai";
    QCOMPARE(inputUnder(overlay), perMillion(3000));
    overlay.provider = "";
    overlay.models = {"gap", "ALPHA"};
    QCOMPARE(inputUnder(overlay), perMillion(1500));
    overlay.models = {"alpha-latest"};
    QCOMPARE(inputUnder(overlay), perMillion(1500));
    overlay.models = {"alph"};
    QCOMPARE(inputUnder(overlay), perMillion(3000));
    overlay.models = {};
    overlay.classes = {Output};
    QCOMPARE(inputUnder(overlay), perMillion(3000));
    overlay.classes = {};
    overlay.tiers = {ServiceTier::Batch};
    QCOMPARE(inputUnder(overlay), perMillion(3000));
    QCOMPARE(inputUnder(overlay, ServiceTier::Batch), perMillion(750));
    overlay.tiers = {};
    overlay.enabled = false;
    QCOMPARE(inputUnder(overlay), perMillion(3000));
    QVERIFY(!bookWith({overlay}).hasOverlays());

    // Tokens by default; events only by name.
    QCOMPARE(priceOf(bookWith({discount(500'000)}), "alpha", WebSearch).femto, std::int64_t{10'000'000'000'000});
    overlay = discount(500'000);
    overlay.classes = {WebSearch};
    QCOMPARE(priceOf(bookWith({overlay}), "alpha", WebSearch).femto, std::int64_t{5'000'000'000'000});
    QVERIFY(overlay.appliesTo({"p", "alpha"}, WebSearch, ServiceTier::Standard, june));
    QVERIFY(!overlay.appliesTo({"p", "alpha"}, Input, ServiceTier::Standard, june));
}

void TestPriceOverlay::stateOfThePrice()
{
    const PriceBook half = bookWith({discount(500'000)});
    QCOMPARE(priceOf(half, "alpha", Input).state, PriceState::Priced);
    QCOMPARE(priceOf(half, "alpha", Input).listFemto, perMillion(3000));
    QCOMPARE(priceOf(half, "alpha", Input).rate, 0);
    QCOMPARE(priceOf(half, "alpha", ImageIn).state, PriceState::Free);
    QCOMPARE(priceOf(half, "alpha", ImageIn).overlaySet, -1);
    QCOMPARE(priceOf(half, "gap", Output).state, PriceState::Unpriced);
    QCOMPARE(priceOf(half, "gap", CacheRead).state, PriceState::Assumed);
    QCOMPARE(priceOf(half, "alpha", Input, ServiceTier::Provisioned).state, PriceState::Covered);

    const PriceBook gift = bookWith({discount(onePpm)});
    QCOMPARE(priceOf(gift, "alpha", Input).state, PriceState::Free);
    QCOMPARE(priceOf(gift, "alpha", Input).listState, PriceState::Priced);

    const PriceBook agreed = bookWith({fixedPrice(perMillion(4000), {Output, ImageIn, CacheRead})});
    const ClassPrice output = priceOf(agreed, "gap", Output);
    QCOMPARE(output.state, PriceState::Priced);
    QCOMPARE(output.femto, perMillion(4000));
    QCOMPARE(output.listState, PriceState::Unpriced);
    QCOMPARE(output.rate, -1);
    QCOMPARE(priceOf(agreed, "gap", AudioOut).state, PriceState::Assumed);
    QCOMPARE(priceOf(agreed, "gap", CacheRead).state, PriceState::Priced);
    QCOMPARE(priceOf(agreed, "alpha", ImageIn).state, PriceState::Priced);
    // Even a model that no rate prices has the price that was agreed.
    QCOMPARE(priceOf(agreed, "bare", Output).femto, perMillion(4000));
    QCOMPARE(priceOf(agreed, "bare", Input).state, PriceState::Unpriced);
    QVERIFY(
        !bookWith({}).rateCard(bookWith({}).resolve("p", "bare").model, ServiceTier::Standard, "", june).bandFor(1));
    QCOMPARE(priceOf(agreed, "alpha", Input, ServiceTier::Provisioned).femto, std::int64_t{0});
}

void TestPriceOverlay::takenOverPricesFollowTheirLender()
{
    PriceOverlay onInput = discount(500'000, "input");
    onInput.classes = {Input};
    // 5-minute writes of alpha have no price: they are input, and what was agreed for input.
    QCOMPARE(priceOf(bookWith({onInput}), "alpha", CacheWrite5m).femto, perMillion(1500));
    QCOMPARE(priceOf(bookWith({onInput}), "alpha", CacheWrite1h).femto, perMillion(1500));
    QCOMPARE(priceOf(bookWith({onInput}), "alpha", CacheWrite1h).state, PriceState::Assumed);
    QCOMPARE(priceOf(bookWith({onInput}), "alpha", CacheRead).femto, perMillion(300));
    // Once, not once for each of the two.
    QCOMPARE(priceOf(bookWith({discount(500'000)}), "alpha", CacheWrite1h).femto, perMillion(1500));
    PriceOverlay onWrites = discount(200'000, "writes");
    onWrites.classes = {CacheWrite5m};
    QCOMPARE(priceOf(bookWith({onInput, onWrites}), "alpha", CacheWrite5m).femto, perMillion(1200));
    QCOMPARE(priceOf(bookWith({onInput, onWrites}), "alpha", Input).femto, perMillion(1500));
}

void TestPriceOverlay::reasoningIsOutput()
{
    const PriceBook agreed = bookWith({fixedPrice(perMillion(9000), {Output})});
    QCOMPARE(priceOf(agreed, "alpha", Reasoning).femto, perMillion(9000));
    QCOMPARE(priceOf(agreed, "alpha", Reasoning).state, PriceState::Priced);
    const PriceBook apart =
        bookWith({fixedPrice(perMillion(9000), {Output}), fixedPrice(perMillion(2000), {Reasoning}, "r")});
    QCOMPARE(priceOf(apart, "alpha", Reasoning).femto, perMillion(2000));
    QCOMPARE(priceOf(apart, "alpha", Output).femto, perMillion(9000));
    RequestToPrice request{"p", "alpha", "", june, ServiceTier::Standard, {}};
    request.usage[Output] = 1'000'000;
    request.usage.reasoning = 400'000;
    QCOMPARE(QString::fromStdString(priceRequest(agreed, request).cost.text()), "9");
    QCOMPARE(QString::fromStdString(priceRequest(apart, request).cost.text()), "6.2");
}

void TestPriceOverlay::cliffsUnderAFixedPrice()
{
    const PriceBook book = bookWith({fixedPrice(perMillion(1000), {Input}), discount(100'000)});
    for (const std::int64_t prompt : {10, 5000})
        QCOMPARE(priceOf(book, "alpha", Input, ServiceTier::Standard, june, prompt).femto, perMillion(900));
    QCOMPARE(priceOf(book, "alpha", Output, ServiceTier::Standard, june, 10).femto, perMillion(13'500));
    QCOMPARE(priceOf(book, "alpha", Output, ServiceTier::Standard, june, 5000).femto, perMillion(20'250));
}

void TestPriceOverlay::fixedPriceMakesATier()
{
    PriceOverlay overlay = fixedPrice(perMillion(1000), {Input});
    const auto hasBatch = [&overlay] {
        const PriceBook book = bookWith({overlay});
        return book.hasTier(book.resolve("p", "gap").model, ServiceTier::Batch, "", june);
    };
    QVERIFY(!hasBatch());
    overlay.tiers = {ServiceTier::Batch};
    QVERIFY(hasBatch());
    overlay.valid.to = june;
    QVERIFY(!hasBatch());
}

void TestPriceOverlay::datesAreInstantsOfChange()
{
    PriceOverlay overlay = discount(500'000);
    overlay.valid = {june, {june.micros + microsPerDay}};
    const PriceBook book = bookWith({overlay});
    const auto at = [&book](std::int64_t micros) {
        return priceOf(book, "alpha", Input, ServiceTier::Standard, {june.micros + micros}).femto;
    };
    QCOMPARE(at(-1), perMillion(3000));
    QCOMPARE(at(0), perMillion(1500));
    QCOMPARE(at(microsPerDay - 1), perMillion(1500));
    QCOMPARE(at(microsPerDay), perMillion(3000));
    const ModelIndex alpha = book.resolve("p", "alpha").model;
    const Period around{{june.micros - microsPerDay}, {june.micros + 2 * microsPerDay}};
    QCOMPARE(book.changesWithin(alpha, around), (std::vector<Instant>{june, {june.micros + microsPerDay}}));
    QVERIFY(book.changesWithin(alpha, overlay.valid).empty());
    overlay.models = {"gap"};
    QVERIFY(bookWith({overlay}).changesWithin(alpha, around).empty());
}

void TestPriceOverlay::digestKnowsTheTerms()
{
    const PriceOverlay overlay = discount(500'000);
    const std::string digest = bookWith({overlay}).digest();
    QVERIFY(digest != bookWith({}).digest());
    PriceOverlay other = overlay;
    other.name = "another name";
    other.note = "and a note";
    QCOMPARE(bookWith({other}).digest(), digest);
    other.enabled = false;
    QCOMPARE(bookWith({other}).digest(), bookWith({}).digest());
    const auto differs = [&](auto change) {
        PriceOverlay changed = overlay;
        change(changed);
        return bookWith({changed}).digest() != digest;
    };
    QVERIFY(differs([](PriceOverlay &each) { each.change += 1; }));
    QVERIFY(differs([](PriceOverlay &each) { each.kind = OverlayKind::Markup; }));
    QVERIFY(differs([](PriceOverlay &each) { each.provider = "p"; }));
    QVERIFY(differs([](PriceOverlay &each) { each.models = {"alpha"}; }));
    QVERIFY(differs([](PriceOverlay &each) { each.classes = {Input}; }));
    QVERIFY(differs([](PriceOverlay &each) { each.tiers = {ServiceTier::Batch}; }));
    QVERIFY(differs([](PriceOverlay &each) { each.valid.to = june; }));
    const PriceOverlay agreed = fixedPrice(7, {Input});
    QVERIFY(bookWith({overlay, agreed}).digest() != bookWith({agreed, overlay}).digest());
}

void TestPriceOverlay::listBookIsTheBookWithoutTerms()
{
    const PriceBook book = bookWith({discount(500'000), fixedPrice(7, {Output})});
    const auto list = book.atList();
    QVERIFY(book.hasOverlays());
    QVERIFY(!list->hasOverlays());
    QCOMPARE(list->digest(), bookWith({}).digest());
    QCOMPARE(priceOf(*list, "alpha", Input).femto, perMillion(3000));
    QCOMPARE(priceOf(book, "alpha", Input).listFemto, priceOf(*list, "alpha", Input).femto);
}

void TestPriceOverlay::withoutTermsListIsThePrice()
{
    const PriceBook book({std::shared_ptr<const Catalogue>{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}},
                         {});
    for (std::size_t i = 0; i < book.modelCount(); ++i) {
        const RateCard card = book.rateCard({static_cast<std::int32_t>(i)}, ServiceTier::Standard, "", june);
        for (const PriceBand &band : card.bands) {
            for (const ClassPrice &price : band.prices) {
                QCOMPARE(price.listFemto, price.femto);
                QCOMPARE(price.listState, price.state);
                QVERIFY(card.overlaysOf(price).empty());
            }
        }
    }
}

void TestPriceOverlay::pricedRequestShowsBoth()
{
    PriceOverlay input = discount(100'000, "input 10 %");
    input.classes = {Input};
    RequestToPrice request{"p", "alpha", "", june, ServiceTier::Standard, {}};
    request.usage[Input] = 500;
    request.usage[Output] = 100;
    const PricedRequest priced = priceRequest(bookWith({discount(200'000, "all 20 %"), input}), request);
    QCOMPARE(priced.lines.size(), std::size_t{2});
    QCOMPARE(priced.lines[0].overlays, (std::vector<std::string>{"all 20 %", "input 10 %"}));
    QCOMPARE(priced.lines[1].overlays, (std::vector<std::string>{"all 20 %"}));
    QCOMPARE(priced.lines[0].femtoEach, perMillion(2160));
    QCOMPARE(priced.lines[0].listFemtoEach.value_or(-1), perMillion(3000));
    QCOMPARE(priced.lines[0].entry, std::string("base"));
    QCOMPARE(QString::fromStdString(priced.cost.text()), "0.00228");
    QCOMPARE(QString::fromStdString(priced.listCost.value_or(Femto()).text()), "0.003");

    // A price that only the contract states has nothing to be compared with.
    request.model = "gap";
    const PricedRequest agreed = priceRequest(bookWith({fixedPrice(perMillion(4000), {Output})}), request);
    QCOMPARE(QString::fromStdString(agreed.cost.text()), "0.0014");
    QVERIFY(!agreed.listCost);
    QVERIFY(!agreed.lines[1].listFemtoEach);
}

void TestPriceOverlay::unknownNames()
{
    const PriceBook book = bookWith({});
    PriceOverlay overlay = discount(1);
    QVERIFY(book.unknownNames(overlay).empty());
    overlay.models = {"alpha", "alhpa", "alpha-latest"};
    QCOMPARE(book.unknownNames(overlay), (std::vector<std::string>{"model 'alhpa'"}));
    overlay.provider = "openai";
    QCOMPARE(book.unknownNames(overlay), (std::vector<std::string>{"model 'alhpa'", "model 'alpha-latest'"}));
    overlay.provider = "opnai";
    QCOMPARE(book.unknownNames(overlay), (std::vector<std::string>{"provider 'opnai'"}));
}

void TestPriceOverlay::writtenAndReadAgain()
{
    PriceOverlay full = discount(123'457, "Umlaut ä \"quoted\"");
    full.provider = "anthropic";
    full.models = {"claude-x", "claude-y"};
    full.classes = {CacheWrite1h, WebSearch};
    full.tiers = {ServiceTier::Batch, ServiceTier::Fast};
    full.valid = {june, {june.micros + 1}};
    full.note = "of 2026";
    full.enabled = false;
    const std::vector<PriceOverlay> overlays{full, markup(largestMarkup), fixedPrice(1, {Input}),
                                             fixedPrice(999, {WebSearch}, "event"), fixedPrice(0, {Output}, "free")};
    const auto read = readOverlays(writeOverlays(overlays));
    QVERIFY2(read, read ? "" : read.error().text().c_str());
    QCOMPARE(*read, overlays);
    QVERIFY(checkOverlays(overlays));
}

void TestPriceOverlay::readsSingleOnesAndLists()
{
    const std::string one = R"({"name":"EA","kind":"discount","percent":12.5})";
    for (const std::string &text : {one, "[" + one + "]", R"({"overlays":[)" + one + "]}"}) {
        const auto read = readOverlays(text);
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        QCOMPARE(read->size(), std::size_t{1});
        QCOMPARE(read->front().change, std::int64_t{125'000});
    }
    QVERIFY(readOverlays("[]")->empty());
}

void TestPriceOverlay::readErrors_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("where");
    const auto row = [](const char *name, const QByteArray &members, const char *where) {
        QTest::newRow(name) << "[{\"name\":\"ok\",\"kind\":\"discount\",\"percent\":\"1\"},{" + members + "}]"
                            << QByteArray(where);
    };
    row("no name", R"("kind":"discount","percent":"1")", "/1/name");
    row("blank name", R"("name":" ","kind":"discount","percent":"1")", "/1/name");
    row("name twice", R"("name":"ok","kind":"discount","percent":"1")", "/1/name");
    row("no kind", R"("name":"a","percent":"1")", "/1/kind");
    row("unknown kind", R"("name":"a","kind":"rebate","percent":"1")", "/1/kind");
    row("misspelt member", R"("name":"a","kind":"discount","percnt":"1")", "/1/percnt");
    row("member twice", R"("name":"a","name":"b","kind":"discount","percent":"1")", "/1/name");
    row("no term", R"("name":"a","kind":"discount")", "/1/percent");
    row("discount of nothing", R"("name":"a","kind":"discount","percent":"0")", "/1/percent");
    row("discount above all", R"("name":"a","kind":"discount","percent":"100.0001")", "/1/percent");
    row("negative", R"("name":"a","kind":"markup","percent":"-5")", "/1/percent");
    row("too many digits", R"("name":"a","kind":"discount","percent":"1.23456")", "/1/percent");
    row("no number", R"("name":"a","kind":"discount","percent":"ten")", "/1/percent");
    row("wrong term", R"("name":"a","kind":"discount","percent":"1","price_per_million":"2")", "/1/price_per_million");
    row("fixed price for everything", R"("name":"a","kind":"fixed_price","price_per_million":"2")", "/1/classes");
    row("event price for tokens", R"("name":"a","kind":"fixed_price","price_per_event":"2","classes":["input"])",
        "/1/price_per_event");
    row("tokens and events", R"("name":"a","kind":"fixed_price","price_per_million":"2","classes":["input","page"])",
        "/1/classes");
    row("unknown class", R"("name":"a","kind":"discount","percent":"1","classes":["input","outptu"])", "/1/classes/1");
    row("class twice", R"("name":"a","kind":"discount","percent":"1","classes":["input","input"])", "/1/classes");
    row("unknown tier", R"("name":"a","kind":"discount","percent":"1","tiers":["night"])", "/1/tiers/0");
    row("provisioned", R"("name":"a","kind":"discount","percent":"1","tiers":["provisioned"])", "/1/tiers");
    row("models are a list", R"("name":"a","kind":"discount","percent":"1","models":"x")", "/1/models");
    row("model is a text", R"("name":"a","kind":"discount","percent":"1","models":["x",3])", "/1/models/1");
    row("no date", R"("name":"a","kind":"discount","percent":"1","valid_from":"soon")", "/1/valid_from");
    row("ends before it begins",
        R"("name":"a","kind":"discount","percent":"1","valid_from":"2026-02-01","valid_to":"2026-01-01")",
        "/1/valid_to");
    row("enabled is yes or no", R"("name":"a","kind":"discount","percent":"1","enabled":"yes")", "/1/enabled");
    QTest::newRow("no JSON") << QByteArray("[{") << QByteArray("line 1");
    QTest::newRow("another file") << QByteArray(R"({"format":"perunit/catalogue","version":1})")
                                  << QByteArray("/format");
    QTest::newRow("version") << QByteArray(R"({"format":"perunit/overlays","version":2,"overlays":[]})")
                             << QByteArray("/version");
    QTest::newRow("no list") << QByteArray("3") << QByteArray("overlays must be a list");
    QTest::newRow("no overlay") << QByteArray("[7]") << QByteArray("/0");
}

void TestPriceOverlay::readErrors()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, where);
    const auto read = readOverlays(json.toStdString());
    QVERIFY(!read);
    const QByteArray text = QByteArray::fromStdString(read.error().text());
    QVERIFY2(text.contains(where), text);
    if (where.startsWith('/'))
        QVERIFY2(read.error().where == where.toStdString(), text);
}

void TestPriceOverlay::putReplacesByName()
{
    std::vector<PriceOverlay> overlays{discount(1, "a"), discount(2, "b")};
    putOverlay(overlays, discount(3, "a"));
    putOverlay(overlays, discount(4, "c"));
    QCOMPARE(overlays, (std::vector<PriceOverlay>{discount(3, "a"), discount(2, "b"), discount(4, "c")}));
    overlays.push_back(discount(5, "b"));
    const Status status = checkOverlays(overlays);
    QVERIFY(!status);
    QCOMPARE(status.error().where, std::string("/overlays/3/name"));
}

void TestPriceOverlay::textsForPeople()
{
    PriceOverlay overlay = discount(125'000);
    QCOMPARE(overlay.termText(), std::string("12.5 % off"));
    QCOMPARE(overlay.scopeText(), std::string("every provider; all tokens"));
    QCOMPARE(markup(50'000).termText(), std::string("5 % on top"));
    QCOMPARE(fixedPrice(perMillion(2500), {Input}).termText(), std::string("2.5 per million"));
    QCOMPARE(fixedPrice(10'000'000'000'000, {WebSearch}).termText(), std::string("0.01 each"));
    overlay.provider = "anthropic";
    overlay.models = {"x"};
    overlay.classes = {Input, Output};
    overlay.tiers = {ServiceTier::Batch};
    QCOMPARE(overlay.scopeText(), std::string("anthropic, x; input, output; batch"));
}

QTEST_APPLESS_MAIN(TestPriceOverlay)
#include "tst_price_overlay.moc"
