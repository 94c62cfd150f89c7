// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/page.h"

#include <QEvent>

#include <utility>

namespace perunit {

Page::Page(const PageContext &context, PageId id, const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_id(id)
    , m_title(title)
{
    setAccessibleName(title);
}

void Page::invalidate()
{
    if (isVisible())
        refresh();
    else
        m_stale = true;
}

void Page::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    // Later: Qt walks through all widgets at the moment, and a refresh replaces some of them.
    if (event->type() == QEvent::PaletteChange)
        QMetaObject::invokeMethod(this, &Page::invalidate, Qt::QueuedConnection);
}

void Page::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (std::exchange(m_stale, false))
        refresh();
}

} // namespace perunit
