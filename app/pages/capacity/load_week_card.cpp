// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/load_week_card.h"

#include "widgets/charts/heat_map.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"

#include <QLocale>
#include <QStackedWidget>

#include <algorithm>

namespace perunit {

namespace {

const QString meanMeasure = QStringLiteral("mean");
const QString mapLook = QStringLiteral("map");
constexpr int days = 7;
constexpr int hours = 24;

/// Thousandths of a unit with few digits: "132", "7.4", "0.03".
QString loadText(std::int64_t thousandths)
{
    // Zero is only ever a real zero.
    const int digits = thousandths >= 100'000                     ? 0
                       : thousandths >= 1'000 || thousandths == 0 ? 1
                       : thousandths >= 10                        ? 2
                                                                  : 3;
    return toQt(formatDecimalFixed(thousandths, 3, digits));
}

QString hourText(int hour)
{
    return QStringLiteral("%1:00").arg(hour, 2, 10, QLatin1Char('0'));
}

std::size_t placeOf(int day, int hour)
{
    return static_cast<std::size_t>(day * hours + hour);
}

ValueCell loadCell(std::int64_t thousandths)
{
    if (thousandths < 0)
        return ValueCell::unknown(LoadWeekCard::tr("the period has no such hour"));
    return ValueCell::ofNumber(loadText(thousandths), static_cast<double>(thousandths));
}

} // namespace

LoadWeekCard::LoadWeekCard(QWidget *parent)
    : Card(tr("When the load comes"), parent)
    , m_measure(new SegmentedSwitch(tr("Measure"), this))
    , m_look(new SegmentedSwitch(tr("Map or table"), this))
    , m_views(new QStackedWidget(this))
    , m_map(new HeatMap(tr("Load by weekday and hour"), this))
    , m_table(new ValueTable(tr("Load by weekday and hour"), this))
{
    m_measure->addOption(meanMeasure, tr("Mean"), {}, tr("Average load of the hour"));
    m_measure->addOption(QStringLiteral("peak"), tr("Peak"), {}, tr("Largest load of the hour"));
    m_look->addOption(mapLook, tr("Map"));
    m_look->addOption(QStringLiteral("table"), tr("Table"));
    addControl(m_measure);
    addControl(m_look);
    m_table->setFittingRows(hours);
    m_views->addWidget(m_map);
    m_views->addWidget(m_table);
    setContent(m_views);
    connect(m_measure, &SegmentedSwitch::currentChanged, this, &LoadWeekCard::refresh);
    connect(m_look, &SegmentedSwitch::currentChanged, this, &LoadWeekCard::refresh);
}

void LoadWeekCard::show(std::shared_ptr<const CapacitySizing> sizing)
{
    if (m_sizing == sizing)
        return;
    m_sizing = std::move(sizing);
    const bool known = m_sizing->answer.week.size() == placeOf(days, 0);
    setVisible(known);
    if (known)
        refresh();
}

void LoadWeekCard::refresh()
{
    if (!m_sizing)
        return;
    const CapacityAnswer &answer = m_sizing->answer;
    const bool mean = m_measure->current() == meanMeasure || m_sizing->weekPeaks.empty();
    m_measure->setVisible(!m_sizing->weekPeaks.empty());
    const std::vector<std::int64_t> &loads = mean ? answer.week : m_sizing->weekPeaks;
    const auto largest = std::max_element(loads.begin(), loads.end());
    const auto place = static_cast<int>(largest - loads.begin());
    const QString when = tr("%1 at %2").arg(QLocale().dayName(place / hours + 1), hourText(place % hours));
    const QString load = QStringLiteral("%1 %2").arg(loadText(*largest), unitPlural(answer.unitName));
    if (*largest <= 0)
        setTitle(tr("When the load comes"));
    else if (mean)
        setTitle(tr("Most comes on %1: %2 on average").arg(when, load));
    else
        setTitle(tr("The largest %1 comes on %2: %3").arg(binText(answer.bounds.seconds), when, load));
    setSubtitle(tr("%1 needed to serve it, by hour and weekday, UTC").arg(unitPlural(answer.unitName)));
    const bool map = m_look->current() == mapLook;
    m_views->setCurrentIndex(map ? 0 : 1);
    m_views->setSizePolicy(QSizePolicy::Expanding, map ? QSizePolicy::Fixed : QSizePolicy::Preferred);
    if (map)
        fillMap(loads);
    else
        fillTable();
}

void LoadWeekCard::fillMap(const std::vector<std::int64_t> &loads)
{
    const QString unit = unitPlural(m_sizing->answer.unitName);
    const std::int64_t largest = std::max<std::int64_t>(*std::max_element(loads.begin(), loads.end()), 1);
    QStringList rows;
    QStringList columns;
    std::vector<HeatCell> cells;
    for (int hour = 0; hour < hours; ++hour)
        columns << QStringLiteral("%1").arg(hour, 2, 10, QLatin1Char('0'));
    for (int day = 0; day < days; ++day) {
        rows << QLocale().dayName(day + 1, QLocale::ShortFormat);
        for (int hour = 0; hour < hours; ++hour) {
            const std::int64_t mean = m_sizing->answer.week[placeOf(day, hour)];
            const std::int64_t load = loads[placeOf(day, hour)];
            HeatCell cell;
            cell.missing = load < 0;
            cell.level = cell.missing ? 0 : static_cast<double>(load) / static_cast<double>(largest);
            cell.text = cell.missing ? QString() : loadText(load);
            cell.toolTip = QStringLiteral("%1 %2").arg(QLocale().dayName(day + 1), hourText(hour));
            if (cell.missing)
                cell.toolTip += tr(": the period has no such hour");
            else if (m_sizing->weekPeaks.empty())
                cell.toolTip += tr(": mean %1 %2").arg(loadText(mean), unit);
            else
                cell.toolTip += tr(": mean %1, peak %2 %3")
                                    .arg(loadText(mean), loadText(m_sizing->weekPeaks[placeOf(day, hour)]), unit);
            cells.push_back(std::move(cell));
        }
    }
    m_map->setCells(rows, columns, std::move(cells), QStringLiteral("0"),
                    QStringLiteral("%1 %2").arg(loadText(largest), unit));
}

void LoadWeekCard::fillTable()
{
    const bool mean = m_measure->current() == meanMeasure || m_sizing->weekPeaks.empty();
    const std::vector<std::int64_t> &loads = mean ? m_sizing->answer.week : m_sizing->weekPeaks;
    std::vector<ValueColumn> columns{{tr("Hour"), tr("UTC"), false, ColumnWidth::Stretch}};
    for (int day = 0; day < days; ++day)
        columns.push_back({QLocale().dayName(day + 1, QLocale::ShortFormat), QLocale().dayName(day + 1), true});
    std::vector<ValueRow> rows;
    for (int hour = 0; hour < hours; ++hour) {
        ValueRow row;
        row.key = QString::number(hour);
        row.cells.push_back(ValueCell::ofText(hourText(hour)));
        for (int day = 0; day < days; ++day)
            row.cells.push_back(loadCell(loads[placeOf(day, hour)]));
        rows.push_back(std::move(row));
    }
    m_table->setColumns(std::move(columns));
    m_table->setRows(std::move(rows));
}

} // namespace perunit
