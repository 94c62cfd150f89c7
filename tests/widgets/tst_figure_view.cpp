// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_outcomes.h"
#include "widgets/charts/axis_scale.h"
#include "widgets/charts/figure_layout.h"
#include "widgets/charts/figure_painter.h"
#include "widgets/charts/figure_table.h"
#include "widgets/charts/figure_view.h"
#include "widgets/charts/label_fit.h"

#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QGraphicsView>
#include <QImage>
#include <QMimeData>
#include <QPainter>
#include <QTableWidget>
#include <QTest>
#include <QVBoxLayout>
#include <QWindow>

#include <cmath>

using namespace perunit;
using samples::usd;

namespace {

QVector<std::pair<QString, Figure>> allFigures()
{
    const Outcome base = samples::outcome("", "Baseline", "6000", "2500");
    const Outcome cheap = samples::outcome("s1", "Route + cache", "2000", "790");
    Bridge crossing = samples::bridge();
    crossing.parts.push_back({"credit", "Credit of the provider", usd("-30000"), usd("-30000"), usd("-30000"), {}, {}});
    crossing.end += usd("-30000");
    Outcome grouped = base;
    for (const char *key : {"support-chatbot", "contract-review", "invoice-extraction-and-matching", "search", ""}) {
        GroupOutcome group;
        group.by = "workload";
        group.key = key;
        group.components[Component::Input] = usd("12.5");
        grouped.groups.push_back(group);
    }
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
    const UnitActuals unit = samples::unitActuals();
    DailySpend spend;
    for (int day = 0; day < 40; ++day)
        spend.days.push_back(
            {instantOf(2026, 6, 1 + day), usd(day == 30 ? "900" : "100"), 10, day == 30, usd("100"), ""});
    return {{"bars", componentBars({base, cheap})},
            {"unit lines", unitOverMonths({base, cheap}, "conversation")},
            {"total lines", totalOverMonths({base, cheap})},
            {"waterfall", bridgeWaterfall(samples::bridge(), "USD")},
            {"waterfall below zero", bridgeWaterfall(crossing, "USD")},
            {"waterfall of many", bridgeWaterfall(crowded, "USD")},
            {"unit days", unitOverDays(unit, "USD")},
            {"histogram", unitDistribution(unit, "USD")},
            {"stack", componentsOverMonths(base)},
            {"spend", spendOverDays(spend, "USD")},
            {"breakdown", breakdownBars(grouped, "workload", 5)},
            {"composition", unitComposition(unit, "USD")},
            {"tornado", tornadoFigure(samples::tornado(), samples::levers(), "Route + cache", "USD")}};
}

FigureLayout layoutOf(const Figure &figure, QSizeF size)
{
    FigureLayoutOptions options;
    options.size = size;
    options.theme = Theme::light();
    return layOut(figure, options);
}

/// Share of pixels in exactly this colour.
int pixelsOf(const QImage &image, const QColor &colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y).rgb() == colour.rgb() ? 1 : 0;
    }
    return count;
}

/// Window that takes files, as the main window does.
class DropWindow : public QWidget
{
public:
    DropWindow() { setAcceptDrops(true); }
    bool dropped = false;

protected:
    void dragEnterEvent(QDragEnterEvent *event) override { event->acceptProposedAction(); }
    void dropEvent(QDropEvent *event) override
    {
        dropped = true;
        event->acceptProposedAction();
    }
};

} // namespace

class TestFigureView : public QObject
{
    Q_OBJECT
private slots:
    void roundTicks_data();
    void roundTicks();
    void monthTicksStandAtMonthStarts();
    void labelsAlwaysFit_data();
    void labelsAlwaysFit();
    void everyCategoryIsWritten_data();
    void everyCategoryIsWritten();
    void waterfallMeetsItsEnd();
    void whiskersStandInThePlot();
    void subtotalsStandOnZero();
    void tornadoBarsLieBesideZero();
    void gapsAreNotBridged();
    void onePointIsADot();
    void moreThanSixSeries();
    void showsAllKinds_data();
    void showsAllKinds();
    void marksAreDrawn();
    void axesHold();
    void emptyFigureSaysSo();
    void tableTwin();
    void keyboardWalks();
    void followsTheTheme();
    void dropsReachTheWindow();
};

