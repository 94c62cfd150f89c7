// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/sources_view.h"

#include "app/pages/page_layout.h"
#include "app/pages/source_text.h"
#include "app/shell/edit_controls.h"
#include "app/shell/file_dialogs.h"
#include "model/analyses/table_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace perunit {

namespace {

constexpr int mostSources = 10;

ValueCell countCell(std::int64_t count, CellTone tone = CellTone::Normal)
{
    ValueCell cell = ValueCell::ofNumber(toQt(countText(count)), static_cast<double>(count),
                                         count == 0 ? CellTone::Secondary : tone);
    cell.exact = QString::number(count);
    cell.toolTip = QLocale().toString(qlonglong{count});
    return cell;
}

ValueCell totalCell(const CostTotal &amount, const std::string &currency, CellTone tone)
{
    if (!amount)
        return ValueCell::unknown(SourcesView::tr("the file has no such cost column"));
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(amount->toFemto(), currency)), amount->approximate(), tone);
    cell.exact = toQt(amount->text());
    cell.toolTip = toQt(amount->text() + " " + currency);
    return cell;
}

struct CostColumn {
    const char *title;
    const char *help;
    CostTotal Source::*total;
};

constexpr std::array<CostColumn, 4> costColumns{
    {{QT_TRANSLATE_NOOP("SourcesView", "Billed"), QT_TRANSLATE_NOOP("SourcesView", "Sum of the billed cost column"),
      &Source::billed},
     {QT_TRANSLATE_NOOP("SourcesView", "Effective"),
      QT_TRANSLATE_NOOP("SourcesView", "Sum of the effective cost column: with the part of commitments that is used"),
      &Source::effective},
     {QT_TRANSLATE_NOOP("SourcesView", "List"), QT_TRANSLATE_NOOP("SourcesView", "Sum of the list cost column"),
      &Source::list},
     {QT_TRANSLATE_NOOP("SourcesView", "Contracted"),
      QT_TRANSLATE_NOOP("SourcesView", "Sum of the contracted cost column"), &Source::contracted}}};

/// The cost columns that any source has; the others would be a column of dashes.
std::vector<CostColumn> usedCostColumns(const std::vector<Source> &sources)
{
    std::vector<CostColumn> result;
    for (const CostColumn &column : costColumns) {
        if (std::any_of(sources.begin(), sources.end(),
                        [&column](const Source &source) { return (source.*column.total).has_value(); }))
            result.push_back(column);
    }
    return result;
}

} // namespace

SourcesView::SourcesView(const LedgerContext &context, QWidget *parent)
    : LedgerView(context, parent)
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(Theme::space4);
    auto *card = new Card(tr("Sources"), this);
    m_table = new ValueTable(tr("Sources"), card);
    m_table->setFittingRows(mostSources);
    QPushButton *exportSources = card->addAction(tr("Export list…"), QStringLiteral("export"));
    connect(exportSources, &QPushButton::clicked, this, [this] { exportList(*m_table, tr("sources")); });
    connect(m_table, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (key.isEmpty())
            return;
        m_selected = key.toLongLong();
        showDetail();
        showSource();
    });
    connect(m_table, &ValueTable::activated, this, &SourcesView::openRows);
    card->setContent(m_table);
    outer->addWidget(card);
    outer->addWidget(buildDetail(), 1);
    buildInspector();
}

QWidget *SourcesView::buildDetail()
{
    m_detailCard = new Card({}, this);
    m_detailKind = new SegmentedSwitch(tr("Detail"), m_detailCard);
    m_detailKind->addOption(QStringLiteral("rejects"), tr("Rejected rows"), {}, tr("What could not be used, and why"));
    m_detailKind->addOption(QStringLiteral("notes"), tr("Notes of the import"), {},
                            tr("What was converted, assumed or left out"));
    connect(m_detailKind, &SegmentedSwitch::currentChanged, this, &SourcesView::showDetail);
    m_detailCard->addControl(m_detailKind);
    m_exportDetail = m_detailCard->addAction(tr("Export…"), QStringLiteral("export"));
    connect(m_exportDetail, &QPushButton::clicked, this, [this] { exportList(*m_detail, tr("rejected rows")); });
    auto *content = new QWidget(m_detailCard);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space2);
    m_detailNote = newLabel({}, "caption", content);
    m_detailNote->setWordWrap(true);
    m_detail = new ValueTable(tr("Detail"), content);
    column->addWidget(m_detailNote);
    column->addWidget(m_detail, 1);
    m_detailCard->setContent(content);
    return m_detailCard;
}

