// SPDX-License-Identifier: GPL-3.0-or-later
// Figures over numbers: axis, areas, the line that is moved; and heat maps.
#include "widgets/charts/chart_pane.h"
#include "widgets/charts/figure_layout.h"
#include "widgets/charts/figure_painter.h"
#include "widgets/charts/figure_table.h"
#include "widgets/charts/figure_view.h"
#include "widgets/charts/hatching.h"
#include "widgets/charts/heat_map.h"
#include "widgets/theme/colour_math.h"

#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

using namespace perunit;

namespace {

Figure someFigure()
{
    Figure figure;
    figure.kind = FigureKind::Lines;
    figure.format = ValueFormat::Count;
    figure.title = "20 units serve most of it";
    figure.yTitle = "Units";
    FigureSeries load;
    load.name = "load";
    load.role = SeriesRole::Total;
    for (const auto &[x, y] : {std::pair{0.0, 40.0}, {25.0, 30.0}, {62.5, 10.0}, {100.0, 0.0}}) {
        FigurePoint point;
        point.x = x;
        point.y = y;
        point.exact = std::to_string(static_cast<int>(y)) + " units";
        load.points.push_back(point);
    }
    figure.series.push_back(load);
    return figure;
}

FigurePlane somePlane(bool vertical = false)
{
    FigurePlane plane;
    plane.high = 100;
    plane.format = ValueFormat::Percent;
    plane.columnName = "Share";
    plane.areas.push_back({"served", SeriesRole::Component, 0, false, {{0, 0, 20}, {100, 0, 20}}});
    plane.areas.push_back({"spilled", SeriesRole::Component, 1, true, {{0, 20, 40}, {25, 20, 30}}});
    plane.handles.push_back({vertical, vertical ? 50.0 : 20.0, 0, vertical ? 100.0 : 40.0, "20 units", "Size"});
    return plane;
}

constexpr QPointF corners[4]{{-4, -4}, {4, -4}, {-4, 4}, {4, 4}};

FigureLayout layoutOf(const Figure &figure, const FigurePlane &plane, QSizeF size = {600, 360})
{
    FigureLayoutOptions options;
    options.size = size;
    options.theme = Theme::light();
    options.plane = plane;
    return layOut(figure, options);
}

QRectF boundsOf(const FigureLayout &layout, const QString &text)
{
    for (const FigureLayout::Label &label : layout.labels) {
        if (label.text == text)
            return label.bounds();
    }
    return {};
}

} // namespace

