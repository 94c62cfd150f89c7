// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/importer.h"
#include "widgets/tables/value_table.h"

#include <QString>

namespace perunit {

/// How far a file on the import page is.
struct ImportState {
    QString text;
    CellTone tone = CellTone::Normal;
};

/// The line of a file that is still being read; of one that could not be read; of one that was read.
ValueRow waitingRow(const QString &path);
ValueRow failedRow(const QString &path, const Error &error);
ValueRow previewedRow(const QString &path, const ImportPreview &preview, const ImportState &state);

/// What is known about a file whatever is answered to its open questions. What depends on an answer is left out: a
/// reading that nobody chose would be a guess.
Source settledFacts(const ImportPreview &preview);

/// Shows the first rows of a file as they stand in it, or those that cannot be used.
void showSampleRows(ValueTable &table, const ImportPreview &preview);
void showRejectedRows(ValueTable &table, const ImportPreview &preview);

} // namespace perunit
