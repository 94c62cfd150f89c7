// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ledger/token_line.h"

#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// Letters only, small: "Savings Plan", "SavingsPlan" and "savings_plan" are one.
std::string folded(std::string_view text)
{
    std::string result;
    for (const char c : lowered(text)) {
        if (c >= 'a' && c <= 'z')
            result += c;
    }
    return result;
}

/// What FOCUS, AWS and Azure call what was paid for beforehand.
bool isCommitted(std::string_view pricingCategory)
{
    static constexpr std::array<std::string_view, 6> words{"committed",   "reserved",     "reservation",
                                                           "savingsplan", "savingsplans", "commitment"};
    const std::string name = folded(pricingCategory);
    return std::find(words.begin(), words.end(), name) != words.end();
}

bool isZero(const std::optional<Money> &amount)
{
    return !amount || amount->isZero();
}

/// Who makes models and sells them only under the own name. Google also sells those of others.
bool isMaker(std::string_view provider)
{
    const auto &parties = firstParties();
    return provider != "google" && std::any_of(parties.begin(), parties.end(), [provider](const FirstParty &party) {
               return party.provider == provider;
           });
}

bool isGateway(std::string_view provider)
{
    static constexpr std::array<std::string_view, 8> gateways{"openrouter", "vercel",     "helicone", "requesty",
                                                              "cloudflare", "databricks", "poe",      "nanogpt"};
    return std::find(gateways.begin(), gateways.end(), provider) != gateways.end();
}

} // namespace

ServiceTier tierOfPricing(std::string_view pricingCategory)
{
    const std::string name = folded(pricingCategory);
    for (std::size_t i = 0; i < serviceTierNames.size(); ++i) {
        if (name == serviceTierNames[i])
            return static_cast<ServiceTier>(i);
    }
    return ServiceTier::Standard;
}

std::optional<Money> paidAmount(const ChargeRow &charge)
{
    return charge.effective ? charge.effective : charge.billed;
}

TokenLine tokenLineOf(const ChargeRow &charge)
{
    const bool tokens = charge.category == ChargeCategory::Usage && !charge.correction && charge.tokenClass
                        && isTokenClass(*charge.tokenClass) && charge.tokens > 0 && !charge.model.empty();
    if (!tokens)
        return TokenLine::No;
    // Nothing to pay now although it costs something: it was paid for beforehand.
    const bool prepaid = charge.billed && charge.billed->isZero() && !isZero(charge.effective);
    if (isCommitted(charge.pricingCategory) || prepaid)
        return TokenLine::Covered;
    // Tokens on provisioned capacity cost nothing of their own: an amount on the line would be lost.
    if (tierOfPricing(charge.pricingCategory) == ServiceTier::Provisioned && !isZero(paidAmount(charge)))
        return TokenLine::Covered;
    return TokenLine::Yes;
}

RequestRow requestOf(const ChargeRow &charge)
{
    RequestRow request;
    request.time = charge.period.from;
    // Resellers write their own name; prices are those of the service.
    request.provider =
        !isKnownProvider(charge.provider) && isKnownProvider(charge.service) ? charge.service : charge.provider;
    request.service = charge.service;
    request.model = charge.model;
    request.region = charge.region;
    request.deployment = charge.resource;
    request.tier = tierOfPricing(charge.pricingCategory);
    const UsageClass usageClass = charge.tokenClass.value_or(UsageClass::Input);
    if (usageClass == UsageClass::Reasoning) {
        request.usage[UsageClass::Output] = charge.tokens;
        request.usage.reasoning = charge.tokens;
    } else {
        request.usage[usageClass] = charge.tokens;
    }
    request.billed = charge.billed ? charge.billed : charge.effective;
    request.workload = charge.workload;
    request.environment = charge.environment;
    request.team = charge.team;
    request.feature = charge.feature;
    request.customer = charge.customer;
    request.tags = charge.tags;
    return request;
}

bool mayBill(std::string_view billProvider, std::string_view logProvider)
{
    const std::string bill = canonicalProvider(billProvider);
    const std::string log = canonicalProvider(logProvider);
    if (bill.empty() || log.empty() || bill == log || !isKnownProvider(bill) || !isKnownProvider(log))
        return true;
    return isGateway(bill) || isGateway(log) || (isMaker(log) && !isMaker(bill));
}

} // namespace perunit
