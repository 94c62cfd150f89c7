// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/tag_memory.h"

#include "model/import/ledger_format.h"
#include "model/import/request_log_fields.h"

namespace perunit {

namespace {

constexpr std::size_t maximumTagMemory = 1 << 16;

} // namespace

KnownTags &TagMemory::of(std::string_view cell)
{
    if (m_cells.size() >= maximumTagMemory) {
        m_cells = Dictionary();
        m_known = std::vector<KnownTags>(1);
    }
    const std::uint32_t id = m_cells.idOf(cell);
    if (id > 0 && id < m_known.size())
        return m_known[id];
    KnownTags &known = id == 0 ? m_known.front() : m_known.emplace_back();
    if (id == 0) {
        known.readable = true; // the empty cell
        return known;
    }
    auto tags = parseTags(cell);
    known.readable = tags.has_value();
    if (!tags)
        return known;
    for (auto &[key, value] : *tags) {
        if (const std::string_view dimension = dimensionOfTag(key); !dimension.empty() && !value.empty()) {
            if (const auto place = textPlace(dimension))
                known.dimensions.emplace_back(*place, value);
        }
        known.tags.emplace_back(std::move(key), std::move(value));
    }
    return known;
}

} // namespace perunit
