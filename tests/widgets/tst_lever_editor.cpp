// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/accessible_names.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/lever_panel.h"
#include "widgets/inputs/parameter_row.h"
#include "widgets/inputs/reset_dot.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace perunit;

namespace {

struct Edit {
    Lever lever;
    bool whileDragging = false;
};

/// Collects what an editor or a panel emits.
class Edits : public QObject
{
public:
    template <typename Sender, typename Signal>
    Edits(Sender *sender, Signal signal)
    {
        connect(sender, signal, this, [this](const Lever &lever, bool whileDragging) {
            all.push_back({lever, whileDragging});
        });
    }
    std::vector<Edit> all;
};

LeverChoices choices()
{
    LeverChoices result;
    result.models = {{"openai/gpt-4o", {}, {}}, {"openai/gpt-4o-mini", {}, {}}, {"anthropic/claude", {}, {}}};
    OfferChoice offer;
    offer.value = "azure-ptu-global";
    offer.label = QStringLiteral("Azure PTU, Global");
    offer.unitName = QStringLiteral("PTU");
    offer.terms = {{"hourly", {}, {}}, {"1-year", {}, {}}};
    offer.models = {{"openai/gpt-4o", {15, 5}}};
    offer.sliderMaximum = 300;
    result.offers = {offer};
    result.scopeValues = {{"workload", {{"chatbot", {}}, {"search", {}}}}};
    result.firstMonth = Month::of(2026, 10);
    result.months = 12;
    return result;
}

LeverEntry routing()
{
    LeverEntry entry;
    entry.lever.id = "routing-1";
    entry.lever.kind = LeverKind::Routing;
    entry.lever.numbers = {{"share", 600'000}};
    entry.lever.texts = {{"to", "openai/gpt-4o-mini"}};
    return entry;
}

ParameterRow *rowOf(const QWidget &editor, std::string_view name)
{
    for (ParameterRow *row : editor.findChildren<ParameterRow *>()) {
        if (row->spec().name == name)
            return row;
    }
    return nullptr;
}

QToolButton *buttonNamed(const QWidget &editor, const QString &part)
{
    for (QToolButton *button : editor.findChildren<QToolButton *>()) {
        if (button->accessibleName().contains(part))
            return button;
    }
    return nullptr;
}

/// Texts of all labels that can be seen.
QString shownWords(const QWidget &widget)
{
    QStringList words;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&widget))
            words << label->text();
    }
    return words.join(QLatin1Char('|'));
}

} // namespace

class TestLeverEditor : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void showsWithoutEmitting();
    void sliderByKeyboard_data();
    void sliderByKeyboard();
    void dragEmitsOncePerFrameAndOnceAtTheEnd();
    void dragWithoutMoveEmitsNothing();
    void dragIsNotDisturbedByItsEcho();
    void typingGoesBeyondTheSlider();
    void wheelDoesNotChange();
    void resetsOneParameter();
    void ownParametersGoBackToNeutral();
    void headTellsOrigin_data();
    void headTellsOrigin();
    void switchesOff();
    void choosesModel();
    void offerLimitsTerms();
    void unitsFollowTheOffer();
    void scopeIsEdited();
    void startRampAndNote();
    void monthOutsideTheHorizonStays();
    void problemsStandAtTheirField();
    void everyControlHasAName_data();
    void everyControlHasAName();
    void panelKeepsEditors();
    void panelAddsAndRemoves();
    void panelExplainsItself();
    void panelTabsInOrder();
};

void TestLeverEditor::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    applyTheme(*qApp, Theme::light());
}

void TestLeverEditor::showsWithoutEmitting()
{
    for (const LeverSpec &spec : leverSpecs()) {
        LeverEditor editor(spec.kind);
        Edits edits(&editor, &LeverEditor::edited);
        editor.setChoices(choices());
        LeverEntry entry;
        entry.lever.id = "x";
        entry.lever.kind = spec.kind;
        for (const ParameterSpec &parameter : spec.parameters) {
            if (isNumeric(parameter.unit))
                entry.lever.numbers[std::string(parameter.name)] =
                    parameter.unit == ParameterUnit::Units ? 110 : 120'000;
        }
        entry.lever.start = Month::of(2026, 12);
        entry.lever.rampMonths = 3;
        entry.lever.note = "measured in a pilot";
        entry.lever.grade = "B";
        entry.lever.scope.conditions = {{"workload", {"chatbot"}}};
        editor.setEntry(entry);
        editor.setDetailsShown(true);
        editor.show();
        QCOMPARE(edits.all.size(), std::size_t(0));
        QCOMPARE(editor.lever(), entry.lever);
        for (const ParameterSpec &parameter : spec.parameters) {
            if (isNumeric(parameter.unit))
                QCOMPARE(rowOf(editor, parameter.name)->value(), entry.lever.number(parameter.name));
        }
    }
}

