// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/record_ids.h"

#include "model/ledger/fingerprint.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace perunit {

namespace {

constexpr std::uint32_t mostRecords = std::numeric_limits<std::uint32_t>::max();

std::uint64_t numberOf(std::string_view id)
{
    return Fingerprint().add(id).value();
}

/// Independent of the first number: together they are 96 bits, which no two of a file's ids share by accident.
std::uint32_t secondNumberOf(std::string_view id)
{
    return static_cast<std::uint32_t>(Fingerprint().add(std::int64_t{1}).add(id).value());
}

} // namespace

void RecordIds::see(std::string_view id)
{
    // No file has more records than that; one that had would be read without this rule.
    if (m_seen == mostRecords)
        return;
    ++m_seen;
    if (!id.empty())
        m_entries.push_back({numberOf(id), secondNumberOf(id), m_seen});
}

void RecordIds::close()
{
    m_closed = true;
    std::sort(m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) {
        return std::tie(a.high, a.low, a.record) < std::tie(b.high, b.low, b.record);
    });
    for (std::size_t i = 1; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if (entry.high == m_entries[i - 1].high && entry.low == m_entries[i - 1].low)
            m_last[entry.high].record = entry.record;
    }
    m_entries = {};
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
    const auto found = m_last.find(numberOf(id));
    if (found == m_last.end())
        return false;
    Last &last = found->second;
    const std::uint64_t content = contentOf(record);
    if (m_asked < last.record) {
        last.before.push_back(content);
        rows.duplicate();
        return true;
    }
    for (const std::uint64_t before : last.before)
        ++(before == content ? m_identical : m_changed);
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
}

} // namespace perunit
