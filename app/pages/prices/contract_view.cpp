// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/contract_view.h"

#include "app/document/clock.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/list_and_contracted.h"
#include "app/shell/edit_controls.h"
#include "widgets/feedback/card.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/overlay_edit.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostTerms = 6;
/// What a new term takes off until the user says what was agreed; it is not in force before.
constexpr PartsPerMillion proposedDiscount = 100'000;

QString boundText(Instant at, const QString &open)
{
    if (at == alwaysBefore || at == alwaysAfter)
        return open;
    return toQt(at.micros == dayOf(at) * microsPerDay ? formatDate(at) : formatInstant(at));
}

ValueCell boundCell(Instant at, const QString &open)
{
    ValueCell cell = ValueCell::ofText(boundText(at, open));
    if (at == alwaysBefore || at == alwaysAfter)
        cell.tone = CellTone::Secondary;
    cell.sortNumber = static_cast<double>(at.micros);
    return cell;
}

QString unknownText(const PriceBook *book, const PriceOverlay &overlay)
{
    QStringList names;
    if (book) {
        for (const std::string &name : book->unknownNames(overlay))
            names << toQt(name);
    }
    return names.join(QStringLiteral(", "));
}

ValueCell stateCell(const PriceOverlay &overlay, const QString &unknown, Instant at)
{
    if (!overlay.enabled)
        return ValueCell::ofText(ContractView::tr("off"), CellTone::Secondary);
    if (!unknown.isEmpty()) {
        ValueCell cell = ValueCell::ofText(ContractView::tr("unknown name"), CellTone::Warning);
        cell.toolTip = ContractView::tr("No catalogue knows %1.").arg(unknown);
        return cell;
    }
    if (at < overlay.valid.from)
        return ValueCell::ofText(ContractView::tr("to come"));
    return overlay.valid.to <= at ? ValueCell::ofText(ContractView::tr("ended"), CellTone::Secondary)
                                  : ValueCell::ofText(ContractView::tr("in force"), CellTone::Favourable);
}

std::string freeName(const std::vector<PriceOverlay> &overlays, const std::string &wanted)
{
    std::string name = wanted;
    const auto taken = [&] {
        return std::any_of(overlays.begin(), overlays.end(), [&name](const auto &each) { return each.name == name; });
    };
    for (int number = 2; taken(); ++number)
        name = wanted + " " + std::to_string(number);
    return name;
}

OverlayChoices choicesOf(const PriceBook &book)
{
    OverlayChoices choices;
    choices.currency = toQt(book.currency());
    for (std::size_t i = 0; i < book.modelCount(); ++i) {
        const CatalogueModel &model = book.model({static_cast<std::int32_t>(i)});
        choices.models[model.key.provider].push_back({model.key.model, {}, toQt(model.displayName)});
    }
    for (const auto &[provider, models] : choices.models)
        choices.providers.push_back({provider, {}, ContractView::tr("%L1 models").arg(models.size())});
    for (const UsageClass each : tokenClasses)
        choices.classes.push_back({std::string(nameOf(each)), className(each), ContractView::tr("tokens")});
    for (std::size_t i = 0; i < usageClassCount; ++i) {
        const auto each = static_cast<UsageClass>(i);
        if (!isTokenClass(each))
            choices.classes.push_back({std::string(nameOf(each)), className(each), ContractView::tr("events")});
    }
    return choices;
}

ValueCell listCell(const ListAndContracted &line, const std::string &currency)
{
    if (line.isListUnknown())
        return ValueCell::unknown(ContractView::tr("the list has no price for it"));
    ValueCell cell = costCell(line.list, currency);
    if (!line.isComparable()) {
        cell.tone = CellTone::Warning;
        cell.toolTip = ContractView::tr("Only of what has a list price: %1 tokens have none")
                           .arg(toQt(countText(line.unpricedList)));
    }
    return cell;
}

ValueRow rowOf(const ListAndContracted &line, const std::string &currency)
{
    ValueCell name = ValueCell::ofText(toQt(line.model), CellTone::Emphasis);
    QStringList recorded;
    for (const std::string &each : line.recorded)
        recorded << toQt(each);
    name.toolTip = ContractView::tr("Recorded as %1").arg(recorded.join(QStringLiteral(", ")));
    const QString noDifference = line.isContractedUnknown()
                                     ? ContractView::tr("nothing of it has a price")
                                     : ContractView::tr("part of what is contracted has no list price to compare with");
    return {toQt(line.provider + "/" + line.model),
            {ValueCell::ofText(toQt(line.provider)), name,
             ValueCell::ofNumber(toQt(countText(line.requests)), static_cast<double>(line.requests)),
             listCell(line, currency),
             costCell(line.isContractedUnknown() ? std::nullopt : std::optional(line.contracted), currency),
             line.isComparable() ? costChangeCell(line.list, line.contracted, currency)
                                 : ValueCell::unknown(noDifference)}};
}

