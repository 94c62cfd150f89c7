// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dimensions/apply_dimensions.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace perunit {

namespace {

constexpr std::string_view tagPrefix = "tag:";

bool fitsAny(std::string_view text, const std::vector<std::string> &patterns)
{
    return std::any_of(patterns.begin(), patterns.end(),
                       [text](const std::string &pattern) { return fitsPattern(text, pattern); });
}

struct ChargeField {
    std::string_view dimension;
    std::string ChargeRow::*member;
};
constexpr std::array<ChargeField, 9> chargeFields{{{"provider", &ChargeRow::provider},
                                                   {"service", &ChargeRow::service},
                                                   {"region", &ChargeRow::region},
                                                   {"model", &ChargeRow::model},
                                                   {"workload", &ChargeRow::workload},
                                                   {"environment", &ChargeRow::environment},
                                                   {"team", &ChargeRow::team},
                                                   {"feature", &ChargeRow::feature},
                                                   {"customer", &ChargeRow::customer}}};

std::string ChargeRow::*fieldOf(std::string_view dimension)
{
    const auto found = std::find_if(chargeFields.begin(), chargeFields.end(),
                                    [dimension](const ChargeField &field) { return field.dimension == dimension; });
    return found == chargeFields.end() ? nullptr : found->member;
}

/// Name of a tag without the prefix of its dimension; of any other dimension its name.
std::string_view plainName(std::string_view dimension)
{
    return dimension.starts_with(tagPrefix) ? dimension.substr(tagPrefix.size()) : dimension;
}

/// The rules in the form in which they are asked.
class Aliases
{
public:
    explicit Aliases(const DimensionRules &rules)
    {
        for (const TagAlias &alias : rules.tags) {
            const bool dimension = isTagTarget(alias.name);
            const std::string name = dimension ? alias.name : std::string(tagPrefix) + alias.name;
            for (const std::string &key : alias.keys)
                m_names.emplace(foldedTagKey(key), name);
            if (!dimension)
                m_names.emplace(foldedTagKey(alias.name), name);
            m_values.emplace(name, &alias);
        }
    }

    /// What a tag is called from now on: a dimension, or "tag:NAME". Of several spellings the first one asked for
    /// stays.
    const std::string &nameOfTag(std::string_view key)
    {
        return m_names.try_emplace(foldedTagKey(key), std::string(tagPrefix) + std::string(key)).first->second;
    }
    /// A dimension as rules name it, by the name that it has now.
    [[nodiscard]] const std::string &nameOf(const std::string &dimension) const
    {
        if (!dimension.starts_with(tagPrefix))
            return dimension;
        const auto known = m_names.find(foldedTagKey(plainName(dimension)));
        return known == m_names.end() ? dimension : known->second;
    }

    /// The value that a text of a dimension stands for.
    [[nodiscard]] const std::string &value(const std::string &dimension, const std::string &text) const
    {
        const auto alias = m_values.find(dimension);
        if (alias == m_values.end() || text.empty())
            return text;
        for (const auto &[value, patterns] : alias->second->values) {
            if (text == value || fitsAny(text, patterns))
                return value;
        }
        return text;
    }
    [[nodiscard]] bool hasValues(const std::string &dimension) const
    {
        const auto alias = m_values.find(dimension);
        return alias != m_values.end() && !alias->second->values.empty();
    }

private:
    std::unordered_map<std::string, std::string> m_names; ///< folded key -> dimension
    std::unordered_map<std::string, const TagAlias *> m_values;
};

void noteConflict(DimensionReport &report, const std::string &dimension, const std::string &first,
                  const std::string &second)
{
    if (report.conflicts++ == 0)
        report.conflictExample = dimension + ": '" + first + "' and '" + second + "'";
}

/// Replaces spellings of values; the ids of the new dictionary.
void replaceValues(DimensionColumn &column, const Aliases &aliases)
{
    Dictionary values;
    std::vector<std::uint32_t> idOf(column.dictionary.size());
    for (std::uint32_t id = 0; id < idOf.size(); ++id)
        idOf[id] = values.idOf(aliases.value(column.name, std::string(column.dictionary.text(id))));
    column.ids = column.ids.changed([&idOf](std::uint32_t id) { return idOf[id]; });
    column.dictionary = std::move(values);
}

/// Fills the empty places of `to` from another column that means the same.
void merge(const DimensionColumn &from, DimensionColumn &to, DimensionReport &report)
{
    std::vector<std::uint32_t> idOf(from.dictionary.size());
    for (std::uint32_t id = 0; id < idOf.size(); ++id)
        idOf[id] = to.dictionary.idOf(from.dictionary.text(id));
    PackedColumn<std::uint32_t> merged;
    for (std::size_t row = 0; row < to.ids.size(); ++row) {
        const std::uint32_t id = idOf[from.ids[row]];
        const std::uint32_t own = to.ids[row];
        if (own != 0 && id != 0 && id != own)
            noteConflict(report, to.name, std::string(to.dictionary.text(own)), std::string(to.dictionary.text(id)));
        merged.push_back(own == 0 ? id : own);
    }
    merged.numbers().close();
    to.ids = std::move(merged);
}

void mergeTags(Workload &workload, Aliases &aliases, DimensionReport &report)
{
    std::vector<DimensionColumn> result;
    std::vector<DimensionColumn> tags;
    for (DimensionColumn &column : workload.dimensions)
        (column.name.starts_with(tagPrefix) ? tags : result).push_back(std::move(column));
    for (DimensionColumn &column : result) {
        if (aliases.hasValues(column.name))
            replaceValues(column, aliases);
    }
    for (DimensionColumn &column : tags) {
        column.name = aliases.nameOfTag(plainName(column.name));
        if (aliases.hasValues(column.name))
            replaceValues(column, aliases);
        const auto known = std::find_if(result.begin(), result.end(),
                                        [&column](const DimensionColumn &other) { return other.name == column.name; });
        if (known == result.end())
            result.push_back(std::move(column));
        else
            merge(column, *known, report);
    }
    workload.dimensions = std::move(result);
}

/// One case of a virtual dimension over columns: which ids of each named dimension fit.
struct CompiledCase {
    struct Condition {
        const PackedColumn<std::uint32_t> *ids = nullptr; ///< null: the dimension has no value anywhere
        std::vector<char> fits;                           ///< by id
    };
    std::vector<Condition> conditions;
    std::uint32_t value = 0;

