// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/row_collector.h"

#include "model/import/mapping_suggestion.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace perunit {

namespace {

constexpr std::size_t storedValueSize = 200;

Error totalOverflow(std::string_view what)
{
    return {ErrorCode::Overflow, "the total of " + std::string(what) + " outgrows its exact number", "", ""};
}

bool addTo(std::int64_t &total, std::int64_t value)
{
    return !__builtin_add_overflow(total, value, &total);
}

bool addTo(CostTotal &total, const std::optional<Money> &value)
{
    if (!value)
        return true;
    Int128 sum = 0;
    if (__builtin_add_overflow(total.value_or(Money()).units(), value->units(), &sum))
        return false;
    total = Money::ofUnits(sum);
    return true;
}

/// Nothing was metered before; an earlier time is a broken one, such as the first day of a spreadsheet.
const Instant earliestTime = instantOf(1990, 1, 1);

Instant latestTime()
{
    using namespace std::chrono;
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count() + 2 * 366 * microsPerDay};
}

/// Cut between characters, so that the text stays valid UTF-8.
std::string shortened(std::string_view text)
{
    if (text.size() <= storedValueSize)
        return std::string(text);
    std::size_t size = storedValueSize;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return std::string(text.substr(0, size));
}

} // namespace

RowCollector::RowCollector(const TableShape &shape, WorkspaceStore::SourceWriter *writer)
    : m_shape(shape)
    , m_writer(writer)
    , m_latestTime(latestTime())
{}

/// Refuses a record whose time cannot be, and remarks one that is hardly meant.
bool RowCollector::isPlausible(Instant time)
{
    if (time >= earliestTime && time <= m_latestTime)
        return true;
    if (time < earliestTime) {
        if (std::exchange(m_refusedRow, m_row) != m_row)
            reject(-1, formatInstant(time), "lies before 1990, so the time cannot be right");
        return false;
    }
    count("the time lies more than two years ahead");
    return true;
}

void RowCollector::begin(const CsvRecord &record, std::int64_t row)
{
    m_record = &record;
    m_row = row;
    ++m_facts.rowsRead;
}

void RowCollector::accept()
{
    if (m_acceptedRow == m_row || m_refusedRow == m_row)
        return;
    m_acceptedRow = m_row;
    ++m_facts.rowsAccepted;
}

void RowCollector::acceptEmpty()
{
    accept();
}

void RowCollector::extend(Instant from, Instant to)
{
    if (m_facts.period.isEmpty()) {
        m_facts.period = {from, to};
        return;
    }
    m_facts.period.from = std::min(m_facts.period.from, from);
    m_facts.period.to = std::max(m_facts.period.to, to);
}

Status RowCollector::add(const RequestRow &row)
{
    if (!isPlausible(row.time))
        return {};
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (row.usage.counts[i] != 0 && !addTo(m_facts.tokens.counts[i], row.usage.counts[i]))
            return totalOverflow(usageClassNames[i]);
    }
    if (!addTo(m_facts.tokens.reasoning, row.usage.reasoning))
        return totalOverflow("reasoning");
    if (!addTo(m_facts.requests, row.usage[UsageClass::Request]))
        return totalOverflow("requests");
    if (!addTo(m_facts.billed, row.billed))
        return totalOverflow("billed_cost");
    extend(row.time, {row.time.micros + 1});
    accept();
    return m_writer ? m_writer->add(row, m_row) : Status();
}

Status RowCollector::add(const ChargeRow &row)
{
    if (!isPlausible(row.period.from))
        return {};
    if (!addTo(m_facts.billed, row.billed) || !addTo(m_facts.effective, row.effective) || !addTo(m_facts.list, row.list)
        || !addTo(m_facts.contracted, row.contracted))
        return totalOverflow("a cost column");
    if (row.tokenClass && !addTo(m_facts.tokens[*row.tokenClass], row.tokens))
        return totalOverflow(nameOf(*row.tokenClass));
    extend(row.period.from, std::max(row.period.to, Instant{row.period.from.micros + 1}));
    accept();
    return m_writer ? m_writer->add(row, m_row) : Status();
}

Status RowCollector::add(const OutcomeRow &row)
{
    if (!isPlausible(row.day))
        return {};
    extend(row.day, {row.day.micros + microsPerDay});
    accept();
    return m_writer ? m_writer->add(row, m_row) : Status();
}

void RowCollector::reject(int column, std::string_view value, std::string_view reason)
{
    ++m_facts.rowsRejected;
    if (m_facts.rejects.size() >= maximumStoredRejects)
        return;
    RejectedRow reject;
    reject.line = m_record->line;
    const auto index = static_cast<std::size_t>(std::max(column, 0));
    if (column >= 0)
        reject.column = m_shape.header[index];
    if (column < 0 || !isSensitiveColumn(m_shape, column))
        reject.value = shortened(value);
    reject.reason = reason;
    if (m_record->part > 0)
        reject.reason += " (in part " + std::to_string(m_record->part + 1) + ")";
    m_facts.rejects.push_back(std::move(reject));
}

void RowCollector::rejectField(int column, std::string_view reason)
{
    reject(column, column < 0 ? std::string_view() : m_record->fields[static_cast<std::size_t>(column)], reason);
}

void RowCollector::warn(const std::string &text)
{
    auto &warnings = m_facts.warnings;
    if (std::find(warnings.begin(), warnings.end(), text) == warnings.end())
        warnings.push_back(text);
}

void RowCollector::count(const std::string &remark)
{
    Remark &known = m_remarks[remark];
    if (known.times++ == 0)
        known.firstLine = m_record->line;
}

void RowCollector::close()
{
    for (const auto &[text, remark] : m_remarks)
        warn(text + " (" + std::to_string(remark.times) + (remark.times == 1 ? " row, line " : " rows, first on line ")
             + std::to_string(remark.firstLine) + ")");
    m_remarks.clear();
}

} // namespace perunit
