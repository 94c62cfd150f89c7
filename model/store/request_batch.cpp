// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/request_batch.h"

#include "model/store/row_columns.h"
#include "model/store/row_visitor.h"

namespace perunit {

WrittenAmount WrittenAmount::of(const std::optional<Money> &amount)
{
    WrittenAmount written;
    if (amount) {
        written.decimals = wide;
        written.money = *amount;
    }
    return written;
}

Money WrittenAmount::value() const
{
    if (decimals == none)
        return {};
    if (decimals == wide)
        return money;
    Int128 units = digits;
    for (int i = decimals; i < Money::scale; ++i)
        units *= 10;
    return Money::ofUnits(units);
}

RequestBatch::RequestBatch()
{
    for (const RequestText &text : requestTexts())
        texts.push_back({text.name, false, {}, {}});
}

void RequestBatch::clear()
{
    rows = 0;
    for (Numbers *column : {&row, &time, &duration, &reasoning, &tier, &status, &attempts, &billed.digits})
        column->clear();
    for (Numbers &column : usage)
        column.clear();
    billed.decimals.clear();
    billed.wide.clear();
    for (Texts &column : texts) {
        column.dictionary.clear();
        column.ids.clear();
    }
    while (texts.size() > plainTexts) {
        m_spare.push_back(std::move(texts.back()));
        texts.pop_back();
    }
    m_tags.clear();
}

void RequestBatch::beginRow(std::int64_t rowNumber, const RequestNumbers &numbers)
{
    ++rows;
    put(row, rowNumber);
    put(time, numbers.time.micros);
    put(duration, numbers.durationMicros);
    put(reasoning, numbers.usage.reasoning);
    put(tier, static_cast<std::int64_t>(numbers.tier));
    put(status, static_cast<std::int64_t>(numbers.status));
    put(attempts, numbers.attempts);
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (numbers.usage.counts[i] != 0 && i != static_cast<std::size_t>(UsageClass::Reasoning))
            put(usage[i], numbers.usage.counts[i]);
    }
    if (!numbers.billed.known())
        return;
    put(billed.digits, numbers.billed.digits);
    billed.decimals.resize(rows - 1, WrittenAmount::none);
    billed.decimals.push_back(numbers.billed.decimals);
    if (numbers.billed.decimals == WrittenAmount::wide)
        billed.wide.emplace(rows - 1, numbers.billed.money);
}

void RequestBatch::add(const RequestRow &request, std::int64_t rowNumber)
{
    RequestNumbers numbers;
    numbers.time = request.time;
    numbers.durationMicros = request.durationMicros;
    numbers.usage = request.usage;
    numbers.tier = request.tier;
    numbers.status = request.status;
    numbers.attempts = request.attempts;
    numbers.billed = WrittenAmount::of(request.billed);
    beginRow(rowNumber, numbers);
    addTexts(request);
}

void RequestBatch::addTexts(const RequestRow &request)
{
    std::size_t column = 0;
    for (const RequestText &text : requestTexts()) {
        const std::string &value = request.*text.member;
        if (!value.empty())
            setText(column, idOf(column, value));
        ++column;
    }
    for (const auto &[key, value] : request.tags) {
        const std::size_t place = tagColumn(key, false);
        setText(place, idOf(place, value));
    }
}

RequestRow RequestBatch::rowAt(std::size_t index) const
{
    const auto at = [index](const Numbers &column) {
        return index < column.size() ? column[index] : 0;
    };
    RequestRow request;
    request.time = {at(time)};
    request.durationMicros = at(duration);
    for (std::size_t i = 0; i < usageClassCount; ++i)
        request.usage.counts[i] = at(usage[i]);
    request.usage.reasoning = at(reasoning);
    request.tier = static_cast<ServiceTier>(at(tier));
    request.status = static_cast<RequestStatus>(at(status));
    request.attempts = static_cast<std::int32_t>(at(attempts));
    if (index < billed.decimals.size() && billed.decimals[index] != WrittenAmount::none) {
        const auto wide = billed.wide.find(index);
        const WrittenAmount amount{at(billed.digits), billed.decimals[index],
                                   wide == billed.wide.end() ? Money() : wide->second};
        request.billed = amount.value();
    }
    const auto &plain = requestTexts();
    for (std::size_t column = 0; column < texts.size(); ++column) {
        const Texts &text = texts[column];
        if (index >= text.ids.size() || text.ids[index] == 0)
            continue;
        const std::string value(text.dictionary.text(text.ids[index]));
        if (column < plain.size() && text.name == plain[column].name)
            request.*plain[column].member = value;
        else
            request.tags.emplace_back(text.name.substr(std::string_view("tag:").size()), value);
    }
    return request;
}

Status RowVisitor::add(const RequestBatch &batch)
{
    for (std::size_t i = 0; i < batch.rows; ++i) {
        if (auto status = add(batch.rowAt(i), batch.row[i]); !status)
            return status;
    }
    return {};
}

std::size_t RequestBatch::tagColumn(std::string_view key, bool limited)
{
    const auto known = m_tags.find(key);
    if (known != m_tags.end()) {
        texts[known->second].limited &= limited;
        return known->second;
    }
    if (m_spare.empty()) {
        texts.emplace_back();
    } else {
        texts.push_back(std::move(m_spare.back()));
        m_spare.pop_back();
    }
    texts.back().name = "tag:" + std::string(key);
    texts.back().limited = limited;
    m_tags.emplace(key, texts.size() - 1);
    return texts.size() - 1;
}

} // namespace perunit
