// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/capacity/capacity_figures.h"

#include "model/engine/wide_integer.h"

#include <algorithm>
#include <array>
#include <set>

namespace perunit {

namespace {

constexpr std::size_t mostCurvePoints = 600;
constexpr std::int64_t minutesPerMonth = 730 * 60;
constexpr PartsPerMillion ninetyFifth = 950'000;

/// Units and capacity that a load asks for, to a millionth.
Millionths rawUnits(std::int64_t load, std::int64_t capacity)
{
    return divideHalfEven(static_cast<Int128>(load) * onePpm, capacity);
}

bool isCheaper(const SizeFigures &a, const SizeFigures &b)
{
    return a.cost() < b.cost();
}

std::string percent(PartsPerMillion share)
{
    return formatDecimalFixed(static_cast<Int128>(share) * 100, 6, 1) + " %";
}

/// Collects the figures of one answer.
class Writer
{
public:
    Writer(const CapacityQuestion &question, const CapacitySetup &setup, const CapacityMaterial &material)
        : m_question(question)
        , m_setup(setup)
        , m_material(material)
        , m_curve(material.loads->curve)
    {}

    CapacityAnswer write()
    {
        describe();
        if (m_setup.isSplit())
            sizeOutput();
        m_answer.payAsYouGo = at(0).cost();
        const Int128 all = (m_answer.payAsYouGo + m_answer.besideCost).units();
        if (all > 0)
            m_answer.besideShare =
                static_cast<PartsPerMillion>(divideHalfEven(m_answer.besideCost.units() * onePpm, all));
        findOptimum();
        m_answer.curve = costCurve(m_curve, m_material.price, grid(), mostCurvePoints);
        if (m_question.units)
            m_answer.at = at(*m_question.units);
        addRules();
        finishCurve();
        addBreakEvens();
        addBounds();
        addBands();
        addWaste();
        addFlags();
        return std::move(m_answer);
    }

private:
    [[nodiscard]] SizeGrid grid() const { return m_setup.grid(); }

    void describe()
    {
        m_answer.model = m_setup.throughput.model;
        m_answer.provider = m_setup.offer.provider;
        m_answer.offer = m_setup.offer.id;
        m_answer.offerName = m_setup.offer.name;
        m_answer.unitName = m_setup.offer.unitName;
        m_answer.term = m_setup.term.term;
        m_answer.source = m_setup.offer.source;
        m_answer.checked = m_setup.offer.checked;
        m_answer.flags = m_setup.flags;
        m_answer.requests = m_material.loads->traffic.rows;
        m_answer.grid = grid();
        m_answer.pricePerUnit = UnitCost{m_material.price.parts, {}}.of(1);
        m_answer.loadPerMinutePeak = static_cast<Int128>(m_curve.peak()) * 60 / m_question.binSeconds;
        m_answer.partsPerUnitMinute = static_cast<Int128>(m_curve.capacityPerUnit()) * 60 / m_question.binSeconds;
        m_answer.rawUnits = rawUnits(m_curve.peak(), m_curve.capacityPerUnit());
        m_answer.peakUnits = m_curve.peak() == 0 ? 0 : grid().atLeast(m_curve.peak(), m_curve.capacityPerUnit());
        m_answer.tooLongRequests = m_material.loads->traffic.tooLongRows;
        m_answer.tooLongShare = m_answer.requests == 0
                                    ? 0
                                    : static_cast<PartsPerMillion>(
                                        divideHalfEven(Int128{m_answer.tooLongRequests} * onePpm, m_answer.requests));
        m_answer.unpricedTokens =
            m_material.loads->traffic.unpricedTokens + m_material.loads->outputTraffic.unpricedTokens;
        m_answer.exact = static_cast<bool>(m_material.exactAt);
        describeBeside();
    }

    /// What the offer gives no weight.
    void describeBeside()
    {
        Int128 cost = 0;
        for (const BesideUnits &beside : m_material.loads->traffic.beside) {
            m_answer.besideClasses.push_back(beside.usageClass);
            cost += beside.cost;
        }
        constexpr Int128 moneyPerFemto = 1'000'000'000;
        m_answer.besideCost = Femto::ofUnits(divideHalfEven(cost, moneyPerFemto * m_material.costDivisor));
    }

