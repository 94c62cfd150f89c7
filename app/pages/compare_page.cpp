// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/compare_page.h"

#include "app/pages/baseline_controls.h"
#include "app/pages/compare/analyses_card.h"
#include "app/pages/compare/mix_card.h"
#include "app/pages/compared_scenarios.h"
#include "app/pages/explain/picture_addresses.h"
#include "app/pages/key_figures.h"
#include "app/pages/money_cells.h"
#include "app/pages/outcome_facts.h"
#include "app/pages/page_layout.h"
#include "app/pages/scenario_inspector.h"
#include "app/shell/edit_controls.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostRows = 8;
/// Before it stand name, total and differences.
constexpr int firstUnitColumn = 4;

ValueCell amountCell(Femto amount, const std::string &currency, Femto largest)
{
    ValueCell cell = moneyCell(amount, currency);
    if (largest > Femto())
        cell.bar = static_cast<float>(amount.approximate() / largest.approximate());
    return cell;
}

ValueCell changeShareCell(Femto amount, Femto reference)
{
    const Femto difference = amount - reference;
    return ValueCell::ofNumber(difference.isZero() ? QStringLiteral("0 %") : changeWithArrow(reference, amount),
                               reference.isZero() ? 0 : difference.approximate() / reference.approximate(),
                               toneOfChange(difference));
}

/// Cost per unit with its change in one cell: a table of many units must still fit the page.
ValueCell perUnitCell(std::optional<Femto> amount, std::optional<Femto> reference, const std::string &currency)
{
    if (!amount)
        return ValueCell::unknown(QCoreApplication::translate("ComparePage", "no units were counted"));
    ValueCell cell = ValueCell::ofNumber(toQt(perUnitText(*amount, currency)), amount->approximate());
    cell.exact = toQt(amount->text());
    cell.toolTip = toQt(amount->text() + " " + currency);
    if (reference && *amount != *reference) {
        cell.text += QStringLiteral(" ") + changeWithArrow(*reference, *amount);
        cell.tone = toneOfChange(*amount - *reference);
        cell.toolTip += QLatin1Char('\n') + toQt(signedMoneyText(*amount - *reference, currency));
    }
    return cell;
}

ValueCell qualityCell(const Outcome &outcome)
{
    if (!outcome.quality)
        return ValueCell::unknown(
            QCoreApplication::translate("ComparePage", "no lever says how many answers are right"));
    const CellTone tone = outcome.quality->after < outcome.quality->before   ? CellTone::Unfavourable
                          : outcome.quality->after > outcome.quality->before ? CellTone::Favourable
                                                                             : CellTone::Normal;
    return ValueCell::ofNumber(qualityText(*outcome.quality), static_cast<double>(outcome.quality->after), tone);
}

/// A row where nothing has a price, here or in the reference: there is no difference to tell.
void addUnknown(ValueRow &row, const ValueCell &name, const Outcome &outcome, const std::string &currency,
                Femto largest, std::size_t units)
{
    const QString why = QCoreApplication::translate("ComparePage", "nothing has a price, here or in the reference");
    row.cells = {name, outcome.isUnknown() ? ValueCell::unknown(why) : amountCell(outcome.total(), currency, largest)};
    for (std::size_t i = 0; i < units + 2; ++i)
        row.cells.push_back(ValueCell::unknown(why));
}

} // namespace

