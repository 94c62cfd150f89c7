// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/json_records.h"

#include <string>
#include <string_view>

namespace perunit {

// Ways in which traces and tools nest their records in JSON; each lives in the file of its format. They hand on only
// what a ledger needs: prompts, answers and whatever else a trace carries never become cells.

bool isLangfuseTrace(const JsonUnit &unit);
Status expandLangfuseTrace(const JsonUnit &unit, const JsonRecordSink &sink);
bool isLangfuseObservation(const JsonUnit &unit);
Status expandLangfuseObservation(const JsonUnit &unit, const JsonRecordSink &sink);

bool isOtlpResource(const JsonUnit &unit);
Status expandOtlpResource(const JsonUnit &unit, const JsonRecordSink &sink);
bool isSpan(const JsonUnit &unit);
Status expandSpan(const JsonUnit &unit, const JsonRecordSink &sink);

bool isClaudeCodeRecord(const JsonUnit &unit);
Status expandClaudeCodeRecord(const JsonUnit &unit, const JsonRecordSink &sink);

bool isCodexRecord(const JsonUnit &unit);
Status expandCodexRecord(const JsonUnit &unit, const JsonRecordSink &sink);

bool isOpencodeMessage(const JsonUnit &unit);
Status expandOpencodeMessage(const JsonUnit &unit, const JsonRecordSink &sink);

bool isMlflowRun(const JsonUnit &unit);
Status expandMlflowRun(const JsonUnit &unit, const JsonRecordSink &sink);

/// The member at the end of a path of names ("payload", "info", "model"); null when there is none.
const JsonValue *memberAt(const JsonValue &value, std::initializer_list<std::string_view> path);
/// Adds a member as one cell: objects and lists as JSON text, null and absent not at all.
void addCell(JsonRecord &record, const std::string &name, const JsonValue *value);
/// Last part of a path of folders, in either writing: the project, without the name of the person whose folder it is.
std::string folderName(std::string_view path);

} // namespace perunit
