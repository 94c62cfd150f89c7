// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/reconciliation/calibration.h"

#include "pricing/base/decimal.h"

#include <algorithm>
#include <map>
#include <set>

namespace perunit {

namespace {

using Observations = std::vector<const PriceObservation *>;

/// ± 0.5 % of the median.
constexpr std::int64_t steadyPart = 200;
/// Smaller than this a share is what rounding leaves behind.
constexpr PartsPerMillion smallestShare = 100;
constexpr std::size_t fewestMonths = 2;

/// Billed ÷ priced in parts per million.
PartsPerMillion factorOf(Femto priced, Femto unexplained)
{
    const Int128 factor = divideHalfEven((priced + unexplained).units() * onePpm, priced.units());
    return static_cast<PartsPerMillion>(std::clamp<Int128>(factor, -1, largestMarkup * 2));
}

bool isSteady(const Observations &observations)
{
    std::set<Month> months;
    std::vector<PartsPerMillion> factors;
    for (const PriceObservation *each : observations) {
        months.insert(each->month);
        factors.push_back(factorOf(each->priced, each->unexplained.toFemto()));
    }
    if (months.size() < fewestMonths)
        return false;
    std::sort(factors.begin(), factors.end());
    const PartsPerMillion median = factors[(factors.size() - 1) / 2];
    return median > 0 && (median - factors.front()) * steadyPart <= median
           && (factors.back() - median) * steadyPart <= median;
}

/// Contracts speak of round numbers: of all factors with which every line ties to its bill, the roundest one. The
/// factor of the sums where none does.
PartsPerMillion roundestFactor(const Observations &observations, PartsPerMillion ofSums)
{
    PartsPerMillion low = 0;
    PartsPerMillion high = largestMarkup + onePpm;
    for (const PriceObservation *each : observations) {
        const Femto rounding = each->rounding.toFemto();
        const Femto unexplained = each->unexplained.toFemto();
        low = std::max(low, factorOf(each->priced, unexplained - rounding) + 1);
        high = std::min(high, factorOf(each->priced, unexplained + rounding) - 1);
    }
    for (const PartsPerMillion step : {100'000, 50'000, 10'000, 5'000, 1'000, 500, 100, 50, 10, 5, 1}) {
        const PartsPerMillion nearest = (ofSums + step / 2) / step * step;
        if (low <= nearest && nearest <= high)
            return nearest;
    }
    return ofSums;
}

std::string freeName(const std::string &wanted, const std::vector<PriceOverlay> &known)
{
    std::string name = wanted;
    const auto taken = [&] {
        return std::any_of(known.begin(), known.end(), [&name](const PriceOverlay &each) { return each.name == name; });
    };
    for (int number = 2; taken(); ++number)
        name = wanted + " (" + std::to_string(number) + ")";
    return name;
}

/// No value where the factor is as good as one, or nothing that an overlay can say.
std::optional<PriceOverlay> overlayFor(const Observations &observations, const std::string &model,
                                       const std::vector<PriceOverlay> &known, const std::string &currency)
{
    Femto priced;
    Femto unexplained;
    std::int64_t requests = 0;
    Month first = observations.front()->month;
    Month last = first;
    bool events = false;
    for (const PriceObservation *each : observations) {
        priced += each->priced;
        unexplained += each->unexplained.toFemto();
        requests += each->requests;
        first = std::min(first, each->month);
        last = std::max(last, each->month);
        for (std::size_t i = 0; i < usageClassCount; ++i)
            events = events || (each->costs[i] && !isTokenClass(static_cast<UsageClass>(i)));
    }
    const PartsPerMillion factor = roundestFactor(observations, factorOf(priced, unexplained));
    const PartsPerMillion share = factor < onePpm ? onePpm - factor : factor - onePpm;
    if (factor < 0 || share < smallestShare || (factor > onePpm && share > largestMarkup))
        return std::nullopt;
    PriceOverlay overlay;
    overlay.kind = factor < onePpm ? OverlayKind::Discount : OverlayKind::Markup;
    overlay.change = share;
    overlay.provider = observations.front()->provider;
    if (!model.empty())
        overlay.models = {model};
    if (events) {
        // A term without classes speaks of tokens alone; the bill shares in what events cost, too.
        for (std::size_t i = 0; i < usageClassCount; ++i)
            overlay.classes.push_back(static_cast<UsageClass>(i));
    }
    overlay.valid = {first.start(), last.plus(1).start()};
    const std::string span = first == last ? first.text() : first.text() + " to " + last.text();
    overlay.name = freeName(
        "Calibration of " + (model.empty() ? overlay.provider : overlay.provider + "/" + model) + ", " + span, known);
    overlay.note = "From invoices of " + span + ": " + (priced + unexplained).text() + " " + currency
                   + " billed for what is priced at " + priced.text() + " " + currency + ", " + std::to_string(requests)
                   + " requests";
    return overlay;
}

} // namespace

std::vector<PriceOverlay> calibrationFor(const std::vector<PriceObservation> &observations,
                                         const std::vector<PriceOverlay> &known, const std::string &currency)
{
    std::map<std::string, Observations> byProvider;
    for (const PriceObservation &each : observations) {
        if (each.requests >= calibrationRequests && each.priced > Femto())
            byProvider[each.provider].push_back(&each);
    }
    std::vector<PriceOverlay> result;
    const auto offer = [&](const Observations &lines, const std::string &model) {
        if (!isSteady(lines))
            return false;
        if (auto overlay = overlayFor(lines, model, known, currency))
            result.push_back(std::move(*overlay));
        return true;
    };
    for (const auto &[provider, lines] : byProvider) {
        if (offer(lines, ""))
            continue;
        std::map<std::string, Observations> byModel;
        for (const PriceObservation *each : lines)
            byModel[each->model].push_back(each);
        // What several models together say is no reason to change the price of one of them.
        byModel.erase("");
        for (const auto &[model, ofModel] : byModel)
            offer(ofModel, model);
    }
    return result;
}

} // namespace perunit
