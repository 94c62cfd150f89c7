// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/overlap.h"
#include "model/ledger/token_line.h"
#include "tests/model/simple_world.h"
#include "tests/support/stored_rows.h"

#include <QTest>

using namespace perunit;
using enum UsageClass;

namespace {

/// 1,000,000 input tokens of a day in March, billed 3.
ChargeRow tokenLine(const char *model = "a", int day = 1)
{
    ChargeRow line;
    line.period = {instantOf(2026, 3, day), instantOf(2026, 3, day + 1)};
    line.provider = "p";
    line.service = "Model service";
    line.serviceCategory = "AI and Machine Learning";
    line.model = model;
    line.tokenClass = Input;
    line.tokens = 1'000'000;
    line.billed = money("3");
    line.effective = money("3");
    return line;
}

ChargeRow otherLine(const char *amount, ChargeCategory category = ChargeCategory::Usage)
{
    ChargeRow line;
    line.period = {instantOf(2026, 3, 1), instantOf(2026, 3, 2)};
    line.provider = "p";
    line.serviceCategory = "Databases";
    line.category = category;
    line.billed = money(amount);
    line.effective = money(amount);
    return line;
}

Money sumOf(const std::vector<ChargeRow> &charges)
{
    Money sum;
    for (const ChargeRow &charge : charges)
        sum += charge.billed.value_or(Money());
    return sum;
}

} // namespace

class TestBillUsage : public QObject
{
    Q_OBJECT
private slots:
    void tellsTokenLines_data();
    void tellsTokenLines();
    void sellersOfTheSame_data();
    void sellersOfTheSame();
    void everyLineCountsOnce();
    void requestsGoBeforeABill_data();
    void requestsGoBeforeABill();
    void anotherCurrencyKeepsOnlyTokens();
    void linesKnowTheirEnd();
    void linesArePricedAgain();
    void unknownPromptLengthIsSaid();
    void aLeverMovesABill();
    void periodIsThatOfTheLines();
    void defaultRoles();
    void twoBillsAreCompared();
    void chargesKnowTheirRow();

private:
    LedgerFolder m_folder;
};

void TestBillUsage::tellsTokenLines_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("tier");
    const auto row = [](const char *name, const char *change, TokenLine kind, const char *tier = "standard") {
        QTest::newRow(name) << QString(change) << static_cast<int>(kind) << QString(tier);
    };
    row("as it is", "", TokenLine::Yes);
    row("batch", "pricing=Batch", TokenLine::Yes, "batch");
    row("on demand", "pricing=OnDemand", TokenLine::Yes);
    row("no model", "model=", TokenLine::No);
    row("no class", "class=", TokenLine::No);
    row("no tokens", "tokens=0", TokenLine::No);
    row("given back", "tokens=-5", TokenLine::No);
    row("correction", "correction=1", TokenLine::No);
    row("purchase", "category=1", TokenLine::No);
    row("credit", "category=3", TokenLine::No);
    row("committed", "pricing=Committed", TokenLine::Covered);
    row("reservation", "pricing=Reservation", TokenLine::Covered);
    row("savings plan", "pricing=Savings Plan", TokenLine::Covered);
    row("prepaid", "billed=0", TokenLine::Covered);
    row("free", "free=1", TokenLine::Yes);
    row("provisioned with a price", "pricing=Provisioned", TokenLine::Covered, "provisioned");
    row("provisioned without one", "pricing=Provisioned;free=1", TokenLine::Yes, "provisioned");
}

void TestBillUsage::tellsTokenLines()
{
    QFETCH(QString, change);
    QFETCH(int, kind);
    QFETCH(QString, tier);
    ChargeRow line = tokenLine();
    for (const QString &each : change.split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
        const QString name = each.section(QLatin1Char('='), 0, 0);
        const std::string value = each.section(QLatin1Char('='), 1).toStdString();
        if (name == QLatin1String("pricing"))
            line.pricingCategory = value;
        else if (name == QLatin1String("model"))
            line.model = value;
        else if (name == QLatin1String("class"))
            line.tokenClass.reset();
        else if (name == QLatin1String("tokens"))
            line.tokens = std::stoll(value);
        else if (name == QLatin1String("correction"))
            line.correction = true;
        else if (name == QLatin1String("category"))
            line.category = static_cast<ChargeCategory>(std::stoi(value));
        else if (name == QLatin1String("billed"))
            line.billed = Money();
        else if (name == QLatin1String("free"))
            line.billed = line.effective = Money();
        else
            QFAIL("unknown change");
    }
    QCOMPARE(static_cast<int>(tokenLineOf(line)), kind);
    QCOMPARE(QString::fromStdString(std::string(nameOf(requestOf(line).tier))), tier);
    QCOMPARE(requestOf(line).usage[Request], std::int64_t{0});
}