void SourcesView::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    m_file = newLabel({}, "section", content);
    m_file->setWordWrap(true);
    m_active = changesWorkspace(new QCheckBox(tr("Use this source"), content));
    m_active->setToolTip(tr("A source that is not used stays in the workspace but in no figure"));
    m_roleTitle = newLabel(tr("Role"), "caption", content);
    m_role = changesWorkspace(new ChoiceBox(tr("Role"), content));
    m_roleHelp = newLabel({}, "caption", content);
    m_roleHelp->setWordWrap(true);
    m_rows = new QPushButton(themedIcon(QStringLiteral("table")), tr("Show its rows"), content);
    m_undo = changesWorkspace(new QPushButton(themedIcon(QStringLiteral("undo")), tr("Undo this import"), content));
    m_facts = newLabel({}, "body", content);
    m_facts->setWordWrap(true);
    m_facts->setTextFormat(Qt::RichText);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_why = newLabel({}, "caption", content);
    m_why->setWordWrap(true);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Theme::space2);
    buttons->addWidget(m_rows);
    buttons->addWidget(m_undo);
    buttons->addStretch();
    for (QWidget *each : std::initializer_list<QWidget *>{m_file, m_active, m_roleTitle, m_role, m_roleHelp, m_facts})
        rows->addWidget(each);
    rows->addWidget(m_why);
    rows->addLayout(buttons);
    rows->addStretch();
    connect(m_active, &QCheckBox::clicked, this, &SourcesView::setActive);
    connect(m_undo, &QPushButton::clicked, this, [this] { setActive(false); });
    connect(m_role, &ChoiceBox::valueEdited, this, &SourcesView::setRole);
    connect(m_rows, &QPushButton::clicked, this, &SourcesView::openRows);
}

const Source *SourcesView::selected() const
{
    const auto &sources = document().sources();
    const auto found =
        std::find_if(sources.begin(), sources.end(), [this](const Source &each) { return each.id == m_selected; });
    return found == sources.end() ? nullptr : &*found;
}

void SourcesView::select(std::int64_t source)
{
    m_selected = source;
    refresh();
}

void SourcesView::setActive(bool active)
{
    const Source *source = selected();
    if (!source)
        return;
    WorkspaceState next = document().state();
    next.sources.insert_or_assign(source->id, SourceSetting{active, source->role});
    const QString file = toQt(source->file);
    document().edit(active ? tr("Use source") : tr("Undo import"), std::move(next));
    window().showUndoable(active ? tr("%1 is used again.").arg(file)
                                 : tr("%1 is in no figure any more; its rows stay in the workspace.").arg(file));
}

void SourcesView::setRole(const std::string &role)
{
    const auto found = std::find(sourceRoleNames.begin(), sourceRoleNames.end(), role);
    const Source *source = selected();
    if (!source || found == sourceRoleNames.end())
        return;
    WorkspaceState next = document().state();
    next.sources.insert_or_assign(
        source->id, SourceSetting{source->active, static_cast<SourceRole>(found - sourceRoleNames.begin())});
    document().edit(tr("Change role of source"), std::move(next));
}

void SourcesView::openRows() const
{
    const Source *source = selected();
    if (!source || !source->active || source->role == SourceRole::Outcome)
        return;
    RowFilter filter;
    filter.sources = {source->id};
    showRows(source->role == SourceRole::Usage     ? RowKind::Requests
             : source->role == SourceRole::Invoice ? RowKind::Invoices
                                                   : RowKind::Harness,
             filter);
}

