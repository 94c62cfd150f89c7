// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue.h"
#include "pricing/overlay/price_overlay.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// How a recorded model name found its catalogue model. Printed with every price.
enum class MatchRule : std::uint8_t { None, UserMapping, Exact, Alias, Pattern };

/// Index of a model in the PriceBook; -1 when nothing matched.
struct ModelIndex {
    std::int32_t value = -1;
    [[nodiscard]] bool found() const { return value >= 0; }
    auto operator<=>(const ModelIndex &) const = default;
};

struct ModelMatch {
    ModelIndex model;
    MatchRule rule = MatchRule::None;
    std::string detail; ///< "exact", "alias", "pattern: dated snapshot -20250929", …
    std::string region; ///< region carried by the recorded name ("us." of a Bedrock id), may be empty
};

/// State of the price of one class (model.md §3).
enum class PriceState : std::uint8_t { Unpriced, Priced, Assumed, Free, Covered };

struct ClassPrice {
    std::int64_t femto = 0; ///< per token or event, as contracted
    PriceState state = PriceState::Unpriced;
    std::int32_t rate = -1; ///< index into CatalogueModel::rates of the rate it came from
    /// Without overlays the same as `femto` and `state`. Unpriced under a fixed price: there is nothing to compare
    /// with.
    std::int64_t listFemto = 0;
    PriceState listState = PriceState::Unpriced;
    std::int32_t overlaySet = -1; ///< index into RateCard::overlaySets; -1: no overlay applies
};

/// The prices of one prompt-length band.
struct PriceBand {
    std::optional<ContextThreshold> from; ///< empty for the base band
    std::array<ClassPrice, usageClassCount> prices;
};

/// All prices of one model at one instant, tier and region. Bands ascend by threshold; the first is the base.
struct RateCard {
    std::vector<PriceBand> bands;
    /// Groups of overlays that made a price, as indexes into PriceBook::overlays(), in their order.
    std::vector<std::vector<std::int32_t>> overlaySets;
    /// The overlays that made a price of this card; empty when none did.
    [[nodiscard]] const std::vector<std::int32_t> &overlaysOf(const ClassPrice &price) const;
    /// The band of a request with this prompt length; null when the card is empty (unpriced).
    [[nodiscard]] const PriceBand *bandFor(std::int64_t promptTokens) const
    {
        const PriceBand *result = nullptr;
        for (const PriceBand &band : bands) {
            if (!band.from || band.from->reachedBy(promptTokens))
                result = &band;
        }
        return result;
    }
};

struct NameForm;

/// Recorded name -> catalogue model, decided by the user.
struct ModelMapping {
    std::string provider; ///< as recorded; empty: any
    std::string model;    ///< as recorded
    ModelKey target;
    bool operator==(const ModelMapping &) const = default;
};

/// Resolution and selection of prices over layered catalogues (later layers win price by price).
/// Immutable and safe to share between threads.
class PriceBook
{
public:
    /// Overlays apply in their order; those that are not enabled take no part.
    PriceBook(std::vector<std::shared_ptr<const Catalogue>> layers, std::vector<ModelMapping> mappings,
              std::vector<PriceOverlay> overlays = {});

    [[nodiscard]] const std::string &currency() const { return m_currency; }
    /// Date of the newest fact in any layer.
    [[nodiscard]] const std::string &asOf() const { return m_asOf; }
    /// Hex digest of everything that decides a price; equal books give equal digests.
    [[nodiscard]] const std::string &digest() const { return m_digest; }

    [[nodiscard]] std::size_t modelCount() const { return m_models.size(); }
    [[nodiscard]] const CatalogueModel &model(ModelIndex index) const
    {
        return *m_models[static_cast<std::size_t>(index.value)];
    }
    /// Name of the catalogue that a model comes from.
    [[nodiscard]] const std::string &catalogueOf(ModelIndex index) const;

    /// Resolves a recorded name by user mapping, exact id, alias, then documented pattern; never by likeness. A layer
    /// that is read as its library would comes before its ids, with the library's own patterns.
    [[nodiscard]] ModelMatch resolve(std::string_view provider, std::string_view model) const;

    /// Prices of a model at an instant. Announced rates take part only when asked for (scenarios).
    /// Classes without a price of their own inherit one and are marked Assumed (catalogue-formats.md §9.2). Overlays
    /// come last (pricing/overlay/README.md).
    [[nodiscard]] RateCard rateCard(ModelIndex model, ServiceTier tier, std::string_view region, Instant at,
                                    bool withAnnounced = false) const;
    /// Whether the model has prices of its own for the tier at that instant.
    [[nodiscard]] bool hasTier(ModelIndex model, ServiceTier tier, std::string_view region, Instant at) const;

    /// Overlays as given, also those that are not enabled.
    [[nodiscard]] const std::vector<PriceOverlay> &overlays() const { return m_overlays; }
    /// The enabled overlays that speak of a model, as indexes into overlays(), in their order.
    [[nodiscard]] const std::vector<std::int32_t> &overlaysOf(ModelIndex model) const;
    /// Some enabled overlay speaks of a model of the book.
    [[nodiscard]] bool hasOverlays() const { return !m_overlaysOfModel.empty(); }
    /// The same book without overlays; models keep their indexes.
    [[nodiscard]] std::shared_ptr<const PriceBook> atList() const;
    /// Names in an overlay that no catalogue of the book knows: "provider 'antropic'", "model 'gpt-x'".
    [[nodiscard]] std::vector<std::string> unknownNames(const PriceOverlay &overlay) const;

    /// Instants inside the period at which any price of the model changes, ascending. Beginnings and ends of overlays
    /// are such instants.
    [[nodiscard]] std::vector<Instant> changesWithin(ModelIndex model, Period period) const;

    [[nodiscard]] const std::vector<const ProvisionedOffer *> &offers() const { return m_offers; }
    [[nodiscard]] const ProvisionedOffer *offer(std::string_view id) const;

    /// Names of the catalogues that take no part because their currency is not the book's.
    [[nodiscard]] const std::vector<std::string> &leftOut() const;

private:
    struct Index;
    void findOverlays();
    void findNames(Index &index) const;
    [[nodiscard]] std::string computeDigest() const;
    [[nodiscard]] std::optional<ModelMatch> resolveByUser(const std::string &seller, std::string_view model) const;
    [[nodiscard]] std::optional<ModelMatch> resolveAsLibrary(std::string_view provider, std::string_view model) const;
    [[nodiscard]] ModelMatch resolveWithoutProvider(const std::vector<NameForm> &forms) const;

    std::vector<std::shared_ptr<const Catalogue>> m_layers;
    std::vector<ModelMapping> m_mappings;
    std::vector<PriceOverlay> m_overlays;
    std::vector<std::vector<std::int32_t>> m_overlaysOfModel; ///< empty when none speaks of any model
    std::vector<const CatalogueModel *> m_models;
    std::vector<std::size_t> m_layerOfModel;
    std::vector<const ProvisionedOffer *> m_offers;
    std::string m_currency;
    std::string m_asOf;
    std::string m_digest;
    std::shared_ptr<const Index> m_index;
};

} // namespace perunit
