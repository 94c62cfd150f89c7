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
    void textsInFallingOrder();
};

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
