// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/catalogue_diff_command.h"
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/model_names_command.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"
#include "app/document/clock.h"

#include "model/figures/figure_builder.h"
#include "pricing/catalogue/catalogue_file.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct CatalogueArguments {
    std::string workspace;
    std::string model;
    std::string file;
    std::string effectiveFrom;
    std::string mapping;
    bool offers = false;
    bool acceptSuspicious = false;
    bool dryRun = false;
    bool harness = false;
    bool json = false;
};

Result<std::shared_ptr<const PriceBook>> bookOfWorkspace(const std::string &workspace)
{
    if (workspace.empty())
        return priceBookFor({});
    auto session = openSession(workspace, false);
    if (!session)
        return session.error();
    return session->book;
}

std::string validityText(const Period &valid)
{
    const std::string from = valid.from == alwaysBefore ? "" : "from " + formatInstant(valid.from);
    const std::string to = valid.to == alwaysAfter ? "" : "to " + formatInstant(valid.to);
    return from + (from.empty() || to.empty() ? "" : " ") + to;
}

Json numberOrNull(std::int64_t number)
{
    return number > 0 ? Json(number) : Json(nullptr);
}

std::string weightText(PartsPerMillion weight)
{
    return formatDecimal(weight, 6);
}

Json throughputJson(const ProvisionedThroughput &each)
{
    Json model{{"model", each.model},
               {"valid", validityText(each.valid)},
               {"input_tokens_per_minute", numberOrNull(each.inputTokensPerMinute)},
               {"output_tokens_per_minute", numberOrNull(each.outputTokensPerMinute)},
               {"minimum_units", each.minimumUnits},
               {"step_units", each.stepUnits},
               {"maximum_prompt_tokens", numberOrNull(each.maximumPromptTokens)}};
    if (!each.weightsKnown) {
        model["weights"] = nullptr;
    } else {
        model["weights"] = {{"input", weightText(each.inputWeight)},
                            {"cache_read", weightText(each.cacheReadWeight)},
                            {"cache_write_5m", weightText(each.cacheWriteWeight)},
                            {"cache_write_1h", weightText(each.cacheWrite1hWeight)},
                            {"output", weightText(each.outputWeight)}};
        for (const ClassWeight &other : each.otherWeights)
            model["weights"][std::string(nameOf(other.usageClass))] = weightText(other.weight);
    }
    if (const auto &longer = each.longPrompt)
        model["long_prompt"] = {{longer->from.inclusive ? "gte" : "gt", longer->from.tokens},
                                {"input", weightText(longer->inputWeight)},
                                {"cache_read", weightText(longer->cacheReadWeight)},
                                {"cache_write_5m", weightText(longer->cacheWriteWeight)},
                                {"cache_write_1h", weightText(longer->cacheWrite1hWeight)},
                                {"output", weightText(longer->outputWeight)}};
    if (!each.note.empty())
        model["note"] = each.note;
    return model;
}

