// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/row_table.h"

#include "model/analyses/row_order.h"
#include "model/analyses/table_text.h"
#include "model/analyses/text_match.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

namespace perunit {

namespace {

RowSelection arrangedBy(const RowSelection &rows, const std::vector<std::uint32_t> &places)
{
    RowSelection result;
    result.count = rows.count;
    result.isListed = true;
    result.listed.reserve(places.size());
    for (const std::uint32_t place : places)
        result.listed.push_back(static_cast<std::uint32_t>(rows.row(place)));
    return result;
}

/// The rows by the key that a function gives each of them.
template <typename KeyOf>
Result<RowSelection> sortedByKey(const RowSelection &rows, const KeyOf &keyOf, RowProgress *progress,
                                 const std::stop_token &stop)
{
    std::vector<decltype(keyOf(std::size_t{0}))> keys;
    keys.reserve(rows.count);
    for (std::size_t place = 0; place < rows.count; ++place) {
        if (!goesOn(place, progress, stop))
            return stoppedByUser();
        keys.push_back(keyOf(rows.row(place)));
    }
    const auto places = orderOfKeys(keys, progress, stop);
    return places ? Result<RowSelection>(arrangedBy(rows, *places)) : stoppedByUser();
}

/// As std::sort, but in pieces that are merged, so that it can be stopped in between. False: stopped.
template <typename Before>
bool sortInPieces(std::vector<std::uint32_t> &items, const Before &before, const std::stop_token &stop)
{
    constexpr std::size_t piece = 32'768;
    const auto at = [&items](std::size_t place) {
        return items.begin() + static_cast<std::ptrdiff_t>(std::min(place, items.size()));
    };
    for (std::size_t first = 0; first < items.size(); first += piece) {
        if (stop.stop_requested())
            return false;
        std::sort(at(first), at(first + piece), before);
    }
    for (std::size_t width = piece; width < items.size(); width *= 2) {
        for (std::size_t first = 0; first + width < items.size(); first += 2 * width) {
            if (stop.stop_requested())
                return false;
            std::inplace_merge(at(first), at(first + width), at(first + 2 * width), before);
        }
    }
    return true;
}

/// Rank of every text in the order of people; the empty text is unknown. No value: stopped.
std::optional<std::vector<std::optional<std::int64_t>>> ranksOf(const std::vector<std::string> &texts,
                                                                const std::stop_token &stop)
{
    std::vector<std::string> folded;
    folded.reserve(texts.size());
    for (const std::string &text : texts)
        folded.push_back(foldedText(text));
    std::vector<std::uint32_t> order(texts.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        return folded[a] != folded[b] ? comesBefore(folded[a], folded[b]) : texts[a] < texts[b];
    };
    if (!sortInPieces(order, before, stop))
        return std::nullopt;
    std::vector<std::optional<std::int64_t>> ranks(texts.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (!texts[order[i]].empty())
            ranks[order[i]] = static_cast<std::int64_t>(i);
    }
    return ranks;
}

std::optional<Int128> unitsOf(const std::optional<Money> &amount)
{
    return amount ? std::optional(amount->units()) : std::nullopt;
}

class RequestTable : public RowTable
{
public:
    RequestTable(std::shared_ptr<const RequestCosts> costs, std::map<std::int64_t, std::string> sourceNames)
        : m_costs(std::move(costs))
        , m_sourceNames(std::move(sourceNames))
        , m_workload(m_costs->workload())
    {
        add("time", FieldKind::Time, [this](std::size_t row) { return numberValue(m_workload.time[row]); });
        for (const char *name : {"provider", "model"})
            addDimension(name);
        add("cost", FieldKind::Money, [this](std::size_t row) { return costValue(row); });
        if (!m_workload.recorded.empty())
            add("recorded", FieldKind::Money, [this](std::size_t row) {
                FieldValue value;
                if (m_costs->isRecorded(row))
                    value.money = m_workload.billed(row);
                return value;
            });
        addCounts();
        for (const char *name : {"workload", "environment", "team", "feature", "customer", "session", "document",
                                 "prompt_template", "tier", "status", "region", "deployment", "service"})
            addDimension(name);
        for (const DimensionColumn &column : m_workload.dimensions)
            addDimension(column.name);
        add("source", FieldKind::Text, [this](std::size_t row) {
            FieldValue value;
            value.text = sourceName(m_workload.source[row]);
            return value;
        });
        add("source_row", FieldKind::Count, [this](std::size_t row) { return numberValue(m_workload.sourceRow[row]); });
    }

