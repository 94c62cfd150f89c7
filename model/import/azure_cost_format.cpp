// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/column_format.h"
#include "model/import/focus_row.h"
#include "model/import/ledger_format.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

struct ChargeType {
    std::string_view name; ///< normalised
    ChargeCategory category;
    bool correction;
};

constexpr std::array chargeTypes{ChargeType{"", ChargeCategory::Usage, false},
                                 ChargeType{"usage", ChargeCategory::Usage, false},
                                 ChargeType{"unusedreservation", ChargeCategory::Usage, false},
                                 ChargeType{"unusedsavingsplan", ChargeCategory::Usage, false},
                                 ChargeType{"purchase", ChargeCategory::Purchase, false},
                                 ChargeType{"tax", ChargeCategory::Tax, false},
                                 ChargeType{"credit", ChargeCategory::Credit, false},
                                 ChargeType{"refund", ChargeCategory::Adjustment, true},
                                 ChargeType{"roundingadjustment", ChargeCategory::Adjustment, false}};

bool contains(const std::string &text, std::initializer_list<std::string_view> parts)
{
    return std::any_of(parts.begin(), parts.end(),
                       [&text](std::string_view part) { return text.find(part) != std::string::npos; });
}

/// An amount that is surely not nothing, however it is written.
bool isNonZero(std::string_view text)
{
    return text.substr(0, text.find_first_of("eE")).find_first_of("123456789") != std::string_view::npos;
}

/// Meters name tokens, their unit is often a bare "1K" or "1M".
std::int64_t tokensInUnit(const std::string &unit)
{
    if (const std::int64_t named = tokensPerUnit(unit); named != 0 || unit.empty())
        return named;
    return unit.find_first_not_of("0123456789, KkMmBb") == std::string::npos ? unitMultiple(unit) : 0;
}

// Names of localised headers: behind the German one stands the English one in brackets, which is found by itself when
// it is long enough to be no unit; "Tags (Tags)" and "Datum (Date)" are not.
class AzureConverter : public ColumnConverter
{
public:
    AzureConverter(const TableShape &shape, ColumnMapping mapping)
        : ColumnConverter(shape, std::move(mapping))
        , m_tags(shape, {"tags", "tagstags"}, {"tags."})
    {}

    void observe(const CsvRecord &record) override;
    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;

private:
    /// Bought with a reservation or a savings plan, or usage that one of them covers.
    [[nodiscard]] bool isCommitment(const CsvRecord &record) const
    {
        const std::string model = normalisedName(m_cells.raw(record, m_pricingModel));
        if (m_pricingModel >= 0 && !model.empty())
            return model == "reservation" || model == "savingsplan";
        return !m_cells.words(record, m_reservation).empty();
    }
    bool readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    void readTexts(const CsvRecord &record, ChargeRow &row);
    bool readModel(const CsvRecord &record, ChargeRow &row, RowCollector &rows);

    TagColumns m_tags;
    BillWeight m_weight;
    bool m_purchases = false; ///< commitments are billed when bought: actual cost
    bool m_amortised = false; ///< commitments are billed as they are used: amortised cost
    bool m_coveredAtNothing = false;
    int m_date = m_cells.date({"usagedatetime", "date", "usagedate", "datumdate"});
    int m_billStart = m_cells.date({"billingperiodstartdate"});
    int m_billEnd = m_cells.date({"billingperiodenddate"});
    int m_cost = m_cells.number({"costinbillingcurrency", "pretaxcost", "cost", "extendedcost", "kostencost"});
    int m_list = m_cells.number({"paygcostinbillingcurrency"});
    int m_quantity = m_cells.number({"quantity", "usagequantity", "consumedquantity"});
    int m_currency = m_cells.currency({"billingcurrencycode", "billingcurrency", "currency", "currencycode"});
    int m_type = m_cells.text({"chargetype"});
    int m_pricingModel = m_cells.text({"pricingmodel"});
    int m_reservation = m_cells.text({"reservationid"});
    int m_category = m_cells.text({"metercategory"});
    int m_subcategory = m_cells.text({"metersubcategory"});
    int m_meter = m_cells.text({"metername"});
    int m_product = m_cells.text({"productname", "product"});
    int m_unit = m_cells.text({"unitofmeasure"});
    int m_consumedService = m_cells.text({"consumedservice"});
    int m_family = m_cells.text({"servicefamily"});
    int m_resource = m_cells.text({"resourceid", "instanceid"});
    int m_region = m_cells.text({"resourcelocation", "location", "meterregion"});
    int m_account = m_cells.text({"subscriptionid", "subscriptionguid", "billingaccountid"});
    int m_group = m_cells.text({"resourcegroup", "resourcegroupname"});
    int m_subscription = m_cells.text({"subscriptionname"});
    int m_costCenter = m_cells.text({"costcenter"});
};

