// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"
#include "app/shell/capacity_choice.h"

#include <QObject>

#include <cstdint>
#include <set>
#include <string>

namespace perunit {

/// Pages of the window. Import and Catalogue are reached by dropping files, all others from the navigation rail.
enum class PageId : std::uint8_t {
    Home,
    Ledger,
    Prices,
    Units,
    Scenarios,
    Compare,
    Capacity,
    Report,
    Import,
    Catalogue
};

/// What the user looks at: page, scenario, unit, what is compared. Kept in the workspace so that it reopens as it
/// was, but no part of the undoable state. Never names something that the workspace does not have.
class Selection : public QObject
{
    Q_OBJECT
public:
    explicit Selection(WorkspaceDocument &document, QObject *parent = nullptr);

    [[nodiscard]] PageId page() const { return m_page; }
    void setPage(PageId page);

    /// Selected scenario; empty: the baseline.
    [[nodiscard]] const std::string &scenarioId() const { return m_scenario; }
    void setScenario(const std::string &id);

    /// Unit whose cost is followed; empty when the workspace has none.
    [[nodiscard]] const std::string &unitName() const { return m_unit; }
    void setUnit(const std::string &name);
    /// Follows a unit that is about to be called differently, without a change of what is selected.
    void renameUnit(const std::string &before, const std::string &after);

    /// Scenario that differences are measured against; empty: the baseline.
    [[nodiscard]] const std::string &referenceId() const { return m_reference; }
    void setReference(const std::string &id);

    /// Scenarios that are left out of comparisons and reports.
    [[nodiscard]] bool isCompared(const std::string &id) const { return !m_left.contains(id); }
    void setCompared(const std::string &id, bool compared);

    [[nodiscard]] const CapacityChoice &capacity() const { return m_capacity; }
    void setCapacity(const CapacityChoice &choice);

    /// Picture shown by the Compare page: "components", "unit", "months", "bridge".
    [[nodiscard]] const QString &comparePicture() const { return m_comparePicture; }
    void setComparePicture(const QString &picture);

signals:
    void pageChanged();
    void scenarioChanged();
    void unitChanged();
    void comparedChanged();
    void capacityChanged();

private:
    void restore();
    void save();
    void dropWhatIsGone();

    WorkspaceDocument &m_document;
    PageId m_page = PageId::Home;
    std::string m_scenario;
    std::string m_unit;
    std::string m_reference;
    std::set<std::string> m_left;
    CapacityChoice m_capacity;
    QString m_comparePicture = QStringLiteral("components");
    bool m_restoring = false;
};

} // namespace perunit
