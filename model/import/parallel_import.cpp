// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/parallel_import.h"

#include "model/import/csv_scan.h"
#include "model/import/record_pieces.h"
#include "model/store/work_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace perunit {

namespace {

/// What one piece of the file became.
struct PieceResult {
    explicit PieceResult(const TableShape &shape)
        : rows(shape)
    {}
    void clear()
    {
        rows.clear();
        lines = 0;
        records = 0;
        status = {};
        failedLine = 0;
    }
    RowCollector rows;
    ColumnEvidence evidence;
    std::int64_t lines = 0;   ///< line breaks of records
    std::int64_t records = 0; ///< that are not blank, after the header
    Status status;
    std::int64_t failedLine = 0; ///< on which the quotes go wrong; 0: another failure
};

/// Converters that are used by one thread at a time.
class Converters
{
public:
    explicit Converters(const RecordConverter &pattern)
        : m_pattern(pattern)
    {}
    std::unique_ptr<RecordConverter> take()
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_free.empty()) {
                auto converter = std::move(m_free.back());
                m_free.pop_back();
                return converter;
            }
        }
        return m_pattern.clone();
    }
    void giveBack(std::unique_ptr<RecordConverter> converter)
    {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(converter));
    }
    /// Only when no thread works any more.
    [[nodiscard]] const std::vector<std::unique_ptr<RecordConverter>> &all() const { return m_free; }

private:
    const RecordConverter &m_pattern;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<RecordConverter>> m_free;
};

/// Pieces on their way from the reading thread to the one that puts results together, in the order of the file.
class PieceQueue
{
public:
    using Future = std::future<std::unique_ptr<PieceResult>>;

    explicit PieceQueue(std::size_t most)
        : m_most(most)
    {}

    /// Waits until another piece may be begun; false when nobody wants it any more.
    bool waitForRoom()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_closed || m_underWay < m_most; });
        ++m_underWay;
        return !m_closed;
    }
    void push(Future result)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_results.push_back(std::move(result));
        }
        m_changed.notify_all();
    }
    void finish(Status status)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_finished = true;
            m_status = std::move(status);
        }
        m_changed.notify_all();
    }
    /// The next result; invalid when there is none any more.
    Future pop()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_finished || !m_results.empty(); });
        if (m_results.empty())
            return {};
        Future result = std::move(m_results.front());
        m_results.pop_front();
        return result;
    }
    void merged()
    {
        {
            const std::lock_guard lock(m_mutex);
            --m_underWay;
        }
        m_changed.notify_all();
    }
    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_changed.notify_all();
    }
    /// How reading ended; only after pop() said that there is nothing more.
    [[nodiscard]] const Status &status() const { return m_status; }

private:
    std::size_t m_most;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Future> m_results;
    std::size_t m_underWay = 0;
    bool m_closed = false;
    bool m_finished = false;
    Status m_status;
};

/// Objects whose memory is used again. take() may find none.
template <typename Thing>
class Stock
{
public:
    std::unique_ptr<Thing> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_free.empty())
            return nullptr;
        auto thing = std::move(m_free.back());
        m_free.pop_back();
        return thing;
    }
    void giveBack(std::unique_ptr<Thing> thing)
    {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(thing));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Thing>> m_free;
};

/// What is decided before records are converted.
struct Decided {
    FileReading reading;
    std::unique_ptr<RecordConverter> converter; ///< decide() was called
};

/// One reading of the file from beginning to end.
class FilePass
{
public:
    FilePass(const std::string &path, const TableShape &shape, ImportProgress *progress, std::stop_token stop,
             const ParallelOptions &options)
        : m_path(path)
        , m_shape(shape)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_threads(options.threads > 0 ? options.threads : WorkPool::processors())
        , m_pieceSize(options.pieceSize > 0 ? options.pieceSize : RecordPieces::usualSize)
        , m_queue(2 * m_threads + 2)
    {}
    ~FilePass() { stopReading(); }
    FilePass(const FilePass &) = delete;
    FilePass &operator=(const FilePass &) = delete;

    /// Opens the file and reads its beginning.
    Status open()
    {
        auto source = ByteSource::open(m_path, m_progress, m_stop);
        if (!source)
            return source.error();
        m_source = std::move(*source);
        m_decoder = std::make_unique<TextDecoder>(*m_source, m_shape.encoding);
        m_pieces =
            std::make_unique<RecordPieces>(*m_decoder, m_shape.dialect.delimiter, m_shape.headerLine, m_pieceSize);
        m_firstPiece = std::make_unique<RecordPiece>();
        auto more = m_pieces->next(*m_firstPiece);
        if (!more)
            return m_pieces->tooLong() ? atLine(more.error(), 1) : more.error();
        m_isEmpty = !*more;
        return {};
    }

