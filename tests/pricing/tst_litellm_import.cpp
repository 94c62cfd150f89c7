// SPDX-License-Identifier: GPL-3.0-or-later
// The importer on the whole file of a third party, with prices that others computed from it.
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/charge/price_request.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <memory>
#include <set>

using namespace perunit;

namespace {

QString cataloguePath()
{
    return sharedData("catalogues/litellm_model_prices_2026-08-01.json");
}

QByteArray readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

const CatalogueImport &wholeFile()
{
    static const CatalogueImport import = [] {
        auto read = readCatalogue(readAll(cataloguePath()).toStdString(), "litellm_model_prices_2026-08-01.json");
        if (!read)
            qFatal("%s", read.error().text().c_str());
        return std::move(*read);
    }();
    return import;
}

const PriceBook &book()
{
    static const PriceBook result({std::make_shared<const Catalogue>(wholeFile().catalogue)}, {});
    return result;
}

std::string costOf(const char *provider, const char *model, const Usage &usage,
                   ServiceTier tier = ServiceTier::Standard)
{
    RequestToPrice request;
    request.provider = provider;
    request.model = model;
    request.at = *parseInstant("2026-11-21T12:00:00Z");
    request.tier = tier;
    request.usage = usage;
    const PricedRequest priced = priceRequest(book(), request);
    return priced.unpriced.empty() ? priced.cost.text() : "unpriced";
}

/// The case file counts all prompt tokens together; we count every token once.
Usage disjoint(const QJsonObject &counts)
{
    const auto count = [&counts](const char *name) {
        return counts.value(QLatin1String(name)).toInteger();
    };
    Usage usage;
    usage[UsageClass::CacheRead] = count("cache_read_tokens");
    usage[UsageClass::CacheWrite1h] = count("cache_write_1h_tokens");
    usage[UsageClass::CacheWrite5m] = count("cache_write_tokens") - count("cache_write_1h_tokens");
    usage[UsageClass::Input] = count("input_tokens") - count("cache_read_tokens") - count("cache_write_tokens");
    usage[UsageClass::Output] = count("output_tokens");
    return usage;
}

} // namespace

class TestLiteLlmImport : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void counts();
    void noKeyDisappears();
    void exactPrices();
    void wrongUnitsAreLeftUnpriced();
    void everyPriceIsPlausible();
    void casesOfOthers_data();
    void casesOfOthers();
    void recognisedByItsBeginning();
};

void TestLiteLlmImport::initTestCase()
{
    REQUIRE_SHARED(cataloguePath());
}

void TestLiteLlmImport::counts()
{
    const Catalogue &catalogue = wholeFile().catalogue;
    QCOMPARE(wholeFile().format, std::string("litellm"));
    QCOMPARE(catalogue.asOf, std::string("2026-08-01"));
    // 2,985 keys; several name one model in several regions or through several doors, some have no price per use.
    QCOMPARE(catalogue.models.size(), std::size_t{2471});
    QCOMPARE(book().modelCount(), catalogue.models.size());
    QVERIFY(wholeFile().issues.size() > 500);
    for (const CatalogueIssue &issue : wholeFile().issues)
        QVERIFY2(issue.path.size() > 1 && !issue.reason.empty(), issue.path.c_str());
}

void TestLiteLlmImport::noKeyDisappears()
{
    std::set<std::string> reported;
    for (const CatalogueIssue &issue : wholeFile().issues)
        reported.insert(issue.path.substr(0, issue.path.find('/', 1)));
    const QJsonObject models = QJsonDocument::fromJson(readAll(cataloguePath())).object();
    for (auto each = models.begin(); each != models.end(); ++each) {
        if (each.key() == "sample_spec" || each.key() == "fallback_generalizations")
            continue;
        const std::string key = each.key().toStdString();
        const QString escaped = QString(each.key()).replace("~", "~0").replace("/", "~1");
        if (reported.count("/" + escaped.toStdString()) != 0)
            continue;
        const std::string provider = each.value().toObject().value("litellm_provider").toString().toStdString();
        const ModelMatch match = book().resolve(provider, key);
        QVERIFY2(match.model.found(), key.c_str());
    }
}