ComparePage::ComparePage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Compare, tr("Compare"), parent)
    , m_inspector(new ScenarioInspector(context, this))
    , m_views(new QStackedWidget(this))
{
    m_inspector->setObjectName(QStringLiteral("compare"));
    const PageFrame frame = buildPageFrame(this, title());
    buildControls(frame.controls);
    auto *none =
        new EmptyState(QStringLiteral("compare"), tr("There is nothing to compare with the baseline yet."), this);
    none->setHint(tr("Make a scenario, move its levers, and it stands here beside the baseline."));
    connect(changesWorkspace(none->addButton(tr("Make a scenario"), QStringLiteral("add"))), &QPushButton::clicked,
            this, [this] { window().showPage(PageId::Scenarios); });
    m_views->addWidget(none);
    m_views->addWidget(buildFilled());
    m_broken = new EmptyState(QStringLiteral("warning"), tr("The reference cannot be computed."), this);
    m_views->addWidget(m_broken);
    frame.rows->addWidget(m_views, 1);

    connect(&document(), &WorkspaceDocument::opened, this, &ComparePage::invalidate);
    connect(&document(), &WorkspaceDocument::stateChanged, this, &ComparePage::invalidate);
    connect(&document(), &WorkspaceDocument::outcomesChanged, this, &ComparePage::invalidate);
    connect(&document(), &WorkspaceDocument::bridgeChanged, this, &ComparePage::invalidate);
    connect(&selection(), &Selection::comparedChanged, this, &ComparePage::invalidate);
    connect(&selection(), &Selection::scenarioChanged, this, &ComparePage::invalidate);
    connect(&selection(), &Selection::unitChanged, this, &ComparePage::invalidate);
    connect(m_inspector, &ScenarioInspector::dragging, m_figure, &FigureView::setAxesHeld);
    connect(m_inspector, &ScenarioInspector::dragging, m_analyses, &AnalysesCard::setHeld);
}

QWidget *ComparePage::inspector()
{
    return m_inspector;
}

void ComparePage::buildControls(QLayout *controls)
{
    m_reference = new ChoiceBox(tr("Reference"), this);
    m_reference->setToolTip(tr("Differences are measured against this one"));
    connect(m_reference, &ChoiceBox::valueEdited, this,
            [this](const std::string &id) { selection().setReference(id); });
    m_unit = new ChoiceBox(tr("Unit"), this);
    m_unit->setToolTip(tr("Unit whose cost is followed in the picture and the report"));
    connect(m_unit, &ChoiceBox::valueEdited, this, [this](const std::string &name) { selection().setUnit(name); });
    m_shown = new QToolButton(this);
    m_shown->setText(tr("Scenarios"));
    m_shown->setIcon(themedIcon(QStringLiteral("check")));
    m_shown->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_shown->setPopupMode(QToolButton::InstantPopup);
    m_shown->setToolTip(tr("Which scenarios are compared"));
    m_shownMenu = new QMenu(m_shown);
    m_shown->setMenu(m_shownMenu);
    connect(m_shownMenu, &QMenu::aboutToShow, this, &ComparePage::fillScenarioMenu);
    // The word stays beside its list where the row goes on in the next line.
    auto *against = new QWidget(this);
    auto *row = new QHBoxLayout(against);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space2);
    row->addWidget(newLabel(tr("against"), "caption", against));
    row->addWidget(m_reference);
    controls->addWidget(against);
    controls->addWidget(m_shown);
    controls->addWidget(new BaselineControls(document(), this));
}

