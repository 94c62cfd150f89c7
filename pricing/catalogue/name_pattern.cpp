// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/name_pattern.h"

#include "pricing/catalogue/provider_names.h"

#include <optional>
#include <regex>

namespace perunit {

namespace {

using Kind = NamePattern::Kind;

constexpr std::size_t longestName = 512;
/// A longer expression is no list of names any more, and costs time that nobody would understand.
constexpr std::size_t longestExpression = 4096;

std::optional<std::regex> compiled(const NamePattern &pattern)
{
    if (pattern.text.size() > longestExpression)
        return std::nullopt;
    try {
        auto flags = std::regex::ECMAScript | std::regex::optimize;
        if (!pattern.caseMatters)
            flags |= std::regex::icase;
        return std::regex(pattern.text, flags);
    } catch (const std::regex_error &) {
        return std::nullopt;
    }
}

std::string_view nameOf(Kind kind)
{
    switch (kind) {
    case Kind::Equals:
        return "equals";
    case Kind::StartsWith:
        return "starts_with";
    case Kind::EndsWith:
        return "ends_with";
    case Kind::Contains:
        return "contains";
    case Kind::Regex:
        return "regex";
    case Kind::Any:
        return "or";
    case Kind::All:
        break;
    }
    return "and";
}

} // namespace

/// A pattern with what is worked out once: the text in lower case, or the expression.
struct NameMatcher::Node {
    NamePattern pattern;
    std::string text;
    std::optional<std::regex> expression;
    std::vector<Node> parts;

    explicit Node(const NamePattern &source)
        : pattern(source)
        , text(source.caseMatters ? source.text : lowered(source.text))
    {
        if (source.kind == Kind::Regex)
            expression = compiled(source);
        for (const NamePattern &part : source.parts)
            parts.emplace_back(part);
    }

    [[nodiscard]] const NamePattern *match(const std::string &name, const std::string &lower) const
    {
        switch (pattern.kind) {
        case Kind::Any:
            for (const Node &part : parts) {
                if (const NamePattern *found = part.match(name, lower))
                    return found;
            }
            return nullptr;
        case Kind::All:
            for (const Node &part : parts) {
                if (!part.match(name, lower))
                    return nullptr;
            }
            return parts.empty() ? nullptr : &pattern;
        case Kind::Regex:
            return expression && std::regex_search(name, *expression) ? &pattern : nullptr;
        default:
            return matchesText(pattern.caseMatters ? name : lower) ? &pattern : nullptr;
        }
    }

    [[nodiscard]] bool matchesText(const std::string &name) const
    {
        if (text.empty() || name.size() < text.size())
            return false;
        switch (pattern.kind) {
        case Kind::Equals:
            return name == text;
        case Kind::StartsWith:
            return name.compare(0, text.size(), text) == 0;
        case Kind::EndsWith:
            return name.compare(name.size() - text.size(), text.size(), text) == 0;
        default:
            return name.find(text) != std::string::npos;
        }
    }
};

Status checkPattern(const NamePattern &pattern)
{
    if (pattern.kind == Kind::Regex && !compiled(pattern))
        return Error{ErrorCode::BadInput, "the regular expression '" + pattern.text + "' cannot be read", "", ""};
    for (const NamePattern &part : pattern.parts) {
        if (const Status status = checkPattern(part); !status)
            return status;
    }
    return {};
}

std::string describePattern(const NamePattern &pattern)
{
    if (pattern.kind != Kind::Any && pattern.kind != Kind::All)
        return std::string(nameOf(pattern.kind)) + " " + pattern.text;
    std::string result;
    for (const NamePattern &part : pattern.parts)
        result += (result.empty() ? "" : " " + std::string(nameOf(pattern.kind)) + " ") + describePattern(part);
    return result;
}

NameMatcher::NameMatcher(const NamePattern &pattern)
    : m_root(std::make_unique<Node>(pattern))
{}

NameMatcher::~NameMatcher() = default;
NameMatcher::NameMatcher(NameMatcher &&) noexcept = default;
NameMatcher &NameMatcher::operator=(NameMatcher &&) noexcept = default;

const NamePattern *NameMatcher::match(std::string_view name) const
{
    if (name.empty() || name.size() > longestName)
        return nullptr;
    const std::string text(name);
    return m_root->match(text, lowered(text));
}

} // namespace perunit
