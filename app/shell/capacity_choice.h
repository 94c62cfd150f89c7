// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace perunit {

/// Numbers by name, as integers of their unit: 10^-9 of the currency, parts per million, whole numbers. What is not
/// there was left open.
using StatedFigures = std::map<std::string, std::int64_t>;

/// What the Capacity page sizes. Empty: what fits the traffic best.
struct CapacityChoice {
    std::string model; ///< "provider/model"
    std::string offer;
    std::string term;
    std::optional<std::int64_t> units; ///< no value: as many as cost least
    /// Units for output, where they are bought apart; no value: as many as cost least.
    std::optional<std::int64_t> outputUnits;
    int binSeconds = 60;
    /// What the user knows better than a catalogue, by ownFiguresKey().
    std::map<std::string, StatedFigures> figures;
    bool operator==(const CapacityChoice &) const = default;
};

/// Under which name the figures of a model on an offer are kept; without an offer those of its requests.
std::string ownFiguresKey(const std::string &model, const std::string &offer);

/// As it is kept in the workspace; numbers are whole, so that nothing is rounded.
QJsonObject capacityChoiceJson(const CapacityChoice &choice);
/// What cannot be read is left open.
CapacityChoice readCapacityChoice(const QJsonObject &json);

} // namespace perunit
