// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/json_shapes.h"

#include "app/document/unit_text.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

Json textOrNull(const CostTotal &amount)
{
    return amount ? Json(amount->text()) : Json(nullptr);
}

Json amountOrNull(const std::optional<Femto> &amount)
{
    return amount ? Json(amount->text()) : Json(nullptr);
}

Json instantOrNull(const Period &period, Instant at)
{
    return period.isEmpty() ? Json(nullptr) : Json(formatInstant(at));
}

Json componentsJson(const Components &components)
{
    Json result = Json::object();
    for (std::size_t i = 0; i < componentCount; ++i)
        result[std::string(componentNames[i])] = components.amounts[i].text();
    return result;
}

Json usageJson(const std::array<Millionths, usageClassCount> &usage)
{
    Json result = Json::object();
    for (const UsageClass usageClass : tokenClasses)
        result[std::string(nameOf(usageClass))] = wholeCount(reportedCount(usage, usageClass));
    return result;
}

std::string_view priceStateName(PriceState state)
{
    switch (state) {
    case PriceState::Priced:
        return "priced";
    case PriceState::Assumed:
        return "assumed";
    case PriceState::Free:
        return "free";
    case PriceState::Covered:
        return "covered";
    case PriceState::Unpriced:
        break;
    }
    return "unpriced";
}

} // namespace

std::int64_t wholeCount(Millionths count)
{
    return static_cast<std::int64_t>(divideHalfEven(count, onePpm));
}

std::string pricePerMillion(std::int64_t femto)
{
    return formatDecimal(static_cast<Int128>(femto) * 1'000'000, Femto::scale);
}

namespace {

std::string clockText(std::int32_t minute)
{
    char text[16];
    std::snprintf(text, sizeof text, "%02d:%02d", minute / 60, minute % 60);
    return text;
}

} // namespace

Json dailyJson(const std::optional<DailyWindow> &daily)
{
    if (!daily)
        return nullptr;
    Json days = Json::array();
    for (int day = 0; day < 7; ++day) {
        if ((daily->weekdays >> day) & 1)
            days.push_back(day + 1);
    }
    return {{"weekdays", days}, {"from", clockText(daily->fromMinute)}, {"to", clockText(daily->toMinute)}};
}

std::string hoursText(const DailyWindow &daily)
{
    static constexpr std::array<const char *, 7> names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    std::string days;
    for (std::size_t first = 0; first < names.size() && daily.weekdays != 0x7f; ++first) {
        if (((daily.weekdays >> first) & 1) == 0)
            continue;
        std::size_t last = first;
        while (last + 1 < names.size() && ((daily.weekdays >> (last + 1)) & 1) != 0)
            ++last;
        days += (days.empty() ? "" : ", ") + std::string(names[first]);
        if (last > first)
            days += std::string(last > first + 1 ? "-" : ", ") + names[last];
        first = last;
    }
    return days + (days.empty() ? "" : " ") + clockText(daily.fromMinute) + "-" + clockText(daily.toMinute) + " UTC";
}

std::string_view matchName(MatchRule rule)
{
    switch (rule) {
    case MatchRule::None:
        return "none";
    case MatchRule::UserMapping:
        return "mapping";
    case MatchRule::Exact:
        return "exact";
    case MatchRule::Alias:
        return "alias";
    case MatchRule::Pattern:
        return "pattern";
    }
    return "none";
}

