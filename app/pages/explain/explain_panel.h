// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/figure_address.h"
#include "app/document/workspace_document.h"
#include "app/jobs/job_runner.h"
#include "model/analyses/row_filter.h"
#include "model/engine/explain.h"

#include <QDialog>

#include <functional>
#include <memory>
#include <optional>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace perunit {

class BridgeStepView;
class EmptyState;
class ValueTable;

/// Why a figure is what it is: formula, levers, and lines of tokens × share × price, in a window of its own beside the
/// page. It follows the workspace while it is open.
class ExplainPanel : public QDialog
{
    Q_OBJECT
public:
    /// Opens the rows of the ledger, of requests or of harness charges, that a filter keeps.
    using ShowRows = std::function<void(bool harness, const RowFilter &filter)>;
    ExplainPanel(WorkspaceDocument &document, ShowRows showRows, QWidget *parent);

    /// Opens a figure; the one that was open before goes.
    void explain(const FigureAddress &figure);
    /// The explanation that is shown; null while it is being worked out or impossible.
    [[nodiscard]] std::shared_ptr<const Explanation> shown() const { return m_explanation; }
    /// The figure that is open.
    [[nodiscard]] const FigureAddress &figure() const { return m_figure; }
    /// False while the figure is being worked out.
    [[nodiscard]] bool isReady() const;
    /// Chooses the line of the largest amount, so that its detail shows.
    void selectFirstLine();

private:
    QWidget *buildContent();
    QWidget *buildParts(QWidget *parent);
    QWidget *buildLevers(QWidget *parent);
    void start();
    void startStep();
    void showTotal(bool ofStart);
    void show(const std::shared_ptr<const Result<Explanation>> &explained);
    void showLines();
    void showParts();
    void showLevers();
    void lineChosen();
    void openRows();
    [[nodiscard]] RowFilter filterOf(const ExplainedLine &line) const;
    [[nodiscard]] const ExplainedLine *currentLine() const;

    WorkspaceDocument &m_document;
    ShowRows m_showRows;
    FigureAddress m_figure;
    JobRunner m_job;
    std::shared_ptr<const Baseline> m_baseline; ///< that the explanation speaks of
    std::shared_ptr<const Explanation> m_explanation;
    QLabel *m_title = nullptr;
    QLabel *m_amount = nullptr;
    QLabel *m_formula = nullptr;
    QStackedWidget *m_views = nullptr; ///< working, impossible, content
    EmptyState *m_problem = nullptr;
    BridgeStepView *m_step = nullptr;
    QWidget *m_madeOf = nullptr; ///< hidden where the figure has one part only
    ValueTable *m_parts = nullptr;
    ValueTable *m_levers = nullptr;
    QLabel *m_noLevers = nullptr;
    ValueTable *m_lines = nullptr;
    QLabel *m_detail = nullptr;
    QPushButton *m_rows = nullptr;
    QPushButton *m_copy = nullptr;
};

} // namespace perunit
