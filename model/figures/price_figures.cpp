// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/outcome.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace perunit {

namespace {

struct ShownClass {
    UsageClass usageClass;
    const char *name;
    Component colour;
};

constexpr std::array<ShownClass, 7> shownClasses{{{UsageClass::Input, "Input", Component::Input},
                                                  {UsageClass::CacheRead, "Cache read", Component::CacheRead},
                                                  {UsageClass::CacheWrite5m, "Cache write", Component::CacheWrite},
                                                  {UsageClass::Output, "Output", Component::Output},
                                                  {UsageClass::AudioIn, "Audio in", Component::Spill},
                                                  {UsageClass::AudioOut, "Audio out", Component::Provisioned},
                                                  {UsageClass::Embedding, "Embedding", Component::Other}}};

constexpr std::int64_t shownDaysBefore = 2 * 365;
constexpr std::int64_t shownDaysAfter = 60;

/// Where prices depend on the hour, a time of the day at which no window is open.
Instant outsideWindows(const CatalogueModel &model, Instant at)
{
    for (int hour = 0; hour < 24; ++hour) {
        const Instant look{at.micros + hour * 60 * microsPerMinute};
        const bool open = std::any_of(model.rates.begin(), model.rates.end(),
                                      [look](const Rate &rate) { return rate.daily && rate.daily->contains(look); });
        if (!open)
            return look;
    }
    return at;
}

/// When some price begins or ends, with the beginning and the end of the span.
std::vector<Instant> daysOfChange(const CatalogueModel &model, Period span)
{
    std::vector<Instant> days{span.from, span.to};
    for (const Rate &rate : model.rates) {
        if (rate.status == RateStatus::Cancelled)
            continue;
        for (const Instant at : {rate.valid.from, rate.valid.to}) {
            if (span.from < at && at < span.to)
                days.push_back(at);
        }
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    return days;
}

/// Price per million tokens of the base band, where the catalogue itself states one.
std::optional<Femto> statedPrice(const RateCard &card, UsageClass usageClass)
{
    if (card.bands.empty())
        return std::nullopt;
    const ClassPrice &price = card.bands.front().prices[static_cast<std::size_t>(usageClass)];
    if (price.listState != PriceState::Priced && price.listState != PriceState::Free)
        return std::nullopt;
    return Femto::ofUnits(static_cast<Int128>(price.listFemto) * 1'000'000);
}

/// The prices of a day on which some may change.
struct PriceDay {
    Instant day;
    RateCard card;
};

FigureSeries seriesOf(const ShownClass &shown, const std::vector<PriceDay> &days, const std::string &currency,
                      Instant today, bool future)
{
    FigureSeries series;
    series.name = future ? std::string(shown.name) + ", announced" : shown.name;
    series.role = SeriesRole::Component;
    series.roleIndex = static_cast<int>(shown.colour);
    series.forecast = future;
    std::optional<Femto> before;
    Instant last = alwaysBefore;
    for (const PriceDay &each : days) {
        if (future ? each.day < today : each.day > today)
            continue;
        const auto price = statedPrice(each.card, shown.usageClass);
        // A step: the day before still has the former price, unless that is younger than a day itself.
        if (const Instant dayBefore{each.day.micros - microsPerDay}; before && price != before && last < dayBefore)
            series.points.push_back(moneyPoint(timeOf(dayBefore), *before, currency));
        last = each.day;
        series.points.push_back(price ? moneyPoint(timeOf(each.day), *price, currency)
                                      : missingPoint(timeOf(each.day), "no price"));
        before = price;
    }
    return series;
}

bool hasPoints(const FigureSeries &series)
{
    return std::any_of(series.points.begin(), series.points.end(),
                       [](const FigurePoint &point) { return !point.missing; });
}

bool hasSteps(const FigureSeries &series)
{
    std::vector<double> values;
    for (const FigurePoint &point : series.points) {
        if (!point.missing)
            values.push_back(point.y);
    }
    return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end();
}

/// One price that became another.
struct PriceStep {
    const ShownClass *shown = nullptr;
    Instant at;
    Femto before;
    Femto after;
};

/// How much a price changed, as a share of the larger of both: the same for a fall and the rise that takes it back.
double sizeOf(const PriceStep &step)
{
    const double larger = std::max(step.before, step.after).approximate();
    return larger <= 0 ? 0 : std::abs((step.after - step.before).approximate()) / larger;
}

/// The next change to come, else the latest one; of several on a day the largest.
std::optional<PriceStep> tellingStep(const std::vector<PriceDay> &days, Instant today)
{
    std::optional<PriceStep> telling;
    for (const ShownClass &shown : shownClasses) {
        std::optional<Femto> before;
        for (const PriceDay &each : days) {
            const auto price = statedPrice(each.card, shown.usageClass);
            if (price && before && *price != *before) {
                const PriceStep step{&shown, each.day, *before, *price};
                const bool comes = today < step.at;
                const bool known = telling && today < telling->at;
                const bool nearer = telling && (comes ? step.at < telling->at : telling->at < step.at);
                const bool larger = telling && step.at == telling->at && sizeOf(*telling) < sizeOf(step);
                if (!telling || (comes && !known) || (comes == known && (nearer || larger)))
                    telling = step;
            }
            before = price;
        }
    }
    return telling;
}

/// "Output fell from $15 to $10 in June 2026".
std::string stepText(const PriceStep &step, const std::string &currency, Instant today)
{
    static constexpr std::array<const char *, 12> months{"January",   "February", "March",    "April",
                                                         "May",       "June",     "July",     "August",
                                                         "September", "October",  "November", "December"};
    const bool falls = step.after < step.before;
    const std::string verb = today < step.at ? (falls ? " will fall" : " will rise") : (falls ? " fell" : " rose");
    const Month month = monthOf(step.at);
    return step.shown->name + verb + " from " + exactMoneyText(step.before, currency) + " to "
           + exactMoneyText(step.after, currency) + " in " + months[static_cast<std::size_t>(month.month() - 1)] + ' '
           + std::to_string(month.year());
}

} // namespace

Figure priceHistory(const PriceBook &book, ModelIndex index, Instant today)
{
    const CatalogueModel &model = book.model(index);
    Instant last{today.micros + microsPerDay};
    Instant first = today;
    for (const Rate &rate : model.rates) {
        if (rate.status == RateStatus::Announced && rate.valid.from < alwaysAfter)
            last = std::max(last, Instant{rate.valid.from.micros + shownDaysAfter * microsPerDay});
        if (rate.valid.from != alwaysBefore)
            first = std::min(first, rate.valid.from);
    }
    // A little of what was before the first known change, and not less than two years.
    const Period span{{std::min(first.micros - 30 * microsPerDay, today.micros - shownDaysBefore * microsPerDay)},
                      {dayOf(last) * microsPerDay}};
    std::vector<Instant> days = daysOfChange(model, {{dayOf(span.from) * microsPerDay}, span.to});
    days.push_back(today);
    std::sort(days.begin(), days.end());
    Figure figure;
    figure.kind = FigureKind::Lines;
    figure.timeAxis = true;
    figure.format = ValueFormat::MoneyPerUnit;
    figure.currency = book.currency();
    std::vector<PriceDay> prices;
    for (const Instant day : days)
        prices.push_back({day, book.rateCard(index, ServiceTier::Standard, {}, outsideWindows(model, day), true)});
    for (const ShownClass &shown : shownClasses) {
        FigureSeries past = seriesOf(shown, prices, book.currency(), today, false);
        if (hasPoints(past))
            figure.series.push_back(std::move(past));
    }
    const std::string name = model.displayName.empty() ? model.key.model : model.displayName;
    const auto step = tellingStep(prices, today);
    figure.title = figure.series.empty() ? name + " has no price per token"
                   : step                ? stepText(*step, book.currency(), today)
                                         : "No price of " + name + " is known to have changed";
    if (last.micros > today.micros + microsPerDay) {
        for (const ShownClass &shown : shownClasses) {
            FigureSeries future = seriesOf(shown, prices, book.currency(), today, true);
            if (hasSteps(future))
                figure.series.push_back(std::move(future));
        }
    }
    figure.subtitle = name + ": list price per million tokens, standard tier, " + book.currency();
    figure.yTitle = book.currency() + " per million tokens";
    figure.emptyText = name + " has no price per token in the standard tier.";
    if (std::any_of(model.rates.begin(), model.rates.end(), [](const Rate &rate) { return rate.daily.has_value(); }))
        figure.notes.emplace_back("Some hours of the day have other prices; these are the ones outside of them.");
    figure.summary = figure.title + ".";
    return figure;
}

} // namespace perunit
