// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/ledger/ledger_view.h"

class QCheckBox;
class QLabel;
class QPushButton;

namespace perunit {

class Card;
class ChoiceBox;
class SegmentedSwitch;
class ValueTable;

/// What was imported, as what, and what of it could not be used. An import is undone, and its role changed, as one
/// undoable step.
class SourcesView : public LedgerView
{
    Q_OBJECT
public:
    explicit SourcesView(const LedgerContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }
    [[nodiscard]] bool isReady() const override { return true; }
    /// Shows a source; an unknown id changes nothing.
    void select(std::int64_t source);

private:
    void buildInspector();
    [[nodiscard]] QWidget *buildDetail();
    void showTable();
    void showDetail();
    void showRejects(const Source &source);
    void showNotes(const Source &source);
    void showSource();
    void setActive(bool active);
    void setRole(const std::string &role);
    void openRows() const;
    void exportList(const ValueTable &table, const QString &name);
    [[nodiscard]] const Source *selected() const;

    std::int64_t m_selected = 0;
    ValueTable *m_table = nullptr;
    Card *m_detailCard = nullptr;
    SegmentedSwitch *m_detailKind = nullptr;
    QLabel *m_detailNote = nullptr;
    ValueTable *m_detail = nullptr;
    QPushButton *m_exportDetail = nullptr;
    QWidget *m_inspector = nullptr;
    QLabel *m_file = nullptr;
    QCheckBox *m_active = nullptr;
    QLabel *m_roleTitle = nullptr;
    ChoiceBox *m_role = nullptr;
    QLabel *m_roleHelp = nullptr;
    QPushButton *m_rows = nullptr;
    QPushButton *m_undo = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_why = nullptr;
};

} // namespace perunit
