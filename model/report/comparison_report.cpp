// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/comparison_report.h"

#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

#include <algorithm>

namespace perunit {

namespace {

/// A reference and two scenarios with their differences are what fits across a page.
constexpr std::size_t scenariosPerTable = 2;
/// The assumptions of so many scenarios stand beside each other; those of more are cut into tables of a few.
constexpr std::size_t mostAssumptionColumns = 4;
constexpr std::size_t scenariosPerAssumptions = 3;

std::vector<Outcome> outcomesOf(const ComparisonInput &input)
{
    std::vector<Outcome> outcomes;
    for (const ComparedScenario &scenario : input.scenarios)
        outcomes.push_back(scenario.outcome);
    return outcomes;
}

int directionOf(Femto from, Femto to)
{
    return to < from ? -1 : to > from ? 1 : 0;
}

/// "−$49,200 (−16.1 %) against Baseline".
std::string againstText(Femto from, Femto to, const Outcome &reference, bool perUnit)
{
    if (from == to)
        return "as " + nameOf(reference);
    const std::string &currency = reference.currency;
    const std::string change = perUnit ? signedPerUnitText(to - from, currency) : signedMoneyText(to - from, currency);
    return change + " (" + changeText(from, to) + ") against " + nameOf(reference);
}

std::optional<Femto> unitCostOf(const Outcome &outcome, const std::string &unitName)
{
    const UnitOutcome *unit = unitNamed(outcome, unitName);
    return unit ? costOfOne(unit->cost, unit->count) : std::nullopt;
}

/// Outcomes worth a key figure: the reference and, among many, the two cheapest others. The table has all of them.
std::vector<const Outcome *> headlines(const ComparisonInput &input)
{
    constexpr std::size_t mostOthers = 2;
    std::vector<const Outcome *> others;
    for (std::size_t i = 1; i < input.scenarios.size(); ++i)
        others.push_back(&input.scenarios[i].outcome);
    if (others.size() > mostOthers) {
        std::stable_sort(others.begin(), others.end(),
                         [](const Outcome *a, const Outcome *b) { return a->total() < b->total(); });
        others.resize(mostOthers);
    }
    others.insert(others.begin(), &input.scenarios.front().outcome);
    return others;
}

ReportKeyFigures keyFigures(const ComparisonInput &input)
{
    ReportKeyFigures block;
    const Outcome &reference = input.scenarios.front().outcome;
    for (const Outcome *each : headlines(input)) {
        const Outcome &outcome = *each;
        const bool isReference = &outcome == &reference;
        ReportKeyFigure total;
        total.label = "Total, " + nameOf(outcome);
        total.value = moneyText(outcome.total(), outcome.currency);
        total.detail =
            isReference ? spanText(outcome) : againstText(reference.total(), outcome.total(), reference, false);
        total.direction = directionOf(reference.total(), outcome.total());
        block.figures.push_back(std::move(total));
    }
    if (input.unitName.empty())
        return block;
    const std::optional<Femto> base = unitCostOf(reference, input.unitName);
    for (const Outcome *each : headlines(input)) {
        const Outcome &outcome = *each;
        const std::optional<Femto> cost = unitCostOf(outcome, input.unitName);
        ReportKeyFigure figure;
        figure.label = "Per " + input.unitName + ", " + nameOf(outcome);
        figure.value = cost ? perUnitText(*cost, outcome.currency) : std::string(unknownText);
        if (!cost)
            figure.detail = "no " + input.unitName + " was counted";
        else if (&outcome != &reference && base) {
            figure.detail = againstText(*base, *cost, reference, true);
            figure.direction = directionOf(*base, *cost);
        }
        block.figures.push_back(std::move(figure));
    }
    return block;
}

std::string largestLeverSentence(const Bridge &bridge, const std::string &currency)
{
    const auto largest =
        std::max_element(bridge.parts.begin(), bridge.parts.end(), [](const BridgePart &a, const BridgePart &b) {
            return magnitude(a.amount) < magnitude(b.amount);
        });
    if (largest == bridge.parts.end())
        return "No lever tells " + bridge.to + " from " + bridge.from + ".";
    if (largest->amount.isZero())
        return "None of the levers of " + bridge.to + " changes the total.";
    std::string sentence = "The largest lever is " + largest->label + ", which "
                           + (largest->amount < Femto() ? "saves " : "adds ")
                           + moneyText(magnitude(largest->amount), currency);
    if (largest->minimum != largest->maximum)
        sentence += " (between " + signedMoneyText(largest->minimum, currency) + " and "
                    + signedMoneyText(largest->maximum, currency) + ", by the order in which the levers are applied)";
    return sentence + ".";
}

/// Index of the scenario to speak of: the cheapest one beside the reference.
std::size_t subjectOf(const ComparisonInput &input)
{
    std::size_t best = 1;
    for (std::size_t i = 2; i < input.scenarios.size(); ++i) {
        if (input.scenarios[i].outcome.total() < input.scenarios[best].outcome.total())
            best = i;
    }
    return best;
}

std::string costSentence(const ComparisonInput &input, const Outcome &subject)
{
    const Outcome &reference = input.scenarios.front().outcome;
    const Femto change = subject.total() - reference.total();
    const std::string span = spanText(reference).empty() ? std::string() : " " + spanText(reference);
    std::string text;
    if (input.scenarios.size() > 2)
        text = "Of " + std::to_string(input.scenarios.size() - 1) + " scenarios, " + nameOf(subject)
               + " costs the least: ";
    else
        text = nameOf(subject) + " costs ";
    text += moneyText(subject.total(), subject.currency) + span;
    if (change.isZero())
        return text + ", exactly as much as " + nameOf(reference) + ".";
    text += ", " + moneyText(magnitude(change), subject.currency);
    if (!reference.total().isZero())
        text += " (" + shareOfText(magnitude(change).units(), magnitude(reference.total()).units()) + ")";
    text += (change < Femto() ? " less than " : " more than ") + nameOf(reference);
    // Only a horizon consists of whole months; a re-priced baseline may begin and end in the middle of one.
    if (input.settings.horizonMonths > 1) {
        const Femto monthly =
            dividedBy(magnitude(change), static_cast<Millionths>(input.settings.horizonMonths) * 1'000'000);
        text += ", on average " + moneyText(monthly, subject.currency) + " a month";
    }
    return text + ".";
}

std::string summaryText(const ComparisonInput &input)
{
    const Outcome &reference = input.scenarios.front().outcome;
    const std::string unitName = input.unitName;
    std::string text;
    if (input.scenarios.size() == 1) {
        text = nameOf(reference) + " costs " + moneyText(reference.total(), reference.currency)
               + (spanText(reference).empty() ? "" : " " + spanText(reference)) + ".";
        const std::optional<Femto> cost = unitCostOf(reference, unitName);
        if (cost)
            text += " One " + unitName + " costs " + perUnitText(*cost, reference.currency) + ".";
    } else {
        const std::size_t index = subjectOf(input);
        const Outcome &subject = input.scenarios[index].outcome;
        text = costSentence(input, subject);
        const std::optional<Femto> from = unitCostOf(reference, unitName);
        const std::optional<Femto> to = unitCostOf(subject, unitName);
        if (from && to)
            text += " One " + unitName + " costs " + perUnitText(*to, subject.currency)
                    + (*from == *to ? ", as before."
                                    : " instead of " + perUnitText(*from, subject.currency) + " ("
                                          + changeText(*from, *to) + ").");
        if (index - 1 < input.bridges.size())
            text += " " + largestLeverSentence(input.bridges[index - 1], subject.currency);
    }
    for (const std::string &note : unpricedNotes(outcomesOf(input)))
        text += " " + note;
    return text;
}

void addTables(ReportDocument &document, const std::vector<Outcome> &outcomes)
{
    std::size_t first = 1;
    do {
        std::vector<Outcome> part{outcomes.front()};
        for (std::size_t i = first; i < outcomes.size() && i < first + scenariosPerTable; ++i)
            part.push_back(outcomes[i]);
        ReportTable table = comparisonTable(part);
        if (outcomes.size() - 1 > scenariosPerTable) {
            std::vector<std::string> names;
            for (std::size_t i = 1; i < part.size(); ++i)
                names.push_back(nameOf(part[i]));
            table.title = joinedList(names) + " compared with " + nameOf(outcomes.front());
        }
        document.blocks.emplace_back(std::move(table));
        first += scenariosPerTable;
    } while (first < outcomes.size());
}

void addBridges(ReportDocument &document, const ComparisonInput &input, const std::string &currency)
{
    if (input.bridges.empty())
        return;
    document.blocks.emplace_back(ReportHeading{"Why the cost changes"});
    for (const Bridge &bridge : input.bridges) {
        document.blocks.emplace_back(bridgeWaterfall(bridge, currency));
        document.blocks.emplace_back(ReportParagraph{largestLeverSentence(bridge, currency), false});
    }
}

void addLevers(ReportDocument &document, const ComparisonInput &input)
{
    for (const ComparedScenario &scenario : input.scenarios) {
        if (scenario.levers.empty())
            continue;
        ReportTable table;
        table.title = "Levers of " + nameOf(scenario.outcome) + ", in the order in which they are computed";
        table.header = {"Lever", "Setting", "Evidence", "Owner", "Note"};
        table.rightAligned.assign(table.header.size(), false);
        for (const EffectiveLever &effective : scenario.levers) {
            const Lever &lever = effective.lever;
            const std::string unknown(unknownText);
            table.rows.push_back({std::string(leverSpec(lever.kind).label), leverText(lever),
                                  lever.grade.empty() ? unknown : lever.grade,
                                  lever.owner.empty() ? unknown : lever.owner, lever.note});
        }
        document.blocks.emplace_back(std::move(table));
    }
}

/// Whether a column says anything of a scenario: the baseline has no levers.
bool saysSomething(const ReportTable &table, std::size_t column)
{
    return std::any_of(table.rows.begin(), table.rows.end(),
                       [column](const std::vector<std::string> &row) { return row[column] != unknownText; });
}

/// A table for a few scenarios at a time, each with the rows that say something of them.
void addAssumptionParts(ReportDocument &document, const ReportTable &whole)
{
    std::vector<std::size_t> columns;
    for (std::size_t column = 2; column < whole.header.size(); ++column) {
        if (saysSomething(whole, column))
            columns.push_back(column);
    }
    for (std::size_t first = 0; first < columns.size(); first += scenariosPerAssumptions) {
        const std::size_t end = std::min(columns.size(), first + scenariosPerAssumptions);
        const std::vector<std::size_t> shown(columns.begin() + static_cast<std::ptrdiff_t>(first),
                                             columns.begin() + static_cast<std::ptrdiff_t>(end));
        ReportTable part;
        part.header = {whole.header[0], whole.header[1]};
        std::vector<std::string> names;
        for (const std::size_t column : shown) {
            part.header.push_back(whole.header[column]);
            names.push_back(whole.header[column]);
        }
        part.title =
            "Where the scenarios differ: what " + joinedList(names) + (names.size() == 1 ? " assumes" : " assume");
        part.rightAligned.assign(part.header.size(), false);
        for (const std::vector<std::string> &row : whole.rows) {
            std::vector<std::string> cells{row[0], row[1]};
            for (const std::size_t column : shown)
                cells.push_back(row[column]);
            if (std::any_of(cells.begin() + 2, cells.end(),
                            [](const std::string &cell) { return cell != unknownText; }))
                part.rows.push_back(std::move(cells));
        }
        document.blocks.emplace_back(std::move(part));
    }
}

void addAssumptions(ReportDocument &document, const ComparisonInput &input)
{
    document.blocks.emplace_back(ReportHeading{"Assumptions"});
    const ReportTable table = assumptionsTable(input.scenarios);
    if (table.rows.empty())
        document.blocks.emplace_back(ReportParagraph{"The scenarios make the same assumptions.", false});
    else if (input.scenarios.size() <= mostAssumptionColumns)
        document.blocks.emplace_back(table);
    else
        addAssumptionParts(document, table);
    addLevers(document, input);
    document.blocks.emplace_back(ReportParagraph{
        "Evidence: A measured in our own data, B measured by somebody we can name, C estimated, D claimed "
        "by a vendor; \u2013 not graded.",
        true});
}

std::vector<std::string> pipelineLabels()
{
    std::vector<std::string> labels;
    for (const LeverSpec &spec : leverSpecs())
        labels.emplace_back(spec.label);
    return labels;
}

std::string horizonText(const ComparisonInput &input)
{
    const std::string period = formatDate(input.period.from) + " to " + formatDate(input.period.to);
    const int months = input.settings.horizonMonths;
    if (months == 0)
        return "Scenarios re-price the requests of the baseline period itself (" + period
               + ", the last moment excluded), each at its own time.";
    return "The " + std::to_string(months) + (months == 1 ? " month" : " months")
           + " after the baseline repeat its traffic (" + period
           + ", the last moment excluded). A baseline of several whole months is repeated as its average month: every "
             "line is divided by their number, exactly. Each month has its own growth, ramps and prices.";
}

void addCapacity(ReportDocument &document, const ComparisonInput &input)
{
    if (input.capacity.empty())
        return;
    document.blocks.emplace_back(ReportHeading{"Capacity"});
    document.blocks.insert(document.blocks.end(), input.capacity.begin(), input.capacity.end());
}

constexpr const char *capacityMethod =
    "Capacity: the load of a minute is what its requests weigh by the weights of the offer, after all levers but the "
    "provisioned ones. Units serve a fixed load a minute; what exceeds it in a minute is charged per token, and "
    "prompts that the offer does not serve always are. A size costs its price plus that spill. The cheapest size is "
    "found among all sizes that can be bought, no units included. The 95 % size is the smallest that serves 95 % of "
    "all minutes in full, empty ones included; the peak size serves every minute. Every size in a table is evaluated "
    "like a scenario; the curve between them comes from sums over the sorted minutes, whose rounding is far below "
    "what is printed.";

void addMethod(ReportDocument &document, const ComparisonInput &input)
{
    document.blocks.emplace_back(ReportHeading{"How this was computed"});
    const auto paragraph = [&](const std::string &text) {
        document.blocks.emplace_back(ReportParagraph{text, false});
    };
    // Without a number of requests, only lines of bills are priced.
    paragraph((input.requests == 0 ? std::string("Every token line of the bills")
                                   : "Every one of the " + exactCountText(input.requests) + " requests of the ledger")
              + " is priced with the rate that is valid at its own time, for its model, service "
                "tier, region and prompt length. There is no sampling and no average request.");
    paragraph("Levers are always computed in this order, whatever order they were added in: "
              + joinedList(pipelineLabels())
              + ". A share of 60 % means that 60 % of every request in scope is priced one way and 40 % the other.");
    paragraph("Prices are those of the catalogue as of "
              + (input.catalogueAsOf.empty() ? std::string("an unknown date") : input.catalogueAsOf)
              + ". What has no price is shown as tokens without a price and never counts as zero cost.");
    paragraph("Amounts are exact integers of 10\u207b\u00b9\u2075 of a currency unit. A line (month, group, component) "
              "is rounded once, half to even; totals are sums of lines. What is printed is rounded for reading only.");
    paragraph(horizonText(input));
    paragraph(input.settings.conventionalMonth
                  ? "A month has 730 hours by convention wherever capacity is paid by the hour."
                  : "A month has its calendar hours wherever capacity is paid by the hour.");
    const bool shapley = std::any_of(input.bridges.begin(), input.bridges.end(),
                                     [](const Bridge &bridge) { return bridge.method == "shapley"; });
    if (!input.bridges.empty())
        paragraph(shapley
                      ? "The bridges give each lever its average effect over all orders in which the levers could be "
                        "applied (Shapley values); the parts add up to the difference exactly."
                      : "The bridges apply the levers one after the other; the parts add up to the difference "
                        "exactly and depend on that order.");
    if (!input.capacity.empty())
        paragraph(capacityMethod);
}

/// A check with the scenarios that it says the same of.
struct CheckRow {
    bool ok = true;
    std::string name;
    std::string detail;
    std::vector<std::string> scenarios;
};

/// Each statement once; failed ones first.
std::vector<CheckRow> checkRows(const ComparisonInput &input)
{
    std::vector<CheckRow> rows;
    for (const ComparedScenario &scenario : input.scenarios) {
        for (const OutcomeCheck &check : scenario.outcome.checks) {
            const auto known = std::find_if(rows.begin(), rows.end(), [&check](const CheckRow &row) {
                return row.ok == check.ok && row.name == check.name && row.detail == check.detail;
            });
            const std::string name = nameOf(scenario.outcome);
            if (known == rows.end())
                rows.push_back({check.ok, check.name, check.detail, {name}});
            else if (known->scenarios.back() != name)
                known->scenarios.push_back(name);
        }
    }
    std::stable_partition(rows.begin(), rows.end(), [](const CheckRow &row) { return !row.ok; });
    return rows;
}

void addChecks(ReportDocument &document, const ComparisonInput &input)
{
    const std::vector<CheckRow> rows = checkRows(input);
    const auto failed = std::count_if(rows.begin(), rows.end(), [](const CheckRow &row) { return !row.ok; });
    document.blocks.emplace_back(ReportHeading{"Checks"});
    if (rows.empty()) {
        document.blocks.emplace_back(ReportParagraph{"No checks were run on these figures.", false});
        return;
    }
    ReportTable table;
    table.title = failed == 0
                      ? "All checks passed: " + std::to_string(rows.size()) + " of " + std::to_string(rows.size())
                      : std::to_string(failed) + " of " + std::to_string(rows.size()) + " checks failed";
    table.header = {"Result", "Check", "Detail", "Scenario"};
    table.rightAligned.assign(table.header.size(), false);
    const bool several = input.scenarios.size() > 1;
    for (const CheckRow &row : rows) {
        const bool all = several && row.scenarios.size() == input.scenarios.size();
        table.rows.push_back(
            {row.ok ? "passed" : "FAILED", row.name, row.detail, all ? "all" : joinedList(row.scenarios)});
        table.emphasised.push_back(!row.ok);
    }
    document.blocks.emplace_back(std::move(table));
}

std::string footerText(const ComparisonInput &input)
{
    return dotted({input.baselineDigest.empty() ? std::string() : "baseline " + input.baselineDigest.substr(0, 12),
                   "data " + formatDate(input.period.from) + " to " + formatDate(input.period.to),
                   input.catalogueAsOf.empty() ? std::string() : "prices as of " + input.catalogueAsOf,
                   "engine " + std::string(engineVersion)});
}

} // namespace

ReportDocument comparisonReport(const ComparisonInput &input)
{
    ReportDocument document;
    document.title = input.workspaceName.empty() ? "Cost comparison" : input.workspaceName;
    document.footer = footerText(input);
    if (input.scenarios.empty()) {
        document.blocks.emplace_back(ReportParagraph{"There is no scenario to report on.", false});
        return document;
    }
    const std::vector<Outcome> outcomes = outcomesOf(input);
    const std::string &currency = outcomes.front().currency;
    std::vector<std::string> names;
    for (const Outcome &outcome : outcomes)
        names.push_back(nameOf(outcome));
    document.subtitle = dotted({joinedList(names), spanText(outcomes.front()), currency});
    const bool failed = std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome &outcome) {
        return std::any_of(outcome.checks.begin(), outcome.checks.end(), [](const auto &check) { return !check.ok; });
    });
    if (failed)
        document.blocks.emplace_back(
            ReportParagraph{"Some checks failed: do not rely on these figures before reading the last page.", false});
    document.blocks.emplace_back(keyFigures(input));
    document.blocks.emplace_back(ReportParagraph{summaryText(input), false});
    addTables(document, outcomes);
    document.blocks.emplace_back(ReportHeading{"Where the money goes"});
    document.blocks.emplace_back(componentBars(outcomes));
    // One month is a point: the table has said it.
    if (outcomes.front().months.size() > 1) {
        document.blocks.emplace_back(ReportHeading{"How it develops"});
        if (!input.unitName.empty())
            document.blocks.emplace_back(unitOverMonths(outcomes, input.unitName));
        document.blocks.emplace_back(totalOverMonths(outcomes));
    }
    addBridges(document, input, currency);
    addCapacity(document, input);
    addAssumptions(document, input);
    addMethod(document, input);
    addChecks(document, input);
    return document;
}

} // namespace perunit
