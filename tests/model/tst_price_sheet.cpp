// SPDX-License-Identifier: GPL-3.0-or-later
// Price sheets, with prices computed by hand from the numbers in each sheet.
#include "model/import/price_sheet.h"
#include "tests/support/imported_catalogue.h"
#include "tests/support/shared_data.h"

#include <QDirIterator>

using namespace perunit;
using enum UsageClass;

namespace {

ImportedCatalogue sheetOf(const std::string &text, const std::optional<PriceSheetMapping> &mapping = std::nullopt,
                          const CatalogueOptions &options = {}, const char *name = "sheet.csv")
{
    auto read = readPriceSheet(text, name, options, mapping);
    if (!read)
        qFatal("%s", read.error().text().c_str());
    ImportedCatalogue result;
    result.import = std::move(*read);
    result.book = std::make_shared<const PriceBook>(
        std::vector{std::make_shared<const Catalogue>(result.import.catalogue)}, std::vector<ModelMapping>{});
    return result;
}

std::string errorOf(const std::string &text, const std::optional<PriceSheetMapping> &mapping = std::nullopt)
{
    const auto read = readPriceSheet(text, "sheet.csv", {}, mapping);
    return read ? "" : read.error().text();
}

PriceSheetMapping mappingOf(const char *json)
{
    auto mapping = parsePriceSheetMapping(json);
    if (!mapping)
        qFatal("%s", mapping.error().text().c_str());
    return *mapping;
}

constexpr const char *wideSheet =
    "Provider,Model,Input ($/1M tokens),Cached input ($/1M tokens),Output ($/1M tokens),Batch input ($/1M tokens),Web "
    "search ($/1K calls),Context window\n"
    "OpenAI,gpt-x,1.25,0.125,10,0.625,10,400000\n"
    "Azure OpenAI,gpt-x,1.375,,11,,,400000\n"
    "Mistral AI,mistral-x,$0.40,-,$2.00,n/a,,128000\n";

} // namespace

class TestPriceSheet : public QObject
{
    Q_OBJECT
private slots:
    void wide();
    void unitPerThousand();
    void unitColumn();
    void commaDecimals();
    void tabsAndWindows1252();
    void longForm();
    void datedPrices();
    void lastDay_data();
    void lastDay();
    void thresholds_data();
    void thresholds();
    void regionsAndTiers();
    void rejects_data();
    void rejects();
    void missingUnitIsNeverGuessed();
    void duplicates();
    void overlaps();
    void currencies();
    void wrongUnits();
    void asItsLibraryKeepsWrongPrices();
    void providerInTheModel();
    void mappingJson();
    void badMappings_data();
    void badMappings();
    void incomplete_data();
    void incomplete();
    void looksLike_data();
    void looksLike();
    void ledgersAreNoSheets();
};

void TestPriceSheet::wide()
{
    const ImportedCatalogue sheet = sheetOf(wideSheet);
    QCOMPARE(sheet.import.format, std::string("price-sheet"));
    QCOMPARE(sheet.import.catalogue.currency, std::string("USD"));
    QVERIFY(!sheet.import.dated);
    QCOMPARE(sheet.import.issues.size(), std::size_t{0});
    QCOMPARE(sheet.cost("openai", "gpt-x", {{Input, 1000}, {CacheRead, 1000}, {Output, 1000}}),
             std::string("0.011375"));
    QCOMPARE(sheet.cost("openai", "gpt-x", {{Input, 1'000'000}}, "2026-11-21", ServiceTier::Batch),
             std::string("0.625"));
    QCOMPARE(sheet.cost("openai", "gpt-x", {{WebSearch, 3}}), std::string("0.03"));
    QCOMPARE(sheet.cost("azure", "gpt-x", {{Output, 1'000'000}}), std::string("11"));
    QCOMPARE(sheet.cost("mistral", "mistral-x", {{Input, 1'000'000}, {Output, 1'000'000}}), std::string("2.4"));
    // An empty cell is unknown and not free.
    QCOMPARE(sheet.state("azure", "gpt-x", CacheRead), PriceState::Assumed);
    QCOMPARE(sheet.state("azure", "gpt-x", WebSearch), PriceState::Unpriced);
    QCOMPARE(sheet.import.catalogue.models.front().rates.front().id, std::string("sheet.csv:2"));
}

