// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/mapping_edit.h"

#include <QCoreApplication>

namespace perunit {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("MappingEdit", text);
}

std::vector<MappingField> newFields()
{
    const QString what = tr("What was asked");
    const QString tokens = tr("Tokens");
    const QString who = tr("For whom");
    const QString cost = tr("Cost and result");
    std::vector<MappingField> fields;
    const auto add = [&fields](const char *name, const QString &label, const QString &group, const QString &help,
                               bool required = false, bool constantAllowed = false) {
        fields.push_back({QString::fromLatin1(name), label, help, group, required, constantAllowed});
    };
    add("time", tr("Time"), what, tr("When the request was made; without an offset it is taken as UTC."), true);
    add("model", tr("Model"), what, tr("Model as recorded; it is matched to the price catalogue."), true, true);
    add("provider", tr("Provider"), what, tr("Who charges for the model; decides which price list applies."), false,
        true);
    add("service", tr("Service"), what, tr("Product or interface of the provider."), false, true);
    add("region", tr("Region"), what, tr("Some prices depend on it."), false, true);
    add("deployment", tr("Deployment"), what, tr("Name of the deployment that served the request."), false, true);
    add("tier", tr("Tier"), what, tr("standard, batch, flex, priority or provisioned; standard when empty."), false,
        true);
    add("request_id", tr("Request id"), what,
        tr("Names one request: of rows with the same id the last one counts. It is not stored."));
    add("requests", tr("Requests"), what, tr("Requests in one row of aggregated telemetry; one when empty."));

    add("input", tr("Input tokens"), tokens, tr("Prompt tokens, not from the cache unless the box below says so."));
    add("prompt_tokens", tr("Prompt tokens in total"), tokens,
        tr("Uncached, read from and written to the cache together; input is what remains."));
    add("cache_read", tr("Cache read"), tokens, tr("Prompt tokens read from the provider's cache."));
    add("cache_write_5m", tr("Cache write, 5 minutes"), tokens,
        tr("Prompt tokens written to the cache for 5 minutes."));
    add("cache_write_1h", tr("Cache write, 1 hour"), tokens, tr("Prompt tokens written to the cache for 1 hour."));
    add("output", tr("Output tokens"), tokens, tr("Generated tokens, reasoning included."));
    add("reasoning", tr("Reasoning tokens"), tokens, tr("Part of the output that was reasoning; kept as a memo."));
    add("audio_in", tr("Audio in"), tokens, tr("Audio tokens of the prompt."));
    add("audio_out", tr("Audio out"), tokens, tr("Generated audio tokens."));
    add("image_in", tr("Image in"), tokens, tr("Image tokens of the prompt."));
    add("image_out", tr("Image out"), tokens, tr("Generated image tokens."));
    add("embedding", tr("Embedding tokens"), tokens, tr("Tokens that were turned into embeddings."));
    add("web_search", tr("Web searches"), tokens, tr("Searches charged per event."));
    add("audio_seconds", tr("Audio seconds"), tokens, tr("Audio charged by its length."));
    add("page", tr("Pages"), tokens, tr("Documents charged per page."));
    add("image", tr("Images"), tokens, tr("Images charged per piece."));

    add("workload", tr("Workload"), who, tr("The application or product: \"support-chatbot\"."), false, true);
    add("environment", tr("Environment"), who, tr("Production, test, …"), false, true);
    add("team", tr("Team"), who, tr("Who answers for the cost."), false, true);
    add("feature", tr("Feature"), who, tr("Part of the product."), false, true);
    add("customer", tr("Customer"), who, tr("Whom the request served."), false, true);
    add("session", tr("Conversation"), who, tr("Identity of the conversation: its distinct values are the units."));
    add("document", tr("Document"), who, tr("Identity of the document: its distinct values are the units."));
    add("prompt_template", tr("Prompt template"), who, tr("Which prompt was used."), false, true);

    add("billed_cost", tr("Billed cost"), cost, tr("What was charged for the row, when it is recorded."));
    add("currency", tr("Currency"), cost, tr("Currency of the billed cost: USD, EUR, …"), false, true);
    add("status", tr("Status"), cost, tr("Whether the request succeeded."), false, true);
    add("attempts", tr("Attempts"), cost, tr("How often the request was tried."));
    add("duration_ms", tr("Duration"), cost, tr("Milliseconds until the answer was complete."));
    return fields;
}

} // namespace

const std::vector<MappingField> &requestLogFields()
{
    static const std::vector<MappingField> fields = newFields();
    return fields;
}

} // namespace perunit
