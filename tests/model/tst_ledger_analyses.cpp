// SPDX-License-Identifier: GPL-3.0-or-later
// Completeness by day, tag coverage by money, and the tie to invoices. All expected values are counted by hand.
#include "tests/model/simple_world.h"

#include "model/analyses/completeness.h"
#include "model/analyses/invoice_tie.h"
#include "model/analyses/tag_coverage.h"

#include <QTest>

using namespace perunit;

namespace {

const Instant monday = instantOf(2026, 3, 2);

Instant onDay(int day, int hour = 0, int minute = 0)
{
    return {monday.micros + day * microsPerDay + hour * microsPerHour + minute * microsPerMinute};
}

std::shared_ptr<const RequestCosts> costsOf(const Ledger &ledger)
{
    const auto baseline = Baseline::build(ledger, simple::simpleBook(), {}, {});
    return RequestCosts::build(*baseline, nullptr, {}).value();
}

Completeness completenessOf(const Ledger &ledger, Instant importedAt, SourceRole role = SourceRole::Usage)
{
    Source source;
    source.id = 1;
    source.role = role;
    source.importedAt = importedAt;
    return perunit::completenessOf(*costsOf(ledger), {source}, nullptr, {}).value();
}

/// So many requests an hour from 08:00 to 17:00.
void addDay(std::vector<RequestRow> &rows, int day, int perHour, int lastHour = 17)
{
    for (int hour = 8; hour <= lastHour; ++hour) {
        for (int i = 0; i < perHour; ++i)
            rows.push_back(world::request(onDay(day, hour, i), "a", 1000, 0));
    }
}

/// "FFMFP": the first letters of the states of all days.
std::string states(const DaySeries &series)
{
    constexpr std::string_view letters = "FQMLPV";
    std::string result;
    for (const SeriesDay &day : series.days)
        result += letters[static_cast<std::size_t>(day.state)];
    return result;
}

Money money(const char *text)
{
    return Money::ofUnits(world::exact(text, Money::scale));
}

const TagCoverage &dimension(const CoverageReport &report, const std::string &name)
{
    const auto found = std::find_if(report.dimensions.begin(), report.dimensions.end(),
                                    [&name](const TagCoverage &each) { return each.dimension == name; });
    if (found == report.dimensions.end())
        qFatal("no dimension %s", name.c_str());
    return *found;
}

} // namespace

class TestLedgerAnalyses : public QObject
{
    Q_OBJECT

private slots:
    void daysAreJudged_data()
    {
        QTest::addColumn<QString>("perHour"); // one digit a day
        QTest::addColumn<int>("lastHour");    // of the last day
        QTest::addColumn<QString>("expected");
        QTest::addColumn<int>("complete"); // day after the last complete one
        QTest::newRow("all there") << "555555555555" << 17 << "FFFFFFFFFFFF" << 12;
        QTest::newRow("a day is missing") << "555550555555" << 17 << "FFFFFMFFFFFF" << 12;
        QTest::newRow("far below usual") << "555552555555" << 17 << "FFFFFLFFFFFF" << 12;
        QTest::newRow("half is not far below") << "444442444444" << 17 << "FFFFFFFFFFFF" << 12;
        QTest::newRow("the last day ends early") << "555555555555" << 12 << "FFFFFFFFFFFP" << 11;
        QTest::newRow("the last day is low") << "555555555552" << 17 << "FFFFFFFFFFFL" << 11;
        // Monday is day 0: five days with traffic, two without, for five weeks.
        QTest::newRow("quiet weekends") << "55555005555500555550055555005555500"
                                           "55555"
                                        << 17 << "FFFFFQQFFFFFQQFFFFFQQFFFFFQQFFFFFQQFFFFF" << 40;
        QTest::newRow("a Monday is missing") << "55555005555500055550055555005555500"
                                                "55555"
                                             << 17 << "FFFFFQQFFFFFQQMFFFFQQFFFFFQQFFFFFQQFFFFF" << 40;
    }
    void daysAreJudged()
    {
        QFETCH(QString, perHour);
        QFETCH(int, lastHour);
        QFETCH(QString, expected);
        QFETCH(int, complete);
        std::vector<RequestRow> rows;
        const int days = static_cast<int>(perHour.size());
        for (int day = 0; day < days; ++day) {
            if (const int count = perHour.at(day).digitValue(); count > 0)
                addDay(rows, day, count, day + 1 == days ? lastHour : 17);
        }
        const Completeness result = completenessOf(world::ledger(rows), onDay(days + 30));
        QCOMPARE(result.series.size(), std::size_t{1});
        const DaySeries &series = result.series.front();
        QCOMPARE(QString::fromStdString(states(series)), expected);
        QCOMPARE(series.completeUntil->micros, onDay(complete).micros);
        QCOMPARE(result.settledUntil->micros, onDay(complete).micros);
        QCOMPARE(series.rows, static_cast<std::int64_t>(rows.size()));
        // 1000 input tokens at 3 $ a million.
        QCOMPARE(series.money, Money::ofUnits(money("0.003").units() * static_cast<Int128>(rows.size())));
    }

