// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/row_collector.h"

#include "model/import/mapping_suggestion.h"
#include "model/ledger/token_line.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace perunit {

namespace {

constexpr std::size_t storedValueSize = 200;
constexpr std::size_t rowsPerBatch = 8192;

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

RowCollector::RowCollector(const TableShape &shape, RowVisitor *writer)
    : m_shape(&shape)
    , m_writer(writer)
    , m_latestTime(latestTime())
{}

RowCollector::RowCollector(const TableShape &shape)
    : m_shape(&shape)
    , m_writer(nullptr)
    , m_isPart(true)
    , m_latestTime(latestTime())
{}

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
    m_recordTags.clear();
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
    if (!m_recordTags.empty()) {
        RequestRow tagged = row;
        const Tags missing =
            missingTags({&row.customer, &row.team, &row.session, &row.document, &row.feature}, row.tags);
        tagged.tags.insert(tagged.tags.end(), missing.begin(), missing.end());
        const Tags all = std::exchange(m_recordTags, {});
        const Status status = add(tagged);
        m_recordTags = all;
        return status;
    }
    RequestNumbers numbers;
    numbers.time = row.time;
    numbers.durationMicros = row.durationMicros;
    numbers.usage = row.usage;
    numbers.tier = row.tier;
    numbers.status = row.status;
    numbers.attempts = row.attempts;
    numbers.billed = WrittenAmount::of(row.billed);
    if (auto status = add(numbers); !status)
        return status;
    m_batch.addTexts(row);
    return {};
}

/// What a format has put under its customers needs no tag beside it.
Tags RowCollector::missingTags(std::initializer_list<const std::string *> texts, const Tags &tags) const
{
    Tags missing;
    for (const auto &tag : m_recordTags) {
        const bool said =
            std::any_of(texts.begin(), texts.end(), [&tag](const auto *text) { return *text == tag.second; })
            || std::find(tags.begin(), tags.end(), tag) != tags.end();
        if (!said)
            missing.push_back(tag);
    }
    return missing;
}

Status RowCollector::add(const RequestNumbers &numbers)
{
    if (!m_isPart && m_batch.rows >= rowsPerBatch) {
        if (auto status = flush(); !status)
            return status;
    }
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (numbers.usage.counts[i] != 0 && !addTo(m_facts.tokens.counts[i], numbers.usage.counts[i]))
            return totalOverflow(usageClassNames[i]);
    }
    if (!addTo(m_facts.tokens.reasoning, numbers.usage.reasoning))
        return totalOverflow("reasoning");
    if (!addTo(m_facts.requests, numbers.usage[UsageClass::Request]))
        return totalOverflow("requests");
    if (numbers.billed.known() && !addTo(m_facts.billed, numbers.billed.value()))
        return totalOverflow("billed_cost");
    extend(numbers.time, {numbers.time.micros + 1});
    accept();
    m_batch.beginRow(m_row, numbers);
    for (const auto &[name, value] : m_recordTags) {
        const std::size_t place = m_batch.tagColumn(name, false);
        m_batch.setText(place, m_batch.idOf(place, value));
    }
    return {};
}