    const std::string &currency(std::size_t field) const override
    {
        return m_fields[field].id == "recorded" ? m_costs->baseline().ledger().currency
                                                : m_costs->baseline().currency();
    }

    FieldValue value(std::size_t row, std::size_t field) const override { return m_values[field](row); }

    Result<FilteredRows> filter(const RowFilter &filter, RowProgress *progress, std::stop_token stop) const override
    {
        return filterRequests(*m_costs, filter, progress, std::move(stop));
    }

    Result<RowSelection> sorted(const RowSelection &rows, std::size_t field, bool falling, RowProgress *progress,
                                std::stop_token stop) const override
    {
        const auto &valueOf = m_values[field];
        switch (m_fields[field].kind) {
        case FieldKind::Money:
            return sortedByKey(
                rows, [&](std::size_t row) { return sortKey(unitsOf(valueOf(row).money), falling); }, progress, stop);
        case FieldKind::Count:
        case FieldKind::Time:
            return sortedByKey(
                rows, [&](std::size_t row) { return sortKey(std::optional(valueOf(row).number), falling); }, progress,
                stop);
        case FieldKind::Text:
            break;
        }
        const auto [ids, texts] = textsOf(m_fields[field].id);
        const auto ranks = ranksOf(texts, stop);
        if (!ranks)
            return stoppedByUser();
        return sortedByKey(
            rows, [&, &known = *ids](std::size_t row) { return sortKey((*ranks)[known[row]], falling); }, progress,
            stop);
    }

private:
    using ValueOf = std::function<FieldValue(std::size_t)>;

    void add(std::string id, FieldKind kind, ValueOf valueOf)
    {
        m_fields.push_back({std::move(id), kind});
        m_values.push_back(std::move(valueOf));
    }

    void addDimension(const std::string &name)
    {
        const DimensionColumn *column = m_workload.dimension(name);
        if (column && !fieldNamed(name))
            add(name, FieldKind::Text, [column](std::size_t row) {
                FieldValue value;
                value.text = column->dictionary.text(column->ids[row]);
                return value;
            });
    }

    /// Output is told with the reasoning tokens in it, as everywhere.
    void addCounts()
    {
        add("requests", FieldKind::Count,
            [this](std::size_t row) { return numberValue(m_workload.count(UsageClass::Request, row)); });
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            const auto usageClass = static_cast<UsageClass>(i);
            const bool reasoned = usageClass == UsageClass::Output && occurs(UsageClass::Reasoning);
            if (usageClass == UsageClass::Request || !(occurs(usageClass) || reasoned))
                continue;
            add(std::string(nameOf(usageClass)), FieldKind::Count, [this, usageClass, reasoned](std::size_t row) {
                return numberValue(m_workload.count(usageClass, row)
                                   + (reasoned ? m_workload.count(UsageClass::Reasoning, row) : 0));
            });
        }
    }

    [[nodiscard]] bool occurs(UsageClass usageClass) const
    {
        return !m_workload.usage[static_cast<std::size_t>(usageClass)].empty();
    }

    static FieldValue numberValue(std::int64_t number)
    {
        FieldValue value;
        value.number = number;
        return value;
    }

    [[nodiscard]] FieldValue costValue(std::size_t row) const
    {
        FieldValue value;
        if (!m_costs->isUnknown(row))
            value.money = Money::of(m_costs->cost(row));
        value.unpricedTokens = m_costs->unpricedTokens(row);
        return value;
    }

