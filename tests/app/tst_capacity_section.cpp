// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says of reserved units, against the outcomes of the engine.
#include "app/report/capacity_section.h"
#include "app/report/scenario_report.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/report/footed_amounts.h"
#include "tests/model/capacity_world.h"
#include "widgets/print/report_files.h"
#include "widgets/text/text.h"

#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace capacity;

namespace {

using Blocks = std::vector<ReportBlock>;

/// Prices of a unit at which some units pay, and at which none do.
constexpr const char *cheap = "0.02";
constexpr const char *dear = "26";

std::shared_ptr<const Baseline> baselineOf(const char *perMonth, int horizon = 0,
                                           const Ledger &ledger = randomLedger(2))
{
    return Baseline::build(ledger, sizingBook(1, 1, perMonth), world::settings(march, horizon), {}).value();
}

/// Only the two hours in which there is traffic, so that 95 % of the time is no stillness.
std::shared_ptr<const Baseline> busyBaseline()
{
    const Period busy{someDay, {someDay.micros + 2 * microsPerHour}};
    return Baseline::build(randomLedger(2), sizingBook(1, 1, cheap), world::settings(busy), {}).value();
}

ComparedScenario scenario(const Baseline &baseline, const std::string &name, std::vector<EffectiveLever> levers)
{
    ComparedScenario result{outcomeOf(baseline, levers), std::move(levers)};
    result.outcome.scenarioId = name;
    result.outcome.name = name;
    return result;
}

Blocks sectionOf(const std::shared_ptr<const Baseline> &baseline, const std::vector<ComparedScenario> &compared)
{
    return capacitySection(baseline, compared, instantOf(2026, 4, 1), {}).value();
}

template <typename Block>
std::vector<Block> blocksOf(const Blocks &blocks)
{
    std::vector<Block> found;
    for (const ReportBlock &block : blocks) {
        if (const auto *one = std::get_if<Block>(&block))
            found.push_back(*one);
    }
    return found;
}

QString textsOf(const Blocks &blocks)
{
    QStringList texts;
    for (const ReportParagraph &paragraph : blocksOf<ReportParagraph>(blocks))
        texts << toQt(paragraph.text);
    return texts.join(QLatin1Char('\n'));
}

ReportTable tableTitled(const Blocks &blocks, const char *beginning)
{
    for (const ReportTable &table : blocksOf<ReportTable>(blocks)) {
        if (table.title.starts_with(beginning))
            return table;
    }
    return {};
}

ReportKeyFigure keyFigure(const Blocks &blocks, const char *beginning)
{
    for (const ReportKeyFigures &row : blocksOf<ReportKeyFigures>(blocks)) {
        for (const ReportKeyFigure &figure : row.figures) {
            if (figure.label.starts_with(beginning))
                return figure;
        }
    }
    return {};
}

/// A flag as the page and the report print it.
QString asPrinted(const std::string &flag)
{
    QString text = toQt(flag);
    text[0] = text[0].toUpper();
    return text;
}

/// A number of a printed table, in its last digit.
qint64 steps(const std::string &cell)
{
    QString digits = toQt(cell);
    digits.remove(QLatin1Char(',')).remove(QLatin1Char('.')).remove(QLatin1Char('+'));
    bool ok = false;
    const qint64 number = digits.toLongLong(&ok);
    return ok ? number : digits.startsWith(QLatin1Char('<')) ? 0 : -1;
}

} // namespace

class TestCapacitySection : public QObject
{
    Q_OBJECT
private slots:
    void moneyIsThatOfTheScenario_data();
    void moneyIsThatOfTheScenario();
    void everySizeOfTheTableIsThatOfALever();
    void printedSizesAddUp();
    void picturesMarkTheSizes();
    void saysWhatItLimits();
    void noSectionWithoutPools();
    void aSharedPoolComesOnce();
    void laterUnitsAreTold();
    void refusalsAreTold_data();
    void refusalsAreTold();
    void loadsWithoutMomentsAreTold();
    void unitsThatServeNothingAreTold();
    void sizesOfTheConversationTrace();
    void isInThePdf();
};

