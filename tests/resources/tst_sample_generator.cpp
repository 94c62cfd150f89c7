// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/base/decimal.h"
#include "resources/sample/calendar.h"
#include "resources/sample/harness.h"
#include "resources/sample/random.h"
#include "resources/sample/request.h"
#include "resources/sample/sample_files.h"
#include "tests/support/shared_data.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace perunit;
using namespace perunit::sample;

class SampleGenerator : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void distributionsAreRight();
    void sameSeedSameBytes();
    void shippedBytes_data();
    void shippedBytes();
    void refusesMissingFolder();
    void requestLogShape();
    void sixMonthsInOrder();
    void trafficFollowsTheWeekAndGrows();
    void tokensAreDisjointAndPlausible();
    void retryLoopStandsOut();
    void longPromptsCrossTheThreshold();
    void modelsArePubliclyPriced();
    void outcomesMatchTheRequests();
    void harnessIsFocus();
    void harnessCostsAreExact();

private:
    static QByteArray content(const QString &path);

    QTemporaryDir m_folder;
    Traffic m_traffic;
    QList<QByteArray> m_lines;
};

QByteArray SampleGenerator::content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void SampleGenerator::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QCOMPARE(writeSample(m_folder.path().toStdString(), shippedSeed), std::string());
    m_traffic = makeTraffic(shippedSeed);
    m_lines = content(m_folder.filePath(QLatin1String(requestsFile))).trimmed().split('\n');
}

void SampleGenerator::distributionsAreRight()
{
    for (int i = -400; i <= 400; ++i) {
        const double x = i / 20.0;
        QVERIFY2(std::fabs(exponential(x) / std::exp(x) - 1) < 1e-14, qPrintable(QString::number(x)));
        QVERIFY2(std::fabs(logarithm(std::exp(x)) - x) < 1e-13 * std::max(1.0, std::fabs(x)),
                 qPrintable(QString::number(x)));
    }
    Random random(7, 1);
    constexpr int count = 200'000;
    double sum = 0;
    double squares = 0;
    int beyondTwo = 0;
    for (int i = 0; i < count; ++i) {
        const double value = random.normal();
        sum += value;
        squares += value * value;
        beyondTwo += std::fabs(value) > 1.959964 ? 1 : 0;
    }
    QVERIFY(std::fabs(sum / count) < 0.01);
    QVERIFY(std::fabs(squares / count - 1) < 0.015);
    QVERIFY(std::abs(beyondTwo - count / 20) < 500);
    std::array<int, 3> picked{};
    for (int i = 0; i < count; ++i)
        ++picked[random.pick({1, 0, 3})];
    QCOMPARE(picked[1], 0);
    QVERIFY(std::abs(picked[0] - count / 4) < 1'000);
}

void SampleGenerator::sameSeedSameBytes()
{
    QTemporaryDir again;
    QTemporaryDir other;
    QCOMPARE(writeSample(again.path().toStdString(), shippedSeed), std::string());
    QCOMPARE(writeSample(other.path().toStdString(), shippedSeed + 1), std::string());
    for (const char *name : {requestsFile, harnessFile, outcomesFile}) {
        const QByteArray first = content(m_folder.filePath(QLatin1String(name)));
        QVERIFY2(!first.isEmpty(), name);
        QVERIFY2(first == content(again.filePath(QLatin1String(name))), name);
        QVERIFY2(first != content(other.filePath(QLatin1String(name))), name);
    }
}

void SampleGenerator::shippedBytes_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("sha256");
    QTest::newRow("requests") << QString::fromLatin1(requestsFile)
                              << QByteArrayLiteral("47f297aef4c052d445182807d7ad080fb914630dce7cec979626196a282c2635");
    QTest::newRow("harness") << QString::fromLatin1(harnessFile)
                             << QByteArrayLiteral("c204d82b3791fc3a5347f0d2c8fb1ae4b66caebb016235008174263661b88c3d");
    QTest::newRow("outcomes") << QString::fromLatin1(outcomesFile)
                              << QByteArrayLiteral("d4118333162053bfdb153babf527b305afdacd0b1db62803e2ae0d4529f4e6e4");
}

