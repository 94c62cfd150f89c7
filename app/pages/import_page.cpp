// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/import_page.h"

#include "app/pages/import_mapping.h"
#include "app/pages/import_overlap.h"
#include "app/pages/import_persons.h"
#include "app/pages/import_questions.h"
#include "app/pages/import_rows.h"
#include "app/pages/page_layout.h"
#include "app/pages/source_text.h"
#include "app/shell/edit_controls.h"
#include "model/figures/figure_builder.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/mapping_edit.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostFiles = 6;
/// Choice beside the formats of ledgers: the file lists prices, not usage.
constexpr const char *priceList = "\x01price-list";

} // namespace

ImportPage::ImportPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Import, tr("Import"), parent)
{
    const PageFrame frame = buildPageFrame(this, title());
    frame.subtitle->setText(tr("Nothing is stored until you import."));
    frame.subtitle->show();
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_import = changesWorkspace(new QPushButton(this));
    m_import->setProperty("role", "primary");
    m_import->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &ImportPage::leave);
    connect(m_import, &QPushButton::clicked, this, &ImportPage::importAll);
    frame.controls->addWidget(cancel);
    frame.controls->addWidget(m_import);

    QVBoxLayout *column = buildScrollingColumn(frame.rows);
    auto *files = new Card(tr("Files"), this);
    m_remove = files->addAction(tr("Leave out"), QStringLiteral("delete"));
    connect(m_remove, &QPushButton::clicked, this, &ImportPage::removeSelected);
    m_files = new ValueTable(tr("Files"), files);
    m_files->setFittingRows(mostFiles);
    m_files->setColumns({{tr("File"), {}, false, ColumnWidth::Stretch},
                         {tr("Format"), {}, false},
                         {tr("Period"), {}, false},
                         {tr("Rows"), tr("Rows that can be used"), true},
                         {tr("Rejected"), tr("Rows that cannot be used"), true},
                         {tr("State"), {}, false, ColumnWidth::Stretch}});
    connect(m_files, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (key.isEmpty())
            return;
        m_selected = key;
        refreshDetail();
    });
    files->setContent(m_files);
    column->addWidget(files);
    buildDetail(column);
    connect(&document(), &WorkspaceDocument::overlapsFound, this, &ImportPage::takeOverlaps);
    connect(&document(), &WorkspaceDocument::previewsReady, this, &ImportPage::takePreviews);
    // What a file is depends on the workspace: remembered mappings, and what is there already.
    connect(&document(), &WorkspaceDocument::opened, this, [this] {
        for (Item &item : m_items)
            item.preview.reset();
        requestPreviews();
        invalidate();
    });
}

void ImportPage::buildDetail(QVBoxLayout *rows)
{
    // First, because the file waits for it.
    m_questions = new ImportQuestionsCard(this);
    connect(m_questions, &ImportQuestionsCard::answered, this, &ImportPage::answerQuestion);
    rows->addWidget(m_questions);
    auto *facts = new Card(tr("What it is"), this);
    auto *content = new QWidget(facts);
    auto *lines = new QVBoxLayout(content);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(Theme::space2);
    m_verdict = newLabel({}, "body", content);
    m_verdict->setWordWrap(true);
    m_facts = newLabel({}, "body", content);
    m_facts->setWordWrap(true);
    m_facts->setTextFormat(Qt::RichText);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_format = new ChoiceBox(tr("Format"), facts);
    connect(m_format, &ChoiceBox::valueEdited, this, &ImportPage::chooseFormat);
    m_prices = facts->addAction(tr("It lists prices"), QStringLiteral("prices"));
    m_prices->setToolTip(tr("Reads the file as a price list: what models cost, not what was used"));
    connect(m_prices, &QPushButton::clicked, this, &ImportPage::readAsPrices);
    m_role = new ChoiceBox(tr("Role"), facts);
    connect(m_role, &ChoiceBox::valueEdited, this, &ImportPage::chooseRole);
    facts->addControl(newLabel(tr("Read as"), "caption", facts));
    facts->addControl(m_format);
    facts->addControl(newLabel(tr("counts as"), "caption", facts));
    facts->addControl(m_role);
    lines->addWidget(m_verdict);
    lines->addWidget(m_facts);
    facts->setContent(content);
    rows->addWidget(facts);

    m_overlaps = new ImportOverlapCard(this);
    connect(m_overlaps, &ImportOverlapCard::answered, this, &ImportPage::answerOverlap);
    rows->addWidget(m_overlaps);
    m_persons = new ImportPersonsCard(this);
    connect(m_persons, &ImportPersonsCard::hashedChosen, this, &ImportPage::chooseHashed);
    rows->addWidget(m_persons);

    m_mappingCard = new Card(tr("Which column is what"), this);
    m_mapping = new MappingEdit(m_mappingCard);
    connect(m_mapping, &MappingEdit::edited, this, &ImportPage::mappingEdited);
    m_mappingCard->setContent(m_mapping);
    rows->addWidget(m_mappingCard);

    auto *table = new Card(tr("Rows"), this);
    m_rowsKind = new SegmentedSwitch(tr("Rows"), table);
    m_rowsKind->addOption(QStringLiteral("sample"), tr("First rows"));
    m_rowsKind->addOption(QStringLiteral("rejects"), tr("Rejected rows"));
    connect(m_rowsKind, &SegmentedSwitch::currentChanged, this, &ImportPage::refreshRows);
    table->addControl(m_rowsKind);
    m_rows = new ValueTable(tr("Rows"), table);
    m_rows->setFittingRows(12);
    table->setContent(m_rows);
    rows->addWidget(table);
    rows->addStretch();
}

