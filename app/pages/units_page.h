// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

class QBoxLayout;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace perunit {

class FigureView;
class UnitEdit;
class ValueTable;

/// What one unit costs, how that spreads, and what it is made of. The inspector edits the selected unit.
class UnitsPage : public Page
{
    Q_OBJECT
public:
    explicit UnitsPage(const PageContext &context, QWidget *parent = nullptr);

    QWidget *inspector() override;

protected:
    void refresh() override;

private:
    QWidget *buildFilled();
    FigureView *addFigure(const QString &title, QBoxLayout *row, int height);
    void explainCell(const QString &key, int column);
    void buildInspector();
    void refreshTable();
    void refreshFigures();
    void refreshInspector();
    void createUnit();
    void deleteUnit();
    void unitEdited(const EconomicUnit &unit);

    QStackedWidget *m_views = nullptr;
    ValueTable *m_table = nullptr;
    FigureView *m_days = nullptr;
    FigureView *m_distribution = nullptr;
    FigureView *m_composition = nullptr;
    QPushButton *m_delete = nullptr;
    QWidget *m_inspector = nullptr;
    UnitEdit *m_edit = nullptr;
    int m_editing = 0; ///< number of the editing session: its changes are one step
};

} // namespace perunit
