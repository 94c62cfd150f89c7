// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"
#include "model/import/gateway_usage.h"
#include "model/import/record_ids.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <set>
#include <string>

namespace perunit {

namespace {

constexpr std::string_view applicationProfile = "application-inference-profile/";

/// The role of "arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION"; the session may name a person and stays out.
std::string roleOf(const std::string &arn)
{
    constexpr std::string_view start = "assumed-role/";
    const auto at = arn.find(start);
    if (at == std::string::npos)
        return {};
    const std::string rest = arn.substr(at + start.size());
    return rest.substr(0, rest.find('/'));
}

/// One record a call. The bodies that may stand beside the counts are never read.
class BedrockLogConverter : public ColumnConverter
{
public:
    BedrockLogConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping)
        , m_time(m_cells.date({"timestamp"}))
        , m_latency(m_cells.number({"outputoutputbodyjsonmetricslatencyms"}))
        , m_model(m_cells.text({"modelid"}))
        , m_operation(m_cells.text({"operation"}))
        , m_region(m_cells.text({"inferenceregion", "region"}))
        , m_ownRegion(m_cells.text({"region"}))
        , m_account(m_cells.text({"accountid"}))
        , m_identity(m_cells.text({"identityarn"}))
        , m_error(m_cells.text({"errorcode"}))
        , m_tier(m_cells.text({"servicetier", "servicetiertype"}))
        , m_id(m_cells.text({"requestid"}))
        , m_counts{{m_cells.number({"inputinputtokencount"}), UsageClass::Input},
                   {m_cells.number({"inputcachereadinputtokencount"}), UsageClass::CacheRead},
                   {m_cells.number({"inputcachewriteinputtokencount"}), UsageClass::CacheWrite5m},
                   {m_cells.number({"outputoutputtokencount"}), UsageClass::Output}}
    {}

    void observe(const CsvRecord &record) override { m_ids.see(m_cells.words(record, m_id)); }

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        if (m_ids.isRepeated(m_cells.words(record, m_id), record, rows))
            return {};
        RequestRow row;
        std::int64_t milliseconds = 0;
        if (!m_cells.time(record, m_time, true, row.time, rows)
            || !addCounts(m_cells, record, m_counts, row.usage, rows)
            || !m_cells.count(record, m_latency, milliseconds, rows))
            return {};
        row.usage[UsageClass::Request] = 1;
        row.durationMicros = std::min<std::int64_t>(milliseconds, microsPerDay) * 1000;
        row.provider = "bedrock";
        row.model = m_cells.words(record, m_model);
        if (lowered(row.model).find("embed") != std::string::npos)
            moveEmbeddings("embedding", row);
        if (const auto at = row.model.find(applicationProfile); at != std::string::npos) {
            row.deployment = row.model.substr(at + applicationProfile.size());
            m_profiles.insert(row.model);
        }
        if (row.model.find("provisioned-model/") != std::string::npos)
            row.tier = ServiceTier::Provisioned;
        else
            row.tier = tierOrStandard(m_cells.words(record, m_tier), rows);
        m_written += row.usage[UsageClass::CacheWrite5m];
        row.region = m_cells.words(record, m_region);
        if (row.region.empty())
            row.region = m_cells.words(record, m_ownRegion);
        readError(record, row);
        const JsonValue metadata = objectBelow(m_shape, record, "requestMetadata");
        for (std::size_t i = 0; i < metadata.names.size(); ++i)
            putProperty(metadata.names[i], metadata.items[i].text, row);
        const std::string role = roleOf(m_cells.words(record, m_identity));
        if (!role.empty() && !isAddress(role))
            row.tags.emplace_back("role", role);
        tag(row.tags, "operation", record, m_operation);
        tag(row.tags, "account", record, m_account);
        return give(row, rows);
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        m_ids.finish(rows);
        if (!m_profiles.empty())
            rows.warn("application inference profiles do not say which model they stand for; match these names to "
                      "models: "
                      + *m_profiles.begin()
                      + (m_profiles.size() > 1 ? " and " + std::to_string(m_profiles.size() - 1) + " more" : ""));
        if (m_written > 0)
            rows.warn("the log does not say how long written tokens live; they are taken as five minutes");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "Bedrock's inputTokenCount leaves out what was read from and written to the cache, as it is kept here.";
    }

private:
    void readError(const CsvRecord &record, RequestRow &row) const
    {
        const std::string error = m_cells.words(record, m_error);
        if (!error.empty())
            row.status = error.find("Throttl") != std::string::npos ? RequestStatus::RateLimited : RequestStatus::Error;
    }

    int m_time, m_latency, m_model, m_operation, m_region, m_ownRegion, m_account, m_identity, m_error, m_tier, m_id;
    RecordIds m_ids;
    std::vector<CountColumn> m_counts;
    std::set<std::string> m_profiles;
    std::int64_t m_written = 0;
};

FormatMatch matchBedrockLog(const TableShape &shape)
{
    if (!shape.json || !hasColumns(shape, {"timestamp", "modelid"})
        || shape.firstOf({"schematype", "inputinputtokencount"}) < 0)
        return {};
    return {100, "the fields modelId and input.inputTokenCount are those of Bedrock's model invocation log"};
}

} // namespace

std::unique_ptr<LedgerFormat> bedrockLogFormat()
{
    return ledgerFormatOf({"bedrock-invocations", "AWS Bedrock model invocation log", matchBedrockLog,
                           makeConverter<BedrockLogConverter>, true});
}

} // namespace perunit
