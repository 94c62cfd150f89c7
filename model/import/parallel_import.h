// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/column_evidence.h"
#include "model/import/ledger_format.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace perunit {

/// Makes the writer of an attempt to import a file; the one before is gone by then. Null: nothing is stored.
using WriterFactory = std::function<Result<std::unique_ptr<WorkspaceStore::SourceWriter>>()>;

/// How a file is read.
struct ParallelOptions {
    unsigned threads = 0;      ///< that convert records; 0: one for each processor
    std::size_t pieceSize = 0; ///< bytes converted at once; 0: the usual size
};

/// A file and how its records are converted.
struct ParallelFile {
    const std::string &path;
    const TableShape &shape;
    const ReadingAnswers &answers;
    /// Makes a converter that can be cloned.
    std::function<Result<std::unique_ptr<RecordConverter>>()> makeConverter;
};

/// What became of a file.
struct ConvertedFile {
    std::unique_ptr<WorkspaceStore::SourceWriter> writer; ///< holds the rows; not finished
    Source facts;                                         ///< rows, totals, rejects and remarks
    std::string digest;
    std::string contentDigest; ///< of the unpacked bytes
    FileReading reading;
    std::unique_ptr<RecordConverter> converter; ///< as it was used
    bool needsOrder = false;                    ///< records depend on each other; nothing else is set
    bool validText = true; ///< false: bytes that are no UTF-8 in a file taken for UTF-8; nothing else is set
};

/// Reads a delimited file once and converts its records by many threads. How columns are written is taken from the
/// beginning of the file and checked against all of it; only where they differ the file is read a second time, with
/// what is known now. The result is the same for any number of threads and any size of pieces. Errors: those of the
/// file, the converter and the store; Conflict when the file changes while it is read.
Result<ConvertedFile> convertInParallel(const ParallelFile &file, const WriterFactory &makeWriter,
                                        ImportProgress *progress, const std::stop_token &stop,
                                        const ParallelOptions &options);

} // namespace perunit
