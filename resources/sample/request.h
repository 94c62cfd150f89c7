// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "resources/sample/company.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit::sample {

/// One line of the request log. Prompt tokens are disjoint: uncached, read from the cache, written to it.
struct Request {
    std::int64_t time = 0; ///< milliseconds since 1970
    std::int64_t duration = 0;
    ModelChoice model;
    std::string_view tier = "standard";
    std::string_view status = "ok";
    std::string_view workload;
    std::string_view environment = "prod";
    std::string_view team;
    std::string_view feature;
    std::string_view customer;
    std::string session;
    std::string document;
    std::string_view promptTemplate;
    std::int64_t input = 0;
    std::int64_t cacheRead = 0;
    std::int64_t cacheWrite = 0;
    std::int64_t output = 0;
};

/// Units of work finished on each day; what the outcome series report.
struct FinishedWork {
    std::vector<std::int64_t> conversationsEurope;
    std::vector<std::int64_t> conversationsAmerica;
    std::vector<std::int64_t> documents;
    std::vector<std::int64_t> contracts;
};

struct Traffic {
    std::vector<Request> requests; ///< in order of time
    FinishedWork finished;
};

/// Appends a request, and now and then the failed attempt before it: one in about 120 fails and is tried again,
/// half of them without tokens (refused by a rate limit), half after the prompt was read.
void appendWithFailures(Random &random, Request request, std::vector<Request> &log);

/// Time to answer: the first token, then the output at the pace of the model.
std::int64_t answerTime(Random &random, const Request &request);

void appendConversations(std::uint64_t seed, Traffic &traffic);
void appendDocuments(std::uint64_t seed, Traffic &traffic);
void appendContracts(std::uint64_t seed, Traffic &traffic);
void appendAssistant(std::uint64_t seed, Traffic &traffic);

/// All workloads together, inside the sample period, in order of time.
Traffic makeTraffic(std::uint64_t seed);

} // namespace perunit::sample