QWidget *ComparePage::buildFilled()
{
    auto *filled = new QWidget(this);
    auto *outer = new QVBoxLayout(filled);
    outer->setContentsMargins(0, 0, 0, 0);
    QVBoxLayout *column = buildScrollingColumn(outer);

    auto *matrix = new Card({}, filled);
    m_matrix = new ValueTable(tr("Scenarios and metrics"), matrix);
    m_matrix->setFittingRows(mostRows);
    connect(m_matrix, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (!key.isNull())
            selection().setScenario(fromQt(key.mid(1)));
    });
    connect(m_matrix, &ValueTable::cellActivated, this,
            [this](const QString &key, int at) { window().explain(figureAt(key, at)); });
    connect(m_matrix, &ValueTable::menuRequested, this, &ComparePage::showMatrixMenu);
    matrix->setContent(m_matrix);
    column->addWidget(matrix);

    auto *picture = new Card(tr("Picture"), filled);
    m_picture = new SegmentedSwitch(tr("Picture"), picture);
    m_picture->addOption(QStringLiteral("components"), tr("Components"));
    m_picture->addOption(QStringLiteral("unit"), tr("Cost per unit"));
    m_picture->addOption(QStringLiteral("months"), tr("Total"));
    m_picture->addOption(QStringLiteral("bridge"), tr("Bridge"));
    connect(m_picture, &SegmentedSwitch::currentChanged, this,
            [this](const QString &id) { selection().setComparePicture(id); });
    picture->addControl(m_unit);
    picture->addControl(m_picture);
    m_figure = new FigureView(picture);
    m_figure->setLeastHeight(460);
    connect(m_figure, &FigureView::exportRequested, this, [this] { window().exportFigure(m_figure->figure()); });
    m_figure->setActivation(explainHint(), [this](FigurePlace place) { return pictureAddress(place).has_value(); });
    connect(m_figure, &FigureView::figureActivated, this, [this](FigurePlace place) {
        if (const auto address = pictureAddress(place))
            window().explain(*address);
    });
    picture->setContent(m_figure);
    column->addWidget(picture, 1);

    m_analyses = new AnalysesCard(context(), filled);
    column->addWidget(m_analyses);
    column->addWidget(new MixCard(context(), filled));

    auto *assumptions = new Card(tr("What differs in the assumptions"), filled);
    m_assumptions = new ValueTable(tr("Assumptions"), assumptions);
    m_assumptions->setFittingRows(3 * mostRows);
    m_assumptions->setEmptyText(tr("No lever is in force in any of them."));
    assumptions->setContent(m_assumptions);
    column->addWidget(assumptions);
    return filled;
}

FigureAddress ComparePage::figureAt(const QString &key, int column) const
{
    FigureAddress figure;
    figure.scenarioId = fromQt(key.mid(1));
    const auto outcomes = document().outcomes();
    const Outcome *outcome = outcomes ? outcomes->outcome(selection().referenceId()) : nullptr;
    const auto unit = static_cast<std::size_t>(std::max(column - firstUnitColumn, 0));
    if (column >= firstUnitColumn && outcome && unit < outcome->units.size()) {
        figure.cell.unit = outcome->units[unit].name;
        figure.cell.figure = CellFigure::CostPerUnit;
    }
    return figure;
}

void ComparePage::showMatrixMenu(const QString &key, const QPoint &at)
{
    const auto outcomes = document().outcomes();
    const Outcome *outcome = outcomes ? outcomes->outcome(fromQt(key.mid(1))) : nullptr;
    if (!outcome)
        return;
    QMenu menu;
    const auto add = [this](QMenu &to, const QString &text, const FigureAddress &figure) {
        to.addAction(text, this, [this, figure] { window().explain(figure); });
    };
    add(menu, tr("Explain this figure"), figureAt(key, m_matrix->currentColumn()));
    menu.addSeparator();
    FigureAddress figure;
    figure.scenarioId = outcome->scenarioId;
    add(menu, tr("Total"), figure);
    for (const UnitOutcome &unit : outcome->units) {
        FigureAddress one = figure;
        one.cell.unit = unit.name;
        one.cell.figure = CellFigure::CostPerUnit;
        add(menu, tr("Cost per %1").arg(toQt(unit.name)), one);
    }
    QMenu *components = menu.addMenu(tr("Component"));
    for (std::size_t i = 0; i < componentCount; ++i) {
        if (outcome->components.amounts[i].isZero())
            continue;
        FigureAddress one = figure;
        one.cell.component = static_cast<Component>(i);
        add(*components, toQt(componentLabels[i]), one);
    }
    QMenu *months = menu.addMenu(tr("Month"));
    for (const MonthOutcome &month : outcome->months) {
        FigureAddress one = figure;
        one.cell.month = month.month;
        add(*months, toQt(monthText(month.month)), one);
    }
    components->setEnabled(!components->isEmpty());
    menu.exec(at);
}

