// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/evaluate.h"

#include "model/engine/evaluation.h"
#include "model/engine/unit_counts.h"
#include "model/share/shared_baseline.h"
#include "pricing/base/decimal.h"
#include "pricing/base/grouped_digits.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace perunit {

namespace {

/// Fractions of a token without a price are a token without a price: never rounded away.
std::int64_t roundedUp(Millionths value)
{
    return static_cast<std::int64_t>((value + onePpm - 1) / onePpm);
}

Outcome::AtList listOf(const Baseline::Impl &baseline, const EvaluatedLines &lines)
{
    Outcome::AtList list;
    for (const Components &line : lines.lines)
        list.components += line;
    for (int month = 0; month < baseline.monthCount(); ++month) {
        list.components += lines.unattributed[static_cast<std::size_t>(month)];
        for (const Femto amount : lines.harness[static_cast<std::size_t>(month)])
            list.components[Component::Harness] += amount;
    }
    Millionths unpriced = 0;
    for (const auto &[model, tokens] : lines.unpriced)
        unpriced += tokens;
    list.unpricedTokens = roundedUp(unpriced);
    return list;
}

/// Turns the lines of an evaluation into what pages and reports read.
class OutcomeWriter
{
public:
    OutcomeWriter(const Baseline::Impl &baseline, const EvaluationRequest &request, const Profile &profile,
                  const EvaluatedLines &lines, std::stop_token stop)
        : m_baseline(baseline)
        , m_request(request)
        , m_profile(profile)
        , m_lines(lines)
        , m_stop(std::move(stop))
    {}

    Result<Outcome> write()
    {
        m_outcome.scenarioId = m_request.scenarioId;
        m_outcome.name = m_request.name;
        m_outcome.currency = m_baseline.currency;
        m_outcome.pools = m_lines.pools;
        m_outcome.agentSpreads = m_lines.agentSpreads;
        writeMonths();
        for (const std::string &dimension : m_request.groupBy) {
            if (isUnitDimension(dimension))
                return Error{ErrorCode::Unsupported, "outcomes cannot be broken down by '" + dimension + "'",
                             "breakdown", "it names single units; see the distribution of a unit instead"};
            if (m_dimensions.insert(dimension).second)
                writeGroups(dimension);
        }
        for (const EconomicUnit &unit : m_request.units) {
            if (auto status = writeUnitOutcome(unit); !status)
                return status.error();
        }
        writeQuality();
        writeUnpriced();
        writeChecks();
        return std::move(m_outcome);
    }

private:
    [[nodiscard]] int months() const { return m_baseline.monthCount(); }
    [[nodiscard]] const std::vector<HarnessGroup> &harness() const { return m_lines.harnessUsed->groups; }

    void writeMonths()
    {
        for (int i = 0; i < months(); ++i) {
            const auto month = static_cast<std::size_t>(i);
            MonthOutcome outcome;
            outcome.month = m_baseline.firstMonth().plus(i);
            for (std::size_t s = 0; s < m_lines.segments; ++s)
                outcome.components += m_lines.line(i, s);
            outcome.components += m_lines.unattributed[month];
            for (const Femto amount : m_lines.harness[month])
                outcome.components[Component::Harness] += amount;
            outcome.usage = m_lines.usage[month];
            for (std::size_t c = 0; c < usageClassCount; ++c)
                m_outcome.usage[c] += outcome.usage[c];
            m_outcome.components += outcome.components;
            m_outcome.months.push_back(outcome);
        }
    }

