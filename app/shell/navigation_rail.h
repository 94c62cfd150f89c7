// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/selection.h"

#include <QFrame>

#include <map>

class QToolButton;
class QVBoxLayout;

namespace perunit {

/// The list of pages at the left edge: icon and name, collapsible to icons. Arrow keys move along it.
class NavigationRail : public QFrame
{
    Q_OBJECT
public:
    explicit NavigationRail(QWidget *parent = nullptr);

    void addPage(PageId page, const QString &icon, const QString &title, const QString &help);
    void setCurrent(PageId page);
    void setCollapsed(bool collapsed);

signals:
    void pageWanted(PageId page);
    void collapsedChanged(bool collapsed);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyLook();
    struct Item {
        QToolButton *button = nullptr;
        QString icon;
    };
    std::map<PageId, Item> m_items;
    QVBoxLayout *m_layout;
    QToolButton *m_collapse;
    bool m_collapsed = false;
};

} // namespace perunit
