// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/csv_reader.h"
#include "tests/support/ledger_files.h"

#include <QRandomGenerator>
#include <QTest>

using namespace perunit;

class TestCsvReader : public QObject
{
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void anyPieceSizeGivesTheSameRecords();
    void readsBackWhatWasWritten();
    void saysWhereFieldsStand();
    void marksTextAfterAQuote();
    void refusesAnOpenQuote();
    void findsTheDialect_data();
    void findsTheDialect();
    void longRecordsGrowTheBuffer();
};

namespace {

using Table = QList<QStringList>;

Table readAll(const QByteArray &text, char delimiter = ',', std::size_t piece = 65536)
{
    StringInput input({text.constData(), static_cast<std::size_t>(text.size())}, piece);
    CsvReader reader(input, delimiter);
    CsvRecord record;
    Table table;
    while (true) {
        auto more = reader.next(record);
        if (!more.ok())
            return {{QStringLiteral("error: ") + QString::fromStdString(more.error().text())}};
        if (!*more)
            return table;
        QStringList row;
        for (const std::string_view field : record.fields)
            row << QString::fromUtf8(field.data(), static_cast<qsizetype>(field.size()));
        table << row;
    }
}

} // namespace

void TestCsvReader::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Table>("expected");
    const Table plain{{"a", "b"}, {"1", "2"}};
    QTest::newRow("LF") << QByteArray("a,b\n1,2\n") << plain;
    QTest::newRow("CRLF") << QByteArray("a,b\r\n1,2\r\n") << plain;
    QTest::newRow("CR only") << QByteArray("a,b\r1,2\r") << plain;
    QTest::newRow("no line break at the end") << QByteArray("a,b\r\n1,2") << plain;
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "a,b\n1,2")
                                     << plain;
    QTest::newRow("byte order mark twice") << QByteArray("\xEF\xBB\xBF"
                                                         "\xEF\xBB\xBF"
                                                         "a,b\n1,2")
                                           << plain;
    QTest::newRow("byte order mark at the data") << QByteArray("\xEF\xBB\xBF"
                                                               "a,b\r\n\xEF\xBB\xBF"
                                                               "1,2")
                                                 << plain;
    QTest::newRow("empty fields") << QByteArray(",a,\n,,\n") << Table{{"", "a", ""}, {"", "", ""}};
    QTest::newRow("empty last field at the end") << QByteArray("a,") << Table{{"a", ""}};
    QTest::newRow("quoted delimiter") << QByteArray("\"a,b\",c\n") << Table{{"a,b", "c"}};
    QTest::newRow("quoted line breaks") << QByteArray("\"a\nb\r\nc\",d\n") << Table{{"a\nb\r\nc", "d"}};
    QTest::newRow("doubled quotes") << QByteArray("\"{\"\"k\"\": \"\"v\"\"}\",x\n") << Table{{"{\"k\": \"v\"}", "x"}};
    QTest::newRow("only quotes") << QByteArray("\"\"\"\",\"\"\n") << Table{{"\"", ""}};
    QTest::newRow("quote inside a plain field") << QByteArray("5\" disk,b\n") << Table{{"5\" disk", "b"}};
    QTest::newRow("blanks behind a quoted field") << QByteArray("\"a\"  ,b\n") << Table{{"a", "b"}};
    QTest::newRow("blank lines") << QByteArray("a\n\nb\n") << Table{{"a"}, {""}, {"b"}};
    QTest::newRow("ragged rows are handed out")
        << QByteArray("a,b\n1\n1,2,3\n") << Table{{"a", "b"}, {"1"}, {"1", "2", "3"}};
    QTest::newRow("empty file") << QByteArray() << Table{};
    QTest::newRow("mark only") << QByteArray("\xEF\xBB\xBF") << Table{};
}

void TestCsvReader::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(Table, expected);
    QCOMPARE(readAll(text), expected);
}

void TestCsvReader::anyPieceSizeGivesTheSameRecords()
{
    const QByteArray text = "\xEF\xBB\xBF"
                            "a;\"b;\"\"x\"\"\r\ny\";c\r\n\r\n1;2;3\r\"\";\"\"\"\";\n last;l\xC3\xBC"
                            "ck;\"e\"";
    const Table expected = readAll(text, ';');
    QCOMPARE(expected.size(), 5);
    for (std::size_t piece = 1; piece <= 9; ++piece)
        QCOMPARE(readAll(text, ';', piece), expected);
}

