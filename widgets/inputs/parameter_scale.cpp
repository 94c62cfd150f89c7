// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/parameter_scale.h"

#include "pricing/base/decimal.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace perunit {

namespace {

constexpr std::int64_t percent = onePpm / 100;
constexpr std::int64_t shareGrid = percent;
constexpr std::int64_t factorGrid = onePpm / 20;
constexpr std::int64_t growthGrid = percent / 2;
constexpr std::int64_t leastFactor = onePpm / 4;
constexpr std::int64_t mostFactor = 4 * onePpm;
constexpr std::int64_t leastGrowth = -10 * percent;
constexpr std::int64_t mostGrowth = 20 * percent;
constexpr std::int64_t defaultUnitSteps = 20;
const QChar minusSign(0x2212);

QString tr(const char *text)
{
    return QCoreApplication::translate("ParameterScale", text);
}

/// Plain decimal text of what was typed in a locale; empty when its separators stand in the wrong places, because
/// "1,5" must never become 15.
QString plainDecimal(const QString &typed, const QLocale &locale)
{
    QString text = typed;
    text.replace(minusSign, QLatin1Char('-'));
    const QString point = locale.decimalPoint();
    const QString group = locale.groupSeparator();
    const auto at = text.indexOf(point);
    QString whole = at < 0 ? text : text.left(at);
    const QString fraction = at < 0 ? QString() : text.mid(at + point.size());
    if (!group.isEmpty() && whole.contains(group)) {
        const QStringList groups = whole.split(group);
        const auto digits = [](const QString &part) {
            return std::count_if(part.begin(), part.end(), [](QChar each) { return each.isDigit(); });
        };
        if (digits(groups.first()) < 1 || digits(groups.first()) > 3)
            return {};
        for (qsizetype i = 1; i < groups.size(); ++i) {
            if (groups[i].size() != 3 || digits(groups[i]) != 3)
                return {};
        }
        whole = groups.join(QString());
    }
    return fraction.isEmpty() && at < 0 ? whole : whole + QLatin1Char('.') + fraction;
}

std::int64_t roundedDown(std::int64_t value, std::int64_t grid)
{
    const std::int64_t quotient = value / grid;
    return (value % grid < 0 ? quotient - 1 : quotient) * grid;
}

/// One, two or five times a power of ten, at most a hundredth of the range.
std::int64_t roundStep(std::int64_t range, std::int64_t least)
{
    std::int64_t step = std::max<std::int64_t>(least, 1);
    constexpr std::array<std::int64_t, 3> digits{2, 5, 10};
    for (std::int64_t power = step;; power *= 10) {
        for (const std::int64_t digit : digits) {
            if (digit > range / 100 / power)
                return step;
            step = digit * power;
        }
    }
}

} // namespace

ParameterScale::ParameterScale(const ParameterSpec &spec, std::int64_t minimumUnits, std::int64_t stepUnits,
                               std::int64_t sliderMaximum)
    : m_unit(spec.unit)
    , m_minimum(spec.minimum)
    , m_maximum(spec.maximum)
    , m_sliderMinimum(spec.minimum)
    , m_sliderMaximum(spec.maximum)
{
    switch (m_unit) {
    case ParameterUnit::Factor:
        m_grid = factorGrid;
        m_sliderMinimum = std::max(m_minimum, leastFactor);
        m_sliderMaximum = std::min(m_maximum, mostFactor);
        break;
    case ParameterUnit::Growth:
        m_grid = growthGrid;
        m_sliderMinimum = std::max(m_minimum, leastGrowth);
        m_sliderMaximum = std::min(m_maximum, mostGrowth);
        break;
    case ParameterUnit::Units:
        m_grid = std::max<std::int64_t>(1, stepUnits);
        m_firstUnits = std::max<std::int64_t>(1, minimumUnits);
        m_sliderMinimum = 0;
        if (sliderMaximum <= 0)
            sliderMaximum = m_firstUnits + defaultUnitSteps * m_grid;
        m_sliderMaximum = snapped(std::min(m_maximum, std::max(sliderMaximum, m_firstUnits)));
        break;
    case ParameterUnit::Decimal:
    case ParameterUnit::Money:
    case ParameterUnit::Count:
        m_sliderMaximum = std::max(m_minimum, spec.usual > 0 ? spec.usual : m_maximum);
        m_grid = roundStep(m_sliderMaximum - m_sliderMinimum, m_unit == ParameterUnit::Count ? 1 : 0);
        break;
    default:
        m_grid = shareGrid;
        break;
    }
    // A range without width would divide by nothing.
    m_sliderMaximum = std::max(m_sliderMaximum, m_sliderMinimum + 1);
}

int ParameterScale::positionOf(std::int64_t value) const
{
    const auto low = static_cast<double>(m_sliderMinimum);
    const auto high = static_cast<double>(m_sliderMaximum);
    const double inside = std::clamp(static_cast<double>(value), low, high);
    const double share = m_unit == ParameterUnit::Factor && low > 0 ? std::log(inside / low) / std::log(high / low)
                                                                    : (inside - low) / (high - low);
    return static_cast<int>(std::lround(share * positions));
}

std::int64_t ParameterScale::valueAt(int position) const
{
    const double share = std::clamp(static_cast<double>(position) / positions, 0.0, 1.0);
    const auto low = static_cast<double>(m_sliderMinimum);
    const auto high = static_cast<double>(m_sliderMaximum);
    const double value =
        m_unit == ParameterUnit::Factor && low > 0 ? low * std::pow(high / low, share) : low + share * (high - low);
    return std::clamp(snapped(std::llround(value)), m_sliderMinimum, m_sliderMaximum);
}

