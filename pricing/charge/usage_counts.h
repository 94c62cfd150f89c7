// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"
#include "pricing/catalogue/json_value.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Looks up counts in a usage object and keeps the first thing that is wrong, so that a reader can be written as one
/// list of names.
class UsageCounts
{
public:
    explicit UsageCounts(const JsonValue &object, std::string path = "/usage")
        : m_object(object)
        , m_path(std::move(path))
    {}

    using Path = std::initializer_list<std::string_view>;

    /// The count at a path of member names; no value when absent or null.
    std::optional<std::int64_t> find(Path path);
    /// The same; 0 when absent.
    std::int64_t count(Path path) { return find(path).value_or(0); }
    /// The first that is there and not 0, else 0: the same number under several names.
    std::int64_t firstOf(std::initializer_list<Path> paths);
    /// Sum over the elements of a list of {modality, tokenCount} that have this modality, in either spelling.
    std::int64_t modality(std::initializer_list<std::string_view> lists, std::string_view name);
    [[nodiscard]] bool has(Path path) const { return at(path) != nullptr; }

    /// Remembers a failure of a reader; only the first counts.
    void fail(std::string what, const std::string &member);
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

private:
    [[nodiscard]] const JsonValue *at(Path path) const;
    std::optional<std::int64_t> read(const JsonValue &value, const std::string &where);

    const JsonValue &m_object;
    std::string m_path;
    std::optional<Error> m_error;
};

/// The whole number in a JSON value, also written "12.0" or as a text; the Error says what is wrong with it.
Result<std::int64_t> wholeCount(const JsonValue &value, const std::string &where);

/// Error when a member stands twice in the object or in one inside it.
Status refuseTwice(const JsonValue &json, const std::string &path);

} // namespace perunit
