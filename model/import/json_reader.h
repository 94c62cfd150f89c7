// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/text_input.h"
#include "pricing/catalogue/json_value.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// One value of a JSON file: a line of JSON lines, an element of an array, or an element of the list that a document
/// wraps ({"data": […]}).
struct JsonUnit {
    JsonValue value;
    JsonValue envelope;    ///< members of the wrapping document before its list; null when there is none
    std::int64_t line = 0; ///< 1-based line on which the value starts
    std::string problem;   ///< why a line of JSON lines cannot be read; empty when it can
};

/// Member of an object that holds the list which the object merely wraps ("data" of a page); -1 when the object is a
/// record itself.
int wrappedList(const JsonValue &object);

/// Streaming reader of the ways in which JSON ledgers are written: JSON lines, pretty-printed values one after the
/// other, one array, pages one after the other. Memory is bounded by the largest single value, which may not exceed
/// `maximumUnit`.
class JsonReader
{
public:
    static constexpr std::size_t maximumUnit = std::size_t{128} << 20;

    explicit JsonReader(TextInput &input);
    /// Reads the next value; false at the end. Errors: those of the input; BadInput with the line for text that is no
    /// JSON.
    Result<bool> next(JsonUnit &unit);
    /// A page said that others follow it ("has_more").
    [[nodiscard]] bool expectsMore() const { return m_expectsMore; }

private:
    enum class Place { Top, Array, List, Lines };
    enum class Step { Unit, Again, End };
    Result<int> look();
    Result<bool> skipBlanks();
    Result<Step> step(JsonUnit &unit);
    Result<Step> topValue(JsonUnit &unit);
    Result<Step> element(JsonUnit &unit);
    Result<Step> document(JsonUnit &unit);
    Result<Step> nextLine(JsonUnit &unit);
    bool beginsList(std::string_view member, std::string_view before);
    Status finishDocument();
    Status takeValue(std::string &text);
    Status takeString(std::string &text);
    Status append(std::string &text, char c) const;
    Status read(JsonUnit &unit, const std::string &text, std::int64_t line);
    [[nodiscard]] Error wrong(std::string what) const;

    TextInput &m_input;
    std::vector<char> m_buffer;
    std::size_t m_at = 0;
    std::size_t m_end = 0;
    std::int64_t m_line = 1;
    Place m_place = Place::Top;
    JsonValue m_envelope;
    std::int64_t m_unitsRead = 0;
    std::int64_t m_lastLine = 0; ///< on which the last value at the top ended, when it began there too
    bool m_expectsMore = false;
};

/// Compact JSON text of a value; numbers as they were written.
std::string writeJson(const JsonValue &value);

} // namespace perunit
