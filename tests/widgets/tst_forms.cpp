// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/accessible_names.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/mapping_edit.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/inputs/unit_edit.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <set>

using namespace perunit;

namespace {

std::vector<MappingColumn> fileColumns()
{
    return {{QStringLiteral("timestamp"), {QStringLiteral("2026-10-01T00:00:01Z")}},
            {QStringLiteral("model_name"), {QStringLiteral("gpt-4o"), QStringLiteral("gpt-4o-mini")}},
            {QStringLiteral("prompt"), {QStringLiteral("1200")}}};
}

ChoiceBox *columnBox(const QWidget &edit, const QString &label)
{
    for (ChoiceBox *box : edit.findChildren<ChoiceBox *>()) {
        if (box->accessibleName() == QStringLiteral("Column for ") + label)
            return box;
    }
    return nullptr;
}

template <typename Field>
Field *fieldNamed(const QWidget &edit, const QString &name)
{
    for (Field *field : edit.findChildren<Field *>()) {
        if (field->accessibleName() == name)
            return field;
    }
    return nullptr;
}

/// Chooses as a user does: by picking a row of the list.
void choose(ChoiceBox *box, const QString &label)
{
    const int index = box->findText(label);
    QVERIFY2(index >= 0, qPrintable(label));
    box->setCurrentIndex(index);
    emit box->activated(index);
}

QString shownWords(const QWidget &widget)
{
    QStringList words;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&widget))
            words << label->text();
    }
    return words.join(QLatin1Char('|'));
}

EconomicUnit conversation()
{
    EconomicUnit unit;
    unit.name = "conversation";
    unit.denominator.name = "session";
    unit.humanAlternative = Money::ofUnits(parseDecimal("4.2", Money::scale)->units);
    unit.note = "one support case";
    return unit;
}

void prepare(UnitEdit &edit, const QLocale &locale = QLocale(QLocale::English, QLocale::UnitedStates))
{
    edit.setLocale(locale);
    edit.setChoices({{"session", QStringLiteral("Conversation"), {}}, {"document", QStringLiteral("Document"), {}}},
                    {{"resolved", QStringLiteral("Resolved tickets"), {}}}, {{"workload", {{"chatbot", {}}}}});
    edit.setCurrency(QStringLiteral("USD"));
    edit.setUnit(conversation());
    edit.show();
}

} // namespace

class TestForms : public QObject
{
    Q_OBJECT
private slots:
    void knowsAllFields();
    void mappingSaysWhatIsMissing();
    void mappingTakesAConstant();
    void mappingKeepsUnknownFields();
    void mappingAddsATag();
    void mappingMarksColumnsThatAreGone();
    void mappingAsksAboutTheCacheConvention();
    void mappingNames();
    void unitRoundTrip();
    void unitAmounts_data();
    void unitAmounts();
    void unitProblems();
    void unitCounting();
    void unitEchoLeavesTheCursor();
    void unitNames();
    void switchChoosesOne();
};

void TestForms::knowsAllFields()
{
    std::set<QString> names;
    QStringList required;
    for (const MappingField &field : requestLogFields()) {
        QVERIFY2(names.insert(field.name).second, qPrintable(field.name));
        QVERIFY(!field.label.isEmpty() && !field.help.isEmpty() && !field.group.isEmpty());
        if (field.required)
            required << field.name;
    }
    QCOMPARE(required, QStringList({QStringLiteral("time"), QStringLiteral("model")}));
    for (const char *name : {"input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "audio_in",
                             "audio_out", "image_in", "image_out", "embedding", "prompt_tokens", "reasoning",
                             "billed_cost", "session", "workload", "prompt_template", "duration_ms"})
        QVERIFY2(names.contains(QString::fromLatin1(name)), name);
}

