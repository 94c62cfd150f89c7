// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/figure_address.h"
#include "app/document/workspace_document.h"
#include "model/engine/explain.h"
#include "widgets/tables/value_table_model.h"

#include <QString>

namespace perunit {

/// "Route half: cost per conversation, cache read, Sep 2026, workload = search".
QString figureTitle(const WorkspaceDocument &document, const FigureAddress &figure);
std::vector<ValueColumn> explainedColumns(const Explanation &explanation);
ValueRow explainedRow(const Explanation &explanation, std::size_t line);
/// What the figure is made of, largest first: by component, else by model, else by class of tokens; the amounts are
/// rounded for people. Fewer than two rows where it has one part only.
std::vector<ValueRow> partRows(const Explanation &explanation);
/// What a line is, in sentences: factors, price with its source, what else there is to say.
QString lineText(const Explanation &explanation, const ExplainedLine &line);
/// Name of a scenario, or "Baseline".
QString scenarioName(const WorkspaceDocument &document, const std::string &id);

} // namespace perunit
