// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"
#include "model/workload/workload.h"
#include "pricing/catalogue/price_book.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// The prices of one model at one instant with what the engine asks about them.
struct PricedCard {
    RateCard card;
    bool ownTier = false; ///< the model has prices of its own for the tier
};

/// Rate cards by model, tier, region and instant; every card is made once. Safe to share between threads.
class CardStore
{
public:
    explicit CardStore(std::shared_ptr<const PriceBook> book);
    [[nodiscard]] const PriceBook &book() const { return *m_book; }
    /// Lives as long as the store. A model that was not found has an empty card.
    const PricedCard *card(ModelIndex model, ServiceTier tier, const std::string &region, Instant at,
                           bool withAnnounced);

private:
    struct Key {
        std::int32_t model = 0;
        ServiceTier tier = ServiceTier::Standard;
        bool withAnnounced = false;
        std::int64_t micros = 0;
        std::string region;
        auto operator<=>(const Key &) const = default;
    };
    std::shared_ptr<const PriceBook> m_book;
    std::mutex m_mutex;
    std::map<Key, std::unique_ptr<const PricedCard>> m_cards;
};

/// Requests that agree in every dimension except those that name single units.
struct Segment {
    std::vector<std::uint32_t> key; ///< one text id per profile dimension
    ModelIndex model;
    ServiceTier tier = ServiceTier::Standard;
    std::uint32_t region = 0;     ///< index into Profile::regions
    std::uint32_t resolution = 0; ///< index into Profile::names
    std::uint32_t firstBlock = 0;
    std::uint32_t endBlock = 0;
};

/// The requests of a segment in one month for which the same prices hold, sorted by prompt length.
struct Block {
    std::uint32_t segment = 0;
    std::int32_t month = 0; ///< from the first month of the period; 0 when months do not matter
    /// An instant at which its prices hold. Where only the hour of the week counts (Cut::ownTime is false) an
    /// instant with such an hour.
    Instant at;
    std::uint32_t first = 0;
    std::uint32_t end = 0;    ///< into Profile::order
    std::uint32_t sample = 0; ///< first sample of the running sums
    std::array<std::int64_t, usageClassCount> totals{};
};

/// The first instant from `first` on at which the same daily windows of the model are open as at `like`; `first` itself
/// for models whose prices do not depend on the hour.
Instant firstLike(const CatalogueModel &model, Instant first, Instant like);

/// A recorded model name and the catalogue model it found.
struct RecordedName {
    std::string provider;
    std::string model;
    ModelMatch match;
};

/// The requests of a period grouped by everything that decides a price. Segments are in the order of their
/// texts, so that nothing depends on the order in which rows arrived. Immutable.
class Profile
{
public:
    struct Cut {
        Period period;
        /// True: blocks end with months and wherever prices change. False: only daily windows part them.
        bool ownTime = true;
        std::vector<ModelIndex> alsoPricedAs; ///< more models whose price changes must not fall into a block
    };
    static Result<std::unique_ptr<const Profile>> build(const Workload &workload, const PriceBook &book, const Cut &cut,
                                                        std::stop_token stop);

    std::vector<const DimensionColumn *> dimensions; ///< those that take part in the grouping, by name
    std::vector<Segment> segments;
    std::vector<Block> blocks; ///< by segment, then time
    std::vector<std::string> regions;
    std::vector<RecordedName> names;
    std::size_t firstRow = 0; ///< rows of the workload inside the period: [firstRow, endRow)
    std::size_t endRow = 0;
    std::vector<std::uint32_t> blockOfRow; ///< by row - firstRow

    /// Text of a dimension of a segment; empty when the dimension takes no part.
    [[nodiscard]] std::string text(const Segment &segment, std::string_view dimension) const;
    /// Which segments a scope speaks of, one flag per segment.
    [[nodiscard]] std::vector<char> matching(const Scope &scope) const;
    /// Prompt length of the request at a place of a block; see rowAt().
    [[nodiscard]] std::int64_t promptAt(std::uint32_t place) const { return m_prompts[place]; }
    /// How many requests of the block, from its first, have prompts shorter than `tokens`.
    [[nodiscard]] std::uint32_t countBelow(const Block &block, std::int64_t tokens) const;
    /// Sums per class over the first `count` requests of the block by prompt length.
    [[nodiscard]] std::array<std::int64_t, usageClassCount> sumOfShortest(const Block &block,
                                                                          std::uint32_t count) const;
    /// Row of the workload at a place of a block: Block::first up to Block::end, in order of prompt length.
    [[nodiscard]] std::size_t rowAt(std::uint32_t place) const { return firstRow + m_order[place]; }
    /// Classes that occur at all.
    [[nodiscard]] const std::vector<std::size_t> &usedClasses() const { return m_usedClasses; }

private:
    struct Builder;
    /// Running sums are kept for every so many requests; the few in between are added when asked for.
    static constexpr std::uint32_t sampleStride = 16;

    const Workload *m_workload = nullptr;
    std::vector<std::uint32_t> m_order;  ///< rows by block, then prompt length
    std::vector<std::int64_t> m_prompts; ///< prompt length of each of them
    std::vector<std::size_t> m_usedClasses;
    std::vector<std::vector<std::int64_t>> m_samples; ///< by used class
};

} // namespace perunit
