// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/importer.h"
#include "model/store/workspace_store.h"

#include "tests/support/shared_data.h"

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>

#include <memory>

/// A folder that vanishes with the test, for small ledgers and workspaces.
class LedgerFolder
{
public:
    [[nodiscard]] std::string path(const char *name) const
    {
        return m_folder.filePath(QLatin1String(name)).toStdString();
    }

    /// Writes a file and returns its path.
    std::string write(const char *name, const QByteArray &content) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test file cannot be written");
        return file.fileName().toStdString();
    }

    [[nodiscard]] std::unique_ptr<perunit::WorkspaceStore> workspace(const char *name = "test.perunit") const
    {
        auto store = perunit::WorkspaceStore::open(path(name), perunit::WorkspaceStore::Mode::OpenOrCreate);
        if (!store)
            qFatal("%s", store.error().text().c_str());
        return std::move(*store);
    }

private:
    QTemporaryDir m_folder;
};

/// The value of a Result, or a failed test that prints the error.
#define TAKE(variable, expression)                                                                                     \
    auto variable##Result = (expression);                                                                              \
    QVERIFY2(variable##Result.ok(), variable##Result.ok() ? "" : variable##Result.error().text().c_str());             \
    auto &variable = *variable##Result

#define VERIFY_OK(expression)                                                                                          \
    do {                                                                                                               \
        const auto outcome = (expression);                                                                             \
        QVERIFY2(outcome.ok(), outcome.ok() ? "" : outcome.error().text().c_str());                                    \
    } while (false)

/// An amount as text, "none" when it is absent.
inline QString amountText(const perunit::CostTotal &amount)
{
    return amount ? QString::fromStdString(amount->text()) : QStringLiteral("none");
}

/// Everything a preview or a source complains about, for QVERIFY2.
inline QByteArray complaints(const perunit::Source &source)
{
    QByteArray text;
    for (const auto &reject : source.rejects)
        text += "line " + QByteArray::number(qlonglong(reject.line)) + " '" + reject.column.c_str() + "' '"
                + reject.value.c_str() + "' " + reject.reason.c_str() + "\n";
    for (const auto &warning : source.warnings)
        text += (warning + "\n").c_str();
    return text;
}

inline bool hasWarning(const perunit::Source &source, const char *part)
{
    for (const auto &warning : source.warnings) {
        if (warning.find(part) != std::string::npos)
            return true;
    }
    return false;
}