    void writeGroups(const std::string &dimension)
    {
        std::map<std::string, GroupOutcome> groups;
        std::map<std::string, Millionths> unpriced;
        for (std::size_t s = 0; s < m_lines.segments; ++s) {
            const std::string key = m_profile.text(m_profile.segments[s], dimension);
            GroupOutcome &group = groups[key];
            unpriced[key] += m_lines.unpricedOf[s];
            for (int i = 0; i < months(); ++i) {
                group.components += m_lines.line(i, s);
                group.requests += m_lines.requests[static_cast<std::size_t>(i) * m_lines.segments + s];
            }
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(months()); ++i) {
            if (m_lines.unattributed[i] != Components{})
                groups[""].components += m_lines.unattributed[i];
            for (std::size_t h = 0; h < harness().size(); ++h)
                groups[harness()[h].text(dimension)].components[Component::Harness] += m_lines.harness[i][h];
        }
        const std::size_t first = m_outcome.groups.size();
        for (auto &[key, group] : groups) {
            group.by = dimension;
            group.key = key;
            group.unpricedTokens = roundedUp(unpriced[key]);
            m_outcome.groups.push_back(std::move(group));
        }
        std::stable_sort(
            m_outcome.groups.begin() + static_cast<std::ptrdiff_t>(first), m_outcome.groups.end(),
            [](const GroupOutcome &a, const GroupOutcome &b) { return a.components.total() > b.components.total(); });
    }

    Status writeUnitOutcome(const EconomicUnit &unit)
    {
        UnitOutcome outcome;
        outcome.name = unit.name;
        if (!isSegmentScope(unit.scope)) {
            m_outcome.checks.push_back(
                {"Unit " + unit.name, false,
                 "its scope (" + unit.scope.text()
                     + ") names single units; scenarios cannot follow it, only actual costs can"});
            m_outcome.units.push_back(std::move(outcome));
            return {};
        }
        const auto counts = countUnits(m_baseline, unit, m_stop);
        if (!counts)
            return counts.error();
        const std::vector<char> wanted = m_profile.matching(unit.scope);
        const bool ahead = m_baseline.looksAhead();
        const Millionths perMonth = divideHalfEven((*counts)->total, m_baseline.divisor());
        Millionths grown = 0;
        for (int i = 0; i < months(); ++i) {
            const Components components = unitComponents(unit, wanted, i);
            UnitMonth month;
            month.month = m_baseline.firstMonth().plus(i);
            month.cost = components.total();
            month.count =
                scaledCount(unit, wanted, i, ahead ? perMonth : (*counts)->months[static_cast<std::size_t>(i)]);
            grown += month.count;
            outcome.components += components;
            outcome.months.push_back(month);
        }
        outcome.cost = outcome.components.total();
        outcome.count = ahead ? grown : scaledTotal((*counts)->total, (*counts)->months, grown);
        if (outcome.count <= 0)
            m_outcome.checks.push_back(
                {"Unit " + unit.name, false,
                 m_baseline.ledger.shared
                     ? "the shared scenario does not say how many there are, so that cost per unit is unknown"
                     : "there are no units in the period, so that cost per unit is undefined"});
        m_outcome.units.push_back(std::move(outcome));
        return {};
    }

    /// A conversation that spans months counts once in the total: the total grows as the sum of the months does.
    [[nodiscard]] static Millionths scaledTotal(Millionths total, const std::vector<Millionths> &months,
                                                Millionths grown)
    {
        const Millionths sum = std::accumulate(months.begin(), months.end(), Millionths{0});
        if (sum <= 0 || grown == sum)
            return total;
        return scaledHalfEven(total, Wide::of(static_cast<UInt128>(grown)), Wide::of(static_cast<UInt128>(sum)))
            .value_or(total);
    }

