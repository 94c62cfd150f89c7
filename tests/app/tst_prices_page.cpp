// SPDX-License-Identifier: GPL-3.0-or-later
// Contract terms and invoices on the Prices page, used as their user uses them.
#include "tests/app/workspace_fixture.h"

#include "app/pages/prices/contract_view.h"
#include "app/pages/prices/invoice_view.h"
#include "app/pages/prices/prices_page.h"
#include "app/shell/main_window.h"
#include "app/shell/navigation_rail.h"
#include "tests/support/accessible_names.h"
#include "widgets/charts/figure_view.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/overlay_edit.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/inputs/value_picker.h"
#include "widgets/inputs/value_set_edit.h"
#include "widgets/tables/value_table.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>

#include <algorithm>

using namespace perunit;

namespace {

/// Usage and invoices of tests/data/reconciliation: 160 requests at 34.56 $, billed 36.40 $ with tax, credit and a
/// correction; what is billed for usage is 10 % below its price.
void makeBilledWorkspace(const QString &path, bool withInvoice)
{
    auto store = WorkspaceStore::open(fromQt(path), WorkspaceStore::Mode::OpenOrCreate);
    QVERIFY2(store, store ? "" : store.error().text().c_str());
    QStringList files{QStringLiteral("reconciliation/usage.csv")};
    if (withInvoice)
        files << QStringLiteral("reconciliation/invoice.csv");
    for (const QString &file : files) {
        const auto source = importFile(**store, fromQt(testData(file.toLatin1())), {}, nullptr, {});
        QVERIFY2(source, source ? "" : source.error().text().c_str());
    }
}

template <typename Widget>
Widget *named(QWidget *in, const QString &name)
{
    for (Widget *each : in->findChildren<Widget *>()) {
        if (each->accessibleName() == name)
            return each;
    }
    return nullptr;
}

QPushButton *button(QWidget *in, const QString &text)
{
    for (QPushButton *each : in->findChildren<QPushButton *>()) {
        if (each->text() == text && each->isVisible())
            return each;
    }
    return nullptr;
}

/// Everything that a widget says in labels that can be seen.
QString textsOf(QWidget *in)
{
    QStringList texts;
    for (const QLabel *label : in->findChildren<QLabel *>()) {
        if (label->isVisible())
            texts << label->text();
    }
    // What only keeps a line from breaking is not read.
    return texts.join(QLatin1Char('\n')).remove(QChar(0x2060)).replace(QChar(0x00a0), QLatin1Char(' '));
}

QString cell(const ValueTable *table, int row, int column)
{
    return table->model()->cell(row, column).text;
}

/// Replaces what stands in a line, letter by letter.
void type(QLineEdit *line, const QString &text)
{
    line->setFocus();
    line->selectAll();
    if (text.isEmpty())
        QTest::keyClick(line, Qt::Key_Delete);
    else
        QTest::keyClicks(line, text);
}

PriceOverlay discount(const char *name, PartsPerMillion change)
{
    PriceOverlay overlay;
    overlay.name = name;
    overlay.change = change;
    return overlay;
}

} // namespace

