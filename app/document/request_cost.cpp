// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/request_cost.h"

#include "pricing/charge/request_pricer.h"

namespace perunit {

RequestCost costInFigures(std::shared_ptr<const PriceBook> book)
{
    auto pricer = std::make_shared<RequestPricer>(*book);
    return [book = std::move(book), pricer = std::move(pricer)](const RequestRow &row) -> std::optional<Money> {
        const PricedRequest priced =
            pricer->price({row.provider, row.model, row.region, row.time, row.tier, row.usage});
        // Without any price the cost is unknown, not nothing.
        if (priced.lines.empty() && !priced.unpriced.empty())
            return std::nullopt;
        return Money::of(priced.cost);
    };
}

} // namespace perunit
