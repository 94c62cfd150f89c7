// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace perunit {

/// Memory for many blocks that are filled once and kept long, cut from large areas: the system hands those out in large
/// pages, which takes a fraction of the time. An area lives as long as the last block in it. For several threads.
class PieceRoom
{
public:
    /// Room for `bytes` bytes that hold anything, at a place that suits every number.
    std::shared_ptr<std::uint8_t> take(std::size_t bytes);

private:
    std::mutex m_mutex;
    std::shared_ptr<std::uint8_t> m_area;
    std::size_t m_used = 0;
    std::size_t m_size = 0;
};

/// The bytes of a piece of numbers. Copies share them: they are filled before the first copy and never changed again.
class PieceBytes
{
public:
    PieceBytes() = default;
    /// Bytes that hold anything, from `room` or, where there is none, by themselves.
    explicit PieceBytes(std::size_t size, PieceRoom *room = nullptr);

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] const std::uint8_t *data() const { return m_bytes.get(); }
    std::uint8_t *data() { return m_bytes.get(); }
    std::uint8_t operator[](std::size_t at) const { return m_bytes.get()[at]; }

private:
    std::shared_ptr<std::uint8_t> m_bytes;
    std::size_t m_size = 0;
};

} // namespace perunit