void TestPriceSheet::unitPerThousand()
{
    const ImportedCatalogue sheet =
        sheetOf("provider,model,price_per_1k_input,price_per_1k_output\nopenai,a,0.00125,0.01\n");
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}), std::string("1.25"));
    QCOMPARE(sheet.cost("openai", "a", {{Output, 1}}), std::string("0.00001"));
    const ImportedCatalogue each = sheetOf("provider,model,input_cost_per_token\nopenai,a,0.0000025\n");
    QCOMPARE(each.cost("openai", "a", {{Input, 1'000'000}}), std::string("2.5"));
}

void TestPriceSheet::unitColumn()
{
    const ImportedCatalogue sheet = sheetOf("provider,model,input,output,price page,unit\n"
                                            "openai,per-million,2,4,,1M tokens\n"
                                            "openai,per-thousand,0.002,0.004,,USD per 1K tokens\n"
                                            "mistral,ocr,,,0.001,page\n"
                                            "mistral,odd,1,,,fortnight\n"
                                            "mistral,mixed,1,,,page\n");
    QCOMPARE(sheet.cost("openai", "per-million", {{Input, 1'000'000}, {Output, 1'000'000}}), std::string("6"));
    QCOMPARE(sheet.cost("openai", "per-thousand", {{Input, 1'000'000}, {Output, 1'000'000}}), std::string("6"));
    QCOMPARE(sheet.cost("mistral", "ocr", {{Page, 3}}), std::string("0.003"));
    QVERIFY(sheet.issuesAt("line 5, column unit").find("fortnight") != std::string::npos);
    QVERIFY(sheet.issuesAt("line 6, column input").find("does not go with") != std::string::npos);
    QCOMPARE(sheet.cost("mistral", "mixed", {{Input, 1}}), std::string("unpriced"));
}

void TestPriceSheet::commaDecimals()
{
    const ImportedCatalogue sheet =
        sheetOf("Anbieter;Modell;Eingabe \xE2\x82\xAC / 1 Mio. Token;Ausgabe \xE2\x82\xAC / "
                "1 Mio. Token\nMistral AI;groß;1,80;5,40 \xE2\x82\xAC\nMistral AI;klein;0,09;0,28\n");
    QCOMPARE(sheet.import.catalogue.currency, std::string("EUR"));
    QCOMPARE(sheet.cost("mistral", "groß", {{Input, 1'000'000}, {Output, 1'000'000}}), std::string("7.2"));
    QCOMPARE(sheet.cost("mistral", "klein", {{Input, 1'000'000}, {Output, 1'000'000}}), std::string("0.37"));
}

void TestPriceSheet::tabsAndWindows1252()
{
    const ImportedCatalogue sheet = sheetOf("Anbieter\tModell\tEingabe \x80/1K\nMistral AI\tgro\xDF\t0,0018\n");
    QCOMPARE(sheet.import.catalogue.currency, std::string("EUR"));
    QCOMPARE(sheet.cost("mistral", "groß", {{Input, 1'000'000}}), std::string("1.8"));
    std::string wideText("\xFF\xFE", 2);
    for (const char c : std::string("model,provider,input ($/1M)\na,openai,3\n")) {
        wideText.push_back(c);
        wideText.push_back('\0');
    }
    QCOMPARE(sheetOf(wideText).cost("openai", "a", {{Input, 1'000'000}}), std::string("3"));
    QVERIFY(looksLikePriceSheet(wideText));
}

