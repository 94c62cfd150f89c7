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
            for (std::size_t i = 0; i < alias.keys.size(); ++i) {
                m_names.emplace(foldedTagKey(alias.keys[i]), name);
                m_ranks.emplace(foldedTagKey(alias.keys[i]), i + 1);
            }
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
    /// Which of the tags that count as one comes first: the order in which the rule names them, behind the one that is
    /// called like it. The order in which a store keeps tags is an accident and must not choose a value.
    [[nodiscard]] std::size_t rankOf(std::string_view key) const
    {
        if (m_ranks.empty())
            return 0;
        const auto known = m_ranks.find(foldedTagKey(key));
        return known == m_ranks.end() ? 0 : known->second;
    }
    [[nodiscard]] bool haveRanks() const { return !m_ranks.empty(); }
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
    std::unordered_map<std::string, std::size_t> m_ranks; ///< folded key -> place in its rule, from 1
    std::unordered_map<std::string, const TagAlias *> m_values;
};

void noteConflict(DimensionReport &report, TagUse &tag, std::string_view first, std::string_view second)
{
    const bool isFirst = report.conflicts++ == 0;
    if (tag.conflicts++ == 0)
        tag.example = "'" + std::string(first) + "' and '" + std::string(second) + "'";
    if (isFirst)
        report.conflictExample = tag.dimension + ": " + tag.example;
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
void merge(const DimensionColumn &from, DimensionColumn &to, TagUse &tag, DimensionReport &report)
{
    std::vector<std::uint32_t> idOf(from.dictionary.size());
    for (std::uint32_t id = 0; id < idOf.size(); ++id)
        idOf[id] = to.dictionary.idOf(from.dictionary.text(id));
    PackedColumn<std::uint32_t> merged;
    for (std::size_t row = 0; row < to.ids.size(); ++row) {
        const std::uint32_t id = idOf[from.ids[row]];
        const std::uint32_t own = to.ids[row];
        if (own != 0 && id != 0 && id != own)
            noteConflict(report, tag, to.dictionary.text(own), to.dictionary.text(id));
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
    std::stable_sort(tags.begin(), tags.end(), [&aliases](const DimensionColumn &a, const DimensionColumn &b) {
        return aliases.rankOf(plainName(a.name)) < aliases.rankOf(plainName(b.name));
    });
    for (DimensionColumn &column : tags) {
        const std::string key(plainName(column.name));
        column.name = aliases.nameOfTag(key);
        TagUse &tag = report.use(key, column.name);
        tag.rows += static_cast<decltype(tag.rows)>(column.ids.numbers().countOfOthers(0));
        if (aliases.hasValues(column.name))
            replaceValues(column, aliases);
        const auto known = std::find_if(result.begin(), result.end(),
                                        [&column](const DimensionColumn &other) { return other.name == column.name; });
        if (known == result.end())
            result.push_back(std::move(column));
        else
            merge(column, *known, tag, report);
    }
    workload.dimensions = std::move(result);
}

/// Puts a tag under its name; the first value counts.
void putTag(ChargeRow &row, TagUse &tag, const std::string &value, Tags &tags, DimensionReport &report)
{
    const std::string &name = tag.dimension;
    tag.rows += value.empty() ? 0 : 1;
    const std::string_view plain = plainName(name);
    std::string *place = nullptr;
    if (!name.starts_with(tagPrefix)) {
        const auto field = fieldOf(name);
        if (!field)
            return; // charges have no such dimension
        place = &(row.*field);
    } else {
        const auto known =
            std::find_if(tags.begin(), tags.end(), [plain](const auto &each) { return each.first == plain; });
        place = known == tags.end() ? &tags.emplace_back(plain, "").second : &known->second;
    }
    if (place->empty())
        *place = value;
    else if (!value.empty() && *place != value)
        noteConflict(report, tag, *place, value);
}

void orderTags(ChargeRow &row, Aliases &aliases, DimensionReport &report)
{
    for (const ChargeField &field : chargeFields)
        row.*field.member = aliases.value(std::string(field.dimension), row.*field.member);
    if (aliases.haveRanks()) {
        std::stable_sort(row.tags.begin(), row.tags.end(), [&aliases](const auto &a, const auto &b) {
            return aliases.rankOf(a.first) < aliases.rankOf(b.first);
        });
    }
    Tags tags;
    for (const auto &[key, text] : row.tags) {
        const std::string &name = aliases.nameOfTag(key);
        putTag(row, report.use(key, name), aliases.value(name, text), tags, report);
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
    if (found != places.end() || !dimension.starts_with(tagPrefix))
        return found == places.end() ? std::string_view() : std::string_view(found->second);
    // Tags that only charges have may be spelt otherwise in the rule.
    const auto similar =
        std::find_if(places.begin(), places.end(), [folded = foldedTagKey(plainName(dimension))](const auto &place) {
            return foldedTagKey(place.first) == folded;
        });
    return similar == places.end() ? std::string_view() : std::string_view(similar->second);
}

} // namespace

const TagUse *DimensionReport::tag(std::string_view key) const
{
    const auto found = std::find_if(tags.begin(), tags.end(), [key](const TagUse &each) { return each.key == key; });
    return found == tags.end() ? nullptr : &*found;
}

TagUse &DimensionReport::use(std::string_view key, const std::string &dimension)
{
    const auto found = std::find_if(tags.begin(), tags.end(), [key](const TagUse &each) { return each.key == key; });
    return found != tags.end() ? *found : tags.emplace_back(TagUse{std::string(key), dimension, 0, 0, {}});
}

/// A rule in the form in which it is asked: over columns, which ids of each named dimension fit.
struct VirtualRule::Impl {
    struct Condition {
        std::string dimension;                            ///< as it is called now
        const PackedColumn<std::uint32_t> *ids = nullptr; ///< null: the dimension has no value anywhere
        std::vector<char> fits;                           ///< by id
        const std::vector<std::string> *patterns = nullptr;
    };
    std::vector<std::vector<Condition>> cases;
};

VirtualRule::VirtualRule(const Workload &workload, const VirtualDimension &rule, const DimensionRules &rules)
    : m_impl(std::make_unique<Impl>())
{
    Aliases aliases(rules);
    for (const DimensionColumn &column : workload.dimensions) {
        if (column.name.starts_with(tagPrefix))
            aliases.nameOfTag(plainName(column.name));
    }
    for (const VirtualDimension::Case &one : rule.cases) {
        auto &conditions = m_impl->cases.emplace_back();
        for (const auto &[dimension, patterns] : one.when) {
            Impl::Condition condition;
            condition.dimension = aliases.nameOf(dimension);
            condition.patterns = &patterns;
            const DimensionColumn *source = workload.dimension(condition.dimension);
            condition.ids = source ? &source->ids : nullptr;
            const std::size_t values = source ? source->dictionary.size() : 1;
            for (std::uint32_t id = 0; id < values; ++id)
                condition.fits.push_back(fitsAny(source ? source->dictionary.text(id) : "", patterns) ? 1 : 0);
            conditions.push_back(std::move(condition));
        }
    }
}

VirtualRule::~VirtualRule() = default;

std::size_t VirtualRule::caseOf(std::size_t row) const
{
    const auto fits = [row](const auto &conditions) {
        return std::all_of(conditions.begin(), conditions.end(), [row](const Impl::Condition &condition) {
            return condition.fits[condition.ids ? (*condition.ids)[row] : 0] != 0;
        });
    };
    const auto &cases = m_impl->cases;
    return static_cast<std::size_t>(std::find_if(cases.begin(), cases.end(), fits) - cases.begin());
}

std::size_t VirtualRule::caseOf(const ChargeRow &row) const
{
    const auto fits = [&row](const auto &conditions) {
        return std::all_of(conditions.begin(), conditions.end(), [&row](const Impl::Condition &condition) {
            return fitsAny(textOf(row, condition.dimension), *condition.patterns);
        });
    };
    const auto &cases = m_impl->cases;
    return static_cast<std::size_t>(std::find_if(cases.begin(), cases.end(), fits) - cases.begin());
}

namespace {

const std::string &valueOf(const VirtualDimension &rule, std::size_t place)
{
    return place < rule.cases.size() ? rule.cases[place].value : rule.otherwise;
}

void addVirtual(Workload &workload, const VirtualDimension &rule, const DimensionRules &rules)
{
    DimensionColumn column;
    column.name = rule.name;
    {
        const VirtualRule asked(workload, rule, rules);
        std::vector<std::uint32_t> idOf;
        for (std::size_t place = 0; place <= rule.cases.size(); ++place)
            idOf.push_back(column.dictionary.idOf(valueOf(rule, place)));
        for (std::size_t row = 0; row < workload.size(); ++row)
            column.ids.push_back(idOf[asked.caseOf(row)]);
    }
    column.ids.numbers().close();
    workload.dimensions.push_back(std::move(column));
}

void addVirtual(std::vector<ChargeRow> &rows, const Workload &workload, const VirtualDimension &rule,
                const DimensionRules &rules)
{
    const VirtualRule asked(workload, rule, rules);
    for (ChargeRow &row : rows) {
        if (const std::string &value = valueOf(rule, asked.caseOf(row)); !value.empty())
            row.virtualDimensions.emplace_back(rule.name, value);
    }
}

} // namespace

DimensionReport applyDimensions(Workload &workload, const std::vector<std::vector<ChargeRow> *> &charges,
                                const DimensionRules &rules)
{
    DimensionReport report;
    Aliases aliases(rules);
    mergeTags(workload, aliases, report);
    for (std::vector<ChargeRow> *rows : charges) {
        for (ChargeRow &row : *rows) {
            orderTags(row, aliases, report);
            row.virtualDimensions.clear();
        }
    }
    for (const VirtualDimension &rule : rules.dimensions) {
        addVirtual(workload, rule, rules);
        for (std::vector<ChargeRow> *rows : charges)
            addVirtual(*rows, workload, rule, rules);
    }
    return report;
}

} // namespace perunit
