// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/accessible_names.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/check_summary.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/feedback/key_figure_card.h"
#include "widgets/feedback/message_area.h"
#include "widgets/feedback/sparkline.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <limits>

using namespace perunit;

namespace {

constexpr int smoothed = 40;

QString shownWords(const QWidget &widget)
{
    // A layout shows what was added to it with the next events.
    QCoreApplication::sendPostedEvents();
    QStringList words;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&widget) && !label->text().isEmpty())
            words << label->text();
    }
    return words.join(QLatin1Char('|'));
}

/// Pixels of a colour in the picture of a widget; thin lines are smoothed and need some tolerance per channel.
int inked(QWidget &widget, const QColor &colour, int tolerance = 0)
{
    const auto near = [tolerance](int a, int b) {
        return std::abs(a - b) <= tolerance;
    };
    const QImage image = widget.grab().toImage();
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (near(pixel.red(), colour.red()) && near(pixel.green(), colour.green())
                && near(pixel.blue(), colour.blue()))
                ++count;
        }
    }
    return count;
}

} // namespace

class TestFeedback : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void keyFigureShowsItsParts();
    void keyFigureSpeaks();
    void keyFigureShrinksBeforeItIsCut();
    void keyFigureActs();
    void sparklineLeavesGaps();
    void cardReplacesContent();
    void messagesStack();
    void messagesReplaceAndLeave();
    void messageActions();
    void jobText_data();
    void jobText();
    void jobShowsItself();
    void emptyStateOffersButtons();
    void checksAreCounted();
    void everyControlHasAName();
    void followTheTheme();
};

void TestFeedback::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    applyTheme(*qApp, Theme::light());
}

void TestFeedback::keyFigureShowsItsParts()
{
    KeyFigureCard card;
    card.show();
    QCOMPARE(shownWords(card), QString());
    KeyFigure figure;
    figure.label = QStringLiteral("Cost per conversation");
    figure.value = QStringLiteral("$0.0412");
    card.setFigure(figure);
    QCOMPARE(shownWords(card), QStringLiteral("Cost per conversation|$0.0412"));
    figure.former = QStringLiteral("$0.0448");
    figure.delta = QStringLiteral("−8.1 %");
    figure.tone = DeltaTone::Favourable;
    card.setFigure(figure);
    QVERIFY(shownWords(card).contains(QStringLiteral("▼ −8.1 %")));
    QVERIFY(shownWords(card).contains(QStringLiteral("$0.0448")));
    figure.tone = DeltaTone::Unfavourable;
    figure.deltaRises = true;
    card.setFigure(figure);
    QVERIFY(shownWords(card).contains(QStringLiteral("▲ −8.1 %")));
    figure.tone = DeltaTone::Neutral;
    card.setFigure(figure);
    QVERIFY(!shownWords(card).contains(QStringLiteral("▲")));
}

void TestFeedback::keyFigureSpeaks()
{
    KeyFigureCard card;
    KeyFigure figure;
    figure.label = QStringLiteral("Total");
    figure.value = QStringLiteral("$25,512");
    figure.former = QStringLiteral("$27,000");
    figure.delta = QStringLiteral("−$1,488");
    figure.tone = DeltaTone::Favourable;
    figure.sentence = QStringLiteral("Routing saves most.");
    card.setFigure(figure);
    QCOMPARE(card.accessibleName(), QStringLiteral("Total"));
    QCOMPARE(card.accessibleDescription(),
             QStringLiteral("$25,512; before $27,000; −$1,488, favourable; Routing saves most."));
}

void TestFeedback::keyFigureShrinksBeforeItIsCut()
{
    KeyFigureCard card;
    KeyFigure figure;
    figure.label = QStringLiteral("Total");
    figure.value = QStringLiteral("$123,456,789.12");
    card.setFigure(figure);
    card.resize(600, 120);
    card.show();
    const auto *value = [&card] {
        for (const QLabel *label : card.findChildren<QLabel *>()) {
            if (label->property("role") == QLatin1String("keyFigure"))
                return label;
        }
        return static_cast<const QLabel *>(nullptr);
    }();
    QCOMPARE(value->fontInfo().pixelSize(), 28);
    card.resize(200, 120);
    QVERIFY(value->fontInfo().pixelSize() < 28);
    QVERIFY(value->fontMetrics().horizontalAdvance(figure.value) <= 200 - 2 * Theme::space4);
    card.resize(600, 120);
    QCOMPARE(value->fontInfo().pixelSize(), 28);
}

