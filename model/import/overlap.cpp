// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/overlap.h"

#include "model/import/overlap_side.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;
using Scope = OverlapCollector::Scope;

constexpr std::string_view overlapKind = "overlap";
/// More pairs of scopes than this are not compared one by one; all of them then count as common, which asks too often
/// rather than too seldom.
constexpr std::size_t mostScopePairs = 4'000'000;

Period common(const Period &a, const Period &b)
{
    return {std::max(a.from, b.from), std::min(a.to, b.to)};
}

bool coversAll(const Period &a, const Period &b)
{
    return a.from <= b.from && a.to >= b.to;
}

/// What one row leaves open, the other one may mean.
bool mayBeTheSame(const Scope &a, const Scope &b)
{
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && (i == 0 || (!a[i].empty() && !b[i].empty())))
            return false;
    }
    return true;
}

/// Which scopes of `side` also occur in `other`.
std::vector<bool> commonScopes(const OverlapCollector &side, const OverlapCollector &other)
{
    const auto &scopes = side.scopes();
    const auto &others = other.scopes();
    std::vector<bool> result(scopes.size(), true);
    if (scopes.size() * others.size() > mostScopePairs)
        return result;
    for (std::size_t i = 0; i < scopes.size(); ++i)
        result[i] = std::any_of(others.begin(), others.end(),
                                [&](const auto &each) { return mayBeTheSame(scopes[i].scope, each.scope); });
    return result;
}

void sumUp(const OverlapCollector &collector, const std::vector<bool> &scopes, OverlapSide &side)
{
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        if (!scopes[i])
            continue;
        const auto &sum = collector.scopes()[i];
        side.rows += sum.rows;
        side.tokens += sum.tokens;
        if (sum.cost)
            side.cost = side.cost.value_or(Money()) + *sum.cost;
    }
    side.wholeCost = collector.wholeCost();
}

