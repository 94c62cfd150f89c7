// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"

#include "model/engine/outcome.h"
#include "widgets/theme/colour_math.h"
#include "widgets/theme/control_style.h"
#include "widgets/theme/role_look.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyle>
#include <QToolTip>
#include <QVariant>
#include <QWidget>

#include <array>

namespace perunit {

namespace {

/// Colours of series on light and on dark surfaces. Found by moving the palette of Wong (scenarios) and a set of
/// hues that follow the order of Component as little as possible until every colour has a contrast of 3:1 on the
/// surface and every pair differs clearly for all kinds of colour vision; tst_theme computes both.
struct SeriesColours {
    std::array<QRgb, 6> scenarios;
    std::array<QRgb, componentCount> components;
};
constexpr SeriesColours onLight{{0xff0a6fb0, 0xffb24300, 0xff15a57a, 0xffbc80b0, 0xffc58700, 0xff044668},
                                {0xff376cc2, 0xff5d778a, 0xff1f9ad7, 0xffb76905, 0xff384247, 0xff808f87, 0xff385571,
                                 0xffc3344f, 0xff714e98, 0xffb27eb3, 0xff6aa032, 0xff845325, 0xff2f825a}};
constexpr SeriesColours onDark{{0xff0870b1, 0xffd15b00, 0xff2ba675, 0xff9e5282, 0xffe69f00, 0xff63c6ff},
                               {0xff3976cb, 0xffa4cdf9, 0xffcddced, 0xffd57d1f, 0xffa0b2cb, 0xff47aba0, 0xff7c7e9f,
                                0xffdb5b6e, 0xff7c60a0, 0xff818dd1, 0xffc6c75a, 0xffd39f71, 0xff4b8f6d}};
constexpr double graphicsContrast = 3.0;

/// A colour of a palette; further rounds get another lightness, still visible on the surface.
template <std::size_t Count>
QColor ofPalette(const std::array<QRgb, Count> &palette, int index, const Theme &theme)
{
    const auto wanted = static_cast<std::size_t>(std::max(index, 0));
    const QColor first = withContrast(QColor(palette[wanted % Count]), theme.surface, graphicsContrast);
    const auto round = wanted / Count;
    if (round == 0)
        return first;
    const double share = round % 2 == 1 ? 0.45 : 0.7;
    return withContrast(mixed(theme.text, first, share), theme.surface, graphicsContrast);
}

QString familyName()
{
    static const QString name = [] {
        const QString wanted = QStringLiteral("Noto Sans");
        if (QFontDatabase::families().contains(wanted))
            return wanted;
        return QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    }();
    return name;
}

Theme &themeInUse()
{
    static Theme theme = Theme::light();
    return theme;
}

} // namespace

Theme Theme::light()
{
    Theme theme;
    theme.window = QColor(0xf5f6f8);
    theme.surface = QColor(0xffffff);
    theme.raised = QColor(0xffffff);
    theme.border = QColor(0xdce1e7);
    theme.strongBorder = QColor(0xb8c1cb);
    theme.text = QColor(0x1a1f25);
    theme.secondaryText = QColor(0x57626e);
    theme.disabledText = QColor(0x9aa5b0);
    theme.accent = QColor(0x0b5fc0);
    theme.accentText = QColor(0xffffff);
    theme.favourable = QColor(0x00756a);
    theme.unfavourable = QColor(0xc4421a);
    theme.warning = QColor(0x9a6700);
    theme.baseline = QColor(0x5b6672);
    theme.grid = QColor(0xe8ecf0);
    theme.selection = QColor(0xe1edfb);
    return theme;
}

Theme Theme::darkTheme()
{
    Theme theme;
    theme.dark = true;
    theme.window = QColor(0x15181c);
    theme.surface = QColor(0x1d2126);
    theme.raised = QColor(0x242a30);
    theme.border = QColor(0x333b44);
    theme.strongBorder = QColor(0x4a5560);
    theme.text = QColor(0xe7eaee);
    theme.secondaryText = QColor(0xa3aeba);
    theme.disabledText = QColor(0x66717c);
    theme.accent = QColor(0x6fb1ff);
    theme.accentText = QColor(0x0b1a2c);
    theme.favourable = QColor(0x4cc2b2);
    theme.unfavourable = QColor(0xff8a65);
    theme.warning = QColor(0xe0b050);
    theme.baseline = QColor(0x9aa5b0);
    theme.grid = QColor(0x2b3138);
    theme.selection = QColor(0x22364f);
    return theme;
}

Theme Theme::paper()
{
    Theme theme = light();
    theme.window = QColor(0xffffff);
    theme.border = QColor(0xc9d0d8);
    theme.grid = QColor(0xe3e7ec);
    return theme;
}

QColor Theme::seriesColour(SeriesRole role, int index) const
{
    switch (role) {
    case SeriesRole::Baseline:
        return baseline;
    case SeriesRole::Scenario:
        return ofPalette((dark ? onDark : onLight).scenarios, index, *this);
    case SeriesRole::Component:
        return ofPalette((dark ? onDark : onLight).components, index, *this);
    case SeriesRole::Favourable:
        return favourable;
    case SeriesRole::Unfavourable:
        return unfavourable;
    case SeriesRole::Total:
        return secondaryText;
    case SeriesRole::Actual:
        return accent;
    }
    return text;
}

QPalette Theme::palette() const
{
    QPalette result;
    result.setColor(QPalette::Window, window);
    result.setColor(QPalette::WindowText, text);
    result.setColor(QPalette::Base, surface);
    result.setColor(QPalette::AlternateBase, mixed(window, surface, 0.6));
    result.setColor(QPalette::Text, text);
    result.setColor(QPalette::PlaceholderText, secondaryText);
    result.setColor(QPalette::Button, raised);
    result.setColor(QPalette::ButtonText, text);
    result.setColor(QPalette::BrightText, accentText);
    result.setColor(QPalette::Highlight, accent);
    result.setColor(QPalette::HighlightedText, accentText);
    result.setColor(QPalette::Link, accent);
    result.setColor(QPalette::LinkVisited, accent);
    result.setColor(QPalette::ToolTipBase, raised);
    result.setColor(QPalette::ToolTipText, text);
    result.setColor(QPalette::Light, surface);
    result.setColor(QPalette::Midlight, border);
    result.setColor(QPalette::Mid, strongBorder);
    result.setColor(QPalette::Dark, strongBorder);
    result.setColor(QPalette::Shadow, border);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText, QPalette::Link})
        result.setColor(QPalette::Disabled, role, disabledText);
    result.setColor(QPalette::Disabled, QPalette::Highlight, strongBorder);
    result.setColor(QPalette::Disabled, QPalette::HighlightedText, text);
    return result;
}

