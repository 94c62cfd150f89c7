// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/charge/request_line.h"
#include "pricing/charge/usage_block.h"

#include <QTest>

using namespace perunit;

namespace {

/// "input=3 output=33 …" of everything that is not 0, in the order of the classes.
QString shown(const Usage &usage)
{
    QStringList parts;
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        if (usage.counts[i] != 0) {
            const std::string name(usageClassNames[i]);
            parts << QString::fromStdString(name + "=" + std::to_string(usage.counts[i]));
        }
    }
    if (usage.reasoning != 0)
        parts << QStringLiteral("(reasoning=%1)").arg(usage.reasoning);
    return parts.join(' ');
}

Result<UsageBlock> read(const QString &json, const QString &provider = {})
{
    const auto value = parseJson(json.toStdString());
    if (!value)
        return value.error();
    return readUsageBlock(*value, provider.toStdString());
}

} // namespace

class TestUsageBlock : public QObject
{
    Q_OBJECT
private slots:
    void blocks_data();
    void blocks();
    void surroundings_data();
    void surroundings();
    void notes_data();
    void notes();
    void refused_data();
    void refused();
    void ownUsage();
    void requestLines_data();
    void requestLines();
    void wrongLines_data();
    void wrongLines();
};

void TestUsageBlock::blocks_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("usage");
    const auto row = [](const char *name, const char *provider, const char *json, const char *usage) {
        QTest::newRow(name) << provider << json << usage;
    };
    row("OpenAI chat", "openai",
        R"json({"model":"gpt-4o","usage":{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,
            "prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},
            "completion_tokens_details":{"reasoning_tokens":128,"audio_tokens":0,"rejected_prediction_tokens":3}}})json",
        "input=86 cache_read=1920 output=300 (reasoning=128)");
    row("OpenAI chat with audio", "openai",
        R"json({"usage":{"prompt_tokens":100,"completion_tokens":60,"prompt_tokens_details":{"audio_tokens":40},
            "completion_tokens_details":{"audio_tokens":50}}})json",
        "input=60 output=10 audio_in=40 audio_out=50");
    row("OpenAI cache writes", "openai",
        R"json({"usage":{"prompt_tokens":1000,"completion_tokens":5,
            "prompt_tokens_details":{"cached_tokens":300,"cache_write_tokens":200}}})json",
        "input=500 cache_read=300 cache_write_5m=200 output=5");
    row("OpenAI Responses", "openai",
        R"json({"model":"gpt-5","usage":{"input_tokens":1349,"input_tokens_details":{"cached_tokens":1024},
            "output_tokens":210,"output_tokens_details":{"reasoning_tokens":192},"total_tokens":1559},
            "output":[{"type":"web_search_call","action":{"type":"search"}},
                      {"type":"web_search_call","action":{"type":"open_page"}},{"type":"file_search_call"}]})json",
        "input=325 cache_read=1024 output=210 web_search=1 file_search=1 (reasoning=192)");
    row("OpenAI realtime", "openai",
        R"json({"type":"response.done","response":{"model":"gpt-realtime","usage":{"input_tokens":200,"output_tokens":90,
            "input_token_details":{"text_tokens":120,"audio_tokens":80,"cached_tokens":64,
              "cached_tokens_details":{"text_tokens":0,"audio_tokens":64}},
            "output_token_details":{"text_tokens":30,"audio_tokens":60}}}})json",
        "input=120 output=30 audio_in=16 audio_out=60 cache_read_audio=64");
    row("OpenAI images", "openai",
        R"json({"usage":{"input_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40},"output_tokens":1056,
            "output_tokens_details":{"image_tokens":1056}}})json",
        "input=10 image_in=40 image_out=1056");
    row("OpenAI embeddings", "openai", R"json({"object":"list","usage":{"prompt_tokens":8,"total_tokens":8}})json",
        "input=8");
    row("transcription by the second", "openai", R"json({"text":"…","usage":{"type":"duration","seconds":3.2}})json",
        "audio_seconds=4");
    row("Anthropic", "anthropic",
        R"json({"model":"claude-sonnet-4-5-20250929","usage":{"cache_creation":{"ephemeral_1h_input_tokens":100,
            "ephemeral_5m_input_tokens":318},"cache_creation_input_tokens":418,"cache_read_input_tokens":1111,
            "input_tokens":3,"output_tokens":33,"server_tool_use":{"web_search_requests":2}}})json",
        "input=3 cache_read=1111 cache_write_5m=318 cache_write_1h=100 output=33 web_search=2");
    row("Anthropic without lifetimes", "anthropic",
        R"json({"input_tokens":3,"cache_creation_input_tokens":418,"cache_read_input_tokens":0,"output_tokens":33})json",
        "input=3 cache_write_5m=418 output=33");
    row("Anthropic stream", "anthropic",
        R"json({"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":7,
            "cache_read_input_tokens":5,"output_tokens":1,"output_tokens_details":{"thinking_tokens":1}}}})json",
        "input=7 cache_read=5 output=1 (reasoning=1)");
    row("Bedrock Converse", "bedrock",
        R"json({"usage":{"inputTokens":20,"outputTokens":10,"cacheReadInputTokens":300,"cacheWriteInputTokens":50,
            "cacheDetails":[{"ttl":"1h","inputTokens":30},{"ttl":"5m","inputTokens":20}],"totalTokens":380}})json",
        "input=20 cache_read=300 cache_write_5m=20 cache_write_1h=30 output=10");
    row("Bedrock metrics", "bedrock",
        R"json({"amazon-bedrock-invocationMetrics":{"inputTokenCount":20,"outputTokenCount":10}})json",
        "input=20 output=10");
    row("Gemini, thoughts beside", "google",
        R"json({"modelVersion":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":200,
            "candidatesTokenCount":50,"thoughtsTokenCount":300,"totalTokenCount":1350}})json",
        "input=800 cache_read=200 output=350 (reasoning=300)");
    row("Gemini, thoughts inside", "google",
        R"json({"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":50,"thoughtsTokenCount":30,
            "totalTokenCount":60}})json",
        "input=10 output=50 (reasoning=30)");
    row("Gemini tool prompt and modalities", "google",
        R"json({"usageMetadata":{"promptTokenCount":100,"toolUsePromptTokenCount":40,"candidatesTokenCount":30,
            "totalTokenCount":170,"cachedContentTokenCount":20,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":30},{"modality":"AUDIO","tokenCount":50},
              {"modality":"IMAGE","tokenCount":15},{"modality":"DOCUMENT","tokenCount":5}],
            "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":20}],
            "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":25}]}})json",
        "input=70 output=5 audio_in=30 image_in=20 image_out=25 cache_read_audio=20");
    row("Gemini, other spelling", "google",
        R"json({"usage_metadata":{"prompt_token_count":5,"candidates_token_count":6,"thoughts_token_count":7}})json",
        "input=5 output=13 (reasoning=7)");
    row("xAI, reasoning outside", "xai",
        R"json({"usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,
            "prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":94}}})json",
        "input=26 cache_read=6 output=103 (reasoning=94)");
    row("xAI, the total decides", "xai",
        R"json({"usage":{"prompt_tokens":32,"completion_tokens":109,"total_tokens":141,
            "completion_tokens_details":{"reasoning_tokens":94}}})json",
        "input=32 output=109 (reasoning=94)");
    row("xAI without a total", "xai",
        R"json({"prompt_tokens":32,"completion_tokens":9,"cached_prompt_text_tokens":4,"reasoning_tokens":5})json",
        "input=28 cache_read=4 output=14 (reasoning=5)");
    row("DeepSeek", "deepseek",
        R"json({"usage":{"prompt_tokens":100,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36,
            "completion_tokens":20,"total_tokens":120,"completion_tokens_details":{"reasoning_tokens":15}}})json",
        "input=36 cache_read=64 output=20 (reasoning=15)");
    row("Mistral", "mistral", R"json({"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,
        "prompt_tokens_details":{"cached_tokens":8}}})json",
        "input=1 cache_read=8 output=4");
    row("Mistral pages", "mistral",
        R"json({"model":"mistral-ocr","usage_info":{"pages_processed":29,"doc_size_bytes":1}})json", "page=29");
    row("Groq stream", "groq",
        R"json({"x_groq":{"usage":{"prompt_tokens":9,"completion_tokens":4,"total_time":0.3}}})json",
        "input=9 output=4");
    row("Together", "together", R"json({"usage":{"prompt_tokens":9,"completion_tokens":4,"cached_tokens":5}})json",
        "input=4 cache_read=5 output=4");
    row("Cohere billed", "cohere",
        R"json({"usage":{"billed_units":{"input_tokens":17,"output_tokens":8},"tokens":{"input_tokens":83,
            "output_tokens":9}}})json",
        "input=17 output=8");
    row("Cohere rerank", "cohere", R"json({"results":[],"meta":{"api_version":{"version":"2"},
        "billed_units":{"search_units":1}}})json",
        "request=1");
    row("Cohere tokens", "cohere",
        R"json({"usage":{"tokens":{"input_tokens":83,"output_tokens":9},"cached_tokens":16}})json",
        "input=67 cache_read=16 output=9");
    row("OpenRouter", "openrouter",
        R"json({"model":"anthropic/claude","usage":{"prompt_tokens":194,"completion_tokens":2,"cost":0.95,
            "prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":50},
            "completion_tokens_details":{"reasoning_tokens":1},"server_tool_use":{"web_search_requests":1}}})json",
        "input=44 cache_read=100 cache_write_5m=50 output=2 web_search=1 (reasoning=1)");
    row("Perplexity", "perplexity",
        R"json({"usage":{"prompt_tokens":33,"completion_tokens":7163,"total_tokens":7196,"citation_tokens":200,
            "num_search_queries":18,"reasoning_tokens":73997}})json",
        "input=233 output=81160 web_search=18 (reasoning=73997)");
    row("LiteLLM", "",
        R"json({"usage":{"prompt_tokens":1000,"completion_tokens":5,"cache_read_input_tokens":300,
            "cache_creation_input_tokens":200,"prompt_tokens_details":{"cached_tokens":300,
            "cache_creation_tokens":200,"cache_creation_token_details":{"ephemeral_1h_input_tokens":150}}}})json",
        "input=500 cache_read=300 cache_write_5m=50 cache_write_1h=150 output=5");
    row("OpenTelemetry", "openai",
        R"json({"gen_ai.system":"openai","gen_ai.usage.input_tokens":"100","gen_ai.usage.output_tokens":7,
            "gen_ai.usage.cache_read.input_tokens":60,"gen_ai.usage.cache_creation.input_tokens":10})json",
        "input=30 cache_read=60 cache_write_5m=10 output=7");
    row("OpenTelemetry that leaves out cached tokens", "anthropic",
        R"json({"attributes":{"gen_ai.usage.input_tokens":3,"gen_ai.usage.output_tokens":7,
            "gen_ai.usage.cache_read.input_tokens":60}})json",
        "input=3 cache_read=60 output=7");
    row("Langfuse", "",
        R"json({"usage_details":{"input":8000,"input_cached_tokens":42000,"output":900,"output_reasoning_tokens":100,
            "total":51000}})json",
        "input=8000 cache_read=42000 output=1000 (reasoning=100)");
    row("Langfuse of Anthropic", "",
        R"json({"input_tokens":3,"input_cache_creation_1h":5,"cache_read_input_tokens":60,"output_tokens":7})json",
        "input=3 cache_read=60 cache_write_1h=5 output=7");
    row("normalised", "",
        R"json({"input_tokens":30000,"cache_write_tokens":20000,"cache_write_1h_tokens":5000,"cache_read_tokens":7000,
            "output_tokens":1500,"web_searches":3})json",
        "input=3000 cache_read=7000 cache_write_5m=15000 cache_write_1h=5000 output=1500 web_search=3");
    row("Cloudflare", "cloudflare", R"json({"result":{"usage":{"prompt_tokens":5,"completion_tokens":6}}})json",
        "input=5 output=6");
}

