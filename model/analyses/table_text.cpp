// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/table_text.h"

#include <algorithm>

namespace perunit {

namespace {

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

std::string_view withoutDigits(std::string_view text)
{
    while (!text.empty() && isDigit(text.front()))
        text.remove_prefix(1);
    return text;
}

/// A plain or scientific decimal number and nothing else.
bool isNumber(std::string_view text)
{
    if (!text.empty() && (text.front() == '-' || text.front() == '+'))
        text.remove_prefix(1);
    if (text.empty() || !isDigit(text.front()))
        return false;
    text = withoutDigits(text);
    if (!text.empty() && text.front() == '.')
        text = withoutDigits(text.substr(1));
    if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
        text.remove_prefix(1);
        if (!text.empty() && (text.front() == '-' || text.front() == '+'))
            text.remove_prefix(1);
        if (text.empty())
            return false;
        text = withoutDigits(text);
    }
    return text.empty();
}

} // namespace

std::string withoutFormula(std::string_view text)
{
    constexpr std::string_view dangerous = "=+-@\t\r";
    const bool formula = !text.empty() && dangerous.find(text.front()) != std::string_view::npos && !isNumber(text);
    return formula ? "'" + std::string(text) : std::string(text);
}

std::string csvField(std::string_view text)
{
    std::string safe = withoutFormula(text);
    if (safe.find_first_of(",\"\r\n") == std::string::npos)
        return safe;
    std::string result = "\"";
    for (const char letter : safe)
        result += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return result + '"';
}

std::string tsvField(std::string_view text)
{
    std::string safe = withoutFormula(text);
    std::replace_if(
        safe.begin(), safe.end(), [](char letter) { return letter == '\t' || letter == '\n' || letter == '\r'; }, ' ');
    return safe;
}

} // namespace perunit
