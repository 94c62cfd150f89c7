// SPDX-License-Identifier: GPL-3.0-or-later
// Provisioned throughput in our own form.
#include "pricing/catalogue/own_parts.h"

#include <algorithm>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;

Result<ProvisionedTerm> readTerm(const JsonValue &object, const std::string &path)
{
    JsonMembers members(object, path,
                        {"term", "per_hour", "per_day", "per_week", "per_month", "per_year", "minimum_days",
                         "valid_from", "valid_to", "note"});
    struct Unit {
        std::string_view name;
        Int128 divisor;
        bool perHour;
    };
    // A day has always 24 hours, a week 168, a year twelve months; a month has no fixed number of hours.
    static constexpr std::array<Unit, 5> units{{{"per_hour", 1, true},
                                                {"per_day", 24, true},
                                                {"per_week", 168, true},
                                                {"per_month", 1, false},
                                                {"per_year", 12, false}}};
    ProvisionedTerm term;
    term.term = members.requiredText("term");
    term.valid = members.validity();
    term.minimumDays = members.count("minimum_days");
    term.note = members.text("note");
    int prices = 0;
    for (const Unit &unit : units) {
        if (!members.has(unit.name))
            continue;
        ++prices;
        term.perHour = unit.perHour;
        const auto price = members.price(unit.name, unit.divisor);
        term.priceKnown = price.has_value();
        term.femto = price ? price->femto : 0;
    }
    if (prices != 1)
        members.fail("a term has one price", path,
                     "give per_hour, per_day, per_week, per_month or per_year; null when it is not public");
    if (!members.ok())
        return members.status().error();
    return term;
}

/// Weights of load; what is not stated stays as it is.
class WeightReader
{
public:
    explicit WeightReader(JsonMembers &members)
        : m_members(members)
    {}

    [[nodiscard]] PartsPerMillion read(std::string_view name, PartsPerMillion otherwise)
    {
        const auto number = m_members.decimal(name, 6);
        if (number && (number->rounded || number->units > 1000 * Int128{onePpm}))
            m_members.fail("a weight has at most six decimals and is at most 1000", m_members.pathOf(name));
        return number ? static_cast<PartsPerMillion>(number->units) : otherwise;
    }

    static bool isText(UsageClass usageClass)
    {
        return usageClass <= UsageClass::Output || usageClass == UsageClass::Reasoning;
    }

    /// Classes beside the four kinds that every model has.
    [[nodiscard]] std::vector<ClassWeight> others()
    {
        std::vector<ClassWeight> result;
        const JsonValue *object = m_members.optional("other_weights", Kind::Object);
        if (!object)
            return result;
        const std::string path = m_members.pathOf("other_weights");
        for (std::size_t i = 0; i < object->names.size(); ++i) {
            const std::string place = joinPath(path, object->names[i]);
            const auto usageClass = usageClassNamed(object->names[i]);
            const auto number = object->items[i].is(Kind::String) ? parseDecimal(object->items[i].text, 6)
                                                                  : Result<ScaledDecimal>(wrongJson("", place));
            if (!usageClass)
                m_members.fail("'" + object->names[i] + "' is not a usage class", place);
            else if (isText(*usageClass))
                m_members.fail("'" + object->names[i] + "' has a weight of its own", place,
                               "write input_weight, cache_read_weight, cache_write_weight or output_weight");
            else if (!number || number->units < 0 || number->rounded || number->units > 1000 * Int128{onePpm})
                m_members.fail("a weight is a decimal text with at most six decimals, from 0 to 1000", place);
            else
                result.push_back({*usageClass, static_cast<PartsPerMillion>(number->units)});
        }
        return result;
    }

private:
    JsonMembers &m_members;
};