void TestPriceSheet::longForm()
{
    const ImportedCatalogue sheet = sheetOf("vendor,model,meter,price,unit,currency,comment\n"
                                            "Anthropic,claude-x,Input,3,1M tokens,USD,list\n"
                                            "Anthropic,claude-x,Cache write (5m),3.75,1M tokens,USD,\n"
                                            "Anthropic,claude-x,cache_write_1h,6,1M tokens,USD,\n"
                                            "Anthropic,claude-x,Cached input,0.3,1M tokens,USD,\n"
                                            "Anthropic,claude-x,Output,15,1M tokens,USD,\n"
                                            "Anthropic,claude-x,Batch output,7.5,1M tokens,USD,\n"
                                            "Anthropic,claude-x,Web search,10,1K calls,USD,\n"
                                            "Anthropic,claude-x,Storage of dreams,1,1M tokens,USD,\n"
                                            "OpenAI,whisper,Audio,0.36,hour,USD,\n");
    QCOMPARE(sheet.import.catalogue.models.size(), std::size_t{2});
    QCOMPARE(sheet.import.catalogue.models.front().rates.size(), std::size_t{2}); // standard and batch
    QCOMPARE(sheet.cost("anthropic", "claude-x",
                        {{Input, 1000}, {CacheRead, 1000}, {CacheWrite5m, 1000}, {CacheWrite1h, 1000}, {Output, 1000}}),
             std::string("0.02805"));
    QCOMPARE(sheet.cost("anthropic", "claude-x", {{Output, 1000}}, "2026-11-21", ServiceTier::Batch),
             std::string("0.0075"));
    QCOMPARE(sheet.cost("anthropic", "claude-x", {{WebSearch, 1}}), std::string("0.01"));
    QCOMPARE(sheet.cost("openai", "whisper", {{AudioSeconds, 3600}}), std::string("0.36"));
    QVERIFY(sheet.issuesAt("line 9, column meter").find("not a usage class") != std::string::npos);
    QCOMPARE(sheet.import.catalogue.models.front().rates.front().note, std::string("list"));
}

void TestPriceSheet::datedPrices()
{
    const ImportedCatalogue sheet = sheetOf("provider,model,input ($/1M),valid_from,valid_to\n"
                                            "openai,a,4,2026-01-01,2026-07-01\n"
                                            "openai,a,2,2026-07-01,\n"
                                            "openai,b,1,,\n",
                                            std::nullopt, {*parseInstant("2026-03-01"), CatalogueReading::Stated});
    QVERIFY(sheet.import.dated);
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}, "2026-06-30T23:59:59Z"), std::string("4"));
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}, "2026-07-01"), std::string("2"));
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1}}, "2025-12-31"), std::string("unpriced"));
    // What has no date holds from the day that was asked for.
    QCOMPARE(sheet.cost("openai", "b", {{Input, 1}}, "2026-02-28"), std::string("unpriced"));
    QCOMPARE(sheet.cost("openai", "b", {{Input, 1'000'000}}, "2026-03-01"), std::string("1"));
}

void TestPriceSheet::lastDay_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("cost");
    QTest::newRow("the next begins on that day") << "2026-01-01,2026-07-15"
                                                 << "2026-07-15,"
                                                 << "2026-07-15"
                                                 << "2";
    QTest::newRow("the next begins a day later") << "2026-01-01,2026-07-15"
                                                 << "2026-07-16,"
                                                 << "2026-07-15"
                                                 << "4";
    QTest::newRow("end of a month") << "2026-01-01,2026-06-30"
                                    << "2026-08-01,"
                                    << "2026-06-30T23:00:00Z"
                                    << "4";
    QTest::newRow("day first") << "01.01.2026,15.07.2026"
                               << "16.07.2026,"
                               << "2026-07-15"
                               << "4";
    QTest::newRow("nothing says it") << "2026-01-01,2026-06-12"
                                     << "2026-08-01,"
                                     << "2026-06-12"
                                     << "unpriced";
}

void TestPriceSheet::lastDay()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(QString, at);
    QFETCH(QString, cost);
    const std::string text = "provider,model,input ($/1M),from,until\nopenai,a,4," + first.toStdString()
                             + "\nopenai,a,2," + second.toStdString() + "\n";
    QCOMPARE(sheetOf(text).cost("openai", "a", {{Input, 1'000'000}}, qPrintable(at)), cost.toStdString());
    QCOMPARE(sheetOf(text).issuesSaying("last day"), std::ptrdiff_t(cost == "unpriced" ? 1 : 0));
    const PriceSheetMapping mapping = mappingOf(
        R"json({"columns":{"provider":"provider","model":"model","input":"input ($/1M)","valid_from":"from",
                          "valid_to":"until"},"valid_to_inclusive":true})json");
    QCOMPARE(sheetOf(text, mapping).issuesSaying("last day"), std::ptrdiff_t{0});
}

