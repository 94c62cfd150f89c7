// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/catalogue_page.h"

#include "app/document/clock.h"
#include "app/pages/key_figures.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/sheet_columns.h"
#include "app/shell/edit_controls.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/key_figure_card.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QDateEdit>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace perunit {

namespace {

constexpr std::size_t figureCount = 4;

Instant startOf(const QDate &date)
{
    return {QDate(1970, 1, 1).daysTo(date) * microsPerDay};
}

std::size_t changedModels(const CatalogueDiff &diff)
{
    std::set<ModelKey> models;
    for (const PriceChange &change : diff.changes)
        models.insert(change.model);
    return models.size();
}

KeyFigure countFigure(const QString &label, std::size_t count, const QString &sentence)
{
    KeyFigure figure;
    figure.label = label;
    figure.value = toQt(countText(static_cast<std::int64_t>(count)));
    figure.sentence = sentence;
    return figure;
}

std::optional<Femto> known(const TrafficCost &cost)
{
    return cost.isUnknown() ? std::nullopt : std::optional(cost.cost);
}

/// List price of the card for short prompts; unknown where it has none.
ValueCell cardCell(const RateCard &card, UsageClass usageClass)
{
    const ClassPrice *price =
        card.bands.empty() ? nullptr : &card.bands.front().prices[static_cast<std::size_t>(usageClass)];
    return !price || price->listState == PriceState::Unpriced
               ? ValueCell::unknown(CataloguePage::tr("the catalogue does not say"))
               : priceCell(usageClass, price->listFemto, {});
}

/// Relative change of one price: "+25.0 %".
ValueCell priceChangeCell(const PriceChange &change)
{
    if (!change.beforeFemto)
        return ValueCell::ofText(CataloguePage::tr("new"), CellTone::Secondary);
    if (!change.afterFemto)
        return ValueCell::ofText(CataloguePage::tr("no longer stated"), CellTone::Warning);
    const Femto before = Femto::ofUnits(*change.beforeFemto);
    const Femto after = Femto::ofUnits(*change.afterFemto);
    const double ratio = before.isZero() ? 1e9 : (after.approximate() - before.approximate()) / before.approximate();
    ValueCell cell =
        ValueCell::ofNumber(before.isZero() ? CataloguePage::tr("was free") : toQt(changeText(before, after)), ratio,
                            after < before ? CellTone::Favourable : CellTone::Unfavourable);
    if (change.suspicious)
        cell.icon = QStringLiteral("warning");
    return cell;
}

} // namespace

CataloguePage::CataloguePage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Catalogue, tr("New prices"), parent)
{
    const PageFrame frame = buildPageFrame(this, title());
    frame.subtitle->setText(tr("Nothing changes until you use them."));
    frame.subtitle->show();
    m_skip = new QPushButton(tr("Do not use"), this);
    m_accept = changesWorkspace(new QPushButton(tr("Use these prices"), this));
    m_accept->setProperty("role", "primary");
    m_accept->setDefault(true);
    connect(m_skip, &QPushButton::clicked, this, &CataloguePage::next);
    connect(m_accept, &QPushButton::clicked, this, &CataloguePage::accept);
    frame.controls->addWidget(m_skip);
    frame.controls->addWidget(m_accept);
    buildControls(frame.rows);
    m_changesView = buildChanges();
    m_columnsView = buildColumns();
    frame.rows->addWidget(m_changesView, 1);
    frame.rows->addWidget(m_columnsView, 1);
    m_noChanges = new QWidget(this);
    frame.rows->addWidget(m_noChanges, 1);
    connect(&document(), &WorkspaceDocument::priceSheetSeen, this, &CataloguePage::takeSheet);
    connect(&document(), &WorkspaceDocument::cataloguePreviewed, this, &CataloguePage::take);
    // What a catalogue changes depends on the prices and the ledger of the workspace.
    connect(&document(), &WorkspaceDocument::opened, this, &CataloguePage::requestPreview);
    connect(&document(), &WorkspaceDocument::historyChanged, this, &CataloguePage::requestPreview);
}

