// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/row_collector.h"
#include "pricing/catalogue/json_value.h"

#include <string>

namespace perunit {

/// Reads the usage object of a provider that a gateway logged into a row; what could not be told apart is remarked.
/// False when the object cannot be read: the record is rejected with the reason, in `column`.
bool readLoggedUsage(const JsonValue &usage, int column, RequestRow &row, RowCollector &rows);

/// Tokens of a call that asks for embeddings, or whose model only does that, are no prompt.
void moveEmbeddings(const std::string &operation, RequestRow &row);

/// What gateways that keep answers of their own have to say: their hits are requests without any tokens, because no
/// model was called. Keeps count of the tokens that were answered that way.
class CachedAnswers
{
public:
    /// Takes the tokens out of a row that the gateway answered itself, and tags it.
    void take(RequestRow &row);
    void finish(RowCollector &rows) const;

private:
    std::int64_t m_requests = 0;
    std::int64_t m_prompt = 0;
    std::int64_t m_output = 0;
};

/// Status of an HTTP code or a word ("success", "failure", "429"); a word that is not known is remarked and taken as
/// success.
RequestStatus statusOf(const std::string &word, RowCollector &rows);

} // namespace perunit
