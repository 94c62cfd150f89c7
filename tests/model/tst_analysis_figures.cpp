// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences and charts of the analyses: what they say must be what the numbers say.
#include "tests/support/sample_outcomes.h"

#include <QTest>

using namespace perunit;
using samples::figureAt;
using samples::usd;

namespace {

OutcomeFigure figureNamed(const char *text)
{
    return parseOutcomeFigure(text).value();
}

GoalSeekResult goal(bool reached)
{
    GoalSeekResult result;
    result.parameter = {0, "routing-1", leverSpec(LeverKind::Routing).parameter("share")};
    result.target = parseFigureTarget("total<=8000").value();
    result.present = figureAt(600'000, "8500");
    result.reached = reached;
    if (reached) {
        result.answer = figureAt(634'000, "8000");
        result.justNot = figureAt(633'999, "8000.01");
    } else {
        result.nearest = {figureAt(1'000'000, "8100")};
    }
    return result;
}

EvaluationRequest scenario()
{
    EvaluationRequest request;
    request.levers = samples::levers();
    return request;
}

} // namespace

class TestAnalysisFigures : public QObject
{
    Q_OBJECT
private slots:
    void namesFigures_data();
    void namesFigures();
    void tornadoTellsWhatMatters();
    void tornadoOfNothing();
    void goalSentences_data();
    void goalSentences();
    void killSentences_data();
    void killSentences();
    void savingsAddUp();
    void bridgesTellInteractions();
};

void TestAnalysisFigures::namesFigures_data()
{
    QTest::addColumn<QString>("figure");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("change");
    QTest::newRow("total") << "total"
                           << "total cost"
                           << "\u2212$1,234.50";
    QTest::newRow("component") << "component:cache_read"
                               << "cost of Cache read"
                               << "\u2212$1,234.50";
    QTest::newRow("unit") << "unit:conversation"
                          << "cost per conversation"
                          << "\u2212$1,235";
    QTest::newRow("month") << "total@2026-06"
                           << "total cost in Jun 2026"
                           << "\u2212$1,234.50";
}

void TestAnalysisFigures::namesFigures()
{
    QFETCH(QString, figure);
    QFETCH(QString, label);
    QFETCH(QString, change);
    const OutcomeFigure parsed = figureNamed(figure.toUtf8().constData());
    QCOMPARE(QString::fromStdString(figureLabel(parsed)), label);
    const QString text = QString::fromStdString(figureChangeText(parsed, usd("-1234.5").units(), "USD"));
    if (parsed.kind != OutcomeFigure::Kind::Unit)
        QCOMPARE(text, change);
    QVERIFY(text.startsWith(QChar(0x2212)));
    QVERIFY(!QString::fromStdString(figureChangeText(parsed, 0, "USD")).contains(QLatin1Char('+')));
}

void TestAnalysisFigures::tornadoTellsWhatMatters()
{
    const Figure figure = tornadoFigure(samples::tornado(), samples::levers(), "Plan A", "USD");
    QCOMPARE(QString::fromStdString(figure.title),
             QStringLiteral("Total cost of Plan A depends most on Routing, Share of requests: it moves by $1,600.00"));
    QCOMPARE(figure.categories.size(), std::size_t(3));
    QCOMPARE(figure.series[0].points[0].y, 800.0);
    QCOMPARE(figure.series[1].points[0].y, -800.0);
    QCOMPARE(figure.series[0].points[0].label, std::string("50 %"));
    QVERIFY(figure.series[0].points[0].exact.find("$9,300.00 (+$800.00)") != std::string::npos);
    QCOMPARE(figure.notes.size(), std::size_t(2)); // one moves nothing, of one an end is impossible
}

void TestAnalysisFigures::tornadoOfNothing()
{
    Tornado tornado = samples::tornado();
    tornado.rows.erase(tornado.rows.begin(), tornado.rows.begin() + 3);
    const Figure figure = tornadoFigure(tornado, samples::levers(), "Plan A", "USD");
    QVERIFY(figure.isEmpty());
    QCOMPARE(figure.title, std::string("No assumption of Plan A moves the total cost"));
}

void TestAnalysisFigures::goalSentences_data()
{
    QTest::addColumn<bool>("reached");
    QTest::addColumn<bool>("already");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("reached") << true << false
                             << "Reached at 63.4 %: the total cost is $8,000.00. Now, at 60 %, it is $8,500.00. At "
                                "63.3999 % the target is not met.";
    QTest::newRow("already") << true << true << "Reached already: at 60 % the total cost is $8,500.00.";
    QTest::newRow("never") << false << false << "Cannot be reached; the best is 100 %: the total cost is $8,100.00.";
}

void TestAnalysisFigures::goalSentences()
{
    QFETCH(bool, reached);
    QFETCH(bool, already);
    QFETCH(QString, sentence);
    GoalSeekResult result = goal(reached);
    if (already)
        result.answer = result.present;
    QCOMPARE(QString::fromStdString(goalSentence(result, scenario(), "USD")), sentence);
}

void TestAnalysisFigures::killSentences_data()
{
    QTest::addColumn<qint64>("down");
    QTest::addColumn<qint64>("up");
    QTest::addColumn<bool>("lower");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("down") << qint64(420'000) << qint64(-1) << true
                          << "Moved down to 42 %, A is no longer cheaper than B (now 60 %).";
    QTest::newRow("both") << qint64(420'000) << qint64(900'000) << true
                          << "Moved down to 42 %, or moved up to 90 %, A is no longer cheaper than B (now 60 %).";
    QTest::newRow("dearer at present") << qint64(-1) << qint64(900'000) << false
                                       << "Moved up to 90 %, A becomes cheaper than B (now 60 %).";
    QTest::newRow("never") << qint64(-1) << qint64(-1) << true << "Within its limits it never turns the comparison.";
}

void TestAnalysisFigures::killSentences()
{
    QFETCH(qint64, down);
    QFETCH(qint64, up);
    QFETCH(bool, lower);
    QFETCH(QString, sentence);
    KillNumber row;
    row.parameter = {0, "routing-1", leverSpec(LeverKind::Routing).parameter("share")};
    row.present = 600'000;
    if (down >= 0)
        row.down.value = down;
    if (up >= 0)
        row.up.value = up;
    KillNumbers all;
    all.firstIsLower = lower;
    QCOMPARE(QString::fromStdString(killSentence(row, all, samples::levers().front().lever, "A", "B")), sentence);
}

void TestAnalysisFigures::savingsAddUp()
{
    SavingsList savings;
    savings.before = usd("1000");
    savings.after = usd("700");
    savings.overlap = usd("50");
    savings.items = {{"routing-1", "Routing", "s1", usd("250"), usd("250"), usd("750"), usd("225")},
                     {"batch-1", "Batch", "s1", usd("100"), usd("50"), usd("700"), usd("75")}};
    const Figure figure = savingsWaterfall(savings, "Plan A", "USD");
    QCOMPARE(figure.kind, FigureKind::Waterfall);
    const auto &points = figure.series.front().points;
    QCOMPARE(points.size(), std::size_t(4));
    QCOMPARE(points[0].y + points[1].y + points[2].y, points[3].y);
    QVERIFY(figure.title.find("Plan A saves $300") == 0);
    QVERIFY(figure.title.find("$50.00 too much") != std::string::npos);
    QVERIFY(savingsWaterfall({}, "Plan A", "USD").isEmpty());
}

void TestAnalysisFigures::bridgesTellInteractions()
{
    Bridge bridge = samples::bridge();
    bridge.interactions.clear();
    QVERIFY(bridgeWaterfall(bridge, "USD").notes.empty());
    const std::string a = bridge.parts[0].leverId;
    const std::string b = bridge.parts[1].leverId;
    bridge.interactions = {{a, b, usd("12")}, {b, a, usd("-40")}, {a, a, Femto()}, {b, b, usd("1")}, {a, b, usd("2")}};
    const Figure figure = bridgeWaterfall(bridge, "USD");
    QCOMPARE(figure.notes.size(), std::size_t(4));
    QVERIFY(figure.notes[0].find(bridge.parts[1].label + " and " + bridge.parts[0].label) == 0);
    QVERIFY(figure.notes[0].find("\u2212$40.00") != std::string::npos);
    QCOMPARE(figure.notes[3], std::string("One more pair acts on each other."));
}

QTEST_APPLESS_MAIN(TestAnalysisFigures)
#include "tst_analysis_figures.moc"
