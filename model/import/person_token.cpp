// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/person_token.h"

#include "model/import/column_format.h"
#include "model/import/number_text.h"
#include "model/store/workspace_store.h"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace perunit {

namespace {

constexpr std::string_view keyName = "person-key";
constexpr std::size_t keyBytes = 32;
constexpr std::size_t tokenLetters = 16;
/// Tokens that are remembered; a file has more rows than persons.
constexpr std::size_t mostKnown = 100'000;

std::string tokenOf(const HmacSha256::Code &code)
{
    // 32 signs that are not mistaken for each other; five bits each.
    constexpr std::string_view signs = "abcdefghijkmnpqrstuvwxyz23456789";
    static_assert(signs.size() == 32);
    std::string token = "p-";
    std::uint32_t bits = 0;
    int known = 0;
    std::size_t next = 0;
    while (token.size() < 2 + tokenLetters) {
        if (known < 5) {
            bits = (bits << 8) | code[next++];
            known += 8;
        }
        known -= 5;
        token.push_back(signs[(bits >> known) & 31]);
    }
    return token;
}

Result<std::string> randomKey()
{
    std::array<unsigned char, keyBytes> bytes{};
    if (::getentropy(bytes.data(), bytes.size()) != 0)
        return Error{ErrorCode::Io, "the system gives no random numbers", "", "try again"};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string key;
    for (const unsigned char byte : bytes) {
        key.push_back(digits[byte >> 4]);
        key.push_back(digits[byte & 15]);
    }
    return key;
}

/// Another key would make other persons of the same ones, so nothing takes the place of a broken one.
Status checkKey(const std::string &key)
{
    if (key.size() == 2 * keyBytes && key.find_first_not_of("0123456789abcdef") == std::string::npos)
        return {};
    return Error{ErrorCode::BadInput, "the secret under which persons are hashed is damaged", "",
                 "restore the workspace from a copy"};
}

} // namespace

std::string_view PersonTokens::of(std::string_view text)
{
    text = trimmed(text);
    if (text.empty() || isNullWord(text))
        return {};
    m_asked.assign(text);
    if (isAddress(text))
        std::transform(m_asked.begin(), m_asked.end(), m_asked.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto known = m_known.find(m_asked);
    if (known != m_known.end())
        return known->second;
    if (m_known.size() >= mostKnown)
        m_known.clear();
    return m_known.emplace(m_asked, tokenOf(m_hmac.of(m_asked))).first->second;
}

Result<std::string> personKeyOf(WorkspaceStore &store)
{
    const auto known = store.document(secretKind, keyName);
    if (!known)
        return known.error();
    if (!known->has_value()) {
        const auto fresh = randomKey();
        if (!fresh)
            return fresh.error();
        // Another program may have made one meanwhile: the first one stays.
        const auto status = store.changeDocuments(secretKind, [&fresh](const auto &present) {
            auto all = present;
            const auto same = [](const WorkspaceStore::Document &each) {
                return each.name == keyName;
            };
            if (std::none_of(all.begin(), all.end(), same))
                all.push_back({std::string(keyName), *fresh});
            return Result<std::vector<WorkspaceStore::Document>>(std::move(all));
        });
        if (!status)
            return status.error();
    }
    auto key = store.document(secretKind, keyName);
    if (!key)
        return key.error();
    if (auto status = checkKey(key->value_or("")); !status)
        return status.error();
    return std::move(**key);
}

Result<std::string> personKeyForPreview(const WorkspaceStore *store)
{
    if (store) {
        auto key = store->document(secretKind, keyName);
        if (!key)
            return key.error();
        if (key->has_value()) {
            if (auto status = checkKey(**key); !status)
                return status.error();
            return std::move(**key);
        }
    }
    return randomKey();
}

} // namespace perunit
