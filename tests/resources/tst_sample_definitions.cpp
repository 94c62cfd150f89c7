// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/sample/request.h"
#include "resources/sample/sample_files.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace perunit::sample;

/// The hand-written units, scenarios and mapping speak of things that the generated ledgers hold: a scope with a
/// slip of the pen would be a lever that does nothing.
class SampleDefinitions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void mappingCoversTheLog();
    void scopesExist_data();
    void scopesExist();
    void outcomesExist();
    void scenariosAreComplete_data();
    void scenariosAreComplete();

private:
    static QString folder(const char *relative);
    static QJsonObject json(const QString &path);
    void checkScopes(const QJsonValue &value, int &scopes) const;
    static void addFiles();

    std::map<QString, std::set<QString>> m_values;
    QByteArray m_logHeader;
    QByteArray m_outcomes;
};

QString SampleDefinitions::folder(const char *relative)
{
    return QDir::cleanPath(QStringLiteral(PERUNIT_TEST_DATA "/../../resources/sample/") + QLatin1String(relative));
}

QJsonObject SampleDefinitions::json(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

void SampleDefinitions::initTestCase()
{
    QTemporaryDir ledgers;
    QCOMPARE(writeSample(ledgers.path().toStdString(), shippedSeed), std::string());
    QFile log(ledgers.filePath(QLatin1String(requestsFile)));
    QFile outcomes(ledgers.filePath(QLatin1String(outcomesFile)));
    QVERIFY(log.open(QIODevice::ReadOnly) && outcomes.open(QIODevice::ReadOnly));
    m_logHeader = log.readLine().trimmed();
    m_outcomes = outcomes.readAll();
    const auto text = [](std::string_view view) {
        return QString::fromUtf8(view.data(), qsizetype(view.size()));
    };
    for (const Request &request : makeTraffic(shippedSeed).requests) {
        m_values[QStringLiteral("workload")].insert(text(request.workload));
        m_values[QStringLiteral("environment")].insert(text(request.environment));
        m_values[QStringLiteral("team")].insert(text(request.team));
        m_values[QStringLiteral("feature")].insert(text(request.feature));
        m_values[QStringLiteral("provider")].insert(text(request.model.provider));
        m_values[QStringLiteral("model")].insert(text(request.model.model));
        m_values[QStringLiteral("deployment")].insert(text(request.model.deployment));
        m_values[QStringLiteral("prompt_template")].insert(text(request.promptTemplate));
        m_values[QStringLiteral("tier")].insert(text(request.tier));
    }
}

void SampleDefinitions::mappingCoversTheLog()
{
    const QJsonObject mapping = json(folder("request_mapping.json"));
    const QJsonObject columns = mapping[QLatin1String("columns")].toObject();
    QVERIFY(!mapping[QLatin1String("input_includes_cache")].toBool(true));
    std::set<QByteArray> mapped;
    for (const auto &column : columns)
        mapped.insert(column.toString().toUtf8());
    const QList<QByteArray> header = m_logHeader.split(',');
    QCOMPARE(mapped, std::set<QByteArray>(header.begin(), header.end()));
    QCOMPARE(columns.size(), header.size());
}

void SampleDefinitions::addFiles()
{
    QTest::addColumn<QString>("path");
    for (const char *name : {"units", "scenarios"}) {
        const QDir files(folder(name));
        for (const QString &file : files.entryList(QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(file)) << files.filePath(file);
    }
}

void SampleDefinitions::scopesExist_data()
{
    addFiles();
}

void SampleDefinitions::checkScopes(const QJsonValue &value, int &scopes) const
{
    for (const auto &item : value.toArray())
        checkScopes(item, scopes);
    const QJsonObject object = value.toObject();
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        if (entry.key() != QLatin1String("scope")) {
            checkScopes(entry.value(), scopes);
            continue;
        }
        ++scopes;
        const QJsonObject scope = entry.value().toObject();
        for (auto condition = scope.begin(); condition != scope.end(); ++condition) {
            QVERIFY2(m_values.contains(condition.key()), qPrintable(condition.key()));
            QVERIFY2(!condition.value().toArray().isEmpty(), qPrintable(condition.key()));
            for (const auto &wanted : condition.value().toArray())
                QVERIFY2(m_values.at(condition.key()).contains(wanted.toString()), qPrintable(wanted.toString()));
        }
    }
}

void SampleDefinitions::scopesExist()
{
    QFETCH(QString, path);
    const QJsonObject object = json(path);
    QVERIFY(!object.isEmpty());
    int scopes = 0;
    checkScopes(object, scopes);
    QVERIFY2(scopes > 0, "no scope anywhere");
}

void SampleDefinitions::outcomesExist()
{
    int outcomes = 0;
    const QDir units(folder("units"));
    for (const QString &file : units.entryList(QDir::Files, QDir::Name)) {
        const QJsonObject unit = json(units.filePath(file));
        const QJsonObject denominator = unit[QLatin1String("denominator")].toObject();
        QVERIFY2(!unit[QLatin1String("note")].toString().isEmpty(), qPrintable(file));
        if (denominator[QLatin1String("kind")].toString() != QLatin1String("outcome"))
            continue;
        ++outcomes;
        QVERIFY2(m_outcomes.contains(',' + denominator[QLatin1String("name")].toString().toUtf8() + ','),
                 qPrintable(file));
    }
    QVERIFY(outcomes > 0);
}

void SampleDefinitions::scenariosAreComplete_data()
{
    QTest::addColumn<QString>("path");
    const QDir files(folder("scenarios"));
    const QStringList names = files.entryList(QDir::Files, QDir::Name);
    QVERIFY(names.size() >= 6);
    for (const QString &file : names)
        QTest::newRow(qPrintable(file)) << files.filePath(file);
}

/// A sample teaches: every lever says why, who vouches for it and on what evidence.
void SampleDefinitions::scenariosAreComplete()
{
    QFETCH(QString, path);
    const QJsonObject file = json(path);
    QCOMPARE(file.value(QLatin1String("format")).toString(), QStringLiteral("perunit-scenario"));
    QVERIFY(path.endsWith(QLatin1String(".perunit-scenario")));
    const QJsonArray layers = file[QLatin1String("scenarios")].toArray();
    QVERIFY(!layers.isEmpty());
    for (const auto &layer : layers) {
        QVERIFY(!layer[QLatin1String("name")].toString().isEmpty());
        QVERIFY(!layer[QLatin1String("note")].toString().isEmpty());
        QVERIFY(!layer[QLatin1String("levers")].toArray().isEmpty());
        for (const auto &lever : layer[QLatin1String("levers")].toArray()) {
            QVERIFY(!lever[QLatin1String("note")].toString().isEmpty());
            QVERIFY(!lever[QLatin1String("owner")].toString().isEmpty());
            QVERIFY(QStringLiteral("ABCD").contains(lever[QLatin1String("grade")].toString()));
            QVERIFY(!lever[QLatin1String("grade")].toString().isEmpty());
        }
    }
}

QTEST_APPLESS_MAIN(SampleDefinitions)
#include "tst_sample_definitions.moc"