    /// Count of a unit after the levers: it grows with its requests. Requests also grow with longer conversations.
    [[nodiscard]] Millionths scaledCount(const EconomicUnit &unit, const std::vector<char> &wanted, int month,
                                         Millionths count) const
    {
        const bool ofRequests = unit.denominator.kind == UnitDenominator::Kind::Requests;
        const std::vector<Millionths> &after = ofRequests ? m_lines.requests : m_lines.volumes;
        Int128 recorded = 0;
        Int128 scaled = 0;
        for (std::size_t s = 0; s < m_lines.segments; ++s) {
            const std::size_t place = static_cast<std::size_t>(month) * m_lines.segments + s;
            if (!wanted[s])
                continue;
            recorded += m_lines.recorded[place];
            scaled += after[place];
        }
        if (recorded == 0)
            return scaledByTokens(wanted, month, count);
        recorded = divideHalfEven(recorded * onePpm, m_baseline.divisor());
        if (scaled == recorded)
            return count;
        return scaledHalfEven(count, Wide::of(static_cast<UInt128>(scaled)), Wide::of(static_cast<UInt128>(recorded)))
            .value_or(count);
    }

    /// Lines of bills count no requests: there the tokens say how much of the scope grows.
    [[nodiscard]] Millionths scaledByTokens(const std::vector<char> &wanted, int month, Millionths count) const
    {
        Wide tokens;
        Wide grown;
        for (std::size_t s = 0; s < m_lines.segments; ++s) {
            const std::size_t place = static_cast<std::size_t>(month) * m_lines.segments + s;
            if (!wanted[s] || m_lines.tokens[place] == 0)
                continue;
            const Wide own = Wide::of(static_cast<UInt128>(m_lines.tokens[place]));
            tokens.addProduct(own, static_cast<UInt128>(onePpm));
            grown.addProduct(own, static_cast<UInt128>(m_lines.volumeFactors[place]));
        }
        return tokens.isZero() ? count : scaledHalfEven(count, grown, tokens).value_or(count);
    }

    [[nodiscard]] static bool counts(const EconomicUnit &unit, std::size_t component)
    {
        switch (static_cast<Component>(component)) {
        case Component::Training:
            return unit.training;
        case Component::HumanReview:
            return unit.humanReview;
        case Component::Harness:
            return unit.harness;
        default:
            return unit.inference;
        }
    }

    [[nodiscard]] Components unitComponents(const EconomicUnit &unit, const std::vector<char> &wanted, int month) const
    {
        Components result;
        const auto m = static_cast<std::size_t>(month);
        for (std::size_t s = 0; s < m_lines.segments; ++s) {
            if (wanted[s])
                result += m_lines.line(month, s);
        }
        if (unit.scope.isEverything())
            result += m_lines.unattributed[m];
        if (unit.harness) {
            for (std::size_t h = 0; h < harness().size(); ++h) {
                if (harness()[h].matches(unit.scope))
                    result[Component::Harness] += m_lines.harness[m][h];
            }
        }
        for (std::size_t c = 0; c < componentCount; ++c) {
            if (!counts(unit, c))
                result.amounts[c] = {};
        }
        return result;
    }

    void writeQuality()
    {
        if (m_lines.judged <= 0)
            return;
        // Sums are requests × shares, both in parts per million.
        const Int128 requests = m_lines.judged / onePpm;
        m_outcome.quality =
            Outcome::Quality{static_cast<PartsPerMillion>(divideHalfEven(m_lines.rightBefore, requests)),
                             static_cast<PartsPerMillion>(divideHalfEven(m_lines.rightAfter, requests)),
                             divideHalfEven(m_lines.judged, m_baseline.divisor())};
    }

