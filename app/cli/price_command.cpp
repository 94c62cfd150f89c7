// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"
#include "app/document/clock.h"
#include "app/document/workspace_state.h"

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/charge/price_difference.h"
#include "pricing/charge/request_line.h"
#include "pricing/charge/request_pricer.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct PriceArguments {
    std::string provider;
    std::string model;
    std::string at;
    std::string tier;
    std::string region;
    std::string usage;
    std::string requests;
    std::string reading = "library";
    std::vector<std::string> catalogues;
    std::string workspace;
    std::vector<std::string> overlays;
    bool json = false;
};

/// The prices to charge, and beside them what the same files state when they are read as their libraries would.
struct Books {
    std::shared_ptr<const PriceBook> charged;
    std::optional<ComparedBooks> compared;
    /// Of `charged`; a list of requests names the same models again and again.
    std::shared_ptr<RequestPricer> pricer{};
};

/// Overlays of files with the file that each comes from, to say where a wrong name stands.
using GivenOverlays = std::vector<std::pair<std::string, PriceOverlay>>;

Result<GivenOverlays> overlaysOf(const std::vector<std::string> &files)
{
    GivenOverlays given;
    for (const std::string &file : files) {
        const auto overlays = readOverlayFile(file);
        if (!overlays)
            return overlays.error();
        for (const PriceOverlay &overlay : *overlays)
            given.emplace_back(file, overlay);
    }
    return given;
}

/// The prices of the catalogues given, read both ways.
Result<Books> booksOfFiles(const PriceArguments &arguments, const std::vector<PriceOverlay> &overlays)
{
    std::vector<std::shared_ptr<const Catalogue>> stated;
    std::vector<std::shared_ptr<const Catalogue>> library;
    ComparedBooks compared;
    const bool asLibrary = arguments.reading == "library";
    for (const std::string &file : arguments.catalogues) {
        auto own = readAddedCatalogue(file, alwaysBefore);
        if (!own)
            return own.error();
        stated.push_back(own->content);
        if (!asLibrary)
            continue;
        compared.issues.insert(compared.issues.end(), own->issues->begin(), own->issues->end());
        // A price sheet has no library: it charges what it states.
        auto theirs = own->format == "price-sheet"
                          ? Result<CatalogueImport>(CatalogueImport{*own->content, {}, {}, false, {}})
                          : readCatalogue(*own->text, own->file, {alwaysBefore, CatalogueReading::AsItsLibrary});
        if (!theirs)
            return theirs.error().in(file);
        library.push_back(std::make_shared<const Catalogue>(std::move(theirs->catalogue)));
    }
    compared.stated = std::make_shared<const PriceBook>(std::move(stated), std::vector<ModelMapping>{}, overlays);
    if (!asLibrary)
        return Books{compared.stated, std::nullopt};
    compared.library = std::make_shared<const PriceBook>(std::move(library), std::vector<ModelMapping>{}, overlays);
    return Books{compared.library, compared};
}

/// The prices of the workspace, of the catalogues given, or the bundled ones; overlays given come after the
/// workspace's.
Result<Books> booksOf(const PriceArguments &arguments)
{
    WorkspaceState state;
    if (!arguments.workspace.empty()) {
        auto session = openSession(arguments.workspace, false);
        if (!session)
            return session.error();
        state = std::move(session->state);
    }
    const auto given = overlaysOf(arguments.overlays);
    if (!given)
        return given.error();
    for (const auto &[file, overlay] : *given)
        putOverlay(state.overlays, overlay);
    auto books = arguments.catalogues.empty() ? Result<Books>(Books{priceBookFor(state), std::nullopt})
                                              : booksOfFiles(arguments, state.overlays);
    if (!books)
        return books;
    books->pricer = std::make_shared<RequestPricer>(*books->charged);
    for (const auto &[file, overlay] : *given) {
        if (const auto status = checkNames(*books->charged, overlay, file); !status)
            return status.error();
    }
    return books;
}

