// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/price_guards.h"

#include <charconv>
#include <limits>

namespace perunit {

namespace {

constexpr std::int64_t femtoPerDollarPerMillion = 1'000'000'000;
/// Nobody charges this much or this little for a token: such a value was written in another unit.
constexpr std::int64_t impossiblyDear = 1000 * femtoPerDollarPerMillion;
constexpr std::int64_t impossiblyCheap = femtoPerDollarPerMillion / 10'000;
/// Priority costs up to 2.5 times the standard price; ten times is a slip of a digit.
constexpr std::int64_t largestTierRatio = 10;
constexpr std::size_t significantDigits = 12;

const std::optional<UnitPrice> &priceOf(const ClassPrices &prices, UsageClass usageClass)
{
    return prices[static_cast<std::size_t>(usageClass)];
}

/// The first token price of a row that was written in another unit; no value when there is none.
std::optional<std::int64_t> unitSlip(const ClassPrices &prices)
{
    for (const UsageClass each : tokenClasses) {
        const auto &price = priceOf(prices, each);
        if (price && price->femto != 0 && (price->femto >= impossiblyDear || price->femto <= impossiblyCheap))
            return price->femto;
    }
    return std::nullopt;
}

std::string reasonAgainst(const PriceRows &rows, const PriceRow &row, const ClassPrices &prices)
{
    const auto &input = priceOf(prices, UsageClass::Input);
    const auto &read = priceOf(prices, UsageClass::CacheRead);
    if (input && read && read->femto > input->femto)
        return "a cached token costs more than an uncached one";
    const auto standard = rows.find({ServiceTier::Standard, row.second});
    if (row.first == ServiceTier::Standard || standard == rows.end())
        return {};
    for (const UsageClass each : tokenClasses) {
        const auto &own = priceOf(prices, each);
        const auto &usual = priceOf(standard->second, each);
        if (!own || !usual)
            continue;
        if (row.first == ServiceTier::Batch && own->femto > usual->femto)
            return "batch costs more than standard";
        if (own->femto / largestTierRatio > usual->femto)
            return "the " + std::string(nameOf(row.first)) + " price is more than ten times the standard price";
    }
    return {};
}

struct Digits {
    std::string text; ///< without leading zeros
    long exponent = 0;
};

std::optional<Digits> digitsOf(std::string_view token)
{
    Digits result;
    std::size_t at = 0;
    bool afterPoint = false;
    for (; at < token.size() && token[at] != 'e' && token[at] != 'E'; ++at) {
        if (token[at] == '.' && !afterPoint) {
            afterPoint = true;
        } else if (token[at] >= '0' && token[at] <= '9') {
            result.exponent -= afterPoint ? 1 : 0;
            if (!result.text.empty() || token[at] != '0')
                result.text.push_back(token[at]);
        } else {
            return std::nullopt;
        }
    }
    if (at == 0)
        return std::nullopt;
    if (at < token.size()) {
        std::string_view text = token.substr(at + 1);
        if (!text.empty() && text.front() == '+')
            text.remove_prefix(1);
        long written = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), written);
        if (failure != std::errc{} || end != text.data() + text.size())
            return std::nullopt;
        result.exponent += written;
    }
    return result;
}

} // namespace

std::optional<UnitPrice> parsePriceNumber(std::string_view text, int scale)
{
    auto digits = digitsOf(text);
    if (!digits)
        return std::nullopt;
    if (digits->text.empty())
        return UnitPrice{};
    if (digits->text.size() > significantDigits) {
        // Round the digits as a number with a point after the last digit that is kept.
        const std::string number =
            digits->text.substr(0, significantDigits) + "." + digits->text.substr(significantDigits);
        const auto rounded = parseDecimal(number, 0);
        if (!rounded)
            return std::nullopt;
        digits->exponent += static_cast<long>(digits->text.size() - significantDigits);
        digits->text = formatDecimal(rounded->units, 0);
    }
    const auto value = parseDecimal(digits->text + "e" + std::to_string(digits->exponent), scale);
    if (!value || value->units > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return UnitPrice{static_cast<std::int64_t>(value->units), value->rounded};
}

void leaveOutImpossible(PriceRows &rows, const std::string &path, std::vector<CatalogueIssue> &issues)
{
    for (const auto &[row, prices] : rows) {
        const auto slip = unitSlip(prices);
        if (!slip)
            continue;
        issues.push_back({path, "a token at " + formatDecimal(*slip, 9) + " per million cannot be right; all prices of "
                                    + "this model are left out"});
        rows.clear();
        return;
    }
    for (auto row = rows.begin(); row != rows.end();) {
        const std::string reason = reasonAgainst(rows, row->first, row->second);
        if (reason.empty()) {
            ++row;
            continue;
        }
        issues.push_back({path, reason + "; the prices of this tier and prompt length are left out"});
        row = rows.erase(row);
    }
}

std::string rateIdOf(const RateOrigin &origin, const PriceRow &row)
{
    std::string id = origin.id;
    if (row.first != ServiceTier::Standard)
        id += "#" + std::string(nameOf(row.first));
    if (row.second >= 0)
        id += ">" + std::to_string(row.second);
    return id;
}

void addRates(CatalogueModel &model, const PriceRows &rows, const RateOrigin &origin)
{
    for (const auto &[row, prices] : rows) {
        Rate rate;
        rate.id = rateIdOf(origin, row);
        rate.valid = origin.valid;
        rate.tier = row.first;
        rate.region = origin.region;
        if (row.second >= 0)
            rate.context = ContextThreshold{row.second, origin.thresholdInclusive};
        rate.prices = prices;
        rate.source = origin.source;
        rate.checked = origin.checked;
        rate.grade = "C";
        rate.note = origin.note;
        model.rates.push_back(std::move(rate));
    }
}

Error noUsablePrice(const std::vector<CatalogueIssue> &issues)
{
    Error error{ErrorCode::BadInput, "no model of this catalogue has a usable price", "", ""};
    if (!issues.empty()) {
        error.where = issues.front().path;
        error.what += "; the first one: " + issues.front().reason;
    }
    return error;
}

} // namespace perunit
