// SPDX-License-Identifier: GPL-3.0-or-later
// Our own catalogue JSON; the published form is pricing/catalogue.schema.json.
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/own_parts.h"

#include <algorithm>
#include <set>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

/// A group of prices: what one price in it is for.
struct PriceGroup {
    std::string_view name;
    bool tokens;   ///< of token classes; otherwise of counted events
    int scale;     ///< of a price text, so that its units are femto-units of one token or event
    int perSecond; ///< seconds that one price is for, of classes that count seconds; 0: not a time
};

/// A price per million tokens in units of 10^-9 is the price of one token in femto-units.
constexpr std::array<PriceGroup, 5> priceGroups{{{"per_million_tokens", true, Femto::scale - 6, 0},
                                                 {"per_event", false, Femto::scale, 0},
                                                 {"per_thousand_events", false, Femto::scale - 3, 0},
                                                 {"per_million_events", false, Femto::scale - 6, 0},
                                                 {"per_hour", false, Femto::scale, 3600}}};

bool countsSeconds(UsageClass usageClass)
{
    return usageClass == UsageClass::AudioSeconds || usageClass == UsageClass::VideoSeconds;
}

void readPrices(const PriceGroup &group, Rate &rate, JsonMembers &members)
{
    const JsonValue *object = members.optional(group.name, Kind::Object);
    if (!object)
        return;
    const std::string path = members.pathOf(group.name);
    for (std::size_t i = 0; i < object->names.size(); ++i) {
        const std::string &name = object->names[i];
        const std::string place = joinPath(path, name);
        const auto usageClass = usageClassNamed(name);
        if (!usageClass)
            return members.fail("'" + name + "' is not a usage class", place);
        if (isTokenClass(*usageClass) != group.tokens)
            return members.fail("'" + name + "' is not priced in this unit", place,
                                "tokens belong into per_million_tokens, events into one of the other groups");
        if (group.perSecond != 0 && !countsSeconds(*usageClass))
            return members.fail("only audio_seconds and video_seconds can be priced per hour", place);
        const JsonValue &value = object->items[i];
        if (value.is(Kind::Null))
            continue;
        if (!value.is(Kind::String))
            return members.fail("a price must be a decimal text", place, "write \"3\" and not 3");
        const auto number = parseDecimal(value.text, group.scale);
        if (!number || number->units < 0)
            return members.fail(number ? "the price is less than 0" : number.error().what, place);
        const Int128 parts = group.perSecond == 0 ? 1 : group.perSecond;
        auto &price = rate.prices[static_cast<std::size_t>(*usageClass)];
        if (price)
            return members.fail("'" + name + "' is priced twice", place);
        if (const auto femto = fittingFemto(divideHalfEven(number->units, parts), members, place))
            price = UnitPrice{*femto, number->rounded || number->units % parts != 0};
    }
}

std::optional<std::int32_t> minuteOfDay(const std::string &text)
{
    const auto digit = [&text](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100;
    };
    if (text.size() != 5 || text[2] != ':')
        return std::nullopt;
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (minute > 59 || hour * 60 + minute > 24 * 60)
        return std::nullopt;
    return hour * 60 + minute;
}

std::optional<DailyWindow> readDaily(const JsonValue *object, JsonMembers &outer)
{
    if (!object)
        return std::nullopt;
    JsonMembers members(*object, outer.pathOf("daily_utc"), {"weekdays", "from", "to"});
    DailyWindow window;
    const auto from = minuteOfDay(members.text("from", "00:00"));
    const auto to = minuteOfDay(members.text("to", "24:00"));
    if (!from || !to || *from >= *to)
        members.fail("a daily window runs from one time to a later one of the same day", members.path(),
                     "write times like 09:30, and the end of the day as 24:00");
    window.fromMinute = from.value_or(0);
    window.toMinute = to.value_or(0);
    if (const JsonValue *days = members.optional("weekdays", Kind::Array)) {
        window.weekdays = 0;
        for (const JsonValue &day : days->items) {
            if (!day.is(Kind::Number) || day.text.size() != 1 || day.text[0] < '1' || day.text[0] > '7')
                members.fail("a weekday is a number from 1, Monday, to 7, Sunday", members.pathOf("weekdays"));
            else
                window.weekdays = static_cast<std::uint8_t>(window.weekdays | (1 << (day.text[0] - '1')));
        }
    }
    if (!members.ok())
        outer.fail(members.status().error());
    return window;
}