void TestFeedback::keyFigureActs()
{
    KeyFigureCard card;
    card.resize(300, 140);
    KeyFigure figure;
    figure.value = QStringLiteral("$1");
    card.setFigure(figure);
    card.show();
    QSignalSpy activated(&card, &KeyFigureCard::activated);
    QTest::mouseClick(&card, Qt::LeftButton, {}, {20, 20});
    QCOMPARE(activated.count(), 0);
    figure.action = QStringLiteral("Show rows");
    card.setFigure(figure);
    QTest::mouseClick(&card, Qt::LeftButton, {}, {5, 5});
    QCOMPARE(activated.count(), 1);
    QTest::keyClick(card.findChild<QPushButton *>(), Qt::Key_Space);
    QCOMPARE(activated.count(), 2);
}

void TestFeedback::sparklineLeavesGaps()
{
    setCurrentTheme(Theme::light());
    Sparkline line;
    line.resize(120, 30);
    line.setValues({1, 1, 1, 1, 1});
    const int whole = inked(line, Theme::light().baseline, smoothed);
    const double gap = std::numeric_limits<double>::quiet_NaN();
    line.setValues({1, 1, gap, 1, 1});
    const int cut = inked(line, Theme::light().baseline, smoothed);
    QVERIFY2(cut < whole * 3 / 4 && cut > 0, qPrintable(QStringLiteral("%1 of %2").arg(cut).arg(whole)));
    line.setValues({gap, gap});
    QCOMPARE(inked(line, Theme::light().baseline, smoothed), 0);
    line.setValues({});
    QCOMPARE(inked(line, Theme::light().accent), 0);
    line.setValues({5}); // one point is a dot
    QVERIFY(inked(line, Theme::light().accent) > 5);
}

void TestFeedback::cardReplacesContent()
{
    Card card(QStringLiteral("Routing saves $10.9k"));
    card.setSubtitle(QStringLiteral("October 2026"));
    QCOMPARE(card.accessibleName(), QStringLiteral("Routing saves $10.9k"));
    card.show();
    QCOMPARE(shownWords(card), QStringLiteral("Routing saves $10.9k|October 2026"));
    QPointer<QLabel> first = new QLabel(QStringLiteral("first"));
    card.setContent(first);
    card.setContent(first);
    QVERIFY(shownWords(card).contains(QStringLiteral("first")));
    card.setContent(new QLabel(QStringLiteral("second")));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(!first);
    QVERIFY(shownWords(card).contains(QStringLiteral("second")));
    QPushButton *action = card.addAction(QStringLiteral("Export"), QStringLiteral("export"));
    QSignalSpy clicked(action, &QPushButton::clicked);
    QTest::mouseClick(action, Qt::LeftButton);
    QCOMPARE(clicked.count(), 1);
}

void TestFeedback::messagesStack()
{
    MessageArea area;
    QVERIFY(area.isHidden());
    area.show(MessageKind::Info, QStringLiteral("one"));
    area.show(MessageKind::Warning, QStringLiteral("two"));
    QVERIFY(!area.isHidden());
    QCOMPARE(area.count(), 2);
    QCOMPARE(area.strips().front()->text(), QStringLiteral("two"));
    area.clear();
    QCOMPARE(area.count(), 0);
    QVERIFY(area.isHidden());
}

