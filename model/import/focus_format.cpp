// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/focus_row.h"
#include "model/import/ledger_format.h"
#include "model/import/tag_text.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// The four cost columns, in the order in which they are kept.
struct CostColumn {
    std::vector<std::string_view> names;
    std::optional<Money> ChargeRow::*member;
};
const std::array<CostColumn, 4> &costColumns()
{
    static const std::array<CostColumn, 4> table{{{{"billedcost"}, &ChargeRow::billed},
                                                  {{"effectivecost", "amortizedcost"}, &ChargeRow::effective},
                                                  {{"listcost"}, &ChargeRow::list},
                                                  {{"contractedcost"}, &ChargeRow::contracted}}};
    return table;
}

struct TextColumn {
    std::vector<std::string_view> names;
    std::string ChargeRow::*member;
};
const std::vector<TextColumn> &textColumns()
{
    static const std::vector<TextColumn> table{
        {{"serviceprovidername", "providername", "provider"}, &ChargeRow::provider},
        {{"servicename"}, &ChargeRow::service},
        {{"servicecategory"}, &ChargeRow::serviceCategory},
        {{"skuid"}, &ChargeRow::sku},
        {{"chargedescription"}, &ChargeRow::description},
        {{"regionid", "region", "regionname"}, &ChargeRow::region},
        {{"resourceid"}, &ChargeRow::resource},
        {{"subaccountid", "billingaccountid"}, &ChargeRow::account},
        {{"pricingcategory"}, &ChargeRow::pricingCategory},
        {{"consumedunit"}, &ChargeRow::consumedUnit}};
    return table;
}

class FocusConverter : public RecordConverter
{
public:
    FocusConverter(const TableShape &shape, ColumnMapping mapping)
        : m_shape(shape)
        , m_mapping(std::move(mapping))
        , m_chargeStart(shape.indexOf("chargeperiodstart"))
        , m_chargeEnd(shape.indexOf("chargeperiodend"))
        , m_billingStart(shape.indexOf("billingperiodstart"))
        , m_billingEnd(shape.indexOf("billingperiodend"))
        , m_category(shape.firstOf({"chargecategory", "chargetype"}))
        , m_class(shape.indexOf("chargeclass"))
        , m_currency(shape.firstOf({"billingcurrency", "billedcurrency"}))
        , m_otherCurrency(shape.indexOf("billingcurrency") >= 0 ? shape.indexOf("billedcurrency") : -1)
        , m_quantity(shape.indexOf("consumedquantity"))
        , m_details(shape.indexOf("skupricedetails"))
        , m_meter(shape.indexOf("skumeter"))
        , m_subcategory(shape.indexOf("servicesubcategory"))
        , m_publisher(shape.firstOf({"publishername", "publisher"}))
        , m_tags(shape.indexOf("tags"))
    {
        for (std::size_t i = 0; i < m_costs.size(); ++i)
            m_costs[i] = shape.firstOf(costColumns()[i].names);
        for (const TextColumn &column : textColumns())
            m_texts.push_back(shape.firstOf(column.names));
    }

    [[nodiscard]] std::map<int, ColumnKind> columns() const override
    {
        std::map<int, ColumnKind> result;
        for (const int column : m_costs)
            result[column] = ColumnKind::Number;
        result[m_quantity] = ColumnKind::Number;
        for (const int column : {m_chargeStart, m_chargeEnd, m_billingStart, m_billingEnd})
            result[column] = ColumnKind::Date;
        result[m_currency] = ColumnKind::Currency;
        result.erase(-1);
        return result;
    }

    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_readings.assign(m_shape.header.size(), {});
        for (const auto &[column, decided] : readings)
            m_readings[static_cast<std::size_t>(column)] = decided;
        m_mainCurrency = currency;
        if (const auto constant = m_mapping.constants.find("currency");
            m_mainCurrency.empty() && constant != m_mapping.constants.end())
            m_mainCurrency = constant->second;
    }

    Status convert(const CsvRecord &record, RowCollector &rows) override;
    void finish(RowCollector &rows) override;
    [[nodiscard]] ColumnMapping mapping() const override { return m_mapping; }

