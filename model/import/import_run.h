// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/column_evidence.h"
#include "model/import/parallel_import.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

/// Everything that is decided about a file before its rows are read.
struct ImportPlan {
    TableShape shape;
    std::vector<std::unique_ptr<LedgerFormat>> formats;
    const LedgerFormat *format = nullptr;
    std::string why;
    std::vector<FormatCandidate> candidates;
    ColumnMapping mapping;
    bool chosenByUser = false;
    bool remembered = false;
    std::vector<std::string> missing;
    ReadingAnswers answers;
    std::string personKey; ///< under which columns are hashed; only when the mapping names any
};

/// The reading of one file. Delimited text whose records do not depend on each other is read once, by many threads;
/// everything else twice: first for the digest and for how columns are written, then to convert.
class ImportRun
{
public:
    /// `name` is what the source is called. The plan follows what the file turns out to be (its encoding).
    ImportRun(const std::string &path, std::string name, ImportPlan &plan, const ImportOptions &options,
              ImportProgress *progress, std::stop_token stop);

    /// Decides how the file is read; reads it for the first time when it is read twice. `byMany`: many threads may
    /// convert it, which may take a second attempt.
    Status start(bool byMany = true);
    /// digest(), decisions() and questions() are known before convert(), not only after it.
    [[nodiscard]] bool isKnownBefore() const { return !m_parallel; }
    /// Converts every record. `makeWriter` may be empty: then nothing is stored. The writer is not finished.
    Result<ConvertedFile> convert(const WriterFactory &makeWriter);
    /// Hands every row to a visitor, which cannot take back what it has seen: after start(false).
    Status visit(RowVisitor &visitor);

    [[nodiscard]] const std::string &digest() const { return m_digest; }
    /// Of the unpacked bytes.
    [[nodiscard]] const std::string &contentDigest() const { return m_contentDigest; }
    [[nodiscard]] const ColumnDecisions &decisions() const { return m_reading.columns; }
    [[nodiscard]] const RecordConverter &converter() const { return *m_converter; }
    /// What becomes of the columns that name persons.
    [[nodiscard]] std::vector<PersonColumn> persons() const;
    [[nodiscard]] const std::vector<std::string> &hashed() const { return m_plan.mapping.hashed; }
    /// What the file leaves open; reads it once more when there is anything. Errors: those of the file.
    [[nodiscard]] Result<std::vector<ImportQuestion>> questions() const;

private:
    void expectReadings(std::int64_t times);
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> makeConverter() const;
    Status look();
    Result<ConvertedFile> convertByMany(const WriterFactory &makeWriter);
    Result<ConvertedFile> convertAgainInOrder(const WriterFactory &makeWriter);
    Result<ConvertedFile> convertInOrder(const WriterFactory &makeWriter);
    Result<ConvertedFile> convertInOrder(RowVisitor *visitor);
    Status useWindows1252();

    const std::string &m_path;
    std::string m_name;
    ImportPlan &m_plan;
    const ImportOptions &m_options;
    ImportProgress *m_progress;
    std::stop_token m_stop;
    bool m_parallel = false;
    std::unique_ptr<RecordConverter> m_converter;
    FileReading m_reading;
    std::string m_digest;
    std::string m_contentDigest;
};

} // namespace perunit
