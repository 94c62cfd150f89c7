// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/accessible_names.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/lever_panel.h"
#include "widgets/inputs/lever_picker.h"
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
#include <QListView>
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
    void fewNeedTheAdvanced_data();
    void fewNeedTheAdvanced();
    void advancedProblemsOpenThem();
    void moneyHasItsCurrency();
    void freeTextSuggestsCurrencies();
    void listsStandAtTheirFirstValue();
    void gapsAreShown_data();
    void gapsAreShown();
    void measuredShareIsLocked();
    void sliderStaysUnderTheHand();
    void problemsWaitForTheDrag();
    void pickerHasEveryKindOnce();
    void pickerSearches_data();
    void pickerSearches();
    void pickerByKeyboard();
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
    panel.show();
    panel.findChild<QPushButton *>()->click();
    auto *picker = panel.findChild<LeverPicker *>();
    QVERIFY(picker && picker->isVisible());
    QTest::keyClicks(picker->findChild<QLineEdit *>(), QStringLiteral("batch tier"));
    QTest::keyClick(picker->findChild<QLineEdit *>(), Qt::Key_Return);
    QCOMPARE(added, std::vector<LeverKind>{LeverKind::Batch});
    QVERIFY(!picker->isVisible());
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

void TestLeverEditor::fewNeedTheAdvanced_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("set");
    QTest::newRow("routing by prompt length") << static_cast<int>(LeverKind::Routing) << "prompt_from";
    QTest::newRow("cached prompts from a length on") << static_cast<int>(LeverKind::PromptCache) << "minimum_prompt";
    QTest::newRow("a new price") << static_cast<int>(LeverKind::PriceChange) << "input_price";
    QTest::newRow("spread over months") << static_cast<int>(LeverKind::Training) << "amortisation_months";
}

void TestLeverEditor::fewNeedTheAdvanced()
{
    QFETCH(int, kind);
    QFETCH(QString, set);
    LeverEditor editor(static_cast<LeverKind>(kind));
    LeverEntry entry;
    entry.lever.id = "x";
    entry.lever.kind = static_cast<LeverKind>(kind);
    editor.setEntry(entry);
    editor.show();
    ParameterRow *row = rowOf(editor, set.toStdString());
    QVERIFY(!row->isVisible());
    QToolButton *more = buttonNamed(editor, QStringLiteral("More settings"));
    QVERIFY(more && more->isVisible());
    more->click();
    QVERIFY(row->isVisible());
    more->click();
    QVERIFY(!row->isVisible());
    // What is set is seen, and stays when it is set back: nobody's field goes away while they type.
    entry.lever.numbers[set.toStdString()] = 12;
    editor.setEntry(entry);
    QVERIFY(row->isVisible());
    entry.lever.numbers.clear();
    editor.setEntry(entry);
    QVERIFY(row->isVisible());
}

void TestLeverEditor::advancedProblemsOpenThem()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.show();
    editor.setProblems({{"routing-1", "prompt_below", "no prompt is that short"}});
    QVERIFY(rowOf(editor, "prompt_below")->isVisible());
    QVERIFY(shownWords(*rowOf(editor, "prompt_below")).contains(QStringLiteral("No prompt is that short.")));
    // A lever without such parameters has no such button.
    LeverEditor volume(LeverKind::Volume);
    QVERIFY(!buttonNamed(volume, QStringLiteral("settings of")));
}

