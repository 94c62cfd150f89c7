// SPDX-License-Identifier: GPL-3.0-or-later
// What a token weighs in the load of a pool.
#include "model/engine/pool_weights.h"
#include "model/engine/pool_run.h"

#include <algorithm>

namespace perunit {

std::size_t bitsOf(Int128 value)
{
    return Wide::of(static_cast<UInt128>(value)).bitLength();
}

UInt128 smallOf(const Wide &value)
{
    return static_cast<UInt128>(value.toInt128().value_or(0));
}

PoolRun::LoadWeights PoolRun::weightsOf(const Stream &stream, unsigned decimals,
                                        const std::array<PartsPerMillion, 5> &unitWeights)
{
    // Both lifetimes of a cache write are one component of the plan.
    static constexpr std::array<std::size_t, 5> components{0, 1, 2, 2, 3};
    const ComponentWeights &weights = stream.weights();
    LoadWeights result;
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i] = raised(weights[components[i]], decimals - stream.plan->exponent);
        result[i] *= static_cast<std::uint64_t>(unitWeights[i]);
    }
    if (stream.routePlan().split) {
        // Every prompt token is part input, part read, part write: one weight for all of them.
        Wide prompt = result[0];
        prompt += result[1];
        prompt += result[stream.plan->writeClass == UsageClass::CacheWrite1h ? 3 : 2];
        result[0] = result[1] = result[2] = result[3] = prompt;
    }
    return result;
}

void PoolRun::takeOutCommonZeros(unsigned decimals)
{
    const auto divisible = [](const LoadWeights &weights) {
        return std::all_of(weights.begin(), weights.end(),
                           [](Wide weight) { return weight.divideBy(std::uint64_t{10}) == 0; });
    };
    const auto allDivisible = [&] {
        return std::all_of(m_streams.begin(), m_streams.end(), [&](const Stream &stream) {
            return divisible(stream.loadWeights) && divisible(stream.longWeights);
        });
    };
    while (decimals > 0 && allDivisible()) {
        for (Stream &stream : m_streams) {
            for (LoadWeights *weights : {&stream.loadWeights, &stream.longWeights}) {
                for (Wide &weight : *weights)
                    weight.divideBy(std::uint64_t{10});
            }
        }
        --decimals;
    }
    m_decimals = decimals;
}

void PoolRun::scaleWeights()
{
    const ProvisionedThroughput &throughput = *m_pool.throughput;
    const std::array<PartsPerMillion, 5> unitWeights{throughput.inputWeight, throughput.cacheReadWeight,
                                                     throughput.cacheWriteWeight, throughput.cacheWrite1hWeight,
                                                     throughput.outputWeight};
    unsigned decimals = 0;
    for (const Stream &stream : m_streams)
        decimals = std::max(decimals, stream.plan->exponent);
    for (Stream &stream : m_streams) {
        stream.loadWeights = weightsOf(stream, decimals, unitWeights);
        if (const auto &longer = throughput.longPrompt)
            stream.longWeights = weightsOf(stream, decimals,
                                           {longer->inputWeight, longer->cacheReadWeight, longer->cacheWriteWeight,
                                            longer->cacheWrite1hWeight, longer->outputWeight});
    }
    takeOutCommonZeros(decimals + 6);
    Wide capacity = Wide::of(static_cast<UInt128>(m_units) * static_cast<UInt128>(throughput.inputTokensPerMinute));
    m_capacity = raised(capacity, m_decimals);

    std::size_t weightBits = 0;
    Int128 tokens = 0;
    for (const Stream &stream : m_streams) {
        for (const LoadWeights *weights : {&stream.loadWeights, &stream.longWeights}) {
            for (const Wide &weight : *weights)
                weightBits = std::max(weightBits, weight.bitLength());
        }
        tokens += tokensIn(m_profile.blocks[stream.block].totals);
    }
    m_small = weightBits + bitsOf(tokens) <= 120 && m_capacity.bitLength() <= 120;
    m_smallSpilled = m_small && weightBits + bitsOf(tokens) + 40 <= 127;
    m_gauges.assign(m_streams.size(), {});
    for (std::size_t s = 0; s < m_streams.size(); ++s) {
        m_gauges[s].firstTooLong = m_streams[s].firstTooLong;
        m_gauges[s].firstLong = m_streams[s].firstLong;
        m_gauges[s].from = m_streams[s].slice->from;
        m_gauges[s].below = m_streams[s].slice->below;
        for (std::size_t i = 0; i < m_gauges[s].weights.size() && m_small; ++i) {
            m_gauges[s].weights[i] = smallOf(m_streams[s].loadWeights[i]);
            m_gauges[s].longWeights[i] = smallOf(m_streams[s].longWeights[i]);
        }
    }
}

} // namespace perunit
