// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/row_collector.h"

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace perunit {

/// Requests that a file names by an id which can occur once: when it occurs again, the record was written or exported
/// again, and the last one counts. Filled by the first reading, asked by the second, both in the order of the file;
/// keeps 16 bytes a record, and nothing once it knows which records repeat.
class RecordIds
{
public:
    /// First reading: the id of the next record; an empty one names nothing.
    void see(std::string_view id);
    /// The same of a file in which nobody knows whether the column names single requests; keeps 24 bytes a record.
    /// Where more than one row in twenty says something else than the last row of its id, the ids name groups of
    /// requests, such as all calls of one visit: then only rows that agree in everything count once.
    void see(std::string_view id, const CsvRecord &record);
    /// 64 bits that stand for an id.
    static std::uint64_t numberOf(std::string_view id);
    /// Second reading: whether the next record, with this id, comes again later in the file. It is counted as a
    /// duplicate then, and must not be converted.
    bool isRepeated(std::string_view id, const CsvRecord &record, RowCollector &rows);
    /// Says how many records were left out.
    void finish(RowCollector &rows) const;

private:
    struct Entry {
        std::uint64_t high = 0;
        std::uint32_t low = 0;
        std::uint32_t record = 0;
        std::uint32_t content = 0; ///< place in m_contents
    };
    /// The last record of an id that occurs more than once, and what its earlier ones said.
    struct Last {
        std::uint32_t record = 0;
        std::vector<std::uint64_t> before;
    };
    static std::uint64_t contentOf(const CsvRecord &record);
    void close();
    void sortEntries();
    [[nodiscard]] std::uint32_t countOfChanged() const;

    std::vector<Entry> m_entries;
    std::vector<std::uint64_t> m_contents; ///< of the records with an id, as long as nobody knows what ids are
    bool m_namesGroups = false;
    std::uint32_t m_seen = 0;
    std::uint32_t m_asked = 0;
    bool m_closed = false;
    std::unordered_map<std::uint64_t, Last> m_last; ///< by 64 bits of the id
    std::int64_t m_identical = 0;
    std::int64_t m_changed = 0;
    std::int64_t m_inGroups = 0; ///< rows that count although a later one has their id
};

} // namespace perunit
