// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/framed_view.h"

namespace perunit {

class Card;
class SegmentedSwitch;
class ValueTable;

/// How much of the cost says what it is for: by dimension and tag, what is untagged, which values and keys are probably
/// spellings of one.
class CoverageView : public FramedView
{
    Q_OBJECT
public:
    explicit CoverageView(const LedgerContext &context, QWidget *parent = nullptr);
    void refresh() override;

private:
    void buildInspector();
    void buildFilled();
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
    QLabel *m_summary = nullptr;
    ValueTable *m_table = nullptr;
    Card *m_detailCard = nullptr;
    SegmentedSwitch *m_detailKind = nullptr;
    ValueTable *m_detail = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_spellings = nullptr;
};

} // namespace perunit