    void sizeOutput()
    {
        const LoadCurve &curve = m_material.loads->outputCurve;
        const SizeCost best = optimum(curve, m_material.price, m_setup.outputGrid());
        const LoadAtSize load = curve.at(best.units);
        m_answer.outputOptimum =
            SizeFigures{best.units, best.fixedCost, best.spillCost, load.spillShare, load.utilisation, true, {}, {}};
        m_answer.outputRawUnits = rawUnits(curve.peak(), curve.capacityPerUnit());
        m_answer.outputPeakUnits =
            curve.peak() == 0 ? 0 : m_setup.outputGrid().atLeast(curve.peak(), curve.capacityPerUnit());
    }

    /// A size with the best units for output beside it; no units for input means none at all.
    [[nodiscard]] SizeFigures at(std::int64_t units) const
    {
        SizeFigures figures = figuresAt(m_material, units, grid());
        if (!m_answer.outputOptimum)
            return figures;
        if (units == 0) {
            figures.spillCost += m_material.loads->outputCurve.payAsYouGo();
        } else {
            figures.fixedCost += m_answer.outputOptimum->fixedCost;
            figures.spillCost += m_answer.outputOptimum->spillCost;
        }
        return figures;
    }

    void findOptimum()
    {
        // The curve finds the place; the choice between neighbours is made with the figures that are shown.
        const std::int64_t found = optimumAboveZero(m_curve, m_material.price, grid()).units;
        std::set<std::int64_t> sizes{0, found};
        if (m_material.exactAt) {
            sizes.insert(grid().below(found));
            sizes.insert(grid().above(found));
        }
        for (const std::int64_t units : sizes) {
            const SizeFigures figures = at(units);
            if (units == 0 || isCheaper(figures, m_answer.optimum))
                m_answer.optimum = figures;
        }
    }

    void addRules()
    {
        const struct {
            const char *name;
            std::int64_t load;
        } rules[] = {
            {"mean", m_curve.mean(false)}, {"p95", m_curve.quantile(ninetyFifth, false)}, {"peak", m_curve.peak()}};
        for (const auto &rule : rules) {
            const std::int64_t units = rule.load == 0 ? 0 : grid().atLeast(rule.load, m_curve.capacityPerUnit());
            SizeByRule result{rule.name, at(units), {}};
            result.regret = result.size.cost() - m_answer.optimum.cost();
            m_answer.rules.push_back(std::move(result));
        }
    }

    /// Sizes that are shown apart are points of the curve too, with the same figures.
    void finishCurve()
    {
        const auto put = [this](const SizeFigures &size) {
            const auto place =
                std::lower_bound(m_answer.curve.begin(), m_answer.curve.end(), size.units,
                                 [](const SizeCost &point, std::int64_t units) { return point.units < units; });
            const SizeCost point{size.units, size.fixedCost, size.spillCost};
            if (place != m_answer.curve.end() && place->units == size.units)
                *place = point;
            else if (size.canBeBought)
                m_answer.curve.insert(place, point);
        };
        if (m_answer.outputOptimum) {
            for (SizeCost &point : m_answer.curve) {
                const SizeFigures both = at(point.units);
                point.fixedCost = both.fixedCost;
                point.spillCost = both.spillCost;
            }
        }
        put(at(0));
        put(m_answer.optimum);
        if (m_answer.at)
            put(*m_answer.at);
        for (const SizeByRule &rule : m_answer.rules)
            put(rule.size);
    }

    void addBreakEvens()
    {
        const Instant now = m_question.today.value_or(m_setup.term.valid.from);
        m_answer.breakEvens = termBreakEvens(m_setup.offer, m_setup.term, now);
        const Int128 cost = served(m_curve) * m_material.costDivisor;
        if (cost <= 0 || m_curve.load() <= 0)
            return;
        const std::int64_t bins = minutesPerMonth * 60 / m_question.binSeconds;
        // An even month is one bin whose money is that of the month.
        const Int128 load = m_material.even ? m_curve.load() * bins : m_curve.load();
        const auto utilisation = [&](std::int64_t days) {
            const Int128 capacity = static_cast<Int128>(m_curve.capacityPerUnit())
                                    * (days == 0 ? bins : days * 24 * 3600 / m_question.binSeconds);
            return breakEvenUtilisation(monthlyFemto(m_setup.term, 730), cost, load, capacity);
        };
        m_answer.breakEvens.utilisation = utilisation(0);
        if (!m_setup.term.perHour) {
            m_answer.breakEvens.utilisationShortMonth = utilisation(28);
            m_answer.breakEvens.utilisationLongMonth = utilisation(31);
        }
        if (m_setup.term.term == "1-year")
            addStress();
    }

    /// Cost of the load that units could serve, in 10^-24.
    [[nodiscard]] static Int128 served(const LoadCurve &curve)
    {
        return curve.exactSpillCost(0) - curve.exactSpillCost(INT32_MAX) - Money::of(curve.freeWithUnits()).units();
    }