void TestPriceSheet::thresholds_data()
{
    QTest::addColumn<QString>("cell");
    QTest::addColumn<QString>("atThreshold");
    QTest::addColumn<QString>("above");
    QTest::newRow("number") << "200000"
                            << "0.2"
                            << "0.400002";
    QTest::newRow("above") << "> 200k"
                           << "0.2"
                           << "0.400002";
    QTest::newRow("from") << ">=200k"
                          << "0.4"
                          << "0.400002";
    QTest::newRow("grouped") << "\"over 200,000 tokens\""
                             << "0.2"
                             << "0.400002";
}

void TestPriceSheet::thresholds()
{
    QFETCH(QString, cell);
    QFETCH(QString, atThreshold);
    QFETCH(QString, above);
    const ImportedCatalogue sheet =
        sheetOf("provider,model,input ($/1M),threshold\nopenai,a,1,<= 200k\nopenai,a,2," + cell.toStdString() + "\n");
    QCOMPARE(sheet.cost("openai", "a", {{Input, 200'000}}), atThreshold.toStdString());
    QCOMPARE(sheet.cost("openai", "a", {{Input, 200'001}}), above.toStdString());
}

void TestPriceSheet::regionsAndTiers()
{
    const ImportedCatalogue sheet = sheetOf("provider,model,region,tier,input ($/1M),source\n"
                                            "azure,a,,standard,1,offer 12\n"
                                            "azure,a,eu,standard,1.1,offer 12\n"
                                            "azure,a,,priority,2,offer 12\n"
                                            "azure,a,,provisioned,3,offer 12\n");
    RequestToPrice request;
    request.provider = "azure";
    request.model = "a";
    request.usage[Input] = 1'000'000;
    QCOMPARE(priceRequest(*sheet.book, request).cost.text(), std::string("1"));
    request.region = "EU";
    QCOMPARE(priceRequest(*sheet.book, request).cost.text(), std::string("1.1"));
    request.region.clear();
    request.tier = ServiceTier::Priority;
    QCOMPARE(priceRequest(*sheet.book, request).cost.text(), std::string("2"));
    QVERIFY(sheet.issuesAt("line 5, column tier").find("provisioned") != std::string::npos);
    QCOMPARE(sheet.import.catalogue.models.front().rates.front().source, std::string("offer 12"));
}

void TestPriceSheet::rejects_data()
{
    QTest::addColumn<QString>("row");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("says");
    QTest::newRow("no number") << "openai,b,cheap,,,"
                               << "line 3, column Input ($/1M)"
                               << "'cheap' is not a number";
    QTest::newRow("negative") << "openai,b,-1,,,"
                              << "line 3, column Input ($/1M)"
                              << "at least 0";
    QTest::newRow("no model") << "openai,,1,,,"
                              << "line 3, column Model"
                              << "no model";
    QTest::newRow("no provider") << ",b,1,,,"
                                 << "line 3, column Provider"
                                 << "no provider";
    QTest::newRow("date") << "openai,b,1,soon,,"
                          << "line 3, column From"
                          << "'soon'";
    QTest::newRow("ends first") << "openai,b,1,2026-02-01,2026-01-01,"
                                << "line 3"
                                << "ends before it begins";
    QTest::newRow("short row") << "openai,b,1"
                               << "line 3"
                               << "3 fields";
    QTest::newRow("long row") << "openai,b,1,,,,,7"
                              << "line 3"
                              << "8 fields";
    QTest::newRow("threshold") << "openai,b,1,,,many"
                               << "line 3, column Threshold"
                               << "'many'";
    QTest::newRow("quote") << "openai,b,\"1\"2,,,"
                           << "line 3"
                           << "closing quote";
}

void TestPriceSheet::rejects()
{
    QFETCH(QString, row);
    QFETCH(QString, place);
    QFETCH(QString, says);
    const ImportedCatalogue sheet = sheetOf("Provider,Model,Input ($/1M),From,To,Threshold\nopenai,a,1,,,\n"
                                            + row.toStdString() + "\nopenai,c,3,,,\n");
    const std::string reasons = sheet.issuesAt(place.toStdString());
    QVERIFY2(reasons.find(says.toStdString()) != std::string::npos, reasons.c_str());
    // The rows beside it are kept, the bad one is not.
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}), std::string("1"));
    QCOMPARE(sheet.cost("openai", "c", {{Input, 1'000'000}}), std::string("3"));
    QCOMPARE(sheet.cost("openai", "b", {{Input, 1}}), std::string("unpriced"));
}

void TestPriceSheet::missingUnitIsNeverGuessed()
{
    const std::string text = "provider,model,input price,output price\nopenai,a,1.25,10\n";
    QVERIFY(errorOf(text).find("no unit says") != std::string::npos);
    QVERIFY(errorOf(text).find("line 2, column input price") != std::string::npos);
    const PriceSheetMapping all = mappingOf(
        R"({"columns":{"provider":"provider","model":"model","input":"input price","output":"output price"},"units":{"*":"1M tokens"}})");
    QCOMPARE(sheetOf(text, all).cost("openai", "a", {{Input, 1'000'000}, {Output, 1'000'000}}), std::string("11.25"));
    const PriceSheetMapping one = mappingOf(
        R"({"columns":{"provider":"provider","model":"model","input":"input price","output":"output price"},"units":{"input":"1K"}})");
    const ImportedCatalogue half = sheetOf("provider,model,input price,output price\nopenai,a,0.00125,10\n", one);
    QCOMPARE(half.cost("openai", "a", {{Input, 1'000'000}}), std::string("1.25"));
    QCOMPARE(half.cost("openai", "a", {{Output, 1}}), std::string("unpriced"));
    QVERIFY(half.issuesAt("line 2, column output price").find("no unit") != std::string::npos);
}

void TestPriceSheet::duplicates()
{
    const ImportedCatalogue sheet = sheetOf("provider,model,input ($/1M)\nopenai,a,1\nopenai,a,1\nOpenAI,A,2\n");
    QCOMPARE(sheet.import.catalogue.models.size(), std::size_t{1});
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}), std::string("1"));
    QVERIFY(sheet.issuesAt("line 3, column input ($/1M)").find("same price stands in line 2") != std::string::npos);
    QVERIFY(sheet.issuesAt("line 4, column input ($/1M)").find("another price for the same case") != std::string::npos);
}

void TestPriceSheet::overlaps()
{
    const ImportedCatalogue sheet = sheetOf("provider,model,input ($/1M),valid_from,valid_to\n"
                                            "openai,a,4,2026-01-01,2026-12-01\n"
                                            "openai,a,2,2026-06-01,2026-07-01\n"
                                            "openai,b,4,2026-01-01,2026-06-01\n"
                                            "openai,b,5,2026-01-01,2026-07-01\n"
                                            "openai,b,6,2026-07-01,\n");
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}, "2026-05-31"), std::string("4"));
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}, "2026-06-15"), std::string("2"));
    QCOMPARE(sheet.cost("openai", "a", {{Input, 1'000'000}}, "2026-08-01"), std::string("4"));
    QVERIFY(sheet.issuesAt("line 3, column input ($/1M)").find("began later counts") != std::string::npos);
    QCOMPARE(sheet.cost("openai", "b", {{Input, 1'000'000}}, "2026-02-01"), std::string("4"));
    QCOMPARE(sheet.cost("openai", "b", {{Input, 1}}, "2026-06-15"), std::string("unpriced"));
    QVERIFY(sheet.issuesAt("line 5, column input ($/1M)").find("ends at another time") != std::string::npos);
}

