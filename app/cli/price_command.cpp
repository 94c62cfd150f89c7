// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/clock.h"
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "pricing/catalogue/catalogue_file.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

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

} // namespace

void addPriceCommand(CLI::App &app, CommandOutcome &outcome)
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

} // namespace perunit
