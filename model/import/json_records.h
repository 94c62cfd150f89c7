// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/json_reader.h"
#include "model/import/table_file.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace perunit {

/// One record of a JSON file as the row of a table: every value that is no list has the path of its member names,
/// joined by dots, as the name of its column. Lists are one cell of JSON text; null is no cell.
class JsonRecord
{
public:
    /// Adds a value; members of objects become columns of their own, down to six levels.
    void add(const std::string &path, const JsonValue &value);
    void addText(const std::string &path, std::string text) { cells.emplace_back(path, std::move(text)); }

    std::vector<std::pair<std::string, std::string>> cells;
};

using JsonRecordSink = std::function<Status(const JsonRecord &record)>;

/// How the records of one kind of JSON file lie inside its values. A layout is a fact of the file alone: which value it
/// fits does not depend on the values before.
struct JsonLayout {
    bool (*fits)(const JsonUnit &unit);
    Status (*expand)(const JsonUnit &unit, const JsonRecordSink &sink);
};

/// Allocations of OpenCost and Kubecost by name (opencost_format.cpp).
bool isOpenCostSet(const JsonUnit &unit);
Status expandOpenCostSet(const JsonUnit &unit, const JsonRecordSink &sink);

/// All layouts, the most specific first; the last one takes every object as one record.
const std::vector<JsonLayout> &jsonLayouts();

/// Hands out the records of one value.
Status expandUnit(const JsonUnit &unit, const JsonRecordSink &sink);

/// True when a text starts like JSON.
bool startsLikeJson(std::string_view start);

/// Reads JSON files completely to find all their columns. Errors: those of ByteSource; BadInput for text that is no
/// JSON or holds no objects.
Result<TableShape> probeJson(const std::string &path, const std::vector<std::string> &furtherParts,
                             TextEncoding encoding, const std::stop_token &stop);

/// Columns of the records at the start of a JSON text that may be cut off.
TableShape shapeOfJson(const std::string &start);

/// scanTable() of a file whose shape says that it is JSON.
Result<TableFacts> scanJson(const std::string &path, const TableShape &shape, ImportProgress *progress,
                            const std::stop_token &stop, const RecordVisitor &visit);

} // namespace perunit
