// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/json_records.h"

#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

namespace {

/// "line:json|envelope" of every value, or the error at the end.
QString readAll(const QByteArray &text, std::size_t piece)
{
    StringInput input({text.constData(), static_cast<std::size_t>(text.size())}, piece);
    JsonReader reader(input);
    JsonUnit unit;
    QStringList result;
    while (true) {
        const auto more = reader.next(unit);
        if (!more) {
            result << QStringLiteral("error: %1").arg(QString::fromStdString(more.error().text()));
            break;
        }
        if (!*more)
            break;
        QString line = QStringLiteral("%1:").arg(unit.line);
        line += QString::fromStdString(unit.problem.empty() ? writeJson(unit.value) : "broken");
        if (!unit.envelope.is(JsonValue::Kind::Null))
            line += QLatin1Char('|') + QString::fromStdString(writeJson(unit.envelope));
        result << line;
    }
    if (reader.expectsMore())
        result << QStringLiteral("more");
    return result.join(QLatin1Char('\n'));
}

} // namespace

class TestJsonReader : public QObject
{
    Q_OBJECT
private slots:
    void values_data();
    void values();
    void columnsOfTheWholeFile();
    void listsInBuckets();
    void longPagesOfNothing();
    void requestLogInJsonLines();
    void brokenLineIsRejected();

private:
    LedgerFolder m_folder;
};

void TestJsonReader::values_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *text, const char *expected) {
        QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(expected);
    };
    row("nothing", " \n", "");
    row("lines", "{\"a\":1}\n{\"a\":2}\r\n\n{\"a\":3}", "1:{\"a\":1}\n2:{\"a\":2}\n4:{\"a\":3}");
    row("numbers stay as written", "{\"a\":0.12345678901234567890123456789}",
        "1:{\"a\":0.12345678901234567890123456789}");
    row("pretty values", "{\n \"a\" : 1\n}\n{\n \"a\": [2, {\"b\": \"}\"}]\n}",
        "1:{\"a\":1}\n4:{\"a\":[2,{\"b\":\"}\"}]}");
    row("array", "[\n{\"a\":1},\n{\"a\":\"x\\\"]\"}\n]", "2:{\"a\":1}\n3:{\"a\":\"x\\\"]\"}");
    row("page", "{\"object\":\"page\",\"data\":[{\"a\":1},\n{\"a\":2}],\"has_more\":true}",
        "1:{\"a\":1}|{\"object\":\"page\"}\n2:{\"a\":2}|{\"object\":\"page\"}\nmore");
    row("pages one after the other", "{\"data\":[{\"a\":1}]}{\"data\":[{\"a\":2}],\"next_page\":null}",
        "1:{\"a\":1}|{}\n1:{\"a\":2}|{}");
    row("a record with a list of its own", "{\"id\":7,\"data\":[{\"a\":1}]}", "1:{\"id\":7,\"data\":[{\"a\":1}]}");
    row("a broken line", "{\"a\":1}\n{\"a\":\n{\"a\":3}", "1:{\"a\":1}\n2:broken\n3:{\"a\":3}");
    row("byte order mark", "\xEF\xBB\xBF{\"a\":1}", "1:{\"a\":1}");
    row("cut off", "[{\"a\":1},{\"a\"",
        "1:{\"a\":1}\nerror: line 1: the file ends inside a value; it may have been cut off; export or fetch the file "
        "again");
    row("no JSON", "{a:1}",
        "error: value that starts on line 1: not valid JSON at '{a'; export or fetch the file again");
    row("a lone number", "12",
        "error: line 1: this is neither a JSON object nor a list of them; export or fetch the file "
        "again");
}

void TestJsonReader::values()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    QCOMPARE(readAll(text, 65536), expected);
    QCOMPARE(readAll(text, 4), expected);
}

