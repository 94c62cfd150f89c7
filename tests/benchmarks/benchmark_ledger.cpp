// SPDX-License-Identifier: GPL-3.0-or-later
// What a ledger costs: import into a workspace and opening it again. Driven by benchmark_import.py.
#include "model/import/importer.h"
#include "model/store/workspace_store.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

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

/// A ledger like those of a year of many workloads: seeded, in order of time, with sessions that overlap and grow.
class LedgerText
{
public:
    explicit LedgerText(std::uint64_t seed)
        : m_random(seed)
    {}

    void write(std::FILE *to, std::int64_t rows)
    {
        std::fputs("timestamp,provider,model,workload,environment,team,region,conversation_id,request_id,input_tokens,"
                   "cached_input_tokens,output_tokens,latency_ms,status,cost_usd,tags\n",
                   to);
        const double step = 365.0 * 86'400'000.0 / static_cast<double>(rows);
        double millis = 0;
        for (std::int64_t row = 0; row < rows; ++row) {
            millis += step * 2 * uniform();
            writeRow(to, Instant{instantOf(2025, 1, 1).micros + static_cast<std::int64_t>(millis) * 1000});
        }
    }

private:
    struct Session {
        std::int64_t number = 0;
        std::size_t model = 0;
        std::size_t workload = 0;
        std::size_t team = 0;
        double context = 0;
        int left = 0;
    };
    static constexpr std::array<const char *, 12> models{
        "openai,gpt-4o-mini",         "openai,gpt-4o",         "openai,gpt-4.1",          "anthropic,claude-sonnet-4",
        "anthropic,claude-3-5-haiku", "google,gemini-2.5-pro", "google,gemini-2.5-flash", "mistral,mistral-large",
        "deepseek,deepseek-chat",     "meta,llama-3.3-70b",    "openai,o4-mini",          "anthropic,claude-opus-4"};
    static constexpr std::array<const char *, 8> workloads{
        "support-chat", "doc-summarise", "code-review", "search", "batch-extract", "agent", "translate", "evaluation"};
    static constexpr std::array<const char *, 10> teams{"platform", "support", "sales", "legal",    "hr-tools",
                                                        "finance",  "search",  "data",  "research", "ops"};
    static constexpr std::array<const char *, 4> regions{"us-east-1", "eu-west-1", "eu-central-1", "ap-south-1"};

    double uniform() { return static_cast<double>(m_random() >> 11) * 0x1.0p-53; }
    double normal() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(6.283185307179586 * uniform()); }
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(uniform() * static_cast<double>(count)); }
    std::size_t skewed(std::size_t count)
    {
        return static_cast<std::size_t>(uniform() * uniform() * static_cast<double>(count));
    }

    Session &nextSession()
    {
        // About 2.6 requests a session, some hundred of them open at the same time.
        const std::size_t place = below(256);
        if (place >= m_open.size() || m_open[place].left == 0) {
            Session session;
            session.number = ++m_sessions;
            session.workload = skewed(workloads.size());
            session.model = (session.workload * 5 + skewed(models.size())) % models.size();
            session.team = skewed(teams.size());
            session.context = std::exp(7.6 + 1.5 * normal() + (session.workload == 1 ? 1.5 : 0));
            session.left = 1 + static_cast<int>(-std::log(1 - uniform()) * 2.1);
            if (place >= m_open.size()) {
                m_open.push_back(session);
                return m_open.back();
            }
            m_open[place] = session;
        }
        return m_open[place];
    }

    void writeRow(std::FILE *to, Instant time)
    {
        Session &session = nextSession();
        const double before = session.context;
        session.context = std::min(before * (1.1 + uniform()), 900'000.0);
        const auto input = static_cast<std::int64_t>(before);
        const std::int64_t cached = session.left > 0 && uniform() < 0.6 ? input * 7 / 10 / 128 * 128 : 0;
        const auto output = static_cast<std::int64_t>(std::exp(5.6 + 0.9 * normal()));
        const auto price = static_cast<std::int64_t>(15 + session.model * 37);
        const std::int64_t cost = (input - cached) * price + cached * price / 10 + output * price * 5;
        const bool failed = uniform() < 0.006;
        --session.left;
        std::string when = formatInstant(time);
        if (when.size() == 20)
            when.insert(19, ".000");
        else
            when.resize(23), when += 'Z';
        const auto moved = static_cast<unsigned long long>(session.number) * 0x9E3779B97F4A7C15ULL;
        std::fprintf(to,
                     "%s,%s,%s,%s,%s,%s,conv_%012llx,req_%016llx,%lld,%lld,%lld,%lld,%d,0.%09lld,"
                     "\"{\"\"feature\"\":\"\"%s\"\",\"\"ab\"\":\"\"%c\"\",\"\"sdk\"\":\"\"py-%zu.%zu\"\"}\"\n",
                     when.c_str(), models[session.model], workloads[session.workload],
                     uniform() < 0.8   ? "prod"
                     : uniform() < 0.6 ? "staging"
                                       : "dev",
                     teams[session.team], regions[skewed(regions.size())],
                     static_cast<unsigned long long>(session.number) << 8 | (moved >> 56),
                     static_cast<unsigned long long>(m_random()), static_cast<long long>(input),
                     static_cast<long long>(cached), static_cast<long long>(output),
                     static_cast<long long>(300 + output * 12 + static_cast<std::int64_t>(900 * uniform())),
                     failed ? (uniform() < 0.5 ? 429 : 500) : 200, static_cast<long long>(cost % 1'000'000'000),
                     workloads[session.workload], uniform() < 0.5 ? 'A' : 'B', below(2) + 1, skewed(4));
    }

    std::mt19937_64 m_random;
    std::vector<Session> m_open;
    std::int64_t m_sessions = 0;
};

int generate(std::int64_t rows, const char *path)
{
    std::FILE *file = std::fopen(path, "w");
    if (!file)
        return 1;
    LedgerText(42).write(file, rows);
    return std::fclose(file) == 0 ? 0 : 1;
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
    std::vector<std::int64_t> counts(PackedNumbers::pieceRows);
    for (const UsageClass usageClass : {UsageClass::Input, UsageClass::Output}) {
        const PackedNumbers &column = workload.usage[static_cast<std::size_t>(usageClass)].numbers();
        for (std::size_t row = 0; row < column.size(); row += PackedNumbers::pieceRows) {
            const PackedNumbers::Piece &piece = *column.pieceAt(row);
            piece.copyTo(counts.data());
            tokens += std::accumulate(counts.data(), counts.data() + piece.rows, Int128{0});
        }
    }
    const double seconds = now() - start;
    std::printf("open %.3f s, cpu %.3f s, %zu rows, %.0f tokens, %.1f bytes a row anonymous\n", seconds,
                static_cast<double>(std::clock()) / CLOCKS_PER_SEC, workload.size(), static_cast<double>(tokens),
                memory("RssAnon") * 1024 * 1024 / static_cast<double>(workload.size()));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "import" && argc >= 4)
        return importLedger(argv[2], argv[3], argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 0);
    if (what == "generate" && argc == 4)
        return generate(std::atoll(argv[2]), argv[3]);
    if (what == "open" && argc == 3)
        return openWorkspace(argv[2]);
    std::fputs("usage: benchmark_ledger generate ROWS LEDGER | import LEDGER WORKSPACE [THREADS] | open WORKSPACE\n",
               stderr);
    return 2;
}
