// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/workload.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <thread>
#include <tuple>
#include <utility>

namespace perunit {

namespace {

bool holdsOnly(const PackedNumbers &numbers, std::int64_t value)
{
    for (std::size_t row = 0; row < numbers.size(); ++row) {
        const PackedNumbers::Piece *piece = numbers.pieceAt(row);
        if (piece && piece->isConstant()) {
            if (piece->at(0) != value)
                return false;
            row += PackedNumbers::pieceRows - 1;
        } else if (numbers.at(row) != value) {
            return false;
        }
    }
    return true;
}

/// `change(value)`, never below zero, of every number of a piece of single bytes, asked once for each of its few
/// values, in their order of first appearance.
template <typename Change>
PackedNumbers::Piece changedPiece(const PackedNumbers::Piece &piece, const Change &change)
{
    const std::uint8_t *from = piece.bytes.data();
    std::array<bool, 256> open{};
    std::size_t left = 0;
    for (std::size_t row = 0; row < piece.rows; ++row)
        open[from[row]] = true;
    for (const bool each : open)
        left += each ? 1 : 0;
    std::array<std::int64_t, 256> known{};
    std::int64_t most = 0;
    for (std::size_t row = 0; left > 0; ++row) {
        const std::uint8_t offset = from[row];
        if (open[offset]) {
            open[offset] = false;
            --left;
            known[offset] = change(piece.at(row));
            most = std::max(most, known[offset]);
        }
    }
    if (most <= 0xff) {
        std::array<std::uint8_t, 256> narrow{};
        std::transform(known.begin(), known.end(), narrow.begin(),
                       [](std::int64_t value) { return static_cast<std::uint8_t>(value); });
        PackedNumbers::Piece result;
        result.rows = piece.rows;
        result.width = 1;
        result.step = 1;
        result.bytes = PieceBytes(piece.rows);
        std::uint8_t *to = result.bytes.data();
        for (std::size_t row = 0; row < piece.rows; ++row)
            to[row] = narrow[from[row]];
        return result;
    }
    std::vector<std::int64_t> values(piece.rows);
    for (std::size_t row = 0; row < piece.rows; ++row)
        values[row] = known[from[row]];
    return PackedNumbers::pack(values.data(), values.size());
}

/// Appends `change(value)` of every number; equal numbers are changed alike.
template <typename Change>
void appendChanged(PackedNumbers &to, const PackedNumbers &from, const Change &change)
{
    for (std::size_t row = 0; row < from.size(); ++row) {
        const PackedNumbers::Piece *piece = from.pieceAt(row);
        if (piece && piece->isConstant()) {
            to.extend(to.size() + piece->rows, change(piece->at(0)));
            row += PackedNumbers::pieceRows - 1;
        } else if (piece && piece->width == 1) {
            to.append(changedPiece(*piece, change));
            row += PackedNumbers::pieceRows - 1;
        } else {
            to.push_back(change(from.at(row)));
        }
    }
}

void append(PackedNumbers &to, PackedNumbers from)
{
    if (to.size() == 0)
        to = std::move(from);
    else
        appendChanged(to, from, [](std::int64_t value) { return value; });
}

std::string_view tierName(std::int64_t tier)
{
    return serviceTierNames[static_cast<std::size_t>(tier)];
}

std::string_view statusName(std::int64_t status)
{
    return requestStatusNames[static_cast<std::size_t>(status)];
}

using Order = std::vector<std::uint32_t>;

void permute(PackedNumbers &column, const Order &order)
{
    if (column.size() == 0)
        return;
    PackedNumbers sorted;
    for (const std::uint32_t row : order)
        sorted.push_back(column.at(row));
    sorted.close();
    column = std::move(sorted);
}

void permute(AmountColumn &column, const Order &order)
{
    if (column.empty())
        return;
    AmountColumn sorted;
    for (const std::uint32_t row : order)
        sorted.push_back(column.at(row));
    sorted.close();
    column = std::move(sorted);
}

/// The numbers must be closed.
std::vector<std::int64_t> unpacked(const PackedNumbers &numbers)
{
    std::vector<std::int64_t> all(numbers.size());
    for (std::size_t row = 0; row < all.size(); row += PackedNumbers::pieceRows)
        numbers.pieceAt(row)->copyTo(all.data() + row);
    return all;
}

/// Rows by time; rows of the same time stay as they are. 11 bits a round, only those in which the times differ.
Order orderOfTimes(const std::vector<std::int64_t> &times)
{
    Order order(times.size());
    std::iota(order.begin(), order.end(), 0U);
    if (times.empty())
        return order;
    const auto [least, most] = std::minmax_element(times.begin(), times.end());
    const auto base = static_cast<std::uint64_t>(*least);
    const std::uint64_t range = static_cast<std::uint64_t>(*most) - base;
    constexpr unsigned digitBits = 11;
    Order next(times.size());
    for (unsigned shift = 0; shift < 64 && (range >> shift) != 0; shift += digitBits) {
        const auto digitOf = [&](std::uint32_t row) {
            return ((static_cast<std::uint64_t>(times[row]) - base) >> shift) & ((1U << digitBits) - 1);
        };
        std::array<std::uint32_t, 1U << digitBits> starts{};
        for (const std::uint32_t row : order)
            ++starts[digitOf(row)];
        std::uint32_t sum = 0;
        for (std::uint32_t &start : starts)
            sum += std::exchange(start, sum);
        for (const std::uint32_t row : order)
            next[starts[digitOf(row)]++] = row;
        order.swap(next);
    }
    return order;
}

} // namespace

const DimensionColumn *Workload::dimension(std::string_view name) const
{
    const auto found =
        std::find_if(dimensions.begin(), dimensions.end(), [name](const auto &column) { return column.name == name; });
    return found == dimensions.end() ? nullptr : &*found;
}

std::string Workload::text(std::string_view dimensionName, std::size_t row) const
{
    const DimensionColumn *column = dimension(dimensionName);
    return column ? std::string(column->dictionary.text(column->ids[row])) : std::string();
}

Usage Workload::usageAt(std::size_t row) const
{
    Usage result;
    for (std::size_t i = 0; i < usageClassCount; ++i)
        result.counts[i] = count(static_cast<UsageClass>(i), row);
    result.reasoning = result[UsageClass::Reasoning];
    result[UsageClass::Output] += result.reasoning;
    result[UsageClass::Reasoning] = 0;
    return result;
}

Period Workload::period() const
{
    if (time.empty())
        return {};
    return {{time.front()}, {time.back() + 1}};
}

DimensionColumn &WorkloadBuilder::column(std::string_view name)
{
    const auto [found, isNew] = m_columnOf.try_emplace(std::string(name), m_workload.dimensions.size());
    if (isNew) {
        m_workload.dimensions.emplace_back();
        m_workload.dimensions.back().name = name;
    }
    return m_workload.dimensions[found->second];
}

void WorkloadBuilder::put(std::string_view name, std::string_view text)
{
    // A dimension that no row has used so far costs nothing: its column starts at its first value.
    if (text.empty() && !m_columnOf.contains(std::string(name)))
        return;
    DimensionColumn &target = column(name);
    target.ids.resize(m_workload.size() - 1, 0);
    target.ids.push_back(target.dictionary.idOf(text));
}

std::uint32_t WorkloadBuilder::sourceIndex(std::int64_t sourceId)
{
    const auto [source, isNew] =
        m_sourceOf.try_emplace(sourceId, static_cast<std::uint32_t>(m_workload.sourceIds.size()));
    if (isNew)
        m_workload.sourceIds.push_back(sourceId);
    return source->second;
}

void WorkloadBuilder::putDimension(DimensionColumn from, std::size_t rowsBefore)
{
    if (holdsOnly(from.ids.numbers(), 0))
        return;
    DimensionColumn &target = column(from.name);
    if (rowsBefore == 0 && target.ids.empty()) {
        target = std::move(from);
        return;
    }
    target.ids.resize(rowsBefore, 0);
    std::vector<std::uint32_t> idHere(from.dictionary.size(), Dictionary::missing);
    idHere[0] = 0;
    appendChanged(target.ids.numbers(), from.ids.numbers(), [&](std::int64_t id) -> std::int64_t {
        std::uint32_t &here = idHere[static_cast<std::size_t>(id)];
        if (here == Dictionary::missing)
            here = target.dictionary.idOf(from.dictionary.text(static_cast<std::uint32_t>(id)));
        return here;
    });
}

void WorkloadBuilder::putNames(const char *name, const PackedNumbers &values, std::string_view (*nameOf)(std::int64_t),
                               std::size_t rowsBefore)
{
    DimensionColumn &target = column(name);
    target.ids.resize(rowsBefore, 0);
    // Ids in order of first appearance, looked up once for each value.
    std::array<std::int64_t, 16> idOf{};
    appendChanged(target.ids.numbers(), values, [&](std::int64_t value) -> std::int64_t {
        std::int64_t &id = idOf[static_cast<std::size_t>(value)];
        if (id == 0)
            id = target.dictionary.idOf(nameOf(value));
        return id;
    });
}

void WorkloadBuilder::putBilled(AmountColumn billed, std::size_t rowsBefore, std::size_t rows)
{
    if (billed.empty())
        return;
    billed.extend(rows);
    if (rowsBefore == 0) {
        m_workload.recorded = std::move(billed);
        return;
    }
    m_workload.recorded.extend(rowsBefore);
    for (std::size_t row = 0; row < rows; ++row)
        m_workload.recorded.push_back(billed.at(row));
}

void WorkloadBuilder::add(RequestColumns columns)
{
    const std::size_t rowsBefore = m_workload.size();
    const std::size_t rows = columns.time.size();
    if (rows == 0)
        return;
    append(m_workload.time.numbers(), std::move(columns.time.numbers()));
    noteRows(columns.sourceId, columns.sourceRow.front(), columns.sourceRow.back());
    append(m_workload.sourceRow.numbers(), std::move(columns.sourceRow.numbers()));
    m_workload.source.resize(rowsBefore + rows, sourceIndex(columns.sourceId));
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (holdsOnly(columns.usage[i].numbers(), 0))
            continue;
        m_workload.usage[i].resize(rowsBefore, 0);
        append(m_workload.usage[i].numbers(), std::move(columns.usage[i].numbers()));
    }
    putBilled(std::move(columns.billed), rowsBefore, rows);
    for (DimensionColumn &dimension : columns.dimensions)
        putDimension(std::move(dimension), rowsBefore);
    putNames("tier", columns.tier.numbers(), tierName, rowsBefore);
    putNames("status", columns.status.numbers(), statusName, rowsBefore);
    append(m_workload.tier.numbers(), std::move(columns.tier.numbers()));
}

