// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/table_setup.h"

#include "widgets/tables/value_delegate.h"
#include "widgets/theme/theme.h"

#include <QHeaderView>
#include <QTableView>

namespace perunit {

void setUpTable(QTableView *view, const QString &name)
{
    view->setItemDelegate(new ValueDelegate(view));
    view->setAccessibleName(name);
    view->setFont(Theme::font(Theme::TextRole::Table));
    view->setFrameShape(QFrame::NoFrame);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    view->setTabKeyNavigation(false);
    view->setAcceptDrops(false); // files are meant for the window
    view->setCornerButtonEnabled(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView *header = view->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(false);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setMinimumSectionSize(40);
}

} // namespace perunit
