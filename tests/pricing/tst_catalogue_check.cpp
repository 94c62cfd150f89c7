// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of finding has a catalogue that is broken in one way, and the same catalogue unbroken finds nothing.
#include "pricing/catalogue/bundled_data.h"
#include "pricing/catalogue/catalogue_check.h"
#include "tests/support/catalogue_samples.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace perunit;

namespace {

constexpr const char *origin = R"("source":"s1","checked":"2026-01-01","grade":"A")";

std::string rateText(const std::string &id, const std::string &members)
{
    return R"({"id":")" + id + R"(",)" + origin + (members.empty() ? "" : "," + members) + "}";
}

std::string fileWith(const std::string &rates, const std::string &aliases = "[]")
{
    std::string text = catalogueText("[" + modelText("openai", "a", "[" + rates + "]", aliases) + "]");
    const std::string asOf = R"("as_of":"2026-01-01")";
    return text.replace(text.find(asOf), asOf.size(), R"("as_of":"2026-06-30")");
}

std::string describe(const std::vector<CatalogueFinding> &findings)
{
    std::string result;
    for (const CatalogueFinding &finding : findings)
        result += (finding.severity == FindingSeverity::Error ? "error " : "warning ") + finding.kind + " "
                  + finding.path + " " + finding.rate + ": " + finding.sentence + "\n";
    return result;
}

constexpr const char *plain = R"("per_million_tokens":{"input":"1","output":"4","cache_read":"0.1"})";

} // namespace

class TestCatalogueCheck : public QObject
{
    Q_OBJECT
private slots:
    void shippedFilesAreClean_data();
    void shippedFilesAreClean();
    void findings_data();
    void findings();
    void silent_data();
    void silent();
    void offersTwice();
    void otherFormats();
    void unreadable_data();
    void unreadable();
    void schemaAndReaderAgree_data();
    void schemaAndReaderAgree();
    void schemaNamesEveryFault();
};

void TestCatalogueCheck::shippedFilesAreClean_data()
{
    QTest::addColumn<QString>("name");
    for (const BundledFile &file : bundledCatalogueFiles())
        QTest::newRow(std::string(file.name).c_str()) << QString::fromStdString(std::string(file.name));
}

void TestCatalogueCheck::shippedFilesAreClean()
{
    QFETCH(QString, name);
    for (const BundledFile &file : bundledCatalogueFiles()) {
        if (file.name != name.toStdString())
            continue;
        const auto findings = checkCatalogueText(file.content, file.name);
        QVERIFY2(!hasErrors(findings), describe(findings).c_str());
        return;
    }
    QFAIL("no such file");
}