void WorkloadBuilder::add(const RequestRow &row, std::int64_t sourceId, std::int64_t sourceRow)
{
    m_workload.time.push_back(row.time.micros);
    const std::size_t rows = m_workload.size();
    const Usage usage = row.usage.pricedApart();
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        auto &column = m_workload.usage[i];
        if (usage.counts[i] == 0 && column.empty())
            continue;
        column.resize(rows - 1, 0);
        column.push_back(usage.counts[i]);
    }
    m_workload.tier.push_back(row.tier);
    m_workload.source.push_back(sourceIndex(sourceId));
    m_workload.sourceRow.push_back(sourceRow);
    noteRows(sourceId, sourceRow, sourceRow);
    if (row.billed || !m_workload.recorded.empty()) {
        m_workload.recorded.extend(rows - 1);
        m_workload.recorded.push_back(row.billed);
    }
    put("provider", row.provider);
    put("service", row.service);
    put("model", row.model);
    put("region", row.region);
    put("deployment", row.deployment);
    put("tier", nameOf(row.tier));
    put("status", requestStatusNames[static_cast<std::size_t>(row.status)]);
    put("workload", row.workload);
    put("environment", row.environment);
    put("team", row.team);
    put("feature", row.feature);
    put("customer", row.customer);
    put("session", row.session);
    put("document", row.document);
    put("prompt_template", row.promptTemplate);
    for (const auto &[key, value] : row.tags)
        put("tag:" + key, value);
}

