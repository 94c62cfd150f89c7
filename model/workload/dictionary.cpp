// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/dictionary.h"

#include <functional>

namespace perunit {

namespace {

constexpr std::uint64_t freeSlot = ~std::uint64_t{0};
constexpr std::size_t fewestSlots = 16;

std::uint64_t entryOf(std::uint32_t hash, std::size_t id)
{
    return (static_cast<std::uint64_t>(hash) << 32) | id;
}

std::uint32_t hashIn(std::uint64_t entry)
{
    return static_cast<std::uint32_t>(entry >> 32);
}

std::uint32_t idIn(std::uint64_t entry)
{
    return static_cast<std::uint32_t>(entry);
}

} // namespace

Dictionary::Dictionary()
    : m_ends{0}
    , m_index(std::make_unique<Index>())
{
    m_index->places.assign(fewestSlots, freeSlot);
    idOf("");
}

Dictionary::Dictionary(const Dictionary &other)
    : m_texts(other.m_texts)
    , m_ends(other.m_ends)
    , m_index(std::make_unique<Index>())
    , m_unindexed(other.m_unindexed)
{
    // What another thread may be making just now is made again when it is needed.
    if (!m_unindexed)
        m_index->places = other.m_index->places;
}

Dictionary &Dictionary::operator=(const Dictionary &other)
{
    if (this != &other)
        *this = Dictionary(other);
    return *this;
}

std::uint32_t Dictionary::hashOf(std::string_view text)
{
    // Both halves of the wide hash, so that neither sizes nor masks leave some of it unused.
    const std::size_t hash = std::hash<std::string_view>{}(text);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

std::size_t Dictionary::slotOf(const Index &index, std::string_view text, std::uint32_t hash) const
{
    const std::size_t mask = index.places.size() - 1;
    std::size_t slot = hash & mask;
    for (; index.places[slot] != freeSlot; slot = (slot + 1) & mask) {
        const std::uint64_t entry = index.places[slot];
        if (hashIn(entry) == hash && this->text(idIn(entry)) == text)
            break;
    }
    return slot;
}

void Dictionary::place(Index &index, std::uint64_t entry)
{
    const std::size_t mask = index.places.size() - 1;
    std::size_t slot = hashIn(entry) & mask;
    while (index.places[slot] != freeSlot)
        slot = (slot + 1) & mask;
    index.places[slot] = entry;
}

void Dictionary::grow(std::size_t count)
{
    std::vector<std::uint64_t> before(count, freeSlot);
    before.swap(m_index->places);
    for (const std::uint64_t entry : before) {
        if (entry != freeSlot)
            place(*m_index, entry);
    }
}

/// What appendNew() left out is made up for here, once, whichever thread asks first.
Dictionary::Index &Dictionary::index() const
{
    Index &index = *m_index;
    if (m_unindexed) {
        std::call_once(index.made, [this, &index] {
            std::size_t count = fewestSlots;
            while (size() * 3 > count * 2)
                count *= 2;
            index.places.assign(count, freeSlot);
            for (std::uint32_t id = 0; id < size(); ++id)
                place(index, entryOf(hashOf(text(id)), id));
        });
    }
    return index;
}

std::uint32_t Dictionary::idOf(std::string_view text, std::uint32_t hash)
{
    Index &known = index();
    std::size_t slot = slotOf(known, text, hash);
    if (known.places[slot] != freeSlot)
        return idIn(known.places[slot]);
    if ((size() + 1) * 3 > known.places.size() * 2) {
        grow(known.places.size() * 2);
        slot = slotOf(known, text, hash);
    }
    const std::size_t id = size();
    m_texts.insert(m_texts.end(), text.begin(), text.end());
    m_ends.push_back(m_texts.size());
    known.places[slot] = entryOf(hash, id);
    return static_cast<std::uint32_t>(id);
}

std::uint32_t Dictionary::find(std::string_view text) const
{
    const Index &known = index();
    return idIn(known.places[slotOf(known, text, hashOf(text))]);
}

void Dictionary::reserve(std::size_t texts, std::size_t bytes)
{
    m_ends.reserve(texts + 1);
    m_texts.reserve(bytes);
}

void Dictionary::appendNew(std::string_view text)
{
    m_texts.insert(m_texts.end(), text.begin(), text.end());
    m_ends.push_back(m_texts.size());
    m_unindexed = true;
}

std::size_t Dictionary::memory() const
{
    return m_texts.capacity() + m_ends.capacity() * sizeof(std::uint64_t)
           + m_index->places.capacity() * sizeof(std::uint64_t);
}

} // namespace perunit
