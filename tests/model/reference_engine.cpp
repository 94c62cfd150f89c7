// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/model/reference_engine.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace reference {

using namespace perunit;

namespace {

constexpr std::array<const char *, 4> statusTexts{"ok", "error", "rate_limited", "cancelled"};
const std::array<UsageClass, 4> promptClasses{UsageClass::Input, UsageClass::CacheRead, UsageClass::CacheWrite5m,
                                              UsageClass::CacheWrite1h};

mpq_class ppm(std::int64_t value)
{
    mpq_class result(big(value), 1'000'000);
    result.canonicalize();
    return result;
}

mpz_class roundHalfEven(const mpq_class &value)
{
    mpz_class floor;
    mpz_fdiv_q(floor.get_mpz_t(), value.get_num().get_mpz_t(), value.get_den().get_mpz_t());
    const mpq_class rest = value - floor;
    const mpq_class half(1, 2);
    if (rest > half || (rest == half && mpz_odd_p(floor.get_mpz_t())))
        ++floor;
    return floor;
}

/// Rounded to a whole number of units of 1/scale.
mpq_class roundedTo(const mpq_class &value, const mpz_class &scale)
{
    mpq_class result(roundHalfEven(value * scale), scale);
    result.canonicalize();
    return result;
}

std::map<std::string, std::string> dimensionsOf(const RequestRow &row)
{
    return {{"provider", row.provider},
            {"service", row.service},
            {"model", row.model},
            {"region", row.region},
            {"deployment", row.deployment},
            {"tier", std::string(nameOf(row.tier))},
            {"status", statusTexts[static_cast<std::size_t>(row.status)]},
            {"workload", row.workload},
            {"environment", row.environment},
            {"team", row.team},
            {"feature", row.feature},
            {"customer", row.customer},
            {"prompt_template", row.promptTemplate}};
}

bool inScope(const RequestRow &row, const Scope &scope)
{
    const auto dimensions = dimensionsOf(row);
    for (const auto &[name, values] : scope.conditions) {
        const auto found = dimensions.find(name);
        const std::string text = found == dimensions.end() ? std::string() : found->second;
        if (std::find(values.begin(), values.end(), text) == values.end())
            return false;
    }
    return true;
}

/// Tokens and events as the levers leave them, and the share of the request that goes this way.
struct Path {
    mpq_class share = 1;
    ModelIndex model;
    ServiceTier tier = ServiceTier::Standard;
    bool covered = false;
    int pool = -1;
    bool routed = false;
    mpq_class promptFactor = 1; ///< by which levers lengthen the prompt
    const Lever *price = nullptr;
    mpq_class priceFactor = 1;
    std::array<mpq_class, usageClassCount> counts;

    [[nodiscard]] mpq_class prompt() const
    {
        mpq_class sum = 0;
        for (const UsageClass each : promptClasses)
            sum += counts[static_cast<std::size_t>(each)];
        return sum;
    }
};

class Reference
{
public:
    Reference(const PriceBook &book, const Input &input)
        : m_book(book)
        , m_input(input)
    {}

    Lines run()
    {
        const Month first = monthOf(m_input.period.from);
        const Month last = monthOf({m_input.period.to.micros - 1});
        const bool whole = first.start() == m_input.period.from && last.plus(1).start() == m_input.period.to;
        const int periodMonths = last.index - first.index + 1;
        if (m_input.horizonMonths > 0) {
            m_firstMonth = last.plus(1);
            m_divisor = whole ? periodMonths : 1;
        } else {
            m_firstMonth = first;
            m_divisor = 1;
        }
        const int months = m_input.horizonMonths > 0 ? m_input.horizonMonths : periodMonths;
        for (const EffectiveLever &lever : m_input.levers) {
            if (lever.lever.enabled && lever.lever.kind == LeverKind::Provisioned && lever.lever.number("units") > 0)
                m_pools.push_back(&lever);
        }
        m_lines.pools.resize(m_pools.size());
        m_loads.assign(m_pools.size(), 0);
        m_served.assign(m_pools.size(), 0);
        m_capacities.assign(m_pools.size(), 0);
        for (int month = 0; month < months; ++month)
            runMonth(month);
        addHarness(months, periodMonths, first);
        for (std::size_t i = 0; i < m_pools.size(); ++i) {
            if (m_capacities[i] != 0)
                m_lines.pools[i].utilisation = roundHalfEven(m_served[i] / m_capacities[i] * 1'000'000);
            if (m_loads[i] != 0)
                m_lines.pools[i].spillShare = roundHalfEven((m_loads[i] - m_served[i]) / m_loads[i] * 1'000'000);
        }
        return std::move(m_lines);
    }

private:
    using LineKey = std::pair<std::string, Component>;

    [[nodiscard]] Month calendar(int month) const { return m_firstMonth.plus(month); }

    // Levers ------------------------------------------------------------------------------------------------

    [[nodiscard]] int monthsSinceStart(const Lever &lever, int month) const
    {
        return calendar(month).index - (lever.start ? lever.start->index : m_firstMonth.index);
    }