void TestForms::mappingSaysWhatIsMissing()
{
    MappingEdit edit;
    MappingValue value;
    value.columns = {{QStringLiteral("time"), QStringLiteral("timestamp")}};
    edit.setContent(requestLogFields(), fileColumns(), value);
    edit.show();
    QCOMPARE(edit.missing(), QStringList{QStringLiteral("Model")});
    QVERIFY(shownWords(edit).contains(QStringLiteral("Still needed: Model.")));
    std::vector<MappingValue> emitted;
    connect(&edit, &MappingEdit::edited, &edit, [&emitted](const MappingValue &now) { emitted.push_back(now); });
    choose(columnBox(edit, QStringLiteral("Model")), QStringLiteral("model_name"));
    QCOMPARE(emitted.size(), std::size_t(1));
    QCOMPARE(emitted[0].columns.at(QStringLiteral("model")), QStringLiteral("model_name"));
    QCOMPARE(emitted[0].columns.at(QStringLiteral("time")), QStringLiteral("timestamp"));
    QCOMPARE(edit.missing(), QStringList());
    QVERIFY(shownWords(edit).contains(QStringLiteral("gpt-4o · gpt-4o-mini"))); // what the column holds
    choose(columnBox(edit, QStringLiteral("Model")), QStringLiteral("(not in the file)"));
    QCOMPARE(edit.missing(), QStringList{QStringLiteral("Model")});
    QVERIFY(!emitted.back().columns.contains(QStringLiteral("model")));
}

void TestForms::mappingTakesAConstant()
{
    MappingEdit edit;
    edit.setContent(requestLogFields(), fileColumns(), {});
    edit.show();
    auto *constant = fieldNamed<QLineEdit>(edit, QStringLiteral("Model of all rows"));
    QVERIFY(constant && !constant->isVisible());
    choose(columnBox(edit, QStringLiteral("Model")), QStringLiteral("Fixed value"));
    QVERIFY(constant->isVisible());
    QVERIFY(edit.missing().contains(QStringLiteral("Model"))); // an empty text feeds nothing
    QTest::keyClicks(constant, QStringLiteral("gpt-4o"));
    QCOMPARE(edit.value().constants.at(QStringLiteral("model")), QStringLiteral("gpt-4o"));
    QVERIFY(!edit.missing().contains(QStringLiteral("Model")));
    // A column takes the place of the constant.
    choose(columnBox(edit, QStringLiteral("Model")), QStringLiteral("model_name"));
    QVERIFY(!edit.value().constants.contains(QStringLiteral("model")));
    QVERIFY(!constant->isVisible());
    // Tokens of a row are never one number for all rows.
    QCOMPARE(columnBox(edit, QStringLiteral("Output tokens"))->findText(QStringLiteral("Fixed value")), -1);
}

void TestForms::mappingKeepsUnknownFields()
{
    MappingEdit edit;
    MappingValue value;
    value.columns = {{QStringLiteral("tag:contract"), QStringLiteral("prompt")}};
    value.constants = {{QStringLiteral("tag:desk"), QStringLiteral("north")}};
    edit.setContent(requestLogFields(), fileColumns(), value);
    QCOMPARE(edit.value(), value);
    QVERIFY(columnBox(edit, QStringLiteral("Tag contract")));
    QVERIFY(columnBox(edit, QStringLiteral("Tag desk")));
}

void TestForms::mappingAddsATag()
{
    MappingEdit edit;
    edit.setContent(requestLogFields(), fileColumns(), {});
    QVERIFY(edit.addTag(QStringLiteral(" contract ")));
    QVERIFY(!edit.addTag(QStringLiteral("contract")));
    QVERIFY(!edit.addTag(QStringLiteral("  ")));
    choose(columnBox(edit, QStringLiteral("Tag contract")), QStringLiteral("prompt"));
    QCOMPARE(edit.value().columns.at(QStringLiteral("tag:contract")), QStringLiteral("prompt"));
}

void TestForms::mappingMarksColumnsThatAreGone()
{
    MappingEdit edit;
    MappingValue value;
    value.columns = {{QStringLiteral("time"), QStringLiteral("created_at")},
                     {QStringLiteral("model"), QStringLiteral("model_name")}};
    edit.setContent(requestLogFields(), fileColumns(), value);
    edit.show();
    QCOMPARE(edit.missing(), QStringList{QStringLiteral("Time")});
    QVERIFY(shownWords(edit).contains(QStringLiteral("The file has no column of this name")));
    QCOMPARE(columnBox(edit, QStringLiteral("Time"))->currentText(), QStringLiteral("created_at"));
}

