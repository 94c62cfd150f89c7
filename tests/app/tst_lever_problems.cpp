// SPDX-License-Identifier: GPL-3.0-or-later
// Every impossible value of every lever is marked at its own field, in words, and nowhere else.
#include "app/document/scenario_edits.h"
#include "model/scenario/scenario.h"
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/price_book.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/lever_panel.h"
#include "widgets/inputs/parameter_row.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QFocusEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>

using namespace perunit;

namespace {

/// Problems that can be seen in an editor, each with the name of the field beside which it stands.
QStringList seenProblems(const LeverEditor &editor)
{
    QStringList found;
    for (const QLabel *label : editor.findChildren<QLabel *>()) {
        if (label->property("role").toString() != QLatin1String("problem") || label->text().isEmpty()
            || !label->isVisibleTo(&editor))
            continue;
        QString field = QStringLiteral("scope");
        for (const QWidget *at = label->parentWidget(); at && at != &editor; at = at->parentWidget()) {
            if (const auto *row = qobject_cast<const ParameterRow *>(at)) {
                field = toQt(row->spec().name);
                break;
            }
            const auto boxes = at->findChildren<ChoiceBox *>(QString(), Qt::FindDirectChildrenOnly);
            const auto lines = at->findChildren<QLineEdit *>(QString(), Qt::FindDirectChildrenOnly);
            const QString name = !boxes.isEmpty()    ? boxes.first()->accessibleName()
                                 : lines.size() == 1 ? lines.first()->accessibleName()
                                                     : QString();
            for (const ParameterSpec &spec : leverSpec(editor.kind()).parameters) {
                if (!name.isEmpty() && toQt(spec.label) == name)
                    field = toQt(spec.name);
            }
        }
        found << field + QStringLiteral(": ") + label->text();
    }
    return found;
}

ParameterRow *rowOf(const LeverEditor &editor, std::string_view name)
{
    for (ParameterRow *row : editor.findChildren<ParameterRow *>()) {
        if (row->spec().name == name)
            return row;
    }
    return nullptr;
}

LeverEntry entryOf(LeverKind kind)
{
    LeverEntry entry;
    entry.lever.id = "x";
    entry.lever.kind = kind;
    return entry;
}

void type(QWidget *field, QLineEdit *line, const QString &text)
{
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(field, Qt::Key_Return);
}

PriceBook bundledBook()
{
    return PriceBook({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
}

} // namespace

class TestLeverProblems : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests");
        QSettings().clear();
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Theme::light());
    }

    void typedNumbers_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<QString>("typed");
        for (const LeverSpec &spec : leverSpecs()) {
            for (const ParameterSpec &parameter : spec.parameters) {
                if (!isNumeric(parameter.unit))
                    continue;
                const QString name = toQt(spec.name) + QLatin1Char(' ') + toQt(parameter.name);
                const auto row = [&](const char *what, const QString &typed) {
                    QTest::newRow(qPrintable(name + QLatin1Char(' ') + QLatin1String(what)))
                        << static_cast<int>(spec.kind) << toQt(parameter.name) << typed;
                };
                row("words", QStringLiteral("lots"));
                row("too much", QStringLiteral("99999999999999999"));
                row("too little",
                    parameter.unit == ParameterUnit::Growth ? QStringLiteral("-51") : QStringLiteral("-1"));
                if (parameter.unit == ParameterUnit::Share)
                    row("above 100 %", QStringLiteral("100.1"));
            }
        }
    }

    void typedNumbers()
    {
        QFETCH(int, kind);
        QFETCH(QString, parameter);
        QFETCH(QString, typed);
        LeverEditor editor(static_cast<LeverKind>(kind));
        const LeverEntry entry = entryOf(static_cast<LeverKind>(kind));
        editor.setEntry(entry);
        editor.setAdvancedShown(true);
        editor.show();
        bool told = false;
        connect(&editor, &LeverEditor::edited, this, [&told] { told = true; });
        ParameterRow *row = rowOf(editor, fromQt(parameter));
        QVERIFY(row);
        const qint64 before = row->value();
        type(row->findChild<ExactSpinBox *>(), row->findChild<QLineEdit *>(), typed);
        QStringList seen = seenProblems(editor);
        QCOMPARE(seen.size(), 1);
        QVERIFY2(seen.first().startsWith(parameter + QStringLiteral(": ")), qPrintable(seen.first()));
        QVERIFY(!told);
        // Leaving the field brings back what holds, and still says why.
        QFocusEvent leave(QEvent::FocusOut, Qt::TabFocusReason);
        QApplication::sendEvent(row->findChild<ExactSpinBox *>(), &leave);
        seen = seenProblems(editor);
        QCOMPARE(seen.size(), 1);
        QVERIFY2(seen.first().startsWith(parameter + QStringLiteral(": ")), qPrintable(seen.first()));
        QVERIFY2(seen.first().endsWith(QStringLiteral("stays.")), qPrintable(seen.first()));
        QCOMPARE(row->value(), before);
        QVERIFY(!told);
    }

    void typedNames_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("parameter");
        for (const LeverSpec &spec : leverSpecs()) {
            for (const ParameterSpec &parameter : spec.parameters) {
                if (!isNumeric(parameter.unit) && parameter.unit != ParameterUnit::Text)
                    QTest::newRow(qPrintable(toQt(spec.name) + QLatin1Char(' ') + toQt(parameter.name)))
                        << static_cast<int>(spec.kind) << toQt(parameter.name);
            }
        }
    }

    void typedNames()
    {
        QFETCH(int, kind);
        QFETCH(QString, parameter);
        const auto leverKind = static_cast<LeverKind>(kind);
        LeverEditor editor(leverKind);
        LeverChoices choices;
        choices.models = {{"openai/gpt-4o", {}, {}}};
        editor.setChoices(choices);
        editor.setEntry(entryOf(leverKind));
        editor.show();
        bool told = false;
        connect(&editor, &LeverEditor::edited, this, [&told] { told = true; });
        ChoiceBox *box = nullptr;
        for (ChoiceBox *each : editor.findChildren<ChoiceBox *>()) {
            if (each->accessibleName() == toQt(leverSpec(leverKind).parameter(fromQt(parameter))->label))
                box = each;
        }
        QVERIFY(box);
        type(box->lineEdit(), box->lineEdit(), QStringLiteral("no such thing"));
        const QStringList seen = seenProblems(editor);
        QCOMPARE(seen.size(), 1);
        QVERIFY2(seen.first().startsWith(parameter + QStringLiteral(": “no such thing” is not in the list")),
                 qPrintable(seen.first()));
        QVERIFY(!told);
        // Typing again takes the words away.
        QTest::keyClicks(box->lineEdit(), QStringLiteral("x"));
        QCOMPARE(seenProblems(editor), QStringList());
    }

    /// What comes from a file or from another field is checked as well.
    void storedValues_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("number");
        for (const LeverSpec &spec : leverSpecs()) {
            for (const ParameterSpec &parameter : spec.parameters) {
                const QString name = toQt(spec.name) + QLatin1Char(' ') + toQt(parameter.name);
                if (isNumeric(parameter.unit)) {
                    QTest::newRow(qPrintable(name + QStringLiteral(" above")))
                        << static_cast<int>(spec.kind) << toQt(parameter.name) << QString()
                        << qint64(parameter.maximum + 1);
                    QTest::newRow(qPrintable(name + QStringLiteral(" below")))
                        << static_cast<int>(spec.kind) << toQt(parameter.name) << QString()
                        << qint64(parameter.minimum - 1);
                } else if (parameter.unit != ParameterUnit::Text) {
                    QTest::newRow(qPrintable(name)) << static_cast<int>(spec.kind) << toQt(parameter.name)
                                                    << QStringLiteral("nobody/nothing") << qint64(0);
                }
            }
        }
    }

    void storedValues()
    {
        QFETCH(int, kind);
        QFETCH(QString, parameter);
        QFETCH(QString, text);
        QFETCH(qint64, number);
        const auto leverKind = static_cast<LeverKind>(kind);
        const std::string name = fromQt(parameter);
        LeverEntry entry = entryOf(leverKind);
        Lever &lever = entry.lever;
        // What else the lever needs, so that nothing but the value in question is wrong.
        if (leverKind == LeverKind::Provisioned) {
            lever.numbers["units"] = 50;
            lever.texts = {{"model", "azure/gpt-4.1"}, {"offer", "azure-ptu-global"}, {"term", "1-month"}};
        }
        if (leverKind == LeverKind::Routing)
            lever.texts["to"] = "openai/gpt-4.1-mini";
        if (leverKind == LeverKind::ExchangeRate)
            lever.texts["currency"] = "EUR";
        const PriceBook book = bundledBook();
        QVERIFY(checkLevers({{lever, "s", 0}}, book).empty());
        if (text.isEmpty())
            lever.numbers[name] = number;
        else
            lever.texts[name] = fromQt(text);
        const std::vector<LeverProblem> problems = checkLevers({{lever, "s", 0}}, book);
        QVERIFY(!problems.empty());
        LeverPanel panel;
        panel.setLevers({entry}, problems);
        panel.show();
        const LeverEditor *editor = panel.editor("x");
        QVERIFY(editor);
        const QStringList seen = seenProblems(*editor);
        QCOMPARE(seen.size(), 1);
        QVERIFY2(seen.first().startsWith(parameter + QStringLiteral(": ")), qPrintable(seen.first()));
    }

    /// What only shows when the levers meet the ledger names lever and parameter.
    void errorsOfTheEngineFindTheirField_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("parameter");
        QTest::newRow("parameter") << "lever 'batch-1', share"
                                   << "share";
        QTest::newRow("with a month") << "lever 'volume-1', monthly_growth, 2026-11"
                                      << "monthly_growth";
        QTest::newRow("lever as a whole") << "lever 'volume-1'"
                                          << "";
    }

    void errorsOfTheEngineFindTheirField()
    {
        QFETCH(QString, where);
        QFETCH(QString, parameter);
        const auto problem = leverProblemOf({ErrorCode::BadInput, "what", fromQt(where), "do"});
        QVERIFY(problem.has_value());
        QCOMPARE(toQt(problem->parameter), parameter);
        QCOMPARE(toQt(problem->what), QString("what; do"));
    }

    void rampStandsAtTheRamp()
    {
        LeverEntry entry = entryOf(LeverKind::Volume);
        entry.lever.rampMonths = 500;
        LeverPanel panel;
        panel.setLevers({entry}, checkLevers({{entry.lever, "s", 0}}, bundledBook()));
        panel.show();
        bool seen = false;
        for (const QLabel *label : panel.findChildren<QLabel *>())
            seen = seen || (label->isVisible() && label->text().startsWith(QStringLiteral("The ramp must be between")));
        QVERIFY(seen);
    }
};

QTEST_MAIN(TestLeverProblems)
#include "tst_lever_problems.moc"
