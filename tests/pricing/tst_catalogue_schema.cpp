// SPDX-License-Identifier: GPL-3.0-or-later
// The published schema of our catalogue form names the members that its reader takes, no more and no fewer.
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"

#include <QFile>
#include <QTest>

#include <set>

using namespace perunit;

namespace {

/// An object of the form: where the schema describes it, and the least document with a gap for one more member.
struct Place {
    const char *name;
    std::vector<const char *> schema;
    const char *document;
};

const std::vector<Place> &places()
{
    static const std::vector<Place> all{
        {"catalogue", {}, R"({"format":"perunit/catalogue","version":1,"id":"c","as_of":"2026-01-01"@})"},
        {"model", {"$defs", "model"}, R"({"provider":"p","model":"m","rates":[]@})"},
        {"rate", {"$defs", "rate"}, R"({"provider":"p","model":"m","rates":[{"id":"r"@}]})"},
        {"context", {"$defs", "context"}, R"({"provider":"p","model":"m","rates":[{"id":"r","context":{"gt":5@}}]})"},
        {"daily window",
         {"$defs", "rate", "properties", "daily_utc"},
         R"({"provider":"p","model":"m","rates":[{"id":"r","daily_utc":{"from":"01:00"@}}]})"},
        {"offer", {"$defs", "offer"}, R"({"id":"o","provider":"p","unit":"u"@})"},
        {"term", {"$defs", "term"}, R"({"id":"o","provider":"p","unit":"u","terms":[{"term":"t","per_hour":"1"@}]})"},
        {"throughput",
         {"$defs", "throughput"},
         R"({"id":"o","provider":"p","unit":"u","throughput":[{"model":"m","input_tokens_per_minute":1@}]})"},
        {"long prompt",
         {"$defs", "long_prompt"},
         R"({"id":"o","provider":"p","unit":"u","throughput":[{"model":"m","input_tokens_per_minute":1,)"
         R"("long_prompt":{"context":{"gt":1}@}}]})"},
        {"harness",
         {"$defs", "harness"},
         R"({"id":"h","component":"gpu","provider":"p","product":"x","unit":"u","price":"1"@})"}};
    return all;
}

JsonValue readSchema()
{
    QFile file(QStringLiteral(PERUNIT_TEST_DATA "/../../pricing/catalogue.schema.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const auto parsed = parseJson(file.readAll().toStdString());
    return parsed ? *parsed : JsonValue{};
}

const JsonValue *at(const JsonValue &root, const std::vector<const char *> &path)
{
    const JsonValue *value = &root;
    for (const char *step : path)
        value = value ? value->find(step) : nullptr;
    return value;
}

std::set<std::string> propertiesOf(const JsonValue *object)
{
    const JsonValue *properties = object ? object->find("properties") : nullptr;
    return properties ? std::set<std::string>(properties->names.begin(), properties->names.end())
                      : std::set<std::string>();
}

std::set<std::string> textsOf(const JsonValue *array)
{
    std::set<std::string> result;
    if (array) {
        for (const JsonValue &item : array->items)
            result.insert(item.text);
    }
    return result;
}

/// The whole file around an object of a place, with one more member in it.
std::string fileWith(const Place &place, const std::string &member)
{
    std::string object = place.document;
    object.replace(object.find('@'), 1, member);
    const std::string name = place.name;
    if (name == "catalogue")
        return object;
    const bool ofOffers = name == "offer" || name == "term" || name == "throughput" || name == "long prompt";
    const std::string list = name == "harness" ? "harness" : ofOffers ? "offers" : "models";
    return R"({"format":"perunit/catalogue","version":1,"id":"c","as_of":"2026-01-01",")" + list + "\":[" + object
           + "]}";
}

bool refusesMember(const Place &place, const std::string &name)
{
    const auto read = readCatalogue(fileWith(place, ",\"" + name + "\":null"), "own.json");
    return !read && read.error().what.find("is not a member") != std::string::npos;
}

} // namespace

class TestCatalogueSchema : public QObject
{
    Q_OBJECT
private slots:
    void membersAgree_data();
    void membersAgree();
    void classesAgree();
    void namesAgree();
};

void TestCatalogueSchema::membersAgree_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < places().size(); ++i)
        QTest::newRow(places()[i].name) << static_cast<int>(i);
}

