// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/mapping_suggestion.h"

#include "model/import/ledger_format.h"
#include "model/import/number_text.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace perunit {

namespace {

struct FieldNames {
    std::string_view field;
    std::vector<std::string_view> names; ///< normalised, the most telling first
};

/// OpenTelemetry GenAI, OpenAI, Anthropic, gateway and everyday names.
const std::vector<FieldNames> &fieldNames()
{
    static const std::vector<FieldNames> table{
        {"time",
         {"timestamp",
          "createdat",
          "starttime",
          "startedat",
          "requesttime",
          "eventtime",
          "requesttimestamp",
          "ts",
          "time",
          "datetime",
          "created",
          "starttimeiso",
          "startingat",
          "usagestarttime",
          "usagedateutc",
          "usagedate",
          "date",
          "billingdate",
          "day",
          "datum",
          "zeit",
          "zeitpunkt",
          "starttimeunixnano"}},
        {"duration_ms", {"durationms", "latencyms", "responsetimems", "generationtimems", "elapsedms", "totaltimems"}},
        {"provider",
         {"provider", "providername", "genaiprovidername", "genaisystem", "customllmprovider", "vendor", "aiorg"}},
        {"service", {"service", "servicename", "dienst"}},
        {"model",
         {"model", "modelname", "modelid", "genairesponsemodel", "genairequestmodel", "responsemodel", "requestmodel",
          "modelpermaslug", "modelversion", "aimodel", "modell", "enginename"}},
        {"region", {"region", "regionid", "location", "inferencegeo", "cloudregion"}},
        {"deployment", {"deployment", "deploymentname", "deploymentid", "azuredeployment"}},
        {"tier", {"servicetier", "tier", "usagetype", "batch"}},
        {"status", {"status", "statuscode", "httpstatus", "responsestatus", "httpstatuscode"}},
        {"attempts", {"attempts", "attempt", "attemptno", "retrycount"}},
        {"billed_cost",
         {"billedcost", "costusd", "totalcostusd", "costtotal", "totalcost", "spend", "responsecost", "cost",
          "requestcost", "amountusd", "costeur", "amount", "kosten", "kosteneur", "kostenusd", "betrag", "co\xC3\xBBt",
          "co\xC3\xBBt()"}},
        {"currency", {"currency", "billingcurrency", "amountcurrency", "currencycode", "w\xC3\xA4hrung"}},
        {"requests", {"numrequests", "nrequests", "nummodelrequests", "requestcount", "requests", "numberofrequests"}},
        {"workload", {"workload", "usecase", "product"}},
        {"environment", {"environment", "env", "stage"}},
        {"team", {"team", "teamname", "teamid", "department"}},
        {"feature", {"feature", "featurename"}},
        {"customer", {"customer", "customerid", "tenant", "tenantid", "enduser", "enduserid", "account"}},
        {"session",
         {"sessionid", "conversationid", "genaiconversationid", "session", "conversation", "threadid", "chatid",
          "convid"}},
        {"document", {"documentid", "document", "docid", "contractid", "fileid", "caseid"}},
        {"prompt_template", {"prompttemplate", "promptname", "prompttemplateid", "promptid"}},
        {"cache_read",
         {"cachereadinputtokens", "cachereadtokens", "cachedtokens", "cachedinputtokens", "inputcachedtokens",
          "ncachedcontexttokenstotal", "genaiusagecachereadinputtokens", "usageinputtokenscacheread", "cacheread",
          "tokenscached", "prompttokenscached", "cachedprompttokens", "prompttokensdetailscachedtokens",
          "cachedcontenttokencount", "inputcacheread"}},
        {"cache_write_5m",
         {"cachecreationinputtokens", "cachewritetokens", "cachewriteinputtokens", "cachecreationtokens", "cachewrite",
          "genaiusagecachecreationinputtokens", "usageinputtokenscachewrite5m", "ephemeral5minputtokens",
          "cachewrite5m", "inputcachewrite"}},
        {"cache_write_1h", {"usageinputtokenscachewrite1h", "ephemeral1hinputtokens", "cachewrite1h"}},
        {"output",
         {"outputtokens", "completiontokens", "genaiusageoutputtokens", "genaiusagecompletiontokens",
          "usageoutputtokens", "ngeneratedtokenstotal", "generatedtokens", "tokenscompletion", "tokensoutput",
          "responsetokens", "candidatestokencount", "completion", "output"}},
        {"reasoning",
         {"reasoningtokens", "tokensreasoning", "outputreasoningtokens", "genaiusagereasoningoutputtokens",
          "completiontokensdetailsreasoningtokens", "thoughtstokencount", "reasoning"}},
        {"web_search", {"websearchcount", "websearches", "websearchrequests", "websearch"}},
        {"audio_in", {"inputaudiotokens", "ncontextaudiotokenstotal", "audioin"}},
        {"audio_out", {"outputaudiotokens", "ngeneratedaudiotokenstotal", "audioout"}},
        // Our own names of usage, as --usage and catalogues write them.
        {"image_in", {"imagein"}},
        {"image_out", {"imageout"}},
        {"cache_read_audio", {"cachereadaudio"}},
        {"cache_read_image", {"cachereadimage"}},
        {"audio_seconds", {"audioseconds"}},
        {"video_seconds", {"videoseconds"}},
        {"file_search", {"filesearch"}},
        {"code_execution", {"codeexecution"}},
        {"image", {"numimages", "imagecount"}},
        {"characters", {"numcharacters", "charactercount"}},
        {"tags", {"tags", "labels"}},
        {"request_id", {"requestid", "generationid", "completionid", "responseid"}},
    };
    return table;
}

/// Prompt token columns: what the name says about cached tokens.
enum class InputKind { Uncached, Included, Unclear };
struct InputName {
    std::string_view name;
    InputKind kind;
};
constexpr std::array inputNames{InputName{"usageinputtokensnocache", InputKind::Uncached},
                                InputName{"uncachedinputtokens", InputKind::Uncached},
                                InputName{"inputuncachedtokens", InputKind::Uncached},
                                InputName{"ncontexttokenstotal", InputKind::Included},
                                InputName{"prompttokens", InputKind::Included},
                                InputName{"genaiusageinputtokens", InputKind::Included},
                                InputName{"genaiusageprompttokens", InputKind::Included},
                                InputName{"tokensprompt", InputKind::Included},
                                InputName{"prompttokencount", InputKind::Included},
                                InputName{"promptstokens", InputKind::Included},
                                InputName{"inputtokens", InputKind::Unclear},
                                InputName{"tokensinput", InputKind::Unclear},
                                InputName{"contexttokens", InputKind::Included},
                                InputName{"requesttokens", InputKind::Included},
                                InputName{"input", InputKind::Unclear},
                                InputName{"prompt", InputKind::Unclear}};

/// Columns with few and harmless values that are worth grouping by. Ids of single requests are not among them.
constexpr std::array<std::string_view, 23> tagNames{
    "project",       "projectid",   "projectname",  "workspace", "apikeyname",     "apikeyalias",
    "operation",     "requesttype", "calltype",     "variant",   "agent",          "agentid",
    "agentname",     "costcenter",  "app",          "appname",   "organizationid", "promptversion",
    "contextwindow", "modelgroup",  "finishreason", "channel",   "language"};

std::string lowerName(const std::string &header)
{
    std::string result;
    for (const char c : header) {
        if (c >= 'A' && c <= 'Z')
            result.push_back(static_cast<char>(c + 32));
        else
            result.push_back(c == ' ' ? '_' : c);
    }
    return result;
}

std::string currencyInName(const std::string &header)
{
    const std::string name = normalisedName(header);
    for (const auto &[end, code] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"usd", "USD"}, {"eur", "EUR"}, {"gbp", "GBP"}, {"chf", "CHF"}, {"jpy", "JPY"}, {"cny", "CNY"}}) {
        if (name.ends_with(end))
            return std::string(code);
    }
    if (header.find("\xE2\x82\xAC") != std::string::npos)
        return "EUR";
    return {};
}

