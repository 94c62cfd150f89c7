// SPDX-License-Identifier: GPL-3.0-or-later
// What a new lever starts with, taken from the ledger where it can tell.
#include "app/document/scenario_edits.h"

#include <algorithm>
#include <cmath>

namespace perunit {

namespace {

/// As many requests say enough about a conversation to start from; the window must not wait for more.
constexpr std::size_t mostRowsLookedAt = 300'000;

std::string keyText(const ModelKey &key)
{
    return key.provider + "/" + key.model;
}

/// Among the models that the ledger uses, the one with the lowest cost per token.
std::string cheapestModelInUse(const Baseline &ledger)
{
    const PriceBook &book = ledger.book();
    std::string best;
    std::int64_t bestPerToken = 0;
    for (const Baseline::Resolution &resolution : ledger.resolutions()) {
        if (!resolution.match.model.found() || resolution.tokens <= 0 || resolution.unpricedTokens > 0)
            continue;
        const auto perToken = static_cast<std::int64_t>(divideHalfEven(resolution.cost.units(), resolution.tokens));
        if (best.empty() || perToken < bestPerToken) {
            best = keyText(book.model(resolution.match.model).key);
            bestPerToken = perToken;
        }
    }
    return best;
}

/// The most used model of the ledger that some offer can serve, with that offer.
void proposePool(Lever &lever, const PriceBook &book, const Baseline &ledger)
{
    for (const Baseline::Resolution &resolution : ledger.resolutions()) {
        if (!resolution.match.model.found())
            continue;
        const ModelKey &key = ledger.book().model(resolution.match.model).key;
        for (const ProvisionedOffer *offer : book.offers()) {
            const auto served = std::find_if(offer->throughput.begin(), offer->throughput.end(),
                                             [&](const ProvisionedThroughput &each) {
                                                 return each.model == key.model && each.valid.to == alwaysAfter
                                                        && whyNotCalculable(*offer, each).empty();
                                             });
            const auto term = std::find_if(offer->terms.rbegin(), offer->terms.rend(),
                                           [](const ProvisionedTerm &each) { return each.priceKnown; });
            if (offer->provider != key.provider || served == offer->throughput.end() || term == offer->terms.rend())
                continue;
            lever.texts["model"] = keyText(key);
            lever.texts["offer"] = offer->id;
            lever.texts["term"] = term->term;
            lever.numbers["units"] = served->minimumUnits;
            return;
        }
    }
}

/// The model that costs most in total.
std::string dearestModelInUse(const Baseline &ledger)
{
    const Baseline::Resolution *most = nullptr;
    for (const Baseline::Resolution &resolution : ledger.resolutions()) {
        if (resolution.match.model.found() && (!most || resolution.cost > most->cost))
            most = &resolution;
    }
    return most ? keyText(ledger.book().model(most->match.model).key) : std::string();
}

/// What conversations look like: a straight line through prompt length by turn. Tokens, not money: a place to start
/// from.
struct Conversations {
    std::int64_t turns = 0;
    std::int64_t system = 0;
    std::int64_t user = 0;
    std::int64_t answer = 0;
};

/// Sums over (turn, prompt) pairs.
struct TurnSums {
    double count = 0;
    double turn = 0;
    double turnSquared = 0;
    double prompt = 0;
    double product = 0;
    double output = 0;