void CataloguePage::buildControls(QVBoxLayout *rows)
{
    auto *card = new Card({}, this);
    auto *content = new QWidget(card);
    auto *lines = new QVBoxLayout(content);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(Theme::space2);
    m_facts = newLabel({}, "body", content);
    m_facts->setWordWrap(true);
    auto *head = new QHBoxLayout;
    head->setSpacing(Theme::space4);
    head->addWidget(m_facts, 1);
    m_columnsButton = new QPushButton(content);
    connect(m_columnsButton, &QPushButton::clicked, this, [this] {
        m_columnsShown = !m_columnsShown;
        refresh();
    });
    head->addWidget(m_columnsButton, 0, Qt::AlignTop);
    lines->addLayout(head);

    m_dateRow = new QWidget(content);
    auto *date = new QHBoxLayout(m_dateRow);
    date->setContentsMargins(0, 0, 0, 0);
    date->setSpacing(Theme::space2);
    m_from = new SegmentedSwitch(tr("From when these prices hold"), m_dateRow);
    m_from->addOption(QStringLiteral("day"), tr("From a day on"), {}, tr("Prices of the past stay as they are"));
    m_from->addOption(QStringLiteral("always"), tr("For the whole ledger"), {},
                      tr("Also what requests of the past cost is worked out anew"));
    m_date = new QDateEdit(QDateTime::currentDateTimeUtc().date(), m_dateRow);
    m_date->setCalendarPopup(true);
    m_date->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
    // Wide enough for the date beside the arrow, whatever the style makes of it.
    m_date->setMinimumWidth(m_date->fontMetrics().horizontalAdvance(QStringLiteral("0000-00-00")) + 48);
    m_date->setAccessibleName(tr("First day, UTC"));
    date->addWidget(newLabel(tr("The file carries no dates: its prices hold"), "body", m_dateRow));
    date->addWidget(m_from);
    date->addWidget(m_date);
    date->addStretch();
    lines->addWidget(m_dateRow);
    m_holdBack = new QCheckBox(content);
    m_holdBack->setChecked(true);
    lines->addWidget(m_holdBack);
    card->setContent(content);
    rows->addWidget(card);
    connect(m_from, &SegmentedSwitch::currentChanged, this, &CataloguePage::requestPreview);
    connect(m_date, &QDateEdit::dateChanged, this, &CataloguePage::requestPreview);
    connect(m_holdBack, &QCheckBox::toggled, this, &CataloguePage::requestPreview);
}

QWidget *CataloguePage::buildChanges()
{
    auto *changes = new QWidget(this);
    auto *rows = new QVBoxLayout(changes);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space4);
    auto *figures = new QHBoxLayout;
    figures->setSpacing(Theme::space4);
    for (std::size_t i = 0; i < figureCount; ++i) {
        m_figures.push_back(new KeyFigureCard(changes));
        figures->addWidget(m_figures.back(), 1);
    }
    rows->addLayout(figures);
    auto *card = new Card({}, changes);
    m_kind = new SegmentedSwitch(tr("What is listed"), card);
    m_kind->addOption(QStringLiteral("effect"), tr("Your bill"), {}, tr("What your own traffic costs at these prices"));
    m_kind->addOption(QStringLiteral("changes"), tr("Changes"), {}, tr("Prices that are stated differently"));
    m_kind->addOption(QStringLiteral("suspicious"), tr("Suspicious"), {}, tr("Prices that at least double or halve"));
    m_kind->addOption(QStringLiteral("new"), tr("New models"));
    m_kind->addOption(QStringLiteral("issues"), tr("Remarks"), {},
                      tr("What of the file cannot be used, or was read with a reservation"));
    connect(m_kind, &SegmentedSwitch::currentChanged, this, &CataloguePage::refreshTable);
    card->addControl(m_kind);
    m_table = new ValueTable(tr("What would change"), card);
    m_table->setFilterShown(true, tr("Search"));
    card->setContent(m_table);
    rows->addWidget(card, 1);
    return changes;
}

QWidget *CataloguePage::buildColumns()
{
    auto *place = new QWidget(this);
    auto *rows = new QVBoxLayout(place);
    rows->setContentsMargins(0, 0, 0, 0);
    QVBoxLayout *column = buildScrollingColumn(rows);
    auto *card = new Card(tr("Which column is what"), place);
    m_columns = new SheetColumns(card);
    connect(m_columns, &SheetColumns::edited, this, [this](const PriceSheetMapping &mapping) {
        m_mapping = mapping;
        // Whoever is busy with the columns goes on to see them when they are complete.
        m_columnsShown = true;
        requestPreview();
    });
    card->setContent(m_columns);
    column->addWidget(card);
    column->addStretch();
    return place;
}

// ---- files ------------------------------------------------------------------------------------------------

void CataloguePage::addFiles(const QStringList &paths)
{
    const bool first = m_files.isEmpty();
    for (const QString &path : paths) {
        if (!m_files.contains(path))
            m_files << path;
    }
    if (first)
        requestPreview();
    invalidate();
}

Instant CataloguePage::effectiveFrom() const
{
    return m_from->current() == QLatin1String("always") ? alwaysBefore : startOf(m_date->date());
}