    void aQuietEveningIsNoCut()
    {
        // One request at 17:00 on most days: that it is not there on the last one is chance.
        std::vector<RequestRow> rows;
        for (int day = 0; day < 9; ++day) {
            addDay(rows, day, 5, 12);
            if (day < 8)
                rows.push_back(world::request(onDay(day, 17), "a", 1000, 0));
        }
        QCOMPARE(states(completenessOf(world::ledger(rows), onDay(30)).series.front()), "FFFFFFFFF");
    }

    void aQuietDayEndsEarlier()
    {
        // Seven days of ten requests an hour from 08:00 to 17:00, then one with four an hour.
        std::vector<RequestRow> rows;
        for (int day = 0; day < 8; ++day)
            addDay(rows, day, day == 7 ? 4 : 10, day == 7 ? 11 : 17);
        const Completeness cut = completenessOf(world::ledger(rows), onDay(30));
        // 16 rows until 11:00, where other days have 40 of 100: 24 are to be expected later.
        QCOMPARE(cut.series.front().days.back().state, DayState::Partial);
        rows.erase(rows.end() - 8, rows.end());
        const Completeness quiet = completenessOf(world::ledger(rows), onDay(30));
        // 8 rows until 09:00, where other days have 20 of 100: 32.
        QCOMPARE(quiet.series.front().days.back().state, DayState::Partial);
        rows.erase(rows.end() - 7, rows.end());
        rows.push_back(world::request(onDay(7, 15), "a", 1000, 0));
        // 2 rows, the last at 15:00, where other days have 80 of 100: half a row.
        QCOMPARE(completenessOf(world::ledger(rows), onDay(30)).series.front().days.back().state, DayState::Low);
    }

    void importedBeforeTheDayWasOver()
    {
        std::vector<RequestRow> rows;
        for (int day = 0; day < 6; ++day)
            addDay(rows, day, 5);
        const Completeness result = completenessOf(world::ledger(rows), onDay(5, 20));
        QCOMPARE(states(result.series.front()), "FFFFFV");
        QCOMPARE(result.settledUntil->micros, onDay(5).micros);
    }

    void dailyTotalsAreWholeDays()
    {
        std::vector<RequestRow> rows;
        for (int day = 0; day < 4; ++day) {
            rows.push_back(world::request(onDay(day), "a", 1000, 0));
            rows.back().usage[UsageClass::Request] = 500;
        }
        const Completeness result = completenessOf(world::ledger(rows), onDay(20));
        QCOMPARE(states(result.series.front()), "FFFF");
        QCOMPARE(result.series.front().days.front().requests, std::int64_t{500});
    }

