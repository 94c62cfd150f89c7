// SPDX-License-Identifier: GPL-3.0-or-later
// Priced usage against invoices: every difference is split exactly, and each bucket holds what its rule says.
#include "model/import/importer.h"
#include "model/reconciliation/reconciliation.h"

#include "tests/model/engine_world.h"
#include "tests/support/ledger_files.h"
#include "tests/support/stored_rows.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace perunit;
using enum UsageClass;
using enum DifferenceBucket;

namespace {

constexpr const char *alphaAlias = "alpha-2026";

std::shared_ptr<const PriceBook> priceBook(std::vector<PriceOverlay> overlays = {})
{
    using world::rate;
    Rate eu = rate("alpha-eu", {{Input, "3.3"}, {Output, "16.5"}});
    eu.region = "eu";
    CatalogueModel alpha =
        world::model("p", "alpha",
                     {rate("alpha", {{Input, "3"}, {CacheRead, "0.3"}, {Output, "15"}, {WebSearch, "10000"}}), eu,
                      world::above(200'000, false, rate("alpha-long", {{Input, "6"}, {Output, "22.5"}})),
                      rate("alpha-batch", {{Input, "1.5"}, {CacheRead, "0.15"}, {Output, "7.5"}}, ServiceTier::Batch)});
    alpha.aliases = {alphaAlias};
    const CatalogueModel beta = world::model("p", "beta", {rate("beta", {{Input, "0.25"}, {Output, "1.25"}})});
    const CatalogueModel blind = world::model("p", "blind", {rate("blind", {{Output, "2"}})});
    CatalogueModel azure = world::model("azure", "alpha", {rate("azure-alpha", {{Input, "3.5"}, {Output, "16"}})});
    azure.aliases = {alphaAlias};
    return world::book({alpha, beta, blind, azure}, {}, std::move(overlays));
}

Instant on(int month, int day, int hour = 12)
{
    return instantOf(2026, month, day, hour);
}

RequestRow usage(int month, int day, const char *model, std::int64_t input, std::int64_t output,
                 std::int64_t requests = 1)
{
    RequestRow row = world::request(on(month, day), model, input, output);
    row.usage[Request] = requests;
    return row;
}

ChargeRow charge(int month, const char *model, const char *billed, ChargeCategory category = ChargeCategory::Usage)
{
    ChargeRow row;
    row.period = {Month::of(2026, month).start(), Month::of(2026, month).plus(1).start()};
    row.provider = "p";
    row.model = model;
    row.category = category;
    row.billed = money(billed);
    return row;
}

Ledger ledgerOf(const std::vector<RequestRow> &rows, std::vector<ChargeRow> invoices)
{
    Ledger ledger = world::ledger(rows);
    ledger.invoices = std::make_shared<const std::vector<ChargeRow>>(std::move(invoices));
    return ledger;
}

Result<Reconciliation> reconciled(const Ledger &ledger, const std::shared_ptr<const PriceBook> &book,
                                  const BaselineSettings &settings = {})
{
    const auto baseline = Baseline::build(ledger, book, settings, {});
    if (!baseline)
        return baseline.error();
    return reconcile(**baseline, {});
}

std::string textOf(const DifferenceParts &parts)
{
    std::string text;
    for (std::size_t i = 0; i < differenceBucketCount; ++i) {
        if (!parts.amounts[i].isZero())
            text += (text.empty() ? "" : ", ") + std::string(differenceBucketNames[i]) + " " + parts.amounts[i].text();
    }
    return text;
}

/// "2026-09 alpha [beta]: priced 1, billed 2: unknown 1", one line each.
QByteArray textOf(const Reconciliation &result)
{
    std::string text;
    for (const ReconciliationLine &line : result.lines) {
        std::string models;
        for (const std::string &model : line.models)
            models += " [" + model + "]";
        text += (line.provider == "p" ? "" : line.provider + " ") + line.month.text() + " "
                + (line.model.empty() ? "-" : line.model) + models + ": "
                + (line.priced ? line.priced->text() : std::string("?")) + " / "
                + (line.billed ? line.billed->text() : std::string("none")) + ": " + textOf(line.parts) + "\n";
    }
    return QByteArray::fromStdString(text);
}

bool sums(const Reconciliation &result)
{
    return std::all_of(result.lines.begin(), result.lines.end(), [](const ReconciliationLine &line) {
        return line.difference() == line.billed.value_or(Money()) - Money::of(line.priced.value_or(Femto()));
    });
}

PriceOverlay discount(std::int64_t ppm)
{
    PriceOverlay overlay;
    overlay.name = "agreement";
    overlay.change = ppm;
    return overlay;
}

struct Case {
    std::vector<RequestRow> rows;
    std::vector<ChargeRow> charges;
    std::vector<PriceOverlay> overlays;
};

} // namespace

Q_DECLARE_METATYPE(Case)

class TestReconciliation : public QObject
{
    Q_OBJECT
private slots:
    void buckets_data();
    void buckets();
    void namesAreResolvedLikeUsage_data();
    void namesAreResolvedLikeUsage();
    void randomWorldsFoot_data();
    void randomWorldsFoot();
    void randomWorldsUseEveryBucket();
    void chargesAreCutToThePeriod();
    void withoutRequestsTheInvoiceIsAllThereIs();
    void horizonChangesNothing();
    void currenciesNeverMix();
    void calibrationTies_data();
    void calibrationTies();
    void calibrationIsNotOffered_data();
    void calibrationIsNotOffered();
    void calibrationNamesAreFree();
    void focusSampleFoots();
};

void TestReconciliation::buckets_data()
{
    QTest::addColumn<Case>("given");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, Case given, const char *expected) {
        QTest::newRow(name) << std::move(given) << QByteArray(expected);
    };
    // A million tokens of alpha in, a hundred thousand out in ten requests: 3 + 1.5.
    const RequestRow alpha = usage(9, 3, "alpha", 1'000'000, 100'000, 10);
    const RequestRow beta = usage(9, 4, "beta", 4'000'000, 0, 10);
    row("tied", {{alpha}, {charge(9, "alpha", "4.5")}, {}}, "2026-09 alpha: 4.5 / 4.5: \n");
    row("rounded to cents", {{alpha}, {charge(9, "alpha", "4.51")}, {}}, "2026-09 alpha: 4.5 / 4.51: rounding 0.01\n");
    row("two cents in one charge", {{alpha}, {charge(9, "alpha", "4.52")}, {}},
        "2026-09 alpha: 4.5 / 4.52: unknown 0.02\n");
    row("two cents in two charges", {{alpha}, {charge(9, "alpha", "2"), charge(9, "alpha", "2.52")}, {}},
        "2026-09 alpha: 4.5 / 4.52: rounding 0.02\n");
    row("a bill with more digits rounds less", {{alpha}, {charge(9, "alpha", "2.0001"), charge(9, "alpha", "2.5")}, {}},
        "2026-09 alpha: 4.5 / 4.5001: rounding 0.0001\n");
    row("categories",
        {{alpha},
         {charge(9, "alpha", "4.5"), charge(9, "", "0.9", ChargeCategory::Tax),
          charge(9, "alpha", "-1", ChargeCategory::Credit), charge(9, "", "100", ChargeCategory::Purchase),
          charge(9, "", "0.25", ChargeCategory::Adjustment)},
         {}},
        "2026-09 alpha: 4.5 / 3.5: credit -1\n"
        "2026-09 -: ? / 101.15: tax 0.9, purchase 100, adjustment 0.25\n");
    ChargeRow correction = charge(9, "alpha", "-0.5");
    correction.correction = true;
    row("a correction is an adjustment", {{alpha}, {charge(9, "alpha", "4.5"), correction}, {}},
        "2026-09 alpha: 4.5 / 4: adjustment -0.5\n");
    row("nobody bills it", {{alpha}, {charge(9, "beta", "1")}, {}},
        "2026-09 alpha: 4.5 / none: not_billed -4.5\n"
        "2026-09 beta: ? / 1: no_usage 1\n");
    row("another month", {{alpha, usage(10, 1, "alpha", 1'000'000, 0, 10)}, {charge(9, "alpha", "4.5")}, {}},
        "2026-09 alpha: 4.5 / 4.5: \n"
        "2026-10 alpha: 3 / none: not_billed -3\n");
    row("no model in the bill", {{alpha, beta}, {charge(9, "", "5.55")}, {}},
        "2026-09 - [alpha] [beta]: 5.5 / 5.55: unknown 0.05\n");
    row("one model in the bill, the rest together",
        {{alpha, beta, usage(9, 5, "blind", 0, 1'000'000)}, {charge(9, "alpha", "4.5"), charge(9, "", "3")}, {}},
        "2026-09 alpha: 4.5 / 4.5: \n"
        "2026-09 - [beta] [blind]: 3 / 3: \n");
    row("tied together, with a tax of its own",
        {{alpha}, {charge(9, "", "4.5"), charge(9, "alpha", "0.1", ChargeCategory::Tax)}, {}},
        "2026-09 alpha: ? / 0.1: tax 0.1\n"
        "2026-09 - [alpha]: 4.5 / 4.5: \n");
    ChargeRow machine = charge(9, "", "70");
    machine.serviceCategory = "Compute";
    ChargeRow learning = charge(9, "", "4.5");
    learning.serviceCategory = "AI and Machine Learning";
    row("other services", {{alpha}, {machine, learning}, {}}, "2026-09 - [alpha]: 4.5 / 74.5: no_usage 70\n");
    row("unknown model on both sides", {{usage(9, 3, "omega", 1000, 0)}, {charge(9, "omega", "7")}, {}},
        "2026-09 omega: ? / 7: unpriced 7\n");
    row("something without a price, the bill says no classes",
        {{usage(9, 3, "blind", 1000, 1'000'000)}, {charge(9, "blind", "2.5")}, {}},
        "2026-09 blind: 2 / 2.5: unpriced 0.5\n");
    row("something without a price, and less than the rest",
        {{usage(9, 3, "blind", 1000, 1'000'000)}, {charge(9, "blind", "1.5")}, {}},
        "2026-09 blind: 2 / 1.5: unknown -0.5\n");
    ChargeRow inputs = charge(9, "blind", "0.5");
    inputs.tokenClass = Input;
    ChargeRow outputs = charge(9, "blind", "1.75");
    outputs.tokenClass = Output;
    row("the bill says which class has no price here", {{usage(9, 3, "blind", 1000, 1'000'000)}, {inputs, outputs}, {}},
        "2026-09 blind: 2 / 2.25: unpriced 0.5, unknown -0.25\n");
    row("served as batch", {{alpha}, {charge(9, "alpha", "2.25")}, {}}, "2026-09 alpha: 4.5 / 2.25: tier -2.25\n");
    row("served as batch, rounded", {{alpha}, {charge(9, "alpha", "2.26")}, {}},
        "2026-09 alpha: 4.5 / 2.26: tier -2.25, rounding 0.01\n");
    RequestRow batch = alpha;
    batch.tier = ServiceTier::Batch;
    row("not served as batch", {{batch}, {charge(9, "alpha", "4.5")}, {}}, "2026-09 alpha: 2.25 / 4.5: tier 2.25\n");
    row("another region", {{alpha}, {charge(9, "alpha", "4.95")}, {}}, "2026-09 alpha: 4.5 / 4.95: tier 0.45\n");
    row("list price is billed", {{alpha}, {charge(9, "alpha", "4.5")}, {discount(100'000)}},
        "2026-09 alpha: 4.05 / 4.5: contract 0.45\n");
    ChargeRow agreed = charge(9, "alpha", "3.6");
    agreed.list = money("4.5");
    row("the invoice states its own discount", {{alpha}, {agreed}, {}}, "2026-09 alpha: 4.5 / 3.6: contract -0.9\n");
    agreed.list = money("4");
    row("an invoice with another list price", {{alpha}, {agreed}, {}}, "2026-09 alpha: 4.5 / 3.6: unknown -0.9\n");
    row("unknown", {{alpha}, {charge(9, "alpha", "4.9")}, {}}, "2026-09 alpha: 4.5 / 4.9: unknown 0.4\n");
    RequestRow reserved = alpha;
    reserved.tier = ServiceTier::Provisioned;
    row("provisioned capacity has no price per token",
        {{reserved}, {charge(9, "", "50", ChargeCategory::Purchase)}, {}},
        "2026-09 alpha: 0 / none: \n"
        "2026-09 -: ? / 50: purchase 50\n");
    ChargeRow prepaid = charge(9, "alpha", "0");
    prepaid.effective = money("3.6");
    prepaid.list = money("4.5");
    row("paid for by a commitment", {{alpha}, {prepaid, charge(9, "", "500", ChargeCategory::Purchase)}, {}},
        "2026-09 alpha: 4.5 / 0: purchase -3.6, contract -0.9\n"
        "2026-09 -: ? / 500: purchase 500\n");
    ChargeRow effective = charge(9, "alpha", "4.5");
    effective.effective = effective.billed;
    effective.billed.reset();
    row("an effective cost stands for a billed one", {{alpha}, {effective}, {}}, "2026-09 alpha: 4.5 / 4.5: \n");
}

void TestReconciliation::buckets()
{
    QFETCH(Case, given);
    QFETCH(QByteArray, expected);
    TAKE(result, reconciled(ledgerOf(given.rows, given.charges), priceBook(given.overlays)));
    QCOMPARE(textOf(result), expected);
    QVERIFY(sums(result));
}

void TestReconciliation::namesAreResolvedLikeUsage_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("found");
    QTest::newRow("model") << "model" << QByteArray("alpha") << true;
    QTest::newRow("alias") << "model" << QByteArray(alphaAlias) << true;
    QTest::newRow("documented wrapping") << "model" << QByteArray("alpha-20260301") << true;
    QTest::newRow("sku") << "sku" << QByteArray("alpha") << true;
    QTest::newRow("description") << "description" << QByteArray("ALPHA") << true;
    QTest::newRow("resource") << "resource" << QByteArray("alpha") << true;
    QTest::newRow("tag") << "tag:x_ModelId" << QByteArray("alpha") << true;
    QTest::newRow("other tag") << "tag:owner" << QByteArray("alpha") << false;
    QTest::newRow("part of a text") << "description" << QByteArray("alpha input tokens") << false;
}

void TestReconciliation::namesAreResolvedLikeUsage()
{
    QFETCH(QString, field);
    QFETCH(QByteArray, value);
    QFETCH(bool, found);
    ChargeRow row = charge(9, "", "4.5");
    const std::string text = value.toStdString();
    if (field == "model")
        row.model = text;
    else if (field == "sku")
        row.sku = text;
    else if (field == "description")
        row.description = text;
    else if (field == "resource")
        row.resource = text;
    else
        row.tags = {{field.mid(4).toStdString(), text}};
    TAKE(result, reconciled(ledgerOf({usage(9, 3, alphaAlias, 1'000'000, 100'000, 10)}, {row}), priceBook()));
    QCOMPARE(textOf(result),
             found ? QByteArray("2026-09 alpha: 4.5 / 4.5: \n") : QByteArray("2026-09 - [alpha]: 4.5 / 4.5: \n"));

    // The service names the seller where the provider is the cloud around it.
    row.provider = "Microsoft";
    row.service = "Azure OpenAI Service";
    RequestRow onAzure = usage(9, 3, "alpha", 2'000'000, 0, 10);
    onAzure.provider = "azure";
    row.billed = money("7");
    TAKE(azure, reconciled(ledgerOf({onAzure}, {row}), priceBook()));
    QCOMPARE(textOf(azure),
             found ? QByteArray("azure 2026-09 alpha: 7 / 7: \n") : QByteArray("azure 2026-09 - [alpha]: 7 / 7: \n"));
}

namespace {

struct RandomWorld {
    std::vector<RequestRow> rows;
    std::vector<ChargeRow> charges;
    std::shared_ptr<const PriceBook> book;
};

RandomWorld randomWorld(unsigned seed)
{
    std::mt19937_64 engine(seed);
    const auto from = [&engine](int low, int high) {
        return low + static_cast<int>(engine() % static_cast<unsigned>(high - low + 1));
    };
    const std::vector<const char *> models{"alpha", "alpha", "beta", "blind", "omega", alphaAlias};
    RandomWorld world;
    for (int i = from(5, 60); i > 0; --i) {
        RequestRow row = usage(from(8, 10), from(1, 28), models[static_cast<std::size_t>(from(0, 5))], from(0, 400'000),
                               from(0, 9'000), from(0, 9) == 0 ? from(2, 40) : 1);
        row.usage[CacheRead] = from(0, 3) == 0 ? from(1, 50'000) : 0;
        row.usage[WebSearch] = from(0, 9) == 0 ? 2 : 0;
        row.tier = from(0, 5) == 0 ? ServiceTier::Batch : from(0, 9) == 0 ? ServiceTier::Provisioned : row.tier;
        row.region = from(0, 4) == 0 ? "eu" : "";
        row.workload = from(0, 1) == 0 ? "a" : "b";
        if (from(0, 6) == 0)
            row.provider = "azure";
        world.rows.push_back(row);
    }
    for (int i = from(1, 30); i > 0; --i) {
        const std::string billed = std::to_string(from(-3, 9)) + "." + std::to_string(from(0, 99));
        ChargeRow row =
            charge(from(8, 10), from(0, 3) == 0 ? "" : models[static_cast<std::size_t>(from(0, 5))], billed.c_str(),
                   from(0, 2) == 0 ? static_cast<ChargeCategory>(from(1, 4)) : ChargeCategory::Usage);
        row.provider = from(0, 6) == 0 ? "Azure OpenAI" : "p";
        row.correction = from(0, 9) == 0;
        row.serviceCategory = from(0, 6) == 0 ? "Storage" : "";
        if (from(0, 4) == 0)
            row.tokenClass = from(0, 1) == 0 ? Input : Output;
        if (from(0, 3) == 0)
            row.list = row.billed;
        if (from(0, 5) == 0) {
            row.period.from = {row.period.from.micros + from(1, 20) * microsPerDay};
            row.period.to = {row.period.from.micros + from(1, 40) * microsPerDay};
        }
        world.charges.push_back(row);
    }
    std::vector<PriceOverlay> overlays;
    if (from(0, 1) == 0) {
        overlays.push_back(discount(from(1, 500'000)));
        overlays.back().valid = {on(9, from(1, 28)), on(10, from(1, 28))};
        overlays.back().models = {"alpha"};
    }
    world.book = priceBook(overlays);
    return world;
}

bool same(const Reconciliation &a, const Reconciliation &b)
{
    return textOf(a) == textOf(b) && a.notes == b.notes && a.calibration == b.calibration
           && std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end(),
                         [](const ReconciliationLine &x, const ReconciliationLine &y) {
                             return x.list == y.list && x.requests == y.requests && x.charges == y.charges
                                    && x.unpricedTokens == y.unpricedTokens && x.reason == y.reason;
                         });
}

/// Which (provider, month, model) a request belongs to, straight from the rules.
std::string keyOf(const PriceBook &book, const RequestRow &row)
{
    const ModelMatch match = book.resolve(row.provider, row.model);
    const std::string model = match.model.found() ? book.model(match.model).key.model : row.model;
    return row.provider + " " + monthOf(row.time).text() + " " + model;
}

} // namespace

void TestReconciliation::randomWorldsFoot_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 150; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestReconciliation::randomWorldsFoot()
{
    QFETCH(unsigned, seed);
    RandomWorld world = randomWorld(seed);
    const Ledger ledger = ledgerOf(world.rows, world.charges);
    TAKE(result, reconciled(ledger, world.book));
    QVERIFY2(sums(result), textOf(result));

    // Row by row, priced one request at a time.
    std::map<std::string, Femto> priced;
    std::map<std::string, Femto> list;
    std::map<std::string, std::int64_t> unpriced;
    TAKE(baseline, Baseline::build(ledger, world.book, {}, {}));
    TAKE(atList, Baseline::build(ledger, world.book->atList(), {}, {}));
    const Workload &workload = *ledger.workload;
    Femto all;
    for (std::size_t row = 0; row < workload.size(); ++row) {
        RequestRow request;
        request.time = {workload.time[row]};
        request.provider = workload.text("provider", row);
        request.model = workload.text("model", row);
        std::int64_t tokens = 0;
        const Femto cost = baseline->requestCost(row, &tokens);
        const std::string key = keyOf(*world.book, request);
        priced[key] += cost;
        unpriced[key] += tokens;
        list[key] += atList->requestCost(row);
        all += cost;
    }
    QCOMPARE(QString::fromStdString(result.priced().text()), QString::fromStdString(all.text()));
    for (const ReconciliationLine &line : result.lines) {
        if (line.model.empty()) {
            Femto together;
            for (const std::string &model : line.models)
                together += priced[line.provider + " " + line.month.text() + " " + model];
            QVERIFY(line.priced.value_or(Femto()) == together);
            continue;
        }
        if (line.requests == 0)
            continue;
        const std::string key = line.provider + " " + line.month.text() + " " + line.model;
        QVERIFY2(line.priced.value_or(Femto()) == priced[key], key.c_str());
        QVERIFY2(line.list.value_or(Femto()) == list[key], key.c_str());
        QCOMPARE(line.unpricedTokens, unpriced[key]);
    }

    // What explains itself is the sum of its charges; months of a charge sum to it.
    DifferenceParts expected;
    Money billed;
    const Period window = result.period;
    for (const ChargeRow &row : world.charges) {
        if (row.category == ChargeCategory::Purchase) {
            if (window.contains(row.period.from))
                billed += *row.billed;
            continue;
        }
        if (window.from <= row.period.from && row.period.to <= window.to)
            billed += *row.billed;
        else if (row.period.to > window.from && row.period.from < window.to)
            billed += Money::ofUnits(divideHalfEven(row.billed->units() / 1'000'000'000'000
                                                        * ((std::min(row.period.to, window.to).micros
                                                            - std::max(row.period.from, window.from).micros)
                                                           / microsPerDay),
                                                    (row.period.to.micros - row.period.from.micros) / microsPerDay)
                                     * 1'000'000'000'000);
    }
    // The reference above keeps 12 decimals of a charge that is cut.
    const Money apart = result.billed() - billed;
    QVERIFY2(apart < money("0.000000001") && money("-0.000000001") < apart, apart.text().c_str());

    std::mt19937 engine(seed);
    std::shuffle(world.rows.begin(), world.rows.end(), engine);
    std::shuffle(world.charges.begin(), world.charges.end(), engine);
    TAKE(again, reconciled(ledgerOf(world.rows, world.charges), world.book));
    QVERIFY2(same(result, again), textOf(again));
}

void TestReconciliation::randomWorldsUseEveryBucket()
{
    std::map<std::string, int> seen;
    for (unsigned seed = 1; seed <= 150; ++seed) {
        const RandomWorld world = randomWorld(seed);
        TAKE(result, reconciled(ledgerOf(world.rows, world.charges), world.book));
        const DifferenceParts parts = result.parts();
        for (std::size_t i = 0; i < differenceBucketCount; ++i)
            seen[std::string(differenceBucketNames[i])] += parts.amounts[i].isZero() ? 0 : 1;
        for (const ReconciliationLine &line : result.lines)
            seen["together"] += line.models.size() > 1 ? 1 : 0;
    }
    // Tier, contract and rounding need a bill that ties: buckets() has them.
    for (const char *what :
         {"unpriced", "no_usage", "not_billed", "tax", "credit", "purchase", "adjustment", "unknown", "together"})
        QVERIFY2(seen[what] >= 10, what);
}

void TestReconciliation::chargesAreCutToThePeriod()
{
    // Ten days of October, two of November: five sixths and one sixth.
    ChargeRow across = charge(10, "alpha", "6");
    across.period = {on(10, 22, 0), on(11, 3, 0)};
    ChargeRow later = charge(12, "alpha", "9");
    const std::vector<RequestRow> rows{usage(10, 25, "alpha", 1'000'000, 0, 10)};
    TAKE(october, reconciled(ledgerOf(rows, {across, later}), priceBook()));
    QCOMPARE(textOf(october), QByteArray("2026-10 alpha: 3 / 5: unknown 2\n"));
    QCOMPARE(october.period, (Period{on(10, 1, 0), on(11, 1, 0)}));
    QVERIFY2(october.notes.size() == 1 && october.notes[0].find("2 charges") != std::string::npos
                 && october.notes[0].find("10 USD") != std::string::npos,
             october.notes.empty() ? "" : october.notes[0].c_str());
    // A period that the user chose inside a month: the month's bill cannot be cut, and that is said.
    TAKE(days, reconciled(ledgerOf(rows, {charge(10, "alpha", "3")}), priceBook(),
                          world::settings({on(10, 20, 0), on(10, 30, 0)})));
    QCOMPARE(textOf(days), QByteArray("2026-10 alpha: 3 / 3: \n"));
    QVERIFY(days.notes.size() == 1);
    // A commitment is billed once, in the month of its bill.
    ChargeRow year = charge(10, "", "8760", ChargeCategory::Purchase);
    year.period.to = instantOf(2027, 10, 1);
    TAKE(purchase, reconciled(ledgerOf(rows, {charge(10, "alpha", "3"), year}), priceBook()));
    QCOMPARE(textOf(purchase), QByteArray("2026-10 alpha: 3 / 3: \n2026-10 -: ? / 8760: purchase 8760\n"));
    QVERIFY(purchase.notes.empty());
    ChargeRow nothing = charge(10, "alpha", "0");
    nothing.billed.reset();
    TAKE(silent, reconciled(ledgerOf(rows, {charge(10, "alpha", "3"), nothing}), priceBook()));
    QVERIFY(silent.notes.size() == 1 && silent.notes[0].find("neither") != std::string::npos);
}

void TestReconciliation::withoutRequestsTheInvoiceIsAllThereIs()
{
    TAKE(result, reconciled(ledgerOf({}, {charge(9, "alpha", "4.5"), charge(10, "", "1")}), priceBook()));
    QCOMPARE(textOf(result), QByteArray("2026-09 alpha: ? / 4.5: no_usage 4.5\n2026-10 -: ? / 1: no_usage 1\n"));
    const auto none = reconciled(ledgerOf({usage(9, 3, "alpha", 1, 1)}, {}), priceBook());
    QVERIFY(!none.ok());
    QCOMPARE(none.error().code, ErrorCode::NotFound);
}

void TestReconciliation::horizonChangesNothing()
{
    const RandomWorld world = randomWorld(4);
    const Ledger ledger = ledgerOf(world.rows, world.charges);
    TAKE(now, reconciled(ledger, world.book));
    BaselineSettings ahead;
    ahead.horizonMonths = 6;
    TAKE(later, reconciled(ledger, world.book, ahead));
    QVERIFY(same(now, later));
}

void TestReconciliation::currenciesNeverMix()
{
    Ledger ledger = ledgerOf({usage(9, 3, "alpha", 1000, 0)}, {charge(9, "alpha", "4.5")});
    ledger.notConvertible = {"nok.csv (NOK)"};
    TAKE(result, reconciled(ledger, priceBook()));
    QVERIFY(result.notes.size() == 1 && result.notes[0].find("nok.csv") != std::string::npos);
    ledger.currency = "EUR";
    const auto mixed = reconciled(ledger, priceBook());
    QVERIFY(!mixed.ok());
    QCOMPARE(mixed.error().code, ErrorCode::Unsupported);
    QVERIFY(mixed.error().what.find("EUR") != std::string::npos);
}

namespace {

/// Two months of usage with the given factors per month for alpha and beta, billed in cents.
Ledger billedWith(const std::vector<std::pair<double, double>> &factors, bool byModel, std::int64_t requests = 40,
                  bool searches = false)
{
    std::vector<RequestRow> rows;
    std::vector<ChargeRow> charges;
    int month = 8;
    for (const auto &[alpha, beta] : factors) {
        // 1234.5 and 321.25 at list, 10 more for a thousand searches.
        RequestRow first = usage(month, 3, "alpha", 400'000'000, 2'300'000, requests * 100);
        first.usage[WebSearch] = searches ? 1000 : 0;
        rows.push_back(first);
        rows.push_back(usage(month, 9, "beta", 1'285'000'000, 0, requests * 100));
        const auto cents = [](double amount) {
            return Money::ofUnits(static_cast<Int128>(amount * 100 + 0.5) * money("0.01").units());
        };
        charges.push_back(charge(month, byModel ? "alpha" : "", "0"));
        charges.back().billed = cents((searches ? 1244.5 : 1234.5) * alpha);
        charges.push_back(charge(month, byModel ? "beta" : "", "0"));
        charges.back().billed = cents(321.25 * beta);
        ++month;
    }
    return ledgerOf(rows, charges);
}

} // namespace

void TestReconciliation::calibrationTies_data()
{
    QTest::addColumn<double>("alpha");
    QTest::addColumn<double>("beta");
    QTest::addColumn<bool>("byModel");
    QTest::addColumn<bool>("searches");
    QTest::addColumn<QByteArray>("offers");
    QTest::newRow("a tenth off everything") << 0.9 << 0.9 << true << false << QByteArray("p: 10 % off\n");
    QTest::newRow("no model in the bill") << 0.875 << 0.875 << false << false << QByteArray("p: 12.5 % off\n");
    QTest::newRow("on top") << 1.07 << 1.07 << true << false << QByteArray("p: 7 % on top\n");
    QTest::newRow("a crooked share") << 0.93127 << 0.93127 << true << false << QByteArray("p: 6.873 % off\n");
    QTest::newRow("one model only") << 0.85 << 1.0 << true << false << QByteArray("p/alpha: 15 % off\n");
    QTest::newRow("each its own") << 0.85 << 1.2 << true << false
                                  << QByteArray("p/alpha: 15 % off\np/beta: 20 % on top\n");
    QTest::newRow("searches, too") << 0.9 << 0.9 << true << true << QByteArray("p: 10 % off\n");
}

void TestReconciliation::calibrationTies()
{
    QFETCH(double, alpha);
    QFETCH(double, beta);
    QFETCH(bool, byModel);
    QFETCH(bool, searches);
    QFETCH(QByteArray, offers);
    const Ledger ledger = billedWith({{alpha, beta}, {alpha, beta}, {alpha, beta}}, byModel, 40, searches);
    TAKE(before, reconciled(ledger, priceBook()));
    QVERIFY(!before.parts()[Unknown].isZero());
    std::string text;
    for (const PriceOverlay &overlay : before.calibration) {
        text += overlay.provider + (overlay.models.empty() ? "" : "/" + overlay.models.front()) + ": "
                + overlay.termText() + "\n";
        QCOMPARE(overlay.valid, (Period{on(8, 1, 0), on(11, 1, 0)}));
        QVERIFY(overlay.enabled);
        QVERIFY(overlay.note.find("USD") != std::string::npos);
        QVERIFY(checkOverlay(overlay));
    }
    QCOMPARE(QByteArray::fromStdString(text), offers);
    TAKE(after, reconciled(ledger, priceBook(before.calibration)));
    QVERIFY2(after.parts()[Unknown].isZero(), textOf(after));
    const Money rest = after.parts()[Rounding];
    QVERIFY2(rest < money("0.06") && money("-0.06") < rest, rest.text().c_str());
    QVERIFY(after.calibration.empty());
    QVERIFY(after.list() == before.priced());
}

void TestReconciliation::calibrationIsNotOffered_data()
{
    QTest::addColumn<QList<double>>("months");
    QTest::addColumn<qint64>("requests");
    QTest::newRow("one month") << QList<double>{0.9} << qint64{40};
    QTest::newRow("not steady") << QList<double>{0.9, 0.93, 0.9} << qint64{40};
    QTest::newRow("nothing to calibrate") << QList<double>{1.0, 1.0} << qint64{40};
    QTest::newRow("as batch") << QList<double>{0.5, 0.9} << qint64{40};
    QTest::newRow("billed back") << QList<double>{-0.5, -0.5} << qint64{40};
}

void TestReconciliation::calibrationIsNotOffered()
{
    QFETCH(QList<double>, months);
    QFETCH(qint64, requests);
    std::vector<std::pair<double, double>> factors;
    for (const double factor : months)
        factors.emplace_back(factor, factor);
    TAKE(result, reconciled(billedWith(factors, true, requests), priceBook()));
    QVERIFY2(result.calibration.empty(), textOf(result));
}

void TestReconciliation::calibrationNamesAreFree()
{
    const Ledger ledger = billedWith({{0.81, 0.81}, {0.81, 0.81}}, true);
    PriceOverlay known = discount(100'000);
    TAKE(first, reconciled(ledger, priceBook({known})));
    QCOMPARE(first.calibration.size(), std::size_t{1});
    QCOMPARE(first.calibration[0].change, std::int64_t{100'000});
    known.name = first.calibration[0].name;
    TAKE(second, reconciled(ledger, priceBook({known})));
    QCOMPARE(second.calibration.size(), std::size_t{1});
    QCOMPARE(second.calibration[0].name, known.name + " (2)");
    // Too few requests say nothing.
    std::vector<RequestRow> few{usage(8, 1, "alpha", 100'000'000, 0, calibrationRequests - 1),
                                usage(9, 1, "alpha", 100'000'000, 0, calibrationRequests - 1)};
    std::vector<ChargeRow> bills{charge(8, "alpha", "270"), charge(9, "alpha", "270")};
    QVERIFY(reconciled(ledgerOf(few, bills), priceBook())->calibration.empty());
    for (RequestRow &row : few)
        ++row.usage[Request];
    QCOMPARE(reconciled(ledgerOf(few, bills), priceBook())->calibration.size(), std::size_t{1});
}

/// A public sample bill without any usage beside it: nothing of it may get lost.
void TestReconciliation::focusSampleFoots()
{
    const QString path = sharedData("ledgers/focus/focus_1.0_sample_1000.csv");
    REQUIRE_SHARED(path);
    const LedgerFolder folder;
    const auto store = folder.workspace();
    TAKE(source, importFile(*store, path.toStdString(), {}, nullptr, {}));
    VERIFY_OK(store->setSourceRole(source.id, SourceRole::Invoice));
    TAKE(ledger, store->readLedger({}));
    TAKE(result, reconciled(ledger, priceBook()));
    QVERIFY(sums(result));
    QCOMPARE(QString::fromStdString(result.billed().text()), "20.52022672899");
    QCOMPARE(QString::fromStdString(result.parts()[Credit].text()), "-2.6137");
    QCOMPARE(QString::fromStdString(result.parts()[Adjustment].text()), "0.272");
    QCOMPARE(QString::fromStdString(result.parts()[NoUsage].text()), "22.86192672899");
    for (const ReconciliationLine &line : result.lines)
        QVERIFY(!line.priced);
}

QTEST_APPLESS_MAIN(TestReconciliation)
#include "tst_reconciliation.moc"
