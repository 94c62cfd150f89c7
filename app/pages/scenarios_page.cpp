// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/scenarios_page.h"

#include "app/document/baseline_moves.h"
#include "app/document/scenario_edits.h"
#include "app/pages/baseline_controls.h"
#include "app/pages/difference_view.h"
#include "app/pages/explain/picture_addresses.h"
#include "app/pages/key_figures.h"
#include "app/pages/outcome_facts.h"
#include "app/pages/page_layout.h"
#include "app/pages/scenario_inspector.h"
#include "app/shell/edit_controls.h"
#include "model/figures/figure_builder.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/key_figure_card.h"
#include "widgets/feedback/message_strip.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <utility>

namespace perunit {

namespace {

constexpr std::size_t mostUnits = 3;
constexpr int idRole = Qt::UserRole;
constexpr int treeWidth = 240;
/// An empty value would mean that nothing is chosen.
const std::string baselineChoice = "#baseline";
const QString differencePicture = QStringLiteral("difference");
constexpr int mostNameLines = 3;

/// A row is as high as its name needs beside its change, within reason.
void wrapName(QTreeWidgetItem *item, int width)
{
    const QTreeWidget *tree = item->treeWidget();
    int depth = 1;
    for (const QTreeWidgetItem *parent = item->parent(); parent; parent = parent->parent())
        ++depth;
    const QFontMetrics metrics(tree->font());
    // The change takes its text and the margins of its cell; a cell has margins of its own.
    const int room =
        width - depth * tree->indentation() - metrics.horizontalAdvance(item->text(1)) - Theme::space4 - Theme::space2;
    const QRect needed = metrics.boundingRect(QRect(0, 0, std::max(room, 1), 1'000), Qt::TextWordWrap, item->text(0));
    const int lines = std::clamp(needed.height() / std::max(metrics.lineSpacing(), 1), 1, mostNameLines);
    item->setSizeHint(0, {0, std::max(26, lines * metrics.lineSpacing() + Theme::space2)});
    item->setSizeHint(1, {metrics.horizontalAdvance(item->text(1)) + Theme::space4, 26});
}

} // namespace

ScenariosPage::ScenariosPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Scenarios, tr("Scenarios"), parent)
    , m_inspector(new ScenarioInspector(context, this))
{
    m_inspector->setObjectName(QStringLiteral("scenarios"));
    const PageFrame frame = buildPageFrame(this, title());
    frame.controls->addWidget(new BaselineControls(document(), this));
    m_bannerRoom = new QVBoxLayout;
    m_bannerRoom->setContentsMargins(0, 0, 0, 0);
    frame.rows->addLayout(m_bannerRoom);
    QVBoxLayout *content = buildScrollingColumn(frame.rows);
    auto *figures = new QHBoxLayout;
    figures->setSpacing(Theme::space4);
    for (std::size_t i = 0; i < mostUnits + 1; ++i) {
        m_figures.push_back(new KeyFigureCard(this));
        connect(m_figures.back(), &KeyFigureCard::activated, this, [this, i] { explainFigure(i); });
        figures->addWidget(m_figures.back(), 1);
    }
    content->addLayout(figures);
    m_facts = newLabel({}, "caption", this);
    m_facts->setWordWrap(true);
    m_facts->hide();
    content->addWidget(m_facts);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(Theme::space4);
    columns->addWidget(buildTree());
    columns->addWidget(buildOutcome(), 1);
    content->addLayout(columns, 1);

    m_moves = new BaselineMoves(document(), this);
    connect(m_moves, &BaselineMoves::changed, this, &ScenariosPage::refreshBanner);
    connect(&document(), &WorkspaceDocument::opened, this, &ScenariosPage::invalidate);
    connect(&document(), &WorkspaceDocument::stateChanged, this, &ScenariosPage::invalidate);
    connect(&document(), &WorkspaceDocument::outcomesChanged, this, &ScenariosPage::invalidate);
    connect(&document(), &WorkspaceDocument::bridgeChanged, this, &ScenariosPage::invalidate);
    connect(&document(), &WorkspaceDocument::scenarioMadeElsewhere, this, &ScenariosPage::tellOrigin);
    connect(&selection(), &Selection::scenarioChanged, this, &ScenariosPage::invalidate);
    connect(m_inspector, &ScenarioInspector::dragging, m_figure, &FigureView::setAxesHeld);
}

QWidget *ScenariosPage::inspector()
{
    return m_inspector;
}

void ScenariosPage::addAction(const QString &icon, const QString &text, const QKeySequence &shortcut,
                              void (ScenariosPage::*slot)())
{
    auto *action = changesWorkspace(new QAction(themedIcon(icon), text, this));
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(
        shortcut.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, shortcut.toString(QKeySequence::NativeText)));
    connect(action, &QAction::triggered, this, slot);
    QWidget::addAction(action);
    m_actions.push_back(action);
}

QWidget *ScenariosPage::buildTree()
{
    addAction(QStringLiteral("add"), tr("New scenario"), QKeySequence(tr("Ctrl+Shift+N")),
              &ScenariosPage::createScenario);
    addAction(QStringLiteral("scenarios"), tr("Derive from this one"), QKeySequence(tr("Ctrl+Shift+D")),
              &ScenariosPage::deriveFromSelected);
    addAction(QStringLiteral("duplicate"), tr("Duplicate"), QKeySequence(tr("Ctrl+D")),
              &ScenariosPage::duplicateSelected);
    addAction(QStringLiteral("rename"), tr("Rename"), QKeySequence(Qt::Key_F2), &ScenariosPage::renameSelected);
    addAction(QStringLiteral("delete"), tr("Delete"), QKeySequence::Delete, &ScenariosPage::deleteSelected);

    auto *card = new Card({}, this);
    card->setFixedWidth(treeWidth);
    auto *content = new QWidget(card);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    auto *tools = new QHBoxLayout;
    tools->setSpacing(Theme::space1);
    for (QAction *action : m_actions) {
        auto *button = new QToolButton(content);
        button->setDefaultAction(action);
        button->setIconSize({20, 20});
        button->setAccessibleName(action->text());
        tools->addWidget(button);
    }
    tools->addStretch();
    rows->addLayout(tools);
    m_tree = new QTreeWidget(content);
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->setIndentation(Theme::space3);
    m_tree->setRootIsDecorated(false);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::SelectedClicked);
    m_tree->setAccessibleName(tr("Scenarios"));
    m_tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_tree->addActions(m_actions.empty() ? QList<QAction *>{} : QList<QAction *>(m_actions.begin(), m_actions.end()));
    m_tree->setAcceptDrops(false);
    m_tree->setWordWrap(true);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem *item) {
        if (!m_filling && item)
            select(fromQt(item->data(0, idRole).toString()));
    });
    connect(m_tree, &QTreeWidget::itemChanged, this, &ScenariosPage::itemRenamed);
    rows->addWidget(m_tree, 1);
    card->setContent(content);
    return card;
}

