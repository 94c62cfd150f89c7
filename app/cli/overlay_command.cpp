// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct OverlayArguments {
    std::string workspace;
    std::vector<std::string> files;
    std::vector<std::string> names;
    bool allowUnknown = false;
    bool json = false;
};

std::string joined(const std::vector<std::string> &texts)
{
    std::string result;
    for (const std::string &text : texts)
        result += (result.empty() ? "" : ", ") + text;
    return result;
}

std::string boundText(Instant at)
{
    return at == alwaysBefore || at == alwaysAfter ? "" : formatInstant(at);
}

void runOverlayList(const OverlayArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    const std::vector<PriceOverlay> &overlays = session->state.overlays;
    if (arguments.json) {
        Json list = overlaysJson(overlays);
        for (std::size_t i = 0; i < overlays.size(); ++i)
            list[i]["unknown"] = session->book->unknownNames(overlays[i]);
        std::puts(Json{{"overlays", list}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    std::vector<std::vector<std::string>> rows{{"overlay", "term", "of", "from", "to", "", "note"}};
    for (const PriceOverlay &overlay : overlays) {
        const std::string unknown = joined(session->book->unknownNames(overlay));
        rows.push_back({overlay.name, overlay.termText(), overlay.scopeText(), boundText(overlay.valid.from),
                        boundText(overlay.valid.to),
                        !overlay.enabled  ? "off"
                        : unknown.empty() ? ""
                                          : "unknown " + unknown,
                        overlay.note});
    }
    std::fputs(textTable(rows, {}).c_str(), stdout);
}

void runOverlaySet(const OverlayArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, true);
    if (!session)
        return fail(outcome, session.error());
    WorkspaceState next = session->state;
    std::vector<std::string> names;
    for (const std::string &file : arguments.files) {
        const auto overlays = readOverlayFile(file);
        if (!overlays)
            return fail(outcome, overlays.error());
        for (const PriceOverlay &overlay : *overlays) {
            if (const auto status = checkNames(*session->book, overlay, file); !status && !arguments.allowUnknown)
                return fail(outcome, status.error());
            putOverlay(next.overlays, overlay);
            names.push_back(overlay.name);
        }
    }
    if (auto status = saveSession(*session, next); !status)
        return fail(outcome, status.error());
    for (const std::string &name : names)
        std::fprintf(stderr, "perunit: overlay '%s' is set\n", name.c_str());
}

void runOverlayRemove(const OverlayArguments &arguments, CommandOutcome &outcome)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return fail(outcome, session.error());
    WorkspaceState next = session->state;
    for (const std::string &name : arguments.names) {
        if (std::erase_if(next.overlays, [&name](const PriceOverlay &each) { return each.name == name; }) == 0)
            return fail(outcome, {ErrorCode::NotFound, "the workspace has no overlay '" + name + "'", "",
                                  "see 'perunit overlay list'"});
    }
    if (auto status = saveSession(*session, next); !status)
        fail(outcome, status.error());
}

} // namespace

Status checkNames(const PriceBook &book, const PriceOverlay &overlay, const std::string &file)
{
    const auto unknown = book.unknownNames(overlay);
    if (unknown.empty())
        return {};
    return Error{ErrorCode::NotFound,
                 "no catalogue in use knows " + joined(unknown) + ", so the overlay would not do what it says",
                 file + ", overlay '" + overlay.name + "'",
                 "correct the name (see 'perunit catalogue list') or add the catalogue first"};
}

Result<std::vector<PriceOverlay>> readOverlayFile(const std::string &path)
{
    const auto text = readTextFile(path);
    if (!text)
        return text.error();
    auto overlays = readOverlays(*text);
    if (!overlays)
        return overlays.error().in(path);
    return overlays;
}

void addOverlayCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<OverlayArguments>();
    CLI::App *overlay =
        app.add_subcommand("overlay", "Terms of contracts: discounts, markups and fixed prices over list prices");
    overlay->require_subcommand(1);
    overlay->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    overlay->add_flag("--json", arguments->json, "Print one JSON document");
    CLI::App *list = overlay->add_subcommand("list", "All overlays, in the order in which they apply");
    list->fallthrough();
    list->callback([arguments, &outcome] { runOverlayList(*arguments, outcome); });
    CLI::App *set = overlay->add_subcommand("set", "Add overlays from JSON files, or replace those of the same name");
    set->fallthrough();
    set->add_option("FILE", arguments->files, "Overlays")->required();
    set->add_flag("--allow-unknown", arguments->allowUnknown,
                  "Accept providers and models that no catalogue knows yet");
    set->callback([arguments, &outcome] { runOverlaySet(*arguments, outcome); });
    CLI::App *remove = overlay->add_subcommand("remove", "Remove overlays by name");
    remove->fallthrough();
    remove->add_option("NAME", arguments->names, "Name of an overlay")->required();
    remove->callback([arguments, &outcome] { runOverlayRemove(*arguments, outcome); });
}

} // namespace perunit
