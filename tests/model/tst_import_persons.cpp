// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/person_token.h"
#include "tests/support/ledger_files.h"

#include <QDir>
#include <QtTest>

#include <set>

using namespace perunit;

namespace {

const QByteArray requestLog = "created_at,model,input_tokens,output_tokens,user_email,user,team\n"
                              "2026-08-03T10:00:00Z,gpt-5-mini,100,10,jane.doe@example.com,jdoe77,cx\n"
                              "2026-08-03T11:00:00Z,gpt-5-mini,200,20,Jane.Doe@Example.com ,jdoe77,cx\n"
                              "2026-08-03T12:00:00Z,gpt-5-mini,300,30,max.muster@example.org,mmuster5,cx\n"
                              "2026-08-03T13:00:00Z,gpt-5-mini,300,30,,,cx\n"
                              "2026-08-03T14:00:00Z,gpt-5-mini,lots,30,bad.row@example.org,badrow9,cx\n";

/// Clear texts of the samples, none of which may reach the disk.
const std::vector<QByteArray> clearTexts{"jane.doe", "Jane.Doe", "max.muster", "jdoe77",
                                         "mmuster5", "bad.row",  "badrow9"};

ImportOptions hashing(std::vector<std::string> columns)
{
    ImportOptions options;
    options.hash = std::move(columns);
    return options;
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::set<std::string> valuesOf(const Ledger &ledger, const char *dimension)
{
    std::set<std::string> values;
    if (const DimensionColumn *column = ledger.workload->dimension(dimension)) {
        for (std::size_t row = 0; row < column->ids.size(); ++row)
            values.insert(std::string(column->dictionary.text(column->ids[row])));
    }
    values.erase("");
    return values;
}

} // namespace

/// Persons that are kept as opaque tokens.
class TestImportPersons : public QObject
{
    Q_OBJECT
private slots:
    void nothingIsKeptUnlessItIsSaid()
    {
        const LedgerFolder folder;
        const auto store = folder.workspace();
        TAKE(source, importFile(*store, folder.write("log.csv", requestLog), {}, nullptr, {}));
        QCOMPARE(source.droppedColumns, (std::vector<std::string>{"user_email", "user"}));
        QVERIFY(source.hashedColumns.empty());
        TAKE(ledger, store->readLedger({}));
        QVERIFY(!ledger.workload->dimension("tag:user_email"));
        TAKE(secrets, store->documents(secretKind));
        QVERIFY(secrets.empty());
    }

    void thePersonIsATokenInEveryFile()
    {
        const LedgerFolder folder;
        const auto store = folder.workspace();
        TAKE(first, importFile(*store, folder.write("log.csv", requestLog), hashing({"User_Email"}), nullptr, {}));
        QCOMPARE(first.hashedColumns, std::vector<std::string>{"user_email"});
        QCOMPARE(first.droppedColumns, std::vector<std::string>{"user"});
        QCOMPARE(first.rowsAccepted, 4);
        TAKE(ledger, store->readLedger({}));
        const auto persons = valuesOf(ledger, "tag:user_email");
        QCOMPARE(persons.size(), std::size_t{2});
        for (const std::string &person : persons) {
            QVERIFY(person.starts_with("p-"));
            QCOMPARE(person.size(), std::size_t{18});
        }
        const QByteArray other = "timestamp,model,input_tokens,output_tokens,customer\n"
                                 "2026-08-04T10:00:00Z,gpt-5-mini,100,10,JANE.DOE@example.com\n";
        TAKE(second, importFile(*store, folder.write("other.csv", other), hashing({"customer"}), nullptr, {}));
        QCOMPARE(second.hashedColumns, std::vector<std::string>{"customer"});
        TAKE(both, store->readLedger({}));
        const auto customers = valuesOf(both, "customer");
        QCOMPARE(customers.size(), std::size_t{1});
        QVERIFY(persons.contains(*customers.begin()));
        // The column has a place of its own, so there is no tag beside it.
        QVERIFY(!both.workload->dimension("tag:customer"));
    }

    void anotherWorkspaceKnowsOtherTokens()
    {
        const LedgerFolder folder;
        const auto a = folder.workspace("a.perunit");
        const auto b = folder.workspace("b.perunit");
        const auto file = folder.write("log.csv", requestLog);
        VERIFY_OK(importFile(*a, file, hashing({"user"}), nullptr, {}));
        VERIFY_OK(importFile(*b, file, hashing({"user"}), nullptr, {}));
        TAKE(first, a->readLedger({}));
        TAKE(second, b->readLedger({}));
        const auto persons = valuesOf(first, "tag:user");
        QCOMPARE(persons.size(), std::size_t{2});
        for (const std::string &person : valuesOf(second, "tag:user"))
            QVERIFY(!persons.contains(person));
    }

