// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace perunit {

/// One line of plain text that ends in "…" where there is no room; the tool tip then has all of it. It is never higher
/// than one line, so that what stands below stays where it is when the text changes.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QString shown() const;
};

} // namespace perunit
