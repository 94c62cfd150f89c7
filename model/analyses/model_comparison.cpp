// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/model_comparison.h"

#include <algorithm>

namespace perunit {

namespace {

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

} // namespace

Result<ModelComparison> compareModels(const Workload &workload, const PriceBook &book, Period period,
                                      const Scope &scope, const std::vector<ModelIndex> &candidates, Instant at,
                                      std::stop_token stop)
{
    Profile::Cut cut;
    cut.period = period;
    cut.ownTime = false;
    cut.alsoPricedAs = candidates;
    const auto built = Profile::build(workload, book, cut, stop);
    if (!built)
        return built.error();
    const Profile &profile = **built;
    const std::vector<char> wanted = profile.matching(scope);
    ModelComparison result;
    for (const Block &block : profile.blocks) {
        const Segment &segment = profile.segments[block.segment];
        if (wanted[block.segment] == 0)
            continue;
        result.requests += block.totals[static_cast<std::size_t>(UsageClass::Request)];
        result.tokens += tokensIn(block.totals);
        const RateCard card = cardFor(book, segment.model, segment.tier, profile.regions[segment.region], at, block);
        result.recorded += costOfBlock(profile, block, card);
        result.recordedWithoutCache += costOfBlock(profile, block, card, true);
    }
    for (const ModelIndex candidate : candidates) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        CandidatePricer pricer(profile, book, candidate, at);
        for (const Block &block : profile.blocks) {
            if (wanted[block.segment] != 0)
                pricer.add(block, profile.segments[block.segment].tier);
        }
        result.candidates.push_back(pricer.result());
    }
    return result;
}

} // namespace perunit
