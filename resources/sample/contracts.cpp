// SPDX-License-Identifier: GPL-3.0-or-later
// Contract review: few requests with very long prompts. The review playbook goes before every one of them.
#include "resources/sample/calendar.h"
#include "resources/sample/request.h"

namespace perunit::sample {

namespace {

constexpr std::int64_t playbook = 14'200;
/// Opus reads at most 200,000 tokens; longer bundles go to the models that read more, at their higher price.
constexpr std::int64_t opusLimit = 188'000;

ModelChoice modelFor(Random &random, std::int64_t prompt)
{
    if (prompt > opusLimit)
        return random.chance(700'000) ? models::sonnetDated : models::geminiPro;
    static const std::vector<ModelChoice> choices{models::sonnetDated, models::opusDated, models::geminiPro};
    return choices[random.pick({52, 38, 10})];
}

/// Reviews pile up before the end of a quarter and rest in August.
double season(int day)
{
    const unsigned month = monthOfDay(day);
    if ((month == 6 || month == 9) && dayOfMonth(day) >= 23)
        return 1.45;
    return month == 8 ? 0.88 : 1.0;
}

/// One pass over the contract; `extra` tokens of earlier findings go with it.
Request pass(Random &random, const Request &contract, std::int64_t text, std::int64_t extra, double medianAnswer)
{
    Request request = contract;
    request.input = playbook + text + extra;
    request.output = random.wholeLogNormal(medianAnswer, 0.4, 300, 24'000);
    return request;
}

void writeContract(Random &random, int day, std::int64_t number, Traffic &traffic)
{
    const std::int64_t text = random.wholeLogNormal(76'000, 0.7, 6'000, 700'000);
    Request contract;
    contract.time = startOfDay(day) + timeOfDay(random, officeHours);
    contract.model = modelFor(random, playbook + text + 12'000);
    contract.workload = "contract-review";
    contract.environment = random.chance(980'000) ? "prod" : "experiment";
    contract.team = "legal-technology";
    contract.customer = contract.environment == "prod" ? anyCustomer(random).name : std::string_view{};
    contract.document = "contract-" + std::to_string(20'000 + number);

    contract.feature = "clause-extraction";
    contract.promptTemplate = "playbook-clauses-v4";
    appendWithFailures(random, pass(random, contract, text, 0, 3'600), traffic.requests);
    std::int64_t findings = traffic.requests.back().output;

    contract.feature = "risk-review";
    contract.promptTemplate = "playbook-risk-v4";
    const std::int64_t passes = random.whole(1, 3);
    for (std::int64_t i = 0; i < passes; ++i) {
        contract.time = traffic.requests.back().time + traffic.requests.back().duration + random.whole(2'000, 40'000);
        appendWithFailures(random, pass(random, contract, text, findings, 2'400), traffic.requests);
        findings += traffic.requests.back().output;
    }
    if (random.chance(640'000)) {
        contract.feature = "redline-draft";
        contract.promptTemplate = "redline-v2";
        contract.time =
            traffic.requests.back().time + traffic.requests.back().duration + random.whole(60'000, 2'400'000);
        appendWithFailures(random, pass(random, contract, text, findings, 5'400), traffic.requests);
    }
    if (contract.environment == "prod")
        ++traffic.finished.contracts[static_cast<std::size_t>(day)];
}

} // namespace

void appendContracts(std::uint64_t seed, Traffic &traffic)
{
    constexpr double contractsOnAWeekday = 40;
    Random random(seed, 4);
    traffic.finished.contracts.assign(dayCount, 0);
    std::int64_t number = 0;
    for (int day = 0; day < dayCount; ++day) {
        const std::int64_t count = random.around(contractsOnAWeekday * season(day) * dayFactor(random, day, 6));
        for (std::int64_t i = 0; i < count; ++i)
            writeContract(random, day, number++, traffic);
    }
}

} // namespace perunit::sample
