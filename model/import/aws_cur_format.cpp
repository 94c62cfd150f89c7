// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/column_format.h"
#include "model/import/focus_row.h"
#include "model/import/ledger_format.h"
#include "pricing/catalogue/json_value.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// What a line item type means for the two ways of counting. Cash is the unblended cost of every line.
enum class Accrual {
    AsBilled,       ///< costs what it is billed at
    PlanCovered,    ///< costs its share of a savings plan
    PlanNegation,   ///< takes back the list price of covered usage: costs nothing
    PlanFee,        ///< costs only what of the commitment nobody used
    Prepayment,     ///< is spread over the usage that it pays for: costs nothing itself
    Reserved,       ///< costs its share of a reservation
    ReservationFee, ///< costs only what of the reservation nobody used
};

struct LineType {
    std::string_view name; ///< normalised
    ChargeCategory category;
    Accrual accrual;
    bool correction = false;
};

constexpr std::array lineTypes{
    LineType{"usage", ChargeCategory::Usage, Accrual::AsBilled},
    LineType{"tax", ChargeCategory::Tax, Accrual::AsBilled},
    LineType{"credit", ChargeCategory::Credit, Accrual::AsBilled},
    LineType{"refund", ChargeCategory::Adjustment, Accrual::AsBilled, true},
    LineType{"fee", ChargeCategory::Purchase, Accrual::AsBilled},
    LineType{"rifee", ChargeCategory::Purchase, Accrual::ReservationFee},
    LineType{"discountedusage", ChargeCategory::Usage, Accrual::Reserved},
    LineType{"savingsplancoveredusage", ChargeCategory::Usage, Accrual::PlanCovered},
    LineType{"savingsplannegation", ChargeCategory::Usage, Accrual::PlanNegation},
    LineType{"savingsplanrecurringfee", ChargeCategory::Purchase, Accrual::PlanFee},
    LineType{"savingsplanupfrontfee", ChargeCategory::Purchase, Accrual::Prepayment},
    LineType{"bundleddiscount", ChargeCategory::Adjustment, Accrual::AsBilled},
    LineType{"edpdiscount", ChargeCategory::Adjustment, Accrual::AsBilled},
    LineType{"privateratediscount", ChargeCategory::Adjustment, Accrual::AsBilled},
    LineType{"rivolumediscount", ChargeCategory::Adjustment, Accrual::AsBilled},
    LineType{"distributordiscount", ChargeCategory::Adjustment, Accrual::AsBilled},
};

/// Legacy reports and Athena have a column for each tag, report 2.0 has one cell of JSON.
class CurConverter : public ColumnConverter
{
public:
    CurConverter(const TableShape &shape, ColumnMapping mapping)
        : ColumnConverter(shape, std::move(mapping))
        , m_tags(shape, {"resourcetags", "costcategory"},
                 {"resourceTags/", "resource_tags_", "resource_tags.", "costCategory/", "cost_category_",
                  "cost_category."})
        , m_product(shape, "product")
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] std::unique_ptr<RecordConverter> clone() const override { return cloneOfBill(*this); }
    void absorb(const RecordConverter &other) override
    {
        const auto &clone = dynamic_cast<const CurConverter &>(other);
        m_cells.absorb(clone.m_cells);
        m_weight.absorb(clone.m_weight);
        m_commitments |= clone.m_commitments;
    }