void TestUsageBlock::blocks()
{
    QFETCH(QString, provider);
    QFETCH(QString, json);
    QFETCH(QString, usage);
    const auto block = read(json, provider);
    QVERIFY2(block.ok(), block.ok() ? "" : block.error().text().c_str());
    QCOMPARE(shown(block->usage), usage);
    QVERIFY(!block->convention.empty());
}

void TestUsageBlock::surroundings_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("expected"); // model|tier|region
    QTest::newRow("OpenAI") << R"json({"model":"gpt-4o","service_tier":"default","usage":{"prompt_tokens":1}})json"
                            << "gpt-4o|standard|";
    QTest::newRow("flex") << R"json({"model":"o3","service_tier":"flex","usage":{"input_tokens":1}})json"
                          << "o3|flex|";
    QTest::newRow("Anthropic") << R"json({"model":"c","usage":{"input_tokens":1,"service_tier":"batch",
        "inference_geo":"us"}})json"
                               << "c|batch|us";
    QTest::newRow("fast") << R"json({"usage":{"input_tokens":1,"service_tier":"standard","speed":"fast",
        "inference_geo":"not_available"}})json"
                          << "|fast|";
    QTest::newRow("Gemini") << R"json({"modelVersion":"g","usageMetadata":{"promptTokenCount":1,
        "trafficType":"PROVISIONED_THROUGHPUT"}})json"
                            << "g|provisioned|";
    QTest::newRow("Bedrock") << R"json({"usage":{"inputTokens":1},"serviceTier":{"type":"priority"}})json"
                             << "|priority|";
    QTest::newRow("unknown tier") << R"json({"service_tier":"scale","usage":{"prompt_tokens":1}})json"
                                  << "||";
    QTest::newRow("none") << R"json({"prompt_tokens":1})json"
                          << "||";
}