Result<RequestDefaults> defaultsOf(const PriceArguments &arguments)
{
    RequestDefaults defaults;
    defaults.provider = arguments.provider;
    defaults.model = arguments.model;
    defaults.region = arguments.region;
    const auto instant = arguments.at.empty() ? Result<Instant>(now()) : parseInstant(arguments.at);
    if (!instant)
        return instant.error().in("--at");
    defaults.at = *instant;
    if (!arguments.tier.empty())
        defaults.tier = serviceTierNamed(arguments.tier);
    return defaults;
}

/// A request with everything that is said about it.
struct Priced {
    PricedRequest priced;
    std::vector<PriceDifference> differences;
};

Priced pricedBy(const Books &books, const RequestLine &line)
{
    Priced result;
    result.priced = books.pricer->price(line.request);
    if (books.compared)
        result.differences = priceDifferences(*books.compared, line.request, result.priced);
    return result;
}

Json jsonOf(const Books &books, const RequestLine &line, const Priced &priced)
{
    Json json = pricedJson(*books.charged, priced.priced);
    if (!line.convention.empty())
        json["usage_read_as"] = line.convention;
    if (!line.notes.empty())
        json["notes"] = line.notes;
    if (!books.compared)
        return json;
    Json differs = Json::array();
    for (const PriceDifference &each : priced.differences)
        differs.push_back({{"class", nameOf(each.usageClass)},
                           {"reason", each.reason},
                           {"cost", each.cost ? Json(each.cost->text()) : Json(nullptr)}});
    json["differs"] = std::move(differs);
    return json;
}

std::string stateText(PriceState state)
{
    switch (state) {
    case PriceState::Assumed:
        return " (assumed)";
    case PriceState::Free:
        return " (free)";
    case PriceState::Covered:
        return " (covered)";
    default:
        return {};
    }
}

void printPriced(const PriceBook &book, const RequestLine &line, const Priced &result)
{
    const PricedRequest &priced = result.priced;
    for (const std::string &note : line.notes)
        std::fprintf(stderr, "perunit: %s\n", note.c_str());
    for (const PriceDifference &each : result.differences)
        std::fprintf(stderr, "perunit: %s: read as stated this is %s, not %s: %s\n",
                     std::string(nameOf(each.usageClass)).c_str(), each.cost ? each.cost->text().c_str() : "unpriced",
                     each.libraryCost.text().c_str(), each.reason.c_str());
    // What ran on provisioned capacity is covered, whatever it is called.
    if (!priced.match.model.found() && priced.lines.empty()) {
        std::printf("%s: no price is known for this model (%s)\n", line.request.model.c_str(),
                    priced.match.detail.c_str());
        return;
    }
    if (priced.match.model.found())
        std::printf("%s/%s (%s)\n", priced.provider.c_str(), priced.model.c_str(), priced.match.detail.c_str());
    else
        std::printf("%s (%s)\n", line.request.model.c_str(), priced.match.detail.c_str());
    if (!line.convention.empty())
        std::printf("usage read as %s\n", line.convention.c_str());
    const bool terms = std::any_of(priced.lines.begin(), priced.lines.end(),
                                   [](const PricedLine &each) { return !each.overlays.empty(); });
    std::vector<std::vector<std::string>> rows{{"class", "count", "per million", "cost", "entry"}};
    if (terms)
        rows.front().insert(rows.front().end(), {"list", "overlays"});
    for (const PricedLine &each : priced.lines) {
        rows.push_back({std::string(nameOf(each.usageClass)), std::to_string(each.count),
                        pricePerMillion(each.femtoEach), each.cost().text(), each.entry + stateText(each.state)});
        if (!terms)
            continue;
        std::string names;
        for (const std::string &name : each.overlays)
            names += (names.empty() ? "" : ", ") + name;
        rows.back().push_back(each.listFemtoEach ? pricePerMillion(*each.listFemtoEach) : "–");
        rows.back().push_back(names);
    }
    for (const UsageClass usageClass : priced.unpriced)
        rows.push_back(
            {std::string(nameOf(usageClass)), std::to_string(line.request.usage[usageClass]), "", "unpriced", ""});
    std::fputs(textTable(rows, {false, true, true, true, false, true, false}).c_str(), stdout);
    // What has no price is never shown as 0.
    if (priced.lines.empty() && !priced.unpriced.empty())
        std::puts("cost unknown: nothing of it has a price");
    else
        std::printf("cost %s %s%s\n", priced.cost.text().c_str(), book.currency().c_str(),
                    priced.unpriced.empty() ? "" : " without what is unpriced");
    if (terms && priced.listCost)
        std::printf("list %s %s\n", priced.listCost->text().c_str(), book.currency().c_str());
}

