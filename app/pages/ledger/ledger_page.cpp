// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger_page.h"

#include "app/pages/page_layout.h"
#include "app/pages/request_rows.h"
#include "app/pages/source_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostSources = 6;

ValueCell countCell(std::int64_t count, CellTone tone = CellTone::Normal)
{
    return ValueCell::ofNumber(toQt(countText(count)), static_cast<double>(count), tone);
}

ValueCell costCell(const CostTotal &amount, const std::string &currency)
{
    if (!amount)
        return ValueCell::unknown(QCoreApplication::translate("LedgerPage", "the file has no cost column"));
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(amount->toFemto(), currency)), amount->approximate());
    cell.exact = toQt(amount->text());
    cell.toolTip = toQt(amount->text() + " " + currency);
    return cell;
}

/// Roles that the rows of a source can play: charges count no tokens to price, and counts are neither.
std::vector<SourceRole> possibleRoles(const Source &source)
{
    if (source.format == "outcome-series")
        return {SourceRole::Outcome};
    if (source.format == "focus")
        return {SourceRole::Invoice, SourceRole::Harness};
    return {SourceRole::Usage, SourceRole::Invoice, SourceRole::Harness};
}

} // namespace

LedgerPage::LedgerPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Ledger, tr("Ledger"), parent)
    , m_views(new QStackedWidget(this))
{
    const PageFrame frame = buildPageFrame(this, title());
    auto *importFiles = new QPushButton(themedIcon(QStringLiteral("import")), tr("Import…"), this);
    connect(importFiles, &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    frame.controls->addWidget(importFiles);
    auto *none = new EmptyState(QStringLiteral("ledger"), tr("Nothing is imported yet."), this);
    none->setHint(tr("Drop usage logs, traces, FOCUS exports or outcome counts anywhere on this window."));
    none->setDropZone(true);
    connect(none->addButton(tr("Import files…"), QStringLiteral("import")), &QPushButton::clicked, this,
            [this] { window().chooseFilesToImport(); });
    m_views->addWidget(none);
    m_views->addWidget(buildFilled());
    frame.rows->addWidget(m_views, 1);
    buildInspector();

    connect(&document(), &WorkspaceDocument::opened, this, &LedgerPage::invalidate);
    connect(&document(), &WorkspaceDocument::sourcesChanged, this, &LedgerPage::invalidate);
    connect(&document(), &WorkspaceDocument::stateChanged, this, &LedgerPage::invalidate);
    connect(&document(), &WorkspaceDocument::historyChanged, this, &LedgerPage::invalidate);
}

QWidget *LedgerPage::inspector()
{
    return m_inspector;
}

QWidget *LedgerPage::buildFilled()
{
    auto *filled = new QWidget(this);
    auto *rows = new QVBoxLayout(filled);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space4);
    auto *sources = new Card(tr("Sources"), filled);
    m_sources = new ValueTable(tr("Sources"), sources);
    m_sources->setFittingRows(mostSources);
    m_sources->setColumns(
        {{tr("File"), {}, false, ColumnWidth::Stretch},
         {tr("Format"), {}, false},
         {tr("Role"), tr("Usage is priced, invoices are tied against, harness is added, outcomes count units"), false},
         {tr("Period"), {}, false},
         {tr("Rows"), tr("Accepted rows"), true},
         {tr("Rejected"), tr("Rows that could not be used; the list names line, column and reason"), true},
         {tr("Tokens"), {}, true},
         {tr("Billed"), tr("Sum of the billed cost column"), true}});
    connect(m_sources, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (key.isEmpty())
            return;
        m_selected = key.toLongLong();
        refreshDetail();
        refreshInspector();
    });
    sources->setContent(m_sources);
    rows->addWidget(sources);

    auto *detail = new Card({}, filled);
    m_detailKind = new SegmentedSwitch(tr("Detail"), detail);
    m_detailKind->addOption(QStringLiteral("coverage"), tr("Tag coverage"), {},
                            tr("How much of the cost says what it is for"));
    m_detailKind->addOption(QStringLiteral("rows"), tr("Requests"), {}, tr("All requests of the active sources"));
    m_detailKind->addOption(QStringLiteral("rejects"), tr("Rejected rows"), {}, tr("What could not be used, and why"));
    connect(m_detailKind, &SegmentedSwitch::currentChanged, this, &LedgerPage::refreshDetail);
    detail->addControl(m_detailKind);
    auto *content = new QWidget(detail);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    m_detail = new ValueTable(tr("Detail"), content);
    m_detailNote = newLabel({}, "caption", content);
    m_detailNote->setWordWrap(true);
    column->addWidget(m_detailNote);
    column->addWidget(m_detail, 1);
    detail->setContent(content);
    rows->addWidget(detail, 1);
    return filled;
}

