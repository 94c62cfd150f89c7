// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/outcome.h"
#include "widgets/theme/colour_math.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/role_look.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QFontMetrics>
#include <QLabel>
#include <QTest>

#include <array>
#include <cmath>

using namespace perunit;

namespace {

constexpr double textContrast = 4.5;
constexpr double graphicsContrast = 3.0;
/// CIE 1976 difference; about 2.3 can just be seen side by side.
constexpr double clearDifference = 12.0;

using Triple = std::array<double, 3>;

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// Machado, Oliveira and Fernandes 2009, full severity, on linear channels.
struct Vision {
    const char *name;
    std::array<Triple, 3> matrix;
};
const std::array<Vision, 4> visions{{
    {"usual", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    {"protanopia",
     {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}}},
    {"deuteranopia",
     {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}},
    {"tritanopia",
     {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}},
}};

Triple seenAs(const QColor &colour, const Vision &vision)
{
    const Triple channels{linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())};
    Triple seen{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column)
            seen[row] += vision.matrix[row][column] * channels[column];
        seen[row] = std::clamp(seen[row], 0.0, 1.0);
    }
    return seen;
}

Triple lab(const Triple &rgb)
{
    const auto curve = [](double t) {
        return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116.0;
    };
    const double x = curve((0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047);
    const double y = curve(0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2]);
    const double z = curve((0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double difference(const QColor &a, const QColor &b, const Vision &vision)
{
    const Triple one = lab(seenAs(a, vision));
    const Triple other = lab(seenAs(b, vision));
    return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

Theme themeNamed(const QString &name)
{
    if (name == QLatin1String("dark"))
        return Theme::darkTheme();
    return name == QLatin1String("paper") ? Theme::paper() : Theme::light();
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private slots:
    void knowsContrast();
    void textIsReadable_data() { themes(); }
    void textIsReadable();
    void graphicsAreVisible_data() { themes(); }
    void graphicsAreVisible();
    void seriesDiffer_data() { themes(); }
    void seriesDiffer();
    void longSeriesStayVisible_data() { themes(); }
    void longSeriesStayVisible();
    void paperHasNoTranslucentColour();
    void rolesFollowTheTheme();
    void nothingIsLaidOutAgain();
    void tintedTextIsReadable_data() { themes(); }
    void tintedTextIsReadable();
    void digitsHaveOneWidth();
    void appliesToWidgets();
    void iconsFollowTheTheme();
    void everyIconDraws_data();
    void everyIconDraws();
    void unknownIconIsNull();

private:
    static void themes()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"light", "dark", "paper"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
};

void TestTheme::knowsContrast()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
    // The published value for this grey on white.
    QVERIFY(std::abs(contrastRatio(QColor(0x767676), Qt::white) - 4.54) < 0.01);
    QVERIFY(contrastRatio(withContrast(QColor(0xffff00), Qt::white, 4.5), Qt::white) >= 4.5);
    QVERIFY(contrastRatio(withContrast(QColor(0x000080), Qt::black, 4.5), Qt::black) >= 4.5);
    QCOMPARE(withContrast(Qt::black, Qt::white, 4.5), QColor(Qt::black));
}

void TestTheme::textIsReadable()
{
    QFETCH(QString, name);
    const Theme theme = themeNamed(name);
    for (const QColor &background : {theme.window, theme.surface, theme.raised, theme.selection}) {
        for (const QColor &ink : {theme.text, theme.secondaryText, theme.accent}) {
            const double ratio = contrastRatio(ink, background);
            QVERIFY2(ratio >= textContrast,
                     qPrintable(QStringLiteral("%1 on %2: %3").arg(ink.name(), background.name()).arg(ratio)));
        }
    }
    for (const QColor &background : {theme.window, theme.surface, theme.raised}) {
        for (const QColor &ink : {theme.favourable, theme.unfavourable, theme.warning})
            QVERIFY2(contrastRatio(ink, background) >= textContrast, qPrintable(ink.name()));
    }
    QVERIFY(contrastRatio(theme.accentText, theme.accent) >= textContrast);
}

void TestTheme::graphicsAreVisible()
{
    QFETCH(QString, name);
    const Theme theme = themeNamed(name);
    const auto check = [&theme](SeriesRole role, int index) {
        const QColor colour = theme.seriesColour(role, index);
        return contrastRatio(colour, theme.surface);
    };
    for (const SeriesRole role : {SeriesRole::Baseline, SeriesRole::Favourable, SeriesRole::Unfavourable,
                                  SeriesRole::Total, SeriesRole::Actual})
        QVERIFY(check(role, 0) >= graphicsContrast);
    for (int i = 0; i < 6; ++i)
        QVERIFY2(check(SeriesRole::Scenario, i) >= graphicsContrast, qPrintable(QString::number(i)));
    for (int i = 0; i < static_cast<int>(componentCount); ++i)
        QVERIFY2(check(SeriesRole::Component, i) >= graphicsContrast, qPrintable(QString::number(i)));
}

void TestTheme::seriesDiffer()
{
    QFETCH(QString, name);
    const Theme theme = themeNamed(name);
    QList<QColor> scenarios{theme.baseline};
    for (int i = 0; i < 6; ++i)
        scenarios << theme.seriesColour(SeriesRole::Scenario, i);
    QList<QColor> components;
    for (int i = 0; i < static_cast<int>(componentCount); ++i)
        components << theme.seriesColour(SeriesRole::Component, i);
    const QList<QColor> signs{theme.favourable, theme.unfavourable};
    for (const QList<QColor> &set : {scenarios, components, signs}) {
        for (const Vision &vision : visions) {
            for (qsizetype a = 0; a < set.size(); ++a) {
                for (qsizetype b = a + 1; b < set.size(); ++b) {
                    const double seen = difference(set[a], set[b], vision);
                    QVERIFY2(seen >= clearDifference, qPrintable(QStringLiteral("%1 and %2 differ by %3 in %4")
                                                                     .arg(set[a].name(), set[b].name())
                                                                     .arg(seen)
                                                                     .arg(QLatin1String(vision.name))));
                }
            }
        }
    }
}

void TestTheme::longSeriesStayVisible()
{
    QFETCH(QString, name);
    const Theme theme = themeNamed(name);
    for (const SeriesRole role : {SeriesRole::Scenario, SeriesRole::Component}) {
        const int round = role == SeriesRole::Scenario ? 6 : static_cast<int>(componentCount);
        for (int i = round; i < 3 * round; ++i) {
            QVERIFY(contrastRatio(theme.seriesColour(role, i), theme.surface) >= graphicsContrast);
            QVERIFY(theme.seriesColour(role, i) != theme.seriesColour(role, i - round));
        }
        QCOMPARE(theme.seriesColour(role, -1), theme.seriesColour(role, 0));
    }
}

void TestTheme::paperHasNoTranslucentColour()
{
    const Theme theme = Theme::paper();
    QVERIFY(!theme.dark);
    for (const QColor &colour :
         {theme.window, theme.surface, theme.raised, theme.border, theme.strongBorder, theme.text, theme.secondaryText,
          theme.disabledText, theme.accent, theme.accentText, theme.favourable, theme.unfavourable, theme.warning,
          theme.baseline, theme.grid, theme.selection}) {
        QVERIFY(colour.isValid());
        QCOMPARE(colour.alpha(), 255);
    }
    for (int i = 0; i < 20; ++i)
        QCOMPARE(theme.seriesColour(SeriesRole::Component, i).alpha(), 255);
}

void TestTheme::tintedTextIsReadable()
{
    QFETCH(QString, name);
    const Theme theme = themeNamed(name);
    const QStringList tones{QString(), "favourable", "unfavourable", "warning", "accent", "secondary"};
    for (const QString &tone : tones) {
        const RoleLook chip = roleLook(theme, "chip", tone);
        QVERIFY2(contrastRatio(chip.text, chip.fill) >= textContrast, qPrintable("chip " + tone));
        const RoleLook strip = roleLook(theme, "strip", tone);
        QVERIFY2(contrastRatio(theme.text, strip.fill) >= textContrast, qPrintable("strip " + tone));
        for (const char *role : {"caption", "section", "problem", ""}) {
            const RoleLook text = roleLook(theme, role, tone);
            const QColor colour = text.text.isValid() ? text.text : theme.text;
            QVERIFY2(contrastRatio(colour, theme.surface) >= textContrast, role);
        }
    }
}

void TestTheme::rolesFollowTheTheme()
{
    applyTheme(*qApp, Theme::light());
    QLabel caption("caption");
    caption.setProperty("role", "caption");
    QLabel chip("chip");
    chip.setProperty("role", "chip");
    QFrame card;
    card.setProperty("role", "card");
    card.resize(60, 40);
    for (QWidget *widget : std::initializer_list<QWidget *>{&caption, &chip, &card})
        widget->ensurePolished();
    QCOMPARE(caption.font().pixelSize(), 12);
    QCOMPARE(caption.palette().color(QPalette::WindowText), Theme::light().secondaryText);
    QCOMPARE(chip.contentsMargins(), QMargins(6, 1, 6, 1));
    QCOMPARE(card.grab().toImage().pixelColor(30, 20), Theme::light().surface);
    applyTheme(*qApp, Theme::darkTheme());
    QCOMPARE(caption.font().pixelSize(), 12);
    QCOMPARE(caption.palette().color(QPalette::WindowText), Theme::darkTheme().secondaryText);
    QCOMPARE(card.grab().toImage().pixelColor(30, 20), Theme::darkTheme().surface);
    setTone(&caption, "warning");
    QCOMPARE(caption.palette().color(QPalette::WindowText), Theme::darkTheme().warning);
    setTone(&caption, "");
    setRole(&caption, "");
    QCOMPARE(caption.palette().color(QPalette::WindowText), Theme::darkTheme().text);
    applyTheme(*qApp, Theme::light());
    QCOMPARE(caption.palette().color(QPalette::WindowText), Theme::light().text);
}

/// A list of seven hundred models is not laid out again because its letters change colour.
void TestTheme::nothingIsLaidOutAgain()
{
    applyTheme(*qApp, Theme::light());
    struct Counter : QWidget {
        int layouts = 0;
        bool event(QEvent *event) override
        {
            layouts += event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange
                       || event->type() == QEvent::Polish;
            return QWidget::event(event);
        }
    } counter;
    counter.show();
    counter.layouts = 0;
    applyTheme(*qApp, Theme::darkTheme());
    QCOMPARE(counter.layouts, 0);
    // Windows hear of it with their next events.
    QTRY_COMPARE(counter.palette().color(QPalette::Window), Theme::darkTheme().window);
    QCOMPARE(counter.layouts, 0);
    applyTheme(*qApp, Theme::light());
    QCOMPARE(counter.layouts, 0);
}

void TestTheme::digitsHaveOneWidth()
{
    for (const Theme::TextRole role : {Theme::TextRole::Table, Theme::TextRole::KeyFigure}) {
        const QFontMetricsF metrics(Theme::font(role));
        for (const char digit : {'1', '2', '3', '4', '5', '6', '7', '8', '9'})
            QCOMPARE(metrics.horizontalAdvance(QLatin1Char(digit)), metrics.horizontalAdvance(QLatin1Char('0')));
    }
}

void TestTheme::appliesToWidgets()
{
    applyTheme(*qApp, Theme::light());
    QLabel label(QStringLiteral("Caption"));
    setRole(&label, "caption");
    label.ensurePolished();
    QCOMPARE(label.palette().color(QPalette::WindowText), Theme::light().secondaryText);
    QCOMPARE(label.fontInfo().pixelSize(), 12);
    setTone(&label, "unfavourable");
    QCOMPARE(label.palette().color(QPalette::WindowText), Theme::light().unfavourable);
    applyTheme(*qApp, Theme::darkTheme());
    QVERIFY(currentTheme().dark);
    QCOMPARE(label.palette().color(QPalette::WindowText), Theme::darkTheme().unfavourable);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::darkTheme().window);
    applyTheme(*qApp, Theme::light());
}

void TestTheme::iconsFollowTheTheme()
{
    const auto strongest = [](const QPixmap &pixmap) {
        const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
        QRgb best = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (qAlpha(image.pixel(x, y)) > qAlpha(best))
                    best = image.pixel(x, y);
            }
        }
        return QColor(best);
    };
    const QIcon icon = themedIcon(QStringLiteral("add"));
    setCurrentTheme(Theme::light());
    QCOMPARE(strongest(icon.pixmap(40, 40)), Theme::light().text);
    QCOMPARE(strongest(icon.pixmap(QSize(40, 40), QIcon::Disabled)), Theme::light().disabledText);
    setCurrentTheme(Theme::darkTheme());
    QCOMPARE(strongest(icon.pixmap(40, 40)), Theme::darkTheme().text);
    setCurrentTheme(Theme::light());
    QCOMPARE(strongest(themedIcon(QStringLiteral("add"), Qt::red).pixmap(40, 40)), QColor(Qt::red));
    QCOMPARE(iconPixmap(QStringLiteral("add"), Qt::red, 20, 2.0).size(), QSize(40, 40));
}

