// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/scenario/json_tree.h"

#include "pricing/base/decimal.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace perunit {

namespace {

using Json = nlohmann::json;

Error wrong(std::string what, std::string where)
{
    return {ErrorCode::BadInput, std::move(what), std::move(where), ""};
}

std::string placeOf(std::string_view json, std::size_t position)
{
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i + 1 < std::min(position, json.size() + 1); ++i) {
        if (json[i] == '\n') {
            ++line;
            column = 1;
        } else {
            ++column;
        }
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Builds the tree from parser events.
class TreeBuilder : public nlohmann::json_sax<Json>
{
public:
    explicit TreeBuilder(std::string_view source)
        : m_source(source)
    {}

    JsonTree root;
    std::optional<Error> failure;

    bool null() override { return add({}); }
    bool boolean(bool value) override
    {
        JsonTree tree;
        tree.kind = JsonTree::Kind::Boolean;
        tree.flag = value;
        return add(std::move(tree));
    }
    bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
    bool number_float(number_float_t, const string_t &text) override { return number(text); }
    bool string(string_t &value) override
    {
        JsonTree tree;
        tree.kind = JsonTree::Kind::String;
        tree.text = std::move(value);
        return add(std::move(tree));
    }
    bool binary(binary_t &) override { return false; }
    bool start_object(std::size_t) override { return open(JsonTree::Kind::Object); }
    bool start_array(std::size_t) override { return open(JsonTree::Kind::Array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t &value) override
    {
        auto &keys = m_open.back().keys;
        if (std::find(keys.begin(), keys.end(), value) != keys.end()) {
            failure = wrong("the key '" + value + "' occurs twice", "");
            return false;
        }
        keys.push_back(std::move(value));
        return true;
    }
    bool parse_error(std::size_t position, const std::string &, const Json::exception &) override
    {
        failure = wrong("this is not JSON", placeOf(m_source, position));
        return false;
    }

private:
    static constexpr std::size_t deepest = 32;

    bool number(std::string text)
    {
        JsonTree tree;
        tree.kind = JsonTree::Kind::Number;
        tree.text = std::move(text);
        return add(std::move(tree));
    }
    bool add(JsonTree tree)
    {
        (m_open.empty() ? root : m_open.back().items.emplace_back()) = std::move(tree);
        return true;
    }
    bool open(JsonTree::Kind kind)
    {
        if (m_open.size() == deepest) {
            failure = wrong("values are nested more than 32 levels deep", "");
            return false;
        }
        m_open.emplace_back().kind = kind;
        return true;
    }
    bool close()
    {
        JsonTree done = std::move(m_open.back());
        m_open.pop_back();
        return add(std::move(done));
    }

    std::string_view m_source;
    std::vector<JsonTree> m_open;
};

} // namespace

Result<JsonTree> parseJsonTree(std::string_view json)
{
    TreeBuilder builder(json);
    const bool done = Json::sax_parse(json.begin(), json.end(), &builder);
    if (builder.failure)
        return *builder.failure;
    if (!done)
        return wrong("this is not JSON", "");
    return std::move(builder.root);
}

JsonObjectReader::JsonObjectReader(const JsonTree &tree, std::string path)
    : m_tree(&tree)
    , m_path(std::move(path))
    , m_known(tree.keys.size(), 0)
{}

std::string jsonText(const JsonTree &tree)
{
    const auto quoted = [](const std::string &text) {
        return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    const bool isObject = tree.kind == JsonTree::Kind::Object;
    switch (tree.kind) {
    case JsonTree::Kind::Null:
        return "null";
    case JsonTree::Kind::Boolean:
        return tree.flag ? "true" : "false";
    case JsonTree::Kind::Number:
        return tree.text;
    case JsonTree::Kind::String:
        return quoted(tree.text);
    case JsonTree::Kind::Array:
    case JsonTree::Kind::Object:
        break;
    }
    std::string text(1, isObject ? '{' : '[');
    for (std::size_t i = 0; i < tree.items.size(); ++i)
        text += (i == 0 ? "" : ",") + (isObject ? quoted(tree.keys[i]) + ":" : std::string()) + jsonText(tree.items[i]);
    return text + (isObject ? '}' : ']');
}

Result<JsonObjectReader> JsonObjectReader::of(const JsonTree &tree, std::string path)
{
    if (tree.kind != JsonTree::Kind::Object)
        return wrong("must be an object", path.empty() ? "/" : path);
    return JsonObjectReader(tree, std::move(path));
}

const JsonTree *JsonObjectReader::take(std::string_view key)
{
    const auto found = std::find(m_tree->keys.begin(), m_tree->keys.end(), key);
    if (found == m_tree->keys.end())
        return nullptr;
    const auto place = static_cast<std::size_t>(found - m_tree->keys.begin());
    m_known[place] = 1;
    return &m_tree->items[place];
}

Status JsonObjectReader::text(std::string_view key, std::string &value, bool needed)
{
    const JsonTree *tree = take(key);
    if (!tree) {
        if (needed)
            return wrong("is missing", pathOf(key));
        return {};
    }
    if (tree->kind != JsonTree::Kind::String)
        return wrong("must be a text", pathOf(key));
    if (needed && tree->text.empty())
        return wrong("must not be empty", pathOf(key));
    value = tree->text;
    return {};
}

Status JsonObjectReader::flag(std::string_view key, bool &value)
{
    const JsonTree *tree = take(key);
    if (!tree)
        return {};
    if (tree->kind != JsonTree::Kind::Boolean)
        return wrong("must be true or false", pathOf(key));
    value = tree->flag;
    return {};
}

Status JsonObjectReader::whole(std::string_view key, std::int64_t &value, std::int64_t minimum, std::int64_t maximum)
{
    const JsonTree *tree = take(key);
    if (!tree)
        return {};
    const auto number = exactDecimal(*tree, 0, pathOf(key));
    if (!number)
        return number.error();
    if (*number < minimum || *number > maximum)
        return wrong("must be from " + std::to_string(minimum) + " to " + std::to_string(maximum), pathOf(key));
    value = static_cast<std::int64_t>(*number);
    return {};
}

Status JsonObjectReader::finish() const
{
    for (std::size_t i = 0; i < m_known.size(); ++i) {
        if (!m_known[i])
            return wrong("is not known here", pathOf(m_tree->keys[i]));
    }
    return {};
}

Result<Int128> exactDecimal(const JsonTree &tree, int scale, const std::string &path)
{
    if (tree.kind != JsonTree::Kind::Number && tree.kind != JsonTree::Kind::String)
        return wrong("must be a number", path);
    const auto number = parseDecimal(tree.text, scale);
    if (!number)
        return number.error().in(path);
    if (number->rounded)
        return wrong(scale == 0 ? "must be a whole number"
                                : "has more than " + std::to_string(scale) + " digits after the point",
                     path);
    return number->units;
}

Result<Scope> readScope(const JsonTree &tree, const std::string &path)
{
    if (tree.kind != JsonTree::Kind::Object)
        return wrong("must be an object of dimensions", path);
    Scope scope;
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
        const std::string place = path + "/" + tree.keys[i];
        if (tree.keys[i].empty())
            return wrong("a dimension has no name", place);
        if (tree.items[i].kind != JsonTree::Kind::Array || tree.items[i].items.empty())
            return wrong("must be a list of at least one value", place);
        auto &values = scope.conditions[tree.keys[i]];
        for (const JsonTree &value : tree.items[i].items) {
            if (value.kind != JsonTree::Kind::String)
                return wrong("must be a text", place + "/" + std::to_string(values.size()));
            values.push_back(value.text);
        }
    }
    return scope;
}

} // namespace perunit
