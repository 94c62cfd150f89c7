// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/trace_layouts.h"

namespace perunit {

const JsonValue *memberAt(const JsonValue &value, std::initializer_list<std::string_view> path)
{
    const JsonValue *at = &value;
    for (const std::string_view name : path) {
        at = at->is(JsonValue::Kind::Object) ? at->find(name) : nullptr;
        if (!at)
            return nullptr;
    }
    return at;
}

void addCell(JsonRecord &record, const std::string &name, const JsonValue *value)
{
    if (!value || value->is(JsonValue::Kind::Null))
        return;
    if (value->is(JsonValue::Kind::Object) || value->is(JsonValue::Kind::Array))
        record.addText(name, writeJson(*value));
    else
        record.add(name, *value);
}

std::string folderName(std::string_view path)
{
    while (!path.empty() && (path.back() == '/' || path.back() == '\\'))
        path.remove_suffix(1);
    const std::size_t slash = path.find_last_of("/\\");
    return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

} // namespace perunit
