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
    /// Second reading: exactly one of accepting or rejecting the record. The rows that are added are about the persons
    /// of this record. Errors stop the import.
    virtual Status convert(const CsvRecord &record, RowCollector &rows) = 0;
    /// Another converter for the same file in the same state, for records that are converted beside this one's. Null:
    /// records depend on each other and are converted one after the other. What convert() makes of a record may then
    /// depend on nothing but the record, what decide() was told, and mapping().
    [[nodiscard]] virtual std::unique_ptr<RecordConverter> clone() const { return nullptr; }
    /// Takes over what a clone learned from its records: what observe() saw and what finish() will tell.
    virtual void absorb(const RecordConverter &other) { (void)other; }
    /// After all clones were absorbed: records depend on each other after all, and have to be converted one after the
    /// other.
    [[nodiscard]] virtual bool needsOrder() const { return false; }
    /// Role, currency and remarks of the source.
    virtual void finish(RowCollector &rows) = 0;
    /// How the source counts cached tokens, as a sentence; empty when it holds no requests.
    [[nodiscard]] virtual std::string usageConvention() const { return {}; }
    /// Column of user ids that fills a dimension as it stands, where the format has one; -1: none.
    [[nodiscard]] virtual int personColumn() const { return -1; }
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
    /// Anybody in any country may have made such a table: what its numbers and dates leave open is asked. Other files
    /// are written by one program, which has a convention.
    [[nodiscard]] virtual bool isAnybodysTable() const { return false; }
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
std::unique_ptr<LedgerFormat> budgetFormat();
std::unique_ptr<LedgerFormat> burstGptFormat();
std::unique_ptr<LedgerFormat> claudeCodeFormat();
std::unique_ptr<LedgerFormat> codexFormat();
std::unique_ptr<LedgerFormat> documentLengthsFormat();
std::unique_ptr<LedgerFormat> langfuseTraceFormat();
std::unique_ptr<LedgerFormat> mlflowFormat();
std::unique_ptr<LedgerFormat> mooncakeFormat();
std::unique_ptr<LedgerFormat> opencodeFormat();
std::unique_ptr<LedgerFormat> otelFormat();
std::unique_ptr<LedgerFormat> awsCurFormat();
std::unique_ptr<LedgerFormat> azureCostFormat();
std::unique_ptr<LedgerFormat> azureTraceFormat();
std::unique_ptr<LedgerFormat> cloudZeroFormat();
std::unique_ptr<LedgerFormat> focusFormat();
std::unique_ptr<LedgerFormat> googleBillingFormat();
std::unique_ptr<LedgerFormat> ociCostFormat();
std::unique_ptr<LedgerFormat> openCostFormat();
std::unique_ptr<LedgerFormat> outcomeSeriesFormat();
std::unique_ptr<LedgerFormat> outcomeEventsFormat();
/// Refuses files that come beside bills and hold no charges, with the reason. Nobody chooses it.
std::unique_ptr<LedgerFormat> refusedFormat();
inline constexpr std::string_view refusedFormatId = "refused";
std::unique_ptr<LedgerFormat> requestLogFormat();
std::unique_ptr<LedgerFormat> vidurFormat();

// Exports of providers, gateways and coding tools.
std::unique_ptr<LedgerFormat> anthropicCostFormat();
std::unique_ptr<LedgerFormat> anthropicUsageFormat();
std::unique_ptr<LedgerFormat> bedrockLogFormat();
std::unique_ptr<LedgerFormat> claudeCodeReportFormat();
std::unique_ptr<LedgerFormat> copilotFormat();
std::unique_ptr<LedgerFormat> cursorFormat();
std::unique_ptr<LedgerFormat> deepSeekAmountFormat();
std::unique_ptr<LedgerFormat> deepSeekCostFormat();
std::unique_ptr<LedgerFormat> heliconeFormat();
std::unique_ptr<LedgerFormat> liteLlmDailyFormat();
std::unique_ptr<LedgerFormat> liteLlmLogFormat();
std::unique_ptr<LedgerFormat> openAiActivityFormat();
std::unique_ptr<LedgerFormat> openAiCostFormat();
std::unique_ptr<LedgerFormat> openAiUsageFormat();
std::unique_ptr<LedgerFormat> openRouterActivityFormat();
std::unique_ptr<LedgerFormat> portkeyFormat();
std::unique_ptr<LedgerFormat> vercelGatewayFormat();

/// All formats, the most specific first.
std::vector<std::unique_ptr<LedgerFormat>> ledgerFormats();
/// True when the columns of a table are beyond doubt those of one ledger format, so that it is nothing else.
bool isKnownLedger(const TableShape &shape);

/// Puts the constants of a mapping into the fields of a row that are still empty.
/// Fields: provider, service, model, region, deployment, workload, environment, team, feature, customer.
void applyConstants(const std::map<std::string, std::string> &constants, RequestRow &row);
void applyConstants(const std::map<std::string, std::string> &constants, ChargeRow &row);

/// "default", "on_demand", "Batch", "ptu" …; nothing when the word is unknown.
std::optional<ServiceTier> tierFromText(std::string_view text);

} // namespace perunit