void TestFigureView::roundTicks_data()
{
    QTest::addColumn<double>("high");
    QTest::addColumn<double>("low");
    QTest::addColumn<QString>("labels");
    QTest::newRow("thousands") << 26'100.0 << 0.0 << "0 10k 20k 30k";
    QTest::newRow("below ten thousand") << 2'900.0 << 0.0 << "0 1,000 2,000 3,000";
    QTest::newRow("fractions") << 0.3 << 0.0 << "0 0.1 0.2 0.3";
    QTest::newRow("small fractions") << 0.00041 << 0.0 << "0 0.0002 0.0004 0.0006";
    QTest::newRow("millions") << 2'400'000.0 << 0.0 << "0 1M 2M 3M";
    QTest::newRow("crossing zero") << 900.0 << -700.0 << "\u22121,000 \u2212500 0 500 1,000";
    QTest::newRow("nothing") << 0.0 << 0.0 << "0.0 0.5 1.0";
    QTest::newRow("not a number") << std::nan("") << 0.0 << "0.0 0.5 1.0";
}

void TestFigureView::roundTicks()
{
    QFETCH(double, high);
    QFETCH(double, low);
    QFETCH(QString, labels);
    const ValueScale scale = valueScale(low, high, low < 0 ? 4 : 3, ValueFormat::Money);
    QStringList found;
    for (const AxisTick &tick : scale.ticks) {
        found.append(tick.label);
        QVERIFY(scale.range.contains(tick.at));
    }
    if (labels.startsWith("0.0"))
        labels.replace("0.0 ", "0 ");
    QCOMPARE(found.join(' '), labels);
}

void TestFigureView::monthTicksStandAtMonthStarts()
{
    const auto at = [](Instant instant) {
        return static_cast<double>(instant.micros) / 1e6;
    };
    const auto choices = timeTickChoices(at(instantOf(2026, 10, 20)), at(instantOf(2027, 3, 2)));
    QVERIFY(!choices.isEmpty());
    QStringList labels;
    for (const AxisTick &tick : choices.first())
        labels.append(tick.label);
    QCOMPARE(labels, (QStringList{"Nov 2026", "Dec", "Jan 2027", "Feb", "Mar"}));
    QCOMPARE(choices.first().first().at, at(instantOf(2026, 11, 1)));
    const auto days = timeTickChoices(at(instantOf(2026, 12, 30)), at(instantOf(2027, 1, 2)));
    QCOMPARE(days.first().size(), 4);
    QCOMPARE(days.first()[0].label, "30 Dec 2026");
    QCOMPARE(days.first()[2].label, "1 Jan 2027");
}

void TestFigureView::labelsAlwaysFit_data()
{
    QTest::addColumn<int>("index");
    QTest::addColumn<QSizeF>("size");
    const auto figures = allFigures();
    for (int i = 0; i < figures.size(); ++i) {
        for (const QSizeF size : {QSizeF(280, 200), QSizeF(560, 300), QSizeF(1100, 420)})
            QTest::addRow("%s at %d", qPrintable(figures[i].first), static_cast<int>(size.width())) << i << size;
    }
}

void TestFigureView::labelsAlwaysFit()
{
    QFETCH(int, index);
    QFETCH(QSizeF, size);
    const FigureLayout layout = layoutOf(allFigures()[index].second, size);
    const QRectF sheet(QPointF(), size);
    QVERIFY(sheet.contains(layout.plot));
    QVERIFY(layout.plot.height() > 20);
    QVERIFY(!layout.labels.isEmpty());
    for (qsizetype i = 0; i < layout.labels.size(); ++i) {
        const FigureLayout::Label &label = layout.labels[i];
        QVERIFY2(sheet.adjusted(-2, -2, 2, 2).contains(label.bounds()), qPrintable(label.text));
        // Turned labels overlap as rectangles while their texts do not.
        for (qsizetype other = i + 1; label.angle == 0.0 && other < layout.labels.size(); ++other) {
            if (layout.labels[other].angle != 0.0)
                continue;
            const QRectF common = label.bounds() & layout.labels[other].bounds();
            QVERIFY2(common.width() < 3 || common.height() < 6,
                     qPrintable(label.text + " / " + layout.labels[other].text));
        }
    }
}

