// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

/// What a row of the amount export counts.
std::optional<UsageClass> classOfType(std::string_view type)
{
    const std::string name = normalisedName(type);
    if (name == "requestcount")
        return UsageClass::Request;
    if (name == "inputcachehittokens")
        return UsageClass::CacheRead;
    if (name == "inputcachemisstokens" || name == "inputtokens")
        return UsageClass::Input;
    if (name == "outputtokens")
        return UsageClass::Output;
    return std::nullopt;
}

/// The amount export has a row for each kind of token; the rows of one time, model and key are one row of usage. It is
/// given when the last of them was read, the others hold nothing to store. So how numbers are written must be known
/// before the columns are: the dialect tells.
class DeepSeekAmountConverter : public ColumnConverter
{
public:
    DeepSeekAmountConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping)
        , m_time(m_cells.text({"starttimeiso", "utcdate"}))
        , m_model(m_cells.text({"model"}))
        , m_keyName(m_cells.text({"apikeyname"}))
        , m_user(m_cells.text({"userid"}))
        , m_key(m_cells.text({"apikey"}))
        , m_type(m_cells.text({"type"}))
        , m_price(m_cells.text({"price"}))
        , m_amount(m_cells.text({"amount"}))
    {}

    void observe(const CsvRecord &record) override
    {
        if (problemOf(record).column == noProblem)
            ++m_groups[groupOf(record)].rows;
        m_china |= m_cells.raw(record, m_time).ends_with("+08:00");
    }

    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_currency = m_china ? "CNY" : "USD";
        ColumnConverter::decide(readings, currency);
    }

    Status convert(const CsvRecord &record, RowCollector &rows) override;

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (rows.facts().billed && !m_mapping.constants.contains("currency"))
            rows.warn("the amount export names no currency; " + m_cells.mainCurrency()
                      + (m_china ? " was taken, as its times are those of Beijing"
                                 : " was taken, as its times are not those of Beijing")
                      + "; give the constant currency if the account is billed in another");
        if (rows.facts().rowsAccepted > 0)
            rows.warn("the amount export and the cost export of a month are the same money: this one is usage, the "
                      "other one is the invoice");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "DeepSeek counts prompt tokens that hit the cache and those that missed it apart: hits are cache reads, "
               "misses are input.";
    }

private:
    static constexpr int noProblem = -2;
    struct Problem {
        int column = noProblem;
        std::string reason;
    };
    struct Group {
        std::int64_t rows = 0; ///< that can be read
        std::int64_t read = 0;
        RequestRow row;
    };

    /// Why a record cannot be used; the same answer in both readings.
    [[nodiscard]] Problem problemOf(const CsvRecord &record) const;
    [[nodiscard]] std::string groupOf(const CsvRecord &record) const
    {
        std::string group;
        for (const int column : {m_time, m_model, m_keyName, m_user, m_key}) {
            group += m_cells.raw(record, column);
            group += '\n';
        }
        return group;
    }
    Status merge(const CsvRecord &record, RequestRow &row, RowCollector &rows) const;

    int m_time, m_model, m_keyName, m_user, m_key, m_type, m_price, m_amount;
    std::map<std::string, Group> m_groups;
    bool m_china = false;
};

DeepSeekAmountConverter::Problem DeepSeekAmountConverter::problemOf(const CsvRecord &record) const
{
    if (isNullWord(m_cells.raw(record, m_time)))
        return {m_time, "is empty"};
    if (const auto time = parseTime(m_cells.raw(record, m_time), DateOrder::MonthFirst); !time)
        return {m_time, time.error().what};
    const auto amount = parseWhole(m_cells.raw(record, m_amount), plainStyle());
    if (!amount)
        return {m_amount, amount.error().what};
    if (!*amount)
        return {m_amount, "is empty"};
    if (**amount < 0 || **amount > 1'000'000'000'000'000)
        return {m_amount, **amount < 0 ? "is negative" : "is too large a number"};
    std::int64_t rounded = 0;
    const auto price = parseAmount(m_cells.raw(record, m_price), plainStyle(), rounded);
    if (!price)
        return {m_price, price.error().what};
    if (*price && !timesCount(**price, **amount))
        return {m_price, "is too large a price"};
    return {};
}

Status DeepSeekAmountConverter::merge(const CsvRecord &record, RequestRow &row, RowCollector &rows) const
{
    const auto amount = parseWhole(m_cells.raw(record, m_amount), plainStyle());
    std::int64_t rounded = 0;
    const auto price = parseAmount(m_cells.raw(record, m_price), plainStyle(), rounded);
    const std::string type = m_cells.words(record, m_type);
    if (const auto usageClass = classOfType(type))
        row.usage[*usageClass] += **amount;
    else
        rows.count("the type '" + quotable(type) + "' is not known; only its cost is read");
    if (!*price) {
        if (classOfType(type) != UsageClass::Request && **amount > 0)
            rows.count("tokens without a price: their cost is not known");
        return {};
    }
    Int128 units = 0;
    if (rounded > 0)
        rows.count("prices with more than 24 decimals were rounded");
    if (__builtin_add_overflow(row.billed.value_or(Money()).units(), timesCount(**price, **amount)->units(), &units))
        return Error{ErrorCode::Overflow, "the cost of one row of usage outgrows its exact number", "", ""};
    row.billed = Money::ofUnits(units);
    return {};
}

Status DeepSeekAmountConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    if (const Problem problem = problemOf(record); problem.column != noProblem) {
        rows.rejectField(problem.column, problem.reason);
        return {};
    }
    Group &group = m_groups[groupOf(record)];
    ++group.read;
    if (auto status = merge(record, group.row, rows); !status)
        return status;
    if (group.read < group.rows) {
        rows.acceptEmpty();
        return {};
    }
    RequestRow row = std::move(group.row);
    group.row = {};
    const auto time = parseTime(m_cells.raw(record, m_time), DateOrder::MonthFirst);
    row.time = *time;
    row.provider = "deepseek";
    row.model = m_cells.words(record, m_model);
    tag(row.tags, "api_key_name", record, m_keyName);
    return give(row, rows);
}

