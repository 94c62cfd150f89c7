// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/check_summary.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QFrame>
#include <QLabel>
#include <QVBoxLayout>

namespace perunit {

CheckSummary::CheckSummary(QWidget *parent)
    : QToolButton(parent)
{
    setAutoRaise(true);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIconSize({16, 16});
    setFont(Theme::font(Theme::TextRole::Caption));
    connect(this, &QToolButton::clicked, this, &CheckSummary::showList);
    setChecks(0, {});
}

void CheckSummary::setChecks(int count, const QStringList &failed)
{
    m_count = count;
    m_failed = failed;
    setVisible(count > 0);
    showState();
}

void CheckSummary::showState()
{
    const Theme &theme = currentTheme();
    const auto passed = m_count - static_cast<int>(m_failed.size());
    setText(tr("checks %1/%2").arg(passed).arg(m_count));
    const bool good = m_failed.isEmpty();
    setIcon(good ? themedIcon(QStringLiteral("check"), theme.favourable)
                 : themedIcon(QStringLiteral("error"), theme.unfavourable));
    QStringList lines;
    lines << (good ? tr("All %1 checks of the figures on this page hold.").arg(m_count)
                   : tr("%1 of %2 checks failed:").arg(m_failed.size()).arg(m_count));
    for (const QString &line : m_failed)
        lines << QStringLiteral("• ") + line;
    setToolTip(
        QStringLiteral("<qt>%1</qt>")
            .arg(lines.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"))));
    setAccessibleName(good ? tr("Checks: %1 of %1 hold").arg(m_count)
                           : tr("Checks: %1 of %2 hold").arg(passed).arg(m_count));
    setAccessibleDescription(m_failed.join(QStringLiteral("; ")));
}

void CheckSummary::showList()
{
    auto *popup = new QFrame(this, Qt::Popup);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setProperty("role", "popup");
    popup->setAccessibleName(accessibleName());
    auto *rows = new QVBoxLayout(popup);
    rows->setContentsMargins(Theme::space3, Theme::space2, Theme::space3, Theme::space2);
    auto *title = new QLabel(m_failed.isEmpty() ? tr("All %1 checks hold.").arg(m_count)
                                                : tr("%1 of %2 checks failed").arg(m_failed.size()).arg(m_count),
                             popup);
    title->setProperty("role", "section");
    rows->addWidget(title);
    for (const QString &line : m_failed) {
        auto *label = new QLabel(line, popup);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setMinimumWidth(320);
        rows->addWidget(label);
    }
    popup->adjustSize();
    popup->move(mapToGlobal(QPoint(0, -popup->height() - Theme::space1)));
    popup->show();
}

void CheckSummary::changeEvent(QEvent *event)
{
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showState();
}

} // namespace perunit
