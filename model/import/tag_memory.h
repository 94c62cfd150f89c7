// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/tag_text.h"
#include "model/workload/dictionary.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perunit {

/// A cell of tags that was read before; the same few cells return in most rows.
struct KnownTags {
    bool readable = false;
    Tags tags;
    std::vector<std::pair<std::size_t, std::string>> dimensions; ///< text that a tag fills, and with what
    /// Where the tags go in the batch with this number: column and number of the text, tag by tag.
    std::int64_t batchNumber = 0;
    std::vector<std::pair<std::size_t, std::uint32_t>> places;
};

/// Reads cells of tags once each: of a file that has too many different ones it forgets what it knew.
class TagMemory
{
public:
    /// Lives until the next call.
    KnownTags &of(std::string_view cell);

private:
    Dictionary m_cells;
    std::vector<KnownTags> m_known{1}; ///< by id in m_cells
};

} // namespace perunit
