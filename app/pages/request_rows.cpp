// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/request_rows.h"

#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>

namespace perunit {

namespace {

/// What each column shows, in order.
enum Column {
    Time,
    Provider,
    Model,
    Tier,
    Input,
    CacheRead,
    CacheWrite,
    Output,
    Cost,
    WorkloadName,
    Environment,
    Session
};

QString translated(const char *text)
{
    return QCoreApplication::translate("RequestRows", text);
}

ValueCell countCell(std::int64_t count)
{
    return ValueCell::ofNumber(QString::number(count), static_cast<double>(count),
                               count == 0 ? CellTone::Secondary : CellTone::Normal);
}

} // namespace

std::vector<ValueColumn> requestColumns()
{
    return {{translated("Time (UTC)"), {}, false},
            {translated("Provider"), {}, false},
            {translated("Model"), translated("As recorded"), false},
            {translated("Tier"), {}, false},
            {translated("Input"), translated("Uncached prompt tokens"), true},
            {translated("Cache read"), {}, true},
            {translated("Cache write"), {}, true},
            {translated("Output"), {}, true},
            {translated("Cost"), translated("Tokens × price at the time of the request"), true},
            {translated("Workload"), {}, false},
            {translated("Environment"), {}, false},
            {translated("Session"), {}, false, ColumnWidth::Stretch}};
}

RequestRows::RequestRows(std::shared_ptr<const Baseline> baseline)
    : m_baseline(std::move(baseline))
{
    std::tie(m_first, m_last) = m_baseline->rows();
}

int RequestRows::rowCount() const
{
    return static_cast<int>(m_last - m_first);
}

QString RequestRows::key(int row) const
{
    return QString::number(row);
}

ValueCell RequestRows::dimensionCell(std::size_t row, const char *name) const
{
    return ValueCell::ofText(toQt(m_baseline->ledger().workload->text(name, row)));
}

ValueCell RequestRows::costCell(std::size_t row) const
{
    std::int64_t unpriced = 0;
    const Femto cost = m_baseline->requestCost(row, &unpriced);
    if (unpriced > 0 && cost.isZero())
        return ValueCell::unknown(translated("n/a: %1 tokens without a price").arg(unpriced));
    ValueCell cell = ValueCell::ofNumber(toQt(perUnitText(cost, m_baseline->currency())), cost.approximate(),
                                         unpriced > 0 ? CellTone::Warning : CellTone::Normal);
    cell.exact = toQt(cost.text());
    cell.toolTip = cell.exact;
    if (unpriced > 0)
        cell.toolTip += QLatin1Char('\n') + translated("%1 tokens of it have no price").arg(unpriced);
    return cell;
}

ValueCell RequestRows::cell(int tableRow, int column) const
{
    const std::size_t row = m_first + static_cast<std::size_t>(tableRow);
    const Workload &workload = *m_baseline->ledger().workload;
    switch (column) {
    case Time: {
        const std::string text = formatInstant(Instant{workload.time[row]});
        ValueCell cell = ValueCell::ofText(toQt(text));
        cell.sortNumber = static_cast<double>(workload.time[row]);
        return cell;
    }
    case Provider:
        return dimensionCell(row, "provider");
    case Model:
        return dimensionCell(row, "model");
    case Tier:
        return ValueCell::ofText(toQt(nameOf(workload.tier[row])), CellTone::Secondary);
    case Input:
        return countCell(workload.count(UsageClass::Input, row));
    case CacheRead:
        return countCell(workload.count(UsageClass::CacheRead, row));
    case CacheWrite:
        return countCell(workload.count(UsageClass::CacheWrite5m, row) + workload.count(UsageClass::CacheWrite1h, row));
    case Output:
        return countCell(workload.count(UsageClass::Output, row) + workload.count(UsageClass::Reasoning, row));
    case Cost:
        return costCell(row);
    case WorkloadName:
        return dimensionCell(row, "workload");
    case Environment:
        return dimensionCell(row, "environment");
    default:
        return dimensionCell(row, "session");
    }
}

} // namespace perunit
