// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/request_chunks.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// Packed chunks that may wait for the sink.
constexpr std::size_t waitingChunks = 4;
/// Texts that are looked up together, so that their places in a large dictionary are fetched side by side.
constexpr std::size_t lookupGroup = 16;

using Numbers = std::vector<std::int64_t>;

/// Numbers of a chunk under the name of their piece.
struct NumberColumn {
    std::string name;
    Numbers RequestBatch::*source = nullptr;
    std::size_t usage = 0; ///< place among the usage classes when `source` is null
    Numbers values;

    [[nodiscard]] const Numbers &of(const RequestBatch &batch) const
    {
        return source ? batch.*source : batch.usage[usage];
    }
};

struct AmountValues {
    Numbers digits;
    std::vector<std::uint8_t> decimals;
    std::vector<std::pair<std::size_t, Money>> wide; ///< by row of the chunk
};

template <typename To, typename From>
void copyRows(To &to, std::size_t rowsBefore, const From &from, std::size_t first, std::size_t count,
              typename To::value_type absent)
{
    if (from.size() <= first)
        return;
    to.resize(rowsBefore, absent);
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(std::min(count, from.size() - first)));
}

/// Amounts as whole numbers times a power of ten that is taken out of all of them.
struct ScaledAmounts {
    int power = 0;
    Numbers known;
    Numbers high;
    Numbers low;
};

ScaledAmounts scaled(AmountValues &amounts, std::size_t rows)
{
    ScaledAmounts result;
    result.known.assign(rows, 0);
    result.high.assign(rows, 0);
    result.low.assign(rows, 0);
    int decimals = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        std::uint8_t &places = amounts.decimals[i];
        if (places == WrittenAmount::none || places == WrittenAmount::wide)
            continue;
        while (places > 0 && amounts.digits[i] % 10 == 0) {
            amounts.digits[i] /= 10;
            --places;
        }
        decimals = std::max<int>(decimals, places);
    }
    Int128 unit = 1;
    for (int i = decimals; i < Money::scale; ++i)
        unit *= 10;
    for (auto &[row, money] : amounts.wide) {
        for (; money.units() % unit != 0; unit /= 10)
            ++decimals;
    }
    result.power = Money::scale - decimals;
    std::array<Int128, Money::scale + 1> factors{};
    factors[0] = 1;
    for (std::size_t i = 1; i < factors.size(); ++i)
        factors[i] = factors[i - 1] * 10;
    const auto set = [&result](std::size_t row, Int128 value) {
        result.known[row] = 1;
        result.high[row] = static_cast<std::int64_t>(value >> 64);
        result.low[row] = static_cast<std::int64_t>(static_cast<std::uint64_t>(value));
    };
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint8_t places = amounts.decimals[i];
        if (places != WrittenAmount::none && places != WrittenAmount::wide)
            set(i, amounts.digits[i] * factors[static_cast<std::size_t>(decimals - places)]);
    }
    for (const auto &[row, money] : amounts.wide)
        set(row, money.units() / unit);
    return result;
}

std::vector<NumberColumn> numberColumns()
{
    std::vector<NumberColumn> columns{
        {"i:row", &RequestBatch::row, 0, {}},           {"i:time", &RequestBatch::time, 0, {}},
        {"i:duration", &RequestBatch::duration, 0, {}}, {"i:usage.reasoning", &RequestBatch::reasoning, 0, {}},
        {"i:tier", &RequestBatch::tier, 0, {}},         {"i:status", &RequestBatch::status, 0, {}},
        {"i:attempts", &RequestBatch::attempts, 0, {}}};
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (i != static_cast<std::size_t>(UsageClass::Reasoning))
            columns.push_back({"i:usage." + std::string(usageClassNames[i]), nullptr, i, {}});
    }
    return columns;
}

} // namespace

/// The texts of one column over the whole source.
struct RequestChunks::TextColumn {
    Dictionary dictionary;
    std::size_t stored = 1;             ///< texts already handed out; the empty one never is
    std::vector<std::uint32_t> idsHere; ///< of the texts of the batch in hand
    std::vector<std::uint32_t> ids;     ///< of the rows of the chunk in hand

    /// Numbers of a batch's texts in this column. Only texts that rows use are asked for, in their order.
    void meet(const Dictionary &texts)
    {
        idsHere.assign(texts.size(), 0);
        std::array<std::uint32_t, lookupGroup> hashes{};
        for (std::size_t first = 1; first < texts.size(); first += lookupGroup) {
            const std::size_t count = std::min(lookupGroup, texts.size() - first);
            for (std::size_t i = 0; i < count; ++i) {
                hashes[i] = Dictionary::hashOf(texts.text(static_cast<std::uint32_t>(first + i)));
                dictionary.prefetch(hashes[i]);
            }
            for (std::size_t i = 0; i < count; ++i) {
                const auto id = static_cast<std::uint32_t>(first + i);
                idsHere[id] = dictionary.idOf(texts.text(id), hashes[i]);
            }
        }
    }
};

/// Rows that are not packed yet.
struct RequestChunks::Chunk {
    struct Texts {
        std::string name;
        std::string fresh; ///< texts that occur first in this chunk, one behind the other
        std::vector<std::size_t> freshSizes;
        std::vector<std::uint32_t> ids;
    };
    std::size_t rows = 0;
    std::vector<NumberColumn> numbers = numberColumns();
    AmountValues billed;
    std::vector<Texts> texts;

