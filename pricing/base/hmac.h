// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace perunit {

/// HMAC-SHA-256 (RFC 2104) under one key; for many short messages.
class HmacSha256
{
public:
    using Code = std::array<std::uint8_t, 32>;

    explicit HmacSha256(std::string_view key);
    ~HmacSha256();
    HmacSha256(const HmacSha256 &other);
    HmacSha256 &operator=(const HmacSha256 &) = delete;

    [[nodiscard]] Code of(std::string_view message);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace perunit
