// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/value_table_model.h"

#include <QWidget>

#include <set>

class QKeyEvent;
class QLabel;
class QTableView;

namespace perunit {

class SearchField;

/// A table of values: sorted by its headers, filtered by typing, copied as text and HTML, walked with the keys.
class ValueTable : public QWidget
{
    Q_OBJECT
public:
    /// `name` is the accessible name: "Scenarios and metrics".
    explicit ValueTable(const QString &name, QWidget *parent = nullptr);

    void setColumns(std::vector<ValueColumn> columns);
    /// Replaces all rows; selection, order, filter and scroll position stay.
    void setRows(std::vector<ValueRow> rows);
    void setSource(std::shared_ptr<const ValueSource> source);
    /// Sentence in the middle while there are no rows.
    void setEmptyText(const QString &text);
    /// Shows the filter line always; otherwise it appears when the user types. `placeholder` names what is searched.
    void setFilterShown(bool shown, const QString &placeholder = {});
    void setFilter(const QString &text);
    /// 24-pixel rows instead of 28.
    void setCompact(bool compact);
    /// Grows with its rows up to so many, instead of scrolling inside a card; 0: fills its place.
    void setFittingRows(int most);
    /// Rows that belong together stay together: no sorting by the headers, no filter by typing.
    void setFixedOrder(bool fixed);
    /// Rows of these keys are headings: their first cell takes the whole width. Until rows are set again.
    void setHeadings(const QStringList &keys);
    /// Sorts by a column; -1 is the order in which the rows were given.
    void sortBy(int column, Qt::SortOrder order);

    [[nodiscard]] QString currentKey() const;
    /// Column of the current cell; -1: none.
    [[nodiscard]] int currentColumn() const;
    [[nodiscard]] QStringList selectedKeys() const;
    /// Selects and shows a row without emitting; an empty key selects nothing.
    void setCurrentKey(const QString &key);
    [[nodiscard]] int shownRows() const;
    [[nodiscard]] QTableView *view() const { return m_view; }
    [[nodiscard]] ValueTableModel *model() const { return m_model; }

    /// Selected rows with the header as tab-separated text; all shown rows when nothing is selected.
    [[nodiscard]] QString selectionAsText() const;
    void copy() const;

signals:
    /// The user moved to another row; empty: to none.
    void currentKeyChanged(const QString &key);
    /// Enter or double click on a row.
    void activated(const QString &key);
    /// The same, with the column in which it happened; -1: in none.
    void cellActivated(const QString &key, int column);
    /// Right click or menu key on a row.
    void menuRequested(const QString &key, const QPoint &globalPosition);
    void filterChanged(const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QList<int> rowsToCopy() const;
    [[nodiscard]] QString selectionAsHtml() const;
    void buildView(const QString &name);
    void beforeReplace();
    void afterReplace();
    void measureColumns();
    void layoutColumns();
    [[nodiscard]] std::vector<int> wantedWidths() const;
    void squeezeTexts(std::vector<int> &widths) const;
    void fitHeight();
    void updateState();
    bool viewKeyPressed(QKeyEvent *event);

    ValueTableModel *m_model = nullptr;
    QTableView *m_view = nullptr;
    SearchField *m_search = nullptr;
    QLabel *m_count = nullptr;
    QLabel *m_empty = nullptr;
    QString m_emptyText;
    bool m_filterShown = false;
    bool m_replacing = false;
    bool m_fixedOrder = false;
    int m_fittingRows = 0;
    QStringList m_keptKeys;
    QString m_keptCurrent;
    int m_keptScroll = 0;
    int m_keptColumn = 0;
    std::vector<int> m_contentWidths; ///< of the columns, from their titles and first rows
    std::vector<int> m_barRooms;      ///< what in-cell bars take of them
    std::vector<int> m_arrowWidths;   ///< of their titles with the arrow of a sorted column
    std::set<int> m_handWidths;       ///< columns whose width the user chose
    bool m_layingOut = false;
};

} // namespace perunit
