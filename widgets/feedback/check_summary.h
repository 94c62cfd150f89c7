// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QToolButton>

namespace perunit {

/// "✓ checks 14/14" in the status line; names the failed ones in its tool tip and in a list when clicked.
class CheckSummary : public QToolButton
{
    Q_OBJECT
public:
    explicit CheckSummary(QWidget *parent = nullptr);

    /// `count` checks ran; `failed` names those that did not hold. No checks: invisible.
    void setChecks(int count, const QStringList &failed);
    [[nodiscard]] int count() const { return m_count; }
    [[nodiscard]] const QStringList &failed() const { return m_failed; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void showState();
    void showList();

    int m_count = 0;
    QStringList m_failed;
};

} // namespace perunit
