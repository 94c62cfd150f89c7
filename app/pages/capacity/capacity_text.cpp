// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_text.h"

#include "app/pages/capacity/own_figures.h"
#include "app/pages/key_figures.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace perunit {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Capacity", text);
}

QString money(Femto amount, const std::string &currency)
{
    return toQt(moneyText(amount, currency));
}

Femto perMonth(Femto amount, const CostSpan &span)
{
    return costPerUnit(amount, span.months).value_or(amount);
}

/// "9 days", "3 hours", "20 minutes".
QString lengthText(Period period)
{
    const std::int64_t micros = period.to.micros - period.from.micros;
    const auto counted = [micros](std::int64_t unit, const char *one, const char *many) {
        const std::int64_t count = divideHalfEven(Int128{micros}, unit) < 1
                                       ? 1
                                       : static_cast<std::int64_t>(divideHalfEven(Int128{micros}, unit));
        return count == 1 ? tr(one) : tr(many).arg(count);
    };
    if (micros >= 2 * microsPerDay)
        return counted(microsPerDay, "1 day", "%1 days");
    if (micros >= 2 * microsPerHour)
        return counted(microsPerHour, "1 hour", "%1 hours");
    return counted(microsPerMinute, "1 minute", "%1 minutes");
}

/// "128,000" of "128000", wherever it stands in a text; four digits may be a year.
QString withSeparators(QString text)
{
    static const QRegularExpression longNumber(QStringLiteral("(?<![\\d.,-])\\d{5,18}(?![\\d.,-]*\\d)"));
    for (QRegularExpressionMatch match = longNumber.match(text); match.hasMatch(); match = longNumber.match(text)) {
        const QString grouped = toQt(exactCountText(match.captured().toLongLong()));
        text.replace(match.capturedStart(), match.capturedLength(), grouped);
    }
    return text;
}

/// First letter large, a full stop at the end: the model speaks in parts of sentences.
QString asSentence(const std::string &text)
{
    QString sentence = withSeparators(toQt(text).trimmed());
    if (sentence.isEmpty())
        return sentence;
    sentence[0] = sentence[0].toUpper();
    if (!sentence.endsWith(QLatin1Char('.')))
        sentence += QLatin1Char('.');
    return sentence;
}

/// "units" of "unit", "dollars a minute" of "dollar a minute"; names in capitals stay as they are.
QString unitNameFor(std::int64_t units, const std::string &unitName)
{
    QString name = toQt(unitName);
    if (units == 1)
        return name;
    const qsizetype end = name.startsWith(QLatin1String("dollar ")) ? 6 : name.size();
    return end > 0 && name[end - 1].isLower() ? name.insert(end, QLatin1Char('s')) : name;
}

/// What replicas of one's own write, by the million tokens.
QString millionSentence(const CapacityAnswer &answer)
{
    if (!answer.perMillionOutput)
        return tr("No number of replicas costs less than pay-as-you-go.");
    return tr("A million output tokens cost %1 with the cheapest number of replicas, spill and people included.")
        .arg(money(*answer.perMillionOutput, answer.currency));
}

QString utilisationSentence(const CapacityAnswer &answer)
{
    const BreakEvens &even = answer.breakEvens;
    const QString head = tr("Against pay-as-you-go: ");
    if (!even.utilisation)
        return head + tr("nothing of this load has a price to compare with.");
    QString months;
    if (even.utilisationShortMonth && even.utilisationLongMonth)
        months = tr(" (%1 in a month of 28 days, %2 in one of 31)")
                     .arg(ppmText(*even.utilisationShortMonth), ppmText(*even.utilisationLongMonth));
    if (*even.utilisation >= onePpm)
        return head + tr("a unit never pays. It would have to be %1 full%2.").arg(ppmText(*even.utilisation), months);
    return head
           + tr("a unit must be %1 full to cost no more than the tokens it serves%2.")
                 .arg(ppmText(*even.utilisation), months);
}

