// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON of a shared baseline.
#include "model/share/shared_baseline.h"

#include "model/scenario/json_tree.h"
#include "pricing/base/decimal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t profileVersion = 1;
constexpr std::array<std::string_view, 3> familyNames{"session", "prompt_template", "segment"};

Error wrong(std::string what, std::string where)
{
    return {ErrorCode::BadInput, std::move(what), std::move(where), ""};
}

// Writing ---------------------------------------------------------------------------------------------------

/// Usage classes that occur, in their own order: the columns of a row.
std::vector<std::size_t> classesOf(const SharedBaseline &shared)
{
    std::vector<std::size_t> classes;
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (std::any_of(shared.rows.begin(), shared.rows.end(),
                        [i](const SharedBaseline::Row &row) { return row.usage.counts[i] != 0; }))
            classes.push_back(i);
    }
    return classes;
}

Json rowsJson(const SharedBaseline &shared, const std::vector<std::size_t> &classes)
{
    Json json = Json::array();
    for (const SharedBaseline::Row &row : shared.rows) {
        std::string line = std::to_string(row.group) + " " + formatInstant(row.at);
        for (const std::size_t usageClass : classes)
            line += " " + std::to_string(row.usage.counts[usageClass]);
        line += " " + (row.recorded ? row.recorded->text() : std::string("-"));
        json.push_back(std::move(line));
    }
    return json;
}

Json gapsJson(const SharedBaseline &shared)
{
    Json json = Json::array();
    for (std::size_t i = 0; i < shared.gaps.size(); ++i) {
        const CacheGaps::Facts &facts = shared.gaps[i];
        Json lines = Json::array();
        for (const auto &gap : facts.gaps)
            lines.push_back(std::string(familyNames[static_cast<std::size_t>(gap.kind)]) + " " + std::to_string(gap.lag)
                            + " " + std::to_string(gap.seconds) + " " + std::to_string(gap.tokens));
        json.push_back({{"known_tokens", facts.known}, {"unknown_tokens", facts.unknown}, {"gaps", std::move(lines)}});
    }
    return json;
}

Json chargesJson(const SharedBaseline &shared)
{
    Json json = Json::array();
    for (const SharedBaseline::Charge &charge : shared.charges)
        json.push_back({{"from", formatInstant(charge.period.from)},
                        {"to", formatInstant(charge.period.to)},
                        {"dimensions", charge.dimensions},
                        {"amount", charge.amount.text()}});
    return json;
}

Json unitsJson(const SharedBaseline &shared)
{
    Json json = Json::array();
    for (const SharedBaseline::Units &units : shared.units) {
        Json months = Json::array();
        for (const Millionths count : units.months)
            months.push_back(formatDecimal(count, 6));
        json.push_back(
            {{"unit", writeUnit(units.unit)}, {"total", formatDecimal(units.total, 6)}, {"months", std::move(months)}});
    }
    return json;
}

// Reading ---------------------------------------------------------------------------------------------------

/// The words of a line.
std::vector<std::string_view> wordsOf(std::string_view line)
{
    std::vector<std::string_view> words;
    for (std::size_t from = 0; from <= line.size();) {
        const std::size_t end = std::min(line.find(' ', from), line.size());
        words.push_back(line.substr(from, end - from));
        from = end + 1;
    }
    return words;
}

template <typename Number>
bool readNumber(std::string_view word, Number &number)
{
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), number);
    return code == std::errc{} && end == word.data() + word.size();
}

Result<Money> moneyAt(std::string_view text, const std::string &path)
{
    const auto value = parseDecimal(text, Money::scale);
    if (!value || value->rounded)
        return wrong("'" + std::string(text) + "' is not an amount", path);
    return Money::ofUnits(value->units);
}

Result<Millionths> countAt(const JsonTree &tree, const std::string &path)
{
    return exactDecimal(tree, 6, path);
}

/// Reads one profile; every step takes its members.
class ProfileReader
{
public:
    explicit ProfileReader(JsonObjectReader reader)
        : m_reader(std::move(reader))
    {}