std::vector<std::uint64_t> numbersOf(const OverlapCollector &side, const std::vector<bool> &scopes,
                                     std::uint64_t OverlapCollector::Entry::*member)
{
    std::vector<std::uint64_t> numbers;
    for (const auto &entry : side.entries()) {
        if (scopes[entry.scope])
            numbers.push_back(entry.*member);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

/// How many numbers two sorted lists share, repetitions included: identical rows may be genuine.
std::int64_t sharedCount(const std::vector<std::uint64_t> &a, const std::vector<std::uint64_t> &b)
{
    std::int64_t shared = 0;
    for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
        if (a[i] == b[k]) {
            ++shared;
            ++i;
            ++k;
        } else if (a[i] < b[k]) {
            ++i;
        } else {
            ++k;
        }
    }
    return shared;
}

void compare(const OverlapCollector &known, const OverlapCollector &fresh, Overlap &overlap)
{
    const auto knownScopes = commonScopes(known, fresh);
    const auto freshScopes = commonScopes(fresh, known);
    sumUp(known, knownScopes, overlap.known);
    sumUp(fresh, freshScopes, overlap.fresh);
    using Entry = OverlapCollector::Entry;
    overlap.sameEvents =
        sharedCount(numbersOf(known, knownScopes, &Entry::event), numbersOf(fresh, freshScopes, &Entry::event));
    overlap.sameRows =
        sharedCount(numbersOf(known, knownScopes, &Entry::row), numbersOf(fresh, freshScopes, &Entry::row));
}

Overlap between(const Source &known, const Source &fresh)
{
    Overlap overlap;
    overlap.role = fresh.role;
    overlap.bills = known.isBill && fresh.isBill;
    overlap.period = common(known.period, fresh.period);
    overlap.known.sourceId = known.id;
    overlap.known.file = known.file;
    overlap.fresh.sourceId = fresh.id;
    overlap.fresh.file = fresh.file;
    overlap.covers = known.format == fresh.format
                     && (coversAll(known.period, fresh.period) || coversAll(fresh.period, known.period));
    return overlap;
}

/// One reading of a file for several comparisons.
class FanOut : public RowVisitor
{
public:
    Status add(const RequestRow &row, std::int64_t number) override { return all(row, number); }
    Status add(const ChargeRow &row, std::int64_t number) override { return all(row, number); }
    Status add(const OutcomeRow &row, std::int64_t number) override { return all(row, number); }

    std::vector<OverlapCollector> collectors;

private:
    template <typename Row>
    Status all(const Row &row, std::int64_t number)
    {
        for (OverlapCollector &collector : collectors) {
            if (auto status = collector.add(row, number); !status)
                return status;
        }
        return {};
    }
};

std::string pairName(std::int64_t a, std::int64_t b)
{
    return std::to_string(std::min(a, b)) + "-" + std::to_string(std::max(a, b));
}

Json amountJson(const CostTotal &amount)
{
    return amount ? Json(amount->text()) : Json();
}

CostTotal amountOf(const Json &json)
{
    if (!json.is_string())
        return {};
    const auto value = parseDecimal(json.get_ref<const std::string &>(), Money::scale);
    return value ? CostTotal(Money::ofUnits(value->units)) : CostTotal();
}

Json sideJson(const OverlapSide &side)
{
    return {{"source", side.sourceId},
            {"rows", side.rows},
            {"cost", amountJson(side.cost)},
            {"whole_cost", amountJson(side.wholeCost)},
            {"tokens", side.tokens}};
}

void readSide(const Json &json, OverlapSide &side)
{
    side.rows = json.at("rows").get<std::int64_t>();
    side.tokens = json.at("tokens").get<std::int64_t>();
    side.cost = amountOf(json.at("cost"));
    side.wholeCost = amountOf(json.at("whole_cost"));
}

/// What is remembered about a pair; false when it cannot be used.
bool readRemembered(const std::string &text, Overlap &overlap)
{
    try {
        const Json json = Json::parse(text);
        const bool inOrder = json.at("known").at("source").get<std::int64_t>() == overlap.known.sourceId;
        readSide(json.at(inOrder ? "known" : "fresh"), overlap.known);
        readSide(json.at(inOrder ? "fresh" : "known"), overlap.fresh);
        overlap.sameRows = json.at("same_rows").get<std::int64_t>();
        overlap.sameEvents = json.at("same_events").get<std::int64_t>();
        overlap.kept = json.at("kept").get<bool>();
        return true;
    } catch (const Json::exception &) {
        return false;
    }
}

Status compareStored(const WorkspaceStore &store, Overlap &overlap, const std::stop_token &stop)
{
    OverlapCollector known(overlap.period, {});
    OverlapCollector fresh(overlap.period, {});
    if (auto status = store.visitRows(overlap.known.sourceId, known, stop); !status)
        return status;
    if (auto status = store.visitRows(overlap.fresh.sourceId, fresh, stop); !status)
        return status;
    compare(known, fresh, overlap);
    return {};
}

} // namespace

bool Overlap::needsAnswer() const
{
    if (!exists() || kept)
        return false;
    // Requests of one time may come from two logs, as when one log ends while the next begins; a bill and a count of
    // units are one statement about the period.
    return role != SourceRole::Usage || bills || sameEvents > 0 || covers;
}

std::string Overlap::text() const
{
    const std::string from = formatDate(period.from);
    const std::string to = formatDate({period.to.micros - 1});
    std::string result =
        "'" + known.file + "' and '" + fresh.file + "' both cover " + from + (from == to ? "" : " to " + to) + ": ";
    const std::int64_t most = std::min(known.rows, fresh.rows);
    if (sameRows == known.rows && sameRows == fresh.rows)
        return result
               + (sameRows == 1 ? "the only row is the same"
                                : "all " + std::to_string(sameRows) + " rows are the same");
    result += std::to_string(known.rows) + " and " + std::to_string(fresh.rows) + " rows, ";
    if (sameRows > 0)
        result += std::to_string(sameRows) + " of them the same";
    else if (sameEvents > 0)
        result += "none the same";
    else
        result += "none in common";
    if (sameEvents > sameRows && most > 0)
        result += ", " + std::to_string(sameEvents - sameRows) + " about the same with other amounts or names";
    return result;
}

