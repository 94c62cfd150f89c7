// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/matching_view.h"

#include "app/pages/choices.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/pages/prices/model_detail.h"
#include "app/shell/edit_controls.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QCoreApplication>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <tuple>

namespace perunit {

namespace {

/// Choice that takes back what the user said a recorded name means.
constexpr const char *byItsName = "by-its-name";

QString ruleName(MatchRule rule)
{
    switch (rule) {
    case MatchRule::None:
        return QCoreApplication::translate("MatchingView", "not matched");
    case MatchRule::UserMapping:
        return QCoreApplication::translate("MatchingView", "your choice");
    case MatchRule::Exact:
        return QCoreApplication::translate("MatchingView", "exact");
    case MatchRule::Alias:
        return QCoreApplication::translate("MatchingView", "alias");
    case MatchRule::Pattern:
        return QCoreApplication::translate("MatchingView", "pattern");
    }
    return {};
}

QString matchText(const Baseline::Resolution &resolution)
{
    if (resolution.match.rule == MatchRule::UserMapping)
        return QCoreApplication::translate("MatchingView", "You said which model '%1' is.")
            .arg(toQt(resolution.recorded));
    const QString rule = ruleName(resolution.match.rule);
    const QString detail = toQt(resolution.match.detail);
    const QString how = detail.isEmpty() || detail == rule ? rule : QStringLiteral("%1, %2").arg(rule, detail);
    return QCoreApplication::translate("MatchingView", "'%1' found its price by its name (%2).")
        .arg(toQt(resolution.recorded), how);
}

/// The provider is named only where it is another one than recorded.
QString keySeenFrom(const ModelKey &key, const std::string &provider)
{
    return key.provider == provider ? toQt(key.model) : modelKeyText(key);
}

/// What has no price before what has one, the largest first: it is what somebody has to do something about.
std::vector<Baseline::Resolution> mostUrgentFirst(const Baseline &ledger)
{
    std::vector<Baseline::Resolution> result = ledger.resolutions();
    std::stable_sort(result.begin(), result.end(), [](const auto &a, const auto &b) {
        const auto rank = [](const Baseline::Resolution &each) {
            return std::tuple(each.match.model.found(), -each.unpricedTokens);
        };
        return rank(a) < rank(b);
    });
    return result;
}

} // namespace

MatchingView::MatchingView(const PageContext &context, QWidget *parent)
    : PricesView(context, parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    m_summary = newLabel({}, "body", this);
    m_summary->setWordWrap(true);
    rows->addWidget(m_summary);
    auto *card = new Card({}, this);
    m_table = new ValueTable(tr("Models of the ledger"), card);
    m_table->setFilterShown(true, tr("Search models"));
    m_table->setColumns({{tr("Provider"), tr("As recorded"), false},
                         {tr("Model"), tr("As recorded"), false},
                         {tr("Priced as"), {}, false, ColumnWidth::Stretch},
                         {tr("Rule"), tr("By which rule the name found its model"), false},
                         {tr("Requests"), {}, true},
                         {tr("Tokens"), {}, true},
                         {tr("Cost"), tr("At the prices of the requests' own time"), true},
                         {tr("Unpriced"), tr("Tokens without a price; they are in no total"), true}});
    m_table->setEmptyText(tr("Import a ledger to see how its models are priced."));
    connect(m_table, &ValueTable::currentKeyChanged, this, &MatchingView::refreshInspector);
    card->setContent(m_table);
    rows->addWidget(card, 1);
    buildInspector();
}

void MatchingView::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    m_mapping = new QWidget(content);
    auto *mapping = new QVBoxLayout(m_mapping);
    mapping->setContentsMargins(0, 0, 0, Theme::space2);
    m_match = newLabel({}, "body", m_mapping);
    m_match->setWordWrap(true);
    m_target = changesWorkspace(new ChoiceBox(tr("Priced as"), m_mapping));
    m_target->setToolTip(tr("The model whose prices this recorded name has"));
    mapping->addWidget(m_match);
    mapping->addWidget(newLabel(tr("Priced as"), "caption", m_mapping));
    mapping->addWidget(m_target);
    m_detail = new ModelDetail(content);
    rows->addWidget(m_mapping);
    rows->addWidget(m_detail);
    rows->addStretch();
    connect(m_target, &ChoiceBox::valueEdited, this, &MatchingView::mapSelected);
}