void TestCatalogueSchema::membersAgree()
{
    QFETCH(int, index);
    const Place &place = places()[static_cast<std::size_t>(index)];
    const JsonValue schema = readSchema();
    const std::set<std::string> members = propertiesOf(at(schema, place.schema));
    QVERIFY(members.size() >= 2);
    QVERIFY2(readCatalogue(fileWith(place, ""), "own.json").ok(), place.name);
    std::set<std::string> all{"colour"};
    for (const Place &each : places())
        all.merge(propertiesOf(at(schema, each.schema)));
    const std::string document = place.document;
    for (const std::string &name : all) {
        if (members.contains(name))
            QVERIFY2(!refusesMember(place, name), ("the reader does not know " + name).c_str());
        else
            QVERIFY2(refusesMember(place, name), ("the schema does not know " + name).c_str());
    }
}

void TestCatalogueSchema::classesAgree()
{
    const JsonValue schema = readSchema();
    std::set<std::string> tokens;
    std::set<std::string> events;
    for (std::size_t i = 0; i < usageClassCount; ++i)
        (isTokenClass(static_cast<UsageClass>(i)) ? tokens : events).insert(std::string(usageClassNames[i]));
    QCOMPARE(propertiesOf(at(schema, {"$defs", "rate", "properties", "per_million_tokens"})), tokens);
    QCOMPARE(propertiesOf(at(schema, {"$defs", "events"})), events);
    QCOMPARE(propertiesOf(at(schema, {"$defs", "rate", "properties", "per_hour"})),
             (std::set<std::string>{"audio_seconds", "video_seconds"}));
    // Every group states the price of one token or event, exactly.
    const struct {
        const char *group;
        const char *usageClass;
        const char *price;
        std::int64_t femto;
    } groups[]{{"per_million_tokens", "reasoning", "3", 3'000'000'000},
               {"per_event", "code_execution", "0.03", 30'000'000'000'000},
               {"per_thousand_events", "file_search", "2.5", 2'500'000'000'000},
               {"per_million_events", "cache_storage", "4.5", 4'500'000'000},
               {"per_hour", "video_seconds", "3.6", 1'000'000'000'000}};
    const Place &rate = places()[2];
    for (const auto &each : groups) {
        const auto read = readCatalogue(
            fileWith(rate, std::string(",\"") + each.group + "\":{\"" + each.usageClass + "\":\"" + each.price + "\"}"),
            "own.json");
        QVERIFY2(read.ok(), each.group);
        const auto usageClass = static_cast<std::size_t>(*usageClassNamed(each.usageClass));
        const auto &price = read->catalogue.models[0].rates[0].prices[usageClass];
        QVERIFY2(price && !price->rounded, each.group);
        QCOMPARE(price->femto, each.femto);
    }
    QVERIFY(
        !readCatalogue(fileWith(rate, R"(,"per_event":{"page":"1"},"per_thousand_events":{"page":"2"})"), "own.json")
             .ok());
    QVERIFY(!readCatalogue(fileWith(rate, R"(,"per_hour":{"page":"1"})"), "own.json").ok());
}

void TestCatalogueSchema::namesAgree()
{
    const JsonValue schema = readSchema();
    std::set<std::string> tiers(serviceTierNames.begin(), serviceTierNames.end());
    tiers.erase("provisioned");
    QCOMPARE(textsOf(at(schema, {"$defs", "rate", "properties", "tier", "enum"})), tiers);
    for (const std::string &tier : tiers)
        QVERIFY2(readCatalogue(fileWith(places()[2], ",\"tier\":\"" + tier + "\""), "own.json").ok(), tier.c_str());
    for (const std::string &status : textsOf(at(schema, {"$defs", "rate", "properties", "status", "enum"})))
        QVERIFY2(readCatalogue(fileWith(places()[2], ",\"status\":\"" + status + "\""), "own.json").ok(),
                 status.c_str());
    QCOMPARE(textsOf(at(schema, {"$defs", "harness", "properties", "component", "enum"})),
             std::set<std::string>(harnessComponentNames.begin(), harnessComponentNames.end()));
    const std::set<std::string> overflows = textsOf(at(schema, {"$defs", "offer", "properties", "overflow", "enum"}));
    QCOMPARE(overflows, (std::set<std::string>{"unknown", "list_price", "rejected"}));
    for (const std::string &overflow : overflows)
        QVERIFY2(readCatalogue(fileWith(places()[5], ",\"overflow\":\"" + overflow + "\""), "own.json").ok(),
                 overflow.c_str());
    QVERIFY(!readCatalogue(fileWith(places()[5], R"(,"overflow":"free")"), "own.json").ok());
}

QTEST_APPLESS_MAIN(TestCatalogueSchema)
#include "tst_catalogue_schema.moc"
