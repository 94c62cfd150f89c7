// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure_builder.h"
#include "pricing/catalogue/catalogue_diff.h"
#include "widgets/tables/value_table_model.h"

#include <QString>

namespace perunit {

/// "1 model" for one, else "2,471 models": `many` holds %1.
QString counted(std::size_t count, const QString &one, const QString &many);
/// What people call a format of price catalogues: "LiteLLM" for "litellm".
QString catalogueFormatName(const std::string &format);
/// Place in a catalogue file in words: "gpt-4.1 › input_cost_per_token" for a path into JSON.
QString issuePlace(const std::string &path);
/// A class in words: "Cache write, 5 minutes".
QString className(UsageClass usageClass);
/// "per million tokens", or what one event is: "per call", "per second".
QString priceUnit(UsageClass usageClass);
/// A price in that unit, all its digits.
QString priceText(UsageClass usageClass, std::int64_t femto);
/// The same as a cell that sorts by its size; no value is unknown, with the reason as tool tip.
ValueCell priceCell(UsageClass usageClass, std::optional<std::int64_t> femto, const QString &whyUnknown);
/// Under which conditions a price holds: "batch, eu, > 200,000 tokens"; empty for the plain case.
QString conditionText(ServiceTier tier, const std::string &region, const std::optional<ContextThreshold> &band,
                      const std::optional<DailyWindow> &daily);
/// The same with the status of a rate that is not simply published.
QString conditionText(const Rate &rate);
/// "provider/model".
QString modelKeyText(const ModelKey &key);
/// "always" before all time, nothing after all time, else the day.
QString dayText(Instant at);
/// Cost as a cell; unknown where nothing of it has a price.
ValueCell costCell(const std::optional<Femto> &cost, const std::string &currency, CellTone tone = CellTone::Normal);
/// What changes from one amount to another: signed money with the share as tool tip, coloured by what it means for a
/// bill.
ValueCell costChangeCell(Femto before, Femto after, const std::string &currency);

} // namespace perunit
