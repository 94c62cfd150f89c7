// SPDX-License-Identifier: GPL-3.0-or-later
// A catalogue in our own form against pricing/catalogue.schema.json: unlike the reader, which stops at the first fault,
// this names them all.
#include "pricing/catalogue/bundled_data.h"
#include "pricing/catalogue/catalogue_check.h"
#include "pricing/catalogue/json_value.h"

#include <nlohmann/json.hpp>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <memory>
#include <set>

namespace perunit {

namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

/// "<root>", "[models]", "[3]" -> "/models/3".
std::string pathOf(const std::vector<std::string> &context)
{
    std::string path;
    for (std::size_t i = 1; i < context.size(); ++i) {
        std::string_view step = context[i];
        if (step.size() >= 2 && step.front() == '[' && step.back() == ']')
            step = step.substr(1, step.size() - 2);
        path = joinPath(path, step);
    }
    return path;
}

CatalogueFinding schemaFinding(std::string path, std::string sentence)
{
    return {FindingSeverity::Error, "schema", path.empty() ? "/" : std::move(path), {}, {}, std::move(sentence)};
}

/// The faults themselves, without "the object around it is faulty" for every level.
std::vector<CatalogueFinding> innermost(valijson::ValidationResults &results)
{
    std::vector<CatalogueFinding> all;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        std::string sentence = error.description;
        while (!sentence.empty() && sentence.back() == '.')
            sentence.pop_back();
        all.push_back(schemaFinding(pathOf(error.context), std::move(sentence)));
    }
    std::set<std::string> containers;
    for (const CatalogueFinding &finding : all) {
        for (std::size_t slash = finding.path.rfind('/'); slash != std::string::npos && slash > 0;
             slash = finding.path.rfind('/', slash - 1))
            containers.insert(finding.path.substr(0, slash));
        if (finding.path != "/")
            containers.insert("/");
    }
    std::erase_if(all, [&containers](const CatalogueFinding &finding) {
        return containers.contains(finding.path) && finding.sentence.find("Failed to validate") != std::string::npos;
    });
    return all;
}

} // namespace

std::vector<CatalogueFinding> checkAgainstSchema(std::string_view json)
{
    // The library reports what it cannot do by throwing.
    try {
        const nlohmann::json schemaDocument = nlohmann::json::parse(catalogueSchema());
        const nlohmann::json document = nlohmann::json::parse(json);
        valijson::Schema schema;
        valijson::SchemaParser parser;
        const Adapter schemaAdapter(schemaDocument);
        parser.populateSchema(schemaAdapter, schema);
        valijson::Validator validator(valijson::Validator::kStrongTypes);
        valijson::ValidationResults results;
        const Adapter documentAdapter(document);
        if (validator.validate(schema, documentAdapter, &results))
            return {};
        return innermost(results);
    } catch (const std::exception &failure) {
        return {schemaFinding("", failure.what())};
    }
}

} // namespace perunit
