// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

class QCheckBox;
class QLabel;
class QStackedWidget;

namespace perunit {

class ChoiceBox;
class KeyFigureCard;
class SegmentedSwitch;
class ValueTable;

/// What was imported, is it complete, how well is it tagged; the rows themselves. The inspector shows one source.
class LedgerPage : public Page
{
    Q_OBJECT
public:
    explicit LedgerPage(const PageContext &context, QWidget *parent = nullptr);

    QWidget *inspector() override;

protected:
    void refresh() override;

private:
    QWidget *buildFilled();
    void buildInspector();
    void refreshSources();
    void refreshDetail();
    void refreshCoverage();
    void refreshRows();
    void refreshRejects();
    void refreshInspector();
    [[nodiscard]] const Source *selectedSource() const;
    void setSourceActive(bool active);
    void setSourceRole(const std::string &role);

    QStackedWidget *m_views = nullptr;
    ValueTable *m_sources = nullptr;
    SegmentedSwitch *m_detailKind = nullptr;
    ValueTable *m_detail = nullptr;
    QLabel *m_detailNote = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_file = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_warnings = nullptr;
    QCheckBox *m_active = nullptr;
    ChoiceBox *m_role = nullptr;
    std::int64_t m_selected = 0;
};

} // namespace perunit
