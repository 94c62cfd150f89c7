// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/catalogue_preview.h"

#include <algorithm>
#include <set>

namespace perunit {

namespace {

Result<Femto> historyCost(const Ledger &ledger, const std::shared_ptr<const PriceBook> &book,
                          const std::stop_token &stop)
{
    const auto baseline = Baseline::build(ledger, book, {}, stop);
    if (!baseline)
        return baseline.error();
    Femto sum;
    for (const Baseline::Resolution &each : (*baseline)->resolutions())
        sum += each.cost;
    return sum;
}

/// The models of the catalogue itself, under its own ids, from which suspicious prices would come.
std::vector<ModelKey> suspiciousModels(const CatalogueDiff &diff, const Catalogue &catalogue)
{
    std::set<std::string> rates;
    for (const PriceChange &change : diff.changes) {
        if (change.suspicious)
            rates.insert(change.afterRate);
    }
    std::vector<ModelKey> models;
    for (const CatalogueModel &model : catalogue.models) {
        if (std::any_of(model.rates.begin(), model.rates.end(),
                        [&rates](const Rate &rate) { return rates.count(rate.id) != 0; }))
            models.push_back(model.key);
    }
    return models;
}

std::size_t conflictingModels(const WorkspaceState &state, const AddedCatalogue &added, Instant at)
{
    std::set<ModelKey> models;
    for (const PriceConflict &conflict : priceConflicts(catalogueLayers(state), at)) {
        const bool speaks = std::any_of(conflict.statements.begin(), conflict.statements.end(),
                                        [&added](const auto &each) { return each.catalogue == added.content->name; });
        if (speaks)
            models.insert(conflict.model);
    }
    return models.size();
}

/// What the new prices make of the ledger.
Status addEffect(CataloguePreview &preview, const Ledger &ledger, const std::shared_ptr<const PriceBook> &before,
                 const std::shared_ptr<const PriceBook> &after, const std::stop_token &stop)
{
    auto effect = priceEffect(*ledger.workload, *before, *after, ledger.workload->period(), preview.at, stop);
    if (!effect)
        return effect.error();
    preview.effect = std::move(*effect);
    const auto old = historyCost(ledger, before, stop);
    if (!old)
        return old.error();
    const auto next = historyCost(ledger, after, stop);
    if (!next)
        return next.error();
    preview.historyBefore = *old;
    preview.historyAfter = *next;
    return {};
}

} // namespace

Result<CataloguePreview> previewCatalogue(const WorkspaceState &state, AddedCatalogue catalogue,
                                          SuspiciousPrices suspicious, const Ledger *ledger, Instant today,
                                          const std::stop_token &stop)
{
    CataloguePreview preview;
    preview.at = std::max(today, catalogue.effectiveFrom);
    catalogue.heldBack.clear();
    WorkspaceState with = state;
    putCatalogue(with, catalogue);
    const auto before = priceBookFor(state);
    auto after = priceBookFor(with);
    if (catalogue.content->currency != before->currency())
        return Error{ErrorCode::Unsupported,
                     "its prices are in " + catalogue.content->currency + " and those of the workspace in "
                         + before->currency(),
                     catalogue.file, "prices of two currencies cannot be mixed: convert the catalogue first"};
    preview.diff = comparePriceBooks(*before, *after, preview.at);
    preview.suspicious = suspiciousModels(preview.diff, *catalogue.content);
    preview.conflicts = conflictingModels(with, catalogue, preview.at);
    if (suspicious == SuspiciousPrices::HoldBack && !preview.suspicious.empty()) {
        catalogue.heldBack = preview.suspicious;
        putCatalogue(with, catalogue);
        after = priceBookFor(with);
    }
    preview.catalogue = std::move(catalogue);
    preview.book = after;
    if (ledger && ledger->workload && ledger->workload->size() > 0) {
        if (auto status = addEffect(preview, *ledger, before, after, stop); !status)
            return status.error();
    }
    return preview;
}

} // namespace perunit