    /// The one lever of a kind in charge of a request; pools also look at the model they serve.
    [[nodiscard]] const EffectiveLever *leverFor(const RequestRow &row, LeverKind kind, ModelIndex model = {}) const
    {
        const EffectiveLever *result = nullptr;
        for (const EffectiveLever &each : m_input.levers) {
            if (!each.lever.enabled || each.lever.kind != kind || !inScope(row, each.lever.scope))
                continue;
            if (kind == LeverKind::Provisioned && modelNamed(each.lever.text("model")) != model)
                continue;
            if (!result || each.layer > result->layer)
                result = &each;
        }
        return result;
    }

    [[nodiscard]] ModelIndex modelNamed(const std::string &text) const
    {
        const auto slash = text.find('/');
        return slash == std::string::npos ? m_book.resolve("", text).model
                                          : m_book.resolve(text.substr(0, slash), text.substr(slash + 1)).model;
    }

    [[nodiscard]] mpq_class ramped(const Lever &lever, const char *parameter, std::int64_t neutral, int month) const
    {
        const int since = monthsSinceStart(lever, month);
        if (since < 0)
            return ppm(neutral);
        const auto found = lever.numbers.find(parameter);
        const std::int64_t value = found == lever.numbers.end() ? neutral : found->second;
        mpq_class grown = 1;
        if (lever.rampMonths > 0) {
            grown = mpq_class(since + 1, lever.rampMonths);
            grown.canonicalize();
        }
        if (grown > 1)
            grown = 1;
        return roundedTo(ppm(neutral) + ppm(value - neutral) * grown, 1'000'000);
    }

    [[nodiscard]] static mpq_class fixed(const Lever &lever, const char *parameter, std::int64_t neutral)
    {
        const auto found = lever.numbers.find(parameter);
        return ppm(found == lever.numbers.end() ? neutral : found->second);
    }

    [[nodiscard]] static std::int64_t number(const Lever &lever, const char *parameter, std::int64_t neutral)
    {
        const auto found = lever.numbers.find(parameter);
        return found == lever.numbers.end() ? neutral : found->second;
    }
    /// Money parameters are 10^-9; in femto-units.
    [[nodiscard]] static mpq_class femto(const Lever &lever, const char *parameter)
    {
        return big(number(lever, parameter, 0)) * 1'000'000;
    }

    /// The lever of a kind in charge of a request, if it has begun.
    [[nodiscard]] const Lever *begun(const RequestRow &row, LeverKind kind, int month) const
    {
        const EffectiveLever *lever = leverFor(row, kind);
        return lever && monthsSinceStart(lever->lever, month) >= 0 ? &lever->lever : nullptr;
    }

    [[nodiscard]] mpq_class grown(const Lever &lever, mpq_class level, int month) const
    {
        for (int i = 0; i < monthsSinceStart(lever, month); ++i)
            level *= 1 + fixed(lever, "monthly_growth", 0);
        return roundedTo(level, 1'000'000);
    }

    [[nodiscard]] mpq_class volume(const RequestRow &row, int month) const
    {
        const Lever *lever = begun(row, LeverKind::Volume, month);
        if (!lever)
            return 1;
        const std::string shape = lever->text("shape");
        const int since = monthsSinceStart(*lever, month);
        const mpq_class full = fixed(*lever, "factor", 1'000'000);
        mpq_class level = ramped(*lever, "factor", 1'000'000, month);
        if (shape == "s-curve") {
            mpq_class x = 1;
            if (since + 1 < lever->rampMonths)
                x = mpq_class(since + 1, lever->rampMonths);
            x.canonicalize();
            level = roundedTo(1 + (full - 1) * x * x * (3 - 2 * x), 1'000'000);
        } else if (shape == "spike") {
            mpq_class part = full - 1;
            for (int i = 0; i < since; ++i)
                part /= 2;
            level = roundedTo(1 + part, 1'000'000);
        }
        if (shape == "linear") {
            const mpq_class slope = 1 + fixed(*lever, "monthly_growth", 0) * since;
            return slope < 0 ? mpq_class(0) : roundedTo(level * slope, 1'000'000);
        }
        return grown(*lever, level, month);
    }

    struct Turns {
        mpq_class number = 1;
        mpq_class prompt = 1;
    };
    [[nodiscard]] Turns turns(const RequestRow &row, int month) const
    {
        const Lever *lever = begun(row, LeverKind::ConversationLength, month);
        if (!lever)
            return {};
        // The average prompt of a turn, turn by turn.
        const auto prompt = [&](std::int64_t count) {
            mpz_class sum = 0;
            for (std::int64_t turn = 1; turn <= count; ++turn)
                sum += big(number(*lever, "system_tokens", 0) + number(*lever, "user_tokens", 0)
                           + (turn - 1) * (number(*lever, "user_tokens", 0) + number(*lever, "answer_tokens", 0)));
            mpq_class average(sum, big(count));
            average.canonicalize();
            return average;
        };
        const std::int64_t before = number(*lever, "turns_before", 1);
        const std::int64_t after = number(*lever, "turns_after", 1);
        Turns result;
        result.number = roundedTo(big(after) / mpq_class(big(before)), 1'000'000);
        if (prompt(before) != 0)
            result.prompt = roundedTo(prompt(after) / prompt(before), 1'000'000);
        return result;
    }

