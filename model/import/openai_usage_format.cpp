// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/column_format.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

/// What one result of a usage report counts, as recorded; -1 is unknown.
struct Recorded {
    std::int64_t input = -1;
    std::int64_t output = -1;
    std::int64_t cached = 0;
    std::int64_t written = 0;
    std::int64_t uncached = -1;
    std::int64_t text = -1;
    std::int64_t cachedText = -1;
    std::int64_t audio = 0;
    std::int64_t cachedAudio = 0;
    std::int64_t image = 0;
    std::int64_t cachedImage = 0;
    std::int64_t outputText = -1;
    std::int64_t outputAudio = 0;
    std::int64_t outputImage = 0;
};

/// Cached tokens of one kind leave the uncached ones behind; false when there are more of them.
bool split(std::int64_t whole, std::int64_t cached, UsageClass uncachedClass, UsageClass cachedClass, Usage &usage)
{
    if (whole < cached)
        return false;
    usage[uncachedClass] = whole - cached;
    usage[cachedClass] = cached;
    return true;
}

/// Prompt tokens of all kinds as disjoint classes; a text says what is wrong.
///
/// input_tokens contains cached and written tokens. Where the kinds stand beside it, the sums tell whether they leave
/// cached tokens out (as the dashboard writes them) or contain them. Where they do not, audio stands beside
/// input_tokens, as OpenAI documents it ("text input tokens").
std::string_view putPrompt(const Recorded &recorded, Usage &usage)
{
    const std::int64_t total = recorded.input < 0 ? 0 : recorded.input;
    const std::int64_t kinds = (recorded.text < 0 ? 0 : recorded.text) + recorded.audio + recorded.image;
    const std::int64_t cachedText =
        recorded.cachedText < 0 ? recorded.cached - recorded.cachedAudio - recorded.cachedImage : recorded.cachedText;
    usage[UsageClass::CacheWrite5m] = recorded.written;
    // Kinds that are all zero beside a total are kinds that were not recorded.
    if (recorded.text >= 0 && cachedText >= 0 && (kinds > 0 || recorded.cached == total)) {
        const std::int64_t cached = cachedText + recorded.cachedAudio + recorded.cachedImage;
        if (kinds + cached + recorded.written == total || kinds + cached == total) {
            // Written tokens are uncached text: where the sum needs them apart they are apart already.
            const bool writtenApart = kinds + cached + recorded.written == total;
            usage[UsageClass::Input] = recorded.text - (writtenApart ? 0 : recorded.written);
            usage[UsageClass::CacheRead] = cachedText;
            usage[UsageClass::AudioIn] = recorded.audio;
            usage[UsageClass::CacheReadAudio] = recorded.cachedAudio;
            usage[UsageClass::ImageIn] = recorded.image;
            usage[UsageClass::CacheReadImage] = recorded.cachedImage;
            return usage[UsageClass::Input] < 0 ? "there are more written tokens than uncached text" : "";
        }
        if (kinds == total) {
            if (!split(recorded.text - recorded.written, cachedText, UsageClass::Input, UsageClass::CacheRead, usage)
                || !split(recorded.audio, recorded.cachedAudio, UsageClass::AudioIn, UsageClass::CacheReadAudio, usage)
                || !split(recorded.image, recorded.cachedImage, UsageClass::ImageIn, UsageClass::CacheReadImage, usage))
                return "there are more cached tokens than input tokens of their kind";
            return {};
        }
        return "the text, audio and image tokens do not add up to input_tokens";
    }
    if (!split(total - recorded.written, recorded.cached, UsageClass::Input, UsageClass::CacheRead, usage))
        return "there are more cached and written tokens than input_tokens";
    if (!split(recorded.audio, recorded.cachedAudio, UsageClass::AudioIn, UsageClass::CacheReadAudio, usage)
        || !split(recorded.image, recorded.cachedImage, UsageClass::ImageIn, UsageClass::CacheReadImage, usage))
        return "there are more cached tokens than input tokens of their kind";
    return {};
}

