// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/import_question.h"
#include "model/ledger/source.h"
#include "pricing/base/result.h"

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace perunit {

class RowVisitor;
class WorkspaceStore;

/// Which column feeds which field of a request log. Written as JSON in `--mapping` files, in the
/// workspace under the signature of the header, and in Source::mapping.
struct ColumnMapping {
    /// Field name -> header name. Field names: "time", "duration_ms", "provider", "service", "model", "region",
    /// "deployment", "tier", "status", "attempts", "billed_cost", "requests", "workload", "environment", "team",
    /// "feature", "customer", "session", "document", "prompt_template", the usage classes ("input", "cache_read", …),
    /// "prompt_tokens" (total prompt; cached, audio and image tokens included), "reasoning", "currency", "tags" (a
    /// cell with a JSON object of tags), "request_id" (of one request), and "tag:NAME" for free tags.
    std::map<std::string, std::string> columns;
    /// True when "input" already includes cached tokens (OpenAI); false when it excludes them (Anthropic).
    bool inputIncludesCache = false;
    /// True when "reasoning" tokens stand beside "output" instead of inside it (Gemini): they are added to it.
    bool outputExcludesReasoning = false;
    /// Used for fields that no column feeds: "provider", "model", "currency", "workload", "environment", …
    std::map<std::string, std::string> constants;
    /// How the file writes what its own values leave open; empty: nothing was said. "point" or "comma", and
    /// "month-first" or "day-first".
    std::string decimalMark{};
    std::string dateOrder{};
    /// Columns whose texts are kept as opaque tokens that are the same for the same person, and never as they stand.
    std::vector<std::string> hashed{};
    bool operator==(const ColumnMapping &) const = default;
};

/// A column that names persons, and what becomes of it.
struct PersonColumn {
    enum class Fate : std::uint8_t {
        Dropped, ///< nothing of it is stored
        Hashed,  ///< an opaque token stands for each person
        Kept     ///< as it stands, for it is what the file calls its customers
    };
    std::string name; ///< header name
    Fate fate = Fate::Dropped;
    bool operator==(const PersonColumn &) const = default;
};

Result<ColumnMapping> parseColumnMapping(std::string_view json);
std::string writeColumnMapping(const ColumnMapping &mapping);

/// One format that a file might have, with the reason.
struct FormatCandidate {
    std::string format;
    std::string why;
};

/// What a file seems to be, before anything is committed.
struct ImportPreview {
    std::string file;   ///< name without folder
    std::string format; ///< chosen format id; empty when nothing fits
    std::string why;
    std::vector<FormatCandidate> candidates;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> sample; ///< the first rows as text, aligned with header
    std::string headerSignature;                  ///< under which a mapping is remembered
    ColumnMapping mapping;                        ///< suggested, or the remembered one
    bool mappingRemembered = false;
    bool mappingComplete = true; ///< false: required fields have no column; `missing` names them
    std::vector<std::string> missing;
    std::string usageConvention;  ///< sentence: how the source counts cached tokens
    Source facts;                 ///< a dry run over the whole file: rows, rejects, period, currency, totals
    bool alreadyImported = false; ///< the same content is in the workspace
    /// What the file leaves open and nobody has answered; `facts` are those of the first readings. An import is refused
    /// until options say it.
    std::vector<ImportQuestion> questions;
    /// How the file writes numbers and dates, with the value that shows it.
    std::vector<std::string> notes;
    /// Columns that name persons or are hashed.
    std::vector<PersonColumn> persons{};
};

/// Rows and bytes done so far; written by the job, polled by whoever shows it.
struct ImportProgress {
    std::atomic<std::int64_t> bytesDone = 0;
    std::atomic<std::int64_t> bytesTotal = 0;
    std::atomic<std::int64_t> rows = 0;
};

struct ImportOptions {
    std::string format;                   ///< empty: detect
    std::optional<ColumnMapping> mapping; ///< empty: remembered or suggested
    std::optional<SourceRole> role;       ///< empty: the format's own
    bool suggestRole = false;             ///< without a role, take defaultRole
    /// More files of the same ledger, read after the first as if they were one file (LedgerFile).
    std::vector<std::string> furtherParts;
    std::string name; ///< what the source is called; empty: the name of the file
    /// Sources that go out of the figures when this one comes in, both or neither.
    std::vector<std::int64_t> replaces;
    unsigned threads = 0;      ///< that convert records; 0: one for each processor
    std::size_t pieceSize = 0; ///< bytes converted at once; 0: the usual size
    /// "point", "comma"; empty: as the file shows, or as was said for this header before.
    std::string decimalMark{};
    /// "month-first", "day-first"; the same.
    std::string dateOrder{};
    /// Columns (or fields of the mapping) that are kept as opaque tokens, none for an empty list; nothing: those of the
    /// mapping, or those of last time for this header.
    std::optional<std::vector<std::string>> hash{};
};

/// The role that a file plays unless somebody says otherwise: the format's own, but usage for a bill with token lines
/// where nothing else records usage, because no scenario could move it otherwise. `known`: the sources of the
/// workspace.
SourceRole defaultRole(const Source &facts, const std::vector<Source> &known);

/// Reads the whole file without storing anything. `store` (may be null) supplies remembered mappings and
/// tells whether the content is already there.
Result<ImportPreview> previewImport(const std::string &path, const ImportOptions &options, const WorkspaceStore *store,
                                    ImportProgress *progress, std::stop_token stop);

/// Hands every row of a file to `visitor`, as an import with these options would read it. `store` (may be null)
/// supplies remembered mappings; nothing is stored.
Status visitFile(const std::string &path, const ImportOptions &options, const WorkspaceStore *store,
                 RowVisitor &visitor, std::stop_token stop);

/// Imports one file in one transaction: all of it or nothing. Importing content that is already there
/// stores nothing and returns the source it found. Remembers a user mapping under the header's signature.
Result<Source> importFile(WorkspaceStore &store, const std::string &path, const ImportOptions &options,
                          ImportProgress *progress, std::stop_token stop);

/// All format ids, with a name for people.
std::vector<FormatCandidate> knownFormats();

} // namespace perunit
