// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analyses/completeness.h"

#include "model/engine/harness.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace perunit {

namespace {

constexpr std::size_t leastCompared = 3;
constexpr std::int64_t comparedWeeks = 8;
constexpr std::int64_t comparedDays = 14;
constexpr std::size_t edgeDays = 7;
constexpr Int128 fewRequests = 20; ///< half of less than that is chance
constexpr std::int64_t edgeSlack = microsPerHour;
constexpr Int128 fewRows = 20; ///< so few are missing from the end of a day by chance: they come in conversations
constexpr std::int64_t unknownEdge = 2 * microsPerHour;
constexpr std::int64_t endedUsage = 7 * microsPerDay;
constexpr std::int64_t endedCharges = 45 * microsPerDay;

/// A day while it is collected: when its first row begins and its last one ends, from the start of the day.
struct RawDay {
    SeriesDay facts;
    std::int64_t begins = microsPerDay;
    std::int64_t ends = 0;
    std::array<std::int64_t, 24> hours{}; ///< rows of usage by hour
    [[nodiscard]] bool isEmpty() const { return facts.rows == 0; }
};

struct RawSeries {
    std::map<std::int64_t, RawDay> days; ///< by number of the day
    std::set<std::int64_t> sources;      ///< as far as they are known
    bool isBill = false;
    RawDay &at(std::int64_t day)
    {
        RawDay &result = days[day];
        result.facts.day = {day * microsPerDay};
        return result;
    }
};

using SeriesKey = std::tuple<SourceRole, std::int64_t, std::string>;

Int128 medianOf(std::vector<Int128> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Judges the days of one series.
class SeriesJudge
{
public:
    SeriesJudge(DaySeries &series, std::vector<RawDay> raw, Instant importedAt)
        : m_series(series)
        , m_days(std::move(raw))
        , m_importedAt(importedAt)
    {
        m_wholeDays = std::all_of(m_days.begin(), m_days.end(), [](const RawDay &day) {
            return day.isEmpty() || (day.begins == 0 && day.ends == 0);
        });
    }

    void judge()
    {
        const bool firstPartial = edgeIsPartial(true);
        const bool lastPartial = edgeIsPartial(false);
        m_compared.assign(m_days.size(), true);
        m_compared.front() = !firstPartial;
        m_compared.back() = !lastPartial;
        for (std::size_t i = 0; i < m_days.size(); ++i)
            m_days[i].facts.state = stateOf(i);
        if (firstPartial)
            m_days.front().facts.state = DayState::Partial;
        if (lastPartial)
            m_days.back().facts.state = DayState::Partial;
        markProvisional();
        for (const RawDay &day : m_days) {
            m_series.days.push_back(day.facts);
            m_series.rows += day.facts.rows;
            m_series.money += day.facts.money;
        }
        for (std::size_t i = m_days.size(); i > 0 && !m_series.completeUntil; --i) {
            const SeriesDay &day = m_days[i - 1].facts;
            const bool open = day.state == DayState::Partial || day.state == DayState::Provisional
                              || (i == m_days.size() && day.state == DayState::Low);
            if (!open)
                m_series.completeUntil = Instant{day.day.micros + microsPerDay};
        }
    }

private:
    /// Usage whose requests are known.
    [[nodiscard]] bool isCounted() const { return m_series.role == SourceRole::Usage && !m_series.isBill; }

    [[nodiscard]] Int128 measure(const SeriesDay &day) const
    {
        return isCounted()                            ? Int128{day.requests}
               : m_series.isBill                      ? Int128{day.tokens}
               : m_series.role == SourceRole::Outcome ? Int128{day.rows}
                                                      : day.money.units();
    }

    /// Whether hours are missing at the beginning (or end) of the first (or last) day.
    [[nodiscard]] bool edgeIsPartial(bool first) const
    {
        if (m_wholeDays)
            return false;
        const RawDay &edge = first ? m_days.front() : m_days.back();
        const auto gap = [first](const RawDay &day) {
            return first ? day.begins : microsPerDay - day.ends;
        };
        std::int64_t usualGap = 0;
        std::size_t compared = 0;
        Int128 beyond = 0;
        Int128 within = 0;
        for (std::size_t i = 1; i < m_days.size() && i <= edgeDays; ++i) {
            const RawDay &day = first ? m_days[i] : m_days[m_days.size() - 1 - i];
            // The other edge may be cut itself and says nothing about usual hours.
            if (day.isEmpty() || i + 1 == m_days.size())
                continue;
            ++compared;
            const std::int64_t there = rowsBeyond(day, edge, first);
            beyond += there;
            within += day.facts.rows - there;
            usualGap = std::max(usualGap, gap(day));
        }
        if (compared < leastCompared)
            return gap(edge) > unknownEdge;
        // A quiet day has quiet evenings: what to expect goes with the rest of the day.
        const bool byChance = isCounted() && Int128{edge.facts.rows} * beyond < fewRows * within;
        return gap(edge) > usualGap + edgeSlack && !byChance;
    }

    /// Rows that a day has in the hours that an edge day lacks.
    static std::int64_t rowsBeyond(const RawDay &day, const RawDay &edge, bool first)
    {
        const std::int64_t hour = std::min<std::int64_t>(23, (first ? edge.begins : edge.ends) / microsPerHour);
        return first ? std::accumulate(day.hours.begin(), day.hours.begin() + hour, std::int64_t{0})
                     : std::accumulate(day.hours.begin() + hour + 1, day.hours.end(), std::int64_t{0});
    }

    /// What is usual on a day: the median of the same weekday in the weeks around, else of the days around.
    [[nodiscard]] std::optional<Int128> usualOn(std::size_t day) const
    {
        for (const auto &[step, reach] :
             {std::pair<std::int64_t, std::int64_t>{7, comparedWeeks * 7}, {1, comparedDays}}) {
            std::vector<Int128> values;
            for (std::int64_t offset = -reach; offset <= reach; offset += step) {
                const std::int64_t other = static_cast<std::int64_t>(day) + offset;
                if (offset == 0 || other < 0 || other >= static_cast<std::int64_t>(m_days.size()))
                    continue;
                const auto at = static_cast<std::size_t>(other);
                if (m_compared[at])
                    values.push_back(measure(m_days[at].facts));
            }
            if (values.size() >= leastCompared)
                return medianOf(std::move(values));
        }
        return std::nullopt;
    }

    [[nodiscard]] DayState stateOf(std::size_t place)
    {
        SeriesDay &day = m_days[place].facts;
        day.usual = usualOn(place);
        if (day.rows == 0)
            return day.usual && *day.usual == 0 ? DayState::Quiet : DayState::Missing;
        const bool manyEnough = !isCounted() || (day.usual && *day.usual >= fewRequests);
        return day.usual && manyEnough && measure(day) * 2 < *day.usual ? DayState::Low : DayState::Full;
    }

    /// What was imported before its day was over, or before its bill was final, may still change.
    void markProvisional()
    {
        const bool billed =
            m_series.isBill || m_series.role == SourceRole::Invoice || m_series.role == SourceRole::Harness;
        const std::int64_t settled = m_importedAt.micros - (billed ? billingLag : 0);
        for (RawDay &day : m_days) {
            if (m_importedAt.micros > 0 && day.facts.day.micros + microsPerDay > settled)
                day.facts.state = DayState::Provisional;
        }
    }

    DaySeries &m_series;
    std::vector<RawDay> m_days;
    Instant m_importedAt;
    bool m_wholeDays = false;
    std::vector<bool> m_compared;
};

/// Collects the days of all series.
class DayCollector
{
public:
    Status addRequests(const RequestCosts &costs, RowProgress *progress, const std::stop_token &stop)
    {
        const Workload &workload = costs.workload();
        const DimensionColumn *provider = workload.dimension("provider");
        const std::size_t providers = provider ? provider->dictionary.size() : 1;
        std::vector<RawSeries *> known(workload.sourceIds.size() * providers, nullptr);
        for (std::size_t row = costs.first(); row < costs.end(); ++row) {
            if (!goesOn(row, progress, stop))
                return stoppedByUser();
            const std::uint32_t name = provider ? provider->ids[row] : 0;
            RawSeries *&series = known[workload.source[row] * providers + name];
            if (!series)
                series = &m_series[{SourceRole::Usage, workload.sourceIds[workload.source[row]],
                                    std::string(provider ? provider->dictionary.text(name) : std::string_view())}];
            if (workload.isUncounted(row)) {
                addLine(costs, row, *series);
                continue;
            }
            const std::int64_t number = dayOf({workload.time[row]});
            RawDay &day = series->at(number);
            ++day.facts.rows;
            day.facts.requests += workload.count(UsageClass::Request, row);
            day.facts.money += Money::of(costs.cost(row));
            day.facts.unpricedTokens += costs.unpricedTokens(row);
            const std::int64_t into = workload.time[row] - number * microsPerDay;
            day.begins = std::min(day.begins, into);
            day.ends = std::max(day.ends, into);
            ++day.hours[static_cast<std::size_t>(into / microsPerHour)];
        }
        return {};
    }

    void addCharges(const std::vector<ChargeRow> &charges, SourceRole role, Completeness &result)
    {
        for (const ChargeRow &charge : charges) {
            if (charge.category != ChargeCategory::Usage || charge.correction) {
                ++result.otherCharges;
                result.otherAmount += amountOf(charge).value_or(Money());
                continue;
            }
            RawSeries &series = m_series[{role, 0, charge.provider}];
            if (charge.sourceId != 0)
                series.sources.insert(charge.sourceId);
            spread(charge.period, series, [&charge, amount = amountOf(charge).value_or(Money())](Instant upTo) {
                return Part{amountUpTo(charge, amount, upTo), 0, 0};
            });
        }
    }

    void addOutcomes(const std::vector<OutcomeRow> &rows)
    {
        for (const OutcomeRow &row : rows) {
            RawDay &day = m_series[{SourceRole::Outcome, 0, row.metric}].at(dayOf(row.day));
            ++day.facts.rows;
            day.begins = 0;
        }
    }

    /// Hands the series over with their empty days in between.
    std::vector<DaySeries> judged(const std::vector<Source> &sources)
    {
        std::vector<DaySeries> result;
        for (auto &[key, raw] : m_series) {
            DaySeries series;
            std::tie(series.role, series.source, series.name) = key;
            series.isBill = raw.isBill;
            std::vector<RawDay> days;
            for (std::int64_t day = raw.days.begin()->first; day <= raw.days.rbegin()->first; ++day)
                days.push_back(raw.at(day));
            Instant importedAt;
            for (const Source &source : sources) {
                const bool mine = series.source != 0    ? source.id == series.source
                                  : raw.sources.empty() ? source.role == series.role
                                                        : raw.sources.contains(source.id);
                if (mine && source.active)
                    importedAt = std::max(importedAt, source.importedAt);
            }
            SeriesJudge(series, std::move(days), importedAt).judge();
            result.push_back(std::move(series));
        }
        return result;
    }

private:
    /// What a line comes to up to some time.
    struct Part {
        Money money;
        std::int64_t tokens = 0;
        std::int64_t unpricedTokens = 0;
    };

    /// Gives every day of a period its part. Parts are differences of a running sum: together they are the whole, to
    /// the last digit.
    template <typename UpTo>
    static void spread(const Period &period, RawSeries &series, const UpTo &upTo)
    {
        const Instant end = std::max(period.to, Instant{period.from.micros + 1});
        const std::int64_t last = dayOf({end.micros - 1});
        Part before;
        for (std::int64_t number = dayOf(period.from); number <= last; ++number) {
            RawDay &day = series.at(number);
            const std::int64_t start = number * microsPerDay;
            day.facts.rowsFrom = day.facts.rows == 0 ? period.from : std::min(day.facts.rowsFrom, period.from);
            ++day.facts.rows;
            const Part now = upTo(number == last ? end : Instant{start + microsPerDay});
            day.facts.money += now.money - before.money;
            day.facts.tokens += now.tokens - before.tokens;
            day.facts.unpricedTokens += now.unpricedTokens - before.unpricedTokens;
            before = now;
            day.begins = std::min(day.begins, std::max<std::int64_t>(0, period.from.micros - start));
            day.ends = std::max(day.ends, std::min(microsPerDay, end.micros - start));
        }
    }

    /// A line of a bill: it stands where its period begins, and counts for all of it.
    void addLine(const RequestCosts &costs, std::size_t row, RawSeries &series)
    {
        const Workload &workload = costs.workload();
        ChargeRow line;
        line.period.from = {workload.time[row]};
        line.period.to = endOf(costs.baseline().ledger().bills, workload.sourceIds[workload.source[row]],
                               workload.sourceRow[row], line.period.from);
        const Money money = Money::of(costs.cost(row));
        const std::int64_t unpriced = costs.unpricedTokens(row);
        std::int64_t tokens = 0;
        for (const UsageClass usageClass : tokenClasses)
            tokens += workload.count(usageClass, row);
        series.isBill = true;
        const auto share = [&line](std::int64_t count, Instant upTo) {
            const Int128 length = line.period.to.micros - line.period.from.micros;
            return static_cast<std::int64_t>(Int128{count} * (upTo.micros - line.period.from.micros) / length);
        };
        spread(line.period, series, [&](Instant upTo) {
            return Part{amountUpTo(line, money, upTo), share(tokens, upTo), share(unpriced, upTo)};
        });
    }

    static Instant endOf(const std::vector<BillAsUsage> &bills, std::int64_t source, std::int64_t row, Instant from)
    {
        const auto bill =
            std::find_if(bills.begin(), bills.end(), [source](const auto &each) { return each.sourceId == source; });
        const Instant moment{from.micros + 1};
        if (bill == bills.end())
            return moment;
        const auto line = std::lower_bound(bill->lineEnds.begin(), bill->lineEnds.end(), row,
                                           [](const auto &each, std::int64_t wanted) { return each.first < wanted; });
        return line == bill->lineEnds.end() || line->first != row ? moment : std::max(line->second, moment);
    }

    std::map<SeriesKey, RawSeries> m_series;
};

/// Unit costs are settled as far as everything that takes part in them is. What ended long ago is not late.
void settle(Completeness &result)
{
    struct Group {
        Instant last;  ///< end of its last day
        Instant until; ///< complete until
        bool billed = true;
    };
    std::map<std::pair<SourceRole, std::string>, Group> groups;
    for (const DaySeries &series : result.series) {
        if (series.role == SourceRole::Invoice)
            continue;
        Group &group = groups[{series.role, series.name}];
        group.last = std::max(group.last, Instant{series.days.back().day.micros + microsPerDay});
        group.until = std::max(group.until, series.completeUntil.value_or(series.days.front().day));
        group.billed = group.billed && (series.isBill || series.role != SourceRole::Usage);
    }
    Instant end;
    for (const auto &[key, group] : groups)
        end = std::max(end, group.last);
    for (const auto &[key, group] : groups) {
        if (end.micros - group.last.micros > (group.billed ? endedCharges : endedUsage))
            continue;
        if (!result.settledUntil || group.until < *result.settledUntil) {
            result.settledUntil = group.until;
            result.settledBy.clear();
        }
        if (group.until == *result.settledUntil)
            result.settledBy.push_back(key.second);
    }
}

} // namespace

std::int64_t DaySeries::count(DayState state) const
{
    return std::count_if(days.begin(), days.end(), [state](const SeriesDay &day) { return day.state == state; });
}

std::optional<Instant> provisionalFrom(const Completeness &days, const Period &period,
                                       const std::function<bool(const DaySeries &)> &counts)
{
    std::optional<Instant> first;
    for (const DaySeries &series : days.series) {
        if (!counts(series))
            continue;
        for (const SeriesDay &day : series.days) {
            const bool within = day.day < period.to && period.from.micros < day.day.micros + microsPerDay;
            if (within && day.rows > 0 && day.state == DayState::Provisional && (!first || day.day < *first))
                first = day.day;
        }
    }
    return first;
}

Result<Completeness> completenessOf(const RequestCosts &costs, const std::vector<Source> &sources,
                                    RowProgress *progress, std::stop_token stop)
{
    Completeness result;
    DayCollector collector;
    const Ledger &ledger = costs.baseline().ledger();
    if (auto status = collector.addRequests(costs, progress, stop); !status)
        return status.error();
    if (ledger.invoices)
        collector.addCharges(*ledger.invoices, SourceRole::Invoice, result);
    if (ledger.harness)
        collector.addCharges(*ledger.harness, SourceRole::Harness, result);
    if (ledger.outcomes)
        collector.addOutcomes(*ledger.outcomes);
    result.series = collector.judged(sources);
    for (const DaySeries &series : result.series) {
        const Period days{series.days.front().day, {series.days.back().day.micros + microsPerDay}};
        result.period = result.period.isEmpty()
                            ? days
                            : Period{std::min(result.period.from, days.from), std::max(result.period.to, days.to)};
    }
    settle(result);
    return result;
}

} // namespace perunit
