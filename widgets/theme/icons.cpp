// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/icons.h"

#include "widgets/theme/theme.h"

#include <QDir>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

/// The icons lie in a static library: without this the linker would leave them out.
static void loadIconResource()
{
    Q_INIT_RESOURCE(icons);
}

namespace perunit {

namespace {

const QString folder = QStringLiteral(":/perunit/icons/");
const QString suffix = QStringLiteral(".svg");
const QString applicationName = QStringLiteral("perunit");

QByteArray readIcon(const QString &name)
{
    loadIconResource();
    QFile file(folder + name + suffix);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void paintIcon(QPainter &painter, const QByteArray &svg, const QColor &colour, const QRectF &rectangle)
{
    QByteArray coloured = svg;
    coloured.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(coloured);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    renderer.render(&painter, rectangle);
}

QPixmap drawnPixmap(const QString &name, const QByteArray &svg, const QColor &colour, const QSize &size)
{
    const QString key =
        QStringLiteral("perunit-icon/%1/%2/%3x%4").arg(name, colour.name()).arg(size.width()).arg(size.height());
    QPixmap result;
    if (QPixmapCache::find(key, &result))
        return result;
    result = QPixmap(size);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    paintIcon(painter, svg, colour, QRectF(QPointF(), QSizeF(size)));
    painter.end();
    QPixmapCache::insert(key, result);
    return result;
}

/// Draws from the SVG each time it is asked, so that size, scale and theme are those of the moment.
class ThemedIconEngine : public QIconEngine
{
public:
    ThemedIconEngine(const QString &name, const QByteArray &svg, const QColor &colour)
        : m_name(name)
        , m_svg(svg)
        , m_colour(colour)
    {}

    void paint(QPainter *painter, const QRect &rectangle, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(*painter, m_svg, colourOf(mode), QRectF(rectangle));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return drawnPixmap(m_name, m_svg, colourOf(mode), size);
    }
    QIconEngine *clone() const override { return new ThemedIconEngine(*this); }
    QString key() const override { return QStringLiteral("PerunitIcon"); }
    QString iconName() override { return m_name; }
    bool isNull() override { return m_svg.isEmpty(); }

private:
    QColor colourOf(QIcon::Mode mode) const
    {
        if (mode == QIcon::Disabled)
            return currentTheme().disabledText;
        return m_colour.isValid() ? m_colour : currentTheme().text;
    }

    QString m_name;
    QByteArray m_svg;
    QColor m_colour; ///< invalid: the text colour of the theme
};

} // namespace

QIcon themedIcon(const QString &name)
{
    return themedIcon(name, QColor());
}

QIcon themedIcon(const QString &name, const QColor &colour)
{
    const QByteArray svg = readIcon(name);
    return svg.isEmpty() ? QIcon() : QIcon(new ThemedIconEngine(name, svg, colour));
}

QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio)
{
    const QByteArray svg = readIcon(name);
    if (svg.isEmpty())
        return {};
    const int pixels = qRound(size * devicePixelRatio);
    QPixmap result = drawnPixmap(name, svg, colour, {pixels, pixels});
    result.setDevicePixelRatio(devicePixelRatio);
    return result;
}

QIcon applicationIcon()
{
    return themedIcon(applicationName);
}

QStringList iconNames()
{
    loadIconResource();
    QStringList names;
    for (const QString &file : QDir(folder).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name)) {
        const QString name = file.chopped(suffix.size());
        if (name != applicationName)
            names << name;
    }
    return names;
}

} // namespace perunit
