// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue.h"
#include "pricing/catalogue/name_pattern.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace perunit {

/// Finds models as the library of a catalogue does: seller by its id or clause, then the first model of the file that
/// one of its clauses names, then the sellers that it falls back to (catalogue-formats.md §2).
class LibraryNames
{
public:
    /// `indexOf` gives the place of a model in the price book.
    LibraryNames(const Catalogue &catalogue, const std::function<std::int32_t(const ModelKey &)> &indexOf);

    /// Nothing in the catalogue carries a pattern.
    [[nodiscard]] bool empty() const { return m_models.empty(); }

    struct Hit {
        std::int32_t model = -1;
        const NamePattern *pattern = nullptr; ///< the clause that named it
        std::string fallback;                 ///< seller that was asked instead of the recorded one; may be empty
    };
    [[nodiscard]] std::optional<Hit> find(std::string_view provider, std::string_view model) const;

private:
    struct Model {
        std::int32_t index = -1;
        std::vector<NameMatcher> matchers;
    };
    struct Provider {
        std::string id;
        std::string canonical;
        std::optional<NameMatcher> providerMatch;
        std::optional<NameMatcher> modelMatch;
        std::vector<std::string> fallbacks;
    };

    [[nodiscard]] const Provider *providerOf(std::string_view provider, std::string_view model) const;
    [[nodiscard]] std::optional<Hit> findAt(const std::string &provider, std::string_view model) const;

    std::vector<Provider> m_providers;
    std::unordered_map<std::string, std::vector<Model>> m_models; ///< by the library's name of the seller
};

} // namespace perunit
