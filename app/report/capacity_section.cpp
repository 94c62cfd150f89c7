// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/capacity_section.h"

#include "app/pages/capacity/capacity_pictures.h"
#include "app/pages/capacity/completed_choice.h"
#include "app/pages/capacity/sizing_progress.h"
#include "app/report/capacity_tables.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "model/figures/figure_parts.h"
#include "widgets/text/text.h"

#include <algorithm>

namespace perunit {

namespace {

/// One pool with the scenarios that have it and the same load for it.
struct ReservedPool {
    std::vector<std::string> scenarios; ///< names
    Lever lever;
    Outcome::Pool pool;
    CapacityWish wish;
};

/// The same load in front of the same units: only the size may differ.
bool sameCurve(const ReservedPool &a, const ReservedPool &b)
{
    return a.wish.sameCurve(b.wish) && a.wish.question.scope == b.wish.question.scope;
}

bool isSame(const ReservedPool &a, const ReservedPool &b)
{
    return sameCurve(a, b) && a.pool.units == b.pool.units && a.lever.start == b.lever.start
           && isSized(a.lever) == isSized(b.lever);
}

/// Pools of the scenarios in their order; one that several scenarios have in the same way comes once.
std::vector<ReservedPool> poolsOf(const std::shared_ptr<const Baseline> &baseline,
                                  const std::vector<ComparedScenario> &compared, Instant today)
{
    std::vector<ReservedPool> pools;
    for (const ComparedScenario &scenario : compared) {
        for (const Outcome::Pool &pool : scenario.outcome.pools) {
            const auto lever =
                std::find_if(scenario.levers.begin(), scenario.levers.end(),
                             [&pool](const EffectiveLever &each) { return each.lever.id == pool.leverId; });
            if (lever == scenario.levers.end())
                continue;
            ReservedPool found{{nameOf(scenario.outcome)}, lever->lever, pool, {}};
            CapacityChoice choice;
            choice.model = pool.model;
            choice.offer = pool.offer;
            choice.term = pool.term;
            choice.units = pool.units;
            found.wish = capacityWish(baseline, scenario.levers, choice, today);
            found.wish.question.scope = lever->lever.scope;
            const auto known = std::find_if(pools.begin(), pools.end(),
                                            [&found](const ReservedPool &each) { return isSame(each, found); });
            if (known == pools.end())
                pools.push_back(std::move(found));
            else
                known->scenarios.push_back(found.scenarios.front());
        }
    }
    return pools;
}

/// The blocks of one pool.
class PoolWriter
{
public:
    PoolWriter(const Baseline &baseline, const ReservedPool &pool, std::vector<ReportBlock> &blocks)
        : m_pool(pool)
        , m_span(costSpanOf(baseline.settings(), baseline.period()))
        , m_currency(baseline.currency())
        , m_blocks(blocks)
    {
        const ProvisionedOffer *offer = baseline.book().offer(pool.pool.offer);
        m_offerName = offer && !offer->name.empty() ? offer->name : pool.pool.offer;
        m_unitName = offer ? offer->unitName : std::string();
        m_names = joinedList(pool.scenarios);
    }

    void refused(const Error &error)
    {
        head();
        paragraph(whatIsPaid());
        paragraph("This cannot be sized. " + fromQt(errorText(error)));
    }

