// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/column_codec.h"
#include "tests/support/stored_rows.h"

#include <QRandomGenerator>
#include <QTest>

using namespace perunit;
using Mode = WorkspaceStore::Mode;

class TestWorkspaceStore : public QObject
{
    Q_OBJECT
private slots:
    void integersComeBack_data();
    void integersComeBack();
    void textsComeBack();
    void damagedBlocksAreNoticed();
    void requestsComeBack();
    void chargesComeBack();
    void outcomesComeBack();
    void sourceFactsComeBack();
    void manyChunks();
    void columnsEqualRows();
    void nothingBeforeFinish();
    void undoAndRedoOfASource();
    void sameContentOnce();
    void correctedMappingTakesTheOldPlace();
    void rolesDecideWhereRowsGo();
    void currencies();
    void digestFollowsContentAndRole();

private:
    LedgerFolder m_folder;
};

void TestWorkspaceStore::integersComeBack_data()
{
    QTest::addColumn<QList<qint64>>("values");
    QTest::newRow("none") << QList<qint64>{};
    QTest::newRow("one") << QList<qint64>{-5};
    QTest::newRow("constant") << QList<qint64>{7, 7, 7};
    QTest::newRow("rising") << QList<qint64>{1000000, 1000001, 1000002, 1000003};
    QTest::newRow("falling") << QList<qint64>{9, 7, 5, 3, -1000000};
    QTest::newRow("extremes") << QList<qint64>{INT64_MIN, INT64_MAX, 0, -1, 1, INT64_MIN};
    QTest::newRow("wide steps") << QList<qint64>{0, 255, 256, 65535, 65536, 1LL << 40, 3};
    QRandomGenerator random(7);
    QList<qint64> noise;
    for (int i = 0; i < 5000; ++i)
        noise << static_cast<qint64>(random.generate64() >> (i % 64));
    QTest::newRow("noise") << noise;
}

void TestWorkspaceStore::integersComeBack()
{
    QFETCH(QList<qint64>, values);
    const std::vector<std::int64_t> numbers(values.begin(), values.end());
    const std::string packed = packIntegers(numbers);
    TAKE(back, unpackIntegers(packed, numbers.size()));
    QCOMPARE(back, numbers);
    QVERIFY(!unpackIntegers(packed, numbers.size() + 1).ok());
}

void TestWorkspaceStore::textsComeBack()
{
    const std::string zero("a\0b", 3);
    const std::string longText(100000, 'x');
    const std::vector<std::string_view> texts{"", "a", zero, longText, "\xC3\xBC"};
    TAKE(back, unpackTexts(packTexts(texts), texts.size()));
    QCOMPARE(back, std::vector<std::string>(texts.begin(), texts.end()));
    QVERIFY(!unpackTexts(packTexts(texts), 4).ok());
}

void TestWorkspaceStore::damagedBlocksAreNoticed()
{
    std::vector<std::int64_t> numbers;
    for (std::int64_t i = 0; i < 3000; ++i)
        numbers.push_back(i * i * 7919 % 100003);
    const std::string packed = packIntegers(numbers);
    int noticed = 0;
    int changed = 0;
    for (std::size_t at = 0; at < packed.size(); at += 37) {
        std::string damaged = packed;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        const auto back = unpackIntegers(damaged, numbers.size());
        noticed += back.ok() ? 0 : 1;
        changed += back.ok() && *back != numbers ? 1 : 0;
    }
    QVERIFY(noticed > 0);
    QCOMPARE(changed, 0);
    QVERIFY(!unpackIntegers(packed.substr(0, packed.size() / 2), numbers.size()).ok());
    QVERIFY(!unpackIntegers("", 0).ok());
}

