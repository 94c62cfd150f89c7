// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/file_dialogs.h"

#include "widgets/print/report_files.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSettings>
#include <QUrl>

namespace perunit {

namespace {

constexpr qsizetype longestProposedName = 80;

QString lastFolder()
{
    return QSettings().value(QStringLiteral("folder"), QDir::homePath()).toString();
}

void rememberFolder(const QString &path)
{
    QSettings().setValue(QStringLiteral("folder"), QFileInfo(path).absolutePath());
}

/// A chart's title is a sentence; a file name must do without its slashes, colons and quotes.
QString asFileName(const QString &text)
{
    static const QRegularExpression unwanted(QStringLiteral("[^\\w .,%$+-]"),
                                             QRegularExpression::UseUnicodePropertiesOption);
    QString name = text;
    name.replace(unwanted, QStringLiteral(" "));
    return name.simplified().left(longestProposedName).trimmed();
}

} // namespace

QStringList askFilesToOpen(QWidget *parent, const QString &title, const QString &filter)
{
    const QStringList paths = QFileDialog::getOpenFileNames(parent, title, lastFolder(), filter);
    if (!paths.isEmpty())
        rememberFolder(paths.first());
    return paths;
}

QString askFileToSave(QWidget *parent, const QString &title, const QString &proposedName,
                      const std::vector<FileType> &types)
{
    QStringList filters;
    for (const auto &[name, extension] : types)
        filters << QStringLiteral("%1 (*.%2)").arg(name, extension);
    const QString proposal =
        QDir(lastFolder()).filePath(asFileName(proposedName) + QLatin1Char('.') + types.front().second);
    QString chosen;
    const QString path =
        QFileDialog::getSaveFileName(parent, title, proposal, filters.join(QStringLiteral(";;")), &chosen);
    if (path.isEmpty())
        return {};
    rememberFolder(path);
    for (const auto &[name, extension] : types) {
        if (path.endsWith(QLatin1Char('.') + extension, Qt::CaseInsensitive))
            return path;
    }
    const qsizetype index = std::max<qsizetype>(filters.indexOf(chosen), 0);
    return path + QLatin1Char('.') + types[static_cast<std::size_t>(index)].second;
}

void openOutside(const QString &path)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(path));
}

Status writeFigure(const Figure &figure, const QString &path, const std::optional<FigurePlane> &plane)
{
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return writeFigureSvg(figure, path, plane);
    if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive))
        return writeFigurePng(figure, path, plane);
    return writeFigurePdf(figure, path, plane);
}

} // namespace perunit