void SourcesView::refresh()
{
    const auto &sources = document().sources();
    if (!selected())
        m_selected = sources.empty() ? 0 : sources.front().id;
    showTable();
    showDetail();
    showSource();
}

void SourcesView::showTable()
{
    const auto &sources = document().sources();
    const std::vector<CostColumn> costs = usedCostColumns(sources);
    std::vector<ValueColumn> columns{
        {tr("File"), {}, false, ColumnWidth::Stretch},
        {tr("Role"), tr("Usage is priced, invoices are tied against, harness is added, outcomes count units"), false},
        {tr("Period"), {}, false},
        {tr("Read"), tr("Rows of the file"), true},
        {tr("Used"), tr("Rows that were accepted"), true},
        {tr("Rejected"), tr("Rows that could not be used; the list below names line, column and reason"), true},
        {tr("Repeated"), tr("Rows that were there before"), true}};
    for (const CostColumn &column : costs)
        columns.push_back({tr(column.title), tr(column.help), true});
    columns.push_back({tr("Tokens"), {}, true});
    columns.push_back({tr("Currency"), {}, false});
    columns.push_back({tr("Format"), {}, false});
    std::vector<ValueRow> rows;
    for (const Source &source : sources) {
        const CellTone tone = source.active ? CellTone::Normal : CellTone::Secondary;
        const std::int64_t tokens = tokensIn(source.tokens.counts);
        ValueRow row;
        row.key = QString::number(source.id);
        ValueCell file =
            ValueCell::ofText(source.active ? toQt(source.file) : tr("%1 (not used)").arg(toQt(source.file)), tone);
        file.toolTip = tr("%1\nSHA-256 %2").arg(toQt(source.file), toQt(source.sha256));
        ValueCell format = ValueCell::ofText(toQt(source.format), tone);
        format.toolTip = formatSentence(source);
        ValueCell period = ValueCell::ofText(periodText(source.period), tone);
        period.sortText = toQt(formatInstant(source.period.from));
        row.cells = {file,
                     ValueCell::ofText(roleName(source.role), tone),
                     period,
                     countCell(source.rowsRead, tone),
                     countCell(source.rowsAccepted, tone),
                     countCell(source.rowsRejected, CellTone::Warning),
                     countCell(source.rowsDuplicate, tone)};
        for (const CostColumn &column : costs)
            row.cells.push_back(totalCell(source.*column.total, source.currency, tone));
        row.cells.push_back(tokens > 0 ? countCell(tokens, tone) : ValueCell::unknown(tr("the file counts no tokens")));
        row.cells.push_back(source.currency.empty() ? ValueCell::unknown(tr("the file holds no money"))
                                                    : ValueCell::ofText(toQt(source.currency), tone));
        row.cells.push_back(format);
        rows.push_back(std::move(row));
    }
    if (m_table->model()->columnCount() != static_cast<int>(columns.size()))
        m_table->setColumns(std::move(columns));
    m_table->setRows(std::move(rows));
    m_table->setCurrentKey(QString::number(m_selected));
}

void SourcesView::showDetail()
{
    const Source *source = selected();
    m_detailCard->setVisible(source != nullptr);
    if (!source)
        return;
    m_detailCard->setTitle(toQt(source->file));
    if (m_detailKind->current() == QLatin1String("notes"))
        showNotes(*source);
    else
        showRejects(*source);
    m_exportDetail->setEnabled(m_detail->model()->totalRows() > 0);
}

