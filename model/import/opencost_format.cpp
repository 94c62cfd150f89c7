// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/column_format.h"
#include "model/import/json_records.h"
#include "model/import/ledger_format.h"

#include <algorithm>

namespace perunit {

namespace {

/// {"inference/vllm": {"name": …, "window": {…}, "totalCost": …}, …}: one set of allocations by name.
bool isAllocationSet(const JsonValue &value)
{
    return value.is(JsonValue::Kind::Object) && !value.items.empty()
           && std::all_of(value.items.begin(), value.items.end(), [](const JsonValue &item) {
                  return item.is(JsonValue::Kind::Object) && item.find("totalCost") && item.find("cpuCost");
              });
}

/// {"code": 200, "data": [set, set, …]}, as the interface answers.
const JsonValue *setsOf(const JsonValue &value)
{
    const JsonValue *data = value.is(JsonValue::Kind::Object) ? value.find("data") : nullptr;
    const bool fits = data && data->is(JsonValue::Kind::Array) && !data->items.empty()
                      && std::any_of(data->items.begin(), data->items.end(), isAllocationSet);
    return fits ? data : nullptr;
}

Status expandSet(const JsonValue &set, const JsonRecordSink &sink)
{
    for (std::size_t i = 0; i < set.items.size(); ++i) {
        JsonRecord record;
        if (!set.items[i].find("name"))
            record.addText("name", set.names[i]);
        record.add("", set.items[i]);
        if (auto status = sink(record); !status)
            return status;
    }
    return {};
}

class OpenCostConverter : public ColumnConverter
{
public:
    OpenCostConverter(const TableShape &shape, ColumnMapping mapping)
        : ColumnConverter(shape, std::move(mapping))
        , m_tags(shape, {"labels"}, {"properties.labels.", "labels."})
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;

private:
    bool readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows);

    TagColumns m_tags;
    Money m_idle;
    bool m_anyIdle = false;
    int m_date = m_cells.date({"date"});
    int m_start = m_cells.date({"windowstart", "start"});
    int m_end = m_cells.date({"windowend", "end"});
    int m_total = m_cells.number({"totalcost"});
    int m_gpu = m_cells.number({"gpucost"});
    int m_currency = m_cells.currency({"currency"});
    int m_name = m_cells.text({"name"});
    int m_namespace = m_cells.text({"namespace", "propertiesnamespace"});
    int m_kind = m_cells.text({"controllerkind", "propertiescontrollerkind"});
    int m_controller = m_cells.text({"controllername", "controller", "propertiescontroller"});
    int m_pod = m_cells.text({"pod", "propertiespod"});
    int m_container = m_cells.text({"container", "propertiescontainer"});
    int m_cluster = m_cells.text({"cluster", "propertiescluster"});
};

bool OpenCostConverter::readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    Instant day;
    if (m_start < 0) {
        if (!m_cells.time(record, m_date, true, day, rows))
            return false;
        row.period = daysThrough(day, day);
        return true;
    }
    if (!m_cells.time(record, m_start, true, row.period.from, rows))
        return false;
    row.period.to = row.period.from;
    if (!m_cells.time(record, m_end, false, row.period.to, rows))
        return false;
    if (row.period.to < row.period.from) {
        rows.rejectField(m_end, "lies before the start of the window");
        return false;
    }
    return true;
}

Status OpenCostConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    ChargeRow row;
    std::optional<Money> gpu;
    if (!readTimes(record, row, rows) || !m_cells.sameCurrency(record, m_currency, rows)
        || !m_cells.amount(record, m_total, row.effective, rows) || !m_cells.amount(record, m_gpu, gpu, rows))
        return {};
    if (!row.effective) {
        rows.rejectField(m_total, "is empty");
        return {};
    }
    const std::string space = m_cells.words(record, m_namespace);
    const std::string name = m_cells.words(record, m_name);
    const std::string special = space.starts_with("__") || name.empty() ? space : name;
    row.service = "Kubernetes";
    row.serviceCategory = "Compute";
    row.account = m_cells.words(record, m_cluster);
    for (const int column : {m_namespace, m_kind, m_controller, m_pod, m_container}) {
        const std::string part = m_cells.words(record, column);
        if (!part.empty() && part != row.resource)
            row.resource += (row.resource.empty() ? "" : "/") + part;
    }
    if (row.resource.empty())
        row.resource = name;
    row.description = row.resource;
    // What nobody asked for stays a cost with a name of its own: "__idle__", "__unallocated__", "__unmounted__".
    if (special.find("__") != std::string::npos) {
        const bool idle = special.find("__idle__") != std::string::npos;
        addTag(row, "allocation", idle ? "idle" : "unallocated");
        Int128 sum = 0;
        if (idle && !__builtin_add_overflow(m_idle.units(), row.effective->units(), &sum)) {
            m_idle = Money::ofUnits(sum);
            m_anyIdle = true;
        }
    }
    if (!space.empty())
        addTag(row, "namespace", space);
    m_tags.read(record, row, rows);
    const std::string_view harness = harnessClassOf(row.resource);
    if (gpu && !gpu->isZero())
        addTag(row, "harness", "gpu compute");
    else if (!harness.empty())
        addTag(row, "harness", harness);
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void OpenCostConverter::finish(RowCollector &rows)
{
    m_cells.finish(rows);
    rows.facts().role = SourceRole::Harness;
    if (rows.facts().rowsAccepted == 0)
        return;
    if (rows.facts().currency.empty())
        rows.warn("the file names no currency; the workspace's own is taken");
    rows.warn(
        "this divides up what a cluster costs: the same money is in the bill of the cloud, so only one of the two "
        "may count as harness cost");
    if (m_anyIdle)
        rows.warn("idle capacity of " + m_idle.text()
                  + (rows.facts().currency.empty() ? "" : " " + rows.facts().currency)
                  + " belongs to nobody and is kept under the tag allocation=idle");
}

FormatMatch matchOpenCost(const TableShape &shape)
{
    if (shape.indexOf("totalcost") < 0 || shape.indexOf("cpucost") < 0 || shape.indexOf("ramcost") < 0
        || shape.firstOf({"date", "windowstart", "start"}) < 0)
        return {};
    return {100, "the columns CPUCost, RAMCost and TotalCost are those of an allocation by OpenCost or Kubecost"};
}

} // namespace

bool isOpenCostSet(const JsonUnit &unit)
{
    return isAllocationSet(unit.value) || setsOf(unit.value);
}

Status expandOpenCostSet(const JsonUnit &unit, const JsonRecordSink &sink)
{
    const JsonValue *sets = setsOf(unit.value);
    if (!sets)
        return expandSet(unit.value, sink);
    for (const JsonValue &set : sets->items) {
        if (auto status = expandSet(set, sink); !status)
            return status;
    }
    return {};
}

std::unique_ptr<LedgerFormat> openCostFormat()
{
    return ledgerFormatOf(
        {"opencost", "OpenCost or Kubecost allocation", matchOpenCost, makeConverter<OpenCostConverter>});
}

} // namespace perunit