    void addStress()
    {
        const SizeFigures &committed = m_answer.at ? *m_answer.at : m_answer.optimum;
        for (const PartsPerMillion cut : {PartsPerMillion{200'000}, PartsPerMillion{300'000}}) {
            const PartsPerMillion rest = onePpm - cut;
            const auto cheaper = [rest](Femto amount) {
                return Femto::ofUnits(divideHalfEven(amount.units() * rest, onePpm));
            };
            PriceCut result;
            result.cut = cut;
            if (const auto before = m_answer.breakEvens.utilisation)
                result.utilisation =
                    static_cast<PartsPerMillion>(divideHalfEven(static_cast<Int128>(*before) * onePpm, rest));
            result.payAsYouGo = cheaper(m_answer.payAsYouGo);
            result.cost = committed.fixedCost + cheaper(committed.spillCost);
            // Tokens at 80 % against units at 100 % is tokens at 100 % against units at 125 %.
            UnitCost dearer = m_material.price;
            for (UnitCost::Part &part : dearer.parts) {
                part.femto *= 10;
                part.divisor *= rest / 100'000;
            }
            result.bestUnits = optimum(m_curve, dearer, grid()).units;
            m_answer.stress.push_back(result);
        }
    }

    void addBounds()
    {
        ResolutionBounds &bounds = m_answer.bounds;
        bounds.seconds = m_question.binSeconds;
        bounds.coarserRows = m_material.loads->traffic.addedUpRows;
        const Int128 load = m_curve.load() + m_curve.neverServedLoad();
        if (load > 0)
            bounds.coarserShare =
                static_cast<PartsPerMillion>(divideHalfEven(m_material.loads->traffic.addedUpLoad * onePpm, load));
        if (m_material.even)
            bounds.spillIsLowerBound = false;
    }

    [[nodiscard]] std::vector<int> depthsFor(std::int64_t units) const
    {
        std::set<int> depths{1, 10, 60, m_question.depthSeconds};
        if (admission() == Admission::FixedWindow) {
            const WindowRange range = windowOf(units);
            depths = {range.shortest, range.longest};
        }
        return {depths.begin(), depths.end()};
    }

    [[nodiscard]] Admission admission() const
    {
        return m_setup.offer.unitName == "GSU" ? Admission::FixedWindow : Admission::LeakyBucket;
    }

    void addBands()
    {
        const auto &requests = m_material.loads->traffic.requests;
        if (requests.empty() || m_material.loads->traffic.addedUpRows > 0)
            return;
        const BucketRule rule{admission(), loadPartsPerUnit(m_setup.throughput.inputTokensPerMinute, 60),
                              m_question.depthSeconds};
        std::set<std::int64_t> sizes;
        for (const std::int64_t units :
             {m_answer.optimum.units, grid().below(m_answer.optimum.units), grid().above(m_answer.optimum.units),
              m_answer.at ? m_answer.at->units : m_answer.optimum.units}) {
            if (units > 0)
                sizes.insert(units);
        }
        for (const std::int64_t units : sizes) {
            BucketBand band{units, {}};
            for (const int seconds : depthsFor(units)) {
                BucketRule each = rule;
                each.depthSeconds = seconds;
                const BucketOutcome outcome = runBucket(requests, each, units);
                const Int128 load = outcome.load + m_curve.neverServedLoad();
                const Int128 spilled = outcome.spilledLoad + m_curve.neverServedLoad();
                const auto share = load == 0 ? 0 : static_cast<PartsPerMillion>(divideHalfEven(spilled * onePpm, load));
                const Femto cost = outcome.spillCost + m_neverServed();
                band.depths.push_back({seconds, share, cost});
                if (seconds == m_question.depthSeconds || admission() == Admission::FixedWindow)
                    noteBucket(units, share, cost);
            }
            m_answer.bands.push_back(std::move(band));
        }
    }

    [[nodiscard]] Femto m_neverServed() const { return m_curve.spillCost(INT32_MAX); }

    void noteBucket(std::int64_t units, PartsPerMillion share, Femto cost)
    {
        const auto note = [&](SizeFigures &size) {
            if (size.units != units)
                return;
            size.bucketSpillShare = share;
            size.bucketSpillCost = cost;
        };
        note(m_answer.optimum);
        if (m_answer.at)
            note(*m_answer.at);
    }