    /// How many requests are asked for one that was recorded.
    [[nodiscard]] mpq_class asked(const RequestRow &row, int month) const
    {
        return volume(row, month) * turns(row, month).number;
    }

    /// How many calls of a model are made for it.
    [[nodiscard]] mpq_class calls(const RequestRow &row, int month) const
    {
        mpq_class result = asked(row, month);
        if (const Lever *cache = begun(row, LeverKind::AnswerCache, month))
            result *= 1 - ramped(*cache, "hit_share", 0, month);
        if (const Lever *steps = begun(row, LeverKind::AgentSteps, month))
            result *= ramped(*steps, "mean", 1'000'000, month);
        if (const Lever *retries = begun(row, LeverKind::Retries, month))
            result *= roundedTo(
                1 + ramped(*retries, "retry_share", 0, month) * fixed(*retries, "charged_share", 1'000'000), 1'000'000);
        return result;
    }

    [[nodiscard]] std::vector<Path> pathsOf(const RequestRow &row, int month) const
    {
        Path recorded;
        const ModelMatch match = m_book.resolve(row.provider, row.model);
        recorded.model = match.model;
        recorded.tier = row.tier;
        recorded.covered = row.tier == ServiceTier::Provisioned;
        recorded.share = calls(row, month);
        const Usage apart = row.usage.pricedApart();
        for (std::size_t i = 0; i < usageClassCount; ++i)
            recorded.counts[i] = big(apart.counts[i]);
        std::vector<Path> paths{recorded};
        if (const Lever *lever = routingFor(row, recorded))
            route(paths, *lever, month);
        for (Path &path : paths) {
            lengthen(path, turns(row, month).prompt);
            if (const Lever *lever = begun(row, LeverKind::ContextGrowth, month))
                lengthen(path, grown(*lever, ramped(*lever, "factor", 1'000'000, month), month));
            if (const Lever *lever = begun(row, LeverKind::Trimming, month)) {
                if (promptOfOne(row, recorded) >= big(number(*lever, "prompt_from", 0)))
                    lengthen(path, ramped(*lever, "factor", 1'000'000, month));
            }
            if (const Lever *lever = begun(row, LeverKind::OutputLength, month)) {
                for (const UsageClass generated : {UsageClass::Output, UsageClass::Reasoning})
                    path.counts[static_cast<std::size_t>(generated)] *=
                        grown(*lever, ramped(*lever, "factor", 1'000'000, month), month);
            }
            if (const Lever *lever = begun(row, LeverKind::PromptCache, month))
                cache(row, path, *lever, month);
            setPrice(row, path, month);
        }
        return paths;
    }

    /// The deepest routing lever that takes a request of this recorded prompt length.
    [[nodiscard]] const Lever *routingFor(const RequestRow &row, const Path &recorded) const
    {
        const EffectiveLever *result = nullptr;
        for (const EffectiveLever &each : m_input.levers) {
            if (!each.lever.enabled || each.lever.kind != LeverKind::Routing || !inScope(row, each.lever.scope))
                continue;
            const std::int64_t below = number(each.lever, "prompt_below", 0);
            const mpq_class prompt = promptOfOne(row, recorded);
            if (prompt < big(number(each.lever, "prompt_from", 0)) || (below > 0 && prompt >= big(below)))
                continue;
            if (!result || each.layer > result->layer)
                result = &each;
        }
        return result ? &result->lever : nullptr;
    }

    void route(std::vector<Path> &paths, const Lever &lever, int month) const
    {
        const mpq_class share = ramped(lever, "share", 0, month);
        if (share == 0)
            return;
        Path stays = paths.front();
        Path routed = paths.front();
        stays.share *= 1 - share + share * fixed(lever, "escalation", 0);
        routed.share *= share;
        routed.routed = true;
        routed.model = modelNamed(lever.text("to"));
        if (routed.covered && routed.model != stays.model) {
            routed.covered = false;
            routed.tier = ServiceTier::Standard;
        }
        lengthen(routed, fixed(lever, "token_ratio", 1'000'000));
        for (const UsageClass generated : {UsageClass::Output, UsageClass::Reasoning})
            routed.counts[static_cast<std::size_t>(generated)] *= fixed(lever, "output_ratio", 1'000'000);
        paths = {stays, routed};
    }

    static void lengthen(Path &path, const mpq_class &factor)
    {
        path.promptFactor *= factor;
        for (const UsageClass each : promptClasses)
            path.counts[static_cast<std::size_t>(each)] *= factor;
    }

    void cache(const RequestRow &row, Path &path, const Lever &lever, int month) const
    {
        mpq_class hit = ramped(lever, "hit_share", 0, month);
        mpq_class write = ramped(lever, "write_share", 0, month);
        if (hit == 0 && write == 0)
            return;
        if (promptOfOne(row, path) < big(number(lever, "minimum_prompt", 0)))
            hit = write = 0;
        const mpq_class prompt = path.prompt();
        for (const UsageClass each : promptClasses)
            path.counts[static_cast<std::size_t>(each)] = 0;
        const UsageClass written = lever.text("ttl") == "1h" ? UsageClass::CacheWrite1h : UsageClass::CacheWrite5m;
        path.counts[static_cast<std::size_t>(UsageClass::CacheRead)] = prompt * hit;
        path.counts[static_cast<std::size_t>(written)] = prompt * (1 - hit) * write;
        path.counts[static_cast<std::size_t>(UsageClass::Input)] = prompt * (1 - hit) * (1 - write);
    }

