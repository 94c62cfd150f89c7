// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>

#include <vector>

class QAction;
class QWidget;

namespace perunit {

inline constexpr const char *editsProperty = "edits";

/// Marks a control (or a widget full of them, or an action) as one that changes the workspace: it is out of use while
/// the workspace can only be read. Returns it, so that it can be marked where it is made.
template <typename Control>
Control *changesWorkspace(Control *control)
{
    control->setProperty(editsProperty, true);
    return control;
}

/// Keeps every marked control of a window disabled while nothing can be changed, with the reason as its tool tip, also
/// those that pages make or enable meanwhile.
class EditControls : public QObject
{
    Q_OBJECT
public:
    explicit EditControls(QWidget *window);
    ~EditControls() override;

    /// An empty reason gives the controls back; pages should then say again which of them are of use.
    void setReadOnly(const QString &reason);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void lock(QWidget *control);
    void lock(QAction *action);
    void keepToolTip(QWidget *control);
    void release();

    QWidget *m_window;
    QString m_reason;
    struct Locked {
        QPointer<QWidget> control;
        QString toolTip;
    };
    std::vector<Locked> m_locked;
    struct LockedAction {
        QPointer<QAction> action;
        QString toolTip;
    };
    std::vector<LockedAction> m_lockedActions;
};

} // namespace perunit