FormatMatch matchDeepSeekAmount(const TableShape &shape)
{
    if (!hasColumns(shape, {"model", "apikeyname", "type", "price", "amount"})
        || shape.firstOf({"starttimeiso", "utcdate"}) < 0)
        return {};
    return {100, "the columns api_key_name, type, price and amount are those of DeepSeek's amount export"};
}

// --- the cost export -------------------------------------------------------------------------------------------------

class DeepSeekCostConverter : public ColumnConverter
{
public:
    DeepSeekCostConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping)
        , m_start(m_cells.date({"starttimeiso", "utcdate"}))
        , m_end(m_cells.date({"endtimeiso"}))
        , m_cost(m_cells.number({"cost"}))
        , m_currencyColumn(m_cells.currency({"currency"}))
        , m_model(m_cells.text({"model"}))
        , m_wallet(m_cells.text({"wallettype"}))
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        ChargeRow row;
        if (!m_cells.time(record, m_start, true, row.period.from, rows)
            || !m_cells.amount(record, m_cost, row.list, rows) || !m_cells.sameCurrency(record, m_currencyColumn, rows))
            return {};
        if (!row.list) {
            rows.rejectField(m_cost, "is empty");
            return {};
        }
        row.period.to = {row.period.from.micros + microsPerDay};
        if (!m_cells.time(record, m_end, false, row.period.to, rows))
            return {};
        if (row.period.to < row.period.from) {
            rows.rejectField(m_end, "lies before the start of the period");
            return {};
        }
        const std::string wallet = normalisedName(m_cells.words(record, m_wallet));
        const bool granted = wallet == "granted" || wallet == "gift" || wallet == "bonus";
        if (!granted && !wallet.empty() && wallet != "paid" && wallet != "toppedup" && wallet != "normal")
            rows.count("the wallet '" + quotable(m_cells.words(record, m_wallet))
                       + "' is not known and was taken as paid");
        row.billed = granted ? Money() : *row.list;
        row.effective = row.billed;
        Int128 units = 0;
        if (granted && !__builtin_add_overflow(m_granted.units(), row.list->units(), &units))
            m_granted = Money::ofUnits(units);
        row.provider = "deepseek";
        row.service = "DeepSeek API";
        row.serviceCategory = "AI and Machine Learning";
        row.model = m_cells.words(record, m_model);
        row.description = row.model;
        tag(row.tags, "wallet_type", record, m_wallet);
        return give(row, rows);
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Invoice;
        m_cells.finish(rows);
        if (!m_granted.isZero())
            rows.warn(m_granted.text() + " " + m_cells.mainCurrency()
                      + " was paid from granted balance; it is list cost and not billed");
    }

private:
    int m_start, m_end, m_cost, m_currencyColumn, m_model, m_wallet;
    Money m_granted;
};

FormatMatch matchDeepSeekCost(const TableShape &shape)
{
    if (!hasColumns(shape, {"model", "wallettype", "cost", "currency"}))
        return {};
    return {100, "the columns wallet_type, cost and currency are those of DeepSeek's cost export"};
}

} // namespace

std::unique_ptr<LedgerFormat> deepSeekAmountFormat()
{
    return ledgerFormatOf({"deepseek-amount", "DeepSeek amount export (usage)", matchDeepSeekAmount,
                           makeConverter<DeepSeekAmountConverter>});
}

std::unique_ptr<LedgerFormat> deepSeekCostFormat()
{
    return ledgerFormatOf(
        {"deepseek-cost", "DeepSeek cost export", matchDeepSeekCost, makeConverter<DeepSeekCostConverter>});
}

} // namespace perunit