void TestWorkspaceStore::requestsComeBack()
{
    RequestRow full = request(1);
    full.service = "api";
    full.region = "eu";
    full.deployment = "dep";
    full.tier = ServiceTier::Provisioned;
    full.status = RequestStatus::Cancelled;
    full.attempts = 3;
    full.durationMicros = 1234567;
    full.billed = money("0.000000000000000000000001");
    full.workload = "w";
    full.environment = "e";
    full.team = "t";
    full.feature = "f";
    full.customer = "c";
    full.document = "d";
    full.promptTemplate = "p";
    full.tags = {{"k", "v"}, {"ü", "ß"}};
    for (std::size_t i = 0; i < usageClassCount; ++i)
        full.usage.counts[i] = static_cast<std::int64_t>(i) * 1000 + 1;
    full.usage[UsageClass::Reasoning] = 0; // a memo beside output
    full.usage.reasoning = 77;
    RequestRow negative = request(2);
    negative.billed = money("-170141183460469.231731687303715884105727");
    RequestRow plain = request(3);
    const std::string path = m_folder.path("requests.perunit");
    {
        const auto workspace = m_folder.workspace("requests.perunit");
        store<RequestRow>(*workspace, "a", SourceRole::Usage, {full, negative, plain}, "USD");
    }
    TAKE(reopened, WorkspaceStore::open(path, Mode::OpenExisting));
    TAKE(ledger, reopened->readLedger({}));
    const Workload &w = *ledger.workload;
    QCOMPARE(w.size(), std::size_t{3});
    QCOMPARE(w.time, (std::vector<std::int64_t>{full.time.micros, negative.time.micros, plain.time.micros}));
    QCOMPARE(w.usageAt(0), full.usage);
    QCOMPARE(w.count(UsageClass::Output, 0), full.usage[UsageClass::Output] - 77);
    QCOMPARE(w.count(UsageClass::Reasoning, 0), 77);
    QCOMPARE(w.usageAt(2).counts, plain.usage.counts);
    QCOMPARE(w.billed(0).text(), full.billed->text());
    QCOMPARE(w.billed(1).text(), negative.billed->text());
    QVERIFY(w.isBilled(0) && w.isBilled(1) && !w.isBilled(2));
    QCOMPARE(w.tier[0], ServiceTier::Provisioned);
    const std::map<std::string, std::string> expected{
        {"provider", "openai"},   {"service", "api"},      {"model", "model-1"},
        {"region", "eu"},         {"deployment", "dep"},   {"workload", "w"},
        {"environment", "e"},     {"team", "t"},           {"feature", "f"},
        {"customer", "c"},        {"session", "s0"},       {"document", "d"},
        {"prompt_template", "p"}, {"status", "cancelled"}, {"tier", "provisioned"},
        {"tag:k", "v"},           {"tag:ü", "ß"}};
    for (const auto &[name, value] : expected)
        QCOMPARE(w.text(name, 0), value);
    QCOMPARE(w.text("tag:k", 1), std::string());
    QCOMPARE(w.text("status", 1), std::string("ok"));
}

void TestWorkspaceStore::chargesComeBack()
{
    ChargeRow full;
    full.period = {instantOf(2026, 8, 1), instantOf(2026, 8, 2)};
    full.billingPeriod = {instantOf(2026, 8, 1), instantOf(2026, 9, 1)};
    full.provider = "AWS";
    full.service = "Bedrock";
    full.serviceCategory = "AI";
    full.sku = "sku";
    full.description = "text, with \"quotes\"";
    full.region = "us";
    full.resource = "arn";
    full.account = "1";
    full.category = ChargeCategory::Credit;
    full.correction = true;
    full.pricingCategory = "Committed";
    full.billed = money("29684.780682464855373934184");
    full.effective = money("-1");
    full.contracted = money("0");
    full.consumedUnit = "Tokens";
    full.consumedQuantity = "8000000";
    full.model = "m";
    full.tokenClass = UsageClass::Input;
    full.tokens = -8000000;
    full.workload = "w";
    full.environment = "e";
    full.team = "t";
    full.feature = "f";
    full.customer = "c";
    full.tags = {{"b", "1:2"}, {" a", ""}, {"", "x"}};
    const ChargeRow empty;
    const auto workspace = m_folder.workspace("charges.perunit");
    store<ChargeRow>(*workspace, "a", SourceRole::Invoice, {full, empty}, "USD");
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.invoices->size(), std::size_t{2});
    QVERIFY(ledger.harness->empty());
    const ChargeRow &back = (*ledger.invoices)[0];
    QCOMPARE(back.period, full.period);
    QCOMPARE(back.billingPeriod, full.billingPeriod);
    QCOMPARE(back.category, full.category);
    QVERIFY(back.correction);
    QCOMPARE(back.billed->text(), full.billed->text());
    QCOMPARE(back.effective->text(), std::string("-1"));
    QVERIFY(!back.list.has_value());
    QVERIFY(back.contracted.has_value() && back.contracted->isZero());
    QVERIFY(back.tokenClass == full.tokenClass);
    QCOMPARE(back.tokens, full.tokens);
    QCOMPARE(back.tags, full.tags);
    QCOMPARE((std::vector<std::string>{back.provider, back.service, back.serviceCategory, back.sku, back.description,
                                       back.region, back.resource, back.account, back.pricingCategory,
                                       back.consumedUnit, back.consumedQuantity, back.model, back.workload,
                                       back.environment, back.team, back.feature, back.customer}),
             (std::vector<std::string>{full.provider, full.service, full.serviceCategory, full.sku, full.description,
                                       full.region, full.resource, full.account, full.pricingCategory,
                                       full.consumedUnit, full.consumedQuantity, full.model, full.workload,
                                       full.environment, full.team, full.feature, full.customer}));
    const ChargeRow &none = (*ledger.invoices)[1];
    QVERIFY(!none.billed && !none.effective && !none.contracted && !none.tokenClass && none.tags.empty());
    QVERIFY(none.provider.empty() && none.category == ChargeCategory::Usage && !none.correction);
}

