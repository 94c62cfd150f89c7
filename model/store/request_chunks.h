// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/store/column_codec.h"
#include "model/store/request_batch.h"
#include "model/store/row_columns.h"
#include "model/store/work_pool.h"

#include <deque>
#include <functional>
#include <future>
#include <memory>

namespace perunit {

/// Puts batches of requests together to chunks of stored columns. What is stored depends on the rows and their order
/// only, not on how they were cut into batches. Chunks are packed by a pool while the next ones fill.
class RequestChunks
{
public:
    /// Receives the packed chunks in order.
    using Sink = std::function<Status(std::vector<ColumnPiece> pieces)>;

    RequestChunks();
    ~RequestChunks();
    /// Errors: those of the sink.
    Status add(const RequestBatch &batch, const Sink &sink);
    /// Hands out what is left.
    Status finish(const Sink &sink);
    [[nodiscard]] std::int64_t rows() const { return m_total; }

private:
    struct TextColumn;
    struct Chunk;
    void addRows(const RequestBatch &batch, std::size_t from, std::size_t count);
    void closeChunk();
    Status drain(std::size_t waiting, const Sink &sink);

    std::int64_t m_total = 0;
    std::unique_ptr<Chunk> m_chunk;
    std::map<std::string, std::unique_ptr<TextColumn>, std::less<>> m_texts;
    std::deque<std::future<std::vector<ColumnPiece>>> m_packed;
    Spares<ColumnPacker> m_packers;
    std::unique_ptr<WorkPool> m_pool; ///< last: its threads use what stands above
};

} // namespace perunit
