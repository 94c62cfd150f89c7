// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/home_page.h"

#include "app/pages/key_figures.h"
#include "app/pages/page_layout.h"
#include "app/pages/source_text.h"
#include "app/shell/edit_controls.h"
#include "model/figures/figure_builder.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/feedback/key_figure_card.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t mostUnits = 3;
/// Both pictures and the answers fit a window of 1440 by 900 without scrolling.
constexpr int smallestFigure = 210;
constexpr std::size_t mostBars = 8;
constexpr std::size_t mostSavings = 4;
constexpr std::size_t mostOddities = 4;

/// Months that the ledger covers from their first to their last day; the others cannot be compared.
std::vector<MonthOutcome> wholeMonths(const History &history)
{
    std::vector<MonthOutcome> result;
    for (const MonthOutcome &month : history.outcome.months) {
        if (isWholeMonth(month.month, history.ledger->period()))
            result.push_back(month);
    }
    return result;
}

/// A line of an answer: sentence at the left, figure at the right.
QWidget *answerLine(const QString &text, const QString &figure, const char *tone, QWidget *parent)
{
    auto *line = new QWidget(parent);
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    auto *sentence = newLabel(text, "body", line);
    sentence->setWordWrap(true);
    auto *value = newLabel(figure, "figure", line);
    setTone(value, tone);
    value->setAlignment(Qt::AlignRight | Qt::AlignTop);
    row->addWidget(sentence, 1);
    row->addWidget(value);
    return line;
}

} // namespace

HomePage::HomePage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Home, tr("Home"), parent)
    , m_views(new QStackedWidget(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_views);
    m_views->addWidget(buildStart());
    m_views->addWidget(buildOverview());
    m_waiting = new EmptyState(QStringLiteral("home"), tr("The ledger is being priced…"), this);
    m_views->addWidget(m_waiting);
    connect(&document(), &WorkspaceDocument::opened, this, &HomePage::invalidate);
    connect(&document(), &WorkspaceDocument::historyChanged, this, &HomePage::invalidate);
    connect(&document(), &WorkspaceDocument::outcomesChanged, this, &HomePage::invalidate);
    connect(&document(), &WorkspaceDocument::sourcesChanged, this, &HomePage::invalidate);
    connect(&document(), &WorkspaceDocument::computingChanged, this, &HomePage::showWaiting);
}

QWidget *HomePage::buildStart()
{
    auto *page = new QWidget(this);
    auto *rows = new QVBoxLayout(page);
    rows->setContentsMargins(Theme::space6, Theme::space6, Theme::space6, Theme::space6);
    rows->setSpacing(Theme::space4);
    auto *start = new EmptyState(QStringLiteral("drop"),
                                 tr("What does one conversation, one document, one contract cost?"), page);
    start->setHint(tr("Drop cost ledgers, price catalogues or a workspace anywhere on this window. Nothing leaves this "
                      "computer."));
    start->setDropZone(true);
    start->setProminent(true);
    connect(start->addButton(tr("Open the sample"), QStringLiteral("sample"), true), &QPushButton::clicked, this,
            [this] { window().openSample(); });
    connect(start->addButton(tr("Import files…"), QStringLiteral("import")), &QPushButton::clicked, this,
            [this] { window().chooseFilesToImport(); });
    rows->addWidget(start, 1);
    m_recent = new QVBoxLayout;
    m_recent->setSpacing(Theme::space1);
    rows->addLayout(m_recent);
    return page;
}

