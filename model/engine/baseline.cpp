// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/baseline.h"

#include "model/engine/baseline_impl.h"
#include "model/engine/evaluate.h"
#include "model/share/shared_baseline.h"
#include "pricing/base/sha256.h"

#include <algorithm>
#include <tuple>

namespace perunit {

namespace {

constexpr int mostHorizonMonths = 120;
/// Sums of tokens stay far below 2^63, whatever the levers do with them.
constexpr Int128 mostTokens = Int128{1} << 54;

bool isMonthStart(Instant at)
{
    return monthOf(at).start() == at;
}

Period wholeDays(Instant first, Instant last)
{
    return {{dayOf(first) * microsPerDay}, {(dayOf(last) + 1) * microsPerDay}};
}

Instant floorToMinute(Instant at)
{
    const Instant day{dayOf(at) * microsPerDay};
    return {day.micros + (at.micros - day.micros) / microsPerMinute * microsPerMinute};
}

/// The period of a ledger without requests: that of its harness charges and unit counts.
Period periodWithoutRequests(const Ledger &ledger)
{
    Period result;
    bool any = false;
    const auto include = [&](Instant from, Instant to) {
        result.from = any ? std::min(result.from, from) : from;
        result.to = any ? std::max(result.to, to) : to;
        any = true;
    };
    if (ledger.harness) {
        for (const ChargeRow &charge : *ledger.harness)
            include(charge.period.from, std::max(charge.period.to, {charge.period.from.micros + 1}));
    }
    if (ledger.outcomes) {
        for (const OutcomeRow &row : *ledger.outcomes)
            include(row.day, {row.day.micros + microsPerDay});
    }
    return any ? wholeDays(result.from, {result.to.micros - 1}) : Period{};
}

Period defaultPeriod(const Ledger &ledger)
{
    const Workload &workload = *ledger.workload;
    if (workload.size() == 0)
        return periodWithoutRequests(ledger);
    Instant first{workload.time.front()};
    Instant last{workload.time.back()};
    // A line of a bill stands at its start for all of its time.
    bool anyBill = false;
    for (const BillAsUsage &bill : ledger.bills) {
        if (bill.period.isEmpty())
            continue;
        first = std::min(first, bill.period.from);
        last = std::max(last, {bill.period.to.micros - 1});
        anyBill = true;
    }
    if (anyBill || last.micros - first.micros > 2 * microsPerDay)
        return wholeDays(first, last);
    return {floorToMinute(first), {floorToMinute(last).micros + microsPerMinute}};
}

Status checkSettings(const BaselineSettings &settings)
{
    if (settings.horizonMonths < 0 || settings.horizonMonths > mostHorizonMonths)
        return Error{ErrorCode::BadInput, "the horizon must be between 0 and 120 months", "baseline settings", ""};
    if (settings.period && settings.period->isEmpty())
        return Error{ErrorCode::BadInput, "the period ends before it begins", "baseline settings",
                     "choose its dates again"};
    return {};
}

} // namespace

Month Baseline::Impl::firstMonth() const
{
    return looksAhead() ? firstPeriodMonth.plus(periodMonths) : firstPeriodMonth;
}

Period Baseline::Impl::periodMonth(int index) const
{
    const Month month = firstPeriodMonth.plus(index);
    return {std::max(period.from, month.start()), std::min(period.to, month.plus(1).start())};
}

Result<std::shared_ptr<const Profile>> Baseline::Impl::profileFor(std::vector<ModelIndex> alsoPricedAs,
                                                                  std::stop_token stop) const
{
    // Models whose prices hold throughout part nothing.
    std::erase_if(alsoPricedAs, [this](ModelIndex model) {
        const auto &rates = book->model(model).rates;
        return looksAhead() ? std::none_of(rates.begin(), rates.end(), [](const Rate &rate) { return rate.daily; })
                            : book->changesWithin(model, period).empty();
    });
    if (alsoPricedAs.empty())
        return profile;
    std::sort(alsoPricedAs.begin(), alsoPricedAs.end());
    alsoPricedAs.erase(std::unique(alsoPricedAs.begin(), alsoPricedAs.end()), alsoPricedAs.end());
    {
        const std::lock_guard lock(mutex);
        if (const auto known = otherProfiles.find(alsoPricedAs); known != otherProfiles.end())
            return known->second;
    }
    auto built = Profile::build(*ledger.workload, *book, {period, !looksAhead(), alsoPricedAs}, std::move(stop));
    if (!built)
        return built.error();
    std::shared_ptr<const Profile> made = std::move(*built);
    const std::lock_guard lock(mutex);
    return otherProfiles.try_emplace(std::move(alsoPricedAs), made).first->second;
}

const PricedCard *Baseline::Impl::actualCard(std::size_t row) const
{
    const std::uint32_t segment = profile->blocks[profile->blockOfRow[row - profile->firstRow]].segment;
    const auto &spans = histories[historyOfSegment[segment]];
    const auto after = std::upper_bound(spans.begin(), spans.end(), ledger.workload->time[row],
                                        [](std::int64_t at, const PriceSpan &span) { return at < span.from.micros; });
    return after == spans.begin() ? spans.front().card : std::prev(after)->card;
}

void Baseline::Impl::addActual(std::size_t row, Components &components, std::int64_t &unpricedTokens) const
{
    const Workload &workload = *ledger.workload;
    if (workload.tier[row] == ServiceTier::Provisioned)
        return;
    const PriceBand *band = actualCard(row)->card.bandFor(workload.promptTokens(row));
    for (const std::size_t usageClass : profile->usedClasses()) {
        const std::int64_t count = workload.usage[usageClass][row];
        if (count == 0)
            continue;
        const ClassPrice price = band ? band->prices[usageClass] : ClassPrice{};
        if (price.state != PriceState::Unpriced)
            components[componentOf(usageClass)] += Femto::ofUnits(static_cast<Int128>(count) * price.femto);
        else if (isTokenClass(static_cast<UsageClass>(usageClass)))
            unpricedTokens += count;
    }
}

void Baseline::Impl::lookAtUncounted(std::size_t row)
{
    ++uncountedRows;
    const PricedCard *card = actualCard(row);
    if (card->card.bands.size() > 1 && ledger.workload->tier[row] != ServiceTier::Provisioned) {
        Components cost;
        std::int64_t unpriced = 0;
        addActual(row, cost, unpriced);
        ++rowsWithoutBand;
        costWithoutBand += cost.total();
    }
    const PriceBand *band = card->card.bandFor(0);
    const PriceState fee =
        band ? band->prices[static_cast<std::size_t>(UsageClass::Request)].state : PriceState::Unpriced;
    if (fee == PriceState::Priced || fee == PriceState::Assumed)
        ++rowsWithoutFee;
}

namespace {

void makeHistories(Baseline::Impl &impl)
{
    using Key = std::tuple<std::int32_t, ServiceTier, std::uint32_t>;
    std::map<Key, std::uint32_t> known;
    for (const Segment &segment : impl.profile->segments) {
        const auto [found, isNew] = known.try_emplace({segment.model.value, segment.tier, segment.region},
                                                      static_cast<std::uint32_t>(impl.histories.size()));
        impl.historyOfSegment.push_back(found->second);
        if (!isNew)
            continue;
        std::vector<Instant> starts{impl.period.from};
        if (segment.model.found()) {
            for (const Instant change : impl.book->changesWithin(segment.model, impl.period)) {
                if (change > starts.back())
                    starts.push_back(change);
            }
        }
        auto &spans = impl.histories.emplace_back();
        for (const Instant start : starts)
            spans.push_back({start, impl.cards->card(segment.model, segment.tier, impl.profile->regions[segment.region],
                                                     start, false)});
    }
}

Status resolveAndCount(Baseline::Impl &impl, const std::stop_token &stop)
{
    const Profile &profile = *impl.profile;
    for (const RecordedName &name : profile.names)
        impl.resolutions.push_back({name.provider, name.model, name.match, 0, 0, {}, 0, std::nullopt});
    std::array<Int128, usageClassCount> totals{};
    for (const Block &block : profile.blocks) {
        Baseline::Resolution &resolution = impl.resolutions[profile.segments[block.segment].resolution];
        resolution.requests += block.totals[static_cast<std::size_t>(UsageClass::Request)];
        for (std::size_t i = 0; i < usageClassCount; ++i)
            totals[i] += block.totals[i];
        resolution.tokens += tokensIn(block.totals);
    }
    if (std::any_of(totals.begin(), totals.end(), [](Int128 total) { return total > mostTokens; }))
        return Error{ErrorCode::Overflow, "the ledger counts more tokens than can be priced exactly", "", ""};
    impl.requests = static_cast<std::int64_t>(totals[static_cast<std::size_t>(UsageClass::Request)]);
    for (std::size_t row = profile.firstRow; row < profile.endRow; ++row) {
        if (row % 65536 == 0 && stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", "", ""};
        const Block &block = profile.blocks[profile.blockOfRow[row - profile.firstRow]];
        Baseline::Resolution &resolution = impl.resolutions[profile.segments[block.segment].resolution];
        Components cost;
        impl.addActual(row, cost, resolution.unpricedTokens);
        resolution.cost += cost.total();
        const Workload &workload = *impl.ledger.workload;
        if (const auto recorded = workload.recorded.at(row))
            resolution.recordedCost = resolution.recordedCost.value_or(Money()) + *recorded;
    }
    std::sort(impl.resolutions.begin(), impl.resolutions.end(), [](const auto &a, const auto &b) {
        return std::tie(b.tokens, a.provider, a.recorded) < std::tie(a.tokens, b.provider, b.recorded);
    });
    return {};
}

std::string digestOf(const Baseline::Impl &impl)
{
    Sha256 sha;
    for (const std::string &part :
         {impl.ledger.digest, impl.book->digest(), writeBaselineSettings(impl.settings), std::string(engineVersion)}) {
        sha.add(part);
        sha.add("\n");
    }
    return sha.hex();
}

} // namespace

Baseline::Baseline(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}

Baseline::~Baseline() = default;

namespace {

/// Facts about rows that every outcome must mention.
void lookAtRows(Baseline::Impl &impl)
{
    const Workload &workload = *impl.ledger.workload;
    for (std::size_t row = impl.profile->firstRow; row < impl.profile->endRow; ++row) {
        if (workload.count(UsageClass::Request, row) > 1)
            ++impl.addedUpRows;
        else if (workload.isUncounted(row))
            impl.lookAtUncounted(row);
        const auto recorded = workload.recorded.at(row);
        if (!recorded)
            continue;
        bool used = false;
        for (std::size_t i = 0; i < usageClassCount && !used; ++i)
            used = i != static_cast<std::size_t>(UsageClass::Request)
                   && workload.count(static_cast<UsageClass>(i), row) != 0;
        if (!used)
            impl.recordedWithoutUsage += *recorded;
    }
}

} // namespace

Result<std::shared_ptr<const Baseline>> Baseline::build(const Ledger &ledger, std::shared_ptr<const PriceBook> book,
                                                        const BaselineSettings &settings, std::stop_token stop)
{
    if (auto status = checkSettings(settings); !status)
        return status.error();
    auto impl = std::make_unique<Impl>();
    impl->ledger = ledger;
    if (!impl->ledger.workload)
        impl->ledger.workload = std::make_shared<const Workload>();
    impl->book = std::move(book);
    impl->settings = settings;
    impl->currency = impl->book->currency().empty() ? ledger.currency : impl->book->currency();
    impl->cards = std::make_unique<CardStore>(impl->book);
    if (impl->book->hasOverlays())
        impl->listCards = std::make_unique<CardStore>(impl->book->atList());
    impl->period = settings.period ? *settings.period
                   : ledger.shared ? ledger.shared->settings.period.value_or(Period{})
                                   : defaultPeriod(impl->ledger);
    if (!impl->period.isEmpty()) {
        impl->firstPeriodMonth = monthOf(impl->period.from);
        impl->periodMonths = monthOf({impl->period.to.micros - 1}).index - impl->firstPeriodMonth.index + 1;
        impl->wholeMonths = isMonthStart(impl->period.from) && isMonthStart(impl->period.to);
        impl->months = impl->wholeMonths ? impl->periodMonths : 1;
    }
    auto profile = Profile::build(*impl->ledger.workload, *impl->book, {impl->period, !impl->looksAhead(), {}}, stop);
    if (!profile)
        return profile.error();
    impl->profile = std::move(*profile);
    makeHistories(*impl);
    lookAtRows(*impl);
    if (auto status = resolveAndCount(*impl, stop); !status)
        return status.error();
    if (impl->ledger.harness) {
        std::vector<Period> months;
        for (int i = 0; i < impl->periodMonths; ++i)
            months.push_back(impl->periodMonth(i));
        (impl->harnessInOtherCurrency() ? impl->foreignHarness : impl->harness) =
            harnessOf(*impl->ledger.harness, months);
    }
    if (impl->ledger.shared)
        impl->adoptShared();
    impl->digest = digestOf(*impl);
    return std::shared_ptr<const Baseline>(new Baseline(std::move(impl)));
}

Result<std::shared_ptr<const CacheGaps>> Baseline::Impl::cacheGaps(std::stop_token stop) const
{
    const std::lock_guard lock(gapsMutex);
    if (!gaps) {
        auto built = CacheGaps::build(*profile, *ledger.workload, *book, std::move(stop));
        if (!built)
            return built.error();
        gaps = std::make_shared<const CacheGaps>(std::move(*built));
    }
    return gaps;
}

MinuteStore &Baseline::Impl::minuteStore() const
{
    const std::lock_guard lock(mutex);
    if (!minutes)
        minutes = std::make_unique<MinuteStore>(*ledger.workload, profile->firstRow, profile->endRow);
    return *minutes;
}

Period Baseline::period() const
{
    return m_impl->period;
}

const BaselineSettings &Baseline::settings() const
{
    return m_impl->settings;
}

const Ledger &Baseline::ledger() const
{
    return m_impl->ledger;
}

const PriceBook &Baseline::book() const
{
    return *m_impl->book;
}

const std::string &Baseline::currency() const
{
    return m_impl->currency;
}

const std::string &Baseline::digest() const
{
    return m_impl->digest;
}

std::int64_t Baseline::requestCount() const
{
    return m_impl->requests;
}

const std::vector<Baseline::Resolution> &Baseline::resolutions() const
{
    return m_impl->resolutions;
}

Femto Baseline::requestCost(std::size_t row, std::int64_t *unpricedTokens) const
{
    Components components;
    std::int64_t unpriced = 0;
    m_impl->addActual(row, components, unpriced);
    if (unpricedTokens)
        *unpricedTokens = unpriced;
    return components.total();
}

std::pair<std::size_t, std::size_t> Baseline::rows() const
{
    return {m_impl->profile->firstRow, m_impl->profile->endRow};
}

} // namespace perunit