std::optional<RateStatus> statusNamed(std::string_view name)
{
    static constexpr std::array<std::string_view, 5> names{"published", "announced", "cancelled", "contract",
                                                           "estimated"};
    const auto *found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<RateStatus>(found - names.begin());
}

Result<Rate> readRate(const JsonValue &object, const std::string &path, const FactOrigin &outer)
{
    JsonMembers members(object, path,
                        {"id", "valid_from", "valid_to", "tier", "region", "context", "daily_utc", "status",
                         "per_million_tokens", "per_event", "per_thousand_events", "per_million_events", "per_hour",
                         "source", "checked", "grade", "note"});
    Rate rate;
    rate.id = members.requiredText("id");
    rate.valid = members.validity();
    const std::string tier = members.text("tier", "standard");
    if (const auto known = serviceTierNamed(tier); known && *known != ServiceTier::Provisioned)
        rate.tier = *known;
    else
        members.fail("'" + tier + "' is not a tier with prices per token", members.pathOf("tier"),
                     "use standard, batch, flex, priority or fast");
    rate.region = members.text("region");
    rate.context = readThreshold(members.optional("context", Kind::Object), members);
    rate.daily = readDaily(members.optional("daily_utc", Kind::Object), members);
    const std::string status = members.text("status", "published");
    if (const auto known = statusNamed(status))
        rate.status = *known;
    else
        members.fail("'" + status + "' is not a status", members.pathOf("status"),
                     "use published, announced, cancelled, contract or estimated");
    for (const PriceGroup &group : priceGroups)
        readPrices(group, rate, members);
    const FactOrigin origin = FactOrigin::readFrom(members, outer);
    rate.source = origin.source;
    rate.checked = origin.checked;
    rate.grade = origin.grade;
    rate.note = members.text("note");
    if (!members.ok())
        return members.status().error();
    return rate;
}

Result<CatalogueModel> readModel(const JsonValue &object, const std::string &path, const FactOrigin &outer)
{
    JsonMembers members(object, path,
                        {"provider", "model", "display_name", "family", "aliases", "context_window",
                         "cache_minimum_tokens", "rates", "source", "checked", "grade"});
    CatalogueModel model;
    model.key = {members.requiredText("provider"), members.requiredText("model")};
    model.displayName = members.text("display_name", model.key.model);
    model.family = members.text("family");
    model.contextWindow = members.count("context_window");
    model.cacheMinimumTokens = members.count("cache_minimum_tokens");
    if (const JsonValue *aliases = members.optional("aliases", Kind::Array)) {
        for (const JsonValue &alias : aliases->items) {
            if (alias.is(Kind::String) && !alias.text.empty())
                model.aliases.push_back(alias.text);
            else
                members.fail("an alias must be a text", members.pathOf("aliases"));
        }
    }
    const FactOrigin origin = FactOrigin::readFrom(members, outer);
    const JsonValue *rates = members.optional("rates", Kind::Array);
    if (!members.ok())
        return members.status().error();
    if (!rates)
        return wrongJson("'rates' is missing", joinPath(path, "rates"));
    for (std::size_t i = 0; i < rates->items.size(); ++i) {
        auto rate = readRate(rates->items[i], joinPath(path + "/rates", std::to_string(i)), origin);
        if (!rate)
            return rate.error();
        model.rates.push_back(std::move(*rate));
    }
    return model;
}