std::int64_t ParameterScale::snapped(std::int64_t value) const
{
    if (m_unit != ParameterUnit::Units)
        return roundedDown(value + m_grid / 2, m_grid);
    if (value < m_firstUnits)
        return 2 * value < m_firstUnits ? 0 : m_firstUnits;
    return m_firstUnits + roundedDown(value - m_firstUnits + m_grid / 2, m_grid);
}

std::int64_t ParameterScale::stepped(std::int64_t value, int steps) const
{
    std::int64_t result = value;
    for (int i = 0; i < std::abs(steps); ++i) {
        if (m_unit == ParameterUnit::Units) {
            if (steps > 0)
                result = result < m_firstUnits ? m_firstUnits
                                               : m_firstUnits + roundedDown(result - m_firstUnits, m_grid) + m_grid;
            else
                result = result <= m_firstUnits ? 0 : m_firstUnits + roundedDown(result - m_firstUnits - 1, m_grid);
        } else {
            result = steps > 0 ? roundedDown(result, m_grid) + m_grid : roundedDown(result - 1, m_grid);
        }
        if (result <= m_minimum || result >= m_maximum)
            break;
    }
    return std::clamp(result, m_minimum, m_maximum);
}

int ParameterScale::decimals() const
{
    switch (m_unit) {
    case ParameterUnit::Share:
    case ParameterUnit::Growth:
        return 4; // millionths as per cent
    default:
        return decimalsOf(m_unit);
    }
}

QString ParameterScale::numberText(std::int64_t value, const QLocale &locale) const
{
    QString text = toQt(formatDecimal(value, decimals()));
    const bool negative = text.startsWith(QLatin1Char('-'));
    if (negative)
        text.remove(0, 1);
    auto point = text.indexOf(QLatin1Char('.'));
    // Money has no single decimal: 0.50, not 0.5.
    if (m_unit == ParameterUnit::Money && point >= 0 && text.size() - point < 3)
        text += QLatin1Char('0');
    const auto wholeDigits = point < 0 ? text.size() : point;
    if (point >= 0)
        text.replace(point, 1, locale.decimalPoint());
    if (!(locale.numberOptions() & QLocale::OmitGroupSeparator)) {
        for (auto at = wholeDigits - 3; at > 0; at -= 3)
            text.insert(at, locale.groupSeparator());
    }
    if (negative)
        text.prepend(minusSign);
    else if (m_unit == ParameterUnit::Growth && value > 0)
        text.prepend(QLatin1Char('+'));
    return text;
}

QString ParameterScale::prefix() const
{
    return m_unit == ParameterUnit::Factor ? QStringLiteral("×") : QString();
}

QString ParameterScale::suffix() const
{
    switch (m_unit) {
    case ParameterUnit::Share:
        return tr(" %");
    case ParameterUnit::Growth:
        return tr(" % a month");
    case ParameterUnit::Units:
        return m_unitName.isEmpty() ? tr(" units") : QLatin1Char(' ') + m_unitName;
    case ParameterUnit::Money:
        return m_unitName.isEmpty() ? QString() : QLatin1Char(' ') + m_unitName;
    default:
        return {};
    }
}

QString ParameterScale::text(std::int64_t value, const QLocale &locale) const
{
    return prefix() + numberText(value, locale) + suffix();
}

std::optional<std::int64_t> ParameterScale::read(const QString &text, const QLocale &locale) const
{
    const auto squeezed = [](QString each) {
        each.remove(QLatin1Char(' '));
        each.remove(QChar(0x00a0));
        each.remove(QChar(0x202f));
        return each;
    };
    QString number = squeezed(text);
    QStringList units{squeezed(suffix())};
    if (m_unit == ParameterUnit::Growth || m_unit == ParameterUnit::Share)
        units << QStringLiteral("%");
    for (const QString &unit : std::as_const(units)) {
        if (!unit.isEmpty() && number.endsWith(unit, Qt::CaseInsensitive)) {
            number.chop(unit.size());
            break;
        }
    }
    if (m_unit == ParameterUnit::Factor) {
        if (number.startsWith(QChar(0x00d7)) || number.startsWith(QLatin1Char('x'), Qt::CaseInsensitive))
            number.remove(0, 1);
    }
    if (number.startsWith(QLatin1Char('+')))
        number.remove(0, 1);
    QLocale grouped = locale;
    QString plain = plainDecimal(number, grouped);
    // A blank as group separator was taken out above.
    if (plain.isEmpty() || plain.contains(QLatin1Char('e'), Qt::CaseInsensitive))
        return std::nullopt;
    const auto decimal = parseDecimal(fromQt(plain), decimals());
    if (!decimal || decimal->rounded)
        return std::nullopt;
    if (decimal->units > std::numeric_limits<std::int64_t>::max()
        || decimal->units < std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return static_cast<std::int64_t>(decimal->units);
}

QString ParameterScale::refusal(std::int64_t value, const QLocale &locale) const
{
    if (value < m_minimum || value > m_maximum)
        return tr("Must be between %1 and %2.").arg(text(m_minimum, locale), text(m_maximum, locale));
    if (m_unit == ParameterUnit::Units && value > 0 && (value < m_firstUnits || (value - m_firstUnits) % m_grid != 0)) {
        const std::int64_t below = stepped(value, -1);
        return tr("Sold from %1 in steps of %2: %3 or %4.")
            .arg(numberText(m_firstUnits, locale), numberText(m_grid, locale), numberText(below, locale),
                 text(stepped(value, 1), locale));
    }
    return {};
}

} // namespace perunit
