// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/source_writer.h"

#include "model/store/column_codec.h"
#include "model/store/ledger_reader.h"
#include "model/store/request_chunks.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t rowsPerBatch = 8192;

struct ChargeColumnSet {
    explicit ChargeColumnSet(ColumnBuffer &target)
        : buffer(target)
    {
        for (const ChargeText &text : chargeTexts())
            texts.push_back(buffer.addText(text.name));
    }

    void set(const ChargeRow &charge, std::int64_t rowNumber)
    {
        buffer.setNumber(row, rowNumber);
        buffer.setNumber(from, charge.period.from.micros);
        buffer.setNumber(to, charge.period.to.micros);
        buffer.setNumber(billingFrom, charge.billingPeriod.from.micros);
        buffer.setNumber(billingTo, charge.billingPeriod.to.micros);
        buffer.setNumber(category, static_cast<std::int64_t>(charge.category));
        buffer.setNumber(correction, charge.correction ? 1 : 0);
        // Zero means "no class", so the classes start at one.
        buffer.setNumber(tokenClass, charge.tokenClass ? static_cast<std::int64_t>(*charge.tokenClass) + 1 : 0);
        buffer.setNumber(tokens, charge.tokens);
        buffer.setAmount(billed, charge.billed);
        buffer.setAmount(effective, charge.effective);
        buffer.setAmount(list, charge.list);
        buffer.setAmount(contracted, charge.contracted);
        std::size_t i = 0;
        for (const ChargeText &text : chargeTexts())
            buffer.setText(texts[i++], charge.*text.member);
        if (!charge.tags.empty())
            buffer.setText(tags, joinTags(charge.tags));
    }

    ColumnBuffer &buffer;
    std::size_t row = buffer.addNumber("row");
    std::size_t from = buffer.addNumber("from");
    std::size_t to = buffer.addNumber("to");
    std::size_t billingFrom = buffer.addNumber("billing_from");
    std::size_t billingTo = buffer.addNumber("billing_to");
    std::size_t category = buffer.addNumber("category");
    std::size_t correction = buffer.addNumber("correction");
    std::size_t tokenClass = buffer.addNumber("token_class");
    std::size_t tokens = buffer.addNumber("tokens");
    std::size_t billed = buffer.addAmount("billed");
    std::size_t effective = buffer.addAmount("effective");
    std::size_t list = buffer.addAmount("list");
    std::size_t contracted = buffer.addAmount("contracted");
    std::size_t tags = buffer.addText("tags");
    std::vector<std::size_t> texts;
};

struct OutcomeColumnSet {
    explicit OutcomeColumnSet(ColumnBuffer &target)
        : buffer(target)
    {}

    void set(const OutcomeRow &outcome, std::int64_t rowNumber)
    {
        buffer.setNumber(row, rowNumber);
        buffer.setNumber(day, outcome.day.micros);
        buffer.setText(metric, outcome.metric);
        buffer.setText(label, outcome.label);
        buffer.setAmount(value, outcome.value);
    }

    ColumnBuffer &buffer;
    std::size_t row = buffer.addNumber("row");
    std::size_t day = buffer.addNumber("day");
    std::size_t metric = buffer.addText("metric");
    std::size_t label = buffer.addText("label");
    std::size_t value = buffer.addAmount("value");
};

class StagedSourceWriter : public WorkspaceStore::SourceWriter
{
public:
    StagedSourceWriter(const Database &database, std::vector<std::int64_t> replaces)
        : m_database(database)
        , m_replaces(std::move(replaces))
    {}
    ~StagedSourceWriter() override
    {
        if (m_started)
            (void)m_database.run("DROP TABLE IF EXISTS temp.staged").ok();
    }

