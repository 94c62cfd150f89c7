// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"
#include "widgets/charts/figure_place.h"

#include <optional>

class QLabel;
class QLayout;
class QMenu;
class QStackedWidget;
class QToolButton;

namespace perunit {

class AnalysesCard;
class ChoiceBox;
class EmptyState;
class FigureView;
class ScenarioInspector;
class SegmentedSwitch;
class ValueTable;

/// Which one, and why: scenarios × metrics with differences, one picture, and what differs in the assumptions.
class ComparePage : public Page
{
    Q_OBJECT
public:
    explicit ComparePage(const PageContext &context, QWidget *parent = nullptr);

    QWidget *inspector() override;

protected:
    void refresh() override;

private:
    void buildControls(QLayout *controls);
    QWidget *buildFilled();
    void fillScenarioMenu();
    void refreshControls();
    void refreshMatrix();
    [[nodiscard]] FigureAddress figureAt(const QString &key, int column) const;
    void showMatrixMenu(const QString &key, const QPoint &at);
    void refreshPicture();
    [[nodiscard]] std::optional<FigureAddress> pictureAddress(FigurePlace place) const;
    void refreshAssumptions();
    [[nodiscard]] std::string bridgeTarget() const;

    ScenarioInspector *m_inspector;
    QStackedWidget *m_views = nullptr;
    EmptyState *m_broken = nullptr;
    ChoiceBox *m_reference = nullptr;
    ChoiceBox *m_unit = nullptr;
    QToolButton *m_shown = nullptr;
    QMenu *m_shownMenu = nullptr;
    ValueTable *m_matrix = nullptr;
    SegmentedSwitch *m_picture = nullptr;
    FigureView *m_figure = nullptr;
    AnalysesCard *m_analyses = nullptr;
    ValueTable *m_assumptions = nullptr;
};

} // namespace perunit
