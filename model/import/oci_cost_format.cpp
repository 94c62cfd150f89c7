// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/column_format.h"
#include "model/import/ledger_format.h"

namespace perunit {

namespace {

class OciConverter : public ColumnConverter
{
public:
    OciConverter(const TableShape &shape, ColumnMapping mapping)
        : ColumnConverter(shape, std::move(mapping))
        , m_tags(shape, {"tags"}, {"tags/", "tags."})
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        ChargeRow row;
        if (!m_cells.time(record, m_start, true, row.period.from, rows))
            return {};
        row.period.to = row.period.from;
        if (!m_cells.time(record, m_end, false, row.period.to, rows) || !m_cells.sameCurrency(record, m_currency, rows)
            || !m_cells.amount(record, m_cost, row.billed, rows)
            || !m_cells.quantity(record, m_quantity, row.consumedQuantity, rows))
            return {};
        if (!row.billed || row.period.to < row.period.from) {
            rows.rejectField(row.billed ? m_end : m_cost,
                             row.billed ? "lies before the start of the usage" : "is empty");
            return {};
        }
        row.effective = row.billed;
        row.correction = normalisedName(m_cells.raw(record, m_correction)) == "true";
        row.provider = "Oracle";
        row.service = m_cells.words(record, m_service);
        row.sku = m_cells.words(record, m_sku);
        row.description = m_cells.words(record, m_description);
        row.region = m_cells.words(record, m_region);
        row.resource = m_cells.words(record, m_resource);
        row.account = m_cells.words(record, m_account);
        row.consumedUnit = m_cells.words(record, m_unit);
        if (const std::string name = m_cells.words(record, m_compartment); !name.empty())
            addTag(row, "compartment", name);
        m_tags.read(record, row, rows);
        const std::string words = upperCase(row.service + ' ' + row.description);
        const bool model = words.find("GENERATIVE") != std::string::npos && words.find("AI") != std::string::npos;
        m_weight.classify(row, model, row.service + ' ' + row.description);
        applyConstants(m_mapping.constants, row);
        m_weight.add(row, model);
        return rows.add(row);
    }

    void finish(RowCollector &rows) override
    {
        m_cells.finish(rows);
        m_weight.finish(rows);
    }
    [[nodiscard]] std::unique_ptr<RecordConverter> clone() const override { return cloneOfBill(*this); }
    void absorb(const RecordConverter &other) override
    {
        const auto &clone = dynamic_cast<const OciConverter &>(other);
        m_cells.absorb(clone.m_cells);
        m_weight.absorb(clone.m_weight);
    }

private:
    friend std::unique_ptr<RecordConverter> cloneOfBill<OciConverter>(const OciConverter &converter);

    TagColumns m_tags;
    BillWeight m_weight;
    int m_start = m_cells.date({"lineitemintervalusagestart"});
    int m_end = m_cells.date({"lineitemintervalusageend"});
    int m_currency = m_cells.currency({"costcurrencycode"});
    int m_cost = m_cells.number({"costmycost"});
    int m_quantity = m_cells.number({"usagebilledquantity", "usageconsumedquantity"});
    int m_correction = m_cells.text({"lineitemiscorrection"});
    int m_service = m_cells.text({"productservice"});
    int m_sku = m_cells.text({"costproductsku"});
    int m_description = m_cells.text({"productdescription"});
    int m_region = m_cells.text({"productregion"});
    int m_resource = m_cells.text({"productresourceid", "productresource"});
    int m_account = m_cells.text({"lineitemtenantid"});
    int m_compartment = m_cells.text({"productcompartmentname"});
    int m_unit = m_cells.text({"costskuunitdescription", "costbillingunitreadable"});
};

FormatMatch matchOci(const TableShape &shape)
{
    if (shape.indexOf("lineitemreferenceno") < 0 || shape.indexOf("costmycost") < 0
        || shape.indexOf("lineitemintervalusagestart") < 0)
        return {};
    return {100, "the columns lineItem/referenceNo, intervalUsageStart and cost/myCost are those of an Oracle Cloud "
                 "cost report"};
}

} // namespace

std::unique_ptr<LedgerFormat> ociCostFormat()
{
    return ledgerFormatOf({"oci-cost", "Oracle Cloud cost report", matchOci, makeConverter<OciConverter>});
}

} // namespace perunit
