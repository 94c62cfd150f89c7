// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/instant.h"
#include "pricing/catalogue/usage_class.h"
#include "pricing/money/money.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perunit {

/// Free tags of a row, key and value, in the order of the source.
using Tags = std::vector<std::pair<std::string, std::string>>;

/// How a request ended. Stored in files; never renumber.
enum class RequestStatus : std::uint8_t { Ok = 0, Error = 1, RateLimited = 2, Cancelled = 3 };

inline constexpr std::array<std::string_view, 4> requestStatusNames{"ok", "error", "rate_limited", "cancelled"};

/// One call of a model, or several of the same kind added up (`requests` > 1) by the source.
struct RequestRow {
    Instant time;
    std::int64_t durationMicros = 0; ///< 0: unknown
    std::string provider;
    std::string service;
    std::string model; ///< as recorded
    std::string region;
    std::string deployment;
    ServiceTier tier = ServiceTier::Standard;
    Usage usage; ///< disjoint classes; usage[Request] is the number of requests, normally 1
    RequestStatus status = RequestStatus::Ok;
    std::int32_t attempts = 1;
    std::optional<Money> billed; ///< cost as recorded by the source, if it says one
    std::string workload;
    std::string environment;
    std::string team;
    std::string feature;
    std::string customer;
    std::string session;  ///< conversation
    std::string document; ///< document, contract or any other unit id
    std::string promptTemplate;
    Tags tags;
};

/// FOCUS charge category. Stored in files; never renumber.
enum class ChargeCategory : std::uint8_t { Usage = 0, Purchase = 1, Tax = 2, Credit = 3, Adjustment = 4 };

inline constexpr std::array<std::string_view, 5> chargeCategoryNames{"Usage", "Purchase", "Tax", "Credit",
                                                                     "Adjustment"};

/// One billing line (FOCUS meaning of all columns).
struct ChargeRow {
    Period period;        ///< charge period
    Period billingPeriod; ///< may be empty
    std::string provider;
    std::string service;
    std::string serviceCategory;
    std::string sku;
    std::string description;
    std::string region;
    std::string resource;
    std::string account;
    ChargeCategory category = ChargeCategory::Usage;
    bool correction = false;
    std::string pricingCategory;
    std::optional<Money> billed;
    std::optional<Money> effective;
    std::optional<Money> list;
    std::optional<Money> contracted;
    std::string consumedUnit;
    std::string consumedQuantity; ///< exact decimal text as recorded, without separators
    std::string model;            ///< when the line says which model it is for
    std::optional<UsageClass> tokenClass;
    std::int64_t tokens = 0; ///< of tokenClass
    std::string workload;
    std::string environment;
    std::string team;
    std::string feature;
    std::string customer;
    Tags tags;
    Tags virtualDimensions; ///< name and value; made by rules when the ledger is read, never stored
    /// Where the line stands: its source, and its 1-based row there. Known once the ledger is read, never stored with
    /// it.
    std::int64_t sourceId = 0;
    std::int64_t sourceRow = 0;
};

/// One value of an outcome series: how many units of something happened on a day.
struct OutcomeRow {
    Instant day; ///< start of the day, UTC
    std::string metric;
    std::string label;
    Money value; ///< an exact decimal number; not money, the type is used for its 24 decimals
};

} // namespace perunit
