// SPDX-License-Identifier: GPL-3.0-or-later
// Our own catalogue JSON; the published form is pricing/catalogue.schema.json.
#include "pricing/catalogue/catalogue_formats.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <set>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

Error wrong(std::string what, std::string_view path, std::string remedy = {})
{
    return {ErrorCode::BadInput, std::move(what), std::string(path.empty() ? "/" : path), std::move(remedy)};
}

/// Reads members of one object and remembers the first thing that is wrong, so that readers stay straight lines.
class Members
{
public:
    Members(const JsonValue &object, std::string path, std::initializer_list<std::string_view> known)
        : m_object(object)
        , m_path(std::move(path))
    {
        if (!object.is(Kind::Object)) {
            fail("expected an object, found " + std::string(nameOf(object.kind)), m_path);
            return;
        }
        std::set<std::string_view> seen;
        for (const std::string &name : object.names) {
            if (std::find(known.begin(), known.end(), name) == known.end())
                fail("'" + name + "' is not a member of this object", joinPath(m_path, name), "correct its spelling");
            else if (!seen.insert(name).second)
                fail("'" + name + "' stands here twice", joinPath(m_path, name));
        }
    }

    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] std::string pathOf(std::string_view name) const { return joinPath(m_path, name); }
    [[nodiscard]] bool ok() const { return m_status.ok(); }
    [[nodiscard]] const Status &status() const { return m_status; }
    void fail(std::string what, std::string_view path, std::string remedy = {})
    {
        if (m_status.ok())
            m_status = wrong(std::move(what), path, std::move(remedy));
    }
    void fail(const Error &error)
    {
        if (m_status.ok())
            m_status = error;
    }

    /// A member that is there and not null.
    const JsonValue *optional(std::string_view name, Kind kind)
    {
        const JsonValue *value = m_object.is(Kind::Object) ? m_object.find(name) : nullptr;
        if (!value || value->is(Kind::Null))
            return nullptr;
        if (value->is(kind))
            return value;
        fail("expected " + std::string(nameOf(kind)) + ", found " + std::string(nameOf(value->kind)), pathOf(name));
        return nullptr;
    }
    std::string text(std::string_view name, std::string otherwise = {})
    {
        const JsonValue *value = optional(name, Kind::String);
        return value ? value->text : otherwise;
    }
    std::string requiredText(std::string_view name)
    {
        std::string value = text(name);
        if (value.empty())
            fail("'" + std::string(name) + "' is missing or empty", pathOf(name));
        return value;
    }
    std::int64_t count(std::string_view name, std::int64_t otherwise = 0)
    {
        const JsonValue *value = optional(name, Kind::Number);
        return value ? wholeNumber(*value, name) : otherwise;
    }
    Instant instant(std::string_view name, Instant otherwise)
    {
        const JsonValue *value = optional(name, Kind::String);
        if (!value)
            return otherwise;
        const auto at = parseInstant(value->text);
        if (at)
            return *at;
        fail(at.error().what, pathOf(name), "write it like 2026-10-03 or 2026-10-03T12:00:00Z");
        return otherwise;
    }
    Period validity()
    {
        const Period period{instant("valid_from", alwaysBefore), instant("valid_to", alwaysAfter)};
        if (period.isEmpty())
            fail("valid_to is not after valid_from", m_path);
        return period;
    }
    /// A decimal text of at least 0 in units of 10^-scale. No value when it is absent or null.
    std::optional<ScaledDecimal> decimal(std::string_view name, int scale)
    {
        const JsonValue *value = optional(name, Kind::String);
        if (!value)
            return std::nullopt;
        const auto number = parseDecimal(value->text, scale);
        if (!number)
            fail(number.error().what, pathOf(name));
        else if (number->units < 0)
            fail("'" + value->text + "' is less than 0", pathOf(name));
        else
            return *number;
        return std::nullopt;
    }