void TestPriceSheet::currencies()
{
    const ImportedCatalogue sheet = sheetOf("provider,model,input per 1M,currency\nopenai,a,1,EUR\nopenai,b,2,eur\n"
                                            "openai,c,3,USD\nopenai,d,4,XAF\n");
    QCOMPARE(sheet.import.catalogue.currency, std::string("EUR"));
    QCOMPARE(sheet.import.catalogue.models.size(), std::size_t{2});
    QVERIFY(sheet.issuesAt("line 4, column input per 1M").find("priced in USD") != std::string::npos);
    QVERIFY(sheet.issuesAt("line 5, column input per 1M").find("priced in XAF") != std::string::npos);
    const ImportedCatalogue silent = sheetOf("provider,model,input per 1M\nopenai,a,1\n");
    QCOMPARE(silent.import.catalogue.currency, std::string("USD"));
    QVERIFY(silent.issuesAt("line 1").find("no currency") != std::string::npos);
    // The yen sign is the yuan sign too.
    const std::string yen = "provider,model,input per 1M\nalibaba,a,\xC2\xA5 8\nalibaba,b,$2\n";
    QVERIFY(sheetOf(yen).issuesAt("line 2, column input per 1M").find("two currencies") != std::string::npos);
    const ImportedCatalogue named = sheetOf(
        yen,
        mappingOf(
            R"({"columns":{"provider":"provider","model":"model","input":"input per 1M"},"constants":{"currency":"CNY"}})"));
    QCOMPARE(named.import.catalogue.currency, std::string("CNY"));
    QCOMPARE(named.cost("alibaba", "a", {{Input, 1'000'000}}), std::string("8"));
    QVERIFY(named.issuesAt("line 3, column input per 1M").find("priced in USD") != std::string::npos);
}