void TestUsageBlock::surroundings()
{
    QFETCH(QString, json);
    QFETCH(QString, expected);
    const auto block = read(json);
    QVERIFY(block.ok());
    const std::string tier = block->tier ? std::string(nameOf(*block->tier)) : std::string();
    QCOMPARE(QString::fromStdString(block->model + "|" + tier + "|" + block->region), expected);
}

void TestUsageBlock::notes_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("note"); // beginning of the first
    QTest::newRow("more cached than prompt")
        << R"json({"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":9}})json"
        << "cached tokens are more than the prompt";
    QTest::newRow("cached audio?") << R"json({"prompt_tokens":90,"prompt_tokens_details":{"cached_tokens":9,
        "audio_tokens":5}})json"
                                   << "whether any cached token was audio";
    QTest::newRow("no lifetime") << R"json({"input_tokens":3,"cache_creation_input_tokens":9,"output_tokens":1})json"
                                 << "how long written tokens live";
    QTest::newRow("more reasoning than output")
        << R"json({"input_tokens":3,"output_tokens":5,"output_tokens_details":{"reasoning_tokens":9}})json"
        << "more reasoning than output";
    QTest::newRow("no total") << R"json({"prompt_tokens":3,"completion_tokens":9,"reasoning_tokens":4})json"
                              << "no total tells whether";
    QTest::newRow("a larger total") << R"json({"prompt_tokens":3,"completion_tokens":9,"total_tokens":20})json"
                                    << "the total has 8 tokens more";
    QTest::newRow("citations") << R"json({"input_tokens":3,"output_tokens":9,"output_citation_tokens":4})json"
                               << "citation tokens are counted as input";
    QTest::newRow("video")
        << R"json({"promptTokenCount":9,"promptTokensDetails":[{"modality":"VIDEO","tokenCount":9}]})json"
        << "video tokens of the prompt";
    QTest::newRow("unknown tier") << R"json({"prompt_tokens":3,"service_tier":"scale"})json"
                                  << "the service tier 'scale'";
}

