// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/cell_reader.h"
#include "model/import/trace_layouts.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr std::string_view metricBeginning = "metrics.";
constexpr Int128 oneUnit = Int128{1'000'000'000'000} * 1'000'000'000'000;

/// A training run becomes three kinds of outcome on the day it started: one run, its seconds, its metrics.
class MlflowConverter : public RecordConverter
{
public:
    MlflowConverter(const TableShape &shape, ColumnMapping mapping)
        : m_shape(shape)
        , m_cells(shape)
        , m_mapping(std::move(mapping))
        , m_start(m_cells.date({"starttime"}))
        , m_end(m_cells.date({"endtime"}))
        , m_originalStart(m_cells.date({"originalstarttime"}))
        , m_originalEnd(m_cells.date({"originalendtime"}))
        , m_name(m_cells.text({"runname", "tagsmlflowrunname", "runid"}))
        , m_status(m_cells.text({"status"}))
    {
        for (std::size_t i = 0; i < shape.header.size(); ++i) {
            if (shape.header[i].starts_with(metricBeginning))
                m_metrics.push_back(static_cast<int>(i));
        }
    }

    [[nodiscard]] std::map<int, ColumnKind> columns() const override
    {
        auto kinds = m_cells.columns();
        for (const int column : m_metrics)
            kinds[column] = ColumnKind::Number;
        return kinds;
    }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_cells.decide(readings, currency, m_mapping);
        m_readings = readings;
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Outcome;
        rows.warn(
            "an MLflow run records no cost: import the bill of the machines it ran on; training_seconds is what to "
            "spread it by");
        if (m_rounded > 0)
            rows.warn(std::to_string(m_rounded) + " metrics have more than 24 decimals and were rounded to 24");
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    const TableShape &m_shape;
    CellReader m_cells;
    ColumnMapping m_mapping;
    int m_start, m_end, m_originalStart, m_originalEnd, m_name, m_status;
    std::vector<int> m_metrics;
    std::map<int, ColumnReading> m_readings;
    std::int64_t m_rounded = 0;
};

Status MlflowConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    // A run that was copied from another server keeps its own times in its tags.
    const bool copied = !m_cells.words(record, m_originalStart).empty();
    Instant start;
    Instant end;
    if (!m_cells.time(record, copied ? m_originalStart : m_start, true, start, rows)
        || !m_cells.time(record, copied ? m_originalEnd : m_end, false, end, rows))
        return {};
    if (copied)
        rows.count("the run is a copy; the times of the original were taken");
    OutcomeRow row;
    row.day = {dayOf(start) * microsPerDay};
    row.metric = "training_runs";
    row.label = m_cells.words(record, m_status);
    row.value = Money::ofUnits(oneUnit);
    std::vector<OutcomeRow> pending{row};
    row.label = m_cells.words(record, m_name);
    if (end.micros > start.micros) {
        row.metric = "training_seconds";
        row.value = Money::ofUnits(Int128{end.micros - start.micros} * (oneUnit / microsPerSecond));
        pending.push_back(row);
    } else {
        rows.count("the run has no end, so its duration is unknown");
    }
    for (const int column : m_metrics) {
        const auto value = parseAmount(m_cells.raw(record, column), m_readings[column].number, m_rounded);
        if (!value) {
            rows.count("the metric '" + m_shape.header[static_cast<std::size_t>(column)] + "' is not a number");
            continue;
        }
        if (!*value)
            continue;
        row.metric = m_shape.header[static_cast<std::size_t>(column)].substr(metricBeginning.size());
        row.value = **value;
        pending.push_back(row);
    }
    for (const OutcomeRow &each : pending) {
        if (auto status = rows.add(each); !status)
            return status;
    }
    return {};
}

class MlflowFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "mlflow-runs"; }
    [[nodiscard]] std::string_view label() const override { return "MLflow training runs"; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        const auto has = [&shape](std::string_view name) {
            return shape.indexOf(name) >= 0;
        };
        if (!has("runid") || !has("experimentid") || !has("starttime") || !has("status"))
            return {};
        return {100, "it has run_id, experiment_id and start_time, as MLflow describes its runs"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file holds no runs of MLflow", "", "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<MlflowConverter>(shape, mapping));
    }
};

/// The last value of a metric: a list of {value, step} in exports, a plain number from the API.
const JsonValue *lastValue(const JsonValue &metric)
{
    if (!metric.is(JsonValue::Kind::Array))
        return &metric;
    return metric.items.empty() ? nullptr : memberAt(metric.items.back(), {"value"});
}

const JsonValue &runOf(const JsonUnit &unit)
{
    const JsonValue *inner = memberAt(unit.value, {"mlflow"});
    return inner ? *inner : unit.value;
}

} // namespace

bool isMlflowRun(const JsonUnit &unit)
{
    return memberAt(runOf(unit), {"info", "run_id"}) != nullptr;
}

Status expandMlflowRun(const JsonUnit &unit, const JsonRecordSink &sink)
{
    const JsonValue &run = runOf(unit);
    JsonRecord record;
    for (const std::string_view name : {"run_id", "experiment_id", "run_name", "status", "start_time", "end_time"})
        addCell(record, std::string(name), memberAt(run, {"info", name}));
    addCell(record, "original start_time", memberAt(run, {"tags", "mlflow_exim.run_info.start_time"}));
    addCell(record, "original end_time", memberAt(run, {"tags", "mlflow_exim.run_info.end_time"}));
    const JsonValue *metrics = memberAt(run, {"metrics"});
    if (!metrics)
        metrics = memberAt(run, {"data", "metrics"});
    for (std::size_t i = 0; metrics && i < metrics->names.size(); ++i)
        addCell(record, std::string(metricBeginning) + metrics->names[i], lastValue(metrics->items[i]));
    return sink(record);
}

std::unique_ptr<LedgerFormat> mlflowFormat()
{
    return std::make_unique<MlflowFormat>();
}

} // namespace perunit
