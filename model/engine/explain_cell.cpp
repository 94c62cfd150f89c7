// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/explain_cell.h"

#include "model/engine/baseline_impl.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr std::array<std::string_view, 3> figureNames{"cost", "count", "per_unit"};
constexpr std::size_t mostListed = 20;
const char *const where = "cell";

std::string quoted(const std::string &text)
{
    const bool plain =
        !text.empty() && text.front() != ' ' && text.back() != ' ' && text.find_first_of(",\"\n") == std::string::npos;
    if (plain)
        return text;
    std::string result = "\"";
    for (const char letter : text)
        result += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return result + "\"";
}

std::string trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return std::string(text);
}

/// The first few of them, in quotes where they are empty.
template <typename Names>
std::string listOf(const Names &names)
{
    std::string result;
    std::size_t listed = 0;
    for (const auto &name : names) {
        if (listed++ == mostListed)
            return result + ", … (" + std::to_string(names.size()) + " in all)";
        result += (result.empty() ? "" : ", ") + quoted(std::string(name));
    }
    return result.empty() ? "none" : result;
}

Error notFound(const std::string &what, const std::string &there)
{
    return {ErrorCode::NotFound, what, where, "there is: " + there};
}

/// Parts between commas that stand outside quotes, without the blanks around them.
Result<std::vector<std::string>> partsOfCell(std::string_view text)
{
    std::vector<std::string> parts{""};
    bool inQuotes = false;
    for (const char letter : text) {
        inQuotes = inQuotes != (letter == '"');
        if (letter == ',' && !inQuotes)
            parts.emplace_back();
        else
            parts.back() += letter;
    }
    if (inQuotes)
        return Error{ErrorCode::BadInput, "a quote is not closed", where, "write \"\" for a quote inside quotes"};
    for (std::string &part : parts)
        part = trimmed(part);
    return parts;
}

Result<std::string> unquoted(const std::string &text)
{
    if (text.empty() || text.front() != '"')
        return text;
    const Error bad{ErrorCode::BadInput, text + " is not one quoted text", where,
                    "write \"\" for a quote inside quotes"};
    if (text.size() < 2 || text.back() != '"')
        return bad;
    std::string result;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '"' && text[++i] != '"')
            return bad;
        if (i + 1 == text.size())
            return bad;
        result += text[i];
    }
    return result;
}

class CellReader
{
public:
    explicit CellReader(const CellChoices &choices)
        : m_choices(choices)
    {}

    Result<Cell> read(std::string_view text)
    {
        const auto parts = partsOfCell(text);
        if (!parts)
            return parts.error();
        for (const std::string &part : *parts) {
            if (auto status = readPart(part); !status)
                return status.error();
        }
        if (m_cell.unit.empty() && m_figure)
            return Error{ErrorCode::BadInput, "a figure without a unit", where, "name a unit: unit:NAME"};
        if (!m_cell.unit.empty())
            m_cell.figure = m_figure.value_or(CellFigure::CostPerUnit);
        if (m_cell.figure == CellFigure::Count && (m_cell.component || !m_cell.dimensions.empty()))
            return Error{ErrorCode::BadInput, "units are counted as a whole or by month", where,
                         "leave out components and dimensions"};
        return std::move(m_cell);
    }

private:
    Status readPart(const std::string &part)
    {
        if (part == "total")
            return {};
        if (part.empty())
            return Error{ErrorCode::BadInput, "a part of the cell is empty", where,
                         "write total, component:NAME, month:YYYY-MM, unit:NAME or DIMENSION=VALUE, with commas "
                         "between them"};
        for (const auto &[prefix, reader] :
             {std::pair{"component:", &CellReader::readComponent}, std::pair{"month:", &CellReader::readMonth},
              std::pair{"unit:", &CellReader::readUnit}, std::pair{"figure:", &CellReader::readFigure}}) {
            if (part.rfind(prefix, 0) != 0)
                continue;
            if (!m_seen.insert(prefix).second)
                return twice(prefix);
            const auto value = unquoted(trimmed(std::string_view(part).substr(std::string_view(prefix).size())));
            return value ? (this->*reader)(*value) : Status(value.error());
        }
        return readDimension(part);
    }

    static Status twice(const std::string &name)
    {
        return Error{ErrorCode::BadInput, "'" + name + "' stands there twice", where, "name one value of it"};
    }