void TestCapacitySection::moneyIsThatOfTheScenario_data()
{
    QTest::addColumn<qint64>("units");
    QTest::addColumn<bool>("sized");
    QTest::addColumn<bool>("levers");
    QTest::addColumn<int>("horizon");
    QTest::addColumn<QByteArray>("price");
    QTest::newRow("set") << qint64{7} << false << false << 0 << QByteArray(cheap);
    QTest::newRow("set, after other levers") << qint64{7} << false << true << 0 << QByteArray(cheap);
    QTest::newRow("set, over a horizon") << qint64{7} << false << true << 3 << QByteArray(cheap);
    QTest::newRow("optimal") << qint64{0} << true << true << 0 << QByteArray(cheap);
    QTest::newRow("optimal, over a horizon") << qint64{0} << true << false << 3 << QByteArray(cheap);
    QTest::newRow("too dear and set") << qint64{7} << false << false << 0 << QByteArray(dear);
    QTest::newRow("too dear, optimal") << qint64{0} << true << false << 0 << QByteArray(dear);
}

void TestCapacitySection::moneyIsThatOfTheScenario()
{
    QFETCH(qint64, units);
    QFETCH(bool, sized);
    QFETCH(bool, levers);
    QFETCH(int, horizon);
    QFETCH(QByteArray, price);
    const auto baseline = baselineOf(price.constData(), horizon);
    auto with = levers ? someLevers() : std::vector<EffectiveLever>{};
    const Femto without = outcomeOf(*baseline, with).total();
    with.push_back(pool(units, sized ? "optimal" : ""));
    const ComparedScenario reserved = scenario(*baseline, "Reserved", with);
    const Outcome::Pool &found = reserved.outcome.pools.front();
    const Femto change = reserved.outcome.total() - without;
    const Blocks blocks = sectionOf(baseline, {scenario(*baseline, "Baseline", {}), reserved});

    const QString texts = textsOf(blocks);
    const std::string size = found.units == 0 ? "nothing" : exactCountText(found.units) + " PTU";
    QVERIFY2(texts.contains(toQt("Reserved reserves " + size + " for p/a")), qPrintable(texts));
    // What the scenario saves against the same one without units.
    QCOMPARE(keyFigure(blocks, "Against pay-as-you-go").value, signedMoneyText(change, "USD"));
    QCOMPARE(keyFigure(blocks, "Against pay-as-you-go").direction, change < Femto() ? -1 : change > Femto() ? 1 : 0);
    // No second set of figures: the study is of what the scenario has.
    QVERIFY(!texts.contains("In the scenario the units cost"));
    QCOMPARE(tableTitled(blocks, "Three break-evens").rows.size(), std::size_t{3});
    QCOMPARE(tableTitled(blocks, "What the levers leave").rows.size(), levers ? std::size_t{4} : std::size_t{0});
    const ReportTable waste = tableTitled(blocks, "Waste");
    if (found.units == 0) {
        QCOMPARE(waste.rows.size(), std::size_t{0});
        return;
    }
    QCOMPARE(keyFigure(blocks, "Cost ").value, moneyText(found.fixedCost + found.spillCost, "USD"));
    QCOMPARE(keyFigure(blocks, "Cost ").detail,
             "units " + moneyText(found.fixedCost, "USD") + " + spill " + moneyText(found.spillCost, "USD"));
    QVERIFY2(texts.contains(toQt(moneyText(magnitude(change), "USD") + " (")), qPrintable(texts));
    QCOMPARE(waste.rows.size(), std::size_t{4});
    QCOMPARE(waste.rows[0][2], moneyText({}, "USD"));
    QCOMPARE(waste.rows[2][2], moneyText({}, "USD"));
    QCOMPARE(waste.rows[3][2], moneyText(found.spillCost, "USD"));
}

