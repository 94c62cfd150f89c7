// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/import_mapping.h"

#include "widgets/text/text.h"

#include <algorithm>

namespace perunit {

MappingValue shownMapping(const ColumnMapping &mapping)
{
    MappingValue value;
    for (const auto &[field, header] : mapping.columns)
        value.columns[toQt(field)] = toQt(header);
    for (const auto &[field, text] : mapping.constants)
        value.constants[toQt(field)] = toQt(text);
    value.inputIncludesCache = mapping.inputIncludesCache;
    return value;
}

ColumnMapping chosenMapping(const MappingValue &value, ColumnMapping mapping)
{
    mapping.columns.clear();
    mapping.constants.clear();
    for (const auto &[field, header] : value.columns)
        mapping.columns[fromQt(field)] = fromQt(header);
    for (const auto &[field, text] : value.constants)
        mapping.constants[fromQt(field)] = fromQt(text);
    mapping.inputIncludesCache = value.inputIncludesCache;
    return mapping;
}

std::vector<MappingColumn> columnsOf(const ImportPreview &preview)
{
    std::vector<MappingColumn> columns;
    for (std::size_t i = 0; i < preview.header.size(); ++i) {
        MappingColumn column{toQt(preview.header[i]), {}};
        for (const std::vector<std::string> &row : preview.sample) {
            if (i < row.size() && !row[i].empty() && column.samples.size() < 3)
                column.samples << toQt(row[i]);
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

std::vector<MappingField> mappedFields(const ImportPreview &preview)
{
    std::vector<MappingField> fields;
    const bool columns = preview.format == "request-log";
    const bool trace = preview.format == "azure-llm-trace" || preview.format == "mooncake-trace"
                       || preview.format == "burstgpt-trace" || preview.format == "vidur-trace"
                       || preview.format == "document-lengths";
    if (!columns && !trace)
        return fields;
    for (MappingField field : requestLogFields()) {
        // What is needed is the importer's to say.
        field.required =
            std::find(preview.missing.begin(), preview.missing.end(), fromQt(field.name)) != preview.missing.end();
        if (columns || field.constantAllowed)
            fields.push_back(std::move(field));
    }
    return fields;
}

} // namespace perunit