    Status readComponent(const std::string &name)
    {
        const auto *const found = std::find(componentNames.begin(), componentNames.end(), name);
        if (found == componentNames.end())
            return notFound("no component is called '" + name + "'", listOf(componentNames));
        m_cell.component = static_cast<Component>(found - componentNames.begin());
        return {};
    }

    Status readMonth(const std::string &name)
    {
        std::vector<std::string> names;
        for (const Month month : m_choices.months) {
            if (month.text() == name) {
                m_cell.month = month;
                return {};
            }
            names.push_back(month.text());
        }
        return notFound("the outcome has no month '" + name + "'", listOf(names));
    }

    Status readUnit(const std::string &name)
    {
        if (std::find(m_choices.units.begin(), m_choices.units.end(), name) == m_choices.units.end())
            return notFound("no unit is called '" + name + "'", listOf(m_choices.units));
        m_cell.unit = name;
        return {};
    }

    Status readFigure(const std::string &name)
    {
        const auto *const found = std::find(figureNames.begin(), figureNames.end(), name);
        if (found == figureNames.end())
            return notFound("no figure of a unit is called '" + name + "'", listOf(figureNames));
        m_figure = static_cast<CellFigure>(found - figureNames.begin());
        return {};
    }

    Status readDimension(const std::string &part)
    {
        const std::size_t at = part.find('=');
        if (at == std::string::npos)
            return Error{ErrorCode::BadInput, "'" + part + "' names no figure", where,
                         "write total, component:NAME, month:YYYY-MM, unit:NAME or DIMENSION=VALUE"};
        const std::string name = trimmed(std::string_view(part).substr(0, at));
        const auto value = unquoted(trimmed(std::string_view(part).substr(at + 1)));
        if (!value)
            return value.error();
        if (isUnitDimension(name))
            return Error{ErrorCode::Unsupported, "outcomes cannot be broken down by '" + name + "'", where,
                         "it names single units; see the distribution of a unit instead"};
        const auto known = m_choices.dimensions.find(name);
        if (known == m_choices.dimensions.end()) {
            std::vector<std::string> names;
            for (const auto &[each, values] : m_choices.dimensions)
                names.push_back(each);
            return notFound("there is no dimension '" + name + "'", listOf(names));
        }
        if (!known->second.contains(*value))
            return notFound("'" + name + "' has no value '" + *value + "'", listOf(known->second));
        return m_cell.dimensions.emplace(name, *value).second ? Status() : twice(name);
    }

    const CellChoices &m_choices;
    Cell m_cell;
    std::optional<CellFigure> m_figure;
    std::set<std::string> m_seen;
};

} // namespace

std::string Cell::text() const
{
    std::string result;
    const auto add = [&result](const std::string &part) {
        result += (result.empty() ? "" : ", ") + part;
    };
    if (!unit.empty()) {
        add("unit:" + quoted(unit));
        if (figure != CellFigure::CostPerUnit)
            add("figure:" + std::string(figureNames[static_cast<std::size_t>(figure)]));
    }
    if (component)
        add("component:" + std::string(componentNames[static_cast<std::size_t>(*component)]));
    if (month)
        add("month:" + month->text());
    for (const auto &[name, value] : dimensions)
        add(name + "=" + quoted(value));
    return result.empty() ? "total" : result;
}

CellChoices cellChoices(const Baseline &baseline, const std::vector<EconomicUnit> &units)
{
    const Baseline::Impl &impl = baseline.impl();
    CellChoices choices;
    for (int i = 0; i < impl.monthCount(); ++i)
        choices.months.push_back(impl.firstMonth().plus(i));
    for (const EconomicUnit &unit : units)
        choices.units.push_back(unit.name);
    const Profile &profile = *impl.profile;
    for (std::size_t d = 0; d < profile.dimensions.size(); ++d) {
        auto &values = choices.dimensions[profile.dimensions[d]->name];
        for (const Segment &segment : profile.segments)
            values.insert(profile.text(segment, profile.dimensions[d]->name));
    }
    // What belongs to nobody, and charges, have the empty value.
    for (const Harness *harness : {&impl.harness, &impl.foreignHarness}) {
        for (const HarnessGroup &group : harness->groups) {
            for (const auto &[name, value] : group.dimensions) {
                if (!isUnitDimension(name))
                    choices.dimensions[name].insert(value);
            }
        }
    }
    for (auto &[name, values] : choices.dimensions)
        values.insert("");
    return choices;
}

Result<Cell> parseCell(std::string_view text, const CellChoices &choices)
{
    return CellReader(choices).read(text);
}

} // namespace perunit
