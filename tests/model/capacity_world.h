// SPDX-License-Identifier: GPL-3.0-or-later
// Small traffic, offers and questions for the tests of capacity.
#pragma once

#include "model/capacity/capacity_figures.h"
#include "tests/model/simple_world.h"
#include "tests/support/shared_data.h"

#include <QProcess>

#include <random>

namespace capacity {

using namespace simple;

/// Two hours of requests to models a and b: even, with bursts, some cached, some long, some in a minute of their own.
inline Ledger randomLedger(unsigned seed, int requests = 400)
{
    std::mt19937_64 random(seed);
    std::vector<RequestRow> rows;
    for (int i = 0; i < requests; ++i) {
        const auto micros = static_cast<std::int64_t>(random() % 120) * microsPerMinute
                            + static_cast<std::int64_t>(random() % 60'000'000);
        const bool burst = random() % 5 == 0;
        RequestRow row = world::request({someDay.micros + (burst ? micros % (5 * microsPerMinute) : micros)},
                                        random() % 4 == 0 ? "b" : "a", static_cast<std::int64_t>(random() % 900),
                                        static_cast<std::int64_t>(random() % 150));
        row.usage[CacheRead] = static_cast<std::int64_t>(random() % 500);
        row.workload = random() % 2 == 0 ? "chat" : "mail";
        rows.push_back(row);
    }
    return world::ledger(rows);
}

inline std::shared_ptr<const PriceBook> sizingBook(std::int64_t minimum, std::int64_t step, const char *perMonth)
{
    using world::rate;
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.unitName = "PTU";
    offer.overflow = OfferOverflow::ListPrice;
    offer.terms = {world::term("1-month", perMonth, false), world::term("hourly", "1", true)};
    offer.throughput = {world::throughput("a", 200, minimum, step), world::throughput("b", 300, minimum, step)};
    return world::book({world::model("p", "a", {rate("a", {{Input, "3"}, {CacheRead, "0.3"}, {Output, "15"}})}),
                        world::model("p", "b", {rate("b", {{Input, "0.25"}, {CacheRead, "0.025"}, {Output, "1.25"}})})},
                       {offer});
}

inline std::vector<EffectiveLever> someLevers()
{
    return {world::lever("grow", LeverKind::ContextGrowth, {{"factor", 1'333'333}}),
            world::lever("route", LeverKind::Routing, {{"share", 370'000}}, {{"to", "p/a"}}),
            world::lever("cache", LeverKind::PromptCache, {{"hit_share", 123'457}})};
}

inline EffectiveLever pool(std::int64_t units, const char *sizing = "")
{
    auto lever = world::lever("pool", LeverKind::Provisioned, {{"units", units}},
                              {{"model", "p/a"}, {"offer", "offer"}, {"term", "1-month"}});
    if (*sizing != '\0')
        lever.lever.texts["sizing"] = sizing;
    return lever;
}

inline Outcome outcomeOf(const Baseline &baseline, std::vector<EffectiveLever> levers)
{
    EvaluationRequest request;
    request.levers = std::move(levers);
    return evaluate(baseline, request, {}).value();
}

inline CapacityQuestion questionFor(const char *model = "p/a", const char *offer = "offer",
                                    const char *term = "1-month")
{
    CapacityQuestion question;
    question.model = model;
    question.offer = offer;
    question.term = term;
    return question;
}

inline std::string cents(Femto amount)
{
    return formatDecimalFixed(amount.units(), Femto::scale, 2);
}

/// The same requests with audio, images and pages, some of which an offer weighs, and some it does not.
inline std::vector<RequestRow> mixedRequests(unsigned seed, int requests = 400)
{
    std::mt19937_64 random(seed);
    const auto below = [&random](std::uint64_t end) {
        return static_cast<std::int64_t>(random() % end);
    };
    std::vector<RequestRow> rows;
    for (int i = 0; i < requests; ++i) {
        RequestRow row = world::request({someDay.micros + below(90) * microsPerMinute + below(60'000'000)},
                                        below(4) == 0 ? "b" : "a", below(700), below(150));
        if (below(3) == 0)
            row.usage[AudioIn] = below(400);
        if (below(5) == 0)
            row.usage[ImageIn] = below(1200);
        if (below(6) == 0)
            row.usage[ImageOut] = below(90);
        if (below(8) == 0)
            row.usage[Page] = below(3);
        if (below(4) == 0)
            row.usage.reasoning = below(static_cast<std::uint64_t>(row.usage[Output] + 1));
        row.workload = below(2) == 0 ? "chat" : "mail";
        rows.push_back(row);
    }
    return rows;
}

/// Audio weighs four times as much as text, an image that is made 3.75 times, a page 250; images that are sent weigh
/// nothing at all, and prompts above 1,500 tokens are not served.
inline std::shared_ptr<const PriceBook> mixedBook(const char *perMonth, bool weighed = true)
{
    using world::rate;
    ProvisionedOffer offer;
    offer.id = "offer";
    offer.provider = "p";
    offer.unitName = "GSU";
    offer.overflow = OfferOverflow::ListPrice;
    offer.terms = {world::term("1-month", perMonth, false), world::term("hourly", "0.0004", true)};
    auto throughput = world::throughput("a", 200);
    throughput.maximumPromptTokens = 1500;
    throughput.longPrompt = LongPromptWeights{{900, true}, 2 * onePpm, onePpm / 5, onePpm, onePpm, 7'500'000};
    if (weighed)
        throughput.otherWeights = {{AudioIn, 4 * onePpm}, {ImageOut, 3'750'000}, {Page, 250 * onePpm}};
    offer.throughput = {throughput};
    return world::book({world::model("p", "a",
                                     {rate("a", {{Input, "3"},
                                                 {Output, "15"},
                                                 {Reasoning, "9"},
                                                 {AudioIn, "12"},
                                                 {ImageIn, "5"},
                                                 {ImageOut, "60"},
                                                 {Page, "1500"}})}),
                        world::model("p", "b", {rate("b", {{Input, "0.25"}, {Output, "1.25"}, {AudioIn, "1"}})})},
                       {offer});
}

/// gpt-4.1 as in levers.md §0.3.
inline std::shared_ptr<const PriceBook> azureBook()
{
    ProvisionedOffer offer;
    offer.id = "azure-ptu-global";
    offer.provider = "azure";
    offer.unitName = "PTU";
    offer.overflow = OfferOverflow::ListPrice;
    offer.terms = {world::term("hourly", "1", true), world::term("1-month", "260", false),
                   world::term("1-year", "221", false)};
    offer.throughput = {world::throughput("gpt-4.1", 3000, 15, 5)};
    ProvisionedOffer regional = offer;
    regional.id = "azure-ptu-regional";
    regional.terms = {world::term("hourly", "2", true), world::term("1-month", "286", false),
                      world::term("1-year", "243", false)};
    ProvisionedOffer zone = regional;
    zone.id = "azure-ptu-datazone";
    zone.terms.front() = world::term("hourly", "1.1", true);
    return world::book({world::model("azure", "gpt-4.1",
                                     {world::rate("r", {{Input, "2"}, {CacheRead, "0.5"}, {Output, "8"}}),
                                      world::rate("r/batch", {{Input, "1"}, {Output, "4"}}, ServiceTier::Batch)})},
                       {offer, regional, zone});
}

/// The requests of the trace before a time from its first one.
inline std::shared_ptr<const Baseline> conversationTrace(std::int64_t seconds = INT32_MAX)
{
    QProcess zcat;
    zcat.start(QStringLiteral("zcat"),
               {sharedData("ledgers/llm_traces/azure_2023/AzureLLMInferenceTrace_conv.csv.gz")});
    zcat.waitForFinished();
    std::vector<RequestRow> rows;
    const auto lines = zcat.readAllStandardOutput().split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const auto fields = lines[i].split(',');
        if (fields.size() != 3)
            continue;
        const Instant at = parseInstant(fields[0].toStdString()).value();
        if (!rows.empty() && at.micros - rows.front().time.micros >= seconds * microsPerSecond)
            break;
        rows.push_back(world::request(at, "recorded", fields[1].toLongLong(), fields[2].trimmed().toLongLong()));
    }
    const auto book = azureBook();
    return traceBaseline(*world::ledger(rows).workload, book, book->resolve("azure", "gpt-4.1").model, "",
                         instantOf(2026, 3, 9, 18), {})
        .value();
}

} // namespace capacity
