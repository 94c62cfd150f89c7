// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/provisional_note.h"

#include "widgets/text/text.h"

#include <QCoreApplication>

namespace perunit {

QString provisionalNote(const std::optional<Instant> &from)
{
    return from ? QCoreApplication::translate("perunit::ProvisionalNote",
                                              "provisional: days from %1 on may still change")
                      .arg(toQt(formatDate(*from)))
                : QString();
}

} // namespace perunit
