// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/framed_view.h"
#include "model/analyses/row_table.h"

#include <array>
#include <optional>
#include <set>

class QLabel;
class QPushButton;
class QTimer;

namespace perunit {

class JobStrip;
class LongTable;
class RowFilterBar;
class SegmentedSwitch;
class ValueTable;

/// All requests and charges of the ledger: filtered, sorted and added up beside the window, copied, written to a file.
/// The inspector shows one row with all its digits and, of a request, how its cost is made.
class RowsView : public FramedView
{
    Q_OBJECT
public:
    explicit RowsView(const LedgerContext &context, QWidget *parent = nullptr);
    void refresh() override;
    [[nodiscard]] bool isReady() const override;

    /// Lists the rows of a kind that a filter keeps.
    void show(RowKind kind, const RowFilter &filter);
    [[nodiscard]] RowKind kind() const { return m_kind; }
    [[nodiscard]] const RowFilter &filter() const;
    /// What the listed rows add up to; null while they are looked for.
    [[nodiscard]] const FilteredRows *found() const { return m_found.get(); }
    /// Writes the listed rows with the shown columns.
    void exportTo(const QString &path);

private:
    struct Order {
        std::string field; ///< empty: as they come
        bool falling = false;
        bool operator==(const Order &) const = default;
    };
    struct Arranged {
        std::shared_ptr<const RowTable> table;
        std::shared_ptr<const FilteredRows> found;
        std::shared_ptr<const RowSelection> rows; ///< in order
        std::optional<Error> problem;
    };
    void buildFilled();
    void buildInspector();
    void kindChosen();
    void updateTable();
    [[nodiscard]] std::shared_ptr<const RowTable> makeTable();
    void updateChoices();
    void find(bool again);
    void take(const Arranged &arranged);
    void showRowsOf(bool stay);
    void showSums();
    [[nodiscard]] QStringList sumTexts() const;
    [[nodiscard]] std::optional<Instant> provisionalDay() const;
    void showRow(int row);
    void showColumnMenu();
    void showCellMenu(int row, int column, const QPoint &at);
    void sortWanted(int column, Qt::SortOrder order);
    void chooseExport();
    void showProgress();
    void loadColumns();
    void saveColumns() const;
    [[nodiscard]] QString columnsKey() const;

    RowKind m_kind = RowKind::Requests;
    std::array<RowFilter, 3> m_filters; ///< by kind
    std::array<Order, 3> m_orders;
    std::shared_ptr<const RowTable> m_table;
    std::shared_ptr<const FilteredRows> m_found;
    std::shared_ptr<const RowSelection> m_shown; ///< those, in order
    std::vector<std::size_t> m_fields;           ///< shown columns
    std::set<std::string> m_hidden;
    const void *m_tableOf = nullptr; ///< history or charges that the table lists
    JobRunner m_findJob;
    JobRunner m_exportJob;
    std::shared_ptr<RowProgress> m_findProgress;
    std::shared_ptr<RowProgress> m_exportProgress;
    QTimer *m_poll = nullptr;

    SegmentedSwitch *m_kinds = nullptr;
    RowFilterBar *m_bar = nullptr;
    QLabel *m_sums = nullptr;
    JobStrip *m_job = nullptr;
    LongTable *m_list = nullptr;
    QPushButton *m_columns = nullptr;
    QPushButton *m_export = nullptr;
    ValueTable *m_rowFields = nullptr;
    QLabel *m_priceTitle = nullptr;
    ValueTable *m_priceLines = nullptr;
};

} // namespace perunit
