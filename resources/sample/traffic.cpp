// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/sample/calendar.h"
#include "resources/sample/request.h"

#include <algorithm>

namespace perunit::sample {

std::int64_t answerTime(Random &random, const Request &request)
{
    const std::int64_t prompt = request.input + request.cacheRead + request.cacheWrite;
    const std::int64_t firstToken = 220 + prompt / 45;
    const std::int64_t pace = request.model.model.find("opus") != std::string_view::npos ? 21 : 12;
    return random.wholeLogNormal(static_cast<double>(firstToken + request.output * pace), 0.22, 90, 900'000);
}

void appendWithFailures(Random &random, Request request, std::vector<Request> &log)
{
    request.duration = answerTime(random, request);
    if (random.chance(8'200)) {
        Request failed = request;
        failed.output = 0;
        if (random.chance(500'000)) {
            failed.status = "rate_limited";
            failed.duration = random.whole(40, 160);
            failed.input = failed.cacheRead = failed.cacheWrite = 0;
        } else {
            failed.status = "error";
            failed.duration = random.whole(1'500, 30'000);
        }
        log.push_back(failed);
        request.time += failed.duration + random.whole(900, 5'000);
    }
    log.push_back(std::move(request));
}

Traffic makeTraffic(std::uint64_t seed)
{
    Traffic traffic;
    appendConversations(seed, traffic);
    appendDocuments(seed, traffic);
    appendContracts(seed, traffic);
    appendAssistant(seed, traffic);
    // Work that began before midnight of the last day ends in a month that the log does not hold.
    std::erase_if(traffic.requests, [](const Request &request) { return request.time >= startOfDay(dayCount); });
    std::stable_sort(traffic.requests.begin(), traffic.requests.end(),
                     [](const Request &a, const Request &b) { return a.time < b.time; });
    return traffic;
}

} // namespace perunit::sample
