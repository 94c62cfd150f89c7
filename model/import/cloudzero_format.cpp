// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/column_format.h"
#include "model/import/focus_row.h"
#include "model/import/ledger_format.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

struct LineType {
    std::string_view name; ///< normalised
    ChargeCategory category;
    bool correction;
};

constexpr std::array lineTypes{LineType{"", ChargeCategory::Usage, false},
                               LineType{"usage", ChargeCategory::Usage, false},
                               LineType{"discountedusage", ChargeCategory::Usage, false},
                               LineType{"committeduse", ChargeCategory::Usage, false},
                               LineType{"tax", ChargeCategory::Tax, false},
                               LineType{"credit", ChargeCategory::Credit, false},
                               LineType{"discount", ChargeCategory::Adjustment, false},
                               LineType{"adjustment", ChargeCategory::Adjustment, false},
                               LineType{"refund", ChargeCategory::Adjustment, true},
                               LineType{"purchase", ChargeCategory::Purchase, false},
                               LineType{"committedusepurchase", ChargeCategory::Purchase, false},
                               LineType{"fee", ChargeCategory::Purchase, false}};

class CloudZeroConverter : public ColumnConverter
{
public:
    CloudZeroConverter(const TableShape &shape, ColumnMapping mapping)
        : ColumnConverter(shape, std::move(mapping))
        , m_tags(shape, {}, {"resource/tag:", "resource.tag:"})
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::unique_ptr<RecordConverter> clone() const override { return cloneOfBill(*this); }
    void absorb(const RecordConverter &other) override
    {
        const auto &clone = dynamic_cast<const CloudZeroConverter &>(other);
        m_cells.absorb(clone.m_cells);
        m_weight.absorb(clone.m_weight);
    }

private:
    friend std::unique_ptr<RecordConverter> cloneOfBill<CloudZeroConverter>(const CloudZeroConverter &converter);

    bool readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows);

    TagColumns m_tags;
    BillWeight m_weight;
    int m_type = m_cells.text({"lineitemtype"});
    int m_description = m_cells.text({"lineitemdescription"});
    int m_start = m_cells.date({"timeusagestart"});
    int m_end = m_cells.date({"timeusageend"});
    int m_cost = m_cells.number({"costcost"});
    int m_amortised = m_cells.number({"costamortizedcost"});
    int m_list = m_cells.number({"costondemandcost"});
    int m_amount = m_cells.number({"usageamount"});
    int m_units = m_cells.text({"usageunits"});
    int m_service = m_cells.text({"resourceservice"});
    int m_family = m_cells.text({"resourceusagefamily"});
    int m_usageType = m_cells.text({"actionusagetype"});
    int m_operation = m_cells.text({"actionoperation"});
    int m_region = m_cells.text({"resourceregion", "actionregion"});
    int m_resource = m_cells.text({"resourceid"});
    int m_account = m_cells.text({"resourceaccount", "actionaccount"});
};

bool CloudZeroConverter::readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    if (!m_cells.amount(record, m_cost, row.billed, rows) || !m_cells.amount(record, m_amortised, row.effective, rows))
        return false;
    if (!row.billed) {
        rows.rejectField(m_cost, "is empty");
        return false;
    }
    if (m_amortised < 0)
        row.effective = row.billed;
    return row.category != ChargeCategory::Usage || m_cells.amount(record, m_list, row.list, rows);
}

Status CloudZeroConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    const std::string name = normalisedName(m_cells.raw(record, m_type));
    const auto known =
        std::find_if(lineTypes.begin(), lineTypes.end(), [&name](const LineType &type) { return type.name == name; });
    ChargeRow row;
    row.category = known == lineTypes.end() ? ChargeCategory::Adjustment : known->category;
    row.correction = known != lineTypes.end() && known->correction;
    if (!m_cells.time(record, m_start, true, row.period.from, rows))
        return {};
    row.period.to = row.period.from;
    if (!m_cells.time(record, m_end, false, row.period.to, rows) || !readCosts(record, row, rows)
        || !m_cells.quantity(record, m_amount, row.consumedQuantity, rows))
        return {};
    if (row.period.to < row.period.from) {
        rows.rejectField(m_end, "lies before the start of the usage");
        return {};
    }
    if (known == lineTypes.end())
        rows.count("the line type '" + m_cells.words(record, m_type)
                   + "' is not known; its cost counts as an adjustment");
    row.service = m_cells.words(record, m_service);
    // The bill names services; only some of them are sellers of models themselves.
    row.provider = isKnownProvider(row.service) ? row.service : std::string();
    row.sku = m_cells.words(record, m_usageType);
    row.description = m_cells.words(record, m_description);
    row.region = m_cells.words(record, m_region);
    row.resource = m_cells.words(record, m_resource);
    row.account = m_cells.words(record, m_account);
    row.consumedUnit = m_cells.words(record, m_units);
    m_tags.read(record, row, rows);
    const MeterReading meter = readMeter(row.sku + ' ' + m_cells.words(record, m_operation));
    const std::int64_t factor = tokensPerUnit(row.consumedUnit);
    const bool model = !row.model.empty() || factor > 0 || isModelService(row, "", "");
    if (row.category == ChargeCategory::Usage && factor > 0) {
        if (meter.usageClass)
            takeTokens(row, *meter.usageClass, factor, rows);
        else
            rows.count("token lines that do not say which kind of token they bill stay plain charges");
    }
    m_weight.classify(row, model,
                      row.service + ' ' + m_cells.words(record, m_family) + ' ' + row.sku + ' ' + row.description);
    applyConstants(m_mapping.constants, row);
    m_weight.add(row, model);
    return rows.add(row);
}

void CloudZeroConverter::finish(RowCollector &rows)
{
    m_cells.finish(rows);
    if (rows.facts().currency.empty() && rows.facts().rowsAccepted > 0)
        rows.warn("the file names no currency; the workspace's own is taken");
    m_weight.finish(rows);
}

FormatMatch matchCloudZero(const TableShape &shape)
{
    if (shape.indexOf("timeusagestart") < 0 || shape.indexOf("costcost") < 0
        || shape.firstOf({"lineitemtype", "resourceservice", "resourceid"}) < 0)
        return {};
    return {100, "the columns time/usage_start and cost/cost are those of CloudZero's common bill format"};
}

} // namespace

std::unique_ptr<LedgerFormat> cloudZeroFormat()
{
    return ledgerFormatOf(
        {"cloudzero-cbf", "CloudZero common bill format", matchCloudZero, makeConverter<CloudZeroConverter>});
}

} // namespace perunit
