// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/key_figures.h"

#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QDate>
#include <QLocale>

namespace perunit {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("KeyFigures", text);
}

} // namespace

std::optional<Femto> costPerUnit(Femto cost, std::int64_t count)
{
    if (count <= 0)
        return std::nullopt;
    return Femto::ofUnits(divideHalfEven(cost.units(), count));
}

std::optional<Femto> knownTotal(const Outcome &outcome)
{
    return outcome.isUnknown() ? std::nullopt : std::optional(outcome.total());
}

QString changeWithArrow(Femto before, Femto after)
{
    if (before == after)
        return translated("unchanged");
    return (after < before ? QStringLiteral("▼ ") : QStringLiteral("▲ ")) + toQt(changeText(before, after));
}

QString monthsText(int months)
{
    return months == 1 ? translated("1 month") : translated("%1 months").arg(months);
}

QString shortMonthName(Month month)
{
    return QLocale().toString(QDate(month.year(), month.month(), 1), QStringLiteral("MMM yyyy"));
}

QString monthName(Month month)
{
    return QLocale().toString(QDate(month.year(), month.month(), 1), QStringLiteral("MMMM yyyy"));
}

KeyFigure costFigure(const QString &label, std::optional<Femto> amount, std::optional<Femto> former,
                     const std::string &currency, AmountKind kind)
{
    KeyFigure figure;
    figure.label = label;
    const auto text = [&](Femto value) {
        return toQt(kind == AmountKind::PerUnit ? perUnitText(value, currency) : moneyText(value, currency));
    };
    figure.value = amount ? text(*amount) : QStringLiteral("–");
    if (amount)
        figure.toolTip = translated("Exactly %1 %2").arg(toQt(amount->text()), toQt(currency));
    if (!amount || !former)
        return figure;
    figure.former = text(*former);
    figure.delta = toQt(changeText(*former, *amount));
    figure.deltaRises = *amount > *former;
    figure.tone = *amount < *former   ? DeltaTone::Favourable
                  : *amount > *former ? DeltaTone::Unfavourable
                                      : DeltaTone::Neutral;
    return figure;
}

bool isWholeMonth(Month month, Period period)
{
    return period.from <= month.start() && month.plus(1).start() <= period.to;
}

KeyFigure unitHistoryFigure(const UnitActuals &unit, Period ledger, const std::string &currency)
{
    std::vector<Femto> months;
    std::vector<double> trend;
    for (const UnitActuals::Step &month : unit.months) {
        if (!isWholeMonth(monthOf(month.from), ledger))
            continue;
        if (const auto cost = costPerUnit(month.cost, month.count)) {
            months.push_back(*cost);
            trend.push_back(cost->approximate());
        }
    }
    const bool unknown = unit.isUnknown();
    KeyFigure figure = costFigure(translated("Cost per %1").arg(toQt(unit.name)),
                                  unknown ? std::nullopt : costPerUnit(unit.cost, unit.count), std::nullopt, currency,
                                  AmountKind::PerUnit);
    figure.trend = trend;
    if (unit.count <= 0 || unknown) {
        figure.sentence = unknown ? translated("%1 tokens without a price").arg(toQt(countText(unit.unpricedTokens)))
                                  : toQt(unit.problem);
        return figure;
    }
    figure.sentence = translated("%1 counted").arg(toQt(countText(unit.count)));
    if (months.size() >= 2) {
        const KeyFigure change =
            costFigure({}, months.back(), months[months.size() - 2], currency, AmountKind::PerUnit);
        figure.delta = change.delta;
        figure.deltaRises = change.deltaRises;
        figure.tone = change.tone;
        figure.sentence = translated("%1 last month · %2 counted").arg(change.value, toQt(countText(unit.count)));
    }
    return figure;
}

KeyFigure unitOutcomeFigure(const UnitOutcome &unit, const Outcome &shown, const Outcome &base)
{
    const UnitOutcome *before = &shown == &base ? nullptr : base.unit(unit.name);
    KeyFigure figure = costFigure(translated("Cost per %1").arg(toQt(unit.name)), unit.costPerUnit(),
                                  before ? before->costPerUnit() : std::nullopt, shown.currency, AmountKind::PerUnit);
    const auto count = static_cast<std::int64_t>(divideHalfEven(unit.count, onePpm));
    figure.sentence =
        count > 0 ? translated("%1 counted").arg(toQt(countText(count))) : translated("none counted in the baseline");
    return figure;
}

} // namespace perunit