void TestCapacitySection::everySizeOfTheTableIsThatOfALever()
{
    const auto baseline = baselineOf(cheap);
    auto with = someLevers();
    with.push_back(pool(7));
    const ReportTable table =
        tableTitled(sectionOf(baseline, {scenario(*baseline, "Reserved", with)}), "Sizes by rule, amounts in USD");
    QStringList names;
    for (const auto &row : table.rows) {
        names << toQt(row[0]);
        const qint64 units = steps(row[1]);
        if (units == 0)
            continue;
        with.back() = pool(units);
        const Outcome::Pool found = outcomeOf(*baseline, with).pools.front();
        const Femto cost = found.fixedCost + found.spillCost;
        const int digits = static_cast<int>(row[4].size() - row[4].find('.') - 1);
        QCOMPARE(row[4], formatDecimalFixed(cost.units(), Femto::scale, digits));
        QCOMPARE(row[6], shareOfText(found.utilisation, onePpm));
        QCOMPARE(row[7], shareOfText(found.spillShare, onePpm));
    }
    QCOMPARE(names, (QStringList{"In the scenario", "For least cost", "Pay-as-you-go", "For the average load",
                                 "For 95 % of the time (P95)", "For the peak"}));
    QVERIFY(table.emphasised.front());
}

void TestCapacitySection::printedSizesAddUp()
{
    const auto baseline = baselineOf(cheap);
    const ReportTable table = tableTitled(sectionOf(baseline, {scenario(*baseline, "Reserved", {pool(7)})}), "Sizes");
    const qint64 least = steps(table.rows[1][4]);
    for (const auto &row : table.rows) {
        QVERIFY(steps(row[4]) > 0);
        QCOMPARE(steps(row[2]) + steps(row[3]), steps(row[4]));
        QCOMPARE(steps(row[5]), steps(row[4]) - least);
    }
}

void TestCapacitySection::picturesMarkTheSizes()
{
    const auto baseline = busyBaseline();
    const Blocks blocks = sectionOf(baseline, {scenario(*baseline, "Reserved", {pool(7)})});
    const auto figures = blocksOf<ReportFigure>(blocks);
    QCOMPARE(figures.size(), std::size_t{2});
    for (const ReportFigure &figure : figures) {
        QVERIFY(figure.plane.has_value());
        QVERIFY(figure.plane->handles.empty());
        QVERIFY(figure.plane->areas.size() >= 2);
        QStringList marks;
        for (const FigureMark &mark : figure.figure.marks)
            marks << toQt(mark.label);
        const QString all = marks.join(QLatin1Char('\n'));
        for (const char *expected : {"optimum", "P95", "peak", "in the scenario"})
            QVERIFY2(all.contains(QLatin1String(expected)), qPrintable(all));
        for (const FigureSeries &series : figure.figure.series) {
            QVERIFY(series.points.size() > 2);
            QVERIFY(series.points.size() <= 2010);
        }
    }
    // Load stands across, size along: the mark of the scenario is at its number.
    const auto markAt = [](const Figure &figure) {
        const auto found = std::find_if(figure.marks.begin(), figure.marks.end(), [](const FigureMark &mark) {
            return mark.label.find("in the scenario") != std::string::npos;
        });
        return *found;
    };
    QCOMPARE(markAt(figures[0].figure).at, 7.0);
    QVERIFY(!markAt(figures[0].figure).vertical);
    QCOMPARE(markAt(figures[1].figure).at, 7.0);
    QVERIFY(markAt(figures[1].figure).vertical);
}

