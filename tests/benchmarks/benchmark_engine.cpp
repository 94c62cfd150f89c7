// SPDX-License-Identifier: GPL-3.0-or-later
// How long the engine works while a slider is dragged: benchmark_engine WORKSPACE. Driven by benchmark_engine.py, which
// asks a database the same question.
#include "model/engine/evaluate.h"
#include "model/store/workspace_store.h"
#include "pricing/catalogue/catalogue_file.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

using namespace perunit;

namespace {

using Clock = std::chrono::steady_clock;

double millisSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

EffectiveLever lever(const char *id, LeverKind kind, std::map<std::string, std::int64_t> numbers,
                     std::map<std::string, std::string> texts = {})
{
    EffectiveLever result;
    result.lever.id = id;
    result.lever.kind = kind;
    result.lever.numbers = std::move(numbers);
    result.lever.texts = std::move(texts);
    return result;
}

/// Growth that crosses price bands, a route, an answer cache, a prompt cache and batch: the slider is the route's
/// share.
EvaluationRequest fiveLevers(std::int64_t routed, bool pool)
{
    EvaluationRequest request;
    request.levers = {lever("context", LeverKind::ContextGrowth, {{"factor", 1'150'000}}),
                      lever("route", LeverKind::Routing, {{"share", routed}}, {{"to", "openai/gpt-4o-mini"}}),
                      lever("answers", LeverKind::AnswerCache, {{"hit_share", 100'000}}),
                      lever("cache", LeverKind::PromptCache, {{"hit_share", 300'000}}),
                      lever("batch", LeverKind::Batch, {{"share", 200'000}})};
    if (pool)
        request.levers.push_back(
            lever("pool", LeverKind::Provisioned, {{"units", 15}},
                  {{"model", "openai/gpt-4o-mini"}, {"offer", "azure-ptu-global"}, {"term", "1-month"}}));
    request.groupBy = {"workload", "model"};
    return request;
}

struct Frames {
    double first = 0;
    double median = 0;
    double p95 = 0;
    std::string total;
};

Result<Frames> drag(const Baseline &baseline, bool pool, int steps)
{
    Frames frames;
    std::vector<double> millis;
    for (int step = 0; step < steps; ++step) {
        const auto start = Clock::now();
        const auto outcome = evaluate(baseline, fiveLevers(350'000 + step * 1'000, pool), {});
        if (!outcome)
            return outcome.error();
        millis.push_back(millisSince(start));
        if (step == 0)
            frames.total = outcome->total().text();
    }
    frames.first = millis.front();
    std::sort(millis.begin(), millis.end());
    frames.median = millis[millis.size() / 2];
    frames.p95 = millis[millis.size() * 95 / 100];
    return frames;
}

int fail(const Error &error)
{
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return 1;
}

/// The prices that the peer joins with: model, tier, band, from, inclusive and femto-units per token of four classes.
void writePrices(const Baseline &baseline, const char *path)
{
    std::ofstream file(path);
    file << "provider,recorded,tier,band,above,inclusive,own,input,cache_read,output\n";
    const PriceBook &book = baseline.book();
    const Instant at = monthOf({baseline.period().to.micros - 1}).plus(1).start();
    for (const Baseline::Resolution &resolution : baseline.resolutions()) {
        for (const ServiceTier tier : {ServiceTier::Standard, ServiceTier::Batch}) {
            if (!resolution.match.model.found())
                continue;
            const RateCard card = book.rateCard(resolution.match.model, tier, "", at, true);
            for (std::size_t i = 0; i < card.bands.size(); ++i) {
                const PriceBand &band = card.bands[i];
                const auto price = [&band](UsageClass usageClass) {
                    return band.prices[static_cast<std::size_t>(usageClass)].femto;
                };
                file << resolution.provider << ',' << resolution.recorded << ',' << nameOf(tier) << ',' << i << ','
                     << (band.from ? band.from->tokens : -1) << ',' << (band.from && band.from->inclusive ? 1 : 0)
                     << ',' << (book.hasTier(resolution.match.model, tier, "", at) ? 1 : 0) << ','
                     << price(UsageClass::Input) << ',' << price(UsageClass::CacheRead) << ','
                     << price(UsageClass::Output) << '\n';
            }
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: benchmark_engine WORKSPACE [PRICES.csv]\n");
        return 2;
    }
    auto store = WorkspaceStore::open(argv[1], WorkspaceStore::Mode::ReadOnly);
    if (!store)
        return fail(store.error());
    auto ledger = (*store)->readLedger({});
    if (!ledger)
        return fail(ledger.error());
    const auto book = std::make_shared<const PriceBook>(
        std::vector<std::shared_ptr<const Catalogue>>{std::make_shared<const Catalogue>(bundledCatalogue())},
        std::vector<ModelMapping>{}, std::vector<PriceOverlay>{});
    BaselineSettings settings;
    settings.horizonMonths = 1;
    // Whole months: one future month is their average.
    const Month firstMonth = monthOf({ledger->workload->time.front()});
    const Month endMonth = monthOf({ledger->workload->time.back()}).plus(1);
    settings.period = Period{firstMonth.start(), endMonth.start()};
    auto start = Clock::now();
    const auto baseline = Baseline::build(*ledger, book, settings, {});
    if (!baseline)
        return fail(baseline.error());
    std::printf("baseline %.1f ms, %lld requests in %d months\n", millisSince(start),
                static_cast<long long>((*baseline)->requestCount()), endMonth.index - firstMonth.index);
    if (argc > 2)
        writePrices(**baseline, argv[2]);
    const auto plain = drag(**baseline, false, 200);
    if (!plain)
        return fail(plain.error());
    std::printf("five levers first %.2f ms median %.2f ms p95 %.2f ms total %s\n", plain->first, plain->median,
                plain->p95, plain->total.c_str());
    const auto pooled = drag(**baseline, true, 12);
    if (!pooled)
        return fail(pooled.error());
    std::printf("with a pool first %.2f ms median %.2f ms p95 %.2f ms total %s\n", pooled->first, pooled->median,
                pooled->p95, pooled->total.c_str());
    start = Clock::now();
    EvaluationRequest none;
    const auto bars = bridge(**baseline, none, fiveLevers(350'000, false), BridgeMethod::Shapley, {});
    if (!bars)
        return fail(bars.error());
    std::printf("bridge of five %.2f ms\n", millisSince(start));
    return 0;
}
