// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/units_page.h"

#include "app/document/unit_text.h"
#include "app/pages/choices.h"
#include "app/pages/key_figures.h"
#include "app/pages/page_layout.h"
#include "app/shell/edit_controls.h"
#include "model/figures/figure_builder.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/inputs/unit_edit.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace perunit {

namespace {

constexpr int mostRows = 8;
// Columns of the table that are figures of their own.
constexpr int countColumn = 2;
constexpr int costColumn = 3;
constexpr int perUnitColumn = 4;

ValueCell moneyCell(std::optional<Femto> amount, const std::string &currency, bool perUnit, const QString &why)
{
    if (!amount)
        return ValueCell::unknown(why);
    ValueCell cell = ValueCell::ofNumber(toQt(perUnit ? perUnitText(*amount, currency) : moneyText(*amount, currency)),
                                         amount->approximate());
    cell.exact = toQt(amount->text());
    cell.toolTip = toQt(amount->text() + " " + currency);
    return cell;
}

/// A unit that the ledger can count: distinct sessions if it records any, documents next, else its requests.
EconomicUnit proposedUnit(const WorkspaceState &state, const Ledger *ledger)
{
    EconomicUnit unit;
    unit.denominator = {UnitDenominator::Kind::Requests, {}};
    unit.name = "request";
    for (const auto &[dimension, name] : {std::pair{"session", "conversation"}, std::pair{"document", "document"}}) {
        if (!ledger || !ledger->workload || !ledger->workload->dimension(dimension) || state.unit(name))
            continue;
        unit.denominator = {UnitDenominator::Kind::DistinctValues, dimension};
        unit.name = name;
        break;
    }
    const std::string wanted = unit.name;
    for (int number = 2; state.unit(unit.name); ++number)
        unit.name = wanted + " " + std::to_string(number);
    return unit;
}

} // namespace

UnitsPage::UnitsPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Units, tr("Units"), parent)
    , m_views(new QStackedWidget(this))
{
    const PageFrame frame = buildPageFrame(this, title());
    auto *create = changesWorkspace(new QPushButton(themedIcon(QStringLiteral("add")), tr("New unit"), this));
    m_delete = changesWorkspace(new QPushButton(themedIcon(QStringLiteral("delete")), tr("Delete"), this));
    connect(create, &QPushButton::clicked, this, &UnitsPage::createUnit);
    connect(m_delete, &QPushButton::clicked, this, &UnitsPage::deleteUnit);
    frame.controls->addWidget(create);
    frame.controls->addWidget(m_delete);

    auto *none = new EmptyState(QStringLiteral("units"),
                                tr("A unit is what you sell or do: a conversation, a document, "
                                   "a contract."),
                                this);
    none->setHint(tr("Say what counts as one and which cost belongs to it, and every page shows its cost."));
    connect(changesWorkspace(none->addButton(tr("New unit"), QStringLiteral("add"))), &QPushButton::clicked, this,
            &UnitsPage::createUnit);
    m_views->addWidget(none);
    m_views->addWidget(buildFilled());
    frame.rows->addWidget(m_views, 1);
    buildInspector();

    connect(&document(), &WorkspaceDocument::opened, this, &UnitsPage::invalidate);
    connect(&document(), &WorkspaceDocument::stateChanged, this, &UnitsPage::invalidate);
    connect(&document(), &WorkspaceDocument::historyChanged, this, &UnitsPage::invalidate);
    connect(&selection(), &Selection::unitChanged, this, [this] {
        ++m_editing;
        invalidate();
    });
}

QWidget *UnitsPage::inspector()
{
    return m_inspector;
}

FigureView *UnitsPage::addFigure(const QString &title, QBoxLayout *row, int height)
{
    auto *card = new Card(title, this);
    auto *view = new FigureView(card);
    view->setLeastHeight(height);
    connect(view, &FigureView::exportRequested, this, [this, view] { window().exportFigure(view->figure()); });
    card->setContent(view);
    row->addWidget(card, 1);
    return view;
}