void TestCapacitySection::saysWhatItLimits()
{
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.name = "Offer of old";
    offer.provider = "p";
    offer.unitName = "PTU";
    offer.overflow = OfferOverflow::Unknown;
    offer.checked = "2025-01-02";
    offer.source = "https://example.org/offer";
    offer.terms = {world::term("1-month", "0.02", false)};
    offer.throughput = {world::throughput("a", 200)};
    offer.throughput[0].maximumPromptTokens = 700;
    offer.throughput[0].note = "the table says so for text only";
    const auto book = world::book(
        {world::model("p", "a", {world::rate("a", {{Input, "3"}, {CacheRead, "0.3"}, {Output, "15"}})})}, {offer});
    const auto baseline = Baseline::build(randomLedger(2), book, world::settings(march), {}).value();
    const ComparedScenario reserved = scenario(*baseline, "Reserved", {pool(7)});
    const QString texts = textsOf(sectionOf(baseline, {reserved}));
    CapacityQuestion question = questionFor();
    question.units = 7;
    question.today = instantOf(2026, 4, 1);
    const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
    QStringList ids;
    for (const CapacityFlag &flag : answer.flags) {
        ids << toQt(flag.id);
        QVERIFY2(texts.contains(asPrinted(flag.text)), flag.text.c_str());
    }
    for (const char *id : {"old-facts", "overflow", "note", "too-long"})
        QVERIFY2(ids.contains(QLatin1String(id)), id);
    QVERIFY(texts.contains("Spill is counted by the minute and is a lower bound"));
    QVERIFY(texts.contains("Facts of the offer were checked on 2025-01-02."));
    QVERIFY(texts.contains("Source of the facts: https://example.org/offer"));
    QVERIFY(texts.contains("Spill request by request"));
}

void TestCapacitySection::noSectionWithoutPools()
{
    const auto baseline = baselineOf(cheap);
    EffectiveLever off = pool(7);
    off.lever.enabled = false;
    const std::vector<ComparedScenario> compared{scenario(*baseline, "Baseline", {}),
                                                 scenario(*baseline, "Levers", someLevers()),
                                                 scenario(*baseline, "Switched off", {off})};
    QVERIFY(sectionOf(baseline, compared).empty());
    const ReportDocument plain = scenarioReport("w", baseline, compared, {}, {}).value();
    QVERIFY(!textsOf(plain.blocks).contains("Capacity:"));
    for (const ReportHeading &heading : blocksOf<ReportHeading>(plain.blocks))
        QVERIFY(heading.text != "Capacity");
    auto with = compared;
    with.push_back(scenario(*baseline, "Reserved", {pool(7)}));
    const ReportDocument report = scenarioReport("w", baseline, with, {}, {}).value();
    QVERIFY(textsOf(report.blocks).contains("Capacity:"));
    QStringList headings;
    for (const ReportHeading &heading : blocksOf<ReportHeading>(report.blocks)) {
        if (!heading.minor)
            headings << toQt(heading.text);
    }
    QCOMPARE(headings.count("Capacity"), 1);
    QVERIFY(headings.indexOf("Capacity") < headings.indexOf("Assumptions"));
}

void TestCapacitySection::aSharedPoolComesOnce()
{
    const auto baseline = baselineOf(cheap);
    auto cached = someLevers();
    cached.push_back(pool(7));
    const Blocks blocks =
        sectionOf(baseline, {scenario(*baseline, "One", {pool(7)}), scenario(*baseline, "Two", {pool(7)}),
                             scenario(*baseline, "Larger", {pool(9)}), scenario(*baseline, "After levers", cached)});
    QStringList texts;
    for (const QString &line : textsOf(blocks).split(QLatin1Char('\n'))) {
        if (line.contains("for p/a"))
            texts << line.section(QStringLiteral(" for p/a"), 0, 0);
    }
    QCOMPARE(texts, (QStringList{"One and Two reserve 7 PTU", "Larger reserves 9 PTU", "After levers reserves 7 PTU"}));
    // Of the same load another size has its own pictures and sizes, and the break-evens of the first.
    int breakEvens = 0;
    for (const ReportTable &table : blocksOf<ReportTable>(blocks))
        breakEvens += table.title.starts_with("Three break-evens") ? 1 : 0;
    QCOMPARE(breakEvens, 2);
    QCOMPARE(blocksOf<ReportFigure>(blocks).size(), std::size_t{6});
    QVERIFY(textsOf(blocks).contains("what is to be kept in mind are as for One and Two"));
}

