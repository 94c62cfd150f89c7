// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/json_reader.h"

#include <algorithm>
#include <array>
#include <utility>

namespace perunit {

namespace {

constexpr std::size_t bufferSize = std::size_t{256} << 10;
constexpr int endOfText = -1;

bool isBlank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Lists that a document wraps, and the members that may stand before them: with any other member the object is a
/// record of its own that happens to hold a list.
constexpr std::array<std::string_view, 8> listNames{"data", "observations", "resourceSpans", "resource_spans",
                                                    "rows", "records",      "items",         "value"};
constexpr std::array<std::string_view, 18> wrapperNames{
    "object", "has_more", "next_page", "first_id", "last_id", "code",    "status",         "message",  "meta",
    "total",  "page",     "limit",     "count",    "trace",   "version", "@odata.context", "nextLink", "warnings"};

void writeText(const std::string &text, std::string &to)
{
    constexpr std::string_view digits = "0123456789abcdef";
    to.push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            to.push_back('\\');
            to.push_back(c);
        } else if (byte < 0x20) {
            to += "\\u00";
            to.push_back(digits[byte >> 4]);
            to.push_back(digits[byte & 15]);
        } else {
            to.push_back(c);
        }
    }
    to.push_back('"');
}

void write(const JsonValue &value, std::string &to)
{
    switch (value.kind) {
    case JsonValue::Kind::Null:
        to += "null";
        return;
    case JsonValue::Kind::Boolean:
        to += value.boolean ? "true" : "false";
        return;
    case JsonValue::Kind::Number:
        to += value.text;
        return;
    case JsonValue::Kind::String:
        writeText(value.text, to);
        return;
    case JsonValue::Kind::Array:
    case JsonValue::Kind::Object:
        break;
    }
    const bool object = value.kind == JsonValue::Kind::Object;
    to.push_back(object ? '{' : '[');
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0)
            to.push_back(',');
        if (object) {
            writeText(value.names[i], to);
            to.push_back(':');
        }
        write(value.items[i], to);
    }
    to.push_back(object ? '}' : ']');
}

} // namespace