    void oneCutDayIsPartial()
    {
        const Completeness result = completenessOf(
            world::ledger({world::request(onDay(0, 9), "a", 1, 0), world::request(onDay(0, 10), "a", 1, 0)}), onDay(9));
        QCOMPARE(states(result.series.front()), "P");
        QVERIFY(!result.series.front().completeUntil);
    }

    void billsLagBehind()
    {
        std::vector<ChargeRow> charges;
        for (int day = 0; day < 10; ++day) {
            charges.push_back(world::charge(onDay(day), onDay(day + 1), "2.5"));
            charges.back().provider = "cloud";
        }
        charges.push_back(world::charge(onDay(0), onDay(10), "7"));
        charges.back().category = ChargeCategory::Tax;
        const Completeness result = completenessOf(world::ledger({}, charges), onDay(10), SourceRole::Harness);
        QCOMPARE(result.series.size(), std::size_t{1});
        QCOMPARE(states(result.series.front()), "FFFFFFFVVV"); // 72 hours before the import
        QCOMPARE(result.series.front().completeUntil->micros, onDay(7).micros);
        QCOMPARE(result.otherCharges, std::int64_t{1});
        QCOMPARE(result.otherAmount, money("7"));
    }

    /// Lines of a bill that play usage stand where their period begins and count for all of it, by their tokens.
    void linesOfABillFillDays()
    {
        std::vector<RequestRow> lines;
        BillAsUsage bill;
        bill.sourceId = 1;
        const auto add = [&](int from, int to, std::int64_t tokens) {
            lines.push_back(world::request(onDay(from), "a", tokens, 0));
            lines.back().usage[UsageClass::Request] = 0;
            bill.lineEnds.emplace_back(static_cast<std::int64_t>(lines.size()), onDay(to));
        };
        for (int day = 0; day < 9; ++day) {
            if (day != 4)
                add(day, day + 1, day == 6 ? 90 : 1000);
        }
        add(7, 10, 1001);
        Ledger ledger = world::ledger(lines);
        ledger.bills = {bill};
        const Completeness result = completenessOf(ledger, onDay(12));
        QCOMPARE(result.series.size(), std::size_t{1});
        const DaySeries &series = result.series.front();
        QVERIFY(series.isBill);
        QCOMPARE(states(series), "FFFFMFLFFV"); // nothing on the fifth day; 72 hours before the import
        QCOMPARE(series.days[7].tokens, std::int64_t{1000 + 333});
        QCOMPARE(series.days[8].tokens, std::int64_t{1000 + 334});
        QCOMPARE(series.days[9].tokens, std::int64_t{334});
        QCOMPARE(series.days[9].rowsFrom.micros, onDay(7).micros);
        QCOMPARE(series.days[9].rows, std::int64_t{1});
        QCOMPARE(static_cast<std::int64_t>(*series.days[3].usual), std::int64_t{1000});
        Money sum;
        for (const SeriesDay &day : series.days)
            sum += day.money;
        QCOMPARE(sum, money("0.024273")); // 8,091 tokens at 3 a million
        QCOMPARE(result.settledUntil->micros, onDay(9).micros);
    }

    /// The rest of a bill that plays usage is harness, and was imported with it.
    void harnessOfABillIsProvisional()
    {
        std::vector<ChargeRow> charges;
        for (int day = 0; day < 10; ++day) {
            charges.push_back(world::charge(onDay(day), onDay(day + 1), "2.5"));
            charges.back().provider = "cloud";
            charges.back().sourceId = 1;
        }
        const Completeness result = completenessOf(world::ledger({}, charges), onDay(10), SourceRole::Usage);
        QCOMPARE(states(result.series.front()), "FFFFFFFVVV");
    }

