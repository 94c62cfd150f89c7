// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/json_shapes.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "model/reconciliation/reconciliation.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace perunit {

namespace {

using Json = nlohmann::ordered_json;

struct ReconcileArguments {
    std::string workspace;
    std::string calibration;
    bool json = false;
};

Result<Reconciliation> reconciled(const ReconcileArguments &arguments)
{
    auto session = openSession(arguments.workspace, false);
    if (!session)
        return session.error();
    auto ledger = session->store->readLedger({});
    if (!ledger)
        return ledger.error();
    const auto baseline = Baseline::build(*ledger, session->book, session->state.settings, {});
    if (!baseline)
        return baseline.error();
    return reconcile(**baseline, {});
}

template <typename Amount>
Json textOrNull(const std::optional<Amount> &amount)
{
    return amount ? Json(amount->text()) : Json(nullptr);
}

Json partsJson(const DifferenceParts &parts)
{
    Json result = Json::object();
    for (std::size_t i = 0; i < differenceBucketCount; ++i)
        result[std::string(differenceBucketNames[i])] = parts.amounts[i].text();
    return result;
}

Json reconciliationJson(const Reconciliation &result)
{
    Json lines = Json::array();
    for (const ReconciliationLine &line : result.lines)
        lines.push_back({{"provider", line.provider},
                         {"month", line.month.text()},
                         {"model", line.model.empty() ? Json(nullptr) : Json(line.model)},
                         {"models", line.models},
                         {"requests", line.requests},
                         {"charges", line.charges},
                         {"list", textOrNull(line.list)},
                         {"contracted", textOrNull(line.priced)},
                         {"billed", textOrNull(line.billed)},
                         {"difference", line.difference().text()},
                         {"buckets", partsJson(line.parts)},
                         {"unpriced_tokens", line.unpricedTokens},
                         {"reason", line.reason.empty() ? Json(nullptr) : Json(line.reason)}});
    const DifferenceParts parts = result.parts();
    return {{"currency", result.currency},
            {"from", formatInstant(result.period.from)},
            {"to", formatInstant(result.period.to)},
            {"lines", lines},
            {"totals",
             {{"contracted", result.priced().text()},
              {"billed", result.billed().text()},
              {"difference", parts.total().text()},
              {"buckets", partsJson(parts)}}},
            {"notes", result.notes},
            {"calibration", overlaysJson(result.calibration)}};
}

/// The buckets that hold something, largest first in the order of their rules: "tax 1.2, unknown -3".
std::string bucketsText(const DifferenceParts &parts)
{
    std::string text;
    for (std::size_t i = 0; i < differenceBucketCount; ++i) {
        if (!parts.amounts[i].isZero())
            text += (text.empty() ? "" : ", ") + std::string(differenceBucketNames[i]) + " " + parts.amounts[i].text();
    }
    return text;
}

std::string modelText(const ReconciliationLine &line)
{
    if (!line.model.empty())
        return line.model;
    std::string models;
    for (const std::string &model : line.models)
        models += (models.empty() ? "" : ", ") + model;
    return models.empty() ? "(no model named)" : "(together: " + models + ")";
}

void printReconciliation(const Reconciliation &result, const ReconcileArguments &arguments)
{
    const auto text = [](const auto &amount) {
        return amount ? amount->text() : std::string("–");
    };
    std::printf("%s … %s, %s\n\n", formatInstant(result.period.from).c_str(), formatInstant(result.period.to).c_str(),
                result.currency.c_str());
    std::vector<std::vector<std::string>> rows{
        {"provider", "month", "model", "requests", "list", "contracted", "billed", "difference", "made of"}};
    for (const ReconciliationLine &line : result.lines)
        rows.push_back({line.provider.empty() ? "(none)" : line.provider, line.month.text(), modelText(line),
                        std::to_string(line.requests), text(line.list), text(line.priced), text(line.billed),
                        line.difference().text(),
                        bucketsText(line.parts) + (line.reason.empty() ? "" : " (" + line.reason + ")")});
    const DifferenceParts parts = result.parts();
    rows.push_back({"total", "", "", "", "", result.priced().text(), result.billed().text(), parts.total().text(),
                    bucketsText(parts)});
    std::fputs(textTable(rows, {false, false, false, true, true, true, true, true, false}).c_str(), stdout);
    for (const std::string &note : result.notes)
        std::printf("\nnote: %s", note.c_str());
    if (!result.notes.empty())
        std::printf("\n");
    if (result.calibration.empty())
        return;
    std::printf("\ncalibration on offer\n");
    for (const PriceOverlay &overlay : result.calibration)
        std::printf("  %s: %s of %s\n    %s\n", overlay.name.c_str(), overlay.termText().c_str(),
                    overlay.scopeText().c_str(), overlay.note.c_str());
    const std::string file = arguments.calibration.empty() ? "calibration.json" : arguments.calibration;
    if (arguments.calibration.empty())
        std::printf("  perunit reconcile -w '%s' --write-calibration %s\n", arguments.workspace.c_str(), file.c_str());
    std::printf("  perunit overlay -w '%s' set %s\n", arguments.workspace.c_str(), file.c_str());
}

void runReconcile(const ReconcileArguments &arguments, CommandOutcome &outcome)
{
    const auto result = reconciled(arguments);
    if (!result)
        return fail(outcome, result.error());
    if (!arguments.calibration.empty()) {
        if (result->calibration.empty())
            return fail(outcome, {ErrorCode::NotFound, "there is no calibration on offer", arguments.calibration,
                                  "no difference is a steady share of its price; see the lines without the option"});
        if (auto status = writeTextFile(arguments.calibration, writeOverlays(result->calibration)); !status)
            return fail(outcome, status.error());
    }
    if (arguments.json)
        std::puts(reconciliationJson(*result).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        printReconciliation(*result, arguments);
}

} // namespace

void addReconcileCommand(CLI::App &app, CommandOutcome &outcome)
{
    auto arguments = std::make_shared<ReconcileArguments>();
    CLI::App *command = app.add_subcommand("reconcile", "Tie priced usage to invoices by provider, month and model");
    command->add_option("-w,--workspace", arguments->workspace, "Workspace file")->required();
    command->add_option("--write-calibration", arguments->calibration,
                        "Write the overlays on offer to this file, for 'perunit overlay set'");
    command->add_flag("--json", arguments->json, "Print one JSON document");
    command->callback([arguments, &outcome] { runReconcile(*arguments, outcome); });
}

} // namespace perunit
