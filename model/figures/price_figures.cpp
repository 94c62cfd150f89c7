// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/outcome.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"

#include <algorithm>

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

/// Days on which some price begins or ends, first and last day included.
std::vector<Instant> daysOfChange(const CatalogueModel &model, Period span)
{
    std::vector<Instant> days{span.from, span.to};
    for (const Rate &rate : model.rates) {
        if (rate.status == RateStatus::Cancelled)
            continue;
        for (const Instant at : {rate.valid.from, rate.valid.to}) {
            if (span.from < at && at < span.to)
                days.push_back({dayOf(at) * microsPerDay});
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

FigureSeries seriesOf(const PriceBook &book, ModelIndex model, const ShownClass &shown,
                      const std::vector<Instant> &days, Instant today, bool future)
{
    FigureSeries series;
    series.name = future ? std::string(shown.name) + ", announced" : shown.name;
    series.role = SeriesRole::Component;
    series.roleIndex = static_cast<int>(shown.colour);
    series.forecast = future;
    std::optional<Femto> before;
    for (const Instant day : days) {
        if (future ? day < today : day > today)
            continue;
        const RateCard card =
            book.rateCard(model, ServiceTier::Standard, {}, outsideWindows(book.model(model), day), true);
        const auto price = statedPrice(card, shown.usageClass);
        // A step: the day before still has the former price.
        if (before && price != before)
            series.points.push_back(moneyPoint(timeOf(Instant{day.micros - microsPerDay}), *before, book.currency()));
        series.points.push_back(price ? moneyPoint(timeOf(day), *price, book.currency())
                                      : missingPoint(timeOf(day), "no price"));
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

/// "Output fell from $15 to $10": the largest change of the last price shown.
std::string historyTitle(const std::string &name, const std::vector<FigureSeries> &series)
{
    std::size_t changed = 0;
    for (const FigureSeries &each : series)
        changed += hasSteps(each) ? 1 : 0;
    if (series.empty())
        return name + " has no price";
    return changed == 0 ? "The prices of " + name + " have not changed" : "The prices of " + name + " have changed";
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
    for (const ShownClass &shown : shownClasses) {
        FigureSeries past = seriesOf(book, index, shown, days, today, false);
        if (hasPoints(past))
            figure.series.push_back(std::move(past));
    }
    const std::string name = model.displayName.empty() ? model.key.model : model.displayName;
    figure.title = historyTitle(name, figure.series);
    if (last.micros > today.micros + microsPerDay) {
        for (const ShownClass &shown : shownClasses) {
            FigureSeries future = seriesOf(book, index, shown, days, today, true);
            if (hasSteps(future))
                figure.series.push_back(std::move(future));
        }
    }
    figure.subtitle = "List price per million tokens, standard tier, " + book.currency();
    figure.yTitle = book.currency() + " per million tokens";
    figure.emptyText = name + " has no price per token in the standard tier.";
    if (std::any_of(model.rates.begin(), model.rates.end(), [](const Rate &rate) { return rate.daily.has_value(); }))
        figure.notes.emplace_back("Some hours of the day have other prices; these are the ones outside of them.");
    figure.summary = figure.title + ".";
    return figure;
}

} // namespace perunit
