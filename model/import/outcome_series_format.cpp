// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"
#include "model/import/mapping_suggestion.h"

#include <algorithm>

namespace perunit {

namespace {

/// Columns of a series: long (one value a row) or wide (one column a metric).
struct SeriesColumns {
    int date = -1;
    int metric = -1;
    int label = -1;
    int value = -1;
    std::vector<int> metrics;

    [[nodiscard]] bool isLong() const { return metric >= 0 && value >= 0; }
    [[nodiscard]] bool isComplete() const { return date >= 0 && (isLong() || !metrics.empty()); }
};

/// Most values are numbers; one bad value is a bad row, not another format.
bool mostlyNumbers(const TableShape &shape, int column)
{
    const auto index = static_cast<std::size_t>(column);
    std::string buffer;
    std::size_t numbers = 0;
    std::size_t others = 0;
    for (const auto &row : shape.sample) {
        if (index >= row.size() || isNullWord(row[index]))
            continue;
        const bool number = plainNumber(row[index], NumberStyle::PointDecimal, buffer).ok()
                            || plainNumber(row[index], NumberStyle::CommaDecimal, buffer).ok();
        ++(number ? numbers : others);
    }
    return shape.sample.empty() || (numbers > 0 && numbers >= 4 * others);
}

SeriesColumns seriesColumns(const TableShape &shape)
{
    SeriesColumns columns;
    columns.date =
        shape.firstOf({"date", "day", "perioddate", "datum", "month", "week", "period", "timestamp", "time"});
    columns.metric = shape.firstOf({"metric", "metricname", "unit", "unittype", "outcome"});
    columns.value = shape.firstOf({"amount", "value", "count", "quantity"});
    columns.label = shape.firstOf({"label", "dimension", "channel", "category", "segment"});
    if (columns.date < 0 || columns.isLong())
        return columns;
    columns.metric = columns.value = columns.label = -1;
    for (int column = 0; column < static_cast<int>(shape.header.size()); ++column) {
        if (column == columns.date)
            continue;
        if (!mostlyNumbers(shape, column))
            return {};
        columns.metrics.push_back(column);
    }
    return columns;
}

class SeriesConverter : public RecordConverter
{
public:
    SeriesConverter(const TableShape &shape, SeriesColumns columns)
        : m_shape(shape)
        , m_columns(std::move(columns))
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override
    {
        std::map<int, ColumnKind> result{{m_columns.date, ColumnKind::Date}};
        if (m_columns.isLong())
            result[m_columns.value] = ColumnKind::Number;
        for (const int column : m_columns.metrics)
            result[column] = ColumnKind::Number;
        return result;
    }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &) override { m_readings = readings; }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Outcome;
        if (m_rounded > 0)
            rows.warn(std::to_string(m_rounded) + " values have more than 24 decimals and were rounded to 24");
    }
    [[nodiscard]] ColumnMapping mapping() const override { return {}; }

private:
    [[nodiscard]] std::string_view field(const CsvRecord &record, int column) const
    {
        return column < 0 ? std::string_view() : trimmed(record.fields[static_cast<std::size_t>(column)]);
    }
    bool append(const CsvRecord &record, int column, OutcomeRow row, RowCollector &rows);

    const TableShape &m_shape;
    SeriesColumns m_columns;
    std::map<int, ColumnReading> m_readings;
    std::vector<OutcomeRow> m_pending;
    std::int64_t m_rounded = 0;
};

bool SeriesConverter::append(const CsvRecord &record, int column, OutcomeRow row, RowCollector &rows)
{
    const auto value = parseAmount(field(record, column), m_readings[column].number, m_rounded);
    if (!value) {
        rows.rejectField(column, value.error().what);
        return false;
    }
    if (!*value)
        return true;
    row.value = **value;
    m_pending.push_back(std::move(row));
    return true;
}

Status SeriesConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    const auto time = parseTime(field(record, m_columns.date), m_readings[m_columns.date].date);
    if (!time) {
        rows.rejectField(m_columns.date, time.error().what);
        return {};
    }
    OutcomeRow row;
    row.day = {dayOf(*time) * microsPerDay};
    m_pending.clear();
    if (m_columns.isLong()) {
        row.metric = field(record, m_columns.metric);
        row.label = isNullWord(field(record, m_columns.label)) ? "" : field(record, m_columns.label);
        if (isNullWord(row.metric)) {
            rows.rejectField(m_columns.metric, "is empty");
            return {};
        }
        if (!append(record, m_columns.value, row, rows))
            return {};
        if (m_pending.empty()) {
            rows.rejectField(m_columns.value, "is empty");
            return {};
        }
    }
    for (const int column : m_columns.metrics) {
        row.metric = m_shape.header[static_cast<std::size_t>(column)];
        if (!append(record, column, row, rows))
            return {};
    }
    for (const OutcomeRow &pending : m_pending) {
        if (auto status = rows.add(pending); !status)
            return status;
    }
    rows.acceptEmpty();
    return {};
}

class OutcomeSeriesFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "outcome-series"; }
    [[nodiscard]] bool isAnybodysTable() const override { return true; }
    [[nodiscard]] std::string_view label() const override { return "Outcome series (units a day)"; }

    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        const SeriesColumns columns = seriesColumns(shape);
        if (!columns.isComplete() || !foreignReport(shape).empty())
            return {};
        if (columns.isLong()) {
            // Many exports have a date, a unit and a quantity among other columns; a series has nothing else.
            if (shape.header.size() > (columns.label >= 0 ? 4U : 3U))
                return {};
            return {95, "it has a date, a metric and a value for every row"};
        }
        // A request log with nothing but numbers has the same form: token and cost columns decide.
        const ColumnMapping log = suggestRequestMapping(shape);
        for (const char *name : {"input", "output", "cache_read", "billed_cost", "model"}) {
            if (log.columns.contains(name))
                return {};
        }
        return {85, "it has one date column, and all " + std::to_string(columns.metrics.size())
                        + " others hold numbers: one metric a column"};
    }

    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape, const ColumnMapping &,
                                                                     bool) const override
    {
        SeriesColumns columns = seriesColumns(shape);
        if (!columns.isComplete())
            return Error{ErrorCode::BadInput,
                         "an outcome series has a date and either metric and value, or numbers only", "",
                         "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<SeriesConverter>(shape, std::move(columns)));
    }
};

} // namespace

std::unique_ptr<LedgerFormat> outcomeSeriesFormat()
{
    return std::make_unique<OutcomeSeriesFormat>();
}

} // namespace perunit
