// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/csv_scan.h"
#include "model/import/record_pieces.h"

#include <QRandomGenerator>
#include <QTest>

#include <csv.h>

using namespace perunit;

/// The fast reader of delimited text against the one that goes byte by byte, and against libcsv.
class TestCsvScan : public QObject
{
    Q_OBJECT
private slots:
    void sameAsByBytes_data();
    void sameAsByBytes();
    void sameAsByBytesAtRandom();
    void sameAsLibcsv();
    void longRecords();
    void linesAndPlaces();
    void endOfRecords_data();
    void endOfRecords();
    void piecesHoldTheSameRecords();
    void recordsThatNeverEnd();
};

namespace {

constexpr CsvLevel levels[] = {CsvLevel::Portable, CsvLevel::Sse2, CsvLevel::Avx2};

/// Everything that can be known about the records of a text, as lines.
template <typename Reader>
QByteArray told(Reader &reader)
{
    QByteArray all;
    CsvRecord record;
    while (true) {
        const auto more = reader.next(record);
        if (!more.ok())
            return all + "error: " + QByteArray::fromStdString(more.error().text());
        if (!*more)
            return all;
        all += QByteArray::number(qint64(record.line)) + (record.malformed ? "!" : ":");
        for (const std::string_view field : record.fields)
            all += " <" + QByteArray(field.data(), qsizetype(field.size())).toPercentEncoding() + ">";
        all += '\n';
    }
}

QByteArray byBytes(std::string_view text, char delimiter = ',')
{
    StringInput input(text);
    CsvReader reader(input, delimiter);
    return told(reader);
}

QByteArray scanned(std::string_view text, CsvLevel level, char delimiter = ',')
{
    CsvTextReader reader(text, delimiter, level);
    return told(reader);
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

/// Text of the characters that matter; `regular` quotes only as a writer would.
QByteArray randomText(QRandomGenerator &random, bool regular)
{
    QByteArray text;
    const int fields = random.bounded(1, 120);
    for (int i = 0; i < fields; ++i) {
        QByteArray field;
        constexpr std::string_view alphabet = "ab1 ,\"\n\r;\xC3\xBC";
        for (int length = random.bounded(random.bounded(4) == 0 ? 90 : 5); length > 0; --length)
            field += alphabet[std::size_t(random.bounded(int(alphabet.size())))];
        if (regular)
            field = field.contains(',') || field.contains('"') || field.contains('\n') || field.contains('\r')
                        ? '"' + field.replace("\"", "\"\"") + '"'
                        : field;
        text += field;
        const char *ends[] = {",", ",", ",", "\n", "\r\n", "\r"};
        text += ends[random.bounded(6)];
    }
    return text;
}

struct LibcsvRecords {
    QByteArray all;
    QByteArray row;
};

void libcsvField(void *field, std::size_t size, void *to)
{
    static_cast<LibcsvRecords *>(to)->row +=
        " <" + QByteArray(static_cast<const char *>(field), qsizetype(size)).toPercentEncoding() + ">";
}

void libcsvRow(int, void *to)
{
    auto *records = static_cast<LibcsvRecords *>(to);
    records->all += records->row + '\n';
    records->row.clear();
}

/// The records as libcsv sees them; it has no lines and drops empty ones.
QByteArray byLibcsv(std::string_view text)
{
    csv_parser parser{};
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    // Blanks are part of a field here.
    csv_set_space_func(&parser, [](unsigned char) { return 0; });
    LibcsvRecords records;
    csv_parse(&parser, text.data(), text.size(), libcsvField, libcsvRow, &records);
    csv_fini(&parser, libcsvField, libcsvRow, &records);
    csv_free(&parser);
    return records.all;
}

} // namespace

void TestCsvScan::sameAsByBytes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("one byte") << QByteArray("a");
    QTest::newRow("one line break") << QByteArray("\n");
    QTest::newRow("CRLF") << QByteArray("a,b\r\n1,2\r\n");
    QTest::newRow("CR") << QByteArray("a,b\r1,2\r\r3,4");
    QTest::newRow("CR LF LF") << QByteArray("a\r\n\nb\n\r\nc");
    QTest::newRow("empty fields") << QByteArray(",a,\n,,\n,");
    QTest::newRow("doubled quotes") << QByteArray("\"{\"\"k\"\": \"\"v\"\"}\",x\n\"\"\"\",\"\"\n\"\"\"\"\"\",1");
    QTest::newRow("quoted line breaks") << QByteArray("\"a\nb\r\nc\rd\",e\nf,g\n\"\r\n\"\nh");
    QTest::newRow("CR before a closing quote") << QByteArray("\"a\r\"\nb\n\"\r\"\r\nc");
    QTest::newRow("quote inside a plain field") << QByteArray("1,2\n5\" disk,b\nc,\"d\ne\"\n");
    QTest::newRow("blank behind a quote") << QByteArray("a,b\n\"c\" ,d\n\"e\",f\n");
    QTest::newRow("text behind a quote") << QByteArray("a,b\n\"c\"d,e\nf,g\n");
    QTest::newRow("blank before a quote") << QByteArray("a, \"b,c\"\nd,e\n");
    QTest::newRow("open quote") << QByteArray("a,b\n1,2\n\"open,2\n3,4\n");
    QTest::newRow("open quote in the middle") << QByteArray("a,b\n1,\"2\n3,4\n5");
    QTest::newRow("quote at the very end") << QByteArray("a,\"b\"");
    QTest::newRow("mark") << QByteArray("\xEF\xBB\xBF"
                                        "a,b\n\xEF\xBB\xBF\xEF\xBB\xBF"
                                        "c,d\n\xEF\xBB\xBF");
    QTest::newRow("mark before a quote") << QByteArray("\xEF\xBB\xBF\"a\",b\n\"c\",d\n");
    // Borders of the blocks of 64 bytes.
    for (int before = 60; before <= 66; ++before) {
        const QByteArray filler(before, 'x');
        QTest::addRow("quote behind %d bytes", before)
            << filler + ",\"a,b\"\r\n\"\"\"c\"\"\",d\r\n" + filler + "\r\n\"e\"";
        QTest::addRow("stray quote behind %d bytes", before) << filler + "\"a,b\"\n" + filler + ",c\n";
        QTest::addRow("text behind a quote, %d bytes", before) << '"' + filler + "\"z,a\n1,2\n";
    }
}

