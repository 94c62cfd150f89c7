// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

class QLabel;
class QStackedWidget;
class QVBoxLayout;

namespace perunit {

class Card;
class EmptyState;
class FigureView;
class KeyFigureCard;
class SegmentedSwitch;

/// Five questions at a glance: how much, where does it go, are we overpaying, anything odd, what is the trend.
/// Without a ledger, the place to begin: drop zone, sample, recent workspaces.
class HomePage : public Page
{
    Q_OBJECT
public:
    explicit HomePage(const PageContext &context, QWidget *parent = nullptr);

protected:
    void refresh() override;

private:
    QWidget *buildStart();
    QWidget *buildOverview();
    void showWaiting();
    void refreshRecent();
    void explainFigure(std::size_t card);
    void refreshKeyFigures(const History &history);
    void refreshBreakdown(const History &history);
    void refreshSavings();
    void refreshOddities(const History &history);

    QStackedWidget *m_views = nullptr;
    EmptyState *m_waiting = nullptr; ///< while there are no figures yet, or none can be had
    QVBoxLayout *m_recent = nullptr;
    std::vector<KeyFigureCard *> m_figures;
    FigureView *m_trend = nullptr;
    FigureView *m_breakdown = nullptr;
    SegmentedSwitch *m_dimension = nullptr;
    QVBoxLayout *m_savings = nullptr;
    QVBoxLayout *m_oddities = nullptr;
};

} // namespace perunit
