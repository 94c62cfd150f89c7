// SPDX-License-Identifier: GPL-3.0-or-later
// Where values of a chart stand when there is little room, and what they lead to.
#include "tests/support/sample_outcomes.h"
#include "widgets/charts/chart_pane.h"
#include "widgets/charts/figure_layout.h"
#include "widgets/charts/figure_view.h"

#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace perunit;
using samples::usd;

namespace {

FigureLayout layoutOf(const Figure &figure, QSizeF size)
{
    FigureLayoutOptions options;
    options.size = size;
    options.theme = Theme::light();
    return layOut(figure, options);
}

/// Many levers with long names.
Figure crowdedBridge()
{
    Bridge crowded = samples::bridge();
    for (int i = 0; i < 6; ++i)
        crowded.parts.push_back({"lever-" + std::to_string(i),
                                 "Prompt cache: anthropic, contract-review number " + std::to_string(i),
                                 usd("-350.44"),
                                 usd("-400"),
                                 usd("-300"),
                                 {},
                                 {}});
    crowded.end += usd("-2102.64");
    return bridgeWaterfall(crowded, "USD");
}

} // namespace

class TestFigurePlaces : public QObject
{
    Q_OBJECT
private slots:
    void crowdedBridgesLieDown();
    void valuesLeadSomewhere();
    void othersLeadNowhere();
    void textsAreNeverCut();
};

