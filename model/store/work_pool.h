// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace perunit {

/// A few threads that share pieces of work. What has not begun when the pool is destroyed is dropped.
class WorkPool
{
public:
    /// At least one thread.
    explicit WorkPool(unsigned threads);
    ~WorkPool();
    WorkPool(const WorkPool &) = delete;
    WorkPool &operator=(const WorkPool &) = delete;

    /// Processors of this machine, at most `most`.
    static unsigned processors(unsigned most = 8);
    [[nodiscard]] unsigned threads() const { return static_cast<unsigned>(m_threads.size()); }

    /// Runs `work` on one of the threads. Work runs in the order in which it came, urgent work before the rest.
    template <typename Work>
    std::future<std::invoke_result_t<Work>> give(Work work, bool urgent = false)
    {
        auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work>()>>(std::move(work));
        auto result = task->get_future();
        push([task] { (*task)(); }, urgent);
        return result;
    }

private:
    void push(std::function<void()> task, bool urgent);
    void run();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_urgent;
    std::deque<std::function<void()>> m_tasks;
    bool m_closing = false;
    std::vector<std::thread> m_threads;
};

/// Things with working memory that pieces of work use in turn, one each at a time.
template <typename Thing>
class Spares
{
public:
    /// One that was given back, or a new one.
    std::unique_ptr<Thing> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_things.empty())
            return std::make_unique<Thing>();
        auto thing = std::move(m_things.back());
        m_things.pop_back();
        return thing;
    }
    void give(std::unique_ptr<Thing> thing)
    {
        const std::lock_guard lock(m_mutex);
        m_things.push_back(std::move(thing));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Thing>> m_things;
};

} // namespace perunit
