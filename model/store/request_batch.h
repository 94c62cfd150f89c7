// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/rows.h"
#include "model/workload/dictionary.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// An amount as it was written: `digits` times ten to the minus `decimals`, or any amount of money.
struct WrittenAmount {
    static constexpr std::uint8_t none = 255; ///< there is no amount
    static constexpr std::uint8_t wide = 254; ///< `money` holds it
    std::int64_t digits = 0;
    std::uint8_t decimals = none; ///< at most Money::scale
    Money money;

    static WrittenAmount of(const std::optional<Money> &amount);
    [[nodiscard]] bool known() const { return decimals != none; }
    [[nodiscard]] Money value() const;
};

/// What a request says in numbers.
struct RequestNumbers {
    Instant time;
    std::int64_t durationMicros = 0;
    Usage usage; ///< disjoint, reasoning as a memo inside output
    ServiceTier tier = ServiceTier::Standard;
    RequestStatus status = RequestStatus::Ok;
    std::int64_t attempts = 1;
    WrittenAmount billed;
};

/// Consecutive requests of one source as columns. Texts are numbers into dictionaries of the batch itself, so that
/// batches can be filled side by side and be put together in the order of the file.
class RequestBatch
{
public:
    /// A column of numbers; one that holds nothing but zeros stays empty, one whose last rows are zeros may be short.
    using Numbers = std::vector<std::int64_t>;

    struct Texts {
        std::string name;
        bool limited = false; ///< from a cell of tags: a file of too many names does not keep all of them
        Dictionary dictionary;
        std::vector<std::uint32_t> ids; ///< short or empty like Numbers
    };
    struct Amounts {
        Numbers digits;
        std::vector<std::uint8_t> decimals; ///< WrittenAmount::none where a row has no amount; may be short
        std::map<std::size_t, Money> wide;  ///< by row
    };
    /// Places of the text columns that every request may have, in the order of requestTexts().
    static constexpr std::size_t plainTexts = 13;

    RequestBatch();
    /// Empty as at first, but for the memory that it keeps.
    void clear();

    /// Appends a row; its texts follow.
    void beginRow(std::int64_t rowNumber, const RequestNumbers &numbers);
    void add(const RequestRow &row, std::int64_t rowNumber);
    /// Sets the texts of the row that was begun last.
    void addTexts(const RequestRow &row);

    /// Place of the column "tag:KEY".
    std::size_t tagColumn(std::string_view key, bool limited);
    /// Number of a text in a column.
    std::uint32_t idOf(std::size_t column, std::string_view text) { return texts[column].dictionary.idOf(text); }
    /// Sets a text of the row that was begun last.
    void setText(std::size_t column, std::uint32_t id)
    {
        auto &ids = texts[column].ids;
        if (id == 0 && ids.size() < rows)
            return;
        ids.resize(rows, 0);
        ids[rows - 1] = id;
    }
    [[nodiscard]] bool hasText(std::size_t column) const
    {
        const auto &ids = texts[column].ids;
        return ids.size() == rows && ids.back() != 0;
    }

    /// A request as it was put in; its tags in the order of their columns.
    [[nodiscard]] RequestRow rowAt(std::size_t index) const;

    /// Leaves out the texts of columns.
    template <typename Wanted>
    void keepTexts(const Wanted &wanted)
    {
        for (Texts &column : texts) {
            if (!wanted(column))
                column.ids.clear();
        }
    }

    std::size_t rows = 0;
    Numbers row; ///< number of the record in its file
    Numbers time;
    Numbers duration;
    Numbers reasoning;
    Numbers tier;
    Numbers status;
    Numbers attempts;
    std::array<Numbers, usageClassCount> usage; ///< reasoning stays empty: it is a memo
    Amounts billed;
    std::vector<Texts> texts; ///< the plain ones, then tags in order of first appearance

private:
    void put(Numbers &column, std::int64_t value) const
    {
        if (value == 0)
            return;
        column.resize(rows - 1, 0);
        column.push_back(value);
    }
    std::map<std::string, std::size_t, std::less<>> m_tags;
    std::vector<Texts> m_spare; ///< columns whose memory can be used again
};

} // namespace perunit
