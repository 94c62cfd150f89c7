// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/baseline_controls.h"

#include "app/pages/key_figures.h"
#include "app/pages/page_layout.h"
#include "app/pages/source_text.h"
#include "app/shell/edit_controls.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>

namespace perunit {

BaselineControls::BaselineControls(WorkspaceDocument &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_period(new QComboBox(this))
    , m_horizon(new QComboBox(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space2);
    m_period->setAccessibleName(tr("Baseline period"));
    m_period->setToolTip(tr("The part of the ledger that scenarios start from"));
    m_horizon->setAccessibleName(tr("Months ahead"));
    m_horizon->setToolTip(tr("How far scenarios look ahead. Months ahead repeat the average month of the baseline."));
    row->addWidget(newLabel(tr("Baseline"), "caption", this));
    row->addWidget(m_period);
    row->addWidget(newLabel(tr("Look ahead"), "caption", this));
    row->addWidget(m_horizon);
    for (QComboBox *box : {m_period, m_horizon})
        changesWorkspace(box)->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(m_period, &QComboBox::activated, this, &BaselineControls::periodChosen);
    connect(m_horizon, &QComboBox::activated, this, &BaselineControls::horizonChosen);
    connect(&document, &WorkspaceDocument::opened, this, &BaselineControls::refresh);
    connect(&document, &WorkspaceDocument::stateChanged, this, &BaselineControls::refresh);
    connect(&document, &WorkspaceDocument::historyChanged, this, &BaselineControls::refresh);
    refresh();
}

void BaselineControls::refresh()
{
    fillPeriods();
    fillHorizons();
}

void BaselineControls::fillPeriods()
{
    const std::optional<Period> current = m_document.state().settings.period;
    m_period->clear();
    m_periods.clear();
    const auto add = [this](const QString &text, std::optional<Period> period) {
        m_period->addItem(text);
        m_periods.push_back(period);
    };
    add(tr("Whole ledger"), std::nullopt);
    if (const auto history = m_document.history()) {
        const Period all = history->ledger->period();
        std::vector<Month> whole;
        for (Month month = monthOf(all.from); month.start() < all.to; month = month.plus(1)) {
            if (all.from <= month.start() && month.plus(1).start() <= all.to)
                whole.push_back(month);
        }
        if (whole.size() > 3)
            add(tr("Last 3 months"), Period{whole[whole.size() - 3].start(), whole.back().plus(1).start()});
        for (auto month = whole.rbegin(); month != whole.rend(); ++month)
            add(shortMonthName(*month), Period{month->start(), month->plus(1).start()});
    }
    auto found = std::find(m_periods.begin(), m_periods.end(), current);
    if (found == m_periods.end()) {
        add(periodText(*current), current);
        found = m_periods.end() - 1;
    }
    m_period->setCurrentIndex(static_cast<int>(found - m_periods.begin()));
}

void BaselineControls::fillHorizons()
{
    const int current = m_document.state().settings.horizonMonths;
    m_horizons = {0, 3, 6, 12, 24, 36};
    if (std::find(m_horizons.begin(), m_horizons.end(), current) == m_horizons.end()) {
        m_horizons.push_back(current);
        std::sort(m_horizons.begin(), m_horizons.end());
    }
    m_horizon->clear();
    for (const int months : m_horizons)
        m_horizon->addItem(months == 0 ? tr("No: re-price it") : monthsText(months));
    const auto found = std::find(m_horizons.begin(), m_horizons.end(), current);
    m_horizon->setCurrentIndex(static_cast<int>(found - m_horizons.begin()));
}

void BaselineControls::periodChosen(int index)
{
    WorkspaceState next = m_document.state();
    next.settings.period = m_periods[static_cast<std::size_t>(index)];
    m_document.edit(tr("Change the baseline period"), std::move(next));
}

void BaselineControls::horizonChosen(int index)
{
    WorkspaceState next = m_document.state();
    next.settings.horizonMonths = m_horizons[static_cast<std::size_t>(index)];
    m_document.edit(tr("Change the months ahead"), std::move(next));
}

} // namespace perunit
