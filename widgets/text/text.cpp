// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/text.h"

namespace perunit {

QString errorText(const Error &error)
{
    QString text = toQt(error.what);
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    if (!error.where.empty())
        text = toQt(error.where) + QStringLiteral(": ") + text;
    text += QLatin1Char('.');
    if (!error.remedy.empty()) {
        QString remedy = toQt(error.remedy);
        remedy[0] = remedy[0].toUpper();
        text += QLatin1Char(' ') + remedy + QLatin1Char('.');
    }
    return text;
}

} // namespace perunit
