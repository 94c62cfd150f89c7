// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/sample/harness.h"

#include "resources/sample/calendar.h"
#include "resources/sample/company.h"

#include <cmath>

namespace perunit::sample {

namespace {

/// A thing that is bought every day. Cost = quantity × price, exact: thousandths × millionths of a dollar.
struct Meter {
    std::string_view sku;
    std::string_view description;
    std::string_view category;
    std::string_view subcategory;
    std::string_view service;
    std::string_view unit;
    std::int64_t priceMicros; ///< millionths of a US dollar each
    std::int64_t dailyMilli;  ///< thousandths of the unit a day, in May
    bool followsTraffic;      ///< grows and sleeps with the requests; otherwise it runs around the clock
    std::string_view resource;
    std::string_view workload; ///< empty: shared
    std::string_view team;
    std::string_view environment;
};

constexpr std::string_view databases = "Databases";
constexpr std::string_view management = "Management and Governance";

const std::vector<Meter> meters{
    {"OS-T3-MEDIUM-HOUR", "Vector database, two search nodes", databases, "Other (Databases)", "OpenSearch", "Hours",
     73'000, 48'000, false, "support-knowledge", "support-chatbot", "support-engineering", "prod"},
    {"OS-T3-MEDIUM-HOUR", "Vector database, one search node", databases, "Other (Databases)", "OpenSearch", "Hours",
     73'000, 24'000, false, "clause-library", "contract-review", "legal-technology", "prod"},
    {"S3-STANDARD-GB-DAY", "Object storage of originals and extractions", "Storage", "Object Storage", "S3", "GB-Days",
     757, 2'380'000, true, "document-archive", "document-pipeline", "document-automation", "prod"},
    {"S3-STANDARD-GB-DAY", "Object storage of contracts", "Storage", "Object Storage", "S3", "GB-Days", 757, 410'000,
     true, "contract-archive", "contract-review", "legal-technology", "prod"},
    {"DATA-OUT-GB", "Data transfer to the internet", "Networking", "Other (Networking)", "Data Transfer", "GB", 90'000,
     26'000, true, "edge", "", "platform", "prod"},
    {"DATA-OUT-GB", "Data transfer of document pages", "Networking", "Other (Networking)", "Data Transfer", "GB",
     90'000, 11'500, true, "document-edge", "document-pipeline", "document-automation", "prod"},
    {"LOGS-INGEST-GB", "Log ingestion, conversations", management, "Other (Management and Governance)", "CloudWatch",
     "GB", 500'000, 3'900, true, "support-logs", "support-chatbot", "support-engineering", "prod"},
    {"LOGS-INGEST-GB", "Log ingestion, documents", management, "Other (Management and Governance)", "CloudWatch", "GB",
     500'000, 4'400, true, "document-logs", "document-pipeline", "document-automation", "prod"},
    {"LOGS-INGEST-GB", "Log ingestion, gateway", management, "Other (Management and Governance)", "CloudWatch", "GB",
     500'000, 2'600, true, "gateway-logs", "", "platform", "prod"},
    {"LAMBDA-1000-GB-S", "Functions that run the conversations", "Compute", "Serverless Compute", "Lambda",
     "1000 GB-Seconds", 16'667, 46'000, true, "support-orchestration", "support-chatbot", "support-engineering",
     "prod"},
    {"LAMBDA-1000-GB-S", "Functions that run the documents", "Compute", "Serverless Compute", "Lambda",
     "1000 GB-Seconds", 16'667, 139'000, true, "document-orchestration", "document-pipeline", "document-automation",
     "prod"},
    {"LAMBDA-1000-GB-S", "Functions that run the contract reviews", "Compute", "Serverless Compute", "Lambda",
     "1000 GB-Seconds", 16'667, 21'000, true, "contract-orchestration", "contract-review", "legal-technology", "prod"},
    {"GPU-G4DN-XLARGE-HOUR", "GPU node of the reranker and the intent router", "Compute", "Virtual Machines", "EC2",
     "Hours", 526'000, 24'000, false, "reranker", "support-chatbot", "support-engineering", "prod"},
    {"GPU-G4DN-XLARGE-HOUR", "GPU node of the reranker, staging", "Compute", "Virtual Machines", "EC2", "Hours",
     526'000, 24'000, false, "reranker-staging", "support-chatbot", "support-engineering", "staging"},
    {"K8S-CONTROL-HOUR", "Cluster control plane", "Compute", "Containers", "EKS", "Hours", 100'000, 24'000, false,
     "gateway-cluster", "", "platform", "prod"},
};

/// A whole number of 10⁻⁹ as a decimal without needless zeros.
std::string nanoText(std::int64_t nanos)
{
    constexpr std::int64_t unit = 1'000'000'000;
    const std::int64_t size = nanos < 0 ? -nanos : nanos;
    std::string fraction = std::to_string(size % unit + unit).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return (nanos < 0 ? "-" : "") + std::to_string(size / unit) + (fraction.empty() ? "" : "." + fraction);
}

std::string dayText(int day)
{
    return dateText(day) + "T00:00:00Z";
}

int firstOfNextMonth(int day)
{
    int next = day;
    while (next < dayCount && monthOfDay(next) == monthOfDay(day))
        ++next;
    return next;
}

int firstOfMonth(int day)
{
    return day - static_cast<int>(dayOfMonth(day)) + 1;
}

void putCost(FocusRow &row, std::int64_t nanos)
{
    for (const std::string_view column :
         {"BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingCurrencyEffectiveCost"})
        row[column] = nanoText(nanos);
}

/// What every row of the bill has: accounts, issuer, currency and periods.
FocusRow commonRow(int begin, int end)
{
    FocusRow row;
    row["BillingAccountId"] = "480012345678";
    row["BillingAccountName"] = "Northlight Software";
    row["BillingAccountType"] = "Billing Account";
    row["BillingCurrency"] = row["PricingCurrency"] = "USD";
    row["BillingPeriodStart"] = dayText(firstOfMonth(begin));
    row["BillingPeriodEnd"] = dayText(firstOfNextMonth(begin));
    row["ChargePeriodStart"] = dayText(begin);
    row["ChargePeriodEnd"] = dayText(end);
    row["InvoiceId"] = "NL-2026-" + std::to_string(monthOfDay(begin) + 100).substr(1);
    row["InvoiceIssuerName"] = row["ProviderName"] = row["PublisherName"] = "Amazon Web Services";
    row["SubAccountId"] = "480012345679";
    row["SubAccountName"] = "AI platform";
    row["SubAccountType"] = "Account";
    return row;
}

std::string tagsText(std::string_view workload, std::string_view team, std::string_view environment)
{
    std::string text =
        "{\"environment\": \"" + std::string(environment) + "\", \"team\": \"" + std::string(team) + "\"";
    if (!workload.empty())
        text += ", \"workload\": \"" + std::string(workload) + "\"";
    return text + "}";
}

FocusRow meterRow(Random &random, const Meter &meter, int day)
{
    std::int64_t milli = meter.dailyMilli;
    if (meter.followsTraffic)
        milli = std::llround(static_cast<double>(milli) * dayFactor(random, day, 45));
    FocusRow row = commonRow(day, day + 1);
    putCost(row, milli * meter.priceMicros);
    row["ChargeCategory"] = "Usage";
    row["ChargeDescription"] = meter.description;
    row["ChargeFrequency"] = "Usage-Based";
    row["PricingCategory"] = "Standard";
    row["ConsumedQuantity"] = row["PricingQuantity"] = nanoText(milli * 1'000'000);
    row["ConsumedUnit"] = row["PricingUnit"] = meter.unit;
    for (const std::string_view column :
         {"ListUnitPrice", "ContractedUnitPrice", "PricingCurrencyContractedUnitPrice", "PricingCurrencyListUnitPrice"})
        row[column] = nanoText(meter.priceMicros * 1'000);
    row["RegionId"] = "eu-central-1";
    row["RegionName"] = "Europe (Frankfurt)";
    row["ResourceId"] = "arn:northlight:" + std::string(meter.resource);
    row["ResourceName"] = meter.resource;
    row["ServiceCategory"] = meter.category;
    row["ServiceSubcategory"] = meter.subcategory;
    row["ServiceName"] = meter.service;
    row["SkuId"] = row["SkuMeter"] = meter.sku;
    row["SkuPriceId"] = std::string(meter.sku) + "-OD";
    row["Tags"] = tagsText(meter.workload, meter.team, meter.environment);
    return row;
}

/// A row that stands for a whole month: subscription, credit, tax.
FocusRow monthRow(int firstDay, std::string_view category, std::string_view description, std::int64_t dollars)
{
    FocusRow row = commonRow(firstDay, firstOfNextMonth(firstDay));
    putCost(row, dollars * 1'000'000'000);
    row["ChargeCategory"] = category;
    row["ChargeDescription"] = description;
    row["ChargeFrequency"] = category == "Purchase" ? "Recurring" : "One-Time";
    row["ServiceCategory"] = category == "Purchase" ? management : "Other";
    row["ServiceSubcategory"] = category == "Purchase" ? "Observability" : "Other (Other)";
    row["ServiceName"] = category == "Purchase" ? "Trace Store" : "Billing";
    if (category == "Purchase") {
        row["SkuId"] = row["SkuMeter"] = "TRACE-STORE-TEAM-MONTH";
        row["PricingQuantity"] = "1";
        row["PricingUnit"] = "Months";
        row["PricingCategory"] = "Standard";
        row["Tags"] = tagsText("", "platform", "prod");
    }
    return row;
}

} // namespace

std::vector<FocusRow> makeHarnessCharges(std::uint64_t seed)
{
    Random random(seed, 6);
    std::vector<FocusRow> rows;
    for (int day = 0; day < dayCount; ++day) {
        if (dayOfMonth(day) == 1)
            rows.push_back(monthRow(day, "Purchase", "Trace store, team plan", 290));
        for (const Meter &meter : meters)
            rows.push_back(meterRow(random, meter, day));
    }
    rows.push_back(monthRow(dayOf(7, 1), "Credit", "Start-up programme credit", -300));
    rows.push_back(monthRow(dayOf(10, 1), "Tax", "Value added tax on support services", 64));
    return rows;
}

} // namespace perunit::sample
