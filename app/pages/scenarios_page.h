// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"
#include "widgets/charts/figure_place.h"

#include <array>
#include <optional>

class QAction;
class QLabel;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;
class QVBoxLayout;

namespace perunit {

class BaselineControls;
class BaselineMoves;
class ChoiceBox;
class DifferenceView;
class FigureView;
class KeyFigureCard;
class ScenarioInspector;
class MessageStrip;
class SegmentedSwitch;

/// What if: the tree of scenarios, the outcome of the selected one against the baseline, and its levers in the
/// inspector.
class ScenariosPage : public Page
{
    Q_OBJECT
public:
    explicit ScenariosPage(const PageContext &context, QWidget *parent = nullptr);

    QWidget *inspector() override;

protected:
    void refresh() override;

private:
    QWidget *buildTree();
    QWidget *buildOutcome();
    void addAction(const QString &icon, const QString &text, const QKeySequence &shortcut,
                   void (ScenariosPage::*slot)());

    void createScenario();
    void deriveFromSelected();
    void duplicateSelected();
    void renameSelected();
    void deleteSelected();
    void itemRenamed(QTreeWidgetItem *item, int column);

    void refreshTree();
    void refreshOutcome();
    void explainFigure(std::size_t card);
    [[nodiscard]] std::optional<FigureAddress> pictureAddress(FigurePlace place) const;
    void refreshFacts();
    void refreshPicture();
    [[nodiscard]] QString pictureShown() const;
    [[nodiscard]] std::vector<Outcome> picturedOutcomes() const;
    void refreshDifference();
    void refreshBanner();
    void tellOrigin(const std::string &id, const ScenarioOrigin &origin);
    void select(const std::string &id);
    [[nodiscard]] std::string selectedId() const;

    ScenarioInspector *m_inspector;
    QTreeWidget *m_tree = nullptr;
    std::vector<QAction *> m_actions;
    std::vector<KeyFigureCard *> m_figures;
    BaselineMoves *m_moves = nullptr;
    QVBoxLayout *m_bannerRoom = nullptr;
    MessageStrip *m_banner = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_problem = nullptr;
    SegmentedSwitch *m_picture = nullptr;
    ChoiceBox *m_minus = nullptr;
    QStackedWidget *m_shown = nullptr;
    FigureView *m_figure = nullptr;
    DifferenceView *m_difference = nullptr;
    bool m_filling = false;
};

} // namespace perunit
