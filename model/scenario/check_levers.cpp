// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/scenario/scenario.h"

#include "model/workload/workload.h"
#include "pricing/base/decimal.h"
#include "pricing/catalogue/price_book.h"

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

/// Collects what is wrong with one lever.
class Checker
{
public:
    Checker(const Lever &lever, const PriceBook &book, std::vector<LeverProblem> &problems)
        : m_lever(lever)
        , m_book(book)
        , m_problems(problems)
    {}

    void run()
    {
        checkScope();
        checkParameters();
        if (m_lever.rampMonths < 0 || m_lever.rampMonths > mostRampMonths)
            report("ramp_months", "the ramp must be between 0 and " + std::to_string(mostRampMonths) + " months");
        switch (m_lever.kind) {
        case LeverKind::Routing:
            return checkRouting();
        case LeverKind::Provisioned:
            return checkProvisioned();
        case LeverKind::PriceChange:
            if (!m_lever.text("model").empty())
                modelOf("model");
            return;
        case LeverKind::ExchangeRate:
            if (m_lever.number("rate") != 0 && m_lever.text("currency").empty())
                report("currency", "say which currency the rate is for: EUR, GBP, …");
            return;
        default:
            return;
        }
    }

private:
    static constexpr int mostRampMonths = 120;

    void report(std::string parameter, std::string what)
    {
        m_problems.push_back({m_lever.id, std::move(parameter), std::move(what)});
    }

    void checkScope()
    {
        for (const auto &[dimension, values] : m_lever.scope.conditions) {
            if (isUnitDimension(dimension))
                report("scope", "a lever cannot be limited by '" + dimension
                                    + "', which names single units; use workload, team, customer or the like");
            if (values.empty())
                report("scope", "'" + dimension + "' is limited to no value at all");
        }
    }

    void checkParameters()
    {
        const LeverSpec &spec = leverSpec(m_lever.kind);
        for (const auto &[name, value] : m_lever.numbers) {
            const ParameterSpec *parameter = spec.parameter(name);
            if (!parameter || !isNumeric(parameter->unit))
                report(name, "a " + std::string(spec.name) + " lever has no number '" + name + "'");
            else if (value < parameter->minimum || value > parameter->maximum)
                report(name, std::string(parameter->label) + " must be between " + shown(*parameter, parameter->minimum)
                                 + " and " + shown(*parameter, parameter->maximum));
        }
        for (const auto &[name, value] : m_lever.texts) {
            const ParameterSpec *parameter = spec.parameter(name);
            if (!parameter || isNumeric(parameter->unit))
                report(name, "a " + std::string(spec.name) + " lever has no text '" + name + "'");
            else if (name != "term" && !parameter->choices.empty() && !value.empty()
                     && std::find(parameter->choices.begin(), parameter->choices.end(), value)
                            == parameter->choices.end())
                report(name, "'" + value + "' is not one of its values: " + listOf(parameter->choices));
        }
    }

    static std::string listOf(const std::vector<std::string_view> &choices)
    {
        std::string list;
        for (const std::string_view choice : choices)
            list += (list.empty() ? "" : ", ") + std::string(choice);
        return list;
    }

    static std::string shown(const ParameterSpec &parameter, std::int64_t value)
    {
        return formatDecimal(value, decimalsOf(parameter.unit));
    }

    /// The catalogue model a parameter names; reports and returns nothing found otherwise.
    ModelIndex modelOf(const std::string &parameter)
    {
        const std::string text = m_lever.text(parameter);
        if (text.empty()) {
            report(parameter, "choose a model");
            return {};
        }
        const ModelKey key = modelKeyOf(text);
        const ModelMatch match = m_book.resolve(key.provider, key.model);
        if (!match.model.found())
            report(parameter, "the price catalogues have no model '" + text + "'");
        return match.model;
    }

    void checkRouting()
    {
        // A lever without a share does nothing yet; it may still be waiting for its model.
        if (m_lever.number("share") != 0 || !m_lever.text("to").empty())
            modelOf("to");
        const std::int64_t below = m_lever.number("prompt_below");
        if (below != 0 && below <= m_lever.number("prompt_from"))
            report("prompt_below", "no prompt has at least " + std::to_string(m_lever.number("prompt_from"))
                                       + " and fewer than " + std::to_string(below) + " tokens");
    }

    void checkProvisioned()
    {
        const std::int64_t units = m_lever.number("units");
        if (units == 0 && !isSized(m_lever))
            return;
        const ModelIndex model = modelOf("model");
        const auto [offerId, termName] = offerAndTermOf(m_lever);
        const ProvisionedOffer *offer = m_book.offer(offerId);
        if (!offer) {
            report("offer",
                   offerId.empty() ? "choose an offer" : "the price catalogues have no offer '" + offerId + "'");
            return;
        }
        checkTerm(*offer, termName);
        if (!model.found())
            return;
        const ProvisionedThroughput *throughput = throughputFor(*offer, m_book, model);
        if (!throughput) {
            report("model", "offer '" + offerId + "' says no throughput for '" + m_lever.text("model") + "'");
            return;
        }
        checkSize(units, *offer, *throughput);
    }