void TestUsageBlock::notes()
{
    QFETCH(QString, json);
    QFETCH(QString, note);
    const auto block = read(json);
    QVERIFY2(block.ok(), block.ok() ? "" : block.error().text().c_str());
    QCOMPARE(block->notes.size(), std::size_t{1});
    QVERIFY2(block->notes.front().find(note.toStdString()) == 0, block->notes.front().c_str());
}

void TestUsageBlock::refused_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const char *json, const char *error) {
        QTest::newRow(name) << json << error;
    };
    row("negative", R"json({"prompt_tokens":-1})json", "/usage/prompt_tokens: a count cannot be negative");
    row("negative detail", R"json({"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":-2}})json",
        "/usage/prompt_tokens_details/cached_tokens: a count cannot be negative");
    row("fraction", R"json({"prompt_tokens":1.5})json", "/usage/prompt_tokens: a count must be a whole number");
    row("text", R"json({"prompt_tokens":"many"})json", "/usage/prompt_tokens: a count must be a whole number");
    row("object", R"json({"prompt_tokens":{}})json", "/usage/prompt_tokens: a count must be a whole number");
    row("too large", R"json({"prompt_tokens":1e16})json", "/usage/prompt_tokens: a count is larger than any request");
    row("twice", R"json({"usage":{"prompt_tokens":1,"prompt_tokens":2}})json",
        "/usage/prompt_tokens: the member 'prompt_tokens' stands twice");
    row("parts more than the whole", R"json({"prompt_tokens":5,"prompt_tokens_details":{"audio_tokens":9}})json",
        "/usage/input: the parts of the prompt are more than the whole of it");
    row("audio more than the output",
        R"json({"completion_tokens":5,"completion_tokens_details":{"audio_tokens":9}})json",
        "/usage/output: audio and images are more than the whole output");
    row("lifetimes more than written", R"json({"input_tokens":1,"cache_creation_input_tokens":5,
        "cache_creation":{"ephemeral_1h_input_tokens":9}})json",
        "/usage/cache_creation: the parts written to the cache are more than what was written");
    row("negative bucket", R"json({"input":5,"input_cached_tokens":-3})json",
        "/usage/input_cached_tokens: a count cannot be negative");
    row("no known shape", R"json({"tokens_used":5})json",
        "/usage: these counts are of no known shape; give them under our own names (input, cache_read, output, …) or "
        "as a provider reports them");
    row("no object", "[1]", "/usage: a usage block is an object of counts");
}

