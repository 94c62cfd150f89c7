// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "pricing/catalogue/catalogue_file.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct PriceArguments {
    std::string provider;
    std::string model;
    std::string at;
    std::string tier = "standard";
    std::string region;
    std::string usage;
    std::string requests;
    std::vector<std::string> catalogues;
    bool json = false;
};

/// Only the command line asks for the time: the layers below take it as an argument.
Instant now()
{
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(sinceEpoch).count()};
}

Instant startOfToday()
{
    return {dayOf(now()) * microsPerDay};
}

Result<std::shared_ptr<const PriceBook>> bookOf(const std::vector<std::string> &files)
{
    if (files.empty())
        return priceBookFor({});
    std::vector<std::shared_ptr<const Catalogue>> layers;
    for (const std::string &file : files) {
        auto catalogue = readAddedCatalogue(file, alwaysBefore);
        if (!catalogue)
            return catalogue.error();
        layers.push_back(catalogue->content);
    }
    return std::make_shared<const PriceBook>(std::move(layers), std::vector<ModelMapping>{});
}

Result<Usage> usageOf(const Json &json)
{
    if (!json.is_object())
        return Error{ErrorCode::BadInput, "usage must be an object of class and count", "/usage", ""};
    Usage usage;
    for (const auto &[name, value] : json.items()) {
        const auto usageClass = usageClassNamed(name);
        if (!usageClass && name != "reasoning") {
            std::string known;
            for (const std::string_view each : usageClassNames)
                known += (known.empty() ? "" : ", ") + std::string(each);
            return Error{ErrorCode::BadInput, "'" + name + "' is not a usage class", "/usage/" + name,
                         "known are " + known};
        }
        if (!value.is_number_integer() || value.get<std::int64_t>() < 0)
            return Error{ErrorCode::BadInput, "a count must be a whole number of at least 0", "/usage/" + name, ""};
        (usageClass ? usage[*usageClass] : usage.reasoning) = value.get<std::int64_t>();
    }
    return usage;
}

Result<RequestToPrice> requestOf(const std::string &provider, const std::string &model, const std::string &region,
                                 const std::string &at, const std::string &tier, const Json &usage)
{
    RequestToPrice request;
    request.provider = provider;
    request.model = model;
    request.region = region;
    const auto instant = at.empty() ? Result<Instant>(now()) : parseInstant(at);
    if (!instant)
        return instant.error().in("/at");
    request.at = *instant;
    const auto known = serviceTierNamed(tier);
    if (!known)
        return Error{ErrorCode::BadInput, "'" + tier + "' is not a service tier", "/tier",
                     "use standard, batch, flex or priority"};
    request.tier = *known;
    auto counts = usageOf(usage);
    if (!counts)
        return counts.error();
    request.usage = *counts;
    return request;
}

std::string stringAt(const Json &object, const char *key, const char *otherwise)
{
    const auto found = object.find(key);
    if (found == object.end() || found->is_null())
        return otherwise;
    if (!found->is_string())
        throw std::invalid_argument(std::string("/") + key + " must be a text");
    return found->get<std::string>();
}

/// One line of a request list; anything wrong becomes an error of that line.
Result<RequestToPrice> requestOfLine(const std::string &line)
{
    try {
        const Json object = Json::parse(line);
        if (!object.is_object() || !object.contains("usage"))
            return Error{ErrorCode::BadInput, "a request is an object with provider, model and usage", "", ""};
        return requestOf(stringAt(object, "provider", ""), stringAt(object, "model", ""),
                         stringAt(object, "region", ""), stringAt(object, "at", ""),
                         stringAt(object, "tier", "standard"), object.at("usage"));
    } catch (const std::exception &failure) {
        return Error{ErrorCode::BadInput, failure.what(), "", ""};
    }
}

void printPriced(const PriceBook &book, const PriceArguments &arguments, const PricedRequest &priced)
{
    if (!priced.match.model.found()) {
        std::printf("%s: no price is known for this model\n", arguments.model.c_str());
        return;
    }
    std::printf("%s/%s (%s)\n", priced.provider.c_str(), priced.model.c_str(), priced.match.detail.c_str());
    std::vector<std::vector<std::string>> rows{{"class", "count", "per million", "cost", "entry"}};
    for (const PricedLine &line : priced.lines)
        rows.push_back({std::string(nameOf(line.usageClass)), std::to_string(line.count),
                        pricePerMillion(line.femtoEach), line.cost().text(),
                        line.entry + (line.state == PriceState::Assumed ? " (assumed)" : "")});
    for (const UsageClass usageClass : priced.unpriced)
        rows.push_back({std::string(nameOf(usageClass)), "", "", "unpriced", ""});
    std::fputs(textTable(rows, {false, true, true, true, false}).c_str(), stdout);
    std::printf("cost %s %s\n", priced.cost.text().c_str(), book.currency().c_str());
}

