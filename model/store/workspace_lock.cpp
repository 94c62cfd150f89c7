// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/workspace_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace perunit {

namespace {

constexpr int retryMilliseconds = 50;

std::string lockPathOf(const std::string &workspace)
{
    // A link and the file it leads to are one workspace.
    std::error_code failure;
    const auto path = std::filesystem::weakly_canonical(workspace, failure);
    return (failure ? workspace : path.string()) + ".lock";
}

std::string hostName()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// What the holder has written about itself.
std::string holderOf(int descriptor)
{
    std::array<char, 512> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string line(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    line = line.substr(0, line.find('\n'));
    return line.empty() ? "another program" : line;
}

void describe(int descriptor, const std::string &holder)
{
    const std::string host = hostName();
    const std::string line =
        holder + " (process " + std::to_string(::getpid()) + (host.empty() ? "" : " on " + host) + ")\n";
    // Only for people: the lock itself does not depend on it.
    if (::ftruncate(descriptor, 0) == 0)
        (void)!::pwrite(descriptor, line.data(), line.size(), 0);
}

/// The last holder removes the file; a lock on a removed file is worth nothing.
bool isStillThere(const std::string &path, int descriptor)
{
    struct stat here {
    };
    struct stat there {
    };
    return ::fstat(descriptor, &here) == 0 && ::stat(path.c_str(), &there) == 0 && here.st_ino == there.st_ino
           && here.st_dev == there.st_dev;
}

Error cannotWrite(const char *what, const std::string &where)
{
    return {ErrorCode::Io, std::string(what) + ": " + std::strerror(errno), where,
            "save it under another name, or check the permissions"};
}

/// One try. Nothing when somebody else was faster and it has to be tried again; a negative number when it is held.
Result<std::optional<int>> tryLock(const std::string &path, const std::string &workspace, std::string &holder)
{
    int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    // The file of another user: it can be locked all the same.
    if (descriptor < 0 && errno == EACCES)
        descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return cannotWrite("the folder of the workspace cannot be written", workspace);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int problem = errno;
        holder = holderOf(descriptor);
        ::close(descriptor);
        errno = problem;
        if (problem == EWOULDBLOCK || problem == EINTR)
            return std::optional<int>{-1};
        return cannotWrite("the workspace cannot be locked", workspace);
    }
    if (!isStillThere(path, descriptor)) {
        ::close(descriptor);
        return std::optional<int>{};
    }
    return std::optional<int>{descriptor};
}

} // namespace

Result<WorkspaceLock> WorkspaceLock::acquire(const std::string &workspace, const std::string &holder,
                                             std::chrono::milliseconds patience)
{
    if (::access(workspace.c_str(), F_OK) == 0 && ::access(workspace.c_str(), W_OK) != 0)
        return cannotWrite("the workspace file cannot be written", workspace);
    const std::string path = lockPathOf(workspace);
    const auto until = std::chrono::steady_clock::now() + patience;
    std::string other;
    while (true) {
        auto locked = tryLock(path, workspace, other);
        if (!locked)
            return locked.error();
        if (*locked && **locked >= 0) {
            describe(**locked, holder);
            return WorkspaceLock(path, **locked);
        }
        if (!*locked)
            continue;
        if (std::chrono::steady_clock::now() >= until)
            return Error{ErrorCode::Conflict, "the workspace is open for writing in " + other, workspace,
                         "close it there, then try again"};
        ::poll(nullptr, 0, retryMilliseconds);
    }
}

WorkspaceLock::~WorkspaceLock()
{
    if (m_descriptor < 0)
        return;
    // While it is still held, so that nobody's new file is removed.
    ::unlink(m_path.c_str());
    ::close(m_descriptor);
}

WorkspaceLock::WorkspaceLock(WorkspaceLock &&other) noexcept
    : m_path(std::move(other.m_path))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{}

WorkspaceLock &WorkspaceLock::operator=(WorkspaceLock &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

bool WorkspaceLock::isFor(const std::string &workspace) const
{
    return m_descriptor >= 0 && m_path == lockPathOf(workspace);
}

} // namespace perunit
