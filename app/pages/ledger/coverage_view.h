// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/ledger_view.h"

class QLabel;
class QStackedWidget;

namespace perunit {

class Card;
class EmptyState;
class SegmentedSwitch;
class ValueTable;

/// How much of the cost says what it is for: by dimension and tag, what is untagged, which values and keys are probably
/// spellings of one.
class CoverageView : public LedgerView
{
    Q_OBJECT
public:
    explicit CoverageView(const LedgerContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }

private:
    void buildInspector();
    [[nodiscard]] QWidget *buildFilled();
    void showTable();
    void showDetail();
    void showUntagged(const TagCoverage &coverage);
    void showValues(const TagCoverage &coverage);
    void showVariants(const TagCoverage &coverage);
    void showDimension();
    void openRows(const std::string &dimension, const std::vector<std::string> &values) const;
    void openDetail(const QString &key);
    [[nodiscard]] const TagCoverage *selected() const;

    std::shared_ptr<const CoverageReport> m_report;
    QString m_selected;
    QStackedWidget *m_views = nullptr;
    EmptyState *m_none = nullptr;
    QLabel *m_summary = nullptr;
    ValueTable *m_table = nullptr;
    Card *m_detailCard = nullptr;
    SegmentedSwitch *m_detailKind = nullptr;
    ValueTable *m_detail = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_spellings = nullptr;
};

} // namespace perunit
