// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace perunit {

/// Nothing to show, said in one sentence, with the buttons that change it; optionally looks like a drop zone.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const QString &icon, const QString &sentence, QWidget *parent = nullptr);

    void setSentence(const QString &sentence);
    /// Sets the sentence as large as a page title: for the page on which everything begins.
    void setProminent(bool prominent);
    /// A second, quieter line; empty: none.
    void setHint(const QString &hint);
    /// Adds a button; one of them should be the primary one. Connect its clicked().
    QPushButton *addButton(const QString &text, const QString &icon = {}, bool primary = false);
    /// Draws the dashed border of a place to drop files on. Drops themselves are taken by the window.
    void setDropZone(bool dropZone);
    /// Lights the drop zone while files are dragged over the window.
    void setDropActive(bool active);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showIcon();

    QString m_iconName;
    QLabel *m_icon = nullptr;
    QLabel *m_sentence = nullptr;
    QLabel *m_hint = nullptr;
    QHBoxLayout *m_buttons = nullptr;
    bool m_dropZone = false;
    bool m_dropActive = false;
};

} // namespace perunit
