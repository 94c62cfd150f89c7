// SPDX-License-Identifier: GPL-3.0-or-later
// How the strict readers of our own form look at one JSON object.
#pragma once

#include "pricing/base/decimal.h"
#include "pricing/base/result.h"
#include "pricing/catalogue/catalogue.h"
#include "pricing/catalogue/json_value.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace perunit {

/// BadInput at a path into the JSON.
Error wrongJson(std::string what, std::string_view path, std::string remedy = {});

/// Reads members of one object and remembers the first thing that is wrong, so that readers stay straight lines.
class JsonMembers
{
public:
    using Kind = JsonValue::Kind;

    /// Members that are not among `known`, or that stand twice, are wrong.
    JsonMembers(const JsonValue &object, std::string path, std::initializer_list<std::string_view> known);

    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] std::string pathOf(std::string_view name) const { return joinPath(m_path, name); }
    [[nodiscard]] bool ok() const { return m_status.ok(); }
    [[nodiscard]] const Status &status() const { return m_status; }
    /// Keeps the first failure only.
    void fail(std::string what, std::string_view path, std::string remedy = {});
    void fail(const Error &error);

    /// Whether the member is there, be it null.
    [[nodiscard]] bool has(std::string_view name) const;
    /// A member that is there and not null.
    const JsonValue *optional(std::string_view name, JsonValue::Kind kind);
    std::string text(std::string_view name, std::string otherwise = {});
    std::string requiredText(std::string_view name);
    /// A whole number of at least 0.
    std::int64_t count(std::string_view name, std::int64_t otherwise = 0);
    Instant instant(std::string_view name, Instant otherwise);
    /// valid_from and valid_to.
    Period validity();
    /// A decimal text of at least 0 in units of 10^-scale. No value when it is absent or null.
    std::optional<ScaledDecimal> decimal(std::string_view name, int scale);
    /// A price in femto-units, divided by `divisor`. No value when it is absent or null.
    std::optional<UnitPrice> price(std::string_view name, Int128 divisor = 1);

private:
    std::int64_t wholeNumber(const JsonValue &value, std::string_view name);

    const JsonValue &m_object;
    std::string m_path;
    Status m_status;
};

/// Origin of the facts; what a rate does not say, its model says, then the file.
struct FactOrigin {
    std::string source;
    std::string checked;
    std::string grade;

    static FactOrigin readFrom(JsonMembers &members, const FactOrigin &outer);
};

/// A price that fits, or a failure at the path.
std::optional<std::int64_t> fittingFemto(Int128 units, JsonMembers &members, std::string_view path);

/// The member `context` of an object: {"gt": 200000} or {"gte": 272000}.
std::optional<ContextThreshold> readThreshold(const JsonValue *object, JsonMembers &outer);

/// One entry of "offers".
Result<ProvisionedOffer> readProvisionedOffer(const JsonValue &object, const std::string &path,
                                              const FactOrigin &outer);

/// One entry of "harness".
Result<HarnessPrice> readHarnessPrice(const JsonValue &object, const std::string &path, const FactOrigin &outer);

} // namespace perunit
