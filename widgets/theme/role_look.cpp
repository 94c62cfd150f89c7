// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/role_look.h"

#include "widgets/theme/colour_math.h"
#include "widgets/theme/style_painting.h"

#include <QFrame>
#include <QLabel>
#include <QPainter>
#include <QVariant>

namespace perunit {

namespace {

constexpr double textContrast = 4.5;
/// Set on widgets that once had a role, whose palette has to follow the theme.
const char *const followsTheme = "perunitRoleColours";

QColor toneColour(const Theme &theme, const QString &tone)
{
    if (tone == QLatin1String("favourable"))
        return theme.favourable;
    if (tone == QLatin1String("unfavourable"))
        return theme.unfavourable;
    if (tone == QLatin1String("warning"))
        return theme.warning;
    if (tone == QLatin1String("secondary"))
        return theme.secondaryText;
    if (tone == QLatin1String("accent"))
        return theme.accent;
    return {};
}

QColor tint(const Theme &theme, const QColor &colour)
{
    return mixed(colour, theme.surface, theme.dark ? 0.16 : 0.09);
}

QFont sized(Theme::TextRole role, QFont::Weight weight)
{
    QFont font = Theme::font(role);
    font.setWeight(weight);
    return font;
}

/// Labels that are text only.
std::optional<RoleLook> textLook(const Theme &theme, const QString &role)
{
    using Text = Theme::TextRole;
    RoleLook look;
    look.text = theme.text;
    if (role == QLatin1String("pageTitle"))
        look.font = Theme::font(Text::PageTitle);
    else if (role == QLatin1String("section"))
        look.font = Theme::font(Text::Section);
    else if (role == QLatin1String("keyFigure"))
        look.font = Theme::font(Text::KeyFigure);
    else if (role == QLatin1String("former"))
        look.font = Theme::font(Text::Body);
    else if (role == QLatin1String("heading"))
        look.font = sized(Text::Caption, QFont::DemiBold);
    else if (role == QLatin1String("caption") || role == QLatin1String("problem"))
        look.font = Theme::font(Text::Caption);
    else
        return std::nullopt;
    if (role == QLatin1String("problem"))
        look.text = theme.unfavourable;
    else if (role == QLatin1String("caption") || role == QLatin1String("heading") || role == QLatin1String("former"))
        look.text = theme.secondaryText;
    return look;
}

RoleLook chipLook(const Theme &theme, const QString &tone)
{
    RoleLook look;
    look.font = Theme::font(Theme::TextRole::Caption);
    const bool toned = !tone.isEmpty() && tone != QLatin1String("secondary");
    const QColor colour = toneColour(theme, tone);
    look.fill = toned ? tint(theme, colour) : mixed(theme.secondaryText, theme.surface, theme.dark ? 0.2 : 0.1);
    look.text = toned ? withContrast(colour, look.fill, textContrast) : theme.secondaryText;
    look.edges = {6, 1, 6, 1};
    look.radius = 4;
    return look;
}

/// Surfaces with things on them.
RoleLook frameLook(const Theme &theme, const QString &role, const QString &tone)
{
    RoleLook look;
    look.fill = theme.surface;
    look.border = theme.border;
    if (role == QLatin1String("card") || role == QLatin1String("strip")) {
        look.edges = {1, 1, 1, 1};
        look.radius = Theme::cornerRadius;
    }
    if (role == QLatin1String("card") && tone == QLatin1String("warning"))
        look.border = theme.warning;
    if (role == QLatin1String("strip")) {
        const QColor colour = tone.isEmpty() ? theme.accent : toneColour(theme, tone);
        look.fill = tint(theme, colour);
        look.border = mixed(colour, theme.surface, theme.dark ? 0.45 : 0.35);
    } else if (role == QLatin1String("popup")) {
        look.fill = theme.raised;
        look.border = theme.strongBorder;
        look.edges = {1, 1, 1, 1};
    } else if (role == QLatin1String("line")) {
        look.fill = theme.border;
        look.border = {};
    } else if (role == QLatin1String("rail")) {
        look.edges = {0, 0, 1, 0};
    } else if (role == QLatin1String("statusLine")) {
        look.edges = {0, 1, 0, 0};
    } else if (role == QLatin1String("inspector")) {
        look.edges = {1, 0, 0, 0};
    } else if (role == QLatin1String("page")) {
        look.fill = theme.window;
        look.border = {};
    } else if (role == QLatin1String("surface")) {
        look.border = {};
    }
    return look;
}

bool isFrameRole(const QString &role)
{
    static const QStringList frames{
        QStringLiteral("card"),       QStringLiteral("strip"),     QStringLiteral("popup"),
        QStringLiteral("line"),       QStringLiteral("rail"),      QStringLiteral("page"),
        QStringLiteral("statusLine"), QStringLiteral("inspector"), QStringLiteral("surface")};
    return frames.contains(role);
}

RoleLook lookOf(const QWidget *widget)
{
    return roleLook(currentTheme(), widget->property("role").toString(), widget->property("tone").toString());
}

bool hasRole(const QWidget *widget)
{
    return widget->property("role").isValid() || widget->property("tone").isValid();
}

} // namespace

RoleLook roleLook(const Theme &theme, const QString &role, const QString &tone)
{
    if (role == QLatin1String("chip"))
        return chipLook(theme, tone);
    if (isFrameRole(role))
        return frameLook(theme, role, tone);
    RoleLook look = textLook(theme, role).value_or(RoleLook{});
    if (const QColor colour = toneColour(theme, tone); colour.isValid())
        look.text = colour;
    return look;
}

void polishRole(QWidget *widget)
{
    if (!hasRole(widget))
        return;
    const QString role = widget->property("role").toString();
    if (qobject_cast<QLabel *>(widget)) {
        const RoleLook look = lookOf(widget);
        widget->setFont(look.font.value_or(QFont()));
        if (role == QLatin1String("chip"))
            widget->setContentsMargins(look.edges);
    } else if (isFrameRole(role)) {
        if (widget->contentsMargins().isNull())
            widget->setContentsMargins(lookOf(widget).edges);
        if (role == QLatin1String("line"))
            widget->setFixedHeight(1);
    } else {
        return; // buttons and fields: ControlStyle knows them
    }
    recolourRole(widget);
}

void recolourRole(QWidget *widget)
{
    const QString role = widget->property("role").toString();
    const bool label = qobject_cast<QLabel *>(widget) != nullptr;
    if (!label && role != QLatin1String("inspector"))
        return;
    const RoleLook look = lookOf(widget);
    QPalette palette;
    palette.setResolveMask(0);
    if (label && look.text.isValid()) {
        for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive})
            palette.setColor(group, QPalette::WindowText, look.text);
        palette.setColor(QPalette::Disabled, QPalette::WindowText, currentTheme().disabledText);
    }
    // What scrolls inside of an inspector stands on its surface.
    if (!label)
        palette.setColor(QPalette::Window, look.fill);
    if (palette.resolveMask() == 0 && !widget->property(followsTheme).isValid())
        return;
    widget->setProperty(followsTheme, true);
    widget->setPalette(palette);
}

bool paintRole(QPainter &painter, const QWidget *widget)
{
    if (!widget || !hasRole(widget))
        return false;
    const RoleLook look = lookOf(widget);
    if (!look.fill.isValid())
        return false;
    const QRectF box(widget->rect());
    if (look.radius > 0) {
        paintBox(painter, box, look.radius, look.fill, look.border);
        return true;
    }
    painter.fillRect(box, look.fill);
    if (!look.border.isValid())
        return true;
    const QRect inside = widget->rect();
    if (look.edges.left() > 0)
        painter.fillRect(QRect(inside.topLeft(), QSize(1, inside.height())), look.border);
    if (look.edges.right() > 0)
        painter.fillRect(QRect(inside.right(), 0, 1, inside.height()), look.border);
    if (look.edges.top() > 0)
        painter.fillRect(QRect(inside.topLeft(), QSize(inside.width(), 1)), look.border);
    if (look.edges.bottom() > 0)
        painter.fillRect(QRect(0, inside.bottom(), inside.width(), 1), look.border);
    return true;
}

} // namespace perunit
