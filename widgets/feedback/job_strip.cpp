// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/job_strip.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

constexpr int barSteps = 1000;
/// Before this a speed says more about the start of the job than about the job.
constexpr double secondsBeforeSpeed = 1.0;

QString shortCount(double count)
{
    const QLocale locale;
    if (count >= 1e6)
        return locale.toString(count / 1e6, 'f', 1) + QStringLiteral(" M");
    if (count >= 1e4)
        return locale.toString(count / 1e3, 'f', 0) + QStringLiteral(" k");
    return locale.toString(count, 'f', 0);
}

QString leftText(double seconds)
{
    if (seconds < 60)
        return JobStrip::tr("%1 s left").arg(std::max(1, static_cast<int>(std::ceil(seconds))));
    if (seconds < 3600)
        return JobStrip::tr("%1 min left").arg(static_cast<int>(std::ceil(seconds / 60)));
    return JobStrip::tr("%1 h left").arg(QLocale().toString(seconds / 3600, 'f', 1));
}

} // namespace

JobStrip::JobStrip(QWidget *parent)
    : QWidget(parent)
    , m_name(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_details(new QLabel(this))
    , m_cancel(new QToolButton(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space2);
    m_name->setProperty("role", "caption");
    m_details->setProperty("role", "caption");
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(120);
    m_bar->setFixedHeight(16);
    m_cancel->setIcon(themedIcon(QStringLiteral("close")));
    m_cancel->setIconSize({14, 14});
    m_cancel->setAutoRaise(true);
    row->addWidget(m_name);
    row->addWidget(m_bar);
    row->addWidget(m_details);
    row->addWidget(m_cancel);
    connect(m_cancel, &QToolButton::clicked, this, &JobStrip::cancelRequested);
    setCancellable(true);
    showIdle();
}

void JobStrip::begin(const QString &name)
{
    m_jobName = name;
    m_lastDone = 0;
    m_clock.start();
    m_name->setText(name);
    m_bar->setAccessibleName(tr("Progress of: %1").arg(name));
    m_cancel->setToolTip(tr("Cancel: %1").arg(name));
    m_cancel->setAccessibleName(m_cancel->toolTip());
    setAccessibleName(name);
    setVisible(true);
}

void JobStrip::showProgress(const QString &name, std::int64_t done, std::int64_t total, std::int64_t rows)
{
    // A job of the same name that starts again begins with less than there was.
    if (isHidden() || name != m_jobName || done < m_lastDone)
        begin(name);
    m_lastDone = done;
    if (total > 0) {
        const double share = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
        m_bar->setRange(0, barSteps);
        m_bar->setValue(static_cast<int>(share * barSteps));
    } else {
        m_bar->setRange(0, 0);
    }
    const QString details = progressText(done, total, rows, static_cast<double>(m_clock.elapsed()) / 1000.0);
    m_details->setText(m_step.isEmpty()    ? details
                       : details.isEmpty() ? m_step
                                           : m_step + QStringLiteral(" · ") + details);
    m_details->setVisible(!m_details->text().isEmpty());
}

void JobStrip::showBusy(const QString &name)
{
    if (isHidden() || name != m_jobName)
        begin(name);
    m_bar->setRange(0, 0);
    m_details->clear();
    m_details->hide();
}

void JobStrip::setStep(const QString &step)
{
    m_step = step;
}

void JobStrip::showIdle()
{
    m_jobName.clear();
    m_step.clear();
    setVisible(false);
}

void JobStrip::setCancellable(bool cancellable)
{
    m_cancel->setVisible(cancellable);
}

QString JobStrip::progressText(std::int64_t done, std::int64_t total, std::int64_t rows, double seconds)
{
    QStringList parts;
    if (total > 0) {
        const double share = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
        parts << tr("%1 %").arg(static_cast<int>(share * 100.0));
    }
    if (rows > 0)
        parts << tr("%1 rows").arg(shortCount(static_cast<double>(rows)));
    if (seconds >= secondsBeforeSpeed) {
        if (rows > 0)
            parts << tr("%1 rows/s").arg(shortCount(static_cast<double>(rows) / seconds));
        if (total > 0 && done > 0 && done < total)
            parts << leftText(seconds * static_cast<double>(total - done) / static_cast<double>(done));
    }
    return parts.join(QStringLiteral(" · "));
}

} // namespace perunit
