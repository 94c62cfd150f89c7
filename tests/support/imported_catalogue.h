// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/catalogue_file.h"
#include "pricing/charge/price_request.h"

#include <QFile>
#include <QString>
#include <QTest>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

inline std::string textOfFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll().toStdString();
}

/// A catalogue file as it was read, with a book to ask.
struct ImportedCatalogue {
    perunit::CatalogueImport import;
    std::shared_ptr<const perunit::PriceBook> book;

    static ImportedCatalogue of(const std::string &text, const std::string &name,
                                const perunit::CatalogueOptions &options = {})
    {
        auto read = perunit::readCatalogue(text, name, options);
        if (!read)
            qFatal("%s", read.error().text().c_str());
        ImportedCatalogue result;
        result.import = std::move(*read);
        result.book = std::make_shared<const perunit::PriceBook>(
            std::vector{std::make_shared<const perunit::Catalogue>(result.import.catalogue)},
            std::vector<perunit::ModelMapping>{});
        return result;
    }
    static ImportedCatalogue ofFile(const QString &path, const perunit::CatalogueOptions &options = {})
    {
        return of(textOfFile(path), path.section(QLatin1Char('/'), -1).toStdString(), options);
    }

    /// Cost in USD of a request, "unpriced" when any class in use has no price.
    [[nodiscard]] std::string cost(const char *provider, const char *model,
                                   std::initializer_list<std::pair<perunit::UsageClass, std::int64_t>> counts,
                                   const char *at = "2026-11-21T12:00:00Z",
                                   perunit::ServiceTier tier = perunit::ServiceTier::Standard) const
    {
        perunit::RequestToPrice request;
        request.provider = provider;
        request.model = model;
        request.at = *perunit::parseInstant(at);
        request.tier = tier;
        for (const auto &[usageClass, count] : counts)
            request.usage[usageClass] = count;
        const perunit::PricedRequest priced = priceRequest(*book, request);
        return priced.unpriced.empty() ? priced.cost.text() : "unpriced";
    }

    /// State of the standard price of a class in the base band.
    [[nodiscard]] perunit::PriceState state(const char *provider, const char *model,
                                            perunit::UsageClass usageClass) const
    {
        const perunit::ModelMatch match = book->resolve(provider, model);
        if (!match.model.found())
            return perunit::PriceState::Unpriced;
        const perunit::RateCard card = book->rateCard(match.model, perunit::ServiceTier::Standard, "",
                                                      *perunit::parseInstant("2026-11-21T12:00:00Z"));
        return card.bands.empty() ? perunit::PriceState::Unpriced
                                  : card.bands.front().prices[static_cast<std::size_t>(usageClass)].state;
    }

    /// Reasons given for a path, joined by " | ".
    [[nodiscard]] std::string issuesAt(const std::string &path) const
    {
        std::string result;
        for (const perunit::CatalogueIssue &issue : import.issues) {
            if (issue.path == path)
                result += (result.empty() ? "" : " | ") + issue.reason;
        }
        return result;
    }
    [[nodiscard]] std::ptrdiff_t issuesSaying(const char *words) const
    {
        return std::count_if(import.issues.begin(), import.issues.end(), [words](const perunit::CatalogueIssue &issue) {
            return issue.reason.find(words) != std::string::npos;
        });
    }
};

/// No issue without a place, no model without a price, and nothing that cannot be right.
inline void verifySound(const ImportedCatalogue &catalogue)
{
    for (const perunit::CatalogueIssue &issue : catalogue.import.issues)
        QVERIFY2(issue.path.starts_with("/") && issue.path.size() > 1 && !issue.reason.empty(), issue.reason.c_str());
    for (const perunit::CatalogueModel &model : catalogue.import.catalogue.models) {
        QVERIFY2(!model.rates.empty(), model.key.model.c_str());
        for (const perunit::Rate &rate : model.rates) {
            QVERIFY2(std::any_of(rate.prices.begin(), rate.prices.end(),
                                 [](const auto &price) { return price.has_value(); }),
                     rate.id.c_str());
            for (const perunit::UsageClass each : perunit::tokenClasses) {
                const auto &price = rate.prices[static_cast<std::size_t>(each)];
                if (price && price->femto != 0)
                    QVERIFY2(price->femto < 1'000'000'000'000 && price->femto > 100'000, rate.id.c_str());
            }
        }
    }
}
