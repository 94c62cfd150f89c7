// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/price_text.h"

#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace perunit {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("PriceText", text);
}

bool isQuotedPerMillion(UsageClass usageClass)
{
    return isTokenClass(usageClass) || usageClass == UsageClass::Characters || usageClass == UsageClass::CacheStorage;
}

QString timeOfDay(std::int32_t minute)
{
    return QStringLiteral("%1:%2").arg(minute / 60, 2, 10, QLatin1Char('0')).arg(minute % 60, 2, 10, QLatin1Char('0'));
}

QString windowText(const DailyWindow &window)
{
    const QString hours = translated("%1–%2 UTC").arg(timeOfDay(window.fromMinute), timeOfDay(window.toMinute));
    if (window.weekdays == 0x7f)
        return hours;
    static const std::array<const char *, 7> names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    QStringList days;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if ((window.weekdays >> i) & 1)
            days << translated(names[i]);
    }
    return days.join(QLatin1Char(' ')) + QLatin1Char(' ') + hours;
}

} // namespace

QString className(UsageClass usageClass)
{
    QString name = toQt(nameOf(usageClass));
    name.replace(QLatin1Char('_'), QLatin1Char(' '));
    name[0] = name[0].toUpper();
    return name;
}

QString priceUnit(UsageClass usageClass)
{
    if (isTokenClass(usageClass))
        return translated("per million tokens");
    switch (usageClass) {
    case UsageClass::Request:
        return translated("per call");
    case UsageClass::WebSearch:
    case UsageClass::FileSearch:
        return translated("per search");
    case UsageClass::AudioSeconds:
    case UsageClass::VideoSeconds:
        return translated("per second");
    case UsageClass::Page:
        return translated("per page");
    case UsageClass::Image:
        return translated("per image");
    case UsageClass::CodeExecution:
        return translated("per session");
    case UsageClass::Characters:
        return translated("per million characters");
    case UsageClass::CacheStorage:
        return translated("per million tokens and hour");
    default:
        return translated("each");
    }
}

QString priceText(UsageClass usageClass, std::int64_t femto)
{
    const Int128 times = isQuotedPerMillion(usageClass) ? 1'000'000 : 1;
    return toQt(formatDecimal(femto * times, Femto::scale));
}

ValueCell priceCell(UsageClass usageClass, std::optional<std::int64_t> femto, const QString &whyUnknown)
{
    if (!femto)
        return ValueCell::unknown(whyUnknown);
    ValueCell cell = ValueCell::ofNumber(priceText(usageClass, *femto), static_cast<double>(*femto));
    cell.toolTip = priceUnit(usageClass);
    return cell;
}

QString conditionText(ServiceTier tier, const std::string &region, const std::optional<ContextThreshold> &band,
                      const std::optional<DailyWindow> &daily)
{
    QStringList parts;
    if (tier != ServiceTier::Standard)
        parts << toQt(nameOf(tier));
    if (!region.empty())
        parts << toQt(region);
    if (band)
        parts << QStringLiteral("%1 %2 tokens")
                     .arg(band->inclusive ? QStringLiteral("≥") : QStringLiteral(">"), toQt(countText(band->tokens)));
    if (daily)
        parts << windowText(*daily);
    return parts.join(QStringLiteral(", "));
}

QString conditionText(const Rate &rate)
{
    QString text = conditionText(rate.tier, rate.region, rate.context, rate.daily);
    const auto append = [&text](const char *status) {
        text += (text.isEmpty() ? QString() : QStringLiteral(", ")) + translated(status);
    };
    if (rate.status == RateStatus::Announced)
        append("announced");
    else if (rate.status == RateStatus::Cancelled)
        append("cancelled");
    else if (rate.status == RateStatus::Estimated)
        append("estimated");
    else if (rate.status == RateStatus::Contract)
        append("contract");
    return text;
}

QString modelKeyText(const ModelKey &key)
{
    return toQt(key.provider + "/" + key.model);
}

QString dayText(Instant at)
{
    if (at == alwaysBefore)
        return translated("always");
    return at == alwaysAfter ? QString() : toQt(formatDate(at));
}

ValueCell costCell(const std::optional<Femto> &cost, const std::string &currency, CellTone tone)
{
    if (!cost)
        return ValueCell::unknown(translated("nothing of it has a price"));
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(*cost, currency)), cost->approximate(), tone);
    cell.exact = toQt(cost->text());
    cell.toolTip = translated("Exactly %1 %2").arg(cell.exact, toQt(currency));
    return cell;
}

ValueCell costChangeCell(Femto before, Femto after, const std::string &currency)
{
    const Femto change = after - before;
    if (change.isZero())
        return ValueCell::ofNumber(translated("unchanged"), 0, CellTone::Secondary);
    ValueCell cell = ValueCell::ofNumber(toQt(signedMoneyText(change, currency)), change.approximate(),
                                         change < Femto{} ? CellTone::Favourable : CellTone::Unfavourable);
    cell.exact = toQt(change.text());
    cell.toolTip = toQt(changeText(before, after));
    return cell;
}

} // namespace perunit
