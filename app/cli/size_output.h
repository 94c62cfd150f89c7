// SPDX-License-Identifier: GPL-3.0-or-later
// What `size` prints: one JSON document, or tables for people.
#pragma once

#include "model/capacity/capacity_study.h"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace perunit {

nlohmann::ordered_json capacityJson(const CapacityAnswer &answer);
nlohmann::ordered_json comparisonJson(const std::vector<OfferComparison> &comparison);
nlohmann::ordered_json portfolioJson(const PortfolioAnswer &answer);
nlohmann::ordered_json poolingJson(const PoolingAnswer &answer);

void printCapacity(const CapacityAnswer &answer);
void printComparison(const std::vector<OfferComparison> &comparison);
void printPortfolio(const PortfolioAnswer &answer);
void printPooling(const PoolingAnswer &answer);

} // namespace perunit