    Result<SharedBaseline> read()
    {
        for (const auto step :
             {&ProfileReader::readFacts, &ProfileReader::readPrecision, &ProfileReader::readGroups,
              &ProfileReader::readRows, &ProfileReader::readGaps, &ProfileReader::readCharges,
              &ProfileReader::readOutcomes, &ProfileReader::readUnits, &ProfileReader::readDocuments}) {
            if (auto status = (this->*step)(); !status)
                return status.error();
        }
        if (auto status = m_reader.finish(); !status)
            return status.error();
        return std::move(m_shared);
    }

private:
    /// Calls visit(item, path) for every item of a list.
    template <typename Visit>
    Status forEach(const char *key, const Visit &visit)
    {
        const JsonTree *list = m_reader.take(key);
        if (!list || list->kind != JsonTree::Kind::Array)
            return wrong("must be a list", m_reader.pathOf(key));
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const Status status = visit(list->items[i], m_reader.pathOf(key) + "/" + std::to_string(i));
            if (!status)
                return status;
        }
        return {};
    }

    static Result<Instant> instantIn(JsonObjectReader &reader, const char *key)
    {
        std::string text;
        if (auto status = reader.text(key, text, true); !status)
            return status.error();
        auto at = parseInstant(text);
        if (!at)
            return at.error().in(reader.pathOf(key));
        return at;
    }

    Status readFacts()
    {
        std::int64_t version = 0;
        for (const Status &status : {m_reader.whole("version", version, 1, std::numeric_limits<std::int64_t>::max()),
                                     m_reader.text("ledger_digest", m_shared.ledgerDigest, true),
                                     m_reader.text("currency", m_shared.currency, true)}) {
            if (!status)
                return status;
        }
        if (version != profileVersion)
            return Error{ErrorCode::Unsupported, "the baseline was shared by a newer version of Perunit",
                         m_reader.pathOf("version"), "update Perunit to open it"};
        const auto from = instantIn(m_reader, "from");
        const auto to = instantIn(m_reader, "to");
        if (!from || !to)
            return (!from ? from : to).error();
        if (*to <= *from)
            return wrong("the period ends before it begins", m_reader.pathOf("to"));
        m_shared.settings.period = Period{*from, *to};
        std::int64_t horizon = 0;
        for (const Status &status : {m_reader.whole("horizon_months", horizon, 0, 120),
                                     m_reader.flag("conventional_month", m_shared.settings.conventionalMonth)}) {
            if (!status)
                return status;
        }
        m_shared.settings.horizonMonths = static_cast<int>(horizon);
        return forEach("left_out", [this](const JsonTree &item, const std::string &path) -> Status {
            if (item.kind != JsonTree::Kind::String)
                return wrong("must be a text", path);
            m_shared.leftOut.push_back(item.text);
            return {};
        });
    }

    Status readPrecision()
    {
        const JsonTree *tree = m_reader.take("precision");
        if (!tree)
            return wrong("is missing", m_reader.pathOf("precision"));
        auto reader = JsonObjectReader::of(*tree, m_reader.pathOf("precision"));
        if (!reader)
            return reader.error();
        std::int64_t steps = 0;
        for (const Status &status :
             {reader->whole("steps_per_double", steps, 0, 4096), reader->flag("days", m_shared.precision.days),
              reader->flag("minutes", m_shared.precision.minutes)}) {
            if (!status)
                return status;
        }
        m_shared.precision.stepsPerDouble = static_cast<int>(steps);
        return reader->finish();
    }

    Status readGroups()
    {
        auto status = forEach("dimensions", [this](const JsonTree &item, const std::string &path) -> Status {
            if (item.kind != JsonTree::Kind::String || item.text.empty())
                return wrong("must be the name of a dimension", path);
            m_shared.dimensions.push_back(item.text);
            return {};
        });
        if (!status)
            return status;
        return forEach("groups", [this](const JsonTree &item, const std::string &path) -> Status {
            auto reader = JsonObjectReader::of(item, path);
            if (!reader)
                return reader.error();
            SharedBaseline::Group group;
            std::string tier = std::string(nameOf(ServiceTier::Standard));
            std::string ending = std::string(requestStatusNames[0]);
            for (const Status &read : {reader->text("tier", tier), reader->text("status", ending)}) {
                if (!read)
                    return read;
            }
            for (const std::string &dimension : m_shared.dimensions) {
                if (auto read = reader->text(dimension, group.values.emplace_back()); !read)
                    return read;
            }
            const auto knownTier = serviceTierNamed(tier);
            const auto knownStatus = std::find(requestStatusNames.begin(), requestStatusNames.end(), ending);
            if (!knownTier || knownStatus == requestStatusNames.end())
                return wrong("has an unknown tier or status", path);
            group.tier = *knownTier;
            group.status = static_cast<RequestStatus>(knownStatus - requestStatusNames.begin());
            m_shared.groups.push_back(std::move(group));
            return reader->finish();
        });
    }

    Status readRows()
    {
        std::vector<std::size_t> classes;
        auto status = forEach("classes", [&](const JsonTree &item, const std::string &path) -> Status {
            const auto known = usageClassNamed(item.text);
            if (!known)
                return wrong("there is no usage class '" + item.text + "'", path);
            classes.push_back(static_cast<std::size_t>(*known));
            return {};
        });
        if (!status)
            return status;
        return forEach("requests", [&](const JsonTree &item, const std::string &path) -> Status {
            const auto words = wordsOf(item.text);
            if (words.size() != classes.size() + 3)
                return wrong("must have " + std::to_string(classes.size() + 3) + " words", path);
            SharedBaseline::Row row;
            if (!readNumber(words[0], row.group) || row.group >= m_shared.groups.size())
                return wrong("there is no group '" + std::string(words[0]) + "'", path);
            const auto at = parseInstant(words[1]);
            if (!at)
                return at.error().in(path);
            row.at = *at;
            for (std::size_t i = 0; i < classes.size(); ++i) {
                if (!readNumber(words[i + 2], row.usage.counts[classes[i]]) || row.usage.counts[classes[i]] < 0)
                    return wrong("'" + std::string(words[i + 2]) + "' is not a count", path);
            }
            if (words.back() != "-") {
                const auto recorded = moneyAt(words.back(), path);
                if (!recorded)
                    return recorded.error();
                row.recorded = *recorded;
            }
            m_shared.rows.push_back(std::move(row));
            return {};
        });
    }

    Status readGaps()
    {
        std::int64_t level = 0;
        if (auto status = m_reader.whole("gap_level", level, GapPrecision::widestSteps, GapPrecision::oneLag); !status)
            return status;
        m_shared.gapLevel = static_cast<int>(level);
        auto status = forEach("cache_gaps", [this](const JsonTree &item, const std::string &path) -> Status {
            auto reader = JsonObjectReader::of(item, path);
            if (!reader)
                return reader.error();
            std::int64_t known = 0;
            std::int64_t unknown = 0;
            constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
            for (const Status &read :
                 {reader->whole("known_tokens", known, 0, most), reader->whole("unknown_tokens", unknown, 0, most)}) {
                if (!read)
                    return read;
            }
            CacheGaps::Facts facts;
            facts.known = static_cast<std::uint64_t>(known);
            facts.unknown = static_cast<std::uint64_t>(unknown);
            const JsonTree *lines = reader->take("gaps");
            for (const JsonTree &line : lines ? lines->items : std::vector<JsonTree>{}) {
                if (auto read = readGap(line.text, path, facts); !read)
                    return read;
            }
            m_shared.gaps.push_back(std::move(facts));
            return reader->finish();
        });
        if (status && m_shared.gaps.size() != m_shared.groups.size())
            return wrong("must say something about every group", m_reader.pathOf("cache_gaps"));
        return status;
    }

    static Status readGap(const std::string &line, const std::string &path, CacheGaps::Facts &facts)
    {
        const auto words = wordsOf(line);
        CacheGaps::Facts::Gap gap;
        const auto kind = std::find(familyNames.begin(), familyNames.end(), words[0]);
        if (words.size() != 4 || kind == familyNames.end() || !readNumber(words[1], gap.lag)
            || !readNumber(words[2], gap.seconds) || !readNumber(words[3], gap.tokens)
            || gap.lag >= CacheGaps::largestLag || gap.seconds > GapPrecision::longest)
            return wrong("'" + line + "' is not a gap", path);
        gap.kind = static_cast<CacheFamilyKind>(kind - familyNames.begin());
        const auto place = [](const CacheGaps::Facts::Gap &each) {
            return std::tuple{each.kind, each.lag, each.seconds};
        };
        if (!facts.gaps.empty() && place(gap) <= place(facts.gaps.back()))
            return wrong("the gaps are not in order", path);
        facts.gaps.push_back(gap);
        return {};
    }

    Status readCharges()
    {
        return forEach("charges", [this](const JsonTree &item, const std::string &path) -> Status {
            auto reader = JsonObjectReader::of(item, path);
            if (!reader)
                return reader.error();
            SharedBaseline::Charge charge;
            std::string amount;
            const auto from = instantIn(*reader, "from");
            const auto to = instantIn(*reader, "to");
            if (!from || !to)
                return (!from ? from : to).error();
            charge.period = {*from, *to};
            if (auto status = reader->text("amount", amount, true); !status)
                return status;
            const auto money = moneyAt(amount, reader->pathOf("amount"));
            if (!money)
                return money.error();
            charge.amount = *money;
            if (const JsonTree *dimensions = reader->take("dimensions")) {
                for (std::size_t i = 0; i < dimensions->keys.size(); ++i)
                    charge.dimensions[dimensions->keys[i]] = dimensions->items[i].text;
            }
            m_shared.charges.push_back(std::move(charge));
            return reader->finish();
        });
    }

    Status readOutcomes()
    {
        return forEach("outcomes", [this](const JsonTree &item, const std::string &path) -> Status {
            auto reader = JsonObjectReader::of(item, path);
            if (!reader)
                return reader.error();
            OutcomeRow row;
            std::string value;
            for (const Status &status :
                 {reader->text("metric", row.metric, true), reader->text("value", value, true)}) {
                if (!status)
                    return status;
            }
            const auto day = instantIn(*reader, "day");
            if (!day)
                return day.error();
            const auto number = moneyAt(value, reader->pathOf("value"));
            if (!number)
                return number.error();
            row.day = *day;
            row.value = *number;
            m_shared.outcomes.push_back(std::move(row));
            return reader->finish();
        });
    }

    Status readUnits()
    {
        return forEach("units", [this](const JsonTree &item, const std::string &path) -> Status {
            auto reader = JsonObjectReader::of(item, path);
            if (!reader)
                return reader.error();
            SharedBaseline::Units units;
            std::string definition;
            if (auto status = reader->text("unit", definition, true); !status)
                return status;
            auto unit = readUnit(definition, reader->pathOf("unit"));
            if (!unit)
                return unit.error();
            units.unit = std::move(*unit);
            const JsonTree *total = reader->take("total");
            const JsonTree *months = reader->take("months");
            if (!total || !months)
                return wrong("must say total and months", path);
            const auto count = countAt(*total, reader->pathOf("total"));
            if (!count)
                return count.error();
            units.total = *count;
            for (const JsonTree &month : months->items) {
                const auto each = countAt(month, reader->pathOf("months"));
                if (!each)
                    return each.error();
                units.months.push_back(*each);
            }
            m_shared.units.push_back(std::move(units));
            return reader->finish();
        });
    }

    Status readDocuments()
    {
        return forEach("documents", [this](const JsonTree &item, const std::string &path) -> Status {
            auto reader = JsonObjectReader::of(item, path);
            if (!reader)
                return reader.error();
            SharedBaseline::Document document;
            for (const Status &status :
                 {reader->text("kind", document.kind, true), reader->text("name", document.name, true),
                  reader->text("content", document.content, true)}) {
                if (!status)
                    return status;
            }
            m_shared.documents.push_back(std::move(document));
            return reader->finish();
        });
    }

    JsonObjectReader m_reader;
    SharedBaseline m_shared;
};

} // namespace

