// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/axis_scale.h"

#include "pricing/base/decimal.h"
#include "pricing/base/instant.h"
#include "widgets/text/text.h"

#include <array>
#include <cmath>

namespace perunit {

namespace {

/// A step of mantissa × 10^exponent.
struct Step {
    int mantissa = 1;
    int exponent = 0;
    [[nodiscard]] double size() const { return mantissa * std::pow(10.0, exponent); }
};

Step stepFor(double span, int wanted, ValueFormat format)
{
    const double raw = span / std::max(wanted, 1);
    Step step;
    step.exponent = static_cast<int>(std::floor(std::log10(raw)));
    const double fraction = raw / std::pow(10.0, step.exponent);
    if (fraction <= 1.0000001)
        step.mantissa = 1;
    else if (fraction <= 2.0000001)
        step.mantissa = 2;
    else if (fraction <= 5.0000001)
        step.mantissa = 5;
    else
        ++step.exponent;
    // There is no half of a request.
    if (format == ValueFormat::Count && step.exponent < 0)
        return {};
    return step;
}

QString grouped(QString digits)
{
    qsizetype whole = digits.indexOf(QLatin1Char('.'));
    if (whole < 0)
        whole = digits.size();
    for (qsizetype i = whole - 3; i > 0; i -= 3)
        digits.insert(i, QLatin1Char(','));
    return digits;
}

QString tickLabel(std::int64_t number, const Step &step, double largest, ValueFormat format)
{
    if (number == 0)
        return format == ValueFormat::Percent ? QStringLiteral("0 %") : QStringLiteral("0");
    struct Thin {
        int exponent;
        const char *suffix;
    };
    static constexpr std::array<Thin, 4> thinUnits{{{9, "bn"}, {6, "M"}, {3, "k"}, {0, ""}}};
    Thin thin = thinUnits.back();
    for (const Thin &candidate : thinUnits) {
        const double threshold = candidate.exponent == 3 ? 1e4 : std::pow(10.0, candidate.exponent);
        if (candidate.exponent > 0 && format != ValueFormat::Percent && largest >= threshold) {
            thin = candidate;
            break;
        }
    }
    Int128 units = static_cast<Int128>(number < 0 ? -number : number) * step.mantissa;
    int decimals = thin.exponent - step.exponent;
    for (; decimals < 0; ++decimals)
        units *= 10;
    QString text = grouped(toQt(formatDecimalFixed(units, decimals, decimals))) + QLatin1String(thin.suffix);
    if (format == ValueFormat::Percent)
        text += QStringLiteral(" %");
    return number < 0 ? QChar(0x2212) + text : text;
}

void addTicks(ValueScale &scale, const Step &step, std::int64_t first, std::int64_t last, ValueFormat format)
{
    const double size = step.size();
    const double largest = std::max(std::abs(static_cast<double>(first)), std::abs(static_cast<double>(last))) * size;
    for (std::int64_t number = first; number <= last; ++number)
        scale.ticks.append({static_cast<double>(number) * size, tickLabel(number, step, largest, format)});
}

QString monthName(Month month)
{
    static constexpr std::array<const char *, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return QLatin1String(names[static_cast<std::size_t>(month.month() - 1)]);
}

double secondsOf(Instant at)
{
    return static_cast<double>(at.micros) / static_cast<double>(microsPerSecond);
}

Instant instantOfSeconds(double seconds)
{
    return Instant{static_cast<std::int64_t>(std::llround(seconds)) * microsPerSecond};
}

QVector<AxisTick> monthTicks(double from, double to, int step)
{
    QVector<AxisTick> ticks;
    Month month = monthOf(instantOfSeconds(from));
    if (secondsOf(month.start()) < from)
        month = month.plus(1);
    // Quarters, half-years and years begin where they do in the calendar; shorter steps with the first month.
    while (step > 2 && month.index % step != 0)
        month = month.plus(1);
    int year = -1;
    for (; secondsOf(month.start()) <= to; month = month.plus(step)) {
        QString label = monthName(month);
        if (month.year() != year)
            label += QLatin1Char(' ') + QString::number(month.year());
        year = month.year();
        ticks.append({secondsOf(month.start()), label});
    }
    return ticks;
}

QVector<AxisTick> dayTicks(double from, double to, int step)
{
    QVector<AxisTick> ticks;
    constexpr double day = 86'400;
    int year = -1;
    for (double at = std::ceil(from / day) * day; at <= to; at += step * day) {
        const Instant instant = instantOfSeconds(at);
        const Month month = monthOf(instant);
        const auto number = dayOf(instant) - dayOf(month.start()) + 1;
        QString label = QString::number(number) + QLatin1Char(' ') + monthName(month);
        if (month.year() != year)
            label += QLatin1Char(' ') + QString::number(month.year());
        year = month.year();
        ticks.append({at, label});
    }
    return ticks;
}

} // namespace

ValueScale valueScale(double low, double high, int wanted, ValueFormat format)
{
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
    if (!(high - low > 0) || !std::isfinite(high - low)) {
        low = 0;
        high = 1;
    }
    const Step step = stepFor(high - low, wanted, format);
    const double size = step.size();
    // A hair of tolerance keeps 0.3 / 0.1 from asking for a tick at 0.4.
    const auto first = static_cast<std::int64_t>(std::floor(low / size + 1e-9));
    const auto last = std::max<std::int64_t>(static_cast<std::int64_t>(std::ceil(high / size - 1e-9)), first + 1);
    ValueScale scale;
    scale.range = {static_cast<double>(first) * size, static_cast<double>(last) * size};
    addTicks(scale, step, first, last, format);
    return scale;
}

ValueScale valueScaleWithin(const ValueRange &range, int wanted, ValueFormat format)
{
    const Step step = stepFor(range.span(), wanted, format);
    const double size = step.size();
    ValueScale scale;
    scale.range = range;
    addTicks(scale, step, static_cast<std::int64_t>(std::ceil(range.low / size - 1e-9)),
             static_cast<std::int64_t>(std::floor(range.high / size + 1e-9)), format);
    return scale;
}

QVector<QVector<AxisTick>> timeTickChoices(double fromSeconds, double toSeconds, bool monthly)
{
    QVector<QVector<AxisTick>> choices;
    constexpr double day = 86'400;
    if (!monthly && toSeconds - fromSeconds <= 75 * day) {
        for (const int step : {1, 2, 7, 14, 28}) {
            const QVector<AxisTick> ticks = dayTicks(fromSeconds, toSeconds, step);
            if (!ticks.isEmpty())
                choices.append(ticks);
        }
    }
    if (monthly || toSeconds - fromSeconds > 45 * day) {
        for (const int step : {1, 2, 3, 6, 12, 24, 60, 120}) {
            const QVector<AxisTick> ticks = monthTicks(fromSeconds, toSeconds, step);
            if (!ticks.isEmpty())
                choices.append(ticks);
        }
    }
    return choices;
}

} // namespace perunit