void TestWorkspaceStore::outcomesComeBack()
{
    const std::vector<OutcomeRow> rows{{instantOf(2026, 8, 1), "resolved", "chat", money("2204")},
                                       {instantOf(1969, 12, 31), "csat", "", money("-4.31")}};
    const auto workspace = m_folder.workspace("outcomes.perunit");
    store(*workspace, "a", SourceRole::Outcome, rows);
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.outcomes->size(), std::size_t{2});
    for (std::size_t i = 0; i < 2; ++i) {
        const OutcomeRow &back = (*ledger.outcomes)[i];
        QCOMPARE(back.day.micros, rows[i].day.micros);
        QCOMPARE(back.metric, rows[i].metric);
        QCOMPARE(back.label, rows[i].label);
        QVERIFY(back.value == rows[i].value);
    }
}

void TestWorkspaceStore::sourceFactsComeBack()
{
    const auto workspace = m_folder.workspace("facts.perunit");
    Source source = facts("abc", SourceRole::Harness);
    source.bytes = 12345678901;
    source.why = "because";
    source.mapping = "{}";
    source.importedAt = instantOf(2026, 8, 3, 10);
    source.rowsRead = 10;
    source.rowsAccepted = 7;
    source.rowsRejected = 2;
    source.rowsDuplicate = 1;
    source.period = {instantOf(2026, 8, 1), instantOf(2026, 8, 2)};
    source.currency = "EUR";
    source.billed = money("1.5");
    source.contracted = money("-0.000000000000000000000001");
    source.tokens[UsageClass::CacheWrite1h] = 99;
    source.tokens.reasoning = 5;
    source.requests = 42;
    source.rejects = {{3, "col", "value", "reason"}, {9, "", "", "ragged"}};
    source.warnings = {"first", "second"};
    TAKE(writer, workspace->beginSource());
    TAKE(stored, writer->finish(source));
    QVERIFY(stored.id > 0);
    TAKE(all, workspace->sources());
    QCOMPARE(all.size(), std::size_t{1});
    const Source &back = all[0];
    QCOMPARE(back.id, stored.id);
    QCOMPARE(back.file, source.file);
    QCOMPARE(back.bytes, source.bytes);
    QCOMPARE(back.sha256, source.sha256);
    QCOMPARE(back.format, source.format);
    QCOMPARE(back.why, source.why);
    QCOMPARE(back.mapping, source.mapping);
    QCOMPARE(back.importedAt.micros, source.importedAt.micros);
    QCOMPARE(back.role, source.role);
    QCOMPARE(back.rowsRead, 10);
    QCOMPARE(back.rowsAccepted, 7);
    QCOMPARE(back.rowsRejected, 2);
    QCOMPARE(back.rowsDuplicate, 1);
    QCOMPARE(back.period, source.period);
    QCOMPARE(back.currency, source.currency);
    QVERIFY(back.billed == source.billed && back.effective == source.effective && back.list == source.list
            && back.contracted == source.contracted);
    QCOMPARE(back.tokens, source.tokens);
    QCOMPARE(back.requests, 42);
    QCOMPARE(back.rejects, source.rejects);
    QCOMPARE(back.warnings, source.warnings);
    QVERIFY(back.active);
}

