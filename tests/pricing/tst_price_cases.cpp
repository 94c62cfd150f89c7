// SPDX-License-Identifier: GPL-3.0-or-later
// Prices that other projects computed or recorded, through the same reading as `perunit price --requests`.
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/charge/price_difference.h"
#include "pricing/charge/request_line.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>
#include <memory>

using namespace perunit;

namespace {

std::string readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll().toStdString();
}

Result<std::shared_ptr<const PriceBook>> bookOf(const QString &file)
{
    static std::map<QString, std::shared_ptr<const PriceBook>> books;
    if (const auto known = books.find(file); known != books.end())
        return known->second;
    auto import = readCatalogue(readAll(sharedData(qPrintable("catalogues/" + file))), file.toStdString(),
                                {alwaysBefore, CatalogueReading::AsItsLibrary});
    if (!import)
        return import.error();
    auto book = std::make_shared<const PriceBook>(
        std::vector{std::make_shared<const Catalogue>(std::move(import->catalogue))}, std::vector<ModelMapping>{});
    books[file] = book;
    return Result<std::shared_ptr<const PriceBook>>(std::move(book));
}

/// The case as a line of a request list.
std::string lineOf(const QJsonObject &priceCase)
{
    QJsonObject line;
    for (const char *name : {"provider", "model", "timestamp", "service_tier", "batch", "raw_response"}) {
        if (priceCase.contains(QLatin1String(name)))
            line[QLatin1String(name)] = priceCase.value(QLatin1String(name));
    }
    const bool exclusive = priceCase.contains("usage_buckets_exclusive");
    line["usage"] = priceCase.value(exclusive ? "usage_buckets_exclusive" : "usage");
    return QJsonDocument(line).toJson(QJsonDocument::Compact).toStdString();
}

constexpr const char *twice = R"json({
 "cheap": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6},
 "wandb/wrong": {"litellm_provider": "wandb", "mode": "chat", "input_cost_per_token": 0.015,
                 "output_cost_per_token": 0.06}
})json";

ComparedBooks comparedBooks()
{
    ComparedBooks books;
    for (const auto reading : {CatalogueReading::Stated, CatalogueReading::AsItsLibrary}) {
        auto import = readCatalogue(twice, "litellm_2026-08-01.json", {alwaysBefore, reading});
        if (!import)
            qFatal("%s", import.error().text().c_str());
        if (reading == CatalogueReading::Stated)
            books.issues = import->issues;
        (reading == CatalogueReading::Stated ? books.stated : books.library) = std::make_shared<const PriceBook>(
            std::vector{std::make_shared<const Catalogue>(std::move(import->catalogue))}, std::vector<ModelMapping>{});
    }
    return books;
}

} // namespace

class TestPriceCases : public QObject
{
    Q_OBJECT
private slots:
    void casesOfOthers_data();
    void casesOfOthers();
    void differences_data();
    void differences();
};

void TestPriceCases::casesOfOthers_data()
{
    QTest::addColumn<QJsonObject>("priceCase");
    const QString path = sharedData("catalogues/price_cases_sample.json");
    REQUIRE_SHARED(path);
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(readAll(path)));
    for (const auto &each : document.object().value("cases").toArray())
        QTest::newRow(qPrintable(each.toObject().value("id").toString())) << each.toObject();
    QCOMPARE(document.object().value("cases").toArray().size(), 20);
}

void TestPriceCases::casesOfOthers()
{
    QFETCH(QJsonObject, priceCase);
    const auto book = bookOf(priceCase.value("catalogue").toString());
    if (!book && book.error().code == ErrorCode::Unsupported)
        QSKIP("this build does not read that format");
    QVERIFY2(book.ok(), book.ok() ? "" : book.error().text().c_str());
    const auto line = readRequestLine(lineOf(priceCase), {});
    QVERIFY2(line.ok(), line.ok() ? "" : line.error().text().c_str());
    const PricedRequest priced = priceRequest(**book, line->request);
    QVERIFY(priced.match.model.found());
    QVERIFY(priced.unpriced.empty());
    const auto expected = parseDecimal(priceCase.value("expected_usd").toString().toStdString(), Femto::scale);
    QVERIFY(expected.ok());
    const Int128 difference = priced.cost.units() - expected->units;
    // Twelve significant digits: nothing of what a catalogue can say lies beyond.
    const Int128 allowed = expected->units / 1'000'000'000'000 + 1;
    QVERIFY2(difference <= allowed && -difference <= allowed,
             (priced.cost.text() + " instead of " + priceCase.value("expected_usd").toString().toStdString()).c_str());
}

void TestPriceCases::differences_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("expected"); // class cost reason
    QTest::newRow("same") << R"({"provider":"openai","model":"cheap","usage":{"input":5,"output":5}})"
                          << "";
    QTest::newRow("inherited") << R"({"provider":"openai","model":"cheap","usage":{"input":5,"cache_read":1000}})"
                               << "cache_read 0.002 the catalogue states no price for this case; taken over from "
                                  "litellm:cheap";
    QTest::newRow("batch") << R"({"provider":"openai","model":"cheap","batch":true,"usage":{"output":1000}})"
                           << "output 0.008 the catalogue states no price for this case; taken over from "
                              "litellm:cheap";
    QTest::newRow("left out") << R"({"provider":"wandb","model":"wrong","usage":{"input":1}})"
                              << "input - a token at 15000 per million cannot be right; all prices of this model are "
                                 "left out";
    QTest::newRow("events") << R"({"provider":"openai","model":"cheap","usage":{"web_search":1}})"
                            << "web_search - the catalogue states no price for it";
}

void TestPriceCases::differences()
{
    QFETCH(QString, line);
    QFETCH(QString, expected);
    const ComparedBooks books = comparedBooks();
    const auto request = readRequestLine(line.toStdString(), {});
    QVERIFY(request.ok());
    const PricedRequest priced = priceRequest(*books.library, request->request);
    QStringList found;
    for (const PriceDifference &each : priceDifferences(books, request->request, priced))
        found << QString::fromStdString(std::string(nameOf(each.usageClass)) + " "
                                        + (each.cost ? each.cost->text() : "-") + " " + each.reason);
    QCOMPARE(found.join("; "), expected);
}

QTEST_APPLESS_MAIN(TestPriceCases)
#include "tst_price_cases.moc"
