// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/sheet_columns.h"

#include "widgets/inputs/mapping_edit.h"
#include "widgets/text/text.h"

#include <QVBoxLayout>

namespace perunit {

namespace {

/// Unit of all prices: a field of the editor, but a member of its own in the mapping.
const QString unitField = QStringLiteral("unit");
constexpr const char *everyPrice = "*";
constexpr qsizetype mostSamples = 3;

MappingValue shownMapping(const PriceSheetMapping &mapping)
{
    MappingValue value;
    for (const auto &[field, header] : mapping.columns)
        value.columns[toQt(field)] = toQt(header);
    for (const auto &[field, text] : mapping.constants)
        value.constants[toQt(field)] = toQt(text);
    if (const auto unit = mapping.units.find(everyPrice); unit != mapping.units.end()) {
        value.columns.erase(unitField);
        value.constants[unitField] = toQt(unit->second);
    }
    return value;
}

PriceSheetMapping chosenMapping(const MappingValue &value, PriceSheetMapping mapping)
{
    mapping.columns.clear();
    mapping.constants.clear();
    mapping.units.erase(everyPrice);
    for (const auto &[field, header] : value.columns)
        mapping.columns[fromQt(field)] = fromQt(header);
    for (const auto &[field, text] : value.constants) {
        if (text.trimmed().isEmpty())
            continue;
        if (field == unitField)
            mapping.units[everyPrice] = fromQt(text);
        else
            mapping.constants[fromQt(field)] = fromQt(text);
    }
    return mapping;
}

std::vector<MappingColumn> columnsOf(const PriceSheetLook &look)
{
    std::vector<MappingColumn> columns;
    for (std::size_t i = 0; i < look.header.size(); ++i) {
        MappingColumn column{toQt(look.header[i]), {}};
        for (const std::vector<std::string> &row : look.sample) {
            if (i < row.size() && !row[i].empty() && column.samples.size() < mostSamples)
                column.samples << toQt(row[i]);
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

} // namespace

QString missingText(const PriceSheetLook &look)
{
    QStringList missing;
    for (const std::string &each : look.missing)
        missing << toQt(each);
    if (look.missing.empty() && look.unitMissing)
        missing << SheetColumns::tr("for how much the prices are (a million tokens, a thousand, a page)");
    return missing.isEmpty() ? QString()
                             : SheetColumns::tr("Still needed: %1.").arg(missing.join(QStringLiteral("; ")));
}

SheetColumns::SheetColumns(QWidget *parent)
    : QWidget(parent)
    , m_edit(new MappingEdit(MappingPurpose::Prices, this))
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(m_edit);
    rows->addStretch();
    connect(m_edit, &MappingEdit::edited, this, &SheetColumns::changed);
}

void SheetColumns::setLook(const QString &path, const PriceSheetLook &look, const std::optional<Error> &problem)
{
    // What is being typed into is left alone when the answer to it comes back.
    const MappingValue value = shownMapping(look.mapping);
    if (path != m_path || chosenMapping(m_edit->value(), m_mapping) != look.mapping)
        m_edit->setContent(priceSheetFields(), columnsOf(look), value);
    m_path = path;
    m_mapping = look.mapping;
    m_edit->setRequired(unitField, look.unitMissing);
    const QString missing = missingText(look);
    m_edit->setProblem(!missing.isEmpty() ? missing : problem ? errorText(*problem) : QString());
}

void SheetColumns::changed(const MappingValue &value)
{
    emit edited(chosenMapping(value, m_mapping));
}

} // namespace perunit