private:
    friend std::unique_ptr<RecordConverter> cloneOfBill<CurConverter>(const CurConverter &converter);

    bool readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCosts(const CsvRecord &record, const LineType &type, ChargeRow &row, RowCollector &rows);
    bool readAccrual(const CsvRecord &record, const LineType &type, ChargeRow &row, RowCollector &rows);
    bool difference(const CsvRecord &record, int whole, int part, std::optional<Money> &to, RowCollector &rows);
    bool sum(const CsvRecord &record, int first, int second, std::optional<Money> &to, RowCollector &rows);
    void readTexts(const CsvRecord &record, ChargeRow &row);
    bool readModel(const CsvRecord &record, const LineType &type, ChargeRow &row, RowCollector &rows);

    TagColumns m_tags;
    NestedCell m_product;
    BillWeight m_weight;
    bool m_commitments = false;
    int m_type = m_cells.text({"lineitemlineitemtype"});
    int m_start = m_cells.date({"lineitemusagestartdate"});
    int m_end = m_cells.date({"lineitemusageenddate"});
    int m_billStart = m_cells.date({"billbillingperiodstartdate"});
    int m_billEnd = m_cells.date({"billbillingperiodenddate"});
    int m_currency = m_cells.currency({"lineitemcurrencycode"});
    int m_unblended = m_cells.number({"lineitemunblendedcost"});
    int m_netUnblended = m_cells.number({"lineitemnetunblendedcost"});
    int m_list = m_cells.number({"pricingpublicondemandcost"});
    int m_amount = m_cells.number({"lineitemusageamount"});
    int m_planCost = m_cells.number({"savingsplansavingsplaneffectivecost"});
    int m_planTotal = m_cells.number({"savingsplantotalcommitmenttodate"});
    int m_planUsed = m_cells.number({"savingsplanusedcommitment"});
    int m_reservedCost = m_cells.number({"reservationeffectivecost"});
    int m_unusedUpfront = m_cells.number({"reservationunusedamortizedupfrontfeeforbillingperiod"});
    int m_unusedRecurring = m_cells.number({"reservationunusedrecurringfee"});
    int m_reservation = m_cells.text({"reservationreservationarn"});
    int m_unit = m_cells.text({"pricingunit"});
    int m_term = m_cells.text({"pricingterm"});
    int m_productCode = m_cells.text({"lineitemproductcode"});
    int m_usageType = m_cells.text({"lineitemusagetype"});
    int m_operation = m_cells.text({"lineitemoperation"});
    int m_description = m_cells.text({"lineitemlineitemdescription"});
    int m_resource = m_cells.text({"lineitemresourceid"});
    int m_account = m_cells.text({"lineitemusageaccountid"});
    int m_productName = m_cells.text({"productproductname", "productservicename"});
    int m_region = m_cells.text({"productregioncode", "productregion"});
    int m_principal = m_cells.text({"lineitemiamprincipal"});
};

bool CurConverter::readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    if (!m_cells.time(record, m_start, true, row.period.from, rows))
        return false;
    row.period.to = row.period.from;
    if (!m_cells.time(record, m_end, false, row.period.to, rows)
        || !m_cells.time(record, m_billStart, false, row.billingPeriod.from, rows)
        || !m_cells.time(record, m_billEnd, false, row.billingPeriod.to, rows))
        return false;
    if (row.period.to < row.period.from) {
        rows.rejectField(m_end, "lies before the start of the usage");
        return false;
    }
    return true;
}

bool CurConverter::difference(const CsvRecord &record, int whole, int part, std::optional<Money> &to,
                              RowCollector &rows)
{
    std::optional<Money> used;
    if (!m_cells.amount(record, whole, to, rows) || !m_cells.amount(record, part, used, rows))
        return false;
    Int128 rest = 0;
    if (to && used && !__builtin_sub_overflow(to->units(), used->units(), &rest))
        to = Money::ofUnits(rest);
    else
        to.reset();
    return true;
}

bool CurConverter::sum(const CsvRecord &record, int first, int second, std::optional<Money> &to, RowCollector &rows)
{
    std::optional<Money> other;
    if (!m_cells.amount(record, first, to, rows) || !m_cells.amount(record, second, other, rows))
        return false;
    Int128 both = 0;
    if (other && !__builtin_add_overflow(to.value_or(Money()).units(), other->units(), &both))
        to = Money::ofUnits(both);
    return true;
}