QWidget *UnitsPage::buildFilled()
{
    auto *filled = new QWidget(this);
    auto *outer = new QVBoxLayout(filled);
    outer->setContentsMargins(0, 0, 0, 0);
    QVBoxLayout *column = buildScrollingColumn(outer);
    m_table = new ValueTable(tr("Units"), this);
    m_table->setFittingRows(mostRows);
    m_table->setColumns({{tr("Unit"), {}, false, ColumnWidth::Contents},
                         {tr("Counted by"), tr("How the number of units is found"), false, ColumnWidth::Stretch},
                         {tr("Count"), {}, true},
                         {tr("Cost"), {}, true},
                         {tr("Cost per unit"), tr("Cost ÷ count"), true},
                         {tr("P50"), tr("Half of the units cost at most this (nearest rank, inference only)"), true},
                         {tr("P90"), tr("Nine of ten units cost at most this"), true},
                         {tr("P99"), tr("99 of 100 units cost at most this"), true}});
    connect(m_table, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (!key.isEmpty())
            selection().setUnit(fromQt(key));
    });
    connect(m_table, &ValueTable::cellActivated, this, &UnitsPage::explainCell);
    connect(m_table, &ValueTable::menuRequested, this, [this](const QString &key, const QPoint &at) {
        QMenu menu;
        for (const auto &[text, figure] :
             {std::pair{tr("Explain the cost of one"), perUnitColumn}, std::pair{tr("Explain the cost"), costColumn},
              std::pair{tr("Explain the count"), countColumn}})
            menu.addAction(text, this, [this, key, chosen = figure] { explainCell(key, chosen); });
        menu.exec(at);
    });
    auto *card = new Card({}, filled);
    card->setContent(m_table);
    column->addWidget(card);
    auto *first = new QHBoxLayout;
    m_days = addFigure(tr("Over time"), first, 360);
    column->addLayout(first, 1);
    auto *second = new QHBoxLayout;
    second->setSpacing(Theme::space4);
    m_distribution = addFigure(tr("How it spreads"), second, 330);
    m_composition = addFigure(tr("What it is made of"), second, 330);
    column->addLayout(second, 1);
    return filled;
}

void UnitsPage::explainCell(const QString &key, int column)
{
    if (key.isEmpty())
        return;
    FigureAddress figure;
    figure.ofHistory = true;
    figure.cell.unit = fromQt(key);
    figure.cell.figure = column == countColumn  ? CellFigure::Count
                         : column == costColumn ? CellFigure::Cost
                                                : CellFigure::CostPerUnit;
    window().explain(figure);
}

void UnitsPage::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    rows->addWidget(newLabel(tr("Unit"), "section", content));
    m_edit = changesWorkspace(new UnitEdit(content));
    rows->addWidget(m_edit);
    rows->addStretch();
    connect(m_edit, &UnitEdit::edited, this, &UnitsPage::unitEdited);
}

void UnitsPage::createUnit()
{
    const EconomicUnit unit = proposedUnit(document().state(), document().ledger().get());
    WorkspaceState next = document().state();
    putUnit(next, unit);
    document().edit(tr("New unit"), std::move(next));
    selection().setUnit(unit.name);
}

void UnitsPage::deleteUnit()
{
    const QString name = toQt(selection().unitName());
    WorkspaceState next = document().state();
    std::erase_if(next.units, [this](const EconomicUnit &unit) { return unit.name == selection().unitName(); });
    document().edit(tr("Delete unit"), std::move(next));
    window().showUndoable(tr("'%1' is deleted.").arg(name));
}

void UnitsPage::unitEdited(const EconomicUnit &unit)
{
    WorkspaceState next = document().state();
    const auto found = std::find_if(next.units.begin(), next.units.end(),
                                    [this](const EconomicUnit &each) { return each.name == selection().unitName(); });
    if (found == next.units.end())
        return;
    const std::string before = selection().unitName();
    *found = unit;
    // The name is the selection's key. A letter typed is no step of its own.
    selection().renameUnit(before, unit.name);
    document().edit(tr("Change unit"), std::move(next), QStringLiteral("unit %1").arg(m_editing));
}