void TestWorkspaceStore::manyChunks()
{
    // More rows than one chunk, columns that start late and end early, texts that return in a later chunk.
    const int count = 150000;
    const auto workspace = m_folder.workspace("chunks.perunit");
    {
        TAKE(writer, workspace->beginSource());
        for (int i = 0; i < count; ++i) {
            RequestRow row = request(i);
            if (i == 140000)
                row.tags = {{"late", "yes"}};
            if (i < 10)
                row.team = "early";
            if (i == 70000)
                row.billed = money("0.25");
            if (i > 100000)
                row.usage[UsageClass::CacheRead] = i;
            VERIFY_OK(writer->add(row, i + 1));
        }
        TAKE(source, writer->finish(facts("many", SourceRole::Usage)));
        QVERIFY(source.id > 0);
    }
    TAKE(ledger, workspace->readLedger({}));
    const Workload &w = *ledger.workload;
    QCOMPARE(w.size(), std::size_t(count));
    for (int i = 0; i < count; i += 997) {
        const RequestRow expected = request(i);
        const auto row = std::size_t(i);
        QCOMPARE(w.time[row], expected.time.micros);
        QCOMPARE(w.sourceRow[row], i + 1);
        QCOMPARE(w.count(UsageClass::Input, row), i * 11);
        QCOMPARE(w.count(UsageClass::CacheRead, row), i > 100000 ? i : 0);
        QCOMPARE(w.text("session", row), expected.session);
        QCOMPARE(w.text("model", row), expected.model);
    }
    QCOMPARE(w.text("tag:late", 140000), std::string("yes"));
    QCOMPARE(w.text("tag:late", 139999), std::string());
    QCOMPARE(w.text("team", 9), std::string("early"));
    QCOMPARE(w.text("team", 10), std::string());
    QVERIFY(w.isBilled(70000) && !w.isBilled(69999) && !w.isBilled(140000));
}

void TestWorkspaceStore::columnsEqualRows()
{
    // The fast way through the store builds the same workload as adding the rows one by one, also for two sources
    // whose times interleave.
    std::vector<RequestRow> first;
    std::vector<RequestRow> second;
    for (int i = 0; i < 300; ++i) {
        RequestRow row = request(i * 7 % 300);
        if (i % 3 == 0)
            row.tags = {{"k", "v" + std::to_string(i % 4)}};
        if (i % 5 == 0)
            row.billed = money("0.125");
        row.tier = static_cast<ServiceTier>(i % 5);
        row.status = static_cast<RequestStatus>(i % 4);
        (i % 2 ? first : second).push_back(row);
    }
    const auto workspace = m_folder.workspace("equal.perunit");
    const Source a = store(*workspace, "a", SourceRole::Usage, first);
    const Source b = store(*workspace, "b", SourceRole::Usage, second);
    TAKE(ledger, workspace->readLedger({}));
    WorkloadBuilder builder;
    std::int64_t number = 0;
    for (const RequestRow &row : first)
        builder.add(row, a.id, ++number);
    number = 0;
    for (const RequestRow &row : second)
        builder.add(row, b.id, ++number);
    const auto expected = builder.build();
    const Workload &got = *ledger.workload;
    QCOMPARE(got.time, expected->time);
    QCOMPARE(got.sourceRow, expected->sourceRow);
    QCOMPARE(got.source, expected->source);
    QCOMPARE(got.sourceIds, expected->sourceIds);
    QVERIFY(got.usage == expected->usage);
    QVERIFY(got.tier == expected->tier);
    for (std::size_t row = 0; row < got.size(); ++row)
        QVERIFY(got.recorded.at(row) == expected->recorded.at(row));
    QCOMPARE(got.dimensions.size(), expected->dimensions.size());
    for (const DimensionColumn &dimension : expected->dimensions) {
        const DimensionColumn *other = got.dimension(dimension.name);
        QVERIFY2(other, dimension.name.c_str());
        QCOMPARE(other->ids, dimension.ids);
        QCOMPARE(other->dictionary.size(), dimension.dictionary.size());
        for (std::uint32_t id = 0; id < dimension.dictionary.size(); ++id)
            QCOMPARE(other->dictionary.text(id), dimension.dictionary.text(id));
    }
}

void TestWorkspaceStore::nothingBeforeFinish()
{
    const auto workspace = m_folder.workspace("unfinished.perunit");
    {
        TAKE(writer, workspace->beginSource());
        for (int i = 0; i < 70000; ++i)
            VERIFY_OK(writer->add(request(i), i + 1));
        TAKE(none, workspace->sources());
        QVERIFY(none.empty());
        QVERIFY(!workspace->beginSource().ok());
    }
    TAKE(sources, workspace->sources());
    QVERIFY(sources.empty());
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.workload->size(), std::size_t{0});
    // The abandoned writer leaves the way free for the next one.
    store<RequestRow>(*workspace, "next", SourceRole::Usage, {request(1)});
    TAKE(after, workspace->sources());
    QCOMPARE(after.size(), std::size_t{1});
}

