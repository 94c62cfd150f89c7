// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/error.h"

#include <QString>

#include <string>
#include <string_view>

namespace perunit {

/// The border between the Qt-free layers (UTF-8) and the window.
inline QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

inline std::string fromQt(const QString &text)
{
    return text.toStdString();
}

/// An error as a sentence for people: where, what, and what to do.
QString errorText(const Error &error);

} // namespace perunit