void UnitsPage::refresh()
{
    const bool any = !document().state().units.empty();
    m_views->setCurrentIndex(any ? 1 : 0);
    m_delete->setEnabled(any);
    if (any) {
        refreshTable();
        refreshFigures();
    }
    refreshInspector();
}

void UnitsPage::refreshTable()
{
    const auto history = document().history();
    std::vector<ValueRow> rows;
    for (const EconomicUnit &unit : document().state().units) {
        const UnitActuals *actuals = nullptr;
        if (history) {
            const auto found = std::find_if(history->units.begin(), history->units.end(),
                                            [&unit](const UnitActuals &each) { return each.name == unit.name; });
            actuals = found == history->units.end() ? nullptr : &*found;
        }
        const std::string currency = history ? history->outcome.currency : std::string();
        const bool known = actuals && !actuals->isUnknown();
        const QString why = !actuals ? tr("not computed yet")
                            : !known ? tr("%1 tokens, none with a price").arg(toQt(countText(actuals->unpricedTokens)))
                                     : toQt(actuals->problem);
        const QString noRank = tr("only units counted by distinct values have a distribution");
        ValueRow row;
        row.key = toQt(unit.name);
        row.cells = {ValueCell::ofText(toQt(unit.name), CellTone::Emphasis),
                     ValueCell::ofText(toQt(denominatorText(unit))),
                     actuals ? ValueCell::ofNumber(toQt(countText(actuals->count)), static_cast<double>(actuals->count))
                             : ValueCell::unknown(why),
                     moneyCell(known ? std::optional(actuals->cost) : std::nullopt, currency, false, why),
                     moneyCell(known ? costPerUnit(actuals->cost, actuals->count) : std::nullopt, currency, true, why),
                     moneyCell(known ? actuals->p50 : std::nullopt, currency, true, noRank),
                     moneyCell(known ? actuals->p90 : std::nullopt, currency, true, noRank),
                     moneyCell(known ? actuals->p99 : std::nullopt, currency, true, noRank)};
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
    m_table->setCurrentKey(toQt(selection().unitName()));
}

void UnitsPage::refreshFigures()
{
    const auto history = document().history();
    const UnitActuals *actuals = nullptr;
    if (history) {
        for (const UnitActuals &each : history->units) {
            if (each.name == selection().unitName())
                actuals = &each;
        }
    }
    if (!actuals) {
        for (FigureView *view : {m_days, m_distribution, m_composition})
            view->setFigure({});
        return;
    }
    const std::string &currency = history->outcome.currency;
    m_days->setFigure(unitOverDays(*actuals, currency));
    m_distribution->setFigure(unitDistribution(*actuals, currency));
    m_composition->setFigure(unitComposition(*actuals, currency));
}

void UnitsPage::refreshInspector()
{
    const EconomicUnit *unit = document().state().unit(selection().unitName());
    m_edit->setEnabled(unit != nullptr);
    if (!unit)
        return;
    std::vector<ChoiceItem> dimensions;
    std::vector<ChoiceItem> metrics;
    ScopeValues values;
    if (const auto ledger = document().ledger(); ledger && ledger->workload) {
        for (const DimensionColumn &column : ledger->workload->dimensions)
            dimensions.push_back({column.name, dimensionLabel(column.name), {}});
        values = scopeValues(document());
        std::set<std::string> seen;
        for (const OutcomeRow &row : *ledger->outcomes) {
            if (seen.insert(row.metric).second)
                metrics.push_back({row.metric, {}, {}});
        }
    }
    QStringList taken;
    for (const EconomicUnit &other : document().state().units) {
        if (other.name != unit->name)
            taken << toQt(other.name);
    }
    m_edit->setChoices(dimensions, metrics, values);
    m_edit->setTakenNames(taken);
    if (const auto book = document().priceBook())
        m_edit->setCurrency(toQt(book->currency()));
    m_edit->setUnit(*unit);
}

} // namespace perunit
