// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QMimeDatabase>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

/// The files around the program say the same as the program: types, versions and commands.
class Packaging : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void mimeTypes_data();
    void mimeTypes();
    void desktopEntryOpensOurTypes();
    void versionsAgree_data();
    void versionsAgree();
    void commandsAreDocumented();
    void dependencyListIsOneList();

private:
    static QString root(const char *relative);
    static QString content(const QString &path);

    QTemporaryDir m_data;
};

QString Packaging::root(const char *relative)
{
    return QDir::cleanPath(QStringLiteral(PERUNIT_TEST_DATA "/../../") + QLatin1String(relative));
}

QString Packaging::content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void Packaging::initTestCase()
{
    // Before the first look at the database of types, which reads it once.
    qputenv("XDG_DATA_DIRS", m_data.path().toUtf8());
    qputenv("XDG_DATA_HOME", m_data.path().toUtf8());
    // As on an installed system: one database of the common types and ours.
    QVERIFY(QDir(m_data.path()).mkpath(QStringLiteral("mime/packages")));
    const QString packages = m_data.filePath(QStringLiteral("mime/packages/"));
    QVERIFY(QFile::copy(root("packaging/linux/perunit-mime.xml"), packages + QStringLiteral("perunit.xml")));
    const QString common = QStringLiteral("/usr/share/mime/packages/freedesktop.org.xml");
    QVERIFY2(QFile::copy(common, packages + QStringLiteral("freedesktop.org.xml")), "install shared-mime-info");
    QCOMPARE(QProcess::execute(QStringLiteral("update-mime-database"), {m_data.filePath(QStringLiteral("mime"))}), 0);
}

void Packaging::mimeTypes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("type");
    const QString workspace = QStringLiteral("application/vnd.perunit.workspace");
    const QString scenario = QStringLiteral("application/vnd.perunit.scenario+json");
    const QByteArray sqlite = QByteArray("SQLite format 3\0", 16) + QByteArray(52, '\1');
    QTest::newRow("workspace by name") << QStringLiteral("work.perunit") << QByteArray() << workspace;
    QTest::newRow("scenario by name") << QStringLiteral("batch.perunit-scenario") << QByteArray() << scenario;
    QTest::newRow("scenario by both") << QStringLiteral("batch.perunit-scenario") << QByteArray("{}\n") << scenario;
    QTest::newRow("workspace by content") << QString() << sqlite + "PERU" + QByteArray(200, '\0') << workspace;
    QTest::newRow("another database") << QString() << sqlite + "XYZW" + QByteArray(200, '\0')
                                      << QStringLiteral("application/vnd.sqlite3");
    QTest::newRow("scenario by content") << QString()
                                         << QByteArray("{\n  \"format\": \"perunit-scenario\",\n  \"version\": 1\n}\n")
                                         << scenario;
    QTest::newRow("compact scenario by content")
        << QString() << QByteArray("{\"format\":\"perunit-scenario\",\"version\":1}") << scenario;
    QTest::newRow("another JSON") << QStringLiteral("prices.json")
                                  << QByteArray("{\n  \"format\": \"perunit/catalogue\"\n}\n")
                                  << QStringLiteral("application/json");
    QTest::newRow("ledger") << QStringLiteral("ledger.csv") << QByteArray("time,model\n") << QStringLiteral("text/csv");
}

void Packaging::mimeTypes()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, type);
    const QMimeDatabase types;
    const QMimeType found = name.isEmpty()   ? types.mimeTypeForData(bytes)
                            : bytes.isNull() ? types.mimeTypeForFile(name, QMimeDatabase::MatchExtension)
                                             : types.mimeTypeForFileNameAndData(name, bytes);
    QCOMPARE(found.name(), type);
}

