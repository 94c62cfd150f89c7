// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"
#include "pricing/catalogue/catalogue.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Which requests a lever or a unit speaks of: every named dimension must have one of its values.
/// An empty scope is everything. Values are matched exactly; the dimensions are those of Workload.
struct Scope {
    std::map<std::string, std::vector<std::string>> conditions;

    [[nodiscard]] bool isEverything() const { return conditions.empty(); }
    /// True unless some dimension is limited by both to values they do not share.
    [[nodiscard]] bool overlaps(const Scope &other) const;
    /// "workload = support-chatbot, environment = prod", or "everything".
    [[nodiscard]] std::string text() const;
    bool operator==(const Scope &) const = default;
};

/// Kinds of levers, in the order of the pipeline of model.md §5. Stored in files by name.
enum class LeverKind : std::uint8_t {
    Volume,             ///< requests × factor: adoption, growth, launches
    AnswerCache,        ///< share of requests answered from earlier answers, with what a lookup and a wrong hit cost
    Routing,            ///< share of requests that another model serves; by prompt length; with escalation
    ConversationLength, ///< turns of a conversation, each of which sends the history again
    AgentSteps,         ///< model calls per request
    ContextGrowth,      ///< prompt tokens × factor, growing each month
    Trimming,           ///< prompts from a length on × factor
    OutputLength,       ///< output tokens × factor, growing each month
    PromptCache,        ///< share of prompt tokens that are read from the provider's cache
    PriceChange,        ///< prices × factor, or new prices of a model
    Batch,              ///< share of requests sent through the batch tier
    Provisioned,        ///< units of reserved throughput with spill
    Retries,            ///< further attempts that are charged
    EndpointSchedule,   ///< hours a week in which an endpoint runs
    Training,           ///< runs that are paid for apart from requests
    HumanReview,        ///< share of answers that people look at
    ExchangeRate        ///< what charges in another currency are worth
};

inline constexpr std::size_t leverKindCount = 17;

/// How a parameter is entered, shown and limited.
enum class ParameterUnit : std::uint8_t {
    Share,    ///< parts per million of one, shown in %
    Factor,   ///< parts per million of one, shown as ×1.6
    Growth,   ///< parts per million a month, shown in % a month; may be negative
    Decimal,  ///< parts per million of one, shown as it is: 2.5 minutes
    Money,    ///< 10^-9 of the currency: an amount, or a price per million tokens
    Count,    ///< whole number: tokens, turns, runs
    Units,    ///< whole units of an offer
    Model,    ///< text "provider/model"
    Choice,   ///< one of a list of texts
    Text,     ///< free text: a currency
    OfferTerm ///< text: id of an offer; "offer/term" in one text is understood as well
};

/// Decimals of the stored integer: 6 for parts per million, 9 for money, 0 for whole numbers.
int decimalsOf(ParameterUnit unit);

/// Whether parameters of this unit are integers (the others are texts).
bool isNumeric(ParameterUnit unit);

struct ParameterSpec {
    std::string_view name;  ///< key in files: "share", "to", "factor", …
    std::string_view label; ///< on screen: "Share of requests"
    ParameterUnit unit = ParameterUnit::Share;
    std::int64_t minimum = 0;
    std::int64_t maximum = onePpm;
    std::int64_t neutral = 0;                ///< the value that changes nothing
    std::string_view help;                   ///< one sentence: what it does, with its formula
    std::vector<std::string_view> choices{}; ///< of a Choice
    std::int64_t usual = 0;                  ///< largest value of a slider; 0: the maximum, or what suits the unit
    bool advanced = false;                   ///< shown on request: most scenarios do without it
};

struct LeverSpec {
    LeverKind kind = LeverKind::Routing;
    std::string_view name;  ///< in files and on the command line: "routing"
    std::string_view label; ///< on screen: "Model routing"
    std::string_view help;
    std::vector<ParameterSpec> parameters; ///< the first numeric one is the main slider
    /// The parameter of that name; null when the lever has none.
    [[nodiscard]] const ParameterSpec *parameter(std::string_view parameterName) const;
};

/// The table of all levers; everything that lists, edits, reads or checks levers uses it.
const std::vector<LeverSpec> &leverSpecs();
const LeverSpec &leverSpec(LeverKind kind);
std::optional<LeverKind> leverKindNamed(std::string_view name);