std::optional<LongPromptWeights> readLongPrompt(const JsonValue *object, const ProvisionedThroughput &base,
                                                JsonMembers &outer)
{
    if (!object)
        return std::nullopt;
    JsonMembers members(*object, outer.pathOf("long_prompt"),
                        {"context", "input_weight", "cache_read_weight", "cache_write_weight", "cache_write_1h_weight",
                         "output_weight"});
    WeightReader weights(members);
    LongPromptWeights result;
    const auto threshold = readThreshold(members.optional("context", Kind::Object), members);
    if (!threshold)
        members.fail("'context' is missing", members.pathOf("context"));
    result.from = threshold.value_or(ContextThreshold{});
    result.inputWeight = weights.read("input_weight", base.inputWeight);
    result.cacheReadWeight = weights.read("cache_read_weight", base.cacheReadWeight);
    result.cacheWriteWeight = weights.read("cache_write_weight", base.cacheWriteWeight);
    result.cacheWrite1hWeight = weights.read("cache_write_1h_weight", result.cacheWriteWeight);
    result.outputWeight = weights.read("output_weight", base.outputWeight);
    if (!members.ok())
        outer.fail(members.status().error());
    return result;
}

Result<ProvisionedThroughput> readThroughput(const JsonValue &object, const std::string &path)
{
    JsonMembers members(object, path,
                        {"model", "valid_from", "valid_to", "input_tokens_per_minute", "output_tokens_per_minute",
                         "input_weight", "cache_read_weight", "cache_write_weight", "cache_write_1h_weight",
                         "output_weight", "other_weights", "long_prompt", "minimum_units", "step_units",
                         "minimum_output_units", "maximum_prompt_tokens", "weights_unknown", "note"});
    ProvisionedThroughput result;
    WeightReader weights(members);
    result.model = members.requiredText("model");
    result.valid = members.validity();
    result.inputTokensPerMinute = members.count("input_tokens_per_minute");
    result.outputTokensPerMinute = members.count("output_tokens_per_minute");
    result.inputWeight = weights.read("input_weight", onePpm);
    result.cacheReadWeight = weights.read("cache_read_weight", 0);
    result.cacheWriteWeight = weights.read("cache_write_weight", onePpm);
    result.cacheWrite1hWeight = weights.read("cache_write_1h_weight", result.cacheWriteWeight);
    result.outputWeight = weights.read("output_weight", onePpm);
    result.otherWeights = weights.others();
    result.longPrompt = readLongPrompt(members.optional("long_prompt", Kind::Object), result, members);
    result.minimumUnits = members.count("minimum_units");
    result.stepUnits = members.count("step_units", 1);
    result.minimumOutputUnits = members.count("minimum_output_units");
    result.maximumPromptTokens = members.count("maximum_prompt_tokens");
    const JsonValue *unknown = members.optional("weights_unknown", Kind::Boolean);
    result.weightsKnown = !unknown || !unknown->boolean;
    result.note = members.text("note");
    const bool stated = members.optional("input_tokens_per_minute", Kind::Number) != nullptr;
    if (!members.has("input_tokens_per_minute") || (stated && result.inputTokensPerMinute == 0))
        members.fail("input_tokens_per_minute must be at least 1", path, "write null when it is not public");
    if (result.stepUnits == 0)
        members.fail("step_units must be at least 1", path);
    if (!members.ok())
        return members.status().error();
    return result;
}

std::optional<OfferOverflow> overflowNamed(std::string_view name)
{
    static constexpr std::array<std::string_view, 3> names{"unknown", "list_price", "rejected"};
    const auto *found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<OfferOverflow>(found - names.begin());
}

} // namespace

Result<ProvisionedOffer> readProvisionedOffer(const JsonValue &object, const std::string &path, const FactOrigin &outer)
{
    JsonMembers members(object, path,
                        {"id", "name", "provider", "unit", "region", "overflow", "separate_output_units", "terms",
                         "throughput", "source", "checked", "grade", "note"});
    ProvisionedOffer offer;
    offer.id = members.requiredText("id");
    offer.name = members.text("name", offer.id);
    offer.provider = members.requiredText("provider");
    offer.unitName = members.requiredText("unit");
    offer.region = members.text("region");
    const std::string overflow = members.text("overflow", "unknown");
    if (const auto known = overflowNamed(overflow))
        offer.overflow = *known;
    else
        members.fail("'" + overflow + "' is not a kind of overflow", members.pathOf("overflow"),
                     "use unknown, list_price or rejected");
    const JsonValue *separate = members.optional("separate_output_units", Kind::Boolean);
    offer.separateOutputUnits = separate && separate->boolean;
    const FactOrigin origin = FactOrigin::readFrom(members, outer);
    offer.source = origin.source;
    offer.checked = origin.checked;
    offer.grade = origin.grade;
    offer.note = members.text("note");
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

} // namespace perunit