    void setPrice(const RequestRow &row, Path &path, int month) const
    {
        const EffectiveLever *chosen = nullptr;
        for (const EffectiveLever &each : m_input.levers) {
            if (!each.lever.enabled || each.lever.kind != LeverKind::PriceChange || !inScope(row, each.lever.scope)
                || (!each.lever.text("model").empty() && modelNamed(each.lever.text("model")) != path.model))
                continue;
            if (!chosen || each.layer > chosen->layer)
                chosen = &each;
        }
        if (!chosen || monthsSinceStart(chosen->lever, month) < 0)
            return;
        path.price = &chosen->lever;
        path.priceFactor = ramped(chosen->lever, "factor", 1'000'000, month);
    }

    /// New prices: of short prompts at the standard tier; everything else in proportion.
    void changePrices(const RequestRow &row, const Path &path, int month, PriceBand &band) const
    {
        const RateCard standard = cardOf(row, path, ServiceTier::Standard, month);
        const auto change = [&](UsageClass usageClass, UsageClass base, const char *parameter) {
            const std::int64_t wanted = path.price ? number(*path.price, parameter, 0) : 0;
            if (wanted == 0)
                return;
            ClassPrice &price = band.prices[static_cast<std::size_t>(usageClass)];
            mpz_class before = 0;
            if (!standard.bands.empty()
                && standard.bands[0].prices[static_cast<std::size_t>(base)].state != PriceState::Unpriced)
                before = big(standard.bands[0].prices[static_cast<std::size_t>(base)].femto);
            if (before == 0) {
                price = {};
                price.state = PriceState::Priced;
                price.femto = wanted;
            } else if (price.state != PriceState::Unpriced) {
                price.state = PriceState::Priced;
                price.femto = roundHalfEven(mpq_class(big(price.femto) * big(wanted)) / before).get_si();
            }
        };
        change(UsageClass::Input, UsageClass::Input, "input_price");
        change(UsageClass::CacheRead, UsageClass::CacheRead, "cache_read_price");
        change(UsageClass::CacheWrite5m, UsageClass::CacheWrite5m, "cache_write_price");
        change(UsageClass::CacheWrite1h, UsageClass::CacheWrite5m, "cache_write_price");
        change(UsageClass::Output, UsageClass::Output, "output_price");
        change(UsageClass::Reasoning, UsageClass::Output, "output_price");
    }

    // Prices ------------------------------------------------------------------------------------------------

    [[nodiscard]] Instant pricedAt(const RequestRow &row, ModelIndex model, int month) const
    {
        if (m_input.horizonMonths == 0)
            return row.time;
        const Instant start = calendar(month).start();
        const auto open = [&](Instant at) {
            std::vector<bool> result;
            for (const Rate &rate : m_book.model(model).rates) {
                if (rate.daily)
                    result.push_back(rate.daily->contains(at));
            }
            return result;
        };
        if (!model.found())
            return start;
        const std::vector<bool> wanted = open(row.time);
        for (int minute = 0; minute < 7 * 24 * 60; ++minute) {
            const Instant at{start.micros + minute * microsPerMinute};
            if (open(at) == wanted)
                return at;
        }
        return start;
    }

    [[nodiscard]] std::string regionOf(const RequestRow &row) const
    {
        const ModelMatch match = m_book.resolve(row.provider, row.model);
        return match.region.empty() ? row.region : match.region;
    }

    /// Prompt length of one request of a row: a row of several requests has their average, rounded up to a token before
    /// any lever moves it.
    static mpq_class promptOfOne(const RequestRow &row, const Path &path)
    {
        const std::int64_t requests = std::max<std::int64_t>(row.usage[UsageClass::Request], 1);
        return big((row.usage.sentTokens() + requests - 1) / requests) * path.promptFactor;
    }

    [[nodiscard]] RateCard cardOf(const RequestRow &row, const Path &path, ServiceTier tier, int month) const
    {
        if (!path.model.found())
            return {};
        return m_book.rateCard(path.model, tier, regionOf(row), pricedAt(row, path.model, month),
                               m_input.horizonMonths > 0);
    }

    /// The prices a path pays at a tier; false when the model is unknown or has none.
    bool bandFor(const RequestRow &row, const Path &path, ServiceTier tier, int month, PriceBand &band) const
    {
        if (!path.model.found() && !(path.price && tier == ServiceTier::Standard))
            return false;
        const RateCard card = cardOf(row, path, tier, month);
        const mpq_class prompt = promptOfOne(row, path);
        bool any = false;
        for (const PriceBand &each : card.bands) {
            bool reached = true;
            if (each.from)
                reached = each.from->inclusive ? prompt >= big(each.from->tokens) : prompt > big(each.from->tokens);
            if (reached) {
                band = each;
                any = true;
            }
        }
        any = any || (card.bands.empty() && path.price && tier == ServiceTier::Standard);
        if (any)
            changePrices(row, path, month, band);
        return any;
    }

