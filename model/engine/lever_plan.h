// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline_impl.h"
#include "model/engine/lever_values.h"
#include "model/engine/month_plan.h"
#include "model/engine/outcome.h"
#include "model/scenario/scenario.h"

#include <array>
#include <utility>
#include <vector>

namespace perunit {

/// A provisioned lever, ready to run.
struct PoolPlan {
    const EffectiveLever *lever = nullptr;
    ModelIndex model;
    const ProvisionedOffer *offer = nullptr;
    const ProvisionedThroughput *throughput = nullptr;
    std::string term;
    std::int64_t units = 0;
    int firstMonth = 0; ///< of the outcome's months
    bool sized = false; ///< the number of units is to be the cheapest one
};

/// The enabled levers of a scenario against the segments of a profile.
class LeverPlan
{
public:
    /// Fails with the first impossible lever. With `studied` the plan has this one pool and no other; what it points to
    /// must outlive the plan.
    static Result<LeverPlan> make(const Baseline::Impl &baseline, const std::vector<EffectiveLever> &levers,
                                  std::stop_token stop, const PoolPlan *studied = nullptr);

    /// The profile to evaluate over: it ends blocks where prices of routing targets change.
    [[nodiscard]] const Profile &profile() const { return *m_profile; }
    [[nodiscard]] const std::shared_ptr<const Profile> &sharedProfile() const { return m_profile; }
    [[nodiscard]] const MonthPlan &plan(std::size_t segment, int month) const
    {
        return m_plans[m_groupOf[segment] * m_months + static_cast<std::size_t>(month)];
    }
    [[nodiscard]] const std::vector<PoolPlan> &pools() const { return m_pools; }
    /// Says how many units a pool has whose size was left open.
    void setUnits(std::size_t pool, std::int64_t units) { m_pools[pool].units = units; }
    /// Pool that takes the standard requests of a segment when a model serves them; -1 when none does.
    [[nodiscard]] int poolOf(std::size_t segment, ModelIndex model) const;
    /// The lever of a kind that is in charge of a segment; null when none is. Not for levers of which a segment can
    /// have several: routing, price changes, provisioned, training.
    [[nodiscard]] const Lever *leverOf(std::size_t segment, LeverKind kind) const
    {
        return m_groups[m_groupOf[segment]].choice.of(kind);
    }

    /// An enabled lever with the segments that its scope speaks of.
    struct Entry {
        const EffectiveLever *lever = nullptr;
        std::vector<char> matches;
        ModelIndex model; ///< routing target, model of a pool or of a price change

        [[nodiscard]] const Lever &value() const { return lever->lever; }
    };
    [[nodiscard]] const std::vector<Entry> &entries() const { return m_entries; }
    /// The lever of a kind in charge of a harness group: the deepest that matches; null when none does.
    [[nodiscard]] const Lever *harnessLever(const HarnessGroup &group, LeverKind kind) const;
    /// The lever that gives a rate for charges in a currency; null when none does.
    [[nodiscard]] const Lever *exchangeRate(const std::string &currency) const;
    /// What each prompt cache lever assumes, beside what gaps allow in the last month.
    [[nodiscard]] std::vector<Outcome::CacheShare> cacheShares(const CacheGaps &gaps) const;
    /// Whether some prompt cache lever is in force.
    [[nodiscard]] bool hasPromptCache() const;
    /// Enabled levers whose scope no request matches.
    [[nodiscard]] const std::vector<std::string> &withoutRequests() const { return m_withoutRequests; }

private:
    /// Segments for which the same levers are in charge.
    struct Group {
        LeverChoice choice;
        std::vector<std::uint32_t> segments;
    };
    using GroupKey = std::pair<std::vector<int>, std::int32_t>;

    Status resolve(const Baseline::Impl &baseline, const std::vector<EffectiveLever> &levers, std::stop_token stop);
    Status assign();
    Status checkRivals(std::size_t segment) const;
    [[nodiscard]] GroupKey keyOf(std::size_t segment) const;
    [[nodiscard]] LeverChoice choiceOf(const GroupKey &key) const;
    Status assignPools(const Baseline::Impl &baseline);
    void assignStudied(const PoolPlan &studied);
    Result<int> chosenPool(std::size_t segment, ModelIndex model, const std::vector<int> &poolOfEntry) const;
    Status planMonths(const Baseline::Impl &baseline, std::stop_token stop);

    std::shared_ptr<const Profile> m_profile;
    std::vector<Entry> m_entries;
    std::vector<std::string> m_withoutRequests;
    std::vector<Group> m_groups;
    std::vector<std::uint32_t> m_groupOf;
    std::size_t m_months = 0;
    std::vector<MonthPlan> m_plans;
    std::vector<PoolPlan> m_pools;
    std::vector<std::vector<std::pair<ModelIndex, int>>> m_poolOf;
};

} // namespace perunit
