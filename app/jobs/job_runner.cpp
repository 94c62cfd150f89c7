// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/jobs/job_runner.h"

#include <QMetaObject>

#include <utility>

namespace perunit {

JobRunner::JobRunner(QObject *parent)
    : QObject(parent)
    , m_thread([this](const std::stop_token &quit) { run(quit); })
{}

JobRunner::~JobRunner()
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.reset();
        m_current.request_stop();
    }
    m_thread.request_stop();
    m_thread.join();
}

void JobRunner::start(Work work, IfRunning running)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting = Job{++m_newest, std::move(work), {}};
        if (running == IfRunning::Stop) {
            m_current.request_stop();
            m_oldestWanted = m_newest;
        }
    }
    m_wake.notify_one();
    setBusy(true);
}

void JobRunner::cancel()
{
    {
        const std::lock_guard lock(m_mutex);
        m_current.request_stop();
        m_waiting.reset();
        m_oldestWanted = ++m_newest;
    }
    setBusy(false);
}

void JobRunner::requestStop()
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting)
        m_waiting->stop.request_stop();
    else
        m_current.request_stop();
}

void JobRunner::run(const std::stop_token &quit)
{
    while (true) {
        std::optional<Job> job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, quit, [this] { return m_waiting.has_value(); }))
                return;
            job = std::exchange(m_waiting, std::nullopt);
            m_current = job->stop;
        }
        Delivery delivery = job->work(job->stop.get_token());
        // The work may own much memory; it must not live on until the next job comes.
        job->work = nullptr;
        {
            const std::lock_guard lock(m_mutex);
            if (job->number < m_oldestWanted)
                continue;
            m_finished = {job->number, std::move(delivery)};
        }
        QMetaObject::invokeMethod(this, &JobRunner::deliver, Qt::QueuedConnection);
    }
}

void JobRunner::deliver()
{
    Delivery delivery;
    bool idle = false;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_finished || m_finished->first < m_oldestWanted)
            return;
        idle = m_finished->first == m_newest;
        delivery = std::move(m_finished->second);
        m_finished.reset();
    }
    // Idle before the delivery: what it does may start the next job.
    if (idle)
        setBusy(false);
    if (delivery)
        delivery();
}

void JobRunner::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    emit busyChanged(busy);
}

} // namespace perunit
