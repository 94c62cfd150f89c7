// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"
#include "widgets/inputs/lever_editor.h"

#include <map>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QStackedWidget;

namespace perunit {

class EmptyState;
class LeverPanel;

/// The levers of the selected scenario, inherited ones included, as the inspector of the Scenarios and Compare pages.
/// A slider drag is one undoable step, however many values it passes.
class ScenarioInspector : public QWidget
{
    Q_OBJECT
public:
    explicit ScenarioInspector(const PageContext &context, QWidget *parent = nullptr);

signals:
    /// True from the first move of a slider to its release: charts keep their axes meanwhile.
    void dragging(bool active);

private:
    void showEvent(QShowEvent *event) override;
    void refresh();
    void refreshChoices();
    void takeChoices();
    void followHorizon();
    void followOutcome();
    void addOutcomeProblem(const std::vector<EffectiveLever> &levers, std::vector<LeverProblem> &problems) const;
    [[nodiscard]] std::vector<LeverProblem> problemsOf(const std::vector<EffectiveLever> &levers) const;
    void leverEdited(const Lever &lever, bool whileDragging);
    void addLever(LeverKind kind);
    void takeLeverAway(const std::string &leverId, bool reset);
    void newScenario();

    PageContext m_context;
    QStackedWidget *m_views;
    QLabel *m_name;
    QLabel *m_parent;
    LeverPanel *m_panel;
    EmptyState *m_none;
    /// What gaps allow, by lever: kept while an outcome is missing, so that sliders do not move.
    std::map<std::string, CacheGapShares> m_gaps;
    std::string m_outcomeOf;       ///< scenario
    bool m_outcomeProblem = false; ///< the outcome could not be computed
    int m_drag = 0;                ///< number of the drag, so that two drags of one slider are two steps
    bool m_dragActive = false;
    bool m_staleChoices = false;                     ///< to be brought up to date when it is next shown
    std::shared_ptr<const Baseline> m_shownBaseline; ///< whose horizon the choices have
};

} // namespace perunit