    [[nodiscard]] bool fitsRow(std::size_t row) const
    {
        return std::all_of(conditions.begin(), conditions.end(), [row](const Condition &condition) {
            return condition.fits[condition.ids ? (*condition.ids)[row] : 0] != 0;
        });
    }
};

void addVirtual(Workload &workload, const VirtualDimension &rule, const Aliases &aliases)
{
    DimensionColumn column;
    column.name = rule.name;
    std::vector<CompiledCase> cases;
    for (const VirtualDimension::Case &one : rule.cases) {
        CompiledCase compiled;
        compiled.value = column.dictionary.idOf(one.value);
        for (const auto &[dimension, patterns] : one.when) {
            const DimensionColumn *source = workload.dimension(aliases.nameOf(dimension));
            CompiledCase::Condition condition;
            condition.ids = source ? &source->ids : nullptr;
            const std::size_t values = source ? source->dictionary.size() : 1;
            for (std::uint32_t id = 0; id < values; ++id)
                condition.fits.push_back(fitsAny(source ? source->dictionary.text(id) : "", patterns) ? 1 : 0);
            compiled.conditions.push_back(std::move(condition));
        }
        cases.push_back(std::move(compiled));
    }
    const std::uint32_t otherwise = column.dictionary.idOf(rule.otherwise);
    for (std::size_t row = 0; row < workload.size(); ++row) {
        const auto fit =
            std::find_if(cases.begin(), cases.end(), [row](const CompiledCase &one) { return one.fitsRow(row); });
        column.ids.push_back(fit != cases.end() ? fit->value : otherwise);
    }
    column.ids.numbers().close();
    workload.dimensions.push_back(std::move(column));
}

/// Puts a tag under its name; the first value counts.
void putTag(ChargeRow &row, const std::string &name, const std::string &value, Tags &tags, DimensionReport &report)
{
    const std::string_view plain = plainName(name);
    std::string *place = nullptr;
    if (!name.starts_with(tagPrefix)) {
        const auto field = fieldOf(name);
        if (!field)
            return; // charges have no such dimension
        place = &(row.*field);
    } else {
        const auto known =
            std::find_if(tags.begin(), tags.end(), [plain](const auto &tag) { return tag.first == plain; });
        place = known == tags.end() ? &tags.emplace_back(plain, "").second : &known->second;
    }
    if (place->empty())
        *place = value;
    else if (!value.empty() && *place != value)
        noteConflict(report, name, *place, value);
}

void orderTags(ChargeRow &row, Aliases &aliases, DimensionReport &report)
{
    for (const ChargeField &field : chargeFields)
        row.*field.member = aliases.value(std::string(field.dimension), row.*field.member);
    Tags tags;
    for (const auto &[key, text] : row.tags) {
        const std::string &name = aliases.nameOfTag(key);
        putTag(row, name, aliases.value(name, text), tags, report);
    }
    row.tags = std::move(tags);
}

std::string_view textOf(const ChargeRow &row, const std::string &dimension)
{
    if (const auto field = fieldOf(dimension))
        return row.*field;
    const Tags &places = dimension.starts_with(tagPrefix) ? row.tags : row.virtualDimensions;
    const auto found = std::find_if(places.begin(), places.end(),
                                    [name = plainName(dimension)](const auto &place) { return place.first == name; });
    return found == places.end() ? std::string_view() : std::string_view(found->second);
}

void addVirtual(ChargeRow &row, const VirtualDimension &rule, const Aliases &aliases)
{
    const auto fits = [&](const VirtualDimension::Case &one) {
        return std::all_of(one.when.begin(), one.when.end(), [&](const auto &condition) {
            return fitsAny(textOf(row, aliases.nameOf(condition.first)), condition.second);
        });
    };
    const auto fit = std::find_if(rule.cases.begin(), rule.cases.end(), fits);
    const std::string &value = fit == rule.cases.end() ? rule.otherwise : fit->value;
    if (!value.empty())
        row.virtualDimensions.emplace_back(rule.name, value);
}

} // namespace

DimensionReport applyDimensions(Workload &workload, const std::vector<std::vector<ChargeRow> *> &charges,
                                const DimensionRules &rules)
{
    DimensionReport report;
    Aliases aliases(rules);
    mergeTags(workload, aliases, report);
    for (const VirtualDimension &rule : rules.dimensions)
        addVirtual(workload, rule, aliases);
    for (std::vector<ChargeRow> *rows : charges) {
        for (ChargeRow &row : *rows) {
            orderTags(row, aliases, report);
            row.virtualDimensions.clear();
            for (const VirtualDimension &rule : rules.dimensions)
                addVirtual(row, rule, aliases);
        }
    }
    return report;
}

} // namespace perunit
