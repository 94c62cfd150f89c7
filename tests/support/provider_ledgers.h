// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/ledger_files.h"

#include <algorithm>
#include <string>

/// A sample in tests/data/ledgers as a path.
inline std::string ownLedger(const char *name)
{
    return testData((QByteArray("ledgers/") + name).constData()).toStdString();
}

/// Every text that a workspace keeps of its requests and charges, one a line.
inline std::string keptTexts(const perunit::Ledger &ledger)
{
    std::string all;
    for (const auto &column : ledger.workload->dimensions) {
        all += column.name + "\n";
        for (std::uint32_t id = 0; id < column.dictionary.size(); ++id)
            all.append(column.dictionary.text(id)).append("\n");
    }
    for (const auto &charges : {ledger.invoices, ledger.harness}) {
        for (const perunit::ChargeRow &row : *charges) {
            for (const std::string *text : {&row.provider, &row.service, &row.sku, &row.description, &row.resource,
                                            &row.account, &row.model, &row.team, &row.customer})
                all += *text + "\n";
            for (const auto &[key, value] : row.tags)
                all += key + "\n" + value + "\n";
        }
    }
    return all;
}

/// Nobody's address, no key and nothing that was said to a model is in what is kept or reported.
inline void verifyNothingPrivate(const perunit::Ledger &ledger, const perunit::Source &source)
{
    std::string all = keptTexts(ledger) + complaints(source).toStdString();
    for (const char *secret : {"@example", "secret text", "sk-", "10.0.0.1", "octo-"})
        QVERIFY2(all.find(secret) == std::string::npos, all.c_str());
}

/// Value of a tag of a charge; "none" when it is not there.
inline std::string tagOf(const perunit::ChargeRow &row, const char *key)
{
    const auto found =
        std::find_if(row.tags.begin(), row.tags.end(), [key](const auto &tag) { return tag.first == key; });
    return found == row.tags.end() ? "none" : found->second;
}

/// Reads a header without any rows: a valid empty period.
inline void verifyEmptyPeriod(const LedgerFolder &folder, const char *sample, const char *format)
{
    QFile file(QString::fromStdString(ownLedger(sample)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const std::string path = folder.write("header_only.csv", file.readLine());
    TAKE(preview, perunit::previewImport(path, {}, nullptr, nullptr, {}));
    QCOMPARE(preview.format, std::string(format));
    QCOMPARE(preview.facts.rowsRead, 0);
    QCOMPARE(preview.facts.rowsRejected, 0);
    QVERIFY(preview.facts.period.isEmpty());
}
