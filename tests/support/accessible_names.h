// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QStringList>
#include <QWidget>

namespace perunit {

/// What somebody finds who cannot see a widget.
struct AccessibleNames {
    int interactive = 0;
    QStringList unnamed; ///< role and class of interactive things without a name
};

inline bool isInteractive(QAccessible::Role role)
{
    switch (role) {
    case QAccessible::Button:
    case QAccessible::ButtonMenu:
    case QAccessible::ButtonDropDown:
    case QAccessible::CheckBox:
    case QAccessible::RadioButton:
    case QAccessible::ComboBox:
    case QAccessible::EditableText:
    case QAccessible::Slider:
    case QAccessible::SpinBox:
    case QAccessible::List:
    case QAccessible::Table:
    case QAccessible::Tree:
    case QAccessible::ProgressBar:
        return true;
    default:
        return false;
    }
}

inline void collectNames(QAccessibleInterface *item, AccessibleNames &names)
{
    if (!item || !item->isValid() || item->state().invisible)
        return;
    if (isInteractive(item->role())) {
        ++names.interactive;
        if (item->text(QAccessible::Name).trimmed().isEmpty()) {
            const QObject *object = item->object();
            names.unnamed << QStringLiteral("role %1 %2")
                                 .arg(int(item->role()))
                                 .arg(QLatin1String(object ? object->metaObject()->className() : "?"));
        }
    }
    // The cells of tables and lists speak for themselves.
    if (item->role() == QAccessible::Table || item->role() == QAccessible::List)
        return;
    for (int i = 0; i < item->childCount(); ++i)
        collectNames(item->child(i), names);
}

/// Walks the accessible tree below a widget that is shown.
inline AccessibleNames accessibleNames(QWidget *widget)
{
    AccessibleNames names;
    collectNames(QAccessible::queryAccessibleInterface(widget), names);
    return names;
}

} // namespace perunit
