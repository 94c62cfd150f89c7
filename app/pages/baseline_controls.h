// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"

#include <QWidget>

class QComboBox;

namespace perunit {

/// Which part of the ledger scenarios start from, and how many months they look ahead. Edits the baseline settings of
/// the workspace.
class BaselineControls : public QWidget
{
    Q_OBJECT
public:
    explicit BaselineControls(WorkspaceDocument &document, QWidget *parent = nullptr);

private:
    void refresh();
    void fillPeriods();
    void fillHorizons();
    void periodChosen(int index);
    void horizonChosen(int index);

    WorkspaceDocument &m_document;
    QComboBox *m_period;
    QComboBox *m_horizon;
    std::vector<std::optional<Period>> m_periods; ///< in the order of the box
    std::vector<int> m_horizons;
};

} // namespace perunit
