// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

#include <string>

namespace perunit {

/// What was typed as the decimal text that parseDecimal() reads: a point instead of the separator of the locale. Empty
/// when separators stand where they cannot.
std::string plainDecimal(const QString &typed, const QLocale &locale);
/// Decimal text ("12.5") in the writing of a locale.
QString localDecimal(const std::string &plain, const QLocale &locale);

} // namespace perunit