QWidget *HomePage::buildOverview()
{
    auto *overview = new QWidget(this);
    const PageFrame frame = buildPageFrame(overview, title());
    QVBoxLayout *column = buildScrollingColumn(frame.rows);

    auto *figures = new QHBoxLayout;
    figures->setSpacing(Theme::space4);
    for (std::size_t i = 0; i < mostUnits + 1; ++i) {
        m_figures.push_back(new KeyFigureCard(overview));
        connect(m_figures.back(), &KeyFigureCard::activated, this, [this, i] { explainFigure(i); });
        figures->addWidget(m_figures.back(), 1);
    }
    column->addLayout(figures);

    auto *grid = new QGridLayout;
    grid->setSpacing(Theme::space4);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 1);
    grid->setRowStretch(0, 1);
    grid->setRowStretch(1, 1);
    auto *trend = new Card(tr("What is the trend?"), overview);
    m_trend = new FigureView(trend);
    m_trend->setLeastHeight(smallestFigure);
    m_trend->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(m_trend, &FigureView::exportRequested, this, [this] { window().exportFigure(m_trend->figure()); });
    trend->setContent(m_trend);
    grid->addWidget(trend, 0, 0);

    auto *where = new Card(tr("Where does it go?"), overview);
    m_dimension = new SegmentedSwitch(tr("Break down by"), where);
    for (const auto &[id, label] : {std::pair{"workload", tr("Workload")}, std::pair{"model", tr("Model")},
                                    std::pair{"team", tr("Team")}, std::pair{"customer", tr("Customer")}})
        m_dimension->addOption(QString::fromLatin1(id), label);
    connect(m_dimension, &SegmentedSwitch::currentChanged, this, [this] { invalidate(); });
    where->addControl(m_dimension);
    m_breakdown = new FigureView(where);
    m_breakdown->setLeastHeight(smallestFigure);
    m_breakdown->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(m_breakdown, &FigureView::exportRequested, this, [this] { window().exportFigure(m_breakdown->figure()); });
    where->setContent(m_breakdown);
    grid->addWidget(where, 1, 0);

    const auto addAnswer = [&](const QString &question, int row) {
        auto *card = new Card(question, overview);
        auto *content = new QWidget(card);
        auto *lines = new QVBoxLayout(content);
        lines->setContentsMargins(0, 0, 0, 0);
        lines->setSpacing(Theme::space2);
        card->setContent(content);
        grid->addWidget(card, row, 1);
        return lines;
    };
    m_savings = addAnswer(tr("Are we overpaying?"), 0);
    m_oddities = addAnswer(tr("Anything odd?"), 1);
    column->addLayout(grid, 1);
    return overview;
}

void HomePage::refresh()
{
    const auto history = document().history();
    const bool any = document().isOpen() && document().hasLedger();
    m_views->setCurrentIndex(!any ? 0 : history ? 1 : 2);
    showWaiting();
    if (!any)
        refreshRecent();
    if (!any || !history)
        return;
    refreshKeyFigures(*history);
    m_trend->setFigure(spendOverDays(history->spend, history->outcome.currency));
    refreshBreakdown(*history);
    refreshSavings();
    refreshOddities(*history);
}

/// What stands where figures are missing; a ledger that cannot be read must not look as if it were still being read.
void HomePage::showWaiting()
{
    m_waiting->setSentence(document().isComputing() ? tr("The ledger is being priced…")
                                                    : tr("There are no figures: the ledger cannot be read."));
}

void HomePage::refreshRecent()
{
    clearLayout(m_recent);
    const QStringList recent = window().recentWorkspaces();
    if (recent.isEmpty())
        return;
    m_recent->addWidget(newLabel(tr("Recent workspaces"), "caption", this));
    for (const QString &path : recent) {
        auto *button = new QPushButton(QFileInfo(path).completeBaseName(), this);
        button->setProperty("role", "link");
        button->setToolTip(path);
        connect(button, &QPushButton::clicked, this, [this, path] { window().openWorkspace(path); });
        m_recent->addWidget(button);
    }
}

void HomePage::refreshKeyFigures(const History &history)
{
    const std::string &currency = history.outcome.currency;
    const std::vector<MonthOutcome> months = wholeMonths(history);
    KeyFigure spend;
    if (months.size() >= 2) {
        spend = costFigure(tr("Spend in %1").arg(monthName(months.back().month)), months.back().components.total(),
                           months[months.size() - 2].components.total(), currency, AmountKind::Total);
        spend.sentence = tr("%1 the month before").arg(spend.former);
        spend.former.clear();
    } else {
        spend = costFigure(tr("Spend"), knownTotal(history.outcome), std::nullopt, currency, AmountKind::Total);
        spend.sentence = periodText(history.ledger->period());
    }
    spend.action = tr("Explain");
    for (const MonthOutcome &month : months)
        spend.trend.push_back(month.components.total().approximate());
    m_figures.front()->setFigure(spend);
    for (std::size_t i = 0; i < mostUnits; ++i) {
        KeyFigureCard *card = m_figures[i + 1];
        card->setVisible(i < history.units.size());
        if (i >= history.units.size())
            continue;
        KeyFigure figure = unitHistoryFigure(history.units[i], history.ledger->period(), currency);
        figure.action = tr("Explain");
        card->setFigure(figure);
    }
}

