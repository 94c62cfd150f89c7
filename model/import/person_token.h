// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/hmac.h"
#include "pricing/base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace perunit {

class WorkspaceStore;

/// Opaque names for persons: the same text is the same token under one key, and cannot be found out without it.
/// "p-" and 16 letters and digits (80 bits of an HMAC-SHA-256).
class PersonTokens
{
public:
    explicit PersonTokens(std::string_view key)
        : m_hmac(key)
    {}
    PersonTokens(const PersonTokens &other)
        : m_hmac(other.m_hmac)
    {}
    PersonTokens &operator=(const PersonTokens &) = delete;

    /// The token of a text without the blanks around it, of an e-mail address without regard to case. Empty for what is
    /// no value. The view lives until the next call.
    [[nodiscard]] std::string_view of(std::string_view text);

private:
    HmacSha256 m_hmac;
    std::unordered_map<std::string, std::string> m_known;
    std::string m_asked; ///< kept for its memory
};

/// The secret of a workspace under which its persons are hashed. It stays in the workspace and its copies; nothing
/// exports it. Kind of its document.
inline constexpr std::string_view secretKind = "secret";

/// The key of the workspace; made, once, when it has none. Errors: those of the store; Io when the system has no
/// random numbers; BadInput for a key that cannot be right.
Result<std::string> personKeyOf(WorkspaceStore &store);
/// The same for looking only: the key of the workspace, or one for this moment when it has none (also without a
/// workspace).
Result<std::string> personKeyForPreview(const WorkspaceStore *store);

} // namespace perunit
