// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/reconciliation/reconciliation.h"
#include "widgets/tables/value_table_model.h"

#include <QString>

namespace perunit {

// What a reconciliation says, in words and cells.

/// Whether a line has usage: requests, or lines of a bill that count no requests.
bool hasUsage(const ReconciliationLine &line);
/// "Tax".
QString bucketLabel(DifferenceBucket bucket);
/// What a bucket holds and what can be done about it, as a sentence.
QString bucketMeaning(DifferenceBucket bucket);
/// Model of a line; of usage that is tied together, its models.
QString lineModelText(const ReconciliationLine &line);
/// The bucket with the largest amount of either sign; no value where the line ties to the last digit.
std::optional<DifferenceBucket> mainBucket(const DifferenceParts &parts);
/// List, contracted, billed, difference, and how much of it has no explanation.
QString reconciliationSummary(const Reconciliation &result);
/// A sentence whose amounts are not torn at the end of a line: between sign and number, number and percent sign.
QString unbroken(QString sentence);
/// Amount of a bill with all its digits as tool tip.
ValueCell billCell(const std::optional<Money> &amount, const std::string &currency, const QString &whyUnknown);
/// The same with its sign.
ValueCell signedBillCell(Money amount, const std::string &currency);

} // namespace perunit
