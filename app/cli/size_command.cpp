// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/session.h"
#include "app/cli/size_output.h"
#include "app/document/clock.h"

#include "model/import/importer.h"
#include "model/store/row_visitor.h"
#include "pricing/charge/request_line.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct SizeArguments {
    std::string workspace;
    std::string scenario;
    std::string trace;
    std::string format;
    std::string rpm;
    std::string usage;
    std::string at;
    std::string model;
    std::string offer;
    std::string term;
    std::vector<std::string> scope;
    std::optional<std::int64_t> units;
    int bin = 60;
    int depth = 60;
    std::int64_t maxTokens = 0;
    std::int64_t tokensPerMinute = 0;
    std::int64_t outputTokensPerMinute = 0;
    std::string outputWeight;
    std::string unitPrice;
    std::int64_t tokensPerSecond = 0;
    std::string gpuHour;
    std::string maximumUtilisation = "1";
    std::string hoursPerDay = "24";
    int daysPerWeek = 7;
    int firstHour = 0;
    std::string people = "0";
    std::int64_t minimumReplicas = 1;
    std::vector<std::string> with;
    std::optional<std::int64_t> reserved;
    std::string pool;
    bool all = false;
    bool json = false;
};

/// Where the traffic comes from; exactly one of the two is there.
struct Traffic {
    std::shared_ptr<const PriceBook> book;
    std::shared_ptr<const Baseline> baseline;
    std::optional<TrafficShape> shape;
    std::shared_ptr<const Workload> trace; ///< of the baseline, where a file was read
    Instant at;                            ///< whose prices hold for it
    std::vector<EffectiveLever> levers;
};

/// Requests of a trace, kept in memory.
class TraceReader : public RowVisitor
{
public:
    using RowVisitor::add;
    Status add(const RequestRow &row, std::int64_t number) override
    {
        m_builder.add(row, 1, number);
        return {};
    }
    Status add(const ChargeRow &, std::int64_t) override { return {}; }
    Status add(const OutcomeRow &, std::int64_t) override { return {}; }
    std::shared_ptr<const Workload> workload() { return m_builder.build(); }

private:
    WorkloadBuilder m_builder;
};

Error wrongValue(const std::string &option, const std::string &text)
{
    return {ErrorCode::BadInput, "'" + text + "' is not a number", option, "write it like 0.85 or 12.50"};
}

Result<Int128> decimalOf(const std::string &option, const std::string &text, int scale)
{
    const auto value = parseDecimal(text, scale);
    if (!value || value->rounded || value->units < 0 || value->units > Int128{INT64_MAX} * 1'000'000)
        return wrongValue(option, text);
    return value->units;
}

