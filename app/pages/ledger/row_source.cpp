// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/row_source.h"

#include "app/pages/price_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <limits>

namespace perunit {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("RowSource", text);
}

struct FieldWords {
    std::string_view id;
    const char *label;
    const char *help;
};

constexpr std::array<FieldWords, 16> fieldWords{
    {{"time", QT_TRANSLATE_NOOP("RowSource", "Time (UTC)"), ""},
     {"from", QT_TRANSLATE_NOOP("RowSource", "From (UTC)"), ""},
     {"to", QT_TRANSLATE_NOOP("RowSource", "To (UTC)"),
      QT_TRANSLATE_NOOP("RowSource", "Not part of the charge any more")},
     {"model", QT_TRANSLATE_NOOP("RowSource", "Model"), QT_TRANSLATE_NOOP("RowSource", "As recorded")},
     {"requests", QT_TRANSLATE_NOOP("RowSource", "Requests"),
      QT_TRANSLATE_NOOP("RowSource", "More than 1 where the source added requests up")},
     {"cost", QT_TRANSLATE_NOOP("RowSource", "Cost"),
      QT_TRANSLATE_NOOP("RowSource", "Tokens × price at the time of the request")},
     {"recorded", QT_TRANSLATE_NOOP("RowSource", "Recorded"),
      QT_TRANSLATE_NOOP("RowSource", "Cost as the source recorded it")},
     {"billed", QT_TRANSLATE_NOOP("RowSource", "Billed"), QT_TRANSLATE_NOOP("RowSource", "What the invoice says")},
     {"effective", QT_TRANSLATE_NOOP("RowSource", "Effective"),
      QT_TRANSLATE_NOOP("RowSource", "With the part of commitments that it uses")},
     {"list", QT_TRANSLATE_NOOP("RowSource", "List"), ""},
     {"contracted", QT_TRANSLATE_NOOP("RowSource", "Contracted"), ""},
     {"source", QT_TRANSLATE_NOOP("RowSource", "Source"), QT_TRANSLATE_NOOP("RowSource", "File that it came from")},
     {"source_row", QT_TRANSLATE_NOOP("RowSource", "Row of source"), ""},
     {"sku", QT_TRANSLATE_NOOP("RowSource", "SKU"), ""},
     {"output", QT_TRANSLATE_NOOP("RowSource", "Output"), QT_TRANSLATE_NOOP("RowSource", "With reasoning tokens")},
     {"input", QT_TRANSLATE_NOOP("RowSource", "Input"), QT_TRANSLATE_NOOP("RowSource", "Uncached prompt tokens")}}};

const FieldWords *wordsOf(const std::string &id)
{
    for (const FieldWords &words : fieldWords) {
        if (words.id == id)
            return &words;
    }
    return nullptr;
}

/// To the second; the fraction is in the tool tip, and in what is copied.
ValueCell timeCell(Instant at)
{
    constexpr qsizetype toTheSecond = 19;
    const QString exact = toQt(formatInstant(at));
    ValueCell cell = ValueCell::ofText(exact.left(toTheSecond).replace(QLatin1Char('T'), QLatin1Char(' ')));
    cell.exact = exact;
    cell.toolTip = exact;
    return cell;
}

ValueCell moneyCell(const FieldValue &value, const std::string &currency, bool isPrice)
{
    if (!value.money) {
        if (value.unpricedTokens > 0)
            return ValueCell::unknown(
                translated("n/a: %1 tokens without a price").arg(QLocale().toString(qlonglong{value.unpricedTokens})));
        return ValueCell::unknown(isPrice ? translated("nothing of it has a price") : translated("not recorded"));
    }
    ValueCell cell =
        ValueCell::ofNumber(toQt(perUnitText(value.money->toFemto(), currency)), value.money->approximate(),
                            value.unpricedTokens > 0 ? CellTone::Warning : CellTone::Normal);
    cell.exact = toQt(value.money->text());
    cell.toolTip = toQt(value.money->text() + " " + currency);
    if (value.unpricedTokens > 0)
        cell.toolTip +=
            QLatin1Char('\n')
            + translated("%1 tokens of it have no price").arg(QLocale().toString(qlonglong{value.unpricedTokens}));
    return cell;
}

} // namespace

QString fieldLabel(const std::string &id)
{
    if (const FieldWords *words = wordsOf(id))
        return translated(words->label);
    if (const auto usageClass = usageClassNamed(id))
        return className(*usageClass);
    return dimensionLabel(id);
}

ValueColumn fieldColumn(const RowTable &table, std::size_t field)
{
    const RowField &what = table.fields()[field];
    ValueColumn column;
    column.title = fieldLabel(what.id);
    if (const FieldWords *words = wordsOf(what.id); words && *words->help)
        column.toolTip = translated(words->help);
    column.numeric = what.kind == FieldKind::Count || what.kind == FieldKind::Money;
    return column;
}

ValueCell fieldCell(const RowTable &table, std::size_t row, std::size_t field)
{
    const RowField &what = table.fields()[field];
    const FieldValue value = table.value(row, field);
    switch (what.kind) {
    case FieldKind::Text:
        return ValueCell::ofText(toQt(value.text));
    case FieldKind::Time:
        return timeCell({value.number});
    case FieldKind::Count: {
        ValueCell cell =
            ValueCell::ofNumber(QLocale().toString(qlonglong{value.number}), static_cast<double>(value.number),
                                value.number == 0 ? CellTone::Secondary : CellTone::Normal);
        cell.exact = QString::number(value.number);
        return cell;
    }
    case FieldKind::Money:
        break;
    }
    return moneyCell(value, table.currency(field), what.id == "cost");
}

RowSource::RowSource(std::shared_ptr<const RowTable> table, std::shared_ptr<const RowSelection> rows,
                     std::vector<std::size_t> fields)
    : m_table(std::move(table))
    , m_rows(std::move(rows))
    , m_fields(std::move(fields))
{}

int RowSource::rowCount() const
{
    // More rows than a view counts cannot be scrolled through; the sum above the table has all of them.
    constexpr std::size_t most = std::numeric_limits<int>::max() / 64;
    return static_cast<int>(std::min(m_rows->count, most));
}

QString RowSource::key(int row) const
{
    return QString::number(ledgerRow(row));
}

ValueCell RowSource::cell(int row, int column) const
{
    return fieldCell(*m_table, ledgerRow(row), m_fields[static_cast<std::size_t>(column)]);
}

} // namespace perunit
