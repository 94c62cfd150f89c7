// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/explain_json.h"

#include "model/engine/explain_text.h"

#include <nlohmann/json.hpp>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> statusNames{"published", "announced", "cancelled", "contract", "estimated"};

Json orNull(const std::string &text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json amountOrNull(const std::optional<Femto> &amount)
{
    return amount ? Json(amount->text()) : Json(nullptr);
}

Json instantOrNull(Instant at)
{
    return at == alwaysBefore || at == alwaysAfter ? Json(nullptr) : Json(formatInstant(at));
}

/// What names the price in short: the id of the rate, the offer, or the lever that set it.
Json entryName(const ExplainedLine &line)
{
    if (!line.price)
        return nullptr;
    const PriceEntry &price = *line.price;
    if (!price.leverId.empty())
        return "lever " + price.leverId;
    return orNull(price.rate.empty() ? price.offer : price.rate);
}

Json priceJson(const PriceEntry &price)
{
    return {{"catalogue", orNull(price.catalogue)},
            {"provider", orNull(price.provider)},
            {"model", orNull(price.model)},
            {"rate", orNull(price.rate)},
            {"offer", orNull(price.offer)},
            {"valid_from", instantOrNull(price.valid.from)},
            {"valid_to", instantOrNull(price.valid.to)},
            {"tier", nameOf(price.tier)},
            {"region", orNull(price.region)},
            {"band", orNull(price.band)},
            {"status", price.rate.empty() ? Json(nullptr) : Json(statusNames[static_cast<std::size_t>(price.status)])},
            {"source", orNull(price.source)},
            {"checked", orNull(price.checked)},
            {"grade", orNull(price.grade)},
            {"assumed", price.assumed},
            {"overlays", price.overlays},
            {"list_price_per_million", price.listFemto ? Json(perMillionText(*price.listFemto)) : Json(nullptr)},
            {"lever", orNull(price.leverId)}};
}

Json rowJson(const ExplainedRow &row, const FileOfSource &fileOf)
{
    const bool isCharge = row.charge.has_value();
    return {{"file", orNull(fileOf(row.sourceId))},
            {"row", row.sourceRow == 0 ? Json(nullptr) : Json(row.sourceRow)},
            {"time", formatInstant(row.time)},
            {"provider", orNull(row.provider)},
            {"model", orNull(row.model)},
            {"tokens", isCharge ? Json(nullptr) : Json(static_cast<std::int64_t>(row.tokens))},
            {"amount", row.amount ? Json(row.amount->text()) : Json(nullptr)}};
}

Json lineJson(const ExplainedLine &line)
{
    Json factors = Json::array();
    for (const ShareFactor &factor : line.factors)
        factors.push_back({{"label", factor.label},
                           {"value", factor.value},
                           {"divides", factor.divides},
                           {"lever", orNull(factor.leverId)}});
    return {{"kind", explainedKindNames[static_cast<std::size_t>(line.kind)]},
            {"component", line.component ? Json(componentNames[static_cast<std::size_t>(*line.component)]) : Json()},
            {"from_month", line.firstMonth ? Json(line.firstMonth->text()) : Json()},
            {"to_month", line.lastMonth ? Json(line.lastMonth->text()) : Json()},
            {"recorded_model", orNull(line.recordedModel)},
            {"model", orNull(line.model)},
            {"tier", line.usageClass ? Json(nameOf(line.tier)) : Json()},
            {"rows", line.rows},
            {"tokens", line.tokens ? Json(static_cast<std::int64_t>(*line.tokens)) : Json()},
            {"tokens_of", line.ofPrompt     ? Json("prompt")
                          : line.usageClass ? Json(nameOf(*line.usageClass))
                                            : Json()},
            {"class", line.usageClass ? Json(nameOf(*line.usageClass)) : Json()},
            {"price_entry", entryName(line)},
            {"price_per_million",
             line.price && line.price->offer.empty() ? Json(perMillionText(line.price->femto)) : Json()},
            {"unit_price", line.price ? Json(Femto::ofUnits(line.price->femto).text()) : Json()},
            {"price", line.price ? priceJson(*line.price) : Json()},
            {"share", orNull(line.share)},
            {"factors", factors},
            {"amount", amountOrNull(line.amount)},
            {"cost", line.amount ? Json(line.cost.text()) : Json()},
            {"lever", orNull(line.leverId)},
            {"detail", orNull(line.detail)}};
}

Json leverJson(const ExplainedLever &explained)
{
    const Lever &lever = explained.lever.lever;
    return {{"id", lever.id},
            {"kind", leverSpec(lever.kind).name},
            {"label", leverSpec(lever.kind).label},
            {"scenario", explained.lever.setBy},
            {"layer", explained.lever.layer},
            {"scope", lever.scope.text()},
            {"from_month", explained.firstMonth.text()},
            {"to_month", explained.lastMonth.text()},
            {"effect", explained.effect},
            {"note", orNull(lever.note)},
            {"owner", orNull(lever.owner)},
            {"grade", orNull(lever.grade)}};
}

} // namespace

Json explanationJson(const Explanation &explanation, const std::vector<std::vector<ExplainedRow>> &rows,
                     const FileOfSource &fileOf)
{
    Json lines = Json::array();
    for (std::size_t i = 0; i < explanation.lines.size(); ++i) {
        Json line = lineJson(explanation.lines[i]);
        if (i < rows.size()) {
            Json list = Json::array();
            for (const ExplainedRow &row : rows[i])
                list.push_back(rowJson(row, fileOf));
            line["ledger_rows"] = list;
        }
        lines.push_back(std::move(line));
    }
    Json levers = Json::array();
    for (const ExplainedLever &lever : explanation.levers)
        levers.push_back(leverJson(lever));
    return {{"cell", explanation.cell.text()},
            {"currency", explanation.isMoney ? Json(explanation.currency) : Json(nullptr)},
            {"amount", amountOrNull(explanation.amount)},
            {"cost", amountOrNull(explanation.cost)},
            {"count", explanation.count ? Json(formatDecimal(*explanation.count, 6)) : Json(nullptr)},
            {"formula", explanation.formula},
            {"lines", lines},
            {"levers", levers},
            {"sum", explanation.sum.text()}};
}

} // namespace perunit
