// SPDX-License-Identifier: GPL-3.0-or-later
// A bill as usage, as its users meet it: on the command line, on the import page and in the list of sources.
#include "tests/app/workspace_fixture.h"

#include "app/pages/import_page.h"
#include "app/pages/source_text.h"
#include "app/shell/main_window.h"
#include "widgets/inputs/choice_box.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QProcess>
#include <QSettings>
#include <QStandardPaths>

using namespace perunit;

namespace {

/// A million input tokens of gpt-4.1 for 1.9 (2 by its price), and a database for 7.
const QByteArray bill =
    "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ProviderName,"
    "ServiceName,ServiceCategory,ConsumedQuantity,ConsumedUnit,SkuPriceDetails,ChargeDescription\n"
    "1.9,1.9,USD,2026-08-01T00:00:00Z,2026-08-02T00:00:00Z,Usage,OpenAI,OpenAI API,AI and Machine Learning,1000000,"
    "Tokens,\"{\"\"ModelId\"\":\"\"gpt-4.1\"\",\"\"TokenDirection\"\":\"\"Input\"\"}\",input\n"
    "7,7,USD,2026-08-01T00:00:00Z,2026-08-02T00:00:00Z,Usage,OpenAI,Files,Databases,5,GB,,store\n";
const QByteArray requestLog = "time,provider,model,input,output\n2026-08-01T10:00:00Z,openai,gpt-4.1,250000,0\n"
                              "2026-08-04T10:00:00Z,openai,gpt-4.1,250000,0\n";

struct Ran {
    int status = -1;
    QByteArray out;
    QByteArray err;
};

Ran run(const QStringList &arguments)
{
    QProcess process;
    process.start(qEnvironmentVariable("PERUNIT_BINARY"), arguments);
    process.waitForFinished(120'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

/// Role of the last source as "perunit sources --json" names it.
QString roleOfLast(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const QJsonArray sources =
        document.isArray() ? document.array() : document.object().value(QLatin1String("sources")).toArray();
    return sources.isEmpty() ? QString() : sources.last().toObject().value(QLatin1String("role")).toString();
}

} // namespace

class TestBillRoles : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] QString write(const char *name, const QByteArray &content) const
    {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests-roles");
        QSettings().clear();
        QVERIFY(m_folder.isValid());
    }

    void aBillAloneIsUsage()
    {
        const QString workspace = m_folder.filePath(QStringLiteral("alone.perunit"));
        const Ran imported = run({"import", "-w", workspace, write("bill.csv", bill), "--json"});
        QCOMPARE(imported.status, 0);
        QCOMPARE(roleOfLast(imported.out), QStringLiteral("usage"));
        QVERIFY2(imported.out.contains("1 token line of the bill can be priced again"), imported.out.constData());
        const Ran evaluated = run({"evaluate", "-w", workspace});
        // 2 by the price of the model, 7 beside it; what was billed for the tokens is in no sum with them.
        QVERIFY2(evaluated.out.contains("9.00"), evaluated.out.constData());
        // A log of the same seller goes before the bill, and a check says what became of that.
        const Ran logged = run({"import", "-w", workspace, write("log.csv", requestLog)});
        QVERIFY2(logged.err.contains("'bill.csv' plays usage for the same time"), logged.err.constData());
        const Ran both = run({"evaluate", "-w", workspace});
        QVERIFY2(both.out.contains("8.00"), both.out.constData());
        QVERIFY2(both.err.contains("1 line with 1.9 USD are compared with them, not added"), both.err.constData());
        // As an invoice it is compared as a whole.
        QCOMPARE(run({"sources", "-w", workspace, "--role", "1=invoice"}).status, 0);
        const Ran tied = run({"evaluate", "-w", workspace});
        QVERIFY2(tied.out.contains("1.00"), tied.out.constData());
        QVERIFY(!tied.err.contains("Bills as usage"));
    }

    void besideALogItIsAnInvoice()
    {
        const QString workspace = m_folder.filePath(QStringLiteral("beside.perunit"));
        QCOMPARE(run({"import", "-w", workspace, write("log.csv", requestLog)}).status, 0);
        const Ran own = run({"import", "-w", workspace, write("bill.csv", bill), "--json"});
        QCOMPARE(roleOfLast(own.out), QStringLiteral("invoice"));
        const QString chosen = m_folder.filePath(QStringLiteral("chosen.perunit"));
        const Ran invoice = run({"import", "-w", chosen, "--role", "invoice", write("bill.csv", bill), "--json"});
        QCOMPARE(roleOfLast(invoice.out), QStringLiteral("invoice"));
        QCOMPARE(run({"import", "-w", chosen, "--role", "budget", write("bill.csv", bill)}).status, 2);
    }

    void possibleRolesOfSources()
    {
        Source source;
        source.isBill = true;
        source.role = SourceRole::Invoice;
        QCOMPARE(possibleRoles(source).size(), std::size_t{2});
        source.tokens[UsageClass::Input] = 5;
        QCOMPARE(possibleRoles(source).size(), std::size_t{3});
        source.role = SourceRole::Outcome;
        QCOMPARE(possibleRoles(source).size(), std::size_t{1});
        Source log;
        log.role = SourceRole::Invoice;
        QCOMPARE(possibleRoles(log).size(), std::size_t{3});
    }

    void thePageOffersTheRole()
    {
        const QString workspace = m_folder.filePath(QStringLiteral("window.perunit"));
        QCOMPARE(run({"import", "-w", workspace, write("outcomes.csv", "day,resolved\n2026-08-01,5\n2026-08-02,6\n")})
                     .status,
                 0);
        MainWindow window;
        window.resize(1440, 900);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.openWorkspace(workspace);
        QTRY_COMPARE_WITH_TIMEOUT(window.document().sources().size(), std::size_t{1}, jobTimeout);
        window.showPage(PageId::Import);
        auto *page = static_cast<ImportPage *>(window.page(PageId::Import));
        page->addFiles({write("bill.csv", bill)});
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady(), jobTimeout);
        ChoiceBox *role = nullptr;
        for (ChoiceBox *box : page->findChildren<ChoiceBox *>()) {
            if (box->accessibleName().contains(QStringLiteral("Role")))
                role = box;
        }
        QVERIFY(role);
        QTRY_COMPARE_WITH_TIMEOUT(role->value(), std::string("usage"), jobTimeout);
        QVERIFY(role->isEnabled());
        const auto says = [page](const QString &part) {
            const auto labels = page->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&part](const QLabel *label) {
                return label->isVisible() && label->text().contains(part);
            });
        };
        QTRY_VERIFY(says(QStringLiteral("priced again as usage")));
        emit role->valueEdited("invoice");
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady() && !says(QStringLiteral("priced again as usage")), jobTimeout);
        QCOMPARE(role->value(), std::string("invoice"));
        emit role->valueEdited("usage");
        QTRY_VERIFY_WITH_TIMEOUT(page->isReady() && role->value() == "usage", jobTimeout);
        page->importAll();
        QTRY_COMPARE_WITH_TIMEOUT(window.document().sources().size(), std::size_t{2}, jobTimeout);
        QCOMPARE(window.document().sources().back().role, SourceRole::Usage);
    }
};

QTEST_MAIN(TestBillRoles)
#include "tst_bill_roles.moc"