void TestLeverEditor::moneyHasItsCurrency()
{
    LeverEditor editor(LeverKind::HumanReview);
    LeverChoices offered = choices();
    offered.currency = QStringLiteral("EUR");
    editor.setChoices(offered);
    LeverEntry entry;
    entry.lever.id = "h";
    entry.lever.kind = LeverKind::HumanReview;
    entry.lever.numbers = {{"hourly_rate", 42'500'000'000}, {"minutes", 2'500'000}};
    editor.setEntry(entry);
    editor.show();
    auto *line = rowOf(editor, "hourly_rate")->findChild<QLineEdit *>();
    QCOMPARE(line->text(), QStringLiteral("42.50 EUR"));
    QCOMPARE(rowOf(editor, "minutes")->findChild<QLineEdit *>()->text(), QStringLiteral("2.5"));
    Edits edits(&editor, &LeverEditor::edited);
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("1,000.000000001 eur"));
    QTest::keyClick(rowOf(editor, "hourly_rate")->findChild<ExactSpinBox *>(), Qt::Key_Return);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.number("hourly_rate"), 1'000'000'000'001);
    // Finer than it is kept is refused, not rounded.
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("1.0000000001"));
    QTest::keyClick(rowOf(editor, "hourly_rate")->findChild<ExactSpinBox *>(), Qt::Key_Return);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QVERIFY(shownWords(*rowOf(editor, "hourly_rate")).contains(QStringLiteral("is not a value")));
}