    void totalsSayFromWhenOnTheyMayChange()
    {
        std::vector<ChargeRow> charges;
        for (int day = 0; day < 10; ++day) {
            charges.push_back(world::charge(onDay(day), onDay(day + 1), "2.5"));
            charges.back().provider = day % 2 == 0 ? "even" : "odd";
        }
        const Completeness result = completenessOf(world::ledger({}, charges), onDay(10), SourceRole::Harness);
        const auto from = [&result](int first, int end, const char *provider) {
            const auto day = provisionalFrom(result, {onDay(first), onDay(end)},
                                             [provider](const DaySeries &series) { return series.name == provider; });
            return day ? static_cast<int>((day->micros - monday.micros) / microsPerDay) : -1;
        };
        QCOMPARE(from(0, 10, "even"), 8);
        QCOMPARE(from(0, 10, "odd"), 7);
        QCOMPARE(from(8, 10, "odd"), 9); // nothing of it on the day before
        QCOMPARE(from(0, 8, "even"), -1);
        QCOMPARE(from(0, 10, "other"), -1);
    }

    void chargesAreSpreadWithoutALoss()
    {
        // A third of a cent has no last digit: the parts must still sum to the charge.
        ChargeRow charge = world::charge(onDay(0), onDay(3), "0.01");
        charge.provider = "cloud";
        const Completeness result = completenessOf(world::ledger({}, {charge}), onDay(60), SourceRole::Harness);
        const DaySeries &series = result.series.front();
        QCOMPARE(series.days.size(), std::size_t{3});
        QCOMPARE(series.days[0].money.text(), "0.003333333333333333333333");
        Money sum;
        for (const SeriesDay &day : series.days)
            sum += day.money;
        QCOMPARE(sum, money("0.01"));
        QCOMPARE(series.money, money("0.01"));
    }

    void whatEndedLongAgoIsNotLate()
    {
        std::vector<RequestRow> rows;
        for (int day = 0; day < 30; ++day) {
            addDay(rows, day, 3);
            if (day < 5) {
                addDay(rows, day, 3);
                for (std::size_t i = rows.size() - 30; i < rows.size(); ++i)
                    rows[i].provider = "old";
            } else if (day < 27) {
                addDay(rows, day, 3);
                for (std::size_t i = rows.size() - 30; i < rows.size(); ++i)
                    rows[i].provider = "late";
            }
        }
        const Completeness result = completenessOf(world::ledger(rows), onDay(60));
        QCOMPARE(result.series.size(), std::size_t{3});
        QCOMPARE(result.settledUntil->micros, onDay(27).micros);
        QCOMPARE(result.settledBy, std::vector<std::string>{"late"});
    }

    void coverageIsWeighedByMoney()
    {
        // Priced at 3 $ a million: 0.003, 0.006, 0.009; one recorded at 1 $ instead of its price.
        std::vector<RequestRow> rows{world::request(onDay(0), "a", 1000, 0), world::request(onDay(0), "a", 2000, 0),
                                     world::request(onDay(0), "a", 3000, 0), world::request(onDay(0), "a", 9000, 0),
                                     world::request(onDay(0), "unknown", 50, 0)};
        rows[0].team = "blue";
        rows[1].tags.emplace_back("contract", "C-1");
        rows[2].team = "Blue ";
        rows[3].billed = money("1");
        const auto costs = costsOf(world::ledger(rows));
        const CoverageReport report = tagCoverage(*costs, nullptr, {}).value();
        QCOMPARE(report.total, money("1.018"));
        QCOMPARE(report.rowsWithoutMoney, std::int64_t{1});
        QCOMPARE(report.unpricedTokens, std::int64_t{50});
        const TagCoverage &team = dimension(report, "team");
        QCOMPARE(team.with, money("0.012"));
        QCOMPARE(team.without, money("1.006"));
        QCOMPARE(team.rowsWith, std::int64_t{2});
        QCOMPARE(team.rowsWithout, std::int64_t{3});
        QCOMPARE(team.values, std::size_t{2});
        QCOMPARE(team.largest.front().text, "Blue ");
        QCOMPARE(team.variants.size(), std::size_t{1});
        QCOMPARE(team.variants.front().size(), std::size_t{2});
        QCOMPARE(team.untagged.size(), std::size_t{2});
        QCOMPARE(team.untagged.front().money, money("1.006"));
        QCOMPARE(team.untagged.front().values.at("model"), "a");
        const TagCoverage &contract = dimension(report, "tag:contract");
        QCOMPARE(contract.with, money("0.006"));
        QCOMPARE(contract.without, money("1.012"));
        // Nobody recorded a customer, which is worth a line.
        QCOMPARE(dimension(report, "customer").without, money("1.018"));
        QCOMPARE(dimension(report, "customer").values, std::size_t{0});
        for (const TagCoverage &each : report.dimensions)
            QCOMPARE(each.with + each.without, report.total);
    }

