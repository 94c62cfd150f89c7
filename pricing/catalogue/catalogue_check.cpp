// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_check.h"

#include "pricing/catalogue/json_value.h"
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <map>
#include <set>

namespace perunit {

namespace {

constexpr FindingSeverity Warning = FindingSeverity::Warning;
constexpr FindingSeverity Fault = FindingSeverity::Error;

constexpr std::int64_t femtoPerDollarPerMillion = 1'000'000'000;
constexpr std::int64_t impossiblyDear = 1000 * femtoPerDollarPerMillion;
constexpr std::int64_t impossiblyCheap = femtoPerDollarPerMillion / 10'000;
constexpr std::int64_t largestTierRatio = 10;

const std::optional<UnitPrice> &priceOf(const Rate &rate, UsageClass usageClass)
{
    return rate.prices[static_cast<std::size_t>(usageClass)];
}

std::string amount(const UnitPrice &price, UsageClass usageClass)
{
    return isTokenClass(usageClass) ? formatDecimal(price.femto, 9) + " per million"
                                    : formatDecimal(price.femto, Femto::scale);
}

bool meet(const Period &a, const Period &b)
{
    return a.from < b.to && b.from < a.to;
}

/// Windows of different weekdays or hours stand side by side, and beside a price of the whole day.
bool windowsMeet(const Rate &a, const Rate &b)
{
    if (a.daily.has_value() != b.daily.has_value())
        return false;
    return !a.daily
           || ((a.daily->weekdays & b.daily->weekdays) != 0 && a.daily->fromMinute < b.daily->toMinute
               && b.daily->fromMinute < a.daily->toMinute);
}

bool samePlace(const Rate &a, const Rate &b)
{
    return foldedRegion(a.region) == foldedRegion(b.region);
}

/// The same case at perhaps another time.
bool sameCase(const Rate &a, const Rate &b)
{
    return a.tier == b.tier && a.context == b.context && a.status == b.status && a.daily == b.daily && samePlace(a, b);
}

bool isDate(const std::string &text)
{
    return text.size() >= 10 && parseInstant(text).ok();
}

/// Looks at the rates of one model.
class ModelCheck
{
public:
    ModelCheck(const CatalogueModel &model, std::size_t index, std::vector<CatalogueFinding> &findings)
        : m_model(model)
        , m_path("/models/" + std::to_string(index))
        , m_findings(findings)
    {}

    void run()
    {
        checkProvider();
        if (m_model.rates.empty())
            add(Warning, "no-price", nullptr, "the model has no rate");
        for (const Rate &rate : m_model.rates) {
            checkOrigin(rate);
            checkPrices(rate);
            checkTier(rate);
            checkBands(rate);
        }
        checkPairs();
        checkSuccession();
    }

private:
    void add(FindingSeverity severity, const char *kind, const Rate *rate, std::string sentence)
    {
        std::string path = m_path;
        if (rate)
            path += "/rates/" + std::to_string(rate - m_model.rates.data());
        m_findings.push_back({severity, kind, std::move(path), m_model.key.provider + "/" + m_model.key.model,
                              rate ? rate->id : std::string(), std::move(sentence)});
    }

    /// Unless a note says that somebody looked.
    void addUnlessNoted(FindingSeverity severity, const char *kind, const Rate &rate, std::string sentence)
    {
        if (rate.note.empty())
            add(severity, kind, &rate, std::move(sentence));
    }

    void checkProvider()
    {
        const std::string &provider = m_model.key.provider;
        const std::string canonical = canonicalProvider(provider);
        if (canonical != provider)
            add(Fault, "provider", nullptr,
                "the provider is called '" + canonical + "' everywhere else, not '" + provider + "'");
        else if (!isKnownProvider(provider))
            add(Warning, "provider", nullptr,
                "'" + provider + "' is in no list of sellers: other spellings of it will not match");
    }

    void checkOrigin(const Rate &rate)
    {
        if (rate.source.empty())
            add(Fault, "origin", &rate, "no source says who states this price");
        if (!isDate(rate.checked))
            add(Fault, "origin", &rate,
                rate.checked.empty() ? "'checked' is missing" : "'checked' is not a date: '" + rate.checked + "'");
        if (rate.grade.size() != 1 || rate.grade.front() < 'A' || rate.grade.front() > 'D')
            add(Fault, "origin", &rate,
                rate.grade.empty() ? "'grade' is missing" : "'" + rate.grade + "' is not a grade from A to D");
    }