// ---- files ------------------------------------------------------------------------------------------------

void ImportPage::addFiles(const QStringList &paths)
{
    std::vector<LedgerFile> files;
    for (const QString &path : paths)
        files.push_back({fromQt(path), {}, {}});
    addLedgers(files);
}

void ImportPage::addLedgers(const std::vector<LedgerFile> &files)
{
    for (const LedgerFile &file : files) {
        const QString path = toQt(file.path);
        ImportOptions options;
        options.furtherParts = file.furtherParts;
        options.name = file.name;
        // The same folder may have more files by now.
        const auto known =
            std::find_if(m_items.begin(), m_items.end(), [&path](const Item &item) { return item.path == path; });
        if (known == m_items.end())
            m_items.push_back({path, std::move(options)});
        else if (known->options.furtherParts != options.furtherParts)
            *known = {path, std::move(options)};
    }
    if (!selected() && !m_items.empty())
        m_selected = m_items.front().path;
    requestPreviews();
    invalidate();
}

void ImportPage::requestPreviews()
{
    std::map<QString, ImportOptions> options;
    QStringList paths;
    m_requested.clear();
    for (const Item &item : m_items) {
        if (item.preview)
            continue;
        paths << item.path;
        m_requested.push_back(item.path);
        options[item.path] = item.options;
    }
    if (!paths.isEmpty())
        document().preview(paths, options);
}

void ImportPage::takeOverlaps(const std::vector<std::vector<Overlap>> &overlaps)
{
    for (std::size_t i = 0; i < overlaps.size() && i < m_requested.size(); ++i) {
        const auto item =
            std::find_if(m_items.begin(), m_items.end(), [&](const Item &each) { return each.path == m_requested[i]; });
        if (item == m_items.end())
            continue;
        item->overlaps = overlaps[i];
        item->answer.clear();
    }
}

void ImportPage::answerOverlap(const QString &answer)
{
    Item *item = selected();
    if (!item)
        return;
    item->answer = answer;
    refresh();
}

bool ImportPage::isUnanswered(const Item &item)
{
    return item.answer.isEmpty() && std::any_of(item.overlaps.begin(), item.overlaps.end(), [](const Overlap &overlap) {
               return overlap.needsAnswer();
           });
}

void ImportPage::takePreviews(std::vector<Result<ImportPreview>> previews)
{
    for (std::size_t i = 0; i < previews.size() && i < m_requested.size(); ++i) {
        const auto item =
            std::find_if(m_items.begin(), m_items.end(), [&](const Item &each) { return each.path == m_requested[i]; });
        if (item == m_items.end())
            continue;
        item->preview = std::move(previews[i]);
        if (*item->preview)
            item->persons = (*item->preview)->persons;
    }
    m_requested.clear();
    invalidate();
}

ImportPage::Item *ImportPage::selected()
{
    const auto found =
        std::find_if(m_items.begin(), m_items.end(), [this](const Item &item) { return item.path == m_selected; });
    return found == m_items.end() ? nullptr : &*found;
}

bool ImportPage::canImport(const Item &item) const
{
    if (!item.preview || !*item.preview)
        return false;
    const ImportPreview &preview = **item.preview;
    return !preview.format.empty() && preview.mappingComplete && !preview.alreadyImported && preview.questions.empty()
           && preview.facts.rowsAccepted > 0 && item.answer != ImportOverlapCard::skipAnswer && !isUnanswered(item);
}

bool ImportPage::isReady() const
{
    return !m_items.empty()
           && std::all_of(m_items.begin(), m_items.end(), [](const Item &item) { return item.preview.has_value(); });
}

void ImportPage::chooseFormat(const std::string &format)
{
    if (format == priceList) {
        readAsPrices();
        return;
    }
    if (Item *item = selected()) {
        item->options.format = format;
        item->options.mapping.reset();
        item->preview.reset();
        requestPreviews();
        refresh();
    }
}

