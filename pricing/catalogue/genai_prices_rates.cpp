// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/genai_prices_rates.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace perunit {

namespace {

using Kind = JsonValue::Kind;
using Prices = std::array<std::optional<UnitPrice>, usageClassCount>;

constexpr std::int32_t minutesPerDay = 24 * 60;

/// What a price key counts: a class, and how many of it the price is for.
struct PriceKey {
    UsageClass usageClass = UsageClass::Input;
    std::int64_t per = 1;
    /// A more exact key of the same class goes before the general one ("cache_write_5m_mtok", "input_text_mtok").
    int rank = 0;
};

std::optional<PriceKey> priceKeyNamed(std::string_view name)
{
    using enum UsageClass;
    constexpr std::int64_t million = 1'000'000;
    constexpr std::int64_t thousand = 1000;
    constexpr std::int64_t secondsPerHour = 3600;
    static const std::map<std::string_view, PriceKey> keys{
        {"input_mtok", {Input, million}},
        {"input_text_mtok", {Input, million, 1}},
        {"output_mtok", {Output, million}},
        {"output_text_mtok", {Output, million, 1}},
        {"output_reasoning_mtok", {Reasoning, million}},
        {"cache_read_mtok", {CacheRead, million}},
        {"cache_text_read_mtok", {CacheRead, million, 1}},
        {"cache_read_text_mtok", {CacheRead, million, 1}},
        {"cache_write_mtok", {CacheWrite5m, million}},
        {"cache_write_5m_mtok", {CacheWrite5m, million, 1}},
        {"cache_write_1h_mtok", {CacheWrite1h, million}},
        {"input_audio_mtok", {AudioIn, million}},
        {"output_audio_mtok", {AudioOut, million}},
        {"cache_audio_read_mtok", {CacheReadAudio, million}},
        {"cache_read_audio_mtok", {CacheReadAudio, million}},
        {"input_image_mtok", {ImageIn, million}},
        {"output_image_mtok", {ImageOut, million}},
        {"cache_image_read_mtok", {CacheReadImage, million}},
        {"cache_read_image_mtok", {CacheReadImage, million}},
        {"requests_kcount", {Request, thousand}},
        {"web_searches_kcount", {WebSearch, thousand}},
        {"storage_searches_kcount", {FileSearch, thousand}},
        {"file_searches_kcount", {FileSearch, thousand}},
        {"code_executions_kcount", {CodeExecution, thousand}},
        {"output_images_kcount", {Image, thousand}},
        {"input_document_kpages", {Page, thousand}},
        {"input_kpages", {Page, thousand}},
        {"audio_hours", {AudioSeconds, secondsPerHour}},
        {"input_audio_hours", {AudioSeconds, secondsPerHour, 1}},
        {"video_hours", {VideoSeconds, secondsPerHour}},
        {"output_video_hours", {VideoSeconds, secondsPerHour, 1}},
        {"characters_mchars", {Characters, million}},
        {"input_mchars", {Characters, million, 1}},
        {"input_characters_mchars", {Characters, million, 1}},
    };
    const auto found = keys.find(name);
    return found == keys.end() ? std::nullopt : std::optional(found->second);
}

/// A price for `per` units as one for a single unit, rounded once.
std::optional<UnitPrice> unitPriceOf(const JsonValue &value, std::int64_t per)
{
    if (!value.is(Kind::Number))
        return std::nullopt;
    // Nine digits more than a femto-unit, so that the division is the only place where anything is rounded.
    const auto number = parseDecimal(value.text, Femto::scale + 9);
    if (!number || number->units < 0)
        return std::nullopt;
    const Int128 divisor = static_cast<Int128>(per) * 1'000'000'000;
    const Int128 femto = divideHalfEven(number->units, divisor);
    if (femto > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return UnitPrice{static_cast<std::int64_t>(femto), number->rounded || number->units % divisor != 0};
}

struct Tier {
    std::int64_t start = 0;
    UnitPrice price;
};

/// One price key of a set: what it costs, and from which prompt lengths on it costs something else.
struct TieredPrice {
    PriceKey key;
    UnitPrice base;
    std::vector<Tier> tiers; ///< ascending
    [[nodiscard]] UnitPrice above(std::int64_t threshold) const
    {
        UnitPrice result = base;
        for (const Tier &tier : tiers) {
            if (tier.start <= threshold)
                result = tier.price;
        }
        return result;
    }
};

/// One set of prices: a row per prompt-length band, the base under -1.
using PriceSet = std::map<std::int64_t, Prices>;

/// When a set holds, and its prices.
struct Entry {
    Instant from = alwaysBefore;
    Instant to = alwaysAfter;
    std::vector<std::pair<std::int32_t, std::int32_t>> minutes; ///< of the day, in UTC; empty: the whole day
    PriceSet prices;

    [[nodiscard]] bool holds(Instant at, std::int32_t minute) const
    {
        return from <= at && at < to
               && (minutes.empty() || std::any_of(minutes.begin(), minutes.end(), [minute](const auto &span) {
                       return span.first <= minute && minute < span.second;
                   }));
    }
};

class RateReader
{
public:
    RateReader(const GenaiRateContext &context, std::vector<CatalogueIssue> &issues)
        : m_context(context)
        , m_issues(issues)
    {}

    std::vector<Rate> read(const JsonValue &prices, const std::string &path)
    {
        if (prices.is(Kind::Object)) {
            Entry entry;
            entry.prices = readSet(prices, path);
            m_entries.push_back(std::move(entry));
        } else if (prices.is(Kind::Array)) {
            for (std::size_t i = 0; i < prices.items.size(); ++i)
                readEntry(prices.items[i], joinPath(path, std::to_string(i)));
        } else {
            issue(path, "neither a set of prices nor a list of them; left out");
        }
        return rates();
    }

private:
    void issue(std::string path, std::string reason) { m_issues.push_back({std::move(path), std::move(reason)}); }

    void readEntry(const JsonValue &json, const std::string &path)
    {
        const JsonValue *prices = json.is(Kind::Object) ? json.find("prices") : nullptr;
        if (!prices || !prices->is(Kind::Object))
            return issue(path, "no set of prices; left out");
        Entry entry;
        const JsonValue *constraint = json.find("constraint");
        if (constraint && !constraint->is(Kind::Null) && !readConstraint(*constraint, entry))
            return issue(joinPath(path, "constraint"), "a condition that is not known here; its prices are left out");
        entry.prices = readSet(*prices, joinPath(path, "prices"));
        m_entries.push_back(std::move(entry));
    }

    /// False for a condition that cannot be said exactly.
    static bool readConstraint(const JsonValue &constraint, Entry &entry)
    {
        if (!constraint.is(Kind::Object))
            return false;
        std::optional<std::int32_t> from;
        std::optional<std::int32_t> to;
        for (std::size_t i = 0; i < constraint.names.size(); ++i) {
            const std::string &name = constraint.names[i];
            const JsonValue &value = constraint.items[i];
            if (name == "type")
                continue;
            if (!value.is(Kind::String))
                return false;
            if (name == "start_date" || name == "end_date") {
                const auto date = parseInstant(value.text);
                if (!date)
                    return false;
                (name == "start_date" ? entry.from : entry.to) = *date;
            } else if (name == "start_time" || name == "end_time") {
                const auto minute = minuteOf(value.text);
                if (!minute)
                    return false;
                (name == "start_time" ? from : to) = minute;
            } else {
                return false;
            }
        }
        if (from.has_value() != to.has_value())
            return false;
        if (from && *from < *to)
            entry.minutes = {{*from, *to}};
        else if (from)
            // Across midnight, or around the clock.
            entry.minutes = {{0, *to}, {*from, minutesPerDay}};
        return true;
    }

    /// Minute of the day in UTC of "16:30:00Z" or "00:30:00+08:00"; nothing when it lies within a minute.
    static std::optional<std::int32_t> minuteOf(const std::string &time)
    {
        const auto at = parseInstant("1970-01-02T" + time);
        if (!at || at->micros % microsPerMinute != 0)
            return std::nullopt;
        const std::int64_t minute = at->micros / microsPerMinute % minutesPerDay;
        return static_cast<std::int32_t>(minute);
    }

    PriceSet readSet(const JsonValue &json, const std::string &path)
    {
        std::map<UsageClass, TieredPrice> prices;
        for (std::size_t i = 0; i < json.names.size(); ++i) {
            const std::string place = joinPath(path, json.names[i]);
            const JsonValue &value = json.items[i];
            if (value.is(Kind::Null))
                continue;
            const auto key = priceKeyNamed(json.names[i]);
            if (!key) {
                issue(place, "charged by something that the catalogue has no class for; left out");
                continue;
            }
            const auto price = readPrice(value, *key, place);
            if (!price)
                continue;
            const auto [known, added] = prices.emplace(key->usageClass, *price);
            if (added)
                continue;
            if (known->second.base != price->base)
                issue(place, "another price for the same thing; the more exact key counts");
            if (price->key.rank > known->second.key.rank)
                known->second = *price;
        }
        PriceSet set = rowsOf(prices);
        if (json.names.empty())
            set[-1].fill(UnitPrice{}); // a model without a price list is free of charge here
        else if (m_context.reading == CatalogueReading::AsItsLibrary)
            chargeNothingForTheRest(set);
        return set;
    }

    std::optional<TieredPrice> readPrice(const JsonValue &value, const PriceKey &key, const std::string &place)
    {
        TieredPrice result;
        result.key = key;
        const JsonValue *base = value.is(Kind::Object) ? value.find("base") : &value;
        const auto price = base ? unitPriceOf(*base, key.per) : std::nullopt;
        if (!price) {
            issue(place, "not a number of at least 0; left without a price");
            return std::nullopt;
        }
        result.base = *price;
        const JsonValue *tiers = value.is(Kind::Object) ? value.find("tiers") : nullptr;
        for (std::size_t i = 0; tiers && tiers->is(Kind::Array) && i < tiers->items.size(); ++i) {
            const JsonValue &tier = tiers->items[i];
            const JsonValue *start = tier.is(Kind::Object) ? tier.find("start") : nullptr;
            const JsonValue *above = tier.is(Kind::Object) ? tier.find("price") : nullptr;
            const auto tokens =
                start && start->is(Kind::Number) ? parseDecimal(start->text, 0) : Result<ScaledDecimal>(Error{});
            const auto tierPrice = above ? unitPriceOf(*above, key.per) : std::nullopt;
            if (!tokens || tokens->units < 0 || tokens->units > 1'000'000'000'000 || !tierPrice) {
                issue(joinPath(joinPath(place, "tiers"), std::to_string(i)), "not a start and a price; left out");
                continue;
            }
            result.tiers.push_back({static_cast<std::int64_t>(tokens->units), *tierPrice});
        }
        std::stable_sort(result.tiers.begin(), result.tiers.end(),
                         [](const Tier &a, const Tier &b) { return a.start < b.start; });
        return result;
    }

    /// Every threshold that any key names becomes a band with the prices of all keys: a key without a tier there
    /// costs what it costs below.
    static PriceSet rowsOf(const std::map<UsageClass, TieredPrice> &prices)
    {
        std::set<std::int64_t> thresholds{-1};
        for (const auto &[usageClass, price] : prices) {
            for (const Tier &tier : price.tiers)
                thresholds.insert(tier.start);
        }
        PriceSet result;
        for (const std::int64_t threshold : thresholds) {
            Prices &row = result[threshold];
            for (const auto &[usageClass, price] : prices)
                row[static_cast<std::size_t>(usageClass)] = threshold < 0 ? price.base : price.above(threshold);
        }
        return result;
    }

    /// The library charges only for what has a price, and for parts of it: other events and directions cost nothing.
    static void chargeNothingForTheRest(PriceSet &set)
    {
        for (auto &[threshold, row] : set) {
            for (std::size_t i = 0; i < usageClassCount; ++i) {
                const auto usageClass = static_cast<UsageClass>(i);
                const bool direction = usageClass == UsageClass::Input || usageClass == UsageClass::Output;
                if (!row[i] && (direction || !isTokenClass(usageClass)))
                    row[i] = UnitPrice{};
            }
        }
    }

    /// Splits time where the winner may change, and gives every part to the set that wins there.
    std::vector<Rate> rates()
    {
        const Instant known = knownUntil();
        const bool library = m_context.reading == CatalogueReading::AsItsLibrary;
        std::vector<std::size_t> all;
        std::vector<std::size_t> published;
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            all.push_back(i);
            if (library || m_entries[i].from <= known)
                published.push_back(i);
        }
        std::vector<Rate> result;
        addRates(published, alwaysBefore, RateStatus::Published, result);
        if (published.size() != all.size()) {
            // Both hold side by side: an announced price takes part only where it is asked for.
            Instant first = alwaysAfter;
            for (const Entry &entry : m_entries) {
                if (entry.from > known)
                    first = std::min(first, entry.from);
            }
            addRates(all, first, RateStatus::Announced, result);
        }
        return result;
    }

    /// Last instant of the day of the file: what begins later is a plan, not a fact.
    [[nodiscard]] Instant knownUntil() const
    {
        const auto date = m_context.checked.empty() ? Result<Instant>(Error{}) : parseInstant(m_context.checked);
        return date ? Instant{date->micros + microsPerDay - 1} : alwaysAfter;
    }

    void addRates(const std::vector<std::size_t> &entries, Instant start, RateStatus status, std::vector<Rate> &result)
    {
        std::set<Instant> instants{start};
        std::set<std::int32_t> minutes{0};
        for (const std::size_t i : entries) {
            for (const Instant at : {m_entries[i].from, m_entries[i].to}) {
                if (start < at && at < alwaysAfter)
                    instants.insert(at);
            }
            for (const auto &[from, to] : m_entries[i].minutes) {
                minutes.insert(from);
                minutes.insert(to);
            }
        }
        minutes.insert(minutesPerDay);
        for (auto at = instants.begin(); at != instants.end(); ++at) {
            const Period valid{*at, std::next(at) == instants.end() ? alwaysAfter : *std::next(at)};
            addDay(entries, valid, {minutes.begin(), minutes.end()}, status, result);
        }
        if (status == RateStatus::Published)
            joinEqual(result);
    }

    void addDay(const std::vector<std::size_t> &entries, Period valid, const std::vector<std::int32_t> &minutes,
                RateStatus status, std::vector<Rate> &result)
    {
        for (std::size_t i = 0; i + 1 < minutes.size();) {
            const auto winner = winnerAt(entries, valid.from, minutes[i]);
            std::size_t end = i + 1;
            while (end + 1 < minutes.size() && winnerAt(entries, valid.from, minutes[end]) == winner)
                ++end;
            if (winner)
                addBands(m_entries[*winner], *winner, valid, {0x7f, minutes[i], minutes[end]}, status, result);
            i = end;
        }
    }

    [[nodiscard]] std::optional<std::size_t> winnerAt(const std::vector<std::size_t> &entries, Instant at,
                                                      std::int32_t minute) const
    {
        for (auto each = entries.rbegin(); each != entries.rend(); ++each) {
            if (m_entries[*each].holds(at, minute))
                return *each;
        }
        // The library takes the first set when the conditions of none hold.
        if (m_context.reading == CatalogueReading::AsItsLibrary && !entries.empty())
            return entries.front();
        return std::nullopt;
    }

    void addBands(const Entry &entry, std::size_t place, Period valid, DailyWindow window, RateStatus status,
                  std::vector<Rate> &result)
    {
        Rate rate;
        rate.valid = valid;
        if (rate.valid.from == alwaysBefore)
            rate.valid.from = m_context.effectiveFrom;
        if (rate.valid.isEmpty())
            return;
        if (window.fromMinute != 0 || window.toMinute != minutesPerDay)
            rate.daily = window;
        rate.status = status;
        rate.source = m_context.source;
        rate.checked = m_context.checked;
        rate.grade = "C";
        rate.note = m_context.note;
        for (const auto &[threshold, prices] : entry.prices) {
            rate.id = rateId(place, rate, threshold);
            rate.context =
                threshold < 0 ? std::nullopt : std::optional(ContextThreshold{threshold, false}); // strictly above
            rate.prices = prices;
            result.push_back(rate);
        }
    }

    [[nodiscard]] std::string rateId(std::size_t place, const Rate &rate, std::int64_t threshold) const
    {
        std::string id = m_context.idStart;
        if (m_entries.size() > 1)
            id += "#" + std::to_string(place);
        if (rate.valid.from != alwaysBefore && m_entries.size() > 1)
            id += "@" + formatDate(rate.valid.from);
        if (rate.daily)
            id += "T" + std::to_string(rate.daily->fromMinute);
        if (threshold >= 0)
            id += ">" + std::to_string(threshold);
        return id;
    }

    /// A set that goes on across an instant where only another one changed is one rate.
    static void joinEqual(std::vector<Rate> &rates)
    {
        for (std::size_t i = 0; i < rates.size(); ++i) {
            for (std::size_t j = i + 1; j < rates.size();) {
                if (rates[i].valid.to == rates[j].valid.from && rates[i].context == rates[j].context
                    && rates[i].daily == rates[j].daily && rates[i].prices == rates[j].prices) {
                    rates[i].valid.to = rates[j].valid.to;
                    rates.erase(rates.begin() + static_cast<std::ptrdiff_t>(j));
                } else {
                    ++j;
                }
            }
        }
    }

    const GenaiRateContext &m_context;
    std::vector<CatalogueIssue> &m_issues;
    std::vector<Entry> m_entries;
};

} // namespace

std::vector<Rate> readGenaiRates(const JsonValue &prices, const std::string &path, const GenaiRateContext &context,
                                 std::vector<CatalogueIssue> &issues)
{
    return RateReader(context, issues).read(prices, path);
}

} // namespace perunit
