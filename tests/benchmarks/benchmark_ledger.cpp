// SPDX-License-Identifier: GPL-3.0-or-later
// What a ledger costs: import into a workspace and opening it again. Driven by benchmark_import.py.
#include "model/import/importer.h"
#include "model/store/workspace_store.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

using namespace perunit;

namespace {

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A line of /proc/self/status in MB.
double memory(const char *name)
{
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with(name))
            return std::strtod(line.c_str() + std::strlen(name) + 1, nullptr) / 1024;
    }
    return 0;
}

int fail(const Error &error)
{
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return 1;
}

int importLedger(const std::string &file, const std::string &workspace, unsigned threads)
{
    for (const char *suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(workspace + suffix);
    const double start = now();
    auto store = WorkspaceStore::open(workspace, WorkspaceStore::Mode::OpenOrCreate);
    if (!store)
        return fail(store.error());
    ImportOptions options;
    options.threads = threads;
    auto source = importFile(**store, file, options, nullptr, {});
    if (!source)
        return fail(source.error());
    store->reset();
    const double seconds = now() - start;
    std::printf("import %.3f s, %lld rows, %lld rejected, %.2f bytes a row stored, peak %.0f MB\n", seconds,
                static_cast<long long>(source->rowsAccepted), static_cast<long long>(source->rowsRejected),
                static_cast<double>(std::filesystem::file_size(workspace)) / static_cast<double>(source->rowsAccepted),
                memory("VmHWM"));
    return 0;
}

int openWorkspace(const std::string &workspace)
{
    const double start = now();
    auto store = WorkspaceStore::open(workspace, WorkspaceStore::Mode::OpenExisting);
    if (!store)
        return fail(store.error());
    auto ledger = (*store)->readLedger({});
    if (!ledger)
        return fail(ledger.error());
    const Workload &workload = *ledger->workload;
    // The first exact total.
    Int128 tokens = 0;
    for (std::size_t row = 0; row < workload.size(); ++row)
        tokens += workload.count(UsageClass::Input, row) + workload.count(UsageClass::Output, row);
    const double seconds = now() - start;
    std::printf("open %.3f s, %zu rows, %.0f tokens, %.1f bytes a row anonymous\n", seconds, workload.size(),
                static_cast<double>(tokens), memory("RssAnon") * 1024 * 1024 / static_cast<double>(workload.size()));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "import" && argc >= 4)
        return importLedger(argv[2], argv[3], argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 0);
    if (what == "open" && argc == 3)
        return openWorkspace(argv[2]);
    std::fputs("usage: benchmark_ledger import LEDGER WORKSPACE [THREADS] | open WORKSPACE\n", stderr);
    return 2;
}
