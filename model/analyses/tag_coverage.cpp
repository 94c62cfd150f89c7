// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/tag_coverage.h"

#include "model/analyses/row_filter.h"
#include "model/analyses/text_match.h"
#include "model/engine/baseline_impl.h"
#include "model/engine/harness.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

namespace perunit {

namespace {

/// What anybody is asked for, whether the ledger has it or not.
constexpr std::array<std::string_view, 6> usualDimensions{"workload", "environment", "team",
                                                          "feature",  "customer",    "session"};
/// These say where a request was served, not what it was for.
constexpr std::array<std::string_view, 6> technicalDimensions{"provider", "model",   "tier",
                                                              "status",   "service", "region"};
/// By these the untagged rows are grouped.
constexpr std::array<std::string_view, 6> ownerDimensions{"provider",    "model", "workload",
                                                          "environment", "team",  "feature"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> shortForms{{{"env", "environment"},
                                                                                    {"prod", "production"},
                                                                                    {"prd", "production"},
                                                                                    {"dev", "development"},
                                                                                    {"stage", "staging"},
                                                                                    {"stg", "staging"},
                                                                                    {"dept", "department"},
                                                                                    {"proj", "project"},
                                                                                    {"cust", "customer"},
                                                                                    {"app", "application"},
                                                                                    {"svc", "service"},
                                                                                    {"costcentre", "costcenter"},
                                                                                    {"teamname", "team"},
                                                                                    {"projectid", "project"}}};

template <typename Names>
bool holds(const Names &names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

struct Weight {
    Money money;
    std::int64_t rows = 0;
    void add(Money amount, std::int64_t count = 1)
    {
        money += amount;
        rows += count;
    }
};

/// Larger amounts first; equal ones by name, so that nothing depends on the order of rows.
bool weighsMore(const TagValue &a, const TagValue &b)
{
    return a.money != b.money ? a.money > b.money : a.text < b.text;
}

bool groupWeighsMore(const UntaggedGroup &a, const UntaggedGroup &b)
{
    return a.money != b.money ? a.money > b.money : std::tie(a.isHarness, a.values) < std::tie(b.isHarness, b.values);
}

template <typename Item, typename Before>
void keepFirst(std::vector<Item> &items, Before before)
{
    const std::size_t kept = std::min(items.size(), TagCoverage::mostListed);
    std::partial_sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(kept), items.end(), before);
    items.resize(kept);
}

bool canBeTagged(const ChargeRow &charge)
{
    return !charge.correction
           && (charge.category == ChargeCategory::Usage || charge.category == ChargeCategory::Purchase);
}

class CoverageWriter
{
public:
    CoverageWriter(const RequestCosts &costs, RowProgress *progress, std::stop_token stop)
        : m_costs(costs)
        , m_workload(costs.workload())
        , m_profile(*costs.baseline().impl().profile)
        , m_progress(progress)
        , m_stop(std::move(stop))
    {
        m_report.currency = costs.baseline().currency();
        m_report.recordedLeftOut = !costs.recordedCounts();
        if (costs.recordedCounts() && costs.baseline().ledger().harness)
            m_charges = costs.baseline().ledger().harness.get();
    }

    Result<CoverageReport> write()
    {
        if (auto status = weighSegments(); !status)
            return status.error();
        std::vector<ChargeRow> charges;
        for (std::size_t i = 0; m_charges && i < m_charges->size(); ++i) {
            const ChargeRow &charge = (*m_charges)[i];
            const Money amount = amountOf(charge).value_or(Money());
            const bool counts = canBeTagged(charge);
            (counts ? m_report.total : m_report.otherAmount) += amount;
            ++(counts ? m_report.rows : m_report.otherCharges);
            if (counts)
                charges.push_back(charge);
        }
        for (const std::string &name : names(charges)) {
            auto coverage = coverageOf(name, charges);
            if (!coverage)
                return coverage.error();
            m_report.dimensions.push_back(std::move(*coverage));
        }
        findKeyVariants();
        return std::move(m_report);
    }

private:
    [[nodiscard]] std::uint32_t segmentOf(std::size_t row) const
    {
        return m_profile.blocks[m_profile.blockOfRow[row - m_profile.firstRow]].segment;
    }

    Status weighSegments()
    {
        m_segments.resize(m_profile.segments.size());
        for (std::size_t row = m_costs.first(); row < m_costs.end(); ++row) {
            if (!goesOn(row, m_progress, m_stop))
                return stoppedByUser();
            const Money money = m_costs.money(row);
            m_segments[segmentOf(row)].add(money);
            m_report.total += money;
            ++m_report.rows;
            if (m_costs.isWithoutMoney(row)) {
                ++m_report.rowsWithoutMoney;
                m_report.unpricedTokens += m_costs.unpricedTokens(row);
            }
        }
        return {};
    }

    [[nodiscard]] std::vector<std::string> names(const std::vector<ChargeRow> &charges) const
    {
        std::vector<std::string> result(usualDimensions.begin(), usualDimensions.end());
        std::set<std::string> others;
        for (const DimensionColumn &column : m_workload.dimensions)
            others.insert(column.name);
        for (const ChargeRow &charge : charges) {
            for (const auto &[key, value] : charge.tags)
                others.insert("tag:" + key);
        }
        for (const std::string &name : others) {
            if (!holds(usualDimensions, name) && !holds(technicalDimensions, name))
                result.push_back(name);
        }
        // Dimensions before tags.
        std::stable_partition(result.begin(), result.end(),
                              [](const std::string &name) { return !name.starts_with("tag:"); });
        return result;
    }

    Result<TagCoverage> coverageOf(const std::string &name, const std::vector<ChargeRow> &charges)
    {
        const DimensionColumn *column = m_workload.dimension(name);
        std::vector<Weight> byId(column ? column->dictionary.size() : 1);
        std::vector<Weight> untagged(m_segments.size());
        const auto place = std::find(m_profile.dimensions.begin(), m_profile.dimensions.end(), column);
        if (!column) {
            untagged = m_segments;
            for (const Weight &weight : m_segments)
                byId[0].add(weight.money, weight.rows);
        } else if (place != m_profile.dimensions.end()) {
            const auto at = static_cast<std::size_t>(place - m_profile.dimensions.begin());
            for (std::size_t i = 0; i < m_segments.size(); ++i) {
                const std::uint32_t id = m_profile.segments[i].key[at];
                byId[id].add(m_segments[i].money, m_segments[i].rows);
                if (id == 0)
                    untagged[i] = m_segments[i];
            }
        } else {
            for (std::size_t row = m_costs.first(); row < m_costs.end(); ++row) {
                if (!goesOn(row, m_progress, m_stop))
                    return stoppedByUser();
                const Money money = m_costs.money(row);
                const std::uint32_t id = column->ids[row];
                byId[id].add(money);
                if (id == 0)
                    untagged[segmentOf(row)].add(money);
            }
        }
        TagCoverage result;
        result.dimension = name;
        result.untagged = untaggedGroups(untagged, name);
        addCharges(name, charges, column, byId, result);
        summarise(column, byId, result);
        return result;
    }

    /// Adds harness charges: values that no request has are kept apart.
    void addCharges(const std::string &name, const std::vector<ChargeRow> &charges, const DimensionColumn *column,
                    std::vector<Weight> &byId, TagCoverage &result)
    {
        m_otherValues.clear();
        std::map<std::map<std::string, std::string>, Weight> groups;
        for (const ChargeRow &charge : charges) {
            const Money amount = amountOf(charge).value_or(Money());
            const std::string text = chargeText(charge, name);
            const std::uint32_t id = column ? column->dictionary.find(text) : text.empty() ? 0 : Dictionary::missing;
            if (id == Dictionary::missing)
                m_otherValues[text].add(amount);
            else
                byId[id].add(amount);
            if (text.empty())
                groups[{{"provider", charge.provider}, {"service", charge.service}}].add(amount);
        }
        for (const auto &[values, weight] : groups)
            result.untagged.push_back({values, true, weight.money, weight.rows});
        keepFirst(result.untagged, groupWeighsMore);
    }

    void summarise(const DimensionColumn *column, const std::vector<Weight> &byId, TagCoverage &result) const
    {
        result.without = byId[0].money;
        result.rowsWithout = byId[0].rows;
        std::vector<TagValue> values;
        for (std::size_t id = 1; id < byId.size(); ++id) {
            if (byId[id].rows > 0)
                values.push_back({std::string(column->dictionary.text(static_cast<std::uint32_t>(id))), byId[id].money,
                                  byId[id].rows});
        }
        for (const auto &[text, weight] : m_otherValues)
            values.push_back({text, weight.money, weight.rows});
        for (const TagValue &value : values) {
            result.with += value.money;
            result.rowsWith += value.rows;
        }
        result.values = values.size();
        // Ids are made by programs; nobody spells them.
        if (result.dimension != "session" && result.dimension != "document")
            result.variants = variantsOf(values);
        keepFirst(values, weighsMore);
        result.largest = std::move(values);
    }

    static std::vector<std::vector<TagValue>> variantsOf(const std::vector<TagValue> &values)
    {
        std::unordered_map<std::string, std::vector<std::size_t>> bySpelling;
        for (std::size_t i = 0; i < values.size(); ++i)
            bySpelling[spellingOf(values[i].text)].push_back(i);
        std::vector<std::vector<TagValue>> result;
        for (const auto &[spelling, places] : bySpelling) {
            if (places.size() < 2 || spelling.empty())
                continue;
            auto &group = result.emplace_back();
            for (const std::size_t place : places)
                group.push_back(values[place]);
            std::sort(group.begin(), group.end(), weighsMore);
        }
        std::sort(result.begin(), result.end(),
                  [](const auto &a, const auto &b) { return weighsMore(a.front(), b.front()); });
        return result;
    }

    [[nodiscard]] std::vector<UntaggedGroup> untaggedGroups(const std::vector<Weight> &untagged,
                                                            const std::string &name) const
    {
        std::map<std::map<std::string, std::string>, Weight> groups;
        for (std::size_t i = 0; i < untagged.size(); ++i) {
            if (untagged[i].rows == 0)
                continue;
            std::map<std::string, std::string> values;
            for (const std::string_view owner : ownerDimensions) {
                const std::string &text = m_profile.text(m_profile.segments[i], owner);
                // An empty one belongs to what the rows agree in, as long as other rows have one.
                if (owner != name && m_workload.dimension(owner))
                    values.emplace(owner, text);
            }
            groups[std::move(values)].add(untagged[i].money, untagged[i].rows);
        }
        std::vector<UntaggedGroup> result;
        for (const auto &[values, weight] : groups)
            result.push_back({values, false, weight.money, weight.rows});
        keepFirst(result, groupWeighsMore);
        return result;
    }

    void findKeyVariants()
    {
        std::map<std::string, std::vector<std::string>> bySpelling;
        for (const TagCoverage &coverage : m_report.dimensions) {
            const std::string_view name = coverage.dimension;
            if (coverage.rowsWith > 0)
                bySpelling[spellingOf(name.starts_with("tag:") ? name.substr(4) : name)].emplace_back(name);
        }
        for (auto &[spelling, keys] : bySpelling) {
            // A dimension and the tag that it was read from are no two spellings.
            std::set<std::string> names;
            for (const std::string &key : keys)
                names.insert(key.starts_with("tag:") ? key.substr(4) : key);
            if (names.size() > 1)
                m_report.keyVariants.push_back(std::move(keys));
        }
    }

    const RequestCosts &m_costs;
    const Workload &m_workload;
    const Profile &m_profile;
    RowProgress *m_progress;
    std::stop_token m_stop;
    const std::vector<ChargeRow> *m_charges = nullptr;
    std::vector<Weight> m_segments;
    std::map<std::string, Weight> m_otherValues; ///< of the charges of the dimension at hand
    CoverageReport m_report;
};

} // namespace

std::string spellingOf(std::string_view text)
{
    std::string result;
    for (const char letter : foldedText(text)) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte >= 0x80 || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
            result += letter;
    }
    const auto known = std::find_if(shortForms.begin(), shortForms.end(),
                                    [&result](const auto &form) { return form.first == result; });
    return known == shortForms.end() ? result : std::string(known->second);
}

Result<CoverageReport> tagCoverage(const RequestCosts &costs, RowProgress *progress, std::stop_token stop)
{
    return CoverageWriter(costs, progress, std::move(stop)).write();
}

} // namespace perunit