void ComparePage::fillScenarioMenu()
{
    m_shownMenu->clear();
    for (const Scenario &scenario : document().state().scenarios.scenarios) {
        QAction *action = m_shownMenu->addAction(toQt(scenario.name));
        action->setCheckable(true);
        action->setChecked(selection().isCompared(scenario.id));
        action->setEnabled(scenario.id != selection().referenceId());
        connect(action, &QAction::toggled, this,
                [this, id = scenario.id](bool compared) { selection().setCompared(id, compared); });
    }
}

std::string ComparePage::bridgeTarget() const
{
    if (selection().scenarioId() != selection().referenceId())
        return selection().scenarioId();
    const ScenarioSet &set = document().state().scenarios;
    for (const Scenario &scenario : set.scenarios) {
        if (scenario.id != selection().referenceId() && selection().isCompared(scenario.id))
            return scenario.id;
    }
    return {};
}

void ComparePage::refresh()
{
    const auto outcomes = document().outcomes();
    const bool any = outcomes && !document().state().scenarios.scenarios.empty();
    const bool filled = any && !comparedScenarios(*outcomes, selection()).empty();
    m_views->setCurrentIndex(filled ? 1 : any ? 2 : 0);
    if (any && !filled) {
        const ScenarioOutcomes::Entry *entry = outcomes->find(selection().referenceId());
        m_broken->setHint(entry ? toQt(entry->problem) : QString());
        refreshControls();
    }
    for (QWidget *control : std::initializer_list<QWidget *>{m_reference, m_unit, m_shown})
        control->setEnabled(any);
    if (!filled)
        return;
    document().setBridgePair(selection().referenceId(), bridgeTarget());
    m_analyses->setPair(bridgeTarget(), selection().referenceId());
    refreshControls();
    refreshMatrix();
    refreshPicture();
    refreshAssumptions();
}

void ComparePage::refreshControls()
{
    std::vector<ChoiceItem> references{{{}, tr("Baseline"), {}}};
    for (const Scenario &scenario : document().state().scenarios.scenarios)
        references.push_back({scenario.id, toQt(scenario.name), toQt(scenario.note)});
    m_reference->setItems(references);
    m_reference->setValue(selection().referenceId());
    std::vector<ChoiceItem> units;
    for (const EconomicUnit &unit : document().state().units)
        units.push_back({unit.name, tr("Cost per %1").arg(toQt(unit.name)), toQt(unit.note)});
    m_unit->setVisible(!units.empty() && selection().comparePicture() == QLatin1String("unit"));
    m_unit->setItems(units);
    m_unit->setValue(selection().unitName());
    m_picture->setCurrent(selection().comparePicture());
}

