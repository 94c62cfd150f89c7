// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"

#include <algorithm>

namespace perunit {

namespace {

/// One row is one request in the editor. What the plan includes is worth something but not billed; only requests
/// beyond it are.
class CursorConverter : public ColumnConverter
{
public:
    CursorConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_time(m_cells.date({"date"}))
        , m_kind(m_cells.text({"kind"}))
        , m_model(m_cells.text({"model"}))
        , m_maxMode(m_cells.text({"maxmode"}))
        , m_agent(m_cells.text({"cloudagentid"}))
        , m_automation(m_cells.text({"automationid"}))
        , m_total(m_cells.number({"totaltokens"}))
        , m_cost(m_cells.number({"cost", "costtoyou"}))
        , m_written(m_cells.number({"inputwcachewrite"}))
        , m_input(m_cells.number({"inputwocachewrite"}))
        , m_read(m_cells.number({"cacheread"}))
        , m_output(m_cells.number({"outputtokens", "output"}))
    {}

    void observe(const CsvRecord &record) override
    {
        const std::int64_t written = plainCount(record, m_written);
        const std::int64_t input = plainCount(record, m_input);
        const std::int64_t total = plainCount(record, m_total);
        const std::int64_t rest = plainCount(record, m_read) + plainCount(record, m_output);
        if (written == 0 || input == 0 || total == 0)
            return;
        m_apart += total == written + input + rest ? 1 : 0;
        m_nested += total == written + rest && written >= input ? 1 : 0;
    }

    Status convert(const CsvRecord &record, RowCollector &rows) override;

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (!m_included.isZero())
            rows.warn("requests worth " + m_included.text()
                      + " USD are included in the plan; they count as billed 0, and the fee of the plan is not in this "
                        "file");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return nested() ? "Cursor's input with cache writes contains the input without: the difference was written to "
                          "the cache."
                        : "Cursor's input with and without cache writes stand beside each other: the first was written "
                          "to the cache, the second is uncached input.";
    }

private:
    [[nodiscard]] bool nested() const { return m_nested > m_apart; }
    bool readTokens(const CsvRecord &record, Usage &usage, RowCollector &rows);
    bool readCost(const CsvRecord &record, const std::string &kind, RequestRow &row, RowCollector &rows);

    int m_time, m_kind, m_model, m_maxMode, m_agent, m_automation, m_total, m_cost, m_written, m_input, m_read,
        m_output;
    std::int64_t m_apart = 0;
    std::int64_t m_nested = 0;
    Money m_included;
};

bool CursorConverter::readTokens(const CsvRecord &record, Usage &usage, RowCollector &rows)
{
    std::int64_t total = 0;
    if (!m_cells.count(record, m_written, usage[UsageClass::CacheWrite5m], rows)
        || !m_cells.count(record, m_input, usage[UsageClass::Input], rows)
        || !m_cells.count(record, m_read, usage[UsageClass::CacheRead], rows)
        || !m_cells.count(record, m_output, usage[UsageClass::Output], rows)
        || !m_cells.count(record, m_total, total, rows))
        return false;
    if (nested())
        usage[UsageClass::CacheWrite5m] -= usage[UsageClass::Input];
    if (usage[UsageClass::CacheWrite5m] < 0) {
        rows.rejectField(m_written, "is less than the input without cache writes, which it contains");
        return false;
    }
    usage[UsageClass::Request] = 1;
    const std::int64_t known = usage.sentTokens() + usage[UsageClass::Output];
    if (total > known) {
        rows.count("the total has more tokens than input and output; the rest counts as input");
        usage[UsageClass::Input] += total - known;
    } else if (m_total >= 0 && total < known) {
        rows.count("the total has fewer tokens than input and output together");
    }
    return true;
}

bool CursorConverter::readCost(const CsvRecord &record, const std::string &kind, RequestRow &row, RowCollector &rows)
{
    const std::string text = m_cells.words(record, m_cost);
    const std::string word = normalisedName(text);
    const auto has = [&kind](std::string_view part) {
        return kind.find(part) != std::string::npos;
    };
    if (word != "included" && word != "free" && !m_cells.amount(record, m_cost, row.billed, rows))
        return false;
    const std::optional<Money> stated = row.billed;
    if (has("errored"))
        row.status = RequestStatus::Error;
    else if (has("aborted"))
        row.status = RequestStatus::Cancelled;
    const bool notBilled = has("included") || has("free") || has("nocharge") || has("notcharged") || has("userapikey")
                           || word == "included" || word == "free";
    if (notBilled)
        row.billed = Money();
    if (notBilled && stated && !stated->isZero()) {
        Int128 units = 0;
        if (!__builtin_add_overflow(m_included.units(), stated->units(), &units))
            m_included = Money::ofUnits(units);
    }
    if (!notBilled && !has("ondemand") && !has("usagebased") && !kind.empty())
        rows.count("the kind '" + quotable(m_cells.words(record, m_kind))
                   + "' is not known; its cost counts as billed");
    return true;
}

Status CursorConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    RequestRow row;
    const std::string kind = normalisedName(m_cells.words(record, m_kind));
    if (!m_cells.time(record, m_time, true, row.time, rows) || !readTokens(record, row.usage, rows)
        || !readCost(record, kind, row, rows))
        return {};
    row.provider = "cursor";
    row.model = m_cells.words(record, m_model);
    row.session = m_cells.words(record, m_agent);
    tag(row.tags, "kind", record, m_kind);
    tag(row.tags, "max_mode", record, m_maxMode);
    tag(row.tags, "automation_id", record, m_automation);
    return give(row, rows);
}

FormatMatch matchCursor(const TableShape &shape)
{
    if (!hasColumns(shape, {"date", "model", "inputwcachewrite", "inputwocachewrite", "cacheread"}))
        return {};
    return {100, "the columns Input (w/ Cache Write) and Cache Read are those of Cursor's usage export"};
}

} // namespace

std::unique_ptr<LedgerFormat> cursorFormat()
{
    return ledgerFormatOf({"cursor-usage", "Cursor usage events", matchCursor, makeConverter<CursorConverter>});
}

} // namespace perunit
