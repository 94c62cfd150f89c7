// SPDX-License-Identifier: GPL-3.0-or-later
// What a user knows better than the catalogues, on the Capacity page: the page must say what the engine says when it is
// asked the same, and must not compute with anything that cannot be.
#include "tests/app/capacity_fixture.h"

#include "app/pages/capacity/own_figures_card.h"
#include "model/capacity/capacity_setup.h"
#include "model/figures/figure_builder.h"
#include "tests/support/accessible_names.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/inputs/exact_spin_box.h"
#include "widgets/inputs/open_number_field.h"

#include <QJsonDocument>
#include <QLineEdit>
#include <QPushButton>

using namespace perunit;

namespace {

/// One hour of a model, every 20 seconds a request; six minutes have four times as much of everything.
QByteArray hourOf(const QByteArray &provider, const QByteArray &model, int input, int output)
{
    QByteArray csv = ledgerHeader;
    for (int minute = 0; minute < 60; ++minute) {
        const int times = minute >= 20 && minute < 26 ? 4 : 1;
        const QByteArray at = "2026-09-09T08:" + QByteArray::number(minute).rightJustified(2, '0') + ":";
        for (const char *second : {"00Z", "20Z", "40Z", "59.999999Z"})
            csv += at + second + "," + provider + "," + model + ",chat,prod,," + QByteArray::number(input * times)
                   + ",0," + QByteArray::number(output * times) + ",1\n";
    }
    return csv;
}

/// Two days, one request every ten minutes: at any hour of the day.
QByteArray twoDays()
{
    QByteArray csv = ledgerHeader;
    for (int tenth = 0; tenth < 288; ++tenth) {
        const int minute = tenth % 144 * 10;
        csv += "2026-09-" + QByteArray(tenth < 144 ? "11" : "12") + "T"
               + QByteArray::number(minute / 60).rightJustified(2, '0') + ":"
               + QByteArray::number(minute % 60).rightJustified(2, '0') + ":00Z,azure,gpt-4.1,chat,prod,,20000,0,"
               + QByteArray::number(20'000 + tenth % 7 * 5'000) + ",1\n";
    }
    return csv;
}

const char *const price = "Price of a unit, a month";
const char *const tokens = "Tokens a minute of a unit";
const char *const weight = "Input tokens an output token weighs";

Femto dollars(const char *text)
{
    return Femto::ofUnits(parseDecimal(text, Femto::scale)->units);
}

} // namespace

class TestCapacityFigures : public CapacityPageTest
{
    Q_OBJECT

private:
    [[nodiscard]] QPushButton *button(const QString &text) const
    {
        for (QPushButton *each : page()->findChildren<QPushButton *>()) {
            if (each->text().startsWith(text))
                return each;
        }
        return nullptr;
    }
    [[nodiscard]] OpenNumberField *field(const char *name) const
    {
        auto *line = named<QLineEdit>(name);
        return line ? qobject_cast<OpenNumberField *>(line->parentWidget()) : nullptr;
    }
    void showFields() const
    {
        QPushButton *own = button(QStringLiteral("Own figures"));
        QVERIFY(own);
        if (!own->isChecked())
            own->click();
    }
    void type(const char *name, const QString &text) const
    {
        OpenNumberField *wanted = field(name);
        QVERIFY2(wanted && wanted->isVisible(), name);
        wanted->line()->setFocus();
        wanted->line()->selectAll();
        if (text.isEmpty())
            QTest::keyClick(wanted->line(), Qt::Key_Delete);
        else
            QTest::keyClicks(wanted->line(), text);
        QTest::keyClick(wanted->line(), Qt::Key_Return);
        settle();
    }
    /// The page's answer is that of the engine to a question made by hand.
    void compareWithEngine(const CapacityQuestion &question) const
    {
        QVERIFY2(page()->sizing(), qPrintable(texts()));
        const auto baseline = document().outcomes()->baseline;
        const auto expected = studyCapacity(*baseline, {}, question, {});
        QVERIFY2(expected, expected ? "" : expected.error().text().c_str());
        const CapacityAnswer &answer = page()->sizing()->answer;
        QCOMPARE(answer.optimum.units, expected->optimum.units);
        QCOMPARE(answer.optimum.cost().text(), expected->optimum.cost().text());
        QCOMPARE(answer.payAsYouGo.text(), expected->payAsYouGo.text());
        QCOMPARE(answer.pricePerUnit.text(), expected->pricePerUnit.text());
        QCOMPARE(answer.grid.minimum, expected->grid.minimum);
        QCOMPARE(answer.grid.step, expected->grid.step);
    }
    [[nodiscard]] static CapacityQuestion asked(const char *model, const char *offer, const char *term)
    {
        CapacityQuestion question;
        question.model = model;
        question.offer = offer;
        question.term = term;
        return question;
    }
    void reopen()
    {
        const QString path = document().path();
        m_window.reset();
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 900);
        m_window->show();
        QVERIFY(m_window->openWorkspace(path));
        QTRY_VERIFY_WITH_TIMEOUT(!document().isComputing(), jobTimeout);
        settle();
    }