void TestBillUsage::sellersOfTheSame_data()
{
    QTest::addColumn<QString>("bill");
    QTest::addColumn<QString>("log");
    QTest::addColumn<bool>("same");
    const auto row = [](const char *bill, const char *log, bool same) {
        QTest::newRow(qPrintable(QStringLiteral("%1 bills %2").arg(bill, log)))
            << QString(bill) << QString(log) << same;
    };
    row("OpenAI", "openai", true);
    row("OpenAI", "anthropic", false);
    row("OpenAI", "azure_openai", false);
    row("Microsoft", "openai", true);
    row("AWS", "anthropic", true);
    row("AWS", "azure", false);
    row("Google Cloud", "anthropic", true);
    row("Anthropic", "", true);
    row("", "openai", true);
    row("Anthropic", "openrouter", true);
    row("OpenRouter", "anthropic", true);
    row("Reseller Ltd", "anthropic", true);
    row("OpenAI", "my proxy", true);
}

void TestBillUsage::sellersOfTheSame()
{
    QFETCH(QString, bill);
    QFETCH(QString, log);
    QFETCH(bool, same);
    QCOMPARE(mayBill(bill.toStdString(), log.toStdString()), same);
}

void TestBillUsage::everyLineCountsOnce()
{
    const auto workspace = m_folder.workspace("once.perunit");
    ChargeRow covered = tokenLine("b");
    covered.billed = Money();
    covered.effective = money("2");
    ChargeRow purchase = otherLine("50", ChargeCategory::Purchase);
    purchase.effective = Money();
    const std::vector<ChargeRow> bill{tokenLine(), otherLine("7"), covered, purchase,
                                      otherLine("1", ChargeCategory::Tax)};
    const Source source = store<ChargeRow>(*workspace, "bill", SourceRole::Usage, bill, "USD");
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.workload->size(), std::size_t{1});
    QCOMPARE(ledger.harness->size(), std::size_t{4});
    QVERIFY(ledger.invoices->empty());
    // Billed stays what it was, to the last digit.
    QCOMPARE((ledger.workload->billed(0) + sumOf(*ledger.harness)).text(), source.billed->text());
    QCOMPARE(ledger.workload->count(Input, 0), std::int64_t{1'000'000});
    QCOMPARE(ledger.workload->promptTokens(0), std::int64_t{0});
    QVERIFY(ledger.workload->isUncounted(0));
    QCOMPARE(ledger.workload->sourceIds, std::vector<std::int64_t>{source.id});
    QCOMPARE(ledger.workload->sourceRow[0], std::int64_t{1});
    QCOMPARE(ledger.bills.size(), std::size_t{1});
    QCOMPARE(ledger.bills[0].priced, std::int64_t{1});
    QCOMPARE(ledger.bills[0].covered, std::int64_t{1});
    QCOMPARE(ledger.bills[0].coveredMoney.text(), std::string("2"));
    QCOMPARE(ledger.bills[0].compared, std::int64_t{0});
    // As a bill again it is all there, and nothing is usage.
    VERIFY_OK(workspace->setSourceRole(source.id, SourceRole::Invoice));
    TAKE(invoice, workspace->readLedger({}));
    QCOMPARE(invoice.invoices->size(), std::size_t{5});
    QCOMPARE(invoice.workload->size(), std::size_t{0});
    QVERIFY(invoice.bills.empty());
    QVERIFY(invoice.digest != ledger.digest);
}

void TestBillUsage::requestsGoBeforeABill_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<int>("day");
    QTest::addColumn<bool>("logFirst");
    QTest::addColumn<int>("added");
    QTest::newRow("same seller") << QStringLiteral("openai") << 1 << true << 0;
    QTest::newRow("same seller, imported later") << QStringLiteral("openai") << 1 << false << 0;
    QTest::newRow("no seller recorded") << QString() << 1 << true << 0;
    QTest::newRow("another seller") << QStringLiteral("anthropic") << 1 << true << 1;
    QTest::newRow("another day") << QStringLiteral("openai") << 5 << true << 1;
}