QWidget *ScenariosPage::buildOutcome()
{
    auto *outcome = new QWidget(this);
    auto *rows = new QVBoxLayout(outcome);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space4);
    m_problem = newLabel({}, "problem", outcome);
    m_problem->setWordWrap(true);
    m_problem->hide();
    rows->addWidget(m_problem);

    auto *card = new Card(tr("Outcome"), outcome);
    m_picture = new SegmentedSwitch(tr("Picture"), card);
    m_picture->addOption(QStringLiteral("bridge"), tr("Bridge"));
    m_picture->addOption(QStringLiteral("unit"), tr("Cost per unit"));
    m_picture->addOption(QStringLiteral("months"), tr("Total"));
    m_picture->addOption(QStringLiteral("components"), tr("Components"));
    m_picture->addOption(differencePicture, tr("Difference"), {}, tr("This outcome less any other one"));
    m_minus = new ChoiceBox(tr("Less which outcome"), card);
    m_minus->setToolTip(tr("Outcome that is taken away from this one"));
    connect(m_minus, &ChoiceBox::valueEdited, this, [this] { refreshDifference(); });
    m_minus->hide();
    connect(m_picture, &SegmentedSwitch::currentChanged, this, [this] { refreshPicture(); });
    card->addControl(m_picture);
    card->addControl(m_minus);
    m_figure = new FigureView(card);
    m_figure->setLeastHeight(380);
    connect(m_figure, &FigureView::exportRequested, this, [this] { window().exportFigure(m_figure->figure()); });
    m_figure->setActivation(explainHint(), [this](FigurePlace place) { return pictureAddress(place).has_value(); });
    connect(m_figure, &FigureView::figureActivated, this, [this](FigurePlace place) {
        if (const auto address = pictureAddress(place))
            window().explain(*address);
    });
    m_difference = new DifferenceView(card);
    m_shown = new QStackedWidget(card);
    m_shown->addWidget(m_figure);
    m_shown->addWidget(m_difference);
    card->setContent(m_shown);
    rows->addWidget(card, 1);
    return outcome;
}

