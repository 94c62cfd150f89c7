// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/feedback/message_strip.h"

#include <QWidget>

#include <functional>
#include <vector>

class QVBoxLayout;

namespace perunit {

/// Stacks message strips, newest on top. Takes no room while there is none.
class MessageArea : public QWidget
{
    Q_OBJECT
public:
    explicit MessageArea(QWidget *parent = nullptr);

    using QWidget::show;
    /// Shows a message; the same text again replaces the earlier one. A success replaces earlier ones of its
    /// kind, and the oldest goes when there are more than four; errors go last.
    MessageStrip *show(MessageKind kind, const QString &text, const QString &actionText = {},
                       std::function<void()> action = {});
    void clear();
    [[nodiscard]] int count() const { return static_cast<int>(m_strips.size()); }
    [[nodiscard]] const std::vector<MessageStrip *> &strips() const { return m_strips; }

private:
    void remove(MessageStrip *strip);

    QVBoxLayout *m_rows = nullptr;
    std::vector<MessageStrip *> m_strips; ///< newest first
};

} // namespace perunit