    void checkPrices(const Rate &rate)
    {
        using enum UsageClass;
        if (std::none_of(rate.prices.begin(), rate.prices.end(), [](const auto &price) { return price.has_value(); }))
            add(Warning, "no-price", &rate, "the rate states no price");
        for (const UsageClass each : tokenClasses) {
            const auto &price = priceOf(rate, each);
            if (price && price->femto != 0 && (price->femto >= impossiblyDear || price->femto <= impossiblyCheap))
                add(Fault, "unit", &rate,
                    std::string(nameOf(each)) + " at " + amount(*price, each) + " cannot be right");
        }
        const auto &input = priceOf(rate, Input);
        const auto &output = priceOf(rate, Output);
        if (input && output && output->femto < input->femto)
            addUnlessNoted(Warning, "output-below-input", rate,
                           "output is cheaper than input (" + amount(*output, Output) + " and " + amount(*input, Input)
                               + ")");
        if (const auto &read = priceOf(rate, CacheRead); input && read && read->femto > input->femto)
            addUnlessNoted(Fault, "cache-above-input", rate,
                           "a cached token costs more than an uncached one (" + amount(*read, CacheRead) + " and "
                               + amount(*input, Input) + ")");
        const auto &shorter = priceOf(rate, CacheWrite5m);
        if (const auto &longer = priceOf(rate, CacheWrite1h); shorter && longer && longer->femto < shorter->femto)
            addUnlessNoted(Fault, "cache-writes", rate, "keeping a cache for an hour costs less than for five minutes");
    }

    /// Batch and flex are discounts; no tier costs ten times the standard price.
    void checkTier(const Rate &rate)
    {
        if (rate.tier == ServiceTier::Standard)
            return;
        for (const Rate &standard : m_model.rates) {
            if (standard.tier != ServiceTier::Standard || !samePlace(standard, rate) || standard.context != rate.context
                || standard.status != rate.status || standard.daily != rate.daily || !meet(standard.valid, rate.valid))
                continue;
            const bool discount = rate.tier == ServiceTier::Batch || rate.tier == ServiceTier::Flex;
            for (const UsageClass each : tokenClasses) {
                const auto &own = priceOf(rate, each);
                const auto &usual = priceOf(standard, each);
                if (!own || !usual)
                    continue;
                if (discount && own->femto > usual->femto)
                    addUnlessNoted(Fault, "tier-above-standard", rate,
                                   std::string(nameOf(rate.tier)) + " " + std::string(nameOf(each))
                                       + " costs more than standard (" + amount(*own, each) + " and "
                                       + amount(*usual, each) + " in " + standard.id + ")");
                else if (usual->femto > 0 && own->femto / largestTierRatio > usual->femto)
                    addUnlessNoted(Fault, "tier-above-standard", rate,
                                   std::string(nameOf(rate.tier)) + " " + std::string(nameOf(each))
                                       + " costs more than ten times the standard price");
            }
        }
    }

    /// A request of every length must find a price for everything that short requests have a price for, and the other
    /// way.
    void checkBands(const Rate &rate)
    {
        if (!rate.context)
            return;
        const auto isBase = [&rate](const Rate &other) {
            return !other.context && other.tier == rate.tier && other.status == rate.status && other.daily == rate.daily
                   && samePlace(other, rate) && meet(other.valid, rate.valid);
        };
        bool found = false;
        for (const Rate &base : m_model.rates) {
            if (!isBase(base))
                continue;
            found = true;
            for (const UsageClass each : tokenClasses) {
                const bool above = priceOf(rate, each).has_value();
                if (above != priceOf(base, each).has_value())
                    addUnlessNoted(Warning, "band-gap", rate,
                                   std::string(nameOf(each)) + " has a price " + (above ? "above" : "up to") + " "
                                       + std::to_string(rate.context->tokens) + " tokens and none "
                                       + (above ? "up to there (" : "above (") + base.id + ")");
            }
        }
        if (!found)
            add(Fault, "no-base-band", &rate,
                "there is a price above " + std::to_string(rate.context->tokens)
                    + " tokens and none for shorter prompts of the same tier and place at the same time");
    }

    void checkPairs()
    {
        for (std::size_t i = 0; i < m_model.rates.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                const Rate &a = m_model.rates[j];
                const Rate &b = m_model.rates[i];
                const bool decides = a.status != RateStatus::Cancelled;
                const bool same = a.tier == b.tier && a.context == b.context && a.status == b.status && samePlace(a, b);
                if (decides && same && windowsMeet(a, b) && meet(a.valid, b.valid) && shareAClass(a, b))
                    add(Fault, "overlap", &b, "holds at the same time and under the same conditions as " + a.id);
            }
        }
    }

