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
    if (event->type() == QEvent::PaletteChange)
        invalidate();
}

void Page::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (std::exchange(m_stale, false))
        refresh();
}

} // namespace perunit