void TestBillUsage::requestsGoBeforeABill()
{
    QFETCH(QString, provider);
    QFETCH(int, day);
    QFETCH(bool, logFirst);
    QFETCH(int, added);
    const auto workspace =
        m_folder.workspace(qPrintable(QStringLiteral("before-%1.perunit").arg(QTest::currentDataTag())));
    RequestRow request = world::request({instantOf(2026, 3, day).micros + 1}, "a", 10, 10);
    request.provider = provider.toStdString();
    ChargeRow line = tokenLine();
    line.provider = "OpenAI";
    ChargeRow beside = otherLine("7");
    beside.provider = "OpenAI";
    const auto storeLog = [&] {
        auto writer = workspace->beginSource();
        Source log = facts("log", SourceRole::Usage);
        log.period = {request.time, {request.time.micros + 1}};
        if (!writer || !(*writer)->add(request, 1) || !(*writer)->finish(log))
            qFatal("the log cannot be stored");
    };
    if (logFirst)
        storeLog();
    store<ChargeRow>(*workspace, "bill", SourceRole::Usage, {line, beside}, "USD");
    if (!logFirst)
        storeLog();
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.workload->size(), static_cast<std::size_t>(1 + added));
    QCOMPARE(ledger.invoices->size(), static_cast<std::size_t>(1 - added));
    QCOMPARE(ledger.harness->size(), std::size_t{1});
    QCOMPARE(ledger.bills[0].compared, std::int64_t{1 - added});
    QCOMPARE(ledger.bills[0].comparedMoney.text(), std::string(added == 1 ? "0" : "3"));
    const Outcome outcome = simple::evaluated(ledger, world::settings(simple::march));
    QCOMPARE(simple::hasCheck(outcome, "Bills as usage", "1 line with 3 USD", false), added == 0);
}

void TestBillUsage::anotherCurrencyKeepsOnlyTokens()
{
    const auto workspace = m_folder.workspace("euro.perunit");
    store<ChargeRow>(*workspace, "euro", SourceRole::Usage, {tokenLine(), otherLine("7")}, "EUR");
    store<ChargeRow>(*workspace, "dollar", SourceRole::Harness, {otherLine("1")}, "USD");
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.currency, std::string("USD"));
    QCOMPARE(ledger.notConvertible, (std::vector<std::string>{"euro.csv (EUR, all but its tokens)"}));
    QCOMPARE(ledger.workload->size(), std::size_t{1});
    QVERIFY(!ledger.workload->isBilled(0));
    QCOMPARE(ledger.harness->size(), std::size_t{1});
}

/// Requests know where a line begins; where it ends is kept beside them.
void TestBillUsage::linesKnowTheirEnd()
{
    const auto workspace = m_folder.workspace("ends.perunit");
    ChargeRow month = tokenLine("a", 1);
    month.period.to = instantOf(2026, 4, 1);
    store(*workspace, "ends", SourceRole::Usage,
          std::vector<ChargeRow>{tokenLine("a", 9), otherLine("5"), month, tokenLine("b", 2)}, "USD");
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.bills.size(), std::size_t{1});
    const std::vector<std::pair<std::int64_t, Instant>> expected{
        {1, instantOf(2026, 3, 10)}, {3, instantOf(2026, 4, 1)}, {4, instantOf(2026, 3, 3)}};
    QVERIFY(ledger.bills.front().lineEnds == expected);
}

void TestBillUsage::linesArePricedAgain()
{
    const auto workspace = m_folder.workspace("priced.perunit");
    ChargeRow batch = tokenLine();
    batch.pricingCategory = "Batch";
    ChargeRow unknown = tokenLine("nobody-prices-this");
    store<ChargeRow>(*workspace, "bill", SourceRole::Usage, {tokenLine(), batch, unknown, otherLine("7")}, "USD");
    TAKE(ledger, workspace->readLedger({}));
    const Outcome outcome = simple::evaluated(ledger, world::settings(simple::march));
    // A million tokens at 3 $, a million at the batch price of 1.5 $, and 7 $ beside the models.
    QCOMPARE(Money::of(outcome.total()).text(), std::string("11.5"));
    QVERIFY(simple::hasCheck(outcome, "Requests", "3 lines of bills count tokens, but not requests", true));
    QVERIFY(!simple::hasCheck(outcome, "Prompt length", "", false));
}

void TestBillUsage::unknownPromptLengthIsSaid()
{
    const auto workspace = m_folder.workspace("long.perunit");
    store<ChargeRow>(*workspace, "bill", SourceRole::Usage, {tokenLine("cliff"), tokenLine()}, "USD");
    TAKE(ledger, workspace->readLedger({}));
    const Outcome outcome = simple::evaluated(ledger, world::settings(simple::march));
    // 2 $ of the lowest band, although a million tokens in one prompt would be above 200,000.
    QCOMPARE(Money::of(outcome.total()).text(), std::string("5"));
    QVERIFY(simple::hasCheck(outcome, "Prompt length", "1 line of bills, priced at 2 USD", false));
}