/// The figures of the sample are quoted in scenarios and reports: a change of the bytes is a change of the sample
/// and must be meant.
void SampleGenerator::shippedBytes()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, sha256);
    QCOMPARE(QCryptographicHash::hash(content(m_folder.filePath(file)), QCryptographicHash::Sha256).toHex(), sha256);
}

void SampleGenerator::refusesMissingFolder()
{
    const std::string problem = writeSample(m_folder.filePath(QStringLiteral("none")).toStdString(), shippedSeed);
    QVERIFY(problem.find("none/requests.csv") != std::string::npos);
}

void SampleGenerator::requestLogShape()
{
    QCOMPARE(m_lines.first(),
             QByteArrayLiteral("time,duration_ms,provider,model,region,deployment,tier,status,workload,"
                               "environment,team,feature,customer,session_id,document_id,"
                               "prompt_template,input_tokens,cache_read_tokens,cache_write_5m_tokens,"
                               "output_tokens"));
    const auto rows = m_lines.size() - 1;
    QCOMPARE(static_cast<std::size_t>(rows), m_traffic.requests.size());
    QVERIFY2(rows >= 220'000 && rows <= 260'000, qPrintable(QString::number(rows)));
    // Names, ids and numbers; nothing that a spreadsheet would run, no addresses, no prompts.
    static const QRegularExpression allowed(QStringLiteral("^([A-Za-z0-9][A-Za-z0-9 ._:-]*)?$"));
    std::set<QByteArray> checked;
    for (qsizetype i = 1; i < m_lines.size(); ++i) {
        const QList<QByteArray> fields = m_lines[i].split(',');
        QCOMPARE(fields.size(), 20);
        for (const QByteArray &field : fields) {
            QVERIFY2(field.size() <= 40, field.constData());
            if (checked.insert(field).second)
                QVERIFY2(allowed.match(QString::fromUtf8(field)).hasMatch(), field.constData());
        }
    }
}