    /// Units serve text, and what their offer gives a weight.
    static bool isServed(std::size_t usageClass, const ProvisionedThroughput &unit)
    {
        const auto each = static_cast<UsageClass>(usageClass);
        if (usageClass <= 4 || each == UsageClass::Reasoning)
            return true;
        return std::any_of(unit.otherWeights.begin(), unit.otherWeights.end(),
                           [each](const ClassWeight &other) { return other.usageClass == each; });
    }

    enum class Charged { Everything, WhatUnitsServe, WhatUnitsLeave };
    /// Charges counts × weight at the prices of a tier. What units serve is charged as spill.
    void charge(const RequestRow &row, const Path &path, ServiceTier tier, const mpq_class &weight, int month,
                std::map<LineKey, mpq_class> &sums, Charged what = Charged::Everything,
                const ProvisionedThroughput *unit = nullptr)
    {
        PriceBand band;
        const bool priced = bandFor(row, path, tier, month, band);
        const bool spill = what == Charged::WhatUnitsServe;
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            const bool generated = i == static_cast<std::size_t>(UsageClass::Output)
                                   || i == static_cast<std::size_t>(UsageClass::Reasoning);
            if (path.counts[i] == 0 || (unit && isServed(i, *unit) != spill))
                continue;
            if (!priced || band.prices[i].state == PriceState::Unpriced) {
                if (isTokenClass(static_cast<UsageClass>(i)))
                    m_lines.unpricedTokens += path.counts[i] * weight;
                continue;
            }
            Component component = Component::Other;
            if (i == 0)
                component = Component::Input;
            else if (i == 1)
                component = Component::CacheRead;
            else if (i == 2 || i == 3)
                component = Component::CacheWrite;
            else if (generated)
                component = Component::Output;
            if (spill)
                component = Component::Spill;
            sums[{groupOf(row), component}] += path.counts[i] * weight * path.priceFactor * big(band.prices[i].femto);
        }
    }

    // Months ------------------------------------------------------------------------------------------------

    [[nodiscard]] bool happensIn(const RequestRow &row, int month) const
    {
        return m_input.period.contains(row.time) && (m_input.horizonMonths > 0 || monthOf(row.time) == calendar(month));
    }

    /// A part of a request that a pool may serve.
    struct Pooled {
        const RequestRow *row = nullptr;
        Path path;
        mpq_class weight;
        mpq_class load;
        bool tooLong = false;
    };

    void runMonth(int month)
    {
        std::map<LineKey, mpq_class> sums;
        std::map<std::pair<std::string, std::size_t>, mpq_class> usage;
        std::vector<std::vector<Pooled>> pooled(m_pools.size());
        for (const RequestRow &row : m_input.requests) {
            if (!happensIn(row, month))
                continue;
            for (Path &path : pathsOf(row, month)) {
                const mpq_class weight =
                    path.covered ? mpq_class(path.share / m_divisor) : serve(row, path, month, sums, pooled);
                for (std::size_t i = 0; i < usageClassCount; ++i)
                    usage[{groupOf(row), i}] += path.counts[i] * weight;
                if (path.routed)
                    sums[{groupOf(row), Component::Lookup}] += big(row.usage[UsageClass::Request]) * path.share
                                                               / m_divisor
                                                               * femto(*routingFor(row, Path{}), "verifier_cost");
            }
            addFees(row, month, sums);
        }
        addFixed(month);
        for (const auto &[key, amount] : sums)
            m_lines.amounts[{month, key.first, key.second}] += roundHalfEven(amount);
        for (const auto &[key, count] : usage)
            m_lines.usage[{month, key.second}] += roundHalfEven(count * 1'000'000);
        for (std::size_t i = 0; i < m_pools.size(); ++i) {
            if (inForce(i, month))
                runPool(i, month, pooled[i]);
        }
    }

    [[nodiscard]] bool inForce(std::size_t pool, int month) const
    {
        return monthsSinceStart(m_pools[pool]->lever, month) >= 0;
    }

    void addFees(const RequestRow &row, int month, std::map<LineKey, mpq_class> &sums) const
    {
        const mpq_class requests = big(row.usage[UsageClass::Request]) * asked(row, month) / m_divisor;
        if (const Lever *cache = begun(row, LeverKind::AnswerCache, month)) {
            sums[{groupOf(row), Component::Lookup}] += requests * femto(*cache, "lookup_cost");
            sums[{groupOf(row), Component::WrongAnswers}] += requests * ramped(*cache, "hit_share", 0, month)
                                                             * fixed(*cache, "wrong_share", 0)
                                                             * femto(*cache, "wrong_cost");
        }
        if (const Lever *review = begun(row, LeverKind::HumanReview, month))
            sums[{groupOf(row), Component::HumanReview}] += requests * ramped(*review, "share", 0, month)
                                                            * fixed(*review, "minutes", 0) / 60
                                                            * femto(*review, "hourly_rate");
    }