void TestPriceSheet::wrongUnits()
{
    const ImportedCatalogue sheet = sheetOf("provider,model,input ($/1K tokens),cached input ($/1K tokens),output "
                                            "($/1K tokens),batch output ($/1K tokens)\n"
                                            "openai,a,0.001,0.0001,0.002,0.001\n"
                                            "openai,b,2.5,0.0001,0.002,0.001\n"
                                            "openai,c,0.001,0.002,0.004,0.005\n"
                                            "openai,d,0.0000000001,0,0.004,\n");
    QCOMPARE(sheet.cost("openai", "b", {{Input, 1}}), std::string("unpriced"));
    QVERIFY(sheet.issuesAt("line 3, column input ($/1K tokens)").find("2500 for a million tokens")
            != std::string::npos);
    QCOMPARE(sheet.cost("openai", "b", {{Output, 1'000'000}}), std::string("2"));
    QVERIFY(sheet.issuesAt("line 4, column cached input ($/1K tokens)").find("costs more than an uncached")
            != std::string::npos);
    QCOMPARE(sheet.state("openai", "c", CacheRead), PriceState::Assumed);
    QVERIFY(sheet.issuesAt("line 4, column batch output ($/1K tokens)").find("more than standard")
            != std::string::npos);
    QVERIFY(sheet.issuesAt("line 5, column input ($/1K tokens)").find("cannot be right") != std::string::npos);
    QCOMPARE(sheet.state("openai", "d", CacheRead), PriceState::Free);
}

void TestPriceSheet::asItsLibraryKeepsWrongPrices()
{
    const ImportedCatalogue sheet =
        sheetOf("provider,model,input ($/1K tokens),cached input ($/1K tokens)\nopenai,b,2.5,3\n", std::nullopt,
                {alwaysBefore, CatalogueReading::AsItsLibrary});
    QCOMPARE(sheet.cost("openai", "b", {{Input, 1'000}, {CacheRead, 1'000}}), std::string("5.5"));
}

void TestPriceSheet::providerInTheModel()
{
    const ImportedCatalogue sheet = sheetOf("model,input ($/1M)\nopenai/gpt-x,1\nacme/own,2\n");
    QCOMPARE(sheet.cost("openai", "gpt-x", {{Input, 1'000'000}}), std::string("1"));
    QVERIFY(sheet.issuesAt("line 3").find("no provider") != std::string::npos);
}

void TestPriceSheet::mappingJson()
{
    const char *json =
        R"({"columns":{"model":"M","class":"C","price":"P","unit":"U"},"units":{"*":"1K"},"constants":{"provider":"openai"},
            "threshold_inclusive":true,"valid_to_inclusive":false})";
    const PriceSheetMapping mapping = mappingOf(json);
    QCOMPARE(mapping.columns.at("class"), std::string("C"));
    QCOMPARE(mapping.units.at("*"), std::string("1K"));
    QVERIFY(mapping.thresholdInclusive && mapping.validToInclusive == std::optional(false));
    QVERIFY(mappingOf(writePriceSheetMapping(mapping).c_str()) == mapping);
    QVERIFY(mappingOf(writePriceSheetMapping({}).c_str()) == PriceSheetMapping{});
}

void TestPriceSheet::badMappings_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("says");
    QTest::newRow("no JSON") << "{"
                             << "not a JSON object";
    QTest::newRow("unknown member") << R"({"colums":{}})"
                                    << "'colums'";
    QTest::newRow("unknown field") << R"({"columns":{"inputs":"A"}})"
                                   << "'columns.inputs'";
    QTest::newRow("unknown tier") << R"({"columns":{"night:input":"A"}})"
                                  << "'columns.night:input'";
    QTest::newRow("unknown unit") << R"({"units":{"input":"1M bananas"}})"
                                  << "'1M bananas'";
    QTest::newRow("unit of no price") << R"({"units":{"model":"1M"}})"
                                      << "'units.model'";
    QTest::newRow("constant price") << R"({"constants":{"price":"1"}})"
                                    << "'constants.price'";
    QTest::newRow("number for text") << R"({"columns":{"model":1}})"
                                     << "'columns.model'";
    QTest::newRow("text for flag") << R"({"threshold_inclusive":"yes"})"
                                   << "'threshold_inclusive'";
}

