// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

#include <cstdint>
#include <functional>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace perunit {

enum class MessageKind : std::uint8_t { Info, Success, Warning, Error };

/// A message in the page with what can be done about it; never a dialog.
class MessageStrip : public QFrame
{
    Q_OBJECT
public:
    MessageStrip(MessageKind kind, const QString &text, QWidget *parent = nullptr);

    [[nodiscard]] MessageKind kind() const { return m_kind; }
    [[nodiscard]] QString text() const;
    void setText(const QString &text);
    /// Adds a button; afterwards the strip closes unless `keepOpen`.
    void addAction(const QString &text, std::function<void()> action, bool keepOpen = false);
    void setClosable(bool closable);

signals:
    /// The user closed it or used an action that closes it.
    void closed();

protected:
    void changeEvent(QEvent *event) override;

private:
    void showIcon();

    MessageKind m_kind;
    QLabel *m_icon = nullptr;
    QLabel *m_text = nullptr;
    QHBoxLayout *m_actions = nullptr;
    QToolButton *m_close = nullptr;
};

} // namespace perunit