/// Most values are numbers. Not all: one bad value must not make a column of tokens vanish from the mapping.
bool isNumericSample(const TableShape &shape, int column)
{
    const auto index = static_cast<std::size_t>(column);
    std::string buffer;
    std::size_t numbers = 0;
    std::size_t others = 0;
    for (const auto &row : shape.sample) {
        if (index >= row.size() || isNullWord(row[index]))
            continue;
        const bool number = plainNumber(row[index], NumberStyle::PointDecimal, buffer).ok()
                            || plainNumber(row[index], NumberStyle::CommaDecimal, buffer).ok();
        ++(number ? numbers : others);
    }
    return numbers >= others;
}

/// Every value is the name of a tier: "usage_type" says so in some exports and something else in others.
bool isTierSample(const TableShape &shape, int column)
{
    const auto index = static_cast<std::size_t>(column);
    return std::all_of(shape.sample.begin(), shape.sample.end(),
                       [index](const auto &row) { return index >= row.size() || tierFromText(row[index]); });
}

void suggestInput(const TableShape &shape, ColumnMapping &mapping, std::set<int> &used)
{
    // A writing column named like Anthropic's, or both kinds of cache column: input stands beside them.
    const bool anthropic = mapping.columns.contains("cache_write_5m") || mapping.columns.contains("cache_write_1h")
                           || shape.indexOfLeaf("cachereadinputtokens") >= 0;
    for (const InputName &candidate : inputNames) {
        const int column = shape.indexOfLeaf(candidate.name);
        if (column < 0 || used.contains(column) || !isNumericSample(shape, column))
            continue;
        used.insert(column);
        mapping.columns["input"] = shape.header[static_cast<std::size_t>(column)];
        mapping.inputIncludesCache =
            candidate.kind == InputKind::Included || (candidate.kind == InputKind::Unclear && !anthropic);
        return;
    }
}

} // namespace

