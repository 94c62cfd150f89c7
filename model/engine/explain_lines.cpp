// SPDX-License-Identifier: GPL-3.0-or-later
// From what pieces came to, to the lines that people read.
#include "model/engine/explain_pieces.h"

#include "pricing/base/decimal.h"

#include <algorithm>

namespace perunit {

namespace {

constexpr Int128 wholeSpill = 1'000'000'000'000;

Wide wideOf(Int128 value)
{
    return Wide::of(static_cast<UInt128>(value < 0 ? -value : value));
}

/// Tokens in front of euros: what has no price is listed last, most tokens first.
bool before(const ExplainedLine &a, const ExplainedLine &b)
{
    if (a.amount.has_value() != b.amount.has_value())
        return a.amount.has_value();
    const auto size = [](const ExplainedLine &line) {
        const Int128 amount = line.amount ? line.amount->units() : 0;
        return amount < 0 ? -amount : amount;
    };
    if (size(a) != size(b))
        return size(a) > size(b);
    return a.tokens.value_or(0) > b.tokens.value_or(0);
}

} // namespace

void ExplainedPieces::setShare(ExplainedLine &line, const Key &key, const Sum &sum, int months) const
{
    ExplainedShare share;
    if (months > 1)
        multiply(share, wideOf(months), Wide::of(1), "months");
    const bool isPart = sum.whole != 0;
    if (!isPart && key.share < 0)
        return;
    if (key.share >= 0) {
        const ExplainedShare &of = m_shares[static_cast<std::size_t>(key.share)];
        share.numerator = product(share.numerator, of.numerator);
        share.denominator = product(share.denominator, of.denominator);
        share.factors.insert(share.factors.end(), of.factors.begin(), of.factors.end());
    }
    const bool isSpill = key.component == static_cast<int>(Component::Spill);
    if (isSpill && sum.tokens > 0)
        multiply(share, wideOf(sum.spilled), product(wideOf(sum.tokens), wideOf(wholeSpill)), "spilled", line.leverId);
    if (isPart && sum.cost != sum.whole)
        multiply(share, wideOf(sum.cost), wideOf(sum.whole), "of the amount", line.leverId);
    line.share = decimalText(share.numerator, share.denominator);
    line.factors = std::move(share.factors);
}

ExplainedLine ExplainedPieces::lineOf(const Key &key, const Sum &sum, int months) const
{
    ExplainedLine line;
    line.kind = key.kind;
    if (key.component >= 0)
        line.component = static_cast<Component>(key.component);
    if (key.usageClass >= 0) {
        line.usageClass = static_cast<UsageClass>(key.usageClass);
        line.tokens = sum.tokens;
    }
    line.ofPrompt = key.ofPrompt;
    line.firstMonth = m_baseline.firstMonth().plus(sum.firstMonth);
    line.lastMonth = m_baseline.firstMonth().plus(sum.lastMonth);
    if (key.name >= 0) {
        const RecordedName &name = m_profile.names[static_cast<std::size_t>(key.name)];
        line.recordedProvider = name.provider;
        line.recordedModel = name.provider.empty() ? name.model : name.provider + "/" + name.model;
    }
    if (key.model >= 0) {
        const ModelKey &model = m_baseline.book->model({key.model}).key;
        line.model = model.provider.empty() ? model.model : model.provider + "/" + model.model;
    }
    line.tier = key.tier;
    line.rows = sum.rows;
    if (key.price >= 0)
        line.price = m_prices[static_cast<std::size_t>(key.price)];
    if (key.source >= 0) {
        line.leverId = m_sources[static_cast<std::size_t>(key.source)].first;
        line.detail = m_sources[static_cast<std::size_t>(key.source)].second;
    }
    setShare(line, key, sum, months);
    line.cost = Femto::ofUnits(sum.cost);
    if (key.kind != ExplainedKind::Unpriced)
        line.amount = line.cost;
    line.places = sum.places;
    line.classes = sum.classes;
    line.workloadRows = sum.workloadRows;
    line.charges = sum.charges;
    return line;
}

std::vector<ExplainedLine> ExplainedPieces::finishedLines()
{
    std::vector<ExplainedLine> lines;
    for (auto each = m_sums.begin(); each != m_sums.end();) {
        const Key &key = each->first;
        Sum sum = each->second;
        int months = 1;
        // Months that are alike are one line: in each of them the same rows count with the same share.
        auto next = std::next(each);
        for (; next != m_sums.end() && key.month >= 0; ++next, ++months) {
            Key after = next->first;
            after.month = key.month;
            const Sum &other = next->second;
            const bool alike = after == key && other.rows == sum.rows && other.tokens == sum.tokens
                               && other.spilled == sum.spilled && other.whole == each->second.whole
                               && other.firstMonth == sum.lastMonth + 1 && other.charges == sum.charges
                               && (key.usageClass >= 0 || other.cost == each->second.cost);
            if (!alike)
                break;
            sum.cost += other.cost;
            sum.lastMonth = other.lastMonth;
        }
        if (months > 1 && sum.whole != 0)
            sum.cost = each->second.cost;
        ExplainedLine line = lineOf(key, sum, months);
        if (months > 1 && sum.whole != 0)
            line.cost = Femto::ofUnits(sum.cost * months);
        if (line.amount)
            line.amount = line.cost;
        lines.push_back(std::move(line));
        each = next;
    }
    std::stable_sort(lines.begin(), lines.end(), before);
    return lines;
}

std::string ExplainedLine::factorText() const
{
    std::string result;
    for (const ShareFactor &factor : factors) {
        if (result.empty() && factor.divides)
            result = "1";
        if (!result.empty())
            result += factor.divides ? " \u00f7 " : " \u00d7 ";
        result += factor.value + " " + factor.label;
    }
    return result.empty() ? "1" : result;
}

} // namespace perunit