void TestFeedback::messagesReplaceAndLeave()
{
    MessageArea area;
    area.show(MessageKind::Error, QStringLiteral("broken"));
    area.show(MessageKind::Error, QStringLiteral("broken"));
    QCOMPARE(area.count(), 1); // the same again is not said twice
    area.show(MessageKind::Success, QStringLiteral("saved"));
    area.show(MessageKind::Success, QStringLiteral("exported"));
    QCOMPARE(area.count(), 2); // the later success replaces the earlier
    for (int i = 0; i < 5; ++i)
        area.show(MessageKind::Info, QString::number(i));
    QCOMPARE(area.count(), 4);
    QCOMPARE(area.strips().back()->text(), QStringLiteral("broken")); // errors leave last
    for (int i = 0; i < 5; ++i)
        area.show(MessageKind::Error, QStringLiteral("error %1").arg(i));
    QCOMPARE(area.count(), 4);
    QCOMPARE(area.strips().front()->text(), QStringLiteral("error 4"));
    for (const MessageStrip *strip : area.strips())
        QCOMPARE(strip->kind(), MessageKind::Error);
}

void TestFeedback::messageActions()
{
    MessageArea area;
    int undone = 0;
    MessageStrip *strip =
        area.show(MessageKind::Success, QStringLiteral("imported"), QStringLiteral("Undo"), [&undone] { ++undone; });
    QTest::mouseClick(strip->findChild<QPushButton *>(), Qt::LeftButton);
    QCOMPARE(undone, 1);
    QCOMPARE(area.count(), 0);
    strip = area.show(MessageKind::Info, QStringLiteral("stays"));
    int shown = 0;
    strip->addAction(
        QStringLiteral("Show"), [&shown] { ++shown; }, true);
    QTest::mouseClick(strip->findChild<QPushButton *>(), Qt::LeftButton);
    QCOMPARE(shown, 1);
    QCOMPARE(area.count(), 1);
    // An action that clears all messages ends the strip that it belongs to.
    strip = area.show(MessageKind::Error, QStringLiteral("again"), QStringLiteral("Retry"), [&area] { area.clear(); });
    QTest::mouseClick(strip->findChild<QPushButton *>(), Qt::LeftButton);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCOMPARE(area.count(), 0);
    strip = area.show(MessageKind::Info, QStringLiteral("closable"));
    strip->findChild<QToolButton *>()->click();
    QCOMPARE(area.count(), 0);
}

