// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/date_text.h"
#include "model/import/importer.h"
#include "model/import/number_text.h"
#include "model/import/row_collector.h"
#include "model/import/table_file.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// How well a format fits a file: 0 not at all … 100 beyond doubt.
struct FormatMatch {
    int score = 0;
    std::string why;
};

/// How one column's texts are read, decided from the whole file before any row is converted.
struct ColumnReading {
    NumberStyle number = NumberStyle::PointDecimal;
    DateOrder date = DateOrder::MonthFirst;
};

/// Which columns need such a decision.
enum class ColumnKind { Number, Date, Currency };

/// Turns the records of one file into rows. Made for one file, used once: declare the columns, see all
/// records once (observe), then convert all records.
class RecordConverter
{
public:
    virtual ~RecordConverter() = default;
    /// Columns (by index) whose writing must be decided from the data.
    [[nodiscard]] virtual std::map<int, ColumnKind> columns() const = 0;
    /// First reading: anything else that must be known about the whole file. Not called for malformed records.
    virtual void observe(const CsvRecord &record) { (void)record; }
    /// Between the readings; `readings` by column index, `currency` the most frequent one of the currency column.
    virtual void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) = 0;
    /// Second reading: exactly one of accepting or rejecting the record. Errors stop the import.
    virtual Status convert(const CsvRecord &record, RowCollector &rows) = 0;
    /// Role, currency and remarks of the source.
    virtual void finish(RowCollector &rows) = 0;
    /// How the source counts cached tokens, as a sentence; empty when it holds no requests.
    [[nodiscard]] virtual std::string usageConvention() const { return {}; }
    /// The mapping as used, possibly corrected by what observe() saw.
    [[nodiscard]] virtual ColumnMapping mapping() const = 0;
};

/// One kind of ledger file. A new one is one file and one line in ledgerFormats().
class LedgerFormat
{
public:
    virtual ~LedgerFormat() = default;
    [[nodiscard]] virtual std::string_view id() const = 0;
    [[nodiscard]] virtual std::string_view label() const = 0;
    [[nodiscard]] virtual FormatMatch match(const TableShape &shape) const = 0;
    /// The tool writes one file a session, message or hour: all files of a folder are one ledger.
    [[nodiscard]] virtual bool comesInManyFiles() const { return false; }
    /// The mapping to start from; formats with fixed columns use constants only.
    [[nodiscard]] virtual ColumnMapping suggest(const TableShape &shape) const
    {
        (void)shape;
        return {};
    }
    /// What the mapping lacks, for people; empty when it can be used.
    [[nodiscard]] virtual std::vector<std::string> missing(const TableShape &shape, const ColumnMapping &mapping) const
    {
        (void)shape;
        (void)mapping;
        return {};
    }
    /// `chosenByUser`: what the data say must not overrule the mapping. Errors: BadInput for a mapping that
    /// names unknown fields or columns.
    [[nodiscard]] virtual Result<std::unique_ptr<RecordConverter>>
    converter(const TableShape &shape, const ColumnMapping &mapping, bool chosenByUser) const = 0;
};

std::unique_ptr<LedgerFormat> arrivalRatesFormat();
std::unique_ptr<LedgerFormat> azureTraceFormat();
std::unique_ptr<LedgerFormat> budgetFormat();
std::unique_ptr<LedgerFormat> burstGptFormat();
std::unique_ptr<LedgerFormat> claudeCodeFormat();
std::unique_ptr<LedgerFormat> codexFormat();
std::unique_ptr<LedgerFormat> documentLengthsFormat();
std::unique_ptr<LedgerFormat> focusFormat();
std::unique_ptr<LedgerFormat> langfuseFormat();
std::unique_ptr<LedgerFormat> mlflowFormat();
std::unique_ptr<LedgerFormat> mooncakeFormat();
std::unique_ptr<LedgerFormat> opencodeFormat();
std::unique_ptr<LedgerFormat> otelFormat();
std::unique_ptr<LedgerFormat> outcomeSeriesFormat();
std::unique_ptr<LedgerFormat> outcomeEventsFormat();
std::unique_ptr<LedgerFormat> requestLogFormat();
std::unique_ptr<LedgerFormat> vidurFormat();

/// All formats, the most specific first.
std::vector<std::unique_ptr<LedgerFormat>> ledgerFormats();

/// Puts the constants of a mapping into the fields of a row that are still empty.
/// Fields: provider, service, model, region, deployment, workload, environment, team, feature, customer.
void applyConstants(const std::map<std::string, std::string> &constants, RequestRow &row);
void applyConstants(const std::map<std::string, std::string> &constants, ChargeRow &row);

/// "default", "on_demand", "Batch", "ptu" …; nothing when the word is unknown.
std::optional<ServiceTier> tierFromText(std::string_view text);

} // namespace perunit
