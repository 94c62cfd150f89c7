// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/column_format.h"
#include "model/import/focus_row.h"
#include "model/import/ledger_format.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// Where the cost and text columns go, in the order in which the converter declares them.
constexpr std::array<std::optional<Money> ChargeRow::*, 4> costMembers{&ChargeRow::billed, &ChargeRow::effective,
                                                                       &ChargeRow::list, &ChargeRow::contracted};
constexpr std::array<std::string ChargeRow::*, 10> textMembers{
    &ChargeRow::provider,        &ChargeRow::service,     &ChargeRow::serviceCategory, &ChargeRow::sku,
    &ChargeRow::description,     &ChargeRow::region,      &ChargeRow::resource,        &ChargeRow::account,
    &ChargeRow::pricingCategory, &ChargeRow::consumedUnit};

/// Azure writes words where FOCUS wants nothing.
std::string withoutPlaceholder(std::string text)
{
    return text == "-2" || text == "-1" || normalisedName(text) == "unassigned" ? std::string() : std::move(text);
}

class FocusConverter : public ColumnConverter
{
public:
    FocusConverter(const TableShape &shape, ColumnMapping mapping)
        : ColumnConverter(shape, std::move(mapping))
        , m_tags(shape, {"tags"}, {"Tags."})
        , m_details(shape, "SkuPriceDetails")
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::unique_ptr<RecordConverter> clone() const override { return cloneOfBill(*this); }
    void absorb(const RecordConverter &other) override
    {
        const auto &clone = dynamic_cast<const FocusConverter &>(other);
        m_cells.absorb(clone.m_cells);
        m_weight.absorb(clone.m_weight);
        m_prepaid |= clone.m_prepaid;
        m_covered |= clone.m_covered;
    }

private:
    friend std::unique_ptr<RecordConverter> cloneOfBill<FocusConverter>(const FocusConverter &converter);

