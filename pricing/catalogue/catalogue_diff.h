// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/price_book.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

enum class PriceChangeKind : std::uint8_t { New, Changed, Gone };

/// One price that two catalogues or price books state differently at an instant.
struct PriceChange {
    ModelKey model;
    PriceChangeKind kind = PriceChangeKind::Changed;
    ServiceTier tier = ServiceTier::Standard;
    std::string region;
    std::optional<ContextThreshold> band;
    std::optional<DailyWindow> daily;
    UsageClass usageClass = UsageClass::Input;
    std::optional<std::int64_t> beforeFemto; ///< for one token or event; no value: not stated
    std::optional<std::int64_t> afterFemto;
    std::string beforeRate; ///< id of the rate
    std::string afterRate;
    /// At least doubled or halved, to or from nothing included: look before you accept it.
    bool suspicious = false;
};

struct CatalogueDiff {
    std::vector<ModelKey> newModels;
    std::vector<ModelKey> goneModels;
    std::vector<PriceChange> changes; ///< of models that are in both, by model
    std::size_t sameModels = 0;       ///< in both, every stated price the same
};

/// Compares stated prices at one instant. Models are the same when provider and id are, or when one side names the
/// other's id as an alias.
CatalogueDiff compareCatalogues(const Catalogue &before, const Catalogue &after, Instant at);
/// The same for books: what holds at the instant after all layers are laid over each other. A new entry for an id that
/// the book before found by a documented pattern ("us.anthropic.…") is compared with what it charged for that id.
CatalogueDiff comparePriceBooks(const PriceBook &before, const PriceBook &after, Instant at);

/// Prices of one model and class on which the layers of a book do not agree at an instant. The last one counts.
struct PriceConflict {
    ModelKey model;
    ServiceTier tier = ServiceTier::Standard;
    std::string region;
    std::optional<ContextThreshold> band;
    std::optional<DailyWindow> daily;
    UsageClass usageClass = UsageClass::Input;
    struct Statement {
        std::string catalogue;
        std::string source;
        std::int64_t femto = 0;
    };
    std::vector<Statement> statements; ///< in the order of the layers
};

/// Shown, never averaged.
std::vector<PriceConflict> priceConflicts(const std::vector<std::shared_ptr<const Catalogue>> &layers, Instant at);

} // namespace perunit