void TestLiteLlmImport::exactPrices()
{
    Usage million;
    million[UsageClass::Input] = 1'000'000;
    Usage small;
    small[UsageClass::Input] = 1000;
    Usage output;
    output[UsageClass::Output] = 1'000'000;
    QCOMPARE(costOf("openai", "gpt-4o", million), std::string("2.5"));
    QCOMPARE(costOf("openai", "gpt-4o", million, ServiceTier::Batch), std::string("1.25"));
    QCOMPARE(costOf("openai", "gpt-4o-2024-05-13", output), std::string("15"));
    QCOMPARE(costOf("anthropic", "claude-sonnet-4-5", million), std::string("6")); // beyond 200,000 tokens
    QCOMPARE(costOf("anthropic", "claude-sonnet-4-5", small), std::string("0.003"));
    QCOMPARE(costOf("gemini", "gemini-2.0-flash-001", output), std::string("0.4"));
    QCOMPARE(costOf("vertex_ai", "gemini-2.0-flash-001", output), std::string("0.6"));
    QCOMPARE(costOf("bedrock", "us.anthropic.claude-opus-4-8", million), std::string("5.5"));
    QCOMPARE(costOf("azure", "azure/eu/gpt-5-2025-08-07", million), std::string("1.375"));
    // A slip of a digit (50 times the standard price) is not charged.
    QCOMPARE(costOf("openai", "gpt-5-nano", million, ServiceTier::Priority), std::string("0.05"));
}

void TestLiteLlmImport::wrongUnitsAreLeftUnpriced()
{
    int quarantined = 0;
    for (const CatalogueIssue &issue : wholeFile().issues) {
        if (issue.reason.find("cannot be right") == std::string::npos)
            continue;
        ++quarantined;
        const std::string key = QString::fromStdString(issue.path.substr(1)).replace("~1", "/").toStdString();
        for (const CatalogueModel &model : wholeFile().catalogue.models) {
            for (const Rate &rate : model.rates)
                QVERIFY2(rate.id != "litellm:" + key, key.c_str());
        }
    }
    Usage usage;
    usage[UsageClass::Input] = 1;
    for (const char *model : {"wandb/openai/gpt-oss-120b", "wandb/deepseek-ai/DeepSeek-R1-0528",
                              "wandb/zai-org/GLM-4.5", "wandb/microsoft/Phi-4-mini-instruct"})
        QCOMPARE(costOf("wandb", model, usage), std::string("unpriced"));
    QCOMPARE(costOf("azure_ai", "azure_ai/jais-30b-chat", usage), std::string("unpriced"));
    QVERIFY2(quarantined >= 14 && quarantined <= 25, qPrintable(QString::number(quarantined)));
}

void TestLiteLlmImport::everyPriceIsPlausible()
{
    for (const CatalogueModel &model : wholeFile().catalogue.models) {
        QVERIFY(!model.rates.empty());
        for (const Rate &rate : model.rates) {
            for (const UsageClass each : tokenClasses) {
                const auto i = static_cast<std::size_t>(each);
                if (rate.prices[i] && rate.prices[i]->femto != 0)
                    QVERIFY2(rate.prices[i]->femto < 1'000'000'000'000 && rate.prices[i]->femto > 100'000,
                             rate.id.c_str());
            }
        }
    }
}

void TestLiteLlmImport::casesOfOthers_data()
{
    QTest::addColumn<QJsonObject>("priceCase");
    const QString path = sharedData("catalogues/price_cases_sample.json");
    REQUIRE_SHARED(path);
    const QJsonArray cases = QJsonDocument::fromJson(readAll(path)).object().value("cases").toArray();
    for (const auto &each : cases) {
        const QJsonObject priceCase = each.toObject();
        if (priceCase.value("catalogue").toString() == "litellm_model_prices_2026-08-01.json")
            QTest::newRow(qPrintable(priceCase.value("id").toString())) << priceCase;
    }
}

void TestLiteLlmImport::casesOfOthers()
{
    QFETCH(QJsonObject, priceCase);
    const std::string tierName = priceCase.value("service_tier").toString().toStdString();
    const ServiceTier tier = priceCase.value("batch").toBool() ? ServiceTier::Batch : *serviceTierNamed(tierName);
    QCOMPARE(costOf(priceCase.value("provider").toString().toStdString().c_str(),
                    priceCase.value("model").toString().toStdString().c_str(),
                    disjoint(priceCase.value("usage").toObject()), tier),
             priceCase.value("expected_usd").toString().toStdString());
}

void TestLiteLlmImport::recognisedByItsBeginning()
{
    const std::string text = readAll(cataloguePath()).toStdString();
    QVERIFY(looksLikeCatalogue(std::string_view(text).substr(0, 4096)));
    for (const char *other : {"catalogues/price_cases_sample.json", "ptu/provisioned_facts.json"}) {
        const QString path = sharedData(other);
        if (QFileInfo::exists(path))
            QVERIFY(!looksLikeCatalogue(readAll(path).left(4096).toStdString()));
    }
}

QTEST_APPLESS_MAIN(TestLiteLlmImport)
#include "tst_litellm_import.moc"