    bool readPeriods(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCategory(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCurrency(const CsvRecord &record, RowCollector &rows);
    void readTokens(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    void readMeterOf(const std::string &meter, ChargeRow &row, RowCollector &rows) const;

    TagColumns m_tags;
    NestedCell m_details;
    BillWeight m_weight;
    bool m_prepaid = false;
    bool m_covered = false;
    std::array<int, 4> m_costs{m_cells.number({"billedcost"}), m_cells.number({"effectivecost", "amortizedcost"}),
                               m_cells.number({"listcost"}), m_cells.number({"contractedcost"})};
    std::array<int, 10> m_texts{m_cells.text({"serviceprovidername", "providername", "provider"}),
                                m_cells.text({"servicename"}),
                                m_cells.text({"servicecategory"}),
                                m_cells.text({"skuid"}),
                                m_cells.text({"chargedescription"}),
                                m_cells.text({"regionid", "region", "regionname"}),
                                m_cells.text({"resourceid"}),
                                m_cells.text({"subaccountid", "billingaccountid"}),
                                m_cells.text({"pricingcategory"}),
                                m_cells.text({"consumedunit"})};
    int m_chargeStart = m_cells.date({"chargeperiodstart"});
    int m_chargeEnd = m_cells.date({"chargeperiodend"});
    int m_billingStart = m_cells.date({"billingperiodstart"});
    int m_billingEnd = m_cells.date({"billingperiodend"});
    int m_category = m_cells.text({"chargecategory", "chargetype"});
    int m_class = m_cells.text({"chargeclass"});
    int m_currency = m_cells.currency({"billingcurrency", "billedcurrency"});
    int m_otherCurrency = m_shape.indexOf("billingcurrency") >= 0 ? m_shape.indexOf("billedcurrency") : -1;
    int m_quantity = m_cells.number({"consumedquantity"});
    int m_meter = m_cells.text({"skumeter", "xskumetername"});
    int m_subcategory = m_cells.text({"servicesubcategory", "xservicesubcategory"});
    int m_publisher = m_cells.text({"publishername", "publisher"});
};

bool FocusConverter::readPeriods(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    if (!m_cells.time(record, m_chargeStart, true, row.period.from, rows))
        return false;
    row.period.to = row.period.from;
    if (!m_cells.time(record, m_chargeEnd, false, row.period.to, rows)
        || !m_cells.time(record, m_billingStart, false, row.billingPeriod.from, rows)
        || !m_cells.time(record, m_billingEnd, false, row.billingPeriod.to, rows))
        return false;
    if (row.period.to < row.period.from) {
        rows.rejectField(m_chargeEnd, "lies before the start of the charge period");
        return false;
    }
    return true;
}

bool FocusConverter::readCategory(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    const std::string name = normalisedName(m_cells.raw(record, m_category));
    const auto found = std::find_if(chargeCategoryNames.begin(), chargeCategoryNames.end(),
                                    [&name](std::string_view known) { return normalisedName(known) == name; });
    if (found == chargeCategoryNames.end()) {
        rows.rejectField(m_category, "is not a charge category (Usage, Purchase, Tax, Credit, Adjustment)");
        return false;
    }
    row.category = static_cast<ChargeCategory>(found - chargeCategoryNames.begin());
    const std::string chargeClass = normalisedName(m_cells.words(record, m_class));
    if (!chargeClass.empty() && chargeClass != "correction") {
        rows.rejectField(m_class, "is not a charge class (Correction or nothing)");
        return false;
    }
    row.correction = !chargeClass.empty();
    return true;
}

bool FocusConverter::readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    bool any = false;
    for (std::size_t i = 0; i < m_costs.size(); ++i) {
        std::optional<Money> &amount = row.*costMembers[i];
        if (!m_cells.amount(record, m_costs[i], amount, rows))
            return false;
        any |= amount.has_value();
    }
    if (!any)
        rows.rejectField(m_costs[0], m_costs[0] < 0 ? "the row has no cost" : "is empty, and so is every other cost");
    return any;
}

bool FocusConverter::readCurrency(const CsvRecord &record, RowCollector &rows)
{
    if (!m_cells.sameCurrency(record, m_currency, rows))
        return false;
    const std::string other = upperCase(m_cells.words(record, m_otherCurrency));
    if (!other.empty() && other != upperCase(m_cells.words(record, m_currency)))
        rows.count("BilledCurrency differs from BillingCurrency; BillingCurrency was taken");
    return true;
}

void FocusConverter::readTokens(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    const std::string meter = m_cells.words(record, m_meter);
    const TokenReading tokens = perunit::readTokens({m_details.text(record), meter, row});
    row.model = tokens.model;
    if (!tokens.problem.empty())
        rows.count(tokens.problem);
    if (tokens.tokenClass) {
        row.tokenClass = tokens.tokenClass;
        row.tokens = tokens.tokens;
    }
    const bool service = isModelService(row, m_cells.words(record, m_subcategory), m_cells.words(record, m_publisher));
    if (service && tokens.problem.empty())
        readMeterOf(meter, row, rows);
    m_weight.add(row, service);
    m_weight.classify(row, service, row.service + ' ' + meter + ' ' + row.description);
}

/// The meters of clouds name the model, and count tokens in units that do not say so.
void FocusConverter::readMeterOf(const std::string &meter, ChargeRow &row, RowCollector &rows) const
{
    std::string_view rest;
    awsRegionOf(meter, rest);
    const MeterReading reading = readMeter(rest);
    if (!reading.isTokens || !reading.usageClass || reading.fineTuned)
        return;
    if (row.model.empty())
        row.model = reading.model;
    // FOCUS has no word for batch and the like: the meter's own is the price that counts.
    const std::string category = normalisedName(row.pricingCategory);
    if (const std::string_view tier = pricingCategoryOf(reading.tier);
        !tier.empty() && (category.empty() || category == "standard"))
        row.pricingCategory = tier;
    if (row.tokenClass || row.category != ChargeCategory::Usage)
        return;
    const std::int64_t named = tokensPerUnit(row.consumedUnit);
    const std::string unit = normalisedName(row.consumedUnit);
    const bool single = unit == "units" || unit == "unit" || unit == "count";
    const bool bare = unit.find_first_not_of("0123456789kmb") == std::string::npos && !unit.empty();
    takeTokens(row, *reading.usageClass,
               named != 0 ? named
               : single   ? 1
               : bare     ? unitMultiple(row.consumedUnit)
                          : 0,
               rows);
}

Status FocusConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    ChargeRow row;
    if (!readPeriods(record, row, rows) || !readCategory(record, row, rows) || !readCosts(record, row, rows)
        || !readCurrency(record, rows))
        return {};
    for (std::size_t i = 0; i < m_texts.size(); ++i)
        row.*textMembers[i] = withoutPlaceholder(m_cells.words(record, m_texts[i]));
    if (!m_cells.quantity(record, m_quantity, row.consumedQuantity, rows))
        return {};
    readTokens(record, row, rows);
    m_tags.read(record, row, rows);
    m_prepaid |= row.category == ChargeCategory::Purchase && row.list && !row.list->isZero();
    m_covered |= row.category == ChargeCategory::Usage && row.list && !row.list->isZero() && row.billed
                 && row.billed->isZero() && row.effective && !row.effective->isZero();
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void FocusConverter::finish(RowCollector &rows)
{
    m_cells.finish(rows);
    if (rows.facts().currency.empty() && rows.facts().rowsAccepted > 0)
        rows.warn("the file names no billing currency; the workspace's own is taken");
    m_weight.finish(rows);
    if (m_prepaid && m_covered)
        rows.warn("purchases and the usage that they pay for both state list and contracted cost; only billed or "
                  "effective cost may be added up over both");
}

class FocusFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return "focus"; }
    [[nodiscard]] std::string_view label() const override { return "FOCUS bill (0.5, 1.0 to 1.5)"; }

    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        if (shape.indexOf("chargeperiodstart") < 0)
            return {};
        if (shape.indexOf("billedcost") >= 0 && shape.indexOf("chargecategory") >= 0)
            return {100, "the columns BilledCost, ChargePeriodStart and ChargeCategory are those of FOCUS "
                             + versionOf(shape)};
        if (shape.indexOf("invoiceissuer") >= 0 && shape.indexOf("chargetype") >= 0
            && shape.indexOf("amortizedcost") >= 0)
            return {100, "the columns InvoiceIssuer, ChargeType and AmortizedCost are those of FOCUS 0.5"};
        return {};
    }

    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape,
                                                                     const ColumnMapping &mapping, bool) const override
    {
        if (match(shape).score == 0)
            return Error{ErrorCode::BadInput,
                         "the file has not the columns BilledCost, ChargePeriodStart, "
                         "ChargeCategory",
                         "", "choose another format"};
        return std::unique_ptr<RecordConverter>(std::make_unique<FocusConverter>(shape, mapping));
    }

private:
    static std::string versionOf(const TableShape &shape)
    {
        const bool providerName = shape.indexOf("providername") >= 0;
        if (shape.indexOf("serviceprovidername") >= 0)
            return providerName ? "1.3" : "1.4 or 1.5";
        if (shape.indexOf("invoiceid") >= 0 || shape.indexOf("pricingcurrency") >= 0)
            return "1.2";
        if (shape.indexOf("skumeter") >= 0)
            return "1.1";
        return "1.0";
    }
};

} // namespace

std::unique_ptr<LedgerFormat> focusFormat()
{
    return std::make_unique<FocusFormat>();
}

} // namespace perunit
