// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/reconciliation/reconciliation.h"

#include "model/reconciliation/calibration.h"
#include "model/reconciliation/invoice_charges.h"
#include "model/reconciliation/priced_usage.h"

#include <algorithm>
#include <limits>
#include <set>

namespace perunit {

namespace {

using enum DifferenceBucket;

constexpr Int128 moneyPerFemto = 1'000'000'000;
constexpr Int128 mostFemto = (static_cast<Int128>(~UInt128{0} >> 1)) / moneyPerFemto;

bool fits(Femto amount)
{
    return amount.units() <= mostFemto && amount.units() >= -mostFemto;
}

Money magnitude(Money amount)
{
    return amount < Money() ? -amount : amount;
}

/// One unit of the last digit that bills of a provider show.
Money lastDigit(int decimals)
{
    Int128 units = 1;
    for (int i = decimals; i < Money::scale; ++i)
        units *= 10;
    return Money::ofUnits(units);
}

/// Splits what usage charges bill beside (or below) the price of the usage, by the rules of README.md.
class Splitter
{
public:
    Splitter(const PricedLedger &ledger, const PricedUsage &usage, const UsageCharges &charges, Money tolerance,
             ReconciliationLine &line)
        : m_ledger(ledger)
        , m_usage(usage)
        , m_charges(charges)
        , m_tolerance(tolerance)
        , m_line(line)
        , m_rest(charges.billed - Money::of(usage.contracted))
    {}

    /// Leaves what another price would explain in `unexplained`; false when the line says nothing about prices.
    bool split(Money &unexplained)
    {
        if (!m_usage.anyPriced) {
            m_line.parts[Unpriced] += m_rest;
            return false;
        }
        takeUnpricedClasses();
        if (isTied(m_rest)) {
            m_line.parts[Rounding] += m_rest;
            return m_usage.unpricedTokens() == 0;
        }
        if (explainedByList() || explainedByTier() || explainedByRegion())
            return false;
        if (statesOwnDiscount()) {
            m_line.parts[Contract] += m_rest;
            m_line.reason = "the invoice states the same list price and a discount on it";
            unexplained = m_rest;
            return true;
        }
        // Without classes in the bill the most that can be said is that something without a price was billed.
        if (m_usage.unpricedTokens() > 0) {
            m_line.parts[m_rest > Money() ? Unpriced : Unknown] += m_rest;
            return false;
        }
        m_line.parts[Unknown] += m_rest;
        unexplained = m_rest;
        return true;
    }

private:
    [[nodiscard]] bool isTied(Money difference) const { return magnitude(difference) <= m_tolerance; }

    void takeUnpricedClasses()
    {
        for (const auto &[usageClass, amount] : m_charges.byClass) {
            const auto i = static_cast<std::size_t>(usageClass);
            if (m_usage.unpricedCounts[i] == 0 || m_usage.pricedCounts[i] != 0)
                continue;
            m_line.parts[Unpriced] += amount;
            m_rest = m_rest - amount;
            m_classesTaken = true;
        }
    }

    /// Another amount for the same usage that the bill ties to explains the difference; what remains is rounding.
    bool explains(Femto other, DifferenceBucket bucket, std::string reason)
    {
        const Money part = Money::of(other) - Money::of(m_usage.contracted);
        if (part.isZero() || !isTied(m_rest - part))
            return false;
        m_line.parts[bucket] += part;
        m_line.parts[Rounding] += m_rest - part;
        m_line.reason = std::move(reason);
        return true;
    }

    bool explainedByList()
    {
        return !m_usage.listGap
               && explains(m_usage.list, Contract, "list price is billed, the overlays expect another");
    }

    bool explainedByTier()
    {
        for (std::size_t i = 0; i < serviceTierCount; ++i) {
            const auto tier = static_cast<ServiceTier>(i);
            if (tier == ServiceTier::Provisioned)
                continue;
            const auto cost = m_ledger.costInTier(m_usage, tier);
            if (cost && fits(*cost)
                && explains(*cost, Tier, "billed at the prices of tier " + std::string(nameOf(tier))))
                return true;
        }
        return false;
    }

    bool explainedByRegion()
    {
        for (const std::string &region : m_ledger.regionsOf(m_usage)) {
            const auto cost = m_ledger.costInRegion(m_usage, region);
            if (cost && fits(*cost)
                && explains(*cost, Tier,
                            region.empty() ? "billed at the prices without a region"
                                           : "billed at the prices of region " + region))
                return true;
        }
        return false;
    }

    [[nodiscard]] bool statesOwnDiscount() const
    {
        return m_charges.list && !m_classesTaken && !m_usage.listGap && m_usage.anyList
               && isTied(*m_charges.list - Money::of(m_usage.list));
    }

    const PricedLedger &m_ledger;
    const PricedUsage &m_usage;
    const UsageCharges &m_charges;
    Money m_tolerance;
    ReconciliationLine &m_line;
    Money m_rest;
    bool m_classesTaken = false;
};

/// Ties usage and charges key by key.
class Tie
{
public:
    Tie(const Baseline &baseline, const PricedLedger &ledger, const InvoiceCharges &charges, Reconciliation &result)
        : m_baseline(baseline)
        , m_ledger(ledger)
        , m_charges(charges)
        , m_result(result)
    {}

