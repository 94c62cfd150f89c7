// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>
#include <QStringList>

namespace perunit {

/// An icon of the program's own set (resources/icons) in the text colour of the current theme. It is drawn from the
/// SVG at whatever size and scale is asked for and follows later changes of the theme by itself. An unknown name
/// gives a null icon.
QIcon themedIcon(const QString &name);
/// The same in one fixed colour.
QIcon themedIcon(const QString &name, const QColor &colour);
/// Icon as a picture of `size` by `size` device-independent pixels.
QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio);
/// The coloured mark of the program.
QIcon applicationIcon();
/// Names of all icons, sorted.
QStringList iconNames();

} // namespace perunit