    Status start()
    {
        if (auto status = m_database.run("CREATE TABLE temp.staged(chunk INTEGER, column TEXT, n INTEGER, data BLOB, "
                                         "PRIMARY KEY(chunk, column)) WITHOUT ROWID");
            !status)
            return Error{ErrorCode::Conflict, "another source is being written", "", "wait until it is stored"};
        m_started = true;
        return {};
    }

    Status add(const RequestRow &row, std::int64_t rowNumber) override
    {
        m_batch.add(row, rowNumber);
        return m_batch.rows < rowsPerBatch ? Status() : addSingleRows();
    }
    Status add(const RequestBatch &batch) override
    {
        if (m_kind != RowKind::None && m_kind != RowKind::Requests)
            return otherKind();
        if (auto status = addSingleRows(); !status)
            return status;
        return append(batch);
    }
    Status add(const ChargeRow &row, std::int64_t rowNumber) override
    {
        return append(m_charges, RowKind::Charges, row, rowNumber);
    }
    Status add(const OutcomeRow &row, std::int64_t rowNumber) override
    {
        return append(m_outcomes, RowKind::Outcomes, row, rowNumber);
    }
    void replace(std::int64_t sourceId) override { m_replaces.push_back(sourceId); }
    Result<Source> finish(Source facts) override;

private:
    template <typename Set, typename Row>
    Status append(std::unique_ptr<Set> &columns, RowKind kind, const Row &row, std::int64_t rowNumber)
    {
        if (m_batch.rows > 0)
            return otherKind();
        if (m_kind == RowKind::None) {
            m_kind = kind;
            columns = std::make_unique<Set>(m_buffer);
        } else if (m_kind != kind) {
            return otherKind();
        }
        m_buffer.beginRow();
        columns->set(row, rowNumber);
        ++m_rows;
        return m_buffer.rows() < rowsPerChunk ? Status() : flush();
    }
    static Error otherKind() { return {ErrorCode::Conflict, "a source holds rows of one kind", "", ""}; }
    /// Rows that came one by one.
    Status addSingleRows()
    {
        if (m_batch.rows == 0)
            return {};
        const RequestBatch batch = std::exchange(m_batch, RequestBatch());
        if (m_kind != RowKind::None && m_kind != RowKind::Requests)
            return otherKind();
        return append(batch);
    }
    Status append(const RequestBatch &batch)
    {
        m_kind = batch.rows > 0 ? RowKind::Requests : m_kind;
        m_rows += static_cast<std::int64_t>(batch.rows);
        return m_requests.add(batch, [this](auto pieces) { return stage(std::move(pieces)); });
    }
    Status flush() { return stage(m_buffer.flush()); }
    Status stage(std::vector<ColumnPiece> pieces);
    Result<std::int64_t> insertSource(const Source &facts);

    Status retireReplaced();

    const Database &m_database;
    std::vector<std::int64_t> m_replaces;
    bool m_started = false;
    ColumnBuffer m_buffer;
    RowKind m_kind = RowKind::None;
    std::int64_t m_rows = 0;
    std::int64_t m_chunk = 0;
    Tally m_pieces;
    RequestBatch m_batch;
    RequestChunks m_requests;
    std::unique_ptr<ChargeColumnSet> m_charges;
    std::unique_ptr<OutcomeColumnSet> m_outcomes;
};

Status StagedSourceWriter::stage(std::vector<ColumnPiece> pieces)
{
    auto statement = Statement::prepare(m_database, "INSERT INTO temp.staged VALUES(?,?,?,?)");
    if (!statement)
        return statement.error();
    // A savepoint touches the temporary file only; the workspace stays free for others.
    if (auto status = m_database.run("SAVEPOINT chunk"); !status)
        return status;
    for (const ColumnPiece &piece : pieces) {
        m_pieces.add(sealOfPiece(m_chunk, piece.column, static_cast<std::int64_t>(piece.n), piece.data));
        statement->bind(m_chunk).bind(std::string_view(piece.column)).bind(static_cast<std::int64_t>(piece.n));
        if (auto status = statement->bindBlob(piece.data).finish(); !status) {
            (void)m_database.run("ROLLBACK TO chunk; RELEASE chunk").ok();
            return status;
        }
    }
    ++m_chunk;
    return m_database.run("RELEASE chunk");
}

