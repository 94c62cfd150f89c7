// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/source.h"

#include <QString>

#include <vector>

namespace perunit {

/// "Usage", "Invoice", "Harness", "Outcomes".
QString roleName(SourceRole role);
/// What a role means for the figures, in one sentence.
QString roleHelp(SourceRole role);
/// Roles that the rows of a source can play: a bill without token lines has nothing to price, and counts are neither.
std::vector<SourceRole> possibleRoles(const Source &source);
/// "2026-05-01 to 2026-10-31", both days included; "–" when there are no rows.
QString periodText(Period period);
/// What is known about a source as a small table in rich text: rows, period, currency, totals, tokens, digest.
QString sourceFacts(const Source &source);
/// "Read as request-log: it has a time and token counts for every row."
QString formatSentence(const Source &source);

} // namespace perunit