/// Where names or values would cover each other the bars lie on their side, one a row, with the same values.
void TestFigurePlaces::crowdedBridgesLieDown()
{
    const Figure figure = crowdedBridge();
    QVERIFY(!layoutOf(figure, {1600, 420}).lying);
    const FigureLayout layout = layoutOf(figure, {420, 300});
    QVERIFY(layout.lying);
    const auto spans = waterfallSpans(figure.series[0]);
    QCOMPARE(layout.bars.size(), spans.size());
    QCOMPARE(layout.spots.size(), spans.size());
    for (qsizetype i = 0; i < spans.size(); ++i) {
        const QRectF &bar = layout.spots[i].bar;
        QVERIFY(layout.plot.adjusted(-1, -1, 2, 1).contains(bar));
        // As long as its value, below the one before.
        const double share = std::abs(spans[i].second - spans[i].first) / layout.y.span();
        QVERIFY(std::abs(bar.width() - std::max(share * layout.plot.width(), 1.0)) < 0.01);
        QVERIFY(i == 0 || bar.top() > layout.spots[i - 1].bar.bottom());
    }
    int values = 0;
    for (const FigureLayout::Label &label : layout.labels)
        values += label.text.contains(QStringLiteral("350.44")) ? 1 : 0;
    QCOMPARE(values, 6);
    // While a slider is held the axis keeps its range here as well.
    FigureLayoutOptions held;
    held.size = {420, 300};
    held.theme = Theme::light();
    held.heldY = ValueRange{0, 100'000};
    QCOMPARE(layOut(figure, held).y, (ValueRange{0, 100'000}));
}

void TestFigurePlaces::valuesLeadSomewhere()
{
    const Outcome base = samples::outcome("", "Baseline", "6000", "2500");
    const Outcome cheap = samples::outcome("s1", "Route + cache", "2000", "790");
    FigureView view;
    view.resize(700, 420);
    const Figure figure = componentBars({base, cheap});
    view.setFigure(figure);
    QVector<FigurePlace> chosen;
    connect(&view, &FigureView::figureActivated, this, [&chosen](FigurePlace place) { chosen.append(place); });
    view.show();
    auto *pane = view.findChild<ChartPane *>();
    const auto spotOf = [pane](int series) {
        for (const FigureLayout::Spot &spot : pane->content().layout().spots) {
            if (spot.series == series)
                return spot;
        }
        return FigureLayout::Spot{};
    };
    const auto click = [pane](const FigureLayout::Spot &spot) {
        QTest::mouseClick(pane->viewport(), Qt::LeftButton, {}, pane->mapFromScene(spot.bar.center()));
    };
    // Nothing leads anywhere before somebody says so.
    click(spotOf(1));
    QVERIFY(chosen.isEmpty());
    view.setActivation("Click to explain it", [](FigurePlace place) { return place.series == 1; });
    click(spotOf(0));
    QVERIFY(chosen.isEmpty());
    click(spotOf(1));
    QCOMPARE(chosen, (QVector<FigurePlace>{{1, 0}}));
    // Beside the bars there is nothing.
    QTest::mouseClick(pane->viewport(), Qt::LeftButton, {}, {2, 2});
    QCOMPARE(chosen.size(), 1);
    // The keyboard: the last value is one of the second series, the first one is not.
    QTest::keyClick(pane, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QTest::keyClick(pane, Qt::Key_End);
    QVERIFY(pane->currentText().endsWith("Click to explain it"));
    QTest::keyClick(pane, Qt::Key_Return);
    QCOMPARE(chosen.size(), 2);
    QCOMPARE(chosen.last(), (FigurePlace{1, static_cast<int>(figure.series[1].points.size()) - 1}));
    QTest::keyClick(pane, Qt::Key_Home);
    QVERIFY(!pane->currentText().contains("explain"));
    QTest::keyClick(pane, Qt::Key_Return);
    QCOMPARE(chosen.size(), 2);
    // And the table twin.
    view.setTableShown(true);
    auto *table = view.findChild<QTableWidget *>();
    emit table->cellActivated(0, 1);
    emit table->cellActivated(0, 0);
    QCOMPARE(chosen.size(), 2);
    emit table->cellActivated(1, 2);
    QCOMPARE(chosen.last(), (FigurePlace{1, 1}));
    QVERIFY(table->item(1, 2)->toolTip().contains("explain"));
    QVERIFY(!table->item(1, 1)->toolTip().contains("explain"));
}

/// What is drawn as one bar for several small series stands for none of them.
void TestFigurePlaces::othersLeadNowhere()
{
    Figure stack;
    stack.kind = FigureKind::StackedBars;
    stack.categories = {"Jan"};
    for (int i = 0; i < 9; ++i) {
        FigureSeries series;
        series.name = "Part " + std::to_string(i);
        series.role = SeriesRole::Component;
        series.roleIndex = i;
        FigurePoint point;
        point.y = i == 7 ? 50 : 10 - i;
        series.points.push_back(point);
        stack.series.push_back(series);
    }
    FigureView view;
    view.resize(600, 500);
    view.setFigure(stack);
    view.setActivation("Explain", [](FigurePlace) { return true; });
    QVector<FigurePlace> chosen;
    connect(&view, &FigureView::figureActivated, this, [&chosen](FigurePlace place) { chosen.append(place); });
    view.show();
    auto *pane = view.findChild<ChartPane *>();
    for (const FigureLayout::Spot &spot : pane->content().layout().spots)
        QTest::mouseClick(pane->viewport(), Qt::LeftButton, {}, pane->mapFromScene(spot.bar.center()));
    // Six are drawn; the fifth is the large one, which stands at the eighth place of the figure.
    QCOMPARE(chosen, (QVector<FigurePlace>{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {7, 0}}));
}

/// A view is never lower than its texts and marks need, however narrow it is.
void TestFigurePlaces::textsAreNeverCut()
{
    FigureView view;
    Figure figure = bridgeWaterfall(samples::bridge(), "USD");
    figure.notes.assign(3, "Prompt cache and batch together save less than each does alone; the bars share it.");
    view.setFigure(figure);
    view.resize(900, 400);
    const int wide = view.minimumSizeHint().height();
    view.resize(260, 400);
    const int narrow = view.minimumSizeHint().height();
    QVERIFY(narrow > wide + 40);
    view.setLeastHeight(2'000);
    QCOMPARE(view.minimumSizeHint().height(), 2'000);
}

QTEST_MAIN(TestFigurePlaces)
#include "tst_figure_places.moc"