void priceList(const PriceBook &book, const PriceArguments &arguments, CommandOutcome &outcome)
{
    std::ifstream file(arguments.requests);
    if (!file)
        return fail(outcome, {ErrorCode::NotFound, "the file cannot be read", arguments.requests, ""});
    std::string line;
    for (std::int64_t number = 1; std::getline(file, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        const auto request = requestOfLine(line);
        if (request) {
            std::puts(pricedJson(book, priceRequest(book, *request))
                          .dump(-1, ' ', false, Json::error_handler_t::replace)
                          .c_str());
            continue;
        }
        const Error error = request.error().in(arguments.requests + ", line " + std::to_string(number));
        std::fprintf(stderr, "perunit: %s\n", error.text().c_str());
        // A line for a line: scripts join the results to their requests by position.
        std::puts(Json{{"cost", nullptr}, {"error", error.text()}}
                      .dump(-1, ' ', false, Json::error_handler_t::replace)
                      .c_str());
        outcome.status = ExitStatus::DoneWithRejects;
    }
}

void runPrice(const PriceArguments &arguments, CommandOutcome &outcome)
{
    const auto book = bookOf(arguments.catalogues);
    if (!book)
        return fail(outcome, book.error());
    if (!arguments.requests.empty())
        return priceList(**book, arguments, outcome);
    const Json usage = Json::parse(arguments.usage, nullptr, false);
    if (usage.is_discarded())
        return fail(outcome, {ErrorCode::BadInput, "--usage is not JSON", "", "write it like '{\"input\":100}'"});
    const auto request =
        requestOf(arguments.provider, arguments.model, arguments.region, arguments.at, arguments.tier, usage);
    if (!request)
        return fail(outcome, request.error());
    const PricedRequest priced = priceRequest(**book, *request);
    if (arguments.json)
        std::puts(pricedJson(**book, priced).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        printPriced(**book, arguments, priced);
}

void addPrice(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<PriceArguments>();
    CLI::App *command = app.add_subcommand("price", "Price one request, or a list of them");
    command->add_option("--provider", arguments->provider, "Provider as recorded");
    auto *model = command->add_option("--model", arguments->model, "Model as recorded");
    command->add_option("--at", arguments->at, "Time of the request, RFC 3339; now when absent");
    command->add_option("--tier", arguments->tier, "standard, batch, flex or priority")
        ->check(CLI::IsMember({"standard", "batch", "flex", "priority", "provisioned"}));
    command->add_option("--region", arguments->region, "Region as recorded");
    auto *usage = command->add_option("--usage", arguments->usage, "Counts per class as a JSON object");
    auto *requests = command->add_option("--requests", arguments->requests,
                                         "A list instead: one JSON object {provider, model, at, tier, usage} a line");
    command->add_option("--catalogue", arguments->catalogues, "Price with these catalogues instead of the bundled one");
    command->add_flag("--json", arguments->json, "Print one JSON document");
    requests->excludes(usage);
    requests->excludes(model);
    command->callback([arguments, &outcome] {
        if (arguments->requests.empty() && (arguments->model.empty() || arguments->usage.empty()))
            throw CLI::RequiredError("--model and --usage, or --requests");
        runPrice(*arguments, outcome);
    });
}

struct CatalogueArguments {
    std::string workspace;
    std::string model;
    std::string file;
    std::string effectiveFrom;
    bool offers = false;
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

void listOffers(const PriceBook &book, bool json)
{
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows{{"offer", "term", "price per unit", "", "models"}};
    for (const ProvisionedOffer *offer : book.offers()) {
        Json terms = Json::array();
        for (const ProvisionedTerm &term : offer->terms) {
            const std::string price = Femto::ofUnits(term.femto).text();
            terms.push_back({{"term", term.term}, {"price", price}, {"per", term.perHour ? "hour" : "month"}});
            rows.push_back({offer->id, term.term, price, term.perHour ? "an hour" : "a month",
                            std::to_string(offer->throughput.size())});
        }
        Json models = Json::array();
        for (const ProvisionedThroughput &model : offer->throughput)
            models.push_back(model.model);
        list.push_back({{"offer", offer->id},
                        {"name", offer->name},
                        {"unit", offer->unitName},
                        {"terms", terms},
                        {"models", models},
                        {"source", offer->source},
                        {"checked", offer->checked}});
    }
    if (json)
        std::puts(Json{{"offers", list}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        std::fputs(textTable(rows, {false, false, true, false, true}).c_str(), stdout);
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
    if (arguments.offers)
        listOffers(**book, arguments.json);
    else
        listModels(**book, arguments.json);
}

std::string validityText(const Period &valid)
{
    const std::string from = valid.from == alwaysBefore ? "" : "from " + formatInstant(valid.from);
    const std::string to = valid.to == alwaysAfter ? "" : "to " + formatInstant(valid.to);
    return from + (from.empty() || to.empty() ? "" : " ") + to;
}

Json rateJson(const Rate &rate)
{
    Json prices = Json::object();
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (rate.prices[i])
            prices[std::string(usageClassNames[i])] = pricePerMillion(rate.prices[i]->femto);
    }
    constexpr std::array<std::string_view, 5> statuses{"published", "announced", "cancelled", "contract", "estimated"};
    return {{"id", rate.id},
            {"from", rate.valid.from == alwaysBefore ? Json(nullptr) : Json(formatInstant(rate.valid.from))},
            {"to", rate.valid.to == alwaysAfter ? Json(nullptr) : Json(formatInstant(rate.valid.to))},
            {"tier", nameOf(rate.tier)},
            {"region", rate.region.empty() ? Json(nullptr) : Json(rate.region)},
            {"prompt_above", rate.context ? Json(rate.context->tokens) : Json(nullptr)},
            {"status", statuses[static_cast<std::size_t>(rate.status)]},
            {"prices_per_million", prices},
            {"source", rate.source},
            {"checked", rate.checked},
            {"grade", rate.grade}};
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
    std::vector<std::vector<std::string>> rows{
        {"rate", "tier", "valid", "prompt above", "class", "per million", "source"}};
    for (const Rate &rate : model.rates) {
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (rate.prices[i])
                rows.push_back({rate.id, std::string(nameOf(rate.tier)), validityText(rate.valid),
                                rate.context ? std::to_string(rate.context->tokens) : "",
                                std::string(usageClassNames[i]), pricePerMillion(rate.prices[i]->femto), rate.source});
        }
    }
    std::fputs(textTable(rows, {false, false, false, true, false, true, false}).c_str(), stdout);
}

void runCatalogueImport(const CatalogueArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, true);
    if (!session)
        return fail(outcome, session.error());
    Instant from = startOfToday();
    if (!arguments.effectiveFrom.empty()) {
        const auto parsed = parseInstant(arguments.effectiveFrom);
        if (!parsed)
            return fail(outcome, parsed.error().in("--effective-from"));
        from = *parsed;
    } else {
        std::fprintf(stderr,
                     "perunit: prices without a date are taken from %s on; give --effective-from for another day\n",
                     formatDate(from).c_str());
    }
    auto catalogue = readAddedCatalogue(arguments.file, from);
    if (!catalogue)
        return fail(outcome, catalogue.error());
    WorkspaceState next = session->state;
    std::erase_if(next.catalogues, [&catalogue](const auto &known) { return known.file == catalogue->file; });
    next.catalogues.push_back(*catalogue);
    if (auto status = writeState(*session->store, session->state, next); !status)
        return fail(outcome, status.error());
    const Catalogue &content = *catalogue->content;
    if (arguments.json)
        std::puts(Json{{"file", catalogue->file},
                       {"name", content.name},
                       {"as_of", content.asOf.empty() ? Json(nullptr) : Json(content.asOf)},
                       {"effective_from", formatInstant(from)},
                       {"models", content.models.size()},
                       {"left_out", catalogue->issues->size()}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    else
        std::printf("%s: %zu models, %zu prices left out\n", catalogue->file.c_str(), content.models.size(),
                    catalogue->issues->size());
    if (!catalogue->issues->empty())
        outcome.status = ExitStatus::DoneWithRejects;
}

void addCatalogue(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<CatalogueArguments>();
    CLI::App *catalogue = app.add_subcommand("catalogue", "Look at prices and add catalogues to a workspace");
    catalogue->require_subcommand(1);

    CLI::App *list = catalogue->add_subcommand("list", "All models with their price today");
    list->add_option("-w,--workspace", arguments->workspace, "Also the catalogues of this workspace");
    list->add_flag("--offers", arguments->offers, "Provisioned throughput offers instead of models");
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
                          "Day from which prices without a date hold; today when absent");
    importing->add_flag("--json", arguments->json, "Print one JSON document");
    importing->add_option("FILE", arguments->file, "Perunit or LiteLLM JSON")->required();
    importing->callback([arguments, &outcome] { runCatalogueImport(*arguments, outcome); });
}

} // namespace

void addPriceCommands(CLI::App &app, CommandOutcome &outcome)
{
    addPrice(app, outcome);
    addCatalogue(app, outcome);
}

} // namespace perunit
