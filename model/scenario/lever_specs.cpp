// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of levers: names, parameters, limits and words on screen.
#include "model/scenario/scenario.h"

#include <algorithm>
#include <utility>

namespace perunit {

namespace {

// A hundredth to a hundredfold: wide enough for any tokenizer, narrow enough to catch a slip of a digit.
constexpr std::int64_t smallestFactor = onePpm / 100;
constexpr std::int64_t largestFactor = onePpm * 100;
constexpr std::int64_t mostUnits = 1'000'000;
constexpr std::int64_t mostTokens = 100'000'000;
constexpr std::int64_t oneMoney = 1'000'000'000;
constexpr std::int64_t mostMoney = oneMoney * oneMoney;
/// A million a million tokens: a thousand times the dearest model there is.
constexpr std::int64_t highestPrice = oneMoney * 1'000'000;

ParameterSpec text(std::string_view name, std::string_view label, ParameterUnit unit, std::string_view help,
                   std::vector<std::string_view> choices = {})
{
    return {name, label, unit, 0, 0, 0, help, std::move(choices)};
}

ParameterSpec share(std::string_view name, std::string_view label, std::string_view help, std::int64_t neutral = 0)
{
    return {name, label, ParameterUnit::Share, 0, onePpm, neutral, help};
}

ParameterSpec factor(std::string_view name, std::string_view label, std::string_view help,
                     std::int64_t minimum = smallestFactor, std::int64_t maximum = largestFactor)
{
    return {name, label, ParameterUnit::Factor, minimum, maximum, onePpm, help};
}

ParameterSpec growth(std::string_view help)
{
    return {"monthly_growth", "Growth a month", ParameterUnit::Growth, -onePpm / 2, onePpm, 0, help};
}

ParameterSpec money(std::string_view name, std::string_view label, std::string_view help,
                    std::int64_t maximum = mostMoney)
{
    return {name, label, ParameterUnit::Money, 0, maximum, 0, help};
}

ParameterSpec count(std::string_view name, std::string_view label, std::string_view help,
                    std::int64_t maximum = mostTokens, std::int64_t neutral = 0, std::int64_t minimum = 0)
{
    return {name, label, ParameterUnit::Count, minimum, maximum, neutral, help};
}

ParameterSpec decimal(std::string_view name, std::string_view label, std::string_view help, std::int64_t maximum,
                      std::int64_t neutral)
{
    return {name, label, ParameterUnit::Decimal, 0, maximum, neutral, help};
}

/// Sliders end where most values lie; fields take the rest.
ParameterSpec upTo(std::int64_t usual, ParameterSpec spec)
{
    spec.usual = usual;
    return spec;
}

ParameterSpec advanced(ParameterSpec spec)
{
    spec.advanced = true;
    return spec;
}

LeverSpec volumeSpec()
{
    return {LeverKind::Volume,
            "volume",
            "Volume",
            "More or fewer requests: growth, adoption, a launch. Units grow with their requests; harness charges stay.",
            {factor("factor", "Requests", "Requests × this factor, reached over the ramp.", 0),
             growth("Requests × (1 + growth) once for every month since the start."),
             text("shape", "Shape", ParameterUnit::Choice,
                  "compound: growth on growth. linear: the same number every month. s-curve: slow, fast, slow over the "
                  "ramp. spike: the factor at the start, half of what exceeds 1 every month after.",
                  {"compound", "linear", "s-curve", "spike"})}};
}

LeverSpec answerCacheSpec()
{
    return {
        LeverKind::AnswerCache,
        "answer_cache",
        "Answer cache",
        "Answers a share of the requests from earlier answers (same or similar question) without calling a model.",
        {share("hit_share", "Answered from the cache", "This share of every request in scope calls no model."),
         upTo(oneMoney / 100, money("lookup_cost", "Cost of a lookup",
                                    "Paid for every request: embedding, search, storing the answer.")),
         share("wrong_share", "Wrong answers among them", "Share of the answers from the cache that are wrong."),
         upTo(oneMoney * 10, money("wrong_cost", "Loss per wrong answer", "What a wrong answer costs the business."))}};
}

LeverSpec routingSpec()
{
    return {
        LeverKind::Routing,
        "routing",
        "Routing",
        "Sends a share of the requests to another model and prices them there.",
        {share("share", "Share of requests",
               "This share of every request in scope is priced at the other model; the rest stays where it is."),
         text("to", "To model", ParameterUnit::Model, "The model that serves the routed requests."),
         factor("token_ratio", "Prompt tokens there",
                "The other model counts the same prompt as this many times the tokens."),
         factor("output_ratio", "Output tokens there",
                "The other model answers with this many times the output tokens."),
         advanced(upTo(50'000,
                       count("prompt_from", "Only prompts from", "Prompts of fewer recorded tokens are not routed."))),
         advanced(upTo(50'000, count("prompt_below", "Only prompts below",
                                     "Prompts of this many recorded tokens and more are not routed; 0: no limit."))),
         advanced(
             share("escalation", "Escalated",
                   "Cascade: this share of the routed requests is asked again where it came from; both are paid.")),
         advanced(upTo(oneMoney / 100, money("verifier_cost", "Cost of a verdict",
                                             "Cascade: paid for every routed call to judge its answer."))),
         advanced(share("quality_before", "Right answers before", "Share of answers that are right without routing.")),
         advanced(
             share("quality_after", "Right answers there",
                   "Share of answers that are right where requests are routed (with escalation, of the cascade)."))}};
}

LeverSpec conversationLengthSpec()
{
    return {LeverKind::ConversationLength,
            "conversation_length",
            "Conversation length",
            "Longer or shorter conversations, where every turn sends the whole history again: the bill grows with the "
            "square.",
            {upTo(50, count("turns_before", "Turns today", "Turns of a conversation as recorded.", 10'000, 1, 1)),
             upTo(50, count("turns_after", "Turns then", "Turns of a conversation in this scenario.", 10'000, 1, 1)),
             upTo(10'000, count("system_tokens", "System prompt", "Tokens at the head of every turn.")),
             upTo(2'000, count("user_tokens", "A question", "Tokens that the user adds in a turn.")),
             upTo(2'000, count("answer_tokens", "An answer", "Tokens that the model adds in a turn."))}};
}

LeverSpec agentStepsSpec()
{
    return {
        LeverKind::AgentSteps,
        "agent_steps",
        "Agent steps",
        "More model calls for every request: plans, tools, sub-agents.",
        {factor("mean", "Calls", "Calls and their tokens × this factor, on average."),
         factor("spread", "Spread",
                "How unequal runs are: the cost of one run in twenty divided by the usual one. Does not move averages; "
                "the outcome says what an expensive run costs.",
                onePpm)}};
}

LeverSpec contextGrowthSpec()
{
    return {LeverKind::ContextGrowth,
            "context_growth",
            "Context growth",
            "Makes prompts longer or shorter, once or a little more every month.",
            {factor("factor", "Prompt length", "Prompt tokens × this factor; output stays as it is."),
             growth("Prompt tokens × (1 + growth) once for every month since the start, compounding.")}};
}

LeverSpec trimmingSpec()
{
    return {LeverKind::Trimming,
            "trimming",
            "Trimming",
            "Shortens long prompts: summaries of the history, fewer documents.",
            {factor("factor", "Prompt length", "Tokens of long prompts × this factor.", smallestFactor, onePpm),
             upTo(50'000, count("prompt_from", "Prompts from",
                                "Only prompts of at least this many recorded tokens are shortened."))}};
}

LeverSpec outputLengthSpec()
{
    return {LeverKind::OutputLength,
            "output_length",
            "Output length",
            "Makes answers longer or shorter, reasoning included.",
            {factor("factor", "Output length", "Output tokens × this factor."),
             growth("Output tokens × (1 + growth) once for every month since the start, compounding.")}};
}

LeverSpec promptCacheSpec()
{
    return {
        LeverKind::PromptCache,
        "prompt_cache",
        "Prompt cache",
        "Sets how much of the prompt is read from the provider's cache, in place of what was recorded.",
        {share("hit_share", "Prompt read from cache",
               "Share of prompt tokens charged at the cache read price; while both shares are 0 % the recorded split "
               "stays."),
         share("write_share", "Of the rest, written to cache",
               "Share of the remaining prompt tokens charged at the cache write price."),
         text("ttl", "Cache lifetime", ParameterUnit::Choice,
              "5m or 1h: which cache write price applies; 5m when nothing is chosen.", {"5m", "1h"}),
         text("mode", "Hit share", ParameterUnit::Choice,
              "set: as given here. measured: what the gaps between the recorded requests allow for this lifetime.",
              {"set", "measured"}),
         advanced(upTo(8'192, count("minimum_prompt", "Shortest cached prompt",
                                    "Prompts of fewer tokens, as sent, are neither read from the cache nor written."))),
         advanced(upTo(100'000'000, count("stored_tokens", "Tokens kept stored",
                                          "Caches that are rented by the hour: how many tokens are held all the time.",
                                          100'000'000'000))),
         advanced(upTo(oneMoney * 10, money("storage_price", "Storage price",
                                            "For a million tokens stored for an hour.", highestPrice)))}};
}

LeverSpec priceChangeSpec()
{
    const std::string_view keep =
        "New price per million tokens; 0 keeps it. Longer prompts and other tiers move in proportion.";
    return {LeverKind::PriceChange,
            "price_change",
            "Price change",
            "Cheaper or dearer models: a list price that moves, a negotiation, a model that is announced.",
            {factor("factor", "Prices", "All prices × this factor, reached over the ramp.", 0),
             text("model", "Model served", ParameterUnit::Model, "Whose prices change; empty: of every model."),
             advanced(upTo(oneMoney * 20, money("input_price", "Input", keep, highestPrice))),
             advanced(upTo(oneMoney * 5, money("cache_read_price", "Cache read", keep, highestPrice))),
             advanced(upTo(oneMoney * 20, money("cache_write_price", "Cache write", keep, highestPrice))),
             advanced(upTo(oneMoney * 100, money("output_price", "Output", keep, highestPrice)))}};
}

LeverSpec batchSpec()
{
    return {LeverKind::Batch,
            "batch",
            "Batch",
            "Sends a share of the requests through the batch tier, where the model has a batch price.",
            {share("share", "Share of requests",
                   "This share of every standard request in scope is priced at the batch price."),
             advanced(share("rerun_share", "Run again",
                            "Share of the batch that expires or fails and is charged once more."))}};
}

LeverSpec provisionedSpec()
{
    return {
        LeverKind::Provisioned,
        "provisioned",
        "Provisioned",
        "Reserves capacity at a fixed price; what exceeds it in a minute spills to pay-as-you-go.",
        {{"units", "Units", ParameterUnit::Units, 0, mostUnits, 0,
          "Reserved units; each serves the offer's tokens per minute for one fixed price."},
         text("model", "Model served", ParameterUnit::Model, "The model that the reserved units serve."),
         text("offer", "Offer", ParameterUnit::OfferTerm, "What is reserved: azure-ptu-global, …"),
         text("term", "Term", ParameterUnit::Choice, "For how long the units are reserved; decides their price.",
              {"hourly", "1-week", "1-month", "3-month", "1-year"}),
         text("sizing", "Sizing", ParameterUnit::Choice,
              "set: as many units as stated. optimal: as many as cost least after all other levers, units and spill "
              "together; 0 when none pay.",
              {"set", "optimal"})}};
}

LeverSpec retriesSpec()
{
    return {LeverKind::Retries,
            "retries",
            "Retries",
            "Further attempts after failures, over and above what was recorded.",
            {upTo(onePpm,
                  decimal("retry_share", "Attempts per request",
                          "Further attempts for every request, on average: 0.05 is one in twenty.", onePpm * 10, 0)),
             share("charged_share", "Charged of an attempt", "Share of its tokens that a failed attempt is charged.",
                   onePpm)}};
}

LeverSpec endpointScheduleSpec()
{
    return {LeverKind::EndpointSchedule,
            "endpoint_schedule",
            "Endpoint schedule",
            "Runs endpoints only part of the week: their harness charges × hours × days ÷ 168.",
            {decimal("hours_per_day", "Hours a day", "Hours in which the endpoint runs.", 24 * onePpm, 24 * onePpm),
             decimal("days_per_week", "Days a week", "Days on which the endpoint runs.", 7 * onePpm, 7 * onePpm)}};
}

LeverSpec trainingSpec()
{
    return {
        LeverKind::Training,
        "training",
        "Training",
        "Training and fine-tuning runs, spread over the requests in scope.",
        {upTo(oneMoney * 50'000, money("run_cost", "Cost of a run", "Compute, storage, data and network of one run.")),
         upTo(10 * onePpm,
              decimal("runs_per_month", "Runs a month", "How many runs every month.", 1'000'000 * onePpm, 0)),
         upTo(20, count("runs_at_start", "Runs at the start", "Runs in the first month only.", 1'000'000)),
         advanced(upTo(36, count("amortisation_months", "Spread over months",
                                 "A run is charged in equal parts in its month and the following ones.", 120, 1, 1)))}};
}

LeverSpec humanReviewSpec()
{
    return {LeverKind::HumanReview,
            "human_review",
            "Human review",
            "People look at a share of the answers.",
            {share("share", "Share reviewed", "Share of the requests in scope that somebody looks at."),
             upTo(30 * onePpm, decimal("minutes", "Minutes each", "Minutes for one review.", 10'000 * onePpm, 0)),
             upTo(oneMoney * 200, money("hourly_rate", "Cost of an hour", "What an hour of the reviewer costs."))}};
}

LeverSpec exchangeRateSpec()
{
    return {
        LeverKind::ExchangeRate,
        "exchange_rate",
        "Exchange rate",
        "Counts harness charges in another currency, at this rate.",
        {upTo(oneMoney * 2, money("rate", "Rate", "One unit of the charges' currency in the currency of the prices.")),
         text("currency", "Currency of the charges", ParameterUnit::Text, "EUR, GBP, …")}};
}

} // namespace

const std::vector<LeverSpec> &leverSpecs()
{
    static const std::vector<LeverSpec> specs{
        volumeSpec(),        answerCacheSpec(), routingSpec(),      conversationLengthSpec(), agentStepsSpec(),
        contextGrowthSpec(), trimmingSpec(),    outputLengthSpec(), promptCacheSpec(),        priceChangeSpec(),
        batchSpec(),         provisionedSpec(), retriesSpec(),      endpointScheduleSpec(),   trainingSpec(),
        humanReviewSpec(),   exchangeRateSpec()};
    return specs;
}

const LeverSpec &leverSpec(LeverKind kind)
{
    return leverSpecs()[static_cast<std::size_t>(kind)];
}

std::optional<LeverKind> leverKindNamed(std::string_view name)
{
    for (const LeverSpec &spec : leverSpecs()) {
        if (spec.name == name)
            return spec.kind;
    }
    return std::nullopt;
}

bool isNumeric(ParameterUnit unit)
{
    switch (unit) {
    case ParameterUnit::Model:
    case ParameterUnit::Choice:
    case ParameterUnit::Text:
    case ParameterUnit::OfferTerm:
        return false;
    default:
        return true;
    }
}

int decimalsOf(ParameterUnit unit)
{
    switch (unit) {
    case ParameterUnit::Count:
    case ParameterUnit::Units:
        return 0;
    case ParameterUnit::Money:
        return 9;
    default:
        return 6;
    }
}

const ParameterSpec *LeverSpec::parameter(std::string_view parameterName) const
{
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [parameterName](const auto &spec) { return spec.name == parameterName; });
    return found == parameters.end() ? nullptr : &*found;
}

} // namespace perunit
