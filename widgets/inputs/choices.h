// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"

#include <QString>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace perunit {

/// One entry of a list to choose from.
struct ChoiceItem {
    std::string value; ///< what is stored: "openai/gpt-4o-mini"
    QString label;     ///< on screen; empty: the value itself
    QString detail;    ///< secondary text and tool tip: "in 0.15, out 0.60 $ per million"
    bool operator==(const ChoiceItem &) const = default;
};

/// Sizes in which an offer is sold: minimum + n × step.
struct UnitSteps {
    std::int64_t minimum = 1;
    std::int64_t step = 1;
    bool operator==(const UnitSteps &) const = default;
};

/// An offer of provisioned throughput, with its terms, the models that it serves and what its units may be.
struct OfferChoice {
    std::string value; ///< as stored in the lever: "azure-ptu-global"
    QString label;     ///< "Azure PTU, Global"
    QString detail;
    QString unitName;                        ///< "PTU"
    std::vector<ChoiceItem> terms;           ///< for the parameter "term"; empty: whatever the lever knows
    std::map<std::string, UnitSteps> models; ///< by model as stored in the lever; empty: every model, any size
    std::int64_t sliderMaximum = 0;          ///< right end of the slider; typing may go beyond; 0: a default
    bool operator==(const OfferChoice &) const = default;
};

/// Values of each dimension that a scope may pick from, in the order to show them, each with a short text
/// about its weight ("31 % of cost"; may be empty).
using ScopeValues = std::map<std::string, std::vector<std::pair<std::string, QString>>>;

/// Everything that lever editors offer to choose from; the caller takes it from ledger and price book.
struct LeverChoices {
    std::vector<ChoiceItem> models;  ///< for ParameterUnit::Model
    std::vector<OfferChoice> offers; ///< for ParameterUnit::OfferTerm
    std::map<std::string, std::vector<ChoiceItem>>
        choices; ///< for ParameterUnit::Choice, by name of the parameter, to label them; otherwise those of the lever
    std::vector<ChoiceItem> currencies; ///< to suggest for ParameterUnit::Text
    QString currency;                   ///< code of the workspace, written at money; empty: nothing
    ScopeValues scopeValues;
    Month firstMonth;           ///< first month of the horizon
    int months = 12;            ///< length of the horizon: limits start and ramp
    std::int64_t mostUnits = 0; ///< right end of unit sliders when the offer has none; 0: 20 steps
    bool operator==(const LeverChoices &) const = default;
};

} // namespace perunit