// ---- edits ------------------------------------------------------------------------------------------------

std::string ScenariosPage::selectedId() const
{
    return selection().scenarioId();
}

void ScenariosPage::select(const std::string &id)
{
    selection().setScenario(id);
}

void ScenariosPage::createScenario()
{
    WorkspaceState next = document().state();
    const std::string id = addScenario(next, fromQt(tr("New scenario")), {});
    document().edit(tr("New scenario"), std::move(next));
    select(id);
    renameSelected();
}

void ScenariosPage::deriveFromSelected()
{
    WorkspaceState next = document().state();
    const Scenario *parent = next.scenarios.find(selectedId());
    const std::string name = parent ? parent->name + fromQt(tr(" and more")) : fromQt(tr("New scenario"));
    const std::string id = addScenario(next, name, selectedId());
    document().edit(tr("Derive scenario"), std::move(next));
    select(id);
    renameSelected();
}

void ScenariosPage::duplicateSelected()
{
    WorkspaceState next = document().state();
    const std::string id = duplicateScenario(next, selectedId());
    if (id.empty())
        return;
    document().edit(tr("Duplicate scenario"), std::move(next));
    select(id);
}

void ScenariosPage::renameSelected()
{
    if (QTreeWidgetItem *item = m_tree->currentItem(); item && (item->flags() & Qt::ItemIsEditable))
        m_tree->editItem(item, 0);
}

void ScenariosPage::itemRenamed(QTreeWidgetItem *item, int column)
{
    if (m_filling || column != 0)
        return;
    WorkspaceState next = document().state();
    if (renameScenario(next, fromQt(item->data(0, idRole).toString()), fromQt(item->text(0).trimmed())))
        document().edit(tr("Rename scenario"), std::move(next));
    // When the editor has gone: until then the tree is left alone.
    QMetaObject::invokeMethod(this, &ScenariosPage::invalidate, Qt::QueuedConnection);
}

void ScenariosPage::deleteSelected()
{
    const Scenario *scenario = document().state().scenarios.find(selectedId());
    if (!scenario)
        return;
    const QString name = toQt(scenario->name);
    const std::string parent = scenario->parent;
    const auto gone = static_cast<int>(scenarioAndDerived(document().state().scenarios, selectedId()).size());
    WorkspaceState next = document().state();
    removeScenario(next, selectedId());
    document().edit(tr("Delete scenario"), std::move(next));
    select(parent);
    window().showUndoable(gone > 1
                              ? tr("'%1' and what is derived from it are deleted: %2 scenarios.").arg(name).arg(gone)
                              : tr("'%1' is deleted.").arg(name));
}

// ---- what is shown ----------------------------------------------------------------------------------------

void ScenariosPage::refresh()
{
    refreshTree();
    refreshOutcome();
    refreshFacts();
    refreshBanner();
    document().setBridgePair({}, selectedId());
    refreshPicture();
}

void ScenariosPage::refreshTree()
{
    // An open name editor must survive outcomes that arrive while somebody types.
    if (m_tree->isPersistentEditorOpen(m_tree->currentItem()) || m_tree->findChild<QLineEdit *>() != nullptr)
        return;
    m_filling = true;
    m_tree->clear();
    const auto outcomes = document().outcomes();
    const ScenarioSet &set = document().state().scenarios;
    auto *base = new QTreeWidgetItem(m_tree, {tr("Baseline"), QString()});
    base->setData(0, idRole, QString());
    QTreeWidgetItem *current = base;
    std::map<std::string, QTreeWidgetItem *> items{{{}, base}};
    const std::function<void(const std::string &)> addChildren = [&](const std::string &parent) {
        for (const std::string &id : set.childrenOf(parent)) {
            if (items.contains(id))
                continue;
            const Scenario *scenario = set.find(id);
            auto *item = new QTreeWidgetItem(items.at(parent), {toQt(scenario->name), QString()});
            item->setData(0, idRole, toQt(id));
            item->setToolTip(0, toQt(scenario->note.empty() ? scenario->name : scenario->note));
            item->setFlags(item->flags() | Qt::ItemIsEditable);
            item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
            const ScenarioOutcomes::Entry *entry = outcomes ? outcomes->find(id) : nullptr;
            if (entry && entry->outcome) {
                const Femto before = outcomes->base.total();
                const Femto after = entry->outcome->total();
                item->setText(1, changeWithArrow(before, after));
                item->setForeground(1, after < before   ? currentTheme().favourable
                                       : after > before ? currentTheme().unfavourable
                                                        : currentTheme().secondaryText);
            } else if (entry && !entry->problem.empty()) {
                item->setIcon(1, themedIcon(QStringLiteral("warning")));
                item->setToolTip(1, toQt(entry->problem));
            }
            wrapName(item, treeWidth - 2 * Theme::space4 - 2);
            items[id] = item;
            if (id == selectedId())
                current = item;
            addChildren(id);
        }
    };
    addChildren({});
    m_tree->expandAll();
    m_tree->setCurrentItem(current);
    m_filling = false;
    for (std::size_t i = 2; i < m_actions.size(); ++i)
        m_actions[i]->setEnabled(current != base);
}

