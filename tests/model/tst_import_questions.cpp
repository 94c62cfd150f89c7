// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ledger_files.h"

#include <QTest>

using namespace perunit;

/// What a file leaves open is asked; what it shows is said; what cannot be is refused.
class TestImportQuestions : public QObject
{
    Q_OBJECT
private slots:
    void asksWhatIsOpen_data();
    void asksWhatIsOpen();
    void saysWhatEachAnswerMakesOfTheFile();
    void refusesUntilAnswered();
    void remembersTheAnswer();
    void anotherAnswerReadsTheFileAnew();
    void mappingCarriesTheAnswer();
    void notesNameTheWitness();
    void publishedDialects_data();
    void publishedDialects();
    void impossibleTimesAreRefused();
    void mangledIdsNameNothing();

private:
    LedgerFolder m_folder;
};

void TestImportQuestions::asksWhatIsOpen_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("asked");
    const auto row = [](const char *name, const char *content, const char *asked) {
        QTest::newRow(name) << QByteArray(content) << QString::fromLatin1(asked);
    };
    row("number", "date,model,cost\n2026-08-03,m,1.234\n2026-08-04,m,2.500\n", "cost");
    row("grouped number", "date,model,cost\n2026-08-03,m,\"1,234\"\n", "cost");
    row("date", "date,model,cost\n3/8/2026,m,1.5\n4/8/2026,m,2.5\n", "date");
    row("both", "date,model,cost\n3/8/2026,m,1.234\n", "cost date");
    row("settled by another value", "date,model,cost\n2026-08-03,m,1.234\n2026-08-04,m,0.5\n", "");
    row("settled by another column", "date,model,cost,input_tokens\n2026-08-03,m,0.5,\"1,234\"\n", "");
    row("date settled", "date,model,cost\n3/8/2026,m,1.5\n13/8/2026,m,2.5\n", "");
    row("same day and month", "date,model,cost\n8/8/2026,m,1.5\n", "");
    row("divided by semicolons", "date;model;cost\n2026-08-03;m;1.234\n", "");
    row("bill of a provider", "BilledCost,BillingCurrency,ChargePeriodStart,ChargeCategory\n1.234,USD,3/8/2026,Usage\n",
        "");
    row("number of JSON", "{\"date\":\"2026-08-03\",\"model\":\"m\",\"cost\":1.234}\n", "");
    row("text of JSON", "{\"date\":\"2026-08-03\",\"model\":\"m\",\"cost\":\"1,234\"}\n", "cost");
}

void TestImportQuestions::asksWhatIsOpen()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, asked);
    TAKE(preview, previewImport(m_folder.write("open.csv", content), {}, nullptr, nullptr, {}));
    QStringList columns;
    for (const ImportQuestion &question : preview.questions) {
        columns << QString::fromStdString(question.column);
        QCOMPARE(question.readings.size(), std::size_t{2});
    }
    QCOMPARE(columns.join(QLatin1Char(' ')), asked);
}