int wrappedList(const JsonValue &object)
{
    int list = -1;
    for (std::size_t i = 0; i < object.names.size(); ++i) {
        const auto among = [name = std::string_view(object.names[i])](const auto &names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (list < 0 && object.items[i].is(JsonValue::Kind::Array) && among(listNames))
            list = static_cast<int>(i);
        else if (list < 0 && !among(wrapperNames))
            return -1;
    }
    return list;
}

std::string writeJson(const JsonValue &value)
{
    std::string text;
    write(value, text);
    return text;
}

JsonReader::JsonReader(TextInput &input)
    : m_input(input)
    , m_buffer(bufferSize)
{}

Error JsonReader::wrong(std::string what) const
{
    return {ErrorCode::BadInput, std::move(what), "line " + std::to_string(m_line), "export or fetch the file again"};
}

/// The next byte without taking it; endOfText at the end.
Result<int> JsonReader::look()
{
    if (m_at == m_end) {
        auto count = m_input.read(m_buffer.data(), m_buffer.size());
        if (!count)
            return count.error();
        m_at = 0;
        m_end = *count;
        if (m_end == 0)
            return endOfText;
    }
    return static_cast<unsigned char>(m_buffer[m_at]);
}

/// True when something stands at the next place.
Result<bool> JsonReader::skipBlanks()
{
    while (true) {
        const auto c = look();
        if (!c)
            return c.error();
        if (*c == endOfText)
            return false;
        // A byte order mark may also stand between files that were put together.
        if (!isBlank(*c) && *c != 0xEF && *c != 0xBB && *c != 0xBF)
            return true;
        m_line += *c == '\n' ? 1 : 0;
        ++m_at;
    }
}

Status JsonReader::append(std::string &text, char c) const
{
    if (text.size() == maximumUnit)
        return Error{ErrorCode::Unsupported, "one value of the file is larger than 128 MB",
                     "line " + std::to_string(m_line), "export it as JSON lines, or in parts"};
    text.push_back(c);
    return {};
}

/// Takes a string with its quotes; the opening one is the next byte.
Status JsonReader::takeString(std::string &text)
{
    bool escaped = false;
    for (bool opening = true;; opening = false) {
        const auto c = look();
        if (!c)
            return c.error();
        if (*c == endOfText)
            return wrong("the file ends inside a text");
        if (auto status = append(text, static_cast<char>(*c)); !status)
            return status;
        m_line += *c == '\n' ? 1 : 0;
        ++m_at;
        if (!opening && !escaped && *c == '"')
            return {};
        escaped = !escaped && *c == '\\';
    }
}

/// Takes one complete value.
Status JsonReader::takeValue(std::string &text)
{
    int depth = 0;
    const std::size_t start = text.size();
    while (true) {
        const auto c = look();
        if (!c)
            return c.error();
        if (*c == endOfText)
            return depth == 0 ? Status() : Status(wrong("the file ends inside a value; it may have been cut off"));
        if (*c == '"') {
            if (auto status = takeString(text); !status)
                return status;
        } else {
            const bool closes = *c == '}' || *c == ']';
            if (depth == 0 && (closes || *c == ',' || *c == ':' || isBlank(*c)))
                return {};
            depth += *c == '{' || *c == '[' ? 1 : closes ? -1 : 0;
            m_line += *c == '\n' ? 1 : 0;
            if (auto status = append(text, static_cast<char>(*c)); !status)
                return status;
            ++m_at;
        }
        if (depth == 0 && text.size() > start && (text.back() == '"' || text.back() == '}' || text.back() == ']'))
            return {};
    }
}

Status JsonReader::read(JsonUnit &unit, const std::string &text, std::int64_t line)
{
    auto value = parseJson(text);
    if (!value)
        return Error{ErrorCode::BadInput, value.error().what, "value that starts on line " + std::to_string(line),
                     "export or fetch the file again"};
    unit.value = std::move(*value);
    unit.envelope = m_place == Place::List ? m_envelope : JsonValue();
    unit.line = line;
    unit.problem.clear();
    ++m_unitsRead;
    return {};
}

Result<JsonReader::Step> JsonReader::element(JsonUnit &unit)
{
    const auto some = skipBlanks();
    if (!some)
        return some.error();
    if (!*some)
        return wrong("the file ends inside a list; it may have been cut off");
    const char c = m_buffer[m_at];
    if (c == ',' || c == ']') {
        ++m_at;
        if (c == ',')
            return Step::Again;
        const bool wrapped = m_place == Place::List;
        m_place = Place::Top;
        if (auto status = wrapped ? finishDocument() : Status(); !status)
            return status.error();
        return Step::Again;
    }
    const std::int64_t line = m_line;
    std::string text;
    if (auto status = takeValue(text); !status)
        return status.error();
    if (text.empty())
        return wrong("this is not JSON");
    if (auto status = read(unit, text, line); !status)
        return status.error();
    return Step::Unit;
}

/// The members behind the list of a document.
Status JsonReader::finishDocument()
{
    std::string rest = "{\"\":0";
    while (true) {
        const auto some = skipBlanks();
        if (!some)
            return some.error();
        if (!*some)
            return wrong("the file ends inside an object; it may have been cut off");
        const char c = m_buffer[m_at];
        if (c == '}' || c == ',' || c == ':') {
            if (auto status = append(rest, c); !status)
                return status;
            ++m_at;
            if (c == '}')
                break;
            continue;
        }
        const std::size_t before = rest.size();
        if (auto status = takeValue(rest); !status)
            return status;
        if (rest.size() == before)
            return wrong("this is not JSON");
    }
    const auto trailer = parseJson(rest);
    if (!trailer)
        return wrong("this is not JSON");
    const JsonValue *more = trailer->find("has_more");
    m_expectsMore |= more && more->boolean;
    return {};
}

/// Whether the list behind `member` is what the document is about; `before` is the text of the object up to here.
bool JsonReader::beginsList(std::string_view member, std::string_view before)
{
    if (std::find(listNames.begin(), listNames.end(), member) == listNames.end())
        return false;
    auto envelope = parseJson(std::string(before) + "}");
    if (!envelope)
        return false;
    JsonValue whole = *envelope;
    whole.names.emplace_back(member);
    whole.items.emplace_back().kind = JsonValue::Kind::Array;
    if (wrappedList(whole) + 1 != static_cast<int>(whole.names.size()))
        return false;
    const JsonValue *more = envelope->find("has_more");
    m_expectsMore |= more && more->boolean;
    m_envelope = std::move(*envelope);
    return true;
}

/// An object at the top: a record, or a document around a list of them, whose elements are handed out one by one.
Result<JsonReader::Step> JsonReader::document(JsonUnit &unit)
{
    const std::int64_t line = m_line;
    std::string text = "{";
    ++m_at;
    std::size_t before = text.size(); // of the text in front of the current member
    std::string member;
    bool inValue = false;
    while (true) {
        const auto some = skipBlanks();
        if (!some)
            return some.error();
        if (!*some)
            return wrong("the file ends inside an object; it may have been cut off");
        const char c = m_buffer[m_at];
        if (c == '[' && inValue && beginsList(member, std::string_view(text).substr(0, before))) {
            ++m_at;
            m_place = Place::List;
            return Step::Again;
        }
        if (c == ':' || c == ',' || c == '}') {
            if (c == ',')
                before = text.size();
            inValue = c == ':';
            if (auto status = append(text, c); !status)
                return status.error();
            ++m_at;
            if (c != '}')
                continue;
            if (auto status = read(unit, text, line); !status)
                return status.error();
            m_lastLine = m_line == line ? line : 0;
            return Step::Unit;
        }
        const std::size_t start = text.size();
        if (auto status = takeValue(text); !status)
            return status.error();
        if (text.size() == start)
            return wrong("this is not JSON");
        if (!inValue && text.size() - start > 2)
            member = text.substr(start + 1, text.size() - start - 2);
    }
}

Result<JsonReader::Step> JsonReader::topValue(JsonUnit &unit)
{
    const auto some = skipBlanks();
    if (!some)
        return some.error();
    if (!*some)
        return Step::End;
    // The first value ended on its line and the next one starts behind it: from here on one line is one value, and a
    // broken one harms no other.
    if (m_unitsRead == 1 && m_lastLine > 0 && m_line > m_lastLine) {
        m_place = Place::Lines;
        return Step::Again;
    }
    const char c = m_buffer[m_at];
    if (c == ',' || c == '[') {
        ++m_at;
        m_place = c == '[' ? Place::Array : Place::Top;
        return Step::Again;
    }
    if (c == '{')
        return document(unit);
    return wrong("this is neither a JSON object nor a list of them");
}

Result<JsonReader::Step> JsonReader::nextLine(JsonUnit &unit)
{
    const auto some = skipBlanks();
    if (!some)
        return some.error();
    if (!*some)
        return Step::End;
    std::string text;
    const std::int64_t line = m_line;
    while (true) {
        const auto c = look();
        if (!c)
            return c.error();
        if (*c == endOfText)
            break;
        ++m_at;
        if (*c == '\n') {
            ++m_line;
            break;
        }
        if (auto status = append(text, static_cast<char>(*c)); !status)
            return status.error();
    }
    if (auto status = read(unit, text, line); !status) {
        unit = {};
        unit.line = line;
        unit.problem = status.error().what;
    }
    return Step::Unit;
}

Result<JsonReader::Step> JsonReader::step(JsonUnit &unit)
{
    switch (m_place) {
    case Place::Array:
    case Place::List:
        return element(unit);
    case Place::Lines:
        return nextLine(unit);
    case Place::Top:
        break;
    }
    return topValue(unit);
}

Result<bool> JsonReader::next(JsonUnit &unit)
{
    while (true) {
        const auto outcome = step(unit);
        if (!outcome)
            return outcome.error();
        if (*outcome != Step::Again)
            return *outcome == Step::Unit;
    }
}

} // namespace perunit