void CataloguePage::requestPreview()
{
    if (m_files.isEmpty() || !document().isOpen())
        return;
    document().previewCatalogue(m_files.front(), effectiveFrom(),
                                m_holdBack->isChecked() ? SuspiciousPrices::HoldBack : SuspiciousPrices::Accept,
                                m_mapping);
    m_accept->setEnabled(false);
}

void CataloguePage::takeSheet(const QString &path, std::shared_ptr<const PriceSheetLook> look)
{
    if (!m_files.isEmpty() && path == m_files.front())
        m_look = std::move(look);
}

void CataloguePage::take(const QString &path, std::shared_ptr<const Result<CataloguePreview>> preview)
{
    if (m_files.isEmpty() || path != m_files.front())
        return;
    m_preview = std::move(preview);
    invalidate();
}

const CataloguePreview *CataloguePage::preview() const
{
    return m_preview && *m_preview ? &**m_preview : nullptr;
}

bool CataloguePage::isReady() const
{
    return preview() != nullptr;
}

void CataloguePage::accept()
{
    const CataloguePreview *shown = preview();
    if (!shown)
        return;
    const AddedCatalogue catalogue = shown->catalogue;
    document().addCatalogue(catalogue);
    const std::size_t models = catalogue.content->models.size() - catalogue.heldBack.size();
    const QString what = counted(models, tr("1 model"), tr("%1 models"));
    const QString text = catalogue.dated ? tr("Prices of %1 are used, each from its own date on.").arg(what)
                         : catalogue.effectiveFrom == alwaysBefore
                             ? tr("Prices of %1 are used for the whole ledger.").arg(what)
                             : tr("Prices of %1 are used from %2 on.").arg(what, dayText(catalogue.effectiveFrom));
    window().showUndoable(text, MessageKind::Success);
    next();
}

void CataloguePage::next()
{
    if (!m_files.isEmpty())
        m_files.removeFirst();
    m_preview.reset();
    m_look.reset();
    m_mapping.reset();
    m_columnsShown = false;
    if (m_files.isEmpty()) {
        window().showPage(PageId::Prices);
        return;
    }
    m_holdBack->setChecked(true);
    requestPreview();
    invalidate();
}

// ---- what is shown ----------------------------------------------------------------------------------------

void CataloguePage::refresh()
{
    const CataloguePreview *shown = preview();
    m_accept->setEnabled(shown != nullptr);
    m_skip->setText(m_files.size() > 1 ? tr("Skip this file") : tr("Do not use"));
    m_dateRow->setVisible(shown && !shown->catalogue.dated);
    m_date->setVisible(m_from->current() == QLatin1String("day"));
    m_holdBack->setVisible(shown && !shown->suspicious.empty());
    refreshColumns();
    if (!shown) {
        showProblem();
        return;
    }
    refreshFacts(*shown);
    refreshFigures(*shown);
    refreshTable();
}

void CataloguePage::showProblem()
{
    const QString file = m_files.isEmpty() ? QString() : QFileInfo(m_files.front()).fileName();
    if (file.isEmpty())
        m_facts->setText(tr("Drop a price catalogue on the window."));
    else if (!m_preview)
        m_facts->setText(tr("Reading %1…").arg(file));
    else if (m_look && !missingText(*m_look).isEmpty())
        m_facts->setText(
            tr("%1 is a table: say below which of its columns are prices, and for how much they are.").arg(file));
    else
        m_facts->setText(tr("%1 cannot be used. %2").arg(file, errorText(m_preview->error())));
}

void CataloguePage::refreshColumns()
{
    const bool failed = m_preview && !*m_preview;
    const bool shown = m_look && (m_columnsShown || failed);
    m_columnsView->setVisible(shown);
    m_changesView->setVisible(!shown && preview());
    m_noChanges->setVisible(!shown && !preview());
    m_columnsButton->setVisible(m_look && !failed);
    m_columnsButton->setText(shown ? tr("Show what changes") : tr("Columns and unit…"));
    // An answer that is still on its way says nothing about what is missing.
    if (m_look && m_preview)
        m_columns->setLook(m_files.front(), *m_look, failed ? std::optional(m_preview->error()) : std::nullopt);
}

