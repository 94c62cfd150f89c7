// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/engine/profile.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace perunit {

namespace {

Error cancelled()
{
    return {ErrorCode::Cancelled, "stopped", "", ""};
}

std::uint32_t indexOf(std::vector<std::string> &texts, const std::string &text)
{
    const auto found = std::find(texts.begin(), texts.end(), text);
    if (found != texts.end())
        return static_cast<std::uint32_t>(found - texts.begin());
    texts.push_back(text);
    return static_cast<std::uint32_t>(texts.size() - 1);
}

constexpr std::int64_t microsPerWeek = 7 * microsPerDay;
/// A Monday; hours of the week are counted from here.
constexpr std::int64_t someMonday = 4 * microsPerDay;

std::int64_t sinceMonday(std::int64_t micros)
{
    const std::int64_t rest = (micros - someMonday) % microsPerWeek;
    return rest < 0 ? rest + microsPerWeek : rest;
}

/// Which daily windows of a model are open.
std::vector<bool> openWindows(const CatalogueModel &model, Instant at)
{
    std::vector<bool> result;
    for (const Rate &rate : model.rates) {
        if (rate.daily)
            result.push_back(rate.daily->contains(at));
    }
    return result;
}

/// Instants after Monday's first at which a daily window of the model opens or closes, in microseconds.
void addWindowEdges(const CatalogueModel &model, std::vector<std::int64_t> &edges)
{
    for (const Rate &rate : model.rates) {
        if (!rate.daily)
            continue;
        for (std::int64_t day = 0; day < 7; ++day) {
            for (const std::int32_t minute : {rate.daily->fromMinute, rate.daily->toMinute})
                edges.push_back((day * microsPerDay + minute * microsPerMinute) % microsPerWeek);
        }
    }
}

/// The rates and overlays of a model that hold at an instant: where they are the same, all prices are the same.
void addHolding(const PriceBook &book, ModelIndex model, Instant at, bool ownTime, std::vector<bool> &holding)
{
    for (const Rate &rate : book.model(model).rates)
        holding.push_back((!ownTime || rate.valid.contains(at)) && (!rate.daily || rate.daily->contains(at)));
    for (const std::int32_t overlay : book.overlaysOf(model))
        holding.push_back(!ownTime || book.overlays()[static_cast<std::size_t>(overlay)].valid.contains(at));
}

/// Numbers pairs of (group so far, value of one more dimension) in order of appearance.
class PairNumbers
{
public:
    PairNumbers(std::size_t groups, std::size_t values)
        : m_values(values)
    {
        if (groups * values <= largestTable)
            m_table.assign(groups * values, unknown);
    }
    std::uint32_t numberOf(std::uint32_t group, std::uint32_t value)
    {
        const std::uint64_t key = static_cast<std::uint64_t>(group) * m_values + value;
        if (m_table.empty()) {
            const auto [found, isNew] = m_map.try_emplace(key, m_count);
            m_count += isNew ? 1 : 0;
            return found->second;
        }
        std::uint32_t &number = m_table[static_cast<std::size_t>(key)];
        if (number == unknown)
            number = m_count++;
        return number;
    }
    [[nodiscard]] std::uint32_t count() const { return m_count; }

private:
    static constexpr std::size_t largestTable = std::size_t{1} << 20;
    static constexpr std::uint32_t unknown = 0xffffffffU;
    std::size_t m_values;
    std::vector<std::uint32_t> m_table;
    std::unordered_map<std::uint64_t, std::uint32_t> m_map;
    std::uint32_t m_count = 0;
};

} // namespace

/// The steps of the build, in order; each leaves its part of the profile finished.
struct Profile::Builder {
    const Workload &workload;
    const PriceBook &book;
    const Cut &cut;
    std::stop_token stop;
    Profile &profile;
    std::vector<std::uint32_t> segmentOfRow;

    [[nodiscard]] std::size_t rows() const { return profile.endRow - profile.firstRow; }