/// Ids and model keys name one thing each.
Status checkUnique(const Catalogue &catalogue)
{
    std::set<std::string> rates;
    std::set<ModelKey> models;
    for (std::size_t i = 0; i < catalogue.models.size(); ++i) {
        const CatalogueModel &model = catalogue.models[i];
        const std::string path = "/models/" + std::to_string(i);
        if (!models.insert(model.key).second)
            return wrongJson("model '" + model.key.provider + "/" + model.key.model + "' stands here twice", path);
        for (std::size_t j = 0; j < model.rates.size(); ++j) {
            if (!rates.insert(model.rates[j].id).second)
                return wrongJson("the rate id '" + model.rates[j].id + "' stands here twice",
                                 path + "/rates/" + std::to_string(j) + "/id");
        }
    }
    std::set<std::string> others;
    for (std::size_t i = 0; i < catalogue.offers.size(); ++i) {
        if (!others.insert(catalogue.offers[i].id).second)
            return wrongJson("the offer '" + catalogue.offers[i].id + "' stands here twice",
                             "/offers/" + std::to_string(i));
    }
    others.clear();
    for (std::size_t i = 0; i < catalogue.harness.size(); ++i) {
        if (!others.insert(catalogue.harness[i].id).second)
            return wrongJson("the price '" + catalogue.harness[i].id + "' stands here twice",
                             "/harness/" + std::to_string(i));
    }
    return {};
}

std::string recogniseOwnCatalogue(const JsonValue &root)
{
    const JsonValue *format = root.is(Kind::Object) ? root.find("format") : nullptr;
    return format && format->is(Kind::String) && format->text == "perunit/catalogue" ? "format is perunit/catalogue"
                                                                                     : "";
}

Result<CatalogueImport> readOwnCatalogue(const JsonValue &root, std::string_view /*fileName*/,
                                         const CatalogueOptions & /*options*/)
{
    JsonMembers members(root, "",
                        {"$schema", "format", "version", "id", "name", "currency", "as_of", "models", "offers",
                         "harness", "source", "checked", "grade"});
    CatalogueImport result;
    Catalogue &catalogue = result.catalogue;
    if (members.count("version") != 1)
        return Error{ErrorCode::Unsupported, "this version of the catalogue format is not known", "/version",
                     "open it with a newer version of the program"};
    catalogue.id = members.requiredText("id");
    catalogue.name = members.text("name", catalogue.id);
    catalogue.currency = members.text("currency", "USD");
    catalogue.asOf = members.requiredText("as_of");
    const FactOrigin origin = FactOrigin::readFrom(members, {});
    const JsonValue *models = members.optional("models", Kind::Array);
    const JsonValue *offers = members.optional("offers", Kind::Array);
    const JsonValue *harness = members.optional("harness", Kind::Array);
    if (!members.ok())
        return members.status().error();
    for (std::size_t i = 0; models && i < models->items.size(); ++i) {
        auto model = readModel(models->items[i], joinPath("/models", std::to_string(i)), origin);
        if (!model)
            return model.error();
        catalogue.models.push_back(std::move(*model));
    }
    for (std::size_t i = 0; offers && i < offers->items.size(); ++i) {
        auto offer = readProvisionedOffer(offers->items[i], joinPath("/offers", std::to_string(i)), origin);
        if (!offer)
            return offer.error();
        catalogue.offers.push_back(std::move(*offer));
    }
    for (std::size_t i = 0; harness && i < harness->items.size(); ++i) {
        auto price = readHarnessPrice(harness->items[i], joinPath("/harness", std::to_string(i)), origin);
        if (!price)
            return price.error();
        catalogue.harness.push_back(std::move(*price));
    }
    if (const Status unique = checkUnique(catalogue); !unique)
        return unique.error();
    return result;
}

} // namespace

CatalogueFormat ownFormat()
{
    return {"perunit", "Perunit's own catalogue", true, recogniseOwnCatalogue, readOwnCatalogue};
}

} // namespace perunit
