// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/ledger_reader.h"

#include "model/dimensions/apply_dimensions.h"
#include "model/ledger/token_line.h"
#include "model/store/request_reader.h"
#include "model/store/source_writer.h"
#include "pricing/base/sha256.h"

#include <algorithm>
#include <set>

namespace perunit {

namespace {

constexpr const char *damagedSourceRemedy =
    "restore the workspace from a copy, or undo this import and import the ledger again";

Error missingRows(const Source &source)
{
    return {ErrorCode::BadInput, "rows of the source are missing from the workspace", source.file, damagedSourceRemedy};
}

Error inSource(Error error, const Source &source)
{
    if (error.code == ErrorCode::BadInput)
        error.remedy = damagedSourceRemedy;
    return error.in(source.file);
}

template <typename Row, typename Field>
void setTexts(Row &row, std::size_t i, const ColumnChunk &chunk, ColumnReader &reader, const std::vector<Field> &fields)
{
    for (const Field &field : fields) {
        if (const auto *ids = chunk.textIds(field.name))
            row.*field.member = reader.texts(field.name)[static_cast<std::size_t>((*ids)[i])];
    }
}

std::string textAt(const ColumnChunk &chunk, ColumnReader &reader, const char *name, std::size_t row)
{
    const auto *ids = chunk.textIds(name);
    return ids ? reader.texts(name)[static_cast<std::size_t>((*ids)[row])] : std::string();
}

std::optional<Money> amountAt(const ColumnChunk &chunk, const char *name, std::size_t row)
{
    const auto *amounts = chunk.amounts(name);
    return amounts ? (*amounts)[row] : std::nullopt;
}

} // namespace

Status appendCharges(const ColumnChunk &chunk, ColumnReader &reader, std::vector<ChargeRow> &rows)
{
    const auto *from = chunk.numbers("from");
    const auto *to = chunk.numbers("to");
    const auto *billingFrom = chunk.numbers("billing_from");
    const auto *billingTo = chunk.numbers("billing_to");
    const auto *category = chunk.numbers("category");
    const auto *correction = chunk.numbers("correction");
    const auto *tokenClass = chunk.numbers("token_class");
    const auto *tokens = chunk.numbers("tokens");
    const auto *rowNumbers = chunk.numbers("row");
    for (std::size_t i = 0; i < chunk.rows(); ++i) {
        ChargeRow row;
        row.sourceRow = chunk.number(rowNumbers, i);
        row.period = {{chunk.number(from, i)}, {chunk.number(to, i)}};
        row.billingPeriod = {{chunk.number(billingFrom, i)}, {chunk.number(billingTo, i)}};
        const std::int64_t kind = chunk.number(category, i);
        const std::int64_t usageClass = chunk.number(tokenClass, i);
        if (kind < 0 || kind > static_cast<std::int64_t>(ChargeCategory::Adjustment) || usageClass < 0
            || usageClass > static_cast<std::int64_t>(usageClassCount))
            return Error{ErrorCode::BadInput, "stored rows are damaged", "", ""};
        row.category = static_cast<ChargeCategory>(kind);
        row.correction = chunk.number(correction, i) != 0;
        if (usageClass > 0)
            row.tokenClass = static_cast<UsageClass>(usageClass - 1);
        row.tokens = chunk.number(tokens, i);
        row.billed = amountAt(chunk, "billed", i);
        row.effective = amountAt(chunk, "effective", i);
        row.list = amountAt(chunk, "list", i);
        row.contracted = amountAt(chunk, "contracted", i);
        setTexts(row, i, chunk, reader, chargeTexts());
        row.tags = splitTags(textAt(chunk, reader, "tags", i));
        rows.push_back(std::move(row));
    }
    return {};
}

namespace {

/// Requests of a source that plays the part of a bill: what they recorded as cost is the charge.
void appendRequestCharges(const ColumnChunk &chunk, ColumnReader &reader, std::vector<ChargeRow> &rows)
{
    for (std::size_t i = 0; i < chunk.rows(); ++i) {
        RequestRow request;
        setTexts(request, i, chunk, reader, requestTexts());
        ChargeRow row;
        const std::int64_t time = chunk.number(chunk.numbers("time"), i);
        row.sourceRow = chunk.number(chunk.numbers("row"), i);
        row.period = {{time}, {time + 1}};
        row.provider = request.provider;
        row.service = request.service;
        row.region = request.region;
        row.resource = request.deployment;
        row.model = request.model;
        row.workload = request.workload;
        row.environment = request.environment;
        row.team = request.team;
        row.feature = request.feature;
        row.customer = request.customer;
        row.billed = amountAt(chunk, "billed", i);
        row.effective = row.billed;
        for (const std::string &name : reader.textNames()) {
            if (const std::string value = textAt(chunk, reader, name.c_str(), i);
                name.starts_with("tag:") && !value.empty())
                row.tags.emplace_back(name.substr(4), value);
        }
        if (row.billed)
            rows.push_back(std::move(row));
    }
}

} // namespace

Status appendOutcomes(const ColumnChunk &chunk, ColumnReader &reader, std::vector<OutcomeRow> &rows)
{
    const auto *days = chunk.numbers("day");
    for (std::size_t i = 0; i < chunk.rows(); ++i)
        rows.push_back({{chunk.number(days, i)},
                        textAt(chunk, reader, "metric", i),
                        textAt(chunk, reader, "label", i),
                        amountAt(chunk, "value", i).value_or(Money())});
    return {};
}

namespace {

std::string digestOf(const std::vector<const StoredSource *> &sources)
{
    std::multiset<std::string> lines;
    for (const StoredSource *source : sources) {
        const Source &facts = source->facts;
        std::string line = (facts.contentSha256.empty() ? facts.sha256 : facts.contentSha256) + ' '
                           + std::string(sourceRoleNames[static_cast<std::size_t>(source->facts.role)]);
        if (!source->facts.mapping.empty())
            line += ' ' + sha256Hex(source->facts.mapping);
        lines.insert(line);
    }
    std::string text;
    for (const std::string &line : lines)
        text += line + '\n';
    return sha256Hex(text);
}

bool hasMoney(const Source &source)
{
    return source.billed || source.effective || source.list || source.contracted;
}

/// Where the rows of a ledger are collected.
struct Collection {
    WorkloadBuilder workload;
    std::vector<ChargeRow> harness;
    std::vector<ChargeRow> invoices;
    std::vector<OutcomeRow> outcomes;
    /// What requests say of themselves, while a bill plays usage beside them.
    struct Log {
        Period period;
        std::set<std::string> providers;
    };
    std::vector<Log> logs;
    std::vector<BillAsUsage> bills;
    bool hasBills = false;
};

/// Providers of the requests of a source; an empty text among them when some row says none.
std::set<std::string> providersOf(const RequestColumns &requests)
{
    const auto column = std::find_if(requests.dimensions.begin(), requests.dimensions.end(),
                                     [](const DimensionColumn &each) { return each.name == "provider"; });
    if (column == requests.dimensions.end())
        return {std::string()};
    std::set<std::string> result;
    for (std::uint32_t id = 1; id < column->dictionary.size(); ++id)
        result.emplace(column->dictionary.text(id));
    for (std::size_t row = 0; row < requests.time.size(); ++row) {
        if (row >= column->ids.size() || column->ids[row] == 0) {
            result.emplace();
            break;
        }
    }
    return result;
}

/// Whether requests record what a line of a bill charges for: then adding both would count it twice.
bool isRecorded(const ChargeRow &line, const std::vector<Collection::Log> &logs)
{
    const Instant end = std::max(line.period.to, Instant{line.period.from.micros + 1});
    return std::any_of(logs.begin(), logs.end(), [&](const Collection::Log &log) {
        return line.period.from < log.period.to && log.period.from < end
               && std::any_of(log.providers.begin(), log.providers.end(),
                              [&line](const std::string &provider) { return mayBill(line.provider, provider); });
    });
}

/// Whether a line is of a service beside the models, which no request log records.
bool isBesideModels(const ChargeRow &line)
{
    return (!line.serviceCategory.empty() && line.serviceCategory != "AI and Machine Learning")
           || std::any_of(line.tags.begin(), line.tags.end(), [](const auto &tag) { return tag.first == "harness"; });
}

/// Takes a line of a bill that plays usage to where it counts, which is one place. Its money is only taken where it is
/// in the currency of the workspace.
void placeLine(ChargeRow line, bool withMoney, BillAsUsage &bill, Collection &to)
{
    const TokenLine kind = tokenLineOf(line);
    const Money paid = paidAmount(line).value_or(Money());
    const bool recorded = !isBesideModels(line) && isRecorded(line, to.logs);
    if (kind == TokenLine::Yes && !recorded) {
        const Period period{line.period.from, std::max(line.period.to, Instant{line.period.from.micros + 1})};
        bill.period = bill.priced == 0
                          ? period
                          : Period{std::min(bill.period.from, period.from), std::max(bill.period.to, period.to)};
        ++bill.priced;
        bill.lineEnds.emplace_back(line.sourceRow, period.to);
        RequestRow request = requestOf(line);
        if (!withMoney)
            request.billed.reset();
        to.workload.add(request, line.sourceId, line.sourceRow);
        return;
    }
    if (!withMoney)
        return;
    // Not only its tokens: whatever a bill charges for models, the requests of that time are priced in full.
    if (recorded) {
        ++bill.compared;
        bill.comparedMoney += paid;
        to.invoices.push_back(std::move(line));
        return;
    }
    if (kind == TokenLine::Covered) {
        ++bill.covered;
        bill.coveredMoney += paid;
    }
    to.harness.push_back(std::move(line));
}

Status collect(const Database &database, const StoredSource &source, Collection &to, const std::stop_token &stop,
               bool withMoney)
{
    const bool usage = source.facts.role == SourceRole::Usage;
    if (source.kind == RowKind::Requests && usage) {
        auto requests = readRequests(database, source.facts.id, static_cast<std::size_t>(source.rowCount),
                                     source.sealed ? std::optional(source.pieces) : std::nullopt, stop);
        if (!requests)
            return inSource(requests.error(), source.facts);
        if (to.hasBills)
            to.logs.push_back({source.facts.period, providersOf(*requests)});
        to.workload.add(std::move(*requests));
        return {};
    }
    ColumnReader reader(database, source.facts.id);
    std::vector<ChargeRow> lines;
    auto &charges = usage ? lines : source.facts.role == SourceRole::Invoice ? to.invoices : to.harness;
    BillAsUsage bill;
    bill.sourceId = source.facts.id;
    bill.file = source.facts.file;
    const auto status = reader.read(stop, [&](const ColumnChunk &chunk) -> Status {
        if (source.kind == RowKind::Outcomes)
            return appendOutcomes(chunk, reader, to.outcomes);
        const std::size_t before = charges.size();
        if (source.kind != RowKind::Charges)
            appendRequestCharges(chunk, reader, charges);
        else if (auto appended = appendCharges(chunk, reader, charges); !appended)
            return appended;
        for (std::size_t i = before; i < charges.size(); ++i)
            charges[i].sourceId = source.facts.id;
        for (ChargeRow &line : lines)
            placeLine(std::move(line), withMoney, bill, to);
        lines.clear();
        return {};
    });
    if (!status)
        return inSource(status.error(), source.facts);
    if (reader.rows() != static_cast<std::size_t>(source.rowCount) || (source.sealed && reader.seal() != source.pieces))
        return missingRows(source.facts);
    if (usage)
        to.bills.push_back(std::move(bill));
    return {};
}

/// Requests first: what they record is not taken from a bill as well.
std::vector<const StoredSource *> inOrderOfReading(const std::vector<const StoredSource *> &active)
{
    std::vector<const StoredSource *> result = active;
    std::stable_partition(result.begin(), result.end(),
                          [](const StoredSource *source) { return !isBillAsUsage(*source); });
    return result;
}

} // namespace

bool isBillAsUsage(const StoredSource &source)
{
    return source.kind == RowKind::Charges && source.facts.role == SourceRole::Usage;
}

namespace {

/// What a row of `sources` says, but for its facts.
StoredSource storedSourceOf(const Statement &row, bool sealed)
{
    StoredSource stored;
    Source &source = stored.facts;
    source.id = row.integer(0);
    source.file = row.text(1);
    source.bytes = row.integer(2);
    source.sha256 = row.text(3);
    source.format = row.text(4);
    source.why = row.text(5);
    source.mapping = row.text(6);
    source.importedAt = {row.integer(7)};
    source.role = static_cast<SourceRole>(std::clamp<std::int64_t>(row.integer(8), 0, 3));
    source.rowsRead = row.integer(9);
    source.rowsAccepted = row.integer(10);
    source.rowsRejected = row.integer(11);
    source.rowsDuplicate = row.integer(12);
    source.period = {{row.integer(13)}, {row.integer(14)}};
    source.currency = row.text(15);
    source.requests = row.integer(16);
    stored.kind = static_cast<RowKind>(std::clamp<std::int64_t>(row.integer(17), 0, 3));
    stored.rowCount = row.integer(18);
    source.isBill = stored.kind == RowKind::Charges;
    source.active = row.integer(20) == 1;
    source.contentSha256 = row.text(21);
    stored.setAside = row.integer(20) == setAsideAsDamaged;
    stored.pieces = row.integer(22);
    stored.sealed = sealed;
    return stored;
}

} // namespace

Result<std::vector<StoredSource>> readSources(const Database &database, const char *where, std::string_view parameter)
{
    const auto sealed = hasSeals(database);
    if (!sealed)
        return sealed.error();
    const std::string sql = "SELECT " + std::string(*sealed ? sealedSourceColumns : unsealedSourceColumns)
                            + (*sealed ? ", seal" : "") + " FROM sources" + std::string(where ? " WHERE " : "")
                            + (where ? where : "") + " ORDER BY id";
    auto statement = Statement::prepare(database, sql);
    if (!statement)
        return statement.error();
    if (where)
        statement->bind(parameter);
    std::vector<StoredSource> result;
    Tally tally;
    bool anyBroken = false;
    while (true) {
        auto more = statement->step();
        if (!more)
            return more.error();
        if (!*more)
            break;
        StoredSource stored = storedSourceOf(*statement, *sealed);
        tally.add(*sealed ? statement->integer(23) : 0);
        const bool broken = *sealed && sealOfSource(*statement) != statement->integer(23);
        if (!unpackFacts(statement->bytes(19), stored.facts) || broken || stored.setAside)
            stored.facts.damage = "what is known about this source is damaged in the workspace file";
        anyBroken = anyBroken || broken;
        result.push_back(std::move(stored));
    }
    if (where || !*sealed)
        return result;
    const auto expected = storedTally(database, sourcesTally);
    if (!expected)
        return expected.error();
    // A source whose own seal is broken is named; one that has vanished can only be missed here.
    if (expected->count != tally.count || (!anyBroken && *expected != tally))
        return Error{ErrorCode::BadInput,
                     "the workspace file is damaged (it should hold " + std::to_string(expected->count)
                         + " sources, and " + std::to_string(tally.count) + " can be read)",
                     "", damagedRemedy};
    return result;
}

constexpr const char *catalogueCurrency = "USD";

Result<Ledger> readActiveRows(const Database &database, const std::vector<StoredSource> &sources,
                              const DimensionRules &rules, std::stop_token stop)
{
    std::vector<const StoredSource *> active;
    for (const StoredSource &source : sources) {
        // Also one that does not seem to be active: whether it is may be what was damaged.
        if (!source.facts.damage.empty() && !source.setAside)
            return Error{ErrorCode::BadInput, source.facts.damage, source.facts.file, damagedSourceRemedy};
        if (source.facts.active)
            active.push_back(&source);
    }
    Ledger ledger;
    ledger.digest = digestOf(active);
    if (!rules.isEmpty())
        ledger.digest = sha256Hex(ledger.digest + ' ' + sha256Hex(writeDimensionRules(rules)));
    // Dollars where any source is in dollars, because that is what price catalogues are in; never an accident of the
    // order of imports.
    for (const StoredSource *source : active) {
        if (ledger.currency.empty() || source->facts.currency == catalogueCurrency)
            ledger.currency = source->facts.currency;
    }
    if (ledger.currency.empty())
        ledger.currency = catalogueCurrency;
    Collection rows;
    rows.hasBills =
        std::any_of(active.begin(), active.end(), [](const auto *source) { return isBillAsUsage(*source); });
    for (const StoredSource *source : inOrderOfReading(active)) {
        // Without money there is nothing to convert; without a currency the amounts are taken as the workspace's.
        // Requests are priced from their tokens, whatever currency their recorded cost is in.
        const Source &facts = source->facts;
        const bool foreign = hasMoney(facts) && !facts.currency.empty() && facts.currency != ledger.currency;
        if (foreign && isBillAsUsage(*source)) {
            ledger.notConvertible.push_back(facts.file + " (" + facts.currency + ", all but its tokens)");
        } else if (foreign && facts.role != SourceRole::Usage) {
            ledger.notConvertible.push_back(facts.file + " (" + facts.currency + ")");
            continue;
        }
        if (auto status = collect(database, *source, rows, stop, !foreign || !isBillAsUsage(*source)); !status)
            return status.error();
    }
    // Nobody else has it yet.
    const auto workload = std::const_pointer_cast<Workload>(rows.workload.build());
    ledger.dimensions =
        std::make_shared<const DimensionReport>(applyDimensions(*workload, {&rows.harness, &rows.invoices}, rules));
    ledger.workload = workload;
    ledger.harness = std::make_shared<const std::vector<ChargeRow>>(std::move(rows.harness));
    ledger.invoices = std::make_shared<const std::vector<ChargeRow>>(std::move(rows.invoices));
    ledger.outcomes = std::make_shared<const std::vector<OutcomeRow>>(std::move(rows.outcomes));
    ledger.bills = std::move(rows.bills);
    return ledger;
}

bool canPlay(RowKind kind, SourceRole role)
{
    switch (kind) {
    case RowKind::None:
        return true;
    case RowKind::Requests:
    case RowKind::Charges:
        return role != SourceRole::Outcome;
    case RowKind::Outcomes:
        return role == SourceRole::Outcome;
    }
    return false;
}

} // namespace perunit
