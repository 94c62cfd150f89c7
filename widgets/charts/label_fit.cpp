// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/label_fit.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr int mostLines = 3;
constexpr int smallestFont = 9;
constexpr qreal slotGap = 6;

/// Pieces after each of which a line may end.
QStringList piecesOf(const QString &text)
{
    QStringList pieces;
    QString piece;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar letter = text[i];
        piece += letter;
        const bool breakable = letter == QLatin1Char(' ') || letter == QLatin1Char('-') || letter == QLatin1Char('/')
                               || letter == QLatin1Char('_') || letter == QChar(0x00b7);
        // "8.1 %" and "12.4 M" stay together.
        const bool unitFollows =
            letter == QLatin1Char(' ') && i + 1 < text.size()
            && (text[i + 1] == QLatin1Char('%')
                || (text[i + 1] == QLatin1Char('M') && (i + 2 == text.size() || !text[i + 2].isLetter())));
        if (breakable && !unitFollows) {
            pieces.append(piece);
            piece.clear();
        }
    }
    if (!piece.isEmpty())
        pieces.append(piece);
    return pieces;
}

/// "Jun 2026", "Jul 2026", "Jan 2027" -> "Jun 2026", "Jul", "Jan 2027"; unchanged when these are not months.
QStringList withoutRepeatedYears(const QStringList &texts)
{
    QStringList result;
    QString previous;
    for (const QString &text : texts) {
        const QString year = text.right(4);
        bool number = false;
        year.toInt(&number);
        if (text.size() != 8 || text[3] != QLatin1Char(' ') || !number)
            return texts;
        result.append(year == previous ? text.left(3) : text);
        previous = year;
    }
    return result;
}

qreal widest(const QStringList &texts, const QFont &font)
{
    qreal width = 0;
    for (const QString &text : texts)
        width = std::max(width, textSize(text, font).width());
    return width;
}

qreal tallest(const QStringList &texts, const QFont &font)
{
    qreal height = 0;
    for (const QString &text : texts)
        height = std::max(height, textSize(text, font).height());
    return height;
}

std::optional<QStringList> allWrapped(const QStringList &texts, const QFont &font, qreal width)
{
    QStringList result;
    for (const QString &text : texts) {
        const std::optional<QStringList> lines = wrapped(text, font, width);
        if (!lines || lines->size() > mostLines)
            return std::nullopt;
        result.append(lines->join(QLatin1Char('\n')));
    }
    return result;
}

CategoryLabels horizontal(const QStringList &texts, const QFont &font)
{
    return {texts, 0, font, tallest(texts, font), textSize(texts.value(0), font).width() / 2};
}

CategoryLabels turned(const QStringList &texts, const QFont &font, qreal angle)
{
    const qreal radians = -angle * M_PI / 180;
    const qreal thick = tallest(texts, font);
    CategoryLabels labels{texts, angle, font, 0, 0};
    labels.height = widest(texts, font) * std::sin(radians) + thick * std::cos(radians);
    labels.overhang = textSize(texts.value(0), font).width() * std::cos(radians) + thick / 2;
    return labels;
}

/// Whether a piece is wider than a line; looks only at as many letters as it takes to know.
bool isWider(const QString &piece, const QFontMetricsF &metrics, qreal width)
{
    constexpr qsizetype manyLetters = 400;
    if (piece.size() > manyLetters && metrics.horizontalAdvance(piece.left(manyLetters)) > width)
        return true;
    return metrics.horizontalAdvance(piece.trimmed()) > width;
}

/// The most letters of a text that fit, at least one, and fewer than all.
qsizetype fittingLength(const QString &text, const QFontMetricsF &metrics, qreal width)
{
    qsizetype length = 0;
    qreal used = 0;
    while (length + 1 < text.size()) {
        used += metrics.horizontalAdvance(text[length]);
        if (used > width)
            break;
        ++length;
    }
    // A surrogate pair is one letter.
    if (length > 1 && text[length - 1].isHighSurrogate())
        --length;
    return std::max<qsizetype>(length, 1);
}

} // namespace

QSizeF textSize(const QString &text, const QFont &font)
{
    const QFontMetricsF metrics(font);
    qreal width = 0;
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (const QString &line : lines)
        width = std::max(width, metrics.horizontalAdvance(line));
    return {std::ceil(width) + 1, metrics.height() + metrics.lineSpacing() * static_cast<qreal>(lines.size() - 1)};
}

std::optional<QStringList> wrapped(const QString &text, const QFont &font, qreal width)
{
    const QFontMetricsF metrics(font);
    QStringList lines;
    QString line;
    for (const QString &piece : piecesOf(text)) {
        if (metrics.horizontalAdvance(piece.trimmed()) > width)
            return std::nullopt;
        if (!line.isEmpty() && metrics.horizontalAdvance(QString(line + piece).trimmed()) > width) {
            lines.append(line.trimmed());
            line.clear();
        }
        line += piece;
    }
    lines.append(line.trimmed());
    return lines;
}

QStringList wrappedAnywhere(const QString &text, const QFont &font, qreal width)
{
    const QFontMetricsF metrics(font);
    QStringList lines;
    QString line;
    for (QString piece : piecesOf(text)) {
        if (!line.isEmpty() && metrics.horizontalAdvance(QString(line + piece).trimmed()) > width) {
            lines.append(line.trimmed());
            line.clear();
        }
        while (piece.size() > 1 && isWider(piece, metrics, width)) {
            const qsizetype length = fittingLength(piece, metrics, width);
            lines.append(piece.left(length));
            piece = piece.mid(length);
        }
        line += piece;
    }
    if (!line.trimmed().isEmpty() || lines.isEmpty())
        lines.append(line.trimmed());
    return lines;
}

CategoryLabels fitCategories(const QStringList &texts, const QFont &font, qreal slot, qreal mostHeight, bool maySlant)
{
    const qreal width = slot - slotGap;
    if (widest(texts, font) <= width)
        return horizontal(texts, font);
    const QStringList shortened = withoutRepeatedYears(texts);
    if (widest(shortened, font) <= width)
        return horizontal(shortened, font);
    // Small but level is easier to read than large and slanted.
    for (QFont level = font; level.pixelSize() >= smallestFont; level.setPixelSize(level.pixelSize() - 1)) {
        if (const auto lines = allWrapped(shortened, level, width))
            return horizontal(*lines, level);
    }
    const qreal line = QFontMetricsF(font).height();
    if (maySlant && slot >= line * 1.5) {
        const CategoryLabels slanted = turned(texts, font, -45);
        if (slanted.height <= mostHeight)
            return slanted;
    }
    QFont small = font;
    while (small.pixelSize() > smallestFont && QFontMetricsF(small).height() > slot)
        small.setPixelSize(small.pixelSize() - 1);
    const CategoryLabels upright = turned(texts, small, -90);
    if (upright.height <= mostHeight)
        return upright;
    QStringList broken;
    for (const QString &text : texts)
        broken.append(wrappedAnywhere(text, small, std::max<qreal>(mostHeight - 4, 40)).join(QLatin1Char('\n')));
    return turned(broken, small, -90);
}

} // namespace perunit