void TestCatalogueCheck::findings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("severity");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const std::string &text, const char *severity, const char *kind,
                        const char *path, const char *says) {
        QTest::newRow(name) << QString::fromStdString(text) << severity << kind << path << says;
    };
    const auto two = [](const std::string &first, const std::string &second) {
        return fileWith(rateText("r1", first) + "," + rateText("r2", second));
    };
    const std::string p(plain);
    row("overlap", two(p, R"("valid_from":"2026-01-01",)" + p), "error", "overlap", "/models/0/rates/1", "as r1");
    row("overlap of windows",
        two(R"("daily_utc":{"from":"01:00","to":"04:00"},)" + p, R"("daily_utc":{"weekdays":[1],"from":"03:00"},)" + p),
        "error", "overlap", "/models/0/rates/1", "as r1");
    row("no base band", fileWith(rateText("r1", R"("context":{"gt":200000},)" + p)), "error", "no-base-band",
        "/models/0/rates/0", "above 200000");
    row("base band at another time",
        two(R"("valid_to":"2026-01-01",)" + p, R"("valid_from":"2026-01-01","context":{"gt":200000},)" + p), "error",
        "no-base-band", "/models/0/rates/1", "none for shorter prompts");
    row("class only in the base band",
        two(p, R"("context":{"gt":200000},"per_million_tokens":{"input":"2","output":"8"})"), "warning", "band-gap",
        "/models/0/rates/1", "cache_read has a price up to 200000 tokens and none above");
    row("class only in the upper band",
        two(R"("per_million_tokens":{"input":"1","output":"4"})", R"("context":{"gt":200000},)" + p), "warning",
        "band-gap", "/models/0/rates/1", "cache_read has a price above");
    row("output below input", fileWith(rateText("r1", R"("per_million_tokens":{"input":"2","output":"1"})")), "warning",
        "output-below-input", "/models/0/rates/0", "1 per million and 2 per million");
    row("cache above input", fileWith(rateText("r1", R"("per_million_tokens":{"input":"2","cache_read":"2.1"})")),
        "error", "cache-above-input", "/models/0/rates/0", "2.1 per million");
    row("an hour below five minutes",
        fileWith(rateText("r1", R"("per_million_tokens":{"cache_write_5m":"2","cache_write_1h":"1"})")), "error",
        "cache-writes", "/models/0/rates/0", "an hour");
    row("batch above standard", two(p, R"("tier":"batch","per_million_tokens":{"input":"1.5"})"), "error",
        "tier-above-standard", "/models/0/rates/1", "batch input costs more");
    row("flex above standard", two(p, R"("tier":"flex","per_million_tokens":{"output":"5"})"), "error",
        "tier-above-standard", "/models/0/rates/1", "flex output costs more");
    row("priority at fifty times", two(p, R"("tier":"priority","per_million_tokens":{"input":"50"})"), "error",
        "tier-above-standard", "/models/0/rates/1", "ten times");
    row("price doubles",
        two(R"("valid_to":"2026-01-01",)" + p, R"("valid_from":"2026-01-01","per_million_tokens":{"input":"2"})"),
        "warning", "price-jump", "/models/0/rates/1", "input goes from 1 per million to 2 per million");
    row("price halves",
        two(R"("valid_to":"2026-01-01",)" + p, R"("valid_from":"2026-01-01","per_million_tokens":{"output":"2"})"),
        "warning", "price-jump", "/models/0/rates/1", "output goes from 4");
    row("from free to a price",
        two(R"("valid_to":"2026-01-01","per_million_tokens":{"input":"0"})", R"("valid_from":"2026-01-01",)" + p),
        "warning", "price-jump", "/models/0/rates/1", "input goes from 0");
    row("hole in time", two(R"("valid_to":"2026-01-01",)" + p, R"("valid_from":"2026-02-01",)" + p), "warning",
        "time-gap", "/models/0/rates/1", "from 2026-01-01T00:00:00Z");
    row("no source", fileWith(R"({"id":"r1","checked":"2026-01-01","grade":"A",)" + p + "}"), "error", "origin",
        "/models/0/rates/0", "no source");
    row("never checked", fileWith(R"({"id":"r1","source":"s","grade":"A",)" + p + "}"), "error", "origin",
        "/models/0/rates/0", "'checked' is missing");
    row("checked is no date", fileWith(R"({"id":"r1","source":"s","checked":"lately","grade":"A",)" + p + "}"), "error",
        "origin", "/models/0/rates/0", "'lately'");
    row("no grade", fileWith(R"({"id":"r1","source":"s","checked":"2026-01-01",)" + p + "}"), "error", "origin",
        "/models/0/rates/0", "'grade' is missing");
    row("no such grade", fileWith(R"({"id":"r1","source":"s","checked":"2026-01-01","grade":"E",)" + p + "}"), "error",
        "origin", "/models/0/rates/0", "'E'");
    row("newer than as_of",
        fileWith(R"({"id":"r1","valid_from":"2026-07-01","source":"s","checked":"2026-07-01","grade":"A",)" + p + "}"),
        "warning", "as-of", "/as_of", "2026-07-01");
    row("announced and long begun", fileWith(rateText("r1", R"("status":"announced","valid_from":"2025-12-01",)" + p)),
        "warning", "announced", "/models/0/rates/0", "2025-12-01");
    row("dear by a unit", fileWith(rateText("r1", R"("per_million_tokens":{"input":"1000"})")), "error", "unit",
        "/models/0/rates/0", "1000 per million");
    row("cheap by a unit", fileWith(rateText("r1", R"("per_million_tokens":{"cache_read":"0.0001"})")), "error", "unit",
        "/models/0/rates/0", "0.0001 per million");
    row("no price", fileWith(rateText("r1", "")), "warning", "no-price", "/models/0/rates/0", "no price");
    row("no rate", fileWith(""), "warning", "no-price", "/models/0", "no rate");
    row("twice but for letter case",
        catalogueText("[" + modelText("openai", "a", "[" + rateText("r1", p) + "]") + ","
                      + modelText("openai", "A", "[" + rateText("r2", p) + "]") + "]"),
        "error", "duplicate-model", "/models/1", "letter case");
    row("alias of two",
        catalogueText("[" + modelText("openai", "a", "[" + rateText("r1", p) + "]", R"(["x"])") + ","
                      + modelText("openai", "b", "[" + rateText("r2", p) + "]", R"(["X"])") + "]"),
        "error", "alias", "/models/1", "also claimed by openai/a");
    row("alias is an id",
        catalogueText("[" + modelText("openai", "a", "[" + rateText("r1", p) + "]", R"(["b"])") + ","
                      + modelText("openai", "b", "[" + rateText("r2", p) + "]") + "]"),
        "error", "alias", "/models/0", "the id of openai/b");
    row("unknown provider", catalogueText("[" + modelText("acme-ai", "a", "[" + rateText("r1", p) + "]") + "]"),
        "warning", "provider", "/models/0", "'acme-ai'");
    row("another name of a provider", catalogueText("[" + modelText("xAI", "a", "[" + rateText("r1", p) + "]") + "]"),
        "error", "provider", "/models/0", "'xai'");
    row("offer without source",
        catalogueText("[]", R"([{"id":"o","provider":"azure","unit":"PTU","checked":"2026-01-01"}])"), "error",
        "origin", "/offers/0", "no source");
}

