// SPDX-License-Identifier: GPL-3.0-or-later
// The support chatbot: conversations of several turns that send their growing history again at each turn.
#include "resources/sample/calendar.h"
#include "resources/sample/request.h"

namespace perunit::sample {

namespace {

struct Feature {
    std::string_view name;
    std::int64_t weight;
    double medianTurns;
    double medianFacts; ///< tokens of the knowledge base that are put into each prompt
    std::int64_t resolvedPpm;
};

const std::vector<Feature> features{{"small-talk", 17, 1.7, 700, 930'000},
                                    {"order-status", 26, 2.6, 2'300, 880'000},
                                    {"billing-question", 24, 3.6, 4'300, 720'000},
                                    {"policy-advice", 20, 4.4, 7'200, 610'000},
                                    {"technical-help", 13, 5.6, 5'900, 520'000}};

/// The longer system prompt of July explains products better and costs more at every turn.
constexpr std::int64_t systemPromptBefore = 2'688;
constexpr std::int64_t systemPromptAfter = 3'584;

ModelChoice modelFor(Random &random, const Customer &customer, int day)
{
    if (customer.home == Home::Europe) {
        static const std::vector<ModelChoice> choices{models::azureGpt, models::gptMini, models::sonnet};
        return choices[random.pick({70, 18, 12})];
    }
    // The gateway recorded the dated snapshot until the team moved to the alias in August.
    const ModelChoice sonnet = day < dayOf(8, 1) ? models::sonnetDated : models::sonnet;
    const std::vector<ModelChoice> choices{sonnet, models::gptMini, models::gpt};
    return choices[random.pick({58, 30, 12})];
}

/// State of one conversation while it is written turn by turn.
struct Conversation {
    Request request;
    std::int64_t systemPrompt = 0;
    std::int64_t history = 0;
    std::int64_t cached = 0; ///< prompt tokens that the provider has kept from the last turn
    std::int64_t gap = 0;    ///< milliseconds since the last answer
};

/// Splits the prompt of a turn by what the provider had kept of it. Anthropic is told what to keep and charges for
/// keeping it; the others keep the beginning of long prompts by themselves, sometimes.
void splitPrompt(Random &random, Conversation &state, std::int64_t prompt, bool firstTurn)
{
    Request &request = state.request;
    request.cacheRead = request.cacheWrite = 0;
    const std::int64_t keepable = state.systemPrompt + state.history;
    if (request.model.provider == "anthropic") {
        const bool warm = firstTurn ? random.chance(640'000) : state.gap < 300'000;
        request.cacheRead = warm ? (firstTurn ? state.systemPrompt : state.cached) : 0;
        request.cacheWrite = keepable - request.cacheRead;
        state.cached = keepable;
    } else if (random.chance(firstTurn ? 420'000 : 610'000)) {
        request.cacheRead = (firstTurn ? state.systemPrompt : keepable) / 128 * 128;
    }
    request.input = prompt - request.cacheRead - request.cacheWrite;
}

void writeTurn(Random &random, const Feature &feature, Conversation &state, bool firstTurn, Traffic &traffic)
{
    const std::int64_t question = random.wholeLogNormal(70, 0.7, 6, 1'500);
    const std::int64_t facts = random.wholeLogNormal(feature.medianFacts, 0.45, 120, 24'000);
    splitPrompt(random, state, state.systemPrompt + state.history + facts + question, firstTurn);
    state.request.output = random.wholeLogNormal(230, 0.55, 12, 2'400);
    appendWithFailures(random, state.request, traffic.requests);
    state.history += question + state.request.output;
    state.gap = random.wholeLogNormal(52'000, 0.95, 4'000, 1'500'000);
    state.request.time = traffic.requests.back().time + traffic.requests.back().duration + state.gap;
}

/// The company's own small model that sorts a share of the questions first. It has no public price.
void writeRouting(Random &random, const Request &first, Traffic &traffic)
{
    Request routing = first;
    routing.model = models::ownRouter;
    routing.feature = "intent-routing";
    routing.promptTemplate = "router-v2";
    routing.input = random.wholeLogNormal(340, 0.4, 60, 2'000);
    routing.cacheRead = routing.cacheWrite = 0;
    routing.output = random.whole(3, 9);
    routing.duration = random.whole(25, 90);
    routing.time -= 120;
    traffic.requests.push_back(routing);
}

void writeConversation(Random &random, int day, std::int64_t number, Traffic &traffic)
{
    static const std::vector<std::int64_t> weights = weightsOf(features);
    const Customer &customer = anyCustomer(random);
    const Feature &feature = features[random.pick(weights)];
    const bool after = day >= dayOf(7, 20);
    Conversation state;
    state.systemPrompt = after ? systemPromptAfter : systemPromptBefore;
    Request &request = state.request;
    request.time =
        startOfDay(day) + 500 + timeOfDay(random, customer.home == Home::Europe ? officeHours : americanHours);
    request.model = modelFor(random, customer, day);
    request.workload = "support-chatbot";
    request.environment = random.chance(975'000) ? "prod" : random.chance(700'000) ? "staging" : "experiment";
    request.team = "support-engineering";
    request.feature = feature.name;
    request.customer = request.environment == "prod" ? customer.name : std::string_view{};
    request.session = "conv-" + std::to_string(100'000 + number);
    request.promptTemplate = after ? "support-v8" : "support-v7";
    if (random.chance(90'000))
        writeRouting(random, request, traffic);
    const std::int64_t turns = random.wholeLogNormal(feature.medianTurns, 0.55, 1, 24);
    for (std::int64_t turn = 0; turn < turns; ++turn)
        writeTurn(random, feature, state, turn == 0, traffic);
    if (request.environment == "prod" && random.chance(feature.resolvedPpm)) {
        auto &finished = customer.home == Home::Europe ? traffic.finished.conversationsEurope
                                                       : traffic.finished.conversationsAmerica;
        ++finished[static_cast<std::size_t>(day)];
    }
}

} // namespace

void appendConversations(std::uint64_t seed, Traffic &traffic)
{
    constexpr double conversationsOnAWeekday = 212;
    Random random(seed, 1);
    traffic.finished.conversationsEurope.assign(dayCount, 0);
    traffic.finished.conversationsAmerica.assign(dayCount, 0);
    std::int64_t number = 0;
    for (int day = 0; day < dayCount; ++day) {
        const std::int64_t count = random.around(conversationsOnAWeekday * dayFactor(random, day, 38));
        for (std::int64_t i = 0; i < count; ++i)
            writeConversation(random, day, number++, traffic);
    }
}

} // namespace perunit::sample
