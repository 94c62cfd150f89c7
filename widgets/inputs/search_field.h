// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace perunit {

/// A line to search or filter with: magnifier, clear button, Escape empties it.
class SearchField : public QLineEdit
{
    Q_OBJECT
public:
    /// `placeholder` is also the accessible name: "Search models".
    explicit SearchField(const QString &placeholder, QWidget *parent = nullptr);

signals:
    /// Text without surrounding blanks, each time it changes.
    void searchChanged(const QString &text);
    /// Down arrow or Enter: the user wants to go on in the results.
    void leaveRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace perunit
