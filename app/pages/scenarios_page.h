// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

#include <array>

class QAction;
class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace perunit {

class BaselineControls;
class FigureView;
class KeyFigureCard;
class ScenarioInspector;
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
    void refreshPicture();
    void select(const std::string &id);
    [[nodiscard]] std::string selectedId() const;

    ScenarioInspector *m_inspector;
    QTreeWidget *m_tree = nullptr;
    std::vector<QAction *> m_actions;
    std::vector<KeyFigureCard *> m_figures;
    QLabel *m_problem = nullptr;
    SegmentedSwitch *m_picture = nullptr;
    FigureView *m_figure = nullptr;
    bool m_filling = false;
};

} // namespace perunit