void TestCsvScan::sameAsByBytes()
{
    QFETCH(QByteArray, text);
    for (const CsvLevel level : levels)
        QCOMPARE(scanned(viewOf(text), level), byBytes(viewOf(text)));
}

void TestCsvScan::sameAsByBytesAtRandom()
{
    QRandomGenerator random(1);
    int withQuotes = 0;
    for (int round = 0; round < 3000; ++round) {
        const QByteArray text = randomText(random, round % 2 == 0);
        const QByteArray expected = byBytes(viewOf(text));
        for (const CsvLevel level : levels)
            QVERIFY2(scanned(viewOf(text), level) == expected, text.toPercentEncoding().constData());
        withQuotes += text.contains('"') ? 1 : 0;
        const std::size_t byAvx2 = perunit::endOfRecords(viewOf(text), ',', CsvLevel::Avx2);
        QCOMPARE(perunit::endOfRecords(viewOf(text), ',', CsvLevel::Portable), byAvx2);
    }
    QVERIFY(withQuotes > 1000);
}

void TestCsvScan::sameAsLibcsv()
{
    QRandomGenerator random(2);
    for (int round = 0; round < 2000; ++round) {
        const QByteArray text = randomText(random, true);
        QByteArray own;
        CsvTextReader reader(viewOf(text), ',');
        CsvRecord record;
        while (*reader.next(record)) {
            // libcsv takes an empty line for none.
            if (record.fields.size() == 1 && record.fields[0].empty() && record.position(0).column == 1
                && !text.contains("\"\""))
                continue;
            for (const std::string_view field : record.fields)
                own += " <" + QByteArray(field.data(), qsizetype(field.size())).toPercentEncoding() + ">";
            own += '\n';
        }
        if (text.contains("\"\""))
            continue; // a line of nothing but two quotes cannot be told from an empty one above
        QVERIFY2(own == byLibcsv(viewOf(text)), text.toPercentEncoding().constData());
    }
}

void TestCsvScan::longRecords()
{
    // Records that are longer than what is looked at in one go.
    QByteArray text("h1,h2\n");
    for (int i = 0; i < 5; ++i)
        text += QByteArray(50'000, 'x') + ",\"" + QByteArray(70'000, '\n') + "\"\n" + "short," + QByteArray::number(i)
                + "\n";
    for (const CsvLevel level : levels)
        QCOMPARE(scanned(viewOf(text), level), byBytes(viewOf(text)));
}

