// SPDX-License-Identifier: GPL-3.0-or-later
// The Capacity page in a window, on traffic whose best size is found by hand.
#pragma once

#include "tests/app/workspace_fixture.h"

#include "app/pages/capacity/capacity_page.h"
#include "app/shell/main_window.h"
#include "widgets/charts/chart_pane.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/tables/value_table.h"

#include <QFile>
#include <QLabel>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>

namespace perunit {

inline const QByteArray ledgerHeader =
    "time,provider,model,workload,environment,session_id,input_tokens,cache_read_tokens,output_tokens,requests\n";

/// One hour of gpt-4.1 on Azure, of which a PTU serves 3,000 input tokens a minute: 54 minutes need 30 PTU, the six
/// from 08:20 on need 100. No prompt is too long for a PTU (128,000). The last request stands at the end of the hour,
/// so that the period is the whole hour.
inline QByteArray steadyHourWithBurst()
{
    QByteArray csv = ledgerHeader;
    for (int minute = 0; minute < 60; ++minute) {
        const bool burst = minute >= 20 && minute < 26;
        const QByteArray at = "2026-09-09T08:" + QByteArray::number(minute).rightJustified(2, '0') + ":";
        const QByteArray tokens = QByteArray::number(burst ? 75'000 : 22'500);
        for (const char *second : {"00Z", "20Z", "40Z", "59.999999Z"})
            csv += at + second + ",azure,gpt-4.1,chat,prod,," + tokens + ",0,0,1\n";
    }
    return csv;
}

/// The same tokens as two lines that stand for a day each.
inline QByteArray daysOnly()
{
    QByteArray csv = ledgerHeader;
    for (const char *day : {"08", "09"})
        csv += QByteArray("2026-09-") + day + "T00:00:00Z,azure,gpt-4.1,chat,prod,,400000000,0,0,5000\n";
    return csv;
}

/// A model that nobody reserves.
inline QByteArray unreserved()
{
    return ledgerHeader + "2026-09-09T08:00:00Z,deepseek,deepseek-chat,chat,prod,,1000,0,200,1\n";
}

inline void makeWorkspace(const QString &path, const QByteArray &csv)
{
    const QString file = path + QStringLiteral(".csv");
    QFile source(file);
    QVERIFY(source.open(QIODevice::WriteOnly));
    source.write(csv);
    source.close();
    auto store = WorkspaceStore::open(fromQt(path), WorkspaceStore::Mode::OpenOrCreate);
    QVERIFY2(store, store ? "" : store.error().text().c_str());
    auto mapping = parseColumnMapping(
        R"({"columns": {"time": "time", "provider": "provider", "model": "model", "workload": "workload",
            "environment": "environment", "input": "input_tokens", "cache_read": "cache_read_tokens",
            "output": "output_tokens", "requests": "requests"}, "constants": {"currency": "USD"}})");
    QVERIFY2(mapping, mapping ? "" : mapping.error().text().c_str());
    ImportOptions options;
    options.mapping = *mapping;
    const auto imported = importFile(**store, fromQt(file), options, nullptr, {});
    QVERIFY2(imported, imported ? "" : imported.error().text().c_str());
}

inline QString textsOf(QWidget *in)
{
    QStringList texts;
    for (const QLabel *label : in->findChildren<QLabel *>()) {
        if (label->isVisible())
            texts << label->text();
    }
    return texts.join(QLatin1Char('\n')).remove(QChar(0x2060)).replace(QChar(0x00a0), QLatin1Char(' '));
}

/// Base of tests that use the page as its user does.
class CapacityPageTest : public QObject
{
protected:
    QTemporaryDir m_folder;
    int m_number = 0;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] WorkspaceDocument &document() const { return m_window->document(); }
    [[nodiscard]] CapacityPage *page() const { return static_cast<CapacityPage *>(m_window->page(PageId::Capacity)); }
    template <typename Widget>
    [[nodiscard]] Widget *named(const char *name) const
    {
        for (Widget *each : page()->findChildren<Widget *>()) {
            if (each->accessibleName() == QLatin1String(name))
                return each;
        }
        return nullptr;
    }
    [[nodiscard]] ValueTable *table(const char *name) const
    {
        auto *view = named<QTableView>(name);
        return view ? static_cast<ValueTable *>(view->parentWidget()) : nullptr;
    }
    [[nodiscard]] QList<ChartPane *> panes() const { return page()->findChildren<ChartPane *>(); }
    [[nodiscard]] QString texts() const { return textsOf(page()); }
    [[nodiscard]] QString message() const { return textsOf(m_window.get()); }

    void open(const QByteArray &csv)
    {
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        if (!csv.isEmpty())
            makeWorkspace(path, csv);
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        if (csv.isEmpty())
            QVERIFY(document().create(path).ok());
        else
            QVERIFY(m_window->openWorkspace(path));
        QTRY_VERIFY_WITH_TIMEOUT(!document().isComputing(), jobTimeout);
        m_window->showPage(PageId::Capacity);
        settle();
    }
    void openSteady()
    {
        open(steadyHourWithBurst());
        choose("Term", "1-year");
        choose("Offer", "azure-ptu-global");
        choose("Term", "1-year");
        settle();
        QVERIFY(page()->sizing());
    }
    void settle() const { QTRY_VERIFY_WITH_TIMEOUT(!document().isComputing() && page()->isReady(), jobTimeout); }
    void choose(const char *box, const char *value) const
    {
        auto *choice = named<ChoiceBox>(box);
        QVERIFY(choice);
        emit choice->valueEdited(value);
        settle();
    }
    void startTests() const
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests");
        QSettings().clear();
    }
};

} // namespace perunit
