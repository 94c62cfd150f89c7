// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/explain/explain_panel.h"

#include "app/pages/explain/bridge_step_view.h"
#include "app/pages/explain/explain_text.h"
#include "app/pages/page_layout.h"
#include "model/figures/amount_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostLevers = 5;
constexpr int mostParts = 6;
constexpr QSize usualSize{1120, 640};

enum View { Working, Impossible, Content, Step };

} // namespace

ExplainPanel::ExplainPanel(WorkspaceDocument &document, ShowRows showRows, QWidget *parent)
    : QDialog(parent)
    , m_document(document)
    , m_showRows(std::move(showRows))
{
    setModal(false);
    setObjectName(QStringLiteral("explain"));
    setWindowTitle(tr("Explain a figure"));
    resize(usualSize);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    rows->setSpacing(Theme::space3);
    m_title = newLabel({}, "section", this);
    m_title->setWordWrap(true);
    rows->addWidget(m_title);
    m_views = new QStackedWidget(this);
    m_views->addWidget(new EmptyState(QStringLiteral("compare"), tr("The figure is being taken apart…"), this));
    m_problem = new EmptyState(QStringLiteral("warning"), tr("This figure cannot be explained."), this);
    m_views->addWidget(m_problem);
    m_views->addWidget(buildContent());
    m_step = new BridgeStepView(this);
    connect(m_step, &BridgeStepView::totalWanted, this, &ExplainPanel::showTotal);
    m_views->addWidget(m_step);
    rows->addWidget(m_views, 1);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Theme::space2);
    m_rows = new QPushButton(themedIcon(QStringLiteral("ledger")), tr("Show ledger rows"), this);
    m_rows->setToolTip(tr("Opens the Ledger page with the rows of the chosen line, or of the whole figure"));
    m_copy = new QPushButton(themedIcon(QStringLiteral("duplicate")), tr("Copy cell"), this);
    m_copy->setToolTip(tr("Copies the name of the figure for 'perunit explain --cell'"));
    auto *close = new QPushButton(tr("Close"), this);
    for (QPushButton *button : {m_rows, m_copy, close}) {
        button->setAutoDefault(false);
        button->setAccessibleName(button->text());
    }
    buttons->addWidget(m_rows);
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    buttons->addWidget(close);
    rows->addLayout(buttons);
    connect(m_rows, &QPushButton::clicked, this, &ExplainPanel::openRows);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(toQt(m_figure.cell.text())); });
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(this, &QDialog::finished, &m_job, &JobRunner::cancel);
    const auto follow = [this] {
        if (isVisible())
            start();
    };
    connect(&m_document, &WorkspaceDocument::outcomesChanged, this, follow);
    connect(&m_document, &WorkspaceDocument::historyChanged, this, follow);
    connect(&m_document, &WorkspaceDocument::bridgeChanged, this, [this] {
        if (isVisible() && m_figure.step)
            start();
    });
    connect(&m_document, &WorkspaceDocument::opened, this, &QDialog::reject);
}

QWidget *ExplainPanel::buildContent()
{
    auto *content = new QWidget(this);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    m_amount = newLabel({}, "pageTitle", content);
    m_amount->setAccessibleName(tr("Figure"));
    m_formula = newLabel({}, "caption", content);
    m_formula->setAccessibleName(tr("Formula"));
    for (QLabel *label : {m_amount, m_formula}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        rows->addWidget(label);
    }
    auto *columns = new QHBoxLayout;
    columns->setSpacing(Theme::space4);
    m_madeOf = buildParts(content);
    columns->addWidget(m_madeOf, 2);
    columns->addWidget(buildLevers(content), 3);
    rows->addLayout(columns);
    rows->addWidget(newLabel(tr("Line by line: tokens × share × price"), "heading", content));
    m_lines = new ValueTable(tr("Lines of the figure"), content);
    m_lines->setCompact(true);
    m_lines->setEmptyText(tr("Nothing is in it."));
    connect(m_lines, &ValueTable::currentKeyChanged, this, &ExplainPanel::lineChosen);
    connect(m_lines, &ValueTable::activated, this, &ExplainPanel::openRows);
    rows->addWidget(m_lines, 1);
    m_detail = newLabel({}, "caption", content);
    m_detail->setWordWrap(true);
    m_detail->setAccessibleName(tr("The chosen line"));
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    rows->addWidget(m_detail);
    return content;
}

QWidget *ExplainPanel::buildParts(QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *rows = new QVBoxLayout(box);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space1);
    rows->addWidget(newLabel(tr("What it is made of"), "heading", box));
    m_parts = new ValueTable(tr("Parts of the figure"), box);
    m_parts->setCompact(true);
    m_parts->setFittingRows(mostParts);
    m_parts->setColumns({{tr("Part"), {}, false, ColumnWidth::Stretch},
                         {tr("Amount"), tr("Rounded; copied with all digits"), true},
                         {tr("Share"), tr("Of the whole figure"), true}});
    rows->addWidget(m_parts);
    rows->addStretch(1);
    return box;
}

