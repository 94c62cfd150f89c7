// SPDX-License-Identifier: GPL-3.0-or-later
// What a user knows better than the catalogues: negotiated prices, measured throughput, replicas of one's own.
#pragma once

#include "app/shell/capacity_choice.h"
#include "model/capacity/capacity_study.h"
#include "pricing/catalogue/price_book.h"
#include "widgets/inputs/parameter_scale.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// One figure that can be stated for a choice, with what holds while it is not.
struct OwnFigure {
    /// Under which name the values are kept (ownFiguresKey()), and the figure among them.
    std::string place;
    std::string name;
    QString label;
    QString help;
    ParameterScale scale;
    QString otherwise; ///< "221.00"
    std::optional<std::int64_t> value;
    bool needed = false; ///< nothing can be sized without it
    QString problem;     ///< why it cannot be together with the others; empty: it can
};

/// All figures that can be stated for a complete choice, in the order of their fields.
std::vector<OwnFigure> ownFigures(const PriceBook &book, const CapacityChoice &choice, Instant at);

/// What keeps a choice from being sized.
struct MissingFigures {
    QStringList labels; ///< of those that must be stated first, or that cannot be as they are
    /// Stating figures is of no use: the offer cannot be calculated for another reason.
    std::optional<Error> hopeless;
    [[nodiscard]] bool none() const { return labels.isEmpty() && !hopeless; }
};
MissingFigures missingFigures(const PriceBook &book, const CapacityChoice &choice, Instant at);

/// The choice as a question, with the figures that were stated. Values out of range are left out, as the fields do.
CapacityQuestion questionOf(const CapacityChoice &choice);

/// "price of a PTU, a month 200.00 USD": figures of the offer that were stated.
QStringList statedFigures(const PriceBook &book, const CapacityChoice &choice, Instant at);

/// What to keep in mind about the figures of a choice, and where the values of empty fields come from; may be empty.
QString ownFiguresHint(const PriceBook &book, const CapacityChoice &choice, bool missing);
QString ownFiguresSource(const PriceBook &book, const CapacityChoice &choice);

/// Terms of an offer that hold at an instant, each once: those with a known price first, in the order of the offer.
std::vector<std::string> termsOf(const PriceBook &book, const std::string &offer, Instant at);

/// Whether a choice is of replicas of one's own.
bool isOwnReplicas(const std::string &offer);
/// Name of an offer on screen.
QString offerText(const PriceBook &book, const std::string &offer);

} // namespace perunit
