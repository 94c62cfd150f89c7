// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/figures/figure.h"
#include "pricing/base/result.h"
#include "widgets/charts/figure_plane.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <utility>
#include <vector>

class QWidget;

namespace perunit {

/// Asks for files; starts in the folder of last time. Empty when the user changed their mind.
QStringList askFilesToOpen(QWidget *parent, const QString &title, const QString &filter);

/// A kind of file with its name for people and its extension, without dot.
using FileType = std::pair<QString, QString>;

/// Asks where to save; `proposedName` has no extension and may hold any letters. The result always ends with one of the
/// extensions. Empty when the user changed their mind.
QString askFileToSave(QWidget *parent, const QString &title, const QString &proposedName,
                      const std::vector<FileType> &types);

/// Shows a file in the program that the desktop has for it.
void openOutside(const QString &path);

/// Writes a chart as PDF, SVG or PNG, by the extension of the name.
Status writeFigure(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane = {});

} // namespace perunit