void TestCsvReader::readsBackWhatWasWritten()
{
    QRandomGenerator random(42);
    constexpr std::string_view alphabet = "a,\"\n\r ;1";
    for (int round = 0; round < 500; ++round) {
        Table table;
        QByteArray text;
        const char *ends[] = {"\n", "\r\n", "\r"};
        const int rows = random.bounded(1, 5);
        for (int row = 0; row < rows; ++row) {
            QStringList fields;
            for (int field = 0; field < 3; ++field) {
                QByteArray value;
                for (int length = random.bounded(6); length > 0; --length)
                    value += alphabet[std::size_t(random.bounded(int(alphabet.size())))];
                fields << QString::fromUtf8(value);
                text += (field ? "," : "") + ('"' + value.replace("\"", "\"\"") + '"');
            }
            text += ends[random.bounded(3)];
            table << fields;
        }
        QCOMPARE(readAll(text, ',', std::size_t(random.bounded(1, 12))), table);
    }
}

void TestCsvReader::saysWhereFieldsStand()
{
    StringInput input("h1,h2\r\n\"two\r\nlines\",b,\"c\"\r\n\r\nlast,\"x\ny\",z\n");
    CsvReader reader(input, ',');
    CsvRecord record;
    QVERIFY(*reader.next(record));
    QCOMPARE(record.line, 1);
    QCOMPARE(record.position(1), (TextPosition{1, 4}));
    QVERIFY(*reader.next(record));
    QCOMPARE(record.line, 2);
    QCOMPARE(record.position(0), (TextPosition{2, 1}));
    QCOMPARE(record.position(1), (TextPosition{3, 8}));
    QCOMPARE(record.position(2), (TextPosition{3, 10}));
    QVERIFY(*reader.next(record));
    QVERIFY(record.isBlank());
    QCOMPARE(record.line, 4);
    QVERIFY(*reader.next(record));
    QCOMPARE(record.line, 5);
    QCOMPARE(record.position(2), (TextPosition{6, 4}));
    QVERIFY(!*reader.next(record));
}

void TestCsvReader::marksTextAfterAQuote()
{
    StringInput input("\"a\"b,c\n\"d\",e\n");
    CsvReader reader(input, ',');
    CsvRecord record;
    QVERIFY(*reader.next(record));
    QVERIFY(record.malformed);
    QVERIFY(*reader.next(record));
    QVERIFY(!record.malformed);
}

void TestCsvReader::refusesAnOpenQuote()
{
    StringInput input("a,b\n1,2\n\"open,2\n3,4\n");
    CsvReader reader(input, ',');
    CsvRecord record;
    QVERIFY(*reader.next(record));
    QVERIFY(*reader.next(record));
    const auto outcome = reader.next(record);
    QVERIFY(!outcome.ok());
    QCOMPARE(outcome.error().where, std::string("line 3"));
}

void TestCsvReader::findsTheDialect_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<char>("delimiter");
    QTest::addColumn<bool>("separatorLine");
    QTest::newRow("comma") << QByteArray("a,b\n1,2\n") << ',' << false;
    QTest::newRow("semicolon with decimal commas") << QByteArray("a;b;c\n1,5;2,5;3\n1,5;2;3\n") << ';' << false;
    QTest::newRow("tab") << QByteArray("a\tb\n1\t2,3\n") << '\t' << false;
    QTest::newRow("pipe") << QByteArray("a|b\n1|2\n") << '|' << false;
    QTest::newRow("commas inside quotes do not count") << QByteArray("a;b\n\"1,2,3\";2\n\"4,5,6\";3\n") << ';' << false;
    QTest::newRow("separator line") << QByteArray("sep=;\na,b;c\n1;2\n") << ';' << true;
    QTest::newRow("separator line after a mark") << QByteArray("\xEF\xBB\xBFsep=|\na|b\n") << '|' << true;
    QTest::newRow("one column") << QByteArray("a\n1\n") << ',' << false;
    QTest::newRow("header only") << QByteArray("a;b;c") << ';' << false;
}

void TestCsvReader::findsTheDialect()
{
    QFETCH(QByteArray, text);
    QFETCH(char, delimiter);
    QFETCH(bool, separatorLine);
    const CsvDialect dialect = detectDialect({text.constData(), std::size_t(text.size())}, true);
    QCOMPARE(dialect.delimiter, delimiter);
    QCOMPARE(dialect.separatorLine, separatorLine);
}

void TestCsvReader::longRecordsGrowTheBuffer()
{
    const QByteArray big(3 << 20, 'x');
    const Table table = readAll("a,b\n\"" + big + "\",2\n3,4\n");
    QCOMPARE(table.size(), 3);
    QCOMPARE(table[1][0].size(), big.size());
    QCOMPARE(table[2], (QStringList{"3", "4"}));
}

QTEST_APPLESS_MAIN(TestCsvReader)
#include "tst_csv_reader.moc"