Result<std::int64_t> StagedSourceWriter::insertSource(const Source &facts)
{
    auto statement = Statement::prepare(
        m_database, "INSERT INTO sources(file, bytes, sha256, format, why, mapping, imported_at, role, rows_read, "
                    "rows_accepted, rows_rejected, rows_duplicate, period_from, period_to, currency, requests, "
                    "row_kind, row_count, facts, active, content_sha256, pieces) "
                    "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?,?) RETURNING id");
    if (!statement)
        return statement.error();
    statement->bind(std::string_view(facts.file)).bind(facts.bytes).bind(std::string_view(facts.sha256));
    statement->bind(std::string_view(facts.format)).bind(std::string_view(facts.why));
    statement->bind(std::string_view(facts.mapping)).bind(facts.importedAt.micros);
    statement->bind(static_cast<std::int64_t>(facts.role)).bind(facts.rowsRead).bind(facts.rowsAccepted);
    statement->bind(facts.rowsRejected).bind(facts.rowsDuplicate).bind(facts.period.from.micros);
    statement->bind(facts.period.to.micros).bind(std::string_view(facts.currency)).bind(facts.requests);
    statement->bind(static_cast<std::int64_t>(m_kind)).bind(m_rows).bindBlob(packFacts(facts));
    statement->bind(std::string_view(facts.contentSha256)).bind(m_pieces.sum);
    auto row = statement->step();
    if (!row)
        return row.error();
    const std::int64_t id = statement->integer(0);
    if (auto done = statement->step(); !done)
        return done.error();
    return id;
}

Status StagedSourceWriter::retireReplaced()
{
    auto statement = Statement::prepare(m_database, "UPDATE sources SET active=0 WHERE id=? AND active=1");
    if (!statement)
        return statement.error();
    for (const std::int64_t id : m_replaces) {
        if (auto status = statement->bind(id).finish(); !status)
            return status;
        if (auto status = sealSource(m_database, id); !status)
            return status;
    }
    return {};
}

Result<Source> StagedSourceWriter::finish(Source facts)
{
    if (auto status = addSingleRows(); !status)
        return status.error();
    if (auto status = m_requests.finish([this](auto pieces) { return stage(std::move(pieces)); }); !status)
        return status.error();
    if (!canPlay(m_kind, facts.role))
        return Error{ErrorCode::BadInput,
                     "the rows of this source cannot have the role '"
                         + std::string(sourceRoleNames[static_cast<std::size_t>(facts.role)]) + "'",
                     facts.file, "choose another role"};
    if (m_buffer.rows() > 0) {
        if (auto status = flush(); !status)
            return status.error();
    }
    // Whoever is told that a ledger was imported may delete the file.
    const DurableCommits durable(m_database);
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return transaction.error();
    if (auto status = retireReplaced(); !status)
        return status.error();
    auto same = Statement::prepare(m_database, "SELECT 1 FROM sources WHERE active=1 AND ((sha256<>'' AND sha256=?) OR "
                                               "(content_sha256<>'' AND content_sha256=?))");
    if (!same)
        return same.error();
    auto found = same->bind(std::string_view(facts.sha256)).bind(std::string_view(facts.contentSha256)).step();
    if (!found)
        return found.error();
    same->reset();
    if (*found)
        return Error{ErrorCode::Conflict, "the same content is already in the workspace", "", ""};
    auto id = insertSource(facts);
    if (!id)
        return id.error();
    auto move = Statement::prepare(m_database, "INSERT INTO cols SELECT ?, chunk, column, n, data FROM temp.staged "
                                               "ORDER BY chunk, column");
    if (!move)
        return move.error();
    if (auto status = move->bind(*id).finish(); !status)
        return status.error();
    if (auto status = sealSource(m_database, *id); !status)
        return status.error();
    if (auto status = transaction->commit(); !status)
        return status.error();
    (void)m_database.run("DROP TABLE temp.staged").ok();
    m_started = false;
    facts.id = *id;
    facts.active = true;
    return facts;
}