    void checkTerm(const ProvisionedOffer &offer, const std::string &name)
    {
        if (name.empty())
            return report("term", "choose a term");
        bool known = false;
        bool found = false;
        for (const ProvisionedTerm &term : offer.terms) {
            found = found || term.term == name;
            known = known || (term.term == name && term.priceKnown);
        }
        if (!found)
            report("term", "offer '" + offer.id + "' has no term '" + name + "'");
        else if (!known)
            report("term", "the price of term '" + name + "' of offer '" + offer.id
                               + "' is not public; state it in a catalogue of your own");
    }

    void checkSize(std::int64_t units, const ProvisionedOffer &offer, const ProvisionedThroughput &throughput)
    {
        if (const std::string why = whyNotCalculable(offer, throughput); !why.empty())
            report("offer", "offer '" + offer.id + "' " + why);
        if (isSized(m_lever))
            return;
        const std::int64_t step = std::max<std::int64_t>(throughput.stepUnits, 1);
        const bool onStep = (units - throughput.minimumUnits) % step == 0;
        if (units < throughput.minimumUnits || !onStep)
            report("units", std::to_string(units) + " units cannot be bought: at least "
                                + std::to_string(throughput.minimumUnits) + ", in steps of " + std::to_string(step));
    }

    const Lever &m_lever;
    const PriceBook &m_book;
    std::vector<LeverProblem> &m_problems;
};

bool promptsMeet(const Lever &a, const Lever &b)
{
    const auto below = [](const Lever &lever) {
        const std::int64_t limit = lever.number("prompt_below");
        return limit == 0 ? std::numeric_limits<std::int64_t>::max() : limit;
    };
    return a.number("prompt_from") < below(b) && b.number("prompt_from") < below(a);
}

} // namespace

bool compete(const Lever &a, const Lever &b)
{
    if (a.kind != b.kind || !a.scope.overlaps(b.scope))
        return false;
    switch (a.kind) {
    case LeverKind::Routing:
        return promptsMeet(a, b);
    case LeverKind::Provisioned:
        return a.text("model") == b.text("model");
    case LeverKind::PriceChange:
        return a.text("model").empty() || b.text("model").empty() || a.text("model") == b.text("model");
    case LeverKind::ExchangeRate:
        return a.text("currency") == b.text("currency");
    case LeverKind::Training:
        return false; // further runs are further money
    default:
        return true;
    }
}

const ProvisionedThroughput *throughputFor(const ProvisionedOffer &offer, const PriceBook &book, ModelIndex model,
                                           std::optional<Instant> at)
{
    const auto newestOf = [&offer, at](const auto &isModel) {
        const ProvisionedThroughput *newest = nullptr;
        for (const ProvisionedThroughput &throughput : offer.throughput) {
            if ((at && !throughput.valid.contains(*at)) || !isModel(throughput))
                continue;
            if (!newest || throughput.valid.from > newest->valid.from)
                newest = &throughput;
        }
        return newest;
    };
    const CatalogueModel &wanted = book.model(model);
    if (const auto *byId = newestOf([&wanted](const auto &each) { return each.model == wanted.key.model; }))
        return byId;
    return newestOf([&](const auto &each) { return book.resolve(wanted.key.provider, each.model).model == model; });
}

std::string whyNotCalculable(const ProvisionedOffer &offer, const ProvisionedThroughput &throughput)
{
    if (offer.separateOutputUnits)
        return "sells units for input and for output apart, which cannot be calculated";
    if (offer.overflow == OfferOverflow::Rejected)
        return "rejects what its units cannot serve instead of charging it per token, which cannot be calculated";
    if (throughput.inputTokensPerMinute <= 0)
        return "does not say how many tokens a unit serves in a minute; state it in a catalogue of your own";
    if (!throughput.weightsKnown)
        return "does not say what output tokens weigh; state it in a catalogue of your own";
    return {};
}

std::vector<LeverProblem> checkLevers(const std::vector<EffectiveLever> &levers, const PriceBook &book)
{
    std::vector<LeverProblem> problems;
    for (std::size_t i = 0; i < levers.size(); ++i) {
        const Lever &lever = levers[i].lever;
        if (!lever.enabled)
            continue;
        Checker(lever, book, problems).run();
        for (std::size_t j = i + 1; j < levers.size(); ++j) {
            const Lever &other = levers[j].lever;
            if (!other.enabled || levers[i].layer != levers[j].layer)
                continue;
            if (lever.id == other.id)
                problems.push_back({lever.id, "", "two levers of one scenario have the id '" + lever.id + "'"});
            else if (compete(lever, other))
                problems.push_back({lever.id, "scope",
                                    "'" + lever.id + "' and '" + other.id + "' are both "
                                        + std::string(leverSpec(lever.kind).name)
                                        + " levers and speak of the same requests (" + lever.scope.text() + "; "
                                        + other.scope.text() + ")"});
        }
    }
    return problems;
}

} // namespace perunit