    void addFixed(int month)
    {
        for (const EffectiveLever &each : m_input.levers) {
            const Lever &lever = each.lever;
            if (!lever.enabled || monthsSinceStart(lever, month) < 0)
                continue;
            if (lever.kind == LeverKind::Training) {
                mpq_class runs = 0;
                for (int since = 0; since <= monthsSinceStart(lever, month); ++since) {
                    // Runs that were made `since` months ago.
                    if (since >= number(lever, "amortisation_months", 1))
                        break;
                    runs += fixed(lever, "runs_per_month", 0);
                    if (since == monthsSinceStart(lever, month))
                        runs += big(number(lever, "runs_at_start", 0));
                }
                const mpq_class cost = runs * femto(lever, "run_cost") / big(number(lever, "amortisation_months", 1));
                share(month, each, Component::Training, roundHalfEven(cost));
            } else if (lever.kind == LeverKind::PromptCache) {
                const Period whole{calendar(month).start(), calendar(month + 1).start()};
                const Period covered = coveredPart(month);
                mpq_class hours = m_input.conventionalMonth
                                      ? mpq_class(730)
                                      : mpq_class(big(whole.to.micros - whole.from.micros), big(microsPerHour));
                mpq_class actual(big(covered.to.micros - covered.from.micros), big(microsPerHour));
                hours.canonicalize();
                actual.canonicalize();
                if (!(covered == whole) && actual < hours)
                    hours = actual;
                const mpq_class perTokenHour = femto(lever, "storage_price") / 1'000'000;
                share(month, each, Component::CacheStorage,
                      roundHalfEven(perTokenHour * big(number(lever, "stored_tokens", 0)) * hours));
            }
        }
    }

    /// Divides an amount over the groups in which a lever is in charge, by their requests.
    void share(int month, const EffectiveLever &lever, Component component, const mpz_class &cost)
    {
        std::map<std::string, mpq_class> requests;
        bool matches = false;
        bool inCharge = false;
        for (const RequestRow &row : m_input.requests) {
            if (!m_input.period.contains(row.time) || !inScope(row, lever.lever.scope))
                continue;
            matches = true;
            if (lever.lever.kind != LeverKind::Training && leverFor(row, lever.lever.kind) != &lever)
                continue;
            inCharge = true;
            if (happensIn(row, month))
                requests[groupOf(row)] += big(row.usage[UsageClass::Request]) * asked(row, month) / m_divisor;
        }
        if (matches && !inCharge)
            return;
        for (auto &[group, count] : requests)
            count = roundHalfEven(count * 1'000'000);
        attribute(month, cost, requests, component);
    }

    /// Prices what is paid for by use; returns the weight with which the tokens of the path are used.
    mpq_class serve(const RequestRow &row, const Path &path, int month, std::map<LineKey, mpq_class> &sums,
                    std::vector<std::vector<Pooled>> &pooled)
    {
        mpq_class standard = path.share / m_divisor;
        mpq_class used = standard;
        const EffectiveLever *batch = leverFor(row, LeverKind::Batch);
        if (batch && row.tier == ServiceTier::Standard && path.model.found()
            && m_book.hasTier(path.model, ServiceTier::Batch, regionOf(row), pricedAt(row, path.model, month))) {
            const mpq_class share = ramped(batch->lever, "share", 0, month);
            mpq_class batched = standard * share;
            if (monthsSinceStart(batch->lever, month) >= 0)
                batched *= 1 + fixed(batch->lever, "rerun_share", 0);
            charge(row, path, ServiceTier::Batch, batched, month, sums);
            standard *= 1 - share;
            used = standard + batched;
        }
        int pool = -1;
        if (row.tier == ServiceTier::Standard && path.model.found()) {
            const EffectiveLever *lever = leverFor(row, LeverKind::Provisioned, path.model);
            for (std::size_t i = 0; i < m_pools.size(); ++i) {
                if (m_pools[i] == lever && inForce(i, month))
                    pool = static_cast<int>(i);
            }
        }
        if (pool < 0)
            charge(row, path, path.tier, standard, month, sums);
        else
            charge(row, path, path.tier, standard, month, sums, Charged::WhatUnitsLeave,
                   &throughputOf(static_cast<std::size_t>(pool)));
        if (pool >= 0)
            pooled[static_cast<std::size_t>(pool)].push_back({&row, path, standard, 0, false});
        return used;
    }

    [[nodiscard]] const ProvisionedThroughput &throughputOf(std::size_t pool) const
    {
        const Lever &lever = m_pools[pool]->lever;
        const ProvisionedOffer *offer = m_book.offer(lever.text("offer"));
        const std::string &model = m_book.model(modelNamed(lever.text("model"))).key.model;
        for (const ProvisionedThroughput &each : offer->throughput) {
            if (each.model == model)
                return each;
        }
        return offer->throughput.front();
    }

