// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/cell_reader.h"
#include "model/import/trace_layouts.h"
#include "pricing/charge/usage_block.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace perunit {

namespace {

class ClaudeCodeConverter : public RecordConverter
{
public:
    ClaudeCodeConverter(const TableShape &shape, ColumnMapping mapping)
        : m_cells(shape)
        , m_mapping(std::move(mapping))
        , m_time(m_cells.date({"timestamp"}))
        , m_session(m_cells.text({"sessionid"}))
        , m_message(m_cells.text({"messageid"}))
        , m_request(m_cells.text({"requestid"}))
        , m_uuid(m_cells.text({"uuid"}))
        , m_model(m_cells.text({"messagemodel"}))
        , m_usage(m_cells.text({"messageusage"}))
        , m_cost(m_cells.number({"costusd"}))
        , m_sidechain(m_cells.text({"issidechain"}))
        , m_apiError(m_cells.text({"isapierrormessage"}))
        , m_folder(m_cells.text({"cwd"}))
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_cells.columns(); }
    void observe(const CsvRecord &record) override;
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_cells.decide(readings, currency, m_mapping);
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::string usageConvention() const override
    {
        return "Anthropic counts input without cached tokens: reads and writes of the cache stand beside it. A message "
               "that "
               "was written several times while it streamed counts once, with its largest output.";
    }
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    struct Message {
        std::int64_t output = 0;
        std::int64_t record = 0;
    };
    /// What all lines of one message have in common; empty when nothing names it.
    [[nodiscard]] std::string keyOf(const CsvRecord &record) const;
    [[nodiscard]] Result<UsageBlock> usageOf(const CsvRecord &record) const;
    bool readRow(const CsvRecord &record, const UsageBlock &block, RequestRow &row, RowCollector &rows);

    CellReader m_cells;
    ColumnMapping m_mapping;
    int m_time, m_session, m_message, m_request, m_uuid, m_model, m_usage, m_cost, m_sidechain, m_apiError, m_folder;
    std::unordered_map<std::string, Message> m_messages;
    std::int64_t m_seen = 0;
    std::int64_t m_converted = 0;
};

std::string ClaudeCodeConverter::keyOf(const CsvRecord &record) const
{
    for (const int column : {m_message, m_request, m_uuid}) {
        std::string key = m_cells.words(record, column);
        if (!key.empty())
            return key;
    }
    return {};
}

Result<UsageBlock> ClaudeCodeConverter::usageOf(const CsvRecord &record) const
{
    const auto json = parseJson(m_cells.raw(record, m_usage));
    if (!json)
        return json.error();
    return readUsageBlock(*json, "anthropic");
}

void ClaudeCodeConverter::observe(const CsvRecord &record)
{
    ++m_seen;
    if (m_cells.words(record, m_usage).empty())
        return;
    const std::string key = keyOf(record);
    const auto block = usageOf(record);
    if (key.empty() || !block)
        return;
    // Of equal ones the last: it is the finished message.
    const std::int64_t output = block->usage[UsageClass::Output];
    const auto [known, fresh] = m_messages.try_emplace(key, Message{output, m_seen});
    if (!fresh && output >= known->second.output)
        known->second = {output, m_seen};
}

bool ClaudeCodeConverter::readRow(const CsvRecord &record, const UsageBlock &block, RequestRow &row, RowCollector &rows)
{
    if (!m_cells.time(record, m_time, true, row.time, rows) || !m_cells.amount(record, m_cost, row.billed, rows))
        return false;
    row.provider = "anthropic";
    row.service = "Claude Code";
    row.model = m_cells.words(record, m_model);
    row.session = m_cells.words(record, m_session);
    row.usage = block.usage;
    row.usage[UsageClass::Request] = 1;
    row.tier = block.tier.value_or(ServiceTier::Standard);
    row.region = block.region;
    for (const std::string &note : block.notes)
        rows.count(note);
    if (const auto usage = parseJson(m_cells.raw(record, m_usage))) {
        const JsonValue *speed = usage->find("speed");
        if (speed && speed->text == "fast")
            row.tier = ServiceTier::Fast;
    }
    if (const std::string project = folderName(m_cells.words(record, m_folder)); !project.empty())
        row.tags.emplace_back("project", project);
    if (m_cells.words(record, m_sidechain) == "true")
        row.tags.emplace_back("sidechain", "true");
    if (m_cells.words(record, m_apiError) == "true")
        row.status = RequestStatus::Error;
    return true;
}

