// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/typed_decimal.h"

#include "widgets/text/text.h"

namespace perunit {

std::string plainDecimal(const QString &typed, const QLocale &locale)
{
    QString text = typed.trimmed();
    // Files and other programs write a point; where it is not the locale's group separator it means the same.
    if (text.contains(locale.decimalPoint()) || locale.decimalPoint() == QLatin1String("."))
        text.replace(locale.decimalPoint(), QLatin1String("."));
    else if (locale.groupSeparator() == QLatin1String(".") && text.contains(QLatin1Char('.')))
        return {};
    return fromQt(text);
}

QString localDecimal(const std::string &plain, const QLocale &locale)
{
    return toQt(plain).replace(QLatin1String("."), locale.decimalPoint());
}

} // namespace perunit