QWidget *ExplainPanel::buildLevers(QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *rows = new QVBoxLayout(box);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space1);
    rows->addWidget(newLabel(tr("Levers that touch it"), "heading", box));
    m_noLevers = newLabel(tr("None: these are ledger rows at their prices."), "body", box);
    m_noLevers->setWordWrap(true);
    rows->addWidget(m_noLevers);
    m_levers = new ValueTable(tr("Levers"), box);
    m_levers->setCompact(true);
    m_levers->setFittingRows(mostLevers);
    m_levers->setColumns({{tr("Lever"), tr("With the scenario whose layer set it"), false},
                          {tr("What it does"), {}, false},
                          {tr("Scope"), {}, false, ColumnWidth::Stretch}});
    rows->addWidget(m_levers);
    rows->addStretch(1);
    return box;
}

void ExplainPanel::explain(const FigureAddress &figure)
{
    m_figure = figure;
    m_explanation.reset();
    m_title->setText(figureTitle(m_document, figure));
    setWindowTitle(tr("Explain: %1").arg(m_title->text()));
    m_views->setCurrentIndex(Working);
    m_rows->setEnabled(false);
    m_lines->setCurrentKey({});
    QDialog::show();
    raise();
    activateWindow();
    start();
}

bool ExplainPanel::isReady() const
{
    return m_views->currentIndex() != Working;
}

void ExplainPanel::selectFirstLine()
{
    if (m_explanation && !m_explanation->lines.empty())
        m_lines->setCurrentKey(QStringLiteral("0"));
    lineChosen();
}

/// A part of a bridge: the page that draws the bridge has it worked out.
void ExplainPanel::startStep()
{
    m_job.cancel();
    m_explanation.reset();
    m_rows->setVisible(false);
    m_copy->setVisible(false);
    m_title->setText(figureTitle(m_document, m_figure));
    const auto bridge = m_document.bridge();
    const bool sameEnds = bridge && toQt(bridge->from) == scenarioName(m_document, m_figure.step->fromId)
                          && toQt(bridge->to) == scenarioName(m_document, m_figure.scenarioId);
    if (sameEnds && m_step->showStep(m_document, *bridge, m_figure)) {
        m_views->setCurrentIndex(Step);
    } else if (sameEnds) {
        m_problem->setHint(tr("The bridge has no such part any more."));
        m_views->setCurrentIndex(Impossible);
    } else if (bridge && m_views->currentIndex() == Working) {
        // Another page draws another bridge now; what was shown of this one stays.
        m_problem->setHint(tr("Open the page whose picture shows this part."));
        m_views->setCurrentIndex(Impossible);
    }
}

void ExplainPanel::showTotal(bool ofStart)
{
    if (!m_figure.step)
        return;
    FigureAddress total;
    total.scenarioId = ofStart ? m_figure.step->fromId : m_figure.scenarioId;
    explain(total);
}

void ExplainPanel::start()
{
    if (m_figure.step)
        return startStep();
    m_rows->setVisible(true);
    m_copy->setVisible(true);
    const auto history = m_document.history();
    const auto outcomes = m_document.outcomes();
    const auto baseline =
        m_figure.ofHistory ? (history ? history->ledger : nullptr) : (outcomes ? outcomes->baseline : nullptr);
    if (!baseline)
        return;
    const bool gone = !m_figure.scenarioId.empty() && m_document.state().scenarios.find(m_figure.scenarioId) == nullptr;
    if (gone) {
        reject();
        return;
    }
    m_job.start([this, baseline, request = requestFor(m_document.state(), m_figure.scenarioId),
                 cell = m_figure.cell](const std::stop_token &stop) -> JobRunner::Delivery {
        auto explained = std::make_shared<const Result<Explanation>>(perunit::explain(*baseline, request, cell, stop));
        return [this, baseline, explained] {
            m_baseline = baseline;
            show(explained);
        };
    });
}

void ExplainPanel::show(const std::shared_ptr<const Result<Explanation>> &explained)
{
    if (!explained->ok()) {
        if (explained->error().code == ErrorCode::Cancelled)
            return;
        m_explanation.reset();
        m_problem->setHint(errorText(explained->error()));
        m_views->setCurrentIndex(Impossible);
        m_rows->setEnabled(false);
        return;
    }
    m_explanation = std::shared_ptr<const Explanation>(explained, &explained->value());
    const Explanation &explanation = *m_explanation;
    QString amount = QStringLiteral("–");
    if (explanation.amount && !explanation.isMoney)
        amount = toQt(expectedCountText(*explanation.count));
    else if (explanation.amount)
        amount = toQt(explanation.cost ? perUnitText(*explanation.amount, explanation.currency)
                                       : moneyText(*explanation.amount, explanation.currency));
    m_amount->setText(amount);
    m_formula->setText(explanation.amount ? tr("Exactly %1").arg(toQt(explanation.formula))
                                          : toQt(explanation.formula));
    showParts();
    showLevers();
    showLines();
    m_views->setCurrentIndex(Content);
    // The lines are what is walked through; a button that happens to be first is not.
    if (!focusWidget() || qobject_cast<QPushButton *>(focusWidget()))
        m_lines->setFocus();
    lineChosen();
}

