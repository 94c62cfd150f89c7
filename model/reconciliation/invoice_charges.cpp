// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/reconciliation/invoice_charges.h"

#include "model/engine/baseline_impl.h"
#include "model/engine/harness.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace perunit {

namespace {

/// Bills in cents, or with what a computer's arithmetic leaves behind: digits beyond these say nothing.
constexpr int fewestDecimals = 2;
constexpr int mostDecimals = 12;

struct TiedModel {
    std::string provider;
    std::string model; ///< empty: the charge names none
};

bool isModelTag(std::string_view key)
{
    std::string folded;
    for (const char c : lowered(key)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            folded.push_back(c);
    }
    if (folded.starts_with("x") && folded.size() > 1 && folded != "xmodel")
        folded.erase(0, 1);
    static constexpr std::array<std::string_view, 6> known{"model",     "xmodel",       "modelid",
                                                           "modelname", "skumodelname", "genairequestmodel"};
    return std::find(known.begin(), known.end(), folded) != known.end();
}

/// What a charge says about its model, the plainest first.
std::string statedModel(const ChargeRow &charge)
{
    if (!charge.model.empty())
        return charge.model;
    for (const auto &[key, value] : charge.tags) {
        if (isModelTag(key) && !value.empty())
            return value;
    }
    return {};
}

/// Finds the model of charges with the rules that usage is resolved with; every combination of texts once.
class ChargeResolver
{
public:
    explicit ChargeResolver(const PriceBook &book)
        : m_book(book)
    {}

    const TiedModel &of(const ChargeRow &charge)
    {
        const std::string stated = statedModel(charge);
        std::string key;
        for (const std::string *text :
             {&charge.provider, &charge.service, &stated, &charge.sku, &charge.resource, &charge.description}) {
            key += *text;
            key += '\n';
        }
        const auto [found, isNew] = m_known.try_emplace(std::move(key));
        if (isNew)
            found->second = resolved(charge, stated);
        return found->second;
    }

private:
    [[nodiscard]] TiedModel resolved(const ChargeRow &charge, const std::string &stated) const
    {
        const std::string seller =
            canonicalProvider(isKnownProvider(charge.service) ? charge.service : charge.provider);
        for (const std::string &text : {stated, charge.sku, charge.resource, charge.description}) {
            if (text.empty())
                continue;
            for (const std::string &provider : {seller, charge.provider}) {
                const ModelMatch match = m_book.resolve(provider, text);
                if (!match.model.found())
                    continue;
                const ModelKey &model = m_book.model(match.model).key;
                return {canonicalProvider(model.provider), model.model};
            }
        }
        return {seller, stated};
    }