std::string_view putOutput(const Recorded &recorded, Usage &usage)
{
    const std::int64_t total = recorded.output < 0 ? 0 : recorded.output;
    usage[UsageClass::AudioOut] = recorded.outputAudio;
    usage[UsageClass::ImageOut] = recorded.outputImage;
    const std::int64_t kinds = recorded.outputText + recorded.outputAudio + recorded.outputImage;
    const bool split = recorded.outputText >= 0 && kinds > 0;
    usage[UsageClass::Output] = split ? recorded.outputText : total;
    if (split && kinds != total)
        return "the text, audio and image tokens do not add up to output_tokens";
    return {};
}

class OpenAiUsageConverter : public ColumnConverter
{
public:
    OpenAiUsageConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping)
        , m_start(m_cells.date({"bucketstarttime", "starttime", "starttimeiso"}))
        , m_object(shape.json ? m_cells.text({"object"}) : -1)
        , m_model(m_cells.text({"model"}))
        , m_batch(m_cells.text({"batch"}))
        , m_tier(m_cells.text({"servicetier"}))
        , m_project(m_cells.text({"projectname", "projectid"}))
        , m_keyName(m_cells.text({"apikeyname"}))
        , m_keyId(m_cells.text({"apikeyid"}))
        , m_source(m_cells.text({"source"}))
        , m_size(m_cells.text({"size"}))
        , m_requests(m_cells.number({"nummodelrequests"}))
        , m_sessions(m_cells.number({"numsessions"}))
        , m_images(m_cells.number({"images"}))
        , m_characters(m_cells.number({"characters"}))
        , m_seconds(m_cells.number({"seconds"}))
        , m_bytes(m_cells.number({"usagebytes"}))
    {
        const auto add = [this](std::int64_t Recorded::*member, CellReader::Names names) {
            m_counts.emplace_back(m_cells.number(names), member);
        };
        add(&Recorded::input, {"inputtokens"});
        add(&Recorded::output, {"outputtokens"});
        add(&Recorded::cached, {"inputcachedtokens"});
        add(&Recorded::written, {"inputcachewritetokens"});
        add(&Recorded::text, {"inputtexttokens"});
        add(&Recorded::cachedText, {"inputcachedtexttokens"});
        add(&Recorded::audio, {"inputaudiotokens"});
        add(&Recorded::cachedAudio, {"inputcachedaudiotokens"});
        add(&Recorded::image, {"inputimagetokens"});
        add(&Recorded::cachedImage, {"inputcachedimagetokens"});
        add(&Recorded::outputText, {"outputtexttokens"});
        add(&Recorded::outputAudio, {"outputaudiotokens"});
        add(&Recorded::outputImage, {"outputimagetokens"});
    }

    Status convert(const CsvRecord &record, RowCollector &rows) override;

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (m_withoutModel > 0)
            rows.warn(std::to_string(m_withoutModel)
                      + " results name no model and cannot be priced; group the report by model");
        if (m_byteBuckets > 0)
            rows.warn("vector stores are reported in bytes (" + std::to_string(m_byteBuckets)
                      + " buckets), which are no requests; what they cost is in the cost export");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "OpenAI's input_tokens contain cached tokens: the uncached rest is input. Every row stands for all "
               "requests of its time bucket.";
    }

private:
    bool readTokens(const CsvRecord &record, RequestRow &row, bool embedding, RowCollector &rows);
    bool readEvents(const CsvRecord &record, RequestRow &row, RowCollector &rows);
    void describe(const CsvRecord &record, RequestRow &row, const std::string &kind, RowCollector &rows);

    int m_start, m_object, m_model, m_batch, m_tier, m_project, m_keyName, m_keyId, m_source, m_size, m_requests,
        m_sessions, m_images, m_characters, m_seconds, m_bytes;
    std::vector<std::pair<int, std::int64_t Recorded::*>> m_counts;
    std::int64_t m_withoutModel = 0;
    std::int64_t m_byteBuckets = 0;
};

bool OpenAiUsageConverter::readTokens(const CsvRecord &record, RequestRow &row, bool embedding, RowCollector &rows)
{
    Recorded recorded;
    for (const auto &[column, member] : m_counts) {
        if (!m_cells.count(record, column, recorded.*member, rows))
            return false;
    }
    std::string_view problem = putPrompt(recorded, row.usage);
    if (problem.empty())
        problem = putOutput(recorded, row.usage);
    if (!problem.empty()) {
        rows.reject(-1, "", problem);
        return false;
    }
    if (embedding) {
        row.usage[UsageClass::Embedding] = row.usage[UsageClass::Input];
        row.usage[UsageClass::Input] = 0;
    }
    return true;
}

