// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/base/hmac.h"

#include <nettle/hmac.h>

namespace perunit {

struct HmacSha256::State {
    hmac_sha256_ctx context{};
};

HmacSha256::HmacSha256(std::string_view key)
    : m_state(std::make_unique<State>())
{
    hmac_sha256_set_key(&m_state->context, key.size(), reinterpret_cast<const std::uint8_t *>(key.data()));
}

HmacSha256::~HmacSha256() = default;

HmacSha256::HmacSha256(const HmacSha256 &other)
    : m_state(std::make_unique<State>(*other.m_state))
{}

HmacSha256::Code HmacSha256::of(std::string_view message)
{
    Code code{};
    hmac_sha256_update(&m_state->context, message.size(), reinterpret_cast<const std::uint8_t *>(message.data()));
    hmac_sha256_digest(&m_state->context, code.size(), code.data());
    return code;
}

} // namespace perunit
