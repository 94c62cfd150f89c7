// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/name_list.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t mostNames = 200;
constexpr int deepestGroup = 16;

using Names = std::vector<std::string>;

/// A recursive descent over the few signs that a list of names needs.
class Expander
{
public:
    explicit Expander(std::string_view text)
        : m_text(text)
    {}

    Names read()
    {
        if (m_text.empty() || m_text.front() != '^' || m_text.back() != '$')
            return {};
        m_at = 1;
        m_text.remove_suffix(1);
        Names names = alternatives(0);
        if (m_failed || m_at != m_text.size())
            return {};
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        return names;
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }

    Names alternatives(int depth)
    {
        Names result = sequence(depth);
        while (!m_failed && !atEnd() && m_text[m_at] == '|') {
            ++m_at;
            const Names more = sequence(depth);
            result.insert(result.end(), more.begin(), more.end());
            m_failed = m_failed || result.size() > mostNames;
        }
        return result;
    }

    Names sequence(int depth)
    {
        Names result{""};
        while (!m_failed && !atEnd() && m_text[m_at] != '|' && m_text[m_at] != ')') {
            Names part = atom(depth);
            if (!atEnd() && m_text[m_at] == '?') {
                ++m_at;
                part.insert(part.begin(), "");
            }
            result = joined(result, part);
        }
        return result;
    }

    Names atom(int depth)
    {
        const char c = m_text[m_at++];
        if (c == '(')
            return group(depth + 1);
        if (c == '\\') {
            // "\." and "\/" are the sign itself; "\d" and its like are not names.
            if (atEnd() || isLetterOrDigit(m_text[m_at]))
                return failed();
            return {std::string(1, m_text[m_at++])};
        }
        if (std::string_view("*+{}[]^$").find(c) != std::string_view::npos)
            return failed();
        if (!atEnd() && c == '.' && std::string_view("*+{").find(m_text[m_at]) != std::string_view::npos)
            return failed();
        return {std::string(1, c)};
    }

    Names group(int depth)
    {
        if (depth > deepestGroup)
            return failed();
        if (m_text.substr(m_at, 2) == "?:")
            m_at += 2;
        else if (!atEnd() && m_text[m_at] == '?')
            return failed();
        Names names = alternatives(depth);
        if (atEnd() || m_text[m_at] != ')')
            return failed();
        ++m_at;
        return names;
    }

    Names joined(const Names &first, const Names &second)
    {
        if (first.size() * second.size() > mostNames)
            return failed();
        Names result;
        for (const std::string &a : first) {
            for (const std::string &b : second)
                result.push_back(a + b);
        }
        return result;
    }

    Names failed()
    {
        m_failed = true;
        return {};
    }

    static bool isLetterOrDigit(char c)
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_failed = false;
};

} // namespace

std::vector<std::string> namesOfExpression(std::string_view expression)
{
    return Expander(expression).read();
}

} // namespace perunit
