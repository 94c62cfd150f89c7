// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace perunit {

/// What a value means to the reader; the theme gives it a colour, bold or neither.
enum class CellTone : std::uint8_t { Normal, Secondary, Emphasis, Favourable, Unfavourable, Warning };

/// One value of a table as it is shown.
struct ValueCell {
    QString text;
    /// What numbers are sorted by. Not a number (NaN): sorted by `sortText`, or by the text when that is empty.
    double sortNumber = std::numeric_limits<double>::quiet_NaN();
    QString sortText;
    QString exact; ///< what is copied, such as all digits of an amount; empty: the text
    QString toolTip;
    QString icon;      ///< name of the icon set; may be empty
    float bar = -1.0F; ///< length of an in-cell bar from 0 to 1; negative: none
    CellTone tone = CellTone::Normal;
    bool isUnknown = false; ///< sorted last in both directions

    /// A text cell.
    static ValueCell ofText(const QString &text, CellTone tone = CellTone::Normal);
    /// A cell that is sorted as a number.
    static ValueCell ofNumber(const QString &text, double number, CellTone tone = CellTone::Normal);
    /// "–" with the reason as tool tip.
    static ValueCell unknown(const QString &why);
};

/// One row; the key names it to the caller ("scenario-3") and keeps it selected when rows are replaced.
struct ValueRow {
    QString key;
    std::vector<ValueCell> cells;
};

/// How wide a column is.
enum class ColumnWidth : std::uint8_t {
    Contents, ///< as its values need
    Stretch   ///< shares what is left
};

struct ValueColumn {
    QString title;
    QString toolTip;      ///< what the column means, with its formula
    bool numeric = false; ///< right-aligned, first sorted from large to small
    ColumnWidth width = ColumnWidth::Contents;
    bool filtered = true; ///< the filter looks into it
};

/// What a cell says in a role of a view; nothing for roles that it knows nothing of. Shared by all tables of values.
QVariant cellData(const ValueCell &cell, int role);
/// Whether cellData() says anything in a role: making a cell for the others would be in vain.
bool isCellRole(int role);
/// What a column says in a role of its header.
QVariant columnHeaderData(const ValueColumn &column, int role);
/// Where the values of a column stand.
QVariant columnAlignment(const ValueColumn &column);

/// Rows that are made when they are asked for, so that a long table needs no memory. Immutable.
class ValueSource
{
public:
    virtual ~ValueSource() = default;
    [[nodiscard]] virtual int rowCount() const = 0;
    [[nodiscard]] virtual QString key(int row) const = 0;
    [[nodiscard]] virtual ValueCell cell(int row, int column) const = 0;
};

/// A sorted, filtered view of rows. Sorting reads each key once; values that are unknown stay last.
class ValueTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role { BarRole = Qt::UserRole, ToneRole, KeyRole, ExactRole };

    explicit ValueTableModel(QObject *parent = nullptr);

    void setColumns(std::vector<ValueColumn> columns);
    [[nodiscard]] const std::vector<ValueColumn> &columns() const { return m_columns; }
    void setRows(std::vector<ValueRow> rows);
    void setSource(std::shared_ptr<const ValueSource> source);
    /// Rows before filtering.
    [[nodiscard]] int totalRows() const;
    /// Keeps rows in which every word of the text occurs in some filtered column, ignoring case.
    void setFilter(const QString &text);
    [[nodiscard]] const QString &filter() const { return m_filter; }
    [[nodiscard]] QString key(int row) const;
    /// Row that shows a key, or -1.
    [[nodiscard]] int rowOf(const QString &key) const;
    [[nodiscard]] ValueCell cell(int row, int column) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Column -1 is the order in which the rows were given.
    void sort(int column, Qt::SortOrder order) override;

private:
    [[nodiscard]] std::vector<int> arranged() const;
    [[nodiscard]] bool matches(int sourceRow, const QStringList &words) const;
    void rearrange();

    std::vector<ValueColumn> m_columns;
    std::shared_ptr<const ValueSource> m_source;
    std::vector<int> m_order; ///< shown row -> row of the source
    QString m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace perunit
