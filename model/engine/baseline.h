// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/units/economic_unit.h"
#include "model/workload/workload.h"
#include "pricing/catalogue/price_book.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// How a baseline is cut from the ledger and carried into the future. Part of the workspace.
struct BaselineSettings {
    /// Ledger period; empty: all of it.
    std::optional<Period> period;
    /// Months after the baseline that scenarios look at. 0: scenarios re-price the baseline period itself.
    /// A baseline of n whole months is repeated as its average month: every line is divided by n, exactly.
    int horizonMonths = 0;
    /// 730 hours in every month when true, calendar hours when false.
    bool conventionalMonth = true;
    bool operator==(const BaselineSettings &) const = default;
};

std::string writeBaselineSettings(const BaselineSettings &settings);
Result<BaselineSettings> readBaselineSettings(std::string_view json);

/// Ledger × prices, arranged for the engine: requests grouped by everything that decides a price, with
/// prefix sums by prompt length inside each group, so that no lever has to visit single requests except
/// for minute loads. Immutable; built once per ledger, price book and settings; shared between threads.
class Baseline
{
public:
    static Result<std::shared_ptr<const Baseline>> build(const Ledger &ledger, std::shared_ptr<const PriceBook> book,
                                                         const BaselineSettings &settings, std::stop_token stop);
    ~Baseline();

    [[nodiscard]] Period period() const;
    [[nodiscard]] const BaselineSettings &settings() const;
    [[nodiscard]] const Ledger &ledger() const;
    [[nodiscard]] const PriceBook &book() const;
    [[nodiscard]] const std::string &currency() const;
    /// Hex digest over ledger, prices and settings.
    [[nodiscard]] const std::string &digest() const;
    [[nodiscard]] std::int64_t requestCount() const;
    /// How each recorded model name was resolved, largest token volume first.
    struct Resolution {
        std::string provider;
        std::string recorded;
        ModelMatch match;
        std::int64_t requests = 0;
        std::int64_t tokens = 0;
        Femto cost; ///< of the priced classes
        std::int64_t unpricedTokens = 0;
        /// What the sources recorded as its cost; no value where they recorded none.
        std::optional<Money> recordedCost;
    };
    [[nodiscard]] const std::vector<Resolution> &resolutions() const;

    /// Cost of the request at a row of the workload at its own time; unpriced classes count as nothing
    /// and are reported through `unpricedTokens`.
    [[nodiscard]] Femto requestCost(std::size_t row, std::int64_t *unpricedTokens = nullptr) const;
    /// Rows of the workload inside the period: [first, last).
    [[nodiscard]] std::pair<std::size_t, std::size_t> rows() const;

    struct Impl;
    [[nodiscard]] const Impl &impl() const { return *m_impl; }

private:
    explicit Baseline(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace perunit
