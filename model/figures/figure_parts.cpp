// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/figures/figure_parts.h"

#include "model/figures/figure_builder.h"

#include <algorithm>

namespace perunit {

bool Figure::isEmpty() const
{
    for (const FigureSeries &one : series) {
        for (const FigurePoint &point : one.points) {
            if (!point.missing)
                return false;
        }
    }
    return true;
}

double timeOf(Instant at)
{
    return static_cast<double>(at.micros) / static_cast<double>(microsPerSecond);
}

double timeOf(Month month)
{
    return timeOf(month.start());
}

FigurePoint moneyPoint(double x, Femto amount, const std::string &currency)
{
    FigurePoint point;
    point.x = x;
    point.y = amount.approximate();
    point.exact = exactMoneyText(amount, currency);
    point.label = shortMoneyText(amount, currency);
    return point;
}

FigurePoint averagePoint(double x, Femto amount, const std::string &currency)
{
    FigurePoint point = moneyPoint(x, amount, currency);
    point.exact = averageText(amount, currency);
    point.label = perUnitText(amount, currency);
    return point;
}

FigurePoint missingPoint(double x, const std::string &reason)
{
    FigurePoint point;
    point.x = x;
    point.missing = true;
    point.exact = std::string(unknownText);
    if (!reason.empty())
        point.exact += "\n" + capitalised(reason);
    return point;
}

void assignRole(FigureSeries &series, const std::vector<Outcome> &outcomes, std::size_t position)
{
    series.role = outcomes[position].scenarioId.empty() ? SeriesRole::Baseline : SeriesRole::Scenario;
    series.roleIndex = 0;
    for (std::size_t i = 0; i < position; ++i)
        series.roleIndex += outcomes[i].scenarioId.empty() ? 0 : 1;
}

std::string nameOf(const Outcome &outcome)
{
    if (!outcome.name.empty())
        return outcome.name;
    return outcome.scenarioId.empty() ? "Baseline" : outcome.scenarioId;
}

Millionths tokensOf(const Outcome &outcome)
{
    return tokensIn(outcome.usage);
}

std::vector<std::string> unpricedNotes(const std::vector<Outcome> &outcomes)
{
    struct Group {
        std::int64_t tokens;
        std::vector<std::string> models;
        std::vector<std::string> names;
    };
    std::vector<Group> groups;
    for (const Outcome &outcome : outcomes) {
        if (outcome.unpriced.tokens == 0)
            continue;
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group &group) {
            return group.tokens == outcome.unpriced.tokens && group.models == outcome.unpriced.models;
        });
        if (same != groups.end())
            same->names.push_back(nameOf(outcome));
        else
            groups.push_back({outcome.unpriced.tokens, outcome.unpriced.models, {nameOf(outcome)}});
    }
    std::vector<std::string> notes;
    // The same models everywhere, only in other amounts: one sentence says it.
    const bool everywhere = groups.size() > 1 && std::all_of(groups.begin(), groups.end(), [&](const Group &group) {
                                return group.models == groups.front().models;
                            });
    if (everywhere) {
        const auto [least, most] = std::minmax_element(
            groups.begin(), groups.end(), [](const Group &a, const Group &b) { return a.tokens < b.tokens; });
        std::size_t named = 0;
        for (const Group &group : groups)
            named += group.names.size();
        if (named == outcomes.size()) {
            std::string note = countText(least->tokens) + " to " + countText(most->tokens)
                               + " tokens have no price and are in none of these amounts";
            if (!most->models.empty())
                note += " (" + joinedList(most->models) + ")";
            return {note + "."};
        }
    }
    for (const Group &group : groups) {
        std::string note = countText(group.tokens) + " tokens have no price and are not in these amounts";
        if (group.names.size() != outcomes.size())
            note += ": " + joinedList(group.names);
        if (!group.models.empty()) {
            std::vector<std::string> models(
                group.models.begin(), group.models.begin() + std::min<std::ptrdiff_t>(3, std::ssize(group.models)));
            if (group.models.size() > models.size())
                models.push_back(std::to_string(group.models.size() - models.size()) + " more");
            note += " (" + joinedList(models) + ")";
        }
        notes.push_back(note + ".");
    }
    return notes;
}

std::string spanText(const Outcome &outcome)
{
    if (outcome.months.empty())
        return {};
    return spanText(outcome.months.front().month, outcome.months.back().month);
}

const UnitOutcome *unitNamed(const Outcome &outcome, const std::string &name)
{
    const auto found = std::find_if(outcome.units.begin(), outcome.units.end(),
                                    [&](const UnitOutcome &unit) { return unit.name == name; });
    return found == outcome.units.end() ? nullptr : &*found;
}

std::optional<Femto> costOfOne(Femto cost, Millionths count)
{
    if (count <= 0)
        return std::nullopt;
    return dividedBy(cost, count);
}

std::string capitalised(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string joinedList(const std::vector<std::string> &items)
{
    std::string result;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            result += i + 1 == items.size() ? " and " : ", ";
        result += items[i];
    }
    return result;
}

std::string dotted(const std::vector<std::string> &parts)
{
    std::string result;
    for (const std::string &part : parts) {
        if (part.empty())
            continue;
        if (!result.empty())
            result += " \u00b7 ";
        result += part;
    }
    return result;
}

} // namespace perunit