QString hoursSentence(const CapacityAnswer &answer)
{
    const BreakEvens &even = answer.breakEvens;
    const QString head = tr("Against hourly units: ");
    if (answer.term == "hourly")
        return head + tr("this is the hourly term itself.");
    if (!even.hours)
        return head + tr("none are sold, or their price is not known.");
    return head
           + tr("the term pays when units are deployed %1 of the 730 hours of a month (%2).")
                 .arg(decimalText(*even.hours, 1), ppmText(even.hoursShare.value_or(0)));
}

QString monthsSentence(const CapacityAnswer &answer)
{
    const QString head = tr("Against the term of one month: ");
    if (answer.term == "1-month")
        return head + tr("this is the term of one month itself.");
    if (!answer.breakEvens.months)
        return head + tr("the comparison has no meaning for this term, or there is no term of one month.");
    return head + tr("the term pays when it is kept %1 months.").arg(decimalText(*answer.breakEvens.months, 1));
}

} // namespace

CostSpan costSpanOf(const BaselineSettings &settings, Period period)
{
    if (settings.horizonMonths > 0)
        return {settings.horizonMonths, tr("over %1").arg(monthsText(settings.horizonMonths)), tr("a month")};
    const Month first = monthOf(period.from);
    const Month end = monthOf(period.to);
    if (first.start() == period.from && end.start() == period.to && first < end)
        return {end.index - first.index, toQt(spanText(first, end.plus(-1))), tr("a month")};
    const QString whole = tr("over %1").arg(lengthText(period));
    return {1, whole, whole};
}

QString unitsText(std::int64_t units, const std::string &unitName)
{
    if (units == 0)
        return tr("none");
    const QString count = toQt(exactCountText(units));
    // A unit that is a quantity itself: so many times it.
    if (!unitName.empty() && unitName.front() >= '0' && unitName.front() <= '9')
        return QStringLiteral("%1 × %2").arg(count, toQt(unitName));
    return QStringLiteral("%1 %2").arg(count, unitNameFor(units, unitName));
}

QString sizeText(std::int64_t units, const std::string &unitName, const std::optional<SizeFigures> &output)
{
    if (!output || units == 0)
        return unitsText(units, unitName);
    return tr("%1 for input and %2 for output").arg(unitsText(units, unitName), toQt(exactCountText(output->units)));
}

QString optimumText(const CapacityAnswer &answer)
{
    return sizeText(answer.optimum.units, answer.unitName, answer.outputOptimum);
}

QString ppmText(PartsPerMillion share)
{
    return toQt(shareOfText(share, onePpm));
}

QString decimalText(PartsPerMillion value, int digits)
{
    return toQt(formatDecimalFixed(value, 6, digits));
}

QString binText(int seconds)
{
    if (seconds == 60)
        return tr("minute");
    if (seconds == 3600)
        return tr("hour");
    if (seconds == 1)
        return tr("second");
    return seconds % 60 == 0 ? tr("%1 minutes").arg(seconds / 60) : tr("%1 seconds").arg(seconds);
}

QString termText(const std::string &term)
{
    return toQt(term).replace(QLatin1Char('-'), QLatin1Char(' '));
}

QString regretSentence(const CapacityAnswer &answer, const SizeFigures &shown, const CostSpan &span)
{
    const Femto more = shown.cost() - answer.optimum.cost();
    if (more <= Femto()) {
        if (answer.optimum.units == 0)
            return tr("No size of this offer costs less than pay-as-you-go.");
        const Femto saved = answer.payAsYouGo - answer.optimum.cost();
        return tr("The cheapest size: %1 less %2 than pay-as-you-go.")
            .arg(money(perMonth(saved, span), answer.currency), span.each);
    }
    const QString amount = money(perMonth(more, span), answer.currency);
    if (answer.optimum.units == 0)
        return tr("%1 more %2 than pay-as-you-go, which costs least.").arg(amount, span.each);
    return tr("%1 more %2 than at the optimum of %3.").arg(amount, span.each, optimumText(answer));
}