class TestPricesPage : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_number = 0;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] WorkspaceDocument &document() const { return m_window->document(); }
    [[nodiscard]] const std::vector<PriceOverlay> &overlays() const { return document().state().overlays; }
    [[nodiscard]] PricesPage *page() const { return static_cast<PricesPage *>(m_window->page(PageId::Prices)); }
    template <typename View>
    [[nodiscard]] View *view() const
    {
        return page()->findChild<View *>();
    }
    [[nodiscard]] OverlayEdit *editor() const { return view<ContractView>()->inspector()->findChild<OverlayEdit *>(); }
    template <typename Widget = QLineEdit>
    [[nodiscard]] Widget *field(const char *name) const
    {
        return named<Widget>(editor(), QLatin1String(name));
    }
    [[nodiscard]] ValueTable *table(QWidget *in, const char *name) const
    {
        return named<QTableView>(in, QLatin1String(name))
                   ? static_cast<ValueTable *>(named<QTableView>(in, QLatin1String(name))->parentWidget())
                   : nullptr;
    }
    [[nodiscard]] std::string cost() const { return document().history()->outcome.total().text(); }

    void open(const QString &path, const QString &viewId)
    {
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        if (!path.isEmpty()) {
            QVERIFY(m_window->openWorkspace(path));
            QTRY_VERIFY_WITH_TIMEOUT(document().history() && !document().isComputing(), jobTimeout);
        }
        m_window->showPage(PageId::Prices);
        page()->showView(viewId);
    }
    void openSmall(const QString &viewId, const std::vector<PriceOverlay> &terms = {})
    {
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        makeSmallWorkspace(path);
        open(path, viewId);
        if (terms.empty())
            return;
        WorkspaceState next = document().state();
        next.overlays = terms;
        document().edit(QStringLiteral("terms"), std::move(next));
        settle();
    }
    void openBilled(bool withInvoice, const QString &viewId = QStringLiteral("invoice"))
    {
        const QString path = m_folder.filePath(QStringLiteral("w%1.perunit").arg(++m_number));
        makeBilledWorkspace(path, withInvoice);
        open(path, viewId);
        settle();
    }
    void settle() const
    {
        QTRY_VERIFY_WITH_TIMEOUT(!document().isComputing(), jobTimeout);
        QTRY_VERIFY_WITH_TIMEOUT(view<InvoiceView>()->isReady() || !view<InvoiceView>()->isVisible(), jobTimeout);
    }
    /// Checks what stands in a list of check boxes, as the user does.
    void pick(const char *name, const QStringList &labels) const
    {
        auto *edit = field<ValueSetEdit>(name);
        QVERIFY(edit);
        edit->showPopup();
        auto *picker = edit->findChild<ValuePicker *>();
        QVERIFY(picker);
        QAbstractItemModel *model = picker->findChild<QListView *>()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            const QModelIndex index = model->index(row, 0);
            model->setData(index, labels.contains(index.data(Qt::ToolTipRole).toString()) ? Qt::Checked : Qt::Unchecked,
                           Qt::CheckStateRole);
        }
        picker->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("perunit-tests");
        QSettings().clear();
    }
    void cleanup() { m_window.reset(); }

    void newTermChangesNoPriceUntilItIsInForce();
    void termIsEditedAndUndone();
    void eachFieldIsStored();
    void namesKeepTheSelection();
    void wrongValuesAreRefused_data();
    void wrongValuesAreRefused();
    void fixedPriceWaitsForWhatItIsFor();
    void tokenPriceNeverBecomesAnEventPrice();
    void orderCounts();
    void duplicateIsOffAndRemovedComesBack();
    void unknownNamesAreSaid();
    void listStandsBesideContracted();
    void whatHasNoListPriceIsNotCompared();
    void nothingToTieIsSaid();
    void missingInvoiceIsSaid();
    void invoiceIsTied();
    void invoiceWithoutUsageIsSaid();
    void calibrationIsOfferedAndUndone();
    void everythingHasANameAndRoom_data();
    void everythingHasANameAndRoom();
};

void TestPricesPage::newTermChangesNoPriceUntilItIsInForce()
{
    openSmall("contract");
    QVERIFY(textsOf(view<ContractView>()).contains("list prices"));
    button(view<ContractView>(), "New contract term")->click();
    settle();
    QCOMPARE(overlays().size(), std::size_t{1});
    QVERIFY(!overlays().front().enabled);
    QCOMPARE(cost(), std::string("0.0432"));
    QCOMPARE(cell(table(view<ContractView>(), "Contract terms"), 0, 5), QStringLiteral("off"));
    // The cursor waits for its name.
    QCOMPARE(field("Name")->selectedText(), QStringLiteral("New term"));
    editor()->findChild<QCheckBox *>()->click();
    settle();
    // Ten per cent off everything.
    QCOMPARE(cost(), std::string("0.03888"));
    document().undoStack()->undo();
    document().undoStack()->undo();
    settle();
    QVERIFY(overlays().empty());
    QCOMPARE(cost(), std::string("0.0432"));
    QVERIFY(button(view<ContractView>(), "New contract term"));
}

