// SPDX-License-Identifier: GPL-3.0-or-later
// The internal assistant: employees who ask, and teams who try things out in staging and in experiments.
#include "resources/sample/calendar.h"
#include "resources/sample/request.h"

namespace perunit::sample {

namespace {

struct Use {
    std::string_view feature;
    std::string_view team;
    std::string_view environment;
    std::int64_t weight;
    double medianPrompt;
    double medianAnswer;
};

const std::vector<Use> uses{{"code-help", "engineering", "prod", 34, 9'500, 900},
                            {"search", "operations", "prod", 26, 5'200, 350},
                            {"writing", "marketing", "prod", 16, 1'900, 750},
                            {"evaluation-run", "data-science", "staging", 14, 4'300, 420},
                            {"agent-trial", "data-science", "experiment", 10, 31'000, 1'500}};

ModelChoice modelFor(Random &random, const Use &use)
{
    if (use.environment == "experiment") {
        static const std::vector<ModelChoice> trials{models::opusDated, models::geminiPro, models::gpt};
        return trials[random.pick({40, 30, 30})];
    }
    static const std::vector<ModelChoice> choices{models::sonnet, models::gpt, models::haikuDated, models::geminiFlash};
    return choices[random.pick({38, 27, 20, 15})];
}

void writeUse(Random &random, int day, std::int64_t number, Traffic &traffic)
{
    static const std::vector<std::int64_t> weights = weightsOf(uses);
    const Use &use = uses[random.pick(weights)];
    Request request;
    request.time = startOfDay(day) + timeOfDay(random, officeHours);
    request.model = modelFor(random, use);
    request.workload = "internal-assistant";
    request.environment = use.environment;
    request.team = use.team;
    request.feature = use.feature;
    request.session = "chat-" + std::to_string(900'000 + number);
    request.promptTemplate = "assistant-v1";
    const std::int64_t turns = random.wholeLogNormal(1.8, 0.5, 1, 9);
    std::int64_t history = 0;
    for (std::int64_t turn = 0; turn < turns; ++turn) {
        request.input = history + random.wholeLogNormal(use.medianPrompt, 0.6, 200, 120'000);
        request.output = random.wholeLogNormal(use.medianAnswer, 0.6, 20, 8'000);
        appendWithFailures(random, request, traffic.requests);
        history += request.output + 150;
        request.time = traffic.requests.back().time + traffic.requests.back().duration
                       + random.wholeLogNormal(75'000, 0.8, 5'000, 1'800'000);
    }
}

} // namespace

void appendAssistant(std::uint64_t seed, Traffic &traffic)
{
    constexpr double usesOnAWeekday = 42;
    Random random(seed, 5);
    std::int64_t number = 0;
    for (int day = 0; day < dayCount; ++day) {
        const std::int64_t count = random.around(usesOnAWeekday * dayFactor(random, day, 9));
        for (std::int64_t i = 0; i < count; ++i)
            writeUse(random, day, number++, traffic);
    }
}

} // namespace perunit::sample
