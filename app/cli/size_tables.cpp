// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/size_output.h"
#include "app/cli/text_table.h"

#include <cstdio>

namespace perunit {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string money(Femto amount)
{
    return formatDecimalFixed(amount.units(), Femto::scale, 2);
}

std::string percent(PartsPerMillion share)
{
    return formatDecimalFixed(static_cast<Int128>(share) * 100, 6, 1) + " %";
}

std::string decimal(const std::optional<PartsPerMillion> &value, int digits)
{
    return value ? formatDecimalFixed(*value, 6, digits) : "–";
}

void put(Rows &rows, const std::string &what, const SizeFigures &size)
{
    rows.push_back({what, std::to_string(size.units), money(size.cost()), money(size.fixedCost), money(size.spillCost),
                    percent(size.spillShare), size.bucketSpillShare ? percent(*size.bucketSpillShare) : "",
                    percent(size.utilisation)});
}

void printTable(const Rows &rows, const std::vector<bool> &right)
{
    std::printf("\n%s", textTable(rows, right).c_str());
}

void printSizes(const CapacityAnswer &answer)
{
    Rows rows{{"size", answer.unitName, "cost " + answer.currency, "units", "spill", "spilled", "by request", "used"}};
    SizeFigures none;
    none.spillCost = answer.payAsYouGo;
    none.spillShare = answer.payAsYouGo.isZero() ? 0 : onePpm;
    put(rows, "pay-as-you-go", none);
    put(rows, "cheapest", answer.optimum);
    if (answer.at)
        put(rows, "asked for", *answer.at);
    for (const SizeByRule &rule : answer.rules)
        put(rows, rule.rule, rule.size);
    printTable(rows, {false, true, true, true, true, true, true, true});
}

void printBreakEvens(const CapacityAnswer &answer)
{
    const BreakEvens &even = answer.breakEvens;
    std::printf("\nThree break-evens, for three questions:\n");
    std::printf("  against pay-as-you-go: a unit must be %s full%s\n",
                even.utilisation ? percent(*even.utilisation).c_str() : "–",
                even.utilisation && *even.utilisation >= onePpm ? " – never" : "");
    if (even.hours)
        std::printf("  against hourly units: deployed %s hours of a month of 730 (%s)\n",
                    decimal(even.hours, 1).c_str(), percent(*even.hoursShare).c_str());
    if (even.months)
        std::printf("  against the term of one month: kept %s months\n", decimal(even.months, 1).c_str());
}

void printBands(const CapacityAnswer &answer)
{
    if (answer.bands.empty())
        return;
    Rows rows{{"request by request, " + answer.unitName, "depth", "spilled", "spill " + answer.currency}};
    for (const BucketBand &band : answer.bands) {
        for (const BucketBand::Depth &depth : band.depths)
            rows.push_back({std::to_string(band.units), std::to_string(depth.seconds) + " s", percent(depth.spillShare),
                            money(depth.spillCost)});
    }
    printTable(rows, {true, true, true, true});
}

void printStress(const CapacityAnswer &answer)
{
    if (answer.stress.empty())
        return;
    Rows rows{{"if tokens become cheaper by", "pay-as-you-go", "committed", "still pays", "best size", "break-even"}};
    for (const PriceCut &cut : answer.stress)
        rows.push_back({percent(cut.cut), money(cut.payAsYouGo), money(cut.cost), cut.stillPays() ? "yes" : "no",
                        std::to_string(cut.bestUnits), decimal(cut.utilisation, 3)});
    printTable(rows, {true, true, true, false, true, true});
}

void printSteps(const CapacityAnswer &answer)
{
    if (answer.steps.size() < 2)
        return;
    Rows rows{{"after lever", "pay-as-you-go", "best " + answer.unitName, "cost"}};
    for (const CapacityStep &step : answer.steps)
        rows.push_back({step.leverId.empty() ? "(none)" : step.label + " (" + step.leverId + ")",
                        money(step.payAsYouGo), std::to_string(step.optimum.units), money(step.optimum.cost())});
    printTable(rows, {false, true, true, true});
}

} // namespace

