// SPDX-License-Identifier: GPL-3.0-or-later
// Overlays as JSON. Numbers are read as the text they were written in, so that no term is ever a double.
#include "pricing/base/decimal.h"
#include "pricing/catalogue/json_value.h"
#include "pricing/overlay/price_overlay.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

constexpr std::array<std::string_view, 13> memberNames{
    "name",   "kind",    "percent", "price_per_million", "price_per_event", "provider",
    "models", "classes", "tiers",   "valid_from",        "valid_to",        "note",
    "enabled"};

/// Reads one overlay and keeps the first thing that is wrong with it.
class OverlayReader
{
public:
    OverlayReader(const JsonValue &object, std::string path)
        : m_object(object)
        , m_path(std::move(path))
    {}

    Result<PriceOverlay> read()
    {
        if (!m_object.is(Kind::Object))
            return Error{ErrorCode::BadInput, "an overlay is an object, this is " + std::string(nameOf(m_object.kind)),
                         m_path, ""};
        checkNames();
        PriceOverlay overlay;
        overlay.name = text("name");
        readKind(overlay);
        overlay.provider = text("provider");
        overlay.note = text("note");
        overlay.models = texts("models");
        readNames("classes", overlay.classes, usageClassNamed, "usage class", usageClassNames);
        readNames("tiers", overlay.tiers, serviceTierNamed, "service tier", serviceTierNames);
        readTerm(overlay);
        overlay.valid.from = instant("valid_from", alwaysBefore);
        overlay.valid.to = instant("valid_to", alwaysAfter);
        if (const JsonValue *enabled = member("enabled", Kind::Boolean))
            overlay.enabled = enabled->boolean;
        if (m_problem)
            return *m_problem;
        if (auto status = checkOverlay(overlay); !status) {
            Error error = status.error();
            error.where = joinPath(m_path, error.where);
            return error;
        }
        return overlay;
    }

private:
    void fail(std::string_view name, std::string what, std::string remedy = {})
    {
        if (!m_problem)
            m_problem = Error{ErrorCode::BadInput, std::move(what), joinPath(m_path, name), std::move(remedy)};
    }

    void checkNames()
    {
        for (std::size_t i = 0; i < m_object.names.size(); ++i) {
            const std::string &name = m_object.names[i];
            if (std::find(memberNames.begin(), memberNames.end(), name) == memberNames.end()) {
                std::string known;
                for (const std::string_view each : memberNames)
                    known += (known.empty() ? "" : ", ") + std::string(each);
                fail(name, "an overlay has no member '" + name + "'", "known are " + known);
            } else if (std::find(m_object.names.begin(), m_object.names.begin() + static_cast<std::ptrdiff_t>(i), name)
                       != m_object.names.begin() + static_cast<std::ptrdiff_t>(i)) {
                fail(name, "'" + name + "' stands there twice");
            }
        }
    }

    /// Null when absent, null or of another kind, which is a problem.
    const JsonValue *member(std::string_view name, Kind kind)
    {
        const JsonValue *value = m_object.find(name);
        if (!value || value->is(Kind::Null))
            return nullptr;
        if (value->is(kind))
            return value;
        fail(name, "must be " + std::string(nameOf(kind)) + ", this is " + std::string(nameOf(value->kind)));
        return nullptr;
    }

    std::string text(std::string_view name)
    {
        const JsonValue *value = member(name, Kind::String);
        return value ? value->text : std::string();
    }

    std::vector<std::string> texts(std::string_view name)
    {
        std::vector<std::string> result;
        const JsonValue *list = member(name, Kind::Array);
        for (std::size_t i = 0; list && i < list->items.size(); ++i) {
            if (list->items[i].is(Kind::String))
                result.push_back(list->items[i].text);
            else if (!m_problem)
                m_problem = Error{ErrorCode::BadInput, "must be a text",
                                  joinPath(joinPath(m_path, name), std::to_string(i)), ""};
        }
        return result;
    }

    template <typename Value, typename Named, typename Known>
    void readNames(const char *name, std::vector<Value> &values, Named named, const char *what, const Known &known)
    {
        std::size_t place = 0;
        for (const std::string &each : texts(name)) {
            if (const auto value = named(each)) {
                values.push_back(*value);
            } else if (!m_problem) {
                std::string list;
                for (const std::string_view other : known)
                    list += (list.empty() ? "" : ", ") + std::string(other);
                m_problem = Error{ErrorCode::BadInput, "'" + each + "' is not a " + what,
                                  joinPath(joinPath(m_path, name), std::to_string(place)), "known are " + list};
            }
            ++place;
        }
    }

    void readKind(PriceOverlay &overlay)
    {
        const std::string kind = text("kind");
        const auto found = std::find(overlayKindNames.begin(), overlayKindNames.end(), kind);
        if (found == overlayKindNames.end())
            fail("kind", kind.empty() ? "an overlay needs a kind" : "'" + kind + "' is not a kind of overlay",
                 "use discount, markup or fixed_price");
        else
            overlay.kind = static_cast<OverlayKind>(found - overlayKindNames.begin());
    }

    /// A decimal text (or a number) in units of 10^-scale that needs no rounding.
    std::optional<std::int64_t> exact(std::string_view name, int scale)
    {
        const JsonValue *value = m_object.find(name);
        if (!value || value->is(Kind::Null))
            return std::nullopt;
        if (!value->is(Kind::String) && !value->is(Kind::Number)) {
            fail(name, "must be a decimal text like \"12.5\"");
            return std::nullopt;
        }
        const auto number = parseDecimal(value->text, scale);
        if (!number)
            fail(name, number.error().what);
        else if (number->rounded)
            fail(name, "has more than " + std::to_string(scale) + " decimals", "round it yourself");
        else if (number->units > std::numeric_limits<std::int64_t>::max() || number->units < 0)
            fail(name, number->units < 0 ? "cannot be below 0" : "is too large");
        else
            return static_cast<std::int64_t>(number->units);
        return std::nullopt;
    }

