// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/capacity_sizing.h"

#include "model/capacity/capacity_setup.h"
#include "model/engine/pool_traffic.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace perunit {

namespace {

constexpr std::size_t hoursOfWeek = 168;

bool sameLevers(const std::vector<EffectiveLever> &a, const std::vector<EffectiveLever> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const EffectiveLever &one, const EffectiveLever &other) { return one.lever == other.lever; });
}

/// Traffic and price of what is asked, as the study takes them. Where input and output are bought apart: of the input.
struct CurveParts {
    LoadOfHorizon load;
    std::vector<std::int64_t> binStarts;
    UnitCost price;
    bool leverKnows = false;
};

Result<CurveParts> partsOf(const CapacityWish &wish, const std::stop_token &stop)
{
    auto setup = setUpCapacity(wish.baseline->book(), wish.question, wish.baseline->period().from);
    if (!setup)
        return setup.error();
    std::vector<EffectiveLever> levers;
    std::copy_if(wish.levers.begin(), wish.levers.end(), std::back_inserter(levers),
                 [](const EffectiveLever &each) { return each.lever.kind != LeverKind::Provisioned; });
    TrafficWanted wanted;
    wanted.binSeconds = wish.question.binSeconds;
    wanted.moneyIsLoad = setup->moneyIsLoad;
    if (setup->isSplit()) {
        wanted.charged = {true, true, true, false};
        setup->throughput.outputWeight = 0;
        setup->throughput.longPrompt.reset();
    }
    auto study = PoolStudy::make(*wish.baseline, std::move(levers), setup->model, wish.question.scope, setup->offer,
                                 setup->throughput, setup->term.term, stop);
    if (!study)
        return study.error();
    auto price = (*study)->unitCost();
    auto traffic = (*study)->traffic(wanted);
    if (!price || !traffic)
        return !price ? price.error() : traffic.error();
    CapacityQuestion byMinute = wish.question;
    byMinute.binSeconds = 60;
    return CurveParts{std::move(traffic->load), std::move(traffic->binStarts), std::move(*price),
                      setup->engineKnows(byMinute)};
}

/// Monday 00:00 UTC is 0; 1970 began on a Thursday.
std::size_t hourOfWeek(std::int64_t micros)
{
    const std::int64_t hour = micros / microsPerHour - (micros % microsPerHour < 0 ? 1 : 0);
    return static_cast<std::size_t>(((hour + 3 * 24) % 168 + 168) % 168);
}

/// Hours without any request have a peak of 0 where the period has them, as the means say.
std::vector<std::int64_t> peaksOfWeek(const CurveParts &parts, const std::vector<std::int64_t> &means)
{
    if (means.size() != hoursOfWeek || parts.load.capacityPerUnit <= 0
        || parts.binStarts.size() != parts.load.bins.size())
        return {};
    std::vector<std::int64_t> peaks(hoursOfWeek, -1);
    for (std::size_t hour = 0; hour < hoursOfWeek; ++hour)
        peaks[hour] = means[hour] < 0 ? -1 : 0;
    for (std::size_t i = 0; i < parts.load.bins.size(); ++i) {
        const Int128 thousandths =
            divideHalfEven(static_cast<Int128>(parts.load.bins[i].load) * 1000, parts.load.capacityPerUnit);
        std::int64_t &peak = peaks[hourOfWeek(parts.binStarts[i])];
        peak = std::max(peak, static_cast<std::int64_t>(thousandths));
    }
    return peaks;
}

/// All bins in one whose capacity is that of all of them: the load as if it arrived evenly.
std::optional<EvenLoad> evenLoad(const LoadOfHorizon &load, const UnitCost &price, const SizeGrid &grid)
{
    const Int128 capacity = static_cast<Int128>(load.capacityPerUnit) * load.binCount;
    Int128 sum = 0;
    LoadOfHorizon even;
    even.binCount = 1;
    even.neverServedCost = load.neverServedCost;
    even.neverServedLoad = load.neverServedLoad;
    LoadBin all;
    for (const LoadBin &bin : load.bins) {
        sum += bin.load;
        all.cost += bin.cost;
    }
    if (sum > INT64_MAX || capacity > INT64_MAX || capacity <= 0)
        return std::nullopt;
    all.load = static_cast<std::int64_t>(sum);
    even.capacityPerUnit = static_cast<std::int64_t>(capacity);
    even.bins.push_back(all);
    const auto curve = LoadCurve::make(std::move(even));
    if (!curve)
        return std::nullopt;
    return EvenLoad{optimum(*curve, price, grid), curve->payAsYouGo()};
}