void ImportPage::answerQuestion(ImportQuestion::Kind kind, const std::string &answer)
{
    Item *item = selected();
    if (!item)
        return;
    (kind == ImportQuestion::Kind::DecimalMark ? item->options.decimalMark : item->options.dateOrder) = answer;
    item->preview.reset();
    requestPreviews();
    refresh();
}

void ImportPage::chooseHashed(const std::vector<std::string> &columns)
{
    Item *item = selected();
    if (!item)
        return;
    item->options.hash = columns;
    for (PersonColumn &person : item->persons) {
        if (std::find(columns.begin(), columns.end(), person.name) != columns.end())
            person.fate = PersonColumn::Fate::Hashed;
        else if (person.fate == PersonColumn::Fate::Hashed)
            person.fate = PersonColumn::Fate::Dropped;
    }
    item->preview.reset();
    requestPreviews();
    refreshFiles();
}

void ImportPage::mappingEdited(const MappingValue &value)
{
    Item *item = selected();
    if (!item)
        return;
    // While the file is being read again, the mapping that was asked for last is what the user goes on from.
    const ColumnMapping base =
        item->preview && *item->preview ? (*item->preview)->mapping : item->options.mapping.value_or(ColumnMapping{});
    item->options.mapping = chosenMapping(value, base);
    item->preview.reset();
    requestPreviews();
    refreshFiles();
}

void ImportPage::removeSelected()
{
    std::erase_if(m_items, [this](const Item &item) { return item.path == m_selected; });
    m_selected = m_items.empty() ? QString() : m_items.front().path;
    if (m_items.empty())
        leave();
    else
        refresh();
}

void ImportPage::readAsPrices()
{
    const QString path = m_selected;
    std::erase_if(m_items, [&path](const Item &item) { return item.path == path; });
    m_selected = m_items.empty() ? QString() : m_items.front().path;
    // Usage that was dropped beside it waits on this page.
    refresh();
    window().openCatalogues({path});
}

void ImportPage::leave()
{
    document().cancelPreview();
    m_items.clear();
    m_requested.clear();
    m_selected.clear();
    m_mappedFile.clear();
    window().showPage(document().sources().empty() ? PageId::Home : PageId::Ledger);
}

void ImportPage::importAll()
{
    std::vector<WorkspaceDocument::FileToImport> files;
    for (const Item &item : m_items) {
        if (!canImport(item))
            continue;
        WorkspaceDocument::FileToImport file{item.path, item.options, item.overlaps};
        file.options.role = (*item.preview)->facts.role;
        for (Overlap &overlap : file.overlaps) {
            if (!overlap.needsAnswer())
                continue;
            if (item.answer == ImportOverlapCard::replaceAnswer)
                file.options.replaces.push_back(overlap.known.sourceId);
            else
                overlap.kept = true;
        }
        files.push_back(std::move(file));
    }
    if (files.empty())
        return;
    document().import(std::move(files));
    leave();
}

// ---- what is shown ----------------------------------------------------------------------------------------

void ImportPage::refresh()
{
    refreshFiles();
    refreshDetail();
}

/// What a file that was read waits for.
ImportState ImportPage::stateOf(const Item &item) const
{
    const ImportPreview &preview = **item.preview;
    if (preview.alreadyImported)
        return {tr("Already in this workspace: will not be imported again"), CellTone::Secondary};
    if (preview.format.empty())
        return {tr("Not a format that Perunit knows"), CellTone::Unfavourable};
    if (!preview.mappingComplete) {
        QStringList missing;
        for (const std::string &field : preview.missing)
            missing << toQt(field);
        return {tr("Say which column is: %1").arg(missing.join(QStringLiteral(", "))), CellTone::Warning};
    }
    if (!preview.questions.empty()) {
        const bool numbers = preview.questions.front().kind == ImportQuestion::Kind::DecimalMark;
        return {tr("Say how its %1 are meant").arg(numbers ? tr("numbers") : tr("dates")), CellTone::Warning};
    }
    if (isUnanswered(item))
        return {tr("Covers what is there already: say what is meant"), CellTone::Warning};
    if (item.answer == ImportOverlapCard::skipAnswer)
        return {tr("Left out"), CellTone::Secondary};
    if (preview.facts.rowsAccepted == 0)
        return {tr("No row can be used"), CellTone::Unfavourable};
    return {tr("Ready"), CellTone::Favourable};
}

void ImportPage::refreshFiles()
{
    std::vector<ValueRow> rows;
    int ready = 0;
    for (const Item &item : m_items) {
        rows.push_back(!item.preview    ? waitingRow(item.path)
                       : !*item.preview ? failedRow(item.path, item.preview->error())
                                        : previewedRow(item.path, **item.preview, stateOf(item)));
        ready += canImport(item) ? 1 : 0;
    }
    m_files->setRows(std::move(rows));
    m_files->setCurrentKey(m_selected);
    m_import->setText(ready == 1 ? tr("Import 1 file") : tr("Import %1 files").arg(ready));
    m_import->setEnabled(ready > 0 && isReady());
}