void TestCapacitySection::laterUnitsAreTold()
{
    const auto baseline = baselineOf(cheap, 3);
    EffectiveLever later = pool(7);
    later.lever.start = Month::of(2026, 6);
    const ComparedScenario reserved = scenario(*baseline, "Later", {later});
    const Outcome::Pool &found = reserved.outcome.pools.front();
    const ComparedScenario whole = scenario(*baseline, "At once", {pool(7)});
    QVERIFY(found.fixedCost < whole.outcome.pools.front().fixedCost);
    const Blocks blocks = sectionOf(baseline, {reserved});
    const QString texts = textsOf(blocks);
    QVERIFY2(texts.contains(toQt("In the scenario the units cost " + moneyText(found.fixedCost, "USD")
                                 + " from Jun 2026 on, and " + moneyText(found.spillCost, "USD"))),
             qPrintable(texts));
    const Outcome::Pool &atOnce = whole.outcome.pools.front();
    QCOMPARE(keyFigure(blocks, "Cost over 3 months").value, moneyText(atOnce.fixedCost + atOnce.spillCost, "USD"));
}

void TestCapacitySection::refusalsAreTold_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("offer");
    QTest::addColumn<QByteArray>("term");
    QTest::addColumn<QString>("why");
    QTest::newRow("no offer") << QByteArray("p/a") << QByteArray("nosuch") << QByteArray("1-month")
                              << "have no offer 'nosuch'";
    QTest::newRow("no throughput") << QByteArray("p/cliff") << QByteArray("offer") << QByteArray("1-month")
                                   << "says no throughput for 'p/cliff'";
    QTest::newRow("no price") << QByteArray("p/a") << QByteArray("offer") << QByteArray("1-year") << "is not public";
}

void TestCapacitySection::refusalsAreTold()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, offer);
    QFETCH(QByteArray, term);
    QFETCH(QString, why);
    // In January the term of a year has no price in the simple catalogue.
    const auto baseline =
        Baseline::build(randomLedger(2), simpleBook(), world::settings(world::months(2026, 1, 1)), {}).value();
    ComparedScenario reserved{{}, {pool(7)}};
    reserved.outcome.name = "Reserved";
    Outcome::Pool found;
    found.leverId = "pool";
    found.model = model.toStdString();
    found.offer = offer.toStdString();
    found.term = term.toStdString();
    found.units = 7;
    found.fixedCost = Femto::ofUnits(Int128{140} * 1'000'000'000'000'000);
    reserved.outcome.pools = {found};
    const Blocks blocks = sectionOf(baseline, {reserved});
    const QString texts = textsOf(blocks);
    QVERIFY2(texts.contains("This cannot be sized. ") && texts.contains(why), qPrintable(texts));
    // What the scenario pays is still there.
    QVERIFY2(texts.contains("In the scenario the units cost $140.00"), qPrintable(texts));
    QVERIFY(blocksOf<ReportFigure>(blocks).empty());
    QCOMPARE(blocksOf<ReportHeading>(blocks).size(), std::size_t{1});
}

