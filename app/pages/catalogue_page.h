// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

#include <memory>
#include <optional>

class QCheckBox;
class QDateEdit;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace perunit {

class Card;
class KeyFigureCard;
class SegmentedSwitch;
class SheetColumns;
class ValueTable;

/// Price catalogues that were dropped, one after the other, as they would be added: what is new, changed or suspicious,
/// from when it holds, and what it makes of the bill. Nothing changes before the user says so.
class CataloguePage : public Page
{
    Q_OBJECT
public:
    explicit CataloguePage(const PageContext &context, QWidget *parent = nullptr);

    /// Looks at files, the first one at once.
    void addFiles(const QStringList &paths);
    /// Whether the catalogue that is shown has been read.
    [[nodiscard]] bool isReady() const;
    /// Adds the catalogue that is shown and goes on with the next file, or leaves the page.
    void accept();

protected:
    void refresh() override;

private:
    void buildControls(QVBoxLayout *rows);
    [[nodiscard]] QWidget *buildChanges();
    [[nodiscard]] QWidget *buildColumns();
    void requestPreview();
    void takeSheet(const QString &path, std::shared_ptr<const PriceSheetLook> look);
    void take(const QString &path, std::shared_ptr<const Result<CataloguePreview>> preview);
    void next();
    void showProblem();
    void refreshColumns();
    void refreshFacts(const CataloguePreview &preview);
    void refreshFigures(const CataloguePreview &preview);
    void refreshTable();
    void showChanges(const CataloguePreview &preview, bool suspiciousOnly);
    void showModels(const CataloguePreview &preview);
    void showEffect(const CataloguePreview &preview);
    void showIssues(const CataloguePreview &preview);
    [[nodiscard]] const CataloguePreview *preview() const;
    [[nodiscard]] Instant effectiveFrom() const;

    QStringList m_files; ///< the first one is shown
    std::shared_ptr<const Result<CataloguePreview>> m_preview;
    std::shared_ptr<const PriceSheetLook> m_look; ///< columns of the file, when it is a price sheet
    std::optional<PriceSheetMapping> m_mapping;   ///< what the user said of them
    bool m_columnsShown = false;                  ///< the user wants to see the columns instead of the changes
    QLabel *m_facts = nullptr;
    QPushButton *m_columnsButton = nullptr;
    QWidget *m_changesView = nullptr;
    QWidget *m_columnsView = nullptr;
    QWidget *m_noChanges = nullptr; ///< takes the room while there is nothing to show
    SheetColumns *m_columns = nullptr;
    QWidget *m_dateRow = nullptr;
    SegmentedSwitch *m_from = nullptr;
    QDateEdit *m_date = nullptr;
    QCheckBox *m_holdBack = nullptr;
    std::vector<KeyFigureCard *> m_figures;
    SegmentedSwitch *m_kind = nullptr;
    ValueTable *m_table = nullptr;
    QPushButton *m_accept = nullptr;
    QPushButton *m_skip = nullptr;
};

} // namespace perunit
