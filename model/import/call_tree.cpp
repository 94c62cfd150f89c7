// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/call_tree.h"

#include <functional>
#include <string>

namespace perunit {

CallTree::Key CallTree::keyOf(std::string_view trace, std::string_view id)
{
    std::string text;
    text.reserve(trace.size() + id.size() + 1);
    text.append(trace).push_back('\0');
    text.append(id);
    const std::hash<std::string> hash;
    Key key;
    key.low = hash(text);
    text.push_back('\1');
    key.high = hash(text);
    return key;
}

void CallTree::see(std::string_view trace, std::string_view id, std::string_view parent, bool isCall)
{
    ++m_seen;
    if (id.empty())
        return;
    Span &span = m_spans[keyOf(trace, id)];
    span.parent = parent.empty() || parent == id ? Key() : keyOf(trace, parent);
    span.last = m_seen;
    span.isCall = isCall;
}

void CallTree::close()
{
    for (const auto &[key, span] : m_spans) {
        if (!span.isCall)
            continue;
        // A broken file may lead in a circle: nothing lies below itself.
        for (Key above = span.parent; above != Key() && above != key;) {
            const auto found = m_spans.find(above);
            if (found == m_spans.end() || found->second.hasCallsBelow)
                break;
            found->second.hasCallsBelow = true;
            above = found->second.parent;
        }
    }
}

CallTree::Standing CallTree::next(std::string_view trace, std::string_view id)
{
    ++m_asked;
    const auto found = id.empty() ? m_spans.end() : m_spans.find(keyOf(trace, id));
    if (found == m_spans.end())
        return Standing::Counts;
    if (found->second.last != m_asked)
        return Standing::Repeated;
    return found->second.hasCallsBelow ? Standing::HasCallsBelow : Standing::Counts;
}

} // namespace perunit
