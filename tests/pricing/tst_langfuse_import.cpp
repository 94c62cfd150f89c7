// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/name_list.h"
#include "pricing/charge/price_request.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QTest>

#include <memory>

using namespace perunit;

namespace {

constexpr const char *sample = R"json([
 {"id": "1", "modelName": "gpt-5.9", "matchPattern": "(?i)^(openai/)?(gpt-5.9(-2026-01-02)?)$",
  "pricingTiers": [
   {"name": "Standard", "isDefault": true, "priority": 0, "conditions": [],
    "prices": {"input": 2e-06, "input_cached_tokens": 5e-07, "input_cache_read": 5e-07, "output": 1e-05,
               "output_reasoning_tokens": 1e-05}},
   {"name": "Flex large", "isDefault": false, "priority": 1, "conditions": [
      {"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["flex"]},
      {"usageDetailPattern": "(input)", "operator": "gt", "value": 1000, "caseSensitive": false}],
    "prices": {"input": 3e-06, "output": 1.1e-05}},
   {"name": "Fast", "isDefault": false, "priority": 2, "conditions": [
      {"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["fast", "priority"]}],
    "prices": {"input": 4e-06, "output": 2e-05}},
   {"name": "Flex", "isDefault": false, "priority": 3, "conditions": [
      {"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["flex"]}],
    "prices": {"input": 1e-06, "output": 5e-06}},
   {"name": "Large", "isDefault": false, "priority": 4, "conditions": [
      {"usageDetailPattern": "(input|cache_write)", "operator": "gt", "value": 1000}],
    "prices": {"input": 6e-06, "output": 3e-05}},
   {"name": "Odd", "isDefault": false, "priority": 5, "conditions": [
      {"usageDetailPattern": "output", "operator": "gt", "value": 1000}],
    "prices": {"input": 1}}]},
 {"id": "2", "modelName": "claude-x", "matchPattern":
   "(?i)^(anthropic/)?(claude-x|(eu\\.|us\\.)?anthropic\\.claude-x-v1(:0)?|claude-x@20260101)$",
  "pricingTiers": [{"name": "Standard", "isDefault": true, "priority": 0, "conditions": [],
   "prices": {"input": 3e-06, "input_cache_creation_5m": 4e-06, "input_cache_creation_1h": 6e-06, "output": 1.5e-05,
              "web_search_queries": 0.01, "mystery": 1}},
   {"name": "Fast", "isDefault": false, "priority": 1, "conditions": [
      {"source": "model_parameters", "key": "speed", "operator": "in", "values": ["fast"]}],
    "prices": {"input": 6e-06, "output": 3e-05}}]},
 {"id": "3", "modelName": "text-embedding-3x", "matchPattern": "^(text-embedding-3x[a-z]*)$",
  "pricingTiers": [{"name": "Standard", "isDefault": true, "priority": 0, "conditions": [],
   "prices": {"total": 1e-07}}]}
])json";

CatalogueImport read(CatalogueReading reading)
{
    auto result = readCatalogue(sample, "langfuse_2026-08-20.json", {alwaysBefore, reading});
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return *result;
}

const PriceBook &book(CatalogueReading reading)
{
    static const PriceBook stated({std::make_shared<const Catalogue>(read(CatalogueReading::Stated).catalogue)}, {});
    static const PriceBook library({std::make_shared<const Catalogue>(read(CatalogueReading::AsItsLibrary).catalogue)},
                                   {});
    return reading == CatalogueReading::Stated ? stated : library;
}

constexpr auto stated = CatalogueReading::Stated;
constexpr auto library = CatalogueReading::AsItsLibrary;

} // namespace

class TestLangfuseImport : public QObject
{
    Q_OBJECT
private slots:
    void recognised();
    void tiers_data();
    void tiers();
    void whatIsNotNamed();
    void reasoningIsABucket();
    void totals();
    void names_data();
    void names();
    void namesOfExpressions_data();
    void namesOfExpressions();
    void issues();
    void wholeFile();
};

void TestLangfuseImport::recognised()
{
    QCOMPARE(read(stated).format, std::string("langfuse"));
    QVERIFY(!read(stated).dated);
    QVERIFY(looksLikeCatalogue(std::string_view(sample).substr(0, 200)));
}

void TestLangfuseImport::tiers_data()
{
    QTest::addColumn<QString>("tier");
    QTest::addColumn<int>("input");
    QTest::addColumn<QString>("cost"); // with 100 output tokens
    QTest::newRow("standard") << "standard" << 1000 << "0.003";
    QTest::newRow("standard, large") << "standard" << 1001 << "0.009006";
    QTest::newRow("flex") << "flex" << 1000 << "0.0015";
    QTest::newRow("flex, large") << "flex" << 1001 << "0.004103";
    QTest::newRow("priority") << "priority" << 1000 << "0.006";
    QTest::newRow("priority goes before large") << "priority" << 1001 << "0.006004";
    QTest::newRow("fast is the same tier") << "fast" << 1000 << "0.006";
    QTest::newRow("batch has none of its own") << "batch" << 1001 << "0.009006";
}

void TestLangfuseImport::tiers()
{
    QFETCH(QString, tier);
    QFETCH(int, input);
    QFETCH(QString, cost);
    RequestToPrice request;
    request.model = "gpt-5.9";
    request.tier = *serviceTierNamed(tier.toStdString());
    request.usage[UsageClass::Input] = input;
    request.usage[UsageClass::Output] = 100;
    for (const auto reading : {stated, library})
        QCOMPARE(priceRequest(book(reading), request).cost.text(), cost.toStdString());
}

void TestLangfuseImport::whatIsNotNamed()
{
    RequestToPrice request;
    request.model = "gpt-5.9";
    request.tier = ServiceTier::Flex;
    request.usage[UsageClass::CacheRead] = 1000;
    // Flex names no price for cached tokens: nothing to pay at Langfuse, the standard price as stated.
    QCOMPARE(priceRequest(book(library), request).cost.text(), std::string("0"));
    const PricedRequest own = priceRequest(book(stated), request);
    QCOMPARE(own.cost.text(), std::string("0.0005"));
    QCOMPARE(own.lines.front().state, PriceState::Assumed);
}

void TestLangfuseImport::reasoningIsABucket()
{
    RequestToPrice request;
    request.model = "claude-x";
    request.usage[UsageClass::Output] = 1000;
    request.usage.reasoning = 400;
    QCOMPARE(priceRequest(book(library), request).cost.text(), std::string("0.009"));
    QCOMPARE(priceRequest(book(stated), request).cost.text(), std::string("0.015"));
    request.model = "gpt-5.9";
    QCOMPARE(priceRequest(book(library), request).cost.text(), std::string("0.01"));
}

void TestLangfuseImport::totals()
{
    RequestToPrice request;
    request.model = "text-embedding-3x";
    request.provider = "openai";
    for (const UsageClass usageClass : {UsageClass::Input, UsageClass::Embedding}) {
        request.usage = {};
        request.usage[usageClass] = 1'000'000;
        QCOMPARE(priceRequest(book(library), request).cost.text(), std::string("0.1"));
    }
}

void TestLangfuseImport::names_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("asStated"); // provider/model
    QTest::addColumn<QString>("asLibrary");
    const auto row = [](const char *provider, const char *name, const char *asStated, const char *asLibrary) {
        QTest::newRow(qPrintable(QString(provider) + ":" + name)) << provider << name << asStated << asLibrary;
    };
    row("", "gpt-5.9", "openai/gpt-5.9", "openai/gpt-5.9");
    row("", "OpenAI/GPT-5.9-2026-01-02", "openai/gpt-5.9", "openai/gpt-5.9");
    row("azure", "gpt-5.9", "", "openai/gpt-5.9");
    row("", "gpt-5.9-mini", "", "");
    row("anthropic", "claude-x@20260101", "anthropic/claude-x", "anthropic/claude-x");
    row("bedrock", "us.anthropic.claude-x-v1:0", "bedrock/anthropic.claude-x-v1", "anthropic/claude-x");
    row("openai", "text-embedding-3xabc", "", "openai/text-embedding-3x");
}

void TestLangfuseImport::names()
{
    QFETCH(QString, provider);
    QFETCH(QString, name);
    QFETCH(QString, asStated);
    QFETCH(QString, asLibrary);
    const auto found = [&](CatalogueReading reading) {
        const ModelMatch match = book(reading).resolve(provider.toStdString(), name.toStdString());
        if (!match.model.found())
            return std::string();
        const ModelKey &key = book(reading).model(match.model).key;
        return key.provider + "/" + key.model;
    };
    QCOMPARE(found(stated), asStated.toStdString());
    QCOMPARE(found(library), asLibrary.toStdString());
}

void TestLangfuseImport::namesOfExpressions_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("expected");
    QTest::newRow("one") << "^gpt-4$"
                         << "gpt-4";
    QTest::newRow("optional group") << "^(openai/)?(gpt-4)$"
                                    << "gpt-4,openai/gpt-4";
    QTest::newRow("alternatives") << "^gpt-(35|3.5)(-turbo)?$"
                                  << "gpt-3.5,gpt-3.5-turbo,gpt-35,gpt-35-turbo";
    QTest::newRow("escaped point") << "^(eu\\.|us\\.)?a\\/b$"
                                   << "a/b,eu.a/b,us.a/b";
    QTest::newRow("no group") << "^(?:a|b)$"
                              << "a,b";
    QTest::newRow("digits are no names") << "^gpt-\\d+$"
                                         << "";
    QTest::newRow("repetition") << "^gpt.*$"
                                << "";
    QTest::newRow("class") << "^gpt-[0-9]$"
                           << "";
    QTest::newRow("open beginning") << "gpt-4$"
                                    << "";
    QTest::newRow("open group") << "^(gpt-4$"
                                << "";
    QTest::newRow("look ahead") << "^(?!a)b$"
                                << "";
    QTest::newRow("too many") << "^(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)$"
                              << "";
}

void TestLangfuseImport::namesOfExpressions()
{
    QFETCH(QString, expression);
    QFETCH(QString, expected);
    QStringList names;
    for (const std::string &name : namesOfExpression(expression.toStdString()))
        names << QString::fromStdString(name);
    QCOMPARE(names.join(","), expected);
}

void TestLangfuseImport::issues()
{
    QStringList paths;
    for (const CatalogueIssue &issue : read(stated).issues)
        paths << QString::fromStdString(issue.path);
    QVERIFY(paths.contains("/1/pricingTiers/0/prices/mystery"));
    QVERIFY(paths.contains("/0/pricingTiers/5/conditions/0"));
    QVERIFY(paths.contains("/2/matchPattern"));
}

void TestLangfuseImport::wholeFile()
{
    const QString path = sharedData("catalogues/langfuse_default_model_prices_2026-08-20.json");
    REQUIRE_SHARED(path);
    QFile content(path);
    QVERIFY(content.open(QIODevice::ReadOnly));
    const std::string text = content.readAll().toStdString();
    const auto import = readCatalogue(text, "langfuse_default_model_prices_2026-08-20.json", {alwaysBefore, library});
    QVERIFY(import.ok());
    QCOMPARE(import->catalogue.models.size(), std::size_t{167});
    for (const CatalogueModel &model : import->catalogue.models) {
        QVERIFY2(model.key.provider != "langfuse", model.key.model.c_str());
        QVERIFY2(model.patterns.size() == 1, model.key.model.c_str());
    }
}

QTEST_APPLESS_MAIN(TestLangfuseImport)
#include "tst_langfuse_import.moc"
