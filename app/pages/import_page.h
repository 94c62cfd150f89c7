// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/import_rows.h"
#include "app/shell/page.h"
#include "model/import/file_set.h"

#include <optional>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace perunit {

class Card;
class ChoiceBox;
class ImportOverlapCard;
class ImportPersonsCard;
class ImportQuestionsCard;
class MappingEdit;
class SegmentedSwitch;
class ValueTable;
struct MappingValue;

/// Files that were dropped, as they will be imported: format and why, mapping, rows, period, currency, totals, rejected
/// rows. Nothing is stored before the user says so.
class ImportPage : public Page
{
    Q_OBJECT
public:
    explicit ImportPage(const PageContext &context, QWidget *parent = nullptr);

    /// Adds files and starts to read them.
    void addFiles(const QStringList &paths);
    void addLedgers(const std::vector<LedgerFile> &files);
    /// Whether every file that can be imported has been read.
    [[nodiscard]] bool isReady() const;
    /// Imports what can be imported and leaves the page.
    void importAll();

protected:
    void refresh() override;

private:
    struct Item {
        QString path;
        ImportOptions options;
        std::optional<Result<ImportPreview>> preview = {}; ///< empty while the file is being read
        std::vector<Overlap> overlaps = {};                ///< with what is there already
        QString answer = {};                               ///< what to do about them; empty until the user says so
        std::vector<PersonColumn> persons = {};            ///< as last seen; stays while the file is read again
    };

    void buildDetail(QVBoxLayout *rows);
    void requestPreviews();
    void takeOverlaps(const std::vector<std::vector<Overlap>> &overlaps);
    void takePreviews(std::vector<Result<ImportPreview>> previews);
    void refreshFiles();
    void refreshDetail();
    void answerOverlap(const QString &answer);
    void refreshMapping(const ImportPreview &preview);
    void refreshRows();
    [[nodiscard]] ImportState stateOf(const Item &item) const;
    void chooseHashed(const std::vector<std::string> &columns);
    void mappingEdited(const MappingValue &value);
    void chooseFormat(const std::string &format);
    void chooseRole(const std::string &role);
    void refreshRole(const ImportPreview *preview);
    void answerQuestion(ImportQuestion::Kind kind, const std::string &answer);
    void removeSelected();
    void readAsPrices();
    void leave();
    [[nodiscard]] Item *selected();
    [[nodiscard]] bool canImport(const Item &item) const;
    /// Whether the same money may be counted twice and nobody has said what is meant.
    [[nodiscard]] static bool isUnanswered(const Item &item);

    std::vector<Item> m_items;
    std::vector<QString> m_requested; ///< paths of the previews that are under way, in order
    QString m_selected;
    QString m_mappedFile; ///< whose mapping is in the editor
    std::string m_mappedFormat;
    ValueTable *m_files = nullptr;
    QLabel *m_verdict = nullptr;
    QLabel *m_facts = nullptr;
    ChoiceBox *m_format = nullptr;
    ChoiceBox *m_role = nullptr;
    ImportOverlapCard *m_overlaps = nullptr;
    ImportQuestionsCard *m_questions = nullptr;
    ImportPersonsCard *m_persons = nullptr;
    Card *m_mappingCard = nullptr;
    MappingEdit *m_mapping = nullptr;
    SegmentedSwitch *m_rowsKind = nullptr;
    ValueTable *m_rows = nullptr;
    QPushButton *m_prices = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_import = nullptr;
};

} // namespace perunit
