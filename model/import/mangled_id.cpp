// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/mangled_id.h"

#include "model/import/number_text.h"

#include <algorithm>

namespace perunit {

bool isMangledId(std::string_view text)
{
    // Asked of every text of a ledger: almost all are done here.
    if (text.empty() || !((text.front() >= '0' && text.front() <= '9') || text.front() == '.' || text.front() == ','))
        return false;
    const std::size_t exponent = text.find_first_of("eE");
    return exponent != std::string_view::npos && exponent > 0 && exponent + 2 < text.size() && text[exponent + 1] == '+'
           && text.substr(0, exponent).find_first_not_of("0123456789.,") == std::string_view::npos
           && text.substr(exponent + 2).find_first_not_of("0123456789") == std::string_view::npos;
}

void warnOfMangledIds(const TableShape &shape, RowCollector &rows)
{
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        if (!shape.normalised[i].ends_with("id"))
            continue;
        const auto mangled = std::find_if(shape.sample.begin(), shape.sample.end(), [i](const auto &row) {
            return i < row.size() && isMangledId(trimmed(row[i]));
        });
        if (mangled != shape.sample.end())
            rows.warn(
                "column '" + shape.header[i] + "' holds ids that a spreadsheet turned into numbers ('" + (*mangled)[i]
                + "'); they name nothing any more and were left out: export the file again without opening it in a "
                  "spreadsheet");
    }
}

} // namespace perunit
