// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of reading catalogues and of pricing requests, beside plain ways to do the same in the same run. Ratios count;
// times depend on the machine and on what else it does (README.md).
#include "pricing/base/decimal.h"
#include "pricing/catalogue/catalogue_file.h"
#include "pricing/catalogue/json_value.h"
#include "pricing/charge/price_request.h"
#include "pricing/charge/request_pricer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace perunit;

namespace {

constexpr int rounds = 7;

double secondsOf(const std::function<void()> &work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Measured {
    std::string name;
    std::vector<double> seconds;
};

/// All ways in turn, several times, so that what disturbs the machine disturbs them alike.
void measure(std::vector<Measured> &results, const std::vector<std::function<void()>> &ways)
{
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < ways.size(); ++i)
            results[i].seconds.push_back(secondsOf(ways[i]));
    }
}

std::string textOf(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void benchmarkReading(const std::string &text)
{
    std::vector<Measured> results{
        {"nlohmann::json::parse", {}}, {"parseJson, numbers as text", {}}, {"readCatalogue", {}}};
    std::size_t sink = 0;
    measure(results,
            {[&] { sink += nlohmann::json::parse(text).size(); }, [&] { sink += parseJson(text)->items.size(); },
             [&] {
                 sink += readCatalogue(text, "litellm.json")->catalogue.models.size();
             }});
    std::printf("Reading %.2f MB (LiteLLM); median of %d\n", static_cast<double>(text.size()) / 1e6, rounds);
    std::printf("  %-34s %10s %10s\n", "", "ms", "x parse");
    for (const Measured &each : results)
        std::printf("  %-34s %10.2f %10.2f\n", each.name.c_str(), 1e3 * median(each.seconds),
                    median(each.seconds) / median(results.front().seconds));
    std::printf("  (%zu entries)\n\n", sink);
}

/// Requests of all models of the book, in random order, with their names as ledgers record them.
std::vector<RequestToPrice> mixedRequests(const PriceBook &book, std::size_t count)
{
    std::mt19937 random(42); // NOLINT: the same requests in every run
    const auto pick = [&random](std::size_t below) {
        return static_cast<std::size_t>(random()) % below;
    };
    const Instant start = *parseInstant("2026-01-01");
    std::vector<RequestToPrice> requests;
    for (std::size_t i = 0; i < count; ++i) {
        const CatalogueModel &model = book.model({static_cast<std::int32_t>(pick(book.modelCount()))});
        RequestToPrice request;
        request.provider = model.key.provider;
        request.model =
            model.aliases.empty() || pick(2) == 0 ? model.key.model : model.aliases[pick(model.aliases.size())];
        request.tier = pick(4) == 0 ? ServiceTier::Batch : ServiceTier::Standard;
        request.at = {start.micros + static_cast<std::int64_t>(pick(300)) * microsPerDay
                      + static_cast<std::int64_t>(pick(86'400)) * microsPerSecond};
        request.usage[UsageClass::Input] = static_cast<std::int64_t>(pick(50'000));
        request.usage[UsageClass::CacheRead] = static_cast<std::int64_t>(pick(300'000));
        request.usage[UsageClass::Output] = static_cast<std::int64_t>(pick(5'000));
        requests.push_back(std::move(request));
    }
    return requests;
}

/// What a careful program without a price book would do: a map by provider and model, prices as decimal texts.
class PlainPricer
{
public:
    explicit PlainPricer(const PriceBook &book)
    {
        for (std::size_t i = 0; i < book.modelCount(); ++i) {
            const ModelIndex index{static_cast<std::int32_t>(i)};
            const CatalogueModel &model = book.model(index);
            const RateCard card = book.rateCard(index, ServiceTier::Standard, "", *parseInstant("2026-06-01"));
            if (card.bands.empty())
                continue;
            std::map<std::string, std::string> prices;
            for (std::size_t each = 0; each < usageClassCount; ++each) {
                const ClassPrice &price = card.bands.front().prices[each];
                if (price.state != PriceState::Unpriced)
                    prices[std::string(usageClassNames[each])] = formatDecimal(price.femto, Femto::scale);
            }
            m_prices[model.key.provider + "/" + model.key.model] = prices;
            for (const std::string &alias : model.aliases)
                m_prices[model.key.provider + "/" + alias] = prices;
        }
    }

    Int128 price(const RequestToPrice &request) const
    {
        const auto found = m_prices.find(request.provider + "/" + request.model);
        if (found == m_prices.end())
            return 0;
        Int128 cost = 0;
        for (std::size_t each = 0; each < usageClassCount; ++each) {
            if (request.usage.counts[each] == 0)
                continue;
            const auto price = found->second.find(std::string(usageClassNames[each]));
            if (price != found->second.end())
                cost += parseDecimal(price->second, Femto::scale)->units * request.usage.counts[each];
        }
        return cost;
    }

private:
    std::map<std::string, std::map<std::string, std::string>> m_prices;
};

void benchmarkPricing(const PriceBook &book, std::size_t count)
{
    const std::vector<RequestToPrice> requests = mixedRequests(book, count);
    const PlainPricer plain(book);
    RequestPricer pricer(book);
    Int128 sums[3] = {0, 0, 0};
    const auto each = [&requests](auto &&price) {
        Int128 sum = 0;
        for (const RequestToPrice &request : requests)
            sum += price(request);
        return sum;
    };
    std::vector<Measured> results{{"std::map and decimal texts", {}}, {"priceRequest()", {}}, {"RequestPricer", {}}};
    measure(results,
            {[&] { sums[0] = each([&](const auto &request) { return plain.price(request); }); },
             [&] { sums[1] = each([&](const auto &request) { return priceRequest(book, request).cost.units(); }); },
             [&] {
                 sums[2] = each([&](const auto &request) { return pricer.price(request).cost.units(); });
             }});
    std::printf("Pricing %zu mixed requests, %zu models; median of %d\n", count, book.modelCount(), rounds);
    std::printf("  %-34s %14s %10s %10s\n", "", "requests/s", "ns each", "x plain");
    for (const Measured &result : results) {
        const double seconds = median(result.seconds);
        std::printf("  %-34s %14.0f %10.0f %10.2f\n", result.name.c_str(), static_cast<double>(count) / seconds,
                    1e9 * seconds / static_cast<double>(count), median(results.front().seconds) / seconds);
    }
    std::printf("  priceRequest() and RequestPricer agree: %s\n\n", sums[1] == sums[2] ? "yes" : "NO");
}

} // namespace

int main(int argc, char **argv)
{
    const std::string path =
        argc > 1 ? argv[1] : PERUNIT_SHARED_DATA "/catalogues/litellm_model_prices_2026-08-01.json";
    const std::string text = textOf(path);
    auto read = readCatalogue(text, "litellm_2026-08-01.json");
    if (!read) {
        std::fprintf(stderr, "%s: %s\ngive the path of LiteLLM's model_prices_and_context_window.json\n", path.c_str(),
                     read.error().text().c_str());
        return 1;
    }
    benchmarkReading(text);
    const PriceBook bundled({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()}}, {});
    benchmarkPricing(bundled, 200'000);
    const PriceBook layered({{std::shared_ptr<const Catalogue>{}, &bundledCatalogue()},
                             std::make_shared<const Catalogue>(std::move(read->catalogue))},
                            {});
    benchmarkPricing(layered, 200'000);
    return 0;
}