Result<CapacityQuestion> questionOf(const SizeArguments &arguments)
{
    CapacityQuestion question;
    question.model = arguments.model;
    question.offer = arguments.offer;
    question.term = arguments.term;
    question.units = arguments.units;
    question.binSeconds = arguments.bin;
    question.depthSeconds = arguments.depth;
    question.declaredOutput = arguments.maxTokens;
    question.tokensPerMinute = arguments.tokensPerMinute;
    question.outputTokensPerMinute = arguments.outputTokensPerMinute;
    question.today = startOfToday();
    for (const std::string &condition : arguments.scope) {
        const std::size_t equals = condition.find('=');
        if (equals == std::string::npos)
            return Error{ErrorCode::BadInput, "'" + condition + "' is no condition", "--scope", "write workload=chat"};
        question.scope.conditions[condition.substr(0, equals)].push_back(condition.substr(equals + 1));
    }
    if (!arguments.outputWeight.empty()) {
        const auto weight = decimalOf("--output-weight", arguments.outputWeight, 6);
        if (!weight)
            return weight.error();
        question.outputWeight = static_cast<PartsPerMillion>(*weight);
    }
    if (!arguments.unitPrice.empty()) {
        const auto price = decimalOf("--unit-price", arguments.unitPrice, Femto::scale);
        if (!price)
            return price.error();
        question.pricePerMonth = Femto::ofUnits(*price);
    }
    if (arguments.tokensPerSecond == 0)
        return question;
    CapacityQuestion::Endpoint endpoint;
    endpoint.outputTokensPerSecond = arguments.tokensPerSecond;
    endpoint.daysPerWeek = arguments.daysPerWeek;
    endpoint.firstHour = arguments.firstHour;
    endpoint.minimumReplicas = arguments.minimumReplicas;
    const auto hour = decimalOf("--replica-hour", arguments.gpuHour, Femto::scale);
    const auto utilisation = decimalOf("--max-utilisation", arguments.maximumUtilisation, 6);
    const auto hours = decimalOf("--hours-per-day", arguments.hoursPerDay, 6);
    const auto people = decimalOf("--people", arguments.people, Femto::scale);
    for (const auto *value : {&hour, &utilisation, &hours, &people}) {
        if (!value->ok())
            return value->error();
    }
    endpoint.pricePerHour = Femto::ofUnits(*hour);
    endpoint.maximumUtilisation = static_cast<PartsPerMillion>(*utilisation);
    endpoint.hoursPerDay = static_cast<PartsPerMillion>(*hours);
    endpoint.peoplePerMonth = Femto::ofUnits(*people);
    question.endpoint = endpoint;
    return question;
}

/// The instant whose prices hold for traces and shapes.
Result<Instant> instantOf(const SizeArguments &arguments)
{
    if (arguments.at.empty())
        return startOfToday();
    return parseInstant(arguments.at.size() == 10 ? arguments.at + "T00:00:00Z" : arguments.at);
}

Result<Traffic> trafficOfWorkspace(const SizeArguments &arguments)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return session.error();
    Traffic traffic;
    traffic.book = session->book;
    if (!arguments.scenario.empty()) {
        auto wanted = findScenario(*session, arguments.scenario);
        if (!wanted)
            return wanted.error();
        traffic.levers = std::move(wanted->levers);
    }
    auto ledger = session->store->readLedger({});
    if (!ledger)
        return ledger.error();
    auto baseline = Baseline::build(*ledger, session->book, session->state.settings, {});
    if (!baseline)
        return baseline.error();
    traffic.baseline = std::move(*baseline);
    return traffic;
}

Result<Traffic> trafficOfTrace(const SizeArguments &arguments, const CapacityQuestion &question, Instant at)
{
    Traffic traffic;
    traffic.book = priceBookFor({});
    TraceReader reader;
    ImportOptions options;
    options.format = arguments.format;
    if (auto status = visitFile(arguments.trace, options, nullptr, reader, {}); !status)
        return status.error().in(arguments.trace);
    traffic.trace = reader.workload();
    traffic.at = at;
    const ProvisionedOffer *offer = traffic.book->offer(question.offer);
    const ModelIndex model = modelForOffer(*traffic.book, question.model, question.offer);
    if (!model.found())
        return Error{ErrorCode::NotFound, "the price catalogues have no model '" + question.model + "'", "--model",
                     "write provider/model; 'perunit catalogue list' names them"};
    auto baseline = traceBaseline(*traffic.trace, traffic.book, model, offer ? offer->region : std::string(), at, {});
    if (!baseline)
        return baseline.error().in(arguments.trace);
    traffic.baseline = std::move(*baseline);
    return traffic;
}

Result<Traffic> trafficOfShape(const SizeArguments &arguments, Instant at)
{
    Traffic traffic;
    traffic.book = priceBookFor({});
    RequestDefaults defaults;
    defaults.at = at;
    const auto line = readUsageRequest(arguments.usage, defaults);
    if (!line)
        return line.error().in("--usage");
    const auto perMinute = decimalOf("--rpm", arguments.rpm, 6);
    if (!perMinute)
        return perMinute.error();
    traffic.shape = TrafficShape{*perMinute, line->request.usage, at, {}};
    return traffic;
}