    static bool shareAClass(const Rate &a, const Rate &b)
    {
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (a.prices[i] && b.prices[i])
                return true;
        }
        return false;
    }

    /// Prices of the same case one after the other.
    void checkSuccession()
    {
        for (const Rate &later : m_model.rates) {
            const Rate *before = nullptr;
            for (const Rate &each : m_model.rates) {
                const bool candidate = &each != &later && sameCase(each, later) && each.valid.to <= later.valid.from
                                       && each.status != RateStatus::Cancelled;
                if (candidate && (!before || each.valid.to > before->valid.to))
                    before = &each;
            }
            if (!before)
                continue;
            if (before->valid.to < later.valid.from)
                addUnlessNoted(Warning, "time-gap", later,
                               "no price holds from " + formatInstant(before->valid.to) + ", when " + before->id
                                   + " ends, to " + formatInstant(later.valid.from));
            if (before->source == later.source && before->note.empty())
                checkJump(*before, later);
        }
    }

    void checkJump(const Rate &before, const Rate &later)
    {
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (!before.prices[i] || !later.prices[i])
                continue;
            const std::int64_t old = before.prices[i]->femto;
            const std::int64_t now = later.prices[i]->femto;
            const auto usageClass = static_cast<UsageClass>(i);
            if (old != now && (now / 2 >= old || old / 2 >= now))
                addUnlessNoted(Warning, "price-jump", later,
                               std::string(nameOf(usageClass)) + " goes from " + amount(*before.prices[i], usageClass)
                                   + " to " + amount(*later.prices[i], usageClass) + " (" + before.id
                                   + ") and the source is the same: say in a note that it was looked at");
        }
    }

    const CatalogueModel &m_model;
    std::string m_path;
    std::vector<CatalogueFinding> &m_findings;
};

std::string nameOfModel(const CatalogueModel &model)
{
    return model.key.provider + "/" + model.key.model;
}

/// Names that two models of one provider claim, and rate ids that name two rates.
void checkNames(const Catalogue &catalogue, std::vector<CatalogueFinding> &findings)
{
    std::map<std::string, std::size_t> ids;
    std::map<std::string, std::size_t> aliases;
    std::map<std::string, std::string> rates;
    const auto keyOf = [](const CatalogueModel &model, const std::string &name) {
        return canonicalProvider(model.key.provider) + "\n" + lowered(name);
    };
    const auto report = [&](std::size_t index, const char *kind, std::string sentence) {
        findings.push_back({Fault,
                            kind,
                            "/models/" + std::to_string(index),
                            nameOfModel(catalogue.models[index]),
                            {},
                            std::move(sentence)});
    };
    for (std::size_t i = 0; i < catalogue.models.size(); ++i) {
        const CatalogueModel &model = catalogue.models[i];
        if (!ids.emplace(keyOf(model, model.key.model), i).second)
            report(i, "duplicate-model", "another model has the same name, apart from letter case");
        for (std::size_t j = 0; j < model.rates.size(); ++j) {
            const auto [found, added] = rates.emplace(model.rates[j].id, nameOfModel(model));
            if (!added)
                findings.push_back({Fault, "duplicate-rate",
                                    "/models/" + std::to_string(i) + "/rates/" + std::to_string(j), nameOfModel(model),
                                    model.rates[j].id, "a rate of " + found->second + " has the same id"});
        }
    }
    for (std::size_t i = 0; i < catalogue.models.size(); ++i) {
        const CatalogueModel &model = catalogue.models[i];
        for (const std::string &alias : model.aliases) {
            const std::string key = keyOf(model, alias);
            if (const auto id = ids.find(key); id != ids.end() && id->second != i)
                report(i, "alias",
                       "the alias '" + alias + "' is the id of " + nameOfModel(catalogue.models[id->second]));
            const auto [found, added] = aliases.emplace(key, i);
            if (!added && found->second != i)
                report(i, "alias",
                       "the alias '" + alias + "' is also claimed by " + nameOfModel(catalogue.models[found->second]));
        }
    }
}

