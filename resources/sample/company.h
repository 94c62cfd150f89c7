// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "resources/sample/random.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit::sample {

/// A model as the gateway of the company records it.
struct ModelChoice {
    std::string_view provider;
    std::string_view model;
    std::string_view region;
    std::string_view deployment; ///< only on Azure
};

/// All models in use. Every one is in the public price catalogues, except the company's own router.
namespace models {
inline constexpr ModelChoice sonnet{"anthropic", "claude-sonnet-4-5", "global", ""};
inline constexpr ModelChoice sonnetDated{"anthropic", "claude-sonnet-4-5-20250929", "global", ""};
inline constexpr ModelChoice opusDated{"anthropic", "claude-opus-4-5-20251101", "global", ""};
inline constexpr ModelChoice haikuDated{"anthropic", "claude-haiku-4-5-20251001", "global", ""};
inline constexpr ModelChoice gpt{"openai", "gpt-4.1", "global", ""};
inline constexpr ModelChoice gptMini{"openai", "gpt-4.1-mini", "global", ""};
inline constexpr ModelChoice gptMiniDated{"openai", "gpt-4.1-mini-2025-04-14", "global", ""};
inline constexpr ModelChoice azureGpt{"azure", "gpt-4.1-2025-04-14", "swedencentral", "support-chat-gpt41"};
inline constexpr ModelChoice geminiFlash{"google", "gemini-2.5-flash", "europe-west4", ""};
inline constexpr ModelChoice geminiPro{"google", "gemini-2.5-pro", "europe-west4", ""};
inline constexpr ModelChoice ownRouter{"in-house", "intent-router-3b", "eu-central-1", "router-blue"};
} // namespace models

/// Where a customer is served; customers of the European Union stay on the European Azure deployment.
enum class Home { Europe, America };

struct Customer {
    std::string_view name;
    Home home = Home::Europe;
    std::int64_t weight = 0; ///< share of the traffic, relative to the others
};

/// The forty customers of the company; the first one is larger than any ten of the others.
const std::vector<Customer> &customers();
const Customer &anyCustomer(Random &random);

/// How much busier a day is than an average one: growth of four percent a month, weekday, and chance.
/// `weekend` is the load of Saturday and Sunday against a weekday, in percent.
double dayFactor(Random &random, int day, int weekend);

/// Milliseconds into the day, drawn from weights of the 24 hours.
std::int64_t timeOfDay(Random &random, const std::array<int, 24> &hours);

/// Office hours of Europe with a tail of America.
inline constexpr std::array<int, 24> officeHours{4,  3,   3,   3,   5,   14, 45, 90, 130, 140, 135, 110,
                                                 95, 115, 130, 125, 105, 80, 60, 48, 36,  24,  14,  8};
/// America alone.
inline constexpr std::array<int, 24> americanHours{30, 18,  10,  6,   4,   4,   4,   5,   6,   8,  12, 30,
                                                   70, 110, 130, 135, 120, 125, 130, 120, 105, 85, 60, 42};
/// The night run of the documents.
inline constexpr std::array<int, 24> nightHours{60, 120, 130, 120, 90, 30, 0, 0, 0, 0, 0, 0,
                                                0,  0,   0,   0,   0,  0,  0, 0, 0, 0, 0, 20};

} // namespace perunit::sample
