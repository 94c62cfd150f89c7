// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/record_ids.h"

#include "model/ledger/fingerprint.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace perunit {

namespace {

constexpr std::uint32_t mostRecords = std::numeric_limits<std::uint32_t>::max();

/// Independent of the first number: together they are 96 bits, which no two of a file's ids share by accident.
std::uint32_t secondNumberOf(std::string_view id)
{
    return static_cast<std::uint32_t>(Fingerprint().add(std::int64_t{1}).add(id).value());
}

/// What stands for a record instead of its id alone, where ids name groups.
std::uint64_t withContent(std::uint64_t id, std::uint64_t content)
{
    return Fingerprint().add(id).add(content).value();
}

/// Ids that come again with other content in more than one row of so many name no single requests.
constexpr std::uint32_t rowsPerCorrection = 20;

} // namespace

std::uint64_t RecordIds::numberOf(std::string_view id)
{
    return Fingerprint().add(id).value();
}

void RecordIds::see(std::string_view id, const CsvRecord &record)
{
    const std::size_t before = m_entries.size();
    see(id);
    if (m_entries.size() == before)
        return;
    m_entries.back().content = static_cast<std::uint32_t>(m_contents.size());
    m_contents.push_back(contentOf(record));
}

void RecordIds::see(std::string_view id)
{
    // No file has more records than that; one that had would be read without this rule.
    if (m_seen == mostRecords)
        return;
    ++m_seen;
    if (!id.empty())
        m_entries.push_back({numberOf(id), secondNumberOf(id), m_seen, 0});
}

void RecordIds::sortEntries()
{
    std::sort(m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) {
        return std::tie(a.high, a.low, a.record) < std::tie(b.high, b.low, b.record);
    });
}

/// Records that a later one of their id contradicts. The entries are sorted.
std::uint32_t RecordIds::countOfChanged() const
{
    std::uint32_t changed = 0;
    std::uint64_t last = 0;
    for (std::size_t i = m_entries.size(); i-- > 0;) {
        const Entry &entry = m_entries[i];
        const std::uint64_t content = m_contents[entry.content];
        const bool isLast =
            i + 1 == m_entries.size() || m_entries[i + 1].high != entry.high || m_entries[i + 1].low != entry.low;
        if (isLast)
            last = content;
        else if (content != last)
            ++changed;
    }
    return changed;
}

void RecordIds::close()
{
    m_closed = true;
    sortEntries();
    if (!m_contents.empty()) {
        const std::uint32_t changed = countOfChanged();
        m_namesGroups = std::uint64_t{changed} * rowsPerCorrection > m_seen;
        if (m_namesGroups) {
            m_inGroups = changed;
            for (Entry &entry : m_entries)
                entry.high = withContent(entry.high, m_contents[entry.content]);
            sortEntries();
        }
    }
    for (std::size_t i = 1; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if (entry.high == m_entries[i - 1].high && entry.low == m_entries[i - 1].low)
            m_last[entry.high].record = entry.record;
    }
    m_entries = {};
    m_contents = {};
}

std::uint64_t RecordIds::contentOf(const CsvRecord &record)
{
    Fingerprint content;
    for (const std::string_view field : record.fields)
        content.add(field);
    return content.value();
}

bool RecordIds::isRepeated(std::string_view id, const CsvRecord &record, RowCollector &rows)
{
    if (!m_closed)
        close();
    if (m_asked < mostRecords)
        ++m_asked;
    if (id.empty() || m_last.empty())
        return false;
    const std::uint64_t content = m_namesGroups ? contentOf(record) : 0;
    const auto found = m_last.find(m_namesGroups ? withContent(numberOf(id), content) : numberOf(id));
    if (found == m_last.end())
        return false;
    Last &last = found->second;
    const std::uint64_t said = m_namesGroups ? content : contentOf(record);
    if (m_asked < last.record) {
        last.before.push_back(said);
        rows.duplicate();
        return true;
    }
    for (const std::uint64_t before : last.before)
        ++(before == said ? m_identical : m_changed);
    return false;
}

void RecordIds::finish(RowCollector &rows) const
{
    const auto say = [&rows](std::int64_t count, const char *what) {
        if (count > 0)
            rows.warn(std::to_string(count) + (count == 1 ? " row has" : " rows have")
                      + " the request id of a later row and " + what);
    };
    say(m_identical, "the same content; a request counts once");
    say(m_changed, "other content; the last row of a request counts");
    if (m_inGroups > 0)
        rows.warn(std::to_string(m_inGroups)
                  + " rows share their request id with a later row that says something else: the ids name groups of "
                    "requests, and every such row counts");
}

} // namespace perunit
