// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/accessible_names.h"
#include "widgets/inputs/check_list_model.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/inputs/search_field.h"
#include "widgets/inputs/value_picker.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace perunit;

namespace {

ScopeValues values()
{
    return {{"workload", {{"chatbot", QStringLiteral("61 %")}, {"search", {}}, {"review", {}}}},
            {"environment", {{"prod", {}}, {"test", {}}}},
            {"tag:contract", {{"", {}}, {"C-1", {}}}}};
}

QStringList chips(const ScopeEdit &edit)
{
    // A layout shows what was added to it with the next events.
    QCoreApplication::sendPostedEvents();
    QStringList texts;
    for (const QToolButton *button : edit.findChildren<QToolButton *>()) {
        if (button->isVisibleTo(&edit) && button->property("role") == QLatin1String("chipButton")
            && !button->text().isEmpty())
            texts << button->text();
    }
    return texts;
}

QToolButton *buttonNamed(const ScopeEdit &edit, const QString &part)
{
    for (QToolButton *button : edit.findChildren<QToolButton *>()) {
        if (button->isVisibleTo(&edit) && button->accessibleName().contains(part))
            return button;
    }
    return nullptr;
}

} // namespace

class TestScopeEdit : public QObject
{
    Q_OBJECT
private slots:
    void labelsDimensions_data();
    void labelsDimensions();
    void emptyScopeIsEverything();
    void showsOneChipPerDimension();
    void picksValuesOfADimension();
    void escapeChangesNothing();
    void clearingValuesRemovesTheLimit();
    void removesAChip();
    void unknownValuesStay();
    void readOnlyOffersNothing();
    void listModelIsSound();
    void searchNarrowsTheList();
    void everyControlHasAName();
};

void TestScopeEdit::labelsDimensions_data()
{
    QTest::addColumn<QString>("dimension");
    QTest::addColumn<QString>("label");
    QTest::newRow("plain") << "workload"
                           << "Workload";
    QTest::newRow("two words") << "prompt_template"
                               << "Prompt template";
    QTest::newRow("tag") << "tag:cost_center"
                         << "Tag cost_center";
}

void TestScopeEdit::labelsDimensions()
{
    QFETCH(QString, dimension);
    QFETCH(QString, label);
    QCOMPARE(dimensionLabel(dimension.toStdString()), label);
}

void TestScopeEdit::emptyScopeIsEverything()
{
    ScopeEdit edit;
    edit.setValues(values());
    edit.show();
    QCOMPARE(chips(edit), QStringList());
    QStringList words;
    for (const QLabel *label : edit.findChildren<QLabel *>()) {
        if (label->isVisible())
            words << label->text();
    }
    QCOMPARE(words, QStringList{QStringLiteral("Everything")});
    QVERIFY(edit.scope().isEverything());
}

void TestScopeEdit::showsOneChipPerDimension()
{
    ScopeEdit edit;
    edit.setValues(values());
    Scope scope;
    scope.conditions = {{"workload", {"chatbot", "search", "review"}}, {"tag:contract", {""}}};
    edit.setScope(scope);
    edit.show();
    QCOMPARE(chips(edit),
             QStringList({QStringLiteral("Tag contract: (none)"), QStringLiteral("Workload: chatbot +2")}));
    QVERIFY(buttonNamed(edit, QStringLiteral("chatbot, search, review")));
}

void TestScopeEdit::picksValuesOfADimension()
{
    ScopeEdit edit;
    edit.setValues(values());
    edit.show();
    Scope emitted;
    int count = 0;
    connect(&edit, &ScopeEdit::scopeEdited, &edit, [&](const Scope &scope) {
        emitted = scope;
        ++count;
    });
    buttonNamed(edit, QStringLiteral("Limit the scope"))->click();
    auto *menu = edit.findChild<QMenu *>();
    QVERIFY(menu);
    QStringList entries;
    for (const QAction *action : menu->actions())
        entries << action->text();
    // What people limit by most often comes first.
    QCOMPARE(entries, QStringList({QStringLiteral("Workload (3 values)"), QStringLiteral("Environment (2 values)"),
                                   QStringLiteral("Tag contract (2 values)")}));
    menu->actions().first()->trigger();
    menu->close();
    QPointer<ValuePicker> picker = edit.findChild<ValuePicker *>();
    QVERIFY(picker && picker->isVisible());
    auto *list = picker->findChild<QListView *>();
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(0, 0)).center());
    list->setFocus();
    list->setCurrentIndex(list->model()->index(2, 0));
    QTest::keyClick(list, Qt::Key_Space);
    QCOMPARE(count, 0); // not before the list is closed
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(count, 1);
    QCOMPARE(emitted.conditions.at("workload"), std::vector<std::string>({"chatbot", "review"}));
    QCOMPARE(chips(edit), QStringList{QStringLiteral("Workload: chatbot +1")});
}

