// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <unordered_map>

namespace perunit {

namespace {

struct ProviderNames {
    std::string_view provider;
    std::vector<std::string_view> folded; ///< other names, without blanks and punctuation
};

/// Every spelling that is known to occur: provider columns of gateways and tracing tools, the OpenTelemetry
/// values of gen_ai.provider.name, FOCUS publisher names, and LiteLLM's litellm_provider.
const std::vector<ProviderNames> &providerTable()
{
    static const std::vector<ProviderNames> table{
        {"openai", {"openai", "openaichat", "openairesponses", "textcompletionopenai", "openaicompletion"}},
        {"anthropic", {"anthropic", "claude", "anthropicmessages", "anthropicapi"}},
        {"google",
         {"google",
          "gemini",
          "googleai",
          "googleaistudio",
          "googlegemini",
          "googlegenai",
          "googlegenerativeai",
          "vertexai",
          "vertex",
          "googlevertex",
          "googlevertexai",
          "gcpvertexai",
          "gcpgemini",
          "gcpgenai",
          "gcp",
          "googlecloud",
          "googlecloudplatform",
          "palm",
          "vertexailanguagemodels",
          "vertexaianthropicmodels",
          "vertexaimistralmodels",
          "vertexaillamamodels",
          "vertexaiembeddingmodels",
          "vertexaiimagemodels",
          "vertexaivideomodels",
          "vertexaiai21models",
          "vertexaiqwenmodels",
          "vertexaideepseekmodels",
          "vertexaiopenaimodels",
          "vertexaitextmodels",
          "vertexaizaimodels",
          "vertexaiminimaxmodels",
          "vertexaimoonshotmodels",
          "vertexaichatmodels",
          "vertexaicodetextmodels",
          "vertexaivisionmodels"}},
        {"azure",
         {"azure", "azureopenai", "azureopenaiservice", "azureai", "azaiopenai", "azaiinference", "azureaiopenai",
          "azureaiinference", "azuretext", "azurefoundry", "azureaifoundry", "microsoftfoundry", "microsoftazure",
          "microsoft", "azurecognitiveservices"}},
        {"bedrock",
         {"bedrock", "awsbedrock", "amazonbedrock", "bedrockconverse", "bedrockmantle", "aws", "amazon",
          "amazonwebservices", "bedrockruntime", "amazonbedrockruntime"}},
        {"mistral", {"mistral", "mistralai", "codestral", "textcompletioncodestral"}},
        {"deepseek", {"deepseek", "deepseekai"}},
        {"xai", {"xai", "grok"}},
        {"cohere", {"cohere", "coherechat", "cohereai"}},
        {"groq", {"groq", "groqcloud"}},
        {"together", {"together", "togetherai", "togethercomputer"}},
        {"fireworks", {"fireworks", "fireworksai", "fireworksaiembeddingmodels"}},
        {"openrouter", {"openrouter"}},
        {"perplexity", {"perplexity", "perplexityai"}},
        {"voyage", {"voyage", "voyageai"}},
        {"moonshot", {"moonshot", "moonshotai", "kimi"}},
        {"minimax", {"minimax"}},
        {"zai", {"zai"}},
        // The same maker in China, with a price list of its own in yuan.
        {"zhipu", {"zhipu", "zhipuai", "bigmodel"}},
        {"alibaba", {"alibaba", "dashscope", "alibabacloud", "aliyun", "qwen"}},
        {"ai21", {"ai21", "ai21labs"}},
        {"cerebras", {"cerebras"}},
        {"databricks", {"databricks"}},
        {"deepinfra", {"deepinfra"}},
        {"novita", {"novita", "novitaai"}},
        {"nebius", {"nebius", "nebiusai"}},
        {"sambanova", {"sambanova"}},
        {"replicate", {"replicate"}},
        {"cloudflare", {"cloudflare", "workersai", "cloudflareworkersai"}},
        {"watsonx", {"watsonx", "ibmwatsonx", "ibmwatsonxai", "watsonxai"}},
        {"oci", {"oci", "oraclecloud", "ocigenerativeai"}},
        {"snowflake", {"snowflake", "snowflakecortex"}},
        {"github_copilot", {"githubcopilot"}},
        {"github_models", {"githubmodels", "github"}},
        {"huggingface", {"huggingface", "huggingfaceinference"}},
        {"nvidia", {"nvidia", "nvidianim"}},
        {"meta", {"meta", "metaai", "llama", "llamaapi"}},
        {"vercel", {"vercel", "vercelaigateway"}},
        {"siliconflow", {"siliconflow"}},
        {"baseten", {"baseten"}},
        {"friendli", {"friendli", "friendliai"}},
        {"scaleway", {"scaleway"}},
        {"ovhcloud", {"ovhcloud", "ovh", "ovhcloudaiendpoints"}},
        {"digitalocean", {"digitalocean", "gradientai"}},
        {"wandb", {"wandb", "weightsandbiases"}},
        {"hyperbolic", {"hyperbolic"}},
        {"lambda", {"lambda", "lambdaai", "lambdalabs"}},
        {"gmicloud", {"gmicloud", "gmi"}},
        {"nscale", {"nscale"}},
        {"chutes", {"chutes", "chutesai"}},
        {"venice", {"venice", "veniceai"}},
        {"poe", {"poe"}},
        {"requesty", {"requesty"}},
        {"helicone", {"helicone"}},
        {"nanogpt", {"nanogpt"}},
        {"morph", {"morph", "morphllm"}},
        {"upstage", {"upstage"}},
        {"stepfun", {"stepfun", "stepfunai"}},
        {"inception", {"inception", "inceptionlabs"}},
        {"sarvam", {"sarvam", "sarvamai"}},
        {"ollama", {"ollama", "ollamachat", "ollamacloud"}},
        {"sap_ai_core", {"sap", "sapaicore"}},
        {"stackit", {"stackit"}},
        {"vultr", {"vultr"}},
        {"tencent", {"tencent", "tencenttokenhub", "tencentcloud", "hunyuan"}},
        {"volcengine", {"volcengine", "doubao", "bytedance"}},
        {"xiaomi", {"xiaomi", "xiaomimimo"}},
        {"deepgram", {"deepgram"}},
        {"elevenlabs", {"elevenlabs", "eleven"}},
        {"assemblyai", {"assemblyai"}},
        {"jina", {"jina", "jinaai"}},
    };
    return table;
}

bool isTrimmed(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isTrimmed(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isTrimmed(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string folded(std::string_view text)
{
    std::string result;
    for (const char c : lowered(text)) {
        if (c != ' ' && c != '_' && c != '-' && c != '.')
            result.push_back(c);
    }
    return result;
}

const std::unordered_map<std::string, std::string_view> &providerByName()
{
    static const std::unordered_map<std::string, std::string_view> map = [] {
        std::unordered_map<std::string, std::string_view> result;
        for (const ProviderNames &entry : providerTable()) {
            for (const std::string_view name : entry.folded)
                result.emplace(folded(name), entry.provider);
            result.emplace(folded(entry.provider), entry.provider);
        }
        return result;
    }();
    return map;
}

} // namespace

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

std::string canonicalProvider(std::string_view recorded)
{
    const std::string_view name = trimmed(recorded);
    const std::string key = folded(name);
    if (key == "litellm" || key == "litellmproxy" || key == "unknown" || key == "none")
        return {};
    const auto found = providerByName().find(key);
    return found == providerByName().end() ? lowered(name) : std::string(found->second);
}

bool isKnownProvider(std::string_view recorded)
{
    return providerByName().count(folded(trimmed(recorded))) != 0;
}

bool FirstParty::owns(std::string_view model) const
{
    return ownBeginnings.empty()
           || std::any_of(ownBeginnings.begin(), ownBeginnings.end(), [model](std::string_view beginning) {
                  return model.substr(0, beginning.size()) == beginning;
              });
}

const std::vector<FirstParty> &firstParties()
{
    static const std::vector<FirstParty> parties{
        {"openai", {}},   {"anthropic", {}},  {"google", {"gemini", "gemma", "text-embedding-00", "imagen", "veo"}},
        {"mistral", {}},  {"deepseek", {}},   {"xai", {}},
        {"cohere", {}},   {"perplexity", {}}, {"voyage", {}},
        {"moonshot", {}}, {"minimax", {}},    {"zai", {}},
        {"alibaba", {}},  {"ai21", {}},
    };
    return parties;
}

} // namespace perunit