void TestJsonReader::columnsOfTheWholeFile()
{
    QByteArray text;
    for (int i = 0; i < 500; ++i)
        text += "{\"time\":\"2026-08-03T10:00:00Z\",\"usage\":{\"input_tokens\":1}}\n";
    text += "{\"usage\":{\"cached\":{\"deep\":true}},\"list\":[1,\"a\"],\"none\":null}\n";
    const std::string path = m_folder.write("late.jsonl", text);
    TAKE(shape, probeTable(path, {}));
    QVERIFY(shape.json);
    QCOMPARE(shape.header, (std::vector<std::string>{"time", "usage.input_tokens", "usage.cached.deep", "list"}));
    QCOMPARE(shape.indexOfLeaf("inputtokens"), 1);
    QCOMPARE(shape.indexOf("usageinputtokens"), 1);
    std::vector<std::string> last;
    TAKE(facts, scanTable(path, shape, nullptr, {}, [&last](const CsvRecord &record, std::int64_t) -> Status {
             last.assign(record.fields.begin(), record.fields.end());
             return {};
         }));
    QCOMPARE(facts.rows, 501);
    QCOMPARE(last, (std::vector<std::string>{"", "", "true", "[1,\"a\"]"}));
}

void TestJsonReader::listsInBuckets()
{
    const std::string path = m_folder.write(
        "pages.json", "{\"object\":\"page\",\"data\":[{\"start_time\":10,\"results\":[{\"n\":1},{\"n\":2}]},"
                      "{\"start_time\":20,\"results\":[]}],\"has_more\":false}");
    TAKE(shape, probeTable(path, {}));
    QCOMPARE(shape.header, (std::vector<std::string>{"bucket.start_time", "n"}));
    QCOMPARE(shape.sample, (std::vector<std::vector<std::string>>{{"10", "1"}, {"10", "2"}}));
    QVERIFY(shape.warnings.empty());
}

void TestJsonReader::longPagesOfNothing()
{
    QCOMPARE(readAll(QByteArray("{\"data\":[]}").repeated(200000) + QByteArray(",").repeated(200000), 65536),
             QString());
}

void TestJsonReader::requestLogInJsonLines()
{
    const std::string path = m_folder.write(
        "log.jsonl",
        "{\"timestamp\":\"2026-08-03T10:00:00Z\",\"model\":\"gpt-5-mini\",\"usage\":{\"prompt_tokens\":100,"
        "\"completion_tokens\":20,\"prompt_tokens_details\":{\"cached_tokens\":40}},\"cost\":0.00012345678901234567}\n"
        "{\"timestamp\":\"2026-08-03T10:00:01Z\",\"model\":\"gpt-5-mini\",\"usage\":{\"prompt_tokens\":7,"
        "\"completion_tokens\":1},\"messages\":[{\"role\":\"user\",\"content\":\"secret words\"}]}\n");
    const auto store = m_folder.workspace();
    TAKE(source, importFile(*store, path, {}, nullptr, {}));
    QCOMPARE(source.format, std::string("request-log"));
    QCOMPARE(source.rowsAccepted, 2);
    QCOMPARE(source.tokens[UsageClass::Input], 67);
    QCOMPARE(source.tokens[UsageClass::CacheRead], 40);
    QCOMPARE(source.tokens[UsageClass::Output], 21);
    QCOMPARE(amountText(source.billed), QStringLiteral("0.00012345678901234567"));
    QVERIFY(source.mapping.find("messages") == std::string::npos);
}

void TestJsonReader::brokenLineIsRejected()
{
    const std::string path =
        m_folder.write("cut.jsonl", "{\"timestamp\":\"2026-08-03T10:00:00Z\",\"model\":\"m\",\"input_tokens\":1}\n"
                                    "{\"timestamp\":\"2026-08-03T10:00:00Z\",\"model\":\"m\",\"input_t\n"
                                    "{\"timestamp\":\"2026-08-03T10:00:02Z\",\"model\":\"m\",\"input_tokens\":5}\n");
    TAKE(preview, previewImport(path, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.facts.rowsRead, 3);
    QCOMPARE(preview.facts.rowsAccepted, 2);
    QCOMPARE(preview.facts.rejects.size(), std::size_t{1});
    QCOMPARE(preview.facts.rejects[0].line, 2);
    QVERIFY(QString::fromStdString(preview.facts.rejects[0].reason).contains(QLatin1String("JSON")));
}

QTEST_APPLESS_MAIN(TestJsonReader)
#include "tst_json_reader.moc"