class TestFigurePlane : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { setCurrentTheme(Theme::light()); }

    void numbersStandWhereTheyBelong()
    {
        const FigureLayout layout = layoutOf(someFigure(), somePlane());
        QCOMPARE(layout.position(0, 0).x(), layout.plot.left());
        QCOMPARE(layout.position(100, 0).x(), layout.plot.right());
        QCOMPARE(layout.spots[2].at.x(), layout.plot.left() + 0.625 * layout.plot.width());
        const QPointF back = layout.valueAt(layout.position(37.5, 12));
        QVERIFY(std::abs(back.x() - 37.5) < 1e-9 && std::abs(back.y() - 12) < 1e-9);
        QVERIFY(!boundsOf(layout, QStringLiteral("0 %")).isNull());
        QVERIFY(!boundsOf(layout, QStringLiteral("100 %")).isNull());
    }

    void ticksNeverTouch_data()
    {
        QTest::addColumn<double>("width");
        for (const double width : {160.0, 240.0, 400.0, 900.0})
            QTest::addRow("%g pixels", width) << width;
    }
    void ticksNeverTouch()
    {
        QFETCH(double, width);
        FigurePlane plane = somePlane();
        plane.high = 1'250'000;
        plane.format = ValueFormat::Count;
        const FigureLayout layout = layoutOf(someFigure(), plane, {width, 300});
        QVector<QRectF> ticks;
        for (const FigureLayout::Label &label : layout.labels) {
            if (label.centre.y() > layout.plot.bottom())
                ticks.append(label.bounds());
        }
        QVERIFY(!ticks.isEmpty());
        for (qsizetype i = 1; i < ticks.size(); ++i)
            QVERIFY(!ticks[i].intersects(ticks[i - 1]));
    }

    void areasAreOutlinesBetweenTheirLines()
    {
        const FigureLayout layout = layoutOf(someFigure(), somePlane());
        QCOMPARE(layout.areas.size(), 2);
        QCOMPARE(layout.areas[0].outline.boundingRect(),
                 QRectF(layout.position(0, 20), layout.position(100, 0)).normalized());
        QVERIFY(layout.areas[1].outline.containsPoint(layout.position(5, 30), Qt::OddEvenFill));
        QVERIFY(!layout.areas[1].outline.containsPoint(layout.position(24, 35), Qt::OddEvenFill));
        QVERIFY(layout.areas[1].hatched);
        // Their names stand in the legend although there is one line only.
        QVERIFY(!boundsOf(layout, QStringLiteral("served")).isNull());
        QVERIFY(!boundsOf(layout, QStringLiteral("spilled")).isNull());
    }

    void textsOnAreasCanBeRead()
    {
        for (const Theme &theme : {Theme::light(), Theme::darkTheme(), Theme::paper()}) {
            for (const bool hatched : {false, true}) {
                const AreaColours colours = areaColours({"", SeriesRole::Component, 8, hatched, {}}, theme);
                QVERIFY(contrastRatio(theme.text, colours.fill) >= 4.5);
            }
        }
    }

    void theValueAxisReachesAreasAndLine()
    {
        FigurePlane plane = somePlane();
        plane.areas.push_back({"more", SeriesRole::Baseline, 0, false, {{0, 0, 90}, {100, 0, 90}}});
        QVERIFY(layoutOf(someFigure(), plane).y.high >= 90);
        plane = somePlane();
        plane.handles.front().at = 170;
        QVERIFY(layoutOf(someFigure(), plane).y.high >= 170);
    }

    void labelsOfLevelsStandFreeOfEachOther()
    {
        Figure figure = someFigure();
        figure.marks = {{false, 20, "optimum 20"}, {false, 20.5, "P95 20.5"}, {false, 21, "peak 21"}};
        const FigureLayout layout = layoutOf(figure, somePlane());
        const QVector<QRectF> boxes{boundsOf(layout, QStringLiteral("optimum 20")),
                                    boundsOf(layout, QStringLiteral("P95 20.5")),
                                    boundsOf(layout, QStringLiteral("peak 21"))};
        for (qsizetype i = 0; i < boxes.size(); ++i) {
            QVERIFY(!boxes[i].isNull());
            for (qsizetype other = 0; other < i; ++other)
                QVERIFY(!boxes[i].intersects(boxes[other]));
        }
    }

    void theLineHasItsLabelBesideIt_data()
    {
        QTest::addColumn<bool>("vertical");
        QTest::newRow("horizontal") << false;
        QTest::newRow("vertical") << true;
    }
    void theLineHasItsLabelBesideIt()
    {
        QFETCH(bool, vertical);
        const FigureLayout layout = layoutOf(someFigure(), somePlane(vertical));
        QVERIFY(layout.handle);
        QCOMPARE(layout.handle->vertical, vertical);
        const QRectF label = boundsOf(layout, QStringLiteral("20 units"));
        QVERIFY(!label.isNull());
        QCOMPARE(label.intersects(layout.plot), vertical);
        QVERIFY(vertical ? label.left() > layout.handle->line.x1() : label.left() > layout.plot.right());
        QVERIFY(QRectF(0, 0, 600, 360).contains(label));
        if (vertical) {
            FigurePlane atTheEnd = somePlane(true);
            atTheEnd.handles.front().at = 100;
            const FigureLayout end = layoutOf(someFigure(), atTheEnd);
            QVERIFY(boundsOf(end, QStringLiteral("20 units")).right() < end.handle->line.x1());
        }
        QCOMPARE(vertical ? layout.handle->line.x1() : layout.handle->line.y1(),
                 vertical ? layout.position(50, 0).x() : layout.position(0, 20).y());
    }

    void rowsOfTheTwinAreNumbers()
    {
        const FigureTable table = tableOf(someFigure(), somePlane());
        QCOMPARE(table.header, (QStringList{"Share", "load"}));
        QCOMPARE(table.rows[2], (QStringList{"62.5 %", "10 units"}));
        FigurePlane counts = somePlane();
        counts.format = ValueFormat::Count;
        QCOMPARE(planeText(counts, 1'250'000), QStringLiteral("1,250,000"));
        QCOMPARE(planeText(counts, 15), QStringLiteral("15"));
    }

    void keysMoveTheLine_data()
    {
        QTest::addColumn<bool>("vertical");
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("steps");
        QTest::newRow("up") << false << int(Qt::Key_Up) << 1;
        QTest::newRow("down") << false << int(Qt::Key_Down) << -1;
        QTest::newRow("right") << true << int(Qt::Key_Right) << 1;
        QTest::newRow("left") << true << int(Qt::Key_Left) << -1;
        QTest::newRow("page up") << false << int(Qt::Key_PageUp) << 10;
        QTest::newRow("page down") << true << int(Qt::Key_PageDown) << -10;
    }
    void keysMoveTheLine()
    {
        QFETCH(bool, vertical);
        QFETCH(int, key);
        QFETCH(int, steps);
        FigureView view;
        view.resize(600, 400);
        view.setFigure(someFigure(), somePlane(vertical));
        QSignalSpy stepped(&view, &FigureView::handleStepped);
        auto *pane = view.findChild<ChartPane *>();
        QTest::keyClick(pane, static_cast<Qt::Key>(key));
        QCOMPARE(stepped.size(), 1);
        QCOMPARE(stepped.front().front().toInt(), steps);
        QVERIFY(pane->currentText().isEmpty());
    }

    void otherKeysWalkFromValueToValue()
    {
        FigureView view;
        view.resize(600, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto *pane = view.findChild<ChartPane *>();
        view.setFigure(someFigure(), somePlane(false));
        QTest::keyClick(pane, Qt::Key_Right);
        QCOMPARE(pane->currentText(), QStringLiteral("Share: 0.0 %\n40 units"));
        view.setFigure(someFigure(), somePlane(true));
        QTest::keyClick(pane, Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(pane, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(pane->currentText(), QStringLiteral("Share: 25.0 %\n30 units"));
    }

    void theMouseDragsTheLineAndNothingElse()
    {
        FigureView view;
        view.resize(600, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setFigure(someFigure(), somePlane());
        auto *pane = view.findChild<ChartPane *>();
        const FigureLayout &layout = pane->content().layout();
        QSignalSpy moved(&view, &FigureView::handleMoved);
        QSignalSpy held(&view, &FigureView::handleHeld);
        const auto place = [&](double x, double y) {
            return pane->mapFromScene(layout.position(x, y));
        };
        QTest::mousePress(pane->viewport(), Qt::LeftButton, {}, place(50, 5));
        QTest::mouseMove(pane->viewport(), place(50, 12));
        QTest::mouseRelease(pane->viewport(), Qt::LeftButton, {}, place(50, 12));
        QVERIFY(moved.isEmpty() && held.isEmpty());
        QTest::mousePress(pane->viewport(), Qt::LeftButton, {}, place(50, 20));
        QTest::mouseMove(pane->viewport(), place(55, 33));
        QCOMPARE(held.size(), 1);
        QTRY_VERIFY(!moved.isEmpty());
        QVERIFY(std::abs(moved.back().front().toDouble() - 33) < 0.5);
        // Never beyond where it can go.
        QTest::mouseMove(pane->viewport(), place(55, -30));
        QTRY_COMPARE(moved.back().front().toDouble(), 0.0);
        QTest::mouseRelease(pane->viewport(), Qt::LeftButton, {}, place(55, 0));
        QCOMPARE(held.size(), 2);
        QVERIFY(!held.back().front().toBool());
        QVERIFY(view.accessibleName().contains(QStringLiteral("Size: 20 units")));
    }

    void paperShowsTheSame()
    {
        QImage picture(640, 400, QImage::Format_RGB32);
        picture.fill(Qt::white);
        QPainter painter(&picture);
        const Theme theme = Theme::paper();
        paintFigure(painter, QRectF(0, 0, 640, 400), someFigure(), theme, false, somePlane());
        painter.end();
        const QColor served = areaColours(somePlane().areas.front(), theme).fill;
        int found = 0;
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x)
                found += picture.pixelColor(x, y) == served ? 1 : 0;
        }
        // Half of the plot, less lines and grid.
        QVERIFY2(found > 40'000, qPrintable(QString::number(found)));
    }

    void labelsOfMarksStandBesideWhatCannotBeMoved()
    {
        Figure figure = someFigure();
        figure.marks = {{false, 20, "optimum 20"}, {false, 20.5, "P95 20.5"}, {false, 21, "peak 21"}};
        FigurePlane plane = somePlane();
        plane.handles.clear();
        const FigureLayout layout = layoutOf(figure, plane);
        QVector<QRectF> boxes;
        for (const char *name : {"optimum 20", "P95 20.5", "peak 21"}) {
            const QRectF box = boundsOf(layout, QLatin1String(name));
            QVERIFY2(box.left() > layout.plot.right() && box.right() <= 600, name);
            for (const QRectF &other : boxes)
                QVERIFY2(!box.adjusted(0, 1, 0, -1).intersects(other), name);
            boxes.append(box);
        }
        // Names that would take the room of the picture stay inside.
        figure.marks = {{false, 20, std::string(60, 'x')}};
        const FigureLayout inside = layoutOf(figure, plane);
        QVERIFY(boundsOf(inside, QString(60, QLatin1Char('x'))).right() <= inside.plot.right());
    }

    void hatchingFillsAnOutline_data()
    {
        QTest::addColumn<QPolygonF>("outline");
        QTest::newRow("rectangle") << QPolygonF(QRectF(3, 5, 60, 40));
        QTest::newRow("triangle") << QPolygonF({{0, 0}, {80, 10}, {20, 70}});
        QTest::newRow("two hills") << QPolygonF({{0, 60}, {20, 0}, {40, 50}, {60, 0}, {80, 60}});
    }
    void hatchingFillsAnOutline()
    {
        QFETCH(QPolygonF, outline);
        const QVector<QLineF> lines = hatchingOf(outline);
        QVERIFY(lines.size() > 8);
        for (const QLineF &line : lines) {
            QVERIFY2(std::abs(line.dx() + line.dy()) < 1e-9, "slanted alike");
            for (const double along : {0.02, 0.3, 0.5, 0.7, 0.98})
                QVERIFY(outline.containsPoint(line.pointAt(along), Qt::OddEvenFill));
        }
        // Every place inside is near a line.
        const QRectF box = outline.boundingRect();
        for (double x = box.left(); x < box.right(); x += 5) {
            for (double y = box.top(); y < box.bottom(); y += 5) {
                const bool inside = std::all_of(&corners[0], &corners[4], [&](const QPointF &corner) {
                    return outline.containsPoint(QPointF(x, y) + corner, Qt::OddEvenFill);
                });
                const bool near = std::any_of(lines.begin(), lines.end(), [&](const QLineF &line) {
                    return std::abs(x + y - line.x1() - line.y1()) <= 3 && x + 3 >= line.x1() && x - 3 <= line.x2();
                });
                QVERIFY(!inside || near);
            }
        }
        QVERIFY(hatchingOf({}).isEmpty());
    }

    void heatMapsAreWalkedByKeyboard()
    {
        HeatMap map(QStringLiteral("Load"));
        map.resize(map.sizeHint());
        map.setCells({"Mon", "Tue"}, {"00", "01", "02"},
                     {{0, "0", "Mon 00", false},
                      {0.5, "5", "Mon 01", false},
                      {1, "10", "Mon 02", false},
                      {0, "", "Tue 00: none", true},
                      {0.2, "2", "Tue 01", false},
                      {0.3, "3", "Tue 02", false}},
                     "0", "10");
        QTest::keyClick(&map, Qt::Key_Down);
        QCOMPARE(map.current(), std::pair(1, 0));
        QCOMPARE(map.accessibleDescription(), QStringLiteral("Tue 00: none"));
        QTest::keyClick(&map, Qt::Key_End);
        QCOMPARE(map.accessibleDescription(), QStringLiteral("Tue 02"));
        QTest::keyClick(&map, Qt::Key_Right);
        QTest::keyClick(&map, Qt::Key_Up);
        QCOMPARE(map.current(), std::pair(0, 2));
    }

    void heatIsDarkerWhereThereIsMore()
    {
        HeatMap map(QStringLiteral("Load"));
        map.setCells({"Mon"}, {"00", "01"}, {{0.1, "", "", false}, {0.9, "", "", false}}, "0", "10");
        map.resize(600, map.sizeHint().height());
        const QImage picture = map.grab().toImage();
        const QColor little = picture.pixelColor(picture.width() / 4, 33);
        const QColor much = picture.pixelColor(picture.width() * 3 / 4, 33);
        QVERIFY(relativeLuminance(little) > relativeLuminance(much) + 0.2);
    }
};

QTEST_MAIN(TestFigurePlane)
#include "tst_figure_plane.moc"