void TestCatalogueCheck::findings()
{
    QFETCH(QString, text);
    QFETCH(QString, severity);
    QFETCH(QString, kind);
    QFETCH(QString, path);
    QFETCH(QString, says);
    const auto found = checkCatalogueText(text.toStdString(), "x.json");
    QVERIFY2(found.size() == 1, describe(found).c_str());
    QCOMPARE(found.front().severity, severity == "error" ? FindingSeverity::Error : FindingSeverity::Warning);
    QCOMPARE(found.front().kind, kind.toStdString());
    QCOMPARE(found.front().path, path.toStdString());
    QVERIFY2(found.front().sentence.find(says.toStdString()) != std::string::npos, found.front().sentence.c_str());
    QCOMPARE(hasErrors(found), severity == "error");
}

void TestCatalogueCheck::silent_data()
{
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const std::string &rates, const std::string &aliases = "[]") {
        QTest::newRow(name) << QString::fromStdString(fileWith(rates, aliases));
    };
    const std::string p(plain);
    row("one rate", rateText("r1", p), R"(["x","y"])");
    row("one after the other",
        rateText("r1", R"("valid_to":"2026-01-01",)" + p) + "," + rateText("r2", R"("valid_from":"2026-01-01",)" + p));
    row("other places", rateText("r1", p) + "," + rateText("r2", R"("region":"eu",)" + p));
    row("other tiers", rateText("r1", p) + "," + rateText("r2", R"("tier":"batch",)" + p));
    row("other bands", rateText("r1", p) + "," + rateText("r2", R"("context":{"gt":200000},)" + p));
    row("other days of the week", rateText("r1", R"("daily_utc":{"weekdays":[1,2]},)" + p) + ","
                                      + rateText("r2", R"("daily_utc":{"weekdays":[3]},)" + p));
    row("peak beside the whole day", rateText("r1", p) + "," + rateText("r2", R"("daily_utc":{"to":"04:00"},)" + p));
    row("cancelled", rateText("r1", p) + "," + rateText("r2", R"("status":"cancelled",)" + p) + ","
                         + rateText("r3", R"("status":"cancelled","valid_from":"2026-01-01",)" + p));
    row("announced for later",
        rateText("r1", p) + "," + rateText("r2", R"("status":"announced","valid_from":"2026-08-01",)" + p));
    row("complementary classes", rateText("r1", p) + "," + rateText("r2", R"("per_event":{"web_search":"0.01"})"));
    row("free", rateText("r1", R"("per_million_tokens":{"input":"0","output":"0"})"));
    row("small change of price",
        rateText("r1", R"("valid_to":"2026-01-01",)" + p) + ","
            + rateText("r2", R"("valid_from":"2026-01-01","per_million_tokens":{"input":"1.9","output":"4"})"));
    row("jump with a note",
        rateText("r1", R"("valid_to":"2026-01-01",)" + p) + ","
            + rateText("r2", R"("valid_from":"2026-01-01","note":"seen","per_million_tokens":{"input":"3"})"));
    row("jump from another source",
        rateText("r1", R"("valid_to":"2026-01-01",)" + p)
            + R"(,{"id":"r2","source":"s2","checked":"2026-01-01","grade":"A","valid_from":"2026-01-01","per_million_tokens":{"input":"3"}})");
    row("output below input with a note",
        rateText("r1", R"("note":"so it is","per_million_tokens":{"input":"2","output":"1"})"));
    row("batch above standard with a note",
        rateText("r1", p) + ","
            + rateText("r2", R"("tier":"batch","note":"so it is","per_million_tokens":{"input":"1.5"})"));
}

