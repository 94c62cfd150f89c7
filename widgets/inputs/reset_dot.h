// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace perunit {

/// A tinted dot beside what was changed; pressing it brings the former value back.
class ResetDot : public QToolButton
{
    Q_OBJECT
public:
    explicit ResetDot(QWidget *parent = nullptr);
    /// `what` is the name of the value ("Share of requests"), `former` the text it goes back to ("40 %, as in A").
    void describe(const QString &what, const QString &former);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace perunit
