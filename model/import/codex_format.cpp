// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/cell_reader.h"
#include "model/import/reported_usage.h"
#include "model/import/trace_layouts.h"

#include <utility>

namespace perunit {

namespace {

class CodexConverter : public RecordConverter
{
public:
    CodexConverter(const TableShape &shape, ColumnMapping mapping)
        : m_cells(shape)
        , m_mapping(std::move(mapping))
        , m_time(m_cells.date({"timestamp"}))
        , m_model(m_cells.text({"model"}))
        , m_session(m_cells.text({"session"}))
        , m_folder(m_cells.text({"cwd"}))
        , m_forked(m_cells.text({"forkedfrom"}))
        , m_last(m_cells.text({"lasttokenusage"}))
        , m_total(m_cells.text({"totaltokenusage"}))
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_cells.columns(); }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_cells.decide(readings, currency, m_mapping);
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::string usageConvention() const override
    {
        return "OpenAI counts cached tokens inside input and reasoning tokens inside output. Each turn counts with its "
               "own "
               "tokens (last_token_usage); total_token_usage is the sum so far and is never added.";
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    bool readCounts(const CsvRecord &record, int column, std::optional<ReportedUsage> &usage, RowCollector &rows) const;

    CellReader m_cells;
    ColumnMapping m_mapping;
    int m_time, m_model, m_session, m_folder, m_forked, m_last, m_total;
    // What earlier lines of the session said.
    std::size_t m_part = 0;
    std::string m_currentModel;
    std::string m_currentSession;
    std::string m_project;
    std::string m_totalBefore;
};

bool CodexConverter::readCounts(const CsvRecord &record, int column, std::optional<ReportedUsage> &usage,
                                RowCollector &rows) const
{
    const std::string text = m_cells.words(record, column);
    if (text.empty())
        return true;
    const auto json = parseJson(text);
    std::string problem = "is no JSON object of token counts";
    ReportedUsage counts;
    if (!json || !json->is(JsonValue::Kind::Object) || !counts.add(*json, problem)) {
        rows.rejectField(column, problem);
        return false;
    }
    usage = counts;
    return true;
}

Status CodexConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    // Each file is a session of its own.
    if (std::exchange(m_part, record.part) != record.part) {
        m_currentModel.clear();
        m_currentSession.clear();
        m_project.clear();
        m_totalBefore.clear();
    }
    if (const std::string session = m_cells.words(record, m_session); !session.empty())
        m_currentSession = session;
    if (const std::string project = folderName(m_cells.words(record, m_folder)); !project.empty())
        m_project = project;
    if (!m_cells.words(record, m_forked).empty())
        rows.count("the session was continued from another one, whose turns it may repeat; import only one of the two");
    if (const std::string model = m_cells.words(record, m_model); !model.empty())
        m_currentModel = model;
    std::optional<ReportedUsage> last;
    std::optional<ReportedUsage> total;
    if (!readCounts(record, m_last, last, rows) || !readCounts(record, m_total, total, rows))
        return {};
    if (!last && !total) {
        rows.acceptEmpty();
        return {};
    }
    const std::string totalText = m_cells.words(record, m_total);
    if (!totalText.empty() && totalText == m_totalBefore) {
        rows.count("the turn is reported again without new tokens; it counts once");
        rows.duplicate();
        return {};
    }
    const bool firstTurn = m_totalBefore.empty();
    m_totalBefore = totalText;
    if (!last && !firstTurn) {
        rows.reject(-1, "", "has only the sum so far and not the tokens of its turn");
        return {};
    }
    const ReportedUsage &usage = last ? *last : *total;
    RequestRow row;
    if (!m_cells.time(record, m_time, true, row.time, rows))
        return {};
    row.provider = "openai";
    row.service = "Codex";
    row.model = m_currentModel;
    row.session = m_currentSession;
    if (!m_project.empty())
        row.tags.emplace_back("project", m_project);
    row.usage = usage.disjoint(Nesting::Inside, Nesting::Inside);
    row.usage[UsageClass::Request] = 1;
    if (usage.special() > usage.of(UsagePart::Input))
        rows.count("the turn has more cached tokens than input; they were taken as standing beside it");
    if (usage.unclassified(Nesting::Inside, Nesting::Inside) > 0)
        rows.count(
            "total_tokens is more than input and output together; reasoning tokens were taken as part of output, as "
            "OpenAI bills them");
    if (row.model.empty())
        rows.count("no line before the turn names its model, so it stays unpriced");
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void CodexConverter::finish(RowCollector &rows)
{
    rows.facts().role = SourceRole::Usage;
    m_cells.finish(rows);
    if (rows.facts().requests > 0)
        rows.warn(
            "the session does not say how it is paid: under a subscription, what its tokens cost at list prices is "
            "only a comparison");
}

class CodexFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "codex"; }
    [[nodiscard]] std::string_view label() const override { return "Codex session"; }
    [[nodiscard]] bool comesInManyFiles() const override { return true; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (!shape.json || shape.indexOf("codexrecord") < 0)
            return {};
        return {100, "its lines are turns and token_count events, as Codex keeps them"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file is no session of Codex", "", "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<CodexConverter>(shape, mapping));
    }
};

} // namespace

bool isCodexRecord(const JsonUnit &unit)
{
    const JsonValue *payload = memberAt(unit.value, {"payload"});
    return payload && payload->is(JsonValue::Kind::Object) && memberAt(unit.value, {"type"})
           && memberAt(unit.value, {"timestamp"});
}

Status expandCodexRecord(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonRecord record;
    const JsonValue &type = *memberAt(unit.value, {"type"});
    record.addText("codex record", type.text);
    addCell(record, "timestamp", memberAt(unit.value, {"timestamp"}));
    const JsonValue &payload = *memberAt(unit.value, {"payload"});
    if (type.text == "session_meta") {
        addCell(record, "session", memberAt(payload, {"id"}));
        addCell(record, "cwd", memberAt(payload, {"cwd"}));
        addCell(record, "forked from", memberAt(payload, {"forked_from_id"}));
    } else if (type.text == "turn_context") {
        addCell(record, "model", memberAt(payload, {"model"}));
        addCell(record, "cwd", memberAt(payload, {"cwd"}));
    } else if (const JsonValue *kind = payload.find("type"); kind && kind->text == "token_count") {
        addCell(record, "model", memberAt(payload, {"info", "model"}));
        addCell(record, "last token usage", memberAt(payload, {"info", "last_token_usage"}));
        addCell(record, "total token usage", memberAt(payload, {"info", "total_token_usage"}));
    }
    return sink(record);
}

std::unique_ptr<LedgerFormat> codexFormat()
{
    return std::make_unique<CodexFormat>();
}

} // namespace perunit