    /// What the beginning says.
    void lookAtBeginning(ColumnEvidence &evidence, RecordConverter &converter) const
    {
        CsvTextReader reader(m_firstPiece->text(), m_shape.dialect.delimiter);
        CsvRecord record;
        while (!m_isEmpty) {
            const auto more = reader.next(record);
            if (!more || !*more)
                return;
            if (record.line <= m_shape.headerLine || record.isBlank() || record.malformed || isRagged(record, m_shape))
                continue;
            evidence.add(record);
            converter.observe(record);
        }
    }

    /// Converts all records; what all of them say is added to `evidence`.
    Status run(const RecordConverter &pattern, const std::map<int, ColumnKind> &columns, RowCollector &rows,
               ColumnEvidence &evidence)
    {
        m_converters = std::make_unique<Converters>(pattern);
        m_pool = std::make_unique<WorkPool>(m_threads);
        m_reader = std::thread([this, columns] { readAll(columns); });
        std::int64_t lines = 0;
        std::int64_t records = 0;
        while (true) {
            auto next = m_queue.pop();
            if (!next.valid())
                break;
            std::unique_ptr<PieceResult> piece = next.get();
            if (m_stop.stop_requested())
                return Error{ErrorCode::Cancelled, "the import was stopped", "", ""};
            if (!piece->status)
                return piece->failedLine > 0 ? atLine(piece->status.error(), lines + piece->failedLine) : piece->status;
            if (auto status = rows.take(piece->rows, lines, records); !status)
                return status;
            evidence.add(std::move(piece->evidence), lines);
            lines += piece->lines;
            records += piece->records;
            if (m_progress)
                m_progress->rows = records;
            m_results.giveBack(std::move(piece));
            m_queue.merged();
        }
        if (!m_queue.status())
            return m_tooLong ? atLine(m_queue.status().error(), lines + 1) : m_queue.status();
        return rows.flush();
    }

    /// After run(): lets every used converter tell what it learned.
    void absorbInto(RecordConverter &converter) const
    {
        for (const auto &used : m_converters->all())
            converter.absorb(*used);
    }
    [[nodiscard]] bool validText() const { return m_validText; }
    [[nodiscard]] const std::string &digest() const { return m_digest; }
    [[nodiscard]] const std::string &contentDigest() const { return m_contentDigest; }

private:
    static Error atLine(Error error, std::int64_t line)
    {
        error.where = "line " + std::to_string(line);
        return error;
    }

    void stopReading()
    {
        m_queue.close();
        if (m_reader.joinable())
            m_reader.join();
        m_pool.reset();
    }

    /// The reading thread: fetches, unpacks, hashes, decodes and cuts.
    void readAll(const std::map<int, ColumnKind> &columns)
    {
        std::unique_ptr<RecordPiece> piece = std::move(m_firstPiece);
        while (!m_isEmpty) {
            if (!m_queue.waitForRoom())
                return m_queue.finish({});
            m_queue.push(
                m_pool->give([this, columns, piece = std::make_shared<std::unique_ptr<RecordPiece>>(std::move(piece))] {
                    auto result = convert(**piece, columns);
                    m_stock.giveBack(std::move(*piece));
                    return result;
                }));
            piece = m_stock.take();
            if (!piece)
                piece = std::make_unique<RecordPiece>();
            auto more = m_pieces->next(*piece);
            if (!more) {
                m_tooLong = m_pieces->tooLong();
                return m_queue.finish(more.error());
            }
            if (!*more)
                break;
            // Other text would have to be read in another way from its beginning on.
            if (!m_decoder->valid())
                break;
        }
        m_validText = m_decoder->valid();
        if (!m_validText)
            return m_queue.finish({});
        auto content = m_source->contentDigest();
        if (!content)
            return m_queue.finish(content.error());
        m_contentDigest = *content;
        auto digest = m_source->digest();
        if (!digest)
            return m_queue.finish(digest.error());
        m_digest = *digest;
        m_queue.finish({});
    }

    std::unique_ptr<PieceResult> convert(const RecordPiece &piece, const std::map<int, ColumnKind> &columns)
    {
        auto result = m_results.take();
        if (result)
            result->clear();
        else
            result = std::make_unique<PieceResult>(m_shape);
        result->evidence = ColumnEvidence(columns, false);
        std::unique_ptr<RecordConverter> converter = m_converters->take();
        CsvTextReader reader(piece.text(), m_shape.dialect.delimiter);
        CsvRecord record;
        while (true) {
            auto more = reader.next(record);
            if (!more) {
                result->status = more.error();
                result->failedLine = reader.line();
                break;
            }
            if (!*more)
                break;
            if ((piece.first && record.line <= m_shape.headerLine) || record.isBlank())
                continue;
            if (!record.malformed && !isRagged(record, m_shape)) {
                result->evidence.add(record);
                converter->observe(record);
            }
            result->status = convertRecord(record, ++result->records, m_shape, *converter, result->rows);
            if (!result->status)
                break;
        }
        result->lines = reader.line() - 1;
        m_converters->giveBack(std::move(converter));
        return result;
    }