std::int64_t billLinesOf(const Baseline &baseline)
{
    const Workload &workload = *baseline.ledger().workload;
    const auto [first, end] = baseline.rows();
    std::int64_t lines = 0;
    for (std::size_t row = first; row < end; ++row)
        lines += workload.isUncounted(row) ? 1 : 0;
    return lines;
}

std::string keyText(const ModelKey &key)
{
    return key.provider + "/" + key.model;
}

/// Offers that speak of a model, by whether they can be calculated.
void findOffers(const PriceBook &book, Instant at, SizableModel &model)
{
    // What a unit costs for what it serves, on its cheapest term; only for the order.
    std::map<std::string, double> prices;
    const std::string provider = modelKeyOf(model.name).provider;
    for (const ProvisionedOffer *offer : book.offers()) {
        CapacityQuestion question;
        question.model = model.name;
        question.offer = offer->id;
        const auto setup = setUpCapacity(book, question, at);
        if (setup) {
            model.offers.push_back(offer->id);
            prices[offer->id] =
                static_cast<double>(monthlyFemto(setup->term, 730))
                / static_cast<double>(std::max<std::int64_t>(setup->throughput.inputTokensPerMinute, 1));
        } else if (setup.error().code != ErrorCode::NotFound && offer->provider == provider) {
            model.notOffered.push_back(setup.error().what);
        }
    }
    std::stable_sort(model.offers.begin(), model.offers.end(),
                     [&prices](const std::string &a, const std::string &b) { return prices[a] < prices[b]; });
}

} // namespace

bool CapacityWish::sameTraffic(const CapacityWish &other) const
{
    return baseline == other.baseline && question.model == other.question.model
           && question.binSeconds == other.question.binSeconds && sameLevers(levers, other.levers);
}

bool CapacityWish::sameCurve(const CapacityWish &other) const
{
    return sameTraffic(other) && question.offer == other.question.offer && question.term == other.question.term;
}

bool CapacityWish::operator==(const CapacityWish &other) const
{
    return sameCurve(other) && question.units == other.question.units;
}

bool CapacitySizing::isCoarse() const
{
    return answer.bounds.coarserShare > onePpm / 2 || (billLines == rows && rows > 0);
}

SizeFigures CapacitySizing::at(std::int64_t units) const
{
    if (units == answer.optimum.units)
        return answer.optimum;
    if (answer.at && units == answer.at->units)
        return *answer.at;
    for (const SizeByRule &rule : answer.rules) {
        if (units == rule.size.units)
            return rule.size;
    }
    const LoadAtSize load = m_curve.at(units);
    SizeFigures figures;
    figures.units = units;
    figures.canBeBought = units == 0 || answer.grid.contains(units);
    figures.spillShare = load.spillShare;
    figures.utilisation = load.utilisation;
    figures.fixedCost = m_price.of(units);
    figures.spillCost = load.spillCost;
    // Units for output stay at their best number; no units for input means none at all.
    if (answer.outputOptimum && units > 0) {
        figures.fixedCost += answer.outputOptimum->fixedCost;
        figures.spillCost += answer.outputOptimum->spillCost;
    } else if (units == 0) {
        figures.spillCost = answer.payAsYouGo;
    }
    return figures;
}

std::int64_t CapacitySizing::nearestSize(double units) const
{
    const auto wanted = static_cast<std::int64_t>(std::llround(std::clamp(units, 0.0, 1e6)));
    const std::int64_t above = wanted <= 0 ? 0 : answer.grid.atLeast(wanted, 1);
    const std::int64_t below = answer.grid.contains(wanted) ? wanted : answer.grid.below(wanted);
    return wanted - below < above - wanted ? below : above;
}