/// Columns that ended early get their zeros, and all of them their final form.
void WorkloadBuilder::fillColumns()
{
    const std::size_t rows = m_workload.size();
    for (auto &column : m_workload.usage) {
        if (!column.empty())
            column.resize(rows, 0);
        column.numbers().close();
    }
    for (auto &column : m_workload.dimensions) {
        column.ids.resize(rows, 0);
        column.ids.numbers().close();
    }
    if (!m_workload.recorded.empty())
        m_workload.recorded.extend(rows);
    m_workload.recorded.close();
    m_workload.time.numbers().close();
    m_workload.tier.numbers().close();
    m_workload.source.numbers().close();
    m_workload.sourceRow.numbers().close();
}

Order WorkloadBuilder::orderOfRows() const
{
    const Workload &all = m_workload;
    // Sources mostly come one after the other and each in order of its rows: then equal times are in order already.
    if (m_sourcesInOrder)
        return all.time.numbers().neverFalls() ? Order() : orderOfTimes(unpacked(all.time.numbers()));
    const auto key = [&all](std::size_t row) {
        return std::tuple(all.time[row], all.sourceIds[all.source[row]], all.sourceRow[row]);
    };
    Order order(all.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&key](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    return order;
}

void WorkloadBuilder::noteRows(std::int64_t sourceId, std::int64_t firstRow, std::int64_t lastRow)
{
    m_sourcesInOrder = m_sourcesInOrder && m_lastRow <= std::pair(sourceId, firstRow);
    m_lastRow = {sourceId, lastRow};
}

std::shared_ptr<const Workload> WorkloadBuilder::build()
{
    fillColumns();
    const Order order = orderOfRows();
    auto result = std::make_shared<Workload>(std::move(m_workload));
    m_workload = {};
    m_columnOf.clear();
    m_sourceOf.clear();
    m_sourcesInOrder = true;
    m_lastRow = {INT64_MIN, INT64_MIN};
    if (order.empty())
        return result;
    std::vector<PackedNumbers *> columns{&result->time.numbers(), &result->tier.numbers(), &result->source.numbers(),
                                         &result->sourceRow.numbers()};
    for (auto &column : result->usage)
        columns.push_back(&column.numbers());
    for (auto &column : result->dimensions)
        columns.push_back(&column.ids.numbers());
    // One thread may well do the amounts while the others share the numbers: every column is its own work.
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i <= columns.size(); i = next++) {
            if (i == 0)
                permute(result->recorded, order);
            else
                permute(*columns[i - 1], order);
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (unsigned i = 1; i < std::min(std::thread::hardware_concurrency(), 8U) && order.size() > 65536; ++i)
            helpers.emplace_back(work);
        work();
    }
    return result;
}

bool isUnitDimension(std::string_view name)
{
    return name == "session" || name == "document" || name.starts_with("tag:");
}

} // namespace perunit
