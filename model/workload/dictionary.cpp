// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/workload/dictionary.h"

#include "model/workload/large_pages.h"
#include "pricing/base/int128.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

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

std::uint64_t wordAt(const char *from)
{
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof(word));
    return word;
}

std::uint64_t mixed(std::uint64_t word)
{
    const UInt128 product = static_cast<UInt128>(word ^ 0xA0761D6478BD642FU) * 0xE7037ED1A0B428DBU;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Both halves, so that neither sizes nor masks leave some of it unused.
std::uint32_t folded(std::uint64_t word)
{
    const std::uint64_t hash = mixed(word);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

bool sameText(std::string_view a, std::string_view b)
{
    const std::size_t size = a.size();
    if (size != b.size())
        return false;
    if (size < 8 || size > 32)
        return a == b;
    for (std::size_t at = 0; at + 8 < size; at += 8) {
        if (wordAt(a.data() + at) != wordAt(b.data() + at))
            return false;
    }
    return wordAt(a.data() + size - 8) == wordAt(b.data() + size - 8);
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
    : m_texts(other.whole().m_texts)
    , m_ends(other.whole().m_ends)
    , m_wraps(other.whole().m_wraps)
    , m_index(std::make_unique<Index>())
    , m_unindexed(other.whole().m_unindexed)
{
    // What another thread may be making just now is made again when it is needed.
    if (!m_unindexed)
        m_index->places = other.whole().m_index->places;
}

Dictionary &Dictionary::operator=(const Dictionary &other)
{
    if (this != &other)
        *this = Dictionary(other);
    return *this;
}

void Dictionary::appendLater(std::size_t count, std::function<bool(Dictionary &)> fill)
{
    m_later = std::make_unique<Later>();
    m_later->count = count + 1;
    m_later->fill = std::move(fill);
}

Dictionary &Dictionary::opened() const
{
    Later &later = *m_later;
    std::call_once(later.asked, [&later] {
        auto texts = std::make_unique<Dictionary>();
        if (!later.fill(*texts) || texts->size() != later.count) {
            texts = std::make_unique<Dictionary>();
            while (texts->size() < later.count)
                texts->appendNew("(damaged text " + std::to_string(texts->size()) + ")");
        }
        later.fill = nullptr;
        later.texts = std::move(texts);
    });
    return *later.texts;
}

/// Before anything is added, the texts are here and not there.
void Dictionary::takeOpened()
{
    if (m_later)
        *this = Dictionary(std::move(opened()));
}

std::uint32_t Dictionary::hashOf(std::string_view text)
{
    // Words of eight bytes, each folded in by a wide product; the last one overlaps. Only ids are ever stored.
    const char *from = text.data();
    const std::size_t size = text.size();
    std::uint64_t hash = size * 0x9E3779B97F4A7C15U;
    if (size < 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, from, size);
        return folded(hash ^ word);
    }
    for (std::size_t at = 0; at + 8 < size; at += 8)
        hash = mixed(hash ^ wordAt(from + at));
    return folded(hash ^ wordAt(from + size - 8));
}

std::size_t Dictionary::slotOf(const Index &index, std::string_view text, std::uint32_t hash) const
{
    const std::size_t mask = index.places.size() - 1;
    std::size_t slot = hash & mask;
    for (; index.places[slot] != freeSlot; slot = (slot + 1) & mask) {
        const std::uint64_t entry = index.places[slot];
        if (hashIn(entry) == hash && sameText(this->text(idIn(entry)), text))
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
    takeOpened();
    Index &known = index();
    std::size_t slot = slotOf(known, text, hash);
    if (known.places[slot] != freeSlot)
        return idIn(known.places[slot]);
    if ((size() + 1) * 3 > known.places.size() * 2) {
        grow(known.places.size() * 2);
        slot = slotOf(known, text, hash);
    }
    const std::size_t id = size();
    append(text);
    known.places[slot] = entryOf(hash, id);
    return static_cast<std::uint32_t>(id);
}

std::uint32_t Dictionary::find(std::string_view text) const
{
    if (m_later)
        return opened().find(text);
    const Index &known = index();
    return idIn(known.places[slotOf(known, text, hashOf(text))]);
}

std::size_t Dictionary::farStartOf(std::uint32_t id) const
{
    const auto wraps = std::upper_bound(m_wraps.begin(), m_wraps.end(), id) - m_wraps.begin();
    return (static_cast<std::size_t>(wraps) << 32) + m_ends[id];
}

void Dictionary::append(std::string_view text)
{
    const std::size_t before = m_texts.size();
    m_texts.insert(m_texts.end(), text.begin(), text.end());
    for (std::size_t wrap = before >> 32; wrap < m_texts.size() >> 32; ++wrap)
        m_wraps.push_back(static_cast<std::uint32_t>(m_ends.size()));
    m_ends.push_back(static_cast<std::uint32_t>(m_texts.size()));
}

void Dictionary::reserve(std::size_t texts, std::size_t bytes)
{
    m_ends.reserve(texts + 1);
    m_texts.reserve(bytes);
    expectToFill(m_ends.data(), m_ends.capacity() * sizeof(std::uint32_t));
    expectToFill(m_texts.data(), m_texts.capacity());
}

void Dictionary::appendNew(std::string_view text)
{
    takeOpened();
    append(text);
    m_unindexed = true;
}

void Dictionary::clear()
{
    m_later.reset();
    m_texts.clear();
    m_ends.assign(1, 0);
    m_wraps.clear();
    m_index->places.assign(m_index->places.size(), freeSlot);
    idOf("");
}

std::size_t Dictionary::memory() const
{
    return m_texts.capacity() + m_ends.capacity() * sizeof(std::uint32_t)
           + m_index->places.capacity() * sizeof(std::uint64_t)
           + (m_later && m_later->texts ? m_later->texts->memory() : 0);
}

} // namespace perunit
