// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_text.h"
#include "widgets/feedback/card.h"

class QStackedWidget;

namespace perunit {

class HeatMap;
class SegmentedSwitch;
class ValueTable;

/// When the load comes: hour × weekday, on average or at its largest, as a map or as a table.
class LoadWeekCard : public Card
{
    Q_OBJECT
public:
    explicit LoadWeekCard(QWidget *parent = nullptr);

    void show(std::shared_ptr<const CapacitySizing> sizing);

private:
    void refresh();
    void fillMap(const std::vector<std::int64_t> &loads);
    void fillTable();

    std::shared_ptr<const CapacitySizing> m_sizing;
    SegmentedSwitch *m_measure;
    SegmentedSwitch *m_look;
    QStackedWidget *m_views;
    HeatMap *m_map;
    ValueTable *m_table;
};

} // namespace perunit