void TestWorkspaceStore::undoAndRedoOfASource()
{
    const auto workspace = m_folder.workspace("undo.perunit");
    const Source source = store<RequestRow>(*workspace, "a", SourceRole::Usage, {request(1), request(2)});
    VERIFY_OK(workspace->setSourceActive(source.id, false));
    TAKE(without, workspace->readLedger({}));
    QCOMPARE(without.workload->size(), std::size_t{0});
    TAKE(listed, workspace->sources());
    QVERIFY(!listed[0].active);
    VERIFY_OK(workspace->setSourceActive(source.id, true));
    TAKE(with, workspace->readLedger({}));
    QCOMPARE(with.workload->size(), std::size_t{2});
    QVERIFY(with.digest != without.digest);
    const auto unknown = workspace->setSourceActive(99, true);
    QVERIFY(!unknown.ok());
    QCOMPARE(unknown.error().code, ErrorCode::NotFound);
}

void TestWorkspaceStore::sameContentOnce()
{
    const auto workspace = m_folder.workspace("once.perunit");
    const std::string file = m_folder.write("once.csv", "timestamp,prompt_tokens,completion_tokens\n2026-08-01,1,2\n");
    TAKE(first, importFile(*workspace, file, {}, nullptr, {}));
    TAKE(second, importFile(*workspace, file, {}, nullptr, {}));
    QCOMPARE(second.id, first.id);
    // The same bytes under another name are the same content.
    const std::string copy = m_folder.write("copy.csv", "timestamp,prompt_tokens,completion_tokens\n2026-08-01,1,2\n");
    TAKE(third, importFile(*workspace, copy, {}, nullptr, {}));
    QCOMPARE(third.id, first.id);
    TAKE(preview, previewImport(copy, {}, workspace.get(), nullptr, {}));
    QVERIFY(preview.alreadyImported);
    VERIFY_OK(workspace->setSourceActive(first.id, false));
    TAKE(undone, previewImport(copy, {}, workspace.get(), nullptr, {}));
    QVERIFY(!undone.alreadyImported);
    TAKE(again, importFile(*workspace, file, {}, nullptr, {}));
    QCOMPARE(again.id, first.id);
    QVERIFY(again.active);
    TAKE(sources, workspace->sources());
    QCOMPARE(sources.size(), std::size_t{1});
    QVERIFY(sources[0].active);
}

void TestWorkspaceStore::correctedMappingTakesTheOldPlace()
{
    const auto workspace = m_folder.workspace("corrected.perunit");
    const std::string file =
        m_folder.write("correct.csv", "timestamp,prompt_tokens,completion_tokens\n2026-08-01,1,2\n");
    TAKE(first, importFile(*workspace, file, {}, nullptr, {}));
    ImportOptions options;
    options.mapping = ColumnMapping{{{"time", "timestamp"}, {"input", "completion_tokens"}}, false, false, {}};
    TAKE(same, importFile(*workspace, file, {}, nullptr, {}));
    QCOMPARE(same.id, first.id);
    TAKE(unchanged, previewImport(file, {}, workspace.get(), nullptr, {}));
    QVERIFY(unchanged.alreadyImported);
    TAKE(corrected, previewImport(file, options, workspace.get(), nullptr, {}));
    QVERIFY(!corrected.alreadyImported);
    TAKE(second, importFile(*workspace, file, options, nullptr, {}));
    QVERIFY(second.id != first.id);
    QCOMPARE(second.tokens[UsageClass::Input], 2);
    TAKE(sources, workspace->sources());
    QVERIFY(!sources[0].active);
    QVERIFY(sources[1].active);
    const auto both = workspace->setSourceActive(first.id, true);
    QVERIFY(!both.ok());
    QCOMPARE(both.error().code, ErrorCode::Conflict);
}

