// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/value_table_model.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QTableView;

namespace perunit {

/// The rows of a source as they come, whatever their number: a cell is made when it is looked at.
class LongTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit LongTableModel(QObject *parent = nullptr);

    void setContents(std::vector<ValueColumn> columns, std::shared_ptr<const ValueSource> source);
    [[nodiscard]] const std::vector<ValueColumn> &columns() const { return m_columns; }
    [[nodiscard]] const ValueSource *source() const { return m_source.get(); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ValueColumn> m_columns;
    std::shared_ptr<const ValueSource> m_source;
};

/// A table of millions of rows. It neither sorts nor filters: a click on a header says what is wanted, and the owner
/// brings rows in that order when they are ready.
class LongTable : public QWidget
{
    Q_OBJECT
public:
    /// `name` is the accessible name: "Rows".
    explicit LongTable(const QString &name, QWidget *parent = nullptr);

    /// Replaces columns and rows. Widths stay while the columns are the same; the scroll position stays with `stay`.
    void setContents(std::vector<ValueColumn> columns, std::shared_ptr<const ValueSource> source, bool stay);
    void setEmptyText(const QString &text);
    /// Shows by which column the rows are sorted, without emitting; -1: by none.
    void setSortShown(int column, Qt::SortOrder order);

    [[nodiscard]] int currentRow() const;
    [[nodiscard]] QTableView *view() const { return m_view; }
    [[nodiscard]] LongTableModel *model() const { return m_model; }

    /// Rows that one copy takes at most; more belong into a file.
    static constexpr int mostCopied = 100'000;
    /// Selected rows with the header as tab-separated text that no spreadsheet takes for formulas; all digits of
    /// amounts.
    [[nodiscard]] QString selectionAsText() const;
    [[nodiscard]] qint64 selectedCount() const;
    /// Copies the selected rows, or says tooManyToCopy().
    void copy();
    /// Copies one cell as it is.
    void copyCell(int row, int column);

signals:
    /// The user wants the rows by a column; -1: as they come.
    void sortRequested(int column, Qt::SortOrder order);
    /// The user moved to another row; -1: to none.
    void currentRowChanged(int row);
    void activated(int row);
    /// Right click or menu key on a cell.
    void menuRequested(int row, int column, const QPoint &globalPosition);
    void tooManyToCopy(qint64 rows);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildView(const QString &name);
    void measureColumns();
    void placeEmptyText();
    bool viewKeyPressed(class QKeyEvent *event);
    bool menuAsked(class QContextMenuEvent *event);

    LongTableModel *m_model = nullptr;
    QTableView *m_view = nullptr;
    QLabel *m_empty = nullptr;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    bool m_settingSort = false;
};

} // namespace perunit