void ExplainPanel::showLevers()
{
    std::vector<ValueRow> rows;
    for (const ExplainedLever &lever : m_explanation->levers) {
        ValueRow row;
        row.key = toQt(lever.lever.lever.id);
        const Lever &own = lever.lever.lever;
        row.cells = {ValueCell::ofText(toQt(leverSpec(own.kind).label), CellTone::Emphasis),
                     ValueCell::ofText(toQt(lever.effect)), ValueCell::ofText(toQt(own.scope.text()))};
        row.cells[0].toolTip = tr("Set by %1").arg(scenarioName(m_document, lever.lever.setBy));
        if (!own.grade.empty())
            row.cells[0].toolTip += QLatin1Char('\n') + tr("Evidence: %1").arg(toQt(own.grade));
        rows.push_back(std::move(row));
    }
    m_levers->setVisible(!rows.empty());
    m_noLevers->setVisible(rows.empty());
    m_levers->setRows(std::move(rows));
}

void ExplainPanel::showParts()
{
    std::vector<ValueRow> rows = partRows(*m_explanation);
    m_madeOf->setVisible(rows.size() > 1);
    m_parts->setRows(std::move(rows));
}

void ExplainPanel::showLines()
{
    std::vector<ValueRow> rows;
    for (std::size_t i = 0; i < m_explanation->lines.size(); ++i)
        rows.push_back(explainedRow(*m_explanation, i));
    std::vector<ValueColumn> columns = explainedColumns(*m_explanation);
    // Charges have no tokens, and counts no prices: what is empty everywhere only takes room.
    for (std::size_t column = columns.size(); column-- > 0;) {
        const bool used = std::any_of(rows.begin(), rows.end(),
                                      [column](const ValueRow &row) { return !row.cells[column].text.isEmpty(); });
        if (used || rows.empty())
            continue;
        columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(column));
        for (ValueRow &row : rows)
            row.cells.erase(row.cells.begin() + static_cast<std::ptrdiff_t>(column));
    }
    m_lines->setColumns(std::move(columns));
    m_lines->setRows(std::move(rows));
}

const ExplainedLine *ExplainPanel::currentLine() const
{
    const QString key = m_lines->currentKey();
    if (!m_explanation || key.isEmpty() || key.toULongLong() >= m_explanation->lines.size())
        return nullptr;
    return &m_explanation->lines[static_cast<std::size_t>(key.toULongLong())];
}

void ExplainPanel::lineChosen()
{
    const ExplainedLine *line = currentLine();
    setTextOrHide(m_detail, line ? lineText(*m_explanation, *line) : QString());
    m_rows->setEnabled(m_explanation && (!line || line->rows > 0));
}

RowFilter ExplainPanel::filterOf(const ExplainedLine &line) const
{
    RowFilter filter;
    const EconomicUnit *unit = m_document.state().unit(m_figure.cell.unit);
    if (unit)
        filter.scope = unit->scope;
    for (const auto &[name, value] : m_figure.cell.dimensions)
        filter.scope.conditions[name] = {value};
    filter.period = m_baseline->period();
    // Months of the ledger itself: future ones repeat the whole period.
    if (m_baseline->settings().horizonMonths == 0 && line.firstMonth) {
        filter.period->from = std::max(filter.period->from, line.firstMonth->start());
        filter.period->to = std::min(filter.period->to, line.lastMonth->plus(1).start());
    }
    if (!line.recordedModel.empty() && line.kind != ExplainedKind::Harness) {
        const std::size_t slash = line.recordedModel.find('/');
        filter.scope.conditions["model"] = {line.recordedProvider.empty() ? line.recordedModel
                                                                          : line.recordedModel.substr(slash + 1)};
        if (!line.recordedProvider.empty())
            filter.scope.conditions["provider"] = {line.recordedProvider};
    }
    return filter;
}

void ExplainPanel::openRows()
{
    if (!m_explanation)
        return;
    const ExplainedLine *line = currentLine();
    ExplainedLine whole;
    whole.firstMonth = whole.lastMonth = m_figure.cell.month;
    const ExplainedLine &shown = line ? *line : whole;
    m_showRows(shown.kind == ExplainedKind::Harness, filterOf(shown));
}

} // namespace perunit