void TestCatalogueCheck::silent()
{
    QFETCH(QString, text);
    const auto found = checkCatalogueText(text.toStdString(), "x.json");
    QVERIFY2(found.empty(), describe(found).c_str());
}

void TestCatalogueCheck::offersTwice()
{
    ProvisionedOffer offer;
    offer.id = "o";
    offer.provider = "azure";
    offer.source = "s";
    offer.checked = "2026-01-01";
    Catalogue catalogue;
    catalogue.asOf = "2026-01-01";
    catalogue.offers = {offer};
    QVERIFY(checkCatalogue(catalogue).empty());
    catalogue.offers.push_back(offer);
    const auto found = checkCatalogue(catalogue);
    QVERIFY2(found.size() == 1 && found.front().kind == "duplicate-offer" && found.front().path == "/offers/1",
             describe(found).c_str());
}

void TestCatalogueCheck::otherFormats()
{
    // What a reader left out is a warning at its own place; what was made of the file has none in it.
    const auto found = checkCatalogueText(
        R"({"data":[{"id":"m/x","pricing":{"prompt":"0.000002","completion":"0.000001"}},
                    {"id":"m/auto","pricing":{"prompt":"-1","completion":"-1"}}]})",
        "openrouter_2026-08-01.json");
    QVERIFY(!hasErrors(found));
    const auto kinds = [&found](const char *kind) {
        return std::count_if(found.begin(), found.end(), [kind](const auto &each) { return each.kind == kind; });
    };
    QCOMPARE(kinds("left-out"), std::ptrdiff_t{2});
    QCOMPARE(kinds("output-below-input"), std::ptrdiff_t{1});
    for (const CatalogueFinding &finding : found)
        QCOMPARE(finding.path.empty(), finding.kind != "left-out");
}

void TestCatalogueCheck::unreadable_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("path");
    QTest::newRow("no JSON") << "{"
                             << "line 1, column 1";
    QTest::newRow("nothing") << ""
                             << "line 1, column 1";
    QTest::newRow("another document") << R"({"a":1})"
                                      << "";
    QTest::newRow("misspelt member") << QString::fromStdString(fileWith(rateText("r1", R"("tire":"batch")")))
                                     << "/models/0/rates/0/tire";
    QTest::newRow("unknown tier") << QString::fromStdString(fileWith(rateText("r1", R"("tier":"slow")")))
                                  << "/models/0/rates/0/tier";
    QTest::newRow("twice the same id") << QString::fromStdString(
        fileWith(rateText("r1", plain) + "," + rateText("r1", R"("region":"eu",)" + std::string(plain))))
                                       << "/models/0/rates/1/id";
    QTest::newRow("ends before it begins")
        << QString::fromStdString(fileWith(rateText("r1", R"("valid_from":"2026-02-01","valid_to":"2026-01-01")")))
        << "/models/0/rates/0";
}

void TestCatalogueCheck::unreadable()
{
    QFETCH(QString, text);
    QFETCH(QString, path);
    const auto found = checkCatalogueText(text.toStdString(), "x.json");
    QVERIFY2(found.size() == 1 && hasErrors(found), describe(found).c_str());
    QCOMPARE(found.front().path, path.toStdString());
    QCOMPARE(found.front().kind, std::string("unreadable"));
}