void TestImportQuestions::saysWhatEachAnswerMakesOfTheFile()
{
    const std::string file = m_folder.write("answers.csv", "date,model,cost\n"
                                                           "3/8/2026,m,1.234\n"
                                                           "4/9/2026,m,2.500\n"
                                                           "5/9/2026,m,free\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.questions.size(), std::size_t{2});
    const ImportQuestion &number = preview.questions[0];
    QCOMPARE(number.kind, ImportQuestion::Kind::DecimalMark);
    QCOMPARE(number.example, std::string("1.234"));
    QCOMPARE(number.readings[0].answer, std::string("point"));
    QCOMPARE(number.readings[0].example, std::string("1.234"));
    QCOMPARE(number.readings[0].total, std::string("3.734"));
    QCOMPARE(number.readings[0].unreadable, 1);
    QCOMPARE(number.readings[1].answer, std::string("comma"));
    QCOMPARE(number.readings[1].example, std::string("1234"));
    QCOMPARE(number.readings[1].total, std::string("3734"));
    const ImportQuestion &date = preview.questions[1];
    QCOMPARE(date.readings[0].answer, std::string("month-first"));
    QCOMPARE(date.readings[0].example, std::string("2026-03-08"));
    QCOMPARE(date.readings[0].total, std::string("2026-03-08 … 2026-05-09"));
    QCOMPARE(date.readings[1].answer, std::string("day-first"));
    QCOMPARE(date.readings[1].total, std::string("2026-08-03 … 2026-09-05"));
}

void TestImportQuestions::refusesUntilAnswered()
{
    const std::string file = m_folder.write("refused.csv", "date,model,cost\n3/8/2026,m,1.234\n");
    const auto store = m_folder.workspace("refused.perunit");
    const auto refused = importFile(*store, file, {}, nullptr, {});
    QVERIFY(!refused.ok());
    const std::string text = refused.error().text();
    QVERIFY2(text.find("--decimal-mark point|comma and --date-order month-first|day-first") != std::string::npos,
             text.c_str());
    QVERIFY2(text.find("comma makes it 1234 and the column 1234") != std::string::npos, text.c_str());
    TAKE(none, store->sources());
    QVERIFY(none.empty());
    ImportOptions options;
    options.decimalMark = "comma";
    QVERIFY(!importFile(*store, file, options, nullptr, {}).ok());
    options.dateOrder = "day-first";
    TAKE(source, importFile(*store, file, options, nullptr, {}));
    QCOMPARE(amountText(source.billed), QStringLiteral("1234"));
    QCOMPARE(source.period.from.micros, instantOf(2026, 8, 3).micros);
    // An answer that the file itself gives is not overruled.
    const std::string clear = m_folder.write("clear.csv", "date,model,cost\n13/8/2026,m,1234.5\n");
    options.dateOrder = "month-first";
    TAKE(own, importFile(*store, clear, options, nullptr, {}));
    QCOMPARE(amountText(own.billed), QStringLiteral("1234.5"));
    QCOMPARE(own.period.from.micros, instantOf(2026, 8, 13).micros);
}

void TestImportQuestions::remembersTheAnswer()
{
    const auto store = m_folder.workspace("remembered.perunit");
    ImportOptions options;
    options.decimalMark = "comma";
    TAKE(first,
         importFile(*store, m_folder.write("may.csv", "date,model,cost\n2026-05-03,m,1.234\n"), options, nullptr, {}));
    QCOMPARE(amountText(first.billed), QStringLiteral("1234"));
    const std::string june = m_folder.write("june.csv", "date,model,cost\n2026-06-03,m,2.500\n");
    TAKE(preview, previewImport(june, {}, store.get(), nullptr, {}));
    QVERIFY(preview.questions.empty());
    QVERIFY(!preview.mappingRemembered);
    QCOMPARE(preview.notes.size(), std::size_t{1});
    QCOMPARE(preview.notes[0], std::string("column 'cost' was read with a decimal comma, as was said"));
    TAKE(second, importFile(*store, june, {}, nullptr, {}));
    QCOMPARE(amountText(second.billed), QStringLiteral("2500"));
    // Another header is another question.
    TAKE(other, previewImport(m_folder.write("other.csv", "day,model,cost\n2026-06-03,m,2.500\n"), {}, store.get(),
                              nullptr, {}));
    QCOMPARE(other.questions.size(), std::size_t{1});
}

void TestImportQuestions::anotherAnswerReadsTheFileAnew()
{
    const std::string file = m_folder.write("anew.csv", "date,model,cost\n2026-05-03,m,1.234\n");
    const auto store = m_folder.workspace("anew.perunit");
    ImportOptions options;
    options.decimalMark = "comma";
    TAKE(first, importFile(*store, file, options, nullptr, {}));
    TAKE(again, importFile(*store, file, options, nullptr, {}));
    QCOMPARE(again.id, first.id);
    options.decimalMark = "point";
    TAKE(preview, previewImport(file, options, store.get(), nullptr, {}));
    QVERIFY(!preview.alreadyImported);
    TAKE(second, importFile(*store, file, options, nullptr, {}));
    QVERIFY(second.id != first.id);
    QCOMPARE(amountText(second.billed), QStringLiteral("1.234"));
    TAKE(sources, store->sources());
    int active = 0;
    for (const Source &source : sources)
        active += source.active ? 1 : 0;
    QCOMPARE(active, 1);
}

void TestImportQuestions::mappingCarriesTheAnswer()
{
    TAKE(mapping, parseColumnMapping(R"({"columns": {"time": "date", "billed_cost": "cost", "model": "model"},
                                        "decimal_mark": "comma", "date_order": "day-first"})"));
    TAKE(again, parseColumnMapping(writeColumnMapping(mapping)));
    QCOMPARE(again, mapping);
    ImportOptions options;
    options.mapping = mapping;
    const std::string file = m_folder.write("mapped.csv", "date,model,cost\n3/8/2026,m,1.234\n");
    TAKE(preview, previewImport(file, options, nullptr, nullptr, {}));
    QVERIFY(preview.questions.empty());
    QCOMPARE(amountText(preview.facts.billed), QStringLiteral("1234"));
    QCOMPARE(preview.facts.period.from.micros, instantOf(2026, 8, 3).micros);
    QVERIFY(!parseColumnMapping(R"({"decimal_mark": "dot"})").ok());
    QVERIFY(!parseColumnMapping(R"({"date_order": 1})").ok());
}

void TestImportQuestions::notesNameTheWitness()
{
    const std::string file = m_folder.write("notes.csv", "date,model,cost,input_tokens\n"
                                                         "3/8/2026,m,0.5,\"1,234\"\n"
                                                         "13/8/2026,m,1.234,\"2,345\"\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    QVERIFY(preview.questions.empty());
    QCOMPARE(preview.notes.size(), std::size_t{3});
    QCOMPARE(preview.notes[0], std::string("column 'cost' has a decimal point: '0.5' on line 2 can only be read so"));
    QCOMPARE(preview.notes[1],
             std::string("column 'input_tokens' has a decimal point: '0.5' on line 2 can only be read so"));
    QCOMPARE(preview.notes[2],
             std::string("column 'date' has the day first: '13/8/2026' on line 3 can only be read so"));
    QCOMPARE(preview.facts.tokens[UsageClass::Input], 3579);
}

void TestImportQuestions::publishedDialects_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("billed");
    const auto row = [](const char *file, const char *billed) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(billed);
    };
    row("de_excel_unicode_text_utf16le.txt", "1029.02");
    row("de_semicolon_utf8_bom.csv", "1029.02");
    row("de_semicolon_windows1252.csv", "1029.02");
    row("en_cr_only.csv", "1029.02");
    row("en_thousands_currency_parens.csv", "1029.02");
    row("fr_nbsp_thousands.csv", "1030.78");
    row("sep_hint.csv", "18.48");
    row("excel_mangled_ids_and_dates.csv", "0.0087425");
    row("git_lfs_pointer.csv", "refused");
}