namespace {

/// Whether the money of both is added up. A bill that plays usage gives its lines to usage and to harness; beside a log
/// of requests it is only compared (Ledger::bills).
bool addUp(const Source &a, const Source &b)
{
    const bool bills = a.isBill && b.isBill;
    if (a.role == b.role)
        return a.role != SourceRole::Usage || a.isBill == b.isBill;
    return bills && a.role != SourceRole::Invoice && b.role != SourceRole::Invoice;
}

} // namespace

std::vector<Source> overlapCandidates(const std::vector<Source> &sources, const Source &fresh)
{
    std::vector<Source> result;
    std::copy_if(sources.begin(), sources.end(), std::back_inserter(result), [&fresh](const Source &known) {
        // The same content read in another way takes the place of its earlier reading without being asked.
        const bool sameContent = known.sha256 == fresh.sha256
                                 || (!known.contentSha256.empty() && known.contentSha256 == fresh.contentSha256);
        return known.active && known.damage.empty() && known.id != fresh.id && addUp(known, fresh) && !sameContent
               && !common(known.period, fresh.period).isEmpty();
    });
    return result;
}

Result<std::vector<Overlap>> findOverlaps(const WorkspaceStore &store, const std::string &path,
                                          const ImportOptions &options, const ImportPreview &preview,
                                          const RequestCost &cost, const std::stop_token &stop)
{
    std::vector<Overlap> result;
    if (preview.alreadyImported || preview.facts.rowsAccepted == 0)
        return result;
    const auto sources = store.sources();
    if (!sources)
        return sources.error();
    FanOut fresh;
    const std::vector<Source> candidates = overlapCandidates(*sources, preview.facts);
    for (const Source &known : candidates)
        fresh.collectors.emplace_back(common(known.period, preview.facts.period), cost);
    if (candidates.empty())
        return result;
    if (auto status = visitFile(path, options, &store, fresh, stop); !status)
        return status.error();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        Overlap overlap = between(candidates[i], preview.facts);
        overlap.fresh.file = preview.file;
        OverlapCollector known(overlap.period, cost);
        if (auto status = store.visitRows(candidates[i].id, known, stop); !status)
            return status.error();
        compare(known, fresh.collectors[i], overlap);
        result.push_back(std::move(overlap));
    }
    return result;
}

Status rememberOverlap(WorkspaceStore &store, const Overlap &overlap)
{
    const Json json{{"known", sideJson(overlap.known)},
                    {"fresh", sideJson(overlap.fresh)},
                    {"same_rows", overlap.sameRows},
                    {"same_events", overlap.sameEvents},
                    {"kept", overlap.kept}};
    return store.putDocument(overlapKind, pairName(overlap.known.sourceId, overlap.fresh.sourceId), json.dump());
}

Result<std::vector<Overlap>> storedOverlaps(const WorkspaceStore &store, const std::stop_token &stop)
{
    const auto sources = store.sources();
    if (!sources)
        return sources.error();
    const auto remembered = store.documents(overlapKind);
    if (!remembered)
        return remembered.error();
    std::vector<Overlap> result;
    for (const Source &fresh : *sources) {
        if (!fresh.active || !fresh.damage.empty())
            continue;
        for (const Source &known : overlapCandidates(*sources, fresh)) {
            if (known.id > fresh.id)
                continue;
            Overlap overlap = between(known, fresh);
            const std::string name = pairName(known.id, fresh.id);
            const auto document = std::find_if(remembered->begin(), remembered->end(),
                                               [&name](const auto &each) { return each.name == name; });
            if (document == remembered->end() || !readRemembered(document->content, overlap)) {
                if (auto status = compareStored(store, overlap, stop); !status)
                    return status.error();
            }
            if (overlap.exists())
                result.push_back(std::move(overlap));
        }
    }
    return result;
}

} // namespace perunit