void ComparePage::refreshMatrix()
{
    const auto outcomes = document().outcomes();
    const std::vector<ComparedScenario> compared = comparedScenarios(*outcomes, selection());
    const Outcome &reference = compared.front().outcome;
    const std::string &currency = reference.currency;

    std::vector<ValueColumn> columns{{tr("Scenario"), {}, false, ColumnWidth::Stretch},
                                     {tr("Total"), tr("All components over all months, %1").arg(toQt(currency)), true},
                                     {tr("Δ"), tr("Difference of the total to the reference"), true},
                                     {tr("Δ %"), tr("The same as share of the reference"), true}};
    for (const UnitOutcome &unit : reference.units)
        columns.push_back({tr("per %1").arg(toQt(unit.name)), tr("Cost ÷ count, with its change"), true});
    const bool withQuality = std::any_of(compared.begin(), compared.end(), [](const ComparedScenario &scenario) {
        return scenario.outcome.quality.has_value();
    });
    if (withQuality)
        columns.push_back({tr("Right answers"), tr("Before → after, as the routing levers say"), true});
    Femto largest;
    for (const ComparedScenario &scenario : compared)
        largest = std::max(largest, scenario.outcome.total());

    std::vector<ValueRow> rows;
    for (const ComparedScenario &scenario : compared) {
        const Outcome &outcome = scenario.outcome;
        ValueRow row;
        // A key that is not empty for the baseline either.
        row.key = QLatin1Char('#') + toQt(outcome.scenarioId);
        ValueCell name = ValueCell::ofText(toQt(outcome.name),
                                           &scenario == &compared.front() ? CellTone::Secondary : CellTone::Emphasis);
        name.toolTip = name.text;
        if (outcome.unpriced.tokens > 0)
            name.toolTip +=
                QLatin1Char('\n')
                + tr("%1 tokens have no price and are in no total").arg(toQt(countText(outcome.unpriced.tokens)));
        if (outcome.isUnknown() || reference.isUnknown()) {
            addUnknown(row, name, outcome, currency, largest, reference.units.size());
            if (withQuality)
                row.cells.push_back(qualityCell(outcome));
            rows.push_back(std::move(row));
            continue;
        }
        row.cells = {name, amountCell(outcome.total(), currency, largest),
                     changeCell(outcome.total() - reference.total(), currency),
                     changeShareCell(outcome.total(), reference.total())};
        for (const UnitOutcome &unit : reference.units) {
            const UnitOutcome *own = outcome.unit(unit.name);
            row.cells.push_back(perUnitCell(own ? own->costPerUnit() : std::nullopt, unit.costPerUnit(), currency));
        }
        if (withQuality)
            row.cells.push_back(qualityCell(outcome));
        rows.push_back(std::move(row));
    }
    m_matrix->setColumns(std::move(columns));
    m_matrix->setRows(std::move(rows));
    m_matrix->setCurrentKey(QLatin1Char('#') + toQt(selection().scenarioId()));
}

void ComparePage::refreshPicture()
{
    const std::vector<Outcome> compared = outcomesOf(comparedScenarios(*document().outcomes(), selection()));
    const QString &picture = selection().comparePicture();
    if (picture == QLatin1String("unit"))
        m_figure->setFigure(unitOverMonths(compared, selection().unitName()));
    else if (picture == QLatin1String("months"))
        m_figure->setFigure(totalOverMonths(compared));
    else if (picture == QLatin1String("bridge"))
        m_figure->setFigure(document().bridge() ? bridgeWaterfall(*document().bridge(), compared.front().currency)
                                                : Figure{});
    else
        m_figure->setFigure(componentBars(compared));
}

std::optional<FigureAddress> ComparePage::pictureAddress(FigurePlace place) const
{
    if (!document().outcomes())
        return std::nullopt;
    const QString &picture = selection().comparePicture();
    const Figure &figure = m_figure->figure();
    if (picture == QLatin1String("bridge")) {
        const auto bridge = document().bridge();
        return bridge ? bridgeAddress(*bridge, selection().referenceId(), bridgeTarget(), place) : std::nullopt;
    }
    const std::vector<Outcome> compared = outcomesOf(comparedScenarios(*document().outcomes(), selection()));
    if (picture == QLatin1String("unit"))
        return monthAddress(figure, compared, selection().unitName(), place);
    if (picture == QLatin1String("months"))
        return monthAddress(figure, compared, {}, place);
    return componentBarAddress(figure, compared, place);
}

void ComparePage::refreshAssumptions()
{
    const ReportTable table = assumptionsTable(comparedScenarios(*document().outcomes(), selection()));
    std::vector<ValueColumn> columns;
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        const bool numeric = i < table.rightAligned.size() && table.rightAligned[i];
        columns.push_back({toQt(table.header[i]), {}, numeric, i == 0 ? ColumnWidth::Stretch : ColumnWidth::Contents});
    }
    std::vector<ValueRow> rows;
    for (const std::vector<std::string> &line : table.rows) {
        ValueRow row;
        row.key = QString::number(rows.size());
        for (const std::string &text : line)
            row.cells.push_back(ValueCell::ofText(toQt(text)));
        rows.push_back(std::move(row));
    }
    m_assumptions->setColumns(std::move(columns));
    m_assumptions->setRows(std::move(rows));
}

} // namespace perunit