    [[nodiscard]] std::string sourceName(std::uint32_t index) const
    {
        const std::int64_t id = m_workload.sourceIds[index];
        const auto known = m_sourceNames.find(id);
        return known == m_sourceNames.end() ? std::to_string(id) : known->second;
    }

    /// Ids of a text field by row, and the texts that they stand for.
    [[nodiscard]] std::pair<const PackedColumn<std::uint32_t> *, std::vector<std::string>>
    textsOf(const std::string &name) const
    {
        std::vector<std::string> texts;
        if (name == "source") {
            for (std::uint32_t i = 0; i < m_workload.sourceIds.size(); ++i)
                texts.push_back(sourceName(i));
            return {&m_workload.source, std::move(texts)};
        }
        const DimensionColumn *column = m_workload.dimension(name);
        for (std::size_t id = 0; id < column->dictionary.size(); ++id)
            texts.emplace_back(column->dictionary.text(static_cast<std::uint32_t>(id)));
        return {&column->ids, std::move(texts)};
    }

    std::shared_ptr<const RequestCosts> m_costs;
    std::map<std::int64_t, std::string> m_sourceNames;
    const Workload &m_workload;
    std::vector<ValueOf> m_values;
};

class ChargeTable : public RowTable
{
public:
    ChargeTable(std::shared_ptr<const std::vector<ChargeRow>> charges, std::string currency,
                std::map<std::int64_t, std::string> sourceNames)
        : m_charges(std::move(charges))
        , m_currency(std::move(currency))
        , m_sourceNames(std::move(sourceNames))
    {
        m_fields = {{"from", FieldKind::Time}, {"to", FieldKind::Time}};
        std::vector<std::string> dimensions = chargeDimensions(*m_charges);
        for (const std::string &name : dimensions)
            m_fields.push_back({name, FieldKind::Text});
        for (const auto &[id, amount] : amounts) {
            if (std::any_of(m_charges->begin(), m_charges->end(),
                            [amount = amount](const ChargeRow &charge) { return (charge.*amount).has_value(); }))
                m_fields.push_back({id, FieldKind::Money});
        }
        m_fields.push_back({"quantity", FieldKind::Text});
        m_fields.push_back({"unit", FieldKind::Text});
        m_fields.push_back({"tokens", FieldKind::Count});
        if (std::any_of(m_charges->begin(), m_charges->end(),
                        [](const ChargeRow &each) { return each.sourceId != 0; })) {
            m_fields.push_back({"source", FieldKind::Text});
            m_fields.push_back({"source_row", FieldKind::Count});
        }
    }

    const std::string &currency(std::size_t) const override { return m_currency; }

    FieldValue value(std::size_t row, std::size_t field) const override
    {
        const ChargeRow &charge = (*m_charges)[row];
        const std::string &id = m_fields[field].id;
        FieldValue value;
        switch (m_fields[field].kind) {
        case FieldKind::Time:
            value.number = (id == "from" ? charge.period.from : charge.period.to).micros;
            break;
        case FieldKind::Count:
            value.number = id == "source_row" ? charge.sourceRow : charge.tokens;
            break;
        case FieldKind::Money:
            for (const auto &[name, amount] : amounts) {
                if (id == name)
                    value.money = charge.*amount;
            }
            break;
        case FieldKind::Text:
            value.text = id == "quantity" ? charge.consumedQuantity
                         : id == "unit"   ? charge.consumedUnit
                         : id == "source" ? sourceName(charge.sourceId)
                                          : chargeText(charge, id);
            break;
        }
        return value;
    }

    Result<FilteredRows> filter(const RowFilter &filter, RowProgress *progress, std::stop_token stop) const override
    {
        return filterCharges(*m_charges, filter, progress, std::move(stop));
    }

