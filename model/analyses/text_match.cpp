// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/text_match.h"

#include <cstdint>

namespace perunit {

namespace {

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/// Small letter of a capital with two bytes of UTF-8; anything else stays.
std::uint32_t smallLetter(std::uint32_t letter)
{
    if ((letter >= 0xC0 && letter <= 0xDE && letter != 0xD7) || (letter >= 0x391 && letter <= 0x3A9)
        || (letter >= 0x410 && letter <= 0x42F))
        return letter + 0x20;
    if (letter >= 0x400 && letter <= 0x40F)
        return letter + 0x50;
    const bool evenCapitals =
        (letter >= 0x100 && letter <= 0x137 && letter != 0x130) || (letter >= 0x14A && letter <= 0x177);
    const bool oddCapitals = (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17E);
    if (evenCapitals)
        return letter | 1U;
    return oddCapitals && letter % 2 == 1 ? letter + 1 : letter;
}

/// Length of the run of digits at a place, and its first digit that is not zero.
struct Digits {
    std::size_t end = 0;
    std::size_t significant = 0;
};

Digits digitsAt(std::string_view text, std::size_t at)
{
    Digits result{at, at};
    while (result.significant < text.size() && text[result.significant] == '0')
        ++result.significant;
    result.end = result.significant;
    while (result.end < text.size() && isDigit(text[result.end]))
        ++result.end;
    return result;
}

} // namespace

std::string foldedText(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead >= 'A' && lead <= 'Z') {
            result += static_cast<char>(lead + 0x20);
        } else if (lead >= 0xC3 && lead <= 0xD1 && i + 1 < text.size()) {
            const auto next = static_cast<unsigned char>(text[++i]);
            const std::uint32_t letter = smallLetter((lead & 0x1FU) << 6 | (next & 0x3FU));
            result += static_cast<char>(0xC0U | letter >> 6);
            result += static_cast<char>(0x80U | (letter & 0x3FU));
        } else {
            result += text[i];
        }
    }
    return result;
}

std::vector<std::string> searchWords(std::string_view text)
{
    std::vector<std::string> words;
    const std::string folded = foldedText(text);
    std::size_t at = 0;
    while ((at = folded.find_first_not_of(" \t\r\n", at)) != std::string::npos) {
        const std::size_t end = folded.find_first_of(" \t\r\n", at);
        words.push_back(folded.substr(at, end == std::string::npos ? end : end - at));
        if (end == std::string::npos)
            break;
        at = end;
    }
    return words;
}

bool comesBefore(std::string_view foldedA, std::string_view foldedB)
{
    std::size_t a = 0;
    std::size_t b = 0;
    while (a < foldedA.size() && b < foldedB.size()) {
        if (isDigit(foldedA[a]) && isDigit(foldedB[b])) {
            const Digits left = digitsAt(foldedA, a);
            const Digits right = digitsAt(foldedB, b);
            if (left.end - left.significant != right.end - right.significant)
                return left.end - left.significant < right.end - right.significant;
            const int order = foldedA.substr(left.significant, left.end - left.significant)
                                  .compare(foldedB.substr(right.significant, right.end - right.significant));
            if (order != 0)
                return order < 0;
            a = left.end;
            b = right.end;
            continue;
        }
        if (foldedA[a] != foldedB[b])
            return static_cast<unsigned char>(foldedA[a]) < static_cast<unsigned char>(foldedB[b]);
        ++a;
        ++b;
    }
    const std::size_t restA = foldedA.size() - a;
    const std::size_t restB = foldedB.size() - b;
    return restA != restB ? restA < restB : foldedA < foldedB;
}

} // namespace perunit