void TestImportQuestions::publishedDialects()
{
    QFETCH(QString, file);
    QFETCH(QString, billed);
    const QString path = sharedData(("ledgers/documented_shapes/locale/" + file.toStdString()).c_str());
    REQUIRE_SHARED(path);
    const auto preview = previewImport(path.toStdString(), {}, nullptr, nullptr, {});
    if (billed == QLatin1String("refused")) {
        QVERIFY(!preview.ok());
        QVERIFY(preview.error().text().find("Git LFS") != std::string::npos);
        return;
    }
    QVERIFY2(preview.ok(), preview.ok() ? "" : preview.error().text().c_str());
    QVERIFY(preview->questions.empty());
    QVERIFY2(preview->facts.rowsRejected == 0, complaints(preview->facts).constData());
    QCOMPARE(amountText(preview->facts.billed), billed);
    // The ids of this one were taken for numbers, and its dates have the day first.
    const bool mangled = file.startsWith(QLatin1String("excel_mangled"));
    QCOMPARE(hasWarning(preview->facts, "'generation_id' holds ids that a spreadsheet turned into numbers"), mangled);
    if (mangled)
        QCOMPARE(preview->facts.period.from.micros, instantOf(2026, 8, 3, 10).micros);
}

void TestImportQuestions::impossibleTimesAreRefused()
{
    const std::string file = m_folder.write("times.csv", "date,model,cost\n"
                                                         "1900-01-00,m,1.5\n"
                                                         "1900-01-01,m,1.5\n"
                                                         "1989-12-31,m,1.5\n"
                                                         "1990-01-01,m,1.5\n"
                                                         "2026-08-03,m,1.5\n"
                                                         "2206-08-03,m,1.5\n");
    TAKE(preview, previewImport(file, {}, nullptr, nullptr, {}));
    const Source &facts = preview.facts;
    QCOMPARE(facts.rowsRead, 6);
    QCOMPARE(facts.rowsRejected, 3);
    QCOMPARE(facts.rowsAccepted, 3);
    QCOMPARE(facts.rejects[1].line, 3);
    QCOMPARE(facts.rejects[1].reason, std::string("lies before 1990, so the time cannot be right"));
    QVERIFY(hasWarning(facts, "the time lies more than two years ahead (1 row, line 7)"));
    QCOMPARE(amountText(facts.billed), QStringLiteral("4.5"));
    // A day of several values is one row, refused once.
    TAKE(series, previewImport(m_folder.write("series.csv", "date,resolved,escalated\n1900-01-01,5,6\n"), {}, nullptr,
                               nullptr, {}));
    QCOMPARE(series.facts.rowsRejected, 1);
    QCOMPARE(series.facts.rowsAccepted, 0);
}

void TestImportQuestions::mangledIdsNameNothing()
{
    const std::string file = m_folder.write("ids.csv", "created_at,conversation_id,model,input_tokens\n"
                                                       "2026-08-03,1.78575E+18,m,5\n"
                                                       "2026-08-03,1.78575E+18,m,6\n"
                                                       "2026-08-03,conv-7,m,7\n");
    const auto store = m_folder.workspace("ids.perunit");
    TAKE(source, importFile(*store, file, {}, nullptr, {}));
    QVERIFY(hasWarning(source, "column 'conversation_id' holds ids that a spreadsheet turned into numbers"));
    TAKE(ledger, store->readLedger({}));
    QCOMPARE(ledger.workload->text("session", 0), std::string());
    QCOMPARE(ledger.workload->text("session", 2), std::string("conv-7"));
}

QTEST_APPLESS_MAIN(TestImportQuestions)
#include "tst_import_questions.moc"