void TestPriceSheet::badMappings()
{
    QFETCH(QString, json);
    QFETCH(QString, says);
    const auto mapping = parsePriceSheetMapping(json.toStdString());
    QVERIFY(!mapping);
    QVERIFY2(mapping.error().what.find(says.toStdString()) != std::string::npos, mapping.error().what.c_str());
}

void TestPriceSheet::incomplete_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("mapping");
    QTest::addColumn<QString>("says");
    QTest::newRow("no model") << "provider,input ($/1M)\nopenai,1\n"
                              << ""
                              << "a column with the model";
    QTest::newRow("no price") << "provider,model\nopenai,a\n"
                              << ""
                              << "a column with prices";
    QTest::newRow("no such column") << "provider,model,x\nopenai,a,1\n"
                                    << R"({"columns":{"provider":"provider","model":"model","input":"y"}})"
                                    << "no column 'y'";
    QTest::newRow("no rows") << "provider,model,input ($/1M)\n"
                             << ""
                             << "lacks";
    QTest::newRow("no table") << "\n"
                              << ""
                              << "header";
}

void TestPriceSheet::incomplete()
{
    QFETCH(QString, text);
    QFETCH(QString, mapping);
    QFETCH(QString, says);
    const std::string error =
        mapping.isEmpty() ? errorOf(text.toStdString()) : errorOf(text.toStdString(), mappingOf(qPrintable(mapping)));
    QVERIFY2(error.find(says.toStdString()) != std::string::npos, error.c_str());
}

void TestPriceSheet::looksLike_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("sheet");
    QTest::newRow("wide") << wideSheet << true;
    QTest::newRow("wide, cut off") << QString(wideSheet).left(260) << true;
    QTest::newRow("long") << "vendor,model,meter,price,unit\nopenai,a,input,1,1M tokens\n" << true;
    QTest::newRow("dated") << "model,provider,effective date,input price,unit\na,openai,2026-01-01,1,1M\n" << true;
    QTest::newRow("price words without a unit") << "model,input price,output price\na,1,2\n" << true;
    QTest::newRow("ledger") << "timestamp,model,input_tokens,output_tokens,cost\n2026-01-01,a,1,2,3\n" << false;
    QTest::newRow("ledger with short names") << "time,model,input,output\n2026-01-01T00:00:00Z,a,1,2\n" << false;
    QTest::newRow("counts per model") << "model,requests,input_tokens,output_tokens\na,1,2,3\n" << false;
    QTest::newRow("bare counts") << "model,input,output\na,1200,300\n" << false;
    QTest::newRow("costs per day and model") << "date,model,cost\n2026-01-01,a,1\n" << false;
    QTest::newRow("outcomes") << "date,metric,value\n2026-01-01,resolved,1\n" << false;
    QTest::newRow("JSON") << R"json({"model":"a","input ($/1M)":1})json" << false;
    QTest::newRow("nothing") << "" << false;
    QTest::newRow("prose") << "Dear all,\nthe model is fine.\n" << false;
}

void TestPriceSheet::looksLike()
{
    QFETCH(QString, text);
    QFETCH(bool, sheet);
    QCOMPARE(looksLikePriceSheet(text.toStdString()), sheet);
}

void TestPriceSheet::ledgersAreNoSheets()
{
    // Whatever is called a ledger stays one, whether it can be imported or not.
    int looked = 0;
    for (const QString &folder : {testData("ledgers"), testData("workspace"), sharedData("ledgers")}) {
        QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!looksLikePriceSheet(file.read(256 * 1024).toStdString()), qPrintable(file.fileName()));
            ++looked;
        }
    }
    QVERIFY(looked > 10);
}

QTEST_APPLESS_MAIN(TestPriceSheet)
#include "tst_price_sheet.moc"