/// What the terms make of the whole ledger, in words.
QString totalText(const std::vector<ListAndContracted> &lines, const std::string &currency)
{
    Femto list;
    Femto contracted;
    Femto apart;
    std::int64_t unpriced = 0;
    for (const ListAndContracted &line : lines) {
        unpriced += line.unpricedContracted;
        if (line.isComparable()) {
            list += line.list;
            contracted += line.contracted;
        } else if (!line.isContractedUnknown()) {
            apart += line.contracted;
        }
    }
    const auto money = [&currency](Femto amount) {
        return toQt(moneyText(amount, currency));
    };
    QStringList sentences;
    if (list == contracted)
        sentences
            << ContractView::tr("The ledger costs %1: the terms in force change none of its prices.").arg(money(list));
    else
        sentences << ContractView::tr("The ledger costs %1 as contracted and %2 at list price: %3 (%4).")
                         .arg(money(contracted), money(list), toQt(signedMoneyText(contracted - list, currency)),
                              toQt(changeText(list, contracted)));
    if (!apart.isZero())
        sentences << ContractView::tr("Besides, %1 is contracted for models of which part has no list price.")
                         .arg(money(apart));
    if (unpriced > 0)
        sentences << ContractView::tr("%1 tokens have no price and are in neither.").arg(toQt(countText(unpriced)));
    return sentences.join(QLatin1Char(' '));
}

} // namespace

ContractView::ContractView(const PageContext &context, QWidget *parent)
    : PricesView(context, parent)
    , m_views(new QStackedWidget(this))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_views);
    auto *none = new EmptyState(QStringLiteral("prices"),
                                tr("You pay list prices, as long as no contract says otherwise."), m_views);
    none->setHint(tr("Say what was agreed: a discount, a markup or a fixed price, for a provider or some models, with "
                     "dates. Every page then shows what you pay, and the list price stays visible beside it."));
    connect(changesWorkspace(none->addButton(tr("New contract term"), QStringLiteral("add"), true)),
            &QPushButton::clicked, this, &ContractView::createTerm);
    m_views->addWidget(none);
    auto *filled = new QWidget(m_views);
    auto *rows = new QVBoxLayout(filled);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space4);
    rows->addWidget(buildTerms());
    rows->addWidget(buildComparison(), 1);
    m_views->addWidget(filled);
    buildInspector();
}

Card *ContractView::buildTerms()
{
    auto *card = new Card(tr("Contract terms"), this);
    connect(changesWorkspace(card->addAction(tr("New"), QStringLiteral("add"))), &QPushButton::clicked, this,
            &ContractView::createTerm);
    m_duplicate = changesWorkspace(card->addAction(tr("Duplicate"), QStringLiteral("duplicate")));
    m_up = changesWorkspace(card->addAction(tr("Up"), QStringLiteral("chevron-up")));
    m_down = changesWorkspace(card->addAction(tr("Down"), QStringLiteral("chevron-down")));
    m_remove = changesWorkspace(card->addAction(tr("Remove"), QStringLiteral("delete")));
    m_up->setToolTip(tr("Apply the selected term earlier"));
    m_down->setToolTip(tr("Apply the selected term later"));
    connect(m_duplicate, &QPushButton::clicked, this, &ContractView::duplicateTerm);
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    connect(m_remove, &QPushButton::clicked, this, &ContractView::removeTerm);
    auto *content = new QWidget(card);
    auto *lines = new QVBoxLayout(content);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(Theme::space2);
    auto *order = newLabel(tr("They apply from top to bottom, at the prices of each request's own time. Percentages "
                              "multiply; a fixed price replaces what came before it."),
                           "caption", content);
    order->setWordWrap(true);
    lines->addWidget(order);
    m_terms = new ValueTable(tr("Contract terms"), content);
    m_terms->setFittingRows(mostTerms);
    m_terms->setColumns(
        {{tr("Term"), {}, false, ColumnWidth::Stretch},
         {tr("Agreed"), tr("Of the list price, or a price per million tokens or event"), false},
         {tr("Covers"), tr("Provider and models; what is priced; service tiers"), false, ColumnWidth::Stretch},
         {tr("From"), tr("First day on which it holds, UTC"), false},
         {tr("Before"), tr("First day on which it holds no more, UTC"), false},
         {tr("State"), tr("Today; what is off changes no price"), false}});
    connect(m_terms, &ValueTable::currentKeyChanged, this, [this](const QString &key) { select(fromQt(key)); });
    connect(m_terms, &ValueTable::activated, this, [this] { m_edit->focusName(); });
    lines->addWidget(m_terms);
    card->setContent(content);
    return card;
}