void AzureConverter::observe(const CsvRecord &record)
{
    const std::string type = normalisedName(m_cells.raw(record, m_type));
    const bool costs = isNonZero(m_cells.raw(record, m_cost));
    m_amortised |= type.starts_with("unused");
    if (!isCommitment(record))
        return;
    m_purchases |= type == "purchase" && costs;
    m_amortised |= type == "usage" && costs;
    m_coveredAtNothing |= type == "usage" && !costs;
}

bool AzureConverter::readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    Instant day;
    Instant last;
    if (!m_cells.time(record, m_date, true, day, rows)
        || !m_cells.time(record, m_billStart, false, row.billingPeriod.from, rows)
        || !m_cells.time(record, m_billEnd, false, last, rows))
        return false;
    row.period = daysThrough(day, day);
    // The last day of a billing period is named itself.
    if (!m_cells.words(record, m_billStart).empty() && !m_cells.words(record, m_billEnd).empty())
        row.billingPeriod = daysThrough(row.billingPeriod.from, last);
    else
        row.billingPeriod = {};
    return true;
}

bool AzureConverter::readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    std::optional<Money> cost;
    if (!m_cells.amount(record, m_cost, cost, rows))
        return false;
    if (!cost) {
        rows.rejectField(m_cost, "is empty");
        return false;
    }
    const bool committed = isCommitment(record);
    const bool bought = row.category == ChargeCategory::Purchase && committed;
    if (!m_amortised) {
        // Of covered usage an actual bill knows that nothing was billed, not what it cost.
        row.billed = cost;
        if (!m_purchases && !m_coveredAtNothing)
            row.effective = cost;
    } else if (bought) {
        row.billed = cost;
        row.effective = Money();
    } else if (committed && row.category == ChargeCategory::Usage) {
        row.billed = Money();
        row.effective = cost;
    } else {
        row.billed = cost;
        row.effective = cost;
    }
    return row.category != ChargeCategory::Usage || m_cells.amount(record, m_list, row.list, rows);
}

