// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/navigation_rail.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QKeyEvent>
#include <QToolButton>
#include <QVBoxLayout>

namespace perunit {

NavigationRail::NavigationRail(QWidget *parent)
    : QFrame(parent)
    , m_layout(new QVBoxLayout(this))
    , m_collapse(new QToolButton(this))
{
    setProperty("role", "rail");
    setAccessibleName(tr("Pages"));
    m_layout->setContentsMargins(Theme::space2, Theme::space3, Theme::space2, Theme::space2);
    m_layout->setSpacing(2);
    m_layout->addStretch(1);
    m_layout->addWidget(m_collapse);
    m_collapse->setProperty("role", "railItem");
    m_collapse->setIconSize({20, 20});
    m_collapse->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(m_collapse, &QToolButton::clicked, this, [this] {
        setCollapsed(!m_collapsed);
        emit collapsedChanged(m_collapsed);
    });
    applyLook();
}

void NavigationRail::addPage(PageId page, const QString &icon, const QString &title, const QString &help)
{
    auto *button = new QToolButton(this);
    button->setProperty("role", "railItem");
    button->setCheckable(true);
    button->setAutoExclusive(true);
    button->setIconSize({20, 20});
    button->setText(title);
    button->setToolTip(help);
    button->setAccessibleName(title);
    button->setAccessibleDescription(help);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(button, &QToolButton::clicked, this, [this, page] { emit pageWanted(page); });
    // Above the stretch and the collapse button.
    m_layout->insertWidget(m_layout->count() - 2, button);
    setTabOrder(button, m_collapse);
    m_items[page] = {button, icon};
    applyLook();
}

void NavigationRail::setCurrent(PageId page)
{
    const auto found = m_items.find(page);
    // A tab stop leads to the current page, arrows from there to the others.
    setFocusProxy(found == m_items.end() ? nullptr : found->second.button);
    for (auto &[id, item] : m_items) {
        // Auto-exclusive buttons cannot all be unchecked otherwise, as they must be on the import page.
        item.button->setAutoExclusive(false);
        item.button->setChecked(found != m_items.end() && id == page);
        item.button->setAutoExclusive(true);
    }
}

void NavigationRail::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    applyLook();
}

void NavigationRail::applyLook()
{
    setFixedWidth(m_collapsed ? Theme::railCollapsedWidth : Theme::railWidth);
    const auto style = m_collapsed ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon;
    for (auto &[id, item] : m_items) {
        item.button->setIcon(themedIcon(item.icon));
        item.button->setToolButtonStyle(style);
    }
    m_collapse->setIcon(themedIcon(m_collapsed ? QStringLiteral("expand") : QStringLiteral("collapse")));
    m_collapse->setText(tr("Collapse"));
    m_collapse->setToolTip(m_collapsed ? tr("Show the names of the pages") : tr("Show icons only"));
    m_collapse->setAccessibleName(m_collapse->toolTip());
    m_collapse->setToolButtonStyle(style);
}

void NavigationRail::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Down)
        focusNextChild();
    else if (event->key() == Qt::Key_Up)
        focusPreviousChild();
    else
        QFrame::keyPressEvent(event);
}

void NavigationRail::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyLook();
}

} // namespace perunit