void TestBillUsage::aLeverMovesABill()
{
    const auto workspace = m_folder.workspace("lever.perunit");
    store<ChargeRow>(*workspace, "bill", SourceRole::Usage, {tokenLine(), otherLine("7")}, "USD");
    TAKE(ledger, workspace->readLedger({}));
    EconomicUnit perRequest;
    perRequest.name = "request";
    perRequest.denominator = {UnitDenominator::Kind::Requests, {}};
    const Outcome outcome =
        simple::evaluated(ledger, world::settings(simple::march),
                          {world::lever("batch", LeverKind::Batch, {{"share", onePpm}})}, {perRequest});
    QCOMPARE(Money::of(outcome.total()).text(), std::string("8.5"));
    // How many requests there were is unknown: there is no cost of one.
    QCOMPARE(outcome.units.size(), std::size_t{1});
    QVERIFY(!outcome.units[0].costPerUnit());
}

void TestBillUsage::periodIsThatOfTheLines()
{
    const auto workspace = m_folder.workspace("period.perunit");
    ChargeRow month = tokenLine();
    month.period = simple::march;
    store<ChargeRow>(*workspace, "bill", SourceRole::Usage, {month}, "USD");
    TAKE(ledger, workspace->readLedger({}));
    TAKE(baseline, Baseline::build(ledger, simple::simpleBook(), {}, {}));
    QCOMPARE(baseline->period().from.micros, simple::march.from.micros);
    QCOMPARE(baseline->period().to.micros, simple::march.to.micros);
}

void TestBillUsage::defaultRoles()
{
    Source bill = facts("bill", SourceRole::Invoice);
    bill.isBill = true;
    bill.tokenLines = 3;
    QCOMPARE(defaultRole(bill, {}), SourceRole::Usage);
    Source log = facts("log", SourceRole::Usage);
    QCOMPARE(defaultRole(bill, {log}), SourceRole::Invoice);
    log.active = false;
    QCOMPARE(defaultRole(bill, {log}), SourceRole::Usage);
    Source before = bill;
    before.role = SourceRole::Usage;
    QCOMPARE(defaultRole(bill, {before}), SourceRole::Usage);
    bill.tokenLines = 0;
    QCOMPARE(defaultRole(bill, {}), SourceRole::Invoice);
    QCOMPARE(defaultRole(log, {}), SourceRole::Usage);
}

void TestBillUsage::twoBillsAreCompared()
{
    Source known = facts("known", SourceRole::Harness);
    known.id = 1;
    known.isBill = true;
    known.period = simple::march;
    Source fresh = known;
    fresh.id = 2;
    fresh.sha256 = "fresh";
    fresh.role = SourceRole::Usage;
    // The rest of a bill that plays usage is harness as well.
    QCOMPARE(overlapCandidates({known}, fresh).size(), std::size_t{1});
    known.role = SourceRole::Invoice;
    QVERIFY(overlapCandidates({known}, fresh).empty());
    known.role = SourceRole::Usage;
    QCOMPARE(overlapCandidates({known}, fresh).size(), std::size_t{1});
    // Beside a log nothing is added up.
    known.isBill = false;
    QVERIFY(overlapCandidates({known}, fresh).empty());
    Overlap overlap;
    overlap.known.rows = overlap.fresh.rows = 1;
    QVERIFY(!overlap.needsAnswer());
    overlap.bills = true;
    QVERIFY(overlap.needsAnswer());
    overlap.sameRows = 1;
    overlap.known.file = "a.csv";
    overlap.fresh.file = "b.csv";
    overlap.period = simple::march;
    QVERIFY(overlap.text().ends_with("the only row is the same"));
}

void TestBillUsage::chargesKnowTheirRow()
{
    const auto workspace = m_folder.workspace("rows.perunit");
    store<ChargeRow>(*workspace, "first", SourceRole::Harness, {otherLine("1")}, "USD");
    const Source second = store<ChargeRow>(*workspace, "second", SourceRole::Harness, {otherLine("2"), otherLine("3")});
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.harness->size(), std::size_t{3});
    QCOMPARE((*ledger.harness)[2].sourceId, second.id);
    QCOMPARE((*ledger.harness)[2].sourceRow, std::int64_t{2});
    TAKE(sources, workspace->sources());
    QVERIFY(sources[0].isBill);
}

QTEST_APPLESS_MAIN(TestBillUsage)
#include "tst_bill_usage.moc"