QStringList breakEvenSentences(const CapacityAnswer &answer)
{
    if (isOwnReplicas(answer.offer))
        return {utilisationSentence(answer), millionSentence(answer)};
    return {utilisationSentence(answer), hoursSentence(answer), monthsSentence(answer)};
}

QStringList stressSentences(const CapacityAnswer &answer)
{
    QStringList sentences;
    const std::int64_t units = answer.at ? answer.at->units : answer.optimum.units;
    for (const PriceCut &cut : answer.stress) {
        QString sentence = tr("If tokens become %1 cheaper: ").arg(ppmText(cut.cut));
        if (units == 0)
            sentence +=
                tr("nothing is reserved, and pay-as-you-go falls to %1.").arg(money(cut.payAsYouGo, answer.currency));
        else
            sentence += tr("%1 cost %2 against %3 pay-as-you-go and %4.")
                            .arg(unitsText(units, answer.unitName), money(cut.cost, answer.currency),
                                 money(cut.payAsYouGo, answer.currency),
                                 cut.stillPays() ? tr("still pay") : tr("no longer pay"));
        if (cut.bestUnits != units)
            sentence +=
                QLatin1Char(' ')
                + (cut.bestUnits == 0 ? tr("It would be best to reserve nothing then.")
                                      : tr("%1 would be best then.").arg(unitsText(cut.bestUnits, answer.unitName)));
        sentences << sentence;
    }
    return sentences;
}

QString bucketSentence(const CapacityAnswer &answer, std::int64_t units)
{
    for (const BucketBand &band : answer.bands) {
        if (band.units != units || band.depths.empty())
            continue;
        QStringList parts;
        for (auto depth = band.depths.rbegin(); depth != band.depths.rend(); ++depth)
            parts << tr("%1 with a bucket of %2 s").arg(ppmText(depth->spillShare)).arg(depth->seconds);
        return tr("Spill request by request: %1.").arg(parts.join(QStringLiteral(", ")));
    }
    return {};
}

QStringList remarksOf(const CapacitySizing &sizing, const CapacityWords &words)
{
    const CapacityAnswer &answer = sizing.answer;
    QStringList remarks;
    if (!words.own.isEmpty())
        remarks << tr("Computed with own figures: %1.").arg(words.own.join(QStringLiteral("; ")));
    if (sizing.billLines > 0)
        remarks << tr("%1 lines of bills count tokens, but not requests; each counts at the moment that it is dated.")
                       .arg(toQt(countText(sizing.billLines)));
    for (const CapacityFlag &flag : answer.flags)
        remarks << asSentence(flag.text);
    if (answer.bounds.spillIsLowerBound)
        remarks << tr("Spill is counted by the %1 and is a lower bound: shorter bursts spill more.")
                       .arg(binText(answer.bounds.seconds));
    if (!answer.checked.empty())
        remarks << tr("Facts of the offer were checked on %1.").arg(toQt(answer.checked));
    return remarks;
}

QString coarseSentence(const CapacitySizing &sizing, const CostSpan &span)
{
    const CapacityAnswer &answer = sizing.answer;
    QString sentence =
        sizing.billLines == sizing.rows
            ? tr("This ledger holds lines of bills only: tokens of a day, without the moments of their requests.")
            : tr("%1 of this load is known as sums over longer times only.").arg(ppmText(answer.bounds.coarserShare));
    if (!sizing.even)
        return sentence;
    const SizeCost &best = sizing.even->optimum;
    sentence += QLatin1Char('\n');
    if (best.units == 0)
        return sentence
               + tr("Even if it arrived evenly, no size of this offer would cost less than pay-as-you-go (%1 %2).")
                     .arg(money(sizing.even->payAsYouGo, answer.currency), span.whole);
    return sentence
           + tr("If it arrived evenly, %1 would cost least: %2 %3 against %4 pay-as-you-go. No real course of the day "
                "costs less than that, and more units than these save nothing that is certain.")
                 .arg(unitsText(best.units, answer.unitName), money(best.cost(), answer.currency), span.whole,
                      money(sizing.even->payAsYouGo, answer.currency));
}

} // namespace perunit
