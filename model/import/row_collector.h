// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/csv_reader.h"
#include "model/import/table_file.h"
#include "model/ledger/rows.h"
#include "model/ledger/source.h"
#include "model/store/request_batch.h"
#include "model/store/workspace_store.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perunit {

/// Receives what a format makes of each record: keeps the facts of the source, passes rows on to the store
/// (or nowhere, in a dry run), counts and keeps rejects.
class RowCollector
{
public:
    /// `writer` may be null: then nothing is stored.
    RowCollector(const TableShape &shape, RowVisitor *writer);
    /// For a part of a file: keeps its rows until another collector takes them.
    explicit RowCollector(const TableShape &shape);

    /// The record that the following calls are about.
    void begin(const CsvRecord &record, std::int64_t row);
    /// Puts another record in its place, with the persons behind it replaced, and tags that every row of it gets.
    void setRecord(const CsvRecord &record, Tags tags)
    {
        m_record = &record;
        m_recordTags = std::move(tags);
    }
    /// Accepts the record, or rejects it when its time lies before 1990. Errors: Overflow of a total; those of the
    /// store.
    Status add(const RequestRow &row);
    /// The same in the fast way, once isPlausible() said yes of its time: the texts of the request follow, by
    /// requests().
    Status add(const RequestNumbers &numbers);
    [[nodiscard]] RequestBatch &requests() { return m_batch; }
    /// Rejects the record when its time lies before 1990, and remarks one that is hardly meant.
    bool isPlausible(Instant time);
    Status add(const ChargeRow &row);
    /// One record may yield several values; the first one accepts it.
    Status add(const OutcomeRow &row);
    /// Accepts a record that holds nothing to store, such as a day without any value.
    void acceptEmpty();
    /// The record says again, or as a sum, what other records of the file say: it is counted and not kept.
    void duplicate() { ++m_facts.rowsDuplicate; }
    /// Refuses the record because of one field; `column` is an index, -1 for the whole row.
    void reject(int column, std::string_view value, std::string_view reason);
    /// Refuses the record because of the field's own text; -1 for a column that the file does not have.
    void rejectField(int column, std::string_view reason);

    /// A remark about the source; the same text is kept once.
    void warn(const std::string &text);
    /// Counts something that is worth a remark; the remark says how often and on which line first.
    void count(const std::string &remark);

    Source &facts() { return m_facts; }
    /// What is known so far.
    [[nodiscard]] const Source &facts() const { return m_facts; }
    /// Moves over what another collector made of the records that follow this one's; `lines` and `rows` of the file
    /// stand before them. Errors: Overflow of a total; those of the store.
    Status take(RowCollector &next, std::int64_t lines, std::int64_t rows);
    /// Of a part: forgets everything, for the next part.
    void clear();
    /// Hands rows that wait over to the store. Before close().
    Status flush();
    /// Writes the counted remarks into the facts; `first` stands before all other remarks. Once, at the end.
    void close(const std::vector<std::string> &first = {});
    /// Some tags had to be left out: the file has too many names.
    [[nodiscard]] bool leftOutTags() const { return m_leftOutTags; }

    /// Names that cells of tags may have in one file.
    static constexpr std::size_t maximumTagNames = 200;

private:
    void accept();
    void extend(Instant from, Instant to);
    /// Tags of the record that none of these texts, and no tag, says already.
    [[nodiscard]] Tags missingTags(std::initializer_list<const std::string *> texts, const Tags &tags) const;
    Status addTotals(const Source &part);
    void limitTags(RequestBatch &batch);

    struct Remark {
        std::int64_t times = 0;
        std::int64_t firstLine = 0;
    };
    const TableShape *m_shape;
    RowVisitor *m_writer;
    bool m_isPart = false;
    Source m_facts;
    const CsvRecord *m_record = nullptr;
    Tags m_recordTags;
    std::int64_t m_row = 0;
    std::int64_t m_acceptedRow = 0;
    std::int64_t m_refusedRow = 0;
    Instant m_latestTime;
    std::map<std::string, Remark> m_remarks;
    RequestBatch m_batch;
    std::vector<std::pair<ChargeRow, std::int64_t>> m_charges; ///< of a collector without a store
    std::map<std::string, bool, std::less<>> m_tagNames;       ///< whether they are kept
    bool m_leftOutTags = false;
};

} // namespace perunit
