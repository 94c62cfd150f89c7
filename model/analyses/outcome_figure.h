// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/exact_fraction.h"
#include "model/engine/evaluate.h"

#include <optional>
#include <string>
#include <string_view>

namespace perunit {

/// One figure of an outcome, by name: "total", "component:cache_read", "month:2026-03", "unit:conversation" (cost of
/// one), "group:workload=search", "usage:output". All but groups also of one month: "unit:conversation@2026-03".
struct OutcomeFigure {
    enum class Kind : std::uint8_t { Total, Component, Group, Unit, Usage };
    Kind kind = Kind::Total;
    Component component = Component::Input;
    UsageClass usageClass = UsageClass::Input;
    std::string name; ///< of the unit, or of the dimension of a group
    std::string key;  ///< value of the dimension; empty: rows without one
    std::optional<Month> month;
    /// An amount in the currency of the outcome; else tokens or events.
    [[nodiscard]] bool isMoney() const { return kind != Kind::Usage; }
    /// The name in the form above.
    [[nodiscard]] std::string text() const;
    bool operator==(const OutcomeFigure &) const = default;
};

/// Reads the name of a figure. Errors: BadInput, which say what is understood.
Result<OutcomeFigure> parseOutcomeFigure(std::string_view text);

/// A figure of one outcome, exactly: femto-units of money, or millionths of tokens and events. The cost of one unit
/// is a fraction; the others are whole.
struct FigureValue {
    ExactFraction exact;
    bool isMoney = true;
    /// Rounded half to even to a femto-unit, or to a millionth of a token.
    [[nodiscard]] Int128 rounded() const { return exact.rounded(); }
    /// Decimal text of that.
    [[nodiscard]] std::string text() const;
};

/// Decimal text of a figure, or of a difference of figures, in the steps of FigureValue::rounded().
std::string figureText(Int128 steps, bool isMoney);

/// The request limited to what the figure needs. Errors: NotFound, when the request does not have its unit.
Result<EvaluationRequest> requestForFigure(EvaluationRequest request, const OutcomeFigure &figure);

/// The figure of an outcome that was asked for with requestForFigure(). Errors: NotFound for what the outcome does not
/// have and for what is unknown, because nothing in it has a price or because there are no units.
Result<FigureValue> readFigure(const Outcome &outcome, const OutcomeFigure &figure);

/// What a figure shall be.
struct FigureTarget {
    enum class Comparison : std::uint8_t { AtMost, AtLeast, Equal };
    OutcomeFigure figure;
    Comparison comparison = Comparison::AtMost;
    Int128 value = 0; ///< femto-units, or millionths of tokens
    [[nodiscard]] bool isMetBy(const FigureValue &reached) const;
    /// "unit:conversation<=0.05".
    [[nodiscard]] std::string text() const;
};

/// Reads "total<=12000", "component:cache_read>=10", "unit:conversation=0.05". Errors: BadInput.
Result<FigureTarget> parseFigureTarget(std::string_view text);

} // namespace perunit