void Packaging::desktopEntryOpensOurTypes()
{
    const QString entry = content(root("packaging/linux/perunit.desktop"));
    const QString metainfo = content(root("packaging/linux/app.perunit.Perunit.metainfo.xml"));
    QVERIFY(metainfo.contains(QStringLiteral("<launchable type=\"desktop-id\">perunit.desktop</launchable>")));
    static const QRegularExpression type(QStringLiteral("<mime-type type=\"([^\"]+)\">"));
    auto found = type.globalMatch(content(root("packaging/linux/perunit-mime.xml")));
    int count = 0;
    for (; found.hasNext(); ++count) {
        const QString name = found.next().captured(1);
        QVERIFY2(entry.contains(name + QLatin1Char(';')), qPrintable(name));
        QVERIFY2(metainfo.contains(QStringLiteral("<mediatype>") + name), qPrintable(name));
    }
    QCOMPARE(count, 2);
}

void Packaging::versionsAgree_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("pattern");
    QTest::newRow("metainfo") << root("packaging/linux/app.perunit.Perunit.metainfo.xml")
                              << QStringLiteral("<release version=\"([0-9.]+)\"");
    QTest::newRow("manual") << root("packaging/linux/perunit.1") << QStringLiteral("\"perunit ([0-9.]+)\"");
    QTest::newRow("changelog") << root("packaging/debian/changelog") << QStringLiteral("^perunit \\(([0-9.]+)\\)");
}

void Packaging::versionsAgree()
{
    QFETCH(QString, file);
    QFETCH(QString, pattern);
    static const QRegularExpression project(QStringLiteral("project\\(perunit VERSION ([0-9.]+)"));
    const QString version = project.match(content(root("CMakeLists.txt"))).captured(1);
    QVERIFY(!version.isEmpty());
    QCOMPARE(QRegularExpression(pattern).match(content(file)).captured(1), version);
}

void Packaging::commandsAreDocumented()
{
    const QString program = qEnvironmentVariable("PERUNIT_BINARY");
    if (!QFile::exists(program))
        QSKIP("the program is not built");
    QProcess help;
    help.start(program, {QStringLiteral("--help")});
    QVERIFY(help.waitForFinished());
    QCOMPARE(help.exitCode(), 0);
    const QString text = QString::fromUtf8(help.readAllStandardOutput());
    const QString manual = content(root("packaging/linux/perunit.1"));
    const QString completion = content(root("packaging/linux/perunit.bash"));
    static const QRegularExpression line(QStringLiteral("^  ([a-z]+) "), QRegularExpression::MultilineOption);
    auto commands = line.globalMatch(text.mid(text.indexOf(QLatin1String("Subcommands:"))));
    int count = 0;
    for (; commands.hasNext(); ++count) {
        const QString command = commands.next().captured(1);
        QVERIFY2(manual.contains(QStringLiteral("perunit ") + command + QLatin1Char(' '))
                     || manual.contains(QStringLiteral("perunit ") + command + QLatin1Char('\n')),
                 qPrintable(command));
        QVERIFY2(completion.contains(QStringLiteral("\n    ") + command + QLatin1Char(')')), qPrintable(command));
    }
    QVERIFY2(count >= 10, qPrintable(text));
}

/// Scripts install from the one list; a package named anywhere else would be forgotten there.
void Packaging::dependencyListIsOneList()
{
    static const QRegularExpression package(QStringLiteral("\\b(lib[a-z0-9-]+-dev|qt6-[a-z]+-dev)\\b"));
    const QString list = content(root("packaging/dependencies.sh"));
    QVERIFY(list.contains(QStringLiteral("libqt6opengl6-dev")));
    for (const char *script :
         {"packaging/quickstart.sh", "tests/run.sh", ".ci/run", ".ci/format.sh", ".ci/tidy.sh", ".ci/sanitize.sh"}) {
        const QString text = content(root(script));
        QVERIFY2(text.startsWith(QStringLiteral("#!/usr/bin/env bash\n")), script);
        QVERIFY2(text.contains(QStringLiteral("set -euo pipefail")), script);
        QVERIFY2(!package.match(text).hasMatch(), script);
        QVERIFY2(QFile::permissions(root(script)).testFlag(QFile::ExeOwner), script);
    }
}

QTEST_GUILESS_MAIN(Packaging)
#include "tst_packaging.moc"