    Result<RowSelection> sorted(const RowSelection &rows, std::size_t field, bool falling, RowProgress *progress,
                                std::stop_token stop) const override
    {
        switch (m_fields[field].kind) {
        case FieldKind::Money:
            return sortedByKey(
                rows, [&](std::size_t row) { return sortKey(unitsOf(value(row, field).money), falling); }, progress,
                stop);
        case FieldKind::Count:
        case FieldKind::Time:
            return sortedByKey(
                rows, [&](std::size_t row) { return sortKey(std::optional(value(row, field).number), falling); },
                progress, stop);
        case FieldKind::Text:
            break;
        }
        Dictionary texts;
        std::vector<std::uint32_t> ids(m_charges->size(), 0);
        for (std::size_t place = 0; place < rows.count; ++place) {
            if (!goesOn(place, progress, stop))
                return stoppedByUser();
            ids[rows.row(place)] = texts.idOf(value(rows.row(place), field).text);
        }
        std::vector<std::string> names;
        for (std::size_t id = 0; id < texts.size(); ++id)
            names.emplace_back(texts.text(static_cast<std::uint32_t>(id)));
        const auto ranks = ranksOf(names, stop);
        if (!ranks)
            return stoppedByUser();
        return sortedByKey(
            rows, [&](std::size_t row) { return sortKey((*ranks)[ids[row]], falling); }, progress, stop);
    }

private:
    using Amount = std::optional<Money> ChargeRow::*;
    static constexpr std::array<std::pair<const char *, Amount>, 4> amounts{{{"billed", &ChargeRow::billed},
                                                                             {"effective", &ChargeRow::effective},
                                                                             {"list", &ChargeRow::list},
                                                                             {"contracted", &ChargeRow::contracted}}};

    [[nodiscard]] std::string sourceName(std::int64_t id) const
    {
        const auto known = m_sourceNames.find(id);
        return known == m_sourceNames.end() ? std::to_string(id) : known->second;
    }

    std::shared_ptr<const std::vector<ChargeRow>> m_charges;
    std::string m_currency;
    std::map<std::int64_t, std::string> m_sourceNames;
};

} // namespace

std::optional<std::size_t> RowTable::fieldNamed(std::string_view id) const
{
    const auto found =
        std::find_if(m_fields.begin(), m_fields.end(), [id](const RowField &field) { return field.id == id; });
    return found == m_fields.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - m_fields.begin()));
}

std::string RowTable::exactText(std::size_t row, std::size_t field) const
{
    const FieldValue shown = value(row, field);
    switch (m_fields[field].kind) {
    case FieldKind::Text:
        return shown.text;
    case FieldKind::Time:
        return formatInstant({shown.number});
    case FieldKind::Count:
        return std::to_string(shown.number);
    case FieldKind::Money:
        break;
    }
    return shown.money ? shown.money->text() : std::string();
}

std::shared_ptr<const RowTable> requestTable(std::shared_ptr<const RequestCosts> costs,
                                             std::map<std::int64_t, std::string> sourceNames)
{
    return std::make_shared<RequestTable>(std::move(costs), std::move(sourceNames));
}

std::shared_ptr<const RowTable> chargeTable(std::shared_ptr<const std::vector<ChargeRow>> charges, std::string currency,
                                            std::map<std::int64_t, std::string> sourceNames)
{
    return std::make_shared<ChargeTable>(std::move(charges), std::move(currency), std::move(sourceNames));
}

std::string csvLines(const RowTable &table, const RowSelection &rows, const std::vector<std::size_t> &fields,
                     std::size_t first, std::size_t count)
{
    std::string text;
    for (std::size_t place = first; place < std::min(rows.count, first + count); ++place) {
        for (std::size_t i = 0; i < fields.size(); ++i)
            text += (i == 0 ? "" : ",") + csvField(table.exactText(rows.row(place), fields[i]));
        text += "\r\n";
    }
    return text;
}

std::string csvHeader(const RowTable &table, const std::vector<std::size_t> &fields)
{
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const RowField &field = table.fields()[fields[i]];
        // An amount without its currency is no amount.
        const std::string unit = field.kind == FieldKind::Money ? " (" + table.currency(fields[i]) + ")" : "";
        text += (i == 0 ? "" : ",") + csvField(field.id + unit);
    }
    return text + "\r\n";
}

} // namespace perunit
