// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/outcomes_csv.h"

#include <optional>

namespace perunit {

namespace {

std::string quoted(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string result = "\"";
    for (const char letter : text)
        result += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return result + '"';
}

/// One value a line, so that any spreadsheet can pivot it. Unknown values are empty, never 0.
class TidyTable
{
public:
    explicit TidyTable(std::string currency)
        : m_currency(std::move(currency))
    {}
    void money(const std::string &scenario, std::string_view measure, std::string_view by, std::string_view key,
               const std::string &month, std::optional<Femto> amount)
    {
        line(scenario, measure, by, key, month, amount ? amount->text() : std::string(), m_currency);
    }
    void count(const std::string &scenario, std::string_view measure, std::string_view by, std::string_view key,
               const std::string &month, Millionths count)
    {
        line(scenario, measure, by, key, month,
             std::to_string(static_cast<std::int64_t>(divideHalfEven(count, onePpm))), "count");
    }
    [[nodiscard]] const std::string &text() const { return m_text; }

private:
    void line(const std::string &scenario, std::string_view measure, std::string_view by, std::string_view key,
              const std::string &month, const std::string &value, std::string_view unit)
    {
        m_text += quoted(scenario) + ',' + std::string(measure) + ',' + quoted(by) + ',' + quoted(key) + ',' + month
                  + ',' + value + ',' + std::string(unit) + "\r\n";
    }
    std::string m_currency;
    std::string m_text = "scenario,measure,by,key,month,value,unit\r\n";
};

void addOutcome(TidyTable &table, const Outcome &outcome)
{
    // When nothing has a price every amount is unknown: empty, never 0.
    const auto known = [&outcome](std::optional<Femto> amount) {
        return outcome.isUnknown() ? std::optional<Femto>() : amount;
    };
    table.money(outcome.name, "cost", "total", "", "", known(outcome.total()));
    for (std::size_t i = 0; i < componentCount; ++i)
        table.money(outcome.name, "cost", "component", componentNames[i], "", known(outcome.components.amounts[i]));
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const Millionths count = reportedCount(outcome.usage, static_cast<UsageClass>(i));
        if (count != 0)
            table.count(outcome.name, "usage", "class", usageClassNames[i], "", count);
    }
    for (const MonthOutcome &month : outcome.months) {
        for (std::size_t i = 0; i < componentCount; ++i)
            table.money(outcome.name, "cost", "component", componentNames[i], month.month.text(),
                        known(month.components.amounts[i]));
    }
    for (const GroupOutcome &group : outcome.groups) {
        table.money(outcome.name, "cost", group.by, group.key, "",
                    group.isUnknown() ? std::nullopt : known(group.components.total()));
        if (group.unpricedTokens > 0)
            table.count(outcome.name, "unpriced_tokens", group.by, group.key, "", group.unpricedTokens * onePpm);
        table.count(outcome.name, "requests", group.by, group.key, "", group.requests);
    }
    for (const UnitOutcome &unit : outcome.units) {
        table.money(outcome.name, "cost", "unit", unit.name, "", known(unit.cost));
        table.count(outcome.name, "units", "unit", unit.name, "", unit.count);
        table.money(outcome.name, "cost_per_unit", "unit", unit.name, "", known(unit.costPerUnit()));
        for (const UnitMonth &month : unit.months) {
            table.money(outcome.name, "cost", "unit", unit.name, month.month.text(), known(month.cost));
            table.count(outcome.name, "units", "unit", unit.name, month.month.text(), month.count);
        }
    }
}

} // namespace

std::string outcomesAsCsv(const std::vector<Outcome> &outcomes)
{
    TidyTable table(outcomes.empty() ? std::string() : outcomes.front().currency);
    for (const Outcome &outcome : outcomes)
        addOutcome(table, outcome);
    return table.text();
}

} // namespace perunit