private slots:
    void initTestCase() { startTests(); }
    void cleanup() { m_window.reset(); }

    /// At 20 $ a month a unit costs 0.0274 an hour and saves 0.036 in the six busy minutes: the peak is best.
    void anOwnPriceChangesTheSize()
    {
        openSteady();
        QCOMPARE(page()->units(), 30);
        QVERIFY(!page()->findChild<OwnFiguresCard *>()->isVisible());
        showFields();
        QCOMPARE(field(price)->line()->placeholderText(), QStringLiteral("221"));
        QCOMPARE(field(tokens)->line()->placeholderText(), QStringLiteral("3,000"));
        QCOMPARE(field(weight)->line()->placeholderText(), QStringLiteral("4"));
        QVERIFY2(texts().contains("Empty fields are as the catalogue of 2026-11-21 has them: Microsoft"),
                 qPrintable(texts()));
        type(price, QStringLiteral("20"));
        QCOMPARE(page()->units(), 100);
        CapacityQuestion question = asked("azure/gpt-4.1", "azure-ptu-global", "1-year");
        question.pricePerMonth = dollars("20");
        compareWithEngine(question);
        QCOMPARE(formatDecimalFixed(page()->sizing()->answer.optimum.cost().units(), Femto::scale, 2),
                 std::string("2.74"));
        QVERIFY2(texts().contains("Computed with own figures: Price of a unit, a month: 20 USD."), qPrintable(texts()));
        // A scenario would compute with the catalogue's price.
        QPushButton *use = button(QStringLiteral("Use in scenario"));
        QVERIFY(use && !use->isEnabled());
        QVERIFY(use->toolTip().contains("catalogue of your own"));
        // The price is that of one term.
        choose("Term", "1-month");
        QVERIFY(!field(price)->value());
        QCOMPARE(page()->units(), 30);
        choose("Term", "1-year");
        QCOMPARE(field(price)->value(), std::optional<std::int64_t>(20'000'000'000));
        type(price, {});
        QCOMPARE(page()->units(), 30);
        QVERIFY(use->isEnabled());
        QVERIFY(m_window->selection().capacity().figures.empty());
    }

    void everyFigureOfAnOfferCounts()
    {
        openSteady();
        showFields();
        type(price, QStringLiteral("1,000.50"));
        type(tokens, QStringLiteral("12000"));
        type(weight, QStringLiteral("2.5"));
        type("Fewest units sold", QStringLiteral("4"));
        type("Sold in steps of", QStringLiteral("2"));
        CapacityQuestion question = asked("azure/gpt-4.1", "azure-ptu-global", "1-year");
        question.pricePerMonth = dollars("1000.50");
        question.tokensPerMinute = 12'000;
        question.outputWeight = 2'500'000;
        question.minimumUnits = 4;
        question.stepUnits = 2;
        compareWithEngine(question);
        QCOMPARE(page()->sizing()->answer.grid.minimum, 4);
        QVERIFY(button(QStringLiteral("Own figures (5)")));
        QPushButton *clear = button(QStringLiteral("Leave all open"));
        QVERIFY(clear && clear->isEnabled());
        clear->click();
        settle();
        QVERIFY(m_window->selection().capacity().figures.empty());
        QCOMPARE(page()->units(), 30);
        QVERIFY(!clear->isEnabled());
    }

    void whatCannotBeIsMarkedAndNotComputed_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        QTest::newRow("letters") << QByteArray(price) << "abc"
                                 << "“abc” cannot be taken: write a number such as 221.";
        QTest::newRow("negative") << QByteArray(price) << "-5"
                                  << "Must be between 0 USD and 6,000,000 USD.";
        QTest::newRow("comma in a wrong place") << QByteArray(price) << "2,5"
                                                << "“2,5” cannot be taken: write a number such as 221.";
        QTest::newRow("finer than can be kept") << QByteArray(price) << "0.0000000001"
                                                << "cannot be taken";
        QTest::newRow("half a token") << QByteArray(tokens) << "1.5"
                                      << "“1.5” cannot be taken: write a number such as 3,000.";
        QTest::newRow("no tokens") << QByteArray(tokens) << "0"
                                   << "Must be between 1 and 1,000,000,000.";
        QTest::newRow("no steps") << QByteArray("Sold in steps of") << "0"
                                  << "Must be between 1 and 10,000.";
    }
    void whatCannotBeIsMarkedAndNotComputed()
    {
        QFETCH(QByteArray, name);
        QFETCH(QString, typed);
        QFETCH(QString, says);
        openSteady();
        showFields();
        const std::string before = page()->sizing()->answer.optimum.cost().text();
        type(name.constData(), typed);
        OpenNumberField *wrong = field(name.constData());
        QVERIFY2(wrong->problem().contains(says), qPrintable(wrong->problem()));
        QVERIFY2(wrong->problem().contains("Until then, or when the field is empty, this holds: "
                                           + wrong->line()->placeholderText()),
                 qPrintable(wrong->problem()));
        QVERIFY(wrong->line()->property("wrong").toBool());
        QCOMPARE(wrong->line()->text(), typed);
        QVERIFY(m_window->selection().capacity().figures.empty());
        QCOMPARE(page()->sizing()->answer.optimum.cost().text(), before);
        // Escape brings back what holds.
        QTest::keyClick(wrong->line(), Qt::Key_Escape);
        QVERIFY(wrong->problem().isEmpty());
        QVERIFY(wrong->line()->text().isEmpty());
    }

    void figuresAreKeptInTheWorkspace()
    {
        openSteady();
        showFields();
        type(price, QStringLiteral("20"));
        type("Bucket of single requests, s", QStringLiteral("30"));
        type("Declared output (max_tokens)", QStringLiteral("4096"));
        const auto before = m_window->selection().capacity();
        reopen();
        QCOMPARE(m_window->selection().capacity(), before);
        QVERIFY(page()->sizing());
        QCOMPARE(page()->units(), 100);
        QVERIFY(button(QStringLiteral("Own figures (3)")));
        showFields();
        QCOMPARE(field(price)->line()->text(), QStringLiteral("20"));
        QCOMPARE(field("Bucket of single requests, s")->line()->text(), QStringLiteral("30"));
        QCOMPARE(field("Declared output (max_tokens)")->line()->text(), QStringLiteral("4,096"));
    }

    /// Answers of 2,000 tokens run for 40 s; what they declare is taken from the bucket until then.
    void singleRequestsAreAskedWithTheirFigures()
    {
        open(hourOf("azure", "gpt-4.1", 15'000, 2'000));
        choose("Offer", "azure-ptu-global");
        choose("Term", "1-year");
        showFields();
        const std::int64_t size = page()->units();
        QVERIFY(size > 0);
        const auto depths = [this] {
            std::vector<int> seconds;
            for (const auto &depth : page()->sizing()->answer.bands.front().depths)
                seconds.push_back(depth.seconds);
            return seconds;
        };
        QCOMPARE(depths(), (std::vector<int>{1, 10, 60}));
        type("Bucket of single requests, s", QStringLiteral("30"));
        QCOMPARE(depths(), (std::vector<int>{1, 10, 30, 60}));
        // The size is that of the minutes.
        QCOMPARE(page()->units(), size);
        const PartsPerMillion spilled = page()->sizing()->answer.bands.front().depths.back().spillShare;
        type("Declared output (max_tokens)", QStringLiteral("100000"));
        QVERIFY(page()->sizing()->answer.bands.front().depths.back().spillShare > spilled);
        QVERIFY(button(QStringLiteral("Use in scenario"))->isEnabled());
    }

    /// Nothing about model units is public: three figures are asked for at once, and then it is sized.
    void modelUnitsAskForWhatTheyNeed()
    {
        open(hourOf("bedrock", "meta.llama3-3-70b-instruct-v1:0", 50'000, 1'000));
        QCOMPARE(named<ChoiceBox>("Offer")->value(), std::string("bedrock-mu"));
        QVERIFY2(texts().contains("Bedrock model units: 3 figures are needed before it can be sized."),
                 qPrintable(texts()));
        QVERIFY(texts().contains("State above: Price of a unit, a month, Tokens a minute of a unit and Input tokens an "
                                 "output token weighs."));
        QVERIFY(texts().contains("Neither the prices of current models nor the tokens that a unit serves are public"));
        for (const char *name : {price, tokens, weight}) {
            QVERIFY2(field(name) && field(name)->isVisible(), name);
            QCOMPARE(field(name)->line()->placeholderText(), QStringLiteral("not public"));
            QVERIFY(texts().contains(QLatin1String(name) + QStringLiteral(" – needed")));
        }
        type(price, QStringLiteral("50"));
        QVERIFY(texts().contains("2 figures are needed"));
        QVERIFY(!page()->sizing());
        type(tokens, QStringLiteral("x"));
        QVERIFY(field(tokens)->problem().contains("Until then nothing is computed."));
        QVERIFY(!page()->sizing());
        type(tokens, QStringLiteral("100000"));
        QVERIFY(texts().contains("one figure is needed"));
        type(weight, QStringLiteral("4"));
        CapacityQuestion question =
            asked("bedrock/meta.llama3-3-70b-instruct-v1:0", "bedrock-mu", named<ChoiceBox>("Term")->value().c_str());
        question.pricePerMonth = dollars("50");
        question.tokensPerMinute = 100'000;
        question.outputWeight = 4'000'000;
        compareWithEngine(question);
        // 4 × 54,000 of load a minute: three units, and the busy minutes' nine do not pay by themselves at 0.0685.
        QCOMPARE(page()->sizing()->answer.rawUnits, Millionths(8'640'000));
        QVERIFY2(texts().contains("model units"), qPrintable(texts()));
        // The fields stay open, and what was needed is no longer called so.
        QVERIFY(field(price)->isVisible());
        QVERIFY(!texts().contains(QStringLiteral(" – needed")));
        ValueTable *offers = table("Offers and terms");
        const int row = offers->model()->rowOf(QStringLiteral("bedrock-mu|")
                                               + QString::fromStdString(named<ChoiceBox>("Term")->value()));
        QVERIFY(row >= 0);
        QCOMPARE(offers->model()->cell(row, 8).text, QStringLiteral("own figures"));
        // Other offers of the provider say what they wait for.
        bool waits = false;
        for (int i = 0; i < offers->model()->rowCount(); ++i)
            waits = waits || offers->model()->cell(i, 8).text.startsWith("to be stated: ");
        QVERIFY(waits);
    }

    void replicasOfOnesOwnAreAnOffer()
    {
        open(hourOf("azure", "gpt-4.1", 1'000, 20'000));
        choose("Offer", "gpu-endpoint");
        QVERIFY2(texts().contains("Own replicas (GPU endpoint): 2 figures are needed before it can be sized."),
                 qPrintable(texts()));
        QVERIFY(texts().contains("2,209 a second with prompts of 1,000 tokens and 398 with prompts of 8,192"));
        type("Output tokens a second of a replica", QStringLiteral("400"));
        type("Price of a replica, an hour", QStringLiteral("3"));
        CapacityQuestion question = asked("azure/gpt-4.1", "gpu-endpoint", "");
        question.endpoint = CapacityQuestion::Endpoint{};
        question.endpoint->outputTokensPerSecond = 400;
        question.endpoint->pricePerHour = dollars("3");
        compareWithEngine(question);
        // 4 × 20,000 output tokens a minute against 24,000 of a replica: 4 by the minute, 14 in the busy ones.
        QCOMPARE(page()->sizing()->answer.peakUnits, 14);
        type("Highest utilisation", QStringLiteral("50 %"));
        type("People, a month", QStringLiteral("100"));
        type("Fewest replicas", QStringLiteral("2"));
        question.endpoint->maximumUtilisation = onePpm / 2;
        question.endpoint->peoplePerMonth = dollars("100");
        question.endpoint->minimumReplicas = 2;
        compareWithEngine(question);
        const CapacityAnswer &answer = page()->sizing()->answer;
        QVERIFY(answer.optimum.units > 0);
        QVERIFY(answer.perMillionOutput);
        const QString million = toQt(moneyText(*answer.perMillionOutput, "USD"));
        QVERIFY2(texts().contains("A million output tokens cost " + million), qPrintable(texts()));
        ValueTable *offers = table("Offers and terms");
        const int row = offers->model()->rowOf(QStringLiteral("gpu-endpoint|hourly"));
        QVERIFY(row >= 0);
        QCOMPARE(offers->model()->cell(row, 0).text, QStringLiteral("Own replicas (GPU endpoint)"));
        QVERIFY(offers->model()->cell(row, 8).text.contains(million));
        QVERIFY(!button(QStringLiteral("Use in scenario"))->isEnabled());
        reopen();
        QCOMPARE(named<ChoiceBox>("Offer")->value(), std::string("gpu-endpoint"));
        compareWithEngine(question);
    }

    /// While the line is dragged the figures come from the curve that the page keeps; every size must be the study's.
    void replicasThatRestAreTheSameWhileDragged()
    {
        open(twoDays());
        choose("Offer", "gpu-endpoint");
        type("Output tokens a second of a replica", QStringLiteral("500"));
        type("Price of a replica, an hour", QStringLiteral("0.02"));
        type("Hours a day", QStringLiteral("8.5"));
        type("First hour of the day, UTC", QStringLiteral("9"));
        type("Days a week", QStringLiteral("5"));
        type("People, a month", QStringLiteral("1"));
        CapacityQuestion question = asked("azure/gpt-4.1", "gpu-endpoint", "");
        question.endpoint = CapacityQuestion::Endpoint{};
        question.endpoint->outputTokensPerSecond = 500;
        question.endpoint->pricePerHour = dollars("0.02");
        question.endpoint->hoursPerDay = 8'500'000;
        question.endpoint->firstHour = 9;
        question.endpoint->daysPerWeek = 5;
        question.endpoint->peoplePerMonth = dollars("1");
        compareWithEngine(question);
        for (std::int64_t units = 0; units <= 4; ++units) {
            question.units = units;
            const auto study = studyCapacity(*document().outcomes()->baseline, {}, question, {});
            QVERIFY(study);
            const SizeFigures live = page()->sizing()->at(units);
            QCOMPARE(live.fixedCost.text(), study->at->fixedCost.text());
            QCOMPARE(live.spillCost.text(), study->at->spillCost.text());
            QCOMPARE(live.utilisation, study->at->utilisation);
            QCOMPARE(live.spillShare, study->at->spillShare);
        }
        // From 20:00 on twelve hours do not fit into the day: marked there, and nothing is computed.
        type("Hours a day", QStringLiteral("12"));
        type("First hour of the day, UTC", QStringLiteral("20"));
        QVERIFY2(field("First hour of the day, UTC")->problem().contains("beyond midnight"),
                 qPrintable(field("First hour of the day, UTC")->problem()));
        QVERIFY(!page()->sizing());
        type("Hours a day", QStringLiteral("4"));
        QVERIFY(field("First hour of the day, UTC")->problem().isEmpty());
        QVERIFY(page()->sizing());
    }

    void amodelThatNobodyReservesRunsOnReplicas()
    {
        open(unreserved());
        QVERIFY(texts().contains("Nothing that is reserved is offered for deepseek/deepseek-chat."));
        QPushButton *size = button(QStringLiteral("Size own replicas"));
        QVERIFY(size && size->isVisible());
        size->click();
        settle();
        QCOMPARE(named<ChoiceBox>("Offer")->value(), std::string("gpu-endpoint"));
        QVERIFY(field("Output tokens a second of a replica")->isVisible());
    }

    /// Input and output are bought apart: each number is moved by itself, money is always that of both.
    void splitOffersHaveTwoSizes()
    {
        open(hourOf("xai", "grok-4-1-fast-reasoning", 15'750, 9'375));
        QCOMPARE(named<ChoiceBox>("Offer")->value(), std::string("xai-provisioned"));
        showFields();
        QVERIFY(field("Output tokens a minute of a unit"));
        QCOMPARE(field("Output tokens a minute of a unit")->line()->placeholderText(), QStringLiteral("12,500"));
        type(price, QStringLiteral("60"));
        CapacityQuestion question = asked("xai/grok-4-1-fast-reasoning", "xai-provisioned", "daily");
        question.pricePerMonth = dollars("60");
        compareWithEngine(question);
        const CapacityAnswer answer = page()->sizing()->answer;
        QVERIFY(answer.outputOptimum);
        QCOMPARE(answer.optimum.units, 2);        // 4 × 15,750 ÷ 31,500
        QCOMPARE(answer.outputOptimum->units, 3); // 4 × 9,375 ÷ 12,500
        QCOMPARE(page()->outputUnits(), std::optional<std::int64_t>(3));
        QVERIFY2(texts().contains("Cost of 2 units for input and 3 for output"), qPrintable(texts()));
        auto *output = named<ExactSpinBox>("Units for output");
        QVERIFY(output && output->isVisible());
        QVERIFY(named<ExactSpinBox>("Units for input"));
        output->setFocus();
        output->findChild<QLineEdit *>()->selectAll();
        QTest::keyClicks(output, QStringLiteral("12"));
        QTest::keyClick(output, Qt::Key_Return);
        // Nine more: 9 × 60 ÷ 730 for the hour, and nothing of the output spills any more.
        QVERIFY2(texts().contains("Cost of 2 units for input and 12 for output"), qPrintable(texts()));
        const SizeFigures shown = page()->sizing()->at(2, 12);
        const SizeFigures alone = page()->sizing()->outputAt(12);
        QCOMPARE(alone.spillCost, Femto());
        QCOMPARE((shown.cost() - answer.optimum.cost()).text(),
                 (alone.fixedCost - answer.outputOptimum->fixedCost - answer.outputOptimum->spillCost).text());
        QVERIFY(texts().contains(toQt(moneyText(shown.cost(), "USD"))));
        QVERIFY(texts().contains("than at the optimum of 2 units for input and 3 for output."));
        settle();
        QCOMPARE(m_window->selection().capacity().outputUnits, std::optional<std::int64_t>(12));
        // The input moves by itself.
        QTest::keyClick(panes()[0], Qt::Key_Up);
        QCOMPARE(page()->units(), 3);
        QCOMPARE(page()->outputUnits(), std::optional<std::int64_t>(12));
        settle();
        reopen();
        QCOMPARE(page()->units(), 3);
        QCOMPARE(page()->outputUnits(), std::optional<std::int64_t>(12));
        QPushButton *optimum = button(QStringLiteral("Optimum"));
        QVERIFY(optimum->isEnabled());
        optimum->click();
        settle();
        QCOMPARE(page()->units(), 2);
        QCOMPARE(page()->outputUnits(), std::optional<std::int64_t>(3));
    }

    void cancellingIsSaidAndCanBeTakenBack()
    {
        openSteady();
        showFields();
        auto *strip = page()->findChild<JobStrip *>();
        OpenNumberField *wanted = field(price);
        wanted->line()->setFocus();
        QTest::keyClicks(wanted->line(), QStringLiteral("20"));
        QTest::keyClick(wanted->line(), Qt::Key_Return);
        emit strip->cancelRequested();
        settle();
        QVERIFY2(texts().contains("Cancelled."), qPrintable(texts()));
        QVERIFY(!page()->sizing());
        QPushButton *again = button(QStringLiteral("Compute again"));
        QVERIFY(again && again->isVisible());
        again->click();
        settle();
        QVERIFY(page()->sizing());
        QCOMPARE(page()->units(), 100);
    }

    void progressNeverFallsAndEnds()
    {
        SizingProgress progress;
        QCOMPARE(progress.thousandths(), 0);
        progress.begin(1'000'000, 4);
        std::int64_t before = 0;
        const auto check = [&](std::int64_t low, std::int64_t high) {
            for (int i = 0; i < 1000; ++i) {
                const std::int64_t now = progress.thousandths();
                QVERIFY(now >= before && now >= low && now <= high);
                before = now;
            }
        };
        check(0, 200); // one of five passes
        progress.enter(SizingProgress::Stage::Sizing);
        check(200, 1000);
        progress.enter(SizingProgress::Stage::Done);
        QCOMPARE(progress.thousandths(), SizingProgress::whole);
    }

    void everyFieldHasAName()
    {
        openSteady();
        showFields();
        const AccessibleNames names = accessibleNames(page());
        QVERIFY2(names.unnamed.isEmpty(), qPrintable(names.unnamed.join(QLatin1Char('\n'))));
        choose("Offer", "gpu-endpoint");
        const AccessibleNames replicas = accessibleNames(page());
        QVERIFY2(replicas.unnamed.isEmpty(), qPrintable(replicas.unnamed.join(QLatin1Char('\n'))));
    }

    void damagedFiguresAreLeftOut()
    {
        CapacityChoice choice;
        choice.model = "azure/gpt-4.1";
        choice.offer = "azure-ptu-global";
        choice.term = "1-year";
        StatedFigures &figures = choice.figures[ownFiguresKey(choice.model, choice.offer)];
        figures["price/1-year"] = -1;
        figures["tokens_per_minute"] = INT64_MAX;
        figures["step_units"] = 7;
        const CapacityQuestion question = questionOf(choice);
        QVERIFY(!question.pricePerMonth);
        QCOMPARE(question.tokensPerMinute, 0);
        QCOMPARE(question.stepUnits, std::optional<std::int64_t>(7));
        // As it is kept: whole numbers stay what they are, other things are not read.
        figures["tokens_per_minute"] = 9'007'199'254'740'993; // no double
        choice.units = 35;
        choice.outputUnits = 4;
        QCOMPARE(readCapacityChoice(capacityChoiceJson(choice)), choice);
        const QJsonObject json =
            QJsonDocument::fromJson(R"({"units": 1.5, "figures": {"m o": {"a": "x", "b": 2.5, "c": 3},
            "n": 7}})")
                .object();
        const CapacityChoice read = readCapacityChoice(json);
        QVERIFY(!read.units);
        QCOMPARE(read.figures.size(), std::size_t(1));
        QCOMPARE(read.figures.at("m o"), (StatedFigures{{"c", 3}}));
    }
};

QTEST_MAIN(TestCapacityFigures)
#include "tst_capacity_figures.moc"
