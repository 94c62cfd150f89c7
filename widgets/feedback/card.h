// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace perunit {

/// A surface with title, subtitle, room for controls at its right end, and content.
class Card : public QFrame
{
    Q_OBJECT
public:
    explicit Card(const QString &title = {}, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setSubtitle(const QString &subtitle);
    /// Puts the content in; the former one is deleted.
    void setContent(QWidget *content);
    [[nodiscard]] QWidget *content() const { return m_content; }
    /// Adds a control at the right end of the title row.
    void addControl(QWidget *control);
    /// Adds a quiet button there; connect its clicked().
    QPushButton *addAction(const QString &text, const QString &icon = {});

private:
    void updateHead();

    QVBoxLayout *m_rows = nullptr;
    QWidget *m_head = nullptr;
    QHBoxLayout *m_controls = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_subtitle = nullptr;
    QWidget *m_content = nullptr;
};

} // namespace perunit
