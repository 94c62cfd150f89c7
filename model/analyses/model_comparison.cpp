// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/model_comparison.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t noGroup = static_cast<std::size_t>(-1);

std::int64_t longerThan(const Profile &profile, const Block &block, std::int64_t window)
{
    return window == 0 ? 0 : (block.end - block.first) - profile.countBelow(block, window + 1);
}

/// Every (tier, instant) of a candidate needs its card once, however many blocks there are.
class CandidatePricer
{
public:
    CandidatePricer(const Profile &profile, const PriceBook &book, ModelIndex model, Instant at)
        : m_profile(profile)
        , m_book(book)
        , m_at(at)
        , m_dailyPrices(std::any_of(book.model(model).rates.begin(), book.model(model).rates.end(),
                                    [](const Rate &rate) { return rate.daily.has_value(); }))
    {
        m_result.model = model;
    }

    void add(const Block &block, ServiceTier recordedTier)
    {
        const ServiceTier tier = recordedTier == ServiceTier::Provisioned ? ServiceTier::Standard : recordedTier;
        const RateCard &card = cardOf(block, tier);
        m_result.cost += costOfBlock(m_profile, block, card);
        m_result.withoutCache += costOfBlock(m_profile, block, card, true);
        m_result.tooLong += longerThan(m_profile, block, m_book.model(m_result.model).contextWindow);
    }

    [[nodiscard]] const ModelComparison::Candidate &result() const { return m_result; }

private:
    const RateCard &cardOf(const Block &block, ServiceTier tier)
    {
        auto &kept = m_cards[static_cast<std::size_t>(tier)];
        if (m_dailyPrices || !kept)
            kept = cardFor(m_book, m_result.model, tier, {}, m_at, block);
        return *kept;
    }

    const Profile &m_profile;
    const PriceBook &m_book;
    Instant m_at;
    bool m_dailyPrices;
    ModelComparison::Candidate m_result;
    std::array<std::optional<RateCard>, serviceTierCount> m_cards;
};

/// The comparisons of several groups of segments; `groupOf` has the group of each segment, or none of them.
Result<std::vector<ModelComparison>> compared(const Profile &profile, const PriceBook &book,
                                              const std::vector<std::size_t> &groupOf, std::size_t groups,
                                              const std::vector<ModelIndex> &candidates, Instant at,
                                              const std::stop_token &stop)
{
    std::vector<ModelComparison> results(groups);
    std::vector<char> severalModels(groups, 0);
    for (const Block &block : profile.blocks) {
        const Segment &segment = profile.segments[block.segment];
        const std::size_t group = groupOf[block.segment];
        if (group == noGroup)
            continue;
        ModelComparison &result = results[group];
        if (result.onlyModel && *result.onlyModel != segment.model)
            severalModels[group] = 1;
        result.onlyModel = segment.model;
        result.requests += block.totals[static_cast<std::size_t>(UsageClass::Request)];
        result.tokens += tokensIn(block.totals);
        const RateCard card = cardFor(book, segment.model, segment.tier, profile.regions[segment.region], at, block);
        result.recorded += costOfBlock(profile, block, card);
        result.recordedWithoutCache += costOfBlock(profile, block, card, true);
    }
    for (std::size_t group = 0; group < groups; ++group) {
        if (severalModels[group] != 0 || (results[group].onlyModel && !results[group].onlyModel->found()))
            results[group].onlyModel.reset();
    }
    for (const ModelIndex candidate : candidates) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        std::vector<CandidatePricer> pricers(groups, CandidatePricer(profile, book, candidate, at));
        for (const Block &block : profile.blocks) {
            if (groupOf[block.segment] != noGroup)
                pricers[groupOf[block.segment]].add(block, profile.segments[block.segment].tier);
        }
        for (std::size_t group = 0; group < groups; ++group)
            results[group].candidates.push_back(pricers[group].result());
    }
    return results;
}

Result<std::unique_ptr<const Profile>> profileOf(const Workload &workload, const PriceBook &book, Period period,
                                                 const std::vector<ModelIndex> &candidates, std::stop_token stop)
{
    Profile::Cut cut;
    cut.period = period;
    cut.ownTime = false;
    cut.alsoPricedAs = candidates;
    return Profile::build(workload, book, cut, std::move(stop));
}

} // namespace

Result<ModelComparison> compareModels(const Workload &workload, const PriceBook &book, Period period,
                                      const Scope &scope, const std::vector<ModelIndex> &candidates, Instant at,
                                      std::stop_token stop)
{
    const auto profile = profileOf(workload, book, period, candidates, stop);
    if (!profile)
        return profile.error();
    const std::vector<char> wanted = (*profile)->matching(scope);
    std::vector<std::size_t> groupOf;
    for (const char each : wanted)
        groupOf.push_back(each != 0 ? 0 : noGroup);
    auto results = compared(**profile, book, groupOf, 1, candidates, at, stop);
    if (!results)
        return results.error();
    return std::move(results->front());
}

Result<std::map<std::string, ModelComparison>> compareModelsBy(const Workload &workload, const PriceBook &book,
                                                               Period period, const std::string &dimension,
                                                               const std::vector<ModelIndex> &candidates, Instant at,
                                                               std::stop_token stop)
{
    const auto profile = profileOf(workload, book, period, candidates, stop);
    if (!profile)
        return profile.error();
    std::map<std::string, std::size_t> groups;
    std::vector<std::size_t> groupOf;
    for (const Segment &segment : (*profile)->segments)
        groupOf.push_back(groups.try_emplace((*profile)->text(segment, dimension), groups.size()).first->second);
    auto results = compared(**profile, book, groupOf, groups.size(), candidates, at, stop);
    if (!results)
        return results.error();
    std::map<std::string, ModelComparison> byValue;
    for (const auto &[value, group] : groups)
        byValue.emplace(value, std::move((*results)[group]));
    return byValue;
}

} // namespace perunit