    /// `told` is an earlier part about the same load and units, or null: what it said is not said again.
    void answered(const CapacitySizing &sizing, const ReservedPool *told)
    {
        head();
        const CapacityAnswer &answer = sizing.answer;
        if (answer.requests == 0 || sizing.isCoarse() || !answer.at) {
            paragraph(whatIsPaid());
            paragraph(answer.requests == 0 ? "No standard request is served by " + answer.model + " in this traffic."
                                           : fromQt(coarseSentence(sizing, m_span)));
            return;
        }
        const SizeFigures &size = *answer.at;
        paragraph(whatIsReserved() + " " + whatItCosts(answer, size) + " " + otherSizes(answer, size));
        // Without units the outcome has no pool to compare with: everything is pay-as-you-go in its other lines.
        if (size.units > 0 && (size.fixedCost != m_pool.pool.fixedCost || size.spillCost != m_pool.pool.spillCost))
            paragraph(ofTheScenario() + " What follows speaks of the same size " + fromQt(m_span.whole) + ".");
        m_blocks.emplace_back(sizeKeyFigures(answer, size, isSized(m_pool.lever), m_span));
        addPictures(sizing, size);
        std::optional<ReportHeatMap> week = weekMap(answer);
        if (week && !told)
            m_blocks.emplace_back(std::move(*week));
        m_blocks.emplace_back(sizesTable(answer, size, m_span));
        if (!told)
            m_blocks.emplace_back(breakEvenTable(answer));
        addLines("If tokens become cheaper and the units do not", stressSentences(answer));
        if (size.units > 0)
            m_blocks.emplace_back(wasteTable(answer, size, m_span));
        if (ReportTable steps = stepsTable(answer, m_span); !steps.rows.empty() && !told)
            m_blocks.emplace_back(std::move(steps));
        if (told)
            referTo(*told, bucketSentence(answer, size.units));
        else
            addRemarks(sizing, size);
    }

private:
    void paragraph(std::string text) { m_blocks.emplace_back(ReportParagraph{std::move(text), false}); }

    void head()
    {
        m_blocks.emplace_back(ReportHeading{dotted({m_pool.pool.model, m_offerName, term(), m_names}), true});
    }

    [[nodiscard]] std::string term() const { return fromQt(termText(m_pool.pool.term)); }
    [[nodiscard]] std::string units(std::int64_t count) const { return fromQt(unitsText(count, m_unitName)); }
    [[nodiscard]] std::string money(Femto amount) const { return moneyText(amount, m_currency); }
    [[nodiscard]] std::string span() const { return fromQt(m_span.whole); }
    [[nodiscard]] CapacityWords words() const
    {
        CapacityWords texts;
        texts.scenario = toQt(m_names);
        texts.span = m_span;
        texts.inScenario = m_pool.pool.units;
        return texts;
    }

    [[nodiscard]] std::string whatIsReserved() const
    {
        const bool several = m_pool.scenarios.size() > 1;
        const std::string load =
            m_pool.pool.model + (m_pool.lever.scope.isEverything() ? "" : " where " + m_pool.lever.scope.text());
        if (m_pool.pool.units == 0)
            return m_names + (several ? " reserve" : " reserves") + " nothing for " + load + ".";
        return m_names + (several ? " reserve " : " reserves ") + units(m_pool.pool.units) + " for " + load + ", "
               + (m_pool.pool.term == "hourly" ? "by the hour" : "for a term of " + term()) + ".";
    }

    /// The figures of the outcome itself.
    [[nodiscard]] std::string ofTheScenario() const
    {
        const std::string from = m_pool.lever.start ? " from " + monthText(*m_pool.lever.start) + " on" : std::string();
        return "In the scenario the units cost " + money(m_pool.pool.fixedCost) + from + ", and "
               + money(m_pool.pool.spillCost) + " of pay-as-you-go come on top of them.";
    }

    [[nodiscard]] std::string whatIsPaid() const
    {
        return m_pool.pool.units == 0 ? whatIsReserved() : whatIsReserved() + " " + ofTheScenario();
    }

    [[nodiscard]] std::string whatItCosts(const CapacityAnswer &answer, const SizeFigures &size) const
    {
        const Femto change = size.cost() - answer.payAsYouGo;
        if (size.units == 0)
            return capitalised(span()) + " pay-as-you-go costs " + money(answer.payAsYouGo) + ".";
        std::string text = capitalised(span()) + " they cost " + money(size.fixedCost) + " and leave "
                           + money(size.spillCost) + " to pay-as-you-go: " + money(size.cost()) + " in all, ";
        if (change.isZero())
            return text + "exactly as much as pay-as-you-go alone.";
        text += money(magnitude(change));
        if (!answer.payAsYouGo.isZero())
            text += " (" + shareText(magnitude(change), answer.payAsYouGo) + ")";
        return text + (change < Femto() ? " less" : " more") + " than pay-as-you-go alone, which costs "
               + money(answer.payAsYouGo) + ".";
    }