void TestLeverEditor::sliderByKeyboard_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<qint64>("value");
    QTest::newRow("right") << int(Qt::Key_Right) << qint64(610'000);
    QTest::newRow("left") << int(Qt::Key_Left) << qint64(590'000);
    QTest::newRow("page up") << int(Qt::Key_PageUp) << qint64(700'000);
    QTest::newRow("home") << int(Qt::Key_Home) << qint64(0);
    QTest::newRow("end") << int(Qt::Key_End) << qint64(1'000'000);
}

void TestLeverEditor::sliderByKeyboard()
{
    QFETCH(int, key);
    QFETCH(qint64, value);
    LeverEditor editor(LeverKind::Routing);
    editor.setChoices(choices());
    editor.setEntry(routing());
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    ParameterRow *row = rowOf(editor, "share");
    QTest::keyClick(row->findChild<QSlider *>(), static_cast<Qt::Key>(key));
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].whileDragging, false);
    QCOMPARE(edits.all[0].lever.number("share"), value);
    Lever expected = routing().lever;
    expected.numbers["share"] = value;
    QCOMPARE(edits.all[0].lever, expected);
    QCOMPARE(row->findChild<ExactSpinBox *>()->value(), value);
    QCOMPARE(row->findChild<QSlider *>()->value(), static_cast<int>(value / 1000));
}

void TestLeverEditor::dragEmitsOncePerFrameAndOnceAtTheEnd()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    ParameterRow *row = rowOf(editor, "share");
    auto *slider = row->findChild<QSlider *>();
    slider->setSliderDown(true);
    // Many mouse moves within one frame.
    for (int position = 610; position <= 750; position += 10)
        slider->setSliderPosition(position);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QVERIFY(edits.all[0].whileDragging);
    QCOMPARE(row->findChild<ExactSpinBox *>()->value(), 750'000); // the field follows the hand at once
    QTRY_COMPARE(edits.all.size(), std::size_t(2));
    QVERIFY(edits.all[1].whileDragging);
    QCOMPARE(edits.all[1].lever.number("share"), 750'000);
    slider->setSliderPosition(753); // between two steps: no new value
    slider->setSliderDown(false);
    QCOMPARE(edits.all.size(), std::size_t(3));
    QVERIFY(!edits.all[2].whileDragging);
    QCOMPARE(edits.all[2].lever.number("share"), 750'000);
    QCOMPARE(slider->value(), 750);
}

void TestLeverEditor::dragWithoutMoveEmitsNothing()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    auto *slider = rowOf(editor, "share")->findChild<QSlider *>();
    slider->setSliderDown(true);
    slider->setSliderDown(false);
    QCOMPARE(edits.all.size(), std::size_t(0));
}

void TestLeverEditor::dragIsNotDisturbedByItsEcho()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    auto *slider = rowOf(editor, "share")->findChild<QSlider *>();
    slider->setSliderDown(true);
    slider->setSliderPosition(700);
    LeverEntry echo = routing();
    echo.lever.numbers["share"] = 650'000; // of an earlier moment
    editor.setEntry(echo);
    QCOMPARE(slider->sliderPosition(), 700);
    slider->setSliderDown(false);
    QCOMPARE(edits.all.back().lever.number("share"), 700'000);
    QVERIFY(!edits.all.back().whileDragging);
    echo.lever.numbers["share"] = 300'000; // an undo
    editor.setEntry(echo);
    QCOMPARE(slider->value(), 300);
}

void TestLeverEditor::typingGoesBeyondTheSlider()
{
    LeverEditor editor(LeverKind::ContextGrowth);
    LeverEntry entry;
    entry.lever.id = "c";
    entry.lever.kind = LeverKind::ContextGrowth;
    editor.setEntry(entry);
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    ParameterRow *row = rowOf(editor, "factor");
    auto *line = row->findChild<QLineEdit *>();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("12.5"));
    QTest::keyClick(row->findChild<ExactSpinBox *>(), Qt::Key_Return);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.number("factor"), 12'500'000);
    QCOMPARE(row->findChild<QSlider *>()->value(), ParameterScale::positions);
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("1000"));
    QTest::keyClick(row->findChild<ExactSpinBox *>(), Qt::Key_Return);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QVERIFY2(shownWords(*row).contains(QStringLiteral("between")), qPrintable(shownWords(*row)));
}