void TestCatalogueCheck::schemaAndReaderAgree_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("accepted");
    const auto file = [](const char *name, const std::string &text, bool accepted) {
        QTest::newRow(name) << QString::fromStdString(text) << accepted;
    };
    const auto rate = [&file](const char *name, const std::string &members, bool accepted) {
        file(name, fileWith(rateText("r1", members)), accepted);
    };
    rate("plain", plain, true);
    rate("null is unknown", R"("per_million_tokens":{"input":null})", true);
    rate("price as a number", R"("per_million_tokens":{"input":1})", false);
    rate("price as words", R"("per_million_tokens":{"input":"one"})", false);
    rate("negative price", R"("per_million_tokens":{"input":"-1"})", false);
    rate("scientific price", R"("per_million_tokens":{"input":"1e-1"})", true);
    rate("unknown class", R"("per_million_tokens":{"inputs":"1"})", false);
    rate("event among tokens", R"("per_million_tokens":{"page":"1"})", false);
    rate("token among events", R"("per_event":{"input":"1"})", false);
    rate("audio by the hour", R"("per_hour":{"audio_seconds":"0.36"})", true);
    rate("pages by the hour", R"("per_hour":{"page":"1"})", false);
    rate("unknown member", R"("tire":"batch")", false);
    rate("unknown tier", R"("tier":"slow")", false);
    rate("provisioned is no tier of tokens", R"("tier":"provisioned")", false);
    rate("threshold", R"("context":{"gte":200000})", true);
    rate("both thresholds", R"("context":{"gt":1,"gte":1})", false);
    rate("no threshold", R"("context":{})", false);
    rate("threshold as text", R"("context":{"gt":"200000"})", false);
    rate("negative threshold", R"("context":{"gt":-1})", false);
    rate("window", R"("daily_utc":{"weekdays":[1,7],"from":"01:00","to":"24:00"})", true);
    rate("eighth day", R"("daily_utc":{"weekdays":[8]})", false);
    rate("half of a time", R"("daily_utc":{"from":"1:00"})", false);
    rate("unknown status", R"("status":"rumoured")", false);
    rate("note as a list", R"("note":[])", false);
    rate("open end", R"("valid_to":null)", true);
    rate("date as a number", R"("valid_from":2026)", false);
    file("rate without id", fileWith("{}"), false);
    file("rate with an empty id", fileWith(R"({"id":""})"), false);
    file("no version", R"({"format":"perunit/catalogue","id":"x","as_of":"2026-01-01"})", false);
    file("another version", R"({"format":"perunit/catalogue","version":2,"id":"x","as_of":"2026-01-01"})", false);
    file("no date", R"({"format":"perunit/catalogue","version":1,"id":"x"})", false);
    file("nothing but a head", R"({"format":"perunit/catalogue","version":1,"id":"x","as_of":"2026-01-01"})", true);
    file("unknown member of the file",
         R"({"format":"perunit/catalogue","version":1,"id":"x","as_of":"2026-01-01","modells":[]})", false);
    file("model without rates", catalogueText(R"([{"provider":"openai","model":"a"}])"), false);
    file("model without provider", catalogueText(R"([{"model":"a","rates":[]}])"), false);
    file("alias as a number", catalogueText(R"([{"provider":"openai","model":"a","rates":[],"aliases":[1]}])"), false);
    file("negative context window",
         catalogueText(R"([{"provider":"openai","model":"a","rates":[],"context_window":-1}])"), false);
    file("offer",
         catalogueText("[]",
                       R"([{"id":"o","provider":"azure","unit":"PTU","terms":[{"term":"hourly","per_hour":"1"}]}])"),
         true);
    file("offer without unit", catalogueText("[]", R"([{"id":"o","provider":"azure"}])"), false);
    file(
        "unknown member of a term",
        catalogueText(
            "[]",
            R"([{"id":"o","provider":"azure","unit":"PTU","terms":[{"term":"hourly","per_hour":"1","per_day":"2"}]}])"),
        false);
}

void TestCatalogueCheck::schemaAndReaderAgree()
{
    QFETCH(QString, text);
    QFETCH(bool, accepted);
    const auto faults = checkAgainstSchema(text.toStdString());
    QVERIFY2(faults.empty() == accepted, describe(faults).c_str());
    const auto read = readCatalogue(text.toStdString(), "x.json");
    QVERIFY2(read.ok() == accepted, read ? "the reader accepts it" : read.error().text().c_str());
}

void TestCatalogueCheck::schemaNamesEveryFault()
{
    const auto faults = checkAgainstSchema(fileWith(rateText("r1", R"("tier":"slow","per_million_tokens":{"input":1})")
                                                    + "," + rateText("r2", R"("note":7)")));
    std::vector<std::string> paths;
    for (const CatalogueFinding &fault : faults) {
        QCOMPARE(fault.kind, std::string("schema"));
        paths.push_back(fault.path);
    }
    for (const char *path :
         {"/models/0/rates/0/tier", "/models/0/rates/0/per_million_tokens/input", "/models/0/rates/1/note"})
        QVERIFY2(std::find(paths.begin(), paths.end(), path) != paths.end(), describe(faults).c_str());
    QVERIFY2(std::find(paths.begin(), paths.end(), "/models") == paths.end(), describe(faults).c_str());
}

QTEST_APPLESS_MAIN(TestCatalogueCheck)
#include "tst_catalogue_check.moc"