Status RowCollector::add(const ChargeRow &row)
{
    if (!m_recordTags.empty()) {
        ChargeRow tagged = row;
        const Tags missing = missingTags({&row.customer, &row.team, &row.account, &row.resource}, row.tags);
        tagged.tags.insert(tagged.tags.end(), missing.begin(), missing.end());
        const Tags all = std::exchange(m_recordTags, {});
        const Status status = add(tagged);
        m_recordTags = all;
        return status;
    }
    if (!isPlausible(row.period.from))
        return {};
    if (!addTo(m_facts.billed, row.billed) || !addTo(m_facts.effective, row.effective) || !addTo(m_facts.list, row.list)
        || !addTo(m_facts.contracted, row.contracted))
        return totalOverflow("a cost column");
    if (row.tokenClass && !addTo(m_facts.tokens[*row.tokenClass], row.tokens))
        return totalOverflow(nameOf(*row.tokenClass));
    m_facts.isBill = true;
    if (tokenLineOf(row) == TokenLine::Yes)
        ++m_facts.tokenLines;
    extend(row.period.from, std::max(row.period.to, Instant{row.period.from.micros + 1}));
    accept();
    if (m_isPart)
        m_charges.emplace_back(row, m_row);
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
        reject.column = m_shape->header[index];
    if (column < 0 || !isSensitiveColumn(*m_shape, column))
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

/// Names of tags are kept in the order in which they come, as many as may be.
void RowCollector::limitTags(RequestBatch &batch)
{
    batch.keepTexts([this](const RequestBatch::Texts &column) {
        if (!column.limited || column.ids.empty())
            return true;
        const auto known = m_tagNames.find(column.name);
        if (known != m_tagNames.end())
            return known->second;
        const bool keep = m_tagNames.size() < maximumTagNames;
        if (m_tagNames.size() < 100 * maximumTagNames)
            m_tagNames.emplace(column.name, keep);
        m_leftOutTags |= !keep;
        return keep;
    });
}

Status RowCollector::flush()
{
    if (m_batch.rows == 0)
        return {};
    limitTags(m_batch);
    Status status = m_writer ? m_writer->add(m_batch) : Status();
    m_batch.clear();
    return status;
}

Status RowCollector::addTotals(const Source &part)
{
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (!addTo(m_facts.tokens.counts[i], part.tokens.counts[i]))
            return totalOverflow(usageClassNames[i]);
    }
    if (!addTo(m_facts.tokens.reasoning, part.tokens.reasoning))
        return totalOverflow("reasoning");
    if (!addTo(m_facts.requests, part.requests))
        return totalOverflow("requests");
    if (!addTo(m_facts.billed, part.billed) || !addTo(m_facts.effective, part.effective)
        || !addTo(m_facts.list, part.list) || !addTo(m_facts.contracted, part.contracted))
        return totalOverflow(part.requests > 0 ? "billed_cost" : "a cost column");
    m_facts.isBill = m_facts.isBill || part.isBill;
    m_facts.tokenLines += part.tokenLines;
    if (!part.period.isEmpty())
        extend(part.period.from, part.period.to);
    return {};
}

Status RowCollector::take(RowCollector &next, std::int64_t lines, std::int64_t rows)
{
    if (auto status = addTotals(next.m_facts); !status)
        return status;
    m_facts.rowsRead += next.m_facts.rowsRead;
    m_facts.rowsAccepted += next.m_facts.rowsAccepted;
    m_facts.rowsRejected += next.m_facts.rowsRejected;
    m_facts.rowsDuplicate += next.m_facts.rowsDuplicate;
    for (RejectedRow &reject : next.m_facts.rejects) {
        if (m_facts.rejects.size() == maximumStoredRejects)
            break;
        reject.line += lines;
        m_facts.rejects.push_back(std::move(reject));
    }
    for (const std::string &warning : next.m_facts.warnings)
        warn(warning);
    for (const auto &[text, remark] : next.m_remarks) {
        Remark &known = m_remarks[text];
        if (known.times == 0)
            known.firstLine = lines + remark.firstLine;
        known.times += remark.times;
    }
    for (auto &row : next.m_batch.row)
        row += rows;
    if (auto status = flush(); !status)
        return status;
    limitTags(next.m_batch);
    if (!m_writer)
        return {};
    if (next.m_batch.rows > 0) {
        if (auto status = m_writer->add(next.m_batch); !status)
            return status;
    }
    for (const auto &[charge, row] : next.m_charges) {
        if (auto status = m_writer->add(charge, rows + row); !status)
            return status;
    }
    return {};
}

void RowCollector::clear()
{
    m_facts = {};
    m_record = nullptr;
    m_row = 0;
    m_acceptedRow = 0;
    m_remarks.clear();
    m_batch.clear();
    m_charges.clear();
}

void RowCollector::close(const std::vector<std::string> &first)
{
    const std::vector<std::string> during = std::exchange(m_facts.warnings, {});
    for (const auto *texts : {&first, &during}) {
        for (const std::string &text : *texts)
            warn(text);
    }
    for (const auto &[text, remark] : m_remarks)
        warn(text + " (" + std::to_string(remark.times) + (remark.times == 1 ? " row, line " : " rows, first on line ")
             + std::to_string(remark.firstLine) + ")");
    m_remarks.clear();
}

} // namespace perunit