void ScenariosPage::refreshOutcome()
{
    const auto outcomes = document().outcomes();
    const ScenarioOutcomes::Entry *entry = outcomes ? outcomes->find(selectedId()) : nullptr;
    setTextOrHide(m_problem, entry ? toQt(entry->problem) : QString());
    const Outcome *shown = outcomes ? outcomes->outcome(selectedId()) : nullptr;
    for (KeyFigureCard *card : m_figures)
        card->setVisible(shown != nullptr);
    if (!shown)
        return;
    const Outcome &base = outcomes->base;
    const auto months = static_cast<int>(shown->months.size());
    KeyFigure total = costFigure(tr("Total over %1").arg(monthsText(months)), knownTotal(*shown),
                                 shown == &base ? std::nullopt : knownTotal(base), shown->currency, AmountKind::Total);
    const std::int64_t requests = outcomes->baseline->requestCount();
    const auto used = outcomes->baseline->rows();
    total.sentence = requests == 0 && used.first != used.second
                         ? tr("lines of bills in the baseline, which count no requests")
                         : tr("%1 requests in the baseline").arg(toQt(countText(requests)));
    total.action = tr("Explain");
    m_figures[0]->setFigure(total);
    for (std::size_t i = 0; i < mostUnits; ++i) {
        KeyFigureCard *card = m_figures[i + 1];
        card->setVisible(i < shown->units.size());
        if (i >= shown->units.size())
            continue;
        KeyFigure figure = unitOutcomeFigure(shown->units[i], *shown, base);
        figure.action = tr("Explain");
        card->setFigure(figure);
    }
}

void ScenariosPage::explainFigure(std::size_t card)
{
    const auto outcomes = document().outcomes();
    const Outcome *shown = outcomes ? outcomes->outcome(selectedId()) : nullptr;
    if (!shown)
        return;
    FigureAddress figure;
    figure.scenarioId = selectedId();
    if (card > 0 && card <= shown->units.size()) {
        figure.cell.unit = shown->units[card - 1].name;
        figure.cell.figure = CellFigure::CostPerUnit;
    }
    window().explain(figure);
}

void ScenariosPage::refreshPicture()
{
    const auto outcomes = document().outcomes();
    const Outcome *shown = outcomes ? outcomes->outcome(selectedId()) : nullptr;
    if (!shown) {
        m_figure->setFigure({});
        return;
    }
    m_minus->setVisible(m_picture->current() == differencePicture);
    m_shown->setCurrentWidget(m_picture->current() == differencePicture ? static_cast<QWidget *>(m_difference)
                                                                        : m_figure);
    if (m_picture->current() == differencePicture)
        return refreshDifference();
    const std::vector<Outcome> compared = picturedOutcomes();
    const QString picture = pictureShown();
    if (picture == QLatin1String("unit"))
        m_figure->setFigure(unitOverMonths(compared, selection().unitName()));
    else if (picture == QLatin1String("months"))
        m_figure->setFigure(totalOverMonths(compared));
    else if (picture == QLatin1String("components"))
        m_figure->setFigure(selectedId().empty() ? componentsOverMonths(*shown) : componentBars(compared));
    else if (const auto parts = document().bridge())
        m_figure->setFigure(bridgeWaterfall(*parts, shown->currency));
    else
        m_figure->setFigure({});
}

/// The baseline has no bridge: its components stand in.
QString ScenariosPage::pictureShown() const
{
    const bool noBridge = selectedId().empty() && m_picture->current() == QLatin1String("bridge");
    return noBridge ? QStringLiteral("components") : m_picture->current();
}