void TestWorkspaceStore::rolesDecideWhereRowsGo()
{
    const auto workspace = m_folder.workspace("roles.perunit");
    ChargeRow charge;
    charge.period = {instantOf(2026, 8, 1), instantOf(2026, 8, 2)};
    charge.billed = money("3");
    const Source bill = store<ChargeRow>(*workspace, "bill", SourceRole::Invoice, {charge});
    RequestRow paid = request(1);
    paid.billed = money("0.5");
    paid.tags = {{"k", "v"}};
    const Source log = store<RequestRow>(*workspace, "log", SourceRole::Usage, {paid, request(2)});
    TAKE(before, workspace->readLedger({}));
    QCOMPARE(before.invoices->size(), std::size_t{1});
    QCOMPARE(before.workload->size(), std::size_t{2});
    VERIFY_OK(workspace->setSourceRole(bill.id, SourceRole::Harness));
    TAKE(after, workspace->readLedger({}));
    QVERIFY(after.invoices->empty());
    QCOMPARE(after.harness->size(), std::size_t{1});
    QVERIFY(after.digest != before.digest);
    // Requests as a bill: what they recorded as cost is the charge.
    VERIFY_OK(workspace->setSourceRole(log.id, SourceRole::Invoice));
    TAKE(invoiced, workspace->readLedger({}));
    QCOMPARE(invoiced.workload->size(), std::size_t{0});
    QCOMPARE(invoiced.invoices->size(), std::size_t{1});
    const ChargeRow &made = (*invoiced.invoices)[0];
    QCOMPARE(made.billed->text(), std::string("0.5"));
    QCOMPARE(made.model, std::string("model-1"));
    QCOMPARE(made.tags, (Tags{{"k", "v"}}));
    VERIFY_OK(workspace->setSourceRole(bill.id, SourceRole::Usage));
    QVERIFY(!workspace->setSourceRole(bill.id, SourceRole::Outcome).ok());
    QVERIFY(!workspace->setSourceRole(log.id, SourceRole::Outcome).ok());
}

void TestWorkspaceStore::currencies()
{
    const auto workspace = m_folder.workspace("currencies.perunit");
    ChargeRow charge;
    charge.period = {instantOf(2026, 8, 1), instantOf(2026, 8, 2)};
    charge.billed = money("3");
    TAKE(empty, workspace->readLedger({}));
    QCOMPARE(empty.currency, std::string("USD"));
    store<RequestRow>(*workspace, "log", SourceRole::Usage, {request(1)});
    RequestRow paid = request(2);
    paid.billed = money("0.5");
    // Priced from its tokens: the currency of its recorded cost keeps it out of nothing.
    store<RequestRow>(*workspace, "paid", SourceRole::Usage, {paid}, "EUR");
    const Source euro = store<ChargeRow>(*workspace, "eur", SourceRole::Invoice, {charge}, "EUR");
    store<ChargeRow>(*workspace, "usd", SourceRole::Invoice, {charge}, "USD");
    store<ChargeRow>(*workspace, "none", SourceRole::Harness, {charge}, "");
    TAKE(ledger, workspace->readLedger({}));
    QCOMPARE(ledger.currency, std::string("USD"));
    QCOMPARE(ledger.notConvertible, (std::vector<std::string>{"eur.csv (EUR)"}));
    QCOMPARE(ledger.invoices->size(), std::size_t{1});
    QCOMPARE(ledger.harness->size(), std::size_t{1});
    QCOMPARE(ledger.workload->size(), std::size_t{2});
    VERIFY_OK(workspace->setSourceActive(euro.id, false));
    TAKE(dollars, workspace->readLedger({}));
    QCOMPARE(dollars.currency, std::string("USD"));
    QVERIFY(dollars.notConvertible.empty());
}

void TestWorkspaceStore::digestFollowsContentAndRole()
{
    const auto one = m_folder.workspace("digest1.perunit");
    const auto two = m_folder.workspace("digest2.perunit");
    store<RequestRow>(*one, "a", SourceRole::Usage, {request(1)});
    store<RequestRow>(*one, "b", SourceRole::Usage, {request(2)});
    store<RequestRow>(*two, "b", SourceRole::Usage, {request(2)});
    const Source last = store<RequestRow>(*two, "a", SourceRole::Usage, {request(1)});
    TAKE(first, one->readLedger({}));
    TAKE(second, two->readLedger({}));
    QCOMPARE(first.digest, second.digest);
    QCOMPARE(first.digest.size(), std::size_t{64});
    VERIFY_OK(two->setSourceRole(last.id, SourceRole::Harness));
    TAKE(changed, two->readLedger({}));
    QVERIFY(changed.digest != first.digest);
}

QTEST_APPLESS_MAIN(TestWorkspaceStore)
#include "tst_workspace_store.moc"
