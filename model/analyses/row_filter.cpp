// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/row_filter.h"

#include "model/analyses/text_match.h"
#include "model/engine/harness.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace perunit {

namespace {

/// Values of a dimension that pass, as flags by text id.
struct DimensionTest {
    const PackedColumn<std::uint32_t> *ids =
        nullptr; ///< null: the dimension never occurs, all rows have the empty text
    std::vector<char> passes;
    [[nodiscard]] bool holds(std::size_t row) const { return passes[ids ? (*ids)[row] : 0] != 0; }
};

/// One word: the dimensions in which it occurs at all.
struct WordTest {
    std::vector<DimensionTest> places;
    [[nodiscard]] bool holds(std::size_t row) const
    {
        return std::any_of(places.begin(), places.end(),
                           [row](const DimensionTest &place) { return place.holds(row); });
    }
};

DimensionTest valuesTest(const Workload &workload, const std::string &name, const std::vector<std::string> &values)
{
    DimensionTest test;
    const DimensionColumn *column = workload.dimension(name);
    test.passes.assign(column ? column->dictionary.size() : 1, 0);
    if (column)
        test.ids = &column->ids;
    for (const std::string &value : values) {
        const std::uint32_t id = column ? column->dictionary.find(value) : value.empty() ? 0 : Dictionary::missing;
        if (id != Dictionary::missing)
            test.passes[id] = 1;
    }
    return test;
}

void addAmount(std::optional<Money> &sum, std::optional<Money> amount)
{
    if (amount)
        sum = sum.value_or(Money()) + *amount;
}

bool isWithin(Money amount, const RowFilter &filter)
{
    return (!filter.leastCost || amount >= *filter.leastCost) && (!filter.mostCost || amount <= *filter.mostCost);
}

Error tooManyRows()
{
    return {ErrorCode::Overflow, "there are more rows than can be listed", "", "narrow the filter"};
}

/// The tests of a filter, made ready for one workload.
class RequestTests
{
public:
    RequestTests(const RequestCosts &costs, const RowFilter &filter)
        : m_costs(costs)
        , m_filter(filter)
    {
        const Workload &workload = costs.workload();
        if (!filter.sources.empty()) {
            for (const std::int64_t id : workload.sourceIds)
                m_sources.push_back(std::find(filter.sources.begin(), filter.sources.end(), id)
                                    != filter.sources.end());
        }
        for (const auto &[name, values] : filter.scope.conditions)
            m_values.push_back(valuesTest(workload, name, values));
        findWords(workload);
        m_looksAtCost = filter.leastCost || filter.mostCost;
    }

    [[nodiscard]] bool keepsEveryRow() const
    {
        return m_sources.empty() && m_values.empty() && m_words.empty() && !m_looksAtCost && !m_filter.onlyUnpriced;
    }

    [[nodiscard]] bool keeps(std::size_t row) const
    {
        if (!m_sources.empty() && !m_sources[m_costs.workload().source[row]])
            return false;
        if (m_filter.onlyUnpriced && !m_costs.isPartlyUnpriced(row))
            return false;
        const auto holds = [row](const auto &test) {
            return test.holds(row);
        };
        if (!std::all_of(m_values.begin(), m_values.end(), holds)
            || !std::all_of(m_words.begin(), m_words.end(), holds))
            return false;
        return !m_looksAtCost || (!m_costs.isUnknown(row) && isWithin(Money::of(m_costs.cost(row)), m_filter));
    }

private:
    void findWords(const Workload &workload)
    {
        const std::vector<std::string> words = searchWords(m_filter.text);
        m_words.resize(words.size());
        if (words.empty())
            return;
        for (const DimensionColumn &column : workload.dimensions) {
            std::vector<DimensionTest> tests(words.size());
            std::vector<char> found(words.size(), 0);
            for (std::size_t id = 0; id < column.dictionary.size(); ++id) {
                const std::string text = foldedText(column.dictionary.text(static_cast<std::uint32_t>(id)));
                for (std::size_t word = 0; word < words.size(); ++word) {
                    if (text.find(words[word]) == std::string::npos)
                        continue;
                    tests[word].passes.resize(column.dictionary.size(), 0);
                    tests[word].passes[id] = 1;
                    found[word] = 1;
                }
            }
            for (std::size_t word = 0; word < words.size(); ++word) {
                if (!found[word])
                    continue;
                tests[word].ids = &column.ids;
                m_words[word].places.push_back(std::move(tests[word]));
            }
        }
    }