void TestLeverEditor::wheelDoesNotChange()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.setDetailsShown(true);
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    for (QWidget *field : editor.findChildren<QWidget *>()) {
        QWheelEvent wheel({5, 5}, field->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(field, &wheel);
    }
    QCOMPARE(edits.all.size(), std::size_t(0));
}

void TestLeverEditor::resetsOneParameter()
{
    LeverEntry entry = routing();
    Lever inherited = entry.lever;
    inherited.numbers["share"] = 400'000;
    inherited.texts["to"] = "anthropic/claude";
    entry.inheritedLever = inherited;
    LeverEditor editor(LeverKind::Routing);
    editor.setChoices(choices());
    editor.setEntry(entry);
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    ParameterRow *row = rowOf(editor, "share");
    auto *dot = row->findChild<ResetDot *>();
    QVERIFY(dot->isVisible());
    QVERIFY(dot->accessibleName().contains(QStringLiteral("40 %")));
    QVERIFY(!rowOf(editor, "output_ratio")->findChild<ResetDot *>()->isVisible());
    QTest::mouseClick(dot, Qt::LeftButton);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.number("share"), 400'000);
    QCOMPARE(edits.all[0].lever.text("to"), std::string("openai/gpt-4o-mini"));
    QVERIFY(!dot->isVisible());
    ResetDot *textDot = nullptr;
    for (ResetDot *each : editor.findChildren<ResetDot *>()) {
        if (each->isVisible())
            textDot = each;
    }
    QVERIFY(textDot);
    QTest::mouseClick(textDot, Qt::LeftButton);
    QCOMPARE(edits.all.back().lever.text("to"), std::string("anthropic/claude"));
    QVERIFY(!textDot->isVisible());
}

void TestLeverEditor::ownParametersGoBackToNeutral()
{
    LeverEditor editor(LeverKind::ContextGrowth);
    LeverEntry entry;
    entry.lever.id = "c";
    entry.lever.kind = LeverKind::ContextGrowth;
    entry.lever.numbers = {{"factor", 1'600'000}};
    editor.setEntry(entry);
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    QTest::mouseClick(rowOf(editor, "factor")->findChild<ResetDot *>(), Qt::LeftButton);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.number("factor"), 1'000'000);
}

void TestLeverEditor::headTellsOrigin_data()
{
    QTest::addColumn<bool>("inherited");
    QTest::addColumn<bool>("overrides");
    QTest::addColumn<bool>("removable");
    QTest::addColumn<bool>("resettable");
    QTest::newRow("own") << false << false << true << false;
    QTest::newRow("inherited") << true << false << false << false;
    QTest::newRow("override") << false << true << false << true;
}

void TestLeverEditor::headTellsOrigin()
{
    QFETCH(bool, inherited);
    QFETCH(bool, overrides);
    QFETCH(bool, removable);
    QFETCH(bool, resettable);
    LeverEntry entry = routing();
    entry.inherited = inherited;
    entry.setBy = QStringLiteral("Support optimised");
    if (overrides)
        entry.inheritedLever = entry.lever;
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(entry);
    editor.show();
    QToolButton *remove = buttonNamed(editor, QStringLiteral("Remove Routing"));
    QToolButton *reset = buttonNamed(editor, QStringLiteral("Give up"));
    QCOMPARE(remove->isVisible(), removable);
    QCOMPARE(reset->isVisible(), resettable);
    QCOMPARE(shownWords(editor).contains(QStringLiteral("Support optimised")), inherited);
    QSignalSpy removed(&editor, &LeverEditor::removeRequested);
    QSignalSpy given(&editor, &LeverEditor::resetRequested);
    remove->click();
    reset->click();
    QCOMPARE(removed.count(), 1);
    QCOMPARE(given.count(), 1);
}