    void readTerm(PriceOverlay &overlay)
    {
        const bool fixed = overlay.kind == OverlayKind::FixedPrice;
        const bool events = !overlay.classes.empty() && !isTokenClass(overlay.classes.front());
        const std::string_view wanted = !fixed ? "percent" : events ? "price_per_event" : "price_per_million";
        for (const std::string_view name : {"percent", "price_per_million", "price_per_event"}) {
            const JsonValue *value = m_object.find(name);
            if (name != wanted && value && !value->is(Kind::Null))
                fail(name,
                     "does not belong to a " + std::string(nameOf(overlay.kind))
                         + (fixed ? (events ? " of events" : " of tokens") : ""),
                     "state '" + std::string(wanted) + "'");
        }
        // A percentage has four decimals more than a part per million has; a price per million tokens in units of
        // 10^-9 is the price of one token in femto-units.
        const auto value = exact(wanted, !fixed ? 4 : events ? Femto::scale : 9);
        if (!value)
            fail(wanted, "is missing");
        else
            (fixed ? overlay.fixedFemto : overlay.change) = *value;
    }

    Instant instant(std::string_view name, Instant otherwise)
    {
        const JsonValue *value = member(name, Kind::String);
        if (!value)
            return otherwise;
        const auto read = parseInstant(value->text);
        if (!read)
            fail(name, read.error().what, "write it like 2026-10-01 or 2026-10-01T00:00:00Z");
        return read ? *read : otherwise;
    }

    const JsonValue &m_object;
    std::string m_path;
    std::optional<Error> m_problem;
};

nlohmann::ordered_json jsonOf(const PriceOverlay &overlay)
{
    nlohmann::ordered_json json{{"name", overlay.name}, {"kind", nameOf(overlay.kind)}};
    const bool events = !overlay.classes.empty() && !isTokenClass(overlay.classes.front());
    if (overlay.kind != OverlayKind::FixedPrice)
        json["percent"] = formatDecimal(overlay.change, 4);
    else
        json[events ? "price_per_event" : "price_per_million"] =
            formatDecimal(overlay.fixedFemto, events ? Femto::scale : 9);
    const auto names = [](const auto &values) {
        auto list = nlohmann::ordered_json::array();
        for (const auto each : values)
            list.push_back(nameOf(each));
        return list;
    };
    const auto bound = [](Instant at, Instant open) {
        return at == open ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(formatInstant(at));
    };
    json["provider"] = overlay.provider;
    json["models"] = overlay.models;
    json["classes"] = names(overlay.classes);
    json["tiers"] = names(overlay.tiers);
    json["valid_from"] = bound(overlay.valid.from, alwaysBefore);
    json["valid_to"] = bound(overlay.valid.to, alwaysAfter);
    json["note"] = overlay.note;
    json["enabled"] = overlay.enabled;
    return json;
}

} // namespace

std::string writeOverlays(const std::vector<PriceOverlay> &overlays)
{
    auto list = nlohmann::ordered_json::array();
    for (const PriceOverlay &overlay : overlays)
        list.push_back(jsonOf(overlay));
    const nlohmann::ordered_json json{{"format", "perunit/overlays"}, {"version", 1}, {"overlays", std::move(list)}};
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<std::vector<PriceOverlay>> readOverlays(std::string_view json)
{
    const auto root = parseJson(json);
    if (!root)
        return root.error();
    const JsonValue *list = &*root;
    std::string path;
    bool single = false;
    if (root->is(Kind::Object)) {
        const JsonValue *format = root->find("format");
        list = root->find("overlays");
        path = "/overlays";
        if (format && (!format->is(Kind::String) || format->text != "perunit/overlays"))
            return Error{ErrorCode::BadInput, "the file is no list of overlays", "/format", ""};
        if (const JsonValue *version = root->find("version"); version && version->text != "1")
            return Error{ErrorCode::Unsupported, "overlays of version '" + version->text + "' cannot be read",
                         "/version", "this program reads version 1"};
        single = !list && !format;
        if (!list && format)
            return Error{ErrorCode::BadInput, "the list of overlays is missing", "/overlays", ""};
        for (const std::string &name : root->names) {
            if (!single && name != "format" && name != "version" && name != "overlays")
                return Error{ErrorCode::BadInput, "a file of overlays has no member '" + name + "'", joinPath("", name),
                             "known are format, version, overlays"};
        }
    }
    std::vector<PriceOverlay> result;
    if (single) {
        auto overlay = OverlayReader(*root, "").read();
        if (!overlay)
            return overlay.error();
        result.push_back(std::move(*overlay));
        return result;
    }
    if (!list->is(Kind::Array))
        return Error{ErrorCode::BadInput, "overlays must be a list", path, ""};
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const std::string place = joinPath(path, std::to_string(i));
        auto overlay = OverlayReader(list->items[i], place).read();
        if (!overlay)
            return overlay.error();
        for (const PriceOverlay &known : result) {
            if (known.name == overlay->name)
                return Error{ErrorCode::Conflict, "two overlays are named '" + overlay->name + "'",
                             joinPath(place, "name"), "give each its own name"};
        }
        result.push_back(std::move(*overlay));
    }
    return result;
}

} // namespace perunit