std::int64_t CapacitySizing::stepped(std::int64_t units, int steps) const
{
    const std::int64_t most = std::max(largestSize(), units);
    for (; steps > 0 && units < most; --steps)
        units = answer.grid.above(units);
    for (; steps < 0 && units > 0; ++steps)
        units = answer.grid.below(units);
    return std::clamp<std::int64_t>(units, 0, std::max(most, answer.grid.minimum));
}

std::int64_t CapacitySizing::largestSize() const
{
    std::int64_t most = answer.curve.empty() ? 0 : answer.curve.back().units;
    if (answer.at)
        most = std::max(most, answer.at->units);
    return std::max(most, answer.grid.minimum);
}

Result<std::shared_ptr<const CapacitySizing>> sizeCapacity(const CapacityWish &wish, std::atomic<int> &stage,
                                                           const std::stop_token &stop)
{
    auto parts = partsOf(wish, stop);
    if (!parts)
        return parts.error();
    stage = 1;
    auto answer = studyCapacity(*wish.baseline, wish.levers, wish.question, stop);
    if (!answer)
        return answer.error();
    stage = 2;
    auto result = std::make_shared<CapacitySizing>();
    result->weekPeaks = peaksOfWeek(*parts, answer->week);
    result->bins = parts->load.binCount;
    if (!answer->outputOptimum)
        result->even = evenLoad(parts->load, parts->price, answer->grid);
    result->answer = std::move(*answer);
    result->billLines = billLinesOf(*wish.baseline);
    result->rows = static_cast<std::int64_t>(wish.baseline->rows().second - wish.baseline->rows().first);
    result->leverKnows = parts->leverKnows;
    auto curve = LoadCurve::make(std::move(parts->load));
    if (!curve)
        return curve.error();
    result->m_curve = std::move(*curve);
    result->m_price = std::move(parts->price);
    stage = capacityStages;
    return std::shared_ptr<const CapacitySizing>(std::move(result));
}

std::vector<SizableModel> sizableModels(const Baseline &baseline, const std::vector<EffectiveLever> &levers)
{
    const PriceBook &book = baseline.book();
    std::vector<SizableModel> models;
    const auto modelNamed = [&models](const std::string &name) -> SizableModel & {
        const auto found =
            std::find_if(models.begin(), models.end(), [&](const SizableModel &each) { return each.name == name; });
        return found != models.end() ? *found : models.emplace_back(SizableModel{name, 0, {}, false, {}, {}});
    };
    for (const Baseline::Resolution &resolution : baseline.resolutions()) {
        if (!resolution.match.model.found())
            continue;
        SizableModel &model = modelNamed(keyText(book.model(resolution.match.model).key));
        model.requests += resolution.requests;
        model.cost += resolution.cost;
    }
    for (const EffectiveLever &each : levers) {
        for (const ParameterSpec &parameter : leverSpec(each.lever.kind).parameters) {
            const std::string name = each.lever.text(parameter.name);
            if (parameter.unit == ParameterUnit::Model && !name.empty() && each.lever.enabled)
                modelNamed(name).routedTo = true;
        }
    }
    for (SizableModel &model : models)
        findOffers(book, baseline.period().from, model);
    std::stable_sort(models.begin(), models.end(), [](const SizableModel &a, const SizableModel &b) {
        return a.offers.empty() != b.offers.empty() ? !a.offers.empty() : a.cost > b.cost;
    });
    return models;
}

std::vector<std::string> sizableTerms(const Baseline &baseline, const std::string &offer)
{
    std::vector<std::string> terms;
    const ProvisionedOffer *found = baseline.book().offer(offer);
    for (const ProvisionedTerm &term : found ? found->terms : std::vector<ProvisionedTerm>{}) {
        const bool listed = std::find(terms.begin(), terms.end(), term.term) != terms.end();
        if (!listed && term.priceKnown && term.valid.contains(baseline.period().from))
            terms.push_back(term.term);
    }
    return terms;
}

} // namespace perunit
