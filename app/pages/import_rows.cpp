// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/import_rows.h"

#include "app/pages/source_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace perunit {

namespace {

constexpr int factColumns = 4; ///< format, period, rows, rejected

QString translated(const char *text)
{
    return QCoreApplication::translate("ImportPage", text);
}

ValueRow rowOf(const QString &path)
{
    ValueRow row;
    row.key = path;
    ValueCell name = ValueCell::ofText(QFileInfo(path).fileName(), CellTone::Emphasis);
    name.toolTip = path;
    row.cells.push_back(name);
    return row;
}

ValueRow rowWithoutFacts(const QString &path, const QString &why, const QString &state, CellTone tone)
{
    ValueRow row = rowOf(path);
    for (int i = 0; i < factColumns; ++i)
        row.cells.push_back(ValueCell::unknown(why));
    row.cells.push_back(ValueCell::ofText(state, tone));
    return row;
}

ValueCell countCell(std::int64_t count, CellTone tone)
{
    return ValueCell::ofNumber(toQt(countText(count)), static_cast<double>(count), tone);
}

} // namespace

ValueRow waitingRow(const QString &path)
{
    return rowWithoutFacts(path, translated("being read"), translated("Reading…"), CellTone::Secondary);
}

ValueRow failedRow(const QString &path, const Error &error)
{
    return rowWithoutFacts(path, translated("could not be read"), errorText(error), CellTone::Unfavourable);
}

Source settledFacts(const ImportPreview &preview)
{
    Source facts = preview.facts;
    for (const ImportQuestion &question : preview.questions) {
        if (question.kind == ImportQuestion::Kind::DateOrder) {
            facts.period = {};
            continue;
        }
        facts.tokens = {};
        for (CostTotal *amount : {&facts.billed, &facts.effective, &facts.list, &facts.contracted})
            amount->reset();
    }
    return facts;
}

ValueRow previewedRow(const QString &path, const ImportPreview &preview, const ImportState &state)
{
    const Source facts = settledFacts(preview);
    ValueRow row = rowOf(path);
    row.cells.push_back(ValueCell::ofText(toQt(preview.format)));
    row.cells.push_back(facts.period.isEmpty() && !preview.facts.period.isEmpty()
                            ? ValueCell::unknown(translated("it is open whether the month or the day comes first"))
                            : ValueCell::ofText(periodText(facts.period)));
    row.cells.push_back(countCell(facts.rowsAccepted, CellTone::Normal));
    row.cells.push_back(
        countCell(facts.rowsRejected, facts.rowsRejected > 0 ? CellTone::Warning : CellTone::Secondary));
    row.cells.push_back(ValueCell::ofText(state.text, state.tone));
    return row;
}

void showSampleRows(ValueTable &table, const ImportPreview &preview)
{
    std::vector<ValueColumn> columns;
    for (const std::string &header : preview.header)
        columns.push_back({toQt(header), {}, false});
    std::vector<ValueRow> rows;
    for (const std::vector<std::string> &line : preview.sample) {
        ValueRow row;
        row.key = QString::number(rows.size());
        for (std::size_t i = 0; i < preview.header.size(); ++i)
            row.cells.push_back(ValueCell::ofText(i < line.size() ? toQt(line[i]) : QString()));
        rows.push_back(std::move(row));
    }
    table.setEmptyText(translated("The file has no rows."));
    table.setColumns(std::move(columns));
    table.setRows(std::move(rows));
}

void showRejectedRows(ValueTable &table, const ImportPreview &preview)
{
    table.setColumns({{translated("Line"), translated("Line of the file on which the row starts"), true},
                      {translated("Column"), {}, false},
                      {translated("Value"), {}, false, ColumnWidth::Stretch},
                      {translated("Reason"), {}, false, ColumnWidth::Stretch}});
    std::vector<ValueRow> rows;
    for (const RejectedRow &reject : preview.facts.rejects)
        rows.push_back({QString::number(rows.size()),
                        {ValueCell::ofNumber(QString::number(reject.line), static_cast<double>(reject.line)),
                         ValueCell::ofText(toQt(reject.column)), ValueCell::ofText(toQt(reject.value)),
                         ValueCell::ofText(toQt(reject.reason))}});
    table.setEmptyText(translated("Every row can be used."));
    table.setRows(std::move(rows));
}

} // namespace perunit
