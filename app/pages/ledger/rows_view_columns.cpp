// SPDX-License-Identifier: GPL-3.0-or-later
// Which columns of the rows are shown: a setting of the user.
#include "app/pages/ledger/row_source.h"
#include "app/pages/ledger/rows_view.h"
#include "widgets/text/text.h"

#include <QMenu>
#include <QPushButton>
#include <QSettings>

namespace perunit {

namespace {

/// Hidden until somebody asks for them.
const std::set<std::string> &usuallyHidden()
{
    static const std::set<std::string> names{"source_row", "service",          "deployment", "region",
                                             "requests",   "document",         "quantity",   "unit",
                                             "account",    "service_category", "resource",   "prompt_template"};
    return names;
}

} // namespace

QString RowsView::columnsKey() const
{
    return m_kind == RowKind::Requests ? QStringLiteral("rows/hiddenOfRequests")
                                       : QStringLiteral("rows/hiddenOfCharges");
}

void RowsView::loadColumns()
{
    m_hidden.clear();
    const QSettings settings;
    if (settings.contains(columnsKey())) {
        for (const QString &id : settings.value(columnsKey()).toStringList())
            m_hidden.insert(fromQt(id));
        return;
    }
    m_hidden = usuallyHidden();
}

void RowsView::saveColumns() const
{
    QStringList ids;
    for (const std::string &id : m_hidden)
        ids << toQt(id);
    QSettings().setValue(columnsKey(), ids);
}

void RowsView::showColumnMenu()
{
    if (!m_table)
        return;
    QMenu menu(this);
    for (std::size_t i = 0; i < m_table->fields().size(); ++i) {
        const std::string id = m_table->fields()[i].id;
        QAction *action = menu.addAction(fieldLabel(id));
        action->setCheckable(true);
        action->setChecked(!m_hidden.contains(id));
        // A table without columns shows nothing to click on.
        action->setEnabled(m_hidden.contains(id) || m_fields.size() > 1);
        connect(action, &QAction::toggled, this, [this, id](bool shown) {
            if (shown)
                m_hidden.erase(id);
            else
                m_hidden.insert(id);
            saveColumns();
            if (m_shown)
                showRowsOf(true);
        });
    }
    menu.addSeparator();
    menu.addAction(tr("Usual columns"), this, [this] {
        QSettings().remove(columnsKey());
        loadColumns();
        if (m_shown)
            showRowsOf(true);
    });
    menu.exec(m_columns->mapToGlobal(QPoint(0, m_columns->height())));
}

} // namespace perunit
