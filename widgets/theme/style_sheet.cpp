// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/colour_math.h"
#include "widgets/theme/theme.h"

#include <QHash>

namespace perunit {

namespace {

/// Labels and frames by their role; all other controls are drawn by ControlStyle.
const char *const sheet = R"(
QLabel[role="pageTitle"] { font-size: 20px; font-weight: 600; color: $text; }
QLabel[role="section"] { font-size: 14px; font-weight: 600; color: $text; }
QLabel[role="caption"] { font-size: 12px; color: $secondary; }
QLabel[role="keyFigure"] { font-size: 28px; font-weight: 500; color: $text; }
QLabel[role="former"] { font-size: 13px; color: $secondary; }
QLabel[role="problem"] { font-size: 12px; color: $unfavourable; }
QLabel[role="heading"] { font-size: 12px; font-weight: 600; color: $secondary; }

QLabel[tone="favourable"] { color: $favourable; }
QLabel[tone="unfavourable"] { color: $unfavourable; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="secondary"] { color: $secondary; }
QLabel[tone="accent"] { color: $accent; }

QLabel[role="chip"] { font-size: 12px; color: $secondary; background: $chip; border-radius: 4px; padding: 1px 6px; }
QLabel[role="chip"][tone="favourable"] { color: $favourableText; background: $favourableTint; }
QLabel[role="chip"][tone="unfavourable"] { color: $unfavourableText; background: $unfavourableTint; }
QLabel[role="chip"][tone="warning"] { color: $warningText; background: $warningTint; }
QLabel[role="chip"][tone="accent"] { color: $accentInk; background: $accentTint; }

QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 6px; }
QFrame[role="card"][tone="warning"] { border-color: $warning; }
QFrame[role="strip"] { background: $accentTint; border: 1px solid $accentEdge; border-radius: 6px; }
QFrame[role="strip"][tone="favourable"] { background: $favourableTint; border-color: $favourableEdge; }
QFrame[role="strip"][tone="warning"] { background: $warningTint; border-color: $warningEdge; }
QFrame[role="strip"][tone="unfavourable"] { background: $unfavourableTint; border-color: $unfavourableEdge; }
QFrame[role="popup"] { background: $raised; border: 1px solid $strongBorder; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }

QFrame[role="rail"] { background: $surface; border: none; border-right: 1px solid $border; }
QFrame[role="statusLine"] { background: $surface; border: none; border-top: 1px solid $border; }
QWidget[role="inspector"] { background: $surface; border: none; border-left: 1px solid $border; }
QWidget[role="page"] { background: $window; }
QWidget[role="surface"] { background: $surface; }

QMenuBar { background: $surface; border-bottom: 1px solid $border; padding: 1px 4px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QToolTip { background: $raised; color: $text; border: 1px solid $strongBorder; padding: 4px 6px; }
)";

} // namespace

QString Theme::styleSheet() const
{
    const auto tint = [this](const QColor &colour) {
        return mixed(colour, surface, dark ? 0.16 : 0.09);
    };
    const auto edge = [this](const QColor &colour) {
        return mixed(colour, surface, dark ? 0.45 : 0.35);
    };
    const auto ink = [&tint](const QColor &colour) {
        return withContrast(colour, tint(colour), 4.5);
    };
    const QHash<QString, QColor> colours{
        {QStringLiteral("text"), text},
        {QStringLiteral("secondary"), secondaryText},
        {QStringLiteral("accent"), accent},
        {QStringLiteral("favourable"), favourable},
        {QStringLiteral("unfavourable"), unfavourable},
        {QStringLiteral("warning"), warning},
        {QStringLiteral("surface"), surface},
        {QStringLiteral("window"), window},
        {QStringLiteral("raised"), raised},
        {QStringLiteral("border"), border},
        {QStringLiteral("strongBorder"), strongBorder},
        {QStringLiteral("hover"), mixed(text, surface, 0.07)},
        {QStringLiteral("chip"), mixed(secondaryText, surface, dark ? 0.2 : 0.1)},
        {QStringLiteral("accentTint"), tint(accent)},
        {QStringLiteral("accentEdge"), edge(accent)},
        {QStringLiteral("accentInk"), ink(accent)},
        {QStringLiteral("favourableTint"), tint(favourable)},
        {QStringLiteral("favourableEdge"), edge(favourable)},
        {QStringLiteral("favourableText"), ink(favourable)},
        {QStringLiteral("unfavourableTint"), tint(unfavourable)},
        {QStringLiteral("unfavourableEdge"), edge(unfavourable)},
        {QStringLiteral("unfavourableText"), ink(unfavourable)},
        {QStringLiteral("warningTint"), tint(warning)},
        {QStringLiteral("warningEdge"), edge(warning)},
        {QStringLiteral("warningText"), ink(warning)},
    };
    // One pass over the names, so that "$accent" never eats the beginning of "$accentTint".
    QString result;
    const QString source = QString::fromLatin1(sheet);
    for (qsizetype at = 0; at < source.size();) {
        if (source[at] != QLatin1Char('$')) {
            result += source[at++];
            continue;
        }
        qsizetype end = at + 1;
        while (end < source.size() && source[end].isLetter())
            ++end;
        const auto found = colours.constFind(source.mid(at + 1, end - at - 1));
        Q_ASSERT(found != colours.constEnd());
        result += found->name();
        at = end;
    }
    return result;
}

} // namespace perunit