void SampleGenerator::sixMonthsInOrder()
{
    std::map<std::string, int> months;
    std::int64_t last = startOfDay(0);
    for (const Request &request : m_traffic.requests) {
        QVERIFY(request.time >= last);
        last = request.time;
        ++months[timeText(request.time).substr(0, 7)];
    }
    QVERIFY(last < startOfDay(dayCount));
    QCOMPARE(months.size(), std::size_t{6});
    QCOMPARE(months.begin()->first, std::string("2026-05"));
    QCOMPARE(months.rbegin()->first, std::string("2026-10"));
    for (const auto &[month, count] : months)
        QVERIFY2(count > 30'000, month.c_str());
    QCOMPARE(timeText(startOfDay(dayCount) - 1), std::string("2026-10-31T23:59:59.999Z"));
}

void SampleGenerator::trafficFollowsTheWeekAndGrows()
{
    std::array<int, 7> weekdays{};
    std::array<int, 24> hours{};
    std::array<int, dayCount> days{};
    for (const Request &request : m_traffic.requests) {
        const auto day = static_cast<std::size_t>((request.time - startOfDay(0)) / millisPerDay);
        ++weekdays[static_cast<std::size_t>(weekdayOf(static_cast<int>(day)))];
        ++hours[static_cast<std::size_t>(request.time % millisPerDay / millisPerHour)];
        if (request.workload == "support-chatbot")
            ++days[day];
    }
    QVERIFY(weekdays[0] > 2 * weekdays[5]);
    QVERIFY(hours[9] > 3 * hours[23]);
    int first = 0;
    int last = 0;
    for (std::size_t i = 0; i < 28; ++i) {
        first += days[i];
        last += days[dayCount - 28 + i];
    }
    // 4 % a month over the 156 days between the two windows of four weeks.
    const double growth = static_cast<double>(last) / first;
    QVERIFY2(growth > 1.15 && growth < 1.30, qPrintable(QString::number(growth)));
}

void SampleGenerator::tokensAreDisjointAndPlausible()
{
    int failed = 0;
    std::set<std::string_view> environments;
    for (const Request &request : m_traffic.requests) {
        QVERIFY(request.input >= 0 && request.cacheRead >= 0 && request.cacheWrite >= 0 && request.output >= 0);
        QVERIFY(request.duration > 0);
        environments.insert(request.environment);
        const std::int64_t prompt = request.input + request.cacheRead + request.cacheWrite;
        if (request.status == "ok") {
            QVERIFY(prompt > 0 && request.output > 0);
        } else {
            ++failed;
            QCOMPARE(request.output, std::int64_t{0});
            QCOMPARE(prompt == 0, request.status == "rate_limited");
        }
        QVERIFY(request.model.provider == "anthropic" || request.cacheWrite == 0);
        QVERIFY(!request.model.deployment.empty()
                == (request.model.provider == "azure" || request.model.provider == "in-house"));
    }
    const double share = static_cast<double>(failed) / static_cast<double>(m_traffic.requests.size());
    QVERIFY2(share > 0.007 && share < 0.009, qPrintable(QString::number(share)));
    QCOMPARE(environments.size(), std::size_t{3});
}

void SampleGenerator::retryLoopStandsOut()
{
    std::vector<std::int64_t> load(dayCount, 0);
    for (const Request &request : m_traffic.requests) {
        if (request.workload == "document-pipeline")
            load[static_cast<std::size_t>((request.time - startOfDay(0)) / millisPerDay)] +=
                request.input + 4 * request.output;
    }
    const auto loop = static_cast<std::size_t>(dayOf(9, 17));
    const std::int64_t worst = load[loop];
    load[loop] = 0;
    const std::int64_t next = *std::max_element(load.begin(), load.end());
    QVERIFY2(worst > 8 * next, qPrintable(QString::number(worst) + QStringLiteral(" ") + QString::number(next)));
}

void SampleGenerator::longPromptsCrossTheThreshold()
{
    int above = 0;
    for (const Request &request : m_traffic.requests) {
        if (request.input + request.cacheRead + request.cacheWrite > 200'000) {
            ++above;
            QCOMPARE(request.workload, std::string_view("contract-review"));
            QVERIFY(request.model.model != models::opusDated.model);
        }
    }
    QVERIFY2(above > 1'000 && above < 5'000, qPrintable(QString::number(above)));
}

void SampleGenerator::modelsArePubliclyPriced()
{
    const QString path = sharedData("catalogues/litellm_model_prices_2026-08-01.json");
    REQUIRE_SHARED(path);
    const QJsonObject catalogue = QJsonDocument::fromJson(content(path)).object();
    QVERIFY(catalogue.size() > 1'000);
    std::map<std::string, int> unknown;
    std::set<std::string> providers;
    for (const Request &request : m_traffic.requests) {
        providers.emplace(request.model.provider);
        const QString model = QString::fromUtf8(request.model.model.data(), qsizetype(request.model.model.size()));
        if (!catalogue.contains(request.model.provider == "azure" ? QStringLiteral("azure/") + model : model))
            ++unknown[std::string(request.model.model)];
    }
    QCOMPARE(unknown.size(), std::size_t{1});
    QCOMPARE(unknown.begin()->first, std::string(models::ownRouter.model));
    QVERIFY(unknown.begin()->second > 1'000 && unknown.begin()->second < 10'000);
    QCOMPARE(providers, (std::set<std::string>{"anthropic", "azure", "google", "in-house", "openai"}));
}

void SampleGenerator::outcomesMatchTheRequests()
{
    std::map<std::string_view, std::set<std::string>> units;
    for (const Request &request : m_traffic.requests) {
        if (request.environment == "prod")
            units[request.workload].insert(request.session.empty() ? request.document : request.session);
    }
    std::map<std::string, std::int64_t> reported;
    const QList<QByteArray> lines = content(m_folder.filePath(QLatin1String(outcomesFile))).trimmed().split('\n');
    QCOMPARE(lines.first(), QByteArrayLiteral("date,metric,label,amount"));
    QCOMPARE(lines.size(), 1 + 4 * dayCount);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QList<QByteArray> fields = lines[i].split(',');
        QCOMPARE(fields.size(), 4);
        QCOMPARE(fields[0].toStdString(), dateText(static_cast<int>((i - 1) / 4)));
        reported[fields[1].toStdString()] += fields[3].toLongLong();
    }
    QCOMPARE(static_cast<std::size_t>(reported["documents_processed"]), units["document-pipeline"].size());
    QCOMPARE(static_cast<std::size_t>(reported["contracts_reviewed"]), units["contract-review"].size());
    const double resolved =
        static_cast<double>(reported["conversations_resolved"]) / static_cast<double>(units["support-chatbot"].size());
    QVERIFY2(resolved > 0.65 && resolved < 0.85, qPrintable(QString::number(resolved)));
}

void SampleGenerator::harnessIsFocus()
{
    QVERIFY(std::is_sorted(focusColumns.begin(), focusColumns.end()));
    const std::vector<FocusRow> rows = makeHarnessCharges(shippedSeed);
    std::map<std::string, int> categories;
    int shared = 0;
    for (const FocusRow &row : rows) {
        for (const auto &[column, value] : row)
            QVERIFY2(std::find(focusColumns.begin(), focusColumns.end(), column) != focusColumns.end(), column.data());
        for (const char *column : {"BilledCost", "EffectiveCost", "BillingCurrency", "ChargeCategory",
                                   "ChargePeriodStart", "ChargePeriodEnd", "ServiceName"})
            QVERIFY2(!row.at(column).empty(), column);
        QVERIFY(row.at("ChargePeriodStart") < row.at("ChargePeriodEnd"));
        QVERIFY(row.at("ChargePeriodEnd") <= row.at("BillingPeriodEnd"));
        ++categories[row.at("ChargeCategory")];
        if (!row.contains("Tags"))
            continue;
        const QJsonDocument tags = QJsonDocument::fromJson(QByteArray::fromStdString(row.at("Tags")));
        QVERIFY2(tags.isObject(), row.at("Tags").c_str());
        QVERIFY(tags.object().contains(QStringLiteral("environment"))
                && tags.object().contains(QStringLiteral("team")));
        shared += tags.object().contains(QStringLiteral("workload")) ? 0 : 1;
    }
    QCOMPARE(categories["Credit"], 1);
    QCOMPARE(categories["Tax"], 1);
    QCOMPARE(categories["Purchase"], 6);
    QVERIFY(categories["Usage"] >= 184 * 12);
    QVERIFY(shared > 500);
}

void SampleGenerator::harnessCostsAreExact()
{
    int checked = 0;
    for (const FocusRow &row : makeHarnessCharges(shippedSeed)) {
        if (row.at("ChargeCategory") != "Usage")
            continue;
        const auto quantity = parseDecimal(row.at("ConsumedQuantity"), 3);
        const auto price = parseDecimal(row.at("ListUnitPrice"), 6);
        const auto cost = parseDecimal(row.at("BilledCost"), 9);
        QVERIFY(quantity && price && cost);
        QVERIFY2(quantity->units * price->units == cost->units, row.at("BilledCost").c_str());
        QCOMPARE(row.at("EffectiveCost"), row.at("BilledCost"));
        ++checked;
    }
    QVERIFY(checked > 2'000);
}

QTEST_APPLESS_MAIN(SampleGenerator)
#include "tst_sample_generator.moc"
