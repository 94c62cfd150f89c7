// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/parameter_scale.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace perunit;

namespace {

constexpr qint64 refusedText = -123456789;

ParameterSpec specOf(ParameterUnit unit)
{
    switch (unit) {
    case ParameterUnit::Factor:
        return {"factor", "Factor", unit, onePpm / 100, 100 * onePpm, onePpm, "help", {}};
    case ParameterUnit::Growth:
        return {"growth", "Growth", unit, -onePpm / 2, onePpm, 0, "help", {}};
    case ParameterUnit::Units:
        return {"units", "Units", unit, 0, 1'000'000, 0, "help", {}};
    default:
        return {"share", "Share", ParameterUnit::Share, 0, onePpm, 0, "help", {}};
    }
}

ParameterScale scaleOf(ParameterUnit unit)
{
    ParameterScale scale =
        unit == ParameterUnit::Units ? ParameterScale(specOf(unit), 15, 5, 300) : ParameterScale(specOf(unit));
    scale.setUnitName(QStringLiteral("PTU"));
    return scale;
}

const QLocale english(QLocale::English, QLocale::UnitedStates);
const QLocale german(QLocale::German, QLocale::Germany);

} // namespace

Q_DECLARE_METATYPE(perunit::ParameterUnit)

class TestParameterScale : public QObject
{
    Q_OBJECT
private slots:
    void shows_data();
    void shows();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void readsWhatItShows_data();
    void readsWhatItShows();
    void slides_data();
    void slides();
    void steps_data();
    void steps();
    void sliderStaysOnItsGrid();
    void fieldTakesTypedValue();
    void fieldRefusesInWords();
    void fieldRestoresWhenLeft();
    void fieldSteps();
    void newsDoesNotEraseTyping();
};

