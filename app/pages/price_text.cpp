// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/price_text.h"

#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>
#include <map>

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

/// Kinds of deployments stand where places do.
QString regionText(const std::string &region)
{
    if (region == "datazone")
        return translated("data zone");
    return region == "regional" || region == "global" ? translated(region.c_str())
                                                      : translated("region %1").arg(toQt(region));
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

QString counted(std::size_t count, const QString &one, const QString &many)
{
    return count == 1 ? one : many.arg(toQt(countText(static_cast<std::int64_t>(count))));
}

QString catalogueFormatName(const std::string &format)
{
    static const std::map<std::string, const char *> names{
        {"perunit", QT_TRANSLATE_NOOP("PriceText", "Perunit")},
        {"litellm", "LiteLLM"},
        {"genai-prices", "genai-prices"},
        {"models.dev", "models.dev"},
        {"openrouter", "OpenRouter"},
        {"langfuse", "Langfuse"},
        {"llm-prices", "llm-prices"},
        {"llm-prices-current", "llm-prices"},
        {"price-sheet", QT_TRANSLATE_NOOP("PriceText", "price sheet")}};
    const auto found = names.find(format);
    return found == names.end() ? toQt(format) : translated(found->second);
}

QString issuePlace(const std::string &path)
{
    if (path.empty() || path.front() != '/')
        return toQt(path);
    // A JSON pointer: "~1" is a slash that belongs to a name.
    QStringList names = toQt(path).mid(1).split(QLatin1Char('/'));
    for (QString &name : names)
        name.replace(QLatin1String("~1"), QLatin1String("/")).replace(QLatin1String("~0"), QLatin1String("~"));
    return names.join(QStringLiteral(" › "));
}

QString className(UsageClass usageClass)
{
    static const std::array<const char *, usageClassCount> names{
        QT_TRANSLATE_NOOP("PriceText", "Input"),
        QT_TRANSLATE_NOOP("PriceText", "Cache read"),
        QT_TRANSLATE_NOOP("PriceText", "Cache write, 5 minutes"),
        QT_TRANSLATE_NOOP("PriceText", "Cache write, 1 hour"),
        QT_TRANSLATE_NOOP("PriceText", "Output"),
        QT_TRANSLATE_NOOP("PriceText", "Audio in"),
        QT_TRANSLATE_NOOP("PriceText", "Audio out"),
        QT_TRANSLATE_NOOP("PriceText", "Image in"),
        QT_TRANSLATE_NOOP("PriceText", "Image out"),
        QT_TRANSLATE_NOOP("PriceText", "Embedding"),
        QT_TRANSLATE_NOOP("PriceText", "Call"),
        QT_TRANSLATE_NOOP("PriceText", "Web search"),
        QT_TRANSLATE_NOOP("PriceText", "Audio length"),
        QT_TRANSLATE_NOOP("PriceText", "Page"),
        QT_TRANSLATE_NOOP("PriceText", "Image"),
        QT_TRANSLATE_NOOP("PriceText", "Cache read, audio"),
        QT_TRANSLATE_NOOP("PriceText", "Cache read, image"),
        QT_TRANSLATE_NOOP("PriceText", "Reasoning"),
        QT_TRANSLATE_NOOP("PriceText", "Cache storage"),
        QT_TRANSLATE_NOOP("PriceText", "File search"),
        QT_TRANSLATE_NOOP("PriceText", "Code execution"),
        QT_TRANSLATE_NOOP("PriceText", "Characters"),
        QT_TRANSLATE_NOOP("PriceText", "Video length")};
    return translated(names[static_cast<std::size_t>(usageClass)]);
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
        parts << regionText(region);
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
