// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// A JSON value that keeps every number as the text it was written in, so that a price is never a double.
struct JsonValue {
    enum class Kind : std::uint8_t { Null, Boolean, Number, String, Array, Object };

    Kind kind = Kind::Null;
    bool boolean = false;
    std::string text;               ///< of a String, or the token of a Number
    std::vector<std::string> names; ///< member names of an Object, beside `items`
    std::vector<JsonValue> items;   ///< elements of an Array, or member values of an Object

    [[nodiscard]] bool is(Kind other) const { return kind == other; }
    /// The member of an object; where a name stands twice the last one, as JSON readers do. Null when absent.
    [[nodiscard]] const JsonValue *find(std::string_view name) const;
};

/// What a kind is called in a message: "a text", "an object", …
std::string_view nameOf(JsonValue::Kind kind);

/// One more step of a JSON pointer ("/models/3"), with '~' and '/' in the name escaped as RFC 6901 says.
std::string joinPath(std::string_view path, std::string_view name);

/// Reads as much as there is of a JSON text that was cut off, or that goes on with something else: containers end
/// where the text does, and a last member without its value is left out. Null when nothing could be read.
JsonValue parseJsonBeginning(std::string_view text);

/// Reads a whole JSON text. Errors: BadInput with line and column, also for nesting deeper than 64 levels.
Result<JsonValue> parseJson(std::string_view text);

} // namespace perunit