Card *ContractView::buildComparison()
{
    auto *card = new Card(tr("List and contracted"), this);
    auto *content = new QWidget(card);
    auto *lines = new QVBoxLayout(content);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(Theme::space2);
    m_total = newLabel({}, "body", content);
    m_total->setWordWrap(true);
    lines->addWidget(m_total);
    m_models = new ValueTable(tr("List and contracted"), content);
    m_models->setColumns({{tr("Provider"), {}, false},
                          {tr("Model"), {}, false, ColumnWidth::Stretch},
                          {tr("Requests"), {}, true},
                          {tr("List"), tr("At the list prices of the requests' own time"), true},
                          {tr("Contracted"), tr("At the contracted prices of the requests' own time"), true},
                          {tr("Difference"), tr("Contracted − list"), true}});
    lines->addWidget(m_models, 1);
    card->setContent(content);
    return card;
}

void ContractView::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    rows->addWidget(newLabel(tr("Contract term"), "section", content));
    m_nothing = newLabel(tr("No term is selected."), "caption", content);
    m_edit = changesWorkspace(new OverlayEdit(content));
    rows->addWidget(m_nothing);
    rows->addWidget(m_edit);
    rows->addStretch();
    connect(m_edit, &OverlayEdit::edited, this, &ContractView::termEdited);
}

void ContractView::refresh()
{
    const std::vector<PriceOverlay> &overlays = document().state().overlays;
    m_views->setCurrentIndex(overlays.empty() ? 0 : 1);
    // An undone name leaves the term where it stood.
    const auto found = std::find_if(overlays.begin(), overlays.end(),
                                    [this](const PriceOverlay &each) { return each.name == m_selected; });
    if (!overlays.empty() && found == overlays.end())
        m_selected = overlays[std::min(m_place, overlays.size() - 1)].name;
    m_place = place();
    refreshTerms();
    if (m_history != document().history())
        compare();
    refreshComparison();
    refreshInspector();
}

/// Place of the selected term in their order; their number when none is selected.
std::size_t ContractView::place() const
{
    const std::vector<PriceOverlay> &overlays = document().state().overlays;
    return static_cast<std::size_t>(
        std::find_if(overlays.begin(), overlays.end(), [this](const auto &each) { return each.name == m_selected; })
        - overlays.begin());
}

void ContractView::select(const std::string &name)
{
    m_selected = name;
    m_place = place();
    ++m_session;
    refreshInspector();
}

void ContractView::refreshTerms()
{
    const auto book = document().priceBook();
    std::vector<ValueRow> rows;
    for (const PriceOverlay &overlay : document().state().overlays) {
        ValueCell covers = ValueCell::ofText(toQt(overlay.scopeText()));
        covers.toolTip = covers.text;
        ValueCell name =
            ValueCell::ofText(toQt(overlay.name), overlay.enabled ? CellTone::Emphasis : CellTone::Secondary);
        name.toolTip = overlay.note.empty() ? name.text : toQt(overlay.note);
        rows.push_back(
            {toQt(overlay.name),
             {name, ValueCell::ofText(toQt(overlay.termText())), covers, boundCell(overlay.valid.from, tr("always")),
              boundCell(overlay.valid.to, tr("no end")), stateCell(overlay, unknownText(book.get(), overlay), now())}});
    }
    // A term that is called differently is still selected, although the row of its former name is gone.
    const QSignalBlocker blocker(m_terms);
    m_terms->setRows(std::move(rows));
    m_terms->setCurrentKey(toQt(m_selected));
}

void ContractView::compare()
{
    m_history = document().history();
    if (!m_history) {
        m_job.cancel();
        m_compared.reset();
        return;
    }
    if (!m_history->ledger->book().hasOverlays()) {
        m_job.cancel();
        m_compared = std::make_shared<const Compared>(Compared{m_history, m_history->ledger});
        return;
    }
    m_job.start([this, history = m_history](const std::stop_token &stop) -> JobRunner::Delivery {
        const auto built = Baseline::build(history->ledger->ledger(), history->ledger->book().atList(),
                                           history->ledger->settings(), stop);
        if (!built)
            return [this, error = built.error()] {
                if (error.code != ErrorCode::Cancelled)
                    window().showMessage(MessageKind::Error, errorText(error));
            };
        return [this, compared = std::make_shared<const Compared>(Compared{history, *built})] {
            m_compared = compared;
            refreshComparison();
        };
    });
}