void TestFeedback::jobText_data()
{
    QTest::addColumn<qint64>("done");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("just begun") << qint64(0) << qint64(100) << qint64(0) << 0.0 << "0 %";
    QTest::newRow("too early for a speed") << qint64(10) << qint64(100) << qint64(500) << 0.5 << "10 % · 500 rows";
    QTest::newRow("running") << qint64(25) << qint64(100) << qint64(1'240'000) << 4.0
                             << "25 % · 1.2 M rows · 310 k rows/s · 12 s left";
    QTest::newRow("minutes") << qint64(1) << qint64(100) << qint64(20'000) << 2.0
                             << "1 % · 20 k rows · 10 k rows/s · 4 min left";
    QTest::newRow("unknown size") << qint64(0) << qint64(0) << qint64(20'000) << 2.0 << "20 k rows · 10 k rows/s";
    QTest::newRow("done") << qint64(100) << qint64(100) << qint64(9'000) << 3.0 << "100 % · 9,000 rows · 3,000 rows/s";
    QTest::newRow("more than announced") << qint64(120) << qint64(100) << qint64(0) << 3.0 << "100 %";
    QTest::newRow("nothing known") << qint64(0) << qint64(0) << qint64(0) << 9.0 << "";
}

void TestFeedback::jobText()
{
    QFETCH(qint64, done);
    QFETCH(qint64, total);
    QFETCH(qint64, rows);
    QFETCH(double, seconds);
    QFETCH(QString, text);
    QCOMPARE(JobStrip::progressText(done, total, rows, seconds), text);
}

void TestFeedback::jobShowsItself()
{
    QWidget window;
    auto *strip = new JobStrip(&window);
    window.show();
    QVERIFY(!strip->isVisible());
    strip->showProgress(QStringLiteral("Importing"), 30, 60, 0);
    QVERIFY(strip->isVisible());
    const auto *bar = strip->findChild<QProgressBar *>();
    QCOMPARE(bar->value() * 2, bar->maximum());
    QVERIFY(shownWords(*strip).startsWith(QStringLiteral("Importing|50 %")));
    strip->setStep(QStringLiteral("sorting"));
    strip->showProgress(QStringLiteral("Importing"), 45, 60, 0);
    QVERIFY2(shownWords(*strip).startsWith(QStringLiteral("Importing|sorting · 75 %")), qPrintable(shownWords(*strip)));
    QSignalSpy cancelled(strip, &JobStrip::cancelRequested);
    auto *cancel = strip->findChild<QToolButton *>();
    QTest::mouseClick(cancel, Qt::LeftButton);
    QCOMPARE(cancelled.count(), 1);
    strip->setCancellable(false);
    QVERIFY(!cancel->isVisible());
    strip->showBusy(QStringLiteral("Computing"));
    QCOMPARE(bar->maximum(), 0); // no share is pretended
    QCOMPARE(shownWords(*strip), QStringLiteral("Computing"));
    strip->showIdle();
    QVERIFY(!strip->isVisible());
}

void TestFeedback::emptyStateOffersButtons()
{
    EmptyState state(QStringLiteral("drop"), QStringLiteral("Drop a ledger here"));
    state.resize(500, 300);
    state.show();
    QPushButton *open = state.addButton(QStringLiteral("Open the sample"), QStringLiteral("sample"), true);
    QCOMPARE(open->property("role").toString(), QStringLiteral("primary"));
    state.setHint(QStringLiteral("Nothing leaves this machine."));
    QVERIFY(shownWords(state).contains(QStringLiteral("Nothing leaves this machine.")));
    QCOMPARE(inked(state, Theme::light().strongBorder), inked(*open, Theme::light().strongBorder));
    state.setDropZone(true);
    const int calm = inked(state, Theme::light().accent);
    state.setDropActive(true);
    QVERIFY(inked(state, Theme::light().accent) > calm + 100);
}

void TestFeedback::checksAreCounted()
{
    CheckSummary checks;
    QVERIFY(checks.isHidden());
    checks.setChecks(14, {});
    QVERIFY(!checks.isHidden());
    QCOMPARE(checks.text(), QStringLiteral("checks 14/14"));
    checks.setChecks(14, {QStringLiteral("total: parts < whole")});
    QCOMPARE(checks.text(), QStringLiteral("checks 13/14"));
    QVERIFY(checks.toolTip().contains(QStringLiteral("parts &lt; whole")));
    QVERIFY(checks.accessibleName().contains(QStringLiteral("13 of 14")));
    checks.show();
    checks.click();
    QVERIFY(QApplication::activePopupWidget());
    QVERIFY(shownWords(*QApplication::activePopupWidget()).contains(QStringLiteral("parts < whole")));
    QApplication::activePopupWidget()->close();
    checks.setChecks(0, {});
    QVERIFY(checks.isHidden());
}

void TestFeedback::everyControlHasAName()
{
    QWidget window;
    auto *area = new MessageArea(&window);
    area->show(MessageKind::Info, QStringLiteral("note"), QStringLiteral("Show"), [] {});
    auto *job = new JobStrip(&window);
    job->showProgress(QStringLiteral("Importing"), 1, 2, 3);
    auto *checks = new CheckSummary(&window);
    checks->setChecks(3, {});
    auto *empty = new EmptyState(QStringLiteral("drop"), QStringLiteral("Nothing"), &window);
    empty->addButton(QStringLiteral("Import"));
    auto *figure = new KeyFigureCard(&window);
    KeyFigure content;
    content.action = QStringLiteral("Show rows");
    figure->setFigure(content);
    window.show();
    const AccessibleNames names = accessibleNames(&window);
    QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    QCOMPARE(names.interactive, 7);
}

void TestFeedback::followTheTheme()
{
    MessageStrip strip(MessageKind::Error, QStringLiteral("broken"));
    strip.resize(400, 40);
    strip.show();
    QVERIFY(inked(strip, Theme::light().unfavourable, smoothed) > 5);
    applyTheme(*qApp, Theme::darkTheme());
    QCoreApplication::sendPostedEvents();
    QCOMPARE(inked(strip, Theme::light().unfavourable, smoothed), 0);
    QVERIFY(inked(strip, Theme::darkTheme().unfavourable, smoothed) > 5);
    applyTheme(*qApp, Theme::light());
}

QTEST_MAIN(TestFeedback)
#include "tst_feedback.moc"