    [[nodiscard]] static mpq_class loadOf(const Pooled &part, const ProvisionedThroughput &unit)
    {
        const auto &counts = part.path.counts;
        LongPromptWeights weights{{},
                                  unit.inputWeight,
                                  unit.cacheReadWeight,
                                  unit.cacheWriteWeight,
                                  unit.cacheWrite1hWeight,
                                  unit.outputWeight};
        if (unit.longPrompt) {
            const mpq_class prompt = promptOfOne(*part.row, part.path);
            const mpq_class from = big(unit.longPrompt->from.tokens);
            if (prompt > from || (unit.longPrompt->from.inclusive && prompt == from))
                weights = *unit.longPrompt;
        }
        mpq_class load = 0;
        for (const ClassWeight &other : unit.otherWeights)
            load += counts[static_cast<std::size_t>(other.usageClass)] * ppm(other.weight);
        return load + counts[0] * ppm(weights.inputWeight) + counts[1] * ppm(weights.cacheReadWeight)
               + counts[2] * ppm(weights.cacheWriteWeight) + counts[3] * ppm(weights.cacheWrite1hWeight)
               + (counts[4] + counts[static_cast<std::size_t>(UsageClass::Reasoning)]) * ppm(weights.outputWeight);
    }

    void runPool(std::size_t pool, int month, std::vector<Pooled> &parts)
    {
        const ProvisionedThroughput &unit = throughputOf(pool);
        const Lever &lever = m_pools[pool]->lever;
        const mpq_class capacity = big(lever.number("units")) * big(unit.inputTokensPerMinute);
        std::map<std::int64_t, mpq_class> minutes;
        const auto minuteOf = [](Instant at) {
            mpz_class result;
            mpz_fdiv_q(result.get_mpz_t(), big(at.micros).get_mpz_t(), big(microsPerMinute).get_mpz_t());
            return static_cast<std::int64_t>(result.get_si());
        };
        for (Pooled &part : parts) {
            part.tooLong =
                unit.maximumPromptTokens > 0 && promptOfOne(*part.row, part.path) > big(unit.maximumPromptTokens);
            // Loads are those of the baseline's own minutes: not divided by the number of months.
            part.load = loadOf(part, unit) * part.weight * m_divisor;
            m_loads[pool] += part.load;
            if (!part.tooLong)
                minutes[minuteOf(part.row->time)] += part.load;
        }
        std::map<std::int64_t, mpq_class> spilled;
        for (const auto &[minute, load] : minutes) {
            if (load > capacity)
                spilled[minute] = roundedTo((load - capacity) / load, mpz_class("1000000000000"));
        }
        std::map<LineKey, mpq_class> sums;
        std::map<std::string, mpq_class> served;
        for (const Pooled &part : parts) {
            mpq_class share = 1;
            if (!part.tooLong) {
                const auto found = spilled.find(minuteOf(part.row->time));
                share = found == spilled.end() ? mpq_class(0) : found->second;
                served[groupOf(*part.row)] += part.load * (1 - share);
                m_served[pool] += part.load * (1 - share);
            }
            if (share != 0)
                charge(*part.row, part.path, ServiceTier::Standard, part.weight * share, month, sums,
                       Charged::WhatUnitsServe, &unit);
        }
        for (const auto &[key, amount] : sums) {
            const mpz_class rounded = roundHalfEven(amount);
            m_lines.amounts[{month, key.first, key.second}] += rounded;
            m_lines.pools[pool].spillCost += rounded;
        }
        const mpz_class cost = fixedCost(pool, month);
        m_lines.pools[pool].fixedCost += cost;
        attribute(month, cost, served, Component::Provisioned);
        m_capacities[pool] += capacity * minutesCovered(month);
    }

    [[nodiscard]] Period coveredPart(int month) const
    {
        const Period whole{calendar(month).start(), calendar(month + 1).start()};
        if (m_input.horizonMonths > 0)
            return whole;
        return {std::max(whole.from, m_input.period.from), std::min(whole.to, m_input.period.to)};
    }

    [[nodiscard]] static mpz_class minutesOf(Period span)
    {
        mpz_class from;
        mpz_class to;
        mpz_fdiv_q(from.get_mpz_t(), big(span.from.micros).get_mpz_t(), big(microsPerMinute).get_mpz_t());
        mpz_cdiv_q(to.get_mpz_t(), big(span.to.micros).get_mpz_t(), big(microsPerMinute).get_mpz_t());
        return to - from;
    }

    [[nodiscard]] mpz_class minutesCovered(int month) const
    {
        return minutesOf(m_input.horizonMonths > 0 ? m_input.period : coveredPart(month));
    }

    [[nodiscard]] mpz_class fixedCost(std::size_t pool, int month) const
    {
        const Lever &lever = m_pools[pool]->lever;
        const Period whole{calendar(month).start(), calendar(month + 1).start()};
        const Period covered = coveredPart(month);
        for (const ProvisionedTerm &term : m_book.offer(lever.text("offer"))->terms) {
            if (term.term != lever.text("term") || !term.valid.contains(covered.from))
                continue;
            const mpz_class hours =
                m_input.conventionalMonth ? mpz_class(730) : big((whole.to.micros - whole.from.micros) / microsPerHour);
            mpq_class months = 1;
            if (!(covered == whole)) {
                months = mpq_class(big(covered.to.micros - covered.from.micros), hours * 60 * 60 * 1'000'000);
                months.canonicalize();
                if (months > 1)
                    months = 1;
            }
            mpq_class price = big(term.femto) * big(lever.number("units")) * months;
            if (term.perHour)
                price *= hours;
            return roundHalfEven(price);
        }
        return 0;
    }