void printLine(const Json &json)
{
    std::puts(json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

void priceList(const Books &books, const PriceArguments &arguments, const RequestDefaults &defaults,
               CommandOutcome &outcome)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(arguments.requests, ignored))
        return fail(outcome, {ErrorCode::Io, "this is a folder, not a list of requests", arguments.requests, ""});
    std::ifstream file(arguments.requests);
    if (!file)
        return fail(outcome, {ErrorCode::NotFound, "the file cannot be read", arguments.requests, ""});
    std::string line;
    for (std::int64_t number = 1; std::getline(file, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        const auto request = readRequestLine(line, defaults);
        if (request) {
            printLine(jsonOf(books, *request, pricedBy(books, *request)));
            continue;
        }
        const Error error = request.error().in(arguments.requests + ", line " + std::to_string(number));
        std::fprintf(stderr, "perunit: %s\n", error.text().c_str());
        // A line for a line: scripts join the results to their requests by position.
        printLine({{"cost", nullptr}, {"error", error.text()}});
        outcome.status = ExitStatus::DoneWithRejects;
    }
    if (file.bad())
        fail(outcome, {ErrorCode::Io, "the file cannot be read to its end", arguments.requests, ""});
}

void runPrice(const PriceArguments &arguments, CommandOutcome &outcome)
{
    const auto defaults = defaultsOf(arguments);
    if (!defaults)
        return fail(outcome, defaults.error());
    const auto books = booksOf(arguments);
    if (!books)
        return fail(outcome, books.error());
    if (!arguments.requests.empty())
        return priceList(*books, arguments, *defaults, outcome);
    const auto request = readUsageRequest(arguments.usage, *defaults);
    if (!request)
        return fail(outcome, request.error().in("--usage"));
    const Priced priced = pricedBy(*books, *request);
    if (arguments.json)
        std::puts(jsonOf(*books, *request, priced).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        printPriced(*books->charged, *request, priced);
}

} // namespace

void addPriceCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<PriceArguments>();
    CLI::App *command = app.add_subcommand("price", "Price one request, or a list of them");
    command->add_option("--provider", arguments->provider, "Provider as recorded");
    auto *model = command->add_option("--model", arguments->model, "Model as recorded");
    command->add_option("--at", arguments->at, "Time of the request, RFC 3339; now when absent");
    command->add_option("--tier", arguments->tier, "standard, batch, flex, priority, fast or provisioned")
        ->check(CLI::IsMember({"standard", "batch", "flex", "priority", "fast", "provisioned"}));
    command->add_option("--region", arguments->region, "Region as recorded");
    auto *usage = command->add_option("--usage", arguments->usage,
                                      "Counts per class as a JSON object, or a provider's own usage block");
    auto *requests = command->add_option("--requests", arguments->requests,
                                         "A list instead: one JSON object {provider, model, at, tier, usage} a line; "
                                         "usage may be a provider's own, or raw_response a whole body");
    auto *catalogues = command->add_option("--catalogue", arguments->catalogues,
                                           "Price with these catalogues instead of the bundled one");
    command
        ->add_option("-w,--workspace", arguments->workspace, "Price with the catalogues and overlays of this workspace")
        ->excludes(catalogues);
    command->add_option("--overlays", arguments->overlays, "Terms of a contract: a file of overlays");
    command
        ->add_option("--reading", arguments->reading,
                     "library: charge what the library of the catalogue would (default); stated: what it states")
        ->check(CLI::IsMember({"library", "stated"}))
        ->needs(catalogues);
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