void TestCapacitySection::loadsWithoutMomentsAreTold()
{
    std::vector<RequestRow> rows;
    for (int day = 1; day <= 5; ++day) {
        RequestRow row = world::request(instantOf(2026, 3, day), "a", 4'000'000, 90'000);
        row.usage[Request] = 500;
        rows.push_back(row);
    }
    const Ledger ledger = world::ledger(rows);
    const auto baseline = baselineOf(cheap, 0, ledger);
    const ComparedScenario reserved = scenario(*baseline, "Reserved", {pool(7)});
    const Blocks blocks = sectionOf(baseline, {reserved});
    const QString texts = textsOf(blocks);
    QVERIFY2(texts.contains("of this load is known as sums over longer times only."), qPrintable(texts));
    QVERIFY(texts.contains("If it arrived evenly,"));
    QVERIFY(texts.contains(
        toQt("In the scenario the units cost " + moneyText(reserved.outcome.pools.front().fixedCost, "USD"))));
    QVERIFY(blocksOf<ReportFigure>(blocks).empty());
    QVERIFY(blocksOf<ReportTable>(blocks).empty());
}

void TestCapacitySection::unitsThatServeNothingAreTold()
{
    const Ledger ledger = world::ledger({world::request(someDay, "b", 500, 20)});
    const auto baseline = baselineOf(cheap, 0, ledger);
    const Blocks blocks = sectionOf(baseline, {scenario(*baseline, "Reserved", {pool(7)})});
    QVERIFY2(textsOf(blocks).contains("No standard request is served by a in this traffic."),
             qPrintable(textsOf(blocks)));
    QVERIFY(blocksOf<ReportFigure>(blocks).empty());
}

void TestCapacitySection::sizesOfTheConversationTrace()
{
    REQUIRE_SHARED(sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz"));
    const auto baseline = conversationTrace();
    EffectiveLever units = pool(150);
    units.lever.texts = {{"model", "azure/gpt-4.1"}, {"offer", "azure-ptu-global"}, {"term", "1-year"}};
    const Blocks blocks = sectionOf(baseline, {scenario(*baseline, "Reserved", {units})});
    CapacityQuestion question = questionFor("azure/gpt-4.1", "azure-ptu-global", "1-year");
    question.units = 150;
    const CapacityAnswer answer = studyCapacity(*baseline, {}, question, {}).value();
    QCOMPARE(keyFigure(blocks, "Cheapest size").value, exactCountText(answer.optimum.units) + " PTU");
    QCOMPARE(keyFigure(blocks, "Cost ").value, moneyText(answer.at->cost(), "USD"));
    const ReportTable sizes = tableTitled(blocks, "Sizes by rule");
    QCOMPARE(sizes.rows.back()[1], exactCountText(answer.peakUnits));
}

void TestCapacitySection::isInThePdf()
{
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
        QSKIP("pdftotext is not installed");
    QTemporaryDir folder;
    const auto baseline = busyBaseline();
    const ReportDocument report =
        scenarioReport("Reservations", baseline,
                       {scenario(*baseline, "Baseline", {}), scenario(*baseline, "Reserved", {pool(7)})}, {}, {})
            .value();
    const QString path = folder.filePath(QStringLiteral("report.pdf"));
    QVERIFY(writeReportPdf(report, path).ok());
    QProcess reader;
    reader.start(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), path, QStringLiteral("-")});
    QVERIFY(reader.waitForFinished(60'000));
    const QString text = QString::fromUtf8(reader.readAllStandardOutput());
    for (const char *expected :
         {"Capacity", "Reserved reserves 7 PTU", "Sizes by rule", "Three break-evens", "Against hourly units", "Waste",
          "Idle: deployed and not used", "To keep in mind", "lower bound", "optimum", "P95", "peak", "in the scenario",
          "served", "spilled", "idle", "Share of the time", "Capacity: the load of a minute"})
        QVERIFY2(text.contains(QLatin1String(expected)), expected);
    reader.start(QStringLiteral("pdfimages"), {QStringLiteral("-list"), path});
    QVERIFY(reader.waitForFinished(60'000));
    const QStringList images = QString::fromUtf8(reader.readAllStandardOutput()).trimmed().split('\n').mid(2);
    QVERIFY2(images.isEmpty(), qPrintable(images.join('\n')));
}

QTEST_MAIN(TestCapacitySection)
#include "tst_capacity_section.moc"