    const PriceBook &m_book;
    std::unordered_map<std::string, TiedModel> m_known;
};

/// The bucket of charges that explain themselves; usage of models has to be compared.
std::optional<DifferenceBucket> bucketOf(const ChargeRow &charge, const TiedModel &model)
{
    switch (charge.category) {
    case ChargeCategory::Tax:
        return DifferenceBucket::Tax;
    case ChargeCategory::Credit:
        return DifferenceBucket::Credit;
    case ChargeCategory::Purchase:
        return DifferenceBucket::Purchase;
    case ChargeCategory::Adjustment:
        return DifferenceBucket::Adjustment;
    case ChargeCategory::Usage:
        break;
    }
    if (charge.correction)
        return DifferenceBucket::Adjustment;
    const std::string category = lowered(charge.serviceCategory);
    if (model.model.empty() && !charge.tokenClass && !category.empty()
        && category.find("machine learning") == std::string::npos)
        return DifferenceBucket::NoUsage;
    return std::nullopt;
}

int decimalsOf(Money amount)
{
    const std::string text = amount.text();
    const auto point = text.find('.');
    return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

/// Cuts charges to the months of a window and collects them.
class Collector
{
public:
    Collector(const PriceBook &book, Period window, InvoiceCharges &to)
        : m_resolver(book)
        , m_window(window)
        , m_to(to)
    {
        for (Month month = monthOf(window.from); month.start() < window.to; month = month.plus(1))
            m_months.push_back(month);
    }

    void add(const ChargeRow &charge)
    {
        const std::optional<Money> amount = charge.billed ? charge.billed : charge.effective;
        if (!amount) {
            ++m_withoutAmount;
            return;
        }
        if (!charge.billed) {
            ++m_effectiveCharges;
            m_effective += *amount;
        }
        const TiedModel &model = m_resolver.of(charge);
        const auto bucket = bucketOf(charge, model);
        // What a commitment paid for is billed at nothing; its effective cost is what the usage cost.
        const bool prepaid = !bucket && amount->isZero() && charge.effective && !charge.effective->isZero();
        const Money compared = prepaid ? *charge.effective : *amount;
        if (!bucket) {
            int &decimals = m_to.decimals.try_emplace(model.provider, fewestDecimals).first->second;
            decimals = std::clamp(decimalsOf(compared), decimals, mostDecimals);
        }
        Money inside;
        bool any = false;
        for (const Month month : m_months) {
            const auto part = partIn(charge, compared, month);
            if (!part)
                continue;
            any = true;
            inside += *part;
            TiedCharges &line = m_to.lines[{model.provider, month, model.model}];
            if (bucket) {
                line.other[*bucket] += *part;
                ++line.otherCount;
                continue;
            }
            line.usage.add(charge, *part, charge.list ? partIn(charge, *charge.list, month) : std::nullopt);
            if (prepaid)
                line.other[DifferenceBucket::Purchase] += -*part;
        }
        if (any && inside == compared)
            return;
        ++m_outsideCharges;
        m_outside += prepaid ? Money() : *amount - inside;
    }

    void writeNotes(const std::string &currency)
    {
        const auto note = [this](std::string text) {
            m_to.notes.push_back(std::move(text));
        };
        if (m_outsideCharges > 0)
            note(std::to_string(m_outsideCharges) + " charges lie outside the period in part or whole; "
                 + m_outside.text() + " " + currency + " of them are left out");
        if (m_effectiveCharges > 0)
            note(std::to_string(m_effectiveCharges) + " charges state no billed cost; their effective cost of "
                 + m_effective.text() + " " + currency + " stands for it");
        if (m_withoutAmount > 0)
            note(std::to_string(m_withoutAmount) + " charges state neither billed nor effective cost and are left out");
        const bool whole =
            monthOf(m_window.from).start() == m_window.from && monthOf(m_window.to).start() == m_window.to;
        if (!whole)
            note("the period begins or ends within a month; a charge that overlaps it counts with all that falls into "
                 "that month");
    }

private:
    /// The part of an amount that belongs to a calendar month; no value when none does.
    [[nodiscard]] std::optional<Money> partIn(const ChargeRow &charge, Money amount, Month month) const
    {
        const Period calendar{month.start(), month.plus(1).start()};
        if (charge.category == ChargeCategory::Purchase) {
            // A commitment is billed once, however long it holds.
            const Instant billedAt = charge.billingPeriod.isEmpty() ? charge.period.from : charge.billingPeriod.from;
            return calendar.contains(billedAt) ? std::optional(amount) : std::nullopt;
        }
        const Period seen{std::max(calendar.from, m_window.from), std::min(calendar.to, m_window.to)};
        if (charge.period.isEmpty())
            return seen.contains(charge.period.from) ? std::optional(amount) : std::nullopt;
        if (charge.period.to <= seen.from || seen.to <= charge.period.from)
            return std::nullopt;
        return amountUpTo(charge, amount, calendar.to) - amountUpTo(charge, amount, calendar.from);
    }

    ChargeResolver m_resolver;
    Period m_window;
    InvoiceCharges &m_to;
    std::vector<Month> m_months;
    std::int64_t m_withoutAmount = 0;
    std::int64_t m_effectiveCharges = 0;
    std::int64_t m_outsideCharges = 0;
    Money m_effective;
    Money m_outside;
};

Period wholeMonths(Instant first, Instant last)
{
    return {monthOf(first).start(), monthOf(last).plus(1).start()};
}

Period windowOf(const Baseline::Impl &baseline, const std::vector<ChargeRow> &charges)
{
    if (baseline.settings.period)
        return *baseline.settings.period;
    if (baseline.ledger.workload->size() > 0 && !baseline.period.isEmpty())
        return wholeMonths(baseline.period.from, {baseline.period.to.micros - 1});
    Instant first = charges.front().period.from;
    Instant last = first;
    for (const ChargeRow &charge : charges) {
        first = std::min(first, charge.period.from);
        last = std::max({last, charge.period.from, {charge.period.to.micros - 1}});
    }
    return wholeMonths(first, last);
}

} // namespace

void UsageCharges::add(const ChargeRow &charge, Money amount, std::optional<Money> listPart)
{
    if (count == 0)
        list = Money();
    if (list && listPart)
        *list += *listPart;
    else
        list.reset();
    billed += amount;
    ++count;
    if (charge.tokenClass)
        byClass[*charge.tokenClass] += amount;
}

Result<InvoiceCharges> invoiceCharges(const Baseline &baseline, std::stop_token stop)
{
    const Ledger &ledger = baseline.ledger();
    if (!ledger.invoices || ledger.invoices->empty()) {
        std::string others;
        for (const std::string &source : ledger.notConvertible)
            others += "; in another currency: " + source;
        return Error{ErrorCode::NotFound, "the ledger has no invoice in " + ledger.currency + others, "reconciliation",
                     "import a bill, or give a source the role invoice (perunit sources --role ID=invoice)"};
    }
    if (!ledger.currency.empty() && ledger.currency != baseline.currency())
        return Error{ErrorCode::Unsupported,
                     "the invoices are in " + ledger.currency + ", the prices in " + baseline.currency(),
                     "reconciliation", "amounts of two currencies cannot be compared"};
    InvoiceCharges result;
    result.window = windowOf(baseline.impl(), *ledger.invoices);
    Collector collector(baseline.book(), result.window, result);
    std::size_t row = 0;
    for (const ChargeRow &charge : *ledger.invoices) {
        if (++row % 65536 == 0 && stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        collector.add(charge);
    }
    for (const std::string &source : ledger.notConvertible)
        result.notes.push_back(source + " is in another currency than " + ledger.currency + " and left out");
    collector.writeNotes(baseline.currency());
    return result;
}

} // namespace perunit