void TestForms::mappingAsksAboutTheCacheConvention()
{
    MappingEdit edit;
    edit.setContent(requestLogFields(), fileColumns(), {});
    edit.show();
    auto *box = edit.findChild<QCheckBox *>();
    QVERIFY(!box->isVisible()); // nothing to ask without an input column
    choose(columnBox(edit, QStringLiteral("Input tokens")), QStringLiteral("prompt"));
    QVERIFY(box->isVisible());
    QVERIFY(!box->isChecked());
    box->click();
    QVERIFY(edit.value().inputIncludesCache);
}

void TestForms::mappingNames()
{
    MappingEdit edit;
    MappingValue value;
    value.columns = {{QStringLiteral("input"), QStringLiteral("prompt")}};
    value.constants = {{QStringLiteral("provider"), QStringLiteral("openai")}};
    edit.setContent(requestLogFields(), fileColumns(), value);
    edit.show();
    const AccessibleNames names = accessibleNames(&edit);
    QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    QVERIFY(names.interactive > static_cast<int>(requestLogFields().size()));
}

void TestForms::unitRoundTrip()
{
    UnitEdit edit;
    int count = 0;
    connect(&edit, &UnitEdit::edited, &edit, [&count] { ++count; });
    prepare(edit);
    QCOMPARE(count, 0);
    QVERIFY(edit.unit().ok());
    QVERIFY(*edit.unit() == conversation());
    auto *name = fieldNamed<QLineEdit>(edit, QStringLiteral("One unit is called"));
    QTest::keyClicks(name, QStringLiteral("s"));
    QCOMPARE(count, 1);
    EconomicUnit expected = conversation();
    expected.name = "conversations";
    QVERIFY(*edit.unit() == expected);
    auto *note = edit.findChild<QPlainTextEdit *>();
    note->setPlainText(QStringLiteral("two"));
    QCOMPARE(count, 2);
    QCOMPARE(edit.unit()->note, std::string("two"));
}

void TestForms::unitAmounts_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("exact"); // empty: refused
    const QLocale english(QLocale::English, QLocale::UnitedStates);
    const QLocale german(QLocale::German, QLocale::Germany);
    QTest::newRow("plain") << english << "4.20"
                           << "4.2";
    QTest::newRow("24 decimals") << english << "0.000000000000000000000001"
                                 << "0.000000000000000000000001";
    QTest::newRow("25 decimals") << english << "0.0000000000000000000000001"
                                 << "";
    QTest::newRow("free") << english << "0"
                          << "0";
    QTest::newRow("negative") << english << "-1"
                              << "";
    QTest::newRow("a tenth of nothing binary") << english << "0.1"
                                               << "0.1";
    QTest::newRow("thousands separator") << english << "1,234"
                                         << "";
    QTest::newRow("symbol") << english << "$4"
                            << "";
    QTest::newRow("German comma") << german << "4,20"
                                  << "4.2";
    QTest::newRow("German thousands") << german << "1.234"
                                      << "";
    QTest::newRow("German both") << german << "1.234,50"
                                 << "";
}

void TestForms::unitAmounts()
{
    QFETCH(QLocale, locale);
    QFETCH(QString, typed);
    QFETCH(QString, exact);
    UnitEdit edit;
    prepare(edit, locale);
    auto *field = fieldNamed<QLineEdit>(edit, QStringLiteral("Earned per unit"));
    QTest::keyClicks(field, typed);
    const auto unit = edit.unit();
    QCOMPARE(unit.ok(), !exact.isEmpty());
    if (unit) {
        QVERIFY(unit->value.has_value());
        QCOMPARE(unit->value->text(), exact.toStdString());
        // Shown again, it is the same amount.
        UnitEdit other;
        prepare(other, locale);
        other.setUnit(*unit);
        QVERIFY(*other.unit() == *unit);
    } else {
        QVERIFY(shownWords(edit).contains(QStringLiteral("Earned per unit")));
        QVERIFY(field->property("wrong").toBool());
    }
}