std::vector<Outcome> ScenariosPage::picturedOutcomes() const
{
    const auto outcomes = document().outcomes();
    if (!outcomes)
        return {};
    std::vector<Outcome> compared{outcomes->base};
    const Outcome *shown = outcomes->outcome(selectedId());
    if (!selectedId().empty() && shown)
        compared.push_back(*shown);
    return compared;
}

std::optional<FigureAddress> ScenariosPage::pictureAddress(FigurePlace place) const
{
    const std::vector<Outcome> compared = picturedOutcomes();
    const Figure &figure = m_figure->figure();
    const QString picture = pictureShown();
    if (picture == QLatin1String("unit"))
        return monthAddress(figure, compared, selection().unitName(), place);
    if (picture == QLatin1String("months"))
        return monthAddress(figure, compared, {}, place);
    if (picture == QLatin1String("components"))
        return selectedId().empty() && !compared.empty() ? componentMonthAddress(figure, compared.front(), place)
                                                         : componentBarAddress(figure, compared, place);
    const auto bridge = document().bridge();
    return bridge ? bridgeAddress(*bridge, {}, selectedId(), place) : std::nullopt;
}

void ScenariosPage::refreshDifference()
{
    const auto outcomes = document().outcomes();
    const Outcome *first = outcomes ? outcomes->outcome(selectedId()) : nullptr;
    if (!first)
        return;
    std::vector<ChoiceItem> others;
    if (!selectedId().empty())
        others.push_back({baselineChoice, tr("less Baseline"), {}});
    for (const Scenario &scenario : document().state().scenarios.scenarios) {
        if (scenario.id != selectedId() && outcomes->outcome(scenario.id))
            others.push_back({scenario.id, tr("less %1").arg(toQt(scenario.name)), toQt(scenario.note)});
    }
    const bool known = std::any_of(others.begin(), others.end(),
                                   [this](const ChoiceItem &item) { return item.value == m_minus->value(); });
    m_minus->setItems(others);
    if (!known)
        m_minus->setValue(others.empty() ? std::string() : others.front().value);
    if (others.empty())
        return m_difference->showNothing(tr("There is no other outcome to take away from this one."));
    const std::string second = m_minus->value() == baselineChoice ? std::string() : m_minus->value();
    m_difference->showDifference(*first, *outcomes->outcome(second));
}

/// What an outcome says beside money.
void ScenariosPage::refreshFacts()
{
    const auto outcomes = document().outcomes();
    const Outcome *shown = outcomes ? outcomes->outcome(selectedId()) : nullptr;
    setTextOrHide(m_facts, shown ? outcomeFacts(*shown).join(QStringLiteral("  ·  ")) : QString());
}

void ScenariosPage::tellOrigin(const std::string &id, const ScenarioOrigin &origin)
{
    const Scenario *scenario = document().state().scenarios.find(id);
    const auto ledger = document().ledger();
    const auto book = document().priceBook();
    if (!scenario)
        return;
    QStringList others;
    if (ledger && !origin.ledgerDigest.empty() && origin.ledgerDigest != ledger->digest)
        others << tr("another ledger");
    if (book && !origin.catalogueDigest.empty() && origin.catalogueDigest != book->digest())
        others << tr("other prices");
    if (!origin.engineVersion.empty() && origin.engineVersion != engineVersion)
        others << tr("other rules of the calculation (%1)").arg(toQt(origin.engineVersion));
    window().showMessage(MessageKind::Info,
                         tr("'%1' was made on %2. Its levers hold here as well; its numbers are those of this "
                            "workspace.")
                             .arg(toQt(scenario->name), others.join(tr(" and "))));
}

void ScenariosPage::refreshBanner()
{
    if (!m_moves->move()) {
        delete std::exchange(m_banner, nullptr);
        return;
    }
    if (!m_banner) {
        m_banner = new MessageStrip(MessageKind::Info, {}, this);
        m_banner->setClosable(false);
        m_banner->addAction(
            tr("Rebase"),
            // Later: the strip is the sender of this very call and goes away.
            [this] { QMetaObject::invokeMethod(m_moves, &BaselineMoves::accept, Qt::QueuedConnection); }, true);
        m_bannerRoom->addWidget(m_banner);
    }
    m_banner->setText(m_moves->move()->text());
}

} // namespace perunit
