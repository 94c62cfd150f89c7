// SPDX-License-Identifier: GPL-3.0-or-later
// What LiteLLM charges where its file states nothing (catalogue-formats.md §3).
#include "pricing/catalogue/litellm_prices.h"

#include <set>

namespace perunit {

namespace {

using enum UsageClass;
using Price = std::optional<UnitPrice>;

constexpr std::size_t at(UsageClass usageClass)
{
    return static_cast<std::size_t>(usageClass);
}

UnitPrice half(UnitPrice price)
{
    return {static_cast<std::int64_t>(divideHalfEven(price.femto, 2)), price.rounded || price.femto % 2 != 0};
}

bool costs(const Price &price)
{
    return price && price->femto != 0;
}

Price orElse(const Price &first, const Price &second)
{
    return first ? first : second;
}

class Library
{
public:
    explicit Library(const LiteLlmPrices &stated)
        : m_stated(stated)
        , m_rows(stated.rows)
    {}

    LiteLlmRows complete()
    {
        std::set<std::int64_t> thresholds{-1};
        for (const auto &[row, prices] : m_rows) {
            // LiteLLM looks for thresholds among the standard input prices alone.
            if (row.first == ServiceTier::Standard && row.second >= 0 && prices[at(Input)])
                thresholds.insert(row.second);
        }
        LiteLlmRows result;
        for (const ServiceTier tier : {ServiceTier::Standard, ServiceTier::Flex, ServiceTier::Priority}) {
            if (tier != ServiceTier::Standard && !hasTier(tier))
                continue;
            for (const std::int64_t threshold : thresholds)
                result[{tier, threshold}] = rowOf(tier, threshold);
        }
        result[{ServiceTier::Batch, -1}] = batchRow(result.at({ServiceTier::Standard, -1}));
        if (!m_stated.fastFactor) {
            // "fast" asks for the priority keys; where there are none the standard ones hold, as for every tier.
            for (const std::int64_t threshold : thresholds) {
                const auto priority = result.find({ServiceTier::Priority, threshold});
                if (priority != result.end())
                    result[{ServiceTier::Fast, threshold}] = priority->second;
            }
        }
        return result;
    }

private:
    [[nodiscard]] bool hasTier(ServiceTier tier) const
    {
        for (const auto &[row, prices] : m_rows) {
            if (row.first == tier)
                return true;
        }
        return false;
    }

    [[nodiscard]] Price stated(ServiceTier tier, std::int64_t threshold, UsageClass usageClass) const
    {
        const auto row = m_rows.find({tier, threshold});
        return row == m_rows.end() ? std::nullopt : row->second[at(usageClass)];
    }

    /// The key of the tier, else the standard key, at one threshold.
    [[nodiscard]] Price keyed(ServiceTier tier, std::int64_t threshold, UsageClass usageClass) const
    {
        return orElse(stated(tier, threshold, usageClass), stated(ServiceTier::Standard, threshold, usageClass));
    }

    /// The same above a threshold: a key that has no price there keeps the one of the base.
    [[nodiscard]] Price keyedAbove(ServiceTier tier, std::int64_t threshold, UsageClass usageClass) const
    {
        return orElse(keyed(tier, threshold, usageClass), keyed(tier, -1, usageClass));
    }

    [[nodiscard]] LiteLlmRowPrices rowOf(ServiceTier tier, std::int64_t threshold) const
    {
        LiteLlmRowPrices row;
        for (std::size_t i = 0; i < usageClassCount; ++i)
            row[i] = keyedAbove(tier, threshold, static_cast<UsageClass>(i));
        // A model of images alone generates image tokens and nothing else.
        if (!costs(row[at(Output)]) && row[at(ImageOut)])
            row[at(Output)] = row[at(ImageOut)];
        if (m_stated.ranges)
            fillRange(row);
        row[at(Reasoning)] = reasoningOf(tier, threshold, row[at(Output)]);
        for (const UsageClass each : {AudioIn, ImageIn, Embedding})
            row[at(each)] = orElse(row[at(each)], row[at(Input)]);
        for (const UsageClass each : {AudioOut, ImageOut})
            row[at(each)] = orElse(row[at(each)], row[at(Output)]);
        // It knows one kind of cached token; those of other kinds are charged like text.
        for (const UsageClass each : {CacheReadAudio, CacheReadImage})
            row[at(each)] = orElse(row[at(each)], row[at(CacheRead)]);
        chargeNothingForTheRest(row);
        return row;
    }

    /// A range fills its gaps from its own prices: a request never mixes ranges.
    static void fillRange(LiteLlmRowPrices &row)
    {
        row[at(CacheRead)] = orElse(row[at(CacheRead)], row[at(Input)]);
        row[at(CacheWrite5m)] = orElse(row[at(CacheWrite5m)], row[at(Input)]);
        row[at(CacheWrite1h)] = orElse(row[at(CacheWrite1h)], row[at(CacheWrite5m)]);
    }

    /// A tier with an output price of its own charges reasoning like it, unless it names reasoning too.
    [[nodiscard]] Price reasoningOf(ServiceTier tier, std::int64_t threshold, const Price &output) const
    {
        if (m_stated.ranges)
            return orElse(stated(tier, threshold, Reasoning), output);
        if (const Price own = stated(tier, -1, Reasoning))
            return own;
        if (tier != ServiceTier::Standard && stated(tier, -1, Output))
            return output;
        return orElse(stated(ServiceTier::Standard, -1, Reasoning), output);
    }

    /// Batch knows neither prompt lengths nor cache writes, and a discount for cached tokens only where it halves the
    /// standard price.
    [[nodiscard]] LiteLlmRowPrices batchRow(const LiteLlmRowPrices &standard) const
    {
        LiteLlmRowPrices row;
        const Price input = stated(ServiceTier::Batch, -1, Input);
        const Price output = stated(ServiceTier::Batch, -1, Output);
        const UnitPrice prompt = costs(input) ? *input : half(standard[at(Input)].value_or(UnitPrice{}));
        const UnitPrice generated = costs(output) ? *output : half(standard[at(Output)].value_or(UnitPrice{}));
        for (const UsageClass each : {Input, CacheWrite5m, CacheWrite1h, AudioIn, ImageIn, Embedding})
            row[at(each)] = prompt;
        for (const UsageClass each : {CacheRead, CacheReadAudio, CacheReadImage})
            row[at(each)] = costs(input) ? prompt : half(standard[at(CacheRead)].value_or(UnitPrice{}));
        for (const UsageClass each : {Output, Reasoning, AudioOut, ImageOut})
            row[at(each)] = generated;
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (!isTokenClass(static_cast<UsageClass>(i)))
                row[i] = standard[i];
        }
        chargeNothingForTheRest(row);
        return row;
    }

    static void chargeNothingForTheRest(LiteLlmRowPrices &row)
    {
        for (Price &price : row)
            price = price ? price : UnitPrice{};
    }

    const LiteLlmPrices &m_stated;
    const LiteLlmRows &m_rows;
};

} // namespace

void completeAsLiteLlm(LiteLlmPrices &prices)
{
    prices.rows = Library(prices).complete();
}

} // namespace perunit