void listOffers(const PriceBook &book, bool json)
{
    static constexpr std::array<const char *, 3> overflows{"unknown", "list price", "rejected"};
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{{"offer", "term", "price per unit", "", "models", "not public"}};
    for (const ProvisionedOffer *offer : book.offers()) {
        const auto hidden =
            std::count_if(offer->throughput.begin(), offer->throughput.end(), [](const ProvisionedThroughput &each) {
                return each.inputTokensPerMinute == 0 || !each.weightsKnown;
            });
        std::string gaps = hidden > 0 ? "throughput of " + std::to_string(hidden) : "";
        if (offer->throughput.empty())
            gaps = "throughput";
        Json terms = Json::array();
        for (const ProvisionedTerm &term : offer->terms) {
            const std::string price = Femto::ofUnits(term.femto).text();
            terms.push_back({{"term", term.term},
                             {"price", term.priceKnown ? Json(price) : Json(nullptr)},
                             {"per", term.perHour ? "hour" : "month"},
                             {"minimum_days", numberOrNull(term.minimumDays)},
                             {"valid", validityText(term.valid)}});
            const std::string unknown = term.priceKnown ? gaps : gaps.empty() ? "price" : "price, " + gaps;
            rows.push_back({offer->id, term.term, term.priceKnown ? price : "–", term.perHour ? "an hour" : "a month",
                            std::to_string(offer->throughput.size()), unknown});
        }
        Json models = Json::array();
        Json throughput = Json::array();
        for (const ProvisionedThroughput &model : offer->throughput) {
            models.push_back(model.model);
            throughput.push_back(throughputJson(model));
        }
        list.push_back({{"offer", offer->id},
                        {"name", offer->name},
                        {"unit", offer->unitName},
                        {"overflow", overflows[static_cast<std::size_t>(offer->overflow)]},
                        {"separate_output_units", offer->separateOutputUnits},
                        {"terms", terms},
                        {"models", models},
                        {"throughput", throughput},
                        {"source", offer->source},
                        {"checked", offer->checked},
                        {"grade", offer->grade},
                        {"note", offer->note}});
    }
    if (json)
        std::puts(Json{{"offers", list}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        std::fputs(textTable(rows, {false, false, true, false, true, false}).c_str(), stdout);
}

/// Prices of what stands around the models ship with the program; workspaces have none of their own.
void listHarness(bool json)
{
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{{"component", "provider", "product", "price", "for one", "place"}};
    for (const HarnessPrice &price : bundledCatalogue().harness) {
        const std::string lowest = Femto::ofUnits(price.lowest.femto).text();
        const std::string highest = Femto::ofUnits(price.highest.femto).text();
        std::string place = price.region;
        if (!price.toRegion.empty())
            place += (place.empty() ? "to " : " to ") + price.toRegion;
        list.push_back({{"id", price.id},
                        {"component", std::string(nameOf(price.component))},
                        {"provider", price.provider},
                        {"product", price.product},
                        {"region", price.region},
                        {"to_region", price.toRegion},
                        {"unit", price.unit},
                        {"lowest", lowest},
                        {"highest", highest},
                        {"above", price.above},
                        {"valid", validityText(price.valid)},
                        {"source", price.source},
                        {"checked", price.checked},
                        {"grade", price.grade},
                        {"note", price.note}});
        std::string unit = price.unit;
        if (price.above > 0)
            unit += " above " + std::to_string(price.above);
        std::string amount = lowest;
        if (lowest != highest)
            amount.append(" to ").append(highest);
        rows.push_back({std::string(nameOf(price.component)), price.provider, price.product, amount, unit, place});
    }
    if (json)
        std::puts(Json{{"currency", bundledCatalogue().currency}, {"harness", list}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    else
        std::fputs(textTable(rows, {false, false, false, true, false, false}).c_str(), stdout);
}

void listModels(const PriceBook &book, bool json)
{
    const Instant at = now();
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{{"provider", "model", "input", "cache read", "output", "catalogue"}};
    for (std::size_t i = 0; i < book.modelCount(); ++i) {
        const ModelIndex index{static_cast<std::int32_t>(i)};
        const CatalogueModel &model = book.model(index);
        const RateCard card = book.rateCard(index, ServiceTier::Standard, "", at);
        const auto price = [&card](UsageClass usageClass) -> std::optional<std::string> {
            if (card.bands.empty())
                return std::nullopt;
            const ClassPrice &each = card.bands.front().prices[static_cast<std::size_t>(usageClass)];
            if (each.state == PriceState::Unpriced)
                return std::nullopt;
            return pricePerMillion(each.femto);
        };
        const auto orNull = [](const std::optional<std::string> &text) {
            return text ? Json(*text) : Json(nullptr);
        };
        const auto input = price(UsageClass::Input);
        const auto read = price(UsageClass::CacheRead);
        const auto output = price(UsageClass::Output);
        list.push_back({{"provider", model.key.provider},
                        {"model", model.key.model},
                        {"input", orNull(input)},
                        {"cache_read", orNull(read)},
                        {"output", orNull(output)},
                        {"catalogue", book.catalogueOf(index)}});
        rows.push_back({model.key.provider, model.key.model, input.value_or("–"), read.value_or("–"),
                        output.value_or("–"), book.catalogueOf(index)});
    }
    if (json)
        std::puts(Json{{"currency", book.currency()}, {"as_of", book.asOf()}, {"models", list}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    else
        std::fputs(textTable(rows, {false, false, true, true, true, false}).c_str(), stdout);
}

void runCatalogueList(const CatalogueArguments &arguments, CommandOutcome &outcome)
{
    const auto book = bookOfWorkspace(arguments.workspace);
    if (!book)
        return fail(outcome, book.error());
    if (arguments.harness)
        listHarness(arguments.json);
    else if (arguments.offers)
        listOffers(**book, arguments.json);
    else
        listModels(**book, arguments.json);
}

constexpr std::array<std::string_view, 5> rateStatusNames{"published", "announced", "cancelled", "contract",
                                                          "estimated"};

Json rateJson(const Rate &rate)
{
    Json prices = Json::object();
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (rate.prices[i])
            prices[std::string(usageClassNames[i])] = pricePerMillion(rate.prices[i]->femto);
    }
    return {{"id", rate.id},
            {"from", rate.valid.from == alwaysBefore ? Json(nullptr) : Json(formatInstant(rate.valid.from))},
            {"to", rate.valid.to == alwaysAfter ? Json(nullptr) : Json(formatInstant(rate.valid.to))},
            {"tier", nameOf(rate.tier)},
            {"region", rate.region.empty() ? Json(nullptr) : Json(rate.region)},
            {"prompt_above", rate.context ? Json(rate.context->tokens) : Json(nullptr)},
            {"prompt_inclusive", rate.context ? Json(rate.context->inclusive) : Json(nullptr)},
            {"daily_utc", dailyJson(rate.daily)},
            {"status", rateStatusNames[static_cast<std::size_t>(rate.status)]},
            {"prices_per_million", prices},
            {"source", rate.source},
            {"checked", rate.checked},
            {"grade", rate.grade},
            {"note", rate.note}};
}

/// When a rate holds beside its dates and tier: "us; Mon-Fri 01:00-04:00 UTC; prompt > 200000".
std::string conditionText(const Rate &rate)
{
    std::string text = rate.region;
    const auto add = [&text](const std::string &part) {
        text += (text.empty() ? "" : "; ") + part;
    };
    if (rate.daily)
        add(hoursText(*rate.daily));
    if (rate.context)
        add((rate.context->inclusive ? "prompt >= " : "prompt > ") + std::to_string(rate.context->tokens));
    if (rate.status != RateStatus::Published)
        add(std::string(rateStatusNames[static_cast<std::size_t>(rate.status)]));
    return text;
}

void runCatalogueShow(const CatalogueArguments &arguments, CommandOutcome &outcome)
{
    const auto book = bookOfWorkspace(arguments.workspace);
    if (!book)
        return fail(outcome, book.error());
    const auto slash = arguments.model.find('/');
    ModelMatch match = slash == std::string::npos
                           ? (*book)->resolve("", arguments.model)
                           : (*book)->resolve(arguments.model.substr(0, slash), arguments.model.substr(slash + 1));
    if (!match.model.found())
        match = (*book)->resolve("", arguments.model);
    if (!match.model.found())
        return fail(outcome, {ErrorCode::NotFound, "no catalogue model has this name", arguments.model,
                              "write it as provider/model; see 'perunit catalogue list'"});
    const CatalogueModel &model = (*book)->model(match.model);
    if (arguments.json) {
        Json rates = Json::array();
        for (const Rate &rate : model.rates)
            rates.push_back(rateJson(rate));
        std::puts(Json{{"provider", model.key.provider},
                       {"model", model.key.model},
                       {"name", model.displayName},
                       {"aliases", model.aliases},
                       {"matched_by", match.detail},
                       {"rates", rates}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
        return;
    }
    std::printf("%s/%s  %s\n", model.key.provider.c_str(), model.key.model.c_str(), model.displayName.c_str());
    std::vector<std::vector<std::string>> rows{{"rate", "tier", "valid", "only", "class", "per million", "source"}};
    for (const Rate &rate : model.rates) {
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (rate.prices[i])
                rows.push_back({rate.id, std::string(nameOf(rate.tier)), validityText(rate.valid), conditionText(rate),
                                std::string(usageClassNames[i]), pricePerMillion(rate.prices[i]->femto), rate.source});
        }
    }
    std::fputs(textTable(rows, {false, false, false, false, false, true, false}).c_str(), stdout);
}

Json issuesJson(const std::vector<CatalogueIssue> &issues)
{
    Json list = Json::array();
    for (const CatalogueIssue &issue : issues)
        list.push_back({{"path", issue.path}, {"reason", issue.reason}});
    return list;
}

/// The first ones; catalogues of thousands of models have hundreds, and `--json` has them all.
void printIssues(const std::string &file, const std::vector<CatalogueIssue> &issues)
{
    constexpr std::size_t shown = 20;
    for (std::size_t i = 0; i < std::min(shown, issues.size()); ++i)
        std::fprintf(stderr, "%s: %s: %s\n", file.c_str(), issues[i].path.c_str(), issues[i].reason.c_str());
    if (issues.size() > shown)
        std::fprintf(stderr, "%s: and %zu more; --json prints them all\n", file.c_str(), issues.size() - shown);
}

void reportImport(const CatalogueArguments &arguments, const CataloguePreview &preview)
{
    const AddedCatalogue &catalogue = preview.catalogue;
    const Catalogue &content = *catalogue.content;
    if (arguments.json) {
        Json heldBack = Json::array();
        for (const ModelKey &key : catalogue.heldBack)
            heldBack.push_back({{"provider", key.provider}, {"model", key.model}});
        Json json{{"file", catalogue.file},
                  {"name", content.name},
                  {"format", catalogue.format},
                  {"why", catalogue.why},
                  {"as_of", content.asOf.empty() ? Json(nullptr) : Json(content.asOf)},
                  {"effective_from", catalogue.dated || catalogue.effectiveFrom == alwaysBefore
                                         ? Json(nullptr)
                                         : Json(formatInstant(catalogue.effectiveFrom))},
                  {"models", content.models.size()},
                  {"left_out", catalogue.issues->size()},
                  {"issues", issuesJson(*catalogue.issues)},
                  {"held_back", heldBack},
                  {"conflicting_models", preview.conflicts},
                  {"added", !arguments.dryRun}};
        json["diff"] = diffJson(preview.diff);
        json["effect"] = preview.effect ? effectJson(*preview.effect) : Json(nullptr);
        json["history"] = preview.historyBefore && preview.historyAfter
                              ? Json{{"before", preview.historyBefore->text()}, {"after", preview.historyAfter->text()}}
                              : Json(nullptr);
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    std::printf("%s: %zu models, %zu prices left out or read with a reservation\n", catalogue.file.c_str(),
                content.models.size(), catalogue.issues->size());
    printDiff(preview.diff, 20);
    if (!catalogue.heldBack.empty())
        std::printf("%zu models keep their present prices, because one of the new ones at least doubles or halves; "
                    "--accept-suspicious takes them\n",
                    catalogue.heldBack.size());
    if (preview.conflicts > 0)
        std::printf("on %zu models it disagrees with the catalogues below it; this one counts\n", preview.conflicts);
    if (preview.effect)
        printEffect(*preview.effect);
    if (preview.historyBefore && preview.historyAfter) {
        const auto text = [&content](Femto cost) {
            return moneyText(cost, content.currency);
        };
        if (*preview.historyBefore == *preview.historyAfter)
            std::printf("At the prices of its own time it stays at %s\n", text(*preview.historyAfter).c_str());
        else
            std::printf("At the prices of its own time, past included: %s -> %s (%s)\n",
                        text(*preview.historyBefore).c_str(), text(*preview.historyAfter).c_str(),
                        changeText(*preview.historyBefore, *preview.historyAfter).c_str());
    }
    if (arguments.dryRun)
        std::puts("nothing was added");
}

/// The workspace to import into. A dry run stores nothing, not even an empty workspace.
Result<Session> sessionFor(const CatalogueArguments &arguments)
{
    std::error_code ignored;
    if (!arguments.dryRun || std::filesystem::exists(arguments.workspace, ignored))
        return openSession(arguments.workspace, !arguments.dryRun);
    Session session;
    session.book = priceBookFor(session.state);
    return session;
}

void runCatalogueImport(const CatalogueArguments &arguments, CommandOutcome &outcome)
{
    Instant from = startOfToday();
    if (arguments.effectiveFrom == "always") {
        from = alwaysBefore;
    } else if (!arguments.effectiveFrom.empty()) {
        const auto parsed = parseInstant(arguments.effectiveFrom);
        if (!parsed)
            return fail(outcome, parsed.error().in("--effective-from"));
        from = *parsed;
    }
    std::string mapping;
    if (!arguments.mapping.empty()) {
        auto text = readTextFile(arguments.mapping);
        if (!text)
            return fail(outcome, text.error());
        mapping = std::move(*text);
    }
    auto catalogue = readAddedCatalogue(arguments.file, from, mapping);
    if (!catalogue)
        return fail(outcome, catalogue.error());
    auto session = sessionFor(arguments);
    if (!session)
        return fail(outcome, session.error());
    const auto ledger = session->store ? session->store->readLedger({}) : Result<Ledger>(Ledger{});
    if (!ledger)
        return fail(outcome, ledger.error());
    if (!catalogue->dated && arguments.effectiveFrom.empty())
        std::fprintf(stderr,
                     "perunit: the file carries no dates, so its prices hold from %s on; give --effective-from for "
                     "another day\n",
                     formatDate(from).c_str());
    const auto preview =
        previewCatalogue(session->state, std::move(*catalogue),
                         arguments.acceptSuspicious ? SuspiciousPrices::Accept : SuspiciousPrices::HoldBack, &*ledger,
                         startOfToday(), {});
    if (!preview)
        return fail(outcome, preview.error());
    if (!arguments.dryRun) {
        WorkspaceState next = session->state;
        putCatalogue(next, preview->catalogue);
        if (auto status = saveSession(*session, next); !status)
            return fail(outcome, status.error());
    }
    reportImport(arguments, *preview);
    printIssues(preview->catalogue.file, *preview->catalogue.issues);
    if (!preview->catalogue.issues->empty() || !preview->catalogue.heldBack.empty())
        outcome.status = ExitStatus::DoneWithRejects;
}

} // namespace

void addCatalogueCommands(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<CatalogueArguments>();
    CLI::App *catalogue = app.add_subcommand("catalogue", "Look at prices and add catalogues to a workspace");
    catalogue->require_subcommand(1);

    CLI::App *list = catalogue->add_subcommand("list", "All models with their price today");
    list->add_option("-w,--workspace", arguments->workspace, "Also the catalogues of this workspace");
    list->add_flag("--offers", arguments->offers, "Provisioned throughput offers instead of models");
    list->add_flag("--harness", arguments->harness, "Prices of databases, traffic, logs and GPUs instead of models")
        ->excludes("--offers");
    list->add_flag("--json", arguments->json, "Print one JSON document");
    list->callback([arguments, &outcome] { runCatalogueList(*arguments, outcome); });

    CLI::App *show = catalogue->add_subcommand("show", "All rates of one model");
    show->add_option("-w,--workspace", arguments->workspace, "Also the catalogues of this workspace");
    show->add_option("MODEL", arguments->model, "provider/model, or a name as recorded")->required();
    show->add_flag("--json", arguments->json, "Print one JSON document");
    show->callback([arguments, &outcome] { runCatalogueShow(*arguments, outcome); });

    CLI::App *importing = catalogue->add_subcommand("import", "Add a catalogue file to a workspace");
    importing->add_option("-w,--workspace", arguments->workspace, "Workspace file; created when it does not exist")
        ->required();
    importing->add_option("--effective-from", arguments->effectiveFrom,
                          "Day from which prices without a date hold, or 'always'; today when absent");
    importing->add_flag("--accept-suspicious", arguments->acceptSuspicious,
                        "Also take prices that at least double or halve");
    importing->add_flag("--dry-run", arguments->dryRun, "Only say what would change");
    importing->add_flag("--json", arguments->json, "Print one JSON document");
    importing->add_option("--mapping", arguments->mapping, "Columns and units of a price sheet, as JSON");
    importing->add_option("FILE", arguments->file, "A catalogue as JSON, or a price sheet as CSV")->required();
    importing->callback([arguments, &outcome] { runCatalogueImport(*arguments, outcome); });

    addCatalogueDiff(*catalogue, outcome);
    addModelNameCommands(*catalogue, outcome);
    addCatalogueCheckCommand(*catalogue, outcome);
}

} // namespace perunit