    Status run(const std::stop_token &stop)
    {
        std::set<TieKey> keys;
        for (const auto &[key, usage] : m_ledger.lines())
            keys.insert(key);
        for (const auto &[key, charges] : m_charges.lines)
            keys.insert(key);
        const PricedUsage nothing;
        const TiedCharges noCharges;
        for (const TieKey &key : keys) {
            if (stop.stop_requested())
                return Error{ErrorCode::Cancelled, "stopped", "", ""};
            const auto usage = m_ledger.lines().find(key);
            const auto charges = m_charges.lines.find(key);
            const PricedUsage &used = usage == m_ledger.lines().end() ? nothing : usage->second;
            const TiedCharges &billed = charges == m_charges.lines.end() ? noCharges : charges->second;
            if (auto status = addLine(key, used, billed); !status)
                return status;
        }
        m_result.calibration = calibrationFor(m_observations, m_baseline.book().overlays(), m_result.currency);
        return {};
    }

private:
    /// Only charges that name no model can bill a model that no charge names.
    [[nodiscard]] bool isTiedTogether(const TieKey &key, const TiedCharges &charges) const
    {
        if (charges.usage.count > 0)
            return false;
        const auto together = m_charges.lines.find({key.provider, key.month, ""});
        return together != m_charges.lines.end() && together->second.usage.count > 0;
    }

    Status addLine(const TieKey &key, const PricedUsage &own, const TiedCharges &charges)
    {
        PricedUsage used = own;
        ReconciliationLine line;
        if (key.model.empty() && charges.usage.count > 0) {
            // Usage that names no model either is tied here in any case.
            for (auto each = m_ledger.lines().lower_bound({key.provider, key.month, std::string(1, '\0')});
                 each != m_ledger.lines().end(); ++each) {
                if (each->first.provider != key.provider || each->first.month != key.month)
                    break;
                const auto theirs = m_charges.lines.find(each->first);
                if (each->first.model.empty() || (theirs != m_charges.lines.end() && theirs->second.usage.count > 0))
                    continue;
                used += each->second;
                line.models.push_back(each->first.model);
            }
        } else if (!key.model.empty() && isTiedTogether(key, charges)) {
            if (charges.otherCount == 0)
                return {};
            // Its usage is in the line of the provider; here are only the taxes and credits that name it.
            used = PricedUsage();
        }
        if (!fits(used.contracted) || !fits(used.list))
            return Error{ErrorCode::Overflow, "the usage of " + key.provider + " costs more than an invoice can state",
                         "reconciliation", ""};
        fill(line, key, used, charges);
        m_result.lines.push_back(std::move(line));
        return {};
    }

    void fill(ReconciliationLine &line, const TieKey &key, const PricedUsage &used, const TiedCharges &charges)
    {
        line.provider = key.provider;
        line.month = key.month;
        line.model = key.model;
        line.requests = used.requests;
        line.charges = charges.usage.count + charges.otherCount;
        line.unpricedTokens = used.unpricedTokens();
        if (used.anyPriced)
            line.priced = used.contracted;
        if (used.anyList && !used.listGap)
            line.list = used.list;
        if (line.charges > 0)
            line.billed = charges.usage.billed + charges.other.total();
        line.parts = charges.other;
        const bool anyUsage = !used.blocks.empty();
        if (charges.usage.count == 0) {
            line.parts[NotBilled] += -Money::of(used.contracted);
            return;
        }
        if (!anyUsage) {
            line.parts[NoUsage] += charges.usage.billed;
            return;
        }
        const auto decimals = m_charges.decimals.find(key.provider);
        const Money digit = lastDigit(decimals == m_charges.decimals.end() ? 2 : decimals->second);
        const Money tolerance = Money::ofUnits(digit.units() * charges.usage.count);
        Money unexplained;
        if (Splitter(m_ledger, used, charges.usage, tolerance, line).split(unexplained))
            m_observations.push_back({key.provider, key.model, key.month, used.requests, used.contracted, unexplained,
                                      tolerance, used.costs});
    }

    const Baseline &m_baseline;
    const PricedLedger &m_ledger;
    const InvoiceCharges &m_charges;
    Reconciliation &m_result;
    std::vector<PriceObservation> m_observations;
};

} // namespace

Femto Reconciliation::priced() const
{
    Femto sum;
    for (const ReconciliationLine &line : lines)
        sum += line.priced.value_or(Femto());
    return sum;
}

Femto Reconciliation::list() const
{
    Femto sum;
    for (const ReconciliationLine &line : lines)
        sum += line.list.value_or(Femto());
    return sum;
}

Money Reconciliation::billed() const
{
    Money sum;
    for (const ReconciliationLine &line : lines)
        sum += line.billed.value_or(Money());
    return sum;
}

DifferenceParts Reconciliation::parts() const
{
    DifferenceParts sum;
    for (const ReconciliationLine &line : lines)
        sum += line.parts;
    return sum;
}

Result<Reconciliation> reconcile(const Baseline &baseline, std::stop_token stop)
{
    const auto charges = invoiceCharges(baseline, stop);
    if (!charges)
        return charges.error();
    const auto ledger = PricedLedger::build(baseline, stop);
    if (!ledger)
        return ledger.error();
    Reconciliation result;
    result.currency = baseline.currency();
    result.period = charges->window;
    result.notes = charges->notes;
    if (auto status = Tie(baseline, *ledger, *charges, result).run(stop); !status)
        return status.error();
    return result;
}

} // namespace perunit