void TestScopeEdit::escapeChangesNothing()
{
    ScopeEdit edit;
    edit.setValues(values());
    Scope scope;
    scope.conditions = {{"workload", {"chatbot"}}};
    edit.setScope(scope);
    edit.show();
    int count = 0;
    connect(&edit, &ScopeEdit::scopeEdited, &edit, [&count] { ++count; });
    buttonNamed(edit, QStringLiteral("Scope, Workload"))->click();
    auto *picker = edit.findChild<ValuePicker *>();
    QVERIFY(picker);
    picker->findChild<CheckListModel *>()->setAllChecked(true);
    QTest::keyClick(picker, Qt::Key_Escape);
    QVERIFY(!picker->isVisible());
    QCOMPARE(count, 0);
    QCOMPARE(edit.scope(), scope);
}

void TestScopeEdit::clearingValuesRemovesTheLimit()
{
    ScopeEdit edit;
    edit.setValues(values());
    Scope scope;
    scope.conditions = {{"workload", {"chatbot"}}, {"environment", {"prod"}}};
    edit.setScope(scope);
    edit.show();
    int count = 0;
    connect(&edit, &ScopeEdit::scopeEdited, &edit, [&count] { ++count; });
    buttonNamed(edit, QStringLiteral("Scope, Workload"))->click();
    auto *picker = edit.findChild<ValuePicker *>();
    for (QPushButton *button : picker->findChildren<QPushButton *>()) {
        if (button->accessibleName().startsWith(QStringLiteral("Choose none")))
            button->click();
    }
    for (QPushButton *button : picker->findChildren<QPushButton *>()) {
        if (button->accessibleName().startsWith(QStringLiteral("Done")))
            button->click();
    }
    QCOMPARE(count, 1);
    QVERIFY(!edit.scope().conditions.contains("workload"));
    QVERIFY(edit.scope().conditions.contains("environment"));
}

void TestScopeEdit::removesAChip()
{
    ScopeEdit edit;
    edit.setValues(values());
    Scope scope;
    scope.conditions = {{"workload", {"chatbot"}}, {"environment", {"prod"}}};
    edit.setScope(scope);
    edit.show();
    int count = 0;
    connect(&edit, &ScopeEdit::scopeEdited, &edit, [&count] { ++count; });
    buttonNamed(edit, QStringLiteral("No limit by Environment"))->click();
    QCOMPARE(count, 1);
    QCOMPARE(chips(edit), QStringList{QStringLiteral("Workload: chatbot")});
}

void TestScopeEdit::unknownValuesStay()
{
    ScopeEdit edit;
    edit.setValues(values());
    Scope scope;
    scope.conditions = {{"workload", {"retired"}}, {"region", {"eu"}}};
    edit.setScope(scope);
    edit.show();
    QCOMPARE(chips(edit), QStringList({QStringLiteral("Region: eu"), QStringLiteral("Workload: retired")}));
    buttonNamed(edit, QStringLiteral("Scope, Workload"))->click();
    auto *picker = edit.findChild<ValuePicker *>();
    QCOMPARE(picker->chosen(), std::vector<std::string>{"retired"});
    const auto *model = picker->findChild<CheckListModel *>();
    QCOMPARE(model->rowCount(), 4);
    QVERIFY(model->index(0).data().toString().contains(QStringLiteral("not in the ledger")));
}

void TestScopeEdit::readOnlyOffersNothing()
{
    ScopeEdit edit;
    edit.setValues(values());
    Scope scope;
    scope.conditions = {{"workload", {"chatbot"}}};
    edit.setScope(scope);
    edit.setReadOnly(true);
    edit.show();
    QVERIFY(!buttonNamed(edit, QStringLiteral("Limit")));
    QVERIFY(!buttonNamed(edit, QStringLiteral("No limit")));
    QVERIFY(!buttonNamed(edit, QStringLiteral("Scope, Workload"))->isEnabled());
}

void TestScopeEdit::listModelIsSound()
{
    CheckListModel model(values().at("workload"), {"review", "gone"});
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.index(0).data(Qt::DisplayRole).toString(), QStringLiteral("review"));
    QCOMPARE(model.index(0).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    model.setFilter(QStringLiteral("CHAT"));
    QCOMPARE(model.rowCount(), 1);
    model.toggle(0);
    QCOMPARE(model.chosen(), std::vector<std::string>({"review", "gone", "chatbot"}));
    model.setAllChecked(false); // only what is shown
    QCOMPARE(model.chosenCount(), 2);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 4);
}

void TestScopeEdit::searchNarrowsTheList()
{
    QWidget window;
    auto *picker = new ValuePicker(QStringLiteral("Workload"), values().at("workload"), {}, &window);
    auto *search = picker->findChild<SearchField *>();
    auto *list = picker->findChild<QListView *>();
    QTest::keyClicks(search, QStringLiteral("rev"));
    QCOMPARE(list->model()->rowCount(), 1);
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(list->model()->rowCount(), 3);
}

void TestScopeEdit::everyControlHasAName()
{
    ScopeEdit edit;
    edit.setValues(values());
    Scope scope;
    scope.conditions = {{"workload", {"chatbot"}}};
    edit.setScope(scope);
    edit.show();
    AccessibleNames names = accessibleNames(&edit);
    QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    QCOMPARE(names.interactive, 3);
    buttonNamed(edit, QStringLiteral("Scope, Workload"))->click();
    names = accessibleNames(edit.findChild<ValuePicker *>());
    QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
    QCOMPARE(names.interactive, 5); // field, magnifier, list, two buttons
}

QTEST_MAIN(TestScopeEdit)
#include "tst_scope_edit.moc"
