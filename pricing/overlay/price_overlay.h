// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"
#include "pricing/base/result.h"
#include "pricing/catalogue/catalogue.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

enum class OverlayKind : std::uint8_t {
    Discount,  ///< list price × (1 − change)
    Markup,    ///< list price × (1 + change)
    FixedPrice ///< this price, whatever the list says
};

/// Names in files and in `--json`.
inline constexpr std::array<std::string_view, 3> overlayKindNames{"discount", "markup", "fixed_price"};

constexpr std::string_view nameOf(OverlayKind kind)
{
    return overlayKindNames[static_cast<std::size_t>(kind)];
}

/// Largest markup: 100 times the list price on top of it.
inline constexpr PartsPerMillion largestMarkup = 100 * onePpm;

/// One term of a contract: what it makes of list prices. The list price stays visible beside the contracted one.
struct PriceOverlay {
    std::string name; ///< unique in a workspace: "Enterprise agreement 2026"
    OverlayKind kind = OverlayKind::Discount;
    PartsPerMillion change = 0;      ///< of a discount (at most onePpm) or markup (at most largestMarkup)
    std::int64_t fixedFemto = 0;     ///< of a fixed price: for one token or event
    std::string provider;            ///< as catalogues name sellers; empty: every one
    std::vector<std::string> models; ///< catalogue ids or exact aliases; empty: every one
    std::vector<UsageClass> classes; ///< empty: every token class (not events); a fixed price names its classes
    std::vector<ServiceTier> tiers;  ///< empty: every one
    Period valid{alwaysBefore, alwaysAfter};
    std::string note;
    bool enabled = true;
    bool operator==(const PriceOverlay &) const = default;

    /// Whether it speaks of a model at all, whatever the class, tier and time. `aliases` are other ids of the model.
    [[nodiscard]] bool speaksOf(const ModelKey &model, const std::vector<std::string> &aliases = {}) const;
    /// Whether it speaks of a class; a term without classes speaks of tokens.
    [[nodiscard]] bool speaksOf(UsageClass usageClass) const;
    [[nodiscard]] bool appliesTo(const ModelKey &model, UsageClass usageClass, ServiceTier tier, Instant at) const;

    /// "12.5 % off", "5 % on top" or "2.5 per million", for people.
    [[nodiscard]] std::string termText() const;
    /// What it covers, for people: "anthropic, claude-sonnet-4-5; input, output; batch".
    [[nodiscard]] std::string scopeText() const;
};

/// What a list price becomes under the overlays that apply, in their order. Discounts and markups multiply; the product
/// is rounded once, half to even, to a femto-unit; a fixed price replaces what came before it. No value when the result
/// outgrows its type, or when a term is one that checkOverlay() refuses.
std::optional<std::int64_t> contractedFemto(std::int64_t listFemto, const std::vector<const PriceOverlay *> &overlays);

/// Error for an overlay that says nothing or the impossible: no name, a discount above 100 %, a fixed price without
/// classes or for tokens and events at once, an empty period. `where` is the member as files name it.
Status checkOverlay(const PriceOverlay &overlay);

/// The same for a whole list, whose names must differ. `where` is a JSON pointer: "/overlays/2/percent".
Status checkOverlays(const std::vector<PriceOverlay> &overlays);

/// Adds an overlay at the end, or puts it in the place of the one of the same name.
void putOverlay(std::vector<PriceOverlay> &overlays, const PriceOverlay &overlay);

/// JSON of overlays, as stored and as given to the command line (decimal texts, class and tier names).
std::string writeOverlays(const std::vector<PriceOverlay> &overlays);

/// Reads what writeOverlays() wrote, a bare list of overlays, or a single one. Strict: what is unknown, misspelt or
/// impossible is an error whose `where` is the JSON pointer.
Result<std::vector<PriceOverlay>> readOverlays(std::string_view json);

} // namespace perunit