void TestFigureView::everyCategoryIsWritten_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("name");
    QTest::addColumn<qreal>("slot");
    QTest::newRow("wide") << 4 << "Output" << 200.0;
    QTest::newRow("wrapped") << 4 << "Credit of the provider" << 90.0;
    QTest::newRow("slanted") << 12 << "invoice-extraction-and-matching" << 40.0;
    QTest::newRow("upright") << 20 << "supportchatbot" << 16.0;
    QTest::newRow("broken") << 20 << "averyveryveryveryveryveryverylongnamewithoutanyblank" << 16.0;
}

void TestFigureView::everyCategoryIsWritten()
{
    QFETCH(int, count);
    QFETCH(QString, name);
    QFETCH(qreal, slot);
    QStringList texts;
    for (int i = 0; i < count; ++i)
        texts.append(name + QString::number(i));
    const CategoryLabels labels = fitCategories(texts, drawingFont(Theme::TextRole::Caption, false), slot, 110);
    QCOMPARE(labels.texts.size(), texts.size());
    for (int i = 0; i < count; ++i) {
        QString back = labels.texts[i];
        QCOMPARE(back.remove('\n').remove(' '), QString(texts[i]).remove(' '));
    }
    QVERIFY2(labels.height <= 112, qPrintable(QString::number(labels.height)));
}

void TestFigureView::waterfallMeetsItsEnd()
{
    for (const auto &[name, figure] : allFigures()) {
        if (figure.kind != FigureKind::Waterfall)
            continue;
        const auto spans = waterfallSpans(figure.series[0]);
        QCOMPARE(spans.first().first, 0.0);
        QCOMPARE(spans[spans.size() - 2].second, spans.last().second);
        const FigureLayout layout = layoutOf(figure, {700, 320});
        QCOMPARE(layout.spots.size(), spans.size());
        for (const FigureLayout::Spot &spot : layout.spots)
            QVERIFY(layout.plot.adjusted(-1, -1, 1, 1).contains(spot.bar));
    }
}