bool isSensitiveColumn(std::string_view name)
{
    constexpr std::array<std::string_view, 30> exact{"prompt",
                                                     "prompts",
                                                     "messages",
                                                     "message",
                                                     "response",
                                                     "completion",
                                                     "requestbody",
                                                     "responsebody",
                                                     "body",
                                                     "content",
                                                     "inputtext",
                                                     "outputtext",
                                                     "prompttext",
                                                     "userprompt",
                                                     "completiontext",
                                                     "apikey",
                                                     "apikeyredacted",
                                                     "key",
                                                     "secret",
                                                     "password",
                                                     "authorization",
                                                     "email",
                                                     "useremail",
                                                     "mail",
                                                     "request",
                                                     "answer",
                                                     "question",
                                                     "proxyserverrequest",
                                                     "requesteripaddress",
                                                     "ip"};
    return std::find(exact.begin(), exact.end(), name) != exact.end() || name.ends_with("email")
           || name.ends_with("password") || name.ends_with("secret") || name.ends_with("ipaddress");
}

bool isSensitiveColumn(const TableShape &shape, int column)
{
    const auto index = static_cast<std::size_t>(column);
    if (isSensitiveColumn(shape.normalised[index]))
        return true;
    const std::string &name = shape.header[index];
    return shape.json && isSensitiveColumn(normalisedName(std::string_view(name).substr(name.rfind('.') + 1)));
}

ColumnMapping suggestRequestMapping(const TableShape &shape)
{
    ColumnMapping mapping;
    std::set<int> used;
    for (const FieldNames &entry : fieldNames()) {
        const bool tokens = usageClassNamed(entry.field) || entry.field == "reasoning" || entry.field == "requests"
                            || entry.field == "billed_cost";
        for (const std::string_view name : entry.names) {
            const int column = shape.indexOfLeaf(name);
            if (column < 0 || used.contains(column) || (tokens && !isNumericSample(shape, column))
                || ((name == "usagetype" || name == "batch") && !isTierSample(shape, column)))
                continue;
            used.insert(column);
            mapping.columns[std::string(entry.field)] = shape.header[static_cast<std::size_t>(column)];
            mapping.outputExcludesReasoning |= name == "thoughtstokencount";
            break;
        }
    }
    suggestInput(shape, mapping, used);
    // Only that of the row itself: a "user.id" deeper inside names somebody else.
    if (const int id = shape.indexOf("id"); id >= 0 && !used.contains(id))
        mapping.columns.try_emplace("request_id", shape.header[static_cast<std::size_t>(id)]);
    if (const auto cost = mapping.columns.find("billed_cost"); cost != mapping.columns.end()) {
        const std::string currency = currencyInName(cost->second);
        if (!currency.empty() && !mapping.columns.contains("currency"))
            mapping.constants["currency"] = currency;
    } else {
        mapping.columns.erase("currency");
    }
    for (const std::string_view name : tagNames) {
        const int column = shape.indexOfLeaf(name);
        if (column >= 0 && !used.contains(column)) {
            const std::string &header = shape.header[static_cast<std::size_t>(column)];
            mapping.columns["tag:" + lowerName(header)] = header;
        }
    }
    return mapping;
}

std::string foreignReport(const TableShape &shape)
{
    const auto has = [&shape](std::initializer_list<std::string_view> names) {
        return std::all_of(names.begin(), names.end(),
                           [&shape](std::string_view name) { return shape.indexOf(name) >= 0; });
    };
    if (has({"lineitemusagetype"}))
        return "part of an AWS Cost and Usage Report without its cost columns";
    if (has({"lineitemreferenceno"}))
        return "an Oracle Cloud usage report, which holds no costs";
    return {};
}

} // namespace perunit