void TestTheme::everyIconDraws_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"home",
                             "ledger",
                             "prices",
                             "units",
                             "scenarios",
                             "compare",
                             "capacity",
                             "report",
                             "import",
                             "open",
                             "save",
                             "undo",
                             "redo",
                             "add",
                             "duplicate",
                             "delete",
                             "rename",
                             "more",
                             "search",
                             "check",
                             "warning",
                             "error",
                             "info",
                             "close",
                             "chart",
                             "table",
                             "export",
                             "reset",
                             "lever-routing",
                             "lever-context-growth",
                             "lever-prompt-cache",
                             "lever-batch",
                             "lever-provisioned",
                             "sun",
                             "moon",
                             "settings",
                             "collapse",
                             "expand",
                             "drop",
                             "play",
                             "sample"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestTheme::everyIconDraws()
{
    QFETCH(QString, name);
    QVERIFY(iconNames().contains(name));
    const QImage image = iconPixmap(name, Qt::black, 20, 1.0).toImage();
    QCOMPARE(image.size(), QSize(20, 20));
    int inked = 0;
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 20; ++x)
            inked += qAlpha(image.pixel(x, y)) > 64 ? 1 : 0;
    }
    QVERIFY2(inked > 12, qPrintable(QString::number(inked)));
}

void TestTheme::unknownIconIsNull()
{
    QVERIFY(themedIcon(QStringLiteral("no such icon")).isNull());
    QVERIFY(iconPixmap(QStringLiteral("no such icon"), Qt::black, 20, 1.0).isNull());
    QVERIFY(!applicationIcon().isNull());
    QVERIFY(!iconNames().contains(QStringLiteral("perunit")));
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