void TestUsageBlock::refused()
{
    QFETCH(QString, json);
    QFETCH(QString, error);
    const auto block = read(json);
    QVERIFY(!block.ok());
    QCOMPARE(QString::fromStdString(block.error().text()), error);
}

void TestUsageBlock::ownUsage()
{
    const auto usage = readOwnUsage(*parseJson(R"json({"input":5,"output":9,"reasoning":4,"request":2})json"));
    QVERIFY(usage.ok());
    QCOMPARE(shown(*usage), QString("input=5 output=9 request=2 (reasoning=4)"));
    QVERIFY(isOwnUsage(*parseJson(R"json({"input":5,"cache_storage":1})json")));
    QVERIFY(!isOwnUsage(*parseJson(R"json({"input":5,"input_cached_tokens":1})json")));
    for (const char *wrong :
         {R"json({"input":5,"input":6})json", R"json({"input":-5})json", R"json({"input":"5"})json",
          R"json({"input":5.5})json", R"json({"output":1,"reasoning":2})json", R"json({"inputs":5})json", "[]"})
        QVERIFY2(!readOwnUsage(*parseJson(wrong)).ok(), wrong);
}

void TestUsageBlock::requestLines_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("expected"); // provider|model|region|tier|time|usage
    const auto row = [](const char *name, const char *json, const char *expected) {
        QTest::newRow(name) << json << expected;
    };
    row("everything",
        R"json({"provider":"openai","model":"m","region":"eu","at":"2026-02-03T04:05:06Z","tier":"flex",
            "usage":{"input":5}})json",
        "openai|m|eu|flex|2026-02-03T04:05:06Z|input=5");
    row("defaults", R"json({"usage":{"input":5}})json", "anthropic|d|us|priority|2026-01-01T00:00:00Z|input=5");
    row("null is absent",
        R"json({"provider":null,"model":null,"at":null,"tier":null,"batch":null,"usage":{"input":5}})json",
        "anthropic|d|us|priority|2026-01-01T00:00:00Z|input=5");
    row("other names", R"json({"model":"m","timestamp":"2026-02-03","service_tier":"default","usage":{"input":5}})json",
        "anthropic|m|us|standard|2026-02-03T00:00:00Z|input=5");
    row("batch", R"json({"service_tier":"standard","batch":true,"usage":{"input":5}})json",
        "anthropic|d|us|batch|2026-01-01T00:00:00Z|input=5");
    row("no batch", R"json({"batch":false,"usage":{"input":5}})json",
        "anthropic|d|us|priority|2026-01-01T00:00:00Z|input=5");
    row("a body", R"json({"raw_response":{"model":"b","service_tier":"flex","usage":{"prompt_tokens":7}}})json",
        "anthropic|b|us|flex|2026-01-01T00:00:00Z|input=7");
    row("the request goes before the body",
        R"json({"model":"m","tier":"fast","response":{"model":"b","service_tier":"flex","usage":{"prompt_tokens":7}}})json",
        "anthropic|m|us|fast|2026-01-01T00:00:00Z|input=7");
    row("the body goes before other counts",
        R"json({"usage":{"input_tokens":99},"raw_response":{"usage":{"prompt_tokens":7}}})json",
        "anthropic|d|us|priority|2026-01-01T00:00:00Z|input=7");
    row("a provider's usage", R"json({"usage":{"input_tokens":3,"cache_read_input_tokens":4,"output_tokens":1}})json",
        "anthropic|d|us|priority|2026-01-01T00:00:00Z|input=3 cache_read=4 output=1");
    row("attributes beside the request", R"json({"model":"m","gen_ai.usage.input_tokens":3})json",
        "anthropic|m|us|priority|2026-01-01T00:00:00Z|input=3");
}

