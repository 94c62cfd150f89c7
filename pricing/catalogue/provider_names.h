// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// The catalogue's name of a seller as a ledger or another catalogue writes it: "Azure OpenAI Service" -> "azure".
/// By an explicit table only; an unknown name comes back trimmed and in lower case. Empty and the names of
/// gateways that sell nothing themselves ("litellm") give "".
std::string canonicalProvider(std::string_view recorded);

/// Whether the table knows the name, so that "name/" in front of a model id is a wrapper and not part of the id.
bool isKnownProvider(std::string_view recorded);

/// Sellers of their own models, who may be meant when a ledger records no provider, with the beginnings of the
/// ids that are their own (none: all of them; Google also resells the models of others).
struct FirstParty {
    std::string_view provider;
    std::vector<std::string_view> ownBeginnings;
    [[nodiscard]] bool owns(std::string_view model) const;
};
const std::vector<FirstParty> &firstParties();

/// ASCII lower case; ids and provider names are ASCII.
std::string lowered(std::string_view text);

} // namespace perunit