void TestLeverEditor::switchesOff()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    auto *enabled = editor.findChild<QCheckBox *>();
    QVERIFY(enabled->isChecked());
    QTest::keyClick(enabled, Qt::Key_Space);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.enabled, false);
    QVERIFY(!rowOf(editor, "share")->isEnabled());
    QTest::keyClick(enabled, Qt::Key_Space);
    QCOMPARE(edits.all[1].lever.enabled, true);
}

void TestLeverEditor::choosesModel()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setChoices(choices());
    editor.setEntry(routing());
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    auto *box = editor.findChild<ChoiceBox *>();
    QCOMPARE(box->currentText(), QStringLiteral("openai/gpt-4o-mini"));
    // Any part of the name finds it.
    box->completer()->setCompletionPrefix(QStringLiteral("CLAU"));
    QCOMPARE(box->completer()->completionCount(), 1);
    box->lineEdit()->selectAll();
    QTest::keyClicks(box->lineEdit(), QStringLiteral("Anthropic/Claude"));
    QFocusEvent out(QEvent::FocusOut);
    box->completer()->popup()->hide();
    QApplication::sendEvent(box->lineEdit(), &out);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.text("to"), std::string("anthropic/claude"));
    // What names nothing is not taken.
    box->lineEdit()->selectAll();
    QTest::keyClicks(box->lineEdit(), QStringLiteral("gpt-99"));
    box->completer()->popup()->hide();
    QApplication::sendEvent(box->lineEdit(), &out);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(box->currentText(), QStringLiteral("anthropic/claude"));
    // A model that the catalogue has lost stays visible.
    LeverEntry entry = routing();
    entry.lever.texts["to"] = "gone/model";
    editor.setEntry(entry);
    QCOMPARE(box->currentText(), QStringLiteral("gone/model"));
    QCOMPARE(box->value(), std::string("gone/model"));
}

void TestLeverEditor::offerLimitsTerms()
{
    LeverEditor editor(LeverKind::Provisioned);
    editor.setChoices(choices());
    LeverEntry entry;
    entry.lever.id = "p";
    entry.lever.kind = LeverKind::Provisioned;
    editor.setEntry(entry);
    const auto items = [&editor](const QString &name) {
        for (ChoiceBox *box : editor.findChildren<ChoiceBox *>()) {
            if (box->accessibleName() == name)
                return box->count();
        }
        return -1;
    };
    QCOMPARE(items(QStringLiteral("Term")), 5); // all that the lever knows
    QCOMPARE(items(QStringLiteral("Model served")), 3);
    entry.lever.texts = {{"offer", "azure-ptu-global"}};
    editor.setEntry(entry);
    QCOMPARE(items(QStringLiteral("Term")), 2);
    QCOMPARE(items(QStringLiteral("Model served")), 1);
}

void TestLeverEditor::unitsFollowTheOffer()
{
    LeverEditor editor(LeverKind::Provisioned);
    editor.setChoices(choices());
    LeverEntry entry;
    entry.lever.id = "p";
    entry.lever.kind = LeverKind::Provisioned;
    entry.lever.texts = {{"offer", "azure-ptu-global"}, {"model", "openai/gpt-4o"}, {"term", "1-year"}};
    entry.lever.numbers = {{"units", 15}};
    editor.setEntry(entry);
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    ParameterRow *row = rowOf(editor, "units");
    QCOMPARE(row->findChild<QLineEdit *>()->text(), QStringLiteral("15 PTU"));
    QTest::keyClick(row->findChild<QSlider *>(), Qt::Key_Right);
    QCOMPARE(edits.all.back().lever.number("units"), 20);
    QTest::keyClick(row->findChild<QSlider *>(), Qt::Key_End);
    QCOMPARE(edits.all.back().lever.number("units"), 300);
}

void TestLeverEditor::scopeIsEdited()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setChoices(choices());
    LeverEntry entry = routing();
    entry.lever.scope.conditions = {{"workload", {"chatbot"}}};
    editor.setEntry(entry);
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    QToolButton *remove = buttonNamed(editor, QStringLiteral("No limit by Workload"));
    QVERIFY(remove);
    remove->click();
    QCOMPARE(edits.all.size(), std::size_t(1));
    QVERIFY(edits.all[0].lever.scope.isEverything());
}