Json amountJson(const CostTotal &amount)
{
    return amount ? Json(amount->text()) : Json();
}

bool readAmount(const Json &json, const char *name, CostTotal &amount)
{
    if (!json.contains(name) || json[name].is_null())
        return true;
    if (!json[name].is_string())
        return false;
    const auto value = parseDecimal(json[name].get_ref<const std::string &>(), Money::scale);
    if (!value)
        return false;
    amount = Money::ofUnits(value->units);
    return true;
}

} // namespace

std::string packFacts(const Source &source)
{
    Json json;
    json["billed"] = amountJson(source.billed);
    json["effective"] = amountJson(source.effective);
    json["list"] = amountJson(source.list);
    json["contracted"] = amountJson(source.contracted);
    json["usage"] = Json::object();
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (source.tokens.counts[i] != 0)
            json["usage"][std::string(usageClassNames[i])] = source.tokens.counts[i];
    }
    json["reasoning"] = source.tokens.reasoning;
    if (source.tokenLines != 0)
        json["token_lines"] = source.tokenLines;
    json["rejects"] = Json::array();
    for (const RejectedRow &reject : source.rejects)
        json["rejects"].push_back(Json::array({reject.line, reject.column, reject.value, reject.reason}));
    json["warnings"] = source.warnings;
    if (!source.droppedColumns.empty())
        json["dropped_columns"] = source.droppedColumns;
    if (!source.hashedColumns.empty())
        json["hashed_columns"] = source.hashedColumns;
    return compressBytes(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Status unpackFacts(std::string_view bytes, Source &source)
{
    const Error damaged{ErrorCode::BadInput, "the facts of a source are damaged", source.file,
                        "restore the workspace from a copy, or import the ledger into a new one"};
    const auto text = decompressBytes(bytes);
    const Json json = text ? Json::parse(*text, nullptr, false) : Json();
    if (!json.is_object() || !json.contains("usage") || !json.contains("rejects") || !json.contains("warnings"))
        return damaged;
    try {
        if (!readAmount(json, "billed", source.billed) || !readAmount(json, "effective", source.effective)
            || !readAmount(json, "list", source.list) || !readAmount(json, "contracted", source.contracted))
            return damaged;
        for (const auto &[name, count] : json["usage"].items()) {
            if (const auto usageClass = usageClassNamed(name))
                source.tokens[*usageClass] = count.get<std::int64_t>();
        }
        source.tokens.reasoning = json.value("reasoning", std::int64_t{0});
        source.tokenLines = json.value("token_lines", std::int64_t{0});
        for (const Json &reject : json["rejects"])
            source.rejects.push_back({reject.at(0).get<std::int64_t>(), reject.at(1).get<std::string>(),
                                      reject.at(2).get<std::string>(), reject.at(3).get<std::string>()});
        source.warnings = json["warnings"].get<std::vector<std::string>>();
        source.droppedColumns = json.value("dropped_columns", std::vector<std::string>());
        source.hashedColumns = json.value("hashed_columns", std::vector<std::string>());
    } catch (const Json::exception &) {
        return damaged;
    }
    return {};
}

Result<std::unique_ptr<WorkspaceStore::SourceWriter>> makeSourceWriter(const Database &database,
                                                                       std::vector<std::int64_t> replaces)
{
    auto writer = std::make_unique<StagedSourceWriter>(database, std::move(replaces));
    if (auto status = writer->start(); !status)
        return status.error();
    return std::unique_ptr<WorkspaceStore::SourceWriter>(std::move(writer));
}

} // namespace perunit
