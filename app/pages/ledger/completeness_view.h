// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/framed_view.h"

#include "widgets/tables/value_table_model.h"

#include <QDate>

namespace perunit {

class Card;
class DayStrip;
class FigureView;
class SegmentedSwitch;
class ValueTable;

/// Which days of each source are there, which are missing, far below usual, or may still change; and until when unit
/// costs are settled.
class CompletenessView : public FramedView
{
    Q_OBJECT
public:
    explicit CompletenessView(const LedgerContext &context, QWidget *parent = nullptr);
    void refresh() override;

private:
    void buildInspector();
    void buildFilled();
    void showSummary();
    void showStrip();
    void showTable();
    void select(const QString &key);
    void showSeries();
    void showDays(const DaySeries &series);
    void showFigure(const DaySeries &series);
    void openDay(const DaySeries &series, QDate day) const;
    [[nodiscard]] const DaySeries *seriesOf(const QString &key) const;
    [[nodiscard]] QString nameOf(const DaySeries &series) const;
    [[nodiscard]] QString dayText(const DaySeries &series, const SeriesDay &day) const;
    [[nodiscard]] ValueCell moneyCell(const DaySeries &series, Money amount, std::int64_t unpricedTokens) const;
    [[nodiscard]] QString moneyOf(const DaySeries &series, Money amount) const;

    std::shared_ptr<const Completeness> m_days;
    QString m_selected;
    QLabel *m_summary = nullptr;
    DayStrip *m_strip = nullptr;
    ValueTable *m_table = nullptr;
    Card *m_figureCard = nullptr;
    SegmentedSwitch *m_measure = nullptr;
    FigureView *m_figure = nullptr;
    QLabel *m_facts = nullptr;
    SegmentedSwitch *m_listed = nullptr;
    ValueTable *m_dayTable = nullptr;
};

} // namespace perunit
