// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QString>
#include <QWidget>

#include <cstdint>

class QLabel;
class QProgressBar;
class QToolButton;

namespace perunit {

/// A running job in the status line: name, progress, speed, time left, cancel. Invisible while idle.
class JobStrip : public QWidget
{
    Q_OBJECT
public:
    explicit JobStrip(QWidget *parent = nullptr);

    /// Progress of a job: `done` of `total` bytes (or any other measure; total 0: unknown) and rows so far.
    /// Speed and time left follow from the calls since the job began.
    void showProgress(const QString &name, std::int64_t done, std::int64_t total, std::int64_t rows);
    /// A job that cannot tell how far it is.
    void showBusy(const QString &name);
    /// What the job does just now, beside its progress; empty: nothing is said.
    void setStep(const QString &step);
    void showIdle();
    void setCancellable(bool cancellable);

    /// "1.2 M rows · 310 k rows/s · 12 s left"; parts that are not known are left out. `seconds` since the start.
    static QString progressText(std::int64_t done, std::int64_t total, std::int64_t rows, double seconds);

signals:
    void cancelRequested();

private:
    void begin(const QString &name);

    QString m_jobName;
    QString m_step;
    std::int64_t m_lastDone = 0;
    QElapsedTimer m_clock;
    QLabel *m_name = nullptr;
    QProgressBar *m_bar = nullptr;
    QLabel *m_details = nullptr;
    QToolButton *m_cancel = nullptr;
};

} // namespace perunit