    void noClearTextReachesTheDisk()
    {
        const LedgerFolder folder;
        const auto file = folder.write("log.csv", requestLog);
        const QDir workspaces(QString::fromStdString(folder.path("w")));
        QVERIFY(workspaces.mkpath(QStringLiteral(".")));
        auto store = folder.workspace("w/test.perunit");
        // Temporary tables would be written beside the workspace.
        qputenv("SQLITE_TMPDIR", workspaces.path().toUtf8());
        VERIFY_OK(importFile(*store, file, hashing({"user_email", "user"}), nullptr, {}));
        const auto check = [&workspaces] {
            QByteArray all;
            for (const QFileInfo &each : workspaces.entryInfoList(QDir::Files | QDir::Hidden))
                all += bytesOf(each.filePath());
            QVERIFY(all.size() > 10'000);
            for (const QByteArray &text : clearTexts)
                QVERIFY2(!all.contains(text), text.constData());
            // Facts of a source are compressed; what they say is looked at, not only their bytes.
        };
        check();
        TAKE(sources, store->sources());
        for (const RejectedRow &row : sources.at(0).rejects) {
            for (const QByteArray &text : clearTexts)
                QVERIFY(row.value.find(text.toStdString()) == std::string::npos);
        }
        TAKE(ledger, store->readLedger({}));
        for (const DimensionColumn &column : ledger.workload->dimensions) {
            for (std::uint32_t id = 0; id < column.dictionary.size(); ++id) {
                for (const QByteArray &text : clearTexts)
                    QVERIFY(column.dictionary.text(id).find(text.toStdString()) == std::string_view::npos);
            }
        }
        store.reset();
        check();
    }

    void fixedFormatsHashToo_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("dimension");
        QTest::addColumn<int>("persons");
        QTest::newRow("a column that the format leaves out")
            << QByteArray("date,username,product,sku,model,quantity,unit_type,applied_cost_per_quantity,"
                          "gross_amount,discount_amount,net_amount\n"
                          "2026-08-01,octo.cat,copilot,copilot_premium_request,GPT-5,2,requests,0.04,0.08,0,0.08\n"
                          "2026-08-01,hub.ot,copilot,copilot_premium_request,GPT-5,2,requests,0.04,0.08,0,0.08\n")
            << "github-usage"
            << "username"
            << "charge" << 2;
        QTest::newRow("a column that the format takes for its customer")
            << QByteArray("{\"request_id\":\"r1\",\"request_created_at\":\"2026-08-01T00:00:00Z\",\"request_user_id\":"
                          "\"octo@cat.org\","
                          "\"model\":\"gpt-5-mini\",\"provider\":\"OPENAI\",\"prompt_tokens\":10,"
                          "\"completion_tokens\":2,\"total_tokens\":12,\"delay_ms\":5,\"response_status\":200,"
                          "\"request_body\":\"secret\"}\n"
                          "{\"request_id\":\"r1\",\"request_created_at\":\"2026-08-01T00:01:00Z\",\"request_user_id\":"
                          "\"OCTO@cat.org\","
                          "\"model\":\"gpt-5-mini\",\"provider\":\"OPENAI\",\"prompt_tokens\":10,"
                          "\"completion_tokens\":2,\"total_tokens\":12,\"delay_ms\":5,\"response_status\":200,"
                          "\"request_body\":\"secret\"}\n")
            << "helicone-requests"
            << "request_user_id"
            << "customer" << 1;
    }
    void fixedFormatsHashToo()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, format);
        QFETCH(QString, column);
        QFETCH(QString, dimension);
        QFETCH(int, persons);
        const LedgerFolder folder;
        const auto store = folder.workspace();
        const auto file = folder.write(content.startsWith('{') ? "ledger.jsonl" : "ledger.csv", content);
        TAKE(source, importFile(*store, file, hashing({column.toStdString()}), nullptr, {}));
        QCOMPARE(QString::fromStdString(source.format), format);
        QVERIFY2(source.rowsRejected == 0, complaints(source).constData());
        QCOMPARE(source.hashedColumns, std::vector<std::string>{column.toStdString()});
        TAKE(ledger, store->readLedger({}));
        std::set<std::string> found;
        if (dimension == QLatin1String("charge")) {
            for (const ChargeRow &row : *ledger.harness) {
                for (const auto &[name, value] : row.tags) {
                    if (name == column.toStdString())
                        found.insert(value);
                }
            }
        } else {
            found = valuesOf(ledger, dimension.toUtf8().constData());
            QVERIFY(!ledger.workload->dimension("tag:" + column.toStdString()));
        }
        QCOMPARE(int(found.size()), persons);
        for (const std::string &person : found)
            QVERIFY(person.starts_with("p-"));
    }

    void theChoiceIsRememberedForTheHeader()
    {
        const LedgerFolder folder;
        const auto store = folder.workspace();
        VERIFY_OK(importFile(*store, folder.write("july.csv", requestLog), hashing({"user"}), nullptr, {}));
        QByteArray august = requestLog;
        august.replace("2026-08-03", "2026-09-03");
        const auto file = folder.write("august.csv", august);
        TAKE(preview, previewImport(file, {}, store.get(), nullptr, {}));
        const std::vector<PersonColumn> persons{{"user_email", PersonColumn::Fate::Dropped},
                                                {"user", PersonColumn::Fate::Hashed}};
        QCOMPARE(preview.persons.size(), persons.size());
        QVERIFY(preview.persons == persons);
        TAKE(source, importFile(*store, file, {}, nullptr, {}));
        QCOMPARE(source.hashedColumns, std::vector<std::string>{"user"});
        // Until something else is said.
        august.replace("2026-09-03", "2026-10-03");
        TAKE(dropped, importFile(*store, folder.write("october.csv", august), hashing({}), nullptr, {}));
        QVERIFY(dropped.hashedColumns.empty());
        august.replace("2026-10-03", "2026-11-03");
        TAKE(next, importFile(*store, folder.write("november.csv", august), {}, nullptr, {}));
        QVERIFY(next.hashedColumns.empty());
    }

    void aFileIsReadAnewWhenItsPersonsAreWanted()
    {
        const LedgerFolder folder;
        const auto store = folder.workspace();
        const auto file = folder.write("log.csv", requestLog);
        TAKE(plain, importFile(*store, file, {}, nullptr, {}));
        TAKE(hashed, importFile(*store, file, hashing({"user"}), nullptr, {}));
        QVERIFY(hashed.id != plain.id);
        TAKE(again, importFile(*store, file, hashing({"user"}), nullptr, {}));
        QCOMPARE(again.id, hashed.id);
        TAKE(sources, store->sources());
        QCOMPARE(std::count_if(sources.begin(), sources.end(), [](const Source &each) { return each.active; }), 1);
    }

    void aMappingMayAskForIt()
    {
        const LedgerFolder folder;
        const auto store = folder.workspace();
        TAKE(mapping, parseColumnMapping(R"({"columns": {"time": "created_at", "model": "model",
            "input": "input_tokens", "output": "output_tokens", "customer": "user_email"}, "hash": ["customer"]})"));
        QCOMPARE(mapping.hashed, std::vector<std::string>{"customer"});
        TAKE(same, parseColumnMapping(writeColumnMapping(mapping)));
        QVERIFY(same == mapping);
        ImportOptions options;
        options.mapping = mapping;
        const auto file = folder.write("log.csv", requestLog);
        TAKE(source, importFile(*store, file, options, nullptr, {}));
        QCOMPARE(source.hashedColumns, std::vector<std::string>{"user_email"});
        TAKE(ledger, store->readLedger({}));
        QCOMPARE(valuesOf(ledger, "customer").size(), std::size_t{2});
        // Without it, an address is refused as before.
        options.mapping->hashed.clear();
        const auto refused = importFile(*store, file, options, nullptr, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    }

    void wrongWishesAreRefused_data()
    {
        QTest::addColumn<QString>("column");
        QTest::newRow("no such column") << "nobody";
        QTest::newRow("a number") << "input_tokens";
        QTest::newRow("a time") << "created_at";
    }
    void wrongWishesAreRefused()
    {
        QFETCH(QString, column);
        const LedgerFolder folder;
        const auto store = folder.workspace();
        const auto source =
            importFile(*store, folder.write("log.csv", requestLog), hashing({column.toStdString()}), nullptr, {});
        QVERIFY(!source);
        QCOMPARE(source.error().code, ErrorCode::BadInput);
        QVERIFY(QString::fromStdString(source.error().text()).contains(column));
        TAKE(sources, store->sources());
        QVERIFY(sources.empty());
    }

    void aDamagedSecretStopsTheImport()
    {
        const LedgerFolder folder;
        const auto store = folder.workspace();
        VERIFY_OK(store->putDocument(secretKind, "person-key", "short"));
        QVERIFY(!importFile(*store, folder.write("log.csv", requestLog), hashing({"user"}), nullptr, {}));
    }

    void manyThreadsMakeTheSame()
    {
        const LedgerFolder folder;
        QByteArray large = requestLog.left(requestLog.indexOf('\n') + 1);
        for (int i = 0; i < 4000; ++i)
            large += "2026-08-03T10:00:00Z,gpt-5-mini,100,10,,user" + QByteArray::number(i % 37) + ",cx\n";
        const auto file = folder.write("large.csv", large);
        const auto store = folder.workspace();
        ImportOptions options = hashing({"user"});
        options.threads = 4;
        options.pieceSize = 4096;
        VERIFY_OK(importFile(*store, file, options, nullptr, {}));
        TAKE(ledger, store->readLedger({}));
        const DimensionColumn *users = ledger.workload->dimension("tag:user");
        QVERIFY(users);
        QCOMPARE(valuesOf(ledger, "tag:user").size(), std::size_t{37});
        // Row by row the person of that row: the 37 come round and round.
        for (std::size_t row = 37; row < users->ids.size(); ++row)
            QCOMPARE(users->ids[row], users->ids[row - 37]);
    }
};

QTEST_APPLESS_MAIN(TestImportPersons)
#include "tst_import_persons.moc"