    Status run()
    {
        findRows();
        if (auto status = checkCounts(); !status)
            return status;
        groupRows();
        if (stop.stop_requested())
            return cancelled();
        makeBlocks();
        if (stop.stop_requested())
            return cancelled();
        sortBlocks();
        if (stop.stop_requested())
            return cancelled();
        addUp();
        return {};
    }

    void findRows()
    {
        const auto at = [this](Instant instant) {
            return static_cast<std::size_t>(std::lower_bound(workload.time.begin(), workload.time.end(), instant.micros)
                                            - workload.time.begin());
        };
        profile.m_workload = &workload;
        profile.firstRow = at(cut.period.from);
        profile.endRow = std::max(profile.firstRow, at(cut.period.to));
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (!workload.usage[i].empty())
                profile.m_usedClasses.push_back(i);
        }
    }

    Status checkCounts() const
    {
        for (const std::size_t usageClass : profile.m_usedClasses) {
            const auto &column = workload.usage[usageClass];
            for (std::size_t row = profile.firstRow; row < profile.endRow; ++row) {
                if (column[row] < 0)
                    return Error{ErrorCode::BadInput,
                                 "a request has a negative count of " + std::string(usageClassNames[usageClass]),
                                 "row " + std::to_string(workload.sourceRow[row]) + " of source "
                                     + std::to_string(workload.sourceIds[workload.source[row]]),
                                 "correct the source and import it again"};
            }
        }
        return {};
    }

    void groupRows()
    {
        for (const DimensionColumn &column : workload.dimensions) {
            if (!isUnitDimension(column.name))
                profile.dimensions.push_back(&column);
        }
        std::sort(profile.dimensions.begin(), profile.dimensions.end(),
                  [](const auto *a, const auto *b) { return a->name < b->name; });
        segmentOfRow.assign(rows(), 0);
        std::uint32_t groups = 1;
        const auto refine = [&](std::size_t values, const auto &valueOf) {
            if (values < 2)
                return;
            PairNumbers numbers(groups, values);
            for (std::size_t i = 0; i < rows(); ++i)
                segmentOfRow[i] = numbers.numberOf(segmentOfRow[i], valueOf(profile.firstRow + i));
            groups = std::max(numbers.count(), 1U);
        };
        for (const DimensionColumn *column : profile.dimensions)
            refine(column->dictionary.size(), [column](std::size_t row) { return column->ids[row]; });
        refine(serviceTierCount, [this](std::size_t row) { return static_cast<std::uint32_t>(workload.tier[row]); });
        nameSegments(rows() == 0 ? 0 : groups);
    }

    void nameSegments(std::uint32_t groups)
    {
        std::vector<std::size_t> exampleOf(groups, 0);
        for (std::size_t i = rows(); i-- > 0;)
            exampleOf[segmentOfRow[i]] = profile.firstRow + i;
        const auto before = [&](std::uint32_t a, std::uint32_t b) {
            for (const DimensionColumn *column : profile.dimensions) {
                const std::uint32_t idA = column->ids[exampleOf[a]];
                const std::uint32_t idB = column->ids[exampleOf[b]];
                if (idA != idB)
                    return column->dictionary.text(idA) < column->dictionary.text(idB);
            }
            return workload.tier[exampleOf[a]] < workload.tier[exampleOf[b]];
        };
        std::vector<std::uint32_t> sorted(groups);
        std::iota(sorted.begin(), sorted.end(), 0U);
        std::sort(sorted.begin(), sorted.end(), before);
        std::vector<std::uint32_t> place(groups);
        for (std::uint32_t i = 0; i < groups; ++i)
            place[sorted[i]] = i;
        for (std::uint32_t &segment : segmentOfRow)
            segment = place[segment];
        profile.segments.reserve(groups);
        std::map<std::pair<std::string, std::string>, std::uint32_t> known;
        for (const std::uint32_t group : sorted)
            profile.segments.push_back(segmentLike(exampleOf[group], known));
    }

    Segment segmentLike(std::size_t row, std::map<std::pair<std::string, std::string>, std::uint32_t> &known)
    {
        Segment segment;
        for (const DimensionColumn *column : profile.dimensions)
            segment.key.push_back(column->ids[row]);
        segment.tier = workload.tier[row];
        const std::pair name{workload.text("provider", row), workload.text("model", row)};
        const auto [found, isNew] = known.try_emplace(name, static_cast<std::uint32_t>(profile.names.size()));
        if (isNew)
            profile.names.push_back({name.first, name.second, book.resolve(name.first, name.second)});
        segment.resolution = found->second;
        const ModelMatch &match = profile.names[segment.resolution].match;
        segment.model = match.model;
        // A region inside the recorded name says which price list applied; the column says where it was asked.
        segment.region = indexOf(profile.regions, match.region.empty() ? workload.text("region", row) : match.region);
        return segment;
    }

    /// The time axis of a model: instants at which its prices or the month may change, and which of the
    /// spans between them are alike. Where only the hour of the week counts, the axis is one week.
    struct Axis {
        std::vector<std::int64_t> starts;
        std::vector<std::uint32_t> kindOf;  ///< by span
        std::vector<std::size_t> exampleOf; ///< a span, by kind
    };

    [[nodiscard]] Axis axisFor(ModelIndex own) const
    {
        std::vector<ModelIndex> models = cut.alsoPricedAs;
        models.push_back(own);
        Axis axis;
        axis.starts.push_back(cut.ownTime ? cut.period.from.micros : 0);
        for (const ModelIndex model : models) {
            if (!model.found())
                continue;
            if (!cut.ownTime)
                addWindowEdges(book.model(model), axis.starts);
            else
                for (const Instant change : book.changesWithin(model, cut.period))
                    axis.starts.push_back(change.micros);
        }
        for (Month month = monthOf(cut.period.from).plus(1); cut.ownTime && month.start() < cut.period.to;
             month = month.plus(1))
            axis.starts.push_back(month.start().micros);
        std::sort(axis.starts.begin(), axis.starts.end());
        axis.starts.erase(std::unique(axis.starts.begin(), axis.starts.end()), axis.starts.end());

        std::map<std::pair<std::int32_t, std::vector<bool>>, std::uint32_t> kinds;
        for (std::size_t i = 0; i < axis.starts.size(); ++i) {
            std::vector<bool> holding;
            for (const ModelIndex model : models) {
                if (model.found())
                    addHolding(book, model, instantOn(axis, i), cut.ownTime, holding);
            }
            const auto [found, isNew] = kinds.try_emplace({monthOn(axis, i), std::move(holding)},
                                                          static_cast<std::uint32_t>(axis.exampleOf.size()));
            if (isNew)
                axis.exampleOf.push_back(i);
            axis.kindOf.push_back(found->second);
        }
        return axis;
    }

    [[nodiscard]] Instant instantOn(const Axis &axis, std::size_t span) const
    {
        return {axis.starts[span] + (cut.ownTime ? 0 : someMonday)};
    }
    [[nodiscard]] std::int32_t monthOn(const Axis &axis, std::size_t span) const
    {
        return cut.ownTime ? monthOf(instantOn(axis, span)).index - monthOf(cut.period.from).index : 0;
    }

    void makeBlocks()
    {
        std::map<std::int32_t, Axis> axisOfModel;
        std::vector<const Axis *> axes;
        std::vector<std::uint32_t> firstKind;
        std::uint32_t kinds = 0;
        for (const Segment &segment : profile.segments) {
            const auto [found, isNew] = axisOfModel.try_emplace(segment.model.value);
            if (isNew)
                found->second = axisFor(segment.model);
            axes.push_back(&found->second);
            firstKind.push_back(kinds);
            kinds += static_cast<std::uint32_t>(found->second.exampleOf.size());
        }
        // Rows come in order of time: at the requests' own time each segment only ever moves on.
        std::vector<std::size_t> spanOf(profile.segments.size(), 0);
        std::vector<std::uint32_t> countOf(kinds, 0);
        profile.blockOfRow.resize(rows());
        for (std::size_t i = 0; i < rows(); ++i) {
            const std::uint32_t segment = segmentOfRow[i];
            const std::int64_t time = workload.time[profile.firstRow + i];
            const auto &starts = axes[segment]->starts;
            std::size_t &span = spanOf[segment];
            if (cut.ownTime) {
                while (span + 1 < starts.size() && starts[span + 1] <= time)
                    ++span;
            } else if (starts.size() > 1) {
                const auto after = std::upper_bound(starts.begin(), starts.end(), sinceMonday(time));
                span = static_cast<std::size_t>(after - starts.begin()) - 1;
            }
            const std::uint32_t kind = firstKind[segment] + axes[segment]->kindOf[span];
            profile.blockOfRow[i] = kind;
            ++countOf[kind];
        }
        numberBlocks(axes, firstKind, countOf);
    }

    void numberBlocks(const std::vector<const Axis *> &axes, const std::vector<std::uint32_t> &firstKind,
                      const std::vector<std::uint32_t> &countOf)
    {
        std::vector<std::uint32_t> blockOfKind(countOf.size(), 0);
        std::uint32_t position = 0;
        for (std::uint32_t s = 0; s < profile.segments.size(); ++s) {
            const Axis &axis = *axes[s];
            Segment &segment = profile.segments[s];
            segment.firstBlock = static_cast<std::uint32_t>(profile.blocks.size());
            // Kinds are numbered as they first occur, so that months come in order.
            for (std::uint32_t i = 0; i < axis.exampleOf.size(); ++i) {
                const std::uint32_t kind = firstKind[s] + i;
                if (countOf[kind] == 0)
                    continue;
                blockOfKind[kind] = static_cast<std::uint32_t>(profile.blocks.size());
                Block block;
                block.segment = s;
                block.at = instantOn(axis, axis.exampleOf[i]);
                block.month = monthOn(axis, axis.exampleOf[i]);
                block.first = position;
                block.end = position + countOf[kind];
                position = block.end;
                profile.blocks.push_back(block);
            }
            segment.endBlock = static_cast<std::uint32_t>(profile.blocks.size());
        }
        for (std::uint32_t &block : profile.blockOfRow)
            block = blockOfKind[block];
    }

    void sortBlocks()
    {
        std::vector<std::uint32_t> next;
        for (const Block &block : profile.blocks)
            next.push_back(block.first);
        std::vector<std::pair<std::int64_t, std::uint32_t>> sorted(rows());
        for (std::size_t i = 0; i < rows(); ++i) {
            const std::size_t row = profile.firstRow + i;
            sorted[next[profile.blockOfRow[i]]++] = {workload.promptTokens(row), static_cast<std::uint32_t>(i)};
        }
        for (const Block &block : profile.blocks)
            std::sort(sorted.begin() + block.first, sorted.begin() + block.end);
        profile.m_order.resize(rows());
        profile.m_prompts.resize(rows());
        for (std::size_t i = 0; i < rows(); ++i) {
            profile.m_prompts[i] = sorted[i].first;
            profile.m_order[i] = sorted[i].second;
        }
    }

    void addUp()
    {
        std::uint32_t samples = 0;
        for (Block &block : profile.blocks) {
            block.sample = samples;
            samples += (block.end - block.first) / sampleStride + 1;
        }
        profile.m_samples.assign(profile.m_usedClasses.size(), std::vector<std::int64_t>(samples, 0));
        for (std::size_t k = 0; k < profile.m_usedClasses.size(); ++k) {
            const auto &column = workload.usage[profile.m_usedClasses[k]];
            auto &sums = profile.m_samples[k];
            for (Block &block : profile.blocks) {
                std::int64_t sum = 0;
                for (std::uint32_t i = block.first; i < block.end; ++i) {
                    if ((i - block.first) % sampleStride == 0)
                        sums[block.sample + (i - block.first) / sampleStride] = sum;
                    sum += column[profile.firstRow + profile.m_order[i]];
                }
                if ((block.end - block.first) % sampleStride == 0)
                    sums[block.sample + (block.end - block.first) / sampleStride] = sum;
                block.totals[profile.m_usedClasses[k]] = sum;
            }
        }
    }
};

