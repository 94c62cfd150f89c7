// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/overlap.h"
#include "pricing/catalogue/price_book.h"

#include <memory>

namespace perunit {

/// What requests cost at the prices of a book, for comparing ledgers. For one thread.
RequestCost costInFigures(std::shared_ptr<const PriceBook> book);

} // namespace perunit
