// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/work_pool.h"

#include <algorithm>

namespace perunit {

WorkPool::WorkPool(unsigned threads)
{
    for (unsigned i = 0; i < std::max(threads, 1U); ++i)
        m_threads.emplace_back([this] { run(); });
}

WorkPool::~WorkPool()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_urgent.clear();
        m_tasks.clear();
    }
    m_wake.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
}

unsigned WorkPool::processors(unsigned most)
{
    return std::clamp(std::thread::hardware_concurrency(), 1U, most);
}

void WorkPool::push(std::function<void()> task, bool urgent)
{
    {
        const std::lock_guard lock(m_mutex);
        (urgent ? m_urgent : m_tasks).push_back(std::move(task));
    }
    m_wake.notify_one();
}

void WorkPool::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_closing || !m_urgent.empty() || !m_tasks.empty(); });
        if (m_closing)
            return;
        auto &queue = m_urgent.empty() ? m_tasks : m_urgent;
        const std::function<void()> task = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

} // namespace perunit
