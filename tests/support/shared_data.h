// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileInfo>
#include <QString>
#include <QTest>

/// Path of a third-party file beside the repository. Tests that need one are skipped where it is absent.
inline QString sharedData(const char *relative)
{
    return QStringLiteral(PERUNIT_SHARED_DATA) + QLatin1Char('/') + QLatin1String(relative);
}

inline QString testData(const char *relative)
{
    return QStringLiteral(PERUNIT_TEST_DATA) + QLatin1Char('/') + QLatin1String(relative);
}

#define REQUIRE_SHARED(path)                                                                                           \
    do {                                                                                                               \
        if (!QFileInfo::exists(path))                                                                                  \
            QSKIP("third-party sample is not here");                                                                   \
    } while (false)