    const RequestCosts &m_costs;
    const RowFilter &m_filter;
    std::vector<bool> m_sources; ///< by index of the source
    std::vector<DimensionTest> m_values;
    std::vector<WordTest> m_words;
    bool m_looksAtCost = false;
};

/// Adds requests up.
class RequestSums
{
public:
    explicit RequestSums(const RequestCosts &costs)
        : m_costs(costs)
    {
        for (const UsageClass usageClass : tokenClasses) {
            const auto &column = costs.workload().usage[static_cast<std::size_t>(usageClass)];
            if (!column.empty())
                m_tokens.push_back(&column);
        }
    }

    void add(std::size_t row)
    {
        const Workload &workload = m_costs.workload();
        ++m_sums.rows;
        m_sums.requests += workload.count(UsageClass::Request, row);
        for (const auto *column : m_tokens)
            m_sums.tokens += (*column)[row];
        if (!m_costs.isUnknown(row)) {
            m_anyPriced = true;
            m_priced += m_costs.cost(row);
        }
        if (m_costs.isPartlyUnpriced(row))
            m_sums.unpricedTokens += m_costs.unpricedTokens(row);
        if (m_costs.isRecorded(row))
            addAmount(m_sums.recorded, workload.billed(row));
    }

    [[nodiscard]] RowSums sums() const
    {
        RowSums result = m_sums;
        if (m_anyPriced)
            result.priced = Money::of(m_priced);
        return result;
    }

private:
    const RequestCosts &m_costs;
    std::vector<const PackedColumn<std::int64_t> *> m_tokens;
    RowSums m_sums;
    Femto m_priced;
    bool m_anyPriced = false;
};

/// Rows of the workload inside a period; it is sorted by time.
std::pair<std::size_t, std::size_t> rowsWithin(const RequestCosts &costs, const std::optional<Period> &period)
{
    if (!period)
        return {costs.first(), costs.end()};
    const auto &time = costs.workload().time;
    const auto at = [&](Instant instant) {
        const auto found = std::lower_bound(time.begin() + static_cast<std::ptrdiff_t>(costs.first()),
                                            time.begin() + static_cast<std::ptrdiff_t>(costs.end()), instant.micros);
        return static_cast<std::size_t>(found - time.begin());
    };
    const std::size_t first = at(period->from);
    return {first, std::max(first, at(period->to))};
}

} // namespace

Result<FilteredRows> filterRequests(const RequestCosts &costs, const RowFilter &filter, RowProgress *progress,
                                    std::stop_token stop)
{
    if (costs.end() > std::numeric_limits<std::uint32_t>::max())
        return tooManyRows();
    const auto [first, end] = rowsWithin(costs, filter.period);
    const RequestTests tests(costs, filter);
    const bool all = tests.keepsEveryRow();
    FilteredRows result;
    RequestSums sums(costs);
    for (std::size_t row = first; row < end; ++row) {
        if (!goesOn(row, progress, stop))
            return stoppedByUser();
        if (!all && !tests.keeps(row))
            continue;
        sums.add(row);
        if (!all)
            result.rows.listed.push_back(static_cast<std::uint32_t>(row));
    }
    result.rows.first = first;
    result.rows.isListed = !all;
    result.rows.count = all ? end - first : result.rows.listed.size();
    result.sums = sums.sums();
    return result;
}

// ---- charges ----------------------------------------------------------------------------------------------