void TestPricesPage::termIsEditedAndUndone()
{
    openSmall("contract", {discount("Agreement", 500'000)});
    const int steps = document().undoStack()->count();
    type(field("Percentage"), "12.5");
    QCOMPARE(overlays().front().change, PartsPerMillion{125'000});
    // Letters typed one after the other are one step; another field is the next one.
    QCOMPARE(document().undoStack()->count(), steps + 1);
    type(field("From"), "2026-09-02");
    QCOMPARE(document().undoStack()->count(), steps + 2);
    settle();
    // 9 of 12 requests of 0.0036 come after the date: 3 × 0.0036 + 9 × 0.0036 × 0.875.
    QCOMPARE(cost(), std::string("0.03915"));
    document().undoStack()->undo();
    QCOMPARE(field("From")->text(), QString());
    document().undoStack()->undo();
    QCOMPARE(field("Percentage")->text(), QStringLiteral("50"));
    settle();
    QCOMPARE(cost(), std::string("0.0216"));
}

void TestPricesPage::eachFieldIsStored()
{
    openSmall("contract", {discount("Agreement", 500'000)});
    emit field<ChoiceBox>("Provider")->valueEdited({});
    const int steps = document().undoStack()->count();
    QCOMPARE(steps, 1); // the same chosen again is no step
    auto *provider = field<ChoiceBox>("Provider");
    provider->setValue("openai");
    emit provider->valueEdited("openai");
    pick("Models", {"gpt-4.1", "gpt-4.1-mini"});
    pick("What is priced", {"Output", "Cache write, 5 minutes"});
    pick("Service tiers", {"standard"});
    type(field("Before"), "2027-01-01");
    field<QPlainTextEdit>("Note")->insertPlainText("signed");
    PriceOverlay expected = discount("Agreement", 500'000);
    expected.provider = "openai";
    expected.models = {"gpt-4.1", "gpt-4.1-mini"};
    expected.classes = {UsageClass::CacheWrite5m, UsageClass::Output};
    expected.tiers = {ServiceTier::Standard};
    expected.valid.to = instantOf(2027, 1, 1);
    expected.note = "signed";
    QCOMPARE(writeOverlays(overlays()), writeOverlays({expected}));
    QCOMPARE(document().undoStack()->count(), steps + 6);
    settle();
    // Half of what output costs: 12 × (0.002 + 0.0008).
    QCOMPARE(cost(), std::string("0.0336"));
    // It is in the file, not only in the window.
    auto store = WorkspaceStore::open(fromQt(document().path()), WorkspaceStore::Mode::ReadOnly);
    QVERIFY(store);
    QCOMPARE(writeOverlays(readState(**store)->overlays), writeOverlays({expected}));
}

void TestPricesPage::namesKeepTheSelection()
{
    openSmall("contract", {discount("First", 100'000), discount("Second", 200'000)});
    ValueTable *terms = table(view<ContractView>(), "Contract terms");
    terms->setCurrentKey("Second");
    emit terms->currentKeyChanged("Second");
    QCOMPARE(field("Percentage")->text(), QStringLiteral("20"));
    type(field("Name"), "Renamed");
    QCOMPARE(overlays()[1].name, std::string("Renamed"));
    QVERIFY(field("Name")->isVisible() && field("Name")->hasFocus());
    QCOMPARE(terms->currentKey(), QStringLiteral("Renamed"));
    QCOMPARE(field("Percentage")->text(), QStringLiteral("20"));
    document().undoStack()->undo();
    QCOMPARE(overlays()[1].name, std::string("Second"));
    QCOMPARE(terms->currentKey(), QStringLiteral("Second"));
    QCOMPARE(field("Name")->text(), QStringLiteral("Second"));
}

void TestPricesPage::wrongValuesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const char *field, const char *typed, const char *words) {
        QTest::newRow(name) << QString(field) << QString(typed) << QString(words);
    };
    row("no number", "Percentage", "abc", "is not a number");
    row("nothing", "Percentage", "", "Type a number");
    row("two points", "Percentage", "1.2.3", "is not a number");
    row("separator at a wrong place", "Percentage", "1,5", "is not a number");
    row("zero", "Percentage", "0", "above 0 %");
    row("more than everything", "Percentage", "100.0001", "at most 100 %");
    row("finer than a millionth", "Percentage", "12.34567", "4 decimals");
    row("below zero", "Percentage", "-5", "below 0");
    row("too large", "Percentage", "99999999999999999999", "too large");
    row("no name", "Name", "", "needs a name");
    row("blanks for a name", "Name", "   ", "needs a name");
    row("name of another term", "Name", "Other", "already a term called");
    row("no date", "From", "yesterday", "is not a date");
    row("day that does not exist", "Before", "2026-02-30", "is not a date");
    row("end before the beginning", "Before", "2025-01-01", "before it begins");
}

void TestPricesPage::wrongValuesAreRefused()
{
    QFETCH(QString, name);
    QFETCH(QString, typed);
    QFETCH(QString, words);
    PriceOverlay agreement = discount("Agreement", 100'000);
    agreement.valid.from = instantOf(2026, 1, 1);
    openSmall("contract", {agreement, discount("Other", 200'000)});
    auto *line = named<QLineEdit>(editor(), name);
    QVERIFY(line);
    const QString before = line->text();
    // Put in as a whole: its beginnings may be fine.
    line->setText(typed);
    emit line->textEdited(typed);
    QVERIFY2(textsOf(editor()).contains(words), qPrintable(textsOf(editor())));
    QVERIFY(line->property("wrong").toBool());
    QCOMPARE(writeOverlays(overlays()), writeOverlays({agreement, discount("Other", 200'000)}));
    line->setText(before);
    emit line->textEdited(before);
    QVERIFY2(!textsOf(editor()).contains(words), qPrintable(textsOf(editor())));
    QVERIFY(!line->property("wrong").toBool());
}

void TestPricesPage::fixedPriceWaitsForWhatItIsFor()
{
    openSmall("contract", {discount("Agreement", 100'000)});
    auto *kinds = editor()->findChild<SegmentedSwitch *>();
    kinds->setCurrent("fixed_price");
    emit kinds->currentChanged("fixed_price");
    QVERIFY(field("Price")->isVisible());
    QVERIFY(!field("Percentage")->isVisible());
    QVERIFY(textsOf(editor()).contains("must name the classes"));
    pick("What is priced", {"Output"});
    QCOMPARE(overlays().front().kind, OverlayKind::Discount);
    type(field("Price"), "2.5");
    QCOMPARE(overlays().front().kind, OverlayKind::FixedPrice);
    // 2.5 per million tokens in femto-units per token.
    QCOMPARE(overlays().front().fixedFemto, std::int64_t{2'500'000'000});
    QCOMPARE(overlays().front().classes, std::vector<UsageClass>{UsageClass::Output});
    QVERIFY(editor()->problems().empty());
    settle();
    // 12 × (0.002 + 200 × 0.0000025).
    QCOMPARE(cost(), std::string("0.03"));
}

void TestPricesPage::tokenPriceNeverBecomesAnEventPrice()
{
    PriceOverlay price = discount("Price", 0);
    price.kind = OverlayKind::FixedPrice;
    price.fixedFemto = 2'500'000'000;
    price.classes = {UsageClass::Output};
    openSmall("contract", {price});
    QCOMPARE(field("Price")->text(), QStringLiteral("2.5"));
    pick("What is priced", {"Web search"});
    QCOMPARE(field("Price")->text(), QString());
    QCOMPARE(overlays().front(), price);
    type(field("Price"), "0.01");
    QCOMPARE(overlays().front().fixedFemto, std::int64_t{10'000'000'000'000});
    QCOMPARE(overlays().front().classes, std::vector<UsageClass>{UsageClass::WebSearch});
}

void TestPricesPage::orderCounts()
{
    PriceOverlay output = discount("Output", 0);
    output.kind = OverlayKind::FixedPrice;
    output.fixedFemto = 4'000'000'000;
    output.classes = {UsageClass::Output};
    openSmall("contract", {discount("Half", 500'000), output});
    // 12 × (1000 × 1 + 200 × 4) per million.
    QCOMPARE(cost(), std::string("0.0216"));
    QVERIFY(!button(view<ContractView>(), "Up")->isEnabled());
    button(view<ContractView>(), "Down")->click();
    settle();
    QCOMPARE(overlays()[1].name, std::string("Half"));
    QCOMPARE(cell(table(view<ContractView>(), "Contract terms"), 1, 0), QStringLiteral("Half"));
    // The half is taken off the fixed price as well: 12 × (1000 × 1 + 200 × 2) per million.
    QCOMPARE(cost(), std::string("0.0168"));
    QVERIFY(!button(view<ContractView>(), "Down")->isEnabled());
    document().undoStack()->undo();
    QCOMPARE(overlays()[0].name, std::string("Half"));
}

void TestPricesPage::duplicateIsOffAndRemovedComesBack()
{
    openSmall("contract", {discount("Half", 500'000)});
    button(view<ContractView>(), "Duplicate")->click();
    settle();
    QCOMPARE(overlays().size(), std::size_t{2});
    QCOMPARE(overlays()[1].name, std::string("Half copy"));
    QCOMPARE(overlays()[1].change, PartsPerMillion{500'000});
    QCOMPARE(cost(), std::string("0.0216"));
    QCOMPARE(field("Name")->text(), QStringLiteral("Half copy"));
    button(view<ContractView>(), "Remove")->click();
    QCOMPARE(overlays().size(), std::size_t{1});
    QCOMPARE(field("Name")->text(), QStringLiteral("Half"));
    document().undoStack()->undo();
    QCOMPARE(overlays().size(), std::size_t{2});
}

void TestPricesPage::unknownNamesAreSaid()
{
    PriceOverlay misspelt = discount("Misspelt", 100'000);
    misspelt.models = {"gpt-4.l"};
    openSmall("contract", {misspelt});
    QVERIFY2(textsOf(editor()).contains("gpt-4.l"), qPrintable(textsOf(editor())));
    QCOMPARE(cell(table(view<ContractView>(), "Contract terms"), 0, 5), QStringLiteral("unknown name"));
    // What is in no catalogue stays until the user takes it away.
    pick("Models", {"gpt-4.l", "gpt-4.1"});
    QCOMPARE(overlays().front().models, (std::vector<std::string>{"gpt-4.l", "gpt-4.1"}));
    pick("Models", {"gpt-4.1"});
    QVERIFY2(!textsOf(editor()).contains("gpt-4.l"), qPrintable(textsOf(editor())));
}

void TestPricesPage::listStandsBesideContracted()
{
    openBilled(false, "contract");
    WorkspaceState next = document().state();
    PriceOverlay mini = discount("Mini", 250'000);
    mini.models = {"gpt-4.1-mini"};
    next.overlays = {mini};
    document().edit("term", std::move(next));
    settle();
    ValueTable *models = table(view<ContractView>(), "List and contracted");
    // 40 requests a month: 2 × (4 M × 2 + 0.8 M × 8) and 2 × (4 M × 0.4 + 0.8 M × 1.6) per million.
    QTRY_COMPARE_WITH_TIMEOUT(cell(models, 1, 4), QStringLiteral("$4.32"), jobTimeout);
    QCOMPARE(cell(models, 0, 1), QStringLiteral("gpt-4.1"));
    QCOMPARE(cell(models, 0, 3), QStringLiteral("$28.80"));
    QCOMPARE(cell(models, 0, 5), QStringLiteral("unchanged"));
    QCOMPARE(cell(models, 1, 1), QStringLiteral("gpt-4.1-mini"));
    QCOMPARE(cell(models, 1, 3), QStringLiteral("$5.76"));
    QCOMPARE(cell(models, 1, 5), QStringLiteral("\u2212$1.44"));
    QVERIFY2(textsOf(view<ContractView>()).contains("$33.12 as contracted and $34.56 at list price"),
             qPrintable(textsOf(view<ContractView>())));
}

void TestPricesPage::whatHasNoListPriceIsNotCompared()
{
    // The list of gpt-4.1 knows no fee for a call: 12 × (0.0036 + 0.001).
    PriceOverlay request = discount("Fee", 0);
    request.kind = OverlayKind::FixedPrice;
    request.fixedFemto = 1'000'000'000'000; // 0.001 for a call
    request.classes = {UsageClass::Request};
    openSmall("contract", {request});
    QCOMPARE(cost(), std::string("0.0552"));
    ValueTable *models = table(view<ContractView>(), "List and contracted");
    QTRY_COMPARE_WITH_TIMEOUT(cell(models, 0, 4), QStringLiteral("$0.0552"), jobTimeout);
    QCOMPARE(cell(models, 0, 5), QString(QChar(0x2013)));
    QVERIFY2(textsOf(view<ContractView>()).contains("$0.0552 is contracted for models of which part has no list price"),
             qPrintable(textsOf(view<ContractView>())));
}

void TestPricesPage::nothingToTieIsSaid()
{
    open({}, "invoice");
    QVERIFY(textsOf(view<InvoiceView>()).contains("Import usage and invoices"));
    QVERIFY(button(view<InvoiceView>(), QStringLiteral("Import files…")));
    QVERIFY(!view<InvoiceView>()->result());
}

void TestPricesPage::missingInvoiceIsSaid()
{
    openBilled(false);
    QVERIFY2(textsOf(view<InvoiceView>()).contains("No invoice is there"), qPrintable(textsOf(view<InvoiceView>())));
    QVERIFY(textsOf(view<InvoiceView>()).contains(QStringLiteral("role “invoice”")));
    button(view<InvoiceView>(), "Sources and their roles")->click();
    QCOMPARE(m_window->selection().page(), PageId::Ledger);
}

void TestPricesPage::invoiceIsTied()
{
    openBilled(true);
    const Reconciliation *result = view<InvoiceView>()->result();
    QVERIFY(result);
    QCOMPARE(result->billed().text(), std::string("36.4"));
    const QString said = textsOf(view<InvoiceView>());
    QVERIFY2(said.contains("The usage costs $34.56 at list price, and no term changes that"), qPrintable(said));
    QVERIFY2(said.contains("the invoices bill $36.40, a difference of +$1.84 (+5.3 %)"), qPrintable(said));
    QVERIFY2(said.contains(QStringLiteral("\u2212$3.46 of it has no explanation")), qPrintable(said));
    ValueTable *lines = table(view<InvoiceView>(), "Usage and invoices");
    QCOMPARE(lines->shownRows(), 6);
    QCOMPARE(cell(lines, 0, 1), QStringLiteral("openai · gpt-4.1"));
    QCOMPARE(cell(lines, 0, 3), QStringLiteral("$14.40"));
    QCOMPARE(cell(lines, 0, 4), QStringLiteral("$12.96"));
    QCOMPARE(cell(lines, 0, 5), QStringLiteral("\u2212$1.44"));
    QCOMPARE(cell(lines, 0, 6), QStringLiteral("Unknown"));
    QCOMPARE(cell(lines, 2, 6), QStringLiteral("Tax"));
    QCOMPARE(cell(lines, 2, 3), QString(QChar(0x2013)));
    const Figure &figure = view<InvoiceView>()->findChild<FigureView *>()->figure();
    QCOMPARE(figure.categories,
             (std::vector<std::string>{"At list price", "Tax", "Credit", "Adjustment", "Unknown", "Billed"}));
    // The last line of October: tax 2.95, credit −1, correction 0.4.
    lines->setCurrentKey(lines->model()->key(5));
    emit lines->currentKeyChanged(lines->currentKey());
    ValueTable *statement = table(view<InvoiceView>()->inspector(), "From list price to invoice");
    QStringList shown;
    for (int row = 0; row < statement->shownRows(); ++row)
        shown << cell(statement, row, 0) + QLatin1Char(' ') + cell(statement, row, 1);
    QCOMPARE(shown, (QStringList{QStringLiteral("At list price –"), QStringLiteral("Contracted –"),
                                 QStringLiteral("Tax +$2.95"), QStringLiteral("Credit −$1.00"),
                                 QStringLiteral("Adjustment +$0.400"), QStringLiteral("Billed $2.35")}));
    QVERIFY(textsOf(view<InvoiceView>()->inspector()).contains("0 requests · 3 charges"));
}

void TestPricesPage::invoiceWithoutUsageIsSaid()
{
    openBilled(true);
    WorkspaceState next = document().state();
    const Source &usage = document().sources().front();
    next.sources.insert_or_assign(usage.id, SourceSetting{false, usage.role});
    const auto before = document().history();
    document().edit("without usage", std::move(next));
    QTRY_VERIFY_WITH_TIMEOUT(document().history() != before, jobTimeout);
    settle();
    const QString said = textsOf(view<InvoiceView>());
    // Tax 5.90, credit −1 and correction 0.40 are what they are; 31.10 is billed for usage that is not there.
    QVERIFY2(
        said.contains("The ledger has no usage to compare with; the invoices bill $36.40, a difference of +$36.40. "
                      "All of it is explained."),
        qPrintable(said));
    QCOMPARE(view<InvoiceView>()->result()->parts()[DifferenceBucket::NoUsage].text(), std::string("31.1"));
    QCOMPARE(cell(table(view<InvoiceView>(), "Usage and invoices"), 0, 3), QString(QChar(0x2013)));
}

void TestPricesPage::calibrationIsOfferedAndUndone()
{
    openBilled(true);
    QVERIFY(overlays().empty());
    // New rows of a layout are shown with the next events.
    QTRY_VERIFY(
        textsOf(view<InvoiceView>()).contains("10 % off: openai; all tokens, from 2026-09-01, before 2026-11-01"));
    const QString offered = textsOf(view<InvoiceView>());
    // 34.56 × 0.9; what stays are the rounded cents of the bill, which have their own bucket.
    QVERIFY2(offered.contains(QStringLiteral("would cost $31.10 instead of $34.56, and $0 instead of −$3.46")),
             qPrintable(offered));
    QPushButton *add = button(view<InvoiceView>(), "Add as contract term");
    QVERIFY(add);
    add->click();
    QCOMPARE(overlays().size(), std::size_t{1});
    // Until the new prices are there, the offer cannot be taken twice.
    for (const QPushButton *each : view<InvoiceView>()->findChildren<QPushButton *>())
        QVERIFY(each->text() != "Add as contract term" || !each->isVisible() || !each->isEnabled());
    settle();
    QCOMPARE(cost(), std::string("31.104"));
    QCOMPARE(view<InvoiceView>()->result()->priced().text(), std::string("31.104"));
    QVERIFY(view<InvoiceView>()->result()->parts()[DifferenceBucket::Unknown].isZero());
    QVERIFY(!button(view<InvoiceView>(), "Add as contract term"));
    QVERIFY(textsOf(view<InvoiceView>()).contains("All of it is explained"));
    QCOMPARE(view<InvoiceView>()->findChild<FigureView *>()->figure().categories[2], std::string("Contracted"));
    document().undoStack()->undo();
    settle();
    QVERIFY(overlays().empty());
    QCOMPARE(view<InvoiceView>()->result()->parts()[DifferenceBucket::Unknown].text(), std::string("-3.46"));
    QVERIFY(button(view<InvoiceView>(), "Add as contract term")->isEnabled());
}

void TestPricesPage::everythingHasANameAndRoom_data()
{
    QTest::addColumn<QString>("id");
    for (const char *id : {"contract", "invoice"})
        QTest::newRow(id) << QString(id);
}

void TestPricesPage::everythingHasANameAndRoom()
{
    QFETCH(QString, id);
    openBilled(true, id);
    WorkspaceState next = document().state();
    next.overlays = {discount("Agreement 2026", 1'000)};
    document().edit("term", std::move(next));
    settle();
    m_window->findChild<NavigationRail *>()->setCollapsed(false);
    QCoreApplication::processEvents();
    QCOMPARE(m_window->width(), 1280);
    PricesView *shown = id == "contract" ? static_cast<PricesView *>(view<ContractView>()) : view<InvoiceView>();
    QVERIFY(shown->isVisible());
    for (QWidget *part : {static_cast<QWidget *>(shown), shown->inspector()}) {
        const AccessibleNames names = accessibleNames(part);
        QVERIFY(names.interactive > 0);
        QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QStringLiteral("; "))));
        for (const QPushButton *each : part->findChildren<QPushButton *>())
            QVERIFY2(!each->isVisible() || each->width() >= each->minimumSizeHint().width(), qPrintable(each->text()));
    }
    for (QWidget *whole : {static_cast<QWidget *>(page()), static_cast<QWidget *>(shown)})
        QVERIFY2(whole->minimumSizeHint().width() <= whole->width(),
                 qPrintable(QStringLiteral("%1 > %2").arg(whole->minimumSizeHint().width()).arg(whole->width())));
}

QTEST_MAIN(TestPricesPage)
#include "tst_prices_page.moc"