Json sourceJson(const Source &source)
{
    Json tokens = Json::object();
    for (const UsageClass usageClass : tokenClasses) {
        if (source.tokens[usageClass] != 0)
            tokens[std::string(nameOf(usageClass))] = source.tokens[usageClass];
    }
    if (source.tokens.reasoning != 0)
        tokens[std::string(nameOf(UsageClass::Reasoning))] = source.tokens.reasoning;
    Json rejects = Json::array();
    for (const RejectedRow &row : source.rejects)
        rejects.push_back({{"line", row.line},
                           {"column", row.column.empty() ? Json(nullptr) : Json(row.column)},
                           {"value", row.value},
                           {"reason", row.reason}});
    return {{"id", source.id},
            {"file", source.file},
            {"format", source.format},
            {"why", source.why},
            {"role", sourceRoleNames[static_cast<std::size_t>(source.role)]},
            {"active", source.active},
            {"digest", source.sha256},
            {"content_digest", source.contentSha256.empty() ? Json(nullptr) : Json(source.contentSha256)},
            {"damage", source.damage.empty() ? Json(nullptr) : Json(source.damage)},
            {"bytes", source.bytes},
            {"rows_read", source.rowsRead},
            {"rows_accepted", source.rowsAccepted},
            {"rows_rejected", source.rowsRejected},
            {"rows_duplicate", source.rowsDuplicate},
            {"from", instantOrNull(source.period, source.period.from)},
            {"to", instantOrNull(source.period, source.period.to)},
            {"currency", source.currency.empty() ? Json(nullptr) : Json(source.currency)},
            {"billed", textOrNull(source.billed)},
            {"effective", textOrNull(source.effective)},
            {"list", textOrNull(source.list)},
            {"contracted", textOrNull(source.contracted)},
            {"tokens", tokens},
            {"requests", source.requests},
            {"rejects", rejects},
            {"warnings", source.warnings},
            {"dropped_columns", source.droppedColumns},
            {"hashed_columns", source.hashedColumns}};
}

Json pricedJson(const PriceBook &book, const PricedRequest &priced)
{
    Json lines = Json::array();
    for (const PricedLine &line : priced.lines)
        lines.push_back({{"class", nameOf(line.usageClass)},
                         {"tokens", line.count},
                         {"price_per_million", pricePerMillion(line.femtoEach)},
                         {"cost", line.cost().text()},
                         {"entry", line.entry},
                         {"assumed", line.state == PriceState::Assumed},
                         {"list_price_per_million",
                          line.listFemtoEach ? Json(pricePerMillion(*line.listFemtoEach)) : Json(nullptr)},
                         {"list_cost", amountOrNull(line.listCost())},
                         {"overlays", line.overlays},

                         {"state", priceStateName(line.state)}});
    Json unpriced = Json::array();
    for (const UsageClass usageClass : priced.unpriced)
        unpriced.push_back(nameOf(usageClass));
    const bool nothingPriced = priced.lines.empty() && !priced.unpriced.empty();
    return {{"provider", priced.match.model.found() ? Json(priced.provider) : Json(nullptr)},
            {"model", priced.match.model.found() ? Json(priced.model) : Json(nullptr)},
            {"matched_by", priced.match.model.found() ? Json(priced.match.detail) : Json(nullptr)},
            {"currency", book.currency()},
            {"cost", nothingPriced ? Json(nullptr) : Json(priced.cost.text())},
            {"list_cost", amountOrNull(priced.listCost)},
            {"lines", lines},
            {"unpriced", unpriced}};
}

Json unitJson(const EconomicUnit &unit, const UnitActuals &actuals)
{
    // When nothing has a price the cost is unknown, not nothing.
    const bool unknown = actuals.isUnknown();
    const auto ranked = [unknown](const std::optional<Femto> &rank) {
        return unknown ? std::nullopt : rank;
    };
    std::optional<Femto> perUnit;
    if (actuals.count > 0 && !unknown)
        perUnit = Femto::ofUnits(divideHalfEven(actuals.cost.units(), actuals.count));
    Json months = Json::array();
    for (const UnitActuals::Step &step : actuals.months)
        months.push_back({{"month", monthOf(step.from).text()}, {"count", step.count}, {"cost", step.cost.text()}});
    return {{"name", unit.name},
            {"numerator", numeratorText(unit)},
            {"denominator", denominatorText(unit)},
            {"count", actuals.count},
            {"cost", unknown ? Json(nullptr) : Json(actuals.cost.text())},
            {"cost_per_unit", amountOrNull(perUnit)},
            {"p50", amountOrNull(ranked(actuals.p50))},
            {"p90", amountOrNull(ranked(actuals.p90))},
            {"p99", amountOrNull(ranked(actuals.p99))},
            {"components", componentsJson(actuals.components)},
            {"months", months},
            {"unpriced_tokens", actuals.unpricedTokens},
            {"problem", actuals.problem.empty() ? Json(nullptr) : Json(actuals.problem)}};
}

