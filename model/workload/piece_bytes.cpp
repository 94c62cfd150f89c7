// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/piece_bytes.h"

#include "model/workload/large_pages.h"

#include <new>

namespace perunit {

namespace {

constexpr std::size_t areaSize = std::size_t{16} << 20;
constexpr std::align_val_t largePage{std::size_t{2} << 20};
constexpr std::size_t alignment = alignof(std::max_align_t);

std::shared_ptr<std::uint8_t> newArea()
{
    auto *bytes = static_cast<std::uint8_t *>(::operator new(areaSize, largePage));
    expectToFill(bytes, areaSize);
    return {bytes, [](std::uint8_t *area) {
                ::operator delete(area, largePage);
            }};
}

} // namespace

std::shared_ptr<std::uint8_t> PieceRoom::take(std::size_t bytes)
{
    const std::size_t size = (bytes + alignment - 1) / alignment * alignment;
    if (size > areaSize / 4)
        return {new std::uint8_t[bytes], std::default_delete<std::uint8_t[]>()};
    const std::lock_guard lock(m_mutex);
    if (m_size - m_used < size) {
        m_area = newArea();
        m_size = areaSize;
        m_used = 0;
    }
    std::uint8_t *place = m_area.get() + m_used;
    m_used += size;
    return {m_area, place};
}

PieceBytes::PieceBytes(std::size_t size, PieceRoom *room)
    : m_bytes(room ? room->take(size)
                   : std::shared_ptr<std::uint8_t>(new std::uint8_t[size], std::default_delete<std::uint8_t[]>()))
    , m_size(size)
{}

} // namespace perunit
