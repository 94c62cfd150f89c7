// SPDX-License-Identifier: GPL-3.0-or-later
// PriceBook::resolve: from a recorded name to a catalogue model, by the rules of catalogue-formats.md §7.
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/price_book_index.h"
#include "pricing/catalogue/provider_names.h"

namespace perunit {

namespace {

struct Hit {
    std::int32_t model = -1;
    bool alias = false;
};

/// Exact id before alias.
template <typename Index>
Hit hitIn(const Index &index, const std::string &key)
{
    if (const auto exact = index.exact.find(key); exact != index.exact.end())
        return {exact->second, false};
    if (const auto alias = index.aliases.find(key); alias != index.aliases.end())
        return {alias->second, true};
    return {};
}

ModelMatch matched(const Hit &hit, const NameForm &form)
{
    ModelMatch match;
    match.model = {hit.model};
    match.region = form.region;
    if (form.removed.empty()) {
        match.rule = hit.alias ? MatchRule::Alias : MatchRule::Exact;
        match.detail = hit.alias ? "alias" : "exact";
    } else {
        match.rule = MatchRule::Pattern;
        match.detail = "pattern: " + form.removed + (hit.alias ? ", alias" : "");
    }
    return match;
}

ModelMatch unresolved(std::string detail)
{
    ModelMatch match;
    match.detail = std::move(detail);
    return match;
}

/// Names with the version in front of the family, dated or not, the other way round.
std::vector<NameForm> turnedForms(const std::vector<NameForm> &forms)
{
    std::vector<NameForm> result;
    for (const NameForm &form : forms) {
        for (const NameForm &each : {form, withoutDate(form).value_or(form)}) {
            for (NameForm &turned : withVersionLast(each))
                result.push_back(std::move(turned));
        }
    }
    return result;
}

} // namespace

std::optional<ModelMatch> PriceBook::resolveByUser(const std::string &seller, std::string_view model) const
{
    for (const std::string &at : {seller, std::string()}) {
        const auto mapping = m_index->mappings.find(Index::keyOf(at, model));
        if (mapping == m_index->mappings.end())
            continue;
        const ModelKey &key = mapping->second;
        const std::string target = key.provider + "/" + key.model;
        const Hit hit = hitIn(*m_index, Index::keyOf(canonicalProvider(key.provider), key.model));
        if (hit.model < 0)
            return unresolved("mapped by you to " + target + ", which is in no catalogue");
        ModelMatch match;
        match.model = {hit.model};
        match.rule = MatchRule::UserMapping;
        match.detail = "mapped by you to " + target;
        return match;
    }
    return std::nullopt;
}

std::optional<ModelMatch> PriceBook::resolveAsLibrary(std::string_view provider, std::string_view model) const
{
    for (const LibraryNames &library : m_index->libraries) {
        const auto hit = library.find(provider, model);
        if (!hit || hit->model < 0)
            continue;
        ModelMatch match;
        match.model = {hit->model};
        if (hit->pattern->kind == NamePattern::Kind::Equals) {
            const std::string &id = m_models[static_cast<std::size_t>(hit->model)]->key.model;
            match.rule = lowered(id) == lowered(model) ? MatchRule::Exact : MatchRule::Alias;
            match.detail = match.rule == MatchRule::Exact ? "exact" : "alias";
        } else {
            match.rule = MatchRule::Pattern;
            match.detail = "pattern of the catalogue: " + describePattern(*hit->pattern);
        }
        if (!hit->fallback.empty())
            match.detail += ", from " + hit->fallback;
        return match;
    }
    return std::nullopt;
}

ModelMatch PriceBook::resolve(std::string_view provider, std::string_view model) const
{
    const std::string seller = canonicalProvider(provider);
    if (auto match = resolveByUser(seller, model))
        return *match;
    if (model.empty())
        return unresolved("no model is recorded");
    if (auto match = resolveAsLibrary(provider, model))
        return *match;
    const auto matchOf = [this](const NameForm &form) -> std::optional<ModelMatch> {
        if (form.provider.empty())
            return std::nullopt;
        const Hit hit = hitIn(*m_index, Index::keyOf(form.provider, form.name));
        return hit.model < 0 ? std::nullopt : std::optional(matched(hit, form));
    };
    const auto matchWithoutDate = [&matchOf](const NameForm &form) {
        const auto undated = withoutDate(form);
        return undated ? matchOf(*undated) : std::nullopt;
    };

    // A fine-tune has its own price or none.
    if (const auto entry = fineTuneEntry(model)) {
        const NameForm form{seller.empty() ? "openai" : seller, *entry, {}, "fine-tune of " + entry->substr(3)};
        if (auto match = matchOf(form))
            return *match;
        if (auto match = matchWithoutDate(form))
            return *match;
        return unresolved("a fine-tune without a price of its own");
    }

    // A catalogue may list what one door of a seller charges under that door's name: "gemini/…" at Google. Under the
    // seller's own name only an entry of its own goes before the bare id.
    if (const std::string door = lowered(provider); !seller.empty()) {
        auto match = matchOf({seller, door + "/" + std::string(model), {}, {}});
        if (match && (door != seller || match->rule == MatchRule::Exact))
            return *match;
    }

    // The id itself, then with documented wrapping taken off, then without one date.
    const std::vector<NameForm> forms = nameForms(seller, model);
    for (const NameForm &form : forms) {
        if (auto match = matchOf(form))
            return *match;
    }
    for (const NameForm &form : forms) {
        if (auto match = matchWithoutDate(form))
            return *match;
    }
    const std::vector<NameForm> turned = turnedForms(forms);
    for (const NameForm &form : turned) {
        if (auto match = matchOf(form))
            return *match;
    }
    if (!forms.back().provider.empty())
        return unresolved("no catalogue entry of " + forms.back().provider + " has this id");
    ModelMatch match = resolveWithoutProvider(forms);
    return match.model.found() || turned.empty() ? match : resolveWithoutProvider(turned);
}

ModelMatch PriceBook::resolveWithoutProvider(const std::vector<NameForm> &forms) const
{
    for (const NameForm &form : forms) {
        Hit only;
        std::string sellers;
        std::size_t count = 0;
        for (const FirstParty &party : firstParties()) {
            const Hit hit = hitIn(*m_index, Index::keyOf(party.provider, form.name));
            if (hit.model < 0 || !party.owns(lowered(form.name)))
                continue;
            only = hit;
            sellers += (count++ == 0 ? "" : ", ") + std::string(party.provider);
        }
        if (count > 1)
            return unresolved("no provider is recorded and " + sellers + " have this id");
        if (count == 1) {
            ModelMatch match = matched(only, form);
            match.detail += ", provider " + sellers + " by its own id";
            return match;
        }
    }
    return unresolved("no provider is recorded and no maker of models has this id");
}

} // namespace perunit
