// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace perunit {

/// Distinct texts of one dimension; ids are given in order of first appearance, 0 is always the empty text.
/// The texts lie one behind the other in one block.
class Dictionary
{
public:
    Dictionary();
    Dictionary(const Dictionary &other);
    Dictionary(Dictionary &&) noexcept = default;
    Dictionary &operator=(const Dictionary &other);
    Dictionary &operator=(Dictionary &&) noexcept = default;
    ~Dictionary() = default;
    std::uint32_t idOf(std::string_view text) { return idOf(text, hashOf(text)); }
    /// The same with the hash at hand.
    std::uint32_t idOf(std::string_view text, std::uint32_t hash);
    /// Id of a text that is already there, or `missing`.
    [[nodiscard]] std::uint32_t find(std::string_view text) const;
    /// The view lives until a text is added.
    [[nodiscard]] std::string_view text(std::uint32_t id) const
    {
        if (m_later)
            return opened().text(id);
        // The difference is right even where the lower halves wrap.
        return {m_texts.data() + startOf(id), static_cast<std::uint32_t>(m_ends[id + 1] - m_ends[id])};
    }
    [[nodiscard]] std::size_t size() const { return m_later ? m_later->count : m_ends.size() - 1; }
    /// Room for so many texts of so many bytes in all.
    void reserve(std::size_t texts, std::size_t bytes);
    /// Appends a text that is known not to be there; what finds texts is made when it is first needed. Only before
    /// the first idOf() and find().
    void appendNew(std::string_view text);

    /// Holds `count` texts behind the empty one, which are unpacked when the first of them is needed: `fill` appends
    /// them to an empty dictionary and says whether it could. Several threads may ask. What cannot be unpacked is
    /// called so, and each text still differs from the others. Only for an empty dictionary.
    void appendLater(std::size_t count, std::function<bool(Dictionary &)> fill);

    /// Without texts again, but with the memory for them.
    void clear();

    static std::uint32_t hashOf(std::string_view text);
    /// Fetches the place of a hash into the cache: for callers that look up many texts one after the other.
    void prefetch(std::uint32_t hash) const
    {
        __builtin_prefetch(&m_index->places[hash & (m_index->places.size() - 1)]);
    }
    [[nodiscard]] std::size_t memory() const;

    static constexpr std::uint32_t missing = 0xffffffffU;

private:
    /// What stands in for texts that are still packed.
    struct Later {
        std::size_t count = 0; ///< with the empty text
        std::function<bool(Dictionary &)> fill;
        std::once_flag asked;
        std::unique_ptr<Dictionary> texts;
    };
    /// Hash (upper half) and id of every text, open addressing; at most two thirds full.
    struct Index {
        std::vector<std::uint64_t> places;
        std::once_flag made; ///< of a dictionary that was filled by appendNew()
    };
    [[nodiscard]] Dictionary &opened() const;
    [[nodiscard]] const Dictionary &whole() const { return m_later ? opened() : *this; }
    void takeOpened();
    [[nodiscard]] Index &index() const;
    [[nodiscard]] std::size_t slotOf(const Index &index, std::string_view text, std::uint32_t hash) const;
    static void place(Index &index, std::uint64_t entry);
    void grow(std::size_t count);

    [[nodiscard]] std::size_t startOf(std::uint32_t id) const { return m_wraps.empty() ? m_ends[id] : farStartOf(id); }
    [[nodiscard]] std::size_t farStartOf(std::uint32_t id) const;
    void append(std::string_view text);

    std::vector<char> m_texts;
    std::vector<std::uint32_t> m_ends;  ///< where text `id` begins, lower half; one more than texts
    std::vector<std::uint32_t> m_wraps; ///< first id behind each 4 GiB of texts
    std::unique_ptr<Index> m_index;
    bool m_unindexed = false;
    std::unique_ptr<Later> m_later;
};

} // namespace perunit