    const std::string &m_path;
    const TableShape &m_shape;
    ImportProgress *m_progress;
    std::stop_token m_stop;
    unsigned m_threads;
    std::size_t m_pieceSize;
    std::unique_ptr<ByteSource> m_source;
    std::unique_ptr<TextDecoder> m_decoder;
    std::unique_ptr<RecordPieces> m_pieces;
    std::unique_ptr<RecordPiece> m_firstPiece;
    bool m_isEmpty = false;
    bool m_validText = true;
    bool m_tooLong = false;
    std::string m_digest;
    std::string m_contentDigest;
    Stock<RecordPiece> m_stock;
    Stock<PieceResult> m_results;
    PieceQueue m_queue;
    std::unique_ptr<Converters> m_converters;
    std::unique_ptr<WorkPool> m_pool;
    std::thread m_reader;
};

Error changedWhileRead()
{
    return {ErrorCode::Conflict, "the file changed while it was read", "", "import it again"};
}

/// Writes down what is left of an accepted reading.
Result<ConvertedFile> accepted(const FilePass &pass, const TableShape &shape, Decided decided, RowCollector &rows,
                               std::unique_ptr<WorkspaceStore::SourceWriter> writer)
{
    decided.converter->finish(rows);
    if (auto status = rows.flush(); !status)
        return status.error();
    rows.close(firstRemarks(shape, decided.reading));
    ConvertedFile file;
    file.writer = std::move(writer);
    file.facts = std::move(rows.facts());
    file.digest = pass.digest();
    file.contentDigest = pass.contentDigest();
    file.reading = std::move(decided.reading);
    file.converter = std::move(decided.converter);
    return file;
}

} // namespace

Result<ConvertedFile> convertInParallel(const ParallelFile &file, const WriterFactory &makeWriter,
                                        ImportProgress *progress, const std::stop_token &stop,
                                        const ParallelOptions &options)
{
    const TableShape &shape = file.shape;
    auto fresh = file.makeConverter();
    if (!fresh)
        return fresh.error();
    const std::map<int, ColumnKind> columns = (*fresh)->columns();
    Decided decided{{}, std::move(*fresh)};
    std::string digest;
    for (bool again = false;; again = true) {
        FilePass pass(file.path, shape, progress, stop, options);
        if (auto status = pass.open(); !status)
            return status.error();
        if (!again) {
            ColumnEvidence beginning(columns, false);
            pass.lookAtBeginning(beginning, *decided.converter);
            decided.reading = beginning.decide(shape, file.answers);
            decided.converter->decide(decided.reading.readings, decided.reading.currency);
        }
        std::unique_ptr<WorkspaceStore::SourceWriter> writer;
        if (makeWriter) {
            auto made = makeWriter();
            if (!made)
                return made.error();
            writer = std::move(*made);
        }
        RowCollector rows(shape, writer.get());
        ColumnEvidence evidence(columns, false);
        if (auto status = pass.run(*decided.converter, columns, rows, evidence); !status)
            return status.error();
        if (!pass.validText()) {
            ConvertedFile invalid;
            invalid.validText = false;
            return invalid;
        }
        if (again) {
            if (pass.digest() != digest)
                return changedWhileRead();
            pass.absorbInto(*decided.converter);
            return accepted(pass, shape, std::move(decided), rows, std::move(writer));
        }
        // The beginning of the file may have said something else than all of it.
        auto whole = file.makeConverter();
        if (!whole)
            return whole.error();
        Decided final{evidence.decide(shape, file.answers), std::move(*whole)};
        pass.absorbInto(*final.converter);
        if (final.converter->needsOrder()) {
            ConvertedFile dependent;
            dependent.needsOrder = true;
            return dependent;
        }
        final.converter->decide(final.reading.readings, final.reading.currency);
        if (final.reading.sameRecords(decided.reading) && final.converter->mapping() == decided.converter->mapping())
            return accepted(pass, shape, std::move(final), rows, std::move(writer));
        digest = pass.digest();
        decided = {std::move(final.reading), final.converter->clone()};
        if (progress)
            progress->bytesTotal += shape.fileSize;
    }
}

} // namespace perunit
