// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace perunit {

/// A stream of UTF-8 text, read piece by piece.
class TextInput
{
public:
    virtual ~TextInput() = default;
    /// Fills up to `size` bytes (at least 4) and says how many; 0 is the end.
    virtual Result<std::size_t> read(char *to, std::size_t size) = 0;
};

/// Text that is already in memory; hands out at most `piece` bytes at once.
class StringInput : public TextInput
{
public:
    explicit StringInput(std::string_view text, std::size_t piece = 65536)
        : m_rest(text)
        , m_piece(piece)
    {}
    Result<std::size_t> read(char *to, std::size_t size) override
    {
        const std::size_t count = std::min({m_rest.size(), size, m_piece});
        m_rest.copy(to, count);
        m_rest.remove_prefix(count);
        return count;
    }

private:
    std::string_view m_rest;
    std::size_t m_piece;
};

} // namespace perunit