void CataloguePage::refreshFacts(const CataloguePreview &preview)
{
    const AddedCatalogue &catalogue = preview.catalogue;
    QStringList sentences{tr("%1: %2, recognised as %3 (%4).")
                              .arg(toQt(catalogue.file),
                                   counted(catalogue.content->models.size(), tr("1 model"), tr("%1 models")),
                                   catalogueFormatName(catalogue.format), toQt(catalogue.why))};
    sentences << (catalogue.content->asOf.empty()
                      ? tr("Its prices are in %1.").arg(toQt(catalogue.content->currency))
                      : tr("Its prices are in %1, as of %2.")
                            .arg(toQt(catalogue.content->currency), toQt(catalogue.content->asOf)));
    if (catalogue.dated)
        sentences << tr("They carry their own dates.");
    if (!catalogue.mapping.empty() && !m_mapping)
        sentences << tr("Its columns are read as you said last time.");
    if (preview.conflicts > 0)
        sentences << tr("It disagrees with the present catalogues on %1: there its prices will count. Prices › "
                        "Catalogues lists them.")
                         .arg(counted(preview.conflicts, tr("1 model"), tr("%1 models")));
    if (!catalogue.issues->empty())
        sentences << counted(catalogue.issues->size(), tr("There is 1 remark on what it says."),
                             tr("There are %1 remarks on what it says."));
    if (m_files.size() > 1)
        sentences << counted(static_cast<std::size_t>(m_files.size() - 1), tr("1 more file follows."),
                             tr("%1 more files follow."));
    m_facts->setText(sentences.join(QLatin1Char(' ')));
    m_holdBack->setText(
        counted(preview.suspicious.size(),
                tr("Keep the present prices of the model of which a price would at least double or halve"),
                tr("Keep the present prices of the %1 models of which a price would at least double or halve")));
}

void CataloguePage::refreshFigures(const CataloguePreview &preview)
{
    const CatalogueDiff &diff = preview.diff;
    m_figures[0]->setFigure(countFigure(tr("New models"), diff.newModels.size(),
                                        counted(diff.sameModels, tr("1 other has the same prices as now"),
                                                tr("%1 others have the same prices as now"))));
    m_figures[1]->setFigure(countFigure(tr("Changed models"), changedModels(diff),
                                        counted(diff.changes.size(), tr("1 price in all"), tr("%1 prices in all"))));
    m_figures[2]->setFigure(countFigure(tr("Suspicious models"), preview.suspicious.size(),
                                        preview.suspicious.empty() ? tr("no price doubles or halves")
                                                                   : tr("a price at least doubles or halves")));
    KeyFigure bill;
    if (preview.effect) {
        bill = costFigure(tr("Your traffic"), known(preview.effect->after), known(preview.effect->before),
                          preview.effect->currency, AmountKind::Total);
        bill.sentence = tr("all requests of the ledger at the prices of %1").arg(dayText(preview.at));
        if (preview.historyBefore && preview.historyAfter && *preview.historyBefore != *preview.historyAfter)
            bill.sentence += tr("; at the prices of their own time %1 instead of %2")
                                 .arg(toQt(moneyText(*preview.historyAfter, preview.effect->currency)),
                                      toQt(moneyText(*preview.historyBefore, preview.effect->currency)));
        else
            bill.sentence += tr("; what they did cost stays as it is");
        if (const std::int64_t tokens = preview.effect->after.unpricedTokens; tokens > 0)
            bill.sentence += tr("; %1 tokens have no price").arg(toQt(countText(tokens)));
    } else {
        bill.label = tr("Your traffic");
        bill.value = QStringLiteral("–");
        bill.sentence = tr("import a ledger to see what these prices make of it");
    }
    m_figures[3]->setFigure(bill);
}

void CataloguePage::refreshTable()
{
    const CataloguePreview *shown = preview();
    if (!shown)
        return;
    const QString kind = m_kind->current();
    if (kind == QLatin1String("changes") || kind == QLatin1String("suspicious"))
        showChanges(*shown, kind == QLatin1String("suspicious"));
    else if (kind == QLatin1String("new"))
        showModels(*shown);
    else if (kind == QLatin1String("issues"))
        showIssues(*shown);
    else
        showEffect(*shown);
}

