// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/completed_choice.h"

#include <QString>

#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// One line of the comparison on the Capacity page.
struct ComparedOffer {
    OfferComparison comparison;
    QString name;            ///< of the offer on screen
    bool ownFigures = false; ///< computed with something that the user stated
    bool canBeChosen = true; ///< also where something must be stated first
};

/// All offers and terms for the traffic of a wish as the catalogues have them. Slow: once for a traffic and model.
std::vector<OfferComparison> compareCatalogueOffers(const CapacityWish &wish, std::stop_token stop);

/// The same with what the user stated about any of them: terms with figures are studied again, replicas join, and
/// offers that wait for a figure say which. The cheapest first, refused ones last.
std::vector<ComparedOffer> compareWithOwnFigures(const CapacityWish &wish, const SizableModel &model,
                                                 const CapacityChoice &choice,
                                                 const std::vector<OfferComparison> &catalogue,
                                                 const std::stop_token &stop);

/// Price of one hourly unit of an offer over the period; no value where none is sold or its price is not known.
std::optional<Femto> hourlyPriceOf(const std::vector<ComparedOffer> &offers, const std::string &offer);

} // namespace perunit
