// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dimensions/apply_dimensions.h"
#include "model/dimensions/rule_edits.h"
#include "tests/support/ledger_files.h"

#include <QtTest>

using namespace perunit;

/// Edits of the rules for dimensions, and what is told about a ledger that was put in order by them.
class TestRuleEdits : public QObject
{
    Q_OBJECT
private slots:
    void tagsComeTogetherAndGoApart()
    {
        TAKE(together, withTagsAs({}, "team", {"squad", "Kostenstelle"}));
        QCOMPARE(together.tags.size(), std::size_t{1});
        QCOMPARE(together.tags[0].name, std::string("team"));
        QCOMPARE(together.tags[0].keys, (std::vector<std::string>{"squad", "Kostenstelle"}));
        // A tag means one thing only.
        TAKE(moved, withTagsAs(together, "tag:cost_centre", {"kostenstelle"}));
        QCOMPARE(moved.tags[0].keys, std::vector<std::string>{"squad"});
        QCOMPARE(moved.tags[1].name, std::string("cost_centre"));
        TAKE(alone, withTagAlone(moved, "SQUAD"));
        QCOMPARE(alone.tags.size(), std::size_t{1});
        TAKE(none, withTagAlone(alone, "kostenstelle"));
        QVERIFY(none.isEmpty());
    }

    void aTagBringsAlongWhatCountedAsIt()
    {
        TAKE(first, withTagsAs({}, "tag:env", {"stage"}));
        TAKE(values, withValuesAs(first, "tag:env", "prod", {"prd"}));
        TAKE(second, withTagsAs(values, "environment", {"env"}));
        QCOMPARE(second.tags.size(), std::size_t{1});
        QCOMPARE(second.tags[0].keys, (std::vector<std::string>{"env", "stage"}));
        QCOMPARE(second.tags[0].values.at(0).first, std::string("prod"));
    }

    void valuesAreMerged()
    {
        TAKE(one, withValuesAs({}, "environment", "prod", {"Production", "prod", "PRD"}));
        QCOMPARE(one.tags[0].values.at(0).second, (std::vector<std::string>{"Production", "PRD"}));
        // What was merged into a value goes with it.
        TAKE(two, withValuesAs(one, "environment", "live", {"prod"}));
        QCOMPARE(two.tags[0].values.size(), std::size_t{1});
        QCOMPARE(two.tags[0].values.at(0).second, (std::vector<std::string>{"prod", "Production", "PRD"}));
        TAKE(apart, withValueApart(two, "environment", "live"));
        QVERIFY(apart.isEmpty());
        QVERIFY(!withValuesAs({}, "environment", "", {"x"}));
    }

    void virtualDimensionsAreChecked()
    {
        const VirtualDimension line{"line", {{"Support", {{"workload", {"support-*"}}}}}, "Other"};
        TAKE(rules, withVirtual({}, line));
        QCOMPARE(rules.dimensions.size(), std::size_t{1});
        QVERIFY(!withVirtual(rules, {"team", line.cases, ""}));
        QVERIFY(!withVirtual(rules, {"early", {{"a", {{"nobody", {"x"}}}}}, ""}));
        TAKE(gone, withVirtual(rules, {"line", {}, ""}));
        QVERIFY(gone.isEmpty());
    }

    void conditionsAreASentence()
    {
        QCOMPARE(conditionText({{"environment", {""}}, {"team", {"cx", "support"}}}),
                 std::string("environment is empty and team is 'cx' or 'support'"));
    }

    void contradictionsAreKeptWithTheLedger()
    {
        const LedgerFolder folder;
        const auto store = folder.workspace();
        const auto file = folder.write(
            "log.csv", "time,model,input_tokens,output_tokens,tags\n"
                       "2026-08-03T10:00:00Z,gpt-5-mini,1,1,\"{\"\"squad\"\":\"\"cx\"\",\"\"crew\"\":\"\"hr\"\"}\"\n"
                       "2026-08-03T11:00:00Z,gpt-5-mini,1,1,\"{\"\"squad\"\":\"\"cx\"\"}\"\n"
                       "2026-08-03T12:00:00Z,gpt-5-mini,1,1,\"{\"\"crew\"\":\"\"hr\"\"}\"\n");
        VERIFY_OK(importFile(*store, file, {}, nullptr, {}));
        TAKE(rules, withTagsAs({}, "team", {"squad", "crew"}));
        VERIFY_OK(store->replaceDocuments(dimensionsKind, {{"rules", writeDimensionRules(rules)}}));
        TAKE(ledger, store->readLedger({}));
        QVERIFY(ledger.dimensions);
        QCOMPARE(ledger.dimensions->conflicts, 1);
        QCOMPARE(ledger.dimensions->conflictExample, std::string("team: 'cx' and 'hr'"));
        const TagUse *squad = ledger.dimensions->tag("squad");
        const TagUse *crew = ledger.dimensions->tag("crew");
        QVERIFY(squad && crew);
        QCOMPARE(squad->dimension, std::string("team"));
        QCOMPARE(squad->rows, 2);
        QCOMPARE(squad->conflicts, 0);
        QCOMPARE(crew->rows, 2);
        QCOMPARE(crew->conflicts, 1);
        QCOMPARE(ledger.workload->text("team", 2), std::string("hr"));
        // The first case that fits counts; the last place is for what falls through.
        const DimensionRules empty;
        const VirtualDimension line{"line", {{"A", {{"team", {"c*"}}}}, {"B", {{"team", {"*"}}}}}, ""};
        const VirtualRule rule(*ledger.workload, line, empty);
        QCOMPARE(rule.caseOf(std::size_t{0}), std::size_t{0});
        QCOMPARE(rule.caseOf(std::size_t{2}), std::size_t{1});
        ChargeRow charge;
        charge.team = "cx";
        QCOMPARE(rule.caseOf(charge), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(TestRuleEdits)
#include "tst_rule_edits.moc"