bool CurConverter::readAccrual(const CsvRecord &record, const LineType &type, ChargeRow &row, RowCollector &rows)
{
    // A report without the columns of a commitment knows cash only: then none of its lines has an effective cost, so
    // that purchase and usage never count together.
    const bool plans = m_planCost >= 0;
    const bool reservations = m_reservedCost >= 0;
    switch (type.accrual) {
    case Accrual::AsBilled:
        // The upfront fee of a reservation is a plain fee that names the reservation.
        row.effective =
            type.name == "fee" && reservations && !m_cells.words(record, m_reservation).empty() ? Money() : row.billed;
        return true;
    case Accrual::PlanCovered:
        if (!m_cells.amount(record, m_planCost, row.effective, rows))
            return false;
        break;
    case Accrual::PlanNegation:
    case Accrual::Prepayment:
        if (plans)
            row.effective = Money();
        return true;
    case Accrual::PlanFee:
        if (plans && !difference(record, m_planTotal, m_planUsed, row.effective, rows))
            return false;
        break;
    case Accrual::Reserved:
        if (!m_cells.amount(record, m_reservedCost, row.effective, rows))
            return false;
        break;
    case Accrual::ReservationFee:
        if (reservations && !sum(record, m_unusedUpfront, m_unusedRecurring, row.effective, rows))
            return false;
        break;
    }
    if (!row.effective)
        rows.count("lines of savings plans and reservations do not say what they effectively cost; their billed cost "
                   "stands alone");
    return true;
}

bool CurConverter::readCosts(const CsvRecord &record, const LineType &type, ChargeRow &row, RowCollector &rows)
{
    if (!m_cells.amount(record, m_unblended, row.billed, rows))
        return false;
    if (!row.billed) {
        rows.rejectField(m_unblended, "is empty");
        return false;
    }
    // List prices of purchases and of what takes covered usage back would count the same usage twice.
    if (type.category == ChargeCategory::Usage && type.accrual != Accrual::PlanNegation
        && (!m_cells.amount(record, m_list, row.list, rows)
            || !m_cells.amount(record, m_netUnblended, row.contracted, rows)))
        return false;
    m_commitments |= type.accrual != Accrual::AsBilled;
    return readAccrual(record, type, row, rows);
}

/// Member of a small JSON object; empty when there is none.
std::string memberOf(const std::string &json, std::string_view name)
{
    if (json.empty())
        return {};
    const auto value = parseJson(json);
    const JsonValue *member = value ? value->find(name) : nullptr;
    return member && member->is(JsonValue::Kind::String) ? member->text : std::string();
}

void CurConverter::readTexts(const CsvRecord &record, ChargeRow &row)
{
    const std::string code = m_cells.words(record, m_productCode);
    const std::string product = m_product.text(record);
    row.provider = "AWS";
    row.service = m_cells.words(record, m_productName);
    if (row.service.empty())
        row.service = memberOf(product, "product_name");
    if (row.service.empty() || code == "AmazonBedrock")
        row.service = code == "AmazonBedrock" ? "Amazon Bedrock" : code;
    row.sku = m_cells.words(record, m_usageType);
    row.description = m_cells.words(record, m_description);
    row.resource = m_cells.words(record, m_resource);
    row.account = m_cells.words(record, m_account);
    row.pricingCategory = m_cells.words(record, m_term);
    row.consumedUnit = m_cells.words(record, m_unit);
    row.region = m_cells.words(record, m_region);
    if (row.region.empty())
        row.region = memberOf(product, "region");
    std::string_view rest;
    if (row.region.empty())
        row.region = awsRegionOf(row.sku, rest);
    const std::string principal = m_cells.words(record, m_principal);
    constexpr std::string_view assumed = "assumed-role/";
    if (const auto at = principal.find(assumed); at != std::string::npos) {
        // The session behind the role may be a person's address.
        const std::string_view role = std::string_view(principal).substr(at + assumed.size());
        addTag(row, "iam_role", role.substr(0, role.find('/')));
    }
}

/// Models that AWS sells through its marketplace: "Claude 3.5 Sonnet (Amazon Bedrock Edition)", usage type
/// "USE1-MP:USE1_InputTokenCount-Units", and the size of the unit in the description.
std::int64_t marketplaceUnit(const std::string &description)
{
    const std::string text = upperCase(description);
    if (text.find("MILLION") != std::string::npos || text.find("1M ") != std::string::npos)
        return 1'000'000;
    if (text.find("THOUSAND") != std::string::npos || text.find("1K ") != std::string::npos
        || text.find("1,000 ") != std::string::npos)
        return 1'000;
    return 0;
}