    void harnessTakesPart()
    {
        ChargeRow tagged = world::charge(onDay(0), onDay(1), "2");
        tagged.team = "green";
        ChargeRow untagged = world::charge(onDay(0), onDay(1), "5");
        untagged.provider = "cloud";
        untagged.service = "Vector DB";
        RequestRow row = world::request(onDay(0), "a", 1000, 0);
        row.team = "green";
        const auto costs = costsOf(world::ledger({row}, {tagged, untagged}));
        const CoverageReport report = tagCoverage(*costs, nullptr, {}).value();
        QCOMPARE(report.total, money("7.003"));
        const TagCoverage &team = dimension(report, "team");
        QCOMPARE(team.with, money("2.003"));
        QCOMPARE(team.values, std::size_t{1});
        QVERIFY(team.untagged.front().isHarness);
        QCOMPARE(team.untagged.front().values.at("service"), "Vector DB");
        QCOMPARE(team.untagged.front().money, money("5"));
    }

    void creditsCannotBeTagged()
    {
        ChargeRow used = world::charge(onDay(0), onDay(1), "10");
        used.team = "green";
        ChargeRow credit = world::charge(onDay(0), onDay(1), "-4");
        credit.category = ChargeCategory::Credit;
        ChargeRow corrected = world::charge(onDay(0), onDay(1), "-1");
        corrected.correction = true;
        ChargeRow bought = world::charge(onDay(0), onDay(1), "30");
        bought.category = ChargeCategory::Purchase;
        const CoverageReport report =
            tagCoverage(*costsOf(world::ledger({}, {used, credit, corrected, bought})), nullptr, {}).value();
        QCOMPARE(report.total, money("40"));
        QCOMPARE(dimension(report, "team").with, money("10"));
        QCOMPARE(dimension(report, "team").without, money("30"));
        QCOMPARE(report.otherCharges, std::int64_t{2});
        QCOMPARE(report.otherAmount, money("-5"));
    }

    void untaggedGroupsSumToWhatIsUntagged()
    {
        std::vector<RequestRow> rows;
        for (int i = 0; i < 12; ++i) {
            rows.push_back(world::request(onDay(0), i % 2 == 0 ? "a" : "b", 1000 + i, 0));
            rows.back().workload = i % 3 == 0 ? "chat" : "";
            rows.back().team = i % 4 == 0 ? "blue" : "";
        }
        const auto costs = costsOf(world::ledger(rows));
        const CoverageReport report = tagCoverage(*costs, nullptr, {}).value();
        for (const TagCoverage &each : report.dimensions) {
            Money sum;
            std::int64_t count = 0;
            for (const UntaggedGroup &group : each.untagged) {
                sum += group.money;
                count += group.rows;
            }
            QVERIFY2(sum == each.without, each.dimension.c_str());
            QCOMPARE(count, each.rowsWithout);
        }
    }

    void keysThatAreProbablyOne()
    {
        RequestRow row = world::request(onDay(0), "a", 1000, 0);
        row.environment = "prod";
        row.tags = {{"Env", "prod"}, {"env ", "Production"}, {"cost-center", "1"}, {"CostCentre", "2"}, {"other", "x"}};
        const CoverageReport report = tagCoverage(*costsOf(world::ledger({row})), nullptr, {}).value();
        QCOMPARE(report.keyVariants.size(), std::size_t{2});
        QCOMPARE(report.keyVariants[0], (std::vector<std::string>{"tag:CostCentre", "tag:cost-center"}));
        QCOMPARE(report.keyVariants[1], (std::vector<std::string>{"environment", "tag:Env", "tag:env "}));
        QCOMPARE(spellingOf(" PROD"), spellingOf("production"));
        QVERIFY(spellingOf("prod-eu") != spellingOf("prod-us"));
    }

