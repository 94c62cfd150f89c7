// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/parameter_range.h"

#include "pricing/base/decimal.h"
#include "pricing/catalogue/price_book.h"

#include <algorithm>

namespace perunit {

namespace {

std::string namesOf(const LeverSpec &spec)
{
    std::string list;
    for (const ParameterSpec &parameter : spec.parameters) {
        if (isNumeric(parameter.unit))
            list += (list.empty() ? "" : ", ") + std::string(parameter.name);
    }
    return list;
}

Result<LeverParameter> parameterOf(const std::vector<EffectiveLever> &levers, std::size_t index, std::string_view name)
{
    const Lever &lever = levers[index].lever;
    const LeverSpec &spec = leverSpec(lever.kind);
    const std::string numbers = namesOf(spec);
    const ParameterSpec *parameter = nullptr;
    if (name.empty()) {
        const auto found = std::find_if(spec.parameters.begin(), spec.parameters.end(),
                                        [](const ParameterSpec &each) { return isNumeric(each.unit); });
        parameter = found == spec.parameters.end() ? nullptr : &*found;
    } else {
        parameter = spec.parameter(name);
    }
    if (!parameter)
        return Error{ErrorCode::NotFound, "lever '" + lever.id + "' has no number '" + std::string(name) + "'", "",
                     numbers.empty() ? "it has none" : "it has " + numbers};
    if (!isNumeric(parameter->unit))
        return Error{ErrorCode::BadInput, "'" + std::string(name) + "' of lever '" + lever.id + "' is not a number", "",
                     numbers.empty() ? "it has none" : "its numbers are " + numbers};
    if (!lever.enabled)
        return Error{ErrorCode::BadInput, "lever '" + lever.id + "' is switched off and changes nothing", "",
                     "switch it on first"};
    return LeverParameter{index, lever.id, parameter};
}

std::int64_t clamped(Int128 value, const ParameterSpec &spec)
{
    return static_cast<std::int64_t>(
        std::clamp<Int128>(value, static_cast<Int128>(spec.minimum), static_cast<Int128>(spec.maximum)));
}

} // namespace

Result<LeverParameter> findParameter(const std::vector<EffectiveLever> &levers, std::string_view name)
{
    // Ids may contain points, names of parameters do not; an id may be given alone.
    const std::size_t point = name.rfind('.');
    const std::string_view id = name.substr(0, point == std::string_view::npos ? name.size() : point);
    std::string known;
    for (std::size_t i = 0; i < levers.size(); ++i) {
        const Lever &lever = levers[i].lever;
        if (lever.id == name)
            return parameterOf(levers, i, {});
        known += (known.empty() ? "" : ", ") + lever.id + " (" + namesOf(leverSpec(lever.kind)) + ")";
    }
    for (std::size_t i = 0; point != std::string_view::npos && i < levers.size(); ++i) {
        if (levers[i].lever.id == id)
            return parameterOf(levers, i, name.substr(point + 1));
    }
    return Error{ErrorCode::NotFound, "the scenario has no lever '" + std::string(id) + "'", "",
                 known.empty() ? "it has no levers" : "it has " + known};
}

std::vector<LeverParameter> numericParameters(const std::vector<EffectiveLever> &levers)
{
    std::vector<LeverParameter> result;
    for (std::size_t i = 0; i < levers.size(); ++i) {
        if (!levers[i].lever.enabled)
            continue;
        for (const ParameterSpec &spec : leverSpec(levers[i].lever.kind).parameters) {
            // Settings that most scenarios do without stay out until somebody uses them.
            const bool used = !spec.advanced || levers[i].lever.number(spec.name) != spec.neutral;
            if (isNumeric(spec.unit) && used)
                result.push_back({i, levers[i].lever.id, &spec});
        }
    }
    return result;
}

std::vector<EffectiveLever> withNumber(std::vector<EffectiveLever> levers, const LeverParameter &parameter,
                                       std::int64_t value)
{
    levers[parameter.lever].lever.numbers[std::string(parameter.spec->name)] = value;
    return levers;
}

int decimalsOfNumber(const ParameterSpec &spec)
{
    return decimalsOf(spec.unit);
}

std::string numberText(const ParameterSpec &spec, std::int64_t value)
{
    return formatDecimal(value, decimalsOfNumber(spec));
}

Result<std::int64_t> parseNumber(const ParameterSpec &spec, std::string_view text)
{
    const int decimals = decimalsOfNumber(spec);
    const auto number = parseDecimal(text, decimals);
    if (!number)
        return number.error();
    if (number->rounded)
        return Error{ErrorCode::BadInput,
                     "'" + std::string(text) + "' has more decimals than " + std::string(spec.name) + ", which has "
                         + std::to_string(decimals),
                     "", ""};
    if (number->units < spec.minimum || number->units > spec.maximum)
        return Error{ErrorCode::BadInput,
                     std::string(spec.name) + " must be between " + numberText(spec, spec.minimum) + " and "
                         + numberText(spec, spec.maximum),
                     "'" + std::string(text) + "'", ""};
    return static_cast<std::int64_t>(number->units);
}

ParameterRange::ParameterRange(std::int64_t minimum, std::int64_t maximum, std::int64_t step, bool zero)
    : m_minimum(minimum)
    , m_step(step)
    , m_steps(maximum < minimum ? 0 : (maximum - minimum) / step + 1)
    , m_zero(zero && (minimum > 0 || m_steps == 0))
    , m_count(m_steps + (m_zero ? 1 : 0))
{}

std::int64_t ParameterRange::value(std::int64_t index) const
{
    const std::int64_t step = m_zero ? index - 1 : index;
    return step < 0 ? 0 : m_minimum + step * m_step;
}

std::int64_t ParameterRange::indexNear(std::int64_t wanted) const
{
    std::int64_t low = 0;
    std::int64_t high = m_count - 1;
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        if (value(middle) <= wanted)
            low = middle;
        else
            high = middle - 1;
    }
    // Now the last value that is not above, or the first of all.
    if (low + 1 < m_count && value(low) < wanted && value(low + 1) - wanted < wanted - value(low))
        ++low;
    return low;
}