void CataloguePage::showChanges(const CataloguePreview &preview, bool suspiciousOnly)
{
    const QString unit = tr("%1 per million tokens, or for one event").arg(toQt(preview.book->currency()));
    m_table->setColumns({{tr("Provider"), {}, false},
                         {tr("Model"), {}, false, ColumnWidth::Stretch},
                         {tr("When"), tr("Tier, region, prompt length or hours"), false},
                         {tr("Price of"), {}, false},
                         {tr("Now"), unit, true},
                         {tr("Then"), unit, true},
                         {tr("Change"), {}, true}});
    m_table->setEmptyText(suspiciousOnly ? tr("No price doubles or halves.") : tr("No price changes."));
    std::vector<ValueRow> rows;
    for (const PriceChange &change : preview.diff.changes) {
        if (suspiciousOnly && !change.suspicious)
            continue;
        ValueRow row;
        row.key = QString::number(rows.size());
        row.cells = {ValueCell::ofText(toQt(change.model.provider)),
                     ValueCell::ofText(toQt(change.model.model), CellTone::Emphasis),
                     ValueCell::ofText(conditionText(change.tier, change.region, change.band, change.daily),
                                       CellTone::Secondary),
                     ValueCell::ofText(className(change.usageClass)),
                     priceCell(change.usageClass, change.beforeFemto, tr("not stated")),
                     priceCell(change.usageClass, change.afterFemto, tr("not stated")),
                     priceChangeCell(change)};
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
}

void CataloguePage::showModels(const CataloguePreview &preview)
{
    const QString perMillion = tr("%1 per million tokens, standard tier").arg(toQt(preview.book->currency()));
    m_table->setColumns({{tr("Provider"), {}, false},
                         {tr("Model"), {}, false, ColumnWidth::Stretch},
                         {tr("Input"), perMillion, true},
                         {tr("Output"), perMillion, true},
                         {tr("Context"), tr("Longest prompt in tokens"), true}});
    m_table->setEmptyText(tr("Every model of the file is known."));
    std::vector<ValueRow> rows;
    for (const ModelKey &key : preview.diff.newModels) {
        ValueRow row{modelKeyText(key),
                     {ValueCell::ofText(toQt(key.provider)), ValueCell::ofText(toQt(key.model), CellTone::Emphasis)}};
        const ModelIndex index = preview.book->resolve(key.provider, key.model).model;
        const RateCard card =
            index.found() ? preview.book->rateCard(index, ServiceTier::Standard, {}, preview.at) : RateCard{};
        for (const UsageClass each : {UsageClass::Input, UsageClass::Output})
            row.cells.push_back(cardCell(card, each));
        const std::int64_t context = index.found() ? preview.book->model(index).contextWindow : 0;
        row.cells.push_back(context == 0 ? ValueCell::unknown(tr("the catalogue does not say"))
                                         : ValueCell::ofNumber(toQt(countText(context)), static_cast<double>(context)));
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
}

void CataloguePage::showEffect(const CataloguePreview &preview)
{
    m_table->setColumns({{tr("Provider"), tr("As recorded"), false},
                         {tr("Model"), tr("As recorded"), false, ColumnWidth::Stretch},
                         {tr("Requests"), {}, true},
                         {tr("Now"), tr("At the present prices of %1").arg(toQt(formatDate(preview.at))), true},
                         {tr("Then"), tr("At the new prices of that day"), true},
                         {tr("Change"), {}, true},
                         {tr("Unpriced"), tr("Tokens without a price then; they are in no total"), true}});
    m_table->setEmptyText(tr("Import a ledger to see what these prices make of it."));
    std::vector<ValueRow> rows;
    if (preview.effect) {
        const std::string &currency = preview.effect->currency;
        for (const PriceEffect::Line &line : preview.effect->lines) {
            ValueRow row;
            row.key = toQt(line.provider + "\n" + line.recorded);
            row.cells = {ValueCell::ofText(toQt(line.provider)),
                         ValueCell::ofText(toQt(line.recorded), CellTone::Emphasis),
                         ValueCell::ofNumber(toQt(countText(line.requests)), static_cast<double>(line.requests)),
                         costCell(known(line.before), currency),
                         costCell(known(line.after), currency),
                         costChangeCell(line.before.cost, line.after.cost, currency),
                         ValueCell::ofNumber(toQt(countText(line.after.unpricedTokens)),
                                             static_cast<double>(line.after.unpricedTokens),
                                             line.after.unpricedTokens > 0 ? CellTone::Warning : CellTone::Secondary)};
            rows.push_back(std::move(row));
        }
    }
    m_table->setRows(std::move(rows));
}

void CataloguePage::showIssues(const CataloguePreview &preview)
{
    m_table->setColumns({{tr("Entry"), tr("Place in the file"), false, ColumnWidth::Stretch},
                         {tr("Remark"), {}, false, ColumnWidth::Stretch}});
    m_table->setEmptyText(tr("Everything in the file is used as it stands."));
    std::vector<ValueRow> rows;
    for (const CatalogueIssue &issue : *preview.catalogue.issues)
        rows.push_back({QString::number(rows.size()),
                        {ValueCell::ofText(issuePlace(issue.path)), ValueCell::ofText(toQt(issue.reason))}});
    m_table->setRows(std::move(rows));
}

} // namespace perunit
