// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/cell_reader.h"
#include "model/import/reported_usage.h"
#include "model/import/trace_layouts.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <unordered_map>

namespace perunit {

namespace {

class OpencodeConverter : public RecordConverter
{
public:
    OpencodeConverter(const TableShape &shape, ColumnMapping mapping)
        : m_cells(shape)
        , m_mapping(std::move(mapping))
        , m_id(m_cells.text({"id"}))
        , m_created(m_cells.date({"timecreated"}))
        , m_completed(m_cells.date({"timecompleted"}))
        , m_session(m_cells.text({"sessionid"}))
        , m_model(m_cells.text({"modelid"}))
        , m_provider(m_cells.text({"providerid"}))
        , m_tokens(m_cells.text({"tokens"}))
        , m_cost(m_cells.number({"cost"}))
        , m_mode(m_cells.text({"mode"}))
        , m_folder(m_cells.text({"pathcwd"}))
        , m_error(m_cells.text({"errorname"}))
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_cells.columns(); }
    void observe(const CsvRecord &record) override
    {
        ++m_seen;
        if (const std::string id = m_cells.words(record, m_id); !id.empty())
            m_lastOf[id] = m_seen;
    }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_cells.decide(readings, currency, m_mapping);
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::string usageConvention() const override
    {
        return "opencode counts input without cached tokens and output without reasoning tokens: all stand beside each "
               "other. Reasoning tokens were added to output, as providers bill them.";
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    bool readTokens(const CsvRecord &record, Usage &usage, RowCollector &rows) const;
    bool readRow(const CsvRecord &record, RequestRow &row, RowCollector &rows);

    CellReader m_cells;
    ColumnMapping m_mapping;
    int m_id, m_created, m_completed, m_session, m_model, m_provider, m_tokens, m_cost, m_mode, m_folder, m_error;
    std::unordered_map<std::string, std::int64_t> m_lastOf;
    std::int64_t m_seen = 0;
    std::int64_t m_converted = 0;
};

bool OpencodeConverter::readTokens(const CsvRecord &record, Usage &usage, RowCollector &rows) const
{
    const auto json = parseJson(m_cells.raw(record, m_tokens));
    std::string problem = "is no JSON object of token counts";
    ReportedUsage counts;
    if (!json || !json->is(JsonValue::Kind::Object) || !counts.add(*json, problem)) {
        rows.rejectField(m_tokens, problem);
        return false;
    }
    usage = counts.disjoint(Nesting::Beside, Nesting::Beside);
    return true;
}

bool OpencodeConverter::readRow(const CsvRecord &record, RequestRow &row, RowCollector &rows)
{
    Instant end;
    if (!m_cells.time(record, m_created, true, row.time, rows) || !m_cells.time(record, m_completed, false, end, rows)
        || !m_cells.amount(record, m_cost, row.billed, rows) || !readTokens(record, row.usage, rows))
        return false;
    row.durationMicros = std::max<std::int64_t>(0, end.micros == 0 ? 0 : end.micros - row.time.micros);
    const std::string provider = m_cells.words(record, m_provider);
    row.provider = isKnownProvider(provider) ? canonicalProvider(provider) : provider;
    row.service = "opencode";
    row.model = m_cells.words(record, m_model);
    row.session = m_cells.words(record, m_session);
    if (const std::string project = folderName(m_cells.words(record, m_folder)); !project.empty())
        row.tags.emplace_back("project", project);
    if (const std::string mode = m_cells.words(record, m_mode); !mode.empty())
        row.tags.emplace_back("mode", mode);
    if (row.billed && row.billed->units() == 0) {
        row.billed.reset();
        rows.count(
            "the cost is 0, which opencode writes for subscriptions and for models whose price it does not know; "
            "it was taken as unknown");
    }
    const std::string error = normalisedName(m_cells.words(record, m_error));
    if (!error.empty())
        row.status = error == "messageabortederror" ? RequestStatus::Cancelled : RequestStatus::Error;
    row.usage[UsageClass::Request] = 1;
    return true;
}

Status OpencodeConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    ++m_converted;
    if (m_cells.words(record, m_tokens).empty()) {
        rows.acceptEmpty();
        return {};
    }
    const auto last = m_lastOf.find(m_cells.words(record, m_id));
    if (last != m_lastOf.end() && last->second != m_converted) {
        rows.count("the message comes again later in the file; the last one counts");
        rows.duplicate();
        return {};
    }
    RequestRow row;
    if (!readRow(record, row, rows))
        return {};
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void OpencodeConverter::finish(RowCollector &rows)
{
    rows.facts().role = SourceRole::Usage;
    m_cells.finish(rows);
    if (rows.facts().billed) {
        rows.facts().currency = "USD";
        rows.warn("the costs are what opencode worked out itself, in US dollars; no provider billed them");
    }
}

class OpencodeFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "opencode"; }
    [[nodiscard]] std::string_view label() const override { return "opencode message"; }
    [[nodiscard]] bool comesInManyFiles() const override { return true; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (!shape.json || shape.indexOf("opencodemessage") < 0)
            return {};
        return {100, "it has modelID, providerID and tokens, as opencode keeps its messages"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file holds no messages of opencode", "", "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<OpencodeConverter>(shape, mapping));
    }
};

} // namespace

bool isOpencodeMessage(const JsonUnit &unit)
{
    return memberAt(unit.value, {"sessionID"}) && memberAt(unit.value, {"role"})
           && (memberAt(unit.value, {"modelID"}) || memberAt(unit.value, {"time", "created"}));
}

Status expandOpencodeMessage(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonRecord record;
    addCell(record, "opencode message", memberAt(unit.value, {"role"}));
    for (const std::string_view name : {"id", "sessionID", "modelID", "providerID", "tokens", "cost", "mode"})
        addCell(record, std::string(name), memberAt(unit.value, {name}));
    addCell(record, "time.created", memberAt(unit.value, {"time", "created"}));
    addCell(record, "time.completed", memberAt(unit.value, {"time", "completed"}));
    addCell(record, "path.cwd", memberAt(unit.value, {"path", "cwd"}));
    addCell(record, "error.name", memberAt(unit.value, {"error", "name"}));
    return sink(record);
}

std::unique_ptr<LedgerFormat> opencodeFormat()
{
    return std::make_unique<OpencodeFormat>();
}

} // namespace perunit