void TestForms::unitProblems()
{
    UnitEdit edit;
    prepare(edit);
    int count = 0;
    connect(&edit, &UnitEdit::edited, &edit, [&count] { ++count; });
    QStringList problems;
    connect(&edit, &UnitEdit::problemChanged, &edit, [&problems](const QString &text) { problems << text; });
    edit.setTakenNames({QStringLiteral("Document")});
    auto *name = fieldNamed<QLineEdit>(edit, QStringLiteral("One unit is called"));
    name->selectAll();
    QTest::keyClick(name, Qt::Key_Delete);
    QCOMPARE(edit.unit().error().code, ErrorCode::BadInput);
    QTest::keyClicks(name, QStringLiteral("document"));
    QCOMPARE(edit.unit().error().code, ErrorCode::Conflict);
    QVERIFY(problems.last().contains(QStringLiteral("document")));
    QTest::keyClicks(name, QStringLiteral("2"));
    QVERIFY(edit.unit().ok());
    QCOMPARE(problems.last(), QString());
    const int before = count;
    for (QCheckBox *box : edit.findChildren<QCheckBox *>())
        box->click();
    QVERIFY(!edit.unit().ok());  // a unit without any cost
    QCOMPARE(count, before + 1); // the first box alone still left a unit
}

void TestForms::unitCounting()
{
    UnitEdit edit;
    prepare(edit);
    auto *kind = edit.findChild<SegmentedSwitch *>();
    auto *counted = edit.findChild<ChoiceBox *>();
    const auto press = [kind](const QString &text) {
        for (QToolButton *button : kind->findChildren<QToolButton *>()) {
            if (button->text() == text)
                button->click();
        }
    };
    press(QStringLiteral("Requests"));
    QVERIFY(!counted->isVisible());
    QVERIFY(edit.unit()->denominator == (UnitDenominator{UnitDenominator::Kind::Requests, {}}));
    press(QStringLiteral("Outcomes"));
    QVERIFY(counted->isVisible());
    QVERIFY(!edit.unit().ok()); // a dimension is no outcome: nothing is chosen yet
    choose(counted, QStringLiteral("Resolved tickets"));
    QVERIFY(edit.unit()->denominator == (UnitDenominator{UnitDenominator::Kind::Outcome, "resolved"}));
    press(QStringLiteral("Distinct values"));
    choose(counted, QStringLiteral("Document"));
    QVERIFY(edit.unit()->denominator == (UnitDenominator{UnitDenominator::Kind::DistinctValues, "document"}));
    UnitEdit without;
    without.setChoices({{"session", {}, {}}}, {}, {});
    for (QToolButton *button : without.findChildren<QToolButton *>()) {
        if (button->text() == QStringLiteral("Outcomes"))
            QVERIFY(!button->isEnabled());
    }
}

void TestForms::unitEchoLeavesTheCursor()
{
    UnitEdit edit;
    prepare(edit);
    auto *field = fieldNamed<QLineEdit>(edit, QStringLiteral("Earned per unit"));
    QTest::keyClicks(field, QStringLiteral("0.50"));
    edit.setUnit(*edit.unit()); // the owner sends back what it was told
    QCOMPARE(field->text(), QStringLiteral("0.50"));
    EconomicUnit other = conversation();
    other.value.reset();
    edit.setUnit(other); // an undo
    QCOMPARE(field->text(), QString());
}

void TestForms::unitNames()
{
    UnitEdit edit;
    prepare(edit);
    const AccessibleNames names = accessibleNames(&edit);
    QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    QVERIFY2(names.interactive >= 10, qPrintable(QString::number(names.interactive)));
}

void TestForms::switchChoosesOne()
{
    SegmentedSwitch views(QStringLiteral("Picture"));
    QSignalSpy changed(&views, &SegmentedSwitch::currentChanged);
    views.addOption(QStringLiteral("bars"), QStringLiteral("Bars"));
    views.addOption(QStringLiteral("lines"), QStringLiteral("Lines"));
    QCOMPARE(views.current(), QStringLiteral("bars"));
    views.setCurrent(QStringLiteral("lines"));
    views.setCurrent(QStringLiteral("unknown"));
    QCOMPARE(views.current(), QStringLiteral("lines"));
    QCOMPARE(changed.count(), 0);
    const auto buttons = views.findChildren<QToolButton *>();
    QVERIFY(buttons[1]->isChecked() && !buttons[0]->isChecked());
    buttons[0]->click();
    buttons[0]->click();
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.first().first().toString(), QStringLiteral("bars"));
    views.clear();
    QCOMPARE(views.current(), QString());
}

QTEST_MAIN(TestForms)
#include "tst_forms.moc"