void MatchingView::refresh()
{
    std::int64_t unmatched = 0;
    std::int64_t unpriced = 0;
    std::vector<ValueRow> rows;
    const auto history = document().history();
    if (history) {
        const Baseline &ledger = *history->ledger;
        for (const Baseline::Resolution &each : mostUrgentFirst(ledger)) {
            const bool found = each.match.model.found();
            unmatched += found ? 0 : 1;
            unpriced += each.unpricedTokens;
            const bool priced = found && (each.tokens == 0 || each.unpricedTokens < each.tokens);
            ValueCell rule =
                ValueCell::ofText(ruleName(each.match.rule), found ? CellTone::Secondary : CellTone::Warning);
            rule.toolTip = toQt(each.match.detail);
            ValueRow row;
            row.key = toQt(each.provider + "\n" + each.recorded);
            row.cells = {
                ValueCell::ofText(toQt(each.provider)),
                ValueCell::ofText(toQt(each.recorded), CellTone::Emphasis),
                found ? ValueCell::ofText(keySeenFrom(ledger.book().model(each.match.model).key, each.provider))
                      : ValueCell::unknown(tr("no model of this name has a price; choose one in the inspector")),
                rule,
                ValueCell::ofNumber(toQt(countText(each.requests)), static_cast<double>(each.requests)),
                ValueCell::ofNumber(toQt(countText(each.tokens)), static_cast<double>(each.tokens)),
                priced ? ValueCell::ofNumber(toQt(moneyText(each.cost, ledger.currency())), each.cost.approximate())
                       : ValueCell::unknown(tr("n/a")),
                ValueCell::ofNumber(toQt(countText(each.unpricedTokens)), static_cast<double>(each.unpricedTokens),
                                    each.unpricedTokens > 0 ? CellTone::Warning : CellTone::Secondary)};
            rows.push_back(std::move(row));
        }
    }
    m_table->setRows(std::move(rows));
    setTextOrHide(m_summary,
                  unpriced == 0 ? QString()
                  : unmatched == 0
                      ? tr("%1 tokens have no price, although their models do: the catalogues do not say what "
                           "these classes of tokens cost.")
                            .arg(toQt(countText(unpriced)))
                  : unmatched == 1
                      ? tr("One name has no price: %1 tokens are in no total. Select it and say which model it is, or "
                           "add a catalogue that has it.")
                            .arg(toQt(countText(unpriced)))
                      : tr("%L1 names have no price: %2 tokens are in no total. Select one and say which model it is, "
                           "or add a catalogue that has it.")
                            .arg(unmatched)
                            .arg(toQt(countText(unpriced))));
    if (m_table->currentKey().isEmpty())
        m_table->setCurrentKey(m_table->model()->key(0));
    refreshInspector();
}

const Baseline::Resolution *MatchingView::selected() const
{
    const auto history = document().history();
    if (!history)
        return nullptr;
    const auto &all = history->ledger->resolutions();
    const auto found = std::find_if(all.begin(), all.end(), [key = fromQt(m_table->currentKey())](const auto &each) {
        return each.provider + "\n" + each.recorded == key;
    });
    return found == all.end() ? nullptr : &*found;
}

void MatchingView::refreshInspector()
{
    const Baseline::Resolution *resolution = selected();
    m_mapping->setVisible(resolution != nullptr);
    if (!resolution) {
        m_detail->show(nullptr, {});
        return;
    }
    // How the ledger found its prices is said by the book that it was priced with.
    const PriceBook &book = document().history()->ledger->book();
    const ModelIndex index = resolution->match.model;
    m_match->setText(index.found() ? matchText(*resolution)
                                   : tr("'%1' has no price: %2. Say which model it is, or add a catalogue that has it.")
                                         .arg(toQt(resolution->recorded), toQt(resolution->match.detail)));
    showTargets(*resolution, index.found() ? fromQt(modelKeyText(book.model(index).key)) : std::string());
    m_detail->show(&book, index, toQt(resolution->recorded));
}

void MatchingView::showTargets(const Baseline::Resolution &resolution, const std::string &target)
{
    if (const auto book = document().priceBook(); m_targetBook != book) {
        m_targetBook = book;
        std::vector<ChoiceItem> items{
            {byItsName, tr("(by its name)"), tr("No choice of yours: as the catalogue names it")}};
        const std::vector<ChoiceItem> models = modelChoices(*book, nullptr);
        items.insert(items.end(), models.begin(), models.end());
        m_target->setItems(items);
    }
    m_target->setValue(resolution.match.rule == MatchRule::UserMapping ? target : std::string(byItsName));
}

void MatchingView::mapSelected(const std::string &target)
{
    const Baseline::Resolution *resolution = selected();
    const std::size_t slash = target.find('/');
    if (!resolution || (slash == std::string::npos && target != byItsName))
        return;
    WorkspaceState next = document().state();
    std::erase_if(next.modelMappings, [resolution](const ModelMapping &mapping) {
        return mapping.provider == resolution->provider && mapping.model == resolution->recorded;
    });
    const QString name = toQt(resolution->recorded);
    if (target == byItsName) {
        document().edit(tr("Price %1 by its name").arg(name), std::move(next));
        window().showUndoable(tr("%1 is priced by its name.").arg(name));
        return;
    }
    next.modelMappings.push_back(
        {resolution->provider, resolution->recorded, {target.substr(0, slash), target.substr(slash + 1)}});
    document().edit(tr("Price %1 as %2").arg(name, toQt(target)), std::move(next));
    window().showUndoable(tr("%1 is priced as %2.").arg(name, toQt(target)));
}

} // namespace perunit
