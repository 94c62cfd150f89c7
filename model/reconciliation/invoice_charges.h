// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"
#include "model/reconciliation/priced_usage.h"
#include "model/reconciliation/reconciliation.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// Usage charges of one key.
struct UsageCharges {
    Money billed;
    std::optional<Money> list; ///< what the charges themselves state as list cost; no value when one of them does not
    std::int64_t count = 0;
    std::map<UsageClass, Money> byClass; ///< of the charges that say which class they are for
    void add(const ChargeRow &charge, Money amount, std::optional<Money> listPart);
};

/// All charges of one key.
struct TiedCharges {
    UsageCharges usage;    ///< of models
    DifferenceParts other; ///< charges that explain themselves: taxes, credits, other services, …
    std::int64_t otherCount = 0;
};

/// The invoices of a ledger, cut to a window of time and resolved like recorded usage.
struct InvoiceCharges {
    Period window;
    std::map<TieKey, TiedCharges> lines;
    std::map<std::string, int> decimals; ///< digits after the point that the usage charges of a provider show
    std::vector<std::string> notes;
};

/// The window is the period of the baseline: whole calendar months where the user did not choose one, and the time of
/// the invoices where there are no requests.
Result<InvoiceCharges> invoiceCharges(const Baseline &baseline, std::stop_token stop);

} // namespace perunit