void TestLeverEditor::freeTextSuggestsCurrencies()
{
    LeverEditor editor(LeverKind::ExchangeRate);
    LeverChoices offered = choices();
    offered.currencies = {{"EUR", {}, {}}, {"GBP", {}, {}}};
    editor.setChoices(offered);
    LeverEntry entry;
    entry.lever.id = "e";
    entry.lever.kind = LeverKind::ExchangeRate;
    editor.setEntry(entry);
    editor.show();
    QLineEdit *line = nullptr;
    for (QLineEdit *each : editor.findChildren<QLineEdit *>()) {
        if (each->accessibleName() == QStringLiteral("Currency of the charges"))
            line = each;
    }
    QVERIFY(line);
    Edits edits(&editor, &LeverEditor::edited);
    line->completer()->setCompletionPrefix(QStringLiteral("gb"));
    QCOMPARE(line->completer()->completionCount(), 1);
    QTest::keyClicks(line, QStringLiteral(" eur"));
    QCOMPARE(edits.all.size(), std::size_t(0)); // not per letter
    line->completer()->popup()->hide();
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(edits.all.size(), std::size_t(1));
    QCOMPARE(edits.all[0].lever.text("currency"), std::string("EUR"));
    QCOMPARE(line->text(), QStringLiteral("EUR"));
    // One that nobody knows is kept as it is.
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("XBT"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(edits.all.back().lever.text("currency"), std::string("XBT"));
}

void TestLeverEditor::listsStandAtTheirFirstValue()
{
    LeverEditor editor(LeverKind::PromptCache);
    LeverEntry entry;
    entry.lever.id = "c";
    entry.lever.kind = LeverKind::PromptCache;
    editor.setEntry(entry);
    Edits edits(&editor, &LeverEditor::edited);
    std::map<QString, std::string> shown;
    for (ChoiceBox *box : editor.findChildren<ChoiceBox *>())
        shown[box->accessibleName()] = box->value();
    QCOMPARE(shown.at(QStringLiteral("Cache lifetime")), std::string("5m"));
    QCOMPARE(shown.at(QStringLiteral("Hit share")), std::string("set"));
    QCOMPARE(edits.all.size(), std::size_t(0));
    QVERIFY(editor.lever().texts.empty());
}

void TestLeverEditor::gapsAreShown_data()
{
    QTest::addColumn<QString>("lifetime");
    QTest::addColumn<qint64>("share");
    QTest::addColumn<bool>("atMost");
    QTest::addColumn<bool>("flagged");
    QTest::newRow("within") << "5m" << qint64(280'000) << false << false;
    QTest::newRow("just") << "5m" << qint64(289'000) << false << false;
    QTest::newRow("above") << "5m" << qint64(289'001) << false << true;
    QTest::newRow("no lifetime is five minutes") << "" << qint64(300'000) << false << true;
    QTest::newRow("an hour allows more") << "1h" << qint64(300'000) << false << false;
    QTest::newRow("above an hour") << "1h" << qint64(500'000) << true << true;
}

void TestLeverEditor::gapsAreShown()
{
    QFETCH(QString, lifetime);
    QFETCH(qint64, share);
    QFETCH(bool, atMost);
    QFETCH(bool, flagged);
    LeverEditor editor(LeverKind::PromptCache);
    LeverEntry entry;
    entry.lever.id = "c";
    entry.lever.kind = LeverKind::PromptCache;
    entry.lever.numbers = {{"hit_share", share}};
    if (!lifetime.isEmpty())
        entry.lever.texts["ttl"] = lifetime.toStdString();
    entry.gaps = CacheGapShares{289'000, 410'000, atMost};
    editor.setEntry(entry);
    editor.show();
    const QString words = shownWords(*rowOf(editor, "hit_share"));
    QVERIFY2(words.contains(QStringLiteral("28.9 % (5 min), 41.0 % (1 h)")), qPrintable(words));
    QCOMPARE(words.contains(QStringLiteral("at most")), atMost);
    QCOMPARE(words.contains(QStringLiteral("More than the recorded gaps allow")), flagged);
    const QVariantList marks = rowOf(editor, "hit_share")->findChild<QSlider *>()->property("markPositions").toList();
    QCOMPARE(marks, (QVariantList{289, 410}));
    // A lever that is off says nothing wrong.
    entry.lever.enabled = false;
    editor.setEntry(entry);
    QVERIFY(!shownWords(*rowOf(editor, "hit_share")).contains(QStringLiteral("More than")));
}

void TestLeverEditor::measuredShareIsLocked()
{
    LeverEditor editor(LeverKind::PromptCache);
    LeverEntry entry;
    entry.lever.id = "c";
    entry.lever.kind = LeverKind::PromptCache;
    entry.lever.numbers = {{"hit_share", 700'000}};
    entry.lever.texts = {{"mode", "measured"}, {"ttl", "1h"}};
    entry.gaps = CacheGapShares{289'000, 410'000, false};
    editor.setEntry(entry);
    editor.show();
    Edits edits(&editor, &LeverEditor::edited);
    ParameterRow *row = rowOf(editor, "hit_share");
    QVERIFY(!row->findChild<QSlider *>()->isEnabled());
    QVERIFY(!row->findChild<ExactSpinBox *>()->isEnabled());
    QVERIFY(!row->findChild<ResetDot *>()->isVisible());
    QCOMPARE(row->value(), 410'000);
    QVERIFY(!shownWords(*row).contains(QStringLiteral("More than")));
    QCOMPARE(editor.lever().number("hit_share"), 700'000); // what somebody set is not lost
    entry.lever.texts["mode"] = "set";
    editor.setEntry(entry);
    QVERIFY(row->findChild<QSlider *>()->isEnabled());
    QCOMPARE(row->value(), 700'000);
    QCOMPARE(edits.all.size(), std::size_t(0));
}

void TestLeverEditor::sliderStaysUnderTheHand()
{
    LeverPanel panel;
    LeverEntry above;
    above.lever.id = "batch-1";
    above.lever.kind = LeverKind::Volume;
    LeverEntry entry = routing();
    entry.inherited = true;
    entry.setBy = QStringLiteral("A scenario with a name that is much too long for one line of the inspector");
    panel.setLevers({above, entry}, {});
    panel.resize(340, 1400);
    panel.show();
    auto *slider = rowOf(*panel.editor("routing-1"), "share")->findChild<QSlider *>();
    const auto place = [slider, &panel] {
        QCoreApplication::sendPostedEvents();
        return slider->mapTo(&panel, QPoint());
    };
    const QPoint before = place();
    Lever told;
    connect(&panel, &LeverPanel::leverEdited, &panel, [&](const Lever &lever, bool) { told = lever; });
    slider->setSliderDown(true);
    slider->setSliderPosition(700);
    QCOMPARE(told.number("share"), 700'000);
    // The owner answers: now it is an override, and another lever has a problem.
    LeverEntry override = entry;
    override.lever = told;
    override.inherited = false;
    override.inheritedLever = entry.lever;
    override.inheritedFrom = entry.setBy;
    panel.setLevers({above, override}, {{"batch-1", "", "conflicts with something in a long sentence"}});
    QCOMPARE(place(), before);
    slider->setSliderDown(false);
    QVERIFY(shownWords(*panel.editor("batch-1")).contains(QStringLiteral("Conflicts with something")));
    panel.setLevers({above, override}, {});
    QTRY_COMPARE(place(), before);
    // Given up again: the place is still the same.
    panel.setLevers({above, entry}, {});
    QCOMPARE(place(), before);
}

void TestLeverEditor::problemsWaitForTheDrag()
{
    LeverEditor editor(LeverKind::Routing);
    editor.setEntry(routing());
    editor.show();
    auto *slider = rowOf(editor, "share")->findChild<QSlider *>();
    slider->setSliderDown(true);
    slider->setSliderPosition(700);
    QVERIFY(editor.isDragging());
    editor.setProblems({{"routing-1", "", "overlaps with routing-2"}});
    QVERIFY(!shownWords(editor).contains(QStringLiteral("Overlaps")));
    slider->setSliderDown(false);
    QVERIFY(!editor.isDragging());
    QVERIFY(shownWords(editor).contains(QStringLiteral("Overlaps with routing-2.")));
}

void TestLeverEditor::pickerHasEveryKindOnce()
{
    LeverPicker picker;
    std::vector<LeverKind> kinds = picker.listed();
    QCOMPARE(kinds.size(), leverKindCount);
    std::sort(kinds.begin(), kinds.end());
    QVERIFY(std::adjacent_find(kinds.begin(), kinds.end()) == kinds.end());
}

void TestLeverEditor::pickerSearches_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("found");
    QTest::addColumn<int>("first");
    QTest::newRow("name") << "routing" << 1 << static_cast<int>(LeverKind::Routing);
    QTest::newRow("group") << "caches" << 2 << static_cast<int>(LeverKind::AnswerCache);
    QTest::newRow("two words, any case") << "CACHE prompt" << 1 << static_cast<int>(LeverKind::PromptCache);
    QTest::newRow("nothing") << "zebra" << 0 << -1;
}

void TestLeverEditor::pickerSearches()
{
    QFETCH(QString, typed);
    QFETCH(int, found);
    QFETCH(int, first);
    LeverPicker picker;
    auto *search = picker.findChild<QLineEdit *>();
    QTest::keyClicks(search, typed);
    const std::vector<LeverKind> kinds = picker.listed();
    QCOMPARE(kinds.size(), static_cast<std::size_t>(found));
    std::vector<LeverKind> chosen;
    connect(&picker, &LeverPicker::chosen, &picker, [&chosen](LeverKind kind) { chosen.push_back(kind); });
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(chosen.size(), static_cast<std::size_t>(found > 0 ? 1 : 0));
    if (found > 0)
        QCOMPARE(static_cast<int>(chosen.front()), first);
}

void TestLeverEditor::pickerByKeyboard()
{
    QPushButton anchor;
    anchor.show();
    LeverPicker picker(&anchor);
    picker.openAt(&anchor);
    std::vector<LeverKind> chosen;
    connect(&picker, &LeverPicker::chosen, &picker, [&chosen](LeverKind kind) { chosen.push_back(kind); });
    auto *search = picker.findChild<QLineEdit *>();
    // From the first group over the heading into the second one.
    for (int i = 0; i < 4; ++i)
        QTest::keyClick(search, Qt::Key_Down);
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(chosen, std::vector<LeverKind>{LeverKind::Routing});
    picker.openAt(&anchor);
    QTest::keyClick(search, Qt::Key_Up);
    QTest::keyClick(search, Qt::Key_Escape);
    QVERIFY(!picker.isVisible());
    const AccessibleNames names = accessibleNames(&picker);
    QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
}

QTEST_MAIN(TestLeverEditor)
#include "tst_lever_editor.moc"
