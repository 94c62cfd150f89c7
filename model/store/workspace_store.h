// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger/source.h"
#include "model/store/row_visitor.h"
#include "model/workload/workload.h"
#include "pricing/base/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

class RequestBatch;

/// A `*.perunit` file: one SQLite database (WAL, own application_id, versioned schema) that holds the
/// imported rows as compressed column chunks, and small documents (scenarios, units, catalogues, settings)
/// as JSON. One object, one connection, one thread at a time; a job opens its own.
class WorkspaceStore
{
public:
    enum class Mode { OpenOrCreate, OpenExisting, ReadOnly };

    static Result<std::unique_ptr<WorkspaceStore>> open(const std::string &path, Mode mode);
    ~WorkspaceStore();
    WorkspaceStore(const WorkspaceStore &) = delete;
    WorkspaceStore &operator=(const WorkspaceStore &) = delete;

    [[nodiscard]] const std::string &path() const;

    /// Writes a consistent copy (used by Save as); the target is replaced only when complete.
    Status copyTo(const std::string &path) const;

    // Sources -----------------------------------------------------------------------------------------
    /// All sources, also those whose import was undone.
    [[nodiscard]] Result<std::vector<Source>> sources() const;
    [[nodiscard]] Result<std::optional<Source>> sourceWithDigest(std::string_view sha256) const;
    Status setSourceActive(std::int64_t sourceId, bool active);
    Status setSourceRole(std::int64_t sourceId, SourceRole role);

    /// Writes one source in one transaction. Nothing of it exists until finish() succeeded; destroying
    /// the writer without finish() rolls back.
    class SourceWriter : public RowVisitor
    {
    public:
        using RowVisitor::add;
        /// Many requests at once: the fast way.
        Status add(const RequestBatch &batch) override = 0;
        /// Takes one more source out of the figures when this one comes in.
        virtual void replace(std::int64_t sourceId) = 0;
        /// Stores the facts and commits; the result carries the id.
        virtual Result<Source> finish(Source facts) = 0;
    };
    /// `replaces` are sources that go out of the figures in the transaction in which the new one comes in.
    Result<std::unique_ptr<SourceWriter>> beginSource(std::vector<std::int64_t> replaces = {});

    /// Hands the rows of one source to `visitor`, as they came from its file, active or not. Errors: NotFound, BadInput
    /// for damaged rows, Cancelled, those of the visitor.
    Status visitRows(std::int64_t sourceId, RowVisitor &visitor, std::stop_token stop) const;

    /// Reads all rows of the active sources. Sources in another currency than the first are named and left out.
    [[nodiscard]] Result<Ledger> readLedger(std::stop_token stop) const;

    // Documents ---------------------------------------------------------------------------------------
    /// Small JSON or text documents by kind and name, in the order in which they were first stored.
    struct Document {
        std::string name;
        std::string content;
        bool operator==(const Document &) const = default;
    };
    [[nodiscard]] Result<std::vector<Document>> documents(std::string_view kind) const;
    [[nodiscard]] Result<std::optional<std::string>> document(std::string_view kind, std::string_view name) const;
    Status putDocument(std::string_view kind, std::string_view name, std::string_view content);
    Status removeDocument(std::string_view kind, std::string_view name);
    /// Replaces all documents of a kind in one transaction.
    Status replaceDocuments(std::string_view kind, const std::vector<Document> &documents);
    /// Turns what is there of a kind into something else in one transaction, so that nobody writes in between. Errors
    /// of `change` leave everything as it was.
    using DocumentChange = std::function<Result<std::vector<Document>>(const std::vector<Document> &present)>;
    Status changeDocuments(std::string_view kind, const DocumentChange &change);

private:
    struct Impl;
    explicit WorkspaceStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace perunit
