// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/library_names.h"

#include "pricing/catalogue/provider_names.h"

namespace perunit {

namespace {

std::string trimmedAndLowered(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return lowered(text);
}

std::optional<NameMatcher> matcherOf(const std::optional<NamePattern> &pattern)
{
    return pattern ? std::optional<NameMatcher>(std::in_place, *pattern) : std::nullopt;
}

} // namespace

LibraryNames::LibraryNames(const Catalogue &catalogue, const std::function<std::int32_t(const ModelKey &)> &indexOf)
{
    for (const CatalogueModel &model : catalogue.models) {
        if (model.patterns.empty())
            continue;
        Model entry;
        entry.index = indexOf(model.key);
        for (const NamePattern &pattern : model.patterns)
            entry.matchers.emplace_back(pattern);
        m_models[model.libraryProvider].push_back(std::move(entry));
    }
    for (const LibraryProvider &provider : catalogue.libraryProviders)
        m_providers.push_back({provider.id, canonicalProvider(provider.id), matcherOf(provider.providerMatch),
                               matcherOf(provider.modelMatch), provider.fallbacks});
}

const LibraryNames::Provider *LibraryNames::providerOf(std::string_view provider, std::string_view model) const
{
    const std::string recorded = trimmedAndLowered(provider);
    if (recorded.empty()) {
        for (const Provider &each : m_providers) {
            if (each.modelMatch && each.modelMatch->match(model))
                return &each;
        }
        return nullptr;
    }
    for (const Provider &each : m_providers) {
        if (lowered(each.id) == recorded)
            return &each;
    }
    for (const Provider &each : m_providers) {
        if (each.providerMatch && each.providerMatch->match(recorded))
            return &each;
    }
    // A seller under one of the other names that we know for it; the library would refuse it.
    const std::string canonical = canonicalProvider(recorded);
    for (const Provider &each : m_providers) {
        if (each.canonical == canonical)
            return &each;
    }
    return nullptr;
}

std::optional<LibraryNames::Hit> LibraryNames::findAt(const std::string &provider, std::string_view model) const
{
    const auto models = m_models.find(provider);
    if (models == m_models.end())
        return std::nullopt;
    for (const Model &each : models->second) {
        for (const NameMatcher &matcher : each.matchers) {
            if (const NamePattern *pattern = matcher.match(model))
                return Hit{each.index, pattern, {}};
        }
    }
    return std::nullopt;
}

std::optional<LibraryNames::Hit> LibraryNames::find(std::string_view provider, std::string_view model) const
{
    if (m_models.empty())
        return std::nullopt;
    if (m_providers.empty())
        return findAt({}, model);
    // A gateway writes the seller in front of the model.
    if (const std::size_t slash = model.find('/');
        lowered(provider) == "litellm" && slash != std::string_view::npos && slash > 0)
        return find(model.substr(0, slash), model.substr(slash + 1));
    const Provider *seller = providerOf(provider, model);
    if (!seller)
        return std::nullopt;
    if (auto hit = findAt(seller->id, model))
        return hit;
    for (const std::string &other : seller->fallbacks) {
        if (auto hit = findAt(other, model)) {
            hit->fallback = other;
            return hit;
        }
    }
    return std::nullopt;
}

} // namespace perunit