void AzureConverter::readTexts(const CsvRecord &record, ChargeRow &row)
{
    row.provider = "Microsoft";
    row.service = m_cells.words(record, m_category);
    row.sku = m_cells.words(record, m_meter);
    row.description = m_cells.words(record, m_product);
    if (row.description.empty())
        row.description = m_cells.words(record, m_subcategory);
    row.region = upperCase(m_cells.words(record, m_region));
    std::transform(row.region.begin(), row.region.end(), row.region.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    row.resource = m_cells.words(record, m_resource);
    row.account = m_cells.words(record, m_account);
    row.pricingCategory = m_cells.words(record, m_pricingModel);
    row.consumedUnit = m_cells.words(record, m_unit);
    const auto tag = [&](const char *key, int column) {
        if (const std::string value = m_cells.words(record, column); !value.empty())
            addTag(row, key, value);
    };
    tag("resource_group", m_group);
    tag("subscription", m_subscription);
    tag("cost_center", m_costCenter);
}

bool AzureConverter::readModel(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    const auto small = [this, &record](int column) {
        std::string text = m_cells.words(record, column);
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return text;
    };
    const std::string category = small(m_category);
    const std::string families = category + '|' + small(m_subcategory);
    // Bills without names of meters have them in the product, behind the service.
    std::string name = row.sku;
    if (name.empty()) {
        const auto behind = row.description.find(" - ");
        name = behind == std::string::npos ? row.description : row.description.substr(behind + 3);
    }
    const MeterReading meter = readMeter(name);
    const bool openai = contains(families, {"openai", "foundry models"});
    const bool service = openai || contains(category, {"cognitive services", "foundry", "machine learning"});
    const bool model = openai || (service && (meter.isTokens || meter.provisioned));
    if (!model)
        return false;
    if (meter.usageClass && meter.isTokens)
        row.model = meter.model;
    if (const std::string_view pricing = pricingCategoryOf(meter.tier);
        !pricing.empty() && !(meter.provisioned && isCommitment(record)))
        row.pricingCategory = pricing;
    if (!meter.servingScope.empty())
        row.tags.emplace_back("serving_scope", meter.servingScope);
    if (row.category != ChargeCategory::Usage || !meter.isTokens)
        return true;
    if (meter.usageClass && !meter.fineTuned)
        takeTokens(row, *meter.usageClass, tokensInUnit(row.consumedUnit), rows);
    else if (!meter.usageClass && !meter.cacheStorage && !meter.fineTuned)
        rows.count("token lines that do not say which kind of token they bill stay plain charges");
    return true;
}

Status AzureConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    const std::string name = m_type < 0 ? std::string() : normalisedName(m_cells.raw(record, m_type));
    const auto known = std::find_if(chargeTypes.begin(), chargeTypes.end(),
                                    [&name](const ChargeType &type) { return type.name == name; });
    ChargeRow row;
    row.category = known == chargeTypes.end() ? ChargeCategory::Adjustment : known->category;
    row.correction = known != chargeTypes.end() && known->correction;
    if (!readTimes(record, row, rows) || !m_cells.sameCurrency(record, m_currency, rows)
        || !readCosts(record, row, rows) || !m_cells.quantity(record, m_quantity, row.consumedQuantity, rows))
        return {};
    if (known == chargeTypes.end())
        rows.count("the charge type '" + m_cells.words(record, m_type)
                   + "' is not known; its cost counts as an adjustment");
    readTexts(record, row);
    const bool model = readModel(record, row, rows);
    m_tags.read(record, row, rows);
    m_weight.classify(row, model,
                      row.service + ' ' + row.sku + ' ' + row.description + ' '
                          + m_cells.words(record, m_consumedService));
    if (const std::string family = m_cells.words(record, m_family); row.serviceCategory == "Other" && !family.empty())
        row.serviceCategory = family;
    applyConstants(m_mapping.constants, row);
    m_weight.add(row, model);
    return rows.add(row);
}

void AzureConverter::finish(RowCollector &rows)
{
    m_cells.finish(rows);
    m_weight.finish(rows);
    if (rows.facts().rowsAccepted == 0)
        return;
    if (rows.facts().currency.empty())
        rows.warn("the file names no billing currency; the workspace's own is taken");
    const std::string other = "; the other view of the same account and period must not be added to it";
    if (m_amortised && m_purchases)
        rows.warn("the file holds purchases of reservations or savings plans and what their use costs: purchases count "
                  "as billed cost, their use as effective cost");
    else if (m_amortised)
        rows.warn("amortised cost: reservations and savings plans count as they are used" + other);
    else if (m_purchases || m_coveredAtNothing)
        rows.warn("actual cost: reservations and savings plans count when they are bought, and what they cover costs "
                  "nothing"
                  + other);
    else if (m_type >= 0)
        rows.warn("nothing in the file tells whether it is actual or amortised cost; without reservations and savings "
                  "plans both are the same, so only one of them may be imported");
}

FormatMatch matchAzureCost(const TableShape &shape)
{
    // A FOCUS export of Azure has its own columns; x_ columns do not count.
    const int cost = shape.firstOf({"costinbillingcurrency", "pretaxcost", "cost", "extendedcost", "kostencost"});
    const int date = shape.firstOf({"usagedatetime", "date", "usagedate", "datumdate"});
    if (shape.indexOf("metercategory") < 0 || cost < 0 || date < 0)
        return {};
    return {100, "the columns MeterCategory, " + shape.header[static_cast<std::size_t>(cost)] + " and "
                     + shape.header[static_cast<std::size_t>(date)] + " are those of Azure Cost Management"};
}

} // namespace

std::unique_ptr<LedgerFormat> azureCostFormat()
{
    return ledgerFormatOf(
        {"azure-cost", "Azure cost export (usage details)", matchAzureCost, makeConverter<AzureConverter>});
}

} // namespace perunit
