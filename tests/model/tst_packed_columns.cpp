// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/stored_rows.h"

#include "model/store/column_codec.h"
#include "model/workload/packed_numbers.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace perunit;

using Numbers = std::vector<std::int64_t>;
Q_DECLARE_METATYPE(Numbers)

namespace {

Numbers generated(std::size_t count, const std::function<std::int64_t(std::size_t)> &value)
{
    Numbers numbers(count);
    for (std::size_t i = 0; i < count; ++i)
        numbers[i] = value(i);
    return numbers;
}

} // namespace

/// Numbers as they stay in memory are the numbers that were packed, whichever way they came there.
class TestPackedColumns : public QObject
{
    Q_OBJECT
private slots:
    void numbersComeBack_data();
    void numbersComeBack();
    void multiplesTakeHalf();
    void countedAndOrdered_data();
    void countedAndOrdered();
    void orderAcrossPieces();
    void roomIsShared();
    void textsInFallingOrder();
    void textsUnpackedWhenAsked();
    void textsThatCannotBeUnpacked();
    void manySessionsComeBack();
};

void TestPackedColumns::countedAndOrdered_data()
{
    numbersComeBack_data();
}

/// What is told from packed words is what the numbers say one by one.
void TestPackedColumns::countedAndOrdered()
{
    QFETCH(Numbers, numbers);
    Numbers sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    for (const Numbers &each : {numbers, sorted}) {
        for (const bool closed : {false, true}) {
            PackedNumbers packed;
            for (const std::int64_t number : each)
                packed.push_back(number);
            if (closed)
                packed.close();
            QCOMPARE(packed.neverFalls(), std::is_sorted(each.begin(), each.end()));
            for (const std::int64_t value : {each.front(), each.back(), each[each.size() / 2], std::int64_t{0},
                                             each.front() + 256, INT64_MIN, INT64_MAX})
                QCOMPARE(packed.countOfOthers(value),
                         each.size() - static_cast<std::size_t>(std::count(each.begin(), each.end(), value)));
        }
    }
}

/// A fall between two pieces, or behind the last one, is one too.
void TestPackedColumns::orderAcrossPieces()
{
    const auto packedOf = [](std::int64_t firstOfSecond, std::int64_t firstOpen) {
        PackedNumbers packed;
        packed.extend(PackedNumbers::pieceRows, 5);
        packed.push_back(firstOfSecond);
        packed.extend(2 * PackedNumbers::pieceRows, 7);
        packed.push_back(firstOpen);
        return packed;
    };
    QVERIFY(packedOf(5, 7).neverFalls());
    QVERIFY(!packedOf(4, 7).neverFalls());
    QVERIFY(!packedOf(5, 6).neverFalls());
    QVERIFY(PackedNumbers().neverFalls());
}

