// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/workload.h"

#include <algorithm>
#include <numeric>

namespace perunit {

namespace {

template <typename T>
void permute(std::vector<T> &column, const std::vector<std::size_t> &order)
{
    if (column.empty())
        return;
    std::vector<T> sorted(column.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        sorted[i] = column[order[i]];
    column = std::move(sorted);
}

constexpr std::array<std::string_view, 4> statusNames{"ok", "error", "rate_limited", "cancelled"};

/// Both halves of the wide hash, so that neither sizes nor masks leave some of it unused.
std::uint32_t hashOf(std::string_view text)
{
    const std::size_t hash = std::hash<std::string_view>{}(text);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

} // namespace

Dictionary::Dictionary()
    : m_slots(16, missing)
{
    idOf("");
}

std::size_t Dictionary::slotOf(std::string_view text, std::uint32_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    for (; m_slots[slot] != missing; slot = (slot + 1) & mask) {
        const std::uint32_t id = m_slots[slot];
        if (m_hashes[id] == hash && m_texts[id] == text)
            break;
    }
    return slot;
}

void Dictionary::grow()
{
    m_slots.assign(m_slots.size() * 2, missing);
    const std::size_t mask = m_slots.size() - 1;
    for (std::uint32_t id = 0; id < m_texts.size(); ++id) {
        std::size_t slot = m_hashes[id] & mask;
        while (m_slots[slot] != missing)
            slot = (slot + 1) & mask;
        m_slots[slot] = id;
    }
}

std::uint32_t Dictionary::idOf(std::string_view text)
{
    const std::uint32_t hash = hashOf(text);
    std::size_t slot = slotOf(text, hash);
    if (m_slots[slot] != missing)
        return m_slots[slot];
    if (m_texts.size() * 2 >= m_slots.size()) {
        grow();
        slot = slotOf(text, hash);
    }
    const auto id = static_cast<std::uint32_t>(m_texts.size());
    m_texts.emplace_back(text);
    m_hashes.push_back(hash);
    m_slots[slot] = id;
    return id;
}

std::uint32_t Dictionary::find(std::string_view text) const
{
    return m_slots[slotOf(text, hashOf(text))];
}

const DimensionColumn *Workload::dimension(std::string_view name) const
{
    const auto found =
        std::find_if(dimensions.begin(), dimensions.end(), [name](const auto &column) { return column.name == name; });
    return found == dimensions.end() ? nullptr : &*found;
}

const std::string &Workload::text(std::string_view dimensionName, std::size_t row) const
{
    static const std::string empty;
    const DimensionColumn *column = dimension(dimensionName);
    return column ? column->dictionary.text(column->ids[row]) : empty;
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

void WorkloadBuilder::putTexts(const RequestColumns::Texts &texts, std::size_t rowsBefore)
{
    if (std::all_of(texts.ids.begin(), texts.ids.end(), [](std::uint32_t id) { return id == 0; }))
        return;
    DimensionColumn &target = column(texts.name);
    target.ids.resize(rowsBefore, 0);
    target.ids.reserve(rowsBefore + texts.ids.size());
    std::vector<std::uint32_t> idHere(texts.texts.size(), Dictionary::missing);
    idHere[0] = 0;
    for (const std::uint32_t id : texts.ids) {
        if (idHere[id] == Dictionary::missing)
            idHere[id] = target.dictionary.idOf(texts.texts[id]);
        target.ids.push_back(idHere[id]);
    }
}

void WorkloadBuilder::putBilled(const std::vector<std::optional<Money>> &billed, std::size_t rowsBefore)
{
    if (std::none_of(billed.begin(), billed.end(), [](const auto &amount) { return amount.has_value(); }))
        return;
    m_workload.billedKnown.resize(rowsBefore, 0);
    m_workload.billedHigh.resize(rowsBefore, 0);
    m_workload.billedLow.resize(rowsBefore, 0);
    for (const auto &amount : billed) {
        const Int128 units = amount ? amount->units() : 0;
        m_workload.billedKnown.push_back(amount ? 1 : 0);
        m_workload.billedHigh.push_back(static_cast<std::int64_t>(units >> 64));
        m_workload.billedLow.push_back(static_cast<std::uint64_t>(units));
    }
}

void WorkloadBuilder::add(RequestColumns columns)
{
    const std::size_t rowsBefore = m_workload.size();
    const std::size_t rows = columns.time.size();
    if (rows == 0)
        return;
    const auto append = [](auto &to, const auto &from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    append(m_workload.time, columns.time);
    append(m_workload.sourceRow, columns.sourceRow);
    append(m_workload.tier, columns.tier);
    m_workload.source.resize(rowsBefore + rows, sourceIndex(columns.sourceId));
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const auto &from = columns.usage[i];
        if (std::all_of(from.begin(), from.end(), [](std::int64_t count) { return count == 0; }))
            continue;
        m_workload.usage[i].resize(rowsBefore, 0);
        append(m_workload.usage[i], from);
    }
    putBilled(columns.billed, rowsBefore);
    for (const RequestColumns::Texts &texts : columns.dimensions)
        putTexts(texts, rowsBefore);
    RequestColumns::Texts tiers{"tier", {""}, {}};
    for (const std::string_view name : serviceTierNames)
        tiers.texts.emplace_back(name);
    for (const ServiceTier tier : columns.tier)
        tiers.ids.push_back(static_cast<std::uint32_t>(tier) + 1);
    putTexts(tiers, rowsBefore);
    RequestColumns::Texts statuses{"status", {""}, {}};
    for (const std::string_view name : statusNames)
        statuses.texts.emplace_back(name);
    for (const RequestStatus status : columns.status)
        statuses.ids.push_back(static_cast<std::uint32_t>(status) + 1);
    putTexts(statuses, rowsBefore);
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
    if (row.billed || !m_workload.billedKnown.empty()) {
        m_workload.billedKnown.resize(rows - 1, 0);
        m_workload.billedHigh.resize(rows - 1, 0);
        m_workload.billedLow.resize(rows - 1, 0);
        const Int128 units = row.billed ? row.billed->units() : 0;
        m_workload.billedKnown.push_back(row.billed ? 1 : 0);
        m_workload.billedHigh.push_back(static_cast<std::int64_t>(units >> 64));
        m_workload.billedLow.push_back(static_cast<std::uint64_t>(units));
    }
    put("provider", row.provider);
    put("service", row.service);
    put("model", row.model);
    put("region", row.region);
    put("deployment", row.deployment);
    put("tier", nameOf(row.tier));
    put("status", statusNames[static_cast<std::size_t>(row.status)]);
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

std::shared_ptr<const Workload> WorkloadBuilder::build()
{
    auto result = std::make_shared<Workload>(std::move(m_workload));
    m_workload = {};
    m_columnOf.clear();
    m_sourceOf.clear();
    const std::size_t rows = result->size();
    for (auto &column : result->usage) {
        if (!column.empty())
            column.resize(rows, 0);
    }
    for (auto &column : result->dimensions)
        column.ids.resize(rows, 0);
    if (!result->billedKnown.empty()) {
        result->billedKnown.resize(rows, 0);
        result->billedHigh.resize(rows, 0);
        result->billedLow.resize(rows, 0);
    }

    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&result](std::size_t row) {
        return std::tuple(result->time[row], result->sourceIds[result->source[row]], result->sourceRow[row]);
    };
    const auto earlier = [&key](std::size_t a, std::size_t b) {
        return key(a) < key(b);
    };
    if (std::is_sorted(order.begin(), order.end(), earlier))
        return result;
    std::sort(order.begin(), order.end(), earlier);
    permute(result->time, order);
    for (auto &column : result->usage)
        permute(column, order);
    permute(result->tier, order);
    permute(result->source, order);
    permute(result->sourceRow, order);
    permute(result->billedHigh, order);
    permute(result->billedLow, order);
    permute(result->billedKnown, order);
    for (auto &column : result->dimensions)
        permute(column.ids, order);
    return result;
}

bool isUnitDimension(std::string_view name)
{
    return name == "session" || name == "document" || name.starts_with("tag:");
}

} // namespace perunit