void printCapacity(const CapacityAnswer &answer)
{
    std::printf("%s on %s, %s, %s … %s\n", answer.model.c_str(), answer.offerName.c_str(), answer.term.c_str(),
                formatInstant(answer.period.from).c_str(), formatInstant(answer.period.to).c_str());
    std::printf("The largest %s needs %s %s: %lld can be bought (at least %lld, in steps of %lld).\n",
                answer.bounds.seconds == 60 ? "minute" : "bin",
                decimal(static_cast<PartsPerMillion>(answer.rawUnits), 2).c_str(), answer.unitName.c_str(),
                static_cast<long long>(answer.peakUnits), static_cast<long long>(answer.grid.minimum),
                static_cast<long long>(answer.grid.step));
    if (answer.outputOptimum)
        std::printf("For output it needs %s: %lld can be bought; %lld cost least.\n",
                    decimal(static_cast<PartsPerMillion>(answer.outputRawUnits), 2).c_str(),
                    static_cast<long long>(answer.outputPeakUnits),
                    static_cast<long long>(answer.outputOptimum->units));
    printSizes(answer);
    printBreakEvens(answer);
    printBands(answer);
    printStress(answer);
    printSteps(answer);
    if (answer.perMillionOutput)
        std::printf("\nA million output tokens: %s %s\n", money(*answer.perMillionOutput).c_str(),
                    answer.currency.c_str());
    if (answer.bounds.spillIsLowerBound)
        std::printf("\nSpill is counted by the %s and is a lower bound: shorter bursts spill more.\n",
                    answer.bounds.seconds == 60 ? "minute" : "bin");
    for (const CapacityFlag &flag : answer.flags)
        std::fprintf(stderr, "perunit: %s: %s\n", flag.id.c_str(), flag.text.c_str());
}

void printComparison(const std::vector<OfferComparison> &comparison)
{
    Rows rows{{"offer", "term", "best size", "cost", "pay-as-you-go", "spilled", "used", ""}};
    for (const OfferComparison &each : comparison) {
        if (each.answer)
            rows.push_back({each.offer, each.term, std::to_string(each.answer->optimum.units),
                            money(each.answer->optimum.cost()), money(each.answer->payAsYouGo),
                            percent(each.answer->optimum.spillShare), percent(each.answer->optimum.utilisation), ""});
        else
            rows.push_back({each.offer, each.term, "–", "–", "–", "–", "–", each.whyNot});
    }
    std::fputs(textTable(rows, {false, false, true, true, true, true, true, false}).c_str(), stdout);
}

void printPortfolio(const PortfolioAnswer &answer)
{
    const auto print = [&answer](const char *title, const Portfolio &portfolio) {
        std::printf("%s: %lld %s reserved, %lld used, %s %s (pay-as-you-go %s)\n", title,
                    static_cast<long long>(portfolio.reserved), answer.unitName.c_str(),
                    static_cast<long long>(portfolio.used), money(portfolio.cost()).c_str(), answer.currency.c_str(),
                    money(answer.payAsYouGo).c_str());
        Rows rows{{"model", answer.unitName, "spill"}};
        for (const PortfolioShare &share : portfolio.shares)
            rows.push_back({share.model, std::to_string(share.units), money(share.spillCost)});
        std::fputs(textTable(rows, {false, true, true}).c_str(), stdout);
    };
    print("cheapest reservation", answer.best);
    if (answer.given)
        print("the reservation given", *answer.given);
}

void printPooling(const PoolingAnswer &answer)
{
    Rows rows{{"deployment", "best size", "cost " + answer.currency}};
    for (const PoolingAnswer::Silo &silo : answer.silos)
        rows.push_back(
            {silo.key.empty() ? "(none)" : silo.key, std::to_string(silo.optimum.units), money(silo.optimum.cost())});
    rows.push_back({"all in one", std::to_string(answer.pooled.units), money(answer.pooled.cost())});
    rows.push_back({"saved by pooling", "", money(answer.saving)});
    std::fputs(textTable(rows, {false, true, true}).c_str(), stdout);
}

} // namespace perunit