/// Pieces from one room do not overlap, and live as long as they are needed.
void TestPackedColumns::roomIsShared()
{
    QRandomGenerator random(5);
    std::vector<Numbers> all;
    std::vector<PackedNumbers::Piece> pieces;
    {
        PieceRoom room;
        for (int i = 0; i < 120; ++i) {
            all.push_back(generated(1 + random.bounded(65536),
                                    [&random](std::size_t) { return static_cast<std::int64_t>(random.generate64()); }));
            pieces.push_back(PackedNumbers::pack(all.back().data(), all.back().size(), &room));
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        Numbers copied(all[i].size());
        pieces[i].copyTo(copied.data());
        QVERIFY(copied == all[i]);
        pieces[i] = {};
    }
}

/// A dictionary that is unpacked later answers like one that was filled at once, whatever is asked first.
void TestPackedColumns::textsUnpackedWhenAsked()
{
    int unpacked = 0;
    const auto packed = [&unpacked] {
        Dictionary dictionary;
        dictionary.appendLater(2, [&unpacked](Dictionary &to) {
            ++unpacked;
            to.appendNew("a");
            to.appendNew("b");
            return true;
        });
        return dictionary;
    };
    const Dictionary texts = packed();
    QCOMPARE(texts.size(), std::size_t{3});
    QCOMPARE(unpacked, 0);
    QCOMPARE(texts.text(2), std::string_view("b"));
    QCOMPARE(texts.text(0), std::string_view());
    QCOMPARE(texts.find("a"), 1U);
    QCOMPARE(unpacked, 1);
    QCOMPARE(packed().find("b"), 2U);
    QCOMPARE(packed().find("c"), Dictionary::missing);
    Dictionary extended = packed();
    QCOMPARE(extended.idOf("c"), 3U);
    QCOMPARE(extended.idOf("a"), 1U);
    QCOMPARE(extended.size(), std::size_t{4});
    const Dictionary source = packed();
    Dictionary copy = source;
    QCOMPARE(copy.idOf("b"), 2U);
    QCOMPARE(copy.idOf("new"), 3U);
    QCOMPARE(source.size(), std::size_t{3});
    const Dictionary moved = std::move(copy);
    QCOMPARE(moved.text(3), std::string_view("new"));
}

void TestPackedColumns::textsThatCannotBeUnpacked()
{
    for (const bool tooFew : {false, true}) {
        Dictionary dictionary;
        dictionary.appendLater(3, [tooFew](Dictionary &to) {
            to.appendNew("a");
            return tooFew;
        });
        QCOMPARE(dictionary.size(), std::size_t{4});
        QVERIFY(dictionary.text(1) != dictionary.text(2));
        QVERIFY(dictionary.text(3).starts_with("(damaged text"));
        QCOMPARE(dictionary.find(dictionary.text(2)), 2U);
    }
}

/// So many names of sessions that they are unpacked when they are asked for.
void TestPackedColumns::manySessionsComeBack()
{
    LedgerFolder folder;
    const auto workspace = folder.workspace("sessions.perunit");
    QRandomGenerator random(3);
    std::vector<RequestRow> rows;
    for (int i = 0; i < 150'000; ++i) {
        rows.push_back(request(i));
        for (int part = 0; part < 2; ++part)
            rows.back().session += std::to_string(random.generate64());
    }
    store(*workspace, "sessions", SourceRole::Usage, rows);
    TAKE(ledger, workspace->readLedger({}));
    const DimensionColumn &sessions = *ledger.workload->dimension("session");
    QCOMPARE(sessions.dictionary.size(), rows.size() + 1);
    const std::size_t before = sessions.dictionary.memory();
    QVERIFY2(before < std::size_t{1} << 16, "names are unpacked before anyone asks");
    for (std::size_t row = 0; row < rows.size(); row += 997)
        QCOMPARE(ledger.workload->text("session", row), rows[row].session);
    QVERIFY(sessions.dictionary.memory() > before);
}

void TestPackedColumns::numbersComeBack_data()
{
    QTest::addColumn<Numbers>("numbers");
    QRandomGenerator random(11);
    const auto noise = [&random](std::uint64_t below) {
        return static_cast<std::int64_t>(random.generate64() % below);
    };
    const auto row = [](const char *name, Numbers numbers) {
        QTest::newRow(name) << std::move(numbers);
    };
    row("one", {-5});
    row("constant", generated(1000, [](std::size_t) { return 7; }));
    row("rising", generated(65536, [](std::size_t i) { return static_cast<std::int64_t>(i) * 3 - 9; }));
    row("falling", generated(5, [](std::size_t i) { return 5 - static_cast<std::int64_t>(i); }));
    row("extremes", {INT64_MIN, INT64_MAX, 0, -1, 1, INT64_MIN});
    for (int bytes = 1; bytes < 8; ++bytes)
        row(qPrintable(QString("%1 bytes").arg(bytes)),
            generated(3000, [&](std::size_t) { return -100 + noise(std::uint64_t{1} << (8 * bytes)); }));
    row("drift of small steps",
        generated(5000, [at = std::int64_t{1} << 50, &noise](std::size_t) mutable { return at += noise(70000); }));
    const std::int64_t year = instantOf(2025, 1, 1).micros;
    const auto millis = [&](std::size_t) {
        return year + noise(400'000'000) * 1000;
    };
    const Numbers times = generated(65536, millis);
    row("times in milliseconds", times);
    Numbers oneOdd = times;
    oneOdd[40000] += 1;
    row("one time between milliseconds", oneOdd);
    Numbers oneHigh = times;
    oneHigh[300] = year + 8'000'000'000'000'000;
    row("one time far away", oneHigh);
    row("multiples of an odd number",
        generated(2000, [&](std::size_t) { return -77 + noise(std::uint64_t{1} << 31) * 999'999'937; }));
}

void TestPackedColumns::numbersComeBack()
{
    QFETCH(Numbers, numbers);
    ColumnUnpacker unpacker;
    PackedNumbers::Piece stored;
    const std::string packed = packIntegers(numbers);
    VERIFY_OK(unpacker.piece(packed, numbers.size(), stored));
    QVERIFY(!unpacker.piece(packed, numbers.size() + 1, stored).ok());
    VERIFY_OK(unpacker.piece(packed, numbers.size(), stored));
    for (const PackedNumbers::Piece &piece : {PackedNumbers::pack(numbers.data(), numbers.size()), stored}) {
        QCOMPARE(std::size_t{piece.rows}, numbers.size());
        Numbers copied(numbers.size());
        piece.copyTo(copied.data());
        QCOMPARE(copied, numbers);
        Numbers single(numbers.size());
        for (std::size_t row = 0; row < numbers.size(); ++row)
            single[row] = piece.at(row);
        QCOMPARE(single, numbers);
    }
}

void TestPackedColumns::multiplesTakeHalf()
{
    const Numbers times = generated(65536, [](std::size_t i) {
        return instantOf(2025, 1, 1).micros + static_cast<std::int64_t>(i * i % 200'000'033) * 1000;
    });
    QCOMPARE(PackedNumbers::pack(times.data(), times.size()).bytes.size(), times.size() * 4);
    Numbers odd = times;
    odd.back() += 1;
    QCOMPARE(PackedNumbers::pack(odd.data(), odd.size()).bytes.size(), odd.size() * 8);
}

/// Numbers of texts that fall evenly within the last piece of a ledger, as those of rows in reverse order do.
void TestPackedColumns::textsInFallingOrder()
{
    LedgerFolder folder;
    const auto workspace = folder.workspace("falling.perunit");
    std::vector<RequestRow> rows;
    for (int i = 0; i < static_cast<int>(PackedNumbers::pieceRows) + 3; ++i) {
        rows.push_back(request(i));
        rows.back().team = "team " + std::to_string(i < 3 ? i : 0);
    }
    rows[rows.size() - 3].team = "team 2";
    rows[rows.size() - 2].team = "team 1";
    rows[rows.size() - 1].team = "team 0";
    store(*workspace, "falling", SourceRole::Usage, rows);
    TAKE(ledger, workspace->readLedger({}));
    for (std::size_t row = rows.size() - 4; row < rows.size(); ++row)
        QCOMPARE(ledger.workload->text("team", row), rows[row].team);
}

QTEST_APPLESS_MAIN(TestPackedColumns)
#include "tst_packed_columns.moc"