/// A price began after the date that the file gives as that of its newest fact, or was announced and has long begun.
void checkDates(const Catalogue &catalogue, std::vector<CatalogueFinding> &findings)
{
    if (!isDate(catalogue.asOf)) {
        findings.push_back({Fault, "as-of", "/as_of", {}, {}, "'as_of' is not a date: '" + catalogue.asOf + "'"});
        return;
    }
    const auto asOf = parseInstant(catalogue.asOf);
    Instant newest = alwaysBefore;
    for (const CatalogueModel &model : catalogue.models) {
        for (const Rate &rate : model.rates) {
            if (rate.status == RateStatus::Published)
                newest = std::max(newest, rate.valid.from);
        }
    }
    if (newest.micros >= asOf->micros + microsPerDay)
        findings.push_back({Warning,
                            "as-of",
                            "/as_of",
                            {},
                            {},
                            "'as_of' is " + catalogue.asOf + " and the newest price holds from " + formatDate(newest)});
    for (std::size_t i = 0; i < catalogue.models.size(); ++i) {
        const CatalogueModel &model = catalogue.models[i];
        for (std::size_t j = 0; j < model.rates.size(); ++j) {
            const Rate &rate = model.rates[j];
            if (rate.status == RateStatus::Announced && rate.valid.from <= *asOf && rate.note.empty())
                findings.push_back({Warning, "announced",
                                    "/models/" + std::to_string(i) + "/rates/" + std::to_string(j), nameOfModel(model),
                                    rate.id,
                                    "announced for " + formatDate(rate.valid.from)
                                        + ", which has passed: it is published by now, or cancelled"});
        }
    }
}

void checkOffers(const Catalogue &catalogue, std::vector<CatalogueFinding> &findings)
{
    std::set<std::string> ids;
    for (std::size_t i = 0; i < catalogue.offers.size(); ++i) {
        const ProvisionedOffer &offer = catalogue.offers[i];
        const auto report = [&](const char *kind, std::string sentence) {
            findings.push_back({Fault,
                                kind,
                                "/offers/" + std::to_string(i),
                                offer.provider + " " + offer.id,
                                {},
                                std::move(sentence)});
        };
        if (!ids.insert(offer.id).second)
            report("duplicate-offer", "another offer has the same id");
        if (offer.source.empty())
            report("origin", "no source says who states this offer");
        if (!isDate(offer.checked))
            report("origin",
                   offer.checked.empty() ? "'checked' is missing" : "'checked' is not a date: '" + offer.checked + "'");
        if (canonicalProvider(offer.provider) != offer.provider)
            report("provider", "the provider is called '" + canonicalProvider(offer.provider) + "' everywhere else");
    }
}

} // namespace

std::vector<CatalogueFinding> checkCatalogue(const Catalogue &catalogue)
{
    std::vector<CatalogueFinding> findings;
    checkDates(catalogue, findings);
    checkNames(catalogue, findings);
    for (std::size_t i = 0; i < catalogue.models.size(); ++i)
        ModelCheck(catalogue.models[i], i, findings).run();
    checkOffers(catalogue, findings);
    return findings;
}

std::vector<CatalogueFinding> findingsOf(const CatalogueImport &import)
{
    std::vector<CatalogueFinding> findings = checkCatalogue(import.catalogue);
    if (import.format == "perunit")
        return findings;
    // What we made of a file in another form has no place in it.
    for (CatalogueFinding &finding : findings)
        finding.path.clear();
    for (const CatalogueIssue &issue : import.issues)
        findings.push_back({Warning, "left-out", issue.path, {}, {}, issue.reason});
    return findings;
}

std::vector<CatalogueFinding> checkCatalogueText(std::string_view json, std::string_view fileName)
{
    const auto import = readCatalogue(json, fileName);
    std::vector<CatalogueFinding> findings;
    const std::size_t first = json.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    const JsonValue root = first == std::string_view::npos ? JsonValue{} : parseJsonBeginning(json.substr(first));
    const JsonValue *format = root.find("format");
    if (format && format->text == "perunit/catalogue")
        findings = checkAgainstSchema(json.substr(first));
    if (import) {
        const auto read = findingsOf(*import);
        findings.insert(findings.end(), read.begin(), read.end());
        return findings;
    }
    // The reader says the same fault in our own words.
    const Error &error = import.error();
    const std::size_t slash = error.where.rfind('/');
    const std::string member = slash == std::string::npos ? "" : error.where.substr(slash + 1);
    std::erase_if(findings, [&](const CatalogueFinding &each) {
        return each.path == error.where
               || (!member.empty() && each.path == error.where.substr(0, slash)
                   && each.sentence.find("'" + member + "'") != std::string::npos);
    });
    findings.insert(
        findings.begin(),
        {Fault, "unreadable", error.where, {}, {}, error.what + (error.remedy.empty() ? "" : "; " + error.remedy)});
    return findings;
}

bool hasErrors(const std::vector<CatalogueFinding> &findings)
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const CatalogueFinding &finding) { return finding.severity == Fault; });
}

} // namespace perunit