void TestLeverEditor::startRampAndNote()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setChoices(choices());
    editor.setEntry(routing());
    editor.show();
    auto *ramp = editor.findChild<QSpinBox *>();
    QVERIFY(!ramp->isVisible());
    buttonNamed(editor, QStringLiteral("Show start"))->click();
    QVERIFY(ramp->isVisible());
    Edits edits(&editor, &LeverEditor::edited);
    QTest::keyClick(ramp, Qt::Key_Up);
    QCOMPARE(edits.all.back().lever.rampMonths, 1);
    QComboBox *start = nullptr;
    for (QComboBox *box : editor.findChildren<QComboBox *>()) {
        if (box->accessibleName() == QStringLiteral("Starts"))
            start = box;
    }
    QVERIFY(start);
    QCOMPARE(start->count(), 13);
    QTest::keyClick(start, Qt::Key_Down);
    QVERIFY(edits.all.back().lever.start == Month::of(2026, 10));
    QCOMPARE(start->currentText(), QStringLiteral("October 2026"));
    for (QLineEdit *line : editor.findChildren<QLineEdit *>()) {
        if (line->accessibleName() != QStringLiteral("Note"))
            continue;
        const std::size_t before = edits.all.size();
        QTest::keyClicks(line, QStringLiteral(" pilot in May "));
        QCOMPARE(edits.all.size(), before); // not per letter
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(edits.all.size(), before + 1);
        QCOMPARE(edits.all.back().lever.note, std::string("pilot in May"));
    }
    buttonNamed(editor, QStringLiteral("Hide start"))->click();
    QVERIFY(shownWords(editor).contains(QStringLiteral("from October 2026 · over 1 month")));
}

void TestLeverEditor::monthOutsideTheHorizonStays()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setChoices(choices());
    LeverEntry entry = routing();
    entry.lever.start = Month::of(2031, 2);
    editor.setEntry(entry);
    QVERIFY(editor.lever().start == Month::of(2031, 2));
    editor.show();
    QVERIFY(shownWords(editor).contains(QStringLiteral("February 2031")));
}

void TestLeverEditor::problemsStandAtTheirField()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.show();
    editor.setProblems({{"routing-1", "to", "the model has no price"},
                        {"routing-1", "share", "must not exceed 100 %"},
                        {"routing-1", "", "overlaps with routing-2"},
                        {"batch-1", "share", "of another lever"}});
    const QString words = shownWords(editor);
    QVERIFY(words.contains(QStringLiteral("The model has no price.")));
    QVERIFY(words.contains(QStringLiteral("Overlaps with routing-2.")));
    QVERIFY(!words.contains(QStringLiteral("another lever"), Qt::CaseInsensitive));
    QVERIFY(shownWords(*rowOf(editor, "share")).contains(QStringLiteral("Must not exceed 100 %.")));
    QVERIFY(!shownWords(*rowOf(editor, "output_ratio")).contains(QStringLiteral("Must")));
    editor.setProblems({});
    QVERIFY(!shownWords(editor).contains(QStringLiteral("Overlaps")));
    QVERIFY(!shownWords(*rowOf(editor, "share")).contains(QStringLiteral("Must")));
}

void TestLeverEditor::everyControlHasAName_data()
{
    QTest::addColumn<int>("kind");
    for (const LeverSpec &spec : leverSpecs())
        QTest::newRow(std::string(spec.name).c_str()) << static_cast<int>(spec.kind);
}

void TestLeverEditor::everyControlHasAName()
{
    QFETCH(int, kind);
    LeverEditor editor(static_cast<LeverKind>(kind));
    editor.setChoices(choices());
    LeverEntry entry;
    entry.lever.id = "x";
    entry.lever.kind = static_cast<LeverKind>(kind);
    entry.lever.scope.conditions = {{"workload", {"chatbot"}}};
    editor.setEntry(entry);
    editor.setDetailsShown(true);
    editor.show();
    const AccessibleNames names = accessibleNames(&editor);
    QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    QVERIFY2(names.interactive > 8, qPrintable(QString::number(names.interactive)));
}

