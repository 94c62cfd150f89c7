// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/row_export.h"

#include "widgets/text/text.h"

#include <QSaveFile>

namespace perunit {

Status writeRows(const RowTable &table, const RowSelection &rows, const std::vector<std::size_t> &fields,
                 const QString &path, RowProgress &progress, const std::stop_token &stop)
{
    constexpr std::size_t rowsAtOnce = 4096;
    const auto failed = [&path](const QSaveFile &file) {
        return Error{ErrorCode::Io, fromQt(file.errorString()), fromQt(path),
                     "choose another folder or free some space"};
    };
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file);
    progress.total = static_cast<std::int64_t>(rows.count);
    std::string text = csvHeader(table, fields);
    for (std::size_t first = 0; first < rows.count || !text.empty(); first += rowsAtOnce) {
        if (stop.stop_requested()) {
            file.cancelWriting();
            return stoppedByUser();
        }
        text += csvLines(table, rows, fields, first, rowsAtOnce);
        if (file.write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size()))
            return failed(file);
        text.clear();
        progress.done = static_cast<std::int64_t>(std::min(rows.count, first + rowsAtOnce));
    }
    return file.commit() ? Status() : failed(file);
}

} // namespace perunit
