// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/ledger_files.h"

#include <type_traits>
#include <vector>

namespace perunit {

/// A small request that differs from its neighbours.
inline RequestRow request(int i)
{
    RequestRow row;
    row.time = {instantOf(2026, 8, 1).micros + i * microsPerSecond};
    row.provider = i % 2 ? "openai" : "anthropic";
    row.model = "model-" + std::to_string(i % 7);
    row.session = "s" + std::to_string(i / 3);
    row.usage[UsageClass::Input] = i * 11;
    row.usage[UsageClass::Output] = i % 5;
    row.usage[UsageClass::Request] = 1;
    return row;
}

/// Facts of a source that exists only in a test.
inline Source facts(const char *digest, SourceRole role)
{
    Source source;
    source.file = std::string(digest) + ".csv";
    source.sha256 = digest;
    source.format = "request-log";
    source.role = role;
    return source;
}

/// Stores rows as one source.
template <typename Row>
Source store(WorkspaceStore &workspace, const char *digest, SourceRole role, const std::vector<Row> &rows,
             const char *currency = "")
{
    auto writer = workspace.beginSource();
    if (!writer)
        qFatal("%s", writer.error().text().c_str());
    std::int64_t number = 0;
    Source source = facts(digest, role);
    source.currency = currency;
    for (const Row &row : rows) {
        if (auto status = (*writer)->add(row, ++number); !status)
            qFatal("%s", status.error().text().c_str());
        if constexpr (!std::is_same_v<Row, OutcomeRow>) {
            if (row.billed)
                source.billed = source.billed.value_or(Money()) + *row.billed;
        }
    }
    auto result = (*writer)->finish(source);
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return *result;
}

inline Money money(const char *text)
{
    return Money::ofUnits(parseDecimal(text, Money::scale)->units);
}

} // namespace perunit
