// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/source_rows.h"

#include <array>

namespace perunit {

namespace {

/// Columns of requests in one chunk, found once.
struct RequestPlaces {
    RequestPlaces(const ColumnChunk &chunk, ColumnReader &reader)
        : time(chunk.numbers("time"))
        , row(chunk.numbers("row"))
        , duration(chunk.numbers("duration"))
        , reasoning(chunk.numbers("usage.reasoning"))
        , tier(chunk.numbers("tier"))
        , status(chunk.numbers("status"))
        , attempts(chunk.numbers("attempts"))
        , billed(chunk.amounts("billed"))
    {
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (static_cast<UsageClass>(i) != UsageClass::Reasoning)
                usage[i] = chunk.numbers("usage." + std::string(usageClassNames[i]));
        }
        for (const RequestText &text : requestTexts()) {
            if (const auto *ids = chunk.textIds(text.name))
                texts.push_back({text.member, ids, &reader.texts(text.name)});
        }
        for (const std::string &name : reader.textNames()) {
            const auto *ids = name.starts_with("tag:") ? chunk.textIds(name) : nullptr;
            if (ids)
                tags.push_back({name.substr(4), ids, &reader.texts(name)});
        }
    }

    [[nodiscard]] RequestRow at(const ColumnChunk &chunk, std::size_t i) const
    {
        RequestRow request;
        request.time = {chunk.number(time, i)};
        request.durationMicros = chunk.number(duration, i);
        for (std::size_t k = 0; k < usageClassCount; ++k)
            request.usage.counts[k] = chunk.number(usage[k], i);
        request.usage.reasoning = chunk.number(reasoning, i);
        request.tier = static_cast<ServiceTier>(chunk.number(tier, i));
        request.status = static_cast<RequestStatus>(chunk.number(status, i));
        request.attempts = static_cast<std::int32_t>(chunk.number(attempts, i));
        if (billed)
            request.billed = (*billed)[i];
        for (const Text &text : texts)
            request.*text.member = (*text.values)[static_cast<std::size_t>((*text.ids)[i])];
        for (const Tag &tag : tags) {
            const std::string &value = (*tag.values)[static_cast<std::size_t>((*tag.ids)[i])];
            if (!value.empty())
                request.tags.emplace_back(tag.key, value);
        }
        return request;
    }

    using Numbers = const std::vector<std::int64_t> *;
    struct Text {
        std::string RequestRow::*member;
        Numbers ids;
        const std::vector<std::string> *values;
    };
    struct Tag {
        std::string key;
        Numbers ids;
        const std::vector<std::string> *values;
    };
    Numbers time;
    Numbers row;
    Numbers duration;
    Numbers reasoning;
    Numbers tier;
    Numbers status;
    Numbers attempts;
    const std::vector<std::optional<Money>> *billed;
    std::array<Numbers, usageClassCount> usage{};
    std::vector<Text> texts;
    std::vector<Tag> tags;
};

Status visitRequests(const ColumnChunk &chunk, ColumnReader &reader, RowVisitor &visitor)
{
    const RequestPlaces places(chunk, reader);
    for (std::size_t i = 0; i < chunk.rows(); ++i) {
        if (auto status = visitor.add(places.at(chunk, i), chunk.number(places.row, i)); !status)
            return status;
    }
    return {};
}

template <typename Row>
Status visitAll(const std::vector<Row> &rows, const ColumnChunk &chunk, RowVisitor &visitor)
{
    const auto *numbers = chunk.numbers("row");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto status = visitor.add(rows[i], chunk.number(numbers, i)); !status)
            return status;
    }
    return {};
}

} // namespace

Status visitStoredRows(const Database &database, const StoredSource &source, RowVisitor &visitor,
                       const std::stop_token &stop)
{
    ColumnReader reader(database, source.facts.id);
    auto status = reader.read(stop, [&](const ColumnChunk &chunk) -> Status {
        if (source.kind == RowKind::Requests)
            return visitRequests(chunk, reader, visitor);
        if (source.kind == RowKind::Charges) {
            std::vector<ChargeRow> rows;
            auto read = appendCharges(chunk, reader, rows);
            return read ? visitAll(rows, chunk, visitor) : read;
        }
        std::vector<OutcomeRow> rows;
        auto read = appendOutcomes(chunk, reader, rows);
        return read ? visitAll(rows, chunk, visitor) : read;
    });
    if (status && source.sealed && reader.seal() != source.pieces)
        status = Error{ErrorCode::BadInput, "rows of the source are missing from the workspace", "", ""};
    return status ? status : Status(status.error().in(source.facts.file));
}

} // namespace perunit