bool OpenAiUsageConverter::readEvents(const CsvRecord &record, RequestRow &row, RowCollector &rows)
{
    return m_cells.count(record, m_requests, row.usage[UsageClass::Request], rows)
           && m_cells.count(record, m_sessions, row.usage[UsageClass::CodeExecution], rows)
           && m_cells.count(record, m_images, row.usage[UsageClass::Image], rows)
           && m_cells.count(record, m_characters, row.usage[UsageClass::Characters], rows)
           && m_cells.count(record, m_seconds, row.usage[UsageClass::AudioSeconds], rows);
}

void OpenAiUsageConverter::describe(const CsvRecord &record, RequestRow &row, const std::string &kind,
                                    RowCollector &rows)
{
    row.provider = "openai";
    row.tier = tierOrStandard(m_cells.words(record, m_tier), rows);
    const std::string batch = normalisedName(m_cells.words(record, m_batch));
    if (batch == "true" || batch == "1")
        row.tier = ServiceTier::Batch;
    if (!kind.empty())
        row.tags.emplace_back("operation", kind);
    tag(row.tags, "project", record, m_project);
    tag(row.tags, "api_key_name", record, m_keyName);
    tag(row.tags, "api_key_id", record, m_keyId);
    tag(row.tags, "source", record, m_source);
    tag(row.tags, "size", record, m_size);
    if (row.model.empty() && row.usage[UsageClass::CodeExecution] == 0)
        ++m_withoutModel;
}

Status OpenAiUsageConverter::convert(const CsvRecord &record, RowCollector &rows)
{
    constexpr std::string_view start = "organization.usage.";
    std::string kind = m_cells.words(record, m_object);
    if (kind.starts_with(start) && kind.ends_with(".result")) {
        kind = kind.substr(start.size(), kind.size() - start.size() - 7);
    } else if (!kind.empty()) {
        rows.rejectField(m_object, "is no usage; import usage and costs as files of their own");
        return {};
    }
    std::int64_t bytes = 0;
    if (!m_cells.count(record, m_bytes, bytes, rows))
        return {};
    if (bytes > 0 || kind == "vector_stores") {
        ++m_byteBuckets;
        rows.acceptEmpty();
        return {};
    }
    constexpr std::array<std::string_view, 7> known{"",       "completions",    "embeddings",          "moderations",
                                                    "images", "audio_speeches", "audio_transcriptions"};
    if (std::find(known.begin(), known.end(), kind) == known.end() && kind != "code_interpreter_sessions")
        rows.count("usage of the kind '" + quotable(kind) + "' is not known; only its requests and tokens are read");
    RequestRow row;
    row.model = m_cells.words(record, m_model);
    const bool embedding = kind == "embeddings" || row.model.find("embedding") != std::string::npos;
    if (!m_cells.time(record, m_start, true, row.time, rows) || !readEvents(record, row, rows)
        || !readTokens(record, row, embedding, rows))
        return {};
    // Buckets of time without any usage have a row of their own in the dashboard's export.
    if (row.usage == Usage()) {
        rows.acceptEmpty();
        return {};
    }
    describe(record, row, kind, rows);
    return give(row, rows);
}

FormatMatch matchOpenAiUsage(const TableShape &shape)
{
    const bool counted =
        shape.indexOf("nummodelrequests") >= 0 || shape.indexOf("numsessions") >= 0 || shape.indexOf("usagebytes") >= 0;
    if (!counted || shape.indexOf("amountvalue") >= 0)
        return {};
    if (shape.json && hasColumns(shape, {"object", "bucketstarttime"}))
        return {100, "buckets of results that count model requests are those of OpenAI's Usage API"};
    if (hasColumns(shape, {"starttime", "nummodelrequests"}))
        return {100, "the columns start_time and num_model_requests are those of OpenAI's usage export"};
    return {};
}

// --- the activity export of earlier dashboards ---------------------------------------------------------------------

