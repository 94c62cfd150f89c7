// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"

#include <chrono>
#include <string>

namespace perunit {

/// The right to write to a workspace, held by one program at a time: a window as long as it has the workspace open, a
/// command while it runs. Readers need none. The kernel takes it back when its holder ends in whatever way, so that a
/// killed program locks nobody out. It lives in `NAME.perunit.lock` beside the workspace, which says who holds it.
class WorkspaceLock
{
public:
    /// `holder` is what others are told ("a Perunit window", "perunit import"). Waits up to `patience` for another
    /// holder to finish. Errors: Conflict when another program holds it (named), Io when the file or its folder cannot
    /// be written.
    static Result<WorkspaceLock> acquire(const std::string &workspace, const std::string &holder,
                                         std::chrono::milliseconds patience);
    ~WorkspaceLock();
    WorkspaceLock(WorkspaceLock &&other) noexcept;
    WorkspaceLock &operator=(WorkspaceLock &&other) noexcept;

    /// Whether this is the lock of that workspace, by whatever path.
    [[nodiscard]] bool isFor(const std::string &workspace) const;

private:
    WorkspaceLock(std::string path, int descriptor)
        : m_path(std::move(path))
        , m_descriptor(descriptor)
    {}
    std::string m_path;
    int m_descriptor = -1;
};

} // namespace perunit