void ImportPage::refreshDetail()
{
    const Item *item = selected();
    const ImportPreview *preview = item && item->preview && *item->preview ? &**item->preview : nullptr;
    m_overlaps->setOverlaps(preview ? item->overlaps : std::vector<Overlap>{}, item ? item->answer : QString());
    refreshRole(preview);
    m_mappingCard->setVisible(preview && !preview->header.empty() && !mappedFields(*preview).empty());
    std::vector<ChoiceItem> formats;
    for (const FormatCandidate &format : knownFormats())
        formats.push_back({format.format, {}, toQt(format.why)});
    formats.push_back({priceList, tr("price list"), tr("what models cost, not what was used")});
    m_format->setItems(formats);
    m_format->setEnabled(item != nullptr);
    // What can be imported as usage is hardly a price list.
    m_prices->setVisible(item && item->preview && !canImport(*item) && !(preview && preview->alreadyImported));
    m_questions->setQuestions(preview ? preview->questions : std::vector<ImportQuestion>{},
                              preview ? preview->notes : std::vector<std::string>{});
    m_persons->setPersons(item ? item->persons : std::vector<PersonColumn>{});
    if (!preview) {
        m_verdict->setText(item && item->preview ? errorText(item->preview->error()) : tr("Reading…"));
        setTextOrHide(m_facts, {});
        m_rows->setRows({});
        return;
    }
    m_format->setValue(preview->format);
    QStringList verdict{formatSentence(preview->facts)};
    if (!preview->usageConvention.empty())
        verdict << toQt(preview->usageConvention);
    if (preview->mappingRemembered)
        verdict << tr("Columns are mapped as last time for this header.");
    const Source &facts = preview->facts;
    if (!item->options.role && facts.isBill && facts.tokenLines > 0 && facts.role == SourceRole::Usage)
        verdict << tr("%1 of its lines count tokens of a model. They are priced again as usage, so that scenarios can "
                      "move them, because nothing else records usage; the rest of it is harness cost. Choose another "
                      "role if that is not meant.")
                       .arg(toQt(countText(facts.tokenLines)));
    for (const std::string &warning : preview->facts.warnings)
        verdict << toQt(warning);
    if (!preview->questions.empty())
        verdict << tr("What depends on an open question is left out here.");
    m_verdict->setText(verdict.join(QLatin1Char('\n')));
    setTextOrHide(m_facts, sourceFacts(settledFacts(*preview)));
    if (!m_mappingCard->isHidden())
        refreshMapping(*preview);
    refreshRows();
}

void ImportPage::chooseRole(const std::string &role)
{
    Item *item = selected();
    const auto known = std::find(sourceRoleNames.begin(), sourceRoleNames.end(), role);
    if (!item || known == sourceRoleNames.end())
        return;
    item->options.role = static_cast<SourceRole>(known - sourceRoleNames.begin());
    // What it is added up with, and what is said about it, depends on the role.
    item->preview.reset();
    requestPreviews();
    invalidate();
}

void ImportPage::refreshRole(const ImportPreview *preview)
{
    const auto roles = preview ? possibleRoles(preview->facts) : std::vector<SourceRole>{};
    std::vector<ChoiceItem> items;
    for (const SourceRole role : roles)
        items.push_back({std::string(sourceRoleNames[static_cast<std::size_t>(role)]), roleName(role), roleHelp(role)});
    m_role->setItems(items);
    m_role->setEnabled(roles.size() > 1 && !preview->alreadyImported);
    if (preview)
        m_role->setValue(std::string(sourceRoleNames[static_cast<std::size_t>(preview->facts.role)]));
}

void ImportPage::refreshMapping(const ImportPreview &preview)
{
    // A mapping that is being typed into is left alone when its own preview comes back.
    const MappingValue value = shownMapping(preview.mapping);
    if (m_mappedFile == m_selected && m_mappedFormat == preview.format && m_mapping->value() == value)
        return;
    m_mappedFile = m_selected;
    m_mappedFormat = preview.format;
    m_mapping->setContent(mappedFields(preview),
                          preview.format == "request-log" ? columnsOf(preview) : std::vector<MappingColumn>{}, value);
}

void ImportPage::refreshRows()
{
    const Item *item = selected();
    if (!item || !item->preview || !*item->preview)
        return;
    if (m_rowsKind->current() == QLatin1String("rejects"))
        showRejectedRows(*m_rows, **item->preview);
    else
        showSampleRows(*m_rows, **item->preview);
}

} // namespace perunit