Json outcomeJson(const Outcome &outcome)
{
    // When nothing has a price the total is unknown, not nothing.
    const bool unknown = outcome.isUnknown();
    Json months = Json::array();
    for (const MonthOutcome &month : outcome.months)
        months.push_back({{"month", month.month.text()},
                          {"total", month.components.total().text()},
                          {"components", componentsJson(month.components)},
                          {"tokens", usageJson(month.usage)}});
    Json groups = Json::array();
    for (const GroupOutcome &group : outcome.groups)
        groups.push_back({{"by", group.by},
                          {"key", group.key.empty() ? Json(nullptr) : Json(group.key)},
                          {"total", group.isUnknown() ? Json(nullptr) : Json(group.components.total().text())},
                          {"components", componentsJson(group.components)},
                          {"requests", wholeCount(group.requests)},
                          {"unpriced_tokens", group.unpricedTokens}});
    Json units = Json::array();
    for (const UnitOutcome &unit : outcome.units)
        units.push_back({{"name", unit.name},
                         {"count", wholeCount(unit.count)},
                         {"cost", unknown ? Json(nullptr) : Json(unit.cost.text())},
                         {"cost_per_unit", amountOrNull(unknown ? std::nullopt : unit.costPerUnit())}});
    Json checks = Json::array();
    for (const OutcomeCheck &check : outcome.checks)
        checks.push_back({{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
    Json pools = Json::array();
    for (const Outcome::Pool &pool : outcome.pools)
        pools.push_back({{"lever", pool.leverId},
                         {"model", pool.model},
                         {"offer", pool.offer},
                         {"term", pool.term},
                         {"units", pool.units},
                         {"fixed_cost", pool.fixedCost.text()},
                         {"spill_cost", pool.spillCost.text()},
                         {"utilisation", formatDecimal(pool.utilisation, 6)},
                         {"spill_share", formatDecimal(pool.spillShare, 6)}});
    return {{"name", outcome.name},
            {"total", unknown ? Json(nullptr) : Json(outcome.total().text())},
            {"list_total", amountOrNull(outcome.listTotal())},
            {"list_unpriced_tokens", outcome.list ? outcome.list->unpricedTokens : outcome.unpriced.tokens},
            {"components", componentsJson(outcome.components)},
            {"months", months},
            {"groups", groups},
            {"requests", wholeCount(outcome.usage[static_cast<std::size_t>(UsageClass::Request)])},
            {"tokens", usageJson(outcome.usage)},
            {"units", units},
            {"quality", nullptr},
            {"unpriced", {{"tokens", outcome.unpriced.tokens}, {"models", outcome.unpriced.models}}},
            {"assumed_tokens", outcome.assumedTokens},
            {"pools", pools},
            {"checks", checks}};
}

Json bridgeJson(const Bridge &bridge)
{
    Json parts = Json::array();
    for (const BridgePart &part : bridge.parts)
        parts.push_back({{"lever", part.leverId},
                         {"label", part.label},
                         {"amount", part.amount.text()},
                         {"min", part.minimum.text()},
                         {"max", part.maximum.text()},
                         {"alone", part.alone.text()},
                         {"last", part.last.text()}});
    Json interactions = Json::array();
    for (const BridgeInteraction &interaction : bridge.interactions)
        interactions.push_back({{"a", interaction.a}, {"b", interaction.b}, {"amount", interaction.amount.text()}});
    return {{"from", bridge.from},     {"to", bridge.to},
            {"method", bridge.method}, {"total", bridge.total().text()},
            {"parts", parts},          {"interactions", interactions}};
}

Json overlaysJson(const std::vector<PriceOverlay> &overlays)
{
    return Json::parse(writeOverlays(overlays)).at("overlays");
}

Json evaluatedJson(const Evaluated &evaluated)
{
    const Baseline &baseline = *evaluated.baseline;
    Json scenarios = Json::array();
    for (const Outcome &outcome : evaluated.outcomes)
        scenarios.push_back(outcomeJson(outcome));
    return {{"currency", baseline.currency()},
            {"baseline",
             {{"from", instantOrNull(baseline.period(), baseline.period().from)},
              {"to", instantOrNull(baseline.period(), baseline.period().to)},
              {"digest", baseline.digest()},
              {"horizon_months", baseline.settings().horizonMonths},
              {"requests", baseline.requestCount()},
              {"not_convertible", evaluated.ledger->notConvertible}}},
            {"prices_as_of", baseline.book().asOf()},
            {"engine", engineVersion},
            {"scenarios", scenarios},
            {"bridge", nullptr}};
}

} // namespace perunit
