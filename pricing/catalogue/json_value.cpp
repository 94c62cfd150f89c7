// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/json_value.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t maximumDepth = 64;

std::string placeOf(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineStart = before.rfind('\n');
    const std::size_t column = lineStart == std::string_view::npos ? before.size() : before.size() - lineStart - 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(std::max<std::size_t>(column, 1));
}

/// The first bytes of a token for a message, as valid UTF-8: never half a character, and '?' for bytes that are none.
std::string validBeginning(std::string_view text, std::size_t most)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80                    ? 1
                                   : lead >= 0xC2 && lead <= 0xDF ? 2
                                   : lead >= 0xE0 && lead <= 0xEF ? 3
                                   : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                                  : 0;
        const std::string_view rest = text.substr(at + 1, length == 0 ? 0 : length - 1);
        // 0xE0, 0xED, 0xF0 and 0xF4 leave only a part of the second bytes to characters.
        const auto second = rest.empty() ? 0U : static_cast<unsigned>(static_cast<unsigned char>(rest.front()));
        const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)
                         || (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
        const bool whole = length > 0 && !bad && rest.size() == length - 1
                           && std::all_of(rest.begin(), rest.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; });
        const std::string_view character = whole ? text.substr(at, length) : std::string_view("?");
        if (result.size() + character.size() > most)
            break;
        result += character;
        at += whole ? length : 1;
    }
    return result;
}

/// Builds the value tree; returns false to stop the parser.
class TreeBuilder
{
public:
    explicit TreeBuilder(std::string_view text)
        : m_text(text)
    {}

    bool null() { return put({}); }
    bool boolean(bool value)
    {
        JsonValue result;
        result.kind = JsonValue::Kind::Boolean;
        result.boolean = value;
        return put(std::move(result));
    }
    bool number_integer(std::int64_t value) { return putText(JsonValue::Kind::Number, std::to_string(value)); }
    bool number_unsigned(std::uint64_t value) { return putText(JsonValue::Kind::Number, std::to_string(value)); }
    bool number_float(double /*value*/, const std::string &token) { return putText(JsonValue::Kind::Number, token); }
    bool string(std::string &value) { return putText(JsonValue::Kind::String, std::move(value)); }
    bool binary(nlohmann::json::binary_t & /*value*/) { return false; }
    bool start_object(std::size_t /*elements*/) { return open(JsonValue::Kind::Object); }
    bool start_array(std::size_t /*elements*/) { return open(JsonValue::Kind::Array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string &name)
    {
        m_open.back().names.push_back(std::move(name));
        return true;
    }
    bool parse_error(std::size_t position, const std::string &lastToken, const nlohmann::json::exception & /*failure*/)
    {
        const std::string shown = validBeginning(lastToken, 40);
        m_error = {ErrorCode::BadInput, shown.empty() ? "the JSON ends too early" : "not valid JSON at '" + shown + "'",
                   placeOf(m_text, position), ""};
        return false;
    }

    Result<JsonValue> result()
    {
        if (!m_error.what.empty())
            return m_error;
        return std::move(m_root);
    }

    /// What was read before the text ended or went wrong.
    JsonValue beginning()
    {
        while (!m_open.empty()) {
            JsonValue &innermost = m_open.back();
            if (innermost.is(JsonValue::Kind::Object) && innermost.names.size() > innermost.items.size())
                innermost.names.pop_back();
            close();
        }
        return std::move(m_root);
    }

private:
    bool put(JsonValue value)
    {
        if (m_open.empty())
            m_root = std::move(value);
        else
            m_open.back().items.push_back(std::move(value));
        return true;
    }
    bool putText(JsonValue::Kind kind, std::string text)
    {
        JsonValue value;
        value.kind = kind;
        value.text = std::move(text);
        return put(std::move(value));
    }
    bool open(JsonValue::Kind kind)
    {
        if (m_open.size() >= maximumDepth) {
            m_error = {ErrorCode::BadInput,
                       "the JSON is nested deeper than " + std::to_string(maximumDepth) + " levels", pathOfOpen(), ""};
            return false;
        }
        m_open.emplace_back();
        m_open.back().kind = kind;
        return true;
    }
    bool close()
    {
        JsonValue value = std::move(m_open.back());
        m_open.pop_back();
        return put(std::move(value));
    }
    [[nodiscard]] std::string pathOfOpen() const
    {
        std::string path;
        for (std::size_t level = 0; level < std::min<std::size_t>(m_open.size(), 4); ++level) {
            const JsonValue &value = m_open[level];
            path = joinPath(path, value.is(JsonValue::Kind::Object) ? value.names.back()
                                                                    : std::to_string(value.items.size()));
        }
        return path + "/…";
    }

    std::string_view m_text;
    std::vector<JsonValue> m_open;
    JsonValue m_root;
    Error m_error;
};

} // namespace

const JsonValue *JsonValue::find(std::string_view name) const
{
    for (std::size_t i = names.size(); i > 0; --i) {
        if (names[i - 1] == name)
            return &items[i - 1];
    }
    return nullptr;
}

std::string_view nameOf(JsonValue::Kind kind)
{
    switch (kind) {
    case JsonValue::Kind::Null:
        return "null";
    case JsonValue::Kind::Boolean:
        return "true or false";
    case JsonValue::Kind::Number:
        return "a number";
    case JsonValue::Kind::String:
        return "a text";
    case JsonValue::Kind::Array:
        return "a list";
    case JsonValue::Kind::Object:
        break;
    }
    return "an object";
}

std::string joinPath(std::string_view path, std::string_view name)
{
    std::string result(path);
    result.push_back('/');
    for (const char c : name) {
        if (c == '~')
            result += "~0";
        else if (c == '/')
            result += "~1";
        else
            result.push_back(c);
    }
    return result;
}

Result<JsonValue> parseJson(std::string_view text)
{
    TreeBuilder builder(text);
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    return builder.result();
}

JsonValue parseJsonBeginning(std::string_view text)
{
    TreeBuilder builder(text);
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    return builder.beginning();
}

} // namespace perunit
