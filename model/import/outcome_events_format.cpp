// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/cell_reader.h"

#include <unordered_map>

namespace perunit {

namespace {

constexpr Int128 oneUnit = Int128{1'000'000'000'000} * 1'000'000'000'000;

/// One row a unit (a ticket, a document, a contract) becomes values of outcome series on the day it ended:
///   <type>            1, with its outcome as the label
///   <type>_<outcome>  1, so that "conversation_resolved" can be the denominator of a unit
///   reviewer_seconds, value_<currency>  as recorded, with the type as the label
class OutcomeEventsConverter : public RecordConverter
{
public:
    OutcomeEventsConverter(const TableShape &shape, ColumnMapping mapping)
        : m_shape(shape)
        , m_cells(shape)
        , m_mapping(std::move(mapping))
        , m_type(m_cells.text({"unittype", "type", "kind"}))
        , m_id(m_cells.text({"unitid", "ticketid", "documentid", "contractid", "caseid", "id"}))
        , m_started(m_cells.date({"startedat", "createdat", "opened", "openedat", "created"}))
        , m_ended(m_cells.date({"endedat", "closedat", "solvedat", "resolvedat", "completedat", "ended", "closed"}))
        , m_outcome(m_cells.text({"outcome", "result", "resolution", "status"}))
    {
        for (const std::string_view name : {"valueusd", "valueeur", "valuegbp", "valuechf", "value"})
            addMeasure(name);
        for (const std::string_view name : {"reviewerseconds", "reviewerminutes", "humanminutes", "humanseconds"})
            addMeasure(name);
    }

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_cells.columns(); }
    void observe(const CsvRecord &record) override
    {
        ++m_seen;
        if (const std::string key = keyOf(record); !key.empty())
            m_lastOf[key] = m_seen;
    }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_cells.decide(readings, currency, m_mapping);
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override
    {
        m_cells.finish(rows);
        rows.facts().role = SourceRole::Outcome;
        rows.facts().currency.clear();
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    void addMeasure(std::string_view name)
    {
        if (const int column = m_cells.number({name}); column >= 0)
            m_measures.push_back(column);
    }
    [[nodiscard]] std::string keyOf(const CsvRecord &record) const
    {
        const std::string id = m_cells.words(record, m_id);
        return id.empty() ? id : m_cells.words(record, m_type) + '\x1f' + id;
    }
    bool readDay(const CsvRecord &record, Instant &day, RowCollector &rows) const;

    const TableShape &m_shape;
    CellReader m_cells;
    ColumnMapping m_mapping;
    int m_type, m_id, m_started, m_ended, m_outcome;
    std::vector<int> m_measures;
    std::unordered_map<std::string, std::int64_t> m_lastOf;
    std::int64_t m_seen = 0;
    std::int64_t m_converted = 0;
};

bool OutcomeEventsConverter::readDay(const CsvRecord &record, Instant &day, RowCollector &rows) const
{
    Instant moment;
    const bool ended = m_ended >= 0 && !m_cells.words(record, m_ended).empty();
    if (!m_cells.time(record, ended ? m_ended : m_started, true, moment, rows))
        return false;
    if (!ended)
        rows.count("the unit has not ended; it counts on the day it started");
    day = {dayOf(moment) * microsPerDay};
    return true;
}

Status OutcomeEventsConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    ++m_converted;
    const auto last = m_lastOf.find(keyOf(record));
    if (last != m_lastOf.end() && last->second != m_converted) {
        rows.count("the unit comes again later in the file, as when it was reopened; it counts once, as it ended last");
        rows.duplicate();
        return {};
    }
    OutcomeRow row;
    const std::string type = m_cells.words(record, m_type);
    const std::string outcome = m_cells.words(record, m_outcome);
    if (type.empty()) {
        rows.rejectField(m_type, "is empty");
        return {};
    }
    if (!readDay(record, row.day, rows))
        return {};
    std::vector<OutcomeRow> pending;
    row.value = Money::ofUnits(oneUnit);
    row.metric = type;
    row.label = outcome;
    pending.push_back(row);
    if (outcome.empty())
        rows.count("the unit has no outcome yet");
    else
        pending.push_back({row.day, type + '_' + outcome, "", row.value});
    for (const int column : m_measures) {
        std::optional<Money> value;
        if (!m_cells.amount(record, column, value, rows))
            return {};
        if (value)
            pending.push_back({row.day, m_shape.header[static_cast<std::size_t>(column)], type, *value});
    }
    for (const OutcomeRow &each : pending) {
        if (auto status = rows.add(each); !status)
            return status;
    }
    return {};
}

class OutcomeEventsFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "outcome-events"; }
    [[nodiscard]] bool isAnybodysTable() const override { return true; }
    [[nodiscard]] std::string_view label() const override { return "Outcomes, one row a unit"; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        const auto has = [&shape](std::string_view name) {
            return shape.indexOf(name) >= 0;
        };
        if (!has("unittype") || !has("unitid") || !has("outcome") || shape.firstOf({"endedat", "startedat"}) < 0)
            return {};
        return {100, "it has unit_type, unit_id and outcome: one row for every unit that ended"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput,
                         "the file has not the columns unit_type, unit_id, outcome and started_at or ended_at", "",
                         "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<OutcomeEventsConverter>(shape, mapping));
    }
};

} // namespace

std::unique_ptr<LedgerFormat> outcomeEventsFormat()
{
    return std::make_unique<OutcomeEventsFormat>();
}

} // namespace perunit