void TestUsageBlock::requestLines()
{
    QFETCH(QString, json);
    QFETCH(QString, expected);
    const RequestDefaults defaults{"anthropic", "d", "us", ServiceTier::Priority, *parseInstant("2026-01-01")};
    const auto line = readRequestLine(json.toStdString(), defaults);
    QVERIFY2(line.ok(), line.ok() ? "" : line.error().text().c_str());
    const RequestToPrice &request = line->request;
    const std::string text = request.provider + "|" + request.model + "|" + request.region + "|"
                             + std::string(nameOf(request.tier)) + "|" + formatInstant(request.at) + "|";
    QCOMPARE(QString::fromStdString(text) + shown(request.usage), expected);
}

void TestUsageBlock::wrongLines_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("where");
    QTest::newRow("no JSON") << R"json({"usage":{"input":5})json"
                             << "column 20";
    QTest::newRow("no object") << "[]"
                               << "";
    QTest::newRow("model is a number") << R"json({"model":4,"usage":{"input":5}})json"
                                       << "/model";
    QTest::newRow("time is a number") << R"json({"at":4,"usage":{"input":5}})json"
                                      << "/at";
    QTest::newRow("no time") << R"json({"at":"yesterday","usage":{"input":5}})json"
                             << "/at";
    QTest::newRow("no tier") << R"json({"tier":"slow","usage":{"input":5}})json"
                             << "/tier";
    QTest::newRow("batch is a text") << R"json({"batch":"yes","usage":{"input":5}})json"
                                     << "/batch";
    QTest::newRow("batch and flex") << R"json({"batch":true,"tier":"flex","usage":{"input":5}})json"
                                    << "/batch";
    QTest::newRow("twice") << R"json({"model":"a","model":"b","usage":{"input":5}})json"
                           << "/model";
    QTest::newRow("usage twice inside") << R"json({"usage":{"input":5,"input":6}})json"
                                        << "/usage/input";
    QTest::newRow("misspelt class") << R"json({"usage":{"input":5,"outputs":6}})json"
                                    << "/usage/outputs";
    QTest::newRow("no usage") << R"json({"model":"m"})json"
                              << "/usage";
    QTest::newRow("usage is null") << R"json({"model":"m","usage":null})json"
                                   << "/usage";
}

void TestUsageBlock::wrongLines()
{
    QFETCH(QString, json);
    QFETCH(QString, where);
    const auto line = readRequestLine(json.toStdString(), {});
    QVERIFY(!line.ok());
    QCOMPARE(QString::fromStdString(line.error().where), where);
    QVERIFY(line.error().what.find("json.exception") == std::string::npos);
}

QTEST_APPLESS_MAIN(TestUsageBlock)
#include "tst_usage_block.moc"