namespace {

struct ChargeDimension {
    std::string_view name;
    std::string ChargeRow::*text;
};

constexpr std::array<ChargeDimension, 15> chargeTexts{{{"provider", &ChargeRow::provider},
                                                       {"service", &ChargeRow::service},
                                                       {"service_category", &ChargeRow::serviceCategory},
                                                       {"sku", &ChargeRow::sku},
                                                       {"description", &ChargeRow::description},
                                                       {"model", &ChargeRow::model},
                                                       {"region", &ChargeRow::region},
                                                       {"resource", &ChargeRow::resource},
                                                       {"account", &ChargeRow::account},
                                                       {"pricing_category", &ChargeRow::pricingCategory},
                                                       {"workload", &ChargeRow::workload},
                                                       {"environment", &ChargeRow::environment},
                                                       {"team", &ChargeRow::team},
                                                       {"feature", &ChargeRow::feature},
                                                       {"customer", &ChargeRow::customer}}};

constexpr std::string_view tagPrefix = "tag:";

bool hasPart(const ChargeRow &charge, const Period &period)
{
    // A charge of an instant lies where it lies.
    const Instant end = std::max(charge.period.to, Instant{charge.period.from.micros + 1});
    return charge.period.from < period.to && period.from < end;
}

bool hasWords(const ChargeRow &charge, const std::vector<std::string> &words)
{
    if (words.empty())
        return true;
    std::string all(nameOf(charge.tokenClass.value_or(UsageClass::Input)));
    if (!charge.tokenClass)
        all.clear();
    all += '\n' + std::string(chargeCategoryNames[static_cast<std::size_t>(charge.category)]);
    for (const ChargeDimension &dimension : chargeTexts)
        all += '\n' + charge.*dimension.text;
    for (const auto &[key, value] : charge.tags)
        all += '\n' + value;
    const std::string folded = foldedText(all);
    return std::all_of(words.begin(), words.end(),
                       [&folded](const std::string &word) { return folded.find(word) != std::string::npos; });
}

bool keepsCharge(const ChargeRow &charge, const RowFilter &filter, const std::vector<std::string> &words)
{
    if (filter.period && !hasPart(charge, *filter.period))
        return false;
    if (!filter.sources.empty()
        && std::find(filter.sources.begin(), filter.sources.end(), charge.sourceId) == filter.sources.end())
        return false;
    const std::optional<Money> amount = amountOf(charge);
    if (filter.onlyUnpriced && amount)
        return false;
    const auto holds = [&charge](const auto &condition) {
        const std::string text = chargeText(charge, condition.first);
        return std::find(condition.second.begin(), condition.second.end(), text) != condition.second.end();
    };
    if (!std::all_of(filter.scope.conditions.begin(), filter.scope.conditions.end(), holds))
        return false;
    const std::optional<Money> cost = charge.billed ? charge.billed : amount;
    if ((filter.leastCost || filter.mostCost) && !(cost && isWithin(*cost, filter)))
        return false;
    return hasWords(charge, words);
}

} // namespace

std::string chargeText(const ChargeRow &charge, std::string_view dimension)
{
    if (dimension.starts_with(tagPrefix)) {
        const std::string_view key = dimension.substr(tagPrefix.size());
        const auto found =
            std::find_if(charge.tags.begin(), charge.tags.end(), [key](const auto &tag) { return tag.first == key; });
        return found == charge.tags.end() ? std::string() : found->second;
    }
    if (dimension == "category")
        return std::string(chargeCategoryNames[static_cast<std::size_t>(charge.category)]);
    if (dimension == "class")
        return charge.tokenClass ? std::string(nameOf(*charge.tokenClass)) : std::string();
    const auto found = std::find_if(chargeTexts.begin(), chargeTexts.end(),
                                    [dimension](const ChargeDimension &each) { return each.name == dimension; });
    return found == chargeTexts.end() ? std::string() : charge.*(found->text);
}

std::vector<std::string> chargeDimensions(const std::vector<ChargeRow> &charges)
{
    std::vector<std::string> names{"category"};
    for (const ChargeDimension &dimension : chargeTexts) {
        if (std::any_of(charges.begin(), charges.end(),
                        [&dimension](const ChargeRow &charge) { return !(charge.*dimension.text).empty(); }))
            names.emplace_back(dimension.name);
    }
    if (std::any_of(charges.begin(), charges.end(), [](const ChargeRow &charge) { return charge.tokenClass; }))
        names.emplace_back("class");
    std::set<std::string> keys;
    for (const ChargeRow &charge : charges) {
        for (const auto &[key, value] : charge.tags) {
            if (!value.empty())
                keys.insert(key);
        }
    }
    for (const std::string &key : keys)
        names.push_back(std::string(tagPrefix) + key);
    return names;
}

Result<FilteredRows> filterCharges(const std::vector<ChargeRow> &charges, const RowFilter &filter,
                                   RowProgress *progress, std::stop_token stop)
{
    if (charges.size() > std::numeric_limits<std::uint32_t>::max())
        return tooManyRows();
    const std::vector<std::string> words = searchWords(filter.text);
    FilteredRows result;
    result.rows.isListed = true;
    for (std::size_t row = 0; row < charges.size(); ++row) {
        if (!goesOn(row, progress, stop))
            return stoppedByUser();
        const ChargeRow &charge = charges[row];
        if (!keepsCharge(charge, filter, words))
            continue;
        result.rows.listed.push_back(static_cast<std::uint32_t>(row));
        ++result.sums.rows;
        result.sums.tokens += charge.tokenClass && isTokenClass(*charge.tokenClass) ? charge.tokens : 0;
        addAmount(result.sums.billed, charge.billed);
        addAmount(result.sums.effective, charge.effective);
        addAmount(result.sums.list, charge.list);
        addAmount(result.sums.contracted, charge.contracted);
    }
    result.rows.count = result.rows.listed.size();
    return result;
}

} // namespace perunit