Result<std::unique_ptr<const Profile>> Profile::build(const Workload &workload, const PriceBook &book, const Cut &cut,
                                                      std::stop_token stop)
{
    auto profile = std::make_unique<Profile>();
    Builder builder{workload, book, cut, std::move(stop), *profile, {}};
    if (auto status = builder.run(); !status)
        return status.error();
    return std::unique_ptr<const Profile>(std::move(profile));
}

Instant firstLike(const CatalogueModel &model, Instant first, Instant like)
{
    std::vector<std::int64_t> edges{0};
    addWindowEdges(model, edges);
    if (edges.size() == 1)
        return first;
    const std::vector<bool> wanted = openWindows(model, like);
    if (openWindows(model, first) == wanted)
        return first;
    // Windows open and close only at edges, so the first fitting instant is one of them.
    Instant result{first.micros + microsPerWeek};
    for (const std::int64_t edge : edges) {
        const std::int64_t wait = (edge - sinceMonday(first.micros) + microsPerWeek) % microsPerWeek;
        const Instant at{first.micros + wait};
        if (at < result && openWindows(model, at) == wanted)
            result = at;
    }
    return result;
}

std::string Profile::text(const Segment &segment, std::string_view dimension) const
{
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
        if (dimensions[i]->name == dimension)
            return std::string(dimensions[i]->dictionary.text(segment.key[i]));
    }
    return {};
}

