// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"
#include "pricing/base/result.h"
#include "pricing/catalogue/catalogue.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

enum class OverlayKind : std::uint8_t {
    Discount,  ///< list price × (1 − change)
    Markup,    ///< list price × (1 + change)
    FixedPrice ///< this price, whatever the list says
};

/// One term of a contract: what it makes of list prices. The list price stays visible beside the contracted one.
struct PriceOverlay {
    std::string name; ///< unique in a workspace: "Enterprise agreement 2026"
    OverlayKind kind = OverlayKind::Discount;
    PartsPerMillion change = 0;      ///< of a discount (at most onePpm) or markup
    std::int64_t fixedFemto = 0;     ///< of a fixed price: for one token or event
    std::string provider;            ///< canonical; empty: every one
    std::vector<std::string> models; ///< catalogue ids; empty: every one
    std::vector<UsageClass> classes; ///< empty: every token class (not events); a fixed price names its classes
    std::vector<ServiceTier> tiers;  ///< empty: every one
    Period valid{alwaysBefore, alwaysAfter};
    std::string note;
    bool enabled = true;
    bool operator==(const PriceOverlay &) const = default;

    [[nodiscard]] bool appliesTo(const ModelKey &model, UsageClass usageClass, ServiceTier tier, Instant at) const;
};

/// What a list price becomes under the overlays that apply, in their order. Discounts and markups multiply; the product
/// is rounded once, half to even, to a femto-unit; a fixed price replaces what came before it.
std::int64_t contractedFemto(std::int64_t listFemto, const std::vector<const PriceOverlay *> &overlays);

/// Error for an overlay that says nothing or the impossible: no name, a discount above 100 %, a fixed price without
/// classes, an empty period. `where` is the member.
Status checkOverlay(const PriceOverlay &overlay);

/// JSON of overlays, as stored and as given to the command line (decimal texts, class and tier names).
std::string writeOverlays(const std::vector<PriceOverlay> &overlays);
Result<std::vector<PriceOverlay>> readOverlays(std::string_view json);

} // namespace perunit