private:
    std::int64_t wholeNumber(const JsonValue &value, std::string_view name)
    {
        std::int64_t number = 0;
        const char *end = value.text.data() + value.text.size();
        const auto [stop, failure] = std::from_chars(value.text.data(), end, number);
        if (failure != std::errc{} || stop != end || number < 0)
            fail("'" + value.text + "' is not a whole number of at least 0", pathOf(name));
        return number;
    }

    const JsonValue &m_object;
    std::string m_path;
    Status m_status;
};

/// Origin of the facts; what a rate does not say, its model says, then the file.
struct Origin {
    std::string source;
    std::string checked;
    std::string grade;

    static Origin readFrom(Members &members, const Origin &outer)
    {
        Origin origin;
        origin.source = members.text("source", outer.source);
        origin.checked = members.text("checked", outer.checked);
        origin.grade = members.text("grade", outer.grade);
        return origin;
    }
};

std::optional<std::int64_t> fittingFemto(Int128 units, Members &members, std::string_view path)
{
    if (units <= std::numeric_limits<std::int64_t>::max())
        return static_cast<std::int64_t>(units);
    members.fail("the price is larger than a price can be", path);
    return std::nullopt;
}

enum class PriceUnit { MillionTokens, Event, Hour };

void readPrices(const JsonValue *object, PriceUnit unit, Rate &rate, Members &members, std::string_view group)
{
    if (!object)
        return;
    const std::string path = members.pathOf(group);
    for (std::size_t i = 0; i < object->names.size(); ++i) {
        const std::string &name = object->names[i];
        const std::string place = joinPath(path, name);
        const auto usageClass = usageClassNamed(name);
        if (!usageClass)
            return members.fail("'" + name + "' is not a usage class", place);
        if (isTokenClass(*usageClass) != (unit == PriceUnit::MillionTokens))
            return members.fail("'" + name + "' is not priced in this unit", place,
                                "tokens belong into per_million_tokens, events into per_event or per_hour");
        if (unit == PriceUnit::Hour && *usageClass != UsageClass::AudioSeconds)
            return members.fail("only audio_seconds can be priced per hour", place);
        const JsonValue &value = object->items[i];
        if (value.is(Kind::Null))
            continue;
        if (!value.is(Kind::String))
            return members.fail("a price must be a decimal text", place, "write \"3\" and not 3");
        // A price per million tokens in units of 10^-9 is the price of one token in femto-units.
        const auto number = parseDecimal(value.text, unit == PriceUnit::MillionTokens ? 9 : Femto::scale);
        if (!number || number->units < 0)
            return members.fail(number ? "the price is less than 0" : number.error().what, place);
        constexpr Int128 secondsInHour = 3600;
        const Int128 units = unit == PriceUnit::Hour ? divideHalfEven(number->units, secondsInHour) : number->units;
        const bool rounded = number->rounded || (unit == PriceUnit::Hour && number->units % secondsInHour != 0);
        auto &price = rate.prices[static_cast<std::size_t>(*usageClass)];
        if (price)
            return members.fail("'" + name + "' is priced twice", place);
        if (const auto femto = fittingFemto(units, members, place))
            price = UnitPrice{*femto, rounded};
    }
}

