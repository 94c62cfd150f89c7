// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/baseline.h"
#include "model/engine/outcome.h"
#include "model/scenario/scenario.h"

#include <gmpxx.h>

#include <array>
#include <map>
#include <string>
#include <tuple>
#include <vector>

/// The rules of model/engine/README.md, written to be read: every request is priced by itself, in rational
/// numbers of any size. Slow on purpose. It shares nothing with the engine but plain values and the price book.
namespace reference {

struct Lines {
    /// (month, all dimensions of the request that are not units, component) -> femto-units.
    std::map<std::tuple<int, std::string, perunit::Component>, mpz_class> amounts;
    /// (month, class) -> millionths, summed over lines of (month, dimensions, class).
    std::map<std::pair<int, std::size_t>, mpz_class> usage;
    struct Pool {
        mpz_class fixedCost;
        mpz_class spillCost;
        mpz_class utilisation; ///< parts per million
        mpz_class spillShare;
    };
    std::vector<Pool> pools; ///< in the order of the levers
    mpq_class unpricedTokens;

    [[nodiscard]] mpz_class total() const;
};

struct Input {
    std::vector<perunit::RequestRow> requests;
    std::vector<perunit::ChargeRow> harness;
    perunit::Period period;
    int horizonMonths = 0;
    bool conventionalMonth = true;
    std::vector<perunit::EffectiveLever> levers;
};

Lines evaluate(const perunit::PriceBook &book, const Input &input);

/// The text that stands for all dimensions of a request that are not units.
std::string groupOf(const perunit::RequestRow &row);
/// Value of one dimension in such a text.
std::string valueIn(const std::string &group, const std::string &dimension);

/// Exact text of an amount, to be compared with Femto::text of the engine without going through it.
mpz_class big(perunit::Int128 value);

} // namespace reference
