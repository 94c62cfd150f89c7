// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/text_table.h"

#include "app/document/workspace_state.h"
#include "model/import/price_sheet.h"
#include "pricing/catalogue/bundled_data.h"
#include "pricing/catalogue/catalogue_check.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct CheckArguments {
    std::vector<std::string> files;
    bool json = false;
};

struct CheckedFile {
    std::string name;
    std::vector<CatalogueFinding> findings;
};

std::vector<CatalogueFinding> checkText(const std::string &text, const std::string &name)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (first == std::string::npos || text[first] == '{' || text[first] == '[')
        return checkCatalogueText(text, name);
    const auto sheet = readPriceSheet(text, name);
    if (sheet)
        return findingsOf(*sheet);
    return {{FindingSeverity::Error, "unreadable", sheet.error().where, {}, {}, sheet.error().what}};
}

Result<std::vector<CheckedFile>> checkFiles(const std::vector<std::string> &files)
{
    std::vector<CheckedFile> result;
    if (files.empty()) {
        for (const BundledFile &file : bundledCatalogueFiles())
            result.push_back({std::string(file.name), checkCatalogueText(file.content, file.name)});
        return result;
    }
    for (const std::string &path : files) {
        const auto text = readTextFile(path);
        if (!text)
            return text.error();
        result.push_back({path, checkText(*text, fileNameOf(path))});
    }
    return result;
}

std::string_view severityName(FindingSeverity severity)
{
    return severity == FindingSeverity::Error ? "error" : "warning";
}

void printJson(const std::vector<CheckedFile> &files)
{
    Json list = Json::array();
    for (const CheckedFile &file : files) {
        Json findings = Json::array();
        const auto orNull = [](const std::string &text) {
            return text.empty() ? Json(nullptr) : Json(text);
        };
        for (const CatalogueFinding &finding : file.findings)
            findings.push_back({{"severity", severityName(finding.severity)},
                                {"kind", finding.kind},
                                {"path", orNull(finding.path)},
                                {"model", orNull(finding.model)},
                                {"rate", orNull(finding.rate)},
                                {"sentence", finding.sentence}});
        list.push_back({{"file", file.name}, {"ok", !hasErrors(file.findings)}, {"findings", findings}});
    }
    std::puts(Json{{"files", list}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

void printText(const std::vector<CheckedFile> &files)
{
    std::size_t errors = 0;
    std::size_t warnings = 0;
    for (const CheckedFile &file : files) {
        for (const CatalogueFinding &finding : file.findings) {
            ++(finding.severity == FindingSeverity::Error ? errors : warnings);
            const std::string &rate = finding.rate.empty() ? finding.model : finding.rate;
            std::string place = finding.path.empty() ? rate : finding.path;
            if (!finding.path.empty() && !rate.empty())
                place.append(" (").append(rate).append(")");
            std::printf("%s: %s: %s: %s\n", file.name.c_str(), std::string(severityName(finding.severity)).c_str(),
                        place.c_str(), finding.sentence.c_str());
        }
    }
    std::printf("%zu %s checked, %zu errors, %zu warnings\n", files.size(), files.size() == 1 ? "file" : "files",
                errors, warnings);
}

void runCheck(const CheckArguments &arguments, CommandOutcome &outcome)
{
    const auto files = checkFiles(arguments.files);
    if (!files)
        return fail(outcome, files.error());
    if (arguments.json)
        printJson(*files);
    else
        printText(*files);
    if (std::any_of(files->begin(), files->end(), [](const CheckedFile &file) { return hasErrors(file.findings); }))
        outcome.status = ExitStatus::Failed;
}

} // namespace

void addCatalogueCheckCommand(CLI::App &catalogue, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App *check =
        catalogue.add_subcommand("check", "Look for faults in catalogues; in the shipped ones without FILE");
    check->add_option("FILE", arguments->files, "Catalogues as JSON, or price sheets as CSV");
    check->add_flag("--json", arguments->json, "Print one JSON document");
    check->callback([arguments, &outcome] { runCheck(*arguments, outcome); });
}

} // namespace perunit