Result<ParameterRange> ParameterRange::within(std::int64_t lowest, std::int64_t highest) const
{
    const bool zero = m_zero && lowest <= 0 && highest >= 0;
    const std::int64_t first = std::max(m_minimum, lowest);
    const std::int64_t onLattice = m_minimum + (first - m_minimum + m_step - 1) / m_step * m_step;
    const std::int64_t last = std::min(m_minimum + (m_steps - 1) * m_step, highest);
    ParameterRange result(onLattice, m_steps == 0 ? onLattice - 1 : last, m_step, zero);
    if (result.count() <= 0)
        return Error{ErrorCode::BadInput, "there is no value between these limits", "", "widen them"};
    return result;
}

ParameterRange rangeOf(const Lever &lever, const ParameterSpec &spec, const PriceBook &book)
{
    if (spec.unit != ParameterUnit::Units)
        return {spec.minimum, spec.maximum};
    const ProvisionedOffer *offer = book.offer(offerAndTermOf(lever).offer);
    ModelIndex model;
    for (const ParameterSpec &each : leverSpec(lever.kind).parameters) {
        if (each.unit != ParameterUnit::Model)
            continue;
        const ModelKey key = modelKeyOf(lever.text(each.name));
        model = book.resolve(key.provider, key.model).model;
    }
    const ProvisionedThroughput *throughput = offer && model.found() ? throughputFor(*offer, book, model) : nullptr;
    if (!throughput)
        return {spec.minimum, spec.maximum};
    const std::int64_t step = std::max<std::int64_t>(throughput->stepUnits, 1);
    return {std::max<std::int64_t>(throughput->minimumUnits, 1), spec.maximum, step, spec.minimum <= 0};
}

PlausibleRange plausibleRange(const Lever &lever, const ParameterSpec &spec, const PriceBook &book)
{
    const std::int64_t value = lever.number(spec.name);
    const Int128 present = value;
    switch (spec.unit) {
    case ParameterUnit::Share:
        return {clamped(present - onePpm / 10, spec), clamped(present + onePpm / 10, spec)};
    case ParameterUnit::Growth:
        return {clamped(present - onePpm / 100, spec), clamped(present + onePpm / 100, spec)};
    case ParameterUnit::Units: {
        const ParameterRange range = rangeOf(lever, spec, book);
        const std::int64_t index = range.indexNear(value);
        return {range.value(std::max<std::int64_t>(index - 1, 0)), range.value(std::min(index + 1, range.count() - 1))};
    }
    default:
        break;
    }
    Int128 low = divideHalfEven(present * 9, 10);
    Int128 high = divideHalfEven(present * 11, 10);
    if (present < 0)
        std::swap(low, high);
    // A tenth of a small whole number would be nothing. Neutral ones stay: a limit of one token is not close to none.
    if (decimalsOfNumber(spec) == 0 && value != spec.neutral) {
        low = std::min(low, present - 1);
        high = std::max(high, present + 1);
    }
    return {clamped(low, spec), clamped(high, spec)};
}

} // namespace perunit