void TestLeverEditor::panelKeepsEditors()
{
    LeverPanel panel;
    panel.setChoices(choices());
    LeverEntry batch;
    batch.lever.id = "batch-1";
    batch.lever.kind = LeverKind::Batch;
    panel.setLevers({routing(), batch}, {});
    panel.show();
    LeverEditor *first = panel.editor("routing-1");
    LeverEditor *second = panel.editor("batch-1");
    QVERIFY(first && second);
    LeverEntry cache;
    cache.lever.id = "cache-1";
    cache.lever.kind = LeverKind::PromptCache;
    panel.setLevers({routing(), cache, batch}, {{"batch-1", "share", "too much"}});
    QCOMPARE(panel.editor("routing-1"), first);
    QCOMPARE(panel.editor("batch-1"), second);
    QVERIFY(shownWords(*second).contains(QStringLiteral("Too much.")));
    QCoreApplication::sendPostedEvents();
    panel.resize(340, 1200);
    QVERIFY(first->y() < panel.editor("cache-1")->y());
    QVERIFY(panel.editor("cache-1")->y() < second->y());
    panel.setLevers({batch}, {});
    QVERIFY(!panel.editor("routing-1"));
    QCOMPARE(panel.editor("batch-1"), second);
    Edits edits(&panel, &LeverPanel::leverEdited);
    QTest::keyClick(rowOf(*second, "share")->findChild<QSlider *>(), Qt::Key_Right);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.id, std::string("batch-1"));
}

void TestLeverEditor::panelAddsAndRemoves()
{
    LeverPanel panel;
    panel.setLevers({routing()}, {});
    std::vector<LeverKind> added;
    connect(&panel, &LeverPanel::addRequested, &panel, [&added](LeverKind kind) { added.push_back(kind); });
    std::vector<std::string> removed;
    connect(&panel, &LeverPanel::removeRequested, &panel, [&removed](const std::string &id) { removed.push_back(id); });
    const auto *menu = panel.findChild<QPushButton *>()->menu();
    QCOMPARE(menu->actions().size(), static_cast<qsizetype>(leverSpecs().size()));
    for (QAction *action : menu->actions()) {
        QVERIFY(!action->toolTip().isEmpty() && action->toolTip() != action->text());
        action->trigger();
    }
    QCOMPARE(added.size(), leverKindCount);
    QVERIFY(added.front() == LeverKind::Volume && added.back() == LeverKind::ExchangeRate);
    buttonNamed(panel, QStringLiteral("Remove Routing"))->click();
    QCOMPARE(removed, std::vector<std::string>{"routing-1"});
}

void TestLeverEditor::panelExplainsItself()
{
    LeverPanel panel;
    panel.show();
    QVERIFY(shownWords(panel).contains(QStringLiteral("changes nothing yet")));
    panel.setEditable(false, QStringLiteral("The baseline is the ledger itself."));
    QVERIFY(shownWords(panel).contains(QStringLiteral("The baseline is the ledger itself.")));
    for (const QPushButton *button : panel.findChildren<QPushButton *>())
        QVERIFY(!button->isVisible());
    panel.setEditable(true);
    panel.setLevers({routing()}, {});
    QVERIFY(!shownWords(panel).contains(QStringLiteral("changes nothing yet")));
}

void TestLeverEditor::panelTabsInOrder()
{
    LeverPanel panel;
    panel.setChoices(choices());
    LeverEntry batch;
    batch.lever.id = "batch-1";
    batch.lever.kind = LeverKind::Batch;
    panel.setLevers({batch}, {});
    panel.setLevers({routing(), batch}, {}); // made later, stands earlier
    panel.resize(340, 1200);
    panel.show();
    QApplication::setActiveWindow(&panel);
    panel.editor("routing-1")->findChild<QCheckBox *>()->setFocus();
    bool inBatch = false;
    for (int i = 0; i < 40; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        const QWidget *focus = QApplication::focusWidget();
        const bool now = panel.editor("batch-1")->isAncestorOf(focus);
        if (inBatch && !now) {
            QVERIFY(!panel.editor("routing-1")->isAncestorOf(focus)); // on to what follows, not back
            break;
        }
        inBatch = inBatch || now;
    }
    QVERIFY(inBatch);
}

QTEST_MAIN(TestLeverEditor)
#include "tst_lever_editor.moc"