Status ClaudeCodeConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    ++m_converted;
    // What the program writes about itself, and answers that it made up without a model.
    if (m_cells.words(record, m_usage).empty() || m_cells.words(record, m_model) == "<synthetic>") {
        rows.acceptEmpty();
        return {};
    }
    const auto block = usageOf(record);
    if (!block) {
        rows.rejectField(m_usage, block.error().what);
        return {};
    }
    const std::string key = keyOf(record);
    if (const auto known = m_messages.find(key); known != m_messages.end() && known->second.record != m_converted) {
        rows.count("the message was written several times while it streamed; it counts once, with its largest output");
        rows.duplicate();
        return {};
    }
    if (key.empty())
        rows.count("the message has no id, so a repetition of it would count again");
    RequestRow row;
    if (!readRow(record, *block, row, rows))
        return {};
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void ClaudeCodeConverter::finish(RowCollector &rows)
{
    rows.facts().role = SourceRole::Usage;
    m_cells.finish(rows);
    if (rows.facts().billed) {
        rows.facts().currency = "USD";
        rows.warn("the costs are what the program worked out itself, in US dollars; no provider billed them");
    }
    if (rows.facts().requests > 0)
        rows.warn(
            "the session does not say how it is paid: under a subscription, what its tokens cost at list prices is "
            "only a comparison");
}

class ClaudeCodeFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "claude-code"; }
    [[nodiscard]] std::string_view label() const override { return "Claude Code session"; }
    [[nodiscard]] bool comesInManyFiles() const override { return true; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (!shape.json || shape.indexOf("claudecoderecord") < 0)
            return {};
        return {100, "its lines are messages with sessionId and message.usage, as Claude Code keeps them"};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput, "the file is no session of Claude Code", "", "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<ClaudeCodeConverter>(shape, mapping));
    }
};

} // namespace

bool isClaudeCodeRecord(const JsonUnit &unit)
{
    constexpr std::array<std::string_view, 8> kinds{
        "user",        "assistant", "summary", "system", "progress", "file-history-snapshot", "queue-operation",
        "custom-title"};
    if (memberAt(unit.value, {"sessionId"}) && memberAt(unit.value, {"message", "usage"}))
        return true;
    const JsonValue *type = memberAt(unit.value, {"type"});
    if (!type || std::find(kinds.begin(), kinds.end(), type->text) == kinds.end())
        return false;
    return memberAt(unit.value, {"sessionId"}) || memberAt(unit.value, {"leafUuid"})
           || memberAt(unit.value, {"snapshot"});
}

Status expandClaudeCodeRecord(const JsonUnit &unit, const JsonRecordSink &sink)
{
    JsonRecord record;
    const JsonValue *type = memberAt(unit.value, {"type"});
    record.addText("claude code record", type ? type->text : "message");
    for (const std::string_view name :
         {"timestamp", "sessionId", "requestId", "uuid", "costUSD", "isSidechain", "isApiErrorMessage", "cwd"})
        addCell(record, std::string(name), memberAt(unit.value, {name}));
    addCell(record, "message.id", memberAt(unit.value, {"message", "id"}));
    addCell(record, "message.model", memberAt(unit.value, {"message", "model"}));
    addCell(record, "message.usage", memberAt(unit.value, {"message", "usage"}));
    return sink(record);
}

std::unique_ptr<LedgerFormat> claudeCodeFormat()
{
    return std::make_unique<ClaudeCodeFormat>();
}

} // namespace perunit