void TestParameterScale::shows_data()
{
    QTest::addColumn<ParameterUnit>("unit");
    QTest::addColumn<qint64>("value");
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<QString>("text");
    QTest::newRow("share") << ParameterUnit::Share << qint64(600'000) << english << "60 %";
    QTest::newRow("half a per cent") << ParameterUnit::Share << qint64(625'000) << english << "62.5 %";
    QTest::newRow("one millionth") << ParameterUnit::Share << qint64(1) << english << "0.0001 %";
    QTest::newRow("German point") << ParameterUnit::Share << qint64(625'000) << german << "62,5 %";
    QTest::newRow("factor") << ParameterUnit::Factor << qint64(1'600'000) << english << "×1.6";
    QTest::newRow("growth") << ParameterUnit::Growth << qint64(20'000) << english << "+2 % a month";
    QTest::newRow("decline") << ParameterUnit::Growth << qint64(-15'000) << english << "−1.5 % a month";
    QTest::newRow("no growth") << ParameterUnit::Growth << qint64(0) << english << "0 % a month";
    QTest::newRow("units") << ParameterUnit::Units << qint64(110) << english << "110 PTU";
    QTest::newRow("thousands") << ParameterUnit::Units << qint64(12'345) << english << "12,345 PTU";
    QTest::newRow("German thousands") << ParameterUnit::Units << qint64(123'456) << german << "123.456 PTU";
}

void TestParameterScale::shows()
{
    QFETCH(ParameterUnit, unit);
    QFETCH(qint64, value);
    QFETCH(QLocale, locale);
    QFETCH(QString, text);
    QCOMPARE(scaleOf(unit).text(value, locale), text);
}

void TestParameterScale::reads_data()
{
    QTest::addColumn<ParameterUnit>("unit");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<qint64>("value");
    QTest::newRow("share with sign") << ParameterUnit::Share << "62.5 %" << english << qint64(625'000);
    QTest::newRow("share without") << ParameterUnit::Share << " 62.5" << english << qint64(625'000);
    QTest::newRow("German") << ParameterUnit::Share << "62,5%" << german << qint64(625'000);
    QTest::newRow("factor bare") << ParameterUnit::Factor << "1.6" << english << qint64(1'600'000);
    QTest::newRow("factor with cross") << ParameterUnit::Factor << "×1.6" << english << qint64(1'600'000);
    QTest::newRow("factor with letter") << ParameterUnit::Factor << "x 1.6" << english << qint64(1'600'000);
    QTest::newRow("growth") << ParameterUnit::Growth << "+2" << english << qint64(20'000);
    QTest::newRow("growth per cent") << ParameterUnit::Growth << "2%" << english << qint64(20'000);
    QTest::newRow("hyphen minus") << ParameterUnit::Growth << "-1.5 %" << english << qint64(-15'000);
    QTest::newRow("true minus") << ParameterUnit::Growth << "−1.5 % a month" << english << qint64(-15'000);
    QTest::newRow("units") << ParameterUnit::Units << "110 ptu" << english << qint64(110);
    QTest::newRow("grouped") << ParameterUnit::Units << "12,345" << english << qint64(12'345);
    QTest::newRow("German grouped") << ParameterUnit::Units << "12.345" << german << qint64(12'345);
    QTest::newRow("comma is no decimal here") << ParameterUnit::Share << "1,5" << english << refusedText;
    QTest::newRow("point is no decimal there") << ParameterUnit::Share << "1.5" << german << refusedText;
    QTest::newRow("wrong groups") << ParameterUnit::Units << "1,23,456" << english << refusedText;
    QTest::newRow("letters") << ParameterUnit::Share << "62abc" << english << refusedText;
    QTest::newRow("empty") << ParameterUnit::Share << "" << english << refusedText;
    QTest::newRow("only a unit") << ParameterUnit::Share << "%" << english << refusedText;
    QTest::newRow("scientific") << ParameterUnit::Units << "1e3" << english << refusedText;
    QTest::newRow("finer than a millionth") << ParameterUnit::Share << "0.00001" << english << refusedText;
    QTest::newRow("half a unit") << ParameterUnit::Units << "1.5" << english << refusedText;
    QTest::newRow("beyond any integer") << ParameterUnit::Units << "99999999999999999999" << english << refusedText;
}

void TestParameterScale::reads()
{
    QFETCH(ParameterUnit, unit);
    QFETCH(QString, text);
    QFETCH(QLocale, locale);
    QFETCH(qint64, value);
    const auto read = scaleOf(unit).read(text, locale);
    if (value == refusedText)
        QVERIFY2(!read, qPrintable(QString::number(read.value_or(0))));
    else
        QCOMPARE(read.value_or(refusedText), value);
}

void TestParameterScale::refuses_data()
{
    QTest::addColumn<ParameterUnit>("unit");
    QTest::addColumn<qint64>("value");
    QTest::addColumn<QString>("word");
    QTest::newRow("share fine") << ParameterUnit::Share << qint64(0) << "";
    QTest::newRow("share above") << ParameterUnit::Share << qint64(1'000'001) << "100 %";
    QTest::newRow("share below") << ParameterUnit::Share << qint64(-1) << "0 %";
    QTest::newRow("factor beyond the slider is fine") << ParameterUnit::Factor << qint64(10'000'000) << "";
    QTest::newRow("factor above") << ParameterUnit::Factor << qint64(100'000'001) << "×100";
    QTest::newRow("no units") << ParameterUnit::Units << qint64(0) << "";
    QTest::newRow("fewest units") << ParameterUnit::Units << qint64(15) << "";
    QTest::newRow("too few units") << ParameterUnit::Units << qint64(10) << "0 or 15 PTU";
    QTest::newRow("between two sizes") << ParameterUnit::Units << qint64(107) << "105 or 110 PTU";
}

void TestParameterScale::refuses()
{
    QFETCH(ParameterUnit, unit);
    QFETCH(qint64, value);
    QFETCH(QString, word);
    const QString why = scaleOf(unit).refusal(value, english);
    QCOMPARE(why.isEmpty(), word.isEmpty());
    QVERIFY2(why.contains(word), qPrintable(why));
}

void TestParameterScale::readsWhatItShows_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::newRow("C") << QLocale::c();
    QTest::newRow("English") << english;
    QTest::newRow("German") << german;
    QTest::newRow("French") << QLocale(QLocale::French, QLocale::France);
    QTest::newRow("Swiss") << QLocale(QLocale::German, QLocale::Switzerland);
    QTest::newRow("Swedish") << QLocale(QLocale::Swedish, QLocale::Sweden);
    QTest::newRow("Indian") << QLocale(QLocale::Hindi, QLocale::India);
}

void TestParameterScale::readsWhatItShows()
{
    QFETCH(QLocale, locale);
    for (const ParameterUnit unit :
         {ParameterUnit::Share, ParameterUnit::Factor, ParameterUnit::Growth, ParameterUnit::Units}) {
        const ParameterScale scale = scaleOf(unit);
        for (const qint64 value :
             {0LL, 1LL, 7LL, 12'345LL, 625'000LL, 999'999LL, 1'000'000LL, 1'234'567LL, -15'000LL}) {
            const QString text = scale.text(value, locale);
            QVERIFY2(scale.read(text, locale) == std::optional<std::int64_t>(value), qPrintable(text));
        }
    }
}

void TestParameterScale::slides_data()
{
    QTest::addColumn<ParameterUnit>("unit");
    QTest::addColumn<qint64>("value");
    QTest::addColumn<int>("position");
    QTest::newRow("no share") << ParameterUnit::Share << qint64(0) << 0;
    QTest::newRow("60 %") << ParameterUnit::Share << qint64(600'000) << 600;
    QTest::newRow("all") << ParameterUnit::Share << qint64(1'000'000) << 1000;
    QTest::newRow("a quarter") << ParameterUnit::Factor << qint64(250'000) << 0;
    QTest::newRow("times one in the middle") << ParameterUnit::Factor << qint64(1'000'000) << 500;
    QTest::newRow("times two") << ParameterUnit::Factor << qint64(2'000'000) << 750;
    QTest::newRow("times four") << ParameterUnit::Factor << qint64(4'000'000) << 1000;
    QTest::newRow("shrinking") << ParameterUnit::Growth << qint64(-100'000) << 0;
    QTest::newRow("no growth") << ParameterUnit::Growth << qint64(0) << 333;
    QTest::newRow("growing") << ParameterUnit::Growth << qint64(200'000) << 1000;
    QTest::newRow("no units") << ParameterUnit::Units << qint64(0) << 0;
    QTest::newRow("most units") << ParameterUnit::Units << qint64(300) << 1000;
}

void TestParameterScale::slides()
{
    QFETCH(ParameterUnit, unit);
    QFETCH(qint64, value);
    QFETCH(int, position);
    const ParameterScale scale = scaleOf(unit);
    QCOMPARE(scale.positionOf(value), position);
    QCOMPARE(scale.valueAt(position), value);
}

void TestParameterScale::steps_data()
{
    QTest::addColumn<ParameterUnit>("unit");
    QTest::addColumn<qint64>("value");
    QTest::addColumn<int>("steps");
    QTest::addColumn<qint64>("next");
    QTest::newRow("one per cent") << ParameterUnit::Share << qint64(600'000) << 1 << qint64(610'000);
    QTest::newRow("onto the grid") << ParameterUnit::Share << qint64(625'000) << 1 << qint64(630'000);
    QTest::newRow("down onto the grid") << ParameterUnit::Share << qint64(625'000) << -1 << qint64(620'000);
    QTest::newRow("ten") << ParameterUnit::Share << qint64(600'000) << 10 << qint64(700'000);
    QTest::newRow("stops at all") << ParameterUnit::Share << qint64(995'000) << 10 << qint64(1'000'000);
    QTest::newRow("factor") << ParameterUnit::Factor << qint64(1'000'000) << -1 << qint64(950'000);
    QTest::newRow("growth through zero") << ParameterUnit::Growth << qint64(5'000) << -2 << qint64(-5'000);
    QTest::newRow("first size") << ParameterUnit::Units << qint64(0) << 1 << qint64(15);
    QTest::newRow("second size") << ParameterUnit::Units << qint64(15) << 1 << qint64(20);
    QTest::newRow("back to none") << ParameterUnit::Units << qint64(15) << -1 << qint64(0);
    QTest::newRow("from between sizes") << ParameterUnit::Units << qint64(107) << -1 << qint64(105);
    QTest::newRow("beyond the slider") << ParameterUnit::Units << qint64(300) << 1 << qint64(305);
}

void TestParameterScale::steps()
{
    QFETCH(ParameterUnit, unit);
    QFETCH(qint64, value);
    QFETCH(int, steps);
    QFETCH(qint64, next);
    QCOMPARE(scaleOf(unit).stepped(value, steps), next);
}

void TestParameterScale::sliderStaysOnItsGrid()
{
    for (const ParameterUnit unit :
         {ParameterUnit::Share, ParameterUnit::Factor, ParameterUnit::Growth, ParameterUnit::Units}) {
        const ParameterScale scale = scaleOf(unit);
        qint64 before = scale.sliderMinimum();
        for (int position = 0; position <= ParameterScale::positions; ++position) {
            const qint64 value = scale.valueAt(position);
            QVERIFY(value >= before); // never turns back
            QVERIFY2(scale.refusal(value, english).isEmpty(), qPrintable(scale.text(value, english)));
            before = value;
        }
        QCOMPARE(before, scale.sliderMaximum());
    }
}

void TestParameterScale::fieldTakesTypedValue()
{
    ExactSpinBox field;
    field.setLocale(english);
    field.setScale(scaleOf(ParameterUnit::Share));
    field.setValue(600'000);
    field.show();
    QSignalSpy edited(&field, &ExactSpinBox::valueEdited);
    auto *line = field.findChild<QLineEdit *>();
    QCOMPARE(line->text(), QStringLiteral("60 %"));
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("62.5"));
    QCOMPARE(edited.count(), 0); // not before it is complete
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(edited.count(), 1);
    QCOMPARE(edited.first().first().toLongLong(), 625'000);
    QCOMPARE(line->text(), QStringLiteral("62.5 %"));
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(edited.count(), 1);
}

void TestParameterScale::fieldRefusesInWords()
{
    ExactSpinBox field;
    field.setLocale(english);
    field.setScale(scaleOf(ParameterUnit::Share));
    field.setValue(600'000);
    field.show();
    QSignalSpy edited(&field, &ExactSpinBox::valueEdited);
    QSignalSpy refused(&field, &ExactSpinBox::refused);
    auto *line = field.findChild<QLineEdit *>();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("160"));
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(edited.count(), 0);
    QCOMPARE(refused.count(), 1);
    QVERIFY(refused.last().first().toString().contains(QStringLiteral("100 %")));
    QCOMPARE(line->text(), QStringLiteral("160")); // left to be mended
    QTest::keyClick(&field, Qt::Key_Escape);
    QCOMPARE(line->text(), QStringLiteral("60 %"));
    QCOMPARE(refused.last().first().toString(), QString());
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("many"));
    QTest::keyClick(&field, Qt::Key_Return);
    QVERIFY(refused.last().first().toString().contains(QStringLiteral("many")));
    QCOMPARE(edited.count(), 0);
}

void TestParameterScale::fieldRestoresWhenLeft()
{
    QWidget window;
    ExactSpinBox field(&window);
    QLineEdit other(&window);
    field.setLocale(english);
    field.setScale(scaleOf(ParameterUnit::Units));
    field.setValue(110);
    window.show();
    QApplication::setActiveWindow(&window);
    field.setFocus();
    QSignalSpy edited(&field, &ExactSpinBox::valueEdited);
    auto *line = field.findChild<QLineEdit *>();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("107"));
    other.setFocus();
    QCOMPARE(line->text(), QStringLiteral("110 PTU"));
    QCOMPARE(edited.count(), 0);
    field.setFocus();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("120"));
    other.setFocus();
    QCOMPARE(edited.count(), 1);
    QCOMPARE(field.value(), 120);
}

void TestParameterScale::fieldSteps()
{
    ExactSpinBox field;
    field.setLocale(english);
    field.setScale(scaleOf(ParameterUnit::Units));
    field.setValue(0);
    field.show();
    QSignalSpy edited(&field, &ExactSpinBox::valueEdited);
    QTest::keyClick(&field, Qt::Key_Up);
    QCOMPARE(field.value(), 15);
    QTest::keyClick(&field, Qt::Key_PageUp);
    QCOMPARE(field.value(), 65);
    QTest::keyClick(&field, Qt::Key_Down);
    QCOMPARE(field.value(), 60);
    QCOMPARE(edited.count(), 3);
}

void TestParameterScale::newsDoesNotEraseTyping()
{
    ExactSpinBox field;
    field.setLocale(english);
    field.setScale(scaleOf(ParameterUnit::Share));
    field.setValue(600'000);
    field.show();
    auto *line = field.findChild<QLineEdit *>();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("6"));
    field.setValue(600'000); // the same state again, as after any other edit
    QCOMPARE(line->text(), QStringLiteral("6"));
    field.setValue(400'000);
    QCOMPARE(line->text(), QStringLiteral("40 %"));
}

QTEST_MAIN(TestParameterScale)
#include "tst_parameter_scale.moc"