    void addWaste()
    {
        const SizeFigures &size = m_answer.at ? *m_answer.at : m_answer.optimum;
        m_answer.waste = waste(size.units, {{m_answer.model, size.units, size.utilisation, size.spillCost}},
                               m_answer.pricePerUnit.units(), 0);
    }

    void flag(const char *id, std::string text) { m_answer.flags.push_back({id, std::move(text)}); }

    void addFlags()
    {
        if (m_answer.requests == 0)
            flag("no-requests", "no standard request is served by " + m_answer.model + " in this traffic");
        if (m_answer.tooLongRequests > 0)
            flag("too-long", percent(m_answer.tooLongShare) + " of the requests have prompts above "
                                 + std::to_string(m_setup.throughput.maximumPromptTokens)
                                 + " tokens, which no number of units serves; they stay pay-as-you-go");
        if (!m_answer.besideClasses.empty())
            flagBeside();
        if (m_answer.at && !m_answer.at->canBeBought)
            flag("size", std::to_string(m_answer.at->units) + " units cannot be bought: at least "
                             + std::to_string(grid().minimum) + ", in steps of " + std::to_string(grid().step));
        if (m_answer.unpricedTokens > 0)
            flag("unpriced", std::to_string(m_answer.unpricedTokens)
                                 + " tokens have no pay-as-you-go price; they are load and cost nothing here, so that "
                                   "the optimum is too small");
        if (m_answer.bounds.coarserRows > 0)
            flag("coarse", std::to_string(m_answer.bounds.coarserRows)
                               + " rows stand for several requests each and count in the bin in which they begin; the "
                                 "true load is more even within and more uneven between them");
        const auto &even = m_answer.breakEvens;
        if (even.utilisation && *even.utilisation >= onePpm)
            flag("never-pays", "even a unit that is always full costs more than pay-as-you-go");
        if (m_setup.term.minimumDays > 0 && m_setup.term.term == "hourly")
            flag("minimum-days", "units are bought for at least " + std::to_string(m_setup.term.minimumDays) + " days");
    }

    void flagBeside()
    {
        std::string names;
        for (const UsageClass usageClass : m_answer.besideClasses)
            names += (names.empty() ? "" : ", ") + std::string(nameOf(usageClass));
        flag("other-classes", "the offer gives no weight to " + names + ": " + percent(m_answer.besideShare)
                                  + " of what these requests cost stays pay-as-you-go beside any number of units and "
                                    "is in no figure here");
    }

    const CapacityQuestion &m_question;
    const CapacitySetup &m_setup;
    const CapacityMaterial &m_material;
    const LoadCurve &m_curve;
    CapacityAnswer m_answer;
};

} // namespace

Status CapacityLoads::sort()
{
    binLoads.reserve(traffic.load.bins.size());
    for (const LoadBin &bin : traffic.load.bins)
        binLoads.push_back(bin.load);
    auto made = LoadCurve::make(std::move(traffic.load));
    if (!made)
        return made.error();
    curve = std::move(*made);
    traffic.load = {};
    if (outputTraffic.load.capacityPerUnit == 0)
        return {};
    auto output = LoadCurve::make(std::move(outputTraffic.load));
    if (!output)
        return output.error();
    outputCurve = std::move(*output);
    return {};
}

SizeFigures figuresAt(const CapacityMaterial &material, std::int64_t units, const SizeGrid &grid)
{
    SizeFigures figures;
    figures.units = units;
    figures.canBeBought = grid.contains(units);
    const LoadAtSize load = material.loads->curve.at(units);
    figures.spillShare = load.spillShare;
    figures.utilisation = load.utilisation;
    if (material.exactAt) {
        const auto pool = material.exactAt(units);
        if (!pool) {
            material.failure = pool.error();
            return figures;
        }
        figures.fixedCost = pool->fixedCost;
        figures.spillCost = pool->spillCost;
        figures.utilisation = units == 0 ? 0 : pool->utilisation;
        figures.spillShare = pool->spillShare;
        return figures;
    }
    figures.fixedCost = material.price.of(units);
    figures.spillCost = load.spillCost;
    return figures;
}

CapacityAnswer figuresOf(const CapacityQuestion &question, const CapacitySetup &setup, const CapacityMaterial &material)
{
    CapacityAnswer answer = Writer(question, setup, material).write();
    if (setup.endpoint && answer.optimum.units > 0 && material.loads->traffic.outputTokens > 0)
        answer.perMillionOutput = Femto::ofUnits(
            divideHalfEven(answer.optimum.cost().units() * 1'000'000, material.loads->traffic.outputTokens));
    return answer;
}

} // namespace perunit
