// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/price_book.h"

#include "pricing/base/sha256.h"
#include "pricing/catalogue/layering.h"
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/price_book_index.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace perunit {

namespace {

/// Seller and id as they are compared.
using NameKey = std::pair<std::string, std::string>;

NameKey nameKey(std::string_view provider, std::string_view model)
{
    return {canonicalProvider(provider), lowered(model)};
}

/// Whom the aliases of one catalogue name; one that two of its models claim names neither.
std::map<NameKey, NameKey> unambiguousAliases(const Catalogue &catalogue)
{
    std::map<NameKey, NameKey> owners;
    std::set<NameKey> claimedTwice;
    for (const CatalogueModel &model : catalogue.models) {
        const NameKey owner = nameKey(model.key.provider, model.key.model);
        for (const std::string &alias : model.aliases) {
            const auto [known, isNew] = owners.emplace(NameKey{owner.first, lowered(alias)}, owner);
            if (!isNew && known->second != owner)
                claimedTwice.insert(known->first);
        }
    }
    for (const NameKey &alias : claimedTwice)
        owners.erase(alias);
    return owners;
}

struct LayeredModel {
    const CatalogueModel *model = nullptr;
    std::size_t layer = 0;
};

/// "-latest" names now this model and now that one.
bool isMoving(std::string_view id)
{
    constexpr std::string_view ending = "latest";
    return id.size() >= ending.size() && id.substr(id.size() - ending.size()) == ending;
}

/// The models of some layers, laid over each other.
class LaidModels
{
public:
    explicit LaidModels(std::vector<std::unique_ptr<const CatalogueModel>> &merged)
        : m_merged(merged)
    {}

    void add(const Catalogue &catalogue, std::size_t layer)
    {
        std::map<NameKey, LayeredModel> own;
        for (const CatalogueModel &model : catalogue.models) {
            const NameKey key = nameKey(model.key.provider, model.key.model);
            const auto twice = own.find(key);
            const CatalogueModel *lower = twice != own.end() ? twice->second.model : below(key, model);
            own[key] = {lower ? keep(laidOver(model, *lower)) : &model, layer};
        }
        for (const auto &[key, each] : own)
            m_models[key] = each;
        for (const auto &[alias, owner] : unambiguousAliases(catalogue))
            m_ownerOfAlias[alias] = owner;
    }

    [[nodiscard]] const std::map<NameKey, LayeredModel> &models() const { return m_models; }
    [[nodiscard]] const std::map<NameKey, NameKey> &ownerOfAlias() const { return m_ownerOfAlias; }

private:
    const CatalogueModel *keep(CatalogueModel model)
    {
        m_merged.push_back(std::make_unique<const CatalogueModel>(std::move(model)));
        return m_merged.back().get();
    }

    [[nodiscard]] const CatalogueModel *named(const NameKey &key) const
    {
        if (const auto known = m_models.find(key); known != m_models.end())
            return known->second.model;
        const auto owner = m_ownerOfAlias.find(key);
        return owner == m_ownerOfAlias.end() ? nullptr : m_models.at(owner->second).model;
    }

    /// What the layers below say of the thing that an entry is for. They may know it under its id, an alias, or without
    /// the wrapping of its id, as a recorded name finds it; or their id is another name that the entry gives itself.
    const CatalogueModel *below(const NameKey &key, const CatalogueModel &model)
    {
        if (m_models.empty())
            return nullptr;
        const std::vector<NameForm> forms = nameForms(key.first, model.key.model);
        for (const NameForm &form : forms) {
            if (const CatalogueModel *found = named(nameKey(form.provider, form.name)))
                return form.region.empty() ? found : keep(inPlace(*found, form.region));
        }
        for (const NameForm &form : forms) {
            const auto undated = withoutDate(form);
            if (!undated)
                continue;
            if (const CatalogueModel *found = named(nameKey(undated->provider, undated->name)))
                return undated->region.empty() ? found : keep(inPlace(*found, undated->region));
        }
        // Aliases of both sides that agree prove nothing: "-latest" moves from one model to the next.
        const CatalogueModel *only = nullptr;
        for (const std::string &alias : model.aliases) {
            const auto found = m_models.find({key.first, lowered(alias)});
            if (found == m_models.end() || isMoving(found->first.second))
                continue;
            if (only && found->second.model != only)
                return nullptr;
            only = found->second.model;
        }
        return only;
    }

    std::vector<std::unique_ptr<const CatalogueModel>> &m_merged;
    std::map<NameKey, LayeredModel> m_models;
    std::map<NameKey, NameKey> m_ownerOfAlias;
};

/// Text that every fact which decides a price goes into, in a fixed order.
class Canonical
{
public:
    void add(std::string_view text)
    {
        // The length in front keeps "ab" + "c" and "a" + "bc" apart.
        m_digest.add(std::to_string(text.size()));
        m_digest.add(":");
        m_digest.add(text);
    }
    void add(std::int64_t number) { add(std::string_view(std::to_string(number))); }
    void add(const Period &period)
    {
        add(period.from.micros);
        add(period.to.micros);
    }
    void add(const Rate &rate)
    {
        add(rate.id);
        add(rate.valid);
        add(static_cast<std::int64_t>(rate.tier));
        add(rate.region);
        add(rate.context ? rate.context->tokens : -1);
        add(rate.context && rate.context->inclusive ? 1 : 0);
        add(rate.daily ? rate.daily->weekdays : -1);
        add(rate.daily ? rate.daily->fromMinute : -1);
        add(rate.daily ? rate.daily->toMinute : -1);
        add(static_cast<std::int64_t>(rate.status));
        for (const auto &price : rate.prices)
            add(price ? price->femto : -1);
    }
    void add(const NamePattern &pattern)
    {
        add(static_cast<std::int64_t>(pattern.kind));
        add(pattern.text);
        add(pattern.caseMatters ? 1 : 0);
        add(static_cast<std::int64_t>(pattern.parts.size()));
        for (const NamePattern &part : pattern.parts)
            add(part);
    }
    void add(const ProvisionedOffer &offer)
    {
        add(offer.id);
        add(offer.provider);
        add(offer.region);
        add(static_cast<std::int64_t>(offer.overflow));
        add(offer.separateOutputUnits ? 1 : 0);
        for (const ProvisionedTerm &term : offer.terms) {
            add(term.term);
            add(term.priceKnown ? term.femto : -1);
            add(term.perHour ? 1 : 0);
            add(term.minimumDays);
            add(term.valid);
        }
        for (const ProvisionedThroughput &each : offer.throughput)
            add(each);
    }
    void add(const ProvisionedThroughput &each)
    {
        add(each.model);
        add(each.valid);
        for (const std::int64_t number :
             {each.inputTokensPerMinute, each.inputWeight, each.cacheReadWeight, each.cacheWriteWeight,
              each.cacheWrite1hWeight, each.outputWeight, each.minimumUnits, each.stepUnits, each.maximumPromptTokens,
              each.outputTokensPerMinute, each.minimumOutputUnits, std::int64_t{each.weightsKnown ? 1 : 0}})
            add(number);
        for (const ClassWeight &weight : each.otherWeights) {
            add(nameOf(weight.usageClass));
            add(weight.weight);
        }
        if (!each.longPrompt)
            return add(-1);
        const LongPromptWeights &longer = *each.longPrompt;
        for (const std::int64_t number :
             {longer.from.tokens, std::int64_t{longer.from.inclusive ? 1 : 0}, longer.inputWeight,
              longer.cacheReadWeight, longer.cacheWriteWeight, longer.cacheWrite1hWeight, longer.outputWeight})
            add(number);
    }
    /// Terms decide a price; what they are called does not.
    void add(const PriceOverlay &overlay)
    {
        add(nameOf(overlay.kind));
        add(overlay.kind == OverlayKind::FixedPrice ? overlay.fixedFemto : overlay.change);
        add(canonicalProvider(overlay.provider));
        add(static_cast<std::int64_t>(overlay.models.size()));
        for (const std::string &model : overlay.models)
            add(lowered(model));
        add(static_cast<std::int64_t>(overlay.classes.size()));
        for (const UsageClass usageClass : overlay.classes)
            add(nameOf(usageClass));
        add(static_cast<std::int64_t>(overlay.tiers.size()));
        for (const ServiceTier tier : overlay.tiers)
            add(nameOf(tier));
        add(overlay.valid);
    }
    std::string hex() { return m_digest.hex(); }

private:
    Sha256 m_digest;
};

/// The days on which a window opens or closes; only for spans that a ledger or a plan can have.
void addDailyChanges(const DailyWindow &daily, Period span, std::vector<Instant> &changes)
{
    constexpr std::int64_t longestSpan = 100 * 366 * microsPerDay;
    if (span.isEmpty() || span.from == alwaysBefore || span.to == alwaysAfter
        || span.to.micros - span.from.micros > longestSpan)
        return;
    for (std::int64_t day = dayOf(span.from); day <= dayOf(span.to); ++day) {
        const Instant midnight{day * microsPerDay};
        for (const std::int32_t minute : {daily.fromMinute, daily.toMinute}) {
            const Instant at{midnight.micros + minute * microsPerMinute};
            const DailyWindow wholeDay{daily.weekdays, 0, 24 * 60};
            if (wholeDay.contains(midnight) && span.contains(at))
                changes.push_back(at);
        }
    }
}

} // namespace

bool DailyWindow::contains(Instant at) const
{
    const std::int64_t day = dayOf(at);
    const std::int64_t minute = (at.micros - day * microsPerDay) / microsPerMinute;
    // 1970-01-01 was a Thursday.
    const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;
    return ((weekdays >> weekday) & 1) != 0 && fromMinute <= minute && minute < toMinute;
}

std::string PriceBook::Index::keyOf(std::string_view provider, std::string_view model)
{
    std::string key;
    key.reserve(provider.size() + model.size() + 1);
    key.append(provider).push_back('\n');
    return key += lowered(model);
}

PriceBook::PriceBook(std::vector<std::shared_ptr<const Catalogue>> layers, std::vector<ModelMapping> mappings,
                     std::vector<PriceOverlay> overlays)
    : m_layers(std::move(layers))
    , m_mappings(std::move(mappings))
    , m_overlays(std::move(overlays))
    , m_currency(m_layers.empty() ? "USD" : m_layers.front()->currency)
{
    auto index = std::make_shared<Index>();
    // One model per key, in the order of keys; what a later layer says comes over what is there.
    LaidModels models(index->merged);
    std::map<std::string, const ProvisionedOffer *> offers;
    for (std::size_t layer = 0; layer < m_layers.size(); ++layer) {
        const Catalogue &catalogue = *m_layers[layer];
        if (catalogue.currency != m_currency) {
            index->leftOut.push_back(catalogue.name);
            continue;
        }
        m_asOf = std::max(m_asOf, catalogue.asOf);
        models.add(catalogue, layer);
        for (const ProvisionedOffer &offer : catalogue.offers)
            offers[offer.id] = &offer;
    }
    for (const auto &[key, each] : models.models()) {
        index->exact[Index::keyOf(key.first, key.second)] = static_cast<std::int32_t>(m_models.size());
        m_models.push_back(each.model);
        m_layerOfModel.push_back(each.layer);
    }
    for (const auto &[id, offer] : offers)
        m_offers.push_back(offer);
    m_index = index;
    for (const auto &[alias, owner] : models.ownerOfAlias())
        index->aliases[Index::keyOf(alias.first, alias.second)] =
            index->exact.at(Index::keyOf(owner.first, owner.second));
    findNames(*index);
    for (std::size_t layer = m_layers.size(); layer > 0; --layer) {
        LibraryNames names(*m_layers[layer - 1], [&index](const ModelKey &key) {
            const auto found = index->exact.find(Index::keyOf(canonicalProvider(key.provider), key.model));
            return found == index->exact.end() ? -1 : found->second;
        });
        if (!names.empty() && m_layers[layer - 1]->currency == m_currency)
            index->libraries.push_back(std::move(names));
    }
    for (const ModelMapping &mapping : m_mappings)
        index->mappings[Index::keyOf(canonicalProvider(mapping.provider), mapping.model)] = mapping.target;
    findOverlays();
    m_digest = computeDigest();
}

void PriceBook::findOverlays()
{
    std::vector<std::vector<std::int32_t>> found(m_models.size());
    bool any = false;
    for (std::size_t overlay = 0; overlay < m_overlays.size(); ++overlay) {
        for (std::size_t i = 0; m_overlays[overlay].enabled && i < m_models.size(); ++i) {
            if (!m_overlays[overlay].speaksOf(m_models[i]->key, m_index->otherNames[i]))
                continue;
            found[i].push_back(static_cast<std::int32_t>(overlay));
            any = true;
        }
    }
    if (any)
        m_overlaysOfModel = std::move(found);
}

const std::vector<std::int32_t> &PriceBook::overlaysOf(ModelIndex index) const
{
    static const std::vector<std::int32_t> none;
    return m_overlaysOfModel.empty() ? none : m_overlaysOfModel[static_cast<std::size_t>(index.value)];
}

std::shared_ptr<const PriceBook> PriceBook::atList() const
{
    auto book = std::make_shared<PriceBook>(*this);
    book->m_overlays.clear();
    book->m_overlaysOfModel.clear();
    book->m_digest = book->computeDigest();
    return book;
}

std::vector<std::string> PriceBook::unknownNames(const PriceOverlay &overlay) const
{
    std::vector<std::string> result;
    const auto anyModel = [this](const PriceOverlay &wanted) {
        for (std::size_t i = 0; i < m_models.size(); ++i) {
            if (wanted.speaksOf(m_models[i]->key, m_index->otherNames[i]))
                return true;
        }
        return false;
    };
    PriceOverlay part;
    part.provider = overlay.provider;
    if (!anyModel(part)) {
        result.push_back("provider '" + overlay.provider + "'");
        return result;
    }
    for (const std::string &model : overlay.models) {
        part.models = {model};
        if (!anyModel(part))
            result.push_back("model '" + model + "'");
    }
    return result;
}

void PriceBook::findNames(Index &index) const
{
    for (std::size_t i = 0; i < m_models.size(); ++i) {
        auto &names = index.otherNames.emplace_back();
        for (const std::string &alias : m_models[i]->aliases) {
            const std::string key = Index::keyOf(canonicalProvider(m_models[i]->key.provider), alias);
            const auto owner = index.aliases.find(key);
            if (owner != index.aliases.end() && owner->second == static_cast<std::int32_t>(i)
                && index.exact.count(key) == 0)
                names.push_back(alias);
        }
    }
}

std::string PriceBook::computeDigest() const
{
    Canonical canonical;
    canonical.add(m_currency);
    for (std::size_t i = 0; i < m_models.size(); ++i) {
        const CatalogueModel *model = m_models[i];
        canonical.add(model->key.provider);
        canonical.add(model->key.model);
        canonical.add(model->cacheMinimumTokens);
        std::vector<std::string> aliases = m_index->otherNames[i];
        std::sort(aliases.begin(), aliases.end());
        for (const std::string &alias : aliases)
            canonical.add(alias);
        for (const NamePattern &pattern : model->patterns)
            canonical.add(pattern);
        std::vector<const Rate *> rates;
        for (const Rate &rate : model->rates)
            rates.push_back(&rate);
        // Rates of one model from two layers may share an id, so the order needs more than the id.
        std::stable_sort(rates.begin(), rates.end(), [](const Rate *a, const Rate *b) {
            return std::tie(a->id, a->valid.from) < std::tie(b->id, b->valid.from);
        });
        for (const Rate *rate : rates)
            canonical.add(*rate);
    }
    for (const ProvisionedOffer *offer : m_offers)
        canonical.add(*offer);
    const std::map<std::string, ModelKey> mappings(m_index->mappings.begin(), m_index->mappings.end());
    for (const auto &[key, target] : mappings) {
        canonical.add(key);
        canonical.add(target.provider);
        canonical.add(target.model);
    }
    // Overlays that speak of nothing here still count: another catalogue may be added under the same book's terms.
    for (const PriceOverlay &overlay : m_overlays) {
        if (overlay.enabled)
            canonical.add(overlay);
    }
    return canonical.hex();
}

const std::vector<std::string> &PriceBook::leftOut() const
{
    return m_index->leftOut;
}

const std::string &PriceBook::catalogueOf(ModelIndex index) const
{
    return m_layers[m_layerOfModel[static_cast<std::size_t>(index.value)]]->name;
}

std::vector<Instant> PriceBook::changesWithin(ModelIndex index, Period period) const
{
    std::vector<Instant> changes;
    for (const Rate &rate : model(index).rates) {
        if (!decidesPrices(rate))
            continue;
        for (const Instant at : {rate.valid.from, rate.valid.to}) {
            if (period.from < at && at < period.to)
                changes.push_back(at);
        }
        if (rate.daily)
            addDailyChanges(*rate.daily, {std::max(rate.valid.from, period.from), std::min(rate.valid.to, period.to)},
                            changes);
    }
    for (const std::int32_t overlay : overlaysOf(index)) {
        const Period &valid = m_overlays[static_cast<std::size_t>(overlay)].valid;
        for (const Instant at : {valid.from, valid.to}) {
            if (period.from < at && at < period.to)
                changes.push_back(at);
        }
    }
    std::sort(changes.begin(), changes.end());
    changes.erase(std::unique(changes.begin(), changes.end()), changes.end());
    if (!changes.empty() && changes.front() == period.from)
        changes.erase(changes.begin());
    return changes;
}

const ProvisionedOffer *PriceBook::offer(std::string_view id) const
{
    const auto found =
        std::find_if(m_offers.begin(), m_offers.end(), [id](const ProvisionedOffer *each) { return each->id == id; });
    return found == m_offers.end() ? nullptr : *found;
}

} // namespace perunit
