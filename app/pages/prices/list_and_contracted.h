// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"

#include <cstdint>
#include <string>
#include <vector>

namespace perunit {

/// One model of the ledger at contracted and at list prices, both of the requests' own time.
struct ListAndContracted {
    std::string provider;
    std::string model;                 ///< of the catalogue, or as recorded where it is in none
    std::vector<std::string> recorded; ///< names under which the ledger has it
    bool found = false;                ///< in a catalogue
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    Femto contracted;
    Femto list;
    std::int64_t unpricedContracted = 0; ///< tokens
    std::int64_t unpricedList = 0;       ///< tokens
    bool unlistedEvents = false;         ///< a fixed price for events that have no list price

    /// Nothing of it has a price: the cost is unknown, not zero.
    [[nodiscard]] bool isContractedUnknown() const { return !found || (tokens > 0 && unpricedContracted == tokens); }
    [[nodiscard]] bool isListUnknown() const { return !found || (tokens > 0 && unpricedList == tokens); }
    /// Both prices are of the same tokens and events, so that their difference means something.
    [[nodiscard]] bool isComparable() const
    {
        return !isContractedUnknown() && !isListUnknown() && unpricedContracted == unpricedList && !unlistedEvents;
    }
};

/// One entry for each model, largest contracted cost first. Both baselines are of the same ledger and period; the
/// second one has no overlays.
std::vector<ListAndContracted> listAndContracted(const Baseline &contracted, const Baseline &list);

} // namespace perunit