    /// "Sized for the peak it would be 100 PTU and cost $1,200 more than the cheapest size."
    [[nodiscard]] std::string otherSizes(const CapacityAnswer &answer, const SizeFigures &size) const
    {
        const Femto regret = size.cost() - answer.optimum.cost();
        std::string text;
        if (answer.optimum.units == 0)
            text = "No size of this offer costs less than pay-as-you-go.";
        else if (size.units == answer.optimum.units)
            text = "No other size costs less.";
        else
            text = "The cheapest size is " + units(answer.optimum.units) + " for " + money(answer.optimum.cost())
                   + "; this one costs "
                   + (regret.isZero() ? std::string("the same") : money(regret) + " more than that") + ".";
        for (const SizeByRule &rule : answer.rules) {
            if (rule.rule == "mean")
                continue;
            text +=
                rule.rule == "p95" ? " Sized for 95 % of the time it would be " : " Sized for the peak it would be ";
            text += units(rule.size.units) + " and cost ";
            text += rule.regret.isZero() ? "no more"
                                         : money(magnitude(rule.regret)) + (rule.regret < Femto() ? " less" : " more");
            text += " than the cheapest.";
        }
        return text;
    }

    void addPictures(const CapacitySizing &sizing, const SizeFigures &size)
    {
        const CapacityWords texts = words();
        for (PlaneFigure picture : {loadDurationFigure(sizing, size, texts), costOfSizeFigure(sizing, size, texts)}) {
            // On paper there is no line to move: the size is a mark like the others.
            picture.plane.handles.clear();
            m_blocks.emplace_back(ReportFigure(std::move(picture.figure), std::move(picture.plane)));
        }
    }

    void addLines(const char *heading, const QStringList &lines)
    {
        if (lines.isEmpty())
            return;
        m_blocks.emplace_back(ReportHeading{heading, true});
        paragraph(fromQt(lines.join(QLatin1Char('\n'))));
    }

    void referTo(const ReservedPool &told, const QString &bucket)
    {
        paragraph((bucket.isEmpty() ? std::string() : fromQt(bucket) + " ")
                  + "Break-evens and what is to be kept in mind are as for " + joinedList(told.scenarios)
                  + ": load, offer and term are the same.");
    }

    void addRemarks(const CapacitySizing &sizing, const SizeFigures &size)
    {
        QStringList remarks = remarksOf(sizing, words());
        if (const QString bucket = bucketSentence(sizing.answer, size.units); !bucket.isEmpty())
            remarks.prepend(bucket);
        if (!sizing.answer.source.empty())
            remarks << QStringLiteral("Source of the facts: %1").arg(toQt(sizing.answer.source));
        addLines("To keep in mind", remarks);
    }

    const ReservedPool &m_pool;
    CostSpan m_span;
    std::string m_currency;
    std::string m_offerName;
    std::string m_unitName;
    std::string m_names;
    std::vector<ReportBlock> &m_blocks;
};

} // namespace

Result<std::vector<ReportBlock>> capacitySection(const std::shared_ptr<const Baseline> &baseline,
                                                 const std::vector<ComparedScenario> &compared, Instant today,
                                                 const std::stop_token &stop)
{
    std::vector<ReportBlock> blocks;
    const std::vector<ReservedPool> pools = poolsOf(baseline, compared, today);
    std::vector<const ReservedPool *> told;
    for (const ReservedPool &pool : pools) {
        SizingProgress progress;
        const auto sizing = sizeCapacity(pool.wish, progress, stop);
        if (!sizing && sizing.error().code == ErrorCode::Cancelled)
            return sizing.error();
        PoolWriter writer(*baseline, pool, blocks);
        if (!sizing) {
            writer.refused(sizing.error());
            continue;
        }
        const auto before = std::find_if(told.begin(), told.end(),
                                         [&pool](const ReservedPool *each) { return sameCurve(*each, pool); });
        writer.answered(**sizing, before == told.end() ? nullptr : *before);
        told.push_back(&pool);
    }
    return blocks;
}

} // namespace perunit
