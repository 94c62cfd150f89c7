// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/charge/price_request.h"

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// A class that the library of a catalogue charges otherwise than we do from what the catalogue states.
struct PriceDifference {
    UsageClass usageClass = UsageClass::Input;
    std::string reason;        ///< why, for people: "no price is stated; taken over from litellm:gpt-4o"
    std::optional<Femto> cost; ///< what we charge; no value: we leave it unpriced
    Femto libraryCost;
};

/// One catalogue read twice, and what was left out of it when it was read as stated.
struct ComparedBooks {
    std::shared_ptr<const PriceBook> library;
    std::shared_ptr<const PriceBook> stated;
    std::vector<CatalogueIssue> issues;
};

/// Classes in the order of their numbers; empty when both charge the same. Reasoning counts as output unless both
/// price it apart.
std::vector<PriceDifference> priceDifferences(const ComparedBooks &books, const RequestToPrice &request,
                                              const PricedRequest &asItsLibrary);

} // namespace perunit
