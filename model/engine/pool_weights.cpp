// SPDX-License-Identifier: GPL-3.0-or-later
// What a token weighs in the load of a pool.
#include "model/engine/pool_weights.h"
#include "model/engine/pool_run.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

bool isText(UsageClass usageClass)
{
    const auto &text = LoadClasses::text;
    return std::find(text.begin(), text.end(), usageClass) != text.end();
}

template <typename Weights>
PartsPerMillion textWeight(const Weights &weights, UsageClass usageClass)
{
    switch (usageClass) {
    case UsageClass::Input:
        return weights.inputWeight;
    case UsageClass::CacheRead:
        return weights.cacheReadWeight;
    case UsageClass::CacheWrite5m:
        return weights.cacheWriteWeight;
    case UsageClass::CacheWrite1h:
        return weights.cacheWrite1hWeight;
    default:
        return weights.outputWeight;
    }
}

} // namespace

std::optional<PartsPerMillion> loadWeight(const ProvisionedThroughput &throughput, UsageClass usageClass,
                                          bool longPrompt)
{
    if (isText(usageClass))
        return longPrompt && throughput.longPrompt ? textWeight(*throughput.longPrompt, usageClass)
                                                   : textWeight(throughput, usageClass);
    for (const ClassWeight &other : throughput.otherWeights) {
        if (other.usageClass == usageClass)
            return other.weight;
    }
    return std::nullopt;
}

ClassSet servedClasses(const ProvisionedThroughput &throughput)
{
    ClassSet classes = 0;
    for (const UsageClass usageClass : LoadClasses::text)
        classes |= bitOf(usageClass);
    for (const ClassWeight &other : throughput.otherWeights)
        classes |= bitOf(other.usageClass);
    return classes;
}

LoadClasses loadClassesOf(const ProvisionedThroughput &throughput, const Workload &workload)
{
    const ClassSet served = servedClasses(throughput);
    std::vector<UsageClass> others;
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const auto usageClass = static_cast<UsageClass>(i);
        if (contains(served, i) && !isText(usageClass) && !workload.usage[i].empty())
            others.push_back(usageClass);
    }
    return LoadClasses(others);
}

std::size_t bitsOf(Int128 value)
{
    return Wide::of(static_cast<UInt128>(value)).bitLength();
}

UInt128 smallOf(const Wide &value)
{
    return static_cast<UInt128>(value.toInt128().value_or(0));
}

PoolRun::LoadWeights PoolRun::weightsOf(const Stream &stream, unsigned decimals, bool longPrompt) const
{
    const ComponentWeights &weights = stream.weights();
    LoadWeights result(m_classes.weights());
    for (std::size_t i = 0; i < m_classes.size(); ++i) {
        const UsageClass usageClass = m_classes[i];
        const auto unitWeight = loadWeight(*m_pool.throughput, usageClass, longPrompt).value_or(0);
        Wide &weight = result[LoadClasses::weightOf(i)];
        weight = raised(weights[static_cast<std::size_t>(componentOf(static_cast<std::size_t>(usageClass)))],
                        decimals - stream.plan->exponent);
        weight *= static_cast<std::uint64_t>(unitWeight);
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
            made->normal = weightsOf(stream, decimals, false);
            if (throughput.longPrompt)
                made->longPrompt = weightsOf(stream, decimals, true);
            weighing = m_weighings.emplace_back(std::move(made)).get();
        }
        stream.weighing = weighing;
    }
    takeOutCommonZeros(firstWeighing, decimals + 6);
    Wide capacity = Wide::of(static_cast<UInt128>(m_units) * static_cast<UInt128>(throughput.inputTokensPerMinute));
    m_capacity = raised(capacity, m_decimals);

    std::size_t weightBits = 0;
    for (std::size_t i = firstWeighing; i < m_weighings.size(); ++i) {
        for (const LoadWeights *weights : {&m_weighings[i]->normal, &m_weighings[i]->longPrompt}) {
            for (const Wide &weight : *weights)
                weightBits = std::max(weightBits, weight.bitLength());
        }
    }
    m_small = weightBits + bitsOf(servedCount()) <= 120 && m_capacity.bitLength() <= 120;
    for (std::size_t i = firstWeighing; i < m_weighings.size() && m_small; ++i) {
        Weighing &weighing = *m_weighings[i];
        const auto small = [](const LoadWeights &weights) {
            SmallWeights result(weights.size());
            std::transform(weights.begin(), weights.end(), result.begin(), smallOf);
            return result;
        };
        weighing.smallNormal = small(weighing.normal);
        weighing.smallLong = small(weighing.longPrompt);
    }
}

Int128 PoolRun::servedCount() const
{
    Int128 count = 0;
    for (std::size_t i = 0; i < m_classes.size(); ++i)
        count += servedCount(m_classes[i]);
    return count;
}

Int128 PoolRun::servedCount(UsageClass usageClass) const
{
    Int128 count = 0;
    for (const Stream &stream : m_streams)
        count += m_profile.blocks[stream.block].totals[static_cast<std::size_t>(usageClass)];
    return count;
}

} // namespace perunit
