// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/import_run.h"

#include "model/import/person_columns.h"

#include <algorithm>
#include <chrono>

namespace perunit {

namespace {

Instant now()
{
    using namespace std::chrono;
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
}

} // namespace

ImportRun::ImportRun(const std::string &path, std::string name, ImportPlan &plan, const ImportOptions &options,
                     ImportProgress *progress, std::stop_token stop)
    : m_path(path)
    , m_name(std::move(name))
    , m_plan(plan)
    , m_options(options)
    , m_progress(progress)
    , m_stop(std::move(stop))
{
    if (m_progress) {
        m_progress->bytesDone = 0;
        m_progress->rows = 0;
        m_progress->bytesTotal = 0;
    }
}

void ImportRun::expectReadings(std::int64_t times)
{
    if (m_progress)
        m_progress->bytesTotal += times * m_plan.shape.fileSize;
}

Result<std::unique_ptr<RecordConverter>> ImportRun::makeConverter() const
{
    auto converter = m_plan.format->converter(m_plan.shape, m_plan.mapping, m_plan.chosenByUser);
    if (!converter || m_plan.mapping.hashed.empty())
        return converter;
    return withHashedColumns(std::move(*converter), m_plan.shape, m_plan.mapping.hashed, m_plan.personKey);
}

Status ImportRun::start(bool byMany)
{
    auto converter = makeConverter();
    if (!converter)
        return converter.error();
    m_converter = std::move(*converter);
    m_parallel = byMany && !m_plan.shape.json && m_plan.shape.furtherParts.empty() && m_converter->clone();
    expectReadings(m_parallel ? 1 : 2);
    return m_parallel ? Status() : look();
}

Result<std::vector<ImportQuestion>> ImportRun::questions() const
{
    return importQuestions(m_path, m_plan.shape, decisions().openNumbers, decisions().openDates, m_stop);
}

Status ImportRun::look()
{
    ColumnEvidence evidence(m_converter->columns(), m_plan.shape.json);
    auto facts =
        scanTable(m_path, m_plan.shape, m_progress, m_stop, [&](const CsvRecord &record, std::int64_t) -> Status {
            if (!record.malformed && !isRagged(record, m_plan.shape)) {
                evidence.add(record);
                m_converter->observe(record);
            }
            return {};
        });
    if (!facts)
        return facts.error();
    if (!facts->validText) {
        if (auto status = useWindows1252(); !status)
            return status;
        expectReadings(1);
        auto converter = makeConverter();
        if (!converter)
            return converter.error();
        m_converter = std::move(*converter);
        return look();
    }
    m_digest = facts->sha256;
    m_contentDigest = facts->contentSha256;
    m_reading = evidence.decide(m_plan.shape, m_plan.answers);
    return {};
}

Result<ConvertedFile> ImportRun::convertByMany(const WriterFactory &makeWriter)
{
    while (true) {
        auto file = convertInParallel({m_path, m_plan.shape, m_plan.answers,
                                       [this] {
                                           return makeConverter();
                                       }},
                                      makeWriter, m_progress, m_stop, {m_options.threads, m_options.pieceSize});
        if (file && file->needsOrder)
            return convertAgainInOrder(makeWriter);
        if (!file || file->validText)
            return file;
        // Reading stopped where the text turned out not to be UTF-8; the whole of it is still to come.
        if (auto status = useWindows1252(); !status)
            return status.error();
        if (m_progress)
            m_progress->bytesTotal = m_progress->bytesDone + m_plan.shape.fileSize;
    }
}

/// What many threads began; the attempt before has given its writer back.
Result<ConvertedFile> ImportRun::convertAgainInOrder(const WriterFactory &makeWriter)
{
    m_parallel = false;
    expectReadings(2);
    auto converter = makeConverter();
    if (!converter)
        return converter.error();
    m_converter = std::move(*converter);
    if (auto status = look(); !status)
        return status.error();
    return convertInOrder(makeWriter);
}

Result<ConvertedFile> ImportRun::convertInOrder(const WriterFactory &makeWriter)
{
    std::unique_ptr<WorkspaceStore::SourceWriter> writer;
    if (makeWriter) {
        auto made = makeWriter();
        if (!made)
            return made.error();
        writer = std::move(*made);
    }
    auto file = convertInOrder(writer.get());
    if (file)
        file->writer = std::move(writer);
    return file;
}

Result<ConvertedFile> ImportRun::convertInOrder(RowVisitor *visitor)
{
    RowCollector rows(m_plan.shape, visitor);
    m_converter->decide(m_reading.readings, m_reading.currency);
    auto facts =
        scanTable(m_path, m_plan.shape, m_progress, m_stop, [&](const CsvRecord &record, std::int64_t row) -> Status {
            return convertRecord(record, row, m_plan.shape, *m_converter, rows);
        });
    if (!facts)
        return facts.error();
    if (facts->sha256 != m_digest)
        return Error{ErrorCode::Conflict, "the file changed while it was read", "", "import it again"};
    if (auto status = rows.flush(); !status)
        return status.error();
    m_converter->finish(rows);
    // What converters say may be about rows that they kept back until now.
    if (auto status = rows.flush(); !status)
        return status.error();
    rows.close(firstRemarks(m_plan.shape, m_reading));
    ConvertedFile file;
    file.facts = std::move(rows.facts());
    file.digest = m_digest;
    file.contentDigest = m_contentDigest;
    file.reading = m_reading;
    file.converter = std::move(m_converter);
    return file;
}

std::vector<PersonColumn> ImportRun::persons() const
{
    return personColumns(m_plan.shape, m_converter->mapping(), *m_converter);
}

Status ImportRun::visit(RowVisitor &visitor)
{
    const auto file = convertInOrder(&visitor);
    return file ? Status() : Status(file.error());
}

Result<ConvertedFile> ImportRun::convert(const WriterFactory &makeWriter)
{
    auto file = m_parallel ? convertByMany(makeWriter) : convertInOrder(makeWriter);
    if (!file)
        return file;
    m_digest = file->digest;
    m_contentDigest = file->contentDigest;
    m_reading = file->reading;
    m_converter = std::move(file->converter);
    Source &source = file->facts;
    if (source.role == SourceRole::Outcome && !hashed().empty())
        return Error{ErrorCode::BadInput, "the file counts units and keeps no persons, so none can be hashed", "",
                     "import it without hashed columns"};
    source.file = m_name;
    source.bytes = m_plan.shape.fileSize;
    source.sha256 = m_digest;
    source.contentSha256 = m_contentDigest;
    source.format = m_plan.format->id();
    source.why = m_plan.why;
    ColumnMapping used = m_converter->mapping();
    used.decimalMark = decisions().used.decimalMark;
    used.dateOrder = decisions().used.dateOrder;
    if (used != ColumnMapping())
        source.mapping = writeColumnMapping(used);
    source.importedAt = now();
    for (const PersonColumn &person : persons()) {
        if (person.fate == PersonColumn::Fate::Dropped)
            source.droppedColumns.push_back(person.name);
        else if (person.fate == PersonColumn::Fate::Hashed)
            source.hashedColumns.push_back(person.name);
    }
    return file;
}

/// Some byte is no UTF-8: the file will be read again from its header on, as Windows-1252.
Status ImportRun::useWindows1252()
{
    m_plan.shape.encoding = TextEncoding::Windows1252;
    m_plan.shape.warnings.emplace_back(notUtf8);
    auto again = probeParts(m_path, m_plan.shape.furtherParts, m_stop, m_plan.shape.encoding);
    if (!again)
        return again.error();
    again->warnings = m_plan.shape.warnings;
    again->byConvention = m_plan.shape.byConvention;
    // Names with letters beyond ASCII read differently now; a mapping made from the old ones must follow.
    ColumnMapping mapping = m_plan.mapping;
    const auto follow = [this, &again](std::string &column) {
        const auto old = std::find(m_plan.shape.header.begin(), m_plan.shape.header.end(), column);
        const auto index = static_cast<std::size_t>(old - m_plan.shape.header.begin());
        if (old != m_plan.shape.header.end() && index < again->header.size())
            column = again->header[index];
    };
    for (auto &[field, column] : mapping.columns)
        follow(column);
    for (std::string &column : mapping.hashed)
        follow(column);
    m_plan.mapping = std::move(mapping);
    m_plan.shape = std::move(*again);
    return {};
}

} // namespace perunit