/// One what-if assumption. Numeric parameters are integers (ppm or units), the others texts; a parameter
/// that is not there has its neutral value.
struct Lever {
    std::string id; ///< unique in the scenario and its ancestors unless it overrides one of theirs
    LeverKind kind = LeverKind::Routing;
    Scope scope;
    std::map<std::string, std::int64_t> numbers;
    std::map<std::string, std::string> texts;
    std::optional<Month> start; ///< first month in force; empty: from the beginning
    int rampMonths = 0;         ///< months over which shares and factors grow to their value
    bool enabled = true;
    std::string note;
    std::string owner;
    std::string grade; ///< evidence: "A" measured … "D" vendor claim; may be empty

    [[nodiscard]] std::int64_t number(std::string_view name) const; ///< value, or the neutral one of the spec
    [[nodiscard]] std::string text(std::string_view name) const;
    bool operator==(const Lever &) const = default;
};

/// The model that a "provider/model" text names; the provider ends at the first slash.
ModelKey modelKeyOf(std::string_view text);

/// Offer and term of a provisioned lever, also when both stand in one text.
struct OfferAndTerm {
    std::string offer;
    std::string term;
};
OfferAndTerm offerAndTermOf(const Lever &lever);
/// Whether the units of a provisioned lever are found instead of set.
bool isSized(const Lever &lever);

/// A named, sparse set of levers on a parent scenario or on the baseline. A lever with the id of an
/// ancestor's lever replaces it here and below.
struct Scenario {
    std::string id; ///< stable, unique in the workspace
    std::string name;
    std::string parent; ///< id of the parent; empty: the baseline
    std::string note;
    std::vector<Lever> levers;
    bool operator==(const Scenario &) const = default;
};

/// A lever in force, with the scenario whose layer set it.
struct EffectiveLever {
    Lever lever;
    std::string setBy; ///< scenario id
    int layer = 0;     ///< 0: the outermost ancestor
};

/// All scenarios of a workspace. A value: edits make a new one.
struct ScenarioSet {
    std::vector<Scenario> scenarios;

    [[nodiscard]] const Scenario *find(std::string_view id) const;
    [[nodiscard]] Scenario *find(std::string_view id);
    [[nodiscard]] const Scenario *findByName(std::string_view name) const;
    /// From the outermost ancestor to the scenario itself; empty for an unknown id. Cycles end the chain.
    [[nodiscard]] std::vector<const Scenario *> chain(std::string_view id) const;
    /// Levers in force for a scenario in pipeline order, inherited ones included.
    [[nodiscard]] std::vector<EffectiveLever> effectiveLevers(std::string_view id) const;
    [[nodiscard]] std::vector<std::string> childrenOf(std::string_view id) const;
    bool operator==(const ScenarioSet &) const = default;
};

/// Ids that are free in the set: "scenario-3", and "routing-2" for a lever of a kind.
std::string freeScenarioId(const ScenarioSet &set);
std::string freeLeverId(const ScenarioSet &set, std::string_view scenarioId, LeverKind kind);
/// "Copy of X", "Copy of X 2", …: a name nobody has yet.
std::string freeScenarioName(const ScenarioSet &set, std::string_view wanted);

/// Something that makes a lever impossible, with the place to mend it.
struct LeverProblem {
    std::string leverId;
    std::string parameter; ///< may be empty: the lever as a whole
    std::string what;
};

class PriceBook;
struct ModelIndex;
/// What an offer says about a model: by its id, else by any name that resolves to it; null when nothing. At an
/// instant what held then, without one the newest.
const ProvisionedThroughput *throughputFor(const ProvisionedOffer &offer, const PriceBook &book, ModelIndex model,
                                           std::optional<Instant> at = std::nullopt);
/// Why an offer cannot be calculated for a model, although it serves it: something is not public, or works in a way
/// that is not modelled. Empty when it can.
std::string whyNotCalculable(const ProvisionedOffer &offer, const ProvisionedThroughput &throughput);
/// Whether two levers of one kind would both be in charge of some request. Pools and prices of different models, routes
/// for different prompt lengths and rates of different currencies would not.
bool compete(const Lever &a, const Lever &b);
/// Range, missing parameters, unknown models and offers, sizes that cannot be bought, and levers of one kind
/// in one layer whose scopes overlap.
std::vector<LeverProblem> checkLevers(const std::vector<EffectiveLever> &levers, const PriceBook &book);

} // namespace perunit
