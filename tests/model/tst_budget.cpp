// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/budget_file.h"
#include "model/import/table_file.h"

#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

class TestBudget : public QObject
{
    Q_OBJECT
private slots:
    void readsMonthsAndScopes();
    void asksWhatIsOpen();
    void staysTheSameAsDocument();
    void isKnownAsBudget_data();
    void isKnownAsBudget();

private:
    LedgerFolder m_folder;
};

void TestBudget::readsMonthsAndScopes()
{
    const std::string file = m_folder.write("budget.csv", "month;amount;currency;team;project\n"
                                                          "2026-08;1.500,50;eur;search;\n"
                                                          "2026-09;2.000,00;EUR;;shop\n"
                                                          "2026-09;3.000,00;EUR;;shop\n"
                                                          "someday;1,00;EUR;;\n"
                                                          "2026-10;;EUR;;\n"
                                                          "2026-10;-5,00;EUR;;\n");
    TAKE(budget, readBudgetFile(file, {}, {}));
    QCOMPARE(budget.lines.size(), std::size_t{2});
    QCOMPARE(budget.lines[0].month.index, Month::of(2026, 8).index);
    QCOMPARE(budget.lines[0].amount.text(), std::string("1500.5"));
    QCOMPARE(budget.lines[0].currency, std::string("EUR"));
    QCOMPARE(budgetScopeText(budget.lines[0]), std::string("team = search"));
    QCOMPARE(budgetScopeText(budget.lines[1]), std::string("tag:project = shop"));
    QCOMPARE(budget.rejects.size(), std::size_t{4});
    QCOMPARE(budget.rejects[0].line, 4);
    QCOMPARE(budget.rejects[0].reason, std::string("this month and scope stand in the file before"));
    QCOMPARE(budget.rejects[1].column, std::string("month"));
    QCOMPARE(budget.rejects[2].reason, std::string("is empty"));
    QCOMPARE(budget.rejects[3].reason, std::string("is negative"));
    const auto other = readBudgetFile(m_folder.write("other.csv", "month,amount,colour\n2026-08,5,red\n"), {}, {});
    QVERIFY(!other.ok());
}

void TestBudget::asksWhatIsOpen()
{
    const std::string file = m_folder.write("open.csv", "month,budget\n2026-08,1.500\n");
    TAKE(open, readBudgetFile(file, {}, {}));
    QVERIFY(open.lines.empty());
    QCOMPARE(open.questions.size(), std::size_t{1});
    QVERIFY(openQuestions(open.questions).text().find("--decimal-mark point|comma") != std::string::npos);
    TAKE(answered, readBudgetFile(file, {"comma", ""}, {}));
    QVERIFY(answered.questions.empty());
    QCOMPARE(answered.lines[0].amount.text(), std::string("1500"));
    // What was said once holds for the next file with these columns, and for no other; an answer goes before it.
    const auto store = m_folder.workspace("answers.perunit");
    VERIFY_OK(rememberAnswers(*store, file, answered));
    TAKE(known, readBudgetFile(m_folder.write("next.csv", "month,budget\n2026-09,2.750\n"), {}, store.get(), {}));
    QCOMPARE(known.lines[0].amount.text(), std::string("2750"));
    TAKE(said, readBudgetFile(file, {"point", ""}, store.get(), {}));
    QCOMPARE(said.lines[0].amount.text(), std::string("1.5"));
    TAKE(other,
         readBudgetFile(m_folder.write("else.csv", "month,budget,team\n2026-08,1.500,a\n"), {}, store.get(), {}));
    QCOMPARE(other.questions.size(), std::size_t{1});
}

void TestBudget::staysTheSameAsDocument()
{
    BudgetLine line;
    line.month = Month::of(2026, 8);
    line.amount = Money::ofUnits(parseDecimal("0.000000000000000000000001", Money::scale)->units);
    line.currency = "USD";
    line.scope = {{"team", "sea\"rch"}, {"workload", "chat"}};
    const auto store = m_folder.workspace("budget.perunit");
    VERIFY_OK(store->putDocument(budgetKind, "plan.csv", writeBudget({line, BudgetLine{line.month, {}, "", {}}})));
    TAKE(document, store->document(budgetKind, "plan.csv"));
    QVERIFY(document.has_value());
    TAKE(lines, readBudget(*document));
    QCOMPARE(lines.size(), std::size_t{2});
    QVERIFY(lines[0] == line);
    QCOMPARE(budgetScopeText(lines[1]), std::string("everything"));
    QVERIFY(!readBudget("{}").ok());
    QVERIFY(!readBudget(R"({"lines": [{"month": "August", "amount": "1"}]})").ok());
    QVERIFY(!readBudget(R"({"lines": [{"month": "2026-08", "amount": "much"}]})").ok());
}

void TestBudget::isKnownAsBudget_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("budget");
    QTest::newRow("scoped") << QByteArray("month,amount,team\n2026-08,5,a\n") << true;
    QTest::newRow("named") << QByteArray("date,budget\n2026-08-01,5\n") << true;
    QTest::newRow("series") << QByteArray("month,amount\n2026-08,5\n") << false;
    QTest::newRow("other columns") << QByteArray("month,budget,note\n2026-08,5,x\n") << false;
    QTest::newRow("cost of a day") << QByteArray("date,amount,currency\n2026-08-01,5,USD\n") << false;
}

void TestBudget::isKnownAsBudget()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, budget);
    const std::string file = m_folder.write("known.csv", content);
    TAKE(shape, probeTable(file, {}));
    QCOMPARE(looksLikeBudget(shape), budget);
    const auto preview = previewImport(file, {}, nullptr, nullptr, {});
    const bool refused = !preview.ok() && preview.error().text().find("perunit budget import") != std::string::npos;
    QCOMPARE(refused, budget);
}

QTEST_APPLESS_MAIN(TestBudget)
#include "tst_budget.moc"