std::optional<ContextThreshold> readThreshold(const JsonValue *object, Members &outer)
{
    if (!object)
        return std::nullopt;
    Members members(*object, outer.pathOf("context"), {"gt", "gte"});
    const bool above = members.optional("gt", Kind::Number) != nullptr;
    const bool from = members.optional("gte", Kind::Number) != nullptr;
    if (members.ok() && above == from)
        members.fail("a threshold has either gt or gte", members.path());
    const ContextThreshold threshold{members.count(from ? "gte" : "gt"), from};
    if (!members.ok())
        outer.fail(members.status().error());
    return threshold;
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

std::optional<DailyWindow> readDaily(const JsonValue *object, Members &outer)
{
    if (!object)
        return std::nullopt;
    Members members(*object, outer.pathOf("daily_utc"), {"weekdays", "from", "to"});
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

Result<Rate> readRate(const JsonValue &object, const std::string &path, const Origin &outer)
{
    Members members(object, path,
                    {"id", "valid_from", "valid_to", "tier", "region", "context", "daily_utc", "status",
                     "per_million_tokens", "per_event", "per_hour", "source", "checked", "grade", "note"});
    Rate rate;
    rate.id = members.requiredText("id");
    rate.valid = members.validity();
    const std::string tier = members.text("tier", "standard");
    if (const auto known = serviceTierNamed(tier); known && *known != ServiceTier::Provisioned)
        rate.tier = *known;
    else
        members.fail("'" + tier + "' is not a tier with prices per token", members.pathOf("tier"),
                     "use standard, batch, flex or priority");
    rate.region = members.text("region");
    rate.context = readThreshold(members.optional("context", Kind::Object), members);
    rate.daily = readDaily(members.optional("daily_utc", Kind::Object), members);
    const std::string status = members.text("status", "published");
    if (const auto known = statusNamed(status))
        rate.status = *known;
    else
        members.fail("'" + status + "' is not a status", members.pathOf("status"),
                     "use published, announced, cancelled, contract or estimated");
    readPrices(members.optional("per_million_tokens", Kind::Object), PriceUnit::MillionTokens, rate, members,
               "per_million_tokens");
    readPrices(members.optional("per_event", Kind::Object), PriceUnit::Event, rate, members, "per_event");
    readPrices(members.optional("per_hour", Kind::Object), PriceUnit::Hour, rate, members, "per_hour");
    const Origin origin = Origin::readFrom(members, outer);
    rate.source = origin.source;
    rate.checked = origin.checked;
    rate.grade = origin.grade;
    rate.note = members.text("note");
    if (!members.ok())
        return members.status().error();
    return rate;
}

Result<CatalogueModel> readModel(const JsonValue &object, const std::string &path, const Origin &outer)
{
    Members members(object, path,
                    {"provider", "model", "display_name", "family", "aliases", "context_window", "cache_minimum_tokens",
                     "rates", "source", "checked", "grade"});
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
    const Origin origin = Origin::readFrom(members, outer);
    const JsonValue *rates = members.optional("rates", Kind::Array);
    if (!members.ok())
        return members.status().error();
    if (!rates)
        return wrong("'rates' is missing", joinPath(path, "rates"));
    for (std::size_t i = 0; i < rates->items.size(); ++i) {
        auto rate = readRate(rates->items[i], joinPath(path + "/rates", std::to_string(i)), origin);
        if (!rate)
            return rate.error();
        model.rates.push_back(std::move(*rate));
    }
    return model;
}

Result<ProvisionedTerm> readTerm(const JsonValue &object, const std::string &path)
{
    Members members(object, path, {"term", "per_hour", "per_week", "per_month", "per_year", "valid_from", "valid_to"});
    struct Unit {
        std::string_view name;
        Int128 divisor;
        bool perHour;
    };
    // A week has always 168 hours, a year always twelve months; a month has no fixed number of hours.
    static constexpr std::array<Unit, 4> units{
        {{"per_hour", 1, true}, {"per_week", 168, true}, {"per_month", 1, false}, {"per_year", 12, false}}};
    ProvisionedTerm term;
    term.term = members.requiredText("term");
    term.valid = members.validity();
    int prices = 0;
    for (const Unit &unit : units) {
        const auto price = members.decimal(unit.name, Femto::scale);
        if (!price)
            continue;
        ++prices;
        term.perHour = unit.perHour;
        if (const auto femto = fittingFemto(divideHalfEven(price->units, unit.divisor), members, path))
            term.femto = *femto;
    }
    if (prices != 1)
        members.fail("a term has one price", path, "give per_hour, per_week, per_month or per_year");
    if (!members.ok())
        return members.status().error();
    return term;
}

Result<ProvisionedThroughput> readThroughput(const JsonValue &object, const std::string &path)
{
    Members members(object, path,
                    {"model", "input_tokens_per_minute", "input_weight", "cache_read_weight", "cache_write_weight",
                     "output_weight", "minimum_units", "step_units", "maximum_prompt_tokens"});
    ProvisionedThroughput result;
    const auto weight = [&members](std::string_view name, PartsPerMillion otherwise) {
        const auto number = members.decimal(name, 6);
        if (number && (number->rounded || number->units > 1000 * Int128{onePpm}))
            members.fail("a weight has at most six decimals and is at most 1000", members.pathOf(name));
        return number ? static_cast<PartsPerMillion>(number->units) : otherwise;
    };
    result.model = members.requiredText("model");
    result.inputTokensPerMinute = members.count("input_tokens_per_minute");
    result.inputWeight = weight("input_weight", onePpm);
    result.cacheReadWeight = weight("cache_read_weight", 0);
    result.cacheWriteWeight = weight("cache_write_weight", onePpm);
    result.outputWeight = weight("output_weight", onePpm);
    result.minimumUnits = members.count("minimum_units");
    result.stepUnits = members.count("step_units", 1);
    result.maximumPromptTokens = members.count("maximum_prompt_tokens");
    if (result.inputTokensPerMinute == 0 || result.stepUnits == 0)
        members.fail("input_tokens_per_minute and step_units must be at least 1", path);
    if (!members.ok())
        return members.status().error();
    return result;
}

Result<ProvisionedOffer> readOffer(const JsonValue &object, const std::string &path, const Origin &outer)
{
    Members members(object, path,
                    {"id", "name", "provider", "unit", "terms", "throughput", "source", "checked", "note"});
    ProvisionedOffer offer;
    offer.id = members.requiredText("id");
    offer.name = members.text("name", offer.id);
    offer.provider = members.requiredText("provider");
    offer.unitName = members.requiredText("unit");
    offer.source = members.text("source", outer.source);
    offer.checked = members.text("checked", outer.checked);
    const JsonValue *terms = members.optional("terms", Kind::Array);
    const JsonValue *throughput = members.optional("throughput", Kind::Array);
    if (!members.ok())
        return members.status().error();
    for (std::size_t i = 0; terms && i < terms->items.size(); ++i) {
        auto term = readTerm(terms->items[i], joinPath(path + "/terms", std::to_string(i)));
        if (!term)
            return term.error();
        offer.terms.push_back(std::move(*term));
    }
    for (std::size_t i = 0; throughput && i < throughput->items.size(); ++i) {
        auto each = readThroughput(throughput->items[i], joinPath(path + "/throughput", std::to_string(i)));
        if (!each)
            return each.error();
        offer.throughput.push_back(std::move(*each));
    }
    return offer;
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
            return wrong("model '" + model.key.provider + "/" + model.key.model + "' stands here twice", path);
        for (std::size_t j = 0; j < model.rates.size(); ++j) {
            if (!rates.insert(model.rates[j].id).second)
                return wrong("the rate id '" + model.rates[j].id + "' stands here twice",
                             path + "/rates/" + std::to_string(j) + "/id");
        }
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
    Members members(root, "",
                    {"$schema", "format", "version", "id", "name", "currency", "as_of", "models", "offers", "source",
                     "checked", "grade"});
    CatalogueImport result;
    Catalogue &catalogue = result.catalogue;
    if (members.count("version") != 1)
        return Error{ErrorCode::Unsupported, "this version of the catalogue format is not known", "/version",
                     "open it with a newer version of the program"};
    catalogue.id = members.requiredText("id");
    catalogue.name = members.text("name", catalogue.id);
    catalogue.currency = members.text("currency", "USD");
    catalogue.asOf = members.requiredText("as_of");
    const Origin origin = Origin::readFrom(members, {});
    const JsonValue *models = members.optional("models", Kind::Array);
    const JsonValue *offers = members.optional("offers", Kind::Array);
    if (!members.ok())
        return members.status().error();
    for (std::size_t i = 0; models && i < models->items.size(); ++i) {
        auto model = readModel(models->items[i], joinPath("/models", std::to_string(i)), origin);
        if (!model)
            return model.error();
        catalogue.models.push_back(std::move(*model));
    }
    for (std::size_t i = 0; offers && i < offers->items.size(); ++i) {
        auto offer = readOffer(offers->items[i], joinPath("/offers", std::to_string(i)), origin);
        if (!offer)
            return offer.error();
        catalogue.offers.push_back(std::move(*offer));
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
