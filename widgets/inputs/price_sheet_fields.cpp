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
    const QString which = tr("Which model");
    const QString unit = tr("Unit and currency");
    const QString prices = tr("Prices in columns of their own");
    const QString meter = tr("Prices below each other");
    const QString batch = tr("Batch prices");
    const QString when = tr("When the prices hold");
    const QString origin = tr("Where they come from");
    std::vector<MappingField> fields;
    const auto add = [&fields](const char *name, const QString &label, const QString &group, const QString &help,
                               bool constantAllowed = false, const QStringList &constants = {}) {
        MappingField field;
        field.name = QString::fromLatin1(name);
        field.label = label;
        field.group = group;
        field.help = help;
        field.constantAllowed = constantAllowed;
        field.constants = constants;
        fields.push_back(std::move(field));
    };
    add("model", tr("Model"), which, tr("Id of the model, as it stands in usage records."));
    fields.back().required = true;
    add("provider", tr("Provider"), which, tr("Who charges for the model: openai, anthropic, azure, …"), true);
    add("display_name", tr("Name on screen"), which, tr("What people call the model."));

    add("unit", tr("Prices are for"), unit, tr("For how much one price is: a million tokens, a page, an hour."), true,
        {QStringLiteral("1M tokens"), QStringLiteral("1K tokens"), QStringLiteral("1 token")});
    add("currency", tr("Currency"), unit, tr("Code of the currency: USD, EUR, …"), true,
        {QStringLiteral("USD"), QStringLiteral("EUR")});

    add("input", tr("Input"), prices, tr("Price of prompt tokens."));
    add("cache_read", tr("Cache read"), prices, tr("Price of prompt tokens read from the provider's cache."));
    add("cache_write_5m", tr("Cache write, 5 minutes"), prices,
        tr("Price of prompt tokens written to the cache for 5 minutes, or for the provider's usual time."));
    add("cache_write_1h", tr("Cache write, 1 hour"), prices,
        tr("Price of prompt tokens written to the cache for 1 hour."));
    add("output", tr("Output"), prices, tr("Price of generated tokens."));
    add("reasoning", tr("Reasoning"), prices, tr("Price of reasoning tokens, where it is not that of output."));
    add("embedding", tr("Embedding"), prices, tr("Price of tokens that are turned into embeddings."));
    add("audio_in", tr("Audio in"), prices, tr("Price of audio tokens of the prompt."));
    add("audio_out", tr("Audio out"), prices, tr("Price of generated audio tokens."));
    add("image_in", tr("Image in"), prices, tr("Price of image tokens of the prompt."));
    add("image_out", tr("Image out"), prices, tr("Price of generated image tokens."));
    add("request", tr("Call"), prices, tr("Fee for one call."));
    add("web_search", tr("Web search"), prices, tr("Fee for one search."));
    add("page", tr("Page"), prices, tr("Price of one page of a document."));
    add("image", tr("Image"), prices, tr("Price of one image."));
    add("audio_seconds", tr("Audio length"), prices, tr("Price of audio charged by its length."));

    add("batch:input", tr("Batch input"), batch, tr("Price of prompt tokens in batches."));
    add("batch:output", tr("Batch output"), batch, tr("Price of generated tokens in batches."));

    add("price", tr("Price"), meter, tr("The price of a row, where another column says of what it is."));
    add("class", tr("Of what"), meter, tr("Names what a row is the price of: input, output, cached input, …"));

    add("valid_from", tr("From"), when, tr("First day on which the price holds."), true);
    add("valid_to", tr("Until"), when, tr("Last day on which the price holds."));
    add("tier", tr("Tier"), when, tr("standard, batch, flex or priority; standard when empty."), true);
    add("region", tr("Region"), when, tr("Where the price holds; everywhere when empty."), true);
    add("threshold", tr("Prompts above"), when, tr("Tokens of the prompt above which the price holds."));

    add("source", tr("Source"), origin, tr("Contract, quotation or page that says so."), true);
    add("checked", tr("Checked"), origin, tr("Day on which somebody looked."), true);
    add("note", tr("Note"), origin, tr("Kept with the price."));
    return fields;
}

} // namespace

const std::vector<MappingField> &priceSheetFields()
{
    static const std::vector<MappingField> fields = newFields();
    return fields;
}

} // namespace perunit