    void tiesAreOpenExplainedOrTrue()
    {
        Reconciliation result;
        result.currency = "USD";
        const auto line = [&result](const char *provider, const char *model, DifferenceBucket bucket,
                                    const char *amount) {
            ReconciliationLine each;
            each.provider = provider;
            each.month = Month::of(2026, 3);
            each.model = model;
            each.priced = Femto::ofUnits(world::exact("10", Femto::scale));
            each.billed = money("10") + money(amount);
            each.requests = 1;
            each.parts[bucket] = money(amount);
            result.lines.push_back(each);
        };
        line("exact", "a", DifferenceBucket::Rounding, "0.004");
        line("taxed", "a", DifferenceBucket::Rounding, "0");
        line("taxed", "", DifferenceBucket::Tax, "1.9");
        line("odd", "a", DifferenceBucket::Unknown, "3");
        line("odd", "b", DifferenceBucket::Unknown, "-3");
        line("other", "", DifferenceBucket::NoUsage, "4"); // a service beside the models
        line("unseen", "new-model", DifferenceBucket::NoUsage, "4");
        const auto ties = tiesByProvider(result);
        QCOMPARE(ties.size(), std::size_t{5});
        const auto state = [&ties](const char *provider) {
            return std::find_if(ties.begin(), ties.end(),
                                [provider](const auto &tie) { return tie.provider == provider; })
                ->state;
        };
        QCOMPARE(state("exact"), TieState::Ties);
        QCOMPARE(state("taxed"), TieState::Explained);
        QCOMPARE(state("odd"), TieState::Open);
        QCOMPARE(state("other"), TieState::Explained);
        QCOMPARE(state("unseen"), TieState::Open);
        // Three too much and three too little are six that nothing explains, not nothing.
        QCOMPARE(ties[1].provider, "odd");
        QCOMPARE(ties[1].difference(), Money());
        QCOMPARE(ties[1].open, money("6"));
        QCOMPARE(ties[1].openModels, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(*ties[1].billed, money("20"));
    }

    void recordedAgainstPriced()
    {
        std::vector<RequestRow> rows{world::request(onDay(0), "a", 1000, 0), world::request(onDay(1), "a", 1000, 0)};
        rows[0].billed = money("0.0035");
        const auto ties = recordedTies(*costsOf(world::ledger(rows)), nullptr, {}).value();
        QCOMPARE(ties.size(), std::size_t{1});
        QCOMPARE(ties.front().rows, std::int64_t{1});
        QCOMPARE(ties.front().rowsWithout, std::int64_t{1});
        QCOMPARE(ties.front().priced.text(), "0.003");
        QCOMPARE(ties.front().difference(), money("0.0005"));
        // What has no price here cannot be compared, and is no difference of its whole cost.
        rows[1] = world::request(onDay(1), "unknown", 1000, 0);
        rows[1].billed = money("5");
        const auto partly = recordedTies(*costsOf(world::ledger(rows)), nullptr, {}).value();
        QCOMPARE(partly.front().difference(), money("0.0005"));
        QCOMPARE(partly.front().recordedUnpriced, money("5"));
        QCOMPARE(partly.front().rowsUnpriced, std::int64_t{1});
        rows[0].billed.reset();
        rows[1].billed.reset();
        QVERIFY(recordedTies(*costsOf(world::ledger(rows)), nullptr, {})->empty());
    }
};

QTEST_APPLESS_MAIN(TestLedgerAnalyses)
#include "tst_ledger_analyses.moc"