    void add(double k, double promptTokens, double outputTokens)
    {
        count += 1;
        turn += k;
        turnSquared += k * k;
        prompt += promptTokens;
        product += k * promptTokens;
        output += outputTokens;
    }
};

std::optional<Conversations> conversationsOf(const Baseline &ledger)
{
    const Workload &workload = *ledger.ledger().workload;
    const DimensionColumn *sessions = workload.dimension("session");
    if (!sessions)
        return std::nullopt;
    std::vector<std::uint32_t> turns(sessions->dictionary.size(), 0);
    TurnSums sums;
    std::size_t conversations = 0;
    const auto [first, last] = ledger.rows();
    for (std::size_t row = first; row < std::min(last, first + mostRowsLookedAt); ++row) {
        const std::uint32_t id = sessions->ids[row];
        if (id == 0 || workload.count(UsageClass::Request, row) != 1)
            continue;
        conversations += turns[id] == 0 ? 1 : 0;
        sums.add(++turns[id], static_cast<double>(workload.promptTokens(row)),
                 static_cast<double>(workload.count(UsageClass::Output, row)));
    }
    if (conversations == 0)
        return std::nullopt;
    Conversations result;
    result.turns = std::max<std::int64_t>(1, std::llround(sums.count / static_cast<double>(conversations)));
    result.answer = std::llround(sums.output / sums.count);
    const double spread = sums.count * sums.turnSquared - sums.turn * sums.turn;
    const double slope = spread > 0 ? (sums.count * sums.product - sums.turn * sums.prompt) / spread : 0;
    const double firstPrompt = (sums.prompt - slope * (sums.turn - sums.count)) / sums.count;
    result.user = std::max<std::int64_t>(0, std::llround(slope) - result.answer);
    result.system = std::max<std::int64_t>(0, std::llround(firstPrompt) - result.user);
    return result;
}

void proposeConversation(Lever &lever, const Baseline *ledger)
{
    // Without conversations in the ledger, ten short turns with a prompt of a page: to be replaced by one's own.
    Conversations facts{10, 1500, 200, 300};
    if (ledger)
        facts = conversationsOf(*ledger).value_or(facts);
    lever.numbers = {{"turns_before", facts.turns},
                     {"turns_after", facts.turns + std::max<std::int64_t>(1, facts.turns / 2)},
                     {"system_tokens", facts.system},
                     {"user_tokens", facts.user},
                     {"answer_tokens", facts.answer}};
}

void proposePromptCache(Lever &lever, const Baseline *ledger)
{
    // Where requests name their conversations, the gaps between them say what a cache can do.
    const DimensionColumn *sessions = ledger ? ledger->ledger().workload->dimension("session") : nullptr;
    if (sessions && sessions->dictionary.size() > 1)
        lever.texts = {{"mode", "measured"}, {"ttl", "5m"}};
    else
        lever.numbers["hit_share"] = onePpm / 2;
}

/// Charges stand in the currency of the ledger; where that is the one of the prices there is nothing to convert.
void proposeExchangeRate(Lever &lever, const PriceBook &book, const Baseline *ledger)
{
    if (ledger && ledger->ledger().currency != book.currency())
        lever.texts["currency"] = ledger->ledger().currency;
}

} // namespace

Lever proposedLever(const WorkspaceState &state, const std::string &scenarioId, LeverKind kind, const PriceBook &book,
                    const Baseline *ledger)
{
    constexpr std::int64_t half = onePpm / 2;
    Lever lever;
    lever.id = freeLeverId(state.scenarios, scenarioId, kind);
    lever.kind = kind;
    switch (kind) {
    case LeverKind::Routing:
        lever.numbers["share"] = half;
        if (ledger)
            lever.texts["to"] = cheapestModelInUse(*ledger);
        break;
    case LeverKind::PriceChange:
        lever.numbers["factor"] = onePpm - onePpm / 5;
        if (ledger)
            lever.texts["model"] = dearestModelInUse(*ledger);
        break;
    case LeverKind::Trimming:
    case LeverKind::OutputLength:
        lever.numbers["factor"] = onePpm - onePpm / 4;
        break;
    case LeverKind::Volume:
    case LeverKind::ContextGrowth:
        lever.numbers["factor"] = onePpm + onePpm / 5;
        break;
    case LeverKind::AnswerCache:
        lever.numbers["hit_share"] = onePpm / 4;
        break;
    case LeverKind::PromptCache:
        proposePromptCache(lever, ledger);
        break;
    case LeverKind::Batch:
        lever.numbers["share"] = half;
        break;
    case LeverKind::ConversationLength:
        proposeConversation(lever, ledger);
        break;
    case LeverKind::AgentSteps:
        lever.numbers = {{"mean", 4 * onePpm}};
        break;
    case LeverKind::Retries:
        lever.numbers["retry_share"] = onePpm / 20;
        break;
    case LeverKind::EndpointSchedule:
        lever.numbers = {{"hours_per_day", 12 * onePpm}, {"days_per_week", 5 * onePpm}};
        break;
    case LeverKind::HumanReview:
        lever.numbers = {{"share", onePpm / 20}, {"minutes", 3 * onePpm}, {"hourly_rate", 40'000'000'000}};
        break;
    case LeverKind::Training:
        // One a month; only its owner knows what it costs.
        lever.numbers["runs_per_month"] = onePpm;
        break;
    case LeverKind::ExchangeRate:
        proposeExchangeRate(lever, book, ledger);
        break;
    case LeverKind::Provisioned:
        if (ledger)
            proposePool(lever, book, *ledger);
        break;
    }
    // An empty text is no text.
    std::erase_if(lever.texts, [](const auto &each) { return each.second.empty(); });
    return lever;
}

} // namespace perunit