void TestCsvScan::linesAndPlaces()
{
    CsvTextReader reader("h1,h2\r\n\"two\r\nlines\",b,\"c\"\r\n\r\nlast,\"x\ny\",z\n", ',');
    CsvRecord record;
    QVERIFY(*reader.next(record));
    QCOMPARE(record.position(1), (TextPosition{1, 4}));
    QVERIFY(*reader.next(record));
    QCOMPARE(record.position(1), (TextPosition{3, 8}));
    QCOMPARE(record.position(2), (TextPosition{3, 10}));
    QVERIFY(*reader.next(record));
    QCOMPARE(record.line, 4);
    QVERIFY(*reader.next(record));
    QCOMPARE(record.position(2), (TextPosition{6, 4}));
    QVERIFY(!*reader.next(record));
    QCOMPARE(reader.line(), 7);
}

void TestCsvScan::endOfRecords_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("end");
    QTest::newRow("nothing") << QByteArray() << 0;
    QTest::newRow("no end") << QByteArray("a,b") << 0;
    QTest::newRow("LF") << QByteArray("a\nb\nc") << 4;
    QTest::newRow("CRLF") << QByteArray("a\r\nb") << 3;
    QTest::newRow("CR whose LF may follow") << QByteArray("a\rb\r") << 2;
    QTest::newRow("inside quotes") << QByteArray("a\n\"b\nc\n") << 2;
    QTest::newRow("after quotes") << QByteArray("a\n\"b\nc\"\nd") << 8;
    QTest::newRow("stray quote") << QByteArray("a\"b\nc\nd") << 6;
    QTest::newRow("blank behind quotes") << QByteArray("\"a\" \nb") << 5;
    QTest::newRow("mark and quote") << QByteArray("\xEF\xBB\xBF\"a\nb\"\nc") << 9;
}

void TestCsvScan::endOfRecords()
{
    QFETCH(QByteArray, text);
    QFETCH(int, end);
    for (const CsvLevel level : levels)
        QCOMPARE(int(perunit::endOfRecords(viewOf(text), ',', level)), end);
}

void TestCsvScan::piecesHoldTheSameRecords()
{
    QRandomGenerator random(3);
    for (int round = 0; round < 300; ++round) {
        const QByteArray text = "title\nh1,h2\n" + randomText(random, round % 2 == 0);
        const QByteArray expected = byBytes(viewOf(text));
        StringInput input(viewOf(text), std::size_t(random.bounded(1, 40)));
        RecordPieces pieces(input, ',', 2, std::size_t(random.bounded(1, 200)));
        RecordPiece piece;
        QByteArray together;
        std::int64_t lines = 0;
        QByteArray failure;
        for (bool first = true;; first = false) {
            const auto more = pieces.next(piece);
            QVERIFY(more.ok());
            if (!*more)
                break;
            QCOMPARE(piece.first, first);
            QVERIFY(!first || piece.text().find("h1,h2\n") != std::string_view::npos);
            CsvTextReader reader(piece.text(), ',');
            CsvRecord record;
            while (true) {
                const auto next = reader.next(record);
                if (!next.ok()) {
                    failure = "error: ";
                    break;
                }
                if (!*next)
                    break;
                together += QByteArray::number(qint64(lines + record.line)) + (record.malformed ? "!" : ":");
                for (const std::string_view field : record.fields)
                    together += " <" + QByteArray(field.data(), qsizetype(field.size())).toPercentEncoding() + ">";
                together += '\n';
            }
            lines += reader.line() - 1;
        }
        const qsizetype error = expected.indexOf("error: ");
        QCOMPARE(together, error < 0 ? expected : expected.left(error));
        QCOMPARE(failure.isEmpty(), error < 0);
    }
}

void TestCsvScan::recordsThatNeverEnd()
{
    const QByteArray text = "h\n\"" + QByteArray(int(CsvReader::maximumRecord) + 100, 'x');
    StringInput input(viewOf(text), std::size_t{1} << 20);
    RecordPieces pieces(input, ',', 1, 1024);
    RecordPiece piece;
    QVERIFY(*pieces.next(piece));
    const auto outcome = pieces.next(piece);
    QVERIFY(!outcome.ok());
    QVERIFY(pieces.tooLong());
    QCOMPARE(outcome.error().code, ErrorCode::BadInput);
}

QTEST_APPLESS_MAIN(TestCsvScan)
#include "tst_csv_scan.moc"
