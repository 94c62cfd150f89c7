// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/large_pages.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace perunit {

void expectToFill(const void *from, std::size_t bytes)
{
#if defined(__linux__)
    constexpr std::size_t worthwhile = std::size_t{16} << 20;
    if (bytes < worthwhile)
        return;
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const std::uintptr_t first = (reinterpret_cast<std::uintptr_t>(from) + page - 1) / page * page;
    const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(from) + bytes) / page * page;
    // Refused by kernels without large pages, and then nothing is lost.
    (void)madvise(reinterpret_cast<void *>(first), end - first, MADV_HUGEPAGE);
#else
    (void)from;
    (void)bytes;
#endif
}

} // namespace perunit