std::string writeSharedBaseline(const SharedBaseline &shared)
{
    const std::vector<std::size_t> classes = classesOf(shared);
    Json json;
    json["version"] = profileVersion;
    json["ledger_digest"] = shared.ledgerDigest;
    json["currency"] = shared.currency;
    const Period period = shared.settings.period.value_or(Period{});
    json["from"] = formatInstant(period.from);
    json["to"] = formatInstant(period.to);
    json["horizon_months"] = shared.settings.horizonMonths;
    json["conventional_month"] = shared.settings.conventionalMonth;
    json["left_out"] = shared.leftOut;
    json["precision"] = {{"steps_per_double", shared.precision.stepsPerDouble},
                         {"days", shared.precision.days},
                         {"minutes", shared.precision.minutes}};
    json["dimensions"] = shared.dimensions;
    Json groups = Json::array();
    for (const SharedBaseline::Group &group : shared.groups) {
        Json each = Json::object();
        for (std::size_t i = 0; i < shared.dimensions.size(); ++i) {
            if (!group.values[i].empty())
                each[shared.dimensions[i]] = group.values[i];
        }
        if (group.tier != ServiceTier::Standard)
            each["tier"] = std::string(nameOf(group.tier));
        if (group.status != RequestStatus::Ok)
            each["status"] = std::string(requestStatusNames[static_cast<std::size_t>(group.status)]);
        groups.push_back(std::move(each));
    }
    json["groups"] = std::move(groups);
    Json names = Json::array();
    for (const std::size_t usageClass : classes)
        names.push_back(std::string(usageClassNames[usageClass]));
    json["classes"] = std::move(names);
    json["requests"] = rowsJson(shared, classes);
    json["gap_level"] = shared.gapLevel;
    json["cache_gaps"] = gapsJson(shared);
    json["charges"] = chargesJson(shared);
    Json outcomes = Json::array();
    for (const OutcomeRow &row : shared.outcomes)
        outcomes.push_back({{"metric", row.metric}, {"day", formatInstant(row.day)}, {"value", row.value.text()}});
    json["outcomes"] = std::move(outcomes);
    json["units"] = unitsJson(shared);
    Json documents = Json::array();
    for (const SharedBaseline::Document &document : shared.documents)
        documents.push_back({{"kind", document.kind}, {"name", document.name}, {"content", document.content}});
    json["documents"] = std::move(documents);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<SharedBaseline> readSharedBaseline(std::string_view text)
{
    const auto tree = parseJsonTree(text);
    if (!tree)
        return tree.error().in("profile");
    auto reader = JsonObjectReader::of(*tree, "/profile");
    if (!reader)
        return reader.error();
    return ProfileReader(std::move(*reader)).read();
}

} // namespace perunit
