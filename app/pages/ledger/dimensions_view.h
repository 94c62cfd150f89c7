// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/framed_view.h"
#include "model/dimensions/apply_dimensions.h"

class QLineEdit;
class QPushButton;

namespace perunit {

class Card;
class RuleCard;
class SegmentedSwitch;
class ValueTable;

/// How the dimensions of the ledger are put in order: which tags count as one, which values are one, and dimensions
/// that rules make. Sources stay as they are; every edit is one undoable step, after which the ledger is read again.
class DimensionsView : public FramedView
{
    Q_OBJECT
public:
    explicit DimensionsView(const LedgerContext &context, QWidget *parent = nullptr);

    void refresh() override;

    /// Shows one dimension: "team", "tag:env".
    void select(const std::string &dimension);
    /// Lets tags count as the selected dimension.
    void bringTogether(const std::vector<std::string> &keys);
    /// Lets texts of the selected dimension be one value.
    void mergeValues(const std::string &value, const std::vector<std::string> &texts);

private:
    void buildFilled();
    QWidget *buildDetail(QWidget *parent);
    void showDimensions();
    void showDetail();
    void showNames(const TagCoverage &coverage);
    void showValues(const TagCoverage &coverage);
    void showButtons();
    void showFacts();
    void askForTag();
    void askForValue();
    void acceptSuggestion();
    void separate();
    void change(const QString &text, const Result<DimensionRules> &next);
    [[nodiscard]] const TagCoverage *selected() const;
    [[nodiscard]] std::vector<std::string> suggestedTags(const TagCoverage &coverage) const;
    [[nodiscard]] std::vector<const TagUse *> tagsOf(const std::string &dimension) const;

    std::shared_ptr<const CoverageReport> m_report;
    std::string m_selected;
    QLabel *m_conflicts = nullptr;
    ValueTable *m_table = nullptr;
    Card *m_detailCard = nullptr;
    SegmentedSwitch *m_detailKind = nullptr;
    ValueTable *m_detail = nullptr;
    QPushButton *m_add = nullptr;
    QPushButton *m_accept = nullptr;
    QPushButton *m_separate = nullptr;
    RuleCard *m_rules = nullptr;
    QLabel *m_facts = nullptr;
};

} // namespace perunit
