// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

/// Readers of files get their input as one: in memory where the system has a folder for that.
class FuzzFile
{
public:
    explicit FuzzFile(const char *name)
        : m_folder((std::filesystem::exists("/dev/shm") ? std::filesystem::path("/dev/shm")
                                                        : std::filesystem::temp_directory_path())
                   / ("perunit-fuzz-" + std::to_string(::getpid())))
        , m_path(m_folder / name)
    {
        std::filesystem::create_directories(m_folder);
    }
    ~FuzzFile() { std::filesystem::remove_all(m_folder); }
    FuzzFile(const FuzzFile &) = delete;
    FuzzFile &operator=(const FuzzFile &) = delete;

    void write(const std::uint8_t *data, std::size_t size) const
    {
        std::FILE *file = std::fopen(m_path.c_str(), "wb");
        if (!file || std::fwrite(data, 1, size, file) != size || std::fclose(file) != 0)
            std::abort();
    }
    [[nodiscard]] std::string path() const { return m_path.string(); }
    /// Removes what a reader may have put beside the file.
    void clear() const
    {
        for (const auto &entry : std::filesystem::directory_iterator(m_folder))
            std::filesystem::remove_all(entry.path());
    }

private:
    std::filesystem::path m_folder;
    std::filesystem::path m_path;
};