std::vector<char> Profile::matching(const Scope &scope) const
{
    std::vector<char> result(segments.size(), 1);
    for (const auto &[dimension, values] : scope.conditions) {
        const auto column =
            std::find_if(dimensions.begin(), dimensions.end(),
                         [name = std::string_view(dimension)](const auto *c) { return c->name == name; });
        if (column == dimensions.end()) {
            // No row says anything here: only the empty text can match.
            if (std::find(values.begin(), values.end(), "") == values.end())
                std::fill(result.begin(), result.end(), char{0});
            continue;
        }
        const auto place = static_cast<std::size_t>(column - dimensions.begin());
        std::vector<char> wanted((*column)->dictionary.size(), 0);
        for (const std::string &value : values) {
            if (const std::uint32_t id = (*column)->dictionary.find(value); id != Dictionary::missing)
                wanted[id] = 1;
        }
        for (std::size_t s = 0; s < segments.size(); ++s) {
            if (!wanted[segments[s].key[place]])
                result[s] = 0;
        }
    }
    return result;
}

std::uint32_t Profile::countBelow(const Block &block, std::int64_t tokens) const
{
    const auto first = m_prompts.begin() + block.first;
    return static_cast<std::uint32_t>(std::lower_bound(first, m_prompts.begin() + block.end, tokens) - first);
}

std::array<std::int64_t, usageClassCount> Profile::sumOfShortest(const Block &block, std::uint32_t count) const
{
    if (count == block.end - block.first)
        return block.totals;
    std::array<std::int64_t, usageClassCount> result{};
    const std::uint32_t sample = count / sampleStride;
    for (std::size_t k = 0; k < m_usedClasses.size(); ++k) {
        const auto &column = m_workload->usage[m_usedClasses[k]];
        std::int64_t sum = m_samples[k][block.sample + sample];
        for (std::uint32_t i = block.first + sample * sampleStride; i < block.first + count; ++i)
            sum += column[firstRow + m_order[i]];
        result[m_usedClasses[k]] = sum;
    }
    return result;
}

} // namespace perunit
