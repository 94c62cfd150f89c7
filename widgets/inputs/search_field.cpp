// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/search_field.h"

#include "widgets/theme/icons.h"

#include <QAction>
#include <QKeyEvent>

namespace perunit {

SearchField::SearchField(const QString &placeholder, QWidget *parent)
    : QLineEdit(parent)
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setClearButtonEnabled(true);
    auto *magnifier = addAction(themedIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    magnifier->setText(placeholder);
    connect(magnifier, &QAction::triggered, this, [this] { setFocus(); });
    connect(this, &QLineEdit::textChanged, this, [this](const QString &text) { emit searchChanged(text.trimmed()); });
}

void SearchField::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        if (!text().isEmpty()) {
            clear();
            return;
        }
        break;
    case Qt::Key_Down:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        emit leaveRequested();
        return;
    default:
        break;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace perunit