private:
    [[nodiscard]] std::string_view field(const CsvRecord &record, int column) const
    {
        return column < 0 ? std::string_view() : record.fields[static_cast<std::size_t>(column)];
    }
    /// Text of a field; null words are empty.
    [[nodiscard]] std::string text(const CsvRecord &record, int column) const
    {
        const std::string_view value = trimmed(field(record, column));
        return isNullWord(value) ? std::string() : std::string(value);
    }
    bool readMoment(const CsvRecord &record, int column, bool needed, Instant &to, RowCollector &rows);
    bool readPeriods(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCategory(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCosts(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    bool readCurrency(const CsvRecord &record, RowCollector &rows);
    bool readQuantity(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    void readTags(const CsvRecord &record, ChargeRow &row, RowCollector &rows);
    void weigh(const ChargeRow &row, bool isModelService);

    const TableShape &m_shape;
    ColumnMapping m_mapping;
    int m_chargeStart, m_chargeEnd, m_billingStart, m_billingEnd, m_category, m_class, m_currency, m_otherCurrency,
        m_quantity, m_details, m_meter, m_subcategory, m_publisher, m_tags;
    std::array<int, 4> m_costs{};
    std::vector<int> m_texts;
    std::vector<ColumnReading> m_readings;
    std::string m_mainCurrency;
    std::int64_t m_rounded = 0;
    Money m_modelMoney;
    Money m_otherMoney;
    std::int64_t m_modelRows = 0;
    std::int64_t m_otherRows = 0;
};

bool FocusConverter::readMoment(const CsvRecord &record, int column, bool needed, Instant &to, RowCollector &rows)
{
    const std::string_view value = field(record, column);
    if (column < 0 || isNullWord(value)) {
        if (needed)
            rows.rejectField(column, "is empty");
        return !needed;
    }
    const auto time = parseTime(value, m_readings[static_cast<std::size_t>(column)].date);
    if (!time) {
        rows.rejectField(column, time.error().what);
        return false;
    }
    to = *time;
    return true;
}

bool FocusConverter::readPeriods(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    if (!readMoment(record, m_chargeStart, true, row.period.from, rows))
        return false;
    row.period.to = row.period.from;
    if (!readMoment(record, m_chargeEnd, false, row.period.to, rows)
        || !readMoment(record, m_billingStart, false, row.billingPeriod.from, rows)
        || !readMoment(record, m_billingEnd, false, row.billingPeriod.to, rows))
        return false;
    if (row.period.to < row.period.from) {
        rows.rejectField(m_chargeEnd, "lies before the start of the charge period");
        return false;
    }
    return true;
}

bool FocusConverter::readCategory(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    const std::string name = normalisedName(field(record, m_category));
    const auto found = std::find_if(chargeCategoryNames.begin(), chargeCategoryNames.end(),
                                    [&name](std::string_view known) { return normalisedName(known) == name; });
    if (found == chargeCategoryNames.end()) {
        rows.rejectField(m_category, "is not a charge category (Usage, Purchase, Tax, Credit, Adjustment)");
        return false;
    }
    row.category = static_cast<ChargeCategory>(found - chargeCategoryNames.begin());
    const std::string chargeClass = normalisedName(text(record, m_class));
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
        const int column = m_costs[i];
        if (column < 0)
            continue;
        const auto amount =
            parseAmount(field(record, column), m_readings[static_cast<std::size_t>(column)].number, m_rounded);
        if (!amount) {
            rows.rejectField(column, amount.error().what);
            return false;
        }
        row.*costColumns()[i].member = *amount;
        any |= amount->has_value();
    }
    if (!any)
        rows.rejectField(m_costs[0], m_costs[0] < 0 ? "the row has no cost" : "is empty, and so is every other cost");
    return any;
}

bool FocusConverter::readCurrency(const CsvRecord &record, RowCollector &rows)
{
    if (m_currency < 0)
        return true;
    std::string currency = text(record, m_currency);
    std::transform(currency.begin(), currency.end(), currency.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (currency.empty()) {
        rows.count("the billing currency is missing; it was taken as that of the other rows");
        return true;
    }
    if (currency != m_mainCurrency) {
        rows.rejectField(m_currency, "is another currency than " + m_mainCurrency
                                         + ", which most rows have; import it as a file of its own");
        return false;
    }
    const std::string other = text(record, m_otherCurrency);
    if (!other.empty() && other != currency)
        rows.count("BilledCurrency differs from BillingCurrency; BillingCurrency was taken");
    return true;
}

bool FocusConverter::readQuantity(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    const std::string_view value = field(record, m_quantity);
    if (m_quantity >= 0 && !isNullWord(value)) {
        std::string buffer;
        const auto plain = plainNumber(value, m_readings[static_cast<std::size_t>(m_quantity)].number, buffer);
        const auto number = plain ? parseDecimal(*plain, Money::scale) : Result<ScaledDecimal>(plain.error());
        if (!number) {
            rows.rejectField(m_quantity, plain ? "is too large a number" : plain.error().what);
            return false;
        }
        row.consumedQuantity = formatDecimal(number->units, Money::scale);
        m_rounded += number->rounded ? 1 : 0;
    }
    const std::string meter = text(record, m_meter);
    const TokenReading tokens = readTokens({text(record, m_details), meter, row});
    row.model = tokens.model;
    if (!tokens.problem.empty())
        rows.count(tokens.problem);
    if (tokens.tokenClass) {
        row.tokenClass = tokens.tokenClass;
        row.tokens = tokens.tokens;
    }
    weigh(row, isModelService(row, text(record, m_subcategory), text(record, m_publisher)));
    return true;
}

void FocusConverter::readTags(const CsvRecord &record, ChargeRow &row, RowCollector &rows)
{
    if (m_tags < 0)
        return;
    auto tags = parseTags(field(record, m_tags));
    if (!tags) {
        rows.count("column '" + m_shape.header[static_cast<std::size_t>(m_tags)]
                   + "' holds tags that are no JSON; the row was kept without them");
        return;
    }
    row.tags = std::move(*tags);
    for (const auto &[key, value] : row.tags)
        fillDimension(row, dimensionOfTag(key), value);
}

void FocusConverter::weigh(const ChargeRow &row, bool isModelService)
{
    const auto size = [](const std::optional<Money> &amount) {
        const Money value = amount.value_or(Money());
        return value < Money() ? -value : value;
    };
    const Money money = std::max(size(row.billed), size(row.effective));
    // Only a comparison hangs on these sums: a file of absurd amounts must not overflow them.
    Money &sum = isModelService ? m_modelMoney : m_otherMoney;
    Int128 units = 0;
    if (!__builtin_add_overflow(sum.units(), money.units(), &units))
        sum = Money::ofUnits(units);
    ++(isModelService ? m_modelRows : m_otherRows);
}

Status FocusConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    ChargeRow row;
    if (!readPeriods(record, row, rows) || !readCategory(record, row, rows) || !readCosts(record, row, rows)
        || !readCurrency(record, rows))
        return {};
    std::size_t i = 0;
    for (const TextColumn &column : textColumns())
        row.*column.member = text(record, m_texts[i++]);
    if (!readQuantity(record, row, rows))
        return {};
    readTags(record, row, rows);
    applyConstants(m_mapping.constants, row);
    return rows.add(row);
}

void FocusConverter::finish(RowCollector &rows)
{
    Source &facts = rows.facts();
    facts.currency = m_mainCurrency;
    if (facts.currency.empty() && facts.rowsAccepted > 0)
        rows.warn("the file names no billing currency; the workspace's own is taken");
    const bool byRows = m_modelMoney == m_otherMoney;
    const bool invoice = byRows ? m_modelRows > m_otherRows : m_modelMoney > m_otherMoney;
    facts.role = invoice ? SourceRole::Invoice : SourceRole::Harness;
    if (m_modelRows > 0 && m_otherRows > 0)
        rows.warn("the file mixes charges of AI models (" + m_modelMoney.text() + " " + facts.currency + " in "
                  + std::to_string(m_modelRows) + " rows) with others (" + m_otherMoney.text() + " " + facts.currency
                  + " in " + std::to_string(m_otherRows) + " rows); all of it counts as "
                  + (invoice ? "invoice" : "harness cost") + ", which can be changed");
    if (m_rounded > 0)
        rows.warn(std::to_string(m_rounded) + " numbers have more than 24 decimals and were rounded to 24");
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