bool CurConverter::readModel(const CsvRecord &record, const LineType &type, ChargeRow &row, RowCollector &rows)
{
    const bool marketplace = row.service.find("Amazon Bedrock Edition") != std::string::npos;
    const bool bedrock = marketplace || m_cells.words(record, m_productCode).find("Bedrock") != std::string::npos;
    if (!bedrock || type.category == ChargeCategory::Tax)
        return bedrock;
    std::string_view rest;
    awsRegionOf(row.sku, rest);
    if (rest.starts_with("MP:"))
        rest = rest.substr(rest.find_first_of("-_") + 1);
    const MeterReading meter = readMeter(rest);
    row.model = marketplace                             ? catalogueModelName(row.service)
                : meter.usageClass || meter.provisioned ? meter.model
                                                        : "";
    if (const std::string_view pricing = pricingCategoryOf(meter.tier); !pricing.empty())
        row.pricingCategory = pricing;
    if (!meter.servingScope.empty())
        row.tags.emplace_back("serving_scope", meter.servingScope);
    if (!meter.usageClass) {
        if (meter.isTokens && !meter.cacheStorage && type.category == ChargeCategory::Usage)
            rows.count("token lines that do not say which kind of token they bill stay plain charges");
        return bedrock;
    }
    // What a credit or a refund gives back is money, the tokens were used all the same.
    if (type.category == ChargeCategory::Usage) {
        std::int64_t unit = tokensPerUnit(row.consumedUnit);
        if (unit == 0 && marketplace)
            unit = marketplaceUnit(row.description);
        takeTokens(row, *meter.usageClass, unit, rows);
    }
    return bedrock;
}

Status CurConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    const std::string name = normalisedName(m_cells.raw(record, m_type));
    const auto known =
        std::find_if(lineTypes.begin(), lineTypes.end(), [&name](const LineType &line) { return line.name == name; });
    LineType type = known == lineTypes.end() ? LineType{"", ChargeCategory::Adjustment, Accrual::AsBilled} : *known;
    ChargeRow row;
    row.category = type.category;
    row.correction = type.correction;
    if (!readTimes(record, row, rows) || !m_cells.sameCurrency(record, m_currency, rows)
        || !readCosts(record, type, row, rows) || !m_cells.quantity(record, m_amount, row.consumedQuantity, rows))
        return {};
    if (known == lineTypes.end())
        rows.count("the line item type '" + m_cells.words(record, m_type)
                   + "' is not known; its cost counts as an adjustment");
    readTexts(record, row);
    const bool model = readModel(record, type, row, rows);
    m_tags.read(record, row, rows);
    m_weight.classify(row, model,
                      row.service + ' ' + row.sku + ' ' + m_cells.words(record, m_operation) + ' ' + row.description);
    applyConstants(m_mapping.constants, row);
    m_weight.add(row, model);
    return rows.add(row);
}

void CurConverter::finish(RowCollector &rows)
{
    m_cells.finish(rows);
    m_weight.finish(rows);
    if (m_commitments && m_planCost < 0 && m_reservedCost < 0)
        rows.warn("the report has no columns of effective cost: savings plans and reservations count when they are "
                  "billed");
}

FormatMatch matchCur(const TableShape &shape)
{
    if (shape.indexOf("lineitemlineitemtype") < 0 || shape.indexOf("lineitemunblendedcost") < 0
        || shape.indexOf("lineitemusagestartdate") < 0)
        return {};
    const bool version2 = shape.indexOf("resourcetags") >= 0 || shape.indexOf("product") >= 0;
    return {100, std::string("the columns lineItem/LineItemType, UnblendedCost and UsageStartDate are those of an "
                             "AWS Cost and Usage Report")
                     + (version2 ? " 2.0" : "")};
}

} // namespace

std::unique_ptr<LedgerFormat> awsCurFormat()
{
    return ledgerFormatOf(
        {"aws-cur", "AWS Cost and Usage Report (legacy, Athena, 2.0)", matchCur, makeConverter<CurConverter>});
}

} // namespace perunit
