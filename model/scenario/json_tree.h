// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"
#include "pricing/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// A JSON value as it was written: numbers keep their text, so that none passes through a double.
struct JsonTree {
    enum class Kind { Null, Boolean, Number, String, Array, Object };
    Kind kind = Kind::Null;
    bool flag = false;             ///< of a Boolean
    std::string text;              ///< of a String, or the characters of a Number
    std::vector<std::string> keys; ///< of an Object, one per item
    std::vector<JsonTree> items;   ///< of an Array or Object
};

/// Reads JSON of at most 32 levels. Errors name line and column; a key that occurs twice is an error.
Result<JsonTree> parseJsonTree(std::string_view json);

/// The same as JSON again; numbers as they were written.
std::string jsonText(const JsonTree &tree);

/// One object of a tree while it is read: hands out its members and remembers which it knew.
/// Every error carries the JSON path.
class JsonObjectReader
{
public:
    /// Fails when the value is not an object.
    static Result<JsonObjectReader> of(const JsonTree &tree, std::string path);

    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] std::string pathOf(std::string_view key) const { return m_path + "/" + std::string(key); }
    /// The member, or null; it counts as known from now on.
    const JsonTree *take(std::string_view key);

    /// Members that must have a type when they are there; `value` stays as it is when they are not.
    Status text(std::string_view key, std::string &value, bool needed = false);
    Status flag(std::string_view key, bool &value);
    Status whole(std::string_view key, std::int64_t &value, std::int64_t minimum, std::int64_t maximum);
    /// Fails for the first member that nobody asked for.
    [[nodiscard]] Status finish() const;

private:
    JsonObjectReader(const JsonTree &tree, std::string path);
    const JsonTree *m_tree;
    std::string m_path;
    std::vector<char> m_known;
};

/// A number, written as a number or as a string, as an exact integer of 10^-scale. Errors: BadInput when
/// it has more digits.
Result<Int128> exactDecimal(const JsonTree &tree, int scale, const std::string &path);

/// {"workload": ["a", "b"]}: the JSON form of a scope.
Result<Scope> readScope(const JsonTree &tree, const std::string &path);

} // namespace perunit
