// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/edit_controls.h"

#include <QAction>
#include <QApplication>
#include <QEvent>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace perunit {

EditControls::EditControls(QWidget *window)
    : QObject(window)
    , m_window(window)
{
    qApp->installEventFilter(this);
}

EditControls::~EditControls()
{
    qApp->removeEventFilter(this);
}

void EditControls::setReadOnly(const QString &reason)
{
    if (reason == m_reason)
        return;
    release();
    m_reason = reason;
    if (m_reason.isEmpty())
        return;
    for (QWidget *each : m_window->findChildren<QWidget *>()) {
        if (each->property(editsProperty).toBool())
            lock(each);
    }
    for (QAction *each : m_window->findChildren<QAction *>()) {
        if (each->property(editsProperty).toBool())
            lock(each);
    }
}

void EditControls::release()
{
    m_reason.clear();
    for (const Locked &each : std::exchange(m_locked, {})) {
        if (!each.control)
            continue;
        each.control->setToolTip(each.toolTip);
        each.control->setEnabled(true);
    }
    for (const LockedAction &each : std::exchange(m_lockedActions, {})) {
        if (!each.action)
            continue;
        disconnect(each.action, nullptr, this, nullptr);
        each.action->setToolTip(each.toolTip);
        each.action->setEnabled(true);
    }
}

void EditControls::lock(QWidget *control)
{
    const auto known = std::find_if(m_locked.begin(), m_locked.end(),
                                    [control](const Locked &each) { return each.control == control; });
    if (known == m_locked.end()) {
        std::erase_if(m_locked, [](const Locked &each) { return each.control.isNull(); });
        m_locked.push_back({control, control->toolTip()});
    }
    control->setToolTip(m_reason);
    control->setEnabled(false);
}

/// A tool tip that a page gives meanwhile is the one that the control gets back.
void EditControls::keepToolTip(QWidget *control)
{
    if (control->toolTip() == m_reason)
        return;
    for (Locked &each : m_locked) {
        if (each.control == control)
            each.toolTip = control->toolTip();
    }
    control->setToolTip(m_reason);
}

void EditControls::lock(QAction *action)
{
    m_lockedActions.push_back({action, action->toolTip()});
    action->setToolTip(m_reason);
    action->setEnabled(false);
    connect(action, &QAction::enabledChanged, this, [action](bool enabled) {
        if (enabled)
            action->setEnabled(false);
    });
}

bool EditControls::eventFilter(QObject *watched, QEvent *event)
{
    const QEvent::Type type = event->type();
    const bool concerns = type == QEvent::EnabledChange || type == QEvent::Polish || type == QEvent::ToolTipChange
                          || type == QEvent::DynamicPropertyChange;
    if (m_reason.isEmpty() || !concerns || !watched->property(editsProperty).toBool())
        return QObject::eventFilter(watched, event);
    auto *control = qobject_cast<QWidget *>(watched);
    if (!control || control->window() != m_window)
        return QObject::eventFilter(watched, event);
    if (type == QEvent::ToolTipChange)
        keepToolTip(control);
    else if (type == QEvent::DynamicPropertyChange || control->isEnabled())
        lock(control);
    return QObject::eventFilter(watched, event);
}

} // namespace perunit
