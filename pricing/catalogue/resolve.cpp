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

/// Exact id before alias; an alias that two models claim names neither.
template <typename Index>
Hit hitIn(const Index &index, const std::string &key, std::int32_t ambiguous)
{
    if (const auto exact = index.exact.find(key); exact != index.exact.end())
        return {exact->second, false};
    if (const auto alias = index.aliases.find(key); alias != index.aliases.end() && alias->second != ambiguous)
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

} // namespace

ModelMatch PriceBook::resolve(std::string_view provider, std::string_view model) const
{
    const std::string seller = canonicalProvider(provider);
    const Index &index = *m_index;
    const auto find = [&index](std::string_view at, std::string_view name) {
        return hitIn(index, Index::keyOf(at, name), Index::ambiguous);
    };

    // 1. What the user decided.
    for (const std::string &at : {seller, std::string()}) {
        const auto mapping = index.mappings.find(Index::keyOf(at, model));
        if (mapping == index.mappings.end())
            continue;
        const std::string target = mapping->second.provider + "/" + mapping->second.model;
        const Hit hit = find(canonicalProvider(mapping->second.provider), mapping->second.model);
        if (hit.model < 0)
            return unresolved("mapped by you to " + target + ", which is in no catalogue");
        ModelMatch match;
        match.model = {hit.model};
        match.rule = MatchRule::UserMapping;
        match.detail = "mapped by you to " + target;
        return match;
    }
    if (model.empty())
        return unresolved("no model is recorded");

    // 2. A fine-tune has its own price or none.
    std::string name(model);
    if (const auto entry = fineTuneEntry(model)) {
        const NameForm form{seller.empty() ? "openai" : seller, *entry, {}, "fine-tune of " + entry->substr(3)};
        if (const Hit hit = find(form.provider, form.name); hit.model >= 0)
            return matched(hit, form);
        if (const auto undated = withoutDate(form)) {
            if (const Hit hit = find(undated->provider, undated->name); hit.model >= 0)
                return matched(hit, *undated);
        }
        return unresolved("a fine-tune without a price of its own");
    }

    // 3. A catalogue may list what one door of a seller charges under that door's name: "gemini/…" at Google.
    const std::string recorded = lowered(provider);
    if (!seller.empty() && recorded != seller) {
        if (const Hit hit = find(seller, recorded + "/" + name); hit.model >= 0)
            return matched(hit, {seller, name, {}, {}});
    }

    // 4. The id itself, then with documented wrapping taken off, then without one date.
    const std::vector<NameForm> forms = nameForms(seller, model);
    for (const NameForm &form : forms) {
        if (form.provider.empty())
            continue;
        if (const Hit hit = find(form.provider, form.name); hit.model >= 0)
            return matched(hit, form);
    }
    for (const NameForm &form : forms) {
        const auto undated = form.provider.empty() ? std::nullopt : withoutDate(form);
        if (!undated)
            continue;
        if (const Hit hit = find(undated->provider, undated->name); hit.model >= 0)
            return matched(hit, *undated);
    }
    if (!forms.back().provider.empty())
        return unresolved("no catalogue entry of " + forms.back().provider + " has this id");
    return resolveWithoutProvider(forms);
}

ModelMatch PriceBook::resolveWithoutProvider(const std::vector<NameForm> &forms) const
{
    for (const NameForm &form : forms) {
        Hit only;
        std::string sellers;
        std::size_t count = 0;
        for (const FirstParty &party : firstParties()) {
            const Hit hit = hitIn(*m_index, Index::keyOf(party.provider, form.name), Index::ambiguous);
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
