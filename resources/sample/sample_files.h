// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace perunit::sample {

/// The seed of the sample that is shipped.
inline constexpr std::uint64_t shippedSeed = 20260501;

/// The names of the files that writeSample() makes.
inline constexpr const char *requestsFile = "requests.csv";
inline constexpr const char *harnessFile = "harness_charges.csv";
inline constexpr const char *outcomesFile = "outcomes.csv";

/// Writes the request log, the bill of the harness and the outcome series into a folder that exists, replacing
/// what is there. The same seed gives the same bytes. Returns what went wrong, or an empty text.
std::string writeSample(const std::string &folder, std::uint64_t seed);

} // namespace perunit::sample
