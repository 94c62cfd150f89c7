// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"
#include "pricing/catalogue/provider_names.h"

namespace perunit {

namespace {

void addTo(Money &sum, const std::optional<Money> &amount)
{
    Int128 units = 0;
    if (amount && !__builtin_add_overflow(sum.units(), amount->units(), &units))
        sum = Money::ofUnits(units);
}

/// GitHub's usage report: Copilot by premium requests or AI credits, and whatever else it bills. Net is billed, gross
/// is list. The columns aic_* measure the same use a second time and are in no total. Who it was stays out.
class CopilotConverter : public ColumnConverter
{
public:
    CopilotConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping, "USD")
        , m_date(m_cells.date({"date"}))
        , m_quantity(m_cells.number({"quantity"}))
        , m_gross(m_cells.number({"grossamount"}))
        , m_discount(m_cells.number({"discountamount"}))
        , m_net(m_cells.number({"netamount"}))
        , m_creditGross(m_cells.number({"aicgrossamount"}))
        , m_unit(m_cells.text({"unittype"}))
        , m_product(m_cells.text({"product"}))
        , m_sku(m_cells.text({"sku"}))
        , m_model(m_cells.text({"model"}))
        , m_organization(m_cells.text({"organization"}))
        , m_repository(m_cells.text({"repository"}))
        , m_costCenter(m_cells.text({"costcentername"}))
        , m_exceeds(m_cells.text({"exceedsquota"}))
        , m_tokens{{m_cells.number({"input"}), UsageClass::Input},
                   {m_cells.number({"output"}), UsageClass::Output},
                   {m_cells.number({"cacheread"}), UsageClass::CacheRead},
                   {m_cells.number({"cachewrite"}), UsageClass::CacheWrite5m}}
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        ChargeRow row;
        std::optional<Money> discount;
        std::optional<Money> creditGross;
        Usage tokens;
        if (!m_cells.time(record, m_date, true, row.period.from, rows)
            || !m_cells.quantity(record, m_quantity, row.consumedQuantity, rows)
            || !m_cells.amount(record, m_gross, row.list, rows) || !m_cells.amount(record, m_discount, discount, rows)
            || !m_cells.amount(record, m_net, row.billed, rows)
            || !m_cells.amount(record, m_creditGross, creditGross, rows)
            || !addCounts(m_cells, record, m_tokens, tokens, rows))
            return {};
        if (!row.billed && !row.list) {
            rows.rejectField(m_net, "is empty, and so is the gross amount");
            return {};
        }
        checkDiscount(row, discount, rows);
        addTo(m_credits, creditGross);
        for (const CountColumn &each : m_tokens)
            m_seen[each.usageClass] += tokens[each.usageClass];
        row.period.to = {row.period.from.micros + microsPerDay};
        row.effective = row.billed;
        describe(record, row);
        return give(row, rows);
    }

    void finish(RowCollector &rows) override;

private:
    void checkDiscount(const ChargeRow &row, const std::optional<Money> &discount, RowCollector &rows) const
    {
        if (!row.billed || !row.list || !discount)
            return;
        Int128 difference = row.list->units() - discount->units() - row.billed->units();
        difference = difference < 0 ? -difference : difference;
        // The report is computed with doubles; only more than a millionth is a contradiction.
        if (difference > Int128{1'000'000'000'000'000'000})
            rows.count("gross less discount is not net; net counts as billed");
    }

    void describe(const CsvRecord &record, ChargeRow &row)
    {
        const std::string product = m_cells.words(record, m_product);
        row.sku = m_cells.words(record, m_sku);
        row.service = product.empty() ? "copilot" : product;
        const bool copilot = lowered(row.service + row.sku).find("copilot") != std::string::npos;
        row.provider = copilot ? "github_copilot" : "github";
        if (copilot)
            row.serviceCategory = "AI and Machine Learning";
        row.model = m_cells.words(record, m_model);
        row.consumedUnit = m_cells.words(record, m_unit);
        row.account = m_cells.words(record, m_organization);
        row.resource = m_cells.words(record, m_repository);
        row.description = row.sku + (row.model.empty() ? "" : ", " + row.model);
        tag(row.tags, "cost_center", record, m_costCenter);
        tag(row.tags, "exceeds_quota", record, m_exceeds);
        const std::string unit = normalisedName(row.consumedUnit);
        m_requestRows += unit == "requests" ? 1 : 0;
        m_creditRows += unit.find("credit") != std::string::npos ? 1 : 0;
    }

    int m_date, m_quantity, m_gross, m_discount, m_net, m_creditGross, m_unit, m_product, m_sku, m_model,
        m_organization, m_repository, m_costCenter, m_exceeds;
    std::vector<CountColumn> m_tokens;
    Usage m_seen;
    Money m_credits;
    std::int64_t m_requestRows = 0;
    std::int64_t m_creditRows = 0;
};

void CopilotConverter::finish(RowCollector &rows)
{
    // There is no usage of Copilot to price: its bill is a cost beside the models.
    rows.facts().role = SourceRole::Harness;
    m_cells.finish(rows);
    if (!m_credits.isZero())
        rows.warn("aic_gross_amount (" + m_credits.text()
                  + " USD in all) measures the same use in AI credits; it is in no total");
    if (m_requestRows > 0 && m_creditRows > 0)
        rows.warn("the report bills premium requests and AI credits; compare the two for the days on which both occur");
    std::string tokens;
    for (const CountColumn &each : m_tokens) {
        if (m_seen[each.usageClass] > 0)
            tokens += (tokens.empty() ? "" : ", ") + std::string(nameOf(each.usageClass)) + " "
                      + std::to_string(m_seen[each.usageClass]);
    }
    if (!tokens.empty())
        rows.warn("tokens are recorded beside the credits (" + tokens
                  + "); credits are what is billed, tokens are not "
                    "kept");
}

FormatMatch matchCopilot(const TableShape &shape)
{
    if (!hasColumns(shape, {"date", "sku", "unittype", "appliedcostperquantity"})
        || shape.firstOf({"netamount", "grossamount"}) < 0)
        return {};
    return {100, "the columns unit_type and applied_cost_per_quantity are those of GitHub's usage report"};
}

} // namespace

std::unique_ptr<LedgerFormat> copilotFormat()
{
    return ledgerFormatOf({"github-usage", "GitHub usage report (Copilot premium requests, AI credits)", matchCopilot,
                           makeConverter<CopilotConverter>});
}

} // namespace perunit
