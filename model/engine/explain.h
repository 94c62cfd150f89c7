// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/evaluate.h"
#include "model/engine/explain_cell.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

class Profile;

/// What a line of an explanation stands for.
enum class ExplainedKind : std::uint8_t {
    Usage,       ///< tokens or events × share × price
    Covered,     ///< usage on capacity that is paid for apart from it: costs nothing here
    Unpriced,    ///< usage without a price: no amount
    Spill,       ///< usage that reserved units could not serve, at its price
    Fee,         ///< paid for every request: lookups, verdicts, wrong answers, reviews
    Reservation, ///< fixed cost of reserved units
    Training,
    CacheStorage,
    Harness, ///< charges of the ledger
    Units    ///< how many units there are; not money
};
inline constexpr std::size_t explainedKindCount = 10;
/// Names in `--json`.
inline constexpr std::array<std::string_view, explainedKindCount> explainedKindNames{
    "usage", "covered", "unpriced", "spill", "fee", "reservation", "training", "cache_storage", "harness", "units"};

/// One factor of the share with which tokens count.
struct ShareFactor {
    std::string value; ///< decimal text
    std::string label; ///< "volume", "routed"
    bool divides = false;
    std::string leverId; ///< that made it; empty: none
};

/// Where a price comes from.
struct PriceEntry {
    std::string catalogue;
    std::string provider;
    std::string model;
    std::string rate;  ///< id of the rate; empty where a lever or an offer sets the price
    std::string offer; ///< of reserved units, with the term
    Period valid{alwaysBefore, alwaysAfter};
    ServiceTier tier = ServiceTier::Standard; ///< of the rate
    std::string region;                       ///< of the rate; empty: any
    std::string band;                         ///< "prompts above 200000 tokens"; empty: the base band
    RateStatus status = RateStatus::Published;
    std::string source;
    std::string checked;
    std::string grade;
    bool assumed = false;              ///< inherited from another class
    std::vector<std::string> overlays; ///< terms of contracts that made it, by name
    std::optional<Int128> listFemto;   ///< what it was without them, where there is anything to compare with
    std::string leverId;               ///< that set the price
    Int128 femto = 0;                  ///< for one token, event or request
    /// "anthropic/claude-sonnet-4-5, rate claude-sonnet-4-5, from 2025-09-29".
    [[nodiscard]] std::string text() const;
};

/// A group of ledger rows that count in a figure alike: tokens × share × price = amount, up to the rounding that
/// makes lines sum exactly.
struct ExplainedLine {
    ExplainedKind kind = ExplainedKind::Usage;
    std::optional<Component> component;
    std::optional<UsageClass> usageClass; ///< class that is charged
    bool ofPrompt = false;                ///< `tokens` are all prompt tokens, whatever class they were recorded as
    std::optional<Month> firstMonth;      ///< months of the outcome that it speaks of
    std::optional<Month> lastMonth;
    std::string recordedModel;    ///< "provider/model" as recorded; empty where models do not matter
    std::string recordedProvider; ///< the first part of it; empty where none was recorded
    std::string model;            ///< "provider/model" that serves; empty: not found
    ServiceTier tier = ServiceTier::Standard;
    std::int64_t rows = 0;        ///< ledger rows with such usage
    std::optional<Int128> tokens; ///< recorded tokens, events or requests of those rows
    std::optional<PriceEntry> price;
    std::string share; ///< decimal text, at most 18 decimals: the product of `factors`; empty where there is none
    std::vector<ShareFactor> factors;
    std::optional<Femto> amount; ///< none: it has no price
    Femto cost;                  ///< the same before it was divided by a number of units
    std::string detail;          ///< what else there is to say, for people
    std::string leverId;         ///< that made the line, where one did

    /// "1.2 volume × 0.4 routed ÷ 3 months"; "1" without factors.
    [[nodiscard]] std::string factorText() const;

    /// Requests of a block in order of prompt length, and single rows; what explainRows() reads.
    struct Rows {
        std::uint32_t from = 0;
        std::uint32_t to = 0;
    };
    std::vector<Rows> places;                ///< of the profile
    std::uint32_t classes = 0;               ///< bits: only rows that have any of them; 0: all
    std::vector<std::uint32_t> workloadRows; ///< at most 1,000 of them
    std::vector<std::uint32_t> charges;      ///< indexes into the harness charges of the ledger
};

/// A lever that touches a figure.
struct ExplainedLever {
    EffectiveLever lever;
    Month firstMonth; ///< in which it does
    Month lastMonth;
    std::string effect; ///< for people, with its values: "60 % of the requests go to openai/gpt-4.1-mini"
};

/// Why a figure is what it is. The amounts of the lines sum to it exactly.
struct Explanation {
    Cell cell;
    std::string currency;
    bool isMoney = true; ///< false: a number of units, with 15 decimals like money
    /// No value: nothing in it has a price, or there are no units to divide by.
    std::optional<Femto> amount;
    std::optional<Femto> cost;              ///< of a cost per unit: what is divided
    std::optional<Millionths> count;        ///< and by how many units
    std::vector<ExplainedLine> lines;       ///< largest amount first; what has no price stands at the end
    Femto sum;                              ///< of the lines
    std::vector<ExplainedLever> levers;     ///< in the order of the pipeline
    std::string formula;                    ///< with the numbers put in, for people
    std::shared_ptr<const Profile> profile; ///< that the lines speak of
};

/// Opens a figure to its formula, its levers, and the rows and prices behind it. Errors: those of evaluate(), and
/// NotFound for a unit that the request does not have.
Result<Explanation> explain(const Baseline &baseline, const EvaluationRequest &request, const Cell &cell,
                            std::stop_token stop);

/// A row of the ledger behind a line.
struct ExplainedRow {
    std::optional<std::size_t> workloadRow; ///< a request
    std::optional<std::size_t> charge;      ///< or a charge: index into the harness charges
    std::int64_t sourceId = 0;
    std::int64_t sourceRow = 0; ///< 1-based; 0: unknown
    Instant time;
    std::string provider;
    std::string model;
    Int128 tokens = 0;           ///< of what the line counts
    std::optional<Money> amount; ///< of a charge
};

/// The first ledger rows behind a line, in order of time.
std::vector<ExplainedRow> explainRows(const Baseline &baseline, const Explanation &explanation, std::size_t line,
                                      std::size_t limit);

} // namespace perunit
