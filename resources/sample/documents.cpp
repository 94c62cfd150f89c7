// SPDX-License-Identifier: GPL-3.0-or-later
// The document pipeline: one extraction for each document, often in the night run, and a check of the doubtful ones.
#include "resources/sample/calendar.h"
#include "resources/sample/request.h"

namespace perunit::sample {

namespace {

struct Feature {
    std::string_view name;
    std::string_view promptTemplate;
    std::int64_t weight;
    double medianTokens;
    double medianAnswer;
};

const std::vector<Feature> features{{"invoice-extraction", "invoice-v3", 48, 15'500, 2'700},
                                    {"claim-intake", "claim-v5", 34, 34'000, 4'300},
                                    {"correspondence", "letter-v2", 18, 20'000, 2'200}};

Request extraction(Random &random, const Feature &feature, int day, std::int64_t number)
{
    Request request;
    const bool night = random.chance(420'000);
    request.time = startOfDay(day) + timeOfDay(random, night ? nightHours : officeHours);
    request.model = random.chance(620'000) ? models::geminiFlash : models::gptMiniDated;
    // Only the OpenAI half of the night run uses the batch tier so far.
    request.tier = night && request.model.provider == "openai" ? "batch" : "standard";
    request.workload = "document-pipeline";
    request.environment = random.chance(985'000) ? "prod" : "staging";
    request.team = "document-automation";
    request.feature = feature.name;
    request.customer = request.environment == "prod" ? anyCustomer(random).name : std::string_view{};
    request.document = "doc-" + std::to_string(500'000 + number);
    request.promptTemplate = feature.promptTemplate;
    request.input = random.wholeLogNormal(feature.medianTokens, 0.62, 900, 180'000);
    request.output = random.wholeLogNormal(feature.medianAnswer, 0.45, 80, 16'000);
    return request;
}

void writeDocument(Random &random, int day, std::int64_t number, Traffic &traffic)
{
    static const std::vector<std::int64_t> weights = weightsOf(features);
    const Feature &feature = features[random.pick(weights)];
    Request request = extraction(random, feature, day, number);
    appendWithFailures(random, request, traffic.requests);
    if (random.chance(210'000)) {
        Request check = request;
        check.time = traffic.requests.back().time + traffic.requests.back().duration + random.whole(300, 4'000);
        check.model = models::gptMiniDated;
        check.tier = "standard";
        check.promptTemplate = "cross-check-v1";
        check.output = random.wholeLogNormal(600, 0.4, 60, 4'000);
        appendWithFailures(random, check, traffic.requests);
    }
    if (request.environment == "prod")
        ++traffic.finished.documents[static_cast<std::size_t>(day)];
}

/// 17 September: a changed answer schema was refused by the validator, and every refusal sent the whole document
/// again, to the larger model that stands in when the first one fails, until somebody looked in the afternoon.
void writeRetryLoop(Random &random, std::int64_t firstDocument, Traffic &traffic)
{
    constexpr int documents = 62;
    constexpr int attemptsEach = 40;
    const std::int64_t begin = startOfDay(dayOf(9, 17)) + 9 * millisPerHour + 41 * millisPerMinute;
    for (int document = 0; document < documents; ++document) {
        Request request = extraction(random, features[1], dayOf(9, 17), firstDocument + document);
        request.model = models::gpt;
        request.tier = "standard";
        request.environment = "prod";
        request.customer = customers().front().name;
        request.promptTemplate = "claim-v6";
        request.input = random.wholeLogNormal(68'000, 0.3, 20'000, 160'000);
        request.time = begin + random.whole(0, 20 * millisPerMinute);
        for (int attempt = 0; attempt < attemptsEach; ++attempt) {
            request.output = random.wholeLogNormal(4'200, 0.3, 500, 16'000);
            request.duration = answerTime(random, request);
            traffic.requests.push_back(request);
            request.time += request.duration + random.whole(380'000, 620'000);
        }
        ++traffic.finished.documents[static_cast<std::size_t>(dayOf(9, 17))];
    }
}

} // namespace

void appendDocuments(std::uint64_t seed, Traffic &traffic)
{
    constexpr double documentsOnAWeekday = 300;
    Random random(seed, 2);
    traffic.finished.documents.assign(dayCount, 0);
    std::int64_t number = 0;
    for (int day = 0; day < dayCount; ++day) {
        const std::int64_t count = random.around(documentsOnAWeekday * dayFactor(random, day, 22));
        for (std::int64_t i = 0; i < count; ++i)
            writeDocument(random, day, number++, traffic);
    }
    Random loop(seed, 3);
    writeRetryLoop(loop, number, traffic);
}

} // namespace perunit::sample
