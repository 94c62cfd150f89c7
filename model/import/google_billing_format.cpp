// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/bill_rows.h"
#include "model/import/column_format.h"
#include "model/import/focus_row.h"
#include "model/import/ledger_format.h"
#include "pricing/base/decimal.h"
#include "pricing/catalogue/json_value.h"

#include <algorithm>

namespace perunit {

namespace {

/// Something that Google takes off a line: committed use, free tier, promotion.
struct BillCredit {
    std::string name;
    std::string type;
    Money amount;
};

std::string textOf(const JsonValue &object, std::string_view name)
{
    const JsonValue *member = object.find(name);
    return member && member->is(JsonValue::Kind::String) ? member->text : std::string();
}

/// The credits of a cell; nothing when it cannot be read.
std::optional<std::vector<BillCredit>> readCredits(std::string_view cell)
{
    std::vector<BillCredit> credits;
    if (isNullWord(cell))
        return credits;
    const auto list = parseJson(jsonOfPython(cell));
    if (!list || !list->is(JsonValue::Kind::Array))
        return std::nullopt;
    for (const JsonValue &entry : list->items) {
        const JsonValue *amount = entry.find("amount");
        if (!amount)
            return std::nullopt;
        const auto number = parseDecimal(amount->text, Money::scale);
        if (!number)
            return std::nullopt;
        credits.push_back({textOf(entry, "name"), textOf(entry, "type"), Money::ofUnits(number->units)});
    }
    return credits;
}

class GoogleConverter : public ColumnConverter
{
public:
    GoogleConverter(const TableShape &shape, ColumnMapping mapping)
        : ColumnConverter(shape, std::move(mapping))
        , m_tags(shape, {"labels", "projectlabels", "tags"}, {})
        , m_service(shape, "service")
        , m_sku(shape, "sku")
        , m_project(shape, "project")
        , m_invoice(shape, "invoice")
        , m_usage(shape, "usage")
        , m_location(shape, "location")
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;

private:
    /// A value that stands in a column of its own or as a member of a JSON cell ("sku": {"id": …}).
    [[nodiscard]] std::string nested(const CsvRecord &record, int column, const NestedCell &cell,
                                     std::string_view member) const;
    bool readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    void readCategory(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    void readTexts(const CsvRecord &record, ChargeRow &row);
    bool readModel(ChargeRow &row, RowCollector &rows);
    Status addCredits(const std::vector<BillCredit> &credits, const ChargeRow &row, bool model, RowCollector &rows);

    TagColumns m_tags;
    NestedCell m_service, m_sku, m_project, m_invoice, m_usage, m_location;
    BillWeight m_weight;
    Money m_credits;
    bool m_anyCredit = false;
    int m_start = m_cells.date({"usagestarttime"});
    int m_end = m_cells.date({"usageendtime"});
    int m_month = m_cells.date({"invoicemonth"});
    int m_cost = m_cells.number({"cost"});
    int m_list = m_cells.number({"costatlist"});
    int m_amount = m_cells.number({"usageamount"});
    int m_currency = m_cells.currency({"currency"});
    int m_unit = m_cells.text({"usageunit"});
    int m_creditCell = m_cells.text({"credits"});
    int m_type = m_cells.text({"costtype"});
    int m_serviceName = m_cells.text({"servicedescription"});
    int m_skuId = m_cells.text({"skuid"});
    int m_skuName = m_cells.text({"skudescription"});
    int m_projectId = m_cells.text({"projectid"});
    int m_projectName = m_cells.text({"projectname"});
    int m_region = m_cells.text({"locationregion", "locationlocation"});
    int m_resource = m_cells.text({"resourceglobalname", "resourcename"});
    int m_account = m_cells.text({"billingaccountid"});
};

std::string GoogleConverter::nested(const CsvRecord &record, int column, const NestedCell &cell,
                                    std::string_view member) const
{
    if (std::string text = m_cells.words(record, column); !text.empty() || column >= 0)
        return text;
    const auto object = parseJson(jsonOfPython(cell.text(record)));
    if (!object)
        return {};
    const JsonValue *found = object->find(member);
    return found ? found->text : std::string();
}

bool GoogleConverter::readTimes(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    if (!m_cells.time(record, m_start, true, row.period.from, rows))
        return false;
    row.period.to = row.period.from;
    if (!m_cells.time(record, m_end, false, row.period.to, rows))
        return false;
    if (row.period.to < row.period.from) {
        rows.rejectField(m_end, "lies before the start of the usage");
        return false;
    }
    Instant month;
    if (m_month >= 0 && !m_cells.time(record, m_month, false, month, rows))
        return false;
    if (m_month < 0) {
        const auto nestedMonth = parseTime(nested(record, -1, m_invoice, "month"), DateOrder::MonthFirst);
        month = nestedMonth ? *nestedMonth : Instant();
    }
    // The month of the invoice, not that of the usage, ties to what was paid.
    if (month != Instant())
        row.billingPeriod = {monthOf(month).start(), monthOf(month).plus(1).start()};
    return true;
}

bool GoogleConverter::readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    if (!m_cells.amount(record, m_cost, row.billed, rows) || !m_cells.amount(record, m_list, row.list, rows))
        return false;
    if (!row.billed) {
        rows.rejectField(m_cost, "is empty");
        return false;
    }
    row.effective = row.billed;
    row.contracted = row.billed;
    return true;
}

void GoogleConverter::readCategory(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    const std::string type = normalisedName(m_cells.raw(record, m_type));
    if (m_type < 0 || type.empty() || type == "regular")
        row.category = ChargeCategory::Usage;
    else if (type == "tax")
        row.category = ChargeCategory::Tax;
    else {
        row.category = ChargeCategory::Adjustment;
        row.correction = type == "adjustment";
        if (type != "adjustment" && type != "roundingerror")
            rows.count("the cost type '" + m_cells.words(record, m_type)
                       + "' is not known; its cost counts as an adjustment");
    }
    if (row.category != ChargeCategory::Usage) {
        row.list.reset();
        row.contracted.reset();
    }
}

void GoogleConverter::readTexts(const CsvRecord &record, ChargeRow &row)
{
    row.provider = "Google Cloud";
    row.service = nested(record, m_serviceName, m_service, "description");
    row.sku = nested(record, m_skuId, m_sku, "id");
    row.description = nested(record, m_skuName, m_sku, "description");
    row.region = nested(record, m_region, m_location, "region");
    row.resource = m_cells.words(record, m_resource);
    row.account = m_cells.words(record, m_account);
    row.consumedUnit = nested(record, m_unit, m_usage, "unit");
    const std::string project = nested(record, m_projectName, m_project, "name");
    const std::string projectId = nested(record, m_projectId, m_project, "id");
    if (!project.empty() || !projectId.empty())
        addTag(row, "project", project.empty() ? projectId : project);
}

bool GoogleConverter::readModel(ChargeRow &row, RowCollector &rows)
{
    const std::string service = upperCase(row.service);
    const std::string words = upperCase(row.description);
    const bool ai = service.find("VERTEX AI") != std::string::npos || service.find("GEMINI") != std::string::npos
                    || service.find("GENERATIVE LANGUAGE") != std::string::npos
                    || service.find("AGENT PLATFORM") != std::string::npos;
    if (!ai)
        return false;
    // Training, notebooks and search are sold under the same service.
    const bool machine = words.find("TRAINING") != std::string::npos || words.find("PIPELINES") != std::string::npos
                         || words.find(" GPU") != std::string::npos || words.find("NOTEBOOK") != std::string::npos
                         || words.find("INSTANCE") != std::string::npos || words.find(" CORE ") != std::string::npos
                         || words.find("SEARCH") != std::string::npos;
    const MeterReading meter = readMeter(row.description);
    const bool model = meter.provisioned || meter.cacheStorage || (meter.usageClass && !machine);
    if (!model)
        return false;
    if (!meter.provisioned)
        row.model = meter.model;
    row.pricingCategory = pricingCategoryOf(meter.tier);
    if (!meter.servingScope.empty())
        row.tags.emplace_back("serving_scope", meter.servingScope);
    if (row.category != ChargeCategory::Usage || meter.provisioned || !meter.usageClass || meter.cacheStorage)
        return true;
    const std::string unit = normalisedName(row.consumedUnit);
    if (unit == "characters" || unit == "character") {
        rows.count("lines billed by characters stay plain charges: how many tokens they are is not known");
        return true;
    }
    takeTokens(row, *meter.usageClass,
               unit == "count" || unit == "requests" ? (unit == "count" ? 1 : 0) : tokensPerUnit(row.consumedUnit),
               rows);
    return true;
}

Status GoogleConverter::addCredits(const std::vector<BillCredit> &credits, const ChargeRow &row, bool model,
                                   RowCollector &rows)
{
    for (const BillCredit &credit : credits) {
        ChargeRow taken = row;
        taken.category = ChargeCategory::Credit;
        taken.correction = false;
        taken.billed = credit.amount;
        taken.effective = credit.amount;
        taken.list.reset();
        taken.contracted.reset();
        taken.tokenClass.reset();
        taken.tokens = 0;
        taken.consumedQuantity.clear();
        taken.consumedUnit.clear();
        taken.description = (credit.name.empty() ? credit.type : credit.name) + ": " + row.description;
        if (!credit.type.empty())
            taken.pricingCategory = credit.type;
        Int128 sum = 0;
        if (!__builtin_add_overflow(m_credits.units(), credit.amount.units(), &sum))
            m_credits = Money::ofUnits(sum);
        m_anyCredit = true;
        m_weight.add(taken, model);
        if (auto status = rows.add(taken); !status)
            return status;
    }
    return {};
}

Status GoogleConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    ChargeRow row;
    if (!readTimes(record, row, rows) || !m_cells.sameCurrency(record, m_currency, rows)
        || !readCosts(record, row, rows) || !m_cells.quantity(record, m_amount, row.consumedQuantity, rows))
        return {};
    if (m_amount < 0)
        row.consumedQuantity = nested(record, -1, m_usage, "amount");
    const auto credits = readCredits(m_cells.raw(record, m_creditCell));
    if (!credits) {
        rows.rejectField(m_creditCell, "holds credits that cannot be read; without them the cost would be wrong");
        return {};
    }
    readCategory(record, row, rows);
    readTexts(record, row);
    const bool model = readModel(row, rows);
    m_tags.read(record, row, rows);
    m_weight.classify(row, model, row.service + ' ' + row.description);
    applyConstants(m_mapping.constants, row);
    m_weight.add(row, model);
    if (auto status = rows.add(row); !status)
        return status;
    return addCredits(*credits, row, model, rows);
}

void GoogleConverter::finish(RowCollector &rows)
{
    m_cells.finish(rows);
    m_weight.finish(rows);
    if (m_anyCredit)
        rows.warn("credits of " + m_credits.text() + " " + rows.facts().currency
                  + " are charges of their own beside the cost that they reduce; the totals are cost and credits "
                    "together");
}

FormatMatch matchGoogle(const TableShape &shape)
{
    if (shape.indexOf("billingaccountid") < 0 || shape.indexOf("usagestarttime") < 0 || shape.indexOf("cost") < 0
        || shape.firstOf({"skuid", "sku", "skudescription"}) < 0)
        return {};
    return {100, "the columns billing_account_id, sku, usage_start_time and cost are those of a Google Cloud "
                 "billing export"};
}

} // namespace

std::unique_ptr<LedgerFormat> googleBillingFormat()
{
    return ledgerFormatOf(
        {"google-billing", "Google Cloud billing export", matchGoogle, makeConverter<GoogleConverter>});
}

} // namespace perunit
