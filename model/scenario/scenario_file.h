// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"
#include "pricing/base/result.h"

#include <string>
#include <string_view>

namespace perunit {

/// What a scenario file says beside the scenario: the baseline it was made on, by digest.
struct ScenarioOrigin {
    std::string ledgerDigest;
    std::string catalogueDigest;
    std::string engineVersion;
    bool operator==(const ScenarioOrigin &) const = default;
};

/// Content of a `*.perunit-scenario`: the chain from the outermost ancestor to the scenario itself (last),
/// so that a file stands alone without its workspace.
struct ScenarioFile {
    std::vector<Scenario> chain;
    ScenarioOrigin origin;
    /// JSON of the baseline that a shared scenario carries (model/share); empty: it carries none.
    std::string profile{};
    bool operator==(const ScenarioFile &) const = default;
};

/// Canonical JSON: stable key order, UTF-8, one value a line, shares as decimals ("0.6").
std::string writeScenarioFile(const ScenarioFile &file);
/// Errors name the JSON path ("/levers/0/parameters/share") or line and column.
Result<ScenarioFile> readScenarioFile(std::string_view json, std::string_view fileName);

/// One scenario as canonical JSON, the form in which the workspace keeps it.
std::string writeScenario(const Scenario &scenario);
Result<Scenario> readScenario(std::string_view json, std::string_view where);

} // namespace perunit