    void writeUnpriced()
    {
        std::vector<std::pair<Millionths, std::string>> models;
        Millionths sum = 0;
        for (const auto &[model, tokens] : m_lines.unpriced) {
            models.emplace_back(tokens, model);
            sum += tokens;
        }
        std::stable_sort(models.begin(), models.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
        for (const auto &[tokens, model] : models)
            m_outcome.unpriced.models.push_back(model);
        m_outcome.unpriced.tokens = roundedUp(sum);
        m_outcome.assumedTokens = roundedUp(m_lines.assumed);
    }

    void check(const std::string &name, bool ok, const std::string &detail)
    {
        m_outcome.checks.push_back({name, ok, detail});
    }

    void writeChecks()
    {
        writeConvention();
        writeFooting();
        if (m_outcome.unpriced.tokens > 0) {
            std::string list;
            for (std::size_t i = 0; i < std::min<std::size_t>(m_outcome.unpriced.models.size(), 5); ++i)
                list += (i == 0 ? "" : ", ")
                        + (m_outcome.unpriced.models[i].empty() ? "(no model named)" : m_outcome.unpriced.models[i]);
            check("Unpriced usage", false,
                  groupedCount(m_outcome.unpriced.tokens) + " tokens have no price and are not in the total: " + list);
        }
        if (m_lines.unpricedEvents > 0)
            check("Unpriced usage", false,
                  groupedCount(roundedUp(m_lines.unpricedEvents))
                      + " events (searches, pages, images, seconds) have no price and are not in the total");
        if (m_outcome.assumedTokens > 0)
            check("Assumed prices", true,
                  groupedCount(m_outcome.assumedTokens)
                      + " tokens are priced with a rate inherited from another class");
        writeLeftOut();
        const Harness &charges = *m_lines.harnessUsed;
        if (charges.outsideCharges > 0 || !charges.outsideAmount.isZero())
            check("Harness", true,
                  "harness charges of " + charges.outsideAmount.text() + " "
                      + (&charges == &m_baseline.harness ? m_baseline.currency : m_baseline.ledger.currency)
                      + " lie outside the period and are not in the total");
        if (charges.withoutAmount > 0)
            check("Harness", false, groupedCount(charges.withoutAmount) + " harness charges say no cost");
        if (m_baseline.harnessInOtherCurrency() && &charges == &m_baseline.harness)
            check("Currency", false,
                  "the harness charges are in " + m_baseline.ledger.currency + ", the prices in " + m_baseline.currency
                      + "; the charges are left out");
        m_outcome.checks.insert(m_outcome.checks.end(), m_lines.notes.begin(), m_lines.notes.end());
    }

    /// Money that is known but in no total: silence about it would be the worst kind of error.
    void writeLeftOut()
    {
        const Ledger &ledger = m_baseline.ledger;
        if (!ledger.notConvertible.empty()) {
            std::string list;
            for (const std::string &source : ledger.notConvertible)
                list += (list.empty() ? "" : ", ") + source;
            check("Currency", false,
                  "sources in another currency than " + ledger.currency + " are left out of the total: " + list);
        }
        if (!m_baseline.recordedWithoutUsage.isZero())
            check("Recorded cost", false,
                  m_baseline.recordedWithoutUsage.text() + " " + ledger.currency
                      + " are recorded in rows without tokens and are not in the total; give such a source the role "
                        "harness to count them");
        if (m_profile.firstRow == m_profile.endRow && ledger.invoices && !ledger.invoices->empty())
            check("Invoices", false,
                  std::to_string(ledger.invoices->size())
                      + " invoice lines are compared with usage, never added to it, and there is no usage; give the "
                        "source the role harness to count them");
        if (m_baseline.ledger.shared) {
            writeShared(*m_baseline.ledger.shared);
            return;
        }
        if (m_baseline.addedUpRows > 0)
            check("Added-up rows", true,
                  groupedCount(m_baseline.addedUpRows)
                      + " rows stand for several requests each; their prompt length is the average");
        if (m_baseline.addedUpRows > 0 && !m_lines.pools.empty())
            check("Provisioned", false,
                  groupedCount(m_baseline.addedUpRows)
                      + " rows stand for several requests each and count in the minute in which they begin; what a "
                        "reservation serves and spills needs requests one by one");
        writeUncounted();
    }

    /// A colleague's ledger is known by its sums only.
    void writeShared(const SharedBaseline &shared)
    {
        std::string detail = "requests are known added up, without customers and sessions";
        if (shared.precision.stepsPerDouble > 0)
            detail += "; between lengths that matter, prompts in " + std::to_string(shared.precision.stepsPerDouble)
                      + " steps from a length to its double";
        check("Shared baseline", true, detail);
        for (const std::string &sentence : shared.leftOut)
            check("Shared baseline", false, "the file leaves out " + sentence);
        writeUncounted();
    }

    /// Lines of bills say how many tokens there were, and nothing about single requests.
    void writeUncounted()
    {
        for (const BillAsUsage &bill : m_baseline.ledger.bills)
            writeBill(bill);
        if (m_baseline.uncountedRows == 0)
            return;
        check("Requests", true, lines(m_baseline.uncountedRows) + " of bills count tokens, but not requests");
        if (m_baseline.rowsWithoutBand > 0)
            check("Prompt length", false,
                  lines(m_baseline.rowsWithoutBand) + " of bills, priced at "
                      + Money::of(m_baseline.costWithoutBand).text() + " " + m_baseline.currency
                      + ", count as short prompts: a bill does not say how long they were, and their models charge "
                        "another price for long ones");
        if (m_baseline.rowsWithoutFee > 0)
            check("Fee of a request", false,
                  lines(m_baseline.rowsWithoutFee)
                      + " of bills are of models that charge for each call; how many calls there were is unknown");
        for (const EffectiveLever &lever : m_request.levers)
            checkUncounted(lever.lever);
        if (!m_lines.pools.empty())
            check("Provisioned", false,
                  lines(m_baseline.uncountedRows)
                      + " of bills count in the minute in which their time begins; what a reservation serves and "
                        "spills needs requests one by one");
    }

    /// What a lever asks of single requests, lines of bills cannot answer.
    void checkUncounted(const Lever &lever)
    {
        const auto any = [&lever](std::initializer_list<const char *> names) {
            return std::any_of(names.begin(), names.end(),
                               [&lever](const char *name) { return lever.number(name) != 0; });
        };
        if (!lever.enabled)
            return;
        if ((lever.kind == LeverKind::AnswerCache && any({"lookup_cost", "wrong_cost"}))
            || (lever.kind == LeverKind::HumanReview && any({"share"}))
            || (lever.kind == LeverKind::Routing && any({"verifier_cost"})))
            check("Requests", false,
                  "lever '" + lever.id + "' costs money by the request; for " + lines(m_baseline.uncountedRows)
                      + " of bills, which count no requests, that is in no total");
        if ((lever.kind == LeverKind::Routing && any({"prompt_from", "prompt_below"}))
            || (lever.kind == LeverKind::Trimming && any({"prompt_from"}))
            || (lever.kind == LeverKind::PromptCache && any({"minimum_prompt"})))
            check("Prompt length", false,
                  "lever '" + lever.id + "' looks at the length of prompts; " + lines(m_baseline.uncountedRows)
                      + " of bills, which do not say it, count as short ones");
    }

    void writeBill(const BillAsUsage &bill)
    {
        const std::string &currency = m_baseline.ledger.currency;
        if (bill.compared > 0)
            check("Bills as usage", false,
                  "'" + bill.file + "' plays usage, but requests record the same time and provider: "
                      + lines(bill.compared) + " with " + bill.comparedMoney.text() + " " + currency
                      + " are compared with them, not added; give the bill the role invoice");
        if (bill.covered > 0)
            check("Commitments", true,
                  "'" + bill.file + "': " + lines(bill.covered) + " with " + bill.coveredMoney.text() + " " + currency
                      + " are paid by a commitment or capacity and keep their amount");
    }

    static std::string lines(std::int64_t count) { return groupedCount(count) + (count == 1 ? " line" : " lines"); }

    void writeConvention()
    {
        if (!m_baseline.looksAhead()) {
            check("Period", true, "every request is priced at its own time; months are the months of the period");
            return;
        }
        const std::string prices = "; prices are those of each month's first instant, announced ones included";
        if (m_baseline.wholeMonths)
            check("Period", true,
                  "every future month repeats the average of the baseline's " + std::to_string(m_baseline.months)
                      + " whole month" + (m_baseline.months == 1 ? "" : "s") + prices);
        else
            check("Period", false,
                  "the baseline is not made of whole calendar months; its traffic is repeated as it is in every future "
                  "month"
                      + prices);
    }

    void writeFooting()
    {
        Components groups;
        for (const GroupOutcome &group : m_outcome.groups)
            groups += group.components;
        Components expected;
        for (std::size_t i = 0; i < m_dimensions.size(); ++i)
            expected += m_outcome.components;
        const bool foots = m_outcome.total() == m_lines.total && groups == expected;
        check("Sums", foots,
              foots ? "months, components and groups sum to the total exactly"
                    : "months, components or groups do not sum to the total");
    }

    const Baseline::Impl &m_baseline;
    const EvaluationRequest &m_request;
    const Profile &m_profile;
    const EvaluatedLines &m_lines;
    std::stop_token m_stop;
    std::set<std::string> m_dimensions; ///< broken down by, each once
    Outcome m_outcome;
};

std::string percent(PartsPerMillion share)
{
    return formatDecimal(share, 4) + " %";
}

/// A hit share that no cache could reach is money that will not be saved.
void checkCacheShares(const std::vector<EffectiveLever> &levers, Outcome &outcome)
{
    for (const Outcome::CacheShare &share : outcome.cacheShares) {
        const auto found = std::find_if(levers.begin(), levers.end(), [&share](const EffectiveLever &each) {
            return each.lever.id == share.leverId;
        });
        const bool anHour = found != levers.end() && found->lever.text("ttl") == "1h";
        const PartsPerMillion achievable = anHour ? share.achievable1h : share.achievable5m;
        const bool measured = found != levers.end() && found->lever.text("mode") == "measured";
        const std::string lever = "lever '" + share.leverId + "': ";
        if (!measured && share.applied > achievable)
            outcome.checks.push_back(
                {"Cache hit share", false,
                 lever + percent(share.applied)
                     + " of the prompt is assumed to be read, but the gaps between the requests allow "
                     + percent(achievable) + " with a lifetime of " + (anHour ? "an hour" : "five minutes")});
        else if (measured)
            outcome.checks.push_back({"Cache hit share", true,
                                      lever + percent(share.applied)
                                          + " of the prompt can be read, as the gaps between the requests allow"});
        if (share.upperBound)
            outcome.checks.push_back(
                {"Cache hit share", false,
                 lever + "not every request names its conversation; what gaps allow there is an upper bound"});
    }
}

} // namespace

Result<Outcome> evaluate(const Baseline &baseline, const EvaluationRequest &request, std::stop_token stop)
{
    const Baseline::Impl &impl = baseline.impl();
    auto plan = LeverPlan::make(impl, request.levers, stop);
    if (!plan)
        return plan.error();
    if (auto status = Evaluation::sizePools(impl, *plan, *impl.cards, stop); !status)
        return status.error();
    const auto lines = Evaluation(impl, *plan, Detail::Everything, *impl.cards, stop).run();
    if (!lines)
        return lines.error();
    auto outcome = OutcomeWriter(impl, request, plan->profile(), *lines, stop).write();
    if (!outcome)
        return outcome;
    if (plan->hasPromptCache()) {
        const auto gaps = impl.cacheGaps(stop);
        if (!gaps)
            return gaps.error();
        outcome->cacheShares = plan->cacheShares(**gaps);
        checkCacheShares(request.levers, *outcome);
    }
    if (!impl.listCards)
        return outcome;
    const auto atList = Evaluation(impl, *plan, Detail::Everything, *impl.listCards, stop).run();
    if (!atList)
        return atList.error();
    outcome->list = listOf(impl, *atList);
    return outcome;
}

} // namespace perunit
