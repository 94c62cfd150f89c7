// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace perunit {

/// Runs work beside the owner's thread; the newest job wins and a waiting one is replaced. Results arrive whole, on the
/// thread that owns the runner. The destructor stops and waits, so that no job outlives what it works for.
class JobRunner : public QObject
{
    Q_OBJECT
public:
    /// Called on the owner's thread with the finished result inside.
    using Delivery = std::function<void()>;
    /// Called on the job's thread; must look at the token at least every few milliseconds.
    using Work = std::function<Delivery(std::stop_token)>;

    explicit JobRunner(QObject *parent = nullptr);
    ~JobRunner() override;

    /// What becomes of a job that is running when the next one is started.
    enum class IfRunning {
        Stop,     ///< its result is of no use any more
        LetFinish ///< its result is still shown: a dragged slider is followed instead of starved
    };
    void start(Work work, IfRunning running = IfRunning::Stop);
    /// Asks the running job to stop and forgets a waiting one; nothing of them is delivered.
    void cancel();
    /// Asks the running job to end early; what it delivers is still taken.
    void requestStop();
    [[nodiscard]] bool isBusy() const { return m_busy; }

signals:
    void busyChanged(bool busy);

private:
    struct Job {
        std::uint64_t number = 0;
        Work work;
        std::stop_source stop;
    };
    void run(const std::stop_token &quit);
    void deliver();
    void setBusy(bool busy);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Job> m_waiting;
    std::stop_source m_current;
    std::optional<std::pair<std::uint64_t, Delivery>> m_finished;
    std::uint64_t m_newest = 0;
    std::uint64_t m_oldestWanted = 0;
    bool m_busy = false;
    std::jthread m_thread; // last: the thread must not start before the rest exists
};

} // namespace perunit