void ContractView::refreshComparison()
{
    if (!m_compared) {
        setTextOrHide(m_total, {});
        m_models->setEmptyText(!document().history() ? tr("Import a ledger to see what the terms make of its cost.")
                                                     : tr("Pricing the ledger at list…"));
        m_models->setRows({});
        return;
    }
    const Baseline &contracted = *m_compared->history->ledger;
    const std::vector<ListAndContracted> lines = listAndContracted(contracted, *m_compared->atList);
    setTextOrHide(m_total, lines.empty() ? QString() : totalText(lines, contracted.currency()));
    std::vector<ValueRow> rows;
    for (const ListAndContracted &line : lines)
        rows.push_back(rowOf(line, contracted.currency()));
    m_models->setEmptyText(tr("The ledger holds no requests."));
    m_models->setRows(std::move(rows));
}

void ContractView::refreshInspector()
{
    const std::vector<PriceOverlay> &overlays = document().state().overlays;
    const std::size_t at = place();
    const bool any = at < overlays.size();
    m_duplicate->setEnabled(any);
    m_remove->setEnabled(any);
    m_up->setEnabled(any && at > 0);
    m_down->setEnabled(any && at + 1 < overlays.size());
    m_nothing->setVisible(!any);
    m_edit->setVisible(any);
    if (!any)
        return;
    const auto book = document().priceBook();
    if (book && m_choicesOf != book) {
        m_choicesOf = book;
        m_edit->setChoices(choicesOf(*book));
    }
    QStringList taken;
    for (std::size_t i = 0; i < overlays.size(); ++i) {
        if (i != at)
            taken << toQt(overlays[i].name);
    }
    m_edit->setOverlay(overlays[at]);
    m_edit->setTakenNames(taken);
    const QString unknown = unknownText(book.get(), overlays[at]);
    m_edit->setWarning(unknown.isEmpty() ? QString()
                                         : tr("No catalogue knows %1: it changes no price there.").arg(unknown));
}

void ContractView::put(const QString &text, std::size_t place, PriceOverlay overlay)
{
    WorkspaceState next = document().state();
    m_selected = overlay.name;
    m_place = place;
    ++m_session;
    next.overlays.insert(next.overlays.begin() + static_cast<std::ptrdiff_t>(place), std::move(overlay));
    document().edit(text, std::move(next));
    m_edit->focusName();
}

void ContractView::createTerm()
{
    const std::vector<PriceOverlay> &overlays = document().state().overlays;
    PriceOverlay overlay;
    overlay.name = freeName(overlays, fromQt(tr("New term")));
    overlay.change = proposedDiscount;
    // It must not change a price before the user has said what was agreed.
    overlay.enabled = false;
    put(tr("New contract term"), overlays.size(), std::move(overlay));
}

void ContractView::duplicateTerm()
{
    const std::vector<PriceOverlay> &overlays = document().state().overlays;
    const std::size_t at = place();
    if (at >= overlays.size())
        return;
    PriceOverlay overlay = overlays[at];
    overlay.name = freeName(overlays, fromQt(tr("%1 copy").arg(toQt(overlay.name))));
    // The same discount twice is hardly ever meant.
    overlay.enabled = false;
    put(tr("Duplicate contract term"), at + 1, std::move(overlay));
}

void ContractView::move(int by)
{
    WorkspaceState next = document().state();
    const std::size_t at = place();
    const auto other = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + by);
    if (at >= next.overlays.size() || other >= next.overlays.size())
        return;
    std::swap(next.overlays[at], next.overlays[other]);
    document().edit(tr("Move contract term"), std::move(next));
}

void ContractView::removeTerm()
{
    WorkspaceState next = document().state();
    const std::size_t at = place();
    if (at >= next.overlays.size())
        return;
    const QString name = toQt(next.overlays[at].name);
    next.overlays.erase(next.overlays.begin() + static_cast<std::ptrdiff_t>(at));
    document().edit(tr("Remove contract term"), std::move(next));
    window().showUndoable(tr("'%1' is removed.").arg(name));
}

void ContractView::termEdited(const PriceOverlay &overlay, const QString &field, bool typing)
{
    WorkspaceState next = document().state();
    const std::size_t at = place();
    if (at >= next.overlays.size())
        return;
    next.overlays[at] = overlay;
    // The name is what the selection goes by.
    m_selected = overlay.name;
    m_place = at;
    document().edit(tr("Change contract term"), std::move(next),
                    typing ? QStringLiteral("contract term %1 %2").arg(m_session).arg(field) : QString());
}

} // namespace perunit
