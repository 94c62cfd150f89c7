// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QDate>
#include <QString>

#include <cstdint>
#include <vector>

namespace perunit {

/// What is odd about a day; each has a colour and a shape of its own.
enum class DayMark : std::uint8_t { None, Quiet, Missing, Low, Partial, Provisional };

/// A day of a row: how much there is (0 to 1 of the largest), what is odd, and what is said about it.
struct DayStripCell {
    float level = 0;
    DayMark mark = DayMark::None;
    QString toolTip;
};

/// One row of days side by side.
struct DayStripRow {
    QString key;
    QString label;
    QString detail;   ///< second line, secondary
    int firstDay = 0; ///< offset of the first cell from the first day of the strip
    std::vector<DayStripCell> cells;
};

/// Rows of days under a common calendar, a box a day. Walked with the arrow keys; Enter or a click opens a day.
class DayStrip : public QAbstractScrollArea
{
    Q_OBJECT
public:
    /// `name` is the accessible name: "Days of each source".
    explicit DayStrip(const QString &name, QWidget *parent = nullptr);

    void setRows(QDate first, int days, std::vector<DayStripRow> rows);
    [[nodiscard]] QString currentKey() const;
    /// Chooses a row without emitting.
    void setCurrentKey(const QString &key);
    /// Marks with the words that explain them, for a legend below.
    static std::vector<std::pair<DayMark, QString>> legend();
    [[nodiscard]] QSize sizeHint() const override;

signals:
    /// The user went to another row.
    void currentKeyChanged(const QString &key);
    /// Click or Enter on a day.
    void dayActivated(const QString &key, QDate day);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] int cellWidth() const;
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] QRect cellRect(int row, int day) const;
    [[nodiscard]] const DayStripCell *cellAt(int row, int day) const;
    [[nodiscard]] std::pair<int, int> placeAt(const QPoint &position) const;
    void paintHead(class QPainter &painter) const;
    void paintRow(class QPainter &painter, int row) const;
    void paintLegend(class QPainter &painter) const;
    void updateScrollBars();
    void setCurrent(int row, int day, bool emits);

    QDate m_first;
    int m_days = 0;
    std::vector<DayStripRow> m_rows;
    int m_currentRow = -1;
    int m_currentDay = -1;
};

} // namespace perunit
