// SPDX-License-Identifier: GPL-3.0-or-later
// What a token weighs in the load of a pool.
#include "model/engine/pool_weights.h"
#include "model/engine/pool_run.h"

#include <algorithm>
#include <map>

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

void PoolRun::takeOutCommonZeros(std::size_t firstWeighing, unsigned decimals)
{
    const auto everyWeight = [&](const auto &visit) {
        for (std::size_t i = firstWeighing; i < m_weighings.size(); ++i) {
            for (LoadWeights *weights : {&m_weighings[i]->normal, &m_weighings[i]->longPrompt}) {
                if (!std::all_of(weights->begin(), weights->end(), visit))
                    return false;
            }
        }
        return true;
    };
    const auto divisible = [](Wide weight) {
        return weight.divideBy(std::uint64_t{10}) == 0;
    };
    const auto divide = [](Wide &weight) {
        weight.divideBy(std::uint64_t{10});
        return true;
    };
    for (; decimals > 0 && everyWeight(divisible); --decimals)
        everyWeight(divide);
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
    // Streams of one way through the pipeline weigh alike; there are few ways and many streams.
    const std::size_t firstWeighing = m_weighings.size();
    std::map<const ComponentWeights *, const Weighing *> known;
    for (Stream &stream : m_streams) {
        const Weighing *&weighing = known[&stream.weights()];
        if (!weighing) {
            auto made = std::make_unique<Weighing>();
            made->normal = weightsOf(stream, decimals, unitWeights);
            if (const auto &longer = throughput.longPrompt)
                made->longPrompt = weightsOf(stream, decimals,
                                             {longer->inputWeight, longer->cacheReadWeight, longer->cacheWriteWeight,
                                              longer->cacheWrite1hWeight, longer->outputWeight});
            weighing = m_weighings.emplace_back(std::move(made)).get();
        }
        stream.weighing = weighing;
    }
    takeOutCommonZeros(firstWeighing, decimals + 6);
    Wide capacity = Wide::of(static_cast<UInt128>(m_units) * static_cast<UInt128>(throughput.inputTokensPerMinute));
    m_capacity = raised(capacity, m_decimals);

    std::size_t weightBits = 0;
    Int128 tokens = 0;
    for (std::size_t i = firstWeighing; i < m_weighings.size(); ++i) {
        for (const LoadWeights *weights : {&m_weighings[i]->normal, &m_weighings[i]->longPrompt}) {
            for (const Wide &weight : *weights)
                weightBits = std::max(weightBits, weight.bitLength());
        }
    }
    for (const Stream &stream : m_streams)
        tokens += tokensIn(m_profile.blocks[stream.block].totals);
    m_small = weightBits + bitsOf(tokens) <= 120 && m_capacity.bitLength() <= 120;
    for (std::size_t i = firstWeighing; i < m_weighings.size() && m_small; ++i) {
        Weighing &weighing = *m_weighings[i];
        std::transform(weighing.normal.begin(), weighing.normal.end(), weighing.smallNormal.begin(), smallOf);
        std::transform(weighing.longPrompt.begin(), weighing.longPrompt.end(), weighing.smallLong.begin(), smallOf);
    }
}

} // namespace perunit