void SourcesView::showRejects(const Source &source)
{
    m_detail->setFilterShown(!source.rejects.empty(), tr("Search rejected rows"));
    m_detail->setColumns(
        {{tr("Line"), tr("Line of the file on which the row starts"), true},
         {tr("Column"), tr("Empty when the whole row is bad"), false},
         {tr("Value"), tr("The text that could not be used, cut to 200 letters"), false, ColumnWidth::Stretch},
         {tr("Reason"), {}, false, ColumnWidth::Stretch}});
    std::vector<ValueRow> rows;
    for (const RejectedRow &reject : source.rejects) {
        ValueCell line =
            ValueCell::ofNumber(QLocale().toString(qlonglong{reject.line}), static_cast<double>(reject.line));
        line.exact = QString::number(reject.line);
        rows.push_back({QString::number(rows.size()),
                        {line, ValueCell::ofText(toQt(reject.column)), ValueCell::ofText(toQt(reject.value)),
                         ValueCell::ofText(toQt(reject.reason))}});
    }
    QString note;
    if (source.rowsRejected > 0) {
        note = tr("%1 of %2 rows could not be used; their cost is in no figure.")
                   .arg(toQt(countText(source.rowsRejected)), toQt(countText(source.rowsRead)));
        if (static_cast<std::size_t>(source.rowsRejected) > source.rejects.size())
            note +=
                QLatin1Char(' ')
                + tr("The first %1 are listed.").arg(toQt(countText(static_cast<std::int64_t>(source.rejects.size()))));
    }
    setTextOrHide(m_detailNote, note);
    m_detail->setEmptyText(tr("Every row of this source was used."));
    m_detail->setRows(std::move(rows));
}

void SourcesView::showNotes(const Source &source)
{
    m_detail->setFilterShown(false);
    m_detail->setColumns({{tr("Note"), {}, false, ColumnWidth::Stretch}});
    std::vector<ValueRow> rows;
    for (const std::string &warning : source.warnings) {
        ValueCell cell = ValueCell::ofText(toQt(warning));
        cell.toolTip = cell.text;
        rows.push_back({QString::number(rows.size()), {cell}});
    }
    setTextOrHide(m_detailNote, formatSentence(source));
    m_detail->setEmptyText(tr("Nothing was converted, assumed or left out."));
    m_detail->setRows(std::move(rows));
}

void SourcesView::showSource()
{
    const Source *source = selected();
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_active, m_role, m_roleTitle, m_roleHelp, m_rows, m_undo, m_facts, m_why})
        widget->setVisible(source != nullptr);
    if (!source) {
        m_file->setText(tr("No source"));
        return;
    }
    m_file->setText(toQt(source->file));
    m_active->setChecked(source->active);
    std::vector<ChoiceItem> roles;
    for (const SourceRole role : possibleRoles(*source))
        roles.push_back({std::string(sourceRoleNames[static_cast<std::size_t>(role)]), roleName(role), roleHelp(role)});
    m_role->setItems(roles);
    m_role->setValue(std::string(sourceRoleNames[static_cast<std::size_t>(source->role)]));
    m_role->setEnabled(roles.size() > 1);
    m_roleHelp->setText(roleHelp(source->role));
    m_rows->setEnabled(source->active && source->role != SourceRole::Outcome);
    m_undo->setVisible(source->active);
    m_facts->setText(sourceFacts(*source));
    m_why->setText(formatSentence(*source));
}

void SourcesView::exportList(const ValueTable &table, const QString &name)
{
    const Source *source = selected();
    const QString path =
        askFileToSave(this, tr("Export list"), source ? name + QLatin1Char(' ') + toQt(source->file) : name,
                      {{tr("CSV"), QStringLiteral("csv")}});
    if (path.isEmpty())
        return;
    const ValueTableModel &model = *table.model();
    std::string text;
    for (int column = 0; column < model.columnCount(); ++column)
        text += (column == 0 ? "" : ",")
                + csvField(fromQt(model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()));
    text += "\r\n";
    for (int row = 0; row < model.rowCount(); ++row) {
        for (int column = 0; column < model.columnCount(); ++column)
            text += (column == 0 ? "" : ",")
                    + csvField(fromQt(model.index(row, column).data(ValueTableModel::ExactRole).toString()));
        text += "\r\n";
    }
    QSaveFile file(path);
    const bool written =
        file.open(QIODevice::WriteOnly)
        && file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size())
        && file.commit();
    if (written)
        window().showMessage(MessageKind::Success, tr("The list is in %1.").arg(path), tr("Open"),
                             [path] { openOutside(path); });
    else
        window().showMessage(MessageKind::Error, tr("%1 cannot be written: %2").arg(path, file.errorString()));
}

} // namespace perunit