    std::vector<ColumnPiece> pack(ColumnPacker &packer);
};

std::vector<ColumnPiece> RequestChunks::Chunk::pack(ColumnPacker &packer)
{
    std::vector<ColumnPiece> pieces;
    const auto put = [&](std::string name, Numbers &values) {
        values.resize(rows, 0);
        pieces.push_back({std::move(name), rows, packer.integers(values.data(), rows)});
    };
    for (NumberColumn &column : numbers) {
        if (!column.values.empty())
            put(column.name, column.values);
    }
    Numbers wide;
    for (const Texts &column : texts) {
        if (!column.freshSizes.empty()) {
            std::vector<std::string_view> fresh;
            std::string_view rest = column.fresh;
            for (const std::size_t size : column.freshSizes) {
                fresh.push_back(rest.substr(0, size));
                rest.remove_prefix(size);
            }
            pieces.push_back({"d:" + column.name, fresh.size(), packer.texts(fresh)});
        }
        if (column.ids.empty())
            continue;
        wide.assign(column.ids.begin(), column.ids.end());
        put("t:" + column.name, wide);
    }
    if (!billed.decimals.empty()) {
        billed.decimals.resize(rows, WrittenAmount::none);
        billed.digits.resize(rows, 0);
        ScaledAmounts amounts = scaled(billed, rows);
        const std::int64_t power = amounts.power;
        pieces.push_back({"s:billed", 1, packer.integers(&power, 1)});
        put("i:billed.known", amounts.known);
        put("i:billed.high", amounts.high);
        put("i:billed.low", amounts.low);
    }
    return pieces;
}

RequestChunks::RequestChunks()
    : m_chunk(std::make_unique<Chunk>())
    , m_pool(std::make_unique<WorkPool>(WorkPool::processors()))
{}

RequestChunks::~RequestChunks() = default;

void RequestChunks::addRows(const RequestBatch &batch, std::size_t from, std::size_t count)
{
    Chunk &chunk = *m_chunk;
    const std::size_t before = chunk.rows;
    for (NumberColumn &column : chunk.numbers)
        copyRows(column.values, before, column.of(batch), from, count, 0);
    copyRows(chunk.billed.digits, before, batch.billed.digits, from, count, 0);
    copyRows(chunk.billed.decimals, before, batch.billed.decimals, from, count, WrittenAmount::none);
    for (auto wide = batch.billed.wide.lower_bound(from); wide != batch.billed.wide.end() && wide->first < from + count;
         ++wide)
        chunk.billed.wide.emplace_back(before + wide->first - from, wide->second);
    for (const RequestBatch::Texts &texts : batch.texts) {
        if (texts.ids.size() <= from)
            continue;
        TextColumn &column = *m_texts.at(texts.name);
        column.ids.resize(before, 0);
        const std::size_t end = std::min(from + count, texts.ids.size());
        for (std::size_t row = from; row < end; ++row)
            column.ids.push_back(column.idsHere[texts.ids[row]]);
    }
    chunk.rows += count;
}

void RequestChunks::closeChunk()
{
    auto chunk = std::shared_ptr<Chunk>(std::move(m_chunk));
    for (auto &[name, column] : m_texts) {
        Chunk::Texts texts;
        texts.name = name;
        // Texts are stored with the chunk in which they occur first, in the order of their numbers.
        std::uint32_t largest = 0;
        for (const std::uint32_t id : column->ids)
            largest = std::max(largest, id);
        for (; column->stored <= largest; ++column->stored) {
            const std::string_view text = column->dictionary.text(static_cast<std::uint32_t>(column->stored));
            texts.fresh += text;
            texts.freshSizes.push_back(text.size());
        }
        texts.ids = std::move(column->ids);
        if (!texts.ids.empty())
            texts.ids.resize(chunk->rows, 0);
        column->ids.clear();
        if (!texts.ids.empty())
            chunk->texts.push_back(std::move(texts));
    }
    m_packed.push_back(m_pool->give([this, chunk] {
        auto packer = m_packers.take();
        auto pieces = chunk->pack(*packer);
        m_packers.give(std::move(packer));
        return pieces;
    }));
    m_chunk = std::make_unique<Chunk>();
}

Status RequestChunks::drain(std::size_t waiting, const Sink &sink)
{
    while (m_packed.size() > waiting) {
        std::vector<ColumnPiece> pieces = m_packed.front().get();
        m_packed.pop_front();
        if (auto status = sink(std::move(pieces)); !status)
            return status;
    }
    return {};
}

Status RequestChunks::add(const RequestBatch &batch, const Sink &sink)
{
    for (const RequestBatch::Texts &texts : batch.texts) {
        if (texts.ids.empty())
            continue;
        auto &column = m_texts[texts.name];
        if (!column)
            column = std::make_unique<TextColumn>();
        column->meet(texts.dictionary);
    }
    for (std::size_t from = 0; from < batch.rows;) {
        const std::size_t count = std::min(batch.rows - from, rowsPerChunk - m_chunk->rows);
        addRows(batch, from, count);
        from += count;
        if (m_chunk->rows == rowsPerChunk) {
            closeChunk();
            if (auto status = drain(waitingChunks, sink); !status)
                return status;
        }
    }
    m_total += static_cast<std::int64_t>(batch.rows);
    return {};
}

Status RequestChunks::finish(const Sink &sink)
{
    if (m_chunk->rows > 0)
        closeChunk();
    return drain(0, sink);
}

} // namespace perunit
