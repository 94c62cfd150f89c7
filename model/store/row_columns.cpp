// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/row_columns.h"

#include "model/store/column_codec.h"

#include <algorithm>
#include <charconv>

namespace perunit {

namespace {

constexpr int maximumPower = 30;

Error damagedRows()
{
    return {ErrorCode::BadInput, "stored rows are damaged", "",
            "restore the workspace from a copy, or import the ledger into a new one"};
}

Int128 powerOfTen(int exponent)
{
    Int128 result = 1;
    for (int i = 0; i < exponent; ++i)
        result *= 10;
    return result;
}

std::vector<std::int64_t> oneNumber(std::int64_t value)
{
    return {value};
}

} // namespace

struct ColumnBuffer::Number {
    std::string name;
    std::vector<std::int64_t> values;
};

struct ColumnBuffer::Text {
    std::string name;
    Dictionary dictionary;
    std::size_t stored = 1; ///< texts already handed out; the empty one never is
    std::vector<std::int64_t> ids;
    std::string last;
    std::int64_t lastId = 0;
};

struct ColumnBuffer::Amount {
    std::string name;
    std::vector<std::int64_t> known;
    std::vector<Int128> units;
};

ColumnBuffer::ColumnBuffer() = default;
ColumnBuffer::~ColumnBuffer() = default;

std::size_t ColumnBuffer::addNumber(std::string name)
{
    m_numbers.push_back(std::make_unique<Number>());
    m_numbers.back()->name = std::move(name);
    return m_numbers.size() - 1;
}

std::size_t ColumnBuffer::addText(std::string name)
{
    m_texts.push_back(std::make_unique<Text>());
    m_texts.back()->name = std::move(name);
    return m_texts.size() - 1;
}

std::size_t ColumnBuffer::addAmount(std::string name)
{
    m_amounts.push_back(std::make_unique<Amount>());
    m_amounts.back()->name = std::move(name);
    return m_amounts.size() - 1;
}

void ColumnBuffer::setNumber(std::size_t column, std::int64_t value)
{
    auto &values = m_numbers[column]->values;
    if (value == 0)
        return;
    values.resize(m_rows - 1, 0);
    values.push_back(value);
}

void ColumnBuffer::setText(std::size_t column, std::string_view text)
{
    if (text.empty())
        return;
    Text &target = *m_texts[column];
    if (target.last != text) {
        target.last = text;
        target.lastId = target.dictionary.idOf(text);
    }
    target.ids.resize(m_rows - 1, 0);
    target.ids.push_back(target.lastId);
}

void ColumnBuffer::setAmount(std::size_t column, const std::optional<Money> &amount)
{
    if (!amount)
        return;
    Amount &target = *m_amounts[column];
    target.known.resize(m_rows - 1, 0);
    target.units.resize(m_rows - 1, 0);
    target.known.push_back(1);
    target.units.push_back(amount->units());
}

std::vector<ColumnPiece> ColumnBuffer::flush()
{
    std::vector<ColumnPiece> pieces;
    for (const auto &column : m_numbers) {
        if (column->values.empty())
            continue;
        column->values.resize(m_rows, 0);
        pieces.push_back({"i:" + column->name, m_rows, packIntegers(column->values)});
        column->values.clear();
    }
    for (const auto &column : m_texts) {
        std::vector<std::string_view> fresh;
        for (; column->stored < column->dictionary.size(); ++column->stored)
            fresh.emplace_back(column->dictionary.text(static_cast<std::uint32_t>(column->stored)));
        if (!fresh.empty())
            pieces.push_back({"d:" + column->name, fresh.size(), packTexts(fresh)});
        if (column->ids.empty())
            continue;
        column->ids.resize(m_rows, 0);
        pieces.push_back({"t:" + column->name, m_rows, packIntegers(column->ids)});
        column->ids.clear();
    }
    for (const auto &column : m_amounts) {
        if (column->known.empty())
            continue;
        column->known.resize(m_rows, 0);
        column->units.resize(m_rows, 0);
        // Amounts with few decimals are large multiples of ten in units of 10^-24: take that factor out.
        int power = maximumPower;
        Int128 divisor = powerOfTen(power);
        for (const Int128 units : column->units) {
            for (; units % divisor != 0; divisor /= 10)
                --power;
        }
        std::vector<std::int64_t> high(m_rows);
        std::vector<std::int64_t> low(m_rows);
        for (std::size_t i = 0; i < m_rows; ++i) {
            const Int128 value = column->units[i] / divisor;
            high[i] = static_cast<std::int64_t>(value >> 64);
            low[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(value));
        }
        pieces.push_back({"s:" + column->name, 1, packIntegers(oneNumber(power))});
        pieces.push_back({"i:" + column->name + ".known", m_rows, packIntegers(column->known)});
        pieces.push_back({"i:" + column->name + ".high", m_rows, packIntegers(high)});
        pieces.push_back({"i:" + column->name + ".low", m_rows, packIntegers(low)});
        column->known.clear();
        column->units.clear();
    }
    m_rows = 0;
    return pieces;
}

const std::vector<std::int64_t> *ColumnChunk::numbers(const std::string &name) const
{
    const auto found = m_numbers.find(name);
    return found == m_numbers.end() ? nullptr : &found->second;
}

const std::vector<std::int64_t> *ColumnChunk::textIds(const std::string &name) const
{
    const auto found = m_ids.find(name);
    return found == m_ids.end() ? nullptr : &found->second;
}

const std::vector<std::optional<Money>> *ColumnChunk::amounts(const std::string &name) const
{
    const auto found = m_amounts.find(name);
    return found == m_amounts.end() ? nullptr : &found->second;
}

ColumnReader::ColumnReader(const Database &database, std::int64_t sourceId)
    : m_database(database)
    , m_sourceId(sourceId)
{}

const std::vector<std::string> &ColumnReader::texts(const std::string &name)
{
    auto &texts = m_texts[name];
    if (texts.empty())
        texts.emplace_back();
    return texts;
}

std::vector<std::string> ColumnReader::textNames() const
{
    std::vector<std::string> names;
    for (const auto &[name, texts] : m_texts)
        names.push_back(name);
    return names;
}

Status ColumnReader::take(ColumnChunk &chunk, std::string_view column, std::size_t n, std::string_view data)
{
    if (column.size() < 3)
        return damagedRows();
    const std::string name(column.substr(2));
    if (column.starts_with("d:")) {
        auto fresh = unpackTexts(data, n);
        if (!fresh)
            return fresh.error();
        (void)texts(name);
        auto &known = m_texts[name];
        known.insert(known.end(), std::make_move_iterator(fresh->begin()), std::make_move_iterator(fresh->end()));
        return {};
    }
    auto numbers = unpackIntegers(data, n);
    if (!numbers)
        return numbers.error();
    if (column.starts_with("s:")) {
        chunk.m_numbers[name + ".power"] = std::move(*numbers);
        return {};
    }
    if (chunk.m_rows != 0 && chunk.m_rows != n)
        return damagedRows();
    chunk.m_rows = n;
    (column.starts_with("t:") ? chunk.m_ids : chunk.m_numbers)[name] = std::move(*numbers);
    return {};
}

/// Checks ids and puts amounts together again.
Status ColumnReader::complete(ColumnChunk &chunk)
{
    for (const auto &[name, ids] : chunk.m_ids) {
        const auto count = static_cast<std::int64_t>(texts(name).size());
        if (std::any_of(ids.begin(), ids.end(), [count](std::int64_t id) { return id < 0 || id >= count; }))
            return damagedRows();
    }
    for (const auto &[name, power] : chunk.m_numbers) {
        if (!name.ends_with(".power"))
            continue;
        const std::string amount = name.substr(0, name.size() - 6);
        const auto *known = chunk.numbers(amount + ".known");
        const auto *high = chunk.numbers(amount + ".high");
        const auto *low = chunk.numbers(amount + ".low");
        if (!known || !high || !low || power.size() != 1 || power[0] < 0 || power[0] > maximumPower)
            return damagedRows();
        const Int128 factor = powerOfTen(static_cast<int>(power[0]));
        std::vector<std::optional<Money>> amounts(chunk.m_rows);
        for (std::size_t i = 0; i < chunk.m_rows; ++i) {
            const auto bits = (static_cast<UInt128>(static_cast<std::uint64_t>((*high)[i])) << 64)
                              | static_cast<std::uint64_t>((*low)[i]);
            Int128 units = 0;
            if (__builtin_mul_overflow(static_cast<Int128>(bits), factor, &units))
                return damagedRows();
            if ((*known)[i] != 0)
                amounts[i] = Money::ofUnits(units);
        }
        chunk.m_amounts[amount] = std::move(amounts);
    }
    m_total += chunk.m_rows;
    return {};
}

Status ColumnReader::read(std::stop_token stop, const std::function<Status(const ColumnChunk &)> &visit)
{
    auto statement =
        Statement::prepare(m_database, "SELECT chunk, column, n, data FROM cols WHERE source=? ORDER BY chunk, column");
    if (!statement)
        return statement.error();
    statement->bind(m_sourceId);
    ColumnChunk chunk;
    std::int64_t current = -1;
    const auto hand = [&]() -> Status {
        if (current < 0)
            return {};
        if (auto status = complete(chunk); !status)
            return status;
        return visit(chunk);
    };
    while (true) {
        auto more = statement->step();
        if (!more)
            return more.error();
        if (!*more)
            return hand();
        if (statement->integer(0) != current) {
            if (auto status = hand(); !status)
                return status;
            if (stop.stop_requested())
                return Error{ErrorCode::Cancelled, "the reading was stopped", "", ""};
            chunk = {};
            current = statement->integer(0);
        }
        m_seal.add(sealOfPiece(statement->integer(0), statement->bytes(1), statement->integer(2), statement->bytes(3)));
        if (auto status =
                take(chunk, statement->bytes(1), static_cast<std::size_t>(statement->integer(2)), statement->bytes(3));
            !status)
            return status;
    }
}

const std::vector<RequestText> &requestTexts()
{
    static const std::vector<RequestText> table{{"provider", &RequestRow::provider},
                                                {"service", &RequestRow::service},
                                                {"model", &RequestRow::model},
                                                {"region", &RequestRow::region},
                                                {"deployment", &RequestRow::deployment},
                                                {"workload", &RequestRow::workload},
                                                {"environment", &RequestRow::environment},
                                                {"team", &RequestRow::team},
                                                {"feature", &RequestRow::feature},
                                                {"customer", &RequestRow::customer},
                                                {"session", &RequestRow::session},
                                                {"document", &RequestRow::document},
                                                {"prompt_template", &RequestRow::promptTemplate}};
    return table;
}

const std::vector<ChargeText> &chargeTexts()
{
    static const std::vector<ChargeText> table{{"provider", &ChargeRow::provider},
                                               {"service", &ChargeRow::service},
                                               {"service_category", &ChargeRow::serviceCategory},
                                               {"sku", &ChargeRow::sku},
                                               {"description", &ChargeRow::description},
                                               {"region", &ChargeRow::region},
                                               {"resource", &ChargeRow::resource},
                                               {"account", &ChargeRow::account},
                                               {"pricing_category", &ChargeRow::pricingCategory},
                                               {"consumed_unit", &ChargeRow::consumedUnit},
                                               {"consumed_quantity", &ChargeRow::consumedQuantity},
                                               {"model", &ChargeRow::model},
                                               {"workload", &ChargeRow::workload},
                                               {"environment", &ChargeRow::environment},
                                               {"team", &ChargeRow::team},
                                               {"feature", &ChargeRow::feature},
                                               {"customer", &ChargeRow::customer}};
    return table;
}

std::string joinTags(const Tags &tags)
{
    std::string text;
    for (const auto &[key, value] : tags) {
        for (const std::string &part : {key, value})
            text += std::to_string(part.size()) + ":" + part;
    }
    return text;
}

Tags splitTags(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        std::size_t size = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), size);
        const auto used = static_cast<std::size_t>(end - text.data()) + 1;
        if (failure != std::errc{} || used > text.size() || size > text.size() - used)
            break;
        parts.emplace_back(text.substr(used, size));
        text.remove_prefix(used + size);
    }
    Tags tags;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2)
        tags.emplace_back(std::move(parts[i]), std::move(parts[i + 1]));
    return tags;
}

} // namespace perunit