    void attribute(int month, const mpz_class &cost, const std::map<std::string, mpq_class> &served,
                   Component component)
    {
        mpq_class total = 0;
        for (const auto &[group, load] : served)
            total += load;
        if (total == 0) {
            m_lines.amounts[{month, "", component}] += cost;
            return;
        }
        struct Part {
            std::string group;
            mpz_class amount;
            mpq_class rest;
        };
        std::vector<Part> parts;
        mpz_class left = cost;
        for (const auto &[group, load] : served) {
            if (load == 0)
                continue;
            const mpq_class exact = cost * load / total;
            Part part{group, {}, {}};
            mpz_fdiv_q(part.amount.get_mpz_t(), exact.get_num().get_mpz_t(), exact.get_den().get_mpz_t());
            part.rest = exact - part.amount;
            left -= part.amount;
            parts.push_back(part);
        }
        std::stable_sort(parts.begin(), parts.end(), [](const Part &a, const Part &b) { return a.rest > b.rest; });
        for (std::size_t i = 0; left > 0; ++i, --left)
            ++parts[i].amount;
        for (const Part &part : parts)
            m_lines.amounts[{month, part.group, component}] += part.amount;
    }

    /// Only charges that lie within one month: how others are spread has its own tests.
    void addHarness(int months, int periodMonths, Month firstPeriodMonth)
    {
        std::map<std::pair<std::string, int>, mpz_class> money;
        for (const ChargeRow &row : m_input.harness) {
            const int month = monthOf(row.period.from).index - firstPeriodMonth.index;
            if (m_input.period.contains(row.period.from) && month < periodMonths)
                money[{"harness:" + row.workload + "/" + row.team, month}] += big(row.effective->units());
        }
        std::map<std::pair<std::string, int>, mpq_class> lines;
        for (const auto &[key, amount] : money) {
            for (int month = 0; month < months; ++month) {
                if (m_input.horizonMonths > 0 || month == key.second)
                    lines[{key.first, month}] +=
                        mpq_class(amount) / m_divisor / 1'000'000'000 * partOfTheWeek(key.first, month);
            }
        }
        for (const auto &[key, amount] : lines)
            m_lines.amounts[{key.second, key.first, Component::Harness}] += roundHalfEven(amount);
    }

    /// Part of a week in which the endpoints of a harness group run.
    [[nodiscard]] mpq_class partOfTheWeek(const std::string &group, int month) const
    {
        for (const ChargeRow &row : m_input.harness) {
            if ("harness:" + row.workload + "/" + row.team != group)
                continue;
            const EffectiveLever *chosen = nullptr;
            for (const EffectiveLever &each : m_input.levers) {
                if (!each.lever.enabled || each.lever.kind != LeverKind::EndpointSchedule)
                    continue;
                bool matches = true;
                for (const auto &[name, values] : each.lever.scope.conditions) {
                    const std::string value = name == "workload" ? row.workload : name == "team" ? row.team : "";
                    matches = matches && std::find(values.begin(), values.end(), value) != values.end();
                }
                if (matches && (!chosen || each.layer > chosen->layer))
                    chosen = &each;
            }
            if (!chosen)
                return 1;
            return ramped(chosen->lever, "hours_per_day", 24'000'000, month)
                   * ramped(chosen->lever, "days_per_week", 7'000'000, month) / 168;
        }
        return 1;
    }

    const PriceBook &m_book;
    const Input &m_input;
    Lines m_lines;
    Month m_firstMonth;
    int m_divisor = 1;
    std::vector<const EffectiveLever *> m_pools;
    std::vector<mpq_class> m_loads;
    std::vector<mpq_class> m_served;
    std::vector<mpq_class> m_capacities;
};

} // namespace

mpz_class big(Int128 value)
{
    const bool negative = value < 0;
    const UInt128 magnitude = negative ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
    mpz_class result = static_cast<unsigned long>(magnitude >> 64);
    result <<= 64;
    result += static_cast<unsigned long>(magnitude & ~std::uint64_t{0});
    return negative ? mpz_class(-result) : result;
}

mpz_class Lines::total() const
{
    mpz_class sum = 0;
    for (const auto &[key, amount] : amounts)
        sum += amount;
    return sum;
}

std::string groupOf(const RequestRow &row)
{
    std::string result;
    for (const auto &[name, text] : dimensionsOf(row))
        result += name + "=" + text + "\x01";
    return result;
}

std::string valueIn(const std::string &group, const std::string &dimension)
{
    const std::string key = dimension + "=";
    std::size_t at = 0;
    while (at < group.size()) {
        const std::size_t end = group.find('\x01', at);
        const std::string item = group.substr(at, end - at);
        if (item.rfind(key, 0) == 0)
            return item.substr(key.size());
        if (end == std::string::npos)
            break;
        at = end + 1;
    }
    return {};
}

Lines evaluate(const PriceBook &book, const Input &input)
{
    return Reference(book, input).run();
}

} // namespace reference