void LedgerPage::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    m_file = newLabel({}, "section", content);
    m_file->setWordWrap(true);
    m_facts = newLabel({}, "body", content);
    m_facts->setWordWrap(true);
    m_facts->setTextFormat(Qt::RichText);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_warnings = newLabel({}, "caption", content);
    m_warnings->setWordWrap(true);
    m_active = new QCheckBox(tr("Use this source"), content);
    m_active->setToolTip(tr("A source that is not used stays in the workspace but in no figure"));
    m_role = new ChoiceBox(tr("Role"), content);
    rows->addWidget(m_file);
    rows->addWidget(m_active);
    rows->addWidget(newLabel(tr("Role"), "caption", content));
    rows->addWidget(m_role);
    rows->addWidget(m_facts);
    rows->addWidget(m_warnings);
    rows->addStretch();
    connect(m_active, &QCheckBox::clicked, this, &LedgerPage::setSourceActive);
    connect(m_role, &ChoiceBox::valueEdited, this, &LedgerPage::setSourceRole);
}

const Source *LedgerPage::selectedSource() const
{
    const auto &sources = document().sources();
    const auto found =
        std::find_if(sources.begin(), sources.end(), [this](const Source &each) { return each.id == m_selected; });
    return found == sources.end() ? nullptr : &*found;
}

void LedgerPage::setSourceActive(bool active)
{
    WorkspaceState next = document().state();
    const Source *source = selectedSource();
    if (!source)
        return;
    next.sources.insert_or_assign(source->id, SourceSetting{active, source->role});
    document().edit(active ? tr("Use source") : tr("Leave source out"), std::move(next));
}

void LedgerPage::setSourceRole(const std::string &role)
{
    const auto found = std::find(sourceRoleNames.begin(), sourceRoleNames.end(), role);
    const Source *source = selectedSource();
    if (!source || found == sourceRoleNames.end())
        return;
    WorkspaceState next = document().state();
    next.sources.insert_or_assign(
        source->id, SourceSetting{source->active, static_cast<SourceRole>(found - sourceRoleNames.begin())});
    document().edit(tr("Change role of source"), std::move(next));
}

void LedgerPage::refresh()
{
    const auto &sources = document().sources();
    m_views->setCurrentIndex(sources.empty() ? 0 : 1);
    if (!selectedSource())
        m_selected = sources.empty() ? 0 : sources.front().id;
    if (!sources.empty()) {
        refreshSources();
        refreshDetail();
    }
    refreshInspector();
}

void LedgerPage::refreshSources()
{
    std::vector<ValueRow> rows;
    for (const Source &source : document().sources()) {
        const CellTone tone = source.active ? CellTone::Normal : CellTone::Secondary;
        const std::int64_t tokens = tokensIn(source.tokens.counts);
        ValueRow row;
        row.key = QString::number(source.id);
        ValueCell file =
            ValueCell::ofText(source.active ? toQt(source.file) : tr("%1 (not used)").arg(toQt(source.file)), tone);
        file.toolTip = toQt(source.sha256);
        ValueCell period = ValueCell::ofText(periodText(source.period), tone);
        period.sortText = toQt(formatInstant(source.period.from));
        row.cells = {file,
                     ValueCell::ofText(toQt(source.format), tone),
                     ValueCell::ofText(roleName(source.role), tone),
                     period,
                     countCell(source.rowsAccepted, tone),
                     countCell(source.rowsRejected, source.rowsRejected > 0 ? CellTone::Warning : CellTone::Secondary),
                     tokens > 0 ? countCell(tokens, tone) : ValueCell::unknown(tr("the file counts no tokens")),
                     costCell(source.billed, source.currency)};
        rows.push_back(std::move(row));
    }
    m_sources->setRows(std::move(rows));
    m_sources->setCurrentKey(QString::number(m_selected));
}

void LedgerPage::refreshDetail()
{
    const QString kind = m_detailKind->current();
    if (kind == QLatin1String("rows"))
        refreshRows();
    else if (kind == QLatin1String("rejects"))
        refreshRejects();
    else
        refreshCoverage();
}