void HomePage::explainFigure(std::size_t card)
{
    const auto history = document().history();
    if (!history)
        return;
    FigureAddress figure;
    figure.ofHistory = true;
    if (card == 0) {
        // The month that the card shows.
        const std::vector<MonthOutcome> months = wholeMonths(*history);
        if (months.size() >= 2)
            figure.cell.month = months.back().month;
    } else if (card <= history->units.size()) {
        figure.cell.unit = history->units[card - 1].name;
        figure.cell.figure = CellFigure::CostPerUnit;
    }
    window().explain(figure);
}

void HomePage::refreshBreakdown(const History &history)
{
    m_breakdown->setFigure(breakdownBars(history.outcome, fromQt(m_dimension->current()), mostBars));
}

void HomePage::refreshSavings()
{
    clearLayout(m_savings);
    const auto outcomes = document().outcomes();
    if (!outcomes || outcomes->scenarios.empty()) {
        auto *line =
            newLabel(tr("Try a scenario: another model, more caching, batch or reserved units."), "body", this);
        line->setWordWrap(true);
        auto *button = changesWorkspace(new QPushButton(tr("Make a scenario"), this));
        connect(button, &QPushButton::clicked, this, [this] { window().showPage(PageId::Scenarios); });
        m_savings->addWidget(line);
        m_savings->addWidget(button, 0, Qt::AlignLeft);
        m_savings->addStretch();
        return;
    }
    std::vector<const ScenarioOutcomes::Entry *> ordered;
    for (const ScenarioOutcomes::Entry &entry : outcomes->scenarios) {
        if (entry.outcome)
            ordered.push_back(&entry);
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto *a, const auto *b) { return a->outcome->total() < b->outcome->total(); });
    if (ordered.size() > mostSavings)
        ordered.resize(mostSavings);
    const Femto base = outcomes->base.total();
    for (const auto *entry : ordered) {
        const Femto difference = entry->outcome->total() - base;
        const char *tone = difference < Femto() ? "favourable" : difference > Femto() ? "unfavourable" : "";
        QWidget *line = answerLine(toQt(entry->outcome->name),
                                   toQt(signedMoneyText(difference, entry->outcome->currency)) + QStringLiteral("  ")
                                       + toQt(changeText(base, entry->outcome->total())),
                                   tone, this);
        m_savings->addWidget(line);
    }
    m_savings->addWidget(
        newLabel(tr("against the baseline, over %1").arg(monthsText(static_cast<int>(outcomes->base.months.size()))),
                 "caption", this));
    m_savings->addStretch();
}

void HomePage::refreshOddities(const History &history)
{
    clearLayout(m_oddities);
    std::vector<const DailySpend::Day *> odd;
    for (const DailySpend::Day &day : history.spend.days) {
        if (day.unusual)
            odd.push_back(&day);
    }
    std::stable_sort(odd.begin(), odd.end(),
                     [](const auto *a, const auto *b) { return b->cost - b->usual < a->cost - a->usual; });
    if (odd.size() > mostOddities)
        odd.resize(mostOddities);
    for (const DailySpend::Day *day : odd) {
        const QString text = tr("%1: %2 instead of the usual %3. Mostly %4.")
                                 .arg(toQt(formatDate(day->day)), toQt(moneyText(day->cost, history.outcome.currency)),
                                      toQt(moneyText(day->usual, history.outcome.currency)), toQt(day->driver));
        m_oddities->addWidget(answerLine(text, toQt(changeText(day->usual, day->cost)), "unfavourable", this));
    }
    const UnpricedUsage &unpriced = history.outcome.unpriced;
    if (unpriced.tokens > 0) {
        QStringList models;
        for (const std::string &model : unpriced.models)
            models << toQt(model);
        m_oddities->addWidget(
            answerLine(tr("No price for %1: these tokens are in no total.").arg(models.join(QStringLiteral(", "))),
                       tr("%1 tokens").arg(toQt(countText(unpriced.tokens))), "warning", this));
    }
    if (odd.empty() && unpriced.tokens == 0)
        m_oddities->addWidget(
            newLabel(tr("Nothing stands out: no unusual day, everything has a price."), "body", this));
    m_oddities->addStretch();
}

} // namespace perunit
