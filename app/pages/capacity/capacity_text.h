// SPDX-License-Identifier: GPL-3.0-or-later
// What the Capacity page says in words, shared by its cards, its figures and the report.
#pragma once

#include "app/pages/capacity/capacity_sizing.h"

#include <QString>
#include <QStringList>

#include <string>

namespace perunit {

/// What amounts speak of: a horizon of months, a ledger of whole months, or any period.
struct CostSpan {
    int months = 1; ///< amounts are divided by it where they are told "a month"
    QString whole;  ///< "over 12 months", "in May 2026", "over 9 days"
    QString each;   ///< "a month"; `whole` where the period is no whole months
};
CostSpan costSpanOf(const BaselineSettings &settings, Period period);

/// Texts that pictures and sentences need beside the numbers.
struct CapacityWords {
    QString scenario; ///< "Baseline"
    CostSpan span;
    /// Units of this offer that the scenario has already.
    std::optional<std::int64_t> inScenario = {};
    /// The units for output that are shown, where they are bought apart.
    std::optional<SizeFigures> output = {};
    /// What the user stated: "Price of a unit, a month: 200.00 USD".
    QStringList own = {};
};

/// "180 PTU", "3 model units"; "none" for none.
QString unitsText(std::int64_t units, const std::string &unitName);
/// The same, with the units for output beside it where they are bought apart.
QString sizeText(std::int64_t units, const std::string &unitName, const std::optional<SizeFigures> &output);
/// The cheapest size in these words.
QString optimumText(const CapacityAnswer &answer);
/// "84.1 %".
QString ppmText(PartsPerMillion share);
/// "10.2" of a number with six decimals.
QString decimalText(PartsPerMillion value, int digits);
/// "minute", "5 minutes", "second", "hour".
QString binText(int seconds);
/// "1 year", "hourly".
QString termText(const std::string &term);

/// What the size costs more than the cheapest one, or that it is the cheapest.
QString regretSentence(const CapacityAnswer &answer, const SizeFigures &shown, const CostSpan &span);
/// Three questions with three answers; what has no meaning for this term is said instead. Replicas of one's own have
/// one question, and the price of what they write.
QStringList breakEvenSentences(const CapacityAnswer &answer);
/// What a price cut of tokens would do to the units.
QStringList stressSentences(const CapacityAnswer &answer);
/// What the bucket of single requests makes of a size; empty where requests are not known one by one.
QString bucketSentence(const CapacityAnswer &answer, std::int64_t units);
/// Everything that limits the figures, as sentences.
QStringList remarksOf(const CapacitySizing &sizing, const CapacityWords &words);
/// Load of which only the day or the hour is known, and what follows from it for certain.
QString coarseSentence(const CapacitySizing &sizing, const CostSpan &span);

} // namespace perunit