class OpenAiActivityConverter : public ColumnConverter
{
public:
    OpenAiActivityConverter(const TableShape &shape, const ColumnMapping &mapping)
        : ColumnConverter(shape, mapping)
        , m_time(m_cells.date({"timestamp", "aggregationtimestamp"}))
        , m_model(m_cells.text({"model", "snapshotid"}))
        , m_type(m_cells.text({"requesttype"}))
        , m_requests(m_cells.number({"numrequests", "nrequests"}))
        , m_project(m_cells.text({"projectname", "projectid"}))
        , m_keyName(m_cells.text({"apikeyname"}))
        , m_operation(m_cells.text({"operation"}))
        , m_size(m_cells.text({"imagesize"}))
        , m_prompt(m_cells.number({"ncontexttokenstotal"}))
        , m_cached(m_cells.number({"ncachedcontexttokenstotal"}))
        , m_counts{{m_cells.number({"ngeneratedtokenstotal"}), UsageClass::Output},
                   {m_cells.number({"ncontextaudiotokenstotal"}), UsageClass::AudioIn},
                   {m_cells.number({"ngeneratedaudiotokenstotal"}), UsageClass::AudioOut},
                   {m_cells.number({"numimages"}), UsageClass::Image},
                   {m_cells.number({"numcharacters"}), UsageClass::Characters},
                   {m_cells.number({"numseconds"}), UsageClass::AudioSeconds}}
    {}

    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        RequestRow row;
        std::int64_t prompt = 0;
        std::int64_t cached = 0;
        std::int64_t requests = -1;
        if (!m_cells.time(record, m_time, true, row.time, rows) || !m_cells.count(record, m_prompt, prompt, rows)
            || !m_cells.count(record, m_cached, cached, rows) || !m_cells.count(record, m_requests, requests, rows)
            || !addCounts(m_cells, record, m_counts, row.usage, rows))
            return {};
        row.model = m_cells.words(record, m_model);
        const bool embedding = row.model.find("embedding") != std::string::npos;
        if (!split(prompt, cached, embedding ? UsageClass::Embedding : UsageClass::Input, UsageClass::CacheRead,
                   row.usage)) {
            rows.rejectField(m_cached, "is more than n_context_tokens_total, which contains it");
            return {};
        }
        if (requests < 0)
            rows.count("the number of requests is not given; the row counts as one");
        row.usage[UsageClass::Request] = requests < 0 ? 1 : requests;
        row.provider = "openai";
        if (normalisedName(m_cells.words(record, m_type)) == "batch")
            row.tier = ServiceTier::Batch;
        tag(row.tags, "operation", record, m_operation);
        tag(row.tags, "project", record, m_project);
        tag(row.tags, "api_key_name", record, m_keyName);
        tag(row.tags, "image_size", record, m_size);
        return give(row, rows);
    }

    void finish(RowCollector &rows) override
    {
        rows.facts().role = SourceRole::Usage;
        m_cells.finish(rows);
        if (m_cached < 0 && rows.facts().rowsAccepted > 0)
            rows.warn("the export does not say how many tokens were cached; all prompt tokens count as uncached");
    }

    [[nodiscard]] std::string usageConvention() const override
    {
        return "n_context_tokens_total contains cached tokens: the uncached rest is input.";
    }

private:
    int m_time, m_model, m_type, m_requests, m_project, m_keyName, m_operation, m_size, m_prompt, m_cached;
    std::vector<CountColumn> m_counts;
};

FormatMatch matchOpenAiActivity(const TableShape &shape)
{
    if (shape.firstOf({"timestamp", "aggregationtimestamp"}) < 0 || !hasColumns(shape, {"ncontexttokenstotal"}))
        return {};
    return {100, "the column n_context_tokens_total is that of OpenAI's activity export"};
}

} // namespace

std::unique_ptr<LedgerFormat> openAiUsageFormat()
{
    return ledgerFormatOf({"openai-usage", "OpenAI usage (dashboard export, Usage API)", matchOpenAiUsage,
                           makeConverter<OpenAiUsageConverter>});
}

std::unique_ptr<LedgerFormat> openAiActivityFormat()
{
    return ledgerFormatOf({"openai-activity", "OpenAI activity export (before 2025)", matchOpenAiActivity,
                           makeConverter<OpenAiActivityConverter>});
}

} // namespace perunit