void LedgerPage::refreshCoverage()
{
    setTextOrHide(m_detailNote, tr("Share of the inference cost whose requests carry a value."));
    m_detail->setFilterShown(false);
    m_detail->setColumns({{tr("Dimension"), {}, false, ColumnWidth::Stretch},
                          {tr("With a value"), tr("Cost of requests that carry a value"), true},
                          {tr("Share"), {}, true},
                          {tr("Without"), tr("Cost that nobody can attribute"), true},
                          {tr("Values"), tr("Number of different values"), true},
                          {tr("Largest"), {}, false, ColumnWidth::Stretch}});
    std::vector<ValueRow> rows;
    if (const auto history = document().history()) {
        const std::string &currency = history->outcome.currency;
        std::map<std::string, std::vector<const GroupOutcome *>> groups;
        for (const GroupOutcome &group : history->outcome.groups)
            groups[group.by].push_back(&group);
        for (const auto &[by, values] : groups) {
            Femto with;
            Femto without;
            Femto most;
            const GroupOutcome *largest = nullptr;
            int count = 0;
            for (const GroupOutcome *value : values) {
                const Femto cost = value->components.total() - value->components[Component::Harness];
                if (value->key.empty()) {
                    without += cost;
                    continue;
                }
                with += cost;
                ++count;
                if (!largest || cost > most) {
                    largest = value;
                    most = cost;
                }
            }
            ValueRow row;
            row.key = toQt(by);
            ValueCell share = ValueCell::ofNumber(
                toQt(shareText(with, with + without)),
                (with + without).isZero() ? 0 : with.approximate() / (with + without).approximate());
            share.bar = static_cast<float>(share.sortNumber);
            row.cells = {ValueCell::ofText(dimensionLabel(by), CellTone::Emphasis),
                         ValueCell::ofNumber(toQt(moneyText(with, currency)), with.approximate()),
                         share,
                         ValueCell::ofNumber(toQt(moneyText(without, currency)), without.approximate(),
                                             without.isZero() ? CellTone::Secondary : CellTone::Warning),
                         ValueCell::ofNumber(QString::number(count), count),
                         ValueCell::ofText(largest ? toQt(largest->key) : QStringLiteral("–"), CellTone::Secondary)};
            rows.push_back(std::move(row));
        }
    }
    m_detail->setEmptyText(tr("The active sources hold no requests."));
    m_detail->setRows(std::move(rows));
}

void LedgerPage::refreshRows()
{
    const auto history = document().history();
    setTextOrHide(m_detailNote,
                  history ? tr("All requests of the active sources at the prices of their own time, in order of time.")
                          : tr("Computing…"));
    m_detail->setFilterShown(false);
    m_detail->setColumns(requestColumns());
    m_detail->setEmptyText(tr("The active sources hold no requests."));
    if (history)
        m_detail->setSource(std::make_shared<RequestRows>(history->ledger));
    else
        m_detail->setRows({});
}

void LedgerPage::refreshRejects()
{
    const Source *source = selectedSource();
    m_detail->setFilterShown(true, tr("Search rejected rows"));
    m_detail->setColumns({{tr("Line"), tr("Line of the file on which the row starts"), true},
                          {tr("Column"), {}, false},
                          {tr("Value"), {}, false, ColumnWidth::Stretch},
                          {tr("Reason"), {}, false, ColumnWidth::Stretch}});
    std::vector<ValueRow> rows;
    if (source) {
        setTextOrHide(m_detailNote, tr("%1: %2 of %3 rows could not be used.")
                                        .arg(toQt(source->file), toQt(countText(source->rowsRejected)),
                                             toQt(countText(source->rowsRead))));
        for (const RejectedRow &reject : source->rejects) {
            rows.push_back({QString::number(rows.size()),
                            {ValueCell::ofNumber(QString::number(reject.line), static_cast<double>(reject.line)),
                             ValueCell::ofText(toQt(reject.column)), ValueCell::ofText(toQt(reject.value)),
                             ValueCell::ofText(toQt(reject.reason))}});
        }
    }
    m_detail->setEmptyText(tr("Every row of this source was used."));
    m_detail->setRows(std::move(rows));
}

void LedgerPage::refreshInspector()
{
    const Source *source = selectedSource();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_active, m_role})
        widget->setEnabled(source != nullptr);
    if (!source) {
        m_file->setText(tr("No source"));
        m_facts->clear();
        m_warnings->clear();
        return;
    }
    m_file->setText(toQt(source->file));
    m_active->setChecked(source->active);
    std::vector<ChoiceItem> roles;
    for (const SourceRole role : possibleRoles(*source))
        roles.push_back({std::string(sourceRoleNames[static_cast<std::size_t>(role)]), roleName(role), roleHelp(role)});
    m_role->setItems(roles);
    m_role->setValue(std::string(sourceRoleNames[static_cast<std::size_t>(source->role)]));
    m_facts->setText(sourceFacts(*source));
    QStringList warnings{formatSentence(*source)};
    for (const std::string &warning : source->warnings)
        warnings << toQt(warning);
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
}

} // namespace perunit