void TestFigureView::whiskersStandInThePlot()
{
    Bridge bridge = samples::bridge();
    const FigureLayout without = layoutOf(bridgeWaterfall(bridge, "USD"), {700, 320});
    // One part that may be anything up to more than the whole.
    bridge.parts.front().minimum = usd("-90000");
    bridge.parts.front().maximum = usd("90000");
    const Figure figure = bridgeWaterfall(bridge, "USD");
    QVERIFY(figure.series[0].points[1].between.has_value());
    const FigureLayout layout = layoutOf(figure, {700, 320});
    QVERIFY(layout.inFront.size() >= without.inFront.size());
    const double start = figure.series[0].points[0].y;
    const double low = layout.position(1, start - 90'000).y();
    const double high = layout.position(1, start + 90'000).y();
    const auto found = std::find_if(layout.inFront.begin(), layout.inFront.end(), [&](const auto &line) {
        return line.line.x1() == line.line.x2() && std::abs(line.line.y1() - low) < 0.5
               && std::abs(line.line.y2() - high) < 0.5;
    });
    QVERIFY(found != layout.inFront.end());
    QVERIFY(layout.plot.adjusted(-1, -1, 1, 1).contains(found->line.p1()));
    QVERIFY(layout.plot.adjusted(-1, -1, 1, 1).contains(found->line.p2()));
}

void TestFigureView::tornadoBarsLieBesideZero()
{
    const Figure figure = tornadoFigure(samples::tornado(), samples::levers(), "Route + cache", "USD");
    const FigureLayout layout = layoutOf(figure, {800, 320});
    // Three assumptions move it, each with two ends.
    QCOMPARE(layout.bars.size(), 6);
    QCOMPARE(layout.spots.size(), 6);
    const auto barOf = [&](int series, int point) {
        for (const FigureLayout::Spot &spot : layout.spots) {
            if (spot.series == series && spot.point == point)
                return spot.bar;
        }
        return QRectF();
    };
    const qreal zero = layout.plot.left() + (0 - layout.x.low) / layout.x.span() * layout.plot.width();
    // Less routing costs more: to the right. More routing to the left, as long as its change.
    QCOMPARE(barOf(0, 0).left(), zero);
    QCOMPARE(barOf(1, 0).right(), zero);
    QVERIFY(std::abs(barOf(0, 0).width() - barOf(1, 0).width()) < 0.01);
    QVERIFY(std::abs(barOf(0, 0).width() / barOf(0, 2).width() - 8.0) < 0.01);
    // Both ends on one side do not cover each other.
    QCOMPARE(barOf(0, 1).left(), zero);
    QCOMPARE(barOf(1, 1).left(), zero);
    QVERIFY(!barOf(0, 1).intersects(barOf(1, 1)));
    // The largest swing stands on top, and the ends differ without colour.
    QVERIFY(barOf(0, 0).bottom() < barOf(0, 1).top());
    QVERIFY(barOf(0, 1).bottom() < barOf(0, 2).top());
    QVERIFY(layout.bars[0].hatched != layout.bars[1].hatched);
    FigureView view;
    view.resize(800, 420);
    view.setFigure(figure);
    QVERIFY(pixelsOf(view.grab().toImage(), currentTheme().seriesColour(SeriesRole::Scenario, 1)) > 500);
    QVERIFY(view.tableText().contains(QStringLiteral("Routing, Share of requests")));
}

void TestFigureView::subtotalsStandOnZero()
{
    Figure figure = bridgeWaterfall(samples::bridge(), "USD");
    figure.series[0].points.assign(5, {});
    std::vector<FigurePoint> &points = figure.series[0].points;
    points[0].y = 40;
    points[1].y = -4;
    points[2].y = 36;
    points[2].subtotal = true;
    points[3].y = 6;
    points[4].y = 42;
    using Span = std::pair<double, double>;
    QCOMPARE(waterfallSpans(figure.series[0]), (QVector<Span>{{0, 40}, {40, 36}, {0, 36}, {36, 42}, {0, 42}}));
    const Theme theme = Theme::light();
    QCOMPARE(waterfallColour(figure, 2, theme), waterfallColour(figure, 4, theme));
    QVERIFY(waterfallColour(figure, 2, theme) != waterfallColour(figure, 3, theme));
}

void TestFigureView::gapsAreNotBridged()
{
    Outcome outcome = samples::outcome("", "Baseline", "1", "2");
    for (int i = 3; i < 6; ++i)
        outcome.units[0].months.push_back({Month::of(2026, 6 + i), usd("3"), i == 3 ? 0 : 100 * samples::one});
    const Figure figure = unitOverMonths({outcome}, "conversation");
    const FigureLayout layout = layoutOf(figure, {600, 300});
    QCOMPARE(layout.spots.size(), 5);
    QCOMPARE(layout.dots.size(), 0);
    QImage image(600, 400, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    paintFigure(painter, QRectF(0, 0, 600, 400), figure, Theme::light());
    painter.end();
    // Down the column in the middle of the gap there is nothing in the colour of the line.
    const double gap = figure.series[0].points[3].x;
    const FigureLayout drawn = layoutOf(figure, {600, 400});
    const int x = static_cast<int>(drawn.position(gap, 0).x());
    const QColor colour = Theme::light().baseline;
    QVERIFY(pixelsOf(image, colour) > 100);
    QCOMPARE(pixelsOf(image.copy(x - 3, 0, 6, 400), colour), 0);
}

void TestFigureView::onePointIsADot()
{
    Outcome outcome = samples::outcome("", "Baseline", "1", "2");
    outcome.months.resize(1);
    const Figure figure = totalOverMonths({outcome});
    const FigureLayout layout = layoutOf(figure, {400, 240});
    QCOMPARE(layout.dots.size(), 1);
    QVERIFY(layout.plot.adjusted(-1, -1, 1, 1).contains(layout.dots[0].at));
    QStringList labels;
    for (const FigureLayout::Label &label : layout.labels)
        labels.append(label.text);
    QVERIFY(labels.contains("Jun 2026"));
    FigureView view;
    view.resize(400, 300);
    view.setFigure(figure);
    QVERIFY(pixelsOf(view.grab().toImage(), currentTheme().baseline) > 10);
}

void TestFigureView::moreThanSixSeries()
{
    Figure figure;
    figure.kind = FigureKind::StackedBars;
    figure.categories = {"one"};
    for (int i = 0; i < 9; ++i) {
        FigureSeries series;
        series.name = "S" + std::to_string(i);
        series.points.push_back({0, static_cast<double>(10 - i), "$" + std::to_string(10 - i), "", false});
        figure.series.push_back(series);
    }
    const Figure few = withFewSeries(figure);
    QCOMPARE(few.series.size(), std::size_t{6});
    QCOMPARE(few.series.back().points[0].y, 5.0 + 4 + 3 + 2);
    QVERIFY(QString::fromStdString(few.series.back().points[0].exact).contains("S8: $2"));
    figure.kind = FigureKind::Lines;
    QCOMPARE(withFewSeries(figure).series.size(), std::size_t{6});
    QCOMPARE(withFewSeries(figure).notes.size(), std::size_t{1});
    QCOMPARE(tableOf(figure).header.size(), 10);
}

void TestFigureView::showsAllKinds_data()
{
    QTest::addColumn<int>("index");
    const auto figures = allFigures();
    for (int i = 0; i < figures.size(); ++i)
        QTest::addRow("%s", qPrintable(figures[i].first)) << i;
}

void TestFigureView::showsAllKinds()
{
    QFETCH(int, index);
    const Figure figure = allFigures()[index].second;
    QVERIFY(!figure.title.empty());
    FigureView view;
    view.resize(640, 420);
    view.setFigure(allFigures()[(index + 3) % 11].second);
    view.setFigure(figure);
    const QImage image = view.grab().toImage();
    FigureView fresh;
    fresh.resize(640, 420);
    fresh.setFigure(figure);
    // The same picture whether a figure is the first one or replaces one of another kind.
    QCOMPARE(fresh.grab().toImage(), image);
    QVERIFY(!view.image().isNull());
    QCOMPARE(view.accessibleDescription(), QString::fromStdString(figure.summary));
    QVERIFY(!view.tableText().isEmpty());
}

void TestFigureView::marksAreDrawn()
{
    const Theme theme = Theme::light();
    for (const auto &[name, figure] : allFigures()) {
        QImage image(700, 420, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintFigure(painter, QRectF(0, 0, 700, 420), figure, theme);
        painter.end();
        if (figure.kind == FigureKind::Waterfall) {
            QVERIFY2(pixelsOf(image, theme.favourable) > 500, qPrintable(name));
            QVERIFY2(pixelsOf(image, theme.unfavourable) > 500, qPrintable(name));
            continue;
        }
        for (const FigureSeries &series : figure.series)
            QVERIFY2(pixelsOf(image, colourOf(series, theme)) > 60, qPrintable(name));
    }
}

void TestFigureView::axesHold()
{
    FigureView view;
    view.resize(640, 420);
    view.setFigure(totalOverMonths({samples::outcome("", "Baseline", "6000", "2500")}));
    view.grab();
    const auto before = view.valueRange();
    QVERIFY(before.second >= 8500);
    view.setAxesHeld(true);
    view.setFigure(totalOverMonths({samples::outcome("", "Baseline", "600", "250")}));
    QCOMPARE(view.valueRange(), before);
    view.setFigure(totalOverMonths({samples::outcome("", "Baseline", "60000", "2500")}));
    const auto grown = view.valueRange();
    QVERIFY(grown.second >= 62'500);
    view.setFigure(totalOverMonths({samples::outcome("", "Baseline", "6000", "2500")}));
    QCOMPARE(view.valueRange(), grown);
    view.setAxesHeld(false);
    QVERIFY(view.valueRange().second < 20'000);
}

void TestFigureView::emptyFigureSaysSo()
{
    FigureView view;
    view.resize(400, 300);
    Figure figure;
    figure.emptyText = "No contract was counted.";
    view.setFigure(figure);
    view.grab();
    QCOMPARE(view.accessibleDescription(), "No contract was counted.");
    QCOMPARE(view.valueRange(), (std::pair<double, double>{0, 0}));
    view.setTableShown(true);
    view.setFigure(allFigures().first().second);
    QVERIFY(view.valueRange().second > 0 || view.isTableShown());
    Figure broken = allFigures()[1].second;
    broken.series[0].points[1].y = std::nan("");
    broken.series[1].points[0].y = INFINITY;
    view.setTableShown(false);
    view.setFigure(broken);
    view.grab();
    QVERIFY(std::isfinite(view.valueRange().second));
}

void TestFigureView::tableTwin()
{
    FigureView view;
    view.resize(600, 400);
    view.setFigure(componentBars(
        {samples::outcome("", "Baseline", "6000", "2500"), samples::outcome("s1", "Cheap", "2000", "790.25")}));
    view.setTableShown(true);
    auto *table = view.findChild<QTableWidget *>();
    QVERIFY(table);
    QCOMPARE(table->rowCount(), 2);
    QCOMPARE(table->item(1, 2)->text(), "$2,370.75");
    QCOMPARE(view.tableText(), "\tBaseline\tCheap\nUncached input\t$18,000\t$6,000\nOutput\t$7,500\t$2,370.75\n");
    view.copyTable();
    QCOMPARE(QApplication::clipboard()->text(), view.tableText());
    view.copyImage();
    QVERIFY(!QApplication::clipboard()->image().isNull());
    const FigureTable months = tableOf(unitOverMonths({samples::outcome("", "Baseline", "1", "2")}, "conversation"));
    QCOMPARE(months.header.first(), "Month");
    QCOMPARE(months.rows[1][0], "Jul 2026");
    QCOMPARE(tableOf(unitOverDays(samples::unitActuals(), "USD")).rows[2][1].section('\n', 0, 0),
             QString(QChar(0x2013)));
}

void TestFigureView::keyboardWalks()
{
    FigureView view;
    view.resize(600, 400);
    view.setFigure(componentBars({samples::outcome("", "Baseline", "6000", "2500")}));
    view.show();
    auto *chart = view.findChild<QGraphicsView *>();
    QVERIFY(chart);
    QCOMPARE(chart->focusPolicy(), Qt::StrongFocus);
    const QImage before = view.grab().toImage();
    QTest::keyClick(chart, Qt::Key_Right);
    const QImage first = view.grab().toImage();
    QVERIFY(first != before);
    QTest::keyClick(chart, Qt::Key_Right);
    const QImage second = view.grab().toImage();
    QVERIFY(second != first);
    QTest::keyClick(chart, Qt::Key_Left);
    QCOMPARE(view.grab().toImage(), first);
    QTest::keyClick(chart, Qt::Key_Escape);
    QCOMPARE(view.grab().toImage(), before);
}

void TestFigureView::followsTheTheme()
{
    FigureView view;
    view.resize(600, 400);
    view.setFigure(componentBars({samples::outcome("", "Baseline", "6000", "2500")}));
    QVERIFY(pixelsOf(view.grab().toImage(), Theme::light().baseline) > 500);
    setCurrentTheme(Theme::darkTheme());
    QApplication::setPalette(currentTheme().palette());
    view.setPalette(currentTheme().palette());
    const QImage dark = view.grab().toImage();
    setCurrentTheme(Theme::light());
    QApplication::setPalette(currentTheme().palette());
    QVERIFY(pixelsOf(dark, Theme::darkTheme().baseline) > 500);
}

void TestFigureView::dropsReachTheWindow()
{
    DropWindow window;
    auto *column = new QVBoxLayout(&window);
    auto *view = new FigureView;
    column->addWidget(view);
    view->setFigure(componentBars({samples::outcome("", "Baseline", "6000", "2500")}));
    window.resize(500, 400);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    auto *chart = view->findChild<QGraphicsView *>();
    const QPoint middle = chart->mapTo(&window, chart->rect().center());
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile("/ledger.csv")});
    // To the window handle: it picks the widget under the mouse, as with a real drag.
    QDragEnterEvent enter(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window.windowHandle(), &enter);
    QDragMoveEvent move(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window.windowHandle(), &move);
    QDropEvent drop(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window.windowHandle(), &drop);
    QVERIFY(window.dropped);
}

QTEST_MAIN(TestFigureView)
#include "tst_figure_view.moc"