Result<Traffic> trafficOf(const SizeArguments &arguments, const CapacityQuestion &question)
{
    const auto at = instantOf(arguments);
    if (!at)
        return at.error();
    if (!arguments.workspace.empty())
        return trafficOfWorkspace(arguments);
    if (!arguments.trace.empty())
        return trafficOfTrace(arguments, question, *at);
    return trafficOfShape(arguments, *at);
}

void print(const Json &json)
{
    std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

Status runPortfolio(const SizeArguments &arguments, const Traffic &traffic, const CapacityQuestion &question,
                    Json *json)
{
    std::vector<std::string> models{question.model};
    models.insert(models.end(), arguments.with.begin(), arguments.with.end());
    const auto portfolio = studyPortfolio(*traffic.baseline, traffic.levers, question, models, arguments.reserved, {});
    if (!portfolio)
        return portfolio.error();
    if (json)
        (*json)["portfolio"] = portfolioJson(*portfolio);
    else
        printPortfolio(*portfolio);
    return {};
}

Status runPooling(const SizeArguments &arguments, const Traffic &traffic, const CapacityQuestion &question, Json *json)
{
    const auto pooling = studyPooling(*traffic.baseline, traffic.levers, question, arguments.pool, {});
    if (!pooling)
        return pooling.error();
    if (json)
        (*json)["pooling"] = poolingJson(*pooling);
    else
        printPooling(*pooling);
    return {};
}

Status runAll(const SizeArguments &arguments, const Traffic &traffic, const CapacityQuestion &question)
{
    const auto comparison = traffic.shape   ? compareOffers(*traffic.book, *traffic.shape, question)
                            : traffic.trace ? compareOffers(*traffic.trace, traffic.book, traffic.at, question, {})
                                            : compareOffers(*traffic.baseline, traffic.levers, question, {});
    if (comparison.empty())
        return Error{ErrorCode::NotFound, "no offer says anything about '" + question.model + "'", "--model",
                     "'perunit catalogue list --offers' names the offers"};
    if (arguments.json)
        print({{"model", question.model}, {"offers", comparisonJson(comparison)}});
    else
        printComparison(comparison);
    return {};
}

Status runOne(const SizeArguments &arguments, const Traffic &traffic, const CapacityQuestion &question)
{
    const auto answer = traffic.shape ? studyCapacity(*traffic.book, *traffic.shape, question)
                                      : studyCapacity(*traffic.baseline, traffic.levers, question, {});
    if (!answer)
        return answer.error();
    Json json = capacityJson(*answer);
    if (!arguments.json)
        printCapacity(*answer);
    const bool pools = !arguments.pool.empty();
    const bool shares = !arguments.with.empty() || arguments.reserved;
    if ((pools || shares) && traffic.shape)
        return Error{ErrorCode::BadInput, "one traffic shape has no workloads or models to put together", "",
                     "use a workspace"};
    Json *further = arguments.json ? &json : nullptr;
    if (shares) {
        if (auto status = runPortfolio(arguments, traffic, question, further); !status)
            return status;
    }
    if (pools) {
        if (auto status = runPooling(arguments, traffic, question, further); !status)
            return status;
    }
    if (arguments.json)
        print(json);
    return {};
}

void runSize(const SizeArguments &arguments, CommandOutcome &outcome)
{
    const int sources =
        (arguments.workspace.empty() ? 0 : 1) + (arguments.trace.empty() ? 0 : 1) + (arguments.rpm.empty() ? 0 : 1);
    if (sources != 1 || (!arguments.rpm.empty() && arguments.usage.empty())) {
        std::fprintf(stderr, "perunit: say whose traffic: -w WORKSPACE, --trace FILE, or --rpm N with --usage\n");
        outcome.status = ExitStatus::WrongUsage;
        return;
    }
    if (arguments.offer.empty() && !arguments.all && arguments.tokensPerSecond == 0) {
        std::fprintf(stderr, "perunit: say which --offer, or --all of them\n");
        outcome.status = ExitStatus::WrongUsage;
        return;
    }
    const auto question = questionOf(arguments);
    if (!question)
        return fail(outcome, question.error());
    const auto traffic = trafficOf(arguments, *question);
    if (!traffic)
        return fail(outcome, traffic.error());
    const Status status =
        arguments.all ? runAll(arguments, *traffic, *question) : runOne(arguments, *traffic, *question);
    if (!status)
        fail(outcome, status.error());
}

void addEndpointOptions(CLI::App &command, SizeArguments &arguments)
{
    command.add_option(
        "--tokens-per-second", arguments.tokensPerSecond,
        "Sizes an endpoint of one's own: measured output tokens a second of a replica, at the lengths of "
        "this traffic");
    command.add_option("--replica-hour", arguments.gpuHour, "Price of a replica for an hour");
    command.add_option("--max-utilisation", arguments.maximumUtilisation, "Share of the measured rate to plan with");
    command.add_option("--hours-per-day", arguments.hoursPerDay, "Hours a day in which replicas run");
    command.add_option("--days-per-week", arguments.daysPerWeek, "Days a week, from Monday");
    command.add_option("--first-hour", arguments.firstHour, "Hour (UTC) at which they start");
    command.add_option("--people", arguments.people, "People who run the endpoint, for a month");
    command.add_option("--minimum-replicas", arguments.minimumReplicas, "Fewest replicas, for redundancy");
}

} // namespace

void addSizeCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<SizeArguments>();
    CLI::App *command = app.add_subcommand("size", "How many units of reserved throughput, of which offer and term");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file");
    command->add_option("-s,--scenario", arguments->scenario, "After the levers of this scenario");
    command->add_option("--trace", arguments->trace,
                        "File of requests with times; all are taken as served by the model");
    command->add_option("--format", arguments->format, "Format of the trace; else it is recognised");
    command->add_option("--rpm", arguments->rpm, "Requests a minute of one shape, evenly");
    command->add_option("--usage", arguments->usage, "Tokens of such a request, as JSON");
    command->add_option("--at", arguments->at, "Prices of this day for traces and shapes; else of today");
    command->add_option("--model", arguments->model, "Model that the units serve")->required();
    command->add_option("--offer", arguments->offer, "Offer: azure-ptu-global, google-gsu-global, …");
    command->add_option("--term", arguments->term, "Term: hourly, 1-week, 1-month, 3-month, 1-year; else the cheapest");
    command->add_option("--units", arguments->units, "A size to look at beside the cheapest");
    command->add_option("--scope", arguments->scope, "Only requests with DIMENSION=VALUE");
    command->add_option("--bin", arguments->bin, "Seconds of a bin: 1, 60, 300, 3600");
    command->add_option("--depth", arguments->depth, "Seconds that the bucket of single requests holds");
    command->add_option("--max-tokens", arguments->maxTokens,
                        "Output tokens that requests declare; else what they take");
    command->add_option("--tokens-per-minute", arguments->tokensPerMinute, "Measured tokens a minute of a unit");
    command->add_option("--output-tokens-per-minute", arguments->outputTokensPerMinute,
                        "The same of output tokens, where a unit serves fewer of them");
    command->add_option("--output-weight", arguments->outputWeight, "Input tokens that an output token weighs");
    command->add_option("--unit-price", arguments->unitPrice, "Price of a unit for a month, where yours is another");
    command->add_option("--with", arguments->with, "Further models that share the reservation");
    command->add_option("--reserved", arguments->reserved, "Units reserved already, to be split among the models");
    command->add_option("--pool", arguments->pool, "One deployment against one for every value of this dimension");
    addEndpointOptions(*command, *arguments);
    command->add_flag("--all", arguments->all, "Every offer and term that serves the model");
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, &outcome] { runSize(*arguments, outcome); });
}

} // namespace perunit