QFont Theme::font(TextRole role)
{
    QFont font(familyName());
    // Digits of Noto Sans and of the usual system fonts all have one width; proportional figures would be a
    // feature of the font that has to be asked for.
    font.setStyleHint(QFont::SansSerif);
    switch (role) {
    case TextRole::PageTitle:
        font.setPixelSize(20);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Section:
        font.setPixelSize(14);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Body:
    case TextRole::Table:
        font.setPixelSize(13);
        break;
    case TextRole::Caption:
        font.setPixelSize(12);
        break;
    case TextRole::KeyFigure:
        font.setPixelSize(28);
        font.setWeight(QFont::Medium);
        break;
    }
    return font;
}

const Theme &currentTheme()
{
    return themeInUse();
}

void setCurrentTheme(const Theme &theme)
{
    themeInUse() = theme;
}

void applyTheme(QApplication &application, const Theme &theme)
{
    setCurrentTheme(theme);
    // The style reads the current theme whenever it paints, so that one instance serves all themes.
    constexpr const char *installed = "perunitStyleInstalled";
    if (!application.property(installed).toBool()) {
        application.setProperty(installed, true);
        QApplication::setFont(Theme::font(Theme::TextRole::Body));
        QToolTip::setFont(Theme::font(Theme::TextRole::Caption));
        QApplication::setStyle(new ControlStyle);
    }
    const QPalette palette = theme.palette();
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    for (QWidget *widget : QApplication::allWidgets()) {
        recolourRole(widget);
        widget->update();
    }
}

namespace {

void setStyleProperty(QWidget *widget, const char *property, const char *value)
{
    const QString text = QString::fromLatin1(value);
    if (widget->property(property).toString() == text)
        return;
    widget->setProperty(property, text);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

} // namespace

void setRole(QWidget *widget, const char *role)
{
    setStyleProperty(widget, "role", role);
}

void setTone(QWidget *widget, const char *tone)
{
    setStyleProperty(widget, "tone", tone);
}

} // namespace perunit
